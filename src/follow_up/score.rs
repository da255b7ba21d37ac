//! A questionnaire with points: the answers, their sum and what it means.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::pack::Questionnaire;

/// What the answers of a questionnaire come to.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Score {
    /// The sum of the points.
    pub sum: i32,
    /// What it means.
    pub band: String,
    /// How many questions have no answer; they give no points.
    pub open: usize,
}

/// The score of these answers: `yes`, `no` or `unknown` by question. A question without an answer gives what "unknown"
/// gives.
#[must_use]
pub fn score(of: &Questionnaire, answers: &BTreeMap<String, String>) -> Score {
    let points = of.items.iter().map(|item| match answers.get(&item.id).map(String::as_str) {
        Some("yes") => item.yes,
        Some("no") => item.no,
        _ => item.unknown,
    });
    let sum = points.sum();
    let open = of.items.iter().filter(|item| !answers.contains_key(&item.id)).count();
    Score { sum, band: of.band(sum).to_owned(), open }
}
