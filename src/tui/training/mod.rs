//! Training on the screen: the hall with the cases, an attempt, what comes out of it.
//!
//! An attempt is held as [`crate::training::Begun`], whose stages are types; only [`Revealed`] holds what the rules say,
//! and it is made of a sealed attempt. No record store is open while somebody trains, and the screens here know none.

mod exam;
mod short;
mod sitting;
mod slots;

use std::path::PathBuf;
use std::sync::Arc;

use jiff::civil::Date;
use tui_input::Input;

use super::app::Loaded;
use crate::find::fold;
use crate::training::{
    Advice, BegunExam, Case, Deposit, Draft, Mode, Past, Progress, Rating, Reveal, School, Sealed, Shelf, ShortCard,
    Topic, advice, topics,
};

pub use exam::{Desk, STATIONS};
pub use short::{Card, Short};
pub use sitting::{Asked, Sitting, Talk, found_questions};
pub use slots::{Choice, Kind, Slot, Spot, Weight, consent_title, slots};

/// Training as it is on the screen.
#[derive(Debug, Default)]
pub struct TrainView {
    /// The cases; they stay as they were while one is assessed.
    pub hall: Hall,
    /// What is shown.
    pub on: On,
}

/// What is shown.
#[derive(Debug, Default)]
pub enum On {
    /// The cases.
    #[default]
    Hall,
    /// Who sits which exam.
    Exam,
    /// An attempt.
    Sitting(Box<Sitting>),
    /// What came out.
    Revealed(Box<Revealed>),
    /// Short cards.
    Short(Box<Short>),
    /// How one is getting on.
    Progress(Box<Standing>),
}

/// How one is getting on, as it is shown.
#[derive(Debug)]
pub struct Standing {
    /// The figures.
    pub progress: Progress,
    /// The row the cursor is on.
    pub chosen: usize,
    /// First line shown.
    pub top: usize,
}

/// The cases, and what is known of the trainee.
#[derive(Debug, Default)]
pub struct Hall {
    /// Cards, results and drafts, once they are read.
    pub shelf: Option<Shelf>,
    /// Why nothing can be kept, if so.
    pub trouble: Option<String>,
    /// In which mode the next attempt is made.
    pub mode: Mode,
    /// The seed of the next made case.
    pub seed: u64,
    /// What waits for a case that is being made.
    pub waiting: Option<Waiting>,
    /// The name of the attempt that one more key removes.
    pub dropping: Option<String>,
    /// Who sits which exam.
    pub exam: Desk,
    /// The words cases are searched by.
    pub find: Input,
    /// Whether they are being typed.
    pub finding: bool,
    /// The line the cursor is on.
    pub chosen: usize,
    /// First line shown.
    pub top: usize,
}

/// What waits for a case that is being made.
#[derive(Clone, PartialEq, Debug)]
pub struct Waiting {
    /// The draft that goes on with it.
    pub draft: Option<Box<Draft>>,
}

/// A line of the hall.
#[derive(Clone, PartialEq, Debug)]
pub enum Line {
    /// An attempt that was left, by position.
    Draft(usize),
    /// The case that is recommended.
    Next(Advice),
    /// In a review: nothing is due, and when something is.
    NothingDue(Option<Date>),
    /// In an exam: to name, paper and station.
    Exam,
    /// A patient nobody has seen.
    Made,
    /// Short cards; so many are due.
    Short(usize),
    /// How one is getting on.
    Progress,
    /// A topic of the fast track.
    Topic(Topic),
    /// A written case.
    Case(String),
}

impl TrainView {
    /// The cursor of what is shown, and the first line shown.
    pub const fn cursor(&mut self) -> (&mut usize, &mut usize) {
        match &mut self.on {
            On::Hall => (&mut self.hall.chosen, &mut self.hall.top),
            On::Exam => (&mut self.hall.exam.chosen, &mut self.hall.exam.top),
            On::Sitting(sitting) => (&mut sitting.chosen, &mut sitting.top),
            On::Revealed(revealed) => (&mut revealed.chosen, &mut revealed.top),
            On::Short(short) => (&mut short.chosen, &mut short.top),
            On::Progress(own) => (&mut own.chosen, &mut own.top),
        }
    }

    /// The first line shown.
    #[must_use]
    pub const fn top(&self) -> usize {
        match &self.on {
            On::Hall => self.hall.top,
            On::Exam => self.hall.exam.top,
            On::Sitting(sitting) => sitting.top,
            On::Revealed(revealed) => revealed.top,
            On::Short(short) => short.top,
            On::Progress(own) => own.top,
        }
    }
}

impl Hall {
    /// The lines: attempts that were left, the recommended case, a made one, then all cases, the easier ones first.
    #[must_use]
    pub fn lines(&self, loaded: &Loaded, today: Date) -> Vec<Line> {
        let Some(school) = &loaded.school else { return Vec::new() };
        let shelf = self.shelf.clone().unwrap_or_default();
        let words = self.find.value().trim();
        if !words.is_empty() {
            return self.found(school, words);
        }
        let mut lines: Vec<Line> = (0..shelf.drafts.len()).map(Line::Draft).collect();
        // Whoever sits an exam gets the patient of a station, and chooses none.
        if self.mode == Mode::Exam {
            lines.push(Line::Exam);
            return lines;
        }
        let last = shelf.results.last().map(|past| past.case.as_str());
        if self.mode == Mode::Review && shelf.cards.due(today).next().is_none() {
            let next = shelf.cards.0.values().map(|card| card.due).min();
            lines.extend([Line::NothingDue(next), Line::Short(0), Line::Progress]);
            return lines;
        }
        // On the fast track the topics say what comes next.
        if self.mode != Mode::FastTrack {
            lines.extend(advice(&loaded.pack, &school.cases, &shelf.cards, today, last).map(Line::Next));
        }
        lines.push(Line::Made);
        lines.push(Line::Short(shelf.cards.due(today).count()));
        lines.push(Line::Progress);
        if self.mode == Mode::FastTrack {
            let all = topics(&loaded.pack, &school.subjects, &school.cases, &shelf.results);
            lines.extend(all.into_iter().filter(|topic| topic.case.is_some()).map(Line::Topic));
            return lines;
        }
        lines.extend(self.found(school, ""));
        lines
    }

    /// The cases in whose title or first sentences all the words stand, the easier ones first.
    fn found(&self, school: &School, words: &str) -> Vec<Line> {
        let words: Vec<String> = words.split_whitespace().map(fold).collect();
        let mut cases: Vec<&Arc<Case>> = school.cases.values().collect();
        cases.retain(|case| {
            let text = fold(&format!("{} {}", case.title, case.brief));
            words.iter().all(|word| text.contains(word))
        });
        cases.sort_by(|a, b| (a.level, &a.title).cmp(&(b.level, &b.title)));
        cases.into_iter().map(|case| Line::Case(case.id.clone())).collect()
    }

    /// Whether an exam about a case was begun and is not over: until then nobody practises it here.
    #[must_use]
    pub fn is_sat(&self, case: &str) -> bool {
        let open = |draft: &Draft| draft.header.mode == Mode::Exam && draft.header.case == case;
        self.shelf.as_ref().is_some_and(|shelf| shelf.drafts.iter().any(open))
    }

    /// Nothing is searched any more: the position of the line that the cursor was on, among all lines.
    pub fn find_nothing(&mut self, loaded: Option<&Loaded>, today: Date) -> usize {
        let on = loaded.and_then(|loaded| self.lines(loaded, today).into_iter().nth(self.chosen));
        self.find.reset();
        self.finding = false;
        let all = loaded.map_or_else(Vec::new, |loaded| self.lines(loaded, today));
        on.and_then(|on| all.iter().position(|line| *line == on)).unwrap_or(0)
    }

    /// How the last attempt at a case went.
    #[must_use]
    pub fn last(&self, case: &str) -> Option<&Past> {
        self.shelf.as_ref()?.results.iter().rev().find(|past| past.case == case)
    }

    /// The seed of the next patient of a case: each attempt meets another one.
    #[must_use]
    pub fn next_seed(&self, case: &str) -> u64 {
        let shelf = self.shelf.as_ref();
        shelf.map_or(0, |shelf| shelf.results.iter().filter(|past| past.case == case).count() as u64)
    }
}

/// A sealed attempt and what the rules say of it.
#[derive(Debug)]
pub struct Revealed {
    /// The attempt.
    pub sealed: Sealed,
    /// What the rules say, and the marks; none of an exam.
    pub reveal: Option<Reveal>,
    /// Where the attempt was kept, or why not.
    pub kept: Option<Result<PathBuf, String>>,
    /// The case to do next.
    pub next: Option<Advice>,
    /// Its title.
    pub next_title: String,
    /// The row the cursor is on.
    pub chosen: usize,
    /// First line shown.
    pub top: usize,
}

/// A window of the training in which something is found.
#[derive(Clone, Debug)]
pub struct Pick {
    /// What for.
    pub want: Want,
    /// What was typed.
    pub query: Input,
    /// What was found.
    pub hits: Vec<PickHit>,
    /// The hit the cursor is on.
    pub chosen: Option<usize>,
    /// First hit shown.
    pub top: usize,
    /// What was taken since it opened.
    pub taken: Vec<String>,
}

/// What is being looked for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Want {
    /// Something that speaks against treatment, or is unknown.
    Flag(Weight),
    /// The goal of a syringe.
    Goal,
    /// Its area.
    Area(String),
    /// An ingredient of the syringe of that number.
    Part(usize),
    /// Points to cover before signing.
    Consent,
}

/// Something found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PickHit {
    /// What it is taken as.
    pub id: String,
    /// For people.
    pub label: String,
    /// Beside it.
    pub note: String,
    /// It is only near what was typed.
    pub similar: bool,
}

/// A window with text to read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reading {
    /// Everything that was heard.
    Notes,
    /// One marked item, by position.
    Item(usize),
}

/// Something to do outside for the training.
#[derive(Clone, PartialEq, Debug)]
pub enum Chore {
    /// Read what is kept.
    Shelf,
    /// Note that an exam was begun.
    BeginExam(Box<BegunExam>),
    /// Keep an attempt in the middle.
    KeepDraft(Box<Draft>),
    /// Remove the draft of that name.
    DropDraft(String),
    /// Keep a finished attempt.
    Keep(Box<Deposit>),
    /// Read a finished attempt, by the name of its file.
    Read(String),
    /// Make a case, beside the screen.
    Make(Wish, Date),
    /// Make a short card about a rule with a seed, beside the screen.
    Card(String, u64, Date),
    /// Note how well a card was known.
    Note(String, Rating, Date),
}

/// Which case is to be made.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Wish {
    /// The one with that id, again.
    Again(String),
    /// One for a rule.
    Rule(String, u64),
    /// One for a rule that nobody is told.
    Drawn(u64),
}

/// What came of it.
#[derive(Debug)]
pub enum News {
    /// What is kept.
    Shelf(Result<Box<Shelf>, String>),
    /// A draft could not be kept or removed.
    Failed(String),
    /// A finished attempt is kept, or why not.
    Kept(Result<PathBuf, String>),
    /// The text of a finished attempt, or why not.
    Read(Result<String, String>),
    /// A case was made, or why not.
    Made(Result<Arc<Case>, String>),
    /// A short card was made; none where it cannot be.
    Card(Option<Box<ShortCard>>),
}
