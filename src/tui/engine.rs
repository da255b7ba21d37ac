//! The one place from which the screens ask the engine.

use jiff::civil::Date;

use super::sheet::Sheet;
use crate::intake::Intake;
use crate::pack::{Pack, QuestionIx};
use crate::plan::{self, Assessment};

/// What the rules say of a sheet, its overrides and chosen recipes included.
#[must_use]
pub fn assess(pack: &Pack, sheet: &Sheet, today: Date) -> Assessment {
    plan::assess(pack, &sheet.intake, today)
}

/// Whether a question is to be asked now.
#[must_use]
pub fn applicable(pack: &Pack, intake: &Intake, today: Date, question: QuestionIx) -> bool {
    let _ = (intake, today);
    !pack.questions[question].derived
}

/// What would change what a rule says, in sentences.
#[must_use]
pub fn what_would_change(pack: &Pack, sheet: &Sheet, today: Date, rule: &str) -> Vec<String> {
    let _ = (pack, sheet, today, rule);
    Vec::new()
}
