//! What speaks against nothing: drawn into patients, so that not everything they have is a finding.

use super::case::{Case, Template};
use super::read::FACT;
use crate::intake::{Answer, Intake, What, read_answer};
use crate::pack::{Condition, List, Pack, QuestionKind};
use crate::proof::Seeded;
use crate::source::{Cursor, Problems};

/// How many such facts a patient gets, drawn among these.
const HOW_MANY: [usize; 5] = [0, 1, 1, 2, 2];

/// An entry of a list that no rule reads, in the patient's words.
#[derive(Clone, PartialEq, Debug)]
pub struct Harmless {
    /// The question of the list.
    pub question: String,
    /// The list with this entry.
    pub answer: Answer,
    /// The words, of which one is drawn.
    pub says: Vec<String>,
    /// Only patients of this sex have it.
    pub sex: Option<String>,
    /// Only patients from this age to that one have it.
    pub ages: std::ops::RangeInclusive<i32>,
    /// A rule that reads it after all, such as one of a clinic's layer; then nobody has it.
    pub read_by: Option<String>,
}

/// Reads a row of `[[harmless]]`.
pub(super) fn read(pack: &Pack, row: &Cursor<'_>, problems: &mut Problems) -> Option<Harmless> {
    let mut fields = row.table("a harmless fact", problems)?;
    let at = fields.need("id", problems);
    let value = fields.need("value", problems);
    let says = fields.texts("says", problems);
    let sex = fields.get("sex");
    let from_age = fields.whole("from_age", 0, 120, problems).unwrap_or(0);
    let to_age = fields.whole("to_age", from_age, 120, problems).unwrap_or(120);
    let place = fields.place();
    fields.finish(problems);
    let (at, value) = (at?, value?);
    let id = at.text(problems)?;
    let Some(question) = pack.questions.find(id) else {
        problems.unknown_word(&at, FACT, "question", id, pack.questions.ids());
        return None;
    };
    let QuestionKind::List(list) = pack.questions[question].kind else {
        problems.at(&at, FACT, format!("`{id}` is no list"), "expected a question that takes entries");
        return None;
    };
    let answer = read_answer(pack, question, &value, problems)?;
    let sex = match sex {
        Some(at) => {
            let asked = pack.questions.find("patient.sex")?;
            match read_answer(pack, asked, &at, problems)? {
                Answer::Choice(sex) => Some(sex),
                _ => None,
            }
        }
        None => None,
    };
    let Answer::Items(entries) = &answer else { return None };
    if entries.is_empty() || says.is_empty() {
        problems.at(&place, FACT, "a harmless fact needs an entry and words", "expected `value` and `says`");
        return None;
    }
    let mut read_by = None;
    for entry in entries {
        match &entry.what {
            What::FreeText(text) => {
                let message = format!("`{text}` is no entry of the vocabulary");
                problems.at(&value, FACT, message, "words without a code are reviewed by hand: take an `id`");
            }
            What::Coded(id) => read_by = read_by.or_else(|| reader(pack, list, id)),
        }
    }
    let read_by = read_by.map(str::to_owned);
    Some(Harmless { question: id.to_owned(), answer, says, sex, ages: from_age..=to_age, read_by })
}

/// A rule that reads an item.
fn reader<'p>(pack: &'p Pack, list: List, id: &str) -> Option<&'p str> {
    let item = pack.list(list).find(id)?;
    let reads = |condition: &Condition| {
        let mut found = false;
        condition.visit(&mut |part| {
            found |= matches!(part, Condition::Listed { list: of, items, .. } if *of == list && items.contains(item));
        });
        found
    };
    pack.rules.iter().find(|rule| reads(&rule.when)).map(|rule| rule.id.as_str())
}

/// What is drawn into a patient beside what the case says: at most one entry for a question, and only where the case leaves
/// the answer to the defaults. The question, the answer, the words.
pub(super) fn company(case: &Case, seed: u64, patient: &Intake) -> Vec<(String, Answer, String)> {
    let mut draw = Seeded::new(seed, &format!("{}/harmless", case.id));
    let sex = match patient.get("patient.sex") {
        Some(Answer::Choice(sex)) => sex.as_str(),
        _ => "",
    };
    let age = match patient.get("patient.age") {
        Some(Answer::Number(years)) => i32::try_from(years.as_thousandths() / 1000).unwrap_or(0),
        _ => 0,
    };
    let left_open = |question: &str| {
        let mut here = case.facts.iter().filter(|fact| fact.question == question);
        here.all(|fact| {
            let none = matches!(&fact.value, Template::Fixed(Answer::Items(entries)) if entries.is_empty());
            fact.stock.is_some() && none
        })
    };
    let mut open: Vec<&Harmless> = case
        .harmless
        .iter()
        .filter(|row| row.read_by.is_none() && row.sex.as_deref().is_none_or(|only| only == sex))
        .filter(|row| row.ages.contains(&age) && left_open(&row.question))
        .collect();
    let mut drawn = Vec::new();
    let many = HOW_MANY.get(draw.below(HOW_MANY.len())).copied().unwrap_or(0);
    for _ in 0..many {
        let Some(row) = open.get(draw.below(open.len())).copied() else { break };
        let Some(says) = row.says.get(draw.below(row.says.len())) else { break };
        drawn.push((row.question.clone(), row.answer.clone(), says.clone()));
        open.retain(|other| other.question != row.question);
    }
    drawn
}
