//! What comes after the first consultation: performed sessions, reactions, and what a reaction asks for at once.
//!
//! - [`Entry`] is what a record keeps of one of them; [`read`] takes it from a TOML file with every mistake in its place.
//! - [`Facts`] is what red flags read of a reaction; [`answer()`] says what to do: reassure, watch, refer, and whether to
//!   stop the course and put the lot aside.
//! - What is not known counts as the unfavourable case: it raises a flag, and never reassures.
//! - [`cases`] are the pack's own examples, [`faults`] what must hold for every possible reaction.

mod answer;
pub mod cases;
mod course;
mod entry;
mod facts;
mod holds;
mod later;
mod lot;
mod read;
mod remarks;
mod report;
mod score;
mod words;

pub use answer::{Answer, Known, Raised, answer};
pub use course::{OpenReaction, draft_session, open_reactions, performed, reactions, stopping};
pub use entry::{Entry, Given, Onset, Outcome, Performed, Reported, Seen, What};
pub use facts::{Facts, facts, grade_words};
pub use holds::{Fault, faults};
pub use later::later_events;
pub use lot::same_lot;
pub use read::{Setting, read};
pub use remarks::{Agreed, remarks};
pub use report::{Reporting, reporting};
pub use score::{Score, score};
pub use words::{entry_line, entry_rows};

#[cfg(test)]
mod tests;
