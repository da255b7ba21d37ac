//! Finding what is named: contraindications, goals, areas, ingredients, consent points.

use tui_input::Input;

use super::{keep, sitting};
use crate::find::{Hit, fold};
use crate::pack::{List, Pack, Question, QuestionKind};
use crate::training::{Flag, JottedMix};
use crate::tui::app::{App, Loaded, Popup};
use crate::tui::effect::Effect;
use crate::tui::finder::Shelf;
use crate::tui::form::areas_of;
use crate::tui::training::{Pick, PickHit, Sitting, Want, consent_title, found_questions};

/// Hits worth drawing.
const HITS: usize = 40;

/// What may speak against treatment, in the order of a history.
const FLAGS: [List; 6] =
    [List::Conditions, List::Medications, List::Allergens, List::Events, List::Provenance, List::Ingredients];

/// Opens the window.
pub fn open(app: &mut App, want: Want) -> Vec<Effect> {
    let pick = Pick { want, query: Input::default(), hits: Vec::new(), chosen: None, top: 0, taken: Vec::new() };
    app.popups.push(Popup::Pick(Box::new(pick)));
    search(app);
    Vec::new()
}

/// Looks again after the words changed.
pub fn search(app: &mut App) {
    let Some(loaded) = app.loaded() else { return };
    let Some(Popup::Pick(mut pick)) = app.popups.pop() else { return };
    if let Some(sitting) = sitting(app) {
        let words = pick.query.value().trim().to_owned();
        pick.hits = match &pick.want {
            Want::Flag(_) => flags(&loaded, sitting, &words),
            Want::Goal => coded(&loaded, Shelf::Goals, &words),
            Want::Area(goal) => areas(&loaded.pack, goal, &words),
            Want::Part(_) => coded(&loaded, Shelf::List(List::Ingredients), &words),
            Want::Consent => consent(&loaded.pack, &words),
        };
        pick.top = 0;
        // What is merely similar is never taken without looking, and on an empty line Enter means "done".
        let lists = matches!(pick.want, Want::Goal | Want::Area(_));
        let sure = !words.is_empty() && pick.hits.first().is_some_and(|hit| !hit.similar);
        pick.chosen = (sure || lists && words.is_empty() && !pick.hits.is_empty()).then_some(0);
    }
    app.popups.push(Popup::Pick(pick));
}

fn coded(loaded: &Loaded, shelf: Shelf, words: &str) -> Vec<PickHit> {
    let hits = loaded.finder.search(&loaded.pack, shelf, words, HITS);
    hits.into_iter().map(|hit| shown("", hit)).collect()
}

/// A hit as it is shown; with a kind, as what it is named by.
fn shown(kind: &str, hit: Hit) -> PickHit {
    let matched = if hit.matched == hit.label { "" } else { hit.matched.as_str() };
    PickHit {
        note: format!("{kind} {matched}").trim().to_owned(),
        id: if kind.is_empty() { hit.id } else { format!("{kind}:{}", hit.id) },
        label: hit.label,
        similar: hit.similar,
    }
}

/// Coded things and questions; without words, the questions that were asked.
fn flags(loaded: &Loaded, sitting: &Sitting, words: &str) -> Vec<PickHit> {
    let pack = &loaded.pack;
    let question = |id: &str, note: String| {
        let label = pack.questions.get(id).map_or(id, |row| row.label.as_str()).to_owned();
        PickHit { id: id.to_owned(), label, note, similar: false }
    };
    if words.is_empty() {
        let mut asked: Vec<PickHit> = Vec::new();
        for fact in sitting.begun.heard() {
            if !asked.iter().any(|hit| hit.id == fact.question) {
                asked.push(question(&fact.question, fact.says.clone()));
            }
        }
        return asked;
    }
    let mut found: Vec<(i64, PickHit)> = Vec::new();
    // Somebody who types `medication:` wants the id that follows, and no name.
    for list in FLAGS.into_iter().filter(|_| !words.contains(':')) {
        // The scores of all lists are on the same scale.
        let hits = loaded.finder.search(pack, Shelf::List(list), words, HITS);
        found.extend(hits.into_iter().map(|hit| (hit.score, shown(list.singular(), hit))));
    }
    let folded = fold(words);
    for (_, ix) in found_questions(pack, words).into_iter().take(6) {
        let row = &pack.questions[ix];
        let own = row.id == words || fold(&row.label) == folded;
        let named = own || fold(&row.label).contains(&folded);
        let score = if own {
            i64::MAX
        } else if named {
            150
        } else {
            -1000
        };
        found.push((score, question(&row.id, "the question".to_owned())));
    }
    // An id is taken as it is, that of a rule too.
    if let Ok(flag) = Flag::parse(pack, words) {
        found.retain(|(_, hit)| hit.id != flag.text());
        let note = flag.text().split(':').next().unwrap_or_default().to_owned();
        let label = flag.label(pack);
        found.push((i64::MAX, PickHit { id: flag.text().to_owned(), label, note, similar: false }));
    }
    // What is merely similar is for those who find nothing.
    if found.iter().any(|(_, hit)| !hit.similar) {
        found.retain(|(_, hit)| !hit.similar);
    }
    found.sort_by_key(|(score, hit)| (hit.similar, std::cmp::Reverse(*score)));
    found.truncate(HITS);
    found.into_iter().map(|(_, hit)| hit).collect()
}

fn areas(pack: &Pack, goal: &str, words: &str) -> Vec<PickHit> {
    let Some(goal) = pack.goals.get(goal) else { return Vec::new() };
    let folded = fold(words);
    let rows = areas_of(pack, goal).into_iter().filter_map(|(id, depth)| {
        let label = &pack.areas.get(&id)?.label;
        let label = format!("{}{label}", "  ".repeat(depth));
        Some(PickHit { label, id, note: String::new(), similar: false })
    });
    let mut found: Vec<PickHit> = rows.filter(|hit| fold(&hit.label).contains(&folded) || hit.id == words).collect();
    if !words.is_empty() {
        found.sort_by_key(|hit| hit.id != words && fold(hit.label.trim()) != folded);
    }
    found
}

fn consent(pack: &Pack, words: &str) -> Vec<PickHit> {
    let words: Vec<String> = words.split_whitespace().map(fold).collect();
    let hit = |row: &crate::pack::Consent| PickHit {
        id: row.id.to_string(),
        label: consent_title(&row.id),
        note: row.text.to_string(),
        similar: false,
    };
    let mut found: Vec<PickHit> = pack.consent.iter().map(hit).collect();
    found.retain(|hit| {
        let text = fold(&format!("{} {} {}", hit.id, hit.label, hit.note));
        words.iter().all(|word| text.contains(word))
    });
    // What is called so comes before what merely mentions it.
    if let Some(first) = words.first() {
        found.sort_by_key(|hit| !fold(&hit.label).contains(first));
        found.sort_by_key(|hit| hit.id != words.join("-") && hit.id != *first);
    }
    found
}

/// Takes what the cursor is on; with nothing typed and nothing chosen, the window closes.
pub fn take(app: &mut App) -> Vec<Effect> {
    let Some(loaded) = app.loaded() else { return Vec::new() };
    let Some(Popup::Pick(pick)) = app.popups.last() else { return Vec::new() };
    let Some(hit) = pick.chosen.and_then(|at| pick.hits.get(at)).cloned() else {
        match (pick.query.value().trim().is_empty(), pick.hits.is_empty()) {
            (true, _) => drop(app.popups.pop()),
            (false, true) => app.refuse("Nothing is called so, and nothing is similar: try another word."),
            (false, false) => {
                let down = app.settings.keys.say("move.down");
                app.refuse(&format!("Nothing is called exactly so: {down} goes to what is similar."));
            }
        }
        return Vec::new();
    };
    let want = pick.want.clone();
    let Some(sitting) = sitting(app) else { return Vec::new() };
    let jotted = &mut sitting.jotted;
    match want {
        Want::Flag(weight) => {
            let Ok(flag) = Flag::parse(&loaded.pack, &hit.id) else { return Vec::new() };
            let of_list = |row: &Question| matches!(row.kind, QuestionKind::List(_));
            let which = loaded.pack.questions.get(flag.text()).filter(|row| of_list(row)).map(|row| row.label.clone());
            if let (Some(label), false) = (which, weight == crate::tui::training::Weight::Unknown) {
                // A whole list speaks neither for nor against anything.
                app.refuse(&format!("{label}: which of them? Type a word of it, then take that."));
                return Vec::new();
            }
            // It has one weight: naming it again moves it.
            for other in crate::tui::training::Weight::ALL {
                other.of(jotted).retain(|known| *known != flag);
            }
            weight.of(jotted).push(flag);
        }
        Want::Goal => {
            app.popups.pop();
            return open(app, Want::Area(hit.id));
        }
        Want::Area(goal) => {
            let at = jotted.mixes.len();
            if jotted.mixes.iter().any(|mix| mix.goal == goal && mix.area == hit.id) {
                app.refuse("There is a syringe for this goal and area already.");
                return Vec::new();
            }
            jotted.mixes.push(JottedMix { goal, area: hit.id, parts: Vec::new() });
            app.popups.pop();
            let mut effects = keep(app);
            effects.extend(open(app, Want::Part(at)));
            return effects;
        }
        Want::Part(at) => {
            let Some(mix) = jotted.mixes.get_mut(at) else { return Vec::new() };
            if mix.parts.iter().any(|(id, _)| *id == hit.id) {
                app.refuse(&format!("{} is in this syringe already.", hit.label));
                return Vec::new();
            }
            mix.parts.push((hit.id.clone(), String::new()));
            let part = mix.parts.len() - 1;
            app.popups.pop();
            // The volume is what has to be said next.
            let spot = crate::tui::training::Spot::Part(at, part);
            super::form::put_on(app, &spot);
            return keep(app);
        }
        Want::Consent => {
            if jotted.consent.contains(&hit.id) {
                jotted.consent.retain(|id| *id != hit.id);
            } else {
                jotted.consent.push(hit.id.clone());
            }
        }
    }
    if let Some(Popup::Pick(pick)) = app.popups.last_mut() {
        pick.query.reset();
        pick.taken.push(hit.label.trim().to_owned());
    }
    search(app);
    keep(app)
}
