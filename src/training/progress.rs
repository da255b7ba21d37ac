//! How a trainee is getting on, out of what was kept: skill by domain, safety over time, what is due, how far confidence fits,
//! what must not happen again.

use jiff::civil::Date;
use serde::Serialize;

use super::case::{Cases, Domain};
use super::cohort::{CalibrationRow, calibration};
use super::draft::Past;
use super::schedule::{Cards, Rating};
use super::short::{About, card_title};
use super::subjects::Subject;
use super::topics::{Topic, topics};
use crate::pack::Pack;

/// Days that the load looks ahead.
const DAYS: u32 = 14;
/// How many of the last attempts say what somebody can do now.
const LAST: usize = 5;
/// The most rules that are listed as missed.
const MISSED: usize = 10;

/// How a trainee is getting on.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Progress {
    /// The day.
    pub day: Date,
    /// Finished cases.
    pub cases: usize,
    /// Of those, passed.
    pub passed: usize,
    /// Cards that were ever answered.
    pub known: usize,
    /// Answers to them, in cases and on short cards.
    pub answers: u64,
    /// Cards that are due.
    pub due: usize,
    /// Written rules of the pack that were never met.
    pub unmet: usize,
    /// By domain.
    pub skills: Vec<Skill>,
    /// One point for each finished case, the oldest first.
    pub safety: Vec<Point>,
    /// What falls due on each of the coming days; what is overdue counts for the first.
    pub load: Vec<(Date, usize)>,
    /// Confidence against truth.
    pub calibration: Vec<CalibrationRow>,
    /// Cases that something critical failed, the latest first.
    pub critical: Vec<Fail>,
    /// Rules that were missed, most often missed first.
    pub missed: Vec<Missed>,
    /// The topics of the fast track.
    pub topics: Vec<Topic>,
}

/// A domain.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Skill {
    /// Which.
    pub domain: Domain,
    /// In how many cases it was marked.
    pub marked: usize,
    /// The mean of the last few, 0 to 1; none when it was never marked.
    pub now: Option<f64>,
    /// The mean of as many before them; none when there are not enough.
    pub before: Option<f64>,
    /// Every mark, the oldest first.
    pub all: Vec<f64>,
}

/// How safe one case was.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Point {
    /// The day.
    pub day: Date,
    /// The case.
    pub case: String,
    /// Of the contraindications, how many were found; none where there were none.
    pub sensitivity: Option<f64>,
    /// Of what is harmless, how much was left in peace.
    pub specificity: Option<f64>,
}

/// A case that something critical failed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Fail {
    /// The day.
    pub day: Date,
    /// The case.
    pub case: String,
    /// Its title; its id where the pack has it no more, or nobody wrote it.
    pub title: String,
    /// What, such as `treated-on-stop`.
    pub kinds: Vec<String>,
}

/// A rule that was missed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Missed {
    /// The rule.
    pub rule: String,
    /// Its name.
    pub title: String,
    /// Cases that asked for it.
    pub seen: usize,
    /// Of those, missed.
    pub missed: usize,
}

/// How a trainee is getting on by a day.
#[must_use]
pub fn progress(
    pack: &Pack,
    subjects: &[Subject],
    cases: &Cases,
    cards: &Cards,
    results: &[Past],
    day: Date,
) -> Progress {
    let sure: Vec<(f64, bool)> = results.iter().flat_map(|past| past.sure.iter().copied()).collect();
    let point = |past: &Past| Point {
        day: past.day,
        case: past.case.clone(),
        sensitivity: past.sensitivity,
        specificity: past.specificity,
    };
    let title = |case: &String| cases.get(case).map_or_else(|| case.clone(), |case| case.title.clone());
    let fail = |past: &Past| Fail {
        day: past.day,
        case: past.case.clone(),
        title: title(&past.case),
        kinds: past.critical.clone(),
    };
    let written = pack.rules.iter().filter(|rule| rule.place.file.is_some() && !rule.quiet);
    Progress {
        day,
        cases: results.len(),
        passed: results.iter().filter(|past| past.passed).count(),
        known: cards.0.len(),
        answers: cards.0.values().map(|card| u64::from(card.reviews)).sum(),
        due: cards.due(day).count(),
        unmet: written.filter(|rule| !cards.0.contains_key(&rule.id)).count(),
        skills: Domain::ALL.into_iter().map(|domain| skill(domain, results)).collect(),
        safety: results.iter().map(point).collect(),
        load: cards.load(day, DAYS),
        calibration: calibration(&sure),
        critical: results.iter().rev().filter(|past| !past.critical.is_empty()).map(fail).collect(),
        missed: missed(pack, results),
        topics: topics(pack, subjects, cases, results),
    }
}

fn skill(domain: Domain, results: &[Past]) -> Skill {
    let all: Vec<f64> = results.iter().filter_map(|past| past.domains.get(&domain).copied()).collect();
    let mean = |part: &[f64]| (!part.is_empty()).then(|| part.iter().sum::<f64>() / part.len() as f64);
    let split = all.len().saturating_sub(LAST);
    let (earlier, last) = all.split_at(split);
    let before = earlier.get(earlier.len().saturating_sub(LAST)..).filter(|part| part.len() == LAST);
    Skill { domain, marked: all.len(), now: mean(last), before: before.and_then(mean), all }
}

fn missed(pack: &Pack, results: &[Past]) -> Vec<Missed> {
    let mut rows: Vec<Missed> = Vec::new();
    for (rule, rating) in results.iter().flat_map(|past| &past.grades) {
        let missed = usize::from(*rating == Rating::Again);
        match rows.iter_mut().find(|row| row.rule == *rule) {
            Some(row) => {
                row.seen += 1;
                row.missed += missed;
            }
            None => rows.push(Missed { rule: rule.clone(), title: card_title(pack, rule), seen: 1, missed }),
        }
    }
    rows.retain(|row| row.missed > 0 && About::of(&row.rule) == About::Rule);
    // Of two that were missed as often, the one that was met less often is the weaker.
    rows.sort_by(|a, b| (b.missed, a.seen, &a.rule).cmp(&(a.missed, b.seen, &b.rule)));
    rows.truncate(MISSED);
    rows
}

impl Progress {
    /// Whether nothing was ever practised.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.cases == 0 && self.known == 0
    }

    /// The mean over the last few points; none where none has a value.
    #[must_use]
    pub fn lately(&self, of: impl Fn(&Point) -> Option<f64>) -> Option<f64> {
        let values: Vec<f64> = self.safety.iter().rev().filter_map(of).take(LAST).collect();
        (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pack::{builtin, builtin_files};
    use crate::training::{Mode, credited, read, subjects};
    use jiff::civil::date;

    const DAY: Date = date(2026, 11, 22);

    fn past(n: i8, safety: f64, rating: Rating) -> Past {
        Past {
            day: date(2026, 11, n),
            case: "a-week-late".to_owned(),
            seed: 0,
            mode: Mode::Practice,
            percent: 100.0 * safety,
            passed: safety >= 0.7,
            critical: if safety < 0.5 { vec!["overlooked".to_owned()] } else { Vec::new() },
            domains: [(Domain::Safety, safety)].into_iter().collect(),
            sensitivity: Some(safety),
            specificity: None,
            sure: vec![(0.9, safety >= 0.5)],
            grades: vec![("pregnancy".to_owned(), rating), ("under-18".to_owned(), Rating::Good)],
            known: Vec::new(),
            hints: 0,
            seconds: 60,
            file: String::new(),
        }
    }

    #[test]
    fn nothing_practised_is_no_progress_and_no_number_is_made_up() {
        let pack = builtin().unwrap();
        let empty = progress(&pack, &[], &Cases::new(), &Cards::default(), &[], DAY);
        assert!(empty.is_empty() && empty.skills.iter().all(|skill| skill.now.is_none() && skill.before.is_none()));
        assert!(empty.calibration.is_empty() && empty.missed.is_empty() && empty.unmet > 100);
        assert_eq!(empty.lately(|point| point.sensitivity), None);
        assert_eq!((empty.load.len(), empty.load.iter().map(|(_, n)| n).sum::<usize>()), (14, 0));
    }

    #[test]
    fn skill_is_the_last_five_against_the_five_before() {
        let pack = builtin().unwrap();
        let results: Vec<Past> = (1..=11)
            .map(|n| past(n, if n <= 6 { 0.4 } else { 1.0 }, if n <= 6 { Rating::Again } else { Rating::Good }))
            .collect();
        let own = progress(&pack, &[], &Cases::new(), &Cards::default(), &results, DAY);
        let safety = &own.skills[0];
        assert_eq!((safety.marked, safety.all.len()), (11, 11));
        assert!((safety.now.unwrap() - 1.0).abs() < 1e-9 && (safety.before.unwrap() - 0.4).abs() < 1e-9);
        assert_eq!(own.skills[1].now, None, "history was never marked");
        assert_eq!((own.cases, own.passed, own.critical.len()), (11, 5, 6));
        assert_eq!(own.critical[0].day, date(2026, 11, 6), "the latest first");
        let row = &own.missed[0];
        assert_eq!((row.rule.as_str(), row.seen, row.missed, own.missed.len()), ("pregnancy", 11, 6, 1));
        assert_eq!(own.lately(|point| point.sensitivity), Some(1.0));
        let row = &own.calibration[0];
        assert_eq!((row.from, row.n), (80, 11));
        assert!((row.right - 5.0 / 11.0).abs() < 1e-9);
    }

    #[test]
    fn a_topic_that_was_passed_on_the_fast_track_counts_as_known_and_no_other() {
        let pack = builtin().unwrap();
        let cases = read(&pack, &[builtin_files()]).unwrap();
        let subjects = subjects(&pack, &[builtin_files()]).unwrap();
        let all = topics(&pack, &subjects, &cases, &[]);
        assert!(all.len() > 20 && all.iter().all(|topic| !topic.passed && !topic.rules.is_empty()));
        let with_case: Vec<&Topic> = all.iter().filter(|topic| topic.case.is_some()).collect();
        assert!(with_case.len() > 20, "{all:?}");
        let mut taken: Vec<_> = with_case.iter().map(|topic| &topic.case).collect();
        taken.sort();
        taken.dedup();
        assert_eq!(taken.len(), with_case.len(), "no case stands for two topics");
        let topic = with_case[0];
        let passed = Past {
            case: topic.case.clone().unwrap(),
            mode: Mode::FastTrack,
            passed: true,
            grades: vec![(topic.rules[0].clone(), Rating::Hard)],
            ..past(22, 0.9, Rating::Good)
        };
        let known = credited(&pack, &subjects, &cases, &Cards::default(), &passed);
        assert_eq!(known, topic.rules[1..], "what the case itself asked keeps its own grade");
        let mut cards = Cards::default();
        cards.answer(&topic.rules[1], Rating::Again, DAY);
        assert!(
            !credited(&pack, &subjects, &cases, &cards, &passed).contains(&topic.rules[1]),
            "a known gap is not papered over"
        );
        for other in [Past { passed: false, ..passed.clone() }, Past { mode: Mode::Practice, ..passed.clone() }] {
            assert!(credited(&pack, &subjects, &cases, &Cards::default(), &other).is_empty());
        }
        let after = topics(&pack, &subjects, &cases, &[passed]);
        assert_eq!(after.iter().filter(|topic| topic.passed).count(), 1);
    }
}
