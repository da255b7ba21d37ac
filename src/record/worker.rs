//! The thread that owns the store: the screen sends jobs, answers come back as messages.

use std::collections::BTreeMap;
use std::sync::mpsc::{Receiver, Sender, TryRecvError, channel};
use std::thread::JoinHandle;

use jiff::Timestamp;

use super::card::{Card, Listing, Query};
use super::course;
use super::document::Document;
use super::draft::{Draft, Drafts};
use super::error::StoreError;
use super::id::RecordId;
use super::key::{FreshCode, Secret};
use super::person::Person;
use super::shelf::Alike;
use super::store::{AuditEntry, Event, Saved, Standing, Store, Stored, Verification};
use crate::follow_up::What;

/// Names a job, so that its answer can be told from others.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Ticket(pub u64);

/// What the store is asked to do.
#[derive(Clone, PartialEq, Debug)]
pub enum Job {
    /// [`sign`](super::course::sign)
    Save {
        /// The document.
        document: Box<Document>,
        /// Who signed.
        actor: String,
    },
    /// [`follow_up`](super::course::follow_up)
    FollowUp {
        /// The consultation.
        id: RecordId,
        /// What happened.
        what: Box<What>,
        /// The draft that it was typed in.
        draft: Option<RecordId>,
        /// Who writes it down.
        actor: String,
        /// Now.
        at: Timestamp,
    },
    /// [`others_with`](super::course::others_with)
    Lots {
        /// The consultation that is not counted.
        id: RecordId,
        /// The lots.
        lots: Vec<String>,
    },
    /// [`Store::load`]
    Load {
        /// The consultation.
        id: RecordId,
        /// The version, or the newest.
        version: Option<u32>,
    },
    /// [`Store::load`] for somebody who reads it: that leaves a trace.
    Open {
        /// The consultation.
        id: RecordId,
        /// The version, or the newest.
        version: Option<u32>,
        /// Who reads it, and when.
        event: Box<Event>,
    },
    /// [`Store::load`] of the last consultation of a patient, for somebody who reads it. Where name and date of birth do
    /// not say who it is, of the record itself.
    OpenLast {
        /// A record of the patient.
        record: RecordId,
        /// Who reads it, and when.
        event: Box<Event>,
    },
    /// [`Store::load`] of two records, for somebody who compares them.
    OpenPair {
        /// The one.
        one: RecordId,
        /// The other.
        other: RecordId,
        /// Who reads them, and when.
        event: Box<Event>,
    },
    /// [`Store::alike`]
    Alike {
        /// Who was typed.
        person: Person,
        /// At most so many.
        limit: usize,
    },
    /// [`Store::list`]
    List(Query),
    /// [`Store::history`]
    History(RecordId),
    /// [`Store::put_draft`]; of several waiting for one id only the last is written, and only it is answered.
    PutDraft(Box<Draft>),
    /// [`Store::drafts`]
    Drafts,
    /// [`Store::drop_draft`]
    DropDraft(RecordId),
    /// [`Store::note`]
    Note(Box<Event>),
    /// [`Store::audit`]
    Audit,
    /// [`Store::verify`]
    Verify,
    /// Opens the store with a passphrase or a recovery code.
    Unlock(Secret),
    /// [`Store::protect`]
    Protect {
        /// The passphrase.
        passphrase: Secret,
        /// Who sets it.
        actor: String,
    },
    /// [`Store::decline`]
    Decline {
        /// Who.
        actor: String,
    },
}

/// What came of a job.
#[derive(Clone, PartialEq, Debug)]
pub enum Reply {
    /// The store is open.
    Opened(Standing),
    /// The version is on the disk.
    Saved(Saved),
    /// How many other patients reacted to one of the lots.
    Lots(Option<u32>),
    /// The version, if it is there.
    Loaded(Option<Box<Stored>>),
    /// The version somebody reads, if it is there.
    Read(Option<Box<Reading>>),
    /// Two records, if both are there.
    Pair(Option<Box<(Stored, Stored)>>),
    /// Who might be meant.
    Alike(Vec<Alike>),
    /// The list.
    Listed(Listing),
    /// All versions.
    History(Vec<Card>),
    /// The draft is on the disk.
    DraftKept(RecordId),
    /// The drafts.
    Drafts(Drafts),
    /// The draft is gone.
    DraftDropped(RecordId),
    /// The entry is on the disk; the head of the chain.
    Noted(String),
    /// The audit trail.
    Audit(Vec<AuditEntry>),
    /// What was found.
    Verified(Verification),
    /// Everything is encrypted; the code must be written down.
    Protected(FreshCode),
    /// Nobody wants a passphrase.
    Declined,
}

/// A version with what one needs to read it.
#[derive(Clone, PartialEq, Debug)]
pub struct Reading {
    /// The version.
    pub stored: Stored,
    /// The one before it, if there is one.
    pub before: Option<Stored>,
    /// The newest version.
    pub newest: u32,
}

/// Opens the store, with what was typed if something was; asked again on every job while it fails.
type Open = Box<dyn FnMut(Option<&Secret>) -> Result<Box<dyn Store>, StoreError> + Send>;
/// Takes the answers, on the worker's thread.
type Answer = Box<dyn FnMut(Ticket, Result<Reply, StoreError>) + Send>;

/// A store on its own thread.
///
/// Jobs are done in the order in which they were sent, but for drafts: a newer one replaces an older one of the same
/// id that is still waiting. A draft that could not be written stays, and is tried again with every following job
/// (each try is answered).
/// Dropping the worker writes what is waiting and waits for it.
pub struct Worker {
    jobs: Option<Sender<(Ticket, Job)>>,
    thread: Option<JoinHandle<Result<(), StoreError>>>,
    next: u64,
}

impl Worker {
    /// The ticket of the answer that tells how opening went.
    pub const OPENING: Ticket = Ticket(0);

    /// Starts the thread. The store is opened there; the first answer says how that went.
    ///
    /// # Errors
    /// If the system has no room for a thread.
    pub fn start(
        open: impl FnMut(Option<&Secret>) -> Result<Box<dyn Store>, StoreError> + Send + 'static,
        answer: impl FnMut(Ticket, Result<Reply, StoreError>) + Send + 'static,
    ) -> Result<Self, StoreError> {
        let (jobs, waiting) = channel();
        let shop = Shop { open: Box::new(open), store: None, answer: Box::new(answer), drafts: BTreeMap::new() };
        let thread = std::thread::Builder::new()
            .name("records".to_owned())
            .spawn(move || shop.run(&waiting))
            .map_err(|error| StoreError::Io { detail: error.to_string() })?;
        Ok(Self { jobs: Some(jobs), thread: Some(thread), next: 0 })
    }

    /// Hands a job over; never waits.
    ///
    /// # Errors
    /// [`StoreError::Closed`] if the thread is gone.
    pub fn send(&mut self, job: Job) -> Result<Ticket, StoreError> {
        self.next += 1;
        let ticket = Ticket(self.next);
        let jobs = self.jobs.as_ref().ok_or(StoreError::Closed)?;
        jobs.send((ticket, job)).map_err(|_| StoreError::Closed)?;
        Ok(ticket)
    }

    /// Does what is waiting, closes the store and ends the thread.
    ///
    /// # Errors
    /// If a draft could not be written.
    pub fn close(mut self) -> Result<(), StoreError> {
        self.end()
    }

    fn end(&mut self) -> Result<(), StoreError> {
        drop(self.jobs.take());
        self.thread.take().map_or(Ok(()), |thread| thread.join().unwrap_or(Err(StoreError::Closed)))
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // Whoever wants to know calls `close`.
        let _ = self.end();
    }
}

/// The worker's side.
struct Shop {
    open: Open,
    store: Option<Box<dyn Store>>,
    answer: Answer,
    /// Drafts not written yet.
    drafts: BTreeMap<RecordId, (Ticket, Box<Draft>)>,
}

impl Shop {
    fn run(mut self, waiting: &Receiver<(Ticket, Job)>) -> Result<(), StoreError> {
        let opened = self.store().and_then(|store| store.standing()).map(Reply::Opened);
        (self.answer)(Worker::OPENING, opened);
        loop {
            // Drafts are written when nothing else waits, so that a burst of keys costs one write.
            let next = match waiting.try_recv() {
                Err(TryRecvError::Empty) => {
                    let _ = self.write_drafts();
                    waiting.recv().ok()
                }
                next => next.ok(),
            };
            let Some((ticket, job)) = next else { return self.write_drafts() };
            self.take(ticket, job);
        }
    }

    fn store(&mut self) -> Result<&mut Box<dyn Store>, StoreError> {
        match &mut self.store {
            Some(store) => Ok(store),
            none => Ok(none.insert((self.open)(None)?)),
        }
    }

    fn attempt(&mut self, job: &Job) -> Result<Reply, StoreError> {
        if let Job::Unlock(secret) = job {
            let store = self.store.insert((self.open)(Some(secret))?);
            return store.standing().map(Reply::Opened);
        }
        let was_open = self.store.is_some();
        let reply = self.store().and_then(|store| work(store.as_mut(), job));
        if was_open && reply == Err(StoreError::Locked) {
            // Another program protected it or put a backup back: what is open here is void. Nothing was done.
            self.store = None;
            return self.store().and_then(|store| work(store.as_mut(), job));
        }
        reply
    }

    fn take(&mut self, ticket: Ticket, job: Job) {
        let id = match job {
            Job::PutDraft(draft) => {
                self.drafts.insert(draft.id, (ticket, draft));
                return;
            }
            // What is waiting belongs to the draft that this job ends.
            Job::Save { ref document, .. } => Some(document.id),
            Job::FollowUp { draft, .. } => draft,
            Job::DropDraft(id) => Some(id),
            Job::Drafts | Job::Verify => {
                let _ = self.write_drafts();
                None
            }
            _ => None,
        };
        let reply = self.attempt(&job);
        if matches!(reply, Ok(_) | Err(StoreError::Erased { .. }))
            && let Some(id) = id
        {
            self.drafts.remove(&id);
        }
        (self.answer)(ticket, reply);
    }

    /// Writes the waiting drafts; those that fail go on waiting, but for what was erased meanwhile.
    fn write_drafts(&mut self) -> Result<(), StoreError> {
        let mut result = Ok(());
        for (id, (ticket, draft)) in std::mem::take(&mut self.drafts) {
            let kept = self.store().and_then(|store| store.put_draft(&draft));
            if let Err(error) = &kept {
                // Of what was erased nothing is tried again, and nothing is missing at the end.
                if !matches!(error, StoreError::Erased { .. }) {
                    result = Err(error.clone());
                    self.drafts.insert(id, (ticket, draft));
                }
            }
            (self.answer)(ticket, kept.map(|()| Reply::DraftKept(id)));
        }
        result
    }
}

fn work(store: &mut dyn Store, job: &Job) -> Result<Reply, StoreError> {
    Ok(match job {
        Job::Save { document, actor } => Reply::Saved(course::sign(store, document, actor)?),
        Job::FollowUp { id, what, draft, actor, at } => {
            Reply::Saved(course::follow_up(store, *id, what, *draft, actor, *at)?.0)
        }
        Job::Lots { id, lots } => Reply::Lots(course::others_with(store, *id, lots)?),
        Job::Load { id, version } => Reply::Loaded(store.load(*id, *version)?.map(Box::new)),
        Job::Open { id, version, event } => {
            let Some(stored) = read(store, *id, *version, event)? else { return Ok(Reply::Read(None)) };
            let before = match stored.card.version.checked_sub(1) {
                None | Some(0) => None,
                // What it changed cannot be shown then; the version itself can be read.
                Some(version) => store.load(*id, Some(version)).unwrap_or_default(),
            };
            let newest = store.history(*id).ok().and_then(|all| all.last().map(|card| card.version));
            let newest = newest.unwrap_or(stored.card.version);
            Reply::Read(Some(Box::new(Reading { stored, before, newest })))
        }
        Job::OpenLast { record, event } => {
            let Some(last) = store.last_of_patient(*record)? else { return Ok(Reply::Read(None)) };
            let stored = read(store, last, None, event)?;
            let reading = stored.map(|stored| Reading { newest: stored.card.version, before: None, stored });
            Reply::Read(reading.map(Box::new))
        }
        Job::OpenPair { one, other, event } => {
            let pair = (read(store, *one, None, event)?, read(store, *other, None, event)?);
            Reply::Pair(match pair {
                (Some(one), Some(other)) => Some(Box::new((one, other))),
                _ => None,
            })
        }
        Job::Alike { person, limit } => Reply::Alike(store.alike(person, *limit)?),
        Job::List(query) => Reply::Listed(store.list(query)?),
        Job::History(id) => Reply::History(store.history(*id)?),
        Job::PutDraft(draft) => {
            store.put_draft(draft)?;
            Reply::DraftKept(draft.id)
        }
        Job::Drafts => Reply::Drafts(store.drafts()?),
        Job::DropDraft(id) => {
            store.drop_draft(*id)?;
            Reply::DraftDropped(*id)
        }
        Job::Note(event) => Reply::Noted(store.note(event)?),
        Job::Audit => Reply::Audit(store.audit()?),
        Job::Verify => Reply::Verified(store.verify()?),
        Job::Unlock(_) => Reply::Opened(store.standing()?),
        Job::Protect { passphrase, actor } => Reply::Protected(store.protect(passphrase, actor)?),
        Job::Decline { actor } => {
            store.decline(actor)?;
            Reply::Declined
        }
    })
}

/// A version for somebody who reads it: that leaves a trace.
fn read(
    store: &mut dyn Store,
    id: RecordId,
    version: Option<u32>,
    event: &Event,
) -> Result<Option<Stored>, StoreError> {
    let loaded = store.load(id, version)?;
    if let Some(stored) = &loaded {
        store.note(&Event { record: Some(id), version: Some(stored.card.version), ..event.clone() })?;
    }
    Ok(loaded)
}
