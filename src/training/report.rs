//! A cohort as Markdown, CSV or HTML.

use std::fmt::Write;

use super::cohort::{Cohort, caveat};
use super::roll::{AttemptRow, Grid, Mark};

/// How a report is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Form {
    /// Tables for people.
    Markdown,
    /// One table after another for a spreadsheet.
    Csv,
    /// For the browser and for print.
    Html,
}

/// A report is a list of tables; each form writes the same ones.
struct Sheet {
    title: &'static str,
    note: String,
    head: Vec<String>,
    rows: Vec<Vec<String>>,
}

/// The report.
#[must_use]
pub fn write(cohort: &Cohort, form: Form) -> String {
    let sheets = sheets(cohort);
    match form {
        Form::Markdown => markdown(&sheets),
        Form::Csv => csv(&sheets),
        Form::Html => html(&sheets),
    }
}

fn sheets(cohort: &Cohort) -> Vec<Sheet> {
    let share = |value: Option<f64>| value.map_or("–".to_owned(), |v| format!("{:.0} %", v * 100.0));
    let number = |value: Option<f64>| value.map_or("–".to_owned(), |v| format!("{v:.2}"));
    let sheet = |title, note: &str, head: &[&'static str], rows| Sheet {
        title,
        note: note.to_owned(),
        head: head.iter().map(|name| (*name).to_owned()).collect(),
        rows,
    };
    let cut = match &cohort.cut {
        Ok(cut) => format!("{:.1} % (n = {}, R² = {:.2})", cut.percent, cut.n, cut.r_squared),
        Err(why) => format!("none: {why}"),
    };
    let words = |row: &super::roll::ReadRow| {
        let read = if row.read { "read" } else { "left out" };
        vec![row.what.clone(), row.count.to_string(), read.to_owned(), row.why.clone()]
    };
    vec![
        sheet("What was read", "", &["What", "Files", "Read", "Why"], cohort.read.iter().map(words).collect()),
        grid(&cohort.grid),
        sheet(
            "Trainees",
            "",
            &["Trainee", "Attempts", "Passed", "Critical", "Mean %", "Sensitivity", "Specificity", "Brier", "Minutes"],
            cohort
                .trainees
                .iter()
                .map(|row| {
                    vec![
                        row.trainee.clone(),
                        row.attempts.to_string(),
                        row.passed.to_string(),
                        row.critical.to_string(),
                        format!("{:.1}", row.percent),
                        share(row.sensitivity),
                        share(row.specificity),
                        format!("{:.3}", row.brier),
                        format!("{:.1}", row.minutes),
                    ]
                })
                .collect(),
        ),
        sheet(
            "Attempts",
            "Left: how often an exam was left, and when; its clock ran on. Before: how often the same trainee had begun it \
             before. Late: seconds after the time of an exam.",
            &[
                "Trainee", "Station", "Case", "Seed", "Mode", "Day", "Minutes", "Left", "Before", "Hints", "Late", "%",
                "Passed", "Critical", "Seal",
            ],
            cohort.each.iter().map(attempt).collect(),
        ),
        sheet(
            "Domains",
            "",
            &["Domain", "Mean"],
            cohort.domains.iter().map(|(domain, value)| vec![domain.word().to_owned(), share(*value)]).collect(),
        ),
        sheet(
            "Critical fails",
            "One fails an attempt whatever its percentage.",
            &["Kind", "Attempts", "Trainees"],
            cohort
                .critical
                .iter()
                .map(|row| vec![row.kind.to_owned(), row.attempts.to_string(), row.trainees.join("; ")])
                .collect(),
        ),
        sheet(
            "Most missed rules",
            "",
            &["Rule", "Title", "Seen", "Missed"],
            cohort
                .missed
                .iter()
                .map(|row| vec![row.rule.clone(), row.title.clone(), row.seen.to_string(), row.missed.to_string()])
                .collect(),
        ),
        sheet(
            "Items",
            "Difficulty is the mean share of the marks: high is easy. Discrimination is the point-biserial correlation with the rest of the case. First attempts only.",
            &["Case", "Item", "Title", "n", "Difficulty", "Discrimination"],
            cohort
                .items
                .iter()
                .map(|row| {
                    vec![
                        row.case.clone(),
                        row.item.clone(),
                        row.title.clone(),
                        row.n.to_string(),
                        format!("{:.2}", row.difficulty),
                        number(row.discrimination),
                    ]
                })
                .collect(),
        ),
        sheet(
            "Reliability",
            "Cronbach's alpha of the items that all trainees met. First attempts only.",
            &["Case", "n", "Items", "Alpha"],
            cohort
                .reliability
                .iter()
                .map(|row| vec![row.case.clone(), row.n.to_string(), row.items.to_string(), number(row.alpha)])
                .collect(),
        ),
        sheet(
            "Calibration",
            "Of judgements made with this confidence, how many were right.",
            &["From %", "n", "Confidence", "Right"],
            cohort
                .calibration
                .iter()
                .map(|row| {
                    vec![row.from.to_string(), row.n.to_string(), share(Some(row.confidence)), share(Some(row.right))]
                })
                .collect(),
        ),
        sheet("Cut score", "Borderline regression on the instructor's global ratings.", &["Cut"], vec![vec![cut]]),
    ]
}

/// Trainee by station.
fn grid(grid: &Grid) -> Sheet {
    let cell = |mark: &Option<Mark>| match mark {
        None => "–".to_owned(),
        Some(mark) => {
            let word = match (mark.passed, mark.critical) {
                (true, _) => "passed",
                (false, true) => "critical",
                (false, false) => "not passed",
            };
            format!("{:.0} {word}", mark.percent)
        }
    };
    let lacking = match grid.lacking() {
        0 => String::new(),
        1 => " One trainee lacks a station: that mean is of other patients.".to_owned(),
        n => format!(" {n} trainees lack a station: their means are of other patients."),
    };
    let row = |(name, marks): &(String, Vec<Option<Mark>>)| {
        std::iter::once(name.clone()).chain(marks.iter().map(cell)).collect()
    };
    Sheet {
        title: "Trainee by station",
        note: format!("Paper/station, or the case where there is no paper; first attempts, in %.{lacking}"),
        head: std::iter::once("Trainee".to_owned()).chain(grid.columns.iter().cloned()).collect(),
        rows: grid.rows.iter().map(row).collect(),
    }
}

/// One attempt.
fn attempt(row: &AttemptRow) -> Vec<String> {
    let away: Vec<String> = row.away.iter().map(|absence| absence.words()).collect();
    let left = if away.is_empty() { "0".to_owned() } else { format!("{} ({})", away.len(), away.join("; ")) };
    vec![
        row.trainee.clone(),
        row.station.map_or("–".to_owned(), |(paper, station)| format!("{paper}/{station}")),
        row.case.clone(),
        row.seed.to_string(),
        row.mode.word().to_owned(),
        row.day.to_string(),
        format!("{:.1}", row.minutes),
        left,
        row.before.to_string(),
        row.hints.to_string(),
        row.late_seconds.to_string(),
        format!("{:.1}", row.percent),
        if row.passed { "yes" } else { "no" }.to_owned(),
        row.critical.join("; "),
        row.seal.clone(),
    ]
}

fn markdown(sheets: &[Sheet]) -> String {
    let cell = |text: &str| text.replace('|', "\\|").replace('<', "&lt;").replace(['\n', '\r'], " ");
    let mut out = format!("# Training report\n\n{}\n", caveat());
    for sheet in sheets {
        let _ = write!(out, "\n## {}\n", sheet.title);
        if !sheet.note.is_empty() {
            let _ = write!(out, "\n{}\n", sheet.note);
        }
        if sheet.rows.is_empty() {
            out.push_str("\nNone.\n");
            continue;
        }
        let head: Vec<String> = sheet.head.iter().map(|text| cell(text)).collect();
        let _ = write!(out, "\n| {} |\n|{}\n", head.join(" | "), " --- |".repeat(head.len()));
        for row in &sheet.rows {
            let cells: Vec<String> = row.iter().map(|text| cell(text)).collect();
            let _ = writeln!(out, "| {} |", cells.join(" | "));
        }
    }
    out
}

fn csv(sheets: &[Sheet]) -> String {
    let cell = |text: &str| {
        // What is a number is written as one, and what is not known as nothing.
        let number = text.strip_suffix(" %").unwrap_or(text);
        let code = number.len() > 10 || number.len() > 1 && number.starts_with('0') && !number.starts_with("0.");
        if !code && number.parse::<f64>().is_ok_and(f64::is_finite) {
            return number.to_owned();
        }
        if text == "–" {
            return String::new();
        }
        // A spreadsheet would run a name that starts like a formula.
        let guard = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
        format!("\"{guard}{}\"", text.replace('"', "\"\""))
    };
    let line = |cells: &[String]| cells.join(",") + "\r\n";
    let mut out = String::new();
    for (n, sheet) in sheets.iter().enumerate() {
        if n > 0 {
            out.push_str("\r\n");
        }
        out.push_str(&line(&[cell(sheet.title)]));
        out.push_str(&line(&sheet.head.iter().map(|text| cell(text)).collect::<Vec<_>>()));
        for row in &sheet.rows {
            out.push_str(&line(&row.iter().map(|text| cell(text)).collect::<Vec<_>>()));
        }
    }
    out
}

fn html(sheets: &[Sheet]) -> String {
    let text = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;");
    let mut out = format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Training report</title>\n<style>body{{font:11pt \
         sans-serif;margin:2em;color:#000;background:#fff}}table{{border-collapse:collapse}}td,th{{border:1px solid \
         #000;padding:.2em .6em;text-align:left}}@page{{margin:15mm}}</style></head><body>\n<h1>Training report</h1>\n<p>{}</p>\n",
        text(&caveat())
    );
    for sheet in sheets {
        let _ = writeln!(out, "<h2>{}</h2>", sheet.title);
        if !sheet.note.is_empty() {
            let _ = writeln!(out, "<p>{}</p>", text(&sheet.note));
        }
        if sheet.rows.is_empty() {
            out.push_str("<p>None.</p>\n");
            continue;
        }
        let head: String = sheet.head.iter().map(|cell| format!("<th>{}</th>", text(cell))).collect();
        let _ = writeln!(out, "<table><tr>{head}</tr>");
        for row in &sheet.rows {
            let cells: String = row.iter().map(|cell| format!("<td>{}</td>", text(cell))).collect();
            let _ = writeln!(out, "<tr>{cells}</tr>");
        }
        out.push_str("</table>\n");
    }
    out.push_str("</body></html>\n");
    out
}
