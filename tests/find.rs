//! The quality of type-to-find: what patients and practitioners say finds what they mean, and nothing is swapped silently.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use common::PACK;
use pistor::find::{Hit, Index, Vocabulary, fold};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Said {
    medications: Vec<Vec<String>>,
    conditions: Vec<Vec<String>>,
    allergens: Vec<Vec<String>>,
    events: Vec<Vec<String>>,
    goals: Vec<Vec<String>>,
    areas: Vec<Vec<String>>,
    ingredients: Vec<Vec<String>>,
    /// Words that stand for several items of one list, because one cannot know which is meant: all of them are offered.
    ambiguous: Vec<(String, String)>,
    look_alikes: Vec<Vec<String>>,
    not_in_the_list: Vec<String>,
    nonsense: Vec<String>,
}

impl Said {
    fn lists(&self) -> [(Vocabulary, &[Vec<String>]); 7] {
        [
            (Vocabulary::Medications, &self.medications),
            (Vocabulary::Conditions, &self.conditions),
            (Vocabulary::Allergens, &self.allergens),
            (Vocabulary::Events, &self.events),
            (Vocabulary::Goals, &self.goals),
            (Vocabulary::Areas, &self.areas),
            (Vocabulary::Ingredients, &self.ingredients),
        ]
    }
}

static SAID: LazyLock<Said> = LazyLock::new(|| toml::from_str(include_str!("fixtures/find.toml")).unwrap());

/// Sayings of somebody who did not know the vocabulary.
static UNSEEN: LazyLock<BTreeMap<String, Vec<(String, String)>>> =
    LazyLock::new(|| toml::from_str(include_str!("fixtures/find-unseen.toml")).unwrap());

static INDICES: LazyLock<BTreeMap<Vocabulary, Index>> =
    LazyLock::new(|| Vocabulary::ALL.into_iter().map(|list| (list, Index::new(&PACK, list))).collect());

fn search(list: Vocabulary, typed: &str) -> Vec<Hit> {
    INDICES[&list].search(typed, 5)
}

fn shown(hits: &[Hit]) -> String {
    let mark = |hit: &Hit| {
        if hit.exact {
            "="
        } else if hit.similar {
            "~"
        } else {
            ""
        }
    };
    hits.iter().map(|hit| format!("{}{}", mark(hit), hit.id)).collect::<Vec<_>>().join(" ")
}

type Names = BTreeMap<String, Vec<String>>;

/// The items of each list by their names, folded: id, label and synonyms.
static NAMES: LazyLock<BTreeMap<Vocabulary, Names>> = LazyLock::new(|| {
    let of = |list: Vocabulary| {
        let mut names = Names::new();
        for entry in list.entries(&PACK) {
            for name in [&entry.id, &entry.label].into_iter().chain(&entry.also) {
                let ids = names.entry(fold(name)).or_default();
                if !ids.contains(&entry.id) {
                    ids.push(entry.id.clone());
                }
            }
        }
        names
    };
    Vocabulary::ALL.into_iter().map(|list| (list, of(list))).collect()
});

/// The items that have this name.
fn named(list: Vocabulary, typed: &str) -> Vec<String> {
    NAMES[&list].get(&fold(typed)).cloned().unwrap_or_default()
}

#[test]
fn what_people_say_finds_what_they_mean() {
    let (mut all, mut first, mut in_five) = (0_usize, 0_usize, 0_usize);
    let (mut misses, mut unknown) = (Vec::new(), Vec::new());
    for (list, rows) in SAID.lists() {
        for row in rows {
            let (typed, meant) = row.split_first().unwrap();
            unknown.extend(meant.iter().filter(|id| !named(list, id).contains(id)));
            let hits = search(list, typed);
            let is_first = hits.first().is_some_and(|hit| meant.contains(&hit.id));
            let offered = meant.iter().all(|id| hits.iter().any(|hit| hit.id == *id));
            all += 1;
            first += usize::from(is_first);
            in_five += usize::from(offered);
            if !is_first || !offered {
                misses.push(format!("{} {typed}: {} meant, found {}", list.word(), meant.join(" "), shown(&hits)));
            }
        }
    }
    println!("{all} sayings, {first} first, {in_five} in the first five\n{}", misses.join("\n"));
    assert!(unknown.is_empty(), "expected, but not in the pack: {unknown:?}");
    assert!(all >= 800, "only {all} sayings");
    assert!(first * 100 >= all * 95, "{first} of {all} first:\n{}", misses.join("\n"));
    assert!(in_five * 100 >= all * 99, "{in_five} of {all} in the first five:\n{}", misses.join("\n"));
}

#[test]
fn look_alikes_are_never_swapped() {
    let said = |name: &str| {
        let hits = search(Vocabulary::Medications, name);
        let hit = hits.first().unwrap_or_else(|| panic!("{name} is not found"));
        assert!(hit.exact && !hit.similar, "{name}: {}", shown(&hits));
        assert_eq!(named(Vocabulary::Medications, name), *std::slice::from_ref(&hit.id), "{name}");
        hit.id.clone()
    };
    assert!(SAID.look_alikes.len() >= 90, "only {} pairs", SAID.look_alikes.len());
    for names in &SAID.look_alikes {
        let mut ids: Vec<String> = names.iter().map(|name| said(name)).collect();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), names.len(), "{names:?} are different medicines: {ids:?}");
    }
}

/// What is not a name is never exact, whichever of the two it is nearer to; as near to both, both are shown.
#[test]
fn a_slip_between_look_alikes_shows_both() {
    for names in &SAID.look_alikes {
        let (one, other): (Vec<char>, Vec<char>) = (names[0].chars().collect(), names[1].chars().collect());
        let differing: Vec<usize> = (0..one.len().min(other.len())).filter(|n| one[*n] != other[*n]).collect();
        // The halfway name: as far from one as from the other.
        if one.len() != other.len() || differing.len() != 2 {
            continue;
        }
        let mut halfway = one.clone();
        halfway[differing[0]] = other[differing[0]];
        let halfway: String = halfway.into_iter().collect();
        if !named(Vocabulary::Medications, &halfway).is_empty() {
            continue;
        }
        let hits = search(Vocabulary::Medications, &halfway);
        assert!(hits.iter().all(|hit| !hit.exact), "{halfway}: {}", shown(&hits));
        for name in names {
            let meant = named(Vocabulary::Medications, name);
            assert!(hits.iter().any(|hit| meant.contains(&hit.id)), "{halfway} may be {name}: {}", shown(&hits));
        }
    }
}

#[test]
fn a_near_miss_is_marked_and_a_name_not_in_the_list_stays_possible() {
    for name in &SAID.not_in_the_list {
        let hits = search(Vocabulary::Medications, name);
        assert!(hits.iter().all(|hit| hit.similar && !hit.exact), "{name}: {}", shown(&hits));
    }
    for word in &SAID.nonsense {
        for (list, _) in SAID.lists() {
            let hits = search(list, word);
            assert!(hits.iter().all(|hit| hit.similar && !hit.exact), "{} {word}: {}", list.word(), shown(&hits));
        }
    }
}

/// A slip in what is typed never becomes an exact name of something else.
#[test]
fn two_letters_exchanged_are_never_taken_for_an_exact_name() {
    for (list, rows) in SAID.lists() {
        for row in rows {
            let letters: Vec<char> = row[0].chars().collect();
            let middle = letters.len() / 2;
            if middle == 0 {
                continue;
            }
            let mut swapped = letters;
            swapped.swap(middle - 1, middle);
            let slip: String = swapped.into_iter().collect();
            for hit in search(list, &slip).iter().filter(|hit| hit.exact) {
                assert!(named(list, &slip).contains(&hit.id), "{} {slip}: {} is exact", list.word(), hit.id);
            }
        }
    }
}

#[test]
fn no_name_belongs_to_two_items_of_one_list() {
    let mut shared = Vec::new();
    for list in Vocabulary::ALL {
        for (name, ids) in NAMES[&list].iter().filter(|(_, ids)| ids.len() > 1) {
            if !SAID.ambiguous.iter().any(|(of, word)| *of == list.word() && word == name) {
                shared.push(format!("{} {name}: {}", list.word(), ids.join(" ")));
                continue;
            }
            let hits = INDICES[&list].search(name, ids.len());
            assert!(hits.iter().all(|hit| hit.exact && ids.contains(&hit.id)), "{name}: {}", shown(&hits));
        }
    }
    assert!(shared.is_empty(), "{}", shared.join("\n"));
}

#[test]
fn what_was_said_without_knowing_the_list_is_found() {
    let (mut first, mut five, mut all) = (0, 0, 0);
    let mut missed = Vec::new();
    for (list, rows) in UNSEEN.iter() {
        let list = Vocabulary::from_word(list).unwrap();
        for (typed, meant) in rows {
            let hits = search(list, typed);
            all += 1;
            first += usize::from(hits.first().is_some_and(|hit| hit.id == *meant));
            five += usize::from(hits.iter().any(|hit| hit.id == *meant));
            if hits.first().is_none_or(|hit| hit.id != *meant) {
                missed.push(format!("{typed}: {}", shown(&hits)));
            }
        }
    }
    assert!(all >= 600, "only {all} sayings");
    assert!(first * 100 >= all * 98, "first: {first} of {all}\n{}", missed.join("\n"));
    assert!(five * 100 >= all * 99, "in the first five: {five} of {all}\n{}", missed.join("\n"));
}
