//! Answers of an earlier consultation.
//!
//! The rules read an [`Intake`] and nothing else. What was said earlier is an [`Earlier`]: another type, from which an
//! answer comes only by [`Earlier::confirm`]. Until then its question counts as not asked.

use std::collections::BTreeMap;

use jiff::Unit;
use jiff::civil::Date;

use super::answer::{Answer, Entry, Intake, Value, What};
use super::facts::Facts;
use crate::pack::{Later, Pack, Qualifier, QualifierKind, Question, QuestionIx, QuestionKind, Returning, ScaleValue};
use crate::source::Amount;

/// What an earlier consultation offers to a later one. It is no intake, and nothing turns it into one as a whole:
///
/// ```compile_fail
/// use pistor::{intake::Earlier, pack::Pack, plan::assess};
/// fn unconfirmed(pack: &Pack, earlier: &Earlier, today: jiff::civil::Date) {
///     assess(pack, earlier, today);
/// }
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Earlier {
    day: Date,
    offers: BTreeMap<String, Offer>,
}

/// An earlier answer, as it would read today. It is to be shown; it is no answer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Offer {
    answer: Answer,
    how: Returning,
}

impl Offer {
    /// What it would be, to be shown.
    #[must_use]
    pub const fn shown(&self) -> &Answer {
        &self.answer
    }

    /// Whether it may be confirmed with its whole step; else at its own question only.
    #[must_use]
    pub fn with_its_step(&self) -> bool {
        self.how == Returning::Confirm
    }
}

impl Earlier {
    /// What the answers of a day offer on a later one: what does not last is left out, and days go on counting.
    #[must_use]
    pub fn of(pack: &Pack, said: &Intake, day: Date, today: Date) -> Self {
        let facts = Facts::of(pack, said, day);
        let passed = day.until((Unit::Day, today)).ok().map(|span| span.get_days()).filter(|days| *days >= 0);
        let mut offers = BTreeMap::new();
        for (ix, question) in pack.questions.entries() {
            if question.returning == Returning::Anew || question.derived || question.scale.is_some() {
                continue;
            }
            let answer = match said.get(&question.id) {
                Some(answer) => lasting(pack, answer, passed),
                None => by_scale(&facts, question, ix),
            };
            if let Some(answer) = answer {
                offers.insert(question.id.clone(), Offer { answer, how: question.returning });
            }
        }
        Self { day, offers }
    }

    /// The day of the earlier consultation.
    #[must_use]
    pub const fn day(&self) -> Date {
        self.day
    }

    /// What is offered for a question that has no answer yet.
    #[must_use]
    pub fn open(&self, question: &str, now: &Intake) -> Option<&Offer> {
        self.offers.get(question).filter(|_| now.get(question).is_none())
    }

    /// All that is offered, answered meanwhile or not, in the order of the names.
    pub fn offers(&self) -> impl Iterator<Item = (&str, &Offer)> {
        self.offers.iter().map(|(question, offer)| (question.as_str(), offer))
    }

    /// Somebody confirms that it is still so: it becomes an answer. An answer that was given already stays.
    #[must_use]
    pub fn confirm(&self, question: &str, now: &mut Intake) -> bool {
        let Some(offer) = self.open(question, now) else { return false };
        let answer = offer.answer.clone();
        now.set(question, answer);
        true
    }
}

/// What is left of an answer; `passed` is the number of days since, if time did not run backwards.
fn lasting(pack: &Pack, answer: &Answer, passed: Option<i32>) -> Option<Answer> {
    match answer {
        Answer::Unknown => None,
        Answer::Items(entries) => {
            let entries: Vec<Entry> = entries.iter().map(|entry| aged(pack, entry, passed)).collect();
            // "None" is not carried over: it is said again with one key, on purpose.
            (!entries.is_empty()).then_some(Answer::Items(entries))
        }
        Answer::Goals(goals) if goals.is_empty() => None,
        Answer::Text(text) if text.trim().is_empty() => None,
        other => Some(other.clone()),
    }
}

fn aged(pack: &Pack, entry: &Entry, passed: Option<i32>) -> Entry {
    let value = |(id, value): (&String, &Value)| {
        let value = later(pack.qualifiers.get(id)?, value, passed)?;
        Some((id.clone(), value))
    };
    let qualifiers = match entry.what {
        What::Coded(_) => entry.qualifiers.iter().filter_map(value).collect(),
        What::FreeText(_) => BTreeMap::new(),
    };
    Entry { what: entry.what.clone(), qualifiers }
}

fn later(qualifier: &Qualifier, value: &Value, passed: Option<i32>) -> Option<Value> {
    match (qualifier.later, value, &qualifier.kind) {
        (Later::Anew, ..) | (_, Value::Unknown, _) => None,
        (Later::Same, value, _) => Some(value.clone()),
        // 0 days since the last dose: still taking it, then. Nobody knows since when no more.
        (Later::CountsOn, Value::Number(days), QualifierKind::Number(kind)) if *days > Amount::ZERO => {
            let days = days.as_thousandths().checked_add(i64::from(passed?).checked_mul(1000)?)?;
            Some(Value::Number(Amount::thousandths(days).min(kind.max)))
        }
        (Later::CountsOn, ..) => None,
    }
}

/// What a scored scale said then counts as the answer; its points are not taken over.
fn by_scale(facts: &Facts, question: &Question, ix: QuestionIx) -> Option<Answer> {
    match (facts.decided_by(ix)?.value, &question.kind) {
        (ScaleValue::Choice(option), QuestionKind::Choice(options)) => {
            options.get(option).map(|option| Answer::Choice(option.id.clone()))
        }
        (ScaleValue::Number(amount), QuestionKind::Number(_)) => Some(Answer::Number(amount)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use rstest::rstest;

    use super::*;
    use crate::intake::read;
    use crate::pack::builtin;
    use crate::source::SourceFile;

    const SAID: &str = r#"
jurisdiction = "EU"
[patient]
name = "Test Patient"
birth_date = 1982-03-04
age = 44
sex = "female"
weight_kg = 62
height_cm = 168
[skin]
fitzpatrick = 3
glogau = 2
[history]
pregnancy = "no"
conditions = [{ id = "rosacea", status = "active", site = "here" }, { text = "an old rash" }]
medications = [
  { id = "isotretinoin", stopped_days_ago = 240 }, { id = "aspirin", stopped_days_ago = 0, prescribed = "yes", daily_dose_mg = 75 },
]
events = [{ id = "chemical-peel", days_ago = 10, site = "here" }]
screening = { bdd = "negative", needle_fear = "mild", expectations = "realistic", voluntary = "yes", aftercare = "able" }
[allergies]
items = [{ id = "latex", reaction = "delayed" }]
[goals]
items = [{ goal = "hydration", areas = ["cheeks"] }]
[setting]
operator = "physician"
provenance = []
"#;

    fn pack() -> Pack {
        builtin().unwrap()
    }

    fn said(pack: &Pack) -> Intake {
        read(pack, &SourceFile::new("said.toml", SAID)).unwrap()
    }

    /// The value of a qualifier as it is offered, in thousandths or by its word.
    fn offered(later_by: i64, question: &str, item: &str, qualifier: &str) -> Option<String> {
        let pack = pack();
        let day = date(2026, 1, 10);
        let today = day.checked_add(jiff::Span::new().days(later_by)).unwrap();
        let earlier = Earlier::of(&pack, &said(&pack), day, today);
        let Answer::Items(entries) = earlier.open(question, &Intake::default())?.shown() else { return None };
        let entry = entries.iter().find(|entry| entry.what == What::Coded(item.to_owned()))?;
        entry.qualifiers.get(qualifier).map(|value| match value {
            Value::Number(n) => n.to_string(),
            Value::Choice(word) => word.clone(),
            Value::Unknown => "unknown".to_owned(),
        })
    }

    #[rstest]
    #[case::days_count_on(30, "history.events", "chemical-peel", "days_ago", Some("40"))]
    #[case::on_the_same_day(0, "history.events", "chemical-peel", "days_ago", Some("10"))]
    #[case::never_beyond_what_can_be_said(40_000, "history.events", "chemical-peel", "days_ago", Some("36500"))]
    #[case::time_that_runs_backwards(-1, "history.events", "chemical-peel", "days_ago", None)]
    #[case::since_the_last_dose(30, "history.medications", "isotretinoin", "stopped_days_ago", Some("270"))]
    #[case::taken_then(30, "history.medications", "aspirin", "stopped_days_ago", None)]
    #[case::a_dose(30, "history.medications", "aspirin", "daily_dose_mg", None)]
    #[case::who_prescribed_it(30, "history.medications", "aspirin", "prescribed", Some("yes"))]
    #[case::where_it_was(30, "history.conditions", "rosacea", "site", None)]
    #[case::how_it_stands(30, "history.conditions", "rosacea", "status", None)]
    #[case::what_an_allergen_did(30, "allergies.items", "latex", "reaction", Some("delayed"))]
    fn qualifiers_age(
        #[case] later_by: i64,
        #[case] question: &str,
        #[case] item: &str,
        #[case] qualifier: &str,
        #[case] expected: Option<&str>,
    ) {
        assert_eq!(offered(later_by, question, item, qualifier).as_deref(), expected);
    }

    #[test]
    fn what_ages_is_not_offered() {
        let pack = pack();
        let earlier = Earlier::of(&pack, &said(&pack), date(2026, 1, 10), date(2026, 2, 9));
        let offered: Vec<(&str, bool)> = earlier.offers().map(|(id, offer)| (id, offer.with_its_step())).collect();
        let expected = [
            ("allergies.items", false),
            ("goals.items", false),
            ("history.conditions", false),
            ("history.events", false),
            ("history.medications", false),
            ("history.screening.needle_fear", true),
            ("jurisdiction", true),
            ("patient.birth_date", true),
            ("patient.height_cm", true),
            ("patient.name", true),
            ("patient.sex", true),
            ("skin.fitzpatrick", true),
        ];
        assert_eq!(offered, expected);
    }

    #[test]
    fn an_answer_comes_by_confirming_and_never_takes_the_place_of_another() {
        let pack = pack();
        let earlier = Earlier::of(&pack, &said(&pack), date(2026, 1, 10), date(2026, 2, 9));
        let mut now = Intake::default();
        now.set("patient.sex", Answer::Choice("male".into()));
        assert!(!earlier.confirm("patient.sex", &mut now), "answered anew");
        assert!(!earlier.confirm("patient.weight_kg", &mut now), "not offered");
        assert!(earlier.confirm("patient.height_cm", &mut now));
        assert!(!earlier.confirm("patient.height_cm", &mut now), "once");
        assert_eq!(now.answers.len(), 2);
        assert_eq!(now.get("patient.sex"), Some(&Answer::Choice("male".into())));
        assert!(earlier.open("patient.height_cm", &now).is_none());
        now.clear("patient.height_cm");
        assert!(earlier.open("patient.height_cm", &now).is_some(), "taken back, it is offered again");
    }

    #[test]
    fn nothing_is_carried_over_by_none_and_unknown() {
        let pack = pack();
        let mut said = said(&pack);
        said.set("history.conditions", Answer::Items(Vec::new()));
        said.set("skin.fitzpatrick", Answer::Unknown);
        said.set("patient.name", Answer::Text("  ".into()));
        let earlier = Earlier::of(&pack, &said, date(2026, 1, 10), date(2026, 2, 9));
        for question in ["history.conditions", "skin.fitzpatrick", "patient.name"] {
            assert!(earlier.open(question, &Intake::default()).is_none(), "{question}");
        }
    }

    #[test]
    fn what_a_scale_said_is_offered_without_its_points() {
        let pack = pack();
        let mut said = said(&pack);
        said.clear("skin.fitzpatrick");
        let scale = pack.scale_for(pack.questions.find("skin.fitzpatrick").unwrap()).unwrap();
        for item in &pack.scales[scale].items {
            let option = &pack.questions[item.question].options()[0];
            said.set(&pack.questions[item.question].id, Answer::Choice(option.id.clone()));
        }
        let earlier = Earlier::of(&pack, &said, date(2026, 1, 10), date(2026, 2, 9));
        assert!(earlier.open("skin.fitzpatrick", &Intake::default()).is_some());
        assert!(earlier.offers().all(|(id, _)| pack.questions.get(id).unwrap().scale.is_none()));
    }
}
