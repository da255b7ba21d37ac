//! Text as a terminal shows it: safe to print, measured in columns, cut and wrapped at graphemes.

use std::borrow::Cow;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Shown for a line break where a text of several lines is typed in one.
pub const BREAK: &str = "⏎";

/// Whether a character must never reach the terminal: control codes, and marks that reorder the text around them.
#[must_use]
pub fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{206a}'..='\u{206f}' | '\u{2028}' | '\u{2029}' | '\u{feff}')
}

/// The text with blanks for line breaks and tabs, and without anything that could steer the terminal.
#[must_use]
pub fn clean(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_unsafe) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' if chars.peek() == Some(&'\n') => {}
            '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}' => out.push(' '),
            c if is_unsafe(c) => {}
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// Columns that the text takes.
#[must_use]
pub fn width(text: &str) -> usize {
    if text.is_ascii() {
        return text.len();
    }
    text.graphemes(true).map(UnicodeWidthStr::width).sum()
}

/// The text cut to `columns`, with an ellipsis where something was cut.
#[must_use]
pub fn fit(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut used = 0;
    for grapheme in text.graphemes(true) {
        let wide = grapheme.width();
        if used + wide + 1 > columns {
            break;
        }
        out.push_str(grapheme);
        used += wide;
    }
    if columns > 0 {
        out.push('…');
    }
    out
}

/// The text cut or filled with blanks to exactly `columns`.
#[must_use]
pub fn pad(text: &str, columns: usize) -> String {
    let mut out = fit(text, columns);
    let used = width(&out);
    out.extend(std::iter::repeat_n(' ', columns.saturating_sub(used)));
    out
}

/// The text in lines of at most `columns`, broken at blanks where there are some.
#[must_use]
pub fn wrap(text: &str, columns: usize) -> Vec<String> {
    let columns = columns.max(1);
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut used = 0;
    for word in text.split_whitespace() {
        let wide = width(word);
        if used > 0 && used + 1 + wide > columns {
            lines.push(std::mem::take(&mut line));
            used = 0;
        }
        if used > 0 {
            line.push(' ');
            used += 1;
        }
        if wide <= columns {
            line.push_str(word);
            used += wide;
            continue;
        }
        // A word longer than the line: broken between graphemes.
        for grapheme in word.graphemes(true) {
            let wide = grapheme.width();
            if used > 0 && used + wide > columns {
                lines.push(std::mem::take(&mut line));
                used = 0;
            }
            line.push_str(grapheme);
            used += wide;
        }
    }
    if !line.is_empty() || lines.is_empty() {
        lines.push(line);
    }
    lines
}

/// As many of the parts as have room, whole, and how many more there are; the first alone may be cut.
#[must_use]
pub fn some_of(parts: &[&str], between: &str, columns: usize) -> String {
    let some = |n: usize| {
        let shown = parts.get(..n).unwrap_or_default().join(between);
        if n < parts.len() { format!("{shown}{between}{} more", parts.len() - n) } else { shown }
    };
    let fits = (1..=parts.len()).rev().map(some).find(|words| width(words) <= columns);
    fits.unwrap_or_else(|| fit(parts.first().unwrap_or(&""), columns))
}

/// `1 finding`, `2 findings`.
#[must_use]
pub fn count(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn control_codes_never_pass() {
        assert_eq!(clean("a\u{1b}[2Jb\r\nc\td\u{202e}e"), "a[2Jb c de");
        assert!(matches!(clean("Zoë 山田"), Cow::Borrowed(_)));
    }

    #[test]
    fn cuts_at_columns_not_bytes() {
        assert_eq!(fit("山田太郎", 5), "山田…");
        assert_eq!(pad("é", 3), "é  ");
        assert_eq!(fit("abc", 0), "");
    }

    #[test]
    fn of_a_list_whole_entries_are_shown() {
        let parts = ["stop the course", "find the lot", "mycobacterial window"];
        assert_eq!(some_of(&parts, " · ", 53), "stop the course · find the lot · mycobacterial window");
        assert_eq!(some_of(&parts, " · ", 40), "stop the course · find the lot · 1 more");
        assert_eq!(some_of(&parts, " · ", 25), "stop the course · 2 more");
        assert_eq!(some_of(&parts, " · ", 10), "stop the …");
        assert_eq!(some_of(&[], " · ", 10), "");
    }

    #[test]
    fn wraps_at_blanks_and_breaks_long_words() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("abcdefgh ij", 3), ["abc", "def", "gh", "ij"]);
        assert_eq!(wrap("", 5), [""]);
    }

    proptest! {
        #[test]
        fn every_line_fits(text in "\\PC{0,60}", columns in 2_usize..40) {
            for line in wrap(&text, columns) {
                // What cannot be divided may be wider than a very narrow column.
                prop_assert!(width(&line) <= columns || line.graphemes(true).count() == 1);
            }
            prop_assert!(width(&fit(&text, columns)) <= columns);
            prop_assert_eq!(width(&pad(&text, columns)), columns);
        }
    }
}
