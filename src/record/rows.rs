//! What every store keeps in its rows: where a sealed blob belongs, and how it is opened. The rows are the same
//! whatever the store is made of, so that they move from one to another as they are.

use super::card::Card;
use super::chain::Link;
use super::draft::Draft;
use super::error::StoreError;
use super::seal::{Place, Seal};
use super::store::{AuditEntry, NextEntry};

pub(super) const fn card_place(id: &str, version: u32) -> Place<'_> {
    Place { table: "record", column: "card", id, version }
}

pub(super) const fn body_place(id: &str, version: u32) -> Place<'_> {
    Place { table: "record", column: "body", id, version }
}

pub(super) const fn draft_place(id: &str) -> Place<'_> {
    Place { table: "draft", column: "body", id, version: 0 }
}

pub(super) const fn tombstone_place(id: &str) -> Place<'_> {
    Place { table: "tombstone", column: "body", id, version: 0 }
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

/// The last link of the trail, from the last row of it.
pub(super) fn last_link(seal: &dyn Seal, row: Option<(u64, Vec<u8>)>) -> Result<Option<(u64, Link)>, StoreError> {
    let Some((seq, chain)) = row else { return Ok(None) };
    let damaged =
        || StoreError::Corrupt { detail: format!("entry {seq} of the audit trail: its link is not what was written") };
    Ok(Some((seq, open_link(seal, seq, &chain).ok_or_else(damaged)?)))
}

/// The entry and the link of a row of the trail.
pub(super) fn seal_entry(seal: &dyn Seal, next: &NextEntry) -> Result<(Vec<u8>, Vec<u8>), StoreError> {
    Ok((seal.seal(audit_place(seal, next.seq), &next.bytes)?, seal_link(seal, next.seq, next.link)?))
}

pub(super) fn open_entry(seal: &dyn Seal, seq: u64, sealed: &[u8], chain: &[u8]) -> Result<AuditEntry, StoreError> {
    let damaged = |why: &str| StoreError::Corrupt { detail: format!("entry {seq} of the audit trail: {why}") };
    let text = open_text(seal, audit_place(seal, seq), sealed).map_err(|why| damaged(&why))?;
    let event = serde_json::from_str(&text).map_err(|_| damaged("it is not an entry"))?;
    let link = open_link(seal, seq, chain).ok_or_else(|| damaged("its link is cut"))?;
    Ok(AuditEntry { seq, event, chain: link.hex() })
}

pub(super) fn open_text(seal: &dyn Seal, place: Place<'_>, sealed: &[u8]) -> Result<String, String> {
    let clear = seal.open(place, sealed).map_err(|broken| broken.to_string())?;
    String::from_utf8(clear).map_err(|_| "it is not text".to_owned())
}

pub(super) fn open_card(seal: &dyn Seal, id: &str, version: u32, sealed: &[u8]) -> Result<Card, String> {
    let text = open_text(seal, card_place(id, version), sealed)?;
    serde_json::from_str(&text).map_err(|_| "it is not a card".to_owned())
}

pub(super) fn open_draft(seal: &dyn Seal, id: &str, sealed: &[u8]) -> Result<Draft, String> {
    let text = open_text(seal, draft_place(id), sealed)?;
    Draft::from_toml(&text).map_err(|error| error.to_string())
}

/// The card of a text that is no row yet.
pub(super) fn card_bytes(card: &Card) -> Result<Vec<u8>, StoreError> {
    serde_json::to_vec(card).map_err(|error| StoreError::Io { detail: error.to_string() })
}
