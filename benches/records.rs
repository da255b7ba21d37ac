//! A store with many records, encrypted: unlocking until the list is there, one key of a search, opening a record.
//!
//! `PISTOR_BENCH_RECORDS` sets how many (100,000). All patients are made of syllables.

mod stopwatch;

use std::error::Error;
use std::hint::black_box;
use std::time::Instant;

use jiff::civil::date;
use pistor::intake;
use pistor::pack::builtin;
use pistor::plan;
use pistor::record::{
    Decisions, Document, Exported, IntakeTable, Patient, Person, Practitioner, Query, RecordId, Schema, Secret,
    SqliteStore, Store,
};
use pistor::source::SourceFile;
use stopwatch::measure;

const FIRST: [&str; 20] = [
    "An", "Bel", "Cor", "Dag", "El", "Fro", "Gis", "Hel", "Ing", "Jor", "Kat", "Lud", "Mül", "Nor", "Osk", "Pia",
    "Quin", "Ros", "Sig", "Tor",
];
const LAST: [&str; 12] =
    ["berg", "dóttir", "feld", "garde", "hagen", "lund", "mann", "quist", "sen", "stein", "vik", "wald"];
const TYPED: [&str; 6] = ["mull", "hyal", "2026-03", "proceed cheeks", "torberg sigvik", "zzzz"];

fn main() -> Result<(), Box<dyn Error>> {
    let count = std::env::var("PISTOR_BENCH_RECORDS").ok().and_then(|n| n.parse().ok()).unwrap_or(100_000_u32);
    let folder = std::env::temp_dir().join(format!("pistor-bench-records-{}", std::process::id()));
    let result = bench(&folder, count);
    std::fs::remove_dir_all(&folder)?;
    result
}

fn bench(folder: &std::path::PathBuf, count: u32) -> Result<(), Box<dyn Error>> {
    let secret = Secret::from("blue kettle seven rain");
    let template = template()?;
    let mut store = SqliteStore::open(folder)?;
    store.protect(&secret, "bench")?;
    let start = Instant::now();
    let mut last = None;
    for from in (0..count).step_by(1000) {
        let some: Vec<Exported> =
            (from..count.min(from + 1000)).map(|n| one(&template, n)).collect::<Result<_, _>>()?;
        last = some.last().map(|exported| exported.document.id);
        store.import(&some, "bench")?;
    }
    let size = std::fs::metadata(store.path())?.len() / 1_000_000;
    println!("{count} records of {} bytes, {size} MB encrypted, filled in {:.1?}", template.1.len(), start.elapsed());
    drop(store);

    // Once each: a second time is another case (the pages are in memory then).
    for round in 1..=3 {
        let start = Instant::now();
        let mut store = SqliteStore::unlock(folder, &secret, "bench")?;
        let unlocked = start.elapsed();
        let listing = store.list(&Query::words("", 200))?;
        let listed = start.elapsed();
        println!(
            "unlock {round}: key and file {unlocked:.1?}, {} records ready to be found {listed:.1?}",
            listing.total
        );
    }

    let mut store = SqliteStore::unlock(folder, &secret, "bench")?;
    println!("found: {}", TYPED.map(|typed| format!("\"{typed}\" {}", total(&mut store, typed))).join(", "));
    for typed in TYPED {
        let prefixes: Vec<&str> = typed.char_indices().skip(1).map(|(n, _)| &typed[..n]).chain([typed]).collect();
        let mut turn = prefixes.iter().cycle();
        measure(&format!("records: one key of \"{typed}\""), || {
            let prefix = turn.next().copied().unwrap_or(typed);
            store.list(&Query::words(prefix, 200)).map(|listing| listing.cards.len())
        });
    }
    for (typed, born) in [("Torberg Sigvik", None), ("Mullberg Norhagen", Some(date(1982, 3, 4))), ("Zz Zz", None)] {
        let typed_person = Person::new(typed, born);
        println!("alike: \"{typed}\" {}", store.alike(&typed_person, 5)?.len());
        measure(&format!("records: who looks like \"{typed}\""), || {
            store.alike(&typed_person, 5).map(|alike| alike.len())
        });
    }
    if let Some(id) = last {
        measure("records: open one", || store.load(id, None).map(|stored| stored.map(|stored| stored.document())));
    }
    #[cfg(target_os = "linux")]
    if let Some(line) = std::fs::read_to_string("/proc/self/status")?.lines().find(|line| line.starts_with("VmRSS")) {
        println!("memory with all cards in it: {}", line.trim_start_matches("VmRSS:").trim());
    }
    black_box(store);
    Ok(())
}

fn total(store: &mut SqliteStore, typed: &str) -> usize {
    store.list(&Query::words(typed, 1)).map_or(0, |listing| listing.total)
}

/// A consultation with a plan, and its text.
fn template() -> Result<(Document, String), Box<dyn Error>> {
    let pack = builtin().map_err(|report| report.render(false))?;
    let text = include_str!("../tests/fixtures/intakes/healthy.toml");
    let intake = intake::read(&pack, &SourceFile::new("intake.toml", text)).map_err(|report| report.render(false))?;
    let assessment = plan::assess(&pack, &intake, date(2026, 11, 22));
    let saved_at = jiff::Timestamp::from_second(1_700_000_000)?;
    let document = Document {
        schema: Schema,
        id: RecordId::generate(saved_at),
        version: 1,
        saved_at,
        program: "bench".to_owned(),
        rules_fired: assessment.findings.iter().map(|finding| finding.rule.clone()).collect(),
        amendment: None,
        practitioner: Practitioner { name: "Dr Test".to_owned(), ..Practitioner::default() },
        patient: Patient { name: "Template Name".to_owned(), birth_date: None },
        decisions: Decisions::default(),
        pack: pack.layers.clone(),
        intake: IntakeTable::parse(text)?,
        assessment,
    };
    let text = document.to_toml()?;
    Ok((document, text))
}

/// Another patient on another day.
fn one((template, text): &(Document, String), n: u32) -> Result<Exported, Box<dyn Error>> {
    let part = |of: u32, from: &[&'static str]| from[of as usize % from.len()];
    let name =
        format!("{}{} {}{} {n}", part(n, &FIRST), part(n / 20, &LAST), part(n / 240, &FIRST), part(n / 4800, &LAST));
    let saved_at = jiff::Timestamp::from_second(1_500_000_000 + i64::from(n) * 2900)?;
    let id = RecordId::generate(saved_at);
    let text = text
        .replacen("Template Name", &name, 1)
        .replacen(&template.id.to_string(), &id.to_string(), 1)
        .replacen(&template.saved_at.to_string(), &saved_at.to_string(), 1);
    let patient =
        Patient { name, birth_date: Some(date(1950 + (n % 50) as i16, 1 + (n % 12) as i8, 1 + (n % 28) as i8)) };
    Ok(Exported { document: Document { id, saved_at, patient, ..template.clone() }, text })
}
