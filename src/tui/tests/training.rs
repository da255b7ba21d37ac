//! The training on the screen: the hall, the blind flow, what comes out.

use super::harness::Harness;
use super::pictures::shows;
use crate::training::{Begun, Mode, Store};
use crate::tui::app::Screen;
use crate::tui::effect::Effect;
use crate::tui::theme::{Theme, ThemeName};
use crate::tui::training::{On, Sitting};

/// The keys from the hall to the case with that title.
fn to(h: &mut Harness, title: &str) {
    for _ in 0..200 {
        h.press("Down");
        let shown = h.text();
        if shown.lines().any(|line| line.contains('▌') && line.contains(title)) {
            return;
        }
    }
    panic!("no case {title:?} on\n{}", h.text());
}

fn on(h: &Harness) -> &On {
    match &h.app.screen {
        Screen::Training(view) => &view.on,
        other => panic!("no training: {other:?}"),
    }
}

fn sitting(h: &Harness) -> &Sitting {
    match on(h) {
        On::Sitting(sitting) => sitting,
        other => panic!("no attempt: {other:?}"),
    }
}

fn store(h: &Harness) -> Store {
    Store::at(h.practice.as_ref().unwrap().0.path().join("training"))
}

/// Somebody who finds out that the patient is late, and declines.
const ASKED: &str = "Enter / \"history.pregnancy\" Enter p";
const COMMITTED: &str =
    "c 3 2 C-s 1 \"history.pregnancy\" Enter Enter C-s 5 C-s C-s 0 C-s 9 0 Enter 9 0 Enter 8 0 Enter";

fn late(width: u16, height: u16) -> Harness {
    let mut h = Harness::training(width, height);
    to(&mut h, "Always a little irregular");
    h.press("Enter");
    h
}

#[test]
fn the_hall() {
    shows("train-hall", Harness::training);
}

#[test]
fn the_screens_of_an_attempt() {
    for (name, keys) in [
        ("train-brief", String::new()),
        ("train-interview", ASKED.to_owned()),
        ("train-find", "Enter / \"medic\"".to_owned()),
        ("train-skin", format!("{ASKED} c")),
        ("train-flags", format!("{ASKED} c 3 2 C-s 1 \"history.pregnancy\" Enter Enter")),
        ("train-pick", format!("{ASKED} c C-s 2 \"warf\"")),
        ("train-decision", format!("{ASKED} c C-s C-s")),
        (
            "train-cocktail",
            format!("{ASKED} c C-s C-s 1 C-s a \"hydration\" Enter \"cheeks\" Enter \"hyaluronic\" Enter 1 . 5"),
        ),
        ("train-plan", format!("{ASKED} c C-s C-s 1 C-s C-s 3 Enter 2 8 Enter 1 a \"bruising\"")),
        ("train-confidence", format!("{ASKED} c C-s C-s 1 C-s C-s 0 C-s 9 0")),
        ("train-reveal", format!("{ASKED} {COMMITTED} C-s")),
        ("train-failed", format!("{ASKED} c C-s C-s 1 C-s C-s 0 C-s 9 0 Enter 9 0 Enter 9 0 C-s")),
        ("train-rule", format!("{ASKED} {COMMITTED} C-s End Up Up Enter")),
        ("train-notes", format!("{ASKED} c n")),
        ("train-item", format!("{ASKED} {COMMITTED} C-s Tab Tab Enter")),
    ] {
        shows(name, |width, height| {
            let mut h = late(width, height);
            h.press(&keys).sees("TRAINING - NO PATIENT");
            h
        });
    }
}

#[test]
fn every_screen_says_training_without_colour_too() {
    let mut h = late(80, 24);
    h.app.theme = Theme::new(ThemeName::Mono);
    for keys in ["", ASKED, "c", "C-s", "C-s", "5 C-s", "C-s", "0 C-s", "9 Enter 9 Enter 9 Enter C-s", "Esc"] {
        h.press(keys).sees("◈ TRAINING - NO PATIENT");
    }
}

#[test]
fn a_case_from_the_brief_to_the_reveal_and_the_next_one() {
    let mut h = late(100, 40);
    h.sees("Elsa Erfunden").press("Enter").sees("patient   Age");
    h.press("/ \"pregnan\" Enter a").sees("No, no.");
    h.press("p").sees("ten days late").sees("asked 0:50 of 12:00");
    h.press(COMMITTED).sees("Seal: nothing can be changed");
    h.press("C-s").sees("the rules say").sees("To learn from").sees("The attempt is kept.");
    h.press("End").sees("Next case").sees("because nothing is due");
    assert!(matches!(on(&h), On::Revealed(revealed) if revealed.reveal.as_ref().unwrap().marks.critical.is_empty()));
    let results = store(&h).results().unwrap();
    assert_eq!((results.len(), results[0].case.as_str()), (1, "a-week-late"));
    assert!(store(&h).cards().unwrap().0.contains_key("pregnancy"));
    assert!(store(&h).drafts().unwrap().0.is_empty(), "a sealed attempt is no draft");
    h.press("n").sees("Begin the interview");
    assert_ne!(sitting(&h).begun.header().case, "a-week-late", "the next case is another one");
    // What came out can be read again.
    h.press("Esc Home v").sees("no case that was assessed");
    to(&mut h, "Always a little irregular");
    h.press("v").sees("the rules say").sees("The attempt is kept.");
    let read = std::fs::read_dir(store(&h).folder().join("attempts")).unwrap().next().unwrap().unwrap().path();
    std::fs::remove_file(read).unwrap();
    h.press("Esc Home");
    to(&mut h, "Always a little irregular");
    h.press("v").sees("cannot be read again");
}

#[test]
fn every_item_can_be_read_and_says_why() {
    let mut h = late(100, 40);
    h.press(ASKED).press(COMMITTED).press("C-s Tab Tab");
    let marks = match on(&h) {
        On::Revealed(revealed) => revealed.reveal.as_ref().unwrap().marks.clone(),
        other => panic!("{other:?}"),
    };
    for _ in &marks.items {
        h.press("Enter").sees("yours").sees("key");
        h.press("Esc Down");
    }
    let found = marks.items.iter().find(|item| item.id == "flag:pregnancy").unwrap();
    assert!(found.right() && found.change.is_some() && !found.sources.is_empty(), "{found:?}");
}

#[test]
fn a_commit_is_final_and_the_interview_is_not_before_it() {
    let mut h = late(100, 40);
    h.press("Enter c").sees("Skin type and findings").press("Esc").sees("patient   Age");
    h.press("c C-s").sees("Stops treatment");
    assert!(matches!(sitting(&h).begun, Begun::Contraindications(_)));
    // Esc leaves the attempt, it does not undo the commit.
    h.press("Esc").sees("Go on with").press("Home Enter").sees("Stops treatment");
}

#[test]
fn what_is_left_in_the_middle_goes_on_in_another_run() {
    let mut h = late(80, 24);
    h.press(ASKED).press("c 4");
    let kept = store(&h).drafts().unwrap().0;
    assert_eq!(kept.len(), 1, "kept with every key, not only when one leaves");
    let mut again = Harness::training(80, 24);
    store(&again).put_draft(&kept[0]).unwrap();
    again.press("Esc");
    let shelf = store(&again).shelf().unwrap();
    again
        .tell(crate::tui::message::Message::Practice(Box::new(crate::tui::training::News::Shelf(Ok(Box::new(shelf))))));
    again.sees("Go on with").press("Home Enter").sees("Skin type and findings").sees("IV");
    assert_eq!(sitting(&again).talk.len(), 1);
}

#[test]
fn what_is_missing_is_asked_for_and_nothing_is_committed() {
    let mut h = late(100, 40);
    h.press("Enter c C-s C-s C-s").sees("Decide first");
    h.press("1 C-s a \"hydration\" Enter \"cheeks\" Enter \"hyaluronic\" Enter C-s").sees("How many mL");
    h.press("1 C-s C-s").sees("How many sessions");
    h.press("3 C-s").sees("How many days").press("2 8 C-s").sees("Is a review planned");
    h.press("1 C-s C-s").sees("Say how sure");
    h.press("1 0 1 C-s").sees("Say how sure").press("Backspace C-s").sees("Say how sure");
    h.press("5 0 Enter 5 0 C-s").sees("CRITICAL").sees("treated although the rules say");
}

#[test]
fn in_an_exam_nothing_is_revealed_and_nothing_remembered() {
    let mut h = Harness::training(80, 24);
    h.press("m").sees("Exam");
    to(&mut h, "Always a little irregular");
    h.press("Enter").press(ASKED).press(COMMITTED).press("C-s").sees("nothing is revealed").sees("attempts");
    h.does_not_see("the rules say");
    assert!(matches!(on(&h), On::Revealed(revealed) if revealed.reveal.is_none()));
    assert!(store(&h).results().unwrap().is_empty() && store(&h).cards().unwrap().0.is_empty());
    let file = std::fs::read_dir(store(&h).folder().join("attempts")).unwrap().next().unwrap().unwrap();
    let text = std::fs::read_to_string(file.path()).unwrap();
    assert!(text.contains("\"mode\":\"exam\"") && text.starts_with("pistor sealed attempt"));
    assert_eq!(Mode::Exam.word(), "exam");
}

#[test]
fn a_patient_nobody_has_seen() {
    let mut h = Harness::training(80, 24);
    h.press("] M").sees("Begin the interview");
    assert!(sitting(&h).begun.header().case.starts_with("made-"));
    // It is made again when the attempt goes on.
    h.press("Enter c Esc Esc").sees("Go on with").press("Home Enter").sees("patient   Age");
}

#[test]
fn the_training_asks_for_nothing_of_the_records() {
    let mut h = late(80, 24);
    h.press(ASKED).press(COMMITTED).press("C-s n Esc Esc");
    let wrong: Vec<&Effect> =
        h.effects.iter().filter(|effect| !matches!(effect, Effect::Practice(_) | Effect::Quit)).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}
