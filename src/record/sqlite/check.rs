//! Reads every row of the file for the check.

use super::SqliteStore;
use crate::record::check::Check;
use crate::record::error::StoreError;
use crate::record::store::Verification;

pub(super) fn verify(store: &SqliteStore) -> Result<Verification, StoreError> {
    // One transaction: another program may be saving meanwhile.
    let transaction = store.connection.unchecked_transaction().map_err(|error| store.explain(&error))?;
    let mut reader = Reader { store, check: Check::new(&*store.seal, &store.noted) };
    reader.pages();
    let found = store.connection.pragma_query_value(None, "user_version", |row| row.get::<_, i64>(0));
    reader.rows("the audit trail", "SELECT seq, entry, chain FROM audit ORDER BY seq", |check, row| {
        let (entry, chain): (Vec<u8>, Vec<u8>) = (row.get(1)?, row.get(2)?);
        check.entry(super::seq(row)?, &entry, &chain);
        Ok(())
    });
    reader.rows("records", "SELECT id, version, card, body FROM record ORDER BY id, version", |check, row| {
        let (id, card, body): (String, Vec<u8>, Vec<u8>) = (row.get(0)?, row.get(2)?, row.get(3)?);
        check.version(&id, row.get(1)?, &card, &body);
        Ok(())
    });
    reader.check.versions_end();
    reader.rows("drafts", "SELECT id, body FROM draft ORDER BY id", |check, row| {
        let (id, body): (String, Vec<u8>) = (row.get(0)?, row.get(1)?);
        check.draft(&id, &body);
        Ok(())
    });
    // A copy made by an older program has none.
    if found.is_ok_and(|schema| schema > 1) {
        let stones = "SELECT id, body, id IN (SELECT id FROM record) FROM tombstone ORDER BY id";
        reader.rows("tombstones", stones, |check, row| {
            let (id, body): (String, Vec<u8>) = (row.get(0)?, row.get(1)?);
            check.tombstone(&id, &body, row.get(2)?);
            Ok(())
        });
        reader.check.tombstones_end();
    }
    let result = reader.check.done();
    drop(transaction);
    Ok(result)
}

struct Reader<'s> {
    store: &'s SqliteStore,
    check: Check<'s>,
}

impl<'s> Reader<'s> {
    /// SQLite's own check: of damaged pages it sees few, of damaged tables and indexes more.
    fn pages(&mut self) {
        let found = self.store.connection.prepare("PRAGMA integrity_check(20)").and_then(|mut statement| {
            let rows = statement.query_map([], |row| row.get::<_, String>(0))?;
            rows.collect::<Result<Vec<_>, _>>()
        });
        match found {
            Ok(lines) if lines == ["ok"] => {}
            Ok(lines) => lines.into_iter().for_each(|line| self.check.problem(format!("the file: {line}"))),
            Err(error) => self.check.problem(format!("the file: {error}")),
        }
    }

    /// Runs over a table; a row that cannot be read is a problem and ends the table.
    fn rows(
        &mut self,
        table: &str,
        sql: &str,
        mut row: impl FnMut(&mut Check<'s>, &rusqlite::Row<'_>) -> rusqlite::Result<()>,
    ) {
        let done = self.store.connection.prepare(sql).and_then(|mut statement| {
            let mut rows = statement.query([])?;
            while let Some(next) = rows.next()? {
                row(&mut self.check, next)?;
            }
            Ok(())
        });
        if let Err(error) = done {
            self.check.problem(format!("{table}: cannot be read to the end: {error}"));
        }
    }
}
