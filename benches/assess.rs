//! How long an assessment takes, and what comes before the first one: reading the pack and the intake.

mod stopwatch;

use std::error::Error;

use jiff::civil::date;
use pistor::pack::{Pack, builtin};
use pistor::source::{Report, SourceFile};
use pistor::{intake, plan};
use stopwatch::measure;

const INTAKES: [(&str, &str); 3] = [
    ("healthy, plan", include_str!("../tests/fixtures/intakes/healthy.toml")),
    ("many answers", include_str!("../tests/fixtures/intakes/contract.toml")),
    ("pregnant, declined", include_str!("../tests/fixtures/intakes/pregnant.toml")),
];

fn read(pack: &Pack, text: &str) -> Result<intake::Intake, Report> {
    intake::read(pack, &SourceFile::new("intake.toml", text))
}

fn main() -> Result<(), Box<dyn Error>> {
    let in_words = |report: Report| report.render(false);
    let pack = builtin().map_err(in_words)?;
    measure("pack: read and check the built-in pack", || builtin().map(|pack| pack.rules.len()));
    for (name, text) in INTAKES {
        let intake = read(&pack, text).map_err(in_words)?;
        measure(&format!("intake: read ({name})"), || read(&pack, text).map(|intake| intake.answers.len()));
        measure(&format!("assess ({name})"), || plan::assess(&pack, &intake, date(2026, 11, 22)));
    }
    Ok(())
}
