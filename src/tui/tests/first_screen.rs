//! The first screen in a hurry: the cursor stays with its patient, and looking changes nothing.

use jiff::Timestamp;

use super::harness::Harness;
use crate::record::{Draft, Store};
use crate::tui::view::{self, Item};

/// Two patients on record.
fn two() -> Harness {
    let mut h = Harness::healthy(100, 40);
    h.press("F8 A Space s C-s");
    h.press(
        "n \"Mix Maker\" Enter 4 7 Enter f 6 2 Enter 1 6 8 Enter 3 n n n n n g l o w Enter 2 Enter n n F8 A Space s C-s",
    );
    h.sees("Saved as record of Mix Maker");
    h
}

/// Whose line the cursor is on.
fn whose(h: &Harness) -> String {
    match view::page(&h.app).items.get(h.app.home.chosen) {
        Some(Item::Draft(at)) => format!("draft of {}", h.app.home.drafts[*at].patient),
        Some(Item::Record(at)) => h.app.home.records[*at].patient.clone(),
        _ => String::new(),
    }
}

#[test]
fn the_cursor_stays_with_its_patient_when_a_draft_comes_in_above() {
    let mut h = two();
    h.press("Down Down");
    assert_eq!(whose(&h), "Test Patient");
    h.press("Enter f 2 \"bru\" Enter Esc Esc").sees("Drafts");
    assert_eq!(whose(&h), "Test Patient");
    // And when it goes.
    h.press("Home Down d Y").does_not_see("Drafts");
    h.press("n \"Ines Young\" Enter Esc Esc");
    assert_eq!(whose(&h), "draft of Ines Young");
}

#[test]
fn a_draft_that_was_only_looked_at_keeps_its_time() {
    let mut h = Harness::small(100, 40);
    h.press("n \"Ines Young\" Enter 4 4 Enter Esc");
    let draft: Draft = h.store.drafts().unwrap().drafts.remove(0);
    let before: Timestamp = "2026-11-22T07:05:00Z".parse().unwrap();
    h.store.put_draft(&Draft { updated_at: before, ..draft }).unwrap();
    let store = std::mem::take(&mut h.store);
    let mut h = Harness::small(100, 40);
    h.store = store;
    h.list();
    h.press("Down Enter").sees("draft saved 07:05").press("F3 F4 F6 Esc");
    assert_eq!(h.store.drafts().unwrap().drafts[0].updated_at, before);
    h.press("Enter F1 Tab Tab f Esc");
    assert_ne!(h.store.drafts().unwrap().drafts[0].updated_at, before);
}

#[test]
fn names_come_before_texts_and_drafts_are_out_of_the_way() {
    let mut h = two();
    // In the record of Test Patient, the newer version, "mix" stands in a text only.
    h.press("Down Down Enter a F2 2 F8 Space \"another mixture\" Esc s C-s").sees("version 2");
    h.press("n \"Ines Young\" Enter Esc Esc").sees("Drafts");
    h.press("/ \"mix\"").does_not_see("Drafts").sees("\"mixture\"");
    assert_eq!(whose(&h), "Mix Maker");
    h.press("Esc").does_not_see("\"mixture\"").press("/ \"maker\"");
    assert_eq!(h.app.home.records.len(), 1, "what was looked for before is not gone on with");
    h.press("C-u \"mker\"").sees("similar names").sees("Mix Maker");
    h.press("Esc Esc").sees("Drafts").sees("Test Patient");
}
