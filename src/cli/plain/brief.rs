//! The assessment in brief, to be heard in half a minute: the verdict, what was found, what is planned. All of it is said
//! on request.

use crate::cli::assessment_text as text;
use crate::cli::page::{Page, number, percent};
use crate::cli::plan_text;
use crate::pack::{Pack, Scope};
use crate::plan::{Assessment, Cocktail, Excluded, Finding, LimitUse, Outcome, Plan};
use crate::tui::text::count;

/// Names said of a long list.
const NAMED: usize = 4;

/// The assessment in brief.
pub(super) fn whole(assessment: &Assessment) -> Page {
    let mut page = Page::new(false);
    text::verdict(&mut page, assessment);
    open(&mut page, assessment);
    add_findings(&mut page, assessment);
    excluded(&mut page, &assessment.excluded);
    if let Some(plan) = &assessment.plan {
        add_plan(&mut page, plan);
    }
    page
}

/// What the rules say while questions are being asked.
pub(super) fn so_far(pack: &Pack, assessment: &Assessment) -> Page {
    let mut page = Page::new(false);
    page.text(0, 2, &format!("So far: {}.", word(assessment.verdict)));
    let required = pack.questions.iter().filter(|question| question.required).count();
    if assessment.verdict == Outcome::Incomplete && assessment.missing.is_empty() {
        page.text(2, 2, &format!("{} have to be answered.", count(required, "question", "questions")));
    }
    open(&mut page, assessment);
    add_findings(&mut page, assessment);
    page
}

/// The findings alone, each in a line with its number.
pub(super) fn findings(assessment: &Assessment) -> Page {
    let mut page = Page::new(false);
    page.text(0, 2, &format!("{}.", word(assessment.verdict)));
    add_findings(&mut page, assessment);
    page
}

/// What is planned, in brief.
pub(super) fn plan(plan: &Plan) -> Page {
    let mut page = Page::new(false);
    add_plan(&mut page, plan);
    page
}

/// What an answer changed of what the rules say.
pub(super) fn news(before: &Assessment, now: &Assessment) -> Vec<String> {
    let without = |all: &Assessment, other: &Assessment, say: &dyn Fn(&Finding) -> String| {
        let shown = all.shown().map(|(_, finding)| finding);
        let gone = shown.filter(|finding| !other.findings.iter().any(|one| one.rule == finding.rule));
        gone.map(say).collect::<Vec<String>>()
    };
    let new = without(now, before, &|one| format!("New: {}: {}.", one.word(), one.title));
    let old = without(before, now, &|one| format!("No longer: {}.", one.title));
    let mut news = Vec::new();
    for (lines, what) in [(new, "new"), (old, "no longer there")] {
        // Whoever listens to a hundred of them hears none: the first ones stand for them.
        let more = if lines.len() > MANY { lines.len() - TOLD } else { 0 };
        let told = lines.len() - more;
        news.extend(lines.into_iter().take(told));
        if more > 0 {
            news.push(format!("And {more} more findings that are {what}; the assessment says all of them."));
        }
    }
    if before.verdict != now.verdict {
        news.push(format!("The verdict is now {}.", word(now.verdict)));
    }
    news
}

/// More than so many news are not said one by one, but so many of them.
const MANY: usize = 8;
const TOLD: usize = 5;

/// A verdict in capitals, so that it stands out in a line.
fn word(outcome: Outcome) -> String {
    outcome.word().to_uppercase()
}

fn open(page: &mut Page, assessment: &Assessment) {
    if assessment.missing.is_empty() {
        return;
    }
    let labels: Vec<&str> = assessment.missing.iter().map(|missing| missing.label.as_str()).collect();
    let some = count(labels.len(), "question is open", "questions are open");
    page.text(0, 2, &format!("{some} that a safety rule reads: {}.", named(&labels)));
}

/// The first few names of a list.
fn named(labels: &[&str]) -> String {
    let shown = labels.iter().take(NAMED).copied().collect::<Vec<_>>().join("; ");
    match labels.len().saturating_sub(NAMED) {
        0 => shown,
        more => format!("{shown}; {more} more"),
    }
}

fn add_findings(page: &mut Page, assessment: &Assessment) {
    if assessment.findings.is_empty() {
        page.text(0, 2, "No findings.");
        return;
    }
    let many = count(assessment.shown().count(), "finding", "findings");
    page.text(0, 2, &format!("{many}; `why` and a number says all about one:"));
    for (n, finding) in assessment.shown() {
        let overridden = if finding.overridden.is_some() { ", overridden" } else { "" };
        let urgent = if finding.urgent { ", the same day" } else { "" };
        let lead = format!("{} {}{urgent}{overridden}", n + 1, finding.word().to_uppercase());
        let reach = if finding.scope == Scope::Goal { ", for the excluded goals only" } else { "" };
        page.text(2, 2, &format!("{lead}: {} [{}]{reach}", finding.title, finding.rule));
        page.text(4, 0, &finding.message);
        let until = finding.until.map(text::day).into_iter().chain(finding.until_event.clone());
        let steps = [
            ("Until", until.collect::<Vec<_>>().join(" at the earliest, and not before this: ")),
            ("Cleared by", finding.from.clone().unwrap_or_default()),
            ("Refer to", finding.to.clone().unwrap_or_default()),
        ];
        for (what, words) in steps.iter().filter(|(_, words)| !words.is_empty()) {
            page.text(4, 2, &format!("{what}: {words}."));
        }
    }
}

fn excluded(page: &mut Page, rows: &[Excluded]) {
    if rows.is_empty() {
        return;
    }
    let kinds = [
        ("ingredient", "ingredient", "ingredients"),
        ("goal", "goal", "goals"),
        ("area", "area", "areas"),
        ("technique", "technique", "techniques"),
    ];
    let all: Vec<String> = kinds
        .iter()
        .filter_map(|(kind, one, many)| {
            let n = rows.iter().filter(|row| row.kind == *kind).count();
            (n > 0).then(|| count(n, one, many))
        })
        .collect();
    page.text(0, 2, &format!("Excluded: {}; `show excluded` names them.", all.join(", ")));
}

fn add_plan(page: &mut Page, plan: &Plan) {
    let condition = if plan.conditional { ", only when" } else { "" };
    page.text(0, 2, &format!("Plan{condition}:"));
    if plan.conditional {
        page.list(4, &plan.conditions);
    }
    for refused in &plan.refused {
        let place = format!("{}, {}", refused.goal_label, refused.area_label);
        page.text(
            2,
            2,
            &format!("{place}: your own mix cannot be given: {}. The proposal stands in its place.", refused.why),
        );
    }
    plan.cocktails.iter().for_each(|one| cocktail(page, one));
    for goal in &plan.without {
        page.text(2, 2, &format!("{}, {}: no recommended injectable. {}", goal.goal_label, goal.area_label, goal.why));
        page.list(4, &goal.instead);
    }
    if !plan.changes.is_empty() {
        page.text(2, 2, "Changed by the rules:");
        page.list(4, &plan.changes);
    }
    if let Some(limit) = plan.limits.iter().filter(|limit| limit.unit != "days" && !limit.by.is_empty()).max_by(nearer)
    {
        let line = format!("Nearest to its limit: {}, {} used ({}).", limit.label, percent(limit.used), limit.ceiling);
        page.text(2, 2, &line);
    }
    if !plan.sessions.is_empty() {
        let days: Vec<String> = plan.sessions.iter().map(|s| plan_text::when(s.date, s.after_days)).collect();
        page.text(2, 2, &format!("{}: {}.", count(days.len(), "session", "sessions"), days.join("; ")));
    }
}

fn nearer(one: &&LimitUse, other: &&LimitUse) -> std::cmp::Ordering {
    one.used.total_cmp(&other.used)
}

/// One cocktail: what it is, what is in it, and how it is given.
fn cocktail(page: &mut Page, cocktail: &Cocktail) {
    let Cocktail { goal_label, area_label, label, evidence, .. } = cocktail;
    let grade = format!("evidence {} ({})", evidence.letter(), evidence.label());
    page.text(2, 2, &format!("{goal_label}, {area_label}: {label}, {grade}."));
    if let Some(own) = &cocktail.own {
        page.text(4, 2, "It is the practitioner's own mix. It differs from the proposal:");
        page.list(6, &own.changes);
    }
    let parts: Vec<String> =
        cocktail.ingredients.iter().map(|dose| format!("{} {} mL", dose.label, number(dose.volume_ml))).collect();
    page.text(4, 2, &format!("{}; {}.", parts.join(", "), points(cocktail)));
    page.text(
        4,
        2,
        &format!(
            "{}, {} to {} mm deep.",
            cocktail.technique_label,
            number(cocktail.depth_mm[0]),
            number(cocktail.depth_mm[1])
        ),
    );
}

/// How it is divided.
pub(super) fn points(cocktail: &Cocktail) -> String {
    let mut said = vec![format!("{} mL in all", number(cocktail.total_ml))];
    said.extend(cocktail.points.map(|n| count(n as usize, "point", "points")));
    said.extend(cocktail.point_ml.map(|ml| format!("{} mL each", number(ml))));
    said.join(", ")
}
