//! `update`: the state and what happened in, the new state and what to do outside out.

mod ask;
mod begun;
mod cause;
mod change;
mod cursor;
mod edit;
mod erased;
mod follow_up;
mod formulary;
mod home;
mod list;
mod lock;
mod mix;
mod mouse;
mod patient;
mod pick;
mod returning;
mod rows;
mod scale;
mod show;
mod sign;
mod text;
mod train;
mod window;

use crossterm::event::KeyEvent;

use super::action::Action;
use super::app::{App, PackState, Saved, Screen};
use super::context::{self, Context};
use super::effect::Effect;
use super::keys::{Chord, ctrl};
use super::message::Message;
use super::thought;
use super::tour;

pub use ask::leave;
pub use mix::{Row as MixRow, found as mix_found, rows as mix_rows};
pub use pick::{area_letter, choices, goal_digit, offers_free_text, said_earlier};
pub use returning::asks_identity;
pub use show::{reasons, refuted};
pub use sign::{blockers, field_text};
pub use train::clock_runs;
pub use window::commands;

/// Takes one thing that happened into the state, and says what is to be done outside.
pub fn update(app: &mut App, message: Message) -> Vec<Effect> {
    let before = sign::place(app);
    let mut effects = match message {
        Message::Key(event) => pressed(app, &event),
        Message::Paste(_) | Message::Wheel { .. } if app.tour.is_some() => Vec::new(),
        Message::Click(..) if app.tour.is_some() => perform(app, Action::Accept),
        Message::Paste(text) => edit::paste(app, &text),
        Message::Click(x, y) => mouse::click(app, x, y),
        Message::Wheel { down, x, y } => mouse::wheel(app, down, x, y),
        Message::Resize(columns, rows) => {
            app.size = (columns, rows);
            tour::resize(app);
            Vec::new()
        }
        Message::Looked => home::looked(app),
        Message::Edited(result) => text::edited(app, result),
        Message::Day(today) => {
            app.today = today;
            returning::age(app);
            change::assess(app);
            Vec::new()
        }
        Message::Pack(result) => arrived(app, result),
        Message::Drafts(result) => home::drafts(app, result),
        Message::Records(result) => home::records(app, result),
        Message::DraftSaved { id, at } => {
            saved(app, id, &Saved::At(at));
            Vec::new()
        }
        Message::DraftFailed { id, why } => {
            saved(app, id, &Saved::Failed(why));
            Vec::new()
        }
        Message::Claimed(id, drafts) => home::claimed(app, id, drafts),
        Message::Elsewhere(id) => home::elsewhere(app, id),
        Message::Erased(id) => erased::gone(app, id),
        Message::RecordSaved(id, result) => sign::saved(app, id, result),
        Message::RecordLoaded(result) => home::opened(app, result),
        Message::FollowUpSaved(id, what, result) => follow_up::saved(app, id, &what, result),
        Message::LotsCounted(id, others) => follow_up::counted(app, id, others),
        Message::Patient(person, meant_for, result) => patient::listed(app, person, meant_for, result),
        Message::Earlier(into, result) => returning::arrived(app, into, result),
        Message::Pair(result) => patient::compared(app, result),
        Message::Alike(id, lines) => {
            patient::alike(app, id, lines);
            Vec::new()
        }
        Message::NoStore(why) => {
            app.home.trouble = Some(why);
            Vec::new()
        }
        Message::Opened(standing) => lock::opened(app, standing),
        Message::Locked => lock::shut(app),
        Message::NotUnlocked(why) => lock::refused(app, why),
        Message::Written(result) => text::written(app, result),
        Message::Protected(result) => lock::protected(app, result),
        Message::Verified(result) => home::verified(app, result),
        Message::Practice(news) => train::news(app, *news),
        Message::Slept(since) => train::slept(app, since),
        Message::Idle => lock::idle(app),
        Message::Pause => thought::begin(app),
        Message::Tick => train::tick(app),
        Message::Thought(id, state, found) => {
            thought::arrived(app, id, state, *found);
            Vec::new()
        }
    };
    formulary::follow(app);
    sign::arrive(app, before);
    rows::settle(app);
    effects.extend(begun::keep(app));
    effects
}

fn saved(app: &mut App, id: crate::record::RecordId, state: &Saved) {
    if let Some(consult) = app.consult_mut().filter(|consult| consult.id == id) {
        consult.saved = state.clone();
    }
    for parked in app.home.parked.iter_mut().filter(|parked| parked.id == id) {
        parked.saved = state.clone();
    }
    begun::saved(app, id, state);
}

fn arrived(app: &mut App, result: Result<std::sync::Arc<super::app::Loaded>, String>) -> Vec<Effect> {
    match result {
        Ok(loaded) => {
            app.pack = PackState::Ready(loaded);
            let mut effects = home::begin_wanted(app);
            effects.extend(train::arrived(app));
            // Keys that were pressed before the pack was there.
            for event in std::mem::take(&mut app.ahead) {
                effects.extend(pressed(app, &event));
                rows::settle(app);
            }
            effects
        }
        Err(why) => {
            app.pack = PackState::Failed(why);
            app.wanted = None;
            app.ahead.clear();
            Vec::new()
        }
    }
}

fn pressed(app: &mut App, event: &KeyEvent) -> Vec<Effect> {
    let Some(chord) = Chord::of(event) else { return Vec::new() };
    // Without the cases there is nothing that a key of the training could mean.
    let early = matches!((&app.screen, &app.pack), (Screen::Training(_), PackState::Loading));
    if (app.wanted.is_some() || early) && chord != ctrl('c') && chord != ctrl('z') {
        app.ahead.push(*event);
        return Vec::new();
    }
    app.notice = None;
    let context = context::context(app);
    if let Some(effects) = own_key(app, context, chord) {
        return effects;
    }
    match app.settings.keys.find(context, chord) {
        Some(action) => perform(app, action),
        None if matches!(context, Context::Locked | Context::Protect) => {
            lock::typed(app, chord);
            Vec::new()
        }
        None if context == Context::Tour => Vec::new(),
        None if context == Context::Signing => sign::remind(app),
        None => edit::typed(app, context, chord),
    }
}

/// Keys that the pack or the window gives to what is on the screen; they win over commands.
fn own_key(app: &mut App, context: Context, chord: Chord) -> Option<Vec<Effect>> {
    let key = chord.typed()?;
    match context {
        Context::Choice => ask::option_key(app, key),
        Context::Number | Context::FieldNumber => ask::number_key(app, context, chord),
        Context::FieldChoice => list::option_key(app, key),
        Context::Areas => pick::area_key(app, key),
        Context::Picker => pick::goal_key(app, key),
        Context::Sign => sign::reflection_key(app, key),
        Context::Scale => scale::option_key(app, key),
        Context::Override => show::reason_key(app, key),
        Context::Commit => train::key(app, key),
        Context::Card => train::card_key(app, key),
        _ => None,
    }
}

/// Shows a question of the consultation on the screen.
pub fn show_question(app: &mut App, id: &str) {
    drop(ask::jump(app, id));
    if let Some(consult) = app.consult_mut() {
        consult.back_to = None;
    }
}

/// Runs a command.
pub fn perform(app: &mut App, action: Action) -> Vec<Effect> {
    let context = context::context(app);
    match action {
        Action::New => home::begin(app),
        Action::Open if context == Context::Patient => patient::open(app),
        Action::Open => home::open(app),
        Action::Again => returning::again(app),
        Action::History => patient::history(app),
        Action::Mark => patient::mark(app),
        Action::Compare => patient::compare(app),
        Action::Whole => patient::whole(app),
        Action::Alike => patient::open_alike(app),
        Action::Confirm => returning::confirm(app),
        Action::ConfirmStep => returning::confirm_step(app),
        Action::Sort => patient::sift(app, |sieve, _| sieve.turn_sort()),
        Action::OnlyVerdict => patient::sift(app, |sieve, _| sieve.turn_verdict()),
        Action::OnlyYear => patient::sift(app, |sieve, (this, oldest)| sieve.turn_year(this, oldest)),
        Action::Filter if context == Context::Interview => train::find(app),
        Action::Filter if context == Context::Hall => train::find_case(app),
        Action::Filter => home::filter(app),
        Action::Training => train::open(app),
        Action::TrainMode => train::turn_mode(app),
        Action::Made => train::draw(app),
        Action::Seed(up) => train::turn_seed(app, up),
        Action::Ask(how) => train::ask(app, how),
        Action::Notes if context == Context::Hall => train::last(app),
        Action::Notes => train::notes(app),
        Action::Commit => train::commit(app),
        Action::NextCase => train::next(app),
        Action::Hint => train::hint(app),
        Action::ShortCards => train::short_cards(app),
        Action::Pass => train::pass(app),
        Action::Progress => train::standing(app),
        Action::Clear if context == Context::Card => train::clear_card(app),
        Action::DeleteDraft if context == Context::Hall => train::drop_draft(app),
        Action::Formulary => formulary::open(app),
        Action::DeleteDraft => home::ask_delete(app),
        Action::Next | Action::Previous => next(app, context, action == Action::Next),
        Action::Down | Action::Up => step_over(app, context, action == Action::Down),
        Action::Left | Action::Right => sideways(app, context, action == Action::Right),
        Action::PageDown | Action::PageUp => page(app, context, action == Action::PageDown),
        Action::First | Action::Last => {
            rows::to_end(app, action == Action::Last);
            Vec::new()
        }
        Action::Accept => accept(app, context),
        Action::Add if context == Context::Commit => train::add(app),
        Action::Remove if context == Context::Commit => train::remove(app),
        Action::Clear if context == Context::Commit => train::clear(app),
        Action::Add if context == Context::Areas => pick::another_goal(app),
        Action::Add if context == Context::Mix => mix::find(app, false),
        Action::Remove if context == Context::Mix => mix::remove(app),
        Action::Undo if context == Context::Mix => mix::undo(app),
        Action::Add => pick::open(app),
        Action::NoneOf => list::none(app),
        Action::Scale => scale::open(app),
        Action::Unknown if context == Context::Scale => scale::unknown(app),
        Action::Unknown => ask::unknown(app, context),
        Action::Clear if context == Context::Scale => scale::clear(app),
        Action::Clear => ask::clear(app, context),
        Action::Remove => list::remove(app),
        Action::Tick => match context {
            Context::Choice => ask::take_option(app),
            Context::Areas => pick::tick(app),
            _ => sign::tick(app),
        },
        Action::TickAll => sign::tick_all(app),
        Action::Cause => cause::go(app),
        Action::Override => show::ask_override(app),
        Action::Choose => show::choose(app),
        Action::Mix => mix::open(app),
        Action::Swap => mix::find(app, true),
        Action::More | Action::Less => mix::step(app, action == Action::More),
        Action::Reset => mix::reset(app),
        Action::Sign => sign::ask(app),
        Action::Seal => sign::seal(app),
        Action::Step(step) => ask::go(app, step),
        Action::NextStep => ask::go_by(app, true),
        Action::PreviousStep => ask::go_by(app, false),
        Action::Back => back(app, context),
        Action::Undo => change::undo(app),
        Action::Redo => change::redo(app),
        Action::Help => window::help(app),
        Action::Palette => window::palette(app),
        Action::Theme => window::theme(app),
        Action::Mouse => window::mouse(app),
        Action::Redraw => vec![Effect::Redraw],
        Action::Suspend => {
            let mut effects = ask::leave(app);
            effects.push(Effect::Suspend);
            effects
        }
        Action::Quit => home::quit(app),
        Action::Yes => window::yes(app),
        Action::Protect => lock::protect(app),
        Action::Decline => lock::decline(app),
        Action::Reveal => lock::show(app),
        Action::Lock => lock::lock(app),
        Action::Verify => {
            app.tell("Reading all records...");
            vec![Effect::Verify]
        }
        Action::Amend => home::amend(app),
        Action::FollowUp => follow_up::open(app),
        Action::Save => follow_up::save(app),
        Action::Older | Action::Newer => home::turn(app, action == Action::Newer),
        Action::Edit => text::open_editor(app),
        Action::Copy => text::copy(app),
        Action::Leaflet => text::leaflet(app),
        Action::Tour => {
            tour::begin(app);
            Vec::new()
        }
    }
}

fn next(app: &mut App, context: Context, forward: bool) -> Vec<Effect> {
    match context {
        Context::Tour => {
            tour::previous(app);
            Vec::new()
        }
        Context::Assessment
        | Context::Plan
        | Context::Record
        | Context::Entry
        | Context::Compare
        | Context::Interview
        | Context::Progress
        | Context::Reveal => {
            rows::section(app, forward);
            Vec::new()
        }
        Context::Sign => {
            rows::step(app, forward);
            Vec::new()
        }
        Context::SignLine => {
            let effects = sign::end_line(app);
            rows::step(app, forward);
            effects
        }
        _ if forward => ask::advance(app, true),
        _ => ask::retreat(app),
    }
}

fn step_over(app: &mut App, context: Context, down: bool) -> Vec<Effect> {
    match context {
        _ if super::action::asks(context) => ask::move_on(app, down),
        Context::FollowUp if follow_up::step(app, down) => Vec::new(),
        Context::SignLine => {
            let effects = sign::end_line(app);
            rows::step(app, down);
            effects
        }
        _ => {
            rows::step(app, down);
            Vec::new()
        }
    }
}

fn sideways(app: &mut App, context: Context, right: bool) -> Vec<Effect> {
    match context {
        Context::FieldChoice => list::turn(app, right),
        _ => ask::slide(app, right),
    }
}

fn page(app: &mut App, context: Context, down: bool) -> Vec<Effect> {
    match context {
        Context::Interview => {
            train::scroll(app, down);
            Vec::new()
        }
        _ if super::action::asks(context) => {
            if down {
                ask::advance(app, true)
            } else {
                ask::retreat(app)
            }
        }
        _ => {
            rows::page(app, down);
            Vec::new()
        }
    }
}

fn accept(app: &mut App, context: Context) -> Vec<Effect> {
    if let Some(effects) = returning::accept(app, context) {
        return effects;
    }
    match context {
        Context::Tour => {
            tour::next(app);
            Vec::new()
        }
        Context::Choice => ask::take_option(app),
        Context::Number | Context::Line => ask::accept_line(app),
        Context::Rest => ask::type_again(app),
        Context::List | Context::FieldChoice | Context::FieldNumber => list::accept(app),
        Context::Goals => pick::accept_goals(app),
        Context::Assessment | Context::Plan => show::explain(app),
        Context::SignLine => sign::accept(app),
        Context::Hall => train::open_line(app),
        Context::AskFind | Context::HallFind => train::found(app),
        Context::Exam | Context::ExamLine => train::sit(app),
        Context::Commit => train::accept(app),
        Context::Pick => train::take_hit(app),
        Context::Reveal => train::read(app),
        Context::Card => train::accept_card(app),
        Context::Picker => pick::add(app),
        Context::Areas => pick::accept_areas(app),
        Context::Alike => patient::look_at_alike(app),
        Context::Scale => scale::accept(app),
        Context::Mix | Context::MixLine | Context::MixFind => mix::accept(app),
        Context::Override | Context::OverrideLine => show::take_reason(app),
        Context::Palette => window::run(app),
        Context::Formulary => formulary::read(app),
        Context::FollowUp => follow_up::accept(app),
        Context::Locked => lock::unlock(app),
        Context::Protect => lock::go_on(app),
        _ => Vec::new(),
    }
}

/// Esc: one layer back. Nothing that was typed is lost on the way.
fn back(app: &mut App, context: Context) -> Vec<Effect> {
    match context {
        Context::Tour => {
            tour::end(app);
            return Vec::new();
        }
        Context::Picker => return pick::close(app),
        Context::Scale => return scale::close(app),
        Context::MixLine | Context::MixFind => {
            mix::stop_typing(app);
            return Vec::new();
        }
        Context::OverrideLine => {
            show::stop_typing_reason(app);
            return Vec::new();
        }
        Context::Filter => return home::stop_filtering(app),
        Context::Entry => return formulary::stop_reading(app),
        Context::FollowUp => return begun::leave(app),
        Context::Line => return cause::back(app, context).unwrap_or_else(|| ask::stop_typing(app)),
        Context::SignLine => return sign::stop_typing(app),
        Context::Locked => return lock::clear(app),
        Context::Protect => return lock::stop(app),
        _ => {}
    }
    if matches!(app.screen, Screen::Training(_)) {
        return train::back(app, context);
    }
    if app.popups.pop().is_some() {
        return Vec::new();
    }
    if let Some(effects) = cause::back(app, context) {
        return effects;
    }
    if let Some(effects) = patient::back(app) {
        return effects;
    }
    match app.screen {
        Screen::Home => home::stop_filtering(app),
        Screen::Locked(_) => Vec::new(),
        _ => home::go(app),
    }
}
