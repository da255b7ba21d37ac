//! Two consultations side by side; one line above the other where there is no room for that.

use ratatui::style::Style;

use super::assessment::Builder;
use super::{Item, Page};
use crate::pack::{Pack, Question, QuestionIx, QuestionKind};
use crate::record::{Difference, Document, Person};
use crate::tui::app::App;
use crate::tui::history::CompareView;
use crate::tui::text;
use crate::tui::theme::sign;
use crate::tui::widget::rows::Rows;

/// From this many columns on, the two stand side by side.
const BESIDE: usize = 84;

/// What differs, or everything.
pub fn page(app: &App, view: &CompareView, width: u16) -> Page {
    let theme = &app.theme;
    let mut page = Builder::new(Rows::new(theme, width), view.chosen);
    let (older, newer) = (&view.pair.0, &view.pair.1);
    let person = |document: &Document| Person::new(&document.patient.name, document.patient.birth_date);
    page.rows.blank();
    if person(older) != person(newer) {
        let words = "Two patients: the names or the dates of birth differ.";
        page.rows.bullet(0, "!", theme.error, words, theme.error);
    }
    let loaded = app.loaded();
    let same = view.lines.iter().filter(|line| line.is_same()).count();
    let differ = text::count(view.lines.len() - same, "line differs", "lines differ");
    let rest = text::count(same, "reads the same", "read the same");
    let all = app.settings.keys.say("compare.all");
    let all = if view.all || same == 0 { String::new() } else { format!(" ({all}: all)") };
    page.section("Differences", &format!("{differ}, {rest}{all}"));
    let heads = [head(older), head(newer)];
    let columns = columns(page.rows.width);
    if let Some(columns) = columns {
        let heads = [text::pad("", 2), heads[0].clone(), heads[1].clone()];
        cells(&mut page.rows, columns, heads, [theme.muted, theme.heading, theme.heading]);
    }
    let mut lines: Vec<Difference> =
        view.lines.iter().filter(|line| view.all || !line.is_same()).map(|line| listed(line, &view.lines)).collect();
    if let Some(loaded) = &loaded {
        // Answers in the order in which they are asked, then what followed from them.
        lines.sort_by_key(|line| loaded.pack.questions.find(path(&line.what)).map_or(usize::MAX, QuestionIx::get));
        lines.iter_mut().for_each(|line| spell_out(&loaded.pack, line));
    }
    for line in &lines {
        page.item(Item::Text, |rows, _| match columns {
            Some(columns) => beside(rows, columns, line),
            None => above(rows, line, &heads),
        });
    }
    if same == view.lines.len() && !view.all {
        page.text("·", "The two read the same.");
    }
    page.done()
}

/// "None" on one side and entries on the other: the entries have lines of their own.
fn listed(line: &Difference, all: &[Difference]) -> Difference {
    let below = format!("{}: ", line.what);
    let entries = |side: fn(&Difference) -> &str| {
        all.iter().any(|other| other.what.starts_with(&below) && !side(other).is_empty())
    };
    let mut line = line.clone();
    if line.before.is_empty() && entries(|other| &other.before) {
        line.before = "listed".to_owned();
    }
    if line.after.is_empty() && entries(|other| &other.after) {
        line.after = "listed".to_owned();
    }
    line
}

/// The day, the version, the verdict.
fn head(document: &Document) -> String {
    let verdict = document.assessment.verdict;
    let version = if document.version > 1 { format!(" version {}", document.version) } else { String::new() };
    format!("{}{version} {} {}", document.assessment.today, sign(verdict), verdict.word())
}

/// What, older, newer.
fn columns(width: usize) -> Option<[usize; 3]> {
    (width >= BESIDE).then(|| {
        let what = (width / 3).min(36);
        let each = (width - what - 2) / 2;
        [what, each, each]
    })
}

fn styles(rows: &Rows<'_>, line: &Difference) -> [Style; 3] {
    let theme = rows.theme;
    if line.is_same() { [theme.muted; 3] } else { [theme.text, theme.text, theme.answer] }
}

fn beside(rows: &mut Rows<'_>, columns: [usize; 3], line: &Difference) {
    let mark = if line.is_same() { "  " } else { "≠ " };
    let styles = styles(rows, line);
    let absent = |words: &str| if words.is_empty() { "—".to_owned() } else { words.to_owned() };
    cells(rows, columns, [format!("{mark}{}", line.what), absent(&line.before), absent(&line.after)], styles);
}

/// Three cells, wrapped, on as many lines as the longest takes.
fn cells(rows: &mut Rows<'_>, columns: [usize; 3], words: [String; 3], styles: [Style; 3]) {
    let wrapped: Vec<Vec<String>> =
        words.iter().zip(columns).map(|(words, columns)| text::wrap(words, columns.saturating_sub(1))).collect();
    let height = wrapped.iter().map(Vec::len).max().unwrap_or(1).max(1);
    for at in 0..height {
        let cell = |n: usize| {
            let words = wrapped[n].get(at).map_or("", String::as_str);
            // Lines of one cell after the first stand under its words, not under its mark.
            let words = if n == 0 && at > 0 { format!("  {words}") } else { words.to_owned() };
            text::pad(&words, columns[n])
        };
        let between = || ("│".to_owned(), rows.theme.border);
        let parts = vec![(cell(0), styles[0]), between(), (cell(1), styles[1]), between(), (cell(2), styles[2])];
        rows.line(parts);
    }
}

fn above(rows: &mut Rows<'_>, line: &Difference, heads: &[String; 2]) {
    let styles = styles(rows, line);
    let theme = rows.theme;
    if line.is_same() {
        rows.flow(2, 4, &[(&format!("{}: ", line.what), theme.muted), (&line.after, theme.muted)]);
        return;
    }
    rows.bullet(0, "≠", theme.accent, &line.what, styles[0]);
    for (head, words, style) in [(&heads[0], &line.before, styles[1]), (&heads[1], &line.after, styles[2])] {
        let day = head.split(' ').next().unwrap_or_default();
        let words = if words.is_empty() { "—" } else { words };
        rows.flow(4, 16, &[(&format!("{day}\u{a0}\u{a0}"), theme.muted), (words, style)]);
    }
}

/// With a capital letter, as the labels of questions have.
fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// The question of a line, or what else it is about.
fn path(what: &str) -> &str {
    what.split_once(": ").map_or(what, |(path, _)| path)
}

/// A line in the names of the pack: questions, entries and answers are stored by their ids.
fn spell_out(pack: &Pack, line: &mut Difference) {
    let Some(question) = pack.questions.get(path(&line.what)) else {
        line.what = capital(&line.what);
        return;
    };
    let entry = line.what.split_once(": ").map(|(_, entry)| entry.to_owned());
    for words in [&mut line.before, &mut line.after] {
        *words = match entry {
            Some(_) => details(pack, words),
            None => answer(question, words),
        };
    }
    line.what = match entry {
        None => question.label.clone(),
        Some(entry) => {
            let list = crate::tui::form::list_of(question);
            let item = list.and_then(|list| pack.list(list).get(&entry)).map(|item| item.label.clone());
            let goal = || pack.goals.get(&entry).map(|goal| goal.label.clone());
            format!("{}: {}", question.label, item.or_else(goal).unwrap_or(entry))
        }
    };
}

fn answer(question: &Question, words: &str) -> String {
    match &question.kind {
        QuestionKind::Choice(options) => options.iter().find(|option| option.id == words).map(|o| o.label.clone()),
        QuestionKind::Number(kind) if !words.is_empty() && !kind.unit.is_empty() => {
            Some(format!("{words} {}", kind.unit))
        }
        _ => None,
    }
    .unwrap_or_else(|| words.to_owned())
}

/// What was said about an entry: "days_ago 110, site here", or the areas of a goal.
fn details(pack: &Pack, words: &str) -> String {
    let part = |part: &str| {
        let (id, value) = part.split_once(' ')?;
        if id == "areas" {
            return Some(crate::tui::form::area_label(pack, value));
        }
        Some(format!("{} {value}", pack.qualifiers.get(id)?.label))
    };
    let spelled = words.split(", ").map(|one| part(one).unwrap_or_else(|| crate::tui::form::area_label(pack, one)));
    spelled.collect::<Vec<_>>().join(", ")
}
