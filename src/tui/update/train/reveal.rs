//! What comes out of a sealed attempt. The one place of the training screens in which the rules are asked.

use std::path::PathBuf;

use super::{advised, chore, show, training};
use crate::training::{Advice, Deposit, Mode, Past, Reveal, Sealed, advice, credited, reveal};
use crate::tui::app::{App, Loaded, Popup};
use crate::tui::effect::Effect;
use crate::tui::training::{Chore, Line, On, Reading, Revealed};
use crate::tui::view;

/// The attempt on the screen is sealed: it is marked, unless it is an exam, and kept.
pub fn finish(app: &mut App) -> Vec<Effect> {
    let Some(loaded) = app.loaded() else { return Vec::new() };
    let sealed = match training(app).map(|view| &view.on) {
        Some(On::Sitting(sitting)) => sitting.begun.sealed().cloned(),
        _ => None,
    };
    let Some(sealed) = sealed else { return Vec::new() };
    let exam = sealed.header().mode == Mode::Exam;
    let reveal = (!exam).then(|| reveal(&loaded.pack, &sealed));
    let mut past = reveal.as_ref().map(|reveal| Past::of(&sealed, &reveal.marks));
    if let (Some(past), Some(school)) = (&mut past, &loaded.school) {
        let cards = training(app).and_then(|view| view.hall.shelf.as_ref()).map(|shelf| shelf.cards.clone());
        past.known = credited(&loaded.pack, &school.subjects, &school.cases, &cards.unwrap_or_default(), past);
    }
    let deposit = Deposit::of(&sealed, past.clone());
    remember(app, &deposit);
    reveals(app, &loaded, sealed, reveal, None);
    chore(Chore::Keep(Box::new(deposit)))
}

/// Shows what came out, and which case comes next.
fn reveals(
    app: &mut App,
    loaded: &Loaded,
    sealed: Sealed,
    reveal: Option<Reveal>,
    kept: Option<Result<PathBuf, String>>,
) {
    // Of an exam the stations come next, and they say nothing of what they are about.
    let next = if reveal.is_some() { next_case(app, loaded, &sealed) } else { None };
    let made = "A patient made for what is due".to_owned();
    let next_title = next.as_ref().map_or_else(String::new, |advice| {
        let case = loaded.school.as_ref().and_then(|school| school.cases.get(&advice.case));
        case.map_or(made, |case| case.title.clone())
    });
    let revealed = Revealed { sealed, reveal, kept, next, next_title, chosen: 0, top: 0 };
    show(app, On::Revealed(Box::new(revealed)));
}

/// The marks of the last attempt at the case that the cursor is on.
pub fn last(app: &mut App) -> Vec<Effect> {
    let Some(loaded) = app.loaded() else { return Vec::new() };
    let today = app.today;
    let Some(view) = training(app) else { return Vec::new() };
    let past = match view.hall.lines(&loaded, today).get(view.hall.chosen) {
        Some(Line::Case(id)) if view.hall.is_sat(id) => {
            app.refuse("An exam about this case was begun here: it comes first.");
            return Vec::new();
        }
        Some(Line::Case(id)) => view.hall.last(id).map(|past| past.file.clone()),
        _ => None,
    };
    match past {
        Some(file) if !file.is_empty() => chore(Chore::Read(file)),
        Some(_) => {
            app.refuse("That attempt was kept before its marks could be read again.");
            Vec::new()
        }
        None => {
            app.refuse("The cursor is on no case that was assessed.");
            Vec::new()
        }
    }
}

/// A finished attempt is marked again by the same rules: what came out is what came out then.
pub fn again(app: &mut App, text: Result<String, String>) -> Vec<Effect> {
    let Some(loaded) = app.loaded() else { return Vec::new() };
    let Some(school) = &loaded.school else { return Vec::new() };
    let read =
        text.and_then(|text| Sealed::from_file(&loaded.pack, &school.cases, &text).map_err(|why| why.to_string()));
    match read {
        Ok(sealed) => {
            let reveal = reveal(&loaded.pack, &sealed);
            let file = PathBuf::from(Deposit::of(&sealed, None).name);
            reveals(app, &loaded, sealed, Some(reveal), Some(Ok(file)));
        }
        Err(why) => app.refuse(&format!("The marks cannot be read again: {why}")),
    }
    Vec::new()
}

/// What is on its way to the disk counts at once for what is said next.
fn remember(app: &mut App, deposit: &Deposit) {
    let Some(shelf) = training(app).and_then(|view| view.hall.shelf.as_mut()) else { return };
    shelf.drafts.retain(|draft| draft.name() != deposit.draft);
    if let Some(past) = &deposit.past {
        for (rule, rating) in &past.grades {
            shelf.cards.answer(rule, *rating, past.day);
        }
        shelf.cards.assume(&past.known, past.day);
        shelf.results.push(past.clone());
    }
    if let Some(exam) = &deposit.exam {
        for known in shelf.exams.iter_mut().filter(|known| known.sat == exam.sat && known.trainee == exam.trainee) {
            known.sealed = true;
        }
    }
}

fn next_case(app: &mut App, loaded: &Loaded, sealed: &Sealed) -> Option<Advice> {
    let today = app.today;
    let school = loaded.school.as_ref()?;
    let cards = training(app)?.hall.shelf.as_ref().map(|shelf| shelf.cards.clone()).unwrap_or_default();
    advice(&loaded.pack, &school.cases, &cards, today, Some(&sealed.header().case))
}

/// Reads more about the item the cursor is on; on the next case: opens it.
pub fn read(app: &mut App) -> Vec<Effect> {
    let Some(view) = training(app) else { return Vec::new() };
    let On::Revealed(revealed) = &view.on else { return Vec::new() };
    let item = view::marked_item(revealed, revealed.chosen);
    let last = view::marked_items(revealed);
    if let Some(at) = item {
        app.popups.push(Popup::Read { about: Reading::Item(at), top: 0 });
    } else if revealed.chosen >= last {
        return next(app);
    }
    Vec::new()
}

/// The next case.
pub fn next(app: &mut App) -> Vec<Effect> {
    let Some(view) = training(app) else { return Vec::new() };
    let On::Revealed(revealed) = &view.on else { return Vec::new() };
    if revealed.reveal.is_none() {
        return super::exam::open(app);
    }
    let Some(advice) = revealed.next.clone() else { return Vec::new() };
    show(app, On::Hall);
    advised(app, &advice.case, advice.made)
}
