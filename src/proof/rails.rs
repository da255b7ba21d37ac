//! The four values of [`Truth`] on three wires.

use super::circuit::{Circuit, Lit};
use crate::rules::Truth;

/// How a condition stands, as three wires of which each includes the next: at least pending, at least maybe, certain.
/// What does not reach the first is false.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Rails {
    /// Pending, maybe or true.
    pub pending: Lit,
    /// Maybe or true: a rule with this condition fires.
    pub maybe: Lit,
    /// True.
    pub certain: Lit,
}

impl Rails {
    /// Always of this value.
    #[must_use]
    pub fn constant(truth: Truth) -> Self {
        Self {
            pending: Lit::constant(truth >= Truth::Pending),
            maybe: Lit::constant(truth >= Truth::Maybe),
            certain: Lit::constant(truth >= Truth::True),
        }
    }

    /// The least of them.
    pub fn all(c: &mut Circuit, of: &[Self]) -> Self {
        Self {
            pending: c.all(of.iter().map(|r| r.pending)),
            maybe: c.all(of.iter().map(|r| r.maybe)),
            certain: c.all(of.iter().map(|r| r.certain)),
        }
    }

    /// The greatest of them.
    pub fn any(c: &mut Circuit, of: &[Self]) -> Self {
        Self {
            pending: c.any(of.iter().map(|r| r.pending)),
            maybe: c.any(of.iter().map(|r| r.maybe)),
            certain: c.any(of.iter().map(|r| r.certain)),
        }
    }

    /// The `count`th greatest of them.
    pub fn at_least(c: &mut Circuit, count: usize, of: &[Self]) -> Self {
        let mut nth = |wires: Vec<Lit>| match count.checked_sub(1) {
            Some(n) => c.counts(&wires, count).get(n).copied().unwrap_or(Lit::FALSE),
            // `evaluate` calls "at least none" false.
            None => Lit::FALSE,
        };
        Self {
            pending: nth(of.iter().map(|r| r.pending).collect()),
            maybe: nth(of.iter().map(|r| r.maybe).collect()),
            certain: nth(of.iter().map(|r| r.certain).collect()),
        }
    }

    /// True and false change places, what is open stays open.
    pub fn not(self, c: &mut Circuit) -> Self {
        let unsure = c.and(self.maybe, !self.certain);
        Self { pending: !self.certain, maybe: c.or(unsure, !self.pending), certain: !self.pending }
    }

    /// Exactly pending.
    pub fn is_pending(self, c: &mut Circuit) -> Lit {
        c.and(self.pending, !self.maybe)
    }

    /// Exactly maybe.
    pub fn is_maybe(self, c: &mut Circuit) -> Lit {
        c.and(self.maybe, !self.certain)
    }

    /// The value under given wires.
    #[must_use]
    pub fn read(self, on: impl Fn(Lit) -> bool) -> Truth {
        match (on(self.pending), on(self.maybe), on(self.certain)) {
            (_, _, true) => Truth::True,
            (_, true, _) => Truth::Maybe,
            (true, _, _) => Truth::Pending,
            _ => Truth::False,
        }
    }
}
