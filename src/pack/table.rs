//! Tables of things that have an id, and typed positions in them.

use std::collections::HashMap;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::ops::Index;

/// The position of a `T` in its [`Table`]; a position of one kind cannot be used in a table of another.
pub struct Ix<T>(u16, PhantomData<fn() -> T>);

impl<T> Ix<T> {
    /// The position `n`.
    #[must_use]
    pub const fn new(n: usize) -> Self {
        Self(n as u16, PhantomData)
    }

    /// As an index.
    #[must_use]
    pub const fn get(self) -> usize {
        self.0 as usize
    }
}

impl<T> Clone for Ix<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Ix<T> {}
impl<T> PartialEq for Ix<T> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl<T> Eq for Ix<T> {}
impl<T> PartialOrd for Ix<T> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl<T> Ord for Ix<T> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.cmp(&other.0)
    }
}
impl<T> Hash for Ix<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}
impl<T> fmt::Debug for Ix<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.0)
    }
}

/// Something that has an id.
pub trait Identified {
    /// The id, unique in its table.
    fn id(&self) -> &str;
}

/// Things in the order of the pack, found by position or by id.
#[derive(Clone, Debug)]
pub struct Table<T> {
    rows: Vec<T>,
    by_id: HashMap<String, Ix<T>>,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self { rows: Vec::new(), by_id: HashMap::new() }
    }
}

impl<T: Identified> Table<T> {
    /// Adds a row unless its id is taken; returns the position of the row that has the id now, and whether it is new.
    pub fn insert(&mut self, row: T) -> (Ix<T>, bool) {
        if let Some(ix) = self.by_id.get(row.id()) {
            return (*ix, false);
        }
        let ix = Ix::new(self.rows.len());
        self.by_id.insert(row.id().to_owned(), ix);
        self.rows.push(row);
        (ix, true)
    }

    /// The row with this id.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&T> {
        self.by_id.get(id).map(|ix| &self.rows[ix.get()])
    }

    /// The position of the row with this id.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<Ix<T>> {
        self.by_id.get(id).copied()
    }

    /// All rows in order.
    pub fn iter(&self) -> std::slice::Iter<'_, T> {
        self.rows.iter()
    }

    /// All rows with their positions.
    pub fn entries(&self) -> impl Iterator<Item = (Ix<T>, &T)> {
        self.rows.iter().enumerate().map(|(n, row)| (Ix::new(n), row))
    }

    /// All ids in order.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.rows.iter().map(Identified::id)
    }

    /// The number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    pub(super) fn row_mut(&mut self, ix: Ix<T>) -> &mut T {
        &mut self.rows[ix.get()]
    }
}

impl<T> Index<Ix<T>> for Table<T> {
    type Output = T;

    fn index(&self, ix: Ix<T>) -> &T {
        &self.rows[ix.get()]
    }
}

impl<'a, T: Identified> IntoIterator for &'a Table<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// A set of positions in one table.
pub struct Set<T> {
    words: Vec<u64>,
    of: PhantomData<fn() -> T>,
}

impl<T> Clone for Set<T> {
    fn clone(&self) -> Self {
        Self { words: self.words.clone(), of: PhantomData }
    }
}
impl<T> Default for Set<T> {
    fn default() -> Self {
        Self { words: Vec::new(), of: PhantomData }
    }
}
impl<T> PartialEq for Set<T> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}
impl<T> fmt::Debug for Set<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

impl<T> Set<T> {
    /// Adds a position; says whether it was new.
    pub fn insert(&mut self, ix: Ix<T>) -> bool {
        let (word, bit) = (ix.get() / 64, 1_u64 << (ix.get() % 64));
        if self.words.len() <= word {
            self.words.resize(word + 1, 0);
        }
        let new = self.words[word] & bit == 0;
        self.words[word] |= bit;
        new
    }

    /// Whether the position is in the set.
    #[must_use]
    pub fn contains(&self, ix: Ix<T>) -> bool {
        self.words.get(ix.get() / 64).is_some_and(|word| word & (1 << (ix.get() % 64)) != 0)
    }

    /// Whether nothing is in the set.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.words.iter().all(|word| *word == 0)
    }

    /// Adds every position of `other`.
    pub fn extend(&mut self, other: &Self) {
        other.iter().for_each(|ix| {
            self.insert(ix);
        });
    }

    /// The positions in order.
    pub fn iter(&self) -> impl Iterator<Item = Ix<T>> {
        self.words.iter().enumerate().flat_map(|(n, &word)| {
            (0..64).filter(move |bit| word & (1 << bit) != 0).map(move |bit| Ix::new(n * 64 + bit))
        })
    }
}

impl<T> FromIterator<Ix<T>> for Set<T> {
    fn from_iter<I: IntoIterator<Item = Ix<T>>>(iter: I) -> Self {
        let mut set = Self::default();
        iter.into_iter().for_each(|ix| {
            set.insert(ix);
        });
        set
    }
}
