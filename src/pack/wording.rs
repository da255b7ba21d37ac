//! The texts of a pack, each by the name of its entry and its key, so that another language can stand in their place.
//!
//! Everything a person reads and no rule does: ids, numbers and conditions are out of reach here.

use std::collections::BTreeMap;

use super::Pack;
use super::review::ReviewState;
use super::slot::{Slot, slot};
use super::table::{Identified, Table};
use super::vocabulary::{List, QualifierKind};

/// A language that a layer brings.
#[derive(Clone, Debug)]
pub struct Language {
    /// The id, such as `fr`.
    pub id: String,
    /// Its own name for itself.
    pub label: String,
    /// Who has looked at its wordings.
    pub review: ReviewState,
    /// What is worded in it: the keys of each entry.
    pub worded: BTreeMap<String, Vec<&'static str>>,
    /// Wordings of a text that was changed afterwards: not shown, so that nobody reads what no longer holds.
    pub outdated: Vec<Outdated>,
    /// Wordings that do not say of which text they are: entry, and what `made_from` would be.
    pub unmarked: Vec<(String, String)>,
}

/// A wording whose text was changed after it was worded.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Outdated {
    /// The entry.
    pub of: String,
    /// The keys it words.
    pub keys: Vec<&'static str>,
    /// What `made_from` is for the text as it stands.
    pub made_from: String,
}

/// A short mark of texts, by which one sees that they were changed. It guards against oversight, not against malice.
pub(super) fn mark(texts: &[String]) -> String {
    // FNV-1a: short, and the same on every machine.
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    let bytes = texts.iter().flat_map(|text| text.bytes().chain(std::iter::once(0)));
    let hash = bytes.fold(0xcbf2_9ce4_8422_2325, step);
    format!("{:08x}", (hash ^ (hash >> 32)) & 0xffff_ffff)
}

impl Identified for Language {
    fn id(&self) -> &str {
        &self.id
    }
}

/// The name of an entry: `rule:pregnancy`, or `question:history.pregnancy#no` for an option.
#[derive(Clone, Copy, Debug)]
pub(super) struct Of<'t> {
    pub kind: Kind,
    pub id: &'t str,
    pub option: Option<&'t str>,
}

/// The kinds of entries that have texts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Kind {
    List(List),
    Group,
    Qualifier,
    Goal,
    Area,
    Jurisdiction,
    Question,
    Scale,
    Technique,
    Limit,
    Mixing,
    Trial,
    Recipe,
    Plan,
    Consent,
    Care,
    Reaction,
    RedFlag,
    RecordList,
    Questionnaire,
    Reporting,
    Rule,
}

impl Kind {
    /// All of them, rules last: some are made from what the others say.
    pub const ALL: [Self; 27] = [
        Self::List(List::Conditions),
        Self::List(List::Medications),
        Self::List(List::Events),
        Self::List(List::Allergens),
        Self::List(List::Provenance),
        Self::List(List::Ingredients),
        Self::Group,
        Self::Qualifier,
        Self::Goal,
        Self::Area,
        Self::Jurisdiction,
        Self::Question,
        Self::Scale,
        Self::Technique,
        Self::Limit,
        Self::Mixing,
        Self::Trial,
        Self::Recipe,
        Self::Plan,
        Self::Consent,
        Self::Care,
        Self::Reaction,
        Self::RedFlag,
        Self::RecordList,
        Self::Questionnaire,
        Self::Reporting,
        Self::Rule,
    ];

    /// The word before the colon.
    pub const fn word(self) -> &'static str {
        match self {
            Self::List(list) => list.singular(),
            Self::Group => "group",
            Self::Qualifier => "qualifier",
            Self::Goal => "goal",
            Self::Area => "area",
            Self::Jurisdiction => "jurisdiction",
            Self::Question => "question",
            Self::Scale => "scale",
            Self::Technique => "technique",
            Self::Limit => "limit",
            Self::Mixing => "mixing",
            Self::Trial => "trial",
            Self::Recipe => "recipe",
            Self::Plan => "plan",
            Self::Consent => "consent",
            Self::Care => "care",
            Self::Reaction => "reaction",
            Self::RedFlag => "red-flag",
            Self::RecordList => "record-list",
            Self::Questionnaire => "questionnaire",
            Self::Reporting => "reporting",
            Self::Rule => "rule",
        }
    }

    /// Its keys, those of its options if `option`.
    pub const fn keys(self, option: bool) -> &'static [&'static str] {
        match self {
            Self::Question | Self::Qualifier | Self::RecordList if option => &["label", "help"],
            Self::List(List::Allergens) => &["label", "also", "exposure", "message"],
            Self::List(List::Ingredients) => {
                &["label", "also", "purpose", "concentration", "route", "caution", "status_note"]
            }
            Self::List(_) | Self::Area => &["label", "also"],
            Self::Reaction => &["label", "also", "grades"],
            Self::Group | Self::Qualifier | Self::RecordList => &["label"],
            Self::Goal => &["label", "also", "expected", "no_injectable", "instead"],
            Self::Jurisdiction => &["label", "notice"],
            Self::Question => &["label", "help"],
            Self::Scale => &["label", "help", "note"],
            Self::Technique => &["label", "needle", "describe"],
            Self::Limit => &["label", "note"],
            Self::Mixing => &["why"],
            Self::Trial => &["population", "product", "comparator", "outcome", "weakness"],
            Self::Recipe => &["label", "outcome", "expected", "needle"],
            Self::Plan => &["label", "numbing", "what", "stop"],
            Self::Consent => &["text", "patient"],
            Self::Care => &["text"],
            Self::Questionnaire => &["label", "ask", "value"],
            Self::RedFlag => &["title", "to", "message", "next", "why"],
            Self::Reporting => &["about", "authority", "how", "within"],
            Self::Rule => &[
                "title",
                "message",
                "patient",
                "why",
                "mitigation",
                "override",
                "contested",
                "from",
                "to",
                "event",
                "note",
            ],
        }
    }

    /// The ids of this kind, as they stand behind the colon.
    pub fn ids(self, pack: &Pack) -> Vec<String> {
        fn of<T: Identified>(table: &Table<T>) -> Vec<String> {
            table.ids().map(str::to_owned).collect()
        }
        match self {
            Self::List(list) => of(pack.list(list)),
            Self::Group => of(&pack.groups),
            Self::Qualifier => of(&pack.qualifiers),
            Self::Goal => of(&pack.goals),
            Self::Area => of(&pack.areas),
            Self::Jurisdiction => of(&pack.jurisdictions),
            Self::Question => of(&pack.questions),
            Self::Scale => of(&pack.scales),
            Self::Technique => of(&pack.techniques),
            Self::Limit => of(&pack.limits),
            Self::Mixing => of(&pack.mixing),
            Self::Trial => of(&pack.trials),
            Self::Recipe => of(&pack.recipes),
            Self::Plan => of(&pack.plans),
            Self::Consent => of(&pack.consent),
            Self::Care => of(&pack.care),
            Self::Reaction => of(&pack.follow_up.reactions),
            Self::RedFlag => of(&pack.follow_up.flags),
            Self::RecordList => of(&pack.follow_up.lists),
            Self::Questionnaire => of(&pack.follow_up.questionnaires),
            Self::Reporting => of(&pack.follow_up.channels),
            Self::Rule => of(&pack.rules),
        }
    }

    /// The ids of the options of a question, a qualifier or a list of follow-up.
    pub fn options(self, pack: &Pack, id: &str) -> Vec<String> {
        let options = match self {
            Self::Question => pack.questions.get(id).map(super::Question::options),
            Self::Qualifier => pack.qualifiers.get(id).and_then(|row| match &row.kind {
                QualifierKind::Choice(options) => Some(options.as_slice()),
                QualifierKind::Number(_) => None,
            }),
            Self::RecordList => pack.follow_up.lists.get(id).map(|row| row.options.as_slice()),
            _ => None,
        };
        options.unwrap_or_default().iter().map(|option| option.id.clone()).collect()
    }
}

/// A text of a pack with its name and key.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Worded {
    /// The entry, such as `rule:pregnancy`.
    pub of: String,
    /// The key.
    pub key: &'static str,
    /// What stands there; several where the key takes several.
    pub texts: Vec<String>,
    /// Whether the key takes several texts.
    pub several: bool,
}

impl Pack {
    /// Every text that can be said in another language and is there to be said, in the order of the kinds. Words to
    /// find things by are no texts, and rules made from the vocabulary say what their entries say.
    #[must_use]
    pub fn texts(&self) -> Vec<Worded> {
        let mut copy = self.clone();
        let mut all = Vec::new();
        for kind in Kind::ALL {
            for id in kind.ids(self) {
                if kind == Kind::Rule && self.rules.get(&id).is_some_and(super::Rule::is_generated) {
                    continue;
                }
                let options = kind.options(self, &id);
                for option in std::iter::once(None).chain(options.iter().map(|id| Some(id.as_str()))) {
                    // The options of this question are the jurisdictions, and said there.
                    if option.is_some() && kind == Kind::Question && id == "jurisdiction" {
                        continue;
                    }
                    let of = Of { kind, id: &id, option };
                    for key in kind.keys(option.is_some()) {
                        let Some(slot) = slot(&mut copy, &of, key) else { continue };
                        if !slot.is_empty() && !matches!(slot, Slot::Words(_)) {
                            let several = matches!(slot, Slot::Several(_));
                            all.push(Worded { of: of.to_string(), key, texts: slot.texts(), several });
                        }
                    }
                }
            }
        }
        all
    }

    /// What a language does not say yet.
    #[must_use]
    pub fn unworded(&self, language: &Language) -> Vec<Worded> {
        let mut all = self.texts();
        all.retain(|text| !language.worded.get(&text.of).is_some_and(|keys| keys.contains(&text.key)));
        all
    }
}

impl std::fmt::Display for Of<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.kind.word(), self.id)?;
        self.option.map_or(Ok(()), |option| write!(f, "#{option}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pack::builtin;

    #[test]
    fn every_key_of_a_kind_leads_to_a_text() {
        let mut pack = builtin().unwrap();
        for kind in Kind::ALL {
            let id = kind.ids(&pack).swap_remove(0);
            let of = Of { kind, id: &id, option: None };
            for key in kind.keys(false) {
                assert!(slot(&mut pack, &of, key).is_some(), "{of} {key}");
            }
            assert!(slot(&mut pack, &of, "id").is_none() && slot(&mut pack, &of, "when").is_none());
        }
        for (kind, id) in
            [(Kind::Question, "history.pregnancy"), (Kind::Qualifier, "status"), (Kind::RecordList, "gais")]
        {
            let option = kind.options(&pack, id).swap_remove(0);
            for key in kind.keys(true) {
                assert!(slot(&mut pack, &Of { kind, id, option: Some(&option) }, key).is_some(), "{id} {key}");
            }
        }
    }
}
