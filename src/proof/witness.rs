//! From an assignment to an intake that a person can read: few answers that are not the plainest, and a file.

use super::circuit::{Circuit, Lit, Node};
use super::prover::{Prover, Reply, evaluate, on};
use super::reading::{Said, value_in};
use super::solver::Solver;
use super::space::{ShapeKind, Space, number_kind};
use super::view::{Value, View};
use crate::intake::{Answer, Entry, GoalEntry, Intake, Value as EntryValue};
use crate::pack::{Amount, Identified, Ix, Pack, Qualifier, QualifierKind, QuestionIx, QuestionKind, ScaleValue};

/// The intake that a view is under an assignment.
#[must_use]
pub fn intake_of(pack: &Pack, space: &Space, view: &View, values: &[bool]) -> Intake {
    let mut intake = Intake::default();
    for (ix, question) in pack.questions.entries() {
        let state = view.of(ix);
        if question.derived || on(values, state.not_asked) {
            continue;
        }
        let answer = if on(values, state.unknown) && !matches!(question.kind, QuestionKind::Text) {
            Some(Answer::Unknown)
        } else {
            answer(pack, space, ix, &state.value, values)
        };
        if let Some(answer) = answer {
            intake.set(&question.id, answer);
        }
    }
    for (scale, _) in pack.scales.iter().zip(&view.differs).filter(|(_, lit)| on(values, **lit)) {
        let own = intake.get(&pack.questions[scale.answers].id).cloned();
        // One end of the scale says something else than the answer.
        for most in [false, true] {
            let picks: Vec<usize> = scale.items.iter().map(|item| end(&item.points, most)).collect();
            let points = scale.items.iter().zip(&picks).filter_map(|(item, n)| item.points.get(*n)).sum();
            let said = match scale.bands.value(points) {
                ScaleValue::Choice(n) => {
                    pack.questions[scale.answers].options().get(n).map(|o| Answer::Choice(o.id.clone()))
                }
                ScaleValue::Number(n) => Some(Answer::Number(n)),
            };
            if said != own {
                for (item, n) in scale.items.iter().zip(picks) {
                    let question = &pack.questions[item.question];
                    if let Some(option) = question.options().get(n) {
                        intake.set(&question.id, Answer::Choice(option.id.clone()));
                    }
                }
                break;
            }
        }
    }
    intake
}

/// The position of the least, or the most, of some points.
fn end(points: &[u16], most: bool) -> usize {
    let by = |(_, points): &(usize, &u16)| if most { u16::MAX - **points } else { **points };
    points.iter().enumerate().min_by_key(by).map_or(0, |(n, _)| n)
}

fn answer(pack: &Pack, space: &Space, ix: QuestionIx, value: &Value, values: &[bool]) -> Option<Answer> {
    Some(match (value, &space.shape(ix).kind) {
        (Value::Choice(options), _) => {
            let n = options.iter().position(|lit| on(values, *lit))?;
            Answer::Choice(pack.questions[ix].options().get(n)?.id.clone())
        }
        (Value::Number { .. }, ShapeKind::OfBody(_)) => {
            let body = space.body_of(&|lit| on(values, lit))?;
            Answer::Number(if ix == pack.roles.weight { body.weight } else { body.height })
        }
        (Value::Number { at_least, .. }, _) => {
            let cuts: Vec<Amount> = at_least.iter().map(|(cut, _)| *cut).collect();
            let n = at_least.iter().filter(|(_, lit)| on(values, *lit)).count();
            Answer::Number(value_in(number_kind(pack, ix)?, &cuts, n))
        }
        (Value::Items(items), ShapeKind::List(list)) => {
            let table = pack.list(list.list);
            let mut entries = Vec::new();
            for (item, wires) in list.items.iter().zip(&items.entries) {
                for (combo, _) in item.combos.iter().zip(wires).filter(|(_, lit)| on(values, **lit)) {
                    let mut entry = Entry::coded(table[item.item].id());
                    entry.qualifiers.extend(combo.said.iter().filter_map(|(q, said)| said_of(pack, *q, *said)));
                    entries.push(entry);
                }
            }
            if on(values, items.free_text) {
                entries.push(Entry::free_text("something without a code"));
            }
            Answer::Items(entries)
        }
        (Value::Goals { goals, areas, .. }, _) => {
            let mut wanted = Vec::new();
            for (goal, (lit, areas)) in pack.goals.iter().zip(goals.iter().zip(areas)) {
                if on(values, *lit) {
                    let areas = pack.areas.iter().zip(areas).filter(|(_, lit)| on(values, **lit));
                    wanted.push(GoalEntry {
                        goal: goal.id.clone(),
                        areas: areas.map(|(area, _)| area.id.clone()).collect(),
                    });
                }
            }
            Answer::Goals(wanted)
        }
        // Text says nothing; a date would compute the answers that are given directly.
        _ => return None,
    })
}

/// What is said of a qualifier, as an entry has it.
pub(super) fn said_of(pack: &Pack, ix: Ix<Qualifier>, said: Said) -> Option<(String, EntryValue)> {
    let row = &pack.qualifiers[ix];
    let value = match (said, &row.kind) {
        (Said::Option(n), QualifierKind::Choice(options)) => EntryValue::Choice(options.get(n)?.id.clone()),
        (Said::Number(n), _) => EntryValue::Number(n),
        (Said::Area(area), _) => EntryValue::Choice(pack.areas[area].id.clone()),
        _ => return None,
    };
    Some((row.id.clone(), value))
}

/// The plainest assignment under which all these wires are on: with the fewest answers that are not the plainest. `None`
/// if there is no assignment at all.
///
/// At first all answers are to be the plainest. Each time that is impossible, the answers to blame are let go, and one
/// more of those that were let go may differ: what is found first is a smallest one.
pub fn smallest<S: Solver>(
    c: &mut Circuit,
    space: &Space,
    prover: &mut Prover<S>,
    wires: &[Lit],
) -> Option<(Vec<bool>, usize)> {
    smallest_of(c, prover, wires, costs_in_cone(c, &space.costs(), wires))
}

/// The same with other costs.
pub(super) fn smallest_of<S: Solver>(
    c: &mut Circuit,
    prover: &mut Prover<S>,
    wires: &[Lit],
    costs: Vec<Lit>,
) -> Option<(Vec<bool>, usize)> {
    // What the question does not read stays plain.
    fewest(c, prover, wires, &costs).map(|(values, allowed)| (restricted(c, wires, &values), allowed))
}

/// Values under which all these wires are on and the fewest of the costs; how many they are. `None` if there are none.
pub fn fewest<S: Solver>(
    c: &mut Circuit,
    prover: &mut Prover<S>,
    wires: &[Lit],
    costs: &[Lit],
) -> Option<(Vec<bool>, usize)> {
    if wires.contains(&Lit::FALSE) {
        return None;
    }
    let mut free: Vec<Lit> = Vec::new();
    let mut counts: Vec<Lit> = Vec::new();
    for allowed in 0..=costs.len() {
        let plain = costs.iter().filter(|lit| !free.contains(lit)).map(|lit| !*lit);
        let bound = counts.get(allowed).map(|more| !*more);
        let asked: Vec<Lit> = wires.iter().copied().chain(bound).chain(plain).collect();
        match prover.solve(c, None, &asked) {
            Reply::Possible(values) => return Some((values, allowed)),
            Reply::Impossible(blamed) => {
                let more: Vec<Lit> =
                    costs.iter().copied().filter(|lit| blamed.contains(&!*lit) && !free.contains(lit)).collect();
                if more.is_empty() && bound.is_none_or(|bound| !blamed.contains(&bound)) {
                    return None;
                }
                free.extend(more);
                counts = c.counts(&free, allowed + 2);
            }
        }
    }
    None
}

/// The costs that a question can depend on.
fn costs_in_cone(c: &Circuit, costs: &[Lit], wires: &[Lit]) -> Vec<Lit> {
    let mut seen = vec![false; c.nodes().len()];
    mark(c, wires, &mut seen);
    let depends = |lit: &Lit| {
        let mut own = vec![false; c.nodes().len().min(lit.node() + 1)];
        mark(c, &[*lit], &mut own);
        own.iter().enumerate().any(|(n, mine)| *mine && seen[n] && c.nodes()[n] == Node::Input)
    };
    costs.iter().copied().filter(depends).collect()
}

/// The assignment with all inputs off that these wires are not made from.
fn restricted(c: &Circuit, wires: &[Lit], values: &[bool]) -> Vec<bool> {
    let mut seen = vec![false; c.nodes().len()];
    mark(c, wires, &mut seen);
    let inputs: Vec<bool> = seen.iter().zip(values).map(|(seen, value)| *seen && *value).collect();
    evaluate(c, &inputs)
}

/// Marks the nodes that wires are made from.
fn mark(c: &Circuit, wires: &[Lit], seen: &mut [bool]) {
    let mut open: Vec<usize> = wires.iter().map(|lit| lit.node()).collect();
    while let Some(node) = open.pop() {
        if std::mem::replace(&mut seen[node], true) {
            continue;
        }
        if let Node::And(parts) = &c.nodes()[node] {
            open.extend(parts.iter().map(|lit| lit.node()));
        }
    }
}
