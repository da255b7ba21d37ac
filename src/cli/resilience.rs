//! How much it takes to leave each goal without a plan, as text, as JSON and as files.

use serde_json::{Value, json};

use super::page::{Ink, Page};
use crate::intake;
use crate::proof::{Resilience, Ticks};

/// A line for each goal: the single ticks that take its plan away, and the fewest that leave nothing to inject; and how
/// many goals are left out here.
pub(super) fn text(page: &mut Page, shown: &[&Resilience], more: usize) {
    if shown.is_empty() && more == 0 {
        return;
    }
    page.gap();
    page.text(0, 2, "Resilience: what leaves a plain patient with one goal without a plan for it");
    if !shown.is_empty() {
        let means = "alone: ticks (one more entry, another answer) of which each is enough, what puts off or refuses all \
                     treatment included; run out: the fewest ticks that leave nothing to inject, though goal, area and \
                     treatment as such stand";
        page.inked(2, 2, Ink::Dim, "", means);
    }
    if more > 0 {
        page.inked(2, 2, Ink::Dim, "", &format!("{more} goals of the lowest pack; --all lists them"));
    }
    for row in shown {
        let nothing = match &row.nothing_left {
            Some(ticks) => format!("run out by {} ({})", ticks.count, ticks.differs.join("; ")),
            None => "never run out".to_owned(),
        };
        page.text(2, 2, &format!("{}: {} of {} alone; {nothing}", row.goal, row.alone, row.ticks));
        for ticks in [&row.without_plan, &row.nothing_left].into_iter().flatten().filter(|ticks| !ticks.replayed) {
            let why = format!(
                "the assessment does not agree, which is a mistake of the program: {}",
                ticks.differs.join("; ")
            );
            page.inked(4, 2, Ink::Stop, "✗", &why);
        }
    }
}

/// For programs.
pub(super) fn rows(all: &[Resilience]) -> Vec<Value> {
    let ticks = |ticks: &Ticks| {
        json!({
            "ticks": ticks.count,
            "differs": ticks.differs,
            "intake": intake::write(&ticks.intake),
            "replayed": ticks.replayed,
        })
    };
    let row = |row: &Resilience| {
        json!({
            "goal": row.goal,
            "area": row.area,
            "ticks": row.ticks,
            "alone": row.alone,
            "plain": intake::write(&row.plain),
            "without_plan": row.without_plan.as_ref().map(ticks),
            "nothing_left": row.nothing_left.as_ref().map(ticks),
        })
    };
    all.iter().map(row).collect()
}

/// The plain patients and those with the ticks, as intake files with their names.
pub(super) fn files(all: &[Resilience]) -> Vec<(String, String)> {
    let mut files = Vec::new();
    for row in all {
        let goal = &row.goal;
        let plain = format!("# a plain patient with the goal {goal}\n{}", intake::write(&row.plain));
        files.push((format!("resilience-{goal}-plain.toml"), plain));
        let some = [("without-plan", &row.without_plan), ("nothing-left", &row.nothing_left)];
        for (what, ticks) in some.into_iter().filter_map(|(what, ticks)| Some((what, ticks.as_ref()?))) {
            let text = format!("# {goal}: {what}\n# {}\n{}", ticks.differs.join("; "), intake::write(&ticks.intake));
            files.push((format!("resilience-{goal}-{what}.toml"), text));
        }
    }
    files
}
