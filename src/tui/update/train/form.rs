//! Entering what is committed, and committing it.

use super::{exam, keep, pick, reveal, sitting};
use crate::pack::Amount;
use crate::training::{Act, Begun, CocktailCommit, Confidence, Decision, Mix, Part, PlanCommit, SkinCommit};
use crate::tui::app::App;
use crate::tui::effect::Effect;
use crate::tui::training::{Kind, Sitting, Slot, Spot, Want, Weight, slots};

/// The line that the cursor is on.
fn here(app: &mut App) -> Option<Slot> {
    let loaded = app.loaded()?;
    let sitting = sitting(app)?;
    slots(&loaded.pack, sitting).into_iter().nth(sitting.chosen)
}

/// Whether the cursor is on a line that only adds.
pub(super) fn on_adding(app: &mut App) -> bool {
    here(app).is_some_and(|slot| matches!(slot.kind, Kind::Add))
}

fn forward(app: &mut App) {
    if let Some(sitting) = sitting(app) {
        sitting.chosen += 1;
    }
}

/// A key that means something in the line the cursor is on.
pub fn key(app: &mut App, key: char) -> Option<Vec<Effect>> {
    let slot = here(app)?;
    let flags = matches!(sitting(app)?.begun, Begun::Contraindications(_));
    match &slot.kind {
        Kind::Choice(options, _) => {
            let at = options.iter().position(|option| option.key == key)?;
            let n = sitting(app)?.chosen;
            Some(take(app, n, at))
        }
        Kind::Number(typed, _) if key.is_ascii_digit() || matches!(key, '.' | ',') => {
            if typed.len() < 6 {
                write(app, &slot.spot, &format!("{typed}{key}"));
            }
            Some(keep(app))
        }
        _ if flags => {
            let at = ('1'..='3').position(|own| own == key)?;
            Some(pick::open(app, Want::Flag(Weight::ALL[at])))
        }
        _ => None,
    }
}

/// Takes an option of a line, and goes on to the next.
pub fn take(app: &mut App, line: usize, option: usize) -> Vec<Effect> {
    let Some(loaded) = app.loaded() else { return Vec::new() };
    let Some(sitting) = sitting(app) else { return Vec::new() };
    let Some(slot) = slots(&loaded.pack, sitting).into_iter().nth(line) else { return Vec::new() };
    let Kind::Choice(options, _) = &slot.kind else { return Vec::new() };
    let Some(taken) = options.get(option) else { return Vec::new() };
    sitting.chosen = line;
    let jotted = &mut sitting.jotted;
    match &slot.spot {
        Spot::Skin(question) => drop(jotted.skin.insert(question.clone(), taken.id.clone())),
        Spot::Twist => jotted.twist = taken.id.parse().ok(),
        Spot::Decision => {
            jotted.decision = Decision::WORDS.iter().find(|(word, _)| *word == taken.id).map(|(_, decision)| *decision);
        }
        Spot::Review => jotted.review = Some(taken.id == "yes"),
        _ => return Vec::new(),
    }
    forward(app);
    keep(app)
}

/// Writes a number where it belongs.
fn write(app: &mut App, spot: &Spot, text: &str) {
    let Some(sitting) = sitting(app) else { return };
    let jotted = &mut sitting.jotted;
    match spot {
        Spot::Skin(question) if text.is_empty() => drop(jotted.skin.remove(question)),
        Spot::Skin(question) => drop(jotted.skin.insert(question.clone(), text.to_owned())),
        Spot::Part(mix, part) => {
            if let Some((_, ml)) = jotted.mixes.get_mut(*mix).and_then(|mix| mix.parts.get_mut(*part)) {
                *ml = text.to_owned();
            }
        }
        Spot::Sessions => jotted.sessions = text.to_owned(),
        Spot::Interval => jotted.interval = text.to_owned(),
        Spot::Sure(n) => {
            if let Some(sure) = jotted.confidence.get_mut(*n) {
                *sure = text.to_owned();
            }
        }
        _ => {}
    }
}

/// Backspace: the last digit, or the answer.
pub fn clear(app: &mut App) -> Vec<Effect> {
    let Some(slot) = here(app) else { return Vec::new() };
    match (&slot.kind, &slot.spot) {
        (Kind::Number(typed, _), spot) => {
            let mut typed = typed.clone();
            typed.pop();
            write(app, spot, &typed);
        }
        (Kind::Choice(..), spot) => {
            let Some(sitting) = sitting(app) else { return Vec::new() };
            match spot {
                Spot::Skin(question) => drop(sitting.jotted.skin.remove(question)),
                Spot::Twist => sitting.jotted.twist = None,
                Spot::Decision => sitting.jotted.decision = None,
                Spot::Review => sitting.jotted.review = None,
                _ => {}
            }
        }
        (Kind::Entry, _) => return remove(app),
        _ => return Vec::new(),
    }
    keep(app)
}

/// Takes what the cursor is on off its list.
pub fn remove(app: &mut App) -> Vec<Effect> {
    let Some(slot) = here(app) else { return Vec::new() };
    let Some(sitting) = sitting(app) else { return Vec::new() };
    fn off<T>(list: &mut Vec<T>, at: usize) {
        if at < list.len() {
            list.remove(at);
        }
    }
    let jotted = &mut sitting.jotted;
    match slot.spot {
        Spot::Flag(weight, at) => off(weight.of(jotted), at),
        Spot::Mix(at) => off(&mut jotted.mixes, at),
        Spot::Part(mix, at) => {
            if let Some(mix) = jotted.mixes.get_mut(mix) {
                off(&mut mix.parts, at);
            }
        }
        Spot::Consent(at) => off(&mut jotted.consent, at),
        _ => {
            app.refuse("The cursor is on nothing that could be taken away.");
            return Vec::new();
        }
    }
    keep(app)
}

/// Opens the window of the line that adds, or of its list.
pub fn add(app: &mut App) -> Vec<Effect> {
    let Some(slot) = here(app) else { return Vec::new() };
    let want = match slot.spot {
        Spot::AddFlag(weight) | Spot::Flag(weight, _) => Want::Flag(weight),
        Spot::AddPart(mix) | Spot::Part(mix, _) | Spot::Mix(mix) => Want::Part(mix),
        Spot::AddMix => Want::Goal,
        Spot::AddConsent | Spot::Consent(_) => Want::Consent,
        _ => match sitting(app).map(|sitting| &sitting.begun) {
            Some(Begun::Cocktail(_)) => Want::Goal,
            Some(Begun::Plan(_)) => Want::Consent,
            _ => return Vec::new(),
        },
    };
    pick::open(app, want)
}

/// Enter.
pub fn accept(app: &mut App) -> Vec<Effect> {
    let Some(slot) = here(app) else { return Vec::new() };
    match (&slot.kind, &slot.spot) {
        (Kind::Add, _) => add(app),
        (Kind::Go, Spot::Begin) => {
            let mut effects = exam::starts(app);
            if let Some(sitting) = sitting(app) {
                sitting.brief = false;
                (sitting.chosen, sitting.top) = (0, 0);
            }
            effects.extend(keep(app));
            effects
        }
        (Kind::Go, _) => commit_here(app),
        _ => {
            forward(app);
            Vec::new()
        }
    }
}

/// The key that commits from anywhere. Where nothing was entered it only asks: held down it would commit stage after stage.
pub fn commit(app: &mut App) -> Vec<Effect> {
    let Some(attempt) = sitting(app) else { return Vec::new() };
    if attempt.brief || attempt.interviews() {
        return super::enough(app);
    }
    match nothing_entered(attempt) {
        Some(what) => ask_first(app, what),
        None => commit_now(app),
    }
}

/// Enter on the line that commits. That of the cocktail says itself that nothing is injected.
fn commit_here(app: &mut App) -> Vec<Effect> {
    let Some(attempt) = sitting(app) else { return Vec::new() };
    let told = attempt.warned || matches!(attempt.begun, Begun::Cocktail(_));
    match nothing_entered(attempt).filter(|_| !told) {
        Some(what) => ask_first(app, what),
        None => commit_now(app),
    }
}

/// What is missing where nothing was entered that a patient like this would be expected to have.
fn nothing_entered(attempt: &Sitting) -> Option<&'static str> {
    let jotted = &attempt.jotted;
    // Who does not treat injects nothing.
    let treats = matches!(jotted.decision, Some(Decision::Treat | Decision::Clearance));
    match &attempt.begun {
        Begun::Interview(_) if jotted.skin.is_empty() => Some("Nothing of the skin is entered."),
        Begun::Contraindications(_) if jotted.found.flags().next().is_none() => Some("No contraindication is named."),
        Begun::Cocktail(_) if treats && jotted.mixes.is_empty() => Some("Nothing is to be injected."),
        _ => None,
    }
}

/// Asks whether the stage is committed all the same, and goes to where that is said.
fn ask_first(app: &mut App, what: &str) -> Vec<Effect> {
    put_on(app, &Spot::Commit);
    if let Some(attempt) = sitting(app) {
        attempt.warned = true;
    }
    app.refuse(&format!("{what} Commit without any? Enter does."));
    Vec::new()
}

/// Commits the stage.
fn commit_now(app: &mut App) -> Vec<Effect> {
    let (_, now) = (app.birth)();
    let Some(attempt) = sitting(app) else { return Vec::new() };
    let act = match act(attempt) {
        Ok(act) => act,
        Err((why, spot)) => {
            app.refuse(why);
            put_on(app, &spot);
            return Vec::new();
        }
    };
    let at = attempt.seconds(now);
    if let Err(why) = attempt.act(act, at) {
        app.refuse(&why);
        return Vec::new();
    }
    attempt.jotted.twist = None;
    attempt.warned = false;
    (attempt.chosen, attempt.top) = (0, 0);
    if attempt.begun.sealed().is_some() {
        return reveal::finish(app);
    }
    keep(app)
}

/// Puts the cursor where something is missing.
pub(super) fn put_on(app: &mut App, spot: &Spot) {
    let Some(loaded) = app.loaded() else { return };
    if let Some(sitting) = sitting(app)
        && let Some(at) = slots(&loaded.pack, sitting).iter().position(|slot| slot.spot == *spot)
    {
        sitting.chosen = at;
    }
}

/// What was entered as an act; or what is missing, and where.
fn act(sitting: &Sitting) -> Result<Act, (&'static str, Spot)> {
    let jotted = &sitting.jotted;
    Ok(match &sitting.begun {
        Begun::Interview(_) => Act::Skin(SkinCommit { findings: jotted.skin.clone() }),
        Begun::Contraindications(_) => Act::Contraindications(jotted.found.clone()),
        Begun::Decision(attempt) if sitting.twists_answered() < attempt.patient().case().twists.len() => {
            let answer = jotted.twist.ok_or(("Say whether it is more or less tenable.", Spot::Twist))?;
            Act::Twist { answer }
        }
        Begun::Decision(_) => {
            Act::Decide { decision: jotted.decision.ok_or(("Decide first: one of the five.", Spot::Decision))? }
        }
        Begun::Cocktail(_) => Act::Cocktail(cocktail(sitting)?),
        Begun::Plan(_) => Act::Plan(plan(sitting)?),
        Begun::Confidence(_) => {
            let sure = |n: usize| {
                let typed = jotted.confidence.get(n).map_or("", String::as_str);
                typed
                    .parse()
                    .ok()
                    .filter(|percent| *percent <= 100_u8)
                    .ok_or(("Say how sure you are: a whole number from 0 to 100.", Spot::Sure(n)))
            };
            Act::Seal(Confidence { contraindications: sure(0)?, decision: sure(1)?, cocktail: sure(2)? })
        }
        Begun::Sealed(_) => return Err(("The attempt is sealed.", Spot::Commit)),
    })
}

fn cocktail(sitting: &Sitting) -> Result<CocktailCommit, (&'static str, Spot)> {
    let mut mixes = Vec::new();
    for (n, mix) in sitting.jotted.mixes.iter().enumerate() {
        if mix.parts.is_empty() {
            return Err(("This syringe is empty: add an ingredient, or take it away.", Spot::AddPart(n)));
        }
        let mut ingredients = Vec::new();
        for (at, (id, typed)) in mix.parts.iter().enumerate() {
            let ml = Amount::parse(typed).filter(|ml| *ml > Amount::ZERO);
            let ml = ml.ok_or(("How many mL of it? A number such as 1 or 0.5.", Spot::Part(n, at)))?;
            ingredients.push(Part { id: id.clone(), volume_ml: ml.as_f64() });
        }
        mixes.push(Mix { goal: mix.goal.clone(), area: mix.area.clone(), ingredients });
    }
    Ok(CocktailCommit { mixes })
}

fn plan(sitting: &Sitting) -> Result<PlanCommit, (&'static str, Spot)> {
    let jotted = &sitting.jotted;
    let whole = |typed: &str| typed.trim().parse::<u32>().ok().filter(|n| *n <= 1000);
    let sessions = whole(&jotted.sessions).ok_or(("How many sessions? 0: no course is planned.", Spot::Sessions))?;
    if sessions == 0 {
        return Ok(PlanCommit::default());
    }
    let interval = match whole(&jotted.interval) {
        None if sessions > 1 => return Err(("How many days between the sessions?", Spot::Interval)),
        days => days.unwrap_or(0),
    };
    let review = jotted.review.ok_or(("Is a review planned?", Spot::Review))?;
    Ok(PlanCommit { sessions, interval_days: interval, review, consent: jotted.consent.clone() })
}
