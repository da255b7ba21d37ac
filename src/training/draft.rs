//! What a trainee leaves behind: an attempt in the middle, and how finished ones went.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::acts::Contraindications;
use super::case::{Decision, Domain};
use super::chain::{Entry, Header, Mode, Sat};
use super::flow::Sealed;
use super::marks::{Judgement, Marks};
use super::schedule::Rating;
use crate::find::fold;

/// An attempt that was left in the middle. Its acts are played again when it is taken up.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Draft {
    /// What it is about.
    pub header: Header,
    /// What was done.
    pub entries: Vec<Entry>,
    /// What was entered and not committed.
    #[serde(default)]
    pub jotted: Jotted,
    /// Seconds that it has taken so far.
    #[serde(default)]
    pub seconds: u32,
}

impl Draft {
    /// The name under which it is kept: one attempt in each mode at each patient.
    #[must_use]
    pub fn name(&self) -> String {
        name_of(&self.header)
    }
}

/// The name of the draft of an attempt. Two who sit the same exam on one machine have each their own.
#[must_use]
pub fn name_of(header: &Header) -> String {
    let name = format!("{}-{}-{}", header.case, header.seed, header.mode.word());
    if header.sat.is_none() {
        return name;
    }
    let who = Sha256::digest(header.trainee.as_bytes());
    let who: String = who.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    format!("{name}-{who}")
}

/// An exam that was begun here, whatever became of it: who begins it again has seen its patient.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct BegunExam {
    /// Who.
    pub trainee: String,
    /// The case.
    pub case: String,
    /// The seed.
    pub seed: u64,
    /// The paper and the station, when it began.
    pub sat: Sat,
    /// Whether it was sealed.
    #[serde(default)]
    pub sealed: bool,
}

impl BegunExam {
    /// The note of an exam that begins; none of anything else.
    #[must_use]
    pub fn of(header: &Header) -> Option<Self> {
        let (trainee, case) = (header.trainee.clone(), header.case.clone());
        Some(Self { trainee, case, seed: header.seed, sat: header.sat.clone()?, sealed: false })
    }

    /// Whether it is the same patient for the same trainee.
    #[must_use]
    pub fn is_of(&self, trainee: &str, case: &str, seed: u64) -> bool {
        fold(&self.trainee) == fold(trainee) && self.case == case && self.seed == seed
    }
}

/// What was entered and not committed: nothing of it is an act.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Jotted {
    /// The interview is over as far as the trainee is concerned; until the commit one can go back to it.
    pub on_skin: bool,
    /// Findings of the skin, by question.
    pub skin: BTreeMap<String, String>,
    /// Contraindications.
    pub found: Contraindications,
    /// The answer to the twist that is open, -2 to +2.
    pub twist: Option<i8>,
    /// The decision.
    pub decision: Option<Decision>,
    /// What is injected.
    pub mixes: Vec<JottedMix>,
    /// Sessions, as typed.
    pub sessions: String,
    /// Days between them, as typed.
    pub interval: String,
    /// Whether a review is planned.
    pub review: Option<bool>,
    /// Consent points.
    pub consent: Vec<String>,
    /// How sure one is of contraindications, decision, cocktail; as typed.
    pub confidence: [String; 3],
}

/// A syringe being made up.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct JottedMix {
    /// The goal id.
    pub goal: String,
    /// The area id.
    pub area: String,
    /// Ingredient ids and mL, as typed.
    pub parts: Vec<(String, String)>,
}

/// How a finished attempt went. Nothing of it says what the case is about: a list may show it before the next attempt.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Past {
    /// The day.
    pub day: Date,
    /// The case.
    pub case: String,
    /// The seed.
    pub seed: u64,
    /// How it was made.
    pub mode: Mode,
    /// 0 to 100.
    pub percent: f64,
    /// Whether it was passed.
    pub passed: bool,
    /// The kinds of what failed it.
    #[serde(default)]
    pub critical: Vec<String>,
    /// The shares of the domains that could be marked.
    #[serde(default)]
    pub domains: BTreeMap<Domain, f64>,
    /// Of the contraindications, how many were found.
    #[serde(default)]
    pub sensitivity: Option<f64>,
    /// Of what is harmless, how much was left in peace.
    #[serde(default)]
    pub specificity: Option<f64>,
    /// What the trainee was sure of, and whether it was right.
    #[serde(default)]
    pub sure: Vec<(f64, bool)>,
    /// How well each rule was known.
    #[serde(default)]
    pub grades: Vec<(String, Rating)>,
    /// Rules that are taken to be known because it was passed on the fast track; nobody asked about them.
    #[serde(default)]
    pub known: Vec<String>,
    /// How many hints were taken.
    #[serde(default)]
    pub hints: usize,
    /// Seconds from start to seal.
    #[serde(default)]
    pub seconds: u32,
    /// The name of its sealed file; empty of those that were kept before it was noted.
    #[serde(default)]
    pub file: String,
}

/// The name of the file in which a sealed attempt is kept.
pub(super) fn name_of_file(sealed: &Sealed) -> String {
    let (header, seal) = (sealed.header(), sealed.seal());
    format!("{}-{}-{}.attempt", header.day, header.case, seal.get(..8).unwrap_or(&seal))
}

impl Past {
    /// How a marked attempt went.
    #[must_use]
    pub fn of(sealed: &Sealed, marks: &Marks) -> Self {
        let header = sealed.header();
        let sure = |judgement: &Judgement| (judgement.confidence, judgement.right);
        Self {
            day: header.day,
            case: header.case.clone(),
            seed: header.seed,
            mode: header.mode,
            percent: marks.percent,
            passed: marks.passed,
            critical: marks.critical.iter().map(|fail| fail.kind.to_owned()).collect(),
            domains: marks.domains.iter().filter_map(|mark| Some((mark.domain, mark.share?))).collect(),
            sensitivity: marks.sensitivity,
            specificity: marks.specificity,
            sure: marks.judgements.iter().map(sure).collect(),
            grades: marks.grades.clone(),
            known: Vec::new(),
            hints: marks.hints.len(),
            seconds: marks.seconds,
            file: name_of_file(sealed),
        }
    }
}
