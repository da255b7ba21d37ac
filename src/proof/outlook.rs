//! What the open questions can still do: which verdicts are possible, which question matters most now, and which can no
//! longer change the outcome whatever is answered.
//!
//! - **Possible** is a verdict that some answers to the open questions lead to, those that were given staying as they are.
//! - **What matters most** is the question, among those that are asked now and hold the assessment back, whose answers lead to the most different verdicts while all other open
//!   questions are answered in the plainest way (what speaks for the fewest rules; "none" for lists); among equals the one
//!   whose answers lead to the most different outcomes, then the one that is asked first.
//! - **No longer decides** a question of which any two answers lead to the same findings, exclusions, verdict, cocktails and
//!   texts of a plan, whatever the other open questions are answered: the solver finds no answers under which two differ.
//!   Questions whose very value stands in a plan or a finding (age, sex, weight, height, jurisdiction, lists) are never
//!   said to be so.

use std::collections::{BTreeMap, HashMap, HashSet};

use jiff::civil::Date;

use super::asker::Asker;
use super::circuit::{Circuit, Lit, OneOf, word};
use super::conditions::Reader;
use super::counterfactual::fix;
use super::outcome::Outcome;
use super::prover::evaluate;
use super::space::{Given, Shape, ShapeKind, Space};
use super::view::View;
use super::witness::intake_of;
use crate::intake::{Fact, Facts, Intake};
use crate::pack::{Condition, Pack, QuestionIx, QuestionKind};
use crate::plan::{Outcome as Word, assess};
use crate::rules::{evaluate as truth_of, facts as settled};

/// What the open questions can still do.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Outlook {
    /// The verdicts that are still possible, mildest first.
    pub verdicts: Vec<Word>,
    /// The question that matters most now.
    pub most: Option<Matters>,
    /// Questions, by id, of which no answer changes the outcome any more.
    pub settled: Vec<String>,
}

/// An open question and what it can do.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Matters {
    /// The question.
    pub question: String,
    /// For people.
    pub label: String,
    /// The verdicts that its answers alone lead to, mildest first.
    pub verdicts: Vec<Word>,
}

/// What the open questions of an intake can still do; nothing when none is missing. `None` when it was stopped.
#[must_use]
pub fn outlook(pack: &Pack, intake: &Intake, today: Date, stop: &dyn Fn() -> bool) -> Option<Outlook> {
    let facts = Facts::of(pack, intake, today);
    let open: Vec<QuestionIx> = pack
        .questions
        .entries()
        .filter(|(ix, question)| {
            let asks = !matches!(question.kind, QuestionKind::Text | QuestionKind::Date);
            asks && !question.derived && question.scale.is_none() && *facts.get(*ix) == Fact::NotAsked
        })
        .map(|(ix, _)| ix)
        .collect();
    // What is optional alone holds nothing back.
    if assess(pack, intake, today).missing.is_empty() {
        return Some(Outlook::default());
    }
    let mut ahead = Ahead::new(pack, intake, facts, &open);
    let verdicts = ahead.possible(stop);
    let most = if stop() { None } else { ahead.most() };
    let settled = ahead.settled(stop);
    (!stop()).then_some(Outlook { verdicts, most, settled })
}

/// Inputs of one way of answering, and whether each is on.
type Lane = HashMap<Lit, u64>;

/// Where the answers to a question lead.
struct Reach {
    question: QuestionIx,
    /// The verdicts, each with a way there, by strictness.
    verdicts: BTreeMap<u8, (Word, Lane)>,
    /// Different outcomes, as numbers.
    outcomes: HashSet<u64>,
}

impl Reach {
    fn size(&self) -> (usize, usize) {
        (self.verdicts.len(), self.outcomes.len())
    }
}

/// An intake and all that the open questions can be answered.
struct Ahead<'p> {
    pack: &'p Pack,
    intake: &'p Intake,
    today: Date,
    /// Open questions, asked now or later.
    open: Vec<QuestionIx>,
    /// Those that are asked now.
    asked: Vec<QuestionIx>,
    circuit: Circuit,
    space: Space,
    raw: View,
    view: View,
    outcome: Outcome,
    asker: Asker,
}

impl<'p> Ahead<'p> {
    fn new(pack: &'p Pack, intake: &'p Intake, facts: Facts, open: &[QuestionIx]) -> Self {
        let today = facts.today;
        let mut circuit = Circuit::default();
        let mut space = Space::of(pack, &mut circuit, &[], None, today);
        fix(pack, intake, &facts, open, &mut circuit, &mut space);
        let raw = space.view(pack, &mut circuit);
        let (outcome, view) = Outcome::of(pack, &space, &raw, &mut circuit);
        let now = settled(pack, intake, today);
        let asked = |ix: &QuestionIx| {
            pack.questions[*ix].ask_when.as_ref().is_none_or(|when| truth_of(pack, &now, when).fires())
        };
        let asked = open.iter().copied().filter(asked).collect();
        let asker = Asker::default();
        Self { pack, intake, today, open: open.to_vec(), asked, circuit, space, raw, view, outcome, asker }
    }

    /// The intake with the open questions answered as an assignment says.
    fn answered(&self, values: &[bool]) -> Intake {
        let all = intake_of(self.pack, &self.space, &self.raw, values);
        let mut intake = self.intake.clone();
        for id in self.open.iter().map(|ix| &self.pack.questions[*ix].id) {
            if let Some(answer) = all.get(id) {
                intake.set(id, answer.clone());
            }
        }
        intake
    }

    /// The verdicts that some answers lead to, each confirmed by the assessment of such answers.
    fn possible(&mut self, stop: &dyn Fn() -> bool) -> Vec<Word> {
        let mut found = Vec::new();
        for (verdict, lit) in self.outcome.verdicts.clone() {
            if verdict == Word::Incomplete || stop() {
                continue;
            }
            if let Ok(values) = self.asker.ask(&self.circuit, &[lit])
                && assess(self.pack, &self.answered(&values), self.today).verdict == verdict
            {
                found.push(verdict);
            }
        }
        found
    }

    /// Questions of which no answer changes anything.
    fn settled(&mut self, stop: &dyn Fn() -> bool) -> Vec<String> {
        let mut found = Vec::new();
        for ix in self.asked.clone() {
            if stop() {
                break;
            }
            if !self.stands_in_a_plan(ix) && self.makes_no_difference(ix) {
                found.push(self.pack.questions[ix].id.clone());
            }
        }
        found
    }

    /// Whether the value itself, and not only what rules make of it, stands in findings or in a plan.
    fn stands_in_a_plan(&self, ix: QuestionIx) -> bool {
        let roles = &self.pack.roles;
        let question = &self.pack.questions[ix];
        [roles.age, roles.weight, roles.height, roles.jurisdiction].contains(&ix)
            || question.id == "patient.sex"
            || !matches!(question.kind, QuestionKind::Choice(_) | QuestionKind::Number(_))
    }

    fn makes_no_difference(&mut self, ix: QuestionIx) -> bool {
        let (pack, c) = (self.pack, &mut self.circuit);
        let shape = self.space.shape(ix);
        let kind = match &shape.kind {
            ShapeKind::Choice => ShapeKind::Choice,
            ShapeKind::Number(cuts) => ShapeKind::Number(cuts.clone()),
            _ => return false,
        };
        let again = Shape { group: OneOf::new(c, shape.given.len()), given: shape.given.clone(), kind };
        let mut other = self.raw.clone();
        other.states[ix.get()] = self.space.state(pack, c, &again);
        let (outcome, view) = Outcome::beside((&self.outcome, &self.view), pack, &self.space, &other, c);
        let mut differs = Vec::new();
        let one = shown(&Reader::new(pack, &self.space, &self.view), &self.outcome, ix, c);
        let two = shown(&Reader::new(pack, &self.space, &view), &outcome, ix, c);
        for (a, b) in one.into_iter().zip(two) {
            if a != b {
                differs.push(c.and(a, !b));
                differs.push(c.and(!a, b));
            }
        }
        let differs = c.any(differs);
        // Both times it is answered.
        let wires = [differs, !self.raw.of(ix).not_asked, !other.of(ix).not_asked];
        self.asker.ask(&self.circuit, &wires).is_err()
    }

    /// The question whose answers can do most.
    fn most(&self) -> Option<Matters> {
        let base = self.plainest();
        let mut best: Option<Reach> = None;
        for ix in self.asked.iter().filter(|ix| !self.pack.questions[**ix].optional) {
            let reach = self.reach(*ix, &base);
            if best.as_ref().is_none_or(|known| reach.size() > known.size()) {
                best = Some(reach);
            }
        }
        let best = best.filter(|best| best.outcomes.len() > 1)?;
        let confirmed = best.verdicts.into_values().filter(|(verdict, lane)| {
            let on = |n: usize| lane.get(&Lit::positive(n)) == Some(&1);
            let inputs: Vec<bool> = (0..self.circuit.nodes().len()).map(on).collect();
            let values = evaluate(&self.circuit, &inputs);
            assess(self.pack, &self.answered(&values), self.today).verdict == *verdict
        });
        let verdicts = confirmed.map(|(verdict, _)| verdict).collect();
        let question = &self.pack.questions[best.question];
        Some(Matters { question: question.id.clone(), label: question.label.clone(), verdicts })
    }

    /// Where the answers to one question lead.
    fn reach(&self, question: QuestionIx, base: &Lane) -> Reach {
        let lanes: Vec<Lane> = self.answers_of(question).iter().map(|on| with(base, on)).collect();
        let mut reach = Reach { question, verdicts: BTreeMap::new(), outcomes: HashSet::new() };
        for batch in lanes.chunks(64) {
            let values = self.simulate(batch);
            for (n, (hash, lane)) in self.hashes(&values, batch.len()).into_iter().zip(batch).enumerate() {
                let verdict = self.outcome.read(|lit| word(&values, lit) >> n & 1 == 1);
                if let Some(verdict) = verdict.filter(|verdict| *verdict != Word::Incomplete) {
                    reach.outcomes.insert(hash);
                    reach.verdicts.entry(verdict.strictness()).or_insert_with(|| (verdict, lane.clone()));
                }
            }
        }
        reach
    }

    fn simulate(&self, batch: &[Lane]) -> Vec<u64> {
        let mut words: Lane = HashMap::new();
        for (n, lane) in batch.iter().enumerate() {
            for (lit, on) in lane {
                *words.entry(*lit).or_default() |= on << n;
            }
        }
        self.circuit.simulate(&words)
    }

    /// What is seen of each of so many lanes, as a number.
    fn hashes(&self, values: &[u64], lanes: usize) -> Vec<u64> {
        let outcome = &self.outcome;
        let seen = outcome.listed.iter().chain(&outcome.excluded.ingredients).copied();
        let seen =
            seen.chain(outcome.taken().map(|(_, _, _, lit)| lit)).chain(outcome.verdicts.iter().map(|(_, lit)| *lit));
        let mut hashes = vec![0_u64; lanes];
        for (n, lit) in seen.enumerate() {
            let mark = (n as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            let mark = (mark ^ mark >> 32).wrapping_mul(0xd6e8_feb8_6659_fd93);
            let word = word(values, lit);
            for (lane, hash) in hashes.iter_mut().enumerate() {
                *hash ^= mark & (word >> lane & 1).wrapping_neg();
            }
        }
        hashes
    }

    /// The plainest answers to everything that is open; of the goals the first with a plan.
    fn plainest(&self) -> Lane {
        let mut base = HashMap::new();
        for ix in &self.open {
            choose(&self.space.shape(*ix).group, 0, &mut base);
        }
        let goals = self.pack.roles.goals;
        if !self.open.contains(&goals) {
            return base;
        }
        let lanes: Vec<Lane> = self.answers_of(goals).iter().map(|on| with(&base, on)).collect();
        for batch in lanes.chunks(64) {
            let values = self.simulate(batch);
            let planned = word(&values, self.outcome.plan) & word(&values, self.outcome.goes_on);
            let planned = if batch.len() == 64 { planned } else { planned & ((1 << batch.len()) - 1) };
            if planned != 0 {
                return batch[planned.trailing_zeros() as usize].clone();
            }
        }
        base
    }

    /// The inputs of every answer to a question: each option, cell, body; none, or any one entry, of a list; any one goal
    /// in any one area.
    fn answers_of(&self, ix: QuestionIx) -> Vec<Lane> {
        let shape = self.space.shape(ix);
        let mut all = Vec::new();
        for (n, given) in shape.given.iter().enumerate().filter(|(_, given)| **given != Given::NotAsked) {
            let mut on = HashMap::new();
            choose(&shape.group, n, &mut on);
            if *given == Given::Unknown {
                all.push(on);
                continue;
            }
            let also = |bits: &[Lit]| {
                let mut on = on.clone();
                on.extend(bits.iter().map(|bit| (*bit, 1)));
                on
            };
            match &shape.kind {
                ShapeKind::List(list) => {
                    all.push(on.clone());
                    all.extend(list.items.iter().flat_map(|item| &item.combos).map(|combo| also(&[combo.bit])));
                }
                ShapeKind::Goals(goals) => {
                    for ((row, goal), areas) in self.pack.goals.iter().zip(&goals.goals).zip(&goals.areas) {
                        all.extend(row.areas.iter().map(|area| also(&[*goal, areas[area.get()]])));
                    }
                }
                ShapeKind::OfBody(_) => {
                    let bodies = self.space.body.alternatives.len();
                    all.extend((0..bodies).map(|n| {
                        let mut on = on.clone();
                        choose(&self.space.body, n, &mut on);
                        on
                    }));
                }
                _ => all.push(on),
            }
        }
        all
    }
}

/// Sets the inputs that choose an alternative.
fn choose(group: &OneOf, n: usize, on: &mut Lane) {
    on.extend(group.choose(n).iter().map(|(bit, value)| (*bit, u64::from(*value))));
}

fn with(base: &Lane, on: &Lane) -> Lane {
    let mut all = base.clone();
    all.extend(on);
    all
}

/// Everything that somebody sees of an outcome, and of one question in it, always in the same order.
fn shown(reader: &Reader<'_>, outcome: &Outcome, question: QuestionIx, c: &mut Circuit) -> Vec<Lit> {
    let pack = reader.pack;
    let mut all: Vec<Lit> = outcome.verdicts.iter().map(|(_, lit)| *lit).collect();
    all.push(outcome.nothing_recommended);
    for (listed, rails) in outcome.listed.iter().zip(&outcome.rules) {
        // That something was assumed is part of a finding.
        all.extend([*listed, c.and(*listed, rails.certain)]);
    }
    // Those that are quiet change limits, too.
    all.extend(&outcome.fires);
    let excluded = &outcome.excluded;
    all.extend(excluded.ingredients.iter().chain(&excluded.goals).chain(&excluded.areas).chain(&excluded.techniques));
    all.extend(outcome.left.iter().flat_map(|wanted| [wanted.left, wanted.served]));
    all.extend(outcome.taken().map(|(_, _, _, lit)| lit));
    for filling in &outcome.recipes.fillings {
        all.push(filling.possible);
        all.extend(filling.slots.iter().flatten().map(|(_, lit)| *lit));
        all.extend(filling.techniques.iter().map(|(_, lit)| *lit));
    }
    // A finding names the answers that speak for it.
    for (rule, listed) in pack.rules.iter().zip(&outcome.listed) {
        rule.when.visit(&mut |part| {
            if reads(part, question) {
                let leaf = reader.read(c, part);
                all.extend([c.and(*listed, leaf.maybe), c.and(*listed, leaf.certain)]);
            }
        });
    }
    let texts = pack.consent.iter().map(|point| &point.when).chain(pack.care.iter().map(|care| &care.when));
    // And so does a reason to override a finding that an answer contradicts.
    let reasons = pack.rules.iter().flat_map(|rule| &rule.override_reasons).filter_map(|reason| reason.unless.as_ref());
    for when in texts.chain(reasons) {
        all.push(reader.read(c, when).maybe);
    }
    all
}

fn reads(part: &Condition, question: QuestionIx) -> bool {
    matches!(part, Condition::Choice { question: ix, .. } | Condition::Number { question: ix, .. } if *ix == question)
}
