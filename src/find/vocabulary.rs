//! The lists that can be searched.

use crate::pack::{List, Pack};

/// A vocabulary of the pack.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Vocabulary {
    /// Diseases and states of the patient.
    Conditions,
    /// Medicines and supplements.
    Medications,
    /// What the patient reacts to.
    Allergens,
    /// Procedures, vaccinations, infections, sun.
    Events,
    /// What the patient wants.
    Goals,
    /// Parts of the body.
    Areas,
    /// Injectable ingredients and products.
    Ingredients,
    /// What is wrong with a product or tool at hand.
    Provenance,
    /// What may happen after a session.
    Reactions,
}

impl Vocabulary {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Conditions,
        Self::Medications,
        Self::Allergens,
        Self::Events,
        Self::Goals,
        Self::Areas,
        Self::Ingredients,
        Self::Provenance,
        Self::Reactions,
    ];

    /// The word on the command line.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Conditions => "conditions",
            Self::Medications => "medications",
            Self::Allergens => "allergens",
            Self::Events => "events",
            Self::Goals => "goals",
            Self::Areas => "areas",
            Self::Ingredients => "ingredients",
            Self::Provenance => "provenance",
            Self::Reactions => "reactions",
        }
    }

    /// The vocabulary with this [`word`](Self::word).
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|vocabulary| vocabulary.word() == word)
    }

    /// The list of coded items, for all but goals, areas and reactions.
    #[must_use]
    pub const fn list(self) -> Option<List> {
        Some(match self {
            Self::Conditions => List::Conditions,
            Self::Medications => List::Medications,
            Self::Allergens => List::Allergens,
            Self::Events => List::Events,
            Self::Ingredients => List::Ingredients,
            Self::Provenance => List::Provenance,
            Self::Goals | Self::Areas | Self::Reactions => return None,
        })
    }

    /// What can be found in it, in the order of the pack.
    #[must_use]
    pub fn entries(self, pack: &Pack) -> Vec<Entry> {
        match self.list() {
            Some(list) => {
                let entry = |item: &crate::pack::Item| Entry {
                    common: item.common,
                    ..Entry::new(&item.id, &item.label, &item.also)
                };
                pack.list(list).iter().map(entry).collect()
            }
            None if self == Self::Reactions => {
                let reactions = pack.follow_up.reactions.iter();
                reactions.map(|r| Entry { common: r.common, ..Entry::new(&r.id, &r.label, &r.also) }).collect()
            }
            None if self == Self::Goals => pack.goals.iter().map(|g| Entry::new(&g.id, &g.label, &g.also)).collect(),
            None => pack.areas.iter().map(|a| Entry::new(&a.id, &a.label, &a.also)).collect(),
        }
    }
}

/// Whether a word may be left out of what was typed for this list when nothing matches with it.
pub(super) fn may_go(vocabulary: Vocabulary) -> fn(&str) -> bool {
    match vocabulary {
        Vocabulary::Medications => |word| is_strength(word) || HOW_TAKEN.binary_search(&word).is_ok(),
        Vocabulary::Allergens => |word| ABOUT_ALLERGY.contains(&word),
        Vocabulary::Conditions => |word| ABOUT_DISEASE.contains(&word),
        Vocabulary::Events => |word| ABOUT_EVENTS.contains(&word),
        Vocabulary::Ingredients => |word| is_strength(word) || ["ampoule", "ampoules", "vial", "vials"].contains(&word),
        Vocabulary::Goals => |word| ABOUT_GOALS.contains(&word),
        Vocabulary::Areas | Vocabulary::Provenance | Vocabulary::Reactions => |_| false,
    }
}

/// Form, frequency and release of a medicine, in order: they do not name it.
const HOW_TAKEN: [&str; 92] = [
    "am",
    "ampoule",
    "ampoules",
    "bd",
    "bid",
    "caps",
    "capsule",
    "capsules",
    "cd",
    "chrono",
    "comp",
    "cp",
    "cr",
    "daily",
    "day",
    "dispersible",
    "dose",
    "drops",
    "ec",
    "er",
    "evening",
    "every",
    "flexpen",
    "forte",
    "gel",
    "hard",
    "high",
    "hourly",
    "inhaler",
    "injection",
    "injections",
    "kwikpen",
    "la",
    "long",
    "low",
    "lp",
    "modified",
    "monthly",
    "morning",
    "mr",
    "mups",
    "nightly",
    "nocte",
    "od",
    "om",
    "on",
    "once",
    "oral",
    "patch",
    "patches",
    "pen",
    "per",
    "pill",
    "pills",
    "plus",
    "prn",
    "prolong",
    "qd",
    "qds",
    "release",
    "required",
    "retard",
    "sachet",
    "sachets",
    "slow",
    "solostar",
    "soluble",
    "solution",
    "sr",
    "stopped",
    "sustained",
    "syrup",
    "tab",
    "tablet",
    "tabletas",
    "tablets",
    "tabletten",
    "tabs",
    "take",
    "takes",
    "taking",
    "tds",
    "three",
    "tid",
    "times",
    "twice",
    "week",
    "weekly",
    "when",
    "xl",
    "xr",
    "zok",
];
const ABOUT_ALLERGY: [&str; 13] = [
    "allergic",
    "allergie",
    "allergies",
    "allergy",
    "alergia",
    "injection",
    "injections",
    "intolerance",
    "intolerant",
    "jab",
    "reaction",
    "shot",
    "shots",
];
const ABOUT_DISEASE: [&str; 17] = [
    "bad",
    "both",
    "chronic",
    "condition",
    "diagnosed",
    "disease",
    "disorder",
    "history",
    "left",
    "mild",
    "past",
    "problem",
    "problems",
    "right",
    "severe",
    "since",
    "syndrome",
];
const ABOUT_EVENTS: [&str; 16] = [
    "ago",
    "day",
    "days",
    "done",
    "injections",
    "last",
    "month",
    "months",
    "procedure",
    "recent",
    "recently",
    "session",
    "treatment",
    "week",
    "weeks",
    "yesterday",
];
const ABOUT_GOALS: [&str; 8] = ["better", "improve", "less", "reduce", "remove", "rid", "treat", "treatment"];

/// "650", "20mg", "mg": the strength is not part of a medicine's name here.
fn is_strength(word: &str) -> bool {
    let unit = word.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    let digits = word.len() - unit.len();
    ["g", "iu", "mcg", "mg", "ml", "ug"].contains(&unit) || (unit.is_empty() && digits > 1)
}

impl From<List> for Vocabulary {
    fn from(list: List) -> Self {
        match list {
            List::Conditions => Self::Conditions,
            List::Medications => Self::Medications,
            List::Allergens => Self::Allergens,
            List::Events => Self::Events,
            List::Ingredients => Self::Ingredients,
            List::Provenance => Self::Provenance,
        }
    }
}

/// Something that can be found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    /// What is chosen.
    pub id: String,
    /// What is shown.
    pub label: String,
    /// Other names.
    pub also: Vec<String>,
    /// First in an empty search and on ties.
    pub common: bool,
}

impl Entry {
    /// An entry that is not marked common.
    #[must_use]
    pub fn new(id: &str, label: &str, also: &[String]) -> Self {
        Self { id: id.to_owned(), label: label.to_owned(), also: also.to_vec(), common: false }
    }
}

#[cfg(test)]
mod tests {
    use super::{Vocabulary, is_strength};
    use crate::pack::load::how_found;

    #[test]
    fn a_strength_is_told_from_a_number_in_a_name() {
        for word in ["650", "20mg", "2.5mg", "mg", "1000"] {
            assert!(is_strength(word), "{word}");
        }
        for word in ["2", "b12", "t4", "5fu", "omega", ""] {
            assert!(!is_strength(word), "{word}");
        }
    }

    #[test]
    fn how_a_medicine_is_taken_is_in_order() {
        assert!(super::HOW_TAKEN.is_sorted());
    }

    #[test]
    fn every_word_leads_back_to_its_vocabulary() {
        for vocabulary in Vocabulary::ALL {
            assert_eq!(Vocabulary::from_word(vocabulary.word()), Some(vocabulary));
            if let Some(list) = vocabulary.list() {
                assert_eq!(Vocabulary::from(list), vocabulary);
                assert_eq!(list.word(), vocabulary.word());
            }
        }
        assert_eq!(Vocabulary::from_word("condition"), None);
    }

    /// What a mistake in a pack says one should type.
    #[test]
    fn the_search_that_a_mistake_names_is_one() {
        let others = [("goal", "goals"), ("area", "areas"), ("reaction", "reactions")];
        let lists = Vocabulary::ALL.into_iter().filter_map(Vocabulary::list).map(|list| (list.singular(), list.word()));
        for (kind, word) in lists.chain(others) {
            let said = how_found(kind, "eczem").unwrap();
            assert!(said.starts_with(&format!("`pistor find {word} eczem`")), "{said}");
        }
        // Nothing out of a file becomes a part of a command.
        for odd in ["x; rm -r y", "--pack", "$(id)", "two words", "a`b"] {
            assert!(how_found("condition", odd).unwrap().starts_with("`pistor find conditions NAME`"));
        }
        assert_eq!(how_found("session plan", "weekly"), None);
    }
}
