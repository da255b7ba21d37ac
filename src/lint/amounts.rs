//! Amounts and rhythms that nobody can have meant: more than an area may hold, a course without end, sessions on one day.

use super::book::Book;
use crate::pack::{Amount, Area, Identified, Ix, Pack, Phase, Recipe};
use crate::source::{Code, Problems};

const TOO_MUCH: Code = Code("L0112");
const RHYTHM: Code = Code("L0113");

/// Courses of more sessions than this, or with less time between two of them, are in no trial of the built-in pack.
const MOST_SESSIONS: i32 = 12;
const LEAST_DAYS: i32 = 7;

pub(super) fn look(pack: &Pack, book: &Book<'_>, notes: &mut Problems) {
    volumes(pack, book, notes);
    rhythms(pack, book, notes);
}

/// The areas in which the pack offers a recipe.
fn areas<'p>(pack: &'p Pack, recipe: &'p Recipe) -> impl Iterator<Item = Ix<Area>> + 'p {
    let served = |area: Ix<Area>| recipe.goals.iter().any(|goal| recipe.serves(&pack.goals, goal, area));
    pack.areas.entries().map(|(ix, _)| ix).filter(move |area| served(*area))
}

/// What an area may hold in a session: the least of its own ceiling and those of the areas around it.
fn ceiling(pack: &Pack, area: Ix<Area>) -> Option<Amount> {
    pack.area_path(area).filter_map(|at| pack.areas[at].max_ml).min()
}

/// Recipes that give an area, or a session, more than it may hold. The plan would cut it down, and the author never learn
/// why.
fn volumes(pack: &Pack, book: &Book<'_>, notes: &mut Problems) {
    for recipe in pack.recipes.iter() {
        let Some(row) = book.find("recipe", recipe.id()) else { continue };
        let given: Amount =
            Amount::thousandths(recipe.slots.iter().map(|slot| slot.ml_per_area.as_thousandths()).sum());
        let over =
            areas(pack, recipe).filter_map(|area| Some((area, ceiling(pack, area)?))).find(|(_, most)| given > *most);
        if let Some((area, most)) = over {
            notes.at_with_help(
                &row.at("id"),
                TOO_MUCH,
                format!(
                    "recipe `{}` gives {given} mL to an area, and `{}` may hold {most} mL",
                    recipe.id, pack.areas[area].id
                ),
                "more than the area may hold in a session",
                "lower `ml_per_area`, or name the `areas` that may hold it",
            );
            continue;
        }
        // All that a session may hold in every area of the recipe together, each area counted once.
        let outermost =
            |area: &Ix<Area>| !areas(pack, recipe).any(|other| other != *area && pack.area_within(*area, other));
        let all: Option<Vec<Amount>> = areas(pack, recipe).filter(outermost).map(|area| ceiling(pack, area)).collect();
        let most = all.map(|all| Amount::thousandths(all.iter().map(|amount| amount.as_thousandths()).sum()));
        let slot = recipe.slots.iter().filter_map(|slot| slot.ml_max).max();
        if let (Some(most), Some(slot)) = (most, slot)
            && slot > most
        {
            notes.at_with_help(
                &row.at("id"),
                TOO_MUCH,
                format!(
                    "recipe `{}` allows {slot} mL in a session, and all its areas together may hold {most} mL",
                    recipe.id
                ),
                "a maximum that never holds anything back",
                "lower `ml_max`",
            );
        }
    }
}

/// Session plans with more sessions, or less time between them, than anybody has tried.
fn rhythms(pack: &Pack, book: &Book<'_>, notes: &mut Problems) {
    for plan in pack.plans.iter() {
        let Some(row) = book.find("plan", plan.id()) else { continue };
        let course: i32 = plan.induction.sessions + plan.consolidation.map_or(0, |phase| phase.sessions);
        // Within the first phase one session has nothing to be apart from.
        let close = |phase: &Phase, first: bool| (phase.sessions > 1 || !first) && phase.interval_days < LEAST_DAYS;
        let later = [("consolidation", plan.consolidation), ("maintenance", plan.maintenance)];
        let named = later.into_iter().filter_map(|(key, phase)| Some((key, phase?, false)));
        let near = std::iter::once(("induction", plan.induction, true))
            .chain(named)
            .find(|(_, phase, first)| close(phase, *first));
        let (key, said, expected) = match near {
            Some((key, phase, _)) => (
                key,
                format!("plan `{}` has sessions {} days apart in its {key}", plan.id, phase.interval_days),
                format!("fewer than {LEAST_DAYS} days between two sessions"),
            ),
            None if course > MOST_SESSIONS => (
                "induction",
                format!("plan `{}` is a course of {course} sessions", plan.id),
                format!("more than {MOST_SESSIONS} sessions before anybody maintains a result"),
            ),
            None => continue,
        };
        notes.at_with_help(
            &row.at(key),
            RHYTHM,
            said,
            expected,
            "write the rhythm of the study that the plan rests on; reviews say when a course that does not help ends",
        );
    }
}
