//! What comes out of an attempt: items, domains, critical fails, calibration.

use serde::Serialize;

use super::case::{Decision, Domain};
use super::schedule::Rating;
use crate::pack::Grade;
use crate::plan::Outcome;

/// The percentage from which an attempt without a critical fail is passed.
pub const PASS_PERCENT: f64 = 70.0;

/// The marks of one attempt.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Marks {
    /// Over all domains that could be marked, 0 to 100.
    pub percent: f64,
    /// [`PASS_PERCENT`] or more, and nothing critical.
    pub passed: bool,
    /// What fails an attempt whatever the percentage.
    pub critical: Vec<CriticalFail>,
    /// By domain.
    pub domains: Vec<DomainMark>,
    /// Of the contraindications, how many were found; `None` when there are none.
    pub sensitivity: Option<f64>,
    /// Of what is harmless, how much was left in peace.
    pub specificity: Option<f64>,
    /// Mean squared distance between confidence and truth: 0 is perfect, 0.25 is a coin.
    pub brier: f64,
    /// What the trainee was sure of.
    pub judgements: Vec<Judgement>,
    /// Mean credit of the questions in the middle; `None` when the panels were too small or there were none.
    pub twists: Option<f64>,
    /// The decision.
    pub decision: Decision,
    /// What the engine says.
    pub verdict: Outcome,
    /// Seconds of the consultation that questions cost.
    pub cost_seconds: u32,
    /// Seconds from start to seal.
    pub seconds: u32,
    /// Every item, right or wrong.
    pub items: Vec<Item>,
    /// How well each rule was known, for what to practise next.
    pub grades: Vec<(String, Rating)>,
    /// What was hinted at, for people.
    pub hints: Vec<String>,
    /// Of an exam, by how many seconds it was sealed after its time.
    pub late_seconds: u32,
    /// Of an exam, when it was left; its clock ran on.
    pub away: Vec<Absence>,
}

/// An exam that was left and taken up again.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct Absence {
    /// Seconds after the start at which it was left.
    pub since: u32,
    /// Seconds after the start at which it was taken up again.
    pub until: u32,
}

impl Absence {
    /// How long it was.
    #[must_use]
    pub const fn seconds(self) -> u32 {
        self.until.saturating_sub(self.since)
    }

    /// When and how long, for people.
    #[must_use]
    pub fn words(self) -> String {
        format!("at {} for {}", minutes(self.since), minutes(self.seconds()))
    }
}

/// Minutes and seconds.
#[must_use]
pub fn minutes(seconds: u32) -> String {
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

/// One domain.
#[derive(Clone, Copy, PartialEq, Debug, Serialize)]
pub struct DomainMark {
    /// Which.
    pub domain: Domain,
    /// What it counts.
    pub weight: i32,
    /// 0 to 1; `None` when the case has nothing to mark in it.
    pub share: Option<f64>,
}

/// What fails an attempt by itself: its word in files, and what it says to people.
pub const CRITICAL: [(&str, &str); 7] = [
    ("treated-on-stop", "treated where the rules stop"),
    ("treated-unasked", "treated without asking"),
    ("allergen-in-cocktail", "an allergen in the syringe"),
    ("over-cap", "more than a limit"),
    ("incompatible-mix", "what may not be mixed"),
    ("overlooked", "overlooked what must not be"),
    ("false-alarms", "more false alarms than findings"),
];

/// What a word of [`CRITICAL`] says to people; the word itself where it is none of them.
#[must_use]
pub fn critical_words(kind: &str) -> &str {
    CRITICAL.iter().find(|(word, _)| *word == kind).map_or(kind, |(_, says)| says)
}

/// Something that fails an attempt by itself.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct CriticalFail {
    /// One of [`CRITICAL`].
    pub kind: &'static str,
    /// In words.
    pub what: String,
    /// The rule, where there is one.
    pub rule: Option<String>,
}

/// A statement with its confidence.
#[derive(Clone, Copy, PartialEq, Debug, Serialize)]
pub struct Judgement {
    /// `contraindications`, `decision` or `cocktail`.
    pub about: &'static str,
    /// 0 to 1.
    pub confidence: f64,
    /// Whether it was right.
    pub right: bool,
}

/// One thing that was marked, with the reason.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Item {
    /// The same for the same thing in every attempt at a case.
    pub id: String,
    /// Where it counts.
    pub domain: Domain,
    /// Whether it alone fails the attempt: it stands first.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub critical: bool,
    /// What it is about.
    pub title: String,
    /// What the trainee said or did.
    pub yours: String,
    /// What the rules say.
    pub key: String,
    /// 0 to 1.
    pub share: f64,
    /// How much it counts in its domain.
    pub weight: f64,
    /// The rule.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// What the rule says to do, or a remark.
    pub message: String,
    /// The mechanism or reason.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub why: String,
    /// Why it fired: the answers it read.
    pub facts: Vec<String>,
    /// What would change it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub change: Option<String>,
    /// Citations.
    pub sources: Vec<String>,
    /// How strong that is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Grade>,
}

impl Item {
    /// An item without a rule.
    pub(super) fn plain(domain: Domain, id: String, title: &str, share: f64, weight: f64) -> Self {
        Self {
            id,
            domain,
            critical: false,
            title: title.to_owned(),
            yours: String::new(),
            key: String::new(),
            share,
            weight,
            rule: None,
            message: String::new(),
            why: String::new(),
            facts: Vec::new(),
            change: None,
            sources: Vec::new(),
            evidence: None,
        }
    }

    /// What the trainee said and what the rules say.
    pub(super) fn said(mut self, yours: impl Into<String>, key: impl Into<String>) -> Self {
        self.yours = yours.into();
        self.key = key.into();
        self
    }

    /// Whether nothing was missing.
    #[must_use]
    pub fn right(&self) -> bool {
        self.share > 0.999
    }
}

impl Marks {
    /// What was wrong although the trainee was sure (75 or more), the surest first.
    #[must_use]
    pub fn sure_and_wrong(&self) -> Vec<Judgement> {
        let mut found: Vec<Judgement> =
            self.judgements.iter().copied().filter(|j| !j.right && j.confidence >= 0.75).collect();
        found.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
        found
    }

    /// The items in the order in which they are read: what is to be learnt from, what was critical first, then what was right.
    #[must_use]
    pub fn to_read(&self) -> (Vec<usize>, Vec<usize>) {
        let of = |at: &usize| self.items.get(*at);
        let (right, mut wrong): (Vec<usize>, Vec<usize>) =
            (0..self.items.len()).partition(|at| of(at).is_some_and(Item::right));
        wrong.sort_by_key(|at| !of(at).is_some_and(|item| item.critical));
        (wrong, right)
    }

    /// The share of one domain.
    #[must_use]
    pub fn share(&self, domain: Domain) -> Option<f64> {
        self.domains.iter().find(|mark| mark.domain == domain).and_then(|mark| mark.share)
    }
}

/// The weighted mean of the items of a domain.
pub(super) fn share_of(items: &[Item], domain: Domain) -> Option<f64> {
    let of = || items.iter().filter(|item| item.domain == domain);
    let weight: f64 = of().map(|item| item.weight).sum();
    (weight > 0.0).then(|| of().map(|item| item.weight * item.share).sum::<f64>() / weight)
}
