//! The asking steps: which questions, in which order, with which keys; what is still missing.

use std::collections::HashMap;

use jiff::civil::Date;

use super::app::Consult;
use super::sheet::{Sheet, StepId};
use crate::intake::{Answer, Entry, Value, What};
use crate::pack::{
    Area, ChoiceOption, Condition, Goal, Ix, List, NumberKind, Pack, Qualifier, QualifierKind, Question, QuestionIx,
    QuestionKind,
};
use crate::plan::{Assessment, Outcome, ScaleResult};
use crate::source::Amount;

/// What the asking steps need to know of a pack, worked out once.
#[derive(Debug, Default)]
pub struct Form {
    keys: HashMap<usize, Vec<char>>,
    qualifiers: HashMap<(List, String), Vec<Ix<Qualifier>>>,
}

/// Characters that mean something else while a choice has the focus.
const TAKEN: &str = "?-quUjkghl<>/xwv";

impl Form {
    /// Works it out.
    #[must_use]
    pub fn new(pack: &Pack) -> Self {
        let mut form = Self::default();
        for (ix, question) in pack.questions.entries() {
            if let QuestionKind::Choice(options) = &question.kind {
                form.keys.insert(ix.get(), option_keys(options));
            }
        }
        form.read_rules(pack);
        form
    }

    /// An item's own qualifiers come first, then those that some rule tests on it.
    fn read_rules(&mut self, pack: &Pack) {
        for list in List::ALL {
            for item in pack.list(list) {
                self.qualifiers.insert((list, item.id.clone()), item.asks.clone());
            }
        }
        for rule in &pack.rules {
            rule.when.visit(&mut |condition| {
                let Condition::Listed { list, items, with, .. } = condition else { return };
                for item in items.iter() {
                    let Some(item) = pack.list(*list).iter().nth(item.get()) else { continue };
                    let Some(known) = self.qualifiers.get_mut(&(*list, item.id.clone())) else { continue };
                    for test in with {
                        if !known.contains(&test.qualifier) {
                            known.push(test.qualifier);
                        }
                    }
                }
            });
        }
    }

    /// The keys of the options of a choice, in their order.
    #[must_use]
    pub fn keys(&self, question: QuestionIx) -> &[char] {
        self.keys.get(&question.get()).map_or(&[], Vec::as_slice)
    }

    /// What is worth asking of an entry.
    #[must_use]
    pub fn qualifiers(&self, list: List, entry: &Entry) -> &[Ix<Qualifier>] {
        match &entry.what {
            What::Coded(id) => self.qualifiers.get(&(list, id.clone())).map_or(&[], Vec::as_slice),
            What::FreeText(_) => &[],
        }
    }
}

/// One key for each option: the pack's own, then digits, then letters that mean nothing else.
#[must_use]
pub fn option_keys(options: &[ChoiceOption]) -> Vec<char> {
    let mut used: Vec<char> = options.iter().filter_map(|option| option.key).collect();
    let mut free = ('1'..='9').chain('a'..='z').chain('A'..='Z').filter(|c| !TAKEN.contains(*c)).collect::<Vec<_>>();
    free.retain(|c| !used.contains(c));
    let mut free = free.into_iter();
    let mut keys = Vec::new();
    for option in options {
        let own = option.key.filter(|key| used.contains(key));
        if let Some(key) = own {
            // A pack that names one key twice: the first option has it.
            used.retain(|other| *other != key);
        }
        keys.push(own.or_else(|| free.next()).unwrap_or('\0'));
    }
    keys
}

/// Whether the options stand under each other, with their helps.
#[must_use]
pub fn upright(options: &[ChoiceOption]) -> bool {
    let width: usize = options.iter().map(|option| option.label.chars().count() + 5).sum();
    options.len() > 1 && (width > 110 || options.iter().any(|option| option.help.is_some()))
}

/// How many questions of a step hold the assessment back.
#[must_use]
pub fn missing(pack: &Pack, consult: &Consult, step: StepId) -> usize {
    let asked = asked(pack, consult, step);
    asked.filter(|ix| is_missing(&pack.questions[*ix], &consult.sheet, &consult.assessment)).count()
}

/// The questions of a step that are asked now.
pub fn asked(pack: &Pack, consult: &Consult, step: StepId) -> impl Iterator<Item = QuestionIx> {
    consult.asked.iter().copied().filter(move |ix| StepId::from(pack.questions[*ix].step) == step)
}

/// Whether a question holds the assessment back: required and open, read by a rule in play, or typed and not accepted.
#[must_use]
pub fn is_missing(question: &Question, sheet: &Sheet, assessment: &Assessment) -> bool {
    let open = !is_answered(question, sheet, assessment);
    let named = assessment.missing.iter().any(|missing| missing.question == question.id);
    named || (question.required && open && !assessed(assessment)) || sheet.typed_for(&question.id).is_some()
}

/// Whether a question has an answer: given directly, or by its scale.
#[must_use]
pub fn is_answered(question: &Question, sheet: &Sheet, assessment: &Assessment) -> bool {
    sheet.intake.get(&question.id).is_some() || by_scale(assessment, &question.id).is_some()
}

/// The scale that gives a question its answer, if one does.
#[must_use]
pub fn by_scale<'a>(assessment: &'a Assessment, question: &str) -> Option<&'a ScaleResult> {
    assessment.scales.iter().find(|result| result.decides && result.question == question)
}

/// A verdict was given: then the engine knows better what is needed than the pack's `required`.
fn assessed(assessment: &Assessment) -> bool {
    assessment.verdict != Outcome::Incomplete || !assessment.missing.is_empty()
}

/// How a step stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Standing {
    /// Not seen yet.
    Untouched,
    /// Seen, and so many things are missing.
    Missing(usize),
    /// Nothing is missing.
    Complete,
}

/// What is wrong with a typed answer, or the answer.
///
/// # Errors
/// A sentence that says what was expected.
pub fn read_line(kind: &QuestionKind, typed: &str, today: Date) -> Result<Option<Answer>, String> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(None);
    }
    match kind {
        QuestionKind::Number(number) => read_number(number, typed).map(|amount| Some(Answer::Number(amount))),
        QuestionKind::Date => read_date(typed, today).map(|date| Some(Answer::Date(date))),
        QuestionKind::Text => Ok(Some(Answer::Text(typed.to_owned()))),
        QuestionKind::Choice(_) | QuestionKind::List(_) | QuestionKind::Goals => Ok(None),
    }
}

/// A number in its range. Its own unit may stand behind it; any other word refuses it: what is left out of "98 lb" or
/// "3 weeks" makes another answer of it.
///
/// # Errors
/// A sentence that says what was expected.
pub fn read_number(kind: &NumberKind, typed: &str) -> Result<Amount, String> {
    let unit = if kind.unit.is_empty() { String::new() } else { format!(" {}", kind.unit) };
    let range = format!("{} to {}{unit}", kind.min, kind.max);
    let bare = without_unit(typed, &kind.unit);
    let Some(amount) = Amount::parse(bare) else {
        let what = if unit.is_empty() { "a number".to_owned() } else { format!("a number of{unit}") };
        return Err(match in_unit(typed, kind) {
            Some(amount) => format!("\"{typed}\" is not {what}: that is {amount}{unit}; type {amount}"),
            None => format!("\"{typed}\" is not {what}; expected {range}"),
        });
    };
    if amount < kind.min || amount > kind.max {
        return Err(format!("{amount} is out of range; expected {range}"));
    }
    let places = bare.trim().split(['.', ',']).nth(1).map_or(0, str::len);
    if places == 3 && kind.decimals < 3 && !bare.trim_start().starts_with('0') {
        // 1,000 is a thousand for some and one for others; 0.125 is an eighth for all.
        let whole: String = bare.chars().filter(char::is_ascii_digit).collect();
        return Err(format!("\"{typed}\" can be read as {amount} or as {whole}: type it without the separator"));
    }
    if amount.rounded(kind.decimals) != amount {
        return Err(match kind.decimals {
            0 => format!("{amount} has decimals; expected a whole number, {range}"),
            1 => format!("{amount} has too many decimals; expected at most one, {range}"),
            n => format!("{amount} has too many decimals; expected at most {n}, {range}"),
        });
    }
    Ok(amount)
}

/// The text without the unit that is asked for, in the singular as well.
fn without_unit<'a>(typed: &'a str, unit: &str) -> &'a str {
    let words = [unit, unit.strip_suffix('s').unwrap_or(unit)];
    let cut = |word: &&str| {
        let at = typed.len().checked_sub(word.len())?;
        let fits = !word.is_empty() && typed.get(at..).is_some_and(|end| end.eq_ignore_ascii_case(word));
        fits.then(|| typed.get(..at).unwrap_or(typed).trim_end())
    };
    words.iter().find_map(cut).unwrap_or(typed)
}

/// Other units that are sure, as millionths of the one that is asked for. Nothing is read in them: the sentence says what
/// to type. Months and years have no fixed days.
const UNITS: [(&str, &str, i64); 12] = [
    ("days", "week", 7_000_000),
    ("days", "weeks", 7_000_000),
    ("mg", "gram", 1_000_000_000),
    ("mg", "grams", 1_000_000_000),
    ("mg", "µg", 1_000),
    ("mg", "mcg", 1_000),
    ("kg", "lb", 453_592),
    ("kg", "lbs", 453_592),
    ("kg", "pounds", 453_592),
    ("cm", "in", 2_540_000),
    ("cm", "inches", 2_540_000),
    ("mL", "µL", 1_000),
];

/// What was typed in another unit, in the one that is asked for; rounded as the answer may be.
fn in_unit(typed: &str, kind: &NumberKind) -> Option<Amount> {
    let at = typed.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | ',')))?;
    let (number, word) = (Amount::parse(typed.get(..at)?)?, typed.get(at..)?.trim());
    let (.., factor) = UNITS.iter().find(|(of, other, _)| *of == kind.unit && word.eq_ignore_ascii_case(other))?;
    let product = number.as_thousandths().checked_mul(*factor)? / 1_000_000;
    let amount = Amount::thousandths(product).rounded(kind.decimals);
    (amount >= kind.min && amount <= kind.max).then_some(amount)
}

/// Said of an answer when what was typed in its place could not be read.
#[must_use]
pub fn no_longer(words: &str) -> String {
    format!(". Open until it is read: the earlier answer, {words}, counts no longer")
}

/// Nobody is older than that.
pub const OLDEST: i16 = 120;

/// A day as people type it: 1982-03-04, 4.3.1982, 24/03/1982. With slashes some begin with the month: where both can be
/// meant, it is asked again.
///
/// # Errors
/// A sentence that says what was expected.
pub fn read_date(typed: &str, today: Date) -> Result<Date, String> {
    let expected = "expected year-month-day, such as 1982-03-04";
    let parts: Vec<&str> = typed.split(['-', '.', '/', ' ']).filter(|part| !part.is_empty()).collect();
    let digits = |part: &str| part.chars().all(|c| c.is_ascii_digit()) && part.len() <= 4;
    let wrong = || format!("\"{typed}\" is not a day; {expected}");
    let [a, b, c] = parts.as_slice() else { return Err(wrong()) };
    if !(digits(a) && digits(b) && digits(c)) {
        return Err(wrong());
    }
    let first = a.len() == 4;
    let (year, month, day) = if first { (a, b, c) } else { (c, b, a) };
    if year.len() != 4 {
        return Err(format!("Give the year with four digits; {expected}"));
    }
    let of = |month: &str, day: &str| match (year.parse(), month.parse(), day.parse()) {
        (Ok(year), Ok(month), Ok(day)) => Date::new(year, month, day).ok(),
        _ => None,
    };
    // Dots are written day first everywhere.
    let either = !first && !typed.contains('.');
    match (of(month, day), of(day, month).filter(|_| either)) {
        (None, None) => Err(wrong()),
        (Some(one), Some(other)) if one != other => {
            Err(format!("\"{typed}\" can be {one} or {other}: type it with the year first"))
        }
        (None, Some(other)) => Err(format!("\"{typed}\" is no day with the day first: type {other} if that is meant")),
        (Some(date), _) if date > today => Err(format!("{date} is in the future; {expected}")),
        (Some(date), _) if today.year() - date.year() > OLDEST => {
            let years = today.year() - date.year();
            Err(format!("{date} is {years} years ago: check the year; {expected}"))
        }
        (Some(date), _) => Ok(date),
    }
}

/// The age, where somebody typed it in place of a day.
#[must_use]
pub fn age_alone(kind: &QuestionKind, typed: &str) -> Option<Amount> {
    let typed = typed.trim();
    let QuestionKind::Number(kind) = kind else { return None };
    if typed.is_empty() || typed.len() > 3 || !typed.chars().all(|c| c.is_ascii_digit()) {
        return None;
    }
    read_number(kind, typed).ok()
}

/// The key under which an unfinished line of a qualifier is kept.
#[must_use]
pub fn field_key(question: &str, entry: usize, qualifier: &str) -> String {
    format!("{question}#{entry}.{qualifier}")
}

/// An answer in words.
#[must_use]
pub fn answer_words(pack: &Pack, question: &Question, answer: &Answer) -> String {
    match answer {
        Answer::Unknown => "unknown".to_owned(),
        Answer::Choice(id) => match &question.kind {
            QuestionKind::Choice(options) => {
                options.iter().find(|option| option.id == *id).map_or_else(|| id.clone(), |option| option.label.clone())
            }
            _ => id.clone(),
        },
        Answer::Number(amount) => match &question.kind {
            QuestionKind::Number(kind) if !kind.unit.is_empty() => format!("{amount} {}", kind.unit),
            _ => amount.to_string(),
        },
        Answer::Date(date) => date.to_string(),
        Answer::Text(text) => text.clone(),
        Answer::Items(entries) if entries.is_empty() => "none".to_owned(),
        Answer::Items(entries) => {
            let list = list_of(question);
            let names: Vec<String> = entries.iter().map(|entry| entry_label(pack, list, entry)).collect();
            names.join(", ")
        }
        Answer::Goals(goals) if goals.is_empty() => "none".to_owned(),
        Answer::Goals(goals) => {
            let words = goals.iter().map(|entry| {
                let areas: Vec<String> = entry.areas.iter().map(|id| area_label(pack, id)).collect();
                format!("{} ({})", goal_label(pack, &entry.goal), areas.join(", "))
            });
            words.collect::<Vec<_>>().join("; ")
        }
    }
}

/// An answer in words, with what was said about each of its entries.
#[must_use]
pub fn detailed_words(pack: &Pack, question: &Question, answer: &Answer) -> String {
    let Answer::Items(entries) = answer else { return answer_words(pack, question, answer) };
    let list = list_of(question);
    let entry = |entry: &Entry| {
        let said = entry.qualifiers.iter().filter_map(|(id, value)| {
            let qualifier = pack.qualifiers.get(id)?;
            let words = value_words(qualifier, value);
            // "Days ago 110" says the unit already.
            let unit = words.split_once(' ').filter(|(_, unit)| qualifier.label.to_lowercase().contains(*unit));
            Some(format!("{} {}", qualifier.label, unit.map_or(words.as_str(), |(number, _)| number)))
        });
        let said: Vec<String> = said.collect();
        let name = entry_label(pack, list, entry);
        if said.is_empty() { name } else { format!("{name} ({})", said.join("; ")) }
    };
    entries.iter().map(entry).collect::<Vec<_>>().join(", ")
}

/// The list a question fills.
#[must_use]
pub const fn list_of(question: &Question) -> Option<List> {
    match question.kind {
        QuestionKind::List(list) => Some(list),
        _ => None,
    }
}

/// An entry by its name.
#[must_use]
pub fn entry_label(pack: &Pack, list: Option<List>, entry: &Entry) -> String {
    match &entry.what {
        What::Coded(id) => {
            list.and_then(|list| pack.list(list).get(id)).map_or_else(|| id.clone(), |item| item.label.clone())
        }
        What::FreeText(words) => format!("\"{words}\""),
    }
}

/// A goal by its name.
#[must_use]
pub fn goal_label(pack: &Pack, id: &str) -> String {
    pack.goals.get(id).map_or_else(|| id.to_owned(), |goal| goal.label.clone())
}

/// An area by its name.
#[must_use]
pub fn area_label(pack: &Pack, id: &str) -> String {
    pack.areas.get(id).map_or_else(|| id.to_owned(), |area| area.label.clone())
}

/// The areas where a goal makes sense, the ones inside others below them, each with its depth.
#[must_use]
pub fn areas_of(pack: &Pack, goal: &Goal) -> Vec<(String, usize)> {
    fn below(pack: &Pack, parent: Ix<Area>, depth: usize, into: &mut Vec<(String, usize)>) {
        if depth > 8 || into.iter().any(|(id, _)| *id == pack.areas[parent].id) {
            return;
        }
        into.push((pack.areas[parent].id.clone(), depth));
        for (ix, area) in pack.areas.entries() {
            if area.parent == Some(parent) {
                below(pack, ix, depth + 1, into);
            }
        }
    }
    let mut offered = Vec::new();
    for ix in goal.areas.iter() {
        let inside_another = pack.area_path(ix).skip(1).any(|outer| goal.areas.contains(outer));
        if !inside_another {
            below(pack, ix, 0, &mut offered);
        }
    }
    offered
}

/// The value of a qualifier in words.
#[must_use]
pub fn value_words(qualifier: &Qualifier, value: &Value) -> String {
    match (value, &qualifier.kind) {
        (Value::Unknown, _) => "unknown".to_owned(),
        (Value::Choice(id), QualifierKind::Choice(options)) => {
            options.iter().find(|option| option.id == *id).map_or_else(|| id.clone(), |option| option.label.clone())
        }
        (Value::Choice(id), QualifierKind::Number(_)) => id.clone(),
        (Value::Number(amount), QualifierKind::Number(kind)) if !kind.unit.is_empty() => {
            format!("{amount} {}", kind.unit)
        }
        (Value::Number(amount), _) => amount.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use rstest::rstest;

    fn option(label: &str, key: Option<char>) -> ChoiceOption {
        ChoiceOption { id: label.to_lowercase(), label: label.to_owned(), key, help: None }
    }

    #[test]
    fn options_without_a_key_get_one_that_means_nothing_else() {
        let options: Vec<_> = (0..30).map(|n| option(&format!("o{n}"), (n == 2).then_some('1'))).collect();
        let keys = option_keys(&options);
        assert_eq!(keys[..4], ['2', '3', '1', '4']);
        let mut unique = keys.clone();
        unique.sort_unstable();
        unique.dedup();
        assert_eq!(unique.len(), 30);
        assert!(keys.iter().all(|key| !TAKEN.contains(*key)));
    }

    #[test]
    fn a_key_named_twice_goes_to_the_first() {
        assert_eq!(option_keys(&[option("a", Some('a')), option("b", Some('a'))]), ['a', '1']);
    }

    #[rstest]
    #[case("44", Ok(44))]
    #[case("121", Err("out of range"))]
    #[case("4.5", Err("whole number"))]
    #[case("x", Err("not a number"))]
    fn numbers_say_what_was_expected(#[case] typed: &str, #[case] expected: Result<i32, &str>) {
        let kind = NumberKind { min: Amount::ZERO, max: Amount::whole(120), decimals: 0, unit: "years".into() };
        match (read_number(&kind, typed), expected) {
            (Ok(amount), Ok(number)) => assert_eq!(amount, Amount::whole(number)),
            (Err(error), Err(part)) => assert!(error.contains(part) && error.contains("0 to 120 years"), "{error}"),
            other => panic!("{other:?}"),
        }
    }

    #[rstest]
    #[case("1982-03-04", Some(date(1982, 3, 4)))]
    #[case("4.3.1982", Some(date(1982, 3, 4)))]
    #[case("24/03/1982", Some(date(1982, 3, 24)))]
    #[case("04/04/1982", Some(date(1982, 4, 4)))]
    #[case("04/03/1982", None)]
    #[case("4-3-1982", None)]
    #[case("03/24/1982", None)]
    #[case("1906-12-01", Some(date(1906, 12, 1)))]
    #[case("1905-12-01", None)]
    #[case("1890-01-01", None)]
    #[case("4.3.82", None)]
    #[case("1982-02-30", None)]
    #[case("2099-01-01", None)]
    #[case("1982-257-01", None)]
    #[case("---", None)]
    fn days_as_people_type_them(#[case] typed: &str, #[case] expected: Option<Date>) {
        assert_eq!(read_date(typed, date(2026, 11, 22)).ok(), expected);
    }

    #[test]
    fn a_day_that_can_be_two_is_not_guessed() {
        let why = read_date("04/03/1982", date(2026, 11, 22)).unwrap_err();
        assert!(why.contains("1982-03-04 or 1982-04-03"), "{why}");
        let why = read_date("1890-01-01", date(2026, 11, 22)).unwrap_err();
        assert!(why.contains("136 years ago: check the year"), "{why}");
    }
}
