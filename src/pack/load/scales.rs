//! Reads scored scales, and checks that each gives one answer for every sum of points.

use super::{Loader, Tables, codes};
use crate::pack::question::{QuestionIx, QuestionKind};
use crate::pack::scale::{Band, Bands, Scale, ScaleItem, ScaleValue};
use crate::source::{Cursor, Fields, Problems, did_you_mean};

/// More points than any scale gives for one answer.
const MOST_POINTS: i32 = 100;

/// Keys that mean nothing for a question of a scale.
const NOT_IN_A_SCALE: [&str; 5] = ["required", "optional", "ask_when", "otherwise", "derived"];

/// The points of the options of one question, while it is being read.
#[derive(Default)]
pub(super) struct Scores {
    points: Vec<u16>,
    without: bool,
}

impl Scores {
    /// Reads the points of an option.
    pub(super) fn read(&mut self, option: &mut Fields<'_>, at: &Cursor<'_>, problems: &mut Problems) {
        let Some(score) = option.get("score") else {
            if !self.points.is_empty() {
                no_score(at, problems);
            }
            self.without = true;
            return;
        };
        if self.without && self.points.is_empty() {
            no_score(at, problems);
        }
        let points = score.whole(0, MOST_POINTS, problems).and_then(|n| u16::try_from(n).ok());
        self.points.push(points.unwrap_or(0));
    }

    /// The points, if the question is scored; then it is nothing but a question of a scale.
    pub(super) fn take(self, question: &mut Fields<'_>, problems: &mut Problems) -> Option<Vec<u16>> {
        if self.points.is_empty() {
            return None;
        }
        for key in NOT_IN_A_SCALE {
            if let Some(at) = question.get(key) {
                let expected = "is asked only inside its scale: the question the scale answers says when, and whether";
                let message = format!("`{key}` on a question with scores");
                problems.at(&at, codes::SCALE_SHAPE, message, expected);
            }
        }
        Some(self.points)
    }
}

fn no_score(at: &Cursor<'_>, problems: &mut Problems) {
    problems.at(
        at,
        codes::SCALE_SHAPE,
        "some options of this question have a score and some have none",
        "every option of a question of a scale needs `score = N`",
    );
}

impl Loader {
    pub(super) fn scales(&mut self, tables: &Tables<'_>) {
        self.each(tables, "scale", |this, _, mut f| {
            let place = f.place();
            let id = this.id(&mut f);
            let label = f.text("label", &mut this.problems);
            let help = f.text_or_none("help", &mut this.problems);
            let note = f.text_or_none("note", &mut this.problems);
            let at = f.need("answers", &mut this.problems);
            let answers = at.as_ref().and_then(|at| this.answered_by_scale(at));
            let items_at = f.need("items", &mut this.problems);
            let items = items_at.as_ref().and_then(|at| this.scale_items(at));
            let bands_at = f.need("bands", &mut this.problems);
            let grounds = this.grounds(&mut f);
            let bands = match (&bands_at, answers, &items) {
                (Some(at), Some(answers), Some(items)) => this.bands(at, answers, items),
                _ => None,
            };
            f.finish(&mut this.problems);
            let (Some(id), Some(label), Some(answers), Some(items), Some(bands)) = (id, label, answers, items, bands)
            else {
                return;
            };
            let asked: Vec<QuestionIx> = items.iter().map(|item| item.question).collect();
            let row = Scale { id, label, help, note, answers, items, bands, grounds };
            if let Some(ix) = Self::add(&mut this.pack.scales, row, "scale", &place, &mut this.problems) {
                for question in asked {
                    this.pack.questions.row_mut(question).scale = Some(ix);
                }
            }
        });
        self.questions_without_scale(tables);
    }

    /// The question that a scale answers: asked in its own right, and answered by no other scale.
    fn answered_by_scale(&mut self, at: &Cursor<'_>) -> Option<QuestionIx> {
        let ix = Self::reference(&self.pack.questions, at, "question", &mut self.problems)?;
        let question = &self.pack.questions[ix];
        let wrong = if self.scores.contains_key(&ix) {
            "is itself a question of a scale"
        } else if question.derived || ix == self.pack.roles.age {
            "is computed from other answers"
        } else if !matches!(question.kind, QuestionKind::Choice(_) | QuestionKind::Number(_)) {
            "is neither a choice nor a number"
        } else if let Some(other) = self.pack.scale_for(ix) {
            let message =
                format!("`{}` is answered by the scale `{}` already", question.id, self.pack.scales[other].id);
            let expected = "one scale for a question: two could disagree";
            self.problems.at(at, codes::SCALE_SHAPE, message, expected);
            return None;
        } else {
            return Some(ix);
        };
        let message = format!("`{}` {wrong}", question.id);
        self.problems.at(at, codes::SCALE_SHAPE, message, "expected a choice or number question that is asked");
        None
    }

    /// The questions of a scale with their points.
    fn scale_items(&mut self, at: &Cursor<'_>) -> Option<Vec<ScaleItem>> {
        let before = self.problems.len();
        let rows = at.array(&mut self.problems);
        if rows.is_empty() && at.is_array() {
            self.problems.at(at, codes::SCALE_SHAPE, "a scale without items", "expected the ids of scored questions");
        }
        let mut items: Vec<ScaleItem> = Vec::new();
        for row in &rows {
            let Some(ix) = Self::reference(&self.pack.questions, row, "question", &mut self.problems) else { continue };
            let question = &self.pack.questions[ix];
            let Some(points) = self.scores.get(&ix) else {
                let message = format!("the options of `{}` have no scores", question.id);
                let expected = "expected a choice question whose options have `score = N`";
                self.problems.at(row, codes::SCALE_SHAPE, message, expected);
                continue;
            };
            if question.scale.is_some() || items.iter().any(|item| item.question == ix) {
                let message = format!("`{}` is part of a scale already", question.id);
                self.problems.at(row, codes::SCALE_SHAPE, message, "a question belongs to one scale, once");
                continue;
            }
            items.push(ScaleItem { question: ix, points: points.clone() });
        }
        if items.len() > 40 {
            self.problems.at(at, codes::SCALE_SHAPE, format!("{} items", items.len()), "at most 40 items");
        }
        (self.problems.len() == before).then_some(items)
    }

    /// The bands: rising, without a gap, each within reach, the last one open.
    fn bands(&mut self, at: &Cursor<'_>, answers: QuestionIx, items: &[ScaleItem]) -> Option<Bands> {
        let before = self.problems.len();
        let fewest: u16 = items.iter().map(ScaleItem::fewest).sum();
        let most: u16 = items.iter().map(ScaleItem::most).sum();
        let rows = at.array(&mut self.problems);
        let mut steps: Vec<Band> = Vec::new();
        let mut top = None;
        for (n, row) in rows.iter().enumerate() {
            let Some(mut f) = row.table("a band", &mut self.problems) else { continue };
            let limit = f.get("at-most");
            let value = f.need("value", &mut self.problems).and_then(|at| self.scale_value(&at, answers));
            f.finish(&mut self.problems);
            let last = n + 1 == rows.len();
            let (limit, value) = match (limit, value) {
                (Some(limit), value) if !last => (limit, value),
                (None, value) if last => {
                    top = value;
                    continue;
                }
                (Some(limit), _) => {
                    let expected = "leave `at-most` out: the last band holds all points above the others";
                    self.problems.at(&limit, codes::SCALE_SHAPE, "the last band ends", expected);
                    continue;
                }
                (None, _) => {
                    let message = "only the last band may lack `at-most`";
                    self.problems.at(row, codes::SCALE_SHAPE, message, "expected `at-most = N` here");
                    continue;
                }
            };
            let Some(at_most) = limit.whole(0, 4000, &mut self.problems).and_then(|n| u16::try_from(n).ok()) else {
                continue;
            };
            if let Some(below) = steps.last().filter(|below| below.at_most >= at_most) {
                let message = format!("this band ends at {at_most} and the one before at {}", below.at_most);
                self.problems.at(&limit, codes::SCALE_SHAPE, message, "bands overlap: write them rising");
            } else if at_most < fewest {
                let message = format!("nobody has {at_most} points or fewer");
                self.problems.at(&limit, codes::SCALE_SHAPE, message, format!("the fewest points are {fewest}"));
            } else if at_most >= most {
                let message = format!("nobody has more than {at_most} points");
                let expected = format!("the most points are {most}: the last band could never be reached");
                self.problems.at(&limit, codes::SCALE_SHAPE, message, expected);
            }
            steps.extend(value.map(|value| Band { at_most, value }));
        }
        if rows.is_empty() && at.is_array() {
            self.problems.at(at, codes::SCALE_SHAPE, "a scale without bands", "expected at least one band");
        }
        top.filter(|_| self.problems.len() == before).map(|top| Bands { steps, top })
    }

    /// The value of a band: an option, or a number that the question takes.
    fn scale_value(&mut self, at: &Cursor<'_>, answers: QuestionIx) -> Option<ScaleValue> {
        match &self.pack.questions[answers].kind {
            QuestionKind::Choice(options) => {
                let word = at.text(&mut self.problems)?;
                let found = options.iter().position(|option| option.id == word);
                if found.is_none() {
                    let known = options.iter().map(|option| option.id.as_str());
                    self.problems.unknown_word(at, codes::UNKNOWN_ID, "option", word, known);
                }
                found.map(ScaleValue::Choice)
            }
            QuestionKind::Number(kind) => {
                let amount = at.amount(&mut self.problems)?;
                if amount < kind.min || amount > kind.max || amount.rounded(kind.decimals) != amount {
                    let message = format!("{amount} is no answer to `{}`", self.pack.questions[answers].id);
                    let decimals = kind.decimals;
                    let expected = format!("expected {} to {}, decimals: {decimals}", kind.min, kind.max);
                    self.problems.at(at, codes::SCALE_SHAPE, message, expected);
                    return None;
                }
                Some(ScaleValue::Number(amount))
            }
            _ => None,
        }
    }

    /// Notes scored questions that no scale asks: nobody would ever see them.
    fn questions_without_scale(&mut self, tables: &Tables<'_>) {
        // What is no table, text or list was noted where it was read; a scale with a mistake still names its questions.
        let mut noted = Problems::default();
        let mut rows = |kind: &'static str, what: &str, key: &'static str| -> Vec<Cursor<'_>> {
            let all = tables.get(kind).into_iter().flatten();
            all.filter_map(|(_, cursor)| cursor.table(what, &mut noted)?.get(key)).collect()
        };
        let (questions, items) = (rows("question", "[[question]]", "id"), rows("scale", "[[scale]]", "items"));
        let items: Vec<Cursor<'_>> = items.iter().flat_map(Cursor::one_or_many).collect();
        let named: Vec<&str> = items.iter().filter_map(|item| item.text(&mut noted)).collect();
        for at in &questions {
            let Some(id) = at.text(&mut noted) else { continue };
            let scored = self.pack.questions.find(id).is_some_and(|ix| self.scores.contains_key(&ix));
            if scored && !named.contains(&id) {
                let message = format!("the options of `{id}` have scores and no scale asks it");
                let help = match did_you_mean(id, named.iter().copied()) {
                    Some(near) => format!("a scale names `{near}`: is it the same?"),
                    None => "name it in the `items` of a scale, or take the scores away".to_owned(),
                };
                self.problems.at_with_help(at, codes::SCALE_SHAPE, message, "expected to be part of a scale", help);
            }
        }
    }
}
