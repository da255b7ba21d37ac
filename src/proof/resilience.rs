//! How much it takes to leave a goal without a plan: the fewest ticks on an otherwise plain patient.
//!
//! The plain patient wants the goal in one area and is otherwise as plain as a plan allows. A tick is a real answer that
//! is not the plain one: one more coded entry on a list of conditions, medicines, events, allergies or product faults,
//! another option, a number in another range, another body. "Not asked", "unknown", an entry without the details that a
//! rule reads and words without a code are no ticks, and neither is another wish.

use std::collections::{BTreeMap, HashMap};

use jiff::civil::Date;

use super::circuit::{Lit, OneOf, word};
use super::guess::Guess;
use super::model::Model;
use super::prover::{Prover, evaluate, on};
use super::report::differences;
use super::solver::Solver;
use super::space::{Given, ShapeKind};
use super::witness::{intake_of, smallest, smallest_of};
use crate::intake::Intake;
use crate::pack::{Goal, Identified, Ix, Scope, Verdict};
use crate::plan::assess;

/// How one goal can be left without a plan.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Resilience {
    /// The goal.
    pub goal: String,
    /// The area in which the plain patient wants it.
    pub area: String,
    /// The plain patient.
    pub plain: Intake,
    /// How many single ticks there are.
    pub ticks: usize,
    /// How many of them leave the goal without a plan by themselves.
    pub alone: usize,
    /// The fewest ticks that leave it without a plan.
    pub without_plan: Option<Ticks>,
    /// The fewest that leave nothing to inject for it, though neither the goal nor the area is taken out and no finding
    /// puts off, refers or refuses the patient as such: the products run out.
    pub nothing_left: Option<Ticks>,
}

/// Some ticks.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ticks {
    /// How many.
    pub count: usize,
    /// The patient with them.
    pub intake: Intake,
    /// The answers that are not those of the plain patient.
    pub differs: Vec<String>,
    /// Whether the assessment itself leaves this patient without a cocktail for the goal, and the plain one not.
    pub replayed: bool,
}

/// Inputs that stand otherwise than off, or are off on purpose.
type Bits = BTreeMap<Lit, bool>;

/// The resilience of every goal that has a plan for somebody plain.
pub(super) fn resilience<S: Solver>(m: &mut Model<'_>, prover: &mut Prover<S>, today: Date) -> Vec<Resilience> {
    let pack = m.pack;
    let goals = pack.goals.entries().filter(|(_, goal)| goal.no_injectable.is_none());
    let goals: Vec<Ix<Goal>> = goals.map(|(ix, _)| ix).collect();
    let refuses: Vec<Lit> = pack
        .rules
        .iter()
        .zip(&m.outcome.listed)
        .filter(|(rule, _)| rule.scope == Scope::Session && rule.ruling_on(today).verdict >= Verdict::Defer)
        .map(|(_, listed)| *listed)
        .collect();
    goals.into_iter().filter_map(|goal| of_goal(m, prover, goal, &refuses, today)).collect()
}

fn of_goal<S: Solver>(
    m: &mut Model<'_>,
    prover: &mut Prover<S>,
    goal: Ix<Goal>,
    refuses: &[Lit],
    today: Date,
) -> Option<Resilience> {
    let pack = m.pack;
    let (plain, wanted) = match plain(m, goal) {
        Some(plain) => plain,
        None => plainest(m, prover, goal)?,
    };
    let (area, served, left) = {
        let wanted = &m.outcome.left[wanted];
        (wanted.area, wanted.served, wanted.left)
    };
    let (goal_id, area_id) = (pack.goals[goal].id().to_owned(), pack.areas[area].id().to_owned());
    let plain_intake = intake(m, &plain);
    let ticks = ticks(m, &plain);
    let planned = |intake: &Intake| {
        let plan = assess(pack, intake, today).plan;
        let cocktails = plan.iter().flat_map(|plan| &plan.cocktails);
        cocktails.into_iter().any(|cocktail| cocktail.goal == goal_id || cocktail.also_for.contains(&goal_id))
    };
    let shown = |count: usize, intake: Intake| Ticks {
        count,
        differs: differences(&plain_intake, &intake),
        replayed: planned(&plain_intake) && !planned(&intake),
        intake,
    };

    let (mut alone, mut first, mut quiet) = (0, None, None);
    for (n, some) in ticks.chunks(64).enumerate() {
        let mut words: HashMap<Lit, u64> =
            plain.iter().filter(|(_, on)| **on).map(|(lit, _)| (*lit, u64::MAX)).collect();
        for (lane, (lit, on)) in
            some.iter().enumerate().flat_map(|(lane, tick)| tick.iter().map(move |bit| (lane, bit)))
        {
            let word = words.entry(*lit).or_default();
            *word = if *on { *word | 1 << lane } else { *word & !(1 << lane) };
        }
        let values = m.circuit.simulate_first(&words, m.own);
        let lanes = u64::MAX >> (64 - some.len());
        let (plan, served) = (word(&values, m.outcome.plan), word(&values, served));
        let refused = refuses.iter().fold(0, |any, lit| any | word(&values, *lit));
        let without = !(plan & served) & !word(&values, m.outcome.missing) & lanes;
        let nothing = without & word(&values, left) & !served & !refused;
        alone += without.count_ones() as usize;
        first = first.or((without != 0).then(|| n * 64 + without.trailing_zeros() as usize));
        quiet = quiet.or((nothing != 0).then(|| n * 64 + nothing.trailing_zeros() as usize));
    }
    let with = |m: &Model<'_>, n: usize| {
        let mut bits = plain.clone();
        bits.extend(ticks[n].iter().copied());
        shown(1, intake(m, &bits))
    };
    let without_plan = first.map(|n| with(m, n));
    let nothing_left = match quiet {
        Some(n) => Some(with(m, n)),
        None => several(m, prover, &plain, [left, !served], refuses).map(|(count, intake)| shown(count, intake)),
    };
    // What leaves nothing to inject leaves no plan for the goal either.
    let without_plan = without_plan.or_else(|| nothing_left.clone());
    Some(Resilience {
        goal: goal_id.clone(),
        area: area_id,
        plain: plain_intake.clone(),
        ticks: ticks.len(),
        alone,
        without_plan,
        nothing_left,
    })
}

/// The plainest guess with a plan for a goal, and where in the outcome it is wanted.
fn plain(m: &Model<'_>, goal: Ix<Goal>) -> Option<(Bits, usize)> {
    let mut guesses: Vec<(Bits, usize)> = Vec::new();
    for (n, wanted) in m.outcome.left.iter().enumerate().filter(|(_, wanted)| wanted.goal == goal) {
        for (recipe, _) in &wanted.taken {
            let mut guess = Guess::new(m.pack, &m.space, false);
            guess.meet(&m.pack.recipes[*recipe].requires);
            guess.wants(goal, Some(&std::iter::once(wanted.area).collect()));
            guesses.push((guess.bits(), n));
        }
    }
    guesses.sort_by_key(|(bits, n)| (bits.values().filter(|on| **on).count(), *n));
    guesses.into_iter().find(|(bits, n)| {
        let words = bits.iter().filter(|(_, on)| **on).map(|(lit, _)| (*lit, 1)).collect();
        let values = m.circuit.simulate_first(&words, m.own);
        word(&values, m.outcome.plan) & word(&values, m.outcome.left[*n].served) & 1 == 1
    })
}

/// The plainest patient with a plan for a goal, by the solver, where no guess is one.
fn plainest<S: Solver>(m: &mut Model<'_>, prover: &mut Prover<S>, goal: Ix<Goal>) -> Option<(Bits, usize)> {
    let served: Vec<(usize, Lit)> =
        m.outcome.left.iter().enumerate().filter(|(_, w)| w.goal == goal).map(|(n, w)| (n, w.served)).collect();
    let any = m.circuit.any(served.iter().map(|(_, lit)| *lit).collect::<Vec<_>>());
    let (values, _) = smallest(&mut m.circuit, &m.space, prover, &[m.outcome.plan, any])?;
    let wanted = served.into_iter().find(|(_, lit)| on(&values, *lit))?.0;
    let inputs = m.circuit.inputs().filter(|lit| on(&values, *lit));
    Some((inputs.map(|lit| (lit, true)).collect(), wanted))
}

/// The alternative that some inputs choose.
fn chosen(group: &OneOf, bits: &Bits) -> usize {
    let stands = |(lit, value): &(Lit, bool)| bits.get(lit).copied().unwrap_or(false) == *value;
    (0..group.alternatives.len()).find(|n| group.choose(*n).iter().all(stands)).unwrap_or(0)
}

/// Every single tick on a plain patient, as inputs that change.
fn ticks(m: &Model<'_>, plain: &Bits) -> Vec<Vec<(Lit, bool)>> {
    let roles = &m.pack.roles;
    let mut ticks = Vec::new();
    let mut others = |group: &OneOf, real: &dyn Fn(usize) -> bool| {
        let own = chosen(group, plain);
        let other = (0..group.alternatives.len()).filter(|n| *n != own && real(*n));
        ticks.extend(other.map(|n| group.choose(n).to_vec()));
    };
    let (bodies, body) = m.space.bodies();
    others(body, &|n| n < bodies.len());
    for (ix, _) in m.pack.questions.entries() {
        let shape = m.space.shape(ix);
        if matches!(shape.kind, ShapeKind::Choice | ShapeKind::Number(_)) {
            others(&shape.group, &|n| matches!(shape.given.get(n), Some(Given::Value(_))));
        }
    }
    for (ix, _) in m.pack.questions.entries().filter(|(ix, _)| *ix != roles.requested) {
        let ShapeKind::List(list) = &m.space.shape(ix).kind else { continue };
        let told = list.items.iter().flat_map(|item| &item.combos).filter(|combo| combo.told);
        ticks.extend(told.map(|combo| vec![(combo.bit, true)]));
    }
    ticks
}

/// The fewest ticks that leave nothing to inject though nobody is refused, by the solver.
fn several<S: Solver>(
    m: &mut Model<'_>,
    prover: &mut Prover<S>,
    plain: &Bits,
    nothing: [Lit; 2],
    refuses: &[Lit],
) -> Option<(usize, Intake)> {
    let refused = m.circuit.any_of_many(refuses);
    let mut wires = vec![!refused, !m.outcome.missing];
    wires.extend(nothing);
    // A scale that says something else than the answer is no answer of its own.
    wires.extend(m.raw.differs.iter().map(|lit| !*lit));
    let mut costs = Vec::new();
    let (bodies, body) = m.space.bodies();
    if bodies.len() > 1 {
        costs.push(!body.alternatives[chosen(body, plain)]);
    }
    for (ix, _) in m.pack.questions.entries() {
        let shape = m.space.shape(ix);
        let own = chosen(&shape.group, plain);
        let alternatives = shape.given.iter().zip(&shape.group.alternatives).enumerate().filter(|(n, _)| *n != own);
        let refusals = alternatives.filter(|(_, (given, _))| !matches!(given, Given::Value(_)));
        wires.extend(refusals.map(|(_, (_, lit))| !*lit));
        if shape.given.len() > 1 && matches!(shape.kind, ShapeKind::Choice | ShapeKind::Number(_)) {
            costs.push(!shape.group.alternatives[own]);
        }
        match &shape.kind {
            ShapeKind::List(list) => {
                wires.push(!list.free_text);
                for combo in list.items.iter().flat_map(|item| &item.combos) {
                    match combo.told && ix != m.pack.roles.requested {
                        true => costs.push(combo.bit),
                        false => wires.push(!combo.bit),
                    }
                }
            }
            ShapeKind::Goals(goals) => {
                let wished = |lit: &Lit| plain.get(lit).copied().unwrap_or(false);
                let all = goals.goals.iter().chain(goals.areas.iter().flatten());
                wires.extend(all.map(|lit| if wished(lit) { *lit } else { !*lit }));
            }
            _ => {}
        }
    }
    wires.retain(|lit| *lit != Lit::TRUE);
    let (values, count) = smallest_of(&mut m.circuit, prover, &wires, costs)?;
    Some((count, intake_of(m.pack, &m.space, &m.raw, &values)))
}

fn intake(m: &Model<'_>, bits: &Bits) -> Intake {
    let mut inputs = vec![false; m.circuit.nodes().len()];
    for (lit, on) in bits {
        inputs[lit.node()] = *on;
    }
    intake_of(m.pack, &m.space, &m.raw, &evaluate(&m.circuit, &inputs))
}
