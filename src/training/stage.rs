//! An attempt at whatever stage it is: for screens that hold it between two keys, for scripts and sealed files that play
//! it. Every act goes through the types of [`super::flow`]; none of them reaches the engine.

use super::acts::{Act, Confidence, Flag};
use super::chain::{Entry, Header};
use super::flow::{
    Attempt, CocktailCommitted, ContraindicationsCommitted, DecisionCommitted, Interview, PlanCommitted, Reply, Sealed,
    SkinCommitted,
};
use super::hints::Hint;
use super::patient::{KnownFact, Patient};
use crate::pack::Pack;

/// An attempt that has been begun, named for what is to be done next.
#[derive(Clone, Debug)]
pub enum Begun {
    /// Questions may be asked; the skin is committed next.
    Interview(Attempt<Interview>),
    /// The contraindications are committed next.
    Contraindications(Attempt<SkinCommitted>),
    /// Twists may be answered; the decision is committed next.
    Decision(Attempt<ContraindicationsCommitted>),
    /// The cocktail is committed next.
    Cocktail(Attempt<DecisionCommitted>),
    /// The plan is committed next.
    Plan(Attempt<CocktailCommitted>),
    /// The confidence seals it.
    Confidence(Attempt<PlanCommitted>),
    /// Nothing can be changed any more.
    Sealed(Box<Sealed>),
}

/// What is said to whatever follows the seal.
const ENDED: &str = "nothing may follow the confidence";

/// Runs the same expression at every stage that is not sealed, and another on a sealed attempt.
macro_rules! at_any_stage {
    ($begun:expr, $attempt:ident => $open:expr, $sealed:ident => $done:expr) => {
        match $begun {
            Begun::Interview($attempt) => $open,
            Begun::Contraindications($attempt) => $open,
            Begun::Decision($attempt) => $open,
            Begun::Cocktail($attempt) => $open,
            Begun::Plan($attempt) => $open,
            Begun::Confidence($attempt) => $open,
            Begun::Sealed($sealed) => $done,
        }
    };
}

impl Begun {
    /// A new attempt, the brief read.
    #[must_use]
    pub fn new(patient: Patient, header: Header) -> Self {
        Self::Interview(Attempt::new(patient, header).begin())
    }

    /// Takes one act. The reply is that of the patient, to a question.
    ///
    /// # Errors
    /// When the act does not belong to this stage; the attempt is as it was.
    pub fn act(&mut self, act: Act, at: u32) -> Result<Option<Reply>, String> {
        let next = match (&mut *self, act) {
            (stage, Act::Away { since }) => return stage.away(since, at).map(|()| None),
            (Self::Interview(attempt), Act::Ask { question, how }) => return Ok(Some(attempt.ask(&question, how, at))),
            (Self::Decision(attempt), Act::Twist { answer }) => {
                attempt.answer_twist(answer, at);
                return Ok(None);
            }
            (Self::Interview(attempt), Act::Skin(skin)) => {
                Self::Contraindications(attempt.clone().commit_skin(skin, at))
            }
            (Self::Contraindications(attempt), Act::Contraindications(found)) => {
                Self::Decision(attempt.clone().commit_contraindications(found, at))
            }
            (Self::Decision(attempt), Act::Decide { decision }) => {
                Self::Cocktail(attempt.clone().commit_decision(decision, at))
            }
            (Self::Cocktail(attempt), Act::Cocktail(cocktail)) => {
                Self::Plan(attempt.clone().commit_cocktail(cocktail, at))
            }
            (Self::Plan(attempt), Act::Plan(plan)) => Self::Confidence(attempt.clone().commit_plan(plan, at)),
            (Self::Confidence(attempt), Act::Seal(confidence)) => {
                let confidence = Confidence {
                    contraindications: confidence.contraindications.min(100),
                    decision: confidence.decision.min(100),
                    cocktail: confidence.cocktail.min(100),
                };
                Self::Sealed(Box::new(attempt.clone().seal(confidence, at)))
            }
            (Self::Sealed(_), act) => return Err(format!("{ENDED}, found {}", name(&act))),
            (stage, act) => return Err(format!("expected {}, found {}", stage.expects(), name(&act))),
        };
        *self = next;
        Ok(None)
    }

    /// An exam is taken up again that was left at `since`: its clock did not stand still.
    ///
    /// # Errors
    /// When nothing can have been left: it is no exam, it is sealed, or it was not there yet.
    pub fn away(&mut self, since: u32, at: u32) -> Result<(), String> {
        let last = self.entries().last().map_or(0, |entry| entry.seconds);
        if self.header().sat.is_none() {
            return Err("only an exam notes that it was left".to_owned());
        }
        if since < last || at < since {
            return Err("an exam cannot be left before what was done in it, nor after one came back".to_owned());
        }
        let entry = Entry { seconds: at, cost: 0, act: Act::Away { since } };
        at_any_stage!(self, attempt => { attempt.log.push(entry); Ok(()) }, _sealed => Err(ENDED.to_owned()))
    }

    /// A hint, which is noted and costs. Its way in is not [`Begun::act`]: what it says comes from the case. Nothing is hinted at
    /// that is `named` already.
    ///
    /// # Errors
    /// Why there is none, in words.
    pub fn hint(&mut self, pack: &Pack, named: &[Flag], at: u32) -> Result<Hint, String> {
        match self {
            Self::Interview(attempt) => attempt.hint(pack, at).map_err(|why| why.to_string()),
            Self::Contraindications(attempt) => attempt.hint(pack, named, at).map_err(|why| why.to_string()),
            _ => Err("Hints come before the contraindications are committed.".to_owned()),
        }
    }

    /// The hint that was given in an attempt that is played again; a script says only that there was one.
    ///
    /// # Errors
    /// When there was no such hint to be had.
    pub fn hint_again(&mut self, pack: &Pack, about: &Flag, at: u32) -> Result<Hint, String> {
        match self {
            Self::Contraindications(attempt) if !about.text().is_empty() => {
                attempt.hint_again(pack, about, at).map_err(|why| why.to_string())
            }
            _ => self.hint(pack, &[], at),
        }
    }

    /// The seconds that an exam leaves for questions; none outside of exams.
    #[must_use]
    pub fn seconds_left(&self, at: u32) -> Option<u32> {
        at_any_stage!(self, attempt => attempt.seconds_left(at), _sealed => None)
    }

    /// Why nothing is asked any more in an exam, if so.
    #[must_use]
    pub fn over(&self, at: u32) -> Option<&'static str> {
        at_any_stage!(self, attempt => attempt.over(at), _sealed => None)
    }

    /// What has to be committed next.
    #[must_use]
    pub const fn expects(&self) -> &'static str {
        match self {
            Self::Interview(_) => "the skin",
            Self::Contraindications(_) => "the contraindications",
            Self::Decision(_) => "the decision",
            Self::Cocktail(_) => "the cocktail",
            Self::Plan(_) => "the plan",
            Self::Confidence(_) => "the confidence",
            Self::Sealed(_) => "the end",
        }
    }

    /// The patient, as far as anybody may know.
    #[must_use]
    pub const fn patient(&self) -> &Patient {
        at_any_stage!(self, attempt => &attempt.patient, sealed => &sealed.patient)
    }

    /// What the attempt is about.
    #[must_use]
    pub const fn header(&self) -> &Header {
        at_any_stage!(self, attempt => &attempt.log.header, sealed => &sealed.log.header)
    }

    /// Everything that was done so far.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        at_any_stage!(self, attempt => &attempt.log.entries, sealed => &sealed.log.entries)
    }

    /// Seconds of the consultation that questions have cost.
    #[must_use]
    pub fn cost(&self) -> u32 {
        at_any_stage!(self, attempt => attempt.log.cost(), sealed => sealed.log.cost())
    }

    /// What has been heard so far, the brief included.
    #[must_use]
    pub fn heard(&self) -> Vec<&KnownFact> {
        let (patient, heard) = at_any_stage!(
            self,
            attempt => (&attempt.patient, &attempt.heard),
            sealed => (&sealed.patient, &sealed.heard)
        );
        patient.facts.iter().zip(heard).filter(|(_, heard)| **heard).map(|(fact, _)| fact).collect()
    }

    /// The sealed attempt, once it is one: only that can be revealed.
    #[must_use]
    pub fn sealed(&self) -> Option<&Sealed> {
        match self {
            Self::Sealed(sealed) => Some(sealed),
            _ => None,
        }
    }
}

const fn name(act: &Act) -> &'static str {
    match act {
        Act::Ask { .. } => "a question",
        Act::Hint { .. } => "a hint",
        Act::Skin(_) => "the skin",
        Act::Contraindications(_) => "the contraindications",
        Act::Twist { .. } => "an answer to a twist",
        Act::Decide { .. } => "the decision",
        Act::Cocktail(_) => "the cocktail",
        Act::Plan(_) => "the plan",
        Act::Away { .. } => "an absence",
        Act::Seal(_) => "the confidence",
    }
}
