//! Whatever the size and whatever the keys: a picture, and no panic.

use proptest::prelude::*;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::harness::Harness;
use crate::tui::message::Message;
use crate::tui::theme::{Theme, ThemeName};
use crate::tui::view;

/// Every screen and window there is.
const PLACES: &[&str] = &[
    "Esc Esc",
    "F1",
    "F2",
    "F2 s",
    "F2 s 3 2 n",
    "F3 Tab a",
    "F4",
    "F5 Up Enter",
    "F6",
    "F6 Tab Enter",
    "F6 Tab o",
    "F6 Tab o 3",
    "F7",
    "F7 End",
    "F7 Down Enter",
    "F8",
    "F8 End Enter",
    "F6 ?",
    "F6 C-p",
    "C-c",
];

fn at(place: &str) -> Harness {
    let mut h = Harness::healthy(80, 24);
    h.press("F3 Tab Tab x a \"warfarin\" Enter Esc 2 Enter").press(place);
    h
}

#[test]
fn every_place_draws_at_every_size() {
    for place in PLACES {
        let mut h = at(place);
        for width in [1, 2, 3, 10, 40, 59, 60, 61, 75, 76, 79, 80, 95, 96, 99, 100, 101, 140, 200] {
            for height in [1, 2, 3, 10, 19, 20, 21, 24, 30, 60] {
                h.tell(Message::Resize(width, height));
                h.buffer();
            }
        }
    }
}

#[test]
fn resizing_loses_nothing() {
    let mut h = at("F7 Down Down");
    let state = |h: &Harness| {
        let consult = h.app.consult().unwrap();
        (consult.sheet.clone(), consult.step, consult.chosen)
    };
    let before = state(&h);
    for (width, height) in [(1, 1), (200, 60), (60, 20), (3, 2), (80, 24)] {
        h.tell(Message::Resize(width, height));
    }
    assert_eq!(state(&h), before);
    h.sees("▌ Hyaluronic acid");
}

#[test]
fn a_small_terminal_says_what_is_needed() {
    let mut h = at("F7");
    h.tell(Message::Resize(59, 20));
    h.sees("pistor needs 60×20").sees("this is 59×20");
}

#[test]
fn a_buffer_smaller_than_was_said_is_survived() {
    // Between a resize of the terminal and the message that tells of it.
    let h = at("F7");
    for (width, height) in [(1, 1), (10, 3), (79, 24), (80, 23)] {
        let area = Rect::new(0, 0, width, height);
        view::draw(&h.app, area, &mut Buffer::empty(area));
    }
}

#[test]
fn names_of_any_script_neither_break_the_layout_nor_steer_the_terminal() {
    for name in
        ["山田太郎 アメリア", "محمد بن علي", "Zoë\u{301}\u{302} Müller-Łuków", "👩🏽‍⚕️👨‍👩‍👧‍👦 Family", "a\u{202e}b\u{200f}c"]
    {
        let mut h = Harness::small(80, 24);
        h.press("n");
        h.tell(Message::Paste(name.into()));
        h.press("Enter F3 F1");
        let buffer = h.buffer();
        for cell in buffer.content() {
            assert!(!cell.symbol().chars().any(crate::tui::text::is_unsafe), "{name:?}");
        }
        assert!(h.text().lines().next().unwrap().trim_end().ends_with("draft saved 14:03"), "{}", h.text());
    }
}

#[test]
fn without_colours_nothing_is_coloured_and_the_cursor_still_shows() {
    let mut h = at("F7 Down");
    h.app.theme = Theme::new(ThemeName::Mono);
    let buffer = h.buffer();
    let reset = ratatui::style::Color::Reset;
    assert!(buffer.content().iter().all(|cell| cell.fg == reset && cell.bg == reset));
    h.press("Esc");
    let reversed = ratatui::style::Modifier::REVERSED;
    assert!(h.buffer().content().iter().any(|cell| cell.modifier.contains(reversed)), "the selected line");
}

/// Keys, as a cat would press them.
fn keys() -> impl Strategy<Value = Vec<&'static str>> {
    const KEYS: &[&str] = &[
        "n",
        "a",
        "x",
        "-",
        "u",
        "U",
        "o",
        "c",
        "s",
        "A",
        "e",
        "j",
        "k",
        "g",
        "G",
        "q",
        "?",
        "/",
        "i",
        "f",
        "m",
        "p",
        "d",
        "Y",
        "+",
        "<",
        ">",
        "1",
        "2",
        "3",
        "4",
        "9",
        ".",
        "Enter",
        "Esc",
        "Tab",
        "S-Tab",
        "Up",
        "Down",
        "Left",
        "Right",
        "PgUp",
        "PgDn",
        "Home",
        "End",
        "Space",
        "Del",
        "Backspace",
        "F1",
        "F2",
        "F3",
        "F4",
        "F5",
        "F6",
        "F7",
        "F8",
        "F9",
        "M-1",
        "M-6",
        "C-p",
        "C-r",
        "C-u",
        "C-n",
        "C-w",
        "C-Left",
        "C-Right",
        "C-l",
        "C-z",
        "C-s",
    ];
    proptest::collection::vec(proptest::sample::select(KEYS), 0..60)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, ..ProptestConfig::default() })]

    #[test]
    fn no_keys_at_any_size_make_it_panic(
        place in proptest::sample::select(PLACES),
        keys in keys(),
        width in 1_u16..=200,
        height in 1_u16..=60,
        paste in "\\PC{0,12}",
    ) {
        let mut h = at(place);
        h.tell(Message::Resize(width, height));
        for (n, key) in keys.iter().enumerate() {
            h.press(key);
            if n % 7 == 3 {
                h.tell(Message::Paste(paste.clone()));
            }
            if n % 5 == 2 {
                h.tell(Message::Click(n as u16 * 3, n as u16));
            }
            h.buffer();
        }
    }

    #[test]
    fn whatever_was_pressed_the_draft_on_disk_is_what_is_on_the_screen(keys in keys()) {
        let mut h = at("F1");
        for key in &keys {
            h.press(key);
        }
        use crate::record::Store;
        let Some(consult) = h.app.consult() else { return Ok(()) };
        let id = consult.id;
        let sheet = consult.sheet.clone();
        let kept = h.store.drafts().unwrap().drafts.into_iter().find(|draft| draft.id == id);
        let pack = &h.app.loaded().unwrap().pack;
        let expected = crate::tui::paper::kept(
            &crate::tui::sheet::Draft { sheet, ..consult.draft(pack) },
            super::harness::NOW.parse().unwrap(),
        );
        match kept {
            Some(kept) => {
                prop_assert_eq!(&kept.intake, &expected.intake);
                prop_assert_eq!(&kept.decisions, &expected.decisions);
                let texts = |draft: &crate::record::Draft| {
                    let mut all: Vec<_> = draft.typing.iter().chain(&draft.held).cloned().map(|t| (t.field, t.text)).collect();
                    all.sort();
                    all
                };
                prop_assert_eq!(texts(&kept), texts(&expected));
            }
            None => prop_assert!(consult.past.is_empty(), "a consultation with answers has a draft"),
        }
    }
}
