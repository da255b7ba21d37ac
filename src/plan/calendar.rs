//! Sessions and reviews with real dates.

use std::collections::VecDeque;

use jiff::ToSpan;
use jiff::civil::Date;

use super::assessment::{Review, Session};
use super::ceilings::Ceilings;
use super::dose::{Planned, note, used_mg, used_ml, used_points};
use crate::pack::{Ix, Limit, Pack, Per, Phase, ReviewDay, SessionPlan};

/// Days, counted from the first session, and their phases.
type Days = Vec<(i32, &'static str)>;

/// The days of one plan, counted from the first session.
struct Course<'p> {
    plan: &'p SessionPlan,
    /// Courses of different turns share an area, never a session.
    turn: usize,
    goals: Vec<String>,
    minutes: i32,
    /// Day and phase.
    days: Days,
    /// What is given in each of its sessions.
    mine: Vec<Planned>,
}

impl Course<'_> {
    fn last_induction(&self) -> i32 {
        self.days.iter().filter(|(_, phase)| *phase == "induction").map(|(day, _)| *day).max().unwrap_or(0)
    }

    fn concerned(&self, limit: &Limit) -> bool {
        self.mine.iter().any(|p| p.concerned(limit))
    }

    /// The day of a review; none when the course ends before.
    fn review_day(&self, when: ReviewDay) -> Option<i32> {
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

const MAINTENANCE: &str = "maintenance";

/// The calendar: the course, what is offered afterwards, and the reviews.
#[derive(Debug, Default)]
pub(super) struct Calendar {
    pub sessions: Vec<Session>,
    pub maintenance: Vec<Session>,
    pub reviews: Vec<Review>,
    pub given: Given,
}

/// What the courses give, for the limits that count over all of them.
#[derive(Debug, Default)]
pub(super) struct Given {
    courses: Vec<(Vec<Planned>, Days)>,
}

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

impl Given {
    /// What is taken of a limit; `None` when nothing is.
    pub fn of(&self, ceilings: &Ceilings<'_>, limit: &Limit) -> Option<CourseUse> {
        CourseUse::of(ceilings, limit, self.courses.iter().map(|(mine, days)| (mine.as_slice(), days.clone())))
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

/// What the rules ask of the pace.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pace {
    /// Days between two sessions, at least.
    pub at_least: i32,
    /// Days from a test spot to the first session.
    pub test_spot: Option<i32>,
}

/// Minutes of a visit for a test spot. Our own default.
const TEST_SPOT_MINUTES: i32 = 15;

/// Lays the sessions of all cocktails out from `start`; those of different goals that fall on one day are one session.
pub(super) fn calendar(
    ceilings: &Ceilings<'_>,
    planned: &[Planned],
    start: Option<Date>,
    pace: Pace,
    changes: &mut Vec<String>,
) -> Calendar {
    let Pace { at_least, test_spot } = pace;
    let pack = ceilings.pack;
    let mut plans: Vec<(usize, Ix<SessionPlan>)> =
        planned.iter().map(|p| (p.turn, pack.recipes[p.filled.recipe].plan)).collect();
    plans.sort_unstable();
    plans.dedup();
    let mut courses: Vec<Course<'_>> =
        plans.iter().map(|course_of| course(ceilings, planned, *course_of, at_least, changes)).collect();
    take_turns(ceilings, planned, at_least, &mut courses);
    keep_apart(ceilings, at_least, &mut courses, changes);
    let given = courses.iter().any(|course| !course.days.is_empty());
    let test_spot = test_spot.filter(|_| given);
    for (day, _) in courses.iter_mut().flat_map(|course| &mut course.days) {
        *day += test_spot.unwrap_or(0);
    }
    let date = |day: i32| start.and_then(|date| date.checked_add(i64::from(day).days()).ok());
    let sessions_of = |wanted: fn(&str) -> bool| {
        let mut days: Vec<i32> =
            courses.iter().flat_map(|c| c.days.iter()).filter(|(_, p)| wanted(p)).map(|(d, _)| *d).collect();
        days.sort_unstable();
        days.dedup();
        days.iter()
            .enumerate()
            .map(|(n, day)| {
                let there: Vec<&Course<'_>> =
                    courses.iter().filter(|c| c.days.iter().any(|(d, p)| d == day && wanted(p))).collect();
                let phase =
                    there.iter().flat_map(|c| &c.days).find(|(d, p)| d == day && wanted(p)).map_or("", |(_, p)| p);
                let mut goals: Vec<String> = there.iter().flat_map(|c| c.goals.iter().cloned()).collect();
                goals.dedup();
                Session {
                    number: n as u32 + 1,
                    date: date(*day),
                    after_days: *day,
                    phase: phase.to_owned(),
                    minutes: there.iter().map(|c| c.minutes).sum(),
                    goals,
                }
            })
            .collect::<Vec<_>>()
    };
    let mut reviews: Vec<Review> = Vec::new();
    for course in &courses {
        for review in &course.plan.reviews {
            let Some(after_days) = course.review_day(review.when) else { continue };
            let row =
                Review { date: date(after_days), after_days, what: review.what.clone(), stop: review.stop.clone() };
            if !reviews.contains(&row) {
                reviews.push(row);
            }
        }
    }
    reviews.sort_by_key(|review| review.after_days);
    let mut sessions = sessions_of(|p| p != MAINTENANCE);
    if test_spot.is_some() {
        let goals = sessions.iter().flat_map(|session| session.goals.clone());
        let mut goals: Vec<String> = goals.collect();
        goals.sort();
        goals.dedup();
        sessions.iter_mut().for_each(|session| session.number += 1);
        let spot = Session {
            number: 1,
            date: date(0),
            after_days: 0,
            phase: "test spot".to_owned(),
            minutes: TEST_SPOT_MINUTES,
            goals,
        };
        sessions.insert(0, spot);
    }
    Calendar {
        sessions,
        maintenance: sessions_of(|p| p == MAINTENANCE),
        reviews,
        given: Given { courses: courses.into_iter().map(|course| (course.mine, course.days)).collect() },
    }
}

fn course<'p>(
    ceilings: &Ceilings<'p>,
    planned: &[Planned],
    (turn, plan): (usize, Ix<SessionPlan>),
    at_least: i32,
    changes: &mut Vec<String>,
) -> Course<'p> {
    let pack: &'p Pack = ceilings.pack;
    let mine = planned.iter().filter(|p| p.turn == turn && pack.recipes[p.filled.recipe].plan == plan);
    let mine: Vec<Planned> = mine.cloned().collect();
    let row = &pack.plans[plan];
    let apart = interval(ceilings, &mine).max(at_least);
    let mut days = Vec::new();
    let mut day = 0;
    let phases: [(Option<Phase>, &'static str); 3] =
        [(Some(row.induction), "induction"), (row.consolidation, "consolidation"), (row.maintenance, MAINTENANCE)];
    for (phase, name) in phases {
        let Some(phase) = phase else { continue };
        if phase.interval_days < apart && (phase.sessions > 1 || name != "induction") {
            changes.push(format!(
                "{}: {name} sessions at least {apart} days apart, not {}.",
                row.label, phase.interval_days
            ));
        }
        for _ in 0..phase.sessions {
            if !days.is_empty() {
                day += phase.interval_days.max(apart);
            }
            days.push((day, name));
        }
    }
    let mut goals: Vec<String> = Vec::new();
    let mut minutes = 0;
    for p in &mine {
        minutes = minutes.max(pack.recipes[p.filled.recipe].minutes);
        for goal in std::iter::once(&p.goal).chain(&p.also) {
            let label = &pack.goals[*goal].label;
            if !goals.contains(label) {
                goals.push(label.clone());
            }
        }
    }
    Course { plan: row, turn, goals, minutes, days, mine }
}

/// The longest interval that the limits of these cocktails ask for.
fn interval(ceilings: &Ceilings<'_>, planned: &[Planned]) -> i32 {
    let mine = ceilings.in_force().filter(|limit| planned.iter().any(|p| p.concerned(limit)));
    mine.filter_map(|limit| limit.interval_days).max().unwrap_or(0)
}

/// Moves the courses of later turns: between the sessions of the others where the gaps are wide enough, else after them.
fn take_turns(ceilings: &Ceilings<'_>, planned: &[Planned], at_least: i32, courses: &mut [Course<'_>]) {
    let turns = courses.iter().map(|c| c.turn + 1).max().unwrap_or(1);
    if turns < 2 {
        return;
    }
    let apart = interval(ceilings, planned).max(at_least).max(SAME_AREA_DAYS);
    let count = i32::try_from(turns).unwrap_or(1);
    let gap = |c: &Course<'_>| c.days.windows(2).map(|pair| pair[1].0 - pair[0].0).min().unwrap_or(apart * count);
    let narrowest = courses.iter().map(&gap).min().unwrap_or(0);
    let equal = courses.iter().map(&gap).max() == Some(narrowest);
    let between = equal && narrowest / count >= apart;
    // Where each turn begins: inside the gaps of the first, or after the last session of the one before.
    let mut begins = vec![0];
    for turn in 1..turns {
        let before = begins.last().copied().unwrap_or(0);
        let lasts = courses.iter().filter(|c| c.turn + 1 == turn).map(Course::last_induction).max().unwrap_or(0);
        begins.push(before + if between { narrowest / count } else { lasts + apart });
    }
    for course in courses {
        let by = begins.get(course.turn).copied().unwrap_or(0);
        course.days.iter_mut().for_each(|(day, _)| *day += by);
    }
}

/// Lets the sessions of all courses find their days, the earliest first: each keeps the intervals that its limits and the
/// rules ask for from what was placed before, also of other courses, and none is given once a limit is used up.
fn keep_apart(ceilings: &Ceilings<'_>, at_least: i32, courses: &mut [Course<'_>], changes: &mut Vec<String>) {
    let limits: Vec<&Limit> = ceilings.in_force().filter(|limit| courses.iter().any(|c| c.concerned(limit))).collect();
    let mut waiting: Vec<VecDeque<(i32, &'static str)>> =
        courses.iter_mut().map(|course| std::mem::take(&mut course.days).into()).collect();
    loop {
        let fronts = waiting.iter().enumerate().filter_map(|(n, days)| Some((days.front()?.0, n)));
        let Some((day, n)) = fronts.min() else { break };
        let earliest = earliest_day(&limits, at_least, courses, n, day);
        if earliest > day {
            waiting[n].iter_mut().for_each(|(planned, _)| *planned += earliest - day);
            let why =
                "What shares an ingredient or an area keeps its intervals: sessions of different goals were moved.";
            note(changes, why.to_owned());
            continue;
        }
        let Some((day, phase)) = waiting[n].pop_front() else { break };
        match used_up(ceilings, &limits, courses, n, day, phase) {
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
        let over = |used: i64, max: Option<crate::pack::Amount>| max.filter(|max| used > max.as_thousandths());
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

/// Days between two different cocktails in one area, at least. Our own default.
const SAME_AREA_DAYS: i32 = 14;
