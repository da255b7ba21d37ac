//! The program's own finding that no goal, area or recipe is left: what stands against each, and what of it is not known.

use super::assess::Wanted;
use super::assessment::Finding;
use super::cocktail::Choice;
use super::findings::{Fired, engine_finding};
use crate::intake::Facts;
use crate::pack::{Area, Goal, Ix, Pack, Verdict};

/// The finding that says that no goal, area or recipe is left, unless a refusal says it already.
pub(super) fn nothing_left(
    pack: &Pack,
    facts: &Facts,
    (fired, findings): (&[Fired<'_>], &[Finding]),
    wanted: &Wanted,
    chosen: &[(Ix<Goal>, Ix<Area>, Choice)],
) -> Option<Finding> {
    // With nothing left a refusal of single goals refuses the whole treatment.
    let refused = |f: &Finding| f.counts_as() == Verdict::Decline;
    if facts.goals(pack).iter().all(|goal| goal.areas.is_empty()) || findings.iter().any(refused) {
        return None;
    }
    let mut why: Vec<String> =
        wanted.out.iter().map(|w| format!("{}, {}: {}", w.goal_label, w.area_label.to_lowercase(), w.why)).collect();
    for (goal, area, choice) in chosen {
        let place = format!("{}, {}", pack.goals[*goal].label, pack.areas[*area].label.to_lowercase());
        if choice.alternatives.is_empty() {
            why.push(format!("{place}: no recipe for this area"));
        }
        for alternative in &choice.alternatives {
            why.push(format!("{place}: {}: {}", alternative.label, alternative.why_lower));
        }
    }
    why.dedup();
    // What is not known may be all that stands against it.
    let mut assumed: Vec<String> = Vec::new();
    let mut questions: Vec<String> = Vec::new();
    for fired in fired.iter().filter(|fired| !fired.rule.quiet && !fired.rule.exclude.is_empty()) {
        let supposed = findings.iter().filter(|f| fired.supposed() && f.rule == fired.rule.id).flat_map(|f| &f.assumed);
        let unknown: Vec<String> = supposed.chain(&fired.somewhere).cloned().collect();
        if !unknown.is_empty() {
            questions.extend(findings.iter().filter(|f| f.rule == fired.rule.id).flat_map(|f| f.questions.clone()));
            assumed.extend(unknown);
        }
    }
    questions.push(pack.questions[pack.roles.goals].id.clone());
    for list in [&mut assumed, &mut questions] {
        let mut seen = std::collections::BTreeSet::new();
        list.retain(|text| seen.insert(text.clone()));
    }
    let mut message = format!("No injectable can be recommended for what is asked here. {}.", why.join(". "));
    if !assumed.is_empty() {
        message.push_str(&format!(
            " It rests on what is not known ({}): find out, it may change this.",
            assumed.join("; ")
        ));
    }
    let mut finding = engine_finding(
        "no-recommended-injectable".to_owned(),
        "No recommended injectable".to_owned(),
        Verdict::Decline,
        message,
        "Every proposal must rest on a recipe whose ingredients, technique and area the rules allow.",
        why,
        questions,
    );
    finding.assumed = assumed;
    Some(finding)
}
