//! Faults planted in a small pack: each is found, with the smallest patient, who is assessed to the same fault.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeSet;

use jiff::civil::{Date, date};
use pistor::pack::load::{LayerFiles, load, safety_case};
use pistor::proof::{Report, Subject, check_certificate, prove};
use pistor::source::SourceFile;
use rstest::rstest;

const TODAY: Date = date(2026, 11, 22);
const CONTENT: &str = include_str!("fixtures/small-pack/content.toml");
const CASE: &str = include_str!("fixtures/small-pack/safety-case.toml");

/// What is proved about the small pack with its content changed.
fn proved(content: &str) -> Report {
    let files = [
        ("small/pack.toml", include_str!("fixtures/small-pack/pack.toml")),
        ("small/content.toml", content),
        ("small/safety-case.toml", CASE),
    ];
    let layers = [LayerFiles { files: files.iter().map(|(path, text)| SourceFile::new(*path, *text)).collect() }];
    let pack = load(&layers).unwrap_or_else(|report| panic!("{}", report.render(false)));
    let case = safety_case(&pack, &layers).unwrap_or_else(|report| panic!("{}", report.render(false)));
    prove(Subject { pack: &pack, below: None, case: &case, today: TODAY })
}

/// The failures that count, as `code:subject`.
fn failures(report: &Report) -> BTreeSet<String> {
    let counts = report.properties.iter().filter(|row| !row.property.informs());
    counts.flat_map(|row| row.failures.iter().map(|failure| failure.name.clone())).collect()
}

#[test]
fn the_small_pack_holds() {
    let report = proved(CONTENT);
    assert_eq!(failures(&report), BTreeSet::new());
    let claims = check_certificate(&report.certificate).expect("every step follows");
    assert!(claims > 50, "{claims} claims");
}

/// A rule of the small pack, changed.
fn in_rule(id: &str, from: &str, to: &str) -> String {
    let start = CONTENT.find(&format!("[[rule]]\nid = \"{id}\"")).unwrap_or_else(|| panic!("no rule {id}"));
    let (before, rest) = CONTENT.split_at(start);
    let end = rest[2..].find("\n[[").map_or(rest.len(), |n| n + 2);
    let (rule, after) = rest.split_at(end);
    assert!(rule.contains(from), "`{from}` is not in the rule {id}");
    format!("{before}{}{after}", rule.replacen(from, to, 1))
}

/// The small pack with a piece of its text changed.
fn with(from: &str, to: &str) -> String {
    assert!(CONTENT.contains(from), "`{from}` is not in the small pack");
    CONTENT.replacen(from, to, 1)
}

fn plus(text: &str) -> String {
    format!("{CONTENT}\n{text}\n")
}

const RULE_END: &str = "message = '.'\nwhy = '.'\nevidence = 'D'\nbasis = 'general'";

#[rstest]
// Conditions that leave somebody out.
#[case::off_by_one_year(in_rule("child", "under = 18", "under = 17"), "P1002:children")]
#[case::off_by_one_day(in_rule("peel", "under = 28", "under = 27").replace("days = 28", "days = 27"), "P1002:peeled")]
#[case::over_instead_of_at_least(in_rule("obese", "at-least = 40", "over = 40"), "P1002:heavy")]
#[case::limit_of_the_index_by_a_tenth(in_rule("obese", "at-least = 40", "at-least = 40.1"), "P1002:heavy")]
#[case::weight_off_by_one(in_rule("light-weight", "under = 45", "under = 44"), "P1002:light/bright-numbed")]
#[case::weight_turned_round(in_rule("light-weight", "under = 45", "at-least = 45"), "P1002:light/bright-numbed")]
#[case::one_item_of_two(in_rule("clots", "\"group:clots\"", "\"thrombosis\""), "P1002:clots-brightener")]
#[case::a_member_lost_from_a_group(
    with("members = [\"thrombosis\", \"embolism\"]", "members = [\"thrombosis\"]"),
    "P1002:clots-brightener"
)]
#[case::a_class_that_lost_a_member(
    with("members = [\"alphacaine\", \"betacaine\"]", "members = [\"alphacaine\"]"),
    "P1002:light/bright-numbed/betacaine"
)]
#[case::the_wrong_option(in_rule("pregnant", "\"yes\"", "\"no\""), "P1002:pregnancy")]
#[case::the_wrong_skin(in_rule("thin-skin", "[\"thin\"]", "[\"thick\"]"), "P1002:thin-skin")]
#[case::the_past_instead_of_now(in_rule("sepsis", "\"active\"", "\"past\""), "P1002:septic")]
#[case::a_condition_too_many(
    in_rule("thin", "{ medication = \"thinner\" }", "{ medication = \"thinner\", patient.sex = \"male\" }"),
    "P1002:thinner"
)]
#[case::all_instead_of_any(
    in_rule(
        "clots",
        "{ condition = \"group:clots\" }",
        "{ all = [{ condition = \"thrombosis\" }, { condition = \"embolism\" }] }"
    ),
    "P1002:clots-brightener"
)]
#[case::two_of_two(
    in_rule(
        "clots",
        "{ condition = \"group:clots\" }",
        "{ at-least = 2, of = [{ condition = \"thrombosis\" }, { condition = \"embolism\" }] }"
    ),
    "P1002:clots-brightener"
)]
#[case::elsewhere_instead_of_here(in_rule("wart", "site = \"here\"", "site = \"elsewhere\""), "P1002:wart")]
// Holes made by `unless`.
#[case::an_unless_hole(
    in_rule("clots", "exclude", "unless = { medication = \"thinner\" }\nexclude"),
    "P1002:clots-brightener"
)]
#[case::an_unless_for_adults(
    in_rule("pregnant", "message", "unless = { patient.age = { over = 60 } }\nmessage"),
    "P1002:pregnancy"
)]
#[case::an_unless_by_place(
    in_rule("expired", "message", "unless = { jurisdiction = \"BB\" }\nmessage"),
    "P1002:expired"
)]
#[case::an_unless_by_goal(in_rule("thin", "message", "unless = { goal = \"moisture\" }\nmessage"), "P1002:thinner")]
// Verdicts and exclusions that are too mild.
#[case::a_milder_verdict(in_rule("pregnant", "\"decline\"", "\"caution\""), "P1002:pregnancy")]
#[case::a_clearance_made_a_caution(
    in_rule("thin", "\"clearance\"\nfrom = \"whoever prescribed it\"", "\"caution\""),
    "P1002:thinner"
)]
#[case::a_refusal_of_one_goal(
    in_rule("child", "\"decline\"", "\"decline\"\nscope = \"goal\"\nexclude = { goal = [\"brightness\"] }"),
    "P1002:children"
)]
#[case::the_wrong_ingredient(in_rule("clots", "[\"brightener\"]", "[\"moistener\"]"), "P1002:clots-brightener")]
#[case::the_wrong_technique(in_rule("thin-skin", "\"nappage\"", "\"papule\""), "P1002:thin-skin")]
#[case::no_site(in_rule("wart", "exclude = { area = [\"site\"] }", ""), "P1002:wart")]
#[case::a_fixed_area(in_rule("fertile", "ingredient = [\"moistener\"]", "goal = [\"brightness\"]"), "P1002:fertile")]
// What the vocabulary says.
#[case::a_forgotten_cross_reaction(
    with(
        "cross_reacts = [{ id = \"betacaine\", note = \"same family\", basis = \"general\", evidence = \"D\" }]\n",
        ""
    ),
    "P1002:alphacaine"
)]
#[case::a_forgotten_excipient(with("contains = [\"betacaine\"]\n", "contains = []\n"), "P1002:alphacaine")]
#[case::a_forgotten_ban(with("status = { BB = \"banned\", all = \"licensed\" }\n", ""), "P1002:beland")]
#[case::a_ban_elsewhere(
    with("status = { BB = \"banned\", all = \"licensed\" }", "status = { AA = \"banned\", all = \"licensed\" }"),
    "P1002:beland"
)]
// Dead things.
#[case::a_rule_that_contradicts_itself(plus(&format!("[[rule]]\nid = 'never-fires'\ntitle = '.'\nverdict = 'caution'\nwhen = {{ patient.age = {{ at-least = 65 }}, all = [{{ patient.age = {{ under = 40 }} }}] }}\n{RULE_END}")), "P1006:never-fires")]
#[case::a_body_that_nobody_has(plus(&format!("[[rule]]\nid = 'never-fires'\ntitle = '.'\nverdict = 'caution'\nwhen = {{ patient.weight_kg = {{ under = 30 }}, patient.bmi = {{ at-least = 40 }} }}\n{RULE_END}")), "P1006:never-fires")]
#[case::a_question_never_asked_of_them(plus(&format!("[[rule]]\nid = 'never-fires'\ntitle = '.'\nverdict = 'caution'\nwhen = {{ goal = 'moisture', none = [{{ goal = ['moisture', 'brightness'] }}] }}\n{RULE_END}")), "P1006:never-fires")]
#[case::a_recipe_that_excludes_itself(
    plus(
        "[[recipe]]\nid = 'zz'\nlabel = '.'\ngoals = ['brightness']\nevidence = 'C'\noutcome = '.'\ntechnique = 'papule'\nplan = 'course'\nbasis = 'general'\nrequires = { condition = 'thrombosis' }\n[[recipe.slot]]\nrole = 'active'\nuse = ['brightener']\nml_per_area = 1"
    ),
    "P1007:zz"
)]
#[case::a_substitute_behind_one_that_is_never_out(
    with("use = [\"moistener\"]", "use = [\"soda\", \"moistener\"]"),
    "P1008:moist/1/moistener"
)]
#[case::a_mixture_that_never_is(
    with(
        "role = \"anaesthetic\"\nuse = [\"alphacaine\", \"betacaine\"]",
        "role = \"diluent\"\nuse = [\"soda\"]\nml_per_area = 1\noptional = true\n[[recipe.slot]]\nrole = \"anaesthetic\"\nuse = [\"alphacaine\", \"betacaine\"]"
    ),
    "P1008:bright-numbed/2/soda"
)]
#[case::a_goal_that_nobody_reaches(
    plus("[[goal]]\nid = 'hope'\nlabel = 'Hope'\nareas = ['face']\nexpected = '.'\nbasis = 'general'\nevidence = 'D'"),
    "P1011:hope"
)]
#[case::a_goal_whose_recipes_are_all_out(in_rule("fertile", "{ patient.sex = \"female\" }", "{ any = [{ patient.sex = \"female\" }, { patient.sex = \"male\" }] }").replace("unless = { condition = \"sterile\" }\n", ""), "P1011:moisture")]
// Answers that nobody gave.
#[case::a_risk_read_as_its_absence(
    in_rule("thin", "{ medication = \"thinner\" }", "{ none = [{ medication = \"thinner\" }] }"),
    "P1002:thinner"
)]
#[case::everybody_is_a_child(with("max = 120", "max = 17"), "P1011:")]
fn a_planted_fault_is_found(#[case] content: String, #[case] expected: &str) {
    let report = proved(&content);
    let found = failures(&report);
    assert!(found.iter().any(|name| name.starts_with(expected)), "{found:#?}");
    for failure in report.properties.iter().flat_map(|row| &row.failures) {
        let Some(witness) = &failure.witness else { continue };
        assert_eq!(witness.replayed, Ok(()), "{}: {:?}", failure.name, witness.differs);
        if failure.name.starts_with(expected) {
            assert!(witness.differs.len() <= 4, "{}: {:?}", failure.name, witness.differs);
        }
    }
    // What is not wrong is still proved.
    assert!(check_certificate(&report.certificate).is_ok());
}

/// What is proved about the changed small pack as a layer above the small pack.
fn above(content: &str) -> Report {
    let layers = |content: &str| {
        let files =
            [("small/pack.toml", include_str!("fixtures/small-pack/pack.toml")), ("small/content.toml", content)];
        [LayerFiles { files: files.iter().map(|(path, text)| SourceFile::new(*path, *text)).collect() }]
    };
    let of = |content: &str| load(&layers(content)).unwrap_or_else(|report| panic!("{}", report.render(false)));
    let (pack, below) = (of(content), of(CONTENT));
    prove(Subject { pack: &pack, below: Some(&below), case: &[], today: TODAY })
}

#[rstest]
#[case::a_member_lost_from_a_group(
    with("members = [\"thrombosis\", \"embolism\"]", "members = [\"thrombosis\"]"),
    "P1015:clots"
)]
#[case::a_day_less(in_rule("peel", "under = 28", "under = 27").replace("days = 28", "days = 27"), "P1015:peel")]
#[case::an_unless(in_rule("expired", "message", "unless = { jurisdiction = \"BB\" }\nmessage"), "P1015:expired")]
#[case::a_milder_verdict(in_rule("child", "\"decline\"", "\"caution\""), "P1015:child/verdict")]
#[case::an_exclusion_less(
    in_rule("light-weight", "class = [\"caines\"]", "ingredient = [\"alphacaine\"]"),
    "P1015:light-weight/exclude"
)]
#[case::a_forgotten_ban(with("status = { BB = \"banned\", all = \"licensed\" }\n", ""), "P1015:status-betacaine/gone")]
#[case::a_question_that_no_longer_asks(
    with("ask_when = { patient.sex = \"female\" }", "ask_when = { patient.sex = \"male\" }"),
    ""
)]
fn a_layer_that_is_weaker_is_found(#[case] content: String, #[case] expected: &str) {
    let found = failures(&above(&content));
    let weaker: Vec<&String> = found.iter().filter(|name| name.starts_with("P1015")).collect();
    match expected {
        // Whom a question concerns is no rule: the safety case of the pack below watches it.
        "" => assert!(weaker.is_empty(), "{weaker:?}"),
        _ => assert_eq!(weaker, [expected]),
    }
}

#[test]
fn a_layer_that_only_adds_is_not_weaker() {
    let more = plus(&format!(
        "[[rule]]\nid = 'more'\ntitle = '.'\nverdict = 'caution'\nwhen = {{ medication = 'thinner' }}\n{RULE_END}"
    ));
    let found = failures(&above(&more));
    assert!(found.iter().all(|name| !name.starts_with("P1015")), "{found:?}");
}
