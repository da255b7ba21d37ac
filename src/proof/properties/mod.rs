//! The properties: each file turns some of them into questions.

mod decides;
mod doses;
mod layer;
mod plans;
mod risk;
mod safety_case;
mod unknown;
mod uses;

pub(super) use decides::Aspect;
pub(super) use doses::doses;
pub(super) use layer::{comparable, layer};
pub(super) use plans::plans;
pub(super) use risk::risk;
pub(super) use safety_case::safety_case;
pub(super) use unknown::unknown;
pub(super) use uses::{goals, uses};

use super::circuit::{Circuit, Lit};
use super::outcome::Outcome;
use crate::plan::Outcome as Word;

/// Where one outcome is looser than another: it has a plan where the other one refuses, says so with a milder verdict,
/// or allows an ingredient, goal or technique that the other one excludes. A caution about the licence of a product is
/// lost with the product, and nothing looser.
fn looser(c: &mut Circuit, one: &Outcome, other: &Outcome) -> Lit {
    let mut by = Vec::new();
    let complete = !other.is(Word::Incomplete);
    for (mine, theirs) in one.at_least_without_products.iter().zip(&other.at_least_without_products) {
        by.push(c.all([complete, *theirs, !*mine]));
    }
    let pairs = [
        (&one.excluded.ingredients, &other.excluded.ingredients),
        (&one.excluded.goals, &other.excluded.goals),
        (&one.excluded.techniques, &other.excluded.techniques),
    ];
    for (mine, theirs) in pairs {
        for (mine, theirs) in mine.iter().zip(theirs) {
            by.push(c.and(*theirs, !*mine));
        }
    }
    let any = c.any(by);
    c.and(one.plan, any)
}
