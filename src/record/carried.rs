//! What a consultation took over from an earlier one of the same patient.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::id::RecordId;

/// Where answers came from, and who said that they still hold: nothing is taken over unconfirmed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CarriedOver {
    /// The earlier consultation.
    pub record: RecordId,
    /// Its version; 0 for this consultation itself, which was begun on an earlier day.
    pub version: u32,
    /// Its day.
    pub day: Date,
    /// The answers that were confirmed, and are as they were confirmed.
    #[serde(default)]
    pub confirmed: Vec<Confirmed>,
    /// Questions with an earlier answer that nobody confirmed: they count as not asked, or were answered anew.
    #[serde(default)]
    pub not_confirmed: Vec<String>,
    /// What this consultation had been offered on the day it was begun.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Box<Self>>,
}

impl CarriedOver {
    /// Where the answers came from, in words.
    #[must_use]
    pub fn origin(&self) -> String {
        let here = match self.version {
            0 => format!("this consultation, as it was left on {}", self.day),
            version => format!("the consultation of {}, version {version}", self.day),
        };
        match &self.before {
            Some(before) => format!("{here}; before: {}", before.origin()),
            None => here,
        }
    }
}

/// What is on record and not among the answers of a list; somebody said on purpose that it is so.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct LeftOut {
    /// The question.
    pub question: String,
    /// The question in words.
    pub label: String,
    /// What is not among the answers.
    pub gone: Vec<String>,
    /// Where it stands: a day, and somebody's name where it is the record of somebody who looks like this patient.
    pub from: String,
    /// When it was asked again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked_at: Option<Timestamp>,
}

impl LeftOut {
    /// In words.
    #[must_use]
    pub fn words(&self) -> String {
        format!("{}: on record ({}), and not now: {}", self.label, self.from, self.gone.join(", "))
    }
}

/// An answer that was confirmed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Confirmed {
    /// The question.
    pub question: String,
    /// When.
    pub at: Timestamp,
}
