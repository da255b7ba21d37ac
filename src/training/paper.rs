//! The paper of an exam: which patients, fixed by one number, so that everybody who sits it meets the same ones. And the seed
//! of a case that is done again, so that nobody learns a patient by heart instead of a rule.

use std::collections::VecDeque;

use serde::Serialize;

use super::case::{Case, Cases, Decision};
use super::schedule::{Cards, exercises};
use crate::proof::Seeded;

/// A patient of an exam.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Station {
    /// From 1.
    pub number: usize,
    /// The case.
    pub case: String,
    /// Its title, which says nothing about the answer.
    pub title: String,
    /// The seed.
    pub seed: u64,
    /// What the exam allows.
    pub minutes: i32,
}

/// The stations that a number makes of the cases; more stations begin with the same ones. Of every three patients one is to be
/// treated, in an order drawn anew for each three: neither "never" nor "always" is a way to pass.
#[must_use]
pub fn paper(cases: &Cases, number: u64, stations: usize) -> Vec<Station> {
    let mut draw = Seeded::new(number, "paper");
    let mut shuffled: Vec<(u64, &Case)> = cases.values().map(|case| (draw.next_u64(), case.as_ref())).collect();
    shuffled.sort_by(|a, b| (a.0, &a.1.id).cmp(&(b.0, &b.1.id)));
    let treated = |case: &&Case| Decision::of(case.expect.verdict) == Some(Decision::Treat);
    let (mut treat, mut other): (VecDeque<&Case>, VecDeque<&Case>) =
        shuffled.into_iter().map(|(_, case)| case).partition(treated);
    let mut drawn: Vec<&Case> = Vec::new();
    while drawn.len() < stations && !(treat.is_empty() && other.is_empty()) {
        let mut round: Vec<&Case> =
            [treat.pop_front(), other.pop_front(), other.pop_front()].into_iter().flatten().collect();
        while !round.is_empty() {
            drawn.push(round.swap_remove(draw.below(round.len())));
        }
    }
    drawn.truncate(stations);
    let stations = drawn.into_iter().enumerate().map(|(n, case)| Station {
        number: n + 1,
        case: case.id.clone(),
        title: case.title.clone(),
        // Small enough to be typed.
        seed: Seeded::new(number, &case.id).next_u64() % 10_000,
        minutes: case.minutes,
    });
    stations.collect()
}

/// A seed that a case was not done with lately: it moves on with every answer to one of its rules.
#[must_use]
pub fn fresh_seed(case: &Case, cards: &Cards) -> u64 {
    exercises(case).filter_map(|rule| cards.0.get(rule)).map(|card| u64::from(card.reviews)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pack::{builtin, builtin_files};
    use crate::training::{Rating, read};

    #[test]
    fn a_paper_is_fixed_by_its_number_mixed_and_never_asks_the_same_twice() {
        let pack = builtin().unwrap();
        let cases = read(&pack, &[builtin_files()]).unwrap();
        assert_eq!(paper(&cases, 42, 6), paper(&cases, 42, 6));
        assert_ne!(paper(&cases, 42, 6), paper(&cases, 43, 6));
        assert_eq!(paper(&cases, 42, 12)[..4], paper(&cases, 42, 4), "a longer paper begins with the same patients");
        for number in 0..50 {
            let stations = paper(&cases, number, 6);
            let decisions: Vec<_> = stations.iter().map(|s| Decision::of(cases[&s.case].expect.verdict)).collect();
            let treated = decisions.iter().filter(|d| **d == Some(Decision::Treat)).count();
            assert_eq!((stations.len(), treated), (6, 2), "{number}: {decisions:?}");
            let mut ids: Vec<&str> = stations.iter().map(|s| s.case.as_str()).collect();
            ids.sort_unstable();
            ids.dedup();
            assert_eq!(ids.len(), 6);
        }
        assert_eq!(paper(&cases, 1, 10_000).len(), cases.len(), "no more than there are");
        assert!(paper(&Cases::new(), 1, 3).is_empty());
    }

    #[test]
    fn a_case_that_is_done_again_has_another_patient() {
        let pack = builtin().unwrap();
        let cases = read(&pack, &[builtin_files()]).unwrap();
        let (case, mut cards) = (&cases["a-week-late"], Cards::default());
        let first = fresh_seed(case, &cards);
        cards.answer("pregnancy", Rating::Good, jiff::civil::date(2026, 11, 22));
        assert_ne!(fresh_seed(case, &cards), first);
    }
}
