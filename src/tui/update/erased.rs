//! A consultation was erased while something of it was open here: nothing of it stays on the screen or in memory.

use super::cursor;
use crate::record::{self, RecordId};
use crate::tui::app::{App, Screen, Wanted};
use crate::tui::effect::Effect;

/// It is gone: whatever is about it is forgotten, drafts that were begun here included.
pub fn gone(app: &mut App, id: RecordId) -> Vec<Effect> {
    let about = |draft: &record::Draft| draft.about().any(|of| of == id);
    let here = shows(&app.screen, id);
    if here {
        app.screen = Screen::Home;
        app.popups.clear();
    }
    if app.wanted.as_ref().is_some_and(|wanted| match wanted {
        Wanted::Resume(draft) => about(draft),
        Wanted::Return(reading, _) => reading.stored.card.id == id,
        Wanted::Amend | Wanted::FollowUp => here,
        Wanted::New => false,
    }) {
        app.wanted = None;
    }
    app.home.resuming.take_if(|draft| about(draft));
    app.home.noted.retain(|noted| !about(&noted.draft));
    app.home.parked.retain(|parked| parked.id != id);
    cursor::staying(app, |app| {
        app.home.drafts.retain(|line| !about(&line.draft));
        app.home.records.retain(|line| line.id != id);
    });
    // Without a name: that is what an erasure is for.
    app.refuse("This record was erased meanwhile: nothing about it is kept here any more, no draft either.");
    vec![Effect::ListDrafts, Effect::ListRecords(app.records_wanted())]
}

/// Asks whether what is on the screen is still there: somebody may have erased it in a shell.
pub fn ask(app: &App) -> Option<Effect> {
    match &app.screen {
        Screen::Record(view) => Some(Effect::StillThere(view.id)),
        Screen::FollowUp(view) => Some(Effect::StillThere(view.record.id)),
        _ => None,
    }
}

fn shows(screen: &Screen, id: RecordId) -> bool {
    match screen {
        Screen::Consult(consult) => consult.id == id,
        Screen::Record(view) => view.id == id || view.back.as_ref().is_some_and(|back| back.holds(id)),
        Screen::FollowUp(view) => view.record.id == id,
        Screen::Patient(view) => view.holds(id),
        Screen::Compare(view) => view.pair.0.id == id || view.pair.1.id == id,
        Screen::Home | Screen::Formulary(_) | Screen::Locked(_) | Screen::Training(_) => false,
    }
}
