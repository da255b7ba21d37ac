//! Doses and days of every pair of recipes that can meet in one area: no limit is passed, no turn is met too early.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{PACK, TODAY, healthy_but};
use pistor::intake::{Answer, GoalEntry, Intake};
use pistor::pack::{Amount, Area, Goal, Identified, Ix, Recipe};
use pistor::plan::{Adjustments, Plan, assess_adjusted};

/// Days between two different cocktails in one area, at least.
const APART: i32 = 14;

/// Somebody healthy with every scale answered, of some weight.
fn healthy(kg: i32) -> Intake {
    let mut intake = healthy_but(&[]);
    intake.set("patient.weight_kg", Answer::Number(Amount::whole(kg)));
    for scale in ["skin.norwood", "skin.ludwig", "skin.submental_fat", "skin.goodman", "skin.cellulite_grade"] {
        intake.set(scale, Answer::Choice("2".to_owned()));
    }
    intake.set("history.weight_change", Answer::Choice("stable".to_owned()));
    intake
}

/// The goals and recipes that can be wanted in an area.
fn serving(area: Ix<Area>) -> Vec<(&'static Goal, &'static Recipe)> {
    let of = |(ix, goal): (Ix<Goal>, &'static Goal)| {
        let here = move |recipe: &&Recipe| {
            recipe.goals.contains(ix) && recipe.areas.as_ref().unwrap_or(&goal.areas).contains(area)
        };
        PACK.recipes.iter().filter(here).map(move |recipe| (goal, recipe))
    };
    PACK.goals.entries().flat_map(of).collect()
}

fn planned(wanted: &[(&Goal, &Recipe)], areas: &[&str], kg: i32) -> Option<Plan> {
    let mut intake = healthy(kg);
    let mut adjustments = Adjustments::default();
    let mut goals = Vec::new();
    for (goal, recipe) in wanted {
        goals.push(GoalEntry { goal: goal.id.clone(), areas: areas.iter().map(|&area| area.to_owned()).collect() });
        areas.iter().for_each(|area| adjustments.choose(&goal.id, area, &recipe.id));
    }
    intake.set("goals.items", Answer::Goals(goals));
    assess_adjusted(&PACK, &intake, &adjustments, TODAY).plan
}

fn over_a_limit(plan: &Plan) -> Option<String> {
    let session = plan.limits.iter().find(|limit| limit.used > 1.0).map(|limit| format!("{limit:?}"));
    session.or_else(|| {
        PACK.limits.iter().find_map(|limit| {
            let concerned = |id: &str| PACK.ingredients.find(id).is_some_and(|ix| limit.ingredients.contains(ix));
            (0..=plan.cocktails.iter().map(|c| c.turn).max().unwrap_or(0)).find_map(|turn| {
                let here = plan.cocktails.iter().filter(|c| c.turn == turn);
                let here = here.filter(|c| c.ingredients.iter().any(|dose| concerned(&dose.id)));
                let points: u32 = here.filter_map(|c| c.points).sum();
                let most = limit.points.and_then(|n| u32::try_from(n).ok()).unwrap_or(u32::MAX);
                (points > most).then(|| format!("{}: {points} points", limit.id))
            })
        })
    })
}

#[test]
fn no_pair_of_recipes_in_one_area_passes_a_limit_or_shares_a_day() {
    let mut plans = 0;
    for (area, row) in PACK.areas.entries() {
        let serving = serving(area);
        for one in &serving {
            for other in serving.iter().filter(|other| other.0.id != one.0.id) {
                let Some(plan) = planned(&[*one, *other], &[row.id()], 62) else { continue };
                plans += 1;
                let what = format!("{} and {} in {}", one.1.id, other.1.id, row.id);
                assert_eq!(over_a_limit(&plan), None, "{what}");
                if plan.cocktails.iter().all(|cocktail| cocktail.turn == 0) {
                    continue;
                }
                let mut days: Vec<_> = plan.sessions.iter().chain(&plan.maintenance).collect();
                days.sort_by_key(|session| session.after_days);
                for pair in days.windows(2).filter(|pair| pair[0].goals != pair[1].goals) {
                    assert!(pair[1].after_days - pair[0].after_days >= APART, "{what}: {pair:?}");
                }
                assert!(days.iter().all(|session| session.goals.len() == 1), "{what}: {days:?}");
            }
        }
    }
    assert!(plans > 500, "only {plans} plans");
}

/// Every recipe in one, two and all of its areas, for light and heavy patients.
#[test]
fn no_recipe_passes_a_limit_at_any_weight_or_size() {
    let mut plans = 0;
    for (ix, goal) in PACK.goals.entries() {
        for recipe in PACK.recipes.iter().filter(|recipe| recipe.goals.contains(ix)) {
            let here = recipe.areas.as_ref().unwrap_or(&goal.areas);
            let areas: Vec<&str> = here.iter().map(|area| PACK.areas[area].id()).collect();
            for n in 1..=areas.len() {
                for kg in [26, 38, 43, 44, 45, 50, 62, 67, 80, 120] {
                    let Some(plan) = planned(&[(goal, recipe)], &areas[..n], kg) else { continue };
                    plans += 1;
                    assert_eq!(over_a_limit(&plan), None, "{} in {n} areas at {kg} kg", recipe.id);
                }
            }
        }
    }
    assert!(plans > 200, "only {plans} plans");
}
