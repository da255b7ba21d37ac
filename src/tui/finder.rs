//! Type-to-find for the pickers: one index for each vocabulary they show.

use std::fmt;
use std::sync::OnceLock;

use crate::find::{Hit, Index, Vocabulary, fold};
use crate::pack::{List, Pack};
use crate::record::{Also, terms};

/// Where a picker looks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shelf {
    /// Coded items.
    List(List),
    /// Goals.
    Goals,
    /// What may happen after a session.
    Reactions,
}

impl Shelf {
    const ALL: [Self; 8] = [
        Self::Goals,
        Self::Reactions,
        Self::List(List::Conditions),
        Self::List(List::Medications),
        Self::List(List::Events),
        Self::List(List::Allergens),
        Self::List(List::Provenance),
        Self::List(List::Ingredients),
    ];

    const fn vocabulary(self) -> Vocabulary {
        match self {
            Self::Goals => Vocabulary::Goals,
            Self::Reactions => Vocabulary::Reactions,
            Self::List(List::Conditions) => Vocabulary::Conditions,
            Self::List(List::Medications) => Vocabulary::Medications,
            Self::List(List::Events) => Vocabulary::Events,
            Self::List(List::Allergens) => Vocabulary::Allergens,
            Self::List(List::Provenance) => Vocabulary::Provenance,
            Self::List(List::Ingredients) => Vocabulary::Ingredients,
        }
    }

    /// The title of its picker.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Goals => "Goals",
            Self::Reactions => "Reactions",
            Self::List(List::Conditions) => "Conditions",
            Self::List(List::Medications) => "Medicines and supplements",
            Self::List(List::Events) => "Procedures and events",
            Self::List(List::Allergens) => "Allergies and intolerances",
            Self::List(List::Provenance) => "Problems with products",
            Self::List(List::Ingredients) => "Ingredients and products",
        }
    }
}

/// Letters of a word before it is taken for another name of something: shorter ones begin too many.
const SHORTEST: usize = 4;

/// What one word may be another name of, in each vocabulary.
const MEANT: usize = 4;

/// What records are searched by besides names.
const ON_RECORD: [Shelf; 6] = [
    Shelf::List(List::Medications),
    Shelf::List(List::Conditions),
    Shelf::List(List::Allergens),
    Shelf::List(List::Events),
    Shelf::List(List::Ingredients),
    Shelf::Reactions,
];

/// The vocabularies, ready to be searched.
pub struct Finder {
    /// Each index is built when its picker is first opened: most consultations open few of them.
    shelves: [(Shelf, OnceLock<Index>); Shelf::ALL.len()],
}

impl fmt::Debug for Finder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Finder").finish_non_exhaustive()
    }
}

impl Default for Finder {
    fn default() -> Self {
        Self::new()
    }
}

impl Finder {
    /// Nothing is indexed yet.
    #[must_use]
    pub fn new() -> Self {
        Self { shelves: Shelf::ALL.map(|shelf| (shelf, OnceLock::new())) }
    }

    /// The best hits; without a query, the common items first.
    #[must_use]
    pub fn search(&self, pack: &Pack, shelf: Shelf, query: &str, limit: usize) -> Vec<Hit> {
        self.shelves.iter().find(|(of, _)| *of == shelf).map_or_else(Vec::new, |(_, index)| {
            index.get_or_init(|| Index::new(pack, shelf.vocabulary())).search(query, limit)
        })
    }

    /// What the words of a search among records are other names of: brands, lay words, a letter different.
    #[must_use]
    pub fn also(&self, pack: &Pack, text: &str) -> Vec<Also> {
        let mut all: Vec<Also> = Vec::new();
        for term in terms(text) {
            if term.chars().count() < SHORTEST || term.starts_with(|c: char| c.is_ascii_digit()) {
                continue;
            }
            for shelf in ON_RECORD {
                for hit in self.search(pack, shelf, &term, MEANT) {
                    // What is called by its id is found without this.
                    let by_id = fold(&hit.id).split(' ').any(|word| word.starts_with(&term));
                    if !by_id && !all.iter().any(|also| also.term == term && also.id == hit.id) {
                        all.push(Also { term: term.clone(), name: hit.matched, id: hit.id, similar: hit.similar });
                    }
                }
            }
        }
        all
    }
}
