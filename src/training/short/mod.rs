//! Short cards: one question, one answer, in three minutes a dozen of them.
//!
//! Three kinds, all of them made from the pack by a seed: what the rules decide, which grade of the skin it is, and how much
//! that is in other units. None has two right answers: what is right comes from the rules, the table or the sum that the card
//! was made of, and a wrong answer is offered only when the same source says that it is wrong. Unlike a case a card asks the
//! rules about its patient before it is answered; patients of cards are made for them and never those of a case.

mod rules;
mod session;
mod skin;
#[cfg(test)]
mod tests;
mod units;

use crate::pack::{Amount, Grade, Pack};

use super::schedule::Rating;

pub use rules::rule_card;
pub use session::{MINUTES, Session, Tally, plain_card};
pub use skin::{skin_card, skin_ids};
pub use units::{unit_card, unit_ids};

/// Longer than this is not known by heart.
const SLOW_SECONDS: u32 = 30;
/// The same where something has to be worked out.
const SLOW_SUM_SECONDS: u32 = 90;

/// What a card is about.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum About {
    /// A rule.
    Rule,
    /// A grade of the skin or of a finding.
    Skin,
    /// Milligrams, millilitres, percent.
    Units,
}

impl About {
    /// For people.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Rule => "rule",
            Self::Skin => "skin",
            Self::Units => "units",
        }
    }

    /// What the card of an id is about.
    #[must_use]
    pub fn of(id: &str) -> Self {
        match id.split_once(':') {
            Some((units::PREFIX, _)) => Self::Units,
            Some(_) => Self::Skin,
            None => Self::Rule,
        }
    }
}

/// A card, ready to be asked. Its answer stays inside until one is given.
#[derive(Clone, PartialEq, Debug)]
pub struct ShortCard {
    /// What is remembered under: a rule, `skin:...`, `scale:...`, `units:...`.
    pub id: String,
    /// What it is about.
    pub about: About,
    /// What one is told: the patient's words, signs, figures.
    pub told: Vec<String>,
    /// What is asked.
    pub question: String,
    /// How it is answered.
    pub asked: Asked,
    key: Key,
    told_after: Told,
}

/// How a card is answered.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Asked {
    /// One of these.
    OneOf(Vec<String>),
    /// A number, in a unit.
    Number {
        /// The unit.
        unit: String,
        /// How exact it has to be, in words.
        within: String,
    },
}

/// What is right.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Key {
    /// The position of an option.
    Option(usize),
    /// A number and what else counts as it.
    Number { exact: Amount, low: Amount, high: Amount },
}

/// What is said once a card is answered.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Told {
    /// What it was about.
    pub title: String,
    /// The reason, or the sum.
    pub why: Vec<String>,
    /// Citations.
    pub sources: Vec<String>,
    /// How strong that is.
    pub evidence: Option<Grade>,
}

/// An answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Given {
    /// One of the options.
    Option(usize),
    /// A number.
    Number(Amount),
    /// Not known: it comes again, like a wrong one, and nobody had to guess.
    Pass,
}

/// What an answer was worth.
#[derive(Clone, PartialEq, Debug)]
pub struct Answered {
    /// Whether it was right.
    pub right: bool,
    /// How well it was known.
    pub rating: Rating,
    /// What was answered, in words; none where it was not known.
    pub yours: Option<String>,
    /// What is right, in words.
    pub key: String,
    /// What there is to learn from it, right or wrong.
    pub told: Told,
}

impl Answered {
    /// The sign and the words for how it went: nobody is called wrong who said that they do not know.
    #[must_use]
    pub const fn outcome(&self) -> (&'static str, &'static str) {
        match (self.right, &self.yours) {
            (true, _) => ("✓", "right"),
            (false, Some(_)) => ("✗", "not right"),
            (false, None) => ("–", "not known"),
        }
    }
}

impl ShortCard {
    /// Looks at an answer that took so many seconds.
    ///
    /// Of four options one in four is guessed right: an option found is `good` and never `easy`, and what took long is
    /// `hard`.
    #[must_use]
    pub fn answer(&self, given: Given, seconds: u32) -> Answered {
        let right = match (&self.key, given) {
            (Key::Option(right), Given::Option(n)) => n == *right,
            (Key::Number { low, high, .. }, Given::Number(n)) => (*low..=*high).contains(&n),
            _ => false,
        };
        let slow = if matches!(self.key, Key::Number { .. }) { SLOW_SUM_SECONDS } else { SLOW_SECONDS };
        let rating = match right {
            false => Rating::Again,
            true if seconds > slow => Rating::Hard,
            true => Rating::Good,
        };
        Answered { right, rating, yours: self.given_words(given), key: self.key_words(), told: self.told_after.clone() }
    }

    fn given_words(&self, given: Given) -> Option<String> {
        match (given, &self.asked) {
            (Given::Option(n), Asked::OneOf(options)) => options.get(n).cloned(),
            (Given::Number(n), Asked::Number { unit, .. }) => Some(format!("{n} {unit}")),
            _ => None,
        }
    }

    fn key_words(&self) -> String {
        match (&self.key, &self.asked) {
            (Key::Option(n), Asked::OneOf(options)) => options.get(*n).cloned().unwrap_or_default(),
            (Key::Number { exact, .. }, Asked::Number { unit, .. }) => format!("{exact} {unit}"),
            _ => String::new(),
        }
    }

    /// The options; none where a number is asked.
    #[must_use]
    pub fn options(&self) -> &[String] {
        match &self.asked {
            Asked::OneOf(options) => options,
            Asked::Number { .. } => &[],
        }
    }
}

/// The name of a card for people; the id where the pack no longer knows it.
#[must_use]
pub fn card_title(pack: &Pack, id: &str) -> String {
    let title = match About::of(id) {
        About::Rule => pack.rules.get(id).map(|rule| rule.title.clone()),
        About::Skin => skin::title(pack, id),
        About::Units => units::title(id).map(str::to_owned),
    };
    title.unwrap_or_else(|| id.to_owned())
}
