//! Ceilings of the safety case and of the pack below: whether what the pack says keeps them, for everybody.

use super::super::ceilings::{Ceiling, Of};
use super::super::circuit::Lit;
use super::super::conditions::Reader;
use super::super::covers::wire;
use super::super::model::Model;
use super::super::outcome::in_force;
use super::super::question::{Property, Question};
use crate::pack::{Identified, Item, Ix};

/// Questions of (b) about ceilings. What the pack's own limits say is kept by construction, and audited.
pub(in super::super) fn doses(m: &mut Model<'_>, all: &mut Vec<Question>) {
    let pack = m.pack;
    for ceiling in Ceiling::all(pack, m.case, m.below) {
        let concerned = match ceiling.of {
            Of::Statement(never) => m.read(&never.when).maybe,
            Of::Below(rule) => {
                let here = {
                    let reader = Reader::new(pack, &m.space, &m.view);
                    in_force(&mut m.circuit, &reader, ceiling.limit.jurisdictions)
                };
                let fires = rule.map_or(Lit::TRUE, |rule| m.read(&rule.when).maybe);
                m.circuit.and(here, fires)
            }
        };
        let given = given(m, &ceiling);
        for bound in ceiling.bounds() {
            let reader = Reader::new(pack, &m.space, &m.view);
            let kept = wire(&mut m.circuit, &reader, &m.outcome.fires, &ceiling.cover(pack, bound));
            let (says, blame) = match ceiling.of {
                Of::Statement(never) => (never.says.clone(), format!("never:{}", never.id)),
                Of::Below(_) => (
                    format!("The pack below keeps {} within a limit in {}.", ceiling.limit.label, bound.word()),
                    format!("limit:{}", ceiling.limit.id),
                ),
            };
            for (item, there) in &given {
                all.push(Question {
                    property: if bound.is_of_days() { Property::NoDayTooEarly } else { Property::NoLimitPassed },
                    subject: format!("{}/{}/{item}", ceiling.id, bound.word()),
                    message: format!("{says} Yet nothing of the pack keeps it"),
                    wires: vec![concerned, *there, !kept],
                    must_be_possible: false,
                    changed: None,
                    blame: vec![blame.clone()],
                });
            }
        }
    }
}

/// Where a plan can hold each of the ingredients that a ceiling counts. Each is asked about by itself: one fault must not
/// hide another.
fn given(m: &mut Model<'_>, ceiling: &Ceiling<'_>) -> Vec<(String, Lit)> {
    let pack = m.pack;
    let items = ceiling.given(pack);
    let each: Vec<(String, Vec<Ix<Item>>)> = if ceiling.limit.everything {
        vec![("anything".to_owned(), items.iter().collect())]
    } else {
        items.iter().map(|item| (pack.ingredients[item].id().to_owned(), vec![item])).collect()
    };
    let mut found = Vec::new();
    for (name, items) in each {
        let mut there = Vec::new();
        for (ix, _) in pack.recipes.entries() {
            let slots = m.outcome.recipes.fillings[ix.get()].slots.iter().flatten();
            let filled: Vec<Lit> = slots.filter(|(item, _)| items.contains(item)).map(|(_, lit)| *lit).collect();
            if !filled.is_empty() {
                let filled = m.circuit.any(filled);
                let in_play = m.in_play(ix.get());
                there.push(m.circuit.and(filled, in_play));
            }
        }
        found.push((name, m.circuit.any(there)));
    }
    found
}
