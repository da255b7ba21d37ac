//! What the solver in the consultation costs: the changes that lead to another outcome, and what open questions can do.
//! Run with `cargo bench --bench change`.

mod stopwatch;

use std::error::Error;

use pistor::intake::{self, Intake};
use pistor::pack::{Pack, builtin};
use pistor::proof::{counterfactuals, outlook};
use pistor::source::SourceFile;
use stopwatch::measure;

const NOTHING: &str = "jurisdiction = \"EU\"";

const HALF: &str = r#"
jurisdiction = "EU"
patient = { age = 44, sex = "female", weight_kg = 62, height_cm = 168 }
allergies.items = []
goals.items = [{ goal = "hydration", areas = ["cheeks"] }]
history = { conditions = [], medications = [], events = [], screening = { bdd = "negative" } }
"#;

const REFUSED: &str = r#"
jurisdiction = "EU"
patient = { age = 44, sex = "female", weight_kg = 62, height_cm = 168 }
skin = { fitzpatrick = 3, glogau = 2 }
allergies.items = []
goals.items = [{ goal = "hydration", areas = ["cheeks"] }]
setting = { operator = "physician", premises = "clinic", provenance = ["tap-water-rinsed"] }
[history]
pregnancy = "pregnant"
conditions = []
medications = [{ id = "isotretinoin", stopped_days_ago = 40 }]
events = [{ id = "chemical-peel", days_ago = 3, site = "here" }]
screening = { bdd = "negative", needle_fear = "none", expectations = "unrealistic", voluntary = "yes", aftercare = "able" }
"#;

fn read(pack: &Pack, text: &str) -> Result<Intake, String> {
    intake::read(pack, &SourceFile::new("intake.toml", text)).map_err(|report| report.render(false))
}

/// Resident memory of this process now and at its peak, where the system tells it.
fn memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let of = |key: &str| status.lines().find_map(|line| line.strip_prefix(key)).map_or("?", str::trim).to_owned();
    format!("{}, peak {}", of("VmRSS:"), of("VmHWM:"))
}

fn main() -> Result<(), Box<dyn Error>> {
    let pack = builtin().map_err(|report| report.render(false))?;
    let today = jiff::civil::date(2026, 11, 22);
    println!("memory with the pack alone: {}", memory());
    for (name, text) in [("three refusals", REFUSED), ("half answered", HALF), ("nothing answered", NOTHING)] {
        let intake = read(&pack, text)?;
        let changes = counterfactuals(&pack, &intake, today, &|| false).len();
        println!("memory after what would change it, {name} ({changes} outcomes): {}", memory());
        let possible = outlook(&pack, &intake, today, &|| false).map_or(0, |found| found.verdicts.len());
        println!("memory after the outlook, {name} ({possible} verdicts possible): {}", memory());
        measure(&format!("what would change it: {name}"), || counterfactuals(&pack, &intake, today, &|| false));
        measure(&format!("outlook: {name}"), || outlook(&pack, &intake, today, &|| false));
    }
    Ok(())
}
