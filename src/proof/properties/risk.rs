//! Adding risks: any intake, and the same with any further entries on its lists.

use std::collections::BTreeSet;

use super::super::circuit::{Circuit, Lit};
use super::super::model::Model;
use super::super::outcome::Outcome;
use super::super::question::{Property, Question};
use super::super::space::ShapeKind;
use super::super::view::Value;
use crate::pack::{Condition, Identified, Item, Ix, Pack, QuestionIx, Verdict};

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
        let (after, _) = Outcome::changed(m, &worse);
        let place = m.keep(worse);
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
                changed: Some(place),
                blame: vec![format!("rule:{}", rule.id)],
            });
        }
        for (what, wires) in steps(&mut m.circuit, &after, &m.outcome) {
            all.push(Question {
                property: Property::RiskNeverLoosens,
                subject: format!("{id}/{what}"),
                message: format!("something added to {id} makes the outcome looser: {what}"),
                wires,
                must_be_possible: false,
                changed: Some(place),
                blame: Vec::new(),
            });
        }
    }
}

/// The ways in which an outcome with more risks could be looser, from the exclusions to the verdict: each is proved by
/// those before it.
fn steps(c: &mut Circuit, after: &Outcome, before: &Outcome) -> Vec<(String, Vec<Lit>)> {
    let mut all = Vec::new();
    let pairs = [
        ("ingredient", &after.excluded.ingredients, &before.excluded.ingredients),
        ("goal", &after.excluded.goals, &before.excluded.goals),
        ("area", &after.excluded.areas, &before.excluded.areas),
        ("technique", &after.excluded.techniques, &before.excluded.techniques),
    ];
    for (kind, mine, theirs) in pairs {
        for (n, (mine, theirs)) in mine.iter().zip(theirs).enumerate() {
            all.push((format!("{kind}-{n}"), vec![*theirs, !*mine]));
        }
    }
    for (n, (mine, theirs)) in after.left.iter().zip(&before.left).enumerate() {
        all.push((format!("left-{n}"), vec![mine.left, !theirs.left]));
    }
    let complete = [!before.missing, !after.missing];
    // A caution about the licence of a product is lost with the product.
    let levels = after.at_least_without_products.iter().zip(&before.at_least_without_products);
    for (verdict, (mine, theirs)) in Verdict::ALL.iter().zip(levels) {
        let wires = vec![*theirs, !*mine, complete[0], complete[1]];
        all.push((format!("milder-than-{}", verdict.word()), wires));
    }
    // No plan before, though all was answered: no plan after.
    all.push(("plan".to_owned(), vec![after.plan, !before.plan, !before.missing]));
    all.retain(|(_, wires)| c.all(wires.iter().copied()) != Lit::FALSE);
    all
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
