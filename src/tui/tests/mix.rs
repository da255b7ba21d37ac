//! A mix of one's own: every change is vetted before it is taken.

use super::harness::Harness;
use crate::plan::OwnMix;
use crate::record::Store;
use crate::tui::message::Message;

impl Harness {
    fn own(&self) -> Vec<OwnMix> {
        self.app.consult().expect("a consultation").sheet.mixes.values().cloned().collect()
    }
}

/// On the plan of a healthy patient, the mix open.
fn open(width: u16, height: u16) -> Harness {
    let mut h = Harness::healthy(width, height);
    h.press("F7 m").sees("As proposed").sees("No difference").sees("nothing in it is excluded");
    h
}

#[test]
fn volumes_change_by_a_key_and_the_difference_is_said() {
    let mut h = open(80, 24);
    h.press("Down -").sees("Your own mix").sees("Lidocaine: 0.4 mL instead of 0.5 mL");
    h.press("-").sees("0.3 mL instead of 0.5 mL");
    h.press("Esc").sees("Own mix, made from").sees("Δ Lidocaine: 0.3 mL instead of 0.5 mL");
    // One key goes back, another brings it again.
    h.press("r").sees("Back to the proposal").does_not_see("Δ");
    assert!(h.own().is_empty());
    h.press("u").sees("Δ Lidocaine: 0.3 mL instead of 0.5 mL");
}

#[test]
fn what_is_as_proposed_again_is_no_mix_of_ones_own() {
    let mut h = open(80, 24);
    h.press("Down -").sees("Your own mix");
    h.press("+").sees("As proposed.");
    assert!(h.own().is_empty());
}

#[test]
fn a_volume_can_be_typed_and_a_wrong_one_says_what_was_expected() {
    let mut h = open(80, 24);
    h.press("Down Enter \"0.25\" Enter").sees("0.25 mL instead of 0.5 mL");
    h.press("Enter \"99\" Enter").sees("out of range");
    h.press("Esc").sees("0.25 mL");
    h.press("Enter \"9\" Enter").sees("0.5 mL is the most that a recipe gives here").sees("0.25 mL stays");
    h.sees("0.25 mL instead of 0.5 mL");
}

#[test]
fn points_can_be_made_smaller() {
    let mut h = open(80, 24);
    h.press("Down Down Enter \"0.03\" Enter")
        .sees("points of 0.03 mL instead of 0.02 mL")
        .sees("50 points instead of 75");
}

#[test]
fn an_ingredient_is_left_out_but_not_the_last_active_one() {
    let mut h = open(80, 24);
    h.press("x").sees("Not taken: no active ingredient is left in it");
    assert!(h.own().is_empty());
    h.press("Down x").sees("Lidocaine left out");
    // And comes back: it is what a recipe for this goal gives.
    h.press("a").sees("what a recipe for this goal and area gives").sees("Lidocaine").sees("up to 0.5 mL");
    h.press("Enter").sees("As proposed.");
}

#[test]
fn a_mix_that_an_answer_excludes_is_refused_and_cannot_be_signed() {
    let mut h = Harness::new(80, 24);
    h.press("n \"Test Patient\" Enter 4 4 Enter f 6 2 Enter 1 6 8 Enter 3 2 n n n n n n r y a n 1 7 Enter n n");
    h.press("F7 m w \"nctf\"")
        .sees("Polycomponent solution")
        .press("Enter")
        .sees("Polycomponent solution (NCTF type) added");
    assert_eq!(h.own().len(), 1);
    // An allergy to a part of it is found out later.
    h.press("Esc F4 x a \"thiamine\" Enter Esc 1 1");
    h.press("F7").sees("Your own mix cannot be given").sees("is excluded");
    let plan = h.app.consult().unwrap().assessment.plan.as_ref().unwrap();
    assert!(plan.cocktails.iter().all(|c| c.own.is_none() && c.ingredients.iter().all(|dose| dose.id != "nctf")));
    h.press("F8 s").sees("Not yet: Your own mix cannot be given");
    // What a rule keeps out is shown with the reason, and not taken.
    h.press("F7 r").does_not_see("cannot be given").press("m a").sees("✗ Polycomponent").sees("excluded:");
    h.press("\"nctf\" Enter").sees("Not taken");
    assert!(h.own().is_empty());
}

#[test]
fn it_is_kept_in_the_draft_and_in_the_record() {
    let mut h = open(80, 40);
    h.press("Down - Esc");
    let kept = h.store.drafts().unwrap().drafts;
    assert_eq!(kept[0].decisions.mixes, h.own());
    h.press("F8 A 1").press("s C-s").sees("Saved as record");
    h.press("Down Enter").press("End").sees("Own mix, made from Hyaluronic acid with lidocaine");
    h.sees("Δ Lidocaine: 0.4 mL instead of 0.5 mL");
    // An amendment begins with it.
    h.press("a");
    assert_eq!(h.own().len(), 1);
    h.press("F7").sees("Own mix, made from");
}

#[test]
fn its_lines_can_be_clicked() {
    let mut h = open(80, 24);
    super::flow::click(&mut h, "Lidocaine");
    super::flow::click(&mut h, "- less");
    h.sees("Lidocaine: 0.4 mL instead of 0.5 mL");
    super::flow::click(&mut h, "r reset");
    h.sees("Back to the proposal").sees("As proposed: ");
    h.tell(Message::Click(0, 3));
    assert!(h.app.popups.is_empty());
}

#[test]
fn what_was_not_taken_is_said_in_the_window_until_the_next_change() {
    let mut h = open(60, 20);
    h.press("x").sees("✗ Not taken: no active ingredient is left in it.");
    h.press("Down -").does_not_see("✗ Not taken");
}
