//! The proposal: cocktails with doses against their limits, the calendar, what to do before and after.

use super::assessment::Builder;
use super::explain::number;
use super::{Item, Page, evidence, panel, places};
use jiff::civil::Date;

use crate::plan::{Cocktail, Dose, LimitUse, Outcome, Plan, Text};
use crate::tui::app::{App, Consult, Subject};
use crate::tui::signs;
use crate::tui::text;
use crate::tui::theme::{Theme, meaning, sign};
use crate::tui::widget::rows::Rows;
use crate::tui::widget::{gauge, timeline};

/// Columns before what is done on a day: its sign, its number and the day.
const BEHIND_DAY: usize = 22;

/// The step.
pub fn page(app: &App, consult: &Consult, width: u16) -> Page {
    let mut page = Builder::new(Rows::new(&app.theme, width), consult.chosen[consult.step.index()]);
    match &consult.assessment.plan {
        None => without_plan(consult, &mut page),
        Some(plan) => {
            panel::unreviewed(&consult.assessment, &mut page.rows);
            // What must be changed comes before what it depends on.
            refused(app, plan, &mut page);
            conditions(plan, &mut page);
            for (n, cocktail) in plan.cocktails.iter().enumerate() {
                let key = (cocktail.goal.clone(), cocktail.area.clone());
                let own = consult.sheet.recipes.get(&key);
                self::cocktail(app, n, cocktail, own.map(String::as_str), &mut page);
            }
            without(plan, &mut page);
            calendar(plan, app.today, &mut page);
            places::section(app, consult, &mut page);
            limits(plan, &mut page);
            for (n, cocktail) in plan.cocktails.iter().enumerate() {
                alternatives(n, cocktail, &mut page);
            }
            benefit(plan, &mut page);
            texts("Before the session", &plan.precare, &mut page);
            texts("After the session", &plan.aftercare, &mut page);
            texts("Call at once", &plan.red_flags, &mut page);
        }
    }
    page.done()
}

fn without_plan(consult: &Consult, page: &mut Builder<'_>) {
    let verdict = consult.assessment.verdict;
    page.section("No plan", "");
    page.item(Item::Text, |rows, _| {
        let theme = rows.theme;
        let lead = format!("{}\u{a0}{}: ", sign(verdict), verdict.word());
        rows.flow(0, 2, &[(&lead, theme.outcome(verdict)), (meaning(verdict), theme.text)]);
    });
    let words = if verdict == Outcome::Incomplete {
        "Answer the open questions (the assessment lists them); the plan follows."
    } else {
        "The consultation can still be signed and saved, without a plan."
    };
    page.text("·", words);
}

fn conditions(plan: &Plan, page: &mut Builder<'_>) {
    if !plan.conditional && plan.conditions.is_empty() && plan.changes.is_empty() {
        return;
    }
    page.section(if plan.conditional { "This plan is conditional" } else { "Conditions" }, "");
    for condition in &plan.conditions {
        page.item(Item::Text, |rows, _| {
            let theme = rows.theme;
            rows.bullet(0, "◇", theme.outcome(Outcome::Clearance), condition, theme.text);
        });
    }
    for change in &plan.changes {
        page.text("·", change);
    }
}

/// Mixes of one's own that the rules do not leave any more.
fn refused(app: &App, plan: &Plan, page: &mut Builder<'_>) {
    if plan.refused.is_empty() {
        return;
    }
    let reset = app.settings.keys.say("plan.reset");
    page.section("Your own mix cannot be given", &format!("the proposal stands below; {reset} takes the mix back"));
    for refused in &plan.refused {
        page.item(Item::Text, |rows, _| {
            let theme = rows.theme;
            let words = format!("{}, {}: {}", refused.goal_label, refused.area_label.to_lowercase(), refused.why);
            rows.bullet(0, sign(Outcome::Decline), theme.outcome(Outcome::Decline), &words, theme.text);
        });
    }
}

fn cocktail(app: &App, n: usize, cocktail: &Cocktail, own: Option<&str>, page: &mut Builder<'_>) {
    let theme = page.rows.theme;
    page.section(&format!("{} · {}", cocktail.goal_label, cocktail.area_label), "");
    page.item(Item::About(Subject::Cocktail(n)), |rows, _| {
        let chosen = match &cocktail.own {
            None if own == Some(cocktail.recipe.as_str()) => "  your\u{a0}choice",
            _ => "",
        };
        rows.flow(0, 2, &[(&cocktail.label, theme.answer), (chosen, theme.accent)]);
        let strip = format!("evidence {}\u{a0}", evidence::strip(cocktail.evidence)).replace(' ', "\u{a0}");
        let trials = app.loaded().map(|loaded| evidence::said(&evidence::trials(&loaded.pack, cocktail), theme));
        let mut parts: Vec<(&str, _)> = vec![(&strip, theme.muted), (cocktail.evidence.label(), theme.text)];
        let mut trials = trials.unwrap_or_default();
        if let Some((words, _)) = trials.first_mut() {
            words.insert_str(0, "  ");
        }
        parts.extend(trials.iter().map(|(words, style)| (words.as_str(), *style)));
        rows.flow(0, 2, &parts);
        rows.para(0, &how(cocktail), theme.muted);
        for change in cocktail.own.iter().flat_map(|own| &own.changes) {
            rows.bullet(0, signs::OWN, theme.accent, change, theme.text);
        }
    });
    for (i, dose) in cocktail.ingredients.iter().enumerate() {
        page.item(Item::About(Subject::Dose(n, i)), |rows, _| self::dose(rows, dose));
    }
    for note in &cocktail.mixing {
        page.text("·", note);
    }
    if !cocktail.numbing.is_empty() {
        page.text("·", &format!("Numbing: {}", cocktail.numbing));
    }
}

/// The other recipes for a goal in an area, best first, with why they rank lower.
fn alternatives(n: usize, cocktail: &Cocktail, page: &mut Builder<'_>) {
    if cocktail.alternatives.is_empty() {
        return;
    }
    let theme = page.rows.theme;
    page.section("Alternatives", &format!("{} · {}", cocktail.goal_label, cocktail.area_label));
    for (i, alternative) in cocktail.alternatives.iter().enumerate() {
        page.item(Item::About(Subject::Alternative(n, i)), |rows, _| {
            let (mark, style) = if alternative.possible { ("○", theme.answer) } else { ("✗", theme.muted) };
            let lead = format!("{mark}\u{a0}");
            let grade = format!("{}\u{a0}\u{a0}", evidence::strip(alternative.evidence).replace(' ', "\u{a0}"));
            let why = format!("  {}", alternative.why_lower);
            rows.flow(
                0,
                2,
                &[(&lead, theme.muted), (&grade, theme.text), (&alternative.label, style), (&why, theme.muted)],
            );
        });
    }
}

/// Technique, depth, needle, points, in one line.
fn how(cocktail: &Cocktail) -> String {
    let mut parts = vec![cocktail.technique_label.clone()];
    let [from, to] = cocktail.depth_mm;
    parts.push(format!("{} to {} mm deep", number(from), number(to)));
    if !cocktail.needle.is_empty() {
        parts.push(cocktail.needle.clone());
    }
    match (cocktail.points, cocktail.point_ml) {
        (Some(points), Some(ml)) => parts.push(format!("{points} points of {} mL", number(ml))),
        (None, Some(ml)) => parts.push(format!("points of {} mL", number(ml))),
        (Some(points), None) => parts.push(format!("{points} points")),
        (None, None) => {}
    }
    if let Some(cm) = cocktail.spacing_cm {
        parts.push(format!("{} cm apart", number(cm)));
    }
    parts.push(format!("{} mL in all", number(cocktail.total_ml)));
    parts.push(format!("{} minutes", cocktail.minutes));
    // A figure stays beside its unit.
    parts.iter().map(|part| part.replace(' ', "\u{a0}")).collect::<Vec<_>>().join(" · ")
}

/// An ingredient: its name and status, then how much of it, against its limit.
fn dose(rows: &mut Rows<'_>, dose: &Dose) {
    let theme = rows.theme;
    let mut about = format!("  {}", dose.role);
    if let Some(status) = &dose.status {
        about.push_str(&format!(" · {status} here"));
    }
    if let Some(instead) = &dose.instead_of {
        about.push_str(&format!(" · instead of {instead}"));
    }
    rows.flow(0, 2, &[(&dose.label, theme.answer), (&about, theme.muted)]);
    let mut parts = vec![
        (format!("  {}", text::pad(&dose.concentration, 12)), theme.text),
        (right(&format!("{} mL", number(dose.volume_ml)), 9), theme.text),
        (format!("{}   ", right(&short_dose(dose), 10)), theme.text),
    ];
    match dose.limit_used {
        Some(used) => {
            let (filled, rest) = gauge::bar(used, if rows.width < 90 { 12 } else { 24 });
            parts.push((filled, gauge_style(theme, used)));
            parts.push((rest, theme.border));
            parts.push((format!(" {}", gauge::percent(used)), theme.answer));
            parts.extend(gauge::sign(used).map(|sign| (format!(" {sign}"), gauge_style(theme, used))));
        }
        None => parts.push(("no limit known".to_owned(), theme.muted)),
    }
    rows.line(parts);
    if let Some(limit) = &dose.limit {
        rows.para(2, limit, theme.muted);
    }
}

fn short_dose(dose: &Dose) -> String {
    match dose.mg {
        Some(mg) => format!("{} mg", number(mg)),
        None if text::width(&dose.dose) <= 12 => dose.dose.clone(),
        None => "–".to_owned(),
    }
}

fn right(words: &str, columns: usize) -> String {
    let words = text::fit(words, columns);
    format!("{}{words}", " ".repeat(columns.saturating_sub(text::width(&words))))
}

fn gauge_style(theme: &Theme, used: f64) -> ratatui::style::Style {
    match used {
        used if used > 1.0 => theme.outcome(Outcome::Decline),
        used if used > gauge::NEAR => theme.outcome(Outcome::Caution),
        _ => theme.outcome(Outcome::Proceed),
    }
}

fn without(plan: &Plan, page: &mut Builder<'_>) {
    for (n, without) in plan.without.iter().enumerate() {
        page.section(&format!("{} · {}", without.goal_label, without.area_label), "no recommended injectable");
        page.item(Item::About(Subject::Without(n)), |rows, _| {
            let theme = rows.theme;
            rows.bullet(0, "–", theme.muted, &without.why, theme.text);
            for instead in &without.instead {
                rows.bullet(2, "·", theme.muted, &format!("Instead: {instead}"), theme.text);
            }
        });
    }
}

fn limits(plan: &Plan, page: &mut Builder<'_>) {
    if plan.limits.is_empty() {
        return;
    }
    page.section("Limits", "over all cocktails together");
    let column = plan.limits.iter().map(|limit| text::width(&limit.label)).max().unwrap_or(0).min(30);
    for (n, limit) in plan.limits.iter().enumerate().filter(|(_, limit)| !limit.by.is_empty()) {
        page.item(Item::About(Subject::Limit(n)), |rows, chosen| self::limit(rows, limit, column, chosen));
    }
    let idle = plan.limits.iter().filter(|limit| limit.by.is_empty());
    let idle: Vec<String> = idle.map(|limit| format!("{} ({})", limit.label, limit.ceiling)).collect();
    if !idle.is_empty() {
        page.text("·", &format!("None planned of: {}", idle.join(", ")));
    }
}

fn limit(rows: &mut Rows<'_>, limit: &LimitUse, column: usize, chosen: bool) {
    let theme = rows.theme;
    // A gap between sessions is wide enough or not; it is never used up.
    if limit.unit == "days" {
        let label = text::pad(&limit.label, column);
        rows.flow(0, 2, &[(&label, theme.text), ("  ", theme.text), (&limit.ceiling, theme.muted)]);
        return;
    }
    let (filled, rest) = gauge::bar(limit.used, 16);
    let mut parts = vec![
        (text::pad(&limit.label, column), theme.text),
        ("  ".to_owned(), theme.text),
        (filled, gauge_style(theme, limit.used)),
        (rest, theme.border),
        (format!(" {}", gauge::percent(limit.used)), theme.answer),
    ];
    parts.extend(gauge::sign(limit.used).map(|sign| (format!(" {sign}"), gauge_style(theme, limit.used))));
    rows.line(parts).selected = chosen;
    rows.para(2, &limit.ceiling, theme.muted);
}

/// What was found, once for each recipe, and what may be expected, once for each goal.
fn benefit(plan: &Plan, page: &mut Builder<'_>) {
    if plan.cocktails.is_empty() {
        return;
    }
    page.section("What to expect", "never a promise");
    let theme = page.rows.theme;
    let mut said: Vec<&str> = Vec::new();
    for cocktail in &plan.cocktails {
        if !said.contains(&cocktail.goal.as_str()) && !cocktail.expected.is_empty() {
            said.push(&cocktail.goal);
            page.item(Item::Text, |rows, _| {
                let lead = format!("{}: ", cocktail.goal_label);
                rows.flow(0, 2, &[(&lead, theme.answer), (&cocktail.expected, theme.text)]);
            });
        }
        if !said.contains(&cocktail.recipe.as_str()) && !cocktail.outcome.is_empty() {
            said.push(&cocktail.recipe);
            page.item(Item::Text, |rows, _| {
                let lead = format!("{} (evidence {}): ", cocktail.label, cocktail.evidence.letter());
                rows.flow(0, 2, &[(&lead, theme.answer), (&cocktail.outcome, theme.text)]);
            });
        }
    }
}

/// Sessions and reviews in the order of their days.
fn calendar(plan: &Plan, today: Date, page: &mut Builder<'_>) {
    if plan.sessions.is_empty() {
        return;
    }
    let count = text::count(plan.sessions.len(), "session", "sessions");
    page.section("Calendar", &format!("{count}, {}", text::count(plan.reviews.len(), "review", "reviews")));
    page.item(Item::Text, |rows, _| timeline::draw(plan, today, rows));
    page.rows.gap();
    let mut days: Vec<(i32, Entry<'_>)> = plan.sessions.iter().map(|s| (s.after_days, Entry::Session(s))).collect();
    days.extend(plan.maintenance.iter().map(|s| (s.after_days, Entry::Later(s))));
    days.extend(plan.reviews.iter().map(|review| (review.after_days, Entry::Review(review))));
    days.sort_by_key(|(after, _)| *after);
    for (after, entry) in days {
        page.item(Item::Text, |rows, _| entry.draw(after, rows));
    }
}

enum Entry<'a> {
    Session(&'a crate::plan::Session),
    Later(&'a crate::plan::Session),
    Review(&'a crate::plan::Review),
}

impl Entry<'_> {
    fn draw(&self, after: i32, rows: &mut Rows<'_>) {
        let theme = rows.theme;
        let day = |date: &Option<jiff::civil::Date>| match date {
            Some(date) => date.strftime("%a %Y-%m-%d").to_string(),
            None => format!("day {after}"),
        };
        match self {
            Self::Session(session) | Self::Later(session) => {
                let (sign, number) = match self {
                    Self::Later(_) => (signs::LATER, String::new()),
                    _ => (signs::SESSION, session.number.to_string()),
                };
                let lead = format!("{sign}\u{a0}{}\u{a0}\u{a0}{}", right(&number, 2), day(&session.date));
                let rest = format!("  {} · {} min · {}", session.phase, session.minutes, session.goals.join(", "));
                rows.flow(0, BEHIND_DAY, &[(&lead.replace(' ', "\u{a0}"), theme.answer), (&rest, theme.text)]);
            }
            Self::Review(review) => {
                let lead = format!("◆\u{a0}\u{a0}\u{a0}\u{a0}\u{a0}{}", day(&review.date)).replace(' ', "\u{a0}");
                let stop = if review.stop.is_empty() { String::new() } else { format!("  Stop if: {}", review.stop) };
                let what = format!("  Review: {}", review.what);
                rows.flow(
                    0,
                    BEHIND_DAY,
                    &[(&lead, theme.outcome(Outcome::Clearance)), (&what, theme.text), (&stop, theme.muted)],
                );
            }
        }
    }
}

fn texts(title: &str, texts: &[Text], page: &mut Builder<'_>) {
    if texts.is_empty() {
        return;
    }
    page.section(title, "");
    for words in texts {
        page.text("·", words);
    }
}
