//! What a record keeps of a performed session or of a reaction.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::answer::Answer;
use crate::pack::Site;

/// Something that happened after the consultation was saved.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Entry {
    /// 1, 2, 3... within the consultation.
    pub number: u32,
    /// When it was written down.
    pub recorded_at: Timestamp,
    /// By whom.
    pub by: String,
    /// What happened.
    pub what: What,
}

/// A session or a reaction.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum What {
    /// A session that was given.
    Session(Performed),
    /// Something the patient had afterwards.
    Reaction(Box<Seen>),
}

/// A session that was given.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Performed {
    /// The day.
    pub date: Date,
    /// Which session of the plan it was; none: not one of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub planned: Option<u32>,
    /// Who gave it.
    pub practitioner: String,
    /// In which room, where there are several.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub room: String,
    /// What was seen and agreed.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// What was given, product by product and area by area.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub given: Vec<Given>,
    /// How earlier sessions turned out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outcome: Vec<Outcome>,
}

/// One product in one area.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Given {
    /// The area, by its id.
    pub area: String,
    /// The product as it stands on its box.
    pub product: String,
    /// The ingredient it is, by its id, where the pack has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ingredient: Option<String>,
    /// The lot; none: not written down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lot: Option<String>,
    /// The last day it may be used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expiry: Option<Date>,
    /// How it was diluted and with what.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub dilution: String,
    /// The volume.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ml: Option<f64>,
    /// How many points.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub points: Option<u32>,
    /// The technique, by its id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub technique: Option<String>,
    /// The needle.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub needle: String,
    /// Where exactly.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub site: String,
}

/// How an area looks compared with before.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Outcome {
    /// The area, by its id.
    pub area: String,
    /// The option of the list `gais`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gais: Option<String>,
    /// Where the photograph is.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub photo: String,
    /// In words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// When a reaction began.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Onset {
    /// On a day.
    On(Date),
    /// So many hours after the session.
    Hours(u32),
    /// So many days after the session.
    Days(u32),
    /// Nobody knows.
    Unknown,
}

/// A reaction.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Seen {
    /// The number of the entry that this brings up to date; none: it is new.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updates: Option<u32>,
    /// The signs, by their ids.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub what: Vec<String>,
    /// In the words of who saw it; read by no rule.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// The entry of the session after which it came; none: none of those recorded here, or not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<u32>,
    /// The day of that session, if it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session_date: Option<Date>,
    /// When it began.
    pub onset: Onset,
    /// The day it was gone; none: it is still there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<Date>,
    /// The area, by its id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area: Option<String>,
    /// Where, seen from the points.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<Site>,
    /// 1 to 5.
    pub grade: u8,
    /// What that grade means, as it read then.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub grade_words: String,
    /// The criteria of seriousness that are met.
    pub serious: Vec<String>,
    /// The lots of the products given; empty: not known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lots: Vec<String>,
    /// How many other patients had reacted to one of them when this was written; none: no lot is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub same_lot: Option<u32>,
    /// The category of the list `causality`; none: not judged yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub causality: Option<String>,
    /// What was done.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub action: Vec<String>,
    /// What became of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<String>,
    /// In words: findings, samples, treatment.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// The answers of the questionnaire on causality.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub naranjo: BTreeMap<String, String>,
    /// Where it was reported, and when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reported: Option<Reported>,
    /// What the red flags said when it was written down.
    pub answer: Answer,
}

/// A report to an authority.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Reported {
    /// To whom.
    pub to: String,
    /// The day.
    pub on: Date,
    /// The number it has there.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub number: String,
}

impl Entry {
    /// The reaction, if it is one.
    #[must_use]
    pub fn reaction(&self) -> Option<&Seen> {
        match &self.what {
            What::Reaction(seen) => Some(seen),
            What::Session(_) => None,
        }
    }

    /// The session, if it is one.
    #[must_use]
    pub const fn session(&self) -> Option<&Performed> {
        match &self.what {
            What::Session(session) => Some(session),
            What::Reaction(_) => None,
        }
    }

    /// One word for lists and the audit trail.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match &self.what {
            What::Session(_) => "session",
            What::Reaction(_) => "reaction",
        }
    }

    /// The lots it names, each once.
    #[must_use]
    pub fn lots(&self) -> Vec<&str> {
        let mut lots: Vec<&str> = match &self.what {
            What::Session(session) => session.given.iter().filter_map(|given| given.lot.as_deref()).collect(),
            What::Reaction(seen) => seen.lots.iter().map(String::as_str).collect(),
        };
        lots.sort_unstable();
        lots.dedup();
        lots
    }
}

impl Seen {
    /// Whether it is not over, as far as was written down.
    #[must_use]
    pub fn is_open(&self) -> bool {
        let over = ["recovered", "recovered-with-sequelae", "fatal"];
        self.ended.is_none() && !self.outcome.as_deref().is_some_and(|outcome| over.contains(&outcome))
    }

    /// The day it began, if it can be told.
    #[must_use]
    pub fn began(&self) -> Option<Date> {
        let after = |days: u32| {
            let span = jiff::Span::new().try_days(i64::from(days)).ok()?;
            self.session_date?.checked_add(span).ok()
        };
        match self.onset {
            Onset::On(date) => Some(date),
            Onset::Hours(hours) => after(hours / 24),
            Onset::Days(days) => after(days),
            Onset::Unknown => None,
        }
    }

    /// Whole days from the session to the first sign, if they can be told.
    #[must_use]
    pub fn days_after(&self) -> Option<i32> {
        match self.onset {
            Onset::On(date) => date.since(self.session_date?).ok().map(|span| span.get_days()),
            Onset::Hours(hours) => i32::try_from(hours / 24).ok(),
            Onset::Days(days) => i32::try_from(days).ok(),
            Onset::Unknown => None,
        }
    }
}
