//! That nothing in the pack is dead, and that every goal leads somewhere.

use super::super::circuit::Lit;
use super::super::model::Model;
use super::super::question::{Property, Question};
use super::decides::decide;
use crate::pack::{Identified, Recipe};
use crate::plan::Outcome as Word;

/// Questions of (c).
pub(in super::super) fn uses(m: &mut Model<'_>, all: &mut Vec<Question>) {
    let pack = m.pack;
    let decides = decide(m);
    for (ix, rule) in pack.rules.entries() {
        all.push(Question {
            property: Property::EveryRuleFires,
            subject: rule.id.clone(),
            message: format!("{} can never hold, whatever is answered", rule.id),
            // For certain: what is not known lets even a contradiction fire.
            wires: vec![m.outcome.rules[ix.get()].certain],
            must_be_possible: true,
            changed: None,
            blame: vec![format!("rule:{}", rule.id)],
        });
        if let Some(decides) = decides[ix.get()] {
            all.push(Question {
                property: Property::EveryRuleDecides,
                subject: rule.id.clone(),
                message: format!("whenever {} fires, other rules have decided the same or more", rule.id),
                wires: vec![m.outcome.fires[ix.get()], decides],
                must_be_possible: true,
                changed: None,
                blame: vec![format!("rule:{}", rule.id)],
            });
        }
    }
    // A pack refuses a recipe of what is not offered: one like that was withdrawn by a layer, which said so and why.
    let withdrawn = |recipe: &Recipe| {
        let mut needed = recipe.slots.iter().filter(|slot| !slot.optional);
        needed.any(|slot| slot.choices.iter().all(|item| !pack.ingredient(*item).offered))
    };
    for (ix, recipe) in pack.recipes.entries().filter(|(_, recipe)| !withdrawn(recipe)) {
        let taken: Vec<Lit> =
            m.outcome.left.iter().flat_map(|w| &w.taken).filter(|(r, _)| *r == ix).map(|(_, lit)| *lit).collect();
        let taken = m.circuit.any(taken);
        let taken = m.circuit.and(taken, m.outcome.plan);
        let in_play = m.in_play(ix.get());
        all.push(Question {
            property: Property::EveryRecipeServes,
            subject: recipe.id.clone(),
            message: format!("{} can never be taken", recipe.id),
            wires: vec![in_play],
            must_be_possible: true,
            changed: None,
            blame: vec![format!("recipe:{}", recipe.id)],
        });
        all.push(Question {
            property: Property::EveryRecipeIsBest,
            subject: recipe.id.clone(),
            message: format!("{} is never the best-ranked recipe, only one to choose", recipe.id),
            wires: vec![taken],
            must_be_possible: true,
            changed: None,
            blame: vec![format!("recipe:{}", recipe.id)],
        });
        for (n, choices) in m.outcome.recipes.fillings[ix.get()].slots.clone().iter().enumerate() {
            for (item, there) in choices {
                let id = pack.ingredients[*item].id();
                all.push(Question {
                    property: Property::EverySubstituteServes,
                    subject: format!("{}/{}/{id}", recipe.id, n + 1),
                    message: format!("{id} never fills slot {} of {}", n + 1, recipe.id),
                    wires: vec![in_play, *there],
                    must_be_possible: true,
                    changed: None,
                    blame: vec![format!("recipe:{}", recipe.id), format!("ingredient:{id}")],
                });
            }
        }
    }
}

/// Questions of (e).
pub(in super::super) fn goals(m: &mut Model<'_>, all: &mut Vec<Question>) {
    let pack = m.pack;
    for (ix, goal) in pack.goals.entries() {
        let served: Vec<Lit> = m.outcome.left.iter().filter(|w| w.goal == ix).map(|w| w.served).collect();
        let served = m.circuit.any(served);
        let refuses = goal.no_injectable.is_some();
        all.push(Question {
            property: Property::EveryGoalHasAPlan,
            subject: goal.id.clone(),
            message: match refuses {
                true => format!("{} has no recommended injectable and gets a plan", goal.id),
                false => format!("nobody with the goal {} ever gets a plan", goal.id),
            },
            wires: vec![m.outcome.plan, served],
            must_be_possible: !refuses,
            changed: None,
            blame: vec![format!("goal:{}", goal.id)],
        });
    }
    let served = m.circuit.any(m.outcome.left.iter().map(|w| w.served).collect::<Vec<_>>());
    for word in [Word::Proceed, Word::Caution] {
        all.push(Question {
            property: Property::NoPlanWithoutReason,
            subject: word.word().to_owned(),
            message: format!("the verdict is {} and there is nothing to inject", word.word()),
            wires: vec![m.outcome.is(word), !served],
            must_be_possible: false,
            changed: None,
            blame: Vec::new(),
        });
    }
}
