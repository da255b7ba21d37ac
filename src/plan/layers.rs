//! What the layers above a rule made of it, for people and programs.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::assessment::finding_word;
use crate::pack::{Effect, Loosening, Pack, Rule, Verdict};

/// A clinic's override of a rule, and whether it holds on the day of the assessment.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ClinicOverride {
    /// The rule.
    pub rule: String,
    /// Its name for people.
    pub title: String,
    /// The layer that overrides it.
    pub layer: String,
    /// What the rule says without it.
    pub instead_of: Verdict,
    /// What holds with it; `proceed` when it is switched off.
    pub verdict: Verdict,
    /// Whether the rule is switched off altogether.
    pub off: bool,
    /// The clinic's reason.
    pub why: String,
    /// Who decided it.
    pub by: String,
    /// When; it does not hold before.
    pub on: Date,
    /// From this day on it holds no more.
    pub expires: Date,
    /// How it stands on the day of the assessment.
    pub state: OverrideState,
}

/// Whether an override holds on a day.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OverrideState {
    /// It was decided for a later day.
    NotYet,
    /// It holds.
    InForce,
    /// Its time is over: the rule counts in full again.
    Expired,
}

impl ClinicOverride {
    /// The override of a rule, if a layer has one.
    #[must_use]
    pub fn of(pack: &Pack, rule: &Rule, today: Date) -> Option<Self> {
        let loosened: &Loosening = rule.loosened.as_ref()?;
        let (verdict, off) = match &loosened.effect {
            Effect::Off => (Verdict::Proceed, true),
            Effect::Milder(terms) => (terms.verdict, false),
        };
        Some(Self {
            rule: rule.id.clone(),
            title: rule.title.clone(),
            layer: layer(pack, loosened.layer).to_owned(),
            instead_of: rule.verdict,
            verdict,
            off,
            why: loosened.why.clone(),
            by: loosened.by.clone(),
            on: loosened.on,
            expires: loosened.expires,
            state: match loosened.holds_on(today) {
                true => OverrideState::InForce,
                false if today < loosened.on => OverrideState::NotYet,
                false => OverrideState::Expired,
            },
        })
    }

    /// Whether the rule is milder for it on this day.
    #[must_use]
    pub fn in_force(&self) -> bool {
        self.state == OverrideState::InForce
    }

    /// What it does, who decided it and why, beside its finding.
    #[must_use]
    pub fn words(&self) -> String {
        let Self { layer, by, on, expires, why, .. } = self;
        let effect = match self.off {
            true => "switched off".to_owned(),
            false => format!("{} instead of {}", finding_word(self.verdict), finding_word(self.instead_of)),
        };
        let time = match self.state {
            OverrideState::NotYet => format!("not applied before {on}"),
            OverrideState::InForce => format!("until {expires}"),
            OverrideState::Expired => format!("expired on {expires} and not applied"),
        };
        format!("{effect}, {time}; decided by {by} on {on} in {layer}: {why}")
    }

    /// The same where no finding names the rule.
    #[must_use]
    pub fn notice(&self) -> String {
        format!("Clinic override of {} ({}): {}", self.rule, self.title, self.words())
    }
}

/// Every override of the pack, in the order of its rules.
#[must_use]
pub fn overrides(pack: &Pack, today: Date) -> Vec<ClinicOverride> {
    pack.rules.iter().filter_map(|rule| ClinicOverride::of(pack, rule, today)).collect()
}

/// What layers made stricter about a rule, a sentence each.
pub(super) fn tightened(pack: &Pack, rule: &Rule) -> Vec<String> {
    let said =
        |t: &crate::pack::Tightening| format!("by {}: {}. {}", layer(pack, t.layer), t.changes.join("; "), t.why);
    rule.tightened.iter().map(said).collect()
}

fn layer(pack: &Pack, n: usize) -> &str {
    pack.layers.get(n).map_or("a layer", |layer| layer.id.as_str())
}
