//! `pistor records leaflet`: what a patient takes home.

use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::open::{Way, failed};
use super::{resolve, unknown};
use crate::cli::failure::Failure;
use crate::cli::options::{Common, Format};
use crate::cli::page::{clean, json};
use crate::cli::session::Session;
use crate::config::in_words;
use crate::pack::Pack;
use crate::record::{Action, Event, Store};
use crate::tui::leaflet::{leaflet, write_new};

pub(super) const HELP: &str =
    "It holds the texts of the record itself: before the session, after it, when to call. With \
--language they are given in that language, as far as the pack says them and they still read as they did.

Examples:
  pistor records leaflet 0193f0c2                       to look at, or to print: | lp
  pistor records leaflet 0193f0c2 for-the-patient.txt   a new file that only you can read
  pistor records leaflet 0193f0c2 --language fr";

#[derive(clap::Args, Debug)]
pub(super) struct Args {
    /// The id, or its beginning or end
    #[arg(value_name = "ID")]
    id: String,
    /// The file to write; one that is there is never replaced. Without it: standard output
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
    #[command(flatten)]
    pub common: Common,
}

pub(super) fn show(common: &Common, way: &Way<'_>, args: &Args) -> Result<String, Failure> {
    let Some(mut store) = way.open()? else { return Err(unknown(&args.id)) };
    let id = resolve(&mut store, &args.id)?;
    let Some(stored) = store.load(id, None).map_err(failed)? else { return Err(unknown(&args.id)) };
    let document = stored.document().map_err(|error| failed(error.into()))?;
    let text = match common.language {
        None => leaflet(&document, |text| Some(text.to_owned())),
        Some(_) => {
            let mut plainly = common.clone();
            plainly.language = Some("en".to_owned());
            let english = Session::open(&plainly)?;
            let other = Session::open(common)?;
            leaflet(&document, |text| in_other_words(&english.pack, &other.pack, text))
        }
    };
    let Some(text) = text else {
        return Err(Failure::plain(
            "this consultation has no plan: there is nothing for the patient to take home",
            format!("`pistor records show {id}` says why"),
        ));
    };
    if let Some(file) = &args.file {
        write_new(file, &text).map_err(|why| cannot(file, &why))?;
    }
    // It leaves the records: that leaves a trace.
    let event = Event::with(Timestamp::now(), way.actor(), Action::Exported, id, document.version);
    store.note(&event).map_err(failed)?;
    let text = clean_lines(&text);
    Ok(match (&args.file, common.format()) {
        (Some(file), Format::Json) => json(&serde_json::json!({ "file": file.display().to_string() })),
        (Some(file), Format::Text) => format!("{}\n", clean(&file.display().to_string())),
        (None, Format::Json) => json(&serde_json::json!({ "text": text })),
        (None, Format::Text) => text,
    })
}

/// A text of the record in the words of another pack, where it still reads as it did in this one.
fn in_other_words(english: &Pack, other: &Pack, text: &str) -> Option<String> {
    let same = english.care.iter().find(|care| *care.text == *text);
    // One that was signed in that language needs no other words.
    let told = || other.care.iter().any(|care| *care.text == *text).then(|| text.to_owned());
    match same.and_then(|care| other.care.get(&care.id)) {
        Some(care) if *care.text != *text => Some(care.text.to_string()),
        _ => told().filter(|_| same.is_none()),
    }
}

fn clean_lines(text: &str) -> String {
    text.lines().map(|line| format!("{}\n", clean(line))).collect()
}

fn cannot(file: &Path, error: &std::io::Error) -> Failure {
    let help = match error.kind() {
        std::io::ErrorKind::AlreadyExists => "no file is replaced: choose another name",
        std::io::ErrorKind::NotFound => "make the folder first",
        _ => "",
    };
    Failure::plain(format!("cannot write {}: {}", file.display(), in_words(error)), help)
}
