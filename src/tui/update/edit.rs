//! Lines of text: editing, pasting, and keeping every keystroke.

use crossterm::event::KeyCode as K;
use tui_input::{Input, InputRequest as R};

use super::change;
use crate::pack::QuestionKind;
use crate::tui::app::{App, Part, Popup, Screen};
use crate::tui::context::{self, Context};
use crate::tui::effect::Effect;
use crate::tui::form;
use crate::tui::keys::Chord;
use crate::tui::text;

/// Longer than any name or note in a line; a paste beyond it is cut.
const LONGEST: usize = 2000;
/// A note may be a page.
const LONGEST_NOTE: usize = 20_000;

/// How long a line may be there.
pub const fn longest(context: Context) -> usize {
    if matches!(context, Context::SignLine) { LONGEST_NOTE } else { LONGEST }
}

/// A key that is no command: text, or editing of text.
pub fn typed(app: &mut App, context: Context, chord: Chord) -> Vec<Effect> {
    let Some(request) = request(chord) else { return Vec::new() };
    if matches!(request, R::InsertChar(c) if text::is_unsafe(c)) {
        return Vec::new();
    }
    if context == Context::FollowUp {
        return super::follow_up::typed(app, request);
    }
    let replaces = matches!(context, Context::Number | Context::FieldNumber);
    if let Some(consult) = app.consult_mut()
        && app_line_is_answer(context)
    {
        if consult.fresh && replaces && matches!(request, R::InsertChar(_)) {
            consult.line = Some(Input::default());
        }
        consult.fresh = false;
    }
    let Some(line) = line(app, context) else {
        say_what_works(app, context, request);
        return Vec::new();
    };
    if matches!(request, R::InsertChar(_)) && line.value().chars().count() >= longest(context) {
        app.refuse("The line is full.");
        return Vec::new();
    }
    match line.handle(request) {
        Some(state) if state.value => changed(app, context),
        _ => Vec::new(),
    }
}

/// A letter that means nothing where lists and choices are: whoever types a name there must notice at once.
fn say_what_works(app: &mut App, context: Context, request: R) {
    let R::InsertChar(c) = request else { return };
    match context {
        Context::List | Context::Goals => {
            let add = app.settings.keys.say("ask.add");
            app.refuse(&format!("{c} does nothing here. To type a name: {add}, then the name."))
        }
        Context::FieldChoice => super::list::no_answer(app, c),
        Context::Choice => app.refuse(&format!("{c} is not one of the answers.")),
        Context::Rest => app.refuse(&format!("{c} does nothing here. To type: Enter first.")),
        _ => {}
    }
}

/// Pasted text goes into the line with the focus, as one line, without control codes.
pub fn paste(app: &mut App, pasted: &str) -> Vec<Effect> {
    app.notice = None;
    let context = context::context(app);
    if matches!(context, Context::Locked | Context::Protect) {
        super::lock::pasted(app, pasted);
        return Vec::new();
    }
    if context == Context::FollowUp {
        // Beside a choice every letter would be a key that answers.
        if !super::follow_up::takes_text(app) {
            app.refuse("Nothing is being typed here: the pasted text was left out.");
            return Vec::new();
        }
        let text = text::clean(pasted.trim_end_matches(['\n', '\r']));
        let mut effects = Vec::new();
        for c in text.chars().take(LONGEST) {
            effects = super::follow_up::typed(app, R::InsertChar(c));
        }
        say_cut(app, text.chars().count().saturating_sub(LONGEST));
        return effects;
    }
    let pasted = pasted.trim_end_matches(['\n', '\r']);
    let broken = if context == Context::SignLine && super::sign::on_note(app) {
        pasted.replace("\r\n", "\n").replace(['\n', '\r'], text::BREAK)
    } else {
        pasted.to_owned()
    };
    let text = text::clean(&broken).into_owned();
    if let Some(consult) = app.consult_mut()
        && app_line_is_answer(context)
    {
        if consult.fresh && matches!(context, Context::Number | Context::FieldNumber) && !text.is_empty() {
            consult.line = Some(Input::default());
        }
        consult.fresh = false;
    }
    let Some(line) = line(app, context) else {
        app.refuse("Nothing is being typed here: the pasted text was left out.");
        return Vec::new();
    };
    let room = longest(context).saturating_sub(line.value().chars().count());
    for c in text.chars().take(room) {
        line.handle(R::InsertChar(c));
    }
    say_cut(app, text.chars().count().saturating_sub(room));
    changed(app, context)
}

/// Says how much of a text had no room.
pub fn say_cut(app: &mut App, cut: usize) {
    if cut > 0 {
        app.refuse(&format!("Too long: the last {} left out.", text::count(cut, "character was", "characters were")));
    }
}

const fn app_line_is_answer(context: Context) -> bool {
    matches!(context, Context::Number | Context::FieldNumber | Context::Line)
}

/// The line being typed in this context.
pub fn line(app: &mut App, context: Context) -> Option<&mut Input> {
    match context {
        Context::Filter => Some(&mut app.home.filter),
        Context::AskFind | Context::HallFind | Context::ExamLine => super::train::line(app),
        Context::Formulary => match &mut app.screen {
            Screen::Formulary(view) => Some(&mut view.query),
            _ => None,
        },
        Context::Number | Context::FieldNumber | Context::Line | Context::SignLine => app.consult_mut()?.line.as_mut(),
        Context::Picker
        | Context::Pick
        | Context::Palette
        | Context::OverrideLine
        | Context::MixLine
        | Context::MixFind => match app.popups.last_mut()? {
            Popup::Picker(picker) => Some(&mut picker.query),
            Popup::Pick(pick) => Some(&mut pick.query),
            Popup::Mix(form) => form.line.as_mut().or(form.finding.as_mut().map(|finding| &mut finding.query)),
            Popup::Palette { query, .. } => Some(query),
            Popup::Override { line, .. } => line.as_mut(),
            _ => None,
        },
        _ => None,
    }
}

/// The text of a line is another one now.
pub fn changed(app: &mut App, context: Context) -> Vec<Effect> {
    match context {
        Context::Filter => vec![Effect::ListRecords(app.records_wanted())],
        Context::Formulary => {
            super::formulary::search(app);
            Vec::new()
        }
        Context::Picker => super::pick::changed(app),
        Context::Pick => {
            super::train::search(app);
            Vec::new()
        }
        Context::AskFind | Context::HallFind | Context::ExamLine => {
            super::train::find_again(app);
            Vec::new()
        }
        Context::Palette => {
            super::window::search(app);
            Vec::new()
        }
        Context::MixFind => {
            super::mix::search(app);
            Vec::new()
        }
        Context::Number | Context::FieldNumber | Context::Line => keep_line(app),
        Context::SignLine => super::sign::keep_line(app),
        _ => Vec::new(),
    }
}

/// Keeps what was typed so far in the draft: a crash loses no keystroke.
fn keep_line(app: &mut App) -> Vec<Effect> {
    let Some(key) = line_key(app) else { return Vec::new() };
    let Some(consult) = app.consult_mut() else { return Vec::new() };
    if consult.error.as_ref().is_some_and(|(of, _)| *of == key) {
        consult.error = None;
    }
    let Some(value) = consult.line.as_ref().map(|line| line.value().to_owned()) else { return Vec::new() };
    let mut effects = change::keep(app, |sheet| {
        sheet.pending.insert(key.clone(), value);
    });
    effects.extend(super::patient::look_for_alike(app, &key));
    effects
}

/// Under which key the line with the focus is kept, if it belongs to a question.
pub fn line_key(app: &App) -> Option<String> {
    let loaded = app.loaded()?;
    let consult = app.consult()?;
    let question = &loaded.pack.questions[consult.question?];
    match (&question.kind, consult.part) {
        (QuestionKind::List(list), Part::Field(at, field)) => {
            let entry = consult.sheet.intake.entries(&question.id).get(at)?;
            let qualifier = loaded.form.qualifiers(*list, entry).get(field)?;
            Some(form::field_key(&question.id, at, &loaded.pack.qualifiers[*qualifier].id))
        }
        (QuestionKind::Number(_) | QuestionKind::Date | QuestionKind::Text, _) => Some(question.id.clone()),
        _ => None,
    }
}

/// What a key does to a line.
const fn request(chord: Chord) -> Option<R> {
    Some(match (chord.code, chord.ctrl, chord.alt) {
        (K::Char(c), false, false) => R::InsertChar(c),
        (K::Backspace, false, false) | (K::Char('h'), true, _) => R::DeletePrevChar,
        (K::Delete, false, false) | (K::Char('d'), true, _) => R::DeleteNextChar,
        (K::Left, false, false) => R::GoToPrevChar,
        (K::Right, false, false) => R::GoToNextChar,
        (K::Left, true, _) | (K::Char('b'), false, true) => R::GoToPrevWord,
        (K::Right, true, _) | (K::Char('f'), false, true) => R::GoToNextWord,
        (K::Home, ..) | (K::Char('a'), true, _) => R::GoToStart,
        (K::End, ..) | (K::Char('e'), true, _) => R::GoToEnd,
        (K::Char('w'), true, _) | (K::Backspace, _, true) => R::DeletePrevWord,
        (K::Char('u'), true, _) => R::DeleteFromStart,
        (K::Char('k'), true, _) => R::DeleteTillEnd,
        (K::Char('y'), true, _) => R::Yank,
        _ => return None,
    })
}
