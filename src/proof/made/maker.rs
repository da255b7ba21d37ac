//! What makes patients: the circuit of a pack, a solver, and the plainest patient whom nothing speaks against.

use std::collections::HashMap;

use jiff::civil::Date;

use super::super::circuit::Lit;
use super::super::model::{Model, Subject};
use super::super::prover::{Prover, Reply, on};
use super::super::rails::Rails;
use super::super::seed::Seeded;
use super::super::solver::Batsat;
use super::super::view::Value;
use super::super::witness::{fewest, intake_of, smallest};
use super::super::{Unfounded, check_certificate, trimmed};
use super::atoms::Atom;
use super::background::{self, Seen};
use super::nearest::{Stand, changes_from, nearest, reworded};
use crate::intake::{Answer, Facts, Intake};
use crate::pack::{Condition, Identified, Ix, Pack, Portraits, QuestionIx, Rule};
use crate::plan::{Outcome as Word, applicable, assess};
use crate::rules::{evaluate, facts};

/// How many rules one solver is asked about.
const RULES_OF_ONE_SOLVER: usize = 40;

/// Makes patients for the rules of one pack.
#[derive(Debug)]
pub struct Maker<'p> {
    pub(super) model: Model<'p>,
    prover: Prover<Batsat>,
    pub(super) today: Date,
    /// The plainest patient, with an answer to every question, those that do not apply to them as well.
    plain: Intake,
    /// What holds of everybody who is made: every question that has to be answered is.
    ground: Vec<Lit>,
    /// What holds of them if it can: one would believe in them, and something is left to treat.
    likely: Vec<Lit>,
    portraits: &'p Portraits,
    /// Proofs that were checked already.
    claims: usize,
    /// How many rules were asked about since the solver was new.
    asked: usize,
}

/// A patient for whom a rule does what was asked, and who else is listed with it.
#[derive(Clone, Debug)]
pub(super) struct Isolated {
    pub stand: Stand,
    /// The rules that are listed with it; none when it stands alone.
    pub with: Vec<usize>,
    /// Why it cannot stand alone, as proved; none when it does.
    pub proved: Vec<String>,
}

impl<'p> Maker<'p> {
    /// A maker for a pack on a day; what is implausible is avoided where it can be.
    #[must_use]
    pub fn of(pack: &'p Pack, today: Date, portraits: &'p Portraits) -> Self {
        let subject = Subject { pack, below: None, case: &[], today };
        let mut model = Model::reading(subject, &portraits.implausible);
        let mut prover = Prover::new(Batsat::default(), &pack.hash, today);
        let mut ground = vec![!model.outcome.missing];
        for state in &model.view.states {
            // Nobody who is made does not know something: what is open hides what a case is about.
            if !matches!(state.value, Value::Plain) {
                ground.push(!state.unknown);
            }
        }
        ground.extend(model.view.differs.iter().map(|lit| !*lit));
        for question in pack.questions.entries().map(|(ix, _)| ix) {
            if let Some(items) = model.view.items(question) {
                ground.push(!items.free_text);
            }
        }
        let mut likely: Vec<Lit> = portraits.implausible.iter().map(|when| !model.read(when).maybe).collect();
        // Nobody wants a goal where it makes no sense.
        let (_, places) = model.view.goals(pack.roles.goals);
        for (goal, places) in pack.goals.iter().zip(places) {
            let there = places.iter().enumerate();
            likely.extend(there.filter(|(n, _)| !goal.areas.contains(Ix::new(*n))).map(|(_, lit)| !*lit));
        }
        // Nor does the program itself find anything, such as that no goal is left.
        likely.push(!model.outcome.nothing_recommended);
        let nothing: Vec<Lit> = model.outcome.listed.iter().map(|lit| !*lit).collect();
        // Nothing listed and a plan; in a pack that always says something, whatever it says.
        let proceed =
            [ground.clone(), likely.clone(), nothing, vec![model.outcome.is(Word::Proceed), model.outcome.goes_on]]
                .concat();
        let Model { circuit, space, .. } = &mut model;
        let values = smallest(circuit, space, &mut prover, &proceed)
            .or_else(|| smallest(circuit, space, &mut prover, &ground))
            .map(|(values, _)| values)
            .unwrap_or_default();
        let plain = intake_of(pack, &model.space, &model.raw, &values);
        // Nobody answers what is not asked of them.
        for (ix, question) in pack.questions.entries() {
            if let Some(when) = &question.ask_when {
                let asked = model.read(when).pending;
                let unanswered = model.raw.of(ix).not_asked;
                likely.push(model.circuit.or(asked, unanswered));
            }
        }
        let mut maker = Self { model, prover, today, plain, ground, likely, portraits, claims: 0, asked: 0 };
        let seen = maker.seen(&maker.plain);
        for (question, word) in &portraits.usual {
            let mut usual = maker.plain.clone();
            usual.set(question, Answer::Choice(word.clone()));
            if maker.seen(&usual) == seen {
                maker.plain = usual;
            }
        }
        maker
    }

    /// The pack.
    #[must_use]
    pub const fn pack(&self) -> &'p Pack {
        self.model.pack
    }

    /// Everything that was proved so far, checked again without the solver; how many claims.
    ///
    /// # Errors
    /// The first step that does not follow.
    pub fn verified(&self) -> Result<usize, Unfounded> {
        Ok(self.claims + check_certificate(&trimmed(&self.prover.certificate)?)?)
    }

    /// A solver that was asked about many rules carries all of their clauses: now and then a new one is quicker, and makes
    /// the same patients. What was proved is checked before it goes.
    ///
    /// # Errors
    /// The first step that does not follow.
    pub fn next_rule(&mut self) -> Result<(), Unfounded> {
        self.asked += 1;
        if self.asked > RULES_OF_ONE_SOLVER {
            let claims = self.verified()?;
            *self = Self { claims, ..Self::of(self.model.pack, self.today, self.portraits) };
        }
        Ok(())
    }

    /// Whether some patient does all this; "none" is proved under a name.
    pub(super) fn possible(&mut self, name: &str, wires: &[Lit]) -> bool {
        let reply = self.prover.solve_named(&self.model.circuit, name, wires);
        self.prover.forget();
        matches!(reply, Reply::Possible(_))
    }

    pub(super) fn read(&mut self, condition: &Condition) -> Rails {
        self.model.read(condition)
    }

    /// Where it is certain that a rule fires and is listed.
    pub(super) fn fires(&mut self, rule: usize) -> Vec<Lit> {
        vec![self.model.outcome.rules[rule].certain, self.model.outcome.listed[rule]]
    }

    /// Where no finding is listed but these.
    pub(super) fn silent(&self, but: &[usize]) -> Vec<Lit> {
        let listed = self.model.outcome.listed.iter().enumerate();
        let mut wires: Vec<Lit> = listed.filter(|(n, _)| !but.contains(n)).map(|(_, lit)| !*lit).collect();
        wires.extend(self.ground.iter().copied());
        wires
    }

    /// What holds of everybody who is made.
    pub(super) fn complete(&self) -> Vec<Lit> {
        self.ground.clone()
    }

    /// A patient drawn by a seed, for one rule: whom nothing speaks against.
    pub(super) fn background(&self, rule: &Rule, seed: u64) -> Stand {
        let mut draw = Seeded::new(seed, &rule.id);
        let intake = self.tidy(&background::drawn(self, &self.plain, &mut draw));
        self.stand(intake, draw.next_u64())
    }

    /// An intake with the values of all wires.
    pub(super) fn stand(&self, intake: Intake, seed: u64) -> Stand {
        let facts = Facts::of(self.model.pack, &intake, self.today);
        let inputs: HashMap<Lit, u64> =
            self.model.space.inputs_of(self.model.pack, &facts).into_iter().map(|lit| (lit, 1)).collect();
        let words = self.model.circuit.simulate(&inputs);
        let values = (0..words.len()).map(|n| words[n] & 1 == 1).collect();
        Stand { intake, values, seed }
    }

    /// The nearest patient for whom all wires are on; one whom one would believe in, if there is one.
    pub(super) fn nearest(&mut self, from: &Stand, wires: &[Lit]) -> Option<Stand> {
        let mut draw = Seeded::new(from.seed, "order");
        let changes = changes_from(self.model.pack, &self.model.space, &from.values, &mut draw);
        let likely = [wires, self.likely.as_slice()].concat();
        let found = nearest(&self.model.circuit, &mut self.prover, &likely, &changes)
            .or_else(|| nearest(&self.model.circuit, &mut self.prover, wires, &changes));
        self.prover.forget();
        let Model { pack, space, raw, .. } = &self.model;
        found.map(|values| Stand { intake: reworded(pack, space, raw, from, &values), values, seed: from.seed })
    }

    /// The nearest patient for whom a rule fires and as little else as possible is listed.
    pub(super) fn isolated(&mut self, rule: Ix<Rule>, from: &Stand) -> Option<Isolated> {
        let n = rule.get();
        let fires = self.fires(n);
        let alone = [fires.clone(), self.silent(&[n])].concat();
        if let Some(stand) = self.nearest(from, &alone) {
            return Some(Isolated { stand, with: Vec::new(), proved: Vec::new() });
        }
        let with = self.fewest_beside(n, &[fires, self.ground.clone()].concat())?;
        let mut named = with.clone();
        named.push(n);
        let wires = [self.fires(n), self.silent(&named)].concat();
        let stand = self.nearest(from, &wires)?;
        let proved = self.why_not_alone(n, &with);
        Some(Isolated { stand, with, proved })
    }

    /// Why a rule never stands alone, if it never does.
    pub(super) fn never_alone(&mut self, rule: Ix<Rule>) -> Option<Vec<String>> {
        let n = rule.get();
        let alone = [self.fires(n), self.silent(&[n])].concat();
        let name = format!("made:{}:never-alone", self.model.pack.rules[rule].id());
        if self.possible(&name, &alone) {
            return None;
        }
        let base = [self.fires(n), self.ground.clone()].concat();
        let with = self.fewest_beside(n, &base).unwrap_or_default();
        Some(self.why_not_alone(n, &with))
    }

    /// Whether it is proved that nobody's outcome rests on one atom of a rule alone.
    pub(super) fn never_decides(&mut self, rule: Ix<Rule>, atom: &Atom<'_>) -> bool {
        let row = &self.model.pack.rules[rule];
        let without = self.read(&atom.turned(row, false));
        let wires = [self.fires(rule.get()), vec![!without.pending], self.ground.clone()].concat();
        let name = format!("made:{}:atom-{}-never-decides", row.id, atom.n + 1);
        !self.possible(&name, &wires)
    }

    /// Whether it is proved that nobody misses a rule by one of its atoms alone.
    pub(super) fn never_missed(&mut self, rule: Ix<Rule>, atom: &Atom<'_>) -> bool {
        let row = &self.model.pack.rules[rule];
        let with = self.read(&atom.turned(row, true));
        let here = self.model.outcome.rules[rule.get()];
        let wires = [vec![!here.pending, with.certain], self.ground.clone()].concat();
        let name = format!("made:{}:atom-{}-never-missed", row.id, atom.n + 1);
        !self.possible(&name, &wires)
    }

    /// The fewest other rules that are listed where all wires are on; `None` when they never are.
    pub(super) fn fewest_beside(&mut self, n: usize, wires: &[Lit]) -> Option<Vec<usize>> {
        let others: Vec<Lit> = {
            let listed = self.model.outcome.listed.iter().enumerate();
            listed.filter(|(k, lit)| *k != n && !lit.is_constant()).map(|(_, lit)| *lit).collect()
        };
        let (_, count) = fewest(&mut self.model.circuit, &mut self.prover, wires, &others)?;
        let more = self.model.circuit.counts(&others, count + 1).get(count).copied().unwrap_or(Lit::FALSE);
        let found = nearest(&self.model.circuit, &mut self.prover, &[wires, &[!more]].concat(), &others);
        self.prover.forget();
        let values = found?;
        let listed = self.model.outcome.listed.iter().enumerate();
        Some(listed.filter(|(k, lit)| *k != n && on(&values, **lit)).map(|(k, _)| k).collect())
    }

    /// What is proved about a rule that never stands alone.
    fn why_not_alone(&mut self, n: usize, with: &[usize]) -> Vec<String> {
        let rules = &self.model.pack.rules;
        let id = |k: usize| rules[Ix::new(k)].id();
        let mut proved = Vec::new();
        for k in with {
            let wires = [self.model.outcome.listed[n], !self.model.outcome.listed[*k]];
            if !self.possible(&format!("made:{}:never-without:{}", id(n), id(*k)), &wires) {
                proved.push(format!("whenever it fires, {} fires", id(*k)));
            }
        }
        if proved.is_empty() {
            let alone = [self.fires(n), self.silent(&[n])].concat();
            let name = format!("made:{}:never-alone", id(n));
            if let Reply::Impossible(blamed) = self.prover.solve_named(&self.model.circuit, &name, &alone) {
                let listed = self.model.outcome.listed.iter().enumerate();
                let one_of: Vec<&str> =
                    listed.filter(|(_, lit)| blamed.contains(&!**lit)).map(|(k, _)| id(k)).collect();
                proved.push(match one_of.as_slice() {
                    [] => "once everything is answered, it never fires for certain".to_owned(),
                    some => format!("whenever it fires and everything is answered, one of these fires: {}", few(some)),
                });
            }
            self.prover.forget();
        }
        proved
    }

    /// The intake without answers to questions that do not apply, if that changes nothing.
    pub(super) fn tidy(&self, intake: &Intake) -> Intake {
        self.tidy_but(intake, &|_| false)
    }

    /// The same, but some questions keep their answers: they may be all that a patient is about.
    pub(super) fn tidy_but(&self, intake: &Intake, stays: &dyn Fn(QuestionIx) -> bool) -> Intake {
        let (pack, today) = (self.model.pack, self.today);
        let mut tidy = intake.clone();
        for (ix, question) in pack.questions.entries() {
            if stays(ix) {
                continue;
            }
            // That nobody asks for anything special need not be said.
            let nothing = question.optional && tidy.get(&question.id) == Some(&Answer::Items(Vec::new()));
            if nothing || !applicable(pack, &tidy, today, ix) {
                tidy.clear(&question.id);
            }
        }
        if self.seen(&tidy) == self.seen(intake) { tidy } else { intake.clone() }
    }

    pub(super) fn seen(&self, intake: &Intake) -> Seen {
        Seen::of(&assess(self.model.pack, intake, self.today), self.plausible(intake))
    }

    /// Whether one would believe in this patient.
    fn plausible(&self, intake: &Intake) -> bool {
        let facts = facts(self.model.pack, intake, self.today);
        !self.portraits.implausible.iter().any(|when| evaluate(self.model.pack, &facts, when).fires())
    }
}

/// Some names, and how many more there are.
fn few(names: &[&str]) -> String {
    const SHOWN: usize = 8;
    match names.get(..SHOWN) {
        Some(first) if names.len() > SHOWN + 1 => format!("{} and {} others", first.join(", "), names.len() - SHOWN),
        _ => names.join(", "),
    }
}
