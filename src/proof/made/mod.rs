//! Patients made to order: for any rule of a pack somebody for whom it fires and nothing else, somebody on either side of
//! every number that it reads, and somebody who misses it by one answer.
//!
//! - [`atoms`](fn@atoms) are the single things that a rule reads, with the numbers at which they change.
//! - [`Maker`] asks the solver: it starts from a patient drawn by a seed whom nothing speaks against (`background`), and
//!   changes no answer that could have stayed (`nearest`).
//! - `isolating` and `steps` make the patients; the assessment itself, which knows no circuits, has the last word about
//!   each. What cannot be made comes with a proof that there is no such patient.
//! - [`Coverage`] says the same about patients that somebody has written.
//!
//! The same pack, day, rule and seed make the same patients, byte by byte.

mod atoms;
mod background;
mod coverage;
mod isolating;
mod maker;
mod nearest;
mod steps;

pub use atoms::{Atom, Cut, atoms};
pub use coverage::{AtomCoverage, Coverage, CutCoverage, RuleCoverage, coverage};
pub use maker::Maker;

use crate::intake::Intake;
use crate::pack::{Ix, Rule};

/// What a patient is made for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Kind {
    /// The rule fires and nothing else does.
    Isolating,
    /// Both sides of every number at which the rule changes.
    Boundary,
    /// The rule does not fire, and would if one answer were another.
    NearMiss,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Isolating, Self::Boundary, Self::NearMiss];

    /// The word of the command line and of files.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Isolating => "isolating",
            Self::Boundary => "boundary",
            Self::NearMiss => "near-miss",
        }
    }
}

/// A patient made for a rule.
#[derive(Clone, PartialEq, Debug)]
pub struct Made {
    /// Unique among those of one rule and kind: `1`, `2-below`, `2-from`...
    pub name: String,
    /// The rule.
    pub rule: String,
    /// What for.
    pub kind: Kind,
    /// What it shows, in words.
    pub shows: String,
    /// Whether the rule fires.
    pub fires: bool,
    /// Other rules that are listed because the rule never stands alone.
    pub with: Vec<String>,
    /// The answers.
    pub intake: Intake,
}

impl Maker<'_> {
    /// The patients of one kind for one rule.
    pub fn make(&mut self, kind: Kind, rule: Ix<Rule>, seed: u64) -> MadeFor {
        match kind {
            Kind::Isolating => self.isolating(rule, seed),
            Kind::Boundary => self.boundary(rule, seed),
            Kind::NearMiss => self.near_miss(rule, seed),
        }
    }
}

/// The patients of one kind for one rule, and what cannot be made.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct MadeFor {
    /// The patients.
    pub cases: Vec<Made>,
    /// What is proved to be impossible, in words.
    pub proved: Vec<String>,
    /// What was looked for and not found, without a proof.
    pub not_found: Vec<String>,
}

#[cfg(test)]
mod tests;
