//! `pistor records returning` and `alike`: a patient who was here before, or perhaps was.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;

use super::open::{Way, failed};
use super::{resolve, unknown};
use crate::cli::failure::Failure;
use crate::cli::options::{Common, Format};
use crate::cli::page::{Ink, Page, json};
use crate::cli::session::{language, pack_folders};
use crate::config::{self, Config};
use crate::intake::{self, Intake, Offer};
use crate::pack::{Pack, QuestionIx};
use crate::record::{Action, Alike, Document, Event, IntakeTable, Person, SqliteStore, Store};
use crate::tui::carried::Carried;
use crate::tui::paper;

pub(super) const RETURNING: &str = "Examples:
  pistor records returning 0193f0c2 > next.toml      then ask, take the # away from what still holds, add the rest
  pistor assess next.toml                            incomplete while anything that a rule reads is open
  pistor records returning 0193f0c2 --format json";

pub(super) const ALIKE: &str = "Examples:
  pistor records alike Patient Test                  also finds Test Patient
  pistor records alike Test Patiant --born 1982-04-03
  pistor records list --patient ID                   all consultations of one of them";

/// At most so many patients who might be meant.
const MOST: usize = 20;

/// Whose consultation it is.
pub(super) fn of(store: Option<&mut SqliteStore>, id: &str) -> Result<Person, Failure> {
    let Some(store) = store else { return Err(unknown(id)) };
    let record = resolve(store, id)?;
    let card = store.history(record).map_err(failed)?.pop().ok_or_else(|| unknown(id))?;
    let person = Person::of(&card);
    if person.is_named() {
        return Ok(person);
    }
    Err(Failure::plain(
        format!("consultation {record} has no name"),
        "nobody can tell which others are of the same patient",
    ))
}

/// An answer of the last consultation, for programs.
#[derive(Serialize)]
struct Offered<'a> {
    question: &'a str,
    answer: String,
    confirm: &'static str,
}

/// Writes an intake file for the next consultation of a patient.
pub(super) fn returning(common: &Common, config: &Config, way: &Way<'_>, id: &str) -> Result<String, Failure> {
    let Some(mut store) = way.open()? else { return Err(unknown(id)) };
    let pack = config::load_pack(&pack_folders(Some(config), common), language(Some(config), common).as_deref())?;
    let named = resolve(&mut store, id)?;
    let record = store.last_of_patient(named).map_err(failed)?.ok_or_else(|| unknown(id))?;
    let Some(stored) = store.load(record, None).map_err(failed)? else { return Err(unknown(id)) };
    let document = stored.document().map_err(|error| failed(error.into()))?;
    store
        .note(&Event::with(Timestamp::now(), way.actor(), Action::Opened, record, document.version))
        .map_err(failed)?;
    let today = common.today();
    let (carried, lost) = paper::returning(&pack, &document, today);
    if common.format() == Format::Json {
        let offered: Vec<Offered<'_>> = carried.earlier.offers().map(offered).collect();
        return Ok(json(&serde_json::json!({
            "record": record,
            "version": document.version,
            "day": document.assessment.today,
            "today": today,
            "offered": offered,
            "not_understood": lost,
        })));
    }
    Ok(file(&pack, &document, &carried, &lost, today))
}

fn offered<'a>((question, offer): (&'a str, &Offer)) -> Offered<'a> {
    let confirm = if offer.with_its_step() { "as it is" } else { "after asking what is new" };
    Offered { question, answer: value(question, offer), confirm }
}

/// The value as an intake file has it.
fn value(question: &str, offer: &Offer) -> String {
    let mut one = Intake::default();
    one.set(question, offer.shown().clone());
    let table = IntakeTable::parse(&intake::write(&one)).unwrap_or_default();
    table.get(question).map(ToString::to_string).unwrap_or_default()
}

fn file(pack: &Pack, document: &Document, carried: &Carried, lost: &[String], today: Date) -> String {
    let mut text = String::new();
    let mut line = |words: &str| {
        // A name may hold a line break: no part of it becomes a line of the file.
        text.push_str(&words.replace(|c: char| c.is_control(), " "));
        text.push('\n');
    };
    let name = match document.patient.name.trim() {
        "" => "(no name)",
        name => name,
    };
    let born = document.patient.birth_date.map(|date| format!(", born {date}")).unwrap_or_default();
    line(&format!("# {name}{born}"));
    let day = document.assessment.today;
    line(&format!(
        "# Offered on {today} from the consultation of {day} ({}, version {}).",
        document.id, document.version
    ));
    line("# Nothing below counts yet: a line with # is not asked. Ask, then take the # away from what still holds.");
    for (with_step, head) in
        [(true, "# To be confirmed:"), (false, "# To be asked again: what is new since then, what is over.")]
    {
        let mut lines: Vec<(&str, &Offer)> =
            carried.earlier.offers().filter(|(_, offer)| offer.with_its_step() == with_step).collect();
        lines.sort_by_key(|(question, _)| pack.questions.find(question).map(QuestionIx::get));
        if !lines.is_empty() {
            line("");
            line(head);
        }
        for (question, offer) in lines {
            line(&format!("# {question} = {}", value(question, offer)));
        }
    }
    let asked: Vec<&str> = pack
        .questions
        .iter()
        .filter(|question| question.required && !carried.earlier.offers().any(|(id, _)| id == question.id))
        .map(|question| question.id.as_str())
        .collect();
    line("");
    line(&format!("# Asked anew: {}", asked.join(", ")));
    for words in lost {
        line(&format!("# Not understood by this pack: {words}"));
    }
    text
}

/// Lists patients who might be meant.
pub(super) fn alike(common: &Common, way: &Way<'_>, name: &str, born: Option<Date>) -> Result<String, Failure> {
    let typed = Person::new(name, born);
    let all = match way.open()? {
        Some(mut store) => store.alike(&typed, MOST).map_err(failed)?,
        None => Vec::new(),
    };
    if common.format() == Format::Json {
        let row = |alike: &Alike| {
            serde_json::json!({
                "patient": alike.card.patient,
                "birth_date": alike.card.birth_date,
                "consultations": alike.consultations,
                "newest": alike.card.id,
                "saved_at": alike.card.saved_at,
                "why": alike.likeness.words(),
            })
        };
        return Ok(json(&all.iter().map(row).collect::<Vec<_>>()));
    }
    let mut page = Page::new(common.colour_of_results());
    if all.is_empty() {
        page.text(0, 0, "nobody on record looks like this patient");
    }
    for alike in &all {
        let born = alike.card.birth_date.map_or_else(|| "no date of birth".to_owned(), |date| format!("born {date}"));
        page.inked(0, 2, Ink::Bold, &alike.card.patient, &format!("{born}: {}", alike.likeness.words()));
        let seen = super::text::local(alike.card.saved_at);
        page.field(2, "consultations", &format!("{}, the last {seen}", alike.consultations));
        page.field(2, "id", &alike.card.id.to_string());
    }
    Ok(page.finish())
}
