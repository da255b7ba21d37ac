//! The records of one machine become those of a clinic: every sealed row goes to the server as it is.

use super::pen::Pen;
use super::wire::{Value, Wire};
use super::{KNOWN, PostgresStore, Room, explain};
use crate::record::error::StoreError;
use crate::record::seal::Checksum;
use crate::record::sqlite::{Raw, SqliteStore};

/// The tables, what holds them, and what a room may do with them.
const SCHEMA: &str = include_str!("schema.sql");

impl PostgresStore {
    /// Puts the records of a file on a server that has none, in one transaction. `owner` is the role that owns the
    /// database; the role `pistor_room` must be there. The file stays as it is: put it away, so that nobody goes on in
    /// it. Passphrase and recovery code stay the same.
    ///
    /// # Errors
    /// [`StoreError::Unprotected`] if the file has no passphrase: a server never gets a readable word. If the server
    /// has records, or something could not be read or written; it has nothing of them then.
    pub fn found(owner: &Room, file: &SqliteStore) -> Result<(), StoreError> {
        if !file.is_protected() {
            return Err(StoreError::Unprotected);
        }
        let address = owner.address();
        let explain = |fault| explain(&fault, &address);
        let mut wire = Wire::connect(&address).map_err(explain)?;
        wire.run("BEGIN").and_then(|()| wire.run(SCHEMA)).map_err(explain)?;
        // What is copied is sealed: the seal of the pen is never asked.
        let mut pen = Pen { wire: &mut wire, seal: &Checksum, address: &address, last: None };
        file.each_raw(&mut |raw| match raw {
            Raw::Meta(key, value) => two(&mut pen, "meta", &key, &value),
            Raw::Slot(kind, body) => two(&mut pen, "slot", &kind, &body),
            Raw::Version(id, version, card, body) => pen.put_version(&id, version, &card, &body),
            Raw::Entry(seq, entry, chain) => pen.put_entry(seq, &entry, &chain),
            Raw::Tombstone(id, body) => {
                let sql = "INSERT INTO tombstone VALUES ($1::text, $2)";
                pen.query(sql, &[Value::Text(&id), Value::Bytes(&body)]).map(drop)
            }
        })?;
        two(&mut pen, "meta", "schema", &KNOWN.to_string())?;
        wire.run("COMMIT").map_err(explain)
    }
}

fn two(pen: &mut Pen<'_>, table: &'static str, key: &str, value: &str) -> Result<(), StoreError> {
    let sql = format!("INSERT INTO {table} VALUES ($1::text, $2::text)");
    pen.query(&sql, &[Value::Text(key), Value::Text(value)]).map(drop)
}
