//! A patient who was here before: a consultation that begins with what the last one offers, answer by answer confirmed.

use super::{ask, change, home};
use crate::follow_up;
use crate::pack::QuestionKind;
use crate::record::{Reading, RecordId};
use crate::tui::app::{App, PackState, Part, Screen, Wanted};
use crate::tui::context::Context;
use crate::tui::effect::Effect;
use crate::tui::paper;
use crate::tui::sheet::StepId;
use crate::tui::text;
use crate::tui::view::{self, Item};

/// Begins a consultation of the patient whose record the cursor is on, or which is on the screen.
pub fn again(app: &mut App) -> Vec<Effect> {
    let (record, into) = match &app.screen {
        Screen::Home => match view::page(app).items.get(app.home.chosen) {
            Some(Item::Record(at)) => (app.home.records.get(*at).map(|record| record.id), None),
            _ => (None, None),
        },
        Screen::Record(view) => (Some(view.id), view.back.as_ref().and_then(|back| back.meant_for)),
        Screen::Patient(view) => (view.records.get(view.chosen).map(|record| record.id), view.meant_for),
        _ => return Vec::new(),
    };
    let Some(record) = record else {
        let new = app.settings.keys.say("home.new");
        app.refuse(&format!("Move to a record of the patient first; {new} begins a consultation of a new patient."));
        return Vec::new();
    };
    vec![Effect::LoadLast { record, into, reader: app.settings.actor() }]
}

/// The last consultation was read.
pub fn arrived(app: &mut App, into: Option<RecordId>, result: Result<Box<Reading>, String>) -> Vec<Effect> {
    let reading = match result {
        Ok(reading) => reading,
        Err(why) => {
            app.refuse(&why);
            return Vec::new();
        }
    };
    match &app.pack {
        PackState::Ready(_) => begin(app, into, &reading),
        PackState::Loading => {
            app.wanted = Some(Wanted::Return(reading, into));
            Vec::new()
        }
        PackState::Failed(_) => {
            app.refuse("The rules could not be read: no consultation can be held.");
            Vec::new()
        }
    }
}

/// Begins it, or lets the open consultation take the answers over.
pub fn begin(app: &mut App, into: Option<RecordId>, reading: &Reading) -> Vec<Effect> {
    let Some(loaded) = app.loaded() else { return Vec::new() };
    if matches!(app.screen, Screen::Consult(_) | Screen::Locked(_)) {
        return Vec::new();
    }
    let document = match reading.stored.document() {
        Ok(document) => document,
        Err(why) => {
            app.refuse(&why.to_string());
            return Vec::new();
        }
    };
    let reacted = !follow_up::reactions(&document.follow_up).is_empty();
    let (carried, lost) = paper::returning(&loaded.pack, &document, app.today);
    let day = carried.earlier.day();
    let parked = into.filter(|id| app.home.parked.iter().any(|parked| parked.id == *id));
    let mut effects = match parked.and_then(|id| home::unpark(app, id)) {
        Some(effects) => effects,
        None => home::begin(app),
    };
    effects.extend(change::change(app, |sheet| {
        // Who it is, is confirmed anew: what was typed was the beginning of a search.
        for question in ["patient.name", "patient.birth_date"] {
            sheet.intake.clear(question);
            sheet.pending.remove(question);
        }
        sheet.carried = Some(carried);
    }));
    if let Some(consult) = app.consult_mut() {
        consult.alike.clear();
        consult.line = None;
    }
    effects.extend(ask::go(app, StepId::Patient));
    app.tell(match lost.len() {
        _ if reacted => {
            format!(
                "Answers of {day} are offered, and a reaction on record after it: see Recent procedures and events."
            )
        }
        0 => format!("Answers of {day} are offered: none counts before it is confirmed."),
        n => format!(
            "Answers of {day} are offered, but for {} that this pack does not know.",
            text::count(n, "one", "others")
        ),
    });
    effects
}

/// Another day: days since an event count on.
pub fn age(app: &mut App) {
    let Some(loaded) = app.loaded() else { return };
    let today = app.today;
    let open = match &mut app.screen {
        Screen::Consult(consult) => Some(consult.as_mut()),
        _ => None,
    };
    let sheets = open.into_iter().chain(&mut app.home.parked).map(|consult| &mut consult.sheet);
    sheets.filter_map(|sheet| sheet.carried.as_mut()).for_each(|carried| carried.age(&loaded.pack, today));
}

/// Enter where nothing was typed or chosen: confirms what is offered there. Lists have a key of their own.
pub fn accept(app: &mut App, context: Context) -> Option<Vec<Effect>> {
    let consult = app.consult()?;
    let untouched = match context {
        Context::Choice => consult.part == Part::Whole,
        Context::Number | Context::Line => consult.line.as_ref().is_some_and(|line| line.value().is_empty()),
        _ => false,
    };
    if !untouched { None } else { take(app) }
}

/// Confirms what is offered for the question with the focus.
pub fn confirm(app: &mut App) -> Vec<Effect> {
    take(app).unwrap_or_else(|| {
        app.refuse("Nothing of an earlier consultation is offered here.");
        Vec::new()
    })
}

fn take(app: &mut App) -> Option<Vec<Effect>> {
    let loaded = app.loaded()?;
    let consult = app.consult()?;
    let question = &loaded.pack.questions[consult.question?];
    consult.sheet.offer(&question.id)?;
    let id = question.id.clone();
    let list = matches!(question.kind, QuestionKind::List(_));
    let (_, now) = (app.birth)();
    if let Some(consult) = app.consult_mut() {
        consult.line = None;
        consult.error = None;
    }
    let mut effects = change::change(app, |sheet| {
        sheet.confirm(&id, now);
    });
    if list {
        // What is asked anew of its entries comes next.
        super::list::focus_open(app, Some(0));
        if app.consult().is_some_and(|consult| matches!(consult.part, Part::Field(..))) {
            let add = app.settings.keys.say("ask.add");
            app.tell(format!("Taken over. What may have changed of them is asked anew; {add} adds what is new."));
            return Some(effects);
        }
    }
    effects.extend(ask::after_answer(app, false));
    Some(effects)
}

/// Confirms everything that is offered on the step and has been on the screen, but for what has to be asked by itself.
pub fn confirm_step(app: &mut App) -> Vec<Effect> {
    let Some(loaded) = app.loaded() else { return Vec::new() };
    let mut effects = ask::leave(app);
    let Some(consult) = app.consult() else { return effects };
    let offered: Vec<(String, bool)> = ask::asked(app)
        .into_iter()
        .map(|ix| &loaded.pack.questions[ix].id)
        .filter_map(|id| Some((id.clone(), consult.sheet.offer(id)?.with_its_step())))
        .collect();
    let (whole, alone): (Vec<_>, Vec<_>) = offered.into_iter().partition(|(_, with_step)| *with_step);
    let seen = consult.seen.clone();
    let (shown, unseen): (Vec<_>, Vec<_>) = whole.into_iter().partition(|(id, _)| seen.contains(&seen_key(id)));
    if shown.is_empty() && unseen.is_empty() {
        let confirm = app.settings.keys.say("ask.confirm");
        app.refuse(&match alone.len() {
            0 => "Nothing of an earlier consultation is offered on this step.".to_owned(),
            _ => {
                format!("What is offered here has to be asked by itself: go to the list, then {confirm} takes it over.")
            }
        });
        return effects;
    }
    let (_, now) = (app.birth)();
    if let Some(consult) = app.consult_mut() {
        consult.line = None;
        consult.error = None;
    }
    effects.extend(change::change(app, |sheet| {
        for (id, _) in &shown {
            sheet.confirm(id, now);
        }
    }));
    let question = app.consult().and_then(|consult| consult.question);
    let open = |app: &App, ix| {
        let answered = |id: &String| app.consult().is_some_and(|consult| consult.sheet.intake.get(id).is_some());
        !answered(&loaded.pack.questions[ix].id)
    };
    let next = ask::asked(app).into_iter().find(|ix| open(app, *ix)).or(question);
    ask::focus(app, next, None);
    let count = text::count(shown.len(), "answer", "answers");
    let undo = change::undo_key(app);
    app.tell(if unseen.is_empty() {
        format!("{count} confirmed. {undo} takes it back.")
    } else {
        format!("{count} confirmed; {} not on the screen yet: go on, then again.", unseen.len())
    });
    effects
}

/// Before the question of an offer that has been on the screen.
pub const OFFER: &str = "offer:";

/// Under which name it is remembered that an offer has been on the screen.
#[must_use]
pub fn seen_key(question: &str) -> String {
    format!("{OFFER}{question}")
}

/// Whether somebody has to say again who is treated before this can be signed: where another patient could be meant.
#[must_use]
pub fn asks_identity(consult: &crate::tui::app::Consult) -> bool {
    let sheet = &consult.sheet;
    sheet.amends.is_some() || sheet.carried.is_some() || consult.resumed || !consult.alike.is_empty()
}
