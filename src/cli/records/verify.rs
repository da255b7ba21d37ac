//! `pistor records verify` and `audit`.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;

use super::open::{Way, failed};
use crate::cli::Ended;
use crate::cli::failure::Failure;
use crate::cli::options::{Common, Format};
use crate::cli::page::{Ink, Page, json};
use crate::record::{Action, AuditEntry, Event, SqliteStore, Store, StoreError, Verification};

/// The result as programs read it.
#[derive(Serialize)]
struct Found<'a> {
    sound: bool,
    versions: usize,
    drafts: usize,
    entries: usize,
    erased: usize,
    head: &'a str,
    encrypted: bool,
    witnessed_entry: Option<u64>,
    notes: &'a [String],
    problems: &'a [String],
    proves: Vec<String>,
    does_not_prove: Vec<String>,
}

/// The store; one that cannot even be opened has nothing more to be checked.
fn opened(way: &Way<'_>) -> Result<Option<SqliteStore>, Failure> {
    way.open_as_it_is().map_err(|why| match why {
        Ok(StoreError::Corrupt { detail }) => Failure::plain(
            format!("the records are so damaged that they cannot be read at all ({detail}); nothing was changed"),
            "`pistor records restore BACKUP` puts a backup in their place, and keeps the damaged file beside it",
        ),
        Ok(why) => failed(why),
        Err(failure) => failure,
    })
}

/// Checks everything, and says what that proves.
pub(super) fn verify(common: &Common, way: &Way<'_>, head: Option<&str>) -> Result<(String, Ended), Failure> {
    let mut found = Verification::default();
    if let Some(mut store) = opened(way)? {
        found = store.verify().map_err(failed)?;
        if let Some(head) = head {
            let in_trail = store.audit().is_ok_and(|trail| trail.iter().any(|entry| has_head(entry, head)));
            if !in_trail {
                found.problems.push(format!("no entry of the audit trail has the head {head}"));
            }
        }
        // That it was checked belongs into the trail; a damaged trail is left alone.
        if found.sound() {
            store.note(&Event::new(Timestamp::now(), way.actor(), Action::Verified)).map_err(failed)?;
        }
    } else if head.is_some() {
        found.problems.push("there are no records at all".to_owned());
    }
    let ended = if found.sound() { Ended::Done } else { Ended::ProblemsFound };
    let (proves, does_not_prove) = meaning(&found, head.is_some());
    if common.format() == Format::Json {
        let result = Found {
            sound: found.sound(),
            versions: found.versions,
            drafts: found.drafts,
            entries: found.entries,
            erased: found.erased,
            head: &found.head,
            encrypted: found.protected,
            witnessed_entry: found.witnessed,
            notes: &found.notes,
            problems: &found.problems,
            proves,
            does_not_prove,
        };
        return Ok((json(&result), ended));
    }
    let mut page = Page::new(common.colour_of_results());
    let counted = format!(
        "{} saved, {} in draft, {} in the audit trail",
        plural(found.versions, "version", "versions"),
        plural(found.drafts, "consultation", "consultations"),
        plural(found.entries, "entry", "entries")
    );
    if found.sound() {
        page.inked(0, 2, Ink::Good, "✓ nothing is wrong:", &counted);
    } else {
        page.inked(0, 2, Ink::Stop, "✗ something is wrong:", &counted);
        found.problems.iter().for_each(|problem| page.inked(2, 4, Ink::Stop, "✗", problem));
        page.text(
            2,
            2,
            "Leave the records as they are, copy their folder, and restore a backup: `pistor records restore`.",
        );
    }
    found.notes.iter().for_each(|note| page.inked(2, 4, Ink::Warn, "!", note));
    if !found.head.is_empty() {
        page.gap();
        page.field(0, "head", &found.head);
    }
    page.heading("This proves");
    proves.iter().for_each(|line| page.inked(2, 4, Ink::Plain, "-", line));
    page.heading("This does not prove");
    does_not_prove.iter().for_each(|line| page.inked(2, 4, Ink::Plain, "-", line));
    Ok((page.finish(), ended))
}

fn plural(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

fn has_head(entry: &AuditEntry, head: &str) -> bool {
    head.len() >= 8 && entry.chain.starts_with(&head.to_ascii_lowercase())
}

/// What a result proves, and what no result can.
fn meaning(found: &Verification, head_given: bool) -> (Vec<String>, Vec<String>) {
    let mut proves = Vec::new();
    if found.sound() {
        proves.push(
            "every saved version is byte for byte what the audit trail says was saved; none is missing, none was added"
                .to_owned(),
        );
        proves.push("no entry of the trail was changed, removed from the middle, or moved".to_owned());
        if found.protected {
            proves.push("none of it was written by somebody without the passphrase".to_owned());
        }
        if let Some(entry) = found.witnessed {
            proves.push(format!(
                "the trail is still there at least up to entry {entry}, which this machine noted outside the records"
            ));
        }
        if head_given {
            proves.push(
                "the head that was given is in the trail: nothing before it was changed since it was noted".into(),
            );
        }
    } else {
        proves
            .push("that what is listed above is not as it was written, and nothing about who did it or why".to_owned());
    }
    let mut open = Vec::new();
    if found.witnessed.is_none() && !head_given {
        open.push(
            "that the last entries were not cut off, or an older copy put back whole: only a head noted elsewhere shows \
             that (`--head`; every backup carries one in its name)"
                .to_owned(),
        );
    } else {
        open.push("that nothing was cut off after the head that was noted".to_owned());
    }
    open.push(if found.protected {
        "what somebody who has the passphrase did: they can build a whole store anew".to_owned()
    } else {
        "anything against somebody who can write the file and knows this program: without a passphrase all of it can be \
         built anew, checksums included"
            .to_owned()
    });
    open.push(
        "who sat at the keyboard, or that the clock was right: names and times are what this program was told".into(),
    );
    (proves, open)
}

/// An entry as programs read it.
#[derive(Serialize)]
struct Row<'a> {
    entry: u64,
    #[serde(flatten)]
    event: &'a Event,
    head: &'a str,
}

/// The audit trail, newest last.
pub(super) fn audit(common: &Common, way: &Way<'_>, limit: usize) -> Result<String, Failure> {
    let trail = match way.open()? {
        Some(mut store) => store.audit().map_err(failed)?,
        None => Vec::new(),
    };
    let shown = &trail[trail.len().saturating_sub(limit)..];
    if common.format() == Format::Json {
        let row = |entry: &'_ AuditEntry| {
            serde_json::to_value(Row {
                entry: entry.seq,
                event: &entry.event,
                head: &entry.chain[..16.min(entry.chain.len())],
            })
        };
        return Ok(json(&shown.iter().filter_map(|entry| row(entry).ok()).collect::<Vec<_>>()));
    }
    let mut page = Page::new(common.colour_of_results());
    if trail.is_empty() {
        page.text(0, 0, "no entries");
    }
    if shown.len() < trail.len() {
        page.text(0, 0, &format!("{} older entries; raise --limit to see them", trail.len() - shown.len()));
    }
    for AuditEntry { seq, event, chain } in shown {
        let at = event.at.to_zoned(TimeZone::system()).strftime("%Y-%m-%d %H:%M:%S");
        let mut words = format!("{at} {} {}", event.actor, event.action.word());
        if let Some(id) = event.record {
            words.push_str(&format!(" {id}"));
        }
        if let Some(version) = event.version {
            words.push_str(&format!(" version {version}"));
        }
        if !event.detail.is_empty() {
            words.push_str(&format!(" ({})", event.detail));
        }
        page.inked(0, 2, Ink::Dim, &format!("{seq:>5} {}", &chain[..16.min(chain.len())]), &words);
    }
    Ok(page.finish())
}
