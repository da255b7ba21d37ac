//! Which recipe for a goal in an area, what fills its slots, and why the others rank lower.

use super::assessment::Alternative;
use super::exclusions::Exclusions;
use super::licence;
use super::own;
use super::syringe::{Together, together};
use crate::intake::Facts;
use crate::pack::{Area, Goal, Item, Ix, MixLevel, Pack, Recipe, Role, Slot, Swap, Technique};
use crate::rules::{Truth, evaluate, sentence};

/// More actives than this are never put into one syringe: every one adds a chance of harm, and none was shown to add a
/// benefit. Our own default.
pub const MOST_ACTIVES: usize = 4;

/// A recipe with its slots filled.
#[derive(Clone, Debug)]
pub(super) struct Filled {
    pub recipe: Ix<Recipe>,
    /// The recipe's, or what a rule puts in its place.
    pub technique: Ix<Technique>,
    pub slots: Vec<FilledSlot>,
}

/// A slot and the ingredient in it.
#[derive(Clone, Debug)]
pub(super) struct FilledSlot {
    /// The position in the recipe.
    pub slot: usize,
    pub ingredient: Ix<Item>,
    /// Why it stands here instead of a better-ranked choice.
    pub instead_of: Option<String>,
}

/// The choice for one goal in one area.
#[derive(Debug)]
pub(super) struct Choice {
    pub best: Option<Filled>,
    pub alternatives: Vec<Alternative>,
    /// Why the practitioner's own mix is not taken, if there is one.
    pub refused: Option<String>,
}

/// What limits the choice beyond exclusions.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame<'a> {
    pub pack: &'a Pack,
    pub facts: &'a Facts,
    pub exclusions: &'a Exclusions,
    /// One active product only, nothing mixed by hand.
    pub single_product: bool,
    /// Techniques that rules put in the place of others, in the order of the rules' ids.
    pub swaps: &'a [Swap],
}

impl Frame<'_> {
    /// Ranks the recipes for a goal in an area: what has a licence here, then strongest evidence, then fewest actives,
    /// then the order of ids. A preferred recipe comes first if the rules allow it.
    pub fn choose(&self, goal: Ix<Goal>, area: Ix<Area>, preferred: Option<Ix<Recipe>>) -> Choice {
        let pack = self.pack;
        let mut possible: Vec<Filled> = Vec::new();
        let mut alternatives = Vec::new();
        for (ix, recipe) in pack.recipes.entries().filter(|(_, r)| r.serves(&pack.goals, goal, area)) {
            match self.fill(ix) {
                Ok(filled) => possible.push(filled),
                Err(why_lower) => alternatives.push(Alternative {
                    recipe: recipe.id.clone(),
                    label: recipe.label.clone(),
                    evidence: recipe.grounds.evidence,
                    possible: false,
                    why_lower,
                }),
            }
        }
        possible.sort_by(|a, b| self.rank(a).cmp(&self.rank(b)));
        if let Some(n) = possible.iter().position(|filled| Some(filled.recipe) == preferred) {
            let taken = possible.remove(n);
            possible.insert(0, taken);
        }
        let mut possible = possible.into_iter();
        let best = possible.next();
        let mut ranked: Vec<Alternative> = Vec::new();
        if let Some(best) = &best {
            for other in possible {
                let recipe = &pack.recipes[other.recipe];
                ranked.push(Alternative {
                    recipe: recipe.id.clone(),
                    label: recipe.label.clone(),
                    evidence: recipe.grounds.evidence,
                    possible: true,
                    why_lower: self.why_lower(best, &other),
                });
            }
        }
        ranked.append(&mut alternatives);
        let mut choice = Choice { best, alternatives: ranked, refused: None };
        if let Some(own) = own::find(pack, goal, area) {
            self.prefer_own(own, &mut choice);
        }
        choice
    }

    /// A practitioner's own mix takes the place of a proposal, if the rules leave it; it never makes one where there is
    /// none.
    fn prefer_own(&self, own: Ix<Recipe>, choice: &mut Choice) {
        let Some(best) = &choice.best else {
            choice.refused = Some("nothing is proposed here".to_owned());
            return;
        };
        match self.fill(own) {
            Err(why) => choice.refused = Some(why),
            Ok(filled) => {
                let recipe = &self.pack.recipes[best.recipe];
                let proposal = Alternative {
                    recipe: recipe.id.clone(),
                    label: recipe.label.clone(),
                    evidence: recipe.grounds.evidence,
                    possible: true,
                    why_lower: "the proposal; you made a mix of your own".to_owned(),
                };
                choice.alternatives.insert(0, proposal);
                choice.best = Some(filled);
            }
        }
    }

    /// The technique of a recipe here; one that is excluded takes nobody's place.
    fn technique(&self, recipe: &Recipe) -> Ix<Technique> {
        let fits =
            |swap: &&Swap| swap.instead_of == recipe.technique && self.exclusions.technique(swap.with).is_empty();
        self.swaps.iter().find(fits).map_or(recipe.technique, |swap| swap.with)
    }

    /// Fills the slots, or says why the recipe cannot be taken.
    fn fill(&self, ix: Ix<Recipe>) -> Result<Filled, String> {
        let pack = self.pack;
        let recipe = &pack.recipes[ix];
        if evaluate(pack, self.facts, &recipe.requires) != Truth::True {
            return Err(format!("only when {}", sentence(pack, &recipe.requires)));
        }
        let excluded = self.exclusions.technique(recipe.technique);
        if !excluded.is_empty() {
            return Err(format!("technique excluded: {}", self.exclusions.titles(pack, excluded)));
        }
        let mut filled = Filled { recipe: ix, technique: self.technique(recipe), slots: Vec::new() };
        for (n, slot) in recipe.slots.iter().enumerate() {
            match self.fill_slot(n, slot, &mut filled) {
                Ok(()) => {}
                Err(_) if slot.optional => {}
                Err(why) => return Err(why),
            }
        }
        let actives = self.actives(&filled);
        if self.single_product && actives > 1 {
            return Err(format!("mixes {actives} actives; only single products may be used here"));
        }
        if actives > MOST_ACTIVES {
            return Err(format!("mixes {actives} actives; more than {MOST_ACTIVES} are never mixed"));
        }
        Ok(filled)
    }

    fn fill_slot(&self, n: usize, slot: &Slot, filled: &mut Filled) -> Result<(), String> {
        let pack = self.pack;
        let mut passed: Vec<String> = Vec::new();
        let mut choices: Vec<(bool, Ix<Item>)> =
            slot.choices.iter().map(|choice| (licence::lacking(pack, self.facts, *choice), *choice)).collect();
        choices.sort_by_key(|(lacking, _)| *lacking);
        for (_, ingredient) in &choices {
            let label = &pack.ingredients[*ingredient].label;
            let excluded = self.exclusions.ingredient(*ingredient);
            if !excluded.is_empty() {
                passed.push(format!("{label} is excluded ({})", self.exclusions.titles(pack, excluded)));
                continue;
            }
            if !pack.ingredient(*ingredient).offered {
                passed.push(format!("{label} is not proposed here"));
                continue;
            }
            match self.barred(*ingredient, filled) {
                Some(why) => passed.push(format!("{label} {why}")),
                None => {
                    let instead_of = (!passed.is_empty()).then(|| passed.join("; "));
                    filled.slots.push(FilledSlot { slot: n, ingredient: *ingredient, instead_of });
                    return Ok(());
                }
            }
        }
        Err(passed.join("; "))
    }

    /// Why an ingredient may not share the syringe with those already in it.
    fn barred(&self, ingredient: Ix<Item>, filled: &Filled) -> Option<String> {
        filled.slots.iter().find_map(|present| match together(self.pack, ingredient, present.ingredient) {
            Together::Ruled(MixLevel::Block, rules) => {
                let why = rules.first().map(|rule| rule.why.as_str()).unwrap_or_default();
                Some(format!("must not be mixed with {}: {why}", self.pack.ingredients[present.ingredient].label))
            }
            Together::Ruled(..) | Together::Studied(_) | Together::Unknown => None,
        })
    }

    fn actives(&self, filled: &Filled) -> usize {
        let recipe = &self.pack.recipes[filled.recipe];
        filled.slots.iter().filter(|slot| recipe.slots[slot.slot].role.counts()).count()
    }

    /// Whether something in it has no licence here.
    fn lacks_licence(&self, filled: &Filled) -> bool {
        filled.slots.iter().any(|slot| licence::lacking(self.pack, self.facts, slot.ingredient))
    }

    fn rank(&self, filled: &Filled) -> (bool, crate::pack::Grade, usize, &str) {
        let recipe = &self.pack.recipes[filled.recipe];
        (self.lacks_licence(filled), recipe.grounds.evidence, self.actives(filled), recipe.id.as_str())
    }

    fn why_lower(&self, best: &Filled, other: &Filled) -> String {
        let (best_recipe, recipe) = (&self.pack.recipes[best.recipe], &self.pack.recipes[other.recipe]);
        let (fewest, actives) = (self.actives(best), self.actives(other));
        if self.rank(other) < self.rank(best) {
            "ranks higher; you chose another".to_owned()
        } else if self.lacks_licence(other) && !self.lacks_licence(best) {
            format!(
                "no licence for injection here, which the first choice has; evidence {} against {}",
                recipe.grounds.evidence.letter(),
                best_recipe.grounds.evidence.letter()
            )
        } else if recipe.grounds.evidence > best_recipe.grounds.evidence {
            format!(
                "weaker evidence: {} ({}), against {} ({})",
                recipe.grounds.evidence.letter(),
                recipe.grounds.evidence.label(),
                best_recipe.grounds.evidence.letter(),
                best_recipe.grounds.evidence.label()
            )
        } else if actives > fewest {
            format!(
                "same evidence, more actives: {actives} against {fewest}; adding ingredients has not been shown to help"
            )
        } else {
            "same evidence and as few actives; listed second only by name".to_owned()
        }
    }
}

/// The order in which a syringe is filled: clear aqueous actives, then adjuncts, anaesthetic and diluent, hyaluronic
/// acid last.
pub(super) fn draw_order(pack: &Pack, filled: &Filled) -> Vec<FilledSlot> {
    let viscous = pack.groups.find("ingredient/hyaluronan");
    let recipe = &pack.recipes[filled.recipe];
    let mut slots = filled.slots.clone();
    slots.sort_by_key(|slot| {
        let is_viscous = viscous.is_some_and(|group| pack.ingredients[slot.ingredient].groups.contains(group));
        let role = match recipe.slots[slot.slot].role {
            Role::Diluent => 0,
            Role::Active => 1,
            Role::Adjunct => 2,
            Role::Anaesthetic => 3,
        };
        (is_viscous, role, slot.slot)
    });
    slots
}
