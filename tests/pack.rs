//! The built-in pack: it loads, it is as large as it says, and its own cases come out as written.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::collections::HashSet;

use common::PACK;
use pistor::pack::{self, Basis, List, ReviewDay};
use pistor::plan::cases;

#[test]
fn every_case_of_the_pack_comes_out_as_written() {
    let cases = match cases::read(&[pack::builtin_files()]) {
        Ok(cases) => cases,
        Err(errors) => panic!("{}", errors.join("\n")),
    };
    assert!(cases.len() >= 850, "only {} cases", cases.len());
    let failures: Vec<String> = cases
        .iter()
        .filter_map(|case| cases::run(&PACK, case))
        .map(|failure| format!("{} {}\n    {}", failure.file, failure.case, failure.what.join("\n    ")))
        .collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn every_rule_has_a_case_that_fires_it_and_one_that_does_not() {
    let cases = match cases::read(&[pack::builtin_files()]) {
        Ok(cases) => cases,
        Err(errors) => panic!("{}", errors.join("\n")),
    };
    let named = |key: &str| -> HashSet<&str> {
        let lists = cases.iter().filter_map(|case| case.expect.get(key)?.as_array());
        lists.flatten().filter_map(|rule| rule.as_str()).collect()
    };
    let (fires, not_fires) = (named("fires"), named("not_fires"));
    let mut wanting = Vec::new();
    for rule in PACK.rules.iter().filter(|rule| rule.place.file.is_some()) {
        if !fires.contains(rule.id.as_str()) {
            wanting.push(format!("{}: no case fires it", rule.id));
        }
        if !not_fires.contains(rule.id.as_str()) {
            wanting.push(format!("{}: no near miss", rule.id));
        }
    }
    assert!(wanting.is_empty(), "add cases to data/pack-cases/:\n{}", wanting.join("\n"));
    // Findings of the program about what would be given.
    let by_product = ["unlicensed-here", "licence-not-known"];
    let known = |rule: &str| PACK.rules.get(rule).is_some() || by_product.contains(&rule);
    let unknown: Vec<&&str> = not_fires.iter().filter(|rule| !known(rule)).collect();
    assert!(unknown.is_empty(), "`not_fires` names what is no rule, which is always true: {unknown:?}");
}

#[test]
fn ordinary_patients_are_treated() {
    let cases = cases::read(&[pack::builtin_files()]).unwrap_or_default();
    let ordinary: Vec<_> = cases.iter().filter(|case| case.file.ends_with("ordinary.toml")).collect();
    assert!(ordinary.len() >= 25, "only {} ordinary patients", ordinary.len());
    for case in ordinary {
        let verdict = case.expect.get("verdict").and_then(|verdict| verdict.as_str());
        assert!(matches!(verdict, Some("proceed" | "caution")), "{}: {verdict:?}", case.id);
        assert!(case.expect.contains_key("recipe"), "{} names no recipe", case.id);
    }
}

#[test]
fn the_pack_is_as_large_as_the_readme_says() {
    assert!(PACK.rules.iter().filter(|rule| rule.place.file.is_some()).count() >= 400);
    assert!(PACK.list(List::Conditions).len() >= 300);
    assert!(PACK.list(List::Medications).len() >= 600);
    assert!(PACK.list(List::Allergens).len() >= 140);
    assert!(PACK.list(List::Ingredients).len() >= 95);
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
fn whatever_can_leave_nodules_is_checked_for_them_after_twelve_weeks() {
    let classes = ["hyaluronan", "crosslinked-hyaluronan", "nucleic-acid", "polycomponent"]
        .map(|class| PACK.groups.find(&format!("ingredient/{class}")).unwrap_or_else(|| panic!("no class {class}")));
    for recipe in &PACK.recipes {
        let injected = recipe.slots.iter().flat_map(|slot| &slot.choices);
        let lasting = injected.filter(|ix| classes.iter().any(|class| PACK.ingredients[**ix].groups.contains(*class)));
        if lasting.count() == 0 {
            continue;
        }
        let late = PACK.plans[recipe.plan].reviews.iter().any(|review| {
            matches!(review.when, ReviewDay::AfterDays(days) if days >= 84) && review.what.contains("nodule")
        });
        assert!(late, "{}: no check for nodules at 12 weeks or later", recipe.id);
    }
}

#[test]
fn a_numbing_cream_is_never_only_words() {
    for plan in &PACK.plans {
        let cream = plan.numbing.to_lowercase().contains("cream 30");
        assert_eq!(cream, plan.numbing_with.is_some(), "{}: an allergy must be able to take the cream out", plan.id);
    }
}
