//! What an assessment says. The names are a contract: other programs read this as JSON.

use std::sync::Arc;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::layers::ClinicOverride;
use super::not_known;
use super::scales::ScaleResult;
use crate::pack::{Basis, Grade, ReviewState, Scope, Verdict};

/// A text of the pack, shared with it: an assessment is made on every answer, and copies none of the long texts.
pub type Text = Arc<str>;

/// The result of assessing one intake on one day.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Assessment {
    /// What follows for the treatment.
    pub verdict: Outcome,
    /// For deferrals: the date, if there is one.
    pub until: Option<Date>,
    /// For deferrals: the event that has to happen first.
    pub until_event: Option<String>,
    /// Whether a referral is for the same day.
    pub urgent: bool,
    /// What nobody knows and the whole verdict rests on, in words: known, it may be milder. Empty where anything certain
    /// decides the same.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rests_on: Vec<String>,
    /// Questions that must be answered first.
    pub missing: Vec<Missing>,
    /// What the rules say, strictest first.
    pub findings: Vec<Finding>,
    /// Answers that come from scored scales, and what scales say of questions that were answered directly.
    #[serde(default)]
    pub scales: Vec<ScaleResult>,
    /// What must not be used.
    pub excluded: Vec<Excluded>,
    /// Requested ingredients and what the rules say of each.
    pub requested: Vec<Vetted>,
    /// The proposal; absent when incomplete, refer or decline.
    pub plan: Option<Plan>,
    /// What holds for every assessment here (jurisdiction, sign-off).
    pub notices: Vec<String>,
    /// The day of the assessment.
    pub today: Date,
    /// The pack that decided.
    pub pack: PackRef,
}

impl Assessment {
    /// What the whole verdict rests on although nobody knows it, as a sentence.
    #[must_use]
    pub fn doubt(&self) -> Option<String> {
        (!self.rests_on.is_empty()).then(|| {
            let named = not_known::named(&self.rests_on, false);
            format!("It rests on what is not known ({named}). Find that out first: the verdict may become milder.")
        })
    }

    /// The findings that stand by themselves, with their places. What only rests on a list that nobody knows stands under
    /// the finding about that list.
    pub fn shown(&self) -> impl Iterator<Item = (usize, &Finding)> {
        self.findings.iter().enumerate().filter(|(_, finding)| finding.under.is_none())
    }
}

/// A verdict, or that it cannot be given yet.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// Go on.
    Proceed,
    /// Go on with documented mitigation.
    Caution,
    /// A named clinician must clear it first.
    Clearance,
    /// Not before a date or an event.
    Defer,
    /// Assessment elsewhere first.
    Refer,
    /// No treatment.
    Decline,
    /// Safety questions are open.
    Incomplete,
}

impl From<Verdict> for Outcome {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Proceed => Self::Proceed,
            Verdict::Caution => Self::Caution,
            Verdict::Clearance => Self::Clearance,
            Verdict::Defer => Self::Defer,
            Verdict::Refer => Self::Refer,
            Verdict::Decline => Self::Decline,
        }
    }
}

impl Outcome {
    /// The word in JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Proceed => "proceed",
            Self::Caution => "caution",
            Self::Clearance => "clearance",
            Self::Defer => "defer",
            Self::Refer => "refer",
            Self::Decline => "decline",
            Self::Incomplete => "incomplete",
        }
    }

    /// The sign that goes with the word wherever colour might be missing.
    #[must_use]
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Proceed => "✓",
            Self::Caution => "!",
            Self::Clearance => "◇",
            Self::Defer => "»",
            Self::Refer => "→",
            Self::Decline => "✗",
            Self::Incomplete => "…",
        }
    }

    /// Its place in the order of strictness; incomplete, which stands apart, comes last.
    #[must_use]
    pub const fn strictness(self) -> u8 {
        match self {
            Self::Proceed => 0,
            Self::Caution => 1,
            Self::Clearance => 2,
            Self::Defer => 3,
            Self::Refer => 4,
            Self::Decline => 5,
            Self::Incomplete => 6,
        }
    }
}

/// An open question.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Missing {
    /// The question id.
    pub question: String,
    /// For people.
    pub label: String,
    /// The step it is asked in.
    pub step: String,
    /// Why it matters: the rules that wait for it, by title.
    pub because: Vec<String>,
}

/// A rule that fired.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Finding {
    /// The rule id.
    pub rule: String,
    /// Its name for people.
    pub title: String,
    /// What follows.
    pub verdict: Verdict,
    /// How far the verdict reaches.
    pub scope: Scope,
    /// What to do.
    pub message: String,
    /// The same for the patient.
    pub patient: Option<String>,
    /// The mechanism or reason.
    pub why: String,
    /// Ids of what it takes out.
    pub excludes: Vec<String>,
    /// The answers it read, for people.
    pub because: Vec<String>,
    /// What was not known and counted as unfavourable.
    pub assumed: Vec<String>,
    /// The questions it read.
    pub questions: Vec<String>,
    /// Until when, for deferrals with a date.
    pub until: Option<Date>,
    /// Until what, for deferrals with an event.
    pub until_event: Option<String>,
    /// Who must clear it.
    pub from: Option<String>,
    /// Where to refer.
    pub to: Option<String>,
    /// The same day.
    pub urgent: bool,
    /// What to do and document.
    pub mitigation: Vec<String>,
    /// Both sides, where sources disagree.
    pub contested: Option<String>,
    /// Citations.
    pub sources: Vec<String>,
    /// On what it rests.
    pub basis: Basis,
    /// How strong that is.
    pub evidence: Option<Grade>,
    /// Who has looked at it, and when somebody has to look again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review: Option<ReviewState>,
    /// Whether a practitioner may override it.
    pub overridable: bool,
    /// For which reasons; none of them is contradicted by the answers.
    pub override_reasons: Vec<String>,
    /// The reasons of the rule that the answers contradict, and which answers do.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub override_refuted: Vec<String>,
    /// The reason it was overridden for; see [`Override`](super::Override) for what that means.
    #[serde(default)]
    pub overridden: Option<String>,
    /// The reason that was given and does not count, because the answers contradict it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub override_void: Option<String>,
    /// The finding about a list that is not known and on which alone this one rests: it is shown there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub under: Option<String>,
    /// Of a list that is not known: what cannot be ruled out because of it, strictest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub folded: Vec<String>,
    /// What layers of the pack made stricter about it, in words.
    #[serde(default)]
    pub tightened: Vec<String>,
    /// The clinic's own override of the rule, whether or not it holds on this day.
    #[serde(default)]
    pub clinic_override: Option<ClinicOverride>,
}

impl Finding {
    /// The sign of a finding. One that lets the treatment go on is a note: a tick beside an exclusion would mislead.
    #[must_use]
    pub fn sign(&self) -> &'static str {
        if self.verdict == Verdict::Proceed { "·" } else { Outcome::from(self.verdict).sign() }
    }

    /// The word of a finding, as [`Finding::sign`] is its sign.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        finding_word(self.verdict)
    }

    /// What it counts for in the verdict.
    #[must_use]
    pub fn counts_as(&self) -> Verdict {
        if self.overridden.is_some() { self.verdict.min(Verdict::Caution) } else { self.verdict }
    }
}

/// The word for findings of a verdict: "note" for those that let the treatment go on.
#[must_use]
pub const fn finding_word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Proceed => "note",
        other => other.word(),
    }
}

/// What must not be used, and who says so.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Excluded {
    /// `ingredient`, `goal`, `area` or `technique`.
    pub kind: String,
    /// The id.
    pub id: String,
    /// For people.
    pub label: String,
    /// The rules.
    pub rules: Vec<String>,
}

/// A requested ingredient under the same rules.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Vetted {
    /// The ingredient.
    pub id: String,
    /// For people.
    pub label: String,
    /// Whether the rules allow it for this patient here.
    pub allowed: bool,
    /// Every reason for or against, in words.
    pub reasons: Vec<String>,
    /// The evidence for each goal, in words.
    pub evidence: Vec<String>,
    /// Its limits for this patient, in words.
    pub limits: Vec<String>,
}

/// The proposal.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Plan {
    /// Whether it holds only after a clearance.
    pub conditional: bool,
    /// What it is conditional on, in words.
    pub conditions: Vec<String>,
    /// One for each goal and area.
    pub cocktails: Vec<Cocktail>,
    /// Goals without a cocktail and why.
    pub without: Vec<WithoutCocktail>,
    /// Mixes of the practitioner's own that cannot be given: the proposal stands in their place.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refused: Vec<RefusedMix>,
    /// Limits of points, sessions and the whole course, over all cocktails together.
    pub limits: Vec<LimitUse>,
    /// The calendar of the course.
    pub sessions: Vec<Session>,
    /// Offered afterwards, if the review shows a benefit.
    pub maintenance: Vec<Session>,
    /// When to look, and when to stop.
    pub reviews: Vec<Review>,
    /// Changes the rules made to the plan (interval, test spot).
    pub changes: Vec<String>,
    /// Points to cover before signing.
    pub consent: Vec<ConsentPoint>,
    /// Before the session.
    pub precare: Vec<Text>,
    /// After the session.
    pub aftercare: Vec<Text>,
    /// When the patient must call at once.
    pub red_flags: Vec<Text>,
}

/// A practitioner's own mix that cannot be given.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RefusedMix {
    /// The goal id.
    pub goal: String,
    /// For people.
    pub goal_label: String,
    /// The area id.
    pub area: String,
    /// For people.
    pub area_label: String,
    /// Why.
    pub why: String,
}

/// What makes a cocktail the practitioner's own.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct OwnNote {
    /// The recipe it was made from.
    pub recipe: String,
    /// How it differs from the proposal, in words.
    pub changes: Vec<String>,
}

/// What to inject for one goal in one area.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Cocktail {
    /// The goal id.
    pub goal: String,
    /// For people.
    pub goal_label: String,
    /// Ids of other goals that it serves in the same area.
    #[serde(default)]
    pub also_for: Vec<String>,
    /// 0 for what is given in the first session; cocktails of one area with different turns never share a session.
    #[serde(default)]
    pub turn: usize,
    /// The area id.
    pub area: String,
    /// For people.
    pub area_label: String,
    /// The recipe id.
    pub recipe: String,
    /// For people.
    pub label: String,
    /// The practitioner's own mix, where it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub own: Option<OwnNote>,
    /// How strong the evidence is.
    pub evidence: Grade,
    /// What was found.
    pub outcome: String,
    /// What the patient may expect.
    pub expected: String,
    /// Citations.
    pub sources: Vec<String>,
    /// On what it rests.
    pub basis: Basis,
    /// Who has looked at the recipe, and when somebody has to look again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review: Option<ReviewState>,
    /// In the order in which they are drawn up.
    pub ingredients: Vec<Dose>,
    /// The technique id.
    pub technique: String,
    /// For people.
    pub technique_label: String,
    /// From and to.
    pub depth_mm: [f64; 2],
    /// The needle.
    pub needle: String,
    /// mL of one point.
    pub point_ml: Option<f64>,
    /// Points in the area.
    pub points: Option<u32>,
    /// cm between points.
    pub spacing_cm: Option<f64>,
    /// mL in the area.
    pub total_ml: f64,
    /// Minutes of one session.
    pub minutes: i32,
    /// Against pain.
    pub numbing: String,
    /// Syringe order and mixing warnings.
    pub mixing: Vec<String>,
    /// The other recipes, best first, with why they rank lower.
    pub alternatives: Vec<Alternative>,
}

/// One ingredient of a cocktail.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Dose {
    /// The ingredient id.
    pub id: String,
    /// For people.
    pub label: String,
    /// `active`, `adjunct`, `anaesthetic` or `diluent`.
    pub role: String,
    /// As text.
    pub concentration: String,
    /// mL in this area.
    pub volume_ml: f64,
    /// mg in this area, where it can be computed.
    pub mg: Option<f64>,
    /// The dose in words.
    pub dose: String,
    /// The tightest limit in words.
    pub limit: Option<String>,
    /// How much of that limit the session uses, 0 to 1.
    pub limit_used: Option<f64>,
    /// Its regulatory status here.
    pub status: Option<String>,
    /// Why it stands here instead of a better-ranked choice.
    pub instead_of: Option<String>,
}

/// A recipe that was not taken.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Alternative {
    /// The recipe id.
    pub recipe: String,
    /// For people.
    pub label: String,
    /// Its evidence.
    pub evidence: Grade,
    /// Whether it could be taken.
    pub possible: bool,
    /// Why it ranks lower, or why it cannot be taken.
    pub why_lower: String,
}

/// A goal in an area that gets no cocktail.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct WithoutCocktail {
    /// The goal id.
    pub goal: String,
    /// For people.
    pub goal_label: String,
    /// The area id.
    pub area: String,
    /// For people.
    pub area_label: String,
    /// Why.
    pub why: String,
    /// What to offer instead.
    pub instead: Vec<String>,
}

/// A limit over a whole session, and what uses it up.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct LimitUse {
    /// The limit id.
    pub id: String,
    /// For people.
    pub label: String,
    /// The ceiling for this patient, in words.
    pub ceiling: String,
    /// The ceiling in mg, where it is one.
    pub ceiling_mg: Option<f64>,
    /// How the ceiling was computed.
    pub how: String,
    /// 0 to 1.
    pub used: f64,
    /// What uses it up.
    pub by: Vec<String>,
    /// What it counts over: `session`, `day`, `point` or `course`.
    #[serde(default)]
    pub per: String,
    /// The unit of `amount` and `most`: mg, mL, cm², points, sessions, days (then at least so many), full doses.
    #[serde(default)]
    pub unit: String,
    /// How much is used.
    #[serde(default)]
    pub amount: f64,
    /// The limit; `null` while the weight is missing.
    #[serde(default)]
    pub most: Option<f64>,
}

/// One session of the calendar.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Session {
    /// 1, 2, 3...
    pub number: u32,
    /// The day; absent while an event without a date has to happen first.
    pub date: Option<Date>,
    /// Days after the first session.
    pub after_days: i32,
    /// `test spot`, `induction`, `consolidation` or, outside the course, `maintenance`.
    pub phase: String,
    /// How long.
    pub minutes: i32,
    /// The goals treated, for people.
    pub goals: Vec<String>,
    /// What is given: positions in the cocktails of the plan; none at a test spot.
    #[serde(default)]
    pub cocktails: Vec<usize>,
}

/// A planned look at the result.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Review {
    /// The day, as for sessions.
    pub date: Option<Date>,
    /// Days after the first session.
    pub after_days: i32,
    /// What to look at.
    pub what: String,
    /// When to stop.
    pub stop: String,
}

/// A point to cover before signing.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ConsentPoint {
    /// The id.
    pub id: Text,
    /// For the practitioner.
    pub text: Text,
    /// For the patient.
    pub patient: Option<Text>,
}

/// Which pack decided.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PackRef {
    /// The ids of the layers, joined by `+`.
    pub id: String,
    /// The versions, joined by `+`.
    pub version: String,
    /// The hash over all layers.
    pub hash: String,
    /// Who signed it off for the clinic, and when.
    pub reviewed: Option<String>,
}
