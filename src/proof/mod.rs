//! Proofs over all possible intakes.
mod body;
mod circuit;
mod conditions;
mod exclusions;
mod outcome;
mod rails;
mod reading;
mod recipes;
mod space;
mod view;

pub use circuit::{Circuit, Lit, OneOf, word};
pub use conditions::{Reader, settle};
pub use outcome::Outcome;
pub use rails::Rails;
pub use space::Space;
pub use view::View;
