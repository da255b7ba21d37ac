//! Writing down a session or a reaction of a saved consultation.

use std::collections::BTreeSet;

use tui_input::{Input, InputRequest as R};

use super::{begun, home};
use crate::follow_up::{self, What};
use crate::pack::Response;
use crate::record::RecordId;
use crate::tui::app::{App, PackState, Popup, Screen, Wanted};
use crate::tui::begun::entered;
use crate::tui::effect::Effect;
use crate::tui::finder::Shelf;
use crate::tui::follow_up::{FollowUpView, Kind, Told, Value, reaction_fields, session_fields};

/// Hits shown below the line in which a sign is typed.
const HITS: usize = 6;

/// Opens the choice: a session, a reaction, or an open reaction brought up to date.
pub fn open(app: &mut App) -> Vec<Effect> {
    let Screen::Record(view) = &app.screen else { return Vec::new() };
    let (id, version, newest, readable) = (view.id, view.version, view.newest, view.document.is_ok());
    match &app.pack {
        PackState::Ready(_) => {}
        PackState::Loading => {
            app.wanted = Some(Wanted::FollowUp);
            return Vec::new();
        }
        PackState::Failed(_) => {
            app.refuse("The rules could not be read: `pistor check` says why. Nothing can be written down.");
            return Vec::new();
        }
    }
    if !readable || version != newest {
        app.refuse("Follow-up goes behind the newest version: ] goes there.");
        return Vec::new();
    }
    let begun = begun::about(app, id);
    if let Screen::Record(record) = std::mem::replace(&mut app.screen, Screen::Home) {
        let mut view = FollowUpView::new(record, (app.birth)());
        // What was begun is what is most likely wanted; it comes last, so that the other keys stay what they are.
        view.chosen = if begun.is_empty() { 0 } else { view.offered(None).len() };
        view.begun = begun;
        app.screen = Screen::FollowUp(Box::new(view));
    }
    super::erased::ask(app).into_iter().collect()
}

fn view(app: &mut App) -> Option<&mut FollowUpView> {
    match &mut app.screen {
        Screen::FollowUp(view) => Some(view),
        _ => None,
    }
}

/// Takes the nth thing the menu offers.
fn begin(app: &mut App, n: usize) -> Vec<Effect> {
    let Some(loaded) = app.loaded() else { return Vec::new() };
    let (practitioner, today) = (app.settings.practitioner.clone(), app.today);
    let Some(view) = view(app) else { return Vec::new() };
    let Ok(document) = &view.record.document else { return Vec::new() };
    let (kind, fields) = match n {
        0 => (Kind::Session, session_fields(&loaded.pack, document, &practitioner, today)),
        1 => (Kind::Reaction, reaction_fields(&loaded.pack, document, None, &practitioner)),
        n => {
            let open = view.open_ones();
            match (open.get(n - 2), view.begun.get(n.saturating_sub(2 + open.len()))) {
                (Some(open), _) => {
                    (Kind::Reaction, reaction_fields(&loaded.pack, document, Some(*open), &practitioner))
                }
                (None, Some(draft)) => {
                    let draft = draft.clone();
                    return home::claim(app, draft);
                }
                (None, None) => return Vec::new(),
            }
        }
    };
    // In a session the first thing to type is the lot; without a plan the product.
    let first = fields.iter().position(|field| match field.key.as_str() {
        "given.0.product" => !field.is_said(),
        "given.0.lot" => true,
        _ => false,
    });
    let first = first.filter(|_| kind == Kind::Session);
    (view.kind, view.fields, view.chosen, view.top) = (kind, fields, first.unwrap_or(0), 0);
    // What is filled in from the plan is no draft yet.
    view.kept = entered(&view.fields);
    begun(app)
}

/// A form is on the screen: its lots are looked up, its signs searched, its flags asked.
pub fn begun(app: &mut App) -> Vec<Effect> {
    let Some(view) = view(app) else { return Vec::new() };
    let effects = ask_lots(view);
    search(app);
    weigh(app);
    effects
}

/// Asks the records who else reacted to the lots.
fn ask_lots(view: &mut FollowUpView) -> Vec<Effect> {
    let lots = view.lots();
    view.others = None;
    if lots.is_empty() { Vec::new() } else { vec![Effect::CountLots(view.record.id, lots)] }
}

/// The records have answered.
pub fn counted(app: &mut App, id: RecordId, others: Option<u32>) -> Vec<Effect> {
    if let Some(view) = view(app).filter(|view| view.record.id == id) {
        view.others = others;
    }
    weigh(app);
    Vec::new()
}

/// The red flags speak on what is known so far.
fn weigh(app: &mut App) {
    let Some(loaded) = app.loaded() else { return };
    let today = app.today;
    if let Some(view) = view(app) {
        view.weigh(&loaded.pack, today);
    }
}

/// The line of text the cursor is on.
pub fn line(app: &mut App) -> Option<&mut Input> {
    let view = view(app)?;
    match &mut view.fields.get_mut(view.chosen)?.value {
        Value::Line(line) => Some(line),
        _ => None,
    }
}

/// Whether letters are text where the cursor is.
pub fn takes_text(app: &mut App) -> bool {
    let Some(view) = view(app).filter(|view| view.kind != Kind::Menu) else { return false };
    let field = view.fields.get(view.chosen);
    field.is_some_and(|field| matches!(field.value, Value::Line(_) | Value::Signs { .. }))
}

/// It is another one now.
pub fn line_changed(app: &mut App) -> Vec<Effect> {
    // As if it had been typed: the last key changes nothing.
    typed(app, R::GoToEnd)
}

/// A key that is no command.
pub fn typed(app: &mut App, request: R) -> Vec<Effect> {
    let Some(view) = view(app) else { return Vec::new() };
    if view.kind == Kind::Menu {
        let R::InsertChar(c) = request else { return Vec::new() };
        let n = c.to_digit(10).and_then(|n| usize::try_from(n).ok()).and_then(|n| n.checked_sub(1));
        return n.filter(|n| *n < view.offered(None).len()).map_or_else(Vec::new, |n| begin(app, n));
    }
    let chosen = view.chosen;
    let Some(field) = view.fields.get_mut(chosen) else { return Vec::new() };
    let is_lots = field.key == "lots";
    match (&mut field.value, request) {
        (Value::Line(line), request) => {
            line.handle(request);
        }
        (Value::Signs { query, taken, .. }, R::DeletePrevChar) if query.value().is_empty() => {
            taken.pop();
        }
        (Value::Signs { query, at, .. }, request) => {
            query.handle(request);
            *at = 0;
        }
        (Value::One { taken, .. }, R::DeletePrevChar | R::DeleteNextChar | R::InsertChar('-')) => *taken = None,
        (Value::Many { taken, .. }, R::DeletePrevChar | R::DeleteNextChar | R::InsertChar('-')) => *taken = None,
        (Value::One { options, at, .. }, R::GoToPrevChar | R::GoToNextChar) => {
            *at = beside(*at, options.len(), matches!(request, R::GoToNextChar));
        }
        (Value::Many { options, at, .. }, R::GoToPrevChar | R::GoToNextChar) => {
            *at = beside(*at, options.len(), matches!(request, R::GoToNextChar));
        }
        (Value::One { at, .. } | Value::Many { at, .. }, R::InsertChar(' ')) => {
            let at = *at;
            return take(app, chosen, at);
        }
        (Value::Many { taken, .. }, R::InsertChar('n')) => {
            *taken = Some(BTreeSet::new());
            view.chosen += 1;
        }
        (Value::One { options, .. } | Value::Many { options, .. }, R::InsertChar(c)) => {
            match options.iter().position(|option| option.key == c) {
                Some(n) => return take(app, chosen, n),
                None => app.refuse(&format!("{c} is not one of the answers.")),
            }
        }
        _ => {}
    }
    search(app);
    weigh(app);
    match self::view(app) {
        Some(view) if is_lots => ask_lots(view),
        _ => Vec::new(),
    }
}

const fn beside(at: usize, count: usize, right: bool) -> usize {
    if right && at + 1 < count {
        at + 1
    } else if right {
        at
    } else {
        at.saturating_sub(1)
    }
}

/// Takes an option; of a choice of one the next field follows.
pub fn take(app: &mut App, field: usize, option: usize) -> Vec<Effect> {
    let Some(view) = view(app) else { return Vec::new() };
    view.chosen = field;
    match view.fields.get_mut(field).map(|field| &mut field.value) {
        Some(Value::One { options, taken, at }) if option < options.len() => {
            (*taken, *at) = (Some(option), option);
            view.chosen += 1;
        }
        Some(Value::Many { options, taken, at }) if option < options.len() => {
            *at = option;
            let taken = taken.get_or_insert_default();
            if !taken.remove(&option) {
                taken.insert(option);
            }
        }
        _ => {}
    }
    weigh(app);
    Vec::new()
}

/// Looks for the sign that is being typed.
fn search(app: &mut App) {
    let Some(loaded) = app.loaded() else { return };
    let Some(view) = view(app) else { return };
    for field in &mut view.fields {
        if let Value::Signs { query, hits, .. } = &mut field.value {
            *hits = loaded.finder.search(&loaded.pack, Shelf::Reactions, query.value().trim(), HITS);
        }
    }
}

/// Enter: adds a sign, takes the option the cursor is on, or goes on; on the last line it saves.
pub fn accept(app: &mut App) -> Vec<Effect> {
    let Some(view) = view(app) else { return Vec::new() };
    let chosen = view.chosen;
    if view.kind == Kind::Menu {
        return begin(app, chosen);
    }
    match view.fields.get_mut(chosen).map(|field| &mut field.value) {
        None => return save(app),
        Some(Value::Signs { taken, query, hits, at }) if !query.value().trim().is_empty() => {
            let Some(hit) = hits.get(*at) else {
                app.refuse("Nothing matches: another word, or empty the line and write it \"in words\" below.");
                return Vec::new();
            };
            if !taken.iter().any(|(id, _)| *id == hit.id) {
                taken.push((hit.id.clone(), hit.label.clone()));
            }
            *query = Input::default();
            *at = 0;
            search(app);
            weigh(app);
            return Vec::new();
        }
        Some(Value::One { taken: None, at, .. }) => {
            let at = *at;
            return take(app, chosen, at);
        }
        _ => view.chosen += 1,
    }
    Vec::new()
}

/// One field, or one hit, down or up.
pub fn step(app: &mut App, down: bool) -> bool {
    let Some(view) = view(app) else { return false };
    if let Some(Value::Signs { query, hits, at, .. }) = view.fields.get_mut(view.chosen).map(|field| &mut field.value)
        && !query.value().trim().is_empty()
    {
        *at = if down { (*at + 1).min(hits.len().saturating_sub(1)) } else { at.saturating_sub(1) };
        return true;
    }
    false
}

/// Writes it down.
pub fn save(app: &mut App) -> Vec<Effect> {
    let Some(loaded) = app.loaded() else { return Vec::new() };
    let (by, today) = (app.settings.actor(), app.today);
    let Some(view) = view(app).filter(|view| view.kind != Kind::Menu && !view.saving) else { return Vec::new() };
    if let Some((field, why)) = view.missing() {
        view.chosen = field;
        app.refuse(why);
        return Vec::new();
    }
    let by = view.author().map_or(by, |(_, name)| name.to_owned());
    match view.read(&loaded.pack, today, &by, false) {
        Ok(mut what) => {
            if let What::Reaction(seen) = &mut what {
                seen.weigh(&loaded.pack, view.others, today);
            }
            // It is never changed afterwards: what looks like a slip is said before.
            let said = view.remarks_on(&loaded.pack, &what);
            if matches!(what, What::Session(_)) && said.iter().any(|words| !view.heard.contains(words)) {
                view.chosen = view.fields.len();
                (view.remarks, view.heard) = (said.clone(), said);
                app.refuse("Read what is said above the last line first; the same key again saves it.");
                return Vec::new();
            }
            view.saving = true;
            let (record, draft) = (view.record.id, view.draft);
            vec![Effect::SaveFollowUp { record, what: Box::new(what), draft, actor: by }]
        }
        Err((why, field)) => {
            if let Some(field) = field {
                view.chosen = field;
            }
            app.refuse(&why);
            Vec::new()
        }
    }
}

/// It is on disk, or why not: what to do is shown over the record.
pub fn saved(app: &mut App, id: RecordId, what: &What, result: Result<(), String>) -> Vec<Effect> {
    let loaded = app.loaded();
    let reader = app.settings.actor();
    let Some(view) = view(app).filter(|view| view.record.id == id) else { return Vec::new() };
    view.saving = false;
    if let Err(why) = result {
        app.refuse(&format!("Not saved: {why}"));
        return Vec::new();
    }
    let told = match (&loaded, &view.record.document) {
        (Some(loaded), Ok(document)) => {
            let answer = if let What::Reaction(seen) = what { Some(seen.answer.clone()) } else { None };
            let report = answer.as_ref().is_some_and(|answer| answer.response != Response::Reassure);
            let law = document.intake.text("jurisdiction");
            let heard = |words: &String| view.heard.contains(words);
            let mut remarks = view.remarks_on(&loaded.pack, what);
            remarks.retain(|words| !heard(words));
            let reporting = if report { follow_up::reporting(&loaded.pack, law) } else { Vec::new() };
            Some(Told { answer, remarks, reporting })
        }
        _ => None,
    };
    if let Screen::FollowUp(view) = std::mem::replace(&mut app.screen, Screen::Home) {
        begun::forget(app, view.draft);
        app.screen = Screen::Record(view.record);
    }
    app.popups.clear();
    app.tell(match what {
        What::Session(_) => "The session is recorded.",
        What::Reaction(_) => "The reaction is recorded.",
    });
    if let Some(told) = told.filter(|told| told.answer.is_some() || !told.remarks.is_empty()) {
        app.popups.push(Popup::Told { told: Box::new(told), top: 0 });
    }
    vec![Effect::LoadRecord(id, None, reader)]
}
