//! Who somebody is, as far as records can tell: a name and a date of birth. And who might be meant by what was typed.

use jiff::civil::Date;

use super::card::Card;
use crate::find::{fold, one_slip};

/// A name and a date of birth.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Person {
    folded: String,
    /// The date of birth, if it was given.
    pub birth_date: Option<Date>,
}

impl Person {
    /// A person of that name, capitals and accents alike.
    #[must_use]
    pub fn new(name: &str, birth_date: Option<Date>) -> Self {
        Self { folded: fold(name), birth_date }
    }

    /// Whose consultation it is.
    #[must_use]
    pub fn of(card: &Card) -> Self {
        Self::new(&card.patient, card.birth_date)
    }

    /// Whether somebody was named at all.
    #[must_use]
    pub fn is_named(&self) -> bool {
        !self.folded.is_empty()
    }

    /// Whether name and date of birth say who it is. A name alone does not.
    #[must_use]
    pub fn is_certain(&self) -> bool {
        self.is_named() && self.birth_date.is_some()
    }

    /// Whether the consultation is this person's. Without a name it is nobody's.
    #[must_use]
    pub fn is(&self, card: &Card) -> bool {
        // Dates are compared first: folding a name takes longer.
        self.birth_date == card.birth_date && self.is_named() && self.folded == fold(&card.patient)
    }

    /// The words of the name.
    pub(super) fn words(&self) -> impl Iterator<Item = &str> {
        self.folded.split(' ').filter(|word| !word.is_empty())
    }
}

/// How a patient on record resembles what was typed: the stronger, the greater.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Likeness {
    date: DateLike,
    name: NameLike,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum NameLike {
    /// One whole name in common.
    Part,
    /// What was typed so far begins it.
    Begun,
    /// One letter differs.
    Slip,
    /// The same names in another order.
    Swapped,
    Same,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum DateLike {
    /// One of the two is not known.
    Unknown,
    /// One digit differs, or two neighbours are exchanged.
    Slip,
    /// Day and month are exchanged.
    Swapped,
    Same,
}

impl Likeness {
    /// How the patient of a consultation resembles what was typed, if worth a word.
    #[must_use]
    pub fn of(typed: &Person, card: &Card) -> Option<Self> {
        let date = DateLike::of(typed.birth_date, card.birth_date)?;
        let name = NameLike::of(typed, &fold(&card.patient))?;
        let worth = match name {
            NameLike::Part => date == DateLike::Same,
            NameLike::Begun => matches!(date, DateLike::Same | DateLike::Unknown),
            NameLike::Slip | NameLike::Swapped | NameLike::Same => true,
        };
        worth.then_some(Self { date, name })
    }

    /// Whether it is the same person unless somebody says otherwise: the whole name, and nothing against it in the date.
    #[must_use]
    pub fn is_likely(self) -> bool {
        let dated = self.date != DateLike::Unknown && self.name >= NameLike::Slip;
        dated || self.name == NameLike::Same
    }

    /// What is alike, in words.
    #[must_use]
    pub fn words(self) -> String {
        let name = match self.name {
            NameLike::Part => "one name alike",
            NameLike::Begun => "the name begins so",
            NameLike::Slip => "one letter differs",
            NameLike::Swapped => "names exchanged",
            NameLike::Same => "same name",
        };
        let date = match self.date {
            DateLike::Unknown => return name.to_owned(),
            DateLike::Slip => "one digit of the birth date differs",
            DateLike::Swapped => "day and month of birth exchanged",
            DateLike::Same => "same date of birth",
        };
        format!("{name}, {date}")
    }
}

impl NameLike {
    fn of(typed: &Person, other: &str) -> Option<Self> {
        let (a, b) = (typed.folded.as_str(), other);
        if a.is_empty() || b.is_empty() {
            return None;
        }
        if a == b {
            return Some(Self::Same);
        }
        let sorted = |text: &str| {
            let mut words: Vec<String> = text.split(' ').map(str::to_owned).collect();
            words.sort_unstable();
            words
        };
        let (typed_words, words) = (sorted(a), sorted(b));
        if typed_words == words {
            return Some(Self::Swapped);
        }
        // Also "Anna Maria" and "Annamaria": the blank is a letter like others. Short names differ by more than a slip.
        if a.chars().count() > 4 && (one_slip(a, b) || slip_in_one(&typed_words, &words)) {
            return Some(Self::Slip);
        }
        let all: Vec<&str> = typed.words().collect();
        if let [first @ .., last] = all.as_slice()
            && !first.is_empty()
            && last.chars().count() >= 2
            && first.iter().all(|word| words.iter().any(|other| other == word))
            && words.iter().any(|word| word.starts_with(last) && !first.contains(&word.as_str()))
        {
            return Some(Self::Begun);
        }
        let shared = typed_words.iter().any(|word| word.chars().count() >= 3 && words.contains(word));
        shared.then_some(Self::Part)
    }
}

/// Whether the words are the same in any order, but for one letter of one of them.
fn slip_in_one(one: &[String], other: &[String]) -> bool {
    if one.len() != other.len() {
        return false;
    }
    let strange: Vec<&String> = one.iter().filter(|word| !other.contains(word)).collect();
    let missing: Vec<&String> = other.iter().filter(|word| !one.contains(word)).collect();
    let long = |word: &String| word.chars().count() > 2;
    matches!((strange.as_slice(), missing.as_slice()), ([a], [b]) if long(a) && long(b) && one_slip(a, b))
}

impl DateLike {
    /// `None` for dates that are too different to be one.
    fn of(one: Option<Date>, other: Option<Date>) -> Option<Self> {
        let (Some(one), Some(other)) = (one, other) else { return Some(Self::Unknown) };
        if one == other {
            return Some(Self::Same);
        }
        if one.year() == other.year() && one.month() == other.day() && one.day() == other.month() {
            return Some(Self::Swapped);
        }
        let digits = |date: Date| date.strftime("%Y%m%d").to_string();
        let (one, other) = (digits(one), digits(other));
        (one.len() == other.len() && one_slip(&one, &other)).then_some(Self::Slip)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;
    use crate::record::tests::sample::{document, id};

    const BORN: Option<Date> = Some(date(1982, 3, 4));

    fn card(name: &str, birth_date: Option<Date>) -> Card {
        Card { birth_date, ..Card::of(&document(id(1), 1, name)) }
    }

    fn words(typed: &str, born: Option<Date>, on_record: &str) -> Option<String> {
        Likeness::of(&Person::new(typed, born), &card(on_record, BORN)).map(Likeness::words)
    }

    #[rstest]
    #[case("Zoë Müller", BORN, "same name, same date of birth")]
    #[case("zoe MULLER", None, "same name")]
    #[case("Müller Zoe", BORN, "names exchanged, same date of birth")]
    #[case("Müller, Zoe", None, "names exchanged")]
    #[case("Zoe Muler", BORN, "one letter differs, same date of birth")]
    #[case("Zoe Mulelr", BORN, "one letter differs, same date of birth")]
    #[case("Mueller Zoe", None, "one letter differs")]
    #[case("Zoemuller", None, "one letter differs")]
    #[case("Zoe Muller", Some(date(1982, 4, 3)), "same name, day and month of birth exchanged")]
    #[case("Zoe Muller", Some(date(1992, 3, 4)), "same name, one digit of the birth date differs")]
    #[case("Zoe Muller", Some(date(1928, 3, 4)), "same name, one digit of the birth date differs")]
    #[case("Zoe Mul", None, "the name begins so")]
    #[case("Zoe Berg", BORN, "one name alike, same date of birth")]
    fn who_might_be_meant(#[case] typed: &str, #[case] born: Option<Date>, #[case] says: &str) {
        assert_eq!(words(typed, born, "Zoë Müller").as_deref(), Some(says));
    }

    #[rstest]
    #[case("", BORN)]
    #[case("Zoe", None)]
    #[case("Zoe Berg", None)]
    #[case("Zoe Berg", Some(date(1982, 4, 3)))]
    #[case("Zoe Muller", Some(date(1975, 7, 21)))]
    #[case("Ada Example", BORN)]
    #[case("Mul", BORN)]
    fn others_are_let_alone(#[case] typed: &str, #[case] born: Option<Date>) {
        assert_eq!(words(typed, born, "Zoë Müller"), None);
    }

    #[test]
    fn a_consultation_without_a_name_is_nobodys() {
        assert!(!Person::new("", BORN).is(&card("", BORN)));
        assert!(Person::new("ZOE  müller", BORN).is(&card("Zoë Müller", BORN)));
        assert!(!Person::new("Zoe Muller", None).is(&card("Zoë Müller", BORN)));
    }

    proptest! {
        #[test]
        fn likeness_of_names_is_mutual(one in "[ab]{1,4} [ab]{1,4}", other in "[ab]{1,4} [ab]{1,4}") {
            let whole = |typed: &str, on_record: &str| {
                NameLike::of(&Person::new(typed, None), &fold(on_record)).filter(|like| *like >= NameLike::Slip)
            };
            // Whether a name is long enough for a slip is the only thing that depends on who is asked.
            if one.len() > 5 && other.len() > 5 {
                prop_assert_eq!(whole(&one, &other), whole(&other, &one));
            }
        }
    }
}
