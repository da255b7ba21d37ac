use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};

use super::sample::{at, document, draft, id};
use crate::record::*;

type Answers = Receiver<(Ticket, Result<Reply, StoreError>)>;

/// Writes down what reaches the store, and waits at each draft until it is let go.
struct Watched {
    inner: MemoryStore,
    log: Arc<Mutex<Vec<String>>>,
    gate: Option<Receiver<()>>,
    failures: Arc<Mutex<u32>>,
}

impl Watched {
    fn wait(&self) {
        if let Some(gate) = &self.gate {
            let _ = gate.recv();
        }
    }
}

impl Store for Watched {
    fn save(&mut self, document: &Document, actor: &str) -> Result<Saved, StoreError> {
        self.log.lock().unwrap().push(format!("save {}", document.version));
        self.inner.save(document, actor)
    }
    fn put_draft(&mut self, draft: &Draft) -> Result<(), StoreError> {
        self.wait();
        let mut failures = self.failures.lock().unwrap();
        if *failures > 0 {
            *failures -= 1;
            return Err(StoreError::Full);
        }
        self.log.lock().unwrap().push(format!("draft {}", draft.updated_at.as_second() - at(0).as_second()));
        self.inner.put_draft(draft)
    }
    fn load(&mut self, id: RecordId, version: Option<u32>) -> Result<Option<Stored>, StoreError> {
        self.wait();
        self.inner.load(id, version)
    }
    fn list(&mut self, query: &Query) -> Result<Listing, StoreError> {
        self.inner.list(query)
    }
    fn history(&mut self, id: RecordId) -> Result<Vec<Card>, StoreError> {
        self.inner.history(id)
    }
    fn drafts(&mut self) -> Result<Drafts, StoreError> {
        self.inner.drafts()
    }
    fn drop_draft(&mut self, id: RecordId) -> Result<(), StoreError> {
        self.inner.drop_draft(id)
    }
    fn note(&mut self, event: &Event) -> Result<String, StoreError> {
        self.inner.note(event)
    }
    fn audit(&mut self) -> Result<Vec<AuditEntry>, StoreError> {
        self.inner.audit()
    }
    fn verify(&mut self) -> Result<Verification, StoreError> {
        self.inner.verify()
    }
    fn standing(&mut self) -> Result<Standing, StoreError> {
        self.inner.standing()
    }
    fn protect(&mut self, passphrase: &Secret, actor: &str) -> Result<FreshCode, StoreError> {
        self.inner.protect(passphrase, actor)
    }
    fn decline(&mut self, actor: &str) -> Result<(), StoreError> {
        self.inner.decline(actor)
    }
}

struct Bench {
    worker: Worker,
    answers: Answers,
    log: Arc<Mutex<Vec<String>>>,
    gate: Option<Sender<()>>,
    failures: Arc<Mutex<u32>>,
}

fn bench(gated: bool) -> Bench {
    let (log, failures) = (Arc::new(Mutex::new(Vec::new())), Arc::new(Mutex::new(0)));
    let (open_gate, gate) = channel();
    let (send, answers) = channel();
    let mut parts = Some((log.clone(), failures.clone(), gated.then_some(gate)));
    let worker = Worker::start(
        move |_| {
            let (log, failures, gate) = parts.take().ok_or(StoreError::Closed)?;
            Ok(Box::new(Watched { inner: MemoryStore::new(), log, gate, failures }) as Box<dyn Store>)
        },
        move |ticket, reply| drop(send.send((ticket, reply))),
    )
    .unwrap();
    assert_eq!(answers.recv().unwrap(), (Worker::OPENING, Ok(Reply::Opened(Standing::default()))));
    Bench { worker, answers, log, gate: gated.then_some(open_gate), failures }
}

#[test]
fn answers_carry_the_ticket_of_their_job() {
    let mut bench = bench(false);
    let id = id(1);
    let save = Job::Save { document: Box::new(document(id, 1, "Test Patient")), actor: "x".into() };
    let a = bench.worker.send(save).unwrap();
    let b = bench.worker.send(Job::Load { id, version: None }).unwrap();
    assert_ne!(a, b);
    let (ticket, reply) = bench.answers.recv().unwrap();
    assert!(ticket == a && matches!(reply, Ok(Reply::Saved(Saved { version: 1, .. }))), "{reply:?}");
    let (ticket, reply) = bench.answers.recv().unwrap();
    assert!(ticket == b && matches!(reply, Ok(Reply::Loaded(Some(_)))));
    for job in [Job::History(id), Job::Audit, Job::Verify, Job::List(Query { limit: 9, ..Query::default() })] {
        let ticket = bench.worker.send(job).unwrap();
        assert!(matches!(bench.answers.recv().unwrap(), (t, Ok(_)) if t == ticket));
    }
    bench.worker.close().unwrap();
}

#[test]
fn of_many_waiting_drafts_only_the_last_is_written() {
    let mut bench = bench(true);
    let id = id(1);
    // The store stands still at this job while the drafts pile up behind it.
    bench.worker.send(Job::Load { id, version: None }).unwrap();
    let tickets: Vec<_> = (1..=50).map(|n| bench.worker.send(Job::PutDraft(Box::new(draft(id, n)))).unwrap()).collect();
    drop(bench.gate.take());
    assert!(matches!(bench.answers.recv().unwrap().1, Ok(Reply::Loaded(None))));
    assert_eq!(bench.answers.recv().unwrap(), (tickets[49], Ok(Reply::DraftKept(id))));
    bench.worker.close().unwrap();
    assert_eq!(*bench.log.lock().unwrap(), ["draft 50"]);
}

#[test]
fn waiting_drafts_are_written_on_the_way_out_and_before_they_are_listed() {
    let mut bench = bench(true);
    let (a, b) = (id(1), id(2));
    bench.worker.send(Job::Load { id: a, version: None }).unwrap();
    bench.worker.send(Job::PutDraft(Box::new(draft(a, 1)))).unwrap();
    bench.worker.send(Job::Drafts).unwrap();
    bench.worker.send(Job::PutDraft(Box::new(draft(b, 2)))).unwrap();
    drop(bench.gate.take());
    bench.worker.close().unwrap();
    assert_eq!(*bench.log.lock().unwrap(), ["draft 1", "draft 2"]);
    let listed = bench.answers.iter().find_map(|(_, reply)| match reply {
        Ok(Reply::Drafts(drafts)) => Some(drafts.drafts),
        _ => None,
    });
    assert_eq!(listed.unwrap(), [draft(a, 1)]);
}

#[test]
fn a_save_takes_its_waiting_draft_with_it() {
    let mut bench = bench(true);
    let id = id(1);
    bench.worker.send(Job::Load { id, version: None }).unwrap();
    bench.worker.send(Job::PutDraft(Box::new(draft(id, 1)))).unwrap();
    let save = Job::Save { document: Box::new(document(id, 1, "Test Patient")), actor: "x".into() };
    bench.worker.send(save).unwrap();
    bench.worker.send(Job::Drafts).unwrap();
    drop(bench.gate.take());
    bench.worker.close().unwrap();
    assert_eq!(*bench.log.lock().unwrap(), ["save 1"], "the draft would come back to life");
}

#[test]
fn a_draft_that_failed_is_tried_again() {
    let mut bench = bench(false);
    *bench.failures.lock().unwrap() = 1;
    let id = id(1);
    let ticket = bench.worker.send(Job::PutDraft(Box::new(draft(id, 1)))).unwrap();
    assert_eq!(bench.answers.recv().unwrap(), (ticket, Err(StoreError::Full)));
    bench.worker.send(Job::Audit).unwrap();
    assert!(bench.answers.iter().any(|answer| answer == (ticket, Ok(Reply::DraftKept(id)))));
    bench.worker.close().unwrap();
}

#[test]
fn a_draft_that_cannot_be_written_is_told_on_closing() {
    let mut bench = bench(false);
    *bench.failures.lock().unwrap() = u32::MAX;
    bench.worker.send(Job::PutDraft(Box::new(draft(id(1), 1)))).unwrap();
    assert_eq!(bench.worker.close(), Err(StoreError::Full));
}

#[test]
fn a_store_that_did_not_open_is_tried_again_with_each_job() {
    let (send, answers) = channel();
    let mut refusals = 2;
    let open = move |_: Option<&Secret>| {
        if refusals == 0 {
            return Ok(Box::new(MemoryStore::new()) as Box<dyn Store>);
        }
        refusals -= 1;
        Err(StoreError::Busy)
    };
    let mut worker = Worker::start(open, move |ticket, reply| drop(send.send((ticket, reply)))).unwrap();
    assert_eq!(answers.recv().unwrap(), (Worker::OPENING, Err(StoreError::Busy)));
    let first = worker.send(Job::Audit).unwrap();
    assert_eq!(answers.recv().unwrap(), (first, Err(StoreError::Busy)));
    let second = worker.send(Job::Audit).unwrap();
    assert_eq!(answers.recv().unwrap(), (second, Ok(Reply::Audit(Vec::new()))));
    worker.close().unwrap();
}

/// A store on disk, as the program opens it.
fn on_disk(place: std::path::PathBuf) -> (Worker, Answers) {
    let (send, answers) = channel();
    let open = move |secret: Option<&Secret>| {
        let store = match secret {
            Some(secret) => SqliteStore::unlock(&place, secret, "Ada Example")?,
            None => SqliteStore::open(&place)?,
        };
        Ok(Box::new(store) as Box<dyn Store>)
    };
    let worker = Worker::start(open, move |ticket, reply| drop(send.send((ticket, reply)))).unwrap();
    (worker, answers)
}

#[test]
fn a_locked_store_opens_when_the_passphrase_comes() {
    let home = tempfile::tempdir().unwrap();
    let place = home.path().join("records");
    let secret = Secret::from("blue kettle seven");
    let mut store = SqliteStore::open(&place).unwrap();
    store.protect_quickly(&secret);
    drop(store);
    let (mut worker, answers) = on_disk(place);
    assert_eq!(answers.recv().unwrap(), (Worker::OPENING, Err(StoreError::Locked)));
    let mut ask = |job| {
        let ticket = worker.send(job).unwrap();
        answers.iter().find(|(answered, _)| *answered == ticket).unwrap().1
    };
    assert_eq!(ask(Job::Drafts), Err(StoreError::Locked));
    assert_eq!(ask(Job::Unlock(Secret::from("something else"))), Err(StoreError::WrongKey));
    let sealed = Standing { protection: Protection::Sealed, rolled_back: None, ..Standing::default() };
    assert_eq!(ask(Job::Unlock(secret)), Ok(Reply::Opened(sealed)));
    assert!(matches!(ask(Job::PutDraft(Box::new(draft(id(1), 1)))), Ok(Reply::DraftKept(_))));
    worker.close().unwrap();
}

#[test]
fn a_store_that_another_program_protected_asks_for_the_passphrase() {
    let home = tempfile::tempdir().unwrap();
    let place = home.path().join("records");
    let (mut worker, answers) = on_disk(place.clone());
    assert!(answers.recv().unwrap().1.is_ok());
    let mut other = SqliteStore::open(&place).unwrap();
    other.protect_quickly(&Secret::from("blue kettle seven"));
    let save = Job::Save { document: Box::new(document(id(1), 1, "Test Patient")), actor: "x".into() };
    worker.send(save).unwrap();
    assert_eq!(answers.recv().unwrap().1, Err(StoreError::Locked), "nothing is written in the clear");
    assert_eq!(other.verify().unwrap().versions, 0);
}

#[test]
fn who_reads_leaves_a_trace() {
    let mut bench = bench(false);
    let id = id(1);
    let save = Job::Save { document: Box::new(document(id, 1, "Test Patient")), actor: "x".into() };
    bench.worker.send(save).unwrap();
    let event = Box::new(Event::new(at(3), "Bo Example", Action::Opened));
    bench.worker.send(Job::Open { id, version: None, event }).unwrap();
    bench.worker.send(Job::Audit).unwrap();
    let trail = bench.answers.iter().find_map(|(_, reply)| match reply {
        Ok(Reply::Audit(trail)) => Some(trail),
        _ => None,
    });
    let last = trail.unwrap().pop().unwrap().event;
    assert_eq!((last.actor.as_str(), last.record, last.version), ("Bo Example", Some(id), Some(1)));
}
