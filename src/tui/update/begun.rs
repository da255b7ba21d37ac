//! A session or a reaction that was begun is a draft: kept with every change, left, gone on with.

use super::{follow_up, home};
use crate::record::{self, RecordId};
use crate::tui::app::{App, Saved, Screen};
use crate::tui::begun::{self, Begun};
use crate::tui::effect::Effect;
use crate::tui::follow_up::{FollowUpView, Kind};

/// Writes the draft of the form on the screen when something in it has changed.
pub fn keep(app: &mut App) -> Vec<Effect> {
    let Screen::FollowUp(view) = &mut app.screen else { return Vec::new() };
    if view.kind == Kind::Menu || view.saving {
        return Vec::new();
    }
    let now = begun::entered(&view.fields);
    if now == view.kept {
        return Vec::new();
    }
    view.kept = now;
    let first = view.saved == Saved::Nothing;
    if !matches!(view.saved, Saved::Failed(_)) {
        view.saved = Saved::Saving;
    }
    let mut effects = vec![Effect::KeepForm(Box::new(begun::kept(view)))];
    if first {
        effects.insert(0, Effect::Hold(view.draft));
    }
    effects
}

/// Takes the form off the screen: whether there was something in it to keep. The record is given back.
pub fn put_aside(app: &mut App) -> bool {
    if !matches!(app.screen, Screen::FollowUp(_)) {
        return false;
    }
    let Screen::FollowUp(view) = std::mem::replace(&mut app.screen, Screen::Home) else { return false };
    let keeps = view.kind != Kind::Menu && view.saved != Saved::Nothing;
    if keeps {
        let one = Begun { draft: begun::kept(&view), saved: view.saved.clone() };
        app.home.noted.retain(|noted| noted.draft.id != one.draft.id);
        app.home.noted.push(one);
    }
    app.screen = Screen::Record(view.record);
    keeps
}

/// What was begun about a consultation, the last first.
pub fn about(app: &App, record: RecordId) -> Vec<record::Draft> {
    let listed = app.home.drafts.iter().map(|line| &line.draft);
    let mut found: Vec<record::Draft> = Vec::new();
    for draft in app.home.noted.iter().rev().map(|noted| &noted.draft).chain(listed) {
        let is = draft.following.as_ref().is_some_and(|of| of.record == record);
        if is && !found.iter().any(|other| other.id == draft.id) {
            found.push(draft.clone());
        }
    }
    found
}

/// Goes on with what was begun; its record is read first if it is not on the screen.
pub fn resume(app: &mut App, draft: record::Draft) -> Vec<Effect> {
    // What was left here is at least as new as what is on disk.
    let noted = app.home.noted.iter().find(|noted| noted.draft.id == draft.id);
    let draft = noted.map_or(draft, |noted| noted.draft.clone());
    let Some(of) = &draft.following else { return Vec::new() };
    if let Screen::FollowUp(view) = &app.screen
        && view.kind == Kind::Menu
        && view.record.id == of.record
    {
        return take_up(app, &draft);
    }
    let effect = Effect::LoadRecord(of.record, None, app.settings.actor());
    app.home.resuming = Some(Box::new(draft));
    vec![effect]
}

/// The record was read: the form that waited for it opens.
pub fn record_read(app: &mut App) -> Vec<Effect> {
    let Some(draft) = app.home.resuming.take() else { return Vec::new() };
    let waits = |of: &record::Following| matches!(&app.screen, Screen::Record(view) if view.id == of.record);
    if draft.following.as_ref().is_some_and(waits) { take_up(app, &draft) } else { Vec::new() }
}

/// The form as it was left, over the record on the screen.
fn take_up(app: &mut App, draft: &record::Draft) -> Vec<Effect> {
    let (Some(loaded), Some(of)) = (app.loaded(), &draft.following) else { return Vec::new() };
    let (practitioner, today) = (app.settings.practitioner.clone(), app.today);
    let record = match std::mem::replace(&mut app.screen, Screen::Home) {
        Screen::Record(record) => record,
        Screen::FollowUp(view) => view.record,
        other => {
            app.screen = other;
            return Vec::new();
        }
    };
    let Ok(document) = &record.document else {
        // Why was said when it was read.
        app.screen = Screen::Record(record);
        return Vec::new();
    };
    let (kind, fields, chosen) = begun::form(&loaded.pack, document, draft, of, &practitioner, today);
    let mut view = FollowUpView::new(record, (draft.id, draft.started_at));
    (view.kind, view.fields, view.chosen, view.saved) = (kind, fields, chosen, Saved::Saving);
    app.screen = Screen::FollowUp(Box::new(view));
    app.home.noted.retain(|noted| noted.draft.id != draft.id);
    app.tell("What was begun goes on.");
    follow_up::begun(app)
}

/// The draft was saved as an entry, or removed: nothing is left of it here.
pub fn forget(app: &mut App, draft: RecordId) {
    app.home.noted.retain(|noted| noted.draft.id != draft);
    super::cursor::staying(app, |app| app.home.drafts.retain(|line| line.draft.id != draft));
}

/// Whether it is on disk now.
pub fn saved(app: &mut App, id: RecordId, state: &Saved) {
    if let Screen::FollowUp(view) = &mut app.screen
        && view.draft == id
    {
        view.saved = state.clone();
    }
    for noted in app.home.noted.iter_mut().filter(|noted| noted.draft.id == id) {
        noted.saved = state.clone();
    }
}

/// Esc: back to the record.
pub fn leave(app: &mut App) -> Vec<Effect> {
    if put_aside(app) {
        home::show_parked(app);
        let on = app.settings.keys.say("record.follow-up");
        app.tell(format!("Kept as a draft: {on} goes on, here or after the next start."));
    }
    Vec::new()
}
