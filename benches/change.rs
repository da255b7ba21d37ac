//! What the solver in the consultation costs. Run with `cargo bench --bench change`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::time::Instant;

use pistor::pack::builtin;
use pistor::proof::{Circuit, Outcome, Space};

fn memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let of =
        |key: &str| status.lines().find_map(|line| line.strip_prefix(key)).map(str::trim).unwrap_or("?").to_owned();
    format!("now {} peak {}", of("VmRSS:"), of("VmHWM:"))
}

fn main() {
    let pack = builtin().expect("the built-in pack loads");
    println!("{}", memory());
    let day = jiff::civil::date(2026, 11, 22);
    for _ in 0..3 {
        let start = Instant::now();
        let mut c = Circuit::default();
        let space = Space::of(&pack, &mut c, &[], None, day);
        println!("space {:?} nodes {}", start.elapsed(), c.nodes().len());
        let start = Instant::now();
        let raw = space.view(&pack, &mut c);
        println!("view {:?} nodes {}", start.elapsed(), c.nodes().len());
        let start = Instant::now();
        let (outcome, _) = Outcome::of(&pack, &space, &raw, &mut c);
        println!("outcome {:?} nodes {}", start.elapsed(), c.nodes().len());
        println!("{}", memory());
        drop(outcome);
    }
}
