//! One writing transaction: rows sealed on the way in, and the audit trail that tells of them.

use std::path::Path;
use std::sync::Arc;

use rusqlite::{OptionalExtension, Params, Transaction, params};

use super::{body_place, card_place, explain, seq};
use crate::record::chain::Link;
use crate::record::error::StoreError;
use crate::record::seal::{Place, Seal};
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
        let last = match last {
            None => None,
            Some((seq, chain)) => Some((
                seq,
                open_link(&*self.seal, seq, &chain).ok_or_else(|| StoreError::Corrupt {
                    detail: format!("entry {seq} of the audit trail: its link is not what was written"),
                })?,
            )),
        };
        let next = NextEntry::after(last, event)?;
        let entry = self.seal.seal(audit_place(&*self.seal, next.seq), &next.bytes)?;
        let chain = seal_link(&*self.seal, next.seq, next.link)?;
        self.execute(
            "INSERT INTO audit (seq, entry, chain) VALUES (?1, ?2, ?3)",
            params![i64::try_from(next.seq).unwrap_or(i64::MAX), entry, chain],
        )?;
        self.last = Some((next.seq, next.link));
        Ok(next.link.head())
    }
}

/// Where an entry of the trail stands. In the clear the chain alone binds it to its place.
pub(super) fn audit_place(seal: &dyn Seal, seq: u64) -> Place<'static> {
    let version = if seal.hides() { u32::try_from(seq).unwrap_or(u32::MAX) } else { 0 };
    Place { table: "audit", column: "entry", id: "", version }
}

fn link_place(seq: u64) -> Place<'static> {
    Place { table: "audit", column: "chain", id: "", version: u32::try_from(seq).unwrap_or(u32::MAX) }
}

/// Links are hashes of what the entries say: where those are hidden, a guess must not be confirmed by its hash.
pub(super) fn seal_link(seal: &dyn Seal, seq: u64, link: Link) -> Result<Vec<u8>, StoreError> {
    if seal.hides() { seal.seal(link_place(seq), &link.0) } else { Ok(link.0.to_vec()) }
}

pub(super) fn open_link(seal: &dyn Seal, seq: u64, chain: &[u8]) -> Option<Link> {
    let bytes = if seal.hides() { seal.open(link_place(seq), chain).ok()? } else { chain.to_vec() };
    bytes.try_into().ok().map(Link)
}
