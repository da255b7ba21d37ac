//! A rule on its own.

use super::super::seed::Seeded;
use super::maker::{Isolated, Maker};
use super::{Kind, Made, MadeFor};
use crate::intake::{Answer, Intake, What};
use crate::pack::{Condition, Identified, Ix, Rule};

/// How many other items are tried in the place of the one that the solver took.
const TRIES: usize = 6;

impl Maker<'_> {
    /// A patient for whom a rule fires and nothing else is listed; where that is impossible, as little else as possible.
    pub fn isolating(&mut self, rule: Ix<Rule>, seed: u64) -> MadeFor {
        let row = &self.pack().rules[rule];
        let from = self.background(row, seed);
        let Some(Isolated { stand, with, proved }) = self.isolated(rule, &from) else {
            return self.never(rule);
        };
        let intake = self.other_items(row, &stand.intake, seed);
        let intake = self.tidy(&intake);
        let with: Vec<String> = with.iter().map(|n| self.pack().rules[Ix::new(*n)].id().to_owned()).collect();
        let shows = match with.as_slice() {
            [] => format!("{} fires and nothing else", row.id),
            some => format!("{} fires with {}, without which it never does", row.id, some.join(", ")),
        };
        let mut made = MadeFor { proved, ..MadeFor::default() };
        // The assessment has the last word.
        let seen = self.seen(&intake);
        let mut expected = with.clone();
        expected.push(row.id.clone());
        if expected.iter().all(|id| seen.findings.contains(id)) {
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

    /// Another item that the rule names in the place of the one that was taken, drawn by the seed, where nothing else
    /// changes by it.
    fn other_items(&self, rule: &Rule, intake: &Intake, seed: u64) -> Intake {
        let pack = self.pack();
        let mut draw = Seeded::new(seed, &format!("{}/items", rule.id));
        let mut best = intake.clone();
        let seen = self.seen(intake);
        rule.when.visit(&mut |part| {
            let Condition::Listed { question, list, items, .. } = part else { return };
            let (id, table) = (&pack.questions[*question].id, pack.list(*list));
            let Some(Answer::Items(entries)) = best.get(id).cloned() else { return };
            let names: Vec<&str> = items.iter().map(|ix| table[ix].id()).collect();
            for n in 0..entries.len() {
                let taken = |what: &What| matches!(what, What::Coded(id) if names.contains(&id.as_str()));
                if !taken(&entries[n].what) {
                    continue;
                }
                for _ in 0..TRIES.min(names.len()) {
                    let mut other = entries.clone();
                    other[n].what = What::Coded(names[draw.below(names.len())].to_owned());
                    let twice = other.iter().filter(|entry| entry.what == other[n].what).count() > 1;
                    let mut changed = best.clone();
                    changed.set(id, Answer::Items(other));
                    if !twice && self.seen(&changed) == seen {
                        best = changed;
                        break;
                    }
                }
            }
        });
        best
    }
}
