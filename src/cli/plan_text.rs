//! A plan as people read it.

use super::assessment_text::{day, grounds};
use super::page::{Ink, Page, number, percent};
use crate::plan::{Alternative, Cocktail, Dose, FIXED, LimitUse, Plan, Session, Vetted};

/// Cocktails, limits and the calendar.
pub(super) fn plan(page: &mut Page, plan: &Plan) {
    page.heading("Plan");
    if plan.conditional {
        page.inked(2, 2, Ink::Warn, "! CONDITIONAL", "It holds only when:");
        page.list(4, &plan.conditions);
    }
    for refused in &plan.refused {
        page.gap();
        let title = format!("{}, {}: your own mix cannot be given", refused.goal_label, refused.area_label);
        page.inked(2, 2, Ink::Stop, "✗", &title);
        page.field(4, "why", &refused.why);
    }
    for cocktail in &plan.cocktails {
        self::cocktail(page, cocktail);
    }
    for goal in &plan.without {
        page.gap();
        let title = format!("{}, {}: no recommended injectable", goal.goal_label, goal.area_label);
        page.inked(2, 2, Ink::Stop, "✗", &title);
        page.field(4, "why", &goal.why);
        page.fields(4, "instead", &goal.instead);
    }
    if !plan.changes.is_empty() {
        page.gap();
        page.text(2, 0, "Changed by the rules:");
        page.list(4, &plan.changes);
    }
    limits(page, &plan.limits);
    if !plan.sessions.is_empty() {
        page.heading("Sessions");
        for session in &plan.sessions {
            page.text(2, 4, &session_line(session));
        }
    }
    if !plan.maintenance.is_empty() {
        page.heading("Afterwards, if the review shows a benefit");
        for session in &plan.maintenance {
            page.text(2, 4, &session_line(session));
        }
    }
    if !plan.reviews.is_empty() {
        page.heading("Reviews");
        for review in &plan.reviews {
            page.text(2, 4, &format!("{}: {}", when(review.date, review.after_days), review.what));
            page.field(6, "stop if", &review.stop);
        }
    }
}

fn cocktail(page: &mut Page, cocktail: &Cocktail) {
    page.gap();
    let title = format!("{} ({})", cocktail.label, cocktail.recipe);
    page.inked(2, 2, Ink::Good, &format!("{}, {}:", cocktail.goal_label, cocktail.area_label), &title);
    if let Some(own) = &cocktail.own {
        page.field(4, "own mix", &format!("the practitioner's own, made from {}", own.recipe));
        page.fields(4, "differs", &own.changes);
    }
    for dose in &cocktail.ingredients {
        ingredient(page, dose);
    }
    let [from, to] = cocktail.depth_mm;
    let mut how = vec![format!("{}, {} to {} mm deep", cocktail.technique_label, number(from), number(to))];
    how.extend((!cocktail.needle.is_empty()).then(|| format!("needle {}", cocktail.needle)));
    page.field(4, "technique", &how.join(", "));
    let mut points = vec![format!("{} mL in all", number(cocktail.total_ml))];
    points.extend(cocktail.points.map(|n| format!("{n} points")));
    points.extend(cocktail.point_ml.map(|ml| format!("{} mL each", number(ml))));
    points.extend(cocktail.spacing_cm.map(|cm| format!("{} cm apart", number(cm))));
    points.push(format!("{} minutes", cocktail.minutes));
    page.field(4, "points", &points.join(", "));
    page.field(4, "numbing", &cocktail.numbing);
    page.fields(4, "mixing", &cocktail.mixing);
    page.field(4, "expect", &cocktail.expected);
    page.field(4, "found", &cocktail.outcome);
    grounds(page, 4, cocktail.basis, Some(cocktail.evidence), &cocktail.sources);
    if !cocktail.alternatives.is_empty() {
        page.text(4, 0, "Alternatives:");
        for other in &cocktail.alternatives {
            alternative(page, other);
        }
    }
}

fn ingredient(page: &mut Page, dose: &Dose) {
    let title = format!("{} {}: {} mL, {}", dose.label, dose.concentration, number(dose.volume_ml), dose.role);
    page.inked(4, 2, Ink::Plain, "-", &title);
    page.field(6, "dose", &dose.dose);
    if let Some(limit) = &dose.limit {
        let used = dose.limit_used.map(|share| format!(" ({} used)", percent(share))).unwrap_or_default();
        page.field(6, "limit", &format!("{limit}{used}"));
    }
    page.fields(6, "status", &dose.status);
    page.fields(6, "instead of", &dose.instead_of);
}

fn alternative(page: &mut Page, other: &Alternative) {
    let (ink, sign) = if other.possible { (Ink::Plain, "-") } else { (Ink::Stop, "✗") };
    let text = format!(
        "{} ({}), evidence {} ({}): {}",
        other.label,
        other.recipe,
        other.evidence.letter(),
        other.evidence.label(),
        other.why_lower
    );
    page.inked(6, 2, ink, sign, &text);
}

fn limits(page: &mut Page, limits: &[LimitUse]) {
    if limits.is_empty() {
        return;
    }
    page.heading("Limits");
    let (idle, used): (Vec<&LimitUse>, Vec<&LimitUse>) = limits.iter().partition(|limit| limit.by.is_empty());
    for limit in used {
        let over = limit.used > 1.0;
        let (ink, lead) = if over { (Ink::Stop, "✗ OVER") } else { (Ink::Plain, "-") };
        let used = match limit.unit.as_str() {
            // What the gap between sessions is stands in the ceiling.
            "days" => String::new(),
            unit if limit.per == "course" => {
                format!(", {} {unit} planned ({})", number(limit.amount), percent(limit.used))
            }
            _ => format!(", {} used", percent(limit.used)),
        };
        page.inked(2, 2, ink, lead, &format!("{}: {}{used}", limit.label, limit.ceiling));
        page.field(4, "computed", if limit.how == FIXED { "" } else { &limit.how });
        page.field(4, "used by", &limit.by.join("; "));
    }
    for limit in idle {
        let text = format!("{}: {}, none of it planned ({})", limit.label, limit.ceiling, limit.how);
        page.inked(2, 2, Ink::Dim, "-", &text);
    }
}

fn session_line(session: &Session) -> String {
    format!(
        "{}. {}, {}, {} minutes: {}",
        session.number,
        when(session.date, session.after_days),
        session.phase,
        session.minutes,
        session.goals.join(", ")
    )
}

pub(super) fn when(date: Option<jiff::civil::Date>, after_days: i32) -> String {
    match (date, after_days) {
        (Some(date), _) => day(date),
        (None, 0) => "once the event is over".to_owned(),
        (None, days) => format!("{days} days after the first session"),
    }
}

/// What was asked for, under the same rules.
pub(super) fn vetted(page: &mut Page, requested: &[Vetted]) {
    if requested.is_empty() {
        return;
    }
    page.heading("Requested");
    for row in requested {
        let (ink, lead) = if row.allowed { (Ink::Good, "✓ allowed") } else { (Ink::Stop, "✗ excluded") };
        page.inked(2, 2, ink, lead, &format!("{} ({})", row.label, row.id));
        page.fields(4, "reasons", &row.reasons);
        page.fields(4, "evidence", &row.evidence);
        page.fields(4, "limits", &row.limits);
    }
}

/// What is said to the patient.
pub(super) fn texts(page: &mut Page, plan: &Plan) {
    consent(page, plan);
    care(page, plan);
}

/// The points to cover before signing.
pub(super) fn consent(page: &mut Page, plan: &Plan) {
    if !plan.consent.is_empty() {
        page.heading("Consent: points to cover");
        page.list(2, plan.consent.iter().map(|point| &point.text));
    }
}

/// What to do before and after, and when to call.
pub(super) fn care(page: &mut Page, plan: &Plan) {
    for (title, texts) in [
        ("Before the session", &plan.precare),
        ("After the session", &plan.aftercare),
        ("The patient must call at once for", &plan.red_flags),
    ] {
        if !texts.is_empty() {
            page.heading(title);
            page.list(2, texts);
        }
    }
}
