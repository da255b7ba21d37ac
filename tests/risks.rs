//! Every case of the pack, made worse or less complete: no verdict becomes milder, and nothing is decided without an answer.
//!
//! A fixed sample by default, in which every item takes part; `PISTOR_ALL_RISKS=1` tries every item on every case
//! (more than a million assessments: use `cargo test --release`).

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::num::NonZero;
use std::sync::LazyLock;
use std::thread;

use common::{MITIGATING, PACK};
use jiff::civil::Date;
use pistor::intake::{self, Answer, Entry, Intake};
use pistor::pack::{self, List};
use pistor::plan::{Assessment, Outcome, applicable, assess, cases};
use pistor::source::SourceFile;

/// A case of the pack, read and assessed as it is.
struct Known {
    id: String,
    intake: Intake,
    today: Date,
    result: Assessment,
}

static CASES: LazyLock<Vec<Known>> = LazyLock::new(|| {
    let all = cases::read(&[pack::builtin_files()]).unwrap_or_else(|why| panic!("{}", why.join("\n")));
    let known = |case: &cases::Case| {
        let text = toml::to_string(&case.given).unwrap();
        let intake = intake::read(&PACK, &SourceFile::new(&case.id, text)).ok()?;
        let result = assess(&PACK, &intake, case.today);
        Some(Known { id: case.id.clone(), intake, today: case.today, result })
    };
    let known: Vec<Known> = all.iter().filter_map(known).collect();
    assert_eq!(known.len(), all.len(), "every case is an intake");
    known
});

/// Every item that can be a risk, with the question it is an answer to.
static RISKS: LazyLock<Vec<(&'static str, String)>> = LazyLock::new(|| {
    let lists = [
        ("history.conditions", List::Conditions),
        ("history.medications", List::Medications),
        ("history.events", List::Events),
        ("allergies.items", List::Allergens),
        ("setting.provenance", List::Provenance),
    ];
    let items = lists.into_iter().flat_map(|(question, list)| PACK.list(list).ids().map(move |id| (question, id)));
    items.filter(|(_, id)| !MITIGATING.contains(*id)).map(|(question, id)| (question, id.to_owned())).collect()
});

fn all_of_them() -> bool {
    std::env::var_os("PISTOR_ALL_RISKS").is_some_and(|value| !value.is_empty())
}

/// The positions below `count` that are tried on the case at `n`: all, or `some` that go round over the cases.
fn tried(n: usize, count: usize, some: usize) -> Vec<usize> {
    match all_of_them() {
        true => (0..count).collect(),
        false => (0..some.min(count)).map(|k| (n * some + k) % count).collect(),
    }
}

/// What `wrong` says of every case, the cases shared out to all processors.
fn failures(wrong: impl Fn(usize, &Known) -> Vec<String> + Sync) -> Vec<String> {
    let cases: Vec<(usize, &Known)> = CASES.iter().enumerate().collect();
    let parts = thread::available_parallelism().map_or(1, NonZero::get);
    thread::scope(|scope| {
        let chunk = cases.len().div_ceil(parts);
        let wrong = &wrong;
        let running: Vec<_> = cases
            .chunks(chunk)
            .map(|part| scope.spawn(move || part.iter().flat_map(|(n, case)| wrong(*n, case)).collect::<Vec<_>>()))
            .collect();
        running.into_iter().flat_map(|thread| thread.join().expect("no panic")).collect()
    })
}

/// What became milder from one assessment to the other.
fn milder(before: &Assessment, after: &Assessment) -> Option<String> {
    // Incomplete stands apart: it is no plan either way.
    if before.verdict == Outcome::Incomplete || after.verdict == Outcome::Incomplete {
        return None;
    }
    if after.verdict.strictness() < before.verdict.strictness() {
        return Some(format!("{} became {}", before.verdict.word(), after.verdict.word()));
    }
    if after.verdict == before.verdict && after.until < before.until {
        return Some(format!("deferred until {:?}, then until {:?}", before.until, after.until));
    }
    let back = before.excluded.iter().find(|row| !after.excluded.iter().any(|r| r.kind == row.kind && r.id == row.id));
    back.map(|row| format!("{} {} came back", row.kind, row.id))
}

#[test]
fn adding_any_risk_to_any_case_never_makes_its_verdict_milder() {
    let found = failures(|n, case| {
        let mut wrong = Vec::new();
        for (question, id) in tried(n, RISKS.len(), 4).into_iter().map(|at| &RISKS[at]) {
            // A list that nobody asked for, or that is not known, counts as unfavourable: one entry would be an answer.
            let Some(Answer::Items(list)) = case.intake.answers.get(*question) else { continue };
            let mut list = list.clone();
            list.push(Entry::coded(id));
            let mut worse = case.intake.clone();
            worse.set(question, Answer::Items(list));
            let after = assess(&PACK, &worse, case.today);
            wrong.extend(milder(&case.result, &after).map(|what| format!("{} with {id}: {what}", case.id)));
        }
        wrong
    });
    assert!(found.is_empty(), "{} of them:\n{}", found.len(), found.join("\n"));
}

#[test]
fn the_sample_tries_every_risk() {
    let tried: std::collections::HashSet<usize> = (0..CASES.len()).flat_map(|n| tried(n, RISKS.len(), 4)).collect();
    assert_eq!(tried.len(), RISKS.len());
    assert!(RISKS.len() > 1000, "{} risks", RISKS.len());
}

#[test]
fn without_a_required_answer_no_case_has_a_verdict() {
    let found = failures(|n, case| {
        if case.result.verdict == Outcome::Incomplete {
            return Vec::new();
        }
        let required = |id: &&String| {
            let asked = PACK.questions.find(id).filter(|ix| PACK.questions[*ix].required);
            // A filled-in scale answers the question as well.
            let scored = case.result.scales.iter().any(|scale| scale.question == **id);
            !scored && asked.is_some_and(|ix| applicable(&PACK, &case.intake, case.today, ix))
        };
        let answered: Vec<&String> = case.intake.answers.keys().filter(required).collect();
        let mut wrong = Vec::new();
        for id in tried(n, answered.len(), 3).into_iter().map(|at| answered[at]) {
            let mut less = case.intake.clone();
            less.clear(id);
            let after = assess(&PACK, &less, case.today);
            if after.verdict != Outcome::Incomplete || after.plan.is_some() {
                wrong.push(format!("{} without {id}: {}", case.id, after.verdict.word()));
            }
        }
        wrong
    });
    assert!(found.is_empty(), "{} of them:\n{}", found.len(), found.join("\n"));
}
