//! Which case next, and why: in numbers only. Which rules are due would give away what the patient has.

use jiff::civil::Date;

use super::case::Cases;
use super::schedule::{Cards, exercises, next_cases};
use crate::pack::Pack;

/// The case that is recommended, with what speaks for it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Advice {
    /// The case; of a rule that no written case exercises, the rule.
    pub case: String,
    /// It has to be made: `case` is a rule.
    pub made: bool,
    /// Rules that are due.
    pub due: usize,
    /// Of those, how many it covers.
    pub covers: usize,
    /// How many of its rules were never met.
    pub new: usize,
}

impl Advice {
    /// The reason in a few words; it names no rule.
    #[must_use]
    pub fn why(&self) -> String {
        let rules = |n: usize| if n == 1 { "1 rule".to_owned() } else { format!("{n} rules") };
        let new = match self.new {
            0 => String::new(),
            n => format!(", and {} you have not met", rules(n)),
        };
        match (self.made, self.due, self.covers) {
            (true, due, _) => format!("{} due, and no written case is about it: a patient is made", rules(due)),
            (_, 0, _) if self.new > 0 => format!("nothing is due; it has {} you have not met", rules(self.new)),
            (_, 0, _) => "nothing is due; it was known longest ago".to_owned(),
            (_, 1, 1..) => format!("it covers the one rule that is due{new}"),
            (_, due, covers) => format!("it covers {covers} of {} that are due{new}", rules(due)),
        }
    }
}

/// What to do next; `avoid` is the case just done.
#[must_use]
pub fn advice(pack: &Pack, cases: &Cases, cards: &Cards, day: Date, avoid: Option<&str>) -> Option<Advice> {
    let due: Vec<&str> = cards.due(day).filter(|rule| pack.rules.get(rule).is_some()).collect();
    let exercised = |rule: &&&str| cases.values().any(|case| exercises(case).any(|own| own == **rule));
    if let (Some(rule), None) = (due.first(), due.iter().find(exercised)) {
        return Some(Advice { case: (*rule).to_owned(), made: true, due: due.len(), covers: 1, new: 0 });
    }
    let id = *next_cases(cases, cards, day, avoid, 1).first()?;
    let case = cases.get(id)?;
    Some(Advice {
        case: id.to_owned(),
        made: false,
        due: due.len(),
        covers: exercises(case).filter(|rule| due.contains(rule)).count(),
        new: exercises(case).filter(|rule| !cards.0.contains_key(*rule)).count(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reason_is_said_in_numbers() {
        let advice = |due, covers, new| Advice { case: "a".to_owned(), made: false, due, covers, new };
        assert_eq!(advice(0, 0, 2).why(), "nothing is due; it has 2 rules you have not met");
        assert_eq!(advice(0, 0, 0).why(), "nothing is due; it was known longest ago");
        assert_eq!(advice(1, 1, 0).why(), "it covers the one rule that is due");
        assert_eq!(advice(5, 3, 1).why(), "it covers 3 of 5 rules that are due, and 1 rule you have not met");
    }
}
