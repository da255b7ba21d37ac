//! A consultation that is gone on with on a later day: what ages is asked anew.

use jiff::civil::date;

use super::harness::Harness;
use crate::intake::Answer;
use crate::plan::Outcome;
use crate::record::{Draft, Store};
use crate::tui::message::Message;

/// Everything was answered, and the program ended; it starts again on that day.
fn later(day: jiff::civil::Date) -> Harness {
    let mut h = Harness::healthy(100, 40);
    h.press("Esc").sees("Drafts");
    let store = std::mem::take(&mut h.store);
    let mut h = Harness::small(100, 40);
    h.store = store;
    h.tell(Message::Day(day));
    h.list();
    h.press("Down Enter");
    h
}

fn verdict(h: &Harness) -> Outcome {
    h.app.consult().unwrap().assessment.verdict
}

fn given<'h>(h: &'h Harness, question: &str) -> Option<&'h Answer> {
    h.app.consult().unwrap().sheet.intake.get(question)
}

#[test]
fn what_ages_is_asked_anew_and_lists_are_offered() {
    let mut h = later(date(2027, 2, 23));
    h.sees("Left on 2026-11-22: what may have changed is asked anew");
    assert_eq!(verdict(&h), Outcome::Incomplete);
    for question in ["history.pregnancy", "patient.weight_kg", "allergies.items", "goals.items"] {
        assert_eq!(given(&h, question), None, "{question}");
    }
    // What lasts for good stays; whose it is, is asked again before signing.
    assert_eq!(given(&h, "patient.name"), Some(&Answer::Text("Test Patient".into())));
    assert!(given(&h, "patient.sex").is_some() && given(&h, "patient.height_cm").is_some());
    h.press("F5").sees("Glow").sees("from 2026-11-22, to be confirmed");
    h.press("F8").sees("it was begun on an earlier day").press("s").sees("Not yet");
}

#[test]
fn the_record_says_when_it_was_begun() {
    let mut h = later(date(2026, 11, 24));
    h.press("4 4 Enter 6 2 Enter").press("F3 n n n n").press("F4 n").press("F5 y F5 Tab n Tab n F8 A A A 1");
    h.press("Home Space s C-s").sees("Saved as record of Test Patient");
    let id = h.app.home.records[0].id;
    let carried = h.store.load(id, None).unwrap().unwrap().document().unwrap().decisions.carried.unwrap();
    assert_eq!((carried.record, carried.version, carried.day), (id, 0, date(2026, 11, 22)));
    h.press("Down Enter").sees("this consultation, as it was left on 2026-11-22");
}

#[test]
fn on_its_own_day_it_goes_on_as_it_was() {
    let mut h = later(date(2026, 11, 22));
    assert_eq!(verdict(&h), Outcome::Proceed);
    h.does_not_see("Left on");
}

#[test]
fn left_open_over_night_it_is_the_same() {
    let mut h = Harness::healthy(100, 40);
    h.press("Esc");
    h.tell(Message::Day(date(2026, 11, 23)));
    h.press("Enter").sees("Left on 2026-11-22");
    assert_eq!(verdict(&h), Outcome::Incomplete);
    assert!(
        h.press("u").app.consult().unwrap().sheet.intake.get("history.pregnancy").is_none(),
        "undo brings nothing back"
    );
}

#[test]
fn a_draft_of_an_older_program_is_as_old_as_its_last_change() {
    let mut h = Harness::healthy(100, 40);
    h.press("Esc");
    let draft: Draft = h.store.drafts().unwrap().drafts.remove(0);
    h.store.put_draft(&Draft { day: None, ..draft }).unwrap();
    let store = std::mem::take(&mut h.store);
    let mut h = Harness::small(100, 40);
    h.store = store;
    h.tell(Message::Day(date(2026, 12, 1)));
    h.list();
    h.press("Down Enter").sees("Left on 2026-11-22");
}
