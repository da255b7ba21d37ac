//! Answers as they were given: not asked, asked and unknown, or known.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::pack::Amount;

/// Everything answered so far, by question id. A question without an entry was not asked.
///
/// An intake names questions and items by id, not by position, so that a draft outlives a change of pack.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Intake {
    /// Question id to answer.
    pub answers: BTreeMap<String, Answer>,
}

/// One answer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Answer {
    /// Asked; the patient does not know.
    Unknown,
    /// The id of an option.
    Choice(String),
    /// A number.
    Number(Amount),
    /// A date.
    Date(Date),
    /// Free text; no rule reads it.
    Text(String),
    /// Coded items and free text; empty = asked, none.
    Items(Vec<Entry>),
    /// Goals with areas.
    Goals(Vec<GoalEntry>),
}

/// One line of a list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    /// What it is.
    pub what: What,
    /// What was said about it, by qualifier id.
    pub qualifiers: BTreeMap<String, Value>,
}

/// A coded item, or words that no code was found for.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum What {
    /// The id of an item of the list.
    Coded(String),
    /// Words, kept and shown, read by no rule.
    FreeText(String),
}

/// The value of a qualifier.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Value {
    /// Asked; not known.
    Unknown,
    /// The id of an option.
    Choice(String),
    /// A number.
    Number(Amount),
}

/// A goal in its areas.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GoalEntry {
    /// The id of the goal.
    pub goal: String,
    /// The ids of the areas; empty = not asked yet.
    pub areas: Vec<String>,
}

impl Intake {
    /// The answer to a question, if it was asked.
    #[must_use]
    pub fn get(&self, question: &str) -> Option<&Answer> {
        self.answers.get(question)
    }

    /// Records an answer.
    pub fn set(&mut self, question: &str, answer: Answer) {
        self.answers.insert(question.to_owned(), answer);
    }

    /// Takes an answer back: the question counts as not asked.
    pub fn clear(&mut self, question: &str) {
        self.answers.remove(question);
    }

    /// The entries of a list question (none if it was not asked).
    #[must_use]
    pub fn entries(&self, question: &str) -> &[Entry] {
        match self.answers.get(question) {
            Some(Answer::Items(entries)) => entries,
            _ => &[],
        }
    }

    /// A text answer, or "".
    #[must_use]
    pub fn text(&self, question: &str) -> &str {
        match self.answers.get(question) {
            Some(Answer::Text(text)) => text,
            _ => "",
        }
    }
}

impl Entry {
    /// A coded entry without qualifiers.
    #[must_use]
    pub fn coded(id: &str) -> Self {
        Self { what: What::Coded(id.to_owned()), qualifiers: BTreeMap::new() }
    }

    /// An entry in words.
    #[must_use]
    pub fn free_text(text: &str) -> Self {
        Self { what: What::FreeText(text.to_owned()), qualifiers: BTreeMap::new() }
    }
}
