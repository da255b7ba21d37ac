//! Doses, syringes and sessions against invented limits, on a small pack that holds nothing else.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod any_limit;

use jiff::civil::{Date, date};
use pistor::intake;
use pistor::pack::Pack;
use pistor::pack::load::{LayerFiles, load};
use pistor::plan::{Adjustments, Assessment, LimitUse, Plan, Session, assess, assess_adjusted};
use pistor::source::SourceFile;

const TODAY: Date = date(2026, 11, 22);
const SMALL: &str = include_str!("../../src/tui/tests/pack.toml");

/// Two goals, two invented ingredients, a cream; the recipe of `glow-a` mixes both, that of `glow-b` holds one.
const BENCH: &str = r#"
[pack]
id = "bench"
version = "1"
language = 1
title = "Doses"
[review]
since = 2026-11-22
due = 2027-11-22
[[allergen]]
id = "creamine"
label = "Creamine"
evidence = "D"
basis = "policy"
[[ingredient]]
id = "xx"
contains = []
label = "Xx"
mg_per_ml = 10.0
evidence = "D"
basis = "policy"
[[ingredient]]
id = "yy"
contains = []
label = "Yy"
mg_per_ml = 3.3
evidence = "D"
basis = "policy"
[[ingredient]]
id = "cream"
label = "Numbing cream"
contains = ["creamine"]
offered = false
evidence = "D"
basis = "policy"
[[goal]]
id = "glow-a"
label = "Glow A"
areas = ["face", "neck"]
expected = "Nothing."
evidence = "D"
basis = "policy"
[[goal]]
id = "glow-b"
label = "Glow B"
areas = ["face", "neck"]
expected = "Nothing."
evidence = "D"
basis = "policy"
[[recipe]]
id = "mix"
label = "Mix"
goals = ["glow-a"]
outcome = "None."
technique = "nappage"
point_ml = 0.05
plan = "plan-a"
evidence = "D"
basis = "policy"
[[recipe.slot]]
role = "active"
use = ["xx"]
ml_per_area = 1.0
[[recipe.slot]]
role = "adjunct"
use = ["yy"]
ml_per_area = 0.7
[[recipe]]
id = "single"
label = "Single"
goals = ["glow-b"]
outcome = "None."
technique = "nappage"
point_ml = 0.02
plan = "plan-b"
evidence = "D"
basis = "policy"
[[recipe.slot]]
role = "active"
use = ["xx"]
ml_per_area = 0.9
"#;

const PLAN_A: &str = r#"
[[plan]]
id = "plan-a"
label = "Plan A"
induction = { sessions = 3, interval_days = 28 }
consolidation = { sessions = 2, interval_days = 14 }
maintenance = { sessions = 1, interval_days = 100 }
numbing = "Cream before"
numbing_with = "cream"
reviews = [
  { after_sessions = 2, what = "Look before the third session" },
  { after_days = 84, what = "Feel for nodules" },
]
evidence = "D"
basis = "policy"
"#;
const PLAN_B: &str = r#"
[[plan]]
id = "plan-b"
label = "Plan B"
induction = { sessions = 4, interval_days = 21 }
numbing = "None"
evidence = "D"
basis = "policy"
"#;

fn pack(more: &str) -> Pack {
    let layer = |path: &str, text: String| LayerFiles { files: vec![SourceFile::new(path, text)] };
    let layers = [
        layer("small/pack.toml", SMALL.to_owned()),
        layer("bench/pack.toml", format!("{BENCH}{PLAN_A}{PLAN_B}{more}")),
    ];
    load(&layers).unwrap_or_else(|report| panic!("{}", report.render(false)))
}

fn limit(id: &str, body: &str) -> String {
    format!("[[limit]]\nid = \"{id}\"\n{body}\nevidence = \"D\"\nbasis = \"policy\"\n")
}

/// A healthy patient of 62 kg with these goals; `allergies` is the list.
fn patient(goals: &str, allergies: &str, medications: &str) -> String {
    format!(
        "jurisdiction = \"EU\"\npatient = {{ age = 44, sex = \"female\", weight_kg = 62, height_cm = 168 }}\n\
         skin = {{ fitzpatrick = 3 }}\n\
         history = {{ pregnancy = \"no\", conditions = [], medications = [{medications}], events = [] }}\n\
         allergies = {{ items = [{allergies}] }}\ngoals = {{ items = [{goals}] }}\nsetting = {{ provenance = [] }}\n"
    )
}

const A_CHEEKS: &str = r#"{ goal = "glow-a", areas = ["cheeks"] }"#;
const B_CHEEKS: &str = r#"{ goal = "glow-b", areas = ["cheeks"] }"#;
const B_NECK: &str = r#"{ goal = "glow-b", areas = ["neck"] }"#;

fn assessed(pack: &Pack, text: &str) -> Assessment {
    let intake = intake::read(pack, &SourceFile::new("test.toml", text))
        .unwrap_or_else(|report| panic!("{}", report.render(false)));
    assess(pack, &intake, TODAY)
}

fn planned(more: &str, goals: &str) -> Plan {
    assessed(&pack(more), &patient(goals, "", "")).plan.expect("a plan")
}

fn days(sessions: &[Session]) -> Vec<i32> {
    sessions.iter().map(|session| session.after_days).collect()
}

fn use_of<'p>(plan: &'p Plan, id: &str, unit: &str) -> &'p LimitUse {
    let found = plan.limits.iter().find(|row| row.id == id && row.unit == unit);
    found.unwrap_or_else(|| panic!("no {id} in {unit}: {:#?}", plan.limits))
}

fn said(plan: &Plan, text: &str) -> bool {
    plan.changes.iter().any(|change| change.contains(text))
}

#[test]
fn a_course_ends_when_its_dose_is_used_up() {
    // 10 mg in each of five sessions, 35 mg in the course: three sessions.
    let plan = planned(&limit("xx", "ingredient = \"xx\"\nper = \"course\"\nmg = 35"), A_CHEEKS);
    assert_eq!(days(&plan.sessions), [0, 28, 56]);
    assert!(plan.maintenance.is_empty(), "what is used up is not offered afterwards");
    assert!(said(&plan, "Plan A: ends after 3 sessions, because a course may hold 35 mg of Xx."), "{:?}", plan.changes);
    let used = use_of(&plan, "xx", "mg");
    assert_eq!((used.amount, used.most, used.per.as_str()), (30.0, Some(35.0), "course"));
    assert_eq!(used.by, ["Xx 10 mg, cheeks"]);
}

#[test]
fn a_course_that_cannot_hold_one_session_gets_a_smaller_one() {
    let plan = planned(&limit("xx", "ingredient = \"xx\"\nper = \"course\"\nml = 0.4"), A_CHEEKS);
    assert_eq!(days(&plan.sessions), [0]);
    assert_eq!(plan.cocktails[0].ingredients.iter().find(|dose| dose.id == "xx").unwrap().volume_ml, 0.4);
    assert!(said(&plan, "Xx reduced to its limit of 0.4 mL in a course."), "{:?}", plan.changes);
    assert!(plan.limits.iter().all(|row| row.used <= 1.0), "{:?}", plan.limits);
}

#[test]
fn a_course_counts_both_goals() {
    // 9 mg for B in the neck and 10 mg for A in the cheeks: what A and B give is added up.
    let plan =
        planned(&limit("xx", "ingredient = \"xx\"\nper = \"course\"\nmg = 50"), &format!("{A_CHEEKS}, {B_NECK}"));
    let used = use_of(&plan, "xx", "mg");
    assert!(used.amount <= 50.0 && used.amount >= 40.0, "{used:?}");
    assert_eq!(used.by, ["Xx 10 mg, cheeks", "Xx 9 mg, neck"]);
}

#[test]
fn a_limit_by_weight_holds_over_a_course_as_well() {
    let plan = planned(&limit("xx", "ingredient = \"xx\"\nper = \"course\"\nmg_per_kg = 0.5"), A_CHEEKS);
    assert_eq!(use_of(&plan, "xx", "mg").most, Some(31.0));
    assert_eq!(plan.sessions.len(), 3);
}

#[test]
fn a_point_has_its_limit_in_mg_and_in_ml() {
    // A point of 0.05 mL of the mix holds 0.294 mg of Xx.
    for (bound, unit) in [("mg = 0.2", "mg"), ("ml = 0.01", "mL")] {
        let plan = planned(&limit("xx", &format!("ingredient = \"xx\"\nper = \"site\"\n{bound}")), A_CHEEKS);
        let point = plan.cocktails[0].point_ml.unwrap();
        assert!(point < 0.05, "{bound}: {point}");
        let used = use_of(&plan, "xx", unit);
        assert!(used.used <= 1.0 && used.used > 0.9, "{used:?}");
        assert!(said(&plan, "for each point"), "{:?}", plan.changes);
    }
}

#[test]
fn everything_together_has_a_limit() {
    let more = limit("all", "everything = true\nper = \"session\"\nml = 1.5\npoints = 20");
    let plan = planned(&more, &format!("{A_CHEEKS}, {B_NECK}"));
    let total: f64 = plan.cocktails.iter().map(|cocktail| cocktail.total_ml).sum();
    let points: u32 = plan.cocktails.iter().filter_map(|cocktail| cocktail.points).sum();
    assert!(total > 0.0 && total <= 1.5 && points <= 20, "{total} mL, {points} points");
    assert_eq!(use_of(&plan, "all", "mL").label, "Everything together");
}

#[test]
fn a_rule_leaves_a_part_of_a_ceiling() {
    let rule = "[[rule]]\nid = \"half\"\ntitle = \"Half of it\"\nverdict = \"caution\"\nmessage = \"m\"\nwhy = \"w\"\n\
                when = { medication = \"vitamin-d\" }\nplan = { ceiling = { ingredient = \"xx\", percent = 50 } }\n\
                evidence = \"D\"\nbasis = \"policy\"\n";
    let pack = pack(&(limit("xx", "ingredient = \"xx\"\nper = \"session\"\nmg = 12") + rule));
    let with = |medications: &str| assessed(&pack, &patient(A_CHEEKS, "", medications)).plan.unwrap();
    let mg = |plan: &Plan| plan.cocktails[0].ingredients.iter().find(|dose| dose.id == "xx").unwrap().mg.unwrap();
    assert_eq!(mg(&with("")), 10.0);
    let half = with("{ id = \"vitamin-d\" }");
    assert_eq!(mg(&half), 6.0);
    let used = use_of(&half, "xx", "mg");
    assert_eq!((used.most, used.how.as_str()), (Some(6.0), "50 % of fixed limit: Half of it"));
}

#[test]
fn nobody_gets_a_cream_that_is_excluded() {
    let numbing = |allergies: &str| {
        let plan = assessed(&pack(""), &patient(A_CHEEKS, allergies, "")).plan.unwrap();
        plan.cocktails[0].numbing.clone()
    };
    assert_eq!(numbing(""), "Cream before");
    assert_eq!(numbing("{ id = \"creamine\" }"), "No numbing cream: excluded (Allergy: Creamine). Agree another way.");
}

#[test]
fn a_cream_counts_with_the_part_of_its_area() {
    let pool = "pool = \"numbing\"";
    let more = limit("cream", &format!("ingredient = \"cream\"\nper = \"session\"\ncm2 = 100\n{pool}"))
        + &limit("yy", &format!("ingredient = \"yy\"\nper = \"session\"\nmg = 4\n{pool}"));
    // 80 of 100 cm² leave 20 % of the 4 mg of Yy; 2.31 mg were planned.
    let plan = planned(&more, A_CHEEKS);
    let yy = plan.cocktails[0].ingredients.iter().find(|dose| dose.id == "yy").unwrap();
    assert!(yy.mg.unwrap() > 0.7 && yy.mg.unwrap() <= 0.8, "{yy:?}");
    assert!(use_of(&plan, "numbing", "full doses").used <= 1.0);
    assert_eq!(use_of(&plan, "cream", "cm²").amount, 80.0);
    // More skin than the cream may cover: said, and counted in full.
    let small = limit("cream", "ingredient = \"cream\"\nper = \"session\"\ncm2 = 50");
    let plan = planned(&small, A_CHEEKS);
    assert!(said(&plan, "the areas have 80 cm² and the limit is 50 cm²"), "{:?}", plan.changes);
}

fn mixing(level: &str, basis: &str) -> String {
    format!(
        "[[mixing]]\nid = \"pair\"\na = [\"xx\"]\nb = [\"yy\"]\nlevel = \"{level}\"\nwhy = \"Both were measured.\"\n\
         evidence = \"C\"\n{basis}\n"
    )
}

#[test]
fn what_nobody_has_shown_is_unknown() {
    let requested = |more: &str| {
        let text = patient(A_CHEEKS, "", "").replace("goals = {", "goals = { requested = [\"xx\", \"yy\"],");
        assessed(&pack(more), &text)
    };
    let unknown = requested("");
    let notes = &unknown.plan.as_ref().unwrap().cocktails[0].mixing;
    assert!(notes.iter().any(|note| note == "Xx with Yy: compatibility unknown. Use separate syringes."), "{notes:?}");
    assert!(notes[0].starts_with("Draw up in this order: Xx, Yy."), "{notes:?}");
    for vetted in &unknown.requested {
        assert!(vetted.reasons.iter().any(|why| why.contains("unknown: use separate syringes")), "{vetted:?}");
    }
    // A cited source makes the pair compatible, a warning stays a warning, a block takes the recipe out.
    let source = "basis = \"source\"\nsources = [\"t1\"]";
    let compatible = requested(&mixing("compatible", source));
    let notes = &compatible.plan.as_ref().unwrap().cocktails[0].mixing;
    assert!(notes.iter().any(|note| note.starts_with("Xx with Yy: compatible. Both were measured.")), "{notes:?}");
    assert!(compatible.requested[0].reasons.iter().any(|why| why.starts_with("compatible with Yy")));
    let warned = requested(&mixing("warn", source));
    assert_eq!(warned.plan.as_ref().unwrap().cocktails[0].mixing[1], "Xx with Yy: Both were measured.");
    let blocked = requested(&mixing("block", source));
    assert!(blocked.plan.is_none_or(|plan| plan.cocktails.is_empty()));
    assert!(blocked.requested.iter().all(|vetted| !vetted.allowed));
    // Nobody may call a pair compatible on his own word.
    let layers = [SMALL.to_owned(), format!("{BENCH}{PLAN_A}{PLAN_B}{}", mixing("compatible", "basis = \"policy\""))];
    let layers = layers.map(|text| LayerFiles { files: vec![SourceFile::new("pack.toml", text)] });
    let report = load(&layers).expect_err("no source").render(false);
    assert!(report.contains("P0401") && report.contains("a pair is called compatible without a source"), "{report}");
}

#[test]
fn a_mix_that_was_studied_is_not_called_compatible() {
    let plan = assessed(&pack(""), &patient("{ goal = \"glow\", areas = [\"cheeks\"] }", "", "")).plan.unwrap();
    let notes = &plan.cocktails[0].mixing;
    assert!(notes.iter().any(|note| note.contains("given together in a study")), "{notes:?}");
    assert!(!notes.iter().any(|note| note.contains("compatible.")), "{notes:?}");
}

#[test]
fn goals_of_one_area_take_turns_with_the_reason() {
    let plan = planned("", &format!("{A_CHEEKS}, {B_CHEEKS}"));
    assert!(said(&plan, "Glow B: takes turns with glow a"), "{:?}", plan.changes);
    assert!(said(&plan, "the compatibility of Yy with Xx is unknown"), "{:?}", plan.changes);
    assert!(plan.sessions.iter().all(|session| session.goals.len() == 1), "{:?}", plan.sessions);
}

#[test]
fn sessions_of_different_goals_keep_the_interval_of_what_they_share() {
    // Plan A: every 28, then every 14 days; plan B: every 21 days. Both give Xx, at most every 10 days.
    let plan = planned(
        &limit("xx", "ingredient = \"xx\"\nper = \"course\"\ninterval_days = 10"),
        &format!("{A_CHEEKS}, {B_NECK}"),
    );
    let all = days(&plan.sessions);
    assert!(all.windows(2).all(|pair| pair[1] - pair[0] >= 10), "{all:?}");
    assert_eq!(plan.sessions[0].goals.len(), 2, "what falls on one day is one session");
    assert!(said(&plan, "keeps its intervals"), "{:?}", plan.changes);
}

#[test]
fn a_review_stands_before_the_session_it_decides() {
    let plan = planned("", A_CHEEKS);
    assert_eq!(days(&plan.sessions), [0, 28, 56, 70, 84]);
    let reviews: Vec<_> = plan.reviews.iter().map(|review| (review.after_days, review.what.as_str())).collect();
    assert_eq!(reviews, [(56, "Look before the third session"), (140, "Feel for nodules")]);
}

#[test]
fn a_test_spot_is_read_before_anything_else_is_given() {
    let rule = |spot: &str| {
        format!(
            "[[rule]]\nid = \"spot\"\ntitle = \"Spot\"\nverdict = \"caution\"\nmessage = \"m\"\nwhy = \"w\"\nwhen = {{}}\n\
             plan = {{ test_spot = {spot} }}\nevidence = \"D\"\nbasis = \"policy\"\n"
        )
    };
    let plan = planned(&rule("true"), A_CHEEKS);
    assert_eq!(days(&plan.sessions), [0, 28, 56, 84, 98, 112]);
    let first: Vec<_> = plan.sessions.iter().take(2).map(|s| (s.number, s.phase.as_str(), s.date)).collect();
    assert_eq!(first, [(1, "test spot", Some(TODAY)), (2, "induction", Some(date(2026, 12, 20)))]);
    let reviews: Vec<i32> = plan.reviews.iter().map(|review| review.after_days).collect();
    assert_eq!(reviews, [84, 168], "reviews move with the sessions");
    assert_eq!(days(&planned(&rule("56"), A_CHEEKS).sessions)[..2], [0, 56]);
    assert_eq!(days(&planned(&rule("false"), A_CHEEKS).sessions)[..2], [0, 28]);
}

#[test]
fn a_rule_puts_a_gentler_technique_in_the_place_of_another() {
    let gentle =
        "[[technique]]\nid = \"gentle\"\nlabel = \"Gentle\"\nneedle = \"33G\"\nevidence = \"D\"\nbasis = \"policy\"\n";
    let rule = |id: &str, what: &str| {
        format!(
            "[[rule]]\nid = \"{id}\"\ntitle = \"T\"\nverdict = \"caution\"\nmessage = \"m\"\nwhy = \"w\"\nwhen = {{}}\n{what}\n\
             evidence = \"D\"\nbasis = \"policy\"\n"
        )
    };
    let swap = rule("swap", "plan = { technique = { instead_of = \"nappage\", use = \"gentle\" } }");
    let plan = planned(&format!("{gentle}{swap}"), A_CHEEKS);
    assert_eq!((plan.cocktails[0].technique.as_str(), plan.cocktails[0].needle.as_str()), ("gentle", "33G"));
    assert!(said(&plan, "Mix: Gentle instead of nappage."), "{:?}", plan.changes);
    // What is excluded takes no place, and a place taken lifts no exclusion.
    let no_gentle = rule("no-gentle", "exclude = { technique = [\"gentle\"] }");
    assert_eq!(planned(&format!("{gentle}{swap}{no_gentle}"), A_CHEEKS).cocktails[0].technique, "nappage");
    let no_nappage = rule("no-nappage", "exclude = { technique = [\"nappage\"] }");
    let result = assessed(&pack(&format!("{gentle}{swap}{no_nappage}")), &patient(A_CHEEKS, "", ""));
    assert!(result.plan.is_none(), "{:?}", result.verdict);
}

#[test]
fn an_override_lifts_the_test_spot_and_nothing_else() {
    let rule = "[[rule]]\nid = \"spot\"\ntitle = \"Spot\"\nverdict = \"caution\"\nmessage = \"m\"\nwhy = \"w\"\nwhen = {}\n\
                override = [\"no marks before\"]\nplan = { test_spot = true, interval_days = 40 }\n\
                evidence = \"D\"\nbasis = \"policy\"\n";
    let pack = pack(rule);
    let intake = intake::read(&pack, &SourceFile::new("test.toml", patient(B_NECK, "", ""))).unwrap();
    let mut adjustments = Adjustments::default();
    let days_with =
        |adjustments: &Adjustments| days(&assess_adjusted(&pack, &intake, adjustments, TODAY).plan.unwrap().sessions);
    assert_eq!(days_with(&adjustments), [0, 28, 68, 108, 148]);
    adjustments.override_rule("spot", "no marks before");
    assert_eq!(days_with(&adjustments), [0, 40, 80, 120]);
}

/// What no smaller dose brings within a limit is left out, whatever it is, and the plan says so.
#[test]
fn what_cannot_keep_a_limit_is_left_out() {
    // A point has a limit, and what is not given in points has no point.
    let text = format!("{BENCH}{PLAN_A}{PLAN_B}{}", limit("xx", "ingredient = \"xx\"\nper = \"site\"\nmg = 1"));
    let text = text.replace("point_ml = 0.02\n", "");
    let layers = [SMALL.to_owned(), text].map(|text| LayerFiles { files: vec![SourceFile::new("pack.toml", text)] });
    let pack = load(&layers).unwrap_or_else(|report| panic!("{}", report.render(false)));
    let plan = assessed(&pack, &patient(&format!("{A_CHEEKS}, {B_NECK}"), "", "")).plan.expect("a plan");
    let recipes: Vec<&str> = plan.cocktails.iter().map(|cocktail| cocktail.recipe.as_str()).collect();
    assert_eq!(recipes, ["mix"], "{:?}", plan.changes);
    assert!(said(&plan, "Glow B, neck: left out, because no dose of it keeps the limit of xx."), "{:?}", plan.changes);
    assert!(plan.sessions.iter().all(|session| session.goals == ["Glow A"]), "{:?}", plan.sessions);
}

/// A session says which cocktails it gives.
#[test]
fn sessions_say_what_they_give() {
    let plan = planned("", &format!("{A_CHEEKS}, {B_CHEEKS}"));
    for session in plan.sessions.iter().chain(&plan.maintenance) {
        let given: Vec<&str> = session.cocktails.iter().map(|n| plan.cocktails[*n].goal_label.as_str()).collect();
        assert_eq!(given, session.goals);
    }
}
