//! All consultations of a patient in order; what stands beside a list of records; patients who might be meant.

use ratatui::style::Style;

use super::{Item, Page};
use crate::plan::Outcome;
use crate::tui::against;
use crate::tui::app::{App, Target};
use crate::tui::form::goal_label;
use crate::tui::history::PatientView;
use crate::tui::lists::RecordLine;
use crate::tui::text;
use crate::tui::theme::{meaning, sign};
use crate::tui::widget::rows::{Row, Rows};

/// Who, and the consultations, newest first.
pub fn page(app: &App, view: &PatientView, width: u16) -> Page {
    let theme = &app.theme;
    let mut rows = Rows::new(theme, width);
    let mut items = Vec::new();
    rows.blank();
    let born = view.person.birth_date.map_or_else(|| "no date of birth".to_owned(), |date| format!("born {date}"));
    let count = text::count(view.total, "consultation", "consultations");
    rows.flow(0, 2, &[(name(&view.name), theme.answer), (&format!("  {born}, {count}"), theme.text)]);
    if !view.person.is_certain() {
        let words = "Found by the name alone: these may be several people of that name.";
        rows.bullet(0, "!", theme.outcome(Outcome::Caution), words, theme.text);
    }
    rows.heading("Consultations", "newest first");
    if view.records.is_empty() {
        rows.line(vec![("There are none any more.".to_owned(), theme.muted)]);
    }
    for (n, record) in view.records.iter().enumerate() {
        items.push(Item::Record(n));
        let marked = view.marked == Some(record.id);
        let chosen = view.chosen == n;
        let mut parts = vec![((if marked { "◆ " } else { "  " }).to_owned(), theme.accent)];
        parts.push((format!("{}  ", record.at), theme.text));
        parts.extend(verdict(app, record));
        parts.push((format!("  {}", goals(app, record)), theme.text));
        if record.version > 1 {
            parts.push((format!("  version {}", record.version), theme.muted));
        }
        if marked {
            parts.push(("  marked".to_owned(), theme.accent));
        }
        on_item(rows.line(parts), n, chosen);
    }
    let more = view.total.saturating_sub(view.records.len());
    if more > 0 {
        let find = app.settings.keys.say("home.find");
        rows.line(vec![(format!("  and {more} more; {find} on the first screen finds them"), theme.muted)]);
    }
    if view.meant_for.is_some() {
        rows.gap();
        let again = app.settings.keys.say("home.again");
        let column = text::width(&again).max("Esc".len());
        for (key, words) in [
            (again.as_str(), "this is the patient: offer these answers in the open consultation"),
            ("Esc", "somebody else: go on as a new patient"),
        ] {
            let key = text::pad(key, column).replace(' ', "\u{a0}");
            rows.flow(0, column + 2, &[(&key, theme.key), (&format!("  {words}"), theme.text)]);
        }
    }
    Page { rows: rows.rows, items, sections: vec![0] }
}

fn on_item(row: &mut Row, n: usize, chosen: bool) {
    row.target = Some(Target::Item(n));
    row.bar = chosen;
    row.active = chosen;
    row.selected = chosen;
}

fn verdict(app: &App, record: &RecordLine) -> Vec<(String, Style)> {
    let (words, colour) = record.standing();
    vec![(text::pad(&words, 12), app.theme.outcome(colour))]
}

/// The goals of a record by their names.
pub fn goals(app: &App, record: &RecordLine) -> String {
    let label = |id: &String| app.loaded().map_or_else(|| id.clone(), |loaded| goal_label(&loaded.pack, id));
    record.goals.iter().map(label).collect::<Vec<_>>().join(", ")
}

const fn name(name: &str) -> &str {
    if name.is_empty() { "(no name)" } else { name }
}

/// What there is to know of a record before it is opened.
pub fn preview(app: &App, record: &RecordLine, width: u16) -> Vec<Row> {
    let theme = &app.theme;
    let mut rows = Rows::new(theme, width);
    rows.blank();
    rows.line(vec![(name(&record.patient).to_owned(), theme.answer)]);
    let born = record.birth_date.map(|date| format!("born {date}"));
    let age = record.age.map(|age| format!("{age} years"));
    let who: Vec<String> = born.into_iter().chain(age).collect();
    if !who.is_empty() {
        rows.line(vec![(who.join(", "), theme.text)]);
    }
    let lead = format!("{}\u{a0}{}  ", sign(record.verdict), record.verdict.word().to_uppercase());
    rows.gap();
    if record.stopped {
        let words = "Course stopped by a reaction: open the record before anything else.";
        rows.bullet(0, Outcome::Decline.sign(), theme.outcome(Outcome::Decline), words, theme.answer);
    }
    rows.flow(0, 2, &[(&lead, theme.outcome(record.verdict)), (meaning(record.verdict), theme.text)]);
    let loaded = app.loaded();
    let recipe = |id: &String| match loaded.as_ref().and_then(|loaded| loaded.pack.recipes.get(id)) {
        Some(recipe) => recipe.label.clone(),
        None => id.clone(),
    };
    let rule = |id: &String| match loaded.as_ref().and_then(|loaded| loaded.pack.rules.get(id)) {
        Some(rule) => rule.title.clone(),
        None => id.clone(),
    };
    let mut list = |heading: &str, entries: Vec<String>| {
        if !entries.is_empty() {
            rows.heading(heading, "");
            entries.iter().for_each(|entry| rows.bullet(0, "·", theme.muted, entry, theme.text));
        }
    };
    list("Goals", goals(app, record).split(", ").filter(|goal| !goal.is_empty()).map(str::to_owned).collect());
    list("Plan", record.recipes.iter().map(recipe).collect());
    list("Findings", record.rules.iter().map(rule).collect());
    rows.gap();
    let version = if record.version > 1 { format!(", version {}", record.version) } else { String::new() };
    rows.para(0, &format!("signed {} by {}{version}", record.at, record.practitioner), theme.muted);
    rows.rows
}

/// Patients on record who might be meant.
pub fn alike(app: &App, chosen: usize, top: usize, width: u16) -> (String, Vec<Row>, Page, usize) {
    let theme = &app.theme;
    let mut head = Rows::new(theme, width);
    head.line(vec![("Enter looks at the history; Esc goes on as a new patient.".to_owned(), theme.muted)]);
    let mut rows = Rows::new(theme, width);
    let lines = app.consult().map_or(&[][..], |consult| &consult.alike);
    for (n, line) in lines.iter().enumerate() {
        let start = rows.len();
        let born = line.person.birth_date.map_or_else(|| "no date of birth".to_owned(), |date| format!("born {date}"));
        rows.flow(0, 2, &[(name(&line.name), theme.answer), (&format!("  {born}"), theme.text)]);
        let count = text::count(line.consultations, "consultation", "consultations");
        rows.para(2, &format!("{}; {count}, last seen {}", line.why, line.seen), theme.muted);
        let (verdict, outcome) = line.standing();
        let allergies = app.loaded().map(|loaded| against::allergies(&loaded.pack, &line.known)).unwrap_or_default();
        let allergies =
            if allergies.is_empty() { String::new() } else { format!("  ! allergic: {}", allergies.join(", ")) };
        rows.flow(2, 4, &[(&verdict, theme.outcome(outcome)), (&allergies, theme.text)]);
        rows.item(start, Target::Item(n), n == chosen);
    }
    ("Is it one of these?".to_owned(), head.rows, Page { rows: rows.rows, ..Page::default() }, top)
}
