//! Requested ingredients under the same rules: a practitioner's own mix gets no other treatment than ours.

use super::assessment::Vetted;
use super::ceilings::Ceilings;
use super::cocktail::{Frame, MOST_ACTIVES};
use super::syringe::{Together, together};
use super::uses::limits_of;
use crate::pack::{Identified, Item, Ix, MixLevel};

pub(super) fn requested(frame: &Frame<'_>, ceilings: &Ceilings<'_>) -> Vec<Vetted> {
    let (pack, facts) = (frame.pack, frame.facts);
    let asked: Vec<Ix<Item>> = facts.items(pack.roles.requested).iter().filter_map(|entry| entry.item).collect();
    asked.iter().map(|ix| vet(frame, ceilings, *ix, &asked)).collect()
}

fn vet(frame: &Frame<'_>, ceilings: &Ceilings<'_>, ix: Ix<Item>, asked: &[Ix<Item>]) -> Vetted {
    let (pack, facts) = (frame.pack, frame.facts);
    let item = &pack.ingredients[ix];
    let detail = pack.ingredient(ix);
    let rules = frame.exclusions.ingredient(ix);
    let mut allowed = rules.is_empty();
    let mut reasons: Vec<String> = rules
        .iter()
        .map(|rule| format!("excluded by {}: {}", pack.rules[*rule].id(), pack.rules[*rule].message))
        .collect();
    for other in asked.iter().filter(|other| **other != ix) {
        let with = &pack.ingredients[*other].label;
        match together(pack, ix, *other) {
            Together::Ruled(level, rules) => {
                allowed &= level != MixLevel::Block;
                let lead = match level {
                    MixLevel::Block => format!("must not share a syringe with {with}"),
                    MixLevel::Warn => format!("with {with}"),
                    MixLevel::Compatible => format!("compatible with {with}"),
                };
                reasons.extend(rules.iter().map(|rule| format!("{lead}: {}", rule.why)));
            }
            Together::Studied(recipe) => reasons.push(format!(
                "given together with {with} in a study ({}); their compatibility was not tested",
                recipe.label
            )),
            Together::Unknown => {
                reasons.push(format!("compatibility with {with} unknown: use separate syringes"));
            }
        }
    }
    if asked.len() > 1 && frame.single_product {
        allowed = false;
        reasons.push("only single products may be used here: nothing is mixed by hand".to_owned());
    }
    if asked.len() > MOST_ACTIVES {
        allowed = false;
        reasons.push(format!("{} actives are asked for; more than {MOST_ACTIVES} are never mixed", asked.len()));
    }
    if !detail.offered {
        reasons.push("not proposed by the built-in recipes".to_owned());
    }
    if !detail.caution.is_empty() {
        reasons.push(detail.caution.clone());
    }
    let goals: Vec<_> = facts.goals(pack).iter().map(|g| g.goal).collect();
    let evidence = goals
        .iter()
        .map(|goal| {
            let label = pack.goals[*goal].label.to_lowercase();
            detail.evidence_for.iter().find(|e| e.goal == *goal).map_or_else(
                || format!("no evidence on record for {label}"),
                |e| format!("{label}: {} ({}). {}", e.grade.letter(), e.grade.label(), e.note),
            )
        })
        .collect();
    Vetted { id: item.id.clone(), label: item.label.clone(), allowed, reasons, evidence, limits: limits(ceilings, ix) }
}

/// Its own limits and those of what it is made of, each once.
fn limits(ceilings: &Ceilings<'_>, ix: Ix<Item>) -> Vec<String> {
    let mut limits = limits_of(ceilings, ix);
    for component in ceilings.pack.ingredient(ix).components.iter() {
        for limit in limits_of(ceilings, component) {
            if !limits.contains(&limit) {
                limits.push(limit);
            }
        }
    }
    limits
}
