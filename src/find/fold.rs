//! Folding: the form of a text in which "Müller", "MULLER" and "muller" are the same.
//!
//! The matcher underneath folds ASCII case only, so both sides of every comparison go through here first.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Lower case without marks, words joined by single blanks: `"Crohn’s  disease (ileal)"` is `"crohns disease ileal"`.
#[must_use]
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    walk(text, |c, _| folded.push(c));
    folded
}

/// The folded text, and for each of its characters the position of the character it came from.
#[must_use]
pub fn fold_with_positions(text: &str) -> (String, Vec<usize>) {
    let (mut folded, mut positions) = (String::with_capacity(text.len()), Vec::with_capacity(text.len()));
    walk(text, |c, position| {
        folded.push(c);
        positions.push(position);
    });
    (folded, positions)
}

fn walk(text: &str, emit: impl FnMut(char, usize)) {
    let mut out = Joiner { emit, gap: None, last: None };
    let mut chars = text.chars().enumerate().peekable();
    while let Some((position, c)) = chars.next() {
        let next = chars.peek().map(|(_, next)| *next);
        match c {
            'a'..='z' | '0'..='9' => out.letter(c, position),
            'A'..='Z' => out.letter(c.to_ascii_lowercase(), position),
            // 2.5 and 2,5 are one word, and the same one.
            '.' | ',' if out.after_digit() && next.is_some_and(|n| n.is_ascii_digit()) => out.letter('.', position),
            _ if c.is_ascii() => out.ascii_sign(c, position),
            _ => out.other(c, position),
        }
    }
}

/// Joins words by one blank, whatever stood between them.
struct Joiner<F> {
    emit: F,
    gap: Option<usize>,
    last: Option<char>,
}

impl<F: FnMut(char, usize)> Joiner<F> {
    fn letter(&mut self, c: char, position: usize) {
        if let (Some(gap), Some(_)) = (self.gap.take(), self.last) {
            (self.emit)(' ', gap);
        }
        self.last = Some(c);
        (self.emit)(c, position);
    }

    fn separator(&mut self, position: usize) {
        self.gap.get_or_insert(position);
    }

    fn after_digit(&self) -> bool {
        self.gap.is_none() && self.last.is_some_and(|c| c.is_ascii_digit())
    }

    /// An apostrophe joins ("Crohn's" is found by "crohns"); every other sign separates.
    fn ascii_sign(&mut self, c: char, position: usize) {
        if !matches!(c, '\'' | '`') {
            self.separator(position);
        }
    }

    fn other(&mut self, c: char, position: usize) {
        if is_left_out(c) {
            return;
        }
        // Twice decomposed: some capitals decompose only as small letters.
        let bare = std::iter::once(c).nfkd().flat_map(char::to_lowercase).nfkd();
        for c in bare.filter(|c| !is_combining_mark(*c) && !is_left_out(*c)) {
            match spelled_out(c) {
                Some(letters) => letters.chars().for_each(|c| self.letter(c, position)),
                None if c == ' ' => self.separator(position),
                None if c.is_ascii() && !c.is_ascii_alphanumeric() => self.ascii_sign(c, position),
                None if c.is_alphanumeric() => self.letter(c, position),
                None => self.separator(position),
            }
        }
    }
}

/// Invisible: soft hyphen, zero-width space and joiners, byte order mark; and the apostrophes.
const fn is_left_out(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}' | '’' | '‘' | 'ʼ' | '´')
}

/// Letters that no decomposition reaches.
const fn spelled_out(c: char) -> Option<&'static str> {
    Some(match c {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'đ' | 'ð' => "d",
        'ħ' => "h",
        'ı' => "i",
        'ł' => "l",
        'þ' => "th",
        'ς' => "σ",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::{fold, fold_with_positions};
    use proptest::prelude::*;
    use rstest::rstest;

    #[rstest]
    #[case("Müller", "muller")]
    #[case("Mu\u{308}ller", "muller")]
    #[case("STRASSE", "strasse")]
    #[case("Straße", "strasse")]
    #[case("ÉCG", "ecg")]
    #[case("Ménière’s", "menieres")]
    #[case("Crohn's disease", "crohns disease")]
    #[case("Sjögren", "sjogren")]
    #[case("Cæsar œdema Ørsted Łódź", "caesar oedema orsted lodz")]
    #[case("İstanbul ılık", "istanbul ilik")]
    #[case("HbA1c (≥ 9 %)", "hba1c 9")]
    #[case("cross-linked,  2,5 % ", "cross linked 2.5")]
    #[case("low‑dose–heparin", "low dose heparin")]
    #[case("para\u{ad}ben", "paraben")]
    #[case("ΣΊΣΥΦΟΣ", "σισυφοσ")]
    #[case("m²", "m2")]
    #[case("ŉ", "n")]
    #[case("", "")]
    #[case(" ?! ", "")]
    fn folds(#[case] text: &str, #[case] folded: &str) {
        assert_eq!(fold(text), folded);
    }

    #[test]
    fn positions_lead_back_to_the_original() {
        let (folded, positions) = fold_with_positions("Ä-ß’x");
        assert_eq!(folded, "a ssx");
        assert_eq!(positions, [0, 1, 2, 2, 4]);
    }

    proptest! {
        #[test]
        fn folding_twice_changes_nothing(text in "\\PC{0,40}") {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once.clone());
            prop_assert!(!once.starts_with(' ') && !once.ends_with(' ') && !once.contains("  "));
        }

        #[test]
        fn every_position_is_in_the_original(text in any::<String>()) {
            let (folded, positions) = fold_with_positions(&text);
            prop_assert_eq!(folded.chars().count(), positions.len());
            prop_assert!(positions.iter().all(|p| *p < text.chars().count()));
            prop_assert!(positions.is_sorted());
            prop_assert_eq!(folded, fold(&text));
        }
    }
}
