//! Hints: what a trainee who is stuck may be told, what it costs, and where there is none.
//!
//! A hint comes from the case and from the text of the rules that it is about. It never says whether a rule applies: nothing
//! is evaluated before the seal, for a hint no more than for anything else.

use std::collections::BTreeSet;
use std::fmt;

use super::acts::{Act, Flag, How};
use super::case::Disclose;
use super::chain::{Entry, Mode};
use super::flow::{Attempt, Interview, SkinCommitted};
use super::marks::Item;
use super::reads::reads;
use super::schedule::Rating;
use crate::pack::{Identified, Pack, QuestionKind, Rule};

/// What a hint costs, in seconds of the consultation.
pub const HINT_SECONDS: u32 = 60;
/// What was found after a hint earns at most this share.
const HINTED_SHARE: f64 = 0.5;

/// What one is told.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Hint {
    /// What it is about: a question in the interview, a rule of the case after it.
    pub about: Flag,
    /// In words.
    pub says: String,
}

/// Why there is none.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NoHint {
    /// An exam and the fast track go without.
    NotHere(Mode),
    /// Everything was heard, or every rule of the case was hinted at.
    Nothing,
    /// What is left was named without a hint.
    Named,
}

impl fmt::Display for NoHint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotHere(Mode::Exam) => f.write_str("There are no hints in an exam."),
            Self::NotHere(_) => f.write_str("There are no hints on the fast track: it is for those who know already."),
            Self::Nothing => f.write_str("There is nothing left to hint at."),
            Self::Named => f.write_str("Everything that a hint could lead to is named already: it costs nothing."),
        }
    }
}

impl Mode {
    /// Whether there are hints.
    #[must_use]
    pub const fn hints(self) -> bool {
        matches!(self, Self::Practice | Self::Review)
    }
}

impl Attempt<Interview> {
    /// A hint at something that was not heard yet, first of all what a rule of the case reads. It is noted in the attempt.
    ///
    /// # Errors
    /// Why there is none; then nothing is noted either.
    pub fn hint(&mut self, pack: &Pack, at: u32) -> Result<Hint, NoHint> {
        let mode = self.log.header.mode;
        if !mode.hints() {
            return Err(NoHint::NotHere(mode));
        }
        let rules = self.patient.case.objectives.iter().filter_map(|rule| pack.rules.get(rule));
        let read: BTreeSet<&str> = rules.flat_map(|rule| reads(pack, rule)).collect();
        let told = self.hinted();
        let unheard = self
            .patient
            .facts
            .iter()
            .zip(&self.heard)
            .filter(|(fact, heard)| !**heard && !told.iter().any(|flag| flag.text() == fact.question));
        // Then what everybody is asked; a measure that no rule of the case reads comes last.
        let last = |fact: &super::patient::KnownFact| {
            let row = pack.questions.get(&fact.question);
            let measured = row.is_some_and(|row| matches!(row.kind, QuestionKind::Number(_)));
            let asked = row.is_some_and(|row| row.required && !measured);
            (!read.contains(fact.question.as_str()), !asked, measured)
        };
        let fact = unheard.map(|(fact, _)| fact).min_by_key(|fact| last(fact));
        let fact = fact.ok_or(NoHint::Nothing)?;
        let how = match fact.disclose {
            Disclose::Probe => How::Probe,
            Disclose::Exam => How::Exam,
            Disclose::Document => How::Document,
            Disclose::Ask | Disclose::Volunteered => How::Ask,
        };
        let label = pack.questions.get(&fact.question).map_or(fact.question.as_str(), |row| &row.label);
        let says = match how {
            How::Ask => format!("Not heard yet: {label}. It takes a plain question."),
            How::Probe => format!("Not heard yet: {label}. It takes a closer question."),
            How::Exam => format!("Not seen yet: {label}. It is found by looking or measuring."),
            How::Document => format!("Not read yet: {label}. It stands on paper."),
        };
        let about = Flag(fact.question.clone());
        Ok(self.noted(about, says, at))
    }
}

impl Attempt<SkinCommitted> {
    /// Names a rule that the case is about, not whether it applies; none that is `named` already. It is noted in the attempt.
    ///
    /// # Errors
    /// Why there is none; then nothing is noted either.
    pub fn hint(&mut self, pack: &Pack, named: &[Flag], at: u32) -> Result<Hint, NoHint> {
        let open = self.rules_to_hint_at(pack)?;
        let is_named = |rule: &&Rule| named.iter().any(|flag| flag.touches(pack, rule));
        let rule = open.into_iter().find(|rule| !is_named(rule)).ok_or(NoHint::Named)?;
        Ok(self.hinted_at(rule, at))
    }

    /// The hint that was given in an attempt that is played again.
    ///
    /// # Errors
    /// When there was no such hint to be had.
    pub(super) fn hint_again(&mut self, pack: &Pack, about: &Flag, at: u32) -> Result<Hint, NoHint> {
        let open = self.rules_to_hint_at(pack)?;
        let rule = open.into_iter().find(|rule| about.text().strip_prefix("rule:") == Some(rule.id()));
        Ok(self.hinted_at(rule.ok_or(NoHint::Nothing)?, at))
    }

    /// The rules of the case that were not hinted at.
    fn rules_to_hint_at<'p>(&self, pack: &'p Pack) -> Result<Vec<&'p Rule>, NoHint> {
        let mode = self.log.header.mode;
        if !mode.hints() {
            return Err(NoHint::NotHere(mode));
        }
        let told = self.hinted();
        let open = |rule: &&String| !told.iter().any(|flag| flag.text().strip_prefix("rule:") == Some(rule.as_str()));
        let open = self.patient.case.objectives.iter().filter(open);
        let open: Vec<&Rule> = open.filter_map(|rule| pack.rules.get(rule)).collect();
        if open.is_empty() { Err(NoHint::Nothing) } else { Ok(open) }
    }

    fn hinted_at(&mut self, rule: &Rule, at: u32) -> Hint {
        let about = Flag(format!("rule:{}", rule.id()));
        let says = format!("Think of: {}. Whether it is so here is for you to say.", rule.title);
        self.noted(about, says, at)
    }
}

impl<S> Attempt<S> {
    fn noted(&mut self, about: Flag, says: String, at: u32) -> Hint {
        self.log.push(Entry { seconds: at, cost: HINT_SECONDS, act: Act::Hint { about: about.clone() } });
        Hint { about, says }
    }

    /// What was hinted at so far.
    #[must_use]
    pub fn hinted(&self) -> Vec<Flag> {
        let hints = self.log.entries.iter().filter_map(|entry| match &entry.act {
            Act::Hint { about } => Some(about.clone()),
            _ => None,
        });
        hints.collect()
    }
}

/// What was found after a hint earns less. Whether it was right stays as it is: only the share changes.
pub(super) fn charge(items: &mut [Item], hints: &[Flag]) {
    for item in items {
        let by_question = item.id.strip_prefix("ask:");
        let by_rule = item.id.strip_prefix("flag:");
        let hit = |flag: &Flag| match flag.text().strip_prefix("rule:") {
            Some(rule) => by_rule == Some(rule),
            None => by_question == Some(flag.text()),
        };
        if item.share > HINTED_SHARE && hints.iter().any(hit) {
            item.share = HINTED_SHARE;
            item.yours.push_str(", after a hint");
        }
    }
}

/// A rule that was found with a hint, at it or at a question that it reads, is known hardly at best.
pub(super) fn at_best(pack: &Pack, rule: &str, rating: Rating, hints: &[Flag]) -> Rating {
    let row = pack.rules.get(rule);
    let about = |flag: &Flag| match flag.text().strip_prefix("rule:") {
        Some(hinted) => hinted == rule,
        None => row.is_some_and(|row| reads(pack, row).contains(flag.text())),
    };
    if hints.iter().any(about) { rating.min(Rating::Hard) } else { rating }
}
