//! Unknown and unasked answers: each question in turn is left open while everything else stays as it is.

use super::super::circuit::Lit;
use super::super::model::Model;
use super::super::outcome::Outcome;
use super::super::question::{Property, Question};
use super::looser;
use crate::pack::QuestionKind;

/// Questions of (f). A question that is marked optional counts as answered with what is harmless when it is not asked:
/// that is its meaning, and it is left out here.
pub(in super::super) fn unknown(m: &mut Model<'_>, all: &mut Vec<Question>) {
    let pack = m.pack;
    for (ix, question) in pack.questions.entries() {
        // Text is read by nobody, a question of a scale by its scale; a date only through what is computed from it,
        // which is asked about by itself.
        let unread = matches!(question.kind, QuestionKind::Text | QuestionKind::Date) || question.scale.is_some();
        if question.derived || unread {
            continue;
        }
        for not_asked in [false, true] {
            if not_asked && question.optional {
                continue;
            }
            let mut changed = m.raw.clone();
            changed.states[ix.get()] = m.raw.of(ix).without_value(not_asked);
            m.space.derive(pack, &mut m.circuit, &mut changed);
            let (open, settled) = Outcome::changed(m, &changed);
            let place = m.keep(changed);
            let looser = looser(&mut m.circuit, &open, &m.outcome);
            // Whom a question does not concern need not be asked.
            let applies = if not_asked { settled.of(ix).not_asked } else { Lit::TRUE };
            // A scale that is filled in answers a question that nobody asks, and no longer disagrees with an answer.
            let alone = pack.scales.iter().zip(&m.raw.differs).filter(|(scale, _)| not_asked && scale.answers == ix);
            let wires: Vec<Lit> = alone.map(|(_, differs)| !*differs).chain([applies, looser]).collect();
            let how = if not_asked { "not asked" } else { "unknown" };
            all.push(Question {
                property: Property::UnknownNeverLoosens,
                subject: format!("{}/{}", question.id, how.replace(' ', "-")),
                message: format!("with {} {how} the outcome is looser than with an answer", question.id),
                wires,
                must_be_possible: false,
                changed: Some(place),
                blame: vec![format!("question:{}", question.id)],
            });
        }
    }
}
