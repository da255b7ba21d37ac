//! `pistor verify-proof`: a certificate of `pistor check`, checked again without a solver.

use std::path::PathBuf;

use serde_json::json;

use super::Ended;
use super::failure::Failure;
use super::options::{Common, Format};
use super::page::{Ink, Page, json as as_json};
use super::session::pack_folders;
use crate::config::{self, Places, in_words};
use crate::pack::load::{self, safety_case};
use crate::proof::{Certificate, Subject, audit_again, belongs, check_certificate};

#[derive(clap::Args, Debug)]
#[command(after_help = "Every step of the proof is checked, and that it is about this pack; the plans that `check` \
    had audited are\naudited again. Exits 1 when a step does not follow, the proof is about another pack or a plan is \
    refused.\n\nExamples:\n  \
    pistor check --certificate built-in.proof\n  \
    pistor verify-proof built-in.proof")]
pub(super) struct Args {
    /// The certificate
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    #[command(flatten)]
    pub common: Common,
}

pub(super) fn run(common: &Common, args: &Args) -> Result<(String, Ended), Failure> {
    let name = args.file.display();
    let text = std::fs::read_to_string(&args.file).map_err(|error| {
        Failure::plain(
            format!("cannot read {name}: {}", in_words(&error)),
            "`pistor check --certificate FILE` writes one",
        )
    })?;
    let certificate = Certificate::read(&text).map_err(|why| {
        Failure::plain(format!("{name} is not a proof: {why}"), "expected a file of `pistor check --certificate`")
    })?;
    let config = config::load(common.config.as_deref(), &Places::of_this_machine())?;
    let layers = config::packs(&pack_folders(Some(&config), common))?;
    let pack = load::load(&layers).map_err(Failure::Report)?;
    let case = safety_case(&pack, &layers).map_err(Failure::Report)?;
    let steps = check_certificate(&certificate);
    let below = load::below(&layers).map_err(Failure::Report)?;
    // The certificate says for which day.
    let subject = Subject { pack: &pack, below: below.as_ref(), case: &case, today: certificate.day };
    let about = belongs(&certificate, subject);
    // What rests on no proof is looked at again: the plans of many situations, by the auditor.
    let plans = audit_again(subject);
    let ended = if steps.is_ok() && about.is_ok() && plans.is_ok() { Ended::Done } else { Ended::ProblemsFound };
    let refused = steps.as_ref().err().map(|unfounded| match &unfounded.claim {
        Some(claim) => format!("step {}, the claim {claim}, does not follow", unfounded.step),
        None => format!("step {} does not follow", unfounded.step),
    });
    let text = match common.format() {
        Format::Json => as_json(&json!({
            "claims": steps.as_ref().ok(),
            "refused": refused,
            "answers": about.as_ref().ok(),
            "about_another_pack": about.as_ref().err(),
            "plans_audited": plans.as_ref().ok(),
            "plans_refused": plans.as_ref().err(),
        })),
        Format::Text => {
            let mut page = Page::new(common.colour_of_results());
            match (&steps, &refused) {
                (Ok(claims), _) => page.inked(0, 2, Ink::Good, "✓", &format!("{claims} claims, each of which follows")),
                (_, why) => page.inked(0, 2, Ink::Stop, "✗", why.as_deref().unwrap_or("a step does not follow")),
            }
            match &about {
                Ok(n) => page.inked(
                    0,
                    2,
                    Ink::Good,
                    "✓",
                    &format!("they answer all {n} questions about this pack that ask for a proof"),
                ),
                Err(why) => page.inked(0, 2, Ink::Stop, "✗", why),
            }
            match &plans {
                Ok(n) => page.inked(0, 2, Ink::Good, "✓", &format!("{n} plans audited again: none passes a limit")),
                Err(why) => why.iter().for_each(|why| page.inked(0, 2, Ink::Stop, "✗", why)),
            }
            page.finish()
        }
    };
    Ok((text, ended))
}
