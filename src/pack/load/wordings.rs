//! `[[language]]` and `[[wording]]`: the pack's texts in another language. A wording changes what is read, never what
//! is decided.

use std::collections::BTreeMap;

use super::{Loader, Tables, codes};
use crate::pack::rule::Rule;
use crate::pack::slot::{Slot, slot};
use crate::pack::table::{Identified, Ix};
use crate::pack::wording::{Kind, Language, Of, Outdated, mark};
use crate::source::{Cursor, Fields, Scalar};

/// The language of the built-in texts.
const BUILT_IN: &str = "en";

impl Loader {
    /// The languages that layers bring, and the one that is wanted.
    pub(super) fn languages(&mut self, tables: &Tables<'_>, wanted: Option<&str>) {
        self.each(tables, "language", |this, _, mut f| {
            let place = f.place();
            let id = this.id(&mut f);
            let label = f.text("label", &mut this.problems);
            let review = this.review_of(&mut f);
            f.finish(&mut this.problems);
            let (Some(id), Some(label)) = (id, label) else { return };
            if id == BUILT_IN {
                let message = format!("`{BUILT_IN}` is the language of the built-in texts");
                this.problems.at(&place, codes::DUPLICATE_ID, message, "expected another language");
                return;
            }
            let row =
                Language { id, label, review, worded: BTreeMap::new(), outdated: Vec::new(), unmarked: Vec::new() };
            Self::add(&mut this.pack.languages, row, "language", &place, &mut this.problems);
        });
        self.pack.language = wanted.and_then(|id| self.pack.languages.find(id));
    }

    /// Reads the wordings of all languages and puts those of the wanted one in place: of everything but rules first,
    /// because rules are made from what the vocabulary says, then of the rules.
    pub(super) fn wordings(&mut self, tables: &Tables<'_>, of_rules: bool) {
        self.each(tables, "wording", |this, _, mut f| {
            let is_rule = |at: Cursor<'_>| matches!(at.scalar(), Some(Scalar::Text(of)) if of.starts_with("rule:"));
            if f.get("of").is_some_and(is_rule) == of_rules {
                this.wording(f);
            }
        });
    }

    fn wording(&mut self, mut f: Fields<'_>) {
        let language = f
            .need("language", &mut self.problems)
            .and_then(|c| Self::reference(&self.pack.languages, &c, "language", &mut self.problems));
        let Some(at) = f.need("of", &mut self.problems) else { return };
        let Some(of) = self.of(&at) else { return };
        let keys = of.kind.keys(of.option.is_some());
        let name = of.to_string();
        let given: Vec<(&'static str, Cursor<'_>)> = keys.iter().filter_map(|key| Some((*key, f.get(key)?))).collect();
        let made_from = f.text_or_none("made_from", &mut self.problems);
        if let Some(language) = language
            && !given.is_empty()
            && !self.is_current(&of, &given, made_from.as_deref(), language)
        {
            f.finish(&mut self.problems);
            return;
        }
        for (key, value) in &given {
            let Some(texts) = self.wording_of(&of, key, value) else { continue };
            let Some(language) = language else { continue };
            let wanted = self.pack.language == Some(language);
            let row = self.pack.languages.row_mut(language);
            let known = row.worded.entry(name.clone()).or_default();
            if known.contains(key) {
                let message = format!("`{key}` of `{name}` is worded twice in `{}`", row.id);
                let help = "one wording over all files and layers";
                self.problems.at_with_help(value, codes::DUPLICATE_ID, message, "the second one", help);
                continue;
            }
            known.push(key);
            if wanted && let Some(slot) = slot(&mut self.pack, &of, key) {
                if (of.kind, *key) == (Kind::Rule, "override") {
                    self.reasons.insert(of.id.to_owned(), slot.texts());
                }
                if let (Kind::Rule, [text]) = (of.kind, slot.texts().as_slice()) {
                    self.said.insert((of.id.to_owned(), key), text.clone());
                }
                slot.set(texts);
                if (of.kind, *key) == (Kind::Jurisdiction, "label") {
                    self.jurisdiction_option(of.id);
                }
            }
        }
        let before = self.problems.len();
        f.finish(&mut self.problems);
        if given.is_empty() && self.problems.len() == before {
            let expected = format!("expected one of {}", keys.join(", "));
            self.problems.at(&at, codes::WORDING, format!("nothing of `{name}` is worded here"), expected);
        }
    }

    /// Whether the texts are those that were worded, as far as the wording says which those were.
    fn is_current(
        &mut self,
        of: &Of<'_>,
        given: &[(&'static str, Cursor<'_>)],
        made_from: Option<&str>,
        language: Ix<Language>,
    ) -> bool {
        // What the program makes from the vocabulary stands in the language of the vocabulary.
        if of.kind == Kind::Rule && self.pack.rules.get(of.id).is_some_and(Rule::is_generated) {
            return true;
        }
        let mut texts = Vec::new();
        for (key, _) in given {
            let place = slot(&mut self.pack, of, key).filter(|place| !matches!(place, Slot::Words(_)));
            texts.extend(place.map(|place| place.texts()).unwrap_or_default());
        }
        let now = mark(&texts);
        let row = self.pack.languages.row_mut(language);
        match made_from {
            Some(then) if then != now => {
                let keys = given.iter().map(|(key, _)| *key).collect();
                row.outdated.push(Outdated { of: of.to_string(), keys, made_from: now });
                false
            }
            Some(_) => true,
            None => {
                row.unmarked.push((of.to_string(), now));
                true
            }
        }
    }

    /// What is worded: a kind, an id, perhaps an option.
    fn of<'t>(&mut self, at: &Cursor<'t>) -> Option<Of<'t>> {
        let text = at.text(&mut self.problems)?;
        let words = Kind::ALL.map(Kind::word);
        let Some((kind, rest)) = text.split_once(':') else {
            let help = format!("write KIND:ID; kinds: {}", words.join(", "));
            let message = format!("`{text}` names no entry");
            self.problems.at_with_help(at, codes::WORDING, message, "such as \"rule:pregnancy\"", help);
            return None;
        };
        let Some(kind) = Kind::ALL.into_iter().find(|one| one.word() == kind) else {
            self.problems.unknown_word(at, codes::UNKNOWN_ID, "kind of entry", kind, words);
            return None;
        };
        let (id, option) = rest.split_once('#').map_or((rest, None), |(id, option)| (id, Some(option)));
        let known = kind
            .keys(false)
            .first()
            .is_some_and(|key| slot(&mut self.pack, &Of { kind, id, option: None }, key).is_some());
        if !known {
            let ids = kind.ids(&self.pack);
            // Rules are made from the vocabulary only when everything else is right.
            let made = ["allergy-", "status-", "no-injectable-"].iter().any(|start| id.starts_with(start));
            if kind != Kind::Rule || !made || self.problems.is_empty() {
                self.problems.unknown_word(at, codes::UNKNOWN_ID, kind.word(), id, ids.iter().map(String::as_str));
            }
            return None;
        }
        if let Some(option) = option {
            let options = kind.options(&self.pack, id);
            if !options.iter().any(|known| known == option) {
                self.problems.unknown_word(at, codes::UNKNOWN_ID, "option", option, options.iter().map(String::as_str));
                return None;
            }
        }
        Some(Of { kind, id, option })
    }

    /// The texts of one key, if they fit what they stand for.
    fn wording_of(&mut self, of: &Of<'_>, key: &str, value: &Cursor<'_>) -> Option<Vec<String>> {
        let place = slot(&mut self.pack, of, key)?;
        let (empty, several) = (place.is_empty(), matches!(place, Slot::Several(_)));
        let (many, words) = (place.texts().len(), matches!(place, Slot::Words(_)));
        if empty {
            let message = format!("`{of}` has no `{key}`");
            let help = "a wording says what the entry says, and adds nothing";
            self.problems.at_with_help(value, codes::WORDING, message, "there is nothing to word", help);
            return None;
        }
        if !several && !words {
            return value.some_text(key, &mut self.problems).map(|text| vec![text.to_owned()]);
        }
        let given = value.one_or_many();
        let texts: Vec<String> =
            given.iter().filter_map(|c| c.some_text(key, &mut self.problems).map(str::to_owned)).collect();
        if several && given.len() != many {
            let message = format!("`{key}` of `{of}` has {many} texts, and {} here", given.len());
            let help = "as many in every language, in the same order: nothing may be lost";
            self.problems.at_with_help(value, codes::WORDING, message, format!("expected {many}"), help);
            return None;
        }
        (texts.len() == given.len()).then_some(texts)
    }

    /// The question of the jurisdiction names them as they name themselves.
    fn jurisdiction_option(&mut self, code: &str) {
        let Some(label) = self.pack.jurisdictions.get(code).map(|row| row.label.clone()) else { return };
        let id = self.pack.questions[self.pack.roles.jurisdiction].id().to_owned();
        let of = Of { kind: Kind::Question, id: &id, option: Some(code) };
        if let Some(slot) = slot(&mut self.pack, &of, "label") {
            slot.set(vec![label]);
        }
    }
}
