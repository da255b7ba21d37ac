//! All consultations of a patient, two of them side by side, and patients who might be meant.

use crate::intake::Answer;
use crate::record::{self, Person, RecordId, Stored};
use crate::tui::app::{App, Popup, Screen};
use crate::tui::effect::Effect;
use crate::tui::history::{AlikeLine, CompareView, PatientView};
use crate::tui::lists::Found;
use crate::tui::view::{self, Item};

/// Opens the history of the patient whose record the cursor is on, or which is on the screen.
pub fn history(app: &mut App) -> Vec<Effect> {
    let person = match &app.screen {
        Screen::Home => match view::page(app).items.get(app.home.chosen) {
            Some(Item::Record(at)) => app.home.records.get(*at).map(|record| record.person()),
            _ => None,
        },
        Screen::Record(view) => {
            if let Some(back) = &view.back {
                app.screen = Screen::Patient(back.clone());
                return Vec::new();
            }
            match &view.document {
                Ok(document) => Some(Person::new(&document.patient.name, document.patient.birth_date)),
                Err(_) => {
                    app.refuse("A newer pistor wrote this record: this one does not know whose it is.");
                    return Vec::new();
                }
            }
        }
        _ => return Vec::new(),
    };
    match person {
        Some(person) if person.is_named() => vec![Effect::ListPatient(person, None)],
        Some(_) => {
            app.refuse("This record has no name: nobody can tell whose else there is.");
            Vec::new()
        }
        None => {
            app.refuse("Move to a record first.");
            Vec::new()
        }
    }
}

/// The consultations of a patient are there.
pub fn listed(
    app: &mut App,
    person: Person,
    meant_for: Option<RecordId>,
    result: Result<Found, String>,
) -> Vec<Effect> {
    let found = match result {
        Ok(found) => found,
        Err(why) => {
            app.refuse(&why);
            return Vec::new();
        }
    };
    let mut effects = Vec::new();
    if matches!(app.screen, Screen::Consult(_)) && meant_for.is_some() {
        effects = super::home::park(app).1;
    }
    if !matches!(app.screen, Screen::Home | Screen::Record(_)) {
        return effects;
    }
    let mut records = found.lines;
    // Ids sort by the time of the consultation, not by that of its last amendment.
    records.sort_by_key(|record| std::cmp::Reverse(record.id));
    let name = records.first().map(|record| record.patient.clone()).unwrap_or_default();
    let from = match std::mem::replace(&mut app.screen, Screen::Home) {
        Screen::Record(record) => Some(record),
        _ => None,
    };
    // The cursor is on the one that one comes from.
    let chosen = from.as_ref().and_then(|from| records.iter().position(|record| record.id == from.id)).unwrap_or(0);
    let view = PatientView { person, name, total: found.total, records, chosen, top: 0, marked: None, from, meant_for };
    app.screen = Screen::Patient(Box::new(view));
    effects
}

/// Opens the consultation the cursor is on.
pub fn open(app: &mut App) -> Vec<Effect> {
    let Screen::Patient(view) = &app.screen else { return Vec::new() };
    let reader = app.settings.actor();
    view.records.get(view.chosen).map(|record| Effect::LoadRecord(record.id, None, reader)).into_iter().collect()
}

/// Marks the consultation the cursor is on, or takes the mark back.
pub fn mark(app: &mut App) -> Vec<Effect> {
    let Screen::Patient(view) = &mut app.screen else { return Vec::new() };
    let here = view.records.get(view.chosen).map(|record| record.id);
    view.marked = here.filter(|id| view.marked != Some(*id));
    if view.marked.is_some() {
        let compare = app.settings.keys.say("patient.compare");
        app.tell(format!("Marked. Move to another one, then {compare} compares the two."));
    }
    Vec::new()
}

/// Compares the consultation the cursor is on with the marked one; without a mark, with the one before it.
pub fn compare(app: &mut App) -> Vec<Effect> {
    let Screen::Patient(view) = &app.screen else { return Vec::new() };
    let here = view.records.get(view.chosen).map(|record| record.id);
    let before = view.records.get(view.chosen + 1).map(|record| record.id);
    match (here, view.marked.or(before)) {
        (Some(one), Some(other)) if one != other => {
            vec![Effect::LoadPair(one.min(other), one.max(other), app.settings.actor())]
        }
        (Some(_), Some(_)) => {
            let compare = app.settings.keys.say("patient.compare");
            app.refuse(&format!("This is the marked one: move to another one, then {compare}."));
            Vec::new()
        }
        _ => {
            let [mark, compare] = ["patient.mark", "patient.compare"].map(|id| app.settings.keys.say(id));
            app.refuse(&format!("There is no earlier one to compare with: mark another one ({mark}), then {compare}."));
            Vec::new()
        }
    }
}

/// Two records were read.
pub fn compared(app: &mut App, result: Result<Box<(Stored, Stored)>, String>) -> Vec<Effect> {
    let documents = result.and_then(|pair| match (pair.0.document(), pair.1.document()) {
        (Ok(older), Ok(newer)) => Ok((older, newer)),
        (Err(why), _) | (_, Err(why)) => Err(why.to_string()),
    });
    match documents {
        Ok(pair) => {
            let back = match std::mem::replace(&mut app.screen, Screen::Home) {
                Screen::Patient(view) => Some(view),
                other => {
                    app.screen = other;
                    return Vec::new();
                }
            };
            let lines = record::compare(&pair.0, &pair.1);
            app.screen = Screen::Compare(Box::new(CompareView {
                pair: Box::new(pair),
                lines,
                all: false,
                chosen: 0,
                top: 0,
                back,
            }));
        }
        Err(why) => app.refuse(&why),
    }
    Vec::new()
}

/// Shows the lines that read the same, too; or not.
pub fn whole(app: &mut App) -> Vec<Effect> {
    if let Screen::Compare(view) = &mut app.screen {
        view.all = !view.all;
        (view.chosen, view.top) = (0, 0);
    }
    Vec::new()
}

/// Esc: one screen back, if there is one before the first.
pub fn back(app: &mut App) -> Option<Vec<Effect>> {
    let before = match &mut app.screen {
        Screen::Compare(view) => view.back.take(),
        Screen::Record(view) => view.back.take(),
        Screen::Patient(view) => {
            if let Some(from) = view.from.take() {
                app.screen = Screen::Record(from);
                return Some(Vec::new());
            }
            let meant_for = view.meant_for?;
            return super::home::unpark(app, meant_for);
        }
        _ => return None,
    }?;
    app.screen = Screen::Patient(before);
    Some(Vec::new())
}

/// Asks who might be meant by what was typed so far, while name and date of birth are typed.
pub fn look_for_alike(app: &App, question: &str) -> Vec<Effect> {
    let Some(consult) = app.consult() else { return Vec::new() };
    let sheet = &consult.sheet;
    if !matches!(question, "patient.name" | "patient.birth_date") || sheet.amends.is_some() || sheet.is_returning() {
        return Vec::new();
    }
    let typed = |id: &str| sheet.pending.get(id).map(|line| line.trim());
    let name = typed("patient.name").unwrap_or_else(|| sheet.intake.text("patient.name"));
    let birth_date = match (typed("patient.birth_date"), sheet.intake.get("patient.birth_date")) {
        (Some(line), _) => crate::tui::form::read_date(line, app.today).ok(),
        (None, Some(Answer::Date(date))) => Some(*date),
        _ => None,
    };
    vec![Effect::FindAlike(consult.id, Person::new(name, birth_date))]
}

/// Who might be meant.
pub fn alike(app: &mut App, id: RecordId, lines: Vec<AlikeLine>) {
    if let Some(consult) = app.consult_mut().filter(|consult| consult.id == id && !consult.sheet.is_returning()) {
        consult.alike = lines;
    }
}

/// Opens the list of those who might be meant.
pub fn open_alike(app: &mut App) -> Vec<Effect> {
    match app.consult().map(|consult| consult.alike.is_empty()) {
        Some(false) => app.popups.push(Popup::Alike { chosen: 0, top: 0 }),
        Some(true) => app.refuse("Nobody on record looks like this patient."),
        None => {}
    }
    Vec::new()
}

/// Opens the history of the one the cursor is on; the open consultation is kept.
pub fn look_at_alike(app: &mut App) -> Vec<Effect> {
    let Some(Popup::Alike { chosen, .. }) = app.popups.last() else { return Vec::new() };
    let chosen = *chosen;
    let Some(consult) = app.consult() else { return Vec::new() };
    let Some(line) = consult.alike.get(chosen) else { return Vec::new() };
    vec![Effect::ListPatient(line.person.clone(), Some(consult.id))]
}

/// The next order, verdict or year of the list of records.
pub fn sift(app: &mut App, turn: impl FnOnce(&mut crate::tui::history::Sieve, (i16, i16))) -> Vec<Effect> {
    let this = app.today.year();
    turn(&mut app.home.sieve, (this, app.home.oldest.unwrap_or(this)));
    vec![Effect::ListRecords(app.records_wanted())]
}
