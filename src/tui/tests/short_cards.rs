//! Short cards and progress on the screen; hints and the time of an exam.

use jiff::civil::date;

use super::harness::Harness;
use super::pictures::{shows, shows_resized};
use crate::training::{Mode, Past, Rating, Store};
use crate::tui::app::Screen;
use crate::tui::effect::Effect;
use crate::tui::message::Message;
use crate::tui::training::{Card, Chore, On, Short};
use crate::tui::update;

fn on(h: &Harness) -> &On {
    match &h.app.screen {
        Screen::Training(view) => &view.on,
        other => panic!("no training: {other:?}"),
    }
}

fn short(h: &Harness) -> &Short {
    match on(h) {
        On::Short(short) => short,
        other => panic!("no short cards: {other:?}"),
    }
}

fn store(h: &Harness) -> Store {
    Store::at(h.practice.as_ref().unwrap().0.path().join("training"))
}

/// The session moved on by so many seconds.
fn later(h: &mut Harness, seconds: i64) {
    if let Screen::Training(view) = &mut h.app.screen
        && let On::Short(short) = &mut view.on
    {
        short.since -= jiff::SignedDuration::from_secs(seconds);
    }
}

#[test]
fn a_card_is_asked_answered_explained_and_remembered() {
    let mut h = Harness::training(80, 24);
    h.press("c").sees("TRAINING - NO PATIENT").sees("n: not known");
    let options = match &short(&h).shown {
        Card::Asked(card) => card.options().len(),
        other => panic!("{other:?}"),
    };
    assert!(options >= 4);
    h.press("n").sees("NOT KNOWN").does_not_see("you said").sees("the answer").sees("0 of 1 right");
    assert_eq!(store(&h).cards().unwrap().0.len(), 1, "kept at once: a kill loses nothing");
    // The second card is a grade of the skin, the fourth a sum.
    h.press("Enter 1 Enter n Enter");
    assert!(short(&h).asks_number(), "{:?}", short(&h).shown);
    h.press("Enter").sees("Type the number");
    h.press("1 2 . 5 x Backspace").sees("12.");
    h.press("Backspace Backspace 7 7 7 Enter").sees("NOT RIGHT").sees("you said    1777").sees("the answer  ");
}

#[test]
fn the_screens_of_short_cards() {
    // Making a card takes long: one session, and every place of it at all sizes.
    let mut h = Harness::training(80, 24);
    for (name, keys) in [
        ("card-rule", "c"),
        ("card-rule-told", "n"),
        ("card-skin", "Enter"),
        ("card-sum", "1 Enter n Enter 1 2 ."),
        ("card-sum-told", "Backspace Enter"),
    ] {
        h.press(keys).sees("TRAINING - NO PATIENT");
        shows_resized(name, &mut h);
    }
    later(&mut h, 200);
    h.press("Enter").sees("The time is over");
    shows_resized("card-over", &mut h);
}

#[test]
fn one_click_takes_an_option_and_the_wheel_scrolls_what_is_under_it() {
    let mut h = Harness::training(80, 24);
    h.press("c");
    h.click("○ 2 ").sees("Enter: the next card");
    h.press("Esc").click("exam");
    assert!(matches!(&h.app.screen, Screen::Training(view) if view.hall.mode == Mode::Exam));
    h.click("practice").press("Enter Enter");
    assert!(matches!(on(&h), On::Sitting(_)));
    h.press("a a a a a a a a").click("·Skin").sees("Skin type and findings").click("✓Interview").sees("patient   Age");
    let up = |h: &Harness| match on(h) {
        On::Sitting(sitting) => sitting.up,
        other => panic!("{other:?}"),
    };
    h.tell(Message::Wheel { down: false, x: 10, y: 20 });
    assert!(up(&h) > 0, "over the conversation it scrolls that");
    h.press("c C-s Enter").click("+ 2 add").sees("Asks for care or clearance").press("Esc");
    h.tell(Message::Click(20, 20));
    h.sees("What was heard and seen");
}

#[test]
fn the_time_ends_a_session_and_what_was_missed_is_named() {
    let mut h = Harness::training(80, 24);
    h.press("c n");
    later(&mut h, 200);
    h.press("Enter").sees("The time is over").sees("0 of 1 answers").sees("To look at again");
    h.press("Enter").sees("Short cards").sees("Cases");
    assert!(matches!(on(&h), On::Hall));
    let cards = store(&h).cards().unwrap();
    assert_eq!(cards.due(date(2026, 11, 23)).count(), 1);
    // Leaving in the middle keeps what was answered.
    h.press("c n Enter Esc").sees("Cases");
    assert_eq!(store(&h).cards().unwrap().0.len(), 2);
}

#[test]
fn the_three_minutes_go_by_without_a_key() {
    let mut h = Harness::training(80, 24);
    assert!(!update::clock_runs(&h.app));
    h.press("c").sees("3:00 left");
    later(&mut h, 10);
    assert!(update::clock_runs(&h.app));
    h.tell(Message::Tick);
    h.sees("2:50 left");
    later(&mut h, 200);
    h.tell(Message::Tick);
    h.sees("0:00 left").sees("The time is over: this is the last card.");
    assert!(!update::clock_runs(&h.app));
    // It can still be answered, and its answer still be read.
    h.press("n").sees("NOT KNOWN").press("Enter").sees("The time is over.").sees("0 of 1 answers");
    assert!(!update::clock_runs(&h.app));
}

#[test]
fn a_right_answer_is_good_and_says_why_as_well() {
    let mut h = Harness::training(100, 40);
    h.press("c");
    let id = match &short(&h).shown {
        Card::Asked(card) => card.id.clone(),
        other => panic!("{other:?}"),
    };
    let right = (1..=5).find(|n| match &short(&h).shown {
        Card::Asked(card) => card.answer(crate::training::Given::Option(n - 1), 1).right,
        _ => false,
    });
    h.press(&right.unwrap().to_string()).sees("✓ RIGHT").sees("source").sees("1 of 1 right");
    assert_eq!(store(&h).cards().unwrap().0[&id].due, date(2026, 11, 24));
    let noted = h.effects.iter().any(|effect| {
        matches!(effect, Effect::Practice(chore) if **chore == Chore::Note(id.clone(), Rating::Good, date(2026, 11, 22)))
    });
    assert!(noted);
}

fn past(n: i8) -> Past {
    let ability = f64::from(n) / 14.0;
    Past {
        day: date(2026, 11, n),
        case: "a-week-late".to_owned(),
        seed: 0,
        mode: Mode::Practice,
        percent: 100.0 * ability,
        passed: ability >= 0.7,
        critical: if n % 5 == 0 { vec!["overlooked".to_owned()] } else { Vec::new() },
        domains: crate::training::Domain::ALL.into_iter().take(5).map(|domain| (domain, ability)).collect(),
        sensitivity: Some(ability),
        specificity: Some(1.0 - ability / 4.0),
        sure: vec![(0.9, ability > 0.5), (0.6, n % 2 == 0), (0.3, false)],
        grades: vec![("pregnancy".to_owned(), if n < 6 { Rating::Again } else { Rating::Good })],
        known: Vec::new(),
        hints: 0,
        seconds: 300,
        file: String::new(),
    }
}

#[test]
fn progress_has_charts_that_read_without_colour_and_an_empty_state_that_says_what_to_do() {
    shows("progress-empty", |width, height| {
        let mut h = Harness::training(width, height);
        h.press("p").sees("Nothing has been practised yet").sees("c: short cards");
        h
    });
    for (name, cases) in [("progress", 14), ("progress-one", 1)] {
        shows(name, |width, height| {
            let mut h = practised(width, height, cases);
            h.press("p").sees("Skill");
            h
        });
    }
    for (name, keys) in [("progress-2", "p PgDn"), ("progress-3", "p PgDn PgDn"), ("progress-end", "p End")] {
        shows(name, |width, height| {
            let mut h = practised(width, height, 14);
            h.press(keys);
            h
        });
    }
    practised(80, 24, 14).press("p").sees("14 cases, 5 passed").press("End").sees("Fast track");
}

/// Somebody who has practised so many cases, and cards of all kinds.
fn practised(width: u16, height: u16, cases: i8) -> Harness {
    let mut h = Harness::training(width, height);
    if let Screen::Training(view) = &mut h.app.screen {
        let shelf = view.hall.shelf.as_mut().unwrap();
        for n in 1..=cases {
            let past = past(n);
            for (rule, rating) in &past.grades {
                shelf.cards.answer(rule, *rating, past.day);
            }
            shelf.results.push(past);
        }
        for (n, rule) in ["under-18", "skin:skin.glogau", "units:weaker"].into_iter().enumerate() {
            shelf.cards.answer(rule, [Rating::Again, Rating::Good, Rating::Easy][n], date(2026, 11, 21));
        }
    }
    h
}

/// The cursor goes to the case of that title.
fn find(h: &mut Harness, title: &str) {
    for _ in 0..200 {
        h.press("Down");
        if h.text().lines().any(|line| line.contains('▌') && line.contains(title)) {
            return;
        }
    }
}

#[test]
fn a_review_without_anything_due_says_when_something_is() {
    let mut h = Harness::training(80, 24);
    h.press("m m").sees("Review: what is due").sees("Nothing was practised yet").does_not_see("A glass or four");
    h.press("Enter").sees("there is no case to review");
    let mut h = practised(80, 24, 1);
    h.app.today = date(2026, 11, 2);
    shows_nothing_due(&mut h);
}

fn shows_nothing_due(h: &mut Harness) {
    if let Screen::Training(view) = &mut h.app.screen {
        view.hall.shelf.as_mut().unwrap().cards.0.values_mut().for_each(|card| card.due = date(2026, 12, 1));
    }
    h.press("m m").sees("Nothing is due. The next card comes back on 2026-12-01");
}

#[test]
fn hints_are_noted_on_the_screen_and_go_on_with_a_draft() {
    let mut h = Harness::training(100, 40);
    find(&mut h, "Always a little irregular");
    h.press("Enter Enter h").sees("You take a hint").sees("Not heard yet").sees("asked 1:00");
    h.press("c C-s Enter h").sees("Think of: ");
    h.press("Esc");
    let draft = store(&h).drafts().unwrap().0.remove(0);
    assert_eq!(draft.entries.iter().filter(|entry| matches!(entry.act, crate::training::Act::Hint { .. })).count(), 2);
    // It goes on where it was, hints and all.
    h.press("Home Enter").sees("goes on").sees("asked 2:00").sees("Think of: ");
    // What stands on a list is not hinted at, and a whole list is no contraindication.
    h.press("Esc Del").sees("once more").press("Del").does_not_see("Go on with");
    find(&mut h, "Always a little irregular");
    h.press(
        "Enter Enter / \"pregnan\" Enter p / \"medic\" Enter a Esc c C-s Enter 1 \"history.pregnancy\" Enter Enter h",
    );
    h.sees("named already").sees("asked 0:50");
    h.press("1 \"history.medications\" Enter").sees("which of them?");
}

#[test]
fn an_exam_has_no_hints_and_a_limit() {
    let mut h = Harness::training(100, 40);
    h.press("m Enter Enter 7 Enter End").sees("exam");
    h.press("Enter Enter h").sees("There are no hints in an exam");
    h.press("/ \"pregnan\" Enter p").sees("ten days late");
    if let Screen::Training(view) = &mut h.app.screen
        && let On::Sitting(sitting) = &mut view.on
    {
        sitting.before = 12 * 60;
    }
    h.press("a").sees("The time of this exam is over").sees("0:00 left, asked 0:30");
    match on(&h) {
        On::Sitting(sitting) => assert_eq!(sitting.begun.entries().len(), 1, "nothing more is noted"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_fast_track_lists_topics_with_one_case_each() {
    shows("train-fast", |width, height| {
        let mut h = Harness::training(width, height);
        h.press("m m m").sees("Fast track").sees("one mixed case each");
        h
    });
    Harness::training(100, 40).press("m m m").sees("Pregnancy and breastfeeding");
}
