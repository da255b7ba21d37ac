//! Changes of the sheet: each is assessed, saved, and can be taken back.

use super::returning::OFFER;
use crate::tui::app::{App, Moment, Saved};
use crate::tui::effect::Effect;
use crate::tui::engine;
use crate::tui::news;
use crate::tui::sheet::Sheet;
use crate::tui::thought::Thinking;

/// More than anyone takes back, little enough to keep.
const MOMENTS: usize = 200;

/// Changes the sheet; undo comes back to where it was.
pub fn change(app: &mut App, edit: impl FnOnce(&mut Sheet)) -> Vec<Effect> {
    let key = super::edit::line_key(app);
    let Some(consult) = app.consult_mut() else { return Vec::new() };
    let mut before = consult.sheet.clone();
    edit(&mut consult.sheet);
    if consult.sheet == before {
        return Vec::new();
    }
    consult.sheet.follow(&before);
    if let Some(key) = key {
        before.pending.remove(&key);
    }
    consult.past.push(Moment { sheet: before, step: consult.step, question: consult.question });
    if consult.past.len() > MOMENTS {
        consult.past.remove(0);
    }
    consult.future.clear();
    let plan = consult.assessment.plan.clone();
    assess(app);
    if let Some(consult) = app.consult_mut()
        && consult.sheet.reopen_consent(plan.as_ref(), consult.assessment.plan.as_ref())
    {
        // They have to be on the screen once more, too.
        consult.seen.retain(|seen| seen.starts_with(OFFER));
        app.tell("What is given has changed: the consent points are open again.");
    }
    save(app)
}

/// Changes the sheet in a way that undo need not know: a keystroke in a line, a step that was seen.
pub fn keep(app: &mut App, edit: impl FnOnce(&mut Sheet)) -> Vec<Effect> {
    let Some(consult) = app.consult_mut() else { return Vec::new() };
    let before = consult.sheet.clone();
    edit(&mut consult.sheet);
    if consult.sheet == before {
        return Vec::new();
    }
    save(app)
}

/// Changes what is typed and no answer, which undo need not know; the rules read it, because it leaves its question open.
pub fn keep_refused(app: &mut App, edit: impl FnOnce(&mut Sheet)) -> Vec<Effect> {
    let effects = keep(app, edit);
    assess(app);
    effects
}

/// Asks for the draft to be written.
pub fn save(app: &mut App) -> Vec<Effect> {
    let Some(loaded) = app.loaded() else { return Vec::new() };
    let Some(consult) = app.consult_mut() else { return Vec::new() };
    if consult.signing {
        return Vec::new();
    }
    consult.touched = true;
    if !matches!(consult.saved, Saved::Failed(_)) {
        consult.saved = Saved::Saving;
    }
    vec![Effect::SaveDraft(Box::new(consult.draft(&loaded.pack)))]
}

/// Asks for the draft to be written if something was changed: moving about alone makes none, and one that was only looked at
/// keeps its time.
pub fn save_place(app: &mut App) -> Vec<Effect> {
    match app.consult() {
        Some(consult) if consult.saved != Saved::Nothing && consult.touched => save(app),
        _ => Vec::new(),
    }
}

/// Lets the rules read the sheet again.
pub fn assess(app: &mut App) {
    let today = app.today;
    let Some(loaded) = app.loaded() else { return };
    let open = app.settings.open.clone();
    if let Some(consult) = app.consult_mut() {
        let today = consult.sheet.day(today);
        let assessment = engine::assess(&loaded.pack, &consult.sheet, &open, today);
        consult.news = news::between(&consult.assessment, &assessment);
        consult.assessment = assessment;
        let engine::Questions { asked, idle } = engine::questions_of(&loaded.pack, &consult.sheet, today);
        (consult.asked, consult.idle, consult.cause) = (asked, idle, None);
        consult.changes = None;
        consult.state += 1;
        consult.thinking = Thinking::No;
    }
}

/// The key that takes the last change back where the cursor is: letters are text where one types.
pub fn undo_key(app: &App) -> String {
    let typing = app.consult().is_some_and(|consult| consult.line.is_some());
    app.settings.keys.say(if typing { "undo-typing" } else { "undo" })
}

/// Takes the last change back.
pub fn undo(app: &mut App) -> Vec<Effect> {
    travel(app, true)
}

/// Makes it again.
pub fn redo(app: &mut App) -> Vec<Effect> {
    travel(app, false)
}

fn travel(app: &mut App, back: bool) -> Vec<Effect> {
    let mut effects = super::ask::leave(app);
    let Some(consult) = app.consult_mut() else { return effects };
    let (from, to) =
        if back { (&mut consult.past, &mut consult.future) } else { (&mut consult.future, &mut consult.past) };
    let Some(moment) = from.pop() else {
        app.refuse(if back { "Nothing to take back." } else { "Nothing to make again." });
        return effects;
    };
    to.push(Moment { sheet: consult.sheet.clone(), step: moment.step, question: moment.question });
    let now = std::mem::replace(&mut consult.sheet, moment.sheet);
    consult.sheet.keep_typed(now);
    consult.step = moment.step;
    consult.error = None;
    assess(app);
    super::ask::focus(app, moment.question, None);
    let redo = app.settings.keys.say("redo");
    app.tell(if back { format!("Taken back. {redo} makes it again.") } else { "Made again.".to_owned() });
    effects.extend(save(app));
    effects
}
