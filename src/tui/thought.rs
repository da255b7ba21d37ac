//! What is worked out beside the screen, when nobody presses a key: what would change the outcome, and what the open
//! questions can still do. The next answer makes it void.

use jiff::civil::Date;

use super::app::App;
use super::effect::Effect;
use super::engine;
use super::sheet::Sheet;
use crate::pack::{Pack, Question, QuestionKind};
use crate::proof::{Counterfactual, Outlook, counterfactuals, outlook};
use crate::record::RecordId;

/// What was worked out about a sheet.
#[derive(Clone, PartialEq, Debug)]
pub struct Thought {
    /// The fewest changes to each outcome worth having.
    pub fewest: Vec<Counterfactual>,
    /// What the open questions can do.
    pub outlook: Outlook,
}

/// How far it is.
#[derive(Clone, PartialEq, Debug, Default)]
pub enum Thinking {
    /// Not asked for yet.
    #[default]
    No,
    /// On its way.
    Running,
    /// There.
    Done(Box<Thought>),
}

/// While so many entries may still come, what open questions can do takes more memory than all the rest of a
/// consultation, and says no more than that those lists matter: it waits until conditions and medicines are answered.
const MOST_ENTRIES: usize = 400;

/// What is to be worked out.
#[derive(Clone, PartialEq, Debug)]
pub struct Task {
    /// The consultation.
    pub id: RecordId,
    /// Which of its states.
    pub state: u64,
    /// What was said and decided.
    pub sheet: Sheet,
    /// The day it is assessed for.
    pub day: Date,
}

/// Whether something is to be worked out as soon as nobody presses a key for a moment.
#[must_use]
pub fn wanted(app: &App) -> bool {
    let said = |sheet: &Sheet| !sheet.visited.is_empty() && !sheet.intake.answers.is_empty();
    app.loaded().is_some()
        && app
            .consult()
            .is_some_and(|consult| consult.thinking == Thinking::No && !consult.signing && said(&consult.sheet))
}

/// The state that something is being worked out for.
#[must_use]
pub fn running(app: &App) -> Option<(RecordId, u64)> {
    let consult = app.consult().filter(|consult| consult.thinking == Thinking::Running)?;
    Some((consult.id, consult.state))
}

/// A moment without a key.
pub fn begin(app: &mut App) -> Vec<Effect> {
    if !wanted(app) {
        return Vec::new();
    }
    let today = app.today;
    let Some(consult) = app.consult_mut() else { return Vec::new() };
    consult.thinking = Thinking::Running;
    let sheet = consult.sheet.clone();
    let day = sheet.day(today);
    vec![Effect::Think(Box::new(Task { id: consult.id, state: consult.state, sheet, day }))]
}

/// Works it out; nothing when it was stopped.
#[must_use]
pub fn think(pack: &Pack, task: &Task, stop: &dyn Fn() -> bool) -> Option<Thought> {
    // What was overridden counts as the assessment on the screen counts it.
    let softened = engine::softened(pack, &task.sheet, task.day);
    let pack = softened.as_ref().unwrap_or(pack);
    let outlook = match entries_open(pack, &task.sheet) <= MOST_ENTRIES {
        true => outlook(pack, &task.sheet.intake, task.day, stop)?,
        false => Outlook::default(),
    };
    let fewest = counterfactuals(pack, &task.sheet.intake, task.day, stop);
    (!stop()).then_some(Thought { fewest, outlook })
}

/// The entries that the lists which are open may have.
fn entries_open(pack: &Pack, sheet: &Sheet) -> usize {
    let open = pack.questions.iter().filter(|question| sheet.intake.get(&question.id).is_none());
    let entries = |question: &Question| match question.kind {
        QuestionKind::List(list) => pack.list(list).len(),
        _ => 0,
    };
    open.map(entries).sum()
}

/// What was worked out arrives; too late, if something was answered since.
pub fn arrived(app: &mut App, id: RecordId, state: u64, thought: Thought) {
    if let Some(consult) = app.consult_mut().filter(|consult| consult.id == id && consult.state == state) {
        consult.thinking = Thinking::Done(Box::new(thought));
    }
}
