//! Effects that need the records: handed to their worker, whose answers come back as messages.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

use super::app::Loaded;
use super::effect::Effect;
use super::leaflet;
use super::lists::{ALIKE, Found, RECORDS, alike_line, draft_line};
use super::message::Message;
use super::paper;
use crate::config::in_words;
use crate::follow_up::What;
use crate::record::{self, Action, Event, Held, Hold, Job, Person, Query, RecordId, Reply, StoreError, Ticket, Worker};

/// Before anything was typed there is nothing to save again.
const FULL: &str = "the disk is full: free some room, then start pistor again; the records are as they were";

/// What a job was for.
#[derive(Clone, PartialEq, Eq, Debug)]
enum For {
    Draft(RecordId),
    Drafts,
    Claim(RecordId),
    Records,
    Record(RecordId),
    /// The record, and the draft that is gone when it is saved.
    FollowUp(RecordId, RecordId),
    Lots(RecordId),
    Patient(Person, Option<RecordId>),
    Alike(RecordId),
    Last(Option<RecordId>),
    Pair,
    Load(RecordId),
    There(RecordId),
    Unlock,
    Protect,
    Verify,
    Nothing,
}

/// Sends jobs and knows what their answers mean.
pub struct Desk {
    worker: Worker,
    waiting: HashMap<Ticket, For>,
    zone: TimeZone,
    /// Where the store is: drafts that are open are held there.
    records: PathBuf,
    /// Sessions and reactions on their way to the disk.
    written: HashMap<RecordId, Box<What>>,
    /// The drafts that are open here.
    holds: HashMap<RecordId, Hold>,
}

impl Desk {
    /// A desk with a worker.
    #[must_use]
    pub fn new(worker: Worker, records: PathBuf) -> Self {
        Self {
            worker,
            waiting: HashMap::new(),
            zone: TimeZone::system(),
            records,
            written: HashMap::new(),
            holds: HashMap::new(),
        }
    }

    /// Holds a draft; false when another program has it.
    fn hold(&mut self, id: RecordId) -> bool {
        if self.holds.contains_key(&id) {
            return true;
        }
        match Hold::take(&self.records, id) {
            Held::Here(hold) => {
                self.holds.insert(id, hold);
                true
            }
            Held::Unknown => true,
            Held::Elsewhere => false,
        }
    }

    /// Takes an effect; an answer that needs no work comes back at once.
    pub fn take(&mut self, effect: Effect, loaded: Option<&Arc<Loaded>>, now: Timestamp) -> Option<Message> {
        let (what, job) = match effect {
            Effect::SaveDraft(draft) => (For::Draft(draft.id), Job::PutDraft(Box::new(paper::kept(&draft, now)))),
            Effect::DeleteDraft(id) => {
                self.holds.remove(&id);
                (For::Nothing, Job::DropDraft(id))
            }
            Effect::Claim(id) => match self.hold(id) {
                false => return Some(Message::Elsewhere(id)),
                true => (For::Claim(id), Job::Drafts),
            },
            Effect::Hold(id) => return (!self.hold(id)).then_some(Message::Elsewhere(id)),
            Effect::ListDrafts => (For::Drafts, Job::Drafts),
            Effect::ListRecords(query) => (For::Records, Job::List(query)),
            Effect::ListPatient(person, meant_for) => {
                let query = Query { patient: Some(person.clone()), limit: RECORDS, ..Query::default() };
                (For::Patient(person, meant_for), Job::List(query))
            }
            Effect::FindAlike(id, person) => (For::Alike(id), Job::Alike { person, limit: ALIKE }),
            Effect::LoadLast { record, into, reader } => {
                let event = Box::new(Event::new(now, &reader, Action::Opened));
                (For::Last(into), Job::OpenLast { record, event })
            }
            Effect::LoadPair(one, other, reader) => {
                let event = Box::new(Event::new(now, &reader, Action::Opened));
                (For::Pair, Job::OpenPair { one, other, event })
            }
            Effect::LoadRecord(id, version, reader) => {
                let event = Box::new(Event::new(now, &reader, Action::Opened));
                (For::Load(id), Job::Open { id, version, event })
            }
            Effect::StillThere(id) => (For::There(id), Job::History(id)),
            Effect::KeepForm(draft) => {
                let draft = Box::new(record::Draft { updated_at: now, ..*draft });
                (For::Draft(draft.id), Job::PutDraft(draft))
            }
            Effect::SaveFollowUp { record: id, what, draft, actor } => {
                self.written.insert(id, what.clone());
                (For::FollowUp(id, draft), Job::FollowUp { id, what, draft: Some(draft), actor, at: now })
            }
            Effect::CountLots(id, lots) => (For::Lots(id), Job::Lots { id, lots }),
            Effect::Unlock(secret) => (For::Unlock, Job::Unlock(secret)),
            Effect::Protect(passphrase, actor) => (For::Protect, Job::Protect { passphrase, actor }),
            Effect::Verify => (For::Verify, Job::Verify),
            Effect::Decline(actor) => (For::Nothing, Job::Decline { actor }),
            Effect::SaveRecord(signed) => {
                let id = signed.draft.id;
                let actor = signed.draft.sheet.signer.name.clone();
                match loaded.map(|loaded| paper::drawn_up(&loaded.pack, &signed, now)) {
                    Some(Ok(document)) => (For::Record(id), Job::Save { document: Box::new(document), actor }),
                    Some(Err(why)) => return Some(Message::RecordSaved(id, Err(why.to_string()))),
                    None => return Some(Message::RecordSaved(id, Err("the rules are not there.".to_owned()))),
                }
            }
            Effect::WriteLeaflet { record, version, folder, name, text, actor } => {
                let written = match leaflet::write(&folder, &name, &text) {
                    Ok(path) => path.display().to_string(),
                    Err(why) => return Some(Message::Written(Err(in_words(&why)))),
                };
                // It leaves the records: that leaves a trace.
                let event = Event::with(now, &actor, Action::Exported, record, version);
                let noted = self.worker.send(Job::Note(Box::new(event)));
                if let Ok(ticket) = noted {
                    self.waiting.insert(ticket, For::Nothing);
                }
                return Some(Message::Written(Ok(written)));
            }
            Effect::Practice(_) | Effect::Training | Effect::Consultation => return None,
            Effect::Think(_)
            | Effect::Edit(_)
            | Effect::Copy(_)
            | Effect::Suspend
            | Effect::Redraw
            | Effect::Mouse(_)
            | Effect::Lock(_)
            | Effect::Quit => return None,
        };
        match self.worker.send(job) {
            Ok(ticket) => {
                self.waiting.insert(ticket, what);
                None
            }
            Err(why) => failed(&what, &why),
        }
    }

    /// What an answer of the worker means.
    pub fn answer(&mut self, ticket: Ticket, reply: Result<Reply, StoreError>, today: Date) -> Option<Message> {
        if ticket == Worker::OPENING {
            return Some(match reply {
                Ok(Reply::Opened(standing)) => Message::Opened(standing),
                Ok(_) => return None,
                Err(StoreError::Locked) => Message::Locked,
                Err(StoreError::Full) => Message::NoStore(FULL.to_owned()),
                Err(why) => Message::NoStore(why.to_string()),
            });
        }
        let what = self.waiting.remove(&ticket)?;
        let reply = match reply {
            Ok(reply) => reply,
            Err(why) => {
                // A draft that was not written is tried again with every job: its ticket goes on waiting.
                let erased = matches!(why, StoreError::Erased { .. });
                if matches!(what, For::Draft(_)) && !erased {
                    self.waiting.insert(ticket, what.clone());
                }
                if let For::FollowUp(id, _) = what {
                    let written = self.written.remove(&id)?;
                    if erased || matches!(why, StoreError::Locked) {
                        return failed(&what, &why);
                    }
                    return Some(Message::FollowUpSaved(id, written, Err(why.to_string())));
                }
                return failed(&what, &why);
            }
        };
        Some(match reply {
            Reply::DraftKept(id) => {
                // The earlier ones of the same draft were replaced, and are never answered.
                self.waiting.retain(|other, waiting| *waiting != For::Draft(id) || *other > ticket);
                // "Saved" is said of the newest state, never of one that was already overtaken.
                if self.waiting.values().any(|waiting| *waiting == For::Draft(id)) {
                    return None;
                }
                let at = Zoned::now().strftime("%H:%M").to_string();
                Message::DraftSaved { id, at }
            }
            Reply::Drafts(drafts) => {
                let lines = drafts.drafts.into_iter().map(|draft| draft_line(draft, today, &self.zone)).collect();
                match what {
                    For::Claim(id) => Message::Claimed(id, Ok(lines)),
                    _ => Message::Drafts(Ok(lines)),
                }
            }
            Reply::Listed(listing) => {
                let found = Found::of(&listing, &self.zone);
                match what {
                    For::Patient(person, meant_for) => Message::Patient(person, meant_for, Ok(found)),
                    _ => Message::Records(Ok(found)),
                }
            }
            Reply::Alike(all) => match what {
                For::Alike(id) => Message::Alike(id, all.iter().map(|one| alike_line(one, &self.zone)).collect()),
                _ => return None,
            },
            Reply::Pair(pair) => Message::Pair(pair.ok_or_else(gone)),
            Reply::Opened(standing) => Message::Opened(standing),
            Reply::Verified(found) => Message::Verified(Ok(found)),
            Reply::Protected(fresh) => Message::Protected(Ok(fresh)),
            Reply::Lots(others) => match what {
                For::Lots(id) => Message::LotsCounted(id, others),
                _ => return None,
            },
            Reply::Saved(saved) => {
                let draft = if let For::FollowUp(_, draft) = what { draft } else { saved.id };
                self.holds.remove(&draft);
                match what {
                    For::FollowUp(id, _) => Message::FollowUpSaved(id, self.written.remove(&id)?, Ok(())),
                    _ => Message::RecordSaved(saved.id, Ok(())),
                }
            }
            Reply::Read(None) if let For::Load(id) = what => Message::Erased(id),
            Reply::History(all) => match what {
                For::There(id) if all.is_empty() => Message::Erased(id),
                _ => return None,
            },
            Reply::Read(reading) => {
                let reading = reading.ok_or_else(gone);
                match what {
                    For::Last(into) => Message::Earlier(into, reading),
                    _ => Message::RecordLoaded(reading),
                }
            }
            _ => return None,
        })
    }

    /// Waits until everything is written.
    ///
    /// # Errors
    /// If a draft could not be written.
    pub fn close(self) -> Result<(), StoreError> {
        self.worker.close()
    }
}

fn gone() -> String {
    "There is no such record any more.".to_owned()
}

fn failed(what: &For, why: &StoreError) -> Option<Message> {
    match why {
        StoreError::Locked => return Some(Message::Locked),
        StoreError::Erased { id } => return Some(Message::Erased(*id)),
        _ => {}
    }
    let why = why.to_string();
    Some(match what {
        For::Unlock => Message::NotUnlocked(why),
        For::Verify => Message::Verified(Err(why)),
        For::Protect => Message::Protected(Err(why)),
        For::Draft(id) => Message::DraftFailed { id: *id, why },
        For::Drafts => Message::Drafts(Err(why)),
        For::Claim(id) => Message::Claimed(*id, Err(why)),
        For::Records => Message::Records(Err(why)),
        For::Record(id) => Message::RecordSaved(*id, Err(why)),
        For::Patient(person, meant_for) => Message::Patient(person.clone(), *meant_for, Err(why)),
        For::Last(into) => Message::Earlier(*into, Err(why)),
        For::Pair => Message::Pair(Err(why)),
        // Nobody asked for it: the answer that does not come is not missed.
        For::Alike(_) => return None,
        For::Load(_) => Message::RecordLoaded(Err(why)),
        For::Lots(id) => Message::LotsCounted(*id, None),
        For::FollowUp(..) | For::There(_) | For::Nothing => return None,
    })
}
