//! Sessions and reviews with real dates.

use jiff::ToSpan;
use jiff::civil::Date;

use super::assessment::{Review, Session};
use super::ceilings::Ceilings;
use super::dose::Planned;
use super::kept::Kept;
use super::placed::{Course, MAINTENANCE, Placed, SAME_AREA_DAYS};
use crate::pack::{Ix, Pack, Phase, SessionPlan};

/// The calendar: the course, what is offered afterwards, and the reviews.
#[derive(Debug)]
pub(super) struct Calendar<'p> {
    pub sessions: Vec<Session>,
    pub maintenance: Vec<Session>,
    pub reviews: Vec<Review>,
    pub given: Placed<'p>,
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
pub(super) fn calendar<'p>(
    ceilings: &Ceilings<'p>,
    planned: &Kept,
    start: Option<Date>,
    pace: Pace,
    changes: &mut Vec<String>,
) -> Calendar<'p> {
    let Pace { at_least, test_spot } = pace;
    let pack = ceilings.pack;
    let mut plans: Vec<(usize, Ix<SessionPlan>)> =
        planned.iter().map(|p| (p.turn, pack.recipes[p.filled.recipe].plan)).collect();
    plans.sort_unstable();
    plans.dedup();
    let mut courses: Vec<Course<'p>> =
        plans.iter().map(|course_of| course(ceilings, planned, *course_of, at_least, changes)).collect();
    take_turns(ceilings, planned, at_least, &mut courses);
    let mut placed = Placed::of(ceilings, at_least, courses, changes);
    let given = placed.courses().iter().any(|course| !course.days.is_empty());
    let test_spot = test_spot.filter(|_| given);
    placed.later_by(test_spot.unwrap_or(0));
    let courses = placed.courses();
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
                let mut cocktails: Vec<usize> = there.iter().flat_map(|c| c.cocktails.iter().copied()).collect();
                cocktails.sort_unstable();
                Session {
                    number: n as u32 + 1,
                    date: date(*day),
                    after_days: *day,
                    phase: phase.to_owned(),
                    minutes: there.iter().map(|c| c.minutes).sum(),
                    goals,
                    cocktails,
                }
            })
            .collect::<Vec<_>>()
    };
    let mut reviews: Vec<Review> = Vec::new();
    for course in courses {
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
            cocktails: Vec::new(),
        };
        sessions.insert(0, spot);
    }
    let maintenance = sessions_of(|p| p == MAINTENANCE);
    Calendar { sessions, maintenance, reviews, given: placed }
}

fn course<'p>(
    ceilings: &Ceilings<'p>,
    planned: &[Planned],
    (turn, plan): (usize, Ix<SessionPlan>),
    at_least: i32,
    changes: &mut Vec<String>,
) -> Course<'p> {
    let pack: &'p Pack = ceilings.pack;
    let mine = planned.iter().enumerate();
    let mine = mine.filter(|(_, p)| p.turn == turn && pack.recipes[p.filled.recipe].plan == plan);
    let (cocktails, mine): (Vec<usize>, Vec<Planned>) = mine.map(|(n, p)| (n, p.clone())).unzip();
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
    Course { plan: row, turn, goals, minutes, days, mine, cocktails }
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
