//! What a rule can ask of an intake. Closed and finite, so that all possible intakes can be examined.

use super::question::Question;
use super::table::{Ix, Set};
use super::vocabulary::{Area, Goal, Item, List, Qualifier};
use crate::source::Amount;

/// A condition over an intake, with every name resolved.
#[derive(Clone, Debug)]
pub enum Condition {
    /// All hold; an empty one always holds.
    All(Vec<Condition>),
    /// At least one holds.
    Any(Vec<Condition>),
    /// It does not hold.
    Not(Box<Condition>),
    /// At least `count` of them hold.
    AtLeast {
        /// How many.
        count: usize,
        /// Of which.
        of: Vec<Condition>,
    },
    /// A choice question is answered with one of the options (bit n = option n).
    Choice {
        /// The question.
        question: Ix<Question>,
        /// The options, as bits.
        options: u64,
    },
    /// A number question lies in a range.
    Number {
        /// The question.
        question: Ix<Question>,
        /// The range.
        range: Range,
    },
    /// An item of the set is on the list, and one such entry passes all tests.
    Listed {
        /// The question whose list is read.
        question: Ix<Question>,
        /// The list.
        list: List,
        /// The items.
        items: Set<Item>,
        /// The tests.
        with: Vec<QualifierTest>,
    },
    /// There is a goal entry with one of the goals in one of the areas (`None`: any).
    Goal {
        /// The goals.
        goals: Option<Set<Goal>>,
        /// The areas, those inside included.
        areas: Option<Set<Area>>,
    },
}

impl Condition {
    /// The condition that always holds.
    #[must_use]
    pub const fn always() -> Self {
        Self::All(Vec::new())
    }

    /// Whether it always holds by construction.
    #[must_use]
    pub fn is_always(&self) -> bool {
        matches!(self, Self::All(of) if of.is_empty())
    }

    /// Visits this condition and all inside it.
    pub fn visit<'a>(&'a self, see: &mut dyn FnMut(&'a Self)) {
        see(self);
        match self {
            Self::All(of) | Self::Any(of) | Self::AtLeast { of, .. } => of.iter().for_each(|c| c.visit(see)),
            Self::Not(inner) => inner.visit(see),
            Self::Choice { .. } | Self::Number { .. } | Self::Listed { .. } | Self::Goal { .. } => {}
        }
    }

    /// Whether an answer to this question can matter to it; goals are no question's answer.
    #[must_use]
    pub fn reads(&self, question: Ix<Question>) -> bool {
        let mut found = false;
        self.visit(&mut |part| {
            found |= matches!(part, Self::Choice { question: ix, .. } | Self::Number { question: ix, .. }
                | Self::Listed { question: ix, .. } if *ix == question);
        });
        found
    }

    /// Moves the upper end of the tests of a qualifier from one number to a larger one, wherever that lets more in;
    /// says how many there were. What stands behind a "not" keeps its number: more there would let less in.
    pub(super) fn widen(&mut self, qualifier: Ix<Qualifier>, from: Amount, to: Amount) -> usize {
        match self {
            Self::All(of) | Self::Any(of) | Self::AtLeast { of, .. } => {
                of.iter_mut().map(|part| part.widen(qualifier, from, to)).sum()
            }
            Self::Listed { with, .. } => {
                let mut moved = 0;
                for test in with.iter_mut().filter(|test| test.qualifier == qualifier) {
                    if let ValueTest::Number(range) = &mut test.test
                        && range.below == Some(from)
                    {
                        range.below = Some(to);
                        moved += 1;
                    }
                }
                moved
            }
            Self::Not(_) | Self::Choice { .. } | Self::Number { .. } | Self::Goal { .. } => 0,
        }
    }
}

/// A half-open range of numbers; an end that is absent is open.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Range {
    /// At least this.
    pub from: Option<Amount>,
    /// Under this.
    pub below: Option<Amount>,
}

impl Range {
    /// Whether the value lies in the range.
    #[must_use]
    pub fn contains(&self, value: Amount) -> bool {
        self.from.is_none_or(|from| value >= from) && self.below.is_none_or(|below| value < below)
    }
}

/// A test of one qualifier of a coded item.
#[derive(Clone, Debug)]
pub struct QualifierTest {
    /// The qualifier.
    pub qualifier: Ix<Qualifier>,
    /// What it must hold.
    pub test: ValueTest,
}

/// What a qualifier must hold.
#[derive(Clone, Debug)]
pub enum ValueTest {
    /// One of the options (bit n = option n).
    Choice(u64),
    /// A number in the range.
    Number(Range),
}
