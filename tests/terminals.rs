//! Terminals of many kinds and sizes, real ones as far as a pseudo-terminal is: each is usable, or says what it needs, and
//! none is sent what it does not know.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "common/terminal.rs"]
mod terminal;

use std::path::Path;

use rstest::rstest;
use terminal::Terminal;

const ENTER: &str = "\r";
const F7: &str = "\x1b[18~";

/// What no VT100 knows: the mouse, pastes, focus, titles, pictures shown at once.
const MODERN: [&str; 7] =
    ["\x1b[?1000h", "\x1b[?1006h", "\x1b[?2004h", "\x1b[?1004h", "\x1b]", "\x1b[22;0t", "\x1b[?2026h"];

fn start(home: &Path, kind: &str, locale: &str) -> Terminal {
    let mut terminal = Terminal::start_in(home, &[("TERM", kind), ("LANG", locale)], 80, 24, &[]);
    terminal.expect("New consultation");
    terminal
}

#[rstest]
#[case("xterm-256color", "C.UTF-8", true, true)]
#[case("screen", "C.UTF-8", true, true)]
#[case("screen", "C", true, true)]
#[case("linux", "C.UTF-8", false, true)]
#[case("vt100", "C.UTF-8", false, false)]
#[case("vt100", "C", false, false)]
fn a_consultation_begins_on_any_terminal(
    #[case] kind: &str,
    #[case] locale: &str,
    #[case] modern: bool,
    #[case] colours: bool,
) {
    let home = tempfile::tempdir().unwrap();
    let mut terminal = start(home.path(), kind, locale);
    terminal.send("n").expect("Name").send("Zoë Test").send(ENTER).expect("Year-month-day");
    terminal.keys(&["4", "4", ENTER, "f"]).expect("female").send(F7).expect("No plan");
    let ascii = locale == "C" || kind == "vt100";
    let shown = if ascii { "Zoe Test" } else { "Zoë Test" };
    terminal.expect(shown).resize(20, 5).expect("pistor needs").resize(80, 24).expect(shown);
    terminal.send("\x03");
    terminal.end();
    terminal.assert_restored();
    assert!(!terminal.screen().contains("Test"), "left behind on {kind}:\n{}", terminal.screen());
    let said = String::from_utf8_lossy(&terminal.bytes).into_owned();
    for sequence in MODERN {
        assert_eq!(said.contains(sequence), modern, "{kind}: {sequence:?}");
    }
    assert_eq!(said.contains("38;5;"), colours, "{kind}: colours");
    if ascii {
        let beyond: String = said.chars().filter(|c| !c.is_ascii()).collect();
        assert!(beyond.is_empty(), "{kind} {locale}: {beyond}");
    }
    assert!(!said.contains("\x1b[6n") && !said.contains("\x1b[c"), "the terminal is asked nothing");
}

#[test]
fn a_dumb_terminal_gets_the_consultation_line_by_line() {
    let home = tempfile::tempdir().unwrap();
    let mut terminal = Terminal::start_in(home.path(), &[("TERM", "dumb")], 80, 24, &[]);
    terminal.expect("Name:").send("/quit").send(ENTER).expect("nothing is kept");
    terminal.end();
    assert!(!terminal.bytes.contains(&0x1b), "no sequence of any kind");
}

#[test]
fn every_size_is_survived_down_to_one_cell() {
    let home = tempfile::tempdir().unwrap();
    for (columns, rows) in [(1, 1), (2, 1), (1, 24), (7, 3), (59, 20), (60, 19)] {
        let mut terminal = Terminal::start_in(home.path(), &[], columns, rows, &[]);
        // The first letter of what it needs is all that one cell can say.
        terminal.expect("p").send("n").send("Test").resize(80, 24).expect("Name").expect("Test");
        terminal.send("\x03");
        terminal.end();
        terminal.assert_restored();
    }
}

#[test]
fn a_storm_of_sizes_ends_in_the_right_picture() {
    let home = tempfile::tempdir().unwrap();
    let mut terminal = Terminal::start(home.path(), 80, 24, &[]);
    terminal.expect("New consultation").send("n").expect("Name").send("Test Patient").expect("Test Patient");
    for n in 0..200_u16 {
        terminal.resize(1 + n * 7 % 160, 1 + n * 5 % 50);
    }
    terminal.resize(100, 30).send("x").expect("Test Patientx").expect("Ctrl-P commands");
    terminal.send("\x03");
    terminal.end();
    terminal.assert_restored();
}

#[cfg(target_os = "linux")]
#[test]
fn a_suspended_program_gives_the_terminal_back_and_comes_back() {
    let home = tempfile::tempdir().unwrap();
    let mut terminal = Terminal::start(home.path(), 80, 24, &[]);
    terminal.expect("New consultation").send("n").expect("Name").send("Test").expect("Test");
    for _ in 0..3 {
        terminal.send("\x1a").until("the terminal is given back", |t| !t.on_alternate_screen() && t.is_stopped());
        assert!(!terminal.brackets_paste() && !terminal.reports_mouse() && !terminal.hides_cursor());
        terminal.signal("CONT").until("the screen is back", |t| t.on_alternate_screen() && t.brackets_paste());
        terminal.expect("Test");
    }
    // A stop from outside is the same.
    terminal.signal("TSTP").until("stopped from outside", |t| !t.on_alternate_screen() && t.is_stopped());
    terminal.signal("CONT").expect("Test").send("y").expect("Testy");
    terminal.send("\x03");
    terminal.end();
    terminal.assert_restored();
}

#[test]
fn pastes_of_several_lines_press_no_keys_and_steer_nothing() {
    let home = tempfile::tempdir().unwrap();
    let mut terminal = Terminal::start(home.path(), 80, 24, &[]);
    terminal.expect("New consultation").send("n").expect("Name");
    terminal.send("\x1b[200~Test\r\nPatient\x07\x1b]0;owned\x07 \u{202e}x\x1b[201~").expect("Test Patient");
    terminal.send(ENTER).expect("Year-month-day").send("\x03");
    terminal.end();
    assert!(terminal.titles().iter().all(|title| !title.contains("owned")), "{:?}", terminal.titles());
    assert!(!String::from_utf8_lossy(&terminal.bytes).contains('\u{202e}'));
}

#[cfg(target_os = "linux")]
#[test]
fn nothing_is_written_while_nothing_happens() {
    let home = tempfile::tempdir().unwrap();
    let mut terminal = Terminal::start(home.path(), 80, 24, &[]);
    // The records are listed, and the rules are read.
    terminal.expect("a tour of two minutes").send("n").expect("Name").send("\x1b").expect("Enter type");
    terminal.send("\x1b").expect("a tour of two minutes");
    let before = terminal.settle();
    let (busy, bytes) = (terminal.cpu(), terminal.bytes.len());
    assert_eq!(terminal.quiet(), before, "bytes written while idle");
    // Looking at another window is nothing, looking back draws at most what has changed.
    terminal.send("\x1b[O");
    assert_eq!(terminal.quiet(), bytes, "bytes written because nobody looks");
    assert!(terminal.cpu() - busy <= 2, "ticks of the processor used while idle");
}

/// Names, notes, packs, configuration, environment: everything from outside that is shown.
#[test]
fn nothing_from_outside_reaches_the_terminal_raw() {
    let home = tempfile::tempdir().unwrap();
    let bad = "\\u001b]0;owned\\u0007\\u001b[41mred\\u009b35mc1\\u202egnorw";
    let layer = home.path().join("layer");
    std::fs::create_dir_all(&layer).unwrap();
    std::fs::write(
        layer.join("pack.toml"),
        format!(
            "[pack]\nid = \"hostile\"\nversion = \"1\"\nlanguage = 1\ntitle = \"{bad}\"\nextends = \"pistor-core\"\n\
             [review]\nsince = 2026-11-22\ndue = 2027-11-22\n\
             [[condition]]\nid = \"hostile\"\nlabel = \"Hostile {bad}\"\nbasis = \"general\"\n"
        ),
    )
    .unwrap();
    let config = home.path().join("config.toml");
    std::fs::write(
        &config,
        format!("[practitioner]\nname = \"Ada {bad}\"\nlicence = \"{bad}\"\n[clinic]\nname = \"{bad}\"\n"),
    )
    .unwrap();
    let config = config.to_str().unwrap().to_owned();
    let hostile = "Zoë\x07\x1b]52;c;b3duZWQ=\x07\x1b[6n\u{9b}31m\u{202e} 山田 محمد สวัสดี";
    // A pack whose texts are refused is refused with them in the message.
    let with_layer = ["--config", config.as_str(), "--pack", layer.to_str().unwrap()];
    for arguments in [&with_layer[..], &with_layer[..2]] {
        let mut terminal = Terminal::start_in(home.path(), &[("COLORFGBG", "\x1b[5m;\x1b")], 100, 30, arguments);
        terminal.expect("New consultation").send("?").expect("Keys of this screen");
        terminal.send("\x1b").until("the help is closed", |t| !t.screen().contains("Keys of this"));
        if arguments.len() == 2 {
            terminal.expect("New consultation").send("n").expect("Name");
            terminal.send(&format!("\x1b[200~{hostile}\x1b[201~")).expect("山田").send(ENTER).expect("Year-month-day");
            terminal.send("\x1b[19~").expect("Ada").send("\x1b").expect("Drafts");
        }
        terminal.send("\x03");
        terminal.end();
        terminal.assert_restored();
        let said = String::from_utf8_lossy(&terminal.bytes).into_owned();
        for raw in ["\x1b]52", "owned\x07", "\x1b]0;owned", "\x1b[41m", "\x1b[6n", "\u{9b}", "\u{202e}", "\x1b[5m"] {
            assert!(!said.contains(raw), "{raw:?} reached the terminal");
        }
    }
}
