//! What to go on with: a draft that was left, or a new consultation.

use std::io::{BufRead, Write};
use std::path::Path;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::talk::{Ended, Talk, nth};
use crate::cli::failure::Failure;
use crate::find::fold;
use crate::record::{Held, Hold, RecordId, Store};
use crate::tui::Settings;
use crate::tui::app::Loaded;
use crate::tui::begun::words;
use crate::tui::lists::{DraftLine, draft_line};
use crate::tui::paper;
use crate::tui::sheet::{Draft, Sheet, StepId};

const HELP: &str = "A number goes on with the consultation that has it. Enter begins a new one. `remove` and a number, such \
as `remove 1`, removes a draft for good. `quit` ends.";

/// What it takes to choose.
pub(super) struct Choose<'a> {
    pub loaded: &'a Loaded,
    pub settings: &'a Settings,
    pub records: &'a Path,
    pub today: Date,
}

/// What was chosen.
pub(super) struct Begun {
    pub draft: Draft,
    /// Kept while the draft is open here, where the system has such locks.
    pub hold: Option<Hold>,
    /// It was left before: another patient may sit here by now.
    pub resumed: bool,
}

impl Choose<'_> {
    /// A draft that was left, or a new consultation; `None` when neither is wanted.
    pub fn draft<R: BufRead, W: Write>(
        &self,
        talk: &mut Talk<R, W>,
        store: &mut dyn Store,
    ) -> Result<Option<Begun>, Failure> {
        let zone = TimeZone::system();
        let drafts = store.drafts().map_err(|why| Failure::plain(why.to_string(), ""))?.drafts;
        let (begun, drafts): (Vec<_>, Vec<_>) = drafts.into_iter().partition(|draft| draft.following.is_some());
        let mut lines: Vec<_> = drafts.into_iter().map(|draft| draft_line(draft, self.today, &zone)).collect();
        if !begun.is_empty() {
            talk.gap();
            talk.say("Begun and not saved; the screen (`pistor` alone) goes on with it:");
            for line in begun.into_iter().map(|draft| draft_line(draft, self.today, &zone)) {
                let what = line.draft.following.as_ref().map_or("", words);
                talk.say_at(2, &format!("- {what}, {}, {}", line.patient, line.at));
            }
        }
        loop {
            if lines.is_empty() {
                return Ok(Some(self.fresh()));
            }
            say(talk, &lines);
            let Ok(typed) = talk.line("A number goes on with one; Enter begins a new consultation:") else {
                return Ok(None);
            };
            let (word, rest) = typed.split_once(' ').unwrap_or((&typed, ""));
            match fold(word.trim_start_matches('/')).as_str() {
                "" => return Ok(Some(self.fresh())),
                "quit" => return Ok(None),
                "help" | "?" => talk.say(HELP),
                "remove" => match nth(rest, lines.len()) {
                    Some(at) => match remove(talk, store, &lines[at]) {
                        Ok(true) => drop(lines.remove(at)),
                        Ok(false) => {}
                        Err(Ended) => return Ok(None),
                    },
                    None => talk.say(&format!("There is no draft {rest}: `remove` and a number of the list.")),
                },
                _ => match nth(&typed, lines.len()).map(|at| &lines[at]) {
                    None => talk.say(&format!("There is no {typed}; `help` tells what can be typed here.")),
                    Some(line) => match self.held(line.draft.id) {
                        Err(true) => talk.say("Another pistor has this draft open; finish it there."),
                        hold => {
                            let (draft, lost) = paper::taken(&self.loaded.pack, &line.draft, self.today);
                            if !lost.is_empty() {
                                talk.say("Some answers cannot be read with this pack; they are kept in the note.");
                            }
                            return Ok(Some(Begun { draft, hold: hold.ok(), resumed: true }));
                        }
                    },
                },
            }
        }
    }

    fn fresh(&self) -> Begun {
        let now = Timestamp::now();
        let id = RecordId::generate(now);
        let mut sheet = Sheet::default();
        self.settings.preset(&self.loaded.pack, &mut sheet);
        let draft = Draft { id, started: now, step: StepId::Patient, question: None, sheet };
        Begun { draft, hold: self.held(id).ok(), resumed: false }
    }

    /// Holds a draft; `Err(true)` when another program has it, `Err(false)` where the system has no such locks.
    fn held(&self, id: RecordId) -> Result<Hold, bool> {
        match Hold::take(self.records, id) {
            Held::Here(hold) => Ok(hold),
            Held::Elsewhere => Err(true),
            Held::Unknown => Err(false),
        }
    }
}

fn say<R: BufRead, W: Write>(talk: &mut Talk<R, W>, lines: &[DraftLine]) {
    talk.gap();
    talk.say("Consultations that were not finished:");
    for (n, line) in lines.iter().enumerate() {
        talk.say_at(2, &format!("{} {}, at {}, {}", n + 1, name(line), line.step.label(), line.at));
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
