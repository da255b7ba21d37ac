//! Clicks and the wheel: the same as keys, on what was drawn there.

use ratatui::layout::{Position, Rect};

use super::{ask, follow_up, list, perform, pick, rows, scale, show, step_over, window};
use crate::pack::QuestionKind;
use crate::training::How;
use crate::tui::action::Action;
use crate::tui::app::{App, Areas, Part, Popup, Screen, Target};
use crate::tui::context::{self, Context};
use crate::tui::effect::Effect;
use crate::tui::sheet::StepId;
use crate::tui::view;
use crate::tui::widget::figure;
use crate::tui::widget::rows::{Row, hit};

/// Lines that one turn of the wheel moves text by.
const WHEEL: usize = 3;

/// A click.
pub fn click(app: &mut App, x: u16, y: u16) -> Vec<Effect> {
    app.notice = None;
    let at = Position { x, y };
    let layout = view::layout(app);
    let strip = |row: &Row, area: Rect| area.contains(at).then(|| hit(row, x - area.x + 2)).flatten();
    let key = layout.and_then(|layout| strip(&view::keys_row(app), layout.keys));
    if let Some(target @ Target::Action(_)) = key {
        return act(app, target);
    }
    if let Some(window) = view::window(app) {
        if !window.area.contains(at) {
            return perform(app, Action::Back);
        }
        if let (Some(picture), Some(Popup::Areas(areas))) = (&window.picture, app.popups.last())
            && picture.area.contains(at)
        {
            let drawn = on_picture(app, areas, picture, at);
            return drawn.map_or_else(Vec::new, |n| chosen_in_window(app, n));
        }
        let target = under(&window.page.rows, window.top, window.body, at);
        return match target {
            Some(Target::Item(n)) => chosen_in_window(app, n),
            Some(Target::ScaleOption(item, option)) => scale::choose(app, item, option),
            _ => Vec::new(),
        };
    }
    let Some(layout) = layout else { return Vec::new() };
    if app.consult().is_some() && layout.banner.contains(at) {
        return act(app, Target::Step(StepId::Assessment));
    }
    if view::talk_area(app).is_some_and(|area| area.contains(at)) {
        return perform(app, Action::Notes);
    }
    let target = strip(&view::steps_row(app), layout.steps)
        .or_else(|| under(&view::page(app).rows, view::top(app), layout.body, at));
    match target {
        Some(target) => act(app, target),
        None => Vec::new(),
    }
}

/// The area that is drawn there.
fn on_picture(app: &App, areas: &Areas, picture: &view::Picture, at: Position) -> Option<usize> {
    let loaded = app.loaded()?;
    let spots = areas.offered.iter().enumerate().filter_map(|(n, (id, _))| Some((n, loaded.pack.areas.get(id)?)));
    let size = (picture.cells.area.width, picture.cells.area.height);
    figure::at(
        picture.figure,
        spots.map(|(n, area)| (n, area.drawn.as_slice())),
        size,
        (at.x - picture.area.x, at.y - picture.area.y),
    )
}

fn under(rows: &[Row], top: usize, area: Rect, at: Position) -> Option<Target> {
    if !area.contains(at) {
        return None;
    }
    hit(rows.get(top + usize::from(at.y - area.y))?, at.x - area.x)
}

fn act(app: &mut App, target: Target) -> Vec<Effect> {
    match target {
        Target::Step(step) => ask::go(app, step),
        Target::Action(action) => perform(app, action),
        Target::Mode(mode) => super::train::set_mode(app, mode),
        Target::Item(n) => {
            let again = match &mut app.screen {
                Screen::Home => std::mem::replace(&mut app.home.chosen, n) == n,
                Screen::Locked(_) => false,
                Screen::Training(view) => std::mem::replace(view.cursor().0, n) == n,
                Screen::Record(record) => std::mem::replace(&mut record.chosen, n) == n,
                Screen::FollowUp(view) => std::mem::replace(&mut view.chosen, n) == n,
                Screen::Patient(view) => std::mem::replace(&mut view.chosen, n) == n,
                Screen::Compare(view) => std::mem::replace(&mut view.chosen, n) == n,
                Screen::Formulary(view) if view.reading => std::mem::replace(&mut view.at, n) == n,
                Screen::Formulary(view) => std::mem::replace(&mut view.chosen, n) == n,
                Screen::Consult(consult) => std::mem::replace(&mut consult.chosen[consult.step.index()], n) == n,
            };
            match (again, context::context(app)) {
                (false, Context::Card | Context::Commit) if super::train::takes_at_once(app) => {
                    perform(app, Action::Accept)
                }
                (
                    true,
                    Context::FollowUp
                    | Context::Hall
                    | Context::Exam
                    | Context::Commit
                    | Context::Reveal
                    | Context::Card,
                ) => perform(app, Action::Accept),
                (true, Context::Interview) => perform(app, Action::Ask(How::Ask)),
                (true, Context::Home | Context::Patient) => perform(app, Action::Open),
                (true, Context::Assessment | Context::Plan | Context::Formulary) => perform(app, Action::Accept),
                (_, Context::Sign) => perform(app, Action::Tick),
                _ => Vec::new(),
            }
        }
        Target::Part(question, part) => {
            let mut effects = ask::leave(app);
            ask::focus(app, Some(question), Some(part).filter(|part| *part != Part::Whole));
            let kind = app.loaded().map(|loaded| loaded.pack.questions[question].kind.clone());
            match (kind, part) {
                (Some(QuestionKind::Choice(_)), Part::Option(option)) => effects.extend(ask::choose(app, option)),
                (Some(QuestionKind::Goals), Part::Entry(entry)) => pick::open_areas(app, entry),
                _ => {}
            }
            effects
        }
        Target::Tail(question, action) => {
            let mut effects = ask::leave(app);
            ask::focus(app, Some(question), Some(Part::Tail));
            effects.extend(perform(app, action));
            effects
        }
        Target::ScaleOption(line, option) if context::context(app) == Context::Commit => {
            super::train::take(app, line, option)
        }
        Target::ScaleOption(field, option) => follow_up::take(app, field, option),
        Target::Reflection(at) => {
            let effects = super::sign::end_line(app);
            effects.into_iter().chain(super::sign::reflect(app, at)).collect()
        }
        Target::FieldOption(question, entry, field, option) => {
            let mut effects = ask::leave(app);
            ask::focus(app, Some(question), Some(Part::Field(entry, field)));
            effects.extend(list::choose(app, option));
            effects
        }
    }
}

fn chosen_in_window(app: &mut App, n: usize) -> Vec<Effect> {
    match app.popups.last_mut() {
        Some(Popup::Picker(picker)) => {
            picker.chosen = Some(n);
            pick::add(app)
        }
        Some(Popup::Pick(pick)) => {
            pick.chosen = Some(n);
            super::train::take_hit(app)
        }
        Some(Popup::Areas(areas)) => {
            areas.chosen = n;
            pick::tick(app)
        }
        Some(Popup::Scale(form)) => match std::mem::replace(&mut form.chosen, n) == n {
            // A second click on its end is Enter there.
            true => scale::finish(app),
            false => Vec::new(),
        },
        Some(Popup::Mix(form)) => {
            let at = form.finding.as_mut().map_or(&mut form.chosen, |finding| &mut finding.chosen);
            let again = std::mem::replace(at, n) == n;
            // An ingredient that was looked for is taken at once; of the mix, the second click changes the line.
            let take = again || form.finding.is_some();
            if take { super::mix::accept(app) } else { Vec::new() }
        }
        Some(Popup::Override { chosen, .. }) => {
            *chosen = n;
            show::take_reason(app)
        }
        Some(Popup::Alike { chosen, .. }) => {
            *chosen = n;
            super::patient::look_at_alike(app)
        }
        Some(Popup::Palette { chosen, .. }) => {
            *chosen = n;
            window::run(app)
        }
        _ => Vec::new(),
    }
}

/// The wheel: the same as an arrow; over the conversation of an attempt it scrolls that.
pub fn wheel(app: &mut App, down: bool, x: u16, y: u16) -> Vec<Effect> {
    let talk = view::talk_area(app).filter(|_| app.popups.is_empty());
    if talk.is_some_and(|area| area.contains(Position { x, y })) {
        super::train::scroll_by(app, down, WHEEL);
        return Vec::new();
    }
    match context::context(app) {
        context @ (Context::Choice
        | Context::List
        | Context::Goals
        | Context::Number
        | Context::Line
        | Context::Rest) => step_over(app, context, down),
        Context::FieldChoice | Context::FieldNumber => ask::move_on(app, down),
        _ => {
            rows::step(app, down);
            Vec::new()
        }
    }
}
