//! One writing transaction: rows sealed on the way in, and the audit trail that tells of them.

use std::path::Path;
use std::sync::Arc;

use rusqlite::{OptionalExtension, Params, Transaction, params};

use super::{explain, seq};
use crate::record::chain::Link;
use crate::record::error::StoreError;
use crate::record::rows::{body_place, card_place, last_link, seal_entry};
use crate::record::seal::Seal;
use crate::record::store::{Event, NextEntry};

/// What a transaction writes with.
pub(super) struct Pen<'a> {
    pub transaction: Transaction<'a>,
    pub seal: Arc<dyn Seal>,
    pub path: &'a Path,
    /// The last entry of the trail that was added.
    pub last: Option<(u64, Link)>,
}

impl Pen<'_> {
    pub(super) fn explain(&self, error: &rusqlite::Error) -> StoreError {
        explain(error, self.path)
    }

    pub(super) fn execute(&self, sql: &str, params: impl Params) -> Result<(), StoreError> {
        self.transaction.execute(sql, params).map(drop).map_err(|error| self.explain(&error))
    }

    /// The newest version of a consultation; 0 when there is none.
    pub(super) fn newest(&self, id: &str) -> Result<u32, StoreError> {
        self.transaction
            .query_row("SELECT coalesce(max(version), 0) FROM record WHERE id = ?1", [id], |row| row.get(0))
            .map_err(|error| self.explain(&error))
    }

    /// Whether a consultation was erased.
    pub(super) fn erased(&self, id: &str) -> Result<bool, StoreError> {
        self.transaction
            .query_row("SELECT EXISTS (SELECT 1 FROM tombstone WHERE id = ?1)", [id], |row| row.get(0))
            .map_err(|error| self.explain(&error))
    }

    /// Adds a version.
    pub(super) fn insert(&self, id: &str, version: u32, card: &[u8], body: &[u8]) -> Result<(), StoreError> {
        let card = self.seal.seal(card_place(id, version), card)?;
        let body = self.seal.seal(body_place(id, version), body)?;
        self.execute(
            "INSERT INTO record (id, version, card, body) VALUES (?1, ?2, ?3, ?4)",
            params![id, version, card, body],
        )
    }

    /// Adds an entry to the audit trail; its head. The last link is read here and now: another program may have
    /// added one.
    pub(super) fn append(&mut self, event: &Event) -> Result<String, StoreError> {
        let last = self
            .transaction
            .query_row("SELECT seq, chain FROM audit ORDER BY seq DESC LIMIT 1", [], |row| {
                Ok((seq(row)?, row.get::<_, Vec<u8>>(1)?))
            })
            .optional()
            .map_err(|error| self.explain(&error))?;
        let next = NextEntry::after(last_link(&*self.seal, last)?, event)?;
        let (entry, chain) = seal_entry(&*self.seal, &next)?;
        self.execute(
            "INSERT INTO audit (seq, entry, chain) VALUES (?1, ?2, ?3)",
            params![i64::try_from(next.seq).unwrap_or(i64::MAX), entry, chain],
        )?;
        self.last = Some((next.seq, next.link));
        Ok(next.link.head())
    }
}
