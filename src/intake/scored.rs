//! What scored scales make of the answers to their questions.

use super::answer::{Answer, Intake};
use crate::pack::{Ix, Pack, QuestionIx, Scale, ScaleValue};

/// A scale whose questions all have an answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Scored {
    /// The scale.
    pub scale: Ix<Scale>,
    /// The question it gives an answer to.
    pub question: QuestionIx,
    /// The sum.
    pub points: u16,
    /// What the sum means.
    pub value: ScaleValue,
    /// How that stands to the answer of the question itself.
    pub standing: ScaleStanding,
}

/// How a scale stands to the answer of the question it is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ScaleStanding {
    /// The question has no answer of its own: the scale gives it.
    Decides,
    /// The answer of the question says the same.
    Agrees,
    /// The answer of the question says something else, and counts.
    Differs,
}

/// How far a scale is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Tally {
    /// Points so far.
    pub points: u16,
    /// Questions that have an answer with points.
    pub answered: usize,
}

/// The points so far. An answer that is not known gives none, and leaves the scale open.
#[must_use]
pub fn tally(pack: &Pack, scale: &Scale, intake: &Intake) -> Tally {
    let mut tally = Tally { points: 0, answered: 0 };
    for item in &scale.items {
        let question = &pack.questions[item.question];
        let Some(Answer::Choice(word)) = intake.get(&question.id) else { continue };
        let option = question.options().iter().position(|option| option.id == *word);
        if let Some(points) = option.and_then(|n| item.points.get(n)) {
            tally.points += points;
            tally.answered += 1;
        }
    }
    tally
}

/// Takes back what was answered in the scale of a question, so that it speaks no longer.
pub fn clear_scale(pack: &Pack, intake: &mut Intake, question: QuestionIx) {
    let Some(ix) = pack.scale_for(question) else { return };
    for item in &pack.scales[ix].items {
        intake.clear(&pack.questions[item.question].id);
    }
}
