//! Areas chosen on a picture of the face or the body.

use super::harness::{Harness, picture};
use crate::plan::Excluded;
use crate::tui::app::{Popup, Screen};
use crate::tui::message::Message;
use crate::tui::theme::{Theme, ThemeName};
use rstest::rstest;

/// The areas of a goal, in a window of that size.
fn areas(goal: &str, width: u16, height: u16) -> Harness {
    let mut h = Harness::new(width, height);
    h.press("n F5 a").press(&format!("\"{goal}\" Enter"));
    h.sees("Where?");
    h
}

fn ticked(h: &Harness) -> Vec<&str> {
    match h.app.popups.last() {
        Some(Popup::Areas(areas)) => areas.ticked.iter().map(String::as_str).collect(),
        other => panic!("no areas: {other:?}"),
    }
}

#[test]
fn the_face_with_the_keys_of_its_areas() {
    let mut h = areas("hydration", 80, 24);
    h.press("7 4");
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("map-face-80x24", picture(&h.buffer()));
    });
    // The neck is not on the front of the face: the picture turns.
    h.press("c");
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("map-side-80x24", picture(&h.buffer()));
    });
}

#[rstest]
#[case::light(ThemeName::Light)]
#[case::high_contrast(ThemeName::HighContrast)]
#[case::no_colour(ThemeName::Mono)]
fn what_is_ticked_is_told_without_colour(#[case] theme: ThemeName) {
    let mut h = areas("cellulite", 100, 30);
    h.app.theme = Theme::new(theme);
    h.press("7");
    h.sees("[7]");
}

#[test]
fn a_click_on_the_picture_ticks_the_area_that_is_drawn_there() {
    let mut h = areas("hydration", 80, 24);
    for (key, id) in [("2", "forehead"), ("8", "nose"), ("b", "chin")] {
        let (x, y) = drawn(&h, key);
        h.tell(Message::Click(x, y));
        assert!(ticked(&h).contains(&id), "{id} is not among {:?}\n{}", ticked(&h), h.text());
    }
    let (x, y) = drawn(&h, "[8]");
    h.tell(Message::Click(x + 1, y));
    assert!(!ticked(&h).contains(&"nose"), "a second click takes it off");
}

/// Where a key stands on the picture: in the right half of the window.
fn drawn(h: &Harness, key: &str) -> (u16, u16) {
    // Below the steps, which have figures too.
    for (y, line) in h.text().lines().enumerate().skip(3) {
        let cells: Vec<char> = line.chars().collect();
        let right: String = cells.iter().skip(47).collect();
        if let Some(at) = right.find(key) {
            return ((47 + right[..at].chars().count()) as u16, y as u16);
        }
    }
    panic!("no {key} on the picture\n{}", h.text());
}

#[rstest]
#[case(60, 20)]
#[case(70, 24)]
fn without_room_there_is_only_the_list(#[case] width: u16, #[case] height: u16) {
    let mut h = areas("hydration", width, height);
    h.press("7").sees("[x] Cheeks").does_not_see("[7]");
}

/// A healthy patient whose cheeks are treated, at the plan; a rule took out the chin.
fn planned(width: u16, height: u16) -> Harness {
    let mut h = Harness::new(width, height);
    h.press("n \"Test Patient\" Enter 4 4 Enter f 6 2 Enter 1 6 8 Enter 1 3 2 n n n n n n r y a n");
    h.press("1 7 Enter n p c n Right Right F7");
    let Screen::Consult(consult) = &mut h.app.screen else { panic!("{}", h.text()) };
    let rules = vec!["an-example".to_owned()];
    consult.assessment.excluded.push(Excluded { kind: "area".into(), id: "chin".into(), label: "Chin".into(), rules });
    h
}

#[test]
fn treated_and_excluded_areas_are_on_the_plan_and_on_the_assessment() {
    let mut h = planned(100, 90);
    h.sees("1 treated, 1 excluded").sees("1 Cheeks").sees("✗ Chin").sees("excluded: an-example");
    // On the picture as well: both cheeks, and the chin.
    let count = |sign: char| {
        h.text().lines().filter(|line| is_dotted(line)).flat_map(str::chars).filter(|c| *c == sign).count()
    };
    assert_eq!(count('1'), 2 + 1, "two on the face, one in the words\n{}", h.text());
    assert_eq!(count('✗'), 1 + 1, "one on the face, one in the words\n{}", h.text());
    h.press("F6").sees("✗ Chin").sees("Cheeks");
}

fn is_dotted(line: &str) -> bool {
    line.chars().any(|c| ('\u{2801}'..='\u{28ff}').contains(&c))
}

#[test]
fn an_area_of_another_goal_is_marked() {
    let mut h = areas("hydration", 80, 24);
    h.press("7 +").press("\"fine lines\" Enter");
    h.sees("• another goal");
}
