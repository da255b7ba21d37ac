//! When to practise a rule again (FSRS-6 with its published weights), and which case covers most of what is due.
//!
//! The algorithm is that of the Free Spaced Repetition Scheduler; a test holds it against the reference crate on
//! 1,000 random histories. Days are whole and come in as arguments.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::case::{Case, Cases};

/// How well something was known.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Rating {
    /// Missed.
    Again,
    /// Found with a hint, or without being sure.
    Hard,
    /// Found.
    Good,
    /// Found, sure, and in time.
    Easy,
}

/// The weights published with FSRS-6.
const W: [f64; 21] = [
    0.212, 1.2931, 2.3065, 8.2956, 6.4133, 0.8334, 3.0194, 0.001, 1.8722, 0.1666, 0.796, 1.4835, 0.0614, 0.2629,
    1.6483, 0.6014, 1.8729, 0.5425, 0.0912, 0.0658, 0.1542,
];
/// The chance of still knowing it at which it is asked again.
pub const RETENTION: f64 = 0.9;
/// Days over which rules that were taken to be known come back.
const ASSUMED_DAYS: usize = 14;
const STABILITY: (f64, f64) = (0.001, 36_500.0);
const DIFFICULTY: (f64, f64) = (1.0, 10.0);

/// What is remembered of one rule.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct Memory {
    /// Days until the chance of knowing it has fallen to 90 percent.
    pub stability: f64,
    /// 1 to 10.
    pub difficulty: f64,
}

impl Memory {
    /// After the first answer.
    #[must_use]
    pub fn first(rating: Rating) -> Self {
        let stability = clamp(W[rating as usize], STABILITY);
        Self { stability, difficulty: clamp(first_difficulty(rating), DIFFICULTY) }
    }

    /// After another answer, so many days later.
    #[must_use]
    pub fn next(self, rating: Rating, days: u32) -> Self {
        let (s, d) = (clamp(self.stability, STABILITY), clamp(self.difficulty, DIFFICULTY));
        let grade = rating as u8 as f64 + 1.0;
        let recall = Self { stability: s, difficulty: d }.recall(days);
        let stability = match (days, rating) {
            (0, _) => {
                let growth = (W[17] * (grade - 3.0 + W[18])).exp() * s.powf(-W[19]);
                s * if rating == Rating::Again { growth } else { growth.max(1.0) }
            }
            (_, Rating::Again) => {
                let forgotten = W[11] * d.powf(-W[12]) * ((s + 1.0).powf(W[13]) - 1.0) * ((1.0 - recall) * W[14]).exp();
                forgotten.min(s / (W[17] * W[18]).exp())
            }
            _ => {
                let hard = if rating == Rating::Hard { W[15] } else { 1.0 };
                let easy = if rating == Rating::Easy { W[16] } else { 1.0 };
                let growth = W[8].exp() * (11.0 - d) * s.powf(-W[9]) * (((1.0 - recall) * W[10]).exp() - 1.0);
                s * (growth * hard * easy + 1.0)
            }
        };
        let moved = d - W[6] * (grade - 3.0) * (10.0 - d) / 9.0;
        let difficulty = W[7] * (first_difficulty(Rating::Easy) - moved) + moved;
        Self { stability: clamp(stability, STABILITY), difficulty: clamp(difficulty, DIFFICULTY) }
    }

    /// The chance of still knowing it after so many days.
    #[must_use]
    pub fn recall(self, days: u32) -> f64 {
        (1.0 + factor() * f64::from(days) / self.stability).powf(-W[20])
    }

    /// Days until it is asked again.
    #[must_use]
    pub fn interval(self, retention: f64) -> u32 {
        let days = self.stability / factor() * (retention.powf(-1.0 / W[20]) - 1.0);
        // Between 1 and a hundred years, so that the cast is exact.
        days.round().clamp(1.0, STABILITY.1) as u32
    }
}

fn factor() -> f64 {
    0.9_f64.powf(-1.0 / W[20]) - 1.0
}

fn first_difficulty(rating: Rating) -> f64 {
    W[4] - (W[5] * f64::from(rating as u8)).exp() + 1.0
}

fn clamp(value: f64, (low, high): (f64, f64)) -> f64 {
    value.clamp(low, high)
}

/// One rule on its way into memory.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct Card {
    /// What is remembered.
    pub memory: Memory,
    /// The day of the last answer.
    pub last: Date,
    /// The day it is due.
    pub due: Date,
    /// How often it was answered.
    pub reviews: u32,
}

/// The cards of one trainee, by rule.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Cards(pub BTreeMap<String, Card>);

impl Cards {
    /// Notes how well a rule was known on a day.
    pub fn answer(&mut self, rule: &str, rating: Rating, day: Date) {
        let before = self.0.get(rule).copied();
        let memory = match before {
            // A clock that was put back counts as the same day.
            Some(card) => card.memory.next(rating, days_between(card.last, day)),
            None => Memory::first(rating),
        };
        let due = plus(day, memory.interval(RETENTION));
        let reviews = before.map_or(0, |card| card.reviews).saturating_add(1);
        self.0.insert(rule.to_owned(), Card { memory, last: day, due, reviews });
    }

    /// Takes rules to be known that nobody asked about. They come back as everything that was easy does, spread over two
    /// weeks: a hundred of them on one day would be asked by nobody.
    pub fn assume(&mut self, rules: &[String], day: Date) {
        for (n, rule) in rules.iter().enumerate() {
            self.answer(rule, Rating::Easy, day);
            if let Some(card) = self.0.get_mut(rule) {
                card.due = plus(card.due, u32::try_from(n % ASSUMED_DAYS).unwrap_or(0));
            }
        }
    }

    /// The rules that are due on a day.
    pub fn due(&self, day: Date) -> impl Iterator<Item = &str> {
        self.0.iter().filter(move |(_, card)| card.due <= day).map(|(rule, _)| rule.as_str())
    }

    /// How many fall due on each of the coming days; what is overdue counts for the first.
    #[must_use]
    pub fn load(&self, day: Date, days: u32) -> Vec<(Date, usize)> {
        (0..days)
            .map(|n| {
                let at = plus(day, n);
                let falls = |card: &&Card| if n == 0 { card.due <= at } else { card.due == at };
                (at, self.0.values().filter(falls).count())
            })
            .collect()
    }
}

fn days_between(from: Date, to: Date) -> u32 {
    from.until(to).ok().and_then(|span| u32::try_from(span.get_days()).ok()).unwrap_or(0)
}

fn plus(day: Date, days: u32) -> Date {
    day.checked_add(jiff::Span::new().days(i64::from(days))).unwrap_or(Date::MAX)
}

/// The rules that a case exercises.
pub(super) fn exercises(case: &Case) -> impl Iterator<Item = &str> {
    let all = case.objectives.iter().chain(&case.expect.flags).map(String::as_str);
    all.collect::<std::collections::BTreeSet<_>>().into_iter()
}

/// Cases in the order in which they cover most of what is left: due rules first, then rules never seen.
///
/// Greedy: each step takes the case with the most due rules that no case before it covers (those that fire in it count
/// double); ties go to more new rules,
/// then to the easier case, then to the id. `avoid` (the case just done) comes last.
#[must_use]
pub fn next_cases<'c>(cases: &'c Cases, cards: &Cards, day: Date, avoid: Option<&str>, at_most: usize) -> Vec<&'c str> {
    let mut due: Vec<&str> = cards.due(day).collect();
    let mut seen: Vec<&str> = cards.0.keys().map(String::as_str).collect();
    let mut left: Vec<&Case> = cases.values().map(AsRef::as_ref).collect();
    let mut order = Vec::new();
    while order.len() < at_most && !left.is_empty() {
        let rank = |case: &&Case| {
            // A patient who has it teaches more than one who has not.
            let worth = |rule: &str| if case.expect.flags.iter().any(|flag| flag == rule) { 2 } else { 1 };
            let due: usize = exercises(case).filter(|rule| due.contains(rule)).map(worth).sum();
            let new = exercises(case).filter(|rule| !seen.contains(rule)).count();
            // Where nothing is due the easier case comes first: nobody begins with the hardest.
            let easy = if due == 0 { -case.level } else { 0 };
            (due, avoid != Some(case.id.as_str()), new > 0, easy, new.min(3), -case.level)
        };
        // The first of the best: `left` is in the order of ids.
        let Some(best) = left.iter().map(rank).max() else { break };
        let Some(at) = left.iter().position(|case| rank(case) == best) else { break };
        let case = left.remove(at);
        due.retain(|rule| !exercises(case).any(|own| own == *rule));
        seen.extend(exercises(case));
        order.push(case.id.as_str());
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::proof::Seeded;
    use jiff::civil::date;

    const RATINGS: [Rating; 4] = [Rating::Again, Rating::Hard, Rating::Good, Rating::Easy];

    /// The reference computes in single precision: a long history may differ in the fourth digit.
    fn near(a: f64, b: f32) -> bool {
        let b = f64::from(b);
        (a - b).abs() <= 2e-3 * b.abs().max(1e-3)
    }

    #[test]
    fn it_agrees_with_the_reference_on_a_thousand_random_histories() {
        let reference = fsrs::FSRS::default();
        for seed in 0..1000 {
            let mut draw = Seeded::new(seed, "history");
            let mut theirs: Option<fsrs::MemoryState> = None;
            let mut ours: Option<Memory> = None;
            for step in 0..=draw.below(20) {
                let days = if step == 0 { 0 } else { [0, 1, 3, 9, 30, 200][draw.below(6)] };
                let rating = RATINGS[draw.below(4)];
                let next = reference.next_states(theirs, 0.9, days).unwrap();
                let next = match rating {
                    Rating::Again => next.again,
                    Rating::Hard => next.hard,
                    Rating::Good => next.good,
                    Rating::Easy => next.easy,
                };
                let mine = ours.map_or_else(|| Memory::first(rating), |memory| memory.next(rating, days));
                let context = format!("history {seed}, step {step}: {mine:?} and {next:?}");
                assert!(near(mine.stability, next.memory.stability), "{context}");
                assert!(near(mine.difficulty, next.memory.difficulty), "{context}");
                let interval = f64::from(next.interval.round().clamp(1.0, 36_500.0));
                assert!((f64::from(mine.interval(0.9)) - interval).abs() <= 1.0 + interval * 2e-3, "{context}");
                (ours, theirs) = (Some(mine), Some(next.memory));
            }
        }
    }

    #[test]
    fn the_first_answers_are_the_published_ones() {
        let firsts: Vec<(f64, f64)> = RATINGS
            .map(Memory::first)
            .iter()
            .map(|m| ((m.stability * 1e4).round() / 1e4, (m.difficulty * 1e4).round() / 1e4))
            .collect();
        assert_eq!(firsts, [(0.212, 6.4133), (1.2931, 5.1122), (2.3065, 2.1181), (8.2956, 1.0)]);
        assert!((Memory::first(Rating::Good).recall(0) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn what_is_known_comes_back_later_and_what_is_missed_tomorrow() {
        let mut cards = Cards::default();
        let day = date(2026, 11, 22);
        for (rule, rating) in [("a", Rating::Again), ("b", Rating::Good), ("c", Rating::Easy)] {
            cards.answer(rule, rating, day);
        }
        assert_eq!(cards.0["a"].due, date(2026, 11, 23));
        assert!(cards.0["a"].due < cards.0["b"].due && cards.0["b"].due < cards.0["c"].due);
        assert_eq!(cards.due(day).count(), 0);
        assert_eq!(cards.due(date(2026, 11, 23)).collect::<Vec<_>>(), ["a"]);
        let load = cards.load(date(2026, 11, 30), 2);
        assert_eq!((load[0].1, load[1].1), (3, 0), "what is overdue counts for today");
        // A clock that was put back loses nothing.
        cards.answer("c", Rating::Good, date(2026, 11, 1));
        assert_eq!(cards.0["c"].reviews, 2);
    }
}
