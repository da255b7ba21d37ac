//! Rules: a condition and what follows from it.

use serde::{Deserialize, Serialize};

use super::condition::Condition;
use super::fact::Grounds;
use super::ingredient::Technique;
use super::layered::{Loosening, Tightening};
use super::table::{Identified, Ix, Set};
use super::vocabulary::{Area, Goal, Item, Qualifier};
use crate::source::Place;

/// What follows for the treatment, mildest first; the strictest finding wins.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Go on.
    Proceed,
    /// Go on with documented mitigation.
    Caution,
    /// A named clinician must clear it first.
    Clearance,
    /// Not before a date or an event.
    Defer,
    /// Assessment elsewhere first.
    Refer,
    /// No treatment.
    Decline,
}

impl Verdict {
    /// All verdicts, mildest first.
    pub const ALL: [Self; 6] = [Self::Proceed, Self::Caution, Self::Clearance, Self::Defer, Self::Refer, Self::Decline];

    /// The next milder one.
    #[must_use]
    pub const fn milder(self) -> Option<Self> {
        match self {
            Self::Proceed => None,
            Self::Caution => Some(Self::Proceed),
            Self::Clearance => Some(Self::Caution),
            Self::Defer => Some(Self::Clearance),
            Self::Refer => Some(Self::Defer),
            Self::Decline => Some(Self::Refer),
        }
    }

    /// The word in packs and in JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Proceed => "proceed",
            Self::Caution => "caution",
            Self::Clearance => "clearance",
            Self::Defer => "defer",
            Self::Refer => "refer",
            Self::Decline => "decline",
        }
    }
}

/// How far a verdict reaches.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// The whole treatment.
    Session,
    /// Only the goals that the rule excludes; when nothing else is left, the whole treatment.
    Goal,
}

/// A rule of the pack, or one made from its vocabulary.
#[derive(Clone, Debug)]
pub struct Rule {
    /// The id, never reused.
    pub id: String,
    /// A name for people.
    pub title: String,
    /// What follows.
    pub verdict: Verdict,
    /// How far it reaches.
    pub scope: Scope,
    /// When it fires; `unless` is already folded in.
    pub when: Condition,
    /// For deferrals: until when.
    pub until: Option<Until>,
    /// For clearances: who must clear it.
    pub from: Option<String>,
    /// For referrals: where to.
    pub to: Option<String>,
    /// For referrals: the same day.
    pub urgent: bool,
    /// Cannot be overridden, by nobody and no layer.
    pub absolute: bool,
    /// Reasons for which a practitioner may override it (none: cannot be overridden).
    pub override_reasons: Vec<OverrideReason>,
    /// What it takes out while the rest goes on.
    pub exclude: Exclude,
    /// What the practitioner reads.
    pub message: String,
    /// The same for the patient.
    pub patient: Option<String>,
    /// The mechanism or reason.
    pub why: String,
    /// What to do and document when one goes on.
    pub mitigation: Vec<String>,
    /// How it changes a session plan.
    pub modifies: PlanChange,
    /// Both sides, where sources disagree.
    pub contested: Option<String>,
    /// What it rests on.
    pub grounds: Grounds,
    /// A standing exclusion (regulatory status): listed as a finding only where somebody asked for what it excludes.
    pub quiet: bool,
    /// The verdict before any layer made it stricter.
    pub first_verdict: Verdict,
    /// What layers made stricter, lowest first.
    pub tightened: Vec<Tightening>,
    /// The override of a clinic, for its time.
    pub loosened: Option<Loosening>,
    /// The layer it comes from.
    pub layer: usize,
    /// Where it stands.
    pub place: Place,
}

impl Rule {
    /// Whether a practitioner may override it: it is not absolute and names reasons.
    #[must_use]
    pub fn overridable(&self) -> bool {
        !self.absolute && !self.override_reasons.is_empty()
    }
}

/// A reason for which a practitioner may override a rule.
#[derive(Clone, Debug)]
pub struct OverrideReason {
    /// The reason in words, as it goes into the record.
    pub text: String,
    /// The answers that contradict it: while they stand, or may stand, it is no reason.
    pub unless: Option<Condition>,
}

impl Identified for Rule {
    fn id(&self) -> &str {
        &self.id
    }
}

/// Until when a treatment is deferred.
#[derive(Clone, Debug, Default)]
pub struct Until {
    /// Days to wait.
    pub days: Option<i32>,
    /// Count from the day this qualifier (days ago) names, not from today.
    pub since: Option<Ix<Qualifier>>,
    /// An event that has to happen first.
    pub event: Option<String>,
}

/// What a rule takes out.
#[derive(Clone, Debug, Default)]
pub struct Exclude {
    /// Ingredients, classes expanded.
    pub ingredients: Set<Item>,
    /// Goals.
    pub goals: Set<Goal>,
    /// Areas, those inside included.
    pub areas: Set<Area>,
    /// The areas named by the `site` of the items that fired the rule.
    pub site: bool,
    /// Techniques.
    pub techniques: Set<Technique>,
}

impl Exclude {
    /// Whether nothing is taken out.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ingredients.is_empty()
            && self.goals.is_empty()
            && self.areas.is_empty()
            && !self.site
            && self.techniques.is_empty()
    }
}

/// How a rule changes a session plan; several join by the stricter value.
#[derive(Clone, Debug, Default)]
pub struct PlanChange {
    /// At least this interval.
    pub interval_days: Option<i32>,
    /// A test spot first, so many days before the first session.
    pub test_spot: Option<i32>,
    /// One active product only, nothing mixed by hand.
    pub single_product: bool,
    /// A technique that takes the place of another.
    pub technique: Option<Swap>,
    /// Only a part of a ceiling may be used.
    pub ceiling: Option<CeilingPart>,
    /// Shown beside the plan.
    pub note: Option<String>,
}

/// A technique that takes the place of another.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Swap {
    /// The technique of the recipe.
    pub instead_of: Ix<Technique>,
    /// The technique that is used.
    pub with: Ix<Technique>,
}

/// A part of the ceilings of some ingredients.
#[derive(Clone, Debug)]
pub struct CeilingPart {
    /// The ingredients, classes expanded.
    pub ingredients: Set<Item>,
    /// How much of each ceiling is left, 1 to 99.
    pub percent: i32,
}
