//! Consent, who signs, and what stands against it.

use ratatui::style::Style;

use super::assessment::Builder;
use super::fields::{LineBox, Shown, beside, line_box};
use super::{Item, Page, SignField, panel};
use crate::tui::against;
use crate::tui::app::{App, Consult, Target};
use crate::tui::sheet::Reflection;
use crate::tui::signing;
use crate::tui::text;
use crate::tui::theme::sign;
use crate::tui::update::{asks_identity, blockers, field_text};
use crate::tui::widget::rows::{Row, Rows};

/// Columns of the headings in the question before signing.
const LABELS: usize = 15;

/// Columns of what was typed freely in it, over as many rows as that takes.
const LONGEST: usize = 160;

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
            (&format!("  {}", signing::what(sheet, assessment, app.today)), theme.text),
        ],
    );
    panel::unreviewed(assessment, &mut page.rows);
    identity(app, consult, &mut page);
    left_out(app, consult, &mut page);
    // First, so that it is not looked for behind all the points of consent.
    if let Some(amends) = &sheet.amends {
        page.section("Amendment", &format!("version {} stays as it is", amends.version));
        field(&mut page, consult, SignField::Reason, "Why amended      ");
    }
    if let Some(plan) = &assessment.plan
        && !plan.consent.is_empty()
    {
        let covered = plan.consent.iter().filter(|point| sheet.covered.contains(&*point.id)).count();
        let paged = plan.consent.iter().filter(|point| sheet.paged.contains(&*point.id)).count();
        let how = if paged > 0 { format!(", {paged} of them ticked a page at a time") } else { String::new() };
        page.section("Consent", &format!("{covered} of {} covered{how}", plan.consent.len()));
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
        let missing = assessment.plan.is_some() && sheet.reflection == Reflection::NotSet;
        let style = if missing { theme.accent } else { theme.answer };
        rows.line(vec![("Reflection time  ".to_owned(), theme.muted), (sheet.reflection.label(), style)]).selected =
            chosen;
        if missing || chosen {
            reflection(rows, sheet.reflection);
        }
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
        page.item(Item::Ready, |rows, _| {
            let theme = rows.theme;
            let (key, words) = match consult.line.is_some() {
                true => (app.settings.keys.say("sign.accept"), " goes on; behind the note it asks to sign."),
                false => (app.settings.keys.say("sign.sign"), " signs and saves."),
            };
            rows.flow(0, 0, &[(&key, theme.key), (words, theme.text)]);
        });
    } else {
        page.rows.line(vec![("Before signing".to_owned(), theme.heading)]);
        for why in &against {
            page.rows.bullet(0, "•", theme.accent, why, theme.text);
        }
    }
    page.done()
}

/// How long there may be to think it over, one key each.
fn reflection(rows: &mut Rows<'_>, taken: Reflection) {
    let labels: Vec<String> = Reflection::CHOICES.iter().map(|choice| choice.label()).collect();
    let shown: Vec<Shown<'_>> = Reflection::CHOICES
        .iter()
        .zip(&labels)
        .enumerate()
        .map(|(n, (choice, label))| Shown {
            key: char::from_digit(n as u32 + 1, 10).unwrap_or('\0'),
            label,
            help: None,
            taken: *choice == taken,
            chosen: false,
            target: Target::Reflection(n),
        })
        .collect();
    beside(rows, 2, &shown);
}

/// Who is treated, by name and a second identifier: the last moment at which a wrong patient is noticed.
fn identity(app: &App, consult: &Consult, page: &mut Builder<'_>) {
    let theme = page.rows.theme;
    let sheet = &consult.sheet;
    let who = signing::who(sheet, app.today);
    if !asks_identity(consult) {
        page.rows.flow(
            0,
            2,
            &[
                ("For ", theme.muted),
                (&who, theme.answer),
                (&format!("   somebody\u{a0}else?\u{a0}{}", app.settings.keys.say("step.patient")), theme.muted),
            ],
        );
        return;
    }
    page.section("Patient", why_asked(consult));
    let ticked = sheet.identity_checked.is_some();
    let patient = app.settings.keys.say("step.patient");
    let words = format!("{who}: name and date of birth asked again. Somebody else? {patient}");
    page.item(Item::Identity, |rows, _| tick(rows, ticked, &words, None));
}

/// What is on record and not among the answers: each is asked about again, by itself.
fn left_out(app: &App, consult: &Consult, page: &mut Builder<'_>) {
    let Some(loaded) = app.loaded() else { return };
    let all = against::left_out(&loaded.pack, &consult.sheet, &consult.alike);
    if all.is_empty() {
        return;
    }
    page.section("On record, and not now", "ask again");
    for one in all {
        let ticked = against::asked_again(&consult.sheet, &one);
        let words = format!("{}. Asked again.", one.words());
        page.item(Item::LeftOut(one.question), |rows, _| tick(rows, ticked, &words, None));
    }
}

/// Why it is asked again here.
fn why_asked(consult: &Consult) -> &'static str {
    if consult.sheet.amends.is_some() {
        "is it the right record?"
    } else if consult.sheet.carried.is_some() && !consult.sheet.is_returning() {
        "it was begun on an earlier day"
    } else if consult.sheet.carried.is_some() {
        "answers of an earlier consultation were offered"
    } else if !consult.alike.is_empty() {
        "somebody on record looks like this patient"
    } else {
        "this consultation was interrupted"
    }
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

/// Are you sure? What is signed, in words.
pub fn question(app: &App, width: u16) -> Vec<Row> {
    let theme = &app.theme;
    let mut rows = Rows::new(theme, width);
    let Some(consult) = app.consult() else { return rows.rows };
    let verdict = consult.assessment.verdict;
    for (label, words) in signing::lines(&consult.sheet, &consult.assessment, app.today) {
        let style = if label == "Verdict" { theme.outcome(verdict) } else { theme.answer };
        let lead = if label == "Verdict" { format!("{}\u{a0}", sign(verdict)) } else { String::new() };
        // A page of a note is read on the step; what signs it stays in sight.
        let words = if matches!(label, "Note" | "Amends") { text::fit(&words, LONGEST) } else { words.to_string() };
        let label = text::pad(label, LABELS).replace(' ', "\u{a0}");
        rows.flow(0, LABELS, &[(&label, theme.muted), (&lead, style), (&words, style)]);
    }
    rows.gap();
    rows.para(0, "What is signed is never changed; an amendment makes another version of it.", theme.text);
    rows.blank();
    let keys = &app.settings.keys;
    rows.flow(
        0,
        0,
        &[
            (&keys.say("sign.seal"), theme.key),
            (" signs and saves\u{a0}\u{a0}\u{a0} ", theme.text),
            (&keys.say("window.close"), theme.key),
            (" goes back", theme.text),
        ],
    );
    rows.rows
}
