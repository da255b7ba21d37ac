//! From what the assessment or the plan says to the answer behind it, and back.

use super::ask;
use super::list;
use super::show::subject;
use crate::pack::{Pack, QuestionIx, QuestionKind};
use crate::plan::{Assessment, Finding};
use crate::tui::action;
use crate::tui::app::{App, Consult, Loaded, Part, Popup, Subject};
use crate::tui::context::Context;
use crate::tui::effect::Effect;
use crate::tui::engine;
use crate::tui::form;
use crate::tui::view;

/// Goes to the question behind what the cursor is on; once more, to the next question behind the same.
pub fn go(app: &mut App) -> Vec<Effect> {
    let Some(subject) = subject(app) else {
        let cause = app.settings.keys.say("show.cause");
        app.refuse(&format!("Move to a finding first: then {cause} goes to the answer behind it."));
        return Vec::new();
    };
    let (Some(loaded), Some(consult)) = (app.loaded(), app.consult()) else { return Vec::new() };
    let behind = behind(&loaded.pack, consult, &subject);
    let at = match &consult.cause {
        Some((of, last)) if *of == subject => (last + 1) % behind.len().max(1),
        _ => 0,
    };
    let Some(question) = behind.get(at).copied() else {
        app.refuse("No answer of this consultation is behind it.");
        return Vec::new();
    };
    let part = entry(&loaded, consult, &subject, question);
    let id = loaded.pack.questions[question].id.clone();
    app.popups.retain(|popup| !matches!(popup, Popup::Explain { .. }));
    let effects = ask::jump(app, &id);
    if let Some(part) = part {
        ask::focus(app, Some(question), Some(part));
    }
    if let Some(consult) = app.consult_mut() {
        consult.cause = Some((subject, at));
    }
    effects
}

/// Back to where the question was gone to from, with what was typed kept; `None` where nobody came from anywhere.
pub fn back(app: &mut App, context: Context) -> Option<Vec<Effect>> {
    let step = app.consult()?.back_to.filter(|_| action::asks(context))?;
    Some(ask::go(app, step))
}

/// The questions behind a subject, those that can be gone to, in the order they are asked.
fn behind(pack: &Pack, consult: &Consult, subject: &Subject) -> Vec<QuestionIx> {
    let assessment = &consult.assessment;
    let ids: Vec<String> = match subject {
        Subject::Verdict => match assessment.missing.first() {
            Some(missing) => vec![missing.question.clone()],
            None => assessment.findings.first().map_or_else(Vec::new, |finding| finding.questions.clone()),
        },
        Subject::Finding(at) => assessment.findings.get(*at).map_or_else(Vec::new, |f| f.questions.clone()),
        Subject::Missing(at) => assessment.missing.get(*at).map(|m| m.question.clone()).into_iter().collect(),
        Subject::Excluded(at) => excluding(assessment, *at).flat_map(|f| f.questions.clone()).collect(),
        Subject::Law => assessment
            .findings
            .iter()
            .filter(|f| assessment.excluded.iter().any(|row| view::by_status(row) && row.rules.contains(&f.rule)))
            .flat_map(|f| f.questions.clone())
            .collect(),
        Subject::Requested(_) => vec![pack.questions[pack.roles.requested].id.clone()],
        Subject::Limit(_) => vec![pack.questions[pack.roles.weight].id.clone()],
        Subject::Cocktail(_) | Subject::Dose(..) | Subject::Alternative(..) | Subject::Without(_) => {
            vec![pack.questions[pack.roles.goals].id.clone()]
        }
    };
    engine::answers_behind(pack, &consult.sheet.intake, &ids)
}

fn excluding(assessment: &Assessment, at: usize) -> impl Iterator<Item = &Finding> {
    let rules = assessment.excluded.get(at).map_or(&[][..], |row| &row.rules);
    assessment.findings.iter().filter(move |finding| rules.contains(&finding.rule))
}

/// The entry of a list that a finding names; where it rests on what is not known, what is still open of that entry.
fn entry(loaded: &Loaded, consult: &Consult, subject: &Subject, question: QuestionIx) -> Option<Part> {
    let pack = &loaded.pack;
    let finding = match subject {
        Subject::Finding(at) => consult.assessment.findings.get(*at)?,
        Subject::Excluded(at) => excluding(&consult.assessment, *at).next()?,
        _ => return None,
    };
    let question = &pack.questions[question];
    let QuestionKind::List(list) = question.kind else { return None };
    let said = finding.because.join(" ").to_lowercase();
    let named = |label: String| said.contains(label.trim_matches('"').to_lowercase().as_str());
    let entries = consult.sheet.intake.entries(&question.id);
    let at = entries.iter().position(|entry| named(form::entry_label(pack, Some(list), entry)))?;
    let open = if finding.assumed.is_empty() { None } else { list::open_fields_of(loaded, list, entries, at).next() };
    Some(open.unwrap_or(Part::Entry(at)))
}
