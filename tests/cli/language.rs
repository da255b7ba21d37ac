//! `--language`, and `check --language`.

use crate::program::{Pistor, fixture};

const PACK: &str = "[pack]\nid = 'mots'\nversion = '1'\nlanguage = 1\ntitle = 'Mots'\nextends = 'pistor-core'\n";
const WORDS: &str = "[review]\nsince = 2026-11-22\ndue = 2027-11-22\n[[language]]\nid = 'xx'\nlabel = 'Essai'\n\
    [[wording]]\nlanguage = 'xx'\nof = 'rule:pregnancy'\ntitle = 'Grossesse'\npatient = 'Pas pendant la grossesse.'\n\
    [[wording]]\nlanguage = 'xx'\nof = 'condition:epilepsy'\nlabel = 'Mal comitial'\n";

/// A home with the layer; its folder.
fn with_words(pistor: &Pistor) -> String {
    pistor.write("mots/pack.toml", PACK);
    pistor.write("mots/words.toml", WORDS);
    pistor.home().join("mots").display().to_string()
}

#[test]
fn the_language_comes_from_the_command_line_or_the_configuration() {
    let pistor = Pistor::new();
    let words = with_words(&pistor);
    let pregnant = fixture("pregnant");
    let english = pistor.run(&["assess", &pregnant, "--pack", &words]);
    assert!(!english.out.contains("Grossesse"), "{}", english.out);
    let asked = pistor.run(&["assess", &pregnant, "--pack", &words, "--language", "xx"]);
    assert!(asked.out.contains("Grossesse [pregnancy]") && asked.out.contains("Shown in Essai"), "{}", asked.out);
    let config = pistor.write("config.toml", &format!("packs = [\"{words}\"]\nlanguage = \"xx\"\n"));
    let config = config.display().to_string();
    let configured = pistor.run(&["assess", &pregnant, "--config", &config]);
    assert_eq!(configured.out, asked.out);
    let back = pistor.run(&["assess", &pregnant, "--config", &config, "--language", "en"]);
    assert_eq!(back.out, english.out, "the command line comes first");
    // Programs find the same ids and keys.
    let ids = |language: &str| {
        let json =
            pistor.run(&["assess", &pregnant, "--pack", &words, "--language", language, "--format", "json"]).json();
        (json["findings"][0]["rule"].clone(), json["verdict"].clone(), json["pack"].clone())
    };
    assert_eq!(ids("xx"), ids("en"));
    for name in ["comitial", "epilepsy"] {
        let found = pistor.run(&["find", "conditions", name, "--pack", &words, "--language", "xx"]);
        assert!(found.out.contains("epilepsy") && found.out.contains("Mal comitial"), "{}", found.out);
    }
}

#[test]
fn a_language_that_nobody_brings_is_bad_input() {
    let pistor = Pistor::new();
    let words = with_words(&pistor);
    let healthy = fixture("healthy");
    for command in [vec!["assess", &healthy], vec!["check", "--no-proofs"], vec!["find", "goals", "x"]] {
        let mut arguments = command.clone();
        arguments.extend(["--pack", &words, "--language", "xy"]);
        let run = pistor.run(&arguments);
        assert!(run.refused().contains("unknown language `xy`"), "{command:?}: {}", run.err);
    }
    let config = pistor.write("config.toml", "language = \"zz\"\n").display().to_string();
    let run = pistor.run(&["assess", &healthy, "--config", &config]);
    assert!(run.refused().contains("C0001") && run.refused().contains("config.toml:1:12"), "{}", run.err);
}

#[test]
fn check_says_how_complete_a_language_is() {
    let pistor = Pistor::new();
    let words = with_words(&pistor);
    let run = pistor.run(&["check", &words, "--no-proofs", "--language", "xx"]);
    assert_eq!(run.code, 0, "{}", run.out);
    let line = run.out.lines().find(|line| line.contains("Essai (xx): 3 of ")).expect("how much");
    assert!(line.ends_with(" texts"), "{line}");
    let (marks, missing) = run.out.split_once("In English until").expect("what is missing");
    assert!(marks.contains("rule:pregnancy: made_from = \""), "{marks}");
    let rule = missing.lines().find(|line| line.trim_start().starts_with("rule:pregnancy:")).expect("what is missing");
    assert!(rule.contains("message") && !rule.contains("title"), "{rule}");
    assert!(!missing.contains("condition:epilepsy:"), "nothing of it is missing");
    let json = pistor.run(&["check", &words, "--no-proofs", "--language", "xx", "--format", "json"]).json();
    assert_eq!((&json["language"]["id"], &json["language"]["worded"]), (&"xx".into(), &3.into()));
    assert!(json["language"]["missing"].as_array().is_some_and(|missing| missing.len() > 100));
    assert!(!pistor.run(&["check", &words, "--no-proofs"]).out.contains("Essai"), "only when it is asked for");
}
