//! A change as people read it: a fact, never advice.

use jiff::ToSpan;
use jiff::civil::Date;

use super::edits::{By, Edit};
use crate::intake::{Answer, Entry, GoalEntry, Intake, Value, What};
use crate::pack::{List, Pack, QualifierKind, QuestionIx, QuestionKind};
use crate::plan::absent;
use crate::rules::{lower, spoken};

/// More values than are named one by one.
const NAMED: usize = 4;

/// A change, or several values of one change, after "if".
pub(super) fn said(pack: &Pack, intake: &Intake, today: Date, by: By, edits: &[&Edit]) -> String {
    let mut leads: Vec<(String, Vec<String>)> = Vec::new();
    for edit in edits {
        let (lead, value) = match edit {
            Edit::Also { question, entry } if edits.len() > 1 => {
                let plain =
                    Edit::Also { question: *question, entry: Entry { what: entry.what.clone(), ..Entry::coded("") } };
                parts(pack, intake, today, by, &plain)
            }
            edit => parts(pack, intake, today, by, edit),
        };
        match leads.iter_mut().find(|(known, _)| *known == lead) {
            // Of one item among several it does not matter how it is put.
            Some((_, values)) => values.extend(value.filter(|value| !values.contains(value))),
            None => leads.push((lead, value.into_iter().collect())),
        }
    }
    let sentences: Vec<String> = leads
        .into_iter()
        .map(|(lead, values)| match values.len() {
            0 => lead,
            1..=NAMED => format!("{lead} {}", values.join(" or ")),
            n => format!("{lead} {} or one of {} more", values[..NAMED - 1].join(", "), n - (NAMED - 1)),
        })
        .collect();
    sentences.join(", or ")
}

/// An open question and the answer it would need.
pub(super) fn open_answer(pack: &Pack, edit: &Edit) -> Vec<(String, String)> {
    let Edit::Answers(answers) = edit else { return Vec::new() };
    answers.iter().map(|(ix, answer)| (pack.questions[*ix].label.clone(), value_of(pack, *ix, answer))).collect()
}

/// What would be otherwise, and its value if it has one.
fn parts(pack: &Pack, intake: &Intake, today: Date, by: By, edit: &Edit) -> (String, Option<String>) {
    match edit {
        Edit::Answers(answers) => {
            let one = |(ix, answer): &(QuestionIx, Answer)| {
                let label = lower(&pack.questions[*ix].label);
                let were = if by == By::Answer { "were found to be:" } else { "were:" };
                (format!("{label} {were}"), value_of(pack, *ix, answer))
            };
            match answers.as_slice() {
                [single] => {
                    let (lead, value) = one(single);
                    (lead, Some(value))
                }
                several => {
                    let all = several.iter().map(one).map(|(lead, value)| format!("{lead} {value}"));
                    (all.collect::<Vec<_>>().join(" and "), None)
                }
            }
        }
        Edit::Without { question, entry } => {
            let Some((list, label)) = item(pack, intake, *question, *entry) else { return (String::new(), None) };
            (absent(list, &label), None)
        }
        Edit::Also { question, entry } => {
            let QuestionKind::List(list) = pack.questions[*question].kind else { return (String::new(), None) };
            let said: Vec<String> = entry.qualifiers.iter().map(|(id, value)| qualifier(pack, id, value)).collect();
            let said = if said.is_empty() { String::new() } else { format!(" ({})", said.join(", ")) };
            (format!("there were also, among {},", list.word()), Some(format!("{}{said}", label_of(pack, list, entry))))
        }
        Edit::Qualified { question, entry, qualifier: ix, value } => {
            let Some((_, label)) = item(pack, intake, *question, *entry) else { return (String::new(), None) };
            let row = &pack.qualifiers[*ix];
            let name = lower(row.label.split(" (").next().unwrap_or(&row.label));
            let were = if by == By::Answer { "were found to be" } else { "were" };
            (format!("{label}: {name} {were}"), Some(value_words(pack, &row.id, value)))
        }
        Edit::Later(days) => {
            let day = today.checked_add(days.days()).unwrap_or(today);
            (format!("nothing were done before {day} ({days} days from now)"), None)
        }
        Edit::Goal { entry, instead } => goal(pack, intake, *entry, instead.as_ref()),
    }
}

fn goal(pack: &Pack, intake: &Intake, entry: usize, instead: Option<&GoalEntry>) -> (String, Option<String>) {
    let wanted = match intake.get(&pack.questions[pack.roles.goals].id) {
        Some(Answer::Goals(wanted)) => wanted.get(entry),
        _ => None,
    };
    let Some(now) = wanted else { return (String::new(), None) };
    let name = |id: &str| pack.goals.get(id).map_or_else(|| id.to_owned(), |goal| lower(&goal.label));
    let areas = |of: &GoalEntry| {
        let one = |id: &String| pack.areas.get(id).map_or_else(|| id.clone(), |area| lower(&area.label));
        of.areas.iter().map(one).collect::<Vec<_>>().join(" and ")
    };
    match instead {
        None => (format!("{} were not asked for", name(&now.goal)), None),
        Some(other) if other.goal == now.goal => {
            (format!("{} were asked for only in:", name(&now.goal)), Some(areas(other)))
        }
        Some(other) => {
            let lead = format!("in place of {} ({}) one asked for:", name(&now.goal), areas(other));
            (lead, Some(name(&other.goal)))
        }
    }
}

fn item(pack: &Pack, intake: &Intake, question: QuestionIx, entry: usize) -> Option<(List, String)> {
    let row = &pack.questions[question];
    let QuestionKind::List(list) = row.kind else { return None };
    Some((list, label_of(pack, list, intake.entries(&row.id).get(entry)?)))
}

fn label_of(pack: &Pack, list: List, entry: &Entry) -> String {
    match &entry.what {
        What::Coded(id) => pack.list(list).get(id).map_or_else(|| id.clone(), |item| lower(&item.label)),
        What::FreeText(words) => format!("\u{201c}{words}\u{201d}"),
    }
}

fn qualifier(pack: &Pack, id: &str, value: &Value) -> String {
    let label = pack.qualifiers.get(id).map_or(id, |row| row.label.split(" (").next().unwrap_or(&row.label));
    format!("{} {}", lower(label), value_words(pack, id, value))
}

fn value_words(pack: &Pack, id: &str, value: &Value) -> String {
    match (value, pack.qualifiers.get(id).map(|row| &row.kind)) {
        (Value::Choice(word), Some(QualifierKind::Choice(options))) => {
            let label = options.iter().find(|option| option.id == *word).map(|option| lower(&option.label));
            label.or_else(|| pack.areas.get(word).map(|area| lower(&area.label))).unwrap_or_else(|| word.clone())
        }
        (Value::Number(n), Some(QualifierKind::Number(kind))) => format!("{n} {}", kind.unit).trim_end().to_owned(),
        (Value::Choice(word), _) => word.clone(),
        (Value::Number(n), _) => n.to_string(),
        (Value::Unknown, _) => "not known".to_owned(),
    }
}

fn value_of(pack: &Pack, question: QuestionIx, answer: &Answer) -> String {
    let row = &pack.questions[question];
    match answer {
        Answer::Choice(id) => {
            let option = row.options().iter().find(|option| option.id == *id);
            option.map_or_else(|| id.clone(), |option| spoken(pack, question, &option.label))
        }
        Answer::Number(n) => match &row.kind {
            QuestionKind::Number(kind) => format!("{n} {}", kind.unit).trim_end().to_owned(),
            _ => n.to_string(),
        },
        Answer::Goals(wanted) => {
            let one = |entry: &GoalEntry| {
                let goal = pack.goals.get(&entry.goal).map_or_else(|| entry.goal.clone(), |goal| lower(&goal.label));
                let areas = entry
                    .areas
                    .iter()
                    .map(|id| pack.areas.get(id).map_or_else(|| id.clone(), |area| lower(&area.label)));
                format!("{goal} ({})", areas.collect::<Vec<_>>().join(", "))
            };
            wanted.iter().map(one).collect::<Vec<_>>().join(", ")
        }
        Answer::Items(entries) if entries.is_empty() => "none".to_owned(),
        Answer::Items(_) | Answer::Unknown | Answer::Date(_) | Answer::Text(_) => "answered".to_owned(),
    }
}
