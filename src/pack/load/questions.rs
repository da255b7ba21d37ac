//! Reads the questions, and finds those the engine itself reads.

use super::scales::Scores;
use super::{Loader, Tables, codes};
use crate::pack::QuestionRoles;
use crate::pack::question::{Question, QuestionKind, Returning, Step};
use crate::pack::table::Identified;
use crate::pack::vocabulary::{ChoiceOption, List};
use crate::source::Cursor;

#[derive(Clone, Copy)]
enum Kind {
    Choice,
    Number,
    Text,
    Date,
    List,
    Goals,
}

impl Loader {
    pub(super) fn questions(&mut self, tables: &Tables<'_>) {
        let steps: Vec<(&str, Step)> = Step::ALL.iter().map(|step| (step.word(), *step)).collect();
        let mut later = Vec::new();
        self.each(tables, "question", |this, _, mut f| {
            let place = f.place();
            let id_at = f.get("id");
            let id = f.text("id", &mut this.problems);
            if let (Some(at), Some(id)) = (&id_at, &id)
                && !id.split('.').all(|part| super::is_id(&part.replace('_', "-")))
            {
                let expected = "expected a path of the intake file, such as history.own_question";
                this.problems.at(at, codes::BAD_ID, format!("`{id}` is not the id of a question"), expected);
            }
            let step = f.need_word("step", &steps, &mut this.problems);
            let label = f.text("label", &mut this.problems);
            let help = f.text_or_none("help", &mut this.problems).unwrap_or_default();
            let kind = f.need_word(
                "kind",
                &[
                    ("choice", Kind::Choice),
                    ("number", Kind::Number),
                    ("text", Kind::Text),
                    ("date", Kind::Date),
                    ("list", Kind::List),
                    ("goals", Kind::Goals),
                ],
                &mut this.problems,
            );
            let mut scores = Scores::default();
            let kind = kind.map(|kind| match kind {
                Kind::Choice if id.as_deref() == Some("jurisdiction") => {
                    QuestionKind::Choice(this.jurisdiction_options())
                }
                Kind::Choice => {
                    QuestionKind::Choice(this.option_rows(&mut f, |this, f, at| scores.read(f, at, &mut this.problems)))
                }
                Kind::Number => QuestionKind::Number(this.number_kind(&mut f)),
                Kind::Text => QuestionKind::Text,
                Kind::Date => QuestionKind::Date,
                Kind::List => {
                    let lists: Vec<(&str, List)> = List::ALL.iter().map(|l| (l.singular(), *l)).collect();
                    QuestionKind::List(f.need_word("of", &lists, &mut this.problems).unwrap_or(List::Conditions))
                }
                Kind::Goals => QuestionKind::Goals,
            });
            let ask_when = f.get("ask_when");
            let otherwise = f.get("otherwise");
            let required = f.flag("required", &mut this.problems);
            let optional = f.flag("optional", &mut this.problems);
            let derived = f.flag("derived", &mut this.problems);
            let returning = f.word("returning", &Returning::WORDS, &mut this.problems).unwrap_or_default();
            let points = scores.take(&mut f, &mut this.problems);
            f.finish(&mut this.problems);
            let (Some(id), Some(step), Some(label), Some(kind)) = (id, step, label, kind) else { return };
            let row = Question {
                id,
                step,
                label,
                help,
                kind,
                ask_when: None,
                otherwise: None,
                optional,
                required,
                derived,
                scale: None,
                returning,
            };
            if let Some(ix) = Self::add(&mut this.pack.questions, row, "question", &place, &mut this.problems) {
                this.scores.extend(points.map(|points| (ix, points)));
                later.push((ix, ask_when, otherwise));
            }
        });
        self.question_roles(tables);
        for (ix, ask_when, otherwise) in later {
            let condition = ask_when.and_then(|c| self.condition(&c));
            let option = otherwise.and_then(|c| self.option_of(&self.pack.questions[ix].kind.clone(), &c));
            let row = self.pack.questions.row_mut(ix);
            row.ask_when = condition;
            row.otherwise = option;
        }
    }

    fn jurisdiction_options(&self) -> Vec<ChoiceOption> {
        self.pack
            .jurisdictions
            .iter()
            .map(|j| ChoiceOption { id: j.code.clone(), label: j.label.clone(), key: None, help: None })
            .collect()
    }

    fn option_of(&mut self, kind: &QuestionKind, cursor: &Cursor<'_>) -> Option<usize> {
        let word = cursor.text(&mut self.problems)?;
        let QuestionKind::Choice(options) = kind else {
            self.problems.at(cursor, codes::RULE_SHAPE, "only a choice can have `otherwise`", "no choice question");
            return None;
        };
        let found = options.iter().position(|o| o.id == word);
        if found.is_none() {
            let known = options.iter().map(|o| o.id.as_str());
            self.problems.unknown_word(cursor, codes::UNKNOWN_ID, "option", word, known);
        }
        found
    }

    fn question_roles(&mut self, tables: &Tables<'_>) {
        let found = |id: &str| self.pack.questions.find(id);
        let roles = (|| {
            Some(QuestionRoles {
                jurisdiction: found("jurisdiction")?,
                age: found("patient.age")?,
                birth_date: found("patient.birth_date")?,
                weight: found("patient.weight_kg")?,
                height: found("patient.height_cm")?,
                bmi: found("patient.bmi")?,
                conditions: found("history.conditions")?,
                medications: found("history.medications")?,
                events: found("history.events")?,
                allergies: found("allergies.items")?,
                goals: found("goals.items")?,
                requested: found("goals.requested")?,
                provenance: found("setting.provenance")?,
            })
        })();
        match roles {
            Some(roles) => self.pack.roles = roles,
            None => {
                if let Some((_, cursor)) = tables.values().flatten().next() {
                    self.problems.at_with_help(
                        cursor,
                        codes::NO_QUESTION,
                        "the pack lacks a question that the program itself reads",
                        "seen when reading this pack",
                        format!(
                            "it needs {}; it has {}",
                            NEEDED,
                            self.pack.questions.ids().collect::<Vec<_>>().join(", ")
                        ),
                    );
                }
            }
        }
    }
}

const NEEDED: &str = "jurisdiction, patient.age, patient.birth_date, patient.weight_kg, patient.height_cm, patient.bmi, \
history.conditions, history.medications, history.events, allergies.items, goals.items, goals.requested, setting.provenance";

impl Question {
    /// The options of a choice question.
    #[must_use]
    pub fn options(&self) -> &[ChoiceOption] {
        match &self.kind {
            QuestionKind::Choice(options) => options,
            _ => &[],
        }
    }

    /// The id again, for generic code.
    #[must_use]
    pub fn path(&self) -> &str {
        self.id()
    }
}
