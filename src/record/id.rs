//! Ids of consultations: UUID version 7, so that they sort by time and never collide between seats.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::{NoContext, Uuid};

/// The id of a consultation and of its draft.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RecordId(Uuid);

/// A text that is not the id of a consultation.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BadId(String);

impl RecordId {
    /// A new id, unlike any other.
    #[must_use]
    pub fn generate(now: Timestamp) -> Self {
        let seconds = u64::try_from(now.as_second()).unwrap_or(0);
        let nanos = u32::try_from(now.subsec_nanosecond()).unwrap_or(0);
        Self(Uuid::new_v7(uuid::Timestamp::from_unix(NoContext, seconds, nanos)))
    }
}

impl fmt::Display for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(f)
    }
}

impl FromStr for RecordId {
    type Err = BadId;

    fn from_str(text: &str) -> Result<Self, BadId> {
        let id = Uuid::try_parse(text).map_err(|_| BadId(text.to_owned()))?;
        if id.get_version_num() == 7 { Ok(Self(id)) } else { Err(BadId(text.to_owned())) }
    }
}

impl TryFrom<String> for RecordId {
    type Error = BadId;

    fn try_from(text: String) -> Result<Self, BadId> {
        text.parse()
    }
}

impl From<RecordId> for String {
    fn from(id: RecordId) -> Self {
        id.to_string()
    }
}

impl fmt::Display for BadId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is not the id of a consultation; `pistor records list` shows them", self.0.escape_debug())
    }
}

impl std::error::Error for BadId {}

#[cfg(test)]
mod tests {
    use super::RecordId;
    use jiff::Timestamp;

    #[test]
    fn ids_sort_by_time_and_survive_as_text() {
        let at = |second| RecordId::generate(Timestamp::from_second(second).unwrap());
        let (a, b) = (at(1_790_000_000), at(1_790_000_001));
        assert!(a < b && a.to_string() < b.to_string());
        assert_ne!(at(5), at(5));
        assert_eq!(a.to_string().parse(), Ok(a));
        assert!(at(-5) < a, "a clock before 1970 is no reason to stop");
    }

    #[test]
    fn other_texts_are_refused_in_words() {
        for text in ["", "x", "67e55044-10b1-426f-9247-bb680e5fe0c8"] {
            assert!(text.parse::<RecordId>().unwrap_err().to_string().contains("not the id"));
        }
    }
}
