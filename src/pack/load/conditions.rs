//! Reads conditions: tables whose keys mirror the intake file.

use super::{Loader, Tables, codes};
use crate::pack::condition::{Condition, QualifierTest, Range, ValueTest};
use crate::pack::question::{QuestionIx, QuestionKind};
use crate::pack::table::Identified;
use crate::pack::vocabulary::{ChoiceOption, List, NumberKind, QualifierKind};
use crate::source::{Amount, Cursor, Problems, Scalar, WRONG_TYPE};

/// The smallest step between two amounts.
const STEP: Amount = Amount::thousandths(1);

impl Loader {
    /// Named definitions; one may use those defined before it.
    pub(super) fn definitions(&mut self, tables: &Tables<'_>) {
        self.each(tables, "definition", |this, _, mut f| {
            let id = f.get("id");
            let name = this.id(&mut f);
            let when = f.need("when", &mut this.problems).and_then(|c| this.condition(&c));
            f.text_or_none("label", &mut this.problems);
            f.finish(&mut this.problems);
            let (Some(name), Some(when)) = (name, when) else { return };
            if let (true, Some(at)) = (this.definitions.contains_key(&name), id) {
                this.problems.at(
                    &at,
                    codes::DUPLICATE_ID,
                    format!("definition `{name}` is defined twice"),
                    "this id is taken",
                );
            } else {
                this.definitions.insert(name, when);
            }
        });
    }

    /// Reads a condition that may be absent: then it always holds.
    pub(super) fn condition_or_always(&mut self, cursor: Option<Cursor<'_>>) -> Condition {
        cursor.and_then(|c| self.condition(&c)).unwrap_or_else(Condition::always)
    }

    /// Reads a condition; `None` after a mistake, which is noted.
    pub(super) fn condition(&mut self, cursor: &Cursor<'_>) -> Option<Condition> {
        if !cursor.is_table() {
            let help =
                "such as { medication = \"warfarin\" }; several are joined by { all = [...] } or { any = [...] }";
            self.problems.at_with_help(cursor, WRONG_TYPE, "not a condition", "expected a table", help);
            return None;
        }
        let fields = cursor.table("a condition", &mut self.problems)?;
        let entries = fields.entries();
        let find = |key: &str| entries.iter().find(|(k, _, _)| *k == key).map(|(_, _, value)| value.clone());
        let before = self.problems.len();
        let mut parts = Vec::new();
        let coded = entries.iter().filter(|(key, _, _)| coded_list(key).is_some()).count();
        if let (Some(with), true) = (find("with"), coded != 1) {
            self.problems.at(
                &with,
                codes::BAD_CONDITION,
                "`with` needs exactly one coded key beside it",
                "belongs to one of condition, medication, event, allergy",
            );
        }
        if let (Some(of), None) = (find("of"), find("at-least")) {
            let expected = "`at-least = 2` is missing beside it";
            self.problems.at(&of, codes::BAD_CONDITION, "`of` without a number", expected);
        }
        if find("goal").is_some() || find("area").is_some() {
            let goals = find("goal")
                .map(|c| Self::refs(&self.pack.goals, Some(c), "goal", &mut self.problems).into_iter().collect());
            let areas = find("area").map(|c| self.area_set(Some(c)));
            parts.push(Condition::Goal { goals, areas });
        }
        for (key, at, value) in &entries {
            match *key {
                "with" | "goal" | "area" | "of" => {}
                "all" => parts.push(Condition::All(self.conditions(value))),
                "any" => parts.push(Condition::Any(self.conditions(value))),
                "none" => parts.push(Condition::Not(Box::new(Condition::Any(self.conditions(value))))),
                "not" => parts.extend(self.condition(value).map(|c| Condition::Not(Box::new(c)))),
                "at-least" => {
                    let of = find("of").map(|c| self.conditions(&c)).unwrap_or_default();
                    let count = value.whole(1, 16, &mut self.problems).unwrap_or(1) as usize;
                    if of.len() < count {
                        self.problems.at(
                            at,
                            codes::BAD_CONDITION,
                            format!("at least {count} of {}", of.len()),
                            "can never hold: `of` has fewer",
                        );
                    }
                    parts.push(Condition::AtLeast { count, of });
                }
                "is" => {
                    for name in value.one_or_many() {
                        let Some(word) = name.text(&mut self.problems) else { continue };
                        match self.definitions.get(word) {
                            Some(definition) => parts.push(definition.clone()),
                            None => {
                                let known = self.definitions.keys().map(String::as_str);
                                self.problems.unknown_word(&name, codes::UNKNOWN_ID, "definition", word, known);
                            }
                        }
                    }
                }
                _ => match coded_list(key) {
                    Some(list) => {
                        let noted = self.problems.len();
                        let items = self.items(Some(value.clone()), list);
                        if items.iter().next().is_none() && self.problems.len() == noted {
                            let expected = "can never hold: nothing is on this list";
                            self.problems.at(value, codes::BAD_CONDITION, format!("no {}", list.singular()), expected);
                        }
                        let with = find("with").map(|c| self.tests(&c)).unwrap_or_default();
                        parts.push(Condition::Listed { question: self.list_question(key), list, items, with });
                    }
                    None => self.question_tests(key, at, value, &mut parts),
                },
            }
        }
        if self.problems.len() > before {
            return None;
        }
        Some(if parts.len() == 1 { parts.swap_remove(0) } else { Condition::All(parts) })
    }

    fn conditions(&mut self, cursor: &Cursor<'_>) -> Vec<Condition> {
        let rows = cursor.array(&mut self.problems);
        if rows.is_empty() && cursor.is_array() {
            self.problems.at(
                cursor,
                codes::BAD_CONDITION,
                "an empty list of conditions",
                "expected at least one condition",
            );
        }
        rows.iter().filter_map(|c| self.condition(c)).collect()
    }

    fn list_question(&self, key: &str) -> QuestionIx {
        let roles = &self.pack.roles;
        match key {
            "condition" => roles.conditions,
            "medication" => roles.medications,
            "event" => roles.events,
            "allergy" => roles.allergies,
            "requested" => roles.requested,
            _ => roles.provenance,
        }
    }

    /// `history.pregnancy = ...`: walks the path until it names a question.
    fn question_tests(&mut self, path: &str, at: &Cursor<'_>, value: &Cursor<'_>, parts: &mut Vec<Condition>) {
        if let Some(ix) = self.pack.questions.find(path) {
            parts.extend(self.question_test(ix, value));
            return;
        }
        let prefix = format!("{path}.");
        if value.is_table() && self.pack.questions.ids().any(|id| id.starts_with(&prefix)) {
            if let Some(fields) = value.table(path, &mut self.problems) {
                for (key, at, value) in fields.entries() {
                    self.question_tests(&format!("{path}.{key}"), &at, &value, parts);
                }
            }
            return;
        }
        let ending = format!(".{path}");
        let near = match path {
            "ingredient" => Some("requested"),
            _ => self.pack.questions.ids().find(|id| id.ends_with(&ending)),
        };
        if let Some(near) = near {
            let (message, help) = (format!("unknown question `{path}`"), format!("did you mean `{near}`?"));
            self.problems.at_with_help(at, codes::BAD_CONDITION, message, "expected a known question", help);
            return;
        }
        let words = ["all", "any", "none", "not", "at-least", "of", "is", "goal", "area", "with"]
            .into_iter()
            .chain(["condition", "medication", "event", "allergy", "requested", "provenance"])
            .chain(self.pack.questions.ids());
        let words: Vec<String> = words.map(str::to_owned).collect();
        self.problems.unknown_word(at, codes::BAD_CONDITION, "question", path, words.iter().map(String::as_str));
    }

    fn question_test(&mut self, question: QuestionIx, value: &Cursor<'_>) -> Option<Condition> {
        if self.scores.contains_key(&question) {
            let message = format!("`{}` belongs to a scale", self.pack.questions[question].id);
            let help = "read the question that the scale answers: somebody may answer that one directly";
            self.problems.at_with_help(value, codes::BAD_CONDITION, message, "no condition may read it", help);
            return None;
        }
        match self.pack.questions[question].kind.clone() {
            QuestionKind::Choice(options) => {
                let bits = if question == self.pack.roles.jurisdiction {
                    self.jurisdiction_bits(value)?
                } else {
                    option_bits(&options, value, &mut self.problems)?
                };
                Some(Condition::Choice { question, options: bits })
            }
            QuestionKind::Number(kind) => {
                let range = number_range(value, &mut self.problems)?;
                reachable(&range, &kind, value, &mut self.problems)?;
                Some(Condition::Number { question, range })
            }
            QuestionKind::Date | QuestionKind::Text | QuestionKind::List(_) | QuestionKind::Goals => {
                let id = self.pack.questions[question].id().to_owned();
                self.problems.at_with_help(
                    value,
                    codes::BAD_CONDITION,
                    format!("a rule cannot read `{id}` like this"),
                    "expected a choice or a number question",
                    "coded lists are read with condition, medication, event, allergy, requested, provenance, goal, area",
                );
                None
            }
        }
    }

    /// Option bits of jurisdictions, those inside them included.
    pub(super) fn jurisdiction_bits(&mut self, value: &Cursor<'_>) -> Option<u64> {
        let named = Self::refs(&self.pack.jurisdictions, Some(value.clone()), "jurisdiction", &mut self.problems);
        if named.is_empty() {
            return None;
        }
        let bits = self
            .pack
            .jurisdictions
            .entries()
            .filter(|(ix, _)| self.pack.jurisdiction_path(*ix).any(|at| named.contains(&at)))
            .fold(0, |bits, (ix, _)| bits | 1 << ix.get());
        Some(bits)
    }

    fn tests(&mut self, cursor: &Cursor<'_>) -> Vec<QualifierTest> {
        let Some(fields) = cursor.table("`with`", &mut self.problems) else { return Vec::new() };
        let mut tests = Vec::new();
        for (key, at, value) in fields.entries() {
            let Some(qualifier) = self.pack.qualifiers.find(key) else {
                self.problems.unknown_word(&at, codes::UNKNOWN_ID, "qualifier", key, self.pack.qualifiers.ids());
                continue;
            };
            let test = match &self.pack.qualifiers[qualifier].kind {
                QualifierKind::Choice(options) => {
                    option_bits(options, &value, &mut self.problems).map(ValueTest::Choice)
                }
                QualifierKind::Number(kind) => number_range(&value, &mut self.problems)
                    .filter(|range| reachable(range, kind, &value, &mut self.problems).is_some())
                    .map(ValueTest::Number),
            };
            tests.extend(test.map(|test| QualifierTest { qualifier, test }));
        }
        tests
    }
}

fn coded_list(key: &str) -> Option<List> {
    Some(match key {
        "condition" => List::Conditions,
        "medication" => List::Medications,
        "event" => List::Events,
        "allergy" => List::Allergens,
        "requested" => List::Ingredients,
        "provenance" => List::Provenance,
        _ => return None,
    })
}

/// Words, numbers on a scale, or a range of a scale, as bits of the options.
fn option_bits(options: &[ChoiceOption], value: &Cursor<'_>, problems: &mut Problems) -> Option<u64> {
    let bit = |n: usize| 1_u64 << n;
    if value.is_table() {
        let range = number_range(value, problems)?;
        let on_scale = |o: &ChoiceOption| Amount::parse(&o.id).is_some_and(|n| range.contains(n));
        let bits = options.iter().enumerate().filter(|(_, o)| on_scale(o)).fold(0, |b, (n, _)| b | bit(n));
        if bits == 0 {
            problems.at(value, codes::BAD_CONDITION, "no option of this question lies in the range", "matches nothing");
            return None;
        }
        return Some(bits);
    }
    let mut bits = 0;
    for cursor in value.one_or_many() {
        let word = match cursor.scalar() {
            Some(Scalar::Text(word)) => word.to_owned(),
            Some(Scalar::Number(n)) => n.to_string(),
            _ => {
                problems.at(&cursor, codes::BAD_CONDITION, "not an option", "expected one of the options");
                continue;
            }
        };
        match options.iter().position(|o| o.id == word) {
            Some(n) => bits |= bit(n),
            None => {
                problems.unknown_word(
                    &cursor,
                    codes::UNKNOWN_ID,
                    "option",
                    &word,
                    options.iter().map(|o| o.id.as_str()),
                );
            }
        }
    }
    (bits != 0).then_some(bits)
}

/// `{ under, at-most, at-least, over }`, or a plain number.
fn number_range(value: &Cursor<'_>, problems: &mut Problems) -> Option<Range> {
    if let Some(Scalar::Number(n)) = value.scalar() {
        return Some(Range { from: Some(n), below: Some(after(n)) });
    }
    let noted = problems.len();
    let mut fields = value.table("a range", problems)?;
    let under = fields.amount("under", problems);
    let at_most = fields.amount("at-most", problems).map(after);
    let at_least = fields.amount("at-least", problems);
    let over = fields.amount("over", problems).map(after);
    fields.finish(problems);
    let range = Range { from: at_least.max(over), below: [under, at_most].into_iter().flatten().min() };
    if range.from.is_none() && range.below.is_none() && problems.len() == noted {
        problems.at(value, codes::BAD_CONDITION, "a range without an end", "expected under, at-most, at-least or over");
        return None;
    }
    if let (Some(from), Some(below)) = (range.from, range.below)
        && from >= below
    {
        problems.at(value, codes::BAD_CONDITION, "an empty range", "no number lies in it");
        return None;
    }
    Some(range)
}

/// Notes a range that no answer can lie in.
fn reachable(range: &Range, kind: &NumberKind, value: &Cursor<'_>, problems: &mut Problems) -> Option<()> {
    if range.from.is_none_or(|from| from <= kind.max) && range.below.is_none_or(|below| below > kind.min) {
        return Some(());
    }
    let (min, max, unit) = (kind.min, kind.max, &kind.unit);
    let expected = format!("answers lie between {min} and {max} {unit}").trim_end().to_owned();
    problems.at(value, codes::BAD_CONDITION, "no answer can lie in this range", expected);
    None
}

fn after(n: Amount) -> Amount {
    Amount::thousandths(n.as_thousandths() + STEP.as_thousandths())
}
