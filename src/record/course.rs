//! What is written down after a consultation was saved: another version of it that holds one entry more.
//!
//! Nothing of what was signed changes, and nobody's work is lost: an entry is put behind the newest version whatever
//! happened meanwhile, and an amendment takes with it all entries that were written while it was being made.

use jiff::Timestamp;

use super::card::{Card, CardReaction, Query};
use super::document::Document;
use super::error::StoreError;
use super::id::RecordId;
use super::store::{Saved, Store};
use crate::find::fold;
use crate::follow_up::{Entry, What, same_lot};
use crate::pack::Response;

/// How often a version that another program saved in between is waited out.
const TRIES: usize = 20;

/// Adds an entry to a consultation: a new version of it. The draft that it was typed in, if in one, is gone with that.
///
/// # Errors
/// [`StoreError::Erased`] if the consultation is not there any more; if it cannot be read or written.
pub fn follow_up(
    store: &mut dyn Store,
    id: RecordId,
    what: &What,
    draft: Option<RecordId>,
    actor: &str,
    now: Timestamp,
) -> Result<(Saved, Document), StoreError> {
    let mut last = None;
    for _ in 0..TRIES {
        let Some(stored) = store.load(id, None)? else {
            return Err(StoreError::Erased { id });
        };
        let mut document = stored.document()?;
        let number = document.follow_up.iter().map(|entry| entry.number).max().unwrap_or(0) + 1;
        document.follow_up.push(Entry { number, recorded_at: now, by: actor.to_owned(), what: what.clone() });
        document.version += 1;
        document.amendment = None;
        document.signed_at = Some(document.signed());
        document.saved_at = now;
        env!("CARGO_PKG_VERSION").clone_into(&mut document.program);
        let saved = match draft {
            Some(draft) => store.save_from(draft, &document, actor),
            None => store.save(&document, actor),
        };
        match saved {
            Err(StoreError::Conflict { id, tried, newest }) => last = Some(StoreError::Conflict { id, tried, newest }),
            saved => return saved.map(|saved| (saved, document)),
        }
    }
    Err(last.unwrap_or(StoreError::Closed))
}

/// Saves what was signed. An amendment keeps every entry of the versions before it, also of those that were saved after
/// it was begun, as long as these only added entries.
///
/// # Errors
/// As [`Store::save`]: a conflict when somebody else amended it meanwhile; [`StoreError::Erased`] when it is not there any
/// more.
pub fn sign(store: &mut dyn Store, document: &Document, actor: &str) -> Result<Saved, StoreError> {
    if document.amendment.is_none() {
        return store.save(document, actor);
    }
    let mut document = document.clone();
    let mut last = None;
    for _ in 0..TRIES {
        let Some(newest) = store.load(document.id, None)? else {
            return Err(StoreError::Erased { id: document.id });
        };
        let mut only_entries = true;
        for version in document.version..=newest.card.version {
            let between = store.load(document.id, Some(version))?;
            only_entries &= between.is_some_and(|stored| stored.document().is_ok_and(|it| it.is_follow_up()));
        }
        if only_entries && newest.card.version >= document.version {
            document.version = newest.card.version + 1;
        }
        if document.version == newest.card.version + 1 {
            document.follow_up = newest.document()?.follow_up;
        }
        match store.save(&document, actor) {
            Err(StoreError::Conflict { id, tried, newest }) if only_entries => {
                last = Some(StoreError::Conflict { id, tried, newest });
            }
            saved => return saved,
        }
    }
    match last {
        Some(error) => Err(error),
        None => store.save(&document, actor),
    }
}

/// How many other patients had a reaction after one of these lots; `None` without a lot.
///
/// # Errors
/// If the store cannot be read.
pub fn others_with(store: &mut dyn Store, id: RecordId, lots: &[String]) -> Result<Option<u32>, StoreError> {
    if lots.is_empty() {
        return Ok(None);
    }
    let this = store.load(id, None)?.map(|stored| stored.card);
    let mut people: Vec<(String, String)> = Vec::new();
    for lot in lots {
        let query = Query { lot: Some(lot.clone()), limit: usize::MAX, ..Query::default() };
        for card in store.list(&query)?.cards {
            // What was to be expected is no case.
            let case = |seen: &CardReaction| seen.response != Response::Reassure;
            let reacted = card.lots.iter().any(|known| same_lot(&known.lot, lot) && known.reactions.iter().any(case));
            let person = person(&card);
            if reacted && card.id != id && this.as_ref().is_none_or(|this| self::person(this) != person) {
                people.push(person);
            }
        }
    }
    people.sort();
    people.dedup();
    Ok(Some(u32::try_from(people.len()).unwrap_or(u32::MAX)))
}

/// Two consultations of one name and one date of birth are of one person; without a name each is of its own.
fn person(card: &Card) -> (String, String) {
    let name = fold(&card.patient);
    let born = card.birth_date.map(|date| date.to_string()).unwrap_or_default();
    if name.trim().is_empty() { (card.id.to_string(), born) } else { (name, born) }
}
