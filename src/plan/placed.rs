//! The days of a plan. A session can only be placed where it keeps its distance from everything placed before, and only
//! while no limit of the course is used up; there is no other way to a day.

use std::collections::VecDeque;

use super::ceilings::Ceilings;
use super::dose::{Planned, note, used_mg, used_ml, used_points};
use crate::pack::{Amount, Limit, Per, ReviewDay, SessionPlan};

/// Days, counted from the first session, and their phases.
pub(super) type Days = Vec<(i32, &'static str)>;

pub(super) const MAINTENANCE: &str = "maintenance";

/// Days between two different cocktails in one area, at least. Our own default.
pub(super) const SAME_AREA_DAYS: i32 = 14;

/// The sessions of one session plan.
#[derive(Debug)]
pub(super) struct Course<'p> {
    pub plan: &'p SessionPlan,
    /// Courses of different turns share an area, never a session.
    pub turn: usize,
    pub goals: Vec<String>,
    pub minutes: i32,
    /// Day and phase; as wished, until they are placed.
    pub days: Days,
    /// What is given in each of its sessions.
    pub mine: Vec<Planned>,
    /// Where that stands among all cocktails.
    pub cocktails: Vec<usize>,
}

impl Course<'_> {
    pub fn last_induction(&self) -> i32 {
        self.days.iter().filter(|(_, phase)| *phase == "induction").map(|(day, _)| *day).max().unwrap_or(0)
    }

    fn concerned(&self, limit: &Limit) -> bool {
        self.mine.iter().any(|p| p.concerned(limit))
    }

    /// The day of a review; none when the course ends before.
    pub fn review_day(&self, when: ReviewDay) -> Option<i32> {
        match when {
            _ if self.days.is_empty() => None,
            ReviewDay::AfterDays(days) => Some(self.last_induction() + days),
            ReviewDay::AfterSessions(n) => {
                let given = self.days.iter().filter(|(_, phase)| *phase != MAINTENANCE);
                given.map(|(day, _)| *day).nth(usize::try_from(n).ok()?)
            }
        }
    }
}

/// Courses whose sessions all have days that may stand in a plan.
#[derive(Debug)]
pub(super) struct Placed<'p>(Vec<Course<'p>>);

/// What all courses together take of the ingredients of one limit.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct CourseUse {
    /// Without maintenance, in thousandths.
    pub mg: i64,
    /// Without maintenance, in thousandths.
    pub ml: i64,
    /// Without maintenance.
    pub points: i64,
    /// Days on which something of it is given.
    pub sessions: i64,
    /// The shortest time between two of them.
    pub gap: Option<i32>,
}

impl<'p> Placed<'p> {
    /// Lets the sessions of all courses find their days, the earliest first: each keeps the intervals that its limits and
    /// the rules ask for from what was placed before, also of other courses, and none is given once a limit is used up.
    pub fn of(ceilings: &Ceilings<'_>, at_least: i32, mut courses: Vec<Course<'p>>, changes: &mut Vec<String>) -> Self {
        let limits: Vec<&Limit> =
            ceilings.in_force().filter(|limit| courses.iter().any(|c| c.concerned(limit))).collect();
        let mut waiting: Vec<VecDeque<(i32, &'static str)>> =
            courses.iter_mut().map(|course| std::mem::take(&mut course.days).into()).collect();
        loop {
            let fronts = waiting.iter().enumerate().filter_map(|(n, days)| Some((days.front()?.0, n)));
            let Some((day, n)) = fronts.min() else { break };
            let earliest = earliest_day(&limits, at_least, &courses, n, day);
            if earliest > day {
                waiting[n].iter_mut().for_each(|(planned, _)| *planned += earliest - day);
                let why =
                    "What shares an ingredient or an area keeps its intervals: sessions of different goals were moved.";
                note(changes, why.to_owned());
                continue;
            }
            let Some((day, phase)) = waiting[n].pop_front() else { break };
            match used_up(ceilings, &limits, &courses, n, day, phase) {
                Some(why) => {
                    waiting[n].clear();
                    note(changes, format!("{}: {why}", courses[n].plan.label));
                }
                None => courses[n].days.push((day, phase)),
            }
        }
        for course in courses.iter().filter(|course| course.days.is_empty()) {
            note(changes, format!("{}: no session is left within the limits.", course.goals.join(", ")));
        }
        Self(courses)
    }

    pub fn courses(&self) -> &[Course<'p>] {
        &self.0
    }

    /// All sessions later by the same number of days: nothing comes nearer to anything.
    pub fn later_by(&mut self, days: i32) {
        let each = self.0.iter_mut().flat_map(|course| &mut course.days);
        each.for_each(|(day, _)| *day += days.max(0));
    }

    /// What is taken of a limit; `None` when nothing is.
    pub fn uses(&self, ceilings: &Ceilings<'_>, limit: &Limit) -> Option<CourseUse> {
        CourseUse::of(ceilings, limit, self.0.iter().map(|course| (course.mine.as_slice(), course.days.clone())))
    }
}

impl CourseUse {
    /// What these courses take of a limit; `None` when nothing is.
    fn of<'a>(
        ceilings: &Ceilings<'_>,
        limit: &Limit,
        courses: impl Iterator<Item = (&'a [Planned], Days)>,
    ) -> Option<Self> {
        let mut total = Self::default();
        let mut days: Vec<i32> = Vec::new();
        for (mine, given) in courses.filter(|(mine, _)| mine.iter().any(|p| p.concerned(limit))) {
            let counted = given.iter().filter(|(_, phase)| *phase != MAINTENANCE).count() as i64;
            total.mg += counted * used_mg(ceilings.pack, limit, mine);
            total.ml += counted * used_ml(limit, mine);
            total.points += counted * used_points(limit, mine);
            days.extend(given.iter().map(|(day, _)| *day));
        }
        days.sort_unstable();
        days.dedup();
        total.sessions = days.len() as i64;
        total.gap = days.windows(2).map(|pair| pair[1] - pair[0]).min();
        (!days.is_empty()).then_some(total)
    }
}

/// The first day from `day` on which a session of course `n` keeps its distance from everything placed.
fn earliest_day(limits: &[&Limit], at_least: i32, courses: &[Course<'_>], n: usize, day: i32) -> i32 {
    let one = &courses[n];
    let mut earliest = day;
    for other in courses {
        let shared = limits.iter().filter(|limit| one.concerned(limit) && other.concerned(limit));
        let interval = shared.filter_map(|limit| limit.interval_days).max().unwrap_or(0).max(at_least);
        let turns = one.turn != other.turn;
        let gap = if turns { interval.max(SAME_AREA_DAYS) } else { interval };
        for (placed, _) in &other.days {
            // What is given together is one session.
            if day - placed < gap && (turns || *placed != day) {
                earliest = earliest.max(placed + gap);
            }
        }
    }
    earliest
}

/// Why one more session of course `n` would pass a limit of the course, if it would.
fn used_up(
    ceilings: &Ceilings<'_>,
    limits: &[&Limit],
    courses: &[Course<'_>],
    n: usize,
    day: i32,
    phase: &'static str,
) -> Option<String> {
    let with = |(at, course): (usize, &'_ Course<'_>)| {
        let more = (at == n).then_some((day, phase));
        course.days.iter().copied().chain(more).collect::<Vec<_>>()
    };
    for limit in limits.iter().filter(|limit| courses[n].concerned(limit)) {
        let each = courses.iter().enumerate().map(|(at, course)| (course.mine.as_slice(), with((at, course))));
        let Some(total) = CourseUse::of(ceilings, limit, each) else { continue };
        let label = &limit.label;
        if let Some(max) = limit.sessions.filter(|max| total.sessions > i64::from(*max)) {
            return Some(format!("no more sessions than the limit of {max} ({label})."));
        }
        if limit.per != Per::Course || phase == MAINTENANCE {
            continue;
        }
        let over = |used: i64, max: Option<Amount>| max.filter(|max| used > max.as_thousandths());
        let dose = over(total.mg, ceilings.mg(limit)).map(|max| format!("{max} mg"));
        let dose = dose.or_else(|| over(total.ml, ceilings.ml(limit)).map(|max| format!("{max} mL")));
        let points = limit.points.filter(|max| total.points > i64::from(*max)).map(|max| format!("{max} points"));
        if let Some(max) = dose.or(points) {
            let sessions = courses[n].days.len();
            return Some(format!("ends after {sessions} sessions, because a course may hold {max} of {label}."));
        }
    }
    None
}
