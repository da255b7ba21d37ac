//! The one place from which the screens ask the engine.

use jiff::civil::Date;

use super::sheet::{Reflection, Sheet};
use crate::config::OpenDays;
use crate::intake::{Fact, Intake};
use crate::pack::{Pack, QuestionIx};
use crate::plan::{self, Adjustments, Assessment, MixChoice, Override, OwnMix, RecipeChoice};
use crate::rules::{Truth, evaluate, facts};

/// What the rules say of a sheet, its overrides and chosen recipes included, on days on which the clinic is open.
#[must_use]
pub fn assess(pack: &Pack, sheet: &Sheet, open: &OpenDays, today: Date) -> Assessment {
    let mut assessment = plan::assess_adjusted(pack, &sheet.intake, &adjustments(sheet), today);
    if let Some(plan) = &mut assessment.plan {
        open.reschedule(plan);
    }
    assessment
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
