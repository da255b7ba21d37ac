//! The store of several rooms: sealed rows on a PostgreSQL server, drafts on the machine they are typed on.
//!
//! It is the second implementation of the seam, held to the same contract as the first, and shows what a server has to
//! give: docs/several-rooms.md. The rows are those of the file, byte for byte; the server never has a key.

mod found;
mod pen;
mod wire;

use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;

use super::card::{Card, Listing, Query};
use super::chain::digest;
use super::check::Check;
use super::document::Document;
use super::draft::{Draft, Drafts};
use super::error::StoreError;
use super::id::RecordId;
use super::key::{FreshCode, Secret, Slot, SlotKind, opened_by};
use super::person::Person;
use super::rows::{body_place, card_bytes, open_card, open_entry, open_link, open_text};
use super::seal::{Seal, Sealed};
use super::shelf::{Alike, Cards};
use super::store::{Action, AuditEntry, Event, Protection, Saved, Standing, Store, Stored, Verification};
use super::witness::{Noted, Witness};
use pen::Pen;
use wire::{Address, Fault, Row, Value, Wire};

/// The schema that this program knows.
const KNOWN: i64 = 1;

/// Failed tries that are kept until somebody opens the store.
const KNOCKS: &str = "1000";

/// What every connection asks of the server: an acknowledged save is on its disk, and nobody waits for ever.
const SETTINGS: &str = "SET synchronous_commit = on; SET lock_timeout = '10s'; SET statement_timeout = '20s'; \
                        SET idle_in_transaction_session_timeout = '20s'; SET search_path = pistor";

/// One writer at a time, whatever the room: the trail is one chain. Let go at the end of the transaction, and when the
/// connection dies.
const ONE_WRITER: &str = "SELECT pg_advisory_xact_lock(5787238)";

/// Where the records of a clinic are, and what of them is on this machine.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Room {
    /// The folder of the server's socket, or of the tunnel's.
    pub socket: PathBuf,
    /// The number in its name; 5432 where nobody chose another.
    pub port: u16,
    /// The database.
    pub database: String,
    /// The role of this room.
    pub role: String,
    /// Where the last head of the audit trail is noted, on this machine.
    pub state: Option<PathBuf>,
}

impl Room {
    fn address(&self) -> Address {
        let (database, role) = (self.database.clone(), self.role.clone());
        Address { folder: self.socket.clone(), port: self.port, database, role }
    }
}

/// Consultations and audit trail on a server; drafts here.
pub struct PostgresStore {
    address: Address,
    /// Made anew after a fault.
    wire: Option<Wire>,
    /// The drafts of this machine: typing never waits for a network.
    drafts: Box<dyn Store>,
    seal: Arc<dyn Seal>,
    epoch: String,
    cards: Cards,
    /// The last row in `cards`.
    seen: u64,
    witness: Option<Witness>,
    noted: Noted,
}

impl PostgresStore {
    /// Opens the records of the clinic with its passphrase or recovery code. `drafts` is the store of this machine.
    ///
    /// # Errors
    /// [`StoreError::WrongKey`] if the secret does not open them; if the server does not answer, has no records, does
    /// not keep what it acknowledges, or is newer than this program.
    pub fn open(room: &Room, drafts: Box<dyn Store>, secret: &Secret, actor: &str) -> Result<Self, StoreError> {
        let mut wire = connect(&room.address())?;
        let explain = |fault| explain(&fault, &room.address());
        let slots = wire.query("SELECT body FROM slot ORDER BY kind", &[]).and_then(texts).map_err(explain)?;
        let damaged = |_| StoreError::Corrupt { detail: "a lock cannot be read".to_owned() };
        let slots: Vec<Slot> =
            slots.iter().map(|slot| serde_json::from_str(slot)).collect::<Result<_, _>>().map_err(damaged)?;
        let (key, kind) = match opened_by(&slots, secret) {
            Err(StoreError::WrongKey) => {
                let knock = "INSERT INTO knock SELECT $1::text WHERE (SELECT count(*) FROM knock) < $2::bigint";
                let now = Timestamp::now().to_string();
                // Told even where nothing can be written.
                let _ = wire.query(knock, &[Value::Text(&now), Value::Text(KNOCKS)]);
                return Err(StoreError::WrongKey);
            }
            opened => opened?,
        };
        let mut store = Self {
            address: room.address(),
            epoch: String::new(),
            wire: Some(wire),
            drafts,
            seal: Arc::new(Sealed::new(&key)),
            cards: Cards::default(),
            seen: 0,
            witness: None,
            noted: Noted::Nothing,
        };
        store.enter(room)?;
        store.note_unlock(kind, actor)?;
        Ok(store)
    }

    /// The seal is known: what was seen before is compared.
    fn enter(&mut self, room: &Room) -> Result<(), StoreError> {
        let meta = self.query("SELECT value FROM meta WHERE key IN ('epoch', 'store') ORDER BY key", &[])?;
        let [epoch, id] = &meta[..] else {
            return Err(StoreError::Corrupt { detail: "the server has no records of pistor".to_owned() });
        };
        let text = |row: &Row| row.text(0).map_err(|fault| explain(&fault, &self.address));
        let id = text(id)?;
        self.epoch = text(epoch)?;
        if let Some(state) = &room.state {
            let witness = Witness::at(state, &room.address().socket().join(&room.database)).of(id.clone());
            let head = match witness.entry() {
                Some(seq) => self.head_at(seq)?,
                None => None,
            };
            self.noted = witness.compare(&id, |_| Ok(head.clone()))?;
            self.witness = Some(witness);
        }
        Ok(())
    }

    fn note_unlock(&mut self, by: SlotKind, actor: &str) -> Result<(), StoreError> {
        let now = Timestamp::now();
        self.write(|pen| {
            for at in pen.query("DELETE FROM knock RETURNING at", &[]).and_then(|rows| pen.explained(texts(rows)))? {
                pen.append(&Event::new(at.parse().unwrap_or(now), "unknown", Action::UnlockFailed))?;
            }
            let detail = by.label().to_owned();
            pen.append(&Event { detail, ..Event::new(now, actor, Action::Unlocked) }).map(drop)
        })
    }

    fn head_at(&mut self, seq: u64) -> Result<Option<String>, StoreError> {
        let number = seq.to_string();
        let rows = self.query("SELECT chain FROM audit WHERE seq = $1::bigint", &[Value::Text(&number)])?;
        let Some(row) = rows.first() else { return Ok(None) };
        let chain = row.bytes(0).map_err(|fault| explain(&fault, &self.address))?;
        Ok(open_link(&*self.seal, seq, &chain).map(|link| link.head()))
    }

    /// The connection; another one after a fault.
    fn wire(&mut self) -> Result<&mut Wire, StoreError> {
        if self.wire.as_ref().is_some_and(Wire::broken) {
            self.wire = None;
        }
        match &mut self.wire {
            Some(wire) => Ok(wire),
            none => Ok(none.insert(connect(&self.address)?)),
        }
    }

    fn query(&mut self, sql: &str, values: &[Value<'_>]) -> Result<Vec<Row>, StoreError> {
        let answer = self.wire()?.query(sql, values);
        answer.map_err(|fault| explain(&fault, &self.address))
    }

    /// Runs one writing transaction; nothing of it stays if it fails.
    fn write<T>(&mut self, work: impl FnOnce(&mut Pen<'_>) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let (seal, address, epoch) = (Arc::clone(&self.seal), self.address.clone(), self.epoch.clone());
        let wire = self.wire()?;
        let mut pen = Pen { wire, seal: &*seal, address: &address, last: None };
        let done = pen.begin(&epoch).and_then(|()| work(&mut pen));
        let last = pen.last.take();
        let done = match done {
            Ok(done) => done,
            Err(error) => {
                // When the connection is gone, the server has done so by itself.
                let _ = wire.run("ROLLBACK");
                return Err(error);
            }
        };
        match wire.run("COMMIT") {
            Ok(()) => {}
            // The server got it or did not: what it has is the answer.
            Err(fault) if !self.committed(last.as_ref())? => return Err(explain(&fault, &address)),
            Err(_) => {}
        }
        if let (Some(witness), Some(last)) = (&self.witness, last) {
            witness.note(last.seq, &last.link.head(), true);
        }
        Ok(done)
    }

    /// Whether the entry that a transaction ended with is there. Its sealed link has a random nonce, so that no other
    /// program's is like it; and the writers' lock is only free when the server has done with the transaction.
    fn committed(&mut self, last: Option<&pen::Last>) -> Result<bool, StoreError> {
        let Some(last) = last else { return Ok(false) };
        let seq = last.seq.to_string();
        self.wire = None;
        let there = "SELECT chain = $2 FROM audit WHERE seq = $1::bigint";
        let address = self.address.clone();
        let wire = self.wire()?;
        let rows = wire
            .run("BEGIN")
            .and_then(|()| wire.query(ONE_WRITER, &[]))
            .and_then(|_| wire.query(there, &[Value::Text(&seq), Value::Bytes(&last.chain)]))
            .and_then(|rows| wire.run("ROLLBACK").map(|()| rows));
        let found = rows.and_then(|rows| rows.first().map_or(Ok(false), |row| row.flag(0)));
        found.map_err(|fault| explain(&fault, &address))
    }

    /// Reads the cards that were added since the last time, by whichever room.
    fn refresh(&mut self) -> Result<(), StoreError> {
        let (seen, epoch) = (self.seen.to_string(), self.query("SELECT value FROM meta WHERE key = 'epoch'", &[])?);
        if epoch.first().and_then(|row| row.text(0).ok()).as_ref() != Some(&self.epoch) {
            return Err(StoreError::Locked);
        }
        let sql = "SELECT line, id, version, card FROM record WHERE line > $1::bigint ORDER BY line";
        for row in self.query(sql, &[Value::Text(&seen)])? {
            let read = || -> Result<_, Fault> { Ok((row.number(0)?, row.text(1)?, row.number(2)?, row.bytes(3)?)) };
            let (line, id, version, sealed) = read().map_err(|fault| explain(&fault, &self.address))?;
            match open_card(&*self.seal, &id, u32::try_from(version).unwrap_or(0), &sealed) {
                Ok(card) => self.cards.add(card),
                Err(_) => self.cards.unreadable += 1,
            }
            self.seen = line;
        }
        Ok(())
    }
}

impl Store for PostgresStore {
    fn save(&mut self, document: &Document, actor: &str) -> Result<Saved, StoreError> {
        let (id, version, name) = (document.id, document.version, document.id.to_string());
        let text = document.to_toml()?;
        let card = card_bytes(&Card::of(document))?;
        let event = Event { digest: Some(digest(&name, version, &card, text.as_bytes())), ..document.event(actor) };
        let saved = self.write(|pen| {
            let newest = pen.newest(&name)?;
            if newest.checked_add(1) != Some(version) {
                return Err(StoreError::Conflict { id, tried: version, newest });
            }
            pen.insert(&name, version, &card, text.as_bytes())?;
            let head = pen.append(&event)?;
            Ok(Saved { id, version, head })
        })?;
        // It is saved. Where its draft cannot be removed it is offered once more, and saving that is a conflict.
        if !document.is_follow_up() {
            let _ = self.drafts.drop_draft(id);
        }
        Ok(saved)
    }

    fn load(&mut self, id: RecordId, version: Option<u32>) -> Result<Option<Stored>, StoreError> {
        let (name, number) = (id.to_string(), version.map(|version| version.to_string()));
        let sql = "SELECT version, card, body FROM record WHERE id = $1::text \
                   AND version = coalesce($2::bigint, version) ORDER BY version DESC LIMIT 1";
        let number = number.as_deref().map_or(Value::Null, Value::Text);
        let rows = self.query(sql, &[Value::Text(&name), number])?;
        let Some(row) = rows.first() else { return Ok(None) };
        let read = || -> Result<_, Fault> { Ok((row.number(0)?, row.bytes(1)?, row.bytes(2)?)) };
        let (version, card, body) = read().map_err(|fault| explain(&fault, &self.address))?;
        let version = u32::try_from(version).unwrap_or(0);
        let damaged = |why: String| StoreError::Corrupt { detail: format!("version {version} of {name}: {why}") };
        let text = open_text(&*self.seal, body_place(&name, version), &body).map_err(damaged)?;
        let card = open_card(&*self.seal, &name, version, &card).map_err(damaged)?;
        Ok(Some(Stored { card, text }))
    }

    fn list(&mut self, query: &Query) -> Result<Listing, StoreError> {
        self.refresh()?;
        Ok(self.cards.list(query))
    }

    fn alike(&mut self, typed: &Person, limit: usize) -> Result<Vec<Alike>, StoreError> {
        self.refresh()?;
        Ok(self.cards.alike(typed, limit))
    }

    fn history(&mut self, id: RecordId) -> Result<Vec<Card>, StoreError> {
        let name = id.to_string();
        let sql = "SELECT version, card FROM record WHERE id = $1::text ORDER BY version";
        let rows = self.query(sql, &[Value::Text(&name)])?;
        let cards = rows.iter().map(|row| {
            let read = row.number(0).and_then(|version| Ok((version, row.bytes(1)?)));
            let (version, sealed) = read.map_err(|fault| explain(&fault, &self.address))?;
            let version = u32::try_from(version).unwrap_or(0);
            open_card(&*self.seal, &name, version, &sealed)
                .map_err(|why| StoreError::Corrupt { detail: format!("version {version} of {name}: {why}") })
        });
        cards.collect()
    }

    fn put_draft(&mut self, draft: &Draft) -> Result<(), StoreError> {
        self.drafts.put_draft(draft)
    }

    fn drafts(&mut self) -> Result<Drafts, StoreError> {
        self.drafts.drafts()
    }

    fn drop_draft(&mut self, id: RecordId) -> Result<(), StoreError> {
        self.drafts.drop_draft(id)
    }

    fn note(&mut self, event: &Event) -> Result<String, StoreError> {
        self.write(|pen| pen.append(event))
    }

    fn audit(&mut self) -> Result<Vec<AuditEntry>, StoreError> {
        let rows = self.query("SELECT seq, entry, chain FROM audit ORDER BY seq", &[])?;
        let entries = rows.iter().map(|row| {
            let read = || -> Result<_, Fault> { Ok((row.number(0)?, row.bytes(1)?, row.bytes(2)?)) };
            let (seq, entry, chain) = read().map_err(|fault| explain(&fault, &self.address))?;
            open_entry(&*self.seal, seq, &entry, &chain)
        });
        entries.collect()
    }

    fn verify(&mut self) -> Result<Verification, StoreError> {
        let (seal, noted, address) = (Arc::clone(&self.seal), self.noted.clone(), self.address.clone());
        let mut check = Check::new(&*seal, &noted);
        // One moment: another room may be saving meanwhile.
        let wire = self.wire()?;
        let done =
            wire.run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").and_then(|()| read_all(wire, &mut check));
        let ended = wire.run("ROLLBACK");
        done.and(ended).map_err(|fault| explain(&fault, &address))?;
        let mut found = check.done();
        // The drafts are checked where they are.
        let here = self.drafts.verify()?;
        found.drafts = here.drafts;
        found.problems.extend(here.problems.into_iter().map(|problem| format!("on this machine: {problem}")));
        Ok(found)
    }

    fn standing(&mut self) -> Result<Standing, StoreError> {
        let rolled_back = match &self.noted {
            Noted::Differs(words) => Some(words.clone()),
            Noted::Nothing | Noted::Agrees(_) => None,
        };
        Ok(Standing { protection: Protection::Sealed, rolled_back, last_backup: None })
    }

    fn protect(&mut self, _passphrase: &Secret, _actor: &str) -> Result<FreshCode, StoreError> {
        Err(StoreError::Io { detail: "the records are protected already".to_owned() })
    }

    fn decline(&mut self, _actor: &str) -> Result<(), StoreError> {
        Err(StoreError::Io { detail: "records on a server always have a passphrase".to_owned() })
    }
}

/// Hands every row to the check.
fn read_all(wire: &mut Wire, check: &mut Check<'_>) -> Result<(), Fault> {
    for row in wire.query("SELECT seq, entry, chain FROM audit ORDER BY seq", &[])? {
        check.entry(row.number(0)?, &row.bytes(1)?, &row.bytes(2)?);
    }
    for row in wire.query("SELECT id, version, card, body FROM record ORDER BY id, version", &[])? {
        let version = u32::try_from(row.number(1)?).unwrap_or(0);
        check.version(&row.text(0)?, version, &row.bytes(2)?, &row.bytes(3)?);
    }
    check.versions_end();
    for row in wire.query("SELECT id, body, id IN (SELECT id FROM record) FROM tombstone ORDER BY id", &[])? {
        check.tombstone(&row.text(0)?, &row.bytes(1)?, row.flag(2)?);
    }
    check.tombstones_end();
    Ok(())
}

fn texts(rows: Vec<Row>) -> Result<Vec<String>, Fault> {
    rows.iter().map(|row| row.text(0)).collect()
}

/// A connection to records that this program knows, on a server that keeps what it acknowledges.
fn connect(address: &Address) -> Result<Wire, StoreError> {
    let explain = |fault| explain(&fault, address);
    let mut wire = Wire::connect(address).map_err(explain)?;
    wire.run(SETTINGS).map_err(explain)?;
    let kept = "SELECT current_setting('fsync') = 'on' AND current_setting('full_page_writes') = 'on'";
    let kept = wire.query(kept, &[]).and_then(|rows| rows.first().map_or(Ok(false), |row| row.flag(0)));
    if !kept.map_err(explain)? {
        let detail = "the server may lose what it acknowledged: fsync and full_page_writes must be on".to_owned();
        return Err(StoreError::Io { detail });
    }
    let schema = match wire.query("SELECT value::bigint FROM meta WHERE key = 'schema'", &[]) {
        Ok(rows) => rows.first().map_or(Ok(0), |row| row.number(0)),
        // No such table, or no such schema.
        Err(Fault::Refused { code, .. }) if code == "42P01" || code == "3F000" => Ok(0),
        Err(fault) => Err(fault),
    };
    match i64::try_from(schema.map_err(explain)?).unwrap_or(i64::MAX) {
        0 => Err(StoreError::Corrupt { detail: "the server has no records of pistor".to_owned() }),
        found if found > KNOWN => Err(StoreError::NewerSchema { found, known: KNOWN }),
        _ => Ok(wire),
    }
}

/// A fault of the server in the terms of the store.
fn explain(fault: &Fault, address: &Address) -> StoreError {
    let place = address.socket();
    let Fault::Refused { code, .. } = fault else {
        return StoreError::Io { detail: format!("the records at {}: {fault}", place.display()) };
    };
    match code.as_str() {
        // Disk full.
        "53100" => StoreError::Full,
        // A reserve server, or a role that may not.
        "25006" | "42501" => StoreError::ReadOnly { path: place },
        // Another room holds the lock; the statement took too long; two wrote the same entry.
        "55P03" | "57014" | "40001" | "40P01" | "23505" => StoreError::Busy,
        "XX001" | "XX002" => StoreError::Corrupt { detail: fault.to_string() },
        _ => StoreError::Io { detail: format!("the records at {}: {fault}", place.display()) },
    }
}

#[cfg(test)]
mod tests;
