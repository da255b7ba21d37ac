//! `pistor records export` and `import`: everything in open formats, and back.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::Serialize;

use super::list::row;
use super::open::{Way, failed};
use super::resolve;
use crate::cli::Ended;
use crate::cli::failure::Failure;
use crate::cli::options::{Common, Format};
use crate::cli::page::{Ink, Page, json};
use crate::config::{in_words, read_text};
use crate::record::{Action, Card, Document, Event, Exported, Import, Query, RecordId, SqliteStore, Store};

/// Writes every version as TOML (byte for byte as it was saved) and JSON, a table of all, and the audit trail.
pub(super) fn export(common: &Common, way: &Way<'_>, folder: &Path, ids: &[String]) -> Result<String, Failure> {
    let Some(mut store) = way.open()? else {
        return Err(Failure::plain("there are no records to export", ""));
    };
    let wanted = ids.iter().map(|id| resolve(&mut store, id)).collect::<Result<Vec<RecordId>, _>>()?;
    let all = Query { limit: usize::MAX, ..Query::default() };
    let mut cards = store.list(&all).map_err(failed)?.cards;
    cards.retain(|card| wanted.is_empty() || wanted.contains(&card.id));
    let target = Target::new(folder)?;
    let mut versions = 0;
    for card in &cards {
        for version in 1..=card.version {
            versions += usize::from(one(&mut store, &target, card.id, version)?);
        }
    }
    target.write("consultations.csv", table(&cards).as_bytes())?;
    target.write("consultations.json", json(&cards.iter().map(row).collect::<Vec<_>>()).as_bytes())?;
    if wanted.is_empty() {
        let trail: Vec<Event> = store.audit().map_err(failed)?.into_iter().map(|entry| entry.event).collect();
        target.write("audit.json", json(&trail).as_bytes())?;
    }
    // One entry for each consultation that left, or one for everything.
    let now = Timestamp::now();
    if wanted.is_empty() {
        let detail = format!("everything, {versions} versions");
        store.note(&Event { detail, ..Event::new(now, way.actor(), Action::Exported) }).map_err(failed)?;
    }
    for card in cards.iter().filter(|card| wanted.contains(&card.id)) {
        store.note(&Event::with(now, way.actor(), Action::Exported, card.id, card.version)).map_err(failed)?;
    }
    if common.format() == Format::Json {
        let row = serde_json::json!({ "folder": folder, "consultations": cards.len(), "versions": versions });
        return Ok(json(&row));
    }
    Ok(format!(
        "{} consultations, {versions} versions: {}\nThese files are not encrypted; only your account can read them. Keep them so.\n",
        cards.len(),
        folder.display()
    ))
}

fn one(store: &mut SqliteStore, target: &Target<'_>, id: RecordId, version: u32) -> Result<bool, Failure> {
    let Some(stored) = store.load(id, Some(version)).map_err(failed)? else { return Ok(false) };
    target.write(&format!("{id}-v{version}.toml"), stored.text.as_bytes())?;
    // What a newer program wrote is exported as it is.
    if let Ok(document) = stored.document() {
        target.write(&format!("{id}-v{version}.json"), json(&document).as_bytes())?;
    }
    Ok(true)
}

/// A new folder that only its owner can read.
struct Target<'a>(&'a Path);

impl<'a> Target<'a> {
    fn new(folder: &'a Path) -> Result<Self, Failure> {
        if fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some()) {
            let help = "name a folder that is not there yet: an export never overwrites";
            return Err(Failure::plain(format!("{} is not empty", folder.display()), help));
        }
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(folder).map_err(|error| cannot_write(folder, &error))?;
        Ok(Self(folder))
    }

    fn write(&self, name: &str, bytes: &[u8]) -> Result<(), Failure> {
        let path = self.0.join(name);
        let mut options = fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let written = options.open(&path).and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()));
        written.map_err(|error| cannot_write(&path, &error))
    }
}

fn cannot_write(path: &Path, error: &std::io::Error) -> Failure {
    let help = "the export is not complete: remove the folder, and try another place";
    Failure::plain(format!("cannot write {}: {}", path.display(), in_words(error)), help)
}

/// One line a consultation, for spreadsheets.
fn table(cards: &[Card]) -> String {
    let mut text =
        String::from("id,version,saved_at,patient,birth_date,age,verdict,goals,recipes,rules,practitioner\r\n");
    for card in cards {
        let cells = [
            card.id.to_string(),
            card.version.to_string(),
            card.saved_at.to_string(),
            card.patient.clone(),
            card.birth_date.map(|date| date.to_string()).unwrap_or_default(),
            card.age.map(|age| age.to_string()).unwrap_or_default(),
            card.verdict.word().to_owned(),
            card.goals.join(" "),
            card.recipes.join(" "),
            card.rules.join(" "),
            card.practitioner.clone(),
        ];
        text.push_str(&cells.map(|cell| quoted(&cell)).join(","));
        text.push_str("\r\n");
    }
    text
}

/// A cell. One that a spreadsheet would run as a formula gets an apostrophe in front.
fn quoted(cell: &str) -> String {
    let harmless =
        if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell.to_owned() };
    if harmless.contains(['"', ',', '\n', '\r', ';']) {
        format!("\"{}\"", harmless.replace('"', "\"\""))
    } else {
        harmless
    }
}

/// What came of a file.
#[derive(Serialize)]
struct Line {
    file: PathBuf,
    id: Option<RecordId>,
    version: Option<u32>,
    result: &'static str,
    problem: Option<String>,
}

/// Takes in what was exported. Exit code 1 when a file was not taken in.
pub(super) fn import(common: &Common, way: &Way<'_>, paths: &[PathBuf]) -> Result<(String, Ended), Failure> {
    let mut documents = Vec::new();
    let mut lines = Vec::new();
    for path in paths {
        for (file, named) in files(path)? {
            match document(&file) {
                Ok(Some(exported)) => documents.push((file, exported)),
                Ok(None) if !named => {}
                Ok(None) => lines.push(problem(file, "it is no exported consultation".to_owned())),
                Err(why) => lines.push(problem(file, why)),
            }
        }
    }
    // Versions in their order, whatever the names of the files; TOML before JSON of the same version.
    let order = |(file, exported): &(PathBuf, Exported)| {
        (exported.document.id, exported.document.version, file.extension() != Some("toml".as_ref()))
    };
    documents.sort_by_key(order);
    documents.dedup_by_key(|(_, exported)| (exported.document.id, exported.document.version));
    if documents.is_empty() && lines.is_empty() {
        return Err(Failure::plain("there is no exported consultation there", "they are files such as ID-v1.toml"));
    }
    let mut store = way.open_or_make()?;
    // A few at a time: a folder of ten years is more than memory should hold twice.
    for some in documents.chunks(500) {
        let exported: Vec<Exported> = some.iter().map(|(_, exported)| exported.clone()).collect();
        let results = store.import(&exported, way.actor()).map_err(failed)?;
        lines.extend(some.iter().zip(results).map(|((file, exported), result)| line(file, &exported.document, result)));
    }
    let ended = if lines.iter().any(|line| line.problem.is_some()) { Ended::ProblemsFound } else { Ended::Done };
    if common.format() == Format::Json {
        return Ok((json(&lines), ended));
    }
    let mut page = Page::new(common.colour_of_results());
    let count = |result: &str| lines.iter().filter(|line| line.result == result).count();
    page.text(0, 0, &format!("{} versions added, {} were here already", count("added"), count("known")));
    for line in &lines {
        if let Some(why) = &line.problem {
            page.inked(0, 2, Ink::Stop, "✗", &format!("{}: {why}", line.file.display()));
        }
    }
    Ok((page.finish(), ended))
}

fn line(file: &Path, document: &Document, result: Import) -> Line {
    let (result, problem) = match result {
        Import::Added => ("added", None),
        Import::Known => ("known", None),
        Import::Differs => ("differs", Some("another text is here under the same id and version; it stays")),
        Import::Gap => ("gap", Some("the version before it is not here")),
        Import::Erased => ("erased", Some("it was erased here")),
    };
    let (id, version) = (Some(document.id), Some(document.version));
    Line { file: file.to_owned(), id, version, result, problem: problem.map(str::to_owned) }
}

const fn problem(file: PathBuf, why: String) -> Line {
    Line { file, id: None, version: None, result: "unreadable", problem: Some(why) }
}

/// The files that a path means, and whether it named them one by one.
fn files(path: &Path) -> Result<Vec<(PathBuf, bool)>, Failure> {
    if !path.is_dir() {
        return Ok(vec![(path.to_owned(), true)]);
    }
    let cannot =
        |error: &std::io::Error| Failure::plain(format!("cannot read {}: {}", path.display(), in_words(error)), "");
    let mut found = Vec::new();
    for entry in fs::read_dir(path).map_err(|error| cannot(&error))? {
        let file = entry.map_err(|error| cannot(&error))?.path();
        let kind = file.extension().and_then(|kind| kind.to_str());
        if file.is_file() && matches!(kind, Some("toml" | "json")) {
            found.push((file, false));
        }
    }
    found.sort();
    Ok(found)
}

/// The document in a file with its canonical text; `None` if it is something else, such as the table of an export.
fn document(file: &Path) -> Result<Option<Exported>, String> {
    let text = read_text(file)?;
    if file.extension().is_some_and(|kind| kind == "json") {
        if serde_json::from_str::<serde_json::Value>(&text).is_ok_and(|value| value.get("schema").is_none()) {
            return Ok(None);
        }
        let document = Document::from_json(&text).map_err(|error| error.to_string())?;
        let text = document.to_toml().map_err(|error| error.to_string())?;
        return Ok(Some(Exported { document, text }));
    }
    if text.parse::<toml::Table>().is_ok_and(|table| !table.contains_key("schema")) {
        return Ok(None);
    }
    Exported::read(text).map(Some).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn a_spreadsheet_runs_nothing_of_a_name() {
        for (cell, written) in [
            ("Ada Example", "Ada Example"),
            ("Example, Ada", "\"Example, Ada\""),
            ("say \"Ada\"", "\"say \"\"Ada\"\"\""),
            ("=1+1", "'=1+1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("two\nlines", "\"two\nlines\""),
        ] {
            assert_eq!(quoted(cell), written);
        }
    }
}
