//! Cards about rules: what do the rules decide about this patient, which rule is it, what does the rule ask for.

use std::sync::Arc;

use jiff::civil::Date;

use super::{About, Asked, Key, ShortCard, Told};
use crate::intake::Answer;
use crate::pack::{Pack, Rule, Verdict};
use crate::plan::{Assessment, Finding, Outcome, assess};
use crate::proof::Seeded;
use crate::rules::{Truth, evaluate, facts};
use crate::training::case::{Case, Decision};
use crate::training::patient::{Patient, value_words};
use crate::training::reads::reads;

/// Wrong rules that are offered beside the right one.
const WRONG: usize = 3;
/// Out of so many that are most like it they are drawn.
const NEAR: usize = 9;

/// A card about a rule. `made` is a case that was made for it; without one, the card asks what the rule says.
///
/// None when the pack has no such rule, or the rule decides nothing that could be asked.
#[must_use]
pub fn rule_card(pack: &Pack, rule: &str, seed: u64, day: Date, made: Option<&Arc<Case>>) -> Option<ShortCard> {
    let row = pack.rules.get(rule)?;
    let mut draw = Seeded::new(seed, rule);
    let patient = made.and_then(|case| met(pack, row, case, day));
    match (patient, draw.below(5)) {
        (Some(met), 0..=1) => which(pack, row, &met, &mut draw).or_else(|| decide(pack, &met)),
        (Some(met), 2..=3) => decide(pack, &met),
        _ => says(pack, row),
    }
}

/// A made patient with what the rules say of them.
struct Met {
    patient: Patient,
    key: Assessment,
    finding: Finding,
    day: Date,
}

/// The patient of a made case, if the rule is listed for them. Nobody written is ever looked at: they may be in play.
fn met(pack: &Pack, row: &Rule, case: &Arc<Case>, day: Date) -> Option<Met> {
    case.made_by.as_ref()?;
    let patient = Patient::of(pack, case, 0);
    let key = assess(pack, &patient.intake(), day);
    let finding = key.findings.iter().find(|finding| finding.rule == row.id)?.clone();
    Some(Met { patient, key, finding, day })
}

impl Met {
    /// The brief, and everything that the patient says which is not what everybody says: what the rule reads, and whatever
    /// they have, take or had done.
    fn told(&self, pack: &Pack) -> Vec<String> {
        let goals = &pack.questions[pack.roles.goals].id;
        let mut told = vec![self.patient.case.brief.clone()];
        // The brief names one wish; a rule may speak because of another.
        let wishes = self.patient.facts.iter().filter(|fact| fact.question == *goals);
        told.extend(
            wishes
                .filter(|fact| matches!(&fact.answer, Answer::Goals(goals) if goals.len() > 1))
                .map(|fact| format!("All wishes: {}.", value_words(pack, goals, &fact.answer))),
        );
        for fact in self.patient.facts.iter().filter(|fact| fact.question != *goals) {
            let something = matches!(&fact.answer, Answer::Items(entries) if !entries.is_empty());
            if something || self.finding.questions.contains(&fact.question) {
                told.push(fact.says.clone());
            }
        }
        told
    }
}

/// What do the rules decide about this patient? The assessment of the same patient says which of the five is right.
fn decide(pack: &Pack, met: &Met) -> Option<ShortCard> {
    let key = Decision::of(met.key.verdict)?;
    Some(card(pack, met, "What do the rules decide?", decisions(), key as usize))
}

/// Which rule is it? Only rules that are certainly false of this patient are offered beside it.
fn which(pack: &Pack, row: &Rule, met: &Met, draw: &mut Seeded) -> Option<ShortCard> {
    let facts = facts(pack, &met.patient.intake(), met.day);
    let own = reads(pack, row);
    let near = |other: &Rule| {
        let shared = !own.is_disjoint(&reads(pack, other));
        3 * usize::from(shared) + usize::from(other.verdict == row.verdict) + usize::from(same_file(other, row))
    };
    let mut wrong: Vec<(usize, u64, &Rule)> = pack
        .rules
        .iter()
        .filter(|other| other.place.file.is_some() && !other.quiet && other.title != row.title)
        .filter(|other| evaluate(pack, &facts, &other.when) == Truth::False)
        .filter(|other| !met.key.findings.iter().any(|finding| finding.rule == other.id))
        .map(|other| (near(other), draw.next_u64(), other))
        .collect();
    wrong.sort_by(|a, b| (b.0, a.1).cmp(&(a.0, b.1)));
    wrong.truncate(NEAR);
    let mut options: Vec<String> = Vec::new();
    while options.len() < WRONG && !wrong.is_empty() {
        let (_, _, other) = wrong.swap_remove(draw.below(wrong.len()));
        if !options.contains(&other.title) {
            options.push(other.title.clone());
        }
    }
    let key = draw.below(options.len() + 1);
    options.insert(key, row.title.clone());
    (options.len() > WRONG).then(|| card(pack, met, "Which rule speaks here?", options, key))
}

/// What does this rule ask for? Its own verdict is the answer: nobody's answers are needed.
fn says(pack: &Pack, row: &Rule) -> Option<ShortCard> {
    let key = Decision::of(Outcome::from(row.verdict))? as usize;
    let why = [row.message.clone(), row.why.clone()];
    Some(ShortCard {
        id: row.id.clone(),
        about: About::Rule,
        told: vec![row.title.clone()],
        question: "What does this rule ask for?".to_owned(),
        asked: Asked::OneOf(decisions()),
        key: Key::Option(key),
        told_after: Told {
            title: format!("{} ({})", row.title, row.verdict.word()),
            why: why.into_iter().filter(|text| !text.is_empty()).collect(),
            sources: pack.citations(&row.grounds.sources),
            evidence: Some(row.grounds.evidence),
        },
    })
}

fn card(pack: &Pack, met: &Met, question: &str, options: Vec<String>, key: usize) -> ShortCard {
    let finding = &met.finding;
    let mut why = vec![finding.message.clone(), finding.why.clone()];
    why.extend(finding.because.iter().map(|fact| format!("Because: {fact}")));
    let others = met.key.findings.iter().filter(|other| other.rule != finding.rule && other.verdict > Verdict::Proceed);
    why.extend(others.map(|other| format!("Listed too: {} ({})", other.title, other.verdict.word())));
    why.retain(|text| !text.is_empty());
    ShortCard {
        id: finding.rule.clone(),
        about: About::Rule,
        told: met.told(pack),
        question: question.to_owned(),
        asked: Asked::OneOf(options),
        key: Key::Option(key),
        told_after: Told {
            title: format!("{} ({})", finding.title, finding.word()),
            why,
            sources: finding.sources.clone(),
            evidence: finding.evidence,
        },
    }
}

/// What one may decide, mildest first, with what it means.
fn decisions() -> Vec<String> {
    let words = |(word, decision): &(&str, Decision)| {
        let means = match decision {
            Decision::Treat => "go on, with precautions where they are needed",
            Decision::Clearance => "a named clinician clears it first",
            Decision::Defer => "not before a date or an event",
            Decision::Refer => "assessment elsewhere first",
            Decision::Decline => "no treatment",
        };
        format!("{word}: {means}")
    };
    Decision::WORDS.iter().map(words).collect()
}

fn same_file(a: &Rule, b: &Rule) -> bool {
    let path = |rule: &Rule| rule.place.file.clone();
    path(a) == path(b)
}
