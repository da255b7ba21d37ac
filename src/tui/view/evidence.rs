//! Evidence at a glance: the grade on its scale, and whether the trials behind it agree.

use ratatui::style::Style;

use crate::pack::{Basis, Grade, Pack, Rule, TrialResult};
use crate::plan::{Cocktail, Finding};
use crate::tui::signs;
use crate::tui::theme::Theme;

/// The letter, and how strong that is: full for A, a quarter for D. What is no grade of an effect has no bar.
#[must_use]
pub fn strip(grade: Grade) -> String {
    let strong = match grade {
        Grade::A => 4,
        Grade::B => 3,
        Grade::C => 2,
        Grade::D => 1,
        Grade::X | Grade::R => return grade.letter().to_owned(),
    };
    format!("{} {}{}", grade.letter(), "█".repeat(strong), "░".repeat(4 - strong))
}

/// The trials of what works in a cocktail, for its goal, counted by what came out.
#[must_use]
pub fn trials(pack: &Pack, cocktail: &Cocktail) -> Vec<(TrialResult, usize)> {
    let Some(goal) = pack.goals.find(&cocktail.goal) else { return Vec::new() };
    let active = cocktail.ingredients.iter().filter(|dose| dose.role == "active");
    let active: Vec<_> = active.filter_map(|dose| pack.ingredients.find(&dose.id)).collect();
    let about: Vec<TrialResult> = pack
        .trials
        .iter()
        .filter(|trial| trial.goals.contains(goal) && active.iter().any(|ix| trial.ingredients.contains(*ix)))
        .map(|trial| trial.result)
        .collect();
    let count = |result| about.iter().filter(|other| **other == result).count();
    TrialResult::ALL.into_iter().map(|result| (result, count(result))).filter(|(_, n)| *n > 0).collect()
}

/// The same in words, and whether they disagree: some found a benefit and others none, or one both.
#[must_use]
pub fn said(trials: &[(TrialResult, usize)], theme: &Theme) -> Vec<(String, Style)> {
    if trials.is_empty() {
        return vec![("no trial of it on record for this goal".to_owned(), theme.muted)];
    }
    let counted: Vec<String> =
        trials.iter().map(|(result, n)| format!("{}\u{a0}{n}\u{a0}{}", result.sign(), result.word())).collect();
    let counted = counted.join(", ");
    if disagree(trials) {
        let lead = format!("{}\u{a0}trials disagree: ", signs::DISAGREE);
        return vec![(lead, theme.outcome(crate::plan::Outcome::Caution)), (counted, theme.text)];
    }
    vec![("trials: ".to_owned(), theme.muted), (counted, theme.text)]
}

fn disagree(trials: &[(TrialResult, usize)]) -> bool {
    trials.len() > 1 || trials.iter().any(|(result, _)| *result == TrialResult::Mixed)
}

/// How well a finding is founded, in a few columns: the grade on its scale, and where the statement comes from.
#[must_use]
pub fn founded(finding: &Finding) -> String {
    compact(finding.evidence, finding.basis)
}

/// The same of a rule.
#[must_use]
pub fn of_rule(rule: &Rule) -> String {
    compact(Some(rule.grounds.evidence), rule.grounds.basis)
}

fn compact(grade: Option<Grade>, basis: Basis) -> String {
    let basis = signs::basis(basis);
    grade.map_or_else(|| basis.to_owned(), |grade| format!("{} {basis}", strip(grade)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_is_full_for_the_strongest_grade() {
        assert_eq!(strip(Grade::A), "A ████");
        assert_eq!(strip(Grade::C), "C ██░░");
        assert_eq!(strip(Grade::X), "X");
    }

    #[test]
    fn trials_that_do_not_agree_are_marked() {
        use TrialResult::{Mixed, Null, Positive};
        assert!(!disagree(&[(Positive, 3)]) && !disagree(&[(Null, 1)]));
        assert!(disagree(&[(Positive, 3), (Null, 1)]) && disagree(&[(Mixed, 1)]));
    }
}
