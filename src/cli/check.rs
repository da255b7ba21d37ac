//! `pistor check`: every mistake of a pack with its place, the pack's own cases, and proofs over all possible patients.

use std::collections::BTreeMap;
use std::path::PathBuf;

use jiff::civil::Date;
use serde_json::{Value, json};

use super::Ended;
use super::case_coverage::CaseCoverage;
use super::completeness::Completeness;
use super::coverage;
use super::diff;
use super::failure::{Failure, render};
use super::make_cases::{self, MakeArgs};
use super::options::{Common, Format};
use super::page::{Ink, Page, json as as_json};
use super::proofs::Proofs;
use super::session::{known_language, pack_folders};
use crate::config::{self, Config, Places};
use crate::follow_up::{self, Fault};
use crate::lint;
use crate::pack::load::{self, LayerFiles};
use crate::pack::topic::{self, Section, Topic};
use crate::pack::{Overdue, Pack};
use crate::plan::cases::{self, Case};
use crate::plan::{ClinicOverride, overrides};
use crate::source::Report;
use crate::training;

#[derive(clap::Args, Debug)]
#[command(
    after_help = "Exits 1 when the pack has mistakes, a case fails or a property does not hold. Warnings change nothing, \
    unless --deny-warnings\nis given; `pistor explain CODE` says what a code means.\n\nExamples:\n  \
    pistor check                   the built-in pack and the layers of the configuration\n  \
    pistor check my-clinic         with one more layer\n  \
    pistor check data              a working copy in place of the built-in pack\n  \
    pistor check --diff data.old data                 for whom the outcome changes between two packs\n  \
    pistor check my-clinic --diff my-clinic.old       the same for a layer, as it was and as it is\n  \
    pistor check --witnesses out   write the patients for whom something goes wrong; `pistor assess` replays them\n  \
    pistor check data --topics     what the pack covers, as Markdown (data/README.md)\n  \
    pistor check my-clinic --coverage                what the cases exercise, and what no case can\n  \
    pistor check --make-cases boundary --rule isotretinoin-recent   both sides of its numbers, as cases\n  \
    pistor check --make-cases isolating --seed 7 --out made.toml    one case for every rule\n  \
    pistor check --make-cases near-miss --for training --out more   the same kind for trainees"
)]
pub(super) struct Args {
    /// Folders of pack layers, as with --pack
    #[arg(value_name = "PACK")]
    pub layers: Vec<PathBuf>,
    /// Leave out the proofs: mistakes and cases only
    #[arg(long, conflicts_with_all = ["certificate", "witnesses"])]
    pub no_proofs: bool,
    /// Write the proofs to a file that `pistor verify-proof` checks again
    #[arg(long, value_name = "FILE")]
    pub certificate: Option<PathBuf>,
    /// Write the smallest patient of every failure, and those of the resilience of each goal, to this folder
    #[arg(long, value_name = "DIR")]
    pub witnesses: Option<PathBuf>,
    /// Exit with 1 when there is a warning, as for a mistake
    #[arg(long)]
    pub deny_warnings: bool,
    /// Show for whom the outcome changes from the pack with the layer OLD to the one with NEW [default: what is checked]
    #[arg(long, value_names = ["OLD", "NEW"], num_args = 1..=2, conflicts_with_all = ["no_proofs", "certificate", "topics", "deny_warnings"])]
    pub diff: Vec<PathBuf>,
    /// Print what the pack covers, topic by topic, as Markdown
    #[arg(long)]
    pub topics: bool,
    /// Say which rules, and what inside them, the pack's own cases exercise; leaves out the proofs
    #[arg(long, conflicts_with_all = ["certificate", "witnesses", "topics"])]
    pub coverage: bool,
    /// List for information also what has nothing to do with the layers: rules that others decide before, goals of the
    /// lowest pack
    #[arg(long)]
    pub all: bool,
    #[command(flatten)]
    pub make: MakeArgs,
    #[command(flatten)]
    pub common: Common,
}

pub(super) fn run(common: &Common, args: &Args) -> Result<(String, Ended), Failure> {
    let config = config::load(common.config.as_deref(), &Places::of_this_machine())?;
    let mut folders = pack_folders(Some(&config), common);
    folders.extend(args.layers.iter().cloned());
    if !args.diff.is_empty() {
        return diff::run(common, args, folders);
    }
    let layers = config::packs(&folders)?;
    if let Some(kind) = args.make.make_cases {
        let pack = load::load(&layers).map_err(Failure::Report)?;
        return make_cases::run(common, &args.make, kind.into(), &pack, &layers);
    }
    let today = common.today();
    let found = match load::load(&layers) {
        Ok(pack) => {
            // The cases are run while the proofs are made.
            let (mut found, proofs) = std::thread::scope(|scope| {
                let proofs =
                    (!args.no_proofs && !args.coverage).then(|| scope.spawn(|| Proofs::of(&pack, &layers, today)));
                let found = Found::of(&pack, &config, &layers, today);
                (found, proofs.map(|made| made.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))))
            });
            // Nothing is said about a pack with mistakes.
            if found.problems.is_empty() {
                match proofs.transpose() {
                    Ok(proofs) => found.proofs = proofs,
                    Err(problems) => found.problems.diagnostics.extend(problems.diagnostics),
                }
            }
            Found { overrides: overrides(&pack, today), pack: Some(pack), ..found }
        }
        Err(problems) => Found { problems, ..Found::default() },
    };
    if let Some(proofs) = &found.proofs {
        args.certificate.as_deref().map_or(Ok(()), |path| proofs.write_certificate(path))?;
        args.witnesses.as_deref().map_or(Ok(()), |folder| proofs.write_witnesses(folder))?;
    }
    let denied = args.deny_warnings && !found.lints.is_empty();
    let ended = if found.is_clean() && !denied { Ended::Done } else { Ended::ProblemsFound };
    if let (true, true, Some(pack)) = (args.topics, found.is_clean(), &found.pack) {
        return Ok((coverage::markdown(pack, &counts(pack), &found.topics), ended));
    }
    let completeness = match (&common.language, &found.pack) {
        (Some(asked), Some(pack)) => {
            known_language(pack, common)?;
            pack.languages.get(asked).map(|language| Completeness::of(pack, language))
        }
        _ => None,
    };
    let exercised = match (&found.pack, args.coverage && found.is_clean()) {
        (Some(pack), true) => Some(CaseCoverage::of(pack, &layers, &found.read, common.today())?),
        _ => None,
    };
    let text = match common.format() {
        Format::Json => {
            let mut rows = found.rows();
            if let (Some(exercised), Some(rows)) = (&exercised, rows.as_object_mut()) {
                rows.insert("coverage".to_owned(), exercised.row());
            }
            if let (Some(complete), Some(rows)) = (&completeness, rows.as_object_mut()) {
                rows.insert("language".to_owned(), complete.row());
            }
            as_json(&rows)
        }
        Format::Text => {
            let mut page = Page::new(common.colour_of_results());
            completeness.iter().for_each(|complete| complete.write(&mut page));
            exercised.iter().for_each(|exercised| exercised.text(&mut page));
            found.text(common.colour_of_results(), args.all) + &page.finish()
        }
    };
    Ok((text, ended))
}

/// Every override of a clinic, those in force first.
fn listed(page: &mut Page, overrides: &[ClinicOverride]) {
    let (holding, others): (Vec<&ClinicOverride>, Vec<&ClinicOverride>) =
        overrides.iter().partition(|one| one.in_force());
    for (some, what) in [(holding, "in force"), (others, "not in force")] {
        let many = if some.len() == 1 { "override" } else { "overrides" };
        if !some.is_empty() {
            page.inked(0, 2, Ink::Warn, "!", &format!("{} {many} {what}:", some.len()));
            page.list(2, some.iter().map(|one| format!("{}: {}", one.rule, one.words())));
        }
    }
}

/// What was found out about a pack.
#[derive(Default)]
struct Found {
    /// Mistakes in the files.
    problems: Report,
    /// The pack, when it has none.
    pack: Option<Pack>,
    /// What is no mistake and wants a look.
    lints: Report,
    /// What the pack says it covers.
    topics: Vec<Section>,
    /// What clinic layers made milder, by name and for a time.
    overrides: Vec<ClinicOverride>,
    /// The cases, which were run.
    read: Vec<Case>,
    /// How many cases about reactions were run.
    reaction_cases: usize,
    /// Cases that cannot be understood.
    unreadable: Vec<String>,
    /// Cases that came out otherwise.
    failed: Vec<cases::Failure>,
    /// What does not hold of the red flags, over all possible reactions.
    faults: Vec<Fault>,
    /// What holds for all possible patients.
    proofs: Option<Proofs>,
    /// The day on which a review may be overdue.
    today: Date,
}

impl Found {
    fn of(pack: &Pack, config: &Config, layers: &[LayerFiles], today: Date) -> Self {
        let mut found = Self { problems: config.check_against(pack), today, ..Self::default() };
        let mut all = match cases::read(layers) {
            Ok(all) => all,
            Err(unreadable) => {
                found.unreadable = unreadable;
                Vec::new()
            }
        };
        found.read.clone_from(&all);
        let ids: Vec<&str> = all.iter().map(|case| case.id.as_str()).collect();
        match topic::read(pack, &ids, layers) {
            Ok(topics) => found.topics = topics,
            Err(problems) => found.problems.diagnostics.extend(problems.diagnostics),
        }
        if let Err(problems) = load::portraits(pack, layers) {
            found.problems.diagnostics.extend(problems.diagnostics);
        }
        // One training case that cannot be read closes the training.
        for read in [training::read(pack, layers).map(drop), training::subjects(pack, layers).map(drop)] {
            if let Err(problems) = read {
                found.problems.diagnostics.extend(problems.diagnostics);
            }
        }
        // The cases of a layer are about the pack up to it: a clinic that adds a caution breaks no promise of the
        // built-in pack.
        for n in 1..=layers.len() {
            let (below, layer) = (layers.get(..n).unwrap_or_default(), layers.get(n - 1));
            let here = |case: &Case| layer.is_some_and(|layer| layer.files.iter().any(|file| file.path == case.file));
            let (own, rest): (Vec<Case>, Vec<Case>) = all.into_iter().partition(here);
            all = rest;
            let about_reactions = layer.is_some_and(|layer| layer.files.iter().any(follow_up::cases::has_some));
            if own.is_empty() && !about_reactions {
                continue;
            }
            match load::load(below) {
                Ok(pack) => {
                    found.failed.extend(own.iter().filter_map(|case| cases::run(&pack, case)));
                    found.reactions(&pack, layer);
                }
                Err(problems) => found.problems.diagnostics.extend(problems.diagnostics),
            }
        }
        found.lints = lint::lint(lint::Subject { pack, layers, today });
        found.faults = follow_up::faults(pack);
        found
    }

    /// Runs the cases of a layer about reactions.
    fn reactions(&mut self, pack: &Pack, layer: Option<&LayerFiles>) {
        match follow_up::cases::read(pack, layer.map(std::slice::from_ref).unwrap_or_default()) {
            Ok(all) => {
                self.reaction_cases += all.len();
                let failed = all.iter().filter_map(|case| follow_up::cases::run(pack, case));
                self.failed.extend(failed.map(|f| cases::Failure { case: f.case, file: f.file, what: f.what }));
            }
            Err(problems) => self.problems.diagnostics.extend(problems.diagnostics),
        }
    }

    fn is_clean(&self) -> bool {
        self.problems.diagnostics.is_empty()
            && self.unreadable.is_empty()
            && self.failed.is_empty()
            && self.faults.is_empty()
            && self.proofs.as_ref().is_none_or(Proofs::is_clean)
    }

    /// What has to be looked at again: a warning, not a mistake.
    fn overdue(&self) -> Vec<Overdue<'_>> {
        self.pack.as_ref().map(|pack| pack.overdue(self.today)).unwrap_or_default()
    }

    fn rows(&self) -> Value {
        let failed = self.failed.iter().map(|f| json!({ "case": f.case, "file": f.file, "what": f.what }));
        let pack = self.pack.as_ref().map(|pack| {
            let layers = pack.layers.iter().map(
                |layer| json!({ "id": layer.id, "version": layer.version, "title": layer.title, "hash": layer.hash }),
            );
            let counts: BTreeMap<&str, usize> = counts(pack).into_iter().collect();
            json!({ "hash": pack.hash, "layers": layers.collect::<Vec<_>>(), "counts": counts })
        });
        json!({
            "problems": serde_json::from_str::<Value>(&self.problems.to_json()).unwrap_or_default(),
            "warnings": serde_json::from_str::<Value>(&self.lints.to_json()).unwrap_or_default(),
            "topics": self.topics.iter().map(|section| section.topics.len()).sum::<usize>(),
            "cases": { "run": self.read.len() + self.reaction_cases, "failed": failed.collect::<Vec<_>>(), "unreadable": self.unreadable },
            "red_flags": { "faults": self.faults.iter().map(|fault| json!({ "code": fault.code, "message": fault.message })).collect::<Vec<_>>() },
            "overrides": self.overrides,
            "overdue": self.overdue().iter().map(|row| json!({ "kind": row.kind, "id": row.id, "due": row.due })).collect::<Vec<_>>(),
            "unsigned": self.pack.as_ref().map(|pack| pack.unsigned(self.today)).unwrap_or_default(),
            "pack": pack,
            "proofs": self.proofs.as_ref().map(Proofs::rows),
        })
    }

    fn text(&self, colour: bool, all: bool) -> String {
        let mut page = Page::new(colour);
        let Some(pack) = &self.pack else { return render(&self.problems, colour) };
        for layer in &pack.layers {
            page.text(0, 2, &format!("{} {}: {}", layer.id, layer.version, layer.title));
        }
        page.text(0, 2, &format!("hash {}", pack.hash));
        let counts: Vec<String> = counts(pack).iter().map(|(name, n)| format!("{n} {name}")).collect();
        page.text(0, 2, &counts.join(", "));
        page.gap();
        for why in &self.unreadable {
            page.inked(0, 2, Ink::Stop, "✗", why);
        }
        for failure in &self.failed {
            page.inked(0, 2, Ink::Stop, "✗ case", &format!("{} in {}", failure.case, failure.file));
            page.list(2, failure.what.iter().flat_map(|what| what.lines()));
        }
        let (ink, sign, cases) = match (self.failed.len(), self.unreadable.is_empty()) {
            (0, true) => (Ink::Good, "✓", format!("{} cases, all as expected", self.read.len() + self.reaction_cases)),
            (failed, true) => {
                (Ink::Stop, "✗", format!("{} cases, {failed} not as expected", self.read.len() + self.reaction_cases))
            }
            (_, false) => (Ink::Stop, "✗", "no case was run".to_owned()),
        };
        page.inked(0, 2, ink, sign, &cases);
        for fault in &self.faults {
            page.inked(0, 2, Ink::Stop, &format!("✗ {}", fault.code.0), &fault.message);
        }
        if self.faults.is_empty() && !pack.follow_up.flags.is_empty() {
            let words = format!(
                "{} red flags: an open question never loosens, nothing worse is answered more mildly",
                pack.follow_up.flags.len()
            );
            page.inked(0, 2, Ink::Good, "✓", &words);
        }
        listed(&mut page, &self.overrides);
        let topics = self.topics.iter().flat_map(|section| &section.topics);
        let (covered, left): (Vec<&Topic>, Vec<&Topic>) = topics.partition(|topic| !topic.covered_by.is_empty());
        if !(covered.is_empty() && left.is_empty()) {
            let said = format!("{} topics covered, {} by a reason instead", covered.len(), left.len());
            page.inked(0, 2, Ink::Good, "✓", &said);
        }
        match self.lints.len() {
            0 => page.inked(0, 2, Ink::Good, "✓", "no warnings"),
            1 => page.inked(0, 2, Ink::Warn, "!", "1 warning, at the end"),
            n => page.inked(0, 2, Ink::Warn, "!", &format!("{n} warnings, at the end")),
        }
        if let Some(proofs) = &self.proofs {
            proofs.text(&mut page, all);
        }
        let mut out = page.finish();
        if !self.lints.is_empty() {
            out.push('\n');
            out.push_str(&render(&self.lints, colour));
        }
        if !self.problems.is_empty() {
            out.push_str(&render(&self.problems, colour));
        }
        out
    }
}

fn counts(pack: &Pack) -> Vec<(&'static str, usize)> {
    vec![
        ("rules", pack.rules.len()),
        ("ingredients", pack.ingredients.len()),
        ("conditions", pack.conditions.len()),
        ("medicines and supplements", pack.medications.len()),
        ("allergens", pack.allergens.len()),
        ("events", pack.events.len()),
        ("goals", pack.goals.len()),
        ("areas", pack.areas.len()),
        ("recipes", pack.recipes.len()),
        ("questions", pack.questions.len()),
        ("scales", pack.scales.len()),
        ("jurisdictions", pack.jurisdictions.len()),
        ("reactions", pack.follow_up.reactions.len()),
        ("red flags", pack.follow_up.flags.len()),
        ("trials", pack.trials.len()),
        ("sources", pack.sources.len()),
    ]
}
