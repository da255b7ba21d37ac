//! Type-to-find for the pickers.

use crate::pack::{List, Pack};

/// Where a picker looks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shelf {
    /// Coded items.
    List(List),
    /// Goals.
    Goals,
}

/// Something found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Hit {
    /// The id.
    pub id: String,
    /// For people.
    pub label: String,
    /// What matched: the label, a synonym, a brand.
    pub matched: String,
    /// Which characters of `matched` match.
    pub letters: Vec<usize>,
    /// It is only similar to what was typed.
    pub similar: bool,
}

#[derive(Debug)]
struct Thing {
    id: String,
    label: String,
    also: Vec<String>,
    common: bool,
}

/// The vocabularies, ready to be searched.
#[derive(Debug, Default)]
pub struct Finder {
    lists: Vec<(Shelf, Vec<Thing>)>,
}

impl Finder {
    /// Prepares the vocabularies of a pack.
    #[must_use]
    pub fn new(pack: &Pack) -> Self {
        let mut lists = Vec::new();
        for list in List::ALL {
            let things = pack.list(list).iter().map(|item| Thing {
                id: item.id.clone(),
                label: item.label.clone(),
                also: item.also.clone(),
                common: item.common,
            });
            lists.push((Shelf::List(list), things.collect()));
        }
        let goals = pack.goals.iter().map(|goal| Thing {
            id: goal.id.clone(),
            label: goal.label.clone(),
            also: goal.also.clone(),
            common: true,
        });
        lists.push((Shelf::Goals, goals.collect()));
        Self { lists }
    }

    /// The best hits; without a query, the common items first.
    #[must_use]
    pub fn search(&self, shelf: Shelf, query: &str, limit: usize) -> Vec<Hit> {
        let Some((_, things)) = self.lists.iter().find(|(of, _)| *of == shelf) else { return Vec::new() };
        let query = query.trim().to_lowercase();
        let mut found: Vec<(usize, Hit)> = Vec::new();
        for thing in things {
            let hit = |matched: &str, letters: Vec<usize>| Hit {
                id: thing.id.clone(),
                label: thing.label.clone(),
                matched: matched.to_owned(),
                letters,
                similar: false,
            };
            if query.is_empty() {
                found.push((usize::from(!thing.common), hit(&thing.label, Vec::new())));
                continue;
            }
            let names = std::iter::once(&thing.label).chain(&thing.also);
            let best = names.filter_map(|name| {
                let lower = name.to_lowercase();
                let at = lower.find(&query)?;
                let from = lower.get(..at)?.chars().count();
                Some((from, name, (from..from + query.chars().count()).collect::<Vec<_>>()))
            });
            if let Some((from, name, letters)) = best.min_by_key(|(from, ..)| *from) {
                found.push((from, hit(name, letters)));
            }
        }
        found.sort_by_key(|(rank, _)| *rank);
        found.into_iter().take(limit).map(|(_, hit)| hit).collect()
    }
}
