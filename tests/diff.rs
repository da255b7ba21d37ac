//! Two packs compared: each planted edit is found with the smallest patient whose outcome changes by it, and what changes
//! nobody's outcome is proved to.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeSet;

use jiff::civil::{Date, date};
use pistor::intake;
use pistor::pack::Pack;
use pistor::pack::load::{LayerFiles, load};
use pistor::plan::assess;
use pistor::proof::diff::{Diff, Direction, diff};
use pistor::proof::{check_certificate, trimmed};
use pistor::source::SourceFile;
use rstest::rstest;

const TODAY: Date = date(2026, 11, 22);
const CONTENT: &str = include_str!("fixtures/small-pack/content.toml");
const REVIEW: &str = "[review]\nsince = 2026-11-22\ndue = 2027-11-22\n\n";

fn layer(folder: &str, files: &[(&str, &str)]) -> LayerFiles {
    let files = files.iter().map(|(name, text)| SourceFile::new(format!("{folder}/{name}"), *text));
    LayerFiles { files: files.collect() }
}

fn pack_of(layers: &[LayerFiles]) -> Pack {
    load(layers).unwrap_or_else(|report| panic!("{}", report.render(false)))
}

fn small(content: &str) -> LayerFiles {
    layer("small", &[("pack.toml", include_str!("fixtures/small-pack/pack.toml")), ("content.toml", content)])
}

/// The small pack with a piece of its text changed.
fn with(from: &str, to: &str) -> String {
    assert!(CONTENT.contains(from), "`{from}` is not in the small pack");
    CONTENT.replacen(from, to, 1)
}

/// The text of one table.
fn table(head: &str) -> (usize, usize) {
    let start = CONTENT.find(head).unwrap_or_else(|| panic!("no {head}"));
    let end = CONTENT[start + 2..].find("\n[[").map_or(CONTENT.len(), |n| start + n + 3);
    (start, end)
}

fn in_rule(id: &str, from: &str, to: &str) -> String {
    let (start, end) = table(&format!("[[rule]]\nid = \"{id}\""));
    assert!(CONTENT[start..end].contains(from), "`{from}` is not in the rule {id}");
    format!("{}{}{}", &CONTENT[..start], CONTENT[start..end].replacen(from, to, 1), &CONTENT[end..])
}

fn without_rule(id: &str) -> String {
    let (start, end) = table(&format!("[[rule]]\nid = \"{id}\""));
    format!("{}{}", &CONTENT[..start], &CONTENT[end..])
}

fn compared(old: &Pack, new: &Pack) -> Diff {
    let found = diff(old, new, TODAY);
    let short = trimmed(&found.certificate).expect("the proofs can be trimmed");
    check_certificate(&short).expect("every proof follows");
    // Every example is what it says: read back from its file and assessed under both packs.
    for example in found.found.iter().flat_map(|one| &one.examples).chain(&found.rest) {
        assert_eq!(example.replayed, Ok(()), "{:?}", example.differs);
        for (n, pack) in [old, new].into_iter().enumerate() {
            let file = SourceFile::new("witness.toml", intake::write(&example.intakes[n]));
            let again = intake::read(pack, &file).unwrap_or_else(|report| panic!("{}", report.render(false)));
            assert_eq!(assess(pack, &again, TODAY), example.outcomes[n]);
        }
        assert!(
            example.direction == Direction::Numbers || outcome(&example.outcomes[0]) != outcome(&example.outcomes[1]),
            "{:?} changes nothing",
            example.differs
        );
    }
    found
}

/// What counts as an outcome.
fn outcome(of: &pistor::plan::Assessment) -> (String, BTreeSet<String>, Vec<String>) {
    let excluded = of.excluded.iter().map(|out| format!("{} {}", out.kind, out.id)).collect();
    let cocktails = of.plan.iter().flat_map(|plan| &plan.cocktails);
    let filled =
        |c: &pistor::plan::Cocktail| c.ingredients.iter().map(|dose| dose.id.as_str()).collect::<Vec<_>>().join("+");
    let cocktails = cocktails.map(|c| format!("{} {} {} {} {}", c.goal, c.area, c.recipe, c.technique, filled(c)));
    (of.verdict.word().to_owned(), excluded, cocktails.collect())
}

/// `kind:id direction: smallest patient` of all examples.
fn told(found: &Diff) -> Vec<String> {
    let parts = found.found.iter().flat_map(|one| {
        let name = format!("{}:{}", one.part.kind, one.part.id);
        one.examples.iter().map(move |e| format!("{name} {}: {}", e.direction.word(), e.differs.join("; ")))
    });
    parts.chain(found.rest.iter().map(|e| format!("other {}: {}", e.direction.word(), e.differs.join("; ")))).collect()
}

/// How many patients a search tries: a few in every test run, as many as one likes by `PISTOR_CASES`.
fn searched() -> usize {
    std::env::var("PISTOR_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(150)
}

/// The directions in which outcomes change for patients made at random from what the small pack can tell apart.
fn seen(old: &Pack, new: &Pack) -> BTreeSet<&'static str> {
    const ANSWERS: [(&str, &[&str]); 12] = [
        ("jurisdiction", &["'AA'", "'BB'", "'unknown'"]),
        ("patient.age", &["15", "17", "18", "40", "'unknown'"]),
        ("patient.sex", &["'female'", "'male'"]),
        ("patient.weight_kg", &["40", "80", "'unknown'", ""]),
        ("skin.type", &["'thick'", "'thin'"]),
        ("history.pregnant", &["'no'", "'no'", "'yes'", ""]),
        (
            "history.conditions",
            &[
                "[]",
                "[{ id = 'thrombosis' }]",
                "[{ id = 'embolism' }]",
                "[{ id = 'sepsis', status = 'past' }]",
                "[{ id = 'sepsis', status = 'active' }, { id = 'sterile' }]",
                "[{ id = 'wart', site = 'here', status = 'active' }]",
                "[{ id = 'wart', site = 'cheek' }, { id = 'sterile' }]",
            ],
        ),
        ("history.medications", &["[]", "[]", "[{ id = 'thinner' }]", "'unknown'"]),
        (
            "history.events",
            &[
                "[]",
                "[{ id = 'peel', days_ago = 20 }]",
                "[{ id = 'peel', days_ago = 24 }]",
                "[{ id = 'peel', days_ago = 28 }]",
            ],
        ),
        ("allergies.items", &["[]", "[]", "[{ id = 'alphacaine' }]", "[{ id = 'betacaine' }]"]),
        (
            "goals.items",
            &[
                "[{ goal = 'brightness', areas = ['face'] }]",
                "[{ goal = 'moisture', areas = ['cheek'] }]",
                "[{ goal = 'youth', areas = ['face'] }]",
            ],
        ),
        ("setting.provenance", &["[]", "[]", "[]", "[{ id = 'expired' }]"]),
    ];
    let mut state: u64 = 1;
    let mut pick = |n: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % n
    };
    let mut ways = BTreeSet::new();
    for _ in 0..searched() {
        let lines = ANSWERS.iter().map(|(question, options)| (question, options[pick(options.len())]));
        let text: String = lines
            .filter(|(_, value)| !value.is_empty())
            .map(|(question, value)| format!("{question} = {value}\n"))
            .collect();
        let of = |pack: &Pack| {
            let file = SourceFile::new("patient.toml", text.as_str());
            let mut intake = intake::read(pack, &file).unwrap_or_else(|report| panic!("{}", report.render(false)));
            // What only one of the packs asks is answered plainly.
            if pack.questions.get("patient.shoes").is_some() {
                intake.set("patient.shoes", intake::Answer::Choice("small".into()));
            }
            assess(pack, &intake, TODAY)
        };
        let (was, is) = (of(old), of(new));
        if outcome(&was) == outcome(&is) {
            continue;
        }
        let order = ["proceed", "caution", "clearance", "defer", "refer", "decline"];
        let place = |one: &pistor::plan::Assessment| order.iter().position(|word| *word == one.verdict.word());
        let (before, after) = (outcome(&was).1, outcome(&is).1);
        let complete = place(&was).zip(place(&is));
        let looser = complete.is_some_and(|(was, is)| is < was || !before.is_subset(&after));
        let stricter = complete.is_some_and(|(was, is)| is > was || !after.is_subset(&before));
        // Mixed ones, and what has to be asked first, are shown where nothing plainer is.
        if looser != stricter {
            ways.insert(if looser { "looser" } else { "stricter" });
        }
    }
    ways
}

#[rstest]
#[case::the_same("same", CONTENT.to_owned())]
#[case::a_threshold("threshold", in_rule("child", "under = 18", "under = 16"))]
#[case::a_wait("wait", in_rule("peel", "under = 28", "under = 21").replace("days = 28", "days = 21"))]
#[case::a_member_of_a_group(
    "group-member",
    with("members = [\"thrombosis\", \"embolism\"]", "members = [\"thrombosis\"]")
)]
#[case::a_rule_taken_away("rule-gone", without_rule("thin"))]
#[case::a_message("message", in_rule("thin", "message = \"Ask.\"", "message = \"Ask in writing.\""))]
#[case::the_rank_of_a_recipe(
    "rank",
    with("evidence = \"A\"\noutcome = \"brighter\"", "evidence = \"C\"\noutcome = \"brighter\"")
)]
#[case::the_order_of_substitutes(
    "substitutes",
    with("[\"alphacaine\", \"betacaine\"]\nml", "[\"betacaine\", \"alphacaine\"]\nml")
)]
#[case::a_verdict("verdict", in_rule("wart", "verdict = \"caution\"", "verdict = \"decline\""))]
#[case::what_a_rule_excludes("exclusion", in_rule("clots", "[\"brightener\"]", "[\"moistener\"]"))]
#[case::a_rule_that_says_what_another_says("shadowed", format!("{CONTENT}\n[[rule]]\nid = 'toddler'\ntitle = 'Toddler'\nverdict = 'decline'\nwhen = {{ patient.age = {{ under = 4 }} }}\nmessage = '.'\nwhy = '.'\nevidence = 'D'\nbasis = 'general'\n"))]
#[case::a_limit("limit", with("mg_per_kg = 4", "mg_per_kg = 3"))]
#[case::a_mixing_rule("mixing", with("b = [\"soda\"]", "b = [\"soda\", \"class:caines\"]"))]
#[case::a_question_that_is_new("question", format!("{CONTENT}\n[[question]]\nid = 'patient.shoes'\nstep = 'patient'\nlabel = 'Shoes'\nhelp = '.'\nkind = 'choice'\noptions = [{{ id = 'small', label = 'Small' }}, {{ id = 'large', label = 'Large' }}]\nrequired = true\n\n[[rule]]\nid = 'big-feet'\ntitle = 'Big feet'\nverdict = 'caution'\nwhen = {{ patient.shoes = 'large' }}\nmessage = '.'\nwhy = '.'\nevidence = 'D'\nbasis = 'general'\n"))]
#[case::a_question_asked_of_others("asked-when", with("ask_when = { patient.sex = \"female\" }\n", ""))]
#[case::vocabulary_that_is_new("vocabulary", format!("{CONTENT}\n[[condition]]\nid = 'gout'\nlabel = 'Gout'\n\n[[rule]]\nid = 'gout'\ntitle = 'Gout'\nverdict = 'caution'\nwhen = {{ condition = ['gout', 'sepsis'] }}\nmessage = '.'\nwhy = '.'\nevidence = 'D'\nbasis = 'general'\n"))]
fn what_an_edit_changes(#[case] name: &str, #[case] content: String) {
    let (old, new) = (pack_of(&[small(CONTENT)]), pack_of(&[small(&content)]));
    let found = compared(&old, &new);
    let parts: Vec<String> = found.found.iter().map(|one| format!("{} {}", one.part.kind, one.part.id)).collect();
    let text = format!(
        "differs: {}\nonly new: {}\noutcomes change: {}\n{}",
        parts.join(", "),
        found.only_new.join("; "),
        found.changes,
        told(&found).join("\n")
    );
    insta::assert_snapshot!(name, text);
    // A search among random patients, which knows nothing of circuits, sees nothing that was not shown.
    let shown: BTreeSet<&str> = found.found.iter().flat_map(|one| &one.examples).map(|e| e.direction.word()).collect();
    for way in seen(&old, &new) {
        assert!(found.changes, "{way}: somebody's outcome changes");
        assert!(shown.contains(way), "{way}: seen and not shown");
    }
    // The other way round the directions are turned round.
    let back = compared(&new, &old);
    assert_eq!(back.changes, found.changes);
    let turned = |way| match way {
        Direction::Looser => Direction::Stricter,
        Direction::Stricter => Direction::Looser,
        other => other,
    };
    let ways = |found: &Diff, turn: bool| -> BTreeSet<(String, &'static str)> {
        let all = found.found.iter().flat_map(|one| one.examples.iter().map(|e| (one.part.id.clone(), e.direction)));
        all.map(|(id, way)| (id, if turn { turned(way) } else { way }.word())).collect()
    };
    assert_eq!(ways(&back, true), ways(&found, false));
}

#[test]
fn the_order_of_a_file_changes_nothing() {
    // The tables in the opposite order: every position of the one pack means something else in the other.
    let (head, tables) = CONTENT.split_at(CONTENT.find("[[").unwrap());
    let mut blocks: Vec<String> = Vec::new();
    for block in tables.split_inclusive('\n').collect::<Vec<_>>().split(|line| line.trim().is_empty()) {
        blocks.push(block.concat());
    }
    // What belongs to a question that comes later is asked in another order; questions keep theirs.
    let (questions, mut rest): (Vec<String>, Vec<String>) =
        blocks.into_iter().partition(|block| block.starts_with("[[question]]"));
    rest.reverse();
    let turned = format!("{head}{}\n{}", rest.join("\n"), questions.join("\n"));
    let found = compared(&pack_of(&[small(CONTENT)]), &pack_of(&[small(&turned)]));
    assert!(!found.changes && found.found.is_empty(), "{:?} {:?}", told(&found), found.found);
}

#[test]
fn a_clinic_s_layer_is_compared_as_it_was_and_as_it_is() {
    let header = "[pack]\nid = 'clinic'\nversion = '1'\nlanguage = 1\ntitle = 'Clinic'\nextends = 'small'\n";
    let rule = |under: u32| {
        format!(
            "{REVIEW}[[rule]]\nid = 'clinic-young'\ntitle = 'Young'\nverdict = 'clearance'\nfrom = 'the lead'\n\
             when = {{ patient.age = {{ under = {under} }} }}\nmessage = '.'\nwhy = '.'\nevidence = 'D'\nbasis = 'policy'\n"
        )
    };
    let of = |text: &str| pack_of(&[small(CONTENT), layer("clinic", &[("pack.toml", header), ("rules.toml", text)])]);
    let found = compared(&of(&rule(25)), &of(&rule(21)));
    let told = told(&found);
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].ends_with("patient.age: 22"), "{told:?}");
    let added = compared(&pack_of(&[small(CONTENT)]), &of(&rule(21)));
    assert_eq!(added.found.iter().map(|one| one.part.id.as_str()).collect::<Vec<_>>(), ["clinic-young"]);
    assert!(added.found[0].examples.iter().all(|example| example.direction == Direction::Stricter));
}
