//! Reasons for overriding a finding: which of them the answers contradict, and what one still lacks.

use super::assessment::Finding;
use crate::intake::Facts;
use crate::pack::{Pack, Rule, Verdict};
use crate::rules::{evaluate, leaves};

/// Letters that a reason in somebody's own words has at least: "x" says nothing to whoever reads the record.
const FEWEST_LETTERS: usize = 10;

/// The reasons of a rule that the answers contradict. What is not known contradicts as well: a reason that an answer
/// would bear out is no reason before that answer is given.
pub(super) fn refuted<'p>(pack: &'p Pack, facts: &Facts, rule: &'p Rule) -> Vec<&'p str> {
    let against = |unless| evaluate(pack, facts, unless).fires();
    let reasons = rule.override_reasons.iter();
    reasons.filter(|reason| reason.unless.as_ref().is_some_and(against)).map(|reason| reason.text.as_str()).collect()
}

/// The same for people, each with the answers that contradict it.
pub(super) fn refuted_words(pack: &Pack, facts: &Facts, rule: &Rule) -> Vec<String> {
    let mut words = Vec::new();
    for reason in &rule.override_reasons {
        let Some(unless) = reason.unless.as_ref().filter(|unless| evaluate(pack, facts, unless).fires()) else {
            continue;
        };
        let mut answers: Vec<String> = Vec::new();
        for leaf in leaves(pack, facts, unless).into_iter().filter(|leaf| leaf.truth.fires()) {
            if !answers.contains(&leaf.text) {
                answers.push(leaf.text);
            }
        }
        words.push(format!("{} (the answers say: {})", reason.text, answers.join("; ")));
    }
    words
}

/// What a reason lacks before it can stand in a record; nothing once it is complete. A clearance names who gave it and
/// when: "on file" alone can be neither found nor asked for.
#[must_use]
pub fn lacks(finding: &Finding, reason: &str) -> Option<&'static str> {
    let reason = reason.trim();
    let listed = finding.override_reasons.iter().find(|listed| reason.starts_with(listed.as_str()));
    if listed.is_none() && reason.chars().filter(|c| c.is_alphabetic()).count() < FEWEST_LETTERS {
        return Some("Say the reason in a few words: it is all that a reader of the record will have.");
    }
    if finding.verdict != Verdict::Clearance {
        return None;
    }
    let added = listed.map_or(reason, |listed| &reason[listed.len()..]);
    let named = added.chars().filter(|c| c.is_alphabetic()).count() > 2;
    let dated = added.chars().any(|c| c.is_ascii_digit());
    (!named || !dated).then_some("Add who cleared it or found it, and when: a name and a date.")
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn finding(verdict: Verdict) -> Finding {
        let mut finding = super::super::findings::engine_finding(
            "r".into(),
            "R".into(),
            verdict,
            "m".into(),
            "w",
            Vec::new(),
            Vec::new(),
        );
        finding.override_reasons = vec!["written clearance is on file".into()];
        finding
    }

    #[rstest]
    #[case(Verdict::Caution, "written clearance is on file", true)]
    #[case(Verdict::Caution, "x", false)]
    #[case(Verdict::Caution, "   . . .  ", false)]
    #[case(Verdict::Caution, "seen today, skin calm and closed", true)]
    #[case(Verdict::Clearance, "written clearance is on file", false)]
    #[case(Verdict::Clearance, "written clearance is on file: Dr Test", false)]
    #[case(Verdict::Clearance, "written clearance is on file: 2026-11-02", false)]
    #[case(Verdict::Clearance, "written clearance is on file: Dr Test, 2026-11-02", true)]
    #[case(Verdict::Clearance, "telephone call with the prescriber", false)]
    #[case(Verdict::Clearance, "telephone call with Dr Test on 2 November", true)]
    fn a_reason_is_complete_or_says_what_it_lacks(
        #[case] verdict: Verdict,
        #[case] reason: &str,
        #[case] complete: bool,
    ) {
        assert_eq!(lacks(&finding(verdict), reason).is_none(), complete, "{reason}");
    }
}
