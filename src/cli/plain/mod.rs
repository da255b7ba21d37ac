//! `pistor --plain`: the consultation line by line, for screen readers, dumb terminals and scripts. It keeps the same
//! sheet, drafts and records as the screen: one can be begun here and finished there.

mod anywhere;
mod ask;
mod begin;
mod brief;
mod follow_up;
mod list;
mod mix;
mod moving;
mod returning;
mod review;
mod sign;
mod talk;
mod typed;
mod why;

use std::collections::{BTreeSet, VecDeque};
use std::io::{BufRead, IsTerminal, Write};
use std::path::Path;

use jiff::Timestamp;
use jiff::civil::Date;

use super::Ended as Done;
use super::failure::Failure;
use super::options::Common;
use super::records::{Way, failed, resolve, unknown};
use super::session::Session;
use crate::config::Places;
use crate::pack::{Identified, QuestionIx};
use crate::plan::Assessment;
use crate::record::{Alike, Protection, RecordId, Store, StoreError};
use crate::tui::Settings;
use crate::tui::app::Loaded;
use crate::tui::engine;
use crate::tui::paper;
use crate::tui::sheet::{Draft, Sheet, StepId};
use begin::{Begun, Choose, Chosen, From as Source};
use follow_up::Desk;
pub(super) use follow_up::{Asked, run as follow_up};
use talk::{Ended, Talk};

const WELCOME: &str = "pistor, line by line. It supports a qualified clinician's decision and never replaces it.
Type an answer and Enter; Enter alone leaves a question open, or an answer as it is. `help` says what can be typed, `status` \
where you are, `quit` ends and keeps the draft. Where you type a name or a text, write commands with a slash: `/back`.";

/// What to begin with.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Start {
    /// A draft or a new consultation, as is chosen.
    Choice,
    /// An amendment of a saved consultation.
    Amend(String),
    /// A new consultation of the patient of a saved one.
    Again(String),
}

/// Holds a consultation on standard input and output.
pub(super) fn run(
    common: &Common,
    settings: &Settings,
    passphrase_file: Option<&Path>,
    start: &Start,
) -> Result<(String, Done), Failure> {
    let session = Session::open(common)?;
    let places = Places::of_this_machine();
    let way = Way::find(&session.config, &places, passphrase_file)?;
    let mut store = match start {
        Start::Choice => way.open_or_make()?,
        // Looking makes no files.
        Start::Amend(id) | Start::Again(id) => way.open()?.ok_or_else(|| unknown(id))?,
    };
    let record = match start {
        Start::Choice => None,
        Start::Amend(id) | Start::Again(id) => Some(resolve(&mut store, id)?),
    };
    let (today, config) = (session.common.today(), &session.config);
    let law = session.common.jurisdiction.clone();
    let loaded = Loaded::new(session.pack);
    let typed = std::io::stdin();
    let echo = !typed.is_terminal();
    let mut talk = Talk::new(typed.lock(), std::io::stdout().lock(), echo);
    talk.say(WELCOME);
    let standing = store.standing().map_err(failed)?;
    if let Some(why) = standing.rolled_back {
        talk.say(&format!("Warning: {why}"));
    }
    if standing.protection == Protection::Undecided {
        talk.say("The records are not encrypted: `pistor records protect` sets a passphrase.");
    }
    let choose = Choose { loaded: &loaded, settings, records: &way.site.records, actor: way.actor(), today };
    let begun = match (start, record) {
        (Start::Amend(_), Some(id)) => Some(choose.amendment(&mut talk, &mut store, id)?),
        (Start::Again(_), Some(id)) => Some(choose.again(&mut talk, &mut store, id)?),
        _ => match choose.draft(&mut talk, &mut store)? {
            Some(Chosen::Consultation(begun)) => Some(*begun),
            Some(Chosen::Form(draft)) => {
                let Some(record) = draft.following.as_ref().map(|of| of.record) else {
                    return Ok((String::new(), Done::Done));
                };
                let desk = Desk {
                    loaded: &loaded,
                    store: &mut store,
                    records: &way.site.records,
                    today,
                    by: settings.practitioner.trim(),
                    actor: way.actor(),
                    law: law.as_deref(),
                    dry: false,
                };
                return desk.write_down(&mut talk, record, Some(*draft));
            }
            None => None,
        },
    };
    let Some(Begun { draft, hold, from }) = begun else { return Ok((String::new(), Done::Done)) };
    let mut consultation = Consultation::new(&loaded, &config.clinic.open, today, &mut store, draft, from);
    let ended = consultation.hold(&mut talk);
    let kept = consultation.touched && !consultation.sheet.intake.answers.is_empty();
    drop(hold);
    let unkept = consultation.unkept.clone().filter(|_| kept);
    let draft = if unkept.is_some() {
        "what was answered since it was kept last is lost"
    } else if kept {
        "the draft is kept; `pistor` or `pistor --plain` goes on with it"
    } else {
        "nothing was changed, and nothing is kept"
    };
    if let (Err(Stop::Quit | Stop::Input), Some(why)) = (&ended, &unkept) {
        return Err(Failure::plain(why, draft));
    }
    match ended {
        Ok(id) => {
            let later =
                format!("Later, `pistor records follow-up {id}` writes down a session or a reaction, line by line.");
            Ok((format!("\nSaved as record {id}.\n{later}\n"), Done::Done))
        }
        Err(Stop::Quit) => Ok((format!("\n{}.\n", sentence(draft)), Done::Done)),
        Err(Stop::Input) => Err(Failure::plain("the input ended before the consultation was signed", draft)),
        Err(Stop::Store(why)) => {
            Err(Failure::plain(why.to_string(), "nothing more was asked, because it could not be kept"))
        }
    }
}

/// With a capital letter.
fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Whether the consultation is held line by line although nobody asked for it: on a terminal that cannot place a cursor.
pub(super) fn is_needed() -> bool {
    std::io::stdin().is_terminal() && std::env::var_os("TERM").is_some_and(|term| term == "dumb")
}

/// Why it stopped before the record was saved.
#[derive(Debug)]
pub(super) enum Stop {
    /// That was wanted.
    Quit,
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
    /// Questions to ask next, answered or not.
    again: VecDeque<QuestionIx>,
    /// The question that is being asked.
    here: Option<QuestionIx>,
    /// The step whose heading was said.
    step: Option<StepId>,
    /// Patients on record who might be meant.
    alike: Vec<Alike>,
    /// It is a draft that was left: somebody else may sit here by now.
    resumed: bool,
    /// There is something to keep: what was only filled in or looked at is no draft.
    touched: bool,
    /// Why the draft could not be kept the last time; and what was told of that.
    unkept: Option<String>,
    told_unkept: Option<String>,
    /// Points of consent are open again, and it was not told yet.
    reopened: bool,
    /// The sheets before each change, and those that were taken back.
    past: Vec<Sheet>,
    future: Vec<Sheet>,
    /// What the rules said when it was told last.
    told: Assessment,
    /// The assessment in brief, as it was heard.
    heard: String,
}

/// What came of a question.
enum Said {
    /// Answered, or left open.
    Next,
    /// The one before.
    Back,
    /// Whatever is to be asked next: somebody went elsewhere.
    Elsewhere,
    /// No more questions for now.
    Review,
}

impl<'a> Consultation<'a> {
    fn new(
        loaded: &'a Loaded,
        open: &'a crate::config::OpenDays,
        today: Date,
        store: &'a mut dyn Store,
        draft: Draft,
        from: Source,
    ) -> Self {
        let Draft { id, started, sheet, step, question, .. } = draft;
        let pack = &loaded.pack;
        let assessment = engine::assess(pack, &sheet, open, sheet.day(today));
        // What was left open before the place where the draft was left is not asked again at once.
        let here = question.and_then(|id| pack.questions.find(&id));
        let before = |(ix, question): &(QuestionIx, &crate::pack::Question)| match here {
            // What was left open in a saved version is asked when somebody goes there.
            _ if from == Source::Record => true,
            Some(here) => ix.get() < here.get(),
            None => StepId::from(question.step) < step,
        };
        let passed = pack.questions.entries().filter(before).map(|(ix, _)| ix.get()).collect();
        Self {
            loaded,
            open,
            today,
            store,
            id,
            started,
            resumed: from == Source::Disk,
            touched: from == Source::Disk,
            reopened: false,
            unkept: None,
            told_unkept: None,
            sheet,
            told: assessment.clone(),
            heard: String::new(),
            assessment,
            passed,
            behind: Vec::new(),
            again: VecDeque::new(),
            here,
            step: None,
            alike: Vec::new(),
            past: Vec::new(),
            future: Vec::new(),
        }
    }

    /// From the first question to the signature.
    fn hold<R: BufRead, W: Write>(&mut self, talk: &mut Talk<R, W>) -> Result<RecordId, Stop> {
        self.let_go_typed(talk)?;
        loop {
            self.ask_all(talk)?;
            match self.review(talk)? {
                review::Next::Ask => {}
                review::Next::Sign => {
                    if let Some(id) = self.sign(talk)? {
                        return Ok(id);
                    }
                }
            }
        }
    }

    /// Every question that is open and not left open on purpose.
    fn ask_all<R: BufRead, W: Write>(&mut self, talk: &mut Talk<R, W>) -> Result<(), Stop> {
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
                    self.say_news(talk);
                    if !self.is_answered(ix) {
                        self.passed.insert(ix.get());
                    }
                    self.behind.retain(|other| *other != ix);
                    self.behind.push(ix);
                }
                Said::Back => {
                    // The one that was left is asked after the one before it.
                    self.again.push_front(ix);
                    match self.behind.pop() {
                        Some(before) => self.again.push_front(before),
                        None => talk.say("This is the first question."),
                    }
                }
                Said::Elsewhere => self.say_news(talk),
                Said::Review => {
                    // What is left is left open on purpose.
                    self.passed.extend(self.asked().into_iter().map(QuestionIx::get));
                    break;
                }
            }
        }
        self.say_news(talk);
        self.again.clear();
        (self.step, self.here) = (None, None);
        self.keep();
        Ok(())
    }

    fn next(&mut self) -> Option<QuestionIx> {
        if let Some(ix) = self.again.pop_front() {
            return Some(ix);
        }
        self.asked()
            .into_iter()
            .find(|ix| !self.passed.contains(&ix.get()) && !self.is_answered(*ix) && !self.age_is_known(*ix))
    }

    /// The questions that apply, in their order.
    fn asked(&self) -> Vec<QuestionIx> {
        engine::questions(&self.loaded.pack, &self.sheet.intake, self.sheet.day(self.today)).asked
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
        self.past.push(before);
        self.future.clear();
        self.touched = true;
        let plan = self.assessment.plan.clone();
        self.assess();
        self.reopened |= self.sheet.reopen_consent(plan.as_ref(), self.assessment.plan.as_ref());
        self.keep();
        Ok(())
    }

    /// Lets the rules read the sheet.
    fn assess(&mut self) {
        self.assessment = engine::assess(&self.loaded.pack, &self.sheet, self.open, self.sheet.day(self.today));
    }

    /// Keeps the draft, with the place where it is. Where that fails, everything is still here, and the next answer tries
    /// again.
    fn keep(&mut self) {
        if !self.touched || self.sheet.intake.answers.is_empty() {
            return;
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
        self.unkept = self.store.put_draft(&paper::kept(&draft, Timestamp::now())).err().map(|why| why.to_string());
    }
}
