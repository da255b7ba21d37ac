//! Which characters a text holds, in 64 bits: most texts are ruled out by one comparison.

/// A set of folded characters; characters beyond `a-z` and `0-9` share bits, so it may say yes too often, never no.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(super) struct Letters(u64);

impl Letters {
    pub(super) fn of(folded: &str) -> Self {
        Self(folded.chars().fold(0, |bits, c| bits | Self::bit(c)))
    }

    /// The first character of each word.
    pub(super) fn initials(folded: &str) -> Self {
        Self(folded.split(' ').filter_map(|word| word.chars().next()).fold(0, |bits, c| bits | Self::bit(c)))
    }

    const fn bit(c: char) -> u64 {
        match c {
            ' ' => 0,
            'a'..='z' => 1 << (c as u32 - 'a' as u32),
            '0'..='9' => 1 << (26 + c as u32 - '0' as u32),
            _ => 1 << (36 + c as u32 % 28),
        }
    }

    pub(super) const fn holds(self, other: Self) -> bool {
        other.0 & !self.0 == 0
    }

    pub(super) const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// How many of the characters of `self` are not in `other`; no edit of one character changes it by more than 1.
    pub(super) const fn missing_in(self, other: Self) -> usize {
        (self.0 & !other.0).count_ones() as usize
    }
}
