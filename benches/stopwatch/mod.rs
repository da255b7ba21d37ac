//! A small stopwatch: the time of one call, and how many times a fixed reference loop fits into it.
//!
//! The machine may be busy with other things. The reference runs in turns with what is measured, so that a slow minute
//! slows both: compare ratios between runs, and times only when the reference took the same.

use std::hint::black_box;
use std::time::{Duration, Instant};

const ROUNDS: usize = 15;
const ROUND: Duration = Duration::from_millis(40);

/// Measures calls of `work` and prints one line.
pub fn measure<T>(name: &str, mut work: impl FnMut() -> T) {
    let work_calls = calls_in_a_round(&mut work);
    let reference_calls = calls_in_a_round(&mut reference);
    let mut of_work = Vec::with_capacity(ROUNDS);
    let mut of_reference = Vec::with_capacity(ROUNDS);
    for _ in 0..ROUNDS {
        of_work.push(nanoseconds(work_calls, &mut work));
        of_reference.push(nanoseconds(reference_calls, &mut reference));
    }
    of_work.sort_by(f64::total_cmp);
    of_reference.sort_by(f64::total_cmp);
    let (best, middle, worst) = (of_work[0], of_work[ROUNDS / 2], of_work[ROUNDS - 1]);
    let ratio = middle / of_reference[ROUNDS / 2];
    println!(
        "{name:<44} {:>10} median  {:>10} best  {:>10} worst  {ratio:>9.2} references ({})",
        shown(middle),
        shown(best),
        shown(worst),
        shown(of_reference[ROUNDS / 2]),
    );
}

fn calls_in_a_round<T>(work: &mut impl FnMut() -> T) -> u32 {
    let start = Instant::now();
    let mut calls = 0;
    while start.elapsed() < ROUND {
        black_box(work());
        calls += 1;
    }
    calls
}

fn nanoseconds<T>(calls: u32, work: &mut impl FnMut() -> T) -> f64 {
    let start = Instant::now();
    for _ in 0..calls {
        black_box(work());
    }
    start.elapsed().as_nanos() as f64 / f64::from(calls)
}

/// The yardstick: a thousand steps of integer arithmetic, each waiting for the one before.
fn reference() -> u64 {
    let mut x = black_box(0x9e37_79b9_7f4a_7c15_u64);
    for n in 0..1000 {
        x = (x ^ (x >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9).wrapping_add(n);
    }
    x
}

fn shown(ns: f64) -> String {
    if ns < 1e3 {
        format!("{ns:.0} ns")
    } else if ns < 1e6 {
        format!("{:.2} us", ns / 1e3)
    } else {
        format!("{:.2} ms", ns / 1e6)
    }
}
