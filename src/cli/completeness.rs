//! How much of a pack a language says, and what it does not say yet.

use serde_json::{Value, json};

use super::page::{Ink, Page};
use crate::pack::{Language, Pack};

/// The state of one language.
pub(super) struct Completeness {
    id: String,
    label: String,
    /// How many texts there are, and how many the language says.
    all: usize,
    worded: usize,
    /// The keys that are missing, by entry, in the order of the pack.
    missing: Vec<(String, Vec<&'static str>)>,
}

impl Completeness {
    pub fn of(pack: &Pack, language: &Language) -> Self {
        let all = pack.texts().len();
        let unworded = pack.unworded(language);
        let worded = all.saturating_sub(unworded.len());
        let mut missing: Vec<(String, Vec<&'static str>)> = Vec::new();
        for text in unworded {
            match missing.last_mut() {
                Some((of, keys)) if *of == text.of => keys.push(text.key),
                _ => missing.push((text.of, vec![text.key])),
            }
        }
        Self { id: language.id.clone(), label: language.label.clone(), all, worded, missing }
    }

    /// For programs.
    pub fn row(&self) -> Value {
        let missing = self.missing.iter().map(|(of, keys)| json!({ "of": of, "keys": keys }));
        json!({
            "id": self.id, "label": self.label, "texts": self.all, "worded": self.worded,
            "missing": missing.collect::<Vec<_>>(),
        })
    }

    /// For people.
    pub fn write(&self, page: &mut Page) {
        page.gap();
        let (ink, sign) = if self.missing.is_empty() { (Ink::Good, "✓") } else { (Ink::Warn, "!") };
        let said = format!("{} ({}): {} of {} texts", self.label, self.id, self.worded, self.all);
        page.inked(0, 2, ink, sign, &said);
        if !self.missing.is_empty() {
            page.text(0, 0, "In English until somebody words it:");
        }
        for (of, keys) in &self.missing {
            page.text(2, 4, &format!("{of}: {}", keys.join(", ")));
        }
    }
}
