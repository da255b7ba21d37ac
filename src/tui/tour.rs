//! The guided tour: the real screens with an invented patient, in a program of their own within the program. What that one asks
//! for outside is dropped, so that nothing of the patient reaches a draft, a record or a file.

use std::sync::Arc;

use crossterm::event::{KeyEvent, KeyModifiers};

use super::action::Action;
use super::app::{App, Loaded, PackState, Saved};
use super::keymap::KeyMap;
use super::keys::Chord;
use super::message::Message;
use super::sheet::StepId;
use super::text;
use super::update;
use super::view::SMALLEST;
use crate::intake::{self, Answer};
use crate::source::{Fields, Problems, Report, SourceFile, parse};

const SCRIPT: &str = include_str!("tour.toml");

/// The question for the name: no intake file holds one.
const NAME: &str = "patient.name";
/// Nobody.
const PATIENT: &str = "Pia Practice";

/// What is shown, and where one is in it.
#[derive(Debug)]
pub struct Tour {
    /// The program with the invented patient.
    pub stage: Box<App>,
    /// All stops.
    pub stops: Vec<Stop>,
    /// The stop that is shown.
    pub at: usize,
}

/// A stop.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Stop {
    /// The question or the step that is shown.
    go: String,
    /// What the patient has answered by then.
    answers: String,
    /// Keys, separated by blanks; a word of several letters that is no key is typed.
    keys: String,
    /// In a few words.
    pub title: String,
    /// What is to be seen.
    pub text: String,
}

/// Reads the stops, with the keys that are in force.
///
/// # Errors
/// Every mistake in the script; a test holds that there is none.
fn stops(keys: &KeyMap) -> Result<Vec<Stop>, Report> {
    let file = SourceFile::embedded("tour.toml", SCRIPT);
    let mut problems = Problems::default();
    let document = parse(&file, &mut problems);
    let mut top = Fields::of_file(&file, &document, "the tour");
    let list = top.get("stop").map(|list| list.array(&mut problems)).unwrap_or_default();
    let mut stops = Vec::new();
    for entry in list {
        let Some(mut fields) = entry.table("a stop", &mut problems) else { continue };
        let mut text = |key| fields.text_or_none(key, &mut problems).unwrap_or_default();
        let (go, answers, pressed) = (text("go"), text("intake"), text("keys"));
        let (title, words) = (text("title"), text("text"));
        fields.finish(&mut problems);
        stops.push(Stop { go, answers, keys: named(&pressed, keys), title, text: named(&words, keys) });
    }
    top.finish(&mut problems);
    let report = problems.into_report();
    if report.is_empty() { Ok(stops) } else { Err(report) }
}

/// The text with the key of a command for each `{id}`.
fn named(text: &str, keys: &KeyMap) -> String {
    let mut parts = text.split('{');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (id, rest) = part.split_once('}').unwrap_or(("", part));
        out.push_str(&keys.say(id));
        out.push_str(rest);
    }
    out
}

/// Begins the tour over whatever is on the screen, which stays as it is.
pub fn begin(app: &mut App) {
    let loaded = match &app.pack {
        PackState::Ready(loaded) => Arc::clone(loaded),
        PackState::Loading => return app.refuse("The rules are being read; try again in a moment."),
        PackState::Failed(_) => return app.refuse("The rules could not be read: there is nothing to show."),
    };
    match stops(&app.settings.keys) {
        Ok(stops) => {
            let mut tour = Tour { stage: Box::new(stage(app, &loaded)), stops, at: 0 };
            tour.show();
            app.tour = Some(Box::new(tour));
            resize(app);
        }
        Err(report) => app.refuse(&report.render(false)),
    }
}

/// The next stop; after the last one the tour ends.
pub fn next(app: &mut App) {
    let Some(tour) = &mut app.tour else { return };
    if tour.at + 1 < tour.stops.len() {
        tour.at += 1;
        tour.show();
    } else {
        end(app);
    }
}

/// The stop before.
pub fn previous(app: &mut App) {
    let Some(at) = app.tour.as_ref().and_then(|tour| tour.at.checked_sub(1)) else { return };
    // What was pressed cannot be taken back: the patient is invented anew, up to there.
    let Some(loaded) = app.loaded() else { return };
    let stage = stage(app, &loaded);
    if let Some(tour) = &mut app.tour {
        *tour.stage = stage;
        for stop in 0..=at {
            tour.at = stop;
            tour.show();
        }
    }
    resize(app);
}

/// Back to where one was.
pub fn end(app: &mut App) {
    app.tour = None;
    let again = app.settings.keys.say("tour");
    app.tell(format!("Nothing of the tour was saved. {again} shows it again."));
}

/// The terminal has another size.
pub fn resize(app: &mut App) {
    let size = app.size;
    if let Some(tour) = &mut app.tour {
        let size = tour.stage_size(size);
        play(&mut tour.stage, Message::Resize(size.0, size.1));
    }
}

/// A program with a new consultation, and without a store.
fn stage(app: &App, loaded: &Arc<Loaded>) -> App {
    let settings = super::Settings { locked: false, resume: None, ..app.settings.clone() };
    let mut stage = App::new(settings, app.theme.clone(), app.today, app.size, app.birth);
    stage.pack = PackState::Ready(Arc::clone(loaded));
    update::perform(&mut stage, Action::New);
    stage
}

/// Lets something happen there. Nothing is done outside.
fn play(stage: &mut App, message: Message) {
    drop(update::update(stage, message));
    if let Some(consult) = stage.consult_mut() {
        consult.saved = Saved::Nothing;
    }
}

impl Stop {
    /// What the card says, in lines.
    #[must_use]
    pub fn lines(&self, width: u16) -> Vec<String> {
        text::wrap(&format!("{}: {}", self.title, self.text), usize::from(width.saturating_sub(2)).max(1))
    }
}

impl Tour {
    /// Rows of the card: a line that says what this is, and room for the longest text, so that nothing jumps.
    #[must_use]
    pub fn card(&self, width: u16) -> u16 {
        let longest = self.stops.iter().map(|stop| stop.lines(width).len()).max().unwrap_or(0);
        u16::try_from(longest).unwrap_or(u16::MAX).saturating_add(1)
    }

    /// The size of the screen above the card; where there is no room for both, the card covers its last lines.
    #[must_use]
    pub fn stage_size(&self, (width, height): (u16, u16)) -> (u16, u16) {
        let card = self.card(width);
        (width, if height >= SMALLEST.1.saturating_add(card) { height - card } else { height })
    }

    /// Plays what belongs to this stop.
    fn show(&mut self) {
        let Some(stop) = self.stops.get(self.at) else { return };
        let stage = &mut self.stage;
        stage.popups.clear();
        if let Some(consult) = stage.consult_mut() {
            // Nobody is typing: an empty line would be taken for an answer.
            consult.line = None;
            // Nor does a word that was searched for at the stop before wait to be added.
            consult.sheet.pending.clear();
        }
        if let Some(loaded) = stage.loaded() {
            // A pack that does not ask all of it shows what it asks.
            let file = SourceFile::new("tour.toml", stop.answers.clone());
            if let (Ok(more), Some(consult)) = (intake::read(&loaded.pack, &file), stage.consult_mut()) {
                for (question, answer) in more.answers {
                    consult.sheet.intake.set(&question, answer);
                }
                if self.at > 0 && loaded.pack.questions.find(NAME).is_some() {
                    consult.sheet.intake.set(NAME, Answer::Text(PATIENT.to_owned()));
                }
            }
        }
        let today = stage.today;
        play(stage, Message::Day(today));
        match StepId::ALL.into_iter().find(|step| step.label().to_lowercase() == stop.go) {
            Some(step) => drop(update::perform(stage, Action::Step(step))),
            None => update::show_question(stage, &stop.go),
        }
        for word in stop.keys.split_whitespace() {
            let chords = match Chord::read(word) {
                Ok(chord) => vec![chord],
                Err(_) => word.chars().map(super::keys::ch).collect(),
            };
            for chord in chords {
                play(stage, Message::Key(event(chord)));
            }
        }
        stage.notice = None;
        if let Some(consult) = stage.consult_mut() {
            consult.saved = Saved::Nothing;
        }
    }
}

fn event(chord: Chord) -> KeyEvent {
    let mut modifiers = KeyModifiers::NONE;
    modifiers.set(KeyModifiers::CONTROL, chord.ctrl);
    modifiers.set(KeyModifiers::ALT, chord.alt);
    KeyEvent::new(chord.code, modifiers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_has_no_mistake_and_names_only_commands() {
        let stops = stops(&KeyMap::default()).unwrap_or_else(|report| panic!("{}", report.render(false)));
        assert!(stops.len() >= 8);
        for stop in &stops {
            assert!(!stop.title.is_empty() && !stop.text.contains('{'), "{stop:?}");
            // A key that is not there would be called by the name of the list of commands.
            assert!(!stop.text.contains("Ctrl-P, \""), "{stop:?}");
            assert!(stop.lines(80).len() <= 3, "too long for the card of 80 columns: {stop:?}");
        }
    }
}
