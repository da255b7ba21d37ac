//! Exact decimal numbers: three decimals, so that a comparison in a rule means what it says.

use std::fmt;

/// A decimal number with three exact decimals (units are the context's: kg, %, mg, days...).
///
/// Rules compare answers with constants; binary floats would make `9.0 >= 9` a matter of luck
/// once a value has been typed, saved and read again.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Amount(i64);

impl Amount {
    /// Zero.
    pub const ZERO: Self = Self(0);

    /// The whole number `n`.
    #[must_use]
    pub const fn whole(n: i32) -> Self {
        Self(n as i64 * 1000)
    }

    /// `n` thousandths.
    #[must_use]
    pub const fn thousandths(n: i64) -> Self {
        Self(n)
    }

    /// The number as thousandths.
    #[must_use]
    pub const fn as_thousandths(self) -> i64 {
        self.0
    }

    /// The nearest amount, or `None` if it is not finite, too large, or has more than three decimals.
    #[must_use]
    pub fn from_f64(value: f64) -> Option<Self> {
        let scaled = value * 1000.0;
        let rounded = scaled.round();
        (value.is_finite() && rounded.abs() < 1e15 && (scaled - rounded).abs() < 1e-4).then_some(Self(rounded as i64))
    }

    /// As a float, for drawing and for volumes.
    #[must_use]
    pub fn as_f64(self) -> f64 {
        self.0 as f64 / 1000.0
    }

    /// Reads a number as a person types it: `62`, `62.5` or `62,5`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().replace(',', ".");
        let plain = text.strip_prefix('-').unwrap_or(&text);
        let digits = plain.chars().filter(char::is_ascii_digit).count();
        let dots = plain.chars().filter(|c| *c == '.').count();
        if digits == 0 || digits > 12 || dots > 1 || digits + dots != plain.chars().count() {
            return None;
        }
        Self::from_f64(text.parse().ok()?)
    }

    /// Rounds to `decimals` decimals, half away from zero.
    #[must_use]
    pub fn rounded(self, decimals: u8) -> Self {
        let unit = 10_i64.pow(3 - u32::from(decimals.min(3)));
        let half = if self.0 < 0 { -unit / 2 } else { unit / 2 };
        Self((self.0 + half) / unit * unit)
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (whole, rest) = (self.0.abs() / 1000, self.0.abs() % 1000);
        if rest == 0 {
            return write!(f, "{sign}{whole}");
        }
        let decimals = format!("{rest:03}");
        write!(f, "{sign}{whole}.{}", decimals.trim_end_matches('0'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_what_people_type() {
        assert_eq!(Amount::parse("62,5"), Some(Amount::thousandths(62_500)));
        assert_eq!(Amount::parse(" 9 "), Some(Amount::whole(9)));
        for bad in ["", "-", "1.2.3", "1e3", "nan", "6 2", "1.2345", "9999999999999"] {
            assert_eq!(Amount::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn rounds_half_away_from_zero() {
        assert_eq!(Amount::thousandths(24_950).rounded(1).to_string(), "25");
        assert_eq!(Amount::thousandths(-1_250).rounded(1).to_string(), "-1.3");
    }

    proptest! {
        #[test]
        fn survives_being_written_and_read(n in -1_000_000_000_i64..1_000_000_000) {
            let amount = Amount::thousandths(n);
            prop_assert_eq!(Amount::parse(&amount.to_string()), Some(amount));
            prop_assert_eq!(Amount::from_f64(amount.as_f64()), Some(amount));
        }
    }
}
