//! A rule on its own.

use super::maker::{Isolated, Maker};
use super::{Kind, Made, MadeFor};
use crate::pack::{Identified, Ix, Rule};

impl Maker<'_> {
    /// A patient for whom a rule fires and nothing else is listed; where that is impossible, as little else as possible.
    pub fn isolating(&mut self, rule: Ix<Rule>, seed: u64) -> MadeFor {
        let row = &self.pack().rules[rule];
        let from = self.background(row, seed);
        let Some(Isolated { stand, with, proved }) = self.isolated(rule, &from) else {
            return self.never(rule);
        };
        let intake = self.tidy(&stand.intake);
        let with: Vec<String> = with.iter().map(|n| self.pack().rules[Ix::new(*n)].id().to_owned()).collect();
        let shows = match with.as_slice() {
            [] => format!("{} fires and nothing else", row.id),
            some => format!("{} fires with {}; it never fires alone", row.id, some.join(", ")),
        };
        let mut made = MadeFor { proved, ..MadeFor::default() };
        // The assessment has the last word.
        let seen = self.seen(&intake);
        let mut expected = with.clone();
        expected.push(row.id.clone());
        expected.sort();
        let found = seen.findings.iter().filter(|id| self.pack().rules.get(id).is_some());
        if found.eq(&expected) {
            let (name, rule) = ("1".to_owned(), row.id.clone());
            made.cases.push(Made { name, rule, kind: Kind::Isolating, shows, fires: true, with, intake });
        } else {
            made.not_found.push(format!("{}: the assessment lists {}", row.id, seen.findings.join(", ")));
        }
        made
    }

    fn never(&mut self, rule: Ix<Rule>) -> MadeFor {
        let id = self.pack().rules[rule].id().to_owned();
        let mut wires = self.fires(rule.get());
        wires.extend(self.complete());
        let mut made = MadeFor::default();
        if self.possible(&format!("made:{id}:never"), &wires) {
            made.not_found.push(format!("{id}: no patient was found"));
        } else {
            made.proved.push("it never fires for certain once everything is answered".to_owned());
        }
        made
    }
}
