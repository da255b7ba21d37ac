//! The training on the screen: the hall, the blind flow, what comes out.

use std::cell::Cell;

use jiff::{Timestamp, ToSpan};

use super::harness::{Harness, NOW};
use super::pictures::shows;
use crate::record::RecordId;
use crate::training::{Begun, Mode, Sealed, Store, reveal};
use crate::tui::app::Screen;
use crate::tui::effect::Effect;
use crate::tui::message::Message;
use crate::tui::theme::{Theme, ThemeName};
use crate::tui::training::{News, On, Sitting};
use crate::tui::update;

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
        ("train-pick", format!("{ASKED} c C-s Enter 2 \"warf\"")),
        ("train-decision", format!("{ASKED} c C-s Enter C-s Enter")),
        (
            "train-cocktail",
            format!(
                "{ASKED} c C-s Enter C-s Enter 1 C-s a \"hydration\" Enter \"cheeks\" Enter \"hyaluronic\" Enter 1 . 5"
            ),
        ),
        ("train-plan", format!("{ASKED} c C-s Enter C-s Enter 1 C-s C-s Enter 3 Enter 2 8 Enter 1 a \"bruising\"")),
        ("train-confidence", format!("{ASKED} c C-s Enter C-s Enter 1 C-s C-s Enter 0 C-s 9 0")),
        ("train-reveal", format!("{ASKED} {COMMITTED} C-s")),
        ("train-failed", format!("{ASKED} c C-s Enter C-s Enter 1 C-s C-s Enter 0 C-s 9 0 Enter 9 0 Enter 9 0 C-s")),
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
    for keys in
        ["", ASKED, "c", "C-s", "Enter", "C-s Enter", "5 C-s", "C-s", "0 C-s", "9 Enter 9 Enter 9 Enter C-s", "Esc"]
    {
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
    h.press("c C-s Enter").sees("Stops treatment");
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
    again.tell(Message::Practice(Box::new(News::Shelf(Ok(Box::new(shelf))))));
    again.sees("Go on with").press("Home Enter").sees("Skin type and findings").sees("IV");
    assert_eq!(sitting(&again).talk.len(), 1);
}

#[test]
fn what_is_missing_is_asked_for_and_nothing_is_committed() {
    let mut h = late(100, 40);
    h.press("Enter c C-s Enter C-s Enter C-s").sees("Decide first");
    h.press("1 C-s a \"hydration\" Enter \"cheeks\" Enter \"hyaluronic\" Enter C-s").sees("How many mL");
    h.press("1 C-s C-s").sees("How many sessions");
    h.press("3 C-s").sees("How many days").press("2 8 C-s").sees("Is a review planned");
    h.press("1 C-s C-s").sees("Say how sure");
    h.press("1 0 1 C-s").sees("Say how sure").press("Backspace C-s").sees("Say how sure");
    h.press("5 0 Enter 5 0 C-s").sees("CRITICAL").sees("treated although the rules say");
}

thread_local! {
    /// Seconds after the time of everything.
    static LATER: Cell<i64> = const { Cell::new(0) };
}

/// A clock that tests put forward.
fn clock() -> (RecordId, Timestamp) {
    let now: Timestamp = NOW.parse().unwrap();
    ("019a0000-0000-7000-8000-000000000099".parse().unwrap(), now + LATER.get().seconds())
}

/// Some time goes by.
fn passes(seconds: i64) {
    LATER.set(LATER.get() + seconds);
}

/// In the hall, exams chosen, the clock in the hands of the test.
fn exam(width: u16, height: u16) -> Harness {
    LATER.set(0);
    let mut h = Harness::training(width, height);
    h.app.birth = clock;
    h.press("m").sees("Exam").press("Enter");
    h
}

/// At the first station of paper 7.
const STATION: &str = "Enter 7 Enter Enter";

#[test]
fn an_exam_asks_who_sits_which_station_of_which_paper() {
    for (name, keys) in
        [("train-exam", ""), ("train-stations", "Enter 7 Enter"), ("train-sat", "Enter 7 Enter Enter Enter a")]
    {
        shows(name, |width, height| {
            let mut h = exam(width, height);
            h.press(keys);
            h
        });
    }
    let mut h = exam(80, 24);
    // The name of the configuration is offered, and seen; without one nobody begins.
    h.sees("Ada Example").press("C-u Enter").sees("Type your name first");
    h.press("\"Bea Beispiel\" Enter Enter").sees("Type the number of the paper");
    h.press("\"no\" Enter").sees("Type the number of the paper").press("Backspace Backspace 7 Enter Enter");
    h.press("Enter").sees("12:00 left, asked 0:00 · paper 7/1 · Bea Beispiel");
    let header = sitting(&h).begun.header().clone();
    let sat = header.sat.unwrap();
    assert_eq!((header.trainee.as_str(), sat.paper, sat.station, sat.before), ("Bea Beispiel", Some(7), Some(1), 0));
    // Nobody chooses a patient in an exam.
    h.press("Esc Esc M").sees("Stations").press("Esc /").sees("nobody chooses the patient");
}

#[test]
fn the_clock_of_an_exam_runs_on_and_every_absence_stands_in_the_file() {
    let mut h = exam(80, 24);
    h.press(STATION).sees("Begin the interview");
    // The brief may be read; the clock begins with the interview.
    passes(100);
    h.press("Enter").sees("12:00 left");
    passes(10);
    h.press("a").sees("11:40 left, asked 0:20");
    passes(50);
    h.press("Esc").sees("Esc once more leaves the exam").press("Esc").sees("its clock runs on");
    passes(120);
    h.press("Home Enter").sees("Its clock ran on").sees("9:00 left");
    // The program is killed: nothing is noted then, but the last key is known.
    let kept = store(&h).drafts().unwrap().0;
    let mut again = Harness::training(80, 24);
    again.app.birth = clock;
    store(&again).put_draft(&kept[0]).unwrap();
    let shelf = store(&again).shelf().unwrap();
    passes(60);
    again.tell(Message::Practice(Box::new(News::Shelf(Ok(Box::new(shelf))))));
    again.press("Home Enter").sees("8:00 left");
    // Put aside by a signal, which may tell of it twice.
    let (_, since) = clock();
    passes(30);
    again.tell(Message::Slept(since));
    again.tell(Message::Slept(since));
    again.press("a").sees("7:30 left");
    again.press("c").press(COMMITTED.strip_prefix("c ").unwrap()).press("C-s").sees("nothing is revealed");
    let path = std::fs::read_dir(store(&again).folder().join("attempts")).unwrap().next().unwrap().unwrap().path();
    let loaded = again.app.loaded().unwrap();
    let text = std::fs::read_to_string(path).unwrap();
    let sealed = Sealed::from_file(&loaded.pack, &loaded.school.as_ref().unwrap().cases, &text).unwrap();
    let away: Vec<(u32, u32)> = reveal(&loaded.pack, &sealed).marks.away.iter().map(|a| (a.since, a.until)).collect();
    assert_eq!(away, [(60, 180), (180, 240), (240, 270)]);
    // Moved forward, an absence would be shorter than it was.
    let lie = text.replace("\"since\":60", "\"since\":179");
    assert!(Sealed::from_file(&loaded.pack, &loaded.school.as_ref().unwrap().cases, &lie).is_err());
}

#[test]
fn a_stage_in_which_nothing_was_entered_is_committed_by_enter_alone() {
    for mut h in [late(80, 24), exam(80, 24)] {
        if matches!(on(&h), On::Exam) {
            h.press(STATION);
        }
        // A key held down commits nothing, not even once it was said that it would.
        h.press("Enter c C-s C-s C-s").sees("Nothing of the skin is entered. Commit without any?");
        assert!(matches!(sitting(&h).begun, Begun::Interview(_)));
        // An entry and its removal are no answer to the question.
        h.press("Home 3 Home Backspace End Enter").sees("Commit without any?").press("Enter").sees("Stops treatment");
        h.press("C-s C-s").sees("No contraindication is named. Commit without any?");
        assert!(matches!(sitting(&h).begun, Begun::Contraindications(_)));
        h.press("Enter 1 C-s C-s C-s").sees("Nothing is to be injected. Commit without any?");
        assert!(matches!(sitting(&h).begun, Begun::Cocktail(_)));
        h.press("Enter").sees("Sessions of the first course");
        assert_eq!(sitting(&h).begun.entries().len(), 4);
    }
    // Enter alone asks as well, once; of a cocktail its line says it, and who declines is not asked.
    let mut h = late(80, 24);
    h.press("Enter c End Enter").sees("Commit without any?").press("Enter End Enter").sees("Commit without any?");
    h.press("Enter 5 C-s C-s").sees("Sessions of the first course");
}

/// A second goes by, without a key.
fn ticks(h: &mut Harness, seconds: i64) {
    passes(seconds);
    assert!(update::clock_runs(&h.app));
    h.tell(Message::Tick);
}

#[test]
fn the_clock_of_an_exam_moves_by_itself_and_says_when_it_is_over() {
    let mut h = exam(80, 24);
    assert!(!update::clock_runs(&h.app), "nothing is timed where a station is chosen");
    h.press(STATION).sees("Begin the interview");
    assert!(!update::clock_runs(&h.app), "nor while the brief is read");
    h.press("Enter a").sees("11:40 left");
    ticks(&mut h, 30);
    h.sees("11:30 left").press("n").sees("What was heard");
    ticks(&mut h, 1);
    h.sees("11:29 left").press("Esc");
    // What is kept says when somebody was there, and a clock is nobody.
    let kept = store(&h).drafts().unwrap().0[0].seconds;
    assert_eq!(kept, 0);
    ticks(&mut h, 720);
    h.sees("0:00 left").sees("The time of this exam is over: nothing more is asked.");
    assert!(!update::clock_runs(&h.app), "what is over stands still");
    assert!(h.press("a").text().contains("The time of this exam is over."));
    assert_eq!(sitting(&h).begun.entries().len(), 1);
    // In practice no clock runs.
    let mut h = late(80, 24);
    h.press("Enter a").sees("asked 0:20");
    assert!(!update::clock_runs(&h.app));
}

#[test]
fn an_exam_that_was_begun_is_noted_and_its_case_is_not_practised_meanwhile() {
    let mut h = exam(80, 24);
    h.press(STATION).press("Enter a Esc Esc").sees("exam of Ada Example, paper 7, station 1");
    let case = store(&h).drafts().unwrap().0[0].header.case.clone();
    let title = h.app.loaded().unwrap().school.as_ref().unwrap().cases[&case].title.clone();
    h.press("m m m").sees("practice");
    to(&mut h, &title);
    h.press("Enter").sees("it comes first").press("v").sees("it comes first");
    // Thrown away and begun anew: the file says so.
    h.press("m Home Del Del").sees("removed").press("Enter").sees("begun, not sealed");
    h.press("Up Enter").sees("begun this station before").press("Enter").sees("Begin the interview");
    assert_eq!(sitting(&h).begun.header().sat.as_ref().unwrap().before, 1);
    assert_eq!(store(&h).exams().unwrap().len(), 1);
}

#[test]
fn questions_that_cost_all_the_minutes_end_an_exam() {
    let mut h = exam(80, 24);
    h.press(STATION).press("Enter");
    for _ in 0..12 {
        h.press("d");
    }
    h.sees("0:00 left, asked 12:00").press("a").sees("spent on questions");
    assert_eq!(sitting(&h).begun.entries().len(), 12);
}

#[test]
fn in_an_exam_nothing_is_revealed_and_nothing_remembered() {
    let mut h = exam(80, 24);
    h.press(STATION).press(ASKED).press(COMMITTED).press("C-s").sees("nothing is revealed").sees("attempts");
    h.does_not_see("the rules say");
    assert!(matches!(on(&h), On::Revealed(revealed) if revealed.reveal.is_none()));
    assert!(store(&h).results().unwrap().is_empty() && store(&h).cards().unwrap().0.is_empty());
    let file = std::fs::read_dir(store(&h).folder().join("attempts")).unwrap().next().unwrap().unwrap();
    let text = std::fs::read_to_string(file.path()).unwrap();
    assert!(text.contains("\"mode\":\"exam\"") && text.starts_with("pistor sealed attempt"));
    assert_eq!(Mode::Exam.word(), "exam");
    // The next station is where the cursor is.
    assert!(store(&h).exams().unwrap()[0].sealed);
    h.press("n").sees("sealed");
    assert_eq!(h.app.settings.practitioner, "Ada Example");
    h.press("Enter").sees("Begin the interview");
    assert_eq!(sitting(&h).begun.header().sat.as_ref().unwrap().station, Some(2));
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
