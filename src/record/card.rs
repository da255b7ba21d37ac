//! What lists show of a consultation, and the search over them.

use std::collections::{HashMap, HashSet};

use jiff::civil::Date;
use jiff::{Timestamp, Unit};
use serde::{Deserialize, Serialize};

use super::document::Document;
use super::id::RecordId;
use crate::find::fold;
use crate::plan::Outcome;

/// What lists show of one version of a consultation.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Card {
    /// The consultation.
    pub id: RecordId,
    /// The version.
    pub version: u32,
    /// When it was signed.
    pub saved_at: Timestamp,
    /// The patient's name.
    pub patient: String,
    /// The date of birth, if it was given.
    pub birth_date: Option<Date>,
    /// Age in years on the day of the assessment, if it is known.
    pub age: Option<u32>,
    /// What was decided.
    pub verdict: Outcome,
    /// The ids of the goals.
    pub goals: Vec<String>,
    /// The ids of the recipes, as the practitioner took them.
    pub recipes: Vec<String>,
    /// The rules that fired.
    pub rules: Vec<String>,
    /// Who signed.
    pub practitioner: String,
    /// The folded words of all this and of the notes, each once, each after a blank.
    pub words: String,
}

impl Card {
    /// The card of a document.
    #[must_use]
    pub fn of(document: &Document) -> Self {
        let goals = document.intake.goals();
        let cocktails = document.assessment.plan.as_ref().map_or(&[][..], |plan| &plan.cocktails);
        let mut recipes = Vec::new();
        for cocktail in cocktails {
            let mut chosen = document.decisions.chosen.iter();
            let other = chosen.find(|chosen| chosen.goal == cocktail.goal && chosen.area == cocktail.area);
            let recipe = other.map_or(&cocktail.recipe, |chosen| &chosen.recipe);
            if !recipes.contains(recipe) {
                recipes.push(recipe.clone());
            }
        }
        let mut words = Words::default();
        words.add(&document.patient.name);
        words.add(&document.patient.birth_date.map(|date| date.to_string()).unwrap_or_default());
        words.add(document.assessment.verdict.word());
        words.add(&document.practitioner.name);
        goals.iter().chain(&recipes).chain(&document.rules_fired).for_each(|id| words.add(id));
        for cocktail in cocktails {
            [&cocktail.goal_label, &cocktail.area_label, &cocktail.label]
                .into_iter()
                .for_each(|label| words.add(label));
        }
        words.add(&document.decisions.notes);
        words.add(&document.decisions.follow_up);
        Self {
            id: document.id,
            version: document.version,
            saved_at: document.saved_at,
            patient: document.patient.name.clone(),
            birth_date: document.patient.birth_date,
            age: age(document),
            verdict: document.assessment.verdict,
            words: words.all,
            goals,
            recipes,
            rules: document.rules_fired.clone(),
            practitioner: document.practitioner.name.clone(),
        }
    }
}

fn age(document: &Document) -> Option<u32> {
    let years = match document.patient.birth_date {
        Some(birth) => i64::from(birth.until((Unit::Year, document.assessment.today)).ok()?.get_years()),
        None => document.intake.get("patient.age")?.as_integer()?,
    };
    u32::try_from(years).ok()
}

/// Folded words, each once.
#[derive(Default)]
struct Words {
    seen: HashSet<String>,
    all: String,
}

impl Words {
    fn add(&mut self, text: &str) {
        for word in fold(text).split(' ').filter(|word| !word.is_empty()) {
            if self.seen.insert(word.to_owned()) {
                self.all.push(' ');
                self.all.push_str(word);
            }
        }
    }
}

/// Which consultations to list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Query {
    /// Beginnings of words, in any order; all must be there.
    pub text: String,
    /// At most so many.
    pub limit: usize,
}

/// A list of consultations, newest first, each in its newest version.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Listing {
    /// The first of them.
    pub cards: Vec<Card>,
    /// How many there are.
    pub total: usize,
    /// Rows that cannot be read; `verify` says more.
    pub unreadable: usize,
}

/// All cards in memory, in the order they were saved.
#[derive(Default)]
pub(super) struct Cards {
    cards: Vec<Card>,
    /// By position: whether a newer version follows.
    superseded: Vec<bool>,
    newest: HashMap<RecordId, usize>,
    pub(super) unreadable: usize,
}

impl Cards {
    pub(super) fn add(&mut self, card: Card) {
        if let Some(older) = self.newest.insert(card.id, self.cards.len()) {
            self.superseded[older] = true;
        }
        self.cards.push(card);
        self.superseded.push(false);
    }

    pub(super) fn list(&self, query: &Query) -> Listing {
        let terms: Vec<String> = fold(&query.text).split_whitespace().map(|term| format!(" {term}")).collect();
        let mut listing = Listing { unreadable: self.unreadable, ..Listing::default() };
        for (card, superseded) in self.cards.iter().zip(&self.superseded).rev() {
            if !superseded && terms.iter().all(|term| card.words.contains(term.as_str())) {
                if listing.cards.len() < query.limit {
                    listing.cards.push(card.clone());
                }
                listing.total += 1;
            }
        }
        listing
    }
}
