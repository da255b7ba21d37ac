//! What `pistor check` costs: the proofs of the built-in pack, and of the same pack two, four and eight times over
//! (tests/common/scaled.rs), step by step. Run with `cargo bench --bench check`; `PISTOR_BENCH_SCALES=1,2` sets other sizes.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::time::Instant;

use pistor::pack::builtin_files;
use pistor::pack::load::{LayerFiles, load, safety_case};
use pistor::proof::{Model, Subject, belongs, check_certificate, prove, trimmed};

#[path = "../tests/common/scaled.rs"]
mod scaled;

/// Peak resident memory of this process, where the system tells it.
fn memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).map(str::trim);
    peak.unwrap_or("not told").to_owned()
}

/// Seconds of work of this process so far, where the system tells them: a busy machine stretches the clock, not these.
fn work() -> Option<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    Some((fields.get(11)?.parse::<f64>().ok()? + fields.get(12)?.parse::<f64>().ok()?) / 100.0)
}

fn main() {
    let scales = std::env::var("PISTOR_BENCH_SCALES").unwrap_or_else(|_| "1,2,4,8".to_owned());
    // The peak is that of the process: smaller packs come first.
    for times in scales.split(',').filter_map(|n| n.parse().ok()) {
        one(times);
    }
}

fn one(times: usize) {
    let layer = if times == 1 { builtin_files() } else { scaled::scaled(times) };
    let layers: [LayerFiles; 1] = [layer];
    let pack = load(&layers).unwrap_or_else(|report| panic!("{}", report.render(false)));
    let case = safety_case(&pack, &layers).unwrap_or_else(|report| panic!("{}", report.render(false)));
    let subject = Subject { pack: &pack, below: None, case: &case, today: jiff::civil::date(2026, 11, 22) };
    let time = |what: &str, (start, before): (Instant, Option<f64>)| {
        let worked =
            work().zip(before).map_or_else(|| "not told".to_owned(), |(now, then)| format!("{:.2} s", now - then));
        println!("{what:<28} {:>9.1} ms  {worked:>8} of work", start.elapsed().as_secs_f64() * 1000.0);
    };
    let start = || (Instant::now(), work());

    println!("\n×{times}: {} rules", pack.rules.len());
    let begun = start();
    let mut model = Model::of(subject);
    time("circuit of all intakes", begun);
    let begun = start();
    let questions = model.questions().len();
    drop(model);
    time("questions", begun);
    let begun = start();
    let report = prove(subject);
    time("all of it, with proofs", begun);
    let begun = start();
    let claims = check_certificate(&report.certificate).expect("every step follows");
    time("proofs checked", begun);
    let peak = memory();
    if times == 1 {
        let begun = start();
        let short = trimmed(&report.certificate).expect("every step follows");
        time("certificate trimmed", begun);
        let begun = start();
        check_certificate(&short).expect("every step follows");
        time("certificate checked", begun);
        let begun = start();
        belongs(&short, subject).expect("about this pack");
        time("compared with the pack", begun);
        println!("certificate {} KB", short.to_text().len() / 1024);
    }
    println!("{questions} questions, {claims} claims, {:?}, peak memory {peak}", report.work);
    assert!(report.holds(), "the pack holds");
}
