//! `pistor records diff`: two consultations, line by line.

use jiff::Timestamp;
use serde::Serialize;

use super::open::{Way, failed};
use super::{resolve, text, unknown};
use crate::cli::failure::Failure;
use crate::cli::options::{Common, Format};
use crate::cli::page::{Ink, Page, json};
use crate::record::{Action, Difference, Document, Event, Person, RecordId, SqliteStore, Store, compare};

pub(super) const EXAMPLES: &str = "Examples:
  pistor records diff 0193f0c2 0193f2aa              what reads differently
  pistor records diff 0193f0c2@1 0193f0c2@2          two versions of one consultation
  pistor records diff 0193f0c2 0193f2aa --all        all lines, the same ones too
  pistor records diff 0193f0c2 0193f2aa --format json";

#[derive(Serialize)]
struct Compared<'a> {
    one: Side<'a>,
    other: Side<'a>,
    same_patient: bool,
    lines: &'a [Difference],
    same: usize,
}

#[derive(Serialize)]
struct Side<'a> {
    id: RecordId,
    version: u32,
    saved_at: Timestamp,
    patient: &'a str,
}

impl<'a> Side<'a> {
    fn of(document: &'a Document) -> Self {
        Self {
            id: document.id,
            version: document.version,
            saved_at: document.saved_at,
            patient: &document.patient.name,
        }
    }
}

/// Compares two consultations, or two versions.
pub(super) fn diff(common: &Common, way: &Way<'_>, one: &str, other: &str, all: bool) -> Result<String, Failure> {
    let Some(mut store) = way.open()? else { return Err(unknown(one)) };
    let (one, other) = (read(&mut store, way, one)?, read(&mut store, way, other)?);
    let mut lines = compare(&one, &other);
    let same = lines.iter().filter(|line| line.is_same()).count();
    if !all {
        lines.retain(|line| !line.is_same());
    }
    let person = |document: &Document| Person::new(&document.patient.name, document.patient.birth_date);
    let same_patient = person(&one) == person(&other);
    if common.format() == Format::Json {
        let (one, other) = (Side::of(&one), Side::of(&other));
        return Ok(json(&Compared { one, other, same_patient, lines: &lines, same }));
    }
    let mut page = Page::new(common.colour_of_results());
    for (mark, document) in [("-", &one), ("+", &other)] {
        let words = format!("{} {}, version {}", document.id, document.patient.name, document.version);
        page.inked(0, 2, Ink::Bold, mark, &format!("{words}, {}", text::local(document.saved_at)));
    }
    if !same_patient {
        page.inked(0, 2, Ink::Stop, "!", "two patients: the names or the dates of birth differ");
    }
    page.gap();
    for line in &lines {
        if line.is_same() {
            page.field(2, &line.what, &line.after);
            continue;
        }
        page.inked(0, 2, Ink::Bold, "≠", &line.what);
        for (mark, words) in [("-", &line.before), ("+", &line.after)] {
            page.text(4, 6, &format!("{mark} {}", if words.is_empty() { "(not there)" } else { words }));
        }
    }
    if lines.iter().all(Difference::is_same) {
        page.text(0, 0, "the two read the same");
    } else if !all {
        page.inked(0, 2, Ink::Dim, "·", &format!("{same} lines read the same; --all shows them"));
    }
    Ok(page.finish())
}

/// A consultation, or the version of it that `ID@N` names. Whoever reads it leaves a trace.
fn read(store: &mut SqliteStore, way: &Way<'_>, text: &str) -> Result<Document, Failure> {
    let (id, version) = match text.split_once('@') {
        None => (text, None),
        Some((id, version)) => match version.parse::<u32>() {
            Ok(version) => (id, Some(version)),
            Err(_) => {
                let what = format!("`{version}` is no version");
                return Err(Failure::plain(what, "expected a number, as in 0193f0c2@1"));
            }
        },
    };
    let id = resolve(store, id)?;
    let Some(stored) = store.load(id, version).map_err(failed)? else {
        return Err(match version {
            Some(version) => Failure::plain(format!("consultation {id} has no version {version}"), ""),
            None => unknown(&id.to_string()),
        });
    };
    let document = stored.document().map_err(|error| failed(error.into()))?;
    store.note(&Event::with(Timestamp::now(), way.actor(), Action::Opened, id, stored.card.version)).map_err(failed)?;
    Ok(document)
}
