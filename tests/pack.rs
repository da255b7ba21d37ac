//! The built-in pack: it loads, it is as large as it says, and its own cases come out as written.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::PACK;
use pistor::pack::{self, Basis, List};
use pistor::plan::cases;

#[test]
fn every_case_of_the_pack_comes_out_as_written() {
    let cases = match cases::read(&[pack::builtin_files()]) {
        Ok(cases) => cases,
        Err(errors) => panic!("{}", errors.join("\n")),
    };
    assert!(cases.len() >= 300, "only {} cases", cases.len());
    let failures: Vec<String> = cases
        .iter()
        .filter_map(|case| cases::run(&PACK, case))
        .map(|failure| format!("{} {}\n    {}", failure.file, failure.case, failure.what.join("\n    ")))
        .collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn the_pack_is_as_large_as_the_readme_says() {
    assert!(PACK.rules.iter().filter(|rule| rule.place.file.is_some()).count() >= 400);
    assert!(PACK.list(List::Conditions).len() >= 300);
    assert!(PACK.list(List::Medications).len() >= 600);
    assert!(PACK.list(List::Allergens).len() >= 140);
    assert!(PACK.list(List::Ingredients).len() >= 80);
    assert!(PACK.recipes.len() >= 20);
}

#[test]
fn every_goal_ends_in_a_recipe_or_in_a_named_refusal() {
    for (ix, goal) in PACK.goals.entries() {
        let recipes = PACK.recipes.iter().filter(|recipe| recipe.goals.contains(ix)).count();
        assert!((recipes > 0) != goal.no_injectable.is_some(), "{}: {recipes} recipes", goal.id);
    }
}

#[test]
fn every_statement_says_on_what_it_rests() {
    for rule in &PACK.rules {
        assert!(rule.grounds.evidence.is_some(), "{} has no evidence grade", rule.id);
        assert!(rule.grounds.basis != Basis::Source || !rule.grounds.sources.is_empty(), "{} cites nothing", rule.id);
    }
}

#[test]
fn the_hash_follows_the_text_and_nothing_else() {
    let again = pack::builtin().map(|pack| pack.hash).unwrap_or_default();
    assert_eq!(PACK.hash, again);
    let mut files = pack::builtin_files();
    files.files.reverse();
    let reversed = pack::load::load(&[files]).map(|pack| pack.hash).unwrap_or_default();
    assert_eq!(PACK.hash, reversed, "the order of files means nothing");
}

#[test]
fn no_synonym_belongs_to_two_medicines() {
    let mut seen = std::collections::HashMap::new();
    for item in PACK.list(List::Medications) {
        for name in item.also.iter().chain([&item.label]) {
            if let Some(other) = seen.insert(name.to_lowercase(), &item.id) {
                assert_eq!(other, &item.id, "{name}");
            }
        }
    }
}
