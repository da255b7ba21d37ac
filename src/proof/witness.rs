//! From an assignment to an intake that a person can read: few answers that are not the plainest, and a file.

use super::circuit::{Circuit, Lit};
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

/// The plainest assignment under which all these wires are on, if one is known: with the fewest answers that are not the
/// plainest.
pub fn smallest<S: Solver>(
    c: &mut Circuit,
    space: &Space,
    prover: &mut Prover<S>,
    wires: &[Lit],
    first: Vec<bool>,
) -> (Vec<bool>, usize) {
    let costs = space.costs();
    let dear = |values: &[bool]| costs.iter().copied().filter(|lit| on(values, *lit)).collect::<Vec<Lit>>();
    let mut best = first;
    // What is off stays off; then one after the other of what is on is tried without.
    let off: Vec<Lit> = costs.iter().copied().filter(|lit| !on(&best, *lit)).map(|lit| !lit).collect();
    let mut fixed: Vec<Lit> = wires.iter().copied().chain(off).collect();
    for lit in dear(&best) {
        if !on(&best, lit) {
            continue;
        }
        fixed.push(!lit);
        match prover.solve(c, None, &fixed) {
            Reply::Possible(values) => best = values,
            Reply::Impossible(_) => {
                fixed.pop();
            }
        }
    }
    // Fewer of other kinds: count all of them, and ask for one less until there is none.
    let mut count = dear(&best).len();
    if count > 1 && count <= MOST_COUNTED {
        let relevant = costs_in_cone(c, &costs, wires);
        let rest: Vec<Lit> = costs.iter().copied().filter(|lit| !relevant.contains(lit)).map(|lit| !lit).collect();
        let counts = c.counts(&relevant, count);
        while count > 1 {
            let fewer = counts.get(count - 1).map_or(Lit::TRUE, |at_least| !*at_least);
            let asked: Vec<Lit> = wires.iter().copied().chain(rest.iter().copied()).chain([fewer]).collect();
            match prover.solve(c, None, &asked) {
                Reply::Possible(values) => {
                    best = values;
                    count = dear(&best).len();
                }
                Reply::Impossible(_) => break,
            }
        }
    }
    (best, count)
}

/// More than this many answers are not counted down: the way to say "at most" would grow with them.
const MOST_COUNTED: usize = 16;

/// The costs that a question can depend on.
fn costs_in_cone(c: &Circuit, costs: &[Lit], wires: &[Lit]) -> Vec<Lit> {
    let mut seen = vec![false; c.nodes().len()];
    let mut open: Vec<usize> = wires.iter().map(|lit| lit.node()).collect();
    while let Some(node) = open.pop() {
        if std::mem::replace(&mut seen[node], true) {
            continue;
        }
        if let super::circuit::Node::And(parts) = &c.nodes()[node] {
            open.extend(parts.iter().map(|lit| lit.node()));
        }
    }
    let inputs_of = |lit: &Lit| {
        let mut open = vec![lit.node()];
        let mut found = false;
        while let Some(node) = open.pop() {
            match &c.nodes()[node] {
                super::circuit::Node::And(parts) => open.extend(parts.iter().map(|part| part.node())),
                super::circuit::Node::Input => found |= seen[node],
                super::circuit::Node::Constant => {}
            }
        }
        found
    };
    costs.iter().copied().filter(inputs_of).collect()
}
