//! `pistor keys`, and keys from the configuration wherever keys are named.

use crate::program::{Pistor, all};

#[test]
fn the_page_of_keys_is_made_from_the_table() {
    let page = Pistor::new().run(&["keys", "--markdown"]).out;
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/keys.md");
    let written = std::fs::read_to_string(path).unwrap_or_default();
    assert!(page == written, "make it anew: cargo run -- keys --markdown > docs/keys.md");
}

#[test]
fn keys_of_the_configuration_are_named_everywhere() {
    let pistor = Pistor::new();
    let config = pistor.write("keys.toml", "[keys]\nundo = 'F11'\nask.add = ['+', 'Ctrl-x']\n");
    let config = config.to_str().unwrap();
    let shown = pistor.run(&["keys", "undo", "--config", config]);
    assert!(shown.out.contains("F11 undo (from the configuration)\n"), "{}", shown.out);
    let json = pistor.run(&["keys", "--format", "json", "--config", config]).json();
    let add = json.as_array().unwrap().iter().find(|row| row["id"] == "ask.add").unwrap();
    assert_eq!(add["keys"], serde_json::json!(["+", "Ctrl-X"]));
    assert_eq!(add["default"], serde_json::json!(["a", "/"]));
    let man = pistor.run(&["--config", config, "man"]).out;
    assert!(man.contains("\\fBF11\\fR\nTake the last change back"), "{man}");
}

#[test]
fn a_wrong_key_stops_with_its_place() {
    let pistor = Pistor::new();
    let config = pistor.write("keys.toml", "theme = 'dark'\n[keys]\nundoo = 'z'\n'ask.add' = 'x'\n");
    let config = config.to_str().unwrap();
    for arguments in [["keys", "--config", config], ["man", "--config", config], ["--plain", "--config", config]] {
        let arguments: Vec<&str> =
            if arguments[0] == "man" { vec!["--config", config, "man"] } else { arguments.into() };
        let run = pistor.run(&arguments);
        let said = run.refused();
        for part in ["keys.toml:3:1", "did you mean `undo`?", "keys.toml:4:13", "x is also `ask.remove` (remove)"] {
            assert!(said.contains(part), "{arguments:?}: no {part:?} in\n{said}");
        }
    }
}

#[test]
fn the_schema_names_every_command_once() {
    let schema = Pistor::new().run(&["keys", "--schema"]).json();
    let listed = Pistor::new().run(&["keys", "--format", "json"]).json();
    let ids = all(&listed, "id");
    let properties = schema["properties"].as_object().unwrap();
    assert_eq!(properties.len(), ids.len());
    assert!(ids.iter().all(|id| properties.contains_key(*id)));
}

#[test]
fn a_word_that_no_command_has_is_told() {
    let run = Pistor::new().run(&["keys", "xyzzy"]);
    assert_eq!((run.code, run.out.as_str()), (0, "no command has to do with \"xyzzy\"\n"));
}
