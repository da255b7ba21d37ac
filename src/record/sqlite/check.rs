//! Reading everything and checking it against its checksums and the audit trail.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};

use super::{RecordId, SqliteStore, audit_place, body_place, card_place, draft_place, open_link, tombstone_place};
use crate::record::card::Card;
use crate::record::chain::{Link, digest};
use crate::record::document::{Document, DocumentError};
use crate::record::draft::Draft;
use crate::record::error::StoreError;
use crate::record::store::{Action, Event, Verification};
use crate::record::witness::Noted;

/// Two programs may write down in another order than they began.
const SLACK: SignedDuration = SignedDuration::from_secs(120);

/// Problems told in full; the rest is counted.
const MOST: usize = 200;

pub(super) fn verify(store: &SqliteStore) -> Result<Verification, StoreError> {
    // One transaction: another program may be saving meanwhile.
    let transaction = store.connection.unchecked_transaction().map_err(|error| store.explain(&error))?;
    let mut check = Check { store, result: Verification::default(), untold: 0 };
    check.result.protected = store.seal.hides();
    match &store.noted {
        Noted::Differs(words) => check.problem(words.clone()),
        Noted::Agrees(entry) => check.result.witnessed = Some(*entry),
        Noted::Nothing => {}
    }
    check.pages();
    let found = store.connection.pragma_query_value(None, "user_version", |row| row.get::<_, i64>(0));
    let saved = check.trail();
    check.records(saved);
    check.drafts();
    // A copy made by an older program has none.
    if found.is_ok_and(|schema| schema > 1) {
        check.tombstones();
    }
    let Check { mut result, untold, .. } = check;
    if untold > 0 {
        result.problems.push(format!("and {untold} more"));
    }
    drop(transaction);
    Ok(result)
}

struct Check<'s> {
    store: &'s SqliteStore,
    result: Verification,
    untold: usize,
}

/// What the audit trail says of each version: the hash of what was saved.
type SavedVersions = HashMap<(RecordId, u32), Option<String>>;

impl Check<'_> {
    fn problem(&mut self, problem: String) {
        if self.result.problems.len() < MOST {
            self.result.problems.push(problem);
        } else {
            self.untold += 1;
        }
    }

    /// SQLite's own check: of damaged pages it sees few, of damaged tables and indexes more.
    fn pages(&mut self) {
        let found = self.store.connection.prepare("PRAGMA integrity_check(20)").and_then(|mut statement| {
            let rows = statement.query_map([], |row| row.get::<_, String>(0))?;
            rows.collect::<Result<Vec<_>, _>>()
        });
        match found {
            Ok(lines) if lines == ["ok"] => {}
            Ok(lines) => lines.into_iter().for_each(|line| self.problem(format!("the file: {line}"))),
            Err(error) => self.problem(format!("the file: {error}")),
        }
    }

    /// Runs over a table; a row that cannot be read is a problem and ends the table.
    fn rows(
        &mut self,
        table: &str,
        sql: &str,
        mut row: impl FnMut(&mut Self, &rusqlite::Row<'_>) -> rusqlite::Result<()>,
    ) {
        let store = self.store;
        let done = store.connection.prepare(sql).and_then(|mut statement| {
            let mut rows = statement.query([])?;
            while let Some(next) = rows.next()? {
                row(self, next)?;
            }
            Ok(())
        });
        if let Err(error) = done {
            self.problem(format!("{table}: cannot be read to the end: {error}"));
        }
    }

    fn trail(&mut self) -> SavedVersions {
        let (mut saved, mut last) = (SavedVersions::new(), (0_u64, Link::START));
        let mut clock = None;
        self.rows("the audit trail", "SELECT seq, entry, chain FROM audit ORDER BY seq", |check, row| {
            let (seq, sealed, chain): (u64, Vec<u8>, Vec<u8>) = (super::seq(row)?, row.get(1)?, row.get(2)?);
            check.result.entries += 1;
            if seq != last.0 + 1 {
                check.problem(format!(
                    "the audit trail: entries {} to {} are missing",
                    last.0 + 1,
                    seq.saturating_sub(1)
                ));
            }
            let stored = open_link(&*check.store.seal, seq, &chain);
            match check.store.open_text(audit_place(&*check.store.seal, seq), &sealed) {
                Ok(text) => {
                    if stored != Some(last.1.next(seq, text.as_bytes())) {
                        check.problem(format!("the audit trail: entry {seq} does not follow from the one before"));
                    }
                    match serde_json::from_str::<Event>(&text) {
                        Ok(event) => {
                            check.clock(seq, &event, &mut clock);
                            check.told(event, &mut saved);
                        }
                        Err(_) => check.problem(format!("the audit trail: entry {seq} is not an entry")),
                    }
                }
                Err(why) => check.problem(format!("the audit trail: entry {seq}: {why}")),
            }
            last = (seq, stored.unwrap_or(last.1));
            Ok(())
        });
        self.result.head = last.1.head();
        saved
    }

    /// What the trail says was saved, and what was erased since.
    fn told(&mut self, event: Event, saved: &mut SavedVersions) {
        match event {
            Event {
                action: Action::Saved | Action::FollowedUp | Action::Imported,
                record: Some(id),
                version: Some(version),
                digest,
                ..
            } => {
                saved.insert((id, version), digest);
            }
            Event { action: Action::Erased, record: Some(erased), .. } => {
                saved.retain(|(id, _), _| *id != erased);
                self.result.erased += 1;
            }
            _ => {}
        }
    }

    /// A clock that was set back is no damage, but whoever reads the times must know it. Failed tries are written down
    /// later than they happened, and imported versions were signed elsewhere.
    fn clock(&mut self, seq: u64, event: &Event, before: &mut Option<Timestamp>) {
        if matches!(event.action, Action::UnlockFailed | Action::Imported) {
            return;
        }
        if let Some(before) = before.filter(|before| before.duration_since(event.at) > SLACK) {
            let words = format!("the clock was set back: entry {seq} is of {}, the one before of {before}", event.at);
            if self.result.notes.len() < MOST {
                self.result.notes.push(words);
            }
        }
        *before = Some(event.at);
    }

    fn records(&mut self, mut saved: SavedVersions) {
        self.rows("records", "SELECT id, version, card, body FROM record ORDER BY id, version", |check, row| {
            let (name, version): (String, u32) = (row.get(0)?, row.get(1)?);
            let (card, body): (Vec<u8>, Vec<u8>) = (row.get(2)?, row.get(3)?);
            check.result.versions += 1;
            let known = RecordId::from_row(&name).and_then(|id| saved.remove(&(id, version)));
            if let Err(why) = check.record(&name, version, &card, &body, known) {
                check.problem(format!("version {version} of {name}: {why}"));
            }
            Ok(())
        });
        let mut missing: Vec<_> = saved.into_keys().collect();
        missing.sort_unstable();
        for (id, version) in missing {
            self.problem(format!("version {version} of {id} was saved and is not there"));
        }
    }

    fn record(
        &self,
        name: &str,
        version: u32,
        card: &[u8],
        body: &[u8],
        saved: Option<Option<String>>,
    ) -> Result<(), String> {
        let card = self.store.open_text(card_place(name, version), card)?;
        let body = self.store.open_text(body_place(name, version), body)?;
        match saved {
            None => return Err("the audit trail does not know it".to_owned()),
            Some(hash) if hash.as_deref() != Some(&digest(name, version, card.as_bytes(), body.as_bytes())) => {
                return Err("it is not what the audit trail says was saved".to_owned());
            }
            Some(_) => {}
        }
        let card: Card = serde_json::from_str(&card).map_err(|_| "its card cannot be read".to_owned())?;
        match Document::from_toml(&body) {
            Ok(document) if (document.id, document.version) != (card.id, card.version) => {
                Err("card and document are of different versions".to_owned())
            }
            // Sound, and for a newer program to read.
            Ok(_) | Err(DocumentError::Newer { .. }) => Ok(()),
            Err(error) => Err(error.to_string()),
        }
    }

    /// Each erased consultation has its tombstone, and no row any more.
    fn tombstones(&mut self) {
        let mut stones = 0;
        self.rows(
            "tombstones",
            "SELECT id, body, id IN (SELECT id FROM record) FROM tombstone ORDER BY id",
            |check, row| {
                let (id, sealed, there): (String, Vec<u8>, bool) = (row.get(0)?, row.get(1)?, row.get(2)?);
                stones += 1;
                if let Err(why) = check.store.open_text(tombstone_place(&id), &sealed) {
                    check.problem(format!("the tombstone of {id}: {why}"));
                }
                if there {
                    check.problem(format!("{id} was erased and is there all the same"));
                }
                Ok(())
            },
        );
        if stones != self.result.erased {
            self.problem(format!(
                "{} consultations were erased, and {stones} tombstones are there",
                self.result.erased
            ));
        }
    }

    fn drafts(&mut self) {
        self.rows("drafts", "SELECT id, body FROM draft ORDER BY id", |check, row| {
            let (id, sealed): (String, Vec<u8>) = (row.get(0)?, row.get(1)?);
            check.result.drafts += 1;
            let text = check.store.open_text(draft_place(&id), &sealed);
            if let Err(why) = text.and_then(|text| Draft::from_toml(&text).map_err(|error| error.to_string())) {
                check.problem(format!("the draft {id}: {why}"));
            }
            Ok(())
        });
    }
}
