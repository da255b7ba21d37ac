//! The verdict, its findings, what is still open, what is excluded.

use super::{Item, Page, chrome, evidence, panel, places, thought};
use crate::plan::{Assessment, Excluded, Finding, Outcome};
use crate::tui::against;
use crate::tui::app::{App, Consult, Subject, Target};
use crate::tui::signs;
use crate::tui::text;
use crate::tui::widget::rows::Rows;

/// Labels of open questions up to this many columns have their steps in one column behind them.
const LABELS: usize = 36;

/// A page being built: rows and the items on them.
pub struct Builder<'t> {
    /// The rows.
    pub rows: Rows<'t>,
    items: Vec<Item>,
    sections: Vec<usize>,
    chosen: usize,
}

impl<'t> Builder<'t> {
    /// Nothing yet; the cursor is on the item of that number.
    pub fn new(rows: Rows<'t>, chosen: usize) -> Self {
        Self { rows, items: Vec::new(), sections: Vec::new(), chosen }
    }

    /// A heading; the next item begins a section.
    pub fn section(&mut self, title: &str, note: &str) {
        self.rows.heading(title, note);
        self.sections.push(self.items.len());
    }

    /// The next item begins a section that has no heading.
    pub fn begin_section(&mut self) {
        self.sections.push(self.items.len());
    }

    /// An item: whatever rows `draw` adds belong to it.
    pub fn item(&mut self, item: Item, draw: impl FnOnce(&mut Rows<'t>, bool)) {
        let at = self.items.len();
        let chosen = at == self.chosen;
        let start = self.rows.len();
        draw(&mut self.rows, chosen);
        self.rows.item(start, Target::Item(at), chosen);
        self.items.push(item);
    }

    /// A paragraph one can stop at.
    pub fn text(&mut self, sign: &str, words: &str) {
        self.item(Item::Text, |rows, _| {
            let theme = rows.theme;
            rows.bullet(0, sign, theme.muted, words, theme.text);
        });
    }

    /// The page.
    pub fn done(self) -> Page {
        Page { rows: self.rows.rows, items: self.items, sections: self.sections }
    }
}

/// The step.
pub fn page(app: &App, consult: &Consult, width: u16) -> Page {
    let theme = &app.theme;
    let assessment = &consult.assessment;
    let mut page = Builder::new(Rows::new(theme, width), consult.chosen[consult.step.index()]);
    page.begin_section();
    page.item(Item::About(Subject::Verdict), |rows, _| panel::verdict(assessment, rows));

    against_record(app, consult, &mut page);
    if !assessment.missing.is_empty() {
        page.section("Open questions", "Enter goes there and comes back");
        let open = app.loaded().map_or_else(Vec::new, |loaded| consult.open(&loaded.pack));
        let labels = open.iter().filter_map(|n| assessment.missing.get(*n)).map(|missing| text::width(&missing.label));
        let column = labels.filter(|wide| *wide <= LABELS).max().unwrap_or(0);
        for (n, missing) in open.into_iter().filter_map(|n| Some((n, assessment.missing.get(n)?))) {
            page.item(Item::About(Subject::Missing(n)), |rows, _| {
                let (sign, words) = match thought::mark(consult, &missing.question) {
                    Some((sign, words)) => (sign, format!("  {words}")),
                    None => ("•", String::new()),
                };
                rows.flow(
                    0,
                    2,
                    &[
                        (&format!("{sign}\u{a0}"), theme.accent),
                        (
                            &text::pad(&missing.label, text::width(&missing.label).max(column)).replace(' ', "\u{a0}"),
                            theme.answer,
                        ),
                        (&format!("  {}", panel::step_name(&missing.step)), theme.muted),
                        (&words, theme.text),
                    ],
                );
            });
        }
    }
    if !assessment.findings.is_empty() {
        page.section("Findings", "strictest first");
        for (n, finding) in assessment.shown() {
            let overridden = consult.sheet.overrides.get(&finding.rule);
            page.item(Item::About(Subject::Finding(n)), |rows, _| one(finding, overridden, rows));
        }
    }
    excluded(assessment, &mut page);
    places::section(app, consult, &mut page);
    if !assessment.requested.is_empty() {
        page.section("Requested", "vetted by the same rules");
        for (n, vetted) in assessment.requested.iter().enumerate() {
            page.item(Item::About(Subject::Requested(n)), |rows, _| {
                let (mark, outcome, word) = if vetted.allowed {
                    ("✓", Outcome::Proceed, "allowed")
                } else {
                    ("✗", Outcome::Decline, "not allowed")
                };
                let style = theme.outcome(outcome);
                let lead = format!("{mark}\u{a0}{word} ");
                let reason = vetted.reasons.first().map(|reason| format!("  {reason}")).unwrap_or_default();
                rows.flow(0, 2, &[(&lead, style), (&vetted.label, theme.answer), (&reason, theme.muted)]);
            });
        }
    }
    if !assessment.notices.is_empty() {
        page.section("Notices", "");
        for notice in &assessment.notices {
            page.text("·", notice);
        }
    }
    page.done()
}

/// What is on record and not among the answers: no rule reads it, so it stands beside them.
fn against_record(app: &App, consult: &Consult, page: &mut Builder<'_>) {
    let Some(loaded) = app.loaded() else { return };
    let all = against::left_out(&loaded.pack, &consult.sheet, &consult.alike);
    if all.is_empty() {
        return;
    }
    page.section("On record, and not now", "no rule reads it");
    for one in all {
        let asked = if against::asked_again(&consult.sheet, &one) { "Asked again." } else { "Ask again." };
        page.item(Item::Text, |rows, _| {
            let caution = rows.theme.outcome(Outcome::Caution);
            rows.bullet(0, "!", caution, &format!("{}. {asked}", one.words()), rows.theme.text);
        });
    }
}

/// What is out, grouped by the finding that takes it out; what the law takes out for everybody comes last.
fn excluded(assessment: &Assessment, page: &mut Builder<'_>) {
    if assessment.excluded.is_empty() {
        return;
    }
    let theme = page.rows.theme;
    page.section("Excluded", "");
    let mut groups: Vec<(usize, &str, String, Vec<&str>)> = Vec::new();
    for (n, row) in assessment.excluded.iter().enumerate().filter(|(_, row)| !chrome::by_status(row)) {
        let by = excluding(assessment, row).join(", ");
        match groups.iter_mut().find(|(_, kind, other, _)| *kind == row.kind && *other == by) {
            Some((.., labels)) => labels.push(&row.label),
            None => groups.push((n, &row.kind, by, vec![&row.label])),
        }
    }
    for (n, kind, by, labels) in groups {
        page.item(Item::About(Subject::Excluded(n)), |rows, _| {
            let (lead, by) = (format!("✗\u{a0}{kind} "), format!("  by {by}"));
            rows.flow(0, 2, &[(&lead, theme.muted), (&labels.join(", "), theme.answer), (&by, theme.muted)]);
        });
    }
    let law = assessment.excluded.iter().filter(|row| chrome::by_status(row));
    let count = text::count(law.count(), "ingredient", "ingredients");
    if assessment.excluded.iter().any(chrome::by_status) {
        page.item(Item::About(Subject::Law), |rows, _| {
            let words = format!("{count} by legal status here, for every patient");
            let lead = format!("{}\u{a0}", signs::BARRED);
            rows.flow(0, 2, &[(&lead, theme.muted), (&words, theme.text), ("  Enter lists them", theme.muted)]);
        });
    }
}

/// The names of the findings that take it out.
fn excluding(assessment: &Assessment, row: &Excluded) -> Vec<String> {
    let title = |rule: &String| assessment.findings.iter().find(|f| f.rule == *rule).map(|f| f.title.clone());
    let named: Vec<String> = row.rules.iter().filter_map(title).collect();
    if named.is_empty() { row.rules.clone() } else { named }
}

fn one(finding: &Finding, overridden: Option<&String>, rows: &mut Rows<'_>) {
    let theme = rows.theme;
    let style = theme.finding(finding);
    let word = text::pad(finding.word(), 9).replace(' ', "\u{a0}");
    let lead = format!("{}\u{a0}{word}\u{a0}\u{a0}", finding.sign());
    let mut when = String::new();
    if let Some(until) = finding.until {
        when = format!("  until {until}");
    } else if let Some(event) = &finding.until_event {
        when = format!("  until {event}");
    }
    let founded = format!("  {}", evidence::founded(finding)).replace(' ', "\u{a0}");
    let used = 13 + text::width(&finding.title) + text::width(&when) + text::width(&founded);
    let founded = if used <= rows.width { founded } else { String::new() };
    rows.flow(0, 13, &[(&lead, style), (&finding.title, theme.answer), (&when, style), (&founded, theme.muted)]);
    rows.para(13, &finding.message, theme.muted);
    if let Some(clinic) = &finding.clinic_override {
        rows.para(13, &format!("Clinic override: {}", clinic.words()), theme.error);
    }
    match (overridden, &finding.override_void) {
        (_, Some(reason)) => {
            rows.para(13, &format!("Not overridden: the answers contradict \u{201c}{reason}\u{201d}"), theme.error);
        }
        (Some(reason), None) => rows.para(13, &format!("Overridden: {reason}"), theme.error),
        (None, None) => {}
    }
}
