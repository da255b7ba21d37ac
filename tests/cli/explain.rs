//! `pistor explain`.

use crate::program::{Pistor, TODAY, fixture};

fn explain(intake: &str, more: &[&str]) -> String {
    let fixture = fixture(intake);
    let mut arguments = vec!["explain", fixture.as_str()];
    arguments.extend(more);
    arguments.extend(["--today", TODAY]);
    let run = Pistor::new().run(&arguments);
    assert_eq!((run.code, run.err.as_str()), (0, ""), "{}", run.out);
    run.out
}

#[test]
fn every_finding_names_rule_answers_grounds_and_what_would_change_it() {
    for intake in ["pregnant", "warfarin", "thigh-fat-in-france"] {
        let text = explain(intake, &[]);
        for word in ["because", "basis", "evidence", "change"] {
            assert!(text.contains(word), "{intake} lacks {word}: {text}");
        }
        let assessment = Pistor::new().assess(intake);
        for finding in assessment["findings"].as_array().unwrap() {
            assert!(text.contains(finding["rule"].as_str().unwrap()), "{finding}: {text}");
        }
    }
}

#[test]
fn a_rule_says_why_it_fired_and_why_not() {
    let rule = Pistor::new().assess("pregnant")["findings"][0]["rule"].as_str().unwrap().to_owned();
    let fired = explain("pregnant", &[&rule]);
    let silent = explain("healthy", &[&rule]);
    assert!(fired.contains(&rule) && silent.contains(&rule));
    assert_ne!(fired, silent);
}

#[test]
fn an_unknown_name_gets_a_suggestion() {
    let run = Pistor::new().run(&["explain", &fixture("healthy"), "tranexamik-acid"]);
    assert!(run.refused().contains("did you mean `tranexamic-acid`?"), "{}", run.err);
}

#[test]
fn an_ingredient_is_known_by_its_other_names_too() {
    assert!(explain("healthy", &["TXA"]).contains("[tranexamic-acid]"));
}

#[test]
fn an_ingredient_names_its_unii() {
    assert!(explain("healthy", &["caffeine"]).lines().any(|line| line.contains("UNII") && line.contains("3G6A5W338E")));
    assert!(!explain("healthy", &["hyaluronic-acid-mannitol"]).contains("UNII"));
}

#[test]
fn an_ingredient_says_whether_it_is_in_the_plan_and_why_not() {
    assert!(explain("healthy", &["hyaluronic-acid"]).contains("IN THE PLAN"));
    let excluded = explain("warfarin", &["tranexamic-acid"]);
    assert!(excluded.contains("EXCLUDED") && excluded.contains("vitamin-k-antagonist"), "{excluded}");
}

#[test]
fn a_scale_shows_every_answer_and_what_the_points_mean() {
    let filled = explain("questionnaire", &["fitzpatrick"]);
    for part in ["✓ 25 of 40 points", "phototype: IV", "3: Colour of the eyes: Dark brown", "IV 25 to 30", "fitz-chart"]
    {
        assert!(filled.contains(part), "{part}: {filled}");
    }
    assert!(explain("questionnaire", &[]).contains("IV, from the Fitzpatrick questionnaire"));
    let open = explain("healthy", &["fitzpatrick"]);
    assert!(open.contains("· 0 of 40 points") && open.contains("not asked"), "{open}");
    let run =
        Pistor::new().run(&["explain", &fixture("questionnaire"), "hexsel", "--today", TODAY, "--format", "json"]);
    assert_eq!((&run.json()["scale"]["result"], &run.json()["scale"]["most"]), (&serde_json::Value::Null, &15.into()));
}

#[test]
fn programs_get_the_same_as_json() {
    let run = Pistor::new().run(&["explain", &fixture("pregnant"), "--today", TODAY, "--format", "json"]);
    let explanation = run.json();
    let rule = &explanation["rules"][0];
    assert_eq!((&explanation["verdict"], &rule["fired"]), (&"decline".into(), &true.into()));
    for key in ["answers", "changes"] {
        assert!(!rule[key].as_array().unwrap().is_empty(), "{key}: {rule}");
    }
    assert_eq!(explanation["changes"][0]["verdict"], "proceed", "{}", explanation["changes"]);
}

#[test]
fn a_code_is_explained_without_any_pack() {
    let pistor = Pistor::new();
    let run = pistor.run(&["explain", "l0401", "--pack", "/nowhere/at/all"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.out.starts_with("L0401 one value that is in neither of two rules"), "{}", run.out);
    assert!(run.out.contains("✗ told") && run.out.contains("✓ not told"), "{}", run.out);
    let rows = pistor.run(&["explain", "P1001", "--format", "json"]).json();
    assert_eq!((&rows["code"], &rows["wrong"]), (&"P1001".into(), &serde_json::Value::Null), "{rows}");
    let none = pistor.run(&["explain", "P0999"]);
    assert!(none.refused().contains("there is no code `P0999`"), "{}", none.err);
    let all = pistor.run(&["explain", "--codes"]);
    assert!(all.code == 0 && all.out.contains("| `T0104` |"), "{}", all.err);
}

#[test]
fn the_fewest_answers_that_would_lead_to_a_plan_are_named_and_facts_as_facts() {
    let text = explain("pregnant", &[]);
    assert!(text.contains("To a plan: one change would do."), "{text}");
    let text = explain("warfarin", &[]);
    assert!(text.contains("nothing that can change leads there") && text.contains("fact, not"), "{text}");
    let value: serde_json::Value = serde_json::from_str(&explain("pregnant", &["--format", "json"])).unwrap();
    let nearest = &value["fewest"][0];
    assert_eq!((&nearest["to"], &nearest["can_change"]["fewest"]), (&"plan".into(), &1.into()), "{nearest}");
    assert_eq!(nearest["can_change"]["ways"][0]["changes"][0]["question"], "history.pregnancy");
    assert!(value["stricter"].is_null());
}

#[test]
fn what_would_have_been_stricter_is_told_when_asked_for() {
    assert!(explain("healthy", &["--stricter"]).to_lowercase().contains("what would have made it stricter"));
    let run = Pistor::new().run(&["explain", &fixture("healthy"), "pregnancy", "--stricter"]);
    assert!(run.refused().contains("--stricter"), "{}", run.err);
}

#[test]
fn open_questions_say_what_they_can_still_do() {
    let text = explain("pregnancy-not-asked", &[]);
    assert!(text.contains("matters most Pregnancy or breastfeeding"), "{text}");
    let assessment = Pistor::new().assess("pregnancy-not-asked");
    assert_eq!(assessment["outlook"]["matters_most"]["question"], "history.pregnancy");
    assert_eq!(assessment["outlook"]["possible"][0], "proceed");
    assert!(Pistor::new().assess("healthy")["outlook"].is_null(), "nothing is open");
}
