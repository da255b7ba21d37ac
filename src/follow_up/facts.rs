//! What red flags read of a reaction.

use jiff::civil::Date;

use super::answer::answer;
use super::entry::Seen;
use crate::pack::{Area, Ix, Pack, Reaction, Set, Site};

/// The facts of a reaction; `None` is "not known", and counts as the unfavourable case.
#[derive(Clone, PartialEq, Debug)]
pub struct Facts {
    /// The signs that are there; empty when it was kept in words alone.
    pub signs: Set<Reaction>,
    /// Whole days from the session to the first sign.
    pub days: Option<i32>,
    /// Whole days that it has lasted.
    pub lasting: Option<i32>,
    /// 1 to 5.
    pub grade: u8,
    /// One of the criteria of seriousness is met.
    pub serious: bool,
    /// Where, seen from the points.
    pub site: Option<Site>,
    /// In which area.
    pub area: Option<Ix<Area>>,
    /// How many other patients reacted to one of the lots; not known without a lot.
    pub same_lot: Option<u32>,
}

/// The facts of a reaction as it stands today.
#[must_use]
pub fn facts(pack: &Pack, seen: &Seen, today: Date) -> Facts {
    let until = seen.ended.unwrap_or(today);
    let lasting = seen.began().and_then(|began| until.since(began).ok()).map(|span| span.get_days().max(0));
    Facts {
        signs: seen.what.iter().filter_map(|id| pack.follow_up.reactions.find(id)).collect(),
        days: seen.days_after().filter(|days| *days >= 0),
        lasting,
        grade: seen.grade,
        serious: !seen.serious.is_empty(),
        site: seen.site,
        area: seen.area.as_ref().and_then(|id| pack.areas.find(id)),
        same_lot: seen.same_lot,
    }
}

impl Seen {
    /// Lets the red flags speak: with how many other patients reacted to one of the lots, as far as it is known.
    pub fn weigh(&mut self, pack: &Pack, others: Option<u32>, today: Date) {
        self.same_lot = if self.lots.is_empty() { None } else { others };
        self.grade_words = grade_words(pack, &self.what, self.grade);
        self.answer = answer(pack, &facts(pack, self, today));
    }
}

/// What a grade means: for these signs where the pack says so, else in general.
#[must_use]
pub fn grade_words(pack: &Pack, signs: &[String], grade: u8) -> String {
    let own = signs.iter().filter_map(|id| pack.follow_up.reactions.get(id));
    let own = own.flat_map(|sign| &sign.grades).find(|(of, _)| *of == grade).map(|(_, words)| words.clone());
    own.unwrap_or_else(|| {
        let list = pack.follow_up.lists.get("grade");
        list.map(|list| list.label_of(&grade.to_string()).to_owned()).unwrap_or_default()
    })
}
