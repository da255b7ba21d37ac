//! Whole consultations in a real pseudo-terminal, with real keys, in a home folder of their own.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "common/terminal.rs"]
mod terminal;

use std::path::Path;
use std::process::Command;

use tempfile::TempDir;
use terminal::Terminal;

const ENTER: &str = "\r";
const F6: &str = "\x1b[17~";
const RIGHT: &str = "\x1b[C";
const DOWN: &str = "\x1b[B";

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
    terminal.send("Test Patient").expect("Test Patient").send(ENTER).expect("Year-month-day");
    terminal.keys(&["4", "4", ENTER, "f", "6", "2", ENTER, "1", "6", "8", ENTER]);
    terminal.expect("Whose law applies").send("1").expect("Fitzpatrick");
    terminal.keys(&["3", "2"]).expect("Pregnancy or breastfeeding");
    terminal.keys(&[pregnancy, "n", "n", "n", "n", "n", "r", "y", "a"]).expect("Allergies and intolerances");
    // The goals open by themselves.
    terminal.send("n").expect("1 Hydration and glow");
}

/// Hydration of the cheeks, nothing requested, a physician in a clinic, products in order.
fn aim(terminal: &mut Terminal) {
    terminal.send("1").expect("Where?");
    terminal.keys(&["7", ENTER]).expect("Hydration and glow (Cheeks)").keys(&["n", "p", "c", "n"]);
}

/// Ticks the consent points, sets the reflection time, names who signs, and saves.
fn sign(terminal: &mut Terminal) {
    // Each `A` ticks what was on the screen and turns the page; the last one leads to the signature.
    terminal.expect("sign and save").keys(&["A"; 5]).expect("not set").send("1");
    // The first line of the signature that is empty begins by itself.
    terminal.send("Dr Ada Example").expect("Dr Ada Example").send(ENTER);
    terminal.send("L-1").expect("L-1").send(ENTER);
    // Behind the licence the note waits; Enter in it asks, and one more key signs.
    terminal.send(ENTER).expect("Sign and save?").expect("Dr Ada Example").send("\x13");
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

#[test]
fn an_eligible_patient_is_saved_within_the_budget_of_keys() {
    let home = home();
    let mut terminal = start(home.path());
    ask(&mut terminal, "n");
    aim(&mut terminal);
    terminal.expect("P R O C E E D").send(RIGHT).expect("Hyaluronic acid alone");
    terminal.send(RIGHT).expect("Consent");
    sign(&mut terminal);
    terminal.expect("Saved as record").expect("Test Patient");
    // Typed names are the patient's, the practitioner's and the licence number.
    let typed = "Test Patient".len() + "Dr Ada Example".len() + "L-1".len();
    let keys = terminal.keys - typed;
    println!("{keys} keys");
    assert!(keys <= 45, "{keys} keys");
    terminal.send("q");
    assert_eq!(terminal.end(), 0);
    terminal.assert_restored();
    let list = records(home.path());
    assert!(list.contains("Test Patient") && list.contains("proceed"), "{list}");

    // The next start finds it again.
    let mut again = start(home.path());
    again.expect("Test Patient").keys(&[DOWN, ENTER]).expect("Dr Ada Example");
}

#[test]
fn a_pregnant_patient_is_declined_and_saved_without_a_plan() {
    let home = home();
    let mut terminal = start(home.path());
    ask(&mut terminal, "g");
    aim(&mut terminal);
    terminal.expect("D E C L I N E").expect("Pregnancy").send(RIGHT).expect("No plan").send(RIGHT);
    sign(&mut terminal);
    terminal.expect("Saved as record").expect("decline");
    terminal.send("q");
    assert_eq!(terminal.end(), 0);
    let list = records(home.path());
    assert!(list.contains("decline"), "{list}");
}

#[test]
fn a_draft_killed_in_the_middle_is_taken_up_where_it_was() {
    let home = home();
    let mut terminal = start(home.path());
    ask(&mut terminal, "n");
    terminal.expect("draft saved");
    // Letters of a name that is being searched for belong to no answer yet; the answers before them do.
    // What is typed is shown at once and kept a moment later: "draft saved" is only said again when it is.
    terminal.keys(&["h", "y"]).expect("› hy").expect("draft saved").signal("KILL");
    terminal.end();

    let mut again = start(home.path());
    again.expect("Drafts").expect("Test Patient").keys(&[DOWN, ENTER]);
    again.expect("Goals and areas").expect("Test Patient · 44 y");
    // What was being typed is there again.
    again.send("a").expect("› hy").send("\x15").expect("1 Hydration and glow");
    aim(&mut again);
    again.expect("P R O C E E D").keys(&[RIGHT, RIGHT]).expect("Consent");
    // After a break another patient may sit there: who it is, is asked again.
    again.expect("this consultation was interrupted").send(" ").expect("[x] Test Patient");
    sign(&mut again);
    again.expect("Saved as record");
    again.send("q");
    assert_eq!(again.end(), 0);
    assert!(records(home.path()).contains("proceed"));
}

#[test]
fn the_terminal_is_given_back_whatever_ends_the_program() {
    for end in ["\x03", "TERM", "HUP", "INT"] {
        let home = home();
        let mut terminal = start(home.path());
        assert!(terminal.on_alternate_screen());
        terminal
            .send("n")
            .expect("Name")
            .send("Secret Name")
            .expect("Secret Name")
            .send(ENTER)
            .expect("Year-month-day");
        if end.len() > 1 {
            terminal.signal(end);
        } else {
            terminal.send(end);
        }
        terminal.end();
        terminal.assert_restored();
        assert!(!terminal.screen().contains("Secret Name"), "left behind after {end}:\n{}", terminal.screen());
        let bytes = String::from_utf8_lossy(&terminal.bytes).into_owned();
        for title in bytes.split("\x1b]").skip(1) {
            let title = title.split(['\x07', '\x1b']).next().unwrap_or_default();
            assert!(!title.contains("Secret"), "the title says {title}");
        }
    }
}

#[test]
fn too_small_a_screen_says_so_and_loses_nothing() {
    let home = home();
    let mut terminal = start(home.path());
    terminal.send("n").expect("Name").send("Test Patient").expect("Test Patient");
    terminal.resize(40, 10).expect("60×20");
    terminal.resize(100, 30).expect("Test Patient");
}

#[test]
fn after_a_moment_without_a_key_the_screen_says_which_question_matters_most() {
    let home = home();
    let mut terminal = start(home.path());
    ask(&mut terminal, "n");
    // Nothing more is typed: the mark comes by itself.
    terminal.send("\x1b").expect("matters most now").send(F6).expect("Open questions").expect("matters most now");
    terminal.send("q");
}
