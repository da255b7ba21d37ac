//! From an assignment to an intake that a person can read: few answers that are not the plainest, and a file.

use super::circuit::{Circuit, Lit, Node};
use super::prover::{Prover, Reply, on};
use super::reading::{Said, value_in};
use super::solver::Solver;
use super::space::{Given, ShapeKind, Space, number_kind};
use crate::intake::{Answer, Entry, GoalEntry, Intake, Value};
use crate::pack::{Identified, Pack, QualifierKind, QuestionIx, QuestionKind};

/// The intake of an assignment.
#[must_use]
pub fn intake_of(pack: &Pack, space: &Space, values: &[bool]) -> Intake {
    let mut intake = Intake::default();
    for (ix, question) in pack.questions.entries() {
        if question.derived {
            continue;
        }
        let shape = space.shape(ix);
        let chosen = shape.group.alternatives.iter().position(|lit| on(values, *lit)).unwrap_or(0);
        match shape.given.get(chosen) {
            None | Some(Given::NotAsked) => {}
            Some(Given::Unknown) => intake.set(&question.id, Answer::Unknown),
            Some(Given::Value(n)) => {
                if let Some(answer) = answer(pack, space, ix, *n, values) {
                    intake.set(&question.id, answer);
                }
            }
        }
    }
    intake
}

fn answer(pack: &Pack, space: &Space, ix: QuestionIx, n: usize, values: &[bool]) -> Option<Answer> {
    let shape = space.shape(ix);
    Some(match &shape.kind {
        ShapeKind::Choice => Answer::Choice(pack.questions[ix].options().get(n)?.id.clone()),
        ShapeKind::Number(cuts) => Answer::Number(value_in(number_kind(pack, ix)?, cuts, n)),
        ShapeKind::OfBody(_) => {
            let body = space.body_of(&|lit| on(values, lit))?;
            Answer::Number(if ix == pack.roles.weight { body.weight } else { body.height })
        }
        ShapeKind::Index(_) => return None,
        ShapeKind::List(list) => {
            let table = pack.list(list.list);
            let mut entries = Vec::new();
            for item in &list.items {
                for combo in item.combos.iter().filter(|combo| on(values, combo.bit)) {
                    let mut entry = Entry::coded(table[item.item].id());
                    for (qualifier, said) in &combo.said {
                        let row = &pack.qualifiers[*qualifier];
                        let value = match (said, &row.kind) {
                            (Said::Option(n), QualifierKind::Choice(options)) => Value::Choice(options.get(*n)?.id.clone()),
                            (Said::Number(n), _) => Value::Number(*n),
                            (Said::Area(area), _) => Value::Choice(pack.areas[*area].id.clone()),
                            _ => continue,
                        };
                        entry.qualifiers.insert(row.id.clone(), value);
                    }
                    entries.push(entry);
                }
            }
            if on(values, list.free_text) {
                entries.push(Entry::free_text("something without a code"));
            }
            Answer::Items(entries)
        }
        ShapeKind::Goals(goals) => {
            let mut wanted = Vec::new();
            for ((ix, goal), (lit, areas)) in pack.goals.entries().zip(goals.goals.iter().zip(&goals.areas)) {
                if on(values, *lit) {
                    let _ = ix;
                    let areas = pack.areas.iter().zip(areas).filter(|(_, lit)| on(values, **lit));
                    let areas = areas.map(|(area, _)| area.id.clone()).collect();
                    wanted.push(GoalEntry { goal: goal.id.clone(), areas });
                }
            }
            Answer::Goals(wanted)
        }
        ShapeKind::Plain => match pack.questions[ix].kind {
            QuestionKind::Text => Answer::Text("x".to_owned()),
            // A date that leaves the computed answers to the others.
            _ => Answer::Unknown,
        },
    })
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
    let costs = costs_in_cone(c, &space.costs(), wires);
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
