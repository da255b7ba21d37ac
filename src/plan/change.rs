//! What would change the outcome: single changes of one answer, each tried on the whole assessment.

use jiff::civil::Date;

use super::assess;
use super::assessment::{Assessment, Outcome};
use crate::intake::{Answer, Intake, Value, What};
use crate::pack::{Amount, Condition, Identified, List, Pack, QualifierKind, QuestionKind, Range, ValueTest};
use crate::rules::lower;

/// A change of one answer and what it would lead to.
#[derive(Clone, PartialEq, Debug)]
pub struct Change {
    /// The change, in words, as a fact about the patient.
    pub what: String,
    /// The question it is about.
    pub question: String,
    /// The verdict it would lead to.
    pub verdict: Outcome,
    /// The intake with the change.
    pub intake: Intake,
}

/// The single changes that would let a condition no longer hold, each with the verdict it leads to, mildest first.
#[must_use]
pub fn changes(pack: &Pack, intake: &Intake, today: Date, rule: &str) -> Vec<Change> {
    let Some(row) = pack.rules.get(rule) else { return Vec::new() };
    let mut candidates = Vec::new();
    row.when.visit(&mut |condition| edits(pack, intake, condition, &mut candidates));
    let mut found: Vec<Change> = Vec::new();
    for (what, question, edited) in candidates {
        let after: Assessment = assess(pack, &edited, today);
        let gone = !after.findings.iter().any(|finding| finding.rule == rule);
        if gone && !found.iter().any(|known| known.what == what) {
            found.push(Change { what, question, verdict: after.verdict, intake: edited });
        }
    }
    found.sort_by_key(|change| order(change.verdict));
    found
}

const fn order(outcome: Outcome) -> u8 {
    match outcome {
        Outcome::Proceed => 0,
        Outcome::Caution => 1,
        Outcome::Clearance => 2,
        Outcome::Defer => 3,
        Outcome::Refer => 4,
        Outcome::Decline => 5,
        Outcome::Incomplete => 6,
    }
}

type Edit = (String, String, Intake);

fn edits(pack: &Pack, intake: &Intake, condition: &Condition, found: &mut Vec<Edit>) {
    match condition {
        Condition::Choice { question, options } => {
            let row = &pack.questions[*question];
            for (n, option) in row.options().iter().enumerate().filter(|(n, _)| options >> n & 1 == 0) {
                let _ = n;
                let mut edited = intake.clone();
                edited.set(&row.id, Answer::Choice(option.id.clone()));
                found.push((format!("{} were: {}", lower(&row.label), lower(&option.label)), row.id.clone(), edited));
            }
        }
        Condition::Number { question, range } => {
            let row = &pack.questions[*question];
            let QuestionKind::Number(kind) = &row.kind else { return };
            if row.derived {
                return;
            }
            for n in outside(*range, kind.decimals).filter(|n| *n >= kind.min && *n <= kind.max) {
                let mut edited = intake.clone();
                edited.set(&row.id, Answer::Number(n));
                found.push((
                    format!("{} were {n} {}", lower(&row.label), kind.unit).trim_end().to_owned(),
                    row.id.clone(),
                    edited,
                ));
            }
        }
        Condition::Listed { question, list, items, with } => {
            let id = pack.questions[*question].id().to_owned();
            let Some(Answer::Items(entries)) = intake.get(&id) else { return };
            for (n, entry) in entries.iter().enumerate() {
                let What::Coded(code) = &entry.what else { continue };
                let Some(item) = pack.list(*list).find(code).filter(|ix| items.contains(*ix)) else { continue };
                let label = lower(&pack.list(*list)[item].label);
                for test in with {
                    let qualifier = &pack.qualifiers[test.qualifier];
                    let name = lower(qualifier.label.split(" (").next().unwrap_or(&qualifier.label));
                    for (value, said) in other_values(&qualifier.kind, &test.test) {
                        let mut edited = intake.clone();
                        let mut list = entries.clone();
                        list[n].qualifiers.insert(qualifier.id.clone(), value);
                        edited.set(&id, Answer::Items(list));
                        found.push((format!("{label}: {name} were {said}"), id.clone(), edited));
                    }
                }
                let mut edited = intake.clone();
                let mut rest = entries.clone();
                rest.remove(n);
                edited.set(&id, Answer::Items(rest));
                found.push((absent(*list, &label), id.clone(), edited));
            }
        }
        Condition::Goal { goals, .. } => {
            let id = pack.questions[pack.roles.goals].id().to_owned();
            let Some(Answer::Goals(entries)) = intake.get(&id) else { return };
            for (n, entry) in entries.iter().enumerate().filter(|_| entries.len() > 1) {
                let Some(goal) = pack.goals.find(&entry.goal) else { continue };
                if goals.as_ref().is_none_or(|set| set.contains(goal)) {
                    let mut edited = intake.clone();
                    let mut rest = entries.clone();
                    rest.remove(n);
                    edited.set(&id, Answer::Goals(rest));
                    found.push((format!("{} were not asked for", lower(&pack.goals[goal].label)), id.clone(), edited));
                }
            }
        }
        Condition::All(_) | Condition::Any(_) | Condition::Not(_) | Condition::AtLeast { .. } => {}
    }
}

/// Facts about the patient, never advice: nobody is told to change a prescribed medicine.
fn absent(list: List, label: &str) -> String {
    match list {
        List::Conditions => format!("the patient did not have {label}"),
        List::Medications => {
            format!("this were a patient who does not take {label} (a fact, not advice: prescribed medicines continue)")
        }
        List::Events => format!("there had been no {label}"),
        List::Allergens => format!("allergy to {label} were disproved"),
        List::Provenance => format!("the products at hand were in order ({label} resolved)"),
        List::Ingredients => format!("{label} were not asked for"),
    }
}

fn other_values(kind: &QualifierKind, test: &ValueTest) -> Vec<(Value, String)> {
    match (kind, test) {
        (QualifierKind::Choice(options), ValueTest::Choice(bits)) => options
            .iter()
            .enumerate()
            .filter(|(n, _)| bits >> n & 1 == 0)
            .map(|(_, o)| (Value::Choice(o.id.clone()), lower(&o.label)))
            .collect(),
        (QualifierKind::Number(kind), ValueTest::Number(range)) => outside(*range, kind.decimals)
            .filter(|n| *n >= kind.min && *n <= kind.max)
            .map(|n| (Value::Number(n), format!("{n} {}", kind.unit).trim_end().to_owned()))
            .collect(),
        _ => Vec::new(),
    }
}

/// The nearest values on either side of a range.
fn outside(range: Range, decimals: u8) -> impl Iterator<Item = Amount> {
    let step = 10_i64.pow(3 - u32::from(decimals.min(3)));
    let under = range.from.map(|from| Amount::thousandths((from.as_thousandths() - 1).div_euclid(step) * step));
    let over = range.below.map(|below| {
        let n = below.as_thousandths();
        Amount::thousandths((n + step - 1).div_euclid(step) * step)
    });
    [under, over].into_iter().flatten()
}
