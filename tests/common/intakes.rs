//! Generators of intakes: whatever the built-in pack can express, and patients who are nearly healthy.
#![allow(dead_code, reason = "not every test file uses everything")]

use jiff::civil::date;
use pistor::intake::{Answer, Entry, GoalEntry, Intake, Value};
use pistor::pack::{Amount, List, NumberKind, QualifierKind, QuestionKind};
use proptest::prelude::*;

use crate::common::{PACK, healthy_but};

/// Any intake the pack can express: every question asked, unknown or left out.
pub fn any_intake() -> impl Strategy<Value = Intake> {
    let answers: Vec<BoxedStrategy<Option<(String, Answer)>>> = PACK
        .questions
        .iter()
        .filter(|question| !question.derived)
        .map(|question| {
            let id = question.id.clone();
            let answer: BoxedStrategy<Answer> = match &question.kind {
                QuestionKind::Choice(options) => {
                    proptest::sample::select(options.clone()).prop_map(|o| Answer::Choice(o.id)).boxed()
                }
                QuestionKind::Number(kind) => numbers(kind).prop_map(Answer::Number).boxed(),
                QuestionKind::Date => {
                    (1900_i16..2027, 1_i8..13, 1_i8..29).prop_map(|(y, m, d)| Answer::Date(date(y, m, d))).boxed()
                }
                QuestionKind::Text => "[a-zäß \"\\\\]{0,12}".prop_map(Answer::Text).boxed(),
                QuestionKind::List(list) => entries(*list).prop_map(Answer::Items).boxed(),
                QuestionKind::Goals => goals().prop_map(Answer::Goals).boxed(),
            };
            // In a text "unknown" is a word like any other.
            let unknown = if matches!(question.kind, QuestionKind::Text) { None } else { Some(Answer::Unknown) };
            prop_oneof![1 => Just(None), 1 => Just(unknown), 18 => answer.prop_map(Some)]
                .prop_map(move |answer| answer.map(|answer| (id.clone(), answer)))
                .boxed()
        })
        .collect();
    answers.prop_map(|answers| Intake { answers: answers.into_iter().flatten().collect() })
}

/// Any number that the question takes.
fn numbers(kind: &NumberKind) -> impl Strategy<Value = Amount> + use<> {
    let step = 10_i64.pow(3 - u32::from(kind.decimals));
    let from = (kind.min.as_thousandths() + step - 1).div_euclid(step);
    (from..=kind.max.as_thousandths().div_euclid(step)).prop_map(move |n| Amount::thousandths(n * step))
}

pub fn entries(list: List) -> impl Strategy<Value = Vec<Entry>> {
    let items: Vec<String> = PACK.list(list).ids().map(str::to_owned).collect();
    let qualifiers: Vec<_> = PACK.qualifiers.iter().cloned().collect();
    let qualifier = proptest::sample::select(qualifiers).prop_flat_map(|qualifier| {
        let value = match &qualifier.kind {
            QualifierKind::Choice(options) => {
                let mut words: Vec<String> = options.iter().map(|option| option.id.clone()).collect();
                if qualifier.id == "site" {
                    words.extend(PACK.areas.ids().map(str::to_owned));
                }
                proptest::sample::select(words).prop_map(Value::Choice).boxed()
            }
            QualifierKind::Number(kind) => numbers(kind).prop_map(Value::Number).boxed(),
        };
        (Just(qualifier.id), prop_oneof![1 => Just(Value::Unknown), 5 => value])
    });
    let coded = (
        proptest::sample::select(items),
        proptest::collection::btree_map(qualifier.clone().prop_map(|q| q.0), Just(Value::Unknown), 0..1),
        proptest::collection::vec(qualifier, 0..4),
    )
        .prop_map(|(id, _, qualifiers)| Entry { qualifiers: qualifiers.into_iter().collect(), ..Entry::coded(&id) });
    let words = "[a-z ]{1,10}".prop_map(|text| Entry::free_text(&text));
    proptest::collection::vec(prop_oneof![9 => coded, 1 => words], 0..3).prop_map(|mut entries| {
        let mut seen: Vec<Entry> = Vec::new();
        entries.retain(|entry| {
            let new = !seen.contains(entry);
            seen.push(entry.clone());
            new
        });
        entries
    })
}

fn goals() -> impl Strategy<Value = Vec<GoalEntry>> {
    let goals: Vec<String> = PACK.goals.ids().map(str::to_owned).collect();
    let areas: Vec<String> = PACK.areas.ids().map(str::to_owned).collect();
    let one = (proptest::sample::select(goals), proptest::sample::subsequence(areas, 0..4))
        .prop_map(|(goal, areas)| GoalEntry { goal, areas });
    proptest::collection::vec(one, 0..4).prop_map(|mut goals| {
        goals.sort_by(|a, b| a.goal.cmp(&b.goal));
        goals.dedup_by(|a, b| a.goal == b.goal);
        goals
    })
}

/// A patient who is healthy but for a few things: deep in the plan, where [`any_intake`] seldom gets.
pub fn nearly_healthy() -> impl Strategy<Value = Intake> {
    let jurisdictions: Vec<String> = PACK.jurisdictions.ids().map(str::to_owned).collect();
    (
        proptest::sample::select(jurisdictions),
        (30_i32..160, 1_i32..7, 1_i32..5),
        proptest::sample::select(vec!["female", "male"]),
        entries(List::Conditions),
        entries(List::Medications),
        entries(List::Allergens),
        goals(),
        0_u8..8,
    )
        .prop_map(|(place, (kg, fitzpatrick, glogau), sex, conditions, medications, allergens, goals, which)| {
            let mut intake = healthy_but(&[]);
            intake.set("jurisdiction", Answer::Choice(place));
            intake.set("patient.weight_kg", Answer::Number(Amount::whole(kg)));
            intake.set("patient.sex", Answer::Choice(sex.to_owned()));
            intake.set("skin.fitzpatrick", Answer::Choice(fitzpatrick.to_string()));
            intake.set("skin.glogau", Answer::Choice(glogau.to_string()));
            intake.set("history.weight_change", Answer::Choice("stable".to_owned()));
            for scale in ["skin.norwood", "skin.ludwig", "skin.submental_fat", "skin.goodman"] {
                intake.set(scale, Answer::Choice("2".to_owned()));
            }
            if sex == "male" {
                intake.clear("history.pregnancy");
            }
            if which & 1 == 1 {
                intake.set("history.conditions", Answer::Items(conditions));
            }
            if which & 2 == 2 {
                intake.set("history.medications", Answer::Items(medications));
            }
            if which & 4 == 4 {
                intake.set("allergies.items", Answer::Items(allergens));
            }
            intake.set("goals.items", Answer::Goals(goals));
            intake
        })
}
