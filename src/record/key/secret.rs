//! What is typed to unlock the records.

use std::fmt;

use unicode_normalization::UnicodeNormalization;
use zeroize::{Zeroize, Zeroizing};

/// Characters of the longest passphrase. The memory for them is taken at once: a text that grows leaves copies behind.
const LONGEST: usize = 512;

/// A passphrase or a recovery code: wiped when it is dropped, and never printed.
#[derive(PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// The shortest passphrase that is taken.
    pub const SHORTEST: usize = 8;

    /// Nothing typed yet.
    #[must_use]
    pub fn new() -> Self {
        Self(Zeroizing::new(String::with_capacity(4 * LONGEST)))
    }

    /// Adds a character; false when no more fit.
    pub fn push(&mut self, c: char) -> bool {
        let fits = self.0.len() + c.len_utf8() <= 4 * LONGEST;
        if fits {
            self.0.push(c);
        }
        fits
    }

    /// Takes the last character back.
    pub fn pop(&mut self) {
        self.0.pop();
    }

    /// Takes everything back.
    pub fn clear(&mut self) {
        self.0.zeroize();
    }

    /// How many characters there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.chars().count()
    }

    /// Whether nothing was typed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Why this is no passphrase to protect records with, if it is none.
    #[must_use]
    pub fn too_weak(&self) -> Option<&'static str> {
        let mut chars = self.0.chars();
        let first = chars.next();
        if self.len() < Self::SHORTEST {
            Some("A passphrase has at least 8 characters; four words that do not belong together are better.")
        } else if chars.all(|c| Some(c) == first) {
            Some("A passphrase of one repeated character protects nothing.")
        } else {
            None
        }
    }

    /// As it is shown: a dot for each character, or as it was typed.
    #[must_use]
    pub fn displayed(&self, clear: bool) -> Zeroizing<String> {
        Zeroizing::new(if clear { self.0.to_string() } else { "•".repeat(self.len()) })
    }

    /// Whether it is this text, small letters or capitals.
    #[must_use]
    pub fn matches_ignoring_case(&self, text: &str) -> bool {
        self.0.eq_ignore_ascii_case(text)
    }

    pub(super) fn text(&self) -> &str {
        &self.0
    }

    /// The bytes that count: the same however a keyboard composes accents.
    pub(super) fn normal(&self) -> Zeroizing<String> {
        let mut normal = Zeroizing::new(String::with_capacity(4 * LONGEST));
        normal.extend(self.0.nfkc().take(4 * LONGEST));
        normal
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        let mut secret = Self::new();
        text.chars().all(|c| secret.push(c));
        secret
    }
}

impl Clone for Secret {
    fn clone(&self) -> Self {
        Self::from(self.text())
    }
}

impl Default for Secret {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

#[cfg(test)]
mod tests {
    use super::Secret;

    #[test]
    fn is_never_printed() {
        assert_eq!(format!("{:?}", Secret::from("correct horse")), "Secret");
    }

    #[test]
    fn is_the_same_however_it_was_composed() {
        assert_eq!(Secret::from("M\u{fc}ller").normal(), Secret::from("Mu\u{308}ller").normal());
    }

    #[test]
    fn never_moves_while_it_grows() {
        let mut secret = Secret::new();
        secret.push('a');
        let before = secret.text().as_ptr();
        while secret.push('ü') {}
        assert_eq!(secret.text().as_ptr(), before);
    }

    #[test]
    fn weak_ones_are_refused_in_words() {
        for weak in ["", "short", "aaaaaaaaaaaa"] {
            assert!(Secret::from(weak).too_weak().is_some(), "{weak}");
        }
        assert_eq!(Secret::from("blue kettle seven rain").too_weak(), None);
    }
}
