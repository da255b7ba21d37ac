//! Windows that are the same everywhere: help, all commands, "are you sure?", colours, the mouse.

use tui_input::Input;

use super::perform;
use crate::tui::action::{Action, ActionDef};
use crate::tui::app::{App, Confirm, Popup};
use crate::tui::context;
use crate::tui::effect::Effect;
use crate::tui::keys::Chord;

/// Opens the keys of this screen.
pub fn help(app: &mut App) -> Vec<Effect> {
    app.popups.push(Popup::Help { top: 0 });
    Vec::new()
}

/// Opens all commands.
pub fn palette(app: &mut App) -> Vec<Effect> {
    app.popups.retain(|popup| !matches!(popup, Popup::Help { .. }));
    app.popups.push(Popup::Palette { query: Input::default(), chosen: 0, top: 0 });
    Vec::new()
}

/// The commands that match what was typed; the ones that make sense here first.
#[must_use]
pub fn commands<'a>(app: &'a App, query: &str) -> Vec<(&'static ActionDef, &'a [Chord], bool)> {
    let context = context::context_below(app);
    let words: Vec<String> = query.split_whitespace().map(str::to_lowercase).collect();
    let mut found: Vec<(&'static ActionDef, &[Chord], bool)> = Vec::new();
    for (def, keys) in app.settings.keys.commands() {
        let named: Vec<String> = keys.iter().map(|chord| chord.label()).collect();
        let text = format!("{} {} {} {}", def.label, def.help, def.id, named.join(" ")).to_lowercase();
        if !words.iter().all(|word| text.contains(word)) || def.id.starts_with("move.") || def.action == Action::Palette
        {
            continue;
        }
        let here = def.is_in(context);
        match found.iter_mut().find(|(other, ..)| other.action == def.action && other.label == def.label) {
            Some(known) if here && !known.2 => *known = (def, keys, true),
            Some(_) => {}
            None => found.push((def, keys, here)),
        }
    }
    found.sort_by_key(|(_, _, here)| !here);
    found
}

/// What was typed changed: the cursor goes to the first match.
pub fn search(app: &mut App) {
    if let Some(Popup::Palette { chosen, top, .. }) = app.popups.last_mut() {
        (*chosen, *top) = (0, 0);
    }
}

/// Runs the command the cursor is on.
pub fn run(app: &mut App) -> Vec<Effect> {
    let Some(Popup::Palette { query, chosen, .. }) = app.popups.last() else { return Vec::new() };
    let Some((def, _, here)) = commands(app, query.value()).into_iter().nth(*chosen) else { return Vec::new() };
    app.popups.pop();
    if !here {
        app.refuse(&format!("\"{}\" makes no sense here.", def.help));
        return Vec::new();
    }
    perform(app, def.action)
}

/// The next set of colours.
pub fn theme(app: &mut App) -> Vec<Effect> {
    let themes = &app.settings.themes;
    app.theme = themes.get(themes.after(app.theme.name));
    app.tell(format!("Colours: {}.", app.theme.name.word()));
    Vec::new()
}

/// Gives the mouse to the terminal, or takes it back.
pub fn mouse(app: &mut App) -> Vec<Effect> {
    app.mouse = !app.mouse;
    let key = app.settings.keys.say("mouse");
    app.tell(if app.mouse {
        "The mouse works here again.".to_owned()
    } else {
        format!("The mouse is the terminal's: text can be selected. {key} takes it back.")
    });
    vec![Effect::Mouse(app.mouse)]
}

/// Yes, really.
pub fn yes(app: &mut App) -> Vec<Effect> {
    match app.popups.pop() {
        Some(Popup::Confirm(Confirm::DeleteDraft { id, .. })) => {
            app.home.parked.retain(|parked| parked.id != id);
            super::begun::forget(app, id);
            app.tell("The draft was removed.");
            vec![Effect::DeleteDraft(id), Effect::ListDrafts]
        }
        Some(Popup::Confirm(Confirm::TakeOver { id, .. })) => super::home::take_over(app, id),
        Some(Popup::Confirm(Confirm::NoneOf(left_out))) => super::list::none_all_the_same(app, left_out),
        Some(Popup::Confirm(Confirm::QuitUnsaved(_))) => vec![Effect::Quit],
        // Signing has a key of its own, which no text types.
        Some(other) => {
            app.popups.push(other);
            Vec::new()
        }
        None => Vec::new(),
    }
}
