//! Ingredients: what may be injected, how much, and what may share a syringe.

use super::fact::{Basis, Grade, Grounds, Source};
use super::question::QuestionIx;
use super::table::{Identified, Ix, Set};
use super::vocabulary::{Goal, Item};
use crate::source::Amount;

/// What an ingredient adds to its [`Item`]; same position in its own table.
#[derive(Clone, Debug)]
pub struct IngredientDetail {
    /// Allergens and excipients in it.
    pub contains: Set<Item>,
    /// The ingredients that a ready-made product is made of: a rule that excludes one of them excludes the product.
    pub components: Set<Item>,
    /// What it is for.
    pub purpose: String,
    /// Usual concentration, as text.
    pub concentration: String,
    /// Usual concentration, for doses.
    pub mg_per_ml: Option<Amount>,
    /// Strongest concentration that a recipe may use.
    pub mg_per_ml_max: Option<Amount>,
    /// Depth in mm, from and to.
    pub depth_mm: Option<(Amount, Amount)>,
    /// Techniques that it must never be given by.
    pub never_by: Set<Technique>,
    /// Route.
    pub route: String,
    /// What to know.
    pub caution: String,
    /// Evidence by goal.
    pub evidence_for: Vec<GoalEvidence>,
    /// Regulatory status by jurisdiction code; `all` for every one.
    pub status: Vec<(String, Status)>,
    /// Why it has that status.
    pub status_note: String,
    /// Who says so.
    pub status_sources: Vec<Ix<Source>>,
    /// Whether recipes may propose it; otherwise it is only vetted when asked for.
    pub offered: bool,
    /// What this rests on.
    pub grounds: Grounds,
}

/// What is known of an ingredient for one goal.
#[derive(Clone, Debug)]
pub struct GoalEvidence {
    /// The goal.
    pub goal: Ix<Goal>,
    /// The grade.
    pub grade: Grade,
    /// What was found.
    pub note: String,
    /// On what that rests.
    pub basis: Basis,
    /// By whom.
    pub sources: Vec<Ix<Source>>,
}

/// The regulatory status of an ingredient in one jurisdiction.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Status {
    /// Licensed medicine for this use.
    Licensed,
    /// Medical device for this use.
    Device,
    /// Licensed for another use.
    OffLabel,
    /// Unlicensed, made or imported for a named patient.
    Unlicensed,
    /// Nobody has looked up what it is there: it counts as unlicensed.
    NotKnown,
    /// Not approved there.
    NotApproved,
    /// A cosmetic: not for injection.
    Cosmetic,
    /// Banned.
    Banned,
    /// Withdrawn.
    Withdrawn,
}

impl Status {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Licensed,
        Self::Device,
        Self::OffLabel,
        Self::Unlicensed,
        Self::NotKnown,
        Self::NotApproved,
        Self::Cosmetic,
        Self::Banned,
        Self::Withdrawn,
    ];

    /// The word in packs.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Licensed => "licensed",
            Self::Device => "device",
            Self::OffLabel => "off-label",
            Self::Unlicensed => "unlicensed",
            Self::NotKnown => "not-known",
            Self::NotApproved => "not-approved",
            Self::Cosmetic => "cosmetic",
            Self::Banned => "banned",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// Whether no authority there is known to have let it be injected, for this use or another.
    #[must_use]
    pub const fn lacks_licence(self) -> bool {
        !matches!(self, Self::Licensed | Self::Device | Self::OffLabel)
    }

    /// Whether it keeps an ingredient out of every plan there.
    #[must_use]
    pub const fn excludes(self) -> bool {
        matches!(self, Self::NotApproved | Self::Cosmetic | Self::Banned | Self::Withdrawn)
    }
}

/// The span over which a limit counts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Per {
    /// One session.
    Session,
    /// One injection point.
    Site,
    /// The whole course.
    Course,
    /// One day.
    Day,
}

/// How much of an ingredient, or of a class together, may be given.
#[derive(Clone, Debug)]
pub struct Limit {
    /// The id.
    pub id: String,
    /// The ingredients it counts together.
    pub ingredients: Set<Item>,
    /// Whether it counts everything that is injected.
    pub everything: bool,
    /// What it is called in reports.
    pub label: String,
    /// The span.
    pub per: Per,
    /// Milligrams per kilogram of body weight.
    pub mg_per_kg: Option<Amount>,
    /// Milligrams.
    pub mg: Option<Amount>,
    /// Millilitres.
    pub ml: Option<Amount>,
    /// Square centimetres of skin.
    pub cm2: Option<Amount>,
    /// Injection points.
    pub points: Option<i32>,
    /// Sessions.
    pub sessions: Option<i32>,
    /// Days between sessions.
    pub interval_days: Option<i32>,
    /// The question that must be answered for it (weight).
    pub reads: Option<QuestionIx>,
    /// Where it holds, as option bits of the jurisdiction question (`None`: everywhere).
    pub jurisdictions: Option<u64>,
    /// Limits of one pool are used up together.
    pub pool: Option<String>,
    /// For people.
    pub note: String,
    /// What it rests on.
    pub grounds: Grounds,
}

impl Identified for Limit {
    fn id(&self) -> &str {
        &self.id
    }
}

/// What a mixing rule says of two ingredients in one syringe.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum MixLevel {
    /// Never.
    Block,
    /// With care.
    Warn,
    /// Shown to go together, by a cited source.
    Compatible,
}

impl MixLevel {
    /// For people.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Block => "never in one syringe",
            Self::Warn => "with care",
            Self::Compatible => "compatible",
        }
    }
}

/// Whether two ingredients may share a syringe.
#[derive(Clone, Debug)]
pub struct Mixing {
    /// The id.
    pub id: String,
    /// One side.
    pub a: Set<Item>,
    /// The other; `None`: anything else.
    pub b: Option<Set<Item>>,
    /// What follows.
    pub level: MixLevel,
    /// Why.
    pub why: String,
    /// What it rests on.
    pub grounds: Grounds,
}

impl Mixing {
    /// Whether it speaks about these two in one syringe, in either order.
    #[must_use]
    pub fn concerns(&self, one: Ix<Item>, other: Ix<Item>) -> bool {
        let pair = |a: Ix<Item>, b: Ix<Item>| {
            a != b && self.a.contains(a) && self.b.as_ref().is_none_or(|set| set.contains(b))
        };
        pair(one, other) || pair(other, one)
    }
}

impl Identified for Mixing {
    fn id(&self) -> &str {
        &self.id
    }
}

/// A way of injecting.
#[derive(Clone, Debug)]
pub struct Technique {
    /// The id.
    pub id: String,
    /// For people.
    pub label: String,
    /// Depth in mm.
    pub depth_mm: (Amount, Amount),
    /// Needle.
    pub needle: String,
    /// How it is done.
    pub describe: String,
    /// What this rests on.
    pub grounds: Grounds,
}

impl Identified for Technique {
    fn id(&self) -> &str {
        &self.id
    }
}
