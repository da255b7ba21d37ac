//! `pistor paths`: where things are.

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::Ended;
use super::failure::Failure;
use super::options::{Common, Format};
use super::page::{Page, json};
use super::session::pack_folders;
use crate::config::{self, Places};

#[derive(clap::Args, Debug)]
#[command(after_help = "Variables: PISTOR_CONFIG (a file), PISTOR_DATA (a folder), XDG_CONFIG_HOME, XDG_DATA_HOME, \
    XDG_STATE_HOME.\n\nExamples:\n  pistor paths\n  pistor paths --format json")]
pub(super) struct Args {
    #[command(flatten)]
    pub common: Common,
}

#[derive(Serialize)]
struct Place<'a> {
    path: Option<&'a Path>,
    exists: bool,
}

#[derive(Serialize)]
struct Output<'a> {
    config: Place<'a>,
    data: Place<'a>,
    records: Place<'a>,
    state: Place<'a>,
    packs: Vec<Place<'a>>,
}

fn place(path: Option<&Path>) -> Place<'_> {
    Place { path, exists: path.is_some_and(Path::exists) }
}

pub(super) fn run(common: &Common) -> Result<(String, Ended), Failure> {
    let places = Places::of_this_machine();
    let config = config::load(common.config.as_deref(), &places)?;
    let file = common.config.as_deref().or(places.config.as_ref().map(|c| c.path.as_path()));
    let records = places.records(&config);
    let folders: Vec<PathBuf> = pack_folders(Some(&config), common);
    let output = Output {
        config: place(file),
        data: place(places.data.as_deref()),
        records: place(records.as_deref()),
        state: place(places.state.as_deref()),
        packs: folders.iter().map(|folder| place(Some(folder))).collect(),
    };
    let text = match common.format() {
        Format::Json => json(&output),
        Format::Text => {
            let mut page = Page::new(common.colour_of_results());
            for (name, place) in [
                ("config", &output.config),
                ("data", &output.data),
                ("records", &output.records),
                ("state", &output.state),
            ] {
                page.field(0, name, &described(place));
            }
            page.field(0, "packs", "built in");
            page.fields(0, "", output.packs.iter().map(described));
            page.finish()
        }
    };
    Ok((text, Ended::Done))
}

fn described(place: &Place<'_>) -> String {
    match place {
        Place { path: None, .. } => "unknown: there is no home folder; set PISTOR_DATA or PISTOR_CONFIG".to_owned(),
        Place { path: Some(path), exists: true } => path.display().to_string(),
        Place { path: Some(path), exists: false } => format!("{} (not there yet)", path.display()),
    }
}
