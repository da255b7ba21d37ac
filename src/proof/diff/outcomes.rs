//! Two outcomes of one intake, side by side on wires.

use std::collections::BTreeMap;

use super::super::circuit::{Circuit, Lit};
use super::super::outcome::Outcome;
use super::super::space::Space;
use super::super::view::View;
use super::names::Names;
use crate::pack::{Identified, Item, Ix, List, Pack};

/// One of the two packs, and what follows from every intake under it.
pub(super) struct Side<'p> {
    pub pack: &'p Pack,
    pub space: Space,
    pub raw: View,
    pub outcome: Outcome,
}

/// How the outcome under the new pack differs from that under the old one.
pub(super) struct Compared {
    /// Both outcomes are complete.
    pub complete: Lit,
    /// In anything: verdict, exclusion, recipe, or what the recipe is filled with.
    pub changed: Lit,
    /// A milder verdict, or something allowed that was not; both outcomes are complete.
    pub looser: Lit,
    /// The contrary.
    pub stricter: Lit,
    /// For each recipe: it is in the old plan, in the new plan, and whether that differs or it is filled otherwise.
    pub recipes: BTreeMap<String, InPlan>,
}

/// Where a recipe is in the plans.
#[derive(Clone, Copy)]
pub(super) struct InPlan {
    pub old: Lit,
    pub new: Lit,
    pub differs: Lit,
}

pub(super) fn xor(c: &mut Circuit, a: Lit, b: Lit) -> Lit {
    if a == b {
        return Lit::FALSE;
    }
    let (one, other) = (c.and(a, !b), c.and(!a, b));
    c.or(one, other)
}

/// Compares; `names` leads from the new pack to the old one.
pub(super) fn compare(c: &mut Circuit, names: Names<'_>, old: &Side<'_>, new: &Side<'_>) -> Compared {
    let (was, is) = (&old.outcome, &new.outcome);
    let open = [was.is(crate::plan::Outcome::Incomplete), is.is(crate::plan::Outcome::Incomplete)];
    let complete = c.all([!open[0], !open[1]]);
    let (mut milder, mut harsher, mut other) = (Vec::new(), Vec::new(), Vec::new());
    for (before, after) in was.at_least.iter().zip(&is.at_least) {
        milder.push(c.and(*before, !*after));
        harsher.push(c.and(*after, !*before));
    }
    for ((_, before), (_, after)) in was.verdicts.iter().zip(&is.verdicts) {
        other.push(xor(c, *before, *after));
    }
    for (before, after) in excluded(names, was, is) {
        milder.push(c.and(before, !after));
        harsher.push(c.and(after, !before));
        other.push(xor(c, before, after));
    }
    let recipes = recipes(c, old, new);
    other.extend(recipes.values().map(|row| row.differs));
    let (milder, harsher) = (c.any(milder), c.any(harsher));
    Compared {
        complete,
        changed: c.any(other),
        looser: c.and(complete, milder),
        stricter: c.and(complete, harsher),
        recipes,
    }
}

/// What both packs can exclude: under the old one, under the new one.
fn excluded(names: Names<'_>, was: &Outcome, is: &Outcome) -> Vec<(Lit, Lit)> {
    let (was, is, new) = (&was.excluded, &is.excluded, names.from);
    let mut pairs = Vec::new();
    for (ix, _) in new.ingredients.entries() {
        let there = names.item(List::Ingredients, ix);
        pairs.extend(there.map(|there| (was.ingredients[there.get()], is.ingredients[ix.get()])));
    }
    for (ix, _) in new.goals.entries() {
        pairs.extend(names.goal(ix).map(|there| (was.goals[there.get()], is.goals[ix.get()])));
    }
    for (ix, _) in new.areas.entries() {
        pairs.extend(names.area(ix).map(|there| (was.areas[there.get()], is.areas[ix.get()])));
    }
    for (ix, row) in new.techniques.entries() {
        let there = names.to.techniques.find(row.id());
        pairs.extend(there.map(|there| (was.techniques[there.get()], is.techniques[ix.get()])));
    }
    pairs
}

type Places = BTreeMap<(String, String), Lit>;

/// Where each recipe is taken: by goal and area.
fn taken(c: &mut Circuit, side: &Side<'_>) -> BTreeMap<String, Places> {
    let mut all: BTreeMap<String, Places> = BTreeMap::new();
    for recipe in &side.pack.recipes {
        all.entry(recipe.id.clone()).or_default();
    }
    for wanted in &side.outcome.left {
        let place = (side.pack.goals[wanted.goal].id.clone(), side.pack.areas[wanted.area].id.clone());
        for (recipe, lit) in &wanted.taken {
            let lit = c.and(side.outcome.plan, *lit);
            all.entry(side.pack.recipes[*recipe].id.clone()).or_default().insert(place.clone(), lit);
        }
    }
    all
}

/// What a recipe is filled with, and how it is given.
fn filled(c: &mut Circuit, side: &Side<'_>, recipe: &str) -> BTreeMap<String, Lit> {
    let Some(ix) = side.pack.recipes.find(recipe) else { return BTreeMap::new() };
    let filling = &side.outcome.recipes.fillings[ix.get()];
    let mut all: BTreeMap<String, Lit> = BTreeMap::new();
    let techniques =
        filling.techniques.iter().map(|(ix, lit)| (format!("by {}", side.pack.techniques[*ix].id()), *lit));
    let items = filling.slots.iter().flatten().map(|(ix, lit)| (side.pack.ingredients[*ix].id().to_owned(), *lit));
    for (name, lit) in techniques.chain(items) {
        let before = all.get(&name).copied().unwrap_or(Lit::FALSE);
        all.insert(name, c.or(before, lit));
    }
    all
}

fn recipes(c: &mut Circuit, old: &Side<'_>, new: &Side<'_>) -> BTreeMap<String, InPlan> {
    let (was, is) = (taken(c, old), taken(c, new));
    let ids: Vec<String> = was.keys().chain(is.keys()).cloned().collect();
    let none = Places::new();
    let at = |places: &Places, place: &(String, String)| places.get(place).copied().unwrap_or(Lit::FALSE);
    let mut all = BTreeMap::new();
    for id in ids {
        let (before, after) = (was.get(&id).unwrap_or(&none), is.get(&id).unwrap_or(&none));
        let places: Vec<&(String, String)> = before.keys().chain(after.keys()).collect();
        let mut differs: Vec<Lit> =
            places.into_iter().map(|place| xor(c, at(before, place), at(after, place))).collect();
        let old_plan = c.any(before.values().copied().collect::<Vec<_>>());
        let new_plan = c.any(after.values().copied().collect::<Vec<_>>());
        let (was_in, is_in) = (filled(c, old, &id), filled(c, new, &id));
        for name in was_in.keys().chain(is_in.keys()) {
            let of = |side: &BTreeMap<String, Lit>| side.get(name).copied().unwrap_or(Lit::FALSE);
            let otherwise = xor(c, of(&was_in), of(&is_in));
            differs.push(c.all([old_plan, new_plan, otherwise]));
        }
        let differs = c.any(differs);
        all.insert(id, InPlan { old: old_plan, new: new_plan, differs });
    }
    all
}

impl Side<'_> {
    /// Where a plan holds one of these ingredients.
    pub fn holds(&self, c: &mut Circuit, compared: &Compared, of: impl Fn(Ix<Item>) -> bool, new: bool) -> Lit {
        let mut by = Vec::new();
        for (ix, recipe) in self.pack.recipes.entries() {
            let Some(row) = compared.recipes.get(recipe.id()) else { continue };
            let planned = if new { row.new } else { row.old };
            let filling = &self.outcome.recipes.fillings[ix.get()];
            for (_, there) in filling.slots.iter().flatten().filter(|(item, _)| of(*item)) {
                by.push(c.and(planned, *there));
            }
        }
        c.any(by)
    }

    /// How a rule stands under this pack: pending, maybe, certain; off where there is none.
    pub fn stands(&self, rule: &str) -> [Lit; 3] {
        let rails = self.pack.rules.find(rule).map(|ix| self.outcome.rules[ix.get()]);
        rails.map_or([Lit::FALSE; 3], |rails| [rails.pending, rails.maybe, rails.certain])
    }
}
