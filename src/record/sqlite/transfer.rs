//! Versions from another store, and consultations that are erased.

use jiff::Timestamp;
use rusqlite::OptionalExtension;
use serde::{Deserialize, Serialize};

use super::backup::card_bytes;
use super::{SqliteStore, lock, tombstone_place};
use crate::record::card::{Card, Cards};
use crate::record::chain::digest;
use crate::record::document::Document;
use crate::record::error::StoreError;
use crate::record::id::RecordId;
use crate::record::store::{Action, Event, Store};

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
    /// Adds a version with the text it was exported as.
    ///
    /// # Errors
    /// If the text is no document, or something could not be read or written.
    pub fn import(&mut self, text: &str, actor: &str) -> Result<(RecordId, u32, Import), StoreError> {
        let document = Document::from_toml(text)?;
        let (id, version) = (document.id, document.version);
        let done = |import| Ok((id, version, import));
        if self.tombstone(id)?.is_some() {
            return done(Import::Erased);
        }
        if let Some(here) = self.load(id, Some(version))? {
            return done(if here.text == text { Import::Known } else { Import::Differs });
        }
        let (name, card) = (id.to_string(), card_bytes(&Card::of(&document))?);
        let event = Event {
            digest: Some(digest(&name, version, &card, text.as_bytes())),
            ..Event::with(Timestamp::now(), actor, Action::Imported, id, version)
        };
        let added = self.write(|pen| {
            if pen.newest(&name)?.checked_add(1) != Some(version) {
                return Ok(Import::Gap);
            }
            pen.insert(&name, version, &card, text.as_bytes())?;
            pen.append(&event)?;
            Ok(Import::Added)
        })?;
        done(added)
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

    /// Erases every version and the draft of a consultation, and what is left of them in the file. A tombstone and the
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
            pen.execute("INSERT INTO tombstone VALUES (?1, ?2)", rusqlite::params![name, body])?;
            pen.execute("DELETE FROM record WHERE id = ?1", [&name])?;
            pen.execute("DELETE FROM draft WHERE id = ?1", [&name])?;
            // Other programs have its card in memory: they open anew.
            pen.execute("UPDATE meta SET value = lower(hex(randomblob(8))) WHERE key = 'epoch'", [])?;
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
