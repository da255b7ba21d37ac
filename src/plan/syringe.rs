//! What is known of ingredients in one syringe. What nobody has shown is unknown, never compatible.

use super::cocktail::Filled;
use crate::pack::{Basis, Grade, Item, Ix, MixLevel, Mixing, Pack, Recipe};

/// What is known of two ingredients in one syringe.
#[derive(Debug)]
pub(super) enum Together<'p> {
    /// Mixing rules speak about them, the strictest level of all.
    Ruled(MixLevel, Vec<&'p Mixing>),
    /// A recipe with both was studied; no more is known.
    Studied(&'p Recipe),
    /// Nothing.
    Unknown,
}

/// What is known of two ingredients in one syringe.
pub(super) fn together(pack: &Pack, one: Ix<Item>, other: Ix<Item>) -> Together<'_> {
    let rules: Vec<&Mixing> = pack.mixing.iter().filter(|rule| rule.concerns(one, other)).collect();
    for level in [MixLevel::Block, MixLevel::Warn, MixLevel::Compatible] {
        let of_level: Vec<&Mixing> = rules.iter().filter(|rule| rule.level == level).copied().collect();
        if !of_level.is_empty() {
            return Together::Ruled(level, of_level);
        }
    }
    let both = |recipe: &&Recipe| [one, other].iter().all(|ix| studied_with(recipe).any(|first| first == *ix));
    pack.recipes.iter().find(|recipe| was_studied(recipe) && both(recipe)).map_or(Together::Unknown, Together::Studied)
}

/// Whether people were given this mix and somebody wrote down what came of it.
fn was_studied(recipe: &Recipe) -> bool {
    recipe.grounds.basis == Basis::Source && recipe.grounds.evidence <= Grade::C
}

/// The ingredients of a recipe as it was studied: its substitutes were not.
fn studied_with(recipe: &Recipe) -> impl Iterator<Item = Ix<Item>> {
    recipe.slots.iter().filter_map(|slot| slot.choices.first().copied())
}

/// What is said about every pair in a syringe.
pub(super) fn pairs(pack: &Pack, filled: &Filled) -> Vec<String> {
    let label = |ix: Ix<Item>| pack.ingredients[ix].label.as_str();
    let mut said = Vec::new();
    for (n, one) in filled.slots.iter().enumerate() {
        for other in filled.slots.iter().skip(n + 1) {
            let (one, other) = (one.ingredient, other.ingredient);
            let names = format!("{} with {}", label(one), label(other));
            match together(pack, one, other) {
                Together::Ruled(MixLevel::Compatible, rules) => {
                    said.extend(rules.iter().map(|rule| {
                        let cited = pack.citations(&rule.grounds.sources).join("; ");
                        format!("{names}: compatible. {} {cited}", rule.why)
                    }));
                }
                Together::Ruled(_, rules) => said.extend(rules.iter().map(|rule| format!("{names}: {}", rule.why))),
                Together::Studied(_) => said.push(format!(
                    "{names}: given together in a study; their compatibility was not tested, so mix just before use."
                )),
                Together::Unknown => said.push(format!("{names}: compatibility unknown. Use separate syringes.")),
            }
        }
    }
    said
}

/// Why two cocktails of one area are not put into one syringe.
pub(super) fn why_apart(pack: &Pack, one: &Filled, other: &Filled) -> String {
    let label = |ix: Ix<Item>| &pack.ingredients[ix].label;
    let mut unknown = None;
    for a in one.slots.iter().map(|slot| slot.ingredient) {
        for b in other.slots.iter().map(|slot| slot.ingredient).filter(|b| *b != a) {
            match together(pack, a, b) {
                Together::Ruled(MixLevel::Block, rules) => {
                    let why = rules.first().map(|rule| rule.why.as_str()).unwrap_or_default();
                    return format!("{} must not share a syringe with {}: {why}", label(a), label(b));
                }
                Together::Unknown if unknown.is_none() => {
                    unknown = Some(format!("the compatibility of {} with {} is unknown.", label(a), label(b)));
                }
                Together::Ruled(..) | Together::Studied(_) | Together::Unknown => {}
            }
        }
    }
    unknown.unwrap_or_else(|| "no study gave both in one session.".to_owned())
}
