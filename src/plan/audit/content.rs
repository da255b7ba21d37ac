//! What a plan holds: a recipe that may be given here, filled with what the rules leave.

use super::written::{Line, Written};
use super::{Breach, Case, Law};
use crate::pack::{Area, Identified, Ix, MixLevel, Scope};

/// More actives than this never share a syringe.
const ACTIVES: usize = 4;

pub(super) fn check(case: &Case<'_>, written: &Written<'_>, breaches: &mut Vec<Breach>) {
    for line in written.lines.iter().flatten() {
        let mut say = |message: String| {
            let what = format!("{}/{}", line.recipe.id, line.cocktail.area);
            breaches.push(Breach { law: Law::Content, what, message });
        };
        wanted(case, line, &mut say);
        own(case, line, &mut say);
        technique(case, line, &mut say);
        syringe(case, line, &mut say);
    }
}

fn wanted(case: &Case<'_>, line: &Line<'_>, say: &mut dyn FnMut(String)) {
    let pack = case.pack;
    let goals = std::iter::once(line.goal)
        .chain(line.cocktail.also_for.iter().filter_map(|id| pack.goals.find(id)))
        .collect::<Vec<_>>();
    if goals.len() != 1 + line.cocktail.also_for.len() {
        say("serves a goal that does not exist".to_owned());
    }
    for goal in goals {
        let row = &pack.goals[goal];
        // Another goal may have asked for a part of the area only.
        let within = |area: &Ix<Area>| *area == line.area || (goal != line.goal && pack.area_within(*area, line.area));
        let asked = case.facts.goals(pack).iter().any(|g| g.goal == goal && g.areas.iter().any(within));
        let treated = row.areas.iter().any(|area| within(&area));
        if !asked || !treated {
            say(format!("{} in {} is not asked for, or not treated", row.id, line.cocktail.area));
        }
        let out = |rule: &&&crate::pack::Rule| {
            rule.exclude.goals.contains(goal) && !(rule.scope == Scope::Goal && case.overridden(rule))
        };
        if let Some(rule) = case.fired.iter().find(out) {
            say(format!("{} takes out {}", rule.id, row.id));
        }
    }
    let here = line.recipe.areas.as_ref().unwrap_or(&pack.goals[line.goal].areas);
    if !line.recipe.goals.contains(line.goal) || !here.contains(line.area) {
        say("the recipe is not for this goal and area".to_owned());
    }
    if !case.certain(&line.recipe.requires) {
        say("what the recipe requires is not certain".to_owned());
    }
    let path: Vec<Ix<Area>> = pack.area_path(line.area).collect();
    let listed =
        |at: &Ix<Area>| case.assessment.excluded.iter().any(|e| e.kind == "area" && e.id == pack.areas[*at].id());
    if let Some(rule) = case.fired.iter().find(|rule| path.iter().any(|at| rule.exclude.areas.contains(*at))) {
        say(format!("{} takes out {}", rule.id, line.cocktail.area));
    } else if path.iter().any(listed) {
        say(format!("{} is excluded", line.cocktail.area));
    }
}

/// A mix of the practitioner's own holds nothing that no recipe of the pack gives for the goal in the area, and no more.
fn own(case: &Case<'_>, line: &Line<'_>, say: &mut dyn FnMut(String)) {
    let pack = case.pack;
    if line.recipe.own_of.is_none() {
        return;
    }
    for part in &line.parts {
        let gives = |recipe: &&crate::pack::Recipe| {
            let areas = recipe.areas.as_ref().unwrap_or(&pack.goals[line.goal].areas);
            recipe.own_of.is_none()
                && recipe.goals.contains(line.goal)
                && areas.contains(line.area)
                && recipe.depth_mm.0 <= line.recipe.depth_mm.1
                && line.recipe.depth_mm.0 <= recipe.depth_mm.1
                && case.certain(&recipe.requires)
                && recipe
                    .slots
                    .iter()
                    .any(|slot| slot.choices.contains(&part.item) && part.ml <= slot.ml_per_area.as_thousandths())
        };
        if !pack.recipes.iter().any(|recipe| gives(&recipe)) {
            say(format!("no recipe gives so much {} here", pack.ingredients[part.item].id()));
        }
    }
}

fn technique(case: &Case<'_>, line: &Line<'_>, say: &mut dyn FnMut(String)) {
    let pack = case.pack;
    let excluded = |at| case.fired.iter().any(|rule| rule.exclude.techniques.contains(at));
    let Some(used) = pack.techniques.find(&line.cocktail.technique) else {
        say("no such technique".to_owned());
        return;
    };
    let own = line.recipe.technique;
    if excluded(used) || excluded(own) {
        say(format!("{} is excluded", line.cocktail.technique));
    }
    let swaps = case.fired.iter().filter_map(|rule| rule.modifies.technique);
    let mut swaps = swaps.filter(|swap| swap.instead_of == own && !excluded(swap.with)).peekable();
    let right = if swaps.peek().is_none() { used == own } else { swaps.any(|swap| swap.with == used) };
    if !right {
        say(format!("{} is not the technique here", line.cocktail.technique));
    }
    for part in line.parts.iter().filter(|part| pack.ingredient(part.item).never_by.contains(used)) {
        say(format!("{} is never given by {}", pack.ingredients[part.item].id(), line.cocktail.technique));
    }
}

fn syringe(case: &Case<'_>, line: &Line<'_>, say: &mut dyn FnMut(String)) {
    let pack = case.pack;
    for part in &line.parts {
        let id = pack.ingredients[part.item].id();
        if let Some(rule) = case.fired.iter().find(|rule| rule.exclude.ingredients.contains(part.item)) {
            say(format!("{} excludes {id}", rule.id));
        }
        let detail = pack.ingredient(part.item);
        if !detail.offered {
            say(format!("{id} is not offered"));
        }
        if part.ml <= 0 || part.ml > part.of.ml_per_area.as_thousandths() {
            say(format!("{id}: {} thousandths of a mL", part.ml));
        }
        if let (Some(strength), Some(most)) = (part.strength, detail.mg_per_ml_max)
            && strength > most.as_thousandths()
        {
            say(format!("{id} is stronger than {most} mg/mL"));
        }
        for other in line.parts.iter().filter(|other| other.slot > part.slot) {
            let blocks =
                |rule: &&crate::pack::Mixing| rule.level == MixLevel::Block && rule.concerns(part.item, other.item);
            if let Some(rule) = pack.mixing.iter().find(blocks) {
                say(format!("{id} and {} in one syringe: {}", pack.ingredients[other.item].id(), rule.id));
            }
        }
    }
    let filled = |n: usize| line.parts.iter().any(|part| part.slot == n);
    if (0..line.recipe.slots.len()).any(|n| !line.recipe.slots[n].optional && !filled(n)) {
        say("a part of the recipe is missing".to_owned());
    }
    let actives = line.parts.iter().filter(|part| part.of.role.counts()).count();
    let single = case.changing().any(|rule| rule.modifies.single_product);
    if actives > ACTIVES || (single && actives > 1) {
        say(format!("{actives} actives in one syringe"));
    }
}
