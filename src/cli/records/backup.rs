//! `pistor records backup` and `restore`.

use std::path::Path;

use super::open::{Way, failed};
use crate::cli::Ended;
use crate::cli::failure::Failure;
use crate::cli::options::{Common, Format};
use crate::cli::page::{Ink, Page, json};
use crate::record::{Card, Query, SqliteStore, Store, StoreError, Verification};
use crate::tui::text;

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

/// What is in the records, if it can be read without a passphrase.
fn readable(way: &Way<'_>) -> Option<Vec<Card>> {
    if !way.site.records.exists() {
        return None;
    }
    let mut store = SqliteStore::open(way.site.clone()).ok()?;
    let all = store.list(&Query { limit: usize::MAX, ..Query::default() }).ok()?;
    Some(all.cards)
}

/// Puts a backup back.
pub(super) fn restore(common: &Common, way: &Way<'_>, file: &Path, yes: bool) -> Result<String, Failure> {
    if !file.is_file() {
        return Err(Failure::plain(
            format!("{} is no file, so no backup; nothing was done", file.display()),
            "name a file that `pistor records backup` wrote",
        ));
    }
    let now = readable(way);
    if !yes && way.site.records.exists() {
        let now = match &now {
            Some(cards) => text::count(cards.len(), "consultation", "consultations"),
            None => "all records".to_owned(),
        };
        return Err(Failure::plain(
            format!("this would put the backup in the place of {now}; nothing was done"),
            "what was saved after the backup was made is then only in the file that is kept beside it; add --yes to do it",
        ));
    }
    let put_back = |secret: Option<&_>| SqliteStore::restore(way.site.clone(), file, secret, way.actor());
    let done = match put_back(None) {
        Err(StoreError::Locked) => put_back(Some(&way.secret("Passphrase of the backup: ")?)),
        done => done,
    };
    let done = done.map_err(failed)?;
    let back = readable(way);
    let is_back = |card: &&Card| back.iter().flatten().any(|b| b.id == card.id && b.version >= card.version);
    // Where one of the two cannot be read without a passphrase, nothing is said rather than something wrong.
    let missing: Vec<&Card> = match &back {
        Some(_) => now.iter().flatten().filter(|card| !is_back(card)).collect(),
        None => Vec::new(),
    };
    if common.format() == Format::Json {
        let row = serde_json::json!({
            "head": done.found.head, "versions": done.found.versions, "drafts": done.found.drafts,
            "before": done.before, "unerased": done.unerased,
            "missing": missing.iter().map(|card| card.id).collect::<Vec<_>>(),
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
    if !missing.is_empty() {
        page.inked(0, 2, Ink::Warn, "!", "Saved after this backup was made, and not in it:");
        let named = |card: &&Card| {
            let name = if card.patient.trim().is_empty() { "no name" } else { &card.patient };
            format!("{name}, version {}, {}", card.version, card.id)
        };
        page.fields(2, "missing", missing.iter().map(named));
    }
    if let Some(before) = done.before {
        page.field(0, "before", &before.display().to_string());
        page.text(0, 0, "What was there before is in that file. Remove it when nothing is missing.");
    }
    Ok(page.finish())
}
