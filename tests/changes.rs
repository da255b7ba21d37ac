//! What would change the outcome, and what open questions can do, on the built-in pack: held against the assessment.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::collections::BTreeMap;

use common::{PACK, healthy_but};
use pistor::intake::{self, Answer, Intake};
use pistor::pack::{QuestionKind, builtin_files};
use pistor::plan::{Assessment, Outcome, assess, cases, explain};
use pistor::proof::{By, Nearest, Target, counterfactuals, outlook, stricter};
use pistor::source::SourceFile;

/// A few of the pack's cases in every test run, all of them by `PISTOR_ALL_CASES=1`.
fn some_cases(few: usize) -> Vec<(String, Intake, jiff::civil::Date)> {
    let all = cases::read(&[builtin_files()]).expect("the pack's cases");
    let step = if std::env::var_os("PISTOR_ALL_CASES").is_some() { 1 } else { all.len().div_ceil(few) };
    all.into_iter()
        .step_by(step)
        .map(|case| {
            let text = toml::to_string(&case.given).expect("TOML");
            let intake = intake::read(&PACK, &SourceFile::new("case.toml", text.as_str()));
            (case.id, intake.unwrap_or_else(|report| panic!("{}", report.render(false))), case.today)
        })
        .collect()
}

#[test]
fn every_way_that_is_shown_leads_where_it_says() {
    let (mut ways, mut several) = (0, 0);
    for (id, intake, today) in some_cases(32) {
        let single = explain(&PACK, &intake, today).changes;
        for found in counterfactuals(&PACK, &intake, today, &|| false) {
            assert_eq!(found.refused, 0, "{id}: the solver and the assessment differ about {:?}", found.target);
            let all: [Option<&Nearest>; 3] =
                [found.changeable.as_ref(), found.by_choice.as_ref(), found.facts.as_ref()];
            for nearest in all.into_iter().flatten() {
                several += usize::from(nearest.fewest > 1);
                for way in &nearest.ways {
                    assert_eq!(way.changes.len(), nearest.fewest, "{id}: {way:?}");
                    let after = assess(&PACK, &way.intake, way.from.unwrap_or(today));
                    assert!(found.target.met(&after) && after.verdict == way.verdict, "{id}: {}", way.sentence());
                    ways += 1;
                }
            }
            // Nobody is told that a fact could change, least of all that a medicine could end.
            for way in found.changeable.iter().flat_map(|nearest| &nearest.ways) {
                assert!(way.changes.iter().all(|change| change.by != By::Fact), "{id}: {}", way.sentence());
                assert!(!way.sentence().contains("does not take"), "{id}: {}", way.sentence());
            }
            // What one change was known to do before, the solver finds as well.
            let fewest = found.changeable.as_ref().or(found.facts.as_ref()).map(|nearest| nearest.fewest);
            let now = assess(&PACK, &intake, today);
            for change in single.iter().filter(|change| !change.question.is_empty() && now.missing.is_empty()) {
                let after = assess(&PACK, &change.intake, today);
                assert!(!found.target.met(&after) || fewest.is_some_and(|n| n <= 1), "{id}: {}", change.what);
            }
        }
    }
    println!("{ways} ways, {several} times several changes together");
    assert!(ways > 10);
}

#[test]
fn three_refusals_need_all_three() {
    let intake = healthy_but(&[
        ("pregnancy = \"no\"", "pregnancy = \"pregnant\""),
        ("expectations = \"realistic\"", "expectations = \"unrealistic\""),
        ("provenance = []", "provenance = [\"tap-water-rinsed\"]"),
    ]);
    let found = counterfactuals(&PACK, &intake, common::TODAY, &|| false);
    let nearest = found[0].changeable.as_ref().expect("they can all change");
    assert_eq!((found[0].target, nearest.fewest), (Target::Plan, 3));
    let questions: Vec<&str> = nearest.ways[0].changes.iter().map(|change| change.question.as_str()).collect();
    assert_eq!(questions, ["setting.provenance", "history.pregnancy", "history.screening.expectations"]);
}

#[test]
fn a_deferral_ends_on_the_day_that_the_assessment_names() {
    let peel = ("events = []", "events = [{ id = \"chemical-peel\", days_ago = 3, site = \"here\" }]");
    let intake = healthy_but(&[peel]);
    let now = assess(&PACK, &intake, common::TODAY);
    assert_eq!(now.verdict, Outcome::Defer);
    let found = counterfactuals(&PACK, &intake, common::TODAY, &|| false);
    let dates: Vec<_> = found
        .iter()
        .flat_map(|one| &one.changeable)
        .flat_map(|nearest| &nearest.ways)
        .filter_map(|way| way.from)
        .collect();
    assert!(dates.contains(&now.until.expect("a date")), "{dates:?} and {:?}", now.until);
}

/// What somebody sees, texts of a plan included.
fn seen(assessment: &Assessment) -> String {
    let findings: Vec<_> = assessment.findings.iter().map(|f| (&f.rule, &f.because, &f.until, &f.assumed)).collect();
    format!("{:?} {findings:?} {:?} {:?}", assessment.verdict, assessment.excluded, assessment.plan)
}

#[test]
fn a_question_that_is_said_to_change_nothing_changes_nothing() {
    let (mut settled, mut shown) = (0, BTreeMap::<String, usize>::new());
    // A grade that is asked for the record alone, with others open.
    let scars = || healthy_but(&[("goal = \"hydration\"", "goal = \"acne-scars\"")]);
    let scars = ["a", "aa", "aaa"].map(|id| (id.to_owned(), scars(), common::TODAY));
    for (id, whole, today) in some_cases(6).into_iter().chain(scars) {
        let mut open: Vec<&str> = Vec::new();
        let mut intake = whole.clone();
        // Every third question is not asked yet.
        for (n, question) in PACK.questions.iter().enumerate() {
            if n % 3 == id.len() % 3 && intake.get(&question.id).is_some() {
                intake.clear(&question.id);
                open.push(&question.id);
            }
        }
        let found = outlook(&PACK, &intake, today, &|| false).expect("not stopped");
        let as_answered = assess(&PACK, &whole, today).verdict;
        assert!(
            open.is_empty() || as_answered == Outcome::Incomplete || found.verdicts.contains(&as_answered),
            "{id}: {as_answered:?} is possible, and not among {:?}",
            found.verdicts
        );
        for question in &found.settled {
            *shown.entry(question.clone()).or_default() += 1;
            // Whether the others are open or answered.
            for rest in [&intake, &whole] {
                let row = PACK.questions.get(question).unwrap();
                let QuestionKind::Choice(options) = &row.kind else { continue };
                let outcomes: Vec<String> = options
                    .iter()
                    .map(|option| {
                        let mut edited = rest.clone();
                        edited.set(question, Answer::Choice(option.id.clone()));
                        seen(&assess(&PACK, &edited, today))
                    })
                    .collect();
                assert!(outcomes.windows(2).all(|pair| pair[0] == pair[1]), "{id}: {question} changes something");
                settled += 1;
            }
        }
    }
    println!("{settled} compared; said to be settled: {shown:?}");
    assert!(settled > 0, "none of the cases had one");
}

#[test]
fn for_teaching_one_more_entry_would_have_made_it_stricter() {
    let found = stricter(&PACK, &healthy_but(&[]), common::TODAY, &|| false).expect("not stopped");
    let nearest = found.facts.expect("something is stricter");
    assert_eq!((nearest.fewest, found.refused), (1, 0));
    for way in &nearest.ways {
        assert_eq!(assess(&PACK, &way.intake, common::TODAY).verdict, way.verdict, "{}", way.sentence());
    }
}
