//! The rows as they are, sealed, for another store.

use rusqlite::Row;

use super::{SqliteStore, seq};
use crate::record::error::StoreError;

/// A row of the store.
pub(in crate::record) enum Raw {
    /// Key and value: the id of the store, and the epoch of its seal.
    Meta(String, String),
    /// Kind and body of a lock.
    Slot(String, String),
    /// Id, version, card, body.
    Version(String, u32, Vec<u8>, Vec<u8>),
    /// Number, entry, link.
    Entry(u64, Vec<u8>, Vec<u8>),
    /// Id and body.
    Tombstone(String, Vec<u8>),
}

impl SqliteStore {
    /// Hands over every row but the drafts, in the order in which they were written, all of one moment.
    pub(in crate::record) fn each_raw(
        &self,
        put: &mut dyn FnMut(Raw) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let moment = self.connection.unchecked_transaction().map_err(|error| self.explain(&error))?;
        let meta = "SELECT key, value FROM meta WHERE key IN ('store', 'epoch')";
        self.each(meta, put, |row| Ok(Raw::Meta(row.get(0)?, row.get(1)?)))?;
        self.each("SELECT kind, body FROM slot", put, |row| Ok(Raw::Slot(row.get(0)?, row.get(1)?)))?;
        self.each("SELECT id, version, card, body FROM record ORDER BY rowid", put, |row| {
            Ok(Raw::Version(row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
        })?;
        self.each("SELECT seq, entry, chain FROM audit ORDER BY seq", put, |row| {
            Ok(Raw::Entry(seq(row)?, row.get(1)?, row.get(2)?))
        })?;
        self.each("SELECT id, body FROM tombstone", put, |row| Ok(Raw::Tombstone(row.get(0)?, row.get(1)?)))?;
        drop(moment);
        Ok(())
    }

    fn each(
        &self,
        sql: &str,
        put: &mut dyn FnMut(Raw) -> Result<(), StoreError>,
        read: impl Fn(&Row<'_>) -> rusqlite::Result<Raw>,
    ) -> Result<(), StoreError> {
        let explain = |error| self.explain(&error);
        let mut statement = self.connection.prepare(sql).map_err(explain)?;
        let mut rows = statement.query([]).map_err(explain)?;
        while let Some(row) = rows.next().map_err(explain)? {
            put(read(row).map_err(explain)?)?;
        }
        Ok(())
    }
}
