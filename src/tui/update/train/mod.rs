//! Training: the hall with the cases, beginning and leaving attempts. Nothing here asks the engine; what comes out of a
//! sealed attempt is made in `reveal`.

mod clock;
mod exam;
mod form;
mod pick;
mod reveal;
mod short;

use std::path::PathBuf;
use std::sync::Arc;

use crate::training::{Act, Begun, Case, Draft, Header, How, Mode, Patient, Shelf};
use crate::tui::app::{App, Loaded, PackState, Popup, Screen};
use crate::tui::context::Context;
use crate::tui::effect::Effect;
use crate::tui::settings::Training;
use crate::tui::training::{Card, Chore, Line, News, On, Reading, Sitting, TrainView, Waiting, Wish, found_questions};
use crate::tui::view;

pub use clock::{runs as clock_runs, tick};
pub use exam::{sit, slept};
pub use form::{accept, add, clear, commit, key, remove, take};
pub use pick::{search, take as take_hit};
pub use reveal::{last, next, read};
pub use short::{accept as accept_card, clear as clear_card, key as card_key, open as short_cards, pass, standing};

/// The training on the screen.
pub(super) fn training(app: &mut App) -> Option<&mut TrainView> {
    match &mut app.screen {
        Screen::Training(view) => Some(view),
        _ => None,
    }
}

/// The attempt on the screen.
pub(super) fn sitting(app: &mut App) -> Option<&mut Sitting> {
    match &mut training(app)?.on {
        On::Sitting(sitting) => Some(sitting),
        _ => None,
    }
}

/// From the first screen to the training: the records are closed for it.
pub fn open(app: &mut App) -> Vec<Effect> {
    match app.pack {
        PackState::Failed(_) => {
            app.refuse("The rules could not be read: there are no cases.");
            Vec::new()
        }
        _ => {
            let mut effects = super::home::quit(app);
            if effects.last() == Some(&Effect::Quit) {
                effects.pop();
                effects.push(Effect::Training);
            } else {
                app.popups.pop();
                app.refuse("Something is not saved yet: open it, and save it or remove it. Then train.");
            }
            effects
        }
    }
}

fn chore(chore: Chore) -> Vec<Effect> {
    vec![Effect::Practice(Box::new(chore))]
}

/// What came of something that was done outside.
pub fn news(app: &mut App, news: News) -> Vec<Effect> {
    match news {
        News::Shelf(Ok(shelf)) => shelved(app, *shelf),
        News::Shelf(Err(why)) => {
            if let Some(view) = training(app) {
                view.hall.shelf = Some(Shelf::default());
                view.hall.trouble = Some(format!("What was practised cannot be read: {why}"));
            }
            Vec::new()
        }
        News::Failed(why) => {
            app.refuse(&format!("The attempt is not kept: {why}"));
            Vec::new()
        }
        News::Kept(result) => kept(app, result),
        News::Read(result) => reveal::again(app, result),
        News::Made(result) => made(app, result),
        News::Card(card) => short::made(app, card),
    }
}

/// The pack is there: what was practised is asked for.
pub fn arrived(app: &mut App) -> Vec<Effect> {
    training(app).map_or_else(Vec::new, |_| chore(Chore::Shelf))
}

fn shelved(app: &mut App, shelf: Shelf) -> Vec<Effect> {
    let unread = shelf.unread.first().map(|path| path.display().to_string());
    let Some(view) = training(app) else { return Vec::new() };
    // Somebody who has made n attempts has met the first n made patients, or could have.
    view.hall.seed = view.hall.seed.max(shelf.results.len() as u64 + 1);
    view.hall.shelf = Some(shelf);
    view.hall.trouble =
        unread.map(|path| format!("An attempt that was left cannot be read: {path}; it is left as it is"));
    Vec::new()
}

fn kept(app: &mut App, result: Result<PathBuf, String>) -> Vec<Effect> {
    if let Err(why) = &result {
        app.refuse(&format!("The attempt was not kept: {why}"));
    }
    if let Some(TrainView { on: On::Revealed(revealed), .. }) = training(app) {
        revealed.kept = Some(result);
    }
    Vec::new()
}

/// The next mode in which attempts are made.
pub fn turn_mode(app: &mut App) -> Vec<Effect> {
    let Some(view) = training(app) else { return Vec::new() };
    let at = Mode::WORDS.iter().position(|(_, mode)| *mode == view.hall.mode).unwrap_or(0);
    let next = Mode::WORDS.iter().cycle().nth(at + 1).map_or(Mode::Practice, |(_, mode)| *mode);
    set_mode(app, next)
}

/// The mode in which attempts are made.
pub fn set_mode(app: &mut App, mode: Mode) -> Vec<Effect> {
    let Some(view) = training(app) else { return Vec::new() };
    view.hall.mode = mode;
    // The lines are others now.
    (view.hall.chosen, view.hall.top) = (0, 0);
    app.tell(match mode {
        Mode::Practice => "Practice: marked at once, and remembered.",
        Mode::Exam => "Exam: nothing is revealed, and a sealed file is written.",
        Mode::Review => "Review: what is due.",
        Mode::FastTrack => "Fast track: for those who know already.",
    });
    Vec::new()
}

/// Another made patient.
pub fn turn_seed(app: &mut App, up: bool) -> Vec<Effect> {
    if let Some(view) = training(app) {
        let seed = view.hall.seed;
        view.hall.seed = if up { seed.saturating_add(1) } else { seed.saturating_sub(1) };
    }
    Vec::new()
}

/// Opens the line that the cursor is on.
pub fn open_line(app: &mut App) -> Vec<Effect> {
    let Some(loaded) = app.loaded() else { return Vec::new() };
    let today = app.today;
    let Some(view) = training(app) else { return Vec::new() };
    let Some(line) = view.hall.lines(&loaded, today).into_iter().nth(view.hall.chosen) else { return Vec::new() };
    match line {
        Line::Draft(n) => {
            let draft = view.hall.shelf.as_ref().and_then(|shelf| shelf.drafts.get(n)).cloned();
            draft.map_or_else(Vec::new, |draft| go_on(app, &loaded, draft))
        }
        Line::Next(advice) => advised(app, &advice.case, advice.made),
        Line::NothingDue(_) => {
            app.refuse("Nothing is due: there is no case to review today.");
            Vec::new()
        }
        Line::Exam => exam::open(app),
        Line::Made => draw(app),
        Line::Case(id) => advised(app, &id, false),
        Line::Topic(topic) => topic.case.map_or_else(Vec::new, |id| advised(app, &id, false)),
        Line::Short(_) => short::open(app),
        Line::Progress => short::standing(app),
    }
}

/// A made case of a rule that nobody is told.
pub fn draw(app: &mut App) -> Vec<Effect> {
    if sits(app) {
        return exam::open(app);
    }
    let seed = training(app).map_or(0, |view| view.hall.seed);
    make(app, Wish::Drawn(seed), None)
}

/// Whether exams are sat: then nobody chooses a patient.
fn sits(app: &mut App) -> bool {
    training(app).is_some_and(|view| view.hall.mode == Mode::Exam)
}

/// A written case, or one made for a rule.
pub(super) fn advised(app: &mut App, id: &str, made: bool) -> Vec<Effect> {
    if sits(app) {
        return exam::open(app);
    }
    let Some(loaded) = app.loaded() else { return Vec::new() };
    let Some(view) = training(app) else { return Vec::new() };
    if made {
        let seed = view.hall.seed;
        return make(app, Wish::Rule(id.to_owned(), seed), None);
    }
    if view.hall.is_sat(id) {
        app.refuse("An exam about this case was begun here: it comes first.");
        return Vec::new();
    }
    // Each attempt meets another patient.
    let seed = view.hall.next_seed(id);
    match loaded.school.as_ref().and_then(|school| school.cases.get(id)) {
        Some(case) => begin(app, &loaded, case, seed),
        None => Vec::new(),
    }
}

fn make(app: &mut App, wish: Wish, draft: Option<Box<Draft>>) -> Vec<Effect> {
    let day = draft.as_ref().map_or(app.today, |draft| draft.header.day);
    let Some(view) = training(app) else { return Vec::new() };
    if view.hall.waiting.is_some() {
        return Vec::new();
    }
    view.hall.waiting = Some(Waiting { draft });
    app.tell("A patient is being made...");
    chore(Chore::Make(wish, day))
}

fn made(app: &mut App, result: Result<Arc<Case>, String>) -> Vec<Effect> {
    let Some(loaded) = app.loaded() else { return Vec::new() };
    let Some(waiting) = training(app).and_then(|view| view.hall.waiting.take()) else { return Vec::new() };
    app.notice = None;
    match (result, waiting.draft) {
        (Err(why), _) => {
            let up = app.settings.keys.say("train.seed-up");
            app.refuse(&format!("No patient could be made: {why}. {up} tries another seed."));
            Vec::new()
        }
        (Ok(case), Some(draft)) => take_up(app, &loaded, &case, &draft),
        (Ok(case), None) => {
            if let Some(view) = training(app) {
                view.hall.seed = view.hall.seed.saturating_add(1);
            }
            begin(app, &loaded, &case, 0)
        }
    }
}

/// Begins an attempt; one that was left goes on.
fn begin(app: &mut App, loaded: &Loaded, case: &Arc<Case>, seed: u64) -> Vec<Effect> {
    let (_, now) = (app.birth)();
    let practitioner = app.settings.practitioner.trim();
    let trainee = if practitioner.is_empty() { "trainee".to_owned() } else { practitioner.to_owned() };
    let today = app.today;
    let Some(view) = training(app) else { return Vec::new() };
    let header = Header {
        trainee,
        case: case.id.clone(),
        version: case.version,
        seed,
        mode: view.hall.mode,
        day: today,
        pack: loaded.pack.hash.clone(),
        sat: None,
    };
    let begun = Begun::new(Patient::of(&loaded.pack, case, seed), header);
    let sitting = Sitting::new(begun, now);
    let name = sitting.draft(now).name();
    let left = view.hall.shelf.as_ref().and_then(|shelf| shelf.drafts.iter().find(|draft| draft.name() == name));
    if let Some(draft) = left.cloned() {
        return take_up(app, loaded, case, &draft);
    }
    show(app, On::Sitting(Box::new(sitting)));
    Vec::new()
}

/// Shows another part of the training.
pub(super) fn show(app: &mut App, on: On) {
    app.popups.clear();
    if let Some(view) = training(app) {
        view.on = on;
    }
}

fn go_on(app: &mut App, loaded: &Loaded, draft: Draft) -> Vec<Effect> {
    let written = loaded.school.as_ref().and_then(|school| school.cases.get(&draft.header.case)).cloned();
    match written {
        Some(case) => take_up(app, loaded, &case, &draft),
        None => make(app, Wish::Again(draft.header.case.clone()), Some(Box::new(draft))),
    }
}

/// Goes on with an attempt that was left.
fn take_up(app: &mut App, loaded: &Loaded, case: &Arc<Case>, draft: &Draft) -> Vec<Effect> {
    let (_, now) = (app.birth)();
    let header = draft.header.clone();
    if header.pack != loaded.pack.hash || header.version != case.version {
        let remove = app.settings.keys.say("train.drop");
        app.refuse(&format!("It was begun with other rules and cannot go on: {remove} removes it."));
        return Vec::new();
    }
    let begun = Begun::new(Patient::of(&loaded.pack, case, header.seed), header);
    let mut sitting = Sitting::new(begun, now);
    if let Err(why) = sitting.take_up(&loaded.pack, draft) {
        app.refuse(&format!("The attempt cannot go on: {why}"));
        return Vec::new();
    }
    show(app, On::Sitting(Box::new(sitting)));
    app.tell("The attempt goes on where it was left.");
    exam::comes_back(app)
}

/// Removes the attempt that was left, where the cursor is on one.
pub fn drop_draft(app: &mut App) -> Vec<Effect> {
    let Some(view) = training(app) else { return Vec::new() };
    let chosen = view.hall.chosen;
    let Some(shelf) = &mut view.hall.shelf else { return Vec::new() };
    if chosen >= shelf.drafts.len() {
        app.refuse("The cursor is on no attempt that was left.");
        return Vec::new();
    }
    let name = shelf.drafts.get(chosen).map(Draft::name);
    if view.hall.dropping != name {
        view.hall.dropping = name;
        app.tell("The same key once more removes the attempt; it cannot be brought back.");
        return Vec::new();
    }
    view.hall.dropping = None;
    let draft = shelf.drafts.remove(chosen);
    app.tell("The attempt was removed.");
    chore(Chore::DropDraft(draft.name()))
}

/// One question, examination, paper.
pub fn ask(app: &mut App, how: How) -> Vec<Effect> {
    let Some(loaded) = app.loaded() else { return Vec::new() };
    let (_, now) = (app.birth)();
    let Some(sitting) = sitting(app).filter(|sitting| sitting.interviews()) else { return Vec::new() };
    let found = found_questions(&loaded.pack, sitting.find.value());
    let Some((_, ix)) = found.get(sitting.chosen) else { return enough(app) };
    let question = loaded.pack.questions[*ix].id.clone();
    let at = sitting.seconds(now);
    if let Err(why) = sitting.act(Act::Ask { question, how }, at) {
        app.refuse(&why);
        return Vec::new();
    }
    keep(app)
}

/// A hint, in practice and review: it costs, and is noted.
pub fn hint(app: &mut App) -> Vec<Effect> {
    let Some(loaded) = app.loaded() else { return Vec::new() };
    let (_, now) = (app.birth)();
    let Some(sitting) = sitting(app).filter(|sitting| !sitting.brief) else { return Vec::new() };
    let at = sitting.seconds(now);
    match sitting.hint(&loaded.pack, at) {
        Ok(()) => {
            // On a narrow screen a long list hides the conversation: then the window shows it.
            if view::talk_area(app).is_none() {
                return notes(app).into_iter().chain(keep(app)).collect();
            }
            app.tell("A hint: it stands in what was heard.");
            keep(app)
        }
        Err(why) => {
            app.refuse(&why);
            Vec::new()
        }
    }
}

/// From the questions to the first commit; one can go back until it is made.
pub fn enough(app: &mut App) -> Vec<Effect> {
    let Some(sitting) = sitting(app).filter(|sitting| sitting.interviews()) else { return Vec::new() };
    sitting.jotted.on_skin = true;
    (sitting.chosen, sitting.top) = (0, 0);
    keep(app)
}

/// Types the words questions are searched by.
pub fn find(app: &mut App) -> Vec<Effect> {
    if let Some(sitting) = sitting(app).filter(|sitting| sitting.interviews()) {
        sitting.find.reset();
        sitting.finding = true;
        (sitting.chosen, sitting.top) = (0, 0);
    }
    Vec::new()
}

/// Types the words cases are searched by.
pub fn find_case(app: &mut App) -> Vec<Effect> {
    if sits(app) {
        app.refuse("In an exam nobody chooses the patient.");
    } else if let Some(view) = training(app) {
        view.hall.find.reset();
        view.hall.finding = true;
        (view.hall.chosen, view.hall.top) = (0, 0);
    }
    Vec::new()
}

/// The line in which words are typed.
pub fn line(app: &mut App) -> Option<&mut tui_input::Input> {
    let view = training(app)?;
    match &mut view.on {
        On::Hall => Some(&mut view.hall.find),
        On::Exam => view.hall.exam.line(),
        On::Sitting(sitting) => Some(&mut sitting.find),
        _ => None,
    }
}

/// The words are others now: the cursor goes to the first question, the first case.
pub fn find_again(app: &mut App) {
    let Some(view) = training(app) else { return };
    match &mut view.on {
        On::Hall => (view.hall.chosen, view.hall.top) = (0, 0),
        On::Sitting(sitting) => (sitting.chosen, sitting.top) = (0, 0),
        _ => view.hall.exam.warned = None,
    }
}

/// The words are typed: the cursor is on what they found.
pub fn found(app: &mut App) -> Vec<Effect> {
    let Some(view) = training(app) else { return Vec::new() };
    match &mut view.on {
        On::Sitting(sitting) => sitting.finding = false,
        _ => view.hall.finding = false,
    }
    Vec::new()
}

/// Scrolls the conversation by a page.
pub fn scroll(app: &mut App, down: bool) {
    let height = view::talk_area(app).map_or(1, |area| usize::from(area.height));
    scroll_by(app, down, height.saturating_sub(1).max(1));
}

/// Scrolls the conversation by so many lines.
pub fn scroll_by(app: &mut App, down: bool, by: usize) {
    let Some(area) = view::talk_area(app) else { return };
    let rows = view::talk_length(app, area.width);
    let height = usize::from(area.height);
    if let Some(sitting) = sitting(app) {
        let most = rows.saturating_sub(height);
        sitting.up = if down { sitting.up.saturating_sub(by) } else { (sitting.up + by).min(most) };
    }
}

/// Whether one click takes the line that the cursor is on: an option of a card, as by its key, and a line that only adds.
pub fn takes_at_once(app: &mut App) -> bool {
    match training(app).map(|view| &view.on) {
        Some(On::Short(short)) => {
            matches!(&short.shown, Card::Asked(card) if !card.options().is_empty())
        }
        Some(On::Sitting(_)) => form::on_adding(app),
        _ => false,
    }
}

/// Everything that was heard, in a window.
pub fn notes(app: &mut App) -> Vec<Effect> {
    if sitting(app).is_some() {
        app.popups.push(Popup::Read { about: Reading::Notes, top: 0 });
    }
    Vec::new()
}

/// Keeps the attempt as it is.
pub(super) fn keep(app: &mut App) -> Vec<Effect> {
    let (_, now) = (app.birth)();
    match sitting(app) {
        Some(sitting) => {
            sitting.gone = sitting.seconds(now);
            (sitting.leaving, sitting.warned) = (false, false);
            chore(Chore::KeepDraft(Box::new(sitting.draft(now))))
        }
        None => Vec::new(),
    }
}

/// Esc: one layer back. An attempt in the middle is kept.
pub fn back(app: &mut App, context: Context) -> Vec<Effect> {
    if app.popups.pop().is_some() {
        return Vec::new();
    }
    let (_, now) = (app.birth)();
    let after = app.settings.training;
    let moves_back = match training(app).map(|view| &view.on) {
        Some(On::Sitting(attempt)) => {
            let searching = context == Context::AskFind || !attempt.find.value().is_empty();
            searching || matches!(attempt.begun, Begun::Interview(_)) && attempt.jotted.on_skin
        }
        _ => true,
    };
    if !moves_back && exam::wants_to_stay(app) {
        return Vec::new();
    }
    let (loaded, today) = (app.loaded(), app.today);
    let Some(view) = training(app) else { return Vec::new() };
    match &mut view.on {
        On::Hall if view.hall.finding || !view.hall.find.value().is_empty() => {
            let chosen = view.hall.find_nothing(loaded.as_deref(), today);
            (view.hall.chosen, view.hall.top) = (chosen, 0);
            Vec::new()
        }
        On::Exam => {
            view.on = On::Hall;
            (view.hall.chosen, view.hall.top) = (0, 0);
            Vec::new()
        }
        On::Hall if after == Training::Visit => vec![Effect::Consultation],
        On::Hall => {
            let quit = app.settings.keys.say("quit");
            app.tell(format!("Nothing lies behind the hall: {quit} ends the training."));
            Vec::new()
        }
        On::Revealed(_) | On::Short(_) | On::Progress(_) => {
            view.on = On::Hall;
            chore(Chore::Shelf)
        }
        On::Sitting(sitting) => {
            if context == Context::AskFind || !sitting.find.value().is_empty() {
                sitting.finding = false;
                sitting.find.reset();
                (sitting.chosen, sitting.top) = (0, 0);
                return Vec::new();
            }
            if matches!(sitting.begun, Begun::Interview(_)) && sitting.jotted.on_skin {
                sitting.jotted.on_skin = false;
                (sitting.chosen, sitting.top) = (0, 0);
                return keep(app);
            }
            let draft = sitting.draft(now);
            let begun = !sitting.brief;
            let exam = draft.header.sat.is_some();
            view.on = On::Hall;
            if !begun {
                return Vec::new();
            }
            // It goes on from the first line.
            (view.hall.chosen, view.hall.top) = (0, 0);
            if let Some(shelf) = &mut view.hall.shelf {
                shelf.drafts.retain(|other| other.name() != draft.name());
                shelf.drafts.insert(0, draft.clone());
            }
            app.tell(match exam {
                true => "The exam is left: its clock runs on. It goes on from the first line.",
                false => "The attempt is kept: it goes on from the first line.",
            });
            chore(Chore::KeepDraft(Box::new(draft)))
        }
    }
}
