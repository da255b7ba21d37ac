//! What keeps a command from its work, and how that is said.

use std::io::Write;
use std::process::ExitCode;

use clap::error::ErrorKind;
use serde::Serialize;

use super::options::Format;
use super::page::{clean, json as as_json, printable};
use crate::config::Trouble;
use crate::source::Report;

/// Bad usage or bad input.
#[derive(Debug)]
pub(super) enum Failure {
    /// Not tied to a place in a file.
    Plain {
        /// What is wrong.
        message: String,
        /// What to do.
        help: String,
    },
    /// Mistakes in files, each with its place.
    Report(Report),
}

impl From<Trouble> for Failure {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Unreadable { message, help } => Self::Plain { message, help },
            Trouble::Mistakes(report) => Self::Report(report),
        }
    }
}

/// The keys of a diagnostic, so that a program reads every message alike.
#[derive(Serialize)]
struct Row<'a> {
    code: Option<&'a str>,
    message: &'a str,
    expected: Option<&'a str>,
    help: Option<&'a str>,
    file: Option<&'a str>,
    line: Option<usize>,
    column: Option<usize>,
}

impl Failure {
    pub fn plain(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self::Plain { message: message.into(), help: help.into() }
    }

    /// Writes it to standard error.
    pub fn print(&self, format: Format, colour: bool) {
        let text = match (self, format) {
            (Self::Plain { message, help }, Format::Text) => words(message, help, colour),
            (Self::Plain { message, help }, Format::Json) => json(message, Some(help)),
            (Self::Report(report), Format::Text) => render(report, colour),
            (Self::Report(report), Format::Json) => printable(&report.to_json()),
        };
        say(&text);
    }
}

/// A report as text; control codes in the files and in their names stay out of the terminal.
pub(super) fn render(report: &Report, colour: bool) -> String {
    let text = report.render(colour);
    text.split('\n')
        .map(|line| if colour { only_colours(line) } else { clean(line).into_owned() })
        .collect::<Vec<_>>()
        .join("\n")
}

/// Cleans all but the codes that the renderer sets colours with.
fn only_colours(line: &str) -> String {
    let mut parts = line.split('\u{1b}');
    let mut out = clean(parts.next().unwrap_or_default()).into_owned();
    for part in parts {
        let numbers = part.strip_prefix('[').and_then(|rest| rest.split_once('m'));
        match numbers {
            Some((code, rest)) if code.chars().all(|c| c.is_ascii_digit() || c == ';') => {
                out.push_str(&format!("\u{1b}[{code}m{}", clean(rest)));
            }
            _ => out.push_str(&clean(part)),
        }
    }
    out
}

fn words(message: &str, help: &str, colour: bool) -> String {
    let (red, bold, off) = if colour { ("\x1b[1;31m", "\x1b[1m", "\x1b[0m") } else { ("", "", "") };
    let mut text = String::new();
    for line in message.lines() {
        text.push_str(&format!("{red}error{off}: {}\n", clean(line)));
    }
    if !help.is_empty() {
        text.push_str(&format!("  {bold}help{off}: {}\n", clean(help)));
    }
    text
}

fn json(message: &str, help: Option<&str>) -> String {
    let rows: Vec<Row<'_>> = message
        .lines()
        .map(|message| Row {
            code: None,
            message,
            expected: None,
            help: help.filter(|h| !h.is_empty()),
            file: None,
            line: None,
            column: None,
        })
        .collect();
    as_json(&rows)
}

/// Help and version go to standard output; mistakes on the command line to standard error, as JSON if that was asked.
pub(super) fn usage(error: &clap::Error, as_json: bool) -> ExitCode {
    let wanted = matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
    if wanted {
        // A reader that has gone away is no mistake of ours.
        let _ = error.print();
        return ExitCode::SUCCESS;
    }
    if as_json {
        let text = error.to_string();
        let mut paragraphs = text.split("\n\n").map(|p| p.split_whitespace().collect::<Vec<_>>().join(" "));
        let message = paragraphs.next().unwrap_or_default();
        let rest = paragraphs.filter(|p| !p.is_empty()).collect::<Vec<_>>().join("; ");
        say(&json(message.trim_start_matches("error: "), Some(&rest)));
    } else {
        let _ = error.print();
    }
    ExitCode::from(2)
}

fn say(text: &str) {
    // Nothing is left to do when even standard error is gone.
    let _ = std::io::stderr().lock().write_all(text.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Problems, SourceFile, parse};

    #[test]
    fn control_codes_of_a_file_stay_out_of_the_terminal_with_and_without_colours() {
        let file = SourceFile::new("x.toml\u{1b}]0;title", "a = \"\u{9b}31m \u{202e}b\" \u{1b}[2J");
        let mut problems = Problems::default();
        parse(&file, &mut problems);
        let report = problems.into_report();
        assert!(!report.is_empty());
        for colour in [false, true] {
            let text = render(&report, colour);
            assert!(text.contains("x.toml"), "{text}");
            assert!(
                !text.contains("\u{1b}[2J")
                    && !text.contains("\u{1b}]")
                    && !text.contains('\u{9b}')
                    && !text.contains('\u{202e}'),
                "{text:?}"
            );
        }
        assert!(!printable(&report.to_json()).contains(['\u{1b}', '\u{9b}']));
    }
}
