//! Writing down a session or a reaction: the form, and what the red flags say.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::assessment::Builder;
use super::chrome::filled;
use super::fields::{LineBox, Shown, beside, line_box};
use super::{Item, Page};
use crate::follow_up::{Answer, Raised, entry_rows, score};
use crate::pack::Response;
use crate::plan::{Outcome, Session};
use crate::record::Document;
use crate::tui::app::{App, Target};
use crate::tui::follow_up::{Field, FollowUpView, Kind, Told, Value};
use crate::tui::signs;
use crate::tui::text;
use crate::tui::theme::Theme;
use crate::tui::widget::rows::{Row, Rows};

/// The answer of a choice of several of which none holds.
const NONE: &str = "none of them";

/// Columns of the labels.
const LABELS: usize = 22;

/// The form.
pub fn page(app: &App, view: &FollowUpView, width: u16) -> Page {
    let theme = &app.theme;
    let mut page = Builder::new(Rows::new(theme, width), view.chosen);
    if view.kind == Kind::Menu {
        page.section("What is to be written down?", "");
        for (n, words) in view.offered(app.loaded().as_ref().map(|loaded| &loaded.pack)).iter().enumerate() {
            page.item(Item::Text, |rows, _| {
                let key = format!("{} ", n + 1);
                rows.flow(0, 2, &[(&key, theme.key), (words, theme.answer)]);
            });
        }
        return page.done();
    }
    if let (Kind::Session, Ok(document)) = (view.kind, &view.record.document)
        && let Some(words) = document.agreed().nothing_planned()
    {
        let more = "What was given all the same is written down here, product by product.";
        page.rows.bullet(0, "!", theme.error, &format!("{words} {more}"), theme.text);
    }
    for (n, one) in view.fields.iter().enumerate() {
        if let Some(heading) = &one.heading {
            page.section(heading, "");
        }
        page.item(Item::Text, |rows, chosen| field(rows, n, one, chosen));
        let next = view.fields.get(n + 1);
        // Where nothing stands beside the form, what to do stands in it, at the sign that asks for it.
        if let (Some(answer), "what", true) = (&view.answer, one.key.as_str(), app.size.0 < super::WIDE) {
            at_once(&mut page.rows, answer);
        }
        if one.key.starts_with("naranjo.") && next.is_none_or(|next| !next.key.starts_with("naranjo.")) {
            naranjo(app, view, &mut page.rows);
        }
    }
    page.rows.gap();
    for words in &view.remarks {
        page.rows.bullet(0, "!", theme.error, words, theme.text);
    }
    page.item(Item::Text, |rows, chosen| {
        let style = if chosen { theme.accent } else { theme.answer };
        let words = if view.saving { "Saving..." } else { "Save: it goes behind the record and is never changed" };
        rows.flow(0, 2, &[("▸ ", theme.accent), (words, style)]);
    });
    page.done()
}

/// The score of the questionnaire, once it has an answer.
fn naranjo(app: &App, view: &FollowUpView, rows: &mut Rows<'_>) {
    let (answers, loaded) = (view.naranjo(), app.loaded());
    let of = loaded.as_ref().and_then(|loaded| loaded.pack.follow_up.questionnaires.get("naranjo"));
    if let (Some(of), false) = (of, answers.is_empty()) {
        let found = score(of, &answers);
        let open = if found.open == 0 { String::new() } else { format!(", {} questions open", found.open) };
        let words = format!("{} points: {}{open}", found.sum, found.band);
        rows.flow(0, 2, &[(&format!("{}: ", of.label), rows.theme.muted), (&words, rows.theme.answer)]);
    }
}

fn field(rows: &mut Rows<'_>, n: usize, field: &Field, chosen: bool) {
    let theme = rows.theme;
    let label = if chosen { theme.accent } else { theme.muted };
    match &field.value {
        Value::Line(line) => {
            // What can be entered is said beside the line, all of it where there is room.
            let hint = if chosen && !field.hint.is_empty() { text::width(&field.hint) + 2 } else { 0 };
            let room = rows.width.saturating_sub(LABELS + 1).clamp(4, 48);
            let beside = LABELS + 1 + 12 + hint <= rows.width;
            let room = if beside { room.min(rows.width.saturating_sub(LABELS + 1 + hint)) } else { room };
            let shown = LineBox { line: chosen.then_some(line), rest: line.value(), width: room, fresh: false };
            let (cells, cursor) = line_box(theme, &shown);
            let mut parts = vec![(format!("{} ", text::pad(&field.label, LABELS)), label)];
            parts.extend(cells);
            if hint > 0 && beside {
                parts.push((format!("  {}", field.hint), theme.muted));
            }
            rows.line(parts).cursor = cursor.map(|at| at + LABELS as u16 + 1);
            if hint > 0 && !beside {
                rows.para(LABELS + 1, &field.hint, theme.muted);
            }
        }
        Value::One { options, taken, at } => {
            let is_taken = |option: usize| *taken == Some(option);
            choices(
                rows,
                n,
                field,
                options.iter().map(|o| (o.key, o.label.as_str())),
                is_taken,
                chosen.then_some(*at),
                label,
            );
        }
        Value::Many { options, taken, at } => {
            let is_taken = |option: usize| taken.as_ref().is_some_and(|taken| taken.contains(&option));
            let none = taken.as_ref().is_some_and(std::collections::BTreeSet::is_empty);
            if none && !chosen {
                let lead = format!("{}\u{a0}", text::pad(&field.label, LABELS).replace(' ', "\u{a0}"));
                rows.flow(0, LABELS + 1, &[(&lead, label), (NONE, theme.answer)]);
                return;
            }
            choices(
                rows,
                n,
                field,
                options.iter().map(|o| (o.key, o.label.as_str())),
                is_taken,
                chosen.then_some(*at),
                label,
            );
            if chosen && none {
                rows.para(2, NONE, theme.answer);
            }
        }
        Value::Signs { taken, query, hits, at } => {
            let words = if taken.is_empty() {
                "nothing yet".to_owned()
            } else {
                taken.iter().map(|(_, label)| label.as_str()).collect::<Vec<_>>().join("; ")
            };
            let style = if taken.is_empty() { theme.muted } else { theme.answer };
            let lead = format!("{}\u{a0}", text::pad(&field.label, LABELS).replace(' ', "\u{a0}"));
            rows.flow(0, LABELS + 1, &[(&lead, label), (&words, style)]);
            if chosen {
                let room = rows.width.saturating_sub(3).clamp(4, 34);
                let shown = LineBox { line: Some(query), rest: "", width: room, fresh: false };
                let (cells, cursor) = line_box(theme, &shown);
                let mut parts = vec![("› ".to_owned(), theme.accent)];
                parts.extend(cells);
                let beside = 2 + room + 2 + text::width(&field.hint) <= rows.width;
                if beside {
                    parts.push((format!("  {}", field.hint), theme.muted));
                }
                rows.line(parts).cursor = cursor.map(|at| at + 2);
                if !beside {
                    rows.para(2, &field.hint, theme.muted);
                }
                for (n, hit) in hits.iter().enumerate().filter(|_| !query.value().trim().is_empty()) {
                    let also = if hit.matched == hit.label { String::new() } else { format!("  {}", hit.matched) };
                    let row = rows.line(vec![(format!("    {}", hit.label), theme.answer), (also, theme.muted)]);
                    row.selected = n == *at;
                }
                if hits.is_empty() {
                    rows.para(4, "nothing matches", theme.muted);
                }
            }
        }
    }
}

fn choices<'a>(
    rows: &mut Rows<'_>,
    n: usize,
    field: &Field,
    options: impl Iterator<Item = (char, &'a str)>,
    taken: impl Fn(usize) -> bool,
    at: Option<usize>,
    label: Style,
) {
    let theme = rows.theme;
    let options: Vec<(char, &str)> = options.collect();
    let answered: Vec<&str> =
        (0..options.len()).filter(|n| taken(*n)).filter_map(|n| Some(options.get(n)?.1)).collect();
    // Away from the cursor a choice is one line: its answer.
    if at.is_none() {
        let words = if answered.is_empty() { "–".to_owned() } else { answered.join("; ") };
        if text::width(&field.label) <= LABELS {
            let lead = format!("{}\u{a0}", text::pad(&field.label, LABELS).replace(' ', "\u{a0}"));
            rows.flow(0, LABELS + 1, &[(&lead, label), (&words, theme.answer)]);
        } else {
            rows.flow(0, 2, &[(&field.label, label), ("  ", label), (&words, theme.answer)]);
        }
        return;
    }
    let hint = if field.hint.is_empty() { String::new() } else { format!("  {}", field.hint) };
    rows.flow(0, 2, &[(&field.label, label), (&hint, theme.muted)]);
    if options.iter().any(|(_, label)| text::width(label) > 36) {
        for (option, (key, words)) in options.iter().enumerate() {
            let start = rows.len();
            let (mark, style) = if taken(option) { ("●", theme.answer) } else { ("○", theme.text) };
            let lead = format!("{mark}\u{a0}");
            rows.flow(2, 6, &[(&lead, theme.accent), (&format!("{key}\u{a0}"), theme.key), (words, style)]);
            let wide = rows.width as u16;
            for row in rows.rows.iter_mut().skip(start) {
                row.spots.push((0, wide, Target::ScaleOption(n, option)));
                row.selected = at == Some(option);
            }
        }
        return;
    }
    let shown = options.iter().enumerate().map(|(option, (key, label))| Shown {
        key: *key,
        label,
        help: None,
        taken: taken(option),
        chosen: at == Some(option),
        target: Target::ScaleOption(n, option),
    });
    beside(rows, 2, &shown.collect::<Vec<_>>());
}

/// The colour of an answer; sign and word say it as well.
fn colour(theme: &Theme, response: Response) -> Style {
    theme.outcome(match response {
        Response::Reassure => Outcome::Proceed,
        Response::Watch => Outcome::Caution,
        Response::ReferDays | Response::ReferSameDay => Outcome::Refer,
        Response::Emergency => Outcome::Decline,
    })
}

/// The line below the header: what the red flags say so far.
pub fn banner(app: &App, view: &FollowUpView, area: Rect, buf: &mut Buffer) {
    let theme = &app.theme;
    let Some(answer) = &view.answer else {
        buf.set_string(area.x, area.y, "─".repeat(usize::from(area.width)), theme.border);
        return;
    };
    let lead = format!(" {} {} ", answer.response.sign(), answer.response.label().to_uppercase());
    let style = filled(colour(theme, answer.response));
    let (x, _) = buf.set_stringn(area.x, area.y, lead, usize::from(area.width), style);
    let mut rest: Vec<&str> = Vec::new();
    let first = answer.flags.first().map(Raised::heading);
    let fill_in = view.fill_in(answer);
    let title = first.as_deref();
    // What rests on an open answer alone says so first, and which one.
    rest.extend(fill_in.as_deref());
    rest.extend(answer.stop.then_some("stop the course"));
    rest.extend(answer.lot_words());
    rest.extend(title);
    let room = usize::from(area.right().saturating_sub(x + 1));
    buf.set_stringn(x + 1, area.y, text::some_of(&rest, " · ", room), room, theme.text);
}

/// What stands beside the form where there is room.
pub fn panel(app: &App, view: &FollowUpView, width: u16) -> Vec<Row> {
    let mut rows = Rows::new(&app.theme, width);
    let theme = rows.theme;
    match (&view.answer, view.kind) {
        (Some(answer), _) => answered(&mut rows, answer),
        (None, Kind::Reaction) => rows.para(0, "What to do is said here as soon as a sign is entered.", theme.muted),
        _ => {
            let Ok(document) = &view.record.document else { return rows.rows };
            let Some(plan) = &document.assessment.plan else { return rows.rows };
            rows.heading("Plan", "");
            let day = |session: &Session| match session.date {
                Some(date) => date.to_string(),
                None => format!("day {}", session.after_days),
            };
            for session in &plan.sessions {
                let words = format!("{} {}, {}", session.number, day(session), session.phase);
                rows.bullet(0, signs::SESSION, theme.session, &words, theme.text);
            }
            for session in &plan.maintenance {
                let words = format!("  {}, {}: may follow", day(session), session.phase).replace("  ", "\u{a0}\u{a0}");
                rows.bullet(0, signs::LATER, theme.later, &words, theme.text);
            }
        }
    }
    rows.rows
}

/// What to do, without the reasons: those stand in the window that follows the saving, and beside a wide form.
fn at_once(rows: &mut Rows<'_>, answer: &Answer) {
    let theme = rows.theme;
    for who in &answer.to {
        rows.bullet(2, "→", theme.accent, who, theme.answer);
    }
    for raised in &answer.flags {
        let lead = format!("{} ", raised.lead()).replacen(' ', "\u{a0}", 1);
        rows.flow(2, 4, &[(&lead, colour(theme, raised.response)), (&raised.words(), theme.text)]);
        for next in &raised.next {
            rows.bullet(4, "-", theme.muted, next, theme.text);
        }
    }
}

fn answered(rows: &mut Rows<'_>, answer: &Answer) {
    let theme = rows.theme;
    let lead = format!("{}\u{a0}{}", answer.response.sign(), answer.words().to_uppercase());
    rows.flow(0, 2, &[(&lead, colour(theme, answer.response))]);
    for who in &answer.to {
        rows.bullet(0, "→", theme.accent, who, theme.answer);
    }
    if answer.flags.is_empty() {
        rows.para(0, &answer.silence(), theme.text);
    }
    for raised in &answer.flags {
        rows.gap();
        let lead = format!("{} ", raised.lead()).replacen(' ', "\u{a0}", 1);
        rows.flow(0, 2, &[(&lead, colour(theme, raised.response)), (&raised.words(), theme.text)]);
        for next in &raised.next {
            rows.bullet(2, "-", theme.muted, next, theme.text);
        }
        rows.para(2, &format!("Why: {}", raised.why), theme.muted);
        let sources =
            if raised.sources.is_empty() { String::new() } else { format!(": {}", raised.sources.join("; ")) };
        let grade = format!("{}, evidence {}{sources}", raised.basis.label(), raised.evidence.letter());
        rows.para(2, &grade, theme.muted);
    }
}

/// What is said after something was saved.
pub fn told(app: &App, told: &Told, top: usize, width: u16) -> (String, Vec<Row>, Page, usize) {
    let title = if told.answer.is_some() { "What to do now" } else { "Recorded; worth knowing" };
    let mut rows = Rows::new(&app.theme, width);
    let theme = rows.theme;
    if let Some(answer) = &told.answer {
        answered(&mut rows, answer);
    }
    if !told.remarks.is_empty() {
        rows.heading("Remarks", "");
        told.remarks.iter().for_each(|words| rows.bullet(0, "!", theme.error, words, theme.text));
    }
    if told.answer.as_ref().is_some_and(|answer| answer.response != Response::Reassure) {
        rows.heading("Where to report it", "");
        if told.reporting.is_empty() {
            rows.para(0, "The pack knows no channel here: ask the medicines authority of the country.", theme.text);
        }
        told.reporting.iter().for_each(|channel| rows.bullet(0, "·", theme.muted, &channel.words(), theme.text));
    }
    (title.to_owned(), Vec::new(), Page { rows: rows.rows, ..Page::default() }, top)
}

/// The follow-up in the record.
pub fn entries(app: &App, document: &Document, page: &mut Builder<'_>) {
    if document.follow_up.is_empty() {
        return;
    }
    let theme = page.rows.theme;
    let add = app.settings.keys.say("record.follow-up");
    page.section("Follow-up", &format!("{add} adds a session or a reaction"));
    let loaded = app.loaded();
    for entry in &document.follow_up {
        page.item(Item::Text, |rows, _| {
            let lead = format!("{}\u{a0}{}  ", entry.number, entry.kind());
            match entry.reaction() {
                Some(seen) => {
                    let words = format!("{}\u{a0}{}", seen.answer.response.sign(), seen.answer.words());
                    rows.flow(0, 2, &[(&lead, theme.answer), (&words, colour(theme, seen.answer.response))]);
                }
                None => rows.flow(0, 2, &[(&lead, theme.answer)]),
            }
            for (what, words) in entry_rows(loaded.as_ref().map(|loaded| &loaded.pack), entry) {
                rows.bullet(2, &format!("{what}:"), theme.muted, &words, theme.text);
            }
        });
    }
}
