//! Why, why not, and what would change it.

use jiff::civil::Date;

use super::assess;
use super::assessment::{Finding, Outcome};
use super::ceilings::Ceilings;
use super::change::{Change, answers, changes};
use super::layers::{ClinicOverride, tightened};
use super::uses::limits_of;
use crate::intake::Intake;
use crate::pack::{Basis, Grade, Identified, Pack, ReviewState, Verdict};
use crate::rules::{Truth, evaluate, facts, leaves, sentence, standings};

/// An assessment explained.
#[derive(Clone, PartialEq, Debug)]
pub struct Explanation {
    /// The verdict.
    pub verdict: Outcome,
    /// Every finding, strictest first, with what would change it.
    pub rules: Vec<RuleExplanation>,
    /// Findings that the program makes itself (words without a code, nothing left to offer).
    pub others: Vec<Finding>,
    /// The changes of one answer that lead to a milder verdict, and what answers to open questions lead to, mildest
    /// first.
    pub changes: Vec<Change>,
}

/// A rule explained, whether it fired or not.
#[derive(Clone, PartialEq, Debug)]
pub struct RuleExplanation {
    /// The rule id.
    pub rule: String,
    /// Its name.
    pub title: String,
    /// What follows when it fires.
    pub verdict: Verdict,
    /// Whether it fired.
    pub fired: bool,
    /// Whether it fired only because something is not known, or waits for a question.
    pub standing: String,
    /// Its condition as a sentence.
    pub sentence: String,
    /// The answers it read.
    pub answers: Vec<AnswerRead>,
    /// What to do.
    pub message: String,
    /// The mechanism or reason.
    pub why: String,
    /// Both sides, where sources disagree.
    pub contested: Option<String>,
    /// Citations.
    pub sources: Vec<String>,
    /// On what it rests.
    pub basis: Basis,
    /// How strong that is.
    pub evidence: Grade,
    /// Who has looked at it, and when somebody has to look again.
    pub review: ReviewState,
    /// The day it is explained for.
    pub today: Date,
    /// Whether a practitioner may override it, and for which reasons.
    pub override_reasons: Vec<String>,
    /// Whether nobody may.
    pub absolute: bool,
    /// What layers of the pack made stricter about it, in words.
    pub tightened: Vec<String>,
    /// The clinic's own override of the rule, whether or not it holds on this day.
    pub clinic_override: Option<ClinicOverride>,
    /// What would change it.
    pub changes: Vec<Change>,
    /// File and line in the pack.
    pub place: String,
}

/// One answer that a rule read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AnswerRead {
    /// The question.
    pub question: String,
    /// The answer in words.
    pub text: String,
    /// `yes`, `no`, `not known` or `not asked`: whether it speaks for the rule.
    pub holds: &'static str,
}

/// An ingredient explained.
#[derive(Clone, PartialEq, Debug)]
pub struct IngredientExplanation {
    /// The ingredient id.
    pub id: String,
    /// For people.
    pub label: String,
    /// The FDA's Unique Ingredient Identifier, if the pack gives one.
    pub unii: Option<String>,
    /// `in the plan`, `excluded`, `allowed, not chosen` or `not offered`.
    pub state: &'static str,
    /// Why, in words.
    pub reasons: Vec<String>,
    /// What it is for.
    pub purpose: String,
    /// What to know.
    pub caution: String,
    /// Evidence by goal, in words.
    pub evidence: Vec<String>,
    /// Its limits for this patient, in words.
    pub limits: Vec<String>,
    /// Allergens and excipients in it.
    pub contains: Vec<String>,
    /// What may not share its syringe, in words.
    pub mixing: Vec<String>,
    /// Regulatory status by jurisdiction, in words.
    pub status: Vec<String>,
    /// Citations.
    pub sources: Vec<String>,
    /// On what it rests.
    pub basis: Basis,
    /// Who has looked at it, and when somebody has to look again.
    pub review: ReviewState,
    /// The day it is explained for.
    pub today: Date,
    /// Exclusions that rest on one answer: what would lift them.
    pub changes: Vec<Change>,
}

/// Explains a whole assessment.
#[must_use]
pub fn explain(pack: &Pack, intake: &Intake, today: Date) -> Explanation {
    let assessment = assess(pack, intake, today);
    let (rules, others): (Vec<Finding>, Vec<Finding>) =
        assessment.findings.into_iter().partition(|finding| pack.rules.get(&finding.rule).is_some());
    let rules: Vec<RuleExplanation> =
        rules.iter().filter_map(|finding| explain_rule(pack, intake, today, &finding.rule)).collect();
    let mut milder: Vec<Change> = Vec::new();
    for change in rules.iter().flat_map(|rule| &rule.changes) {
        if change.verdict.strictness() < assessment.verdict.strictness()
            && !milder.iter().any(|known| known.what == change.what)
        {
            milder.push(change.clone());
        }
    }
    for missing in &assessment.missing {
        milder.extend(answers(pack, intake, today, &missing.question));
    }
    milder.sort_by_key(|change| change.verdict.strictness());
    Explanation { verdict: assessment.verdict, rules, others, changes: milder }
}

/// Explains one rule for one intake; `None` if the pack has no such rule.
#[must_use]
pub fn explain_rule(pack: &Pack, intake: &Intake, today: Date, rule: &str) -> Option<RuleExplanation> {
    let row = pack.rules.get(rule)?;
    let facts = facts(pack, intake, today);
    let truth = evaluate(pack, &facts, &row.when);
    let mut answers: Vec<AnswerRead> = Vec::new();
    for leaf in leaves(pack, &facts, &row.when) {
        let holds = match leaf.truth {
            Truth::True => "yes",
            Truth::False => "no",
            Truth::Maybe => "not known",
            Truth::Pending => "not asked",
        };
        let read = AnswerRead { question: leaf.question, text: leaf.text, holds };
        if !answers.contains(&read) {
            answers.push(read);
        }
    }
    Some(RuleExplanation {
        rule: row.id.clone(),
        title: row.title.clone(),
        verdict: row.ruling_on(today).verdict,
        fired: truth.fires(),
        standing: match truth {
            Truth::True => "fired".to_owned(),
            Truth::Maybe => "fired: something it reads is not known, which counts as unfavourable".to_owned(),
            Truth::Pending => "waits for a question that was not asked".to_owned(),
            Truth::False => "did not fire".to_owned(),
        },
        sentence: sentence(pack, &row.when),
        answers,
        message: row.message.clone(),
        why: row.why.clone(),
        contested: row.contested.clone(),
        sources: pack.citations(&row.grounds.sources),
        basis: row.grounds.basis,
        evidence: row.grounds.evidence,
        review: row.grounds.review.clone(),
        today,
        override_reasons: row.override_reasons.iter().map(|reason| reason.text.clone()).collect(),
        absolute: row.absolute,
        tightened: tightened(pack, row),
        clinic_override: ClinicOverride::of(pack, row, today),
        changes: if truth.fires() { changes(pack, intake, today, rule) } else { Vec::new() },
        place: row.place.to_string(),
    })
}

/// Explains one ingredient for one intake; `None` if the pack has no such ingredient.
#[must_use]
pub fn explain_ingredient(
    pack: &Pack,
    intake: &Intake,
    today: Date,
    ingredient: &str,
) -> Option<IngredientExplanation> {
    let ix = pack.ingredients.find(ingredient)?;
    let detail = pack.ingredient(ix);
    let assessment = assess(pack, intake, today);
    let facts = facts(pack, intake, today);
    let mut reasons = Vec::new();
    let mut lifting = Vec::new();
    let excluded = assessment.excluded.iter().find(|e| e.kind == "ingredient" && e.id == ingredient);
    let planned = assessment
        .plan
        .iter()
        .flat_map(|plan| &plan.cocktails)
        .filter(|c| c.ingredients.iter().any(|d| d.id == ingredient));
    let places: Vec<String> =
        planned.map(|c| format!("{} in {}: {}", c.goal_label, c.area_label.to_lowercase(), c.label)).collect();
    let state = if let Some(excluded) = excluded {
        for rule in excluded.rules.iter().filter_map(|id| pack.rules.get(id)) {
            reasons.push(format!("{}: {}", rule.id, rule.message));
            if excluded.rules.len() == 1 && !rule.quiet {
                lifting = changes(pack, intake, today, &rule.id);
            }
        }
        "excluded"
    } else if !places.is_empty() {
        reasons.extend(places.iter().map(|place| format!("chosen for {place}")));
        "in the plan"
    } else if !detail.offered {
        reasons.push("no recipe may propose it; it is only vetted when somebody asks for it".to_owned());
        "not offered"
    } else {
        let goals: Vec<_> = facts.goals(pack).iter().map(|g| g.goal).collect();
        let holding: Vec<_> = pack
            .recipes
            .iter()
            .filter(|r| r.goals.iter().any(|g| goals.contains(&g)) && r.slots.iter().any(|s| s.choices.contains(&ix)))
            .collect();
        if holding.is_empty() {
            reasons.push("no recipe for these goals uses it".to_owned());
        }
        for recipe in holding {
            let why = assessment
                .plan
                .iter()
                .flat_map(|plan| &plan.cocktails)
                .flat_map(|c| &c.alternatives)
                .find(|a| a.recipe == recipe.id)
                .map_or_else(|| "no plan is made with this verdict".to_owned(), |a| a.why_lower.clone());
            reasons.push(format!("{}: {why}", recipe.label));
        }
        "allowed, not chosen"
    };
    let fired = standings(pack, &facts).into_iter().filter(|s| s.truth.fires()).map(|s| &pack.rules[s.rule]);
    let ceilings = Ceilings::of(pack, &facts, fired);
    let mixing = pack
        .mixing
        .iter()
        .filter(|rule| rule.a.contains(ix) || rule.b.as_ref().is_some_and(|b| b.contains(ix)))
        .map(|rule| format!("{}: {}", rule.level.label(), rule.why))
        .collect();
    Some(IngredientExplanation {
        id: ingredient.to_owned(),
        label: pack.ingredients[ix].label.clone(),
        unii: pack.ingredients[ix].unii.clone(),
        state,
        reasons,
        purpose: detail.purpose.clone(),
        caution: detail.caution.clone(),
        evidence: detail
            .evidence_for
            .iter()
            .map(|e| {
                let goal = &pack.goals[e.goal].label;
                let cited = pack.citations(&e.sources).join("; ");
                format!("{goal}: {} ({}). {} {cited}", e.grade.letter(), e.grade.label(), e.note).trim_end().to_owned()
            })
            .collect(),
        limits: limits_of(&ceilings, ix),
        contains: detail.contains.iter().map(|a| pack.allergens[a].label.clone()).collect(),
        mixing,
        status: detail.status.iter().map(|(code, status)| format!("{code}: {}", status.word())).collect(),
        sources: pack.citations(&detail.grounds.sources),
        basis: detail.grounds.basis,
        review: detail.grounds.review.clone(),
        today,
        changes: lifting,
    })
}

impl RuleExplanation {
    /// The finding's own id again, for lists.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.rule
    }
}

/// Whether a question applies to this patient, for screens that ask.
#[must_use]
pub fn applicable(pack: &Pack, intake: &Intake, today: Date, question: crate::pack::QuestionIx) -> bool {
    let facts = facts(pack, intake, today);
    crate::rules::applies(pack, &facts, question) && !pack.questions[question].id().is_empty()
}
