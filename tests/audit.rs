//! The auditor of plans: it accepts what the planner makes, and refuses whatever somebody changes about it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::path::Path;

use common::intakes::{any_intake, nearly_healthy};
use common::{PACK, TODAY, healthy_but};
use jiff::ToSpan;
use jiff::civil::Date;
use pistor::config::Config;
use pistor::intake::{Answer, Intake};
use pistor::pack::{Amount, Ix, Limit, Per};
use pistor::plan::{Adjustments, Assessment, Breach, Law, Measure, Outcome, Plan, assess, assess_adjusted, audit};
use pistor::source::SourceFile;
use proptest::prelude::*;

fn audited(intake: &Intake, assessment: &Assessment, also: &[Limit]) -> Vec<Breach> {
    let adjustments = Adjustments::default();
    audit(Measure { pack: &PACK, intake, adjustments: &adjustments, today: TODAY, also }, assessment)
}

const GOALS: &str = r#"items = [{ goal = "hydration", areas = ["cheeks"] }]"#;

/// Plans of many kinds: several areas, several turns, test spots, halved ceilings, deferred, by weight.
fn situations() -> Vec<(&'static str, Intake)> {
    let wanted = |goals: &str| format!("items = [{goals}]");
    let with = |name: &'static str, goals: &str, changes: &[(&str, &str)]| {
        let goals = wanted(goals);
        let mut all = vec![(GOALS, goals.as_str())];
        all.extend(changes);
        (name, healthy_but(&all))
    };
    let pain = r#"{ goal = "pain", areas = ["neck", "back"] }"#;
    let explained = ("aftercare = \"able\" }", "aftercare = \"able\" }\npain_cause = \"explained\"");
    let glow = r#"{ goal = "hydration", areas = ["cheeks", "neck"] }"#;
    let both = r#"{ goal = "hydration", areas = ["cheeks"] }, { goal = "hyperpigmentation", areas = ["cheeks"] }"#;
    vec![
        with("one area", r#"{ goal = "hydration", areas = ["cheeks"] }"#, &[]),
        with("two areas", glow, &[]),
        with("turns", both, &[]),
        with("melasma", r#"{ goal = "hyperpigmentation", areas = ["cheeks", "forehead"] }"#, &[]),
        with(
            "by weight",
            pain,
            &[explained, ("weight_kg = 62", "weight_kg = 26"), ("height_cm = 168", "height_cm = 118")],
        ),
        with(
            "heavy",
            pain,
            &[explained, ("weight_kg = 62", "weight_kg = 110"), ("height_cm = 168", "height_cm = 170")],
        ),
        with("dark skin", glow, &[("fitzpatrick = 3", "fitzpatrick = 6")]),
        with(
            "deferred",
            r#"{ goal = "hydration", areas = ["cheeks"] }"#,
            &[("events = []", r#"events = [{ id = "chemical-peel", days_ago = 3, site = "here" }]"#)],
        ),
    ]
}

fn planned(intake: &Intake) -> Assessment {
    let result = assess(&PACK, intake, TODAY);
    assert!(result.plan.as_ref().is_some_and(|plan| !plan.cocktails.is_empty()), "{:?}", result.missing);
    result
}

/// The slot and strength of a dose.
fn part(plan: &Plan, cocktail: usize, dose: usize) -> (Amount, Option<Amount>) {
    let (cocktail, dose) = (&plan.cocktails[cocktail], &plan.cocktails[cocktail].ingredients[dose]);
    let recipe = PACK.recipes.get(&cocktail.recipe).unwrap();
    let item = PACK.ingredients.find(&dose.id).unwrap();
    let slot = recipe.slots.iter().find(|slot| slot.choices.contains(&item)).unwrap();
    (slot.ml_per_area, slot.mg_per_ml.or(PACK.ingredient(item).mg_per_ml))
}

/// Another volume, and everything that follows from it written as it should be.
fn pour(plan: &mut Plan, cocktail: usize, dose: usize, ml: Amount) {
    let (_, strength) = part(plan, cocktail, dose);
    let line = &mut plan.cocktails[cocktail];
    line.ingredients[dose].volume_ml = ml.as_f64();
    let mg = strength.map(|c| Amount::thousandths(ml.as_thousandths() * c.as_thousandths() / 1000));
    line.ingredients[dose].mg = mg.map(Amount::as_f64);
    let thousandths = |value: f64| (value * 1000.0).round() as i64;
    let total: i64 = line.ingredients.iter().map(|dose| thousandths(dose.volume_ml)).sum();
    line.total_ml = Amount::thousandths(total).as_f64();
    line.points = line.point_ml.map(|point| u32::try_from(total / thousandths(point)).unwrap());
}

/// Moves a session, the day it is counted as included.
fn moved(session: &mut pistor::plan::Session, days: i32) {
    session.date = session.date.map(|date: Date| date.checked_add(days.days()).unwrap());
    session.after_days += days;
}

type Change = Box<dyn Fn(&mut Assessment)>;

/// Every way to doctor a plan.
fn changes(of: &Assessment) -> Vec<(String, Change)> {
    let plan = of.plan.as_ref().unwrap();
    let mut all: Vec<(String, Change)> = Vec::new();
    let mut add = |name: String, change: Box<dyn Fn(&mut Plan)>| {
        all.push((name, Box::new(move |of: &mut Assessment| change(of.plan.as_mut().unwrap()))));
    };
    for (c, cocktail) in plan.cocktails.iter().enumerate() {
        for d in 0..cocktail.ingredients.len() {
            let most = Amount::thousandths(part(plan, c, d).0.as_thousandths() + 10);
            add(format!("volume {c}/{d}"), Box::new(move |plan| plan.cocktails[c].ingredients[d].volume_ml += 0.01));
            add(format!("poured {c}/{d}"), Box::new(move |plan| pour(plan, c, d, most)));
            add(format!("nothing {c}/{d}"), Box::new(move |plan| pour(plan, c, d, Amount::ZERO)));
            if cocktail.ingredients[d].mg.is_some() {
                add(
                    format!("mg {c}/{d}"),
                    Box::new(move |plan| {
                        plan.cocktails[c].ingredients[d].mg = plan.cocktails[c].ingredients[d].mg.map(|mg| mg - 0.5);
                    }),
                );
            }
            add(
                format!("other ingredient {c}/{d}"),
                Box::new(move |plan| {
                    plan.cocktails[c].ingredients[d].id = "mepivacaine".to_owned();
                }),
            );
            add(
                format!("other role {c}/{d}"),
                Box::new(move |plan| {
                    plan.cocktails[c].ingredients[d].role = "diluent".to_owned();
                }),
            );
        }
        add(
            format!("an ingredient more {c}"),
            Box::new(move |plan| {
                let twice = plan.cocktails[c].ingredients[0].clone();
                plan.cocktails[c].ingredients.push(twice);
            }),
        );
        add(
            format!("an ingredient less {c}"),
            Box::new(move |plan| {
                plan.cocktails[c].ingredients.pop();
            }),
        );
        add(format!("total {c}"), Box::new(move |plan| plan.cocktails[c].total_ml += 0.01));
        add(format!("points {c}"), Box::new(move |plan| plan.cocktails[c].points = Some(1_000)));
        add(format!("point {c}"), Box::new(move |plan| plan.cocktails[c].point_ml = Some(0.4)));
        add(format!("technique {c}"), Box::new(move |plan| plan.cocktails[c].technique = "deep-fat".to_owned()));
        add(format!("recipe {c}"), Box::new(move |plan| plan.cocktails[c].recipe = "saline-pain".to_owned()));
        add(format!("goal {c}"), Box::new(move |plan| plan.cocktails[c].goal = "laxity".to_owned()));
        add(format!("served as well {c}"), Box::new(move |plan| plan.cocktails[c].also_for.push("laxity".to_owned())));
        add(format!("area {c}"), Box::new(move |plan| plan.cocktails[c].area = "under-eye".to_owned()));
    }
    let spot = plan.sessions[0].phase == "test spot";
    for n in 0..plan.sessions.len() {
        add(
            format!("date {n}"),
            Box::new(move |plan| {
                let was = plan.sessions[n].date.unwrap();
                plan.sessions[n].date = Some(was.checked_sub(1.day()).unwrap());
            }),
        );
        add(format!("a day earlier {n}"), Box::new(move |plan| moved(&mut plan.sessions[n], -1)));
        add(format!("the number {n}"), Box::new(move |plan| plan.sessions[n].number += 1));
        add(
            format!("twice {n}"),
            Box::new(move |plan| {
                let again = plan.sessions[n].clone();
                plan.sessions.insert(n, again);
                plan.sessions.iter_mut().zip(1..).for_each(|(session, number)| session.number = number);
            }),
        );
        if !(spot && n == 0) {
            add(format!("gives nothing {n}"), Box::new(move |plan| plan.sessions[n].cocktails.clear()));
        }
    }
    for n in 0..plan.maintenance.len() {
        add(format!("maintenance earlier {n}"), Box::new(move |plan| moved(&mut plan.maintenance[n], -1)));
    }
    add(
        "everything a day earlier".to_owned(),
        Box::new(|plan| {
            plan.sessions.iter_mut().chain(&mut plan.maintenance).for_each(|session| moved(session, -1));
        }),
    );
    if spot {
        add(
            "no test spot".to_owned(),
            Box::new(|plan| {
                plan.sessions.remove(0);
                plan.sessions.iter_mut().zip(1..).for_each(|(session, number)| session.number = number);
            }),
        );
    }
    for verdict in [Outcome::Decline, Outcome::Refer, Outcome::Incomplete] {
        all.push((format!("{verdict:?}"), Box::new(move |of: &mut Assessment| of.verdict = verdict)));
    }
    all
}

#[test]
fn every_doctored_plan_is_refused() {
    let mut refused = 0;
    for (name, intake) in situations() {
        let right = planned(&intake);
        assert_eq!(audited(&intake, &right, &[]), [], "{name}");
        for (change, doctor) in changes(&right) {
            let mut doctored = right.clone();
            doctor(&mut doctored);
            assert_ne!(doctored, right, "{name}: {change} changes nothing");
            assert_ne!(audited(&intake, &doctored, &[]), [], "{name}: {change}");
            refused += 1;
        }
    }
    assert!(refused >= 300, "only {refused} doctored plans");
}

/// The bare limit of one bound.
fn limit(per: Per, of: &str) -> Limit {
    let ingredient = PACK.ingredients.find(of).unwrap();
    Limit {
        id: "exact".to_owned(),
        ingredients: std::iter::once(ingredient).collect(),
        everything: false,
        label: "Exact".to_owned(),
        per,
        mg_per_kg: None,
        mg: None,
        ml: None,
        cm2: None,
        points: None,
        sessions: None,
        interval_days: None,
        reads: None,
        jurisdictions: None,
        pool: None,
        note: String::new(),
        grounds: PACK.limits[Ix::new(0)].grounds.clone(),
    }
}

/// A limit of exactly what a plan gives is kept; one of a thousandth, a point, a day or a session less is not.
#[test]
fn limits_are_exact() {
    let (_, intake) = situations().remove(3);
    let result = planned(&intake);
    let plan = result.plan.as_ref().unwrap();
    let id = plan.cocktails[0].ingredients[0].id.as_str();
    let thousandths = |value: f64| (value * 1000.0).round() as i64;
    let doses = || plan.cocktails.iter().flat_map(|c| &c.ingredients).filter(|dose| dose.id == id);
    let ml: i64 = doses().map(|dose| thousandths(dose.volume_ml)).sum();
    let mg: i64 = doses().map(|dose| thousandths(dose.mg.unwrap())).sum();
    let points: i32 = plan.cocktails.iter().map(|c| c.points.unwrap() as i32).sum();
    let sessions = (plan.sessions.len() + plan.maintenance.len()) as i32;
    let gap = plan.sessions.windows(2).map(|pair| pair[1].after_days - pair[0].after_days).min().unwrap();
    let course = plan.sessions.len() as i64;
    let of_point = thousandths(plan.cocktails[0].point_ml.unwrap());
    let kg = 62_000;
    type Bound = (&'static str, fn(&mut Limit, i64), Per, i64, i64);
    let bounds: [Bound; 11] = [
        ("mg of a session", |l, n| l.mg = Some(Amount::thousandths(n)), Per::Session, mg, -1),
        ("mg of a day", |l, n| l.mg = Some(Amount::thousandths(n)), Per::Day, mg, -1),
        ("mL of a session", |l, n| l.ml = Some(Amount::thousandths(n)), Per::Session, ml, -1),
        ("points of a session", |l, n| l.points = Some(n as i32), Per::Session, points.into(), -1),
        ("mg of a course", |l, n| l.mg = Some(Amount::thousandths(n)), Per::Course, mg * course, -1),
        ("mL of a course", |l, n| l.ml = Some(Amount::thousandths(n)), Per::Course, ml * course, -1),
        ("points of a course", |l, n| l.points = Some(n as i32), Per::Course, i64::from(points) * course, -1),
        ("sessions", |l, n| l.sessions = Some(n as i32), Per::Course, sessions.into(), -1),
        ("days", |l, n| l.interval_days = Some(n as i32), Per::Course, gap.into(), 1),
        ("mL of a point", |l, n| l.ml = Some(Amount::thousandths(n)), Per::Site, of_point, -1),
        // Rounded up to the next thousandth of a mg for each kg.
        (
            "mg for each kg",
            |l, n| l.mg_per_kg = Some(Amount::thousandths(n)),
            Per::Session,
            (mg * 1000 + kg - 1) / kg,
            -1,
        ),
    ];
    for (name, set, per, exact, stricter) in bounds {
        let with = |n: i64| {
            let mut limit = limit(per, id);
            set(&mut limit, n);
            audited(&intake, &result, &[limit])
        };
        assert_eq!(with(exact), [], "{name}: {exact}");
        let refused = with(exact + stricter);
        let law = if matches!(name, "sessions" | "days") { Law::Day } else { Law::Dose };
        assert!(refused.iter().any(|breach| breach.law == law && breach.what == "exact"), "{name}: {refused:?}");
    }
}

/// The weights that matter: the lightest, both sides of where fixed ceilings begin, very heavy, and tall or short.
#[test]
fn every_body_keeps_the_limits() {
    let (_, plain) = situations().remove(4);
    for (kg, cm) in
        [(30, 140), (43, 140), (43, 168), (44, 168), (66, 168), (67, 168), (84, 168), (85, 168), (300, 168), (300, 100)]
    {
        let mut intake = plain.clone();
        intake.set("patient.weight_kg", Answer::Number(Amount::whole(kg)));
        intake.set("patient.height_cm", Answer::Number(Amount::whole(cm)));
        let result = assess(&PACK, &intake, TODAY);
        assert_eq!(audited(&intake, &result, &[]), [], "{kg} kg, {cm} cm");
        intake.set("patient.height_cm", Answer::Unknown);
        let result = assess(&PACK, &intake, TODAY);
        assert_eq!(audited(&intake, &result, &[]), [], "{kg} kg, no height");
    }
    let mut intake = plain;
    intake.set("patient.weight_kg", Answer::Unknown);
    let result = assess(&PACK, &intake, TODAY);
    assert!(result.plan.is_none() && result.verdict == Outcome::Incomplete, "{:?}", result.verdict);
}

/// What a plan gives of an anaesthetic, in thousandths of a mg.
fn lidocaine(result: &Assessment) -> i64 {
    let cocktails = result.plan.iter().flat_map(|plan| &plan.cocktails);
    let mine = cocktails.flat_map(|c| &c.ingredients).filter(|dose| dose.id == "lidocaine");
    mine.filter_map(|dose| dose.mg).map(|mg| (mg * 1000.0).round() as i64).sum()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn any_plan_is_accepted(intake in prop_oneof![any_intake(), nearly_healthy()]) {
        let result = assess(&PACK, &intake, TODAY);
        prop_assert_eq!(audited(&intake, &result, &[]), []);
    }

    /// A height that is not known never gives more than one that is.
    #[test]
    fn no_height_never_gives_more(kg in 25_i32..300, cm in 100_i32..230) {
        let (_, mut intake) = situations().remove(4);
        intake.set("patient.weight_kg", Answer::Number(Amount::whole(kg)));
        intake.set("patient.height_cm", Answer::Number(Amount::whole(cm)));
        let known = assess(&PACK, &intake, TODAY);
        intake.set("patient.height_cm", Answer::Unknown);
        let unknown = assess(&PACK, &intake, TODAY);
        if known.plan.is_some() {
            prop_assert!(lidocaine(&unknown) <= lidocaine(&known));
        }
    }
}

/// What a practitioner may decide about the plan of an intake: recipes of any goal, and rules that name reasons.
fn any_decisions() -> impl Strategy<Value = Adjustments> {
    let recipes: Vec<String> = PACK.recipes.ids().map(str::to_owned).collect();
    let rules: Vec<String> = PACK.rules.iter().filter(|rule| rule.overridable()).map(|rule| rule.id.clone()).collect();
    let recipes = proptest::sample::subsequence(recipes, 0..12);
    let rules = proptest::sample::subsequence(rules.clone(), 0..rules.len());
    (recipes, rules).prop_map(|(recipes, rules)| {
        let mut decisions = Adjustments::default();
        rules.iter().for_each(|rule| decisions.override_rule(rule, "decided"));
        for recipe in recipes.iter().filter_map(|id| PACK.recipes.get(id)) {
            for goal in recipe.goals.iter() {
                let areas = PACK.goals[goal].areas.iter();
                areas.for_each(|area| decisions.choose(&PACK.goals[goal].id, &PACK.areas[area].id, &recipe.id));
            }
        }
        decisions
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    /// Other recipes and overrides change nothing about limits; and a clinic that is closed on some days only waits longer.
    #[test]
    fn any_decision_is_accepted(intake in nearly_healthy(), decisions in any_decisions(), from in 0_i32..200) {
        let mut result = assess_adjusted(&PACK, &intake, &decisions, TODAY);
        let of = |result: &Assessment| {
            audit(Measure { pack: &PACK, intake: &intake, adjustments: &decisions, today: TODAY, also: &[] }, result)
        };
        prop_assert_eq!(of(&result), []);
        // A closure, a week of each month and all weekends.
        let closed: Vec<String> = (from..from + 300)
            .filter(|day| day % 31 < 7)
            .filter_map(|day| TODAY.checked_add(day.days()).ok())
            .map(|day| day.to_string())
            .collect();
        let text = format!("[clinic]\nclosed_days = [\"saturday\", \"sunday\"]\nclosed_dates = [{}]\n", closed.join(", "));
        let config = Config::parse(&SourceFile::new("config.toml", text), Path::new("/"), None);
        if let Some(plan) = &mut result.plan {
            config.unwrap_or_else(|report| panic!("{}", report.render(false))).clinic.open.reschedule(plan);
        }
        prop_assert_eq!(of(&result), []);
    }
}
