//! `pistor check`, and packs with mistakes.

use serde_json::Value;

use crate::program::{Pistor, TODAY, fixture};

const BROKEN: &str = "tests/fixtures/broken-pack";

#[test]
fn ten_planted_mistakes_are_reported_in_one_run_with_their_places() {
    let run = Pistor::new().run(&["check", BROKEN]);
    assert_eq!(run.code, 1, "{}", run.err);
    insta::assert_snapshot!(run.out);
}

#[test]
fn programs_get_the_same_mistakes_as_json() {
    let run = Pistor::new().run(&["check", BROKEN, "--format", "json"]);
    assert_eq!(run.code, 1);
    let report = run.json();
    let problems = report["problems"].as_array().unwrap();
    assert_eq!(problems.len(), 10, "{}", run.out);
    for problem in problems {
        assert!(problem["file"].as_str().unwrap().starts_with(BROKEN), "{problem}");
        assert!(problem["line"].as_u64().unwrap() > 0 && problem["column"].as_u64().unwrap() > 0, "{problem}");
        assert!(!problem["code"].as_str().unwrap().is_empty(), "{problem}");
    }
}

#[test]
fn a_pack_with_mistakes_assesses_nobody() {
    let run = Pistor::new().run(&["assess", &fixture("healthy"), "--pack", BROKEN, "--format", "json"]);
    let rows: Value = serde_json::from_str(run.refused()).unwrap();
    assert_eq!(rows.as_array().unwrap().len(), 10);
}

#[test]
fn the_built_in_pack_has_no_mistakes_and_meets_its_own_cases() {
    let pistor = Pistor::new();
    let run = pistor.run(&["check", "--no-proofs"]);
    assert_eq!((run.code, run.err.as_str()), (0, ""), "{}", run.out);
    let from_disk = pistor.run(&["check", "data", "--no-proofs", "--format", "json"]);
    let carried = pistor.run(&["check", "--no-proofs", "--format", "json"]);
    assert_eq!(from_disk.json()["pack"], carried.json()["pack"], "the working copy and the binary hold the same pack");
}

#[test]
fn a_layer_adds_a_rule() {
    let pistor = Pistor::new();
    pistor.write("own/pack.toml", OWN_PACK);
    pistor.write("own/rules.toml", OWN_RULE);
    let own = pistor.home().join("own").display().to_string();
    let run = pistor.run(&["check", &own, "--no-proofs"]);
    assert_eq!(run.code, 0, "{}", run.out);
    // Before and behind the name of the command alike.
    for arguments in [["--pack", &own, "assess", &fixture("healthy")], ["assess", &fixture("healthy"), "--pack", &own]]
    {
        let run = pistor.run(&arguments);
        assert!(run.out.contains("[example-glogau]"), "{}{}", run.out, run.err);
        assert!(run.out.contains("example-clinic"), "{}", run.out);
    }
}

#[test]
fn an_overdue_review_is_a_warning() {
    let pistor = Pistor::new();
    let run = pistor.run(&["check", "--no-proofs", "--today", "2030-01-01"]);
    assert_eq!(run.code, 0, "{}", run.out);
    assert!(run.out.contains("warning[L0101]: overdue: review was due 2027-11-22 for "), "{}", run.out);
    let rows = pistor.run(&["check", "--no-proofs", "--today", "2030-01-01", "--format", "json"]).json();
    assert!(rows["warnings"].as_array().unwrap().iter().any(|row| row["code"] == "L0101"), "{rows}");
    assert!(rows["overdue"].as_array().unwrap().iter().any(|row| row["id"] == "lidocaine-plain"), "{rows}");
    assert_eq!(rows["unsigned"].as_array().unwrap().len(), 1, "{rows}");
}

#[test]
fn a_warning_is_drawn_with_its_place_and_changes_the_exit_code_only_when_denied() {
    let pistor = Pistor::new();
    pistor.write("own/pack.toml", OWN_PACK);
    pistor.write("own/rules.toml", &format!("[[event]]\nid = 'ice-bath'\nlabel = 'Ice bath'\n{OWN_RULE}"));
    let own = pistor.home().join("own").display().to_string();
    let run = pistor.run(&["check", &own, "--no-proofs"]);
    assert_eq!(run.code, 0, "{}", run.out);
    assert!(run.out.contains("warning[L0301]") && run.out.contains("rules.toml:2:6"), "{}", run.out);
    assert!(run.out.ends_with("\n1 warning\n"), "{}", run.out);
    let denied = pistor.run(&["check", &own, "--no-proofs", "--deny-warnings", "--format", "json"]);
    assert_eq!(denied.code, 1);
    let rows = denied.json();
    assert_eq!(rows["warnings"][0]["code"], "L0301", "{rows}");
    assert_eq!((rows["warnings"][0]["line"].as_u64(), rows["warnings"][0]["column"].as_u64()), (Some(2), Some(6)));
    assert!(rows["problems"].as_array().unwrap().is_empty(), "{rows}");
    assert_eq!(pistor.run(&["check", "--no-proofs", "--deny-warnings"]).code, 0, "the built-in pack has none");
}

#[test]
fn two_states_of_a_layer_are_compared_patient_by_patient() {
    let pistor = Pistor::new();
    for (folder, glogau) in [("was", "2"), ("is", "3")] {
        pistor.write(&format!("{folder}/pack.toml"), OWN_PACK);
        pistor.write(&format!("{folder}/rules.toml"), &OWN_RULE.replace("'2'", &format!("'{glogau}'")));
    }
    let path = |name: &str| pistor.home().join(name).display().to_string();
    let (was, is, out) = (path("was"), path("is"), path("out"));
    let run = pistor.run(&["check", &is, "--diff", &was, "--witnesses", &out, "--today", TODAY]);
    assert_eq!((run.code, run.err.as_str()), (0, ""), "{}", run.out);
    assert!(run.out.contains("rule example-glogau") && run.out.contains("differs in condition"), "{}", run.out);
    assert!(run.out.contains("verdict   ! caution                        ✓ proceed"), "{}", run.out);
    assert!(run.out.lines().all(|line| line.chars().count() <= 80), "{}", run.out);
    // The files replay to the outcomes that were shown, under both.
    for (way, before, after) in [("looser", "caution", "proceed"), ("stricter", "proceed", "caution")] {
        let names = std::fs::read_dir(&out).unwrap().map(|entry| entry.unwrap().path());
        let file = names.into_iter().find(|path| path.to_string_lossy().contains(way)).unwrap().display().to_string();
        for (layer, verdict) in [(&was, before), (&is, after)] {
            let rows = pistor.run(&["assess", &file, "--pack", layer, "--today", TODAY, "--format", "json"]).json();
            assert_eq!(rows["verdict"], verdict, "{way}");
        }
    }
    // Words alone change nothing, and that is a proof.
    pistor.write("words/pack.toml", OWN_PACK);
    pistor.write("words/rules.toml", &OWN_RULE.replace("Photograph first.", "Take photographs first."));
    let rows = pistor.run(&["check", "--diff", &was, &path("words"), "--format", "json"]).json();
    assert_eq!((&rows["changes"], &rows["parts"][0]["reach"]), (&false.into(), &"words".into()), "{rows}");
    let refused = pistor.run(&["check", "--diff", "/nowhere"]);
    assert!(refused.refused().contains("cannot read pack /nowhere"), "{}", refused.err);
}

const OWN_PACK: &str =
    "[pack]\nid = 'example-clinic'\nversion = '1'\nlanguage = 1\ntitle = 'Example'\nextends = 'pistor-core'\n";
const OWN_RULE: &str = "[[rule]]\nid = 'example-glogau'\ntitle = 'Example: Glogau II'\nverdict = 'caution'\n\
    when = { skin.glogau = '2' }\nmessage = 'Photograph first.'\nwhy = 'House rule.'\nevidence = 'D'\nbasis = 'policy'\n\
    [review]\nsince = 2026-11-22\ndue = 2027-11-22\n";

#[test]
fn a_folder_that_is_no_pack_is_bad_input() {
    let pistor = Pistor::new();
    for (folder, why) in
        [("nowhere", "no such file or folder"), ("src", "no `pack.toml`"), ("README.md", "a pack is a folder")]
    {
        for command in [vec!["check", folder], vec!["assess", &fixture("healthy"), "--pack", folder]] {
            let run = pistor.run(&command);
            assert!(run.refused().contains(why), "{command:?}: {}", run.err);
        }
    }
}

#[test]
fn the_built_in_pack_is_proved_and_its_certificate_checked_again() {
    let pistor = Pistor::new();
    let proof = pistor.home().join("built-in.proof").display().to_string();
    let run = pistor.run(&["check", "--certificate", &proof, "--format", "json"]);
    assert_eq!((run.code, run.err.as_str()), (0, ""), "{}", run.out);
    let proofs = &run.json()["proofs"];
    assert_eq!(proofs["holds"], Value::Bool(true));
    assert!(proofs["verified"].as_u64().unwrap() > 1000, "{}", proofs["verified"]);
    for property in proofs["properties"].as_array().unwrap() {
        let failures = property["failures"].as_array().unwrap();
        assert!(property["informs"] == Value::Bool(true) || failures.is_empty(), "{property}");
    }
    let again = pistor.run(&["verify-proof", &proof]);
    assert_eq!((again.code, again.err.as_str()), (0, ""), "{}", again.out);
    std::fs::write(&proof, "not a proof").unwrap();
    assert!(pistor.run(&["verify-proof", &proof]).refused().contains("is not a proof"));
}

#[test]
fn a_small_pack_with_a_hole_shows_the_smallest_patient_who_assesses_to_it() {
    let pistor = Pistor::new();
    for name in ["pack.toml", "content.toml", "safety-case.toml"] {
        let text = std::fs::read_to_string(format!("tests/fixtures/small-pack/{name}")).unwrap();
        // In the place of the built-in pack, with an anticoagulant forgotten in one jurisdiction.
        let text = text.replace("id = \"small\"", "id = \"pistor-core\"");
        let hole = "when = { medication = \"thinner\", jurisdiction = \"AA\" }\nmessage = \"Ask.\"";
        pistor.write(
            &format!("own/{name}"),
            &text.replace("when = { medication = \"thinner\" }\nmessage = \"Ask.\"", hole),
        );
    }
    let (own, out) = (pistor.home().join("own").display().to_string(), pistor.home().join("out").display().to_string());
    let proof = pistor.home().join("own.proof").display().to_string();
    let run = pistor.run(&["check", &own, "--witnesses", &out, "--certificate", &proof]);
    assert_eq!((run.code, run.err.as_str()), (1, ""), "{}", run.out);
    let said = run.out.split_whitespace().collect::<Vec<_>>().join(" ");
    for part in [
        "✗ Every statement of the safety case holds, except for 1",
        "P1002 Nobody on a thinner is treated without a clearance. Yet there is a plan with a milder verdict",
        "own/safety-case.toml:",
        "smallest patient: goals.items: areas = [\"cheek\"], goal = \"brightness\"; history.medications: id = \"thinner\"",
    ] {
        assert!(said.contains(part), "{part}\n{}", run.out);
    }
    let witness = format!("{out}/P1002-1.toml");
    let replay = pistor.run(&["assess", &witness, "--pack", &own, "--format", "json"]).json();
    assert_eq!(replay["verdict"], "proceed", "a patient on a thinner is told to go on");
    assert!(!replay["plan"]["cocktails"].as_array().unwrap().is_empty());
    assert_eq!(pistor.run(&["verify-proof", &proof, "--pack", &own]).code, 1, "a question has no proof");
    // A claim without what it rests on is refused.
    let text = std::fs::read_to_string(&proof).unwrap();
    let damaged: Vec<&str> = text.lines().filter(|line| !line.starts_with("l ")).step_by(2).collect();
    let header: Vec<&str> = text.lines().take(3).collect();
    let rest: Vec<&str> = damaged.into_iter().filter(|line| !header.contains(line)).collect();
    std::fs::write(&proof, format!("{}\n{}\n", header.join("\n"), rest.join("\n"))).unwrap();
    let refused = pistor.run(&["verify-proof", &proof, "--pack", &own]);
    assert_eq!(refused.code, 1, "{}", refused.out);
    assert!(refused.out.contains("✗ step"), "{}", refused.out);
}

const OVERRIDE: &str = "[[override]]\nrule = \"vasovagal-history\"\nverdict = \"proceed\"\n\
    why = \"A nurse sits beside every patient.\"\nby = \"Dr Ada Example\"\non = 2026-10-02\nexpires = 2027-04-01\n";

/// The text without its line ends.
fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn an_override_is_counted_listed_and_shown_with_its_finding() {
    let pistor = Pistor::new();
    pistor.write("own/pack.toml", OWN_PACK);
    pistor.write("own/override.toml", OVERRIDE);
    let own = pistor.home().join("own").display().to_string();
    let check = |today: &str| pistor.run(&["check", &own, "--no-proofs", "--today", today]);
    let now = check("2026-11-22");
    assert_eq!(now.code, 0, "{}", now.out);
    assert!(now.out.contains("1 override in force:"), "{}", now.out);
    assert!(flat(&now.out).contains("decided by Dr Ada Example"), "{}", now.out);
    let later = check("2027-04-01");
    assert!(later.out.contains("1 override not in force:") && later.out.contains("expired"), "{}", later.out);
    assert!(!pistor.run(&["check", "--no-proofs"]).out.contains("override"), "nothing is said where there is none");
    let json = pistor.run(&["check", &own, "--no-proofs", "--today", "2026-11-22", "--format", "json"]).json();
    assert_eq!(
        (&json["overrides"][0]["rule"], &json["overrides"][0]["state"]),
        (&"vasovagal-history".into(), &"in-force".into())
    );

    let text = std::fs::read_to_string(fixture("healthy")).unwrap();
    let fainting = text.replace("conditions = []", "conditions = [{ id = \"vasovagal-syncope\" }]");
    let intake = pistor.write("fainting.toml", &fainting).display().to_string();
    for command in ["assess", "explain"] {
        let run = pistor.run(&[command, &intake, "--pack", &own]);
        let out = flat(&run.out);
        let said = "override, note instead of caution, until 2027-04-01; decided by Dr Ada Example on 2026-10-02 in \
                    example-clinic: A nurse sits beside every patient.";
        assert!(out.contains(said), "{}{}", run.out, run.err);
    }
}

#[test]
fn the_readme_of_the_built_in_pack_says_what_the_pack_covers() {
    let run = Pistor::new().run(&["check", "data", "--topics"]);
    assert_eq!(run.code, 0, "{}", run.err);
    let written = std::fs::read_to_string("data/README.md").unwrap_or_default();
    assert!(written == run.out, "make it anew: cargo run -- check data --topics > data/README.md");
    for what in ["| Pregnancy: confirmed, possible or planned | `rule:pregnancy", "| remark |"] {
        assert!(written.contains(what), "{what}");
    }
}

/// What `--make-cases` prints for some rules.
fn made(pistor: &Pistor, arguments: &[&str]) -> crate::program::Run {
    let mut all = vec!["check", "--today", crate::program::TODAY, "--make-cases"];
    all.extend(arguments);
    pistor.run(&all)
}

#[test]
fn made_cases_are_cases_of_a_layer_and_come_out_as_they_say() {
    let pistor = Pistor::new();
    pistor.write(
        "clinic/pack.toml",
        "[pack]\nid = \"clinic\"\nversion = \"1\"\nlanguage = 1\ntitle = \"Clinic\"\nextends = \"pistor-core\"\n",
    );
    let folder = pistor.home().join("clinic/pack-cases");
    let out = folder.display().to_string();
    let rules = ["--rule", "isotretinoin-recent", "--rule", "pregnancy", "--out", &out];
    for kind in ["isolating", "boundary", "near-miss"] {
        let run = made(&pistor, &[&[kind], rules.as_slice()].concat());
        assert_eq!((run.code, run.err.as_str()), (0, ""), "{}", run.out);
        assert!(run.out.contains("of 2 rules"), "{}", run.out);
    }
    let text = std::fs::read_to_string(folder.join("made-boundary.toml")).unwrap();
    assert!(text.contains("stopped_days_ago = 179") && text.contains("stopped_days_ago = 180"), "{text}");
    assert!(text.contains("made_by = { kind = \"boundary\""), "{text}");
    let before = pistor.run(&["check", "--no-proofs", "--format", "json"]).json()["cases"]["run"].as_u64();
    let clinic = pistor.home().join("clinic").display().to_string();
    let run = pistor.run(&["check", &clinic, "--no-proofs", "--format", "json"]);
    let rows = run.json();
    assert_eq!((run.code, rows["cases"]["failed"].as_array().map(Vec::len)), (0, Some(0)), "{}", run.out);
    assert!(rows["cases"]["run"].as_u64() > before.map(|n| n + 4), "{}", rows["cases"]);
    // A case that says less than where it comes from is a mistake, and what stands in the way is not overwritten.
    let again = made(&pistor, &[&["isolating"], rules.as_slice()].concat());
    assert!(again.refused().contains("choose another name"), "{}", again.err);
    pistor.write(
        "clinic/pack-cases/made-isolating.toml",
        "[[case]]\nid = \"x\"\nmade_by = { kind = \"isolating\" }\ngiven = {}\nexpect = { verdict = \"incomplete\" }\n",
    );
    let run = pistor.run(&["check", &clinic, "--no-proofs"]);
    assert!(run.code == 1 && flat(&run.out).contains("`made_by` needs"), "{}", run.out);
}

#[test]
fn made_cases_come_with_proofs_and_mistakes_in_asking_are_said() {
    let pistor = Pistor::new();
    let run = made(&pistor, &["isolating", "--rule", "sulfite-allergy-asthma", "--format", "json"]);
    let rows = run.json();
    let row = &rows["rules"][0];
    assert!(row["proved"][0].as_str().unwrap_or_default().starts_with("whenever it fires"), "{row}");
    assert!(rows["proofs"].as_u64() > Some(0) && row["cases"][0]["fires"] == true, "{row}");
    let wrong = made(&pistor, &["isolating", "--rule", "pregnanzy"]);
    assert!(wrong.refused().contains("did you mean `pregnancy`?"), "{}", wrong.err);
    let several = made(&pistor, &["near-miss", "--rule", "pregnancy", "--for", "training"]);
    assert!(several.refused().contains("do not fit into one file"), "{}", several.err);
    let alone = pistor.run(&["check", "--rule", "pregnancy"]);
    assert!(alone.code == 2 && alone.err.contains("--make-cases"), "{}", alone.err);
}

#[test]
fn the_coverage_of_a_small_pack_says_what_is_missing() {
    let pistor = Pistor::new();
    for file in ["pack.toml", "content.toml", "safety-case.toml"] {
        let text = std::fs::read_to_string(format!("tests/fixtures/small-pack/{file}")).unwrap();
        // In the place of the built-in pack.
        pistor.write(&format!("small/{file}"), &text.replace("id = \"small\"", "id = \"pistor-core\""));
    }
    let small = pistor.home().join("small").display().to_string();
    let run = pistor.run(&["check", &small, "--coverage"]);
    assert_eq!((run.code, run.err.as_str()), (0, ""), "{}", run.out);
    for expected in
        ["WHAT THE CASES EXERCISE", "no case fires it", "rules fired alone", "sides of numbers", "proofs checked again"]
    {
        assert!(flat(&run.out).contains(expected), "{expected}\n{}", run.out);
    }
    let rows = pistor.run(&["check", &small, "--coverage", "--format", "json"]).json();
    let peel = rows["coverage"]["rules"].as_array().unwrap().iter().find(|row| row["rule"] == "peel").unwrap();
    assert_eq!(peel["conditions"][0]["numbers"][0]["from"]["value"], "28", "{peel}");
}

#[test]
fn a_training_case_that_cannot_be_read_is_a_mistake_of_its_layer() {
    let home = tempfile::tempdir().unwrap();
    let layer = home.path().join("clinic");
    std::fs::create_dir_all(layer.join("cases")).unwrap();
    let head =
        "[pack]\nid = \"clinic\"\nversion = \"1\"\nlanguage = 1\ntitle = \"Clinic\"\nextends = \"pistor-core\"\n";
    std::fs::write(layer.join("pack.toml"), head).unwrap();
    std::fs::write(layer.join("cases").join("odd.toml"), "[[case]]\nid = \"odd\"\ntitel = \"Odd\"\n").unwrap();
    let run = Pistor::new().run(&["check", "--no-proofs", &layer.display().to_string()]);
    assert_eq!(run.code, 1, "{}{}", run.out, run.err);
    assert!(run.out.contains("odd.toml") && run.out.contains("titel"), "{}", run.out);
}
