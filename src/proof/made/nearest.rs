//! From one patient to the nearest one for whom something holds: no answer changes that could have stayed.

use std::collections::BTreeSet;

use super::super::circuit::{Circuit, Lit, OneOf};
use super::super::prover::{Prover, Reply, on};
use super::super::solver::Solver;
use super::super::space::{ShapeKind, Space};
use super::super::view::View;
use super::super::witness::intake_of;
use crate::intake::Intake;
use crate::pack::Pack;

/// A patient of the circuit: an intake, and the values of all wires under it.
#[derive(Clone, Debug)]
pub(super) struct Stand {
    pub intake: Intake,
    pub values: Vec<bool>,
}

/// Wires that are on where an answer is another one than under given values.
pub(super) fn changes_from(space: &Space, values: &[bool]) -> Vec<Lit> {
    let mut all = Vec::new();
    let mut group = |group: &OneOf| {
        if group.alternatives.len() > 1 {
            all.extend(group.alternatives.iter().find(|lit| on(values, **lit)).map(|lit| !*lit));
        }
    };
    group(&space.body);
    space.shapes.iter().for_each(|shape| group(&shape.group));
    let mut bits: Vec<Lit> = space.differs.clone();
    for shape in &space.shapes {
        match &shape.kind {
            ShapeKind::List(list) => {
                bits.push(list.free_text);
                bits.extend(list.items.iter().flat_map(|item| item.combos.iter().map(|combo| combo.bit)));
            }
            ShapeKind::Goals(goals) => {
                bits.extend(&goals.goals);
                bits.extend(goals.areas.iter().flatten());
            }
            _ => {}
        }
    }
    all.extend(bits.into_iter().map(|bit| if on(values, bit) { !bit } else { bit }));
    all
}

/// Values under which all wires are on and as few changes as possible happen: none of them can be left out. Or the wires
/// that cannot be on together.
pub(super) fn nearest<S: Solver>(
    c: &Circuit,
    prover: &mut Prover<S>,
    wires: &[Lit],
    changes: &[Lit],
) -> Result<Vec<bool>, Vec<Lit>> {
    if wires.contains(&Lit::FALSE) {
        return Err(vec![Lit::FALSE]);
    }
    // First nothing may change; each time that is impossible, the changes to blame are allowed.
    let mut allowed: BTreeSet<Lit> = BTreeSet::new();
    let asked = |allowed: &BTreeSet<Lit>| -> Vec<Lit> {
        let kept = changes.iter().filter(|lit| !allowed.contains(lit)).map(|lit| !*lit);
        wires.iter().copied().chain(kept).collect()
    };
    let mut values = loop {
        match prover.solve(c, None, &asked(&allowed)) {
            Reply::Possible(values) => break values,
            Reply::Impossible(blamed) => {
                let before = allowed.len();
                allowed.extend(changes.iter().copied().filter(|lit| blamed.contains(&!*lit)));
                if allowed.len() == before {
                    return Err(blamed);
                }
            }
        }
    };
    // Then each change is taken back, if it can be.
    let mut needed: BTreeSet<Lit> = allowed.iter().copied().filter(|lit| on(&values, *lit)).collect();
    for lit in needed.clone() {
        if !needed.remove(&lit) {
            continue;
        }
        match prover.solve(c, None, &asked(&needed)) {
            Reply::Possible(better) => {
                needed.retain(|lit| on(&better, *lit));
                values = better;
            }
            Reply::Impossible(_) => {
                needed.insert(lit);
            }
        }
    }
    Ok(values)
}

/// The intake of some values, with the words of another one where the answers are the same.
pub(super) fn reworded(pack: &Pack, space: &Space, view: &View, before: &Stand, values: &[bool]) -> Intake {
    let found = intake_of(pack, space, view, values);
    let chosen = |group: &OneOf, values: &[bool]| group.alternatives.iter().position(|lit| on(values, *lit));
    let same_body = chosen(&space.body, values) == chosen(&space.body, &before.values);
    let mut intake = Intake::default();
    for (ix, question) in pack.questions.entries() {
        let shape = space.shape(ix);
        let same_bits = |bits: &mut dyn Iterator<Item = Lit>| {
            let mut bits = bits;
            (&mut bits).all(|bit| on(values, bit) == on(&before.values, bit))
        };
        let same = chosen(&shape.group, values) == chosen(&shape.group, &before.values)
            && match &shape.kind {
                ShapeKind::OfBody(_) => same_body,
                ShapeKind::List(list) => same_bits(
                    &mut list
                        .items
                        .iter()
                        .flat_map(|item| item.combos.iter().map(|combo| combo.bit))
                        .chain([list.free_text]),
                ),
                ShapeKind::Goals(goals) => {
                    same_bits(&mut goals.goals.iter().chain(goals.areas.iter().flatten()).copied())
                }
                _ => true,
            };
        let from = if same { &before.intake } else { &found };
        if let Some(answer) = from.get(&question.id) {
            intake.set(&question.id, answer.clone());
        }
    }
    intake
}
