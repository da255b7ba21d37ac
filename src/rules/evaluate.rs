//! The truth of a condition.

use crate::intake::{CodedFact, Fact, Facts, QualifierFact};
use crate::pack::{Condition, Pack, QualifierTest, QuestionIx, ValueTest};

/// How a condition stands, in the order in which "any" prefers and "all" yields.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Truth {
    /// It does not hold.
    False,
    /// It depends on a question that was not asked.
    Pending,
    /// It depends on something recorded as unknown, or on a qualifier that was not given.
    Maybe,
    /// It holds.
    True,
}

impl Truth {
    /// Whether a rule with this condition fires: what is unknown counts as unfavourable.
    #[must_use]
    pub const fn fires(self) -> bool {
        matches!(self, Self::True | Self::Maybe)
    }

    const fn not(self) -> Self {
        match self {
            Self::True => Self::False,
            Self::False => Self::True,
            open => open,
        }
    }

    const fn of(yes: bool) -> Self {
        if yes { Self::True } else { Self::False }
    }
}

/// Evaluates a condition.
#[must_use]
pub fn evaluate(pack: &Pack, facts: &Facts, condition: &Condition) -> Truth {
    match condition {
        Condition::All(of) => {
            let mut least = Truth::True;
            for part in of {
                least = least.min(evaluate(pack, facts, part));
                if least == Truth::False {
                    break;
                }
            }
            least
        }
        Condition::Any(of) => {
            let mut most = Truth::False;
            for part in of {
                most = most.max(evaluate(pack, facts, part));
                if most == Truth::True {
                    break;
                }
            }
            most
        }
        Condition::Not(inner) => evaluate(pack, facts, inner).not(),
        Condition::AtLeast { count, of } => {
            let mut truths: Vec<Truth> = of.iter().map(|part| evaluate(pack, facts, part)).collect();
            truths.sort_unstable_by(|a, b| b.cmp(a));
            count.checked_sub(1).and_then(|n| truths.get(n)).copied().unwrap_or(Truth::False)
        }
        Condition::Choice { question, options } => match facts.get(*question) {
            Fact::Choice(n) => Truth::of(options >> n & 1 == 1),
            other => open(pack, *question, other),
        },
        Condition::Number { question, range } => match facts.get(*question) {
            Fact::Number(n) => Truth::of(range.contains(*n)),
            other => open(pack, *question, other),
        },
        Condition::Listed { question, items, with, .. } => match facts.get(*question) {
            Fact::Items(entries) => entries
                .iter()
                .filter(|entry| entry.item.is_some_and(|item| items.contains(item)))
                .map(|entry| entry_passes(entry, with))
                .max()
                .unwrap_or(Truth::False),
            other => open(pack, *question, other),
        },
        Condition::Goal { goals, areas } => match facts.get(pack.roles.goals) {
            Fact::Goals(entries) => entries
                .iter()
                .filter(|entry| goals.as_ref().is_none_or(|set| set.contains(entry.goal)))
                .map(|entry| match areas {
                    None => Truth::True,
                    Some(_) if entry.areas.is_empty() => Truth::Pending,
                    Some(set) => Truth::of(entry.areas.iter().any(|area| set.contains(*area))),
                })
                .max()
                .unwrap_or(Truth::False),
            other => open(pack, pack.roles.goals, other),
        },
    }
}

/// Whether an entry passes all tests.
#[must_use]
pub fn entry_passes(entry: &CodedFact, with: &[QualifierTest]) -> Truth {
    with.iter().map(|test| test_of(entry, test)).min().unwrap_or(Truth::True)
}

fn test_of(entry: &CodedFact, test: &QualifierTest) -> Truth {
    match (entry.qualifier(test.qualifier), &test.test) {
        (Some(QualifierFact::Choice(n)), ValueTest::Choice(options)) => Truth::of(options >> n & 1 == 1),
        (Some(QualifierFact::Number(n)), ValueTest::Number(range)) => Truth::of(range.contains(n)),
        _ => Truth::Maybe,
    }
}

/// What an answer means that is no value of the expected kind.
fn open(pack: &Pack, question: QuestionIx, fact: &Fact) -> Truth {
    match fact {
        Fact::NotAsked if pack.questions[question].optional => Truth::False,
        Fact::NotAsked => Truth::Pending,
        Fact::NotApplicable => Truth::False,
        _ => Truth::Maybe,
    }
}

/// Marks the questions that do not apply to this patient.
pub fn settle(pack: &Pack, facts: &mut Facts) {
    for (ix, question) in pack.questions.entries() {
        if *facts.get(ix) != Fact::NotAsked {
            continue;
        }
        let Some(when) = &question.ask_when else { continue };
        if evaluate(pack, facts, when) == Truth::False {
            facts.set(ix, question.otherwise.map_or(Fact::NotApplicable, Fact::Choice));
        }
    }
}
