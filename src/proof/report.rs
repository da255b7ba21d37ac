//! Asking everything about a pack, and what came out.

use jiff::civil::Date;
use serde::Serialize;

use super::certificate::Certificate;
use super::model::{Model, Subject};
use super::prover::{Prover, Reply};
use super::question::{Property, Question};
use super::replay::replay;
use super::solver::Batsat;
use super::witness::{intake_of, smallest};
use crate::intake::Intake;

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
    /// For a fault of two intakes: the changed one.
    pub changed: Option<Intake>,
    /// Its answers that are not as in the plainest intake.
    pub differs: Vec<String>,
    /// Whether the assessment itself says of these intakes what the proof says; else what it says otherwise.
    pub replayed: Result<(), String>,
}

impl Report {
    /// Whether every property holds that has to.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.properties.iter().all(|row| row.property.informs() || row.failures.is_empty())
    }
}

/// Asks every question about a pack.
#[must_use]
pub fn prove(subject: Subject<'_>) -> Report {
    let Subject { pack, today, .. } = subject;
    let mut model = Model::of(subject);
    let questions = model.questions();
    let mut prover = Prover::new(Batsat::default(), &pack.hash, today);
    for inputs in model.space.simple_intakes() {
        prover.try_first(model.circuit.simulate(&inputs));
    }
    let mut properties: Vec<Proved> =
        Property::ALL.iter().map(|p| Proved { property: *p, questions: 0, failures: Vec::new() }).collect();
    let mut wrong: Vec<(&Question, Option<Vec<bool>>)> = Vec::new();
    for question in &questions {
        if let Some(row) = properties.iter_mut().find(|row| row.property == question.property) {
            row.questions += 1;
        }
        let name = (!question.must_be_possible).then(|| question.name());
        match prover.ask(&model.circuit, name.as_deref(), &question.wires) {
            Reply::Possible(values) if !question.must_be_possible => wrong.push((question, Some(values))),
            Reply::Impossible(_) if question.must_be_possible => wrong.push((question, None)),
            _ => {}
        }
    }
    let certificate = std::mem::take(&mut prover.certificate);
    let clauses = certificate.axioms.len();
    let wrong: Vec<(&Question, Option<Witness>)> = wrong
        .into_iter()
        .map(|(question, values)| {
            (question, values.map(|values| witness(&mut model, &mut prover, question, values, today)))
        })
        .collect();
    for (question, witness) in wrong {
        let (name, message, blame) = (question.name(), question.message.clone(), question.blame.clone());
        if let Some(row) = properties.iter_mut().find(|row| row.property == question.property) {
            row.failures.push(Failure { name, message, blame, witness });
        }
    }
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

/// The smallest intake that shows a fault, and what the assessment says of it.
fn witness(
    model: &mut Model<'_>,
    prover: &mut Prover<Batsat>,
    question: &Question,
    values: Vec<bool>,
    today: Date,
) -> Witness {
    let Model { circuit, space, .. } = model;
    let values = smallest(circuit, space, prover, &question.wires).map_or(values, |(values, _)| values);
    let intake = intake_of(model.pack, &model.space, &model.raw, &values);
    let changed = question.changed.and_then(|n| model.changed.get(n));
    let changed = changed.map(|view| intake_of(model.pack, &model.space, view, &values));
    let replayed = replay(model, question, &values, &intake, changed.as_ref(), today);
    let plainest = vec![false; values.len()];
    let plainest = super::prover::evaluate(&model.circuit, &plainest);
    let plainest = intake_of(model.pack, &model.space, &model.raw, &plainest);
    let mut differs = differences(&plainest, &intake);
    if let Some(changed) = &changed {
        differs.extend(differences(&intake, changed).into_iter().map(|line| format!("then {line}")));
    }
    Witness { intake, changed, differs, replayed }
}

/// The answers of an intake that another one does not have, one line each.
pub(super) fn differences(plain: &Intake, intake: &Intake) -> Vec<String> {
    let mut lines = Vec::new();
    for (question, answer) in &intake.answers {
        if plain.answers.get(question) != Some(answer) {
            let mut one = Intake::default();
            one.set("answer", answer.clone());
            let text = crate::intake::write(&one);
            let text: Vec<&str> = text.lines().filter(|line| !line.is_empty() && !line.starts_with("[[")).collect();
            lines.push(format!("{question}: {}", text.join(", ").trim_start_matches("answer = ")));
        }
    }
    lines.extend(plain.answers.keys().filter(|q| !intake.answers.contains_key(*q)).map(|q| format!("{q}: not asked")));
    lines
}
