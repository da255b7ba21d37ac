//! A store in memory, for tests of the screens: the same behaviour, and it can be told to fail.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::card::{Card, Listing, Query};
use super::chain::{Link, digest};
use super::document::Document;
use super::draft::{Draft, Drafts};
use super::error::StoreError;
use super::id::RecordId;
use super::key::{FreshCode, RecoveryCode, Secret};
use super::person::Person;
use super::shelf::{Alike, Cards};
use super::store::{Action, AuditEntry, Event, NextEntry, Protection, Saved, Standing, Store, Stored, Verification};

/// A store that is gone when it is dropped.
#[derive(Default)]
pub struct MemoryStore {
    records: BTreeMap<(RecordId, u32), Stored>,
    cards: Cards,
    drafts: BTreeMap<RecordId, Draft>,
    audit: Vec<(AuditEntry, Link)>,
    erased: BTreeSet<RecordId>,
    failing: Option<StoreError>,
    protection: Protection,
}

impl MemoryStore {
    /// An empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes every write fail with this error until it is called with `None`.
    pub fn fail_writes(&mut self, with: Option<StoreError>) {
        self.failing = with;
    }

    /// Erases a consultation and its drafts, as another program would.
    pub fn erase(&mut self, id: RecordId) {
        self.erased.insert(id);
        self.records.retain(|(of, _), _| *of != id);
        self.drafts.retain(|_, draft| draft.about().all(|of| of != id));
        self.cards = Cards::default();
        for stored in self.records.values() {
            self.cards.add(stored.card.clone());
        }
    }

    fn writable(&self) -> Result<(), StoreError> {
        self.failing.clone().map_or(Ok(()), Err)
    }

    fn newest(&self, id: RecordId) -> u32 {
        self.records.range((id, 0)..=(id, u32::MAX)).next_back().map_or(0, |((_, version), _)| *version)
    }

    fn append(&mut self, event: Event) -> Result<String, StoreError> {
        let next = NextEntry::after(self.audit.last().map(|(entry, link)| (entry.seq, *link)), &event)?;
        self.audit.push((AuditEntry { seq: next.seq, event, chain: next.link.hex() }, next.link));
        Ok(next.link.head())
    }
}

impl Store for MemoryStore {
    fn save(&mut self, document: &Document, actor: &str) -> Result<Saved, StoreError> {
        self.writable()?;
        let (id, version, newest) = (document.id, document.version, self.newest(document.id));
        if newest.checked_add(1) != Some(version) {
            return Err(StoreError::Conflict { id, tried: version, newest });
        }
        let (text, card) = (document.to_toml()?, Card::of(document));
        let card_bytes = serde_json::to_vec(&card).map_err(|error| StoreError::Io { detail: error.to_string() })?;
        let digest = digest(&id.to_string(), version, &card_bytes, text.as_bytes());
        let head = self.append(Event { digest: Some(digest), ..document.event(actor) })?;
        self.cards.add(card.clone());
        self.records.insert((id, version), Stored { card, text });
        if !document.is_follow_up() {
            self.drafts.remove(&id);
        }
        Ok(Saved { id, version, head })
    }

    fn load(&mut self, id: RecordId, version: Option<u32>) -> Result<Option<Stored>, StoreError> {
        Ok(self.records.get(&(id, version.unwrap_or_else(|| self.newest(id)))).cloned())
    }

    fn list(&mut self, query: &Query) -> Result<Listing, StoreError> {
        Ok(self.cards.list(query))
    }

    fn alike(&mut self, typed: &Person, limit: usize) -> Result<Vec<Alike>, StoreError> {
        Ok(self.cards.alike(typed, limit))
    }

    fn history(&mut self, id: RecordId) -> Result<Vec<Card>, StoreError> {
        Ok(self.records.range((id, 0)..=(id, u32::MAX)).map(|(_, stored)| stored.card.clone()).collect())
    }

    fn put_draft(&mut self, draft: &Draft) -> Result<(), StoreError> {
        self.writable()?;
        if let Some(id) = draft.about().find(|id| self.erased.contains(id)) {
            return Err(StoreError::Erased { id });
        }
        self.drafts.insert(draft.id, draft.clone());
        Ok(())
    }

    fn drafts(&mut self) -> Result<Drafts, StoreError> {
        Ok(Drafts::of(self.drafts.values().cloned().collect(), Vec::new()))
    }

    fn drop_draft(&mut self, id: RecordId) -> Result<(), StoreError> {
        self.writable()?;
        self.drafts.remove(&id);
        Ok(())
    }

    fn note(&mut self, event: &Event) -> Result<String, StoreError> {
        self.writable()?;
        self.append(event.clone())
    }

    fn audit(&mut self) -> Result<Vec<AuditEntry>, StoreError> {
        Ok(self.audit.iter().map(|(entry, _)| entry.clone()).collect())
    }

    fn verify(&mut self) -> Result<Verification, StoreError> {
        Ok(Verification {
            versions: self.records.len(),
            drafts: self.drafts.len(),
            entries: self.audit.len(),
            head: self.audit.last().map_or(Link::START, |(_, link)| *link).head(),
            ..Verification::default()
        })
    }

    fn standing(&mut self) -> Result<Standing, StoreError> {
        Ok(Standing { protection: self.protection, rolled_back: None, ..Standing::default() })
    }

    fn protect(&mut self, _passphrase: &Secret, actor: &str) -> Result<FreshCode, StoreError> {
        self.writable()?;
        self.append(Event::new(Timestamp::now(), actor, Action::Protected))?;
        self.protection = Protection::Sealed;
        Ok(FreshCode { code: RecoveryCode::random()?, traces: None })
    }

    fn decline(&mut self, actor: &str) -> Result<(), StoreError> {
        self.writable()?;
        self.append(Event::new(Timestamp::now(), actor, Action::ProtectionDeclined))?;
        self.protection = Protection::Declined;
        Ok(())
    }
}
