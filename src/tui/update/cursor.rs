//! The cursor of the first screen stays with its patient, not with its place in a list that changes.

use crate::record::RecordId;
use crate::tui::app::App;

/// What it is on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Here {
    /// A draft.
    Draft(RecordId),
    /// A record.
    Record(RecordId),
}

/// Changes the lists.
pub fn staying(app: &mut App, change: impl FnOnce(&mut App)) {
    let here = here(app);
    change(app);
    if let Some(here) = here {
        put(app, here);
    }
}

fn here(app: &App) -> Option<Here> {
    let at = app.home.chosen.checked_sub(1)?;
    let drafts = app.home.drafts_shown();
    match drafts.get(at) {
        Some(line) => Some(Here::Draft(line.draft.id)),
        None => app.home.records.get(at - drafts.len()).map(|line| Here::Record(line.id)),
    }
}

/// Puts it on a draft or a record, if that is in the list.
pub fn put(app: &mut App, here: Here) {
    let drafts = app.home.drafts_shown();
    let at = match here {
        Here::Draft(id) => drafts.iter().position(|line| line.draft.id == id),
        Here::Record(id) => app.home.records.iter().position(|line| line.id == id).map(|at| drafts.len() + at),
    };
    if let Some(at) = at {
        app.home.chosen = at + 1;
    }
}
