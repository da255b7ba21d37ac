//! Invented patients one can believe in: in words of their own, with what is harmless, and without contradictions.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};

use jiff::civil::{Date, date};

use super::harmless::company;
use super::proofread::harmless_no_more;
use super::{Case, Cases, Disclose, School, read};
use super::{Patient, read_files};
use crate::intake::Answer;
use crate::pack::load::portraits;
use crate::pack::{Pack, builtin, builtin_files};
use crate::plan::assess;
use crate::source::SourceFile;

const TODAY: Date = date(2026, 11, 22);
static PACK: LazyLock<Pack> = LazyLock::new(|| builtin().unwrap_or_else(|report| panic!("{}", report.render(false))));
static CASES: LazyLock<Cases> =
    LazyLock::new(|| read(&PACK, &[builtin_files()]).unwrap_or_else(|report| panic!("{}", report.render(false))));

fn school() -> School {
    School::of(&PACK, CASES.clone(), vec![builtin_files()]).unwrap_or_else(|report| panic!("{}", report.render(false)))
}

/// A case of the pack with one line exchanged.
fn exchanged(id: &str, from: &str, to: &str) -> Arc<Case> {
    let files: Vec<_> = builtin_files().training().cloned().collect();
    let name = format!("{id}.toml");
    let own = |file: &&Arc<SourceFile>| file.path.ends_with(&name) || file.path.ends_with("defaults.toml");
    let changed = |file: &Arc<SourceFile>| {
        let text = if file.path.ends_with(&name) { file.text.replacen(from, to, 1) } else { file.text.to_string() };
        assert!(!file.path.ends_with(&name) || *text != *file.text, "`{from}` does not stand in {id}");
        SourceFile::new(file.path.clone(), text)
    };
    let files: Vec<_> = files.iter().filter(own).map(changed).collect();
    let cases = read_files(&PACK, &files).unwrap_or_else(|report| panic!("{}", report.render(false)));
    Arc::clone(&cases[id])
}

#[test]
fn what_is_called_harmless_changes_nothing_in_any_case() {
    assert!(CASES.values().all(|case| harmless_no_more(case).is_empty()));
    let mut tried = 0;
    // A few cases at each extreme are enough where every row is tried; a step keeps the run short.
    for case in CASES.values().step_by(4) {
        let patient = Patient::of(&PACK, case, 1);
        let mut plain = patient.intake();
        let open: Vec<_> = case
            .harmless
            .iter()
            .filter(|row| case.facts.iter().any(|fact| fact.question == row.question && fact.stock.is_some()))
            .collect();
        open.iter().for_each(|row| plain.set(&row.question, Answer::Items(Vec::new())));
        let before = assess(&PACK, &plain, TODAY);
        for row in open {
            let mut with = plain.clone();
            with.set(&row.question, row.answer.clone());
            let after = assess(&PACK, &with, TODAY);
            assert_eq!(after.verdict, before.verdict, "{}: {row:?}", case.id);
            let rules = |a: &crate::plan::Assessment| a.findings.iter().map(|f| f.rule.clone()).collect::<Vec<_>>();
            assert_eq!(rules(&after), rules(&before), "{}: {row:?}", case.id);
            assert_eq!(format!("{:?}", after.plan), format!("{:?}", before.plan), "{}: {row:?}", case.id);
            tried += 1;
        }
    }
    assert!(tried > 500, "{tried}");
}

#[test]
fn most_patients_have_something_harmless_and_only_where_the_case_says_nothing() {
    let (mut with, mut all) = (0, 0);
    let mut seen = BTreeSet::new();
    for case in CASES.values() {
        for seed in 0..8 {
            let drawn = company(case, seed, &Patient::of(&PACK, case, seed).intake());
            let questions: BTreeSet<&str> = drawn.iter().map(|(question, ..)| question.as_str()).collect();
            assert_eq!(questions.len(), drawn.len(), "at most one entry for a question");
            let written =
                |question: &&&str| case.facts.iter().any(|fact| fact.question == **question && fact.stock.is_none());
            assert_eq!(questions.iter().find(written), None, "{}", case.id);
            seen.extend(drawn.iter().map(|(_, _, says)| says.clone()));
            with += usize::from(!drawn.is_empty());
            all += 1;
        }
    }
    assert!(with * 10 > all * 6, "{with} of {all}");
    assert!(seen.len() > 30, "{seen:?}");
}

#[test]
fn healthy_patients_do_not_all_say_the_same_and_some_sound_vague() {
    let mut said: BTreeMap<&str, BTreeMap<String, usize>> = BTreeMap::new();
    let mut coy = 0;
    for case in CASES.values() {
        for fact in &Patient::of(&PACK, case, 0).facts {
            let stock = case.facts.iter().find(|row| row.question == fact.question && row.stock.is_some());
            if let Some(row) = stock.filter(|row| row.says.len() > 2) {
                *said.entry(&row.question).or_default().entry(fact.says.clone()).or_default() += 1;
                coy += usize::from(fact.disclose == Disclose::Probe && fact.vague.is_some());
            }
        }
    }
    assert!(said.len() > 9, "{:?}", said.keys());
    for (question, sentences) in said {
        let (all, most) = (sentences.values().sum::<usize>(), sentences.values().max().copied().unwrap_or(0));
        assert!(most * 3 < all, "{question}: {sentences:?}");
    }
    assert!(coy > 30, "{coy}");
}

#[test]
fn a_vague_word_of_a_made_patient_is_one_that_the_healthy_say_too() {
    let portraits = portraits(&PACK, &[builtin_files()]).unwrap_or_else(|report| panic!("{}", report.render(false)));
    let case = &CASES["glow-before-a-wedding"];
    let mut compared = 0;
    for phrase in portraits.phrases.iter().filter(|phrase| !phrase.vague.is_empty()) {
        let healthy = case.facts.iter().find(|fact| fact.question == phrase.of && !fact.vague.is_empty());
        let Some(healthy) = healthy else { continue };
        assert!(phrase.vague.iter().all(|vague| healthy.vague.contains(vague)), "{phrase:?}");
        compared += 1;
    }
    assert!(compared >= 5, "{compared}");
}

#[test]
fn the_cases_of_the_pack_agree_with_themselves() {
    let school = school();
    let mut wrong = Vec::new();
    for case in CASES.values() {
        wrong.extend(school.proofread(&PACK, case, TODAY).into_iter().map(|why| format!("{}: {why}", case.id)));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_case_that_leaves_to_the_defaults_what_it_speaks_of_is_told() {
    let school = school();
    let told =
        |from: &str, to: &str| school.proofread(&PACK, &exchanged("glow-before-a-wedding", from, to), TODAY).join("\n");
    let brief = "fresher cheeks for her sister's wedding";
    for (to, question) in [
        ("fresher cheeks. She brought her tablets to the wedding", "history.medications"),
        ("fresher cheeks, since the change, for her sister's wedding", "history.pregnancy"),
        ("fresher cheeks, is allergic to nothing but her sister's wedding", "allergies.items"),
    ] {
        let told = told(brief, to);
        assert!(told.contains(question) && told.contains("the brief speaks of"), "{to}: {told}");
    }
    // Who answers the question is not told any more.
    let both = exchanged(
        "glow-before-a-wedding",
        "[[fact]]",
        "[[fact]]\nid = \"history.medications\"\nvalue = []\nsays = \"None. The tablets are my sister's.\"\n\n[[fact]]",
    );
    assert_eq!(school.proofread(&PACK, &both, TODAY), [""; 0]);
    let told = school.proofread(
        &PACK,
        &exchanged("glow-before-a-wedding", "[[fact]]", "[[fact]]\nid = \"history.pregnancy\"\nvalue = \"trying\"\nsays = \"Yes.\"\n\n[[fact]]\nid = \"patient.age\"\nvalue = 58\n\n[[fact]]"),
        TODAY,
    );
    assert!(told.iter().any(|why| why.contains("nobody would believe")), "{told:?}");
}

#[test]
fn a_fact_that_leaves_out_what_a_rule_reads_is_told() {
    let school = school();
    let told = |to: &str| {
        let given = "status = \"past\", days_ago = 2555";
        school.proofread(&PACK, &exchanged("seven-years-after", given, to), TODAY).join("\n")
    };
    let why = told("status = \"past\"");
    assert!(why.contains("`breast-cancer` has no `days_ago`") && why.contains("not ruled out"), "{why}");
    // Where nobody knows, it is said so on purpose.
    assert_eq!(told("status = \"past\", days_ago = \"unknown\""), "");
}

#[test]
fn what_has_to_be_read_or_looked_at_is_not_denied_when_asked() {
    use super::{Attempt, How, model};
    let case = &CASES["sugar-out-of-hand"];
    let header = model(&PACK, case, 0, TODAY).unwrap().header().clone();
    let mut interview = Attempt::new(Patient::of(&PACK, case, 0), header).begin();
    let asked = interview.ask("history.conditions", How::Probe, 1);
    assert_eq!((asked.new, asked.says), (0, vec!["Sugar. The figures are on the card.".to_owned()]));
    assert_eq!(interview.ask("history.conditions", How::Document, 2).new, 1);
    // A box that is spoken of can be read; nobody has to guess at the name of a tablet.
    let case = &CASES["the-calf-that-swelled"];
    let header = model(&PACK, case, 0, TODAY).unwrap().header().clone();
    let mut interview = Attempt::new(Patient::of(&PACK, case, 0), header).begin();
    assert!(interview.ask("history.medications", How::Ask, 1).says[0].contains("box"));
    let read = interview.ask("history.medications", How::Document, 2);
    assert!(read.new == 1 && read.says[0].contains("rivaroxaban"), "{read:?}");
}

#[test]
fn nobody_past_the_change_speaks_of_her_last_period() {
    let asked = |case: &Arc<Case>, seed: u64| -> Option<String> {
        let facts = Patient::of(&PACK, case, seed).facts;
        facts.into_iter().find(|fact| fact.question == "history.pregnancy").map(|fact| fact.says)
    };
    let at = |age: u8| {
        let added = format!("[[fact]]\nid = \"patient.age\"\nvalue = {age}\n\n[[fact]]");
        exchanged("glow-before-a-wedding", "[[fact]]", &added)
    };
    let (young, old) = (at(30), at(60));
    let young: BTreeSet<String> = (0..24).filter_map(|seed| asked(&young, seed)).collect();
    let old: BTreeSet<String> = (0..24).filter_map(|seed| asked(&old, seed)).collect();
    assert!(young.len() > 2 && old.len() > 2 && young.is_disjoint(&old), "{young:?} {old:?}");
    assert!(young.iter().any(|says| says.contains("period")) && !old.iter().any(|says| says.contains("period")));
}

#[test]
fn mistakes_of_harmless_facts_have_a_place() {
    let files = |text: &str| vec![SourceFile::new("cases/defaults.toml", text)];
    for (text, expected) in [
        ("[[harmless]]\nid = \"patient.age\"\nvalue = 3\nsays = \"Three.\"", "is no list"),
        ("[[harmless]]\nid = \"history.conditions\"\nvalue = []\nsays = \"None.\"", "needs an entry and words"),
        (
            "[[harmless]]\nid = \"history.conditions\"\nvalue = [{ text = \"a cold\" }]\nsays = \"A cold.\"",
            "take an `id`",
        ),
        ("[[default]]\nid = \"history.pregnancy\"\nvalue = \"no\"\nelder = { from_age = 52 }", "expected `says`"),
        ("[[harmless]]\nid = \"history.condition\"\nvalue = []\nsays = \"None.\"", "did you mean"),
        (
            "[[harmless]]\nid = \"history.conditions\"\nvalue = [{ id = \"hay-fever\" }]\nsays = \"H.\"\nsex = \"woman\"",
            "woman",
        ),
    ] {
        let report = read_files(&PACK, &files(text)).unwrap_err().render(false);
        assert!(report.contains(expected) && report.contains("defaults.toml:"), "{expected}\n{report}");
    }
    // A rule of a clinic may read what was harmless: then nobody has it, and who checks is told.
    let mut case = Case::clone(&CASES["glow-before-a-wedding"]);
    let mut rows = case.harmless.to_vec();
    rows.iter_mut().for_each(|row| row.read_by = Some("pregnancy".to_owned()));
    case.harmless = rows.into();
    assert!(
        (0..20)
            .all(|seed| company(&case, seed, &Patient::of(&PACK, &Arc::new(case.clone()), seed).intake()).is_empty())
    );
    assert!(harmless_no_more(&case).iter().any(|why| why.contains("hay-fever") && why.contains("pregnancy")));
}
