//! The intake file (a contract: its names are read and written by other programs).

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;
use toml::{Table, Value as Toml};

use super::answer::{Answer, Entry, GoalEntry, Intake, Value, What};
use super::facts::age_on;
use crate::pack::load::how_found;
use crate::pack::{
    ChoiceOption, Identified, List, NumberKind, Pack, QualifierKind, QuestionIx, QuestionKind, Table as Rows,
};
use crate::source::{Amount, Code, Cursor, Fields, Problems, Report, Scalar, SourceFile, parse};

/// A question, item, goal, area or option that the pack does not have.
const UNKNOWN: Code = Code("I0101");
/// A number outside its range.
const RANGE: Code = Code("I0102");
/// An entry that is neither coded nor text.
const ENTRY: Code = Code("I0103");
/// A value that is computed, not asked.
const DERIVED: Code = Code("I0104");
/// Something listed twice.
const TWICE: Code = Code("I0105");

/// Nobody is older than that.
const OLDEST: i32 = 120;

/// The word that records "asked, not known".
const UNKNOWN_WORD: &str = "unknown";

/// Reads an intake file; keys, items and qualifiers are checked against the pack.
///
/// # Errors
/// Every problem of the file.
pub fn read(pack: &Pack, file: &Arc<SourceFile>) -> Result<Intake, Report> {
    read_as_of(pack, file, None)
}

/// Reads an intake file that is assessed on a day: nobody is born after it, or older than people become, and an age fits the
/// date of birth.
///
/// # Errors
/// Every problem of the file.
pub fn read_on(pack: &Pack, file: &Arc<SourceFile>, today: Date) -> Result<Intake, Report> {
    read_as_of(pack, file, Some(today))
}

fn read_as_of(pack: &Pack, file: &Arc<SourceFile>, today: Option<Date>) -> Result<Intake, Report> {
    let mut problems = Problems::default();
    let table = parse(file, &mut problems);
    let fields = Fields::of_file(file, &table, "the intake");
    let mut reader = Reader { pack, problems, intake: Intake::default(), today };
    reader.section("", &fields);
    if reader.problems.is_empty() { Ok(reader.intake) } else { Err(reader.problems.into_report()) }
}

/// Reads one answer that stands in a file of another kind, such as a training case.
pub fn read_answer(pack: &Pack, question: QuestionIx, at: &Cursor<'_>, problems: &mut Problems) -> Option<Answer> {
    let mut reader = Reader { pack, problems: std::mem::take(problems), intake: Intake::default(), today: None };
    let answer = reader.answer(question, at, at);
    *problems = reader.problems;
    answer
}

struct Reader<'p> {
    pack: &'p Pack,
    problems: Problems,
    intake: Intake,
    today: Option<Date>,
}

impl Reader<'_> {
    fn section(&mut self, prefix: &str, fields: &Fields<'_>) {
        for (key, at, value) in fields.entries() {
            let path = if prefix.is_empty() { key.to_owned() } else { format!("{prefix}.{key}") };
            if let Some(question) = self.pack.questions.find(&path) {
                if let Some(answer) = self.answer(question, &at, &value) {
                    self.intake.answers.insert(path, answer);
                    self.how_old(question, &value);
                }
                continue;
            }
            let inside = format!("{path}.");
            if self.pack.questions.ids().any(|id| id.starts_with(&inside)) {
                if let Some(fields) = value.table(&format!("[{path}]"), &mut self.problems) {
                    self.section(&path, &fields);
                }
                continue;
            }
            let known = self.pack.questions.ids();
            self.problems.unknown_word(&at, UNKNOWN, "question", &path, known);
        }
    }

    fn answer(&mut self, question: QuestionIx, at: &Cursor<'_>, value: &Cursor<'_>) -> Option<Answer> {
        let pack = self.pack;
        let question = &pack.questions[question];
        if question.derived {
            let message = format!("`{}` is computed", question.id);
            self.problems.at(at, DERIVED, message, "leave it out");
            return None;
        }
        if value.scalar() == Some(Scalar::Text(UNKNOWN_WORD)) && !matches!(question.kind, QuestionKind::Text) {
            return Some(Answer::Unknown);
        }
        match &question.kind {
            QuestionKind::Choice(options) => self.choice(options, value).map(Answer::Choice),
            QuestionKind::Number(kind) => self.number(kind, value).map(Answer::Number),
            QuestionKind::Date => value.date(&mut self.problems).map(Answer::Date),
            QuestionKind::Text => value.text(&mut self.problems).map(|text| Answer::Text(text.to_owned())),
            QuestionKind::List(list) => Some(Answer::Items(self.entries(*list, value))),
            QuestionKind::Goals => Some(Answer::Goals(self.goals(value))),
        }
    }

    /// Reports a date of birth that nobody has on that day, or an age beside it that is another one: whichever stands second.
    fn how_old(&mut self, question: QuestionIx, at: &Cursor<'_>) {
        let roles = &self.pack.roles;
        let Some(today) = self.today.filter(|_| question == roles.birth_date || question == roles.age) else { return };
        let said = |ix: QuestionIx| self.intake.get(&self.pack.questions[ix].id);
        let Some(Answer::Date(born)) = said(roles.birth_date) else { return };
        let (born, age) = (*born, said(roles.age));
        let years = age_on(born, today).filter(|years| (0..=OLDEST).contains(years));
        let (message, expected) = match (years, age) {
            (None, _) if question != roles.birth_date => return,
            (None, _) => (
                format!("nobody born on {born} is treated on {today}"),
                format!("expected a day in the last {OLDEST} years"),
            ),
            (Some(years), Some(Answer::Number(age))) if *age != Amount::whole(years) => (
                format!("the age {age} and the date of birth {born} contradict each other"),
                format!("expected {years}, or only one of the two"),
            ),
            _ => return,
        };
        self.problems.at(at, RANGE, message, expected);
    }

    fn choice(&mut self, options: &[ChoiceOption], value: &Cursor<'_>) -> Option<String> {
        let word = match value.scalar() {
            Some(Scalar::Text(word)) => word.to_owned(),
            Some(Scalar::Number(n)) => n.to_string(),
            Some(Scalar::Bool(yes)) => (if yes { "yes" } else { "no" }).to_owned(),
            _ => value.text(&mut self.problems)?.to_owned(),
        };
        if options.iter().any(|o| o.id == word) {
            return Some(word);
        }
        let known = options.iter().map(|o| o.id.as_str()).chain([UNKNOWN_WORD]);
        self.problems.unknown_word(value, UNKNOWN, "answer", &word, known);
        None
    }

    fn number(&mut self, kind: &NumberKind, value: &Cursor<'_>) -> Option<Amount> {
        let n = value.amount(&mut self.problems)?;
        if n < kind.min || n > kind.max {
            let message = format!("{n} {} is out of range", kind.unit);
            self.problems.at(value, RANGE, message, format!("expected {} to {} {}", kind.min, kind.max, kind.unit));
            return None;
        }
        if n.rounded(kind.decimals) != n {
            let expected = if kind.decimals == 0 {
                "a whole number".to_owned()
            } else {
                format!("at most {} decimals", kind.decimals)
            };
            self.problems.at(value, RANGE, format!("{n} has too many decimals"), format!("expected {expected}"));
            return None;
        }
        Some(n)
    }

    fn entries(&mut self, list: List, value: &Cursor<'_>) -> Vec<Entry> {
        let mut entries: Vec<Entry> = Vec::new();
        for row in value.array(&mut self.problems) {
            let Some(entry) = self.entry(list, &row) else { continue };
            if entries.contains(&entry) {
                self.problems.at(&row, TWICE, "listed twice", "the same entry stands above");
            } else {
                entries.push(entry);
            }
        }
        entries
    }

    fn entry(&mut self, list: List, row: &Cursor<'_>) -> Option<Entry> {
        if let Some(Scalar::Text(_)) = row.scalar() {
            return self.item(list, row).map(|id| Entry::coded(&id));
        }
        let mut f = row.table("an entry", &mut self.problems)?;
        let id = f.get("id");
        let text = f.get("text");
        let what = match (id, text) {
            (Some(id), None) => What::Coded(self.item(list, &id)?),
            (None, Some(text)) => What::FreeText(text.text(&mut self.problems)?.to_owned()),
            _ => {
                let place = f.place();
                self.problems.at(
                    &place,
                    ENTRY,
                    "neither coded nor in words",
                    "expected `id` or `text`, one of the two",
                );
                return None;
            }
        };
        let mut qualifiers = BTreeMap::new();
        for (key, at, value) in f.entries() {
            if key == "id" || key == "text" {
                continue;
            }
            let Some(qualifier) = self.pack.qualifiers.get(key) else {
                self.problems.unknown_word(&at, UNKNOWN, "qualifier", key, self.pack.qualifiers.ids());
                continue;
            };
            if let Some(value) = self.qualifier(key, &qualifier.kind, &value) {
                qualifiers.insert(key.to_owned(), value);
            }
        }
        Some(Entry { what, qualifiers })
    }

    fn qualifier(&mut self, id: &str, kind: &QualifierKind, value: &Cursor<'_>) -> Option<Value> {
        let word = match value.scalar() {
            Some(Scalar::Text(word)) => Some(word),
            _ => None,
        };
        if word == Some(UNKNOWN_WORD) {
            return Some(Value::Unknown);
        }
        match kind {
            // The site may name an area instead of "here".
            QualifierKind::Choice(_) if id == "site" && word.is_some_and(|w| self.pack.areas.get(w).is_some()) => {
                word.map(|w| Value::Choice(w.to_owned()))
            }
            QualifierKind::Choice(options) => self.choice(options, value).map(Value::Choice),
            QualifierKind::Number(kind) => self.number(kind, value).map(Value::Number),
        }
    }

    /// The id of an item; a synonym or brand is pointed to its id.
    fn item(&mut self, list: List, at: &Cursor<'_>) -> Option<String> {
        let id = at.text(&mut self.problems)?;
        let table = self.pack.list(list);
        if table.get(id).is_some() {
            return Some(id.to_owned());
        }
        let same = |name: &String| name.eq_ignore_ascii_case(id);
        match table.iter().find(|item| same(&item.label) || item.also.iter().any(same)) {
            Some(item) => {
                let message = format!("unknown {} `{id}`", list.singular());
                let help = format!("`{id}` is known as `{}` ({})", item.id, item.label);
                self.problems.at_with_help(at, UNKNOWN, message, "expected an id", help);
            }
            None => self.unknown(table, list.singular(), id, at),
        }
        None
    }

    fn unknown<T: Identified>(&mut self, table: &Rows<T>, what: &str, id: &str, at: &Cursor<'_>) {
        self.problems.unknown_word_or(at, UNKNOWN, what, id, table.ids(), || how_found(what, id));
    }

    fn goals(&mut self, value: &Cursor<'_>) -> Vec<GoalEntry> {
        let pack = self.pack;
        let mut goals: Vec<GoalEntry> = Vec::new();
        for row in value.array(&mut self.problems) {
            let Some(mut f) = row.table("a goal", &mut self.problems) else { continue };
            let goal = f.need("goal", &mut self.problems);
            let areas = f.get("areas");
            f.finish(&mut self.problems);
            let Some((at, goal)) = goal.and_then(|c| c.text(&mut self.problems).map(|text| (c, text))) else {
                continue;
            };
            if pack.goals.get(goal).is_none() {
                self.unknown(&pack.goals, "goal", goal, &at);
                continue;
            }
            let mut entry = GoalEntry { goal: goal.to_owned(), areas: Vec::new() };
            for at in areas.iter().flat_map(Cursor::one_or_many) {
                let Some(area) = at.text(&mut self.problems) else { continue };
                if pack.areas.get(area).is_none() {
                    self.unknown(&pack.areas, "area", area, &at);
                } else if entry.areas.iter().any(|a| a == area) {
                    self.problems.at(&at, TWICE, format!("`{area}` is listed twice"), "the same area stands before");
                } else {
                    entry.areas.push(area.to_owned());
                }
            }
            match goals.iter_mut().find(|g| g.goal == entry.goal) {
                Some(same) => {
                    entry.areas.retain(|area| !same.areas.contains(area));
                    same.areas.append(&mut entry.areas);
                }
                None => goals.push(entry),
            }
        }
        goals
    }
}

/// Writes an intake as a file that [`read`] reads back to the same intake.
#[must_use]
pub fn write(intake: &Intake) -> String {
    let mut root = Table::new();
    for (path, answer) in &intake.answers {
        let mut table = &mut root;
        let mut keys = path.split('.').peekable();
        while let Some(key) = keys.next() {
            if keys.peek().is_none() {
                table.insert(key.to_owned(), answer_value(answer));
                break;
            }
            let slot = table.entry(key).or_insert_with(|| Toml::Table(Table::new()));
            match slot {
                Toml::Table(inner) => table = inner,
                // Two questions of which one is the other's section cannot both be in a pack.
                _ => break,
            }
        }
    }
    toml::to_string(&root).unwrap_or_default()
}

/// One answer as it stands in a file.
#[must_use]
pub fn answer_toml(answer: &Answer) -> String {
    answer_value(answer).to_string()
}

fn answer_value(answer: &Answer) -> Toml {
    match answer {
        Answer::Unknown => Toml::String(UNKNOWN_WORD.to_owned()),
        Answer::Choice(word) => word_value(word),
        Answer::Number(n) => number_value(*n),
        Answer::Date(date) => date_value(*date),
        Answer::Text(text) => Toml::String(text.clone()),
        Answer::Items(entries) => Toml::Array(entries.iter().map(entry_value).collect()),
        Answer::Goals(goals) => Toml::Array(goals.iter().map(goal_value).collect()),
    }
}

/// Scale options such as Fitzpatrick 3 are numbers in the file.
fn word_value(word: &str) -> Toml {
    word.parse::<i64>()
        .ok()
        .filter(|n| n.to_string() == word)
        .map_or_else(|| Toml::String(word.to_owned()), Toml::Integer)
}

fn number_value(n: Amount) -> Toml {
    match n.as_thousandths() % 1000 {
        0 => Toml::Integer(n.as_thousandths() / 1000),
        _ => Toml::Float(n.as_f64()),
    }
}

fn date_value(date: jiff::civil::Date) -> Toml {
    date.to_string().parse().map_or_else(|_| Toml::String(date.to_string()), Toml::Datetime)
}

fn entry_value(entry: &Entry) -> Toml {
    let mut table = Table::new();
    match &entry.what {
        What::Coded(id) => table.insert("id".to_owned(), Toml::String(id.clone())),
        What::FreeText(text) => table.insert("text".to_owned(), Toml::String(text.clone())),
    };
    for (key, value) in &entry.qualifiers {
        let value = match value {
            Value::Unknown => Toml::String(UNKNOWN_WORD.to_owned()),
            Value::Choice(word) => word_value(word),
            Value::Number(n) => number_value(*n),
        };
        table.insert(key.clone(), value);
    }
    Toml::Table(table)
}

fn goal_value(goal: &GoalEntry) -> Toml {
    let mut table = Table::new();
    table.insert("goal".to_owned(), Toml::String(goal.goal.clone()));
    table.insert("areas".to_owned(), Toml::Array(goal.areas.iter().cloned().map(Toml::String).collect()));
    Toml::Table(table)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use rstest::rstest;

    #[rstest]
    #[case("age = 56\nbirth_date = 1970-03-04", Ok(()))]
    #[case("birth_date = 1970-03-04", Ok(()))]
    #[case("birth_date = 1970-03-04\nage = 15", Err("contradict"))]
    #[case("age = 40\nbirth_date = 2012-03-04", Err("expected 14, or only one of the two"))]
    #[case("birth_date = 2026-12-24", Err("nobody born on 2026-12-24"))]
    #[case("birth_date = 1850-03-04", Err("in the last 120 years"))]
    fn an_age_and_a_date_of_birth_fit_the_day_and_each_other(
        #[case] patient: &str,
        #[case] expected: Result<(), &str>,
    ) {
        let pack = crate::pack::builtin().unwrap();
        let file = SourceFile::new("intake.toml", format!("[patient]\n{patient}\n"));
        match (read_on(&pack, &file, date(2026, 11, 22)), expected) {
            (Ok(_), Ok(())) => {}
            (Err(report), Err(part)) => assert!(report.render(false).contains(part), "{}", report.render(false)),
            (read, _) => panic!("{read:?}"),
        }
    }
}
