//! The one place from which the screens ask the engine.

use jiff::civil::Date;

use super::sheet::Sheet;
use crate::config::OpenDays;
use crate::intake::{Fact, Intake};
use crate::pack::{Pack, QuestionIx};
use crate::plan::{self, Adjustments, Assessment, Override, RecipeChoice};
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
    }
}

/// The questions to ask now: those whose condition holds or may hold, and those that were answered. A question whose
/// condition waits for another answer (a grade for a goal not chosen yet) comes when that is given; the questions of a
/// scored scale are asked in its window.
#[must_use]
pub fn asked(pack: &Pack, intake: &Intake, today: Date) -> Vec<QuestionIx> {
    let facts = facts(pack, intake, today);
    let asked = |(ix, question): &(QuestionIx, &crate::pack::Question)| {
        if question.derived || question.scale.is_some() {
            return false;
        }
        // The date of birth says it.
        if *ix == pack.roles.age && matches!(facts.get(*ix), Fact::Number(_)) && intake.get(&question.id).is_none() {
            return false;
        }
        let Some(when) = &question.ask_when else { return true };
        matches!(evaluate(pack, &facts, when), Truth::True | Truth::Maybe)
            || intake.get(&question.id).is_some()
            || facts.decided_by(*ix).is_some()
    };
    pack.questions.entries().filter(asked).map(|(ix, _)| ix).collect()
}

/// What would change what a rule says, in sentences, with the verdict each change would lead to.
#[must_use]
pub fn what_would_change(pack: &Pack, sheet: &Sheet, today: Date, rule: &str) -> Vec<String> {
    let changes = plan::changes(pack, &sheet.intake, today, rule);
    changes.iter().map(|change| format!("if {}: {}", change.what, change.verdict.word())).collect()
}
