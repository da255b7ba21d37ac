//! Who decides in the place of a rule that never does, and which recipes always stand before one that is never the best:
//! a smallest set of them, with a proof that it is enough.

use super::circuit::Lit;
use super::model::Model;
use super::properties::Aspect;
use super::prover::{Prover, Reply};
use super::question::{Property, Question};
use super::solver::Solver;
use crate::pack::{Identified, Ix, Recipe};

/// What others decide whenever a rule fires, or a recipe is possible.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Shadow {
    /// What: `verdict:decline`, `ingredient:lidocaine`, or `best`.
    pub what: String,
    /// Rules of which one has always decided the same or more, or recipes of which one always ranks higher. None of them
    /// can be left out.
    pub by: Vec<String>,
}

/// Joins a claim's subject and the names in it; no id holds one of these.
pub(super) const BY: &str = "/by/";

/// What shadows the subject of a question that is told because nobody does it. Each shadow is a claim of the proof.
pub(super) fn shadows<S: Solver>(m: &Model<'_>, prover: &mut Prover<S>, question: &Question) -> Vec<Shadow> {
    let parts: Vec<String> = match question.property {
        Property::EveryRuleDecides => {
            let Some(rule) = m.pack.rules.get(&question.subject) else { return Vec::new() };
            Aspect::of_rule(rule, m.space.today).into_iter().map(|aspect| aspect.word(m.pack)).collect()
        }
        Property::EveryRecipeIsBest => vec!["best".to_owned()],
        _ => return Vec::new(),
    };
    parts.into_iter().filter_map(|what| shadow(m, prover, question, what)).collect()
}

fn shadow<S: Solver>(m: &Model<'_>, prover: &mut Prover<S>, question: &Question, what: String) -> Option<Shadow> {
    let all = candidates(m, question.property, &question.subject, &what)?;
    let ask = |prover: &mut Prover<S>, name: Option<&str>, by: &[&(String, Lit)]| {
        let wires: Vec<Lit> = std::iter::once(all.subject).chain(by.iter().map(|(_, lit)| !*lit)).collect();
        match name {
            // A claim stands in the proof even where a clause before it says the same.
            Some(name) => prover.solve(&m.circuit, Some(name), &wires),
            None => prover.ask(&m.circuit, None, &wires),
        }
    };
    let Reply::Impossible(blamed) = ask(prover, None, &all.others.iter().collect::<Vec<_>>()) else { return None };
    let mut by: Vec<&(String, Lit)> = all.others.iter().filter(|(_, lit)| blamed.contains(&!*lit)).collect();
    let mut n = 0;
    // One alone cannot be left out: the subject does occur.
    while by.len() > 1 && n < by.len() {
        let mut fewer = by.clone();
        fewer.remove(n);
        match ask(prover, None, &fewer) {
            // Two others may say it in the same words, by one wire: only the rest may stay, or this would never end.
            Reply::Impossible(blamed) => {
                fewer.retain(|(_, lit)| blamed.contains(&!*lit));
                by = fewer;
            }
            Reply::Possible(_) => n += 1,
        }
    }
    let names: Vec<String> = by.iter().map(|(id, _)| id.clone()).collect();
    let name = format!("{}:{}/{what}{BY}{}", question.property.code(), question.subject, names.join("+"));
    ask(prover, Some(&name), &by);
    Some(Shadow { what, by: names })
}

/// The wires that a claim about a shadow says cannot be on together; `None` for any other claim.
pub(super) fn wires_of(m: &Model<'_>, claim: &str) -> Option<Vec<Lit>> {
    let (head, by) = claim.split_once(BY)?;
    let (code, rest) = head.split_once(':')?;
    let (subject, what) = rest.split_once('/')?;
    let property = [Property::EveryRuleDecides, Property::EveryRecipeIsBest].into_iter().find(|p| p.code() == code)?;
    let all = candidates(m, property, subject, what)?;
    let mut wires = vec![all.subject];
    for id in by.split('+') {
        wires.push(!all.others.iter().find(|(other, _)| other == id)?.1);
    }
    Some(wires)
}

/// What occurs, and the others that may always have come before.
struct Candidates {
    subject: Lit,
    others: Vec<(String, Lit)>,
}

fn candidates(m: &Model<'_>, property: Property, subject: &str, what: &str) -> Option<Candidates> {
    let (pack, today) = (m.pack, m.space.today);
    if property == Property::EveryRecipeIsBest {
        let own = pack.recipes.find(subject)?;
        let others = m.outcome.recipes.ahead_of(pack, own);
        let others = others.into_iter().map(|(ix, lit)| (name(pack, ix), lit)).collect();
        return Some(Candidates { subject: m.playing(own.get())?, others });
    }
    let own = pack.rules.find(subject)?;
    let aspect = Aspect::of_rule(&pack.rules[own], today).into_iter().find(|aspect| aspect.word(pack) == what)?;
    let others = pack.rules.entries().filter(|(ix, rule)| *ix != own && aspect.decided_by(rule, today));
    let others = others.map(|(ix, rule)| (rule.id.clone(), aspect.wire(&m.outcome, ix.get()))).collect();
    Some(Candidates { subject: m.outcome.fires[own.get()], others })
}

fn name(pack: &crate::pack::Pack, recipe: Ix<Recipe>) -> String {
    pack.recipes[recipe].id().to_owned()
}
