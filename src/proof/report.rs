//! Asking everything about a pack, and what came out.

use jiff::civil::Date;
use serde::Serialize;

use super::ceilings::Ceiling;
use super::certificate::{Certificate, Step};
use super::cnf::Literal;
use super::guess::guesses;
use super::model::{Model, Subject};
use super::prover::{Prover, Reply};
use super::question::{Property, Question};
use super::replay::replay;
use super::resilience::{Resilience, resilience};
use super::shadow::{Shadow, shadows};
use super::situations::{Broken, audited, passing};
use super::solver::Batsat;
use super::witness::{intake_of, smallest};
use crate::intake::Intake;
use crate::plan::{Breach, Law};

/// What was proved and what was not.
#[derive(Clone, Debug)]
pub struct Report {
    /// One for each property that was asked about.
    pub properties: Vec<Proved>,
    /// How much it takes to leave each goal without a plan.
    pub resilience: Vec<Resilience>,
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
    /// How many plans were audited besides.
    pub audited: usize,
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
    /// For what never decides, or is never the best: what always comes before it.
    pub shadows: Vec<Shadow>,
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
    prove_telling(subject, drop)
}

/// What comes to a proof: clauses that hold, then steps that follow.
pub type News = (Vec<Vec<Literal>>, Vec<Step>);

/// Asks every question about a pack and tells what comes to the proof as it comes: somebody else may check it meanwhile.
pub fn prove_telling(subject: Subject<'_>, tell: impl Fn(News)) -> Report {
    let Subject { pack, today, .. } = subject;
    let mut model = Model::of(subject);
    // While the circuit holds nothing but one intake.
    let audits = audit_rows(&model);
    let questions = model.questions();
    let mut prover = Prover::new(Batsat::default(), &pack.hash, today);
    for inputs in model.space.simple_intakes().into_iter().chain(guesses(pack, &model.space)) {
        prover.try_first(model.circuit.simulate(&inputs));
    }
    let mut properties: Vec<Proved> =
        Property::ALL.iter().map(|p| Proved { property: *p, questions: 0, audited: 0, failures: Vec::new() }).collect();
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
        tell(prover.news());
    }
    let shadowed: Vec<Vec<Shadow>> = wrong.iter().map(|(question, _)| shadows(&model, &mut prover, question)).collect();
    tell(prover.news());
    let certificate = std::mem::take(&mut prover.certificate);
    let clauses = certificate.axioms.len();
    let wrong: Vec<(&Question, Option<Witness>, String)> = wrong
        .into_iter()
        .map(|(question, values)| {
            let shown = values.map(|values| witness(&mut model, &mut prover, question, values, today));
            match (shown, model.ceiling_of(question)) {
                (Some(like), Some(ceiling)) => {
                    let (witness, message) = over(&model, &ceiling, &like, question);
                    (question, witness, message)
                }
                (shown, _) => (question, shown, question.message.clone()),
            }
        })
        .collect();
    for ((question, witness, message), shadows) in wrong.into_iter().zip(shadowed) {
        let (name, blame) = (question.name(), question.blame.clone());
        if let Some(row) = properties.iter_mut().find(|row| row.property == question.property) {
            row.failures.push(Failure { name, message, blame, witness, shadows });
        }
    }
    let resilience = resilience(&mut model, &mut prover, today);
    for row in audits {
        if let Some(known) = properties.iter_mut().find(|known| known.property == row.property) {
            known.audited += row.audited;
            known.failures.extend(row.failures);
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
    Report { properties, resilience, certificate, work }
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

/// A patient like the one for whom nothing keeps a ceiling, whose plan does pass it; none where no such plan was found.
fn over(model: &Model<'_>, ceiling: &Ceiling<'_>, like: &Witness, question: &Question) -> (Option<Witness>, String) {
    let message = &question.message;
    match passing(model, &like.intake, &question.wires, ceiling) {
        (Some(broken), _) => {
            let message = format!("{message}: {}{}", broken.breach.message, chosen(&broken));
            (Some(witness_of(model, &broken)), message)
        }
        (None, tried) => {
            let like = like.differs.join("; ");
            (
                None,
                format!("{message}, and none of {tried} plans that were tried passes it; look at patients with {like}"),
            )
        }
    }
}

/// The recipes that somebody chose, where the plan rests on that.
fn chosen(broken: &Broken) -> String {
    let mut recipes: Vec<&str> = broken.situation.adjustments.recipes.iter().map(|c| c.recipe.as_str()).collect();
    recipes.sort_unstable();
    recipes.dedup();
    if recipes.is_empty() { String::new() } else { format!(" (with {})", recipes.join(" and ")) }
}

fn witness_of(model: &Model<'_>, broken: &Broken) -> Witness {
    let Model { circuit, space, .. } = model;
    let plainest = super::prover::evaluate(circuit, &vec![false; circuit.nodes().len()]);
    let plainest = intake_of(model.pack, space, &model.raw, &plainest);
    let intake = broken.situation.intake.clone();
    // It was assessed when it was found: the plan is what the auditor refused.
    Witness { differs: differences(&plainest, &intake), intake, changed: None, replayed: Ok(()) }
}

/// What the auditor says of the plans of many situations, as the properties have it.
pub(super) fn audit_rows(model: &Model<'_>) -> Vec<Proved> {
    let audited = audited(model);
    let mut rows: Vec<Proved> = [Property::NothingExcluded, Property::NoLimitPassed, Property::NoDayTooEarly]
        .map(|property| Proved { property, questions: 0, audited: audited.plans, failures: Vec::new() })
        .into();
    for broken in &audited.broken {
        let Breach { law, what, message } = &broken.breach;
        let property = match law {
            Law::Content => Property::NothingExcluded,
            Law::Dose => Property::NoLimitPassed,
            Law::Day => Property::NoDayTooEarly,
        };
        if let Some(row) = rows.iter_mut().find(|row| row.property == property) {
            row.failures.push(Failure {
                name: format!("{}:audit/{what}", property.code()),
                message: format!("the auditor refuses a plan: {message}{}", chosen(broken)),
                blame: vec![format!("limit:{what}"), format!("rule:{what}"), format!("recipe:{what}")],
                witness: Some(witness_of(model, broken)),
                shadows: Vec::new(),
            });
        }
    }
    rows
}

/// Audits the plans of a pack again, on a day: how many plans, or what the auditor refuses.
///
/// # Errors
/// A sentence for each thing that is broken.
pub fn audit_again(subject: Subject<'_>) -> Result<usize, Vec<String>> {
    let rows = audit_rows(&Model::of(subject));
    let wrong: Vec<String> = rows.iter().flat_map(|row| &row.failures).map(|f| f.message.clone()).collect();
    if wrong.is_empty() { Ok(rows.iter().map(|row| row.audited).max().unwrap_or(0)) } else { Err(wrong) }
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
