//! Consent, who signs, and what stands against it.

use ratatui::style::Style;

use super::assessment::Builder;
use super::fields::{LineBox, line_box};
use super::{Item, Page, SignField};
use crate::plan::Outcome;
use crate::tui::app::{App, Consult};
use crate::tui::theme::sign;
use crate::tui::update::{blockers, field_text};
use crate::tui::widget::rows::Rows;

/// The step.
pub fn page(app: &App, consult: &Consult, width: u16) -> Page {
    let theme = &app.theme;
    let mut page = Builder::new(Rows::new(theme, width), consult.chosen[consult.step.index()]);
    let (sheet, assessment) = (&consult.sheet, &consult.assessment);
    let verdict = assessment.verdict;

    page.rows.flow(
        0,
        0,
        &[
            (&format!("{}\u{a0}{}", sign(verdict), verdict.word().to_uppercase()), theme.outcome(verdict)),
            (&format!("  {}", what_is_signed(app, consult)), theme.text),
        ],
    );
    // First, so that it is not looked for behind all the points of consent.
    if let Some(amends) = &sheet.amends {
        page.section("Amendment", &format!("version {} stays as it is", amends.version));
        field(&mut page, consult, SignField::Reason, "Why amended      ");
    }
    if let Some(plan) = &assessment.plan
        && !plan.consent.is_empty()
    {
        let covered = plan.consent.iter().filter(|point| sheet.covered.contains(&*point.id)).count();
        page.section("Consent", &format!("{covered} of {} covered", plan.consent.len()));
        for point in &plan.consent {
            let ticked = sheet.covered.contains(&*point.id);
            page.item(Item::Consent(point.id.to_string()), |rows, chosen| {
                // In the patient's words for the point one is at.
                let patient = point.patient.as_deref().filter(|_| chosen);
                tick(rows, ticked, &point.text, patient);
            });
        }
    }
    let words = app.loaded().map(|loaded| sheet.free_text(&loaded.pack)).unwrap_or_default();
    if !words.is_empty() {
        page.section("In words", "no rule reads these: review them by hand");
        for entry in words {
            let ticked = sheet.reviewed.contains(&entry);
            let shown = format!("\"{entry}\" reviewed by hand");
            page.item(Item::Review(entry), |rows, _| tick(rows, ticked, &shown, None));
        }
    }
    page.section("Signature", "");
    page.item(Item::Reflection, |rows, chosen| {
        let missing = assessment.plan.is_some() && sheet.reflection == crate::tui::sheet::Reflection::NotSet;
        let style = if missing { theme.accent } else { theme.answer };
        let hint = if chosen { "   Space changes it" } else { "" };
        rows.line(vec![
            ("Reflection time  ".to_owned(), theme.muted),
            (sheet.reflection.label(), style),
            (hint.to_owned(), theme.muted),
        ])
        .selected = chosen;
    });
    for (name, label) in [
        (SignField::Name, "Practitioner     "),
        (SignField::Role, "Role             "),
        (SignField::Licence, "Licence          "),
        (SignField::Note, "Note             "),
    ] {
        field(&mut page, consult, name, label);
    }
    let against = blockers(app);
    page.rows.gap();
    if against.is_empty() {
        page.rows.flow(0, 0, &[("s", theme.key), (" signs and saves.", theme.text)]);
    } else {
        page.rows.line(vec![("Before signing".to_owned(), theme.heading)]);
        for why in &against {
            page.rows.bullet(0, "•", theme.accent, why, theme.text);
        }
    }
    page.done()
}

/// A line of the signature.
fn field(page: &mut Builder<'_>, consult: &Consult, field: SignField, label: &str) {
    let value = field_text(&consult.sheet, field);
    page.item(Item::Field(field), |rows, chosen| {
        let theme = rows.theme;
        let width = rows.width.saturating_sub(20).clamp(4, 60);
        let line = if chosen { consult.line.as_ref() } else { None };
        let empty = value.is_empty() && line.is_none();
        let optional = field == SignField::Note;
        let rest = if empty && !optional { "empty" } else { value };
        let (mut cells, cursor) = line_box(theme, &LineBox { line, rest, width, fresh: false });
        if empty && !optional {
            cells.iter_mut().for_each(|(_, style)| *style = theme.accent);
        }
        let mut parts: Vec<(String, Style)> = vec![(label.to_owned(), theme.muted)];
        parts.extend(cells);
        let row = rows.line(parts);
        row.cursor = cursor.map(|at| at + 17);
        row.selected = chosen && line.is_none();
    });
}

fn tick(rows: &mut Rows<'_>, ticked: bool, words: &str, patient: Option<&str>) {
    let theme = rows.theme;
    let (mark, style) = if ticked { ("[x]", theme.done) } else { ("[ ]", theme.text) };
    rows.bullet(0, mark, style, words, theme.text);
    if let Some(patient) = patient {
        rows.para(4, patient, theme.muted);
    }
}

fn what_is_signed(app: &App, consult: &Consult) -> String {
    let assessment = &consult.assessment;
    let who = consult.sheet.intake.text("patient.name");
    let day = consult.sheet.day(app.today);
    let who = if who.is_empty() { String::new() } else { format!("{who}, ") };
    match (&assessment.plan, assessment.verdict) {
        (Some(plan), _) if plan.conditional => format!("{who}{}: the plan holds only after the clearance.", day),
        (Some(_), _) => format!("{who}{}: consultation with plan.", day),
        (None, Outcome::Incomplete) => format!("{who}{}.", day),
        (None, _) => format!("{who}{}: a record without a plan.", day),
    }
}
