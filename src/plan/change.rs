//! What would change the outcome: single changes of one answer, each tried on the whole assessment.

use jiff::civil::Date;

use super::adjust::Adjustments;
use super::assessment::{Assessment, Outcome};
use super::overriding::refuted;
use super::{assess, assess_adjusted};
use crate::intake::{Answer, Intake, Value, What, clear_scale};
use crate::pack::{Amount, Condition, Identified, List, Pack, QualifierKind, QuestionKind, Range, ValueTest};
use crate::rules::{facts, lower, spoken};

/// A change of one answer and what it would lead to.
#[derive(Clone, PartialEq, Debug)]
pub struct Change {
    /// The change, in words, as a fact about the patient.
    pub what: String,
    /// The question it is about; empty for an override.
    pub question: String,
    /// The verdict it would lead to.
    pub verdict: Outcome,
    /// The intake with the change.
    pub intake: Intake,
}

/// The single changes that would let a rule no longer count in full, each with the verdict it leads to, mildest first:
/// other answers, and the override that the rule itself allows.
#[must_use]
pub fn changes(pack: &Pack, intake: &Intake, today: Date, rule: &str) -> Vec<Change> {
    let Some(row) = pack.rules.get(rule) else { return Vec::new() };
    let mut found: Vec<Change> = Vec::new();
    let facts = facts(pack, intake, today);
    let against = refuted(pack, &facts, row);
    let left: Vec<&str> =
        row.override_reasons.iter().map(|r| r.text.as_str()).filter(|text| !against.contains(text)).collect();
    if let Some(reason) = left.first().filter(|_| row.overridable()) {
        let mut adjustments = Adjustments::default();
        adjustments.override_rule(rule, reason);
        let verdict = assess_adjusted(pack, intake, &adjustments, today).verdict;
        let what = match row.ruling_on(today).from {
            Some(from) => format!(
                "written clearance from {from} were on file, or another reason of the rule held, and were recorded"
            ),
            None => format!("one of its reasons held and were recorded: {}", left.join("; ")),
        };
        // Where something else decides, "this were on file: decline" would read as if it led to the refusal.
        if verdict != assess(pack, intake, today).verdict {
            found.push(Change { what, question: String::new(), verdict, intake: intake.clone() });
        }
    }
    let mut candidates = Vec::new();
    row.when.visit(&mut |condition| edits(pack, intake, condition, &mut candidates));
    let fires = |after: &Assessment| after.findings.iter().any(|finding| finding.rule == rule);
    found.extend(outcomes(pack, candidates, today, |after| !fires(after)));
    // What would only make it worse helps nobody.
    let now = assess(pack, intake, today).verdict.strictness();
    found.retain(|change| change.verdict.strictness() <= now);
    found.sort_by_key(|change| change.verdict.strictness());
    found
}

/// What each answer to an open choice question would lead to, mildest first; none for questions of other kinds.
#[must_use]
pub fn answers(pack: &Pack, intake: &Intake, today: Date, question: &str) -> Vec<Change> {
    let Some(row) = pack.questions.get(question) else { return Vec::new() };
    let candidates = row.options().iter().map(|option| {
        let edited = answered(pack, intake, question, Answer::Choice(option.id.clone()));
        let answer = pack.questions.find(question).map(|ix| spoken(pack, ix, &option.label));
        Edit { what: lower(&row.label), answer, question: question.to_owned(), intake: edited }
    });
    // What stays open whatever is answered says nothing.
    let mut found = outcomes(pack, candidates.collect(), today, |after| after.verdict != Outcome::Incomplete);
    found.sort_by_key(|change| change.verdict.strictness());
    found
}

/// The outcomes of edits that `keep` accepts; answers of one question that lead to the same verdict are one change.
fn outcomes(pack: &Pack, edits: Vec<Edit>, today: Date, keep: impl Fn(&Assessment) -> bool) -> Vec<Change> {
    let mut found: Vec<(Change, Vec<String>)> = Vec::new();
    for Edit { what, answer, question, intake } in edits {
        let after = assess(pack, &intake, today);
        if !keep(&after) {
            continue;
        }
        match found.iter_mut().find(|(c, _)| c.what == what && c.verdict == after.verdict) {
            Some((_, said)) => said.extend(answer.filter(|a| !said.contains(a))),
            None => {
                let change = Change { what, question, verdict: after.verdict, intake };
                found.push((change, answer.into_iter().collect()));
            }
        }
    }
    found
        .into_iter()
        .map(|(mut change, said)| {
            change.what = match said.len() {
                0 => change.what,
                1..=3 => format!("{} were: {}", change.what, said.join(" or ")),
                n => format!("{} were any of {n} other answers", change.what),
            };
            change
        })
        .collect()
}

/// One answer changed.
struct Edit {
    /// The change in words, without the answer where there is one.
    what: String,
    /// The other answer of a choice.
    answer: Option<String>,
    question: String,
    intake: Intake,
}

impl Edit {
    fn whole(what: String, question: &str, intake: Intake) -> Self {
        Self { what, answer: None, question: question.to_owned(), intake }
    }
}

/// The intake with another answer: of a patient of whom a scale says no longer what it says of this one.
fn answered(pack: &Pack, intake: &Intake, question: &str, answer: Answer) -> Intake {
    let mut edited = intake.clone();
    if let Some(ix) = pack.questions.find(question) {
        clear_scale(pack, &mut edited, ix);
    }
    edited.set(question, answer);
    edited
}

fn edits(pack: &Pack, intake: &Intake, condition: &Condition, found: &mut Vec<Edit>) {
    match condition {
        Condition::Choice { question, options } => {
            let row = &pack.questions[*question];
            for (_, option) in row.options().iter().enumerate().filter(|(n, _)| options >> n & 1 == 0) {
                let edited = answered(pack, intake, &row.id, Answer::Choice(option.id.clone()));
                found.push(Edit {
                    what: lower(&row.label),
                    answer: Some(spoken(pack, *question, &option.label)),
                    question: row.id.clone(),
                    intake: edited,
                });
            }
        }
        Condition::Number { question, range } => {
            let row = &pack.questions[*question];
            let QuestionKind::Number(kind) = &row.kind else { return };
            if row.derived {
                return;
            }
            for n in outside(*range, kind.decimals).filter(|n| *n >= kind.min && *n <= kind.max) {
                let edited = answered(pack, intake, &row.id, Answer::Number(n));
                let what = format!("{} were {n} {}", lower(&row.label), kind.unit);
                found.push(Edit::whole(what.trim_end().to_owned(), &row.id, edited));
            }
        }
        Condition::Listed { question, list, items, with } => {
            let id = pack.questions[*question].id().to_owned();
            let Some(Answer::Items(entries)) = intake.get(&id) else { return };
            for (n, entry) in entries.iter().enumerate() {
                let What::Coded(code) = &entry.what else { continue };
                let Some(item) = pack.list(*list).find(code).filter(|ix| items.contains(*ix)) else { continue };
                let label = lower(&pack.list(*list)[item].label);
                // "Fourteen days since the last dose" would read as advice to stop to somebody who takes it.
                let takes_it = *list == List::Medications && !already_ended(entry);
                for test in with.iter().filter(|_| !takes_it) {
                    let qualifier = &pack.qualifiers[test.qualifier];
                    let name = lower(qualifier.label.split(" (").next().unwrap_or(&qualifier.label));
                    for (value, said) in other_values(&qualifier.kind, &test.test) {
                        let mut edited = intake.clone();
                        let mut list = entries.clone();
                        list[n].qualifiers.insert(qualifier.id.clone(), value);
                        edited.set(&id, Answer::Items(list));
                        found.push(Edit::whole(format!("{label}: {name} were {said}"), &id, edited));
                    }
                }
                let mut edited = intake.clone();
                let mut rest = entries.clone();
                rest.remove(n);
                edited.set(&id, Answer::Items(rest));
                found.push(Edit::whole(absent(*list, &label), &id, edited));
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
                    let what = format!("{} were not asked for", lower(&pack.goals[goal].label));
                    found.push(Edit::whole(what, &id, edited));
                }
            }
        }
        Condition::All(_) | Condition::Any(_) | Condition::Not(_) | Condition::AtLeast { .. } => {}
    }
}

/// Whether a medicine is recorded as no longer taken.
fn already_ended(entry: &crate::intake::Entry) -> bool {
    matches!(entry.qualifiers.get("stopped_days_ago"), Some(Value::Number(days)) if *days > Amount::ZERO)
}

/// Facts about the patient, never advice: nobody is told to change a prescribed medicine.
pub(crate) fn absent(list: List, label: &str) -> String {
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
