//! Lists of coded items: entries, and what is asked about each of them.

use tui_input::Input;

use super::ask;
use super::change::{change, keep_refused};
use crate::intake::{Answer, Entry, GoalEntry, Value};
use crate::pack::{Ix, List, Qualifier, QualifierKind, Question, QuestionKind};
use crate::record::LeftOut;
use crate::tui::against;
use crate::tui::app::{App, Confirm, Loaded, Part, Popup};
use crate::tui::effect::Effect;
use crate::tui::form;
use crate::tui::sheet::Sheet;
use std::sync::Arc;

/// The question with the focus.
fn question(app: &App) -> Option<(Arc<Loaded>, String)> {
    let loaded = app.loaded()?;
    let ix = app.consult()?.question?;
    let id = loaded.pack.questions[ix].id.clone();
    Some((loaded, id))
}

/// The goals on the list.
pub fn goals(app: &App) -> Vec<GoalEntry> {
    let Some((_, id)) = question(app) else { return Vec::new() };
    match app.consult().and_then(|consult| consult.sheet.intake.get(&id)) {
        Some(Answer::Goals(goals)) => goals.clone(),
        _ => Vec::new(),
    }
}

/// The qualifier the cursor is on.
struct Field {
    loaded: Arc<Loaded>,
    question: String,
    entry: usize,
    qualifier: Ix<Qualifier>,
    value: Option<Value>,
}

impl Field {
    fn of(app: &App) -> Option<Self> {
        let (loaded, id) = question(app)?;
        let consult = app.consult()?;
        let Part::Field(at, field) = consult.part else { return None };
        let question: &Question = loaded.pack.questions.get(&id)?;
        let entry = consult.sheet.intake.entries(&id).get(at)?;
        let qualifier = *loaded.form.qualifiers(form::list_of(question)?, entry).get(field)?;
        let value = entry.qualifiers.get(&loaded.pack.qualifiers[qualifier].id).cloned();
        Some(Self { question: id, entry: at, qualifier, value, loaded })
    }

    fn qualifier(&self) -> &Qualifier {
        &self.loaded.pack.qualifiers[self.qualifier]
    }

    fn key(&self) -> String {
        form::field_key(&self.question, self.entry, &self.qualifier().id)
    }

    /// Sets or takes back the value.
    fn set(&self, app: &mut App, value: Option<Value>) -> Vec<Effect> {
        let id = self.qualifier().id.clone();
        change(app, |sheet| {
            sheet.pending.remove(&self.key());
            with_entries(sheet, &self.question, |entries| {
                if let Some(entry) = entries.get_mut(self.entry) {
                    match value {
                        Some(value) => entry.qualifiers.insert(id, value),
                        None => entry.qualifiers.remove(&id),
                    };
                }
            });
        })
    }
}

/// Changes the entries of a list question.
pub fn with_entries(sheet: &mut Sheet, question: &str, edit: impl FnOnce(&mut Vec<Entry>)) {
    let mut entries = sheet.intake.entries(question).to_vec();
    edit(&mut entries);
    sheet.intake.set(question, Answer::Items(entries));
}

/// Prepares the line of a numeric qualifier when the cursor comes to it.
pub fn begin_field(app: &mut App) {
    let Some(field) = Field::of(app) else { return };
    if matches!(field.qualifier().kind, QualifierKind::Choice(_)) {
        return;
    }
    let known = match &field.value {
        Some(Value::Number(amount)) => amount.to_string(),
        _ => String::new(),
    };
    if let Some(consult) = app.consult_mut() {
        let value = consult.sheet.pending.get(&field.key()).cloned().unwrap_or(known);
        consult.line = Some(Input::new(value));
        consult.fresh = true;
    }
}

/// Reads the line of a numeric qualifier: whether it could be read, and what to save.
pub fn take_field(app: &mut App) -> (bool, Vec<Effect>) {
    let Some(field) = Field::of(app) else { return (true, Vec::new()) };
    let QualifierKind::Number(kind) = &field.qualifier().kind else { return (true, Vec::new()) };
    let Some(typed) =
        app.consult().and_then(|consult| consult.line.as_ref()).map(|line| line.value().trim().to_owned())
    else {
        return (true, Vec::new());
    };
    let key = field.key();
    if typed.is_empty() {
        let mut effects = match field.value {
            Some(Value::Unknown) | None => Vec::new(),
            Some(_) => field.set(app, None),
        };
        if app.consult().is_some_and(|consult| consult.sheet.pending.contains_key(&key)) {
            effects.extend(keep_refused(app, |sheet| {
                sheet.pending.remove(&key);
            }));
        }
        return (true, effects);
    }
    match form::read_number(kind, &typed) {
        Ok(amount) => {
            if let Some(consult) = app.consult_mut() {
                consult.error = None;
            }
            (true, field.set(app, Some(Value::Number(amount))))
        }
        Err(why) => {
            let earlier = field.value.as_ref().map(|value| form::value_words(field.qualifier(), value));
            let counts = earlier.as_ref().map_or_else(String::new, |words| form::no_longer(words));
            if let Some(consult) = app.consult_mut() {
                consult.error = Some((key.clone(), format!("{why}{counts}")));
            }
            let refused = |sheet: &mut Sheet| {
                with_entries(sheet, &field.question, |entries| {
                    if let Some(entry) = entries.get_mut(field.entry) {
                        entry.qualifiers.remove(&field.qualifier().id);
                    }
                });
                sheet.pending.insert(key.clone(), typed.clone());
            };
            // A value that was to be replaced counts no longer: undo brings it back.
            let effects = if earlier.is_some() { change(app, refused) } else { keep_refused(app, refused) };
            (false, effects)
        }
    }
}

/// Asked: none. Only on an empty list, so that no entry is lost by a slip.
pub fn none(app: &mut App) -> Vec<Effect> {
    let Some((_, id)) = question(app) else { return Vec::new() };
    let Some(consult) = app.consult() else { return Vec::new() };
    if !consult.sheet.intake.entries(&id).is_empty() {
        let [remove, none] = ["ask.remove", "ask.none"].map(|id| app.settings.keys.say(id));
        app.refuse(&format!(
            "There are entries on the list: remove them first ({remove}), then {none} means \"none\"."
        ));
        return Vec::new();
    }
    if let Some(loaded) = app.loaded()
        && let Some(one) = against::by_none(&loaded.pack, &consult.sheet, &consult.alike, &id)
    {
        app.popups.push(Popup::Confirm(Confirm::NoneOf(one)));
        return Vec::new();
    }
    let before = consult.sheet.intake.get(&id).is_some();
    let mut effects = change(app, |sheet| sheet.intake.set(&id, Answer::Items(Vec::new())));
    effects.extend(ask::after_answer(app, before));
    effects
}

/// None, although something is on record: it was asked again.
pub fn none_all_the_same(app: &mut App, one: LeftOut) -> Vec<Effect> {
    let (_, now) = (app.birth)();
    let mut effects = change(app, |sheet| {
        sheet.intake.set(&one.question, Answer::Items(Vec::new()));
        sheet.leave_out(one, now);
    });
    effects.extend(ask::after_answer(app, false));
    effects
}

/// Enter: from an entry into its fields, from a field to the next open one, from the end onwards.
pub fn accept(app: &mut App) -> Vec<Effect> {
    let Some(part) = app.consult().map(|consult| consult.part) else { return Vec::new() };
    match part {
        Part::Field(..) => {
            if still_open(app) {
                return Vec::new();
            }
            let (good, mut effects) = take_field(app);
            if good {
                effects.extend(next_field(app));
            }
            effects
        }
        Part::Entry(_) => ask::move_on(app, true),
        _ => {
            let Some((_, id)) = question(app) else { return Vec::new() };
            match app.consult().and_then(|consult| consult.sheet.intake.get(&id)) {
                Some(_) => ask::after_answer(app, false),
                None => super::pick::open(app),
            }
        }
    }
}

/// A key that answers nothing where the value of a choice is asked: it is said there until the next answer.
pub fn no_answer(app: &mut App, key: char) {
    let said = format!("{key} is not one of the answers.");
    if let Some(field) = Field::of(app)
        && let Some(consult) = app.consult_mut()
    {
        consult.error = Some((field.key(), said.clone()));
    }
    app.refuse(&said);
}

/// Enter behind such a key: whoever believes to have answered does not go on without an answer, once.
fn still_open(app: &mut App) -> bool {
    let Some(field) = Field::of(app).filter(|field| field.value.is_none()) else { return false };
    let QualifierKind::Choice(options) = &field.qualifier().kind else { return false };
    let key = field.key();
    let Some(consult) = app.consult_mut().filter(|c| c.error.as_ref().is_some_and(|(of, _)| *of == key)) else {
        return false;
    };
    consult.error = None;
    let keys: Vec<String> = form::option_keys(options).iter().map(char::to_string).collect();
    let [unknown, next] = ["ask.unknown", "ask.accept"].map(|id| app.settings.keys.say(id));
    app.refuse(&format!(
        "Not answered: {} answers, {unknown} is not known, {next} again leaves it open.",
        keys.join(" ")
    ));
    true
}

/// To the next qualifier that is still open, else to the end of the list.
fn next_field(app: &mut App) -> Vec<Effect> {
    let at = app.consult().map_or(Part::Tail, |consult| consult.part);
    let to = open_fields(app).into_iter().find(|part| after(*part, at)).unwrap_or(Part::Tail);
    // Whoever came for one entry goes back when nothing more is open about it.
    let came = app.consult().is_some_and(|consult| consult.back_to.is_some());
    if came && entry_of(to) != entry_of(at) {
        return ask::after_answer(app, false);
    }
    let question = app.consult().and_then(|consult| consult.question);
    // The cursor moves without leaving the list: whoever was going on still is.
    let onward = app.consult().is_some_and(|consult| consult.onward);
    ask::focus(app, question, Some(to));
    if let Some(consult) = app.consult_mut() {
        consult.onward = onward;
    }
    go_on(app)
}

/// Whoever is done with a list goes on when its entries need nothing more.
pub fn go_on(app: &mut App) -> Vec<Effect> {
    match app.consult_mut() {
        Some(consult) if consult.onward && consult.part == Part::Tail => {
            consult.onward = false;
            ask::after_answer(app, false)
        }
        _ => Vec::new(),
    }
}

const fn entry_of(part: Part) -> Option<usize> {
    match part {
        Part::Entry(at) | Part::Field(at, _) => Some(at),
        _ => None,
    }
}

fn after(part: Part, at: Part) -> bool {
    match (part, at) {
        (Part::Field(entry, field), Part::Field(here, this)) => (entry, field) > (here, this),
        _ => false,
    }
}

/// Puts the cursor where the entries from `first` on still need something.
pub fn focus_open(app: &mut App, first: Option<usize>) {
    let fields = open_fields(app);
    let wanted = |part: &&Part| matches!(part, Part::Field(entry, _) if first.is_some_and(|first| *entry >= first));
    let to = fields.iter().find(wanted).copied().unwrap_or(Part::Tail);
    let question = app.consult().and_then(|consult| consult.question);
    ask::focus(app, question, Some(to));
}

/// The qualifiers of the list that have no value yet.
fn open_fields(app: &App) -> Vec<Part> {
    let Some((loaded, id)) = question(app) else { return Vec::new() };
    let (Some(question), Some(consult)) = (loaded.pack.questions.get(&id), app.consult()) else { return Vec::new() };
    let QuestionKind::List(list) = question.kind else { return Vec::new() };
    let entries = consult.sheet.intake.entries(&id);
    (0..entries.len()).flat_map(|at| open_fields_of(&loaded, list, entries, at)).collect()
}

/// The qualifiers of one entry that have no value yet.
pub fn open_fields_of(loaded: &Loaded, list: List, entries: &[Entry], at: usize) -> impl Iterator<Item = Part> {
    let entry = entries.get(at);
    let asked = entry.map_or(&[][..], |entry| loaded.form.qualifiers(list, entry));
    let open = move |qualifier: Ix<Qualifier>| {
        entry.is_some_and(|entry| !entry.qualifiers.contains_key(&loaded.pack.qualifiers[qualifier].id))
    };
    asked
        .iter()
        .enumerate()
        .filter(move |(_, qualifier)| open(**qualifier))
        .map(move |(field, _)| Part::Field(at, field))
}

/// Removes the entry the cursor is on.
pub fn remove(app: &mut App) -> Vec<Effect> {
    let Some((loaded, id)) = question(app) else { return Vec::new() };
    let Some(consult) = app.consult() else { return Vec::new() };
    let count = consult.sheet.intake.entries(&id).len().max(goals(app).len());
    let at = match consult.part {
        Part::Entry(at) | Part::Field(at, _) => at,
        Part::Tail if count == 1 => 0,
        Part::Tail if count == 0 => {
            // "None", or nothing: take the answer back.
            return ask::clear(app, crate::tui::context::Context::List);
        }
        _ => {
            let [up, remove] = ["move.up", "ask.remove"].map(|id| app.settings.keys.say(id));
            app.refuse(&format!("Move to the entry first ({up}), then {remove} removes it."));
            return Vec::new();
        }
    };
    let is_goals = loaded.pack.questions.get(&id).is_some_and(|question| matches!(question.kind, QuestionKind::Goals));
    let prefix = format!("{id}#");
    let effects = change(app, |sheet| {
        // Unfinished lines are kept by position: they would end up with the wrong entry.
        sheet.pending.retain(|key, _| !key.starts_with(&prefix));
        if is_goals {
            if let Some(Answer::Goals(goals)) = sheet.intake.answers.get_mut(&id)
                && at < goals.len()
            {
                goals.remove(at);
            }
        } else {
            with_entries(sheet, &id, |entries| {
                if at < entries.len() {
                    entries.remove(at);
                }
            });
        }
        // Nobody said "none": the question is open again.
        let empty = match sheet.intake.get(&id) {
            Some(Answer::Items(entries)) => entries.is_empty(),
            Some(Answer::Goals(goals)) => goals.is_empty(),
            _ => false,
        };
        if empty {
            sheet.intake.clear(&id);
        }
    });
    let question = app.consult().and_then(|consult| consult.question);
    ask::focus(app, question, Some(Part::Tail));
    let undo = app.settings.keys.say("undo");
    app.tell(format!("Removed. {undo} brings it back."));
    effects
}

/// A key that stands for an option of the qualifier with the focus.
pub fn option_key(app: &mut App, key: char) -> Option<Vec<Effect>> {
    let field = Field::of(app)?;
    let QualifierKind::Choice(options) = &field.qualifier().kind else { return None };
    let at = form::option_keys(options).iter().position(|own| *own == key)?;
    Some(choose(app, at))
}

/// Answers the qualifier with the focus.
pub fn choose(app: &mut App, option: usize) -> Vec<Effect> {
    let Some(field) = Field::of(app) else { return Vec::new() };
    let QualifierKind::Choice(options) = &field.qualifier().kind else { return Vec::new() };
    let Some(option) = options.get(option) else { return Vec::new() };
    let mut effects = field.set(app, Some(Value::Choice(option.id.clone())));
    effects.extend(next_field(app));
    effects
}

/// Left or right changes the value of the qualifier with the focus.
pub fn turn(app: &mut App, right: bool) -> Vec<Effect> {
    let Some(field) = Field::of(app) else { return Vec::new() };
    let QualifierKind::Choice(options) = &field.qualifier().kind else { return Vec::new() };
    let at = match &field.value {
        Some(Value::Choice(id)) => options.iter().position(|option| option.id == *id),
        _ => None,
    };
    let to = match (at, right) {
        (None, _) => 0,
        (Some(at), true) => (at + 1).min(options.len().saturating_sub(1)),
        (Some(at), false) => at.saturating_sub(1),
    };
    match options.get(to) {
        Some(option) => field.set(app, Some(Value::Choice(option.id.clone()))),
        None => Vec::new(),
    }
}

/// The qualifier was asked, and is not known.
pub fn unknown(app: &mut App) -> Vec<Effect> {
    let Some(field) = Field::of(app) else { return Vec::new() };
    if let Some(consult) = app.consult_mut() {
        consult.line = None;
        consult.error = None;
    }
    let mut effects = field.set(app, Some(Value::Unknown));
    effects.extend(next_field(app));
    effects
}

/// Takes the value of the qualifier back.
pub fn clear_field(app: &mut App) -> Vec<Effect> {
    match Field::of(app) {
        Some(field) => field.set(app, None),
        None => Vec::new(),
    }
}
