//! `pistor records backup` and `restore`.

use std::path::Path;

use super::open::{Way, failed};
use crate::cli::Ended;
use crate::cli::failure::Failure;
use crate::cli::options::{Common, Format};
use crate::cli::page::{Ink, Page, json};
use crate::record::{SqliteStore, StoreError, Verification};

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
    let put_back = |secret: Option<&_>| SqliteStore::restore(way.site.clone(), file, secret, way.actor());
    let done = match put_back(None) {
        Err(StoreError::Locked) => put_back(Some(&way.secret("Passphrase of the backup: ")?)),
        done => done,
    };
    let done = done.map_err(failed)?;
    if common.format() == Format::Json {
        let row = serde_json::json!({
            "head": done.found.head, "versions": done.found.versions, "drafts": done.found.drafts,
            "before": done.before, "unerased": done.unerased,
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
    if let Some(before) = done.before {
        page.field(0, "before", &before.display().to_string());
        page.text(0, 0, "What was there before is in that file. Remove it when nothing is missing.");
    }
    Ok(page.finish())
}
