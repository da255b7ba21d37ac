//! A reaction that stops the course: it is said where one looks, and a later consultation does not forget it.

use super::follow_up::record;
use super::harness::Harness;
use crate::follow_up::Answer;
use crate::intake::What;
use crate::pack::Response;
use crate::tui::app::Screen;
use crate::tui::finder::Shelf;
use crate::tui::follow_up::Value;
use crate::tui::message::Message;

/// A reaction that is an emergency was written down after one session; the record is on the screen.
fn stopped(width: u16, height: u16) -> Harness {
    let mut h = record(width, height);
    h.press("f 1 \"L-1\" C-s f 2 \"white patch\" Enter").sees("EMERGENCY");
    while !h.text().contains("Danger to life") {
        h.press("Down");
        if h.text().contains("1 mild") || h.text().contains("○ 1") {
            h.press("4");
        }
    }
    h.press("2 C-s").sees("What to do now").press("Esc");
    h
}

#[test]
fn what_to_do_stands_in_a_narrow_form_too() {
    for (width, height) in [(60, 20), (80, 24), (99, 30)] {
        let mut h = record(80, 30);
        h.tell(Message::Resize(width, height));
        h.press("f 2 \"white patch\" Enter").sees("EMERGENCY").sees("the emergency services");
        // However far one has to turn: every step is there before anything is saved.
        let all = crate::tui::view::page(&h.app).rows;
        let words: Vec<String> = all
            .iter()
            .map(|row| row.spans.iter().map(|span| span.content.trim()).collect::<Vec<_>>().join(" "))
            .collect();
        let all = words.join(" ").split_whitespace().collect::<Vec<_>>().join(" ");
        for step in ["Stop injecting", "hyaluronidase now by your", "hours, day or night"] {
            assert!(all.contains(step), "{width}: {step}\n{all}");
        }
    }
}

#[test]
fn a_record_whose_course_was_stopped_says_so_before_its_verdict_and_in_every_list() {
    let mut h = stopped(80, 30);
    h.sees("Course stopped").sees("not over");
    let text = h.text();
    assert!(text.find("Course stopped") < text.find("PROCEED"), "{text}");
    h.press("Esc").sees("✗ stopped").does_not_see("✓ proceed");
    h.press("h").sees("✗ stopped");
}

#[test]
fn a_patient_who_comes_again_is_asked_about_the_reaction() {
    let mut h = stopped(100, 40);
    h.tell(Message::Day(jiff::civil::date(2026, 12, 20)));
    h.press("r").sees("a reaction on record after it");
    let consult = h.app.consult().unwrap();
    let offer = consult.sheet.offer("history.events").expect("events are offered");
    let crate::intake::Answer::Items(entries) = offer.shown() else { panic!("a list") };
    let ids: Vec<&What> = entries.iter().map(|entry| &entry.what).collect();
    let coded = |id: &str| What::Coded(id.to_owned());
    assert_eq!(ids, [&coded("vascular-occlusion-filler"), &coded("open-adverse-event")]);
    assert!(!offer.with_its_step(), "it is asked by itself");
}

#[test]
fn what_looks_like_a_slip_in_a_session_is_said_before_it_is_saved() {
    let mut h = record(80, 40);
    h.press("f 1 \"L-1\" Tab \"2026-01-31\" Tab Tab C-u \"15\"").sees("it had expired").sees("Is the number right?");
    h.press("C-s").sees("Read what is said above");
    assert!(matches!(h.app.screen, Screen::FollowUp(_)), "not saved yet");
    h.press("C-s").sees("The session is recorded").does_not_see("worth knowing");
}

#[test]
fn a_death_that_only_one_of_two_answers_tells_is_a_slip() {
    let mut h = record(80, 60);
    h.press("f 2 \"bruise\" Enter");
    while !h.text().contains("Danger to life") {
        h.press("Down");
        if h.text().contains("○ 2") {
            h.press("2");
        }
    }
    h.press("1 C-s").sees("the patient died");
    assert!(matches!(h.app.screen, Screen::FollowUp(_)));
}

#[test]
fn consent_to_one_treatment_is_none_to_another() {
    let mut h = Harness::new(80, 30);
    h.press("n \"Test Patient\" Enter 4 4 Enter f 6 2 Enter 1 6 8 Enter 1 3 2 n n n n n n r y a n");
    h.press("1 7 Enter n p c n Right Right A A A A A A");
    let covered = |h: &Harness| h.app.consult().unwrap().sheet.covered.len();
    assert!(covered(&h) > 10);
    h.press("Left Home");
    let recipe = |h: &Harness| h.app.consult().unwrap().sheet.recipes.len();
    let mut turns = 0;
    while recipe(&h) == 0 && turns < 40 {
        h.press("Down c");
        turns += 1;
    }
    assert_eq!(recipe(&h), 1, "{}", h.text());
    assert_eq!(covered(&h), 0, "{}", h.text());
    h.press("F8").sees("consent points are not covered").press("F7");
    // The way back is the way back.
    h.press("u");
    assert!(covered(&h) > 10);
}

/// What people say in an emergency, and the sign it is.
const SAID: [(&str, &str); 24] = [
    ("cannot breathe", "breathing-difficulty"),
    ("can't breathe", "breathing-difficulty"),
    ("breathless", "breathing-difficulty"),
    ("wheezing", "breathing-difficulty"),
    ("throat tight", "breathing-difficulty"),
    ("throat swelling", "angioedema"),
    ("throat closing", "angioedema"),
    ("swollen tongue", "angioedema"),
    ("unconscious", "anaphylaxis"),
    ("collapsed", "anaphylaxis"),
    ("anaphylactic shock", "anaphylaxis"),
    ("cannot see", "vision-change"),
    ("can't see", "vision-change"),
    ("lost sight", "vision-change"),
    ("went blind", "vision-change"),
    ("paralysis", "stroke-signs"),
    ("cannot speak", "stroke-signs"),
    ("fitting", "seizure"),
    ("convulsing", "seizure"),
    ("skin went white", "blanching"),
    ("white patch", "blanching"),
    ("black skin", "skin-necrosis"),
    ("dead skin", "skin-necrosis"),
    ("cannot swallow", "swallowing-difficulty"),
];

#[test]
fn the_words_of_an_emergency_find_it_first() {
    let mut h = record(80, 30);
    h.press("f 2");
    let loaded = h.app.loaded().unwrap();
    for (words, sign) in SAID {
        let hits = loaded.finder.search(&loaded.pack, Shelf::Reactions, words, 6);
        assert_eq!(hits.first().map(|hit| hit.id.as_str()), Some(sign), "{words}");
    }
}

/// Enters signs as if they had been found; the answer is what the form then says.
fn entered(h: &mut Harness, signs: &[&str]) -> Answer {
    let Screen::FollowUp(view) = &mut h.app.screen else { panic!("the form") };
    let Some(Value::Signs { taken, .. }) = view.fields.first_mut().map(|field| &mut field.value) else {
        panic!("signs come first")
    };
    *taken = signs.iter().map(|id| ((*id).to_owned(), (*id).to_owned())).collect();
    // Any key lets the flags speak.
    h.press("End");
    let Screen::FollowUp(view) = &h.app.screen else { panic!("the form") };
    view.answer.clone().unwrap_or_else(|| panic!("no answer to {signs:?}"))
}

#[test]
fn every_sign_is_answered_at_once_and_another_sign_never_makes_the_answer_milder() {
    let mut h = record(120, 30);
    h.press("f 2");
    let loaded = h.app.loaded().unwrap();
    let ids: Vec<&str> = loaded.pack.follow_up.reactions.iter().map(|sign| sign.id.as_str()).collect();
    let alone: Vec<Response> = ids.iter().map(|id| entered(&mut h, &[id]).response).collect();
    for (id, response) in ids.iter().zip(&alone) {
        if ["anaphylaxis", "breathing-difficulty", "vision-change", "seizure", "blanching"].contains(id) {
            assert_eq!(*response, Response::Emergency, "{id}");
        }
    }
    let (first, worst) = (ids.iter().position(|id| *id == "breathing-difficulty").unwrap(), Response::Emergency);
    for id in &ids {
        assert_eq!(entered(&mut h, &[ids[first], id]).response, worst, "{id} beside trouble breathing");
    }
    // A day that cannot be read silences nothing.
    h.press("Down Down \"2026-13-45\" Up Up");
    assert_eq!(entered(&mut h, &["anaphylaxis"]).response, Response::Emergency);
}
