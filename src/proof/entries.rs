//! The entries that a list may have: for each item every combination of qualifiers that the pack can tell apart.

use std::collections::{BTreeMap, HashMap};

use super::circuit::{Circuit, Lit};
use super::reading::{Axis, Reading, Said, qualifiers_of};
use crate::intake::CodedFact;
use crate::pack::{Item, Ix, List, Pack, Qualifier, QualifierTest, QuestionIx};
use crate::rules::Truth;

/// The entries that a list may have.
#[derive(Debug)]
pub(super) struct ListShape {
    pub list: List,
    pub free_text: Lit,
    pub items: Vec<ItemShape>,
    position: HashMap<Ix<Item>, usize>,
}

/// The entries that one item may have: each combination of qualifiers that the pack can tell apart, on the list or not.
#[derive(Debug)]
pub(super) struct ItemShape {
    pub item: Ix<Item>,
    pub combos: Vec<Combo>,
    /// What can be told apart of each qualifier.
    pub axes: Vec<Axis>,
    /// The combination of each cell of the product of the axes.
    pub of_cell: Vec<usize>,
}

/// An entry.
#[derive(Debug)]
pub(super) struct Combo {
    /// On the list.
    pub bit: Lit,
    /// What is said.
    pub said: Vec<(Ix<Qualifier>, Said)>,
    /// Nothing that a test reads was left open.
    pub told: bool,
}

impl ListShape {
    /// A list of these items.
    pub fn new(list: List, free_text: Lit, items: Vec<ItemShape>) -> Self {
        let position = items.iter().enumerate().map(|(n, shape): (usize, &ItemShape)| (shape.item, n)).collect();
        Self { list, free_text, items, position }
    }

    pub fn position(&self, item: Ix<Item>) -> Option<usize> {
        self.position.get(&item).copied()
    }
}

/// The entries that a list of the pack may have.
pub(super) fn list_shape(
    pack: &Pack,
    c: &mut Circuit,
    reading: &Reading<'_>,
    question: QuestionIx,
    list: List,
) -> ListShape {
    let free_text = c.input();
    let mut items = Vec::new();
    let shared = |item: Ix<Item>| reading.shared.is_none_or(|names| names.item(list, item).is_some());
    for ((_, item), tests) in reading.tests.iter().filter(|((at, item), _)| *at == question && shared(*item)) {
        let sited = reading.sited.contains(&(question, *item));
        items.push(item_shape(pack, c, reading, *item, tests, sited));
    }
    ListShape::new(list, free_text, items)
}

fn item_shape(
    pack: &Pack,
    c: &mut Circuit,
    reading: &Reading<'_>,
    item: Ix<Item>,
    tests: &[&[QualifierTest]],
    sited: bool,
) -> ItemShape {
    let site = pack.qualifier_roles.site;
    let mut read = qualifiers_of(tests);
    if sited {
        read.insert(site);
    }
    let mut axes: Vec<Axis> = read.iter().map(|q| Axis::of(pack, q, tests, sited && q == site)).collect();
    if let Some(names) = reading.shared {
        for axis in &mut axes {
            let qualifier = axis.qualifier;
            axis.keep(|said| names.can_say(qualifier, said));
        }
    }
    let cells: usize = axes.iter().map(|axis| axis.values.len()).product();
    let mut combos: Vec<Combo> = Vec::new();
    let mut of_cell = Vec::with_capacity(cells);
    let mut known: BTreeMap<Vec<u8>, usize> = BTreeMap::new();
    for cell in 0..cells {
        let mut rest = cell;
        let mut said = Vec::new();
        for axis in &axes {
            said.push((axis.qualifier, axis.values[rest % axis.values.len()]));
            rest /= axis.values.len();
        }
        // What every test says of it, and what its site takes out.
        let mut profile: Vec<u8> = tests.iter().map(|with| passes(&said, with, site) as u8).collect();
        let open = |(q, what): &(Ix<Qualifier>, Said)| sited && *q == site && *what == Said::Nothing;
        let told = profile.iter().all(|truth| *truth != Truth::Maybe as u8) && !said.iter().any(open);
        if let Some((_, place)) = said.iter().find(|(q, _)| sited && *q == site) {
            profile.push(match place {
                Said::Option(n) => 1 + *n as u8,
                Said::Area(area) => 100 + area.get() as u8,
                _ => 0,
            });
        }
        let n = *known.entry(profile).or_insert_with(|| {
            combos.push(Combo { bit: c.input(), said, told });
            combos.len() - 1
        });
        of_cell.push(n);
    }
    ItemShape { item, combos, axes, of_cell }
}

/// What an entry makes of tests; a site that names an area is left to the area.
pub(super) fn passes(said: &[(Ix<Qualifier>, Said)], with: &[QualifierTest], site: Ix<Qualifier>) -> Truth {
    let of = |test: &QualifierTest| match said.iter().find(|(q, _)| *q == test.qualifier) {
        Some((q, Said::Area(_))) if *q == site => Truth::True,
        Some((_, said)) => said.passes(&test.test),
        None => Truth::Maybe,
    };
    with.iter().map(of).min().unwrap_or(Truth::True)
}

impl ItemShape {
    /// An item with the combinations that another pack tells apart.
    pub fn told_apart(item: Ix<Item>, combos: Vec<Combo>) -> Self {
        Self { item, combos, axes: Vec::new(), of_cell: Vec::new() }
    }

    /// The combination that an entry is.
    pub fn combo_of(&self, pack: &Pack, entry: &CodedFact) -> &Combo {
        let (mut cell, mut size) = (0, 1);
        for axis in &self.axes {
            cell += axis.position(entry, pack.qualifier_roles.site) * size;
            size *= axis.values.len();
        }
        &self.combos[self.of_cell[cell]]
    }
}
