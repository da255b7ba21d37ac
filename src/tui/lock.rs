//! What is typed and shown where records are locked, unlocked and protected.

use crate::record::{FreshCode, Secret};

/// The records are locked: nothing else is on the screen.
#[derive(Debug, Default)]
pub struct LockView {
    /// What is being typed.
    pub secret: Secret,
    /// It is shown as it is typed.
    pub shown: bool,
    /// It is being tried.
    pub trying: bool,
    /// Why the last one did not open the records.
    pub error: Option<String>,
}

/// Setting a passphrase.
#[derive(Clone, Debug)]
pub struct Protecting {
    /// Where one is.
    pub stage: Stage,
    /// The passphrase.
    pub first: Secret,
    /// The passphrase again, then the end of the recovery code.
    pub again: Secret,
    /// It is shown as it is typed.
    pub shown: bool,
    /// What is wrong with what was typed.
    pub error: Option<String>,
}

/// Where one is while setting a passphrase.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Stage {
    /// Typing it.
    First,
    /// Typing it again.
    Again,
    /// Everything is being encrypted.
    Working,
    /// The recovery code must be written down; its last group is typed to show that it was.
    Code(FreshCode),
}

impl Default for Protecting {
    fn default() -> Self {
        Self { stage: Stage::First, first: Secret::new(), again: Secret::new(), shown: false, error: None }
    }
}

impl Protecting {
    /// The line that is typed now.
    pub fn line(&self) -> Option<&Secret> {
        match self.stage {
            Stage::First => Some(&self.first),
            Stage::Again | Stage::Code(_) => Some(&self.again),
            Stage::Working => None,
        }
    }

    /// The line that is typed now, to change it.
    pub fn line_mut(&mut self) -> Option<&mut Secret> {
        self.error = None;
        match self.stage {
            Stage::First => Some(&mut self.first),
            Stage::Again | Stage::Code(_) => Some(&mut self.again),
            Stage::Working => None,
        }
    }
}
