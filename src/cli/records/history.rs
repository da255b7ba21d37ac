//! `pistor records history`: all versions of a consultation.

use jiff::Timestamp;
use serde::Serialize;

use super::open::{Way, failed};
use super::{resolve, text, unknown};
use crate::cli::failure::Failure;
use crate::cli::options::{Common, Format};
use crate::cli::page::{Page, json};
use crate::follow_up::Entry;
use crate::record::{Action, Difference, Event, Store, differences};

/// A version, and what it changed.
#[derive(Serialize)]
pub(super) struct Version {
    pub version: u32,
    pub saved_at: Timestamp,
    pub practitioner: String,
    pub reason: Option<String>,
    /// What was added, when this version adds a session or a reaction.
    pub follow_up: Option<&'static str>,
    pub changes: Vec<Difference>,
}

pub(super) fn history(common: &Common, way: &Way<'_>, id: &str) -> Result<String, Failure> {
    let Some(mut store) = way.open()? else { return Err(unknown(id)) };
    let id = resolve(&mut store, id)?;
    let (mut versions, mut before) = (Vec::new(), None);
    for card in store.history(id).map_err(failed)? {
        let Some(stored) = store.load(id, Some(card.version)).map_err(failed)? else { continue };
        // One that a newer program wrote is listed without what it changed.
        let document = stored.document().ok();
        let changes = match (&before, &document) {
            (Some(before), Some(after)) => differences(before, after),
            _ => Vec::new(),
        };
        let added = document.as_ref().filter(|it| it.is_follow_up()).and_then(|it| it.follow_up.last());
        versions.push(Version {
            version: card.version,
            saved_at: card.saved_at,
            practitioner: added.map_or(card.practitioner, |entry| entry.by.clone()),
            reason: document.as_ref().and_then(|document| document.amendment.as_ref()).map(|a| a.reason.clone()),
            follow_up: added.map(Entry::kind),
            changes,
        });
        before = document;
    }
    let Some(newest) = versions.last().map(|version| version.version) else { return Err(unknown(&id.to_string())) };
    // Versions say what the consultation says: looking at them is reading it.
    store.note(&Event::with(Timestamp::now(), way.actor(), Action::Opened, id, newest)).map_err(failed)?;
    Ok(match common.format() {
        Format::Json => json(&versions),
        Format::Text => {
            let mut page = Page::new(common.colour_of_results());
            text::history(&mut page, &versions);
            page.finish()
        }
    })
}
