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
    /// Its version.
    pub version: u32,
    /// Its day.
    pub day: Date,
    /// The answers that were confirmed, and are as they were confirmed.
    #[serde(default)]
    pub confirmed: Vec<Confirmed>,
    /// Questions with an earlier answer that nobody confirmed: they count as not asked, or were answered anew.
    #[serde(default)]
    pub not_confirmed: Vec<String>,
}

/// An answer that was confirmed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Confirmed {
    /// The question.
    pub question: String,
    /// When.
    pub at: Timestamp,
}
