//! `pistor records`: backups, exports, what is kept for how long.

use std::path::Path;

use pistor::record::{SqliteStore, Store};

use crate::program::Pistor;
use crate::records::{consultation, home};

fn path(pistor: &Pistor, name: &str) -> String {
    pistor.home().join(name).display().to_string()
}

#[test]
fn a_backup_goes_back() {
    let (pistor, ids) = home();
    let folder = path(&pistor, "usb");
    let made = pistor.run(&["records", "backup", &folder, "--format", "json"]);
    assert_eq!((made.code, &made.json()["sound"]), (0, &true.into()), "{}", made.err);
    let file = made.json()["file"].as_str().unwrap().to_owned();
    assert!(file.ends_with(&format!("-{}.db", made.json()["head"].as_str().unwrap())));
    let erase = ["records", "erase", &ids[0], "--reason", "a test"];
    assert!(pistor.run(&erase).refused().contains("nothing was done"));
    assert_eq!(pistor.run(&[&erase[..], &["--yes"]].concat()).code, 0);
    assert!(pistor.run(&["records", "show", &ids[0]]).refused().contains("was erased on"));
    let run = pistor.run(&["records", "restore", &file]);
    let asked = run.refused();
    assert!(asked.contains("in the place of 1 consultation; nothing was done") && asked.contains("--yes"), "{asked}");
    let back = pistor.run(&["records", "restore", &file, "--yes"]);
    assert!(back.code == 0 && back.out.contains("in the place of the records"), "{}{}", back.out, back.err);
    assert_eq!(pistor.run(&["records", "show", &ids[0]]).code, 0);
    assert_eq!(pistor.run(&["records", "verify"]).code, 0);
    assert!(pistor.run(&["records", "restore", &path(&pistor, "nowhere")]).refused().contains("is no file"));
    assert!(pistor.run(&["records", "restore", &folder]).refused().contains("is no file"));
    // What was saved later is named.
    let mut later = consultation("healthy", 1_795_200_000);
    later.patient.name = "Later Patient".into();
    std::fs::write(path(&pistor, "later.toml"), later.to_toml().unwrap()).unwrap();
    assert_eq!(pistor.run(&["records", "import", &path(&pistor, "later.toml")]).code, 0);
    let back = pistor.run(&["records", "restore", &file, "--yes"]);
    assert!(back.out.contains("not in it:") && back.out.contains("Later Patient"), "{}", back.out);
}

/// A record that must still be kept is erased by nobody who has not read until when, and by whose law.
#[test]
fn a_record_that_must_still_be_kept_is_not_erased_by_yes_alone() {
    let pistor = Pistor::new();
    let mut store = SqliteStore::open(&pistor.home().join(".local/share/pistor/records")).unwrap();
    let mut document = consultation("healthy", 1_795_000_000);
    let intake = document.intake.to_toml().replace("jurisdiction = \"EU\"", "jurisdiction = \"FR\"");
    document.intake = pistor::record::IntakeTable::parse(&intake).unwrap();
    assert_eq!(document.intake.text("jurisdiction"), "FR");
    store.save(&document, "Dr Test").unwrap();
    drop(store);
    let id = document.id.to_string();
    let erase = |more: &[&str]| {
        let line = ["records", "erase", &id, "--reason", "a test", "--today", "2026-11-22"];
        pistor.run(&[&line[..], more].concat())
    };
    for more in [&["--yes"][..], &[]] {
        let ended = erase(more);
        let refused = ended.refused();
        assert!(refused.contains("it must be kept until 2046-11-"), "{refused}");
        assert!(refused.contains("20 years (France)"), "{refused}");
        assert!(refused.contains("nothing was done") && refused.contains("--early"), "{refused}");
    }
    let ended = erase(&["--early"]);
    let refused = ended.refused();
    assert!(refused.contains("would erase 1 version of") && refused.contains("until 2046-11-"), "{refused}");
    assert_eq!(pistor.run(&["records", "show", &id]).code, 0);
    let done = erase(&["--early", "--yes"]);
    assert!(done.code == 0 && done.out.contains("Before its time: it must be kept until 2046-11-"), "{}", done.out);
    assert_ne!(pistor.run(&["records", "show", &id]).code, 0);
}

#[test]
fn the_reason_of_an_erasure_names_no_patient() {
    let (pistor, ids) = home();
    let name = pistor.run(&["records", "list", "--format", "json"]).json()[0]["patient"].as_str().unwrap().to_owned();
    let erase = |reason: &str| pistor.run(&["records", "erase", &ids[1], "--reason", reason, "--yes"]);
    let word = name.split(' ').next().unwrap().to_uppercase();
    let run = erase(&format!("asked for by {word}"));
    let refused = run.refused();
    assert!(refused.contains("names the patient"), "{name}: {refused}");
    assert_eq!(pistor.run(&["records", "show", &ids[1]]).code, 0);
}

#[test]
fn everything_is_exported_and_taken_in_again() {
    let (pistor, ids) = home();
    let folder = path(&pistor, "out");
    let done = pistor.run(&["records", "export", &folder]);
    assert!(done.code == 0 && done.out.contains("2 consultations, 2 versions"), "{}{}", done.out, done.err);
    let read = |name: &str| std::fs::read_to_string(Path::new(&folder).join(name)).unwrap();
    assert!(read("consultations.csv").lines().nth(2).unwrap().starts_with(&ids[0]), "newest first");
    assert!(read(&format!("{}-v1.toml", ids[0])).contains("Photographs taken."));
    assert_eq!(serde_json::from_str::<serde_json::Value>(&read(&format!("{}-v1.json", ids[1]))).unwrap()["version"], 1);
    assert!(read("audit.json").contains("\"saved\""));
    #[cfg(unix)]
    for (place, mode) in [(folder.clone(), 0o700), (format!("{folder}/audit.json"), 0o600)] {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(place).unwrap().permissions().mode() & 0o777, mode);
    }
    assert!(pistor.run(&["records", "export", &folder]).refused().contains("not empty"));
    assert!(pistor.run(&["records", "audit"]).out.contains("exported"));

    let other = Pistor::new();
    let taken = other.run(&["records", "import", &folder]);
    assert!(taken.code == 0 && taken.out.contains("2 versions added"), "{}{}", taken.out, taken.err);
    assert!(other.run(&["records", "import", &folder]).out.contains("2 were here already"));
    assert!(other.run(&["records", "list"]).out.contains("Ada Example"));
    assert_eq!(other.run(&["records", "verify"]).code, 0);
    // JSON alone is enough.
    let third = Pistor::new();
    let json = format!("{folder}/{}-v1.json", ids[0]);
    assert!(third.run(&["records", "import", &json]).out.contains("1 versions added"));
    assert!(third.run(&["records", "show", &ids[0]]).out.contains("Photographs taken."));
}

#[test]
fn what_cannot_be_taken_in_is_told_by_file() {
    let pistor = Pistor::new();
    let bad = pistor.write("in/a.toml", "schema = 1\nid = \"x\"\n").display().to_string();
    pistor.write("in/letter.json", "{}");
    let run = pistor.run(&["records", "import", &path(&pistor, "in")]);
    assert!(run.code == 1 && run.out.contains("a.toml") && !run.out.contains("letter"), "{}{}", run.out, run.err);
    assert_eq!(pistor.run(&["records", "import", &bad]).code, 1);
    assert!(pistor.run(&["records", "import", &path(&pistor, "nowhere.toml")]).out.contains("cannot read"));
}

#[test]
fn what_was_kept_long_enough_is_listed_and_nothing_is_erased() {
    let pistor = Pistor::new();
    let mut store = SqliteStore::open(&pistor.home().join(".local/share/pistor/records")).unwrap();
    // 2015-01-01 and 2026-11-22.
    for second in [1_420_070_400, 1_795_000_000] {
        store.save(&consultation("healthy", second), "Dr Test").unwrap();
    }
    drop(store);
    let eu = pistor.run(&["records", "retention", "--today", "2026-11-22"]);
    assert!(eu.code == 0 && eu.out.contains("0 of 2") && eu.out.contains("National law"), "{}", eu.out);
    let asked = pistor.run(&["records", "retention", "--today", "2026-11-22", "--years", "10"]);
    assert!(asked.out.contains("1 of 2") && asked.out.contains("last contact 2015-01-01"), "{}", asked.out);
    let json = pistor.run(&["records", "retention", "--years", "30", "--format", "json"]).json();
    assert_eq!((&json[0]["keep_until"], &json[0]["over"]), (&"2045-01-01".into(), &false.into()));
    assert_eq!(pistor.run(&["records", "list", "--format", "json"]).json().as_array().unwrap().len(), 2);
}
