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
    let mut plans: Vec<Ix<SessionPlan>> = planned.iter().map(|p| pack.recipes[p.filled.recipe].plan).collect();
    plans.sort_unstable();
    plans.dedup();
    let courses: Vec<Course<'_>> =
        plans.iter().map(|plan| course(pack, facts, planned, *plan, at_least, changes)).collect();
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
    plan: Ix<SessionPlan>,
    at_least: i32,
    changes: &mut Vec<String>,
) -> Course<'p> {
    let mine: Vec<Planned> = planned.iter().filter(|p| pack.recipes[p.filled.recipe].plan == plan).cloned().collect();
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
        let label = &pack.goals[p.goal].label;
        if !goals.contains(label) {
            goals.push(label.clone());
            minutes = minutes.max(pack.recipes[p.filled.recipe].minutes);
        }
    }
    Course { plan: row, goals, minutes, days, last_induction }
}
