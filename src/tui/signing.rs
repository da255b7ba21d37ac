//! What is about to be signed, in words: asked on the screen and line by line before anything is saved for good.

use jiff::civil::Date;

use super::sheet::{Sheet, Signer};
use crate::intake::{Answer, age_on};
use crate::plan::{Assessment, Outcome};

/// What is signed, line by line: a heading and its words.
#[must_use]
pub fn lines(sheet: &Sheet, assessment: &Assessment, today: Date) -> Vec<(&'static str, String)> {
    let mut lines = vec![
        ("Patient", who(sheet, today)),
        ("Verdict", format!("{}, {}", assessment.verdict.word().to_uppercase(), what(sheet, assessment, today))),
    ];
    if let Some(plan) = &assessment.plan {
        let given = plan.cocktails.iter().map(|c| format!("{}, {}: {}", c.goal_label, c.area_label, c.label));
        let without = plan.without.iter().map(|w| format!("{}, {}: no injectable", w.goal_label, w.area_label));
        lines.push(("Plan", given.chain(without).collect::<Vec<_>>().join("; ")));
        lines.push(("Time to think", sheet.reflection.label()));
    }
    let title = |rule: &String| assessment.findings.iter().find(|f| f.rule == *rule).map(|f| f.title.clone());
    let overridden: Vec<String> = sheet.overrides.keys().filter_map(title).collect();
    if !overridden.is_empty() {
        lines.push(("Overridden", overridden.join("; ")));
    }
    if let Some(amends) = &sheet.amends {
        lines.push(("Amends", format!("version {}: {}", amends.version, amends.reason.trim())));
    }
    let Signer { name, role, licence } = &sheet.signer;
    lines.push(("Signed by", format!("{}, {}, licence {}", name.trim(), role.trim(), licence.trim())));
    let note = sheet.note.trim();
    lines.push(("Note", if note.is_empty() { "none".to_owned() } else { note.to_owned() }));
    lines
}

/// Who is treated, by name and a second identifier: the last moment at which a wrong patient is noticed.
#[must_use]
pub fn who(sheet: &Sheet, today: Date) -> String {
    let born = match sheet.intake.get("patient.birth_date") {
        Some(Answer::Date(date)) => {
            let age = age_on(*date, today).map(|age| format!(" ({age})")).unwrap_or_default();
            format!("born {date}{age}")
        }
        _ => match sheet.intake.get("patient.age") {
            Some(Answer::Number(age)) => format!("{age} years, no date of birth"),
            _ => "no date of birth".to_owned(),
        },
    };
    match sheet.intake.text("patient.name") {
        "" => format!("(no name), {born}"),
        name => format!("{name}, {born}"),
    }
}

/// What it is: with a plan, or without one.
#[must_use]
pub fn what(sheet: &Sheet, assessment: &Assessment, today: Date) -> String {
    let day = sheet.day(today);
    match (&assessment.plan, assessment.verdict) {
        (Some(plan), _) if plan.conditional => format!("{day}: the plan holds only after the clearance."),
        (Some(_), _) => format!("{day}: consultation with plan."),
        (None, Outcome::Incomplete) => format!("{day}."),
        (None, _) => format!("{day}: a record without a plan."),
    }
}
