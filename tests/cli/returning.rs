//! `pistor records` about one patient: `diff`, `returning`, `alike`, and the list by patient, year and order.

use jiff::civil::date;
use pistor::record::{Document, IntakeTable, Patient, SqliteStore, Store};

use crate::program::{Pistor, all};
use crate::records::consultation;

/// Two consultations of one patient, and one of somebody else; their ids.
fn home() -> (Pistor, Vec<String>) {
    let pistor = Pistor::new();
    let folder = pistor.home().join(".local/share/pistor/records");
    let mut store = SqliteStore::open(&folder).unwrap();
    let known = |mut document: Document, name: &str, weight: &str| {
        let who = format!("name = \"{name}\"\nbirth_date = \"1982-03-04\"");
        let intake = document.intake.to_toml().replace("weight_kg = 62", weight).replace("age = 44\n", "");
        let intake = intake.replace("name = \"Ada Example\"", &who);
        let intake = intake.replace("items = []", "items = [{ id = \"latex\", reaction = \"delayed\" }]");
        assert!(intake.contains(weight) && intake.contains("latex"), "{intake}");
        document.intake = IntakeTable::parse(&intake).unwrap();
        document.patient = Patient { name: name.into(), birth_date: Some(date(1982, 3, 4)) };
        document
    };
    let documents = [
        known(consultation("healthy", 1_760_000_000), "Test Patient", "weight_kg = 62"),
        known(consultation("healthy", 1_795_000_000), "test PATIENT", "weight_kg = 70"),
        consultation("healthy", 1_795_100_000),
    ];
    for document in &documents {
        store.save(document, "Dr Test").unwrap();
    }
    (pistor, documents.iter().map(|document| document.id.to_string()).collect())
}

#[test]
fn two_consultations_are_compared() {
    let (pistor, ids) = home();
    let run = pistor.run(&["records", "diff", &ids[0], &ids[1]]);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    assert!(
        run.out.contains("≠ patient.weight_kg") && run.out.contains("- 62") && run.out.contains("+ 70"),
        "{}",
        run.out
    );
    assert!(!run.out.contains("two patients") && !run.out.contains("patient.height_cm"), "{}", run.out);
    let run = pistor.run(&["records", "diff", &ids[0], &ids[1], "--all"]);
    assert!(run.out.contains("patient.height_cm"), "{}", run.out);
    let run = pistor.run(&["records", "diff", &ids[0], &ids[2]]);
    assert!(run.out.contains("two patients"), "{}", run.out);
    let json = pistor.run(&["records", "diff", &ids[0], &ids[2], "--format", "json"]).json();
    assert_eq!(json["same_patient"], false);
    assert!(json["same"].as_u64() > Some(0), "{json}");
    let lines = json["lines"].as_array().unwrap();
    assert!(lines.iter().any(|line| line["what"] == "patient.birth_date" && line["after"] == ""), "{json}");
    let run = pistor.run(&["records", "diff", &format!("{}@1", ids[0]), &ids[0]]);
    assert!(run.out.contains("read the same"), "{}", run.out);
    for (one, says) in [
        (format!("{}@7", ids[0]), "no version 7"),
        (format!("{}@x", ids[0]), "expected a number"),
        ("zz".into(), "there is no consultation"),
    ] {
        let run = pistor.run(&["records", "diff", &one, &ids[1]]);
        assert!(run.code == 2 && run.err.contains(says), "{one}: {}", run.err);
    }
    let trail = pistor.run(&["records", "audit", "--format", "json"]).out;
    assert!(trail.matches("\"opened\"").count() >= 8, "whoever compares reads: {trail}");
}

#[test]
fn an_intake_for_the_next_time_confirms_nothing() {
    let (pistor, ids) = home();
    // Asked for by the older one: the last one counts.
    let run = pistor.run(&["records", "returning", &ids[0], "--today", "2026-12-02"]);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    assert!(run.out.contains(&ids[1]) && run.out.contains("# patient.birth_date = \"1982-03-04\""), "{}", run.out);
    assert!(run.out.lines().all(|line| line.is_empty() || line.starts_with('#')), "{}", run.out);
    for aged in ["patient.weight_kg =", "history.pregnancy =", "skin.glogau ="] {
        assert!(!run.out.contains(aged), "{aged} in {}", run.out);
    }
    let assessed = |text: &str| {
        let file = pistor.home().join("next.toml");
        std::fs::write(&file, text).unwrap();
        pistor.run(&["assess", file.to_str().unwrap(), "--format", "json"]).json()
    };
    let unconfirmed = assessed(&run.out);
    assert_eq!(unconfirmed["verdict"], "incomplete");
    assert_eq!(unconfirmed["missing"], assessed("")["missing"], "nothing of it was read");
    let confirmed: String = run
        .out
        .lines()
        .map(|line| if line.contains(" = ") { line.trim_start_matches("# ") } else { line })
        .flat_map(|line| [line, "\n"])
        .collect();
    let confirmed = assessed(&confirmed);
    assert_eq!(confirmed["verdict"], "incomplete", "what ages was not asked yet");
    let (before, after) = (all(&unconfirmed["missing"], "question"), all(&confirmed["missing"], "question"));
    assert!(before.contains(&"allergies.items") && !after.contains(&"allergies.items"), "{after:?}");
    let json = pistor.run(&["records", "returning", &ids[0], "--format", "json"]).json();
    assert_eq!(json["record"].as_str(), Some(ids[1].as_str()));
    assert!(all(&json["offered"], "question").contains(&"patient.height_cm"));
}

#[test]
fn patients_who_look_alike_are_found() {
    let (pistor, ids) = home();
    let run = pistor.run(&["records", "alike", "Patiant", "Test", "--born", "1982-04-03", "--format", "json"]);
    let found = run.json();
    assert_eq!(all(&found, "newest"), [ids[1].as_str()], "{}", run.out);
    assert_eq!(found[0]["consultations"], 2);
    let run = pistor.run(&["records", "alike", "Somebody", "Else"]);
    assert!(run.code == 0 && run.out.contains("nobody on record"), "{}", run.out);
    let run = Pistor::new().run(&["records", "alike", "Somebody"]);
    assert!(run.code == 0 && run.out.contains("nobody on record"), "{}", run.out);
}

#[test]
fn the_list_is_cut_down_to_a_patient_or_a_year_and_put_in_order() {
    let (pistor, ids) = home();
    let list = |more: &[&str]| {
        let run = pistor.run(&[&["records", "list", "--format", "json"], more].concat());
        assert_eq!((run.code, run.err.as_str()), (0, ""), "{more:?}");
        all(&run.json(), "id").into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(list(&["--patient", &ids[0]]), [ids[1].clone(), ids[0].clone()]);
    assert_eq!(list(&["--year", "2025"]), [ids[0].clone()]);
    assert_eq!(list(&["--sort", "name"]), [ids[2].clone(), ids[1].clone(), ids[0].clone()]);
    for (more, says) in [
        (["--year", "2025", "--since", "2025-01-01"], "cannot be used with"),
        (["--sort", "size", "--limit", "1"], "expected date, name or verdict"),
        (["--patient", "zz", "--limit", "1"], "there is no consultation"),
    ] {
        let run = pistor.run(&[&["records", "list"], &more[..]].concat());
        assert!(run.code == 2 && run.err.contains(says), "{more:?}: {}", run.err);
    }
}
