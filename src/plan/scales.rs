//! What scored scales say, and where they disagree with an answer that was given.

use super::assessment::{Finding, ScaleResult};
use super::findings::engine_finding;
use crate::intake::{Fact, Facts, ScaleStanding, Scored};
use crate::pack::{Pack, Verdict};
use crate::rules::{lower, points};

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
    let (name, said, sum) = (lower(&scale.label), scored.value.words(question), points(scored.points));
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
