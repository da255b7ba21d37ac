//! Studies of ingredients: what was tried, on whom, and what came out, benefit or not.

use serde::{Deserialize, Serialize};

use super::fact::Grounds;
use super::table::{Identified, Set};
use super::vocabulary::{Goal, Item};

/// One study, or one review of studies.
#[derive(Clone, Debug)]
pub struct Trial {
    /// The id.
    pub id: String,
    /// Authors and year, or a short name.
    pub title: String,
    /// When it was published, where the source shows it.
    pub year: Option<i32>,
    /// How many people, where the source shows it.
    pub n: Option<i32>,
    /// Who they were.
    pub population: String,
    /// What was injected, how often.
    pub product: String,
    /// The ingredients it tells about; none: injections whatever they hold.
    pub ingredients: Set<Item>,
    /// The goals it tells about.
    pub goals: Set<Goal>,
    /// How it was done.
    pub design: Design,
    /// Against what.
    pub comparator: String,
    /// What came out.
    pub outcome: String,
    /// The same in one word.
    pub result: TrialResult,
    /// What keeps one from trusting it.
    pub weakness: String,
    /// What it rests on.
    pub grounds: Grounds,
}

impl Trial {
    /// Whether it tells about this ingredient.
    #[must_use]
    pub fn is_about(&self, ingredient: super::Ix<Item>) -> bool {
        self.ingredients.is_empty() || self.ingredients.contains(ingredient)
    }
}

impl Identified for Trial {
    fn id(&self) -> &str {
        &self.id
    }
}

/// How a study was done, strongest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Design {
    /// Results of several randomised trials, pooled.
    MetaAnalysis,
    /// All studies that were found, weighed.
    SystematicReview,
    /// Chance decided who, or which side, got what.
    Randomised,
    /// Compared with something, not known to be by chance.
    Controlled,
    /// Followed forward, without comparison.
    Uncontrolled,
    /// Looked up afterwards.
    Retrospective,
    /// One patient, or an outbreak.
    CaseReport,
}

impl Design {
    /// All of them, strongest first.
    pub const ALL: [Self; 7] = [
        Self::MetaAnalysis,
        Self::SystematicReview,
        Self::Randomised,
        Self::Controlled,
        Self::Uncontrolled,
        Self::Retrospective,
        Self::CaseReport,
    ];

    /// The word in packs and in JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::MetaAnalysis => "meta-analysis",
            Self::SystematicReview => "systematic-review",
            Self::Randomised => "randomised",
            Self::Controlled => "controlled",
            Self::Uncontrolled => "uncontrolled",
            Self::Retrospective => "retrospective",
            Self::CaseReport => "case-report",
        }
    }

    /// For people.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::MetaAnalysis => "meta-analysis",
            Self::SystematicReview => "systematic review",
            Self::Randomised => "randomised",
            Self::Controlled => "controlled",
            Self::Uncontrolled => "no control group",
            Self::Retrospective => "retrospective series",
            Self::CaseReport => "case report",
        }
    }
}

/// What came out, measured against the comparator.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TrialResult {
    /// Better than the comparator, or than before where there was none.
    Positive,
    /// No difference.
    Null,
    /// Worse, or harm.
    Negative,
    /// Some of each.
    Mixed,
}

impl TrialResult {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Positive, Self::Null, Self::Negative, Self::Mixed];

    /// The word in packs and in JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Positive => "positive",
            Self::Null => "null",
            Self::Negative => "negative",
            Self::Mixed => "mixed",
        }
    }

    /// The sign before it: never the colour alone.
    #[must_use]
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Positive => "+",
            Self::Null => "=",
            Self::Negative => "-",
            Self::Mixed => "±",
        }
    }
}
