//! The cases that there are: written ones, and those that are made for a rule.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::civil::Date;

use super::case::{Case, Cases};
use super::made::{MadeId, Studio};
use super::proofread::proofread;
use super::read::read;
use super::subjects::{Subject, subjects};
use crate::pack::load::{LayerFiles, portraits};
use crate::pack::{Pack, Portraits};
use crate::proof::{Kind, Maker, Seeded};
use crate::source::Report;

/// How often another rule is drawn where nothing can be made for one.
const TRIES: usize = 8;

/// The cases of a pack, and what more of them are made from.
#[derive(Debug)]
pub struct School {
    /// The written ones.
    pub cases: Cases,
    /// The subjects of the fast track.
    pub subjects: Vec<Subject>,
    layers: Vec<LayerFiles>,
    portraits: Portraits,
}

impl School {
    /// Reads the cases of the layers.
    ///
    /// # Errors
    /// Every problem of every file.
    pub fn read(pack: &Pack, layers: Vec<LayerFiles>) -> Result<Self, Report> {
        Self::of(pack, read(pack, &layers)?, layers)
    }

    /// The same of cases that were read.
    ///
    /// # Errors
    /// Every problem of the portraits and the subjects.
    pub fn of(pack: &Pack, cases: Cases, layers: Vec<LayerFiles>) -> Result<Self, Report> {
        Ok(Self { cases, subjects: subjects(pack, &layers)?, portraits: portraits(pack, &layers)?, layers })
    }

    /// What wants a look in a case: where it contradicts what it leaves to the defaults, and patients nobody would believe in.
    #[must_use]
    pub fn proofread(&self, pack: &Pack, case: &Arc<Case>, day: Date) -> Vec<String> {
        proofread(pack, &self.portraits, case, day)
    }

    /// A case by its id: a written one, or one that is made again.
    ///
    /// # Errors
    /// Why there is none.
    pub fn case(&self, pack: &Pack, id: &str, day: Date) -> Result<Arc<Case>, String> {
        if let Some(case) = self.cases.get(id) {
            return Ok(Arc::clone(case));
        }
        match MadeId::parse(pack, id) {
            Some(made) => self.made(pack, &made, day),
            None => Err(format!("there is no case `{id}` in this pack")),
        }
    }

    /// Makes a case.
    ///
    /// # Errors
    /// Why nothing can be made.
    pub fn made(&self, pack: &Pack, id: &MadeId, day: Date) -> Result<Arc<Case>, String> {
        let mut maker = Maker::of(pack, day, &self.portraits);
        let none = || format!("nothing can be made for `{}`", id.rule);
        let made = id.patient(&mut maker).ok_or_else(none)?;
        let studio = Studio::of(pack, &self.layers, &self.portraits);
        studio.case(&made, id.seed, day).map(|(_, case)| case).map_err(|why| why.join("; "))
    }

    /// A case made for a rule that no written case exercises. Which rule, and whether it fires, is drawn by the seed.
    ///
    /// # Errors
    /// Why nothing can be made.
    pub fn drawn(&self, pack: &Pack, seed: u64, day: Date) -> Result<Arc<Case>, String> {
        let covered: BTreeSet<&str> = self
            .cases
            .values()
            .flat_map(|case| case.objectives.iter().chain(&case.expect.flags))
            .map(String::as_str)
            .collect();
        let rules: Vec<&str> = pack.rules.ids().filter(|rule| !covered.contains(rule)).collect();
        let rules = if rules.is_empty() { pack.rules.ids().collect() } else { rules };
        let mut draw = Seeded::new(seed, "drawn");
        let mut last = "the pack has no rules".to_owned();
        for _ in 0..TRIES {
            let Some(rule) = rules.get(draw.below(rules.len())) else { break };
            // One in three misses its rule, so that a made case is not known to have something to find.
            let kind = if draw.below(3) == 0 { Kind::NearMiss } else { Kind::Isolating };
            match self.made(pack, &MadeId { kind, seed, ..MadeId::first(rule) }, day) {
                Ok(case) => return Ok(case),
                Err(why) => last = why,
            }
        }
        Err(last)
    }
}
