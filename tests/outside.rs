//! What the screen hands to other programs in a real terminal, and takes back: a note to an editor, a text to the clipboard.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "common/terminal.rs"]
mod terminal;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use terminal::Terminal;

const ENTER: &str = "\r";
const F6: &str = "\x1b[17~";
const F8: &str = "\x1b[19~";
const END: &str = "\x1b[F";
const CTRL_X: &str = "\x18";

/// A terminal with an editor that is this script, on the note of a new consultation with some words in it.
fn on_the_note(home: &Path, script: &str) -> Terminal {
    let editor = home.join("editor");
    fs::write(&editor, format!("#!/bin/sh\n{script}\n")).unwrap();
    fs::set_permissions(&editor, fs::Permissions::from_mode(0o755)).unwrap();
    let runtime = home.join("run");
    fs::create_dir_all(&runtime).unwrap();
    let (editor, runtime) = (editor.to_str().unwrap().to_owned(), runtime.to_str().unwrap().to_owned());
    let variables =
        [("EDITOR", editor.as_str()), ("XDG_RUNTIME_DIR", runtime.as_str()), ("PATH", "/usr/local/bin:/usr/bin:/bin")];
    let mut terminal = Terminal::start_in(home, &variables, 80, 24, &[]);
    terminal.expect("New consultation").send("n").expect("Name").send("Test Patient").expect("Test Patient");
    terminal.send(ENTER).send(F8).expect("Before signing").send(END).send("Own words").expect("Own words");
    terminal
}

#[test]
fn a_note_is_typed_in_an_editor_that_has_all_keys_and_comes_back_whole() {
    let home = tempfile::tempdir().unwrap();
    // An editor that reads from the terminal: every key has to reach it.
    let script = "trap '' INT; printf '\\033[2J\\033[H'; stty -a | tr ' ' '\\n' | grep -x -e icanon -e -icanon; echo EDITOR READY; read line; \
                  echo \"$line\" >> \"$1\"; echo ANOTHER; read line; echo \"$line\" >> \"$1\"; ls -ld \"$1\"; cp \"$1\" \"$1.bak\"";
    let mut terminal = on_the_note(home.path(), script);
    terminal.send(CTRL_X).until("the editor is there", |t| t.screen().contains("EDITOR READY"));
    assert!(!terminal.on_alternate_screen() && !terminal.brackets_paste() && !terminal.reports_mouse());
    let screen = terminal.screen();
    assert!(screen.contains("icanon") && !screen.contains("-icanon"), "lines as a shell has them:\n{screen}");
    terminal.send("a q line\r").until("it reads on", |t| t.screen().contains("ANOTHER"));
    // Ctrl-C is the editor's as well.
    terminal.send("\x03").until("the key was seen", |t| t.screen().contains("^C")).send("of Zoë\r");
    terminal.until("the screen is back", |t| t.on_alternate_screen() && t.brackets_paste() && t.reports_mouse());
    terminal.expect("Own words⏎a q line⏎of Zoë");
    let drafts = home.path().join(".local/share/pistor/records");
    assert!(drafts.is_dir());
    assert_eq!(fs::read_dir(home.path().join("run")).unwrap().count(), 0, "nothing of the text is left");
    // It goes on where it was.
    terminal.send(" and more").expect("and more").send(F6).expect("Open questions").send("\x03");
    terminal.end();
    terminal.assert_restored();
}

#[test]
fn an_editor_that_fails_or_is_not_there_loses_nothing() {
    let home = tempfile::tempdir().unwrap();
    let mut terminal = on_the_note(home.path(), "echo other > \"$1\"; exit 7");
    terminal.send(CTRL_X).expect("The text is as it was: editor ended with exit status: 7").expect("Own words");
    fs::remove_file(home.path().join("editor")).unwrap();
    terminal.send("!").expect("Own words!").send(CTRL_X).expect("as it was: there is no editor").expect("Own words!");
    terminal.send("\x03");
    terminal.end();
    terminal.assert_restored();
    let mut none = Terminal::start(home.path(), 80, 24, &[]);
    none.expect("Drafts").send("n").expect("Name").send("Test").expect("Test").send(CTRL_X).expect("no editor is set");
}

#[test]
fn what_is_shown_is_sent_to_the_clipboard_and_that_is_said() {
    let home = tempfile::tempdir().unwrap();
    let mut terminal = Terminal::start(home.path(), 80, 24, &[]);
    terminal.expect("New consultation").send("n").expect("Name").send(F6).expect("Open questions");
    terminal.send("y").expect("sent to the terminal");
    let sent = terminal.titles().into_iter().find(|said| said.starts_with("52;c;")).expect("the sequence");
    assert!(sent.len() > 100 && sent.is_ascii(), "{sent}");
    terminal.send("\x03");
    terminal.end();

    let config = home.path().join("config.toml");
    fs::write(&config, "clipboard = false\n").unwrap();
    let mut off = Terminal::start(home.path(), 80, 24, &["--config", config.to_str().unwrap()]);
    off.expect("New consultation").send("n").expect("Name").send(F6).expect("Open questions").send("y");
    off.expect("Switched off");
    assert!(off.titles().iter().all(|said| !said.starts_with("52")));
    let mut old = Terminal::start_on(home.path(), "vt100", 80, 24, &[]);
    old.expect("New consultation").send("n").expect("Name").send(F6).expect("Open questions").send("y");
    old.expect("has no clipboard");
    assert!(old.titles().is_empty());
}
