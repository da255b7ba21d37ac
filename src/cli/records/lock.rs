//! `pistor records protect`, `passphrase`, `recovery-code`, `rotate-key`.

use std::path::Path;

use super::open::{Way, failed};
use crate::cli::failure::Failure;
use crate::cli::options::{Common, Format};
use crate::cli::page::{Ink, Page, json};
use crate::record::{FreshCode, Protection, RecoveryCode, Secret, SqliteStore, Store, StoreError};

/// Encrypts everything under a passphrase.
pub(super) fn protect(common: &Common, way: &Way<'_>) -> Result<String, Failure> {
    let mut store = way.open_or_make()?;
    if store.is_protected() {
        return Err(Failure::plain(
            "the records are encrypted already",
            "`pistor records passphrase` sets another one",
        ));
    }
    let secret = way.new_secret(way.passphrase_file, "--passphrase-file")?;
    let fresh = store.protect(&secret, way.actor()).map_err(failed)?;
    Ok(code(common, "The records are encrypted.", &fresh))
}

/// Notes that no passphrase is wanted.
pub(super) fn decline(way: &Way<'_>) -> Result<String, Failure> {
    let mut store = way.open_or_make()?;
    match store.standing().map_err(failed)?.protection {
        Protection::Sealed => Err(Failure::plain("the records are encrypted already", "")),
        Protection::Declined => Ok("The records stay as they are; the screen does not ask.\n".to_owned()),
        Protection::Undecided => {
            store.decline(way.actor()).map_err(failed)?;
            Ok("The records stay as they are: whoever gets hold of the disk can read them. The screen does not ask \
                any more; `pistor records protect` encrypts them.\n"
                .to_owned())
        }
    }
}

/// Sets another passphrase; the recovery code stays as it is.
pub(super) fn passphrase(way: &Way<'_>, new: Option<&Path>) -> Result<String, Failure> {
    let (mut store, current) = unlocked(way, "Current passphrase, or recovery code: ")?;
    let secret = way.new_secret(new, "--new-passphrase-file")?;
    store.change_passphrase(&current, &secret, way.actor()).map_err(failed)?;
    Ok("The passphrase was changed. Backups made before still open with the old one.\n".to_owned())
}

/// Makes another recovery code.
pub(super) fn recovery_code(common: &Common, way: &Way<'_>) -> Result<String, Failure> {
    let (mut store, current) = unlocked(way, "Passphrase: ")?;
    let fresh = store.new_recovery_code(&current, way.actor()).map_err(failed)?;
    Ok(code(common, "The recovery code before opens nothing any more.", &fresh))
}

/// Encrypts everything with another key.
pub(super) fn rotate(common: &Common, way: &Way<'_>, new: Option<&Path>) -> Result<String, Failure> {
    let (mut store, current) = unlocked(way, "Passphrase: ")?;
    // A recovery code is no passphrase: whoever opened with it sets one.
    let secret =
        if RecoveryCode::parse(&current).is_some() { way.new_secret(new, "--new-passphrase-file")? } else { current };
    let fresh = store.rotate(&secret, way.actor()).map_err(failed)?;
    Ok(code(common, "Everything is encrypted with a new key. The recovery code before opens nothing any more.", &fresh))
}

fn unlocked(way: &Way<'_>, prompt: &str) -> Result<(SqliteStore, Secret), Failure> {
    if !way.site.records.exists() {
        return Err(failed(StoreError::Unprotected));
    }
    match SqliteStore::open(way.site.clone()) {
        Ok(_) => Err(failed(StoreError::Unprotected)),
        Err(StoreError::Locked) => {
            let current = way.secret(prompt)?;
            let store = SqliteStore::unlock(way.site.clone(), &current, way.actor()).map_err(failed)?;
            Ok((store, current))
        }
        Err(error) => Err(failed(error)),
    }
}

fn code(common: &Common, done: &str, fresh: &FreshCode) -> String {
    let groups = fresh.code.groups();
    if common.format() == Format::Json {
        return json(&serde_json::json!({ "recovery_code": *groups, "traces": fresh.traces }));
    }
    let mut page = Page::new(common.colour_of_results());
    page.text(0, 0, done);
    page.gap();
    page.inked(0, 2, Ink::Bold, "Recovery code:", &groups);
    page.gap();
    page.text(
        0,
        0,
        "Write it on paper and keep it away from this machine; it is shown this once. Without passphrase and code nobody \
         can read the records again.",
    );
    if let Some(why) = &fresh.traces {
        page.inked(0, 2, Ink::Stop, "✗", &format!("what stood there before may still be found: {why}"));
    }
    page.finish()
}
