//! A case: a patient who may vary by seed, what they say and when, and what an author claims about them.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::harmless::Harmless;
use crate::intake::Answer;
use crate::pack::{Amount, Verdict};
use crate::plan::{MadeBy, Outcome};
use crate::source::Place;

/// A training case as it was written.
#[derive(Clone, Debug)]
pub struct Case {
    /// The id.
    pub id: String,
    /// Counted up when a change makes old results incomparable.
    pub version: i32,
    /// For people; says nothing about the answer.
    pub title: String,
    /// 1 to 3.
    pub level: i32,
    /// Minutes that an exam allows.
    pub minutes: i32,
    /// What the trainee is told before the interview.
    pub brief: String,
    /// The rules that it is about.
    pub objectives: Vec<String>,
    /// Everything about the patient, the defaults included.
    pub facts: Vec<Fact>,
    /// What may be drawn into the patient and speaks against nothing.
    pub harmless: Arc<[Harmless]>,
    /// What the author says comes out.
    pub expect: Expect,
    /// Rules that must not be overlooked, whatever the percentage.
    pub critical: Vec<String>,
    /// What each domain counts.
    pub weights: Weights,
    /// Questions in the middle, scored by a panel's votes.
    pub twists: Vec<Twist>,
    /// What made it, where nobody wrote it.
    pub made_by: Option<MadeBy>,
    /// Where it stands.
    pub place: Place,
}

/// One thing about the patient.
#[derive(Clone, Debug)]
pub struct Fact {
    /// The question of the intake that it answers. Several facts may answer one list.
    pub question: String,
    /// The answer, or what it is drawn from.
    pub value: Template,
    /// In the patient's words, or what one sees, of which one is drawn; `{value}` stands for a drawn number.
    pub says: Vec<String>,
    /// What is said to somebody who asks but does not ask closely enough. The patients of defaults, who have nothing to
    /// hide, say it too: who sounds vague is no finding yet.
    pub vague: Vec<String>,
    /// What it takes to hear it.
    pub disclose: Disclose,
    /// Of a default, the words by which one speaks of it; none where the case answers the question itself.
    pub stock: Option<SpeaksOf>,
    /// Of a default, what those say to whom its words do not fit any more.
    pub elder: Option<Elder>,
    /// It also stands on a list, in a booklet, on a box: reading brings it out, too.
    pub paper: bool,
}

/// Words of those who are past something: nobody of sixty speaks of her last period.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Elder {
    /// From this age on.
    pub from_age: i32,
    /// Or with one of these conditions.
    pub conditions: Vec<String>,
    /// The words, of which one is drawn.
    pub says: Vec<String>,
}

/// Words that belong to a question: a case that uses one elsewhere has to answer the question itself.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct SpeaksOf(pub Vec<String>);

/// An answer that may differ from seed to seed.
#[derive(Clone, Debug)]
pub enum Template {
    /// Always the same.
    Fixed(Answer),
    /// A whole number in a range, both ends included.
    Range(Amount, Amount),
    /// One of several, each with its own words if it has some.
    Choose(Vec<(Answer, Option<String>)>),
}

/// What it takes to learn a fact.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Disclose {
    /// The patient says it without being asked, or it stands in the brief.
    Volunteered,
    /// Asked about it, the patient says it.
    Ask,
    /// Only a closer question brings it up.
    Probe,
    /// It is seen or measured.
    Exam,
    /// It stands in a letter, a list of medicines, on a box.
    Document,
}

impl Disclose {
    /// Whether a plain question does not bring it out.
    #[must_use]
    pub const fn puts_off(self) -> bool {
        matches!(self, Self::Probe | Self::Exam | Self::Document)
    }

    /// The words of case files.
    pub const WORDS: [(&'static str, Self); 5] = [
        ("volunteered", Self::Volunteered),
        ("ask", Self::Ask),
        ("probe", Self::Probe),
        ("exam", Self::Exam),
        ("document", Self::Document),
    ];
}

/// What the author claims; `check` holds it against the engine for many seeds.
#[derive(Clone, Debug)]
pub struct Expect {
    /// The verdict.
    pub verdict: Outcome,
    /// Rules that must fire.
    pub flags: Vec<String>,
    /// Rules that must not.
    pub not_flags: Vec<String>,
    /// Recipes that must be taken.
    pub recipes: Vec<String>,
    /// No injectable at all must be proposed.
    pub no_injectable: bool,
    /// Other sets of ingredients that are as good as the engine's.
    pub accept: Vec<Vec<String>>,
}

/// What each domain counts; the parts need not sum to 100.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Weights(pub [i32; 6]);

impl Default for Weights {
    fn default() -> Self {
        Self([40, 20, 10, 15, 10, 5])
    }
}

/// What is marked.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Domain {
    /// Contraindications and the decision.
    Safety,
    /// What was asked and examined.
    History,
    /// Skin type and findings.
    Skin,
    /// What is injected.
    Cocktail,
    /// Sessions, interval, review.
    Plan,
    /// Points to cover before signing.
    Consent,
}

impl Domain {
    /// All of them, in the order of [`Weights`].
    pub const ALL: [Self; 6] = [Self::Safety, Self::History, Self::Skin, Self::Cocktail, Self::Plan, Self::Consent];

    /// The word in files and tables.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Safety => "safety",
            Self::History => "history",
            Self::Skin => "skin",
            Self::Cocktail => "cocktail",
            Self::Plan => "plan",
            Self::Consent => "consent",
        }
    }

    /// What it counts.
    #[must_use]
    pub const fn weight(self, weights: Weights) -> i32 {
        weights.0[self as usize]
    }
}

/// A question after the contraindications were committed: does this news make the hypothesis more or less tenable?
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Twist {
    /// The news.
    pub reveals: String,
    /// The plan in question.
    pub hypothesis: String,
    /// Votes of the panel for -2, -1, 0, +1, +2.
    pub panel: [i32; 5],
    /// Who voted, and when; without it the votes are the author's guess and are shown as such.
    pub voted: Option<String>,
}

impl Twist {
    /// The answer that the panel chose most.
    #[must_use]
    pub fn best(&self) -> i8 {
        let most = self.panel.iter().copied().max().unwrap_or(0);
        self.panel.iter().position(|votes| *votes == most).map_or(0, |at| at as i8 - 2)
    }

    /// Votes for the answer by votes for the most chosen one; `None` with fewer than ten panellists.
    #[must_use]
    pub fn credit(&self, answer: i8) -> Option<f64> {
        let most = self.panel.iter().copied().max().unwrap_or(0);
        let place = usize::try_from(answer.checked_add(2)?).ok()?;
        (self.panel.iter().sum::<i32>() >= 10 && most > 0)
            .then(|| self.panel.get(place).map_or(0.0, |votes| f64::from(*votes) / f64::from(most)))
    }
}

/// What a trainee may decide.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Decision {
    /// Go on, with precautions where they are needed.
    Treat,
    /// Only after a named clinician has cleared it.
    Clearance,
    /// Not before a date or an event.
    Defer,
    /// Assessment elsewhere first.
    Refer,
    /// No treatment.
    Decline,
}

impl Decision {
    /// The words of files.
    pub const WORDS: [(&'static str, Self); 5] = [
        ("treat", Self::Treat),
        ("clearance", Self::Clearance),
        ("defer", Self::Defer),
        ("refer", Self::Refer),
        ("decline", Self::Decline),
    ];

    /// The decision that a verdict asks for; none while it is incomplete.
    #[must_use]
    pub const fn of(outcome: Outcome) -> Option<Self> {
        match outcome {
            Outcome::Proceed | Outcome::Caution => Some(Self::Treat),
            Outcome::Clearance => Some(Self::Clearance),
            Outcome::Defer => Some(Self::Defer),
            Outcome::Refer => Some(Self::Refer),
            Outcome::Decline => Some(Self::Decline),
            Outcome::Incomplete => None,
        }
    }

    /// The word of files.
    #[must_use]
    pub fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(_, d)| *d == self).map_or("", |(word, _)| word)
    }
}

/// Whether a finding stops the treatment, as opposed to asking for care.
#[must_use]
pub fn stops(verdict: Verdict) -> bool {
    verdict >= Verdict::Defer
}

/// The cases of a pack, by id.
pub type Cases = BTreeMap<String, Arc<Case>>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panel_gives_credit_by_its_votes_and_none_when_it_is_small() {
        let twist = Twist { reveals: String::new(), hypothesis: String::new(), panel: [0, 2, 9, 3, 0], voted: None };
        assert_eq!(twist.credit(0), Some(1.0));
        assert_eq!(twist.credit(1), Some(3.0 / 9.0));
        assert_eq!(twist.credit(-2), Some(0.0));
        assert_eq!(twist.credit(5), Some(0.0));
        let few = Twist { panel: [0, 2, 4, 3, 0], ..twist };
        assert_eq!(few.credit(0), None);
    }

    #[test]
    fn the_usual_weights_are_a_hundred_and_safety_is_first() {
        let weights = Weights::default();
        assert_eq!(Domain::ALL.iter().map(|d| d.weight(weights)).sum::<i32>(), 100);
        assert_eq!(Domain::Safety.weight(weights), 40);
    }
}
