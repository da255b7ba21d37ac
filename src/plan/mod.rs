//! The assessment: verdict, cocktail, doses, sessions. One pure function of pack, intake and day.

mod assessment;

pub use assessment::{
    Alternative, Assessment, Cocktail, ConsentPoint, Dose, Excluded, Finding, LimitUse, Missing, Outcome, PackRef,
    Plan, Review, Session, Vetted, WithoutCocktail,
};

use jiff::civil::Date;

use crate::intake::Intake;
use crate::pack::Pack;

/// Assesses an intake: what the rules say, and what may be proposed.
///
/// Pure: the same pack, intake and day give the same assessment.
#[must_use]
pub fn assess(pack: &Pack, intake: &Intake, today: Date) -> Assessment {
    let _ = (pack, intake);
    Assessment {
        verdict: Outcome::Incomplete,
        until: None,
        until_event: None,
        urgent: false,
        missing: Vec::new(),
        findings: Vec::new(),
        excluded: Vec::new(),
        requested: Vec::new(),
        plan: None,
        notices: Vec::new(),
        today,
        pack: PackRef { id: String::new(), version: String::new(), hash: String::new(), reviewed: None },
    }
}
