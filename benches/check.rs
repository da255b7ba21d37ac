//! What `pistor check` costs: the proofs of the built-in pack, step by step. Run with `cargo bench --bench check`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::time::Instant;

use pistor::pack::load::safety_case;
use pistor::pack::{builtin, builtin_files};
use pistor::proof::{Model, Subject, belongs, check_certificate, prove, trimmed};

/// Peak resident memory of this process, where the system tells it.
fn memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).map(str::trim);
    peak.unwrap_or("not told").to_owned()
}

fn main() {
    let pack = builtin().expect("the built-in pack loads");
    let case = safety_case(&pack, &[builtin_files()]).expect("its safety case loads");
    let subject = Subject { pack: &pack, below: None, case: &case, today: jiff::civil::date(2026, 11, 22) };
    let time = |what: &str, start: Instant| println!("{what:<28} {:>8.1} ms", start.elapsed().as_secs_f64() * 1000.0);

    let start = Instant::now();
    let mut model = Model::of(subject);
    time("circuit of all intakes", start);
    let start = Instant::now();
    let questions = model.questions().len();
    time("questions", start);
    let start = Instant::now();
    let report = prove(subject);
    time("all of it, with proofs", start);
    let start = Instant::now();
    let short = trimmed(&report.certificate).expect("every step follows");
    time("proofs checked and trimmed", start);
    let start = Instant::now();
    let claims = check_certificate(&short).expect("every step follows");
    time("trimmed proofs checked", start);
    let start = Instant::now();
    belongs(&short, subject).expect("about this pack");
    time("compared with the pack", start);
    println!("{questions} questions, {claims} claims, {:?}", report.work);
    println!("certificate {} KB, peak memory {}", short.to_text().len() / 1024, memory());
    assert!(report.holds(), "the built-in pack holds");
}
