//! `pistor train progress`: how a trainee is getting on, with charts that any terminal can draw.

use super::failure::Failure;
use super::options::Format;
use super::page::{Ink, Page, json as as_json, percent};
use super::train::School;
use crate::training::{Fail, Progress, critical_words, progress};

/// Columns of a bar.
const BAR: usize = 20;

pub(super) fn run(school: &School) -> Result<String, Failure> {
    let store = school.store()?;
    let plain = |why: String| Failure::plain(why, "");
    let (cards, results) = (store.cards().map_err(plain)?, store.results().map_err(plain)?);
    let own = progress(&school.pack, &school.subjects, &school.cases, &cards, &results, school.common.today());
    if school.common.format() == Format::Json {
        return Ok(as_json(&own));
    }
    let mut page = school.page();
    if own.is_empty() {
        page.text(0, 0, "Nothing has been practised yet.");
        page.gap();
        page.text(0, 2, "`pistor train cards` takes three minutes; `pistor train play --keep` assesses a case and remembers what to practise.");
        return Ok(page.finish());
    }
    let passed = if own.cases > 0 { format!(", {} passed", own.passed) } else { String::new() };
    page.text(
        0,
        2,
        &format!(
            "{}{passed}; {} of {} met, {} due",
            many(own.cases, "case"),
            many(own.known, "card"),
            own.known + own.unmet,
            own.due
        ),
    );
    skills(&mut page, &own);
    safety(&mut page, &own);
    load(&mut page, &own);
    calibration(&mut page, &own);
    if !own.critical.is_empty() {
        page.heading("Critical fails, the latest first");
        page.list(0, own.critical.iter().map(failed));
    }
    if !own.missed.is_empty() {
        page.heading("Missed rules");
        page.list(0, own.missed.iter().map(|row| format!("{} ({} of {})", row.title, row.missed, row.seen)));
    }
    let done = own.topics.iter().filter(|topic| topic.passed).count();
    if done > 0 {
        page.heading("Fast track");
        page.text(0, 2, &format!("{done} of {} topics passed", own.topics.len()));
    }
    Ok(page.finish())
}

fn failed(fail: &Fail) -> String {
    let kinds: Vec<&str> = fail.kinds.iter().map(|kind| critical_words(kind)).collect();
    format!("{}, {}: {}", fail.day, fail.title, kinds.join(", "))
}

fn skills(page: &mut Page, own: &Progress) {
    if own.cases == 0 {
        return;
    }
    page.heading("Skill, last five cases");
    for skill in &own.skills {
        let (share, trend) = match (skill.now, skill.before) {
            (None, _) => ("not marked yet".to_owned(), String::new()),
            (Some(now), None) => (percent(now), String::new()),
            (Some(now), Some(before)) => (percent(now), format!(", before {}", percent(before))),
        };
        let bar = bar(skill.now.unwrap_or(0.0));
        let line = skill.all.get(skill.all.len().saturating_sub(16)..).unwrap_or_default();
        let spark = spark(line);
        page.row(Ink::Plain, &[skill.domain.word(), &bar, &format!("{share}{trend}"), &spark], &[10, BAR, 20, 16]);
    }
}

fn safety(page: &mut Page, own: &Progress) {
    let rows: [(&str, Vec<f64>, Option<f64>); 2] = [
        ("found", own.safety.iter().filter_map(|p| p.sensitivity).collect(), own.lately(|p| p.sensitivity)),
        ("left alone", own.safety.iter().filter_map(|p| p.specificity).collect(), own.lately(|p| p.specificity)),
    ];
    if rows.iter().all(|(_, all, _)| all.is_empty()) {
        return;
    }
    page.heading("Safety over time");
    for (name, all, lately) in rows {
        let last = all.get(all.len().saturating_sub(40)..).unwrap_or_default();
        let lately = lately.map_or("–".to_owned(), percent);
        page.row(Ink::Plain, &[name, &spark(last), &format!("{lately} lately")], &[10, 40, 20]);
    }
    page.text(0, 2, "Found: of what speaks against treatment. Left alone: of what is harmless.");
}

fn load(page: &mut Page, own: &Progress) {
    let most = own.load.iter().map(|(_, n)| *n).max().unwrap_or(0);
    page.heading("Due in the coming days");
    if most == 0 {
        page.text(0, 2, "Nothing in the next two weeks.");
        return;
    }
    for (n, (day, due)) in own.load.iter().enumerate() {
        if *due > 0 || n == 0 {
            let name = if n == 0 { "today".to_owned() } else { day.to_string() };
            page.row(Ink::Plain, &[&name, &bar(*due as f64 / most as f64), &due.to_string()], &[10, BAR, 6]);
        }
    }
}

fn calibration(page: &mut Page, own: &Progress) {
    if own.calibration.is_empty() {
        return;
    }
    page.heading("Sure and right");
    for row in &own.calibration {
        let to = if row.from == 80 { 100 } else { row.from + 19 };
        let gap = (row.confidence - row.right) * 100.0;
        // With a handful of judgements a difference is chance.
        let remark = match gap {
            _ if row.n < 5 => "too few to tell",
            gap if gap > 15.0 => "surer than right",
            gap if gap < -15.0 => "righter than sure",
            _ => "fits",
        };
        let sure = format!("{}-{to} % sure", row.from);
        let (right, n) = (percent(row.right), row.n);
        let text = format!("{right} of {n} right: {remark}");
        page.row(Ink::Plain, &[&sure, &bar(row.right), &text], &[13, BAR, 40]);
    }
}

fn many(n: usize, what: &str) -> String {
    if n == 1 { format!("1 {what}") } else { format!("{n} {what}s") }
}

/// A bar of a share, readable without colour.
fn bar(share: f64) -> String {
    // Between 0 and the width, so that the cast is exact.
    let full = (share.clamp(0.0, 1.0) * BAR as f64).round() as usize;
    format!("{}{}", "█".repeat(full), "░".repeat(BAR - full))
}

/// Shares as one sign each, the oldest first.
fn spark(shares: &[f64]) -> String {
    const SIGNS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let sign = |share: &f64| SIGNS.get((share.clamp(0.0, 1.0) * 7.0).round() as usize).copied();
    shares.iter().filter_map(sign).collect()
}
