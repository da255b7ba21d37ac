//! `pistor --plain`: the consultation line by line, for screen readers, dumb terminals and scripts. It keeps the same
//! sheet, drafts and records as the screen: one can be begun here and finished there.

mod ask;
mod list;
mod returning;
mod review;
mod sign;
mod talk;

use std::collections::BTreeSet;
use std::io::{BufRead, IsTerminal, Write};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::Ended as Done;
use super::failure::Failure;
use super::options::Common;
use super::records::Way;
use super::session::Session;
use crate::config::Places;
use crate::pack::{Identified, QuestionIx};
use crate::plan::Assessment;
use crate::record::{Alike, Held, Hold, Protection, RecordId, Store, StoreError};
use crate::tui::Settings;
use crate::tui::app::Loaded;
use crate::tui::begun::words;
use crate::tui::engine;
use crate::tui::lists::draft_line;
use crate::tui::paper;
use crate::tui::sheet::{Draft, Sheet, StepId};
use talk::{Ended, Talk};

const WELCOME: &str = "pistor, line by line. It supports a qualified clinician's decision and never replaces it.
Type an answer and Enter; Enter alone leaves a question open. At every question: `help`, `back`, `unknown`, `none`, \
`clear`, `answers`, `quit` (the draft is kept). Where you type a name or a text, write commands with a slash: `/back`.";

/// Holds a consultation on standard input and output.
pub(super) fn run(common: &Common, settings: &Settings) -> Result<(String, Done), Failure> {
    let session = Session::open(common)?;
    let places = Places::of_this_machine();
    let way = Way::find(&session.config, &places, None)?;
    let mut store = way.open_or_make()?;
    let (today, config) = (session.common.today(), &session.config);
    let loaded = Loaded::new(session.pack);
    let typed = std::io::stdin();
    let echo = !typed.is_terminal();
    let mut talk = Talk::new(typed.lock(), std::io::stdout().lock(), echo);
    talk.say(WELCOME);
    match store.standing() {
        Ok(standing) => {
            if let Some(why) = standing.rolled_back {
                talk.say(&format!("Warning: {why}"));
            }
            if standing.protection == Protection::Undecided {
                talk.say("The records are not encrypted: `pistor records protect` sets a passphrase.");
            }
        }
        Err(why) => return Err(Failure::plain(why.to_string(), "")),
    }
    let choose = Choose { loaded: &loaded, settings, records: &way.site.records, today };
    let chosen = choose.draft(&mut talk, &mut store)?;
    let Some((draft, hold)) = chosen else { return Ok((String::new(), Done::Done)) };
    let mut consultation = Consultation::new(&loaded, &config.clinic.open, today, &mut store, draft);
    let ended = consultation.hold(&mut talk);
    drop(hold);
    match ended {
        Ok(End::Saved(id)) => Ok((
            format!(
                "\nSaved as record {id}.\nLater, `pistor records follow-up {id} FILE` writes down a session or a \
                 reaction;\n`pistor records follow-up --help` shows both files.\n"
            ),
            Done::Done,
        )),
        Ok(End::Quit) => {
            Ok(("\nThe draft is kept; `pistor` or `pistor --plain` goes on with it.\n".to_owned(), Done::Done))
        }
        Err(Stop::Input) => Err(Failure::plain(
            "the input ended before the consultation was signed",
            "the draft is kept; `pistor` or `pistor --plain` goes on with it",
        )),
        Err(Stop::Store(why)) => {
            Err(Failure::plain(why.to_string(), "nothing more was asked, because it could not be kept"))
        }
    }
}

/// Whether the consultation is held line by line although nobody asked for it: on a terminal that cannot place a cursor.
pub(super) fn is_needed() -> bool {
    std::io::stdin().is_terminal() && std::env::var_os("TERM").is_some_and(|term| term == "dumb")
}

/// Why it stopped.
#[derive(Debug)]
pub(super) enum Stop {
    /// The input has ended.
    Input,
    /// Something could not be kept.
    Store(StoreError),
}

impl From<Ended> for Stop {
    fn from(_: Ended) -> Self {
        Self::Input
    }
}

impl From<StoreError> for Stop {
    fn from(why: StoreError) -> Self {
        Self::Store(why)
    }
}

/// How it ended.
#[derive(Debug)]
enum End {
    Saved(RecordId),
    Quit,
}

/// What to go on with.
struct Choose<'a> {
    loaded: &'a Loaded,
    settings: &'a Settings,
    records: &'a std::path::Path,
    today: Date,
}

impl Choose<'_> {
    /// A draft that was left, or a new consultation; `None` when the input ends.
    fn draft<R: BufRead, W: Write>(
        &self,
        talk: &mut Talk<R, W>,
        store: &mut dyn Store,
    ) -> Result<Option<(Draft, Option<Hold>)>, Failure> {
        let drafts = store.drafts().map_err(|why| Failure::plain(why.to_string(), ""))?.drafts;
        let zone = TimeZone::system();
        let (begun, drafts): (Vec<_>, Vec<_>) = drafts.into_iter().partition(|draft| draft.following.is_some());
        let lines: Vec<_> = drafts.into_iter().map(|draft| draft_line(draft, self.today, &zone)).collect();
        if !begun.is_empty() {
            talk.gap();
            talk.say("Begun and not saved; the screen (`pistor` alone) goes on with it:");
            for line in begun.into_iter().map(|draft| draft_line(draft, self.today, &zone)) {
                let what = line.draft.following.as_ref().map_or("", words);
                talk.say_at(2, &format!("- {what}, {}, {}", line.patient, line.at));
            }
        }
        if !lines.is_empty() {
            talk.gap();
            talk.say("Consultations that were not finished:");
            for (n, line) in lines.iter().enumerate() {
                let name = if line.patient.is_empty() { "no name yet" } else { &line.patient };
                talk.say_at(2, &format!("{} {name}, at {}, {}", n + 1, line.step.label(), line.at));
            }
        }
        loop {
            let number = match lines.is_empty() {
                true => String::new(),
                false => match talk.line("A number goes on with one; Enter begins a new consultation:") {
                    Ok(line) => line,
                    Err(Ended) => return Ok(None),
                },
            };
            if number.is_empty() {
                let now = Timestamp::now();
                let id = RecordId::generate(now);
                let mut sheet = Sheet::default();
                self.settings.preset(&self.loaded.pack, &mut sheet);
                let draft = Draft { id, started: now, day: self.today, step: StepId::Patient, question: None, sheet };
                return Ok(Some((draft, self.held(id).ok())));
            }
            let Some(line) = number.parse::<usize>().ok().and_then(|n| lines.get(n.checked_sub(1)?)) else {
                talk.say(&format!("There is no {number}."));
                continue;
            };
            match self.held(line.draft.id) {
                Err(true) => talk.say("Another pistor has this draft open; finish it there."),
                hold => {
                    let (draft, lost) = paper::taken(&self.loaded.pack, &line.draft, self.today);
                    if !lost.is_empty() {
                        talk.say("Some answers cannot be read with this pack; they are kept in the note.");
                    }
                    if let Some(carried) = draft.sheet.carried.as_ref().filter(|carried| carried.version == 0) {
                        talk.say(&format!(
                            "It was left on {}: what may have changed since is asked anew.",
                            carried.earlier.day()
                        ));
                    }
                    return Ok(Some((draft, hold.ok())));
                }
            }
        }
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

/// The consultation that is being held.
struct Consultation<'a> {
    loaded: &'a Loaded,
    open: &'a crate::config::OpenDays,
    today: Date,
    store: &'a mut dyn Store,
    id: RecordId,
    started: Timestamp,
    sheet: Sheet,
    assessment: Assessment,
    /// Questions that were left open on purpose: they are not asked again before everything else was.
    passed: BTreeSet<usize>,
    /// Questions that were asked, for going back.
    behind: Vec<QuestionIx>,
    /// The question to ask although it is answered.
    again: Option<QuestionIx>,
    /// The question that is being asked.
    here: Option<QuestionIx>,
    /// The step whose heading was said.
    step: Option<StepId>,
    /// Patients on record who might be meant.
    alike: Vec<Alike>,
}

/// What came of a question.
enum Said {
    /// Answered, or left open.
    Next,
    /// The one before.
    Back,
    /// End.
    Quit,
}

impl<'a> Consultation<'a> {
    fn new(
        loaded: &'a Loaded,
        open: &'a crate::config::OpenDays,
        today: Date,
        store: &'a mut dyn Store,
        draft: Draft,
    ) -> Self {
        let Draft { id, started, sheet, step, question, .. } = draft;
        let pack = &loaded.pack;
        let assessment = engine::assess(pack, &sheet, open, sheet.day(today));
        // What was left open before the place where the draft was left is not asked again at once.
        let here = question.and_then(|id| pack.questions.find(&id));
        let before = |(ix, question): &(QuestionIx, &crate::pack::Question)| match here {
            Some(here) => ix.get() < here.get(),
            None => StepId::from(question.step) < step,
        };
        let passed = pack.questions.entries().filter(before).map(|(ix, _)| ix.get()).collect();
        let (behind, again, step) = (Vec::new(), None, None);
        let alike = Vec::new();
        Self { loaded, open, today, store, id, started, sheet, assessment, passed, behind, again, here, step, alike }
    }

    /// From the first question to the signature.
    fn hold<R: BufRead, W: Write>(&mut self, talk: &mut Talk<R, W>) -> Result<End, Stop> {
        loop {
            if let Said::Quit = self.ask_all(talk)? {
                return Ok(End::Quit);
            }
            match self.review(talk)? {
                review::Next::Ask => {}
                review::Next::Quit => return Ok(End::Quit),
                review::Next::Sign => {
                    if let Some(id) = self.sign(talk)? {
                        return Ok(End::Saved(id));
                    }
                }
            }
        }
    }

    /// Every question that is open and not left open on purpose.
    fn ask_all<R: BufRead, W: Write>(&mut self, talk: &mut Talk<R, W>) -> Result<Said, Stop> {
        while let Some(ix) = self.next() {
            let step = StepId::from(self.loaded.pack.questions[ix].step);
            if self.step != Some(step) {
                self.step = Some(step);
                talk.gap();
                talk.say(&format!("{} ({} of {})", step.label(), step.index() + 1, StepId::ALL.len()));
                self.sheet.visited.insert(step);
            }
            self.here = Some(ix);
            let returning = self.sheet.is_returning();
            match self.ask(talk, ix)? {
                // It turned out who it is: everything is asked from the beginning.
                Said::Next if self.sheet.is_returning() != returning => {}
                Said::Next => {
                    let id = &self.loaded.pack.questions[ix].id;
                    self.look_for_alike(talk, id)?;
                    if !self.is_answered(ix) {
                        self.passed.insert(ix.get());
                    }
                    self.behind.retain(|other| *other != ix);
                    self.behind.push(ix);
                }
                Said::Back => match self.behind.pop() {
                    Some(before) => self.again = Some(before),
                    None => talk.say("This is the first question."),
                },
                Said::Quit => return Ok(Said::Quit),
            }
        }
        (self.step, self.here) = (None, None);
        self.keep()?;
        Ok(Said::Next)
    }

    fn next(&mut self) -> Option<QuestionIx> {
        if let Some(ix) = self.again.take() {
            return Some(ix);
        }
        let asked = engine::questions(&self.loaded.pack, &self.sheet.intake, self.sheet.day(self.today)).asked;
        asked
            .into_iter()
            .find(|ix| !self.passed.contains(&ix.get()) && !self.is_answered(*ix) && !self.age_is_known(*ix))
    }

    fn is_answered(&self, ix: QuestionIx) -> bool {
        crate::tui::form::is_answered(&self.loaded.pack.questions[ix], &self.sheet, &self.assessment)
    }

    /// The age comes from the date of birth, and the other way round an age makes the date unnecessary.
    fn age_is_known(&self, ix: QuestionIx) -> bool {
        let (pack, roles) = (&self.loaded.pack, &self.loaded.pack.roles);
        let has = |ix: QuestionIx| self.sheet.intake.get(pack.questions[ix].id()).is_some();
        (ix == roles.age && has(roles.birth_date)) || (ix == roles.birth_date && has(roles.age))
    }

    /// Changes the sheet: it is assessed, and kept as a draft before the next question is asked.
    fn change(&mut self, edit: impl FnOnce(&mut Sheet)) -> Result<(), Stop> {
        let before = self.sheet.clone();
        edit(&mut self.sheet);
        if self.sheet == before {
            return Ok(());
        }
        self.sheet.follow(&before);
        let now = engine::assess(&self.loaded.pack, &self.sheet, self.open, self.sheet.day(self.today));
        let before = std::mem::replace(&mut self.assessment, now);
        self.sheet.reopen_consent(before.plan.as_ref(), self.assessment.plan.as_ref());
        self.keep()
    }

    /// Keeps the draft, with the place where it is.
    fn keep(&mut self) -> Result<(), Stop> {
        if self.sheet.intake.answers.is_empty() {
            return Ok(());
        }
        let pack = &self.loaded.pack;
        let draft = Draft {
            id: self.id,
            started: self.started,
            day: self.today,
            step: self.step.unwrap_or(StepId::Assessment),
            question: self.here.map(|ix| pack.questions[ix].id.clone()),
            sheet: self.sheet.clone(),
        };
        self.store.put_draft(&paper::kept(&draft, Timestamp::now()))?;
        Ok(())
    }
}
