//! What is typed is never dropped, never runs a command where text is expected, and never counts as another answer.

use rstest::rstest;

use super::harness::Harness;
use crate::intake::{Answer, Entry, Value};
use crate::pack::Amount;
use crate::plan::Outcome;
use crate::record::Store;
use crate::tui::app::{Confirm, Popup, Screen};
use crate::tui::message::Message;
use crate::tui::paper;
use crate::tui::sheet::{Reflection, Sheet};

impl Harness {
    fn sheet(&self) -> &Sheet {
        &self.app.consult().expect("a consultation").sheet
    }

    fn outcome(&self) -> Outcome {
        self.app.consult().expect("a consultation").assessment.verdict
    }

    fn records(&mut self) -> usize {
        self.app.home.filter.reset();
        self.store.list(&self.app.records_wanted()).unwrap().cards.len()
    }
}

const SPEECH: &str = "Tired look; Lips avoided, has asked about A, h, l, u, q? Yes <soon> & says so";

#[test]
fn letters_typed_on_a_line_of_the_signature_are_its_text_wherever_the_cursor_came_from() {
    for (to, of) in [
        ("Down", 0),
        ("Down Down", 1),
        ("Down Down Down", 2),
        ("Down Down Down Down", 3),
        ("Tab Tab", 1),
        ("End Up", 3),
        ("End Up Up", 2),
        ("Down Down Esc Down", 2),
        ("Down Esc Down Up", 0),
    ] {
        let mut h = Harness::healthy(80, 24);
        h.press("F8 A 4").press(to).press("C-u").press(&format!("\"{SPEECH}\""));
        let sheet = h.sheet();
        let lines = [&sheet.signer.name, &sheet.signer.role, &sheet.signer.licence, &sheet.note];
        assert_eq!(lines[of], SPEECH, "after {to}\n{}", h.text());
        assert_eq!(sheet.reflection, Reflection::Days(7), "after {to}");
        assert_eq!(h.records(), 0);
    }
}

#[test]
fn a_line_that_the_cursor_left_by_page_or_wheel_is_not_typed_into_another_one() {
    for leave in ["PgUp", "wheel", "click"] {
        let mut h = Harness::healthy(80, 24);
        h.press("F8 A 4 Down Down Down Down \"Own words\"");
        match leave {
            "wheel" => h.tell(Message::Wheel { down: false, x: 5, y: 10 }),
            "click" => {
                let y = h.text().lines().position(|line| line.contains("X-0001")).expect("the licence") as u16;
                h.tell(Message::Click(25, y));
            }
            key => drop(h.press(key)),
        }
        h.press("\"!\"");
        let sheet = h.sheet();
        assert_eq!(sheet.note, "Own words", "{leave}");
        assert!(["X-0001", "X-0001!"].contains(&sheet.signer.licence.as_str()), "{leave}: {:?}", sheet.signer);
    }
}

#[test]
fn signing_is_asked_in_words_and_no_text_answers() {
    let mut h = Harness::healthy(80, 24);
    h.press("F8 A 4 End Up \"Lips avoided\" Enter").sees("Sign and save?");
    for words in
        ["Test Patient, 44 years", "PROCEED", "Time to think  7 days", "Ada Example, physician, licence X-0001"]
    {
        h.sees(words);
    }
    h.sees("Lips avoided").sees("never changed");
    h.press(&format!("\"{SPEECH}\" Enter Y y s Space")).sees("Not signed yet: Ctrl-S signs");
    assert!(matches!(h.app.popups.last(), Some(Popup::Confirm(Confirm::Sign))));
    assert_eq!(h.records(), 0);
    h.press("Esc").does_not_see("Sign and save?");
    h.press("s C-s").sees("Saved as record");
    assert_eq!(h.records(), 1);
}

#[test]
fn what_stands_against_signing_is_said_and_the_note_goes_on_taking_letters() {
    let mut h = Harness::healthy(80, 24);
    h.press("F8 End \"Lips\" Enter").sees("Not yet:").does_not_see("Sign and save?");
    h.press("\" avoided\"");
    assert_eq!(h.sheet().note, "Lips avoided");
}

#[test]
fn what_is_signed_is_looked_at_again_when_the_answer_comes() {
    let mut h = Harness::healthy(80, 24);
    h.press("F8 A 1 s").sees("Sign and save?");
    // The window stands over a state that changes below it.
    h.app.consult_mut().unwrap().sheet.covered.clear();
    h.press("C-s").sees("Not yet");
    assert_eq!(h.records(), 0);
}

#[rstest]
#[case("98 lb", "\"98 lb\" is not a number of kg: that is 44.5 kg; type 44.5")]
#[case("3-4", "\"3-4\" is not a number of kg; expected 25 to 300 kg")]
#[case("2026-10-01", "is not a number of kg")]
#[case("about 62", "is not a number of kg")]
#[case("<60", "is not a number of kg")]
#[case("unknown", "is not a number of kg")]
#[case("6 2", "is not a number of kg")]
#[case("62?", "is not a number of kg")]
#[case("1,000", "can be read as 1")]
#[case("62kilos", "is not a number of kg")]
fn a_number_with_something_else_is_refused_as_it_was_typed(#[case] typed: &str, #[case] why: &str) {
    for pasted in [false, true] {
        let mut h = Harness::healthy(100, 40);
        assert_eq!(h.outcome(), Outcome::Proceed);
        h.press("F1 Tab Tab Tab").sees("Ceilings are computed");
        match pasted {
            true => h.tell(Message::Paste(typed.into())),
            false => drop(h.press(&format!("\"{typed}\""))),
        }
        h.press("Enter").sees(typed);
        let said = h.app.consult().unwrap().error.clone().expect("why").1;
        assert!(said.contains(why) || typed == "1,000" && said.contains("out of range"), "{typed}: {said}");
        assert_eq!(h.sheet().intake.get("patient.weight_kg"), None, "{typed}: the earlier answer counts no longer");
        assert_eq!(h.outcome(), Outcome::Incomplete, "{typed}");
        assert!(h.app.consult().unwrap().assessment.plan.is_none());
        h.press("F6").sees("I N C O M P L E T E").sees("Weight");
        h.press("F8 s").sees("Not yet");
        // Back to the question, the right answer, and everything is as it was.
        h.press("F1 Tab Tab Tab C-u 6 2 Enter");
        assert_eq!(h.outcome(), Outcome::Proceed, "{typed}\n{}", h.text());
    }
}

#[rstest]
#[case("62 kg", 62_000)]
#[case("62,5", 62_500)]
#[case("62.5KG", 62_500)]
fn its_own_unit_may_stand_behind_a_number(#[case] typed: &str, #[case] thousandths: i64) {
    let mut h = Harness::healthy(80, 24);
    h.press("F1 Tab Tab Tab").press(&format!("\"{typed}\" Enter"));
    let weight = h.sheet().intake.get("patient.weight_kg");
    assert_eq!(weight, Some(&Answer::Number(Amount::thousandths(thousandths))));
}

#[test]
fn not_known_is_a_key_of_an_empty_number_alone() {
    let mut h = Harness::healthy(80, 24);
    h.press("F1 Tab Tab Tab -");
    assert_eq!(h.sheet().intake.get("patient.weight_kg"), Some(&Answer::Unknown));
    h.press("S-Tab ?").sees("Keys of this screen");
}

/// On the days of a peel that was ten days ago.
fn peel() -> Harness {
    let mut h = Harness::healthy(100, 40);
    h.press("F3 Tab Tab Tab x a \"peel\" Enter Enter \"10\" Enter 1");
    let said = h.sheet().intake.entries("history.events")[0].qualifiers.get("days_ago").cloned();
    assert_eq!(said, Some(Value::Number(Amount::whole(10))), "{}", h.text());
    h
}

#[rstest]
#[case("3 weeks", "that is 21 days; type 21")]
#[case("2026-10-01", "is not a number of days")]
#[case("yesterday", "is not a number of days")]
#[case("6 months", "is not a number of days; expected")]
fn a_detail_that_cannot_be_read_counts_no_longer(#[case] typed: &str, #[case] why: &str) {
    let mut h = peel();
    h.press("F3 Tab Tab Tab S-Tab Tab").press("Up Up").press(&format!("\"{typed}\" Enter"));
    let said = h.app.consult().unwrap().error.clone().expect("why").1;
    assert!(said.contains(why), "{said}");
    assert_eq!(h.sheet().intake.entries("history.events")[0].qualifiers.get("days_ago"), None);
    assert_eq!(h.outcome(), Outcome::Incomplete);
    h.press("F6").sees("Recent events").press("F3").sees(typed).sees("(not accepted)");
}

#[test]
fn a_birth_date_that_cannot_be_read_leaves_no_earlier_one_in_force() {
    let mut h = Harness::healthy(80, 24);
    h.press("F1 S-Tab S-Tab S-Tab S-Tab S-Tab S-Tab Tab C-u \"1990-05-05\" Enter F6");
    assert_eq!(h.outcome(), Outcome::Proceed, "{}", h.text());
    h.press("F1 S-Tab S-Tab S-Tab S-Tab S-Tab S-Tab Tab C-u \"2012-13-01\" Enter").sees("is not a day");
    assert_eq!(h.sheet().intake.get("patient.birth_date"), None);
    assert_eq!(h.outcome(), Outcome::Incomplete);
    for step in ["F6", "F7", "F8"] {
        h.press(step).does_not_see("PROCEED").does_not_see("P R O C E E D").does_not_see("1990-05-05");
    }
    // Undo brings the answer back that was there.
    h.press("F6 u");
    assert!(matches!(h.sheet().intake.get("patient.birth_date"), Some(Answer::Date(_))));
    assert_eq!(h.outcome(), Outcome::Proceed);
}

#[test]
fn an_answer_that_was_being_replaced_when_the_program_died_is_open() {
    let mut h = Harness::healthy(80, 24);
    h.press("F1 Tab Tab Tab 9");
    let draft = h.store.drafts().unwrap().drafts.remove(0);
    let loaded = h.app.loaded().unwrap();
    let (read, lost) = paper::taken(&loaded.pack, &draft, h.app.today);
    assert!(lost.is_empty());
    assert_eq!(read.sheet.typed_for("patient.weight_kg"), Some("9"));
    assert_eq!(read.sheet.intake.get("patient.weight_kg"), None);
    assert!(read.sheet.intake.get("patient.name").is_some());
}

#[test]
fn esc_in_a_picker_says_what_is_typed_and_not_added() {
    let mut h = Harness::small(80, 24);
    h.press("n F4 a \"latex\" Enter \"nick\" Esc").sees("\"nick\" is not added yet").sees("Enter adds it");
    h.press("Enter").sees("added");
    assert_eq!(h.sheet().intake.entries("allergies.items").len(), 2);
    h.press("\"pen\" Esc Esc").sees("\"pen\" was left out");
    assert!(h.app.popups.is_empty());
    assert!(h.sheet().pending.is_empty());
    assert_eq!(h.sheet().intake.entries("allergies.items").len(), 2);
    // Typing on after the first Esc asks again.
    h.press("a \"pen\" Esc \"i\" Esc").sees("\"peni\" is not added yet");
}

#[test]
fn a_word_left_in_a_picker_keeps_its_question_open_and_waits_there() {
    let mut h = Harness::healthy(80, 24);
    h.press("F4 a \"latex\" F6").sees("\"latex\" is not added").sees("I N C O M P L E T E");
    h.press("F8 s").sees("Not yet");
    // A draft keeps it as well.
    let draft = h.store.drafts().unwrap().drafts.remove(0);
    let (read, _) = paper::taken(&h.app.loaded().unwrap().pack, &draft, h.app.today);
    assert_eq!(read.sheet.typed_for("allergies.items"), Some("latex"));
    h.press("F4").sees("\"latex\" is not added").press("a").sees("› latex").press("Enter Esc");
    assert_eq!(h.sheet().intake.entries("allergies.items"), [Entry::coded("latex")]);
    assert!(h.sheet().pending.is_empty());
    h.press("F6 u");
    assert_eq!(h.outcome(), Outcome::Proceed);
    assert!(h.sheet().pending.is_empty(), "taking the entry back brings no letters back");
}

#[test]
fn a_date_of_birth_takes_the_place_of_an_age() {
    let mut h = Harness::healthy(80, 24);
    assert!(h.sheet().intake.get("patient.age").is_some());
    h.press("F1 S-Tab S-Tab S-Tab S-Tab S-Tab S-Tab Tab \"03/04/1990\" Enter").sees("can be 1990-04-03 or 1990-03-04");
    assert_eq!(h.sheet().intake.get("patient.birth_date"), None);
    h.press("C-u \"1990-05-05\" Enter");
    assert_eq!(h.sheet().intake.get("patient.age"), None, "another age would stand beside it");
}

#[test]
fn what_stands_against_signing_is_gone_to_and_only_open_points_are_shown_again() {
    let mut h = Harness::healthy(80, 24);
    h.press("F8 A").sees("2 of 2 covered, 2 of them ticked a page at a time");
    h.press("s").sees("The reflection time is not set").press("4");
    // One of them is taken back: signing goes there, and one key covers it, by itself.
    h.press("Home Down Space").sees("1 of 2 covered").press("s").sees("1 consent point is not covered");
    h.press("Space").sees("2 of 2 covered, 1 of them ticked a page at a time");
    h.press("A").sees("Everything is ticked already").press("s C-s").sees("Saved as record");
    let id = h.app.home.records[0].id;
    let document = h.store.load(id, None).unwrap().unwrap().document().unwrap();
    let by_page: Vec<bool> = document.decisions.consent.iter().map(|tick| tick.by_page).collect();
    assert_eq!(by_page, [true, false]);
}

#[test]
fn pasted_text_answers_no_choice_of_a_follow_up() {
    let mut h = Harness::healthy(80, 24);
    h.press("F8 A 1 s C-s Down Enter f");
    h.tell(Message::Paste("2 no reaction".into()));
    assert!(h.text().contains("left out"), "{}", h.text());
    h.press("2");
    while !h.text().contains("▌ Grade") && !matches!(h.app.screen, Screen::Home) {
        h.press("Down");
    }
    let said = |h: &Harness| match &h.app.screen {
        Screen::FollowUp(view) => view.text(None),
        _ => panic!("no form"),
    };
    let before = said(&h);
    h.tell(Message::Paste("5 1 n".into()));
    h.sees("left out");
    assert_eq!(said(&h), before);
}

#[test]
fn a_paste_that_is_too_long_says_what_was_left_out() {
    let mut h = Harness::small(80, 24);
    h.press("n");
    h.tell(Message::Paste("x".repeat(2_005)));
    h.sees("the last 5 characters were left out").press("y").sees("The line is full");
}
