//! The formulary: finding an ingredient, reading its entry.

use crate::pack::List;
use crate::plan::formulary;
use crate::tui::app::{App, FormularyView, PackState, Screen};
use crate::tui::effect::Effect;
use crate::tui::finder::Shelf;

/// Opens the list of all ingredients.
pub fn open(app: &mut App) -> Vec<Effect> {
    match &app.pack {
        PackState::Ready(_) => {
            app.screen = Screen::Formulary(Box::default());
            search(app);
        }
        PackState::Loading => app.refuse("The rules are still being read."),
        PackState::Failed(_) => app.refuse("The rules could not be read: there is no formulary."),
    }
    Vec::new()
}

/// What was typed changed: the cursor goes to the best hit.
pub fn search(app: &mut App) {
    let Some(loaded) = app.loaded() else { return };
    if let Screen::Formulary(view) = &mut app.screen {
        let query = view.query.value().trim();
        view.hits = loaded.finder.search(&loaded.pack, Shelf::List(List::Ingredients), query, usize::MAX);
        (view.chosen, view.top) = (0, 0);
    }
}

/// Reads the entry of the ingredient the cursor is on.
pub fn read(app: &mut App) -> Vec<Effect> {
    match &mut app.screen {
        Screen::Formulary(view) if view.entry.is_some() => view.reading = true,
        Screen::Formulary(_) => app.refuse("Nothing matches: type another name."),
        _ => {}
    }
    Vec::new()
}

/// Back to the list.
pub fn stop_reading(app: &mut App) -> Vec<Effect> {
    if let Screen::Formulary(view) = &mut app.screen {
        view.reading = false;
    }
    Vec::new()
}

/// The entry follows the cursor of the list.
pub fn follow(app: &mut App) {
    let Some(loaded) = app.loaded() else { return };
    let here = loaded.pack.jurisdictions.find(&app.settings.jurisdiction);
    let Screen::Formulary(view) = &mut app.screen else { return };
    let FormularyView { hits, chosen, entry, at, entry_top, .. } = view.as_mut();
    let wanted = hits.get(*chosen).map(|hit| hit.id.as_str());
    if entry.as_ref().map(|known| known.id.as_str()) == wanted {
        return;
    }
    let found = wanted.and_then(|id| loaded.pack.ingredients.find(id));
    *entry = found.map(|ix| formulary(&loaded.pack, here, ix));
    (*at, *entry_top) = (0, 0);
}
