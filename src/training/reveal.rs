//! The one place where an attempt meets the engine: sealed, or not at all.

use std::collections::BTreeSet;

use super::acts::{Act, CocktailCommit, Confidence, Contraindications, Flag, PlanCommit, SkinCommit};
use super::case::Decision;
use super::flow::Sealed;
use super::marking::mark;
use super::marks::{Absence, Marks};
use crate::intake::Intake;
use crate::pack::Pack;
use crate::plan::{Assessment, assess};

/// What the rules say of the patient, and what that makes of the attempt.
#[derive(Clone, Debug)]
pub struct Reveal {
    /// The whole truth about the patient.
    pub intake: Intake,
    /// What the rules say.
    pub assessment: Assessment,
    /// The marks.
    pub marks: Marks,
}

/// Evaluates a finished attempt.
#[must_use]
pub fn reveal(pack: &Pack, sealed: &Sealed) -> Reveal {
    let intake = sealed.patient.intake();
    let assessment = assess(pack, &intake, sealed.header().day);
    let marks = mark(pack, sealed, &intake, &assessment);
    Reveal { intake, assessment, marks }
}

/// Everything that was committed, out of the log.
#[derive(Default)]
pub(super) struct Committed {
    pub hints: Vec<Flag>,
    /// Questions that were asked in any way, whatever they brought.
    pub asked: BTreeSet<String>,
    pub skin: SkinCommit,
    pub found: Contraindications,
    pub decision: Option<Decision>,
    pub cocktail: CocktailCommit,
    pub plan: PlanCommit,
    pub twists: Vec<i8>,
    pub confidence: Confidence,
    pub seconds: u32,
    pub away: Vec<Absence>,
}

impl Committed {
    pub fn of(sealed: &Sealed) -> Self {
        let mut all = Self::default();
        for entry in &sealed.log.entries {
            all.seconds = all.seconds.max(entry.seconds);
            match &entry.act {
                Act::Ask { question, .. } => drop(all.asked.insert(question.clone())),
                Act::Hint { about } => all.hints.push(about.clone()),
                Act::Skin(skin) => all.skin = skin.clone(),
                Act::Contraindications(found) => all.found = found.clone(),
                Act::Twist { answer } => all.twists.push(*answer),
                Act::Decide { decision } => all.decision = Some(*decision),
                Act::Cocktail(cocktail) => all.cocktail = cocktail.clone(),
                Act::Plan(plan) => all.plan = plan.clone(),
                Act::Away { since } => all.away.push(Absence { since: *since, until: entry.seconds }),
                Act::Seal(confidence) => all.confidence = *confidence,
            }
        }
        all
    }
}
