//! Locked, unlocked, protected.

use super::harness::Harness;
use crate::record::{Protection, Standing, Store, StoreError, Verification};
use crate::tui::app::{Popup, Screen};
use crate::tui::effect::Effect;
use crate::tui::lock::Stage;
use crate::tui::message::Message;

fn standing(protection: Protection) -> Message {
    Message::Opened(Standing { protection, rolled_back: None, ..Standing::default() })
}

/// One saved record, and a store about which nobody has decided yet.
fn undecided() -> Harness {
    undecided_at(80, 24)
}

pub fn undecided_at(width: u16, height: u16) -> Harness {
    let mut h = Harness::healthy(width, height);
    h.tell(standing(Protection::Undecided));
    h.press("F8 A Space s C-s").sees("Saved as record");
    h
}

#[test]
fn a_passphrase_is_offered_after_the_first_save_and_never_in_the_way() {
    let mut h = Harness::small(80, 24);
    h.tell(standing(Protection::Undecided));
    h.does_not_see("Not encrypted");
    let mut h = undecided();
    h.sees("Not encrypted").sees("p  protect them").sees("P  leave them so");
    h.press("n").sees("Name").press("Esc");
}

#[test]
fn a_clinic_may_decline_once_and_for_all() {
    let mut h = undecided();
    h.press("P").sees("Left as they are").does_not_see("Not encrypted");
    assert_eq!(h.store.standing().unwrap().protection, Protection::Declined);
    h.press("L").sees("nothing to lock");
    h.press("p").sees("Protect the records");
}

#[test]
fn protecting_shows_the_code_once_and_wants_it_written_down() {
    let mut h = undecided();
    h.press("p \"short\" Enter").sees("at least 8 characters").does_not_see("short");
    h.press("C-u \"blue kettle seven\" Enter").sees("Once more");
    h.press("\"blue kettle sevem\" Enter").sees("different");
    h.press("\"blue kettle seven\" Enter \"blue kettle seven\" Enter").sees("recovery code").sees("Its last group");
    assert_eq!(h.store.standing().unwrap().protection, Protection::Sealed);
    let Some(Popup::Protect(window)) = h.app.popups.last() else { panic!("the window is open") };
    let Stage::Code(fresh) = &window.stage else { panic!("the code is shown") };
    let groups = fresh.code.groups().to_string();
    h.sees(&groups);
    h.press("Esc").sees("Write the code down first").sees(&groups);
    h.press("\"zz9z\" Enter").sees("not the last group");
    let last = groups.rsplit('-').next().unwrap().to_lowercase();
    h.press(&format!("\"{last}\" Enter")).sees("Encrypted.").does_not_see(&groups).does_not_see("Not encrypted");
}

#[test]
fn what_is_typed_is_shown_as_dots_until_somebody_asks() {
    let mut h = Harness::small(80, 24);
    h.tell(Message::Locked);
    h.sees("The records are locked").press("\"blue kett\"").sees("•••••••••").does_not_see("blue");
    h.press("Tab").sees("blue kett").press("Tab").does_not_see("blue");
    h.press("Esc").does_not_see("•");
}

#[test]
fn a_locked_store_shows_nothing_until_it_is_opened() {
    let mut h = undecided();
    h.sees("Test Patient");
    h.tell(Message::Locked);
    h.does_not_see("Test Patient").does_not_see("Records\n");
    h.press("\"wrong wrong\" Enter").sees("does not open the records");
    h.press("\"blue kettle seven\" Enter").sees("Test Patient").does_not_see("locked");
}

#[test]
fn locking_keeps_the_consultation_as_a_draft() {
    let mut h = Harness::small(80, 24);
    h.tell(standing(Protection::Sealed));
    h.press("n \"Ada Exa\"");
    let id = h.app.consult().unwrap().id;
    h.tell(Message::Idle);
    assert!(h.effects.contains(&Effect::Lock(Some(id))));
    assert!(h.store.drafts().unwrap().drafts[0].intake.contains("Ada Exa"));
}

#[test]
fn locking_never_loses_what_could_not_be_saved() {
    let mut h = Harness::small(80, 24);
    h.tell(standing(Protection::Sealed));
    h.store.fail_writes(Some(StoreError::Full));
    h.press("n \"Ada\" Enter");
    h.tell(Message::Idle);
    h.sees("Not locked");
    assert!(!h.effects.iter().any(|effect| matches!(effect, Effect::Lock(_))));
}

#[test]
fn a_store_that_another_program_locked_keeps_what_is_open_here() {
    let mut h = Harness::small(80, 24);
    h.tell(standing(Protection::Undecided));
    h.press("n \"Ada\" Enter");
    h.tell(Message::Locked);
    h.sees("locked").does_not_see("Ada");
    h.press("\"blue kettle seven\" Enter").sees("Ada").press("Down Enter").sees("Ada");
    assert!(matches!(h.app.screen, Screen::Consult(_)));
}

#[test]
fn an_old_store_put_back_is_told_on_the_first_screen() {
    let mut h = Harness::small(80, 24);
    let rolled_back = Some("the records are older than they were".to_owned());
    h.tell(Message::Opened(Standing { protection: Protection::Sealed, rolled_back, ..Standing::default() }));
    h.sees("older than they were").sees("records verify");
}

#[test]
fn a_backup_is_missed_quietly_and_only_when_much_would_be_lost() {
    let mut h = undecided();
    h.tell(standing(Protection::Sealed));
    h.does_not_see("backup");
    h.app.home.total = 20;
    h.sees("There is no backup yet");
    for (last, seen) in [("2026-10-24T12:00:00Z", false), ("2026-09-01T12:00:00Z", true)] {
        let last_backup = Some(last.parse().unwrap());
        h.app.standing = Some(Standing { protection: Protection::Sealed, last_backup, ..Standing::default() });
        assert_eq!(h.text().contains("backup is"), seen, "{last}");
    }
}

#[test]
fn the_records_are_verified_from_the_first_screen() {
    let mut h = undecided();
    h.press("V").sees("Nothing is wrong: 1 version, 1 audit entry. Head ");
    let problems = vec!["version 1 of x is gone".to_owned(), "another".to_owned()];
    h.tell(Message::Verified(Ok(Verification { problems, ..Verification::default() })));
    h.sees("Wrong: version 1 of x is gone (and 1 more).");
}
