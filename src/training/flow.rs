//! The blind flow as types: what may be done next is all that can be written.
//!
//! ```text
//! Brief -> Interview -> SkinCommitted -> ContraindicationsCommitted -> DecisionCommitted
//!       -> CocktailCommitted -> PlanCommitted -> Sealed -> reveal
//! ```
//!
//! Only a [`Sealed`] attempt can be revealed, and nothing else in this flow reaches the engine:
//!
//! ```compile_fail,E0308
//! use pistor::training::{Attempt, Interview, reveal};
//! fn peek(pack: &pistor::pack::Pack, attempt: &Attempt<Interview>) {
//!     reveal(pack, attempt); // an interview is not sealed
//! }
//! ```
//!
//! ```compile_fail,E0599
//! use pistor::training::{Attempt, Confidence, SkinCommitted};
//! fn hurry(attempt: Attempt<SkinCommitted>) {
//!     attempt.seal(Confidence::default(), 0); // five commits too early
//! }
//! ```
//!
//! ```compile_fail,E0624
//! use pistor::training::{Attempt, Brief};
//! fn look(attempt: &Attempt<Brief>) {
//!     attempt.patient().intake(); // the whole truth is nobody's business
//! }
//! ```

use std::marker::PhantomData;

use super::acts::{Act, CocktailCommit, Confidence, Contraindications, How, PlanCommit, SkinCommit};
use super::case::{Decision, Disclose};
use super::chain::{Entry, Header, Log};
use super::patient::{KnownFact, Patient};

/// An attempt at one of its stages.
#[derive(Clone, Debug)]
pub struct Attempt<Stage> {
    pub(super) patient: Patient,
    pub(super) log: Log,
    pub(super) heard: Vec<bool>,
    stage: PhantomData<Stage>,
}

/// Nothing is known but the brief.
#[derive(Clone, Debug)]
pub struct Brief;
/// Questions may be asked.
#[derive(Clone, Debug)]
pub struct Interview;
/// Skin type and findings stand.
#[derive(Clone, Debug)]
pub struct SkinCommitted;
/// Contraindications stand.
#[derive(Clone, Debug)]
pub struct ContraindicationsCommitted;
/// The decision stands.
#[derive(Clone, Debug)]
pub struct DecisionCommitted;
/// The cocktail stands.
#[derive(Clone, Debug)]
pub struct CocktailCommitted;
/// The plan stands.
#[derive(Clone, Debug)]
pub struct PlanCommitted;

/// A finished attempt: nothing can be changed any more, and it may be revealed.
#[derive(Clone, Debug)]
pub struct Sealed {
    pub(super) patient: Patient,
    pub(super) log: Log,
    pub(super) heard: Vec<bool>,
}

/// What a question brought.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reply {
    /// In the patient's words, or what one sees; one for each thing.
    pub says: Vec<String>,
    /// How many facts were new.
    pub new: usize,
}

impl<S> Attempt<S> {
    fn next<T>(mut self, at: u32, act: Act) -> Attempt<T> {
        self.log.push(Entry { seconds: at, cost: 0, act });
        Attempt { patient: self.patient, log: self.log, heard: self.heard, stage: PhantomData }
    }

    /// The patient, as far as anybody may know.
    #[must_use]
    pub const fn patient(&self) -> &Patient {
        &self.patient
    }

    /// What has been heard so far, the brief included.
    pub fn heard(&self) -> impl Iterator<Item = &KnownFact> {
        self.patient.facts.iter().zip(&self.heard).filter(|(_, heard)| **heard).map(|(fact, _)| fact)
    }

    /// Seconds of the consultation that questions have cost.
    #[must_use]
    pub fn cost(&self) -> u32 {
        self.log.cost()
    }

    /// The hash of the last act: a trainee can note it.
    #[must_use]
    pub fn head(&self) -> &str {
        self.log.head()
    }
}

impl Attempt<Brief> {
    /// A new attempt.
    #[must_use]
    pub fn new(patient: Patient, header: Header) -> Self {
        let heard = patient.facts.iter().map(|fact| fact.disclose == Disclose::Volunteered).collect();
        Self { patient, log: Log::new(header), heard, stage: PhantomData }
    }

    /// The first words are read; the interview begins.
    #[must_use]
    pub fn begin(self) -> Attempt<Interview> {
        Attempt { patient: self.patient, log: self.log, heard: self.heard, stage: PhantomData }
    }
}

impl Attempt<Interview> {
    /// One question, `at` seconds after the start. Asking twice costs twice.
    /// After the time of an exam nothing is asked any more, and nothing is noted.
    pub fn ask(&mut self, question: &str, how: How, at: u32) -> Reply {
        if let Some(why) = self.over(at) {
            return Reply { says: vec![why.to_owned()], new: 0 };
        }
        self.log.push(Entry { seconds: at, cost: how.cost(), act: Act::Ask { question: question.to_owned(), how } });
        let mut says = Vec::new();
        let mut new = 0;
        for (fact, heard) in self.patient.facts.iter().zip(&mut self.heard) {
            if fact.question != question {
                continue;
            }
            if *heard || opens(how, fact.disclose) || (how == How::Document && fact.paper) {
                says.push(fact.reply());
                new += usize::from(!*heard);
                *heard = true;
            } else if let Some(vague) = fact.vague.as_ref().filter(|_| deflects(how, fact.disclose)) {
                says.push(vague.clone());
            }
        }
        if says.is_empty() {
            // A figure or a grade that nobody has taken is not denied.
            let open = self.patient.never_taken.contains(question);
            says.push(
                match how {
                    How::Ask if open => "I could not tell you. Nobody has ever taken it, or told me.",
                    How::Probe if open => "I really do not know; I have nothing to go by.",
                    How::Exam if open => "It cannot be taken here today.",
                    How::Ask => "Nothing that comes to mind.",
                    How::Probe => "No, nothing more.",
                    How::Exam => "Nothing to be seen.",
                    How::Document => "There is no such paper.",
                }
                .to_owned(),
            );
        }
        Reply { says, new }
    }

    /// Commits skin type and findings; the interview is over.
    #[must_use]
    pub fn commit_skin(self, skin: SkinCommit, at: u32) -> Attempt<SkinCommitted> {
        self.next(at, Act::Skin(skin))
    }
}

/// Whether a way of asking brings out a fact.
const fn opens(how: How, disclose: Disclose) -> bool {
    matches!(
        (how, disclose),
        (_, Disclose::Volunteered)
            | (How::Ask | How::Probe, Disclose::Ask)
            | (How::Probe, Disclose::Probe)
            | (How::Exam, Disclose::Exam)
            | (How::Document, Disclose::Document)
    )
}

/// Whether one is put off: asked not closely enough, or asked about what has to be looked at or read.
const fn deflects(how: How, disclose: Disclose) -> bool {
    matches!(
        (how, disclose),
        (How::Ask, Disclose::Probe) | (How::Ask | How::Probe, Disclose::Exam | Disclose::Document)
    )
}

impl Attempt<SkinCommitted> {
    /// Commits contraindications and what is still unknown.
    #[must_use]
    pub fn commit_contraindications(self, found: Contraindications, at: u32) -> Attempt<ContraindicationsCommitted> {
        self.next(at, Act::Contraindications(found))
    }
}

impl Attempt<ContraindicationsCommitted> {
    /// Answers the next question in the middle, -2 to +2.
    pub fn answer_twist(&mut self, answer: i8, at: u32) {
        self.log.push(Entry { seconds: at, cost: 0, act: Act::Twist { answer } });
    }

    /// Commits the decision.
    #[must_use]
    pub fn commit_decision(self, decision: Decision, at: u32) -> Attempt<DecisionCommitted> {
        self.next(at, Act::Decide { decision })
    }
}

impl Attempt<DecisionCommitted> {
    /// Commits what is to be injected.
    #[must_use]
    pub fn commit_cocktail(self, cocktail: CocktailCommit, at: u32) -> Attempt<CocktailCommitted> {
        self.next(at, Act::Cocktail(cocktail.in_hundredths()))
    }
}

impl Attempt<CocktailCommitted> {
    /// Commits sessions and consent points.
    #[must_use]
    pub fn commit_plan(self, plan: PlanCommit, at: u32) -> Attempt<PlanCommitted> {
        self.next(at, Act::Plan(plan))
    }
}

impl Attempt<PlanCommitted> {
    /// Says how sure one is, and ends the attempt.
    #[must_use]
    pub fn seal(self, confidence: Confidence, at: u32) -> Sealed {
        let done: Self = self.next(at, Act::Seal(confidence));
        Sealed { patient: done.patient, log: done.log, heard: done.heard }
    }
}
