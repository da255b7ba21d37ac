//! `pistor records`: saved consultations.

mod backup;
mod diff;
mod erase;
mod follow_up;
mod history;
mod leaflet;
mod list;
mod lock;
mod open;
mod patient;
mod text;
mod transfer;
mod verify;

use std::path::PathBuf;

use clap::Subcommand;
use jiff::Timestamp;
use jiff::civil::Date;

use super::Ended;
use super::failure::Failure;
use super::options::{Common, Format, date};
use super::page::{Page, json};
use super::plain::{self, Start};
use super::screen;
use crate::config::{self, Places};
use crate::record::{Action, Event, Query, RecordId, SqliteStore, Store, Stored};
pub(super) use follow_up::{Recorded, answered};
use open::Unlocking;
pub(super) use open::Way;
pub(super) use open::failed;

#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    unlocking: Unlocking,
    #[command(flatten)]
    common: Common,
}

const EXAMPLES: &str = "Examples:
  pistor records list
  pistor records list --since 2026-01-01 --verdict refer
  pistor records list example hydration     all words must be there, in any order
  pistor records show 0193f0c2              the beginning or the end of an id is enough when it is the only one
  pistor records show 0193f0c2 --format json
  pistor records amend 0193f0c2             line by line: a new version with a reason
  pistor records again 0193f0c2             line by line: a new consultation, the last one offered
  pistor records follow-up 0193f0c2         line by line: a session or a reaction; what to do is said at once
  pistor records follow-up 0193f0c2 reaction.toml   the same from a file
  pistor records leaflet 0193f0c2           what the patient takes home: before, after, when to call
  pistor records lot L2041                  who got this lot, and what happened
  pistor records list --sort name --year 2026
  pistor records list --patient 0193f0c2    all consultations of that patient
  pistor records diff 0193f0c2 0193f2aa     two consultations, what differs
  pistor records returning 0193f0c2         an intake file for the next one, nothing confirmed yet
  pistor records verify                     is anything changed, removed or put back?
  pistor records backup /media/usb          a copy that is whole, whoever is saving meanwhile
  pistor records protect                    encrypt everything under a passphrase";

const HELD: &str = "It is held as `pistor --plain` holds a consultation: `help` says what can be typed. Nothing is \
saved before the signature.

Examples:
  pistor records amend 0193f0c2             then `change weight`, `sign`, and the reason
  pistor records again 0193f0c2             then `/same` where an answer of the last time still holds";

#[derive(Subcommand, Debug)]
enum Command {
    /// List consultations, newest first
    #[command(after_help = EXAMPLES)]
    List {
        /// Beginnings of words: names, goals, verdicts, rules, notes
        #[arg(value_name = "TEXT")]
        text: Vec<String>,
        #[command(flatten)]
        filter: list::Filter,
        #[command(flatten)]
        common: Common,
    },
    /// Show a consultation: answers, decisions, assessment, plan
    #[command(after_help = EXAMPLES)]
    Show {
        /// The id, or its beginning or end
        #[arg(value_name = "ID")]
        id: String,
        /// The version; the newest when absent
        #[arg(long, value_name = "N")]
        version: Option<u32>,
        #[command(flatten)]
        common: Common,
    },
    /// Show all versions of a consultation: who amended it, why, and what that changed
    History {
        /// The id, or its beginning or end
        #[arg(value_name = "ID")]
        id: String,
        #[command(flatten)]
        common: Common,
    },
    /// Amend a consultation, line by line: a new version with a reason; the old one stays as it is
    #[command(after_help = HELD)]
    Amend {
        /// The id, or its beginning or end
        #[arg(value_name = "ID")]
        id: String,
        #[command(flatten)]
        common: Common,
    },
    /// Begin a new consultation of a patient, line by line: what lasts of the last one is offered, to be confirmed
    #[command(after_help = HELD)]
    Again {
        /// The id of a consultation of the patient, or its beginning or end
        #[arg(value_name = "ID")]
        id: String,
        #[command(flatten)]
        common: Common,
    },
    /// Write down a session that was given, or a reaction: line by line, or from a file; a reaction is answered at once
    #[command(name = "follow-up", after_help = follow_up::HELP)]
    FollowUp(follow_up::Args),
    /// Write what the patient takes home: before the session, after it, when to call
    #[command(after_help = leaflet::HELP)]
    Leaflet(leaflet::Args),
    /// List who got a lot, and the reactions in which it is named
    Lot {
        /// The lot, as it stands on the box; capitals, blanks and dashes mean nothing
        #[arg(value_name = "LOT")]
        lot: String,
        #[command(flatten)]
        common: Common,
    },
    /// Compare two consultations: what reads differently in the second one
    #[command(after_help = diff::EXAMPLES)]
    Diff {
        /// The id of the one, or its beginning or end; `ID@N` is version N
        #[arg(value_name = "A")]
        one: String,
        /// The id of the other
        #[arg(value_name = "B")]
        other: String,
        /// The lines that read the same, too
        #[arg(long)]
        all: bool,
        #[command(flatten)]
        common: Common,
    },
    /// Write an intake file for a patient who comes again, from the last consultation
    ///
    /// What lasts stands in it as a remark, to be confirmed by taking the mark away; what ages is left open. So nothing of
    /// an earlier consultation counts before somebody confirms it.
    #[command(after_help = patient::RETURNING)]
    Returning {
        /// The id of a consultation of the patient, or its beginning or end
        #[arg(value_name = "ID")]
        id: String,
        #[command(flatten)]
        common: Common,
    },
    /// Find patients on record who might be meant: exchanged names, slips of one letter, day and month exchanged
    #[command(after_help = patient::ALIKE)]
    Alike {
        /// The name
        #[arg(value_name = "NAME", required = true)]
        name: Vec<String>,
        /// The date of birth
        #[arg(long, value_name = "DATE", value_parser = date)]
        born: Option<Date>,
        #[command(flatten)]
        common: Common,
    },
    /// Check everything: changed, removed, reordered or put back
    ///
    /// Exit code 1 when something is wrong.
    Verify {
        /// A head of the audit trail that was printed or noted elsewhere: it must be in the trail
        #[arg(long, value_name = "HEX")]
        head: Option<String>,
        #[command(flatten)]
        common: Common,
    },
    /// Show the audit trail: who did what, and when
    Audit {
        /// At most so many, the newest
        #[arg(long, value_name = "N", default_value_t = 50)]
        limit: usize,
        #[command(flatten)]
        common: Common,
    },
    /// Copy everything to a new file, while others may be saving, and read it again
    Backup {
        /// The folder for it; not on the same disk
        #[arg(value_name = "DIR")]
        folder: PathBuf,
        /// Remove older backups in that folder, all but the newest N
        #[arg(long, value_name = "N")]
        keep: Option<usize>,
        #[command(flatten)]
        common: Common,
    },
    /// Put a backup in the place of the records, after reading all of it; what is there now is kept beside it
    Restore {
        /// The backup
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// Really put it there; without this nothing is done
        #[arg(long)]
        yes: bool,
        #[command(flatten)]
        common: Common,
    },
    /// Write everything to a new folder: TOML, JSON, CSV; readable by anyone who gets the folder
    Export {
        /// The folder; must not be there, or be empty
        #[arg(value_name = "DIR")]
        folder: PathBuf,
        /// Only these consultations: ids, or their beginnings or ends
        #[arg(value_name = "ID")]
        ids: Vec<String>,
        #[command(flatten)]
        common: Common,
    },
    /// Take in consultations that were exported: files, or folders of them
    Import {
        /// TOML or JSON files, or folders
        #[arg(value_name = "PATH", required = true)]
        paths: Vec<PathBuf>,
        #[command(flatten)]
        common: Common,
    },
    /// List what has been kept for longer than it must be
    Retention {
        /// Keep for so many years, whatever the jurisdiction says
        #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=100))]
        years: Option<u8>,
        #[command(flatten)]
        common: Common,
    },
    /// Erase a consultation for good; a tombstone and the audit trail say that it was there
    Erase {
        /// The whole id
        #[arg(value_name = "ID")]
        id: String,
        /// Why; it stays, so name no patient
        #[arg(long, value_name = "TEXT")]
        reason: String,
        /// Yes, really: without it, nothing is done
        #[arg(long)]
        yes: bool,
        /// Also before the time is over for which it must be kept
        #[arg(long)]
        early: bool,
        #[command(flatten)]
        common: Common,
    },
    /// Encrypt everything under a passphrase; prints the recovery code
    Protect {
        /// Leave the records readable instead, and do not ask on the screen any more
        #[arg(long)]
        decline: bool,
        #[command(flatten)]
        common: Common,
    },
    /// Set another passphrase
    Passphrase {
        /// Read the new one from the first line of this file
        #[arg(long, value_name = "FILE")]
        new_passphrase_file: Option<PathBuf>,
        #[command(flatten)]
        common: Common,
    },
    /// Make another recovery code
    RecoveryCode {
        #[command(flatten)]
        common: Common,
    },
    /// Encrypt everything with a new key; prints a new recovery code
    RotateKey {
        /// With the recovery code: read a new passphrase from the first line of this file
        #[arg(long, value_name = "FILE")]
        new_passphrase_file: Option<PathBuf>,
        #[command(flatten)]
        common: Common,
    },
}

impl Args {
    /// The common options, wherever on the line they stand.
    pub fn merge(&self, own: Common) -> Common {
        own.with(&self.common).with(self.command.common())
    }
}

impl Command {
    const fn common(&self) -> &Common {
        match self {
            Self::List { common, .. }
            | Self::Show { common, .. }
            | Self::History { common, .. }
            | Self::Amend { common, .. }
            | Self::Again { common, .. }
            | Self::FollowUp(follow_up::Args { common, .. })
            | Self::Leaflet(leaflet::Args { common, .. })
            | Self::Lot { common, .. }
            | Self::Diff { common, .. }
            | Self::Returning { common, .. }
            | Self::Alike { common, .. }
            | Self::Verify { common, .. }
            | Self::Audit { common, .. }
            | Self::Backup { common, .. }
            | Self::Restore { common, .. }
            | Self::Export { common, .. }
            | Self::Import { common, .. }
            | Self::Retention { common, .. }
            | Self::Erase { common, .. }
            | Self::Protect { common, .. }
            | Self::Passphrase { common, .. }
            | Self::RecoveryCode { common }
            | Self::RotateKey { common, .. } => common,
        }
    }
}

pub(super) fn run(common: &Common, args: &Args) -> Result<(String, Ended), Failure> {
    let places = Places::of_this_machine();
    let config = config::load(common.config.as_deref(), &places)?;
    let way = Way::find(&config, &places, args.unlocking.passphrase_file.as_deref())?;
    let text = match &args.command {
        Command::List { text, filter, .. } => list::list(common, &way, text, filter)?,
        Command::Amend { id, .. } => {
            let settings = screen::settings(common, &config)?;
            return plain::run(common, &settings, way.passphrase_file, &Start::Amend(id.clone()));
        }
        Command::Again { id, .. } => {
            let settings = screen::settings(common, &config)?;
            return plain::run(common, &settings, way.passphrase_file, &Start::Again(id.clone()));
        }
        Command::Show { id, version, .. } => show(common, &way, id, *version)?,
        Command::History { id, .. } => history::history(common, &way, id)?,
        Command::FollowUp(args) => return follow_up::record(common, &way, args),
        Command::Leaflet(args) => leaflet::show(common, &way, args)?,
        Command::Lot { lot, .. } => follow_up::lot(common, &way, lot)?,
        Command::Diff { one, other, all, .. } => diff::diff(common, &way, one, other, *all)?,
        Command::Returning { id, .. } => patient::returning(common, &config, &way, id)?,
        Command::Alike { name, born, .. } => patient::alike(common, &way, &name.join(" "), *born)?,
        Command::Verify { head, .. } => return verify::verify(common, &way, head.as_deref()),
        Command::Audit { limit, .. } => verify::audit(common, &way, *limit)?,
        Command::Backup { folder, keep, .. } => return backup::backup(common, &way, folder, *keep),
        Command::Restore { file, yes, .. } => backup::restore(common, &way, file, *yes)?,
        Command::Export { folder, ids, .. } => transfer::export(common, &way, folder, ids)?,
        Command::Import { paths, .. } => return transfer::import(common, &way, paths),
        Command::Retention { years, .. } => erase::retention(common, &way, *years)?,
        Command::Erase { id, reason, yes, early, .. } => {
            erase::erase(common, &way, id, reason, erase::Meant { yes: *yes, early: *early })?
        }
        Command::Protect { decline: true, .. } => lock::decline(&way)?,
        Command::Protect { .. } => lock::protect(common, &way)?,
        Command::Passphrase { new_passphrase_file, .. } => lock::passphrase(&way, new_passphrase_file.as_deref())?,
        Command::RecoveryCode { .. } => lock::recovery_code(common, &way)?,
        Command::RotateKey { new_passphrase_file, .. } => lock::rotate(common, &way, new_passphrase_file.as_deref())?,
    };
    Ok((text, Ended::Done))
}

fn show(common: &Common, way: &Way<'_>, id: &str, version: Option<u32>) -> Result<String, Failure> {
    let Some(mut store) = way.open()? else { return Err(unknown(id)) };
    let id = resolve(&mut store, id)?;
    let Some(stored) = store.load(id, version).map_err(failed)? else {
        return Err(match version {
            Some(version) => Failure::plain(format!("consultation {id} has no version {version}"), ""),
            None => match store.tombstone(id).map_err(failed)? {
                Some(stone) => {
                    let words = format!("it was erased on {} by {}", stone.at, stone.by);
                    Failure::plain(words, format!("reason: {}", stone.reason))
                }
                None => unknown(&id.to_string()),
            },
        });
    };
    let text = render(common, &stored)?;
    // Whoever reads a consultation leaves a trace, on the screen and here alike.
    let event = Event::with(Timestamp::now(), way.actor(), Action::Opened, id, stored.card.version);
    store.note(&event).map_err(failed)?;
    Ok(text)
}

fn render(common: &Common, stored: &Stored) -> Result<String, Failure> {
    let document = stored.document().map_err(|error| failed(error.into()))?;
    Ok(match common.format() {
        Format::Json => json(&document),
        Format::Text => {
            let mut page = Page::new(common.colour_of_results());
            text::document(&mut page, &document);
            page.finish()
        }
    })
}

/// The id that is meant: a whole one, or the beginning or the end of exactly one.
pub(super) fn resolve(store: &mut SqliteStore, text: &str) -> Result<RecordId, Failure> {
    if let Ok(id) = text.parse() {
        return Ok(id);
    }
    let all = store.list(&Query { limit: usize::MAX, ..Query::default() }).map_err(failed)?;
    let wanted = text.to_lowercase();
    let ids: Vec<String> = all.cards.iter().map(|card| card.id.to_string()).collect();
    let mut meant = ids.iter().filter(|id| !wanted.is_empty() && (id.starts_with(&wanted) || id.ends_with(&wanted)));
    match (meant.next(), meant.count()) {
        (Some(id), 0) => id.parse().map_err(|_| unknown(text)),
        (Some(_), more) => Err(Failure::plain(
            format!("{} consultations have an id with `{text}` at one end", more + 1),
            "give more of it; `pistor records list` shows the ids",
        )),
        (None, _) => Err(unknown(text)),
    }
}

pub(super) fn unknown(id: &str) -> Failure {
    Failure::plain(format!("there is no consultation `{id}`"), "`pistor records list` shows the ids")
}
