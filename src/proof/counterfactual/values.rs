//! Numbers that the pack can tell apart from the one that was given.

use std::collections::BTreeMap;

use crate::intake::body_mass_index;
use crate::pack::{Amount, NumberKind, Pack, QuestionIx};
use crate::proof::reading::{step, value_in};
use crate::proof::space::{ShapeKind, Space, cell, number_kind};

/// The value of a cell that is nearest to a known one.
pub(super) fn nearest(kind: &NumberKind, cuts: &[Amount], at: usize, known: Amount) -> Option<Amount> {
    let from = at.checked_sub(1).and_then(|n| cuts.get(n)).copied().unwrap_or(kind.min);
    let to = cuts.get(at).map_or(kind.max, |cut| Amount::thousandths(cut.as_thousandths() - step(kind)));
    (from <= to).then(|| known.clamp(from, to))
}

/// A value of every other cell of a number question, the nearest first.
pub(super) fn other_cells(pack: &Pack, space: &Space, question: QuestionIx, known: Amount) -> Vec<Amount> {
    let (ShapeKind::Number(cuts), Some(kind)) = (&space.shape(question).kind, number_kind(pack, question)) else {
        return Vec::new();
    };
    let own = cell(cuts, known);
    let other = (0..=cuts.len()).filter(|n| *n != own);
    by_distance(other.filter_map(|n| nearest(kind, cuts, n, known)), known)
}

/// A value of every cell of a number question.
pub(super) fn cells(pack: &Pack, space: &Space, question: QuestionIx) -> Vec<Amount> {
    match (&space.shape(question).kind, number_kind(pack, question)) {
        (ShapeKind::Number(cuts), Some(kind)) => (0..=cuts.len()).map(|n| value_in(kind, cuts, n)).collect(),
        _ => Vec::new(),
    }
}

/// A weight of every body of this height that is not like the known one, the nearest first.
pub(super) fn other_weights(pack: &Pack, space: &Space, cm: Amount, known: Option<Amount>) -> Vec<Amount> {
    let cells = |kg: Amount| cells_of(pack, space, kg, cm);
    let Some(kind) = number_kind(pack, pack.roles.weight) else { return Vec::new() };
    let middle = known.unwrap_or(Amount::whole(70));
    let own = known.map(cells);
    let found = one_of_each(kind, middle, cells);
    by_distance(found.into_iter().filter(|(at, _)| Some(*at) != own).map(|(_, kg)| kg), middle)
}

/// A height of every body of this weight.
pub(super) fn heights(pack: &Pack, space: &Space, kg: Amount) -> Vec<Amount> {
    let Some(kind) = number_kind(pack, pack.roles.height) else { return Vec::new() };
    let found = one_of_each(kind, Amount::whole(168), |cm| cells_of(pack, space, kg, cm));
    by_distance(found.into_values(), Amount::whole(168))
}

/// The cells of weight, height and index.
fn cells_of(pack: &Pack, space: &Space, kg: Amount, cm: Amount) -> (usize, usize, usize) {
    let cuts = |ix: QuestionIx| match &space.shape(ix).kind {
        ShapeKind::OfBody(cuts) | ShapeKind::Index(cuts) => cuts.as_slice(),
        _ => &[],
    };
    let roles = &pack.roles;
    let index = body_mass_index(kg, cm).unwrap_or_default();
    (cell(cuts(roles.weight), kg), cell(cuts(roles.height), cm), cell(cuts(roles.bmi), index))
}

/// For each combination of cells the accepted value that is nearest to `middle`.
fn one_of_each(
    kind: &NumberKind,
    middle: Amount,
    cells: impl Fn(Amount) -> (usize, usize, usize),
) -> BTreeMap<(usize, usize, usize), Amount> {
    let by = step(kind);
    let mut found: BTreeMap<(usize, usize, usize), Amount> = BTreeMap::new();
    for n in (kind.min.as_thousandths() + by - 1).div_euclid(by)..=kind.max.as_thousandths().div_euclid(by) {
        let value = Amount::thousandths(n * by);
        let slot = found.entry(cells(value)).or_insert(value);
        if distance(value, middle) < distance(*slot, middle) {
            *slot = value;
        }
    }
    found
}

fn distance(a: Amount, b: Amount) -> i64 {
    (a.as_thousandths() - b.as_thousandths()).abs()
}

fn by_distance(values: impl Iterator<Item = Amount>, from: Amount) -> Vec<Amount> {
    let mut values: Vec<Amount> = values.collect();
    values.sort_by_key(|value| distance(*value, from));
    values
}
