//! A saved consultation is never changed: an amendment is another version of it.

use jiff::civil::date;

use super::harness::Harness;
use crate::record::Store;
use crate::tui::app::Screen;
use crate::tui::message::Message;

/// One saved record, on the first screen.
fn saved() -> Harness {
    let mut h = Harness::healthy(100, 40);
    h.press("F8 A Space s C-s").sees("Saved as record");
    h
}

#[test]
fn an_amendment_has_a_reason_and_says_what_it_changed() {
    let mut h = saved();
    let first = h.store.load(h.app.home.records[0].id, None).unwrap().unwrap();
    h.press("Down Enter").sees("a amend").does_not_see("[ older");
    h.press("a").sees("amends version 1").sees("An amendment");
    h.press("F1 Down Down Down").press("\"70\" Enter F8");
    h.sees("Why amended").press("s").sees("The reason of the amendment is empty");
    h.press("Space \"The weight was wrong\" Esc s C-s").sees("Saved as record of Test Patient, version 2");
    let id = first.card.id;
    assert_eq!(h.store.load(id, Some(1)).unwrap().unwrap(), first, "the first version stays as it was");
    let second = h.store.load(id, None).unwrap().unwrap().document().unwrap();
    assert_eq!((second.version, second.amendment.unwrap().reason.as_str()), (2, "The weight was wrong"));
    h.press("Down Enter").sees("The weight was wrong").sees("patient.weight_kg").sees("62 → 70").sees("[ older");
    h.press("[").sees("version 1 of 2").does_not_see("The weight was wrong");
    h.press("a").sees("This is an old version");
    h.press("[").sees("This is the first version").press("]").sees("version 2 of 2");
}

#[test]
fn whose_record_it_is_stands_above_it_and_is_asked_again_before_it_is_amended() {
    let mut h = saved();
    h.sees("Saved as record of Test Patient").press("Down Enter");
    h.sees("record of Test Patient · no date of birth");
    h.press("a F8").sees("is it the right record?").sees("[ ] Test Patient, 44 years");
    h.press("Down \"mine\" Esc s").sees("Not yet: Name and date of birth were not asked again");
    h.press("Home Space Esc s C-s").sees("Saved as record");
    // What was ticked for the first amendment does not count for the next one.
    h.press("Down Enter a F8").sees("[ ] Test Patient, 44 years");
}

#[test]
fn a_plan_is_signed_for_somebody_and_a_refusal_all_the_same() {
    let mut h = Harness::healthy(100, 40);
    h.press("F1 Up C-u Enter F8 A Space s").sees("Not yet: The patient has no name: give it, or a code of your own");
    h.press("F1 \" - \" Enter F8 s").sees("The patient has no name");
    h.press("F1 Up C-u \"K-17\" Enter F8 s C-s").sees("Saved as record of K-17");
    // A refusal may be urgent, and whoever it concerns gone.
    let mut h = Harness::healthy(100, 40);
    h.press("F1 Up C-u Enter F3 p").press("F8 s C-s");
    h.sees("Saved as record of a patient without a name");
}

#[test]
fn looking_at_an_amendment_makes_no_draft() {
    let mut h = saved();
    h.press("Down Enter a F2 F6 Esc").does_not_see("Drafts");
    assert!(h.store.drafts().unwrap().drafts.is_empty());
}

#[test]
fn an_amendment_is_assessed_as_of_the_day_of_the_consultation() {
    let mut h = saved();
    let day = h.app.today;
    h.tell(Message::Day(date(2027, 3, 1)));
    h.press("Down Enter a");
    assert_eq!(h.app.consult().unwrap().assessment.today, day);
    h.tell(Message::Day(date(2027, 3, 2)));
    assert_eq!(h.app.consult().unwrap().assessment.today, day, "not even after midnight");
}

#[test]
fn an_amendment_that_was_begun_goes_on_after_a_crash() {
    let mut h = saved();
    h.press("Down Enter a F2 2 Esc").sees("Drafts").sees("amends version 1");
    let store = std::mem::take(&mut h.store);
    let mut h = Harness::small(100, 40);
    h.store = store;
    h.list();
    h.press("Down Enter").sees("amends version 1");
    h.press("Esc Down Enter").press("Esc").sees("Drafts");
    // From the record, the amendment that was begun goes on as well.
    let at = h.app.home.drafts.len() + 1;
    h.press(&"Down ".repeat(at)).press("Enter");
    if matches!(h.app.screen, Screen::Record(_)) {
        h.press("a").sees("amends version 1");
        assert_eq!(h.store.drafts().unwrap().drafts.len(), 1);
    }
}

#[test]
fn a_version_saved_elsewhere_meanwhile_is_never_overwritten() {
    let mut h = saved();
    let id = h.app.home.records[0].id;
    h.press("Down Enter a");
    let mut other = h.store.load(id, None).unwrap().unwrap().document().unwrap();
    other.version = 2;
    h.store.save(&other, "Bo Example").unwrap();
    h.press("F2 2 F8");
    h.press("Space \"mine\" Esc s C-s").sees("Not saved").sees("version 2");
    assert_eq!(h.store.load(id, None).unwrap().unwrap().document().unwrap(), other);
}

#[test]
fn an_amendment_that_is_asked_for_before_the_rules_are_there_waits_for_them() {
    let mut h = saved();
    let store = std::mem::take(&mut h.store);
    let mut h = Harness::starting(100, 40);
    h.store = store;
    h.list();
    h.press("Down Enter a F2").does_not_see("amends");
    h.tell(Message::Pack(Ok(super::harness::small())));
    h.sees("amends version 1");
}
