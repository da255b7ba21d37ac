//! The house rules that a compiler does not hold: who may call whom, and what may touch the outside world.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::path::{Path, PathBuf};

/// The rooms, lowest first: a room may use the rooms before it. `cli` opens the screen, so it stands above `tui`.
const ROOMS: [&str; 15] = [
    "source",
    "codes",
    "pack",
    "find",
    "intake",
    "rules",
    "plan",
    "follow_up",
    "proof",
    "lint",
    "training",
    "record",
    "config",
    "tui",
    "cli",
];

/// Rooms that never touch files, environment, clock or terminal.
const PURE: [&str; 10] = ["source", "codes", "pack", "find", "intake", "rules", "plan", "follow_up", "proof", "lint"];

/// What a pure room must not name.
const OUTSIDE: [&str; 9] = [
    "std::fs",
    "std::env",
    "std::io",
    "std::process",
    "std::thread",
    "SystemTime",
    "Instant::now",
    "Zoned::now",
    "crossterm",
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All Rust files below a folder, sorted.
fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let Ok(entries) = fs::read_dir(folder) else { return files };
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|e| e == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// Rooms in use, with the code of each file: no comments, and none of the tests that end a file.
fn code() -> Vec<(&'static str, String, String)> {
    let mut all = Vec::new();
    for room in ROOMS {
        for path in rust_files(&root().join("src").join(room)) {
            let name = path.strip_prefix(root()).unwrap().display().to_string();
            if name.ends_with("tests.rs") || name.contains("/tests/") {
                continue;
            }
            let text = fs::read_to_string(&path).unwrap();
            let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
            let lines: Vec<&str> = text.lines().map(|line| line.split("//").next().unwrap_or_default()).collect();
            all.push((room, name, lines.join("\n")));
        }
    }
    all
}

/// The rooms that code names as `crate::ROOM` or inside `use crate::{...}`.
fn uses(code: &str) -> Vec<String> {
    let mut found = Vec::new();
    for part in code.split("crate::").skip(1) {
        if let Some(inner) = part.strip_prefix('{') {
            let mut depth = 1;
            let end = inner.find(|c| {
                depth += match c {
                    '{' => 1,
                    '}' => -1,
                    _ => 0,
                };
                depth == 0
            });
            let group = &inner[..end.unwrap_or(inner.len())];
            let mut depth = 0;
            let top = group.split(|c| {
                depth += match c {
                    '{' => 1,
                    '}' => -1,
                    _ => 0,
                };
                c == ',' && depth == 0
            });
            found.extend(top.map(first_word));
        } else {
            found.push(first_word(part));
        }
    }
    found
}

fn first_word(text: &str) -> String {
    text.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

#[test]
fn the_reader_of_uses_sees_every_form() {
    let code =
        "use crate::pack::{self, Pack};\nuse crate::{plan, tui::{view, app}, source as s};\nlet x = crate::rules::y();";
    assert_eq!(uses(code), ["pack", "plan", "tui", "source", "rules"]);
}

#[test]
fn arrows_go_down_only() {
    let code = code();
    assert!(code.len() > 40, "only {} files found", code.len());
    let place = |room: &str| ROOMS.iter().position(|other| *other == room);
    let mut wrong = Vec::new();
    for (room, file, text) in &code {
        for used in uses(text) {
            match place(&used) {
                Some(other) if Some(other) <= place(room) => {}
                Some(_) => wrong.push(format!("{file}: {room} uses {used}")),
                None => wrong.push(format!("{file}: `crate::{used}` is no room; name the room it belongs to")),
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_folder_of_src_is_a_room_of_the_map() {
    let map = fs::read_to_string(root().join("src/lib.rs")).unwrap();
    for entry in fs::read_dir(root().join("src")).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            let room = path.file_name().unwrap().to_str().unwrap();
            assert!(ROOMS.contains(&room), "{room} is not in the order of this test");
            assert!(map.contains(&format!("[`{room}`]")), "{room} is not on the map in src/lib.rs");
            assert!(map.contains(&format!("pub mod {room};")), "{room} is not built");
        }
    }
}

#[test]
fn pure_rooms_touch_nothing_outside() {
    let mut wrong = Vec::new();
    for (room, file, text) in code() {
        if !PURE.contains(&room) {
            continue;
        }
        wrong.extend(OUTSIDE.iter().filter(|name| text.contains(*name)).map(|name| format!("{file} names {name}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn training_is_pure_but_for_its_store_and_blind_until_the_seal() {
    let training: Vec<_> = code().into_iter().filter(|(room, _, _)| *room == "training").collect();
    assert!(training.len() > 10, "only {} files found", training.len());
    for (_, file, text) in training {
        let named = |name: &&str| text.contains(*name);
        assert!(file.ends_with("store.rs") || !OUTSIDE.iter().any(named), "{file} touches the outside");
        // Three files ask the engine: one takes a sealed attempt, one takes a case and is for authors, and one asks about
        // patients who were made for a short card.
        let asks = ["assess(", "explain(", "assess_adjusted("].iter().any(named);
        let may = ["reveal.rs", "author.rs", "short/rules.rs"].iter().any(|name| file.ends_with(name));
        assert!(may || !asks, "{file} asks the engine");
    }
    let flow = fs::read_to_string(root().join("src/training/flow.rs")).unwrap();
    assert!(!flow.contains("reveal(pack, &") && !flow.contains("use super::reveal"), "the flow reveals nothing");
    let reveal = fs::read_to_string(root().join("src/training/reveal.rs")).unwrap();
    assert!(reveal.contains("pub fn reveal(pack: &Pack, sealed: &Sealed)"), "only a sealed attempt is revealed");
}

#[test]
fn the_training_screens_ask_the_engine_in_one_file_and_know_no_records() {
    let parts = ["src/tui/training/", "src/tui/update/train/", "src/tui/view/train/", "src/tui/clerk.rs"];
    let files: Vec<_> =
        code().into_iter().filter(|(_, file, _)| parts.iter().any(|part| file.starts_with(part))).collect();
    assert!(files.len() > 8, "only {} files found", files.len());
    for (_, file, text) in files {
        let asks = ["assess(", "assess_adjusted(", "explain(", "changes(", "model(", "author_view(", "reveal(&"];
        let found = asks.iter().any(|name| text.contains(name)) || text.contains("engine::");
        assert!(file == "src/tui/update/train/reveal.rs" || !found, "{file} asks the engine");
        assert!(!text.contains("crate::record"), "{file} knows records");
    }
    let reveal = fs::read_to_string(root().join("src/tui/update/train/reveal.rs")).unwrap();
    // Once of an attempt that was sealed just now, once of a sealed file that is read again.
    assert!(reveal.contains("begun.sealed().cloned()") && reveal.contains("Sealed::from_file("));
    assert!(reveal.matches("reveal(&loaded.pack, &sealed)").count() == 2);
}

#[test]
fn the_clock_is_read_only_where_a_person_sits() {
    for (room, file, text) in code() {
        let reads = ["Zoned::now", "SystemTime::now", "Timestamp::now"].iter().any(|name| text.contains(name));
        assert!(!reads || ["cli", "tui", "record"].contains(&room), "{file} reads the clock");
    }
}

#[test]
fn the_readme_names_every_command() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    for command in ["assess", "explain", "find", "formulary", "check", "verify-proof", "records", "train", "paths"] {
        assert!(readme.contains(&format!("pistor {command}")), "README.md does not show `pistor {command}`");
    }
    for line in ["cargo run --release", "cargo test"] {
        assert!(readme.lines().any(|l| l == line), "README.md does not show `{line}`");
    }
}

#[test]
fn the_documents_explain_every_code() {
    let explained = fs::read_to_string(root().join("docs/diagnostics.md")).unwrap();
    let mut codes = Vec::new();
    for (_, file, text) in code() {
        for part in text.split("Code(\"").skip(1) {
            let code = part.split('"').next().unwrap_or_default().to_owned();
            assert!(explained.contains(&format!("`{code}`")), "docs/diagnostics.md does not explain {code} of {file}");
            codes.push(code);
        }
    }
    assert!(codes.len() > 20, "only {} codes found", codes.len());
    let all = codes.len();
    codes.sort();
    codes.dedup();
    assert_eq!(codes.len(), all, "a code is used twice");
}
