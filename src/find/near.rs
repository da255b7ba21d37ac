//! Near misses: what was probably meant when nothing matches.

use std::collections::HashMap;

use super::letters::Letters;
use super::query::Term;

/// Every word of an index once.
#[derive(Default)]
pub(super) struct Words {
    words: Vec<Word>,
    by_text: HashMap<Box<str>, u32>,
}

struct Word {
    chars: Box<[char]>,
    letters: Letters,
}

/// The distance of one term to every word, by word number.
pub(super) struct Distances(Vec<u8>);

const FAR: u8 = u8::MAX;

impl Words {
    /// The numbers of the words of a folded text.
    pub(super) fn number(&mut self, folded: &str) -> Box<[u32]> {
        let mut number = |text: &str| {
            if let Some(number) = self.by_text.get(text) {
                return *number;
            }
            let number = u32::try_from(self.words.len()).unwrap_or(u32::MAX);
            self.words.push(Word { chars: text.chars().collect(), letters: Letters::of(text) });
            self.by_text.insert(text.into(), number);
            number
        };
        folded.split(' ').filter(|word| !word.is_empty()).map(&mut number).collect()
    }

    pub(super) fn distances(&self, term: &Term) -> Distances {
        let allowed = allowed(term);
        let chars: Vec<char> = term.text.chars().collect();
        Distances(self.words.iter().map(|word| distance(&chars, term.letters, word, allowed)).collect())
    }
}

impl Distances {
    /// The distance to the nearest of these words.
    pub(super) fn nearest(&self, words: &[u32]) -> Option<u8> {
        let each = words.iter().filter_map(|number| self.0.get(*number as usize)).copied();
        each.min().filter(|distance| *distance != FAR)
    }
}

/// Slips allowed: none in short words and in words with digits, where one character makes another thing.
fn allowed(term: &Term) -> usize {
    match term.chars {
        _ if term.text.contains(|c: char| c.is_ascii_digit()) => 0,
        0..=2 => 0,
        3..=5 => 1,
        _ => 2,
    }
}

/// Damerau-Levenshtein distance to the word, or to its beginning while a longer word is still being typed.
fn distance(term: &[char], letters: Letters, word: &Word, allowed: usize) -> u8 {
    if allowed == 0 || letters.missing_in(word.letters) > allowed {
        return FAR;
    }
    let beginnings = if term.len() >= 4 && word.chars.len() > term.len() {
        term.len() - 1..=(term.len() + 1).min(word.chars.len())
    } else {
        word.chars.len()..=word.chars.len()
    };
    let whole = word.chars.len()..=word.chars.len();
    let lengths = beginnings.chain(whole).filter(|length| length.abs_diff(term.len()) <= allowed);
    let distances = lengths.map(|length| osa(term, &word.chars[..length]));
    distances.min().filter(|d| *d <= allowed).and_then(|d| u8::try_from(d).ok()).unwrap_or(FAR)
}

/// Optimal string alignment over slices, by way of the generic function of `strsim`.
fn osa(a: &[char], b: &[char]) -> usize {
    let (a, b): (String, String) = (a.iter().collect(), b.iter().collect());
    strsim::osa_distance(&a, &b)
}
