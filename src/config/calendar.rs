//! The days a clinic is closed, and what that does to a calendar of sessions.

use std::collections::BTreeSet;

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use crate::plan::{Plan, Session};
use crate::source::{Fields, Problems};

const WEEKDAYS: [(&str, Weekday); 7] = [
    ("monday", Weekday::Monday),
    ("tuesday", Weekday::Tuesday),
    ("wednesday", Weekday::Wednesday),
    ("thursday", Weekday::Thursday),
    ("friday", Weekday::Friday),
    ("saturday", Weekday::Saturday),
    ("sunday", Weekday::Sunday),
];

/// A closed stretch longer than this is a mistake in the configuration, not a holiday.
const LONGEST_CLOSURE: i32 = 400;

/// When a clinic treats: every day that is not closed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OpenDays {
    closed_days: Vec<Weekday>,
    closed_dates: BTreeSet<Date>,
}

impl OpenDays {
    pub(super) fn read(clinic: &mut Fields<'_>, problems: &mut Problems) -> Self {
        let mut closed_days = Vec::new();
        if let Some(list) = clinic.get("closed_days") {
            for cursor in list.array(problems) {
                let Some(word) = cursor.text(problems) else { continue };
                match WEEKDAYS.iter().find(|(name, _)| *name == word) {
                    Some((_, day)) if closed_days.contains(day) => {}
                    Some((_, day)) => closed_days.push(*day),
                    None => {
                        let names = WEEKDAYS.iter().map(|(name, _)| *name);
                        problems.unknown_word(&cursor, super::read::CLOSED_DAYS, "day of the week", word, names);
                    }
                }
            }
            if closed_days.len() == 7 {
                problems.at(&list, super::read::CLOSED_DAYS, "closed on every day", "expected at least one open day");
            }
        }
        let closed_dates = clinic
            .get("closed_dates")
            .map(|list| list.array(problems).iter().filter_map(|c| c.date(problems)).collect())
            .unwrap_or_default();
        Self { closed_days, closed_dates }
    }

    /// Whether nobody is treated on that day.
    #[must_use]
    pub fn is_closed(&self, day: Date) -> bool {
        self.closed_days.contains(&day.weekday()) || self.closed_dates.contains(&day)
    }

    /// The first open day from `day` on; `day` itself when none comes within a year.
    #[must_use]
    pub fn next_open(&self, day: Date) -> Date {
        let open = |days: &i32| day.checked_add(days.days()).ok().filter(|d| !self.is_closed(*d));
        (0..LONGEST_CLOSURE).find_map(|days| open(&days)).unwrap_or(day)
    }

    /// Moves sessions and reviews to open days: always later, and never closer together than they were.
    pub fn reschedule(&self, plan: &mut Plan) {
        if *self == Self::default() {
            return;
        }
        let mut moved = 0;
        // How much later the sessions so far have become: what follows keeps its distance from them.
        let mut shifts: Vec<(i32, i32)> = Vec::new();
        let mut shift = 0;
        // In the order of their days: what one course gets afterwards may stand between the sessions of another.
        let mut in_order: Vec<&mut Session> = plan.sessions.iter_mut().chain(&mut plan.maintenance).collect();
        in_order.sort_by_key(|session| session.after_days);
        for session in in_order {
            let Some(was) = session.date else { continue };
            let Ok(earliest) = was.checked_add(shift.days()) else { continue };
            let date = self.next_open(earliest);
            if date != was {
                moved += 1;
            }
            shift = days_between(was, date);
            session.date = Some(date);
            session.after_days += shift;
            shifts.push((session.after_days - shift, shift));
        }
        // `after_days` counts from the first session, which may have moved itself.
        let first = shifts.first().map_or(0, |(_, shift)| *shift);
        for session in plan.sessions.iter_mut().chain(&mut plan.maintenance) {
            session.after_days -= first;
        }
        for review in &mut plan.reviews {
            let Some(was) = review.date else { continue };
            let before = shifts.iter().rev().find(|(after, _)| *after <= review.after_days).map_or(0, |(_, s)| *s);
            let Ok(earliest) = was.checked_add(before.days()) else { continue };
            let date = self.next_open(earliest);
            review.after_days += days_between(was, date) - first;
            review.date = Some(date);
        }
        if moved > 0 {
            plan.changes.push(match moved {
                1 => "One session was moved to the next open day of the clinic.".to_owned(),
                n => format!("{n} sessions were moved to open days of the clinic."),
            });
        }
    }
}

fn days_between(from: Date, to: Date) -> i32 {
    from.until(to).map_or(0, |span| span.get_days())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Review;
    use jiff::civil::date;

    fn open(closed_days: &[Weekday], closed_dates: &[Date]) -> OpenDays {
        OpenDays { closed_days: closed_days.to_vec(), closed_dates: closed_dates.iter().copied().collect() }
    }

    /// Sessions every `interval` days from `start`, one review `interval` days after the last.
    fn plan(start: Date, sessions: i32, interval: i32) -> Plan {
        let on = |n: i32| start.checked_add((n * interval).days()).ok();
        let session = |n: i32| Session {
            number: n as u32 + 1,
            date: on(n),
            after_days: n * interval,
            phase: "induction".into(),
            minutes: 30,
            goals: Vec::new(),
            cocktails: Vec::new(),
        };
        Plan {
            conditional: false,
            conditions: Vec::new(),
            cocktails: Vec::new(),
            refused: Vec::new(),
            without: Vec::new(),
            limits: Vec::new(),
            sessions: (0..sessions).map(session).collect(),
            maintenance: Vec::new(),
            reviews: vec![Review {
                date: on(sessions),
                after_days: sessions * interval,
                what: String::new(),
                stop: String::new(),
            }],
            changes: Vec::new(),
            consent: Vec::new(),
            precare: Vec::new(),
            aftercare: Vec::new(),
            red_flags: Vec::new(),
        }
    }

    fn dates(plan: &Plan) -> Vec<Option<Date>> {
        plan.sessions.iter().map(|s| s.date).chain(plan.reviews.iter().map(|r| r.date)).collect()
    }

    #[test]
    fn a_clinic_that_is_always_open_changes_nothing() {
        let before = plan(date(2026, 11, 22), 3, 28);
        let mut after = before.clone();
        OpenDays::default().reschedule(&mut after);
        assert_eq!(after, before);
    }

    #[test]
    fn sundays_move_to_monday_and_the_intervals_stay() {
        let mut plan = plan(date(2026, 11, 22), 3, 28);
        open(&[Weekday::Sunday], &[]).reschedule(&mut plan);
        let expected = [date(2026, 11, 23), date(2026, 12, 21), date(2027, 1, 18), date(2027, 2, 15)];
        assert_eq!(dates(&plan), expected.map(Some));
        let after: Vec<i32> = plan.sessions.iter().map(|s| s.after_days).collect();
        assert_eq!((after, plan.reviews[0].after_days), (vec![0, 28, 56], 84));
        assert_eq!(plan.changes.len(), 1);
    }

    #[test]
    fn a_holiday_moves_what_follows_so_that_nothing_comes_closer() {
        let mut plan = plan(date(2026, 12, 4), 3, 21);
        open(&[Weekday::Saturday, Weekday::Sunday], &[date(2026, 12, 25)]).reschedule(&mut plan);
        let expected = [date(2026, 12, 4), date(2026, 12, 28), date(2027, 1, 18), date(2027, 2, 8)];
        assert_eq!(dates(&plan), expected.map(Some));
        let after: Vec<i32> = plan.sessions.iter().map(|s| s.after_days).collect();
        assert_eq!((after, plan.reviews[0].after_days), (vec![0, 24, 45], 66));
    }

    #[test]
    fn sessions_without_a_date_stay_without() {
        let mut plan = plan(date(2026, 11, 22), 2, 28);
        plan.sessions.iter_mut().for_each(|s| s.date = None);
        plan.reviews.clear();
        let before = plan.clone();
        open(&[Weekday::Sunday], &[]).reschedule(&mut plan);
        assert_eq!(plan, before);
    }

    proptest::proptest! {
        #[test]
        fn never_closed_never_earlier_never_closer(
            start in 0..700_i32, sessions in 1..8_i32, interval in 1..60_i32,
            days in proptest::collection::vec(0..6_usize, 0..5), dates in proptest::collection::vec(0..800_i32, 0..40),
        ) {
            let epoch = date(2026, 1, 1);
            let on = |n: i32| epoch.checked_add(n.days()).unwrap();
            let open = OpenDays {
                closed_days: days.iter().map(|d| WEEKDAYS[*d].1).collect(),
                closed_dates: dates.iter().map(|d| on(*d)).collect(),
            };
            let before = plan(on(start), sessions, interval);
            let mut after = before.clone();
            open.reschedule(&mut after);
            for (was, is) in before.sessions.iter().zip(&after.sessions) {
                proptest::prop_assert!(is.date >= was.date);
                proptest::prop_assert!(!open.is_closed(is.date.unwrap()));
            }
            for pair in after.sessions.windows(2) {
                let (a, b) = (pair[0].date.unwrap(), pair[1].date.unwrap());
                proptest::prop_assert!(days_between(a, b) >= interval);
                proptest::prop_assert_eq!(days_between(a, b), pair[1].after_days - pair[0].after_days);
            }
        }
    }
}
