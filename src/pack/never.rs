//! The safety case: what must never happen, written from the sources and not from the rules.

use super::condition::Condition;
use super::fact::Grounds;
use super::ingredient::Limit;
use super::rule::Verdict;
use super::text::PlanTest;
use super::vocabulary::Area;
use super::{Identified, Set};
use crate::source::Place;

/// A statement that must hold for every patient, whatever the rules say.
#[derive(Clone, Debug)]
pub struct Never {
    /// The id.
    pub id: String,
    /// In words.
    pub says: String,
    /// For whom: also where it only may hold, because something is not known.
    pub when: Condition,
    /// No plan has one of these ingredients or techniques or serves one of these goals.
    pub plan: PlanTest,
    /// No plan treats one of these areas.
    pub areas: Set<Area>,
    /// No plan gives more than this, more often or nearer together.
    pub over: Option<Limit>,
    /// No plan comes with a milder verdict than this.
    pub milder_than: Option<Verdict>,
    /// What it rests on.
    pub grounds: Grounds,
    /// Where it stands.
    pub place: Place,
}

impl Identified for Never {
    fn id(&self) -> &str {
        &self.id
    }
}
