//! Short cards: dealing, answering; and how one is getting on.

use super::{chore, show, training};
use crate::pack::Amount;
use crate::training::{About, Asked, Given, MINUTES, Session, ShortCard, plain_card, progress};
use crate::tui::app::App;
use crate::tui::effect::Effect;
use crate::tui::training::{Card, Chore, On, Short, Standing};

/// Longer is no figure of any card.
const LONGEST: usize = 9;

fn short(app: &mut App) -> Option<&mut Short> {
    match &mut training(app)?.on {
        On::Short(short) => Some(short),
        _ => None,
    }
}

/// Begins a session.
pub fn open(app: &mut App) -> Vec<Effect> {
    let Some(loaded) = app.loaded() else { return Vec::new() };
    let (_, now) = (app.birth)();
    let today = app.today;
    let Some(view) = training(app) else { return Vec::new() };
    let cards = view.hall.shelf.as_ref().map(|shelf| shelf.cards.clone()).unwrap_or_default();
    // Another seed each time: it moves on with every answer.
    let seed = cards.0.values().map(|card| u64::from(card.reviews)).sum();
    let session = Session::new(&loaded.pack, &cards, today, seed, MINUTES);
    show(app, On::Short(Box::new(Short::new(session, cards, now))));
    deal(app)
}

/// The next card; one that needs a patient is made beside the screen.
fn deal(app: &mut App) -> Vec<Effect> {
    let Some(loaded) = app.loaded() else { return Vec::new() };
    let (_, now) = (app.birth)();
    let today = app.today;
    let Some(short) = short(app) else { return Vec::new() };
    let at = short.seconds(now);
    loop {
        let Some((id, seed)) = short.session.draw(at) else {
            short.shown = Card::Over;
            (short.left, short.chosen, short.top) = (short.session.left(at), 0, 0);
            return Vec::new();
        };
        if About::of(&id) == About::Rule {
            short.shown = Card::Coming;
            return chore(Chore::Card(id, seed, today));
        }
        if let Some(card) = plain_card(&loaded.pack, &id, seed) {
            short.show(card, now);
            return Vec::new();
        }
    }
}

/// A card was made, or it cannot be: then the next one comes.
pub fn made(app: &mut App, card: Option<Box<ShortCard>>) -> Vec<Effect> {
    let (_, now) = (app.birth)();
    match (short(app).filter(|short| matches!(short.shown, Card::Coming)), card) {
        (Some(short), Some(card)) => {
            short.show(*card, now);
            Vec::new()
        }
        (Some(_), None) => deal(app),
        // The session was left meanwhile.
        (None, _) => Vec::new(),
    }
}

/// Enter: takes the option, the number, the next card.
pub fn accept(app: &mut App) -> Vec<Effect> {
    let Some(short) = short(app) else { return Vec::new() };
    let given = match &short.shown {
        Card::Coming => return Vec::new(),
        Card::Over => return super::back(app, crate::tui::context::Context::Card),
        Card::Answered(..) => return deal(app),
        Card::Asked(card) => match &card.asked {
            Asked::OneOf(options) => Some(Given::Option(short.chosen.min(options.len().saturating_sub(1)))),
            Asked::Number { .. } => Amount::parse(&short.typed).map(Given::Number),
        },
    };
    match given {
        Some(given) => answer(app, given),
        None => {
            let pass = app.settings.keys.say("card.pass");
            app.refuse(&format!("Type the number, then Enter; {pass} when you do not know."));
            Vec::new()
        }
    }
}

/// Not known: it comes again, and nobody has to guess.
pub fn pass(app: &mut App) -> Vec<Effect> {
    answer(app, Given::Pass)
}

fn answer(app: &mut App, given: Given) -> Vec<Effect> {
    let (_, now) = (app.birth)();
    let today = app.today;
    let note = short(app).and_then(|short| short.answer(given, now, today));
    note.map_or_else(Vec::new, |(card, rating)| chore(Chore::Note(card, rating, today)))
}

/// A key of the card: the number of an option, a digit of a figure.
pub fn key(app: &mut App, key: char) -> Option<Vec<Effect>> {
    let short = short(app)?;
    let Card::Asked(card) = &short.shown else { return None };
    match &card.asked {
        Asked::OneOf(options) => {
            let n = usize::try_from(key.to_digit(10)?).ok()?.checked_sub(1).filter(|n| *n < options.len())?;
            short.chosen = n;
            Some(answer(app, Given::Option(n)))
        }
        Asked::Number { .. } if key.is_ascii_digit() || matches!(key, '.' | ',') => {
            if short.typed.len() < LONGEST {
                short.typed.push(key);
            }
            Some(Vec::new())
        }
        Asked::Number { .. } => None,
    }
}

/// The last digit.
pub fn clear(app: &mut App) -> Vec<Effect> {
    if let Some(short) = short(app) {
        short.typed.pop();
    }
    Vec::new()
}

/// How one is getting on.
pub fn standing(app: &mut App) -> Vec<Effect> {
    let Some(loaded) = app.loaded() else { return Vec::new() };
    let today = app.today;
    let Some(school) = &loaded.school else { return Vec::new() };
    let Some(view) = training(app) else { return Vec::new() };
    let shelf = view.hall.shelf.clone().unwrap_or_default();
    let own = progress(&loaded.pack, &school.subjects, &school.cases, &shelf.cards, &shelf.results, today);
    show(app, On::Progress(Box::new(Standing { progress: own, chosen: 0, top: 0 })));
    Vec::new()
}
