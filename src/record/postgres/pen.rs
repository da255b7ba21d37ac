//! One writing transaction on the server.

use super::wire::{Address, Fault, Row, Value, Wire};
use super::{ONE_WRITER, explain};
use crate::record::chain::Link;
use crate::record::error::StoreError;
use crate::record::rows::{body_place, card_place, last_link, seal_entry};
use crate::record::seal::Seal;
use crate::record::store::{Event, NextEntry};

/// What a transaction writes with.
pub(super) struct Pen<'a> {
    pub wire: &'a mut Wire,
    pub seal: &'a dyn Seal,
    pub address: &'a Address,
    /// The last entry of the trail that was added.
    pub last: Option<Last>,
}

/// The last entry of a transaction.
pub(super) struct Last {
    pub seq: u64,
    pub link: Link,
    /// As the server has it.
    pub chain: Vec<u8>,
}

impl Pen<'_> {
    /// Begins, alone; refuses when the rows were sealed anew meanwhile.
    pub(super) fn begin(&mut self, epoch: &str) -> Result<(), StoreError> {
        let begun = self.wire.run("BEGIN");
        self.explained(begun)?;
        self.query(ONE_WRITER, &[])?;
        let rows = self.query("SELECT value FROM meta WHERE key = 'epoch'", &[])?;
        match rows.first().map(|row| row.text(0)) {
            Some(Ok(found)) if found == epoch => Ok(()),
            _ => Err(StoreError::Locked),
        }
    }

    pub(super) fn explained<T>(&self, done: Result<T, Fault>) -> Result<T, StoreError> {
        done.map_err(|fault| explain(&fault, self.address))
    }

    pub(super) fn query(&mut self, sql: &str, values: &[Value<'_>]) -> Result<Vec<Row>, StoreError> {
        let answer = self.wire.query(sql, values);
        self.explained(answer)
    }

    /// The newest version of a consultation; 0 when there is none.
    pub(super) fn newest(&mut self, id: &str) -> Result<u32, StoreError> {
        let sql = "SELECT coalesce(max(version), 0) FROM record WHERE id = $1::text";
        let rows = self.query(sql, &[Value::Text(id)])?;
        let newest = rows.first().map_or(Ok(0), |row| row.number(0));
        self.explained(newest).map(|newest| u32::try_from(newest).unwrap_or(u32::MAX))
    }

    /// Adds a version.
    pub(super) fn insert(&mut self, id: &str, version: u32, card: &[u8], body: &[u8]) -> Result<(), StoreError> {
        let card = self.seal.seal(card_place(id, version), card)?;
        let body = self.seal.seal(body_place(id, version), body)?;
        self.put_version(id, version, &card, &body)
    }

    /// Adds a version that is sealed.
    pub(super) fn put_version(&mut self, id: &str, version: u32, card: &[u8], body: &[u8]) -> Result<(), StoreError> {
        let sql = "INSERT INTO record (id, version, card, body) VALUES ($1::text, $2::bigint, $3, $4)";
        let values = [Value::Text(id), Value::Text(&version.to_string()), Value::Bytes(card), Value::Bytes(body)];
        self.query(sql, &values).map(drop)
    }

    /// Adds an entry to the audit trail; its head. The last link is read here and now: another room may have added one.
    pub(super) fn append(&mut self, event: &Event) -> Result<String, StoreError> {
        let rows = self.query("SELECT seq, chain FROM audit ORDER BY seq DESC LIMIT 1", &[])?;
        let last = rows.first().map(|row| row.number(0).and_then(|seq| Ok((seq, row.bytes(1)?)))).transpose();
        let next = NextEntry::after(last_link(self.seal, self.explained(last)?)?, event)?;
        let (entry, chain) = seal_entry(self.seal, &next)?;
        self.put_entry(next.seq, &entry, &chain)?;
        self.last = Some(Last { seq: next.seq, link: next.link, chain });
        Ok(next.link.head())
    }

    /// Adds an entry that is sealed.
    pub(super) fn put_entry(&mut self, seq: u64, entry: &[u8], chain: &[u8]) -> Result<(), StoreError> {
        let sql = "INSERT INTO audit (seq, entry, chain) VALUES ($1::bigint, $2, $3)";
        self.query(sql, &[Value::Text(&seq.to_string()), Value::Bytes(entry), Value::Bytes(chain)]).map(drop)
    }
}
