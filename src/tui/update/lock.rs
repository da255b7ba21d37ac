//! Locking, unlocking, protecting.

use super::{ask, change, home};
use crate::record::{FreshCode, Protection, RecoveryCode, Standing};
use crate::tui::app::{App, Popup, Saved, Screen};
use crate::tui::effect::Effect;
use crate::tui::keys::Chord;
use crate::tui::lock::{LockView, Protecting, Stage};
use crossterm::event::KeyCode as K;

/// The records are open.
pub fn opened(app: &mut App, standing: Standing) -> Vec<Effect> {
    app.home.trouble = None;
    app.standing = Some(standing);
    if matches!(app.screen, Screen::Locked(_)) {
        app.screen = Screen::Home;
        app.notice = None;
    }
    vec![Effect::ListDrafts, Effect::ListRecords(app.records_wanted())]
}

/// The records turned out to be locked: the passphrase is asked for before anything of them is shown.
pub fn shut(app: &mut App) -> Vec<Effect> {
    if matches!(app.screen, Screen::Locked(_)) {
        return Vec::new();
    }
    // What is open was typed here; it stays in memory, behind the lock.
    super::begun::put_aside(app);
    if let Screen::Consult(consult) = std::mem::replace(&mut app.screen, Screen::Locked(Box::default()))
        && consult.saved != Saved::Nothing
    {
        app.home.parked.push(*consult);
    }
    app.standing = None;
    app.popups.clear();
    // It may name a patient.
    app.notice = None;
    app.home.drafts.clear();
    app.home.records.clear();
    app.home.chosen = 0;
    Vec::new()
}

/// What was typed did not open the records.
pub fn refused(app: &mut App, why: String) -> Vec<Effect> {
    if let Screen::Locked(view) = &mut app.screen {
        **view = LockView { error: Some(why), ..LockView::default() };
    }
    Vec::new()
}

/// A key of the passphrase.
pub fn typed(app: &mut App, chord: Chord) {
    let (line, error) = match (app.popups.last_mut(), &mut app.screen) {
        (Some(Popup::Protect(protecting)), _) => (protecting.line_mut(), None),
        (_, Screen::Locked(view)) if !view.trying => (Some(&mut view.secret), Some(&mut view.error)),
        _ => return,
    };
    let Some(line) = line else { return };
    match (chord.code, chord.ctrl) {
        (K::Char(c), false) => drop(line.push(c)),
        (K::Backspace, _) | (K::Char('h'), true) => line.pop(),
        (K::Char('u' | 'w'), true) => line.clear(),
        _ => return,
    }
    if let Some(error) = error {
        *error = None;
    }
}

/// A passphrase from the clipboard.
pub fn pasted(app: &mut App, text: &str) {
    for c in text.trim_end_matches(['\n', '\r']).chars() {
        typed(app, crate::tui::keys::ch(c));
    }
}

/// Shows what is typed, or hides it again.
pub fn show(app: &mut App) -> Vec<Effect> {
    match (app.popups.last_mut(), &mut app.screen) {
        (Some(Popup::Protect(protecting)), _) => protecting.shown = !protecting.shown,
        (_, Screen::Locked(view)) => view.shown = !view.shown,
        _ => {}
    }
    Vec::new()
}

/// Enter: tries it.
pub fn unlock(app: &mut App) -> Vec<Effect> {
    let Screen::Locked(view) = &mut app.screen else { return Vec::new() };
    if view.trying || view.secret.is_empty() {
        return Vec::new();
    }
    view.trying = true;
    view.error = None;
    vec![Effect::Unlock(std::mem::take(&mut view.secret))]
}

/// Esc on the lock: what was typed is taken back.
pub fn clear(app: &mut App) -> Vec<Effect> {
    if let Screen::Locked(view) = &mut app.screen {
        view.secret.clear();
    }
    Vec::new()
}

/// Opens the window that sets a passphrase.
pub fn protect(app: &mut App) -> Vec<Effect> {
    match app.standing.as_ref().map(|standing| standing.protection) {
        None => app.refuse("The records are not open."),
        Some(Protection::Sealed) => {
            app.tell("Encrypted already. `pistor records passphrase` in a shell sets another passphrase.");
        }
        Some(Protection::Undecided | Protection::Declined) => {
            app.popups.push(Popup::Protect(Box::default()));
        }
    }
    Vec::new()
}

/// Leaves the records as they are, and does not ask again.
pub fn decline(app: &mut App) -> Vec<Effect> {
    match &mut app.standing {
        Some(standing) if standing.protection == Protection::Undecided => {
            standing.protection = Protection::Declined;
            let commands = app.settings.keys.say("palette");
            app.tell(format!("Left as they are. {commands}, \"passphrase\" protects them later."));
            vec![Effect::Decline(app.settings.actor())]
        }
        _ => Vec::new(),
    }
}

/// Enter in that window: the next stage.
pub fn go_on(app: &mut App) -> Vec<Effect> {
    let actor = app.settings.actor();
    let Some(Popup::Protect(protecting)) = app.popups.last_mut() else { return Vec::new() };
    match &protecting.stage {
        Stage::First => {
            protecting.error = protecting.first.too_weak().map(str::to_owned);
            if protecting.error.is_none() {
                protecting.stage = Stage::Again;
            }
            Vec::new()
        }
        Stage::Again if protecting.first != protecting.again => {
            **protecting =
                Protecting { error: Some("The two were different. Begin again.".to_owned()), ..Protecting::default() };
            Vec::new()
        }
        Stage::Again => {
            protecting.stage = Stage::Working;
            protecting.again.clear();
            vec![Effect::Protect(std::mem::take(&mut protecting.first), actor)]
        }
        Stage::Working => Vec::new(),
        Stage::Code(fresh) => {
            if !ends(&fresh.code, &protecting.again) {
                protecting.again.clear();
                protecting.error = Some("That is not the last group of the code.".to_owned());
                return Vec::new();
            }
            let traces = fresh.traces.clone();
            app.popups.pop();
            match traces {
                None => {
                    let lock = app.settings.keys.say("records.lock");
                    app.tell(format!("Encrypted. The next start asks for the passphrase; {lock} locks now."));
                }
                Some(why) => app.refuse(&format!(
                    "Encrypted, but what stood there before may still be found: {why}. See docs/records.md."
                )),
            }
            Vec::new()
        }
    }
}

/// Whether somebody has the code before their eyes.
fn ends(code: &RecoveryCode, typed: &crate::record::Secret) -> bool {
    let groups = code.groups();
    typed.len() == 4 && groups.rsplit('-').next().is_some_and(|last| typed.matches_ignoring_case(last))
}

/// Esc in that window. The code is on the screen once only: that stage does not close.
pub fn stop(app: &mut App) -> Vec<Effect> {
    let Some(Popup::Protect(protecting)) = app.popups.last_mut() else { return Vec::new() };
    match protecting.stage {
        Stage::First | Stage::Again => drop(app.popups.pop()),
        Stage::Working => {}
        Stage::Code(_) => {
            protecting.error =
                Some("Write the code down first; without it a forgotten passphrase loses everything.".into());
        }
    }
    Vec::new()
}

/// Everything is encrypted, or not.
pub fn protected(app: &mut App, result: Result<FreshCode, String>) -> Vec<Effect> {
    let Some(Popup::Protect(protecting)) = app.popups.last_mut() else { return Vec::new() };
    match result {
        Ok(fresh) => {
            protecting.stage = Stage::Code(fresh);
            app.standing.get_or_insert_default().protection = Protection::Sealed;
        }
        Err(why) => {
            app.popups.pop();
            app.refuse(&format!("Not encrypted: {why}"));
        }
    }
    Vec::new()
}

/// Locks, unless that would lose something or lock nothing.
pub fn lock(app: &mut App) -> Vec<Effect> {
    let sealed = app.standing.as_ref().is_some_and(|standing| standing.protection == Protection::Sealed);
    if !sealed {
        let commands = app.settings.keys.say("palette");
        app.refuse(&format!("There is no passphrase: nothing to lock. {commands}, \"passphrase\" sets one."));
        return Vec::new();
    }
    if matches!(app.popups.last(), Some(Popup::Protect(_))) {
        return Vec::new();
    }
    idle(app)
}

/// Locks after a long time without a key.
pub fn idle(app: &mut App) -> Vec<Effect> {
    let sealed = app.standing.as_ref().is_some_and(|standing| standing.protection == Protection::Sealed);
    if !sealed || matches!(app.popups.last(), Some(Popup::Protect(_))) {
        return Vec::new();
    }
    let mut effects = ask::leave(app);
    effects.extend(change::save_place(app));
    if app.not_kept().is_some() {
        app.refuse("Not locked: a draft could not be saved, and locking would lose it.");
        return effects;
    }
    let open = match &app.screen {
        Screen::Consult(consult) => Some((consult.id, &consult.saved)),
        Screen::FollowUp(view) => Some((view.draft, &view.saved)),
        _ => None,
    };
    effects.push(Effect::Lock(open.filter(|(_, saved)| **saved != Saved::Nothing).map(|(id, _)| id)));
    effects
}

/// Goes on with the draft that was open when the program locked itself.
pub fn resume(app: &mut App) -> Vec<Effect> {
    let Some(id) = app.settings.resume.take() else { return Vec::new() };
    match app.home.drafts.iter().find(|line| line.draft.id == id).map(|line| line.draft.clone()) {
        Some(draft) if matches!(app.screen, Screen::Home) => home::claim(app, draft),
        _ => Vec::new(),
    }
}
