//! The tables of a pack as they are written, for lints that need the place of a key or the words themselves.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::pack::load::LayerFiles;
use crate::source::{Cursor, Document, Fields, Problems, Scalar, SourceFile, parse};

/// The files of all layers, parsed.
pub(super) struct Sheets<'a> {
    sheets: Vec<(usize, &'a Arc<SourceFile>, Document<'a>)>,
}

impl<'a> Sheets<'a> {
    pub fn of(layers: &'a [LayerFiles]) -> Self {
        // What cannot be read was reported when the pack was loaded.
        let mut known = Problems::default();
        let files = layers.iter().enumerate().flat_map(|(n, layer)| layer.files.iter().map(move |file| (n, file)));
        Self { sheets: files.map(|(n, file)| (n, file, parse(file, &mut known))).collect() }
    }
}

/// Every table of every file.
pub(super) struct Book<'a> {
    rows: Vec<Row<'a>>,
}

/// A table of a pack, such as one `[[rule]]`.
pub(super) struct Row<'a> {
    pub kind: &'a str,
    pub layer: usize,
    at: Cursor<'a>,
}

impl<'a> Book<'a> {
    pub fn of(sheets: &'a Sheets<'a>) -> Self {
        let mut rows = Vec::new();
        for (layer, file, document) in &sheets.sheets {
            for (kind, _, value) in Fields::of_file(file, document, "the file").entries() {
                let tables = if value.is_array() { value.one_or_many() } else { vec![value] };
                rows.extend(tables.into_iter().filter(Cursor::is_table).map(|at| Row { kind, layer: *layer, at }));
            }
        }
        Self { rows }
    }

    pub fn rows(&self) -> impl Iterator<Item = &Row<'a>> {
        self.rows.iter()
    }

    pub fn of_kind(&self, kind: &str) -> impl Iterator<Item = &Row<'a>> {
        self.rows.iter().filter(move |row| row.kind == kind)
    }

    pub fn find(&self, kind: &str, id: &str) -> Option<&Row<'a>> {
        self.of_kind(kind).find(|row| row.id() == Some(id))
    }

    /// The `[review]` that holds for a row: its own, or that of its file.
    pub fn review_of(&self, row: &Row<'a>) -> Option<Cursor<'a>> {
        let of_file = || self.of_kind("review").find(|review| Arc::ptr_eq(review.file(), row.file()));
        row.get("review").or_else(|| of_file().map(|review| review.at.clone()))
    }
}

impl<'a> Row<'a> {
    pub fn get(&self, key: &str) -> Option<Cursor<'a>> {
        get(&self.at, key)
    }

    /// The text of a key, if it has one.
    pub fn text(&self, key: &str) -> Option<&'a str> {
        text(&self.get(key)?)
    }

    pub fn id(&self) -> Option<&'a str> {
        self.text("id").or_else(|| self.text("code"))
    }

    /// What it is told by: its id, or that of what it changes.
    pub fn called(&self) -> &'a str {
        let named = ["rule", "limit", "ingredient", "pack"].iter().find_map(|key| self.text(key));
        self.id().or(named).unwrap_or_default()
    }

    pub fn file(&self) -> &'a Arc<SourceFile> {
        self.at.file()
    }

    /// Where it is named; a whole table would be drawn with all its lines.
    pub fn name(&self) -> Cursor<'a> {
        self.get("id").or_else(|| self.get("code")).unwrap_or_else(|| self.at.clone())
    }

    /// The place of a key, or where the table is named.
    pub fn at(&self, key: &str) -> Cursor<'a> {
        self.get(key).unwrap_or_else(|| self.name())
    }

    pub fn cursor(&self) -> &Cursor<'a> {
        &self.at
    }

    /// Every text in it, but for its id.
    pub fn words(&self, into: &mut BTreeSet<&'a str>) {
        for (key, value) in entries(&self.at) {
            if key != "id" {
                words(&value, into);
            }
        }
    }
}

/// The keys and values of a table; none of anything else.
pub(super) fn entries<'a>(at: &Cursor<'a>) -> Vec<(&'a str, Cursor<'a>)> {
    if !at.is_table() {
        return Vec::new();
    }
    let mut quiet = Problems::default();
    let fields = at.table("a table", &mut quiet);
    fields.map(|fields| fields.entries().into_iter().map(|(key, _, value)| (key, value)).collect()).unwrap_or_default()
}

/// The value of a key of a table.
pub(super) fn get<'a>(at: &Cursor<'a>, key: &str) -> Option<Cursor<'a>> {
    entries(at).into_iter().find(|(name, _)| *name == key).map(|(_, value)| value)
}

/// The text that a value is.
pub(super) fn text<'a>(at: &Cursor<'a>) -> Option<&'a str> {
    match at.scalar() {
        Some(Scalar::Text(text)) => Some(text),
        _ => None,
    }
}

/// The texts that a value is, or that it lists.
pub(super) fn texts<'a>(at: Option<Cursor<'a>>) -> Vec<&'a str> {
    at.iter().flat_map(Cursor::one_or_many).filter_map(|value| text(&value)).collect()
}

/// Visits a table and all tables inside it.
pub(super) fn each_table<'a>(at: &Cursor<'a>, see: &mut dyn FnMut(&Cursor<'a>)) {
    if at.is_table() {
        see(at);
        entries(at).iter().for_each(|(_, value)| each_table(value, see));
    } else if at.is_array() {
        at.one_or_many().iter().for_each(|value| each_table(value, see));
    }
}

/// Every text in a value.
pub(super) fn words<'a>(at: &Cursor<'a>, into: &mut BTreeSet<&'a str>) {
    if at.is_table() {
        entries(at).iter().for_each(|(_, value)| words(value, into));
    } else if at.is_array() {
        at.one_or_many().iter().for_each(|value| words(value, into));
    } else {
        into.extend(text(at));
    }
}
