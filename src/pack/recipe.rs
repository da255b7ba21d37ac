//! Recipes: ranked cocktails with substitutes, and the session plans they follow.

use super::condition::Condition;
use super::fact::Grounds;
use super::ingredient::Technique;
use super::table::{Identified, Ix, Set, Table};
use super::vocabulary::{Area, Goal, Item};
use crate::source::Amount;

/// A cocktail for one or more goals.
#[derive(Clone, Debug)]
pub struct Recipe {
    /// The id.
    pub id: String,
    /// For people.
    pub label: String,
    /// The goals it serves.
    pub goals: Set<Goal>,
    /// The areas it is for, those inside included (`None`: the goal's).
    pub areas: Option<Set<Area>>,
    /// What was found.
    pub outcome: String,
    /// What the patient may expect of it, where that is not what the goal says.
    pub expected: Option<String>,
    /// Offered only when this holds for certain.
    pub requires: Condition,
    /// The technique.
    pub technique: Ix<Technique>,
    /// Depth in mm.
    pub depth_mm: (Amount, Amount),
    /// Needle.
    pub needle: String,
    /// Volume of one point in mL.
    pub point_ml: Option<Amount>,
    /// Distance of points in cm.
    pub spacing_cm: Option<Amount>,
    /// The session plan.
    pub plan: Ix<SessionPlan>,
    /// Minutes of one session.
    pub minutes: i32,
    /// The ingredients.
    pub slots: Vec<Slot>,
    /// What it rests on; the grade is that of the evidence for its goals.
    pub grounds: Grounds,
    /// The recipe that a practitioner made it from, for one patient; `None` for what stands in a pack.
    pub own_of: Option<Ix<Recipe>>,
}

impl Recipe {
    /// Whether the pack offers it for a goal in an area.
    #[must_use]
    pub fn serves(&self, goals: &Table<Goal>, goal: Ix<Goal>, area: Ix<Area>) -> bool {
        let areas = self.areas.as_ref().unwrap_or(&goals[goal].areas);
        self.own_of.is_none() && self.goals.contains(goal) && areas.contains(area)
    }
}

impl Identified for Recipe {
    fn id(&self) -> &str {
        &self.id
    }
}

/// What a slot is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Role {
    /// The treatment itself.
    Active,
    /// An addition.
    Adjunct,
    /// Against pain.
    Anaesthetic,
    /// Carrier.
    Diluent,
}

impl Role {
    /// The word in packs.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Adjunct => "adjunct",
            Self::Anaesthetic => "anaesthetic",
            Self::Diluent => "diluent",
        }
    }

    /// Whether it counts as an active when cocktails are ranked.
    #[must_use]
    pub const fn counts(self) -> bool {
        matches!(self, Self::Active | Self::Adjunct)
    }
}

/// One place in a cocktail.
#[derive(Clone, Debug)]
pub struct Slot {
    /// What it is for.
    pub role: Role,
    /// The ingredients that may fill it, best first.
    pub choices: Vec<Ix<Item>>,
    /// mL for each treated area.
    pub ml_per_area: Amount,
    /// mL at most in one session.
    pub ml_max: Option<Amount>,
    /// Concentration, if not the ingredient's usual one.
    pub mg_per_ml: Option<Amount>,
    /// The recipe stands without it.
    pub optional: bool,
}

/// A rhythm of sessions.
#[derive(Clone, Debug)]
pub struct SessionPlan {
    /// The id.
    pub id: String,
    /// For people.
    pub label: String,
    /// The first phase.
    pub induction: Phase,
    /// The second phase.
    pub consolidation: Option<Phase>,
    /// The last phase.
    pub maintenance: Option<Phase>,
    /// Against pain.
    pub numbing: String,
    /// What is put on the skin against pain; it counts in its limits, and whoever may not have it gets none.
    pub numbing_with: Option<Ix<Item>>,
    /// When to look, and when to stop.
    pub reviews: Vec<ReviewPlan>,
    /// What it rests on.
    pub grounds: Grounds,
}

impl Identified for SessionPlan {
    fn id(&self) -> &str {
        &self.id
    }
}

/// Sessions at one interval.
#[derive(Clone, Copy, Debug)]
pub struct Phase {
    /// How many.
    pub sessions: i32,
    /// Days before each of them (before the second, in the first phase).
    pub interval_days: i32,
}

/// When a review takes place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ReviewDay {
    /// So many days after the last induction session.
    AfterDays(i32),
    /// After so many sessions, on the day of the next one and before it is given.
    AfterSessions(i32),
}

/// A planned look at the result.
#[derive(Clone, Debug)]
pub struct ReviewPlan {
    /// When it is.
    pub when: ReviewDay,
    /// What to look at.
    pub what: String,
    /// When to stop the course.
    pub stop: String,
}
