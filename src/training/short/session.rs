//! A few minutes of short cards: what is due first, then what is new, and what was missed once more at the end.

use std::collections::{BTreeSet, VecDeque};

use jiff::civil::Date;

use super::{About, Answered, Given, ShortCard, skin_card, skin_ids, unit_card, unit_ids};
use crate::pack::{Pack, Rule, Verdict};
use crate::plan::Outcome;
use crate::proof::Seeded;
use crate::training::case::Decision;
use crate::training::schedule::{Cards, Rating};

/// How long a session is unless somebody says otherwise.
pub const MINUTES: u32 = 3;
/// The most cards that are ever laid out.
const MOST: usize = 60;

/// A session. Time comes in as seconds since its start.
#[derive(Clone, Debug)]
pub struct Session {
    queue: VecDeque<(String, u64)>,
    seconds: u32,
    again: BTreeSet<String>,
    tally: Tally,
}

/// How it goes.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Tally {
    /// Cards that were answered, repeated ones included.
    pub answered: usize,
    /// Of those, right.
    pub right: usize,
    /// Cards that were not known the first time.
    pub missed: Vec<String>,
}

impl Session {
    /// Lays out the cards: those that are due, the longest overdue first, then new ones: of each kind in turn, rules that ask
    /// for the same never one after the other while there are others, and those nobody may override before the rest.
    #[must_use]
    pub fn new(pack: &Pack, cards: &Cards, day: Date, seed: u64, minutes: u32) -> Self {
        let known = |id: &str| match About::of(id) {
            About::Rule => pack.rules.get(id).is_some(),
            _ => plain_card(pack, id, 0).is_some(),
        };
        let mut due: Vec<(Date, &str)> = cards
            .0
            .iter()
            .filter(|(id, card)| card.due <= day && known(id))
            .map(|(id, c)| (c.due, id.as_str()))
            .collect();
        due.sort_unstable();
        let mut order: Vec<String> = due.into_iter().map(|(_, id)| id.to_owned()).collect();
        let new = unseen(pack, cards, &order, seed);
        order.extend(new);
        order.truncate(MOST);
        // Each time another patient, other signs, other figures.
        let seen = |id: &str| cards.0.get(id).map_or(0, |card| u64::from(card.reviews));
        let queue = order.into_iter().map(|id| {
            let turn = seed.wrapping_add(seen(&id)) % i32::MAX as u64;
            (id, turn)
        });
        Self {
            queue: queue.collect(),
            seconds: minutes.saturating_mul(60),
            again: BTreeSet::new(),
            tally: Tally::default(),
        }
    }

    /// The next card, unless the time is over or there is none. `rule` makes the card of a rule with a seed; where it cannot,
    /// the card is left out.
    pub fn next(
        &mut self,
        pack: &Pack,
        at: u32,
        mut rule: impl FnMut(&str, u64) -> Option<ShortCard>,
    ) -> Option<ShortCard> {
        loop {
            let (id, seed) = self.draw(at)?;
            let card = match About::of(&id) {
                About::Rule => rule(&id, seed),
                _ => plain_card(pack, &id, seed),
            };
            if card.is_some() {
                return card;
            }
        }
    }

    /// The id and the seed of the next card, unless the time is over or there is none: for who makes cards beside the screen.
    pub fn draw(&mut self, at: u32) -> Option<(String, u64)> {
        if at < self.seconds { self.queue.pop_front() } else { None }
    }

    /// Takes an answer, and notes it among the cards. What was missed comes once more, made anew.
    pub fn answer(&mut self, card: &ShortCard, given: Given, seconds: u32, cards: &mut Cards, day: Date) -> Answered {
        let answered = card.answer(given, seconds);
        cards.answer(&card.id, answered.rating, day);
        self.tally.answered += 1;
        self.tally.right += usize::from(answered.right);
        if answered.rating == Rating::Again && self.again.insert(card.id.clone()) {
            self.tally.missed.push(card.id.clone());
            let later = self.queue.len().min(3);
            let seed = cards.0.get(&card.id).map_or(0, |known| u64::from(known.reviews)) + 1000;
            self.queue.insert(later, (card.id.clone(), seed));
        }
        answered
    }

    /// How it went so far.
    #[must_use]
    pub const fn tally(&self) -> &Tally {
        &self.tally
    }

    /// Seconds that are left.
    #[must_use]
    pub const fn left(&self, at: u32) -> u32 {
        self.seconds.saturating_sub(at)
    }
}

/// A card that needs no patient; none where the pack has no such card.
#[must_use]
pub fn plain_card(pack: &Pack, id: &str, seed: u64) -> Option<ShortCard> {
    match About::of(id) {
        About::Rule => None,
        About::Skin => skin_card(pack, id, seed),
        About::Units => unit_card(pack, id, seed),
    }
}

/// Cards that were never answered: a rule, a rule, a grade, a sum, and so on.
fn unseen(pack: &Pack, cards: &Cards, due: &[String], seed: u64) -> Vec<String> {
    let mut draw = Seeded::new(seed, "short cards");
    let mut rules = Turns::of(pack, cards, due, &mut draw);
    let mut skin = mixed(skin_ids(pack), cards, &mut draw);
    let mut units = mixed(unit_ids(pack), cards, &mut draw);
    let mut order = Vec::new();
    while order.len() < MOST {
        let round = [rules.next(), skin.pop_front(), rules.next(), units.pop_front()];
        let before = order.len();
        order.extend(round.into_iter().flatten());
        if order.len() == before {
            break;
        }
    }
    order
}

/// The ids without a card, shuffled.
fn mixed(ids: Vec<String>, cards: &Cards, draw: &mut Seeded) -> VecDeque<String> {
    let mut ids: Vec<(u64, String)> = ids.into_iter().map(|id| (draw.next_u64(), id)).collect();
    ids.sort();
    ids.into_iter().map(|(_, id)| id).filter(|id| !cards.0.contains_key(id)).collect()
}

/// New rules, what they ask for in turn. The pack has far more rules that say no than rules for which somebody is treated or
/// sent to a colleague: drawn as they come, "no treatment" would nearly always be right, and be what one learns.
struct Turns(Vec<Turn>);

/// The rules that ask for the same.
struct Turn {
    /// Those nobody has seen, what nobody may override first.
    left: VecDeque<String>,
    /// How many of them the session asks so far.
    here: usize,
    /// How many were ever asked, then a draw: they say who is next among equals.
    before: (usize, u64),
}

impl Turns {
    fn of(pack: &Pack, cards: &Cards, due: &[String], draw: &mut Seeded) -> Self {
        let stop = |rule: &&Rule| rule.absolute && rule.verdict >= Verdict::Defer;
        let of = |(_, decision): &(&str, Decision)| {
            let asks = |rule: &Rule| Decision::of(Outcome::from(rule.verdict)) == Some(*decision);
            let is = |id: &String| pack.rules.get(id).is_some_and(asks);
            let ids = |stops: bool| -> Vec<String> {
                let written = pack.rules.iter().filter(|rule| rule.place.file.is_some() && !rule.quiet && asks(rule));
                written.filter(|rule| stop(rule) == stops).map(|rule| rule.id.clone()).collect()
            };
            let mut left = mixed(ids(true), cards, draw);
            left.extend(mixed(ids(false), cards, draw));
            let here = due.iter().filter(|id| is(id)).count();
            let before = (cards.0.keys().filter(|id| is(id)).count(), draw.next_u64());
            Turn { left, here, before }
        };
        Self(Decision::WORDS.iter().map(of).collect())
    }

    fn next(&mut self) -> Option<String> {
        let open = self.0.iter_mut().filter(|turn| !turn.left.is_empty());
        let turn = open.min_by_key(|turn| (turn.here, turn.before))?;
        turn.here += 1;
        turn.left.pop_front()
    }
}
