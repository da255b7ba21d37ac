//! Which attempts a report reads, and each of them by itself: who, which station, how, and what came out.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;

use super::chain::{Header, Mode};
use super::cohort::Graded;
use super::marks::Absence;

/// Attempts of one kind, and whether the report reads them.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct ReadRow {
    /// The mode, or what else was in the folder.
    pub what: String,
    /// How many.
    pub count: usize,
    /// Whether they are in the report.
    pub read: bool,
    /// Why not, or what to know about them.
    pub why: String,
}

/// One attempt.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct AttemptRow {
    /// Who.
    pub trainee: String,
    /// The case.
    pub case: String,
    /// The seed.
    pub seed: u64,
    /// The paper and the station of an exam.
    pub station: Option<(u64, usize)>,
    /// How.
    pub mode: Mode,
    /// The day.
    pub day: Date,
    /// Minutes from start to seal.
    pub minutes: f64,
    /// When an exam was left.
    pub away: Vec<Absence>,
    /// How often the same trainee had begun it before.
    pub before: u32,
    /// How many hints were taken.
    pub hints: usize,
    /// By how many seconds an exam was late.
    pub late_seconds: u32,
    /// 0 to 100.
    pub percent: f64,
    /// Whether it was passed.
    pub passed: bool,
    /// The kinds of its critical fails.
    pub critical: Vec<&'static str>,
    /// The beginning of its seal.
    pub seal: String,
}

/// The first attempt of every trainee at every station, or at every case where there is no paper.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Grid {
    /// The stations or cases, in order.
    pub columns: Vec<String>,
    /// By trainee, in the order of names.
    pub rows: Vec<(String, Vec<Option<Mark>>)>,
}

/// What came out at one station.
#[derive(Clone, Copy, PartialEq, Debug, Serialize)]
pub struct Mark {
    /// 0 to 100.
    pub percent: f64,
    /// Whether it was passed.
    pub passed: bool,
    /// Whether something critical happened.
    pub critical: bool,
}

impl Grid {
    /// Trainees who lack a station that somebody else sat.
    #[must_use]
    pub fn lacking(&self) -> usize {
        self.rows.iter().filter(|(_, marks)| marks.iter().any(Option::is_none)).count()
    }
}

/// The attempts that a report reads. Exams stand alone, unless another mode is asked for: practice has hints and a reveal,
/// and nobody watches its clock.
#[must_use]
pub fn sift(graded: Vec<Graded>, wanted: Option<&[Mode]>) -> (Vec<Graded>, Vec<ReadRow>) {
    let exams = graded.iter().any(|attempt| attempt.header.mode == Mode::Exam);
    let reads = |mode: Mode| wanted.map_or(!exams || mode == Mode::Exam, |wanted| wanted.contains(&mode));
    let row = |(word, mode): (&str, Mode)| {
        let count = graded.iter().filter(|attempt| attempt.header.mode == mode).count();
        let why = match (reads(mode), wanted.is_some()) {
            (true, _) => "",
            (false, true) => "another mode was asked for",
            (false, false) => "there are exams: it has no place beside them (`--mode` reads it)",
        };
        let (what, why) = (word.to_owned(), why.to_owned());
        (count > 0).then_some(ReadRow { what, count, read: reads(mode), why })
    };
    let rows = Mode::WORDS.into_iter().filter_map(row).collect();
    (graded.into_iter().filter(|attempt| reads(attempt.header.mode)).collect(), rows)
}

/// Each attempt by itself, by trainee and station.
pub(super) fn attempt_rows(graded: &[Graded]) -> Vec<AttemptRow> {
    let row = |attempt: &Graded| {
        let (header, marks) = (&attempt.header, &attempt.marks);
        let mut critical: Vec<&'static str> = marks.critical.iter().map(|fail| fail.kind).collect();
        critical.dedup();
        AttemptRow {
            trainee: header.trainee.clone(),
            case: header.case.clone(),
            seed: header.seed,
            station: station(header),
            mode: header.mode,
            day: header.day,
            minutes: f64::from(marks.seconds) / 60.0,
            away: marks.away.clone(),
            before: header.sat.as_ref().map_or(0, |sat| sat.before),
            hints: marks.hints.len(),
            late_seconds: marks.late_seconds,
            percent: marks.percent,
            passed: marks.passed,
            critical,
            seal: attempt.seal.chars().take(12).collect(),
        }
    };
    let mut rows: Vec<AttemptRow> = graded.iter().map(row).collect();
    rows.sort_by(|a, b| (&a.trainee, a.station, &a.case, a.day).cmp(&(&b.trainee, b.station, &b.case, b.day)));
    rows
}

/// Trainee by station: the first attempt of each.
pub(super) fn grid(rows: &[AttemptRow]) -> Grid {
    let key = |row: &AttemptRow| match row.station {
        Some(station) => (Some(station), String::new()),
        None => (None, row.case.clone()),
    };
    let mut columns: Vec<(Option<(u64, usize)>, String)> = rows.iter().map(key).collect();
    columns.sort();
    columns.dedup();
    let mut by_name: BTreeMap<&str, Vec<Option<Mark>>> = BTreeMap::new();
    for row in rows {
        let marks = by_name.entry(&row.trainee).or_insert_with(|| vec![None; columns.len()]);
        let at = columns.iter().position(|column| *column == key(row));
        // The rows are in the order of days: the first attempt counts.
        if let Some(mark) = at.and_then(|at| marks.get_mut(at)).filter(|mark| mark.is_none()) {
            *mark = Some(Mark { percent: row.percent, passed: row.passed, critical: !row.critical.is_empty() });
        }
    }
    let name = |(station, case): &(Option<(u64, usize)>, String)| match station {
        Some((paper, station)) => format!("{paper}/{station}"),
        None => case.clone(),
    };
    Grid {
        columns: columns.iter().map(name).collect(),
        rows: by_name.into_iter().map(|(name, marks)| (name.to_owned(), marks)).collect(),
    }
}

fn station(header: &Header) -> Option<(u64, usize)> {
    header.sat.as_ref()?.paper.zip(header.sat.as_ref()?.station)
}
