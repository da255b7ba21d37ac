//! Versions from another store, and consultations that are erased.

use jiff::Timestamp;
use rusqlite::{OptionalExtension, params};
use serde::{Deserialize, Serialize};

use super::pen::Pen;
use super::{SqliteStore, lock};
use crate::record::card::Card;
use crate::record::chain::digest;
use crate::record::document::{Document, DocumentError};
use crate::record::error::StoreError;
use crate::record::id::RecordId;
use crate::record::rows::{body_place, card_bytes, open_draft, tombstone_place};
use crate::record::shelf::Cards;
use crate::record::store::{Action, Event};

/// What came of a version from another store.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Import {
    /// It was added.
    Added,
    /// It is here already, byte for byte.
    Known,
    /// Another text is here under the same id and version: it stays.
    Differs,
    /// The version before it is not here.
    Gap,
    /// It was erased here: it does not come back by itself.
    Erased,
}

/// A version with the text it was exported as.
#[derive(Clone, PartialEq, Debug)]
pub struct Exported {
    /// What the text says.
    pub document: Document,
    /// The text, byte for byte.
    pub text: String,
}

impl Exported {
    /// Reads an exported text.
    ///
    /// # Errors
    /// If it is no document, or one of a newer program.
    pub fn read(text: String) -> Result<Self, DocumentError> {
        Ok(Self { document: Document::from_toml(&text)?, text })
    }
}

fn import_one(pen: &mut Pen<'_>, exported: &Exported, actor: &str, now: Timestamp) -> Result<Import, StoreError> {
    let Exported { document, text } = exported;
    let (name, version) = (document.id.to_string(), document.version);
    let explain = |error| pen.explain(&error);
    let erased = "SELECT EXISTS (SELECT 1 FROM tombstone WHERE id = ?1)";
    if pen.transaction.query_row(erased, [&name], |row| row.get(0)).map_err(explain)? {
        return Ok(Import::Erased);
    }
    let here = pen
        .transaction
        .query_row("SELECT body FROM record WHERE id = ?1 AND version = ?2", params![name, version], |row| {
            row.get::<_, Vec<u8>>(0)
        })
        .optional()
        .map_err(explain)?;
    if let Some(sealed) = here {
        let same = pen.seal.open(body_place(&name, version), &sealed).is_ok_and(|clear| clear == text.as_bytes());
        return Ok(if same { Import::Known } else { Import::Differs });
    }
    if pen.newest(&name)?.checked_add(1) != Some(version) {
        return Ok(Import::Gap);
    }
    let card = card_bytes(&Card::of(document))?;
    pen.insert(&name, version, &card, text.as_bytes())?;
    let event = Event::with(now, actor, Action::Imported, document.id, version);
    pen.append(&Event { digest: Some(digest(&name, version, &card, text.as_bytes())), ..event })?;
    Ok(Import::Added)
}

/// The drafts of a consultation: an amendment, and entries of its follow-up. One that cannot be read is nobody's.
fn drafts_of(pen: &Pen<'_>, id: RecordId) -> Result<Vec<String>, StoreError> {
    let mut found = vec![id.to_string()];
    let explain = |error| pen.explain(&error);
    let mut statement = pen.transaction.prepare("SELECT id, body FROM draft").map_err(explain)?;
    let rows = statement.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, Vec<u8>>(1)?)));
    for row in rows.map_err(explain)? {
        let (name, sealed) = row.map_err(explain)?;
        let draft = open_draft(&*pen.seal, &name, &sealed);
        if draft.is_ok_and(|draft| draft.following.is_some_and(|of| of.record == id)) {
            found.push(name);
        }
    }
    Ok(found)
}

/// What is left of an erased consultation.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Tombstone {
    /// When it was erased.
    pub at: Timestamp,
    /// By whom.
    pub by: String,
    /// Why.
    pub reason: String,
    /// How many versions there were.
    pub versions: u32,
}

impl SqliteStore {
    /// Adds versions with the texts they were exported as, in their order: all of them in one transaction.
    ///
    /// # Errors
    /// If something could not be read or written; nothing was added then.
    pub fn import(&mut self, versions: &[Exported], actor: &str) -> Result<Vec<Import>, StoreError> {
        let now = Timestamp::now();
        self.write(|pen| versions.iter().map(|version| import_one(pen, version, actor, now)).collect())
    }

    /// What is left of an erased consultation.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn tombstone(&mut self, id: RecordId) -> Result<Option<Tombstone>, StoreError> {
        let name = id.to_string();
        let row = self
            .connection
            .query_row("SELECT body FROM tombstone WHERE id = ?1", [&name], |row| row.get::<_, Vec<u8>>(0))
            .optional()
            .map_err(|error| self.explain(&error))?;
        let Some(body) = row else { return Ok(None) };
        let damaged = |why: String| StoreError::Corrupt { detail: format!("the tombstone of {name}: {why}") };
        let text = self.open_text(tombstone_place(&name), &body).map_err(damaged)?;
        serde_json::from_str(&text).map(Some).map_err(|_| damaged("it is no tombstone".to_owned()))
    }

    /// Erases every version and the drafts of a consultation, and what is left of them in the file. A tombstone and the
    /// audit trail say that it was there. Gives why traces may be left, if they may.
    ///
    /// # Errors
    /// If it is not there, or could not be written.
    pub fn erase(&mut self, id: RecordId, reason: &str, actor: &str) -> Result<Option<String>, StoreError> {
        let (name, at) = (id.to_string(), Timestamp::now());
        let epoch = self.write(|pen| {
            let versions = pen.newest(&name)?;
            if versions == 0 {
                return Err(StoreError::Io { detail: format!("there is no consultation {name}") });
            }
            let tombstone = Tombstone { at, by: actor.to_owned(), reason: reason.to_owned(), versions };
            let body = serde_json::to_vec(&tombstone).map_err(|error| StoreError::Io { detail: error.to_string() })?;
            let body = pen.seal.seal(tombstone_place(&name), &body)?;
            pen.execute("INSERT INTO tombstone VALUES (?1, ?2)", params![name, body])?;
            pen.execute("DELETE FROM record WHERE id = ?1", [&name])?;
            for draft in drafts_of(pen, id)? {
                pen.execute("DELETE FROM draft WHERE id = ?1", [draft])?;
            }
            // Other programs have its card in memory: they open anew.
            pen.execute("UPDATE meta SET value = lower(hex(randomblob(8))) WHERE key = 'epoch'", [])?;
            pen.execute(lock::UNSWEPT, [])?;
            let event = Event { record: Some(id), detail: reason.to_owned(), ..Event::new(at, actor, Action::Erased) };
            pen.append(&event)?;
            pen.transaction
                .query_row("SELECT value FROM meta WHERE key = 'epoch'", [], |row| row.get::<_, String>(0))
                .map_err(|error| pen.explain(&error))
        })?;
        self.epoch = epoch;
        self.cards = Cards::default();
        self.seen = 0;
        Ok(lock::sweep(self))
    }
}
