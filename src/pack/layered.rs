//! What the layers above a rule made of it: stricter for good, or milder by name and for a time.

use jiff::civil::Date;

use super::Pack;
use super::rule::{Rule, Scope, Until, Verdict};
use super::table::Set;

/// A layer made something stricter.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Tightening {
    /// The layer.
    pub layer: usize,
    /// Whether the verdict itself is a stricter one.
    pub of_verdict: bool,
    /// What is stricter now, each with the value of the layer below.
    pub changes: Vec<String>,
    /// The layer's reason.
    pub why: String,
}

/// A clinic's override of a rule: named, dated, and for a time.
#[derive(Clone, Debug)]
pub struct Loosening {
    /// The layer.
    pub layer: usize,
    /// What holds instead.
    pub effect: Effect,
    /// The clinic's reason.
    pub why: String,
    /// Who decided it.
    pub by: String,
    /// When; it does not hold before.
    pub on: Date,
    /// From this day on it holds no more.
    pub expires: Date,
}

impl Loosening {
    /// Whether it holds on a day.
    #[must_use]
    pub fn holds_on(&self, today: Date) -> bool {
        self.on <= today && today < self.expires
    }
}

/// What an override puts in place of a verdict.
#[derive(Clone, Debug)]
pub enum Effect {
    /// The rule is a note without consequences.
    Off,
    /// One step milder, with what that verdict needs.
    Milder(Terms),
}

/// A verdict with what goes with it.
#[derive(Clone, Debug)]
pub struct Terms {
    /// What follows.
    pub verdict: Verdict,
    /// For deferrals: until when.
    pub until: Option<Until>,
    /// For clearances: who must clear it.
    pub from: Option<String>,
    /// For referrals: where to.
    pub to: Option<String>,
    /// For referrals: the same day.
    pub urgent: bool,
}

/// What a rule says on one day.
#[derive(Clone, Copy, Debug)]
pub struct Ruling<'r> {
    /// What follows.
    pub verdict: Verdict,
    /// For deferrals: until when.
    pub until: Option<&'r Until>,
    /// For clearances: who must clear it.
    pub from: Option<&'r str>,
    /// For referrals: where to.
    pub to: Option<&'r str>,
    /// For referrals: the same day.
    pub urgent: bool,
    /// Switched off: it changes no plan and asks for nothing.
    pub off: bool,
}

impl Pack {
    /// The pack as it counts where a practitioner overrides some of its rules on a day.
    #[must_use]
    pub fn softened<'r>(&self, overridden: impl IntoIterator<Item = &'r str>, today: Date) -> Self {
        let mut pack = self.clone();
        for rule in overridden {
            if let Some(ix) = pack.rules.find(rule) {
                pack.rules.row_mut(ix).soften(today);
            }
        }
        pack
    }
}

impl Rule {
    /// The rule as it counts under a practitioner's override on a day: a caution at most, and a goal it was about comes
    /// back; ingredients, areas and techniques stay out.
    fn soften(&mut self, today: Date) {
        if !self.overridable() {
            return;
        }
        let ruling = self.ruling_on(today);
        if !ruling.off {
            self.verdict = ruling.verdict.min(Verdict::Caution);
            self.loosened = None;
        }
        if self.scope == Scope::Goal {
            self.exclude.goals = Set::default();
        }
    }

    /// What the rule says on a day: an override counts only while it holds.
    #[must_use]
    pub fn ruling_on(&self, today: Date) -> Ruling<'_> {
        let own = Ruling {
            verdict: self.verdict,
            until: self.until.as_ref(),
            from: self.from.as_deref(),
            to: self.to.as_deref(),
            urgent: self.urgent,
            off: false,
        };
        match self.loosened.as_ref().filter(|loosened| loosened.holds_on(today)).map(|loosened| &loosened.effect) {
            None => own,
            Some(Effect::Off) => {
                Ruling { verdict: Verdict::Proceed, until: None, from: None, to: None, urgent: false, off: true }
            }
            Some(Effect::Milder(terms)) => Ruling {
                verdict: terms.verdict,
                until: terms.until.as_ref(),
                from: terms.from.as_deref(),
                to: terms.to.as_deref(),
                urgent: terms.urgent,
                off: false,
            },
        }
    }

    /// Whether the loader made it from the vocabulary.
    #[must_use]
    pub const fn is_generated(&self) -> bool {
        self.place.file.is_none()
    }
}
