//! What a plan may hold: nothing excluded, nothing incompatible, nothing by weight without the weight.

use super::super::conditions::Reader;
use super::super::model::Model;
use super::super::outcome::in_force;
use super::super::question::{Property, Question};
use super::super::recipes::blocked;
use crate::pack::Identified;

/// Questions of (a), without the safety case, and of (b).
pub(in super::super) fn plans(m: &mut Model<'_>, all: &mut Vec<Question>) {
    let pack = m.pack;
    for (ix, recipe) in pack.recipes.entries() {
        let in_play = m.in_play(ix.get());
        let slots = m.outcome.recipes.fillings[ix.get()].slots.clone();
        let places: Vec<(usize, crate::pack::Ix<crate::pack::Item>, _)> = slots
            .iter()
            .enumerate()
            .flat_map(|(n, choices)| choices.iter().map(move |(item, lit)| (n, *item, *lit)))
            .collect();
        // Each way into the syringe is asked by itself: one fault must not hide another.
        for (n, item, there) in &places {
            let id = pack.ingredients[*item].id();
            all.push(Question {
                property: Property::NothingExcluded,
                subject: format!("{}/{}/{id}", recipe.id, n + 1),
                message: format!("{id} is excluded and fills slot {} of {}", n + 1, recipe.id),
                wires: vec![in_play, *there, m.outcome.excluded.ingredients[item.get()]],
                must_be_possible: false,
                changed: None,
                blame: vec![format!("recipe:{}", recipe.id), format!("ingredient:{id}")],
            });
        }
        for (technique, used) in m.outcome.recipes.fillings[ix.get()].techniques.clone() {
            let id = pack.techniques[technique].id();
            all.push(Question {
                property: Property::NothingExcluded,
                subject: format!("{}/{id}", recipe.id),
                message: format!("{id} is excluded and {} uses it", recipe.id),
                wires: vec![in_play, used, m.outcome.excluded.techniques[technique.get()]],
                must_be_possible: false,
                changed: None,
                blame: vec![format!("recipe:{}", recipe.id), format!("technique:{id}")],
            });
        }
        for (k, (n, one, here)) in places.iter().enumerate() {
            for (other_n, other, there) in places.iter().skip(k + 1).filter(|(other_n, _, _)| other_n != n) {
                let Some(rule) = blocked(pack, *one, *other) else {
                    continue;
                };
                let (a, b) = (pack.ingredients[*one].id(), pack.ingredients[*other].id());
                all.push(Question {
                    property: Property::NoIncompatiblePair,
                    subject: format!("{}/{}-{a}/{}-{b}", recipe.id, n + 1, other_n + 1),
                    message: format!("{a} and {b} meet in one syringe of {}: {}", recipe.id, rule.why),
                    wires: vec![in_play, *here, *there],
                    must_be_possible: false,
                    changed: None,
                    blame: vec![format!("recipe:{}", recipe.id), format!("mixing:{}", rule.id)],
                });
            }
        }
        weight(m, all, ix.get(), &places);
    }
    for n in 0..m.outcome.left.len() {
        let wanted = &m.outcome.left[n];
        let (goal, area, left) = (wanted.goal, wanted.area, wanted.left);
        let (goal_id, area_id) = (pack.goals[goal].id(), pack.areas[area].id());
        let out = [m.outcome.excluded.goals[goal.get()], m.outcome.excluded.areas[area.get()]];
        let out = m.circuit.any(out);
        all.push(Question {
            property: Property::NothingExcluded,
            subject: format!("{goal_id}/{area_id}"),
            message: format!("{goal_id} or {area_id} is excluded and treated"),
            wires: vec![m.outcome.plan, left, out],
            must_be_possible: false,
            changed: None,
            blame: vec![format!("goal:{goal_id}"), format!("area:{area_id}")],
        });
    }
}

/// Nothing with a limit in mg/kg without a weight.
fn weight(
    m: &mut Model<'_>,
    all: &mut Vec<Question>,
    recipe: usize,
    places: &[(usize, crate::pack::Ix<crate::pack::Item>, super::super::circuit::Lit)],
) {
    let pack = m.pack;
    let row = &pack.recipes[crate::pack::Ix::new(recipe)];
    let known = m.view.of(pack.roles.weight).known();
    let taken: Vec<_> = m.outcome.left.iter().flat_map(|w| &w.taken).filter(|(ix, _)| ix.get() == recipe).collect();
    let taken = m.circuit.any(taken.iter().map(|(_, lit)| *lit).collect::<Vec<_>>());
    for limit in pack.limits.iter().filter(|limit| limit.mg_per_kg.is_some()) {
        let reader = Reader::new(pack, &m.space, &m.view);
        let here = in_force(&mut m.circuit, &reader, limit.jurisdictions);
        for (n, item, there) in places.iter().filter(|(_, item, _)| limit.ingredients.contains(*item)) {
            let id = pack.ingredients[*item].id();
            all.push(Question {
                property: Property::WeightBeforeDose,
                subject: format!("{}/{}/{}/{id}", limit.id, row.id, n + 1),
                message: format!("{id} is planned without a weight, though {} counts mg/kg", limit.id),
                wires: vec![m.outcome.plan, taken, *there, here, !known],
                must_be_possible: false,
                changed: None,
                blame: vec![format!("limit:{}", limit.id), format!("recipe:{}", row.id)],
            });
        }
    }
}
