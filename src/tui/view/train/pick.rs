//! The window in which a contraindication, a goal, an area, an ingredient or a consent point is found.

use super::super::fields::{LineBox, line_box};
use super::super::{Item, Page};
use crate::tui::app::{App, Target};
use crate::tui::text;
use crate::tui::training::{Pick, Want};
use crate::tui::widget::rows::{Row, Rows};

/// Title, line, hits.
pub fn window(app: &App, pick: &Pick, width: u16) -> (String, Vec<Row>, Page, usize) {
    let theme = &app.theme;
    let title = match &pick.want {
        Want::Flag(weight) => weight.label(),
        Want::Goal => "For which goal?",
        Want::Area(_) => "In which area?",
        Want::Part(_) => "Which ingredient?",
        Want::Consent => "Points to cover before signing",
    };
    let mut head = Rows::new(theme, width);
    let room = head.width.saturating_sub(4).clamp(4, 44);
    let (cells, cursor) = line_box(theme, &LineBox { line: Some(&pick.query), rest: "", width: room, fresh: false });
    let mut parts = vec![("› ".to_owned(), theme.accent)];
    parts.extend(cells);
    head.line(parts).cursor = cursor.map(|at| at + 2);
    let taken = match pick.taken.as_slice() {
        [] => String::new(),
        some => format!("taken: {}", some.join("; ")),
    };
    head.line(vec![(taken, theme.done)]);
    let mut rows = Rows::new(theme, width);
    let mut items = Vec::new();
    if pick.hits.is_empty() {
        rows.para(0, "Nothing is called so.", theme.muted);
    } else if pick.hits.iter().all(|hit| hit.similar) {
        rows.para(0, "No exact match; similar:", theme.muted);
    }
    let column = (rows.width / 2).min(40);
    for (n, hit) in pick.hits.iter().enumerate() {
        let chosen = pick.chosen == Some(n);
        let row =
            rows.line(vec![(text::pad(&hit.label, column), theme.answer), (format!("  {}", hit.note), theme.muted)]);
        row.target = Some(Target::Item(n));
        (row.selected, row.active, row.bar) = (chosen, chosen, chosen);
        let room = rows.width.saturating_sub(column + 2);
        if chosen && (text::width(&hit.label) > column || text::width(&hit.note) > room) {
            // What is cut can be read where one is about to take it.
            let whole = if hit.note.is_empty() { hit.label.clone() } else { format!("{}: {}", hit.label, hit.note) };
            rows.para(2, &whole, theme.muted);
        }
        items.push(Item::Text);
    }
    (title.to_owned(), head.rows, Page { rows: rows.rows, items, sections: Vec::new() }, pick.top)
}
