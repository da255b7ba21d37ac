//! A framed window over the screen, always inside it.

use ratatui::buffer::Buffer;
use ratatui::layout::{Margin, Rect};
use ratatui::style::Style;

use crate::tui::text;
use crate::tui::theme::Theme;

/// A window of at most the wanted size in the middle of `area`.
#[must_use]
pub fn place(area: Rect, width: u16, height: u16) -> Rect {
    let width = width.min(area.width);
    let height = height.min(area.height);
    Rect { x: area.x + (area.width - width) / 2, y: area.y + (area.height - height) / 2, width, height }
}

/// The room inside a window.
#[must_use]
pub fn inside(window: Rect) -> Rect {
    window.inner(Margin { horizontal: 1, vertical: 1 })
}

/// Clears the window, and a column on either side of it so that no cut-off word touches its frame, and draws its frame with a title and a line of keys.
pub fn frame(window: Rect, title: &str, keys: &[(String, Style)], theme: &Theme, buf: &mut Buffer) {
    if window.width < 2 || window.height < 2 {
        return;
    }
    for y in window.top()..window.bottom() {
        for x in window.left().saturating_sub(1)..=window.right() {
            if let Some(cell) = buf.cell_mut((x, y)) {
                cell.reset();
            }
        }
    }
    let (right, bottom) = (window.right() - 1, window.bottom() - 1);
    for x in window.left() + 1..right {
        buf.set_string(x, window.y, "─", theme.accent);
        buf.set_string(x, bottom, "─", theme.accent);
    }
    for y in window.top() + 1..bottom {
        buf.set_string(window.x, y, "│", theme.accent);
        buf.set_string(right, y, "│", theme.accent);
    }
    for (x, y, corner) in
        [(window.x, window.y, "╭"), (right, window.y, "╮"), (window.x, bottom, "╰"), (right, bottom, "╯")]
    {
        buf.set_string(x, y, corner, theme.accent);
    }
    let room = usize::from(window.width).saturating_sub(6);
    if room > 0 {
        let title = text::fit(&text::clean(title), room);
        buf.set_string(window.x + 2, window.y, format!(" {title} "), theme.heading);
    }
    let mut x = window.x + 2;
    for (part, style) in keys {
        let room = usize::from(right.saturating_sub(x).saturating_sub(1));
        let (next, _) = buf.set_stringn(x, bottom, part, room, *style);
        x = next;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_never_larger_than_the_screen() {
        for (w, h) in [(1, 1), (10, 3), (200, 60)] {
            let area = Rect::new(0, 0, w, h);
            let window = place(area, 96, 20);
            assert_eq!(window.intersection(area), window);
        }
    }
}
