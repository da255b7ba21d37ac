//! For authors: does a case keep what it promises, and which rules does no case exercise?
//!
//! An author may ask the engine about a case; a trainee's attempt cannot get here.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;

use super::acts::{Act, CocktailCommit, Confidence, Contraindications, Flag, How, Mix, Part, PlanCommit, SkinCommit};
use super::case::{Case, Cases, Decision, Disclose, Template, stops};
use super::chain::{Entry, Header, Mode};
use super::flow::Sealed;
use super::made::MadeId;
use super::marking::to_be_named;
use super::patient::Patient;
use super::replay::play;
use super::reveal::reveal;
use crate::intake::Answer;
use crate::pack::{Pack, Verdict};
use crate::plan::{Assessment, Outcome, assess};

/// How many patients of a case are looked at.
const SEEDS: u64 = 24;
/// For how many of them the model answer is marked, which takes most of the time.
const MARKED: u64 = 2;

/// What is wrong with a case; nothing when it keeps its promises for every seed that is tried.
#[must_use]
pub fn check(pack: &Pack, case: &Arc<Case>, day: Date) -> Vec<String> {
    let mut wrong = form(pack, case);
    // Where nothing is drawn every seed is the same patient.
    let drawn = case.facts.iter().any(|fact| !matches!(fact.value, Template::Fixed(_)));
    for seed in 0..if drawn { SEEDS } else { 1 } {
        let patient = Patient::of(pack, case, seed);
        let assessment = assess(pack, &patient.intake(), day);
        let before = wrong.len();
        expectations(pack, case, &assessment, &mut wrong);
        if wrong.len() == before && seed < MARKED {
            model_answer(pack, case, seed, day, &mut wrong);
        }
        if wrong.len() > before {
            wrong.push(format!("(with seed {seed})"));
            break;
        }
    }
    wrong
}

/// What can be told without the engine.
fn form(pack: &Pack, case: &Case) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut once: BTreeMap<&str, usize> = BTreeMap::new();
    for fact in &case.facts {
        let lists = |answer: &Answer| matches!(answer, Answer::Items(_) | Answer::Goals(_));
        let list = match &fact.value {
            Template::Fixed(answer) => lists(answer),
            Template::Range(..) => false,
            Template::Choose(all) => all.iter().all(|(answer, _)| lists(answer)),
        };
        let n = once.entry(&fact.question).or_default();
        *n += 1;
        if *n > 1 && !list {
            wrong.push(format!("`{}` is answered twice; only lists may be told in parts", fact.question));
        }
        if matches!(fact.value, Template::Range(..)) && fact.says.iter().any(|says| !says.contains("{value}")) {
            wrong.push(format!(
                "`{}` is drawn from a range: without `{{value}}` in `says` nobody learns it",
                fact.question
            ));
        }
        let coded = |answer: &Answer| matches!(answer, Answer::Items(entries) if !entries.is_empty());
        let own_words = match &fact.value {
            Template::Fixed(answer) => !coded(answer) || !fact.says.is_empty(),
            Template::Range(..) => true,
            Template::Choose(all) => all.iter().all(|(a, says)| !coded(a) || says.is_some() || !fact.says.is_empty()),
        };
        if !own_words && fact.disclose != Disclose::Document {
            wrong.push(format!("`{}` needs `says`: without lay words the patient would speak in codes", fact.question));
        }
        if fact.stock.is_none() && !fact.vague.is_empty() && !fact.disclose.puts_off() {
            let why = "is said to those who do not ask closely, look or read; this fact comes out at a plain question";
            wrong.push(format!("`{}` has `vague`, which {why}", fact.question));
        }
    }
    for question in pack.questions.iter().filter(|question| question.required) {
        if !once.contains_key(question.id.as_str()) {
            wrong.push(format!("`{}` has no fact: nobody could ever ask it", question.id));
        }
    }
    for rule in case.critical.iter().filter(|rule| !case.expect.flags.contains(rule)) {
        wrong.push(format!("critical `{rule}` does not stand in expect.flags: it could never be overlooked"));
    }
    for rule in &case.objectives {
        if !case.expect.flags.contains(rule) && !case.expect.not_flags.contains(rule) {
            wrong.push(format!("objective `{rule}` stands neither in expect.flags nor in expect.not_flags"));
        }
    }
    wrong
}

fn expectations(pack: &Pack, case: &Case, assessment: &Assessment, wrong: &mut Vec<String>) {
    let expect = &case.expect;
    let fired: Vec<String> = assessment.findings.iter().map(|f| format!("{} ({})", f.rule, f.verdict.word())).collect();
    if assessment.verdict != expect.verdict {
        let missing: Vec<&str> = assessment.missing.iter().map(|m| m.question.as_str()).collect();
        wrong.push(format!(
            "expected {}, the engine says {}; fired: {}; missing: {}",
            expect.verdict.word(),
            assessment.verdict.word(),
            fired.join(", "),
            missing.join(", ")
        ));
    }
    let fires = |rule: &String| assessment.findings.iter().any(|f| f.rule == *rule);
    for rule in expect.flags.iter().filter(|rule| !fires(rule)) {
        wrong.push(format!("expected `{rule}` to fire; fired: {}", fired.join(", ")));
    }
    for rule in expect.not_flags.iter().filter(|rule| fires(rule)) {
        wrong.push(format!("expected `{rule}` not to fire"));
    }
    // What stops a treatment has to be named by the author: nothing strict may slip in by a change of the rules.
    for finding in assessment.findings.iter().filter(|f| f.verdict >= Verdict::Clearance) {
        if pack.rules.get(&finding.rule).is_some() && !expect.flags.contains(&finding.rule) {
            wrong.push(format!("`{}` ({}) fires and is not in expect.flags", finding.rule, finding.verdict.word()));
        }
    }
    let cocktails = assessment.plan.as_ref().map_or(&[][..], |plan| &plan.cocktails);
    for recipe in expect.recipes.iter().filter(|recipe| !cocktails.iter().any(|c| c.recipe == **recipe)) {
        let taken: Vec<&str> = cocktails.iter().map(|c| c.recipe.as_str()).collect();
        wrong.push(format!("expected recipe `{recipe}`; taken: {}", taken.join(", ")));
    }
    if expect.no_injectable && !cocktails.is_empty() {
        wrong.push("expected no injectable, the engine proposes one".to_owned());
    }
}

/// The best attempt that can be made must be marked as such.
fn model_answer(pack: &Pack, case: &Arc<Case>, seed: u64, day: Date, wrong: &mut Vec<String>) {
    let Some(sealed) = model(pack, case, seed, day) else {
        wrong.push("the model answer does not go through the flow".to_owned());
        return;
    };
    let marks = reveal(pack, &sealed).marks;
    if marks.percent < 99.9 || !marks.critical.is_empty() {
        let lost: Vec<String> =
            marks.items.iter().filter(|i| !i.right()).map(|i| format!("{} ({})", i.id, i.yours)).collect();
        wrong.push(format!("the model answer gets {:.1} % and loses on: {}", marks.percent, lost.join(", ")));
    }
}

/// The verdict and the rules of all findings for the patient of a case, to be claimed by a case that nobody wrote.
pub(super) fn outcome(pack: &Pack, case: &Arc<Case>, day: Date) -> (Outcome, Vec<String>) {
    let result = assess(pack, &Patient::of(pack, case, 0).intake(), day);
    (result.verdict, result.findings.into_iter().map(|finding| finding.rule).collect())
}

/// The attempt of somebody who asks everything and knows everything.
#[must_use]
pub fn model(pack: &Pack, case: &Arc<Case>, seed: u64, day: Date) -> Option<Sealed> {
    let patient = Patient::of(pack, case, seed);
    let assessment = assess(pack, &patient.intake(), day);
    let mut acts = Vec::new();
    for fact in &patient.facts {
        let how = match fact.disclose {
            Disclose::Volunteered => continue,
            Disclose::Ask => How::Ask,
            Disclose::Probe => How::Probe,
            Disclose::Exam => How::Exam,
            Disclose::Document => How::Document,
        };
        acts.push(Act::Ask { question: fact.question.clone(), how });
    }
    let mut skin = SkinCommit::default();
    for fact in patient.facts.iter().filter(|fact| fact.question.starts_with("skin.")) {
        let word = match &fact.answer {
            Answer::Choice(id) => id.clone(),
            Answer::Number(n) => n.to_string(),
            _ => continue,
        };
        skin.findings.insert(fact.question.clone(), word);
    }
    acts.push(Act::Skin(skin));
    let mut found = Contraindications::default();
    for finding in &assessment.findings {
        if to_be_named(finding) && pack.rules.get(&finding.rule).is_some() {
            let flag = Flag(format!("rule:{}", finding.rule));
            if stops(finding.verdict) { found.absolute.push(flag) } else { found.relative.push(flag) }
        }
    }
    let unknown = patient.facts.iter().filter(|fact| fact.answer == Answer::Unknown);
    found.unknown.extend(unknown.map(|fact| Flag(fact.question.clone())));
    acts.push(Act::Contraindications(found));
    acts.extend(case.twists.iter().map(|twist| Act::Twist { answer: twist.best() }));
    acts.push(Act::Decide { decision: Decision::of(assessment.verdict)? });
    let mut mixes = Vec::new();
    let mut plan = PlanCommit::default();
    if let Some(key) = &assessment.plan {
        for cocktail in &key.cocktails {
            let parts = cocktail.ingredients.iter();
            let ingredients = parts.map(|d| Part { id: d.id.clone(), volume_ml: d.volume_ml }).collect();
            mixes.push(Mix { goal: cocktail.goal.clone(), area: cocktail.area.clone(), ingredients });
        }
        plan.sessions = u32::try_from(key.sessions.len()).unwrap_or(0);
        if let [first, second, ..] = key.sessions.as_slice() {
            plan.interval_days = u32::try_from(second.after_days - first.after_days).unwrap_or(0);
        }
        plan.review = !key.reviews.is_empty();
        plan.consent = key.consent.iter().map(|point| point.id.to_string()).collect();
    }
    acts.push(Act::Cocktail(CocktailCommit { mixes }));
    acts.push(Act::Plan(plan));
    acts.push(Act::Seal(Confidence { contraindications: 100, decision: 100, cocktail: 100 }));
    let entries: Vec<Entry> = acts.into_iter().map(|act| Entry { seconds: 0, cost: 0, act }).collect();
    let header = Header {
        trainee: "model answer".to_owned(),
        case: case.id.clone(),
        version: case.version,
        seed,
        mode: Mode::Practice,
        day,
        pack: pack.hash.clone(),
        sat: None,
    };
    let cases: Cases = [(case.id.clone(), Arc::clone(case))].into_iter().collect();
    play(pack, &cases, header, &entries).ok()
}

/// Every fact of a patient with what it takes to hear it.
#[must_use]
pub fn author_view(patient: &Patient) -> Vec<(&super::patient::KnownFact, Disclose)> {
    patient.facts.iter().map(|fact| (fact, fact.disclose)).collect()
}

/// Which cases exercise a rule.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize)]
pub struct Coverage {
    /// The rule.
    pub rule: String,
    /// Its name.
    pub title: String,
    /// Its verdict.
    pub verdict: Verdict,
    /// Whether nobody may override it.
    pub absolute: bool,
    /// Ids of cases in which it fires, or in which it is an objective that must not.
    pub cases: Vec<String>,
    /// Where there is none: the id of a case that is made for it.
    pub made: Option<String>,
}

/// Every written rule of the pack with the cases that exercise it; rules made from the vocabulary are left out unless a
/// case reaches them.
#[must_use]
pub fn coverage(pack: &Pack, cases: &Cases, day: Date) -> Vec<Coverage> {
    let mut by_rule: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for case in cases.values() {
        let mut note = |rule: &str| {
            let known = by_rule.entry(rule.to_owned()).or_default();
            if !known.contains(&case.id) {
                known.push(case.id.clone());
            }
        };
        let assessment = assess(pack, &Patient::of(pack, case, 0).intake(), day);
        assessment.findings.iter().for_each(|finding| note(&finding.rule));
        case.objectives.iter().for_each(|rule| note(rule));
    }
    pack.rules
        .iter()
        .filter_map(|rule| {
            let cases = by_rule.remove(&rule.id).unwrap_or_default();
            let written = rule.place.file.is_some();
            (written || !cases.is_empty()).then(|| Coverage {
                rule: rule.id.clone(),
                title: rule.title.clone(),
                verdict: rule.verdict,
                absolute: rule.absolute,
                made: cases.is_empty().then(|| MadeId::first(&rule.id).text()),
                cases,
            })
        })
        .collect()
}

/// A new case to start from: it reads and checks as it stands.
#[must_use]
pub fn blank(id: &str) -> String {
    format!(
        r#"# What each key means: docs/training.md. Check it with `pistor train case check FILE`.
id = "{id}"
version = 1
title = "A title that gives nothing away"
level = 1
minutes = 12
brief = "Vera Beispiel, an invented patient, asks for fresher cheeks."
objectives = ["isotretinoin-recent"]
critical = ["isotretinoin-recent"]

[[fact]]
id = "history.medications"
choose = [
  {{ value = [{{ id = "isotretinoin", stopped_days_ago = 30 }}], says = "Capsules for spots; I finished the box a month ago." }},
  {{ value = [{{ id = "isotretinoin", stopped_days_ago = 60 }}], says = "Capsules for spots; the last one was two months ago." }},
]
vague = "Nothing at the moment."
disclose = "probe"

[expect]
verdict = "defer"
flags = ["isotretinoin-recent"]
"#
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pack::{builtin, builtin_files};
    use crate::training::read;
    use jiff::civil::date;

    #[test]
    fn every_case_of_the_pack_keeps_what_it_promises() {
        let pack = builtin().unwrap();
        let cases = read(&pack, &[builtin_files()]).unwrap_or_else(|report| panic!("{}", report.render(false)));
        let mut wrong = Vec::new();
        for case in cases.values() {
            wrong.extend(check(&pack, case, date(2026, 11, 22)).into_iter().map(|why| format!("{}: {why}", case.id)));
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}
