//! Two streams: lines out, answers in. Nothing is ever drawn over, so that a screen reader, a dumb terminal and a script
//! read the same.

use std::io::{BufRead, Write};

use crate::cli::page::{Page, clean};
use crate::find::fold;

/// What was typed where a question was asked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Typed {
    /// Nothing: on to the next.
    Nothing,
    /// An answer.
    Words(String),
    /// A command.
    Command(Command),
}

/// A command.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Command {
    /// What can be typed here.
    Help,
    /// Say the question again.
    Repeat,
    /// The question before.
    Back,
    /// To a step, or to a question by some words of its name.
    Go(String),
    /// To the answers behind a finding.
    Cause(String),
    /// Take the last change back.
    Undo,
    /// Make it again.
    Redo,
    /// Asked: not known.
    Unknown,
    /// Asked: none.
    None,
    /// The answer is taken back.
    Clear,
    /// Take an entry off a list.
    Remove(String),
    /// Ask the details of an entry again.
    Edit(String),
    /// Everything that was answered.
    Answers,
    /// Where one is, and what the rules say so far.
    Status,
    /// Why; without a name: what would change the outcome.
    Why(String),
    /// The scored questions that give the answer.
    Scale,
    /// What is offered of an earlier consultation is still so.
    Same,
    /// So is everything that is offered on this step.
    SameStep,
    /// It is the patient on record who looks like this.
    Returning(String),
    /// End; the draft is kept.
    Quit,
}

impl Command {
    /// The command that a line is, if it is one. What needs no name takes none: "back pain" is not `back`.
    pub fn of(line: &str) -> Option<Self> {
        let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        let rest = rest.trim();
        let named = |command: fn(String) -> Self| Some(command(rest.to_owned()));
        match (fold(word).as_str(), rest) {
            ("go" | "change", _) => return named(Self::Go),
            ("cause", _) => return named(Self::Cause),
            ("why", _) => return named(Self::Why),
            ("remove", _) => return named(Self::Remove),
            ("edit", _) => return named(Self::Edit),
            ("returning", number) if number.chars().all(|c| c.is_ascii_digit()) => return named(Self::Returning),
            ("same", "all") => return Some(Self::SameStep),
            (_, "") => {}
            _ => return None,
        }
        Some(match fold(word).as_str() {
            "help" | "?" => Self::Help,
            "repeat" => Self::Repeat,
            "back" => Self::Back,
            "undo" => Self::Undo,
            "redo" => Self::Redo,
            "unknown" => Self::Unknown,
            "none" => Self::None,
            "clear" => Self::Clear,
            "answers" => Self::Answers,
            "status" => Self::Status,
            "scale" => Self::Scale,
            "same" => Self::Same,
            "quit" => Self::Quit,
            _ => return None,
        })
    }
}

/// The input ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Ended;

/// The streams.
pub(super) struct Talk<R, W> {
    input: R,
    out: W,
    /// What was read is written as well: a terminal shows what is typed, a script does not.
    echo: bool,
}

impl<R: BufRead, W: Write> Talk<R, W> {
    pub fn new(input: R, out: W, echo: bool) -> Self {
        Self { input, out, echo }
    }

    /// A paragraph, folded at the width of a page.
    pub fn say(&mut self, text: &str) {
        self.say_at(0, text);
    }

    /// A paragraph some columns in.
    pub fn say_at(&mut self, indent: usize, text: &str) {
        let mut page = Page::new(false);
        text.lines().for_each(|line| page.text(indent, indent + 2, line));
        self.page(page);
    }

    /// What was written on a page.
    pub fn page(&mut self, page: Page) {
        // A reader that has gone away ends the consultation at the next question.
        let _ = self.out.write_all(page.finish().as_bytes());
    }

    /// Several lines, each of its own.
    pub fn say_each<S: AsRef<str>>(&mut self, indent: usize, texts: impl IntoIterator<Item = S>) {
        texts.into_iter().for_each(|text| self.say_at(indent, text.as_ref()));
    }

    /// An empty line.
    pub fn gap(&mut self) {
        let _ = writeln!(self.out);
    }

    /// The next line: a command, unless its word `is_answer` here; with a slash before it always a command.
    ///
    /// # Errors
    /// If the input has ended.
    pub fn ask(&mut self, prompt: &str, is_answer: impl Fn(&str) -> bool) -> Result<Typed, Ended> {
        let line = self.line(prompt)?;
        if line.is_empty() {
            return Ok(Typed::Nothing);
        }
        let command = match line.strip_prefix('/') {
            Some(word) => Command::of(word),
            None => Command::of(&line).filter(|_| !is_answer(&line)),
        };
        Ok(command.map_or(Typed::Words(line), Typed::Command))
    }

    /// The next line as it is, without the blanks around it and without control codes.
    ///
    /// # Errors
    /// If the input has ended.
    pub fn line(&mut self, prompt: &str) -> Result<String, Ended> {
        let _ = write!(self.out, "{} ", clean(prompt));
        let _ = self.out.flush();
        let mut bytes = Vec::new();
        match self.input.read_until(b'\n', &mut bytes) {
            Ok(n) if n > 0 => {
                let line = clean(String::from_utf8_lossy(&bytes).trim()).trim().to_owned();
                if self.echo {
                    let _ = writeln!(self.out, "{line}");
                }
                Ok(line)
            }
            _ => {
                self.gap();
                Err(Ended)
            }
        }
    }

    /// What follows a line that ends in a backslash, with it: a note of several lines.
    ///
    /// # Errors
    /// If the input has ended.
    pub fn rest_of(&mut self, first: &str) -> Result<String, Ended> {
        let mut text = first.to_owned();
        while let Some(begun) = text.strip_suffix('\\') {
            let begun = begun.trim_end_matches(' ').to_owned();
            text = format!("{begun}\n{}", self.line("  and:")?);
        }
        Ok(text)
    }

    /// Yes or no, where nothing else can be typed.
    ///
    /// # Errors
    /// If the input has ended.
    pub fn yes(&mut self, prompt: &str) -> Result<bool, Ended> {
        loop {
            match fold(&self.line(&format!("{prompt} (y/n):"))?).as_str() {
                "y" | "yes" => return Ok(true),
                "n" | "no" => return Ok(false),
                _ => self.say("Write y or n."),
            }
        }
    }
}

/// The place in a list of so many that a number from 1 on means.
pub(super) fn nth(number: &str, count: usize) -> Option<usize> {
    number.trim().parse::<usize>().ok()?.checked_sub(1).filter(|at| *at < count)
}

/// Which of some choices a text means: by its key or number, its word, or the only one that begins so.
pub(super) fn meant<'a>(typed: &str, choices: impl Iterator<Item = (String, &'a str, &'a str)>) -> Option<usize> {
    let typed = fold(typed.trim());
    let rows: Vec<[String; 3]> = choices.map(|(key, id, label)| [fold(&key), fold(id), fold(label)]).collect();
    if let Some(at) = (0..3).find_map(|column| rows.iter().position(|row| row[column] == typed)) {
        return Some(at);
    }
    let mut begin = rows.iter().enumerate().filter(|(_, row)| row[2].starts_with(&typed)).map(|(n, _)| n);
    match (begin.next(), begin.next()) {
        (Some(only), None) => Some(only),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn talk(input: &str) -> Talk<&[u8], Vec<u8>> {
        Talk::new(input.as_bytes(), Vec::new(), false)
    }

    #[test]
    fn commands_are_words_or_have_a_slash() {
        let mut talk = talk("BACK\n/back\nback\nback pain\ngo history\n/go history\n\n");
        let words = |words: &str| Ok(Typed::Words(words.to_owned()));
        let go = || Ok(Typed::Command(Command::Go("history".to_owned())));
        assert_eq!(talk.ask("?", |_| false), Ok(Typed::Command(Command::Back)));
        assert_eq!(talk.ask("?", |_| true), Ok(Typed::Command(Command::Back)));
        assert_eq!(talk.ask("?", |_| true), words("back"));
        assert_eq!(talk.ask("?", |_| false), words("back pain"));
        assert_eq!(talk.ask("?", |_| false), go());
        assert_eq!(talk.ask("?", |_| true), go());
        assert_eq!(talk.ask("?", |_| false), Ok(Typed::Nothing));
        assert_eq!(talk.ask("?", |_| false), Err(Ended));
    }

    #[test]
    fn control_codes_and_broken_text_do_no_harm() {
        let mut talk = Talk::new(&b"a\x1b[31mb\xff\n"[..], Vec::new(), true);
        let line = talk.line("name").unwrap();
        assert!(!line.chars().any(char::is_control), "{line:?}");
    }

    #[test]
    fn a_line_that_ends_in_a_backslash_goes_on() {
        let mut talk = talk("first \\\n\\\nlast\nnext\n");
        let first = talk.line("Note:").unwrap();
        assert_eq!(talk.rest_of(&first), Ok("first\n\nlast".to_owned()));
        assert_eq!(talk.rest_of("short"), Ok("short".to_owned()));
    }

    #[test]
    fn a_choice_is_its_key_its_word_or_a_beginning() {
        let of = |typed| {
            meant(
                typed,
                [("1", "no", "No"), ("2", "not-asked", "Not asked"), ("y", "yes", "Yes")]
                    .map(|(k, i, l)| (k.to_owned(), i, l))
                    .into_iter(),
            )
        };
        assert_eq!(
            [of("2"), of("NO"), of("not a"), of("y"), of("n"), of("x")],
            [Some(1), Some(0), Some(1), Some(2), None, None]
        );
    }
}
