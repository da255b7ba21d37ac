//! `pistor explain`: why, why not, and what would change it.

use std::path::PathBuf;

use serde_json::{Value, json};

use super::Ended;
use super::case::{Case, IntakeFile};
use super::counterfactual_text;
use super::explanation_text as text;
use super::failure::Failure;
use super::options::{Common, Format};
use super::page::{Page, json as as_json};
use super::session::Session;
use crate::find::{Index, Vocabulary};
use crate::intake::Intake;
use crate::pack::Pack;
use crate::plan::{
    self, Assessment, Change, Explanation, Finding, IngredientExplanation, RuleExplanation, ScaleExplanation,
};
use crate::proof::{Counterfactual, Outlook, counterfactuals, stricter};
use crate::source::did_you_mean;

#[derive(clap::Args, Debug)]
#[command(
    after_help = "Without NAME: every finding with the answers it read, its sources and what would change it; the fewest \
    answers that would\nhave to be others for a plan or a milder verdict (no fewer will do); and what open questions can \
    still do. A rule that did\nnot fire is explained as well, and an ingredient whether or not it is in the plan.\n\n\
    Examples:\n  \
    pistor explain intake.toml\n  \
    pistor explain intake.toml --stricter\n  \
    pistor explain intake.toml isotretinoin-recent\n  \
    pistor explain intake.toml tranexamic-acid --format json\n  \
    pistor explain L0401                     what the code of a message means, with examples\n  \
    pistor explain --codes                   all codes, as Markdown (docs/diagnostics.md)"
)]
pub(super) struct Args {
    /// The intake file, or `-` for standard input; or the code of a message
    #[arg(value_name = "FILE", required_unless_present = "codes")]
    pub file: Option<PathBuf>,
    /// A rule, an ingredient or a scored scale, by id; ingredients also by a synonym or brand
    #[arg(value_name = "NAME")]
    pub name: Option<String>,
    /// Print what every code of a message means, as Markdown
    #[arg(long, conflicts_with_all = ["file", "name"])]
    pub codes: bool,
    /// Also the fewest facts that would have made the verdict stricter, for teaching
    #[arg(long, conflicts_with = "name")]
    pub stricter: bool,
    #[command(flatten)]
    pub common: Common,
}

/// What the solver says.
#[derive(Clone, Copy)]
pub(super) struct Solved<'a> {
    /// What would change the outcome.
    pub fewest: &'a [Counterfactual],
    /// What the open questions can do.
    pub ahead: Option<&'a Outlook>,
    /// What would have made it stricter, if somebody asks.
    pub stricter: Option<&'a Counterfactual>,
}

/// What a name stands for.
pub(super) enum Subject {
    Rule(RuleExplanation),
    Ingredient(IngredientExplanation),
    Scale(ScaleExplanation),
    /// A finding the program makes itself, without a rule of the pack.
    Finding(Box<Finding>),
}

pub(super) fn run(session: &Session, args: &Args) -> Result<(String, Ended), Failure> {
    // Without a file the command line was refused.
    let file = IntakeFile { file: args.file.clone().unwrap_or_default() };
    let case = Case::read(session, &file)?;
    let assessment = case.assess(session);
    let mut page = Page::new(session.common.colour_of_results());
    let value = match &args.name {
        None => {
            let explanation = plan::explain(&session.pack, &case.intake, case.today);
            let fewest = counterfactuals(&session.pack, &case.intake, case.today, &|| false);
            let ahead = case.outlook(session, &assessment);
            let worse = if args.stricter { stricter(&session.pack, &case.intake, case.today, &|| false) } else { None };
            let solved = Solved { fewest: &fewest, ahead: ahead.as_ref(), stricter: worse.as_ref() };
            text::whole(&mut page, &assessment, &explanation, solved, &case.assumed);
            whole(&assessment, &explanation, solved, &case)
        }
        Some(name) => {
            let subjects = subjects(&session.pack, &case.intake, &assessment, name);
            if subjects.is_empty() {
                return Err(unknown(&session.pack, name));
            }
            subjects.iter().for_each(|subject| subject.write(&mut page));
            page.gap();
            text::verdict(&mut page, &assessment);
            named(&assessment, &subjects)
        }
    };
    let out = match session.common.format() {
        Format::Json => as_json(&value),
        Format::Text => page.finish(),
    };
    Ok((out, Ended::Done))
}

impl Subject {
    /// Explains it.
    pub fn write(&self, page: &mut Page) {
        match self {
            Self::Rule(rule) => text::rule(page, rule),
            Self::Ingredient(ingredient) => text::ingredient(page, ingredient),
            Self::Scale(scale) => text::scale(page, scale),
            Self::Finding(finding) => super::assessment_text::finding(page, finding),
        }
    }
}

/// Everything that has this name: a rule and an ingredient may share it.
pub(super) fn subjects(pack: &Pack, intake: &Intake, assessment: &Assessment, name: &str) -> Vec<Subject> {
    let today = assessment.today;
    let mut found: Vec<Subject> = Vec::new();
    found.extend(plan::explain_rule(pack, intake, today, name).map(Subject::Rule));
    if found.is_empty() {
        let own = assessment.findings.iter().find(|finding| finding.rule == name);
        found.extend(own.cloned().map(Box::new).map(Subject::Finding));
    }
    let ingredient = if pack.ingredients.find(name).is_some() { Some(name.to_owned()) } else { by_synonym(pack, name) };
    if let (Some(id), true) = (&ingredient, found.is_empty() || ingredient.as_deref() == Some(name)) {
        found.extend(plan::explain_ingredient(pack, intake, today, id).map(Subject::Ingredient));
    }
    found.extend(plan::explain_scale(pack, intake, today, name).map(Subject::Scale));
    found
}

fn by_synonym(pack: &Pack, name: &str) -> Option<String> {
    let hits = Index::new(pack, Vocabulary::Ingredients).search(name, 1);
    hits.into_iter().find(|hit| hit.exact).map(|hit| hit.id)
}

fn unknown(pack: &Pack, name: &str) -> Failure {
    let known = pack.rules.ids().chain(pack.ingredients.ids()).chain(pack.scales.ids());
    let help = match did_you_mean(name, known) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "`pistor find ingredients TEXT` finds ingredients; `pistor explain FILE` names the rules that fired"
            .to_owned(),
    };
    Failure::plain(format!("no rule, ingredient or scale is called `{name}`"), help)
}

fn whole(assessment: &Assessment, explanation: &Explanation, solved: Solved<'_>, case: &Case) -> Value {
    json!({
        "verdict": explanation.verdict,
        "missing": assessment.missing,
        "scales": assessment.scales,
        "rules": explanation.rules.iter().map(rule).collect::<Vec<_>>(),
        "others": explanation.others,
        "changes": changes(&explanation.changes),
        "fewest": counterfactual_text::value(solved.fewest),
        "outlook": solved.ahead.map(counterfactual_text::outlook_value),
        "stricter": solved.stricter.map(counterfactual_text::stricter_value),
        "assumed_defaults": case.assumed,
        "pack": assessment.pack,
    })
}

fn named(assessment: &Assessment, subjects: &[Subject]) -> Value {
    let mut value = json!({ "verdict": assessment.verdict, "pack": assessment.pack });
    for subject in subjects {
        let (key, inner) = match subject {
            Subject::Rule(row) => ("rule", rule(row)),
            Subject::Ingredient(row) => ("ingredient", ingredient(row)),
            Subject::Scale(row) => ("scale", json!(row)),
            Subject::Finding(row) => ("finding", json!(row)),
        };
        value[key] = inner;
    }
    value
}

fn rule(row: &RuleExplanation) -> Value {
    let answers = row.answers.iter().map(|a| json!({ "question": a.question, "text": a.text, "holds": a.holds }));
    json!({
        "rule": row.rule,
        "title": row.title,
        "verdict": row.verdict,
        "fired": row.fired,
        "standing": row.standing,
        "when": row.sentence,
        "answers": answers.collect::<Vec<_>>(),
        "message": row.message,
        "why": row.why,
        "contested": row.contested,
        "sources": row.sources,
        "basis": row.basis,
        "evidence": row.evidence,
        "review": row.review,
        "absolute": row.absolute,
        "override_reasons": row.override_reasons,
        "tightened": row.tightened,
        "clinic_override": row.clinic_override,
        "changes": changes(&row.changes),
        "place": row.place,
    })
}

fn ingredient(row: &IngredientExplanation) -> Value {
    json!({
        "ingredient": row.id,
        "label": row.label,
        "unii": row.unii,
        "state": row.state,
        "reasons": row.reasons,
        "purpose": row.purpose,
        "caution": row.caution,
        "evidence": row.evidence,
        "limits": row.limits,
        "contains": row.contains,
        "mixing": row.mixing,
        "status": row.status,
        "sources": row.sources,
        "basis": row.basis,
        "review": row.review,
        "changes": changes(&row.changes),
    })
}

fn changes(changes: &[Change]) -> Vec<Value> {
    changes.iter().map(|c| json!({ "what": c.what, "question": c.question, "verdict": c.verdict })).collect()
}
