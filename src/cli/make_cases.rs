//! `pistor check --make-cases`: patients made for the rules of a pack, as cases of the pack or of training.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use serde_json::json;

use super::Ended;
use super::failure::Failure;
use super::new_file::Reserved;
use super::options::{Common, Format};
use super::page::{Ink, Page, json as as_json};
use crate::config::in_words;
use crate::pack::load::{LayerFiles, portraits};
use crate::pack::{Identified, Ix, Pack, Rule};
use crate::plan::{CaseText, MadeBy};
use crate::proof::{Kind, Made, MadeFor, Maker, Unfounded};
use crate::source::did_you_mean;
use crate::training::{MadeId, Studio};

/// The largest seed: it has to fit a number of a TOML file.
const LARGEST: u64 = i32::MAX as u64;

#[derive(clap::Args, Debug)]
#[command(next_help_heading = "Making cases")]
pub(super) struct MakeArgs {
    /// Make cases instead of checking: patients for each rule of the pack, found by the solver
    #[arg(long, value_enum, value_name = "KIND", conflicts_with_all = ["certificate", "witnesses", "topics", "coverage"])]
    pub make_cases: Option<KindName>,
    /// Only for this rule (may repeat)
    #[arg(long = "rule", value_name = "ID", requires = "make_cases")]
    pub rules: Vec<String>,
    /// Another seed, other patients; the same seed and pack make the same
    #[arg(long, value_name = "N", default_value_t = 0, requires = "make_cases", value_parser = clap::value_parser!(u64).range(0..=LARGEST))]
    pub seed: u64,
    /// Where to write: a file, or a folder for one file each; existing files are never replaced
    #[arg(long, value_name = "FILE|DIR", requires = "make_cases")]
    pub out: Option<PathBuf>,
    /// What for: cases of the pack, or of training
    #[arg(long = "for", value_enum, value_name = "USE", default_value = "pack", requires = "make_cases")]
    pub purpose: Purpose,
}

/// The kinds of made cases.
#[derive(ValueEnum, Clone, Copy, Debug)]
pub(super) enum KindName {
    /// The rule fires and nothing else is listed
    Isolating,
    /// Both sides of every number at which the rule changes
    Boundary,
    /// The rule does not fire, and would if one answer were another
    NearMiss,
}

impl From<KindName> for Kind {
    fn from(name: KindName) -> Self {
        match name {
            KindName::Isolating => Self::Isolating,
            KindName::Boundary => Self::Boundary,
            KindName::NearMiss => Self::NearMiss,
        }
    }
}

/// What cases are made for.
#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Purpose {
    /// `[[case]]` tables, as in pack-cases/
    Pack,
    /// Training cases, as in cases/
    Training,
}

/// A case with its text.
struct Written {
    id: String,
    shows: String,
    fires: bool,
    text: String,
}

/// What came out for one rule.
struct ForRule {
    rule: String,
    cases: Vec<Written>,
    proved: Vec<String>,
    not_found: Vec<String>,
}

pub(super) fn run(
    common: &Common,
    args: &MakeArgs,
    kind: Kind,
    pack: &Pack,
    layers: &[LayerFiles],
) -> Result<(String, Ended), Failure> {
    let rules = chosen(pack, &args.rules)?;
    let portraits = portraits(pack, layers).map_err(Failure::Report)?;
    let today = common.today();
    let mut maker = Maker::of(pack, today, &portraits);
    let studio = Studio::of(pack, layers, &portraits);
    let mut all = Vec::new();
    for rule in rules {
        maker.next_rule().map_err(|at| refused(&at))?;
        let MadeFor { cases, proved, mut not_found } = maker.make(kind, rule, args.seed);
        let mut written = Vec::new();
        for made in &cases {
            let id = MadeId { kind, rule: made.rule.clone(), name: made.name.clone(), seed: args.seed }.text();
            let text = match args.purpose {
                Purpose::Pack => pack_case(pack, made, &id, args.seed, today),
                Purpose::Training => {
                    studio.case(made, args.seed, today).map(|(text, _)| text).map_err(|why| why.join("; "))
                }
            };
            match text {
                Ok(text) => written.push(Written { id, shows: made.shows.clone(), fires: made.fires, text }),
                Err(why) => not_found.push(format!("{id} was made and is not used: {why}")),
            }
        }
        all.push(ForRule { rule: pack.rules[rule].id().to_owned(), cases: written, proved, not_found });
    }
    let verified = maker.verified().map_err(|at| refused(&at))?;
    if let Some(out) = &args.out {
        write_out(out, args.purpose, kind, &all)?;
    } else if args.purpose == Purpose::Training && common.format() == Format::Text {
        let n: usize = all.iter().map(|row| row.cases.len()).sum();
        if n > 1 {
            let help = "name a folder by --out, or one rule by --rule";
            return Err(Failure::plain(format!("{n} training cases do not fit into one file"), help));
        }
    }
    let text = match common.format() {
        Format::Json => as_json(&rows(pack, kind, args.seed, &all, verified)),
        Format::Text if args.out.is_some() => summary(common, &all, verified),
        Format::Text => as_toml(&all, args.purpose),
    };
    Ok((text, Ended::Done))
}

/// A proof that the checker does not follow.
pub(super) fn refused(at: &Unfounded) -> Failure {
    Failure::plain(format!("a proof was refused at step {}", at.step), "please report this as a mistake of pistor")
}

/// The rules that were asked for, or all.
fn chosen(pack: &Pack, named: &[String]) -> Result<Vec<Ix<Rule>>, Failure> {
    if named.is_empty() {
        return Ok(pack.rules.entries().map(|(ix, _)| ix).collect());
    }
    named
        .iter()
        .map(|id| {
            pack.rules.find(id).ok_or_else(|| {
                let near = did_you_mean(id, pack.rules.ids());
                let help = near.map_or("`pistor check --coverage --format json` lists them".to_owned(), |near| {
                    format!("did you mean `{near}`?")
                });
                Failure::plain(format!("there is no rule `{id}`"), help)
            })
        })
        .collect()
}

fn pack_case(pack: &Pack, made: &Made, id: &str, seed: u64, today: jiff::civil::Date) -> Result<String, String> {
    let made_by = MadeBy { kind: made.kind.word().to_owned(), rule: made.rule.clone(), seed, pack: pack.hash.clone() };
    let text = CaseText { id, shows: &made.shows, today, given: &made.intake, rule: &made.rule, made_by: &made_by };
    text.write(pack)
}

fn write_out(out: &Path, purpose: Purpose, kind: Kind, all: &[ForRule]) -> Result<(), Failure> {
    let one_file = out.extension().is_some() && !out.is_dir();
    let cases = || all.iter().flat_map(|row| &row.cases);
    if one_file {
        if purpose == Purpose::Training && cases().count() > 1 {
            let message = format!("{} training cases do not fit into one file", cases().count());
            return Err(Failure::plain(message, "name a folder"));
        }
        return write_new(out, &as_toml(all, purpose));
    }
    std::fs::create_dir_all(out).map_err(|error| {
        Failure::plain(format!("cannot make the folder {}: {}", out.display(), in_words(&error)), "name another folder")
    })?;
    match purpose {
        Purpose::Pack => write_new(&out.join(format!("made-{}.toml", kind.word())), &as_toml(all, purpose)),
        Purpose::Training => cases().try_for_each(|case| write_new(&out.join(format!("{}.toml", case.id)), &case.text)),
    }
}

fn write_new(path: &Path, text: &str) -> Result<(), Failure> {
    Reserved::new(path)?.fill(text)
}

/// The cases one below the other; what cannot be made stands as comments.
fn as_toml(all: &[ForRule], purpose: Purpose) -> String {
    let mut text = String::new();
    for row in all {
        if purpose == Purpose::Pack {
            for why in &row.proved {
                let _ = writeln!(text, "# {}, proved: {why}", row.rule);
            }
            for why in row.not_found.iter().flat_map(|why| why.lines()) {
                let _ = writeln!(text, "# {}, not found: {why}", row.rule);
            }
        }
        for case in &row.cases {
            text.push_str(&case.text);
            text.push('\n');
        }
    }
    if text.is_empty() {
        text.push_str("# No case of this kind can be made: the rule reads no number, or nothing can be missed.\n");
    }
    text
}

fn rows(pack: &Pack, kind: Kind, seed: u64, all: &[ForRule], verified: usize) -> serde_json::Value {
    let rules = all.iter().map(|row| {
        let cases = row
            .cases
            .iter()
            .map(|case| json!({ "id": case.id, "shows": case.shows, "fires": case.fires, "text": case.text }));
        json!({
            "rule": row.rule,
            "cases": cases.collect::<Vec<_>>(),
            "proved": row.proved,
            "not_found": row.not_found,
        })
    });
    json!({
        "kind": kind.word(),
        "seed": seed,
        "pack": pack.hash,
        "rules": rules.collect::<Vec<_>>(),
        "proofs": verified,
    })
}

fn summary(common: &Common, all: &[ForRule], verified: usize) -> String {
    let mut page = Page::new(common.colour_of_results());
    for row in all {
        for why in &row.proved {
            page.inked(0, 2, Ink::Dim, &row.rule, &format!("proved: {why}"));
        }
        for why in &row.not_found {
            page.inked(0, 2, Ink::Warn, &row.rule, &format!("not found: {why}"));
        }
    }
    let cases: usize = all.iter().map(|row| row.cases.len()).sum();
    let with = all.iter().filter(|row| !row.cases.is_empty()).count();
    let said = format!("{cases} cases for {with} of {} rules; {verified} proofs checked again", all.len());
    page.inked(0, 2, Ink::Good, "✓", &said);
    page.finish()
}
