//! Where each text of a pack stands, by entry and key, to be read or replaced.

use std::sync::Arc;

use super::Pack;
use super::follow_up::FollowUp;
use super::question::QuestionKind;
use super::table::{Identified, Table};
use super::vocabulary::{ChoiceOption, Item, List, QualifierKind};
use super::wording::{Kind, Of};

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
        Kind::Scale => {
            let row = row(&mut pack.scales, id)?;
            Some(match key {
                "label" => Slot::One(&mut row.label),
                "help" => Slot::Maybe(&mut row.help),
                "note" => Slot::Maybe(&mut row.note),
                _ => return None,
            })
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
            Some(match key {
                "label" => Slot::One(&mut row.label),
                "outcome" => Slot::One(&mut row.outcome),
                "expected" => Slot::Maybe(&mut row.expected),
                "needle" => Slot::One(&mut row.needle),
                _ => return None,
            })
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
        Kind::Reaction | Kind::RedFlag | Kind::RecordList | Kind::Questionnaire | Kind::Reporting => {
            follow_up(&mut pack.follow_up, of, key)
        }
        Kind::Rule => {
            let row = row(&mut pack.rules, id)?;
            Some(match key {
                "title" => Slot::One(&mut row.title),
                "message" => Slot::One(&mut row.message),
                "patient" => Slot::Maybe(&mut row.patient),
                "why" => Slot::One(&mut row.why),
                "mitigation" => Slot::Several(row.mitigation.iter_mut().collect()),
                "override" => Slot::Several(row.override_reasons.iter_mut().map(|reason| &mut reason.text).collect()),
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

/// The texts of what comes after a consultation.
fn follow_up<'p>(pack: &'p mut FollowUp, of: &Of<'_>, key: &str) -> Option<Slot<'p>> {
    let id = of.id;
    Some(match of.kind {
        Kind::Reaction => {
            let row = row(&mut pack.reactions, id)?;
            match key {
                "label" => Slot::Name(&mut row.label, &mut row.also),
                "also" => Slot::Words(&mut row.also),
                "grades" => Slot::Several(row.grades.iter_mut().map(|(_, words)| words).collect()),
                _ => return None,
            }
        }
        Kind::RedFlag => {
            let row = row(&mut pack.flags, id)?;
            match key {
                "title" => Slot::One(&mut row.title),
                "to" => Slot::Maybe(&mut row.to),
                "message" => Slot::One(&mut row.message),
                "next" => Slot::Several(row.next.iter_mut().collect()),
                "why" => Slot::One(&mut row.why),
                _ => return None,
            }
        }
        Kind::RecordList => {
            let row = row(&mut pack.lists, id)?;
            match (of.option, key) {
                (Some(option), _) => option_slot(&mut row.options, option, key)?,
                (None, "label") => Slot::One(&mut row.label),
                (None, _) => return None,
            }
        }
        Kind::Questionnaire => {
            let row = row(&mut pack.questionnaires, id)?;
            match key {
                "label" => Slot::One(&mut row.label),
                "ask" => Slot::Several(row.items.iter_mut().map(|item| &mut item.ask).collect()),
                "value" => Slot::Several(row.bands.iter_mut().map(|band| &mut band.value).collect()),
                _ => return None,
            }
        }
        Kind::Reporting => {
            let row = row(&mut pack.channels, id)?;
            match key {
                "about" => Slot::One(&mut row.about),
                "authority" => Slot::Maybe(&mut row.authority),
                "how" => Slot::One(&mut row.how),
                "within" => Slot::Maybe(&mut row.within),
                _ => return None,
            }
        }
        _ => return None,
    })
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
