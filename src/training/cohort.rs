//! What an instructor sees: trainees, critical fails, missed rules, items, reliability, a cut score.

use std::collections::BTreeMap;

use serde::Serialize;

use super::case::Domain;
use super::chain::Header;
use super::marks::{Marks, PASS_PERCENT};
use super::roll::{AttemptRow, Grid, ReadRow, attempt_rows, grid};
use super::statistics::{Cut, borderline_regression, cronbach_alpha, mean, point_biserial};

/// A marked attempt, with the instructor's global rating (1 to 5) if there is one.
#[derive(Clone, Debug)]
pub struct Graded {
    /// What it was about.
    pub header: Header,
    /// The marks.
    pub marks: Marks,
    /// 1 fail, 2 borderline, 3 pass, 4 good, 5 excellent.
    pub rating: Option<f64>,
    /// The seal of its file.
    pub seal: String,
}

/// The report on a folder of attempts.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Cohort {
    /// How many attempts.
    pub attempts: usize,
    /// What was in the folder, and whether it is in the report.
    pub read: Vec<ReadRow>,
    /// By trainee, in the order of names.
    pub trainees: Vec<TraineeRow>,
    /// Trainee by station.
    pub grid: Grid,
    /// Each attempt by itself.
    pub each: Vec<AttemptRow>,
    /// Mean share of each domain, 0 to 1.
    pub domains: Vec<(Domain, Option<f64>)>,
    /// Critical fails by kind, most frequent first.
    pub critical: Vec<CriticalRow>,
    /// Rules by how often they were missed, most missed first.
    pub missed: Vec<MissedRow>,
    /// Items by case.
    pub items: Vec<ItemRow>,
    /// Reliability by case.
    pub reliability: Vec<ReliabilityRow>,
    /// Confidence against truth.
    pub calibration: Vec<CalibrationRow>,
    /// The cut score, or why there is none.
    pub cut: Result<Cut, String>,
}

/// One trainee.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct TraineeRow {
    /// Who.
    pub trainee: String,
    /// How many attempts.
    pub attempts: usize,
    /// Of those, passed.
    pub passed: usize,
    /// Of those, with a critical fail.
    pub critical: usize,
    /// Mean percentage.
    pub percent: f64,
    /// Mean sensitivity for contraindications.
    pub sensitivity: Option<f64>,
    /// Mean specificity.
    pub specificity: Option<f64>,
    /// Mean Brier score.
    pub brier: f64,
    /// Mean minutes from start to seal.
    pub minutes: f64,
}

/// A kind of critical fail.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct CriticalRow {
    /// Such as `over-cap`.
    pub kind: &'static str,
    /// How many attempts have it.
    pub attempts: usize,
    /// Whose, without repetition.
    pub trainees: Vec<String>,
}

/// A rule and how often it was missed.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct MissedRow {
    /// The rule.
    pub rule: String,
    /// Its name.
    pub title: String,
    /// Attempts in which it fired.
    pub seen: usize,
    /// Attempts in which it was not named.
    pub missed: usize,
}

/// An item of a case.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct ItemRow {
    /// The case.
    pub case: String,
    /// The item.
    pub item: String,
    /// For people.
    pub title: String,
    /// Trainees who met it.
    pub n: usize,
    /// The mean share, 0 to 1: high is easy.
    pub difficulty: f64,
    /// Point-biserial against the rest of the case; `None` where there is no spread.
    pub discrimination: Option<f64>,
}

/// How far the items of a case measure one thing.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct ReliabilityRow {
    /// The case.
    pub case: String,
    /// Trainees.
    pub n: usize,
    /// Items that all of them met.
    pub items: usize,
    /// Cronbach's alpha.
    pub alpha: Option<f64>,
}

/// Judgements of one band of confidence.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct CalibrationRow {
    /// From this confidence, in percent.
    pub from: u8,
    /// How many judgements.
    pub n: usize,
    /// Mean confidence, 0 to 1.
    pub confidence: f64,
    /// How many were right, 0 to 1.
    pub right: f64,
}

/// Looks at all attempts together. Statistics of items take the first attempt of each trainee at a case: somebody who
/// has seen the answers is no longer a measure.
#[must_use]
pub fn cohort(graded: &[Graded]) -> Cohort {
    let mut firsts: BTreeMap<&str, BTreeMap<&str, &Graded>> = BTreeMap::new();
    for attempt in graded {
        let of_case = firsts.entry(attempt.header.case.as_str()).or_default();
        let first = of_case.entry(attempt.header.trainee.as_str()).or_insert(attempt);
        if attempt.header.day < first.header.day {
            *first = attempt;
        }
    }
    let mut items = Vec::new();
    let mut reliability = Vec::new();
    for (case, attempts) in &firsts {
        let attempts: Vec<&Marks> = attempts.values().map(|graded| &graded.marks).collect();
        items.extend(item_rows(case, &attempts));
        reliability.push(reliability_row(case, &attempts));
    }
    let rated: Vec<(f64, f64)> = graded.iter().filter_map(|g| Some((g.rating?, g.marks.percent))).collect();
    let (ratings, percents): (Vec<f64>, Vec<f64>) = rated.into_iter().unzip();
    let domains = Domain::ALL.into_iter().map(|domain| {
        let shares: Vec<f64> = graded.iter().filter_map(|g| g.marks.share(domain)).collect();
        (domain, mean(&shares))
    });
    let each = attempt_rows(graded);
    Cohort {
        attempts: graded.len(),
        read: Vec::new(),
        grid: grid(&each),
        each,
        trainees: trainee_rows(graded),
        domains: domains.collect(),
        critical: critical_rows(graded),
        missed: missed_rows(graded),
        items,
        reliability,
        calibration: calibration_of(graded.iter().map(|g| &g.marks)),
        cut: borderline_regression(&ratings, &percents),
    }
}

fn trainee_rows(graded: &[Graded]) -> Vec<TraineeRow> {
    let mut by_name: BTreeMap<&str, Vec<&Marks>> = BTreeMap::new();
    for attempt in graded {
        by_name.entry(&attempt.header.trainee).or_default().push(&attempt.marks);
    }
    let average = |marks: &[&Marks], of: &dyn Fn(&Marks) -> Option<f64>| {
        mean(&marks.iter().filter_map(|m| of(m)).collect::<Vec<f64>>())
    };
    let row = |(name, marks): (&&str, &Vec<&Marks>)| TraineeRow {
        trainee: (*name).to_owned(),
        attempts: marks.len(),
        passed: marks.iter().filter(|m| m.passed).count(),
        critical: marks.iter().filter(|m| !m.critical.is_empty()).count(),
        percent: average(marks, &|m| Some(m.percent)).unwrap_or(0.0),
        sensitivity: average(marks, &|m| m.sensitivity),
        specificity: average(marks, &|m| m.specificity),
        brier: average(marks, &|m| Some(m.brier)).unwrap_or(0.0),
        minutes: average(marks, &|m| Some(f64::from(m.seconds) / 60.0)).unwrap_or(0.0),
    };
    by_name.iter().map(row).collect()
}

fn critical_rows(graded: &[Graded]) -> Vec<CriticalRow> {
    let mut by_kind: BTreeMap<&'static str, CriticalRow> = BTreeMap::new();
    for attempt in graded {
        let mut kinds: Vec<&'static str> = attempt.marks.critical.iter().map(|fail| fail.kind).collect();
        kinds.sort_unstable();
        kinds.dedup();
        for kind in kinds {
            let row = by_kind.entry(kind).or_insert(CriticalRow { kind, attempts: 0, trainees: Vec::new() });
            row.attempts += 1;
            if !row.trainees.contains(&attempt.header.trainee) {
                row.trainees.push(attempt.header.trainee.clone());
            }
        }
    }
    let mut rows: Vec<CriticalRow> = by_kind.into_values().collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.attempts));
    rows
}

fn missed_rows(graded: &[Graded]) -> Vec<MissedRow> {
    let mut by_rule: BTreeMap<&str, MissedRow> = BTreeMap::new();
    for item in graded.iter().flat_map(|g| &g.marks.items).filter(|item| item.id.starts_with("flag:")) {
        let Some(rule) = &item.rule else { continue };
        let fresh = MissedRow { rule: rule.clone(), title: item.title.clone(), seen: 0, missed: 0 };
        let row = by_rule.entry(rule).or_insert(fresh);
        row.seen += 1;
        row.missed += usize::from(item.share <= 0.0);
    }
    let mut rows: Vec<MissedRow> = by_rule.into_values().filter(|row| row.missed > 0).collect();
    rows.sort_by(|a, b| b.missed.cmp(&a.missed).then(a.seen.cmp(&b.seen)).then_with(|| a.rule.cmp(&b.rule)));
    rows
}

fn item_rows(case: &str, attempts: &[&Marks]) -> Vec<ItemRow> {
    let mut ids: Vec<(&str, &str)> = Vec::new();
    // What explains and earns nothing measures nobody.
    for item in attempts.iter().flat_map(|marks| &marks.items).filter(|item| item.weight > 0.0) {
        if !ids.iter().any(|(id, _)| *id == item.id) {
            ids.push((&item.id, &item.title));
        }
    }
    let row = |(id, title): (&str, &str)| {
        let met = attempts.iter().filter_map(|marks| {
            let own = marks.items.iter().find(|item| item.id == id)?.share;
            let counted = marks.items.iter().filter(|item| item.weight > 0.0);
            let all: f64 = counted.map(|item| item.share).sum();
            Some((own, all - own))
        });
        let (own, rest): (Vec<f64>, Vec<f64>) = met.unzip();
        ItemRow {
            case: case.to_owned(),
            item: id.to_owned(),
            title: title.to_owned(),
            n: own.len(),
            difficulty: mean(&own).unwrap_or(0.0),
            discrimination: point_biserial(&own, &rest),
        }
    };
    ids.into_iter().map(row).collect()
}

fn reliability_row(case: &str, attempts: &[&Marks]) -> ReliabilityRow {
    let share = |marks: &Marks, id: &str| marks.items.iter().find(|item| item.id == id).map(|item| item.share);
    let common: Vec<&str> = attempts.first().map_or(Vec::new(), |first| {
        let counted = first.items.iter().filter(|item| item.weight > 0.0);
        let ids = counted.map(|item| item.id.as_str());
        ids.filter(|id| attempts.iter().all(|marks| share(marks, id).is_some())).collect()
    });
    let rows: Vec<Vec<f64>> =
        attempts.iter().map(|marks| common.iter().filter_map(|id| share(marks, id)).collect()).collect();
    ReliabilityRow { case: case.to_owned(), n: attempts.len(), items: common.len(), alpha: cronbach_alpha(&rows) }
}

/// Five bands of confidence, and how often each was right.
#[must_use]
pub fn calibration_of<'m>(marks: impl Iterator<Item = &'m Marks>) -> Vec<CalibrationRow> {
    let all: Vec<(f64, bool)> = marks.flat_map(|marks| &marks.judgements).map(|j| (j.confidence, j.right)).collect();
    calibration(&all)
}

/// The same of judgements, each a confidence from 0 to 1 and whether it was right.
#[must_use]
pub fn calibration(all: &[(f64, bool)]) -> Vec<CalibrationRow> {
    let band = |from: u8| {
        // In whole percent: 0.4 + 0.2 is a little more than 0.6, and a judgement would count in two bands.
        let inside = |confidence: f64| {
            let percent = (confidence * 100.0).round() as u8;
            percent >= from && (percent < from + 20 || from == 80)
        };
        let here: Vec<&(f64, bool)> = all.iter().filter(|(confidence, _)| inside(*confidence)).collect();
        let n = here.len();
        (n > 0).then(|| CalibrationRow {
            from,
            n,
            confidence: here.iter().map(|(c, _)| c).sum::<f64>() / n as f64,
            right: here.iter().filter(|(_, right)| *right).count() as f64 / n as f64,
        })
    };
    [0, 20, 40, 60, 80].into_iter().filter_map(band).collect()
}

/// What a report says under its title: what the numbers are not.
#[must_use]
pub fn caveat() -> String {
    format!(
        "Marks of practice cases against the rules of one pack. A pass is {PASS_PERCENT:.0} % without a critical fail; it \
         is no certificate and says nothing about hands."
    )
}
