//! Consent, who signs, and saving.

use tui_input::Input;

use super::change::{change, keep};
use super::returning::asks_identity;
use crate::record::RecordId;
use crate::tui::against;
use crate::tui::app::{App, Confirm, Popup, Screen};
use crate::tui::effect::Effect;
use crate::tui::sheet::{Reflection, Sheet, Signed, StepId};
use crate::tui::text;
use crate::tui::view::{self, Item, SignField};

/// What the cursor is on.
fn item(app: &App) -> Option<Item> {
    let consult = app.consult().filter(|consult| consult.step == StepId::Sign)?;
    view::page(app).items.get(consult.chosen[StepId::Sign.index()]).cloned()
}

/// The text of a line of the signature.
#[must_use]
pub fn field_text(sheet: &Sheet, field: SignField) -> &str {
    match field {
        SignField::Name => &sheet.signer.name,
        SignField::Role => &sheet.signer.role,
        SignField::Licence => &sheet.signer.licence,
        SignField::Note => &sheet.note,
        SignField::Reason => sheet.amends.as_ref().map_or("", |amends| &amends.reason),
    }
}

fn field_mut(sheet: &mut Sheet, field: SignField) -> Option<&mut String> {
    Some(match field {
        SignField::Name => &mut sheet.signer.name,
        SignField::Role => &mut sheet.signer.role,
        SignField::Licence => &mut sheet.signer.licence,
        SignField::Note => &mut sheet.note,
        SignField::Reason => return sheet.amends.as_mut().map(|amends| &mut amends.reason),
    })
}

/// Ticks a point, turns the reflection time, or begins a line.
pub fn tick(app: &mut App) -> Vec<Effect> {
    match item(app) {
        Some(Item::Consent(id)) => {
            let effects = change(app, |sheet| {
                sheet.paged.remove(&id);
                if !sheet.covered.remove(&id) {
                    sheet.covered.insert(id);
                }
            });
            super::rows::step(app, true);
            effects
        }
        Some(Item::Review(words)) => {
            let effects = change(app, |sheet| {
                if !sheet.reviewed.remove(&words) {
                    sheet.reviewed.insert(words);
                }
            });
            super::rows::step(app, true);
            effects
        }
        Some(Item::Identity) => {
            let (_, now) = (app.birth)();
            let effects = change(app, |sheet| {
                sheet.identity_checked = if sheet.identity_checked.is_some() { None } else { Some(now) };
            });
            super::rows::step(app, true);
            effects
        }
        Some(Item::LeftOut(question)) => {
            let (_, now) = (app.birth)();
            let Some(loaded) = app.loaded() else { return Vec::new() };
            let Some(consult) = app.consult() else { return Vec::new() };
            let all = against::left_out(&loaded.pack, &consult.sheet, &consult.alike);
            let Some(one) = all.into_iter().find(|one| one.question == question) else { return Vec::new() };
            let ticked = against::asked_again(&consult.sheet, &one);
            let effects = change(app, |sheet| {
                if ticked {
                    sheet.left_out.remove(&question);
                } else {
                    sheet.leave_out(one, now);
                }
            });
            super::rows::step(app, true);
            effects
        }
        Some(Item::Reflection) => change(app, |sheet| {
            let at = Reflection::CHOICES.iter().position(|choice| *choice == sheet.reflection);
            let next = at.map_or(0, |at| (at + 1) % Reflection::CHOICES.len());
            sheet.reflection = Reflection::CHOICES[next];
        }),
        Some(Item::Field(field)) => {
            if let Some(consult) = app.consult_mut() {
                let value = field_text(&consult.sheet, field).replace('\n', text::BREAK);
                consult.line = Some(Input::new(value));
            }
            Vec::new()
        }
        Some(Item::Ready) => ask(app),
        _ => Vec::new(),
    }
}

/// Which line of the step the cursor is on; nothing elsewhere.
pub fn place(app: &App) -> Option<(RecordId, usize)> {
    let consult = app.consult().filter(|consult| consult.step == StepId::Sign)?;
    Some((consult.id, consult.chosen[StepId::Sign.index()]))
}

/// After every message: a line of the signature under the cursor takes letters at once, as on the other steps, unless Esc
/// ended its typing. What is typed there never runs a command.
pub fn arrive(app: &mut App, before: Option<(RecordId, usize)>) {
    let now = place(app);
    let Some(consult) = app.consult_mut().filter(|_| now.is_some()) else { return };
    if now != before {
        (consult.line, consult.resting) = (None, false);
    }
    if consult.line.is_none() && !consult.resting && app.popups.is_empty() && matches!(item(app), Some(Item::Field(_)))
    {
        tick(app);
    }
}

/// Esc in a line: what was typed is kept, letters are commands again.
pub fn stop_typing(app: &mut App) -> Vec<Effect> {
    let effects = end_line(app);
    if let Some(consult) = app.consult_mut() {
        consult.resting = true;
    }
    effects
}

/// Whether the cursor is on the note, which may have several lines.
pub fn on_note(app: &App) -> bool {
    matches!(item(app), Some(Item::Field(SignField::Note)))
}

/// Keeps what is typed into a line of the signature.
pub fn keep_line(app: &mut App) -> Vec<Effect> {
    let Some(Item::Field(field)) = item(app) else { return Vec::new() };
    let Some(typed) = app.consult().and_then(|consult| consult.line.as_ref()).map(|line| line.value().to_owned())
    else {
        return Vec::new();
    };
    let typed = if field == SignField::Note { typed.replace(text::BREAK, "\n") } else { typed };
    keep(app, |sheet| {
        if let Some(text) = field_mut(sheet, field) {
            *text = typed;
        }
    })
}

/// Ends the typing of a line.
pub fn end_line(app: &mut App) -> Vec<Effect> {
    let effects = keep_line(app);
    if let Some(consult) = app.consult_mut() {
        consult.line = None;
    }
    effects
}

/// A digit that stands for a reflection time, where that is asked.
pub fn reflection_key(app: &mut App, key: char) -> Option<Vec<Effect>> {
    if item(app) != Some(Item::Reflection) {
        return None;
    }
    let at = (key.to_digit(10)? as usize).checked_sub(1).filter(|at| *at < Reflection::CHOICES.len())?;
    Some(reflect(app, at))
}

/// Takes a reflection time, and goes on to the first line of the signature that is empty.
pub fn reflect(app: &mut App, at: usize) -> Vec<Effect> {
    let Some(choice) = Reflection::CHOICES.get(at).copied() else { return Vec::new() };
    let effects = change(app, |sheet| sheet.reflection = choice);
    begin_empty(app);
    effects
}

/// Ends the typing of a line, and begins the next one that must not be empty, else the note: whoever goes on typing finds a
/// line there, not commands. Behind the note comes the signature.
pub fn accept(app: &mut App) -> Vec<Effect> {
    let here = item(app);
    let needed = matches!(here, Some(Item::Field(field)) if field != SignField::Note);
    if needed
        && app.consult().and_then(|consult| consult.line.as_ref()).is_some_and(|line| line.value().trim().is_empty())
    {
        let next = app.settings.keys.say("move.down");
        app.refuse(&format!("Nothing typed yet: this is needed before signing. {next} leaves it empty for now."));
        return keep_line(app);
    }
    let mut effects = end_line(app);
    if begin_empty(app) {
        return effects;
    }
    match here {
        Some(Item::Field(SignField::Note)) => {
            to(app, &Item::Ready);
            effects.extend(ask(app));
        }
        Some(Item::Field(SignField::Reason)) => super::rows::step(app, true),
        _ => to(app, &Item::Field(SignField::Note)),
    }
    effects
}

/// Puts the cursor there, if it is there.
fn to(app: &mut App, wanted: &Item) {
    let at = view::page(app).items.iter().position(|item| item == wanted);
    if let (Some(at), Some(consult)) = (at, app.consult_mut()) {
        consult.chosen[StepId::Sign.index()] = at;
    }
}

/// Begins the next line of the signature that must not be empty and is; says whether there is one.
fn begin_empty(app: &mut App) -> bool {
    let at = StepId::Sign.index();
    let items = view::page(app).items;
    if let Some(consult) = app.consult_mut() {
        let next = items.iter().enumerate().skip(consult.chosen[at] + 1).find_map(|(n, item)| match item {
            Item::Field(field @ (SignField::Reason | SignField::Name | SignField::Role | SignField::Licence))
                if field_text(&consult.sheet, *field).trim().is_empty() =>
            {
                Some(n)
            }
            _ => None,
        });
        if let Some(next) = next {
            consult.chosen[at] = next;
            consult.line = Some(Input::default());
            return true;
        }
    }
    false
}

/// Ticks all points that have been on the screen, and turns the page to the others.
pub fn tick_all(app: &mut App) -> Vec<Effect> {
    let Some(loaded) = app.loaded() else { return Vec::new() };
    let Some(consult) = app.consult() else { return Vec::new() };
    let points: Vec<String> =
        consult.assessment.plan.iter().flat_map(|plan| &plan.consent).map(|point| point.id.to_string()).collect();
    let words = consult.sheet.free_text(&loaded.pack);
    let seen = consult.seen.clone();
    // What is ticked already need not be shown again.
    let sheet = &consult.sheet;
    let done = |id: &String| seen.contains(id) || sheet.covered.contains(id) || sheet.reviewed.contains(id);
    let unseen = points.iter().chain(&words).filter(|id| !done(id)).count();
    let first_unseen = {
        let items = view::page(app).items;
        items.iter().position(|item| matches!(item, Item::Consent(id) | Item::Review(id) if !done(id)))
    };
    let effects = change(app, |sheet| {
        for id in points.into_iter().filter(|id| seen.contains(id)) {
            if sheet.covered.insert(id.clone()) {
                sheet.paged.insert(id);
            }
        }
        sheet.reviewed.extend(words.into_iter().filter(|id| seen.contains(id)));
    });
    let again = app.settings.keys.say("sign.tick-all");
    if let (Some(first), Some(consult)) = (first_unseen, app.consult_mut()) {
        // The next screenful begins with what was not seen yet.
        let at = StepId::Sign.index();
        consult.chosen[at] = first;
        consult.top[at] = usize::MAX;
        app.tell(format!(
            "{} to cover: read on, then {again} again.",
            text::count(unseen, "more point", "more points")
        ));
        return effects;
    }
    if effects.is_empty() {
        app.tell("Everything is ticked already.");
    }
    // On to what still has to be given.
    let first = view::page(app).items.iter().position(|item| matches!(item, Item::Reflection));
    if let (Some(first), Some(consult)) = (first, app.consult_mut()) {
        consult.chosen[StepId::Sign.index()] = first;
        // All of the signature in sight, not just its first line.
        consult.top[StepId::Sign.index()] = usize::MAX;
    }
    effects
}

/// What stands against signing, in words.
#[must_use]
pub fn blockers(app: &App) -> Vec<String> {
    let (Some(loaded), Some(consult)) = (app.loaded(), app.consult()) else { return Vec::new() };
    let mut against = consult.sheet.against_signing(&loaded.pack, &consult.assessment);
    let open = against::open(&loaded.pack, &consult.sheet, &consult.alike);
    against.extend(open.iter().map(|one| format!("{} (on record, above)", one.label)));
    if asks_identity(consult) && consult.sheet.identity_checked.is_none() {
        against.push("Name and date of birth were not asked again (Patient, above)".to_owned());
    }
    against
}

/// Asks, in words, whether this is to be signed, or says what stands against it.
pub fn ask(app: &mut App) -> Vec<Effect> {
    if is_held_back(app) {
        to_open(app);
    } else {
        app.popups.push(Popup::Confirm(Confirm::Sign));
    }
    Vec::new()
}

/// Puts the cursor on the first thing of this step that still has to be done.
fn to_open(app: &mut App) {
    let items = view::page(app).items;
    let Some(consult) = app.consult() else { return };
    let sheet = &consult.sheet;
    let planned = consult.assessment.plan.is_some();
    let open = items.into_iter().find(|item| match item {
        Item::Consent(id) => !sheet.covered.contains(id),
        Item::Review(words) => !sheet.reviewed.contains(words),
        Item::Identity => sheet.identity_checked.is_none(),
        Item::Reflection => planned && sheet.reflection == Reflection::NotSet,
        Item::Field(SignField::Note) => false,
        Item::Field(field) => field_text(sheet, *field).trim().is_empty(),
        _ => false,
    });
    // From the note one goes on typing; what stands against it is listed below.
    if let Some(open) = open.filter(|_| !on_note(app)) {
        to(app, &open);
    }
}

/// Another key than the one that signs: nothing that is typed on can sign, and nobody waits for nothing.
pub fn remind(app: &mut App) -> Vec<Effect> {
    let [seal, back] = ["sign.seal", "window.close"].map(|id| app.settings.keys.say(id));
    app.refuse(&format!("Not signed yet: {seal} signs, {back} goes back."));
    Vec::new()
}

/// Whether something stands against signing; then it is said.
fn is_held_back(app: &mut App) -> bool {
    let against = blockers(app);
    if let Some(first) = against.first() {
        let more = against.len() - 1;
        let more = if more == 0 { String::new() } else { format!(" (and {more} more, listed below)") };
        let why = format!("Not yet: {first}{more}");
        app.refuse(&why);
    }
    !against.is_empty()
}

/// Signs and saves. What stood in the question may have changed meanwhile, at midnight for one: it is looked at again.
pub fn seal(app: &mut App) -> Vec<Effect> {
    app.popups.pop();
    if is_held_back(app) {
        return Vec::new();
    }
    let Some(loaded) = app.loaded() else { return Vec::new() };
    let Some(consult) = app.consult_mut() else { return Vec::new() };
    if consult.signing {
        return Vec::new();
    }
    consult.signing = true;
    let signed = Signed { draft: consult.draft(&loaded.pack), assessment: consult.assessment.clone() };
    app.tell("Saving...");
    vec![Effect::SaveRecord(Box::new(signed))]
}

/// The record is on disk, or not.
pub fn saved(app: &mut App, draft: RecordId, result: Result<(), String>) -> Vec<Effect> {
    match result {
        Ok(()) => {
            let open = app.consult().into_iter().chain(&app.home.parked).find(|consult| consult.id == draft);
            let whose = open.map(|consult| match &consult.sheet.amends {
                Some(amends) => {
                    format!("Saved as record of {}, version {}.", consult.sheet.whose(), amends.version + 1)
                }
                None => format!("Saved as record of {}.", consult.sheet.whose()),
            });
            app.home.parked.retain(|parked| parked.id != draft);
            app.home.drafts.retain(|line| line.draft.id != draft);
            if app.consult().is_some_and(|consult| consult.id == draft) {
                app.screen = Screen::Home;
                app.home.filter.reset();
                app.popups.clear();
                app.home.chosen = 0;
                app.home.top = 0;
            }
            app.tell(whose.unwrap_or_else(|| format!("Saved as record {draft}.")));
            vec![Effect::ListDrafts, Effect::ListRecords(app.records_wanted())]
        }
        Err(why) => {
            for parked in &mut app.home.parked {
                parked.signing &= parked.id != draft;
            }
            if let Some(consult) = app.consult_mut().filter(|consult| consult.id == draft) {
                consult.signing = false;
            }
            app.refuse(&format!("Not saved: {why} The draft is kept."));
            Vec::new()
        }
    }
}
