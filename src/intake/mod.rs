//! The intake: answers, how they are read and written, and the facts that follow from them.

mod answer;
mod earlier;
mod facts;
mod file;
mod scored;

pub use answer::{Answer, Entry, GoalEntry, Intake, Value, What};
pub use earlier::{Earlier, Offer};
pub use facts::{CodedFact, Fact, Facts, GoalFact, QualifierFact, age_on, body_mass_index};
pub use file::{answer_toml, read, read_answer, read_on, write};
pub use scored::{ScaleStanding, Scored, Tally, clear_scale, tally};
