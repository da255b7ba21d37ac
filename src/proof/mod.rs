//! Proofs over all possible intakes.
mod binding;
mod blame;
mod body;
mod certificate;
mod check_certificate;
mod circuit;
mod cnf;
mod conditions;
mod exclusions;
mod model;
mod outcome;
mod properties;
mod prover;
mod question;
mod rails;
mod reading;
mod recipes;
mod replay;
mod report;
mod solver;
mod space;
mod view;
mod witness;

pub use binding::belongs;
pub use blame::place;
pub use certificate::{Certificate, Step};
pub use check_certificate::{Unfounded, check as check_certificate, trimmed};
pub use circuit::{Circuit, Lit, OneOf, word};
pub use conditions::{Reader, settle};
pub use model::Model;
pub use outcome::Outcome;
pub use question::{Property, Question};
pub use rails::Rails;
pub use report::{Failure, Proved, Report, Witness, Work, prove};
pub use solver::{Answer, Batsat, Solver};
pub use space::Space;
pub use view::View;

#[cfg(test)]
mod tests;
