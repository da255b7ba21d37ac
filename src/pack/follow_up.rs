//! What follow-up reads of the pack: reactions, red flags, lists to choose from, questionnaires, reporting channels.

use super::fact::Grounds;
use super::table::{Identified, Ix, Set, Table};
use super::vocabulary::{Area, ChoiceOption, Item, Jurisdiction};
use crate::source::Place;

/// The content of a pack for what comes after the first consultation.
#[derive(Clone, Debug, Default)]
pub struct FollowUp {
    /// What may happen to a patient afterwards.
    pub reactions: Table<Reaction>,
    /// What is to be done at once.
    pub flags: Table<RedFlag>,
    /// Lists to choose from, such as grades and outcomes.
    pub lists: Table<RecordList>,
    /// Questionnaires with points, such as the one for causality.
    pub questionnaires: Table<Questionnaire>,
    /// Where a reaction is reported.
    pub channels: Table<Channel>,
}

/// Something that may happen after a session: a coded sign or disease.
#[derive(Clone, Debug)]
pub struct Reaction {
    /// The id.
    pub id: String,
    /// For people.
    pub label: String,
    /// Other names: lay words, abbreviations, misspellings.
    pub also: Vec<String>,
    /// Offered first.
    pub common: bool,
    /// The lowest grade it can have.
    pub least: u8,
    /// What a grade means for this reaction, where that is more than the general words.
    pub grades: Vec<(u8, String)>,
    /// The event that it is in the intake of a later consultation.
    pub event: Option<Ix<Item>>,
    /// What it rests on.
    pub grounds: Grounds,
}

impl Identified for Reaction {
    fn id(&self) -> &str {
        &self.id
    }
}

/// What to do, mildest first. The order is the order of strictness.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Response {
    /// Expected; say so.
    Reassure,
    /// No rule speaks: look at it, judge it, look again.
    Watch,
    /// To be seen elsewhere within days.
    ReferDays,
    /// To be seen elsewhere the same day.
    ReferSameDay,
    /// Now.
    Emergency,
}

impl Response {
    /// All of them, mildest first.
    pub const ALL: [Self; 5] = [Self::Reassure, Self::Watch, Self::ReferDays, Self::ReferSameDay, Self::Emergency];

    /// The word in packs and in JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Reassure => "reassure",
            Self::Watch => "watch",
            Self::ReferDays => "refer-days",
            Self::ReferSameDay => "refer-same-day",
            Self::Emergency => "emergency",
        }
    }

    /// For people.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Reassure => "Expected: reassure",
            Self::Watch => "See and judge",
            Self::ReferDays => "Refer within days",
            Self::ReferSameDay => "Refer the same day",
            Self::Emergency => "Emergency",
        }
    }

    /// The sign that goes with the word.
    #[must_use]
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Reassure => "✓",
            Self::Watch => "·",
            Self::ReferDays => "→",
            Self::ReferSameDay => "»",
            Self::Emergency => "✗",
        }
    }

    /// Whether somebody else has to see the patient: then the flag says who.
    #[must_use]
    pub const fn refers(self) -> bool {
        matches!(self, Self::ReferDays | Self::ReferSameDay | Self::Emergency)
    }
}

/// A rule about reactions: when it holds, what to do, and why.
#[derive(Clone, Debug)]
pub struct RedFlag {
    /// The id.
    pub id: String,
    /// For people.
    pub title: String,
    /// What to do.
    pub response: Response,
    /// To whom, where somebody else has to see the patient.
    pub to: Option<String>,
    /// No further session until it is settled.
    pub stop: bool,
    /// What is left of the lots is put aside.
    pub quarantine: bool,
    /// When: one of these is enough.
    pub when: Vec<FlagTest>,
    /// What the practitioner reads.
    pub message: String,
    /// What to do next, in order.
    pub next: Vec<String>,
    /// The reason.
    pub why: String,
    /// What it rests on.
    pub grounds: Grounds,
    /// Where it stands.
    pub place: Place,
}

impl Identified for RedFlag {
    fn id(&self) -> &str {
        &self.id
    }
}

/// A test on the facts of a reaction; everything it names must hold, and what it does not name means nothing.
#[derive(Clone, Debug, Default)]
pub struct FlagTest {
    /// One of these signs is there; of a flag that reassures: no other sign is.
    pub reactions: Option<Set<Reaction>>,
    /// One of these signs is there as well.
    pub with: Option<Set<Reaction>>,
    /// Whole days from the session to the first sign.
    pub days: Span,
    /// Whole days that it has lasted.
    pub lasting: Span,
    /// The grade.
    pub grade: Span,
    /// Where, seen from the points.
    pub sites: Vec<Site>,
    /// In one of these areas, or in one inside them.
    pub areas: Option<Set<Area>>,
    /// How many other patients reacted to one of the lots.
    pub same_lot: Span,
    /// One of the criteria of seriousness is met.
    pub serious: bool,
}

/// A span of whole numbers; both ends belong to it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Span {
    /// The smallest.
    pub at_least: Option<i32>,
    /// The largest.
    pub at_most: Option<i32>,
}

impl Span {
    /// Whether every number is in it.
    #[must_use]
    pub const fn is_all(self) -> bool {
        self.at_least.is_none() && self.at_most.is_none()
    }

    /// Whether a number is in it.
    #[must_use]
    pub fn has(self, n: i32) -> bool {
        self.at_least.is_none_or(|least| n >= least) && self.at_most.is_none_or(|most| n <= most)
    }
}

/// Where a reaction is, seen from the points that were injected.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Site {
    /// At the points.
    Here,
    /// Spreading from them, or beside them.
    Near,
    /// Elsewhere on the body.
    Elsewhere,
    /// The body as a whole.
    WholeBody,
}

impl Site {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Here, Self::Near, Self::Elsewhere, Self::WholeBody];

    /// The word in packs and files.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Here => "here",
            Self::Near => "near",
            Self::Elsewhere => "elsewhere",
            Self::WholeBody => "whole-body",
        }
    }

    /// For people.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Here => "at the points",
            Self::Near => "spreading from the points, or beside them",
            Self::Elsewhere => "elsewhere on the body",
            Self::WholeBody => "the whole body",
        }
    }
}

/// A list to choose from.
#[derive(Clone, Debug)]
pub struct RecordList {
    /// The id; the program reads `gais`, `grade`, `seriousness`, `causality`, `action` and `outcome`.
    pub id: String,
    /// For people.
    pub label: String,
    /// In the order shown.
    pub options: Vec<ChoiceOption>,
    /// What it rests on.
    pub grounds: Grounds,
}

impl Identified for RecordList {
    fn id(&self) -> &str {
        &self.id
    }
}

impl RecordList {
    /// The option of that id.
    #[must_use]
    pub fn option(&self, id: &str) -> Option<&ChoiceOption> {
        self.options.iter().find(|option| option.id == id)
    }

    /// What people read for an id; the id itself where the list does not have it.
    #[must_use]
    pub fn label_of<'a>(&'a self, id: &'a str) -> &'a str {
        self.option(id).map_or(id, |option| option.label.as_str())
    }
}

/// Questions answered with yes, no or unknown, whose points are added.
#[derive(Clone, Debug)]
pub struct Questionnaire {
    /// The id; the program reads `naranjo`.
    pub id: String,
    /// For people.
    pub label: String,
    /// The questions.
    pub items: Vec<QuestionnaireItem>,
    /// What a sum means; rising, the last one without an end.
    pub bands: Vec<SumBand>,
    /// What it rests on.
    pub grounds: Grounds,
}

impl Identified for Questionnaire {
    fn id(&self) -> &str {
        &self.id
    }
}

impl Questionnaire {
    /// The word for a sum.
    #[must_use]
    pub fn band(&self, sum: i32) -> &str {
        let band = self.bands.iter().find(|band| band.at_most.is_none_or(|most| sum <= most));
        band.map_or("", |band| band.value.as_str())
    }

    /// The smallest and the largest sum.
    #[must_use]
    pub fn range(&self) -> (i32, i32) {
        self.items.iter().fold((0, 0), |(least, most), item| {
            let all = [item.yes, item.no, item.unknown];
            (least + all.iter().min().unwrap_or(&0), most + all.iter().max().unwrap_or(&0))
        })
    }
}

/// One question.
#[derive(Clone, Debug)]
pub struct QuestionnaireItem {
    /// The key in files.
    pub id: String,
    /// The question.
    pub ask: String,
    /// Points of "yes".
    pub yes: i32,
    /// Points of "no".
    pub no: i32,
    /// Points of "unknown".
    pub unknown: i32,
}

/// What a sum up to a number means.
#[derive(Clone, Debug)]
pub struct SumBand {
    /// The largest sum it takes; the last one takes the rest.
    pub at_most: Option<i32>,
    /// The word.
    pub value: String,
}

/// Where reactions are reported.
#[derive(Clone, Debug)]
pub struct Channel {
    /// The id.
    pub id: String,
    /// Where it holds; a child without its own has its parent's.
    pub jurisdiction: Ix<Jurisdiction>,
    /// What is reported there.
    pub about: String,
    /// To whom; none: not known to us.
    pub authority: Option<String>,
    /// How.
    pub how: String,
    /// Within which time; none: not known to us.
    pub within: Option<String>,
    /// What it rests on.
    pub grounds: Grounds,
}

impl Identified for Channel {
    fn id(&self) -> &str {
        &self.id
    }
}
