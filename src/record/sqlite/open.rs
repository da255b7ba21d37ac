//! Opening: the settings of every connection, and the schema.

use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use super::explain;
use crate::record::error::StoreError;

/// Marks the file as ours ("PSTR").
const APPLICATION: i64 = 0x5053_5452;

/// The steps from one schema to the next; the schema is their number.
const MIGRATIONS: [&str; 2] = [FIRST, LOCKS];

/// The schema that this program writes.
pub(super) const KNOWN: i64 = MIGRATIONS.len() as i64;

const FIRST: &str = "
CREATE TABLE record (
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    card BLOB NOT NULL,
    body BLOB NOT NULL,
    UNIQUE (id, version)
) STRICT;
CREATE TRIGGER record_next BEFORE INSERT ON record
WHEN NEW.version <> (SELECT coalesce(max(version), 0) + 1 FROM record WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'versions follow each other'); END;
CREATE TRIGGER record_no_update BEFORE UPDATE ON record
BEGIN SELECT RAISE(ABORT, 'records are never changed'); END;
CREATE TRIGGER record_no_delete BEFORE DELETE ON record
BEGIN SELECT RAISE(ABORT, 'records are never deleted'); END;

CREATE TABLE draft (
    id TEXT PRIMARY KEY NOT NULL,
    body BLOB NOT NULL,
    at TEXT NOT NULL
) STRICT;

CREATE TABLE audit (
    seq INTEGER PRIMARY KEY NOT NULL,
    entry BLOB NOT NULL,
    chain BLOB NOT NULL
) STRICT;
CREATE TRIGGER audit_next BEFORE INSERT ON audit
WHEN NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM audit)
BEGIN SELECT RAISE(ABORT, 'entries follow each other'); END;
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit trail is never changed'); END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit trail is never deleted'); END;
";

/// Locks, and the two ways in which a row may change after all: sealed anew with the same content, or erased for a
/// tombstone.
const LOCKS: &str = "
CREATE TABLE meta (key TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL) STRICT;
INSERT INTO meta VALUES ('store', lower(hex(randomblob(16)))), ('epoch', lower(hex(randomblob(8))));
CREATE TABLE slot (kind TEXT PRIMARY KEY NOT NULL, body TEXT NOT NULL) STRICT;
CREATE TABLE knock (at TEXT NOT NULL) STRICT;
CREATE TABLE tombstone (id TEXT PRIMARY KEY NOT NULL, body BLOB NOT NULL) STRICT;

DROP TRIGGER record_next;
CREATE TRIGGER record_next BEFORE INSERT ON record
WHEN NEW.version <> (SELECT coalesce(max(version), 0) + 1 FROM record WHERE id = NEW.id)
  OR EXISTS (SELECT 1 FROM tombstone WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'versions follow each other'); END;
DROP TRIGGER record_no_update;
CREATE TRIGGER record_no_update BEFORE UPDATE ON record
WHEN NEW.id <> OLD.id OR NEW.version <> OLD.version
  OR NOT EXISTS (SELECT 1 FROM meta WHERE key = 'resealing')
BEGIN SELECT RAISE(ABORT, 'records are never changed'); END;
DROP TRIGGER record_no_delete;
CREATE TRIGGER record_no_delete BEFORE DELETE ON record
WHEN NOT EXISTS (SELECT 1 FROM tombstone WHERE id = OLD.id)
BEGIN SELECT RAISE(ABORT, 'records are never deleted'); END;
DROP TRIGGER audit_no_update;
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit
WHEN NEW.seq <> OLD.seq OR NOT EXISTS (SELECT 1 FROM meta WHERE key = 'resealing')
BEGIN SELECT RAISE(ABORT, 'the audit trail is never changed'); END;
";

/// Opens the file with every setting that safety rests on.
///
/// SQLite does not wait when two programs turn a new file to write-ahead logging at once, so the wait is here.
pub(super) fn connect(path: &Path, patience: Duration) -> Result<Connection, StoreError> {
    let begun = Instant::now();
    loop {
        match try_connect(path, patience) {
            Err(StoreError::Busy) if begun.elapsed() < patience => std::thread::sleep(Duration::from_millis(5)),
            done => return done,
        }
    }
}

fn try_connect(path: &Path, patience: Duration) -> Result<Connection, StoreError> {
    let explain = |error| explain(&error, path);
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(path, flags).map_err(explain)?;
    connection.busy_timeout(patience).map_err(explain)?;
    if connection.is_readonly("main").map_err(explain)? {
        return Err(StoreError::ReadOnly { path: path.to_path_buf() });
    }
    // Before anything is read: a damaged or hostile file must not be trusted.
    connection
        .execute_batch(
            "PRAGMA cell_size_check = ON; PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY; \
             PRAGMA secure_delete = FAST; PRAGMA recursive_triggers = ON;",
        )
        .map_err(explain)?;
    refuse_foreign(&mut connection, path)?;
    connection
        .execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA fullfsync = ON;")
        .map_err(explain)?;
    migrate(&mut connection, path)?;
    Ok(connection)
}

fn number(connection: &Connection, pragma: &str) -> rusqlite::Result<i64> {
    connection.pragma_query_value(None, pragma, |row| row.get(0))
}

/// Nothing is written to a file of another program or of a newer version; gives the schema.
pub(super) fn refuse_foreign(connection: &mut Connection, path: &Path) -> Result<i64, StoreError> {
    let explain = |error| explain(&error, path);
    // One moment of the file: another program may be making it.
    let moment = connection.transaction().map_err(explain)?;
    let application = number(&moment, "application_id").map_err(explain)?;
    let found = number(&moment, "user_version").map_err(explain)?;
    let tables: i64 = moment.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).map_err(explain)?;
    if application != APPLICATION && (tables > 0 || application != 0) {
        return Err(StoreError::Corrupt { detail: format!("{} is not a record store of pistor", path.display()) });
    }
    if found > KNOWN {
        return Err(StoreError::NewerSchema { found, known: KNOWN });
    }
    Ok(found)
}

/// Brings the schema up to date, all steps or none.
fn migrate(connection: &mut Connection, path: &Path) -> Result<(), StoreError> {
    let explain = |error| explain(&error, path);
    if number(connection, "user_version").map_err(explain)? == KNOWN {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(explain)?;
    // Read again: another program may have done it while we waited.
    let found = number(&transaction, "user_version").map_err(explain)?;
    if found > KNOWN {
        return Err(StoreError::NewerSchema { found, known: KNOWN });
    }
    for step in MIGRATIONS.iter().skip(usize::try_from(found).unwrap_or(0)) {
        transaction.execute_batch(step).map_err(explain)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION).map_err(explain)?;
    transaction.pragma_update(None, "user_version", KNOWN).map_err(explain)?;
    transaction.commit().map_err(explain)
}
