//! `pistor records follow-up` and `lot`: sessions and reactions behind a saved consultation.

use pistor::record::{RecordId, SqliteStore, Store};
use serde_json::Value;

use crate::program::Pistor;
use crate::records::{consultation, home};

const SESSION: &str = r#"
patient = "Ada Example"
[session]
date = 2026-11-22
planned = 1
[[session.given]]
area = "cheeks"
product = "Example HA 1%"
ingredient = "hyaluronic-acid"
lot = "L-2041"
expiry = 2027-05-31
ml = 1
technique = "nappage"
"#;

const LUMP: &str = r#"
[reaction]
what = ["nodule"]
onset = 2026-12-10
area = "cheeks"
site = "here"
grade = 1
serious = []
"#;

fn given(pistor: &Pistor, name: &str, text: &str) -> String {
    let path = pistor.home().join(name);
    std::fs::write(&path, text).unwrap();
    path.display().to_string()
}

/// Records something, on a day.
fn record(pistor: &Pistor, id: &str, text: &str, today: &str) -> Value {
    let file = given(pistor, "entry.toml", text);
    let by = ["--by", "Dr Ada Example"];
    let run =
        pistor.run(&[&["records", "follow-up", id, &file, "--today", today, "--format", "json"], &by[..]].concat());
    assert_eq!(run.code, 0, "{}{}", run.out, run.err);
    serde_json::from_str(&run.out).unwrap()
}

fn flags(found: &Value) -> Vec<&str> {
    found["answer"]["flags"].as_array().unwrap().iter().map(|flag| flag["flag"].as_str().unwrap()).collect()
}

#[test]
fn a_session_and_a_reaction_are_recorded_answered_and_shown() {
    let (pistor, ids) = home();
    let found = record(&pistor, &ids[0], SESSION, "2026-11-22");
    assert_eq!(
        (found["version"].as_u64(), found["entry"].as_u64(), &found["answer"]),
        (Some(2), Some(1), &Value::Null)
    );
    let found = record(&pistor, &ids[0], LUMP, "2026-12-11");
    // Eighteen days after the session that is recorded: the window of mycobacteria.
    assert_eq!(found["answer"]["response"], "refer-days");
    assert_eq!((&found["answer"]["stop"], &found["answer"]["quarantine"]), (&Value::Bool(true), &Value::Bool(true)));
    assert_eq!((flags(&found), found["same_lot"].as_u64()), (vec!["flag-mycobacteria"], Some(0)));
    assert!(!found["reporting"].as_array().unwrap().is_empty());
    let shown = pistor.run(&["records", "show", &ids[0]]);
    for part in ["FOLLOW-UP", "lot L-2041", "nodule", "Refer within days", "version    3"] {
        assert!(shown.out.contains(part), "{part}\n{}", shown.out);
    }
    let history = pistor.run(&["records", "history", &ids[0]]);
    assert!(history.out.contains("a session") && history.out.contains("a reaction"), "{}", history.out);
    let audit = pistor.run(&["records", "audit"]);
    assert!(audit.out.contains("followed-up") && audit.out.contains("(reaction)"), "{}", audit.out);
    assert_eq!(pistor.run(&["records", "verify"]).code, 0);
    // The lot is found by the search, however it is written there.
    assert!(pistor.run(&["records", "list", "l-2041"]).out.contains(&ids[0]));
}

#[test]
fn the_second_patient_with_a_lot_is_a_cluster_and_the_lot_lists_both() {
    let (pistor, ids) = home();
    for (id, today) in [(&ids[0], "2026-11-22"), (&ids[1], "2026-11-22")] {
        record(&pistor, id, SESSION, today);
    }
    // Two consultations of one name are one person: no cluster.
    record(&pistor, &ids[0], LUMP, "2026-12-11");
    let same = record(&pistor, &ids[1], LUMP, "2026-12-11");
    assert_eq!((same["same_lot"].as_u64(), flags(&same)), (Some(0), vec!["flag-mycobacteria"]));
    let mut other = consultation("healthy", 1_795_200_000);
    other.patient.name = "Other Example".into();
    let mut store = SqliteStore::open(&pistor.home().join(".local/share/pistor/records")).unwrap();
    store.save(&other, "Dr Test").unwrap();
    drop(store);
    let other = other.id.to_string();
    let lump = LUMP.replace("serious = []", "serious = []\nlots = [\"l 2041\"]");
    let found = record(&pistor, &other, &lump, "2026-12-11");
    assert_eq!(found["same_lot"].as_u64(), Some(1));
    assert!(flags(&found).contains(&"flag-same-lot"), "{found}");
    let lot = pistor.run(&["records", "lot", "L2041"]);
    assert!(lot.out.contains("3 consultations, 3 with a reaction") && lot.out.contains("Other Example"), "{}", lot.out);
    let json: Value = serde_json::from_str(&pistor.run(&["records", "lot", "L2041", "--format", "json"]).out).unwrap();
    assert_eq!(json.as_array().unwrap().len(), 3);
    let none = pistor.run(&["records", "lot", "nothing-like-it"]);
    assert!(none.code == 0 && none.out.contains("no session and no reaction"), "{}", none.out);
}

#[test]
fn an_entry_without_an_author_is_refused() {
    let (pistor, ids) = home();
    let file = given(&pistor, "session.toml", SESSION);
    let run = pistor.run(&["records", "follow-up", &ids[0], &file, "--today", "2026-12-11"]);
    assert!(run.code == 2 && run.err.contains("nobody is named") && run.err.contains("--by NAME"), "{}", run.err);
    assert!(!pistor.run(&["records", "show", &ids[0]]).out.contains("FOLLOW-UP"));
    record(&pistor, &ids[0], SESSION, "2026-12-11");
    let shown = pistor.run(&["records", "show", &ids[0]]);
    assert!(shown.out.contains("FOLLOW-UP") && shown.out.contains("Dr Ada Example"), "{}", shown.out);
}

#[test]
fn a_dry_run_answers_and_saves_nothing() {
    let (pistor, ids) = home();
    let file = given(&pistor, "lump.toml", LUMP);
    let run = pistor.run(&["records", "follow-up", &ids[0], &file, "--today", "2026-12-11", "--dry-run"]);
    assert!(run.code == 0 && run.out.contains("Not saved"), "{}{}", run.out, run.err);
    // Without a session and a lot the unfavourable case counts.
    assert!(run.out.contains("STOP THE COURSE") && run.out.contains("not known"), "{}", run.out);
    assert!(!pistor.run(&["records", "show", &ids[0]]).out.contains("FOLLOW-UP"));
}

#[test]
fn every_mistake_is_told_with_its_place_and_nothing_is_saved() {
    let (pistor, ids) = home();
    let bad = "patient = \"Somebody Else\"\n[reaction]\nwhat = [\"nodul\"]\nonset = 2027-01-01\nsession = 4\n\
               grade = 9\nsite = \"there\"\nnaranjo = { afterr = \"yes\" }\n";
    let file = given(&pistor, "bad.toml", bad);
    let run = pistor.run(&["records", "follow-up", &ids[0], &file, "--today", "2026-12-11"]);
    assert_eq!(run.code, 2);
    for part in [
        "this is about `Somebody Else`",
        "did you mean `nodule`?",
        "still to come",
        "entry 4 of this consultation is no session",
        "9 is out of range",
        "unknown site `there`",
        "did you mean `after`?",
        "nobody has said whether it is serious",
    ] {
        assert!(run.err.contains(part), "{part}\n{}", run.err);
    }
    for (text, part) in [
        ("", "neither a session nor a reaction"),
        ("[session]\ndate = 2026-11-22\n", "nothing was done"),
        ("[reaction]\ngrade = 1\nserious = []\n", "without a sign"),
        ("[reaction]\nwhat = \"seizure\"\ngrade = 1\nserious = []\n", "never of grade 1"),
        ("[reaction]\nwhat = \"itch\"\ngrade = 1\nserious = []\nonset_days = 1\nonset_hours = 2\n", "two keys say"),
    ] {
        let file = given(&pistor, "bad.toml", text);
        let run = pistor.run(&["records", "follow-up", &ids[0], &file, "--today", "2026-12-11"]);
        assert!(run.code == 2 && run.err.contains(part), "{part}\n{}{}", run.out, run.err);
    }
    let unknown = pistor.run(&["records", "follow-up", "ffffffff", &file]);
    assert!(unknown.code == 2 && unknown.err.contains("no consultation"), "{}", unknown.err);
    assert!(!pistor.run(&["records", "show", &ids[0]]).out.contains("FOLLOW-UP"));
}

#[test]
fn an_update_replaces_what_the_lot_shows_and_closes_the_reaction() {
    let (pistor, ids) = home();
    record(&pistor, &ids[0], SESSION, "2026-11-22");
    record(&pistor, &ids[0], LUMP, "2026-12-11");
    let again = record(&pistor, &ids[0], SESSION, "2026-12-20");
    let remarks = again["remarks"].to_string();
    assert!(remarks.contains("was still open") && remarks.contains("is recorded already"), "{remarks}");
    let over = LUMP.replace("serious = []", "serious = []\nupdates = 2\nended = 2026-12-20\noutcome = \"recovered\"");
    record(&pistor, &ids[0], &over, "2026-12-21");
    let lot = pistor.run(&["records", "lot", "L-2041"]).out;
    assert!(lot.contains("over: Refer within days") && !lot.contains("open"), "{lot}");
}

#[test]
fn follow_up_travels_with_an_export() {
    let (pistor, ids) = home();
    record(&pistor, &ids[0], SESSION, "2026-11-22");
    record(&pistor, &ids[0], LUMP, "2026-12-11");
    let folder = pistor.home().join("out").display().to_string();
    assert_eq!(pistor.run(&["records", "export", &folder]).code, 0);
    let elsewhere = Pistor::new();
    let run = elsewhere.run(&["records", "import", &folder]);
    assert_eq!(run.code, 0, "{}{}", run.out, run.err);
    assert!(elsewhere.run(&["records", "lot", "L-2041"]).out.contains("1 with a reaction"));
    assert_eq!(elsewhere.run(&["records", "verify"]).code, 0);
    let id: RecordId = ids[0].parse().unwrap();
    let place = |pistor: &Pistor| pistor.home().join(".local/share/pistor/records");
    let text = |pistor: &Pistor| SqliteStore::open(&place(pistor)).unwrap().load(id, None).unwrap().unwrap().text;
    assert_eq!(text(&pistor), text(&elsewhere));
}

#[test]
fn reactions_are_found_by_lay_words() {
    let pistor = Pistor::new();
    for (words, id) in
        [("blind", "vision-change"), ("bald patch", "hair-loss-patch"), ("pus", "abscess"), ("lump", "nodule")]
    {
        let run = pistor.run(&["find", "reactions", words, "--format", "json"]);
        let rows: Value = serde_json::from_str(&run.out).unwrap();
        assert_eq!(rows[0]["id"], id, "{words}: {}", run.out);
    }
}
