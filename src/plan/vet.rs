//! Requested ingredients under the same rules: a practitioner's own mix gets no other treatment than ours.

use super::assessment::Vetted;
use super::dose::limits_of;
use super::exclusions::Exclusions;
use crate::intake::Facts;
use crate::pack::{Identified, Item, Ix, Pack};

pub(super) fn requested(pack: &Pack, facts: &Facts, exclusions: &Exclusions) -> Vec<Vetted> {
    let asked: Vec<Ix<Item>> = facts.items(pack.roles.requested).iter().filter_map(|entry| entry.item).collect();
    asked.iter().map(|ix| vet(pack, facts, exclusions, *ix, &asked)).collect()
}

fn vet(pack: &Pack, facts: &Facts, exclusions: &Exclusions, ix: Ix<Item>, asked: &[Ix<Item>]) -> Vetted {
    let item = &pack.ingredients[ix];
    let detail = pack.ingredient(ix);
    let rules = exclusions.ingredient(ix);
    let mut allowed = rules.is_empty();
    let mut reasons: Vec<String> = rules
        .iter()
        .map(|rule| format!("excluded by {}: {}", pack.rules[*rule].id(), pack.rules[*rule].message))
        .collect();
    for other in asked.iter().filter(|other| **other != ix) {
        for rule in pack.mixing.iter().filter(|rule| rule.forbids(ix, *other)) {
            let with = &pack.ingredients[*other].label;
            if rule.block {
                allowed = false;
                reasons.push(format!("must not share a syringe with {with}: {}", rule.why));
            } else {
                reasons.push(format!("with {with}: {}", rule.why));
            }
        }
        let known = pack.mixing.iter().any(|rule| rule.forbids(ix, *other));
        if !known {
            reasons.push(format!(
                "compatibility with {} is not documented: use separate syringes",
                pack.ingredients[*other].label
            ));
        }
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
    Vetted {
        id: item.id.clone(),
        label: item.label.clone(),
        allowed,
        reasons,
        evidence,
        limits: limits(pack, facts, ix),
    }
}

/// Its own limits and those of what it is made of, each once.
fn limits(pack: &Pack, facts: &Facts, ix: Ix<Item>) -> Vec<String> {
    let mut limits = limits_of(pack, facts, ix);
    for component in pack.ingredient(ix).components.iter() {
        for limit in limits_of(pack, facts, component) {
            if !limits.contains(&limit) {
                limits.push(limit);
            }
        }
    }
    limits
}
