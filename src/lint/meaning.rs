//! Two things that mean the same: rules that say it twice, entries of a list that people cannot tell apart.

use std::collections::HashMap;

use super::Subject;
use super::book::Book;
use crate::find::fold;
use crate::pack::{Condition, Item, List, QualifierTest, QuestionIx, Rule, Set, Verdict};
use crate::source::{Code, Problems};

const SAME_RULE: Code = Code("L0201");
const SAME_NAME: Code = Code("L0202");
const EVERYBODY: Code = Code("L0203");

pub(super) fn look(subject: Subject<'_>, book: &Book<'_>, notes: &mut Problems) {
    rules(subject, book, notes);
    everybody(subject, book, notes);
    List::ALL.iter().for_each(|list| names(subject, *list, book, notes));
}

/// Rules that hold for the same patients and do the same.
fn rules(subject: Subject<'_>, book: &Book<'_>, notes: &mut Problems) {
    let mut known: HashMap<String, &Rule> = HashMap::new();
    // Rules made from the vocabulary come first, so that what repeats one of them is told where it is written.
    let made = subject.pack.rules.iter().filter(|rule| rule.is_generated());
    for rule in made.chain(subject.pack.rules.iter().filter(|rule| !rule.is_generated())) {
        let Some(first) = known.get(&meaning(rule)) else {
            known.insert(meaning(rule), rule);
            continue;
        };
        let Some(row) = book.find("rule", &rule.id) else { continue };
        notes.at_with_help(
            &row.at("when"),
            SAME_RULE,
            format!("rule `{}` holds for the same patients as `{}` and does the same", rule.id, first.id),
            format!("`{}`: {}", first.id, first.place),
            "take one of them away, or say in its condition whom it concerns besides; both messages would be shown",
        );
    }
}

/// Rules that hold for everybody, which is what a condition says that was never filled in. A note for all has a verdict that
/// holds up nobody.
fn everybody(subject: Subject<'_>, book: &Book<'_>, notes: &mut Problems) {
    let always = |rule: &&Rule| rule.when.is_always() && rule.verdict > Verdict::Proceed && !rule.is_generated();
    for rule in subject.pack.rules.iter().filter(always) {
        let Some(row) = book.find("rule", &rule.id) else { continue };
        notes.at_with_help(
            &row.at("when"),
            EVERYBODY,
            format!("rule `{}` holds for every patient: {}", rule.id, rule.verdict.word()),
            "nothing is asked here",
            "say whom it concerns, such as `when = { condition = \"epilepsy\" }`; what everybody is told is a text of care or a \
             consent point, or a rule with the verdict `proceed`",
        );
    }
}

/// Everything that a rule is and does, but for its words.
fn meaning(rule: &Rule) -> String {
    format!(
        "{} {:?} {:?} {:?} {:?} {:?} {:?} {} {} {}",
        canonical(&rule.when),
        rule.verdict,
        rule.scope,
        rule.until,
        (&rule.from, &rule.to),
        rule.exclude,
        rule.modifies,
        rule.urgent,
        rule.absolute,
        rule.quiet,
    )
}

/// A condition in one form for all the ways to write it: nothing joined twice, no order, no lists that could be one.
fn canonical(condition: &Condition) -> String {
    match condition {
        Condition::All(_) => joined("all", condition, &|c| if let Condition::All(of) = c { Some(of) } else { None }),
        Condition::Any(_) => joined("any", condition, &|c| if let Condition::Any(of) = c { Some(of) } else { None }),
        Condition::Not(inner) => match &**inner {
            Condition::Not(twice) => canonical(twice),
            other => format!("not({})", canonical(other)),
        },
        Condition::AtLeast { count: 1, of } => canonical(&Condition::Any(of.clone())),
        Condition::AtLeast { count, of } if *count == of.len() => canonical(&Condition::All(of.clone())),
        Condition::AtLeast { count, of } => {
            let mut parts: Vec<String> = of.iter().map(canonical).collect();
            parts.sort();
            format!("at-least-{count}({})", parts.join(" "))
        }
        leaf => format!("{leaf:?}"),
    }
}

type Parts<'f> = &'f dyn Fn(&Condition) -> Option<&Vec<Condition>>;

fn joined(word: &str, condition: &Condition, parts_of: Parts<'_>) -> String {
    let mut flat: Vec<&Condition> = Vec::new();
    flatten(condition, parts_of, &mut flat);
    let mut lists: Vec<(QuestionIx, List, &Vec<QualifierTest>, Set<Item>)> = Vec::new();
    let mut parts: Vec<String> = Vec::new();
    for part in flat {
        match part {
            // "One of these, or one of those" is one of all of them.
            Condition::Listed { question, list, items, with } if word == "any" => {
                let same = |row: &&mut (QuestionIx, List, &Vec<QualifierTest>, Set<Item>)| {
                    row.0 == *question && format!("{:?}", row.2) == format!("{with:?}")
                };
                match lists.iter_mut().find(same) {
                    Some(row) => row.3.extend(items),
                    None => lists.push((*question, *list, with, items.clone())),
                }
            }
            other => parts.push(canonical(other)),
        }
    }
    parts.extend(lists.into_iter().map(|(question, list, with, items)| {
        format!("{:?}", Condition::Listed { question, list, items, with: with.clone() })
    }));
    parts.sort();
    parts.dedup();
    match parts.as_slice() {
        [one] => one.clone(),
        _ => format!("{word}({})", parts.join(" ")),
    }
}

fn flatten<'c>(condition: &'c Condition, parts_of: Parts<'_>, into: &mut Vec<&'c Condition>) {
    match parts_of(condition) {
        Some(of) => of.iter().for_each(|part| flatten(part, parts_of, into)),
        None => into.push(condition),
    }
}

/// Entries whose label is that of another entry, or one of its other words: whoever picks one may mean the other.
fn names(subject: Subject<'_>, list: List, book: &Book<'_>, notes: &mut Problems) {
    let table = subject.pack.list(list);
    let mut said: HashMap<String, Vec<&Item>> = HashMap::new();
    for item in table {
        let mut words: Vec<String> = std::iter::once(&item.label).chain(&item.also).map(|word| fold(word)).collect();
        words.sort();
        words.dedup();
        words.into_iter().for_each(|word| said.entry(word).or_default().push(item));
    }
    for item in table {
        let label = fold(&item.label);
        for other in said.get(&label).into_iter().flatten().filter(|other| other.id != item.id) {
            // Two equal labels are told once, at the later one.
            let equal = fold(&other.label) == label;
            if equal && table.find(&other.id) > table.find(&item.id) {
                continue;
            }
            let Some(row) = book.find(list.singular(), &item.id) else { continue };
            let how = if equal { "has the same label" } else { "also answers to it" };
            notes.at_with_help(
                &row.at("label"),
                SAME_NAME,
                format!("{} `{}` and `{}` are both called \"{}\"", list.singular(), item.id, other.id, item.label),
                format!("`{}` {how}", other.id),
                "say in the labels what tells them apart, or make one entry of the two",
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pack::{Ix, Range};

    #[test]
    fn one_form_for_all_the_ways_to_write_a_condition() {
        let number = |n: usize| Condition::Number { question: Ix::new(n), range: Range { from: None, below: None } };
        let listed = |items: &[usize]| Condition::Listed {
            question: Ix::new(9),
            list: List::Conditions,
            items: items.iter().map(|n| Ix::new(*n)).collect(),
            with: Vec::new(),
        };
        let (any, all) = (Condition::Any, Condition::All);
        let same = [
            (any(vec![listed(&[1]), listed(&[2])]), listed(&[1, 2])),
            (any(vec![number(1), any(vec![number(2), number(1)])]), any(vec![number(2), number(1)])),
            (all(vec![number(1), all(vec![number(2)])]), all(vec![number(2), number(1)])),
            (Condition::Not(Box::new(Condition::Not(Box::new(number(1))))), number(1)),
            (Condition::AtLeast { count: 1, of: vec![number(1), number(2)] }, any(vec![number(1), number(2)])),
            (Condition::AtLeast { count: 2, of: vec![number(1), number(2)] }, all(vec![number(1), number(2)])),
        ];
        for (one, other) in &same {
            assert_eq!(canonical(one), canonical(other));
        }
        // Both on the list is not one of both.
        assert_ne!(canonical(&all(vec![listed(&[1]), listed(&[2])])), canonical(&listed(&[1, 2])));
        assert_ne!(canonical(&any(vec![number(1), number(2)])), canonical(&all(vec![number(1), number(2)])));
    }
}
