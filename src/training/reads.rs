//! What a rule reads, as its text says: nothing here asks the rules about anybody.

use std::collections::BTreeSet;

use super::acts::Flag;
use crate::pack::{Condition, Identified, Pack, QuestionKind, Rule};

/// The questions that a rule reads, by id; for an entry of a list, the question that asks for the list.
pub(super) fn reads<'p>(pack: &'p Pack, rule: &Rule) -> BTreeSet<&'p str> {
    let mut found = BTreeSet::new();
    rule.when.visit(&mut |condition| match condition {
        Condition::Choice { question, .. } | Condition::Number { question, .. } => {
            found.insert(pack.questions[*question].id());
            if *question == pack.roles.bmi {
                found.insert(pack.questions[pack.roles.weight].id());
            }
        }
        Condition::Goal { .. } => {
            found.insert(pack.questions[pack.roles.goals].id());
        }
        Condition::Listed { list, .. } => {
            let asks = pack.questions.iter().filter(|row| matches!(&row.kind, QuestionKind::List(own) if own == list));
            found.extend(asks.map(Identified::id));
        }
        _ => {}
    });
    found
}

/// The part of a condition that is about one thing: of several that would do, the one that reads it, and of a list its entry.
pub(super) fn about(pack: &Pack, when: &Condition, flag: &Flag) -> Option<Condition> {
    if !flag.read_by(pack, when) {
        return None;
    }
    Some(match when {
        Condition::Any(of) => {
            let parts: Vec<Condition> = of.iter().filter_map(|part| about(pack, part, flag)).collect();
            match <[Condition; 1]>::try_from(parts) {
                Ok([one]) => one,
                Err(parts) => Condition::Any(parts),
            }
        }
        Condition::All(of) => {
            Condition::All(of.iter().map(|part| about(pack, part, flag).unwrap_or_else(|| part.clone())).collect())
        }
        Condition::Listed { question, list, items, with } => {
            let own = flag.text().split_once(':').and_then(|(_, id)| pack.list(*list).find(id));
            let items = own.map_or_else(|| items.clone(), |item| std::iter::once(item).collect());
            Condition::Listed { question: *question, list: *list, items, with: with.clone() }
        }
        other => other.clone(),
    })
}
