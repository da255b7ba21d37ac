//! Windows in which one finds and adds.

use ratatui::buffer::Buffer;

use super::Page;
use super::fields::{LineBox, line_box};
use crate::find::Hit;
use crate::intake::Answer;
use crate::pack::Figure;
use crate::tui::app::{App, Areas, Picker, Target};
use crate::tui::finder::Shelf;
use crate::tui::form::{area_label, goal_label};
use crate::tui::text;
use crate::tui::theme::Theme;
use crate::tui::update::{area_letter, goal_digit, offers_free_text, said_earlier};
use crate::tui::widget::figure::{self, Marked};
use crate::tui::widget::rows::{Row, Rows};

/// What was added: the last ones are named where not all have room.
fn added(labels: &[String], width: usize) -> String {
    let named = |from: usize| {
        let before = if from > 0 { "… " } else { "" };
        format!("added: {before}{}", labels.get(from..).unwrap_or_default().join(", "))
    };
    (0..labels.len())
        .map(named)
        .find(|words| text::width(words) <= width)
        .unwrap_or_else(|| named(labels.len().saturating_sub(1)))
}

/// Type to find.
pub fn picker(app: &App, picker: &Picker, width: u16) -> (String, Vec<Row>, Page, usize) {
    let theme = &app.theme;
    let title = picker.shelf.title().to_owned();
    let mut head = Rows::new(theme, width);
    let columns = head.width.saturating_sub(2).max(4);
    let shown = LineBox { line: Some(&picker.query), rest: "", width: columns, fresh: false };
    let (cells, cursor) = line_box(theme, &shown);
    let mut parts = vec![("› ".to_owned(), theme.accent)];
    parts.extend(cells);
    head.line(parts).cursor = cursor.map(|at| at + 2);
    let note = if !picker.added.is_empty() {
        added(&picker.added, head.width)
    } else if picker.query.value().is_empty() && picker.shelf == Shelf::Goals {
        "A digit takes a goal; or type a name or a lay word.".to_owned()
    } else if picker.query.value().is_empty() {
        "Type a name, a brand or a lay word. Common ones first.".to_owned()
    } else {
        String::new()
    };
    let style = if picker.added.is_empty() { theme.muted } else { theme.done };
    head.line(vec![(note, style)]);

    let mut rows = Rows::new(theme, width);
    if picker.hits.first().is_some_and(|hit| hit.similar) {
        rows.line(vec![("No exact match; similar:".to_owned(), theme.muted)]);
    }
    let column = picker.hits.iter().map(|hit| text::width(&hit.label)).max().unwrap_or(0).min(rows.width * 3 / 5);
    let earlier = said_earlier(app);
    for (n, hit) in picker.hits.iter().enumerate() {
        let chosen = picker.chosen == Some(n);
        let by_label = hit.matched == hit.label;
        let mut parts = Vec::new();
        if picker.shelf == Shelf::Goals {
            let digit = goal_digit(picker, n).unwrap_or(' ');
            parts.push((format!("{digit} "), theme.key));
        }
        if by_label {
            parts.extend(highlighted(theme, &hit.label, &hit.highlights, column));
        } else {
            parts.push((text::pad(&hit.label, column), theme.answer));
            let why = if hit.similar { "  spelt like " } else { "  also called " };
            parts.push((why.to_owned(), theme.muted));
            parts.extend(highlighted(theme, &hit.matched, &hit.highlights, 0));
        }
        if earlier.contains(&hit.id) {
            parts.push(("  last time".to_owned(), theme.accent));
        }
        // Half the name of a group says nothing, and one that is the name again says it twice.
        let used: usize = parts.iter().map(|(part, _)| text::width(part)).sum();
        let room = rows.width.saturating_sub(used + 2);
        let group = group(app, picker, hit).filter(|of| text::width(of) <= room && *of != hit.label.to_lowercase());
        parts.extend(group.map(|group| (format!("  {group}"), theme.muted)));
        let row = rows.line(parts);
        row.target = Some(Target::Item(n));
        row.selected = chosen;
        row.bar = chosen;
        row.active = chosen;
    }
    if offers_free_text(picker) {
        let n = picker.hits.len();
        let chosen = picker.chosen == Some(n);
        let row = rows.line(vec![
            ("keep ".to_owned(), theme.muted),
            (format!("\"{}\"", picker.query.value().trim()), theme.answer),
            (" in words: not checked by rules".to_owned(), theme.muted),
        ]);
        row.target = Some(Target::Item(n));
        row.selected = chosen;
        row.bar = chosen;
        row.active = chosen;
    } else if picker.hits.is_empty() {
        rows.line(vec![("Nothing matches.".to_owned(), theme.muted)]);
    }
    (title, head.rows, Page { rows: rows.rows, ..Page::default() }, picker.top)
}

/// The first group that it belongs to.
fn group(app: &App, picker: &Picker, hit: &Hit) -> Option<String> {
    let (loaded, Shelf::List(list)) = (app.loaded()?, picker.shelf) else { return None };
    let pack = &loaded.pack;
    let first = pack.list(list).get(&hit.id)?.groups.iter().next()?;
    Some(pack.groups[first].label.to_lowercase())
}

/// A name with the letters that matched, filled to a column.
fn highlighted(theme: &Theme, name: &str, letters: &[usize], column: usize) -> Vec<(String, ratatui::style::Style)> {
    let mut parts: Vec<(String, ratatui::style::Style)> = Vec::new();
    for (n, c) in name.chars().enumerate() {
        let style = if letters.contains(&n) { theme.matched } else { theme.text };
        match parts.last_mut() {
            Some((part, of)) if *of == style => part.push(c),
            _ => parts.push((c.to_string(), style)),
        }
    }
    let used = text::width(name);
    if used < column {
        parts.push((" ".repeat(column - used), theme.text));
    }
    parts
}

/// Why an area is treated already, or may not be: a sign and some words.
fn standing(app: &App, areas: &Areas, id: &str) -> Option<(&'static str, &'static str)> {
    let consult = app.consult()?;
    if consult.assessment.excluded.iter().any(|row| row.kind == "area" && row.id == id) {
        return Some(("✗", "excluded by a rule"));
    }
    let goals = match consult.sheet.intake.get(&app.loaded()?.pack.questions[consult.question?].id) {
        Some(Answer::Goals(goals)) => goals,
        _ => return None,
    };
    let another =
        goals.iter().enumerate().any(|(n, goal)| n != areas.entry && goal.areas.iter().any(|area| area == id));
    another.then_some(("•", "another goal"))
}

/// The picture on which the area under the cursor is, with all areas that can be chosen there; `None` where there is
/// no room for it, or nothing to draw.
#[must_use]
pub fn picture(app: &App, areas: &Areas, width: u16, height: u16) -> Option<(Figure, Buffer)> {
    let theme = &app.theme;
    let pack = &app.loaded()?.pack;
    let spots = |id: &str| pack.areas.get(id).map_or(&[][..], |area| &area.drawn);
    let count = |figure: Figure| {
        let on = |id: &str| spots(id).iter().any(|spot| spot.on == figure);
        areas.offered.iter().filter(|(id, _)| on(id)).count()
    };
    let (under, _) = areas.offered.get(areas.chosen)?;
    // The picture with most areas on it, and the first of equal ones: it changes as seldom as possible.
    let figure = spots(under).iter().map(|spot| spot.on).rev().max_by_key(|figure| count(*figure))?;
    // As large as there is room for beside names that are not cut off.
    let mut rows = height.min(18);
    while rows > 12 && figure::columns(figure, rows) + 48 > width {
        rows -= 1;
    }
    let columns = figure::columns(figure, rows);
    if rows < 12 || columns + 48 > width {
        return None;
    }
    let marked: Vec<Marked<'_>> = areas
        .offered
        .iter()
        .enumerate()
        .map(|(n, (id, depth))| {
            let (ticked, chosen) = (areas.ticked.contains(id), areas.chosen == n);
            let sign = standing(app, areas, id).map_or("", |(sign, _)| sign);
            let key = area_letter(n).unwrap_or(' ');
            // The whole face or body has no place of its own for its key.
            let whole = *depth == 0 && areas.offered.get(n + 1).is_some_and(|(_, below)| *below > 0);
            let label = match (whole && !chosen, ticked) {
                (true, false) => String::new(),
                (_, true) => format!("[{key}]{sign}"),
                (_, false) => format!("{key}{sign}"),
            };
            let style = match (ticked, chosen) {
                (true, _) => theme.done,
                (_, true) => theme.accent,
                _ => theme.key,
            };
            Marked { spots: spots(id), label, style, filled: ticked, edged: chosen }
        })
        .collect();
    Some((figure, figure::draw(figure, &marked, theme, columns, rows)))
}

/// The areas of a goal.
pub fn areas(app: &App, areas: &Areas, width: u16) -> (String, Vec<Row>, Page, usize) {
    let theme = &app.theme;
    let Some(loaded) = app.loaded() else { return (String::new(), Vec::new(), Page::default(), 0) };
    let mut head = Rows::new(theme, width);
    head.line(vec![("Where? Keys tick, Enter takes.".to_owned(), theme.muted)]);
    let mut rows = Rows::new(theme, width);
    for (n, (id, depth)) in areas.offered.iter().enumerate() {
        let ticked = areas.ticked.contains(id);
        let chosen = areas.chosen == n;
        let key = area_letter(n).unwrap_or(' ');
        let row = rows.line(vec![
            (format!("{key} "), theme.key),
            ("  ".repeat(*depth), theme.text),
            ((if ticked { "[x] " } else { "[ ] " }).to_owned(), if ticked { theme.done } else { theme.text }),
            (area_label(&loaded.pack, id), if ticked { theme.answer } else { theme.text }),
            standing(app, areas, id)
                .map_or((String::new(), theme.muted), |(sign, words)| (format!("  {sign} {words}"), theme.muted)),
        ]);
        row.target = Some(Target::Item(n));
        row.selected = chosen;
        row.bar = chosen;
        row.active = chosen;
    }
    (goal_label(&loaded.pack, &areas.goal), head.rows, Page { rows: rows.rows, ..Page::default() }, areas.top)
}
