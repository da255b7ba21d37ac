//! Answers of an earlier consultation.
//!
//! The rules read an [`Intake`] and nothing else. What was said earlier is an [`Earlier`]: another type, from which an
//! answer comes only by [`Earlier::confirm`]. Until then its question counts as not asked.

use std::collections::BTreeMap;

use jiff::Unit;
use jiff::civil::Date;

use super::answer::{Answer, Entry, Intake, Value, What};
use super::facts::Facts;
use crate::pack::{Later, Pack, Qualifier, QualifierKind, Question, QuestionIx, QuestionKind, Returning, ScaleValue};
use crate::source::Amount;

/// What an earlier consultation offers to a later one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Earlier {
    day: Date,
    offers: BTreeMap<String, Offer>,
}

/// An earlier answer, as it would read today. It is to be shown; it is no answer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Offer {
    answer: Answer,
    how: Returning,
}

impl Offer {
    /// What it would be, to be shown.
    #[must_use]
    pub const fn shown(&self) -> &Answer {
        &self.answer
    }

    /// Whether it may be confirmed with its whole step; else at its own question only.
    #[must_use]
    pub fn with_its_step(&self) -> bool {
        self.how == Returning::Confirm
    }
}

impl Earlier {
    /// What the answers of a day offer on a later one: what does not last is left out, and days go on counting.
    #[must_use]
    pub fn of(pack: &Pack, said: &Intake, day: Date, today: Date) -> Self {
        let facts = Facts::of(pack, said, day);
        let passed = day.until((Unit::Day, today)).ok().map(|span| span.get_days()).filter(|days| *days >= 0);
        let mut offers = BTreeMap::new();
        for (ix, question) in pack.questions.entries() {
            if question.returning == Returning::Anew || question.derived || question.scale.is_some() {
                continue;
            }
            let answer = match said.get(&question.id) {
                Some(answer) => lasting(pack, answer, passed),
                None => by_scale(&facts, question, ix),
            };
            if let Some(answer) = answer {
                offers.insert(question.id.clone(), Offer { answer, how: question.returning });
            }
        }
        Self { day, offers }
    }

    /// The day of the earlier consultation.
    #[must_use]
    pub const fn day(&self) -> Date {
        self.day
    }

    /// What is offered for a question that has no answer yet.
    #[must_use]
    pub fn open(&self, question: &str, now: &Intake) -> Option<&Offer> {
        self.offers.get(question).filter(|_| now.get(question).is_none())
    }

    /// All that is offered, answered meanwhile or not, in the order of the names.
    pub fn offers(&self) -> impl Iterator<Item = (&str, &Offer)> {
        self.offers.iter().map(|(question, offer)| (question.as_str(), offer))
    }

    /// Somebody confirms that it is still so: it becomes an answer. An answer that was given already stays.
    #[must_use]
    pub fn confirm(&self, question: &str, now: &mut Intake) -> bool {
        let Some(offer) = self.open(question, now) else { return false };
        let answer = offer.answer.clone();
        now.set(question, answer);
        true
    }
}

/// What is left of an answer; `passed` is the number of days since, if time did not run backwards.
fn lasting(pack: &Pack, answer: &Answer, passed: Option<i32>) -> Option<Answer> {
    match answer {
        Answer::Unknown => None,
        Answer::Items(entries) => {
            let entries: Vec<Entry> = entries.iter().map(|entry| aged(pack, entry, passed)).collect();
            // "None" is not carried over: it is said again with one key, on purpose.
            (!entries.is_empty()).then_some(Answer::Items(entries))
        }
        Answer::Goals(goals) if goals.is_empty() => None,
        Answer::Text(text) if text.trim().is_empty() => None,
        other => Some(other.clone()),
    }
}

fn aged(pack: &Pack, entry: &Entry, passed: Option<i32>) -> Entry {
    let value = |(id, value): (&String, &Value)| {
        let value = later(pack.qualifiers.get(id)?, value, passed)?;
        Some((id.clone(), value))
    };
    let qualifiers = match entry.what {
        What::Coded(_) => entry.qualifiers.iter().filter_map(value).collect(),
        What::FreeText(_) => BTreeMap::new(),
    };
    Entry { what: entry.what.clone(), qualifiers }
}

fn later(qualifier: &Qualifier, value: &Value, passed: Option<i32>) -> Option<Value> {
    match (qualifier.later, value, &qualifier.kind) {
        (Later::Anew, ..) | (_, Value::Unknown, _) => None,
        (Later::Same, value, _) => Some(value.clone()),
        // 0 days since the last dose: still taking it, then. Nobody knows since when no more.
        (Later::CountsOn, Value::Number(days), QualifierKind::Number(kind)) if *days > Amount::ZERO => {
            let days = days.as_thousandths().checked_add(i64::from(passed?).checked_mul(1000)?)?;
            Some(Value::Number(Amount::thousandths(days).min(kind.max)))
        }
        (Later::CountsOn, ..) => None,
    }
}

/// What a scored scale said then counts as the answer; its points are not taken over.
fn by_scale(facts: &Facts, question: &Question, ix: QuestionIx) -> Option<Answer> {
    match (facts.decided_by(ix)?.value, &question.kind) {
        (ScaleValue::Choice(option), QuestionKind::Choice(options)) => {
            options.get(option).map(|option| Answer::Choice(option.id.clone()))
        }
        (ScaleValue::Number(amount), QuestionKind::Number(_)) => Some(Answer::Number(amount)),
        _ => None,
    }
}
