//! Moving over rows, and keeping the one with the cursor in sight.

use crate::tui::app::{App, FormularyView, Popup, Screen, Subject, Target};
use crate::tui::engine;
use crate::tui::sheet::StepId;
use crate::tui::view::{self, Item, Page};
use crate::tui::widget::rows::{Row, settle as in_sight};

/// A list with a cursor: the cursor and the first line shown.
struct Cursor<'a> {
    chosen: &'a mut usize,
    top: &'a mut usize,
}

/// The list that keys move over: the topmost window's, else the screen's.
fn cursor(app: &mut App) -> Option<Cursor<'_>> {
    if let Some(popup) = app.popups.last_mut() {
        return match popup {
            Popup::Picker(picker) => {
                let chosen = picker.chosen.get_or_insert(0);
                Some(Cursor { chosen, top: &mut picker.top })
            }
            Popup::Areas(areas) => Some(Cursor { chosen: &mut areas.chosen, top: &mut areas.top }),
            Popup::Mix(form) => {
                let chosen = form.finding.as_mut().map_or(&mut form.chosen, |finding| &mut finding.chosen);
                Some(Cursor { chosen, top: &mut form.top })
            }
            Popup::Scale(form) => Some(Cursor { chosen: &mut form.chosen, top: &mut form.top }),
            Popup::Pick(pick) => Some(Cursor { chosen: pick.chosen.get_or_insert(0), top: &mut pick.top }),
            Popup::Explain { .. }
            | Popup::Told { .. }
            | Popup::Read { .. }
            | Popup::Help { .. }
            | Popup::Confirm(_)
            | Popup::Protect(_) => None,
            Popup::Override { chosen, top, .. } | Popup::Palette { chosen, top, .. } | Popup::Alike { chosen, top } => {
                Some(Cursor { chosen, top })
            }
        };
    }
    match &mut app.screen {
        Screen::Home => Some(Cursor { chosen: &mut app.home.chosen, top: &mut app.home.top }),
        Screen::Locked(_) => None,
        Screen::Training(view) => {
            let (chosen, top) = view.cursor();
            Some(Cursor { chosen, top })
        }
        Screen::Record(record) => Some(Cursor { chosen: &mut record.chosen, top: &mut record.top }),
        Screen::FollowUp(view) => Some(Cursor { chosen: &mut view.chosen, top: &mut view.top }),
        Screen::Patient(view) => Some(Cursor { chosen: &mut view.chosen, top: &mut view.top }),
        Screen::Compare(view) => Some(Cursor { chosen: &mut view.chosen, top: &mut view.top }),
        Screen::Formulary(view) => {
            let FormularyView { chosen, top, reading, at, entry_top, .. } = view.as_mut();
            Some(if *reading { Cursor { chosen: at, top: entry_top } } else { Cursor { chosen, top } })
        }
        Screen::Consult(consult) => {
            let at = consult.step.index();
            Some(Cursor { chosen: &mut consult.chosen[at], top: &mut consult.top[at] })
        }
    }
}

/// The rows that keys move over, and how many of them fit.
fn page_shown(app: &App) -> (Page, usize) {
    match view::window(app) {
        Some(window) => {
            let height = window.body_height();
            (window.page, height)
        }
        None => (view::page(app), view::body_height(app)),
    }
}

fn count(page: &Page) -> usize {
    let last = page.rows.iter().filter_map(|row| match row.target {
        Some(Target::Item(n)) => Some(n + 1),
        _ => None,
    });
    last.max().unwrap_or(0)
}

/// One item down or up; text without items is scrolled.
pub fn step(app: &mut App, down: bool) {
    shift(app, down, 1);
}

fn shift(app: &mut App, down: bool, by: usize) {
    let (page, _) = page_shown(app);
    let count = count(&page);
    if let Some(Popup::Explain { top, .. } | Popup::Told { top, .. } | Popup::Read { top, .. } | Popup::Help { top }) =
        app.popups.last_mut()
    {
        *top = if down { *top + by } else { top.saturating_sub(by) };
        return;
    }
    // The picker begins without a cursor: the first step puts it on the first hit.
    let begins = matches!(app.popups.last(), Some(Popup::Picker(picker)) if picker.chosen.is_none())
        || matches!(app.popups.last(), Some(Popup::Pick(pick)) if pick.chosen.is_none());
    if count == 0 {
        return;
    }
    if let Some(cursor) = cursor(app) {
        let to = if down { *cursor.chosen + by } else { cursor.chosen.saturating_sub(by) };
        *cursor.chosen = if begins { 0 } else { to.min(count - 1) };
    }
}

/// One screenful down or up.
pub fn page(app: &mut App, down: bool) {
    let (page, height) = page_shown(app);
    let jump = height.saturating_sub(2).max(1);
    if let Some(Popup::Explain { top, .. } | Popup::Told { top, .. } | Popup::Read { top, .. } | Popup::Help { top }) =
        app.popups.last_mut()
    {
        *top = if down { *top + jump } else { top.saturating_sub(jump) };
        return;
    }
    let Some(cursor) = cursor(app) else { return };
    let of = |row: &Row| match row.target {
        Some(Target::Item(n)) => Some(n),
        _ => None,
    };
    let Some(at) = page.rows.iter().position(|row| of(row) == Some(*cursor.chosen)) else { return };
    let to = if down {
        page.rows.iter().skip(at + jump).find_map(of).or_else(|| page.rows.iter().rev().find_map(of))
    } else {
        page.rows.iter().take(at.saturating_sub(jump) + 1).rev().find_map(of).or(Some(0))
    };
    if let Some(to) = to {
        // A tall item may span the whole page: then one step is the page.
        let to = if to == *cursor.chosen && down { to + 1 } else { to };
        *cursor.chosen = to.min(count(&page).saturating_sub(1));
    }
}

/// To the first or the last item.
pub fn to_end(app: &mut App, last: bool) {
    shift(app, last, usize::MAX / 2);
}

/// To the next section, or the one before.
pub fn section(app: &mut App, forward: bool) {
    let (page, _) = page_shown(app);
    let Some(cursor) = cursor(app) else { return };
    let here = *cursor.chosen;
    let to = if forward {
        page.sections.iter().copied().find(|start| *start > here).or_else(|| page.sections.first().copied())
    } else {
        page.sections.iter().rev().copied().find(|start| *start < here).or_else(|| page.sections.last().copied())
    };
    if let Some(to) = to {
        *cursor.chosen = to;
        // The section begins at the top of the screen, with its heading.
        let row = page.rows.iter().position(|row| row.target == Some(Target::Item(to))).unwrap_or(0);
        *cursor.top = row.saturating_sub(1);
    }
}

/// After every message: cursors inside their lists, and what they are on inside the screen.
pub fn settle(app: &mut App) {
    let count = count(&view::page(app));
    let windows = std::mem::take(&mut app.popups);
    if let Some(cursor) = cursor(app) {
        *cursor.chosen = (*cursor.chosen).min(count.saturating_sub(1));
    }
    let page = view::page(app);
    let height = view::body_height(app);
    if let Some(cursor) = cursor(app) {
        *cursor.top = in_sight(&page.rows, *cursor.top, height);
    }
    app.popups = windows;
    note_seen(app, &page, height);
    work_out_changes(app, &page);
    let Some(window) = view::window(app) else { return };
    let height = window.body_height();
    let rows = window.page.rows;
    match app.popups.last_mut() {
        Some(Popup::Explain { top, .. } | Popup::Told { top, .. } | Popup::Read { top, .. } | Popup::Help { top }) => {
            *top = (*top).min(rows.len().saturating_sub(height))
        }
        Some(Popup::Picker(picker)) => picker.top = in_sight(&rows, picker.top, height),
        Some(Popup::Pick(pick)) => pick.top = in_sight(&rows, pick.top, height),
        Some(Popup::Areas(areas)) => areas.top = in_sight(&rows, areas.top, height),
        Some(Popup::Scale(form)) => form.top = in_sight(&rows, form.top, height),
        Some(Popup::Mix(form)) => form.top = in_sight(&rows, form.top, height),
        Some(Popup::Override { top, .. } | Popup::Palette { top, .. } | Popup::Alike { top, .. }) => {
            *top = in_sight(&rows, *top, height)
        }
        Some(Popup::Confirm(_) | Popup::Protect(_)) | None => {}
    }
}

/// What would change the finding that is being explained: asked of the engine once, not on every picture.
fn work_out_changes(app: &mut App, page: &Page) {
    let (Some(loaded), Some(consult)) = (app.loaded(), app.consult()) else { return };
    let under = match (app.popups.last(), page.items.get(consult.chosen[consult.step.index()])) {
        (Some(Popup::Explain { subject, .. }), _) => subject,
        (None, Some(Item::About(subject))) => subject,
        _ => return,
    };
    let Subject::Finding(at) = under else { return };
    let Some(rule) = consult.assessment.findings.get(*at).map(|finding| finding.rule.clone()) else { return };
    if consult.changes.as_ref().is_some_and(|(known, _)| *known == rule) {
        return;
    }
    let changes = engine::what_would_change(&loaded.pack, &consult.sheet, consult.sheet.day(app.today), &rule);
    if let Some(consult) = app.consult_mut() {
        consult.changes = Some((rule, changes));
    }
}

/// Remembers which consent points have been on the screen, and which answers of an earlier consultation.
fn note_seen(app: &mut App, page: &Page, height: usize) {
    let loaded = app.loaded();
    let Some(consult) = app.consult_mut() else { return };
    let asking = consult.step.asks().is_some();
    if !(asking && consult.sheet.carried.is_some() || consult.step == StepId::Sign) {
        return;
    }
    let top = consult.top[consult.step.index()];
    for row in page.rows.iter().skip(top).take(height) {
        if let (Some(Target::Part(question, _)), Some(loaded)) = (row.target, &loaded) {
            consult.seen.insert(super::returning::seen_key(&loaded.pack.questions[question].id));
        }
        if let Some(Target::Item(n)) = row.target
            && let Some(Item::Consent(id) | Item::Review(id)) = page.items.get(n)
        {
            consult.seen.insert(id.clone());
        }
    }
}
