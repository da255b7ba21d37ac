//! From one patient to the nearest one for whom something holds: no answer changes that could have stayed.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashSet};

use super::super::circuit::{Circuit, Lit, OneOf};
use super::super::prover::{Prover, Reply, on};
use super::super::seed::Seeded;
use super::super::solver::Solver;
use super::super::space::{Given, ShapeKind, Space};
use super::super::view::View;
use super::super::witness::intake_of;
use crate::intake::Intake;
use crate::pack::{Pack, Step};

/// A patient of the circuit: an intake, and the values of all wires under it.
#[derive(Clone, Debug)]
pub(super) struct Stand {
    pub intake: Intake,
    pub values: Vec<bool>,
    /// In which order changes are tried: drawn once for a patient.
    pub seed: u64,
}

/// Wires that are on where an answer is another one than under given values, those that should rather stay first; among
/// equals in an order that is drawn.
pub(super) fn changes_from(pack: &Pack, space: &Space, values: &[bool], draw: &mut Seeded) -> Vec<Lit> {
    let others = |group: &OneOf| -> Vec<(usize, Lit)> {
        group.alternatives.iter().copied().enumerate().filter(|(_, lit)| !on(values, *lit)).collect()
    };
    let turned = |bit: Lit| if on(values, bit) { !bit } else { bit };
    // Rank, then how far from what it was, then drawn: the first stay first.
    let mut ranked: Vec<(usize, Reverse<usize>, u64, Lit)> = Vec::new();
    let mut add = |rank: usize, far: usize, lit: Lit| ranked.push((rank, Reverse(far), draw.next_u64(), lit));
    space.differs.iter().for_each(|bit| add(0, 0, turned(*bit)));
    let body = space.body_of(&|lit| on(values, lit)).copied();
    for (n, lit) in others(&space.body) {
        add(5, body.map_or(0, |body| body.far_from(&space.bodies[n])), lit);
    }
    for (ix, question) in pack.questions.entries() {
        let shape = space.shape(ix);
        let rank = match question.step {
            Step::Patient => 4,
            Step::Skin => 3,
            _ => 6,
        };
        let given = shape.group.alternatives.iter().position(|lit| on(values, *lit)).map(|n| shape.given[n]);
        for (n, lit) in others(&shape.group) {
            match (shape.given[n], given, &shape.kind) {
                (Given::Value(n), Some(Given::Value(was)), ShapeKind::Number(_)) => add(rank, n.abs_diff(was), lit),
                // Of who somebody is, the first options are the usual ones.
                (Given::Value(n), _, ShapeKind::Choice) => add(if n > 1 { rank.min(3) } else { rank }, 0, lit),
                // Whether something is answered at all stays before what.
                _ => add(1, 0, lit),
            }
        }
        match &shape.kind {
            ShapeKind::List(list) => {
                add(0, 0, turned(list.free_text));
                let combos = list.items.iter().flat_map(|item| &item.combos);
                combos.for_each(|combo| add(2, 0, turned(combo.bit)));
            }
            ShapeKind::Goals(goals) => {
                let bits = goals.goals.iter().chain(goals.areas.iter().flatten());
                bits.for_each(|bit| add(4, 0, turned(*bit)));
            }
            _ => {}
        }
    }
    ranked.sort_unstable();
    ranked.into_iter().map(|(_, _, _, lit)| lit).collect()
}

/// Values under which all wires are on, and as few of the changes as possible: each is off unless it has to be on, the
/// first of them first. There is one such choice, whatever the solver was asked before. `None` when no patient does it.
pub(super) fn nearest<S: Solver>(
    c: &Circuit,
    prover: &mut Prover<S>,
    wires: &[Lit],
    changes: &[Lit],
) -> Option<Vec<bool>> {
    let mut fixed = wires.to_vec();
    let mut values = some(c, prover, &fixed, changes)?;
    for (n, lit) in changes.iter().enumerate() {
        if on(&values, *lit) {
            fixed.push(!*lit);
            match some(c, prover, &fixed, changes.get(n + 1..).unwrap_or_default()) {
                Some(better) => values = better,
                None => {
                    fixed.pop();
                    fixed.push(*lit);
                }
            }
        } else {
            fixed.push(!*lit);
        }
    }
    Some(values)
}

/// Some values under which all wires are on, with few of the changes.
fn some<S: Solver>(c: &Circuit, prover: &mut Prover<S>, wires: &[Lit], changes: &[Lit]) -> Option<Vec<bool>> {
    if wires.contains(&Lit::FALSE) {
        return None;
    }
    // First nothing may change; each time that is impossible, the changes to blame are allowed.
    let mut allowed: BTreeSet<Lit> = BTreeSet::new();
    loop {
        let kept = changes.iter().filter(|lit| !allowed.contains(lit)).map(|lit| !*lit);
        let asked: Vec<Lit> = wires.iter().copied().chain(kept).collect();
        match prover.solve(c, None, &asked) {
            Reply::Possible(values) => return Some(values),
            Reply::Impossible(blamed) => {
                let before = allowed.len();
                let blamed: HashSet<Lit> = blamed.into_iter().collect();
                allowed.extend(changes.iter().copied().filter(|lit| blamed.contains(&!*lit)));
                if allowed.len() == before {
                    return None;
                }
            }
        }
    }
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
