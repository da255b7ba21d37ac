//! `pistor records retention` and `erase`.

use std::collections::HashMap;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, ToSpan};
use serde::Serialize;

use super::open::{Way, failed};
use super::unknown;
use crate::cli::failure::Failure;
use crate::cli::options::{Common, Format};
use crate::cli::page::{Ink, Page, json};
use crate::cli::session::{language, pack_folders};
use crate::config;
use crate::find::fold;
use crate::pack::Pack;
use crate::record::{Card, Query, RecordId, Store, Stored};

/// Years for which everything is kept at least, unless the clinic says otherwise: longer than most claims take.
const AT_LEAST: u8 = 10;
/// A child's record is kept until this birthday.
const BIRTHDAY: i16 = 25;

/// A consultation and until when it is kept.
#[derive(Serialize)]
struct Line {
    id: RecordId,
    patient: String,
    last_contact: Date,
    jurisdiction: String,
    keep_until: Option<Date>,
    over: bool,
    why: String,
}

/// Lists what has been kept for longer than it must be. Nothing is erased.
pub(super) fn retention(common: &Common, way: &Way<'_>, years: Option<u8>) -> Result<String, Failure> {
    let pack =
        config::load_pack(&pack_folders(Some(way.config), common), language(Some(way.config), common).as_deref())?;
    let mut cards = Vec::new();
    let mut lines = Vec::new();
    if let Some(mut store) = way.open()? {
        cards = all_cards(&mut store)?;
        let last = last_contacts(&cards);
        for card in &cards {
            let stored = store.load(card.id, None).map_err(failed)?;
            let code = stored.as_ref().map(jurisdiction).unwrap_or_default();
            let contact = last.get(&who(card)).copied().unwrap_or_else(|| day(card));
            lines.push(line(&pack, card, contact, code, years, common.today()));
        }
    }
    lines.sort_by_key(|line| line.last_contact);
    if common.format() == Format::Json {
        return Ok(json(&lines));
    }
    let mut page = Page::new(common.colour_of_results());
    let over = lines.iter().filter(|line| line.over).count();
    page.text(0, 0, &format!("{} of {} consultations have been kept for as long as they must be", over, cards.len()));
    for line in lines.iter().filter(|line| line.over) {
        let name = if line.patient.is_empty() { "no name" } else { &line.patient };
        page.inked(0, 2, Ink::Warn, "!", &format!("{name}, last contact {}", line.last_contact));
        page.field(2, "id", &line.id.to_string());
        page.field(2, "kept", &line.why);
    }
    let mut unknown: Vec<&str> =
        lines.iter().filter(|line| line.keep_until.is_none()).map(|line| line.why.as_str()).collect();
    unknown.sort_unstable();
    unknown.dedup();
    for why in unknown {
        page.inked(0, 2, Ink::Dim, "·", why);
    }
    page.gap();
    page.text(
        0,
        0,
        "A clinic decides with its own counsel: open claims, complaints and reports of harm keep a record longer. \
         `pistor records erase ID --reason TEXT --yes` erases one.",
    );
    Ok(page.finish())
}

fn all_cards(store: &mut impl Store) -> Result<Vec<Card>, Failure> {
    Ok(store.list(&Query { limit: usize::MAX, ..Query::default() }).map_err(failed)?.cards)
}

/// By whose law it was held; empty where that cannot be read.
fn jurisdiction(stored: &Stored) -> String {
    stored.document().map(|document| document.intake.text("jurisdiction").to_owned()).unwrap_or_default()
}

/// The same person where the date of birth says so; else each consultation stands alone.
fn who(card: &Card) -> String {
    match card.birth_date {
        Some(date) => format!("{date} {}", crate::find::fold(&card.patient)),
        None => card.id.to_string(),
    }
}

fn day(card: &Card) -> Date {
    card.saved_at.to_zoned(TimeZone::UTC).date()
}

fn last_contacts(cards: &[Card]) -> HashMap<String, Date> {
    let mut last: HashMap<String, Date> = HashMap::new();
    for card in cards {
        let at = last.entry(who(card)).or_insert_with(|| day(card));
        *at = (*at).max(day(card));
    }
    last
}

fn line(pack: &Pack, card: &Card, last: Date, code: String, years: Option<u8>, today: Date) -> Line {
    let place = pack.jurisdictions.find(&code);
    let mut path = place.into_iter().flat_map(|ix| pack.jurisdiction_path(ix)).map(|ix| &pack.jurisdictions[ix]);
    let local = path.find_map(|place| Some((place.records_years?, place.label.as_str())));
    let label = place.map_or_else(|| "no jurisdiction".to_owned(), |ix| pack.jurisdictions[ix].label.clone());
    let (years, why) = match (years, local) {
        (Some(years), _) => (Some(years), format!("{years} years, as asked for")),
        (None, Some((local, label))) if local >= AT_LEAST => (Some(local), format!("{local} years ({label})")),
        (None, Some((local, label))) => {
            (Some(AT_LEAST), format!("{AT_LEAST} years ({label} asks for {local} at least)"))
        }
        (None, None) => {
            let note = place.and_then(|ix| pack.jurisdictions[ix].records_note.as_deref()).unwrap_or_default();
            (None, format!("{label}: no one period is known, so nothing is listed; `--years N` sets one. {note}"))
        }
    };
    let adult = card.birth_date.and_then(|birth| birth.checked_add(Span::new().years(BIRTHDAY)).ok());
    let keep_until = years
        .and_then(|years| last.checked_add(i64::from(years).years()).ok())
        .map(|until| adult.map_or(until, |adult| until.max(adult)));
    let over = keep_until.is_some_and(|until| until < today);
    Line { id: card.id, patient: card.patient.clone(), last_contact: last, jurisdiction: code, keep_until, over, why }
}

/// A word of the patient's name that stands in a reason.
fn named_in(patient: &str, reason: &str) -> Option<String> {
    let reason = fold(reason);
    let name = fold(patient);
    let mut name = name.split(' ').filter(|word| word.chars().count() > 2);
    name.find(|word| reason.split(' ').any(|other| other == *word)).map(str::to_owned)
}

impl Line {
    /// Until when it is kept and by whose law, in a sentence.
    fn sentence(&self) -> String {
        match self.keep_until {
            Some(until) if self.over => format!("it was to be kept until {until}: {}", self.why),
            Some(until) => format!(
                "it must be kept until {until}: {}, counted from the last contact on {}",
                self.why, self.last_contact
            ),
            None => format!("until when it must be kept is not known here: {}", self.why.trim_end()),
        }
    }
}

/// How sure somebody is that a consultation is to be erased.
#[derive(Clone, Copy)]
pub(super) struct Meant {
    /// It is meant.
    pub yes: bool,
    /// Also before its time.
    pub early: bool,
}

/// Erases a consultation.
pub(super) fn erase(common: &Common, way: &Way<'_>, id: &str, reason: &str, meant: Meant) -> Result<String, Failure> {
    let Some(mut store) = way.open()? else { return Err(unknown(id)) };
    // The whole id: nothing is erased by a beginning that happened to fit.
    let Ok(record) = id.parse::<RecordId>() else {
        return Err(Failure::plain(format!("`{id}` is no whole id"), "`pistor records list` shows the ids"));
    };
    if let Some(stone) = store.tombstone(record).map_err(failed)? {
        return Err(Failure::plain(format!("it was erased already, on {} by {}", stone.at, stone.by), stone.reason));
    }
    let Some(stored) = store.load(record, None).map_err(failed)? else { return Err(unknown(id)) };
    if reason.trim().is_empty() {
        return Err(Failure::plain("an erasure needs a reason", "--reason \"asked for by the patient\""));
    }
    if let Some(word) = named_in(&stored.card.patient, reason) {
        return Err(Failure::plain(
            format!(
                "the reason names the patient (`{word}`), and it stays in the audit trail for good; nothing was done"
            ),
            "--reason \"asked for by the patient\"",
        ));
    }
    let pack =
        config::load_pack(&pack_folders(Some(way.config), common), language(Some(way.config), common).as_deref())?;
    let last = last_contacts(&all_cards(&mut store)?);
    let contact = last.get(&who(&stored.card)).copied().unwrap_or_else(|| day(&stored.card));
    let kept = line(&pack, &stored.card, contact, jurisdiction(&stored), None, common.today());
    let early = kept.keep_until.is_some() && !kept.over;
    if early && !meant.early {
        return Err(Failure::plain(
            format!("{}; nothing was done", kept.sentence()),
            "where counsel or a court says that it is erased all the same, add --early (and --yes)",
        ));
    }
    if !meant.yes {
        let versions = match stored.card.version {
            1 => "1 version".to_owned(),
            n => format!("{n} versions"),
        };
        let name = if stored.card.patient.is_empty() { "a patient without a name" } else { &stored.card.patient };
        return Err(Failure::plain(
            format!(
                "this would erase {versions} of the consultation of {name}, for good; {}; nothing was done",
                kept.sentence()
            ),
            "add --yes to erase it",
        ));
    }
    let traces = store.erase(record, reason.trim(), way.actor()).map_err(failed)?;
    if common.format() == Format::Json {
        return Ok(json(&serde_json::json!({
            "erased": record, "traces": traces, "keep_until": kept.keep_until, "early": early,
        })));
    }
    let mut page = Page::new(common.colour_of_results());
    page.text(0, 0, &format!("{record} is erased. Backups and exports made before still hold it."));
    if early {
        page.inked(0, 2, Ink::Warn, "!", &format!("Before its time: {}", kept.sentence()));
    }
    if let Some(why) = traces {
        page.inked(0, 2, Ink::Warn, "!", &format!("old bytes may be left in the file ({why})"));
    }
    Ok(page.finish())
}
