//! The formulary as people read it.

use super::page::{Ink, Page, number};
use crate::pack::{Basis, Grade, TrialResult};
use crate::plan::{Apart, Formulary, FormularyLine, Study};

/// All ingredients, one a line.
pub(super) fn table(page: &mut Page, lines: &[FormularyLine], here: Option<&str>) {
    const COLUMNS: [usize; 5] = [1, 36, 2, 24, 13];
    let head = ["", "Ingredient", "Ev", "Best for", here.map_or("", |_| "Status here")];
    page.row(Ink::Bold, &head, &COLUMNS);
    for line in lines {
        let (sign, ink) = match (line.excluded, line.offered) {
            (true, _) => ("✗", Ink::Stop),
            (false, true) => ("✓", Ink::Good),
            (false, false) => ("·", Ink::Dim),
        };
        let (grade, goal) = line.best.as_ref().map_or(("-", "no goal"), |b| (b.grade.letter(), b.goal_label.as_str()));
        let status = if here.is_some() { line.status.unwrap_or("not stated") } else { "" };
        page.row(ink, &[sign, &line.label, grade, goal, status], &COLUMNS);
    }
    page.gap();
    page.text(0, 2, "✓ offered: recipes may propose it; · only vetted when asked for; ✗ may not be injected here");
    page.text(
        0,
        2,
        "Evidence: A randomised trials, B small controlled, C series, D opinion, X harm or no benefit. The grade is that \
         of the best goal; `pistor formulary ID` has the rest, trials without benefit included.",
    );
    match here {
        Some(label) => page.text(0, 2, &format!("Status in: {label}.")),
        None => page.text(0, 2, "Legal status: with --jurisdiction CODE, or the jurisdiction of the configuration."),
    }
}

/// One ingredient.
pub(super) fn entry(page: &mut Page, entry: &Formulary) {
    let (sign, ink, state) = match (entry.here().is_some_and(|status| status.excluded), entry.offered) {
        (true, _) => ("✗", Ink::Stop, "MAY NOT BE INJECTED HERE"),
        (false, true) => ("✓", Ink::Good, "OFFERED"),
        (false, false) => ("·", Ink::Bold, "ONLY VETTED WHEN ASKED FOR"),
    };
    page.inked(0, 2, ink, &format!("{sign} {state}"), &format!("{} [{}]", entry.label, entry.id));
    page.field(2, "also", &entry.synonyms.join(", "));
    page.field(2, "classes", &labels(&entry.classes));
    page.field(2, "purpose", &entry.purpose);
    let most = entry.mg_per_ml_max.map(|most| format!("; no recipe stronger than {} mg/mL", number(most)));
    page.field(2, "strength", &format!("{}{}", entry.concentration, most.unwrap_or_default()));
    page.field(2, "route", &entry.route);
    if let Some([from, to]) = entry.depth_mm {
        page.field(2, "depth", &format!("{} to {} mm", number(from), number(to)));
    }
    page.field(2, "made of", &labels(&entry.components));
    page.field(2, "contains", &labels(&entry.contains));
    page.field(2, "caution", &entry.caution);
    let recipes: Vec<&str> = entry.recipes.iter().map(|recipe| recipe.label.as_str()).collect();
    page.fields(2, "recipes", recipes);

    page.heading("Evidence by goal");
    if entry.evidence.is_empty() {
        page.text(2, 0, "None on record for any goal.");
    }
    for known in &entry.evidence {
        let lead = format!("{} {}:", known.grade.letter(), known.goal_label);
        page.inked(2, 2, Ink::Bold, &lead, &format!("{}. {}", known.grade.label(), known.note));
        page.fields(4, "source", &known.sources);
    }
    page.heading("Trials");
    let tally = entry.tally();
    if tally.is_empty() {
        page.text(2, 0, "No trial of this ingredient is on record.");
    } else {
        page.text(2, 0, &format!("{tally}. The strongest design comes first, then the newest."));
    }
    entry.trials.iter().for_each(|trial| study(page, trial));

    page.heading("Limits");
    if entry.limits.is_empty() {
        page.text(2, 0, "None on record; that is no licence for any dose.");
    }
    for limit in &entry.limits {
        let only = match limit.jurisdictions.is_empty() {
            true => String::new(),
            false => format!(" (in {})", limit.jurisdictions.join(", ")),
        };
        page.inked(2, 2, Ink::Plain, "-", &format!("{}{only}", limit.text));
        grounds(page, limit.basis, limit.evidence, &limit.sources);
    }

    page.heading("In one syringe");
    entry.mixing.blocked.iter().for_each(|apart| self::apart(page, "✗ never", Ink::Stop, apart));
    entry.mixing.warned.iter().for_each(|apart| self::apart(page, "! with care", Ink::Warn, apart));
    entry.mixing.compatible.iter().for_each(|apart| self::apart(page, "✓ compatible", Ink::Good, apart));
    page.text(2, 0, &entry.mixing.rest);

    page.heading("Rules about it");
    if entry.rules.is_empty() {
        page.text(2, 0, "None.");
    }
    for rule in &entry.rules {
        let lead = if rule.excludes { "✗ excludes it" } else { "· asks" };
        page.inked(2, 2, Ink::Dim, lead, &format!("{} [{}]", rule.title, rule.rule));
        page.field(4, "when", &rule.when);
    }

    page.heading("Legal status");
    for status in &entry.status {
        let mark = if status.here { ", here" } else { "" };
        let words = status.status.unwrap_or("not stated");
        let lead = format!("{} {}{mark}:", if status.excluded { "✗" } else { " " }, status.label);
        page.inked(2, 4, if status.here { Ink::Bold } else { Ink::Plain }, lead.trim_start(), words);
    }
    page.text(2, 0, &entry.status_note);
    page.fields(2, "source", &entry.status_sources);

    page.heading("Sources of this entry");
    page.field(2, "basis", entry.basis.label());
    page.fields(2, "source", &entry.sources);
    page.field(2, "review", &entry.review.words());
}

fn study(page: &mut Page, trial: &Study) {
    let ink = match trial.result {
        TrialResult::Positive => Ink::Good,
        TrialResult::Null | TrialResult::Mixed => Ink::Warn,
        TrialResult::Negative => Ink::Stop,
    };
    let lead = format!("{} {}", trial.result.sign(), trial.result.word().to_uppercase());
    let every = if trial.of_every_injection { " (every injection)" } else { "" };
    page.inked(2, 2, ink, &lead, &format!("{}{every}", trial.title));
    page.field(4, "found", &trial.outcome);
    page.field(4, "how", &trial.how());
    page.field(4, "given", &trial.product);
    page.field(4, "weakness", &trial.weakness);
    grounds(page, trial.basis, trial.evidence, &trial.sources);
}

fn apart(page: &mut Page, lead: &str, ink: Ink, apart: &Apart) {
    let with = if apart.with_everything { "anything".to_owned() } else { labels(&apart.with) };
    page.inked(2, 2, ink, lead, &format!("with {with}: {}", apart.why));
    page.fields(4, "source", &apart.sources);
}

fn grounds(page: &mut Page, basis: Basis, evidence: Grade, sources: &[String]) {
    if sources.is_empty() {
        page.field(4, "basis", basis.label());
    }
    page.field(4, "evidence", &format!("{} ({})", evidence.letter(), evidence.label()));
    page.fields(4, "source", sources);
}

fn labels(named: &[crate::plan::Named]) -> String {
    named.iter().map(|row| row.label.as_str()).collect::<Vec<_>>().join(", ")
}
