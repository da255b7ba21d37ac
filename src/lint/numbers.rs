//! Numbers in the words of a rule that its condition does not have.

use super::Subject;
use super::book::{Book, Row};
use crate::pack::{Amount, Condition, Ix, NumberKind, Pack, QualifierKind, QuestionKind, Range, Rule, ValueTest};
use crate::source::{Code, Problems};

const OTHER_NUMBER: Code = Code("L0404");
const OTHER_UNIT: Code = Code("L0405");

/// How many days a unit of time has, at least and at most: months are meant as 28 days or as 31.
const UNITS: [(&str, i64, i64); 8] = [
    ("day", 1, 1),
    ("days", 1, 1),
    ("week", 7, 7),
    ("weeks", 7, 7),
    ("month", 28, 31),
    ("months", 28, 31),
    ("year", 360, 366),
    ("years", 360, 366),
];

const WORDS: [&str; 13] =
    ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];

pub(super) fn look(subject: Subject<'_>, book: &Book<'_>, notes: &mut Problems) {
    for rule in subject.pack.rules.iter().filter(|rule| !rule.is_generated()) {
        let known = Numbers::of(subject.pack, rule);
        // A layer that makes a rule stricter may word it anew: its own words are what is read.
        let tightened = book.of_kind("tighten").filter(|row| row.text("rule") == Some(rule.id.as_str()));
        let rows: Vec<&Row<'_>> = book.find("rule", &rule.id).into_iter().chain(tightened).collect();
        for key in ["title", "message", "patient"] {
            let said = rows.iter().rev().find_map(|row| Some((row, row.text(key)?)));
            let Some((row, text)) = said else { continue };
            // A title names the condition; a message says much besides, and means the condition where it says how long.
            // A patient also reads how long to do without what; only what is waited for is of the rule.
            let of_rule = |span: &Span| match key {
                "title" => true,
                "patient" => span.waits,
                _ => span.limits,
            };
            let spans: Vec<Span> = spans(text).into_iter().filter(of_rule).collect();
            if known.days.is_empty() || spans.is_empty() || spans.iter().any(|span| known.has(span)) {
                continue;
            }
            let Some(first) = spans.first() else { continue };
            let listed = known.days.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
            // The same figure in another unit is the commoner slip, and the worse one.
            if let Some(slip) = spans.iter().find(|span| span.unit != "day" && known.days.contains(&span.count)) {
                notes.at_with_help(
                    &row.at(key),
                    OTHER_UNIT,
                    format!("rule `{}` says {} and reads {} days", rule.id, slip.words, slip.count),
                    "the same figure in another unit",
                    "the condition counts in days",
                );
            } else {
                notes.at_with_help(
                    &row.at(key),
                    OTHER_NUMBER,
                    format!("rule `{}` says {}, which its condition does not have", rule.id, first.words),
                    format!("it has {listed} days"),
                    "make the words and the numbers of the rule the same",
                );
            }
        }
    }
}

/// The days that a rule reads or sets.
struct Numbers {
    days: Vec<i64>,
}

impl Numbers {
    fn of(pack: &Pack, rule: &Rule) -> Self {
        let mut days = Vec::new();
        let mut note = |range: &Range, kind: &NumberKind| {
            if kind.unit == "days" {
                days.extend([range.from, range.below].into_iter().flatten().map(whole));
            }
        };
        rule.when.visit(&mut |part| match part {
            Condition::Number { question, range } => {
                if let QuestionKind::Number(kind) = &pack.questions[*question].kind {
                    note(range, kind);
                }
            }
            Condition::Listed { with, .. } => {
                for test in with {
                    if let (QualifierKind::Number(kind), ValueTest::Number(range)) =
                        (&pack.qualifiers[Ix::new(test.qualifier.get())].kind, &test.test)
                    {
                        note(range, kind);
                    }
                }
            }
            _ => {}
        });
        // Only a rule that counts days can be out of step with them; what it sets besides is said as well.
        if !days.is_empty() {
            days.extend(rule.until.iter().filter_map(|until| until.days).map(i64::from));
            days.extend(rule.modifies.interval_days.map(i64::from));
            days.extend(rule.modifies.test_spot.map(i64::from));
            days.sort_unstable();
            days.dedup();
        }
        Self { days }
    }

    fn has(&self, span: &Span) -> bool {
        // "Under 28 days" and "27 days ago at most" are the same.
        self.days
            .iter()
            .any(|days| (span.least..=span.most).contains(days) || (span.least..=span.most).contains(&(days - 1)))
    }
}

fn whole(amount: Amount) -> i64 {
    amount.as_thousandths().div_euclid(1000)
}

/// A length of time as a text says it.
struct Span {
    words: String,
    count: i64,
    unit: &'static str,
    least: i64,
    most: i64,
    /// It is said as a limit: "within six weeks", "wait 28 days".
    limits: bool,
    /// It is said as a wait.
    waits: bool,
}

/// The words before a length of time that make it a limit.
const LIMITING: [&str; 7] = ["wait", "within", "under", "least", "than", "for", "by"];

/// Those of them that make it a wait, whatever it is a limit of.
const WAITING: [&str; 2] = ["wait", "within"];

fn spans(text: &str) -> Vec<Span> {
    let clean = text.replace(['-', '\u{2013}'], " ");
    let words: Vec<&str> =
        clean.split_whitespace().map(|word| word.trim_matches(|c: char| !c.is_alphanumeric())).collect();
    let mut found = Vec::new();
    for (n, pair) in words.windows(2).enumerate() {
        let [number, unit] = pair else { continue };
        let before = n.checked_sub(1).and_then(|n| words.get(n)).map(|word| word.to_lowercase());
        let count = number.parse().ok().or_else(|| {
            let lower = number.to_lowercase();
            WORDS.iter().position(|word| *word == lower).and_then(|n| i64::try_from(n).ok())
        });
        let unit = UNITS.iter().find(|(word, _, _)| *word == unit.to_lowercase());
        let (Some(count), Some((word, least, most))) = (count, unit) else { continue };
        found.push(Span {
            words: pair.join(" "),
            count,
            unit: word.trim_end_matches('s'),
            least: count * least,
            most: count * most,
            limits: before.as_deref().is_some_and(|word| LIMITING.contains(&word)),
            waits: before.as_deref().is_some_and(|word| WAITING.contains(&word)),
        });
    }
    found
}
