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

/// What was said, without its line breaks.
fn flat(output: &Output) -> String {
    said(output).split_whitespace().collect::<Vec<_>>().join(" ")
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
    // It was left: who sits here is asked again.
    let signed = plain(home.path(), &[&["1", "sign", "y"], &covered[..], SIGNATURE].concat());
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
    let saved = said(&plain(home.path(), &[&["1", "sign", "y"], &covered[..], SIGNATURE].concat()));
    assert!(saved.contains("Saved as record"), "{saved}");
    // Again, a name exchanged: who it is and what lasts are offered, and count when they are confirmed.
    let who = ["Patient Test", "/returning", "/same", "/same", "/same", "63", "/same", "/same", "/same", "2"];
    let history = ["no", "none", "none", "none", "negative", "/same", "realistic", "yes", "able", "none"];
    let goals = ["/same", "none", "physician", "clinic", "none", ""];
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

/// Everything up to the assessment of a healthy patient: hydration of the cheeks.
fn to_the_plan<'a>(after: &[&'a str]) -> Vec<&'a str> {
    [HEALTHY, HYDRATION, after].concat()
}

/// What was said from the last time of some words on.
fn since<'a>(text: &'a str, words: &str) -> &'a str {
    &text[text.rfind(words).unwrap_or_else(|| panic!("{words}: {text}"))..]
}

#[test]
fn a_mix_of_ones_own_goes_into_the_record() {
    let home = home();
    let mix = ["mix", "point 0.03", "volume 1 0.7", "", "sign", "all", "y"];
    let output = plain(home.path(), &to_the_plan(&[&mix[..], SIGNATURE].concat()));
    let text = said(&output);
    assert!(text.contains("It is as proposed.") && text.contains("Taken: vetted by the same rules"), "{text}");
    let differs = "0.7 mL instead of 1 mL";
    assert!(since(&text, "Time to think").contains(differs), "what is signed is said: {text}");
    assert!(output.status.success() && text.contains("Saved as record"), "{text}");
    let shown = said(&pistor(home.path(), &["records", "show", &only_record(home.path())], &[]));
    assert!(shown.contains("Own mix, made from Hyaluronic acid alone") && shown.contains(differs), "{shown}");
    assert!(shown.contains("points of 0.03 mL instead of 0.02 mL"), "{shown}");
}

#[test]
fn what_a_mix_may_not_be_is_refused_with_the_reason() {
    let refused =
        ["mix", "leave out 1", "volume 1 9", "volume 7 1", "volume 1 much", "point 99", "shake", "add", "9", ""];
    let text = flat(&plain(home().path(), &to_the_plan(&[&refused[..], &["", "sign"]].concat())));
    for told in [
        "Not taken: no active ingredient is left in it.",
        "1 mL is the most that a recipe gives here",
        "\"7\" is no ingredient of the mix: 1 to 1.",
        "\"much\" is not a number",
        "99 is out of range",
        "\"shake\" means nothing here",
        "Polycomponent solution (NCTF type), active: up to",
        "There is no 9.",
    ] {
        assert!(text.contains(told), "{told}: {text}");
    }
    assert!(!text.contains("your own mix"), "nothing was changed: {text}");
}

#[test]
fn a_mix_is_swapped_taken_back_and_refused_by_a_later_answer() {
    let mix = ["mix", "swap 1 nctf", "1", "reset", "undo", ""];
    // An allergy to a part of it is found out later: it is named, and nothing is signed.
    let allergy =
        ["change allergies", "thiamine", "1", "", "", "", "sign", "all", "y", "1", "Dr Ada Example", "", "L-1", ""];
    let text = said(&plain(home().path(), &to_the_plan(&[&mix[..], &allergy, &["mix", "y", "", "quit"]].concat())));
    let taken = text.find("Polycomponent solution (NCTF type) added").expect("it is told");
    assert!(text[taken..].contains("Back to the proposal") && text[taken..].contains("Taken back;"), "{text}");
    assert!(text.contains("Not yet: Your own mix cannot be given (Hydration and glow, cheeks)"), "{text}");
    assert!(since(&text, "Go back to the proposal?").contains("It is as proposed."), "{text}");
}

#[test]
fn what_would_change_the_outcome_and_what_matters_most_are_told() {
    let history =
        ["Test Patient", "44", "female", "62", "168", "eu", "3", "2", "pregnant", "none", "none", "none", "why"];
    let text = said(&plain(home().path(), &[&history[..], &["quit"]].concat()));
    let why = since(&text, "What the open questions can still do");
    assert!(why.contains("possible") && why.contains("matters most Goals and areas"), "{why}");
    assert!(why.contains("The fewest changes that would lead to another outcome:"), "{why}");
    let mut pregnant = HEALTHY.to_vec();
    pregnant[8] = "pregnant";
    let text = flat(&plain(
        home().path(),
        &[&pregnant[..], HYDRATION, &["why", "why 1", "why nctf", "why fog", "quit"]].concat(),
    ));
    assert!(text.contains("To a plan: one change would do."), "{text}");
    assert!(text.contains("fires when pregnancy or breastfeeding is possible"), "{text}");
    assert!(text.contains("EXCLUDED Polycomponent solution (NCTF type) [polycomponent-nctf]"), "{text}");
    assert!(text.contains("No rule, ingredient or scale is called \"fog\""), "{text}");
}

#[test]
fn one_goes_anywhere_and_takes_changes_back() {
    let begin = ["Test Patient", "status", "44", "female", "undo", "female", "repeat", "62", "168", "eu"];
    let skin = ["go patient", "", "", "", "63", "", "", "3", "2", "go nowhere", "go", "go assessment", "n"];
    let after = ["change weight", "64", "undo", "answers", "show excluded", "cause 7", "back", "", "quit"];
    let text = said(&plain(home().path(), &[&begin[..], &skin, &after].concat()));
    assert!(text.contains("Patient: Test Patient. Patient, 1 of 8, at: Date of birth."), "{text}");
    assert!(text.contains("Taken back; `redo` makes it again.\n  Sex: not asked"), "{text}");
    assert!(text.contains("now: 62 kg") && text.contains("now: 63 kg"), "{text}");
    assert!(text.contains("No question is called \"nowhere\"") && text.contains("Where to? `go` and a step"), "{text}");
    assert!(since(&text, "Taken back").contains("Weight: 63 kg"), "{text}");
    assert!(text.contains("by legal status here:") && text.contains("There is no finding \"7\""), "{text}");
}

#[test]
fn what_an_answer_changes_is_told_at_once_and_leads_back_to_the_answer() {
    let history = ["Test Patient", "44", "female", "62", "168", "eu", "3", "2", "pregnant", "cause 1", "no", "quit"];
    let text = said(&plain(home().path(), &history));
    assert!(text.contains("  New: decline: Pregnan"), "{text}");
    assert!(text.contains("now: Pregnant") && since(&text, "now: Pregnant").contains("No longer: Pregnan"), "{text}");
}

#[test]
fn help_and_the_end_are_at_every_prompt() {
    // In the middle of a list, of a goal, of a scale, of consent, of the signature.
    let answers = |n| HEALTHY[..n].to_vec();
    let goal = [HEALTHY, &HYDRATION[..1]].concat();
    let consent = to_the_plan(&["sign"]);
    let signature = to_the_plan(&["sign", "all", "y", "1"]);
    for (before, help, told) in [
        (answers(6), "help", "Type the key before an answer"),
        ([&answers(9)[..], &["eczema"]].concat(), "help", "Type the number of what was meant."),
        ([&answers(9)[..], &["eczema", "1"]].concat(), "help", "An answer as above"),
        (goal.clone(), "help", "Type the number of what was meant."),
        ([&goal[..], &["1"]].concat(), "help", "treated with it: take one of them"),
        (answers(6), "scale", "Answer (Enter ends the scale)"),
        (consent, "help", "the points that are left are said"),
        (signature, "/help", "Enter keeps what is there"),
    ] {
        let output = plain(home().path(), &[&before[..], &[help, "/quit"]].concat());
        let text = said(&output);
        assert!(text.contains(told), "{told}: {text}");
        assert!(output.status.success() && text.contains("The draft is kept"), "after {told}: {text}");
    }
}

#[test]
fn a_note_has_several_lines_and_a_draft_is_removed_after_asking() {
    let home = home();
    let sign = ["sign", "all", "y", "1", "Dr Ada Example", "", "L-1", "first line \\", "second line", "n", "quit"];
    let text = said(&plain(home.path(), &to_the_plan(&sign)));
    assert!(text.contains("The draft is kept"), "{text}");
    let drafts = ["help", "remove 2", "remove 1", "n", "1", "sign", "y", "", "", "", "", "n", "quit"];
    let text = said(&plain(home.path(), &drafts));
    assert!(text.contains("There is no draft 2") && text.contains("is lost for good"), "{text}");
    assert!(text.contains("Note so far:\n  first line\n  second line"), "{text}");
    let text = said(&plain(home.path(), &["remove 1", "y", "/quit"]));
    assert!(text.contains("Removed."), "{text}");
    assert!(!said(&plain(home.path(), &["/quit"])).contains("not finished"), "it is gone");
}

/// The id of the only record there is.
fn only_record(home: &Path) -> String {
    let listed = said(&pistor(home, &["records", "list", "--format", "json"], &[]));
    listed.split('"').find(|part| part.len() == 36).expect("an id").to_owned()
}

#[test]
fn a_saved_consultation_is_amended_and_begins_another_one() {
    let home = home();
    let run = |arguments: &[&str], input: &[&str]| {
        pistor(home.path(), &[arguments, &["--today", "2026-11-22"]].concat(), input)
    };
    let sign = [&["sign", "all", "y"], SIGNATURE].concat();
    assert!(plain(home.path(), &to_the_plan(&sign)).status.success());
    let id = only_record(home.path());
    // Looking makes no draft.
    let text = said(&run(&["records", "amend", &id], &["status", "quit"]));
    assert!(text.contains("An amendment of version 1, Test Patient") && text.contains("nothing is kept"), "{text}");
    let change = [
        "change weight",
        "64",
        "sign",
        "/back",
        "sign",
        "the scales were wrong",
        "y",
        "Dr Ada Example",
        "",
        "L-1",
        "",
        "y",
    ];
    let amended = run(&["records", "amend", &id], &change);
    assert!(amended.status.success(), "{}", said(&amended));
    let text = said(&run(&["records", "history", &id], &[]));
    assert!(text.contains("Version 2") && text.contains("the scales were wrong") && text.contains("64"), "{text}");
    // Nothing of the last time counts before it is confirmed.
    let again = ["/same", "status", "/same all", "n", "/same all", "y", "quit"];
    let text = said(&run(&["records", "again", &id], &again));
    assert!(text.contains("is offered. None of it counts before it is"), "{text}");
    assert!(text.contains("Are all of these still so? (y/n): n") && text.contains("The draft is kept"), "{text}");
    let drafts = said(&plain(home.path(), &["1", "answers", "quit"]));
    assert!(drafts.contains("Height: 168 cm") && !drafts.contains("Weight: 6"), "a weight is asked anew: {drafts}");
    let none = run(&["records", "amend", "0000"], &[]);
    assert_eq!(none.status.code(), Some(2));
    assert!(said(&none).contains("there is no consultation `0000`"), "{}", said(&none));
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
    assert!(text.contains("begun and not saved") && text.contains("1 a reaction, Ada Example, "), "{text}");
    assert!(!text.contains("Consultations that were not finished"), "{text}");
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

/// A saved consultation; its id.
fn saved(home: &Path) -> String {
    let text = said(&plain(home, &[HEALTHY, HYDRATION, &["sign"]].concat()));
    let covered = vec!["y"; points(&text)];
    let text = said(&plain(home, &[&["1", "sign", "y"], &covered[..], SIGNATURE].concat()));
    let (_, rest) = text.split_once("Saved as record ").expect("it is saved");
    rest.split('.').next().expect("an id").to_owned()
}

#[test]
fn a_session_and_a_reaction_are_written_down_by_answering_questions() {
    let home = home();
    let id = saved(home.path());
    let follow_up = |day: &str, input: &[&str]| {
        let arguments = ["records", "follow-up", &id, "--plain", "--by", "Dr Ada Example", "--today", day];
        pistor(home.path(), &arguments, input)
    };
    let session = ["session", "", "", "", "y", "L2041", "2027-13-01", "2027-05-31", "", "y"];
    let output = follow_up("2026-11-23", &session);
    let text = flat(&output);
    assert!(output.status.success() && text.contains("`2027-13-01` is not a date"), "{text}");
    assert!(text.contains("lot L2041, use by 2027-05-31, 1 mL") && text.contains("Recorded session"), "{text}");
    // A red flag speaks as soon as the sign is there; the input ends, and nothing is lost.
    let begun = follow_up("2026-12-14", &["2", "lump", "1", "", "hard", "", "21d"]);
    let text = flat(&begun);
    assert_eq!(begun.status.code(), Some(2), "{text}");
    assert!(text.contains("REFER WITHIN DAYS; STOP THE COURSE; PUT THE LOT ASIDE"), "{text}");
    assert!(text.contains("kept as a draft"), "{text}");
    // It is gone on with; the grade and whether it is serious have to be said.
    let on = follow_up("2026-12-14", &["3", "/save", "2", "none", "/save", "n", "grade", "1", "save", "y"]);
    let text = flat(&on);
    assert!(on.status.success() && text.contains("What was begun goes on"), "{text}");
    assert!(text.contains("The grade is missing") && text.contains("began: 21 days after the session"), "{text}");
    assert!(text.contains("Recorded reaction") && text.contains("grade: 1: mild"), "{text}");
    let show = flat(&pistor(home.path(), &["records", "show", &id], &[]));
    assert!(show.contains("in words: hard") && show.contains("L2041"), "{show}");
    assert!(!flat(&plain(home.path(), &["quit"])).contains("begun and not saved"), "the draft is gone");
    // Without a terminal nobody can be asked.
    let nobody = pistor(home.path(), &["records", "follow-up", &id], &[]);
    assert!(nobody.status.code() == Some(2) && flat(&nobody).contains("`--plain`"), "{}", flat(&nobody));
}

#[test]
fn what_the_patient_takes_home_is_printed_or_written_and_replaces_nothing() {
    let home = home();
    let id = saved(home.path());
    let leaflet = |more: &[&str]| pistor(home.path(), &[&["records", "leaflet", &id], more].concat(), &[]);
    let text = flat(&leaflet(&[]));
    for part in ["For Test Patient", "Before the session", "After the session", "Call us at once for"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let french = flat(&leaflet(&["--language", "fr"]));
    assert!(french.contains("Pas d'alcool pendant les 24 heures avant."), "{french}");
    let file = home.path().join("for-the-patient.txt");
    let name = file.to_str().expect("a name");
    assert!(leaflet(&[name]).status.success());
    let again = leaflet(&[name]);
    assert!(again.status.code() == Some(2) && flat(&again).contains("no file is replaced"), "{}", flat(&again));
    let trail = said(&pistor(home.path(), &["records", "audit"], &[]));
    assert_eq!(trail.matches("exported").count(), 3, "{trail}");
}
