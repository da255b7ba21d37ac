//! Made training cases on the command line: for a rule, by their id, or drawn so that nobody knows what they are about.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use jiff::civil::Date;

use super::failure::Failure;
use super::train::School;
use crate::config::read_text;
use crate::pack::load::LayerFiles;
use crate::source::{SourceFile, did_you_mean};
use crate::training::{self, Case, Cases, MadeId, read_files, subject_of};

impl School {
    /// The case of an id, and the seed of its patient. A rule stands for a case made for it with the seed; a written case
    /// comes before a made one.
    pub fn found(&self, id: &str, seed: u64) -> Result<(Arc<Case>, u64), Failure> {
        if let Some(case) = self.cases.get(id) {
            return Ok((Arc::clone(case), seed));
        }
        let day = self.common.today();
        if let Some(made) = MadeId::parse(&self.pack, id) {
            return self.made(&made, day).map(|case| (case, 0));
        }
        if self.pack.rules.get(id).is_some() {
            return self.made(&isolating(id, seed), day).map(|case| (case, 0));
        }
        // A file of somebody who writes a case.
        let file = std::path::Path::new(id);
        if file.extension().is_some_and(|end| end == "toml") && file.is_file() {
            let cases = self.of_files(&[file.to_path_buf()])?;
            if let Some(case) = cases.into_values().next() {
                return Ok((case, seed));
            }
        }
        let known = self.cases.keys().map(String::as_str).chain(self.pack.rules.ids());
        let near = did_you_mean(id, known);
        let help = near
            .map_or("`pistor train list` shows the cases, `pistor train case coverage` the rules".to_owned(), |n| {
                format!("did you mean `{n}`?")
            });
        Err(Failure::plain(format!("there is no case and no rule `{id}`"), help))
    }

    /// The cases of files outside the pack; its defaults hold for them as well.
    pub fn of_files(&self, files: &[PathBuf]) -> Result<Cases, Failure> {
        let inside = self.layers.iter().flat_map(LayerFiles::training);
        let mut sources: Vec<Arc<SourceFile>> = inside.filter(|f| f.path.ends_with("defaults.toml")).cloned().collect();
        for path in files {
            let text = read_text(path).map_err(|why| Failure::plain(why, "a case is a TOML file"))?;
            sources.push(SourceFile::new(path.display().to_string(), text));
        }
        read_files(&self.pack, &sources).map_err(Failure::Report)
    }

    /// A case made for a rule that no written case exercises; which rule, and whether it fires, is drawn by the seed.
    pub fn drawn(&self, seed: u64) -> Result<Arc<Case>, Failure> {
        self.making()?
            .drawn(&self.pack, seed, self.common.today())
            .map_err(|why| Failure::plain(why, "try another seed"))
    }

    /// The cases of the pack, and the made ones that a text names.
    pub fn cases_with(&self, text: &str) -> Result<Cases, Failure> {
        let mut cases = self.cases.clone();
        let day = subject_of(text).map_or(self.common.today(), |(_, day)| day);
        let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-');
        let ids: BTreeSet<&str> = words.filter(|word| !cases.contains_key(*word)).collect();
        for id in ids.into_iter().filter_map(|word| MadeId::parse(&self.pack, word)) {
            let case = self.made(&id, day)?;
            cases.insert(case.id.clone(), case);
        }
        Ok(cases)
    }

    pub fn making(&self) -> Result<training::School, Failure> {
        training::School::of(&self.pack, self.cases.clone(), self.layers.clone()).map_err(Failure::Report)
    }

    /// Makes a case.
    fn made(&self, id: &MadeId, day: Date) -> Result<Arc<Case>, Failure> {
        if let Some(known) = self.made.borrow().get(&id.text()) {
            return Ok(Arc::clone(known));
        }
        let case = self.making()?.made(&self.pack, id, day).map_err(|why| {
            Failure::plain(
                format!("no case can be made for `{}`: {why}", id.rule),
                format!("`pistor check --make-cases {} --rule {}` says more", id.kind.word(), id.rule),
            )
        })?;
        self.made.borrow_mut().insert(id.text(), Arc::clone(&case));
        Ok(case)
    }

    /// A due rule that no written case exercises, if none of the due rules has one.
    pub fn due_without_case(&self, due: &[&str]) -> Option<String> {
        let exercised = |rule: &&str| {
            self.cases.values().any(|case| case.objectives.iter().chain(&case.expect.flags).any(|known| known == rule))
        };
        let known = |rule: &&&str| self.pack.rules.get(rule).is_some();
        if due.iter().any(exercised) { None } else { due.iter().find(known).map(|rule| (*rule).to_owned()) }
    }
}

fn isolating(rule: &str, seed: u64) -> MadeId {
    MadeId { seed, ..MadeId::first(rule) }
}
