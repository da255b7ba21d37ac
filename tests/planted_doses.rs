//! Faults in limits, intervals and parts of ceilings, planted in a small pack: each is found, with a patient whose plan
//! passes the limit. What cannot be wrong by construction is held by tests/audit.rs.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeSet;

use jiff::civil::{Date, date};
use pistor::intake::{Answer, Intake};
use pistor::pack::load::{LayerFiles, load, safety_case};
use pistor::pack::{Amount, Pack};
use pistor::proof::{Failure, Property, Report, Subject, belongs, check_certificate, prove};
use pistor::source::SourceFile;
use rstest::rstest;

const TODAY: Date = date(2026, 11, 22);
const CONTENT: &str = include_str!("fixtures/small-pack/content.toml");

/// What is added to the small pack: a third anaesthetic and its recipe, an area beside the face, limits.
const MORE: &str = r#"
[[area]]
id = "neck"
label = "Neck"
max_ml = 60

[[ingredient]]
id = "gammacaine"
contains = []
label = "Gammacaine"
purpose = "numbs"
concentration = "10 mg/mL"
mg_per_ml = 10
route = "intradermal"
basis = "general"
evidence = "D"

[[recipe]]
id = "moist-numbed"
label = "Moistener with something against pain"
goals = ["moisture"]
areas = ["neck"]
evidence = "A"
outcome = "moister"
technique = "papule"
point_ml = 0.1
plan = "course"
basis = "general"
[[recipe.slot]]
role = "active"
use = ["moistener"]
ml_per_area = 1
[[recipe.slot]]
role = "anaesthetic"
use = ["gammacaine"]
ml_per_area = 30

[[limit]]
id = "betacaine-limit"
ingredient = "betacaine"
per = "session"
mg_per_kg = 4
pool = "caines"
basis = "general"
evidence = "D"

[[limit]]
id = "gammacaine-limit"
ingredient = "gammacaine"
per = "session"
mg_per_kg = 4
ml = 20
pool = "caines"
basis = "general"
evidence = "D"

[[limit]]
id = "gammacaine-point"
ingredient = "gammacaine"
per = "site"
ml = 0.05
basis = "general"
evidence = "D"

[[limit]]
id = "brightener-points"
ingredient = "brightener"
per = "session"
points = 98
basis = "general"
evidence = "D"

[[limit]]
id = "brightener-course"
ingredient = "brightener"
per = "course"
mg = 4
sessions = 2
interval_days = 14
basis = "general"
evidence = "D"

[[rule]]
id = "half"
title = "Half of it after an embolism"
verdict = "caution"
when = { condition = "embolism" }
plan = { ceiling = { class = "caines", percent = 50 }, interval_days = 21 }
message = "Half of it."
why = "."
evidence = "D"
basis = "general"
"#;

const CASE: &str = r#"
[review]
since = 2026-11-22
due = 2027-11-22

[[never]]
id = "caines"
says = "Nobody gets more than 4 mg/kg of all caines together."
when = {}
over = { ingredient = ["alphacaine", "betacaine", "gammacaine"], per = "session", mg_per_kg = 4 }
basis = "general"
evidence = "D"

[[never]]
id = "embolism"
says = "Nobody after an embolism gets more than 2 mg/kg of all caines together."
when = { condition = "embolism" }
over = { ingredient = ["alphacaine", "betacaine", "gammacaine"], per = "session", mg_per_kg = 2 }
basis = "general"
evidence = "D"

[[never]]
id = "gamma"
says = "Nobody gets more than 20 mL of gammacaine."
when = {}
over = { ingredient = "gammacaine", per = "session", ml = 20 }
basis = "general"
evidence = "D"

[[never]]
id = "gamma-point"
says = "No point holds more than 0.05 mL of gammacaine."
when = {}
over = { ingredient = "gammacaine", per = "site", ml = 0.05 }
basis = "general"
evidence = "D"

[[never]]
id = "bright"
says = "Nobody gets more than 4 mg of brightener in a course, nor thrice, nor twice within two weeks."
when = {}
over = { ingredient = "brightener", per = "course", mg = 4, sessions = 2, interval_days = 14 }
basis = "general"
evidence = "D"

[[never]]
id = "bright-points"
says = "Nobody gets more than 98 points with brightener."
when = {}
over = { ingredient = "brightener", per = "session", points = 98 }
basis = "general"
evidence = "D"

[[never]]
id = "slowly"
says = "Nobody after an embolism is treated twice within three weeks."
when = { condition = "embolism" }
over = { everything = true, per = "course", interval_days = 21 }
basis = "general"
evidence = "D"
"#;

/// The small pack with limits that hold.
fn dosed() -> String {
    let text = format!("{CONTENT}\n{MORE}");
    let text = swap(
        &text,
        "use = [\"alphacaine\", \"betacaine\"]\nml_per_area = 1",
        "use = [\"alphacaine\", \"betacaine\"]\nml_per_area = 30",
    );
    let text = swap(
        &text,
        "members = [\"alphacaine\", \"betacaine\"]",
        "members = [\"alphacaine\", \"betacaine\", \"gammacaine\"]",
    );
    let plain = "technique = \"nappage\"\nplan = \"course\"";
    let text = swap(&text, plain, &format!("{plain}\npoint_ml = 0.01"));
    let text = swap(&text, "mg_per_kg = 4\nbasis", "mg_per_kg = 4\npool = \"caines\"\nbasis");
    let text =
        swap(&text, "when = { patient.weight_kg = { under = 45 } }", "when = { patient.weight_kg = { under = 30 } }");
    swap(&text, "areas = [\"cheek\"]\nexpected", "areas = [\"cheek\", \"neck\"]\nexpected")
}

fn swap(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "`{from}` is not there");
    text.replacen(from, to, 1)
}

/// One change, or several.
fn but(changes: &[(&str, &str)]) -> String {
    changes.iter().fold(dosed(), |text, (from, to)| swap(&text, from, to))
}

/// Without an entry of some kind.
fn without(kind: &str, id: &str) -> String {
    let text = dosed();
    let start = text.find(&format!("[[{kind}]]\nid = \"{id}\"")).unwrap_or_else(|| panic!("no {kind} {id}"));
    let end = text[start + 2..].find("\n[[").map_or(text.len(), |n| start + 2 + n);
    format!("{}{}", &text[..start], &text[end..])
}

fn layers(content: &str) -> [LayerFiles; 1] {
    let files = [
        ("small/pack.toml", include_str!("fixtures/small-pack/pack.toml")),
        ("small/content.toml", content),
        ("small/safety-case.toml", CASE),
    ];
    [LayerFiles { files: files.iter().map(|(path, text)| SourceFile::new(*path, *text)).collect() }]
}

fn pack(content: &str) -> Pack {
    load(&layers(content)).unwrap_or_else(|report| panic!("{}", report.render(false)))
}

fn proved(content: &str) -> Report {
    let pack = pack(content);
    let case = safety_case(&pack, &layers(content)).unwrap_or_else(|report| panic!("{}", report.render(false)));
    prove(Subject { pack: &pack, below: None, case: &case, today: TODAY })
}

/// The failures of limits and days.
fn faults(report: &Report) -> Vec<&Failure> {
    let mine = |p: Property| matches!(p, Property::NoLimitPassed | Property::NoDayTooEarly);
    report.properties.iter().filter(|row| mine(row.property)).flat_map(|row| &row.failures).collect()
}

fn names(report: &Report) -> BTreeSet<&str> {
    faults(report).iter().map(|fault| fault.name.as_str()).collect()
}

#[test]
fn the_small_pack_keeps_its_ceilings() {
    let content = dosed();
    let report = proved(&content);
    assert_eq!(names(&report), BTreeSet::new(), "{:#?}", faults(&report));
    let row = report.properties.iter().find(|row| row.property == Property::NoLimitPassed).unwrap();
    assert!(row.questions >= 6 && row.audited > 50, "{} questions, {} plans", row.questions, row.audited);
    // The certificate answers them, and a certificate that lost one of its claims does not.
    check_certificate(&report.certificate).unwrap();
    let (pack, layers) = (pack(&content), layers(&content));
    let case = safety_case(&pack, &layers).unwrap();
    let subject = Subject { pack: &pack, below: None, case: &case, today: TODAY };
    belongs(&report.certificate, subject).unwrap();
    let mut lacking = report.certificate.clone();
    lacking.steps.retain(|step| !format!("{step:?}").contains("P1005:embolism/mg"));
    assert!(belongs(&lacking, subject).is_err_and(|why| why.contains("P1005:embolism/mg")));
}

#[rstest]
#[case::a_limit_missing_for_a_substitute(without("limit", "betacaine-limit"), "P1005:caines/mg")]
#[case::a_limit_missing_for_the_first_choice(without("limit", "alphacaine-limit"), "P1005:caines/mg")]
#[case::a_limit_in_one_country_only(
    but(&[("id = \"betacaine-limit\"", "id = \"betacaine-limit\"\njurisdiction = [\"BB\"]")]),
    "P1005:caines/mg"
)]
#[case::a_tenth_of_a_mg_for_each_kg(
    but(&[("ingredient = \"betacaine\"\nper = \"session\"\nmg_per_kg = 4", "ingredient = \"betacaine\"\nper = \"session\"\nmg_per_kg = 4.1")]),
    "P1005:caines/mg"
)]
#[case::a_fixed_limit_that_fails_under_43_kg(
    but(&[("ingredient = \"alphacaine\"\nper = \"session\"\nmg_per_kg = 4", "ingredient = \"alphacaine\"\nper = \"session\"\nmg = 172")]),
    "P1005:caines/mg"
)]
#[case::two_cocktails_on_one_day_without_a_pool(dosed().replace("pool = \"caines\"\n", ""), "P1005:caines/mg")]
#[case::one_member_outside_the_pool(
    but(&[("ml = 20\npool = \"caines\"", "ml = 20")]),
    "P1005:caines/mg"
)]
#[case::a_part_that_is_too_large(but(&[("percent = 50", "percent = 51")]), "P1005:embolism/mg")]
#[case::a_part_for_one_of_them_only(
    but(&[("ceiling = { class = \"caines\", percent = 50 }", "ceiling = { ingredient = \"alphacaine\", percent = 50 }")]),
    "P1005:embolism/mg"
)]
#[case::a_part_for_the_wrong_people(
    but(&[("verdict = \"caution\"\nwhen = { condition = \"embolism\" }", "verdict = \"caution\"\nwhen = { condition = \"thrombosis\" }")]),
    "P1005:embolism/mg"
)]
#[case::a_hundredth_of_a_ml(but(&[("ml = 20\n", "ml = 20.01\n")]), "P1005:gamma/ml")]
#[case::a_point_more(but(&[("points = 98", "points = 99")]), "P1005:bright-points/points")]
#[case::a_larger_point(but(&[("ml = 0.05", "ml = 0.06")]), "P1005:gamma-point/ml")]
#[case::a_session_more(but(&[("sessions = 2\ninterval_days = 14\nbasis", "interval_days = 14\nbasis"), ("sessions = 2, interval_days = 14", "sessions = 3, interval_days = 14")]), "P1016:bright/sessions")]
#[case::a_course_without_a_total(
    but(&[("mg = 4\nsessions = 2", "sessions = 3"), ("sessions = 2, interval_days = 14", "sessions = 3, interval_days = 14")]),
    "P1005:bright/mg"
)]
#[case::a_day_too_early(
    but(&[("interval_days = 14\nbasis", "interval_days = 13\nbasis"), ("sessions = 2, interval_days = 14", "sessions = 2, interval_days = 13")]),
    "P1016:bright/interval"
)]
#[case::a_rule_that_waits_a_day_less(but(&[("interval_days = 21", "interval_days = 20")]), "P1016:slowly/interval")]
fn a_planted_fault_is_found(#[case] content: String, #[case] expected: &str) {
    let report = proved(&content);
    let found = faults(&report);
    let fault = found.iter().find(|fault| fault.name.starts_with(expected));
    let fault = fault.unwrap_or_else(|| panic!("{expected}: {:#?}", names(&report)));
    let witness = fault.witness.as_ref().unwrap_or_else(|| panic!("no patient: {}", fault.message));
    assert_eq!(witness.replayed, Ok(()), "{}", fault.message);
    assert!(witness.differs.len() <= 6, "{:?}", witness.differs);
    // What is not wrong is still proved.
    assert!(check_certificate(&report.certificate).is_ok());
}

/// Somebody lighter than where a fixed limit and one by weight meet, and nobody else.
#[test]
fn the_fault_under_43_kg_is_shown_with_somebody_under_43_kg() {
    let from = "ingredient = \"alphacaine\"\nper = \"session\"\nmg_per_kg = 4";
    let report = proved(&but(&[(from, "ingredient = \"alphacaine\"\nper = \"session\"\nmg = 172")]));
    let found = faults(&report);
    let witness = found[0].witness.as_ref().unwrap_or_else(|| panic!("{found:#?}"));
    let kg = |intake: &Intake| match intake.get("patient.weight_kg") {
        Some(Answer::Number(kg)) => *kg,
        other => panic!("{other:?}"),
    };
    assert!(kg(&witness.intake) < Amount::whole(43), "{:?}", witness.differs);
    // Where nobody is so light and nobody so obese the same limit is enough: then the proof holds.
    let heavy = "mg = 100";
    assert_eq!(
        names(&proved(&but(&[(from, &format!("ingredient = \"alphacaine\"\nper = \"session\"\n{heavy}"))]))),
        BTreeSet::new()
    );
}

/// What is proved about a pack above another one.
fn above(content: &str, below: &str) -> Report {
    prove(Subject { pack: &pack(content), below: Some(&pack(below)), case: &[], today: TODAY })
}

#[rstest]
#[case::a_limit_made_stricter_and_lost(
    dosed(),
    but(&[("ingredient = \"alphacaine\"\nper = \"session\"\nmg_per_kg = 4", "ingredient = \"alphacaine\"\nper = \"session\"\nmg_per_kg = 2")]),
    "P1005:below/alphacaine-limit/mg"
)]
#[case::a_limit_gone(without("limit", "gammacaine-limit"), dosed(), "P1005:below/gammacaine-limit/mg")]
#[case::an_interval_made_shorter(
    but(&[("interval_days = 14\nbasis", "interval_days = 10\nbasis"), ("sessions = 2, interval_days = 14", "sessions = 2, interval_days = 10")]),
    dosed(),
    "P1016:below/brightener-course/interval"
)]
#[case::a_part_of_a_ceiling_lost(
    but(&[("ceiling = { class = \"caines\", percent = 50 }, ", "")]),
    dosed(),
    "P1005:below/gammacaine-limit/half/mg"
)]
fn a_layer_that_allows_more_is_found(#[case] content: String, #[case] below: String, #[case] expected: &str) {
    let report = above(&content, &below);
    let found = faults(&report);
    let fault = found.iter().find(|fault| fault.name.starts_with(expected));
    let fault = fault.unwrap_or_else(|| panic!("{expected}: {:#?}", names(&report)));
    assert!(fault.witness.is_some(), "{}", fault.message);
}

#[test]
fn a_layer_that_allows_less_is_not_found() {
    let stricter = but(&[
        (
            "ingredient = \"alphacaine\"\nper = \"session\"\nmg_per_kg = 4",
            "ingredient = \"alphacaine\"\nper = \"session\"\nmg_per_kg = 3",
        ),
        ("sessions = 2\ninterval_days = 14\nbasis", "sessions = 1\ninterval_days = 20\nbasis"),
        ("percent = 50", "percent = 40"),
    ]);
    assert_eq!(names(&above(&stricter, &dosed())), BTreeSet::new());
}
