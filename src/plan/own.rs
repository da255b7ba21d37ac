//! A practitioner's own mix. It becomes a recipe beside those of the pack, made of nothing but what the pack gives for the
//! same goal in the same area at the same depth, and never more of it: so that everything that holds for recipes holds for it.

use std::borrow::Cow;

use super::adjust::{OwnMix, OwnPart};
use super::assessment::{Cocktail, OwnNote, Plan, RefusedMix};
use crate::intake::Facts;
use crate::pack::{Amount, Area, Basis, Goal, Grade, Grounds, Item, Ix, Pack, Recipe, Set, Slot};
use crate::rules::{Truth, evaluate};

/// Where a mix belongs, found in the pack.
#[derive(Clone, Copy, Debug)]
struct Place {
    goal: Ix<Goal>,
    area: Ix<Area>,
    base: Ix<Recipe>,
}

/// An ingredient that a mix may hold.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Choice {
    /// The ingredient.
    pub id: String,
    /// For people.
    pub label: String,
    /// What the recipe has it for.
    pub role: String,
    /// The most that a recipe gives of it in one area, in thousandths of a mL.
    pub most_ul: u32,
}

/// The id that the recipe of a mix has.
fn id_of(goal: &str, area: &str) -> String {
    format!("own/{goal}/{area}")
}

/// The pack with a recipe for each mix that can be read, and why the others cannot.
pub(super) fn with_mixes<'p>(pack: &'p Pack, facts: &Facts, mixes: &[OwnMix]) -> (Cow<'p, Pack>, Vec<RefusedMix>) {
    let mut with = Cow::Borrowed(pack);
    let mut refused = Vec::new();
    for mix in mixes {
        match recipe(pack, facts, mix) {
            // It may be there already: a pack is only copied for what it lacks.
            Ok(recipe) if with.recipes.find(&recipe.id).is_none() => drop(with.to_mut().recipes.insert(recipe)),
            Ok(_) => {}
            Err(why) => refused.push(RefusedMix::new(pack, &mix.goal, &mix.area, why)),
        }
    }
    (with, refused)
}

/// The recipe made of a mix, once [`with_mixes`] has put it into the pack.
pub(super) fn find(pack: &Pack, goal: Ix<Goal>, area: Ix<Area>) -> Option<Ix<Recipe>> {
    pack.recipes.find(&id_of(&pack.goals[goal].id, &pack.areas[area].id))
}

fn recipe(pack: &Pack, facts: &Facts, mix: &OwnMix) -> Result<Recipe, String> {
    let place = place(pack, mix)?;
    let base = &pack.recipes[place.base];
    let mut slots: Vec<Slot> = Vec::new();
    for part in &mix.parts {
        let item =
            pack.ingredients.find(&part.ingredient).ok_or_else(|| format!("{} is not known", part.ingredient))?;
        let label = &pack.ingredients[item].label;
        if slots.iter().any(|slot| slot.choices.contains(&item)) {
            return Err(format!("{label} is in it twice"));
        }
        let (slot, most) = source(pack, facts, place, item).ok_or_else(|| {
            format!("no recipe for {} here gives {label} at this depth", pack.goals[place.goal].label.to_lowercase())
        })?;
        if let Some(why) = unfit(pack, place, item) {
            return Err(why);
        }
        let asked = Amount::thousandths(i64::from(part.ul) / 10 * 10);
        if asked <= Amount::ZERO {
            return Err(format!("{label}: no volume is left"));
        }
        slots.push(Slot { choices: vec![item], ml_per_area: asked.min(most), optional: false, ..slot.clone() });
    }
    if !slots.iter().any(|slot| slot.role == crate::pack::Role::Active) {
        return Err("no active ingredient is left in it".to_owned());
    }
    let point_ml = match (mix.point_ul, base.point_ml) {
        (Some(ul), Some(_)) if ul > 0 => Some(Amount::thousandths(i64::from(ul))),
        (_, own) => own,
    };
    let (mut goals, mut areas) = (Set::default(), Set::default());
    goals.insert(place.goal);
    areas.insert(place.area);
    Ok(Recipe {
        id: id_of(&mix.goal, &mix.area),
        label: format!("Own mix, made from {}", base.label),
        goals,
        areas: Some(areas),
        outcome: "The practitioner's own mix: no study of exactly this mix is on record.".to_owned(),
        point_ml,
        slots,
        grounds: Grounds {
            basis: Basis::Policy,
            sources: Vec::new(),
            // A change of a recipe takes away what the recipe's own studies showed.
            evidence: base.grounds.evidence.max(Grade::D),
            review: crate::pack::ReviewState { clinician: None, ..base.grounds.review.clone() },
        },
        own_of: Some(place.base),
        ..base.clone()
    })
}

fn place(pack: &Pack, mix: &OwnMix) -> Result<Place, String> {
    let known = |what: &str, id: &str| format!("{what} {id} is not known");
    let goal = pack.goals.find(&mix.goal).ok_or_else(|| known("goal", &mix.goal))?;
    let area = pack.areas.find(&mix.area).ok_or_else(|| known("area", &mix.area))?;
    let base = pack.recipes.find(&mix.recipe).ok_or_else(|| known("recipe", &mix.recipe))?;
    let recipe = &pack.recipes[base];
    if !recipe.serves(&pack.goals, goal, area) {
        return Err(format!("{} is not for this goal and area", recipe.label));
    }
    Ok(Place { goal, area, base })
}

/// The recipes of the pack that a mix may take from: for the same goal in the same area, at the same depth, and only
/// those whose own conditions hold for certain. The one it is made from comes first.
fn donors<'p>(pack: &'p Pack, facts: &Facts, place: Place) -> Vec<&'p Recipe> {
    let (from, to) = pack.recipes[place.base].depth_mm;
    let fits = |recipe: &&Recipe| {
        recipe.serves(&pack.goals, place.goal, place.area)
            && recipe.depth_mm.0 <= to
            && from <= recipe.depth_mm.1
            && evaluate(pack, facts, &recipe.requires) == Truth::True
    };
    let base = &pack.recipes[place.base];
    let others = pack.recipes.iter().filter(|recipe| recipe.id != base.id);
    std::iter::once(base).chain(others).filter(fits).collect()
}

/// Why an ingredient cannot be given as the recipe is given that a mix is made from: by its technique, at its depth. What
/// the recipe itself holds, the pack has placed so.
fn unfit(pack: &Pack, place: Place, item: Ix<Item>) -> Option<String> {
    let base = &pack.recipes[place.base];
    let (label, detail) = (&pack.ingredients[item].label, pack.ingredient(item));
    if detail.never_by.contains(base.technique) {
        let technique = pack.techniques[base.technique].label.to_lowercase();
        return Some(format!("{label} is never given by {technique}: choose a recipe of its own instead"));
    }
    let own = base.slots.iter().any(|slot| slot.choices.contains(&item));
    let (from, to) = base.depth_mm;
    let (least, most) = detail.depth_mm.filter(|(least, most)| !own && (from < *least || *most < to))?;
    Some(format!(
        "{label} is given {least} to {most} mm deep, and this mix {from} to {to} mm: choose a recipe of its own"
    ))
}

/// What a slot gives in each of the areas that a goal is treated in, at most.
fn each_area(pack: &Pack, facts: &Facts, place: Place, slot: &Slot) -> Amount {
    let goals = facts.goals(pack);
    let areas = goals.iter().find(|goal| goal.goal == place.goal).map_or(1, |goal| goal.areas.len()).max(1);
    Amount::thousandths(slot.ml_for(areas).as_thousandths() / areas as i64 / 10 * 10)
}

/// The slot that an ingredient comes from, and the most that any gives of it.
fn source<'p>(pack: &'p Pack, facts: &Facts, place: Place, item: Ix<Item>) -> Option<(&'p Slot, Amount)> {
    let donors = donors(pack, facts, place);
    let slots = || donors.iter().flat_map(|recipe| &recipe.slots).filter(|slot| slot.choices.contains(&item));
    let first = slots().next()?;
    // The strength is that of the first slot: another strength would be another dose in the same volume.
    let same = slots().filter(|slot| slot.mg_per_ml == first.mg_per_ml);
    let most = same.map(|slot| each_area(pack, facts, place, slot)).max()?;
    Some((first, most))
}

/// What a mix may hold besides what it holds: every ingredient that the pack offers for the goal in the area, in the order
/// of its recipes. Whether the rules allow it for this patient is for the assessment to say.
#[must_use]
pub fn choices(pack: &Pack, facts: &Facts, mix: &OwnMix) -> Vec<Choice> {
    let Ok(place) = place(pack, mix) else { return Vec::new() };
    let mut found: Vec<Choice> = Vec::new();
    for slot in donors(pack, facts, place).iter().flat_map(|recipe| &recipe.slots) {
        for item in slot.choices.iter().filter(|item| pack.ingredient(**item).offered) {
            let id = &pack.ingredients[*item].id;
            if found.iter().any(|choice| choice.id == *id) || unfit(pack, place, *item).is_some() {
                continue;
            }
            if let Some((slot, most)) = source(pack, facts, place, *item) {
                found.push(Choice {
                    id: id.clone(),
                    label: pack.ingredients[*item].label.clone(),
                    role: slot.role.word().to_owned(),
                    most_ul: u32::try_from(most.as_thousandths()).unwrap_or(0),
                });
            }
        }
    }
    found
}

impl OwnMix {
    /// The mix that a cocktail is: the same again, until something is changed.
    #[must_use]
    pub fn of(cocktail: &Cocktail) -> Self {
        let ul = |ml: f64| Amount::from_f64(ml).and_then(|ml| u32::try_from(ml.as_thousandths()).ok()).unwrap_or(0);
        let part = |dose: &super::assessment::Dose| OwnPart { ingredient: dose.id.clone(), ul: ul(dose.volume_ml) };
        Self {
            goal: cocktail.goal.clone(),
            area: cocktail.area.clone(),
            recipe: cocktail.own.as_ref().map_or(&cocktail.recipe, |own| &own.recipe).clone(),
            parts: cocktail.ingredients.iter().map(part).collect(),
            point_ul: None,
        }
    }
}

impl RefusedMix {
    pub(super) fn new(pack: &Pack, goal: &str, area: &str, why: String) -> Self {
        Self {
            goal: goal.to_owned(),
            goal_label: pack.goals.get(goal).map_or_else(|| goal.to_owned(), |goal| goal.label.clone()),
            area: area.to_owned(),
            area_label: pack.areas.get(area).map_or_else(|| area.to_owned(), |area| area.label.clone()),
            why,
        }
    }
}

/// Writes into a plan what of it is the practitioner's own, and how it differs from the proposal; a mix that the limits
/// left nothing of is refused.
pub(super) fn note_differences(pack: &Pack, plan: &mut Plan, proposal: &Plan, mixes: &[OwnMix]) {
    for mix in mixes {
        let here = |c: &&Cocktail| c.goal == mix.goal && c.area == mix.area;
        let was = proposal.cocktails.iter().find(here);
        let id = id_of(&mix.goal, &mix.area);
        match plan.cocktails.iter_mut().find(|c| c.recipe == id) {
            Some(cocktail) => {
                cocktail.own = Some(OwnNote {
                    recipe: mix.recipe.clone(),
                    changes: was.map(|was| differences(was, cocktail)).unwrap_or_default(),
                });
                let place = format!("{}, {}", cocktail.goal_label, cocktail.area_label.to_lowercase());
                plan.changes.push(format!("{place}: the practitioner's own mix, not the proposal."));
            }
            None if !plan.refused.iter().any(|refused| refused.goal == mix.goal && refused.area == mix.area) => {
                let why = "no dose of it is left, or another cocktail serves the same place".to_owned();
                plan.refused.push(RefusedMix::new(pack, &mix.goal, &mix.area, why));
            }
            None => {}
        }
    }
}

/// How a cocktail differs from the one that was proposed, in words.
fn differences(was: &Cocktail, is: &Cocktail) -> Vec<String> {
    let mut found = Vec::new();
    for dose in &is.ingredients {
        match was.ingredients.iter().find(|other| other.id == dose.id) {
            None => found.push(format!("{} added, {} mL", dose.label, dose.volume_ml)),
            Some(other) if (other.volume_ml - dose.volume_ml).abs() > 1e-9 => {
                found.push(format!("{}: {} mL instead of {} mL", dose.label, dose.volume_ml, other.volume_ml));
            }
            Some(_) => {}
        }
    }
    let gone = was.ingredients.iter().filter(|other| !is.ingredients.iter().any(|dose| dose.id == other.id));
    found.extend(gone.map(|other| format!("{} left out", other.label)));
    if was.point_ml != is.point_ml {
        let ml = |ml: Option<f64>| ml.map_or_else(|| "no size".to_owned(), |ml| format!("{ml} mL"));
        found.push(format!("points of {} instead of {}", ml(is.point_ml), ml(was.point_ml)));
    }
    if was.points != is.points {
        let points = |n: Option<u32>| n.map_or_else(|| "not counted".to_owned(), |n| format!("{n} points"));
        found.push(format!("{} instead of {}", points(is.points), points(was.points)));
    }
    found
}
