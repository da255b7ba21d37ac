//! The store in one SQLite file. All SQL is in this room.
//!
//! What was measured and must stay so: `synchronous=FULL` (anything less loses saves that were acknowledged when the
//! power goes), the head of the chain is read inside the transaction (a second program otherwise breaks it), and only
//! our own checksums find damage (SQLite's integrity check sees almost none of it).

mod check;
mod open;
mod place;

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OptionalExtension, Row, Transaction, TransactionBehavior, params};

use super::card::{Card, Cards, Listing, Query};
use super::chain::{Link, digest};
use super::document::Document;
use super::draft::{Draft, Drafts, Unreadable};
use super::error::StoreError;
use super::id::RecordId;
use super::seal::{Checksum, Place, Seal};
use super::store::{Action, AuditEntry, Event, NextEntry, Saved, Store, Stored, Verification};

/// How long a second program may keep us waiting.
const PATIENCE: Duration = Duration::from_secs(10);

/// Consultations, drafts and audit trail in one file that only its owner can read.
pub struct SqliteStore {
    connection: Connection,
    path: PathBuf,
    seal: Box<dyn Seal>,
    cards: Cards,
    /// The last row in `cards`: rows are only ever added.
    seen: i64,
}

impl SqliteStore {
    /// Opens the store in its own directory; makes both if they are not there.
    ///
    /// # Errors
    /// If the place cannot be written or made private, or the file is damaged, foreign or newer.
    pub fn open(directory: &Path) -> Result<Self, StoreError> {
        Self::open_patient(directory, PATIENCE)
    }

    pub(super) fn open_patient(directory: &Path, patience: Duration) -> Result<Self, StoreError> {
        let path = place::prepare(directory)?;
        let connection = open::connect(&path, patience)?;
        Ok(Self { connection, path, seal: Box::new(Checksum), cards: Cards::default(), seen: 0 })
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Runs one writing transaction; nothing of it stays if it fails.
    fn write<T>(
        &mut self,
        work: impl FnOnce(&Transaction<'_>, &dyn Seal) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let (path, seal) = (&self.path, &*self.seal);
        let explain = |error| explain(&error, path);
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(explain)?;
        let done = work(&transaction, seal)?;
        transaction.commit().map_err(explain)?;
        Ok(done)
    }

    fn explain(&self, error: &rusqlite::Error) -> StoreError {
        explain(error, &self.path)
    }

    fn open_text(&self, place: Place<'_>, sealed: &[u8]) -> Result<String, String> {
        let clear = self.seal.open(place, sealed).map_err(|broken| broken.to_string())?;
        String::from_utf8(clear).map_err(|_| "it is not text".to_owned())
    }

    fn open_card(&self, id: &str, version: u32, sealed: &[u8]) -> Result<Card, String> {
        let text = self.open_text(card_place(id, version), sealed)?;
        serde_json::from_str(&text).map_err(|_| "it is not a card".to_owned())
    }

    /// Reads the cards that were added since the last time, by whichever program.
    fn refresh(&mut self) -> Result<(), StoreError> {
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
}

impl Store for SqliteStore {
    fn save(&mut self, document: &Document, actor: &str) -> Result<Saved, StoreError> {
        let (id, version) = (document.id, document.version);
        let name = id.to_string();
        let text = document.to_toml()?;
        let card = serde_json::to_vec(&Card::of(document)).map_err(|e| StoreError::Io { detail: e.to_string() })?;
        let event = Event {
            digest: Some(digest(&name, version, &card, text.as_bytes())),
            ..Event::with(document.saved_at, actor, Action::Saved, id, version)
        };
        let path = self.path.clone();
        self.write(|transaction, seal| {
            let explain = |error| explain(&error, &path);
            let newest: u32 = transaction
                .query_row("SELECT coalesce(max(version), 0) FROM record WHERE id = ?1", [&name], |row| row.get(0))
                .map_err(explain)?;
            if newest.checked_add(1) != Some(version) {
                return Err(StoreError::Conflict { id, tried: version, newest });
            }
            let card = seal.seal(card_place(&name, version), &card);
            let body = seal.seal(body_place(&name, version), text.as_bytes());
            transaction
                .execute(
                    "INSERT INTO record (id, version, card, body) VALUES (?1, ?2, ?3, ?4)",
                    params![name, version, card, body],
                )
                .map_err(explain)?;
            transaction.execute("DELETE FROM draft WHERE id = ?1", [&name]).map_err(explain)?;
            let head = append(transaction, seal, &event, &path)?;
            Ok(Saved { id, version, head })
        })
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
        let (name, text, path) = (draft.id.to_string(), draft.to_toml()?, self.path.clone());
        self.write(|transaction, seal| {
            let body = seal.seal(draft_place(&name), text.as_bytes());
            let put = "INSERT INTO draft (id, body, at) VALUES (?1, ?2, ?3) \
                       ON CONFLICT (id) DO UPDATE SET body = excluded.body, at = excluded.at";
            transaction
                .execute(put, params![name, body, draft.updated_at.to_string()])
                .map_err(|error| explain(&error, &path))?;
            Ok(())
        })
    }

    fn drafts(&mut self) -> Result<Drafts, StoreError> {
        let explain = |error| self.explain(&error);
        let mut statement = self.connection.prepare("SELECT id, body FROM draft").map_err(explain)?;
        let rows = statement.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, Vec<u8>>(1)?)));
        let rows = rows.and_then(Iterator::collect::<Result<Vec<_>, _>>).map_err(explain)?;
        let (mut drafts, mut unreadable) = (Vec::new(), Vec::new());
        for (id, sealed) in rows {
            let text = self.open_text(draft_place(&id), &sealed);
            match text.and_then(|text| Draft::from_toml(&text).map_err(|error| error.to_string())) {
                Ok(draft) => drafts.push(draft),
                Err(why) => unreadable.push(Unreadable { id, why }),
            }
        }
        Ok(Drafts::of(drafts, unreadable))
    }

    fn drop_draft(&mut self, id: RecordId) -> Result<(), StoreError> {
        let path = self.path.clone();
        self.write(|transaction, _| {
            let dropped = transaction.execute("DELETE FROM draft WHERE id = ?1", [id.to_string()]);
            dropped.map(drop).map_err(|error| explain(&error, &path))
        })
    }

    fn note(&mut self, event: &Event) -> Result<String, StoreError> {
        let path = self.path.clone();
        self.write(|transaction, seal| append(transaction, seal, event, &path))
    }

    fn audit(&mut self) -> Result<Vec<AuditEntry>, StoreError> {
        let explain = |error| self.explain(&error);
        let mut statement =
            self.connection.prepare("SELECT seq, entry, chain FROM audit ORDER BY seq").map_err(explain)?;
        let rows = statement.query_map([], |row| Ok((seq(row)?, row.get::<_, Vec<u8>>(1)?, row.get::<_, Vec<u8>>(2)?)));
        let rows = rows.and_then(Iterator::collect::<Result<Vec<_>, _>>).map_err(explain)?;
        let entries = rows.into_iter().map(|(seq, sealed, chain)| {
            let damaged = |why: &str| StoreError::Corrupt { detail: format!("entry {seq} of the audit trail: {why}") };
            let text = self.open_text(AUDIT_PLACE, &sealed).map_err(|why| damaged(&why))?;
            let event = serde_json::from_str(&text).map_err(|_| damaged("it is not an entry"))?;
            let link = <[u8; 32]>::try_from(chain).map(Link).map_err(|_| damaged("its link is cut"))?;
            Ok(AuditEntry { seq, event, chain: link.hex() })
        });
        entries.collect()
    }

    fn verify(&mut self) -> Result<Verification, StoreError> {
        check::verify(self)
    }
}

/// Adds an entry to the audit trail, within the transaction of what it tells of.
fn append(transaction: &Transaction<'_>, seal: &dyn Seal, event: &Event, path: &Path) -> Result<String, StoreError> {
    let explain = |error| explain(&error, path);
    let last = transaction
        .query_row("SELECT seq, chain FROM audit ORDER BY seq DESC LIMIT 1", [], |row| {
            Ok((seq(row)?, row.get::<_, [u8; 32]>(1)?))
        })
        .optional()
        .map_err(explain)?;
    let next = NextEntry::after(last.map(|(seq, link)| (seq, Link(link))), event)?;
    let entry = seal.seal(AUDIT_PLACE, &next.bytes);
    transaction
        .execute(
            "INSERT INTO audit (seq, entry, chain) VALUES (?1, ?2, ?3)",
            params![i64::try_from(next.seq).unwrap_or(i64::MAX), entry, next.link.0],
        )
        .map_err(explain)?;
    Ok(next.link.head())
}

const fn card_place(id: &str, version: u32) -> Place<'_> {
    Place { table: "record", column: "card", id, version }
}

const fn body_place(id: &str, version: u32) -> Place<'_> {
    Place { table: "record", column: "body", id, version }
}

const fn draft_place(id: &str) -> Place<'_> {
    Place { table: "draft", column: "body", id, version: 0 }
}

/// The chain binds an entry to its place already; this keeps it from opening as something else.
const AUDIT_PLACE: Place<'static> = Place { table: "audit", column: "entry", id: "", version: 0 };

/// The number of an audit entry; SQLite's integers are signed.
fn seq(row: &Row<'_>) -> rusqlite::Result<u64> {
    row.get::<_, i64>(0).map(|seq| u64::try_from(seq).unwrap_or(0))
}

/// An error of the database in the terms of the store.
fn explain(error: &rusqlite::Error, path: &Path) -> StoreError {
    let detail = || error.to_string();
    let read_only = || StoreError::ReadOnly { path: path.to_path_buf() };
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

impl RecordId {
    fn from_row(text: &str) -> Option<Self> {
        Self::from_str(text).ok()
    }
}

#[cfg(test)]
mod tests;
