//! An auditor for plans. It reads a plan as it is written, and from the pack and the intake it works out again what the
//! plan may hold: doses, points, days, ingredients. It shares the reading of conditions with the planner, and nothing of
//! how volumes, ceilings and days are come by: what one of the two gets wrong, the other one says.
//!
//! Every assessment of a debug build is audited, and `pistor check` has the plans of many situations audited.

mod content;
mod days;
mod doses;
mod exact;
mod written;

use jiff::civil::Date;

use super::adjust::Adjustments;
use super::assessment::{Assessment, Outcome, Plan};
use super::own::with_mixes;
use crate::intake::{Facts, Intake};
use crate::pack::{Limit, OverrideReason, Pack, Rule};
use crate::rules::{Truth, evaluate, facts};
use written::Written;

/// What kind of thing a plan breaks.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Law {
    /// It holds what it must not, or does not say what it holds.
    Content,
    /// More than a limit allows.
    Dose,
    /// Too early, too near to another session, or once too often.
    Day,
}

/// Something that a plan breaks.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Breach {
    /// What kind of thing.
    pub law: Law,
    /// The limit, rule, recipe or cocktail.
    pub what: String,
    /// In words.
    pub message: String,
}

/// What a plan is held against.
#[derive(Clone, Copy, Debug)]
pub struct Measure<'a> {
    /// The pack.
    pub pack: &'a Pack,
    /// The intake.
    pub intake: &'a Intake,
    /// What the practitioner decided.
    pub adjustments: &'a Adjustments,
    /// The day.
    pub today: Date,
    /// Further limits that it has to keep, wherever the patient is.
    pub also: &'a [Limit],
}

/// Everything that the plan of an assessment breaks; empty when it has no plan.
#[must_use]
pub fn audit(measure: Measure<'_>, assessment: &Assessment) -> Vec<Breach> {
    let Some(plan) = &assessment.plan else { return Vec::new() };
    let Measure { pack, intake, adjustments, today, also } = measure;
    let facts = facts(pack, intake, today);
    let (pack, _) = with_mixes(pack, &facts, &adjustments.mixes);
    let pack = &*pack;
    let fired = pack.rules.iter().filter(|rule| evaluate(pack, &facts, &rule.when).fires()).collect();
    let case = Case { pack, facts: &facts, fired, adjustments, today, also, assessment, plan };
    let mut breaches = Vec::new();
    let allows = [Outcome::Proceed, Outcome::Caution, Outcome::Clearance, Outcome::Defer];
    if !allows.contains(&assessment.verdict) {
        let message = format!("a plan with the verdict {}", assessment.verdict.word());
        breaches.push(Breach { law: Law::Content, what: "verdict".to_owned(), message });
    }
    let written = Written::of(&case, &mut breaches);
    content::check(&case, &written, &mut breaches);
    doses::check(&case, &written, &mut breaches);
    days::check(&case, &written, &mut breaches);
    breaches
}

/// A plan and everything it is held against.
struct Case<'a> {
    pack: &'a Pack,
    facts: &'a Facts,
    /// The rules that fire, those that only may hold included.
    fired: Vec<&'a Rule>,
    adjustments: &'a Adjustments,
    today: Date,
    also: &'a [Limit],
    assessment: &'a Assessment,
    plan: &'a Plan,
}

impl<'a> Case<'a> {
    /// Whether the practitioner overrides a rule that allows it, for a reason that no answer contradicts.
    fn overridden(&self, rule: &Rule) -> bool {
        let Some(given) = self.adjustments.reason(&rule.id) else { return false };
        let contradicted = |reason: &OverrideReason| {
            reason.unless.as_ref().is_some_and(|unless| evaluate(self.pack, self.facts, unless) != Truth::False)
        };
        let reasons = &rule.override_reasons;
        !rule.absolute
            && !reasons.is_empty()
            && !reasons.iter().any(|reason| reason.text == given && contradicted(reason))
    }

    /// The rules that change plans today.
    fn changing(&self) -> impl Iterator<Item = &'a Rule> {
        self.fired.iter().copied().filter(|rule| !rule.ruling_on(self.today).off)
    }

    fn certain(&self, condition: &crate::pack::Condition) -> bool {
        evaluate(self.pack, self.facts, condition) == Truth::True
    }
}
