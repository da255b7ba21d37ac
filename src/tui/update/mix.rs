//! A mix of one's own: each change is tried on the whole assessment first, and taken only if the rules leave it. What is
//! kept is what the plan then gives, never what was asked for.

use tui_input::Input;

use super::change::{self, change};
use super::show::subject;
use crate::pack::NumberKind;
use crate::plan::{Assessment, Cocktail, MixChoice, OwnMix, OwnPart};
use crate::source::Amount;
use crate::tui::app::{App, MixFinding, MixForm, Popup, Subject};
use crate::tui::effect::Effect;
use crate::tui::engine;
use crate::tui::form::read_number;
use crate::tui::sheet::Sheet;

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

fn cocktail<'a>(assessment: &'a Assessment, goal: &str, area: &str) -> Option<&'a Cocktail> {
    assessment.plan.as_ref()?.cocktails.iter().find(|c| c.goal == goal && c.area == area)
}

/// The open window and the cocktail it is about.
fn current(app: &App) -> Option<(&MixForm, &Cocktail)> {
    let Some(Popup::Mix(form)) = app.popups.last() else { return None };
    Some((form, cocktail(&app.consult()?.assessment, &form.goal, &form.area)?))
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
    app.tell("Back to the proposal. u brings your mix back.");
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
    let Some((_, cocktail_now)) = current(app) else { return Vec::new() };
    let (Some(loaded), Some(consult)) = (app.loaded(), app.consult()) else { return Vec::new() };
    let mut mix = OwnMix::of(cocktail_now);
    let key = (mix.goal.clone(), mix.area.clone());
    mix.point_ul = consult.sheet.mixes.get(&key).and_then(|own| own.point_ul);
    let before = mix.clone();
    edit(&mut mix);
    let tried = |mix: Option<&OwnMix>| -> (Sheet, Assessment) {
        let mut sheet = consult.sheet.clone();
        sheet.mixes.remove(&key);
        sheet.mixes.extend(mix.map(|mix| (key.clone(), mix.clone())));
        let assessment = engine::assess(&loaded.pack, &sheet, &app.settings.open, sheet.day(app.today));
        (sheet, assessment)
    };
    let (_, proposed) = tried(None);
    let (_, assessment) = tried(Some(&mix));
    let why = match &assessment.plan {
        None => match assessment.missing.first() {
            Some(missing) => Some(format!("it needs an answer first: {}", missing.label)),
            None => Some("there would be no plan".to_owned()),
        },
        Some(plan) => plan.refused.iter().find(|r| r.goal == key.0 && r.area == key.1).map(|r| r.why.clone()),
    };
    if let Some(why) = why {
        say(app, &format!("Not taken: {why}{}", if why.ends_with('.') { "" } else { "." }));
        return Vec::new();
    }
    let Some(given) = cocktail(&assessment, &key.0, &key.1) else { return Vec::new() };
    let kept = OwnMix { point_ul: mix.point_ul, ..OwnMix::of(given) };
    let most = |id: &str| {
        let choices = engine::mix_choices(&loaded.pack, &consult.sheet, consult.sheet.day(app.today), &mix);
        choices.iter().find(|choice| choice.id == id).map(|choice| choice.most_ul)
    };
    let short = short_of(&mix, given, most);
    if let Some((id, words)) = &short
        && let Some(was) = before.parts.iter().find(|part| part.ingredient == *id)
        && before.parts.len() == mix.parts.len()
    {
        // What was asked for cannot be had: what was there stays, and is not replaced by something nobody asked for.
        let words = format!("Not taken: {words} {} mL stays.", f64::from(was.ul) / 1000.0);
        say(app, &words);
        return Vec::new();
    }
    let same = cocktail(&proposed, &key.0, &key.1).is_some_and(|was| {
        was.ingredients.len() == given.ingredients.len()
            && was.ingredients.iter().all(|dose| given.ingredients.contains(dose))
            && was.point_ml == given.point_ml
    });
    let effects = change(app, |sheet| {
        if same {
            sheet.mixes.remove(&key);
        } else {
            sheet.mixes.insert(key, kept);
        }
    });
    match short {
        Some((_, words)) => say(app, &words),
        None if same => app.tell("As proposed."),
        None => app.tell("Taken: vetted by the same rules. u takes it back."),
    }
    effects
}

/// Says why something was not taken: in the line of remarks, and whole in the window until the next change.
fn say(app: &mut App, why: &str) {
    app.refuse(why);
    if let Some(Popup::Mix(form)) = app.popups.last_mut() {
        form.why = Some(why.to_owned());
    }
}

/// What was asked for and is not given in full: the ingredient, and whether a recipe or a limit is the reason. `most` is
/// what the recipes give of one at most.
fn short_of(asked: &OwnMix, given: &Cocktail, most: impl Fn(&str) -> Option<u32>) -> Option<(String, String)> {
    asked.parts.iter().find_map(|part| {
        let dose = given.ingredients.iter().find(|dose| dose.id == part.ingredient)?;
        let asked = f64::from(part.ul) / 1000.0;
        if asked - dose.volume_ml <= 0.009 {
            return None;
        }
        let words = match most(&part.ingredient).filter(|most| part.ul > *most) {
            Some(most) => {
                let most = f64::from(most) / 1000.0;
                format!("{}: {most} mL is the most that a recipe gives here, whatever the limits leave.", dose.label)
            }
            None => format!("{}: {} mL is the most that the limits leave here.", dose.label, dose.volume_ml),
        };
        Some((dose.id.clone(), words))
    })
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
    let mix = OwnMix::of(cocktail);
    let words = finding.query.value().trim().to_lowercase();
    let day = consult.sheet.day(app.today);
    let all = engine::mix_choices(&loaded.pack, &consult.sheet, day, &mix);
    let open = all.into_iter().filter(|choice| !mix.parts.iter().any(|part| part.ingredient == choice.id));
    let matching = open.filter(|choice| {
        let also = loaded.pack.ingredients.get(&choice.id).map_or(&[][..], |item| &item.also);
        let mut names = std::iter::once(&choice.label).chain(also);
        names.any(|name| name.to_lowercase().contains(&words))
    });
    let out = |id: &str| {
        let row = consult.assessment.excluded.iter().find(|row| row.kind == "ingredient" && row.id == id)?;
        let title =
            |rule: &String| consult.assessment.findings.iter().find(|f| f.rule == *rule).map(|f| f.title.clone());
        Some(row.rules.iter().filter_map(title).next().unwrap_or_else(|| "a rule".to_owned()))
    };
    let vetted = matching.map(|choice| {
        let why = out(&choice.id).map(|why| format!("excluded: {why}"));
        (choice, why)
    });
    vetted.collect()
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
    let decimals = if at == Some(Row::Point) { 3 } else { 2 };
    let kind = NumberKind { min: Amount::thousandths(5), max: Amount::whole(50), decimals, unit: "mL".to_owned() };
    let ul = match read_number(&kind, typed) {
        Ok(amount) => u32::try_from(amount.as_thousandths()).unwrap_or(0),
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
