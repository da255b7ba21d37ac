//! `pistor assess`: verdict, findings, exclusions, plan.

use serde::Serialize;
use serde_json::Value;

use super::Ended;
use super::assessment_text;
use super::case::{Assumed, Case, IntakeFile};
use super::counterfactual_text;
use super::failure::Failure;
use super::options::{Common, Format};
use super::page::{Page, json};
use super::session::Session;
use crate::plan::Assessment;

#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    #[command(flatten)]
    pub intake: IntakeFile,
    #[command(flatten)]
    pub common: Common,
}

const EXAMPLES: &str = "Exits 0 whenever an assessment was made, whatever its verdict.

An intake file (a key that is absent was not asked; [] means asked, none; \"unknown\" is an answer):
  jurisdiction = \"EU\"
  patient = { age = 44, sex = \"female\", weight_kg = 62, height_cm = 168 }
  skin = { fitzpatrick = 3, glogau = 2 }
  allergies.items = []
  goals.items = [{ goal = \"hydration\", areas = [\"cheeks\"] }]
  [history]
  pregnancy = \"no\"
  conditions = []
  medications = [{ id = \"isotretinoin\", stopped_days_ago = 240 }]
  events = []
  screening = { bdd = \"negative\", needle_fear = \"none\", expectations = \"realistic\",
    voluntary = \"yes\", aftercare = \"able\" }

Examples:
  pistor assess intake.toml
  pistor assess intake.toml --today 2026-11-22 --format json
  pistor assess - --jurisdiction FR < intake.toml";

/// The assessment as JSON, with what was filled in beside it.
#[derive(Serialize)]
struct Output<'a> {
    #[serde(flatten)]
    assessment: &'a Assessment,
    assumed_defaults: &'a [Assumed],
    /// What the open questions can still do; nothing when none is missing.
    outlook: Option<Value>,
}

pub(super) fn run(session: &Session, args: &Args) -> Result<(String, Ended), Failure> {
    let case = Case::read(session, &args.intake)?;
    let assessment = case.assess(session);
    let text = match session.common.format() {
        Format::Json => {
            let outlook = case.outlook(session, &assessment);
            let outlook = outlook.as_ref().map(counterfactual_text::outlook_value);
            json(&Output { assessment: &assessment, assumed_defaults: &case.assumed, outlook })
        }
        Format::Text => {
            let mut page = Page::new(session.common.colour_of_results());
            assessment_text::write(&mut page, &assessment, &case.assumed);
            page.finish()
        }
    };
    Ok((text, Ended::Done))
}
