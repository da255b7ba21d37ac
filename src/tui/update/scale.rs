//! The window of a scored scale: its questions, one key each; the sum answers the question it was opened from.

use super::ask;
use super::change::change;
use crate::intake::{Answer, tally};
use crate::pack::{QuestionIx, Scale};
use crate::tui::app::{App, Loaded, Popup, ScaleForm};
use crate::tui::effect::Effect;
use crate::tui::form;

/// Opens the scale of the question with the focus, where it was left.
pub fn open(app: &mut App) -> Vec<Effect> {
    let mut effects = ask::leave(app);
    let Some(loaded) = app.loaded() else { return effects };
    let scale = app.consult().and_then(|consult| consult.question).and_then(|ix| loaded.pack.scale_for(ix));
    let Some(scale) = scale else {
        app.refuse("No scale gives the answer to this question.");
        return effects;
    };
    app.popups.push(Popup::Scale(ScaleForm { scale, chosen: 0, top: 0 }));
    to_open(app, 0, not_asked);
    effects.extend(super::change::save_place(app));
    effects
}

/// The scale in the topmost window, and the question of it that the cursor is on: none at its end.
fn shown<'a>(app: &App, loaded: &'a Loaded) -> Option<(&'a Scale, Option<QuestionIx>)> {
    let Some(Popup::Scale(form)) = app.popups.last() else { return None };
    let scale = &loaded.pack.scales[form.scale];
    Some((scale, scale.items.get(form.chosen).map(|item| item.question)))
}

/// Puts the cursor on the first question from `from` on that `waits` for its answer, else on the first that does, else
/// at the end.
fn to_open(app: &mut App, from: usize, waits: impl Fn(Option<&Answer>) -> bool) {
    let (Some(loaded), Some(consult)) = (app.loaded(), app.consult()) else { return };
    let Some((scale, _)) = shown(app, &loaded) else { return };
    let open = |n: &usize| {
        let question = scale.items.get(*n).map(|item| &loaded.pack.questions[item.question].id);
        question.is_some_and(|id| waits(consult.sheet.intake.get(id)))
    };
    let all = 0..scale.items.len();
    let to = all.clone().skip(from).find(open).or_else(|| all.clone().find(open)).unwrap_or(all.end);
    if let Some(Popup::Scale(form)) = app.popups.last_mut() {
        form.chosen = to;
    }
}

/// Nobody asked yet.
const fn not_asked(answer: Option<&Answer>) -> bool {
    answer.is_none()
}

/// It gives no points: not asked, or not known.
const fn without_points(answer: Option<&Answer>) -> bool {
    !matches!(answer, Some(Answer::Choice(_)))
}

/// A key that stands for an option of the question with the cursor.
pub fn option_key(app: &mut App, key: char) -> Option<Vec<Effect>> {
    let loaded = app.loaded()?;
    let (_, question) = shown(app, &loaded)?;
    let option = loaded.form.keys(question?).iter().position(|own| *own == key)?;
    Some(answer(app, option))
}

/// Answers the question with the cursor, and goes to the next open one.
fn answer(app: &mut App, option: usize) -> Vec<Effect> {
    let Some(loaded) = app.loaded() else { return Vec::new() };
    let Some((_, Some(question))) = shown(app, &loaded) else { return Vec::new() };
    let question = &loaded.pack.questions[question];
    let Some(option) = question.options().get(option) else { return Vec::new() };
    let effects = change(app, |sheet| sheet.intake.set(&question.id, Answer::Choice(option.id.clone())));
    onwards(app);
    effects
}

/// A click on an option.
pub fn choose(app: &mut App, item: usize, option: usize) -> Vec<Effect> {
    if let Some(Popup::Scale(form)) = app.popups.last_mut() {
        form.chosen = item;
    }
    answer(app, option)
}

fn onwards(app: &mut App) {
    let next = match app.popups.last() {
        Some(Popup::Scale(form)) => form.chosen + 1,
        _ => return,
    };
    to_open(app, next, not_asked);
}

/// "Asked, and not known": that gives no points, so the scale stays open.
pub fn unknown(app: &mut App) -> Vec<Effect> {
    let Some(loaded) = app.loaded() else { return Vec::new() };
    let Some((_, Some(question))) = shown(app, &loaded) else { return Vec::new() };
    let id = &loaded.pack.questions[question].id;
    let effects = change(app, |sheet| sheet.intake.set(id, Answer::Unknown));
    onwards(app);
    app.refuse("Not known gives no points: without this answer the scale has no result.");
    effects
}

/// Takes the answer with the cursor back.
pub fn clear(app: &mut App) -> Vec<Effect> {
    let Some(loaded) = app.loaded() else { return Vec::new() };
    let Some((_, Some(question))) = shown(app, &loaded) else { return Vec::new() };
    let id = &loaded.pack.questions[question].id;
    change(app, |sheet| sheet.intake.clear(id))
}

/// Enter: a finished scale gives the answer, in place of one that was given directly. An open one says what is missing.
pub fn accept(app: &mut App) -> Vec<Effect> {
    let (Some(loaded), Some(consult)) = (app.loaded(), app.consult()) else { return Vec::new() };
    let Some((scale, _)) = shown(app, &loaded) else { return Vec::new() };
    let intake = &consult.sheet.intake;
    let open = scale.items.len() - tally(&loaded.pack, scale, intake).answered;
    if open > 0 {
        let word = if open == 1 { "question has" } else { "questions have" };
        app.refuse(&format!("{open} {word} no points yet. Esc keeps what was answered."));
        to_open(app, 0, without_points);
        return Vec::new();
    }
    // The answer given directly would count before the scale.
    let id = &loaded.pack.questions[scale.answers].id;
    let corrects = intake.get(id).is_some();
    let mut effects = change(app, |sheet| sheet.intake.clear(id));
    app.popups.pop();
    effects.extend(ask::after_answer(app, corrects));
    let said = app.consult().and_then(|consult| form::by_scale(&consult.assessment, id));
    if let Some(said) = said.map(|by| format!("{}: {}, {}.", by.question_label, by.value_label, by.sum())) {
        app.tell(said);
    }
    effects
}

/// A second click on a row: at the end of the scale the same as Enter.
pub fn finish(app: &mut App) -> Vec<Effect> {
    let Some(loaded) = app.loaded() else { return Vec::new() };
    match shown(app, &loaded) {
        Some((_, None)) => accept(app),
        _ => Vec::new(),
    }
}

/// Esc: what was answered stays.
pub fn close(app: &mut App) -> Vec<Effect> {
    app.popups.pop();
    let question = app.consult().and_then(|consult| consult.question);
    ask::focus(app, question, None);
    Vec::new()
}
