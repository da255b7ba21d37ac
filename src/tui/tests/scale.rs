//! The window of a scored scale, key by key.

use super::harness::Harness;
use crate::intake::Answer;
use crate::tui::app::Popup;
use crate::tui::message::Message;

impl Harness {
    fn said(&self, question: &str) -> Option<&Answer> {
        self.app.consult().expect("a consultation").sheet.intake.get(question)
    }

    fn in_scale(&self) -> bool {
        matches!(self.app.popups.last(), Some(Popup::Scale(_)))
    }
}

fn choice(id: &str) -> Answer {
    Answer::Choice(id.into())
}

#[test]
fn one_key_an_answer_the_sum_runs_along_and_enter_takes_it() {
    let mut h = Harness::small(80, 24);
    h.press("n F2").sees("s Sun questionnaire  3 questions").sees("s by questions");
    h.press("s").sees("Fitzpatrick phototype: I to III").sees("0 of 9 points   0 of 3 answered");
    h.press("3").sees("3 of 9 points   1 of 3 answered").sees("II to III").sees("Without protection.");
    h.press("2").sees("5 of 9 points");
    h.press("n").sees("Fitzpatrick phototype: II\u{20}").sees("5 of 9 points").sees("Enter take it");
    h.sees("I 0-2 · II 3-5 · III 6-9").sees("Invented for tests.").sees("[t1]");
    h.press("Down Down").sees("▌ Review: written").press("Up");
    h.press("Enter").sees("✓ Fitzpatrick phototype: II, 5 of 9 points.").sees("Illnesses now or before");
    assert_eq!(h.said("skin.fitzpatrick"), None, "the answer follows from the scale, it is not copied");
    assert_eq!(h.said("skin.sun_items.eyes"), Some(&choice("brown")));
    h.press("F2").sees("● 2 II").sees("s Sun questionnaire  II, 5 of 9 points");
    h.press("F1 F3 S-Tab").sees("● 2 II");
}

#[test]
fn what_the_scale_answered_is_no_open_question_any_more() {
    let mut h = Harness::small(100, 30);
    h.press("n F2").sees("1 answer needed");
    h.press("s 3 2 n Enter F2").sees("Skin  complete");
    h.press("F1").sees("✓Skin");
}

#[test]
fn esc_keeps_what_was_answered_and_the_scale_goes_on_from_there() {
    let mut h = Harness::small(80, 24);
    h.press("n F2 s 3 Esc").sees("s Sun questionnaire  1 of 3 answered");
    assert!(!h.in_scale());
    assert_eq!(h.said("skin.sun_items.eyes"), Some(&choice("brown")));
    h.press("s").sees("▌   Without protection.");
    h.press("4 y Esc").sees("● 3 III").sees("III, 9 of 9 points");
}

#[test]
fn an_open_scale_says_what_is_missing_and_gives_no_answer() {
    let mut h = Harness::small(80, 24);
    h.press("n F2 s 3 Tab").sees("Tans");
    h.press("y").sees("▌   Without protection.");
    h.press("Enter").sees("1 question has no points yet");
    h.press("-").sees("unknown: no points").sees("without this answer the scale has no result");
    h.press("Enter").sees("1 question has no points yet");
    assert!(h.in_scale());
    assert_eq!(h.said("skin.sun_items.burn"), Some(&Answer::Unknown));
    h.press("Del").sees("5 of 9 points   2 of 3 answered").sees("II to III");
    h.press("Up Backspace").sees("2 of 9 points   1 of 3 answered").sees("I to III");
}

#[test]
fn a_scale_takes_the_place_of_an_answer_given_directly_only_when_it_is_taken() {
    let mut h = Harness::small(80, 24);
    h.press("n F2 1 F2 s 3 2 n Esc").sees("● 1 I").sees("II, 5 of 9 points");
    h.sees("1 caution");
    assert_eq!(h.said("skin.fitzpatrick"), Some(&choice("1")), "the answer given directly counts");
    h.press("s Enter F2").sees("● 2 II").does_not_see("1 caution");
    assert_eq!(h.said("skin.fitzpatrick"), None);
    h.press("u").sees("1 caution");
    assert_eq!(h.said("skin.fitzpatrick"), Some(&choice("1")), "undo brings it back");
}

#[test]
fn taking_an_answer_back_that_a_scale_gave_empties_the_scale() {
    let mut h = Harness::small(80, 24);
    h.press("n F2 s 3 2 n Enter F2 Del").sees("not asked").sees("s Sun questionnaire  3 questions");
    assert_eq!(h.said("skin.sun_items.eyes"), None);
    h.press("u").sees("II, 5 of 9 points");
}

#[test]
fn where_there_is_no_scale_the_key_says_so() {
    let mut h = Harness::small(80, 24);
    h.press("n Tab Tab Tab").sees("Sex at birth").does_not_see("by questions");
    h.press("s").sees("No scale gives the answer to this question.");
}

#[test]
fn the_mouse_answers_too() {
    let mut h = Harness::small(80, 24);
    h.press("n F2");
    let click = |h: &mut Harness, part: &str| {
        let text = h.text();
        let (y, line) = text.lines().enumerate().find(|(_, line)| line.contains(part)).expect("on the screen");
        let x = line.chars().count() - line.split_once(part).expect("there").1.chars().count() - 1;
        h.tell(Message::Click(x as u16, y as u16));
    };
    click(&mut h, "Sun questionnaire");
    assert!(h.in_scale());
    for part in ["3 Brown", "2 Burns sometimes", "n No", "take it"] {
        click(&mut h, part);
    }
    assert!(!h.in_scale());
    h.press("F2").sees("● 2 II");
}

#[test]
fn a_draft_keeps_a_half_filled_scale() {
    let mut h = Harness::small(80, 24);
    h.press("n \"Test Patient\" Enter F2 s 3 2 Esc Esc");
    h.app.home.parked.clear();
    h.list();
    h.press("Down Enter F2").sees("s Sun questionnaire  2 of 3 answered");
}

#[test]
fn the_ten_questions_fit_every_screen() {
    for (width, height) in [(60, 20), (80, 24), (160, 50)] {
        let mut h = Harness::new(width, height);
        h.press("n F2 s")
            .sees("Colour of the eyes")
            .sees("4 Brownish black")
            .sees("0 Light blue, light grey, light green");
        h.press("3 3 3 2").sees("After too long in the sun").sees("0 Painful redness, blisters, peeling");
        h.press("3 3 2 2 0 3").sees("Fitzpatrick phototype: III").sees("24 of 40 points").sees("Enter take it");
        h.press("Down").sees("Basis: cited source").sees("review due");
        h.press("Enter F2").sees("III  24 points, Fitzpatrick");
    }
}

#[test]
fn a_recorded_consultation_shows_the_points() {
    let mut h = Harness::small(80, 24);
    h.press("n \"Test Patient\" Enter 4 4 Enter f 6 2 Enter 1 6 8 Enter s 3 2 n Enter n n n n n");
    h.press("g l o w Enter 2 Enter n n").sees("P R O C E E D");
    h.press("F8 A Space s C-s Down Enter").sees("II, 5 points, Sun questionnaire");
    h.press("PgDn PgDn").sees("Colour of the eyes").sees("Brown");
}

#[test]
fn a_grade_is_asked_as_soon_as_a_goal_makes_it_matter_and_not_before() {
    let mut h = Harness::new(80, 30);
    h.press("n F2").does_not_see("Nürnberger");
    h.press("F5").does_not_see("Nürnberger");
    h.press("a \"cellulite\" Enter 1 Enter").sees("Standing, lying, pinched.");
    h.press("2").sees("▌ Cellulite severity (Hexsel)").sees("s Hexsel cellulite scale  5 questions");
    h.press("s 1 2 1 2 2").sees("Cellulite severity (Hexsel): Moderate").press("Enter");
    h.sees("Moderate  8 points, Hexsel");
}

#[test]
fn what_earlier_injections_did_is_asked_of_those_who_had_some() {
    let mut h = Harness::new(80, 30);
    h.press("n F3").does_not_see("GAIS");
    h.press("Tab Tab a \"mesolift\" Enter Esc").sees("GAIS after earlier injections");
}
