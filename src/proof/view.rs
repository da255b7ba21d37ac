//! An intake as wires: what is known of every question. Copies with parts replaced stand for changed intakes.

use super::circuit::Lit;
use crate::pack::{Amount, QuestionIx};

/// What is known of all questions, in the order of the pack.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct View {
    pub(super) states: Vec<State>,
    /// For each scored scale: it disagrees with the answer of its question.
    pub(super) differs: Vec<Lit>,
}

/// What is known of one question: exactly one of not asked, not applicable, unknown or a value.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct State {
    pub(super) not_asked: Lit,
    pub(super) not_applicable: Lit,
    /// Unknown, or answered with something that no rule reads.
    pub(super) unknown: Lit,
    pub(super) value: Value,
}

/// The values of a question.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Value {
    /// One wire for each option.
    Choice(Vec<Lit>),
    /// Known, and whether it is at least each cut point.
    Number { known: Lit, at_least: Vec<(Amount, Lit)> },
    /// A list.
    Items(Items),
    /// Goals, and for each goal its areas.
    Goals { known: Lit, goals: Vec<Lit>, areas: Vec<Vec<Lit>> },
    /// Nothing that a rule reads.
    Plain,
}

/// The entries of a list: for each item of the space, for each combination of its qualifiers.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Items {
    pub(super) known: Lit,
    pub(super) entries: Vec<Vec<Lit>>,
    /// Words without a code are on it.
    pub(super) free_text: Lit,
}

impl State {
    /// Whether a value is known.
    #[must_use]
    pub fn known(&self) -> Lit {
        match &self.value {
            Value::Number { known, .. } | Value::Goals { known, .. } => *known,
            Value::Items(items) => items.known,
            Value::Choice(_) | Value::Plain => Lit::FALSE,
        }
    }

    /// The same question answered in a way that has no value.
    #[must_use]
    pub(super) fn without_value(&self, not_asked: bool) -> Self {
        let off = |lits: &[Lit]| vec![Lit::FALSE; lits.len()];
        let value = match &self.value {
            Value::Choice(options) => Value::Choice(off(options)),
            Value::Number { at_least, .. } => Value::Number {
                known: Lit::FALSE,
                at_least: at_least.iter().map(|(cut, _)| (*cut, Lit::FALSE)).collect(),
            },
            Value::Items(items) => Value::Items(Items {
                known: Lit::FALSE,
                entries: items.entries.iter().map(|row| off(row)).collect(),
                free_text: Lit::FALSE,
            }),
            Value::Goals { goals, areas, .. } => {
                Value::Goals { known: Lit::FALSE, goals: off(goals), areas: areas.iter().map(|row| off(row)).collect() }
            }
            Value::Plain => Value::Plain,
        };
        Self {
            not_asked: Lit::constant(not_asked),
            not_applicable: Lit::FALSE,
            unknown: Lit::constant(!not_asked),
            value,
        }
    }
}

impl View {
    /// What is known of one question.
    #[must_use]
    pub fn of(&self, question: QuestionIx) -> &State {
        &self.states[question.get()]
    }

    /// The wanted areas of each goal, or nothing where the question is missing.
    pub(super) fn goals(&self, question: QuestionIx) -> (&[Lit], &[Vec<Lit>]) {
        match &self.of(question).value {
            Value::Goals { goals, areas, .. } => (goals, areas),
            _ => (&[], &[]),
        }
    }

    /// The entries of a list question.
    pub(super) fn items(&self, question: QuestionIx) -> Option<&Items> {
        match &self.of(question).value {
            Value::Items(items) => Some(items),
            _ => None,
        }
    }
}

/// On where a number is at least `at`: the first cut point from there on decides.
pub(super) fn number_at_least(known: Lit, cuts: &[(Amount, Lit)], at: Amount, least: Amount) -> Lit {
    if at <= least {
        return known;
    }
    cuts.iter().find(|(cut, _)| *cut >= at).map_or(Lit::FALSE, |(_, lit)| *lit)
}
