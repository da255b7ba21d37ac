//! Fixed texts that name what a patient may be allergic to, and do not say what follows for that patient.
//!
//! A text is the same for everybody: "chlorhexidine in alcohol" is read by somebody with a chlorhexidine allergy as well.
//! So a text that names an allergen takes a stand: it is left out for the allergic (`uses`), it only speaks of it
//! (`mentions`), its own condition reads that allergy, or it belongs to plans with an ingredient that holds it, which
//! no allergic patient gets.

use std::collections::{BTreeSet, HashMap};

use super::Subject;
use super::book::{Book, Row, texts};
use crate::pack::{Identified, Item, Ix, Pack, PlanTest, Set};
use crate::source::{Code, Problems};

const NAMES_AN_ALLERGEN: Code = Code("L0503");

/// Shorter names stand inside too many sentences.
const SHORTEST: usize = 4;

/// The texts with a plan and a condition, by kind.
const TEXTS: [(&str, &[&str]); 2] = [("consent", &["text", "patient"]), ("care", &["text"])];

pub(super) fn look(subject: Subject<'_>, book: &Book<'_>, notes: &mut Problems) {
    let pack = subject.pack;
    let names = Names::of(pack);
    for (kind, keys) in TEXTS {
        for row in book.of_kind(kind) {
            let Some(id) = row.id() else { continue };
            let plan = match kind {
                "consent" => pack.consent.get(id).map(|row| &row.plan),
                _ => pack.care.get(id).map(|row| &row.plan),
            };
            let answered = answered(pack, row);
            for key in keys {
                let Some(text) = row.text(key) else { continue };
                for (allergen, name) in names.in_text(text) {
                    if answered.contains(allergen) || plan.is_some_and(|plan| gives(pack, plan, allergen)) {
                        continue;
                    }
                    let of = pack.allergens[allergen].id();
                    notes.at_with_help(
                        &row.at(key),
                        NAMES_AN_ALLERGEN,
                        format!("{kind} `{id}` names \"{name}\", to which a patient may be allergic (`{of}`)"),
                        "read by the allergic as well",
                        format!("`uses = [\"{of}\"]` leaves it out for them, `mentions = [\"{of}\"]` says that it only speaks of it"),
                    );
                }
            }
        }
    }
}

/// The allergens about which a text takes a stand.
fn answered(pack: &Pack, row: &Row<'_>) -> Set<Item> {
    let mut words: BTreeSet<&str> = BTreeSet::new();
    words.extend(["uses", "mentions"].iter().flat_map(|key| texts(row.get(key))));
    row.get("when").iter().for_each(|when| super::book::words(when, &mut words));
    let mut set = Set::default();
    for (ix, allergen) in pack.allergens.entries() {
        let groups =
            || allergen.groups.iter().any(|group| words.contains(&*format!("group:{}", pack.groups[group].name)));
        if words.contains(allergen.id()) || groups() {
            set.insert(ix);
        }
    }
    set
}

/// Whether a text belongs to plans with an ingredient that holds the allergen: the allergic get no such plan.
fn gives(pack: &Pack, plan: &PlanTest, allergen: Ix<Item>) -> bool {
    plan.ingredients.iter().any(|ix| pack.ingredient(ix).contains.contains(allergen))
}

/// A name of an allergen.
struct Name<'p> {
    allergen: Ix<Item>,
    name: &'p str,
    words: Vec<String>,
    /// Written with a capital letter: "Moment" is a brand, "at any moment" is none.
    brand: bool,
}

/// The names of all allergens by their first word.
struct Names<'p> {
    by_word: HashMap<String, Vec<Name<'p>>>,
}

impl<'p> Names<'p> {
    fn of(pack: &'p Pack) -> Self {
        let mut by_word: HashMap<String, Vec<Name<'p>>> = HashMap::new();
        for (allergen, item) in pack.allergens.entries() {
            let label = item.label.split(" (").next().unwrap_or_default();
            let also = item.also.iter().map(|name| (name.as_str(), name.starts_with(char::is_uppercase)));
            for (name, brand) in std::iter::once((label, false)).chain(also) {
                let words: Vec<String> = words(name).map(str::to_lowercase).collect();
                if let (Some(first), true) = (words.first().cloned(), name.chars().count() >= SHORTEST) {
                    by_word.entry(first).or_default().push(Name { allergen, name, words, brand });
                }
            }
        }
        Self { by_word }
    }

    /// The allergens that a text names, each once.
    fn in_text(&self, text: &str) -> Vec<(Ix<Item>, &'p str)> {
        let said: Vec<&str> = words(text).collect();
        let lower: Vec<String> = said.iter().map(|word| word.to_lowercase()).collect();
        let mut found: Vec<(Ix<Item>, &'p str)> = Vec::new();
        for (at, first) in lower.iter().enumerate() {
            let known = [first.as_str(), singular(first)].map(|word| self.by_word.get(word));
            for name in known.into_iter().flatten().flatten() {
                let capital = said.get(at).is_some_and(|word| word.starts_with(char::is_uppercase));
                let mut rest = name.words.iter().zip(at..);
                let fits =
                    rest.all(|(word, at)| lower.get(at).is_some_and(|said| said == word || singular(said) == word));
                if fits && (capital || !name.brand) && !found.iter().any(|(known, _)| *known == name.allergen) {
                    found.push((name.allergen, name.name));
                }
            }
        }
        found
    }
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

fn singular(word: &str) -> &str {
    word.strip_suffix('s').unwrap_or(word)
}
