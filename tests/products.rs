//! Ready-made products: what speaks against a component speaks against the product, and nothing in them is overlooked.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::PACK;
use pistor::pack::{Condition, List};

/// The substance that a component is named for must be among the allergens of the product: `contains` is written by hand,
/// since an ampoule's preservatives are not the product's.
#[test]
fn a_product_contains_what_its_components_are() {
    let mut wanting = Vec::new();
    for (ix, product) in PACK.ingredients.entries() {
        let detail = PACK.ingredient(ix);
        for component in detail.components.iter() {
            let id = &PACK.ingredients[component].id;
            let Some(allergen) = PACK.allergens.find(id) else { continue };
            if !detail.contains.contains(allergen) {
                wanting.push(format!("{}: made with {id}, which `contains` does not name", product.id));
            }
        }
    }
    assert!(wanting.is_empty(), "{}", wanting.join("\n"));
}

#[test]
fn a_rule_against_a_component_is_a_rule_against_the_product() {
    let find = |id: &str| PACK.ingredients.find(id).unwrap();
    let wilson = PACK.rules.get("wilson-excludes-copper").unwrap();
    assert!(wilson.exclude.ingredients.contains(find("redensity-complex")), "made with copper");
    assert!(!wilson.exclude.ingredients.contains(find("jalupro")), "made without copper");

    // Bromelain-lipolytic is made with riboflavin, the undeclared ampoule with bromelain-lipolytic.
    let unknown = find("lipolytic-ampoule");
    let leber = PACK.rules.get("b-vitamin-reaction-thiamine").unwrap();
    assert!(!leber.exclude.ingredients.contains(unknown), "made without thiamine");
    let alone = PACK.mixing.get("deoxycholate-alone").unwrap();
    assert!(alone.forbids(unknown, find("lidocaine")), "may hold deoxycholate, which is never mixed");
    let thiamine = PACK.mixing.get("thiamine-sulfite").unwrap();
    assert!(thiamine.forbids(find("cytocare"), find("lidocaine-adrenaline")));
    assert!(!thiamine.forbids(find("jalupro"), find("lidocaine-adrenaline")));
}

/// The rules that count what is asked for name each ingredient: a new one must be added there.
#[test]
fn rules_that_count_requests_know_every_ingredient() {
    for (rule, uncounted) in [
        ("fr-mix-requested", &["diluent"][..]),
        ("many-actives-requested", &["diluent", "amide-anaesthetic", "ester-anaesthetic"]),
    ] {
        let mut counted = std::collections::HashSet::new();
        PACK.rules.get(rule).unwrap().when.visit(&mut |condition| {
            if let Condition::Listed { list: List::Ingredients, items, .. } = condition {
                counted.extend(items.iter().map(|ix| PACK.ingredients[ix].id.clone()));
            }
        });
        for item in PACK.ingredients.iter() {
            let out = item.groups.iter().any(|group| uncounted.contains(&PACK.groups[group].name.as_str()));
            assert_eq!(counted.contains(&item.id), !out, "{rule} and {}", item.id);
        }
    }
}
