//! A course as a line: today, sessions with the days between them, reviews, phases. The table below it has the full dates.

use jiff::civil::Date;
use ratatui::style::Style;

use crate::plan::Plan;
use crate::tui::signs;
use crate::tui::text;
use crate::tui::widget::rows::Rows;

/// Columns of the widest line: farther apart, the eye loses it.
const WIDEST: usize = 100;

/// What stands on the line.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    Session,
    Later,
    Review,
}

/// Something with a day.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Stop {
    after: i32,
    kind: Kind,
    number: u32,
    date: Option<Date>,
    phase: String,
}

/// A line of cells that are written over.
struct Line {
    cells: Vec<(char, Style)>,
}

impl Line {
    fn new(columns: usize, style: Style) -> Self {
        Self { cells: vec![(' ', style); columns] }
    }

    fn put(&mut self, at: usize, words: &str, style: Style) {
        for (n, c) in words.chars().enumerate() {
            if let Some(cell) = self.cells.get_mut(at + n) {
                *cell = (c, style);
            }
        }
    }

    /// Writes right behind something, if the next thing is not too near.
    fn put_behind(&mut self, at: usize, words: &str, style: Style) {
        let wide = words.chars().count();
        let room = at..(at + wide + 1).min(self.cells.len());
        if at + wide <= self.cells.len() && self.cells.get(room).is_some_and(|all| all.iter().all(|(c, _)| *c == ' ')) {
            self.put(at, words, style);
        }
    }

    /// Writes where nothing stands yet, a blank on either side included; says whether there was room.
    fn put_if_free(&mut self, at: usize, words: &str, style: Style) -> bool {
        let wide = words.chars().count();
        let around = at.saturating_sub(1)..(at + wide + 1).min(self.cells.len());
        if at + wide > self.cells.len() || self.cells.get(around).is_none_or(|all| all.iter().any(|(c, _)| *c != ' ')) {
            return false;
        }
        self.put(at, words, style);
        true
    }

    /// The cells as parts of one style each.
    fn parts(&self) -> Vec<(String, Style)> {
        let mut parts: Vec<(String, Style)> = Vec::new();
        for (c, style) in &self.cells {
            match parts.last_mut() {
                Some((words, of)) if of == style => words.push(*c),
                _ => parts.push((c.to_string(), *style)),
            }
        }
        parts
    }
}

/// Draws the course; nothing when it has a single day.
pub fn draw(plan: &Plan, today: Date, rows: &mut Rows<'_>) {
    let stops = stops(plan);
    let (Some(first), Some(last)) = (stops.first(), stops.last()) else { return };
    if first.after == last.after {
        return;
    }
    let theme = rows.theme;
    let columns = rows.width.min(WIDEST);
    let zero = stops.iter().find_map(|stop| stop.date.map(|date| (date, stop.after)));
    let now = zero.and_then(|(date, after)| today.until(date).ok().map(|span| after - span.get_days()));
    // What is long past, or far ahead, would leave no room for the course itself.
    let now = now.filter(|now| *now <= last.after && first.after - now <= last.after - first.after);
    let at = places(&stops, now, columns);

    let mut line = Line::new(columns, theme.border);
    let course_ends = stops.iter().zip(&at).filter(|(stop, _)| stop.kind == Kind::Session).map(|(_, x)| *x).max();
    for (n, cell) in line.cells.iter_mut().enumerate().take(at.last().map_or(0, |last| last + 1)) {
        let inside = at.first().is_some_and(|begin| n >= *begin) && course_ends.is_some_and(|end| n <= end);
        cell.0 = if inside { '─' } else { '┄' };
    }
    let mut below = Line::new(columns, theme.muted);
    for (n, (stop, x)) in stops.iter().zip(&at).enumerate() {
        let (sign, style) = match stop.kind {
            Kind::Session => (signs::SESSION, theme.session),
            Kind::Later => (signs::LATER, theme.later),
            Kind::Review => (signs::REVIEW, theme.review),
        };
        line.put(*x, sign, style);
        if let (Some(next), Some(there)) = (stops.get(n + 1), at.get(n + 1)) {
            between(&mut line, *x, *there, next.after - stop.after, theme.muted);
        }
        if stop.kind == Kind::Session {
            below.put(*x, &stop.number.to_string(), theme.text);
        }
    }
    // Numbers first, then the dates that have room beside them.
    for (stop, x) in stops.iter().zip(&at) {
        let when = stop.date.map_or_else(|| format!("day {}", stop.after), |d| d.strftime("%-d %b").to_string());
        if stop.kind == Kind::Session {
            below.put_behind(*x + stop.number.to_string().len(), &format!(": {when}"), theme.muted);
        } else {
            below.put_if_free((*x).min(columns.saturating_sub(text::width(&when))), &when, theme.muted);
        }
    }
    if let Some(now) = now {
        let x = place_of(now, &stops, &at, columns);
        let mut above = Line::new(columns, theme.today);
        let words = format!("{} today", signs::TODAY);
        let before = format!("today {}", signs::TODAY);
        if x + text::width(&words) <= columns {
            above.put(x, &words, theme.today);
        } else {
            above.put((x + 1).saturating_sub(text::width(&before)), &before, theme.today);
        }
        rows.line(above.parts());
    }
    rows.line(line.parts());
    rows.line(below.parts());
    let phases = phases(&stops, &at, columns, theme.muted);
    rows.line(phases.parts());
}

/// Everything with a day, in its order.
fn stops(plan: &Plan) -> Vec<Stop> {
    let session = |kind| {
        move |s: &crate::plan::Session| Stop {
            after: s.after_days,
            kind,
            number: s.number,
            date: s.date,
            phase: s.phase.clone(),
        }
    };
    let mut stops: Vec<Stop> = plan.sessions.iter().map(session(Kind::Session)).collect();
    stops.extend(plan.maintenance.iter().map(session(Kind::Later)));
    stops.extend(plan.reviews.iter().map(|review| Stop {
        after: review.after_days,
        kind: Kind::Review,
        number: 0,
        date: review.date,
        phase: String::new(),
    }));
    stops.sort_by_key(|stop| stop.after);
    stops
}

/// The column of every stop: the more days between two, the farther apart, and never on each other. By the root of the
/// days: beside half a year, four weeks would have no room for their figure.
fn places(stops: &[Stop], now: Option<i32>, columns: usize) -> Vec<usize> {
    let Some(first) = stops.first() else { return Vec::new() };
    let from = now.map_or(first.after, |now| now.min(first.after));
    let root = |days: i32| f64::from(days.max(0)).sqrt();
    let mut far = root(first.after - from);
    let mut distances = vec![far];
    for pair in stops.windows(2) {
        if let [one, next] = pair {
            far += root(next.after - one.after);
            distances.push(far);
        }
    }
    // A date has room behind the last stop.
    let room = columns.saturating_sub(7).max(1) as f64;
    let mut at: Vec<usize> = distances.iter().map(|far_off| (far_off / far.max(1.0) * room) as usize).collect();
    for n in 1..at.len() {
        at[n] = at[n].max(at[n - 1] + 2);
    }
    let mut most = columns.saturating_sub(1);
    for x in at.iter_mut().rev() {
        *x = (*x).min(most);
        most = x.saturating_sub(2);
    }
    at
}

/// Where a day is that has no stop of its own: between its neighbours.
fn place_of(day: i32, stops: &[Stop], at: &[usize], columns: usize) -> usize {
    let all = || stops.iter().zip(at);
    if let Some((_, x)) = all().find(|(stop, _)| stop.after == day) {
        return *x;
    }
    let before = all().rfind(|(stop, _)| stop.after < day);
    let behind = all().find(|(stop, _)| stop.after > day);
    match (before, behind) {
        (Some((a, x)), Some((b, y))) => {
            let days = usize::try_from(b.after - a.after).unwrap_or(1).max(1);
            x + (y - x) * usize::try_from(day - a.after).unwrap_or(0) / days
        }
        (None, Some(_)) => 0,
        (Some((_, x)), None) => (x + 1).min(columns.saturating_sub(1)),
        (None, None) => 0,
    }
}

/// The days between two stops, where they have room.
fn between(line: &mut Line, from: usize, to: usize, days: i32, style: Style) {
    let words = format!(" {days} d ");
    let gap = to.saturating_sub(from + 1);
    if days > 0 && gap >= words.len() + 2 {
        line.put(from + 1 + (gap - words.len()) / 2, &words, style);
    }
}

/// The phases under the sessions that belong to them.
fn phases(stops: &[Stop], at: &[usize], columns: usize, style: Style) -> Line {
    let mut spans: Vec<(usize, usize, &str)> = Vec::new();
    for (stop, x) in stops.iter().zip(at).filter(|(stop, _)| stop.kind != Kind::Review) {
        match spans.last_mut() {
            Some((_, to, phase)) if *phase == stop.phase => *to = *x,
            _ => spans.push((*x, *x, &stop.phase)),
        }
    }
    let mut line = Line::new(columns, style);
    for (n, (from, to, phase)) in spans.iter().enumerate() {
        let next = spans.get(n + 1).map_or(columns, |(next, ..)| next.saturating_sub(1));
        let wide = text::width(phase);
        let inside = (to - from).saturating_sub(1);
        if inside >= wide + 4 {
            let left = (inside - wide - 2) / 2;
            let right = inside - wide - 2 - left;
            line.put(*from, &format!("╰{} {phase} {}╯", "─".repeat(left), "─".repeat(right)), style);
        } else if from + wide <= next {
            line.put(*from, phase, style);
        } else if *from + wide > columns && spans.len() == n + 1 {
            line.put_if_free(columns.saturating_sub(wide), phase, style);
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::{Review, Session};
    use crate::tui::theme::{Theme, ThemeName};
    use jiff::ToSpan;
    use jiff::civil::date;
    use proptest::prelude::*;

    const START: Date = date(2026, 11, 23);

    fn plan(sessions: &[(i32, &str)], later: &[i32], reviews: &[i32]) -> Plan {
        let on = |after: i32| START.checked_add(after.days()).ok();
        let session = |(n, (after, phase)): (usize, &(i32, &str))| Session {
            number: n as u32 + 1,
            date: on(*after),
            after_days: *after,
            phase: (*phase).to_owned(),
            minutes: 30,
            goals: Vec::new(),
            cocktails: Vec::new(),
        };
        let later: Vec<(i32, &str)> = later.iter().map(|after| (*after, "maintenance")).collect();
        let review =
            |after: &i32| Review { date: on(*after), after_days: *after, what: String::new(), stop: String::new() };
        Plan {
            conditional: false,
            conditions: Vec::new(),
            cocktails: Vec::new(),
            refused: Vec::new(),
            without: Vec::new(),
            limits: Vec::new(),
            sessions: sessions.iter().enumerate().map(session).collect(),
            maintenance: later.iter().enumerate().map(session).collect(),
            reviews: reviews.iter().map(review).collect(),
            changes: Vec::new(),
            consent: Vec::new(),
            precare: Vec::new(),
            aftercare: Vec::new(),
            red_flags: Vec::new(),
        }
    }

    fn drawn(plan: &Plan, today: Date, width: u16) -> Vec<String> {
        let theme = Theme::new(ThemeName::Mono);
        let mut rows = Rows::new(&theme, width);
        draw(plan, today, &mut rows);
        let words =
            |row: &crate::tui::widget::rows::Row| row.spans.iter().map(|s| s.content.as_ref()).collect::<String>();
        rows.rows.iter().map(|row| words(row).trim_end().to_owned()).collect()
    }

    const THREE: &[(i32, &str)] = &[(0, "induction"), (28, "induction"), (56, "induction")];

    #[test]
    fn a_course_with_its_intervals() {
        let plan = plan(THREE, &[180], &[84, 168]);
        let at = [(60, START), (80, START), (104, START), (80, date(2026, 12, 30)), (80, date(2026, 11, 2))];
        let all: Vec<String> = at
            .into_iter()
            .map(|(width, today)| format!("{width} columns, {today}\n{}", drawn(&plan, today, width).join("\n")))
            .collect();
        insta::assert_snapshot!(all.join("\n\n"));
    }

    #[test]
    fn one_session_is_no_line() {
        assert!(drawn(&plan(&[(0, "induction")], &[], &[]), START, 80).is_empty());
    }

    #[test]
    fn today_is_left_out_where_it_would_push_the_course_aside() {
        let plan = plan(THREE, &[], &[84]);
        for today in [date(2024, 1, 1), date(2030, 1, 1)] {
            assert!(!drawn(&plan, today, 80).join("\n").contains(signs::TODAY), "{today}");
        }
    }

    proptest! {
        #[test]
        fn every_stop_is_on_the_line_and_the_line_on_the_screen(
            gaps in proptest::collection::vec(1..90_i32, 1..9), later in 0..200_i32, review in 0..300_i32,
            width in 56..130_u16, shift in -400..400_i32,
        ) {
            let mut day = 0;
            let mut sessions = vec![(0, "induction")];
            for gap in gaps {
                day += gap;
                sessions.push((day, if day > 100 { "consolidation" } else { "induction" }));
            }
            let plan = plan(&sessions, &[day + later], &[review]);
            let rows = drawn(&plan, START.checked_add(shift.days()).unwrap(), width);
            let count = |sign: &str| rows.iter().map(|row| row.matches(sign).count()).sum::<usize>();
            prop_assert_eq!(count(signs::SESSION), sessions.len());
            prop_assert_eq!((count(signs::LATER), count(signs::REVIEW)), (1, 1));
            prop_assert!(rows.iter().all(|row| text::width(row) <= usize::from(width) - 4));
        }
    }
}
