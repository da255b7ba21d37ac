//! The texts of a pack, each by the name of its entry and its key, so that another language can stand in their place.
//!
//! Everything a person reads and no rule does: ids, numbers and conditions are out of reach here.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Pack;
use super::question::QuestionKind;
use super::table::{Identified, Table};
use super::vocabulary::{ChoiceOption, Item, List, QualifierKind};

/// A language that a layer brings.
#[derive(Clone, Debug)]
pub struct Language {
    /// The id, such as `fr`.
    pub id: String,
    /// Its own name for itself.
    pub label: String,
    /// What is worded in it: the keys of each entry.
    pub worded: BTreeMap<String, Vec<&'static str>>,
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
    Technique,
    Limit,
    Mixing,
    Trial,
    Recipe,
    Plan,
    Consent,
    Care,
    Rule,
}

impl Kind {
    /// All of them, rules last: some are made from what the others say.
    pub const ALL: [Self; 21] = [
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
        Self::Technique,
        Self::Limit,
        Self::Mixing,
        Self::Trial,
        Self::Recipe,
        Self::Plan,
        Self::Consent,
        Self::Care,
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
            Self::Technique => "technique",
            Self::Limit => "limit",
            Self::Mixing => "mixing",
            Self::Trial => "trial",
            Self::Recipe => "recipe",
            Self::Plan => "plan",
            Self::Consent => "consent",
            Self::Care => "care",
            Self::Rule => "rule",
        }
    }

    /// Its keys, those of its options if `option`.
    pub const fn keys(self, option: bool) -> &'static [&'static str] {
        match self {
            Self::Question | Self::Qualifier if option => &["label", "help"],
            Self::List(List::Allergens) => &["label", "also", "exposure", "message"],
            Self::List(List::Ingredients) => {
                &["label", "also", "purpose", "concentration", "route", "caution", "status_note"]
            }
            Self::List(_) | Self::Area => &["label", "also"],
            Self::Group | Self::Qualifier => &["label"],
            Self::Goal => &["label", "also", "expected", "no_injectable", "instead"],
            Self::Jurisdiction => &["label", "notice"],
            Self::Question => &["label", "help"],
            Self::Technique => &["label", "needle", "describe"],
            Self::Limit => &["label", "note"],
            Self::Mixing => &["why"],
            Self::Trial => &["population", "product", "comparator", "outcome", "weakness"],
            Self::Recipe => &["label", "outcome", "needle"],
            Self::Plan => &["label", "numbing", "what", "stop"],
            Self::Consent => &["text", "patient"],
            Self::Care => &["text"],
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
            Self::Technique => of(&pack.techniques),
            Self::Limit => of(&pack.limits),
            Self::Mixing => of(&pack.mixing),
            Self::Trial => of(&pack.trials),
            Self::Recipe => of(&pack.recipes),
            Self::Plan => of(&pack.plans),
            Self::Consent => of(&pack.consent),
            Self::Care => of(&pack.care),
            Self::Rule => of(&pack.rules),
        }
    }

    /// The ids of the options of a question or qualifier.
    pub fn options(self, pack: &Pack, id: &str) -> Vec<String> {
        let options = match self {
            Self::Question => pack.questions.get(id).map(super::Question::options),
            Self::Qualifier => pack.qualifiers.get(id).and_then(|row| match &row.kind {
                QualifierKind::Choice(options) => Some(options.as_slice()),
                QualifierKind::Number(_) => None,
            }),
            _ => None,
        };
        options.unwrap_or_default().iter().map(|option| option.id.clone()).collect()
    }
}

/// A text where it stands.
pub(super) enum Slot<'p> {
    /// One text.
    One(&'p mut String),
    /// One that may be absent.
    Maybe(&'p mut Option<String>),
    /// One that is shared.
    Shared(&'p mut Arc<str>),
    /// One that is shared and may be absent.
    MaybeShared(&'p mut Option<Arc<str>>),
    /// Several, as many in every language.
    Several(Vec<&'p mut String>),
    /// A name; the one it had becomes one more word to find it by.
    Name(&'p mut String, &'p mut Vec<String>),
    /// Words to find it by; those of other languages stay.
    Words(&'p mut Vec<String>),
}

impl Slot<'_> {
    /// What stands there now.
    pub fn texts(&self) -> Vec<String> {
        match self {
            Self::One(text) | Self::Name(text, _) => vec![(*text).clone()],
            Self::Maybe(text) => text.iter().cloned().collect(),
            Self::Shared(text) => vec![text.to_string()],
            Self::MaybeShared(text) => text.iter().map(ToString::to_string).collect(),
            Self::Several(texts) => texts.iter().map(|text| (*text).clone()).collect(),
            Self::Words(words) => (*words).clone(),
        }
    }

    /// Whether nothing stands there: then there is nothing to say in another language either.
    pub fn is_empty(&self) -> bool {
        !matches!(self, Self::Words(_)) && self.texts().iter().all(String::is_empty)
    }

    /// Puts other texts there; as many as there were.
    pub fn set(self, texts: Vec<String>) {
        let mut given = texts.into_iter();
        match self {
            Self::One(text) => *text = given.next().unwrap_or_default(),
            Self::Maybe(text) => *text = given.next(),
            Self::Shared(text) => *text = given.next().unwrap_or_default().into(),
            Self::MaybeShared(text) => *text = given.next().map(Into::into),
            Self::Several(texts) => texts.into_iter().zip(given).for_each(|(text, new)| *text = new),
            Self::Name(label, also) => {
                let old = std::mem::replace(label, given.next().unwrap_or_default());
                if !also.contains(&old) {
                    also.push(old);
                }
            }
            Self::Words(words) => {
                for word in given {
                    if !words.contains(&word) {
                        words.push(word);
                    }
                }
            }
        }
    }
}

/// Where a text stands; `None` if there is no such entry, option or key.
pub(super) fn slot<'p>(pack: &'p mut Pack, of: &Of<'_>, key: &str) -> Option<Slot<'p>> {
    let Of { kind, id, option } = *of;
    match kind {
        Kind::List(list) => item(pack, list, id, key),
        Kind::Group => {
            let row = row(&mut pack.groups, id)?;
            (key == "label").then_some(Slot::One(&mut row.label))
        }
        Kind::Qualifier => {
            let row = row(&mut pack.qualifiers, id)?;
            match (&mut row.kind, option) {
                (QualifierKind::Choice(options), Some(option)) => option_slot(options, option, key),
                (_, None) if key == "label" => Some(Slot::One(&mut row.label)),
                _ => None,
            }
        }
        Kind::Question => {
            let row = row(&mut pack.questions, id)?;
            match (&mut row.kind, option, key) {
                (QuestionKind::Choice(options), Some(option), _) => option_slot(options, option, key),
                (_, None, "label") => Some(Slot::One(&mut row.label)),
                (_, None, "help") => Some(Slot::One(&mut row.help)),
                _ => None,
            }
        }
        Kind::Goal => {
            let row = row(&mut pack.goals, id)?;
            Some(match key {
                "label" => Slot::Name(&mut row.label, &mut row.also),
                "also" => Slot::Words(&mut row.also),
                "expected" => Slot::One(&mut row.expected),
                "no_injectable" => Slot::Maybe(&mut row.no_injectable),
                "instead" => Slot::Several(row.instead.iter_mut().collect()),
                _ => return None,
            })
        }
        Kind::Area => {
            let row = row(&mut pack.areas, id)?;
            Some(match key {
                "label" => Slot::Name(&mut row.label, &mut row.also),
                "also" => Slot::Words(&mut row.also),
                _ => return None,
            })
        }
        Kind::Jurisdiction => {
            let row = row(&mut pack.jurisdictions, id)?;
            Some(match key {
                "label" => Slot::One(&mut row.label),
                "notice" => Slot::Maybe(&mut row.notice),
                _ => return None,
            })
        }
        Kind::Technique => {
            let row = row(&mut pack.techniques, id)?;
            Some(Slot::One(match key {
                "label" => &mut row.label,
                "needle" => &mut row.needle,
                "describe" => &mut row.describe,
                _ => return None,
            }))
        }
        Kind::Limit => {
            let row = row(&mut pack.limits, id)?;
            Some(Slot::One(match key {
                "label" => &mut row.label,
                "note" => &mut row.note,
                _ => return None,
            }))
        }
        Kind::Mixing => (key == "why").then(|| row(&mut pack.mixing, id).map(|row| Slot::One(&mut row.why)))?,
        Kind::Trial => {
            let row = row(&mut pack.trials, id)?;
            Some(Slot::One(match key {
                "population" => &mut row.population,
                "product" => &mut row.product,
                "comparator" => &mut row.comparator,
                "outcome" => &mut row.outcome,
                "weakness" => &mut row.weakness,
                _ => return None,
            }))
        }
        Kind::Recipe => {
            let row = row(&mut pack.recipes, id)?;
            Some(Slot::One(match key {
                "label" => &mut row.label,
                "outcome" => &mut row.outcome,
                "needle" => &mut row.needle,
                _ => return None,
            }))
        }
        Kind::Plan => {
            let row = row(&mut pack.plans, id)?;
            Some(match key {
                "label" => Slot::One(&mut row.label),
                "numbing" => Slot::One(&mut row.numbing),
                "what" => Slot::Several(row.reviews.iter_mut().map(|review| &mut review.what).collect()),
                "stop" => {
                    let stops = row.reviews.iter_mut().map(|review| &mut review.stop);
                    Slot::Several(stops.filter(|stop| !stop.is_empty()).collect())
                }
                _ => return None,
            })
        }
        Kind::Consent => {
            let row = row(&mut pack.consent, id)?;
            Some(match key {
                "text" => Slot::Shared(&mut row.text),
                "patient" => Slot::MaybeShared(&mut row.patient),
                _ => return None,
            })
        }
        Kind::Care => (key == "text").then(|| row(&mut pack.care, id).map(|row| Slot::Shared(&mut row.text)))?,
        Kind::Rule => {
            let row = row(&mut pack.rules, id)?;
            Some(match key {
                "title" => Slot::One(&mut row.title),
                "message" => Slot::One(&mut row.message),
                "patient" => Slot::Maybe(&mut row.patient),
                "why" => Slot::One(&mut row.why),
                "mitigation" => Slot::Several(row.mitigation.iter_mut().collect()),
                "override" => Slot::Several(row.override_reasons.iter_mut().collect()),
                "contested" => Slot::Maybe(&mut row.contested),
                "from" => Slot::Maybe(&mut row.from),
                "to" => Slot::Maybe(&mut row.to),
                "event" => match &mut row.until {
                    Some(until) => Slot::Maybe(&mut until.event),
                    None => Slot::Several(Vec::new()),
                },
                "note" => Slot::Maybe(&mut row.modifies.note),
                _ => return None,
            })
        }
    }
}

fn row<'p, T: Identified>(table: &'p mut Table<T>, id: &str) -> Option<&'p mut T> {
    let ix = table.find(id)?;
    Some(table.row_mut(ix))
}

fn option_slot<'p>(options: &'p mut [ChoiceOption], id: &str, key: &str) -> Option<Slot<'p>> {
    let option = options.iter_mut().find(|option| option.id == id)?;
    Some(match key {
        "label" => Slot::One(&mut option.label),
        "help" => Slot::Maybe(&mut option.help),
        _ => return None,
    })
}

fn item<'p>(pack: &'p mut Pack, list: List, id: &str, key: &str) -> Option<Slot<'p>> {
    let ix = pack.list(list).find(id)?;
    match (list, key) {
        (_, "label") => {
            let Item { label, also, .. } = pack.list_mut(list).row_mut(ix);
            Some(Slot::Name(label, also))
        }
        (_, "also") => Some(Slot::Words(&mut pack.list_mut(list).row_mut(ix).also)),
        (List::Allergens, _) => {
            let detail = pack.allergen_details.get_mut(ix.get())?;
            Some(Slot::One(match key {
                "exposure" => &mut detail.exposure,
                "message" => &mut detail.message,
                _ => return None,
            }))
        }
        (List::Ingredients, _) => {
            let detail = pack.ingredient_details.get_mut(ix.get())?;
            Some(Slot::One(match key {
                "purpose" => &mut detail.purpose,
                "concentration" => &mut detail.concentration,
                "route" => &mut detail.route,
                "caution" => &mut detail.caution,
                "status_note" => &mut detail.status_note,
                _ => return None,
            }))
        }
        _ => None,
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
