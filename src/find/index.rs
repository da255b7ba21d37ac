//! The index of one vocabulary: folded once, searched on every key.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::sync::OnceLock;

use fuzzy_matcher::skim::SkimMatcherV2;

use super::fold::{fold, fold_with_positions};
use super::letters::Letters;
use super::near::{Distances, Words};
use super::query::{Fit, Found, Query, Term, find};
use super::vocabulary::{Entry, Vocabulary, may_go};
use crate::pack::Pack;

/// The whole query is the label, the id or a synonym.
const EXACT: i64 = 10_000;
/// The label says it, not a synonym.
const LABEL: i64 = 30;
/// The terms are spread over several names of one item.
const SPREAD: i64 = -200;
/// Each slip of a near miss.
const SLIP: i64 = -100;
/// Each word of a near miss that was not typed: "arthritis" before "septic arthritis".
const REST: i64 = -6;
/// Nothing else stands in the text of a near miss.
const COVERED: i64 = 40;
/// A near miss begins the text: "codiene" is "codeine with..." before "ibuprofen with codeine".
const BEGINS: i64 = 25;
/// The whole name, once the words that do not name it are left out.
const STRIPPED: i64 = 500;
/// The same letters with the blanks elsewhere: "hydra facial", "morpheus 8".
const GLUED: i64 = EXACT / 2;
/// Letters are left out, more than a near miss may: after the near misses.
const SCATTERED: i64 = 5 * SLIP;

/// A found item.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Hit {
    /// The id.
    pub id: String,
    /// The label.
    pub label: String,
    /// The label or synonym that matched.
    pub matched: String,
    /// Higher is better; comparable within one search only.
    pub score: i64,
    /// The whole query is the label, the id or a synonym.
    pub exact: bool,
    /// This is near: not what was typed, or only some letters of it. Never to be taken without looking.
    pub similar: bool,
    /// The characters of `matched` to show as matching.
    pub highlights: Vec<usize>,
    /// The position in the vocabulary's table.
    pub position: usize,
}

/// A searchable vocabulary. Building it folds every name; searching allocates little.
pub struct Index {
    entries: Vec<Indexed>,
    texts: Vec<Text>,
    /// Made on the first search that finds nothing.
    words: OnceLock<Words>,
    /// Entries in the order of an empty query.
    listed: Vec<usize>,
    /// Words that may be left out when nothing matches with them.
    may_go: fn(&str) -> bool,
    /// One instance: it keeps its work space between calls.
    matcher: SkimMatcherV2,
}

struct Indexed {
    id: String,
    label: String,
    also: Vec<String>,
    common: bool,
    folded_id: String,
    /// Its texts in [`Index::texts`], label first.
    texts: std::ops::Range<usize>,
    /// The letters of all its texts.
    letters: Letters,
    /// Its place in the order of labels.
    rank: usize,
}

struct Text {
    folded: Box<str>,
    chars: usize,
    letters: Letters,
    initials: Letters,
}

/// The best match of one entry.
struct Match {
    entry: usize,
    text: usize,
    score: i64,
    exact: bool,
    similar: bool,
    /// Its words are in several texts.
    spread: bool,
}

impl Index {
    /// The index of a vocabulary of the pack.
    #[must_use]
    pub fn new(pack: &Pack, vocabulary: Vocabulary) -> Self {
        Self { may_go: may_go(vocabulary), ..Self::of(vocabulary.entries(pack)) }
    }

    /// An index of anything that has an id, a label and synonyms.
    #[must_use]
    pub fn of(entries: impl IntoIterator<Item = Entry>) -> Self {
        let mut texts = Vec::new();
        let mut indexed: Vec<Indexed> = Vec::new();
        for entry in entries {
            let first = texts.len();
            for name in std::iter::once(&entry.label).chain(&entry.also) {
                let folded = fold(name);
                texts.push(Text {
                    chars: folded.chars().count(),
                    letters: Letters::of(&folded),
                    initials: Letters::initials(&folded),
                    folded: folded.into_boxed_str(),
                });
            }
            let letters = texts[first..].iter().fold(Letters::default(), |all, text: &Text| all.and(text.letters));
            let Entry { id, label, also, common } = entry;
            let folded_id = fold(&id);
            indexed.push(Indexed { id, label, also, common, folded_id, texts: first..texts.len(), letters, rank: 0 });
        }
        let mut by_label: Vec<usize> = (0..indexed.len()).collect();
        by_label.sort_by_key(|n| (&*texts[indexed[*n].texts.start].folded, *n));
        for (rank, n) in by_label.iter().enumerate() {
            indexed[*n].rank = rank;
        }
        let mut listed = by_label;
        listed.sort_by_key(|n| !indexed[*n].common);
        let matcher = SkimMatcherV2::default().ignore_case();
        Self { entries: indexed, texts, words: OnceLock::new(), listed, may_go: |_| false, matcher }
    }

    /// The number of items.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is nothing to find.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The best `limit` items for what was typed; for nothing typed, the common items and then all by label.
    ///
    /// Every word must match, in any order. When nothing does, near misses are given, else what has some of the words,
    /// all marked [`Hit::similar`].
    #[must_use]
    pub fn search(&self, typed: &str, limit: usize) -> Vec<Hit> {
        if typed.trim().is_empty() {
            return self.listed.iter().take(limit).map(|n| self.listed_hit(*n)).collect();
        }
        let mut query = Query::new(typed);
        if query.terms.is_empty() {
            return Vec::new();
        }
        let mut matches = self.matching(&query);
        if matches.iter().all(|m| m.spread)
            && let Some(shorter) = query.without_fillers(self.may_go)
        {
            let mut others = self.matching(&shorter);
            if matches.is_empty() || others.iter().any(|m| !m.spread && !m.similar) {
                for m in others.iter_mut().filter(|m| m.exact) {
                    (m.exact, m.score) = (false, m.score - EXACT + STRIPPED);
                }
                (query, matches) = (shorter, others);
            }
        }
        if matches.iter().all(|m| m.similar) {
            let scattered = std::mem::replace(&mut matches, self.near(&query));
            let near: BTreeSet<usize> = matches.iter().map(|m| m.entry).collect();
            let others = scattered.into_iter().filter(|m| !near.contains(&m.entry));
            matches.extend(others.map(|m| Match { score: SCATTERED, ..m }));
        }
        if matches.is_empty() {
            matches = self.partly(&query);
        }
        self.best(&mut matches, limit);
        matches.iter().map(|m| self.hit(m, &query)).collect()
    }

    /// Sorts the best `limit` to the front, in an order that leaves nothing open, and drops the rest.
    fn best(&self, matches: &mut Vec<Match>, limit: usize) {
        let key = |m: &Match| {
            let entry = &self.entries[m.entry];
            (Reverse(m.score), !entry.common, self.texts[m.text].chars, entry.rank)
        };
        if limit < matches.len() {
            matches.select_nth_unstable_by_key(limit, key);
            matches.truncate(limit);
        }
        matches.sort_unstable_by_key(key);
    }

    fn matching(&self, query: &Query) -> Vec<Match> {
        let each = self.entries.iter().enumerate();
        each.filter(|(_, entry)| entry.letters.holds(query.letters) || entry.folded_id == query.whole)
            .filter_map(|(n, _)| self.match_entry(n, query))
            .collect()
    }

    fn match_entry(&self, n: usize, query: &Query) -> Option<Match> {
        let entry = &self.entries[n];
        let by_id = entry.folded_id == query.whole;
        let fits = entry.texts.clone().filter_map(|text| {
            if !self.texts[text].letters.holds(query.letters) {
                return None;
            }
            let exact = *self.texts[text].folded == query.whole;
            let glued = !exact && query.is_glued(&self.texts[text].folded);
            let (whole, fit) = if glued { (true, GLUED) } else { self.fit_text(text, query)? };
            Some((whole, fit + Self::bonus(entry, text, exact), self.preference(text), exact))
        });
        // The matcher scores only the text that fits best: it costs far more than finding the fit.
        let Some((whole, fit, (_, Reverse(text)), exact)) = fits.max() else {
            if by_id {
                let text = entry.texts.start;
                return Some(Match {
                    entry: n,
                    text,
                    score: EXACT + LABEL,
                    exact: true,
                    similar: false,
                    spread: false,
                });
            }
            return self.match_spread(n, query);
        };
        let exact_by_id = if by_id && !exact { EXACT } else { 0 };
        let similar = !(whole || by_id);
        let score = fit + exact_by_id + if similar { SCATTERED } else { 0 } + self.score(text, &query.terms);
        Some(Match { entry: n, text, score, exact: exact || by_id, similar, spread: false })
    }

    const fn bonus(entry: &Indexed, text: usize, exact: bool) -> i64 {
        (if text == entry.texts.start { LABEL } else { 0 }) + if exact { EXACT } else { 0 }
    }

    /// Among texts that fit alike: the shorter, then the earlier.
    fn preference(&self, text: usize) -> (Reverse<usize>, Reverse<usize>) {
        (Reverse(self.texts[text].chars), Reverse(text))
    }

    /// How well all terms fit one text, and whether all their letters stand there as typed: "penicillin" is not
    /// penicillamine with some letters left out.
    fn fit_text(&self, text: usize, query: &Query) -> Option<(bool, i64)> {
        let text = &self.texts[text];
        let mut terms = query.terms.iter();
        terms.try_fold((true, 0), |(whole, sum), term| {
            let fit = find(&self.matcher, term, &text.folded, text.initials)?.fit();
            Some((whole && fit > Fit::Gaps, sum + fit.bonus()))
        })
    }

    /// The matcher's score of the terms that are in the text.
    fn score<'a>(&self, text: usize, terms: impl IntoIterator<Item = &'a Term>) -> i64 {
        let text = &self.texts[text];
        let found = terms.into_iter().filter_map(|term| {
            Some(find(&self.matcher, term, &text.folded, text.initials)?.score(&self.matcher, term, &text.folded))
        });
        found.sum()
    }

    /// Each term at the start of a word in some text of the entry: "warfarin coumadin".
    fn match_spread(&self, n: usize, query: &Query) -> Option<Match> {
        if query.terms.len() < 2 {
            return None;
        }
        let entry = &self.entries[n];
        let mut score = SPREAD;
        let mut shown = None;
        for term in &query.terms {
            let places = entry.texts.clone().filter_map(|text| {
                let fit = self.find_strictly(term, text)?.fit().bonus() + Self::bonus(entry, text, false);
                Some((fit, self.preference(text)))
            });
            let best = places.max()?;
            let (fit, (_, Reverse(text))) = best;
            score += fit + self.score(text, [term]);
            shown = shown.max(Some(best));
        }
        let (_, (_, Reverse(text))) = shown?;
        Some(Match { entry: n, text, score, exact: false, similar: false, spread: true })
    }

    fn find_strictly(&self, term: &Term, text: usize) -> Option<Found> {
        let text = &self.texts[text];
        if !text.letters.holds(term.letters) {
            return None;
        }
        find(&self.matcher, term, &text.folded, text.initials).filter(|found| found.fit() >= Fit::WordStart)
    }

    /// Entries with a text in which every term is found or nearly so.
    fn near(&self, query: &Query) -> Vec<Match> {
        let words = self.words.get_or_init(|| Words::of(self.texts.iter().map(|text| &*text.folded)));
        let distances: Vec<Distances> = query.terms.iter().map(|term| words.distances(term)).collect();
        let slips = |term: &Term, distances: &Distances, text: usize| match self.find_strictly(term, text) {
            Some(_) => Some(0),
            None => distances.nearest(words.in_text(text)).map(i64::from),
        };
        let each = self.entries.iter().enumerate();
        each.filter_map(|(n, entry)| {
            let texts = entry.texts.clone().filter_map(|text| {
                let terms = query.terms.iter().zip(&distances);
                let total = terms.map(|(term, distances)| slips(term, distances, text)).sum::<Option<i64>>()?;
                let order = Self::order_of_near(words.in_text(text), &distances, query.terms.len());
                Some((total * SLIP + order + Self::bonus(entry, text, false), self.preference(text)))
            });
            let (score, (_, Reverse(text))) = texts.max()?;
            Some(Match { entry: n, text, score, exact: false, similar: true, spread: false })
        })
        .collect()
    }

    /// What decides between near misses with as many slips.
    fn order_of_near(text: &[usize], distances: &[Distances], typed: usize) -> i64 {
        let rest = i64::try_from(text.len().saturating_sub(typed).min(5)).unwrap_or(0);
        let begins = distances.iter().any(|distances| distances.nearest(&text[..text.len().min(1)]).is_some());
        (if rest == 0 { COVERED } else { REST * rest }) + if begins { BEGINS } else { 0 }
    }

    /// Entries with a text in which some of several words stand, the longer words counting more: "baby botox".
    fn partly(&self, query: &Query) -> Vec<Match> {
        let telling = |term: &&Term| term.chars >= 3;
        let each = self.entries.iter().enumerate().filter(|_| query.terms.len() > 1);
        each.filter_map(|(n, entry)| {
            let texts = entry.texts.clone().filter_map(|text| {
                let found = query.terms.iter().filter(telling);
                let found = found.filter_map(|term| {
                    let fit = self.find_strictly(term, text)?.fit();
                    matches!(fit, Fit::Word | Fit::FirstWord)
                        .then(|| fit.bonus() + 10 * i64::try_from(term.chars).unwrap_or(0))
                });
                let sum: i64 = found.sum();
                (sum > 0).then(|| (2 * SCATTERED + sum + Self::bonus(entry, text, false), self.preference(text)))
            });
            let (score, (_, Reverse(text))) = texts.max()?;
            Some(Match { entry: n, text, score, exact: false, similar: true, spread: false })
        })
        .collect()
    }

    fn hit(&self, m: &Match, query: &Query) -> Hit {
        let entry = &self.entries[m.entry];
        let matched = match m.text - entry.texts.start {
            0 => &entry.label,
            n => &entry.also[n - 1],
        };
        let (folded, positions) = fold_with_positions(matched);
        let initials = self.texts[m.text].initials;
        let found = query.terms.iter().filter_map(|term| {
            let found = find(&self.matcher, term, &folded, initials)?;
            Some(found.positions(term, &folded))
        });
        let mut highlights: Vec<usize> = found.flatten().filter_map(|at| positions.get(at).copied()).collect();
        highlights.sort_unstable();
        highlights.dedup();
        Hit {
            id: entry.id.clone(),
            label: entry.label.clone(),
            matched: matched.clone(),
            score: m.score,
            exact: m.exact,
            similar: m.similar,
            highlights,
            position: m.entry,
        }
    }

    fn listed_hit(&self, n: usize) -> Hit {
        let entry = &self.entries[n];
        Hit {
            id: entry.id.clone(),
            label: entry.label.clone(),
            matched: entry.label.clone(),
            score: 0,
            exact: false,
            similar: false,
            highlights: Vec::new(),
            position: n,
        }
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
