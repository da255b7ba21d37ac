//! What lists show of a consultation, and the search over them.

use std::collections::HashSet;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Unit};
use serde::{Deserialize, Serialize};
use toml::Value;

use super::document::Document;
use super::id::RecordId;
use super::intake::IntakeTable;
use super::person::Person;
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
        let days = [document.patient.birth_date, Some(document.assessment.today), Some(day_of(document.saved_at))];
        days.into_iter().flatten().for_each(|day| words.add_date(day));
        words.add(document.assessment.verdict.word());
        words.add(&document.practitioner.name);
        goals.iter().chain(&recipes).chain(&document.rules_fired).for_each(|id| words.add(id));
        for cocktail in cocktails {
            [&cocktail.goal_label, &cocktail.area_label, &cocktail.label]
                .into_iter()
                .for_each(|label| words.add(label));
            for dose in &cocktail.ingredients {
                words.add(&dose.id);
                words.add(&dose.label);
            }
        }
        // Allergies, conditions, medicines, lots, products asked for: whatever was said.
        words.add_answers(&document.intake);
        document.decisions.chosen.iter().for_each(|chosen| words.add(&chosen.recipe));
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

fn day_of(at: Timestamp) -> Date {
    at.to_zoned(TimeZone::UTC).date()
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
    /// A date is one word, and its parts are three.
    fn add_date(&mut self, date: Date) {
        let text = date.to_string();
        self.add(&text);
        if self.seen.insert(text.clone()) {
            self.all.push(' ');
            self.all.push_str(&text);
        }
    }

    fn add_answers(&mut self, intake: &IntakeTable) {
        for list in ["history", "allergies", "goals", "setting"] {
            if let Some(value) = intake.get(list) {
                self.add_texts(value);
            }
        }
    }

    fn add_texts(&mut self, value: &Value) {
        match value {
            Value::String(text) => self.add(text),
            Value::Array(values) => values.iter().for_each(|value| self.add_texts(value)),
            Value::Table(table) => table.iter().for_each(|(_, value)| self.add_texts(value)),
            Value::Integer(_) | Value::Float(_) | Value::Boolean(_) | Value::Datetime(_) => {}
        }
    }

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
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Query {
    /// Beginnings of words, in any order; all must be there.
    pub text: String,
    /// At most so many.
    pub limit: usize,
    /// Signed on this day or later (UTC).
    pub since: Option<Date>,
    /// Signed on this day or earlier (UTC).
    pub until: Option<Date>,
    /// With this verdict.
    pub verdict: Option<Outcome>,
    /// With this goal, by its id.
    pub goal: Option<String>,
    /// In which this rule fired, by its id.
    pub rule: Option<String>,
    /// Of this patient.
    pub patient: Option<Person>,
    /// In which order.
    pub sort: Sort,
}

/// The order of a list.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Sort {
    /// The last saved first.
    #[default]
    Date,
    /// By the patient's name, as people look it up: capitals and accents are alike.
    Name,
    /// The strictest verdict first.
    Verdict,
}

impl Sort {
    /// All orders.
    pub const ALL: [Self; 3] = [Self::Date, Self::Name, Self::Verdict];

    /// Its word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Date => "date",
            Self::Name => "name",
            Self::Verdict => "verdict",
        }
    }
}

impl Query {
    /// The words alone.
    #[must_use]
    pub fn words(text: impl Into<String>, limit: usize) -> Self {
        Self { text: text.into(), limit, ..Self::default() }
    }

    /// Whether a card is among them, but for the words.
    pub(super) fn takes(&self, card: &Card) -> bool {
        let day = || card.saved_at.to_zoned(TimeZone::UTC).date();
        self.since.is_none_or(|since| day() >= since)
            && self.until.is_none_or(|until| day() <= until)
            && self.verdict.is_none_or(|verdict| card.verdict == verdict)
            && self.goal.as_ref().is_none_or(|goal| card.goals.contains(goal))
            && self.rule.as_ref().is_none_or(|rule| card.rules.contains(rule))
            && self.patient.as_ref().is_none_or(|patient| patient.is(card))
    }
}

/// The terms of a search: folded beginnings of words. A date, or the beginning of one, is a single term.
pub(super) fn terms(text: &str) -> Vec<String> {
    let mut terms = Vec::new();
    for part in text.split_whitespace() {
        if is_date(part) {
            terms.push(part.to_owned());
        } else {
            terms.extend(fold(part).split(' ').filter(|word| !word.is_empty()).map(str::to_owned));
        }
    }
    terms
}

/// Digits with dashes between them, such as `1982-03` or `2026-11-22`.
fn is_date(text: &str) -> bool {
    text.contains('-')
        && text.starts_with(|c: char| c.is_ascii_digit())
        && text.chars().all(|c| c.is_ascii_digit() || c == '-')
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
    /// The year of the oldest of all records, whatever was asked for.
    pub oldest: Option<i16>,
}
