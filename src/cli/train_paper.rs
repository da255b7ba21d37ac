//! `pistor train paper`: the patients of an exam.

use serde_json::json;

use super::failure::Failure;
use super::options::{Common, Format};
use super::page::{Ink, json as as_json};
use super::train::School;
use crate::training::paper;

#[derive(clap::Args, Debug)]
#[command(
    after_help = "The same number makes the same stations for everybody with the same pack; of every three patients one is\n\
    to be treated. Each trainee sits a station by itself:\n\n  \
    pistor train play --exam --paper 42 --station 1 --seal ada-1.attempt --trainee Ada"
)]
pub(super) struct PaperArgs {
    /// The number of the paper: choose any, and keep it to yourself until the exam
    #[arg(value_name = "NUMBER")]
    pub number: u64,
    /// How many stations
    #[arg(long, value_name = "N", default_value_t = 6, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub stations: u32,
    #[command(flatten)]
    pub common: Common,
}

pub(super) fn run(school: &School, args: &PaperArgs) -> Result<String, Failure> {
    let stations = paper(&school.cases, args.number, usize::try_from(args.stations).unwrap_or(usize::MAX));
    if stations.is_empty() {
        return Err(Failure::plain("the pack has no training cases", "`pistor train case new ID` begins one"));
    }
    if school.common.format() == Format::Json {
        return Ok(as_json(&json!({ "paper": args.number, "pack": school.pack.hash, "stations": stations })));
    }
    let mut page = school.page();
    page.text(
        0,
        2,
        &format!(
            "Paper {} of {} stations, for the pack {}",
            args.number,
            stations.len(),
            school.pack.hash.get(..12).unwrap_or_default()
        ),
    );
    page.gap();
    for station in &stations {
        let (number, minutes, seed) =
            (station.number.to_string(), format!("{} min", station.minutes), format!("seed {}", station.seed));
        page.row(Ink::Bold, &[&number, &minutes, &seed, &station.case, &station.title], &[3, 6, 9, 28, 30]);
    }
    let minutes: i32 = stations.iter().map(|station| station.minutes).sum();
    page.gap();
    page.text(0, 0, &format!("{minutes} minutes of questions; committing comes on top. For the instructor: titles give nothing away, ids may."));
    Ok(page.finish())
}
