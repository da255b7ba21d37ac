//! Near misses: what was probably meant when nothing matches.

use std::collections::HashMap;

use super::letters::Letters;
use super::query::Term;
use super::sound::sound;

/// Every word of an index once, and which of them each text has.
pub(super) struct Words {
    words: Vec<Word>,
    texts: Vec<Box<[usize]>>,
}

struct Word {
    chars: Box<[char]>,
    letters: Letters,
    sound: Box<[char]>,
}

/// The distance of one term to every word, by word number.
pub(super) struct Distances(Vec<u8>);

const FAR: u8 = u8::MAX;
/// Below this many sounds, everything sounds like something.
const SHORT_SOUND: usize = 4;
/// From here on, one slip more is allowed.
const LONG_SOUND: usize = 7;

impl Words {
    pub(super) fn of<'t>(texts: impl Iterator<Item = &'t str>) -> Self {
        let (mut words, mut numbers) = (Vec::new(), HashMap::new());
        let mut number = |text: &'t str| {
            *numbers.entry(text).or_insert_with(|| {
                let (chars, sound) = (text.chars().collect(), sound(text).into_boxed_slice());
                words.push(Word { chars, letters: Letters::of(text), sound });
                words.len() - 1
            })
        };
        let texts = texts.map(|text| text.split(' ').map(&mut number).collect()).collect();
        Self { words, texts }
    }

    /// The numbers of the words of a text.
    pub(super) fn in_text(&self, text: usize) -> &[usize] {
        self.texts.get(text).map_or(&[], |words| words)
    }

    pub(super) fn distances(&self, term: &Term) -> Distances {
        let allowed = allowed(term);
        let chars: Vec<char> = term.text.chars().collect();
        let heard = sound(&term.text);
        let each = self.words.iter().map(|word| match distance(&chars, term.letters, word, allowed) {
            FAR if allowed > 0 => sounds_alike(&heard, &word.sound),
            near => near,
        });
        Distances(each.collect())
    }
}

impl Distances {
    /// The distance to the nearest of these words.
    pub(super) fn nearest(&self, words: &[usize]) -> Option<u8> {
        let each = words.iter().filter_map(|number| self.0.get(*number)).copied();
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

/// What counts for a word that only sounds like what was typed: more than any slip of the fingers.
const HEARD: u8 = 3;

/// [`HEARD`] for a whole word that is said alike, with one slip more when it is long.
fn sounds_alike(heard: &[char], word: &[char]) -> u8 {
    let slips = usize::from(heard.len() >= LONG_SOUND);
    if heard.len() < SHORT_SOUND || heard.first() != word.first() || heard.len().abs_diff(word.len()) > slips {
        return FAR;
    }
    match last_row(heard, word).last() {
        Some(0) => HEARD,
        Some(1) if slips == 1 => HEARD + 1,
        _ => FAR,
    }
}

/// Damerau-Levenshtein distance to the word, or to its beginning while a longer word is still being typed.
fn distance(term: &[char], letters: Letters, word: &Word, allowed: usize) -> u8 {
    if allowed == 0 || term.len() > word.chars.len() + allowed || letters.missing_in(word.letters) > allowed {
        return FAR;
    }
    // Beginnings of short words are like everything.
    let beginnings = term.len() >= 4;
    if !beginnings && word.chars.len() > term.len() + allowed {
        return FAR;
    }
    let row = last_row(term, &word.chars[..word.chars.len().min(term.len() + allowed)]);
    let whole = row.len() == word.chars.len() + 1;
    let nearest = match (beginnings, whole) {
        (false, _) => row.last().copied(),
        // A beginning one longer or shorter than what was typed; the whole word whatever its length.
        (true, _) => {
            let beginning = row.iter().take(term.len() + 2).skip(term.len() - 1).copied().min();
            let end = if whole { row.last().copied() } else { None };
            [beginning, end].into_iter().flatten().min()
        }
    };
    nearest.filter(|distance| usize::from(*distance) <= allowed).unwrap_or(FAR)
}

/// The optimal-string-alignment distances of `term` to every beginning of `word`, by length.
///
/// One matrix instead of one `strsim` call for each length; the tests hold it against `strsim`.
fn last_row(term: &[char], word: &[char]) -> Vec<u8> {
    let width = word.len() + 1;
    let cap = |n: usize| u8::try_from(n).unwrap_or(FAR);
    let mut before: Vec<u8> = Vec::new();
    let mut above: Vec<u8> = (0..width).map(cap).collect();
    for (i, t) in term.iter().enumerate() {
        let mut row = Vec::with_capacity(width);
        row.push(cap(i + 1));
        for (j, w) in word.iter().enumerate() {
            let mut best = above[j].saturating_add(u8::from(t != w));
            best = best.min(above[j + 1].saturating_add(1)).min(row[j].saturating_add(1));
            if i > 0 && j > 0 && *t == word[j - 1] && term[i - 1] == *w {
                best = best.min(before[j - 1].saturating_add(1));
            }
            row.push(best);
        }
        before = std::mem::replace(&mut above, row);
    }
    above
}

#[cfg(test)]
mod tests {
    use super::last_row;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn distances_are_those_of_strsim(term in "[abä]{0,9}", word in "[abä]{0,9}") {
            let (t, w): (Vec<char>, Vec<char>) = (term.chars().collect(), word.chars().collect());
            for (length, distance) in last_row(&t, &w).into_iter().enumerate() {
                let beginning: String = w[..length].iter().collect();
                prop_assert_eq!(usize::from(distance), strsim::osa_distance(&term, &beginning));
            }
        }
    }
}
