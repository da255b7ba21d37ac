//! A limit in words, for nobody in particular.

use crate::pack::{Limit, Per};

/// The numbers and the note of a limit.
pub(super) fn limit_words(limit: &Limit) -> String {
    let mut parts = Vec::new();
    let span = match limit.per {
        Per::Session => "a session",
        Per::Site => "a point",
        Per::Course => "a course",
        Per::Day => "a day",
    };
    let doses: Vec<String> = [
        limit.mg_per_kg.map(|n| format!("{n} mg/kg")),
        limit.mg.map(|n| format!("{n} mg")),
        limit.ml.map(|n| format!("{n} mL")),
        limit.cm2.map(|n| format!("{n} cm²")),
    ]
    .into_iter()
    .flatten()
    .collect();
    if !doses.is_empty() {
        parts.push(format!("at most {} {span}", doses.join(" and ")));
    }
    parts.extend(limit.points.map(|n| format!("at most {n} points")));
    parts.extend(limit.sessions.map(|n| format!("at most {n} sessions")));
    parts.extend(limit.interval_days.map(|n| format!("at least {n} days apart")));
    if let Some(pool) = &limit.pool {
        parts.push(format!("counted together with the other {}", pool.replace('-', " ")));
    }
    let note = if limit.note.is_empty() { String::new() } else { format!(". {}", limit.note) };
    format!("{}{note}", parts.join(", "))
}
