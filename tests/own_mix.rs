//! A practitioner's own mix, whatever it is: it never holds what a rule excludes, never passes a limit, never makes a
//! verdict another one, and what cannot be given is said.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::intakes::nearly_healthy;
use common::{PACK, TODAY, healthy_but};
use pistor::intake::{Answer, Intake};
use pistor::plan::{
    Adjustments, Assessment, Finding, Measure, Outcome, OwnMix, OwnPart, assess, assess_adjusted, audit,
};
use proptest::prelude::*;

/// A mix of anything, in any volume, made from any recipe.
fn any_mix() -> impl Strategy<Value = (usize, usize, Vec<OwnPart>, Option<u32>)> {
    let all: Vec<String> = PACK.ingredients.ids().map(str::to_owned).collect();
    let used: Vec<String> = PACK
        .recipes
        .iter()
        .flat_map(|recipe| &recipe.slots)
        .flat_map(|slot| &slot.choices)
        .map(|ix| PACK.ingredients[*ix].id.clone())
        .collect();
    let id = prop_oneof![6 => proptest::sample::select(used), 1 => proptest::sample::select(all)];
    let part = (id, prop_oneof![0_u32..2000, 0_u32..100_000]).prop_map(|(ingredient, ul)| OwnPart { ingredient, ul });
    (
        0_usize..60,
        0_usize..60,
        proptest::collection::vec(part, 0..5),
        prop_oneof![Just(None), (0_u32..5000).prop_map(Some)],
    )
}

/// The mixes for what the intake asks for: for each goal and area one, made of what was drawn.
fn mixes(intake: &Intake, drawn: &[(usize, usize, Vec<OwnPart>, Option<u32>)]) -> Vec<OwnMix> {
    let Some(Answer::Goals(goals)) = intake.get("goals.items") else { return Vec::new() };
    let places = goals.iter().flat_map(|goal| goal.areas.iter().map(move |area| (&goal.goal, area)));
    places
        .zip(drawn)
        .map(|((goal, area), (recipe, keep, parts, point_ul))| {
            let goal_ix = PACK.goals.find(goal).expect("a goal");
            let fitting: Vec<_> = PACK.recipes.iter().filter(|recipe| recipe.goals.contains(goal_ix)).collect();
            let all: Vec<_> = PACK.recipes.iter().collect();
            let from = if fitting.is_empty() { &all } else { &fitting };
            let recipe = from[recipe % from.len()];
            // Every other one begins with what the recipe holds.
            let own = recipe.slots.iter().filter_map(|slot| slot.choices.first());
            let mut all: Vec<OwnPart> = own
                .filter(|_| keep % 2 == 0)
                .map(|ix| OwnPart { ingredient: PACK.ingredients[*ix].id.clone(), ul: 900 })
                .collect();
            all.extend(parts.iter().cloned());
            OwnMix {
                goal: goal.clone(),
                area: area.clone(),
                recipe: recipe.id.clone(),
                parts: all,
                point_ul: *point_ul,
            }
        })
        .collect()
}

fn cases() -> u32 {
    std::env::var("PISTOR_OWN_MIXES").ok().and_then(|n| n.parse().ok()).unwrap_or(256)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), ..ProptestConfig::default() })]

    #[test]
    fn no_mix_passes_a_rule_or_a_limit(
        intake in nearly_healthy(),
        drawn in proptest::collection::vec(any_mix(), 1..5),
    ) {
        let adjustments = Adjustments { mixes: mixes(&intake, &drawn), ..Adjustments::default() };
        let proposal = assess(&PACK, &intake, TODAY);
        let own = assess_adjusted(&PACK, &intake, &adjustments, TODAY);
        let breaches = audit(Measure { pack: &PACK, intake: &intake, adjustments: &adjustments, today: TODAY, also: &[] }, &own);
        prop_assert!(breaches.is_empty(), "{breaches:?}");
        // What has no licence here is a caution about what would be given, and a mix gives something else.
        let of_patient = |assessment: &Assessment| -> Vec<Finding> {
            let by_product = ["unlicensed-here", "licence-not-known"];
            let others = assessment.findings.iter().filter(|f| !by_product.contains(&f.rule.as_str()));
            others.cloned().collect()
        };
        prop_assert_eq!(of_patient(&own), of_patient(&proposal));
        // Nothing else that is asked for makes a verdict milder; it may ask for the weight.
        let asks = own.verdict == Outcome::Incomplete;
        let by_product = own.findings != proposal.findings
            && [own.verdict, proposal.verdict].iter().all(|v| matches!(v, Outcome::Proceed | Outcome::Caution));
        let same = own.verdict == proposal.verdict;
        prop_assert!(same || asks || by_product, "{:?} instead of {:?}", own.verdict, proposal.verdict);
        let Some(plan) = &own.plan else { return Ok(()) };
        for dose in plan.cocktails.iter().flat_map(|cocktail| &cocktail.ingredients) {
            prop_assert!(!own.excluded.iter().any(|out| out.kind == "ingredient" && out.id == dose.id), "{}", dose.id);
        }
        for mix in &adjustments.mixes {
            let given = plan.cocktails.iter().any(|c| c.own.is_some() && c.goal == mix.goal && c.area == mix.area);
            let refused = plan.refused.iter().any(|r| r.goal == mix.goal && r.area == mix.area);
            prop_assert!(given != refused, "{} {}: given {given}, refused {refused}", mix.goal, mix.area);
        }
    }
}

/// Hyaluronic acid for the cheeks of a healthy woman, changed.
fn changed(parts: &[(&str, u32)]) -> Result<Vec<String>, String> {
    let intake = healthy_but(&[]);
    let proposal = assess(&PACK, &intake, TODAY);
    let cocktail = &proposal.plan.as_ref().unwrap().cocktails[0];
    let part = |(id, ul): &(&str, u32)| OwnPart { ingredient: (*id).to_owned(), ul: *ul };
    let mix = OwnMix { parts: parts.iter().map(part).collect(), ..OwnMix::of(cocktail) };
    let adjustments = Adjustments { mixes: vec![mix], ..Adjustments::default() };
    let plan = assess_adjusted(&PACK, &intake, &adjustments, TODAY).plan.unwrap();
    match plan.refused.first() {
        Some(refused) => Err(refused.why.clone()),
        None => Ok(plan.cocktails[0].own.clone().unwrap().changes),
    }
}

#[test]
fn what_differs_from_the_proposal_is_said() {
    let intake = healthy_but(&[]);
    let plan = assess(&PACK, &intake, TODAY).plan.unwrap();
    let dose = &plan.cocktails[0].ingredients[0];
    let less = changed(&[(&dose.id, 500)]).unwrap();
    assert!(less.iter().any(|line| line.contains("0.5 mL instead of")), "{less:?}");
}

#[test]
fn what_no_recipe_gives_here_is_refused_with_the_reason() {
    let intake = healthy_but(&[]);
    let plan = assess(&PACK, &intake, TODAY).plan.unwrap();
    let id = plan.cocktails[0].ingredients[0].id.clone();
    let table: [(&[(&str, u32)], &str); 4] = [
        (&[], "no active ingredient"),
        (&[(&id, 500), ("deoxycholic-acid", 100)], "at this depth"),
        (&[(&id, 500), (&id, 500)], "twice"),
        (&[(&id, 0)], "no volume"),
    ];
    for (parts, why) in table {
        let said = changed(parts).unwrap_err();
        assert!(said.contains(why), "{parts:?}: {said}");
    }
}
