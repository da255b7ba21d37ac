//! What is said to the patient and what must be covered before signing.

use std::sync::Arc;

use super::condition::Condition;
use super::fact::Grounds;
use super::ingredient::{Status, Technique};
use super::table::{Identified, Set};
use super::vocabulary::{Goal, Item};

/// Whether a text belongs to a plan: all that are given must meet it.
#[derive(Clone, Debug, Default)]
pub struct PlanTest {
    /// It has one of these ingredients.
    pub ingredients: Set<Item>,
    /// It uses one of these techniques.
    pub techniques: Set<Technique>,
    /// It serves one of these goals.
    pub goals: Set<Goal>,
    /// One of its ingredients has one of these statuses here.
    pub status: Vec<Status>,
}

/// A point to cover before signing.
#[derive(Clone, Debug)]
pub struct Consent {
    /// The id.
    pub id: Arc<str>,
    /// For the practitioner.
    pub text: Arc<str>,
    /// For the patient.
    pub patient: Option<Arc<str>>,
    /// Only when this holds.
    pub when: Condition,
    /// An allergy to what it tells somebody to use: it is left out for whoever has one, or may have one.
    pub unless: Option<Condition>,
    /// Only for such plans.
    pub plan: PlanTest,
    /// What it rests on.
    pub grounds: Grounds,
}

impl Identified for Consent {
    fn id(&self) -> &str {
        &self.id
    }
}

/// When a care text applies.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CarePhase {
    /// Before the session.
    Before,
    /// After the session.
    After,
    /// When to call at once.
    RedFlag,
}

impl CarePhase {
    /// The word in packs.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Before => "before",
            Self::After => "after",
            Self::RedFlag => "red-flag",
        }
    }
}

/// Advice before or after a session.
#[derive(Clone, Debug)]
pub struct Care {
    /// The id.
    pub id: String,
    /// When.
    pub phase: CarePhase,
    /// What.
    pub text: Arc<str>,
    /// Only when this holds.
    pub when: Condition,
    /// An allergy to what it tells somebody to use: it is left out for whoever has one, or may have one.
    pub unless: Option<Condition>,
    /// Only for such plans.
    pub plan: PlanTest,
    /// What it rests on.
    pub grounds: Grounds,
}

impl Identified for Care {
    fn id(&self) -> &str {
        &self.id
    }
}
