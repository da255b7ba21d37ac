//! Where a reaction is reported.

use serde::Serialize;

use crate::pack::{Basis, Grade, Pack};

/// A way to report a reaction.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Reporting {
    /// What is reported there.
    pub about: String,
    /// To whom; none: not known to us.
    pub authority: Option<String>,
    /// How.
    pub how: String,
    /// Within which time; none: not known to us.
    pub within: Option<String>,
    /// The citations.
    pub sources: Vec<String>,
    /// On what it rests.
    pub basis: Basis,
    /// How strong that is.
    pub evidence: Grade,
}

impl Reporting {
    /// In one line.
    #[must_use]
    pub fn words(&self) -> String {
        let to = self.authority.as_deref().unwrap_or("the authority is not known to us");
        let within = self.within.as_deref().unwrap_or("not known to us");
        let known = if self.basis == Basis::General { " (stated from general knowledge: check it)" } else { "" };
        format!("{}: {to}. {} Time limit: {within}.{known}", self.about, self.how)
    }
}

/// The channels of a jurisdiction: its own, else those of the one it belongs to. Empty: the pack knows none.
#[must_use]
pub fn reporting(pack: &Pack, jurisdiction: &str) -> Vec<Reporting> {
    let Some(here) = pack.jurisdictions.find(jurisdiction) else { return Vec::new() };
    for place in pack.jurisdiction_path(here) {
        let channels = pack.follow_up.channels.iter().filter(|channel| channel.jurisdiction == place);
        let found: Vec<Reporting> = channels
            .map(|channel| Reporting {
                about: channel.about.clone(),
                authority: channel.authority.clone(),
                how: channel.how.clone(),
                within: channel.within.clone(),
                sources: pack.citations(&channel.grounds.sources),
                basis: channel.grounds.basis,
                evidence: channel.grounds.evidence,
            })
            .collect();
        if !found.is_empty() {
            return found;
        }
    }
    Vec::new()
}
