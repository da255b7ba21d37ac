//! Nothing that was said is lost.

use super::harness::{Harness, small};
use crate::intake::Answer;
use crate::record::{Draft, Store, StoreError};
use crate::tui::app::{Saved, Screen};
use crate::tui::effect::Effect;
use crate::tui::message::Message;
use crate::tui::paper;
use crate::tui::sheet::{Reflection, StepId};

impl Harness {
    /// The draft on disk.
    fn on_disk(&mut self) -> Draft {
        self.store.drafts().unwrap().drafts.into_iter().next().expect("a draft")
    }

    /// The program dies, and is started again on the same store.
    fn dies(self, width: u16, height: u16) -> Self {
        let mut next = Self::small(width, height);
        next.store = self.store;
        next.list();
        next
    }
}

#[test]
fn every_keystroke_is_in_the_draft() {
    let mut h = Harness::small(80, 24);
    h.press("n \"Ada Exa\"");
    let draft = h.on_disk();
    let typing = draft.typing.expect("what is being typed");
    assert_eq!((typing.field.as_str(), typing.text.as_str()), ("patient.name", "Ada Exa"));
}

#[test]
fn a_draft_is_listed_by_the_name_that_was_being_typed() {
    let mut h = Harness::small(80, 24);
    h.press("n \"Ada Exa\"");
    h.dies(80, 24).sees("Drafts").sees("Ada Exa").does_not_see("(no name)");
}

#[test]
fn a_draft_goes_on_where_it_stopped() {
    let mut h = Harness::small(80, 24);
    h.press("n \"Ada Example\" Enter 4 4 Enter f F3 n a \"epil\" Enter Esc 1 Tab a \"warf\" Enter Esc \"9\"");
    let mut h = h.dies(80, 24);
    h.sees("Drafts").sees("Ada Example").sees("History (3 of 8)").sees("today 14:03");
    h.press("Down Enter").sees("Ada Example · 44 y").sees("Medicines").sees("Warfarin");
    let consult = h.app.consult().unwrap();
    assert_eq!(consult.step, StepId::History);
    assert_eq!(consult.sheet.pending.get("history.medications#0.inr").map(String::as_str), Some("9"));
    assert_eq!(consult.sheet.intake.entries("history.conditions")[0].qualifiers.len(), 1);
}

#[test]
fn decisions_come_back_with_the_draft() {
    let mut h = Harness::healthy(80, 24);
    h.press("F8 Space A Space Space Down Down Down Down").press("\"call on Monday\" Enter");
    let before = h.app.consult().unwrap().sheet.clone();
    let mut h = h.dies(80, 24);
    h.press("Down Enter");
    let after = &h.app.consult().unwrap().sheet;
    assert_eq!(after.reflection, Reflection::Days(1));
    assert_eq!(*after, before);
}

#[test]
fn leaving_a_consultation_keeps_it_whole() {
    let mut h = Harness::small(80, 24);
    h.press("n F2 3 Esc").sees("The draft is kept");
    assert!(matches!(h.app.screen, Screen::Home));
    h.press("Enter U").sees("Taken back");
}

#[test]
fn looking_at_a_new_consultation_leaves_no_draft() {
    let mut h = Harness::small(80, 24);
    h.press("n F2 F3 Esc").does_not_see("Drafts");
    assert!(h.store.drafts().unwrap().drafts.is_empty());
}

#[test]
fn a_draft_that_cannot_be_written_is_said_and_stays() {
    let mut h = Harness::small(80, 24);
    h.store.fail_writes(Some(StoreError::Full));
    h.press("n \"Ada\" Enter")
        .sees("DRAFT NOT SAVED")
        .sees("Draft not saved: nothing is lost, but the disk is full: free some room");
    h.press("C-c").sees("End without saving?");
    assert!(!h.effects.contains(&Effect::Quit));
    h.press("Esc Esc Esc").sees("not saved").sees("Ada");
    h.store.fail_writes(None);
    h.press("Enter F2 3").does_not_see("NOT SAVED");
    assert_eq!(h.app.consult().unwrap().saved, Saved::At("14:03".into()));
    h.press("C-c");
    assert!(h.effects.contains(&Effect::Quit));
}

#[test]
fn an_older_draft_on_disk_does_not_hide_that_the_newer_one_is_not_kept() {
    let mut h = Harness::small(80, 24);
    h.press("n \"Ada\" Enter").sees("draft saved");
    h.store.fail_writes(Some(StoreError::Vanished { path: "/p".into() }));
    h.press("4 4 Enter").sees("DRAFT NOT SAVED").sees("the records are gone: put them back");
    h.press("Esc Esc Esc").sees("Drafts").sees("not saved");
    h.store.fail_writes(None);
    h.press("Enter Tab").does_not_see("NOT SAVED");
}

#[test]
fn a_record_that_cannot_be_saved_is_still_a_draft() {
    let mut h = Harness::healthy(80, 24);
    h.press("F8 A Space");
    h.store.fail_writes(Some(StoreError::Full));
    h.press("s C-s").sees("Not saved");
    h.store.fail_writes(None);
    h.press("s C-s").sees("Saved as record");
    assert!(h.store.drafts().unwrap().drafts.is_empty(), "the record takes the place of the draft");
}

#[test]
fn a_draft_is_removed_only_by_a_second_and_different_key() {
    let mut h = Harness::small(80, 24);
    h.press("n \"Ada\" Enter Esc Esc Del").sees("cannot be taken back");
    h.press("Del d y Enter").sees("cannot be taken back");
    assert_eq!(h.store.drafts().unwrap().drafts.len(), 1);
    h.press("Y");
    assert!(h.store.drafts().unwrap().drafts.is_empty());
}

#[test]
fn what_a_later_pack_does_not_know_comes_back_in_words() {
    let mut h = Harness::small(80, 24);
    h.press("n \"Ada\" Enter F4 a \"latex\" Enter Esc");
    let mut draft = h.on_disk();
    draft.intake = draft.intake.replace("Ada", "Ada\"\ngone = \"x").replace("\"latex\"", "\"no-such-allergen\"");
    let (read, lost) = paper::taken(&small().pack, &draft, h.app.today);
    assert_eq!(read.sheet.intake.get("patient.name"), Some(&Answer::Text("Ada".into())));
    assert_eq!(lost.len(), 2, "{lost:?}");
    assert!(read.sheet.note.contains("no-such-allergen"), "{}", read.sheet.note);
}

#[test]
fn a_new_day_assesses_anew() {
    let mut h = Harness::healthy(80, 24);
    h.tell(Message::Day(jiff::civil::date(2026, 11, 23)));
    assert_eq!(h.app.consult().unwrap().assessment.today, jiff::civil::date(2026, 11, 23));
}

#[test]
fn two_equal_entries_do_not_spoil_the_draft() {
    let mut h = Harness::small(80, 24);
    h.press("n F3 Tab Tab a \"peel\" Enter \"peel\" Enter Esc");
    let mut h = h.dies(80, 24);
    h.press("Down Enter").sees("Chemical peel");
}
