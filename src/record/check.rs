//! Checking everything a store has against its seals and its audit trail. A store hands its rows over in order: the
//! trail, the versions, the drafts, the tombstones.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};

use super::card::Card;
use super::chain::{Link, digest};
use super::document::{Document, DocumentError};
use super::id::RecordId;
use super::rows::{audit_place, body_place, card_place, open_draft, open_link, open_text, tombstone_place};
use super::seal::Seal;
use super::store::{Action, Event, Verification};
use super::witness::Noted;

/// Two programs may write down in another order than they began.
const SLACK: SignedDuration = SignedDuration::from_secs(120);

/// Problems told in full; the rest is counted.
const MOST: usize = 200;

/// What the audit trail says of each version: the hash of what was saved.
type SavedVersions = HashMap<(RecordId, u32), Option<String>>;

/// A check on its way.
pub(super) struct Check<'s> {
    seal: &'s dyn Seal,
    result: Verification,
    untold: usize,
    /// What the trail says was saved and no row was seen of yet.
    saved: SavedVersions,
    last: (u64, Link),
    clock: Option<Timestamp>,
    stones: usize,
}

impl<'s> Check<'s> {
    pub(super) fn new(seal: &'s dyn Seal, noted: &Noted) -> Self {
        let mut check = Self {
            seal,
            result: Verification { protected: seal.hides(), ..Verification::default() },
            untold: 0,
            saved: SavedVersions::new(),
            last: (0, Link::START),
            clock: None,
            stones: 0,
        };
        match noted {
            Noted::Differs(words) => check.problem(words.clone()),
            Noted::Agrees(entry) => check.result.witnessed = Some(*entry),
            Noted::Nothing => {}
        }
        check
    }

    pub(super) fn problem(&mut self, problem: String) {
        if self.result.problems.len() < MOST {
            self.result.problems.push(problem);
        } else {
            self.untold += 1;
        }
    }

    /// The next entry of the audit trail.
    pub(super) fn entry(&mut self, seq: u64, sealed: &[u8], chain: &[u8]) {
        self.result.entries += 1;
        let (before, link) = self.last;
        if seq != before + 1 {
            self.problem(format!("the audit trail: entries {} to {} are missing", before + 1, seq.saturating_sub(1)));
        }
        let stored = open_link(self.seal, seq, chain);
        match open_text(self.seal, audit_place(self.seal, seq), sealed) {
            Ok(text) => {
                if stored != Some(link.next(seq, text.as_bytes())) {
                    self.problem(format!("the audit trail: entry {seq} does not follow from the one before"));
                }
                match serde_json::from_str::<Event>(&text) {
                    Ok(event) => {
                        self.time(seq, &event);
                        self.told(event);
                    }
                    Err(_) => self.problem(format!("the audit trail: entry {seq} is not an entry")),
                }
            }
            Err(why) => self.problem(format!("the audit trail: entry {seq}: {why}")),
        }
        self.last = (seq, stored.unwrap_or(link));
    }

    /// What the trail says was saved, and what was erased since.
    fn told(&mut self, event: Event) {
        match event {
            Event {
                action: Action::Saved | Action::FollowedUp | Action::Imported,
                record: Some(id),
                version: Some(version),
                digest,
                ..
            } => {
                self.saved.insert((id, version), digest);
            }
            Event { action: Action::Erased, record: Some(erased), .. } => {
                self.saved.retain(|(id, _), _| *id != erased);
                self.result.erased += 1;
            }
            _ => {}
        }
    }

    /// A clock that was set back is no damage, but whoever reads the times must know it. Failed tries are written down
    /// later than they happened, and imported versions were signed elsewhere.
    fn time(&mut self, seq: u64, event: &Event) {
        if matches!(event.action, Action::UnlockFailed | Action::Imported) {
            return;
        }
        if let Some(before) = self.clock.filter(|before| before.duration_since(event.at) > SLACK) {
            let words = format!("the clock was set back: entry {seq} is of {}, the one before of {before}", event.at);
            if self.result.notes.len() < MOST {
                self.result.notes.push(words);
            }
        }
        self.clock = Some(event.at);
    }

    /// The next version, after the whole trail.
    pub(super) fn version(&mut self, name: &str, version: u32, card: &[u8], body: &[u8]) {
        self.result.versions += 1;
        let known = name.parse().ok().and_then(|id| self.saved.remove(&(id, version)));
        if let Err(why) = self.record(name, version, card, body, known) {
            self.problem(format!("version {version} of {name}: {why}"));
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
        let card = open_text(self.seal, card_place(name, version), card)?;
        let body = open_text(self.seal, body_place(name, version), body)?;
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

    /// Every version was seen.
    pub(super) fn versions_end(&mut self) {
        let mut missing: Vec<_> = std::mem::take(&mut self.saved).into_keys().collect();
        missing.sort_unstable();
        for (id, version) in missing {
            self.problem(format!("version {version} of {id} was saved and is not there"));
        }
    }

    /// A draft.
    pub(super) fn draft(&mut self, id: &str, sealed: &[u8]) {
        self.result.drafts += 1;
        if let Err(why) = open_draft(self.seal, id, sealed) {
            self.problem(format!("the draft {id}: {why}"));
        }
    }

    /// The tombstone of an erased consultation, and whether rows of it are there all the same.
    pub(super) fn tombstone(&mut self, id: &str, sealed: &[u8], there: bool) {
        self.stones += 1;
        if let Err(why) = open_text(self.seal, tombstone_place(id), sealed) {
            self.problem(format!("the tombstone of {id}: {why}"));
        }
        if there {
            self.problem(format!("{id} was erased and is there all the same"));
        }
    }

    /// Every tombstone was seen: each erased consultation has one.
    pub(super) fn tombstones_end(&mut self) {
        if self.stones != self.result.erased {
            self.problem(format!(
                "{} consultations were erased, and {} tombstones are there",
                self.result.erased, self.stones
            ));
        }
    }

    /// What was found.
    pub(super) fn done(mut self) -> Verification {
        self.result.head = self.last.1.head();
        if self.untold > 0 {
            self.result.problems.push(format!("and {} more", self.untold));
        }
        self.result
    }
}
