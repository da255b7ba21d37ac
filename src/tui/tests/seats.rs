//! Two programs on one store.

use super::harness::Harness;
use crate::record::Store;
use crate::tui::app::Screen;

/// One draft, on the first screen of another program.
fn a_draft() -> Harness {
    let mut h = Harness::small(80, 24);
    h.press("n \"Ada Example\" Enter 4 4 Enter");
    let store = std::mem::take(&mut h.store);
    let mut h = Harness::small(80, 24);
    h.store = store;
    h.list();
    h
}

#[test]
fn a_draft_that_is_open_elsewhere_is_not_opened_by_accident() {
    let mut h = a_draft();
    h.elsewhere = Some(h.app.home.drafts[0].draft.id);
    h.press("Down Enter").sees("The draft of Ada Example is open in another pistor").press("Enter y Esc");
    assert!(matches!(h.app.screen, Screen::Home));
    h.press("Enter Y").sees("Ada Example · 44 y");
}

#[test]
fn a_draft_is_opened_as_it_is_now() {
    let mut h = a_draft();
    let mut draft = h.app.home.drafts[0].draft.clone();
    draft.intake = draft.intake.replace("44", "45");
    h.store.put_draft(&draft).unwrap();
    h.press("Down Enter").sees("Ada Example · 45 y");
}

#[test]
fn a_draft_that_was_signed_elsewhere_is_told_to_be_gone() {
    let mut h = a_draft();
    let id = h.app.home.drafts[0].draft.id;
    h.store.drop_draft(id).unwrap();
    h.press("Down Enter").sees("This draft is gone").does_not_see("Ada Example");
}
