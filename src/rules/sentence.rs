//! A condition as one English sentence.

use super::trace::{lower, spoken};
use crate::pack::{Amount, ChoiceOption, Condition, List, Pack, QualifierKind, QuestionKind, Range, ValueTest};

/// The condition as people would say it, without a capital and a full stop.
#[must_use]
pub fn sentence(pack: &Pack, condition: &Condition) -> String {
    match condition {
        Condition::All(of) if of.is_empty() => "always".to_owned(),
        Condition::All(of) => join(pack, of, " and "),
        Condition::Any(of) => join(pack, of, " or "),
        Condition::Not(inner) => format!("not ({})", sentence(pack, inner)),
        Condition::AtLeast { count, of } => {
            let parts: Vec<String> = of.iter().map(|part| sentence(pack, part)).collect();
            format!("at least {count} of: {}", parts.join("; "))
        }
        Condition::Choice { question, options } => {
            let row = &pack.questions[*question];
            let all = chosen(row.options(), *options, |label| spoken(pack, *question, label));
            format!("{} is {all}", lower(&row.label))
        }
        Condition::Number { question, range } => {
            let row = &pack.questions[*question];
            let unit = match &row.kind {
                QuestionKind::Number(kind) => kind.unit.as_str(),
                _ => "",
            };
            format!("{} is {}", lower(&row.label), span(range, unit))
        }
        Condition::Listed { list, items, with, .. } => {
            let verb = match list {
                List::Conditions => "the patient has",
                List::Medications => "the patient takes or took",
                List::Events => "there was",
                List::Allergens => "the patient reacts to",
                List::Provenance => "a product at hand is",
                List::Ingredients => "somebody asks for",
            };
            let mut names: Vec<String> = items.iter().take(5).map(|ix| lower(&pack.list(*list)[ix].label)).collect();
            let all = items.iter().count();
            if all > 5 {
                names.push(format!("{} others", all - 5));
            }
            let tests: Vec<String> = with
                .iter()
                .map(|test| {
                    let row = &pack.qualifiers[test.qualifier];
                    let label = lower(row.label.split(" (").next().unwrap_or(&row.label));
                    match (&test.test, &row.kind) {
                        (ValueTest::Choice(bits), QualifierKind::Choice(options)) => {
                            format!("{label} {}", chosen(options, *bits, lower))
                        }
                        (ValueTest::Number(range), QualifierKind::Number(kind)) => {
                            format!("{label} {}", span(range, &kind.unit))
                        }
                        _ => label,
                    }
                })
                .collect();
            let tests = if tests.is_empty() { String::new() } else { format!(" ({})", tests.join(", ")) };
            format!("{verb} {}{tests}", names.join(" or "))
        }
        Condition::Goal { goals, areas } => {
            let goals = goals.as_ref().map_or_else(
                || "any goal".to_owned(),
                |set| set.iter().map(|ix| lower(&pack.goals[ix].label)).collect::<Vec<_>>().join(" or "),
            );
            // Only the outermost areas: "face" says its parts.
            let outer = areas.as_ref().map(|set| {
                set.iter()
                    .filter(|ix| pack.areas[*ix].parent.is_none_or(|parent| !set.contains(parent)))
                    .map(|ix| lower(&pack.areas[ix].label))
                    .collect::<Vec<_>>()
                    .join(" or ")
            });
            outer.map_or_else(|| format!("the goal is {goals}"), |areas| format!("the goal is {goals}, in {areas}"))
        }
    }
}

fn join(pack: &Pack, of: &[Condition], word: &str) -> String {
    let parts: Vec<String> = of
        .iter()
        .map(|part| match part {
            Condition::All(inner) | Condition::Any(inner) if inner.len() > 1 => format!("({})", sentence(pack, part)),
            _ => sentence(pack, part),
        })
        .collect();
    parts.join(word)
}

fn chosen(options: &[ChoiceOption], bits: u64, said: impl Fn(&str) -> String) -> String {
    let names: Vec<String> =
        options.iter().enumerate().filter(|(n, _)| bits >> n & 1 == 1).map(|(_, option)| said(&option.label)).collect();
    names.join(" or ")
}

fn span(range: &Range, unit: &str) -> String {
    let text = match (range.from, range.below) {
        (Some(from), Some(below)) if below.as_thousandths() == from.as_thousandths() + 1 => from.to_string(),
        (Some(from), Some(below)) => format!("{} and {}", lower_end(from), upper_end(below)),
        (Some(from), None) => lower_end(from),
        (None, Some(below)) => upper_end(below),
        (None, None) => "any".to_owned(),
    };
    if unit.is_empty() { text } else { format!("{text} {unit}") }
}

/// "over 3" is kept as "3.001 or more".
fn lower_end(from: Amount) -> String {
    let before = Amount::thousandths(from.as_thousandths() - 1);
    if from.as_thousandths() % 10 == 1 { format!("over {before}") } else { format!("{from} or more") }
}

/// "at most 3" is kept as "under 3.001".
fn upper_end(below: Amount) -> String {
    let before = Amount::thousandths(below.as_thousandths() - 1);
    if below.as_thousandths() % 10 == 1 { format!("at most {before}") } else { format!("under {below}") }
}
