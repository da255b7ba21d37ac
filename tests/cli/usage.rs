//! The frame of the command line.

use std::process::Stdio;

use serde_json::Value;

use crate::program::{Pistor, TODAY, fixture};

#[test]
fn help_names_every_command_and_shows_examples() {
    let run = Pistor::new().run(&["--help"]);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    for word in ["assess", "explain", "find", "check", "records", "paths", "Examples:", "--jurisdiction"] {
        assert!(run.out.contains(word), "{word}: {}", run.out);
    }
    for command in ["assess", "explain", "find", "check", "records", "paths"] {
        let help = Pistor::new().run(&[command, "--help"]);
        assert_eq!(help.code, 0);
        assert!(help.out.contains("Examples:"), "{command}: {}", help.out);
    }
}

#[test]
fn bad_usage_exits_2_on_standard_error() {
    for arguments in [
        vec!["asess", "x"],
        vec!["assess"],
        vec!["assess", "x", "--today", "2026-02-30"],
        vec!["assess", "x", "--today", "22.11.2026"],
        vec!["assess", "x", "--format", "yaml"],
        vec!["find", "conditionz", "x"],
    ] {
        let run = Pistor::new().run(&arguments);
        assert!(!run.refused().is_empty(), "{arguments:?}");
    }
}

#[test]
fn bad_usage_is_json_when_json_was_asked() {
    let run = Pistor::new().run(&["assess", "x", "--format=json", "--today", "soon"]);
    let rows: Value = serde_json::from_str(run.refused()).unwrap();
    assert!(rows[0]["message"].as_str().unwrap().contains("soon"), "{}", run.err);
}

#[test]
fn without_a_terminal_the_screen_says_what_to_do() {
    let run = Pistor::new().run(&[]);
    assert!(run.refused().contains("needs a terminal") && run.err.contains("pistor assess"), "{}", run.err);
}

/// `pistor ... | head -0`: a reader that has gone away is nothing to complain about.
#[cfg(unix)]
#[test]
fn a_closed_pipe_is_no_error() {
    let pistor = Pistor::new();
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let mut command = pistor.command(&["assess", &fixture("healthy"), "--today", TODAY]);
    let output = command.stdin(Stdio::null()).stdout(writer).output().unwrap();
    assert_eq!((output.status.code(), String::from_utf8(output.stderr).unwrap().as_str()), (Some(0), ""));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error() {
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = Pistor::new().command(&["paths"]).stdout(full).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("cannot write the output"));
}
