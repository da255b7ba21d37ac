//! What one can do, key by key.

use super::harness::Harness;
use crate::intake::{Answer, Entry, What};
use crate::plan::Outcome;
use crate::tui::app::{PackState, Popup, Screen};
use crate::tui::effect::Effect;
use crate::tui::message::Message;
use crate::tui::sheet::StepId;

impl Harness {
    fn answer(&self, question: &str) -> Option<&Answer> {
        self.app.consult().expect("a consultation").sheet.intake.get(question)
    }

    fn step(&self) -> StepId {
        self.app.consult().expect("a consultation").step
    }

    fn verdict(&self) -> Outcome {
        self.app.consult().expect("a consultation").assessment.verdict
    }

    fn entries(&self, question: &str) -> Vec<Entry> {
        self.app.consult().expect("a consultation").sheet.intake.entries(question).to_vec()
    }
}

#[test]
fn going_back_is_never_blocked_and_keeps_what_was_typed() {
    let mut h = Harness::small(80, 24);
    h.press("n \"Test Patient\" Enter Enter \"200\"");
    h.press("Enter").sees("out of range").sees("0 to 120 years");
    h.press("S-Tab").sees("year-month-day");
    h.press("F2").sees("Fitzpatrick");
    h.press("F1").sees("200 (not accepted)");
    assert_eq!(h.answer("patient.age"), None, "a wrong answer is no answer");
    h.press("Tab").sees("200");
}

#[test]
fn choices_are_one_key_and_move_on() {
    let mut h = Harness::small(80, 24);
    h.press("n F2 3");
    assert_eq!(h.answer("skin.fitzpatrick"), Some(&Answer::Choice("3".into())));
    assert_eq!(h.step(), StepId::History, "the only question of the step");
}

#[test]
fn choices_can_be_made_with_arrows_alone() {
    let mut h = Harness::small(80, 24);
    h.press("n F2 Enter").sees("Press the key of an answer");
    assert_eq!(h.answer("skin.fitzpatrick"), None, "Enter alone answers nothing");
    h.press("Down Down Down Enter");
    assert_eq!(h.answer("skin.fitzpatrick"), Some(&Answer::Choice("3".into())));
    h.press("F1 Tab Tab Tab Right Right Enter");
    assert_eq!(h.answer("patient.sex"), Some(&Answer::Choice("male".into())));
}

#[test]
fn a_correction_stays_with_its_neighbours() {
    let mut h = Harness::healthy(80, 24);
    h.press("F1 Home").sees("Patient");
    h.press("S-Tab Tab Tab Tab m");
    h.sees("Ceilings are computed").does_not_see("Fitzpatrick");
    assert_eq!(h.step(), StepId::Patient);
}

#[test]
fn a_digit_replaces_the_old_number() {
    let mut h = Harness::healthy(80, 24);
    h.press("F1 Tab 5 1 Enter");
    assert_eq!(h.answer("patient.age"), Some(&Answer::Number(crate::pack::Amount::whole(51))));
}

#[test]
fn an_age_is_understood_where_the_birthday_is_asked() {
    let mut h = Harness::small(80, 24);
    h.press("n Enter 4 4 Enter");
    assert_eq!(h.answer("patient.age"), Some(&Answer::Number(crate::pack::Amount::whole(44))));
    assert_eq!(h.answer("patient.birth_date"), None);
    h.sees("Sex at birth");
}

#[test]
fn unknown_is_an_answer() {
    let mut h = Harness::small(80, 24);
    h.press("n F2 -");
    assert_eq!(h.answer("skin.fitzpatrick"), Some(&Answer::Unknown));
    h.press("F1 Tab Tab Tab Tab -");
    assert_eq!(h.answer("patient.weight_kg"), Some(&Answer::Unknown));
    h.press("F3 Tab Tab -").press("S-Tab").sees("● unknown");
}

#[test]
fn none_is_given_on_purpose_and_never_erases() {
    let mut h = Harness::small(80, 24);
    h.press("n F4 n");
    assert_eq!(h.answer("allergies.items"), Some(&Answer::Items(Vec::new())));
    h.press("F4 a \"latex\" Enter Esc");
    assert_eq!(h.entries("allergies.items"), [Entry::coded("latex")]);
    h.press("n").sees("remove them first");
    assert_eq!(h.entries("allergies.items").len(), 1);
    h.press("x").sees("u brings it back");
    assert_eq!(h.answer("allergies.items"), None, "an emptied list is not \"none\"");
    h.press("u");
    assert_eq!(h.entries("allergies.items"), [Entry::coded("latex")]);
}

#[test]
fn typing_a_name_never_means_none() {
    let mut h = Harness::small(80, 24);
    h.press("n F4 a \"nickel\" Esc");
    assert_eq!(h.answer("allergies.items"), None);
}

#[test]
fn brands_are_found_and_several_are_added_in_a_row() {
    let mut h = Harness::small(80, 24);
    h.press("n F3 Tab a \"coumad\"").sees("Warfarin").sees("Coumadin");
    h.press("Enter \"vitamin\" Enter").sees("added: Warfarin, Vitamin D");
    h.press("Enter").sees("INR");
    assert_eq!(h.entries("history.medications"), [Entry::coded("warfarin"), Entry::coded("vitamin-d")]);
    h.press("2 . 5 Enter").sees("✓ Medicines").sees("Recent events");
    h.press("S-Tab").does_not_see("INR  ?");
    h.press("a \"warfarin\" Enter").sees("on the list already");
}

#[test]
fn what_is_not_found_is_kept_in_words() {
    let mut h = Harness::small(80, 24);
    h.press("n F4 a \"zzqqxx cream\"").sees("keep \"zzqqxx cream\" in words");
    h.press("Down Enter Esc").sees("not checked by rules");
    assert_eq!(h.entries("allergies.items"), [Entry::free_text("zzqqxx cream")]);
}

#[test]
fn something_merely_similar_is_not_taken_by_enter() {
    let mut h = Harness::small(80, 24);
    h.press("n F3 Tab a \"wafrarin\"").sees("similar").sees("Warfarin");
    h.press("Enter").sees("Nothing matches exactly");
    assert!(h.entries("history.medications").is_empty());
    h.press("Down Enter");
    assert_eq!(h.entries("history.medications"), [Entry::coded("warfarin")]);
}

#[test]
fn qualifiers_are_asked_for_what_the_rules_read() {
    let mut h = Harness::small(80, 24);
    h.press("n F3 Tab Tab a \"peel\" Enter Esc").sees("Days ago").sees("Where");
    h.press("1 0 Enter 1");
    let entries = h.entries("history.events");
    assert_eq!(entries[0].qualifiers.len(), 2, "{entries:?}");
    h.press("F6").sees("Peel within two weeks").sees("2026-11-26");
}

#[test]
fn goals_take_their_areas_and_an_area_is_not_planned_twice() {
    let mut h = Harness::small(80, 24);
    h.press("n F5 a \"hydra\" Enter 1 2").sees("[x] Cheeks").sees("[ ] Face");
    h.press("3 +").sees("Goals");
    h.press("\"hair\" Enter").sees("Hair loss");
    h.press("Enter").sees("Glow (Cheeks, Neck); Hair loss");
}

#[test]
fn undo_and_redo_walk_through_answers() {
    let mut h = Harness::small(80, 24);
    h.press("n F2 1").press("F2 2");
    h.press("U").sees("Taken back");
    assert_eq!(h.answer("skin.fitzpatrick"), Some(&Answer::Choice("1".into())));
    h.press("U");
    assert_eq!(h.answer("skin.fitzpatrick"), None);
    h.press("C-r C-r");
    assert_eq!(h.answer("skin.fitzpatrick"), Some(&Answer::Choice("2".into())));
    h.press("U 3 C-r").sees("Nothing to make again");
}

#[test]
fn an_open_question_is_one_key_away_and_comes_back() {
    let mut h = Harness::healthy(80, 24);
    h.press("F2 Del F6").sees("I N C O M P L E T E");
    h.press("Down Enter").sees("Fitzpatrick phototype").sees("back to Assessment");
    h.press("3");
    assert_eq!(h.step(), StepId::Assessment);
    h.sees("P R O C E E D");
}

#[test]
fn questions_come_when_they_apply() {
    let mut h = Harness::small(80, 24);
    h.press("n F3").does_not_see("Pregnancy");
    h.press("F1 Tab Tab Tab f F3").sees("Pregnancy");
    h.press("F1 Tab Tab Tab m F3").sees("– does not apply, not asked: Pregnancy").does_not_see("Pregnancy  ");
}

#[test]
fn there_is_no_plan_before_the_questions_are_answered() {
    let mut h = Harness::small(80, 24);
    h.press("n F6 Right").sees("no plan yet");
    assert_eq!(h.step(), StepId::Assessment);
    h.press("F7").sees("No plan");
    h.press("F8 s").sees("Not yet");
    assert!(!h.effects.iter().any(|effect| matches!(effect, Effect::SaveRecord(_))));
}

#[test]
fn an_override_needs_a_reason_and_can_be_taken_back() {
    let mut h = Harness::healthy(80, 30);
    h.press("F3 Tab Tab x a \"warfarin\" Enter Esc 2 Enter F6");
    assert_eq!(h.verdict(), Outcome::Clearance);
    h.press("Tab Enter").sees("Bruises are larger").sees("the prescriber").sees("uncontrolled series");
    h.press("o").sees("agreed in writing");
    h.press("Esc Esc o 1").sees("a name and a date");
    assert_eq!(h.verdict(), Outcome::Clearance, "\"on file\" alone says neither whose nor of when");
    h.press("\"Dr Test, 2026-11-02\" Enter").sees("Overridden").sees("Dr Test,");
    assert_eq!(h.verdict(), Outcome::Caution);
    h.press("o");
    assert_eq!(h.verdict(), Outcome::Clearance);
    h.press("o 3").press("\"x\" Enter").sees("in a few words");
    h.press("\" my own reason: Dr Test, 2 Nov\" Enter").sees("my own reason");
    assert_eq!(h.verdict(), Outcome::Caution);
}

#[test]
fn an_absolute_finding_cannot_be_overridden() {
    let mut h = Harness::healthy(80, 24);
    h.press("F3 p F6 Tab o").sees("cannot be overridden");
    assert_eq!(h.verdict(), Outcome::Decline);
}

#[test]
fn what_the_law_takes_out_for_everybody_is_a_count_that_opens() {
    let mut h = Harness::new(80, 24);
    h.press("n \"Test Patient\" Enter F6 Tab Tab").sees("by legal status here, for every patient");
    h.does_not_see("Exosomes").press("Enter").sees("By legal status").sees("✗ ");
    h.press("Esc").does_not_see("The formulary");
}

#[test]
fn an_alternative_can_be_taken_and_given_back() {
    let mut h = Harness::healthy(80, 60);
    h.press("F7").sees("Hyaluronic acid with lidocaine");
    h.press("End Home").sees("Lidocaine");
    // The first one goes to the alternatives, the second takes one.
    h.press("c c").sees("your choice");
    h.sees("Hyaluronic acid alone  your choice").sees("evidence B");
    h.press("u").does_not_see("your choice");
}

#[test]
fn a_declined_patient_is_signed_without_a_plan() {
    let mut h = Harness::healthy(80, 24);
    h.press("F3 p F8").sees("a record without a plan");
    h.press("s C-s").sees("Saved as record").sees("✗ decline");
}

#[test]
fn consent_is_ticked_only_after_it_was_shown() {
    let mut h = Harness::healthy(80, 24);
    h.press("F8").sees("0 of 2 covered").sees("Experts disagree");
    h.press("s").sees("2 consent points are not covered");
    h.press("Space").sees("1 of 2 covered");
    h.press("A").sees("2 of 2 covered");
    h.sees("Reflection time  not set");
    h.press("Space").sees("Reflection time  offered, not wanted");
    h.press("Space").sees("Reflection time  1 day");
    h.press("4").sees("Reflection time  7 days").sees("s signs and saves");
    h.press("s C-s").sees("Saved as record");
}

#[test]
fn what_is_missing_for_the_signature_is_said() {
    let mut h = Harness::healthy(80, 30);
    h.app.settings.licence.clear();
    h.press("F8 A Down Down Down").press("C-u Enter").sees("licence number is empty").sees("Nothing typed yet");
    // Enter on nothing goes nowhere: the number would end in the note.
    h.press("\"X-9\" Enter").does_not_see("licence number is empty").sees("X-9");
}

#[test]
fn a_record_can_be_read() {
    let mut h = Harness::healthy(80, 40);
    h.press("F8 A Space s C-s Down Enter").sees("Ada Example, physician").sees("Phototype".to_lowercase().as_str());
    h.press("Tab Tab").sees("Hyaluronic acid");
    h.press("Esc").sees("New consultation");
}

#[test]
fn records_are_found_while_typing() {
    let mut h = Harness::healthy(80, 24);
    h.press("F8 A Space s C-s / \"nobody\"").sees("Nothing matches");
    h.press("C-u").press("\"test pat\"").sees("✓ proceed");
    h.press("Enter").sees("Signed by");
}

#[test]
fn keys_pressed_before_the_rules_are_there_are_not_lost() {
    let mut h = Harness::starting(80, 24);
    h.press("n \"Ada\" Enter").sees("Reading the rules");
    h.tell(Message::Pack(Ok(super::harness::small())));
    h.sees("Date of birth");
    assert_eq!(h.answer("patient.name"), Some(&Answer::Text("Ada".into())));
}

#[test]
fn a_pack_with_mistakes_holds_no_consultation() {
    let mut h = Harness::starting(80, 24);
    h.press("n");
    h.tell(Message::Pack(Err("error[P0101]: unknown key\n  --> a.toml:1:1".into())));
    h.sees("could not be read").sees("a.toml:1:1");
    h.press("n").sees("no consultation can be held");
    assert!(matches!(h.app.pack, PackState::Failed(_)));
}

#[test]
fn esc_closes_one_layer_at_a_time() {
    let mut h = Harness::small(80, 24);
    h.press("n \"Ada\"");
    h.press("C-p Esc").sees("Ada");
    assert_eq!(h.answer("patient.name"), None, "still being typed");
    h.press("Esc");
    assert_eq!(h.answer("patient.name"), Some(&Answer::Text("Ada".into())), "taken, not lost");
    h.press("?").sees("Keys of this screen");
    h.press("Esc Esc").sees("Drafts");
    assert!(matches!(h.app.screen, Screen::Home));
}

#[test]
fn the_palette_finds_commands_and_says_what_is_not_possible() {
    let mut h = Harness::small(80, 24);
    h.press("n C-p").press("\"go to hist\"").sees("F3");
    h.press("Enter");
    assert_eq!(h.step(), StepId::History);
    h.press("C-p").press("\"sign and save\"").sees("not here");
    h.press("Enter").sees("makes no sense here");
    h.press("C-p").press("\"colours\" Enter").sees("Colours: light");
}

#[test]
fn a_paste_is_one_line_of_text_without_control_codes() {
    let mut h = Harness::small(80, 24);
    h.press("n");
    h.tell(Message::Paste("Ada\r\nEx\u{1b}[31mample\n".into()));
    h.press("Enter");
    assert_eq!(h.answer("patient.name"), Some(&Answer::Text("Ada Ex[31mample".into())));
    h.press("F2");
    h.tell(Message::Paste("3\n".into()));
    h.sees("pasted text was left out");
    assert_eq!(h.answer("skin.fitzpatrick"), None, "a paste presses no keys");
}

#[test]
fn clicks_do_what_keys_do() {
    let mut h = Harness::small(80, 24);
    h.press("n");
    click(&mut h, "Skin");
    assert_eq!(h.step(), StepId::Skin);
    click(&mut h, "Usually burns");
    assert_eq!(h.answer("skin.fitzpatrick"), Some(&Answer::Choice("2".into())));
    click(&mut h, "Medicines");
    h.sees("Prescribed, bought");
    click(&mut h, "help");
    assert!(matches!(h.app.popups.last(), Some(Popup::Help { .. })));
    h.tell(Message::Click(0, 23));
    assert!(h.app.popups.is_empty(), "a click beside a window closes it");
}

/// Clicks on the first place where the text stands.
pub(super) fn click(h: &mut Harness, on: &str) {
    let text = h.text();
    let (y, line) = text.lines().enumerate().find(|(_, line)| line.contains(on)).expect("the text is shown");
    let x = line[..line.find(on).unwrap()].chars().count();
    h.tell(Message::Click(x as u16, y as u16));
}

#[test]
fn the_wheel_moves_and_nothing_happens_beyond_the_edges() {
    let mut h = Harness::healthy(80, 24);
    h.press("F7");
    for _ in 0..80 {
        h.tell(Message::Wheel { down: true, x: 0, y: 0 });
    }
    h.sees("Fever, pus");
    for (x, y) in [(0, 0), (79, 23), (200, 200), (0, 999)] {
        h.tell(Message::Click(x, y));
    }
}

#[test]
fn enter_goes_to_the_next_empty_line_of_the_signature_and_nothing_else_does() {
    for (leave, typing) in [("Enter", true), ("Down", true), ("Tab", true), ("S-Tab", false), ("Esc", false)] {
        let mut h = Harness::healthy(80, 40);
        h.press("F8 A Down Down Down C-u Up Up C-u \"Dr Who\"").press(leave);
        let consult = h.app.consult().unwrap();
        assert_eq!(consult.line.is_some(), typing, "after {leave}");
        assert_eq!(consult.sheet.signer.name, "Dr Who", "after {leave}");
        assert_eq!(consult.sheet.note, "", "after {leave}");
        if leave == "Enter" {
            h.press("\"X-9\" Enter");
            assert_eq!(h.app.consult().unwrap().sheet.signer.licence, "X-9");
        }
    }
}

#[test]
fn a_finding_says_what_would_change_it() {
    let mut h = Harness::healthy(80, 40);
    h.press("F3 p F6 Tab Enter").sees("Would change it").sees(": proceed");
}

#[test]
fn words_are_shown_and_must_be_reviewed() {
    let mut h = Harness::healthy(80, 40);
    h.press("F4 x a \"odd thing\" Down Enter Esc F8").sees("\"odd thing\" reviewed by hand");
    assert!(matches!(h.entries("allergies.items")[0].what, What::FreeText(_)));
    h.sees("1 entry in words is not reviewed");
}

#[test]
fn a_name_typed_where_nothing_is_typed_is_noticed() {
    let mut h = Harness::small(80, 24);
    h.press("n F5 z").sees("To type a name: a, then the name");
    h.press("F2 z").sees("not one of the answers");
}
