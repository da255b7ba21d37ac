//! Why: the rule, the answers it read, its sources; what would change it.

use jiff::civil::Date;
use tui_input::Input;

use super::Page;
use super::fields::{LineBox, line_box};
use super::{chrome, evidence as graded, thought};
use crate::pack::{Basis, Grade, ReviewState, Verdict};
use crate::plan::{Cocktail, Finding, Outcome};
use crate::tui::app::{App, Consult, Subject, Target};
use crate::tui::signs;
use crate::tui::text;
use crate::tui::theme::sign;
use crate::tui::update::{reasons as override_reasons, refuted};
use crate::tui::widget::rows::{Row, Rows};

/// Columns of the labels.
const LABELS: usize = 16;

/// Below this many columns a label stands above words that do not fit beside it.
const NARROW: usize = 48;

/// The window with the whole explanation.
pub fn window(app: &App, subject: &Subject, top: usize, width: u16) -> (String, Vec<Row>, Page, usize) {
    let mut rows = Rows::new(&app.theme, width);
    if let Some(consult) = app.consult() {
        self::rows(app, consult, subject, &mut rows);
    }
    ("Why".to_owned(), Vec::new(), Page { rows: rows.rows, ..Page::default() }, top)
}

/// The explanation of a subject.
pub fn rows(app: &App, consult: &Consult, subject: &Subject, rows: &mut Rows<'_>) {
    let assessment = &consult.assessment;
    let plan = assessment.plan.as_ref();
    let cocktail = |at: usize| plan.and_then(|plan| plan.cocktails.get(at));
    match subject {
        Subject::Verdict => verdict(consult, rows),
        Subject::Finding(at) => {
            if let Some(finding) = assessment.findings.get(*at) {
                self::finding(app, consult, finding, rows);
            }
        }
        Subject::Missing(at) => {
            if let Some(missing) = assessment.missing.get(*at) {
                title(rows, &missing.label, "open question");
                if let Some((sign, words)) = thought::mark(consult, &missing.question) {
                    let theme = rows.theme;
                    rows.bullet(0, sign, theme.accent, words, theme.text);
                }
                list(rows, "Rules that wait", &missing.because);
                let theme = rows.theme;
                rows.gap();
                rows.para(0, "Enter goes to the question and comes back after the answer.", theme.muted);
            }
        }
        Subject::Excluded(at) => {
            if let Some(excluded) = assessment.excluded.get(*at) {
                title(rows, &excluded.label, &format!("{}, excluded", excluded.kind));
                for rule in &excluded.rules {
                    match assessment.findings.iter().find(|finding| finding.rule == *rule) {
                        Some(finding) => {
                            pair(rows, "By", &finding.title);
                            pair(rows, "", &finding.why);
                        }
                        None => pair(rows, "By", rule),
                    }
                }
            }
        }
        Subject::Requested(at) => {
            if let Some(vetted) = assessment.requested.get(*at) {
                title(
                    rows,
                    &vetted.label,
                    if vetted.allowed { "requested, allowed" } else { "requested, not allowed" },
                );
                list(rows, "Reasons", &vetted.reasons);
                list(rows, "Evidence", &vetted.evidence);
                list(rows, "Limits", &vetted.limits);
            }
        }
        Subject::Cocktail(at) => {
            if let Some(cocktail) = cocktail(*at) {
                self::cocktail(app, cocktail, assessment.today, rows);
            }
        }
        Subject::Dose(at, n) => {
            if let Some(cocktail) = cocktail(*at) {
                dose(app, cocktail, *n, assessment.today, rows);
            }
        }
        Subject::Alternative(at, n) => {
            if let Some((cocktail, alternative)) =
                cocktail(*at).and_then(|cocktail| Some((cocktail, cocktail.alternatives.get(*n)?)))
            {
                title(rows, &alternative.label, if alternative.possible { "alternative" } else { "cannot be taken" });
                pair(rows, "For", &format!("{}, {}", cocktail.goal_label, cocktail.area_label));
                pair(rows, "Why not first", &alternative.why_lower);
                evidence(rows, Some(alternative.evidence));
                if alternative.possible {
                    let theme = rows.theme;
                    rows.gap();
                    let take = app.settings.keys.say("plan.choose");
                    rows.para(0, &format!("{take} takes it instead."), theme.muted);
                }
            }
        }
        Subject::Without(at) => {
            if let Some(without) = plan.and_then(|plan| plan.without.get(*at)) {
                title(rows, &format!("{}, {}", without.goal_label, without.area_label), "no recommended injectable");
                pair(rows, "Why", &without.why);
                list(rows, "Instead", &without.instead);
            }
        }
        Subject::Law => {
            let law: Vec<&str> =
                assessment.excluded.iter().filter(|row| chrome::by_status(row)).map(|row| row.label.as_str()).collect();
            title(rows, "By legal status", "for every patient here");
            let theme = rows.theme;
            let open = app.settings.keys.say("home.formulary");
            rows.para(
                0,
                &format!("The formulary ({open} on the first screen) says of each what its status is, and where."),
                theme.muted,
            );
            rows.gap();
            law.iter().for_each(|label| rows.bullet(0, signs::BARRED, theme.muted, label, theme.text));
        }
        Subject::Limit(at) => {
            if let Some(limit) = plan.and_then(|plan| plan.limits.get(*at)) {
                let over = if limit.per.is_empty() { "session" } else { &limit.per };
                title(rows, &limit.label, &format!("limit of a {over}"));
                pair(rows, "Ceiling", &limit.ceiling);
                pair(rows, "Worked out", &limit.how);
                pair(rows, "Used", &crate::tui::widget::gauge::percent(limit.used));
                list(rows, "Used by", &limit.by);
            }
        }
    }
}

fn title(rows: &mut Rows<'_>, title: &str, note: &str) {
    let theme = rows.theme;
    rows.flow(0, 0, &[(title, theme.heading), (&format!("  {note}"), theme.muted)]);
    rows.blank();
}

fn pair(rows: &mut Rows<'_>, label: &str, value: &str) {
    if value.is_empty() {
        return;
    }
    let theme = rows.theme;
    if rows.width < NARROW && text::width(value) > rows.width.saturating_sub(LABELS + 1) {
        // Beside its label it would be a column of single words.
        if !label.is_empty() {
            rows.line(vec![(label.to_owned(), theme.muted)]);
        }
        rows.para(2, value, theme.text);
        return;
    }
    rows.pair(label, LABELS, value, theme.text);
}

fn list(rows: &mut Rows<'_>, label: &str, values: &[String]) {
    let several = values.len() > 1;
    for (n, value) in values.iter().enumerate() {
        let label = if n == 0 { label } else { "" };
        if several && rows.width >= NARROW {
            // Further lines of an entry stand under its words, not under its sign.
            let theme = rows.theme;
            let lead = text::pad(label, LABELS + 1).replace(' ', "\u{a0}");
            rows.flow(0, LABELS + 3, &[(&lead, theme.muted), ("·\u{a0}", theme.muted), (value, theme.text)]);
        } else {
            let value = if several { format!("·\u{a0}{value}") } else { value.clone() };
            pair(rows, label, &value);
        }
    }
}

fn evidence(rows: &mut Rows<'_>, grade: Option<Grade>) {
    if let Some(grade) = grade {
        pair(rows, "Evidence", &format!("{}: {}", graded::strip(grade), grade.label()));
    }
}

fn grounds(rows: &mut Rows<'_>, basis: Basis, sources: &[String]) {
    pair(rows, "Basis", &format!("{} {}", signs::basis(basis), basis.label()));
    list(rows, "Sources", sources);
}

fn review(rows: &mut Rows<'_>, review: Option<&ReviewState>, today: Date) {
    pair(rows, "Review", &review.map(|review| review.words_on(today)).unwrap_or_default());
}

fn verdict(consult: &Consult, rows: &mut Rows<'_>) {
    let theme = rows.theme;
    let assessment = &consult.assessment;
    let word = format!("{} {}", sign(assessment.verdict), assessment.verdict.word());
    rows.flow(0, 0, &[(&word, theme.outcome(assessment.verdict))]);
    rows.blank();
    rows.para(0, crate::tui::theme::meaning(assessment.verdict), theme.text);
    let strictest = assessment.findings.iter().map(|finding| finding.verdict).max();
    let deciding: Vec<String> = assessment
        .findings
        .iter()
        .filter(|finding| Some(finding.verdict) == strictest)
        .map(|finding| finding.title.clone())
        .collect();
    rows.gap();
    if assessment.verdict == Outcome::Incomplete {
        let open: Vec<String> = assessment.missing.iter().map(|missing| missing.label.clone()).collect();
        list(rows, "Open", &open);
    } else {
        list(rows, "Decided by", &deciding);
    }
    thought::changes(consult, rows);
    rows.gap();
    pair(rows, "Assessed on", &assessment.today.to_string());
    pair(rows, "Pack", &format!("{} {}", assessment.pack.id, assessment.pack.version));
    pair(rows, "", assessment.pack.reviewed.as_deref().unwrap_or("not yet reviewed by this clinic"));
}

/// A rule that fired, with everything it rests on.
fn finding(app: &App, consult: &Consult, finding: &Finding, rows: &mut Rows<'_>) {
    let theme = rows.theme;
    let word = format!("{}\u{a0}{}", finding.sign(), finding.word());
    rows.flow(0, 0, &[(&word, theme.finding(finding)), ("  ", theme.text), (&finding.title, theme.heading)]);
    rows.blank();
    rows.para(0, &finding.message, theme.text);
    rows.gap();
    pair(rows, "Why", &finding.why);
    if let Some(until) = finding.until {
        pair(rows, "Until", &until.to_string());
    }
    pair(rows, "Until", finding.until_event.as_deref().unwrap_or(""));
    pair(rows, "Clearance from", finding.from.as_deref().unwrap_or(""));
    pair(rows, "Refer to", finding.to.as_deref().unwrap_or(""));
    if finding.urgent {
        pair(rows, "When", "today: this is urgent");
    }
    list(rows, "Made stricter", &finding.tightened);
    if let Some(clinic) = &finding.clinic_override {
        pair(rows, "Clinic override", &clinic.words());
    }
    list(rows, "Answers read", &finding.because);
    list(rows, "Assumed", &finding.assumed);
    list(rows, "Not ruled out", &finding.folded);
    list(rows, "Measures", &finding.mitigation);
    let label = |id: &String| {
        let known = consult.assessment.excluded.iter().find(|row| row.id == *id);
        known.map_or_else(|| id.clone(), |row| row.label.clone())
    };
    let excludes: Vec<String> = finding.excludes.iter().map(label).collect();
    pair(rows, "Excludes", &excludes.join(", "));
    if let Some((_, changes)) = consult.changes.as_ref().filter(|(rule, _)| *rule == finding.rule) {
        list(rows, "Would change it", changes);
    }
    rows.gap();
    evidence(rows, finding.evidence);
    grounds(rows, finding.basis, &finding.sources);
    review(rows, finding.review.as_ref(), consult.assessment.today);
    pair(rows, "Contested", finding.contested.as_deref().unwrap_or(""));
    pair(rows, "For the patient", finding.patient.as_deref().unwrap_or(""));
    rows.gap();
    let key = app.settings.keys.say("assessment.override");
    match consult.sheet.overrides.get(&finding.rule) {
        Some(reason) => {
            let word = if finding.override_void.is_some() { "Contradicted" } else { "Overridden" };
            pair(rows, word, reason);
            rows.para(0, &format!("{key} takes the override back."), theme.muted);
        }
        None if finding.overridable => rows.para(0, &format!("{key} overrides it, with a reason."), theme.muted),
        None => rows.para(0, "This finding cannot be overridden.", theme.muted),
    }
    pair(rows, "Rule", &finding.rule);
}

fn cocktail(app: &App, cocktail: &Cocktail, today: Date, rows: &mut Rows<'_>) {
    title(rows, &cocktail.label, &format!("{}, {}", cocktail.goal_label, cocktail.area_label));
    if let Some(own) = &cocktail.own {
        list(rows, "Own mix", &own.changes);
    }
    pair(rows, "Found", &cocktail.outcome);
    pair(rows, "To be expected", &cocktail.expected);
    pair(rows, "Technique", &cocktail.technique_label);
    pair(rows, "Needle", &cocktail.needle);
    pair(rows, "Numbing", &cocktail.numbing);
    list(rows, "Syringe", &cocktail.mixing);
    let lower = cocktail.alternatives.iter();
    let lower: Vec<String> =
        lower.map(|other| format!("{} ({}): {}", other.label, other.evidence.letter(), other.why_lower)).collect();
    list(rows, "Ranks lower", &lower);
    rows.gap();
    evidence(rows, Some(cocktail.evidence));
    if let Some(loaded) = app.loaded() {
        let said = graded::said(&graded::trials(&loaded.pack, cocktail), rows.theme);
        let words: String = said.iter().map(|(words, _)| words.as_str()).collect();
        pair(rows, "", &words);
    }
    grounds(rows, cocktail.basis, &cocktail.sources);
    review(rows, cocktail.review.as_ref(), today);
}

fn dose(app: &App, cocktail: &Cocktail, n: usize, today: Date, rows: &mut Rows<'_>) {
    let Some(dose) = cocktail.ingredients.get(n) else { return };
    title(rows, &dose.label, &dose.role);
    pair(rows, "Dose", &dose.dose);
    pair(rows, "Concentration", &dose.concentration);
    pair(rows, "Volume", &format!("{} mL in {}", number(dose.volume_ml), cocktail.area_label));
    pair(rows, "Limit", dose.limit.as_deref().unwrap_or(""));
    if let Some(used) = dose.limit_used {
        pair(rows, "Of the limit", &crate::tui::widget::gauge::percent(used));
    }
    pair(rows, "Status here", dose.status.as_deref().unwrap_or(""));
    pair(rows, "Instead of", dose.instead_of.as_deref().unwrap_or(""));
    let Some(loaded) = app.loaded() else { return };
    let Some(ix) = loaded.pack.ingredients.find(&dose.id) else { return };
    let Some(detail) = loaded.pack.ingredient_details.get(ix.get()) else { return };
    rows.gap();
    pair(rows, "Purpose", &detail.purpose);
    pair(rows, "Caution", &detail.caution);
    pair(rows, "Route", &detail.route);
    for known in &detail.evidence_for {
        let goal = &loaded.pack.goals[known.goal];
        if goal.id == cocktail.goal {
            let grade = format!("{}: {}. {}", known.grade.letter(), known.grade.label(), known.note);
            pair(rows, "Evidence", &grade);
            list(rows, "", &loaded.pack.citations(&known.sources));
        }
    }
    let contains: Vec<&str> = detail.contains.iter().map(|ix| loaded.pack.allergens[ix].label.as_str()).collect();
    pair(rows, "Contains", &contains.join(", "));
    pair(rows, "Status", &detail.status_note);
    grounds(rows, detail.grounds.basis, &loaded.pack.citations(&detail.grounds.sources));
    review(rows, Some(&detail.grounds.review), today);
}

/// A number as people write it: no needless decimals.
#[must_use]
pub fn number(value: f64) -> String {
    let text = format!("{value:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// The window with the reasons of an override.
pub fn reasons(
    app: &App,
    rule: &str,
    chosen: usize,
    line: Option<&Input>,
    top: usize,
    width: u16,
) -> (String, Vec<Row>, Page, usize) {
    let theme = &app.theme;
    let mut head = Rows::new(theme, width);
    let finding = app.consult().and_then(|consult| consult.assessment.findings.iter().find(|f| f.rule == rule));
    let came = finding.is_some_and(|finding| finding.verdict == Verdict::Clearance);
    let asks = match came {
        true => "What was cleared, by whom and when? It goes into the record; the finding then asks for caution.",
        false => "Why is it right to go on for this patient? The reason goes into the record.",
    };
    head.para(0, asks, theme.muted);
    head.blank();
    let mut rows = Rows::new(theme, width);
    let mut offered = override_reasons(app, rule);
    offered.push("Another reason, in your own words".to_owned());
    for (n, reason) in offered.iter().enumerate() {
        let start = rows.len();
        let key = if n < 9 { (n + 1).to_string() } else { " ".to_owned() };
        rows.bullet(0, &key, theme.key, reason, theme.text);
        rows.item(start, Target::Item(n), n == chosen && line.is_none());
        rows.rows.iter_mut().skip(start).for_each(|row| row.selected = n == chosen && line.is_none());
    }
    if line.is_none() {
        for reason in refuted(app, rule) {
            rows.para(0, &format!("Not offered: {reason}"), theme.muted);
        }
    }
    if let Some(line) = line {
        let width = rows.width.saturating_sub(4).max(4);
        let (cells, cursor) = line_box(theme, &LineBox { line: Some(line), rest: "", width, fresh: false });
        let mut parts = vec![("  ".to_owned(), theme.text)];
        parts.extend(cells);
        let row = rows.line(parts);
        row.cursor = cursor.map(|at| at + 2);
        row.active = true;
        row.bar = true;
    }
    let what = if came { "Clearance" } else { "Override" };
    let title = format!("{what}: {}", finding.map_or(rule, |finding| finding.title.as_str()));
    (title, head.rows, Page { rows: rows.rows, ..Page::default() }, top)
}
