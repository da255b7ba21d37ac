//! Asks a solver about a circuit, without a proof: for answers that are tried on the assessment before they are shown.

use super::circuit::{Circuit, Lit, Node};
use super::cnf::{Defined, literal};
use super::prover::evaluate;
use super::solver::{Answer, Batsat, Solver};

/// A solver and the clauses it was given.
#[derive(Debug, Default)]
pub(super) struct Asker {
    solver: Batsat,
    defined: Defined,
    /// How many questions were put to it.
    pub asked: usize,
}

impl Asker {
    /// The value of every node where all these wires are on; or those of them that cannot be on together.
    pub fn ask(&mut self, circuit: &Circuit, wires: &[Lit]) -> Result<Vec<bool>, Vec<Lit>> {
        if wires.contains(&Lit::FALSE) {
            return Err(vec![Lit::FALSE]);
        }
        let Self { solver, defined, asked } = self;
        *asked += 1;
        defined.define(circuit, wires, &mut |clause| solver.add(clause));
        let assumptions: Vec<_> = wires.iter().filter(|lit| !lit.is_constant()).map(|lit| literal(*lit)).collect();
        let answer = solver.solve(&assumptions);
        // Nobody reads what it learnt.
        solver.learnt();
        match answer {
            Answer::Found => {
                let inputs: Vec<bool> = circuit
                    .nodes()
                    .iter()
                    .enumerate()
                    .map(|(n, node)| *node == Node::Input && solver.value(i32::try_from(n).unwrap_or(0)))
                    .collect();
                Ok(evaluate(circuit, &inputs))
            }
            Answer::Impossible(blamed) => {
                Err(wires.iter().copied().filter(|lit| !lit.is_constant() && blamed.contains(&literal(*lit))).collect())
            }
        }
    }
}
