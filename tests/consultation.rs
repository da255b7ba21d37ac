//! Whole consultations in a real pseudo-terminal, with real keys, in a home folder of their own.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "common/terminal.rs"]
mod terminal;

use std::path::Path;
use std::process::Command;

use tempfile::TempDir;
use terminal::Terminal;

const ENTER: &str = "\r";
const RIGHT: &str = "\x1b[C";

fn home() -> TempDir {
    tempfile::tempdir().expect("a home")
}

fn start(home: &Path) -> Terminal {
    let mut terminal = Terminal::start(home, 80, 24, &[]);
    terminal.expect("New consultation");
    terminal
}

/// The four steps before the goals, for a healthy woman in the EU; `pregnancy` is the key of that answer.
fn ask(terminal: &mut Terminal, pregnancy: &str) {
    terminal.send("n").expect("Name");
    terminal.send("Test Patient").expect("Test Patient").send(ENTER).expect("Date of birth");
    terminal.keys(&[ENTER, "4", "4", ENTER, "f", "6", "2", ENTER, "1", "6", "8", ENTER]);
    terminal.expect("Whose law applies").send("1").expect("Fitzpatrick");
    terminal.keys(&["3", "2"]).expect("Pregnancy or breastfeeding");
    terminal.keys(&[pregnancy, "n", "n", "n", "n", "n", "r", "y", "a"]).expect("Allergies and intolerances");
    terminal.send("n").expect("What should change");
}

/// Hydration of the cheeks, nothing requested, a physician in a clinic, products in order.
fn aim(terminal: &mut Terminal) {
    terminal.keys(&["a", "h", "y", "d"]).expect("Hydration and glow").send(ENTER).expect("Where?");
    terminal.keys(&["7", ENTER]).expect("another goal").keys(&[ENTER, "n", ENTER, "p", "c", "n"]);
}

/// Ticks the consent points, signs and waits for the record.
fn sign(terminal: &mut Terminal) {
    for _ in 0..12 {
        if !terminal.screen().contains("[ ]") {
            break;
        }
        terminal.send("A");
    }
    terminal.send("s");
}

fn records(home: &Path) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_pistor"))
        .args(["records", "list", "--format", "json"])
        .env_clear()
        .env("HOME", home)
        .output()
        .expect("the program runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}
