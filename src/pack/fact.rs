//! Where a statement comes from and how sure it is.

use serde::{Deserialize, Serialize};

use super::review::ReviewState;
use super::table::{Identified, Ix};

/// A citation.
#[derive(Clone, Debug)]
pub struct Source {
    /// The id that facts refer to.
    pub id: String,
    /// What kind of publication it is (label, trial, law...).
    pub kind: String,
    /// Authors, title, journal and year as text.
    pub title: String,
    /// Where to find it: URL, doi, page.
    pub locator: Option<String>,
}

impl Identified for Source {
    fn id(&self) -> &str {
        &self.id
    }
}

/// On what a statement rests.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Basis {
    /// A citation.
    Source,
    /// General medical knowledge, no citation at hand.
    General,
    /// Our own default.
    Policy,
}

impl Basis {
    /// For people.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Source => "cited source",
            Self::General => "general medical knowledge",
            Self::Policy => "house policy",
        }
    }
}

/// How strong the evidence is, strongest first; what a regulator has set is no evidence of an effect and stands last.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Grade {
    /// Randomised trials or a meta-analysis.
    A,
    /// Small controlled studies.
    B,
    /// Uncontrolled series, case reports, trial entry criteria.
    C,
    /// Expert opinion or tradition.
    D,
    /// Evidence of harm or of no benefit.
    X,
    /// Set by a licence, a label or the law.
    R,
}

impl Grade {
    /// For people.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::A => "randomised trials",
            Self::B => "small controlled studies",
            Self::C => "uncontrolled series or case reports",
            Self::D => "expert opinion or tradition",
            Self::X => "harm, or no benefit",
            Self::R => "set by a licence, a label or the law",
        }
    }

    /// The letter.
    #[must_use]
    pub const fn letter(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::B => "B",
            Self::C => "C",
            Self::D => "D",
            Self::X => "X",
            Self::R => "R",
        }
    }
}

/// What every clinical statement rests on.
#[derive(Clone, Debug)]
pub struct Grounds {
    /// On what it rests.
    pub basis: Basis,
    /// The citations.
    pub sources: Vec<Ix<Source>>,
    /// The grade.
    pub evidence: Grade,
    /// Who has looked at it, and when somebody has to look again.
    pub review: ReviewState,
}
