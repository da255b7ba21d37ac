//! Lots: the same one is written in many ways.

use crate::find::fold;

/// Whether two lots are the same, however capitals, blanks and dashes were written. Where that says too much, somebody
/// looks once too often.
#[must_use]
pub fn same_lot(a: &str, b: &str) -> bool {
    let (a, b) = (bare(a), bare(b));
    !a.is_empty() && a == b
}

fn bare(lot: &str) -> String {
    fold(lot).chars().filter(|c| c.is_alphanumeric()).collect()
}
