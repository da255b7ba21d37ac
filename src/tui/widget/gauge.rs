//! A bar that shows how much of a limit is used; the number stands beside it.

use crate::tui::signs;

/// A bar of `columns` cells, filled by `used` (0 to 1), in eighths of a cell.
#[must_use]
pub fn bar(used: f64, columns: usize) -> (String, String) {
    let used = if used.is_finite() { used.clamp(0.0, 1.0) } else { 1.0 };
    let eighths = (used * columns as f64 * 8.0).round() as usize;
    let (full, part) = (eighths / 8, eighths % 8);
    let mut filled = "█".repeat(full);
    if let Some(glyph) = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"].get(part) {
        filled.push_str(glyph);
    }
    let rest = columns.saturating_sub(full + usize::from(part > 0));
    (filled, "░".repeat(rest))
}

/// The share in words; a share that is not zero never reads as zero, one under the limit never as the limit.
#[must_use]
pub fn percent(used: f64) -> String {
    if !used.is_finite() {
        return "?".to_owned();
    }
    if used > 0.0 && used < 0.01 {
        return "< 1 %".to_owned();
    }
    if used < 1.0 && used > 0.99 {
        return "99 %".to_owned();
    }
    format!("{:.0} %", used * 100.0)
}

/// The sign behind the share: near a limit, over it, or none. Colour says the same, never alone.
#[must_use]
pub fn sign(used: f64) -> Option<&'static str> {
    match used {
        used if used > 1.0 => Some(signs::BARRED),
        used if used > NEAR || used.is_nan() => Some(signs::NEAR),
        _ => None,
    }
}

/// More of a limit than this is near it.
pub const NEAR: f64 = 0.8;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fills_exactly_its_columns() {
        for n in 0..=20 {
            let (filled, rest) = bar(f64::from(n) / 20.0, 10);
            assert_eq!(filled.chars().count() + rest.chars().count(), 10, "{n}");
        }
        assert_eq!(bar(f64::NAN, 2).0, "██", "what cannot be computed is shown as full");
    }

    #[test]
    fn what_is_near_or_over_a_limit_has_a_sign() {
        assert_eq!([0.8, 0.81, 1.0, 1.01].map(sign), [None, Some("!"), Some("!"), Some("✗")]);
        assert!(sign(f64::NAN).is_some(), "what cannot be computed is never quiet");
    }

    #[test]
    fn never_rounds_a_dose_away() {
        assert_eq!(percent(0.004), "< 1 %");
        assert_eq!(percent(0.998), "99 %");
        assert_eq!(percent(1.2), "120 %");
    }
}
