//! Training: assess the case before the assistant does.
//!
//! A [`Case`] and a seed make a [`Patient`]; an [`Attempt`] goes through the blind flow and ends [`Sealed`]; only then
//! [`reveal`] asks the engine and marks. [`Cards`] say what to practise next, the cohort report what an instructor sees.
//! Nothing here can see the room of the real consultations.

mod acts;
mod advice;
mod author;
mod case;
mod chain;
mod cohort;
mod draft;
mod flow;
mod harmless;
mod hints;
mod made;
mod mark_alarms;
mod mark_safety;
mod mark_treatment;
mod marking;
mod marks;
#[cfg(test)]
mod modes_tests;
mod paper;
mod patient;
#[cfg(test)]
mod patient_tests;
mod progress;
mod proofread;
mod read;
mod reads;
mod replay;
mod report;
mod reveal;
mod roll;
mod schedule;
mod school;
mod script;
mod short;
mod signs;
mod stage;
mod statistics;
mod store;
mod subjects;
#[cfg(test)]
mod tests;
mod time;
mod topics;

pub use acts::{Act, CocktailCommit, Confidence, Contraindications, Flag, How, Mix, Part, PlanCommit, SkinCommit};
pub use advice::{Advice, advice};
pub use author::{Coverage, author_view, blank, check, coverage, model};
pub use case::{
    Case, Cases, Decision, Disclose, Domain, Elder, Expect, Fact, SpeaksOf, Template, Twist, Weights, stops,
};
pub use chain::{Entry, Header, Mode, Sat};
pub use cohort::{
    CalibrationRow, Cohort, CriticalRow, Graded, ItemRow, MissedRow, ReliabilityRow, TraineeRow, calibration_of, cohort,
};
pub use draft::{BegunExam, Draft, Jotted, JottedMix, Past};
pub use flow::{
    Attempt, Brief, CocktailCommitted, ContraindicationsCommitted, DecisionCommitted, Interview, PlanCommitted, Reply,
    Sealed, SkinCommitted,
};
pub use harmless::Harmless;
pub use hints::{HINT_SECONDS, Hint, NoHint};
pub use made::{MadeId, Studio};
pub use marking::{brier, to_be_named};
pub use marks::{
    Absence, CRITICAL, CriticalFail, DomainMark, Item, Judgement, Marks, PASS_PERCENT, critical_words, minutes,
};
pub use paper::{Station, fresh_seed, paper};
pub use patient::{KnownFact, Patient};
pub use progress::{Fail, Missed, Point, Progress, Skill, progress};
pub use proofread::harmless_no_more;
pub use read::{read, read_files};
pub use replay::{Refused, play, replay, subject_of};
pub use report::{Form, write as write_report};
pub use reveal::{Reveal, reveal};
pub use roll::{AttemptRow, Grid, Mark, ReadRow, sift};
pub use schedule::{Card, Cards, Memory, RETENTION, Rating, next_cases};
pub use school::School;
pub use script::read_attempt;
pub use short::{
    About, Answered, Asked, Given, MINUTES, Session, ShortCard, Tally, Told, card_title, plain_card, rule_card,
    skin_card, skin_ids, unit_card, unit_ids,
};
pub use stage::Begun;
pub use statistics::{Cut, borderline_regression, correlation, cronbach_alpha, mean, point_biserial, variance};
pub use store::{Deposit, Shelf, Store};
pub use subjects::{Subject, subjects};
pub use topics::{Topic, credited, topics};
