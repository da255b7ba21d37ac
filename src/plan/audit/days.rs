//! When a plan gives something: nothing before its time, nothing too near to something else, nothing too often.

use jiff::ToSpan;
use jiff::civil::Date;

use super::written::{Visit, Written, day_of, days_between};
use super::{Breach, Case, Law};
use crate::intake::QualifierFact;
use crate::pack::{Amount, Condition, Limit, List, Phase, Rule, Scope, SessionPlan, Verdict};
use crate::plan::assessment::Session;
use crate::rules::entry_passes;

/// Days between two different cocktails in one area, at least.
const TURNS_APART: i32 = 14;

pub(super) fn check(case: &Case<'_>, written: &Written<'_>, breaches: &mut Vec<Breach>) {
    let mut say = |what: &str, message: String| {
        breaches.push(Breach { law: Law::Day, what: what.to_owned(), message });
    };
    dates(case, &mut say);
    test_spot(case, written, &mut say);
    // Every rule's interval holds between any two sessions.
    let days: Vec<i32> = written.by_day().iter().map(|(day, _)| *day).collect();
    let apart = |least: i32, days: &[i32]| days.windows(2).all(|pair| pair[1] - pair[0] >= least);
    for rule in case.changing() {
        if let Some(least) = rule.modifies.interval_days.filter(|least| !apart(*least, &days)) {
            say(&rule.id, format!("sessions nearer than {least} days"));
        }
    }
    let own = case.pack.limits.iter().filter(|limit| holds(case, limit));
    for limit in own.chain(case.also) {
        let counted = |visit: &&&Visit| {
            written.given(&[**visit]).iter().any(|line| line.parts.iter().any(|p| limit.ingredients.contains(p.item)))
        };
        let visits: Vec<&Visit> = written.visits.iter().collect();
        let mut days: Vec<i32> = visits.iter().filter(counted).map(|visit| visit.day).collect();
        days.dedup();
        if let Some(least) = limit.interval_days.filter(|least| !apart(*least, &days)) {
            say(&limit.id, format!("given again before {least} days"));
        }
        if let Some(most) = limit.sessions.filter(|most| days.len() as i64 > i64::from(*most)) {
            say(&limit.id, format!("given on {} days, of {most}", days.len()));
        }
    }
    areas(case, written, &mut say);
    // No recipe more often than its plan says.
    for (n, line) in written.lines.iter().enumerate() {
        let Some(line) = line else { continue };
        let row = &case.pack.plans[line.recipe.plan];
        rhythm(case, (n, line.recipe.id.as_str()), row, &mut say);
        let most = |phase: Option<Phase>| phase.map_or(0, |phase| phase.sessions);
        let given = |sessions: &[Session]| sessions.iter().filter(|s| s.cocktails.contains(&n)).count() as i64;
        let course = most(Some(row.induction)) + most(row.consolidation);
        if given(&case.plan.sessions) > i64::from(course)
            || given(&case.plan.maintenance) > i64::from(most(row.maintenance))
        {
            say(&line.recipe.id, format!("more sessions than the plan {} has", row.id));
        }
    }
    for (n, session) in case.plan.sessions.iter().enumerate() {
        if session.number as usize != n + 1 {
            say("sessions", format!("session {} stands at place {}", session.number, n + 1));
        }
    }
}

/// A cocktail comes no faster than its session plan says.
fn rhythm(case: &Case<'_>, (n, recipe): (usize, &str), row: &SessionPlan, say: &mut dyn FnMut(&str, String)) {
    let days = |sessions: &[Session]| {
        let mine = sessions.iter().filter(|session| session.cocktails.contains(&n));
        let mut days: Vec<i32> = mine.map(|session| day_of(case, session)).collect();
        days.sort_unstable();
        days
    };
    let course = days(&case.plan.sessions);
    let interval = |phase: Option<Phase>| phase.map_or(0, |phase| phase.interval_days);
    let inducing = usize::try_from(row.induction.sessions).unwrap_or(0);
    let phases = (1..course.len()).map(|k| if k < inducing { Some(row.induction) } else { row.consolidation });
    let afterwards = days(&case.plan.maintenance);
    let phases: Vec<Option<Phase>> = phases.chain(afterwards.iter().map(|_| row.maintenance)).collect();
    let all: Vec<i32> = course.into_iter().chain(afterwards).collect();
    for (pair, phase) in all.windows(2).zip(phases) {
        if pair[1] - pair[0] < interval(phase) {
            say(recipe, format!("{} days between two sessions of the plan {}", pair[1] - pair[0], row.id));
        }
    }
}

/// Whether a limit holds where the patient is; everywhere while that is not known.
fn holds(case: &Case<'_>, limit: &Limit) -> bool {
    match (limit.jurisdictions, case.facts.get(case.pack.roles.jurisdiction)) {
        (Some(places), crate::intake::Fact::Choice(n)) => places & (1 << n) != 0,
        _ => true,
    }
}

/// Dates and days say the same, and nothing stands before the day from which it may.
fn dates(case: &Case<'_>, say: &mut dyn FnMut(&str, String)) {
    let each = || case.plan.sessions.iter().chain(&case.plan.maintenance);
    let Some(first) = case.plan.sessions.first() else { return };
    let (earliest, waits) = earliest(case);
    for session in each() {
        let (Some(date), Some(start)) = (session.date, first.date) else {
            if session.date != first.date {
                say("sessions", format!("session {} has a date and others have none", session.number));
            }
            continue;
        };
        if date < earliest.1 {
            say(&earliest.0, format!("a session on {date}, before {}", earliest.1));
        }
        if days_between(start, date) != session.after_days - first.after_days {
            say("sessions", format!("{date} is not day {} of the plan", session.after_days));
        }
    }
    if let (Some(event), Some(date)) = (waits, first.date) {
        say(&event, format!("a session on {date}, though nobody knows when the event is that it waits for"));
    }
}

/// The day before which nothing is given and who says so; and a rule that waits for an event alone, if none names a day.
fn earliest(case: &Case<'_>) -> ((String, Date), Option<String>) {
    let goes_on = !case.plan.cocktails.is_empty();
    let mut day = ("reflection time".to_owned(), reflected(case));
    let (mut dated, mut event) = (false, None);
    for rule in &case.fired {
        let ruling = rule.ruling_on(case.today);
        let reaches = rule.scope == Scope::Session || !goes_on;
        let Some(until) = ruling.until else { continue };
        // A legal status defers those who ask for what it concerns; all others it only keeps from it.
        let silent = rule.quiet && !asked_for(case, rule);
        if ruling.verdict != Verdict::Defer || case.overridden(rule) || !reaches || silent {
            continue;
        }
        match until.days {
            Some(days) if until.since.is_some() || until.event.is_none() => {
                // A medicine that is still taken has no last dose to count from.
                if until.since.is_some_and(|since| still_taken(case, rule, since)) {
                    event = Some(rule.id.clone());
                    continue;
                }
                dated = true;
                let left = i64::from(days) - until.since.map_or(0, |since| elapsed(case, rule, since));
                let date = case.today.checked_add(left.max(0).days()).unwrap_or(Date::MAX);
                if date > day.1 {
                    day = (rule.id.clone(), date);
                }
            }
            _ => event = Some(rule.id.clone()),
        }
    }
    (day, event.filter(|_| !dated))
}

/// The day on which the time to think it over has passed.
fn reflected(case: &Case<'_>) -> Date {
    let days = i64::from(case.adjustments.reflection_days.unwrap_or_default());
    case.today.checked_add(days.days()).unwrap_or(Date::MAX)
}

/// Whether somebody asked for something that a rule takes out.
fn asked_for(case: &Case<'_>, rule: &Rule) -> bool {
    let wanted = case.facts.items(case.pack.roles.requested);
    wanted.iter().filter_map(|entry| entry.item).any(|item| rule.exclude.ingredients.contains(item))
}

/// The fewest days that an entry which fires a rule lies back; 0 where that is not known.
fn elapsed(case: &Case<'_>, rule: &Rule, since: crate::pack::Ix<crate::pack::Qualifier>) -> i64 {
    let mut fewest: Option<i64> = None;
    rule.when.visit(&mut |part| {
        let Condition::Listed { question, items, with, .. } = part else { return };
        for entry in case.facts.items(*question) {
            if entry.item.is_some_and(|item| items.contains(item)) && entry_passes(entry, with).fires() {
                let days = match entry.qualifier(since) {
                    Some(QualifierFact::Number(days)) => days.as_thousandths() / 1000,
                    _ => 0,
                };
                fewest = Some(fewest.map_or(days, |known| known.min(days)));
            }
        }
    });
    fewest.unwrap_or(0)
}

/// Whether a medicine that fires a rule is still taken, or may be.
fn still_taken(case: &Case<'_>, rule: &Rule, since: crate::pack::Ix<crate::pack::Qualifier>) -> bool {
    let mut taken = false;
    rule.when.visit(&mut |part| {
        let Condition::Listed { question, list: List::Medications, items, with } = part else { return };
        taken |= case.facts.items(*question).iter().any(|entry| {
            entry.item.is_some_and(|item| items.contains(item))
                && entry_passes(entry, with).fires()
                && !matches!(entry.qualifier(since), Some(QualifierFact::Number(days)) if days > Amount::ZERO)
        });
    });
    taken
}

/// Where rules ask for a test spot it comes first, and is read before anything else is given.
fn test_spot(case: &Case<'_>, written: &Written<'_>, say: &mut dyn FnMut(&str, String)) {
    if case.plan.sessions.iter().skip(1).chain(&case.plan.maintenance).any(|session| session.phase == "test spot") {
        say("sessions", "a test spot that does not come first".to_owned());
    }
    let asked = case.changing().filter(|rule| !case.overridden(rule));
    let asked = asked.filter_map(|rule| Some((rule.modifies.test_spot?, &rule.id)));
    let (Some((days, rule)), Some(first)) = (asked.max(), written.visits.first()) else { return };
    match case.plan.sessions.first().filter(|session| session.phase == "test spot") {
        None => say(rule, "no test spot".to_owned()),
        Some(spot) if first.day - day_of(case, spot) < days => {
            say(rule, format!("the test spot is read after {days} days, and something is given before"));
        }
        Some(_) => {}
    }
}

/// One cocktail in an area on a day, and days between two different ones.
fn areas(case: &Case<'_>, written: &Written<'_>, say: &mut dyn FnMut(&str, String)) {
    let days = written.by_day();
    let overlap = |a, b| case.pack.area_path(a).any(|at| at == b) || case.pack.area_path(b).any(|at| at == a);
    let lines: Vec<(i32, usize)> = days
        .iter()
        .flat_map(|(day, visits)| visits.iter().flat_map(move |v| v.gives.iter().map(move |n| (*day, *n))))
        .collect();
    for (k, (day, n)) in lines.iter().enumerate() {
        for (later, other) in &lines[k + 1..] {
            if later - day >= TURNS_APART {
                break;
            }
            let (Some(Some(a)), Some(Some(b))) = (written.lines.get(*n), written.lines.get(*other)) else { continue };
            let twice = n == other && day == later;
            // One goal may be wanted in an area and in a part of it: one course, and the ceiling of the area for both.
            let one_goal = a.goal == b.goal;
            if twice || (n != other && !one_goal && overlap(a.area, b.area)) {
                let apart = later - day;
                say(&a.cocktail.area, format!("{} and {}, {apart} days apart", a.recipe.id, b.recipe.id));
            }
        }
    }
}
