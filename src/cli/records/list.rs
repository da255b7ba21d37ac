//! `pistor records list`: saved consultations, narrowed and in order.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;

use super::open::{Way, failed};
use super::{patient, text};
use crate::cli::failure::Failure;
use crate::cli::options::{Common, Format, date};
use crate::cli::page::{Page, json};
use crate::cli::session::Session;
use crate::plan::Outcome;
use crate::record::{Card, Listing, Query, RecordId, Sort, Store};
use crate::tui::finder::Finder;

/// Which consultations to list, beside the words.
#[derive(clap::Args, Debug)]
pub(super) struct Filter {
    /// At most so many
    #[arg(long, value_name = "N", default_value_t = 100)]
    limit: usize,
    /// Signed on this day or later
    #[arg(long, value_name = "DATE", value_parser = date)]
    since: Option<Date>,
    /// Signed on this day or earlier
    #[arg(long, value_name = "DATE", value_parser = date)]
    until: Option<Date>,
    /// With this verdict: proceed, caution, clearance, defer, refer, decline
    #[arg(long, value_name = "VERDICT", value_parser = verdict)]
    verdict: Option<Outcome>,
    /// With this goal, by its id
    #[arg(long, value_name = "ID")]
    goal: Option<String>,
    /// In which this rule fired, by its id
    #[arg(long, value_name = "ID")]
    rule: Option<String>,
    /// Signed in this year
    #[arg(long, value_name = "YEAR", value_parser = clap::value_parser!(i16).range(1900..=9999), conflicts_with_all = ["since", "until"])]
    year: Option<i16>,
    /// Of the patient of this consultation: its id, or the beginning or end of it
    #[arg(long, value_name = "ID")]
    patient: Option<String>,
    /// In which order
    #[arg(long, value_name = "BY", value_parser = sort, default_value = "date")]
    sort: Sort,
}

impl Filter {
    fn query(&self, text: String) -> Query {
        let Self { limit, since, until, verdict, goal, rule, year, patient: _, sort } = self;
        Query {
            text,
            limit: *limit,
            since: year.and_then(|year| Date::new(year, 1, 1).ok()).or(*since),
            until: year.and_then(|year| Date::new(year, 12, 31).ok()).or(*until),
            sort: *sort,
            verdict: *verdict,
            goal: goal.clone(),
            rule: rule.clone(),
            ..Query::default()
        }
    }
}

fn verdict(word: &str) -> Result<Outcome, String> {
    serde_json::from_value(serde_json::Value::String(word.to_owned()))
        .map_err(|_| "expected proceed, caution, clearance, defer, refer or decline".to_owned())
}

fn sort(word: &str) -> Result<Sort, String> {
    let found = Sort::ALL.into_iter().find(|sort| sort.word() == word);
    found.ok_or_else(|| "expected date, name or verdict".to_owned())
}

/// A line of the list as programs read it.
#[derive(Serialize)]
pub(super) struct Row<'a> {
    id: RecordId,
    version: u32,
    saved_at: Timestamp,
    patient: &'a str,
    age: Option<u32>,
    verdict: &'a str,
    stopped: bool,
    goals: &'a [String],
    recipes: &'a [String],
    practitioner: &'a str,
}

pub(super) fn list(common: &Common, way: &Way<'_>, words: &[String], filter: &Filter) -> Result<String, Failure> {
    let mut store = way.open()?;
    let mut query = filter.query(words.join(" "));
    if let Some(id) = &filter.patient {
        query.patient = Some(patient::of(store.as_mut(), id)?);
    }
    if !query.text.is_empty() {
        // Brands and lay words find what they are names of; a pack with a mistake takes nothing else away.
        let also = |session: Session| Finder::new().also(&session.pack, &query.text);
        query.also = Session::open(common).map(also).unwrap_or_default();
    }
    let listing = match store {
        Some(mut store) => store.list(&query).map_err(failed)?,
        None => Listing::default(),
    };
    Ok(match common.format() {
        Format::Json => json(&listing.cards.iter().map(row).collect::<Vec<_>>()),
        Format::Text => {
            let mut page = Page::new(common.colour_of_results());
            let all = Query { limit: query.limit, sort: query.sort, ..Query::default() };
            text::list(&mut page, &listing, query != all);
            page.finish()
        }
    })
}

pub(super) fn row(card: &Card) -> Row<'_> {
    Row {
        id: card.id,
        version: card.version,
        saved_at: card.saved_at,
        patient: &card.patient,
        age: card.age,
        verdict: card.verdict.word(),
        stopped: card.stopped,
        goals: &card.goals,
        recipes: &card.recipes,
        practitioner: &card.practitioner,
    }
}
