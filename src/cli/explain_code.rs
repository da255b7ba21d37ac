//! `pistor explain CODE`: what the code of a diagnostic means. It needs no pack: the pack may be what is broken.

use serde_json::json;

use super::Ended;
use super::explain::Args;
use super::failure::Failure;
use super::options::{Common, Format};
use super::page::{Ink, Page, clean, json as as_json};
use crate::codes::{self, Entry};
use crate::source::did_you_mean;

/// What is printed when a code, or all of them, were asked for; `None` when it is an intake that is to be explained.
pub(super) fn run(common: &Common, args: &Args) -> Option<Result<(String, Ended), Failure>> {
    if args.codes {
        return Some(Ok((codes::markdown(), Ended::Done)));
    }
    let file = args.file.as_deref().filter(|_| args.name.is_none())?;
    let name = file.to_str().filter(|name| codes::is_code(name))?;
    // A file may be called like a code.
    if file.exists() {
        return None;
    }
    Some(codes::find(name).map(|entry| (shown(common, entry), Ended::Done)).ok_or_else(|| unknown(name)))
}

fn shown(common: &Common, entry: &Entry) -> String {
    if common.format() == Format::Json {
        return as_json(&json!({
            "code": entry.code,
            "meaning": entry.meaning,
            "remedy": entry.remedy,
            "wrong": entry.example.map(|example| example.wrong),
            "right": entry.example.map(|example| example.right),
        }));
    }
    let mut page = Page::new(common.colour_of_results());
    page.inked(0, 2, Ink::Bold, entry.code, entry.meaning);
    page.inked(2, 2, Ink::Dim, "What to do:", entry.remedy);
    let mut out = page.finish();
    for (sign, ink, what, text) in
        entry.example.iter().flat_map(|e| [("✗", Ink::Stop, "told", e.wrong), ("✓", Ink::Good, "not told", e.right)])
    {
        let mut head = Page::new(common.colour_of_results());
        head.inked(0, 2, ink, sign, what);
        out.push_str(&format!("\n{}\n", head.finish()));
        // As it would stand in the file: nothing is wrapped.
        for line in text.lines() {
            out.push_str(format!("    {}", clean(line)).trim_end());
            out.push('\n');
        }
    }
    out
}

fn unknown(name: &str) -> Failure {
    let near = did_you_mean(&name.to_uppercase(), codes::all().map(|entry| entry.code));
    let help = near.map_or_else(
        || "`pistor explain --codes` lists all codes".to_owned(),
        |near| format!("did you mean `{near}`? `pistor explain --codes` lists all codes"),
    );
    Failure::plain(format!("there is no code `{name}`, and no file of that name"), help)
}
