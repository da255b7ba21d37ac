//! A consultation that is not finished, or an entry of the follow-up of a saved one.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::document::{Decisions, DocumentError, Practitioner};
use super::id::RecordId;

/// Everything needed to go on at the same question.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Draft {
    /// The id that the consultation will be saved under.
    pub id: RecordId,
    /// When it was begun.
    pub started_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// The day its answers were given on: what ages is asked anew on a later one. Older programs did not note it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<Date>,
    /// The saved version it changes; 0 for a new consultation.
    #[serde(default)]
    pub amends: u32,
    /// The step.
    #[serde(default)]
    pub step: String,
    /// The question, if one has the focus.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub question: Option<String>,
    /// The answers, as an intake file.
    #[serde(default)]
    pub intake: String,
    /// What an earlier consultation of the patient said, as an intake file: none of it is an answer of this one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub earlier: String,
    /// What is being typed and is no answer yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub typing: Option<Typing>,
    /// Text in other fields that could not be accepted as it is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub held: Vec<Typing>,
    /// The steps that were seen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub visited: Vec<String>,
    /// Why it changes a saved version, and as of which day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amending: Option<Amending>,
    /// Who is going to sign.
    #[serde(default)]
    pub practitioner: Practitioner,
    /// What was decided and noted so far.
    #[serde(default)]
    pub decisions: Decisions,
    /// It is no consultation, but a session or a reaction of a saved one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub following: Option<Following>,
}

/// A session or a reaction being written down about a saved consultation.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Following {
    /// The consultation.
    pub record: RecordId,
    /// Whose it is, for the list of drafts.
    #[serde(default)]
    pub patient: String,
    /// Which of the two.
    pub kind: FollowUpKind,
    /// What the form holds, field by field.
    #[serde(default)]
    pub entered: Vec<Entered>,
}

/// What is being written down.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FollowUpKind {
    /// A session that was given.
    Session,
    /// A reaction.
    Reaction,
}

/// What a field of a form holds: text, what was taken of its options, or both.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Entered {
    /// The field.
    pub field: String,
    /// What was typed.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// The options taken; absent while nobody has answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken: Option<Vec<String>>,
}

/// A saved version being amended.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Amending {
    /// The day of the consultation: answers such as "10 days ago" count from it, and the plan begins on it.
    pub day: Date,
    /// Why it is amended, as far as it was said.
    #[serde(default)]
    pub reason: String,
}

/// Text in a field that was not confirmed yet.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Typing {
    /// The field.
    pub field: String,
    /// What it holds.
    pub text: String,
}

/// The drafts of a store.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Drafts {
    /// The last changed first.
    pub drafts: Vec<Draft>,
    /// Drafts that are there and cannot be read.
    pub unreadable: Vec<Unreadable>,
}

/// Something that is there and cannot be read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unreadable {
    /// Its id, as the store has it.
    pub id: String,
    /// Why.
    pub why: String,
}

impl Draft {
    /// The consultations it is about: its own, and the one that a session or a reaction is written behind.
    pub fn about(&self) -> impl Iterator<Item = RecordId> {
        std::iter::once(self.id).chain(self.following.as_ref().map(|of| of.record))
    }

    /// A new draft.
    #[must_use]
    pub fn new(id: RecordId, at: Timestamp) -> Self {
        Self {
            id,
            started_at: at,
            updated_at: at,
            day: None,
            amends: 0,
            amending: None,
            step: String::new(),
            question: None,
            intake: String::new(),
            earlier: String::new(),
            typing: None,
            held: Vec::new(),
            visited: Vec::new(),
            practitioner: Practitioner::default(),
            decisions: Decisions::default(),
            following: None,
        }
    }

    /// As TOML.
    ///
    /// # Errors
    /// If a value has no form in TOML.
    pub fn to_toml(&self) -> Result<String, DocumentError> {
        toml::to_string_pretty(self).map_err(|error| DocumentError::Unwritable(error.to_string()))
    }

    /// Reads TOML.
    ///
    /// # Errors
    /// If it is not a draft.
    pub fn from_toml(text: &str) -> Result<Self, DocumentError> {
        // The place is enough: the message may quote the draft.
        toml::from_str(text)
            .map_err(|_| DocumentError::Unreadable { place: None, problem: "the draft is damaged".to_owned() })
    }
}

impl Drafts {
    pub(super) fn of(mut drafts: Vec<Draft>, unreadable: Vec<Unreadable>) -> Self {
        drafts.sort_by(|a, b| b.updated_at.cmp(&a.updated_at).then(b.id.cmp(&a.id)));
        Self { drafts, unreadable }
    }
}
