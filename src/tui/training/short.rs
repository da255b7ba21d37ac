//! Short cards on the screen: the session, the card that is asked, what was said to its answer.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::training::{About, Answered, Asked, Cards, Given, Session, ShortCard};

/// A session of short cards.
#[derive(Debug)]
pub struct Short {
    /// The cards that are left.
    pub session: Session,
    /// What is remembered of each.
    pub cards: Cards,
    /// What is shown.
    pub shown: Card,
    /// A number being typed.
    pub typed: String,
    /// When it began.
    pub since: Timestamp,
    /// Seconds after that at which the card came.
    pub came: u32,
    /// Seconds that were left at the last key.
    pub left: u32,
    /// The row the cursor is on.
    pub chosen: usize,
    /// First line shown.
    pub top: usize,
}

/// What is shown of it.
#[derive(Debug)]
pub enum Card {
    /// A card is being made.
    Coming,
    /// It is asked.
    Asked(Box<ShortCard>),
    /// It was answered.
    Answered(Box<ShortCard>, Box<Answered>),
    /// The time is over, or there are no more.
    Over,
}

impl Short {
    /// A session that begins now.
    #[must_use]
    pub const fn new(session: Session, cards: Cards, since: Timestamp) -> Self {
        let left = session.left(0);
        Self { session, cards, shown: Card::Coming, typed: String::new(), since, came: 0, left, chosen: 0, top: 0 }
    }

    /// Seconds since the beginning; a clock that was put back adds none.
    #[must_use]
    pub fn seconds(&self, now: Timestamp) -> u32 {
        u32::try_from(now.as_second() - self.since.as_second()).unwrap_or(0)
    }

    /// Shows a card.
    pub fn show(&mut self, card: ShortCard, now: Timestamp) {
        self.came = self.seconds(now);
        self.left = self.session.left(self.came);
        self.typed.clear();
        (self.chosen, self.top) = (0, 0);
        self.shown = Card::Asked(Box::new(card));
    }

    /// Answers the card that is asked. What is to be noted of it.
    pub fn answer(&mut self, given: Given, now: Timestamp, day: Date) -> Option<(String, crate::training::Rating)> {
        let Card::Asked(card) = std::mem::replace(&mut self.shown, Card::Coming) else { return None };
        let at = self.seconds(now);
        let answered = self.session.answer(&card, given, at.saturating_sub(self.came), &mut self.cards, day);
        let note = (card.id.clone(), answered.rating);
        self.left = self.session.left(at);
        (self.chosen, self.top) = (0, 0);
        self.shown = Card::Answered(card, Box::new(answered));
        Some(note)
    }

    /// Whether a number is asked.
    #[must_use]
    pub fn asks_number(&self) -> bool {
        matches!(&self.shown, Card::Asked(card) if matches!(card.asked, Asked::Number { .. }))
    }

    /// What the card is about.
    #[must_use]
    pub fn about(&self) -> Option<About> {
        match &self.shown {
            Card::Asked(card) | Card::Answered(card, _) => Some(card.about),
            Card::Coming | Card::Over => None,
        }
    }
}
