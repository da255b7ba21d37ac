//! The intake: answers, how they are read and written, what follows from them, what is still missing.

mod answer;
mod facts;
mod file;

pub use answer::{Answer, Entry, GoalEntry, Intake, Value, What};

pub use file::{read, write};
