//! What an ingredient should say of itself and does not.

use std::collections::BTreeSet;

use super::Subject;
use super::book::{Book, Row};
use crate::find::fold;
use crate::pack::{Identified, IngredientDetail, Item, Ix, Pack, Set};
use crate::source::{Code, Problems};

const LACKS: Code = Code("L0601");
const NO_STATUS: Code = Code("L0602");
const ANOTHER_NAME: Code = Code("L0603");

/// Shorter names stand inside too many others.
const SHORTEST: usize = 4;

/// A word before a name that says that it is not in it.
const WITHOUT: [&str; 5] = ["without", "no", "not", "free", "instead"];

/// So many of a group say nothing about the next one.
const FEW: usize = 2;

pub(super) fn look(subject: Subject<'_>, book: &Book<'_>, notes: &mut Problems) {
    let pack = subject.pack;
    for (ix, item) in pack.ingredients.entries() {
        let Some(row) = book.find("ingredient", &item.id) else { continue };
        let detail = pack.ingredient(ix);
        for (group, allergens) in lacking(pack, ix, item, detail) {
            let allergens = super::some(allergens);
            notes.at_with_help(
                &row.at("contains"),
                LACKS,
                format!("`{}` does not contain {allergens}, as all others of the group `{group}` do", item.id),
                "such an allergy would not keep this out",
                "add what it holds to `contains`, or take the ingredient out of the group",
            );
        }
        if row.layer > 0 {
            another_name(pack, ix, row, notes);
        }
        if detail.offered && detail.status.is_empty() {
            notes.at_with_help(
                &row.name(),
                NO_STATUS,
                format!("nothing says whether `{}` may be used anywhere", item.id),
                "the plan shows it without a legal status",
                "write `status = { EU = \"device\" }`, with `all` for everywhere else",
            );
        }
    }
}

/// An ingredient of a layer that is called after one of the pack, while rules about that one pass it by. `components`
/// says what it is made of; an empty list says that it is made of none of them.
fn another_name(pack: &Pack, ix: Ix<Item>, row: &Row<'_>, notes: &mut Problems) {
    let detail = pack.ingredient(ix);
    let item = &pack.ingredients[ix];
    let stands = row.get("components").is_some() && detail.components.iter().next().is_none();
    if stands {
        return;
    }
    let called = item.also.iter().chain([&item.label, &detail.concentration]).map(|name| fold(name));
    let called: Vec<Vec<String>> = called.map(|name| name.split(' ').map(str::to_owned).collect()).collect();
    for (other, named) in pack.ingredients.entries() {
        if other == ix || detail.components.contains(other) {
            continue;
        }
        let label = named.label.split([',', '(']).next().unwrap_or_default();
        let names = named.also.iter().map(String::as_str).chain([label]).map(fold);
        let mut names = names.filter(|name| name.chars().count() >= SHORTEST);
        let Some(name) = names.find(|name| called.iter().any(|called| holds(called, name))) else { continue };
        let passed: BTreeSet<&str> = passes(pack, other, ix).collect();
        if passed.is_empty() {
            continue;
        }
        let passed = super::some(passed);
        let id = named.id();
        notes.at_with_help(
            &row.at("label"),
            ANOTHER_NAME,
            format!("`{}` is called \"{name}\", as `{id}` is, and these do not hold for it: {passed}", item.id),
            format!("what is said against `{id}` would not keep this out"),
            format!(
                "`components = [\"{id}\"]` lets all of it hold; `components = []` says that nothing of it is in there"
            ),
        );
    }
}

/// Whether a name stands in another as whole words, and not as what is left out.
fn holds(called: &[String], name: &str) -> bool {
    let words: Vec<&str> = name.split(' ').collect();
    called.windows(words.len()).enumerate().any(|(at, window)| {
        let word = |at: Option<usize>| at.and_then(|at| called.get(at)).map_or("", String::as_str);
        let left_out =
            (1..=2).any(|back| WITHOUT.contains(&word(at.checked_sub(back)))) || word(Some(at + words.len())) == "free";
        window.iter().map(String::as_str).eq(words.iter().copied()) && !left_out
    })
}

/// The rules and mixing rules that speak of one ingredient and not of another.
fn passes(pack: &Pack, of: Ix<Item>, by: Ix<Item>) -> impl Iterator<Item = &str> {
    // Rules made from the vocabulary follow what each ingredient says of itself.
    let rules = pack.rules.iter().filter(move |rule| {
        let out = &rule.exclude.ingredients;
        !rule.is_generated() && out.contains(of) && !out.contains(by)
    });
    let mixing = pack.mixing.iter().filter(move |rule| {
        let speaks = |ix: Ix<Item>| rule.a.contains(ix) || rule.b.as_ref().is_some_and(|b| b.contains(ix));
        speaks(of) && !speaks(by)
    });
    rules.map(|rule| rule.id.as_str()).chain(mixing.map(|rule| rule.id.as_str()))
}

/// Allergens that everything else of a group contains, with the group; for an ingredient that is said to hold none.
fn lacking<'p>(pack: &'p Pack, ix: Ix<Item>, item: &Item, detail: &IngredientDetail) -> Vec<(&'p str, Vec<&'p str>)> {
    let mut found: Vec<(&str, Vec<&str>)> = Vec::new();
    if !detail.contains.is_empty() {
        return found;
    }
    for group in item.groups.iter() {
        let others: Vec<&Set<_>> = pack
            .ingredients
            .entries()
            .filter(|(other, row)| *other != ix && row.groups.contains(group))
            .map(|(other, _)| &pack.ingredient(other).contains)
            .collect();
        if others.len() < FEW {
            continue;
        }
        let in_all = |allergen| others.iter().all(|contains| contains.contains(allergen));
        let allergens = pack.allergens.entries().filter(|(allergen, _)| in_all(*allergen));
        let allergens: Vec<&str> = allergens.map(|(_, row)| row.id.as_str()).collect();
        if !allergens.is_empty() {
            found.push((&pack.groups[group].name, allergens));
        }
    }
    found
}
