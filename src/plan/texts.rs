//! The consent points and care texts that belong to a plan.

use super::assessment::{ConsentPoint, Text};
use super::dose::Planned;
use crate::intake::{Fact, Facts};
use crate::pack::{CarePhase, Condition, Ix, Pack, PlanTest, Status};
use crate::rules::{Truth, evaluate};

pub(super) fn consent(pack: &Pack, facts: &Facts, planned: &[Planned]) -> Vec<ConsentPoint> {
    pack.consent
        .iter()
        .filter(|point| said(pack, facts, &point.when, point.unless.as_ref()))
        .filter(|point| meets(pack, facts, planned, &point.plan))
        .map(|point| ConsentPoint { id: point.id.clone(), text: point.text.clone(), patient: point.patient.clone() })
        .collect()
}

pub(super) fn care(pack: &Pack, facts: &Facts, planned: &[Planned], phase: CarePhase) -> Vec<Text> {
    pack.care
        .iter()
        .filter(|care| care.phase == phase)
        .filter(|care| said(pack, facts, &care.when, care.unless.as_ref()))
        .filter(|care| meets(pack, facts, planned, &care.plan))
        .map(|care| care.text.clone())
        .collect()
}

/// Whether a text is for this patient. What it tells somebody to use must be known not to be an allergy.
fn said(pack: &Pack, facts: &Facts, when: &Condition, unless: Option<&Condition>) -> bool {
    evaluate(pack, facts, when).fires() && unless.is_none_or(|allergy| evaluate(pack, facts, allergy) == Truth::False)
}

fn meets(pack: &Pack, facts: &Facts, planned: &[Planned], test: &PlanTest) -> bool {
    let at = match facts.get(pack.roles.jurisdiction) {
        Fact::Choice(n) => Some(Ix::new(*n)),
        _ => None,
    };
    let mut ingredients = planned.iter().flat_map(|p| p.filled.slots.iter().map(|s| s.ingredient));
    (test.ingredients.is_empty() || ingredients.clone().any(|i| test.ingredients.contains(i)))
        && (test.techniques.is_empty() || planned.iter().any(|p| test.techniques.contains(p.filled.technique)))
        && (test.goals.is_empty() || planned.iter().any(|p| test.goals.contains(p.goal)))
        && (test.status.is_empty()
            || ingredients
                .any(|i| at.is_some_and(|at| test.status.contains(&pack.status_in(i, at).unwrap_or(Status::NotKnown)))))
}
