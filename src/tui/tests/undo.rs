//! Undo and redo: every answer can be taken back and made again, whatever it was; what is no answer stays.

use proptest::prelude::*;

use super::harness::Harness;
use crate::tui::sheet::{Sheet, Signer};

/// What undo is about: the sheet without what it leaves alone.
fn answers(h: &Harness) -> Sheet {
    let mut sheet = h.app.consult().unwrap().sheet.clone();
    sheet.visited.clear();
    sheet.pending.clear();
    sheet.note.clear();
    sheet.signer = Signer::default();
    sheet
}

#[test]
fn lists_details_areas_scales_choices_overrides_and_ticks_are_taken_back_one_by_one() {
    let mut h = Harness::healthy(100, 30);
    let mut states = vec![answers(&h)];
    let changes = [
        "F3 Tab Tab x a \"warfarin\" Enter Esc",
        "2 Enter",
        "F3 Tab a \"epilepsy\" Enter Esc",
        "F4 a \"latex\" Enter Esc",
        "x",
        "F5 Up Enter 1 Enter",
        "F2 2",
        "F8 Space",
        "F6 Down Down o 1 \"Dr Test, 2026-11-02\" Enter",
    ];
    for keys in changes {
        let before = answers(&h);
        h.press(keys);
        // Some keys are more than one change; each state between is one to come back to.
        assert_ne!(answers(&h), before, "{keys} changes something:\n{}", h.text());
        states.push(answers(&h));
    }
    let end = answers(&h);
    let mut undone = 0;
    for state in states.iter().rev().skip(1) {
        while answers(&h) != *state {
            h.press("F6 C-7");
            undone += 1;
            assert!(undone < 40, "never comes back to {state:?}");
        }
    }
    while !h.text().contains("Nothing to make again") {
        h.press("C-r");
    }
    assert_eq!(answers(&h), end, "everything is made again");
}

#[test]
fn what_was_typed_for_the_record_is_not_taken_back_with_an_answer() {
    let mut h = Harness::healthy(100, 30);
    h.press("F2 2 F8 A Down Down Down Down \" Own words\" Esc");
    let note = h.app.consult().unwrap().sheet.note.clone();
    assert!(note.contains("Own words"), "{note:?}\n{}", h.text());
    h.press("u");
    let sheet = &h.app.consult().unwrap().sheet;
    assert_eq!(sheet.note, note);
}

#[test]
fn after_another_answer_nothing_is_made_again() {
    let mut h = Harness::healthy(100, 30);
    h.press("F2 2 u").sees("Taken back").press("F2 1 C-r").sees("Nothing to make again");
}

fn keys() -> impl Strategy<Value = Vec<&'static str>> {
    const KEYS: &[&str] = &[
        "1", "2", "3", "n", "a", "x", "-", "Enter", "Tab", "S-Tab", "Esc", "Space", "Del", "F1", "F2", "F3", "F4",
        "F5", "F6", "F8", "Down", "Up", "w", "l", "o", "u", "C-r", "y", "s", "+",
    ];
    proptest::collection::vec(proptest::sample::select(KEYS), 0..80)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn all_the_way_back_and_all_the_way_forth(keys in keys()) {
        let mut h = Harness::small(80, 24);
        h.press("n");
        let begin = answers(&h);
        for key in keys {
            h.press(key);
            if h.app.consult().is_none() {
                return Ok(());
            }
        }
        // Out of every window and every line: what is typed is an answer by then, or is not.
        while !h.app.popups.is_empty() {
            h.press("Esc");
        }
        h.press("F6");
        let end = answers(&h);
        let steps = h.app.consult().unwrap().past.len();
        for _ in 0..steps {
            h.press("F6 u");
        }
        prop_assert_eq!(answers(&h), begin);
        h.press("F6 u").sees("Nothing to take back");
        for _ in 0..steps {
            h.press("F6 C-r");
        }
        prop_assert_eq!(answers(&h), end);
    }
}
