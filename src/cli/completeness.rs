//! How much of a pack a language says, and what it does not say yet.

use serde_json::{Value, json};

use super::page::{Ink, Page};
use crate::pack::{Language, Outdated, Pack, Worded};

/// The state of one language.
pub(super) struct Completeness {
    id: String,
    label: String,
    /// How many texts there are, and how many the language says.
    all: usize,
    worded: usize,
    /// The same for each kind of entry: kind, said, all.
    kinds: Vec<(String, usize, usize)>,
    /// What was changed after it was worded.
    outdated: Vec<Outdated>,
    /// Wordings that do not say of which text they are, and the mark of it.
    unmarked: Vec<(String, String)>,
    /// The keys that are missing, by entry, in the order of the pack.
    missing: Vec<(String, Vec<&'static str>)>,
}

impl Completeness {
    pub fn of(pack: &Pack, language: &Language) -> Self {
        let all = pack.texts();
        let unworded = pack.unworded(language);
        let worded = all.len().saturating_sub(unworded.len());
        let kind = |text: &Worded| text.of.split(':').next().unwrap_or_default().to_owned();
        let mut kinds: Vec<(String, usize, usize)> = Vec::new();
        for text in &all {
            match kinds.last_mut() {
                Some((last, said, of)) if *last == kind(text) => (*said, *of) = (*said + 1, *of + 1),
                _ => kinds.push((kind(text), 1, 1)),
            }
        }
        for text in &unworded {
            if let Some((_, said, _)) = kinds.iter_mut().find(|(name, ..)| *name == kind(text)) {
                *said -= 1;
            }
        }
        let mut missing: Vec<(String, Vec<&'static str>)> = Vec::new();
        for text in unworded {
            match missing.last_mut() {
                Some((of, keys)) if *of == text.of => keys.push(text.key),
                _ => missing.push((text.of, vec![text.key])),
            }
        }
        Self {
            id: language.id.clone(),
            label: language.label.clone(),
            all: all.len(),
            worded,
            kinds,
            outdated: language.outdated.clone(),
            unmarked: language.unmarked.clone(),
            missing,
        }
    }

    /// For programs.
    pub fn row(&self) -> Value {
        let missing = self.missing.iter().map(|(of, keys)| json!({ "of": of, "keys": keys }));
        json!({
            "id": self.id, "label": self.label, "texts": self.all, "worded": self.worded,
            "kinds": self.kinds.iter().map(|(kind, said, of)| json!({ "kind": kind, "worded": said, "texts": of })).collect::<Vec<_>>(),
            "outdated": self.outdated.iter().map(|one| json!({ "of": one.of, "keys": one.keys, "made_from": one.made_from })).collect::<Vec<_>>(),
            "unmarked": self.unmarked.iter().map(|(of, mark)| json!({ "of": of, "made_from": mark })).collect::<Vec<_>>(),
            "missing": missing.collect::<Vec<_>>(),
        })
    }

    /// For people.
    pub fn write(&self, page: &mut Page) {
        page.gap();
        let (ink, sign) = if self.missing.is_empty() { (Ink::Good, "✓") } else { (Ink::Warn, "!") };
        let said = format!("{} ({}): {} of {} texts", self.label, self.id, self.worded, self.all);
        page.inked(0, 2, ink, sign, &said);
        let kinds: Vec<String> = self.kinds.iter().map(|(kind, said, of)| format!("{kind} {said}/{of}")).collect();
        page.text(2, 0, &kinds.join(", "));
        if !self.outdated.is_empty() {
            page.inked(
                0,
                2,
                Ink::Warn,
                "!",
                "Changed after it was worded, and shown in English until it is worded again:",
            );
        }
        for Outdated { of, keys, made_from } in &self.outdated {
            page.text(2, 4, &format!("{of}: {}, now made_from = \"{made_from}\"", keys.join(", ")));
        }
        if !self.unmarked.is_empty() {
            page.text(0, 0, "Without `made_from`, so that a change of the English would not be noticed:");
        }
        for (of, mark) in &self.unmarked {
            page.text(2, 4, &format!("{of}: made_from = \"{mark}\""));
        }
        if !self.missing.is_empty() {
            page.text(0, 0, "In English until somebody words it:");
        }
        for (of, keys) in &self.missing {
            page.text(2, 4, &format!("{of}: {}", keys.join(", ")));
        }
    }
}
