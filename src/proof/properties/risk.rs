//! Adding risks: any intake, and the same with any further entries on its lists.

use std::collections::BTreeSet;

use super::super::circuit::Lit;
use super::super::model::Model;
use super::super::outcome::Outcome;
use super::super::question::{Property, Question};
use super::super::space::ShapeKind;
use super::super::view::Value;
use super::looser;
use crate::pack::{Condition, Identified, Item, Ix, Pack, QuestionIx};

/// Questions of (g): for each list, that no further entries make an outcome looser. Entries that a rule reads as a
/// reason not to fire are no risks; [`mitigating`] lists them.
pub(in super::super) fn risk(m: &mut Model<'_>, all: &mut Vec<Question>) {
    let pack = m.pack;
    let roles = &pack.roles;
    let mitigating = mitigating(pack);
    for question in [roles.conditions, roles.medications, roles.events, roles.allergies, roles.provenance] {
        let ShapeKind::List(list) = &m.space.shape(question).kind else { continue };
        let mut worse = m.raw.clone();
        let Value::Items(items) = &mut worse.states[question.get()].value else { continue };
        for (shape, row) in list.items.iter().zip(&mut items.entries) {
            if mitigating.contains(&(question, shape.item)) {
                continue;
            }
            for lit in row.iter_mut() {
                let further = m.circuit.input();
                let further = m.circuit.and(items.known, further);
                *lit = m.circuit.or(*lit, further);
            }
        }
        let (after, _) = Outcome::of(pack, &m.space, &worse, &mut m.circuit);
        let id = pack.questions[question].id();
        // Rule by rule first: what fired goes on firing. The proofs are then steps of the whole.
        for (n, rule) in pack.rules.iter().enumerate() {
            let (before, still) = (m.outcome.fires[n], after.fires[n]);
            if before == still {
                continue;
            }
            all.push(Question {
                property: Property::RiskNeverLoosens,
                subject: format!("{id}/{}", rule.id),
                message: format!("{} stops firing when something is added to {id}", rule.id),
                wires: vec![before, !still],
                must_be_possible: false,
                blame: vec![format!("rule:{}", rule.id)],
            });
        }
        let looser = looser(&mut m.circuit, &after, &m.outcome);
        let complete: Lit = !m.outcome.missing;
        all.push(Question {
            property: Property::RiskNeverLoosens,
            subject: id.to_owned(),
            message: format!("something added to {id} makes the outcome looser"),
            wires: vec![looser, complete],
            must_be_possible: false,
            blame: Vec::new(),
        });
    }
}

/// Items that a rule reads as a reason not to fire ("unless sterile"): adding one may rightly loosen an outcome.
pub(in super::super) fn mitigating(pack: &Pack) -> BTreeSet<(QuestionIx, Ix<Item>)> {
    fn collect(condition: &Condition, negated: bool, found: &mut BTreeSet<(QuestionIx, Ix<Item>)>) {
        match condition {
            Condition::All(of) | Condition::Any(of) | Condition::AtLeast { of, .. } => {
                of.iter().for_each(|part| collect(part, negated, found));
            }
            Condition::Not(inner) => collect(inner, !negated, found),
            Condition::Listed { question, items, .. } if negated => {
                found.extend(items.iter().map(|item| (*question, item)));
            }
            _ => {}
        }
    }
    let mut found = BTreeSet::new();
    pack.rules.iter().for_each(|rule| collect(&rule.when, false, &mut found));
    // A recipe that is offered only with an item on a list is no more than what is allowed.
    pack.recipes.iter().for_each(|recipe| collect(&recipe.requires, true, &mut found));
    found
}
