//! `pistor formulary`: what is known about an ingredient, whoever the patient is.

use serde_json::json;

use super::Ended;
use super::failure::Failure;
use super::formulary_text as text;
use super::options::{Common, Format};
use super::page::{Page, json as as_json};
use super::session::Session;
use crate::find::{Index, Vocabulary};
use crate::pack::{Item, Ix, Jurisdiction, Pack};
use crate::plan::{formulary, formulary_table};
use crate::source::did_you_mean;

#[derive(clap::Args, Debug)]
#[command(
    after_help = "Without ID: a table of all ingredients. With ID: evidence, trials (those that found nothing as well), \
    limits, mixing,\nrules, legal status, sources. The status here needs a jurisdiction: --jurisdiction, or the \
    configuration.\n\nExamples:\n  \
    pistor formulary\n  \
    pistor formulary tranexamic-acid\n  \
    pistor formulary Profhilo --jurisdiction FR\n  \
    pistor formulary caffeine --format json"
)]
pub(super) struct Args {
    /// An ingredient, by id, synonym or brand
    #[arg(value_name = "ID")]
    pub id: Option<String>,
    #[command(flatten)]
    pub common: Common,
}

pub(super) fn run(session: &Session, args: &Args) -> Result<(String, Ended), Failure> {
    let pack = &session.pack;
    let here = here(session);
    let mut page = Page::new(session.common.colour_of_results());
    let value = match &args.id {
        None => {
            let lines = formulary_table(pack, here);
            text::table(&mut page, &lines, here.map(|at| pack.jurisdictions[at].label.as_str()));
            json!({ "jurisdiction": here.map(|at| &pack.jurisdictions[at].code), "ingredients": lines })
        }
        Some(name) => {
            let entry = formulary(pack, here, named(pack, name)?);
            text::entry(&mut page, &entry);
            json!(entry)
        }
    };
    let out = match session.common.format() {
        Format::Json => as_json(&value),
        Format::Text => page.finish(),
    };
    Ok((out, Ended::Done))
}

/// Where we are, if anybody says so: it is never assumed.
fn here(session: &Session) -> Option<Ix<Jurisdiction>> {
    let code = session.common.jurisdiction.as_ref().or(session.config.clinic.jurisdiction.as_ref())?;
    session.pack.jurisdictions.find(code)
}

/// The ingredient with this id, label, synonym or brand.
fn named(pack: &Pack, name: &str) -> Result<Ix<Item>, Failure> {
    if let Some(ix) = pack.ingredients.find(&name.trim().to_lowercase()) {
        return Ok(ix);
    }
    let hits = Index::new(pack, Vocabulary::Ingredients).search(name, 5);
    if let Some(ix) = hits.iter().find(|hit| hit.exact).and_then(|hit| pack.ingredients.find(&hit.id)) {
        return Ok(ix);
    }
    let near = did_you_mean(name, pack.ingredients.ids()).or_else(|| hits.first().map(|hit| hit.id.as_str()));
    let help = near.map_or_else(
        || "`pistor formulary` lists all of them; `pistor find ingredients TEXT` searches".to_owned(),
        |near| format!("did you mean `{near}`?"),
    );
    Err(Failure::plain(format!("no ingredient is called `{name}`"), help))
}
