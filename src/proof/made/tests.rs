//! Patients made for rules, judged by the assessment, which knows no circuits.

use std::sync::LazyLock;

use jiff::civil::{Date, date};

use super::*;
use crate::intake::{self, Answer, Intake};
use crate::pack::load::portraits;
use crate::pack::{Identified, Pack, Portraits, builtin, builtin_files};
use crate::plan::assess;
use crate::rules::{Truth, evaluate, facts};
use crate::source::SourceFile;

const TODAY: Date = date(2026, 11, 22);
static PACK: LazyLock<Pack> = LazyLock::new(|| builtin().unwrap_or_else(|report| panic!("{}", report.render(false))));
static PORTRAITS: LazyLock<Portraits> =
    LazyLock::new(|| portraits(&PACK, &[builtin_files()]).unwrap_or_else(|report| panic!("{}", report.render(false))));

fn maker() -> Maker<'static> {
    Maker::of(&PACK, TODAY, &PORTRAITS)
}

/// A few rules in every run, all by `PISTOR_ALL_MADE=1`.
fn sample() -> impl Iterator<Item = Ix<Rule>> {
    let step = if std::env::var_os("PISTOR_ALL_MADE").is_some() { 1 } else { 97 };
    PACK.rules.entries().map(|(ix, _)| ix).step_by(step)
}

/// The rules of all findings for an intake that was written and read back.
fn listed(made: &Made) -> Vec<String> {
    let text = intake::write(&made.intake);
    let read = intake::read(&PACK, &SourceFile::new("made.toml", text.as_str()));
    let read = read.unwrap_or_else(|report| panic!("{text}\n{}", report.render(false)));
    let result = assess(&PACK, &read, TODAY);
    assert!(result.missing.is_empty(), "{} leaves questions open:\n{text}", made.shows);
    let mut found: Vec<String> = result.findings.into_iter().map(|finding| finding.rule).collect();
    found.retain(|rule| PACK.rules.get(rule).is_some());
    found.sort();
    found
}

fn truth(rule: &Rule, intake: &Intake) -> Truth {
    evaluate(&PACK, &facts(&PACK, intake, TODAY), &rule.when)
}

#[test]
fn a_rule_stands_alone_or_is_proved_never_to() {
    let mut maker = maker();
    let (mut alone, mut with) = (0, 0);
    let pair = ["sulfite-allergy-asthma", "pregnancy"].map(|id| PACK.rules.find(id).expect("a rule"));
    for rule in sample().chain(pair) {
        maker.next_rule().expect("sound proofs");
        let id = PACK.rules[rule].id();
        let made = maker.isolating(rule, 3);
        assert_eq!(made.not_found, Vec::<String>::new(), "{id}");
        let [case] = made.cases.as_slice() else { panic!("{id}: {made:?}") };
        let mut expected = case.with.clone();
        expected.push(id.to_owned());
        expected.sort();
        assert_eq!(listed(case), expected, "{id}");
        assert_eq!(case.with.is_empty(), made.proved.is_empty(), "{id}: company needs a proof, {made:?}");
        alone += usize::from(case.with.is_empty());
        with += usize::from(!case.with.is_empty());
    }
    eprintln!("{alone} rules alone, {with} proved never to be");
    assert!(alone > 2 && with > 0, "{alone} alone, {with} not");
    let proofs = maker.verified().unwrap_or_else(|at| panic!("{at:?}"));
    assert!(proofs > 0, "what never stands alone is proved, and the proof checked without the solver");
}

#[test]
fn the_same_seed_makes_the_same_patient_whatever_was_made_before() {
    let rules = ["isotretinoin-recent", "bmi-obese-body-lipolysis"].map(|id| PACK.rules.find(id).expect("a rule"));
    let mut fresh = maker();
    let first = fresh.make(Kind::Isolating, rules[0], 7);
    let boundary = fresh.make(Kind::Boundary, rules[1], 7);
    let mut used = maker();
    for kind in Kind::ALL {
        for rule in rules.iter().rev() {
            used.make(kind, *rule, 1);
        }
    }
    assert_eq!(used.make(Kind::Boundary, rules[1], 7), boundary);
    assert_eq!(used.make(Kind::Isolating, rules[0], 7), first);
    let other = used.make(Kind::Isolating, rules[0], 8);
    assert_ne!(other.cases[0].intake, first.cases[0].intake, "another seed is somebody else");
    assert_eq!(listed(&other.cases[0]), listed(&first.cases[0]), "with the same property");
}

#[test]
fn the_sides_of_a_number_are_one_step_apart_and_one_of_them_fires() {
    let mut maker = maker();
    let named = ["isotretinoin-recent", "bmi-obese-body-lipolysis"].map(|id| PACK.rules.find(id).expect("a rule"));
    let mut pairs = 0;
    for rule in sample().chain(named) {
        maker.next_rule().expect("sound proofs");
        let row = &PACK.rules[rule];
        let made = maker.boundary(rule, 2);
        assert_eq!(made.not_found, Vec::<String>::new(), "{}", row.id);
        for pair in made.cases.chunks(2) {
            let [below, from] = pair else { panic!("{}: half a pair", row.id) };
            assert_ne!(below.fires, from.fires, "{}", below.shows);
            for case in pair {
                assert_eq!(
                    truth(row, &case.intake),
                    if case.fires { Truth::True } else { Truth::False },
                    "{}",
                    case.shows
                );
                listed(case);
            }
            pairs += 1;
        }
    }
    assert!(pairs > 2, "only {pairs} pairs");
    let days: Vec<Answer> = maker
        .boundary(named[0], 2)
        .cases
        .iter()
        .filter_map(|case| case.intake.get("history.medications").cloned())
        .collect();
    let days: Vec<String> = days.iter().map(intake::answer_toml).collect();
    assert!(days[0].contains("stopped_days_ago = 179") && days[1].contains("stopped_days_ago = 180"), "{days:?}");
    let index = |case: &Made| {
        let facts = facts(&PACK, &case.intake, TODAY);
        facts.number(PACK.roles.bmi).map(|index| index.to_string())
    };
    let body = maker.boundary(named[1], 2);
    let found: Vec<Option<String>> = body.cases.iter().map(index).collect();
    assert!(found.contains(&Some("29.9".to_owned())) && found.contains(&Some("30".to_owned())), "{found:?}");
}

#[test]
fn a_near_miss_is_one_answer_away() {
    let mut maker = maker();
    let mut cases = 0;
    for rule in sample() {
        maker.next_rule().expect("sound proofs");
        let row = &PACK.rules[rule];
        let made = maker.near_miss(rule, 4);
        for case in &made.cases {
            assert_eq!(truth(row, &case.intake), Truth::False, "{}", case.shows);
            let facts = facts(&PACK, &case.intake, TODAY);
            let by_one = atoms(row).iter().any(|atom| evaluate(&PACK, &facts, &atom.turned(row, true)).fires());
            assert!(by_one, "{} is not one answer away", case.shows);
            listed(case);
            cases += 1;
        }
        assert!(!made.cases.is_empty() || !made.proved.is_empty(), "{}: {made:?}", row.id);
    }
    assert!(cases > 10, "only {cases} near misses");
}

#[test]
fn what_cases_leave_out_is_named_and_what_no_case_can_do_is_proved() {
    let files = [
        ("small/pack.toml", include_str!("../../../tests/fixtures/small-pack/pack.toml")),
        ("small/content.toml", include_str!("../../../tests/fixtures/small-pack/content.toml")),
    ];
    let files = files.iter().map(|(path, text)| SourceFile::new(*path, *text)).collect();
    let pack = crate::pack::load::load(&[crate::pack::load::LayerFiles { files }]).expect("the small pack loads");
    let nobody = Portraits::default();
    let mut maker = Maker::of(&pack, TODAY, &nobody);
    let empty = coverage(&mut maker, &[]).expect("sound proofs");
    assert!(empty.rules.iter().all(|row| row.fired == 0 && !row.open.is_empty()));
    let peel = pack.rules.find("peel").expect("a rule");
    let patients = maker.boundary(peel, 0).cases;
    let cases: Vec<(String, Intake, Date)> =
        patients.iter().map(|made| (made.name.clone(), made.intake.clone(), TODAY)).collect();
    let both = coverage(&mut maker, &cases).expect("sound proofs");
    let row = both.rules.iter().find(|row| row.rule == "peel").expect("its row");
    assert_eq!((row.fired, row.alone.is_some(), row.open.clone()), (1, true, Vec::new()), "{row:?}");
    assert_eq!(row.atoms[0].cuts[0].below, ("27".to_owned(), Some("1-below".to_owned())));
    let one = coverage(&mut maker, &cases[..1]).expect("sound proofs");
    let row = one.rules.iter().find(|row| row.rule == "peel").expect("its row");
    assert!(row.open.iter().any(|what| what == "no case decides at days_ago 28"), "{row:?}");
    // Whatever a made case shows is shown, and what is left open could be shown.
    let mut all = cases;
    for (rule, _) in pack.rules.entries() {
        for kind in Kind::ALL {
            let made = maker.make(kind, rule, 0).cases.into_iter();
            all.extend(made.map(|made| (format!("{}-{}", made.rule, made.name), made.intake, TODAY)));
        }
    }
    let made = coverage(&mut maker, &all).expect("sound proofs");
    let open: Vec<_> = made.open().map(|row| (&row.rule, &row.open)).collect();
    assert!(open.is_empty(), "{open:?}");
    assert!(maker.verified().is_ok());
}
