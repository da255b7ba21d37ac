//! Numbers on which two rules meet: one value that neither takes, or that both take; and a wait that starts anew.

use super::Subject;
use super::book::Book;
use crate::pack::{
    Amount, Condition, Item, Ix, NumberKind, Pack, Qualifier, QualifierKind, QuestionIx, QuestionKind, Range, Rule,
    Set, ValueTest,
};
use crate::source::{Code, Problems};

const HOLE: Code = Code("L0401");
const OVERLAP: Code = Code("L0402");
const WAITS_ANEW: Code = Code("L0403");

pub(super) fn look(subject: Subject<'_>, book: &Book<'_>, notes: &mut Problems) {
    meetings(subject.pack, book, notes);
    waits(subject.pack, book, notes);
}

/// A range that a rule tests.
struct Test<'p> {
    rule: &'p Rule,
    /// The question, for qualifiers that of their list.
    question: QuestionIx,
    of: Option<(Ix<Qualifier>, &'p Set<Item>)>,
    range: Range,
}

impl Test<'_> {
    /// Whether both read the same number of the same things.
    fn alike(&self, other: &Self) -> bool {
        self.question == other.question
            && match (&self.of, &other.of) {
                (None, None) => true,
                (Some((one, these)), Some((two, those))) => one == two && these == those,
                _ => false,
            }
    }
}

fn tests(pack: &Pack) -> Vec<Test<'_>> {
    let mut all = Vec::new();
    for rule in pack.rules.iter().filter(|rule| !rule.is_generated()) {
        positive(&rule.when, &mut |part| match part {
            Condition::Number { question, range } => {
                all.push(Test { rule, question: *question, of: None, range: *range });
            }
            Condition::Listed { question, items, with, .. } => {
                for test in with {
                    if let ValueTest::Number(range) = test.test {
                        all.push(Test { rule, question: *question, of: Some((test.qualifier, items)), range });
                    }
                }
            }
            _ => {}
        });
    }
    all
}

/// Visits the parts that stand behind no "not": behind one a range means its contrary.
fn positive<'c>(condition: &'c Condition, see: &mut dyn FnMut(&'c Condition)) {
    see(condition);
    if let Condition::All(of) | Condition::Any(of) | Condition::AtLeast { of, .. } = condition {
        of.iter().for_each(|part| positive(part, see));
    }
}

fn kind_of<'p>(pack: &'p Pack, test: &Test<'_>) -> Option<&'p NumberKind> {
    match test.of {
        Some((qualifier, _)) => number(&pack.qualifiers[qualifier].kind),
        None => match &pack.questions[test.question].kind {
            QuestionKind::Number(kind) => Some(kind),
            _ => None,
        },
    }
}

fn number(kind: &QualifierKind) -> Option<&NumberKind> {
    match kind {
        QualifierKind::Number(kind) => Some(kind),
        QualifierKind::Choice(_) => None,
    }
}

/// The only value that can be answered from `from` on and under `below`, if there is exactly one.
fn only(kind: &NumberKind, from: Amount, below: Amount) -> Option<Amount> {
    let step = 10_i64.pow(3 - u32::from(kind.decimals.min(3)));
    let up = |at: Amount| (at.as_thousandths() + step - 1).div_euclid(step) * step;
    (up(below) - up(from) == step).then(|| Amount::thousandths(up(from)))
}

fn meetings(pack: &Pack, book: &Book<'_>, notes: &mut Problems) {
    let tests = tests(pack);
    for low in tests.iter().filter(|test| test.range.from.is_none()) {
        let Some(below) = low.range.below else { continue };
        let above = |test: &&Test<'_>| test.range.below.is_none() && test.alike(low) && test.rule.id != low.rule.id;
        for high in tests.iter().filter(above) {
            let (Some(from), Some(kind)) = (high.range.from, kind_of(pack, low)) else { continue };
            // What is written later is what would be changed.
            let low_first = pack.rules.find(&low.rule.id) < pack.rules.find(&high.rule.id);
            let (first, later) = if low_first { (low, high) } else { (high, low) };
            let Some(row) = book.find("rule", &later.rule.id) else { continue };
            let what = named(pack, low);
            let (one, two) = (&low.rule.id, &high.rule.id);
            if let Some(value) = only(kind, below, from) {
                if tests.iter().any(|test| test.alike(low) && test.range.contains(value)) {
                    continue;
                }
                notes.at_with_help(
                    &row.at("when"),
                    HOLE,
                    format!("{what} of exactly {value} is in neither `{one}` nor `{two}`"),
                    format!("`{}` stops one step away: {}", first.rule.id, first.rule.place),
                    format!("let one of them take {value}: `at-least` and `under` meet without a hole"),
                );
            } else if let Some(value) = only(kind, from, below)
                && low.rule.verdict != high.rule.verdict
            {
                notes.at_with_help(
                    &row.at("when"),
                    OVERLAP,
                    format!(
                        "{what} of exactly {value} is in both `{one}` ({}) and `{two}` ({})",
                        low.rule.verdict.word(),
                        high.rule.verdict.word()
                    ),
                    format!("`{}` takes it as well: {}", first.rule.id, first.rule.place),
                    "let one of them take it: `at-least` and `under` meet without an overlap",
                );
            }
        }
    }
}

fn named(pack: &Pack, test: &Test<'_>) -> String {
    match test.of {
        Some((qualifier, _)) => format!("`{}`", pack.qualifiers[qualifier].id),
        None => format!("`{}`", pack.questions[test.question].id),
    }
}

/// Deferrals that count from the day of the consultation what their condition counts from the event.
fn waits(pack: &Pack, book: &Book<'_>, notes: &mut Problems) {
    for rule in &pack.rules {
        let Some(until) = rule.until.as_ref().filter(|until| until.since.is_none() && until.event.is_none()) else {
            continue;
        };
        let Some(days) = until.days else { continue };
        let mut counted = None;
        positive(&rule.when, &mut |part| {
            let Condition::Listed { with, .. } = part else { return };
            for test in with {
                let ValueTest::Number(Range { below: Some(below), .. }) = test.test else { continue };
                if number(&pack.qualifiers[test.qualifier].kind).is_some_and(|kind| kind.unit == "days") {
                    counted = Some((test.qualifier, below));
                }
            }
        });
        let (Some((qualifier, below)), Some(row)) = (counted, book.find("rule", &rule.id)) else { continue };
        let name = &pack.qualifiers[qualifier].id;
        notes.at_with_help(
            &row.at("until"),
            WAITS_ANEW,
            format!("rule `{}` fires under {below} days since and then waits {days} days from today", rule.id),
            "starts to count anew",
            format!("`until = {{ since = \"{name}\", days = {below} }}` waits for the rest only"),
        );
    }
}
