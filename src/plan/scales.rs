//! What scored scales say, and where they disagree with an answer that was given.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::assessment::Finding;
use super::findings::engine_finding;
use crate::intake::{Answer, Fact, Facts, Intake, ScaleStanding, Scored, tally};
use crate::pack::{Basis, Grade, Pack, QuestionIx, ReviewState, ScaleItem, Verdict};
use crate::rules::{facts, lower, points};

/// What a scored scale says.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ScaleResult {
    /// The scale id.
    pub scale: String,
    /// Its name.
    pub label: String,
    /// The question it gives an answer to.
    pub question: String,
    /// For people.
    pub question_label: String,
    /// The sum.
    pub points: u16,
    /// The most points there are.
    pub most: u16,
    /// What the sum means, as the intake file has it.
    pub value: String,
    /// For people.
    pub value_label: String,
    /// The answer rests on the scale: the question has none of its own.
    pub decides: bool,
}

impl ScaleResult {
    /// "24 of 40 points".
    #[must_use]
    pub fn sum(&self) -> String {
        format!("{} of {} points", self.points, self.most)
    }

    /// "24 points, Fitzpatrick questionnaire".
    #[must_use]
    pub fn origin(&self) -> String {
        format!("{}, {}", points(self.points), self.label)
    }

    /// "Fitzpatrick phototype: IV, from the Fitzpatrick questionnaire: 26 of 40 points".
    #[must_use]
    pub fn sentence(&self) -> String {
        let (label, sum, value) = (&self.label, self.sum(), lower(&self.value_label));
        if self.decides {
            format!("{}: {value}, from the {label}: {sum}", self.question_label)
        } else {
            format!("{}: answered directly; the {label} gives {value}: {sum}", self.question_label)
        }
    }
}

/// What every scale says whose questions are all answered.
pub(super) fn results(pack: &Pack, facts: &Facts) -> Vec<ScaleResult> {
    facts.scored().iter().map(|scored| result(pack, scored)).collect()
}

fn result(pack: &Pack, scored: &Scored) -> ScaleResult {
    let (scale, question) = (&pack.scales[scored.scale], &pack.questions[scored.question]);
    ScaleResult {
        scale: scale.id.clone(),
        label: scale.label.clone(),
        question: question.id.clone(),
        question_label: question.label.clone(),
        points: scored.points,
        most: scale.most(),
        value: scored.value.id(question),
        value_label: scored.value.words(question),
        decides: scored.standing == ScaleStanding::Decides,
    }
}

/// The questions whose scale was begun and has no result yet, and what it lacks, in words.
pub(super) fn begun(pack: &Pack, facts: &Facts) -> Vec<(QuestionIx, String)> {
    const NAMED: usize = 3;
    let mut found = Vec::new();
    for scale in &pack.scales {
        let lacking = |item: &&ScaleItem| !matches!(facts.get(item.question), Fact::Choice(_));
        let open: Vec<&str> =
            scale.items.iter().filter(lacking).map(|item| pack.questions[item.question].label.as_str()).collect();
        let begun = scale.items.iter().any(|item| *facts.get(item.question) != Fact::NotAsked);
        if !begun || open.is_empty() {
            continue;
        }
        let mut names = open.iter().take(NAMED).copied().collect::<Vec<_>>().join(", ");
        match open.len().saturating_sub(NAMED) {
            0 => {}
            more => names.push_str(&format!(" and {more} more")),
        }
        found.push((scale.answers, format!("the {}, which lacks points for: {names}", scale.label)));
    }
    found
}

/// A finding for each scale that disagrees with the answer given directly.
///
/// The answer given counts, whichever is stricter: somebody looked and decided. That it is not what the scale says must
/// not pass in silence, and calls for a second look; so a filled-in scale can make a verdict stricter, never milder.
pub(super) fn disagreements(pack: &Pack, facts: &Facts) -> Vec<Finding> {
    let differs = facts.scored().iter().filter(|scored| scored.standing == ScaleStanding::Differs);
    differs.map(|scored| disagreement(pack, facts, scored)).collect()
}

fn disagreement(pack: &Pack, facts: &Facts, scored: &Scored) -> Finding {
    let (scale, question) = (&pack.scales[scored.scale], &pack.questions[scored.question]);
    let given = match facts.get(scored.question) {
        Fact::Choice(n) => question.options().get(*n).map_or_else(String::new, |option| lower(&option.label)),
        Fact::Number(amount) => amount.to_string(),
        _ => "unknown".to_owned(),
    };
    let (name, said, sum) = (&scale.label, lower(&scored.value.words(question)), points(scored.points));
    engine_finding(
        format!("scale-disagrees-{}", scale.id),
        format!("{}: the {name} says otherwise", question.label),
        Verdict::Caution,
        format!(
            "Recorded is {given}; the {name} gives {said} ({sum}). The recorded answer counts. Look again: correct the \
             scale, or take the recorded answer back so that the scale gives it."
        ),
        "Two ways to the same answer that disagree mean that one of them is wrong.",
        vec![format!("{}: {given}, answered directly", lower(&question.label)), format!("{name}: {said}, {sum}")],
        vec![question.id.clone()],
    )
}

/// A scale explained, finished or not.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct ScaleExplanation {
    /// The scale id.
    pub scale: String,
    /// Its name.
    pub label: String,
    /// The question it gives an answer to.
    pub question: String,
    /// For people.
    pub question_label: String,
    /// Every question of it, with the answer.
    pub items: Vec<ItemRead>,
    /// Points so far.
    pub points: u16,
    /// The most points there are.
    pub most: u16,
    /// What it says, once every question has points.
    pub result: Option<ScaleResult>,
    /// What the points mean.
    pub bands: Vec<ScaleBand>,
    /// What to know about them.
    pub note: Option<String>,
    /// Citations.
    pub sources: Vec<String>,
    /// What it rests on.
    pub basis: Basis,
    /// How strong that is.
    pub evidence: Grade,
    /// Who has looked at it.
    pub review: ReviewState,
    /// The day of the explanation.
    #[serde(skip)]
    pub today: Date,
}

/// A question of a scale, and what was answered.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct ItemRead {
    /// The question.
    pub question: String,
    /// For people.
    pub label: String,
    /// The answer, for people; absent while nobody asked.
    pub answer: Option<String>,
    /// Its points; absent without an answer or when it is not known.
    pub points: Option<u16>,
}

/// What a span of points means.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct ScaleBand {
    /// The fewest points.
    pub from: u16,
    /// The most points.
    pub to: u16,
    /// The answer, for people.
    pub value_label: String,
}

/// Explains one scale for one intake; `None` if the pack has no such scale.
#[must_use]
pub fn explain_scale(pack: &Pack, intake: &Intake, today: Date, scale: &str) -> Option<ScaleExplanation> {
    let ix = pack.scales.find(scale)?;
    let row = &pack.scales[ix];
    let question = &pack.questions[row.answers];
    let facts = facts(pack, intake, today);
    let items = row.items.iter().map(|item| {
        let asked = &pack.questions[item.question];
        let given = intake.get(&asked.id);
        let option = match given {
            Some(Answer::Choice(id)) => asked.options().iter().position(|option| option.id == *id),
            _ => None,
        };
        let label = |n: usize| asked.options().get(n).map(|option| option.label.clone());
        ItemRead {
            question: asked.id.clone(),
            label: asked.label.clone(),
            answer: option.and_then(label).or_else(|| given.map(|_| "not known".to_owned())),
            points: option.and_then(|n| item.points.get(n).copied()),
        }
    });
    let spans = row.bands.spans(row.fewest(), row.most());
    Some(ScaleExplanation {
        scale: row.id.clone(),
        label: row.label.clone(),
        question: question.id.clone(),
        question_label: question.label.clone(),
        items: items.collect(),
        points: tally(pack, row, intake).points,
        most: row.most(),
        result: facts.scored().iter().find(|scored| scored.scale == ix).map(|scored| result(pack, scored)),
        bands: spans.map(|(from, to, value)| ScaleBand { from, to, value_label: value.words(question) }).collect(),
        note: row.note.clone(),
        sources: pack.citations(&row.grounds.sources),
        basis: row.grounds.basis,
        evidence: row.grounds.evidence,
        review: row.grounds.review.clone(),
        today,
    })
}
