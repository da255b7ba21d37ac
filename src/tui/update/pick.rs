//! Windows in which one finds and adds: coded items, goals, areas.

use std::collections::BTreeSet;

use tui_input::Input;

use super::change::{self, change, keep};
use super::{ask, list};
use crate::find::Hit;
use crate::intake::{Answer, Entry, GoalEntry, What};
use crate::pack::{List, Pack, QuestionIx, QuestionKind};
use crate::tui::app::{App, Areas, Part, Picker, Popup};
use crate::tui::effect::Effect;
use crate::tui::finder::Shelf;
use crate::tui::form;
use crate::tui::text;

/// Hits worth drawing; more than anyone reads.
const HITS: usize = 60;

/// Opens the picker of the question with the focus.
pub fn open(app: &mut App) -> Vec<Effect> {
    let effects = ask::leave(app);
    let Some(loaded) = app.loaded() else { return effects };
    let Some(ix) = app.consult().and_then(|consult| consult.question) else { return effects };
    let shelf = match loaded.pack.questions[ix].kind {
        QuestionKind::List(list) => Shelf::List(list),
        QuestionKind::Goals => Shelf::Goals,
        _ => return effects,
    };
    // What was typed before and not added is gone on with.
    let typed = app.consult().and_then(|consult| consult.sheet.pending.get(&loaded.pack.questions[ix].id).cloned());
    app.popups.push(Popup::Picker(Picker {
        question: ix,
        shelf,
        query: Input::new(typed.unwrap_or_default()),
        hits: Vec::new(),
        chosen: None,
        added: Vec::new(),
        leaving: false,
        first_added: None,
        top: 0,
    }));
    search(app);
    effects
}

/// Looks again after the query changed.
pub fn search(app: &mut App) {
    let Some(loaded) = app.loaded() else { return };
    let earlier = said_earlier(app);
    if let Some(Popup::Picker(picker)) = app.popups.last_mut() {
        let query = picker.query.value().trim();
        picker.hits = loaded.finder.search(&loaded.pack, picker.shelf, query, HITS);
        if query.is_empty() && picker.shelf == Shelf::Goals {
            // In the order of the pack, which begins with the usual ones: their digits never change.
            picker.hits.sort_by_key(|hit| hit.position);
        }
        if query.is_empty() {
            let known: Vec<Hit> = earlier.iter().filter_map(|id| hit_of(&loaded.pack, picker.shelf, id)).collect();
            picker.hits.retain(|hit| !earlier.contains(&hit.id));
            picker.hits.splice(0..0, known);
        }
        picker.top = 0;
        // With an empty line nothing is chosen: there Enter means "done". Nor is a name that is merely similar: what
        // was meant must be said.
        let sure = !query.is_empty() && !picker.hits.first().is_some_and(|hit| hit.similar);
        picker.chosen = (sure || query.is_empty() && picker.shelf == Shelf::Goals).then_some(0);
    }
}

/// What was typed is another text now: it is looked for, and kept in the draft as what is being typed elsewhere is.
pub fn changed(app: &mut App) -> Vec<Effect> {
    search(app);
    let Some(Popup::Picker(picker)) = app.popups.last_mut() else { return Vec::new() };
    picker.leaving = false;
    let (question, typed) = (picker.question, picker.query.value().to_owned());
    hold(app, question, &typed)
}

/// Keeps what is typed in a picker, or lets it go.
fn hold(app: &mut App, question: QuestionIx, typed: &str) -> Vec<Effect> {
    let Some(loaded) = app.loaded() else { return Vec::new() };
    let id = &loaded.pack.questions[question].id;
    keep(app, |sheet| match typed.trim() {
        "" => drop(sheet.pending.remove(id)),
        _ => drop(sheet.pending.insert(id.clone(), typed.to_owned())),
    })
}

/// What this patient's own last consultation held of the list of the open picker, and this one does not yet. Nothing of any
/// other patient is ever offered.
#[must_use]
pub fn said_earlier(app: &App) -> Vec<String> {
    let (Some(Popup::Picker(picker)), Some(loaded), Some(consult)) = (app.popups.last(), app.loaded(), app.consult())
    else {
        return Vec::new();
    };
    let id = &loaded.pack.questions[picker.question].id;
    let Some(carried) = &consult.sheet.carried else { return Vec::new() };
    let now = consult.sheet.intake.entries(id);
    let before = carried.said.entries(id).iter().filter(|entry| !now.iter().any(|other| other.what == entry.what));
    before
        .filter_map(|entry| match &entry.what {
            What::Coded(id) => Some(id.clone()),
            What::FreeText(_) => None,
        })
        .collect()
}

fn hit_of(pack: &Pack, shelf: Shelf, id: &str) -> Option<Hit> {
    let Shelf::List(list) = shelf else { return None };
    let position = pack.list(list).find(id)?.get();
    let label = pack.list(list).get(id)?.label.clone();
    let matched = label.clone();
    Some(Hit {
        id: id.to_owned(),
        label,
        matched,
        score: 0,
        exact: false,
        similar: false,
        highlights: Vec::new(),
        position,
    })
}

/// The digit of the nth goal, while nothing is typed.
#[must_use]
pub fn goal_digit(picker: &Picker, n: usize) -> Option<char> {
    let open = picker.shelf == Shelf::Goals && picker.query.value().is_empty();
    ('1'..='9').nth(n).filter(|_| open)
}

/// A digit that stands for a goal.
pub fn goal_key(app: &mut App, key: char) -> Option<Vec<Effect>> {
    let Some(Popup::Picker(picker)) = app.popups.last() else { return None };
    let at = (0..picker.hits.len()).find(|n| goal_digit(picker, *n) == Some(key))?;
    let goal = picker.hits.get(at)?.id.clone();
    Some(add_goal(app, &goal))
}

/// How many rows one can choose: the hits, and what was typed as free text.
#[must_use]
pub fn choices(picker: &Picker) -> usize {
    picker.hits.len() + usize::from(offers_free_text(picker))
}

/// Whether what was typed may be kept in words.
#[must_use]
pub fn offers_free_text(picker: &Picker) -> bool {
    picker.shelf != Shelf::Goals && !picker.query.value().trim().is_empty()
}

/// Adds what the cursor is on.
pub fn add(app: &mut App) -> Vec<Effect> {
    let Some(Popup::Picker(picker)) = app.popups.last() else { return Vec::new() };
    let Some(chosen) = picker.chosen else {
        if picker.query.value().trim().is_empty() {
            return done(app);
        }
        app.refuse("Nothing matches exactly: ↓ goes to what is similar, and to keeping your words.");
        return Vec::new();
    };
    let picker = picker.clone();
    if picker.shelf == Shelf::Goals {
        return match picker.hits.get(chosen) {
            Some(hit) => add_goal(app, &hit.id),
            None => Vec::new(),
        };
    }
    let words = picker.query.value().trim().to_owned();
    let (entry, name) = match picker.hits.get(chosen) {
        Some(hit) => (Entry::coded(&hit.id), hit.label.clone()),
        None if words.is_empty() => return Vec::new(),
        None => (Entry::free_text(&words), format!("\"{words}\"")),
    };
    add_entry(app, &picker, entry, &name)
}

fn add_entry(app: &mut App, picker: &Picker, entry: Entry, name: &str) -> Vec<Effect> {
    let (Some(loaded), Some(consult)) = (app.loaded(), app.consult()) else { return Vec::new() };
    let id = loaded.pack.questions[picker.question].id.clone();
    let entries = consult.sheet.intake.entries(&id);
    // The same event may have happened twice; the same disease or allergy has not.
    let twice = picker.shelf != Shelf::List(List::Events) && entries.iter().any(|other| other.what == entry.what);
    if twice {
        app.refuse(&format!("{name} is on the list already."));
        return Vec::new();
    }
    let at = entries.len();
    let free = matches!(entry.what, What::FreeText(_));
    // Before the change, so that taking it back does not bring the typed letters back as well.
    let mut effects = hold(app, picker.question, "");
    effects.extend(change(app, |sheet| list::with_entries(sheet, &id, |entries| entries.push(entry))));
    if let Some(Popup::Picker(picker)) = app.popups.last_mut() {
        picker.query.reset();
        picker.first_added.get_or_insert(at);
        picker.added.push(name.to_owned());
    }
    search(app);
    app.tell(if free { format!("{name} kept in words: not checked by rules.") } else { format!("{name} added.") });
    effects
}

/// Enter on an empty line: what was added still needs something, or one goes on. With nothing added, it only closes.
fn done(app: &mut App) -> Vec<Effect> {
    let added = matches!(app.popups.last(), Some(Popup::Picker(picker)) if !picker.added.is_empty());
    let mut effects = close(app);
    if let Some(consult) = app.consult_mut() {
        consult.onward = added;
    }
    effects.extend(list::go_on(app));
    effects
}

/// Esc: closes the picker and goes to what the new entries still need. What is typed and not added is said first.
pub fn close(app: &mut App) -> Vec<Effect> {
    let mut effects = Vec::new();
    if let Some(Popup::Picker(picker)) = app.popups.last_mut() {
        let words = text::fit(picker.query.value().trim(), 24);
        let question = picker.question;
        if !words.is_empty() && !picker.leaving {
            picker.leaving = true;
            let add = if picker.chosen.is_some() { "Enter adds it" } else { "↓ and Enter choose" };
            app.refuse(&format!("\"{words}\" is not added yet. {add}; Esc again leaves it out."));
            return effects;
        }
        if !words.is_empty() {
            effects = hold(app, question, "");
            change::assess(app);
            app.tell(format!("\"{words}\" was left out."));
        }
    }
    if let Some(Popup::Picker(picker)) = app.popups.pop()
        && picker.shelf != Shelf::Goals
    {
        list::focus_open(app, picker.first_added);
    }
    effects
}

/// A picker is left for another step: what is typed there and not added leaves its question open.
pub fn left(app: &mut App) {
    let Some(Popup::Picker(picker)) = app.popups.last() else { return };
    let words = text::fit(picker.query.value().trim(), 24);
    if !words.is_empty() {
        let title = picker.shelf.title();
        change::assess(app);
        app.refuse(&format!("\"{words}\" is not added ({title}): that question is open until it is."));
    }
}

fn add_goal(app: &mut App, goal: &str) -> Vec<Effect> {
    app.popups.pop();
    let Some(id) = question_id(app) else { return Vec::new() };
    let known = list::goals(app).iter().position(|entry| entry.goal == goal);
    let question = app.consult().and_then(|consult| consult.question);
    let mut effects = question.map_or_else(Vec::new, |ix| hold(app, ix, ""));
    let entry = match known {
        Some(at) => at,
        None => {
            let at = list::goals(app).len();
            effects.extend(change(app, |sheet| {
                let mut goals = match sheet.intake.get(&id) {
                    Some(Answer::Goals(goals)) => goals.clone(),
                    _ => Vec::new(),
                };
                goals.push(GoalEntry { goal: goal.to_owned(), areas: Vec::new() });
                sheet.intake.set(&id, Answer::Goals(goals));
            }));
            at
        }
    };
    open_areas(app, entry);
    effects
}

fn question_id(app: &App) -> Option<String> {
    let loaded = app.loaded()?;
    Some(loaded.pack.questions[app.consult()?.question?].id.clone())
}

/// Opens the areas of a goal on the list.
pub fn open_areas(app: &mut App, entry: usize) {
    let Some(loaded) = app.loaded() else { return };
    let goals = list::goals(app);
    let Some(of) = goals.get(entry) else { return };
    let Some(goal) = loaded.pack.goals.get(&of.goal) else { return };
    let offered = form::areas_of(&loaded.pack, goal);
    let mut ticked: BTreeSet<String> = of.areas.iter().cloned().collect();
    if ticked.is_empty() {
        // What a sensible first answer is: the only area there is, or the ones just chosen for another goal.
        let before = goals.iter().take(entry).next_back().map_or(&[][..], |goal| &goal.areas);
        let fits = |id: &&String| offered.iter().any(|(other, _)| other == *id);
        ticked.extend(before.iter().filter(fits).cloned());
        if let [(only, _)] = offered.as_slice() {
            ticked.insert(only.clone());
        }
    }
    let chosen = offered.iter().position(|(id, _)| ticked.contains(id)).unwrap_or(0);
    app.popups.push(Popup::Areas(Areas { entry, goal: of.goal.clone(), offered, ticked, chosen, top: 0 }));
}

/// The key of the nth area offered.
#[must_use]
pub fn area_letter(n: usize) -> Option<char> {
    ('1'..='9').chain("abcdefhilmnoprstuvwxyz".chars()).nth(n)
}

/// A key that stands for an area.
pub fn area_key(app: &mut App, key: char) -> Option<Vec<Effect>> {
    let Some(Popup::Areas(areas)) = app.popups.last_mut() else { return None };
    let at = (0..areas.offered.len()).find(|n| area_letter(*n) == Some(key))?;
    areas.chosen = at;
    toggle(areas);
    Some(Vec::new())
}

/// Ticks the area the cursor is on, or takes the tick off.
pub fn tick(app: &mut App) -> Vec<Effect> {
    if let Some(Popup::Areas(areas)) = app.popups.last_mut() {
        toggle(areas);
    }
    Vec::new()
}

/// An area and an area it lies in are never both ticked: one dose would be planned twice.
fn toggle(areas: &mut Areas) {
    let Some((id, depth)) = areas.offered.get(areas.chosen).cloned() else { return };
    if areas.ticked.remove(&id) {
        return;
    }
    let mut wanted = depth;
    for (outer, level) in areas.offered.iter().take(areas.chosen).rev() {
        if *level < wanted {
            areas.ticked.remove(outer);
            wanted = *level;
        }
    }
    for (inner, level) in areas.offered.iter().skip(areas.chosen + 1) {
        if *level <= depth {
            break;
        }
        areas.ticked.remove(inner);
    }
    areas.ticked.insert(id);
}

/// Takes the ticked areas and goes on; a goal whose areas are only changed stays where it is.
pub fn accept_areas(app: &mut App) -> Vec<Effect> {
    let Some(Popup::Areas(areas)) = app.popups.last() else { return Vec::new() };
    let goals = list::goals(app);
    let new = goals.get(areas.entry).is_some_and(|goal| goal.areas.is_empty());
    let mut effects = take_areas(app);
    if new && list::goals(app).iter().all(|goal| !goal.areas.is_empty()) {
        effects.extend(ask::after_answer(app, false));
    }
    effects
}

/// Takes the ticked areas and chooses another goal.
pub fn another_goal(app: &mut App) -> Vec<Effect> {
    let mut effects = take_areas(app);
    effects.extend(open(app));
    effects
}

/// Takes the ticked areas; with none ticked, the one the cursor is on.
fn take_areas(app: &mut App) -> Vec<Effect> {
    let Some(Popup::Areas(areas)) = app.popups.pop() else { return Vec::new() };
    let mut chosen: Vec<String> =
        areas.offered.iter().map(|(id, _)| id.clone()).filter(|id| areas.ticked.contains(id)).collect();
    if chosen.is_empty() {
        chosen.extend(areas.offered.get(areas.chosen).map(|(id, _)| id.clone()));
    }
    let Some(id) = question_id(app) else { return Vec::new() };
    let effects = change(app, |sheet| {
        if let Some(Answer::Goals(goals)) = sheet.intake.answers.get_mut(&id)
            && let Some(goal) = goals.get_mut(areas.entry)
        {
            goal.areas = chosen;
        }
    });
    let question = app.consult().and_then(|consult| consult.question);
    ask::focus(app, question, Some(Part::Tail));
    effects
}

/// Enter on the goals: the areas of the goal the cursor is on; at the end, onwards.
pub fn accept_goals(app: &mut App) -> Vec<Effect> {
    let goals = list::goals(app);
    let part = app.consult().map_or(Part::Tail, |consult| consult.part);
    match part {
        Part::Entry(entry) => {
            open_areas(app, entry);
            Vec::new()
        }
        _ if goals.is_empty() => open(app),
        _ => match goals.iter().position(|goal| goal.areas.is_empty()) {
            Some(entry) => {
                open_areas(app, entry);
                Vec::new()
            }
            None => ask::after_answer(app, false),
        },
    }
}
