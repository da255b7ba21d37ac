//! The window of a mix of one's own: where the cursor is, and what is typed there. Its changes are tried by the mixer.

use tui_input::Input;

use super::change::{self, change};
use super::show::subject;
use crate::plan::{Cocktail, MixChoice, OwnMix, OwnPart};
use crate::source::Amount;
use crate::tui::app::{App, Consult, Loaded, MixFinding, MixForm, Popup, Subject};
use crate::tui::effect::Effect;
use crate::tui::mixer::{self, Bench, Tried, read_ml};

/// A tenth of a mL; below it, a hundredth.
const STEP: u32 = 100;
const SMALL_STEP: u32 = 10;
/// A two-hundredth of a mL, for one point.
const POINT_STEP: u32 = 5;

/// A line of the window.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Row {
    /// The nth ingredient.
    Part(usize),
    /// What one point holds.
    Point,
    /// Add an ingredient.
    Add,
}

/// The lines that the cursor can be on.
#[must_use]
pub fn rows(cocktail: &Cocktail) -> Vec<Row> {
    let parts = (0..cocktail.ingredients.len()).map(Row::Part);
    parts.chain(cocktail.point_ml.map(|_| Row::Point)).chain([Row::Add]).collect()
}

/// The mix under the cursor, of the open window, the explanation or the plan.
fn place(app: &App) -> Option<(String, String)> {
    if let Some(Popup::Mix(form)) = app.popups.last() {
        return Some((form.goal.clone(), form.area.clone()));
    }
    let plan = app.consult()?.assessment.plan.as_ref()?;
    let at = match subject(app) {
        Some(Subject::Cocktail(at) | Subject::Dose(at, _) | Subject::Alternative(at, _)) => at,
        // The only one there is, wherever the cursor is.
        _ if plan.cocktails.len() == 1 => 0,
        _ => return None,
    };
    plan.cocktails.get(at).map(|cocktail| (cocktail.goal.clone(), cocktail.area.clone()))
}

/// The open window and the cocktail it is about.
fn current(app: &App) -> Option<(&MixForm, &Cocktail)> {
    let Some(Popup::Mix(form)) = app.popups.last() else { return None };
    Some((form, mixer::cocktail(&app.consult()?.assessment, &(form.goal.clone(), form.area.clone()))?))
}

/// Opens the mix the cursor is on.
pub fn open(app: &mut App) -> Vec<Effect> {
    let Some((goal, area)) = place(app) else {
        app.refuse("Move to a cocktail first.");
        return Vec::new();
    };
    app.popups.retain(|popup| !matches!(popup, Popup::Explain { .. }));
    app.popups.push(Popup::Mix(MixForm { goal, area, chosen: 0, line: None, finding: None, why: None, top: 0 }));
    Vec::new()
}

/// Back to the proposal.
pub fn reset(app: &mut App) -> Vec<Effect> {
    let Some(consult) = app.consult() else { return Vec::new() };
    let mixes = &consult.sheet.mixes;
    // On the plan, one that is refused has no cocktail to stand on: the only mix there is, is meant.
    let only = || mixes.keys().next().filter(|_| mixes.len() == 1).cloned();
    let Some(key) = place(app).filter(|key| mixes.contains_key(key)).or_else(only) else {
        app.refuse("That is the proposal already.");
        return Vec::new();
    };
    let effects = change(app, |sheet| {
        sheet.mixes.remove(&key);
    });
    let undo = app.settings.keys.say("mix.undo");
    app.tell(format!("Back to the proposal. {undo} brings your mix back."));
    effects
}

/// Undo, where the window is over the plan: what it is about must still be there.
pub fn undo(app: &mut App) -> Vec<Effect> {
    let windows = std::mem::take(&mut app.popups);
    let effects = change::undo(app);
    app.popups = windows;
    if current(app).is_none() {
        app.popups.pop();
    }
    effects
}

/// Tries a change on the whole assessment: taken, or refused with the reason.
fn attempt(app: &mut App, edit: impl FnOnce(&mut OwnMix)) -> Vec<Effect> {
    if let Some(Popup::Mix(form)) = app.popups.last_mut() {
        form.why = None;
    }
    let Some((form, _)) = current(app) else { return Vec::new() };
    let place = (form.goal.clone(), form.area.clone());
    let (Some(loaded), Some(consult)) = (app.loaded(), app.consult()) else { return Vec::new() };
    let Some(tried) = bench(app, &loaded, consult).attempt(&place, edit) else { return Vec::new() };
    let effects = change(app, |sheet| tried.keep(&place, sheet));
    match tried {
        Tried::Refused(why) | Tried::Taken { short: Some(why), .. } => say(app, &why),
        Tried::Taken { mix: None, .. } => app.tell("As proposed."),
        Tried::Taken { .. } => {
            let undo = app.settings.keys.say("mix.undo");
            app.tell(format!("Taken: vetted by the same rules. {undo} takes it back."));
        }
    }
    effects
}

fn bench<'a>(app: &'a App, loaded: &'a Loaded, consult: &'a Consult) -> Bench<'a> {
    let (sheet, assessment) = (&consult.sheet, &consult.assessment);
    Bench { pack: &loaded.pack, sheet, assessment, open: &app.settings.open, day: sheet.day(app.today) }
}

/// Says why something was not taken: in the line of remarks, and whole in the window until the next change.
fn say(app: &mut App, why: &str) {
    app.refuse(why);
    if let Some(Popup::Mix(form)) = app.popups.last_mut() {
        form.why = Some(why.to_owned());
    }
}

fn row(app: &App) -> Option<Row> {
    let (form, cocktail) = current(app)?;
    rows(cocktail).get(form.chosen).copied()
}

/// A little more, or less.
pub fn step(app: &mut App, more: bool) -> Vec<Effect> {
    let Some((_, cocktail)) = current(app) else { return Vec::new() };
    let point = cocktail.point_ml.and_then(Amount::from_f64).map_or(0, |ml| ml.as_thousandths() as u32);
    let by = |ul: u32, large: u32, small: u32| {
        let step = if ul > large || (more && ul >= large) { large } else { small };
        if more { ul + step } else { ul.saturating_sub(step).max(small) }
    };
    match row(app) {
        Some(Row::Part(n)) => attempt(app, |mix| {
            if let Some(part) = mix.parts.get_mut(n) {
                part.ul = by(part.ul, STEP, SMALL_STEP);
            }
        }),
        Some(Row::Point) => attempt(app, |mix| mix.point_ul = Some(by(point, POINT_STEP, POINT_STEP))),
        Some(Row::Add) | None => {
            app.refuse("Move to an ingredient, or to the points.");
            Vec::new()
        }
    }
}

/// Leaves the ingredient out.
pub fn remove(app: &mut App) -> Vec<Effect> {
    match row(app) {
        Some(Row::Part(n)) => attempt(app, |mix| {
            if n < mix.parts.len() {
                mix.parts.remove(n);
            }
        }),
        _ => {
            app.refuse("Move to an ingredient first.");
            Vec::new()
        }
    }
}

/// Looks for an ingredient: to add it, or in the place of the one the cursor is on.
pub fn find(app: &mut App, swap: bool) -> Vec<Effect> {
    let instead = match row(app) {
        Some(Row::Part(n)) if swap => Some(n),
        _ if swap => {
            app.refuse("Move to an ingredient first.");
            return Vec::new();
        }
        _ => None,
    };
    if let Some(Popup::Mix(form)) = app.popups.last_mut() {
        form.finding = Some(MixFinding { instead, ..MixFinding::default() });
        form.top = 0;
    }
    Vec::new()
}

/// What was typed changed: the cursor goes to the first hit.
pub fn search(app: &mut App) {
    if let Some(Popup::Mix(MixForm { finding: Some(finding), top, .. })) = app.popups.last_mut() {
        (finding.chosen, *top) = (0, 0);
    }
}

/// The ingredients that match what was typed, and why a rule keeps one out.
#[must_use]
pub fn found(app: &App) -> Vec<(MixChoice, Option<String>)> {
    let (Some((form, cocktail)), Some(loaded), Some(consult)) = (current(app), app.loaded(), app.consult()) else {
        return Vec::new();
    };
    let Some(finding) = &form.finding else { return Vec::new() };
    bench(app, &loaded, consult).choices(cocktail, finding.query.value())
}

/// Enter: change the line, or take what was typed or found.
pub fn accept(app: &mut App) -> Vec<Effect> {
    let Some((form, _)) = current(app) else { return Vec::new() };
    if let Some(line) = &form.line {
        let typed = line.value().trim().to_owned();
        return take_line(app, &typed);
    }
    if let Some(finding) = &form.finding {
        let (at, instead) = (finding.chosen, finding.instead);
        return take_found(app, at, instead);
    }
    match row(app) {
        Some(Row::Part(_) | Row::Point) => {
            if let Some(Popup::Mix(form)) = app.popups.last_mut() {
                form.line = Some(Input::default());
            }
            Vec::new()
        }
        Some(Row::Add) | None => find(app, false),
    }
}

/// Takes a volume as it was typed.
fn take_line(app: &mut App, typed: &str) -> Vec<Effect> {
    let at = row(app);
    if typed.is_empty() {
        stop_typing(app);
        return Vec::new();
    }
    let ul = match read_ml(typed, at == Some(Row::Point)) {
        Ok(ul) => ul,
        Err(why) => {
            app.refuse(&why);
            return Vec::new();
        }
    };
    stop_typing(app);
    match at {
        Some(Row::Part(n)) => attempt(app, |mix| {
            if let Some(part) = mix.parts.get_mut(n) {
                part.ul = ul;
            }
        }),
        Some(Row::Point) => attempt(app, |mix| mix.point_ul = Some(ul)),
        Some(Row::Add) | None => Vec::new(),
    }
}

/// Takes the ingredient the cursor is on; a swap keeps the volume, as far as that goes.
fn take_found(app: &mut App, at: usize, instead: Option<usize>) -> Vec<Effect> {
    let Some((choice, out)) = found(app).into_iter().nth(at) else {
        app.refuse("No other ingredient of a recipe for this goal and area.");
        return Vec::new();
    };
    stop_typing(app);
    if let Some(why) = out {
        say(app, &format!("Not taken: {} is {why}.", choice.label));
        return Vec::new();
    }
    attempt(app, |mix| match instead.and_then(|n| mix.parts.get_mut(n)) {
        Some(part) => *part = OwnPart { ul: part.ul.min(choice.most_ul), ingredient: choice.id },
        None => mix.parts.push(OwnPart { ingredient: choice.id, ul: choice.most_ul }),
    })
}

/// Esc while something is typed: back to the mix.
pub fn stop_typing(app: &mut App) {
    if let Some(Popup::Mix(form)) = app.popups.last_mut() {
        (form.line, form.finding, form.top) = (None, None, 0);
    }
}
