//! A patient who was here before: nothing of the last consultation counts before it is confirmed.

use jiff::civil::date;

use super::harness::{Harness, picture};
use crate::intake::{Answer, Value};
use crate::plan::Outcome;
use crate::record::{Draft, Store};
use crate::source::Amount;
use crate::tui::app::{Popup, Screen};
use crate::tui::message::Message;
use crate::tui::sheet::StepId;

/// A consultation of somebody with a medicine, an event and an allergy was saved; ten days have passed.
pub fn saved(width: u16, height: u16) -> Harness {
    let mut h = Harness::small(width, height);
    h.press("n \"Test Patient\" Enter \"1982-03-04\" Enter f 6 2 Enter 1 6 8 Enter 3 n");
    h.press("a \"epil\" Enter Esc 1 Enter a \"warf\" Enter Esc \"2.5\" Enter Enter a \"peel\" Enter Esc 1 0 0 Enter");
    h.press("1 Enter a \"latex\" Enter Esc Enter g l o w Enter 2 Enter n n");
    h.signs();
    h.tell(Message::Day(date(2026, 12, 2)));
    h
}

/// The same patient came again, with another weight and nothing to report.
pub fn saved_twice(width: u16, height: u16) -> Harness {
    let mut h = saved(width, height);
    h.press(
        "n \"Test Patient\" Enter \"1982-03-04\" Enter f 7 0 Enter 1 6 8 Enter 3 n n n Y n n Y g l o w Enter 2 Enter n n",
    );
    h.signs();
    h
}

impl Harness {
    /// Covers all points, asks again who it is where that is called for, and signs.
    fn signs(&mut self) {
        self.press("F8 A A A A");
        if self.text().contains("asked again") || self.press("Home").text().contains("asked again") {
            self.press("Home Space");
        }
        self.press("End Up Up Up Up Space s C-s").sees("Saved as record");
    }

    fn says(&self) -> Outcome {
        self.app.consult().unwrap().assessment.verdict
    }

    fn given(&self, question: &str) -> Option<&Answer> {
        self.app.consult().unwrap().sheet.intake.get(question)
    }
}

#[test]
fn nothing_of_the_last_consultation_counts_before_it_is_confirmed() {
    let mut h = saved(80, 24);
    h.press("Down r").sees("Answers of 2026-11-22 are offered").sees("to be confirmed").sees("Test Patient");
    assert_eq!(h.says(), Outcome::Incomplete);
    let before = h.app.consult().unwrap().sheet.intake.clone();
    assert!(before.get("patient.name").is_none() && before.get("allergies.items").is_none());
    // Walking through with Tab confirms nothing.
    for _ in 0..30 {
        h.press("Tab");
    }
    assert_eq!(h.app.consult().unwrap().sheet.intake, before);
    h.press("F6");
    assert_eq!(h.says(), Outcome::Incomplete);
    h.press("F8 s").sees("Not yet");
}

#[test]
fn one_key_confirms_an_answer_and_another_all_that_was_shown() {
    let mut h = saved(80, 24);
    h.press("Down r Enter");
    assert_eq!(h.given("patient.name"), Some(&Answer::Text("Test Patient".into())));
    assert_eq!(h.given("patient.birth_date"), None);
    h.press("C-t").sees("confirmed");
    assert_eq!(h.given("patient.birth_date"), Some(&Answer::Date(date(1982, 3, 4))));
    assert!(h.given("patient.sex").is_some() && h.given("patient.height_cm").is_some());
    assert_eq!(h.given("patient.weight_kg"), None, "a weight ages");
    h.sees("Ctrl-/ takes it back").press("C-/");
    assert_eq!(h.given("patient.sex"), None, "it is taken back like any other change");
}

#[test]
fn what_ages_is_asked_anew_and_days_count_on() {
    let mut h = saved(80, 24);
    h.press("Down r C-t F3").sees("Pregnancy").does_not_see("No  from");
    h.press("C-t").sees("has to be asked by itself");
    h.press("n");
    assert_eq!(h.given("history.conditions"), None);
    h.sees("y still so").press("y");
    assert_eq!(h.app.consult().unwrap().sheet.intake.entries("history.conditions").len(), 1);
    assert!(
        h.app.consult().unwrap().sheet.intake.entries("history.conditions")[0].qualifiers.is_empty(),
        "whether it is active is asked anew"
    );
    h.press("1 Tab y");
    assert!(h.app.consult().unwrap().sheet.intake.entries("history.medications")[0].qualifiers.is_empty());
    h.press("\"2.5\" Enter Tab").sees("Days ago 110").press("y");
    let events = h.app.consult().unwrap().sheet.intake.entries("history.events").to_vec();
    assert_eq!(events[0].qualifiers.get("days_ago"), Some(&Value::Number(Amount::whole(110))));
}

#[test]
fn the_record_notes_what_was_carried_over_and_confirmed() {
    let mut h = saved(80, 24);
    let first = h.app.home.records[0].id;
    h.press("Down r C-t").press("6 3 Enter").press("F2 Enter F3 n y 1 Tab y").press("\"2.5\" Enter Tab y 1");
    h.press("F4 y F5 y F5").press("Tab n Tab n F8");
    h.sees("born 1982-03-04 (44)").press("s").sees("Not yet");
    assert_ne!(h.says(), Outcome::Incomplete, "{}", h.text());
    h.signs();
    let id = h.app.home.records[0].id;
    assert_ne!(id, first);
    let document = h.store.load(id, None).unwrap().unwrap().document().unwrap();
    let carried = document.decisions.carried.unwrap();
    assert_eq!((carried.record, carried.version, carried.day), (first, 1, date(2026, 11, 22)));
    let confirmed: Vec<&str> = carried.confirmed.iter().map(|one| one.question.as_str()).collect();
    assert!(confirmed.contains(&"patient.birth_date") && confirmed.contains(&"allergies.items"), "{confirmed:?}");
    assert!(!confirmed.contains(&"history.conditions"), "changed afterwards: given anew, {confirmed:?}");
    assert!(document.decisions.identity_checked_at.is_some());
}

#[test]
fn a_draft_of_a_returning_patient_goes_on_with_its_offers() {
    let mut h = saved(80, 24);
    h.press("Down r Enter F4");
    let draft: Draft = h.store.drafts().unwrap().drafts.remove(0);
    assert!(!draft.intake.contains("latex") && draft.earlier.contains("latex"));
    let mut again = Harness::small(80, 24);
    again.store = h.store;
    again.list();
    again.sees("Test Patient").press("Down Enter").sees("Latex").sees("to be confirmed").press("y");
    assert_eq!(again.app.consult().unwrap().sheet.intake.entries("allergies.items").len(), 1);
}

#[test]
fn a_draft_whose_name_is_not_confirmed_is_listed_by_the_name_on_record() {
    let mut h = saved(80, 24);
    h.press("Down r F2 Enter Esc").sees("Drafts").sees("Test Patient").does_not_see("(no name)");
}

#[test]
fn the_last_consultation_is_taken_whichever_the_cursor_is_on() {
    let mut h = saved(80, 24);
    let older = h.app.home.records[0].id;
    h.press(
        "n \"Test Patient\" Enter \"1982-03-04\" Enter f 6 2 Enter 1 7 0 Enter 3 n n n Y n n Y g l o w Enter 2 Enter n n",
    );
    h.signs();
    let newer = h.app.home.records[0].id;
    assert_ne!(older, newer);
    h.press("Down Down r");
    assert_eq!(h.app.consult().unwrap().sheet.carried.as_ref().unwrap().record, newer);
}

#[test]
fn a_returning_patient_waits_for_the_rules() {
    let h = saved(80, 24);
    let mut next = Harness::starting(80, 24);
    next.store = h.store;
    next.list();
    next.press("Down r");
    assert!(matches!(next.app.screen, Screen::Home));
    next.tell(Message::Pack(Ok(super::harness::small())));
    next.sees("Answers of 2026-11-22 are offered");
}

#[test]
fn somebody_who_looks_alike_is_pointed_out_and_in_nobodys_way() {
    let mut h = saved(80, 24);
    h.press("n \"Patient Tes\"").sees("looks like Test Patient, born 1982-03-04, last seen 2026-11-22");
    h.press("\"t\"").sees("exchanged");
    h.press("Enter \"1982-04-03\"").sees("day and month of birth exchanged");
    h.press("Enter f").sees("Weight");
    h.press("F1 C-o")
        .sees("Is it one of these?")
        .press("Enter")
        .sees("history of a patient")
        .sees("this is the patient");
    h.press("Esc").sees("1982-04-03");
    assert!(h.app.consult().unwrap().sheet.carried.is_none());
    h.press("C-o Enter r").sees("to be confirmed");
    let consult = h.app.consult().unwrap();
    assert!(consult.sheet.intake.get("patient.name").is_none(), "who it is, is confirmed");
    assert!(consult.sheet.intake.get("patient.sex").is_some(), "what was answered stays");
    assert_eq!(h.store.drafts().unwrap().drafts.len(), 1, "no draft of a second patient is left");
}

#[test]
fn others_are_not_pointed_out() {
    let mut h = saved(80, 24);
    h.press("n \"Ada Example\" Enter \"1982-03-04\" Enter").does_not_see("looks like");
}

#[test]
fn where_another_patient_could_be_meant_signing_asks_again() {
    let mut h = saved(80, 24);
    h.press(
        "n \"Test Patiant\" Enter \"1982-03-04\" Enter f 6 2 Enter 1 6 8 Enter 3 n n n Y n n Y g l o w Enter 2 Enter n n",
    );
    h.press("F8").sees("somebody on record looks like this patient").press("A A Space s").sees("Not yet");
    h.press("Home Space").sees("[x] Test Patiant, born 1982-03-04 (44)");
    // Another name is another patient: it is asked again.
    h.press("F1 S-Tab S-Tab S-Tab S-Tab S-Tab S-Tab S-Tab").press("F1");
    assert_eq!(h.app.consult().unwrap().step, StepId::Patient);
    assert!(h.app.consult().unwrap().sheet.identity_checked.is_some());
    h.press("\"1\" Enter");
}

#[test]
fn two_consultations_stand_side_by_side() {
    let mut h = saved_twice(80, 24);
    h.press("Down h").sees("2 consultations").sees("newest first");
    for (width, height) in [(60, 20), (80, 24), (120, 40)] {
        h.tell(Message::Resize(width, height));
        snapshot("history", &h);
        h.press("m Down c").sees("lines differ, ").sees("≠");
        snapshot("compare", &h);
        h.press("a").does_not_see("(a: all)").press("a").sees("same (a: all)");
        h.press("Esc Up m").does_not_see("marked");
    }
    h.press("Enter").sees("Signed by").press("Esc").sees("history of a patient").press("Esc");
    assert!(matches!(h.app.screen, Screen::Home));
}

#[test]
fn pictures_of_a_returning_patient() {
    for (width, height) in [(60, 20), (80, 24)] {
        let mut h = saved(width, height);
        h.press("Down r");
        snapshot("returning", &h);
        h.press("F3 n");
        snapshot("returning-history", &h);
        let mut h = saved(width, height);
        h.press("n \"Patient Test\" Enter \"1982-03-04\"");
        snapshot("alike", &h);
        h.press("C-o");
        snapshot("alike-window", &h);
    }
}

#[test]
fn records_are_sorted_and_sifted() {
    let mut h = saved(120, 30);
    h.sees("◇ clearance").press("v").sees("only proceed").sees("Nothing matches");
    h.press("v v").sees("only clearance").does_not_see("Nothing matches");
    h.press("Esc").does_not_see("only").press("s").sees("by name").press("s s").does_not_see("by ");
    h.press("y").sees("of 2026").press("y").does_not_see("of 2026");
    h.press("Down").sees("born 1982-03-04, 44 years");
}

fn snapshot(name: &str, h: &Harness) {
    let (width, height) = h.app.size;
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!(format!("{name}-{width}x{height}"), picture(&h.buffer()));
    });
}

#[test]
fn a_picker_offers_what_this_patient_had_before_everything_else_and_nothing_of_another_one() {
    let mut h = saved(80, 24);
    h.press("Down r F3 Tab a").sees("Common ones first").sees("Warfarin").sees("last time");
    assert!(matches!(h.app.popups.last(), Some(Popup::Picker(picker)) if picker.chosen.is_none()), "nothing is chosen");
    // Somebody else gets the common ones alone.
    h.press("Esc Esc").press("Home n F3 Tab a").does_not_see("last time");
}

#[test]
fn a_picker_says_why_something_matches_and_to_which_group_it_belongs() {
    let mut h = Harness::new(80, 24);
    h.press("n F3 Tab a \"coum\"").sees("Warfarin").sees("also called Coumadin  medicines that thin the blood");
    h.press("Backspace Backspace Backspace Backspace \"wafrarin\"").sees("No exact match; similar:");
}

#[test]
fn none_against_what_the_last_consultation_offers_asks_back_and_is_pointed_out() {
    let mut h = saved(100, 40);
    h.press("Down r C-t F4 n").sees("None, against the record?").sees("On record (2026-11-22):").sees("Latex");
    h.press("Esc");
    assert_eq!(h.given("allergies.items"), None, "nothing is answered yet");
    h.press("y");
    assert_eq!(h.app.consult().unwrap().sheet.intake.entries("allergies.items").len(), 1);
    h.press("u F4 n Y");
    assert_eq!(h.given("allergies.items"), Some(&Answer::Items(Vec::new())));
    h.press("F6").sees("On record, and not now").sees("and not now: Latex.");
    h.press("F8").sees("[x] Allergies");
    // Said anew, it is asked about anew.
    h.press("F4 x n").sees("None, against the record?");
}

#[test]
fn none_against_the_record_of_somebody_who_looks_alike_asks_back() {
    let mut h = saved(100, 40);
    h.press("n \"Test Patient\" Enter \"1982-03-04\" Enter");
    h.sees("looks like Test Patient").sees("clearance, ! allergic: Latex");
    h.press("F4 n").sees("On record (Test Patient, 2026-11-22):").sees("Latex").press("Y");
    h.press("F3 Tab n").sees("Warfarin").press("Esc");
    // Another date of birth, another person: a name that merely begins so says nothing.
    h.press("Esc n \"Test Pat\" Enter F4 n").does_not_see("against the record");
}

#[test]
fn an_entry_that_is_left_out_of_a_list_is_asked_about_before_signing() {
    let mut h = saved(100, 40);
    h.press("Down r C-t").press("6 3 Enter").press("F2 Enter F3 n y 1 Tab y").press("\"2.5\" Enter Tab y 1");
    h.press("F4 a \"peni\" Enter Esc Enter F5 y F5").press("Tab n Tab n F8");
    h.sees("On record, and not now").sees("[ ] Allergies").sees("Latex. Asked");
    h.press("A A A 1 Home Space s").sees("Not yet: Allergies (on record, above)");
    h.press("Home Down Space s C-s").sees("Saved as record");
    let id = h.app.home.records[0].id;
    let document = h.store.load(id, None).unwrap().unwrap().document().unwrap();
    let left_out = &document.decisions.left_out;
    assert_eq!(left_out.len(), 1);
    assert_eq!((left_out[0].from.as_str(), left_out[0].gone.as_slice()), ("2026-11-22", &["Latex".to_owned()][..]));
    assert!(left_out[0].asked_at.is_some());
    h.press("Down Enter").sees("On record, and not now");
}
