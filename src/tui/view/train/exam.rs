//! Who sits which exam: the name, the number of the paper, its stations.

use ratatui::style::Style;

use super::super::assessment::Builder;
use super::super::fields::{LineBox, line_box};
use super::super::{Item, Page};
use crate::plan::Outcome;
use crate::tui::app::{App, Loaded};
use crate::tui::text;
use crate::tui::training::{Desk, Hall};
use crate::tui::widget::rows::Rows;

/// Columns of the labels.
const LABELS: usize = 9;
/// Columns of what is typed.
const LINE: usize = 30;

/// The page.
pub fn page(app: &App, loaded: &Loaded, hall: &Hall, width: u16) -> Page {
    let theme = &app.theme;
    let desk = &hall.exam;
    let mut page = Builder::new(Rows::new(theme, width), desk.chosen);
    page.section("An exam", "");
    let said = [("Name", "it stands on the sealed file"), ("Paper", "the number that the instructor says")];
    for (n, (label, note)) in said.into_iter().enumerate() {
        page.item(Item::Text, |rows, _| line(rows, desk, n, label, note));
    }
    let stations = loaded.school.as_ref().map_or_else(Vec::new, |school| desk.stations(school));
    if stations.is_empty() {
        page.rows.gap();
    } else {
        page.section("Stations", "sit those that the instructor names");
    }
    for station in &stations {
        let begun = desk.begun(hall.shelf.as_ref(), station);
        page.item(Item::Text, |rows, _| {
            let (sign, style, remark): (_, Style, _) = match begun.last() {
                Some(exam) if exam.sealed => ("✓", theme.done, "  sealed"),
                Some(_) => ("!", theme.outcome(Outcome::Caution), "  begun, not sealed"),
                None => ("·", theme.muted, ""),
            };
            let room = rows.width.saturating_sub(38).clamp(10, 44);
            rows.line(vec![
                (format!("{sign} "), style),
                (format!("{:>2}  ", station.number), theme.key),
                (format!("{} ", text::pad(&station.title, room)), theme.answer),
                (format!("{:>3} min", station.minutes), theme.muted),
                (remark.to_owned(), style),
            ]);
        });
    }
    page.rows.heading("How it goes", "");
    for words in [
        "The clock runs from the moment the patient is asked in, by the time of day: leaving does not stop it, and stands in the \
         file with its time.",
        "When the minutes are over no question is answered, and so when the questions have cost as much. Committing is \
         still possible.",
        "No hints, nothing is revealed. The end is a sealed file: the instructor reads it.",
    ] {
        page.rows.bullet(0, "·", theme.muted, words, theme.text);
    }
    page.done()
}

fn line(rows: &mut Rows<'_>, desk: &Desk, n: usize, label: &str, note: &str) {
    let theme = rows.theme;
    let here = desk.chosen == n;
    let typed = if n == 0 { &desk.name } else { &desk.paper };
    let room = (rows.width / 2 - LABELS / 2).clamp(8, LINE);
    let shown = LineBox { line: here.then_some(typed), rest: typed.value(), width: room, fresh: false };
    let (cells, cursor) = line_box(theme, &shown);
    let mut parts = vec![(text::pad(label, LABELS), if here { theme.accent } else { theme.text })];
    parts.extend(cells);
    parts.push((format!("  {note}"), theme.muted));
    rows.line(parts).cursor = cursor.map(|at| at + LABELS as u16);
}
