//! Recipes against what they are made of and against each other: needles, trials, what a rule brings in for another.

use super::book::{Book, Row};
use super::some;
use crate::pack::{Area, Goal, Grade, Identified, Ix, Pack, Recipe, Rule, Scope, Table, Trial, Verdict};
use crate::source::{Amount, Code, Problems};

const RISKIER: Code = Code("L0107");
const SHORT_NEEDLE: Code = Code("L0108");
const BETTER_THAN_TRIALS: Code = Code("L0109");
const BORROWED: Code = Code("L0110");

pub(super) fn look(pack: &Pack, book: &Book<'_>, notes: &mut Problems) {
    riskier(pack, book, notes);
    needles(pack, book, notes);
    trials(pack, book, notes);
    borrowed(pack, book, notes);
}

/// Rules that take a recipe out and so bring in one that goes deeper or in larger deposits: a risk of the patient's must
/// not lead to a riskier injection. Told where somebody could change it: at the rule, or at the recipe of a layer above.
fn riskier(pack: &Pack, book: &Book<'_>, notes: &mut Problems) {
    let mut by_recipe: Vec<(&Recipe, &Recipe, Vec<&str>)> = Vec::new();
    for rule in pack.rules.iter().filter(|rule| goes_on(rule)) {
        let Some(written) = excluding(book, &rule.id) else { continue };
        let mut found: Vec<String> = Vec::new();
        for (goal, row) in pack.goals.entries().filter(|(goal, _)| !rule.exclude.goals.contains(*goal)) {
            for area in row.areas.iter().filter(|area| !rule.exclude.areas.contains(*area)) {
                let Some((was, is)) = replaced(pack, rule, goal, area) else { continue };
                if how_riskier(was, is).is_none() {
                    continue;
                }
                if [was, is].iter().any(|one| layer_of(book, one) > written.layer) {
                    match by_recipe.iter_mut().find(|(w, i, _)| (&w.id, &i.id) == (&was.id, &is.id)) {
                        Some((_, _, rules)) if rules.contains(&rule.id.as_str()) => {}
                        Some((_, _, rules)) => rules.push(&rule.id),
                        None => by_recipe.push((was, is, vec![&rule.id])),
                    }
                    continue;
                }
                let text = format!("{} for {}", is.id, was.id);
                if !found.contains(&text) {
                    found.push(text);
                }
            }
        }
        if found.is_empty() {
            continue;
        }
        notes.at_with_help(
            &written.at("exclude"),
            RISKIER,
            format!("rule `{}` brings in what goes deeper or in larger deposits: {}", rule.id, some(found.iter().map(String::as_str))),
            "what is left is riskier than what this takes out",
            "exclude that as well, or let `plan.technique` put a gentler technique in the place of the one that is taken out",
        );
    }
    for (was, is, rules) in by_recipe {
        let above = if layer_of(book, is) >= layer_of(book, was) { is } else { was };
        let (Some(row), Some((key, how))) = (book.find("recipe", &above.id), how_riskier(was, is)) else { continue };
        let help = match (key, row.get(key)) {
            ("depth_mm", None) => format!(
                "without `depth_mm` a recipe has the whole depth of its technique: write `depth_mm = [{}, {}]` if that is what is meant",
                was.depth_mm.0, was.depth_mm.1
            ),
            _ => format!("make `{key}` no larger than that of `{}`, or let a rule take both out", was.id),
        };
        notes.at_with_help(
            &row.at(key),
            RISKIER,
            format!(
                "recipe `{}` comes in for `{}` where that is taken out, and {how}: rules {}",
                is.id,
                was.id,
                some(rules)
            ),
            "a risk of the patient's leads to a riskier injection",
            help,
        );
    }
}

/// The table that takes something out for a rule: that of the rule, or of the highest layer that lets it take out more.
fn excluding<'b, 'a>(book: &'b Book<'a>, rule: &str) -> Option<&'b Row<'a>> {
    let more = book.of_kind("tighten").filter(|row| row.text("rule") == Some(rule) && row.get("exclude").is_some());
    book.find("rule", rule).into_iter().chain(more).last()
}

fn layer_of(book: &Book<'_>, recipe: &Recipe) -> usize {
    book.find("recipe", &recipe.id).map_or(0, |row| row.layer)
}

/// What is riskier about a recipe than about the one it comes in for, and the key that says so.
fn how_riskier(was: &Recipe, is: &Recipe) -> Option<(&'static str, String)> {
    let (deep, deeper) = (was.depth_mm.1, is.depth_mm.1);
    if deeper > deep {
        return Some(("depth_mm", format!("goes to {deeper} mm instead of {deep} mm")));
    }
    match (was.point_ml, is.point_ml) {
        (Some(small), Some(larger)) if larger > small => {
            Some(("point_ml", format!("leaves {larger} mL at a point instead of {small} mL")))
        }
        _ => None,
    }
}

/// Recipes that say nothing of what to expect, for a goal whose text is about other ingredients: what was found about
/// those is no promise of these. The plan shows the recipe's own outcome instead.
fn borrowed(pack: &Pack, book: &Book<'_>, notes: &mut Problems) {
    for row in book.of_kind("recipe").filter(|row| row.layer > 0 && row.get("expected").is_none()) {
        let Some(recipe) = row.id().and_then(|id| pack.recipes.get(id)).filter(|one| one.expected.is_some()) else {
            continue;
        };
        let goals = recipe.goals.iter().map(|goal| pack.goals[goal].id());
        notes.at_with_help(
            &row.name(),
            BORROWED,
            format!(
                "recipe `{}` does not say what to expect, and shares no active with the recipes below it for {}",
                recipe.id,
                some(goals)
            ),
            "what the goal expects was found for other ingredients",
            "write `expected`: what this may do, and how sure that is; until then the plan shows `outcome` there",
        );
    }
}

/// Whether somebody for whom a rule fires may be treated all the same.
fn goes_on(rule: &Rule) -> bool {
    let refuses = rule.verdict == Verdict::Decline && rule.scope == Scope::Session;
    let takes_out = rule.exclude.ingredients.iter().next().is_some() || rule.exclude.techniques.iter().next().is_some();
    !refuses && takes_out
}

/// The best recipe for a goal in an area and the best that a rule leaves, where these are two.
fn replaced<'p>(pack: &'p Pack, rule: &Rule, goal: Ix<Goal>, area: Ix<Area>) -> Option<(&'p Recipe, &'p Recipe)> {
    let mut recipes: Vec<&Recipe> =
        pack.recipes.iter().filter(|recipe| recipe.serves(&pack.goals, goal, area)).collect();
    recipes.sort_by_key(|recipe| {
        let actives = recipe.slots.iter().filter(|slot| slot.role.counts() && !slot.optional).count();
        (recipe.grounds.evidence, actives, &recipe.id)
    });
    let left = |recipe: &&&Recipe| {
        let usable = |item| !rule.exclude.ingredients.contains(item) && pack.ingredient(item).offered;
        !rule.exclude.techniques.contains(recipe.technique)
            && recipe.slots.iter().all(|slot| slot.optional || slot.choices.iter().any(|item| usable(*item)))
    };
    let (was, is) = (*recipes.first()?, *recipes.iter().find(left)?);
    (was.id != is.id).then_some((was, is))
}

/// Needles that do not reach the depth that is asked for.
fn needles(pack: &Pack, book: &Book<'_>, notes: &mut Problems) {
    let recipes = pack.recipes.iter().map(|row| ("recipe", row.id(), row.depth_mm.1, row.needle.as_str()));
    let techniques = pack.techniques.iter().map(|row| ("technique", row.id(), row.depth_mm.1, row.needle.as_str()));
    for (kind, id, depth, needle) in recipes.chain(techniques) {
        let Some(length) = longest(needle).filter(|length| *length < depth) else { continue };
        let Some(row) = book.find(kind, id) else { continue };
        notes.at_with_help(
            &row.at("needle"),
            SHORT_NEEDLE,
            format!("{kind} `{id}` goes {depth} mm deep with a needle of {length} mm"),
            "does not reach the depth",
            "name a needle as long as the greatest depth, or a smaller depth",
        );
    }
}

/// The longest length in mm that a needle is described with.
fn longest(needle: &str) -> Option<Amount> {
    let parts = needle.split(" mm").filter_map(|part| part.rsplit([' ', ',']).next());
    parts.filter_map(|word| word.parse::<f64>().ok()).filter_map(Amount::from_f64).max()
}

/// Grades of an ingredient for a goal that are better than every trial of it that the pack holds.
fn trials(pack: &Pack, book: &Book<'_>, notes: &mut Problems) {
    for ((ix, item), detail) in pack.ingredients.entries().zip(&pack.ingredient_details) {
        for row in &detail.evidence_for {
            let best =
                best_trial(&pack.trials, |trial| trial.ingredients.contains(ix) && trial.goals.contains(row.goal));
            let Some(best) = best.filter(|best| row.grade < *best) else { continue };
            let Some(written) = book.find("ingredient", item.id()) else { continue };
            let goal = pack.goals[row.goal].id();
            notes.at_with_help(
                &written.at("evidence_for"),
                BETTER_THAN_TRIALS,
                format!(
                    "ingredient `{}` claims evidence {} for {goal}, and no trial of it has it",
                    item.id(),
                    row.grade.letter()
                ),
                format!("the best of its trials for this goal is {}", best.letter()),
                "grade it as its best trial is, or enter the trial that it rests on as `[[trial]]`",
            );
        }
    }
}

/// The best grade of some trials; those that speak of harm or of no benefit are on no ladder.
fn best_trial(trials: &Table<Trial>, which: impl Fn(&Trial) -> bool) -> Option<Grade> {
    trials
        .iter()
        .filter(|trial| which(trial))
        .map(|trial| trial.grounds.evidence)
        .filter(|grade| *grade <= Grade::D)
        .min()
}
