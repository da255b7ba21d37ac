//! Sessions and reviews with real dates.

use jiff::ToSpan;
use jiff::civil::Date;

use super::assessment::{Review, Session};
use super::dose::{Planned, course_limits};
use crate::intake::Facts;
use crate::pack::{Ix, Pack, Phase, SessionPlan};

/// The days of one plan, counted from the first session.
struct Course<'p> {
    plan: &'p SessionPlan,
    /// Courses of different turns share an area, never a session.
    turn: usize,
    goals: Vec<String>,
    minutes: i32,
    /// Day and phase.
    days: Vec<(i32, &'static str)>,
    last_induction: i32,
}

/// The calendar: the course, what is offered afterwards, and the reviews.
#[derive(Debug, Default)]
pub(super) struct Calendar {
    pub sessions: Vec<Session>,
    pub maintenance: Vec<Session>,
    pub reviews: Vec<Review>,
}

/// Lays the sessions of all cocktails out from `start`; those of different goals that fall on one day are one session.
pub(super) fn calendar(
    pack: &Pack,
    facts: &Facts,
    planned: &[Planned],
    start: Option<Date>,
    at_least: i32,
    changes: &mut Vec<String>,
) -> Calendar {
    let mut plans: Vec<(usize, Ix<SessionPlan>)> =
        planned.iter().map(|p| (p.turn, pack.recipes[p.filled.recipe].plan)).collect();
    plans.sort_unstable();
    plans.dedup();
    let mut courses: Vec<Course<'_>> =
        plans.iter().map(|course_of| course(pack, facts, planned, *course_of, at_least, changes)).collect();
    take_turns(pack, facts, planned, at_least, &mut courses);
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
            let after_days = course.last_induction + review.after_days;
            let row =
                Review { date: date(after_days), after_days, what: review.what.clone(), stop: review.stop.clone() };
            if !reviews.contains(&row) {
                reviews.push(row);
            }
        }
    }
    reviews.sort_by_key(|review| review.after_days);
    Calendar {
        sessions: sessions_of(|p| p != "maintenance"),
        maintenance: sessions_of(|p| p == "maintenance"),
        reviews,
    }
}

fn course<'p>(
    pack: &'p Pack,
    facts: &Facts,
    planned: &[Planned],
    (turn, plan): (usize, Ix<SessionPlan>),
    at_least: i32,
    changes: &mut Vec<String>,
) -> Course<'p> {
    let mine = planned.iter().filter(|p| p.turn == turn && pack.recipes[p.filled.recipe].plan == plan);
    let mine: Vec<Planned> = mine.cloned().collect();
    let row = &pack.plans[plan];
    let (most, apart) = course_limits(pack, facts, &mine);
    let apart = apart.max(at_least);
    let mut left = most.unwrap_or(i32::MAX);
    let mut days = Vec::new();
    let mut day = 0;
    let mut last_induction = 0;
    let phases: [(Option<Phase>, &'static str); 3] =
        [(Some(row.induction), "induction"), (row.consolidation, "consolidation"), (row.maintenance, "maintenance")];
    for (phase, name) in phases {
        let Some(phase) = phase else { continue };
        if phase.interval_days < apart && (phase.sessions > 1 || name != "induction") {
            changes.push(format!(
                "{}: {name} sessions at least {apart} days apart, not {}.",
                row.label, phase.interval_days
            ));
        }
        for _ in 0..phase.sessions {
            if left == 0 {
                changes.push(format!("{}: no more sessions than the limit of {}.", row.label, most.unwrap_or(0)));
                break;
            }
            left -= 1;
            if !days.is_empty() {
                day += phase.interval_days.max(apart);
            }
            days.push((day, name));
        }
        if name == "induction" {
            last_induction = day;
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
    Course { plan: row, turn, goals, minutes, days, last_induction }
}

/// Moves the courses of later turns: between the sessions of the others where the gaps are wide enough, else after them.
fn take_turns(pack: &Pack, facts: &Facts, planned: &[Planned], at_least: i32, courses: &mut [Course<'_>]) {
    let turns = courses.iter().map(|c| c.turn + 1).max().unwrap_or(1);
    if turns < 2 {
        return;
    }
    let (_, apart) = course_limits(pack, facts, planned);
    let apart = apart.max(at_least).max(SAME_AREA_DAYS);
    let count = i32::try_from(turns).unwrap_or(1);
    let gap = |c: &Course<'_>| c.days.windows(2).map(|pair| pair[1].0 - pair[0].0).min().unwrap_or(apart * count);
    let narrowest = courses.iter().map(&gap).min().unwrap_or(0);
    let equal = courses.iter().map(&gap).max() == Some(narrowest);
    let between = equal && narrowest / count >= apart;
    // Where each turn begins: inside the gaps of the first, or after the last session of the one before.
    let mut begins = vec![0];
    for turn in 1..turns {
        let before = begins.last().copied().unwrap_or(0);
        let lasts = courses.iter().filter(|c| c.turn + 1 == turn).map(|c| c.last_induction).max().unwrap_or(0);
        begins.push(before + if between { narrowest / count } else { lasts + apart });
    }
    for course in courses {
        let by = begins.get(course.turn).copied().unwrap_or(0);
        course.days.iter_mut().for_each(|(day, _)| *day += by);
        course.last_induction += by;
    }
}

/// Days between two different cocktails in one area, at least. Our own default.
const SAME_AREA_DAYS: i32 = 14;
