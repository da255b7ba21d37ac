//! Controls of the asking steps: options, lines of text.

use ratatui::style::{Modifier, Style};
use ratatui::text::Span;
use tui_input::Input;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use crate::tui::app::Target;
use crate::tui::text;
use crate::tui::theme::Theme;
use crate::tui::widget::rows::{Row, Rows};

/// Columns that are worth wrapping a help in.
const HELP: usize = 24;

/// An option of a choice as it is drawn.
pub struct Shown<'a> {
    /// The key that takes it.
    pub key: char,
    /// For people.
    pub label: &'a str,
    /// What it means.
    pub help: Option<&'a str>,
    /// It is the answer.
    pub taken: bool,
    /// The cursor is on it.
    pub chosen: bool,
    /// What a click means.
    pub target: Target,
}

/// Options under each other, with their helps and, where they have one, a small picture.
pub fn upright(
    rows: &mut Rows<'_>,
    indent: usize,
    options: &[Shown<'_>],
    picture: impl Fn(usize) -> Option<(String, Style)>,
) {
    let theme = rows.theme;
    // A grade whose label is its key is shown once.
    let label = |option: &Shown<'_>| if option.label == option.key.to_string() { 0 } else { text::width(option.label) };
    let widest = options.iter().map(label).max().unwrap_or(0);
    // Only helps behind them need the labels to be short.
    let column = if options.iter().any(|option| option.help.is_some()) { widest.min(28) } else { widest };
    for (n, option) in options.iter().enumerate() {
        let style = if option.taken { theme.answer } else { theme.text };
        let label = if column == 0 { "" } else { option.label };
        let label = text::pad(label, text::width(label).max(column));
        let lead = format!("{}{} ", " ".repeat(indent), mark(option.taken));
        let mut parts = vec![
            (lead.replace(' ', "\u{a0}"), theme.accent),
            (format!("{}\u{a0}", shown_key(option.key)), theme.key),
            // What stands in a column keeps its blanks; a label without one may be wrapped.
            (if column == 0 || option.help.is_none() { label } else { label.replace(' ', "\u{a0}") }, style),
        ];
        let mut hang = indent + 4;
        if let Some((words, of)) = picture(n) {
            hang += text::width(&words) + 2;
            parts.extend([("\u{a0}\u{a0}".to_owned(), theme.text), (words.replace(' ', "\u{a0}"), of)]);
        }
        if let Some(help) = option.help {
            parts.push((format!("  {help}"), theme.muted));
            // Further lines stand under the first, where that leaves a line worth reading.
            let under = hang + column + 2;
            hang = if under + HELP <= rows.width { under } else { indent + 4 };
        }
        let start = rows.len();
        let parts: Vec<(&str, Style)> = parts.iter().map(|(words, style)| (words.as_str(), *style)).collect();
        rows.flow(0, hang, &parts);
        for row in rows.rows.iter_mut().skip(start) {
            row.target = Some(option.target);
            row.selected = option.chosen;
            row.active = option.chosen;
        }
    }
}

/// Options beside each other, on as many lines as it takes.
pub fn beside(rows: &mut Rows<'_>, indent: usize, options: &[Shown<'_>]) {
    let theme = rows.theme;
    let mut row = Row::default();
    let start = indent as u16;
    let mut x = start;
    row.spans.push(Span::raw(" ".repeat(indent)));
    for option in options {
        let label = text::fit(option.label, rows.width.saturating_sub(indent + 6).max(1));
        let wide = (text::width(&label) + 6) as u16;
        if x > start && usize::from(x + wide) > rows.width {
            rows.rows.push(std::mem::take(&mut row));
            row.spans.push(Span::raw(" ".repeat(indent)));
            x = start;
        }
        let under = |style: Style| if option.chosen { theme.on_selected(style).patch(theme.selected) } else { style };
        let style = if option.taken { theme.answer } else { theme.text };
        row.spans.push(Span::styled(format!("{} ", mark(option.taken)), under(theme.accent)));
        row.spans.push(Span::styled(format!("{} ", shown_key(option.key)), under(theme.key)));
        row.spans.push(Span::styled(label, under(style)));
        row.spans.push(Span::raw("  "));
        row.spots.push((x, x + wide - 2, option.target));
        row.active |= option.chosen;
        x += wide;
    }
    rows.rows.push(row);
}

const fn mark(taken: bool) -> &'static str {
    if taken { "●" } else { "○" }
}

const fn shown_key(key: char) -> char {
    if key == '\0' { ' ' } else { key }
}

/// How a line of text is drawn.
pub struct LineBox<'a> {
    /// What is being typed; `None` when it is not.
    pub line: Option<&'a Input>,
    /// The text when nothing is being typed.
    pub rest: &'a str,
    /// Columns of the box.
    pub width: usize,
    /// The first key replaces all of it.
    pub fresh: bool,
}

/// The cells of a line, exactly `width` columns, and where the cursor stands in them.
#[must_use]
pub fn line_box(theme: &Theme, shown: &LineBox<'_>) -> (Vec<(String, Style)>, Option<u16>) {
    let Some(line) = shown.line else {
        return (vec![(text::pad(&text::clean(shown.rest), shown.width), theme.answer)], None);
    };
    let value = text::clean(line.value()).into_owned();
    let cursor = line.visual_cursor();
    // One column is kept for the cursor behind the last character.
    let from = line.visual_scroll(shown.width.saturating_sub(1).max(1));
    let (part, skipped) = window(&value, from, shown.width);
    let style = if shown.fresh && !value.is_empty() { theme.input.add_modifier(Modifier::BOLD) } else { theme.input };
    let at = cursor.saturating_sub(skipped).min(shown.width.saturating_sub(1));
    (vec![(text::pad(&part, shown.width), style)], Some(at as u16))
}

/// The graphemes from a column on that fit, and at which column they really begin.
fn window(value: &str, from: usize, width: usize) -> (String, usize) {
    let (mut at, mut used, mut out) = (0, 0, String::new());
    let mut begin = None;
    for grapheme in value.graphemes(true) {
        let wide = grapheme.width();
        if at >= from {
            begin.get_or_insert(at);
            if used + wide > width {
                break;
            }
            out.push_str(grapheme);
            used += wide;
        }
        at += wide;
    }
    (out, begin.unwrap_or(at))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::theme::ThemeName;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_cursor_stays_in_the_box(value in "\\PC{0,40}", at in 0_usize..45, width in 1_usize..30) {
            let theme = Theme::new(ThemeName::Mono);
            let input = Input::new(value).with_cursor(at);
            let shown = LineBox { line: Some(&input), rest: "", width, fresh: false };
            let (cells, cursor) = line_box(&theme, &shown);
            prop_assert!(usize::from(cursor.unwrap()) < width);
            let used: usize = cells.iter().map(|(part, _)| text::width(part)).sum();
            prop_assert_eq!(used, width);
        }
    }
}
