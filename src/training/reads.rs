//! What a rule reads, as its text says: nothing here asks the rules about anybody.

use std::collections::BTreeSet;

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
