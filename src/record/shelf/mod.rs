//! All cards in memory, and the index that finds them while somebody types. It is built after unlocking and is in no
//! file.

use std::collections::HashMap;

use jiff::tz::TimeZone;

use super::card::{Also, Card, Listing, Query, Sort, terms};
use super::id::RecordId;
use crate::find::{fold, one_slip};

mod alike;

pub use alike::Alike;

/// All cards, in the order they were saved.
#[derive(Default)]
pub(super) struct Cards {
    cards: Vec<Card>,
    /// By position: whether a newer version follows.
    superseded: Bits,
    newest: HashMap<RecordId, u32>,
    index: Index,
    /// Names and dates of birth alone: who is looked up comes before who is mentioned.
    names: Index,
    /// The year of the oldest.
    oldest: Option<i16>,
    pub(super) unreadable: usize,
}

impl Cards {
    pub(super) fn add(&mut self, mut card: Card) {
        let at = u32::try_from(self.cards.len()).unwrap_or(u32::MAX);
        if let Some(older) = self.newest.insert(card.id, at) {
            self.superseded.set(older);
        }
        // The words are in the index from now on; keeping them twice is most of the memory.
        let words = std::mem::take(&mut card.words);
        words.split(' ').filter(|word| !word.is_empty()).for_each(|word| self.index.add(word, at));
        let born = card.birth_date.map(|date| date.to_string());
        let name = fold(&card.patient);
        let name = name.split(' ').filter(|word| !word.is_empty());
        name.chain(born.as_deref()).for_each(|word| self.names.add(word, at));
        let year = card.saved_at.to_zoned(TimeZone::UTC).year();
        self.oldest = Some(self.oldest.map_or(year, |oldest| oldest.min(year)));
        self.cards.push(card);
    }

    pub(super) fn list(&mut self, query: &Query) -> Listing {
        let mut listing = Listing { unreadable: self.unreadable, oldest: self.oldest, ..Listing::default() };
        let terms = terms(&query.text);
        let also = &query.also;
        let mut found = self.index.find(&terms, also, self.cards.len());
        let named = self.names.find(&terms, &[], self.cards.len());
        if found.as_ref().is_some_and(Bits::is_empty) {
            found = self.names.find_similar(&terms, &self.index, also, self.cards.len());
            listing.similar = true;
        }
        let shown = |at: usize| {
            let card = &self.cards[at];
            found.as_ref().is_none_or(|found| found.has(at)) && !self.superseded.has(at) && query.takes(card)
        };
        let all = (0..self.cards.len()).rev().filter(|at| shown(*at));
        if query.sort == Sort::Date && named.is_none() {
            for at in all {
                if listing.cards.len() < query.limit {
                    listing.cards.push(self.cards[at].clone());
                }
                listing.total += 1;
            }
            return listing;
        }
        let mut order: Vec<usize> = all.collect();
        let is_named = |at: usize| named.as_ref().is_none_or(|named| named.has(at));
        // Among equals, the last saved stays first.
        match query.sort {
            Sort::Name => order.sort_by_cached_key(|at| fold(&self.cards[*at].patient)),
            Sort::Verdict => order.sort_by_key(|at| std::cmp::Reverse(self.cards[*at].verdict as u8)),
            // Who has that name, then who is only mentioned with it.
            Sort::Date => order.sort_by_key(|at| !is_named(*at)),
        }
        // Of names that are nearly so, nobody needs to be told what was hit.
        let words: &[String] = if listing.similar { &[] } else { &terms };
        let mentioned = order.iter().take(query.limit).filter(|at| !is_named(**at));
        let hit = |at: &usize| Some((self.cards[*at].id, self.index.hit(words, also, *at)?));
        listing.hits = mentioned.filter_map(hit).collect();
        listing.total = order.len();
        listing.cards = order.into_iter().take(query.limit).map(|at| self.cards[at].clone()).collect();
        listing
    }
}

/// Which cards have which words.
#[derive(Default)]
struct Index {
    /// A number for each word.
    known: HashMap<Box<str>, u32>,
    /// By number: the cards that have it, in order.
    cards: Vec<Vec<u32>>,
    /// The words in order, so that those with one beginning stand together; made anew when there are new words.
    sorted: Vec<(Box<str>, u32)>,
}

impl Index {
    fn add(&mut self, word: &str, card: u32) {
        let number = match self.known.get(word) {
            Some(number) => *number,
            None => {
                let number = u32::try_from(self.cards.len()).unwrap_or(u32::MAX);
                self.known.insert(word.into(), number);
                self.cards.push(Vec::new());
                number
            }
        };
        if let Some(cards) = self.cards.get_mut(number as usize)
            && cards.last() != Some(&card)
        {
            cards.push(card);
        }
    }

    /// The cards that have, for every term, a word that begins with it, or what it is another name of; `None` when there is
    /// no term.
    fn find(&mut self, terms: &[String], also: &[Also], cards: usize) -> Option<Bits> {
        if self.sorted.len() != self.known.len() {
            self.sorted = self.known.iter().map(|(word, number)| (word.clone(), *number)).collect();
            self.sorted.sort_unstable();
        }
        let mut found: Option<Bits> = None;
        for term in terms {
            let from = self.sorted.partition_point(|(word, _)| &**word < term.as_str());
            let mut with = Bits::with_room(cards);
            for (_, number) in self.sorted[from..].iter().take_while(|(word, _)| word.starts_with(term.as_str())) {
                self.cards[*number as usize].iter().for_each(|card| with.set(*card));
            }
            let named = also.iter().filter(|also| also.term == *term && !also.similar);
            named.for_each(|also| self.cards_with(&also.id).into_iter().for_each(|card| with.set(card)));
            found = Some(match found {
                Some(found) => found.and(with),
                None => with,
            });
        }
        found
    }
}

impl Index {
    /// The cards that have every word of an id.
    fn cards_with(&self, id: &str) -> Vec<u32> {
        let of = |word: &str| self.known.get(word).map_or(&[][..], |number| self.cards[*number as usize].as_slice());
        let id = fold(id);
        let mut words: Vec<&[u32]> = id.split(' ').map(of).collect();
        words.sort_unstable_by_key(|cards| cards.len());
        let Some((rarest, others)) = words.split_first() else { return Vec::new() };
        let in_all = |card: &&u32| others.iter().all(|cards| cards.binary_search(card).is_ok());
        rarest.iter().filter(in_all).copied().collect()
    }

    /// The cards that have, for every term, a word that differs from it by a slip; or, in the index of `all` words, what it
    /// is another name of, or nearly so.
    fn find_similar(&self, terms: &[String], all: &Self, also: &[Also], cards: usize) -> Option<Bits> {
        let near = |term: &String| {
            let mut with = Bits::with_room(cards);
            for (word, number) in &self.known {
                let slip = term.chars().count() > 3 && one_slip(term, word);
                if slip || word.starts_with(term.as_str()) {
                    self.cards[*number as usize].iter().for_each(|card| with.set(*card));
                }
            }
            let named = also.iter().filter(|also| also.term == *term);
            named.for_each(|also| all.cards_with(&also.id).into_iter().for_each(|card| with.set(card)));
            with
        };
        terms.iter().map(near).reduce(Bits::and)
    }

    /// The words of a card that begin with the terms; short terms begin too many to be worth a word. Else what it has by
    /// another name.
    fn hit(&self, terms: &[String], also: &[Also], card: usize) -> Option<String> {
        let card = u32::try_from(card).ok()?;
        let mut words: Vec<&str> = Vec::new();
        for term in terms.iter().filter(|term| term.len() >= SHORTEST_HIT) {
            let from = self.sorted.partition_point(|(word, _)| &**word < term.as_str());
            let mut begun = self.sorted[from..].iter().take_while(|(word, _)| word.starts_with(term.as_str()));
            let has = |number: u32| self.cards[number as usize].binary_search(&card).is_ok();
            let word = begun.find(|(_, number)| has(*number)).map(|(word, _)| &**word);
            words.extend(word.filter(|word| !words.contains(word)));
        }
        if words.is_empty() {
            let has = |also: &&Also| self.cards_with(&also.id).binary_search(&card).is_ok();
            return also.iter().find(has).map(|also| format!("{} ({})", also.id, also.name));
        }
        Some(words.join(", "))
    }
}

/// Letters of a term before what it hit is worth a word.
const SHORTEST_HIT: usize = 2;

/// A set of positions.
#[derive(Default)]
struct Bits(Vec<u64>);

impl Bits {
    fn with_room(len: usize) -> Self {
        Self(vec![0; len.div_ceil(64)])
    }

    fn set(&mut self, at: u32) {
        let at = at as usize;
        if at / 64 >= self.0.len() {
            self.0.resize(at / 64 + 1, 0);
        }
        self.0[at / 64] |= 1 << (at % 64);
    }

    fn has(&self, at: usize) -> bool {
        self.0.get(at / 64).is_some_and(|word| word >> (at % 64) & 1 == 1)
    }

    fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }

    fn and(mut self, other: Self) -> Self {
        self.0.iter_mut().zip(other.0).for_each(|(a, b)| *a &= b);
        self
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::plan::Outcome;
    use crate::record::person::Person;
    use crate::record::tests::sample::{document, id};

    fn cards(names: &[&str]) -> Cards {
        let mut cards = Cards::default();
        for name in names {
            cards.add(Card::of(&document(id(1), 1, name)));
        }
        cards
    }

    fn found(cards: &mut Cards, text: &str) -> Vec<String> {
        let query = Query { text: text.into(), limit: 99, ..Query::default() };
        cards.list(&query).cards.into_iter().map(|card| card.patient).collect()
    }

    #[test]
    fn everything_on_the_list_is_found_while_it_is_typed() {
        let mut cards = cards(&["Zoë Müller-Test", "Test Patient"]);
        for text in ["zoe", "MÜLL", "muller zo", "mueller"] {
            let all = found(&mut cards, text);
            assert!(all.len() == 1 || text == "mueller", "{text}: {all:?}");
        }
        for text in [
            "1982-03-04",
            "1982-03",
            "2026-11-22",
            "clear",
            "warfarin-cl",
            "hyaluronic",
            "ha-man",
            "hydr",
            "cheeks",
            "type-2",
            "itches",
            "Ada",
            "Grüsse",
            "",
        ] {
            assert_eq!(found(&mut cards, text).len(), 2, "{text}");
        }
        for text in ["1982-04", "ller", "decline", "nobody test"] {
            assert_eq!(found(&mut cards, text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn who_has_a_name_comes_before_who_is_mentioned_with_it() {
        let mut shelf = cards(&["Cheeks Patient", "Test Patient", "Zoe Test"]);
        let listing = shelf.list(&Query::words("chee", 9));
        let names: Vec<&str> = listing.cards.iter().map(|card| card.patient.as_str()).collect();
        // All of them were treated on the cheeks.
        assert_eq!(names, ["Cheeks Patient", "Zoe Test", "Test Patient"]);
        let hit = |n: usize| listing.hits.get(&listing.cards[n].id).map(String::as_str);
        assert_eq!((hit(0), hit(1), listing.similar), (None, Some("cheeks"), false));
    }

    #[test]
    fn a_slip_in_a_name_is_forgiven_when_nothing_matches() {
        let mut shelf = cards(&["Maria Santos", "Test Patient"]);
        let listing = shelf.list(&Query::words("mar sntos", 9));
        assert_eq!((listing.cards.len(), listing.similar), (1, true));
        assert_eq!(listing.cards[0].patient, "Maria Santos");
        assert!(shelf.list(&Query::words("qwertz", 9)).cards.is_empty());
    }

    #[test]
    fn another_name_of_what_is_on_record_finds_it() {
        let mut shelf = cards(&["Test Patient", "Cheeks Patient"]);
        let also = |term: &str, similar| Also {
            term: term.into(),
            name: "Coumadin".into(),
            id: "warfarin-clearance".into(),
            similar,
        };
        let mut list = |text: &str, similar| {
            let of = terms(text).iter().map(|term| also(term, similar)).collect();
            shelf.list(&Query { also: of, ..Query::words(text, 9) })
        };
        let found = list("couma", false);
        assert_eq!((found.cards.len(), found.similar), (2, false));
        assert_eq!(found.hits.get(&found.cards[0].id).map(String::as_str), Some("warfarin-clearance (Coumadin)"));
        // A slip counts where nothing else is found.
        let near = list("cuoma", true);
        assert_eq!((near.cards.len(), near.similar, near.hits.len()), (2, true, 2));
        assert!(!list("cheeks", true).similar);
        let unknown = Also { id: "no-such-thing".into(), ..also("couma", false) };
        assert!(shelf.list(&Query { also: vec![unknown], ..Query::words("couma", 9) }).cards.is_empty());
    }

    #[test]
    fn a_date_is_one_word() {
        let mut cards = cards(&["Test Patient"]);
        // Born 1982-03-04, seen 2026-11-22: the parts of both are no third date.
        assert!(found(&mut cards, "2026-03-04").is_empty());
    }

    #[test]
    fn lists_are_sorted_by_name_and_by_verdict() {
        let mut cards = Cards::default();
        for (n, (name, verdict)) in
            [("Zoë", Outcome::Caution), ("álvaro", Outcome::Decline), ("Ada", Outcome::Proceed)].into_iter().enumerate()
        {
            cards.add(Card { verdict, ..Card::of(&document(id(n as i64 + 1), 1, name)) });
        }
        let mut by = |sort| {
            let listing = cards.list(&Query { sort, limit: 2, ..Query::default() });
            assert_eq!((listing.total, listing.oldest), (3, Some(2026)));
            listing.cards.into_iter().map(|card| card.patient).collect::<Vec<_>>()
        };
        assert_eq!(by(Sort::Date), ["Ada", "álvaro"]);
        assert_eq!(by(Sort::Name), ["Ada", "álvaro"]);
        assert_eq!(by(Sort::Verdict), ["álvaro", "Zoë"]);
    }

    proptest! {
        #[test]
        fn the_index_finds_everybody_who_looks_alike(
            names in proptest::collection::vec("[ab]{3,5}( [ab]{3,4})?", 1..20),
            days in proptest::collection::vec(proptest::option::of((1_i8..13, 1_i8..13)), 20),
            typed in "[ab]{3,5}( [ab]{3,4})?",
            born in proptest::option::of((1_i8..13, 1_i8..13)),
        ) {
            let date = |day: Option<(i8, i8)>| day.map(|(month, day)| jiff::civil::date(1982, month, day));
            let mut shelf = Cards::default();
            let mut all = Vec::new();
            for (n, name) in names.iter().enumerate() {
                let mut document = document(id(n as i64 + 1), 1, name);
                document.patient.birth_date = date(days[n]);
                let card = Card::of(&document);
                all.push(Card { words: String::new(), ..card.clone() });
                shelf.add(card);
            }
            let typed = Person::new(&typed, date(born));
            prop_assert_eq!(shelf.alike(&typed, 99), Alike::among(&typed, all.iter(), 99));
        }

        #[test]
        fn finds_what_looking_at_every_card_finds(
            names in proptest::collection::vec("[a-c]{1,3}( [a-c]{1,3})?", 0..30),
            text in "[a-c]{0,2}( [a-c]{1,2})?",
        ) {
            let mut shelf = cards(&names.iter().map(String::as_str).collect::<Vec<_>>());
            let begins = |name: &str, term: &str| name.split(' ').any(|word| word.starts_with(term));
            let other = |term: &str| begins("warfarin clearance aspirin cleared by phone call", term);
            let expected: Vec<String> = names
                .iter()
                .rev()
                .filter(|name| text.split_whitespace().all(|term| begins(name, term)))
                .cloned()
                .collect();
            let really: Vec<String> = found(&mut shelf, &text);
            // Other words of the sample begin with these letters too: they may add, never take away.
            prop_assert!(expected.iter().all(|name| really.contains(name)));
            if !text.split_whitespace().any(|term| other(term) || term.len() == 1) {
                prop_assert!(really.len() <= names.len());
            }
        }
    }
}
