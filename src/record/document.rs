//! The consultation document.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::carried::{CarriedOver, LeftOut};
use super::id::RecordId;
use super::intake::IntakeTable;
use super::store::{Action, Event};
use crate::follow_up::{Agreed, Entry};
use crate::intake::{self, Answer, Intake};
use crate::pack::{Layer, Pack};
use crate::plan::{self, Adjustments, Assessment, OwnMix, RecipeChoice};

/// The schema that this program writes.
pub const SCHEMA: i64 = 1;

/// The question that asks the patient's name; no rule reads it, so packs need not have it.
const NAME: &str = "patient.name";

/// One version of a finished consultation, complete in itself: it can be read without the pack that decided it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Document {
    /// The schema of this text.
    pub schema: Schema,
    /// The consultation.
    pub id: RecordId,
    /// 1 for the first; each amendment adds 1.
    pub version: u32,
    /// When it was saved: signed, or an entry of the follow-up added.
    pub saved_at: Timestamp,
    /// When it was signed, where that was in an earlier version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed_at: Option<Timestamp>,
    /// The version of the program that wrote it.
    pub program: String,
    /// The rules that fired, strictest first.
    pub rules_fired: Vec<String>,
    /// Why there is another version; the first has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amendment: Option<Amendment>,
    /// Who signed it.
    pub practitioner: Practitioner,
    /// For whom.
    pub patient: Patient,
    /// What the practitioner decided.
    pub decisions: Decisions,
    /// The layers of the pack that decided, built-in first.
    pub pack: Vec<Layer>,
    /// The answers.
    pub intake: IntakeTable,
    /// What followed from them.
    pub assessment: Assessment,
    /// What came afterwards: sessions and reactions, in the order in which they were written down.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub follow_up: Vec<Entry>,
}

/// Why a consultation was amended. Who and when: who signed this version, and when it was saved.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Amendment {
    /// In the words of whoever amended it.
    pub reason: String,
}

/// Who signed.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Practitioner {
    /// The name.
    pub name: String,
    /// The role, as the question `setting.operator` names it.
    pub role: String,
    /// The licence or register number.
    pub licence: String,
}

/// For whom.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Patient {
    /// The name.
    pub name: String,
    /// The date of birth, if it was given.
    pub birth_date: Option<Date>,
}

/// What the practitioner decided and noted; a draft holds the same.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Decisions {
    /// Free notes.
    pub notes: String,
    /// What happens next, and when.
    pub follow_up: String,
    /// Days to think it over; 0 when they were offered and not wanted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reflection_days: Option<u32>,
    /// When name and a second identifier were asked again before signing, where that was called for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identity_checked_at: Option<Timestamp>,
    /// Entries in words, read by no rule, that the practitioner reviewed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reviewed: Vec<String>,
    /// Recipes taken instead of the first proposal.
    pub chosen: Vec<RecipeChoice>,
    /// Mixes of the practitioner's own.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub mixes: Vec<OwnMix>,
    /// Rules overridden, and why.
    pub overrides: Vec<Overridden>,
    /// Consent points covered.
    pub consent: Vec<ConsentTick>,
    /// What came from an earlier consultation, and what of it was confirmed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub carried: Option<CarriedOver>,
    /// What is on record and not among the answers: asked again.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<LeftOut>,
}

/// A rule that the practitioner overrode.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Overridden {
    /// The rule.
    pub rule: String,
    /// The reason: one of those that the rule lists, or the practitioner's own words.
    pub reason: String,
    /// What else there is to say of it.
    #[serde(default)]
    pub note: String,
    /// Who.
    pub by: String,
}

/// A consent point and whether it was covered.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ConsentTick {
    /// The id of the point.
    pub id: String,
    /// What was covered, as it read then.
    pub text: String,
    /// Whether it was covered.
    pub done: bool,
    /// Whether it was ticked with its whole page, not by itself.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub by_page: bool,
}

/// The schema of a document of this program: [`SCHEMA`], and nothing else.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(try_from = "i64", into = "i64")]
pub struct Schema;

impl From<Schema> for i64 {
    fn from(Schema: Schema) -> Self {
        SCHEMA
    }
}

impl TryFrom<i64> for Schema {
    type Error = String;

    fn try_from(found: i64) -> Result<Self, String> {
        if found == SCHEMA { Ok(Self) } else { Err(format!("schema {found}, expected {SCHEMA}")) }
    }
}

/// Why a text is not a document. Never holds what the text says: it may be shown and logged.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum DocumentError {
    /// A newer program wrote it.
    Newer {
        /// Its schema.
        found: i64,
    },
    /// No `schema` at its head.
    NotADocument,
    /// Not readable as TOML or JSON, or something is missing in it.
    Unreadable {
        /// Where, if it is known: line and column.
        place: Option<(usize, usize)>,
        /// What is wrong.
        problem: String,
    },
    /// It holds something that cannot be written.
    Unwritable(String),
}

impl Decisions {
    /// What of it changes the assessment.
    #[must_use]
    pub fn adjustments(&self) -> Adjustments {
        let override_of = |o: &Overridden| plan::Override { rule: o.rule.clone(), reason: o.reason.clone() };
        Adjustments {
            overrides: self.overrides.iter().map(override_of).collect(),
            recipes: self.chosen.clone(),
            mixes: self.mixes.clone(),
            reviewed: self.reviewed.clone(),
            reflection_days: self.reflection_days,
        }
    }
}

/// Who signs what, and when.
#[derive(Clone, PartialEq, Debug)]
pub struct Signing {
    /// The consultation.
    pub id: RecordId,
    /// The version that this becomes.
    pub version: u32,
    /// Now.
    pub at: Timestamp,
    /// Why, if there is a version before.
    pub amendment: Option<Amendment>,
    /// Who signs.
    pub practitioner: Practitioner,
    /// What was decided.
    pub decisions: Decisions,
}

impl Document {
    /// What was agreed on before a session: what remarks on it hold it against.
    #[must_use]
    pub fn agreed(&self) -> Agreed<'_> {
        let think = self.decisions.reflection_days.filter(|days| *days > 0).map(i64::from);
        let until = |days: i64| self.assessment.today.checked_add(jiff::Span::new().try_days(days).ok()?).ok();
        Agreed {
            verdict: self.assessment.verdict,
            plan: self.assessment.plan.as_ref(),
            earliest: think.and_then(until),
            before: &self.follow_up,
        }
    }

    /// Draws the document up.
    ///
    /// # Errors
    /// If the intake has no form in TOML.
    pub fn draw_up(
        signing: Signing,
        pack: &Pack,
        intake: &Intake,
        assessment: Assessment,
    ) -> Result<Self, DocumentError> {
        let answers = IntakeTable::parse(&intake::write(intake))
            .map_err(|error| DocumentError::Unwritable(without_quotes(error.message())))?;
        let birth_date = match intake.get(&pack.questions[pack.roles.birth_date].id) {
            Some(Answer::Date(date)) => Some(*date),
            _ => None,
        };
        Ok(Self {
            schema: Schema,
            id: signing.id,
            version: signing.version,
            saved_at: signing.at,
            signed_at: None,
            program: env!("CARGO_PKG_VERSION").to_owned(),
            rules_fired: assessment.findings.iter().map(|finding| finding.rule.clone()).collect(),
            amendment: signing.amendment,
            practitioner: signing.practitioner,
            patient: Patient { name: intake.text(NAME).to_owned(), birth_date },
            decisions: signing.decisions,
            pack: pack.layers.clone(),
            intake: answers,
            assessment,
            follow_up: Vec::new(),
        })
    }

    /// When it was signed.
    #[must_use]
    pub fn signed(&self) -> Timestamp {
        self.signed_at.unwrap_or(self.saved_at)
    }

    /// Whether this version adds an entry to the one before and changes nothing else.
    #[must_use]
    pub const fn is_follow_up(&self) -> bool {
        self.version > 1 && self.amendment.is_none() && !self.follow_up.is_empty()
    }

    /// What the audit trail says of saving it, but for the hash.
    #[must_use]
    pub(super) fn event(&self, actor: &str) -> Event {
        let added = self.follow_up.last().filter(|_| self.is_follow_up());
        let action = if added.is_some() { Action::FollowedUp } else { Action::Saved };
        let event = Event::with(self.saved_at, actor, action, self.id, self.version);
        // What kind of entry, never what it says.
        Event { detail: added.map(|entry| entry.kind().to_owned()).unwrap_or_default(), ..event }
    }

    /// The canonical text: what is stored, and what is exported.
    ///
    /// # Errors
    /// If a value has no form in TOML.
    pub fn to_toml(&self) -> Result<String, DocumentError> {
        toml::to_string_pretty(self).map_err(|error| DocumentError::Unwritable(error.to_string()))
    }

    /// Reads the canonical text.
    ///
    /// # Errors
    /// If it was written by a newer program, or is not a document.
    pub fn from_toml(text: &str) -> Result<Self, DocumentError> {
        #[derive(Deserialize)]
        struct Head {
            schema: Option<i64>,
        }
        let unreadable = |error: toml::de::Error| DocumentError::Unreadable {
            place: error.span().map(|span| line_column(text, span.start)),
            problem: without_quotes(error.message()),
        };
        let head: Head = toml::from_str(text).map_err(unreadable)?;
        check_schema(head.schema)?;
        toml::from_str(text).map_err(unreadable)
    }

    /// As JSON, with the same names.
    ///
    /// # Errors
    /// If a value has no form in JSON.
    pub fn to_json(&self) -> Result<String, DocumentError> {
        serde_json::to_string_pretty(self).map_err(|error| DocumentError::Unwritable(error.to_string()))
    }

    /// Reads JSON. It goes through the canonical text: one reader of all types is in the program, not two.
    ///
    /// # Errors
    /// As [`Document::from_toml`].
    pub fn from_json(text: &str) -> Result<Self, DocumentError> {
        let unreadable = |error: serde_json::Error| DocumentError::Unreadable {
            place: (error.line() > 0).then(|| (error.line(), error.column())),
            problem: without_quotes(&error.to_string()),
        };
        let value: serde_json::Value = serde_json::from_str(text).map_err(unreadable)?;
        check_schema(value.get("schema").and_then(serde_json::Value::as_i64))?;
        let Some(toml::Value::Table(table)) = json_to_toml(value) else {
            return Err(DocumentError::Unreadable { place: None, problem: "a value has no form in TOML".to_owned() });
        };
        // Its lines are those of another text: no place is told.
        Self::from_toml(&table.to_string()).map_err(|error| match error {
            DocumentError::Unreadable { problem, .. } => DocumentError::Unreadable { place: None, problem },
            other => other,
        })
    }
}

/// The same value; `null` is what TOML leaves out.
fn json_to_toml(value: serde_json::Value) -> Option<toml::Value> {
    use serde_json::Value as Json;
    Some(match value {
        Json::Null => return None,
        Json::Bool(yes) => toml::Value::Boolean(yes),
        Json::Number(number) => match number.as_i64() {
            Some(whole) => toml::Value::Integer(whole),
            None => toml::Value::Float(number.as_f64()?),
        },
        Json::String(text) => toml::Value::String(text),
        Json::Array(values) => toml::Value::Array(values.into_iter().map(json_to_toml).collect::<Option<_>>()?),
        Json::Object(fields) => {
            let fields = fields.into_iter().filter(|(_, value)| !value.is_null());
            let fields = fields.map(|(key, value)| Some((key, json_to_toml(value)?)));
            toml::Value::Table(fields.collect::<Option<toml::Table>>()?)
        }
    })
}

fn check_schema(schema: Option<i64>) -> Result<(), DocumentError> {
    match schema {
        Some(found) if found > SCHEMA => Err(DocumentError::Newer { found }),
        Some(SCHEMA) => Ok(()),
        _ => Err(DocumentError::NotADocument),
    }
}

fn line_column(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let line = before.rsplit('\n').next().unwrap_or_default();
    (before.matches('\n').count() + 1, line.chars().count() + 1)
}

/// Messages of the parsers quote strings of the text (`invalid type: string "..."`): those are cut out.
fn without_quotes(message: &str) -> String {
    let line = message.lines().next().unwrap_or_default();
    match (line.split_once('"'), line.rsplit_once('"')) {
        (Some((before, _)), Some((_, after))) => format!("{before}...{after}"),
        _ => line.to_owned(),
    }
}

impl fmt::Display for DocumentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Newer { found } => write!(
                f,
                "the consultation was written by a newer pistor (document schema {found}, this one reads up to {SCHEMA}); \
                 use that version"
            ),
            Self::NotADocument => f.write_str("this is not a saved consultation: `schema` is missing"),
            Self::Unreadable { place: Some((line, column)), problem } => {
                write!(f, "the consultation cannot be read at line {line}, column {column}: {problem}")
            }
            Self::Unreadable { place: None, problem } => write!(f, "the consultation cannot be read: {problem}"),
            Self::Unwritable(problem) => write!(f, "the consultation cannot be written: {problem}"),
        }
    }
}

impl std::error::Error for DocumentError {}
