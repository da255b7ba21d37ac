//! `pistor check`: every mistake of a pack with its place, the pack's own cases, and proofs over all possible patients.

use std::collections::BTreeMap;
use std::path::PathBuf;

use jiff::civil::Date;
use serde_json::{Value, json};

use super::Ended;
use super::completeness::Completeness;
use super::coverage;
use super::failure::{Failure, render};
use super::options::{Common, Format};
use super::page::{Ink, Page, json as as_json};
use super::proofs::Proofs;
use super::session::{known_language, pack_folders};
use crate::config::{self, Config, Places};
use crate::follow_up::{self, Fault};
use crate::pack::load::{self, LayerFiles};
use crate::pack::topic::{self, Section, Topic};
use crate::pack::{Overdue, Pack};
use crate::plan::cases::{self, Case};
use crate::plan::{ClinicOverride, overrides};
use crate::source::Report;

#[derive(clap::Args, Debug)]
#[command(
    after_help = "Exits 1 when the pack has mistakes, a case fails or a property does not hold. An overdue review is a warning.\n\nExamples:\n  \
    pistor check                   the built-in pack and the layers of the configuration\n  \
    pistor check my-clinic         with one more layer\n  \
    pistor check data              a working copy in place of the built-in pack\n  \
    pistor check --witnesses out   write the patients for whom something goes wrong; `pistor assess` replays them\n  \
    pistor check data --topics     what the pack covers, as Markdown (data/README.md)"
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
    /// Write the smallest patient of every failure to this folder, as an intake file
    #[arg(long, value_name = "DIR")]
    pub witnesses: Option<PathBuf>,
    /// Print what the pack covers, topic by topic, as Markdown
    #[arg(long)]
    pub topics: bool,
    #[command(flatten)]
    pub common: Common,
}

pub(super) fn run(common: &Common, args: &Args) -> Result<(String, Ended), Failure> {
    let config = config::load(common.config.as_deref(), &Places::of_this_machine())?;
    let mut folders = pack_folders(Some(&config), common);
    folders.extend(args.layers.iter().cloned());
    let layers = config::packs(&folders)?;
    let mut found = match load::load(&layers) {
        Ok(pack) => {
            Found { overrides: overrides(&pack, common.today()), ..Found::of(pack, &config, &layers, common.today()) }
        }
        Err(problems) => Found { problems, ..Found::default() },
    };
    if !args.no_proofs {
        found.prove(&layers, common.today());
    }
    if let Some(proofs) = &found.proofs {
        args.certificate.as_deref().map_or(Ok(()), |path| proofs.write_certificate(path))?;
        args.witnesses.as_deref().map_or(Ok(()), |folder| proofs.write_witnesses(folder))?;
    }
    let ended = if found.is_clean() { Ended::Done } else { Ended::ProblemsFound };
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
    let text = match common.format() {
        Format::Json => {
            let mut rows = found.rows();
            if let (Some(complete), Some(rows)) = (&completeness, rows.as_object_mut()) {
                rows.insert("language".to_owned(), complete.row());
            }
            as_json(&rows)
        }
        Format::Text => {
            let mut page = Page::new(common.colour_of_results());
            completeness.iter().for_each(|complete| complete.write(&mut page));
            found.text(common.colour_of_results()) + &page.finish()
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
    /// What the pack says it covers.
    topics: Vec<Section>,
    /// What clinic layers made milder, by name and for a time.
    overrides: Vec<ClinicOverride>,
    /// How many cases were run.
    cases: usize,
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
    fn of(pack: Pack, config: &Config, layers: &[LayerFiles], today: Date) -> Self {
        let mut found = Self { problems: config.check_against(&pack), today, ..Self::default() };
        let mut all = match cases::read(layers) {
            Ok(all) => all,
            Err(unreadable) => {
                found.unreadable = unreadable;
                Vec::new()
            }
        };
        found.cases = all.len();
        let ids: Vec<&str> = all.iter().map(|case| case.id.as_str()).collect();
        match topic::read(&pack, &ids, layers) {
            Ok(topics) => found.topics = topics,
            Err(problems) => found.problems.diagnostics.extend(problems.diagnostics),
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
        found.faults = follow_up::faults(&pack);
        found.pack = Some(pack);
        found
    }

    /// Runs the cases of a layer about reactions.
    fn reactions(&mut self, pack: &Pack, layer: Option<&LayerFiles>) {
        match follow_up::cases::read(pack, layer.map(std::slice::from_ref).unwrap_or_default()) {
            Ok(all) => {
                self.cases += all.len();
                let failed = all.iter().filter_map(|case| follow_up::cases::run(pack, case));
                self.failed.extend(failed.map(|f| cases::Failure { case: f.case, file: f.file, what: f.what }));
            }
            Err(problems) => self.problems.diagnostics.extend(problems.diagnostics),
        }
    }

    /// Proves what can be proved about a pack without mistakes.
    fn prove(&mut self, layers: &[LayerFiles], today: Date) {
        let Some(pack) = self.pack.as_ref().filter(|_| self.problems.diagnostics.is_empty()) else { return };
        match Proofs::of(pack, layers, today) {
            Ok(proofs) => self.proofs = Some(proofs),
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
            "topics": self.topics.iter().map(|section| section.topics.len()).sum::<usize>(),
            "cases": { "run": self.cases, "failed": failed.collect::<Vec<_>>(), "unreadable": self.unreadable },
            "red_flags": { "faults": self.faults.iter().map(|fault| json!({ "code": fault.code, "message": fault.message })).collect::<Vec<_>>() },
            "overrides": self.overrides,
            "overdue": self.overdue().iter().map(|row| json!({ "kind": row.kind, "id": row.id, "due": row.due })).collect::<Vec<_>>(),
            "unsigned": self.pack.as_ref().map(Pack::unsigned).unwrap_or_default(),
            "pack": pack,
            "proofs": self.proofs.as_ref().map(Proofs::rows),
        })
    }

    fn text(&self, colour: bool) -> String {
        let mut page = Page::new(colour);
        let Some(pack) = &self.pack else { return render(&self.problems, colour) };
        for layer in &pack.layers {
            page.text(0, 2, &format!("{} {}: {}", layer.id, layer.version, layer.title));
        }
        page.text(0, 2, &format!("hash {}", pack.hash));
        let counts: Vec<String> = counts(pack).iter().map(|(name, n)| format!("{n} {name}")).collect();
        page.text(0, 2, &counts.join(", "));
        page.gap();
        let mut overdue: BTreeMap<_, Vec<&str>> = BTreeMap::new();
        for row in self.overdue() {
            overdue.entry((row.due, row.kind)).or_default().push(row.id);
        }
        for ((due, kind), ids) in overdue {
            page.inked(0, 2, Ink::Warn, "! overdue", &format!("review of {kind} due {due}: {}", ids.join(", ")));
        }
        for why in &self.unreadable {
            page.inked(0, 2, Ink::Stop, "✗", why);
        }
        for failure in &self.failed {
            page.inked(0, 2, Ink::Stop, "✗ case", &format!("{} in {}", failure.case, failure.file));
            page.list(2, failure.what.iter().flat_map(|what| what.lines()));
        }
        let (ink, sign, cases) = match (self.failed.len(), self.unreadable.is_empty()) {
            (0, true) => (Ink::Good, "✓", format!("{} cases, all as expected", self.cases)),
            (failed, true) => (Ink::Stop, "✗", format!("{} cases, {failed} not as expected", self.cases)),
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
        if let Some(proofs) = &self.proofs {
            proofs.text(&mut page);
        }
        let mut out = page.finish();
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
