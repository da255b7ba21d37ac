//! How grades look and sound: what one sees of a skin of phototype III, and what its owner tells of the sun. Cases that have
//! no words of their own for a grade take these, so that nobody copies the words of the scale.

use super::case::{Fact, Template};
use super::read::FACT;
use crate::intake::{Answer, read_answer};
use crate::pack::Pack;
use crate::source::{Cursor, Problems};

/// The words of one answer.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Sign {
    question: String,
    answer: Answer,
    /// What one sees.
    says: Vec<String>,
    /// What is told when asked.
    vague: Vec<String>,
}

/// Reads a row of `[[sign]]`.
pub(super) fn read(pack: &Pack, row: &Cursor<'_>, problems: &mut Problems) -> Option<Sign> {
    let mut fields = row.table("a sign", problems)?;
    let at = fields.need("id", problems);
    let value = fields.need("value", problems);
    let says = fields.texts("says", problems);
    let vague = fields.texts("vague", problems);
    let place = fields.place();
    fields.finish(problems);
    let (at, value) = (at?, value?);
    let id = at.text(problems)?;
    let Some(question) = pack.questions.find(id) else {
        problems.unknown_word(&at, FACT, "question", id, pack.questions.ids());
        return None;
    };
    let answer = read_answer(pack, question, &value, problems)?;
    if says.is_empty() {
        problems.at(&place, FACT, "a sign without words", "expected `says`, what one sees");
        return None;
    }
    Some(Sign { question: id.to_owned(), answer, says, vague })
}

/// Gives a fact the words of its grade, where it has none of its own. What an answer of the defaults is told as when asked
/// suits every grade and says nothing: the words of the grade go before it.
pub(super) fn tell(signs: &[Sign], fact: &mut Fact) {
    let Template::Fixed(answer) = &fact.value else { return };
    let Some(sign) = signs.iter().find(|sign| sign.question == fact.question && sign.answer == *answer) else { return };
    if fact.says.is_empty() {
        fact.says.clone_from(&sign.says);
    }
    if (fact.stock.is_some() || fact.vague.is_empty()) && !sign.vague.is_empty() {
        fact.vague.clone_from(&sign.vague);
    }
}
