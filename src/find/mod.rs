//! Type-to-find over the vocabularies: what a picker shows on each key, and what `pistor find` prints.
//!
//! `fuzzy-matcher` scores; around it stands what it lacks: folding of accents ([`fold()`]), several words in any order,
//! bonuses for exact and prefix matches, a bar against noise, and near misses when nothing matches.

mod fold;
mod index;
mod letters;
mod near;
mod query;
mod sound;
mod vocabulary;

pub use fold::{fold, fold_with_positions};
pub use index::{Hit, Index};
pub use near::one_slip;
pub use vocabulary::{Entry, Vocabulary};
