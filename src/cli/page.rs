//! Text for people: 80 columns, signs beside colours, nothing that could control a terminal.

use std::borrow::Cow;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use crate::pack::Verdict;
use crate::plan::Outcome;

const WIDTH: usize = 80;

/// Replaces everything that would act on a terminal instead of being shown on it.
pub(super) fn clean(text: &str) -> Cow<'_, str> {
    let harmful = |c: char| c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    if !text.contains(harmful) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(
        text.chars()
            .map(|c| match c {
                '\n' | '\t' | '\r' => ' ',
                c if harmful(c) => '\u{fffd}',
                c => c,
            })
            .collect(),
    )
}

/// A value as JSON, ready to be printed.
pub(super) fn json(value: &impl serde::Serialize) -> String {
    printable(&serde_json::to_string_pretty(value).unwrap_or_default())
}

/// JSON whose text cannot control a terminal: serde_json leaves DEL and the C1 codes as they are.
pub(super) fn printable(json: &str) -> String {
    let mut out = String::with_capacity(json.len() + 1);
    for c in json.chars() {
        if matches!(c, '\u{7f}'..='\u{9f}') {
            out.push_str(&format!("\\u{:04x}", u32::from(c)));
        } else {
            out.push(c);
        }
    }
    out.push('\n');
    out
}

/// How a piece of text stands out; never the only sign of what it means.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Ink {
    Plain,
    Bold,
    Dim,
    Good,
    Warn,
    Stop,
}

impl Ink {
    const fn code(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Bold => "\x1b[1m",
            Self::Dim => "\x1b[2m",
            Self::Good => "\x1b[1;32m",
            Self::Warn => "\x1b[1;33m",
            Self::Stop => "\x1b[1;31m",
        }
    }
}

/// The sign and the ink of a verdict.
pub(super) const fn sign(outcome: Outcome) -> (&'static str, Ink) {
    let ink = match outcome {
        Outcome::Proceed => Ink::Good,
        Outcome::Caution | Outcome::Clearance | Outcome::Defer | Outcome::Incomplete => Ink::Warn,
        Outcome::Refer | Outcome::Decline => Ink::Stop,
    };
    (outcome.sign(), ink)
}

/// The same for the verdict of one rule.
pub(super) fn rule_sign(verdict: Verdict) -> (&'static str, Ink) {
    sign(verdict.into())
}

/// A page that grows from top to bottom.
#[derive(Debug)]
pub(super) struct Page {
    out: String,
    colour: bool,
}

impl Page {
    pub const fn new(colour: bool) -> Self {
        Self { out: String::new(), colour }
    }

    pub fn finish(self) -> String {
        self.out
    }

    /// An empty line, never two of them.
    pub fn gap(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with("\n\n") {
            self.out.push('\n');
        }
    }

    /// A heading with room above it.
    pub fn heading(&mut self, text: &str) {
        self.gap();
        self.ink(Ink::Bold, &text.to_uppercase());
        self.out.push('\n');
    }

    /// A paragraph; its lines after the first are indented by `hang` more.
    pub fn text(&mut self, indent: usize, hang: usize, text: &str) {
        self.inked(indent, hang, Ink::Plain, "", text);
    }

    /// A paragraph that starts with a piece in another ink.
    pub fn inked(&mut self, indent: usize, hang: usize, ink: Ink, lead: &str, text: &str) {
        let (lead, text) = (clean(lead), clean(text));
        let used = if lead.is_empty() { 0 } else { lead.width() + 1 };
        let mut first = true;
        for line in wrap(&text, WIDTH.saturating_sub(indent + used), WIDTH.saturating_sub(indent + hang)) {
            self.out.push_str(&" ".repeat(if first { indent } else { indent + hang }));
            if first && !lead.is_empty() {
                self.ink(ink, &lead);
                if !line.is_empty() {
                    self.out.push(' ');
                }
            }
            self.out.push_str(&line);
            self.out.push('\n');
            first = false;
        }
    }

    /// A label in its column and what belongs to it; nothing when there is nothing.
    pub fn field(&mut self, indent: usize, label: &str, text: &str) {
        const LABEL: usize = 11;
        if !text.trim().is_empty() {
            self.inked(indent, LABEL, Ink::Dim, &format!("{label:<w$}", w = LABEL - 1), text);
        }
    }

    /// The same for several: one a line, the label on the first.
    pub fn fields<S: AsRef<str>>(&mut self, indent: usize, label: &str, texts: impl IntoIterator<Item = S>) {
        for (n, text) in texts.into_iter().enumerate() {
            self.field(indent, if n == 0 { label } else { "" }, text.as_ref());
        }
    }

    /// A line of a table: what does not fit its column is cut; the first column is inked.
    pub fn row(&mut self, ink: Ink, cells: &[&str], columns: &[usize]) {
        let mut line = String::new();
        for (n, (cell, room)) in cells.iter().zip(columns).enumerate() {
            let cell = fitted(&clean(cell), *room);
            if n == 0 {
                self.ink(ink, &cell);
            } else {
                line.push(' ');
                line.push_str(&cell);
            }
        }
        self.out.push_str(line.trim_end());
        self.out.push('\n');
    }

    /// A list with dashes.
    pub fn list<S: AsRef<str>>(&mut self, indent: usize, items: impl IntoIterator<Item = S>) {
        for item in items {
            self.inked(indent, 2, Ink::Plain, "-", item.as_ref());
        }
    }

    /// A label and two texts beside each other.
    pub fn beside(&mut self, indent: usize, label: &str, left: &str, right: &str) {
        const LABEL: usize = 10;
        let room = (WIDTH - indent - LABEL) / 2 - 1;
        let (left, right) = (wrap(&clean(left), room, room), wrap(&clean(right), room, room));
        for n in 0..left.len().max(right.len()) {
            let cell = |cells: &[String]| cells.get(n).cloned().unwrap_or_default();
            let label = fitted(if n == 0 { label } else { "" }, LABEL - 1);
            let line = format!("{}{label} {} {}", " ".repeat(indent), fitted(&cell(&left), room), cell(&right));
            self.out.push_str(line.trim_end());
            self.out.push('\n');
        }
    }

    fn ink(&mut self, ink: Ink, text: &str) {
        if self.colour && ink != Ink::Plain {
            self.out.push_str(ink.code());
            self.out.push_str(text);
            self.out.push_str("\x1b[0m");
        } else {
            self.out.push_str(text);
        }
    }
}

/// Breaks text into lines of at most `first` and then `rest` columns, between words where it can.
fn wrap(text: &str, first: usize, rest: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = 0;
    let room = |lines: &Vec<String>| if lines.len() == 1 { first } else { rest }.max(8);
    for word in text.split_whitespace() {
        let width = word.width();
        if used > 0 && used + 1 + width > room(&lines) {
            lines.push(String::new());
            used = 0;
        }
        if used > 0 {
            push(&mut lines, " ");
            used += 1;
        }
        if width <= room(&lines) {
            push(&mut lines, word);
            used += width;
            continue;
        }
        // A word longer than a line is broken, so that nothing runs over the edge.
        for grapheme in word.graphemes(true) {
            if used + grapheme.width() > room(&lines) {
                lines.push(String::new());
                used = 0;
            }
            push(&mut lines, grapheme);
            used += grapheme.width();
        }
    }
    lines
}

/// Cut or filled to so many columns.
fn fitted(text: &str, columns: usize) -> String {
    let mut out = String::new();
    let mut used = 0;
    let cut = text.width() > columns;
    for grapheme in text.graphemes(true) {
        if used + grapheme.width() + usize::from(cut) > columns {
            break;
        }
        out.push_str(grapheme);
        used += grapheme.width();
    }
    if cut {
        out.push('…');
        used += 1;
    }
    out.push_str(&" ".repeat(columns.saturating_sub(used)));
    out
}

fn push(lines: &mut [String], text: &str) {
    if let Some(line) = lines.last_mut() {
        line.push_str(text);
    }
}

/// A number without zeros that say nothing.
pub(super) fn number(value: f64) -> String {
    let text = format!("{value:.3}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// A share of a limit; what is over a limit never reads as 100 %.
pub(super) fn percent(share: f64) -> String {
    let share = share * 100.0;
    let whole = if share > 100.0 { share.ceil() } else { share.round() };
    format!("{whole:.0} %")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn control_codes_do_not_reach_the_terminal() {
        assert_eq!(clean("a\u{1b}[2Jb\u{9b}c\u{202e}d\ne"), "a\u{fffd}[2Jb\u{fffd}c\u{fffd}d e");
        assert_eq!(json(&"\u{1b}\u{9b}\u{7f}é"), "\"\\u001b\\u009b\\u007fé\"\n");
    }

    #[test]
    fn fields_hang_under_their_text() {
        let mut page = Page::new(false);
        page.field(2, "because", &"word ".repeat(20));
        let text = page.finish();
        assert!(text.starts_with("  because    word word"), "{text}");
        assert!(text.contains("\n             word"), "{text}");
    }

    #[test]
    fn numbers_are_short_and_shares_honest() {
        assert_eq!((number(2.0), number(0.02), number(1.125)), ("2".into(), "0.02".into(), "1.125".into()));
        assert_eq!((percent(0.4), percent(1.001)), ("40 %".into(), "101 %".into()));
    }

    proptest! {
        #[test]
        fn no_line_is_wider_than_the_page_and_no_word_is_lost(text in "\\PC{0,300}", indent in 0..12_usize, hang in 0..14_usize) {
            let mut page = Page::new(false);
            page.text(indent, hang, &text);
            let out = page.finish();
            prop_assert!(out.lines().all(|line| line.width() <= WIDTH), "{}", out);
            let squash = |t: &str| t.split_whitespace().collect::<String>();
            prop_assert_eq!(squash(&out), squash(&clean(&text)));
        }
    }
}
