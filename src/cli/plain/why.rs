//! Why: one finding, rule, ingredient or scale; or what would change the outcome, worked out as the screen does.

use std::io::{BufRead, Write};

use super::Consultation;
use super::brief;
use super::talk::{Talk, nth};
use crate::cli::counterfactual_text;
use crate::cli::explain::subjects;
use crate::cli::page::Page;
use crate::plan::Outcome;
use crate::source::did_you_mean;
use crate::tui::thought::{Task, think};

/// Says why.
pub(super) fn say<R: BufRead, W: Write>(of: &Consultation<'_>, talk: &mut Talk<R, W>, name: &str) {
    if name.is_empty() {
        return outcome(of, talk);
    }
    let (pack, assessment) = (&of.loaded.pack, &of.assessment);
    // A number is that of a finding, as the assessment in brief counts them.
    let rule = nth(name, assessment.findings.len()).map(|at| assessment.findings[at].rule.as_str());
    let found = subjects(pack, &of.sheet.intake, assessment, rule.unwrap_or(name));
    if found.is_empty() {
        let known = pack.rules.ids().chain(pack.ingredients.ids()).chain(pack.scales.ids());
        let near = did_you_mean(name, known).map_or_else(String::new, |near| format!(" Did you mean `why {near}`?"));
        talk.say(&format!("No rule, ingredient or scale is called \"{name}\".{near}"));
        talk.page(brief::findings(assessment));
        return;
    }
    let mut page = Page::new(false);
    found.iter().for_each(|subject| subject.write(&mut page));
    talk.page(page);
}

/// What the outcome rests on, what would change it, and which open question matters most.
fn outcome<R: BufRead, W: Write>(of: &Consultation<'_>, talk: &mut Talk<R, W>) {
    let assessment = &of.assessment;
    talk.page(brief::findings(assessment));
    let task = Task { id: of.id, state: 0, sheet: of.sheet.clone(), day: assessment.today };
    let Some(thought) = think(&of.loaded.pack, &task, &|| false) else { return };
    let mut page = Page::new(false);
    if assessment.verdict == Outcome::Incomplete {
        page.text(0, 2, "What the open questions can still do:");
        match thought.outlook.verdicts.as_slice() {
            [] => page.text(2, 2, "It is worked out once conditions and medicines are answered."),
            _ => counterfactual_text::write_outlook(&mut page, &thought.outlook),
        }
    }
    if thought.fewest.is_empty() {
        page.text(0, 2, "No outcome would be better than this one.");
    } else {
        page.text(0, 2, "The fewest changes that would lead to another outcome:");
        counterfactual_text::write(&mut page, &thought.fewest);
    }
    talk.page(page);
}
