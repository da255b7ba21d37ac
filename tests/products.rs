//! Ready-made products: what speaks against a component speaks against the product, and nothing in them is overlooked.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{PACK, TODAY, healthy_but};
use pistor::pack::{Condition, List};
use pistor::plan::assess;

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

    let vitamin_k = PACK.rules.get("vitamin-k-antagonist-interactions").unwrap();
    assert!(vitamin_k.exclude.ingredients.contains(find("multivitamin-infusion-us")), "made with vitamin K");
    assert!(!vitamin_k.exclude.ingredients.contains(find("cernevit")), "made without vitamin K");
    let oil = PACK.mixing.get("oil-based-alone").unwrap();
    assert!(oil.concerns(find("tocopherol"), find("lidocaine")));
    assert!(!oil.concerns(find("cernevit"), find("lidocaine")), "its vitamin E is no longer in oil");
    let thiamine = PACK.mixing.get("thiamine-sulfite").unwrap();
    assert!(thiamine.concerns(find("cytocare"), find("lidocaine-adrenaline")));
    assert!(!thiamine.concerns(find("jalupro"), find("lidocaine-adrenaline")));
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

/// A practitioner's own mix: the reasons that are given for each part of it.
fn vetted(requested: &str, ingredient: &str) -> (bool, String) {
    let asked = format!("requested = [{requested}]\n[setting]");
    let result = assess(&PACK, &healthy_but(&[("[setting]", &asked)]), TODAY);
    let found = result.requested.iter().find(|vetted| vetted.id == ingredient).expect("vetted");
    (found.allowed, found.reasons.join("\n"))
}

#[rstest::rstest]
#[case::nctf(
    "\"polycomponent-nctf\", \"lidocaine\"",
    "lidocaine",
    false,
    "must not share a syringe with Polycomponent"
)]
#[case::jalupro("\"jalupro\", \"hyaluronidase\"", "jalupro", false, "Hyaluronidase dissolves")]
#[case::newest("\"polynucleotides-hyaluronic-acid\", \"lidocaine\"", "lidocaine", false, "used alone")]
#[case::cernevit(
    "\"multivitamin-infusion-us\", \"lidocaine-adrenaline\"",
    "lidocaine-adrenaline",
    false,
    "Sulfite splits"
)]
#[case::conjonctyl("\"organic-silicon\", \"lidocaine\"", "lidocaine", true, "use separate syringes")]
#[case::melasma("\"tranexamic-acid\", \"ascorbic-acid\"", "tranexamic-acid", true, "Vitamin C (ascorbic acid)")]
#[case::prp("\"prp\", \"tranexamic-acid\"", "prp", false, "must not be mixed with blood")]
fn a_mix_of_ones_own(#[case] asked: &str, #[case] of: &str, #[case] allowed: bool, #[case] because: &str) {
    let (is, reasons) = vetted(asked, of);
    assert_eq!(is, allowed, "{reasons}");
    assert!(reasons.contains(because), "{reasons}");
}

#[test]
fn a_booster_with_lidocaine_shows_the_ceiling_of_lidocaine() {
    let asked = "requested = [\"redensity-complex\"]\n[setting]";
    let result = assess(&PACK, &healthy_but(&[("[setting]", asked)]), TODAY);
    let limits = &result.requested.first().expect("vetted").limits;
    assert!(limits.iter().any(|limit| limit.contains("279 mg")), "{limits:?}");
    let apart = limits.iter().filter(|limit| limit.contains("14 days apart")).count();
    assert_eq!(apart, 1, "the interval of hyaluronic acid is said once: {limits:?}");
}
