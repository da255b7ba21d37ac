//! What stands beside the step: the assessment so far, or the explanation of what the cursor is on.

use super::{Item, Page, chrome, explain, thought};
use crate::plan::{Assessment, Outcome};
use crate::tui::app::{App, Consult};
use crate::tui::sheet::StepId;
use crate::tui::signs;
use crate::tui::text;
use crate::tui::theme::{meaning, sign};
use crate::tui::widget::rows::{Row, Rows};

/// The rows beside the step that is shown.
#[must_use]
pub fn page(app: &App, consult: &Consult, shown: &Page, width: u16) -> Vec<Row> {
    let explained = matches!(consult.step, StepId::Assessment | StepId::Plan);
    let item = shown.items.get(consult.chosen[consult.step.index()]);
    if let (true, Some(Item::About(subject))) = (explained, item) {
        let mut rows = Rows::new(&app.theme, width);
        explain::rows(app, consult, subject, &mut rows);
        return rows.rows;
    }
    let mut rows = Rows::new(&app.theme, width);
    so_far(app, consult, &mut rows);
    rows.rows
}

/// The verdict, large enough to be read from across the desk.
pub fn verdict(assessment: &Assessment, rows: &mut Rows<'_>) {
    let theme = rows.theme;
    let style = theme.outcome(assessment.verdict);
    let spaced: String = assessment.verdict.word().to_uppercase().chars().flat_map(|c| [c, ' ']).collect();
    let word = format!("  {}  {} ", sign(assessment.verdict), spaced);
    let blank = " ".repeat(text::width(&word));
    let filled = chrome::filled(style);
    rows.line(vec![(blank.clone(), filled)]);
    rows.line(vec![(word, filled)]);
    rows.line(vec![(blank, filled)]);
    let mut words = meaning(assessment.verdict).to_owned();
    if let Some(until) = assessment.until {
        words = format!("{words} Not before {until}.");
    }
    if let Some(event) = &assessment.until_event {
        words = format!("{words} Not before: {event}.");
    }
    if assessment.urgent {
        words = format!("{words} Today: this is urgent.");
    }
    rows.para(0, &words, if assessment.urgent { theme.error } else { theme.text });
    if let Some(doubt) = assessment.doubt() {
        rows.bullet(0, "?", theme.accent, &doubt, theme.text);
    }
    unreviewed(assessment, rows);
}

/// Said directly below every verdict and plan: nobody here has vouched for what decided.
pub fn unreviewed(assessment: &Assessment, rows: &mut Rows<'_>) {
    if assessment.pack.reviewed.is_none() {
        let theme = rows.theme;
        rows.bullet(0, "!", theme.outcome(Outcome::Caution), "Not yet reviewed by this clinic.", theme.muted);
    }
}

/// What the last answer changed, until the next one.
fn news(consult: &Consult, rows: &mut Rows<'_>) {
    const MOST: usize = 6;
    let theme = rows.theme;
    if consult.news.is_empty() {
        return;
    }
    rows.heading("Just changed", "");
    for news in consult.news.iter().take(MOST) {
        rows.flow(0, 2, &[(&news.words, news.outcome.map_or(theme.text, |outcome| theme.outcome(outcome)))]);
    }
    if consult.news.len() > MOST {
        rows.para(2, &format!("and {} more", consult.news.len() - MOST), theme.muted);
    }
}

/// A step by the name that it has at the top of the screen.
pub fn step_name(step: &str) -> &str {
    StepId::ALL.into_iter().find(|id| id.label().eq_ignore_ascii_case(step)).map_or(step, |id| id.label())
}

/// The open questions, a paragraph for each step: what matters most now has its sign.
fn open_by_step(consult: &Consult, open: &[usize], rows: &mut Rows<'_>) {
    let theme = rows.theme;
    let missing: Vec<_> = open.iter().filter_map(|n| consult.assessment.missing.get(*n)).collect();
    let mut steps: Vec<&str> = Vec::new();
    for one in &missing {
        if !steps.contains(&one.step.as_str()) {
            steps.push(&one.step);
        }
    }
    for step in steps {
        let name = step_name(step);
        let mut parts = vec![(format!("{}\u{a0}", signs::NEEDED), theme.accent), (format!("{name}: "), theme.muted)];
        let of_step: Vec<_> = missing.iter().filter(|one| one.step == step).collect();
        for (n, one) in of_step.iter().enumerate() {
            if let Some((sign, _)) = thought::mark(consult, &one.question) {
                parts.push((format!("{sign}\u{a0}"), theme.accent));
            }
            let end = if n + 1 < of_step.len() { ", " } else { "" };
            parts.push((format!("{}{end}", one.label), theme.text));
        }
        let parts: Vec<(&str, _)> = parts.iter().map(|(words, style)| (words.as_str(), *style)).collect();
        rows.flow(0, 2, &parts);
    }
}

fn so_far(app: &App, consult: &Consult, rows: &mut Rows<'_>) {
    let (assessment, sheet) = (&consult.assessment, &consult.sheet);
    let theme = rows.theme;
    rows.line(vec![("So far".to_owned(), theme.heading)]);
    verdict(assessment, rows);
    news(consult, rows);
    thought::outlook(consult, rows);
    if !assessment.findings.is_empty() {
        rows.heading("Findings", "");
        for (_, finding) in assessment.shown() {
            let counts = sheet.overrides.contains_key(&finding.rule) && finding.override_void.is_none();
            let note = if counts { " (overridden)" } else { "" };
            let title = format!("{}{note}", finding.title);
            rows.bullet(0, finding.sign(), theme.finding(finding), &title, theme.text);
        }
    }
    let open = app.loaded().map_or_else(Vec::new, |loaded| consult.open(&loaded.pack));
    if !open.is_empty() {
        rows.heading("Open questions", &open.len().to_string());
        open_by_step(consult, &open, rows);
    }
    let labels: Vec<&str> = assessment
        .excluded
        .iter()
        .filter(|excluded| !chrome::by_status(excluded))
        .map(|excluded| excluded.label.as_str())
        .collect();
    if !labels.is_empty() {
        rows.heading("Excluded", "for this patient");
        rows.para(0, &labels.join(", "), theme.text);
    }
    let Some(plan) = &assessment.plan else { return };
    rows.heading("Plan", if plan.conditional { "conditional" } else { "" });
    for cocktail in &plan.cocktails {
        rows.flow(
            0,
            2,
            &[
                (&cocktail.label, theme.answer),
                (&format!("  {}, {}", cocktail.goal_label, cocktail.area_label), theme.muted),
                (&format!("  evidence\u{a0}{}", cocktail.evidence.letter()), theme.text),
            ],
        );
    }
    for without in &plan.without {
        let words = format!("{}, {}: no recommended injectable", without.goal_label, without.area_label);
        rows.bullet(0, "–", theme.muted, &words, theme.text);
    }
    let dates: Vec<String> =
        plan.sessions.iter().filter_map(|session| session.date).map(|date| date.to_string()).collect();
    if let (Some(first), Some(last)) = (dates.first(), dates.last()) {
        let count = text::count(plan.sessions.len(), "session", "sessions");
        rows.para(0, &format!("{count}, {first} to {last}"), theme.text);
    }
}
