//! Diagnostics in the manner of a compiler.

use std::borrow::Cow;
use std::fmt;
use std::ops::{Deref, Range};
use std::sync::Arc;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use serde::Serialize;

/// A file that diagnostics point into.
#[derive(Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// As the user named it.
    pub path: String,
    /// Its whole text.
    pub text: SourceText,
}

/// The text of a file: its own, or a part of one that several share.
#[derive(Clone, Debug)]
pub struct SourceText {
    of: Cow<'static, str>,
    shared: Option<(Arc<str>, Range<usize>)>,
}

impl Deref for SourceText {
    type Target = str;

    fn deref(&self) -> &str {
        match &self.shared {
            Some((all, part)) => all.get(part.clone()).unwrap_or_default(),
            None => &self.of,
        }
    }
}

impl PartialEq for SourceText {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for SourceText {}

impl SourceFile {
    /// A shared file.
    #[must_use]
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> Arc<Self> {
        let text = SourceText { of: Cow::Owned(text.into()), shared: None };
        Arc::new(Self { path: path.into(), text })
    }

    /// A file that the program carries inside itself; its text is not copied.
    #[must_use]
    pub fn embedded(path: impl Into<String>, text: &'static str) -> Arc<Self> {
        let text = SourceText { of: Cow::Borrowed(text), shared: None };
        Arc::new(Self { path: path.into(), text })
    }

    /// A file whose text is a part of one that several share; `None` if it has no such part.
    #[must_use]
    pub fn part(path: impl Into<String>, all: Arc<str>, part: Range<usize>) -> Option<Arc<Self>> {
        all.get(part.clone())?;
        let text = SourceText { of: Cow::Borrowed(""), shared: Some((all, part)) };
        Some(Arc::new(Self { path: path.into(), text }))
    }

    /// The line, from 1, of a byte offset.
    #[must_use]
    pub fn line(&self, offset: usize) -> usize {
        let bytes = self.text.as_bytes();
        bytes.iter().take(offset).filter(|byte| **byte == b'\n').count() + 1
    }

    /// Line and column (in characters), both from 1, of a byte offset.
    #[must_use]
    pub fn line_column(&self, offset: usize) -> (usize, usize) {
        let mut at = offset.min(self.text.len());
        while !self.text.is_char_boundary(at) {
            at -= 1;
        }
        let (before, _) = self.text.split_at(at);
        let line_start = before.rfind('\n').map_or(0, |n| n + 1);
        (before.matches('\n').count() + 1, before.split_at(line_start).1.chars().count() + 1)
    }
}

/// A place in a file, or none for what was made from something else; shown as `file:line`. It does not keep the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The path of the file.
    pub file: Option<Arc<str>>,
    /// The line, from 1.
    pub line: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.file {
            Some(path) => write!(f, "{path}:{}", self.line),
            None => f.write_str("made from the vocabulary"),
        }
    }
}

/// A stable code; `docs/diagnostics.md` explains each.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize)]
#[serde(transparent)]
pub struct Code(pub &'static str);

impl Code {
    /// Whether it is a lint: no mistake, but something that wants a look.
    #[must_use]
    pub fn warns(self) -> bool {
        self.0.starts_with('L')
    }
}

/// One problem at one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The stable code.
    pub code: Code,
    /// What is wrong, with the offending text.
    pub message: String,
    /// What was expected, shown at the place.
    pub expected: String,
    /// What to do.
    pub help: Option<String>,
    /// The file.
    pub file: Arc<SourceFile>,
    /// The bytes meant.
    pub span: Range<usize>,
}

/// Every problem of one run, sorted by place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// The problems.
    pub diagnostics: Vec<Diagnostic>,
}

#[derive(Serialize)]
struct Json<'a> {
    code: Code,
    message: &'a str,
    expected: &'a str,
    help: Option<&'a str>,
    file: &'a str,
    line: usize,
    column: usize,
}

impl Report {
    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.diagnostics.is_empty()
    }

    /// How many problems.
    #[must_use]
    pub fn len(&self) -> usize {
        self.diagnostics.len()
    }

    /// Sorts by file and place.
    pub fn sort(&mut self) {
        self.diagnostics.sort_by(|a, b| {
            (&a.file.path, a.span.start, a.code, &a.message).cmp(&(&b.file.path, b.span.start, b.code, &b.message))
        });
        self.diagnostics.dedup();
    }

    /// As text with the source lines; `color` uses ANSI colours.
    #[must_use]
    pub fn render(&self, color: bool) -> String {
        let renderer = if color { Renderer::styled() } else { Renderer::plain() };
        let mut out = String::new();
        for diagnostic in &self.diagnostics {
            let file = &diagnostic.file;
            let end = diagnostic.span.end.min(file.text.len());
            let start = diagnostic.span.start.min(end);
            let level = if diagnostic.code.warns() { Level::WARNING } else { Level::ERROR };
            let title = level.primary_title(&diagnostic.message).id(diagnostic.code.0);
            let snippet = Snippet::source(&*file.text)
                .path(&file.path)
                .line_start(1)
                .annotation(AnnotationKind::Primary.span(start..end).label(&diagnostic.expected));
            let mut group = Group::with_title(title).element(snippet);
            if let Some(help) = &diagnostic.help {
                group = group.element(Level::HELP.message(help));
            }
            out.push_str(&renderer.render(&[group]));
            out.push_str("\n\n");
        }
        let what = if self.diagnostics.iter().all(|d| d.code.warns()) { "warning" } else { "problem" };
        out.push_str(&match self.len() {
            1 => format!("1 {what}\n"),
            n => format!("{n} {what}s\n"),
        });
        out
    }

    /// As JSON: `[{"code", "message", "expected", "help", "file", "line", "column"}]`.
    #[must_use]
    pub fn to_json(&self) -> String {
        let rows: Vec<Json<'_>> = self
            .diagnostics
            .iter()
            .map(|d| {
                let (line, column) = d.file.line_column(d.span.start);
                Json {
                    code: d.code,
                    message: &d.message,
                    expected: &d.expected,
                    help: d.help.as_deref(),
                    file: &d.file.path,
                    line,
                    column,
                }
            })
            .collect();
        serde_json::to_string_pretty(&rows).unwrap_or_default()
    }
}
