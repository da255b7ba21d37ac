//! Every screen is a list of rows: styled text that knows what a click on it means and which line must stay visible.
//!
//! Screens build rows as a pure function of the state and the width; drawing, scrolling and hit-testing are the same
//! for all of them.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::{Modifier, Style};
use ratatui::text::Span;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use crate::tui::app::Target;
use crate::tui::text;
use crate::tui::theme::Theme;

/// Columns left of the text: the focus bar and a blank.
pub const GUTTER: u16 = 2;

/// One line of a screen.
#[derive(Clone, Debug, Default)]
pub struct Row {
    /// What it says.
    pub spans: Vec<Span<'static>>,
    /// What a click on it, or the selection of it, means.
    pub target: Option<Target>,
    /// Parts of it with a meaning of their own: from column, to column (exclusive).
    pub spots: Vec<(u16, u16, Target)>,
    /// It belongs to what has the focus: a bar stands before it.
    pub bar: bool,
    /// It is the line that must stay visible.
    pub active: bool,
    /// It is drawn on the background of the selection.
    pub selected: bool,
    /// Where the text cursor stands, in columns.
    pub cursor: Option<u16>,
}

/// A list of rows being built.
#[derive(Debug)]
pub struct Rows<'t> {
    /// The rows so far.
    pub rows: Vec<Row>,
    /// Columns there are for text.
    pub width: usize,
    /// The styles.
    pub theme: &'t Theme,
}

impl<'t> Rows<'t> {
    /// No rows, for a screen of that width (gutter and right edge included).
    #[must_use]
    pub fn new(theme: &'t Theme, width: u16) -> Self {
        // One column at the right edge is the scrollbar's.
        Self { rows: Vec::new(), width: usize::from(width.saturating_sub(GUTTER + 2)).max(1), theme }
    }

    /// How many rows there are: the place from which [`Rows::mark`] counts.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are no rows.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// An empty line.
    pub fn blank(&mut self) {
        self.rows.push(Row::default());
    }

    /// An empty line unless there is one already, or nothing above.
    pub fn gap(&mut self) {
        if self.rows.last().is_some_and(|row| !row.spans.is_empty()) {
            self.blank();
        }
    }

    /// One line; what does not fit is cut off.
    pub fn line(&mut self, parts: Vec<(String, Style)>) -> &mut Row {
        let mut room = self.width;
        let mut spans = Vec::new();
        for (part, style) in parts {
            let part = text::fit(&text::clean(&part), room);
            room = room.saturating_sub(text::width(&part));
            spans.push(Span::styled(part, style));
        }
        self.rows.push(Row { spans, ..Row::default() });
        let last = self.rows.len() - 1;
        &mut self.rows[last]
    }

    /// A heading with a note behind it.
    pub fn heading(&mut self, title: &str, note: &str) {
        let theme = self.theme;
        self.gap();
        let note = if note.is_empty() { String::new() } else { format!("  {note}") };
        self.flow(0, 2, &[(title, theme.heading), (&note, theme.muted)]);
    }

    /// Text of one style, wrapped, all lines indented.
    pub fn para(&mut self, indent: usize, words: &str, style: Style) {
        self.flow(indent, indent, &[(words, style)]);
    }

    /// Text with a sign before its first line.
    pub fn bullet(&mut self, indent: usize, sign: &str, sign_style: Style, words: &str, style: Style) {
        let hang = indent + text::width(sign) + 1;
        let lead = format!("{}{sign}\u{a0}", "\u{a0}".repeat(indent));
        self.flow(0, hang, &[(&lead, sign_style), (words, style)]);
    }

    /// Text of several styles as one paragraph: wrapped at blanks, the first line and the others indented as said.
    /// No-break blanks are kept, and shown as blanks.
    pub fn flow(&mut self, first: usize, rest: usize, parts: &[(&str, Style)]) {
        let columns = self.width.max(rest + 8);
        let mut spans: Vec<Span<'static>> = Vec::new();
        let mut used = first;
        if first > 0 {
            spans.push(Span::raw(" ".repeat(first)));
        }
        let mut fresh = true;
        let mut rows = Vec::new();
        let mut turn = |spans: &mut Vec<Span<'static>>, used: &mut usize| {
            rows.push(Row { spans: std::mem::take(spans), ..Row::default() });
            if rest > 0 {
                spans.push(Span::raw(" ".repeat(rest)));
            }
            *used = rest;
        };
        for (part, style) in parts {
            let part = text::clean(part);
            // A part that starts without a blank is glued to the one before; several blanks are a gap.
            let mut blanks = part.chars().take_while(|c| *c == ' ').count();
            for word in part.split(' ').filter(|word| !word.is_empty()) {
                let wide = text::width(word);
                let before = if fresh { 0 } else { blanks };
                if !fresh && used + before + wide > columns {
                    turn(&mut spans, &mut used);
                } else if before > 0 {
                    spans.push(Span::styled(" ".repeat(before), *style));
                    used += before;
                }
                fresh = false;
                if used + wide <= columns {
                    spans.push(Span::styled(word.replace('\u{a0}', " "), *style));
                    used += wide;
                } else {
                    for grapheme in word.graphemes(true) {
                        if used + grapheme.width() > columns {
                            turn(&mut spans, &mut used);
                        }
                        spans.push(Span::styled(grapheme.replace('\u{a0}', " "), *style));
                        used += grapheme.width();
                    }
                }
                // After a sign that ends in a no-break blank no further blank is wanted.
                blanks = usize::from(!word.ends_with('\u{a0}'));
            }
            if part.ends_with(' ') && !fresh {
                spans.push(Span::styled(" ", *style));
                used += 1;
            }
        }
        rows.push(Row { spans, ..Row::default() });
        self.rows.extend(rows);
    }

    /// A label in a column of its own, and a value that wraps beside it.
    pub fn pair(&mut self, label: &str, column: usize, value: &str, style: Style) {
        let theme = self.theme;
        let label = text::pad(&text::clean(label), column).replace(' ', "\u{a0}");
        self.flow(0, column + 1, &[(&format!("{label}\u{a0}"), theme.muted), (value, style)]);
    }

    /// Gives all rows from `start` on a meaning.
    pub fn target(&mut self, start: usize, target: Target) {
        self.rows.iter_mut().skip(start).for_each(|row| row.target = Some(target));
    }

    /// Puts the focus bar before all rows from `start` on.
    pub fn bar(&mut self, start: usize) {
        self.rows.iter_mut().skip(start).for_each(|row| row.bar = true);
    }

    /// Makes the rows from `start` on the ones with the cursor, with a meaning.
    pub fn item(&mut self, start: usize, target: Target, chosen: bool) {
        for row in self.rows.iter_mut().skip(start) {
            row.target = Some(target);
            if chosen {
                row.bar = true;
                row.active = true;
            }
        }
    }
}

/// The first line to show so that the active rows are visible and the view moves as little as possible.
#[must_use]
pub fn settle(rows: &[Row], top: usize, height: usize) -> usize {
    let limit = rows.len().saturating_sub(height);
    let top = top.min(limit);
    let Some(first) = rows.iter().position(|row| row.active) else { return top };
    let last = rows.iter().rposition(|row| row.active).unwrap_or(first);
    // What belongs to the same focus is kept in sight as well, when all of it fits.
    let from = rows.iter().take(first + 1).rposition(|row| !row.bar).map_or(0, |n| n + 1).min(first);
    let to = rows.iter().skip(last).position(|row| !row.bar).map_or(rows.len(), |n| last + n).max(last + 1);
    let (from, to) = if to - from <= height { (from, to) } else { (first, last + 1) };
    let to = to.min(from + height.max(1));
    // The very first item brings the lines above it into sight.
    let from = if rows.iter().take(from).all(|row| row.target.is_none()) && to <= height { 0 } else { from };
    // And the very last one the lines below it.
    let end = rows.len();
    let to = if rows.iter().skip(to).all(|row| row.target.is_none()) && end - from <= height { end } else { to };
    top.min(from).max(to.saturating_sub(height)).min(limit)
}

/// Draws rows from `top` on, and says where the text cursor is.
pub fn draw(rows: &[Row], top: usize, theme: &Theme, area: Rect, buf: &mut Buffer) -> Option<Position> {
    draw_with_bar(rows, top, theme, area, area.right().saturating_sub(1), buf)
}

/// The same with the scroll bar in another column: on the line between two areas one line is enough.
pub fn draw_with_bar(
    rows: &[Row],
    top: usize,
    theme: &Theme,
    area: Rect,
    bar: u16,
    buf: &mut Buffer,
) -> Option<Position> {
    let mut cursor = None;
    for (n, row) in rows.iter().skip(top).take(usize::from(area.height)).enumerate() {
        let y = area.y + n as u16;
        if row.selected {
            buf.set_style(Rect { x: area.x, y, width: area.width, height: 1 }, theme.selected);
        }
        if row.bar && area.width > 0 {
            // Reversed with its line, the bar would be the half that is not lit.
            if let Some(cell) = buf.cell_mut((area.x, y)).filter(|cell| cell.modifier.contains(Modifier::REVERSED)) {
                cell.reset();
            }
            buf.set_string(area.x, y, "▌", theme.accent);
        }
        let on = |style: Style| if row.selected { theme.on_selected(style) } else { style };
        let mut x = area.x.saturating_add(GUTTER);
        for span in &row.spans {
            if x >= area.right() {
                break;
            }
            let (next, _) = buf.set_stringn(x, y, &span.content, usize::from(area.right() - x), on(span.style));
            x = next;
        }
        if let Some(column) = row.cursor {
            let x = area.x.saturating_add(GUTTER).saturating_add(column);
            if x < area.right() {
                cursor = Some(Position { x, y });
            }
        }
    }
    scrollbar(rows.len(), top, theme, area, bar, buf);
    cursor
}

/// A thumb at the right edge, only when something is out of sight.
fn scrollbar(total: usize, top: usize, theme: &Theme, area: Rect, bar: u16, buf: &mut Buffer) {
    let height = usize::from(area.height);
    if total <= height || area.width == 0 || height == 0 {
        return;
    }
    let thumb = (height * height / total).clamp(1, height);
    let span = total - height;
    let at = (top * (height - thumb) + span / 2) / span.max(1);
    for n in 0..height {
        let inside = n >= at && n < at + thumb;
        let (symbol, style) = if inside { ("┃", theme.muted) } else { ("│", theme.border) };
        buf.set_string(bar, area.y + n as u16, symbol, style);
    }
}

/// What a click at column `x` of the row means.
#[must_use]
pub fn hit(row: &Row, x: u16) -> Option<Target> {
    let x = x.checked_sub(GUTTER)?;
    row.spots.iter().find(|(from, to, _)| (*from..*to).contains(&x)).map(|(_, _, target)| *target).or(row.target)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::theme::ThemeName;

    fn texts(rows: &Rows<'_>) -> Vec<String> {
        rows.rows.iter().map(|row| row.spans.iter().map(|span| span.content.as_ref()).collect()).collect()
    }

    #[test]
    fn paragraphs_of_several_styles_wrap_as_one() {
        let theme = Theme::new(ThemeName::Mono);
        let mut rows = Rows::new(&theme, 21);
        rows.flow(0, 2, &[("Warfarin", theme.key), (": ask the cardiologist", theme.text)]);
        assert_eq!(texts(&rows), ["Warfarin: ask the", "  cardiologist"]);
    }

    #[test]
    fn bullets_hang() {
        let theme = Theme::new(ThemeName::Mono);
        let mut rows = Rows::new(&theme, 16);
        rows.bullet(1, "!", theme.key, "one two three", theme.text);
        assert_eq!(texts(&rows), [" ! one two", "   three"]);
    }

    #[test]
    fn scrolling_moves_as_little_as_it_can() {
        let rows = |active: usize| -> Vec<Row> {
            (0..10).map(|n| Row { active: n == active, target: Some(Target::Item(n)), ..Row::default() }).collect()
        };
        assert_eq!(settle(&rows(3), 0, 5), 0, "already visible");
        assert_eq!(settle(&rows(7), 0, 5), 3, "just far enough down");
        assert_eq!(settle(&rows(1), 3, 5), 1, "just far enough up");
        assert_eq!(settle(&rows(9), 0, 20), 0, "all fits");
    }

    #[test]
    fn control_codes_in_answers_are_not_drawn() {
        let theme = Theme::new(ThemeName::Mono);
        let mut rows = Rows::new(&theme, 30);
        rows.line(vec![("a\u{1b}]0;x\u{7}b".into(), theme.text)]);
        assert_eq!(texts(&rows), ["a]0;xb"]);
    }
}
