//! Two programs on one store, in real terminals.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "common/terminal.rs"]
mod terminal;

use terminal::Terminal;

const ENTER: &str = "\r";
const DOWN: &str = "\x1b[B";

#[test]
fn a_draft_is_open_in_one_program_at_a_time() {
    let home = tempfile::tempdir().unwrap();
    let mut first = Terminal::start(home.path(), 80, 24, &[]);
    first.expect("New consultation").send("n").expect("Name").send("Test Patient").send(ENTER).expect("Year-month");
    first.expect("draft saved");
    let mut second = Terminal::start(home.path(), 80, 24, &[]);
    second.expect("Drafts").expect("Test Patient").keys(&[DOWN, ENTER]).expect("open in another pistor");
    second.send("\x1b").expect("Drafts");
    // Whatever ends the first one, the draft is free again, as it was typed last.
    first.send("4").send("4").expect("44").expect("draft saved").signal("KILL");
    first.end();
    second.send(ENTER).expect("Date of birth").expect("44");
    second.send("\x03");
    assert_eq!(second.end(), 0);
    let left = std::fs::read_dir(home.path().join(".local/share/pistor/records")).unwrap();
    let locks = left.filter(|entry| entry.as_ref().unwrap().path().extension().is_some_and(|kind| kind == "lock"));
    assert_eq!(locks.count(), 0);
}
