//! A saved consultation, to read.

use super::assessment::Builder;
use super::explain::number;
use super::{Item, Page};
use crate::pack::Pack;
use crate::plan::Outcome;
use crate::tui::app::{App, RecordView};
use crate::tui::form::answer_words;
use crate::tui::theme::{meaning, sign};
use crate::tui::widget::rows::Rows;

/// The whole record as text.
pub fn page(app: &App, record: &RecordView, width: u16) -> Page {
    let theme = &app.theme;
    let mut page = Builder::new(Rows::new(theme, width), record.chosen);
    let (draft, assessment) = (&record.document.draft, &record.document.assessment);
    let verdict = assessment.verdict;
    page.section("Verdict", "");
    page.item(Item::Text, |rows, _| {
        let lead = format!("{}\u{a0}{}  ", sign(verdict), verdict.word().to_uppercase());
        rows.flow(0, 2, &[(&lead, theme.outcome(verdict)), (meaning(verdict), theme.text)]);
    });
    let signer = &draft.sheet.signer;
    pair(&mut page, "Signed", &format!("{} by {}, {}", record.document.signed, signer.name, signer.role));
    pair(&mut page, "Licence", &signer.licence);
    pair(&mut page, "Reflection time", &draft.sheet.reflection.label());
    pair(&mut page, "Note", &draft.sheet.note);
    pair(&mut page, "Pack", &format!("{} {}", assessment.pack.id, assessment.pack.version));

    page.section("Answers", "");
    match app.loaded() {
        Some(loaded) => answers(&loaded.pack, record, &mut page),
        None => page.text("·", "The rules are being read."),
    }
    if !assessment.findings.is_empty() {
        page.section("Findings", "");
        for finding in &assessment.findings {
            let outcome = Outcome::from(finding.verdict);
            page.item(Item::Text, |rows, _| {
                let lead = format!("{}\u{a0}{}: ", sign(outcome), finding.verdict.word());
                rows.flow(0, 2, &[(&lead, theme.outcome(outcome)), (&finding.title, theme.answer)]);
                rows.para(2, &finding.message, theme.muted);
                if let Some(reason) = draft.sheet.overrides.get(&finding.rule) {
                    rows.para(2, &format!("Overridden: {reason}"), theme.error);
                }
            });
        }
    }
    let Some(plan) = &assessment.plan else { return page.done() };
    page.section("Plan", if plan.conditional { "conditional" } else { "" });
    for cocktail in &plan.cocktails {
        page.item(Item::Text, |rows, _| {
            let of = format!("  {}, {}", cocktail.goal_label, cocktail.area_label);
            rows.flow(0, 2, &[(&cocktail.label, theme.answer), (&of, theme.muted)]);
            for dose in &cocktail.ingredients {
                let words = format!("{} {}, {} mL  {}", dose.label, dose.concentration, number(dose.volume_ml), dose.dose);
                rows.bullet(2, "·", theme.muted, &words, theme.text);
            }
            rows.para(2, &format!("{}, {}", cocktail.technique_label, cocktail.needle), theme.muted);
        });
    }
    for session in &plan.sessions {
        let day = session.date.map_or_else(|| format!("day {}", session.after_days), |date| date.to_string());
        page.text("●", &format!("Session {}: {day}, {}", session.number, session.phase));
    }
    for review in &plan.reviews {
        let day = review.date.map_or_else(|| format!("day {}", review.after_days), |date| date.to_string());
        page.text("◆", &format!("Review: {day}, {}", review.what));
    }
    if !plan.consent.is_empty() {
        page.section("Consent", "");
        for point in &plan.consent {
            let mark = if draft.sheet.covered.contains(&point.id) { "[x]" } else { "[ ]" };
            page.text(mark, &point.text);
        }
    }
    page.done()
}

fn answers(pack: &Pack, record: &RecordView, page: &mut Builder<'_>) {
    let intake = &record.document.draft.sheet.intake;
    for question in &pack.questions {
        if let Some(answer) = intake.get(&question.id) {
            pair(page, &question.label, &answer_words(pack, question, answer));
        }
    }
    // Answers to questions that a later pack no longer has are still part of the record.
    for (id, answer) in &intake.answers {
        if pack.questions.get(id).is_none() {
            pair(page, id, &format!("{answer:?}"));
        }
    }
}

fn pair(page: &mut Builder<'_>, label: &str, value: &str) {
    if value.is_empty() {
        return;
    }
    page.item(Item::Text, |rows, _| {
        let style = rows.theme.text;
        rows.pair(label, 32.min(rows.width / 2), value, style);
    });
}
