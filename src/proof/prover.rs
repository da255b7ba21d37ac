//! Asks questions about the circuit and keeps the proof of every "impossible".

use std::collections::HashSet;

use jiff::civil::Date;

use super::certificate::{Certificate, Step};
use super::circuit::{Circuit, Lit, Node, word};
use super::cnf::{Defined, Literal, literal};
use super::solver::{Answer, Solver};

/// A solver, the clauses it was given, and the intakes it found so far.
#[derive(Debug)]
pub struct Prover<S> {
    solver: S,
    defined: Defined,
    /// The proof so far.
    pub certificate: Certificate,
    /// How many axioms and steps [`Prover::news`] has told.
    told: (usize, usize),
    found: Vec<Vec<bool>>,
    /// Values of all nodes under 64 intakes each, tried before the solver is.
    tried: Vec<Vec<u64>>,
    /// How many questions were put to the solver.
    pub solved: usize,
    /// How many were answered by an intake that was found before.
    pub recalled: usize,
    /// How many the circuit answers without a solver.
    pub constant: usize,
}

/// What came out of a question.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Reply {
    /// Some intake does it: the value of every node.
    Possible(Vec<bool>),
    /// None does; these wires cannot be on together.
    Impossible(Vec<Lit>),
}

impl<S: Solver> Prover<S> {
    /// A prover with nothing asked yet.
    pub fn new(solver: S, pack_hash: &str, today: Date) -> Self {
        let certificate = Certificate { pack: pack_hash.to_owned(), day: today, ..Certificate::default() };
        Self {
            solver,
            defined: Defined::default(),
            certificate,
            told: (0, 0),
            found: Vec::new(),
            tried: Vec::new(),
            solved: 0,
            recalled: 0,
            constant: 0,
        }
    }

    /// Tries intakes before the solver does: most of what is possible is possible for somebody simple.
    pub fn try_first(&mut self, values: Vec<u64>) {
        self.tried.push(values);
    }

    /// What came to the proof since this was last called: axioms, then steps.
    pub fn news(&mut self) -> (Vec<Vec<Literal>>, Vec<Step>) {
        let (axioms, steps) = (&self.certificate.axioms, &self.certificate.steps);
        let news = (axioms[self.told.0..].to_vec(), steps[self.told.1..].to_vec());
        self.told = (axioms.len(), steps.len());
        news
    }

    /// Whether some intake has all these wires on; the answer "none" is added to the proof under a name.
    pub fn ask(&mut self, circuit: &Circuit, name: Option<&str>, wires: &[Lit]) -> Reply {
        let wires: Vec<Lit> = wires.iter().copied().filter(|lit| *lit != Lit::TRUE).collect();
        if wires.contains(&Lit::FALSE) {
            self.constant += 1;
            return Reply::Impossible(vec![Lit::FALSE]);
        }
        let mut sorted = wires.clone();
        sorted.sort_unstable_by_key(|lit| lit.node());
        let against = sorted.windows(2).find_map(|pair| match pair {
            [one, other] if *one == !*other => Some(*one),
            _ => None,
        });
        if let Some(against) = against {
            self.constant += 1;
            return Reply::Impossible(vec![against, !against]);
        }
        for words in &self.tried {
            // Most questions are settled by their first wires: the others need not be looked at.
            let both = |lanes: u64, lit: &Lit| Some(lanes & word(words, *lit)).filter(|lanes| *lanes != 0);
            if let Some(lanes) = wires.iter().try_fold(u64::MAX, both) {
                self.recalled += 1;
                return Reply::Possible(words.iter().map(|word| word >> lanes.trailing_zeros() & 1 == 1).collect());
            }
        }
        for values in &mut self.found {
            extend(circuit, values);
            if wires.iter().all(|lit| on(values, *lit)) {
                self.recalled += 1;
                return Reply::Possible(values.clone());
            }
        }
        self.solve(circuit, name, &wires)
    }

    /// As [`Prover::ask`], but never with an intake that was found before, and with a name that the proof gets.
    pub fn solve_named(&mut self, circuit: &Circuit, name: &str, wires: &[Lit]) -> Reply {
        let wires: Vec<Lit> = wires.iter().copied().filter(|lit| *lit != Lit::TRUE).collect();
        match wires.iter().find(|lit| **lit == Lit::FALSE || wires.contains(&!**lit)) {
            Some(against) => {
                self.constant += 1;
                Reply::Impossible(vec![*against])
            }
            None => self.solve(circuit, Some(name), &wires),
        }
    }

    /// Forgets the intakes that were found, which are large.
    pub fn forget(&mut self) {
        self.found.clear();
    }

    /// As [`Prover::ask`], but never with an intake that was found before.
    pub fn solve(&mut self, circuit: &Circuit, name: Option<&str>, wires: &[Lit]) -> Reply {
        let Self { solver, defined, certificate, .. } = self;
        defined.define(circuit, wires, &mut |clause| {
            solver.add(clause);
            certificate.axioms.push(clause.to_vec());
        });
        let assumptions: Vec<_> = wires.iter().filter(|lit| !lit.is_constant()).map(|lit| literal(*lit)).collect();
        self.solved += 1;
        let answer = self.solver.solve(&assumptions);
        let learnt = self.solver.learnt();
        match answer {
            Answer::Found => {
                self.certificate.steps.extend(learnt.into_iter().map(Step::Lemma));
                let mut values = Vec::new();
                for (n, node) in circuit.nodes().iter().enumerate() {
                    let input = *node == Node::Input && self.solver.value(i32::try_from(n).unwrap_or(0));
                    values.push(input);
                }
                let mut values: Vec<bool> = evaluate(circuit, &values);
                extend(circuit, &mut values);
                self.found.push(values.clone());
                Reply::Possible(values)
            }
            Answer::Impossible(blamed) => {
                self.certificate.steps.extend(learnt.into_iter().map(Step::Lemma));
                let blamed: HashSet<_> = blamed.into_iter().collect();
                let blamed: Vec<Lit> =
                    wires.iter().copied().filter(|lit| !lit.is_constant() && blamed.contains(&literal(*lit))).collect();
                if let Some(name) = name {
                    let clause: Vec<_> = blamed.iter().map(|lit| -literal(*lit)).collect();
                    // What is proved helps to prove the next.
                    self.solver.add(&clause);
                    self.certificate.steps.push(Step::Claim { name: name.to_owned(), clause });
                }
                Reply::Impossible(blamed)
            }
        }
    }
}

/// Whether a wire is on.
#[must_use]
pub fn on(values: &[bool], lit: Lit) -> bool {
    values.get(lit.node()).copied().unwrap_or(false) != lit.negated()
}

/// The values of all nodes from those of the inputs.
pub(super) fn evaluate(circuit: &Circuit, inputs: &[bool]) -> Vec<bool> {
    let mut values = Vec::with_capacity(inputs.len());
    for (node, input) in circuit.nodes().iter().zip(inputs) {
        let value = match node {
            Node::Constant => false,
            Node::Input => *input,
            Node::And(parts) => parts.iter().all(|lit| on(&values, *lit)),
        };
        values.push(value);
    }
    values
}

/// Adds the values of nodes that were made later; new inputs are off.
fn extend(circuit: &Circuit, values: &mut Vec<bool>) {
    for node in circuit.nodes().iter().skip(values.len()) {
        let value = match node {
            Node::Constant | Node::Input => false,
            Node::And(parts) => parts.iter().all(|lit| on(values, *lit)),
        };
        values.push(value);
    }
}
