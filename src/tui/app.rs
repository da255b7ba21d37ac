//! The state of the program: everything that can be seen, and nothing else.

use std::collections::BTreeSet;
use std::sync::Arc;

use crossterm::event::KeyEvent;
use jiff::Timestamp;
use jiff::civil::Date;
use tui_input::Input;

use super::action::Action;
use super::begun::Begun;
use super::finder::Finder;
use super::follow_up::FollowUpView;
use super::form::Form;
use super::history::{AlikeLine, CompareView, PatientView, Sieve};
use super::lists::{DraftLine, RECORDS, RecordLine};
use super::lock::LockView;
use super::news::News;
pub use super::popups::{Areas, Confirm, MixFinding, MixForm, Picker, Popup, ScaleForm, Subject};
use super::settings::{Settings, Training};
use super::sheet::{Draft, Sheet, StepId};
use super::theme::Theme;
use super::thought::Thinking;
use super::tour::Tour;
use super::training::TrainView;
use crate::find::Hit;
use crate::pack::{Pack, QuestionIx};
use crate::plan::{Assessment, Formulary};
use crate::record::{self, Difference, Document, Query, Reading, RecordId, Standing};
use crate::training::School;

/// The state.
#[derive(Debug)]
pub struct App {
    /// Presets of the practice.
    pub settings: Settings,
    /// The colours.
    pub theme: Theme,
    /// The day.
    pub today: Date,
    /// Columns and rows of the terminal.
    pub size: (u16, u16),
    /// The clinical content.
    pub pack: PackState,
    /// The first screen; it stays as it was while another one is shown.
    pub home: Home,
    /// What is shown.
    pub screen: Screen,
    /// Windows over it, the last one on top.
    pub popups: Vec<Popup>,
    /// A remark in the line above the keys, until the next key.
    pub notice: Option<Notice>,
    /// Whether the mouse is listened to.
    pub mouse: bool,
    /// Keys that came while the pack was being read for something that was asked for.
    pub ahead: Vec<KeyEvent>,
    /// What was asked for before the pack was there.
    pub wanted: Option<Wanted>,
    /// How the records stand, once they are open.
    pub standing: Option<Standing>,
    /// The guided tour, while it is shown over everything else.
    pub tour: Option<Box<Tour>>,
    /// Makes the id and the time of a new consultation (the clock and chance stay outside).
    pub birth: fn() -> (RecordId, Timestamp),
}

/// The pack, once it is there.
#[derive(Debug)]
pub enum PackState {
    /// It is being read.
    Loading,
    /// It is there.
    Ready(Arc<Loaded>),
    /// It has mistakes.
    Failed(String),
}

/// The pack with what the screens look up in it all the time.
#[derive(Debug)]
pub struct Loaded {
    /// The clinical content.
    pub pack: Pack,
    /// Type-to-find.
    pub finder: Finder,
    /// The questions by step, the keys of their options, the qualifiers of items.
    pub form: Form,
    /// The training cases, where somebody trains.
    pub school: Option<School>,
}

impl Loaded {
    /// Prepares a pack for the screens.
    #[must_use]
    pub fn new(pack: Pack) -> Self {
        Self { finder: Finder::new(), form: Form::new(&pack), pack, school: None }
    }
}

/// What was asked for before the pack was there.
#[derive(Clone, PartialEq, Debug)]
pub enum Wanted {
    /// A new consultation.
    New,
    /// A draft.
    Resume(Box<record::Draft>),
    /// An amendment of the record on the screen.
    Amend,
    /// A session or a reaction of the record on the screen.
    FollowUp,
    /// A new consultation of a patient who was here before, once the pack is there.
    Return(Box<Reading>, Option<RecordId>),
}

/// What fills the screen.
#[derive(Debug)]
pub enum Screen {
    /// The first screen.
    Home,
    /// A consultation.
    Consult(Box<Consult>),
    /// A saved consultation, to read.
    Record(Box<RecordView>),
    /// A session or a reaction of a saved consultation, being written down.
    FollowUp(Box<FollowUpView>),
    /// All consultations of a patient.
    Patient(Box<PatientView>),
    /// Two consultations side by side.
    Compare(Box<CompareView>),
    /// What is known about ingredients.
    Formulary(Box<FormularyView>),
    /// The records are locked.
    Locked(Box<LockView>),
    /// Training; then there are no records.
    Training(Box<TrainView>),
}

/// The first screen.
#[derive(Debug, Default)]
pub struct Home {
    /// Drafts on disk.
    pub drafts: Vec<DraftLine>,
    /// Records that match.
    pub records: Vec<RecordLine>,
    /// How many match, shown or not.
    pub total: usize,
    /// Records that are there and cannot be read.
    pub unreadable: usize,
    /// Whether the list of records has arrived.
    pub listed: bool,
    /// Why nothing can be kept, if so.
    pub trouble: Option<String>,
    /// The line the cursor is on: 0 is "new consultation", then drafts, then records.
    pub chosen: usize,
    /// First line shown.
    pub top: usize,
    /// The words records are searched by.
    pub filter: Input,
    /// Whether they are being typed.
    pub filtering: bool,
    /// Nothing matches exactly: names that are nearly so are listed.
    pub similar: bool,
    /// Which of them are listed, and in which order.
    pub sieve: Sieve,
    /// The year of the oldest record.
    pub oldest: Option<i16>,
    /// Consultations left open: kept whole, so that even a failed save loses nothing.
    pub parked: Vec<Consult>,
    /// Sessions and reactions left open: kept whole, too.
    pub noted: Vec<Begun>,
    /// The one of them that waits for its record to be read.
    pub resuming: Option<Box<record::Draft>>,
}

impl Home {
    /// The drafts in the list: out of the way while records are looked for.
    #[must_use]
    pub fn drafts_shown(&self) -> &[DraftLine] {
        if self.filtering || !self.filter.value().is_empty() { &[] } else { &self.drafts }
    }

    /// What the list of records shows.
    #[must_use]
    pub fn query(&self) -> Query {
        self.sieve.query(self.filter.value(), RECORDS)
    }
}

/// A saved consultation on the screen.
#[derive(Clone, PartialEq, Debug)]
pub struct RecordView {
    /// Its id.
    pub id: RecordId,
    /// Its version.
    pub version: u32,
    /// The newest version there is.
    pub newest: u32,
    /// The document; the bare text when a newer program wrote it.
    pub document: Result<Document, String>,
    /// What it changed in the version before.
    pub changes: Vec<Difference>,
    /// The history that one came from, and goes back to.
    pub back: Option<Box<PatientView>>,
    /// The row the cursor is on.
    pub chosen: usize,
    /// First line shown.
    pub top: usize,
}

/// Ingredients to find, and the entry of the one the cursor is on.
#[derive(Debug, Default)]
pub struct FormularyView {
    /// What was typed.
    pub query: Input,
    /// What was found.
    pub hits: Vec<Hit>,
    /// The hit the cursor is on.
    pub chosen: usize,
    /// First hit shown.
    pub top: usize,
    /// The entry of that hit.
    pub entry: Option<Formulary>,
    /// The entry is being read: keys move in it.
    pub reading: bool,
    /// The row of the entry the cursor is on.
    pub at: usize,
    /// First line of the entry shown.
    pub entry_top: usize,
}

/// A consultation being held.
#[derive(Debug)]
pub struct Consult {
    /// The id of the draft.
    pub id: RecordId,
    /// When it was begun.
    pub started: Timestamp,
    /// The day its answers are given on.
    pub day: Date,
    /// What was said and decided.
    pub sheet: Sheet,
    /// Earlier states, for undo.
    pub past: Vec<Moment>,
    /// Undone states, for redo.
    pub future: Vec<Moment>,
    /// Where one is.
    pub step: StepId,
    /// The question with the focus, on the steps that ask.
    pub question: Option<QuestionIx>,
    /// The part of that question the cursor is on.
    pub part: Part,
    /// The line being typed, if one is.
    pub line: Option<Input>,
    /// The line still holds what was answered before: a digit replaces it.
    pub fresh: bool,
    /// What is wrong with what was typed: by the key of [`Sheet::pending`].
    pub error: Option<(String, String)>,
    /// Go back here after the next answer.
    pub back_to: Option<StepId>,
    /// The picker was closed with "done": when the entries need nothing more, one goes on by itself.
    pub onward: bool,
    /// On Sign, Esc ended the typing of the line under the cursor: letters are commands there until the cursor moves.
    pub resting: bool,
    /// The row the cursor is on, on the steps that show.
    pub chosen: [usize; 8],
    /// First line shown.
    pub top: [usize; 8],
    /// Consent points that have been on the screen.
    pub seen: BTreeSet<String>,
    /// What the rules say now.
    pub assessment: Assessment,
    /// What the last answer changed in it.
    pub news: Vec<News>,
    /// The questions of all steps that are asked now.
    pub asked: Vec<QuestionIx>,
    /// Those that do not apply to this patient and these goals.
    pub idle: Vec<QuestionIx>,
    /// What led to the question with the focus, and which of the questions behind it that is.
    pub cause: Option<(Subject, usize)>,
    /// What would change a finding, by rule: worked out when somebody looks.
    pub changes: Option<(String, Vec<String>)>,
    /// Counts the states that were assessed: what is worked out beside the screen says which one it is about.
    pub state: u64,
    /// What would change the outcome, and what the open questions can do: worked out beside the screen.
    pub thinking: Thinking,
    /// Whether the draft is on disk.
    pub saved: Saved,
    /// The record is being written: no second signature.
    pub signing: bool,
    /// Patients on record who might be meant.
    pub alike: Vec<AlikeLine>,
    /// It goes on after a break: it was a draft on disk.
    pub resumed: bool,
    /// Something was changed since it was opened: only then is the draft written again.
    pub touched: bool,
}

impl Consult {
    /// The draft to keep.
    #[must_use]
    pub fn draft(&self, pack: &Pack) -> Draft {
        Draft {
            id: self.id,
            started: self.started,
            day: self.day,
            step: self.step,
            question: self.question.and_then(|ix| pack.questions.iter().nth(ix.get())).map(|q| q.id.clone()),
            sheet: self.sheet.clone(),
        }
    }

    /// The open questions one can answer now, by position in the assessment; those that wait for another answer
    /// come when it is given.
    #[must_use]
    pub fn open(&self, pack: &Pack) -> Vec<usize> {
        let missing = self.assessment.missing.iter().enumerate();
        let asked = |id: &str| pack.questions.find(id).is_some_and(|ix| self.asked.contains(&ix));
        let open: Vec<usize> = missing.filter(|(_, missing)| asked(&missing.question)).map(|(n, _)| n).collect();
        if open.is_empty() { (0..self.assessment.missing.len()).collect() } else { open }
    }
}

/// A state to go back to.
#[derive(Clone, Debug)]
pub struct Moment {
    /// What was said.
    pub sheet: Sheet,
    /// Where.
    pub step: StepId,
    /// At which question.
    pub question: Option<QuestionIx>,
}

/// Whether the draft is on disk.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Saved {
    /// Nothing to save yet.
    Nothing,
    /// On its way.
    Saving,
    /// Since that time of day.
    At(String),
    /// It could not be written.
    Failed(String),
}

/// The part of a question the cursor is on.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Part {
    /// All of it: a line of text, a number.
    #[default]
    Whole,
    /// One option of a choice.
    Option(usize),
    /// One entry of a list.
    Entry(usize),
    /// One qualifier of an entry.
    Field(usize, usize),
    /// The end of a list, where one adds or goes on.
    Tail,
}

/// What a click, or the selection of a row, means.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Target {
    /// Go to a step.
    Step(StepId),
    /// A part of a question.
    Part(QuestionIx, Part),
    /// What one can do at the end of a list.
    Tail(QuestionIx, Action),
    /// An option of a qualifier: entry, field, option.
    FieldOption(QuestionIx, usize, usize, usize),
    /// An option of a question of the scale in the window: question, option.
    ScaleOption(usize, usize),
    /// The nth reflection time.
    Reflection(usize),
    /// The nth thing one can choose on this screen or in this window.
    Item(usize),
    /// A mode of the training.
    Mode(crate::training::Mode),
    /// The same as a key.
    Action(Action),
}

/// A remark above the keys.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Notice {
    /// Something was done.
    Done(String),
    /// Something cannot be done, and why.
    Refused(String),
}

impl App {
    /// What the list of records shows: brands and lay words find what they are names of, once the pack is there.
    #[must_use]
    pub fn records_wanted(&self) -> Query {
        let query = self.home.query();
        let also = self.loaded().map(|loaded| loaded.finder.also(&loaded.pack, &query.text)).unwrap_or_default();
        Query { also, ..query }
    }

    /// A program that has just been started.
    #[must_use]
    pub fn new(
        settings: Settings,
        theme: Theme,
        today: Date,
        size: (u16, u16),
        birth: fn() -> (RecordId, Timestamp),
    ) -> Self {
        let mouse = settings.mouse;
        let screen = match settings.training {
            Training::No if settings.locked => Screen::Locked(Box::default()),
            Training::No => Screen::Home,
            Training::Visit | Training::Only => Screen::Training(Box::default()),
        };
        Self {
            settings,
            theme,
            today,
            size,
            pack: PackState::Loading,
            home: Home::default(),
            screen,
            popups: Vec::new(),
            notice: None,
            mouse,
            ahead: Vec::new(),
            wanted: None,
            standing: None,
            tour: None,
            birth,
        }
    }

    /// The pack, if it is there.
    #[must_use]
    pub fn loaded(&self) -> Option<Arc<Loaded>> {
        match &self.pack {
            PackState::Ready(loaded) => Some(Arc::clone(loaded)),
            PackState::Loading | PackState::Failed(_) => None,
        }
    }

    /// The consultation on the screen.
    #[must_use]
    pub fn consult(&self) -> Option<&Consult> {
        match &self.screen {
            Screen::Consult(consult) => Some(consult),
            _ => None,
        }
    }

    /// The consultation on the screen, to change it.
    pub fn consult_mut(&mut self) -> Option<&mut Consult> {
        match &mut self.screen {
            Screen::Consult(consult) => Some(consult),
            _ => None,
        }
    }

    /// Why a draft that is open here, or was left open, could not be written.
    #[must_use]
    pub fn not_kept(&self) -> Option<&str> {
        let form = match &self.screen {
            Screen::FollowUp(view) => Some(&view.saved),
            _ => None,
        };
        let open = self.consult().into_iter().chain(&self.home.parked).map(|open| &open.saved);
        let mut all = open.chain(form).chain(self.home.noted.iter().map(|noted| &noted.saved));
        all.find_map(|saved| if let Saved::Failed(why) = saved { Some(why.as_str()) } else { None })
    }

    /// Says that something cannot be done.
    pub fn refuse(&mut self, why: &str) {
        self.notice = Some(Notice::Refused(why.to_owned()));
    }

    /// Says that something was done.
    pub fn tell(&mut self, what: impl Into<String>) {
        self.notice = Some(Notice::Done(what.into()));
    }
}
