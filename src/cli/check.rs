//! `pistor check`: every mistake of a pack with its place, then the pack's own cases.

use std::path::PathBuf;

use serde::Serialize;

use super::Ended;
use super::failure::{Failure, render};
use super::options::{Common, Format};
use super::page::{Ink, Page, json};
use super::session::pack_folders;
use crate::config::{self, Places};
use crate::pack::load;
use crate::source::Report;

#[derive(clap::Args, Debug)]
#[command(after_help = "Exits 1 when the pack has mistakes or a case fails.\n\nExamples:\n  \
    pistor check                   the built-in pack and the layers of the configuration\n  \
    pistor check my-clinic         with one more layer\n  \
    pistor check data              a working copy in place of the built-in pack")]
pub(super) struct Args {
    /// Folders of pack layers, as with --pack
    #[arg(value_name = "PACK")]
    pub layers: Vec<PathBuf>,
    #[command(flatten)]
    pub common: Common,
}

pub(super) fn run(common: &Common, args: &Args) -> Result<(String, Ended), Failure> {
    let config = config::load(common.config.as_deref(), &Places::of_this_machine())?;
    let mut folders = pack_folders(Some(&config), common);
    folders.extend(args.layers.iter().cloned());
    let layers = config::packs(&folders)?;
    let problems = match load::load(&layers) {
        Ok(pack) => config.check_against(&pack),
        Err(report) => report,
    };
    let ended = if problems.is_empty() { Ended::Done } else { Ended::ProblemsFound };
    let text = match common.format() {
        Format::Json => json(&Output { problems: rows(&problems) }),
        Format::Text => text(&problems, common.colour_of_results()),
    };
    Ok((text, ended))
}

#[derive(Serialize)]
struct Output {
    problems: serde_json::Value,
}

fn rows(report: &Report) -> serde_json::Value {
    serde_json::from_str(&report.to_json()).unwrap_or_default()
}

fn text(problems: &Report, colour: bool) -> String {
    if !problems.is_empty() {
        return render(problems, colour);
    }
    let mut page = Page::new(colour);
    page.inked(0, 2, Ink::Good, "✓", "no problems");
    page.finish()
}
