//! Lints: what is no mistake in a pack, and what a careful author would want to be told all the same.
//!
//! Pure functions over a loaded pack and its files. Each looks for one kind of thing, in a file named for it, and notes
//! it at the place where one would change it. What it means, with a wrong and a right example, stands in
//! [`crate::codes`]; the examples are run in the tests. The built-in pack has no lint.

mod allergies;
mod amounts;
mod book;
mod boundaries;
mod grounds;
mod meaning;
mod numbers;
mod products;
mod recipes;
mod stricter;
mod texts;
mod vocabulary;

use jiff::civil::Date;

use crate::pack::Pack;
use crate::pack::load::LayerFiles;
use crate::source::{Problems, Report};
use book::{Book, Sheets};

/// A pack and the files it was made from.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'p> {
    /// The pack, all layers.
    pub pack: &'p Pack,
    /// Its files, lowest layer first.
    pub layers: &'p [LayerFiles],
    /// The day on which a review may be overdue.
    pub today: Date,
}

/// Everything worth a look, in the order of the files.
#[must_use]
pub fn lint(subject: Subject<'_>) -> Report {
    let sheets = Sheets::of(subject.layers);
    let book = Book::of(&sheets);
    let mut notes = Problems::default();
    grounds::look(subject, &book, &mut notes);
    recipes::look(subject.pack, &book, &mut notes);
    amounts::look(subject.pack, &book, &mut notes);
    meaning::look(subject, &book, &mut notes);
    vocabulary::look(subject, &book, &mut notes);
    boundaries::look(subject, &book, &mut notes);
    numbers::look(subject, &book, &mut notes);
    stricter::look(subject, &book, &mut notes);
    texts::look(subject, &book, &mut notes);
    allergies::look(subject, &book, &mut notes);
    products::look(subject, &book, &mut notes);
    notes.into_report()
}

/// Some of many names, and how many more there are.
fn some<'s>(names: impl IntoIterator<Item = &'s str>) -> String {
    const SHOWN: usize = 12;
    let names: Vec<&str> = names.into_iter().collect();
    let shown = names.iter().take(SHOWN).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    match names.len().checked_sub(SHOWN) {
        Some(more) if more > 0 => format!("{shown} and {more} more"),
        _ => shown,
    }
}
