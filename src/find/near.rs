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
        let typed = Typed::new(term);
        let mut rows = Rows::default();
        let each = self.words.iter().map(|word| match typed.slips(word, &mut rows) {
            FAR if typed.allowed > 0 => typed.heard_as(word),
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

/// A term as it is compared with every word.
struct Typed {
    chars: Vec<char>,
    /// One set for each character.
    letters: Vec<Letters>,
    all_letters: Letters,
    sound: Vec<char>,
    allowed: usize,
}

impl Typed {
    fn new(term: &Term) -> Self {
        let chars: Vec<char> = term.text.chars().collect();
        let letters = chars.iter().map(|c| Letters::of(c.encode_utf8(&mut [0; 4]))).collect();
        Self { letters, all_letters: term.letters, sound: sound(&term.text), allowed: allowed(term), chars }
    }

    /// Whether more characters than slips are allowed are nowhere in the word: each is a slip.
    fn has_too_many_strangers(&self, word: &Word) -> bool {
        // Sets are compared first: that rules out most words at once.
        self.all_letters.missing_in(word.letters) > self.allowed
            || self.letters.iter().filter(|one| !word.letters.holds(**one)).count() > self.allowed
    }

    /// Damerau-Levenshtein distance to the word, or to its beginning while a longer word is still being typed.
    fn slips(&self, word: &Word, rows: &mut Rows) -> u8 {
        let (term, allowed) = (&*self.chars, self.allowed);
        if allowed == 0 || term.len() > word.chars.len() + allowed || self.has_too_many_strangers(word) {
            return FAR;
        }
        // Beginnings of short words are like everything.
        let beginnings = term.len() >= 4;
        if !beginnings && word.chars.len() > term.len() + allowed {
            return FAR;
        }
        let row = rows.last(term, &word.chars[..word.chars.len().min(term.len() + allowed)], allowed);
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

    /// [`HEARD`] for a whole word that is said alike, with one slip more when it is long.
    fn heard_as(&self, word: &Word) -> u8 {
        let heard = &*self.sound;
        if heard.len() < SHORT_SOUND || heard.first() != word.sound.first() {
            return FAR;
        }
        if *heard == *word.sound {
            return HEARD;
        }
        if heard.len() >= LONG_SOUND && differ_by_one(heard, &word.sound) { HEARD + 1 } else { FAR }
    }
}

/// Whether one letter was added, left out, changed, or two neighbours were exchanged.
#[must_use]
pub fn one_slip(one: &str, other: &str) -> bool {
    // Most words differ at once: their lengths are compared before anything is taken apart.
    if one.len().abs_diff(other.len()) > 4 {
        return false;
    }
    if one.is_ascii() && other.is_ascii() {
        return differ_by_one(one.as_bytes(), other.as_bytes());
    }
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    differ_by_one(&one, &other)
}

/// Whether one sound was added, left out, changed, or two neighbours were exchanged.
fn differ_by_one<T: PartialEq>(one: &[T], other: &[T]) -> bool {
    let (short, long) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    let same = short.iter().zip(long).take_while(|(a, b)| a == b).count();
    let (short_rest, long_rest) = (&short[same..], &long[same..]);
    match long.len() - short.len() {
        1 => *short_rest == long_rest[1..],
        0 => match (short_rest, long_rest) {
            ([], []) => false,
            ([_, rest @ ..], [_, other @ ..]) if rest == other => true,
            ([a, b, rest @ ..], [c, d, other @ ..]) => a == d && b == c && rest == other,
            _ => false,
        },
        _ => false,
    }
}

/// The work space of one search: a few thousand words are compared for each key.
#[derive(Default)]
struct Rows {
    before: Vec<u8>,
    above: Vec<u8>,
    row: Vec<u8>,
}

impl Rows {
    /// The optimal-string-alignment distances of `term` to every beginning of `word`, by length; those over `allowed` may
    /// be anything over it.
    ///
    /// One matrix instead of one `strsim` call for each length, and of it only the band around the diagonal that few slips
    /// can reach; the tests hold it against `strsim`.
    fn last(&mut self, term: &[char], word: &[char], allowed: usize) -> &[u8] {
        let width = word.len() + 1;
        let cap = |n: usize| u8::try_from(n).unwrap_or(FAR);
        self.above.clear();
        self.above.extend((0..width).map(cap));
        for (i, t) in term.iter().enumerate() {
            self.row.clear();
            self.row.resize(width, FAR);
            self.row[0] = cap(i + 1);
            for j in i.saturating_sub(allowed)..word.len().min(i + allowed + 1) {
                let mut best = self.above[j].saturating_add(u8::from(*t != word[j]));
                best = best.min(self.above[j + 1].saturating_add(1)).min(self.row[j].saturating_add(1));
                if i > 0 && j > 0 && *t == word[j - 1] && term[i - 1] == word[j] {
                    best = best.min(self.before[j - 1].saturating_add(1));
                }
                self.row[j + 1] = best;
            }
            std::mem::swap(&mut self.before, &mut self.above);
            std::mem::swap(&mut self.above, &mut self.row);
        }
        &self.above
    }
}

#[cfg(test)]
mod tests {
    use super::{Rows, differ_by_one};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn distances_are_those_of_strsim(term in "[abä]{0,9}", word in "[abä]{0,9}", allowed in 0_usize..4) {
            let (t, w): (Vec<char>, Vec<char>) = (term.chars().collect(), word.chars().collect());
            for (length, distance) in Rows::default().last(&t, &w, allowed).iter().enumerate() {
                let beginning: String = w[..length].iter().collect();
                let (ours, theirs) = (usize::from(*distance), strsim::osa_distance(&term, &beginning));
                prop_assert!(ours == theirs || (ours > allowed && theirs > allowed), "{ours} {theirs}");
            }
        }

        #[test]
        fn one_slip_is_a_distance_of_one(term in "[abc]{0,6}", word in "[abc]{0,6}") {
            let (t, w): (Vec<char>, Vec<char>) = (term.chars().collect(), word.chars().collect());
            prop_assert_eq!(differ_by_one(&t, &w), strsim::osa_distance(&term, &word) == 1);
        }
    }
}
