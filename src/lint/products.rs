//! What an ingredient should say of itself and does not.

use super::Subject;
use super::book::Book;
use crate::pack::{IngredientDetail, Item, Ix, Pack, Set};
use crate::source::{Code, Problems};

const LACKS: Code = Code("L0601");
const NO_STATUS: Code = Code("L0602");

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
