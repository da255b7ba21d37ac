//! The time of an exam: when the minutes of the case are over, only committing remains. They are over by the clock or by what
//! the questions cost, whichever comes first. The clock is outside: every act says how many seconds after the start it comes.

use super::chain::Mode;
use super::flow::Attempt;

/// What is said to a question that comes too late.
pub(super) const OVER: &str =
    "The time of this exam is over. What is known now can be committed; nothing more is asked.";

/// What is said where the questions were too many.
pub(super) const SPENT: &str = "The minutes of this consultation are spent on questions. What is known now can be committed; \
     nothing more is asked.";

impl<S> Attempt<S> {
    /// The seconds that an exam leaves for questions; none outside of exams.
    #[must_use]
    pub fn seconds_left(&self, at: u32) -> Option<u32> {
        let limit = limit(self.patient.case.minutes);
        (self.log.header.mode == Mode::Exam).then(|| limit.saturating_sub(at.max(self.log.cost())))
    }

    /// Why nothing is asked any more, if so.
    #[must_use]
    pub fn over(&self, at: u32) -> Option<&'static str> {
        let limit = limit(self.patient.case.minutes);
        (self.seconds_left(at) == Some(0)).then_some(if at >= limit { OVER } else { SPENT })
    }
}

/// Seconds of so many minutes.
pub(super) fn limit(minutes: i32) -> u32 {
    u32::try_from(minutes).unwrap_or(0).saturating_mul(60)
}
