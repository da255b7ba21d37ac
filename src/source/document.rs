//! A parsed file, kept small: a pack is read from dozens of files that are all looked at before one can be let go.

use std::borrow::Cow;
use std::mem::size_of;
use std::ops::Range;
use std::sync::Arc;

use jiff::civil::Date;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::amount::Amount;
use super::diagnostic::{Code, Diagnostic, SourceFile};
use super::fields::Problems;

/// Not TOML.
pub const SYNTAX: Code = Code("E0001");

/// A file as TOML reads it, with the place of every key and value.
#[derive(Debug)]
pub struct Document<'a> {
    pub(super) root: Table<'a>,
    pub(super) span: Range<u32>,
}

/// The keys of a table in the order of the alphabet.
pub(super) type Table<'a> = Box<[Entry<'a>]>;

/// A key and its value.
#[derive(Debug)]
pub(super) struct Entry<'a> {
    pub key: Cow<'a, str>,
    pub key_span: Range<u32>,
    pub node: Node<'a>,
}

/// A value and where it stands.
#[derive(Debug)]
pub(super) struct Node<'a> {
    pub value: Value<'a>,
    pub span: Range<u32>,
}

/// What a value is.
#[derive(Debug)]
pub(super) enum Value<'a> {
    Text(Cow<'a, str>),
    /// Whole or not, if it can be kept exactly.
    Number {
        whole: bool,
        amount: Option<Amount>,
    },
    Bool(bool),
    /// A day, if it is one of the calendar and has no time.
    Date(Option<Date>),
    Array(Box<[Node<'a>]>),
    Table(Table<'a>),
}

// Twice the size would be several megabytes while a pack is read.
const _: () = assert!(size_of::<Node<'_>>() <= 40);

/// Parses a file; syntax errors are noted and what could be read is returned.
pub fn parse<'a>(file: &'a Arc<SourceFile>, problems: &mut Problems) -> Document<'a> {
    let (table, errors) = DeTable::parse_recoverable(&file.text);
    for error in errors {
        let span = error.span().unwrap_or(0..0);
        problems.push(Diagnostic {
            code: SYNTAX,
            message: format!("not TOML: {}", error.message().trim()),
            expected: "cannot be read from here".to_owned(),
            help: syntax_help(&file.text, &span).map(str::to_owned),
            file: Arc::clone(file),
            span,
        });
    }
    let span = short(&table.span());
    Document { root: compact_table(table.into_inner()), span }
}

fn short(span: &Range<usize>) -> Range<u32> {
    let end = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    end(span.start)..end(span.end)
}

fn compact_table<'a>(table: DeTable<'a>) -> Table<'a> {
    let entry = |(key, value): (Spanned<Cow<'a, str>>, _)| {
        let key_span = short(&key.span());
        Entry { key: key.into_inner(), key_span, node: compact(value) }
    };
    let mut entries: Vec<Entry<'a>> = table.into_iter().map(entry).collect();
    entries.sort_by(|a, b| a.key.cmp(&b.key));
    entries.into_boxed_slice()
}

fn compact(value: Spanned<DeValue<'_>>) -> Node<'_> {
    let span = short(&value.span());
    let value = match value.into_inner() {
        DeValue::String(text) => Value::Text(text),
        DeValue::Boolean(yes) => Value::Bool(yes),
        DeValue::Integer(n) => {
            let amount = i64::from_str_radix(n.as_str(), n.radix()).ok().and_then(|n| n.checked_mul(1000));
            let amount = amount.filter(|n| n.abs() < 1_000_000_000_000_000).map(Amount::thousandths);
            Value::Number { whole: true, amount }
        }
        DeValue::Float(n) => Value::Number { whole: false, amount: n.as_str().parse().ok().and_then(Amount::from_f64) },
        DeValue::Datetime(at) => Value::Date(match (at.date, at.time) {
            (Some(day), None) => Date::new(day.year as i16, day.month as i8, day.day as i8).ok(),
            _ => None,
        }),
        DeValue::Array(values) => Value::Array(values.into_iter().map(compact).collect()),
        DeValue::Table(table) => Value::Table(compact_table(table)),
    };
    Node { value, span }
}

/// What usually lies behind a place that is not TOML.
fn syntax_help(text: &str, span: &Range<usize>) -> Option<&'static str> {
    let rest = text.get(span.start..)?;
    let line = text.get(..span.start)?.rsplit('\n').next()?;
    let mut chars = rest.chars();
    match (chars.next()?, chars.next()) {
        ('“' | '”' | '„' | '‘' | '’' | '«', _) => Some("write straight quotes: \"...\""),
        (',', Some(digit)) if digit.is_ascii_digit() && line.ends_with(|c: char| c.is_ascii_digit()) => {
            Some("decimals are written with a point, such as 4.5")
        }
        (letter, _) if letter.is_alphabetic() && line.trim_end().ends_with('=') => {
            Some("text stands in quotes; yes and no are written true and false")
        }
        _ => None,
    }
}
