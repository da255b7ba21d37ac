//! Scored scales: what they say, what they never do, and the mistakes one can make in writing them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{HEALTHY, PACK, TODAY, healthy_but, intake};
use pistor::intake::{Answer, Intake, write};
use pistor::pack::load::{LayerFiles, load};
use pistor::pack::{self, Ix, Pack, Scale};
use pistor::plan::{Assessment, Outcome, assess, explain, explain_rule};
use pistor::source::SourceFile;
use proptest::prelude::*;
use rstest::rstest;

/// The ten questions, answered so that they add up to the points asked for.
fn questionnaire(points: u16) -> Vec<(String, Answer)> {
    let scale = PACK.scales.get("fitzpatrick").expect("the scale");
    let mut left = points;
    let answers = scale.items.iter().map(|item| {
        let question = &PACK.questions[item.question];
        let (option, given) = question.options().iter().zip(&item.points).rfind(|(_, p)| **p <= left).expect("0");
        left -= given;
        (question.id.clone(), Answer::Choice(option.id.clone()))
    });
    let answers = answers.collect();
    assert_eq!(left, 0, "{points} points are possible");
    answers
}

fn healthy_with(answers: &[(String, Answer)], own: Option<&str>) -> Intake {
    let mut intake = healthy_but(&[]);
    intake.clear("skin.fitzpatrick");
    for (question, answer) in answers {
        intake.set(question, answer.clone());
    }
    if let Some(own) = own {
        intake.set("skin.fitzpatrick", Answer::Choice(own.to_owned()));
    }
    intake
}

fn rules(assessment: &Assessment) -> Vec<&str> {
    assessment.findings.iter().map(|finding| finding.rule.as_str()).collect()
}

#[rstest]
#[case(0, "1")]
#[case(7, "1")]
#[case(8, "2")]
#[case(16, "2")]
#[case(17, "3")]
#[case(24, "3")]
#[case(25, "4")]
#[case(30, "4")]
#[case(31, "5")]
#[case(35, "5")]
#[case(36, "6")]
#[case(40, "6")]
fn the_sum_of_the_ten_questions_gives_the_phototype(#[case] points: u16, #[case] phototype: &str) {
    let result = assess(&PACK, &healthy_with(&questionnaire(points), None), TODAY);
    assert!(result.missing.is_empty(), "{:?}", result.missing);
    let [scale] = result.scales.as_slice() else { panic!("{:?}", result.scales) };
    assert_eq!((scale.points, scale.value.as_str(), scale.decides), (points, phototype, true));
}

#[test]
fn an_open_question_or_one_not_known_leaves_the_scale_without_a_result() {
    for (n, (question, _)) in questionnaire(24).into_iter().enumerate() {
        let mut answers = questionnaire(24);
        answers.remove(n);
        let open = assess(&PACK, &healthy_with(&answers, None), TODAY);
        answers.push((question.clone(), Answer::Unknown));
        let unknown = assess(&PACK, &healthy_with(&answers, None), TODAY);
        for result in [open, unknown] {
            assert_eq!(result.verdict, Outcome::Incomplete);
            let missing: Vec<&str> = result.missing.iter().map(|m| m.question.as_str()).collect();
            assert_eq!(missing, ["skin.fitzpatrick"], "the questions of a scale are never missing themselves");
            let label = &PACK.questions.get(&question).expect("a question").label;
            let lacks = format!("the Fitzpatrick questionnaire, which lacks points for: {label}");
            assert!(result.missing[0].because.contains(&lacks), "{:?}", result.missing[0].because);
            assert!(result.scales.is_empty());
        }
    }
}

#[test]
fn a_scale_that_was_begun_beside_an_answer_holds_nothing_back() {
    let begun = assess(&PACK, &healthy_with(&questionnaire(24)[..4], Some("3")), TODAY);
    assert_eq!((begun.verdict, begun.missing.len(), begun.findings.len()), (Outcome::Proceed, 0, 0));
    let mut cut = questionnaire(24);
    cut.truncate(2);
    let open = assess(&PACK, &healthy_with(&cut, None), TODAY);
    assert!(open.missing[0].because[0].ends_with(" and 5 more"), "{:?}", open.missing);
}

#[test]
fn an_answer_given_directly_counts_and_a_disagreement_is_said() {
    let four = questionnaire(26);
    let agrees = assess(&PACK, &healthy_with(&four, Some("4")), TODAY);
    assert!(!rules(&agrees).contains(&"scale-disagrees-fitzpatrick"));
    assert!(!agrees.scales[0].decides);
    let differs = assess(&PACK, &healthy_with(&four, Some("3")), TODAY);
    assert_eq!(rules(&differs), ["scale-disagrees-fitzpatrick"], "III counts: no rule for IV");
    assert_eq!(differs.verdict, Outcome::Caution);
    assert!(differs.plan.is_some());
    let said = &differs.findings[0].message;
    assert!(said.contains("Recorded is III") && said.contains("gives IV (26 points)"), "{said}");
}

#[test]
fn why_names_the_scale_and_its_points() {
    let four = healthy_with(&questionnaire(26), None);
    let rule = explain_rule(&PACK, &four, TODAY, "fitzpatrick-iv-vi").expect("a rule");
    assert!(rule.fired);
    let read: Vec<&str> = rule.answers.iter().map(|answer| answer.text.as_str()).collect();
    assert_eq!(read, ["fitzpatrick phototype: IV, from the Fitzpatrick questionnaire: 26 points"]);
    // What would change it is another patient: of that one the questionnaire says nothing else.
    let changes = explain(&PACK, &four, TODAY).changes;
    assert!(changes.iter().any(|change| change.verdict == Outcome::Proceed), "{changes:?}");
    let json = serde_json::to_value(assess(&PACK, &four, TODAY)).expect("json");
    assert_eq!(json["scales"][0]["question"], "skin.fitzpatrick");
    assert_eq!(json["scales"][0]["points"], 26);
}

/// Answers to all questions of one scale, and the value they come to.
fn filled(pack: &'static Pack) -> impl Strategy<Value = (Ix<Scale>, Vec<(String, Answer)>)> {
    let scales: Vec<Ix<Scale>> = pack.scales.entries().map(|(ix, _)| ix).collect();
    proptest::sample::select(scales).prop_flat_map(move |ix| {
        let items = pack.scales[ix].items.iter().map(|item| {
            let question = &pack.questions[item.question];
            let ids: Vec<String> = question.options().iter().map(|option| option.id.clone()).collect();
            proptest::sample::select(ids).prop_map(|id| (question.id.clone(), Answer::Choice(id)))
        });
        (Just(ix), items.collect::<Vec<_>>())
    })
}

/// What an assessment decides, without the words about where an answer came from.
fn decided(mut assessment: Assessment) -> Assessment {
    assessment.scales.clear();
    assessment.findings.iter_mut().for_each(|finding| finding.because.clear());
    assessment
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn the_way_to_an_answer_makes_no_difference((ix, answers) in filled(&PACK), cellulite in any::<bool>()) {
        let scale = &PACK.scales[ix];
        let question = &PACK.questions[scale.answers];
        let mut base = healthy_but(&[]);
        if cellulite {
            let goals = "{ goal = \"cellulite\", areas = [\"thighs\"] }";
            base = healthy_but(&[("{ goal = \"hydration\", areas = [\"cheeks\"] }", goals)]);
        }
        base.clear(&question.id);
        let mut by_scale = base.clone();
        by_scale.answers.extend(answers);
        let by_scale = assess(&PACK, &by_scale, TODAY);
        let value = by_scale.scales[0].value.clone();
        let mut direct = base;
        direct.set(&question.id, Answer::Choice(value));
        prop_assert_eq!(decided(by_scale), decided(assess(&PACK, &direct, TODAY)));
    }

    #[test]
    fn filling_a_scale_in_never_loosens_what_was_answered((ix, answers) in filled(&PACK), other in 0_usize..6) {
        let question = &PACK.questions[PACK.scales[ix].answers];
        let mut before = healthy_but(&[]);
        let own = match question.options().get(other) {
            Some(option) => Answer::Choice(option.id.clone()),
            None => Answer::Unknown,
        };
        before.set(&question.id, own);
        let mut after = before.clone();
        after.answers.extend(answers);
        let (before, after) = (assess(&PACK, &before, TODAY), assess(&PACK, &after, TODAY));
        prop_assert!(after.verdict.strictness() >= before.verdict.strictness());
        let mut said = rules(&after);
        said.retain(|rule| !rule.starts_with("scale-disagrees-"));
        prop_assert_eq!(said, rules(&before), "nothing else changes");
        prop_assert_eq!(after.excluded, before.excluded);
        prop_assert_eq!(after.plan, before.plan);
    }

    #[test]
    fn a_filled_in_scale_survives_its_file((_, answers) in filled(&PACK)) {
        let mut filled = healthy_but(&[]);
        filled.answers.extend(answers);
        prop_assert_eq!(intake(&write(&filled)), filled);
    }
}

const HEADER: &str = "[pack]\nid = \"clinic-test\"\nversion = \"1\"\nlanguage = 1\ntitle = \"A test clinic\"\n";

/// A clinic's own scale for a number, without a mistake.
const WORKING: &str = r#"
[review]
since = 2026-11-22
due = 2027-11-22
[[question]]
id = "skin.test_load"
step = "skin"
label = "Test load"
kind = "number"
min = 0
max = 5
decimals = 1
[[scale]]
id = "test-load"
label = "Test scale"
answers = "skin.test_load"
items = ["skin.test_items.a", "skin.test_items.b"]
bands = [{ at-most = 1, value = 0.5 }, { at-most = 3, value = 2 }, { value = 4.5 }]
basis = "policy"
evidence = "D"
[[question]]
id = "skin.test_items.a"
step = "skin"
label = "A"
kind = "choice"
options = [{ id = "x", label = "X", score = 0 }, { id = "y", label = "Y", score = 3 }]
[[question]]
id = "skin.test_items.b"
step = "skin"
label = "B"
kind = "choice"
options = [{ id = "x", label = "X", score = 1 }, { id = "y", label = "Y", score = 2 }]
[[rule]]
id = "test-load-high"
title = "High test load"
verdict = "decline"
when = { skin.test_load = { over = 4 } }
message = "Wait."
why = "A test."
basis = "policy"
evidence = "D"
"#;

fn read(text: &str) -> Result<Pack, String> {
    let files = vec![SourceFile::new("clinic/pack.toml", HEADER), SourceFile::new("clinic/clinic.toml", text)];
    load(&[pack::builtin_files(), LayerFiles { files }]).map_err(|report| report.render(false))
}

#[test]
fn a_clinic_adds_a_scale_for_a_number() {
    let pack = read(WORKING).unwrap_or_else(|report| panic!("{report}"));
    let verdict = |a: &str, b: &str| {
        let items = format!("glogau = 2\ntest_items = {{ a = \"{a}\", b = \"{b}\" }}");
        let text = HEALTHY.replace("glogau = 2", &items);
        let intake = pistor::intake::read(&pack, &SourceFile::new("test.toml", text)).expect("an intake");
        let result = assess(&pack, &intake, TODAY);
        (result.scales[0].value.clone(), result.verdict)
    };
    assert_eq!(verdict("x", "x"), ("0.5".to_owned(), Outcome::Proceed));
    assert_eq!(verdict("y", "x"), ("4.5".to_owned(), Outcome::Decline));
}

#[rstest]
#[case::unknown_question(
    "answers = \"skin.test_load\"",
    "answers = \"skin.test_laod\"",
    "did you mean `skin.test_load`"
)]
#[case::answers_a_list("answers = \"skin.test_load\"", "answers = \"history.events\"", "neither a choice nor a number")]
#[case::answers_an_item(
    "answers = \"skin.test_load\"",
    "answers = \"skin.test_items.a\"",
    "is itself a question of a scale"
)]
#[case::answers_computed("answers = \"skin.test_load\"", "answers = \"patient.bmi\"", "is computed")]
#[case::answers_twice(
    "answers = \"skin.test_load\"",
    "answers = \"skin.fitzpatrick\"",
    "answered by the scale `fitzpatrick` already"
)]
#[case::unknown_item("\"skin.test_items.b\"]", "\"skin.test_items.c\"]", "unknown question `skin.test_items.c`")]
#[case::item_without_scores(
    "\"skin.test_items.b\"]",
    "\"skin.test_items.b\", \"skin.glogau\"]",
    "`skin.glogau` have no scores"
)]
#[case::item_of_another(
    "\"skin.test_items.b\"]",
    "\"skin.test_items.b\", \"skin.fitzpatrick_items.eyes\"]",
    "part of a scale already"
)]
#[case::item_twice(
    "\"skin.test_items.b\"]",
    "\"skin.test_items.b\", \"skin.test_items.b\"]",
    "part of a scale already"
)]
#[case::no_items("[\"skin.test_items.a\", \"skin.test_items.b\"]", "[]", "a scale without items")]
#[case::forgotten_item(", \"skin.test_items.b\"]", "]", "`skin.test_items.b` have scores and no scale asks it")]
#[case::half_scored(
    "{ id = \"y\", label = \"Y\", score = 2 }",
    "{ id = \"y\", label = \"Y\" }",
    "some options of this question have a score"
)]
#[case::half_scored_first(
    "{ id = \"x\", label = \"X\", score = 1 }",
    "{ id = \"x\", label = \"X\" }",
    "some options of this question have a score"
)]
#[case::score_too_large("score = 2", "score = 200", "whole number from 0 to 100")]
#[case::score_no_number("score = 2", "score = \"two\"", "number")]
#[case::item_required("label = \"B\"", "label = \"B\"\nrequired = true", "`required` on a question with scores")]
#[case::item_ask_when(
    "label = \"B\"",
    "label = \"B\"\nask_when = { goal = \"hydration\" }",
    "`ask_when` on a question with scores"
)]
#[case::overlap("at-most = 3,", "at-most = 1,", "bands overlap")]
#[case::falling("at-most = 3,", "at-most = 0,", "bands overlap")]
#[case::no_last("{ value = 4.5 }", "{ at-most = 4, value = 4.5 }", "the last band ends")]
#[case::early_last("{ at-most = 3, value = 2 }", "{ value = 2 }", "only the last band may lack")]
#[case::no_bands(
    "[{ at-most = 1, value = 0.5 }, { at-most = 3, value = 2 }, { value = 4.5 }]",
    "[]",
    "a scale without bands"
)]
#[case::below_reach("at-most = 1,", "at-most = 0,", "the fewest points are 1")]
#[case::above_reach("at-most = 3,", "at-most = 5,", "the most points are 5")]
#[case::value_out_of_range("value = 4.5", "value = 6", "6 is no answer to `skin.test_load`")]
#[case::value_too_fine("value = 4.5", "value = 4.55", "4.55 is no answer to `skin.test_load`")]
#[case::no_basis("value = 4.5 }]\nbasis = \"policy\"", "value = 4.5 }]", "does not say on what it rests")]
#[case::no_evidence("evidence = \"D\"\n[[question]]", "[[question]]", "[[scale]] has no evidence grade")]
#[case::no_source("basis = \"policy\"", "basis = \"source\"", "no source is cited")]
#[case::no_review("due = 2027-11-22\n", "", "due")]
#[case::unknown_key("value = 4.5 }]\n", "value = 4.5 }]\nweights = 3\n", "weights")]
#[case::rule_reads_item(
    "skin.test_load = { over = 4 }",
    "skin.test_items.a = \"x\"",
    "`skin.test_items.a` belongs to a scale"
)]
fn every_mistake_is_told_with_its_place(#[case] from: &str, #[case] to: &str, #[case] told: &str) {
    assert!(WORKING.contains(from), "{from}");
    let report = read(&WORKING.replacen(from, to, 1)).expect_err("a mistake");
    assert!(report.contains(told), "expected {told:?} in\n{report}");
    assert!(report.contains("clinic/clinic.toml:"), "{report}");
}

#[test]
fn a_value_that_is_no_option_is_told_with_the_one_meant() {
    let text = WORKING
        .replace("skin.test_load\"\nitems", "skin.glogau\"\nitems")
        .replace("value = 0.5", "value = \"1\"")
        .replace("value = 2 }", "value = \"2\" }")
        .replace("value = 4.5", "value = \"IV\"");
    let report = read(&text).expect_err("a mistake");
    assert!(report.contains("unknown option `IV`"), "{report}");
}
