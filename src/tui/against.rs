//! What is on record and not among the answers: an allergy is not lost by one key. It is asked about again, and the record
//! says that it was.

use std::collections::BTreeMap;

use super::form;
use super::history::AlikeLine;
use super::sheet::Sheet;
use crate::intake::{Answer, Entry, What};
use crate::pack::{List, Pack, Question, QuestionKind};
use crate::record::LeftOut;

/// What the answers leave out of what is offered by the last consultation of this patient; without one, of what is on
/// record of somebody who is probably the same.
#[must_use]
pub fn left_out(pack: &Pack, sheet: &Sheet, alike: &[AlikeLine]) -> Vec<LeftOut> {
    pack.questions.iter().filter_map(|question| of(pack, sheet, alike, question)).collect()
}

/// Of those, the ones that nobody has been asked about again.
#[must_use]
pub fn open(pack: &Pack, sheet: &Sheet, alike: &[AlikeLine]) -> Vec<LeftOut> {
    let mut all = left_out(pack, sheet, alike);
    all.retain(|one| !asked_again(sheet, one));
    all
}

/// Whether somebody said on purpose that all of it is left out.
#[must_use]
pub fn asked_again(sheet: &Sheet, one: &LeftOut) -> bool {
    let asked = sheet.left_out.get(&one.question);
    asked.is_some_and(|asked| one.gone.iter().all(|gone| asked.gone.contains(gone)))
}

/// What "none" would leave out, if nobody has been asked about it yet.
#[must_use]
pub fn by_none(pack: &Pack, sheet: &Sheet, alike: &[AlikeLine], question: &str) -> Option<LeftOut> {
    let mut none = sheet.clone();
    none.intake.set(question, Answer::Items(Vec::new()));
    let one = of(pack, &none, alike, pack.questions.get(question)?)?;
    (!asked_again(sheet, &one)).then_some(one)
}

fn of(pack: &Pack, sheet: &Sheet, alike: &[AlikeLine], question: &Question) -> Option<LeftOut> {
    let QuestionKind::List(list) = question.kind else { return None };
    let Some(Answer::Items(now)) = sheet.intake.get(&question.id) else { return None };
    let gone = |said: &[Entry]| -> Vec<String> {
        let missing = said.iter().filter(|entry| !now.iter().any(|other| word(other) == word(entry)));
        missing.map(|entry| form::entry_label(pack, Some(list), entry)).collect()
    };
    let (from, gone) = match &sheet.carried {
        Some(carried) => match carried.earlier.offers().find(|(id, _)| *id == question.id)?.1.shown() {
            Answer::Items(said) => (carried.earlier.day().to_string(), gone(said)),
            _ => return None,
        },
        None => alike.iter().filter(|line| line.likely).find_map(|line| {
            let gone = gone(&entries(pack, list, &line.known, &question.id));
            (!gone.is_empty()).then(|| (format!("{}, {}", line.name, line.seen), gone))
        })?,
    };
    let (question, label) = (question.id.clone(), question.label.clone());
    (!gone.is_empty()).then_some(LeftOut { question, label, gone, from, asked_at: None })
}

fn entries(pack: &Pack, list: List, known: &BTreeMap<String, Vec<String>>, question: &str) -> Vec<Entry> {
    let coded = |word: &String| pack.list(list).get(word).is_some();
    let entry = |word: &String| if coded(word) { Entry::coded(word) } else { Entry::free_text(word) };
    known.get(question).into_iter().flatten().map(entry).collect()
}

/// The allergies of somebody on record, in words.
#[must_use]
pub fn allergies(pack: &Pack, known: &BTreeMap<String, Vec<String>>) -> Vec<String> {
    let question = &pack.questions[pack.roles.allergies];
    let QuestionKind::List(list) = question.kind else { return Vec::new() };
    let all = entries(pack, list, known, &question.id);
    all.iter().map(|entry| form::entry_label(pack, Some(list), entry)).collect()
}

fn word(entry: &Entry) -> &str {
    match &entry.what {
        What::Coded(id) => id,
        What::FreeText(words) => words,
    }
}
