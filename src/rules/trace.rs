//! What a condition read, in words.

use super::evaluate::{Truth, entry_passes, evaluate};
use crate::intake::{CodedFact, Fact, Facts, QualifierFact};
use crate::pack::{
    Amount, ChoiceOption, Condition, Item, Ix, List, Pack, Qualifier, QualifierKind, QualifierTest, QuestionIx,
    QuestionKind,
};

/// One thing a condition read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Leaf {
    /// The question it belongs to.
    pub question: String,
    /// The answer, in words.
    pub text: String,
    /// Whether it speaks for the condition.
    pub truth: Truth,
    /// What was not known, in words.
    pub unknown: Vec<String>,
    /// The position of the entry, for lists.
    pub entry: Option<usize>,
}

/// Everything a condition reads. Under a negation the truth is that of the negated statement.
#[must_use]
pub fn leaves(pack: &Pack, facts: &Facts, condition: &Condition) -> Vec<Leaf> {
    let mut found = Vec::new();
    collect(pack, facts, condition, false, &mut found);
    found.dedup();
    found
}

fn collect(pack: &Pack, facts: &Facts, condition: &Condition, negated: bool, found: &mut Vec<Leaf>) {
    let turn = |truth: Truth| match (negated, truth) {
        (true, Truth::True) => Truth::False,
        (true, Truth::False) => Truth::True,
        (_, other) => other,
    };
    match condition {
        Condition::All(of) | Condition::Any(of) | Condition::AtLeast { of, .. } => {
            of.iter().for_each(|part| collect(pack, facts, part, negated, found));
        }
        Condition::Not(inner) => collect(pack, facts, inner, !negated, found),
        Condition::Choice { question, .. } | Condition::Number { question, .. } => {
            let (text, known) = answer_text(pack, facts, *question);
            let unknown = if known { Vec::new() } else { vec![text.clone()] };
            let truth = turn(evaluate(pack, facts, condition));
            found.push(Leaf { question: pack.questions[*question].id.clone(), text, truth, unknown, entry: None });
        }
        Condition::Listed { question, list, items, with } => {
            let id = pack.questions[*question].id.clone();
            let word = list_word(*list);
            let mut any = false;
            for (n, entry) in facts.items(*question).iter().enumerate() {
                if !entry.item.is_some_and(|item| items.contains(item)) {
                    continue;
                }
                any = true;
                let (text, unknown) = entry_text(pack, word, entry, with);
                let truth = turn(entry_passes(entry, with));
                found.push(Leaf { question: id.clone(), text, truth, unknown, entry: Some(n) });
            }
            if !any {
                let (text, unknown) = match facts.get(*question) {
                    Fact::Items(_) => (format!("{word}: none of {}", names(pack, *list, items)), Vec::new()),
                    Fact::NotAsked => (format!("{word}: not asked"), Vec::new()),
                    _ => (format!("{word}: not known"), vec![format!("{word}: not known")]),
                };
                let truth = turn(evaluate(pack, facts, condition));
                found.push(Leaf { question: id, text, truth, unknown, entry: None });
            }
        }
        Condition::Goal { .. } => {
            let text = match facts.get(pack.roles.goals) {
                Fact::Goals(goals) => {
                    let all: Vec<String> = goals
                        .iter()
                        .filter(|goal| goal_matches(condition, goal))
                        .map(|goal| {
                            let areas: Vec<String> = goal.areas.iter().map(|a| lower(&pack.areas[*a].label)).collect();
                            format!("{} ({})", lower(&pack.goals[goal.goal].label), areas.join(", "))
                        })
                        .collect();
                    if all.is_empty() {
                        "goals: another goal or area".to_owned()
                    } else {
                        format!("goals: {}", all.join("; "))
                    }
                }
                _ => "goals: not asked".to_owned(),
            };
            let truth = turn(evaluate(pack, facts, condition));
            let question = pack.questions[pack.roles.goals].id.clone();
            found.push(Leaf { question, text, truth, unknown: Vec::new(), entry: None });
        }
    }
}

fn goal_matches(condition: &Condition, goal: &crate::intake::GoalFact) -> bool {
    let Condition::Goal { goals, areas } = condition else { return false };
    goals.as_ref().is_none_or(|set| set.contains(goal.goal))
        && areas.as_ref().is_none_or(|set| goal.areas.iter().any(|area| set.contains(*area)))
}

/// The answer to a question in words, and whether it is known.
fn answer_text(pack: &Pack, facts: &Facts, question: QuestionIx) -> (String, bool) {
    let row = &pack.questions[question];
    let label = lower(&row.label);
    match (facts.get(question), &row.kind) {
        (Fact::Choice(n), QuestionKind::Choice(options)) => {
            let answer = options.get(*n).map_or("?", |o| o.label.as_str());
            (format!("{label}: {}{}", spoken(pack, question, answer), by_scale(pack, facts, question)), true)
        }
        (Fact::Number(n), QuestionKind::Number(kind)) => {
            (format!("{label}: {}{}", with_unit(*n, &kind.unit), by_scale(pack, facts, question)), true)
        }
        (Fact::NotAsked, _) => (format!("{label}: not asked"), true),
        (Fact::NotApplicable, _) => (format!("{label}: does not apply"), true),
        _ => (format!("{label}: not known"), false),
    }
}

/// Where an answer comes from that nobody gave directly.
fn by_scale(pack: &Pack, facts: &Facts, question: QuestionIx) -> String {
    facts.decided_by(question).map_or_else(String::new, |scored| {
        format!(", from the {}: {}", pack.scales[scored.scale].label, points(scored.points))
    })
}

/// A sum of a scale.
#[must_use]
pub fn points(n: u16) -> String {
    if n == 1 { "1 point".to_owned() } else { format!("{n} points") }
}

fn with_unit(n: Amount, unit: &str) -> String {
    match unit {
        "" => n.to_string(),
        "days" if n == Amount::whole(1) => format!("{n} day"),
        unit => format!("{n} {unit}"),
    }
}

/// "medications: isotretinoin (days since the last dose 20)", and what of it is not known.
fn entry_text(pack: &Pack, word: &str, entry: &CodedFact, with: &[QualifierTest]) -> (String, Vec<String>) {
    let name = lower(&entry.text);
    let mut said = Vec::new();
    let mut unknown = Vec::new();
    for test in with {
        let label = lower(short(&pack.qualifiers[test.qualifier].label));
        match entry.qualifier(test.qualifier) {
            Some(QualifierFact::Choice(n)) => said.push(option_label(pack, test.qualifier, n)),
            Some(QualifierFact::Number(n)) => said.push(number_text(pack, test.qualifier, n)),
            Some(QualifierFact::Unknown) | None => {
                said.push(format!("{label} not known"));
                unknown.push(format!("{name}: {label} not known"));
            }
        }
    }
    let text =
        if said.is_empty() { format!("{word}: {name}") } else { format!("{word}: {name} ({})", said.join(", ")) };
    (text, unknown)
}

fn option_label(pack: &Pack, qualifier: Ix<Qualifier>, n: usize) -> String {
    match &pack.qualifiers[qualifier].kind {
        QualifierKind::Choice(options) => options
            .get(n)
            .map(|option: &ChoiceOption| {
                let said = lower(&option.label);
                // "no" alone does not say to what.
                let bare = matches!(option.id.as_str(), "yes" | "no");
                if bare { format!("{}: {said}", lower(short(&pack.qualifiers[qualifier].label))) } else { said }
            })
            .unwrap_or_default(),
        QualifierKind::Number(_) => String::new(),
    }
}

fn number_text(pack: &Pack, qualifier: Ix<Qualifier>, n: Amount) -> String {
    let row = &pack.qualifiers[qualifier];
    match &row.kind {
        QualifierKind::Number(kind) if row.id == "days_ago" => format!("{} ago", with_unit(n, &kind.unit)),
        QualifierKind::Number(kind) => format!("{} {}", lower(short(&row.label)), with_unit(n, &kind.unit)),
        QualifierKind::Choice(_) => n.to_string(),
    }
}

/// A label without its explanation in brackets.
fn short(label: &str) -> &str {
    label.split(" (").next().unwrap_or(label)
}

/// The word a list goes by in "because".
#[must_use]
const fn list_word(list: List) -> &'static str {
    match list {
        List::Allergens => "allergies",
        List::Ingredients => "requested",
        other => other.word(),
    }
}

fn names(pack: &Pack, list: List, items: &crate::pack::Set<Item>) -> String {
    let mut names: Vec<String> = items.iter().take(4).map(|ix| lower(&pack.list(list)[ix].label)).collect();
    let rest = items.iter().count().saturating_sub(4);
    if rest > 0 {
        names.push(format!("{rest} more"));
    }
    names.join(", ")
}

/// The label of an answer inside a sentence; places keep their capital.
#[must_use]
pub(crate) fn spoken(pack: &Pack, question: QuestionIx, label: &str) -> String {
    if question == pack.roles.jurisdiction { label.to_owned() } else { lower(label) }
}

/// A label inside a sentence: lower case unless it starts like an acronym.
#[must_use]
pub(crate) fn lower(label: &str) -> String {
    let mut chars = label.chars();
    match (chars.next(), chars.next()) {
        (Some(first), Some(second)) if second.is_lowercase() || second == ' ' => {
            first.to_lowercase().chain(std::iter::once(second)).chain(chars).collect()
        }
        _ => label.to_owned(),
    }
}
