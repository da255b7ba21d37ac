//! Short cards: never two right answers, sums that are right, sessions that end.

use std::sync::{Arc, LazyLock};

use jiff::civil::{Date, date};
use proptest::prelude::*;

use super::*;
use crate::pack::{Portraits, Verdict, builtin, builtin_files};
use crate::plan::{Outcome, assess};
use crate::proof::Maker;
use crate::training::case::{Case, Decision};
use crate::training::patient::Patient;
use crate::training::{Cards, MadeId, Studio, read};

const TODAY: Date = date(2026, 11, 22);
static PACK: LazyLock<Pack> = LazyLock::new(|| builtin().unwrap_or_else(|report| panic!("{}", report.render(false))));
static PORTRAITS: LazyLock<Portraits> = LazyLock::new(|| {
    crate::pack::load::portraits(&PACK, &[builtin_files()]).unwrap_or_else(|r| panic!("{}", r.render(false)))
});

fn made(maker: &mut Maker<'_>, rule: &str, seed: u64) -> Option<Arc<Case>> {
    let id = MadeId { seed, ..MadeId::first(rule) };
    let patient = id.patient(maker)?;
    Studio::of(&PACK, &[builtin_files()], &PORTRAITS).case(&patient, seed, TODAY).ok().map(|(_, case)| case)
}

/// The options that are right.
fn right_ones(card: &ShortCard) -> Vec<usize> {
    (0..card.options().len()).filter(|n| card.answer(Given::Option(*n), 1).right).collect()
}

/// A few rules in every run, all of them by `PISTOR_ALL_MADE=1`. What is right is asked of the engine once more, by a way
/// that the card does not know.
#[test]
fn a_card_about_a_rule_has_one_right_answer_and_the_rules_agree() {
    let all = std::env::var_os("PISTOR_ALL_MADE").is_some();
    let rules: Vec<&str> =
        PACK.rules.iter().filter(|r| r.place.file.is_some() && !r.quiet).map(|r| r.id.as_str()).collect();
    let step = if all { 1 } else { rules.len() / 8 };
    let mut maker = Maker::of(&PACK, TODAY, &PORTRAITS);
    let (mut which, mut decide, mut says) = (0, 0, 0);
    for rule in rules.into_iter().step_by(step) {
        maker.next_rule().unwrap();
        let case = made(&mut maker, rule, 3);
        for seed in 0..12 {
            let Some(card) = rule_card(&PACK, rule, seed, TODAY, case.as_ref()) else { panic!("{rule}: no card") };
            let [right] = right_ones(&card)[..] else { panic!("{rule}: {card:?}") };
            let mut once = card.options().to_vec();
            once.sort();
            once.dedup();
            if let (Some(case), true) = (&case, card.question != "What does this rule ask for?") {
                // Every wish is told: a rule may speak because of the second.
                let intake = Patient::of(&PACK, case, 0).intake();
                if let Some(crate::intake::Answer::Goals(goals)) = intake.get("goals.items") {
                    let told = card.told.join(" ").to_lowercase();
                    for goal in goals.iter().filter(|_| goals.len() > 1) {
                        let label = PACK.goals.get(&goal.goal).unwrap().label.to_lowercase();
                        assert!(told.contains(&label), "{rule}: {label} is not told: {told}");
                    }
                }
            }
            assert_eq!(once.len(), card.options().len(), "{rule}: an option stands there twice");
            match card.question.as_str() {
                "Which rule speaks here?" => {
                    which += 1;
                    assert_eq!(card.options().len(), 4);
                    let key = assess(&PACK, &Patient::of(&PACK, case.as_ref().unwrap(), 0).intake(), TODAY);
                    for (n, title) in card.options().iter().enumerate() {
                        let listed = key.findings.iter().any(|finding| finding.title == *title);
                        assert_eq!(listed, n == right, "{rule}: {title}");
                    }
                }
                "What do the rules decide?" => {
                    decide += 1;
                    let key = assess(&PACK, &Patient::of(&PACK, case.as_ref().unwrap(), 0).intake(), TODAY);
                    assert_eq!(Decision::of(key.verdict).map(|d| d as usize), Some(right), "{rule}");
                }
                _ => {
                    says += 1;
                    let verdict = PACK.rules.get(rule).unwrap().verdict;
                    assert_eq!(Decision::of(Outcome::from(verdict)).map(|d| d as usize), Some(right));
                }
            }
            let before = format!("{:?}{}", card.told, card.question);
            // An id of one word may be the name of what the patient has; ids of several words are nobody's speech.
            assert!(
                !rule.contains('-') || !before.contains(rule),
                "{rule}: its id is said before the answer: {before}"
            );
        }
    }
    assert!(which > 10 && decide > 10 && says > 10, "{which} {decide} {says}");
}

#[test]
fn a_written_case_is_never_looked_at_for_a_card() {
    let cases = read(&PACK, &[builtin_files()]).unwrap();
    for seed in 0..10 {
        let card = rule_card(&PACK, "pregnancy", seed, TODAY, Some(&cases["a-week-late"])).unwrap();
        assert_eq!(card.question, "What does this rule ask for?");
    }
    assert_eq!(rule_card(&PACK, "no-such-rule", 0, TODAY, None), None);
}

#[test]
fn signs_and_points_lead_to_one_grade() {
    let ids = skin_ids(&PACK);
    for expected in
        ["skin:skin.fitzpatrick", "skin:skin.glogau", "skin:skin.norwood", "scale:fitzpatrick", "scale:hexsel"]
    {
        assert!(ids.iter().any(|id| id == expected), "{expected}: {ids:?}");
    }
    assert!(!ids.iter().any(|id| id == "skin:skin.cellulite_severity"), "its help is points, not signs");
    for id in &ids {
        let mut keys = std::collections::BTreeSet::new();
        for seed in 0..60 {
            let card = skin_card(&PACK, id, seed).unwrap();
            assert_eq!(right_ones(&card).len(), 1, "{id}: {card:?}");
            assert!((3..=5).contains(&card.options().len()), "{id}: {card:?}");
            keys.insert(card.answer(Given::Pass, 0).key);
            // The points of the scale, looked up by hand.
            if let Some(scale) = id.strip_prefix("scale:").and_then(|id| PACK.scales.get(id)) {
                let words: Vec<&str> = card.told[0].split(' ').collect();
                let at = words.iter().position(|word| *word == "of").unwrap();
                let points: u16 = words[at - 1].parse().unwrap();
                let value = scale.bands.value(points).words(&PACK.questions[scale.answers]);
                assert_eq!(card.answer(Given::Pass, 0).key, value, "{id}: {points}");
            }
        }
        assert!(keys.len() >= 3, "{id}: every grade comes up: {keys:?}");
        assert_ne!(card_title(&PACK, id), *id);
    }
    assert_eq!(skin_card(&PACK, "skin:skin.nothing", 0), None);
}

/// The numbers in a text, in thousandths.
fn numbers(text: &str) -> Vec<i64> {
    let words = text.split(|c: char| !(c.is_ascii_digit() || c == '.'));
    words.filter_map(|word| Amount::parse(word.trim_matches('.'))).map(Amount::as_thousandths).collect()
}

#[test]
fn every_sum_is_right_when_it_is_worked_out_from_what_the_card_says() {
    let ids = unit_ids(&PACK);
    assert_eq!(ids.len(), 6, "{ids:?}");
    for id in &ids {
        let mut figures = std::collections::BTreeSet::new();
        for seed in 0..200 {
            let card = unit_card(&PACK, id, seed).unwrap();
            let key = card.answer(Given::Pass, 0).key;
            let exact = numbers(&key)[0];
            figures.insert(exact);
            // Only what the trainee reads; names of ingredients hold no figures that would be taken for one.
            let last = |text: &str| numbers(text.rsplit([':', ',']).next().unwrap_or(text));
            let worked = match id.as_str() {
                "units:percent-to-mg" => last(&card.told[0])[0] * 10,
                "units:mg-to-percent" => last(&card.told[0])[0] / 10,
                "units:mg-in-volume" => last(&card.told[0])[0] * last(&card.told[1])[0] / 1000,
                "units:volume-for-dose" => last(&card.told[1])[0] * 1000 / last(&card.told[0])[0],
                "units:limit-for-weight" => {
                    let (_, limit) = card.told[0].rsplit_once(": ").unwrap();
                    let limit = numbers(limit);
                    let by_weight = limit[0] * last(&card.told[1])[0] / 1000;
                    limit.get(1).map_or(by_weight, |cap| by_weight.min(*cap))
                }
                _ => {
                    let wanted = last(&card.told[1]);
                    wanted[0] * wanted[1] / last(&card.told[0])[0]
                }
            };
            assert_eq!(worked, exact, "{id} {seed}: {card:?}");
            assert!(exact > 0 && card.options().is_empty());
            let of = |n: i64| card.answer(Given::Number(Amount::thousandths(n)), 1).right;
            assert!(of(exact) && !of(exact * 2) && !of(exact / 2) && !of(exact * 10) && !of(-exact), "{id}: {card:?}");
            let ceiling = id == "units:limit-for-weight";
            assert_eq!(of(exact + exact / 100), !ceiling, "a little more than a limit is more than the limit");
            assert!(of(exact - exact / 100));
        }
        assert!(figures.len() > 2, "{id}: {figures:?}");
    }
    assert_eq!((unit_card(&PACK, "units:nothing", 0), unit_card(&PACK, "pregnancy", 0)), (None, None));
}

#[test]
fn no_sum_is_made_of_what_has_no_milligrams() {
    let unitless: Vec<&str> = PACK
        .ingredients
        .iter()
        .zip(&PACK.ingredient_details)
        .filter(|(_, detail)| detail.mg_per_ml.is_none())
        .map(|(item, _)| item.label.as_str())
        .collect();
    assert!(unitless.len() > 5);
    for id in unit_ids(&PACK).iter().filter(|id| *id != "units:limit-for-weight") {
        for seed in 0..200 {
            let told = unit_card(&PACK, id, seed).unwrap().told;
            let named =
                |label: &&&str| told[0].starts_with(&format!("{label},")) || told[0].starts_with(&format!("{label}:"));
            assert_eq!(unitless.iter().find(named), None, "{told:?}");
        }
    }
}

#[test]
fn what_took_long_is_hard_and_what_was_guessed_is_never_easy() {
    let card = skin_card(&PACK, "skin:skin.glogau", 1).unwrap();
    let right = right_ones(&card)[0];
    assert_eq!(card.answer(Given::Option(right), 2).rating, Rating::Good);
    assert_eq!(card.answer(Given::Option(right), 31).rating, Rating::Hard);
    assert_eq!(card.answer(Given::Pass, 2).rating, Rating::Again);
    assert_eq!(card.answer(Given::Number(Amount::whole(1)), 2).rating, Rating::Again);
    let sum = unit_card(&PACK, "units:mg-in-volume", 1).unwrap();
    let exact = Amount::thousandths(numbers(&sum.answer(Given::Pass, 0).key)[0]);
    assert_eq!(sum.answer(Given::Number(exact), 60).rating, Rating::Good);
    assert_eq!(sum.answer(Given::Number(exact), 91).rating, Rating::Hard);
}

fn play(cards: &mut Cards, day: Date, seed: u64, knows: bool, seconds: u32) -> (Vec<String>, Tally) {
    let mut session = Session::new(&PACK, cards, day, seed, MINUTES);
    let (mut met, mut at) = (Vec::new(), 0);
    while let Some(card) = session.next(&PACK, at, |rule, seed| rule_card(&PACK, rule, seed, day, None)) {
        let given = match (&card.asked, knows) {
            (_, false) => Given::Pass,
            (Asked::OneOf(_), true) => Given::Option(right_ones(&card)[0]),
            (Asked::Number { .. }, true) => {
                Given::Number(Amount::thousandths(numbers(&card.answer(Given::Pass, 0).key)[0]))
            }
        };
        at += seconds;
        assert_eq!(session.answer(&card, given, seconds, cards, day).right, knows, "{card:?}");
        met.push(card.id.clone());
    }
    assert_eq!(session.left(at), (MINUTES * 60).saturating_sub(at));
    (met, session.tally().clone())
}

#[test]
fn a_session_ends_with_its_time_and_mixes_its_cards() {
    let mut cards = Cards::default();
    let (met, tally) = play(&mut cards, TODAY, 5, true, 15);
    assert_eq!((met.len(), tally.answered, tally.right, tally.missed.len()), (12, 12, 12, 0));
    for about in [About::Rule, About::Skin, About::Units] {
        assert!(met.iter().filter(|id| About::of(id) == about).count() >= 3, "{met:?}");
    }
    assert_eq!(cards.0.len(), 12);
    assert_eq!(cards.due(TODAY).count(), 0, "what was known does not come back the same day");
    // Another seed, other cards; the same one, the same.
    assert_eq!(play(&mut Cards::default(), TODAY, 5, true, 15).0, met);
    assert_ne!(play(&mut Cards::default(), TODAY, 6, true, 15).0, met);
}

#[test]
fn what_was_missed_comes_once_more_and_is_due_first_tomorrow() {
    let mut cards = Cards::default();
    let (met, tally) = play(&mut cards, TODAY, 5, false, 20);
    assert_eq!((tally.answered, tally.right), (9, 0));
    let twice = |id: &String| met.iter().filter(|other| *other == id).count();
    assert!(met.iter().all(|id| twice(id) <= 2) && twice(&met[0]) == 2, "{met:?}");
    let tomorrow = date(2026, 11, 23);
    let due: Vec<String> = cards.due(tomorrow).map(str::to_owned).collect();
    assert_eq!(due.len(), cards.0.len());
    let (next, _) = play(&mut cards, tomorrow, 9, true, 10);
    assert!(next[..due.len()].iter().all(|id| due.contains(id)), "{due:?} {next:?}");
}

/// What the rules of the first cards of a session ask for.
fn asked_for(session: &mut Session, cards: usize) -> Vec<Decision> {
    let of = |(id, _): (String, u64)| Decision::of(Outcome::from(PACK.rules.get(&id)?.verdict));
    std::iter::from_fn(|| session.draw(0)).filter_map(of).take(cards).collect()
}

#[test]
fn what_new_cards_ask_for_comes_in_turn() {
    let all = Decision::WORDS.map(|(_, decision)| decision);
    let count = |asked: &[Decision]| all.map(|own| asked.iter().filter(|decision| **decision == own).count());
    for seed in 0..20 {
        let asked = asked_for(&mut Session::new(&PACK, &Cards::default(), TODAY, seed, MINUTES), 30);
        assert_eq!(asked.len(), 30);
        for n in 1..=30 {
            let counts = count(&asked[..n]);
            let (most, least) = (counts.iter().max().unwrap(), counts.iter().min().unwrap());
            assert!(most - least <= 1, "seed {seed}: {counts:?} of the first {n}: {asked:?}");
        }
    }
    // What is due comes first whatever it asks for, and counts: three refusals are made up for.
    let mut cards = Cards::default();
    let refuses = PACK.rules.iter().filter(|r| r.place.file.is_some() && !r.quiet && r.verdict == Verdict::Decline);
    refuses.take(3).for_each(|rule| cards.answer(&rule.id, Rating::Again, TODAY));
    let asked = asked_for(&mut Session::new(&PACK, &cards, date(2026, 11, 23), 7, MINUTES), 15);
    assert!(asked[..3].iter().all(|decision| *decision == Decision::Decline), "{asked:?}");
    assert_eq!(count(&asked), [3; 5], "{asked:?}");
    // Not due, they only say who comes last among equals.
    let asked = asked_for(&mut Session::new(&PACK, &cards, TODAY, 7, MINUTES), 5);
    assert_eq!((count(&asked), asked[4]), ([1; 5], Decision::Decline));
}

#[test]
fn cards_that_the_pack_no_longer_has_are_left_out() {
    let mut cards = Cards::default();
    for id in ["a-rule-of-last-year", "skin:skin.gone", "units:gone", "scale:gone"] {
        cards.answer(id, Rating::Again, TODAY);
        assert_eq!(card_title(&PACK, id), id);
    }
    let (met, _) = play(&mut cards, date(2026, 12, 1), 1, true, 30);
    assert!(met.iter().all(|id| !id.contains("gone") && !id.contains("last-year")), "{met:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn no_answer_makes_a_session_fall_over(seed in 0_u64..1_000_000, option in 0_usize..9, number in any::<i64>(), seconds in any::<u32>()) {
        let mut cards = Cards::default();
        let mut session = Session::new(&PACK, &cards, TODAY, seed, 1);
        let mut met = 0;
        while let Some(card) = session.next(&PACK, 0, |rule, seed| rule_card(&PACK, rule, seed, TODAY, None)) {
            session.answer(&card, Given::Option(option), seconds, &mut cards, TODAY);
            session.answer(&card, Given::Number(Amount::thousandths(number)), seconds, &mut cards, TODAY);
            met += 1;
            prop_assert!(met <= 200);
        }
        prop_assert!(met >= 20);
    }
}
