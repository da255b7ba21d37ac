//! Explanations as people read them.

use super::assessment_text::{self, finding, finding_lead, grounds, missing};
use super::case::Assumed;
use super::counterfactual_text;
use super::explain::Solved;
use super::page::{Ink, Page, sign};
use crate::plan::{Assessment, Change, Explanation, IngredientExplanation, Outcome, RuleExplanation, ScaleExplanation};

/// Every finding, and what would change the verdict.
pub(super) fn whole(
    page: &mut Page,
    assessment: &Assessment,
    explanation: &Explanation,
    solved: Solved<'_>,
    assumed: &[Assumed],
) {
    verdict(page, assessment);
    assessment_text::filled_in(page, assumed);
    assessment_text::scales(page, assessment);
    missing(page, &assessment.missing);
    if let Some(ahead) = solved.ahead {
        page.heading("What the open questions can still do");
        counterfactual_text::write_outlook(page, ahead);
    }
    if explanation.rules.is_empty() && explanation.others.is_empty() {
        page.gap();
        page.text(0, 0, "No rule fired.");
    }
    for row in &explanation.rules {
        rule(page, row);
    }
    for row in &explanation.others {
        finding(page, row);
    }
    if assessment.verdict != Outcome::Proceed {
        page.heading("What would change the verdict");
        counterfactual_text::write(page, solved.fewest);
        if assessment.verdict == Outcome::Incomplete && !explanation.changes.is_empty() {
            page.text(2, 2, "One open question answered:");
            for change in &explanation.changes {
                self::change(page, 4, change);
            }
        }
    }
    if let Some(found) = solved.stricter {
        page.heading("What would have made it stricter");
        counterfactual_text::write_stricter(page, found);
    }
    page.gap();
    page.text(0, 2, &assessment_text::pack_line(&assessment.pack));
}

/// The verdict of the assessment, for every explanation.
pub(super) fn verdict(page: &mut Page, assessment: &Assessment) {
    assessment_text::verdict(page, assessment);
}

/// One rule, whether or not it fired.
pub(super) fn rule(page: &mut Page, row: &RuleExplanation) {
    page.gap();
    let (fired, ink) = finding_lead(row.verdict);
    let (lead, ink) =
        if row.fired { (fired, ink) } else { (format!("· {} (did not fire)", row.verdict.word()), Ink::Dim) };
    page.inked(0, 2, ink, &lead, &format!("{} [{}]", row.title, row.rule));
    page.field(2, "standing", &row.standing);
    page.field(2, "does", &row.message);
    page.field(2, "fires when", &row.sentence);
    let answers = row.answers.iter().map(|a| format!("{}: {} [{}]", a.holds, a.text, a.question));
    page.fields(2, if row.fired { "because" } else { "read" }, answers);
    page.field(2, "why", &row.why);
    page.fields(2, "contested", &row.contested);
    grounds(page, 2, row.basis, Some(row.evidence), &row.sources);
    page.field(2, "review", &row.review.words_on(row.today));
    assessment_text::layers(page, 2, &row.tightened, row.clinic_override.as_ref());
    let overriding = match (row.absolute, row.override_reasons.as_slice()) {
        (true, _) => "never: the rule is absolute".to_owned(),
        (false, []) => "not possible".to_owned(),
        (false, reasons) => format!("possible when: {}", reasons.join("; ")),
    };
    page.field(2, "override", &overriding);
    changes(page, &row.changes, row.fired);
    page.field(2, "defined", &row.place);
}

fn changes(page: &mut Page, changes: &[Change], wanted: bool) {
    if changes.is_empty() {
        if wanted {
            page.field(2, "change", "no single answer would lift it");
        }
        return;
    }
    page.text(2, 0, "What would change it:");
    for change in changes {
        self::change(page, 4, change);
    }
}

fn change(page: &mut Page, indent: usize, change: &Change) {
    let (sign, _) = sign(change.verdict);
    let outcome = change.verdict.word().to_uppercase();
    page.inked(indent, 2, Ink::Plain, "-", &format!("if {}, then {sign} {outcome}", change.what));
}

/// One ingredient, whether or not it is in the plan.
pub(super) fn ingredient(page: &mut Page, row: &IngredientExplanation) {
    page.gap();
    let (sign, ink) = match row.state {
        "in the plan" => ("✓", Ink::Good),
        "excluded" => ("✗", Ink::Stop),
        _ => ("·", Ink::Bold),
    };
    page.inked(0, 2, ink, &format!("{sign} {}", row.state.to_uppercase()), &format!("{} [{}]", row.label, row.id));
    page.fields(2, "because", &row.reasons);
    page.field(2, "UNII", row.unii.as_deref().unwrap_or_default());
    page.field(2, "purpose", &row.purpose);
    page.field(2, "caution", &row.caution);
    page.fields(2, "evidence", &row.evidence);
    page.fields(2, "limits", &row.limits);
    page.field(2, "contains", &row.contains.join(", "));
    page.fields(2, "mixing", &row.mixing);
    page.field(2, "status", &row.status.join(", "));
    grounds(page, 2, row.basis, None, &row.sources);
    page.field(2, "review", &row.review.words_on(row.today));
    changes(page, &row.changes, row.state == "excluded");
}

/// One scored scale, finished or not.
pub(super) fn scale(page: &mut Page, row: &ScaleExplanation) {
    page.gap();
    let (sign, ink) = if row.result.is_some() { ("✓", Ink::Good) } else { ("·", Ink::Bold) };
    page.inked(
        0,
        2,
        ink,
        &format!("{sign} {} of {} points", row.points, row.most),
        &format!("{} [{}]", row.label, row.scale),
    );
    let said = match &row.result {
        Some(result) => result.sentence(),
        None => format!("{}: open until every question has points", row.question_label),
    };
    page.field(2, "says", &said);
    page.fields(
        2,
        "answers",
        row.items.iter().map(|item| match (&item.answer, item.points) {
            (Some(answer), Some(points)) => format!("{points}: {}: {answer} [{}]", item.label, item.question),
            (Some(answer), None) => format!("-: {}: {answer} [{}]", item.label, item.question),
            (None, _) => format!("-: {}: not asked [{}]", item.label, item.question),
        }),
    );
    let bands = row.bands.iter().map(|band| {
        if band.from == band.to {
            format!("{} {}", band.value_label, band.from)
        } else {
            format!("{} {} to {}", band.value_label, band.from, band.to)
        }
    });
    page.field(2, "points", &bands.collect::<Vec<_>>().join(", "));
    page.fields(2, "note", &row.note);
    grounds(page, 2, row.basis, Some(row.evidence), &row.sources);
    page.field(2, "review", &row.review.words_on(row.today));
}
