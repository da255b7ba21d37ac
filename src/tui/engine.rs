//! The one place from which the screens ask the engine.

use jiff::civil::Date;

use super::sheet::{Reflection, Sheet};
use crate::config::OpenDays;
use crate::intake::{Fact, Intake};
use crate::pack::{Pack, QuestionIx};
use crate::plan::{self, Adjustments, Assessment, Missing, MixChoice, Outcome, Override, OwnMix, RecipeChoice};
use crate::rules::{Truth, evaluate, facts};

/// What the rules say of a sheet, its overrides and chosen recipes included, on days on which the clinic is open.
#[must_use]
pub fn assess(pack: &Pack, sheet: &Sheet, open: &OpenDays, today: Date) -> Assessment {
    let mut assessment = plan::assess_adjusted(pack, &sheet.intake, &adjustments(sheet), today);
    wait_for_typed(pack, sheet, &mut assessment);
    if let Some(plan) = &mut assessment.plan {
        open.reschedule(plan);
    }
    assessment
}

/// What was typed and could not be read leaves its question open, whichever question that is: nothing is decided past it. A
/// refusal stands, because it was certain without that answer.
fn wait_for_typed(pack: &Pack, sheet: &Sheet, assessment: &mut Assessment) {
    if sheet.pending.is_empty() || assessment.verdict == Outcome::Decline {
        return;
    }
    for question in pack.questions.iter().filter(|question| sheet.typed_for(&question.id).is_some()) {
        if !assessment.missing.iter().any(|missing| missing.question == question.id) {
            assessment.missing.push(Missing {
                question: question.id.clone(),
                label: question.label.clone(),
                step: question.step.word().to_owned(),
                because: vec!["what was typed could not be read".to_owned()],
            });
        }
        (assessment.verdict, assessment.plan) = (Outcome::Incomplete, None);
    }
}

fn adjustments(sheet: &Sheet) -> Adjustments {
    let overrides = sheet.overrides.iter();
    let recipes = sheet.recipes.iter();
    Adjustments {
        overrides: overrides.map(|(rule, reason)| Override { rule: rule.clone(), reason: reason.clone() }).collect(),
        recipes: recipes
            .map(|((goal, area), recipe)| RecipeChoice {
                goal: goal.clone(),
                area: area.clone(),
                recipe: recipe.clone(),
            })
            .collect(),
        mixes: sheet.mixes.values().cloned().collect(),
        reviewed: sheet.reviewed.iter().cloned().collect(),
        reflection_days: match sheet.reflection {
            Reflection::NotSet => None,
            Reflection::Waived => Some(0),
            Reflection::Days(days) => Some(u32::from(days)),
        },
    }
}

/// What a mix may hold besides what it holds.
#[must_use]
pub fn mix_choices(pack: &Pack, sheet: &Sheet, today: Date, mix: &OwnMix) -> Vec<MixChoice> {
    plan::mix_choices(pack, &facts(pack, &sheet.intake, today), mix)
}

/// The pack as it counts under the overrides of a sheet; none, if there are none.
#[must_use]
pub fn softened(pack: &Pack, sheet: &Sheet, today: Date) -> Option<Pack> {
    let said = |reason: &String| !reason.trim().is_empty();
    let rules: Vec<&str> = sheet.overrides.iter().filter(|(_, why)| said(why)).map(|(rule, _)| rule.as_str()).collect();
    (!rules.is_empty()).then(|| pack.softened(rules, today))
}

/// The questions as they stand: which are asked, and which do not apply.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Questions {
    /// Those whose condition holds or may hold, and those that were answered. A question whose condition waits for
    /// another answer (a grade for a goal not chosen yet) comes when that is given; the questions of a scored scale are
    /// asked in its window.
    pub asked: Vec<QuestionIx>,
    /// Those whose condition is certain not to hold.
    pub idle: Vec<QuestionIx>,
}

/// How the questions stand now.
#[must_use]
pub fn questions(pack: &Pack, intake: &Intake, today: Date) -> Questions {
    let facts = facts(pack, intake, today);
    let mut questions = Questions::default();
    for (ix, question) in pack.questions.entries() {
        if question.derived || question.scale.is_some() {
            continue;
        }
        let answered = intake.get(&question.id).is_some();
        // The date of birth says it.
        if ix == pack.roles.age && matches!(facts.get(ix), Fact::Number(_)) && !answered {
            continue;
        }
        let applies = question.ask_when.as_ref().map_or(Truth::True, |when| evaluate(pack, &facts, when));
        match applies {
            _ if answered || facts.decided_by(ix).is_some() => questions.asked.push(ix),
            Truth::True | Truth::Maybe => questions.asked.push(ix),
            Truth::False => questions.idle.push(ix),
            Truth::Pending => {}
        }
    }
    questions
}

/// The same of a sheet: a question for which something was typed that could not be read is asked, whatever its condition, so
/// that one can get to it.
#[must_use]
pub fn questions_of(pack: &Pack, sheet: &Sheet, today: Date) -> Questions {
    let mut questions = questions(pack, &sheet.intake, today);
    let typed = pack.questions.entries().filter(|(_, question)| sheet.typed_for(&question.id).is_some());
    for (ix, _) in typed {
        if !questions.asked.contains(&ix) {
            questions.idle.retain(|other| *other != ix);
            questions.asked.push(ix);
        }
    }
    questions.asked.sort_unstable();
    questions
}

/// The questions one answers for others, in the order they are asked: what is computed, or scored, comes from elsewhere.
#[must_use]
pub fn answers_behind(pack: &Pack, intake: &Intake, ids: &[String]) -> Vec<QuestionIx> {
    let (roles, answered) = (&pack.roles, |ix| intake.get(&pack.questions[ix].id).is_some());
    let asked_for = |ix: QuestionIx| match ix {
        _ if ix == roles.bmi => vec![roles.weight, roles.height],
        _ if ix == roles.age && !answered(ix) && answered(roles.birth_date) => vec![roles.birth_date],
        _ => match &pack.questions[ix].scale {
            Some(scale) => vec![pack.scales[*scale].answers],
            None => vec![ix],
        },
    };
    let mut found: Vec<QuestionIx> = ids.iter().filter_map(|id| pack.questions.find(id)).flat_map(asked_for).collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// What would change what a rule says, in sentences, with the verdict each change would lead to.
#[must_use]
pub fn what_would_change(pack: &Pack, sheet: &Sheet, today: Date, rule: &str) -> Vec<String> {
    let changes = plan::changes(pack, &sheet.intake, today, rule);
    changes.iter().map(|change| format!("if {}: {}", change.what, change.verdict.word())).collect()
}
