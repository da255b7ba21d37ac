//! What was typed, and how well one term of it fits one text.

use fuzzy_matcher::FuzzyMatcher;
use fuzzy_matcher::skim::SkimMatcherV2;

use super::fold::fold;
use super::letters::Letters;

/// Characters of a query that are read; the rest of a pasted page is not.
const MAX_CHARS: usize = 256;
/// Terms that are read.
const MAX_TERMS: usize = 12;
/// Shorter words are not glued or split: "pe" is not "p e".
const GLUED_FROM: usize = 4;
/// Blanks that may be too many or too few.
const MAX_BLANKS: usize = 3;
/// Words that may be left out when nothing matches with them.
const FILLERS: [&str; 36] = [
    "a",
    "am",
    "an",
    "and",
    "been",
    "currently",
    "for",
    "from",
    "get",
    "gets",
    "got",
    "had",
    "has",
    "have",
    "having",
    "her",
    "his",
    "i",
    "im",
    "in",
    "is",
    "my",
    "now",
    "of",
    "on",
    "or",
    "some",
    "suffer",
    "suffers",
    "the",
    "to",
    "today",
    "was",
    "with",
    "year",
    "years",
];

/// A folded query.
pub(super) struct Query {
    pub whole: String,
    pub terms: Vec<Term>,
    pub letters: Letters,
    /// Bytes without blanks.
    solid: usize,
}

/// One word of a query.
pub(super) struct Term {
    pub text: String,
    pub chars: usize,
    pub letters: Letters,
    pub initial: Letters,
}

impl Query {
    pub(super) fn new(typed: &str) -> Self {
        let read = typed.char_indices().nth(MAX_CHARS).map_or(typed, |(end, _)| &typed[..end]);
        let whole = fold(read);
        let mut words: Vec<&str> = whole.split(' ').filter(|word| !word.is_empty()).take(MAX_TERMS).collect();
        // The order of the words means nothing, nor does repeating one.
        words.sort_unstable();
        words.dedup();
        let terms = words.into_iter().map(Term::new).collect();
        let letters = Letters::of(&whole);
        let solid = whole.bytes().filter(|b| *b != b' ').count();
        Self { whole, terms, letters, solid }
    }

    /// The query without "of", "the"... and what may be left out of words of this list; `None` when that is the same
    /// or nothing.
    pub(super) fn without_fillers(&self, may_go: fn(&str) -> bool) -> Option<Self> {
        let is_filler = |word: &&str| FILLERS.contains(word) || may_go(word);
        let kept: Vec<&str> = self.whole.split(' ').filter(|word| !is_filler(word)).collect();
        (!kept.is_empty() && self.whole.split(' ').any(|word| is_filler(&word))).then(|| Self::new(&kept.join(" ")))
    }
}

impl Query {
    /// Whether this is the text but for its blanks.
    pub(super) fn is_glued(&self, folded: &str) -> bool {
        let letters = |text: &'_ str| -> usize { text.bytes().filter(|b| *b != b' ').count() };
        self.solid >= GLUED_FROM
            && folded.len().abs_diff(self.whole.len()) <= MAX_BLANKS
            && letters(folded) == self.solid
            && folded.bytes().filter(|b| *b != b' ').eq(self.whole.bytes().filter(|b| *b != b' '))
    }
}

impl Term {
    fn new(word: &str) -> Self {
        let first = word.chars().next().map(String::from).unwrap_or_default();
        Self {
            text: word.to_owned(),
            chars: word.chars().count(),
            letters: Letters::of(word),
            initial: Letters::of(&first),
        }
    }
}

/// How a term sits in a text, worst first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Fit {
    /// Letters left out within one word: "diabtes".
    Gaps,
    /// Pieces that each start a word: "bp", "lowback".
    Pieces,
    /// Inside a word.
    Inside,
    /// At the start of a word.
    WordStart,
    /// A whole word.
    Word,
    /// At the start of the text.
    Prefix,
    /// The first word.
    FirstWord,
}

impl Fit {
    pub(super) const fn bonus(self) -> i64 {
        match self {
            Self::Gaps => 0,
            Self::Pieces => 10,
            Self::Inside => 20,
            Self::WordStart => 80,
            Self::Word => 110,
            Self::Prefix => 120,
            Self::FirstWord => 150,
        }
    }
}

/// Where a term was found: the positions of its characters in the folded text, made only when asked for.
pub(super) enum Found {
    Run { fit: Fit, at: usize },
    Pieces { fit: Fit, score: i64, at: Vec<usize> },
}

impl Found {
    pub(super) const fn fit(&self) -> Fit {
        match self {
            Self::Run { fit, .. } | Self::Pieces { fit, .. } => *fit,
        }
    }

    /// Positions in characters of `folded`.
    pub(super) fn positions(&self, term: &Term, folded: &str) -> Vec<usize> {
        match self {
            Self::Run { at, .. } => {
                let start = folded[..*at].chars().count();
                (start..start + term.chars).collect()
            }
            Self::Pieces { at, .. } => at.clone(),
        }
    }

    /// The matcher's own score.
    pub(super) fn score(&self, matcher: &SkimMatcherV2, term: &Term, folded: &str) -> i64 {
        match self {
            // One or two letters in a row are told apart by where they stand, which is their fit already; they are in
            // thousands of texts.
            Self::Run { .. } if term.chars <= 2 => 0,
            Self::Run { .. } => matcher.fuzzy_match(folded, &term.text).unwrap_or(0),
            Self::Pieces { score, .. } => *score,
        }
    }
}

/// Finds a term in a folded text, at its best place, if it is there well enough to be worth showing.
pub(super) fn find(matcher: &SkimMatcherV2, term: &Term, folded: &str, initials: Letters) -> Option<Found> {
    let starts_a_word = initials.holds(term.initial);
    // One or two letters inside words are in nearly every text.
    if !starts_a_word && term.chars < 3 {
        return None;
    }
    if let Some(run) = find_run(term, folded) {
        return Some(run);
    }
    let may_be_pieces = match term.chars {
        0 | 1 => false,
        2 => initials.holds(term.letters),
        _ => starts_a_word && is_subsequence(&term.text, folded),
    };
    if !may_be_pieces {
        return None;
    }
    let (score, at) = matcher.fuzzy_indices(folded, &term.text)?;
    let fit = worth_showing(term, folded, &at)?;
    Some(Found::Pieces { fit, score, at })
}

/// The first of the best places where the term stands as it was typed.
fn find_run(term: &Term, folded: &str) -> Option<Found> {
    // A plain loop: in texts this short, `str::find` spends its time preparing.
    let (needle, hay) = (term.text.as_bytes(), folded.as_bytes());
    let first = *needle.first()?;
    let mut best: Option<(Fit, usize)> = None;
    for at in 0..(hay.len() + 1).saturating_sub(needle.len()) {
        if hay[at] != first || !hay[at..].starts_with(needle) {
            continue;
        }
        let whole = matches!(hay.get(at + needle.len()), None | Some(b' '));
        let fit = match at.checked_sub(1).map(|before| hay[before]) {
            None if whole => Fit::FirstWord,
            None => Fit::Prefix,
            Some(b' ') if whole => Fit::Word,
            Some(b' ') => Fit::WordStart,
            Some(_) if term.chars >= 3 => Fit::Inside,
            Some(_) => continue,
        };
        if at == 0 {
            return Some(Found::Run { fit, at });
        }
        if best.is_none_or(|(so_far, _)| so_far < fit) {
            best = Some((fit, at));
        }
    }
    best.map(|(fit, at)| Found::Run { fit, at })
}

fn is_subsequence(term: &str, folded: &str) -> bool {
    let mut rest = folded.bytes();
    term.bytes().all(|b| rest.any(|r| r == b))
}

/// Whether scattered letters look meant: pieces that start words, or few letters left out of one word.
fn worth_showing(term: &Term, folded: &str, at: &[usize]) -> Option<Fit> {
    let chars: Vec<char> = folded.chars().collect();
    let (first, last) = (*at.first()?, *at.last()?);
    let starts_word = |position: usize| position == 0 || chars.get(position - 1) == Some(&' ');
    let blanks = chars.get(first..=last)?.iter().filter(|c| **c == ' ').count();
    let continues = |n: usize| n > 0 && at[n] == at[n - 1] + 1;
    let run_starts: Vec<usize> = (0..at.len()).filter(|n| !continues(*n)).map(|n| at[n]).collect();
    // Initials are one letter each; a long word is not one word and the first letter of the next: "ciclosporine" is not
    // "ciclosporin eye drops".
    let ends_in_initial =
        at.len() > 5 && run_starts.len() > 1 && run_starts.len() < at.len() && !continues(at.len() - 1);
    if run_starts.iter().all(|start| starts_word(*start)) && !ends_in_initial {
        let skipped_words = (blanks + 1).saturating_sub(run_starts.len());
        return (skipped_words <= 1).then_some(Fit::Pieces);
    }
    let left_out = (last - first + 1).saturating_sub(at.len());
    (term.chars >= 4 && blanks == 0 && starts_word(first) && left_out <= (term.chars / 3).max(1)).then_some(Fit::Gaps)
}
