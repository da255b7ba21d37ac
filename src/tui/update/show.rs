//! Assessment and plan: reasons, overrides, alternatives.

use tui_input::Input;

use super::ask;
use super::change::change;
use crate::pack::Verdict;
use crate::plan::reason_lacks;
use crate::tui::app::{App, Popup, Subject};
use crate::tui::effect::Effect;
use crate::tui::view::{self, Item};

/// What the cursor is on, or what the open explanation is about.
pub(super) fn subject(app: &App) -> Option<Subject> {
    if let Some(Popup::Explain { subject, .. }) = app.popups.last() {
        return Some(subject.clone());
    }
    let consult = app.consult()?;
    match view::page(app).items.get(consult.chosen[consult.step.index()])? {
        Item::About(subject) => Some(subject.clone()),
        _ => None,
    }
}

/// Enter: why; an open question is gone to.
pub fn explain(app: &mut App) -> Vec<Effect> {
    let Some(subject) = subject(app) else { return Vec::new() };
    if let Subject::Missing(at) = subject {
        let question = app.consult().and_then(|consult| consult.assessment.missing.get(at));
        return match question.map(|missing| missing.question.clone()) {
            Some(id) => ask::jump(app, &id),
            None => Vec::new(),
        };
    }
    app.popups.push(Popup::Explain { subject, top: 0 });
    Vec::new()
}

/// Opens the reasons for overriding a finding, or takes the override back.
pub fn ask_override(app: &mut App) -> Vec<Effect> {
    let Some(Subject::Finding(at)) = subject(app) else {
        app.refuse("Move to a finding first.");
        return Vec::new();
    };
    let Some(consult) = app.consult() else { return Vec::new() };
    let Some(finding) = consult.assessment.findings.get(at) else { return Vec::new() };
    let rule = finding.rule.clone();
    if consult.sheet.overrides.contains_key(&rule) {
        let effects = change(app, |sheet| {
            sheet.overrides.remove(&rule);
        });
        app.tell("Taken back: the finding counts in full again.");
        return effects;
    }
    if !finding.overridable {
        app.refuse("This finding cannot be overridden.");
        return Vec::new();
    }
    app.popups.push(Popup::Override { rule, chosen: 0, line: None, top: 0 });
    Vec::new()
}

/// The reasons that the open window offers.
#[must_use]
pub fn reasons(app: &App, rule: &str) -> Vec<String> {
    let findings = app.consult().map_or(&[][..], |consult| &consult.assessment.findings);
    findings
        .iter()
        .find(|finding| finding.rule == rule)
        .map_or_else(Vec::new, |finding| finding.override_reasons.clone())
}

/// A digit takes a reason.
pub fn reason_key(app: &mut App, key: char) -> Option<Vec<Effect>> {
    let Some(Popup::Override { rule, .. }) = app.popups.last() else { return None };
    let count = reasons(app, rule).len();
    let at = (key.to_digit(10)? as usize).checked_sub(1).filter(|at| *at <= count)?;
    if let Some(Popup::Override { chosen, .. }) = app.popups.last_mut() {
        *chosen = at;
    }
    Some(take_reason(app))
}

/// Takes the reason the cursor is on, or the one that was typed.
pub fn take_reason(app: &mut App) -> Vec<Effect> {
    let Some(Popup::Override { rule, chosen, line, .. }) = app.popups.last() else { return Vec::new() };
    let reason = match line {
        Some(line) => Some(line.value().trim().to_owned()),
        None => reasons(app, rule).get(*chosen).cloned(),
    };
    let rule = rule.clone();
    match reason {
        None => {
            if let Some(Popup::Override { line, .. }) = app.popups.last_mut() {
                *line = Some(Input::default());
            }
            Vec::new()
        }
        Some(reason) if reason.is_empty() => {
            app.refuse("An override needs a reason.");
            Vec::new()
        }
        Some(reason) if incomplete(app, &rule, &reason).is_some() => {
            // The reason goes on in the line, so that what it lacks is typed behind it.
            let words = if line.is_some() { reason.clone() } else { format!("{reason}: ") };
            let why = incomplete(app, &rule, &reason).unwrap_or_default();
            if let Some(Popup::Override { line, .. }) = app.popups.last_mut() {
                *line = Some(Input::new(words));
            }
            app.refuse(why);
            Vec::new()
        }
        Some(reason) => {
            app.popups.retain(|popup| !matches!(popup, Popup::Override { .. } | Popup::Explain { .. }));
            let findings = app.consult().map_or(&[][..], |consult| &consult.assessment.findings);
            let cleared = findings.iter().any(|f| f.rule == rule && f.verdict == Verdict::Clearance);
            let effects = change(app, |sheet| {
                sheet.overrides.insert(rule, reason);
            });
            let back = app.settings.keys.say("assessment.override");
            let what = if cleared { "The clearance" } else { "Overridden; the reason" };
            app.tell(format!("{what} goes into the record. {back} takes it back."));
            effects
        }
    }
}

/// What a reason for an override lacks.
fn incomplete(app: &App, rule: &str, reason: &str) -> Option<&'static str> {
    let findings = app.consult().map_or(&[][..], |consult| &consult.assessment.findings);
    findings.iter().find(|finding| finding.rule == rule).and_then(|finding| reason_lacks(finding, reason))
}

/// Reasons of the rule that the answers contradict, and which answers do.
#[must_use]
pub fn refuted(app: &App, rule: &str) -> Vec<String> {
    let findings = app.consult().map_or(&[][..], |consult| &consult.assessment.findings);
    findings
        .iter()
        .find(|finding| finding.rule == rule)
        .map_or_else(Vec::new, |finding| finding.override_refuted.clone())
}

/// Esc while a reason is typed: back to the list of reasons.
pub fn stop_typing_reason(app: &mut App) {
    if let Some(Popup::Override { line, .. }) = app.popups.last_mut() {
        *line = None;
    }
}

/// To the first alternative there is: it may stand pages below the proposal.
fn to_alternatives(app: &mut App) {
    let is_one = |item: &Item| matches!(item, Item::About(Subject::Alternative(..)));
    let at = view::page(app).items.iter().position(is_one);
    match (at, app.popups.is_empty(), app.consult_mut()) {
        (Some(at), true, Some(consult)) => {
            consult.chosen[consult.step.index()] = at;
            let take = app.settings.keys.say("plan.choose");
            app.tell(format!("The alternatives: {take} takes the one the cursor is on."));
        }
        _ => app.refuse("Move to an alternative first."),
    }
}

/// Takes an alternative instead of the first-ranked recipe; a second time, goes back to the first-ranked one.
pub fn choose(app: &mut App) -> Vec<Effect> {
    let Some(Subject::Alternative(cocktail, alternative)) = subject(app) else {
        to_alternatives(app);
        return Vec::new();
    };
    let Some(plan) = app.consult().and_then(|consult| consult.assessment.plan.as_ref()) else { return Vec::new() };
    let Some(cocktail) = plan.cocktails.get(cocktail) else { return Vec::new() };
    let Some(alternative) = cocktail.alternatives.get(alternative) else { return Vec::new() };
    if !alternative.possible {
        let why = format!("{} cannot be taken: {}", alternative.label, alternative.why_lower);
        app.refuse(&why);
        return Vec::new();
    }
    let key = (cocktail.goal.clone(), cocktail.area.clone());
    let (recipe, label) = (alternative.recipe.clone(), alternative.label.clone());
    app.popups.retain(|popup| !matches!(popup, Popup::Explain { .. }));
    let effects = change(app, |sheet| {
        if sheet.recipes.get(&key) == Some(&recipe) {
            sheet.recipes.remove(&key);
        } else {
            sheet.recipes.insert(key, recipe);
        }
    });
    let undo = app.settings.keys.say("undo");
    app.tell(format!("{label}: chosen. {undo} takes it back."));
    effects
}
