//! Scored scales: questions whose points add up to the answer of another question.

use super::fact::Grounds;
use super::question::{Question, QuestionIx};
use super::table::{Identified, Ix};
use crate::source::Amount;

/// A scored scale. It is exact and finite: small whole points, added up, looked up in a table.
#[derive(Clone, Debug)]
pub struct Scale {
    /// The id.
    pub id: String,
    /// For people.
    pub label: String,
    /// How to go about it.
    pub help: Option<String>,
    /// What to know about its bands.
    pub note: Option<String>,
    /// The question it gives an answer to.
    pub answers: QuestionIx,
    /// What is asked, in this order.
    pub items: Vec<ScaleItem>,
    /// What the points mean.
    pub bands: Bands,
    /// What this rests on.
    pub grounds: Grounds,
}

impl Identified for Scale {
    fn id(&self) -> &str {
        &self.id
    }
}

impl Scale {
    /// The most points one can get.
    #[must_use]
    pub fn most(&self) -> u16 {
        self.items.iter().map(ScaleItem::most).sum()
    }

    /// The fewest points one can get.
    #[must_use]
    pub fn fewest(&self) -> u16 {
        self.items.iter().map(ScaleItem::fewest).sum()
    }
}

/// A question of a scale.
#[derive(Clone, Debug)]
pub struct ScaleItem {
    /// A choice question that is asked only here.
    pub question: QuestionIx,
    /// The points of each of its options.
    pub points: Vec<u16>,
}

impl ScaleItem {
    /// The most points an answer gives.
    #[must_use]
    pub fn most(&self) -> u16 {
        self.points.iter().copied().max().unwrap_or(0)
    }

    /// The fewest points an answer gives.
    #[must_use]
    pub fn fewest(&self) -> u16 {
        self.points.iter().copied().min().unwrap_or(0)
    }
}

/// What points mean: the first step that reaches them, else the top. There is an answer for every sum.
#[derive(Clone, Debug)]
pub struct Bands {
    /// The lower bands, upwards.
    pub steps: Vec<Band>,
    /// The value of all points above them.
    pub top: ScaleValue,
}

impl Bands {
    /// What a sum means.
    #[must_use]
    pub fn value(&self, points: u16) -> ScaleValue {
        self.steps.iter().find(|step| points <= step.at_most).map_or(self.top, |step| step.value)
    }

    /// All bands upwards: from, to, and the value.
    pub fn spans(&self, fewest: u16, most: u16) -> impl Iterator<Item = (u16, u16, ScaleValue)> {
        let ends = self.steps.iter().map(|step| (step.at_most, step.value)).chain([(most, self.top)]);
        ends.scan(fewest, |from, (to, value)| {
            let start = std::mem::replace(from, to + 1);
            Some((start, to, value))
        })
    }
}

/// A band below the top one.
#[derive(Clone, Copy, Debug)]
pub struct Band {
    /// The most points that belong to it.
    pub at_most: u16,
    /// What they mean.
    pub value: ScaleValue,
}

/// An answer that a scale gives.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ScaleValue {
    /// The position of an option of the question it answers.
    Choice(usize),
    /// A number.
    Number(Amount),
}

impl ScaleValue {
    /// In the words of the question it answers.
    #[must_use]
    pub fn words(self, question: &Question) -> String {
        match self {
            Self::Choice(n) => question.options().get(n).map(|option| option.label.clone()).unwrap_or_default(),
            Self::Number(amount) => amount.to_string(),
        }
    }

    /// As it stands in the intake file.
    #[must_use]
    pub fn id(self, question: &Question) -> String {
        match self {
            Self::Choice(n) => question.options().get(n).map(|option| option.id.clone()).unwrap_or_default(),
            Self::Number(amount) => amount.to_string(),
        }
    }
}

impl super::Pack {
    /// The scale that gives an answer to a question.
    #[must_use]
    pub fn scale_for(&self, question: QuestionIx) -> Option<Ix<Scale>> {
        self.scales.entries().find(|(_, scale)| scale.answers == question).map(|(ix, _)| ix)
    }
}
