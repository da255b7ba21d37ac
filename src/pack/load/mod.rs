//! From folders of TOML to a [`Pack`], or to every problem of every file.
//!
//! Passes in the order of dependence: words first (sources, groups, items), then questions and conditions, then
//! what uses them (rules, ingredients, recipes, texts), then the rules made from the vocabulary, with the
//! wordings of other languages around them, then what layers tighten and override. Every pass goes on after a mistake, so
//! that one run reports them all.

mod codes;
mod conditions;
mod follow_up;
mod generated;
mod grounds;
mod header;
mod ingredients;
mod look_up;
mod overrides;
mod portraits;
mod questions;
mod recipes;
mod rules;
mod safety_case;
mod scales;
mod texts;
mod tighten;
mod trials;
mod vocabulary;
mod wordings;

use std::collections::HashMap;
use std::sync::Arc;

pub use codes::DUPLICATE_ID;
pub use look_up::how_found;
pub use portraits::{is_portraits, portraits};
pub use safety_case::safety_case;

use super::condition::Condition;
use super::question::QuestionIx;
use super::review::ReviewState;
use super::table::{Identified, Ix, Set, Table};
use super::vocabulary::{Group, Item, List};
use super::{Layer, Pack};
use crate::source::{Cursor, Document, Fields, Problems, Report, SourceFile, parse};

/// The files of one layer.
#[derive(Clone, Debug, Default)]
pub struct LayerFiles {
    /// `pack.toml` and the rest.
    pub files: Vec<Arc<SourceFile>>,
}

impl LayerFiles {
    /// The files that hold content. Cases, topics and the safety case prove a pack and are read where it is checked,
    /// training cases where somebody trains; a consultation starts without them.
    pub fn content(&self) -> impl Iterator<Item = &Arc<SourceFile>> {
        let apart = ["pack-cases", "topics", "cases"];
        let kept = move |file: &Arc<SourceFile>| {
            !apart.iter().any(|folder| self.stands_in(file, folder)) && !is_safety_case(&file.path)
        };
        self.files.iter().filter(move |file| kept(file))
    }

    /// The files that hold training cases.
    pub fn training(&self) -> impl Iterator<Item = &Arc<SourceFile>> {
        self.files.iter().filter(|file| self.stands_in(file, "cases"))
    }

    /// The files that say what the pack covers.
    pub fn topics(&self) -> impl Iterator<Item = &Arc<SourceFile>> {
        self.files.iter().filter(|file| self.stands_in(file, "topics"))
    }

    /// Whether a file stands in a folder of this name inside the layer; how the folders above the layer are called
    /// means nothing.
    fn stands_in(&self, file: &SourceFile, folder: &str) -> bool {
        let mut parts = file.path.get(header::root(self)..).unwrap_or(&file.path).split(['/', '\\']).rev();
        parts.next();
        parts.any(|part| part == folder)
    }
}

/// Whether a file states what must never happen.
fn is_safety_case(path: &str) -> bool {
    path.rsplit(['/', '\\']).next() == Some("safety-case.toml")
}

/// Reads, checks and joins layers, built-in first. A layer with the id of an earlier one takes its place.
///
/// # Errors
/// Every problem of every file of every layer.
pub fn load(layers: &[LayerFiles]) -> Result<Pack, Report> {
    load_in(layers, None)
}

/// The same with the texts in another language, as far as the layers word them; one that no layer has changes nothing,
/// and [`Pack::language`] says so.
///
/// # Errors
/// Every problem of every file of every layer, the wordings of all languages included.
pub fn load_in(layers: &[LayerFiles], language: Option<&str>) -> Result<Pack, Report> {
    load_parsed(parsed(layers), language)
}

/// The files of layers, parsed.
#[derive(Debug)]
pub struct Parsed<'a> {
    layers: Vec<&'a LayerFiles>,
    documents: Vec<Vec<(&'a Arc<SourceFile>, Document<'a>)>>,
    problems: Problems,
}

/// Parses all files. What is parsed is let go when the pack is made: whoever has this done by another thread keeps the
/// memory of the two apart, and gets it back.
#[must_use]
pub fn parsed(layers: &[LayerFiles]) -> Parsed<'_> {
    let layers = header::without_replaced(layers);
    let mut problems = Problems::default();
    let mut documents = Vec::new();
    for layer in &layers {
        documents.push(layer.content().map(|file| (file, parse(file, &mut problems))).collect());
    }
    Parsed { layers, documents, problems }
}

/// Checks and joins what was parsed.
///
/// # Errors
/// Every problem of every file of every layer, the wordings of all languages included.
pub fn load_parsed(parsed: Parsed<'_>, language: Option<&str>) -> Result<Pack, Report> {
    let Parsed { layers, documents: parsed, mut problems } = parsed;
    let mut tables = Tables::default();
    let mut infos = Vec::new();
    for (n, files) in parsed.iter().enumerate() {
        for (file, table) in files {
            let fields = Fields::of_file(file, table, "the file");
            header::collect(n, &fields, &mut tables, &mut infos, &mut problems);
        }
        header::require(n, layers[n], &infos, &mut problems);
    }
    let mut loader = Loader { problems, ..Loader::default() };
    loader.pack.layers = layers.iter().enumerate().map(|(n, files)| header::layer(n, files, &infos)).collect();
    loader.pack.hash = header::joined_hash(&loader.pack.layers);
    loader.sign_offs(&tables);
    loader.reviews(&tables);
    loader.vocabulary(&tables);
    loader.questions(&tables);
    loader.scales(&tables);
    loader.definitions(&tables);
    loader.details(&tables);
    loader.trials(&tables);
    loader.rules(&tables);
    loader.recipes(&tables);
    loader.texts(&tables);
    loader.follow_up(&tables);
    loader.languages(&tables, language);
    loader.wordings(&tables, false);
    loader.generated_rules();
    loader.wordings(&tables, true);
    loader.tighten(&tables);
    loader.overrides(&tables);
    if loader.problems.is_empty() { Ok(loader.pack) } else { Err(loader.problems.into_report()) }
}

/// The pack without its last layer; `None` where there is only one.
///
/// # Errors
/// Every problem of every file of those layers.
pub fn below(layers: &[LayerFiles]) -> Result<Option<Pack>, Report> {
    let kept: Vec<LayerFiles> = header::without_replaced(layers).into_iter().cloned().collect();
    match kept.split_last() {
        Some((_, rest)) if !rest.is_empty() => load(rest).map(Some),
        _ => Ok(None),
    }
}

/// The tables of all files by kind, with the layer they come from.
type Tables<'a> = HashMap<&'static str, Vec<(usize, Cursor<'a>)>>;

/// Every kind of table a pack may hold.
const KINDS: [&str; 37] = [
    "pack",
    "review",
    "signoff",
    "source",
    "group",
    "qualifier",
    "condition",
    "medication",
    "event",
    "allergen",
    "provenance",
    "ingredient",
    "jurisdiction",
    "area",
    "goal",
    "question",
    "scale",
    "definition",
    "rule",
    "limit",
    "mixing",
    "technique",
    "trial",
    "plan",
    "recipe",
    "consent",
    "care",
    "tighten",
    "override",
    "language",
    "wording",
    "reaction",
    "red-flag",
    "record-list",
    "questionnaire",
    "reporting",
    "case",
];

#[derive(Default)]
struct Loader {
    pack: Pack,
    problems: Problems,
    definitions: HashMap<String, Condition>,
    /// The points of the options of questions that are scored, by question.
    scores: HashMap<QuestionIx, Vec<u16>>,
    members: HashMap<Ix<Group>, Set<Item>>,
    /// The reasons to override a rule as packs write them, where another language words them.
    reasons: HashMap<String, Vec<String>>,
    /// The texts of rules as packs write them, by rule and key, where another language words them.
    said: HashMap<(String, &'static str), String>,
    /// What holds for the items of a file that say nothing of their own; told apart by the address of the file.
    reviews: HashMap<*const SourceFile, ReviewState>,
}

impl Loader {
    /// Reads the `id` of a table and checks its form.
    fn id(&mut self, fields: &mut Fields<'_>) -> Option<String> {
        let cursor = fields.need("id", &mut self.problems)?;
        let id = cursor.text(&mut self.problems)?;
        if !is_id(id) {
            self.problems.at(
                &cursor,
                codes::BAD_ID,
                format!("`{id}` is not an id"),
                "expected lower-case words joined by hyphens",
            );
            return None;
        }
        Some(id.to_owned())
    }

    /// Adds a row, or notes that its id is taken.
    fn add<T: Identified>(
        table: &mut Table<T>,
        row: T,
        what: &str,
        at: &Cursor<'_>,
        problems: &mut Problems,
    ) -> Option<Ix<T>> {
        let id = row.id().to_owned();
        let (ix, new) = table.insert(row);
        if !new {
            problems.at_with_help(
                at,
                codes::DUPLICATE_ID,
                format!("{what} `{id}` is defined twice"),
                "this id is taken",
                "ids are unique over all files and layers; a layer cannot redefine what a lower layer holds",
            );
            return None;
        }
        Some(ix)
    }

    /// Resolves ids of one table; unknown ones are noted.
    fn refs<T: Identified>(
        table: &Table<T>,
        cursor: Option<Cursor<'_>>,
        what: &str,
        problems: &mut Problems,
    ) -> Vec<Ix<T>> {
        let Some(cursor) = cursor else { return Vec::new() };
        cursor.one_or_many().iter().filter_map(|c| Self::reference(table, c, what, problems)).collect()
    }

    /// Resolves one id.
    fn reference<T: Identified>(
        table: &Table<T>,
        cursor: &Cursor<'_>,
        what: &str,
        problems: &mut Problems,
    ) -> Option<Ix<T>> {
        let id = cursor.text(problems)?;
        let found = table.find(id);
        if found.is_none() {
            problems.unknown_word_or(cursor, codes::UNKNOWN_ID, what, id, table.ids(), || how_found(what, id));
        }
        found
    }

    /// Resolves ids and `group:ID` entries of a list to a set of items.
    fn items(&mut self, cursor: Option<Cursor<'_>>, list: List) -> Set<Item> {
        let mut set = Set::default();
        for cursor in cursor.iter().flat_map(Cursor::one_or_many) {
            let Some(id) = cursor.text(&mut self.problems) else { continue };
            match id.strip_prefix("group:").or_else(|| id.strip_prefix("class:")) {
                Some(group) => set.extend(&self.group_members(&cursor, list, group)),
                None => {
                    let table = self.pack.list(list);
                    match table.find(id) {
                        Some(ix) => {
                            set.insert(ix);
                        }
                        None => self.unknown_item(&cursor, list, id),
                    }
                }
            }
        }
        set
    }

    /// Notes an id that a list does not have: a synonym or a group may have been meant.
    fn unknown_item(&mut self, cursor: &Cursor<'_>, list: List, id: &str) {
        let table = self.pack.list(list);
        let means = |item: &&Item| {
            item.label.eq_ignore_ascii_case(id) || item.also.iter().any(|word| word.eq_ignore_ascii_case(id))
        };
        // A word for a group is often a saying for one of its members too; the group is what a rule means.
        let help = if self.pack.groups.find(&format!("{}/{id}", list.singular())).is_some() {
            format!("a group is written `group:{id}`")
        } else if let Some(item) = table.iter().find(means) {
            format!("`{id}` is known as `{}` ({})", item.id, item.label)
        } else {
            let (kind, otherwise) = (list.singular(), || how_found(list.singular(), id));
            self.problems.unknown_word_or(cursor, codes::UNKNOWN_ID, kind, id, table.ids(), otherwise);
            return;
        };
        let (message, expected) =
            (format!("unknown {} `{id}`", list.singular()), format!("expected a known {}", list.singular()));
        self.problems.at_with_help(cursor, codes::UNKNOWN_ID, message, expected, help);
    }

    /// The members of a group of a list, named without prefix.
    fn group_members(&mut self, cursor: &Cursor<'_>, list: List, group: &str) -> Set<Item> {
        match self.pack.groups.find(&format!("{}/{group}", list.singular())) {
            Some(ix) => self.members.get(&ix).cloned().unwrap_or_default(),
            None => {
                let known = self.pack.groups.iter().filter(|g| g.of == list).map(|g| g.name.as_str());
                let what = format!("group of {}", list.word());
                self.problems.unknown_word(cursor, codes::UNKNOWN_ID, &what, group, known);
                Set::default()
            }
        }
    }
}

/// Whether this is lower-case words joined by hyphens.
fn is_id(id: &str) -> bool {
    let word = |word: &str| !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
    id.split('-').all(word)
}

/// The information of a `[pack]` header.
#[derive(Clone, Debug)]
struct Header {
    layer: usize,
    info: Layer,
}
