//! What lists show of a consultation, and the search over them.

use std::collections::{BTreeMap, HashSet};

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
use crate::follow_up::{Entry, What, same_lot, stopping};
use crate::pack::Response;
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
    /// How many sessions and reactions were written down afterwards.
    #[serde(default)]
    pub entries: u32,
    /// A reaction stopped the course: no further session until it is settled.
    #[serde(default)]
    pub stopped: bool,
    /// The lots that were given, and what was seen after them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lots: Vec<CardLot>,
    /// Allergies and medicines, by question: ids, and words. Whoever looks like this patient is asked about them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub known: BTreeMap<String, Vec<String>>,
    /// The folded words of all this and of the notes, each once, each after a blank.
    pub words: String,
}

/// A lot, as one patient had it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CardLot {
    /// As it was written down.
    pub lot: String,
    /// The product, if a session names it.
    pub product: String,
    /// The days on which it was given.
    pub given: Vec<Date>,
    /// Reactions it is named in, each as it stands now.
    pub reactions: Vec<CardReaction>,
}

/// A reaction, in short.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CardReaction {
    /// The entry that began it.
    pub entry: u32,
    /// The signs, by their ids.
    pub what: Vec<String>,
    /// 1 to 5.
    pub grade: u8,
    /// The day it began, if it is known.
    pub began: Option<Date>,
    /// Whether it is not over.
    pub open: bool,
    /// What the red flags said.
    pub response: Response,
}

/// The lots of a consultation.
fn lots(document: &Document) -> Vec<CardLot> {
    let mut all: Vec<CardLot> = Vec::new();
    fn of<'a>(all: &'a mut Vec<CardLot>, lot: &str) -> Option<&'a mut CardLot> {
        let at = all.iter().position(|known| same_lot(&known.lot, lot)).unwrap_or_else(|| {
            let (given, reactions) = (Vec::new(), Vec::new());
            all.push(CardLot { lot: lot.to_owned(), product: String::new(), given, reactions });
            all.len() - 1
        });
        all.get_mut(at)
    }
    for entry in &document.follow_up {
        if let Some(session) = entry.session() {
            for given in &session.given {
                let Some(card) = given.lot.as_deref().and_then(|lot| of(&mut all, lot)) else { continue };
                if card.product.is_empty() {
                    card.product.clone_from(&given.product);
                }
                if !card.given.contains(&session.date) {
                    card.given.push(session.date);
                }
            }
        }
        let Some(seen) = entry.reaction() else { continue };
        let first = seen.updates.unwrap_or(entry.number);
        // What was brought up to date stands once: as it is now.
        all.iter_mut().for_each(|card| card.reactions.retain(|known| known.entry != first));
        let (what, grade) = (seen.what.clone(), seen.grade);
        let (began, open, response) = (seen.began(), seen.is_open(), seen.answer.response);
        let short = CardReaction { entry: first, what, grade, began, open, response };
        for lot in &seen.lots {
            if let Some(card) = of(&mut all, lot) {
                card.reactions.push(short.clone());
            }
        }
    }
    all
}

/// What must not be lost by one key: lists of these questions.
const KNOWN: [&str; 2] = ["allergies.items", "history.medications"];

/// The entries of those lists.
fn known(intake: &IntakeTable) -> BTreeMap<String, Vec<String>> {
    let entry = |value: &Value| match value {
        Value::String(words) => Some(words.clone()),
        other => other.get("id").or_else(|| other.get("text"))?.as_str().map(str::to_owned),
    };
    let list = |question: &str| {
        let entries = intake.get(question)?.as_array()?;
        let entries: Vec<String> = entries.iter().filter_map(entry).collect();
        (!entries.is_empty()).then(|| (question.to_owned(), entries))
    };
    KNOWN.into_iter().filter_map(list).collect()
}

/// The words of a session or a reaction.
fn add_entry(words: &mut Words, entry: &Entry) {
    words.add(&entry.by);
    match &entry.what {
        What::Session(session) => {
            words.add_date(session.date);
            words.add(&session.practitioner);
            words.add(&session.note);
            for given in &session.given {
                words.add(&given.product);
                words.add(given.lot.as_deref().unwrap_or_default());
            }
        }
        What::Reaction(seen) => {
            words.add("reaction");
            seen.what.iter().chain(&seen.lots).for_each(|word| words.add(word));
            words.add(&seen.text);
            words.add(&seen.note);
        }
    }
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
        document.amendment.iter().for_each(|amendment| words.add(&amendment.reason));
        document.follow_up.iter().for_each(|entry| add_entry(&mut words, entry));
        Self {
            id: document.id,
            version: document.version,
            saved_at: document.saved_at,
            patient: document.patient.name.clone(),
            birth_date: document.patient.birth_date,
            age: age(document),
            verdict: document.assessment.verdict,
            words: words.all,
            entries: u32::try_from(document.follow_up.len()).unwrap_or(u32::MAX),
            stopped: !stopping(&document.follow_up).is_empty(),
            lots: lots(document),
            known: known(&document.intake),
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
    /// What words of the text are other names of: a brand, a lay word.
    pub also: Vec<Also>,
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
    /// In which this lot was given, or named in a reaction.
    pub lot: Option<String>,
    /// Of this patient.
    pub patient: Option<Person>,
    /// In which order.
    pub sort: Sort,
}

/// A coded item that a word of a search is another name of.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Also {
    /// The word, as [`terms`] gives it.
    pub term: String,
    /// The name it begins, for people.
    pub name: String,
    /// The id, as it stands in the answers.
    pub id: String,
    /// The word is only nearly that name: it counts where nothing else is found.
    pub similar: bool,
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
            && self.lot.as_ref().is_none_or(|lot| card.lots.iter().any(|known| same_lot(&known.lot, lot)))
            && self.patient.as_ref().is_none_or(|patient| patient.is(card))
    }
}

/// The terms of a search: folded beginnings of words. A date, or the beginning of one, is a single term.
#[must_use]
pub fn terms(text: &str) -> Vec<String> {
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
    /// What the words hit in those of the cards where it is not the name or the date of birth.
    pub hits: BTreeMap<RecordId, String>,
    /// Nothing matches exactly: these have names, or what is called by names, that are nearly so.
    pub similar: bool,
}
