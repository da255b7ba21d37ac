//! What to go on with: a draft that was left, or a new consultation.

use std::io::{BufRead, Write};
use std::path::Path;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::talk::{Ended, Talk, nth};
use crate::cli::failure::Failure;
use crate::cli::records::{failed, unknown};
use crate::find::fold;
use crate::record::{self, Action, Document, Event, Held, Hold, RecordId, Store};
use crate::tui::Settings;
use crate::tui::app::Loaded;
use crate::tui::begun::words;
use crate::tui::lists::{DraftLine, draft_line};
use crate::tui::paper;
use crate::tui::sheet::{Draft, Sheet, StepId};

pub(super) const ELSEWHERE: &str = "Another pistor has this draft open; finish it there.";
const HELP: &str = "A number goes on with what has it. Enter begins a new one. `remove` and a number, such \
as `remove 1`, removes a draft for good. `quit` ends.";

/// What it takes to choose.
pub(super) struct Choose<'a> {
    pub loaded: &'a Loaded,
    pub settings: &'a Settings,
    pub records: &'a Path,
    /// Who acts, for the audit trail.
    pub actor: &'a str,
    pub today: Date,
}

/// What was chosen.
pub(super) struct Begun {
    pub draft: Draft,
    /// Kept while the draft is open here, where the system has such locks.
    pub hold: Option<Hold>,
    pub from: From,
}

/// What is gone on with.
pub(super) enum Chosen {
    /// A consultation, new or left.
    Consultation(Box<Begun>),
    /// A session or a reaction that was left.
    Form(Box<record::Draft>),
}

/// Where it comes from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum From {
    /// Nothing was said yet.
    Nothing,
    /// It is a draft that was left: another patient may sit here by now.
    Disk,
    /// It is a saved version, to be amended; the first change makes a draft of it.
    Record,
}

impl Choose<'_> {
    /// A draft that was left, or a new consultation; `None` when neither is wanted.
    pub fn draft<R: BufRead, W: Write>(
        &self,
        talk: &mut Talk<R, W>,
        store: &mut dyn Store,
    ) -> Result<Option<Chosen>, Failure> {
        let zone = TimeZone::system();
        let drafts = store.drafts().map_err(failed)?.drafts;
        let (begun, drafts): (Vec<_>, Vec<_>) = drafts.into_iter().partition(|draft| draft.following.is_some());
        let mut lines: Vec<_> = drafts.into_iter().map(|draft| draft_line(draft, self.today, &zone)).collect();
        let mut begun: Vec<_> = begun.into_iter().map(|draft| draft_line(draft, self.today, &zone)).collect();
        loop {
            if lines.is_empty() && begun.is_empty() {
                return Ok(Some(Chosen::Consultation(Box::new(self.fresh()))));
            }
            say(talk, &lines);
            say_begun(talk, &begun, lines.len());
            let count = lines.len() + begun.len();
            let Ok(typed) = talk.line("A number goes on with one; Enter begins a new consultation:") else {
                return Ok(None);
            };
            let (word, rest) = typed.split_once(' ').unwrap_or((&typed, ""));
            match fold(word.trim_start_matches('/')).as_str() {
                "" => return Ok(Some(Chosen::Consultation(Box::new(self.fresh())))),
                "quit" => return Ok(None),
                "help" | "?" => talk.say(HELP),
                "remove" => match nth(rest, count) {
                    Some(at) => {
                        let (list, at) =
                            if at < lines.len() { (&mut lines, at) } else { (&mut begun, at - lines.len()) };
                        match remove(talk, store, &list[at]) {
                            Ok(true) => drop(list.remove(at)),
                            Ok(false) => {}
                            Err(Ended) => return Ok(None),
                        }
                    }
                    None => talk.say(&format!("There is no draft {rest}: `remove` and a number of the list.")),
                },
                _ => match nth(&typed, count) {
                    None => talk.say(&format!("There is no {typed}; `help` tells what can be typed here.")),
                    Some(at) if at >= lines.len() => {
                        return Ok(Some(Chosen::Form(Box::new(begun[at - lines.len()].draft.clone()))));
                    }
                    Some(at) => match self.taken_up(talk, &lines[at].draft, From::Disk) {
                        Some(begun) => return Ok(Some(Chosen::Consultation(Box::new(begun)))),
                        None => talk.say(ELSEWHERE),
                    },
                },
            }
        }
    }

    /// An amendment of the newest version of a saved consultation; one that was begun goes on.
    pub fn amendment<R: BufRead, W: Write>(
        &self,
        talk: &mut Talk<R, W>,
        store: &mut dyn Store,
        id: RecordId,
    ) -> Result<Begun, Failure> {
        let document = self.opened(store, id)?;
        let drafts = store.drafts().map_err(failed)?.drafts;
        let begun = drafts.into_iter().find(|draft| draft.id == id && draft.following.is_none());
        let mut signer = Sheet::default();
        self.settings.preset(&self.loaded.pack, &mut signer);
        let (draft, from) = match begun {
            Some(draft) => (draft, From::Disk),
            None => (paper::amending(&document, &signer.signer, Timestamp::now()), From::Record),
        };
        let name = if document.patient.name.is_empty() { "a patient without a name" } else { &document.patient.name };
        let (version, day) = (document.version, document.assessment.today);
        talk.say(&format!(
            "An amendment of version {version}, {name}, assessed as of {day}. Change what was wrong, then give the reason \
             and sign; that version stays as it is."
        ));
        self.taken_up(talk, &draft, from).ok_or_else(|| Failure::plain(ELSEWHERE, ""))
    }

    /// A new consultation of the patient of a saved one: the last one offers what lasts.
    pub fn again<R: BufRead, W: Write>(
        &self,
        talk: &mut Talk<R, W>,
        store: &mut dyn Store,
        id: RecordId,
    ) -> Result<Begun, Failure> {
        let last = store.last_of_patient(id).map_err(failed)?.unwrap_or(id);
        let document = self.opened(store, last)?;
        let (carried, lost) = paper::returning(&self.loaded.pack, &document, self.today);
        talk.say(&format!(
            "The consultation of {} is offered. None of it counts before it is confirmed: `/same` at a question, `/same \
             all` for what a step offers.",
            document.assessment.today
        ));
        talk.say_each(2, lost.iter().map(|words| format!("Not understood by this pack: {words}")));
        let mut begun = self.fresh();
        begun.draft.sheet.carried = Some(carried);
        Ok(begun)
    }

    /// The newest version of a consultation; reading it leaves a trace.
    fn opened(&self, store: &mut dyn Store, id: RecordId) -> Result<Document, Failure> {
        let stored = store.load(id, None).map_err(failed)?.ok_or_else(|| unknown(&id.to_string()))?;
        let document = stored.document().map_err(|why| failed(why.into()))?;
        let event = Event::with(Timestamp::now(), self.actor, Action::Opened, id, document.version);
        store.note(&event).map_err(failed)?;
        Ok(document)
    }

    /// A draft as it was kept; `None` when another program has it.
    fn taken_up<R: BufRead, W: Write>(&self, talk: &mut Talk<R, W>, kept: &record::Draft, from: From) -> Option<Begun> {
        let hold = hold_of(self.records, kept.id);
        if let Err(true) = hold {
            return None;
        }
        let (draft, lost) = paper::taken(&self.loaded.pack, kept, self.today);
        if !lost.is_empty() {
            talk.say("Some answers cannot be read with this pack; they are kept in the note.");
        }
        if let Some(carried) = draft.sheet.carried.as_ref().filter(|carried| carried.version == 0) {
            talk.say(&format!("It was left on {}: what may have changed is asked anew.", carried.earlier.day()));
        }
        Some(Begun { draft, hold: hold.ok(), from })
    }

    fn fresh(&self) -> Begun {
        let now = Timestamp::now();
        let id = RecordId::generate(now);
        let mut sheet = Sheet::default();
        self.settings.preset(&self.loaded.pack, &mut sheet);
        let draft = Draft { id, started: now, day: self.today, step: StepId::Patient, question: None, sheet };
        Begun { draft, hold: hold_of(self.records, id).ok(), from: From::Nothing }
    }
}

/// Holds a draft; `Err(true)` when another program has it, `Err(false)` where the system has no such locks.
pub(super) fn hold_of(records: &Path, id: RecordId) -> Result<Hold, bool> {
    match Hold::take(records, id) {
        Held::Here(hold) => Ok(hold),
        Held::Elsewhere => Err(true),
        Held::Unknown => Err(false),
    }
}

/// Sessions and reactions that were begun, numbered after the consultations.
fn say_begun<R: BufRead, W: Write>(talk: &mut Talk<R, W>, begun: &[DraftLine], before: usize) {
    if begun.is_empty() {
        return;
    }
    talk.gap();
    talk.say("Follow-up that was begun and not saved:");
    for (n, line) in begun.iter().enumerate() {
        let what = line.draft.following.as_ref().map_or("", words);
        talk.say_at(2, &format!("{} {what}, {}, {}", before + n + 1, name(line), line.at));
    }
}

fn say<R: BufRead, W: Write>(talk: &mut Talk<R, W>, lines: &[DraftLine]) {
    if lines.is_empty() {
        return;
    }
    talk.gap();
    talk.say("Consultations that were not finished:");
    for (n, line) in lines.iter().enumerate() {
        let amends = match line.draft.amends {
            0 => String::new(),
            version => format!(", amends version {version}"),
        };
        talk.say_at(2, &format!("{} {}{amends}, at {}, {}", n + 1, name(line), line.step.label(), line.at));
    }
}

fn name(line: &DraftLine) -> &str {
    if line.patient.is_empty() { "no name yet" } else { &line.patient }
}

/// Removes a draft after asking; whether it is gone.
fn remove<R: BufRead, W: Write>(talk: &mut Talk<R, W>, store: &mut dyn Store, line: &DraftLine) -> Result<bool, Ended> {
    talk.say(&format!("{}, {}: what was answered there is lost for good.", name(line), line.at));
    if !talk.yes("Remove the draft?")? {
        return Ok(false);
    }
    match store.drop_draft(line.draft.id) {
        Ok(()) => {
            talk.say("Removed.");
            Ok(true)
        }
        Err(why) => {
            talk.say(&format!("Not removed: {why}"));
            Ok(false)
        }
    }
}
