//! Looking for patients on record who might be the one being typed. It goes through the index of words, so that 100,000
//! records cost as little as the search does.

use std::collections::HashMap;

use jiff::civil::Date;

use super::super::card::Card;
use super::super::person::{Likeness, Person};
use super::{Bits, Cards, Index};
use crate::find::one_slip;

/// A patient on record who might be meant.
#[derive(Clone, PartialEq, Debug)]
pub struct Alike {
    /// The newest consultation of that patient.
    pub card: Card,
    /// How many there are.
    pub consultations: usize,
    /// What is alike.
    pub likeness: Likeness,
}

impl Alike {
    /// Patients who might be meant, the most alike first: each once, by the newest consultation.
    pub(in crate::record) fn among<'c>(
        typed: &Person,
        cards: impl Iterator<Item = &'c Card>,
        limit: usize,
    ) -> Vec<Self> {
        let mut patients: HashMap<Person, Self> = HashMap::new();
        for card in cards {
            let Some(likeness) = Likeness::of(typed, card) else { continue };
            patients
                .entry(Person::of(card))
                .and_modify(|known| {
                    known.consultations += 1;
                    // Ids sort by the time of the consultation; an amendment saved later is no later consultation.
                    if known.card.id < card.id {
                        known.card = card.clone();
                    }
                })
                .or_insert_with(|| Self { card: card.clone(), consultations: 1, likeness });
        }
        let mut all: Vec<Self> = patients.into_values().collect();
        all.sort_by(|a, b| b.likeness.cmp(&a.likeness).then(b.card.id.cmp(&a.card.id)));
        all.truncate(limit);
        all
    }
}

impl Cards {
    /// Patients who might be meant, the most alike first.
    pub(in crate::record) fn alike(&self, typed: &Person, limit: usize) -> Vec<Alike> {
        let found = self.index.near(typed, self.cards.len());
        let cards = self.cards.iter().enumerate();
        let cards = cards.filter(|(at, _)| found.has(*at) && !self.superseded.has(*at)).map(|(_, card)| card);
        Alike::among(typed, cards, limit)
    }
}

impl Index {
    /// The cards with a word that may be a name of the person, or with a date that may be the date of birth.
    fn near(&self, typed: &Person, cards: usize) -> Bits {
        let mut near = Bits::with_room(cards);
        let mut take = |number: u32| {
            self.cards[number as usize].iter().for_each(|card| near.set(*card));
        };
        let words: Vec<&str> = typed.words().collect();
        // Names that were parted at a blank are one word there.
        let joined: String = words.concat();
        for (word, number) in &self.known {
            let is_near = |typed: &&str| {
                // Names that were joined at the blank begin with the first of them.
                let begins = word.len() > 2 && typed.starts_with(&**word);
                **typed == **word || begins || (typed.len() > 2 && one_slip(typed, word))
            };
            if words.iter().any(is_near) || (words.len() > 1 && (joined == **word || one_slip(&joined, word))) {
                take(*number);
            }
        }
        for date in typed.birth_date.into_iter().flat_map(dates_near) {
            if let Some(number) = self.known.get(date.as_str()) {
                take(*number);
            }
        }
        near
    }
}

/// The date, and those that a slip makes of it, as the index has them.
fn dates_near(date: Date) -> Vec<String> {
    let mut all = vec![date.to_string()];
    all.extend(Date::new(date.year(), date.day(), date.month()).ok().map(|swapped| swapped.to_string()));
    let digits: Vec<u8> = date.strftime("%Y%m%d").to_string().into_bytes();
    let mut add = |digits: &[u8]| {
        let text = String::from_utf8_lossy(digits);
        if let (Some(year), Some(month), Some(day)) = (text.get(..4), text.get(4..6), text.get(6..)) {
            all.push(format!("{year}-{month}-{day}"));
        }
    };
    for at in 0..digits.len() {
        for digit in b'0'..=b'9' {
            let mut other = digits.clone();
            other[at] = digit;
            add(&other);
        }
        let mut other = digits.clone();
        if at + 1 < other.len() {
            other.swap(at, at + 1);
            add(&other);
        }
    }
    all
}
