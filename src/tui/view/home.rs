//! The first screen.

use super::{Item, Page};
use crate::plan::Outcome;
use crate::record::Protection;
use crate::tui::action::Action;
use crate::tui::app::{App, PackState, Target};
use crate::tui::begun::told_apart;
use crate::tui::form::goal_label;
use crate::tui::text;
use crate::tui::view::fields::{LineBox, line_box};
use crate::tui::widget::rows::Rows;

/// New, resume, look up.
pub fn page(app: &App, width: u16) -> Page {
    let theme = &app.theme;
    let mut rows = Rows::new(theme, width);
    let mut items = Vec::new();
    let mut sections = Vec::new();
    let mut add = |rows: &mut Rows<'_>, item: Item, parts: Vec<(String, ratatui::style::Style)>| {
        let at = items.len();
        items.push(item);
        let chosen = app.home.chosen == at;
        let row = rows.line(parts);
        row.target = Some(Target::Item(at));
        row.bar = chosen;
        row.active = chosen;
        row.selected = chosen;
        at
    };
    rows.blank();
    sections.push(add(
        &mut rows,
        Item::New,
        vec![
            (format!("{}  ", app.settings.keys.say("home.new")), theme.key),
            ("New consultation".into(), theme.answer),
        ],
    ));
    if let PackState::Failed(why) = &app.pack {
        rows.blank();
        let error = theme.error;
        rows.bullet(0, "!", error, "The rules could not be read: no consultation can be held.", error);
        for line in why.lines() {
            // The place of a mistake is at the end of its path.
            if text::width(line) > rows.width {
                rows.para(2, line, theme.text);
            } else {
                rows.line(vec![(line.to_owned(), theme.text)]);
            }
        }
    }
    if let Some(why) = &app.home.trouble {
        rows.blank();
        let error = theme.error;
        rows.bullet(0, "!", error, &format!("Nothing can be kept: {why}"), error);
    }
    if let Some(words) = app.standing.as_ref().and_then(|standing| standing.rolled_back.as_ref()) {
        rows.blank();
        let error = theme.error;
        let advice = "If a backup was not put back on purpose, run `pistor records verify`.";
        rows.bullet(0, "!", error, &format!("Something is wrong with the records: {words}. {advice}"), error);
    }
    offer(app, &mut rows);
    remind(app, &mut rows);
    if !app.home.drafts_shown().is_empty() {
        rows.heading("Drafts", "not signed yet");
        let name = name_column(rows.width);
        // What tells two of them apart gets the room that name and time leave.
        let what = rows.width.saturating_sub(name + TIME).clamp(18, 40);
        for (n, draft) in app.home.drafts_shown().iter().enumerate() {
            let step = match (&draft.draft.following, draft.draft.amends) {
                (Some(of), _) => told_apart(of, app.loaded().as_ref().map(|loaded| &loaded.pack)),
                (None, 0) => format!("{} ({} of 8)", draft.step.label(), draft.step.index() + 1),
                (None, version) => format!("amends version {version}"),
            };
            let at = add(
                &mut rows,
                Item::Draft(n),
                vec![
                    (text::pad(&text::clean(patient(&draft.patient)), name), theme.answer),
                    (format!("  {}  ", text::pad(&step, what)), theme.text),
                    (draft.at.clone(), theme.muted),
                ],
            );
            if n == 0 {
                sections.push(at);
            }
        }
    }
    records(app, &mut rows, &mut add, &mut sections);
    if app.home.listed
        && app.home.drafts.is_empty()
        && app.home.records.is_empty()
        && app.home.filter.value().is_empty()
        && app.home.sieve == crate::tui::history::Sieve::default()
    {
        first_run(app, &mut rows);
    }
    Page { rows: rows.rows, items, sections }
}

fn records(
    app: &App,
    rows: &mut Rows<'_>,
    add: &mut impl FnMut(&mut Rows<'_>, Item, Vec<(String, ratatui::style::Style)>) -> usize,
    sections: &mut Vec<usize>,
) {
    let theme = rows.theme;
    let query = app.home.filter.value();
    let sifted = app.home.sieve != crate::tui::history::Sieve::default();
    if app.home.records.is_empty() && query.is_empty() && !app.home.filtering && !sifted {
        return;
    }
    let count = match app.home.total {
        total if total > app.home.records.len() => {
            let find = app.settings.keys.say("home.find");
            format!("the newest {} of {total}; {find} finds the others", app.home.records.len())
        }
        _ => String::new(),
    };
    let sieve = app.home.sieve.words();
    let similar =
        if app.home.similar && !app.home.records.is_empty() { "nothing matches exactly; similar names" } else { "" };
    let again = if query.is_empty() || app.home.filtering { "" } else { "Esc lists all again" };
    let note: Vec<&str> =
        [sieve.as_str(), similar, count.as_str(), again].into_iter().filter(|words| !words.is_empty()).collect();
    rows.heading("Records", &note.join("; "));
    if app.home.unreadable > 0 {
        let words = text::count(app.home.unreadable, "record cannot be read", "records cannot be read");
        rows.bullet(0, "!", theme.error, &format!("{words}: run `pistor records verify`"), theme.error);
    }
    if app.home.filtering || !query.is_empty() {
        let shown = LineBox {
            line: app.home.filtering.then_some(&app.home.filter),
            rest: query,
            width: rows.width.saturating_sub(8).min(40),
            fresh: false,
        };
        let (cells, cursor) = line_box(theme, &shown);
        let mut parts = vec![("› ".to_owned(), theme.accent)];
        parts.extend(cells);
        let row = rows.line(parts);
        row.cursor = cursor.map(|at| at + 2);
        row.bar = app.home.filtering;
        row.target = Some(Target::Action(crate::tui::action::Action::Filter));
    }
    if app.home.records.is_empty() {
        let how = if sifted { "Nothing matches. Esc lists all records again." } else { "Nothing matches." };
        rows.line(vec![(how.to_owned(), theme.muted)]);
    }
    let name = name_column(rows.width);
    for (n, record) in app.home.records.iter().enumerate() {
        let (standing, colour) = record.standing();
        let at = add(
            rows,
            Item::Record(n),
            vec![
                (text::pad(&text::clean(patient(&record.patient)), name), theme.answer),
                (format!("  {}  ", record.at), theme.muted),
                (text::pad(&standing, 12), theme.outcome(colour)),
                match &record.hit {
                    Some(hit) => (format!("  \"{hit}\""), theme.muted),
                    None => (format!("  {}", goals(app, &record.goals)), theme.text),
                },
            ],
        );
        if n == 0 {
            sections.push(at);
        }
    }
}

fn goals(app: &App, ids: &[String]) -> String {
    let label = |id: &String| app.loaded().map_or_else(|| id.clone(), |loaded| goal_label(&loaded.pack, id));
    ids.iter().map(label).collect::<Vec<_>>().join(", ")
}

fn name_column(width: usize) -> usize {
    (width / 3).clamp(12, 32)
}

fn patient(name: &str) -> &str {
    if name.is_empty() { "(no name)" } else { name }
}

/// Columns of the time of a draft, and of the blanks around it.
const TIME: usize = 20;

/// Records that would be missed before somebody is reminded of a backup.
const MISSED: usize = 20;
/// Days after which a backup is old.
const OLD: i32 = 30;

/// One quiet line when much would be lost with this disk.
fn remind(app: &App, rows: &mut Rows<'_>) {
    let Some(standing) = &app.standing else { return };
    if app.home.total < MISSED || !app.home.filter.value().is_empty() {
        return;
    }
    let words = match standing.last_backup {
        None => "There is no backup yet".to_owned(),
        Some(at) => {
            let day = at.to_zoned(jiff::tz::TimeZone::UTC).date();
            match app.today.since(day).map(|span| span.get_days()) {
                Ok(days) if days > OLD => format!("The last backup is {days} days old"),
                _ => return,
            }
        }
    };
    let theme = rows.theme;
    rows.blank();
    rows.bullet(
        0,
        "!",
        theme.outcome(Outcome::Caution),
        &format!("{words}: `pistor records backup DIR`, on another disk."),
        theme.muted,
    );
}

/// Offered at a calm moment: there is something to protect, and nobody has decided yet.
fn offer(app: &App, rows: &mut Rows<'_>) {
    let undecided = app.standing.as_ref().is_some_and(|standing| standing.protection == Protection::Undecided);
    if !undecided || app.home.records.is_empty() {
        return;
    }
    let theme = rows.theme;
    rows.blank();
    rows.bullet(
        0,
        "!",
        theme.outcome(Outcome::Caution),
        "Not encrypted: whoever gets hold of this disk can read the records.",
        theme.text,
    );
    let keys = &app.settings.keys;
    for (key, words, action) in [
        (keys.say("records.protect"), "protect them with a passphrase", Action::Protect),
        (keys.say("records.decline"), "leave them so, and do not ask again", Action::Decline),
    ] {
        let row = rows.line(vec![(format!("  {key}  "), theme.key), (words.to_owned(), theme.text)]);
        row.target = Some(Target::Action(action));
    }
}

/// Longer lines of a short text leave single words over.
const LINE: usize = 76;

/// Said once, plainly, until there is something to list; and what a newcomer may want to try first.
fn first_run(app: &App, rows: &mut Rows<'_>) {
    let theme = rows.theme;
    rows.blank();
    let width = rows.width;
    rows.width = width.min(LINE);
    rows.para(
        0,
        "pistor walks through the first consultation in mesotherapy: intake, verdict with reasons, cocktail, session \
         plan, consent, record. It supports the decision of a qualified clinician and never replaces it.",
        theme.muted,
    );
    rows.blank();
    rows.para(0, "Answers are saved as a draft with every key; going back is always possible.", theme.muted);
    rows.width = width;
    rows.blank();
    let keys = &app.settings.keys;
    let theme_name = app.theme.name.word();
    let protected = app.standing.as_ref().is_some_and(|standing| standing.protection != Protection::Undecided);
    let mut lines = vec![
        (keys.say("tour"), "a tour of two minutes with an invented patient".to_owned(), Action::Tour),
        (keys.say("theme.home"), format!("other colours (these are: {theme_name})"), Action::Theme),
    ];
    if !protected {
        lines.push((keys.say("records.protect"), "a passphrase for the records".to_owned(), Action::Protect));
    }
    lines.push((keys.say("help"), "the keys of this screen".to_owned(), Action::Help));
    let column = lines.iter().map(|(key, ..)| text::width(key)).max().unwrap_or(0);
    for (key, words, action) in lines {
        let row = rows.line(vec![(format!("{}  ", text::pad(&key, column)), theme.key), (words, theme.text)]);
        row.target = Some(Target::Action(action));
    }
}
