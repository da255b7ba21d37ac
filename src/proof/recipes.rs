//! Which recipes can be filled, with what, and which is the best, on wires.

use std::collections::HashMap;

use super::circuit::{Circuit, Lit};
use super::conditions::Reader;
use super::exclusions::Exclusions;
use crate::pack::{Area, Condition, Goal, Item, Ix, MixLevel, Mixing, Pack, Recipe, Swap, Technique};
use crate::plan::MOST_ACTIVES;

/// A recipe under some exclusions.
#[derive(Clone, Debug)]
pub struct Filling {
    /// It can be filled and is allowed.
    pub(super) possible: Lit,
    /// For each slot its choices, and where each of them fills it.
    pub(super) slots: Vec<Vec<(Ix<Item>, Lit)>>,
    /// At least 1, 2, ... actives are in it.
    actives: Vec<Lit>,
    /// Something in it has no licence where we are.
    pub(super) lacks_licence: Lit,
    /// The techniques it may be given with, and where each is used: a rule may put another in the recipe's place.
    pub(super) techniques: Vec<(Ix<Technique>, Lit)>,
}

/// All recipes under some exclusions.
#[derive(Debug)]
pub struct Recipes {
    pub(super) fillings: Vec<Filling>,
    best: HashMap<Vec<Ix<Recipe>>, Vec<Lit>>,
    /// For two recipes: where the first is possible and better than the second.
    ahead: HashMap<(Ix<Recipe>, Ix<Recipe>), Lit>,
}

impl Recipes {
    /// Fills every recipe.
    pub fn of(
        c: &mut Circuit,
        reader: &Reader<'_>,
        exclusions: &Exclusions,
        single_product: Lit,
        fires: &[Lit],
    ) -> Self {
        let pack = reader.pack;
        let fillings = pack
            .recipes
            .iter()
            .map(|recipe| {
                let offered = reader.read(c, &recipe.requires).certain;
                let mut parts = vec![offered, !exclusions.techniques[recipe.technique.get()]];
                let mut slots: Vec<Vec<(Ix<Item>, Lit)>> = Vec::new();
                let mut counted = Vec::new();
                let mut lacking = Vec::new();
                for slot in &recipe.slots {
                    // Where each choice fits, and where it has no licence: there it comes behind those that have one.
                    let mut fitting: Vec<(Ix<Item>, Lit, Lit)> = Vec::new();
                    for item in slot.choices.iter().filter(|item| pack.ingredient(**item).offered) {
                        let mut clear = vec![!exclusions.ingredients[item.get()]];
                        for (other, there) in slots.iter().flatten() {
                            if blocked(pack, *item, *other).is_some() {
                                clear.push(!*there);
                            }
                        }
                        fitting.push((*item, c.all(clear), unlicensed(c, reader, *item)));
                    }
                    let mut choices: Vec<(Ix<Item>, Lit)> = Vec::new();
                    for (n, (item, fits, lacks)) in fitting.iter().enumerate() {
                        let mut parts = vec![*fits];
                        for (k, (_, other_fits, other_lacks)) in fitting.iter().enumerate().filter(|(k, _)| *k != n) {
                            let first = if k < n { c.or(!*other_lacks, *lacks) } else { c.and(!*other_lacks, *lacks) };
                            parts.push(!c.and(*other_fits, first));
                        }
                        choices.push((*item, c.all(parts)));
                    }
                    for ((_, taken), (_, _, lacks)) in choices.iter().zip(&fitting) {
                        lacking.push(c.and(*taken, *lacks));
                    }
                    let filled = c.any(fitting.iter().map(|(_, fits, _)| *fits).collect::<Vec<_>>());
                    if !slot.optional {
                        parts.push(filled);
                    }
                    if slot.role.counts() {
                        counted.push(filled);
                    }
                    slots.push(choices);
                }
                let actives = c.counts(&counted, counted.len());
                let several = actives.get(1).copied().unwrap_or(Lit::FALSE);
                let mixed = c.and(single_product, several);
                parts.push(!mixed);
                parts.push(!actives.get(MOST_ACTIVES).copied().unwrap_or(Lit::FALSE));
                let techniques = techniques(c, pack, recipe, exclusions, fires);
                Filling { possible: c.all(parts), slots, actives, lacks_licence: c.any(lacking), techniques }
            })
            .collect();
        Self { fillings, best: HashMap::new(), ahead: HashMap::new() }
    }

    /// For a goal in an area: the recipes that serve it, and where each is the best of those that are possible.
    pub fn best(&mut self, c: &mut Circuit, pack: &Pack, goal: Ix<Goal>, area: Ix<Area>) -> Vec<(Ix<Recipe>, Lit)> {
        let serving = serving(pack, goal, area);
        if !self.best.contains_key(&serving) {
            let mut wires = Vec::with_capacity(serving.len());
            for one in &serving {
                let mut parts = vec![self.fillings[one.get()].possible];
                for other in serving.iter().filter(|other| *other != one) {
                    let better = self.better(c, pack, *other, *one);
                    let ahead = c.and(self.fillings[other.get()].possible, better);
                    self.ahead.insert((*other, *one), ahead);
                    parts.push(!ahead);
                }
                wires.push(c.all(parts));
            }
            self.best.insert(serving.clone(), wires);
        }
        let wires = self.best.get(&serving).cloned().unwrap_or_default();
        serving.into_iter().zip(wires).collect()
    }

    /// The recipes that serve whatever a recipe serves, and where each is possible and better.
    pub fn ahead_of(&self, pack: &Pack, recipe: Ix<Recipe>) -> Vec<(Ix<Recipe>, Lit)> {
        let served: Vec<Vec<Ix<Recipe>>> = pack
            .goals
            .entries()
            .flat_map(|(goal, row)| row.areas.iter().map(move |area| serving(pack, goal, area)))
            .filter(|serving| serving.contains(&recipe))
            .collect();
        let others = pack.recipes.entries().map(|(ix, _)| ix).filter(|other| *other != recipe);
        others
            .filter(|other| served.iter().all(|serving| serving.contains(other)))
            .filter_map(|other| Some((other, *self.ahead.get(&(other, recipe))?)))
            .collect()
    }

    /// Whether some recipe is possible for a goal in an area.
    pub fn any(&self, c: &mut Circuit, pack: &Pack, goal: Ix<Goal>, area: Ix<Area>) -> Lit {
        c.any(serving(pack, goal, area).iter().map(|ix| self.fillings[ix.get()].possible).collect::<Vec<_>>())
    }

    /// What has a licence, then stronger evidence, then fewer actives, then the order of ids.
    fn better(&self, c: &mut Circuit, pack: &Pack, one: Ix<Recipe>, other: Ix<Recipe>) -> Lit {
        let lacks = |ix: Ix<Recipe>| self.fillings[ix.get()].lacks_licence;
        let (licensed, level) = (c.and(!lacks(one), lacks(other)), c.or(!lacks(one), lacks(other)));
        let ahead = self.better_of_equals(c, pack, one, other);
        let ahead = c.and(level, ahead);
        c.or(licensed, ahead)
    }

    /// The same of two that both have a licence, or both have none.
    fn better_of_equals(&self, c: &mut Circuit, pack: &Pack, one: Ix<Recipe>, other: Ix<Recipe>) -> Lit {
        let (a, b) = (&pack.recipes[one], &pack.recipes[other]);
        if a.grounds.evidence != b.grounds.evidence {
            return Lit::constant(a.grounds.evidence < b.grounds.evidence);
        }
        let (a_has, b_has) = (&self.fillings[one.get()].actives, &self.fillings[other.get()].actives);
        let at = |counts: &[Lit], k: usize| counts.get(k).copied().unwrap_or(Lit::FALSE);
        let most = a_has.len().max(b_has.len());
        if a.id < b.id {
            // As few or fewer: wherever this one has k, the other has k.
            let parts: Vec<Lit> = (0..most).map(|k| c.or(!at(a_has, k), at(b_has, k))).collect();
            c.all(parts)
        } else {
            let parts: Vec<Lit> = (0..most).map(|k| c.and(!at(a_has, k), at(b_has, k))).collect();
            c.any(parts)
        }
    }
}

/// The mixing rule that keeps two ingredients out of one syringe, if one does.
pub(super) fn blocked(pack: &Pack, one: Ix<Item>, other: Ix<Item>) -> Option<&Mixing> {
    pack.mixing.iter().find(|rule| rule.level == MixLevel::Block && rule.concerns(one, other))
}

/// Where an ingredient has no licence, or may have none.
fn unlicensed(c: &mut Circuit, reader: &Reader<'_>, item: Ix<Item>) -> Lit {
    match reader.pack.unlicensed_in(item) {
        0 => Lit::FALSE,
        options => {
            let question = reader.pack.roles.jurisdiction;
            reader.read(c, &Condition::Choice { question, options }).maybe
        }
    }
}

/// The first swap by the order of the rules' ids that is not excluded counts.
fn techniques(
    c: &mut Circuit,
    pack: &Pack,
    recipe: &Recipe,
    exclusions: &Exclusions,
    fires: &[Lit],
) -> Vec<(Ix<Technique>, Lit)> {
    let mut swaps: Vec<(&str, Swap, Lit)> = pack
        .rules
        .iter()
        .zip(fires)
        .filter_map(|(rule, fires)| Some((rule.id.as_str(), rule.modifies.technique?, *fires)))
        .filter(|(_, swap, _)| swap.instead_of == recipe.technique)
        .collect();
    swaps.sort_by_key(|(id, _, _)| *id);
    let mut found = Vec::new();
    let mut none_before = Lit::TRUE;
    for (_, swap, fires) in swaps {
        let fits = c.and(fires, !exclusions.techniques[swap.with.get()]);
        found.push((swap.with, c.and(none_before, fits)));
        none_before = c.and(none_before, !fits);
    }
    found.push((recipe.technique, none_before));
    found
}

/// The recipes for a goal in an area.
fn serving(pack: &Pack, goal: Ix<Goal>, area: Ix<Area>) -> Vec<Ix<Recipe>> {
    let here = |recipe: &Recipe| recipe.areas.as_ref().unwrap_or(&pack.goals[goal].areas).contains(area);
    pack.recipes.entries().filter(|(_, recipe)| recipe.goals.contains(goal) && here(recipe)).map(|(ix, _)| ix).collect()
}
