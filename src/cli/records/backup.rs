//! `pistor records backup` and `restore`.

use std::path::Path;

use super::open::{Way, failed};
use crate::cli::Ended;
use crate::cli::failure::Failure;
use crate::cli::options::{Common, Format};
use crate::cli::page::{Ink, Page, json};
use crate::config::in_words;
use crate::record::{Card, Query, SqliteStore, Store, StoreError, Verification};
use crate::tui::text::count;

fn nothing() -> Failure {
    Failure::plain("there are no records yet", "`pistor paths` says where they would be")
}

/// Writes a backup and reads it again. Exit code 1 when the records, and so their copy, are not as they were written.
pub(super) fn backup(
    common: &Common,
    way: &Way<'_>,
    folder: &Path,
    keep: Option<usize>,
) -> Result<(String, Ended), Failure> {
    let mut store = way.open()?.ok_or_else(nothing)?;
    let done = store.backup(folder, keep, way.actor()).map_err(failed)?;
    let ended = if done.found.sound() { Ended::Done } else { Ended::ProblemsFound };
    if common.format() == Format::Json {
        let row = serde_json::json!({
            "file": done.file, "sound": done.found.sound(), "head": done.found.head,
            "versions": done.found.versions, "drafts": done.found.drafts, "removed": done.removed,
            "problems": done.found.problems,
        });
        return Ok((json(&row), ended));
    }
    let mut page = Page::new(common.colour_of_results());
    page.field(0, "backup", &done.file.display().to_string());
    told(&mut page, &done.found);
    page.fields(0, "removed", done.removed.iter().map(|file| file.display().to_string()));
    Ok((page.finish(), ended))
}

fn told(page: &mut Page, found: &Verification) {
    let counted = format!("{} saved versions, {} drafts, read again", found.versions, found.drafts);
    if found.sound() {
        page.inked(0, 2, Ink::Good, "✓ sound:", &counted);
    } else {
        page.inked(0, 2, Ink::Stop, "✗ not sound:", &counted);
        found.problems.iter().for_each(|problem| page.inked(2, 4, Ink::Stop, "✗", problem));
    }
    page.field(0, "head", &found.head);
}

/// Puts a backup back.
pub(super) fn restore(common: &Common, way: &Way<'_>, file: &Path) -> Result<String, Failure> {
    if let Err(error) = std::fs::File::open(file).and_then(|open| match open.metadata()?.is_file() {
        true => Ok(()),
        false => Err(std::io::ErrorKind::IsADirectory.into()),
    }) {
        let why = format!("cannot read {}: {}", file.display(), in_words(&error));
        return Err(Failure::plain(why, "a backup is a file that `pistor records backup` wrote; nothing was changed"));
    }
    let had = saved(way);
    let put_back = |secret: Option<&_>| SqliteStore::restore(way.site.clone(), file, secret, way.actor());
    let done = match put_back(None) {
        Err(StoreError::Locked) => put_back(Some(&way.secret("Passphrase of the backup: ")?)),
        done => done,
    };
    let done = done.map_err(failed)?;
    // What was saved after the backup was made is in the file kept beside it, and nowhere else.
    let gone: Vec<Card> = match (had, saved(way)) {
        (Some(had), Some(now)) => had.into_iter().filter(|card| !now.iter().any(|other| is_in(card, other))).collect(),
        _ => Vec::new(),
    };
    if common.format() == Format::Json {
        let row = serde_json::json!({
            "head": done.found.head, "versions": done.found.versions, "drafts": done.found.drafts,
            "before": done.before, "unerased": done.unerased,
            "gone": gone.iter().map(|card| card.id).collect::<Vec<_>>(),
        });
        return Ok(json(&row));
    }
    let mut page = Page::new(common.colour_of_results());
    page.text(0, 0, "The backup is in the place of the records.");
    told(&mut page, &done.found);
    if !done.found.protected {
        page.inked(0, 2, Ink::Warn, "!", "These records are not encrypted: `pistor records protect` does that.");
    }
    if !done.unerased.is_empty() {
        let words = "Consultations that were erased after this backup was made are there again: `pistor records erase` \
                     them once more.";
        page.inked(0, 2, Ink::Warn, "!", words);
        page.fields(2, "id", done.unerased.iter().map(ToString::to_string));
    }
    if !gone.is_empty() {
        let many = count(gone.len(), "consultation is", "consultations are");
        page.inked(0, 2, Ink::Warn, "!", &format!("{many} not in this backup, or not as they were read last:"));
        page.list(
            2,
            gone.iter().map(|card| {
                let name = if card.patient.is_empty() { "no name" } else { &card.patient };
                format!("{name}, {}, version {}", card.id, card.version)
            }),
        );
    }
    if let Some(before) = done.before {
        page.field(0, "before", &before.display().to_string());
        page.text(
            0,
            0,
            "What was there before is in that file: `pistor records restore` with it goes back. Remove it when nothing is \
             missing.",
        );
    }
    Ok(page.finish())
}

/// The consultations there are; `None` where nobody can tell without a passphrase.
fn saved(way: &Way<'_>) -> Option<Vec<Card>> {
    if !way.site.records.exists() {
        return None;
    }
    let mut store = SqliteStore::open(way.site.clone()).ok()?;
    Some(store.list(&Query { limit: usize::MAX, ..Query::default() }).ok()?.cards)
}

/// Whether a consultation is there in that version or a newer one.
fn is_in(card: &Card, other: &Card) -> bool {
    other.id == card.id && other.version >= card.version
}
