//! `pistor --plain`: whole consultations line by line, from a script and on a real pseudo-terminal.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "common/terminal.rs"]
mod terminal;

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;
use terminal::Terminal;

/// A healthy woman in the EU, up to her allergies.
const HEALTHY: &[&str] = &[
    "Test Patient",
    "44",
    "female",
    "62",
    "168",
    "eu",
    "3",
    "2",
    "no",
    "none",
    "none",
    "none",
    "negative",
    "none",
    "realistic",
    "yes",
    "able",
    "none",
];
/// Hydration of the cheeks, nothing requested, a physician in a clinic, products in order.
const HYDRATION: &[&str] = &["hydration", "1", "cheeks", "", "none", "physician", "clinic", "none", ""];
/// Time to think it over not wanted; practitioner, role as answered, licence, no note; sign.
const SIGNATURE: &[&str] = &["1", "Dr Ada Example", "", "L-1", "", "y"];

fn home() -> TempDir {
    tempfile::tempdir().expect("a home")
}

fn pistor(home: &Path, arguments: &[&str], input: &[&str]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_pistor"))
        .args(arguments)
        .env_clear()
        .env("HOME", home)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let text: String = input.iter().flat_map(|line| [*line, "\n"]).collect();
    // A program that ended early closes its input.
    let _ = child.stdin.take().expect("an input").write_all(text.as_bytes());
    child.wait_with_output().expect("the program ends")
}

fn said(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("text") + &String::from_utf8_lossy(&output.stderr)
}

fn plain(home: &Path, input: &[&str]) -> Output {
    pistor(home, &["--plain", "--today", "2026-11-22"], input)
}

fn records(home: &Path) -> String {
    said(&pistor(home, &["records", "list"], &[]))
}

/// How many points of consent a consultation asks for.
fn points(text: &str) -> usize {
    let (_, rest) = text.split_once("Consent: ").expect("points of consent");
    rest.split(' ').next().and_then(|n| n.parse().ok()).expect("their number")
}

#[test]
fn a_script_holds_a_whole_consultation_and_the_record_is_saved() {
    let home = home();
    let unsigned = plain(home.path(), &[HEALTHY, HYDRATION, &["sign"]].concat());
    let text = said(&unsigned);
    assert_eq!(unsigned.status.code(), Some(2), "the input ended: {text}");
    assert!(text.contains("PROCEED") && text.contains("Hyaluronic acid"), "{text}");
    assert!(text.contains("the draft is kept"), "{text}");
    // The second run goes on with the draft: nothing is asked twice.
    let covered = vec!["y"; points(&text)];
    let signed = plain(home.path(), &[&["1", "sign"], &covered[..], SIGNATURE].concat());
    let text = said(&signed);
    assert!(signed.status.success(), "{text}");
    assert!(text.contains("1 Test Patient, at Assessment") && !text.contains("Fitzpatrick phototype."), "{text}");
    assert!(text.contains("Signed by Dr Ada Example, physician, L-1") && text.contains("Saved as record"), "{text}");
    let list = records(home.path());
    assert!(list.contains("Test Patient") && list.contains("PROCEED"), "{list}");
    assert!(said(&pistor(home.path(), &["records", "verify"], &[])).contains("nothing is wrong"), "the store is sound");
}

#[test]
fn what_is_left_open_holds_the_plan_back_until_it_is_asked_again() {
    let home = home();
    let mut answers = HEALTHY.to_vec();
    answers[8] = ""; // pregnancy
    let input = [&answers[..], HYDRATION, &["n", "sign", "y", "pregnant", "why pregnancy", "quit"]].concat();
    let output = plain(home.path(), &input);
    let text = said(&output);
    assert!(output.status.success(), "{text}");
    assert!(text.contains("INCOMPLETE") && text.contains("Not yet: these have to be answered"), "{text}");
    let end = &text[text.rfind("Assessment").expect("an assessment")..];
    assert!(end.contains("pregnancy") && !end.contains("SESSIONS"), "{end}");
    assert!(records(home.path()).contains("no saved consultations"), "nothing was saved");
}

#[test]
fn answers_are_taken_back_changed_and_explained() {
    let home = home();
    let back = ["Wrong Name", "/back", "Test Patient", "44", "female", "62", "168", "eu", "9", "3", "2", "no", "none"];
    let medicine = ["warfarin", "1", "", "", "", "none", "negative", "none", "realistic", "yes", "able"];
    let allergy = ["rash from some cream", "text", "", "unknown"];
    let after = ["why vitamin-k-antagonist-inr", "change glogau", "3", "answers", "nonsense", "quit"];
    let input = [&back[..], &medicine, &allergy, HYDRATION, &after].concat();
    let text = said(&plain(home.path(), &input));
    assert!(text.contains("now: Wrong Name") && text.contains("\"9\" is not one of the answers"), "{text}");
    assert!(text.contains("no rule reads words") && text.contains("INR above 3 or not known"), "{text}");
    assert!(text.contains("Name: Test Patient") && text.contains("Glogau photoageing: III"), "{text}");
}

#[test]
fn a_patient_who_was_here_before_confirms_what_still_holds() {
    let home = home();
    let mut first = HEALTHY.to_vec();
    first[1] = "1982-03-04";
    let told = said(&plain(home.path(), &[&first[..], HYDRATION, &["sign"]].concat()));
    let covered = vec!["y"; points(&told)];
    let saved = said(&plain(home.path(), &[&["1", "sign"], &covered[..], SIGNATURE].concat()));
    assert!(saved.contains("Saved as record"), "{saved}");
    // Again, a name exchanged: who it is and what lasts are offered, and count when they are confirmed.
    let who = ["Patient Test", "/returning", "/same", "/same", "/same", "63", "/same", "/same", "/same", "2"];
    let history = ["no", "none", "none", "none", "negative", "/same", "realistic", "yes", "able", "none"];
    let goals = ["/same", "none", "", "physician", "clinic", "none"];
    let sign = [&["sign", "y"], &covered[..], SIGNATURE].concat();
    let output = plain(home.path(), &[&who[..], &history, &goals, &sign].concat());
    let text = said(&output);
    assert!(text.contains("Looks like Test Patient, born 1982-03-04"), "{text}");
    assert!(text.contains("on 2026-11-22: Test Patient. Not an answer yet"), "{text}");
    assert!(!text.contains("on 2026-11-22: 62 kg"), "a weight is asked anew: {text}");
    assert!(text.contains("For Test Patient, born 1982-03-04 (44)."), "{text}");
    assert!(output.status.success() && text.contains("Saved as record"), "{text}");
    let listed = said(&pistor(home.path(), &["records", "list", "--format", "json"], &[]));
    let id = listed.split('"').find(|part| part.len() == 36).expect("an id").to_owned();
    let shown = said(&pistor(home.path(), &["records", "show", &id], &[]));
    assert!(shown.contains("carried over") && shown.contains("patient.height_cm"), "{shown}");
}

#[test]
fn nothing_raw_reaches_the_terminal() {
    let home = home();
    let long = "x".repeat(10_000);
    for name in ["\u{1b}]0;title\u{7}\u{1b}[2J", "e\u{301}\u{301} 👩‍⚕️ สวัสดี مريم", &long] {
        let text = said(&plain(home.path(), &["", name, "answers", "quit"]));
        assert!(!text.chars().any(|c| c.is_control() && c != '\n'), "{text:?}");
    }
}

#[test]
fn on_a_real_terminal_to_the_saved_record() {
    let home = home();
    let rehearsal = tempfile::tempdir().expect("another home");
    let points = points(&said(&plain(rehearsal.path(), &[HEALTHY, HYDRATION, &["sign"]].concat())));
    let mut terminal = Terminal::start(home.path(), 80, 24, &["--plain"]);
    terminal.expect("Name:");
    let covered = vec!["y"; points];
    for line in [HEALTHY, HYDRATION, &["sign"], &covered[..], SIGNATURE].concat() {
        terminal.send(line).send("\r");
    }
    terminal.expect("Saved as record");
    assert_eq!(terminal.end(), 0);
    let list = records(home.path());
    assert!(list.contains("Test Patient") && list.contains("PROCEED"), "{list}");
}

#[test]
fn a_terminal_that_cannot_place_a_cursor_gets_lines() {
    let home = home();
    let mut terminal = Terminal::start_on(home.path(), "dumb", 80, 24, &[]);
    terminal.expect("line by line").expect("Name:").send("/quit\r");
    assert_eq!(terminal.end(), 0);
}

#[test]
fn a_reaction_that_was_begun_on_the_screen_is_named_and_no_consultation() {
    use pistor::record::{Draft, FollowUpKind, Following, RecordId, SqliteStore, Store};
    let home = home();
    let now = jiff::Timestamp::from_second(1_795_000_000).expect("a time");
    let id = RecordId::generate(now);
    let (patient, kind, entered) = ("Ada Example".to_owned(), FollowUpKind::Reaction, Vec::new());
    let following = Some(Following { record: id, patient, kind, entered });
    let mut store = SqliteStore::open(&home.path().join(".local/share/pistor/records")).expect("a store");
    store.put_draft(&Draft { following, ..Draft::new(RecordId::generate(now), now) }).expect("it is kept");
    let text = said(&plain(home.path(), &["quit"]));
    assert!(text.contains("Begun and not saved") && text.contains("- a reaction, Ada Example, "), "{text}");
    assert!(!text.contains("A number goes on with one"), "{text}");
}

#[test]
fn what_the_screen_could_not_read_is_said_and_asked_again() {
    let home = home();
    let mut terminal = Terminal::start(home.path(), 80, 24, &[]);
    terminal.expect("New consultation").send("n").expect("Name").send("Test Patient").send("\r");
    terminal.expect("or the age alone").send("44").send("\r").expect("Sex").send("f").expect("Weight").send("98 lb\r");
    terminal.expect("is not a number of kg").send("\x03");
    terminal.end();
    let said = flat(&plain(home.path(), &["1"]));
    assert!(said.contains("Weight: \"98 lb\" was typed and not accepted; the question is open."), "{said}");
    let after = said.split("the question is open.").nth(1).expect("what comes after it");
    assert!(after.contains("Weight (25 to 300 kg"), "{said}");
}
