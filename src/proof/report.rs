//! Asking everything about a pack, and what came out.

use serde::Serialize;

use super::certificate::Certificate;
use super::model::Model;
use super::prover::{Prover, Reply};
use super::question::{Property, Question};
use super::solver::Batsat;
use super::witness::{intake_of, smallest};
use crate::intake::Intake;
use crate::pack::{Never, Pack};

/// What was proved and what was not.
#[derive(Clone, Debug)]
pub struct Report {
    /// One for each property that was asked about.
    pub properties: Vec<Proved>,
    /// The proof of everything that holds for nobody.
    pub certificate: Certificate,
    /// Size and work.
    pub work: Work,
}

/// Size and work of a run.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Work {
    /// Nodes of the circuit.
    pub nodes: usize,
    /// Clauses that the solver was given.
    pub clauses: usize,
    /// Questions of all properties.
    pub questions: usize,
    /// Those answered by folding constants.
    pub by_construction: usize,
    /// Those answered by an intake found before.
    pub recalled: usize,
    /// Runs of the solver, those that make witnesses small included.
    pub solved: usize,
}

/// A property and how it stands.
#[derive(Clone, Debug)]
pub struct Proved {
    /// The property.
    pub property: Property,
    /// How many questions it comes down to.
    pub questions: usize,
    /// Where it does not hold.
    pub failures: Vec<Failure>,
}

/// A question with the wrong answer.
#[derive(Clone, Debug)]
pub struct Failure {
    /// The name of the question.
    pub name: String,
    /// What it means.
    pub message: String,
    /// What to look at, as `kind:id`.
    pub blame: Vec<String>,
    /// The smallest intake that shows it; `None` where the fault is that there is none.
    pub witness: Option<Witness>,
}

/// An intake that shows a fault.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Witness {
    /// The intake.
    pub intake: Intake,
    /// How many of its answers are not the plainest.
    pub ticks: usize,
}

/// Asks every question about a pack.
#[must_use]
pub fn prove(pack: &Pack, case: &[Never]) -> Report {
    let t = std::time::Instant::now();
    let mut model = Model::of(pack, case);
    eprintln!("model {:?}", t.elapsed());
    let questions = model.questions();
    eprintln!("questions {:?} {}", t.elapsed(), model.circuit.nodes().len());
    let mut prover = Prover::new(Batsat::default(), &pack.hash);
    let mut properties: Vec<Proved> =
        Property::ALL.iter().map(|p| Proved { property: *p, questions: 0, failures: Vec::new() }).collect();
    let mut last = None;
    let mut wrong: Vec<(&Question, Option<Vec<bool>>)> = Vec::new();
    for question in &questions {
        if let Some(row) = properties.iter_mut().find(|row| row.property == question.property) {
            row.questions += 1;
        }
        if last != Some(question.property) { eprintln!("{:?} {:?}", t.elapsed(), question.property); last = Some(question.property); }
        let name = (!question.must_be_possible).then(|| question.name());
        match prover.ask(&model.circuit, name.as_deref(), &question.wires) {
            Reply::Possible(values) if !question.must_be_possible => wrong.push((question, Some(values))),
            Reply::Impossible(_) if question.must_be_possible => wrong.push((question, None)),
            _ => {}
        }
    }
    eprintln!("asked {:?}", t.elapsed());
    let certificate = prover.certificate.clone();
    let clauses = certificate.axioms.len();
    for (question, values) in wrong {
        let witness = values.map(|values| {
            let Model { circuit, space, .. } = &mut model;
            let (values, ticks) =
                smallest(circuit, space, &mut prover, &question.wires).unwrap_or((values, usize::MAX));
            Witness { intake: intake_of(pack, space, &values), ticks }
        });
        let failure = Failure {
            name: question.name(),
            message: question.message.clone(),
            blame: question.blame.clone(),
            witness,
        };
        if let Some(row) = properties.iter_mut().find(|row| row.property == question.property) {
            row.failures.push(failure);
        }
    }
    eprintln!("minimised {:?}", t.elapsed());
    let work = Work {
        nodes: model.circuit.nodes().len(),
        clauses,
        questions: questions.len(),
        by_construction: prover.constant,
        recalled: prover.recalled,
        solved: prover.solved,
    };
    Report { properties, certificate, work }
}
