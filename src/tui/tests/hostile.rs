//! Strings from outside that want to break the layout or steer the terminal: on every screen and in every window.

use std::sync::Arc;

use proptest::prelude::*;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::harness::{Harness, small};
use crate::pack::load::{LayerFiles, load};
use crate::record::Standing;
use crate::source::SourceFile;
use crate::tui::app::Loaded;
use crate::tui::charset;
use crate::tui::kind::Signs;
use crate::tui::message::Message;
use crate::tui::text::is_unsafe;

/// Control codes of both kinds, sequences that would retitle, paste, draw or answer, marks that turn text round, scripts with
/// joined, stacked and wide letters, and far too much of everything.
fn hostile() -> Vec<String> {
    let mut all: Vec<String> = [
        "a\u{1b}[2J\u{1b}]0;owned\u{7}b",
        "\u{1b}]52;c;b3duZWQ=\u{7}",
        "\u{9b}31m\u{90}q\u{9c}",
        "\u{1b}P+q544e\u{1b}\\\u{1b}[6n\u{5}",
        "line\r\nbreak\ttab\u{b}\u{c}\u{0}nul\u{7f}del\u{8}back",
        "\u{202e}desrever\u{202c}\u{2066}x\u{2069}\u{200f}\u{61c}",
        "👩🏽‍⚕️👨‍👩‍👧‍👦🏴󠁧󠁢󠁥󠁮󠁧󠁿🇦🇺",
        "محمد بن علي الطويل",
        "สวัสดีครับ น้ำแข็ง ก็ที่นี่",
        "山田太郎 アメリア 한국어",
        "Zoë\u{301}\u{302}\u{303} Müller-Łuków",
    ]
    .map(str::to_owned)
    .into();
    all.push("x".repeat(10_000));
    all.push("山".repeat(10_000));
    all.push(format!("e{}", "\u{301}".repeat(10_000)));
    all.push("\u{1b}[31m \u{202e}".repeat(2_500));
    all
}

/// Every screen and window, from a consultation of somebody with that name.
const PLACES: &[&str] = &[
    "F1",
    "F2",
    "F2 s",
    "F3",
    "F3 Tab a",
    "F4",
    "F5",
    "F5 Up Enter",
    "F6",
    "F6 Tab Enter",
    "F6 Tab o",
    "F7",
    "F7 Down Enter",
    "F8",
    "F8 End Up Enter",
    "?",
    "C-p",
    "Esc Esc",
    "Esc Esc f",
    "Esc Esc f Enter",
    "Esc Esc /",
];

/// No cell steers the terminal, and what frames the screen stands where it belongs.
fn look(h: &Harness, what: &str) {
    let buffer = h.buffer();
    for (n, cell) in buffer.content().iter().enumerate() {
        assert!(!cell.symbol().chars().any(is_unsafe), "{what}: cell {n} holds {:?}", cell.symbol());
        assert!(unicode_width::UnicodeWidthStr::width(cell.symbol()) <= 2, "{what}: {:?}", cell.symbol());
    }
    for (signs, limit) in [(Signs::Ascii, '\u{7f}'), (Signs::Console, '\u{259f}'), (Signs::Unicode, char::MAX)] {
        let mut shown = buffer.clone();
        charset::put(&mut shown, signs);
        for cell in shown.content() {
            assert!(
                cell.symbol().len() <= 64 && cell.symbol().chars().all(|c| c <= limit),
                "{what}: {:?}",
                cell.symbol()
            );
        }
    }
    let text = h.text();
    let first = text.lines().next().unwrap_or_default();
    let ends =
        ["draft saved 14:03", "2026-11-22", "saving draft", "nothing to save yet", "follow-up", "DRAFT NOT SAVED"];
    assert!(ends.iter().any(|end| first.trim_end().ends_with(end)), "{what}: the first line is {first:?}");
}

#[test]
fn names_and_words_of_a_patient_on_every_screen() {
    for text in hostile() {
        let short: String = text.chars().take(12).collect();
        let mut h = Harness::healthy(100, 24);
        h.press("F1 C-u");
        h.tell(Message::Paste(text.clone()));
        h.press("Enter F4 a");
        h.tell(Message::Paste(text.clone()));
        h.press("Down Down Down Down Down Down Enter Esc F8 End Up Enter");
        h.tell(Message::Paste(text.clone()));
        h.press("Enter F3 Tab Tab x a \"warfarin\" Enter Esc 2 Enter F6 Tab o 3");
        h.tell(Message::Paste(text.clone()));
        look(&h, &format!("{short:?} in a reason"));
        h.press("Esc Esc");
        for place in PLACES {
            h.press("F6").press(place);
            look(&h, &format!("{short:?} at {place}"));
            if place.starts_with("Esc Esc") {
                h.tell(Message::Paste(text.clone()));
                look(&h, &format!("{short:?} typed at {place}"));
                h.press("Esc Esc Esc Down Enter");
            }
            while !h.app.popups.is_empty() {
                h.tell(Message::Paste(text.clone()));
                look(&h, &format!("{short:?} typed at {place}"));
                h.press("Esc");
            }
        }
    }
}

#[test]
fn a_pack_with_hostile_texts_on_every_screen() {
    for text in hostile() {
        let short: String = text.chars().take(12).collect();
        let escaped: String = text.chars().map(|c| format!("\\U{:08X}", c as u32)).collect();
        let source = include_str!("pack.toml");
        let mut toml = source.to_owned();
        for key in ["label", "help", "message", "text", "title"] {
            toml = toml.replace(&format!("{key} = \""), &format!("{key} = \"{escaped} "));
        }
        let files = vec![SourceFile::new("pack.toml", toml)];
        let mut h = Harness::starting(100, 24);
        match load(&[LayerFiles { files }]) {
            // A pack may be refused for its texts: then the screen says why, as safely.
            Err(report) => {
                h.tell(Message::Pack(Err(report.render(false))));
                h.list();
                look(&h, &format!("{short:?} in a refused pack"));
                continue;
            }
            Ok(pack) => h.tell(Message::Pack(Ok(Arc::new(Loaded::new(pack))))),
        }
        h.list();
        h.press("n \"Test Patient\" Enter 4 4 Enter f 6 2 Enter 1 6 8 Enter 3 n n n n n");
        for place in PLACES {
            h.press("F6").press(place);
            look(&h, &format!("{short:?} in the pack at {place}"));
            h.press("Esc Esc Esc");
            if h.app.consult().is_none() {
                h.press("Esc Down Enter");
            }
        }
    }
}

#[test]
fn what_files_and_errors_say_is_as_harmless() {
    for text in hostile() {
        let mut h = Harness::starting(80, 24);
        h.app.settings.practitioner.clone_from(&text);
        h.app.settings.licence.clone_from(&text);
        h.tell(Message::NoStore(text.clone()));
        look(&h, "no store");
        h.tell(Message::Opened(Standing { rolled_back: Some(text.clone()), ..Standing::default() }));
        look(&h, "rolled back");
        h.tell(Message::Pack(Ok(small())));
        h.press("n F8 End");
        look(&h, "who signs");
        let id = h.app.consult().unwrap().id;
        h.tell(Message::DraftFailed { id, why: text.clone() });
        look(&h, "a draft not saved");
        h.tell(Message::NotUnlocked(text.clone()));
        h.tell(Message::Drafts(Err(text.clone())));
        look(&h, "a refusal");
        h.tell(Message::Pack(Err(text)));
        h.press("Esc Esc");
        look(&h, "no pack");
    }
}

/// So many cases, or as many as `PROPTEST_CASES` says.
fn cases(few: u32) -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(few)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(60), ..ProptestConfig::default() })]

    #[test]
    fn any_text_at_all(text in "(?s).{0,40}") {
        let mut h = Harness::small(80, 24);
        h.press("n");
        h.tell(Message::Paste(text.clone()));
        h.press("Enter");
        look(&h, &format!("{text:?}"));
        let mut buffer = Buffer::empty(Rect::new(0, 0, 40, 1));
        buffer.set_string(0, 0, crate::tui::text::clean(&text), Style::new());
        charset::put(&mut buffer, Signs::Ascii);
        prop_assert!(buffer.content().iter().all(|cell| cell.symbol().is_ascii()));
    }
}
