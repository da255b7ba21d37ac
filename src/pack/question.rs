//! The questions of the intake.

use super::condition::Condition;
use super::scale::Scale;
use super::table::{Identified, Ix};
use super::vocabulary::{ChoiceOption, List, NumberKind};

/// A step of the consultation that asks questions.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Step {
    /// Who.
    Patient,
    /// Skin type and findings.
    Skin,
    /// Pregnancy, conditions, medicines, events, screening.
    History,
    /// Allergies.
    Allergies,
    /// Goals, areas, wishes, setting.
    Goals,
}

impl Step {
    /// All steps that ask, in order.
    pub const ALL: [Self; 5] = [Self::Patient, Self::Skin, Self::History, Self::Allergies, Self::Goals];

    /// The word in packs.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Patient => "patient",
            Self::Skin => "skin",
            Self::History => "history",
            Self::Allergies => "allergies",
            Self::Goals => "goals",
        }
    }
}

/// A question of the intake.
#[derive(Clone, Debug)]
pub struct Question {
    /// The path of its key in the intake file, such as `history.pregnancy`.
    pub id: String,
    /// Where it is asked.
    pub step: Step,
    /// For people.
    pub label: String,
    /// How to ask it, what it means.
    pub help: String,
    /// What it can hold.
    pub kind: QuestionKind,
    /// Asked only when this holds (`None`: always).
    pub ask_when: Option<Condition>,
    /// What it counts as when it is not asked because of `ask_when`: the position of an option.
    pub otherwise: Option<usize>,
    /// Never holds an assessment back: unanswered, the rules that read it stay silent.
    pub optional: bool,
    /// Asked always; a question that is not required is missing only when something in play reads it.
    pub required: bool,
    /// Computed from other answers, never asked (such as `patient.bmi`).
    pub derived: bool,
    /// The scale it belongs to: then it is asked only there, no rule reads it, and it is never missing.
    pub scale: Option<Ix<Scale>>,
    /// What an earlier answer is worth in a later consultation.
    pub returning: Returning,
}

/// What an earlier answer is worth when the patient comes again. None of it is an answer before somebody confirms it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Returning {
    /// Nothing: it is asked anew.
    #[default]
    Anew,
    /// It is shown, and may be taken over at its own question only: what is new since then has to be asked.
    Offer,
    /// It is shown, and may be confirmed by itself or with its step.
    Confirm,
}

impl Returning {
    /// The words in packs.
    pub const WORDS: [(&'static str, Self); 3] =
        [("anew", Self::Anew), ("offer", Self::Offer), ("confirm", Self::Confirm)];
}

impl Identified for Question {
    fn id(&self) -> &str {
        &self.id
    }
}

/// What a question can hold.
#[derive(Clone, Debug)]
pub enum QuestionKind {
    /// One of the options.
    Choice(Vec<ChoiceOption>),
    /// A number.
    Number(NumberKind),
    /// A date.
    Date,
    /// Free text; no rule reads it.
    Text,
    /// Coded items and free text.
    List(List),
    /// Goals with areas.
    Goals,
}

/// The position of a question.
pub type QuestionIx = Ix<Question>;
