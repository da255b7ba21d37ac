//! The window of a mix of one's own: what it holds, against its limits, and how it differs from the proposal.

use super::Page;
use super::explain::number;
use super::fields::{LineBox, line_box};
use crate::plan::{Cocktail, Dose, Outcome};
use crate::tui::app::{App, MixForm, Target};
use crate::tui::signs;
use crate::tui::text;
use crate::tui::theme::sign;
use crate::tui::update::{MixRow, mix_found, mix_rows};
use crate::tui::widget::gauge;
use crate::tui::widget::rows::{Row, Rows};

/// Columns of what an ingredient is for.
const ROLE: usize = 11;

/// The window.
pub fn window(app: &App, form: &MixForm, width: u16) -> (String, Vec<Row>, Page, usize) {
    let plan = app.consult().and_then(|consult| consult.assessment.plan.as_ref());
    let here = |c: &&Cocktail| c.goal == form.goal && c.area == form.area;
    let Some(cocktail) = plan.and_then(|plan| plan.cocktails.iter().find(here)) else {
        return ("Own mix".to_owned(), Vec::new(), Page::default(), 0);
    };
    let title = format!("{} · {}", cocktail.goal_label, cocktail.area_label);
    let (head, rows) = match &form.finding {
        Some(_) => finding(app, form, cocktail, width),
        None => mix(app, form, cocktail, width),
    };
    (title, head.rows, Page { rows: rows.rows, ..Page::default() }, form.top)
}

fn mix<'t>(app: &'t App, form: &MixForm, cocktail: &Cocktail, width: u16) -> (Rows<'t>, Rows<'t>) {
    let theme = &app.theme;
    let mut head = Rows::new(theme, width);
    match &cocktail.own {
        Some(_) => head.line(vec![
            ("Your own mix".to_owned(), theme.accent),
            (format!("  {}: back to the proposal", app.settings.keys.say("plan.reset")), theme.muted),
        ]),
        None => head.line(vec![("As proposed: ".to_owned(), theme.muted), (cocktail.label.clone(), theme.answer)]),
    };
    // What was not taken, and why, stays in sight however long the mix is.
    if let Some(why) = &form.why {
        head.bullet(0, "✗", theme.error, why, theme.error);
    }
    head.blank();
    let mut rows = Rows::new(theme, width);
    let widest = cocktail.ingredients.iter().map(|dose| text::width(&dose.label)).max().unwrap_or(0);
    let column = widest.clamp(12, rows.width.saturating_sub(32).clamp(12, 30));
    let (roomy, narrow) = (rows.width >= column + ROLE + 48, rows.width < column + 46);
    for (n, row) in mix_rows(cocktail).into_iter().enumerate() {
        let start = rows.len();
        let chosen = form.chosen == n;
        let line = form.line.as_ref().filter(|_| chosen);
        let (label, rest) = match row {
            MixRow::Part(at) => match cocktail.ingredients.get(at) {
                Some(dose) => (dose.label.as_str(), part(dose, roomy)),
                None => continue,
            },
            MixRow::Point => ("One point", format!("{:>6} mL", cocktail.point_ml.map(number).unwrap_or_default())),
            MixRow::Add => ("+ add an ingredient", String::new()),
        };
        let style = if row == MixRow::Add { theme.accent } else { theme.answer };
        let label = if row == MixRow::Add { label.to_owned() } else { text::pad(label, column) };
        let mut parts = vec![(label, style), ("  ".to_owned(), theme.text)];
        match line {
            Some(_) => {
                let (cells, cursor) = line_box(theme, &LineBox { line, rest: "", width: 8, fresh: false });
                parts.extend(cells);
                parts.push((" mL".to_owned(), theme.muted));
                rows.line(parts).cursor = cursor.map(|at| at + column as u16 + 2);
            }
            None => {
                parts.push((rest, theme.text));
                if let Some(used) = used(cocktail, row) {
                    let (filled, empty) = gauge::bar(used, if roomy { 10 } else { 6 });
                    let style = theme.outcome(if used > 0.8 { Outcome::Caution } else { Outcome::Proceed });
                    parts.push(("  ".to_owned(), theme.text));
                    if !narrow {
                        parts.push((filled, style));
                        parts.push((empty, theme.border));
                        parts.push((" ".to_owned(), theme.text));
                    }
                    parts.push((format!("{} of limit", gauge::percent(used)), theme.muted));
                }
                if row == MixRow::Point {
                    let all = if narrow { "" } else { " in all" };
                    let points =
                        cocktail.points.map(|n| format!("  {n} points · {} mL{all}", number(cocktail.total_ml)));
                    parts.push((points.unwrap_or_default(), theme.muted));
                }
                rows.line(parts).selected = chosen;
            }
        }
        rows.item(start, Target::Item(n), chosen);
    }
    rows.heading("Against the proposal", "");
    match &cocktail.own {
        None => rows.para(0, "No difference.", theme.muted),
        Some(own) => {
            for change in &own.changes {
                rows.bullet(0, signs::OWN, theme.accent, change, theme.text);
            }
            rows.para(
                0,
                &format!(
                    "{} Evidence {}: {}.",
                    cocktail.outcome,
                    cocktail.evidence.letter(),
                    cocktail.evidence.label()
                ),
                theme.muted,
            );
        }
    }
    rows.heading("Vetted", "by the rules and limits of every proposal");
    let outcome = Outcome::Proceed;
    rows.bullet(
        0,
        sign(outcome),
        theme.outcome(outcome),
        "nothing in it is excluded, and no limit is passed",
        theme.text,
    );
    for note in &cocktail.mixing {
        rows.bullet(0, "·", theme.muted, note, theme.text);
    }
    (head, rows)
}

/// How much of its tightest limit an ingredient takes.
fn used(cocktail: &Cocktail, row: MixRow) -> Option<f64> {
    match row {
        MixRow::Part(at) => cocktail.ingredients.get(at)?.limit_used,
        MixRow::Point | MixRow::Add => None,
    }
}

fn part(dose: &Dose, with_role: bool) -> String {
    let mg = dose.mg.map(|mg| format!("{} mg", number(mg))).unwrap_or_default();
    let role = if with_role { format!("  {:<ROLE$}", dose.role) } else { String::new() };
    format!("{:>6} mL  {mg:>9}{role}", number(dose.volume_ml))
}

fn finding<'t>(app: &'t App, form: &MixForm, cocktail: &Cocktail, width: u16) -> (Rows<'t>, Rows<'t>) {
    let theme = &app.theme;
    let (mut head, mut rows) = (Rows::new(theme, width), Rows::new(theme, width));
    let Some(finding) = &form.finding else { return (head, rows) };
    let (cells, cursor) = line_box(
        theme,
        &LineBox { line: Some(&finding.query), rest: "", width: head.width.saturating_sub(2).max(4), fresh: false },
    );
    let mut parts = vec![("› ".to_owned(), theme.accent)];
    parts.extend(cells);
    head.line(parts).cursor = cursor.map(|at| at + 2);
    let words = match finding.instead.and_then(|n| cocktail.ingredients.get(n)) {
        Some(dose) => format!("Instead of {}: what a recipe for this goal and area gives.", dose.label),
        None => "Added: what a recipe for this goal and area gives.".to_owned(),
    };
    head.para(0, &words, theme.muted);
    let found = mix_found(app);
    for (n, (choice, out)) in found.iter().enumerate() {
        let start = rows.len();
        let chosen = finding.chosen == n;
        let style = if out.is_some() { theme.muted } else { theme.answer };
        let mut parts =
            vec![((if out.is_some() { "✗ " } else { "○ " }).to_owned(), theme.muted), (choice.label.clone(), style)];
        parts.push((format!("  {}", choice.role), theme.muted));
        match out {
            Some(why) => parts.push((format!("  {why}"), theme.outcome(Outcome::Decline))),
            None => parts.push((format!("  up to {} mL", number(f64::from(choice.most_ul) / 1000.0)), theme.muted)),
        }
        rows.line(parts).selected = chosen;
        rows.item(start, Target::Item(n), chosen);
    }
    if found.is_empty() {
        rows.para(0, "No recipe for this goal and area gives anything else at this depth.", theme.muted);
    }
    (head, rows)
}
