//! The store in one SQLite file. All SQL is in this room.
//!
//! What was measured and must stay so: `synchronous=FULL` (anything less loses saves that were acknowledged when the
//! power goes), the head of the chain is read inside the transaction (a second program otherwise breaks it), and only
//! our own checksums find damage (SQLite's integrity check sees almost none of it).

mod backup;
mod check;
mod lock;
mod open;
mod pen;
mod place;
#[cfg(all(unix, any(test, feature = "postgres")))]
mod raw;
mod transfer;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OptionalExtension, Row, TransactionBehavior, params};

use super::card::{Card, Listing, Query};
use super::chain::digest;
use super::document::Document;
use super::draft::{Draft, Drafts, Unreadable};
use super::error::StoreError;
use super::id::RecordId;
use super::key::{FreshCode, Secret};
use super::person::Person;
use super::rows::{body_place, card_bytes, draft_place, open_card, open_draft, open_entry, open_link, open_text};
use super::seal::{Checksum, Place, Seal};
use super::shelf::{Alike, Cards};
use super::store::{AuditEntry, Event, Protection, Saved, Standing, Store, Stored, Verification};
use super::witness::{Noted, Witness};
pub use backup::{Backup, Restored};
use pen::Pen;
#[cfg(all(unix, any(test, feature = "postgres")))]
pub(in crate::record) use raw::Raw;
pub use transfer::{Exported, Import, Tombstone};

/// How long a second program may keep us waiting.
const PATIENCE: Duration = Duration::from_secs(10);

/// Where the records are, and where the last head of their audit trail is noted.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Site {
    /// The directory of the store.
    pub records: PathBuf,
    /// A directory outside it: whoever puts an old store back does not put this back with it.
    pub state: Option<PathBuf>,
}

impl From<&Path> for Site {
    fn from(records: &Path) -> Self {
        Self { records: records.to_owned(), state: None }
    }
}

impl From<&PathBuf> for Site {
    fn from(records: &PathBuf) -> Self {
        Self::from(records.as_path())
    }
}

/// Consultations, drafts and audit trail in one file that only its owner can read.
pub struct SqliteStore {
    connection: Connection,
    path: PathBuf,
    /// Which file that was when it was opened.
    file: Option<(u64, u64)>,
    seal: Arc<dyn Seal>,
    /// Changes when the rows are sealed anew or a backup is put back: what is in memory is void then.
    epoch: String,
    cards: Cards,
    /// The last row in `cards`: rows are only ever added.
    seen: i64,
    witness: Option<Witness>,
    /// What the note outside says of the store.
    noted: Noted,
}

impl SqliteStore {
    /// Opens the store in its own directory; makes both if they are not there.
    ///
    /// # Errors
    /// [`StoreError::Locked`] if it is protected; if the place cannot be written or made private, or the file is
    /// damaged, foreign or newer.
    pub fn open(site: impl Into<Site>) -> Result<Self, StoreError> {
        Self::open_patient(&site.into(), PATIENCE)
    }

    /// Opens a protected store with a passphrase or a recovery code. A store that is not protected opens as well.
    ///
    /// # Errors
    /// [`StoreError::WrongKey`] if it does not open it; otherwise as [`SqliteStore::open`].
    pub fn unlock(site: impl Into<Site>, secret: &Secret, actor: &str) -> Result<Self, StoreError> {
        let site = site.into();
        let mut store = Self::closed(&site, PATIENCE)?;
        if let Some((seal, kind)) = lock::opened_by(&store, secret)? {
            store.seal = seal;
            store.enter(&site)?;
            lock::note_unlock(&mut store, kind, actor)?;
        } else {
            store.enter(&site)?;
        }
        Ok(store)
    }

    /// Whether the store was protected when it was seen here last: known without opening it.
    #[must_use]
    pub fn was_locked(site: &Site) -> bool {
        let file = site.records.join(place::FILE);
        site.state.as_ref().is_some_and(|state| file.exists() && Witness::at(state, &file).says_protected())
    }

    pub(super) fn open_patient(site: &Site, patience: Duration) -> Result<Self, StoreError> {
        let mut store = Self::closed(site, patience)?;
        if lock::is_locked(&store)? {
            return Err(StoreError::Locked);
        }
        store.enter(site)?;
        Ok(store)
    }

    fn closed(site: &Site, patience: Duration) -> Result<Self, StoreError> {
        let path = place::prepare(&site.records)?;
        let connection = open::connect(&path, patience)?;
        Ok(Self::with(connection, path))
    }

    /// A file that is in no place of its own.
    fn on_file(path: &Path) -> Result<Self, StoreError> {
        let connection = open::connect(path, PATIENCE)?;
        Ok(Self::with(connection, path.to_owned()))
    }

    fn with(connection: Connection, path: PathBuf) -> Self {
        Self {
            file: place::file_id(&path),
            connection,
            path,
            seal: Arc::new(Checksum),
            epoch: String::new(),
            cards: Cards::default(),
            seen: 0,
            witness: None,
            noted: Noted::Nothing,
        }
    }

    /// The seal is known: what was seen before is compared.
    fn enter(&mut self, site: &Site) -> Result<(), StoreError> {
        self.epoch = self.meta("epoch")?.unwrap_or_default();
        lock::sweep_again(self)?;
        if let Some(state) = &site.state {
            let witness = Witness::at(state, &self.path);
            let id = self.meta("store")?.unwrap_or_default();
            self.noted = witness.compare(&id, |seq| self.head_at(seq))?;
            self.witness = Some(witness.of(id));
        }
        Ok(())
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Runs one writing transaction; nothing of it stays if it fails.
    fn write<T>(&mut self, work: impl FnOnce(&mut Pen<'_>) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let explain = |error| explain(&error, &self.path);
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(explain)?;
        let epoch = meta(&transaction, "epoch").map_err(explain)?;
        if epoch.as_ref() != Some(&self.epoch) {
            // Another program protected it or put a backup back: a row sealed our way would be lost in it.
            return Err(StoreError::Locked);
        }
        let mut pen = Pen { transaction, seal: Arc::clone(&self.seal), path: &self.path, last: None };
        let done = work(&mut pen)?;
        let Pen { transaction, last, .. } = pen;
        transaction.commit().map_err(explain)?;
        // A file that was removed can still be written, and what is written is gone with it.
        if place::file_id(&self.path) != self.file {
            return Err(StoreError::Vanished { path: self.path.clone() });
        }
        if let (Some(witness), Some((seq, link))) = (&self.witness, last) {
            witness.note(seq, &link.head(), self.seal.hides());
        }
        Ok(done)
    }

    fn explain(&self, error: &rusqlite::Error) -> StoreError {
        explain(error, &self.path)
    }

    fn meta(&self, key: &str) -> Result<Option<String>, StoreError> {
        meta(&self.connection, key).map_err(|error| self.explain(&error))
    }

    /// The head of the audit trail after an entry, if the entry is there and can be read.
    fn head_at(&self, seq: u64) -> Result<Option<String>, StoreError> {
        let number = i64::try_from(seq).unwrap_or(i64::MAX);
        let row = self
            .connection
            .query_row("SELECT chain FROM audit WHERE seq = ?1", [number], |row| row.get::<_, Vec<u8>>(0))
            .optional()
            .map_err(|error| self.explain(&error))?;
        Ok(row.and_then(|chain| open_link(&*self.seal, seq, &chain)).map(|link| link.head()))
    }

    fn open_text(&self, place: Place<'_>, sealed: &[u8]) -> Result<String, String> {
        open_text(&*self.seal, place, sealed)
    }

    fn open_card(&self, id: &str, version: u32, sealed: &[u8]) -> Result<Card, String> {
        open_card(&*self.seal, id, version, sealed)
    }

    /// Reads the cards that were added since the last time, by whichever program.
    fn refresh(&mut self) -> Result<(), StoreError> {
        if self.meta("epoch")?.as_ref() != Some(&self.epoch) {
            return Err(StoreError::Locked);
        }
        let mut statement = self
            .connection
            .prepare("SELECT rowid, id, version, card FROM record WHERE rowid > ?1 ORDER BY rowid")
            .map_err(|error| self.explain(&error))?;
        let rows = statement.query_map([self.seen], |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?, row.get::<_, u32>(2)?, row.get::<_, Vec<u8>>(3)?))
        });
        let rows = rows.and_then(Iterator::collect::<Result<Vec<_>, _>>).map_err(|error| self.explain(&error))?;
        drop(statement);
        for (row, id, version, sealed) in rows {
            match self.open_card(&id, version, &sealed) {
                Ok(card) => self.cards.add(card),
                Err(_) => self.cards.unreadable += 1,
            }
            self.seen = row;
        }
        Ok(())
    }

    /// Saves a version, and removes the draft that it came from in the same transaction.
    fn save_ending(&mut self, draft: Option<RecordId>, document: &Document, actor: &str) -> Result<Saved, StoreError> {
        let (id, version) = (document.id, document.version);
        let name = id.to_string();
        let text = document.to_toml()?;
        let card = card_bytes(&Card::of(document))?;
        let event = Event { digest: Some(digest(&name, version, &card, text.as_bytes())), ..document.event(actor) };
        self.write(|pen| {
            let newest = pen.newest(&name)?;
            if newest.checked_add(1) != Some(version) {
                return Err(StoreError::Conflict { id, tried: version, newest });
            }
            pen.insert(&name, version, &card, text.as_bytes())?;
            if let Some(draft) = draft {
                pen.execute("DELETE FROM draft WHERE id = ?1", [draft.to_string()])?;
            }
            let head = pen.append(&event)?;
            Ok(Saved { id, version, head })
        })
    }
}

impl Store for SqliteStore {
    fn save(&mut self, document: &Document, actor: &str) -> Result<Saved, StoreError> {
        self.save_ending((!document.is_follow_up()).then_some(document.id), document, actor)
    }

    fn save_from(&mut self, draft: RecordId, document: &Document, actor: &str) -> Result<Saved, StoreError> {
        self.save_ending(Some(draft), document, actor)
    }

    fn load(&mut self, id: RecordId, version: Option<u32>) -> Result<Option<Stored>, StoreError> {
        let name = id.to_string();
        let row = self.connection.query_row(
            "SELECT version, card, body FROM record WHERE id = ?1 AND version = coalesce(?2, version) \
             ORDER BY version DESC LIMIT 1",
            params![name, version],
            |row| Ok((row.get::<_, u32>(0)?, row.get::<_, Vec<u8>>(1)?, row.get::<_, Vec<u8>>(2)?)),
        );
        let Some((version, card, body)) = row.optional().map_err(|error| self.explain(&error))? else {
            return Ok(None);
        };
        let damaged = |why: String| StoreError::Corrupt { detail: format!("version {version} of {name}: {why}") };
        let text = self.open_text(body_place(&name, version), &body).map_err(damaged)?;
        let card = self.open_card(&name, version, &card).map_err(damaged)?;
        Ok(Some(Stored { card, text }))
    }

    fn list(&mut self, query: &Query) -> Result<Listing, StoreError> {
        self.refresh()?;
        Ok(self.cards.list(query))
    }

    fn alike(&mut self, typed: &Person, limit: usize) -> Result<Vec<Alike>, StoreError> {
        self.refresh()?;
        Ok(self.cards.alike(typed, limit))
    }

    fn history(&mut self, id: RecordId) -> Result<Vec<Card>, StoreError> {
        let name = id.to_string();
        let explain = |error| self.explain(&error);
        let mut statement = self
            .connection
            .prepare("SELECT version, card FROM record WHERE id = ?1 ORDER BY version")
            .map_err(explain)?;
        let rows = statement.query_map([&name], |row| Ok((row.get::<_, u32>(0)?, row.get::<_, Vec<u8>>(1)?)));
        let rows = rows.and_then(Iterator::collect::<Result<Vec<_>, _>>).map_err(explain)?;
        let cards = rows.into_iter().map(|(version, sealed)| {
            self.open_card(&name, version, &sealed)
                .map_err(|why| StoreError::Corrupt { detail: format!("version {version} of {name}: {why}") })
        });
        cards.collect()
    }

    fn put_draft(&mut self, draft: &Draft) -> Result<(), StoreError> {
        let (name, text) = (draft.id.to_string(), draft.to_toml()?);
        self.write(|pen| {
            for id in draft.about() {
                if pen.erased(&id.to_string())? {
                    return Err(StoreError::Erased { id });
                }
            }
            let body = pen.seal.seal(draft_place(&name), text.as_bytes())?;
            let put = "INSERT INTO draft (id, body, at) VALUES (?1, ?2, ?3) \
                       ON CONFLICT (id) DO UPDATE SET body = excluded.body, at = excluded.at";
            pen.execute(put, params![name, body, draft.updated_at.to_string()])
        })
    }

    fn drafts(&mut self) -> Result<Drafts, StoreError> {
        let explain = |error| self.explain(&error);
        let mut statement = self.connection.prepare("SELECT id, body FROM draft").map_err(explain)?;
        let rows = statement.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, Vec<u8>>(1)?)));
        let rows = rows.and_then(Iterator::collect::<Result<Vec<_>, _>>).map_err(explain)?;
        let (mut drafts, mut unreadable) = (Vec::new(), Vec::new());
        for (id, sealed) in rows {
            match open_draft(&*self.seal, &id, &sealed) {
                Ok(draft) => drafts.push(draft),
                Err(why) => unreadable.push(Unreadable { id, why }),
            }
        }
        Ok(Drafts::of(drafts, unreadable))
    }

    fn drop_draft(&mut self, id: RecordId) -> Result<(), StoreError> {
        self.write(|pen| pen.execute("DELETE FROM draft WHERE id = ?1", [id.to_string()]))
    }

    fn note(&mut self, event: &Event) -> Result<String, StoreError> {
        self.write(|pen| pen.append(event))
    }

    fn audit(&mut self) -> Result<Vec<AuditEntry>, StoreError> {
        let explain = |error| self.explain(&error);
        let mut statement =
            self.connection.prepare("SELECT seq, entry, chain FROM audit ORDER BY seq").map_err(explain)?;
        let rows = statement.query_map([], |row| Ok((seq(row)?, row.get::<_, Vec<u8>>(1)?, row.get::<_, Vec<u8>>(2)?)));
        let rows = rows.and_then(Iterator::collect::<Result<Vec<_>, _>>).map_err(explain)?;
        let entries = rows.into_iter().map(|(seq, entry, chain)| open_entry(&*self.seal, seq, &entry, &chain));
        entries.collect()
    }

    fn verify(&mut self) -> Result<Verification, StoreError> {
        check::verify(self)
    }

    fn standing(&mut self) -> Result<Standing, StoreError> {
        let protection = if self.seal.hides() {
            Protection::Sealed
        } else if self.meta("declined")?.is_some() {
            Protection::Declined
        } else {
            Protection::Undecided
        };
        let rolled_back = match &self.noted {
            Noted::Differs(words) => Some(words.clone()),
            Noted::Nothing | Noted::Agrees(_) => None,
        };
        let last_backup = self.meta("backup")?.and_then(|at| at.parse().ok());
        Ok(Standing { protection, rolled_back, last_backup })
    }

    fn protect(&mut self, passphrase: &Secret, actor: &str) -> Result<FreshCode, StoreError> {
        lock::protect(self, passphrase, actor)
    }

    fn decline(&mut self, actor: &str) -> Result<(), StoreError> {
        lock::decline(self, actor)
    }
}

fn meta(connection: &Connection, key: &str) -> rusqlite::Result<Option<String>> {
    connection.query_row("SELECT value FROM meta WHERE key = ?1", [key], |row| row.get(0)).optional()
}

/// The number of an audit entry; SQLite's integers are signed.
fn seq(row: &Row<'_>) -> rusqlite::Result<u64> {
    row.get::<_, i64>(0).map(|seq| u64::try_from(seq).unwrap_or(0))
}

/// An error of the database in the terms of the store.
fn explain(error: &rusqlite::Error, path: &Path) -> StoreError {
    let detail = || error.to_string();
    let read_only = || StoreError::ReadOnly { path: path.to_path_buf() };
    // The file of the memory that programs share could not be made as long as it must be: there is no room for it.
    if error.sqlite_error().is_some_and(|error| error.extended_code == rusqlite::ffi::SQLITE_IOERR_SHMSIZE) {
        return StoreError::Full;
    }
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => StoreError::Full,
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::CannotOpen) => read_only(),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked | ErrorCode::FileLockingProtocolFailed) => {
            StoreError::Busy
        }
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => StoreError::Corrupt { detail: detail() },
        Some(_) => StoreError::Io { detail: detail() },
        // A value of another type or length than was written.
        None => StoreError::Corrupt { detail: detail() },
    }
}

#[cfg(test)]
#[cfg(unix)]
mod backup_tests;
#[cfg(test)]
mod drill_tests;
#[cfg(test)]
mod lock_tests;
#[cfg(test)]
mod migration_tests;
#[cfg(test)]
mod tests;
