//! A clinic's layer on top of the built-in pack: what it adds works, limits hold, mistakes are told.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{HEALTHY, TODAY};
use pistor::intake;
use pistor::pack::load::{LayerFiles, load};
use pistor::pack::{self, Pack};
use pistor::plan::{Assessment, Outcome, assess};
use pistor::source::SourceFile;

const HEADER: &str = "[pack]\nid = \"clinic-test\"\nversion = \"1\"\nlanguage = 1\ntitle = \"A test clinic\"\n";

fn layer(text: &str) -> LayerFiles {
    LayerFiles { files: vec![SourceFile::new("clinic/pack.toml", HEADER), SourceFile::new("clinic/clinic.toml", text)] }
}

fn with_layer(text: &str) -> Pack {
    match load(&[pack::builtin_files(), layer(text)]) {
        Ok(pack) => pack,
        Err(report) => panic!("{}", report.render(false)),
    }
}

fn mistakes(text: &str) -> String {
    match load(&[pack::builtin_files(), layer(text)]) {
        Ok(_) => panic!("no mistake was found in:\n{text}"),
        Err(report) => report.render(false),
    }
}

fn assessed(pack: &Pack, text: &str) -> Assessment {
    let intake = intake::read(pack, &SourceFile::new("test.toml", text)).expect("an intake");
    assess(pack, &intake, TODAY)
}

/// A recipe for hydration that asks for far too much of everything that has a limit.
const GREEDY: &str = r#"
[[recipe]]
id = "aaa-greedy"
label = "Greedy test recipe"
goals = ["hydration"]
evidence = "A"
outcome = "none"
technique = "papule"
point_ml = 0.5
plan = "rejuvenation"
basis = "policy"
[[recipe.slot]]
role = "active"
use = ["ascorbic-acid"]
ml_per_area = 50
mg_per_ml = 100
[[recipe.slot]]
role = "anaesthetic"
use = ["lidocaine"]
ml_per_area = 50
mg_per_ml = 20
[[recipe.slot]]
role = "anaesthetic"
use = ["test-anaesthetic"]
ml_per_area = 50
mg_per_ml = 10
[[ingredient]]
id = "test-anaesthetic"
label = "Test anaesthetic"
groups = ["local-anaesthetic"]
basis = "policy"
[[limit]]
id = "test-anaesthetic"
ingredient = "test-anaesthetic"
per = "session"
mg_per_kg = 5
mg = 400
pool = "local-anaesthetics"
basis = "policy"
"#;

#[test]
fn nothing_leaves_the_engine_over_a_limit() {
    let pack = with_layer(GREEDY);
    let text = HEALTHY.replace("areas = [\"cheeks\"]", "areas = [\"cheeks\", \"forehead\", \"neck\"]");
    let intake = intake::read(&pack, &SourceFile::new("test.toml", text)).expect("an intake");
    let mut adjustments = pistor::plan::Adjustments::default();
    for area in ["cheeks", "forehead", "neck"] {
        adjustments.choose("hydration", area, "aaa-greedy");
    }
    let result = pistor::plan::assess_adjusted(&pack, &intake, &adjustments, TODAY);
    let plan = result.plan.expect("a plan");
    assert!(plan.cocktails.iter().any(|c| c.recipe == "aaa-greedy"));
    let face: f64 = plan.cocktails.iter().filter(|c| c.area != "neck").map(|c| c.total_ml).sum();
    assert!(face <= 3.0 + 1e-9, "{face} mL in the face");
    let mg = |id: &str| -> f64 {
        plan.cocktails.iter().flat_map(|c| &c.ingredients).filter(|d| d.id == id).filter_map(|d| d.mg).sum()
    };
    assert!(mg("ascorbic-acid") > 0.0 && mg("ascorbic-acid") <= 200.0);
    let together = mg("lidocaine") / 279.0 + mg("test-anaesthetic") / 310.0;
    assert!(together > 0.0 && together <= 1.0, "{together} of a full dose");
    assert!(!plan.changes.is_empty(), "what was reduced is said");
    for limit in &plan.limits {
        assert!(limit.used <= 1.0, "{limit:?}");
    }
}

#[test]
fn a_dose_by_weight_needs_the_weight() {
    let pack = with_layer(&GREEDY.replace("evidence = \"A\"", "evidence = \"A\"\nareas = [\"forehead\"]"));
    let text = HEALTHY.replace("areas = [\"cheeks\"]", "areas = [\"forehead\"]").replace("weight_kg = 62\n", "");
    let intake = intake::read(&pack, &SourceFile::new("test.toml", text)).expect("an intake");
    let mut adjustments = pistor::plan::Adjustments::default();
    adjustments.choose("hydration", "forehead", "aaa-greedy");
    let result = pistor::plan::assess_adjusted(&pack, &intake, &adjustments, TODAY);
    assert_eq!(result.verdict, Outcome::Incomplete);
    assert_eq!(result.missing[0].question, "patient.weight_kg");
}

#[test]
fn a_clinic_adds_a_rule_without_code() {
    let pack = with_layer(
        r#"
[[rule]]
id = "clinic-no-mondays"
title = "House rule for fair skin"
verdict = "defer"
when = { skin.fitzpatrick = { at-most = 3 } }
until = { days = 7 }
message = "Wait a week."
why = "House rule."
basis = "policy"
evidence = "D"
"#,
    );
    let result = assessed(&pack, HEALTHY);
    assert_eq!(result.verdict, Outcome::Defer);
    assert_eq!(result.until, Some(jiff::civil::date(2026, 11, 29)));
    assert_eq!(result.pack.id, "pistor-core+clinic-test");
    assert_ne!(result.pack.hash, common::PACK.hash);
}

#[test]
fn a_clinic_cannot_redefine_what_is_built_in() {
    let report = mistakes(
        "[[rule]]\nid = \"pregnancy\"\ntitle = \"t\"\nverdict = \"proceed\"\nwhen = {}\nmessage = \"m\"\nwhy = \"w\"\nbasis = \"policy\"\nevidence = \"D\"\n",
    );
    assert!(report.contains("P0102") && report.contains("`pregnancy` is defined twice"), "{report}");
}

#[test]
fn a_sign_off_is_said() {
    let signed = HEADER.to_owned() + "reviewed_by = \"Dr Ada Example\"\nreviewed_on = 2026-11-01\n";
    let files = LayerFiles { files: vec![SourceFile::new("clinic/pack.toml", signed)] };
    let pack = load(&[pack::builtin_files(), files]).expect("loads");
    let result = assessed(&pack, HEALTHY);
    assert_eq!(result.pack.reviewed.as_deref(), Some("Dr Ada Example, 2026-11-01"));
    assert!(!result.notices.iter().any(|notice| notice.contains("Not yet reviewed")));
    assert!(assessed(&common::PACK, HEALTHY).notices.iter().any(|notice| notice.contains("Not yet reviewed")));
}

#[test]
fn conditions_that_cannot_mean_anything_are_told() {
    let rule = |when: &str| {
        mistakes(&format!(
            "[[rule]]\nid = \"x\"\ntitle = \"t\"\nverdict = \"proceed\"\nwhen = {when}\nmessage = \"m\"\nwhy = \"w\"\nbasis = \"policy\"\nevidence = \"D\"\n"
        ))
    };
    for (when, said) in [
        ("{ history.pregnency = \"no\" }", "did you mean `history.pregnancy`"),
        ("{ history.pregnancy = \"pregant\" }", "did you mean `pregnant`"),
        ("{ patient.age = { under = 10, at-least = 20 } }", "no number lies in it"),
        ("{ patient.age = {} }", "a range without an end"),
        ("{ skin.fitzpatrick = { at-least = 9 } }", "matches nothing"),
        ("{ condition = \"group:nothing\" }", "unknown group of conditions"),
        ("{ medication = \"warfarine\" }", "did you mean `warfarin`"),
        (
            "{ condition = \"epilepsy\", medication = \"warfarin\", with = { status = \"past\" } }",
            "exactly one coded key",
        ),
        ("{ medication = \"warfarin\", with = { stattus = \"past\" } }", "did you mean `status`"),
        ("{ any = [] }", "at least one condition"),
        ("{ at-least = 3, of = [{ goal = \"hydration\" }] }", "can never hold"),
        ("{ patient.name = \"x\" }", "a rule cannot read"),
        ("{ is = \"nothing\" }", "unknown definition"),
    ] {
        let report = rule(when);
        assert!(report.contains(said), "{when}\n{report}");
    }
}

#[test]
fn a_deferral_until_yesterday_is_told() {
    let report = mistakes(
        "[[rule]]\nid = \"x\"\ntitle = \"t\"\nverdict = \"defer\"\nwhen = { event = \"superficial-peel\", with = { days_ago = { under = 28 } } }\nuntil = { since = \"days_ago\", days = 14 }\nmessage = \"m\"\nwhy = \"w\"\nbasis = \"policy\"\nevidence = \"D\"\n",
    );
    assert!(report.contains("P0203"), "{report}");
}
