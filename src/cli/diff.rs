//! `pistor check --diff`: for whom the outcome changes between two packs, or two states of a clinic's layer.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::Ended;
use super::check::Args;
use super::diff_text::{self, outcome_lines};
use super::failure::Failure;
use super::options::{Common, Format};
use super::page::json as as_json;
use crate::config;
use crate::intake;
use crate::pack::Pack;
use crate::pack::load::{self, LayerFiles};
use crate::proof::diff::{Diff, Example, Found, On, Reach, diff};
use crate::proof::{self, check_certificate, trimmed};

/// A pack with its files.
pub(super) struct Side {
    pub pack: Pack,
    pub layers: Vec<LayerFiles>,
}

/// Two packs, and what came of comparing them.
pub(super) struct Compared {
    pub old: Side,
    pub new: Side,
    pub diff: Diff,
    /// How many proofs were checked again without the solver, or what was refused.
    pub verified: Result<usize, String>,
}

impl Side {
    /// The layers that both sides have, and one more on top; one with the id of another takes its place.
    fn of(base: &[PathBuf], on_top: Option<&PathBuf>) -> Result<Self, Failure> {
        let folders: Vec<PathBuf> = base.iter().chain(on_top).cloned().collect();
        let layers = config::packs(&folders)?;
        let pack = load::load(&layers).map_err(Failure::Report)?;
        Ok(Self { pack, layers })
    }

    /// Where a part stands in the files.
    pub fn place(&self, found: &Found) -> Option<String> {
        proof::place(&self.pack, &self.layers, &format!("{}:{}", found.part.kind, found.part.id))
    }
}

pub(super) fn run(common: &Common, args: &Args, base: Vec<PathBuf>) -> Result<(String, Ended), Failure> {
    let old = Side::of(&base, args.diff.first())?;
    let new = Side::of(&base, args.diff.get(1))?;
    let found = diff(&old.pack, &new.pack, common.today());
    let checked = trimmed(&found.certificate).and_then(|short| check_certificate(&short));
    let verified = checked.map_err(|unfounded| format!("step {} does not follow", unfounded.step));
    let compared = Compared { old, new, diff: found, verified };
    if let Some(folder) = &args.witnesses {
        compared.write_witnesses(folder)?;
    }
    let sound = compared.verified.is_ok() && compared.examples().all(|(_, example)| example.replayed.is_ok());
    let text = match common.format() {
        Format::Json => as_json(&compared.rows()),
        Format::Text => diff_text::text(&compared, common.colour_of_results()),
    };
    // That outcomes change is what was asked about, no problem; that the program contradicts itself is one.
    Ok((text, if sound { Ended::Done } else { Ended::ProblemsFound }))
}

impl Compared {
    /// Every example with a name for its file.
    fn examples(&self) -> impl Iterator<Item = (String, &Example)> {
        let of_parts = self.diff.found.iter().flat_map(|found| {
            let name = format!("{}-{}", found.part.kind, found.part.id);
            found.examples.iter().map(move |example| (name.clone(), example))
        });
        of_parts.chain(self.diff.rest.iter().map(|example| ("other".to_owned(), example)))
    }

    fn rows(&self) -> Value {
        let side = |side: &Side| {
            let layers = side.pack.layers.iter();
            let layers = layers.map(|layer| json!({ "id": layer.id, "version": layer.version, "hash": layer.hash }));
            json!({ "hash": side.pack.hash, "layers": layers.collect::<Vec<_>>() })
        };
        let parts = self.diff.found.iter().map(|found| {
            let changes = found.part.changes.iter().map(|change| {
                json!({ "what": change.what, "reach": reach(change.reach), "old": change.old, "new": change.new })
            });
            json!({
                "kind": found.part.kind,
                "id": found.part.id,
                "in": match found.part.side { On::Old => "old", On::New => "new", On::Both => "both" },
                "reach": reach(found.part.reach()),
                "apart": found.apart,
                "places": [self.old.place(found), self.new.place(found)],
                "changes": changes.collect::<Vec<_>>(),
                "witnesses": found.examples.iter().map(example_row).collect::<Vec<_>>(),
            })
        });
        json!({
            "old": side(&self.old),
            "new": side(&self.new),
            "only_old": self.diff.only_old,
            "only_new": self.diff.only_new,
            "changes": self.diff.changes,
            "parts": parts.collect::<Vec<_>>(),
            "other": self.diff.rest.iter().map(example_row).collect::<Vec<_>>(),
            "work": self.diff.work,
            "verified": self.verified.as_ref().ok(),
            "refused": self.verified.as_ref().err(),
        })
    }

    /// Writes every witness: one file for both packs, or one for each where they ask other questions.
    fn write_witnesses(&self, folder: &Path) -> Result<(), Failure> {
        let cannot = |path: &Path, error: &std::io::Error| {
            Failure::plain(format!("cannot write {}: {error}", path.display()), "name another folder")
        };
        std::fs::create_dir_all(folder).map_err(|error| cannot(folder, &error))?;
        for (n, (name, example)) in self.examples().enumerate() {
            let name = format!("{:03}-{name}-{}", n + 1, example.direction.word());
            let [old, new] = &example.intakes;
            let mut files = vec![(String::new(), new)];
            if old != new {
                files = vec![("-old".to_owned(), old), ("-new".to_owned(), new)];
            }
            for (suffix, intake) in files {
                let path = folder.join(format!("{name}{suffix}.toml"));
                let head: String = comments(example).iter().map(|line| format!("# {line}\n")).collect();
                std::fs::write(&path, head + &intake::write(intake)).map_err(|error| cannot(&path, &error))?;
            }
        }
        Ok(())
    }
}

fn comments(example: &Example) -> Vec<String> {
    let mut lines = vec![format!("{}: {}", example.direction.word(), example.differs.join("; "))];
    for (label, old, new) in outcome_lines(example) {
        lines.push(format!("{label}: old {old} | new {new}"));
    }
    lines.iter().map(|line| line.replace('\n', " ")).collect()
}

fn reach(reach: Reach) -> &'static str {
    match reach {
        Reach::Words => "words",
        Reach::Numbers => "numbers",
        Reach::Decisions => "decisions",
    }
}

fn example_row(example: &Example) -> Value {
    json!({
        "direction": example.direction.word(),
        "alone": example.alone,
        "differs": example.differs,
        "intake": intake::write(&example.intakes[1]),
        "intake_old": (example.intakes[0] != example.intakes[1]).then(|| intake::write(&example.intakes[0])),
        "old": example.outcomes[0],
        "new": example.outcomes[1],
        "replayed": example.replayed.is_ok(),
    })
}
