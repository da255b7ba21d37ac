//! `pistor train case`: for those who write cases.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Subcommand;
use serde_json::json;

use super::Ended;
use super::failure::Failure;
use super::options::{Common, Format};
use super::page::{Ink, Page, json as as_json};
use super::train::School;
use crate::pack::Verdict;
use crate::training::{
    Case, Coverage, Disclose, Patient, author_view, blank, check, coverage, harmless_no_more, model, reveal, stops,
    to_be_named,
};

#[derive(Subcommand, Debug)]
pub(super) enum CaseCommand {
    /// Print a new case to start from
    New {
        /// Its id: lower-case words joined by hyphens
        #[arg(value_name = "ID")]
        id: String,
        #[command(flatten)]
        common: Common,
    },
    /// Hold cases against the rules: all of the pack, or files. Warns where a case contradicts what it leaves to the defaults
    Check {
        /// Case files; without any, every case of the pack
        #[arg(value_name = "FILE")]
        files: Vec<PathBuf>,
        #[command(flatten)]
        common: Common,
    },
    /// Show the patient that a case makes of a seed, with every answer
    Preview {
        /// The case, its file (which need stand in no pack yet), or a rule for which one is made
        #[arg(value_name = "ID|FILE")]
        id: String,
        /// The seed
        #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u64).range(0..=i32::MAX as u64))]
        seed: u64,
        #[command(flatten)]
        common: Common,
    },
    /// List every rule with the cases that exercise it
    Coverage {
        /// Only rules that no case exercises
        #[arg(long)]
        open: bool,
        #[command(flatten)]
        common: Common,
    },
}

impl CaseCommand {
    pub const fn common(&self) -> &Common {
        match self {
            Self::New { common, .. }
            | Self::Check { common, .. }
            | Self::Preview { common, .. }
            | Self::Coverage { common, .. } => common,
        }
    }
}

/// A new case; it needs no pack.
pub(super) fn new(id: &str) -> Result<(String, Ended), Failure> {
    let word = |word: &str| !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
    if !id.split('-').all(word) {
        return Err(Failure::plain(format!("`{id}` is not an id"), "write lower-case words joined by hyphens"));
    }
    Ok((blank(id), Ended::Done))
}

pub(super) fn run(school: &School, command: &CaseCommand) -> Result<(String, Ended), Failure> {
    match command {
        CaseCommand::New { id, .. } => new(id),
        CaseCommand::Check { files, .. } => check_all(school, files),
        CaseCommand::Preview { id, seed, .. } => preview(school, id, *seed).map(|text| (text, Ended::Done)),
        CaseCommand::Coverage { open, .. } => Ok((covered(school, *open), Ended::Done)),
    }
}

fn check_all(school: &School, files: &[PathBuf]) -> Result<(String, Ended), Failure> {
    let own;
    let cases: Vec<&Arc<Case>> = if files.is_empty() {
        school.cases.values().collect()
    } else {
        own = school.of_files(files)?;
        own.values().collect()
    };
    let today = school.common.today();
    let wrong: Vec<(&str, Vec<String>)> = cases
        .iter()
        .map(|case| (case.id.as_str(), check(&school.pack, case, today)))
        .filter(|(_, why)| !why.is_empty())
        .collect();
    let making = school.making()?;
    let mut looks: Vec<(&str, Vec<String>)> = cases
        .iter()
        .map(|case| (case.id.as_str(), making.proofread(&school.pack, case, today)))
        .filter(|(_, why)| !why.is_empty())
        .collect();
    // What is harmless is the same for all cases.
    let harmless = cases.first().map(|case| harmless_no_more(case)).filter(|why| !why.is_empty());
    looks.extend(harmless.map(|why| ("defaults", why)));
    let ended = if wrong.is_empty() { Ended::Done } else { Ended::ProblemsFound };
    if school.common.format() == Format::Json {
        let rows = |rows: &[(&str, Vec<String>)]| {
            rows.iter().map(|(id, why)| json!({ "case": id, "what": why })).collect::<Vec<_>>()
        };
        let all = json!({ "cases": cases.len(), "failed": rows(&wrong), "warned": rows(&looks) });
        return Ok((as_json(&all), ended));
    }
    let mut page = school.page();
    for (id, why) in &looks {
        page.inked(0, 2, Ink::Warn, "! case", id);
        page.list(2, why);
    }
    for (id, why) in &wrong {
        page.inked(0, 2, Ink::Stop, "✗ case", id);
        page.list(2, why);
    }
    let look = match looks.len() {
        0 => "",
        _ => "; what is marked ! wants a look",
    };
    let count = if cases.len() == 1 { "1 case".to_owned() } else { format!("{} cases", cases.len()) };
    match wrong.len() {
        0 => page.inked(0, 2, Ink::Good, "✓", &format!("{count}, all as promised{look}")),
        n => page.inked(0, 2, Ink::Stop, "✗", &format!("{count}, {n} not as promised{look}")),
    }
    Ok((page.finish(), ended))
}

fn preview(school: &School, id: &str, seed: u64) -> Result<String, Failure> {
    let (case, seed) = school.found(id, seed)?;
    let case = &case;
    let patient = Patient::of(&school.pack, case, seed);
    let facts = author_view(&patient);
    let key = model(&school.pack, case, seed, school.common.today()).map(|sealed| reveal(&school.pack, &sealed));
    if school.common.format() == Format::Json {
        let rows: Vec<_> = facts
            .iter()
            .map(|(fact, how)| json!({ "question": fact.question, "says": fact.says, "disclose": word(*how) }))
            .collect();
        let assessment = key.as_ref().map(|key| &key.assessment);
        return Ok(as_json(
            &json!({ "case": case.id, "seed": seed, "brief": case.brief, "facts": rows, "assessment": assessment }),
        ));
    }
    let mut page = school.page();
    page.inked(0, 2, Ink::Bold, &case.title, &format!("({}, seed {seed})", case.id));
    page.text(0, 2, &case.brief);
    page.heading("The patient");
    for (fact, how) in facts {
        page.inked(0, 2, Ink::Dim, word(how), &format!("{}: {}", fact.question, fact.says));
    }
    if let Some(key) = key {
        page.heading("The key");
        page.text(0, 2, &format!("{} {}", key.assessment.verdict.sign(), key.assessment.verdict.word()));
        // What the trainee has to name, and as what; then what the case is about without the patient having it.
        let items = || key.marks.items.iter();
        let named = items().filter_map(|item| Some((item, item.id.strip_prefix("flag:")?)));
        page.list(0, named.map(|(item, rule)| format!("{rule}: {}, {}", item.title, item.key)));
        let unknown = items().filter(|item| item.id.starts_with("unknown:"));
        page.list(0, unknown.map(|item| format!("{}: still unknown", item.title)));
        let clear = items().filter_map(|item| Some((item, item.id.strip_prefix("clear:")?)));
        page.list(0, clear.map(|(item, rule)| format!("{rule}: {}, does not apply", item.title)));
        let notes = key.assessment.findings.iter().filter(|finding| !to_be_named(finding));
        page.list(0, notes.map(|note| format!("{}: {}, a note that is not marked", note.rule, note.title)));
        let cocktails = key.assessment.plan.iter().flat_map(|plan| &plan.cocktails);
        page.list(0, cocktails.map(|c| format!("{}, {}: {}", c.goal_label, c.area_label, c.label)));
    }
    Ok(page.finish())
}

fn word(disclose: Disclose) -> &'static str {
    Disclose::WORDS.iter().find(|(_, d)| *d == disclose).map_or("", |(word, _)| word)
}

fn covered(school: &School, open: bool) -> String {
    let all_rows: Vec<Coverage> = coverage(&school.pack, &school.cases, school.common.today());
    let (all, with) = (all_rows.len(), all_rows.iter().filter(|row| !row.cases.is_empty()).count());
    if school.common.format() == Format::Json {
        let rows: Vec<&Coverage> = all_rows.iter().filter(|row| !open || row.cases.is_empty()).collect();
        return as_json(&json!({ "rules": all, "covered": with, "rows": rows }));
    }
    let stops = || all_rows.iter().filter(|row| row.absolute && row.verdict >= Verdict::Defer);
    let mut page = school.page();
    let stopped = stops().filter(|row| !row.cases.is_empty()).count();
    page.text(
        0,
        0,
        &format!(
            "{with} of {all} rules stand in a written case; of the absolute stops {stopped} of {}.",
            stops().count()
        ),
    );
    if with < all {
        let words = "The others (·) have one made: `pistor train play RULE --seed N`.";
        page.text(0, 0, words);
    }
    let mut left: Vec<&Coverage> = all_rows.iter().filter(|row| !open || row.cases.is_empty()).collect();
    for subject in &school.subjects {
        let (own, others) = left.into_iter().partition(|row| subject.rules.contains(&row.rule));
        left = others;
        covered_part(&mut page, &subject.title, &own);
    }
    covered_part(&mut page, "Other rules", &left);
    page.finish()
}

/// The rules of a subject; nothing where there is none.
fn covered_part(page: &mut Page, title: &str, rows: &[&Coverage]) {
    if rows.is_empty() {
        return;
    }
    page.heading(title);
    for row in rows {
        // In the marks "absolute" is what stops: what only cannot be overridden is no stop.
        let absolute = match (row.absolute, stops(row.verdict)) {
            (true, true) => ", absolute",
            (true, false) => ", nobody may override it",
            (false, _) => "",
        };
        let verdict = format!("({}{absolute})", row.verdict.word());
        let (ink, sign) = if row.cases.is_empty() { (Ink::Dim, "·") } else { (Ink::Good, "✓") };
        let cases = if row.cases.is_empty() { String::new() } else { format!(": {}", row.cases.join(", ")) };
        page.inked(0, 2, ink, sign, &format!("{} {verdict}{cases}", row.rule));
    }
}
