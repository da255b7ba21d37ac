//! Locking and unlocking: slots, failed tries, sealing every row anew.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use rusqlite::{Connection, OpenFlags, params};
use serde_json::json;

use super::pen::Pen;
use super::{SqliteStore, seq};
use crate::record::error::StoreError;
use crate::record::key::{self, Cost, FreshCode, Key, RecoveryCode, Secret, Slot, SlotKind};
use crate::record::rows::{audit_place, body_place, card_place, draft_place, open_link, seal_link, tombstone_place};
use crate::record::seal::{Place, Seal, Sealed};
use crate::record::store::{Action, Event};

/// Failed tries that are kept until somebody opens the store.
const KNOCKS: i64 = 1000;

/// Who tried a passphrase that does not open the store: nobody knows.
const NOBODY: &str = "unknown";

fn slots(store: &SqliteStore) -> Result<Vec<Slot>, StoreError> {
    let explain = |error| store.explain(&error);
    let mut statement = store.connection.prepare("SELECT body FROM slot ORDER BY kind").map_err(explain)?;
    let rows = statement.query_map([], |row| row.get::<_, String>(0));
    let rows = rows.and_then(Iterator::collect::<Result<Vec<_>, _>>).map_err(explain)?;
    let read = |body: String| {
        serde_json::from_str(&body).map_err(|_| StoreError::Corrupt { detail: "a lock cannot be read".to_owned() })
    };
    rows.into_iter().map(read).collect()
}

pub(super) fn is_locked(store: &SqliteStore) -> Result<bool, StoreError> {
    Ok(!slots(store)?.is_empty())
}

/// The seal, and the slot that gave it.
type Opened = (Arc<dyn Seal>, SlotKind);

/// The seal that the secret opens; `None` when the store is not protected. A wrong secret is noted.
pub(super) fn opened_by(store: &SqliteStore, secret: &Secret) -> Result<Option<Opened>, StoreError> {
    let slots = slots(store)?;
    if slots.is_empty() {
        return Ok(None);
    }
    match key::opened_by(&slots, secret) {
        Ok((key, kind)) => return Ok(Some((Arc::new(Sealed::new(&key)), kind))),
        Err(StoreError::WrongKey) => {}
        Err(damage) => return Err(damage),
    }
    // Told even where nothing can be written.
    let _ = store.connection.execute(
        "INSERT INTO knock SELECT ?1 WHERE (SELECT count(*) FROM knock) < ?2",
        params![Timestamp::now().to_string(), KNOCKS],
    );
    Err(StoreError::WrongKey)
}

/// Writes the failed tries, and that it was opened, into the audit trail.
pub(super) fn note_unlock(store: &mut SqliteStore, by: SlotKind, actor: &str) -> Result<(), StoreError> {
    let tries = {
        let explain = |error| store.explain(&error);
        let mut statement = store.connection.prepare("SELECT at FROM knock ORDER BY rowid").map_err(explain)?;
        let rows = statement.query_map([], |row| row.get::<_, String>(0));
        rows.and_then(Iterator::collect::<Result<Vec<_>, _>>).map_err(explain)?
    };
    let now = Timestamp::now();
    store.write(|pen| {
        for at in &tries {
            pen.append(&Event::new(at.parse().unwrap_or(now), NOBODY, Action::UnlockFailed))?;
        }
        pen.execute("DELETE FROM knock", [])?;
        let detail = by.label().to_owned();
        pen.append(&Event { detail, ..Event::new(now, actor, Action::Unlocked) }).map(drop)
    })
}

/// Encrypts a store that was not, and gives the recovery code, which is nowhere else.
pub(super) fn protect(store: &mut SqliteStore, passphrase: &Secret, actor: &str) -> Result<FreshCode, StoreError> {
    if store.seal.hides() {
        return Err(StoreError::Io { detail: "the records are protected already".to_owned() });
    }
    seal_all(store, passphrase, &Event::new(Timestamp::now(), actor, Action::Protected), Cost::USUAL)
}

impl SqliteStore {
    /// Encrypts everything with a new key; gives the new recovery code. The passphrase may stay or change.
    ///
    /// # Errors
    /// If it is not protected, or could not be written.
    pub fn rotate(&mut self, passphrase: &Secret, actor: &str) -> Result<FreshCode, StoreError> {
        self.protected()?;
        seal_all(self, passphrase, &Event::new(Timestamp::now(), actor, Action::KeyRotated), Cost::USUAL)
    }

    /// Whether it is protected.
    #[must_use]
    pub fn is_protected(&self) -> bool {
        self.seal.hides()
    }

    /// Takes another passphrase instead; the current secret is asked again, because the data key is not kept.
    ///
    /// # Errors
    /// [`StoreError::WrongKey`] if the current one is wrong.
    pub fn change_passphrase(&mut self, current: &Secret, new: &Secret, actor: &str) -> Result<(), StoreError> {
        let key = self.key(current)?;
        let slot = Slot::passphrase(&key, new, Cost::USUAL)?;
        self.replace_slot(&slot, &Event::new(Timestamp::now(), actor, Action::PassphraseChanged))
    }

    /// Makes another recovery code; the one before opens nothing any more.
    ///
    /// # Errors
    /// [`StoreError::WrongKey`] if the current passphrase is wrong.
    pub fn new_recovery_code(&mut self, current: &Secret, actor: &str) -> Result<FreshCode, StoreError> {
        let key = self.key(current)?;
        let code = RecoveryCode::random()?;
        let slot = Slot::recovery(&key, &code)?;
        self.replace_slot(&slot, &Event::new(Timestamp::now(), actor, Action::RecoveryCodeMade))?;
        Ok(FreshCode { code, traces: None })
    }

    fn protected(&self) -> Result<(), StoreError> {
        if self.seal.hides() { Ok(()) } else { Err(StoreError::Unprotected) }
    }

    fn key(&self, secret: &Secret) -> Result<Key, StoreError> {
        self.protected()?;
        for slot in slots(self)? {
            if let Some(key) = slot.open(secret)? {
                return Ok(key);
            }
        }
        Err(StoreError::WrongKey)
    }

    fn replace_slot(&mut self, slot: &Slot, event: &Event) -> Result<(), StoreError> {
        self.write(|pen| {
            put_slot(pen, slot)?;
            pen.append(event).map(drop)
        })
    }

    #[cfg(test)]
    pub(in crate::record) fn protect_quickly(&mut self, passphrase: &Secret) -> FreshCode {
        let event = Event::new(Timestamp::now(), "x", Action::Protected);
        seal_all(self, passphrase, &event, Cost::QUICK).unwrap()
    }
}

fn put_slot(pen: &Pen<'_>, slot: &Slot) -> Result<(), StoreError> {
    let body = serde_json::to_string(slot).map_err(|error| StoreError::Io { detail: error.to_string() })?;
    pen.execute("INSERT OR REPLACE INTO slot VALUES (?1, ?2)", params![slot.kind.word(), body])
}

/// Notes that the clinic does not want a passphrase, so that it is not asked again.
pub(super) fn decline(store: &mut SqliteStore, actor: &str) -> Result<(), StoreError> {
    let at = Timestamp::now();
    store.write(|pen| {
        let words = json!({ "at": at.to_string(), "by": actor }).to_string();
        pen.execute("INSERT OR REPLACE INTO meta VALUES ('declined', ?1)", [words])?;
        pen.append(&Event::new(at, actor, Action::ProtectionDeclined)).map(drop)
    })
}

/// Seals every row with a new key, in one transaction, and leaves nothing of the old rows in the file.
fn seal_all(store: &mut SqliteStore, passphrase: &Secret, event: &Event, cost: Cost) -> Result<FreshCode, StoreError> {
    let (key, code) = (Key::random()?, RecoveryCode::random()?);
    let slots = [Slot::passphrase(&key, passphrase, cost)?, Slot::recovery(&key, &code)?];
    let new: Arc<dyn Seal> = Arc::new(Sealed::new(&key));
    let epoch = store.write(|pen| {
        pen.execute("INSERT INTO meta VALUES ('resealing', '')", [])?;
        reseal(pen, &*new)?;
        for slot in &slots {
            put_slot(pen, slot)?;
        }
        pen.execute("DELETE FROM meta WHERE key IN ('resealing', 'declined')", [])?;
        pen.execute("UPDATE meta SET value = lower(hex(randomblob(8))) WHERE key = 'epoch'", [])?;
        pen.execute(UNSWEPT, [])?;
        pen.seal = Arc::clone(&new);
        pen.append(event)?;
        pen.transaction
            .query_row("SELECT value FROM meta WHERE key = 'epoch'", [], |row| row.get::<_, String>(0))
            .map_err(|error| pen.explain(&error))
    })?;
    store.seal = new;
    store.epoch = epoch;
    if let (Some(witness), Ok(Some((seq, head)))) = (&store.witness, last_head(store)) {
        witness.note(seq, &head, true);
    }
    let traces = sweep(store).or_else(|| readable_copies(&store.path));
    Ok(FreshCode { code, traces })
}

/// Copies that were put aside beside the store when a backup took its place: they are as readable as they were.
fn readable_copies(store: &Path) -> Option<String> {
    let entries = std::fs::read_dir(store.parent()?).ok()?;
    let copy = |path: &PathBuf| path != store && path.extension().is_some_and(|kind| kind == "db");
    let mut copies: Vec<String> = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(copy)
        .filter(|path| readable(path))
        .filter_map(|path| Some(path.file_name()?.to_string_lossy().into_owned()))
        .collect();
    copies.sort();
    let (first, more) = copies.split_first()?;
    Some(match more.len() {
        0 => format!("{first} beside the records is an older copy that is not encrypted"),
        more => format!("{first} and {more} more beside the records are older copies that are not encrypted"),
    })
}

fn readable(path: &Path) -> bool {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let slots = Connection::open_with_flags(path, flags)
        .and_then(|copy| copy.query_row("SELECT count(*) FROM slot", [], |row| row.get::<_, i64>(0)));
    // What cannot be read here may still hold readable pages.
    slots.map_or(true, |slots| slots == 0)
}

pub(super) fn last_head(store: &SqliteStore) -> Result<Option<(u64, String)>, StoreError> {
    let last: i64 = store
        .connection
        .query_row("SELECT coalesce(max(seq), 0) FROM audit", [], |row| row.get(0))
        .map_err(|error| store.explain(&error))?;
    let last = u64::try_from(last).unwrap_or(0);
    Ok(store.head_at(last)?.map(|head| (last, head)))
}

/// Opens every row with the old seal and closes it with the new one.
fn reseal(pen: &Pen<'_>, new: &dyn Seal) -> Result<(), StoreError> {
    let corrupt = |what: String| StoreError::Corrupt { detail: what };
    let again = |place: Place<'_>, other: Place<'_>, sealed: &[u8]| {
        let clear = pen.seal.open(place, sealed);
        new.seal(other, &clear.map_err(|why| corrupt(format!("{} {}: {why}", place.table, place.id)))?)
    };
    let explain = |error| pen.explain(&error);
    let rows = |sql: &str| -> Result<Vec<i64>, StoreError> {
        let mut statement = pen.transaction.prepare(sql).map_err(explain)?;
        let rows = statement.query_map([], |row| row.get(0));
        rows.and_then(Iterator::collect).map_err(explain)
    };
    for row in rows("SELECT rowid FROM record")? {
        let sql = "SELECT id, version, card, body FROM record WHERE rowid = ?1";
        let (id, version, card, body): (String, u32, Vec<u8>, Vec<u8>) = pen
            .transaction
            .query_row(sql, [row], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))
            .map_err(explain)?;
        let (card_at, body_at) = (card_place(&id, version), body_place(&id, version));
        let sealed = params![row, again(card_at, card_at, &card)?, again(body_at, body_at, &body)?];
        pen.execute("UPDATE record SET card = ?2, body = ?3 WHERE rowid = ?1", sealed)?;
    }
    for row in rows("SELECT rowid FROM draft")? {
        let (id, body): (String, Vec<u8>) = pen
            .transaction
            .query_row("SELECT id, body FROM draft WHERE rowid = ?1", [row], |row| Ok((row.get(0)?, row.get(1)?)))
            .map_err(explain)?;
        // A draft that cannot be read stays as it is: it hides nothing that could be saved.
        if let Ok(body) = again(draft_place(&id), draft_place(&id), &body) {
            pen.execute("UPDATE draft SET body = ?2 WHERE rowid = ?1", params![row, body])?;
        }
    }
    for row in rows("SELECT seq FROM audit")? {
        let (seq, entry, chain): (u64, Vec<u8>, Vec<u8>) = pen
            .transaction
            .query_row("SELECT seq, entry, chain FROM audit WHERE seq = ?1", [row], |row| {
                Ok((seq(row)?, row.get(1)?, row.get(2)?))
            })
            .map_err(explain)?;
        let link = open_link(&*pen.seal, seq, &chain)
            .ok_or_else(|| corrupt(format!("entry {seq} of the audit trail: its link is cut")))?;
        let entry = again(audit_place(&*pen.seal, seq), audit_place(new, seq), &entry)?;
        pen.execute(
            "UPDATE audit SET entry = ?2, chain = ?3 WHERE seq = ?1",
            params![row, entry, seal_link(new, seq, link)?],
        )?;
    }
    for row in rows("SELECT rowid FROM tombstone")? {
        let (id, body): (String, Vec<u8>) = pen
            .transaction
            .query_row("SELECT id, body FROM tombstone WHERE rowid = ?1", [row], |row| Ok((row.get(0)?, row.get(1)?)))
            .map_err(explain)?;
        let body = again(tombstone_place(&id), tombstone_place(&id), &body)?;
        pen.execute("UPDATE tombstone SET body = ?2 WHERE rowid = ?1", params![row, body])?;
    }
    Ok(())
}

/// Remembers that old rows are left in free pages, until they are swept out: the power may go in between.
pub(super) const UNSWEPT: &str = "INSERT OR REPLACE INTO meta VALUES ('unswept', '')";

/// Sweeps out what an earlier program could not.
pub(super) fn sweep_again(store: &SqliteStore) -> Result<(), StoreError> {
    if store.meta("unswept")?.is_some() {
        // It is tried again at the next start.
        let _ = sweep(store);
    }
    Ok(())
}

/// Writes the file anew without its free pages, which still hold old rows, and empties the log.
/// Says why traces may be left, if they may.
pub(super) fn sweep(store: &SqliteStore) -> Option<String> {
    let checkpoint = || store.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, i64>(0));
    match store.connection.execute_batch("VACUUM").and_then(|()| checkpoint()) {
        Ok(0) => {
            // When this fails, it is swept once more than needed.
            let _ = store.connection.execute("DELETE FROM meta WHERE key = 'unswept'", []);
            None
        }
        Ok(_) => Some("another program has the records open; the next start cleans up".to_owned()),
        Err(error) => Some(store.explain(&error).to_string()),
    }
}
