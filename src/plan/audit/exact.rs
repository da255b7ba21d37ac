//! Exact numbers for the auditor: nothing is rounded before it is compared.

use std::cmp::Ordering;

/// A fraction with a denominator over 0.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Fraction {
    above: i128,
    below: i128,
}

impl Fraction {
    /// `None` where the denominator is not over 0.
    pub fn of(above: i128, below: i128) -> Option<Self> {
        let common = divisor(above, below);
        (below > 0).then(|| Self { above: above / common, below: below / common })
    }

    pub const fn whole(n: i128) -> Self {
        Self { above: n, below: 1 }
    }

    pub fn times(self, n: i128) -> Option<Self> {
        Self::of(self.above.checked_mul(n)?, self.below)
    }

    pub fn over(self, n: i128) -> Option<Self> {
        Self::of(self.above, self.below.checked_mul(n)?)
    }

    pub fn plus(self, other: Self) -> Option<Self> {
        let left = self.above.checked_mul(other.below)?;
        Self::of(left.checked_add(other.above.checked_mul(self.below)?)?, self.below.checked_mul(other.below)?)
    }

    /// This one divided by another.
    pub fn part_of(self, other: Self) -> Option<Self> {
        Self::of(self.above.checked_mul(other.below)?, self.below.checked_mul(other.above)?)
    }

    /// `None` where the numbers are too large to be compared.
    pub fn compare(self, other: Self) -> Option<Ordering> {
        Some(self.above.checked_mul(other.below)?.cmp(&other.above.checked_mul(self.below)?))
    }

    /// Whether it is known not to be more than another: what cannot be computed is more.
    pub fn at_most(self, other: Self) -> bool {
        self.compare(other).is_some_and(|order| order != Ordering::Greater)
    }

    pub fn as_f64(self) -> f64 {
        self.above as f64 / self.below as f64
    }
}

fn divisor(a: i128, b: i128) -> i128 {
    let (mut a, mut b) = (a.abs(), b.abs());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a.max(1)
}
