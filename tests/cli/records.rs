//! `pistor records`.

use jiff::civil::date;
use pistor::record::{
    Amendment, Decisions, Document, IntakeTable, Overridden, Patient, Practitioner, RecordId, Schema, SqliteStore,
    Store,
};
use pistor::source::SourceFile;
use pistor::{intake, pack, plan};
use serde_json::Value;

use crate::program::{Pistor, all, fixture};

/// A signed consultation of one of the fixture intakes.
pub fn consultation(fixture_name: &str, second: i64) -> Document {
    let pack = pack::builtin().unwrap();
    let text = std::fs::read_to_string(fixture(fixture_name)).unwrap();
    let intake = intake::read(&pack, &SourceFile::new("intake.toml", text.as_str())).unwrap();
    let assessment = plan::assess(&pack, &intake, date(2026, 11, 22));
    let saved_at = jiff::Timestamp::from_second(second).unwrap();
    Document {
        schema: Schema,
        id: RecordId::generate(saved_at),
        version: 1,
        saved_at,
        signed_at: None,
        program: "test".into(),
        rules_fired: assessment.findings.iter().map(|finding| finding.rule.clone()).collect(),
        amendment: None,
        practitioner: Practitioner { name: "Dr Test".into(), role: "physician".into(), licence: "EX-0000".into() },
        patient: Patient { name: "Ada Example".into(), birth_date: None },
        decisions: Decisions {
            notes: "Photographs taken.\u{1b}[2J".into(),
            overrides: vec![Overridden {
                rule: "example-rule".into(),
                reason: "example reason".into(),
                note: String::new(),
                by: "Dr Test".into(),
            }],
            ..Decisions::default()
        },
        pack: pack.layers.clone(),
        intake: IntakeTable::parse(&text).unwrap(),
        assessment,
        follow_up: Vec::new(),
    }
}

/// A home with two consultations, the older one healthy, the newer one pregnant.
pub fn home() -> (Pistor, Vec<String>) {
    let pistor = Pistor::new();
    let folder = pistor.home().join(".local/share/pistor/records");
    let mut store = SqliteStore::open(&folder).unwrap();
    let documents = [consultation("healthy", 1_795_000_000), consultation("pregnant", 1_795_100_000)];
    for document in &documents {
        store.save(document, "Dr Test").unwrap();
    }
    (pistor, documents.iter().map(|document| document.id.to_string()).collect())
}

#[test]
fn no_records_is_an_answer() {
    let pistor = Pistor::new();
    let run = pistor.run(&["records", "list", "--format", "json"]);
    assert_eq!((run.code, run.json()), (0, Value::Array(Vec::new())), "{}", run.err);
    let run = pistor.run(&["records", "list"]);
    assert!(run.code == 0 && run.out.contains("no saved consultations"), "{}", run.out);
}

#[test]
fn consultations_are_listed_newest_first_and_found_by_words() {
    let (pistor, ids) = home();
    let list = |words: &[&str]| {
        // Common options are accepted at every place.
        let mut arguments = vec!["records", "--format", "json", "list"];
        arguments.extend(words);
        let run = pistor.run(&arguments);
        assert_eq!((run.code, run.err.as_str()), (0, ""));
        run.json()
    };
    assert_eq!(all(&list(&[]), "id"), [ids[1].as_str(), ids[0].as_str()]);
    assert_eq!(all(&list(&[]), "verdict"), ["decline", "proceed"]);
    assert_eq!(all(&list(&["proceed", "exam"]), "id"), [ids[0].as_str()]);
    assert_eq!(list(&["nobody"]), Value::Array(Vec::new()));
    let text = pistor.run(&["records", "list", "--limit", "1"]).out;
    assert!(text.contains("DECLINE Ada Example, 44 years, hydration") && text.contains("and 1 older"), "{text}");
}

#[test]
fn a_consultation_is_shown_with_answers_decisions_and_plan() {
    let (pistor, ids) = home();
    let run = pistor.run(&["records", "show", &ids[0]]);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    for word in [
        "Ada Example",
        "Dr Test (EX-0000)",
        "Photographs taken.",
        "example-rule",
        "pregnancy = \"no\"",
        "PROCEED",
        "SESSIONS",
    ] {
        assert!(run.out.contains(word), "{word}: {}", run.out);
    }
    assert!(!run.out.contains('\u{1b}'), "nothing in a record controls the terminal");
    let end = ids[0].chars().skip(24).collect::<String>();
    let run = pistor.run(&["records", "show", &end, "--format", "json"]);
    let document = run.json();
    assert_eq!(document["id"], ids[0].as_str());
    assert_eq!(document["assessment"]["verdict"], "proceed");
}

#[test]
fn who_read_a_consultation_is_in_the_audit_trail() {
    let (pistor, ids) = home();
    pistor.write(".config/pistor/config.toml", "practitioner.name = 'Dr Reader'");
    pistor.run(&["records", "show", &ids[0]]);
    let mut store = SqliteStore::open(&pistor.home().join(".local/share/pistor/records")).unwrap();
    let last = store.audit().unwrap().pop().unwrap().event;
    assert_eq!((last.actor.as_str(), last.record.map(|id| id.to_string())), ("Dr Reader", Some(ids[0].clone())));
}

#[test]
fn a_record_that_is_not_there_is_bad_input() {
    let missing = "0193f0c2-0000-7000-8000-000000000000";
    let run = Pistor::new().run(&["records", "show", missing]);
    assert!(run.refused().contains("no consultation"), "{}", run.err);
    let (pistor, ids) = home();
    for wrong in [missing, "nonsense", ""] {
        let run = pistor.run(&["records", "show", wrong]);
        assert!(run.refused().contains("no consultation"), "{wrong}: {}", run.err);
    }
    // Both were made in the same second of an invented clock but for a day: they begin alike.
    let common: String = ids[0].chars().zip(ids[1].chars()).take_while(|(a, b)| a == b).map(|(a, _)| a).collect();
    assert!(pistor.run(&["records", "show", &common]).refused().contains("2 consultations"));
    assert!(pistor.run(&["records", "show", &ids[0], "--version", "9"]).refused().contains("no version 9"));
}

#[test]
fn the_place_can_be_configured() {
    let (pistor, _) = home();
    pistor.write("c.toml", "records_dir = '.local/share/pistor/records'");
    let config = pistor.home().join("c.toml").display().to_string();
    let pistor = pistor.with("PISTOR_DATA", "/nowhere/example");
    assert_eq!(pistor.run(&["records", "list", "--format", "json"]).json(), Value::Array(Vec::new()));
    let run = pistor.run(&["records", "list", "--format", "json", "--config", &config]);
    assert_eq!(run.json().as_array().unwrap().len(), 2, "{}", run.err);
}

#[test]
fn versions_are_told_with_reason_and_differences() {
    let pistor = Pistor::new();
    let mut store = SqliteStore::open(&pistor.home().join(".local/share/pistor/records")).unwrap();
    let mut document = consultation("healthy", 1_795_000_000);
    store.save(&document, "Dr Test").unwrap();
    document.version = 2;
    document.amendment = Some(Amendment { reason: "The weight was wrong.".into() });
    let text = document.intake.to_toml().replace("weight_kg = 62", "weight_kg = 70");
    document.intake = IntakeTable::parse(&text).unwrap();
    store.save(&document, "Dr Test").unwrap();
    drop(store);
    let id = document.id.to_string();
    let run = pistor.run(&["records", "history", &id]);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    for words in ["Version 1", "Version 2", "The weight was wrong.", "patient.weight_kg 62 -> 70"] {
        assert!(run.out.contains(words), "{words}: {}", run.out);
    }
    let json = pistor.run(&["records", "history", &id, "--format", "json"]).json();
    assert_eq!(json[1]["changes"].as_array().unwrap().len(), 1, "{json}");
    assert!(pistor.run(&["records", "show", &id]).out.contains("The weight was wrong."));
    assert!(!pistor.run(&["records", "show", &id, "--version", "1"]).out.contains("The weight was wrong."));
}

#[test]
fn lists_are_filtered_by_day_verdict_goal_and_rule() {
    let (pistor, ids) = home();
    let list = |options: &[&str]| {
        let run = pistor.run(&[&["records", "list", "--format", "json"], options].concat());
        assert_eq!((run.code, run.err.as_str()), (0, ""));
        all(&run.json(), "id").into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    let (healthy, pregnant) = (vec![ids[0].clone()], vec![ids[1].clone()]);
    // Signed on 2026-11-18 and 2026-11-19.
    assert_eq!(list(&["--since", "2026-11-19"]), pregnant);
    assert_eq!(list(&["--until", "2026-11-18"]), healthy);
    assert_eq!(list(&["--verdict", "decline"]), pregnant);
    assert_eq!(list(&["--rule", "pregnancy"]), pregnant);
    assert_eq!(list(&["--goal", "hydration", "--verdict", "proceed"]), healthy);
    assert_eq!(list(&["--since", "2026-11-20"]), Vec::<String>::new());
    assert_eq!(list(&["2026-11-18"]), healthy, "a date is a word");
    assert_eq!(list(&["hyaluronic-acid"]), healthy, "ingredients are found");
    assert!(pistor.run(&["records", "list", "--verdict", "maybe"]).err.contains("expected proceed"));
    assert!(pistor.run(&["records", "list", "--since", "2027-01-01"]).out.contains("no saved consultations with"));
}
