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

#[cfg(test)]
mod tests {
    use super::Truth::{self, False, Maybe, Pending, True};
    use super::*;
    use crate::intake::{Entry, Intake, Value};
    use crate::pack::{Amount, builtin};

    /// Conditions whose truth is known, from a question that was not asked, one recorded as unknown, and constants.
    fn pieces() -> (Pack, Facts, [(Condition, Truth); 4]) {
        let pack = builtin().expect("the built-in pack loads");
        let mut intake = Intake::default();
        intake.set("patient.sex", crate::intake::Answer::Unknown);
        let question = |id: &str| pack.questions.find(id).expect("a question");
        let choice = |id: &str| Condition::Choice { question: question(id), options: 1 };
        let pieces = [
            (Condition::Any(Vec::new()), False),
            (choice("skin.fitzpatrick"), Pending),
            (choice("patient.sex"), Maybe),
            (Condition::always(), True),
        ];
        let facts = Facts::of(&pack, &intake, jiff::civil::date(2026, 11, 22));
        (pack, facts, pieces)
    }

    #[test]
    fn four_values_combine_as_documented() {
        let (pack, facts, pieces) = pieces();
        for (a, left) in &pieces {
            assert_eq!(evaluate(&pack, &facts, a), *left);
            let not = evaluate(&pack, &facts, &Condition::Not(Box::new(a.clone())));
            assert_eq!(not, [True, Pending, Maybe, False][*left as usize], "what is open stays open when negated");
            for (b, right) in &pieces {
                let both = vec![a.clone(), b.clone()];
                assert_eq!(evaluate(&pack, &facts, &Condition::All(both.clone())), *left.min(right));
                assert_eq!(evaluate(&pack, &facts, &Condition::Any(both.clone())), *left.max(right));
                let one = Condition::AtLeast { count: 1, of: both.clone() };
                let two = Condition::AtLeast { count: 2, of: both };
                assert_eq!(evaluate(&pack, &facts, &one), *left.max(right), "one of two is any");
                assert_eq!(evaluate(&pack, &facts, &two), *left.min(right), "two of two is all");
            }
        }
    }

    #[test]
    fn a_qualifier_that_was_not_given_counts_as_the_risk() {
        let pack = builtin().expect("the built-in pack loads");
        let rule = pack.rules.get("isotretinoin-recent");
        let when = &rule.expect("a rule about isotretinoin").when;
        let truth = |days: Option<Value>| {
            let mut entry = Entry::coded("isotretinoin");
            entry.qualifiers.extend(days.map(|value| ("stopped_days_ago".to_owned(), value)));
            let mut intake = Intake::default();
            intake.set("history.medications", crate::intake::Answer::Items(vec![entry]));
            evaluate(&pack, &Facts::of(&pack, &intake, jiff::civil::date(2026, 11, 22)), when)
        };
        assert!(truth(None).fires());
        assert!(truth(Some(Value::Unknown)).fires());
        assert!(truth(Some(Value::Number(Amount::whole(179)))).fires());
        assert!(!truth(Some(Value::Number(Amount::whole(180)))).fires());
    }
}
