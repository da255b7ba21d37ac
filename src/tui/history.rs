//! The state of the screens about one patient: all consultations in order, two of them side by side, patients who might
//! be meant. And which records the first screen lists.

use std::collections::BTreeMap;

use jiff::civil::{Date, date};

use super::app::RecordView;
use super::lists::{RecordLine, standing};
use crate::plan::Outcome;
use crate::record::{Difference, Document, Person, Query, RecordId, Sort};

/// All consultations of a patient, the newest first.
#[derive(Clone, PartialEq, Debug)]
pub struct PatientView {
    /// Who.
    pub person: Person,
    /// The name, as the newest consultation has it.
    pub name: String,
    /// The consultations.
    pub records: Vec<RecordLine>,
    /// How many there are, shown or not.
    pub total: usize,
    /// The row the cursor is on.
    pub chosen: usize,
    /// First line shown.
    pub top: usize,
    /// The one that was marked, to be compared with another.
    pub marked: Option<RecordId>,
    /// The record it was asked for on, and goes back to.
    pub from: Option<Box<RecordView>>,
    /// The open consultation that this was looked up for: it may take answers over.
    pub meant_for: Option<RecordId>,
}

impl PatientView {
    /// Whether something of this consultation is in it.
    #[must_use]
    pub fn holds(&self, id: RecordId) -> bool {
        self.records.iter().any(|record| record.id == id) || self.from.as_ref().is_some_and(|from| from.id == id)
    }
}

/// Two consultations side by side, the older one first.
#[derive(Clone, PartialEq, Debug)]
pub struct CompareView {
    /// The older one, and the newer one.
    pub pair: Box<(Document, Document)>,
    /// Every line of both.
    pub lines: Vec<Difference>,
    /// Whether the lines that read the same are shown too.
    pub all: bool,
    /// The row the cursor is on.
    pub chosen: usize,
    /// First line shown.
    pub top: usize,
    /// Where one goes back to.
    pub back: Option<Box<PatientView>>,
}

/// A patient on record who might be the one being typed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AlikeLine {
    /// The newest consultation.
    pub record: RecordId,
    /// Who.
    pub person: Person,
    /// The name.
    pub name: String,
    /// The day of the newest consultation.
    pub seen: String,
    /// How many there are.
    pub consultations: usize,
    /// What is alike.
    pub why: String,
    /// Whether it is the same person unless somebody says otherwise.
    pub likely: bool,
    /// The verdict of the newest consultation.
    pub verdict: Outcome,
    /// A reaction stopped the course that followed.
    pub stopped: bool,
    /// Allergies and medicines there, by question.
    pub known: BTreeMap<String, Vec<String>>,
}

impl AlikeLine {
    /// Sign and word of how the newest consultation stands, and what colours them.
    #[must_use]
    pub fn standing(&self) -> (String, Outcome) {
        standing(self.verdict, self.stopped)
    }
}

/// Which records the first screen lists, beside the words.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Sieve {
    /// The order.
    pub sort: Sort,
    /// Only this verdict.
    pub verdict: Option<Outcome>,
    /// Only this year.
    pub year: Option<i16>,
}

impl Sieve {
    /// The verdicts, in the order in which the key turns through them.
    const VERDICTS: [Outcome; 6] =
        [Outcome::Proceed, Outcome::Caution, Outcome::Clearance, Outcome::Defer, Outcome::Refer, Outcome::Decline];

    /// What to ask the store.
    #[must_use]
    pub fn query(self, text: &str, limit: usize) -> Query {
        let since: Option<Date> = self.year.map(|year| date(year, 1, 1));
        let until: Option<Date> = self.year.map(|year| date(year, 12, 31));
        Query { sort: self.sort, verdict: self.verdict, since, until, ..Query::words(text, limit) }
    }

    /// The next order.
    pub fn turn_sort(&mut self) {
        let at = Sort::ALL.iter().position(|sort| *sort == self.sort).unwrap_or(0);
        self.sort = Sort::ALL[(at + 1) % Sort::ALL.len()];
    }

    /// The next verdict; after the last one, all.
    pub fn turn_verdict(&mut self) {
        let next = self.verdict.and_then(|now| Self::VERDICTS.iter().position(|verdict| *verdict == now));
        self.verdict = Self::VERDICTS.get(next.map_or(0, |at| at + 1)).copied();
    }

    /// The year before; before the oldest one, all.
    pub fn turn_year(&mut self, this: i16, oldest: i16) {
        let next = self.year.map_or(this, |year| year - 1);
        self.year = (next >= oldest).then_some(next);
    }

    /// In words; "" when nothing was asked for.
    #[must_use]
    pub fn words(self) -> String {
        let mut words = Vec::new();
        if self.sort != Sort::Date {
            words.push(format!("by {}", self.sort.word()));
        }
        words.extend(self.verdict.map(|verdict| format!("only {}", verdict.word())));
        words.extend(self.year.map(|year| format!("of {year}")));
        words.join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turning_comes_back_to_all() {
        let mut sieve = Sieve::default();
        let mut years = Vec::new();
        for _ in 0..4 {
            sieve.turn_year(2026, 2024);
            years.push(sieve.year);
        }
        assert_eq!(years, [Some(2026), Some(2025), Some(2024), None]);
        for _ in 0..=Sieve::VERDICTS.len() {
            sieve.turn_verdict();
        }
        assert_eq!(sieve.verdict, None);
        assert_eq!(sieve.words(), "");
        sieve.turn_sort();
        sieve.turn_verdict();
        sieve.turn_year(2026, 2026);
        assert_eq!(sieve.words(), "by name, only proceed, of 2026");
        let query = sieve.query("mul", 9);
        assert_eq!((query.since, query.until), (Some(date(2026, 1, 1)), Some(date(2026, 12, 31))));
    }
}
