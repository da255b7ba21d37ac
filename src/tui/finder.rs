//! Type-to-find for the pickers: one index for each vocabulary they show.

use std::fmt;
use std::sync::OnceLock;

use crate::find::{Hit, Index, Vocabulary};
use crate::pack::{List, Pack};

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
}
