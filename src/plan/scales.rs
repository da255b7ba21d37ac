//! What scored scales say, and where they disagree with an answer that was given.

use serde::{Deserialize, Serialize};

use super::assessment::Finding;
use super::findings::engine_finding;
use crate::intake::{Fact, Facts, ScaleStanding, Scored};
use crate::pack::{Pack, Verdict};
use crate::rules::{lower, points};

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
        let (label, sum) = (&self.label, self.sum());
        if self.decides {
            format!("{}: {}, from the {label}: {sum}", self.question_label, self.value_label)
        } else {
            format!("{}: answered directly; the {label} says {}: {sum}", self.question_label, self.value_label)
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
        Fact::Choice(n) => question.options().get(*n).map_or_else(String::new, |option| option.label.clone()),
        Fact::Number(amount) => amount.to_string(),
        _ => "unknown".to_owned(),
    };
    let (name, said, sum) = (&scale.label, scored.value.words(question), points(scored.points));
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
