//! Random edits of the built-in pack: `pistor check` fails exactly when a search that knows no solver finds a patient for
//! whom something goes wrong.
//!
//! A few edits in every run; `PISTOR_MUTATIONS=200 cargo test --release --test mutations -- --nocapture` makes more of
//! them, searches longer and prints the table of docs/proofs.md. `PISTOR_MUTATIONS_FROM` sets the first seed,
//! `PISTOR_MUTATION_PATIENTS` how many patients the search assesses.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../common/mod.rs"]
mod common;

mod edits;
mod judge;
mod search;

use std::collections::{BTreeMap, HashSet};
use std::path::Path;

use common::{HEALTHY, TODAY};
use edits::{Draw, Edited, Files, Kind};
use judge::{Codes, Judge};
use pistor::config::read_layer;
use pistor::intake::{self, Intake};
use pistor::pack::load::{load, safety_case};
use pistor::pack::{Condition, Identified, List, Pack, Rule};
use pistor::plan::cases::{self, Case};
use pistor::plan::{Assessment, assess};
use pistor::proof::{Failure, Property, Report, Subject, check_certificate, prove};
use pistor::rules::{self, Truth, evaluate};
use pistor::source::SourceFile;
use search::{Maker, Search};

/// How many edits are made when nobody asks for more.
const FEW: usize = 3;

fn number(name: &str) -> Option<usize> {
    std::env::var(name).ok().and_then(|n| n.parse().ok())
}

/// A case of the pack, read and assessed before any edit.
struct Known {
    case: Case,
    intake: Intake,
    result: Assessment,
}

struct Baseline {
    files: Files,
    pack: Pack,
    known: Vec<Known>,
    healthy: Intake,
}

impl Baseline {
    fn of() -> Self {
        let layer = read_layer(Path::new("data")).unwrap();
        let pack = load(std::slice::from_ref(&layer)).unwrap_or_else(|report| panic!("{}", report.render(false)));
        let read = |case: Case| {
            let file = SourceFile::new(case.id.clone(), toml::to_string(&case.given).unwrap());
            let intake = intake::read(&pack, &file).unwrap_or_else(|report| panic!("{}", report.render(false)));
            let result = assess(&pack, &intake, case.today);
            Known { case, intake, result }
        };
        let known = cases::read(std::slice::from_ref(&layer)).unwrap().into_iter().map(read).collect();
        let healthy = intake::read(&pack, &SourceFile::new("healthy.toml", HEALTHY)).unwrap();
        Self { files: Files::of(layer), pack, known, healthy }
    }
}

/// What became of one edit.
#[derive(Default)]
struct Fate {
    /// It does not load.
    load: bool,
    /// Cases come out otherwise.
    cases: bool,
    /// Properties that do not hold.
    proofs: Codes,
    /// Properties of which the search found a breach.
    found: Codes,
    /// Some patient's outcome differs.
    matters: bool,
}

#[test]
fn the_check_fails_exactly_when_a_search_finds_somebody() {
    let base = Baseline::of();
    let asked = number("PISTOR_MUTATIONS");
    let (first, many) = (number("PISTOR_MUTATIONS_FROM").unwrap_or(0), asked.unwrap_or(FEW));
    let patients = number("PISTOR_MUTATION_PATIENTS").unwrap_or(if asked.is_some() { 1200 } else { 100 });
    let mut fates: BTreeMap<Kind, Vec<Fate>> = BTreeMap::new();
    for seed in first..first + many {
        let kind = Kind::ALL[seed % Kind::ALL.len()];
        let mut draw = Draw::new(seed as u64);
        let edited = base.files.edit(kind, &mut draw);
        let fate = fate_of(&base, &edited, patients, &mut draw);
        if asked.is_some() {
            println!(
                "{seed:>4} load {:<5} cases {:<5} proofs {:?} search {:?} matters {:<5} {}",
                fate.load, fate.cases, fate.proofs, fate.found, fate.matters, edited.what
            );
        }
        fates.entry(kind).or_default().push(fate);
    }
    if asked.is_some() {
        table(&fates);
    }
}

fn fate_of(base: &Baseline, edited: &Edited, patients: usize, draw: &mut Draw) -> Fate {
    let mut fate = Fate::default();
    let layers = std::slice::from_ref(&edited.layer);
    let Ok(pack) = load(layers) else { return Fate { load: true, ..fate } };
    let case = safety_case(&pack, layers).expect("the safety case was not edited");
    // Assessed alike, a case comes out alike.
    let changed: Vec<&Known> = base
        .known
        .iter()
        .filter(|known| !alike(&assess(&pack, &known.intake, known.case.today), &known.result))
        .collect();
    let gone = pack.rules.len() < base.pack.rules.len();
    let named = base.known.iter().filter(|known| gone && names_something(&known.case));
    fate.cases = changed.iter().copied().chain(named).any(|known| cases::run(&pack, &known.case).is_some());
    fate.matters = !changed.is_empty();

    let report = prove(Subject { pack: &pack, below: None, case: &case, today: TODAY });
    assert!(check_certificate(&report.certificate).is_ok(), "{}: a proof was refused", edited.what);
    let judge = Judge { pack: &pack, case: &case, today: TODAY };
    let failures = || failures(&report);
    fate.proofs = failures().map(|(property, _)| property.code()).collect();

    // Whom the check shows, the judge blames as well.
    for (property, failure) in failures() {
        let Some(witness) = &failure.witness else { continue };
        assert_eq!(witness.replayed, Ok(()), "{}: {}", edited.what, failure.name);
        let blamed = match (property, &witness.changed) {
            (Property::UnknownNeverLoosens, Some(open)) => judge.opened_pair(&witness.intake, open),
            (Property::RiskNeverLoosens, Some(worse)) => judge.risk(&witness.intake, worse),
            _ => judge.alone(&witness.intake).contains(property.code()),
        };
        assert!(blamed, "{}: {} is no fault of\n{}", edited.what, failure.name, intake::write(&witness.intake));
        fate.found.insert(property.code());
    }

    // Whom the search finds, the check has found.
    let mitigating = mitigating(&pack);
    let mut known: Vec<&Intake> = changed.iter().take(12).map(|known| &known.intake).collect();
    for _ in 0..4 {
        known.extend(draw.one(&base.known).map(|known| &known.intake));
    }
    let rules: Vec<&Rule> =
        edited.rule.iter().flat_map(|id| [base.pack.rules.get(id), pack.rules.get(id)]).flatten().collect();
    let search = Search {
        judge: &judge,
        maker: &Maker { pack: &pack, healthy: &base.healthy },
        rules,
        known,
        harmless: &|list, id| mitigating.contains(&(list, id.to_owned())),
        patients,
    };
    let mut alive: Vec<(String, Intake)> = Vec::new();
    let dead: Vec<&Failure> =
        failures().map(|(_, failure)| failure).filter(|failure| failure.witness.is_none()).collect();
    let faults = search.run(draw, &mut |intake| {
        fate.matters = fate.matters || !alike(&assess(&base.pack, intake, TODAY), &judge.assess(intake));
        alive.extend(dead.iter().filter(|f| lives(&judge, f, intake)).map(|f| (f.name.clone(), intake.clone())));
    });
    if let Some((name, intake)) = alive.first() {
        panic!("{}: {name} is said of nobody, and this is somebody:\n{}", edited.what, intake::write(intake));
    }
    for (code, intake) in faults {
        assert!(
            fate.proofs.contains(code),
            "{}: the check holds, and {code} does not for\n{}",
            edited.what,
            intake::write(&intake)
        );
        fate.found.insert(code);
    }
    // What nobody does has nobody to be shown: the search found nobody either.
    fate.found.extend(dead.iter().filter_map(|failure| failure.name.split(':').next()).filter_map(code));
    fate
}

fn code(text: &str) -> Option<&'static str> {
    Property::ALL.iter().map(|property| property.code()).find(|code| *code == text)
}

fn failures(report: &Report) -> impl Iterator<Item = (Property, &Failure)> {
    let counts = report.properties.iter().filter(|row| !row.property.informs());
    counts.flat_map(|row| row.failures.iter().map(|failure| (row.property, failure)))
}

/// Whether an intake shows that something that is said to be dead is alive.
fn lives(judge: &Judge<'_>, failure: &Failure, intake: &Intake) -> bool {
    let pack = judge.pack;
    let (code, subject) = failure.name.split_once(':').unwrap_or_default();
    let id = subject.split('/').next().unwrap_or_default();
    let facts = rules::facts(pack, intake, judge.today);
    let plan = || judge.assess(intake).plan;
    match code {
        "P1006" => pack.rules.get(id).is_some_and(|rule| evaluate(pack, &facts, &rule.when) == Truth::True),
        "P1002" => judge.case.iter().any(|never| never.id == id && evaluate(pack, &facts, &never.when).fires()),
        "P1007" => plan().iter().flat_map(|plan| &plan.cocktails).any(|cocktail| {
            cocktail.recipe == id || cocktail.alternatives.iter().any(|other| other.possible && other.recipe == id)
        }),
        "P1008" => {
            let item = subject.rsplit('/').next().unwrap_or_default();
            // Another slot of the recipe may hold it as well: only a recipe with one place for it tells.
            let recipe = pack.recipes.get(id);
            let places = recipe.iter().flat_map(|recipe| &recipe.slots).flat_map(|slot| &slot.choices);
            let one = places.filter(|ix| pack.ingredients[**ix].id() == item).count() == 1;
            one && plan()
                .iter()
                .flat_map(|plan| &plan.cocktails)
                .any(|cocktail| cocktail.recipe == id && cocktail.ingredients.iter().any(|dose| dose.id == item))
        }
        "P1011" => plan().iter().flat_map(|plan| &plan.cocktails).any(|cocktail| cocktail.goal == id),
        _ => false,
    }
}

/// Whether a patient gets the same: verdict, exclusions, findings, cocktails, days.
fn alike(one: &Assessment, other: &Assessment) -> bool {
    let plan = |result: &Assessment| {
        result.plan.as_ref().map(|plan| {
            let days: Vec<i32> = plan.sessions.iter().map(|session| session.after_days).collect();
            (plan.cocktails.clone(), plan.without.clone(), days)
        })
    };
    one.verdict == other.verdict
        && one.until == other.until
        && one.missing == other.missing
        && one.excluded == other.excluded
        && one.findings.iter().map(|f| (&f.rule, f.verdict)).eq(other.findings.iter().map(|f| (&f.rule, f.verdict)))
        && plan(one) == plan(other)
}

/// Whether what a case expects names things that an edit may take away.
fn names_something(case: &Case) -> bool {
    ["not_fires", "not_excludes", "not_recipe", "absent"].iter().any(|key| case.expect.contains_key(*key))
}

/// Items that a rule reads as a reason not to fire.
fn mitigating(pack: &Pack) -> HashSet<(List, String)> {
    fn collect(pack: &Pack, condition: &Condition, negated: bool, found: &mut HashSet<(List, String)>) {
        match condition {
            Condition::All(of) | Condition::Any(of) | Condition::AtLeast { of, .. } => {
                of.iter().for_each(|part| collect(pack, part, negated, found));
            }
            Condition::Not(inner) => collect(pack, inner, !negated, found),
            Condition::Listed { list, items, .. } if negated => {
                found.extend(items.iter().map(|ix| (*list, pack.list(*list)[ix].id().to_owned())));
            }
            _ => {}
        }
    }
    let mut found = HashSet::new();
    pack.rules.iter().for_each(|rule| collect(pack, &rule.when, false, &mut found));
    pack.recipes.iter().for_each(|recipe| collect(pack, &recipe.requires, true, &mut found));
    found
}

/// What became of the edits, kind by kind.
fn table(fates: &BTreeMap<Kind, Vec<Fate>>) {
    println!("\n| edit | made | refused when read | cases fail | proofs fail | survived | of these nobody differs |");
    println!("| --- | --- | --- | --- | --- | --- | --- |");
    let row = |name: &str, of: &[&Fate]| {
        let count = |what: &dyn Fn(&Fate) -> bool| of.iter().filter(|fate| what(fate)).count();
        let survived = |fate: &Fate| !fate.load && !fate.cases && fate.proofs.is_empty();
        println!(
            "| {name} | {} | {} | {} | {} | {} | {} |",
            of.len(),
            count(&|fate| fate.load),
            count(&|fate| fate.cases),
            count(&|fate| !fate.proofs.is_empty()),
            count(&survived),
            count(&|fate| survived(fate) && !fate.matters),
        );
    };
    fates.iter().for_each(|(kind, of)| row(kind.words(), &of.iter().collect::<Vec<_>>()));
    row("all", &fates.values().flatten().collect::<Vec<_>>());
    let mut by_code: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for fate in fates.values().flatten() {
        fate.proofs.iter().for_each(|code| by_code.entry(code).or_default().0 += 1);
        fate.found.iter().for_each(|code| by_code.entry(code).or_default().1 += 1);
    }
    println!("\nproperty: failed in so many, a patient found in so many\n{by_code:?}");
}
