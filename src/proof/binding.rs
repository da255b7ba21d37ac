//! Whether a certificate speaks about a pack: its clauses must be those of the pack's own circuit, and its claims must
//! answer every question about it. No solver takes part.

use std::collections::HashMap;

use super::certificate::Certificate;
use super::circuit::{Circuit, Lit, Node};
use super::cnf::{Literal, literal};
use super::model::{Model, Subject};
use super::shadow;

/// Compares a certificate with a pack, on the certificate's day; how many questions it answers, those that need no proof included.
///
/// # Errors
/// A sentence with the first clause or question that does not fit.
pub fn belongs(certificate: &Certificate, subject: Subject<'_>) -> Result<usize, String> {
    let hash = &subject.pack.hash;
    if certificate.pack != *hash {
        return Err(format!("the proof is about the pack {}, not about {hash}", certificate.pack));
    }
    let mut model = Model::of(Subject { today: certificate.day, ..subject });
    let questions = model.questions();
    let circuit = &model.circuit;
    if let Some(n) = certificate.axioms.iter().position(|clause| !defines(circuit, clause)) {
        return Err(format!("clause {} of the proof is none of this pack's circuit", n + 1));
    }
    let claims: HashMap<&str, &[Literal]> = certificate.claims().collect();
    let mut answered = 0;
    for question in questions.iter().filter(|question| !question.must_be_possible) {
        let name = question.name();
        let wires: Vec<Lit> = question.wires.clone();
        let constant = wires.iter().any(|lit| *lit == Lit::FALSE || wires.contains(&!*lit));
        let proved = || {
            claims.get(name.as_str()).is_some_and(|clause| {
                clause.iter().all(|l| wires.iter().any(|lit| !lit.is_constant() && literal(*lit) == -*l))
            })
        };
        if !constant && !proved() {
            return Err(format!("the proof does not answer {name}"));
        }
        answered += 1;
    }
    // Claims beyond the questions: who decides in the place of whom.
    for (name, clause) in certificate.claims() {
        if !name.contains(shadow::BY) {
            continue;
        }
        let Some(wires) = shadow::wires_of(&model, name) else {
            return Err(format!("the proof claims something about what this pack does not have: {name}"));
        };
        if !clause.iter().all(|l| wires.iter().any(|lit| !lit.is_constant() && literal(*lit) == -*l)) {
            return Err(format!("the proof says something else than its claim {name}"));
        }
    }
    Ok(answered)
}

/// Whether a clause says a part of what a conjunction of the circuit means.
fn defines(circuit: &Circuit, clause: &[Literal]) -> bool {
    // A conjunction stands after its parts, so that its own literal is the one with the highest number.
    let Some(own) = clause.iter().copied().max_by_key(|literal| literal.unsigned_abs()) else { return false };
    let Some(Node::And(parts)) = circuit.nodes().get(own.unsigned_abs() as usize) else { return false };
    let parts: Vec<Literal> = parts.iter().map(|lit| literal(*lit)).collect();
    let rest: Vec<Literal> = clause.iter().copied().filter(|literal| *literal != own).collect();
    if own < 0 {
        rest.len() == 1 && parts.contains(&rest[0])
    } else {
        rest.len() == parts.len() && parts.iter().all(|part| rest.contains(&-*part))
    }
}
