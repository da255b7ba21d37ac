//! `pistor assess` on whole patients.

use serde_json::Value;
use unicode_width::UnicodeWidthStr;

use crate::program::{Pistor, TODAY, all, fixture, strings};

#[test]
fn a_healthy_patient_may_be_treated_with_hyaluronic_acid_in_three_dated_sessions() {
    let assessment = Pistor::new().assess("healthy");
    assert_eq!(assessment["verdict"], "proceed", "{:?}", all(&assessment["findings"], "rule"));
    assert_eq!(assessment["missing"], Value::Array(Vec::new()));
    let cocktail = &assessment["plan"]["cocktails"][0];
    assert_eq!((cocktail["goal"].as_str(), cocktail["area"].as_str()), (Some("hydration"), Some("cheeks")));
    assert!(cocktail["ingredients"][0]["id"].as_str().unwrap().starts_with("hyaluronic-acid"), "{cocktail}");
    assert!(["A", "B"].contains(&cocktail["evidence"].as_str().unwrap()));
    assert!(!cocktail["sources"].as_array().unwrap().is_empty());
    let sessions = assessment["plan"]["sessions"].as_array().unwrap();
    let induction: Vec<&str> =
        sessions.iter().filter(|s| s["phase"] == "induction").map(|s| s["date"].as_str().unwrap()).collect();
    assert_eq!(induction.len(), 3, "{sessions:?}");
    assert!(induction[0] >= TODAY && induction.windows(2).all(|pair| pair[0] < pair[1]), "{induction:?}");
    for key in ["id", "version", "hash"] {
        assert!(!assessment["pack"][key].as_str().unwrap().is_empty(), "{key}");
    }
}

#[test]
fn pregnancy_not_asked_is_not_no() {
    let assessment = Pistor::new().assess("pregnancy-not-asked");
    assert_eq!(assessment["verdict"], "incomplete");
    assert_eq!(assessment["plan"], Value::Null);
    assert_eq!(all(&assessment["missing"], "question"), ["history.pregnancy"]);
}

#[test]
fn pregnancy_declines() {
    let assessment = Pistor::new().assess("pregnant");
    assert_eq!((&assessment["verdict"], &assessment["plan"]), (&Value::from("decline"), &Value::Null));
    let first = &assessment["findings"][0];
    assert_eq!(first["verdict"], "decline");
    assert!(!first["because"].as_array().unwrap().is_empty());
}

#[test]
fn warfarin_needs_a_clearance_and_nobody_is_told_to_stop_it() {
    let assessment = Pistor::new().assess("warfarin");
    let verdict = assessment["verdict"].as_str().unwrap();
    assert!(["clearance", "defer", "refer", "decline"].contains(&verdict), "{verdict}");
    let advice: Vec<&str> = ["findings", "requested", "notices"]
        .iter()
        .flat_map(|key| strings(&assessment[key]))
        .chain(
            ["conditions", "changes", "consent", "precare", "aftercare"]
                .iter()
                .flat_map(|key| strings(&assessment["plan"][key])),
        )
        .flat_map(|text| text.split(['.', ';']))
        .filter(|sentence| advises_to_stop(sentence))
        .collect();
    assert_eq!(advice, Vec::<&str>::new());
}

/// Whether a sentence tells somebody to stop a medicine.
fn advises_to_stop(sentence: &str) -> bool {
    let sentence = format!(" {} ", sentence.to_lowercase());
    let has = |words: &[&str]| words.iter().any(|word| sentence.contains(word));
    has(&[" stop ", " stopping ", " discontinue", " withhold", " interrupt", " pause ", " suspend", " skip "])
        && has(&["warfarin", "anticoag", "thinner", "medic", "inr", " it "])
        && !has(&[" not ", "n't", " never ", " no ", "nobody", "no one", "without", " risk", " against "])
}

#[test]
fn the_test_for_stopping_advice_can_fail() {
    assert!(advises_to_stop("Stop warfarin five days before"));
    assert!(!advises_to_stop("Never stop warfarin for a cosmetic reason"));
}

#[test]
fn french_law_forbids_fat_injections_and_lets_facial_ones_go_on() {
    let pistor = Pistor::new();
    let thighs = pistor.assess("thigh-fat-in-france");
    assert_eq!((&thighs["verdict"], &thighs["plan"]), (&Value::from("decline"), &Value::Null));
    let law = thighs["findings"].as_array().unwrap().iter().find(|finding| {
        finding["verdict"] == "decline"
            && strings(&finding["because"]).iter().any(|answer| answer.starts_with("jurisdiction"))
    });
    assert!(!law.expect("a finding that reads the jurisdiction")["sources"].as_array().unwrap().is_empty());
    let face = pistor.assess("face-in-france");
    assert!(["proceed", "caution"].contains(&face["verdict"].as_str().unwrap()), "{}", face["verdict"]);
    assert_eq!(face["plan"]["cocktails"][0]["goal"], "hydration");
}

#[test]
fn the_lidocaine_ceiling_follows_the_weight() {
    let pistor = Pistor::new();
    let assessment = pistor.assess("lidocaine-requested");
    assert!(strings(&assessment).iter().any(|text| text.contains("279 mg")), "{}", assessment["requested"]);
    let run = pistor.run(&["assess", &fixture("lidocaine-requested"), "--today", TODAY]);
    assert!(run.out.contains("279 mg"), "{}", run.out);
}

#[test]
fn text_says_the_verdict_first_and_stays_within_80_columns() {
    for intake in ["healthy", "warfarin", "thigh-fat-in-france", "pregnancy-not-asked", "lidocaine-requested"] {
        let run = Pistor::new().run(&["assess", &fixture(intake), "--today", TODAY]);
        assert_eq!((run.code, run.err.as_str()), (0, ""), "{intake}");
        let verdict = Pistor::new().assess(intake)["verdict"].as_str().unwrap().to_uppercase();
        assert!(run.out.lines().next().unwrap().contains(&verdict), "{}", run.out);
        assert!(run.out.contains("not yet reviewed by this clinic"));
        assert!(!run.out.contains('\u{1b}'), "no colours where no terminal is");
        for line in run.out.lines() {
            assert!(line.width() <= 80, "{intake}: {line}");
        }
    }
}

#[test]
fn standard_input_and_a_file_give_the_same() {
    let text = std::fs::read_to_string(fixture("healthy")).unwrap();
    let run = Pistor::new().run_with(&["assess", "-", "--today", TODAY, "--format", "json"], &text);
    assert_eq!(run.json(), Pistor::new().assess("healthy"));
}

#[test]
fn the_same_patient_gives_the_same_bytes() {
    let run = || Pistor::new().run(&["assess", &fixture("healthy"), "--today", TODAY, "--format", "json"]).out;
    assert_eq!(run(), run());
}

#[test]
fn what_the_setting_fills_in_is_said() {
    let text: String = std::fs::read_to_string(fixture("healthy"))
        .unwrap()
        .lines()
        .filter(|line| !line.starts_with("setting") && !line.starts_with("jurisdiction"))
        .map(|line| format!("{line}\n"))
        .collect();
    let run = Pistor::new().run_with(&["assess", "-", "--today", TODAY, "--format", "json"], &text);
    let assessment = run.json();
    assert_eq!(
        all(&assessment["assumed_defaults"], "question"),
        ["setting.operator", "setting.premises", "setting.provenance"]
    );
    assert_eq!(all(&assessment["missing"], "question"), ["jurisdiction"], "no law is assumed");
    let run = Pistor::new().run_with(&["assess", "-", "--today", TODAY, "--jurisdiction", "eu"], &text);
    assert!(run.out.contains("jurisdiction = EU (--jurisdiction)"), "{}", run.out);
    assert!(run.out.contains("setting.operator = physician (default)"), "{}", run.out);
    let full = Pistor::new().assess("healthy");
    assert_eq!(full["assumed_defaults"], Value::Array(Vec::new()));
}

#[test]
fn the_command_line_speaks_over_the_intake() {
    let run = Pistor::new().run(&[
        "--jurisdiction",
        "FR",
        "assess",
        &fixture("healthy"),
        "--today",
        TODAY,
        "--format",
        "json",
    ]);
    assert_eq!(run.json()["assumed_defaults"][0]["value"], "FR");
    let run = Pistor::new().run(&["assess", &fixture("healthy"), "--jurisdiction", "FRR"]);
    assert!(run.refused().contains("did you mean `FR`?"), "{}", run.err);
}

#[test]
fn every_mistake_of_an_intake_is_reported_in_one_run() {
    let pistor = Pistor::new();
    let run = pistor.run(&["assess", &fixture("broken"), "--today", TODAY]);
    insta::assert_snapshot!(run.refused());
    let run = pistor.run(&["assess", &fixture("broken"), "--today", TODAY, "--format", "json"]);
    let rows: Value = serde_json::from_str(run.refused()).unwrap();
    let lines: Vec<u64> = rows.as_array().unwrap().iter().map(|row| row["line"].as_u64().unwrap()).collect();
    assert_eq!(lines, [2, 3, 3, 3, 4, 8, 11], "{}", run.err);
}

#[test]
fn a_file_that_cannot_be_read_is_named() {
    let pistor = Pistor::new();
    let run = pistor.run(&["assess", "nowhere.toml"]);
    assert!(run.refused().contains("cannot read nowhere.toml: no such file or folder"), "{}", run.err);
    let run = pistor.run(&["assess", "tests"]);
    assert!(run.refused().contains("cannot read tests: it is a folder"), "{}", run.err);
    let binary = pistor.home().join("binary.toml");
    std::fs::write(&binary, [0x80, 0xff]).unwrap();
    let run = pistor.run(&["assess", binary.to_str().unwrap(), "--format", "json"]);
    let rows: Value = serde_json::from_str(run.refused()).unwrap();
    assert!(rows[0]["message"].as_str().unwrap().contains("byte 1 is not UTF-8"), "{}", run.err);
}

#[test]
fn nothing_in_an_intake_reaches_the_terminal_as_a_control_code() {
    let text = std::fs::read_to_string(fixture("healthy"))
        .unwrap()
        .replace("conditions = []", "conditions = [{ text = \"rash \\u001B[2J\\u009B31m \\u202Eevil\" }]");
    let run = Pistor::new().run_with(&["assess", "-", "--today", TODAY], &text);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.out.contains("rash"), "free text is shown: {}", run.out);
    let controls: Vec<char> = run.out.chars().filter(|c| c.is_control() && *c != '\n').collect();
    assert_eq!(controls, Vec::<char>::new());
    assert!(!run.out.contains('\u{202e}'));
}

#[test]
fn every_part_of_the_intake_contract_is_read() {
    let assessment = Pistor::new().assess("contract");
    assert_eq!(assessment["missing"], Value::Array(Vec::new()));
    let hyaluronidase = &assessment["requested"][0];
    assert_eq!(
        (&hyaluronidase["id"], &hyaluronidase["allowed"]),
        (&"hyaluronidase".into(), &false.into()),
        "wasp venom"
    );
    let text = strings(&assessment["findings"]).join("\n");
    assert!(text.contains("rash from some cream"), "words without a code raise a finding: {text}");
}

#[test]
fn the_assessment_keeps_the_names_other_programs_read() {
    let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    let has = |value: &Value, names: &[&str]| {
        let keys = keys(value);
        for name in names {
            assert!(keys.iter().any(|key| key == name), "no {name} in {keys:?}");
        }
    };
    let pistor = Pistor::new();
    let assessment = pistor.assess("warfarin");
    has(&assessment, &["verdict", "until", "urgent", "missing", "findings", "excluded", "plan", "pack"]);
    has(
        &assessment["findings"][0],
        &["rule", "verdict", "message", "excludes", "because", "sources", "basis", "evidence", "overridable"],
    );
    has(&pistor.assess("contract")["excluded"][0], &["kind", "id", "rules"]);
    let plan = &pistor.assess("healthy")["plan"];
    has(plan, &["cocktails", "sessions", "reviews", "consent", "precare", "aftercare"]);
    let cocktail = &plan["cocktails"][0];
    has(cocktail, &["goal", "area", "recipe", "evidence", "ingredients", "technique", "depth_mm", "alternatives"]);
    has(&cocktail["ingredients"][0], &["id", "label", "concentration", "volume_ml", "dose", "limit", "limit_used"]);
    has(&plan["sessions"][0], &["number", "date", "phase", "minutes"]);
    has(&pistor.assess("pregnancy-not-asked")["missing"][0], &["question", "label"]);
}
