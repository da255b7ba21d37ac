//! Text that leaves the screen for an editor or the clipboard.

use super::harness::Harness;
use crate::tui::effect::Effect;

/// On the note of a healthy patient.
fn note() -> Harness {
    let mut h = Harness::healthy(100, 30);
    h.press("F8 End \"Own words\"");
    h
}

fn kept(h: &Harness) -> &str {
    &h.app.consult().unwrap().sheet.note
}

#[test]
fn a_note_keeps_its_lines_in_the_record_and_shows_them_in_one() {
    let mut h = note();
    h.editor = Some(|text| Ok(format!("{text}\nsecond line\r\nthird\u{1b}[2J")));
    h.press("C-x").sees("Own words⏎second line⏎third[2J");
    assert_eq!(h.effects.iter().rev().find(|e| matches!(e, Effect::Edit(_))), Some(&Effect::Edit("Own words".into())));
    assert_eq!(kept(&h), "Own words\nsecond line\nthird[2J");
    // And again: the breaks go out as breaks.
    h.editor = Some(|text| Ok(text.replace('\n', "+")));
    h.press("C-x").sees("Own words+second line+third");
}

#[test]
fn a_paste_of_several_lines_keeps_them_in_the_note_alone() {
    let mut h = note();
    h.tell(crate::tui::message::Message::Paste("\r\na\rb\n\n".into()));
    assert_eq!(kept(&h), "Own words\na\nb");
    h.press("Enter Up");
    h.tell(crate::tui::message::Message::Paste("\nc\n".into()));
    assert_eq!(h.app.consult().unwrap().sheet.signer.licence, "X-0001 c");
}

#[test]
fn what_does_not_come_back_changes_nothing() {
    let mut h = note();
    h.editor = Some(|_| Err("vi ended with exit status: 1".into()));
    h.press("C-x").sees("The text is as it was: vi ended with exit status: 1.").sees("Own words");
    assert_eq!(kept(&h), "Own words");
}

#[test]
fn too_long_a_text_is_cut_and_that_is_said() {
    let mut h = note();
    h.editor = Some(|_| Ok("x".repeat(20_003)));
    h.press("C-x").sees("the last 3 characters were left out");
    assert_eq!(kept(&h).len(), 20_000);
}

#[test]
fn other_texts_come_back_as_one_line() {
    let mut h = Harness::small(80, 24);
    h.editor = Some(|_| Ok("Test\nPatient".into()));
    h.press("n C-x").sees("Taken over as one line").sees("Test Patient");
    h.press("Enter C-x").sees("needs no editor");
}

#[test]
fn the_text_of_the_screen_or_of_the_window_is_copied() {
    let mut h = Harness::healthy(100, 30);
    h.press("F7 y").sees("sent to the terminal");
    let copied = |h: &Harness| match h.effects.last() {
        Some(Effect::Copy(text)) => text.clone(),
        other => panic!("{other:?}"),
    };
    assert!(copied(&h).contains("Hyaluronic acid"), "{}", copied(&h));
    h.press("F6 Enter y");
    assert!(copied(&h).starts_with("Why"), "{}", copied(&h));
    assert!(copied(&h).chars().all(|c| c == '\n' || !crate::tui::text::is_unsafe(c)));
}
