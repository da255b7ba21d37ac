//! The safety case against the rules.

use super::super::circuit::Lit;
use super::super::model::Model;
use super::super::question::{Property, Question};
use crate::pack::{Identified, Verdict};

/// For each statement and each thing it forbids one question, and one whether its patients exist at all.
pub(in super::super) fn safety_case(m: &mut Model<'_>, all: &mut Vec<Question>) {
    let pack = m.pack;
    for never in m.case {
        // What may hold counts: not known is never "no".
        let concerned = m.read(&never.when).maybe;
        let ask = |what: &str, message: String, wires: Vec<Lit>, blame: Vec<String>| Question {
            property: Property::SafetyCase,
            subject: format!("{}/{what}", never.id),
            message,
            wires,
            must_be_possible: false,
            changed: None,
            blame: std::iter::once(format!("never:{}", never.id)).chain(blame).collect(),
        };
        all.push(Question {
            must_be_possible: true,
            ..ask("somebody", format!("nobody is concerned: {}", never.says), vec![concerned], Vec::new())
        });
        for (ix, recipe) in pack.recipes.entries() {
            let places: Vec<_> = m.outcome.recipes.fillings[ix.get()].slots.iter().flatten().copied().collect();
            for item in never.plan.ingredients.iter() {
                let there: Vec<Lit> = places.iter().filter(|(other, _)| *other == item).map(|(_, lit)| *lit).collect();
                if there.is_empty() {
                    continue;
                }
                let id = pack.ingredients[item].id();
                let there = m.circuit.any(there);
                let in_play = m.in_play(ix.get());
                all.push(ask(
                    &format!("{}/{id}", recipe.id),
                    format!("{} Yet {} brings {id} into a plan", never.says, recipe.id),
                    vec![concerned, in_play, there],
                    vec![format!("recipe:{}", recipe.id), format!("ingredient:{id}")],
                ));
            }
            for (technique, used) in m.outcome.recipes.fillings[ix.get()].techniques.clone() {
                if never.plan.techniques.contains(technique) {
                    let in_play = m.in_play(ix.get());
                    let id = pack.techniques[technique].id();
                    all.push(ask(
                        &format!("{}/{id}", recipe.id),
                        format!("{} Yet {} uses {id}", never.says, recipe.id),
                        vec![concerned, in_play, used],
                        vec![format!("recipe:{}", recipe.id)],
                    ));
                }
            }
            // What numbs the skin is agreed with the plan.
            if let Some(cream) = pack.plans[recipe.plan].numbing_with.filter(|ix| never.plan.ingredients.contains(*ix))
            {
                let in_play = m.in_play(ix.get());
                let id = pack.ingredients[cream].id();
                all.push(ask(
                    &format!("{}/numbing/{id}", recipe.id),
                    format!("{} Yet {id} numbs the skin for {}", never.says, recipe.id),
                    vec![concerned, in_play, !m.outcome.excluded.ingredients[cream.get()]],
                    vec![format!("recipe:{}", recipe.id), format!("ingredient:{id}")],
                ));
            }
        }
        // Whoever asks for it is not told that it is allowed, recipe or not.
        for item in never.plan.ingredients.iter() {
            let id = pack.ingredients[item].id();
            let asked = m.asked_for(item);
            let wires = vec![concerned, m.outcome.plan, asked, !m.outcome.excluded.ingredients[item.get()]];
            all.push(ask(
                &format!("asked-for/{id}"),
                format!("{} Yet {id} would be allowed", never.says),
                wires,
                vec![format!("ingredient:{id}")],
            ));
        }
        for (goal, row) in pack.goals.entries().filter(|(goal, _)| never.plan.goals.contains(*goal)) {
            let treated: Vec<Lit> = m.outcome.left.iter().filter(|w| w.goal == goal).map(|w| w.served).collect();
            let treated = m.circuit.any(treated);
            let wires = vec![concerned, m.outcome.plan, treated];
            all.push(ask(row.id(), format!("{} Yet {} is treated", never.says, row.id()), wires, Vec::new()));
        }
        for (area, row) in pack.areas.entries().filter(|(area, _)| never.areas.contains(*area)) {
            let treated: Vec<Lit> = m.outcome.left.iter().filter(|w| w.area == area).map(|w| w.served).collect();
            let treated = m.circuit.any(treated);
            let wires = vec![concerned, m.outcome.plan, treated];
            all.push(ask(row.id(), format!("{} Yet {} is treated", never.says, row.id()), wires, Vec::new()));
        }
        if let Some(verdict) = never.milder_than {
            let rank = Verdict::ALL.iter().position(|other| *other == verdict).unwrap_or(0);
            let milder = !m.outcome.at_least[rank];
            let message = format!("{} Yet there is a plan with a milder verdict than {}", never.says, verdict.word());
            all.push(ask("verdict", message, vec![concerned, m.outcome.plan, milder], Vec::new()));
        }
    }
}
