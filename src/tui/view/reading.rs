//! Why a question is asked: the rules that read it, below the questions of a large screen.

use super::{evidence, places};
use crate::pack::{Condition, Item, Ix, Pack, QuestionIx, QuestionKind, Rule, Verdict};
use crate::tui::app::{App, Consult, Loaded, Part};
use crate::tui::form;
use crate::tui::sheet::StepId;
use crate::tui::text;
use crate::tui::theme::sign;
use crate::tui::widget::rows::{Row, Rows};

/// What stands below the questions: of the goals where they are, else which rules read the one with the focus.
#[must_use]
pub fn rows(app: &App, consult: &Consult, width: u16, height: u16) -> Vec<Row> {
    let mut rows = Rows::new(&app.theme, width);
    let (Some(loaded), Some(ix)) = (app.loaded(), consult.question) else { return rows.rows };
    if consult.step == StepId::Goals {
        let drawn = places::picture(app, consult, width, height);
        if !drawn.is_empty() {
            return drawn;
        }
    }
    read_by(&loaded, consult, ix, usize::from(height), &mut rows);
    rows.rows
}

/// The rules that read the question, or the entry the cursor is on, strictest first, as many as there is room for.
fn read_by(loaded: &Loaded, consult: &Consult, ix: QuestionIx, height: usize, rows: &mut Rows<'_>) {
    let (pack, theme) = (&loaded.pack, rows.theme);
    let question = &pack.questions[ix];
    let entry = entry(pack, consult, ix);
    let item = entry.as_ref().map(|(item, _)| *item);
    let mut found: Vec<&Rule> = pack.rules.iter().filter(|rule| !rule.quiet && reads(pack, rule, ix, item)).collect();
    found.sort_by_key(|rule| std::cmp::Reverse(rule.verdict));
    let what = entry.map_or_else(|| question.label.clone(), |(_, label)| label);
    rows.heading(&what, "what reads it");
    let also = other_use(pack, ix);
    if found.is_empty() {
        rows.para(0, also.unwrap_or("No rule of the pack."), theme.text);
        return;
    }
    also.into_iter().for_each(|words| rows.para(0, words, theme.text));
    let count = text::count(found.len(), "rule reads it", "rules read it");
    rows.para(0, &format!("{count}. {}.", counted(&found)), theme.text);
    if found.len() + rows.len() > height {
        if matches!(question.kind, QuestionKind::List(_)) {
            rows.para(0, "With the cursor on an entry: the rules that read that one.", theme.muted);
        }
        return;
    }
    // These are no findings: nothing here has the colour of a verdict.
    rows.gap();
    for rule in found.iter().take(height.saturating_sub(rows.len())) {
        let lead = format!("{}\u{a0}{}\u{a0}", sign_of(rule.verdict), text::pad(word(rule.verdict), 10));
        let grade = format!("  {}", evidence::of_rule(rule));
        let title = text::fit(&rule.title, rows.width.saturating_sub(text::width(&lead) + text::width(&grade)));
        rows.line(vec![(lead.replace('\u{a0}', " "), theme.muted), (title, theme.text), (grade, theme.muted)]);
    }
}

const fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Proceed => "note",
        _ => verdict.word(),
    }
}

fn sign_of(verdict: Verdict) -> &'static str {
    if verdict == Verdict::Proceed { "·" } else { sign(verdict.into()) }
}

/// What the rules can lead to: "It can lead to: decline (4), caution (1)".
fn counted(found: &[&Rule]) -> String {
    let of = |verdict: Verdict| found.iter().filter(|rule| rule.verdict == verdict).count();
    let parts: Vec<String> = Verdict::ALL
        .into_iter()
        .rev()
        .filter(|verdict| of(*verdict) > 0)
        .map(|verdict| format!("{}\u{a0}{}\u{a0}({})", sign_of(verdict), word(verdict), of(verdict)))
        .collect();
    format!("An answer can lead to {}", parts.join(", "))
}

/// What an answer is for beside the rules.
fn other_use(pack: &Pack, ix: QuestionIx) -> Option<&'static str> {
    let roles = &pack.roles;
    Some(match ix {
        _ if ix == roles.weight => "Ceilings of doses by body weight are worked out from it.",
        _ if ix == roles.height => "With the weight it gives the body mass index.",
        _ if ix == roles.birth_date => "It gives the age.",
        _ if ix == roles.goals => "Recipes are taken for each goal in each area.",
        _ if ix == roles.requested => "What is asked for is vetted by the same rules.",
        _ if ix == roles.jurisdiction => "It says which ingredients may be used here, and sets some limits.",
        _ => return None,
    })
}

/// The coded entry the cursor is on.
fn entry(pack: &Pack, consult: &Consult, ix: QuestionIx) -> Option<(Ix<Item>, String)> {
    let (Part::Entry(at) | Part::Field(at, _)) = consult.part else { return None };
    let question = &pack.questions[ix];
    let QuestionKind::List(list) = question.kind else { return None };
    let entry = consult.sheet.intake.entries(&question.id).get(at)?;
    let crate::intake::What::Coded(id) = &entry.what else { return None };
    Some((pack.list(list).find(id)?, form::entry_label(pack, Some(list), entry)))
}

/// Whether a rule reads the question, or what is worked out from its answer; with an item, whether it reads that one.
fn reads(pack: &Pack, rule: &Rule, ix: QuestionIx, item: Option<Ix<Item>>) -> bool {
    let roles = &pack.roles;
    let stands_for = |of: QuestionIx| {
        of == ix
            || (of == roles.age && ix == roles.birth_date)
            || (of == roles.bmi && (ix == roles.weight || ix == roles.height))
    };
    let mut found = false;
    rule.when.visit(&mut |part| {
        found |= match part {
            Condition::Choice { question, .. } | Condition::Number { question, .. } => stands_for(*question),
            Condition::Listed { question, items, .. } => {
                *question == ix && item.is_none_or(|item| items.contains(item))
            }
            Condition::Goal { .. } => ix == roles.goals,
            _ => false,
        };
    });
    found
}
