//! A witness is worth nothing until the assessment itself, which knows nothing of circuits, says the same of it.

use std::collections::HashMap;

use jiff::civil::Date;

use super::circuit::{Lit, word};
use super::model::Model;
use super::prover::on;
use super::question::Question;
use crate::intake::{Facts, Intake};
use crate::pack::Identified;
use crate::plan::assess;

/// Assesses a witness and compares verdict, plan and exclusions with what the circuit says.
pub(super) fn replay(
    model: &Model<'_>,
    question: &Question,
    values: &[bool],
    intake: &Intake,
    changed: Option<&Intake>,
    today: Date,
) -> Result<(), String> {
    // The intake as it is read back, by the way every other intake goes.
    let again = wires_of(model, intake, today);
    let read = |lit: Lit| word(&again, lit) & 1 == 1;
    if changed.is_none()
        && let Some(n) = question.wires.iter().position(|lit| !read(*lit))
    {
        return Err(format!("part {} of the question does not hold for the intake", n + 1));
    }
    agrees(model, intake, today, &|lit| on(values, lit))?;
    agrees(model, intake, today, &read)?;
    if let Some(changed) = changed {
        let again = wires_of(model, changed, today);
        agrees(model, changed, today, &|lit| word(&again, lit) & 1 == 1)?;
    }
    Ok(())
}

fn wires_of(model: &Model<'_>, intake: &Intake, today: Date) -> Vec<u64> {
    let facts = Facts::of(model.pack, intake, today);
    let inputs: HashMap<Lit, u64> = model.space.inputs_of(model.pack, &facts).into_iter().map(|lit| (lit, 1)).collect();
    model.circuit.simulate(&inputs)
}

/// Whether the assessment and the circuit say the same about one intake.
fn agrees(model: &Model<'_>, intake: &Intake, today: Date, read: &dyn Fn(Lit) -> bool) -> Result<(), String> {
    let (pack, outcome) = (model.pack, &model.outcome);
    let result = assess(pack, intake, today);
    let verdict = outcome.read(read).map(|word| word.word());
    if verdict != Some(result.verdict.word()) {
        return Err(format!(
            "the assessment says {}, the circuit {}",
            result.verdict.word(),
            verdict.unwrap_or("nothing")
        ));
    }
    let excluded = |kind: &str, id: &str| result.excluded.iter().any(|e| e.kind == kind && e.id == id);
    for (item, lit) in pack.ingredients.iter().zip(&outcome.excluded.ingredients) {
        if read(*lit) != excluded("ingredient", item.id()) {
            return Err(format!("the assessment and the circuit differ about {}", item.id()));
        }
    }
    let cocktails = result.plan.as_ref().map_or(0, |plan| plan.cocktails.iter().map(|c| 1 + c.also_for.len()).sum());
    let served = outcome.left.iter().filter(|w| read(w.served)).count();
    if result.plan.is_some() && served != cocktails {
        return Err(format!("the assessment plans {cocktails} cocktails, the circuit {served}"));
    }
    Ok(())
}
