//! The steps that ask: where the cursor is, what is answered, where one goes from there.

use tui_input::Input;

use super::change::{change, keep, keep_refused, save_place};
use super::list;
use crate::intake::{Answer, clear_scale};
use crate::pack::{QuestionIx, QuestionKind};
use crate::plan::Outcome;
use crate::source::Amount;
use crate::tui::action::Action;
use crate::tui::app::{App, Loaded, Part, Screen};
use crate::tui::context::Context;
use crate::tui::effect::Effect;
use crate::tui::form::{self, upright};
use crate::tui::keys::Chord;
use crate::tui::sheet::{Sheet, StepId};

/// The questions of the step that are asked now.
pub fn asked(app: &App) -> Vec<QuestionIx> {
    let (Some(loaded), Some(consult)) = (app.loaded(), app.consult()) else { return Vec::new() };
    form::asked(&loaded.pack, consult, consult.step).collect()
}

/// Whether a question has an answer.
fn answered(app: &App, question: QuestionIx) -> bool {
    match (app.loaded(), app.consult()) {
        (Some(loaded), Some(consult)) => {
            form::is_answered(&loaded.pack.questions[question], &consult.sheet, &consult.assessment)
        }
        _ => false,
    }
}

/// Puts the cursor on a question of the step, at a part of it or where one would begin.
pub fn focus(app: &mut App, question: Option<QuestionIx>, part: Option<Part>) {
    let question = question.filter(|ix| asked(app).contains(ix)).or_else(|| asked(app).first().copied());
    let Some(loaded) = app.loaded() else { return };
    let Some(consult) = app.consult_mut() else { return };
    consult.line = None;
    consult.fresh = true;
    consult.onward = false;
    consult.question = question.filter(|_| consult.step.asks().is_some());
    consult.part = Part::Whole;
    let Some(ix) = consult.question else { return };
    let question = &loaded.pack.questions[ix];
    let answer = consult.sheet.intake.get(&question.id);
    match &question.kind {
        QuestionKind::Choice(options) => {
            let chosen = match answer {
                Some(Answer::Choice(id)) => options.iter().position(|option| option.id == *id),
                _ => None,
            };
            // No option is under the cursor before somebody moves there: Enter alone never answers.
            consult.part = part.unwrap_or(chosen.map_or(Part::Whole, Part::Option));
        }
        QuestionKind::Number(_) | QuestionKind::Date | QuestionKind::Text => {
            let known = match answer {
                Some(Answer::Number(amount)) => amount.to_string(),
                Some(Answer::Date(date)) => date.to_string(),
                Some(Answer::Text(text)) => text.clone(),
                _ => String::new(),
            };
            let value = consult.sheet.pending.get(&question.id).cloned().unwrap_or(known);
            consult.line = Some(Input::new(value));
        }
        QuestionKind::List(_) | QuestionKind::Goals => {
            consult.part = part.unwrap_or(Part::Tail);
            list::begin_field(app);
        }
    }
}

/// Takes what is being typed into the sheet, as far as it can be read, before the cursor goes elsewhere.
pub fn leave(app: &mut App) -> Vec<Effect> {
    match app.consult() {
        Some(consult) if consult.step == StepId::Sign => return super::sign::keep_line(app),
        Some(consult) if matches!(consult.part, Part::Field(..)) => return list::take_field(app).1,
        _ => {}
    }
    take_line(app).1
}

/// Reads the line into an answer: whether it could be read, and what to save.
fn take_line(app: &mut App) -> (bool, Vec<Effect>) {
    let today = app.consult().map_or(app.today, |consult| consult.sheet.day(app.today));
    let (Some(loaded), Some(consult)) = (app.loaded(), app.consult_mut()) else { return (true, Vec::new()) };
    let (Some(ix), Some(line)) = (consult.question, &consult.line) else { return (true, Vec::new()) };
    let question = &loaded.pack.questions[ix];
    let id = question.id.clone();
    let typed = line.value().to_owned();
    if ix == loaded.pack.roles.birth_date
        && let Some(age) = form::age_alone(&loaded.pack.questions[loaded.pack.roles.age].kind, &typed)
    {
        return (true, take_age(app, &loaded, age));
    }
    match form::read_line(&question.kind, &typed, today) {
        Ok(answer) => {
            if consult.error.as_ref().is_some_and(|(of, _)| *of == id) {
                consult.error = None;
            }
            // "Unknown" has no text: an empty line leaves it as it is.
            if answer.is_none() && matches!(consult.sheet.intake.get(&id), Some(Answer::Unknown)) {
                let effects = keep_refused(app, |sheet| {
                    sheet.pending.remove(&id);
                });
                return (true, effects);
            }
            let age = (ix == loaded.pack.roles.birth_date && answer.is_some()).then_some(loaded.pack.roles.age);
            let mut effects = change(app, |sheet| {
                sheet.pending.remove(&id);
                if let Some(age) = age {
                    // The date says it: another age beside it would stand in the record, and what was typed there waits for
                    // nothing.
                    sheet.intake.clear(&loaded.pack.questions[age].id);
                    sheet.pending.remove(&loaded.pack.questions[age].id);
                }
                match answer {
                    Some(answer) => sheet.intake.set(&id, answer),
                    None => sheet.intake.clear(&id),
                }
            });
            // An unchanged answer whose half-typed correction was taken back.
            effects.extend(keep(app, |sheet| {
                sheet.pending.remove(&id);
            }));
            (true, effects)
        }
        Err(why) => {
            let earlier =
                consult.sheet.intake.get(&id).map(|answer| form::answer_words(&loaded.pack, question, answer));
            let counts = earlier.as_ref().map_or_else(String::new, |words| form::no_longer(words));
            consult.error = Some((id.clone(), format!("{why}{counts}")));
            let refused = |sheet: &mut Sheet| {
                sheet.intake.clear(&id);
                sheet.pending.insert(id.clone(), typed.clone());
            };
            // An answer that was to be replaced counts no longer: undo brings it back.
            let effects = if earlier.is_some() { change(app, refused) } else { keep_refused(app, refused) };
            (false, effects)
        }
    }
}

/// A character in a number: text, so that nothing that was typed is left out of it or runs a command. Only while nothing is
/// typed do "not known", the help and the scale keep their keys.
pub fn number_key(app: &mut App, context: Context, chord: Chord) -> Option<Vec<Effect>> {
    let consult = app.consult()?;
    let nothing = consult.fresh || consult.line.as_ref().is_none_or(|line| line.value().is_empty());
    let command = match app.settings.keys.find(context, chord) {
        Some(Action::Scale) => app.loaded().zip(consult.question).is_some_and(|(l, ix)| l.pack.scale_for(ix).is_some()),
        command => command.is_some(),
    };
    (!(nothing && command)).then(|| super::edit::typed(app, context, chord))
}

/// An age where the day of birth was asked answers the next question as well.
fn take_age(app: &mut App, loaded: &Loaded, age: Amount) -> Vec<Effect> {
    let id = |ix| loaded.pack.questions[ix].id.clone();
    let (birth, of) = (id(loaded.pack.roles.birth_date), id(loaded.pack.roles.age));
    change(app, |sheet| {
        sheet.pending.remove(&birth);
        sheet.intake.clear(&birth);
        sheet.intake.set(&of, Answer::Number(age));
    })
}

/// Enter in a line: take it and go on, or say what is wrong with it.
pub fn accept_line(app: &mut App) -> Vec<Effect> {
    let before = current_answered(app);
    let (good, mut effects) = take_line(app);
    if good {
        effects.extend(after_answer(app, before));
    }
    effects
}

/// Esc in a line: what was typed is kept, letters are commands again.
pub fn stop_typing(app: &mut App) -> Vec<Effect> {
    let (_, effects) = take_line(app);
    if let Some(consult) = app.consult_mut() {
        consult.line = None;
    }
    effects
}

/// Types again where Esc stopped it.
pub fn type_again(app: &mut App) -> Vec<Effect> {
    let question = app.consult().and_then(|consult| consult.question);
    focus(app, question, None);
    Vec::new()
}

fn current_answered(app: &App) -> bool {
    app.consult().and_then(|consult| consult.question).is_some_and(|ix| answered(app, ix))
}

/// A key that stands for an option of the choice with the focus.
pub fn option_key(app: &mut App, key: char) -> Option<Vec<Effect>> {
    let loaded = app.loaded()?;
    let ix = app.consult()?.question?;
    let option = loaded.form.keys(ix).iter().position(|own| *own == key)?;
    Some(choose(app, option))
}

/// Takes the option the cursor is on.
pub fn take_option(app: &mut App) -> Vec<Effect> {
    match app.consult().map(|consult| consult.part) {
        Some(Part::Option(option)) => choose(app, option),
        _ => {
            let next = app.settings.keys.say("ask.next");
            app.refuse(&format!("Press the key of an answer, or move to one first; {next} leaves it open."));
            Vec::new()
        }
    }
}

/// Answers the choice with the focus.
pub fn choose(app: &mut App, option: usize) -> Vec<Effect> {
    let (Some(loaded), Some(ix)) = (app.loaded(), app.consult().and_then(|consult| consult.question)) else {
        return Vec::new();
    };
    let question = &loaded.pack.questions[ix];
    let QuestionKind::Choice(options) = &question.kind else { return Vec::new() };
    let Some(option) = options.get(option) else { return Vec::new() };
    let before = answered(app, ix);
    let mut effects = change(app, |sheet| sheet.intake.set(&question.id, Answer::Choice(option.id.clone())));
    effects.extend(after_answer(app, before));
    effects
}

/// "Asked, and not known".
pub fn unknown(app: &mut App, context: Context) -> Vec<Effect> {
    if matches!(context, Context::FieldChoice | Context::FieldNumber) {
        return list::unknown(app);
    }
    let (Some(loaded), Some(consult)) = (app.loaded(), app.consult()) else { return Vec::new() };
    let Some(ix) = consult.question else { return Vec::new() };
    let question = &loaded.pack.questions[ix];
    if !consult.fresh && consult.line.as_ref().is_some_and(|line| !line.value().is_empty()) {
        let unknown = app.settings.keys.say("ask.unknown");
        app.refuse(&format!("Empty the line first (Ctrl-U): then {unknown} means \"asked, not known\"."));
        return Vec::new();
    }
    if !consult.sheet.intake.entries(&question.id).is_empty() {
        let [remove, unknown] = ["ask.remove", "ask.unknown"].map(|id| app.settings.keys.say(id));
        app.refuse(&format!(
            "There are entries on the list: remove them first ({remove}), then {unknown} means \"asked, not known\"."
        ));
        return Vec::new();
    }
    if matches!(question.kind, QuestionKind::Goals | QuestionKind::Text) {
        app.refuse("This question has no \"unknown\": leave it empty.");
        return Vec::new();
    }
    let id = question.id.clone();
    let before = answered(app, ix);
    if let Some(consult) = app.consult_mut() {
        consult.line = None;
        consult.error = None;
    }
    let mut effects = change(app, |sheet| {
        sheet.pending.remove(&id);
        sheet.intake.set(&id, Answer::Unknown);
    });
    effects.extend(after_answer(app, before));
    effects
}

/// Takes the answer back: the question counts as not asked.
pub fn clear(app: &mut App, context: Context) -> Vec<Effect> {
    if context == Context::FieldChoice {
        return list::clear_field(app);
    }
    let (Some(loaded), Some(ix)) = (app.loaded(), app.consult().and_then(|consult| consult.question)) else {
        return Vec::new();
    };
    let id = &loaded.pack.questions[ix].id;
    let by_scale = app.consult().is_some_and(|consult| form::by_scale(&consult.assessment, id).is_some());
    let effects = change(app, |sheet| {
        sheet.intake.clear(id);
        sheet.pending.remove(id);
        if by_scale {
            clear_scale(&loaded.pack, &mut sheet.intake, ix);
        }
    });
    if !effects.is_empty() {
        app.tell("Answer taken back: the question counts as not asked.");
    }
    effects
}

/// Where one goes after an answer: back to the review one came from, else on to what is still open.
/// A first answer skips what is filled in already; a correction only goes to the next question.
pub fn after_answer(app: &mut App, was_answered: bool) -> Vec<Effect> {
    if let Some(step) = app.consult_mut().and_then(|consult| consult.back_to.take()) {
        return go(app, step);
    }
    advance(app, was_answered)
}

/// To the next question; past the last one, to the next step.
pub fn advance(app: &mut App, any: bool) -> Vec<Effect> {
    let mut effects = leave(app);
    if let Some(consult) = app.consult_mut() {
        consult.back_to = None;
    }
    let questions = asked(app);
    let here = app.consult().and_then(|consult| consult.question);
    let after = here.and_then(|ix| questions.iter().position(|other| *other == ix)).map_or(0, |n| n + 1);
    let next = questions.iter().skip(after).copied().find(|ix| any || !(answered(app, *ix) || is_words(app, *ix)));
    match next {
        Some(ix) => focus(app, Some(ix), None),
        None => {
            effects.extend(go_by(app, true));
            if !any {
                effects.extend(open_goals(app));
            }
        }
    }
    effects
}

/// Words that no rule reads: an answer goes past them, Tab and the arrows stop there.
fn is_words(app: &App, question: QuestionIx) -> bool {
    app.loaded().is_some_and(|loaded| matches!(loaded.pack.questions[question].kind, QuestionKind::Text))
}

/// Where an answer leads to the goals and none is chosen yet, choosing begins by itself.
fn open_goals(app: &mut App) -> Vec<Effect> {
    let (Some(loaded), Some(consult)) = (app.loaded(), app.consult()) else { return Vec::new() };
    let goals = loaded.pack.roles.goals;
    let id = &loaded.pack.questions[goals].id;
    let begins = consult.question == Some(goals) && consult.sheet.intake.get(id).is_none();
    if begins && consult.sheet.offer(id).is_none() { super::pick::open(app) } else { Vec::new() }
}

/// To the question before; before the first one, to the step before.
pub fn retreat(app: &mut App) -> Vec<Effect> {
    let mut effects = leave(app);
    let questions = asked(app);
    let Some(consult) = app.consult() else { return effects };
    let at = consult.question.and_then(|ix| questions.iter().position(|other| *other == ix)).unwrap_or(0);
    if let Some(before) = at.checked_sub(1).and_then(|n| questions.get(n)).copied() {
        focus(app, Some(before), None);
        return effects;
    }
    let Some(step) = consult.step.before() else {
        focus(app, questions.first().copied(), None);
        return effects;
    };
    effects.extend(go(app, step));
    let last = asked(app).last().copied();
    focus(app, last, None);
    effects
}

/// The parts of the question with the focus that arrows stop at.
fn stops(app: &App) -> Vec<Part> {
    let (Some(loaded), Some(consult)) = (app.loaded(), app.consult()) else { return vec![Part::Whole] };
    let Some(ix) = consult.question else { return vec![Part::Whole] };
    let question = &loaded.pack.questions[ix];
    match &question.kind {
        QuestionKind::Choice(options) if upright(options) => (0..options.len()).map(Part::Option).collect(),
        QuestionKind::Choice(_) => vec![consult.part],
        QuestionKind::List(kind) => {
            let mut parts = Vec::new();
            for (n, entry) in consult.sheet.intake.entries(&question.id).iter().enumerate() {
                parts.push(Part::Entry(n));
                let fields = loaded.form.qualifiers(*kind, entry).len();
                parts.extend((0..fields).map(|field| Part::Field(n, field)));
            }
            parts.push(Part::Tail);
            parts
        }
        QuestionKind::Goals => {
            let goals = list::goals(app).len();
            (0..goals).map(Part::Entry).chain([Part::Tail]).collect()
        }
        _ => vec![Part::Whole],
    }
}

/// Down or up: over the parts of a question, then to its neighbour.
pub fn move_on(app: &mut App, down: bool) -> Vec<Effect> {
    let parts = stops(app);
    let Some(consult) = app.consult() else { return Vec::new() };
    let to = match parts.iter().position(|part| *part == consult.part) {
        Some(at) if down => Some(at + 1),
        Some(at) => at.checked_sub(1),
        None => down.then_some(0),
    };
    let question = consult.question;
    match to.and_then(|n| parts.get(n)).copied() {
        Some(part) => {
            let effects = leave(app);
            focus(app, question, Some(part));
            effects
        }
        None if down => advance(app, true),
        None => retreat(app),
    }
}

/// Left or right among the options of a choice.
pub fn slide(app: &mut App, right: bool) -> Vec<Effect> {
    let Some(loaded) = app.loaded() else { return Vec::new() };
    let Some(consult) = app.consult_mut() else { return Vec::new() };
    let Some(ix) = consult.question else { return Vec::new() };
    if let QuestionKind::Choice(options) = &loaded.pack.questions[ix].kind {
        let to = match consult.part {
            Part::Option(at) if right => at + 1,
            Part::Option(at) => at.saturating_sub(1),
            _ => 0,
        };
        consult.part = Part::Option(to.min(options.len().saturating_sub(1)));
    }
    Vec::new()
}

/// To a step; the cursor goes to the first thing that is still open there.
pub fn go(app: &mut App, step: StepId) -> Vec<Effect> {
    let mut effects = leave(app);
    if let Some(consult) = app.consult_mut() {
        consult.line = None;
        consult.part = Part::Whole;
        consult.back_to = None;
        consult.step = step;
        consult.question = None;
        consult.sheet.visited.insert(step);
    } else {
        return effects;
    }
    super::pick::left(app);
    app.popups.clear();
    let questions = asked(app);
    let first = questions.iter().copied().find(|ix| !answered(app, *ix)).or_else(|| questions.first().copied());
    focus(app, first, None);
    effects.extend(save_place(app));
    effects
}

/// To the next step, or the one before.
pub fn go_by(app: &mut App, forward: bool) -> Vec<Effect> {
    let Some(step) = app.consult().map(|consult| consult.step) else { return Vec::new() };
    match if forward { step.next() } else { step.before() } {
        Some(to) => {
            let incomplete = app.consult().is_some_and(|consult| consult.assessment.verdict == Outcome::Incomplete);
            if forward && step == StepId::Assessment && incomplete {
                app.refuse("Safety questions are open: there is no plan yet. Enter on an open question goes to it.");
                return Vec::new();
            }
            go(app, to)
        }
        None => Vec::new(),
    }
}

/// To a question by its id, coming back to the present step after the answer.
pub fn jump(app: &mut App, id: &str) -> Vec<Effect> {
    let Some(loaded) = app.loaded() else { return Vec::new() };
    let Some(ix) = loaded.pack.questions.find(id) else { return Vec::new() };
    let from = app.consult().map(|consult| consult.step);
    let step = StepId::from(loaded.pack.questions[ix].step);
    let effects = go(app, step);
    if let Some(consult) = app.consult_mut()
        && !consult.asked.contains(&ix)
    {
        // The rules wait for it although its own condition is open: it is asked all the same.
        consult.asked.push(ix);
        consult.asked.sort_unstable();
    }
    focus(app, Some(ix), None);
    if let Screen::Consult(consult) = &mut app.screen {
        consult.back_to = from;
    }
    effects
}
