//! Every intake of a tiny pack, one by one, through the plain assessment: what the prover says of all intakes, for each
//! property, is what counting them says, for the pack as it is and with faults planted in it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../mutations/judge.rs"]
#[allow(dead_code, reason = "the other test uses more of it")]
mod judge;

use std::collections::{BTreeSet, HashMap};

use jiff::civil::{Date, date};
use judge::Judge;
use pistor::intake::{self, Intake};
use pistor::pack::load::{LayerFiles, load, safety_case};
use pistor::pack::{Condition, Identified, Never, Pack};
use pistor::plan::{Assessment, assess};
use pistor::proof::{Report, Subject, prove};
use pistor::rules::{self, Truth, evaluate};
use pistor::source::SourceFile;
use rstest::rstest;

const TODAY: Date = date(2026, 11, 22);
const CONTENT: &str = include_str!("../fixtures/tiny-pack/content.toml");

/// What each question can be answered with, as far as the pack can tell apart: as lines of an intake file, `""` for "not
/// asked". What no rule, limit or recipe reads has one answer here; leaving it open is tried all the same.
const ANSWERS: [&[&str]; 5] = [
    &["", "patient.sex = 'unknown'", "patient.sex = 'female'", "patient.sex = 'male'"],
    &[
        "",
        "patient.weight_kg = 'unknown'",
        "patient.weight_kg = 43",
        "patient.weight_kg = 44",
        "patient.weight_kg = 45",
    ],
    &["", "history.pregnant = 'unknown'", "history.pregnant = 'no'", "history.pregnant = 'yes'"],
    // The last ones have words that no rule can read.
    &[
        "history.medications = []",
        "history.conditions = 'unknown'\nhistory.medications = []",
        "history.conditions = []\nhistory.medications = []",
        "history.conditions = [{ id = 'sterile' }]\nhistory.medications = []",
        "history.conditions = [{ id = 'clot' }]\nhistory.medications = []",
        "history.conditions = [{ id = 'clot', status = 'unknown' }]\nhistory.medications = []",
        "history.conditions = [{ id = 'clot', status = 'active' }]\nhistory.medications = []",
        "history.conditions = [{ id = 'clot', status = 'past' }]\nhistory.medications = []",
        "history.conditions = [{ id = 'clot', status = 'active' }, { id = 'clot', status = 'past' }]\nhistory.medications = []",
        "history.conditions = [{ id = 'clot', status = 'active' }, { id = 'sterile' }]\nhistory.medications = []",
        "history.conditions = [{ id = 'clot', status = 'past' }, { id = 'sterile' }]\nhistory.medications = []",
        "history.conditions = [{ text = 'words' }]\nhistory.medications = []",
        "history.conditions = []\nhistory.medications = [{ text = 'words' }]",
        "history.conditions = []\nhistory.medications = []\ngoals.requested = [{ text = 'words' }]",
    ],
    &[
        "",
        "goals.items = 'unknown'",
        "goals.items = []",
        "goals.items = [{ goal = 'glow', areas = ['face'] }]",
        "goals.items = [{ goal = 'dew', areas = ['face'] }]",
        "goals.items = [{ goal = 'youth', areas = ['face'] }]",
        "goals.items = [{ goal = 'glow', areas = ['face'] }, { goal = 'dew', areas = ['face'] }]",
    ],
];
/// The questions of these answers.
const READ: [&str; 5] = ["patient.sex", "patient.weight_kg", "history.pregnant", "history.conditions", "goals.items"];
/// What nothing reads.
const REST: &str = "jurisdiction = 'AA'\npatient.age = 44\npatient.height_cm = 168\nhistory.events = []\n\
                    allergies.items = []\nsetting.provenance = []\n";

fn layers(content: &str) -> [LayerFiles; 1] {
    let files = [
        ("tiny/pack.toml", include_str!("../fixtures/tiny-pack/pack.toml")),
        ("tiny/content.toml", content),
        ("tiny/safety-case.toml", include_str!("../fixtures/tiny-pack/safety-case.toml")),
    ];
    [LayerFiles { files: files.iter().map(|(path, text)| SourceFile::new(*path, *text)).collect() }]
}

fn pack(content: &str) -> (Pack, Vec<Never>) {
    let layers = layers(content);
    let pack = load(&layers).unwrap_or_else(|report| panic!("{}", report.render(false)));
    let case = safety_case(&pack, &layers).unwrap_or_else(|report| panic!("{}", report.render(false)));
    (pack, case)
}

/// Every intake.
fn intakes(pack: &Pack) -> Vec<Intake> {
    let mut texts = vec![REST.to_owned()];
    for answers in ANSWERS {
        texts = texts.iter().flat_map(|text| answers.iter().map(move |line| format!("{text}{line}\n"))).collect();
    }
    let read = |text: String| {
        intake::read(pack, &SourceFile::new("intake", text)).unwrap_or_else(|r| panic!("{}", r.render(false)))
    };
    texts.into_iter().map(read).collect()
}

/// The failures that count, as the report names them; of faults of a patient only the property.
fn proved(report: &Report) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for row in report.properties.iter().filter(|row| !row.property.informs()) {
        for failure in &row.failures {
            let code = row.property.code();
            found.insert(if failure.witness.is_some() { code.to_owned() } else { failure.name.clone() });
        }
    }
    found
}

/// The position of the intake that differs from another one by a question left open: each has "not asked" first and
/// "unknown" second.
fn opened_at(n: usize, question: &str, not_asked: bool) -> Option<usize> {
    let column = READ.iter().position(|id| *id == question)?;
    let step: usize = ANSWERS.iter().skip(column + 1).map(|answers| answers.len()).product();
    let many = ANSWERS.get(column)?.len();
    // Words on other lists stand in one column with the conditions.
    let answer = n / step % many;
    (question != "history.conditions" || answer + 2 < many).then(|| n - answer * step + usize::from(!not_asked) * step)
}

/// The same by counting.
fn counted(pack: &Pack, case: &[Never]) -> BTreeSet<String> {
    let judge = Judge { pack, case, today: TODAY };
    let all = intakes(pack);
    let results: Vec<Assessment> = all.iter().map(|intake| judge.assess(intake)).collect();
    let mut found: BTreeSet<String> = BTreeSet::new();
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let opened: Vec<_> = pack.questions.entries().filter(|(_, q)| !q.derived).map(|(ix, _)| ix).collect();
    // Leaving open what nothing reads is tried where there is a plan to be had; leaving open the rest, everywhere.
    for (n, (intake, result)) in all.iter().zip(&results).enumerate() {
        found.extend(judge.of(intake, result).into_iter().map(str::to_owned));
        let facts = rules::facts(pack, intake, TODAY);
        for rule in &pack.rules {
            if evaluate(pack, &facts, &rule.when) == Truth::True {
                seen.insert(format!("P1006:{}", rule.id));
            }
        }
        for cocktail in result.plan.iter().flat_map(|plan| &plan.cocktails) {
            seen.insert(format!("P1007:{}", cocktail.recipe));
            let used = cocktail.ingredients.iter().map(|dose| format!("P1008:{}/{}", cocktail.recipe, dose.id));
            seen.extend(used);
            seen.insert(format!("P1011:{}", cocktail.goal));
            seen.extend(cocktail.also_for.iter().map(|goal| format!("P1011:{goal}")));
            seen.extend(cocktail.alternatives.iter().filter(|a| a.possible).map(|a| format!("P1007:{}", a.recipe)));
        }
        for question in opened.iter().filter(|ix| result.plan.is_some() || READ.contains(&pack.questions[**ix].id())) {
            for not_asked in [false, true] {
                // Without a plan nothing is loosened.
                let planned = opened_at(n, pack.questions[*question].id(), not_asked)
                    .and_then(|at| results.get(at))
                    .map(|open| open.plan.is_some());
                if planned != Some(false) && judge.opened(intake, *question, not_asked) {
                    found.insert("P1013".to_owned());
                }
            }
        }
    }
    // Adding to the conditions: every pair of lists of which one holds the other.
    let mitigates = mitigating(pack);
    let mut groups: HashMap<String, Vec<&Intake>> = HashMap::new();
    for intake in &all {
        let mut rest = intake.clone();
        rest.clear("history.conditions");
        groups.entry(intake::write(&rest)).or_default().push(intake);
    }
    for group in groups.values() {
        for before in group {
            for after in group.iter().filter(|after| adds(before, after, &mitigates)) {
                if judge.risk(before, after) {
                    found.insert("P1014".to_owned());
                }
            }
        }
    }
    for rule in &pack.rules {
        found.extend(Some(format!("P1006:{}", rule.id)).filter(|name| !seen.contains(name)));
    }
    for recipe in &pack.recipes {
        found.extend(Some(format!("P1007:{}", recipe.id)).filter(|name| !seen.contains(name)));
    }
    for recipe in &pack.recipes {
        for (n, slot) in recipe.slots.iter().enumerate() {
            for choice in &slot.choices {
                let id = pack.ingredients[*choice].id();
                let missing = !seen.contains(&format!("P1008:{}/{id}", recipe.id));
                found.extend(missing.then(|| format!("P1008:{}/{}/{id}", recipe.id, n + 1)));
            }
        }
    }
    for goal in pack.goals.iter().filter(|goal| goal.no_injectable.is_none()) {
        found.extend(Some(format!("P1011:{}", goal.id)).filter(|name| !seen.contains(name)));
    }
    found
}

/// Whether a rule that fires below does not, or does less, with the layer.
fn weaker(pack: &Pack, below: &Pack) -> bool {
    let kept = |intake: &Intake| {
        let (before, now) = (rules::facts(below, intake, TODAY), rules::facts(pack, intake, TODAY));
        let fired = below.rules.iter().filter(|rule| evaluate(below, &before, &rule.when).fires());
        fired.into_iter().all(|rule| {
            pack.rules.get(&rule.id).is_some_and(|new| {
                evaluate(pack, &now, &new.when).fires()
                    && new.ruling_on(TODAY).verdict >= rule.ruling_on(TODAY).verdict
                    && rule.exclude.ingredients.iter().all(|item| new.exclude.ingredients.contains(item))
                    && rule.exclude.techniques.iter().all(|item| new.exclude.techniques.contains(item))
            })
        })
    };
    !intakes(pack).iter().all(kept)
}

/// Whether the second intake has the conditions of the first and more, none of them a reason for a rule not to fire.
fn adds(before: &Intake, after: &Intake, mitigates: &BTreeSet<String>) -> bool {
    const CONDITIONS: &str = "history.conditions";
    let (Some(pistor::intake::Answer::Items(less)), Some(pistor::intake::Answer::Items(more))) =
        (before.get(CONDITIONS), after.get(CONDITIONS))
    else {
        return false;
    };
    let further = more.iter().filter(|entry| !less.contains(entry));
    let harmless = |entry: &pistor::intake::Entry| matches!(&entry.what, pistor::intake::What::Coded(id) if mitigates.contains(id));
    more.len() > less.len() && less.iter().all(|entry| more.contains(entry)) && !further.into_iter().any(harmless)
}

/// Conditions that some rule reads as a reason not to fire.
fn mitigating(pack: &Pack) -> BTreeSet<String> {
    fn collect(pack: &Pack, condition: &Condition, negated: bool, found: &mut BTreeSet<String>) {
        match condition {
            Condition::All(of) | Condition::Any(of) | Condition::AtLeast { of, .. } => {
                of.iter().for_each(|part| collect(pack, part, negated, found));
            }
            Condition::Not(inner) => collect(pack, inner, !negated, found),
            Condition::Listed { items, .. } if negated => {
                found.extend(items.iter().map(|item| pack.conditions[item].id().to_owned()));
            }
            _ => {}
        }
    }
    let mut found = BTreeSet::new();
    pack.rules.iter().for_each(|rule| collect(pack, &rule.when, false, &mut found));
    found
}

fn with(from: &str, to: &str) -> String {
    assert!(CONTENT.contains(from), "`{from}` is not in the tiny pack");
    CONTENT.replacen(from, to, 1)
}

/// Without a block that begins so.
fn without(begins: &str) -> String {
    let start = CONTENT.find(begins).unwrap_or_else(|| panic!("no {begins}"));
    let end = CONTENT[start + 2..].find("\n[[").map_or(CONTENT.len(), |n| start + n + 3);
    format!("{}{}", &CONTENT[..start], &CONTENT[end..])
}

/// Every failure with its patient.
fn shown(report: &Report) -> String {
    let failures = report.properties.iter().filter(|row| !row.property.informs()).flat_map(|row| &row.failures);
    let text = |failure: &pistor::proof::Failure| {
        let patient = failure.witness.as_ref().map(|witness| intake::write(&witness.intake)).unwrap_or_default();
        format!("{}: {}\n{patient}", failure.name, failure.message)
    };
    failures.map(text).collect::<Vec<_>>().join("\n")
}

#[rstest]
// Words among what is asked for ask for a look; "unknown" there does not: both ways of asking find that.
#[case::as_it_is(CONTENT.to_owned(), &["P1013"])]
#[case::an_unless_that_lets_somebody_through(
    with("when = { history.pregnant = \"yes\" }\n", "when = { history.pregnant = \"yes\" }\nunless = { condition = \"sterile\" }\n"),
    &["P1002"]
)]
#[case::a_kilo_off(with("under = 45", "under = 44"), &["P1002"])]
#[case::a_rule_for_nobody(
    with("when = { history.pregnant = \"yes\" }\n", "when = { all = [{ patient.sex = \"female\" }, { patient.sex = \"male\" }] }\n"),
    &["P1002", "P1006:pregnant"]
)]
#[case::what_must_not_be_mixed(with("use = [\"numb\"]", "use = [\"soda\"]"), &["P1007:glow-numbed"])]
#[case::a_goal_without_a_recipe(without("[[recipe]]\nid = \"dew\""), &["P1011:dew"])]
#[case::a_plan_for_what_nothing_gives_back(with("no_injectable = \"Nothing gives it back.\"\n", ""), &["P1011:youth"])]
#[case::silence_taken_for_no(
    with("otherwise = \"no\"\nrequired = true\n", "otherwise = \"no\"\noptional = true\n"),
    &[]
)]
fn proving_and_counting_agree(#[case] content: String, #[case] expected: &[&str]) {
    let (pack, case) = pack(&content);
    let report = prove(Subject { pack: &pack, below: None, case: &case, today: TODAY });
    let (proved, counted) = (proved(&report), counted(&pack, &case));
    assert_eq!(proved, counted, "\n{}", shown(&report));
    let expected: BTreeSet<String> = expected.iter().map(|name| (*name).to_owned()).collect();
    assert!(expected.is_subset(&proved), "expected {expected:?}, found {proved:?}");
}

#[rstest]
#[case::the_same(CONTENT.to_owned(), false)]
#[case::an_unless_more(with("message = \".\"\n", "unless = { condition = \"sterile\" }\nmessage = \".\"\n"), true)]
#[case::a_milder_verdict(with("verdict = \"decline\"", "verdict = \"caution\""), true)]
#[case::a_kilo_less(with("under = 45", "under = 44"), true)]
#[case::a_kilo_more(with("under = 45", "under = 46"), false)]
#[case::an_exclusion_less(with("exclude = { technique = [\"nappage\"] }\n", ""), true)]
#[case::a_rule_gone(without("[[rule]]\nid = \"clots\""), true)]
fn a_layer_is_weaker_when_counting_says_so(#[case] content: String, #[case] expected: bool) {
    let ((pack, _), (below, _)) = (pack(&content), pack(CONTENT));
    let report = prove(Subject { pack: &pack, below: Some(&below), case: &[], today: TODAY });
    assert_eq!(proved(&report).contains("P1015"), expected);
    assert_eq!(weaker(&pack, &below), expected);
}

#[test]
fn nothing_is_left_out_of_the_count() {
    let (pack, _) = pack(CONTENT);
    let all = intakes(&pack);
    assert_eq!(all.len(), ANSWERS.iter().map(|answers| answers.len()).product::<usize>());
    let plans = all.iter().filter(|intake| assess(&pack, intake, TODAY).plan.is_some()).count();
    assert!(plans > 50 && plans < all.len() / 2, "{plans} plans of {}", all.len());
}
