//! Made training cases on the command line: for a rule, by their id, or drawn so that nobody knows what they are about.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::civil::Date;

use super::failure::Failure;
use super::train::School;
use crate::pack::load::portraits;
use crate::proof::{Kind, Maker, Seeded};
use crate::source::did_you_mean;
use crate::training::{Case, Cases, MadeId, Studio, subject_of};

/// How often another rule is drawn where nothing can be made for one.
const TRIES: usize = 8;

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
        let known = self.cases.keys().map(String::as_str).chain(self.pack.rules.ids());
        let near = did_you_mean(id, known);
        let help = near
            .map_or("`pistor train list` shows the cases, `pistor train case coverage` the rules".to_owned(), |n| {
                format!("did you mean `{n}`?")
            });
        Err(Failure::plain(format!("there is no case and no rule `{id}`"), help))
    }

    /// A case made for a rule that no written case exercises; which rule, and whether it fires, is drawn by the seed.
    pub fn drawn(&self, seed: u64) -> Result<Arc<Case>, Failure> {
        let covered: BTreeSet<&str> = self
            .cases
            .values()
            .flat_map(|case| case.objectives.iter().chain(&case.expect.flags))
            .map(String::as_str)
            .collect();
        let rules: Vec<&str> = self.pack.rules.ids().filter(|rule| !covered.contains(rule)).collect();
        let rules = if rules.is_empty() { self.pack.rules.ids().collect() } else { rules };
        let mut draw = Seeded::new(seed, "drawn");
        let mut last = Failure::plain("the pack has no rules", "");
        for _ in 0..TRIES {
            let Some(rule) = rules.get(draw.below(rules.len())) else { break };
            // One in three misses its rule, so that a made case is not known to have something to find.
            let kind = if draw.below(3) == 0 { Kind::NearMiss } else { Kind::Isolating };
            match self.made(&MadeId { kind, ..isolating(rule, seed) }, self.common.today()) {
                Ok(case) => return Ok(case),
                Err(why) => last = why,
            }
        }
        Err(last)
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

    /// Makes a case.
    fn made(&self, id: &MadeId, day: Date) -> Result<Arc<Case>, Failure> {
        if let Some(known) = self.made.borrow().get(&id.text()) {
            return Ok(Arc::clone(known));
        }
        let portraits = portraits(&self.pack, &self.layers).map_err(Failure::Report)?;
        let mut maker = Maker::of(&self.pack, day, &portraits);
        let impossible = |why: String| {
            Failure::plain(
                format!("no case can be made for `{}`: {why}", id.rule),
                format!("`pistor check --make-cases {} --rule {}` says more", id.kind.word(), id.rule),
            )
        };
        let made = id.patient(&mut maker).ok_or_else(|| impossible(format!("there is no patient `{}`", id.text())))?;
        let studio = Studio::of(&self.pack, &self.layers, &portraits);
        let (_, case) = studio.case(&made, id.seed, day).map_err(|why| impossible(why.join("; ")))?;
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
