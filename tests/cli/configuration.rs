//! The configuration file.

use serde_json::Value;

use crate::program::{Pistor, TODAY, all, fixture};

/// An intake that leaves law and setting to the configuration.
fn without_setting() -> String {
    std::fs::read_to_string(fixture("healthy"))
        .unwrap()
        .lines()
        .filter(|line| !line.starts_with("setting") && !line.starts_with("jurisdiction"))
        .map(|line| format!("{line}\n"))
        .collect()
}

const CONFIG: &str = "[practitioner]\nrole = 'nurse'\n[clinic]\njurisdiction = 'UK'\npremises = 'hospital'\n";

#[test]
fn it_fills_in_law_and_setting() {
    let pistor = Pistor::new();
    pistor.write(".config/pistor/config.toml", CONFIG);
    let run = pistor.run_with(&["assess", "-", "--today", TODAY, "--format", "json"], &without_setting());
    let assumed = &run.json()["assumed_defaults"];
    assert_eq!(all(assumed, "value"), ["UK", "nurse", "hospital", "none"]);
    assert_eq!(all(assumed, "from"), ["configuration", "configuration", "configuration", "default"]);
}

#[test]
fn it_is_found_in_three_places_in_order() {
    let own = Pistor::new();
    let jurisdiction = |pistor: &Pistor, more: &[&str]| {
        let mut arguments = vec!["assess", "-", "--today", TODAY, "--format", "json"];
        arguments.extend(more);
        let run = pistor.run_with(&arguments, &without_setting());
        run.json()["assumed_defaults"][0]["value"].as_str().unwrap().to_owned()
    };
    let asked = own.write("asked.toml", "clinic.jurisdiction = 'FR'");
    let named = own.write("named.toml", "clinic.jurisdiction = 'US'");
    own.write("xdg/pistor/config.toml", "clinic.jurisdiction = 'UK'");
    let xdg = own.home().join("xdg");
    let pistor = own.with("XDG_CONFIG_HOME", &xdg);
    assert_eq!(jurisdiction(&pistor, &[]), "UK");
    let pistor = pistor.with("PISTOR_CONFIG", &named);
    assert_eq!(jurisdiction(&pistor, &[]), "US");
    assert_eq!(jurisdiction(&pistor, &["--config", asked.to_str().unwrap()]), "FR");
}

#[test]
fn a_file_that_was_asked_for_has_to_be_there() {
    let run = Pistor::new().run(&["assess", &fixture("healthy"), "--config", "nowhere.toml"]);
    assert!(run.refused().contains("cannot read nowhere.toml"), "{}", run.err);
    let run = Pistor::new().with("PISTOR_CONFIG", "gone.toml").run(&["find", "goals", "glow"]);
    assert!(run.refused().contains("cannot read gone.toml"), "{}", run.err);
}

#[test]
fn its_mistakes_have_places_and_come_with_those_of_the_pack() {
    let pistor = Pistor::new();
    let config = pistor.write("c.toml", "[clinic]\njurisdicton = 'EU'\n");
    let run = pistor.run(&[
        "assess",
        &fixture("healthy"),
        "--config",
        config.to_str().unwrap(),
        "--pack",
        "tests/fixtures/broken-pack",
        "--format",
        "json",
    ]);
    let rows: Value = serde_json::from_str(run.refused()).unwrap();
    assert_eq!(rows.as_array().unwrap().len(), 11, "{}", run.err);
    assert_eq!((&rows[0]["line"], &rows[0]["help"]), (&2.into(), &"did you mean `jurisdiction`?".into()));
}

#[test]
fn words_that_the_pack_does_not_have_are_mistakes() {
    let pistor = Pistor::new();
    let config = pistor.write("c.toml", "[practitioner]\nrole = 'physican'\n[clinic]\njurisdiction = 'EUU'\n");
    let run = pistor.run(&["assess", &fixture("healthy"), "--config", config.to_str().unwrap()]);
    let err = run.refused();
    assert!(err.contains("did you mean `physician`?") && err.contains("did you mean `EU`?"), "{err}");
}

#[test]
fn sessions_keep_off_closed_days() {
    let pistor = Pistor::new();
    // The day of the test is a Sunday.
    pistor.write(".config/pistor/config.toml", "clinic.closed_days = ['sunday']");
    let open = Pistor::new().assess("healthy");
    let moved = pistor.assess("healthy");
    assert_eq!(open["plan"]["sessions"][0]["date"], TODAY);
    assert_eq!(moved["plan"]["sessions"][0]["date"], "2026-11-23");
    assert!(!moved["plan"]["changes"].as_array().unwrap().is_empty());
}

#[test]
fn nothing_is_written_by_looking() {
    let pistor = Pistor::new();
    for arguments in
        [vec!["paths"], vec!["assess", &fixture("healthy")], vec!["check", "--no-proofs"], vec!["records", "list"]]
    {
        pistor.run(&arguments);
    }
    let left: Vec<_> = std::fs::read_dir(pistor.home()).unwrap().collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn the_mistakes_of_a_theme_file_are_told_before_the_screen_opens() {
    let pistor = Pistor::new();
    pistor.write(".config/pistor/config.toml", "theme_file = 'mine.toml'\n");
    let run = pistor.run(&["--plain"]);
    assert!(run.refused().contains("mine.toml"), "{}", run.err);
    pistor.write(".config/pistor/mine.toml", "[roles]\nkey = { fg = 'light-cyna' }\n");
    let run = pistor.run(&["--plain"]);
    let told = run.refused();
    assert!(told.contains("mine.toml:2:14") && told.contains("did you mean `light-cyan`?"), "{told}");
    pistor.write(".config/pistor/mine.toml", "[roles]\nkey = { fg = 'light-cyan' }\n");
    let run = pistor.run(&["--plain"]);
    assert!(!run.err.contains("mine.toml"), "{}", run.err);
}
