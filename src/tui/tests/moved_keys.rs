//! With other keys in the configuration no screen names a key that was moved away.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use crossterm::event::KeyCode as K;
use rstest::rstest;

use super::harness::Harness;
use super::{follow_up, lock, returning};
use crate::source::SourceFile;
use crate::tui::action::{ACTIONS, ActionDef};
use crate::tui::context::Context;
use crate::tui::keymap::KeyMap;
use crate::tui::keys::{Chord, ctrl, key};

/// What no configuration moves.
fn stays(chord: Chord) -> bool {
    [key(K::Enter), key(K::Esc), ctrl('c')].contains(&chord)
}

/// Every command on a key that it does not have by default: F10 to F24, alone, with Control, with Alt.
fn moved() -> KeyMap {
    let keys: Vec<String> =
        ["", "Ctrl-", "Alt-"].iter().flat_map(|with| (10..=24).map(move |n| format!("{with}F{n}"))).collect();
    let meet =
        |a: &ActionDef, b: &ActionDef| Context::ALL.into_iter().any(|context| a.is_in(context) && b.is_in(context));
    let mut given: Vec<(&ActionDef, &String)> = Vec::new();
    let mut config = String::from("[keys]\n");
    for def in ACTIONS.iter().filter(|def| def.keys.iter().any(|chord| !stays(*chord))) {
        let free = keys.iter().find(|key| !given.iter().any(|(other, taken)| taken == key && meet(def, other)));
        let free = free.expect("a key for every command");
        given.push((def, free));
        let _ = writeln!(config, "\"{}\" = \"{free}\"", def.id);
    }
    let file = Arc::new(SourceFile::new("config.toml", config));
    KeyMap::read(&file).unwrap_or_else(|report| panic!("{report:?}"))
}

/// The labels of all keys that were moved.
fn gone() -> BTreeSet<String> {
    let chords = ACTIONS.iter().flat_map(|def| def.keys).filter(|chord| !stays(**chord));
    chords.flat_map(|chord| [chord.label(), chord.written()]).collect()
}

/// The words that are drawn in the style of keys.
fn drawn_keys(h: &Harness) -> Vec<String> {
    let (buffer, style) = (h.buffer(), h.app.theme.key);
    let mut runs = Vec::new();
    for y in 0..buffer.area.height {
        let mut run = String::new();
        for x in 0..buffer.area.width {
            let cell = &buffer[(x, y)];
            let is_key = Some(cell.fg) == style.fg && cell.modifier == style.add_modifier;
            if is_key && cell.symbol() != " " {
                run.push_str(cell.symbol());
            } else if !run.is_empty() {
                runs.push(std::mem::take(&mut run));
            }
        }
        runs.push(run);
    }
    runs.retain(|run| !run.is_empty());
    runs
}

/// Whether the keys of answers are on the screen: these belong to the pack, not to the commands.
fn has_answers(h: &Harness) -> bool {
    use Context as C;
    let context = crate::tui::context::context(&h.app);
    matches!(context, C::Choice | C::FieldChoice | C::Scale | C::Areas | C::Override | C::Picker | C::FollowUp)
}

#[track_caller]
fn names_none(mut h: Harness) {
    let gone = gone();
    // What the last command said was said with the keys it had.
    h.app.notice = None;
    h.app.settings.keys = moved();
    h.app.size = (h.app.size.0, 60);
    for run in drawn_keys(&h) {
        // The keys of answers are letters and digits.
        let of_an_answer = run.chars().count() == 1 && (has_answers(&h) || run.chars().all(|c| c.is_ascii_digit()));
        assert!(!gone.contains(&run) || of_an_answer, "{run:?} is named as a key on\n{}", h.text());
    }
    // Names of keys that are no word of a sentence (and no name: Del Solar is the author of a source).
    for word in h.text().split(|c: char| !(c.is_alphanumeric() || c == '-')) {
        let name = word.len() > 1
            && gone.contains(word)
            && !["Home", "End", "Up", "Down", "Left", "Right", "Del"].contains(&word);
        assert!(!name, "{word:?} is named on\n{}", h.text());
    }
}

const WARFARIN: &str = "F3 Tab Tab x a \"warfarin\" Enter Esc 2 Enter";

#[rstest]
#[case("Esc Esc")]
#[case("F1 Up")]
#[case("F2")]
#[case("F2 s")]
#[case("F3 Tab")]
#[case("F3 Tab Tab Up")]
#[case("F3 Tab a")]
#[case("F4")]
#[case("F5 Up")]
#[case("F5 Up Enter")]
#[case("F6")]
#[case("F6 Down")]
#[case("F6 Down Enter")]
#[case("F6 Down o")]
#[case("F6 Down o 1")]
#[case("F7")]
#[case("F7 m Down -")]
#[case("F7 m Down w")]
#[case("F7 Down Enter")]
#[case("F8")]
#[case("F8 A 1")]
#[case("F8 End Enter")]
#[case("F6 ?")]
#[case("F6 C-p")]
#[case("F8 A 1 s")]
#[case("F8 A 1 s Down Enter")]
#[case("F8 A 1 s Down h")]
#[case("F8 A 1 s f")]
#[case("F8 A 1 s f Enter")]
#[case("F8 A 1 s /")]
fn no_screen_names_a_key_that_was_moved(#[case] place: &str, #[values(80, 160)] width: u16) {
    let mut h = Harness::healthy(width, 40);
    h.press(WARFARIN).press(place);
    names_none(h);
}

#[test]
fn nor_do_those_of_records_that_were_followed_up_compared_or_locked() {
    names_none(lock::undecided_at(100, 30));
    let mut h = returning::saved_twice(100, 30);
    h.press("Down h m");
    names_none(h);
    let mut h = returning::saved_twice(100, 30);
    h.press("Down h m Down c").sees("two consultations");
    names_none(h);
    let mut h = returning::saved_twice(100, 30);
    h.press("Down r").sees("to be confirmed");
    names_none(h);
    for keys in ["f", "f 1", "f 2 \"lump\" Enter", "f 2 Tab Tab"] {
        let mut h = follow_up::record(100, 30);
        h.press(keys);
        names_none(h);
    }
}

#[rstest]
#[case("")]
#[case("Down Down Enter")]
#[case("Home Down Down Down Enter a")]
#[case("m Enter Enter 7 Enter")]
#[case("m m")]
#[case("p")]
#[case("c")]
fn nor_do_those_of_the_training(#[case] place: &str) {
    let mut h = Harness::training(100, 30);
    h.press(place);
    names_none(h);
}

/// Sentences that the program says name keys by their commands: no letter stands in them by itself.
#[test]
fn no_sentence_has_a_key_written_into_it() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/tui");
    let mut files: Vec<_> = ["view", "update", "view/train", "update/train", "training"]
        .iter()
        .flat_map(|room| std::fs::read_dir(root.join(room)).unwrap())
        .collect();
    files.extend(std::fs::read_dir(&root).unwrap());
    let files =
        files.into_iter().map(|file| file.unwrap().path()).filter(|path| path.extension().is_some_and(|e| e == "rs"));
    let mut found = Vec::new();
    for path in
        files.filter(|path| !path.ends_with("action.rs") && !path.ends_with("keys.rs") && !path.ends_with("keymap.rs"))
    {
        let text = std::fs::read_to_string(&path).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap();
        for line in code.lines().filter(|line| !line.trim_start().starts_with("//")) {
            for sentence in line.split('"').skip(1).step_by(2) {
                found.extend(names_a_key(sentence).then(|| format!("{}: {sentence:?}", path.display())));
            }
        }
    }
    assert_eq!(found, Vec::<String>::new());
    assert!(names_a_key("Removed. u brings it back.") && names_a_key("then a goes on") && names_a_key("see it (F7)"));
    assert!(!names_a_key("{undo} brings it back") && !names_a_key("a lump at a point") && !names_a_key("{age} y"));
}

/// Keys of answers, which the form itself gives; units; keys that edit a line everywhere.
const ALLOWED: [&str; 8] = [
    "n: none of them",
    "Is it serious? Tick what holds, or n for none of them.",
    "{age} y",
    "{years} y",
    "  {HINT_SECONDS} s",
    "  {} s",
    "Ctrl-U",
    "a bar: four parts for A, one for D",
];

fn names_a_key(sentence: &str) -> bool {
    if ALLOWED.contains(&sentence) {
        return false;
    }
    let bare: Vec<&str> =
        sentence.split([' ', '\u{a0}']).map(|word| word.trim_matches(['(', ')', '.', ',', ';', ':'])).collect();
    bare.iter().enumerate().any(|(n, word)| match *word {
        "a" => bare.get(n + 1).is_some_and(|next| ["adds", "goes", "takes", "opens", "shows"].contains(next)),
        "A" => sentence.contains(" A again"),
        "Tab" | "Space" | "Del" | "PgDn" | "PgUp" | "Shift-Tab" => true,
        word => {
            let mut letters = word.chars();
            let first = letters.next();
            let rest = letters.as_str();
            (first.is_some_and(|c| c.is_ascii_alphabetic()) && rest.is_empty())
                || (first == Some('F') && rest.parse::<u8>().is_ok())
                || (word.starts_with("Ctrl-") && word != "Ctrl-U")
        }
    })
}
