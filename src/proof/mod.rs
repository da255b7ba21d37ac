//! Proofs over all possible intakes.
//!
//! A test shows that a pack treats its examples well; this room shows that there is nobody whom it treats badly, or who.
//!
//! - **Space.** [`Space`] turns a pack into free inputs, such that every assignment of the inputs is an intake and every
//!   intake that the pack can tell apart has an assignment: choices (`circuit::OneOf`), cells between cut points
//!   (`reading`), bodies (`body`), and for every coded item each combination of qualifiers that some test can tell apart.
//!   No constraints are needed beside it. A [`View`] is what is known of every question, as wires; a changed copy of it is
//!   a changed intake.
//! - **Outcome.** `conditions` reads the very [`Condition`](crate::pack::Condition)s that
//!   [`evaluate`](crate::rules::evaluate) reads, on three wires for four values (`rails`); `exclusions`, `recipes` and
//!   `outcome` follow [`assess`](crate::plan::assess) step by step. tests/proof.rs compares both on random intakes.
//! - **Questions.** A [`Property`] is a sentence over all intakes; `properties` turns each into [`Question`]s: can these
//!   wires be on together? They depend on the pack alone, so that a judge can ask them again.
//! - **Answers.** `prover` puts them to a [`Solver`] (batsat, known to one file). "Yes" becomes the smallest intake that
//!   does it (`witness`), which is assessed (`replay`). "No" becomes steps of a [`Certificate`], which
//!   `check_certificate` follows by unit propagation alone; [`belongs`] compares its clauses and claims with the pack.
//!
//! - **Comparisons.** [`diff`] puts two packs into one circuit and finds for whom the outcome changes.
//! - **Patients to order.** `made` asks the same solver for patients for whom a rule stands alone, or whom it just misses.
//!
//! What is not exact, and what has to be trusted, is said in docs/proofs.md.

mod asker;
mod binding;
mod blame;
mod body;
mod ceilings;
mod certificate;
mod check_certificate;
mod circuit;
mod cnf;
mod conditions;
mod counterfactual;
mod covers;
pub mod diff;
mod entries;
mod exclusions;
mod guess;
mod made;
mod model;
mod outcome;
mod outlook;
mod properties;
mod prover;
mod question;
mod rails;
mod reading;
mod recipes;
mod replay;
mod report;
mod resilience;
mod seed;
mod shadow;
mod situations;
mod solver;
mod space;
mod view;
mod witness;

pub use binding::belongs;
pub use blame::place;
pub use certificate::{Certificate, Step};
pub use check_certificate::{Judge, Unfounded, check as check_certificate, trimmed};
pub use circuit::{Circuit, Lit, OneOf, word};
pub use conditions::{Reader, settle};
pub use counterfactual::{By, Changed, Counterfactual, Nearest, Possible, Target, counterfactuals, stricter};
pub use made::{
    Atom, AtomCoverage, Coverage, Cut, CutCoverage, Kind, Made, MadeFor, Maker, RuleCoverage, atoms, coverage,
};
pub use model::{Model, Subject};
pub use outcome::Outcome;
pub use outlook::{Matters, Outlook, outlook};
pub use question::{Property, Question};
pub use rails::Rails;
pub use report::{Failure, News, Proved, Report, Witness, Work, audit_again, prove, prove_telling};
pub use resilience::{Resilience, Ticks};
pub use seed::Seeded;
pub use shadow::Shadow;
pub use solver::{Answer, Batsat, Solver};
pub use space::Space;
pub use view::View;

#[cfg(test)]
mod outlook_tests;
#[cfg(test)]
mod tests;
