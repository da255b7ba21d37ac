//! Pictures of every screen at two sizes, with the styles: a highlight that is lost fails the test.

use super::harness::{Harness, picture};
use crate::tui::message::Message;
use crate::tui::theme::{Theme, ThemeName};

/// Takes the picture of a place at both sizes.
fn takes(name: &str, keys: &str) {
    for (width, height) in [(80, 24), (120, 40)] {
        let mut h = Harness::small(width, height);
        h.press(keys);
        insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
            insta::assert_snapshot!(format!("{name}-{width}x{height}"), picture(&h.buffer()));
        });
    }
}

/// The same after a moment without a key.
fn takes_after_a_pause(name: &str, keys: &str) {
    for (width, height) in [(60, 20), (80, 24), (120, 40)] {
        let mut h = Harness::small(width, height);
        h.press(keys).tell(Message::Pause);
        insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
            insta::assert_snapshot!(format!("{name}-{width}x{height}"), picture(&h.buffer()));
        });
    }
}

/// The keys of a patient with something to report, up to the goals.
const PATIENT: &str = "n \"Test Patient\" Enter 4 4 Enter f 6 2 Enter 1 6 8 Enter 3 n";
/// All of it.
const ALL: &str = "n \"Test Patient\" Enter 4 4 Enter f 6 2 Enter 1 6 8 Enter 3 n n a \"warfarin\" Enter Enter 2 Enter \
                   Enter n n g l o w Enter 2 Enter n n";

fn with(keys: &str) -> String {
    format!("{ALL} {keys}")
}

#[test]
fn first_screen() {
    takes("home", "");
}

#[test]
fn first_screen_with_drafts_and_records() {
    takes("home-lists", &with("F8 A Space s n \"Ada Example\" Enter Esc Esc"));
}

#[test]
fn patient() {
    takes("patient", "n \"Test Patient\" Enter 2 0 0 Enter Tab 2 0 0 Enter");
}

#[test]
fn skin() {
    takes("skin", "n F2");
}

#[test]
fn what_open_questions_can_still_do() {
    takes_after_a_pause("outlook", "n \"Test Patient\" Enter 4 4 Enter f 6 2 Enter 1 6 8 Enter 3 F3");
}

#[test]
fn what_would_change_the_verdict() {
    takes_after_a_pause("changes", &with("F3 p F6 Home Enter"));
}

#[test]
fn scale() {
    takes("scale", "n F2 s 3");
}

#[test]
fn scale_filled_in() {
    takes("scale-end", "n F2 s 3 2 n");
}

#[test]
fn answered_by_a_scale() {
    takes("skin-by-scale", "n F2 s 3 2 n Enter F2");
}

#[test]
fn lists_with_qualifiers() {
    takes("lists", &format!("{PATIENT} a \"epil\" Enter \"something odd\" Down Enter Esc"));
}

#[test]
fn picker() {
    takes("picker", &format!("{PATIENT} Tab a \"coum\""));
}

#[test]
fn areas() {
    takes("areas", "n F5 a \"glow\" Enter 2");
}

#[test]
fn incomplete() {
    takes("incomplete", &format!("{PATIENT} F6"));
}

#[test]
fn assessment() {
    takes("assessment", &with("F6 Tab"));
}

#[test]
fn why() {
    takes("why", &with("F6 Tab Enter"));
}

#[test]
fn reasons_of_an_override() {
    takes("override", &with("F6 Tab o"));
}

#[test]
fn plan() {
    takes("plan", &with("F7 Down"));
}

#[test]
fn calendar() {
    takes("calendar", &with("F7 Tab Tab Tab Tab"));
}

#[test]
fn signature() {
    takes("sign", &with("F8 Space"));
}

#[test]
fn record() {
    takes("record", &with("F8 A Space s Down Enter"));
}

#[test]
fn formulary() {
    takes("formulary", "f Down");
}

#[test]
fn formulary_entry() {
    takes("formulary-entry", "f \"hyaluronan\" Enter Tab Tab");
}

#[test]
fn help() {
    takes("help", "n F3 Tab ?");
}

#[test]
fn palette() {
    takes("palette", "n F3 C-p \"go to\"");
}

#[test]
fn themes() {
    for name in ThemeName::ALL {
        let mut h = Harness::small(80, 24);
        h.press(&with("F6 Tab"));
        h.app.theme = Theme::new(name);
        insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
            insta::assert_snapshot!(format!("theme-{}", name.word()), picture(&h.buffer()));
        });
    }
}

#[test]
fn smallest() {
    let mut h = Harness::small(60, 20);
    h.press(&with("F7"));
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("smallest", picture(&h.buffer()));
    });
}
