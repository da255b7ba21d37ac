//! The last head of the audit trail, noted outside the store: whoever puts yesterday's store back is found out by it.
//!
//! Nothing depends on the note: a machine without it opens every store. It holds no word of a consultation.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::error::StoreError;

/// The note of one store.
#[derive(Clone, Debug)]
pub(super) struct Witness {
    file: PathBuf,
    store: String,
}

/// What the note says of a store.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) enum Noted {
    /// There is none.
    #[default]
    Nothing,
    /// The store goes on from it.
    Agrees(u64),
    /// It does not, in words.
    Differs(String),
}

/// What was seen last.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
struct Seen {
    store: String,
    entry: u64,
    head: String,
    #[serde(default)]
    protected: bool,
}

impl Witness {
    /// The note about the store in that file.
    pub(super) fn at(state: &Path, store: &Path) -> Self {
        let whole = store.canonicalize().unwrap_or_else(|_| store.to_owned());
        let hash = Sha256::digest(whole.as_os_str().as_encoded_bytes());
        let name: String = hash[..8].iter().map(|byte| format!("{byte:02x}")).collect();
        Self { file: state.join("heads").join(format!("{name}.toml")), store: String::new() }
    }

    /// The same note, for the store with this id.
    pub(super) fn of(self, store: String) -> Self {
        Self { store, ..self }
    }

    fn seen(&self) -> Option<Seen> {
        toml::from_str(&fs::read_to_string(&self.file).ok()?).ok()
    }

    /// The entry of the trail that was seen last.
    #[cfg(all(unix, any(test, feature = "postgres")))]
    pub(super) fn entry(&self) -> Option<u64> {
        self.seen().map(|seen| seen.entry)
    }

    /// Whether the store was protected when it was seen last.
    pub(super) fn says_protected(&self) -> bool {
        self.seen().is_some_and(|seen| seen.protected)
    }

    /// Whether the store goes on from what was seen.
    pub(super) fn compare(
        &self,
        store: &str,
        head_at: impl Fn(u64) -> Result<Option<String>, StoreError>,
    ) -> Result<Noted, StoreError> {
        let Some(seen) = self.seen() else { return Ok(Noted::Nothing) };
        if seen.store != store {
            return Ok(Noted::Differs(format!(
                "this is another store than the one seen here before (its audit trail had {} entries)",
                seen.entry
            )));
        }
        Ok(match head_at(seen.entry)? {
            Some(head) if head == seen.head => Noted::Agrees(seen.entry),
            Some(_) => {
                Noted::Differs(format!("entry {} of the audit trail is not the one that was seen here", seen.entry))
            }
            None => Noted::Differs(format!(
                "the records are older than they were: entry {} of the audit trail (head {}) was seen here and is not \
                 there",
                seen.entry, seen.head
            )),
        })
    }

    /// Notes a head. A failure costs the note, never the save it is about.
    pub(super) fn note(&self, entry: u64, head: &str, protected: bool) {
        // Another program may have noted a later one; an older note is weaker and still true.
        if self.seen().is_some_and(|seen| seen.store == self.store && seen.entry > entry) {
            return;
        }
        let _ = self.write(&Seen { store: self.store.clone(), entry, head: head.to_owned(), protected });
    }

    /// Begins anew: a backup was put back on purpose.
    pub(super) fn reset(&self, entry: u64, head: &str, protected: bool) {
        let _ = self.write(&Seen { store: self.store.clone(), entry, head: head.to_owned(), protected });
    }

    fn write(&self, seen: &Seen) -> std::io::Result<()> {
        let text = toml::to_string(seen).map_err(std::io::Error::other)?;
        if let Some(folder) = self.file.parent() {
            let mut builder = fs::DirBuilder::new();
            builder.recursive(true);
            #[cfg(unix)]
            std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
            builder.create(folder)?;
        }
        let fresh = self.file.with_extension(format!("{}.new", std::process::id()));
        let mut options = fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(&fresh)?.write_all(text.as_bytes())?;
        fs::rename(fresh, &self.file)
    }
}
