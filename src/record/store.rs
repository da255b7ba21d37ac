//! The seam: what the program needs of storage.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::card::{Card, Listing, Query};
use super::chain::Link;
use super::document::{Document, DocumentError};
use super::draft::{Draft, Drafts};
use super::error::StoreError;
use super::id::RecordId;
use super::key::{FreshCode, Secret};
use super::person::Person;
use super::shelf::Alike;

/// Where consultations, drafts and the audit trail are kept.
///
/// Every call is one transaction: it happened when it returns `Ok`, and did not when it returns `Err`.
pub trait Store: Send {
    /// Saves a new version. One that was signed removes the draft of the same id; one that only adds an entry of the
    /// follow-up leaves it.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] unless the newest saved version is the one before.
    fn save(&mut self, document: &Document, actor: &str) -> Result<Saved, StoreError>;

    /// Saves a new version that was written down in a draft of another id, and removes that draft.
    ///
    /// # Errors
    /// As [`Store::save`]. Where only the draft could not be removed it is saved all the same, and offered once more.
    fn save_from(&mut self, draft: RecordId, document: &Document, actor: &str) -> Result<Saved, StoreError> {
        let saved = self.save(document, actor)?;
        let _ = self.drop_draft(draft);
        Ok(saved)
    }

    /// A saved version, or the newest; `None` if there is none.
    ///
    /// # Errors
    /// If the store or this version cannot be read.
    fn load(&mut self, id: RecordId, version: Option<u32>) -> Result<Option<Stored>, StoreError>;

    /// Consultations in their newest version, newest first.
    ///
    /// # Errors
    /// If the store cannot be read; single rows that cannot are counted.
    fn list(&mut self, query: &Query) -> Result<Listing, StoreError>;

    /// Patients on record who might be the one that is being typed, the most alike first.
    ///
    /// A store with an index of its own answers without looking at every card.
    ///
    /// # Errors
    /// If the store cannot be read.
    fn alike(&mut self, typed: &Person, limit: usize) -> Result<Vec<Alike>, StoreError> {
        let all = self.list(&Query { limit: usize::MAX, ..Query::default() })?;
        Ok(Alike::among(typed, all.cards.iter(), limit))
    }

    /// The last consultation of the patient of this one; where name and date of birth do not say who that is, this one.
    ///
    /// Ids sort by the time of the consultation; when a version of it was saved does not matter.
    ///
    /// # Errors
    /// If the store cannot be read.
    fn last_of_patient(&mut self, id: RecordId) -> Result<Option<RecordId>, StoreError> {
        let Some(card) = self.history(id)?.pop() else { return Ok(None) };
        let patient = Person::of(&card);
        if !patient.is_certain() {
            return Ok(Some(id));
        }
        let all = self.list(&Query { patient: Some(patient), limit: usize::MAX, ..Query::default() })?;
        Ok(Some(all.cards.iter().map(|card| card.id).max().unwrap_or(id)))
    }

    /// All versions of a consultation, oldest first.
    ///
    /// # Errors
    /// If the store or a version cannot be read.
    fn history(&mut self, id: RecordId) -> Result<Vec<Card>, StoreError>;

    /// Keeps a draft, in place of an older one of the same id.
    ///
    /// # Errors
    /// If it could not be written.
    fn put_draft(&mut self, draft: &Draft) -> Result<(), StoreError>;

    /// All drafts.
    ///
    /// # Errors
    /// If the store cannot be read; single drafts that cannot are listed.
    fn drafts(&mut self) -> Result<Drafts, StoreError>;

    /// Removes a draft, if it is there.
    ///
    /// # Errors
    /// If it could not be removed.
    fn drop_draft(&mut self, id: RecordId) -> Result<(), StoreError>;

    /// Adds an entry to the audit trail; gives the head of its chain.
    ///
    /// # Errors
    /// If it could not be written.
    fn note(&mut self, event: &Event) -> Result<String, StoreError>;

    /// The audit trail, oldest first.
    ///
    /// # Errors
    /// If it cannot be read.
    fn audit(&mut self) -> Result<Vec<AuditEntry>, StoreError>;

    /// Reads everything and checks it.
    ///
    /// # Errors
    /// If the store cannot be read at all; everything else is in the result.
    fn verify(&mut self) -> Result<Verification, StoreError>;

    /// How it is protected, and whether it is the store that was here before.
    ///
    /// # Errors
    /// If it cannot be read.
    fn standing(&mut self) -> Result<Standing, StoreError>;

    /// Encrypts everything under a passphrase. The recovery code is shown once and is nowhere else.
    ///
    /// # Errors
    /// If it is protected already, or could not be written.
    fn protect(&mut self, passphrase: &Secret, actor: &str) -> Result<FreshCode, StoreError>;

    /// Notes that no passphrase is wanted.
    ///
    /// # Errors
    /// If it could not be written.
    fn decline(&mut self, actor: &str) -> Result<(), StoreError>;
}

/// Who can read a store.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Protection {
    /// Whoever can read the file; nobody has decided about that.
    #[default]
    Undecided,
    /// Whoever can read the file: the clinic wants it so.
    Declined,
    /// Whoever has the passphrase or the recovery code.
    Sealed,
}

/// How a store stands.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Standing {
    /// Who can read it.
    pub protection: Protection,
    /// It is not what was here before: in words.
    pub rolled_back: Option<String>,
    /// When the last backup was made.
    pub last_backup: Option<Timestamp>,
}

/// A version was saved.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Saved {
    /// The consultation.
    pub id: RecordId,
    /// The version.
    pub version: u32,
    /// The head of the audit chain now (16 hex digits).
    pub head: String,
}

/// A saved version, as it was written.
#[derive(Clone, PartialEq, Debug)]
pub struct Stored {
    /// What lists show.
    pub card: Card,
    /// The canonical text, byte for byte.
    pub text: String,
}

impl Stored {
    /// The document.
    ///
    /// # Errors
    /// If a newer program wrote it. The text can still be shown and exported.
    pub fn document(&self) -> Result<Document, DocumentError> {
        Document::from_toml(&self.text)
    }
}

/// Something that was done with the records.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Event {
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub actor: String,
    /// What.
    pub action: Action,
    /// With which consultation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<RecordId>,
    /// In which version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u32>,
    /// More, such as the kind of an export. Never what the consultation says.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub detail: String,
    /// For a saved version: the hash of what was saved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
}

/// What was done.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// A version was saved.
    Saved,
    /// A session or a reaction was added to a consultation: a version.
    FollowedUp,
    /// A consultation was opened.
    Opened,
    /// A document was exported or printed.
    Exported,
    /// The records were verified.
    Verified,
    /// A backup was made.
    BackedUp,
    /// A backup was put back.
    Restored,
    /// The records were unlocked.
    Unlocked,
    /// Somebody tried a passphrase that was wrong.
    UnlockFailed,
    /// The records were encrypted.
    Protected,
    /// Nobody wants a passphrase.
    ProtectionDeclined,
    /// Another passphrase was set.
    PassphraseChanged,
    /// Another recovery code was made.
    RecoveryCodeMade,
    /// Everything was encrypted with another key.
    KeyRotated,
    /// A version came from another store.
    Imported,
    /// A consultation was erased; a tombstone is left.
    Erased,
}

impl Action {
    /// Its word, as it stands in the audit trail.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Saved => "saved",
            Self::FollowedUp => "followed-up",
            Self::Opened => "opened",
            Self::Exported => "exported",
            Self::Verified => "verified",
            Self::BackedUp => "backed-up",
            Self::Restored => "restored",
            Self::Unlocked => "unlocked",
            Self::UnlockFailed => "unlock-failed",
            Self::Protected => "protected",
            Self::ProtectionDeclined => "protection-declined",
            Self::PassphraseChanged => "passphrase-changed",
            Self::RecoveryCodeMade => "recovery-code-made",
            Self::KeyRotated => "key-rotated",
            Self::Imported => "imported",
            Self::Erased => "erased",
        }
    }
}

impl Event {
    /// An event that concerns no single consultation.
    #[must_use]
    pub fn new(at: Timestamp, actor: &str, action: Action) -> Self {
        Self { at, actor: actor.to_owned(), action, record: None, version: None, detail: String::new(), digest: None }
    }

    /// An event with a consultation.
    #[must_use]
    pub fn with(at: Timestamp, actor: &str, action: Action, record: RecordId, version: u32) -> Self {
        Self { record: Some(record), version: Some(version), ..Self::new(at, actor, action) }
    }

    pub(super) fn to_bytes(&self) -> Result<Vec<u8>, StoreError> {
        serde_json::to_vec(self).map_err(|error| StoreError::Io { detail: error.to_string() })
    }
}

/// An entry of the audit trail.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AuditEntry {
    /// 1, 2, 3...
    pub seq: u64,
    /// What was done.
    pub event: Event,
    /// The link of the chain, in hex; its first 16 digits are the head when this was the last entry.
    pub chain: String,
}

/// The result of checking everything.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Verification {
    /// Versions read.
    pub versions: usize,
    /// Drafts read.
    pub drafts: usize,
    /// Audit entries read.
    pub entries: usize,
    /// The head of the audit chain; compare it with one that was printed.
    pub head: String,
    /// Consultations erased.
    pub erased: usize,
    /// Whether nobody can have written any of it without the key.
    pub protected: bool,
    /// The entry of the audit trail up to which a note outside the store agrees with it.
    pub witnessed: Option<u64>,
    /// What is no damage but worth knowing, in words.
    pub notes: Vec<String>,
    /// What is wrong, in words.
    pub problems: Vec<String>,
}

impl Verification {
    /// Whether nothing is wrong.
    #[must_use]
    pub fn sound(&self) -> bool {
        self.problems.is_empty()
    }
}

/// What two implementations share: the next entry of the trail.
pub(super) struct NextEntry {
    pub seq: u64,
    pub bytes: Vec<u8>,
    pub link: Link,
}

impl NextEntry {
    pub(super) fn after(last: Option<(u64, Link)>, event: &Event) -> Result<Self, StoreError> {
        let (seq, link) = last.unwrap_or((0, Link::START));
        let (seq, bytes) = (seq + 1, event.to_bytes()?);
        let link = link.next(seq, &bytes);
        Ok(Self { seq, bytes, link })
    }
}
