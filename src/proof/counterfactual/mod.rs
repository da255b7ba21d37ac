//! What would change the outcome: the fewest answers that would have to be others, found by the solver on the circuit of
//! one intake, and tried on the assessment before anybody sees them.
//!
//! - `edits`: what could be otherwise, one by one, and by what: choice, an answer, time, the course of an illness, or by
//!   nothing (then it is a fact about another patient).
//! - `around`: the circuit of the intake with these changes; all else is constant.
//! - [`counterfactuals`]: for each outcome worth having the fewest changes. "No fewer will do" is what the solver says of
//!   one change less.
//! - `words`: a change as people read it.

mod around;
mod edits;
mod search;
mod values;
mod words;

pub(super) use around::fix;
pub use edits::By;
pub use search::{Changed, Counterfactual, Nearest, Possible, Target, counterfactuals, stricter};

#[cfg(test)]
mod tests;
