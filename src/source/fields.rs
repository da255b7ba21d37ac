//! Reading TOML values one by one, noting every problem with its place instead of giving up at the first.

use std::ops::Range;
use std::sync::Arc;

use jiff::civil::Date;

use super::amount::Amount;
use super::diagnostic::{Code, Diagnostic, Place, Report, SourceFile};
use super::document::{Document, Entry, Node, SYNTAX, Value};
use super::suggest::did_you_mean;

/// A value of the wrong type.
pub const WRONG_TYPE: Code = Code("E0002");
/// A key that means nothing here.
pub const UNKNOWN_KEY: Code = Code("E0003");
/// A key that has to be there.
pub const MISSING_KEY: Code = Code("E0004");
/// A word that is not one of the allowed ones.
pub const NOT_ONE_OF: Code = Code("E0005");
/// A number outside its range or with too many decimals.
pub const OUT_OF_RANGE: Code = Code("E0006");
/// Not a date.
pub const BAD_DATE: Code = Code("E0007");

/// The problems noted so far.
#[derive(Debug, Default)]
pub struct Problems {
    list: Vec<Diagnostic>,
}

impl Problems {
    /// Notes a problem at a value.
    pub fn at(&mut self, cursor: &Cursor<'_>, code: Code, message: impl Into<String>, expected: impl Into<String>) {
        self.note(cursor, code, message.into(), expected.into(), None);
    }

    /// Notes a problem at a value, with what to do.
    pub fn at_with_help(
        &mut self,
        cursor: &Cursor<'_>,
        code: Code,
        message: impl Into<String>,
        expected: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.note(cursor, code, message.into(), expected.into(), Some(help.into()));
    }

    /// Notes a word that is none of `candidates`, with the nearest of them.
    pub fn unknown_word<'c>(
        &mut self,
        cursor: &Cursor<'_>,
        code: Code,
        kind: &str,
        word: &str,
        candidates: impl IntoIterator<Item = &'c str>,
    ) {
        self.unknown_word_or(cursor, code, kind, word, candidates, || None);
    }

    /// The same; where nothing is spelled like it, it says how the right word is found.
    pub fn unknown_word_or<'c>(
        &mut self,
        cursor: &Cursor<'_>,
        code: Code,
        kind: &str,
        word: &str,
        candidates: impl IntoIterator<Item = &'c str>,
        otherwise: impl FnOnce() -> Option<String>,
    ) {
        let candidates: Vec<&str> = candidates.into_iter().collect();
        let help = match did_you_mean(word, candidates.iter().copied()) {
            Some(near) => Some(format!("did you mean `{near}`?")),
            None if !candidates.is_empty() && candidates.len() <= 12 => {
                Some(format!("one of: {}", candidates.join(", ")))
            }
            None => otherwise(),
        };
        self.note(cursor, code, format!("unknown {kind} `{word}`"), format!("expected a known {kind}"), help);
    }

    pub(super) fn push(&mut self, diagnostic: Diagnostic) {
        self.list.push(diagnostic);
    }

    fn note(&mut self, cursor: &Cursor<'_>, code: Code, message: String, expected: String, help: Option<String>) {
        self.push(Diagnostic {
            code,
            message,
            expected,
            help,
            file: Arc::clone(cursor.file),
            span: cursor.span.clone(),
        });
    }

    /// How many so far.
    #[must_use]
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// All of them, sorted by place.
    #[must_use]
    pub fn into_report(self) -> Report {
        let mut list = self.list;
        // What stands where the text is not TOML was misread; only the first cause is worth saying.
        let broken: Vec<_> =
            list.iter().filter(|d| d.code == SYNTAX).map(|d| (Arc::clone(&d.file), d.span.clone())).collect();
        list.retain(|d| d.code == SYNTAX || !broken.iter().any(|(file, span)| *file == d.file && *span == d.span));
        let mut report = Report { diagnostics: list };
        report.sort();
        report
    }
}

/// A plain value, for keys that take several types.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Scalar<'a> {
    /// A string.
    Text(&'a str),
    /// A number.
    Number(Amount),
    /// A boolean.
    Bool(bool),
    /// A date.
    Date(Date),
}

/// A value with its place.
#[derive(Clone, Debug)]
pub struct Cursor<'a> {
    file: &'a Arc<SourceFile>,
    span: Range<usize>,
    value: Option<&'a Value<'a>>,
}

impl<'a> Cursor<'a> {
    fn new(file: &'a Arc<SourceFile>, node: &'a Node<'a>) -> Self {
        Self { file, span: long(&node.span), value: Some(&node.value) }
    }

    /// The beginning of a file.
    #[must_use]
    pub const fn start_of(file: &'a Arc<SourceFile>) -> Self {
        Self { file, span: 0..0, value: None }
    }

    /// The file it stands in.
    #[must_use]
    pub const fn file(&self) -> &'a Arc<SourceFile> {
        self.file
    }

    /// Where it stands.
    #[must_use]
    pub fn place(&self) -> Place {
        Place { file: Some(self.file.path.as_str().into()), line: self.file.line(self.span.start) }
    }

    fn type_name(&self) -> &'static str {
        match self.value {
            Some(Value::Text(_)) => "a string",
            Some(Value::Number { whole: true, .. }) => "an integer",
            Some(Value::Number { whole: false, .. }) => "a float",
            Some(Value::Bool(_)) => "a boolean",
            Some(Value::Date(_)) => "a date",
            Some(Value::Array(_)) => "an array",
            Some(Value::Table(_)) => "a table",
            None => "nothing",
        }
    }

    fn wrong_type(&self, expected: &str, problems: &mut Problems) {
        problems.at(
            self,
            WRONG_TYPE,
            format!("expected {expected}, found {}", self.type_name()),
            format!("expected {expected}"),
        );
    }

    /// The value as a scalar, if it is one that can be represented.
    #[must_use]
    pub fn scalar(&self) -> Option<Scalar<'a>> {
        match self.value? {
            Value::Text(text) => Some(Scalar::Text(text)),
            Value::Bool(yes) => Some(Scalar::Bool(*yes)),
            Value::Number { amount, .. } => amount.map(Scalar::Number),
            Value::Date(date) => date.map(Scalar::Date),
            Value::Array(_) | Value::Table(_) => None,
        }
    }

    /// Whether it is a table.
    #[must_use]
    pub const fn is_table(&self) -> bool {
        matches!(self.value, Some(Value::Table(_)))
    }

    /// Whether it is an array.
    #[must_use]
    pub const fn is_array(&self) -> bool {
        matches!(self.value, Some(Value::Array(_)))
    }

    /// The value as text.
    pub fn text(&self, problems: &mut Problems) -> Option<&'a str> {
        match self.scalar() {
            Some(Scalar::Text(text)) => Some(text),
            _ => {
                self.wrong_type("a string", problems);
                None
            }
        }
    }

    /// The value as text that is not blank; `key` names it in messages.
    pub fn some_text(&self, key: &str, problems: &mut Problems) -> Option<&'a str> {
        let text = self.text(problems)?;
        if text.trim().is_empty() {
            problems.at(self, OUT_OF_RANGE, format!("`{key}` is empty"), "expected some text");
            return None;
        }
        Some(text)
    }

    /// The value as a boolean.
    pub fn bool(&self, problems: &mut Problems) -> Option<bool> {
        match self.scalar() {
            Some(Scalar::Bool(yes)) => Some(yes),
            _ => {
                self.wrong_type("true or false", problems);
                None
            }
        }
    }

    /// The value as a number with at most three decimals.
    pub fn amount(&self, problems: &mut Problems) -> Option<Amount> {
        match (self.scalar(), self.value) {
            (Some(Scalar::Number(n)), _) => Some(n),
            (_, Some(Value::Number { .. })) => {
                problems.at(
                    self,
                    OUT_OF_RANGE,
                    "a number that cannot be kept exactly",
                    "at most three decimals, and not that large",
                );
                None
            }
            _ => {
                self.wrong_type("a number", problems);
                None
            }
        }
    }

    /// The value as a whole number in a range.
    pub fn whole(&self, min: i32, max: i32, problems: &mut Problems) -> Option<i32> {
        let amount = self.amount(problems)?;
        let n = amount.as_thousandths();
        if n % 1000 != 0 || n / 1000 < i64::from(min) || n / 1000 > i64::from(max) {
            problems.at(
                self,
                OUT_OF_RANGE,
                format!("{amount} is out of range"),
                format!("expected a whole number from {min} to {max}"),
            );
            return None;
        }
        i32::try_from(n / 1000).ok()
    }

    /// The value as a date, written as a TOML date or as text.
    pub fn date(&self, problems: &mut Problems) -> Option<Date> {
        match self.scalar() {
            Some(Scalar::Date(date)) => return Some(date),
            Some(Scalar::Text(text)) => {
                if let Ok(date) = text.parse() {
                    return Some(date);
                }
                problems.at(self, BAD_DATE, format!("`{text}` is not a date"), "expected a date such as 2026-11-22");
            }
            _ if matches!(self.value, Some(Value::Date(_))) => {
                problems.at(self, BAD_DATE, "not a date of the calendar", "expected a date such as 2026-11-22");
            }
            _ => self.wrong_type("a date", problems),
        }
        None
    }

    /// The values of an array.
    pub fn array(&self, problems: &mut Problems) -> Vec<Cursor<'a>> {
        match self.value {
            Some(Value::Array(values)) => values.iter().map(|v| Cursor::new(self.file, v)).collect(),
            _ => {
                self.wrong_type("an array", problems);
                Vec::new()
            }
        }
    }

    /// One value, or the values of an array.
    #[must_use]
    pub fn one_or_many(&self) -> Vec<Cursor<'a>> {
        match self.value {
            Some(Value::Array(values)) => values.iter().map(|v| Cursor::new(self.file, v)).collect(),
            _ => vec![self.clone()],
        }
    }

    /// The fields of a table; `what` names it in messages.
    pub fn table(&self, what: &str, problems: &mut Problems) -> Option<Fields<'a>> {
        match self.value {
            Some(Value::Table(table)) => Some(Fields {
                file: self.file,
                span: self.span.clone(),
                table,
                what: what.to_owned(),
                asked: Vec::new(),
            }),
            _ => {
                self.wrong_type("a table", problems);
                None
            }
        }
    }
}

/// The fields of a table, read one by one; [`Fields::finish`] reports those nobody asked for.
#[derive(Debug)]
pub struct Fields<'a> {
    file: &'a Arc<SourceFile>,
    span: Range<usize>,
    table: &'a [Entry<'a>],
    what: String,
    asked: Vec<&'static str>,
}

impl<'a> Fields<'a> {
    /// The fields of a whole file.
    #[must_use]
    pub fn of_file(file: &'a Arc<SourceFile>, document: &'a Document<'a>, what: &str) -> Self {
        Self { file, span: long(&document.span), table: &document.root, what: what.to_owned(), asked: Vec::new() }
    }

    /// What it is called in messages.
    #[must_use]
    pub fn what(&self) -> &str {
        &self.what
    }

    /// The file it stands in.
    #[must_use]
    pub const fn file(&self) -> &'a Arc<SourceFile> {
        self.file
    }

    /// Where the table stands.
    #[must_use]
    pub fn place(&self) -> Cursor<'a> {
        Cursor { file: self.file, span: self.span.clone(), value: None }
    }

    /// Every key with its place and value, in order of appearance.
    #[must_use]
    pub fn entries(&self) -> Vec<(&'a str, Cursor<'a>, Cursor<'a>)> {
        let mut entries: Vec<_> = self
            .table
            .iter()
            .map(|entry| {
                let key_at = Cursor { file: self.file, span: long(&entry.key_span), value: None };
                (&*entry.key, key_at, Cursor::new(self.file, &entry.node))
            })
            .collect();
        entries.sort_by_key(|(_, key, _)| key.span.start);
        entries
    }

    /// The value of a key, if it is there.
    pub fn get(&mut self, key: &'static str) -> Option<Cursor<'a>> {
        self.asked.push(key);
        let found = self.table.binary_search_by(|entry| (*entry.key).cmp(key)).ok()?;
        self.table.get(found).map(|entry| Cursor::new(self.file, &entry.node))
    }

    /// The value of a key that has to be there.
    pub fn need(&mut self, key: &'static str, problems: &mut Problems) -> Option<Cursor<'a>> {
        let found = self.get(key);
        if found.is_none() {
            let message = format!("{} lacks `{key}`", self.what);
            problems.at(&self.place(), MISSING_KEY, message, format!("expected a key `{key}` here"));
        }
        found
    }

    /// Text that has to be there and must not be blank.
    pub fn text(&mut self, key: &'static str, problems: &mut Problems) -> Option<String> {
        let cursor = self.need(key, problems)?;
        cursor.some_text(key, problems).map(str::to_owned)
    }

    /// Text, if it is there; then it must not be blank.
    pub fn text_or_none(&mut self, key: &'static str, problems: &mut Problems) -> Option<String> {
        let cursor = self.get(key)?;
        cursor.some_text(key, problems).map(str::to_owned)
    }

    /// Texts of an array (or one text); none if the key is absent.
    pub fn texts(&mut self, key: &'static str, problems: &mut Problems) -> Vec<String> {
        self.get(key)
            .map(|c| c.one_or_many().iter().filter_map(|v| v.some_text(key, problems).map(str::to_owned)).collect())
            .unwrap_or_default()
    }

    /// A boolean, false if the key is absent.
    pub fn flag(&mut self, key: &'static str, problems: &mut Problems) -> bool {
        self.get(key).and_then(|c| c.bool(problems)).unwrap_or(false)
    }

    /// A number, if it is there.
    pub fn amount(&mut self, key: &'static str, problems: &mut Problems) -> Option<Amount> {
        self.get(key)?.amount(problems)
    }

    /// A number above zero, if it is there.
    pub fn positive(&mut self, key: &'static str, problems: &mut Problems) -> Option<Amount> {
        let cursor = self.get(key)?;
        let amount = cursor.amount(problems)?;
        if amount <= Amount::ZERO {
            problems.at(&cursor, OUT_OF_RANGE, format!("`{key}` is {amount}"), "expected a number above zero");
            return None;
        }
        Some(amount)
    }

    /// A whole number in a range, if it is there.
    pub fn whole(&mut self, key: &'static str, min: i32, max: i32, problems: &mut Problems) -> Option<i32> {
        self.get(key)?.whole(min, max, problems)
    }

    /// One of the words of a closed list, if the key is there.
    pub fn word<T: Copy>(&mut self, key: &'static str, words: &[(&str, T)], problems: &mut Problems) -> Option<T> {
        let cursor = self.get(key)?;
        one_of(&cursor, key, words, problems)
    }

    /// One of the words of a closed list; the key has to be there.
    pub fn need_word<T: Copy>(&mut self, key: &'static str, words: &[(&str, T)], problems: &mut Problems) -> Option<T> {
        let cursor = self.need(key, problems)?;
        one_of(&cursor, key, words, problems)
    }

    /// Reports the keys nobody asked for.
    pub fn finish(self, problems: &mut Problems) {
        for (key, at, _) in self.entries() {
            if !self.asked.contains(&key) {
                let mut known: Vec<&str> = Vec::new();
                for asked in &self.asked {
                    if !known.contains(asked) {
                        known.push(asked);
                    }
                }
                let help = did_you_mean(key, known.iter().copied()).map_or_else(
                    || format!("known keys: {}", known.join(", ")),
                    |near| format!("did you mean `{near}`?"),
                );
                problems.at_with_help(
                    &at,
                    UNKNOWN_KEY,
                    format!("unknown key `{key}` in {}", self.what),
                    "means nothing here",
                    help,
                );
            }
        }
    }
}

fn long(span: &Range<u32>) -> Range<usize> {
    span.start as usize..span.end as usize
}

fn one_of<T: Copy>(cursor: &Cursor<'_>, key: &str, words: &[(&str, T)], problems: &mut Problems) -> Option<T> {
    let word = cursor.text(problems)?;
    let found = words.iter().find(|(w, _)| *w == word).map(|(_, value)| *value);
    if found.is_none() {
        problems.unknown_word(cursor, NOT_ONE_OF, key, word, words.iter().map(|(w, _)| *w));
    }
    found
}
