//! Evaluating conditions, and saying why and why not.
//!
//! Truth has four values, because "not asked" and "asked, not known" are different and neither is "no":
//! a rule that is [`Truth::Pending`] holds the verdict back, one that is [`Truth::Maybe`] fires.

mod evaluate;
mod sentence;
mod trace;

pub use evaluate::{Truth, entry_passes, evaluate, settle};
pub use sentence::sentence;
pub use trace::{Leaf, leaves, points};
pub(crate) use trace::{lower, spoken};

use jiff::civil::Date;

use crate::intake::{Facts, Intake};
use crate::pack::{Ix, Pack, QuestionIx, Rule};

/// The facts of an intake with what does not apply to this patient marked as such.
#[must_use]
pub fn facts(pack: &Pack, intake: &Intake, today: Date) -> Facts {
    let mut facts = Facts::of(pack, intake, today);
    settle(pack, &mut facts);
    facts
}

/// A rule and how its condition stands.
#[derive(Clone, Copy, Debug)]
pub struct Standing {
    /// The rule.
    pub rule: Ix<Rule>,
    /// Its truth.
    pub truth: Truth,
}

/// How every rule stands, in the order of the pack; rules that are plainly false are left out.
#[must_use]
pub fn standings(pack: &Pack, facts: &Facts) -> Vec<Standing> {
    pack.rules
        .entries()
        .map(|(rule, r)| Standing { rule, truth: evaluate(pack, facts, &r.when) })
        .filter(|standing| standing.truth != Truth::False)
        .collect()
}

/// Whether a question applies to this patient (or may apply, while what decides it is open).
#[must_use]
pub fn applies(pack: &Pack, facts: &Facts, question: QuestionIx) -> bool {
    pack.questions[question].ask_when.as_ref().is_none_or(|when| evaluate(pack, facts, when) != Truth::False)
}
