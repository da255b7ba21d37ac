//! What a layer makes stricter and leaves in the words of the layer below.

use super::Subject;
use super::book::Book;
use crate::source::{Code, Problems};

const MILDER_WORDS: Code = Code("L0406");

/// A stricter verdict whose patient goes on reading what belongs to the milder one. (A longer wait in the words of the
/// shorter one is a mistake, and refused.)
pub(super) fn look(subject: Subject<'_>, book: &Book<'_>, notes: &mut Problems) {
    for row in book.of_kind("tighten") {
        let (Some(rule), Some(verdict)) = (row.text("rule"), row.text("verdict")) else { continue };
        let below = book.of_kind("tighten").filter(|other| other.layer < row.layer && other.text("rule") == Some(rule));
        let read = book.find("rule", rule).into_iter().chain(below).filter_map(|row| row.text("patient")).last();
        let (Some(read), None) = (read, row.text("patient")) else { continue };
        let was = subject.pack.rules.get(rule).map_or("a milder one", |rule| rule.first_verdict.word());
        notes.at_with_help(
            &row.at("verdict"),
            MILDER_WORDS,
            format!("rule `{rule}` says `{verdict}` here, and the patient still reads what was written for `{was}`"),
            "expected `patient` beside it",
            format!("write `patient` in this [[tighten]]; below it is\npatient = {read:?}"),
        );
    }
}
