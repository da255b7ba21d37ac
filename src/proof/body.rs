//! Weight, height and body mass index together: which combinations of their cells a real body can have.

use std::collections::BTreeMap;

use super::reading::step;
use crate::intake::body_mass_index;
use crate::pack::{Amount, NumberKind};

/// Cut points of the three.
#[derive(Debug, Default)]
pub(super) struct Cuts {
    pub weight: Vec<Amount>,
    pub height: Vec<Amount>,
    pub index: Vec<Amount>,
}

/// A combination of cells with a body that has it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Body {
    /// How many cut points of weight, height and index are at most its values.
    pub cells: (usize, usize, usize),
    pub weight: Amount,
    pub height: Amount,
}

impl Body {
    /// How much another body differs, in kilograms and centimetres together.
    pub fn far_from(&self, other: &Self) -> usize {
        let apart = |a: Amount, b: Amount| (a.as_thousandths() - b.as_thousandths()).unsigned_abs() / 1000;
        let far = apart(self.weight, other.weight) + apart(self.height, other.height);
        usize::try_from(far).unwrap_or(usize::MAX)
    }
}

/// The height that witnesses have if they can.
const USUAL_CM: Amount = Amount::whole(168);

/// Every combination of cells that some accepted weight and height have. Exact: the index grows with the weight, so for
/// each height the weights that share their cells are ranges, whose ends are found by bisection.
pub(super) fn bodies(weight: &NumberKind, height: &NumberKind, cuts: &Cuts) -> Vec<Body> {
    let mut found: BTreeMap<(usize, usize, usize), (i64, Body)> = BTreeMap::new();
    let (by_kg, by_cm) = (step(weight), step(height));
    let (lightest, heaviest) = grid(weight, by_kg);
    let (shortest, tallest) = grid(height, by_cm);
    // Only heights near a cut point of the height itself differ when nothing reads the index.
    let every: Vec<i64> = if cuts.index.is_empty() {
        let mut some = vec![shortest, tallest];
        some.extend(
            cuts.height.iter().flat_map(|cut| [cut.as_thousandths() / by_cm, cut.as_thousandths() / by_cm - 1]),
        );
        some.push((USUAL_CM.as_thousandths() / by_cm).clamp(shortest, tallest));
        some
    } else {
        (shortest..=tallest).collect()
    };
    for cm in every.iter().map(|n| Amount::thousandths(n * by_cm)) {
        let index_at = |n: i64| body_mass_index(Amount::thousandths(n * by_kg), cm).unwrap_or(Amount::ZERO);
        let mut starts = vec![lightest];
        starts.extend(cuts.weight.iter().map(|cut| cut.as_thousandths() / by_kg));
        for cut in &cuts.index {
            let (mut low, mut high) = (lightest, heaviest + 1);
            while low < high {
                let middle = i64::midpoint(low, high);
                if index_at(middle) >= *cut { high = middle } else { low = middle + 1 }
            }
            starts.push(low);
        }
        starts.retain(|start| *start <= heaviest);
        starts.sort_unstable();
        starts.dedup();
        for (n, start) in starts.iter().enumerate() {
            let end = starts.get(n + 1).map_or(heaviest, |next| next - 1);
            let middle = i64::midpoint(*start, end);
            // A whole number of kilograms, where the range holds one.
            let whole = middle * by_kg / 1000 * 1000 / by_kg;
            let kg = Amount::thousandths(if whole >= *start { whole } else { *start } * by_kg);
            let index = body_mass_index(kg, cm).unwrap_or(Amount::ZERO);
            let at = |cuts: &[Amount], value: Amount| cuts.iter().filter(|cut| **cut <= value).count();
            let cells = (at(&cuts.weight, kg), at(&cuts.height, cm), at(&cuts.index, index));
            let far = (cm.as_thousandths() - USUAL_CM.as_thousandths()).abs();
            let body = Body { cells, weight: kg, height: cm };
            let slot = found.entry(cells).or_insert((far, body));
            if far < slot.0 {
                *slot = (far, body);
            }
        }
    }
    found.into_values().map(|(_, body)| body).collect()
}

/// The first and the last accepted value, in steps.
fn grid(kind: &NumberKind, step: i64) -> (i64, i64) {
    ((kind.min.as_thousandths() + step - 1).div_euclid(step), kind.max.as_thousandths().div_euclid(step))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cell_of_every_body_is_found_and_no_other() {
        let kind = |min, max| NumberKind {
            min: Amount::whole(min),
            max: Amount::whole(max),
            decimals: 0,
            unit: String::new(),
        };
        let (kg, cm) = (kind(30, 160), kind(140, 200));
        let whole = |list: &[i32]| list.iter().map(|n| Amount::whole(*n)).collect::<Vec<_>>();
        let cuts = Cuts { weight: whole(&[50]), height: whole(&[150]), index: whole(&[18, 30, 50]) };
        let mut expected = std::collections::BTreeSet::new();
        for weight in (30..=160).map(Amount::whole) {
            for height in (140..=200).map(Amount::whole) {
                let index = body_mass_index(weight, height).unwrap_or_default();
                let at = |cuts: &[Amount], value| cuts.iter().filter(|cut| **cut <= value).count();
                expected.insert((at(&cuts.weight, weight), at(&cuts.height, height), at(&cuts.index, index)));
            }
        }
        let found = bodies(&kg, &cm, &cuts);
        assert_eq!(found.iter().map(|body| body.cells).collect::<std::collections::BTreeSet<_>>(), expected);
        assert!(expected.len() < 2 * 2 * 4, "some combinations are impossible: {}", expected.len());
    }
}
