//! A layer against the pack below it: every rule that was there still fires for everybody it fired for, is not milder and
//! takes out no less, unless a named override says so.

use super::super::circuit::Lit;
use super::super::conditions::Reader;
use super::super::model::Model;
use super::super::question::{Property, Question};
use crate::pack::{Identified, Pack, Rule, Set, Table};

/// Questions of (h), where there is a layer above another.
pub(in super::super) fn layer(m: &mut Model<'_>, all: &mut Vec<Question>) {
    let (pack, Some(below)) = (m.pack, m.below) else { return };
    let mut ask = |subject: String, message: String, wires: Vec<Lit>, rule: &Rule| {
        all.push(Question {
            property: Property::LayerNeverWeaker,
            subject,
            message,
            wires,
            must_be_possible: false,
            changed: None,
            blame: vec![format!("rule:{}", rule.id)],
        });
    };
    for rule in &below.rules {
        let reader = Reader::new(pack, &m.space, &m.view);
        let fired = if comparable(pack, below) { reader.read(&mut m.circuit, &rule.when).maybe } else { Lit::TRUE };
        let Some(now) = pack.rules.find(&rule.id) else {
            ask(format!("{}/gone", rule.id), format!("{} is gone", rule.id), vec![fired], rule);
            continue;
        };
        let still = m.outcome.fires[now.get()];
        ask(rule.id.clone(), format!("{} fires below this layer and not with it", rule.id), vec![fired, !still], rule);
        let new = &pack.rules[now];
        let today = m.space.today;
        // An override is named, dated and told to everybody who meets it.
        let named = new.loosened.as_ref().is_some_and(|loosened| loosened.holds_on(today));
        if !named && new.ruling_on(today).verdict < rule.ruling_on(today).verdict {
            let said = format!("{} is milder with this layer: {}", rule.id, new.ruling_on(today).verdict.word());
            ask(format!("{}/verdict", rule.id), said, vec![fired], rule);
        }
        if takes_less(new, rule) {
            ask(
                format!("{}/exclude", rule.id),
                format!("{} takes out less with this layer", rule.id),
                vec![fired],
                rule,
            );
        }
        if rule.absolute && !new.absolute {
            ask(
                format!("{}/absolute", rule.id),
                format!("{} can be overridden with this layer", rule.id),
                vec![fired],
                rule,
            );
        }
    }
}

/// Whether positions in the tables of the pack below mean the same in this one: a layer adds behind what is there.
pub(in super::super) fn comparable(pack: &Pack, below: &Pack) -> bool {
    fn same<T: Identified>(new: &Table<T>, old: &Table<T>) -> bool {
        new.len() >= old.len() && new.ids().zip(old.ids()).all(|(new, old)| new == old)
    }
    crate::pack::List::ALL.iter().all(|list| same(pack.list(*list), below.list(*list)))
        && same(&pack.goals, &below.goals)
        && same(&pack.areas, &below.areas)
        && same(&pack.questions, &below.questions)
        && same(&pack.qualifiers, &below.qualifiers)
        && same(&pack.techniques, &below.techniques)
        && same(&pack.jurisdictions, &below.jurisdictions)
}

fn takes_less(new: &Rule, old: &Rule) -> bool {
    fn lacks<T>(new: &Set<T>, old: &Set<T>) -> bool {
        old.iter().any(|ix| !new.contains(ix))
    }
    lacks(&new.exclude.ingredients, &old.exclude.ingredients)
        || lacks(&new.exclude.goals, &old.exclude.goals)
        || lacks(&new.exclude.areas, &old.exclude.areas)
        || lacks(&new.exclude.techniques, &old.exclude.techniques)
        || (old.exclude.site && !new.exclude.site)
}
