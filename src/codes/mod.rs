//! What every code of a diagnostic means and what to do about it, in one table: `pistor explain CODE` prints from it, and
//! docs/diagnostics.md is made of it.
//!
//! A code is never used again for something else. A test holds that every code of the program is here.

mod findings;
mod lints;
mod mistakes;

/// One code.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Entry {
    /// The code.
    pub code: &'static str,
    /// What it means.
    pub meaning: &'static str,
    /// What to do.
    pub remedy: &'static str,
    /// For lints: a file of a layer that is told so, and the same put right.
    pub example: Option<Example>,
}

/// A piece of a pack, wrong and right.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Example {
    /// Told by the lint.
    pub wrong: &'static str,
    /// Not told.
    pub right: &'static str,
}

impl Entry {
    const fn new(code: &'static str, meaning: &'static str, remedy: &'static str) -> Self {
        Self { code, meaning, remedy, example: None }
    }

    const fn with(self, wrong: &'static str, right: &'static str) -> Self {
        Self { example: Some(Example { wrong, right }), ..self }
    }
}

/// Codes that belong together.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Section {
    /// Its heading.
    pub title: &'static str,
    /// What is said before the table; Markdown.
    pub intro: &'static str,
    /// The codes in order.
    pub entries: &'static [Entry],
}

/// All codes.
pub const SECTIONS: [Section; 8] = [
    mistakes::ANY_FILE_SECTION,
    mistakes::INTAKES_SECTION,
    mistakes::PACKS_SECTION,
    lints::LINTS_SECTION,
    findings::FINDINGS_SECTION,
    mistakes::FOLLOW_UP_SECTION,
    mistakes::TRAINING_SECTION,
    mistakes::CONFIGURATION_SECTION,
];

const HEAD: &str = r#"# Diagnostics

<!-- Made by `pistor explain --codes`; a test holds that it is up to date. -->

Every mistake in a pack, an intake file or the configuration is reported in one run, with file, line, column, the text
itself, what was expected and, where there is one, a suggestion. With `--format json` each is an object:

```json
[{ "code": "P0101", "message": "unknown condition `epilepsi`", "expected": "expected a known condition",
   "help": "did you mean `epilepsy`?", "file": "my-clinic/rules.toml", "line": 6, "column": 22 }]
```

`pistor check` writes its problems to standard output, as they are what it was asked for, and exits with 1. All other
commands write them to standard error and exit with 2. A message that belongs to no place in a file has `null` for
`code`, `file`, `line` and `column`.

`pistor explain CODE` says what a code means. Codes are stable: a code is never used again for something else.
"#;

/// Every code there is.
pub fn all() -> impl Iterator<Item = &'static Entry> {
    SECTIONS.into_iter().flat_map(|section| section.entries)
}

/// What a code means; capitals do not matter.
#[must_use]
pub fn find(code: &str) -> Option<&'static Entry> {
    all().find(|entry| entry.code.eq_ignore_ascii_case(code))
}

/// Whether this looks like a code: a letter and four digits.
#[must_use]
pub fn is_code(text: &str) -> bool {
    let mut letters = text.chars();
    text.len() == 5
        && letters.next().is_some_and(|letter| letter.is_ascii_alphabetic())
        && letters.all(|digit| digit.is_ascii_digit())
}

/// All of it as Markdown: docs/diagnostics.md.
#[must_use]
pub fn markdown() -> String {
    let mut out = HEAD.to_owned();
    for section in SECTIONS {
        out.push_str(&format!("\n## {}\n\n", section.title));
        if !section.intro.is_empty() {
            out.push_str(&format!("{}\n\n", section.intro));
        }
        out.push_str("| code | meaning | what to do |\n| --- | --- | --- |\n");
        for entry in section.entries {
            out.push_str(&format!("| `{}` | {} | {} |\n", entry.code, entry.meaning, entry.remedy));
        }
        for entry in section.entries {
            let Some(example) = entry.example else { continue };
            out.push_str(&format!("\n### {}: {}\n", entry.code, entry.meaning));
            for (what, text) in [("Told", example.wrong), ("Not told", example.right)] {
                out.push_str(&format!("\n{what}:\n\n```toml\n{text}```\n"));
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn codes_are_told_apart_and_look_like_codes() {
        let codes: BTreeSet<&str> = all().map(|entry| entry.code).collect();
        assert_eq!(codes.len(), all().count(), "a code stands twice");
        assert!(codes.iter().all(|code| is_code(code)), "{codes:?}");
        assert!(!is_code("intake.toml") && !is_code("L010") && !is_code("L01é"));
        assert_eq!(find("l0101").map(|entry| entry.code), Some("L0101"));
        assert_eq!(find("L9999"), None);
    }

    #[test]
    fn every_lint_has_an_example() {
        for entry in all() {
            assert_eq!(entry.example.is_some(), entry.code.starts_with('L'), "{}", entry.code);
        }
    }
}
