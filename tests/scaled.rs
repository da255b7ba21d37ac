//! The generator of larger packs makes packs, and they hold.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;
#[path = "common/scaled.rs"]
mod scaled;

use common::PACK;
use pistor::pack::load::{load, safety_case};

#[test]
fn a_pack_three_times_over_loads_with_three_times_the_rules_and_more() {
    let layers = [scaled::scaled(3)];
    let pack = load(&layers).unwrap_or_else(|report| panic!("{}", report.render(false)));
    let written = |pack: &pistor::pack::Pack| {
        pack.rules.iter().filter(|rule| !rule.place.to_string().contains("vocabulary")).count()
    };
    assert!(written(&pack) > 3 * written(&PACK), "the copies meet in rules of their own");
    assert_eq!(pack.conditions.len(), 3 * PACK.conditions.len());
    assert_eq!(pack.medications.len(), 3 * PACK.medications.len());
    assert_eq!((pack.ingredients.len(), pack.questions.len()), (PACK.ingredients.len(), PACK.questions.len()));
    assert!(!safety_case(&pack, &layers).unwrap().is_empty());
}
