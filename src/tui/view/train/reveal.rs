//! What came out of an attempt: the marks, and every item with its reason.

use std::path::PathBuf;

use super::super::assessment::Builder;
use super::super::{Item, Page};
use super::{clock, share};
use crate::plan::Outcome;
use crate::training::{Act, Item as Marked, Marks};
use crate::tui::app::App;
use crate::tui::text;
use crate::tui::theme::Theme;
use crate::tui::training::Revealed;
use crate::tui::widget::rows::{Row, Rows};

/// The page.
pub fn page(app: &App, revealed: &Revealed, width: u16) -> Page {
    let theme = &app.theme;
    let mut page = Builder::new(Rows::new(theme, width), revealed.chosen);
    page.begin_section();
    let Some(reveal) = &revealed.reveal else {
        exam(revealed, &app.settings.keys.say("reveal.next"), &mut page);
        return page.done();
    };
    let marks = &reveal.marks;
    page.item(Item::Text, |rows, _| {
        let (words, outcome) =
            if marks.passed { ("✓ PASSED", Outcome::Proceed) } else { ("✗ NOT PASSED", Outcome::Decline) };
        let verdict =
            format!("   the rules say: {}\u{a0}{}", reveal.assessment.verdict.sign(), reveal.assessment.verdict.word());
        rows.flow(
            0,
            2,
            &[
                (words, theme.outcome(outcome)),
                (&format!("  {:.0} %", marks.percent), theme.answer),
                (&format!("   you decided: {}", marks.decision.word()), theme.text),
                (&verdict, theme.text),
            ],
        );
    });
    for fail in &marks.critical {
        page.item(Item::Text, |rows, _| {
            rows.flow(0, 2, &[("✗\u{a0}CRITICAL ", theme.error), (&fail.what, theme.answer)]);
        });
    }
    summary(theme, revealed, marks, &mut page);
    let (wrong, right) = marks.to_read();
    for (heading, items) in [("To learn from", &wrong), ("Right", &right)] {
        if items.is_empty() {
            continue;
        }
        page.section(heading, &format!("{}; Enter says why", text::count(items.len(), "item", "items")));
        for marked in items.iter().filter_map(|at| marks.items.get(*at)) {
            page.item(Item::Text, |rows, _| line(rows, marked));
        }
    }
    next(revealed, &app.settings.keys.say("reveal.next"), &mut page);
    page.done()
}

fn exam(revealed: &Revealed, key: &str, page: &mut Builder<'_>) {
    let theme = page.rows.theme;
    page.item(Item::Text, |rows, _| rows.para(0, "Sealed. In an exam nothing is revealed.", theme.answer));
    page.item(Item::Text, |rows, _| {
        rows.para(0, "Note the seal: it shows later that the file is still the one that was written.", theme.text);
        rows.para(2, &revealed.sealed.seal(), theme.key);
    });
    page.item(Item::Text, |rows, _| match &revealed.kept {
        Some(Ok(path)) => rows.flow(0, 2, &[("kept in ", theme.muted), (&path.display().to_string(), theme.text)]),
        other => kept(rows, other.as_ref()),
    });
    page.section("Next", &format!("{} goes there", key));
    page.item(Item::Text, |rows, _| {
        rows.flow(0, 2, &[("▸ ", theme.accent), ("To the stations of the paper", theme.answer)]);
    });
}

fn kept(rows: &mut Rows<'_>, kept: Option<&Result<PathBuf, String>>) {
    let theme = rows.theme;
    match kept {
        None => rows.para(0, "Keeping the attempt...", theme.muted),
        Some(Ok(_)) => rows.para(0, "The attempt is kept.", theme.muted),
        Some(Err(why)) => rows.bullet(0, "!", theme.error, &format!("The attempt was not kept: {why}"), theme.text),
    }
}

fn summary(theme: &Theme, revealed: &Revealed, marks: &Marks, page: &mut Builder<'_>) {
    page.section("Marks", "");
    page.item(Item::Text, |rows, _| {
        for mark in &marks.domains {
            let mut parts = vec![(format!("{} ", text::pad(mark.domain.word(), 9)), theme.muted)];
            match mark.share {
                Some(value) => parts.extend(share(theme, value, 20)),
                None => parts.push(("nothing to mark in this case".to_owned(), theme.muted)),
            }
            parts.push((format!("   counts {}", mark.weight), theme.muted));
            rows.line(parts);
        }
    });
    let percent = |value: Option<f64>| value.map_or("–".to_owned(), |value| format!("{:.0} %", value * 100.0));
    page.item(Item::Text, |rows, _| {
        let found = match marks.sensitivity {
            Some(share) => format!("Found {} of what speaks against treatment", percent(Some(share))),
            None => "Nothing speaks against treatment".to_owned(),
        };
        let mut words = format!(
            "{found}, left {} of what is harmless in peace. Questions cost {} of {}:00, the attempt took {}.",
            percent(marks.specificity),
            clock(marks.cost_seconds),
            revealed.sealed.case().minutes,
            clock(marks.seconds),
        );
        let minutes = u32::try_from(revealed.sealed.case().minutes).unwrap_or(0);
        if marks.cost_seconds > minutes * 60 {
            words.push_str(
                " That is more than the consultation has: in an exam the last ones would have had no answer.",
            );
        }
        if let Some(twists) = marks.twists {
            words.push_str(&format!(" News: {} of the panel's credit", percent(Some(twists))));
            let guessed = revealed.sealed.case().twists.iter().any(|twist| twist.voted.is_none());
            words.push_str(if guessed { "; the votes are the author's guess, no panel has met." } else { "." });
        }
        rows.para(0, &words, theme.text);
        if !marks.hints.is_empty() {
            let words = format!("Hints, each worth half: {}.", marks.hints.join("; "));
            rows.bullet(0, "!", theme.outcome(Outcome::Caution), &words, theme.text);
        }
        absences(rows, revealed, marks);
        if marks.late_seconds > 0 {
            let words = format!("Sealed {} after the time of the exam.", clock(marks.late_seconds));
            rows.bullet(0, "!", theme.outcome(Outcome::Caution), &words, theme.text);
        }
        rows.para(0, &format!("Calibration (Brier) {:.2}: 0 is perfect, 0.25 is a coin.", marks.brier), theme.text);
        twists(rows, revealed);
        for judgement in marks.sure_and_wrong() {
            let words = format!("{}: {:.0} % sure, and wrong", judgement.about, judgement.confidence * 100.0);
            rows.bullet(0, "!", theme.outcome(Outcome::Caution), &words, theme.answer);
        }
    });
    page.item(Item::Text, |rows, _| kept(rows, revealed.kept.as_ref()));
}

/// When an exam was left, and whether it had been begun before.
fn absences(rows: &mut Rows<'_>, revealed: &Revealed, marks: &Marks) {
    let style = rows.theme.outcome(Outcome::Caution);
    let text = rows.theme.text;
    if !marks.away.is_empty() {
        let all: Vec<String> = marks.away.iter().map(|absence| absence.words()).collect();
        rows.bullet(0, "!", style, &format!("Left {}.", all.join("; ")), text);
    }
    let before = revealed.sealed.header().sat.as_ref().map_or(0, |sat| sat.before);
    if before > 0 {
        let words =
            format!("Begun {} before by the same trainee.", crate::tui::text::count(before as usize, "time", "times"));
        rows.bullet(0, "!", style, &words, text);
    }
}

/// What one said to the news, and what the panel said.
fn twists(rows: &mut Rows<'_>, revealed: &Revealed) {
    let theme = rows.theme;
    let answers = revealed.sealed.entries().iter().filter_map(|entry| match entry.act {
        Act::Twist { answer } => Some(answer),
        _ => None,
    });
    for (twist, answer) in revealed.sealed.case().twists.iter().zip(answers) {
        let votes = twist.panel.map(|votes| votes.to_string()).join(" ");
        let words = format!(
            "{} You said {answer:+}, most of the panel {:+}; votes from -2 to +2: {votes}.",
            twist.reveals,
            twist.best()
        );
        rows.bullet(0, "·", theme.muted, &words, theme.text);
    }
}

fn mark(theme: &Theme, marked: &Marked) -> (&'static str, ratatui::style::Style) {
    if marked.right() {
        ("✓", theme.done)
    } else if marked.share > 0.0 {
        ("!", theme.outcome(Outcome::Caution))
    } else {
        ("✗", theme.error)
    }
}

/// What alone fails the attempt is told from the rest by a word.
const fn critical(marked: &Marked) -> &'static str {
    if marked.critical { "  critical" } else { "" }
}

fn line(rows: &mut Rows<'_>, marked: &Marked) {
    let theme = rows.theme;
    let (sign, style) = mark(theme, marked);
    rows.flow(
        0,
        2,
        &[
            (&format!("{sign}\u{a0}"), style),
            (&marked.title, theme.answer),
            (critical(marked), theme.error),
            (&format!("  {}", marked.domain.word()), theme.muted),
        ],
    );
    if !marked.right() {
        rows.flow(
            2,
            4,
            &[
                ("yours: ", theme.muted),
                (&marked.yours, theme.text),
                ("   key: ", theme.muted),
                (&marked.key, theme.answer),
            ],
        );
    }
}

fn next(revealed: &Revealed, key: &str, page: &mut Builder<'_>) {
    let theme = page.rows.theme;
    let Some(advice) = &revealed.next else { return };
    page.section("Next case", &format!("{key} opens it"));
    page.item(Item::Text, |rows, _| {
        let why = format!("  because {}", advice.why());
        rows.flow(0, 2, &[("★ ", theme.accent), (&revealed.next_title, theme.answer), (&why, theme.text)]);
    });
}

/// How many rows there are before the next case: an Enter beyond them opens it.
pub fn items(revealed: &Revealed) -> usize {
    match &revealed.reveal {
        // The sentence, the seal, where it is kept.
        None => 3,
        Some(reveal) => before(&reveal.marks) + reveal.marks.items.len(),
    }
}

/// Rows before the items: the verdict, the critical fails, and three about the marks.
const fn before(marks: &Marks) -> usize {
    1 + marks.critical.len() + 3
}

/// The position in the marks of the item that the cursor is on.
pub fn item_at(revealed: &Revealed, chosen: usize) -> Option<usize> {
    let marks = &revealed.reveal.as_ref()?.marks;
    let (wrong, right) = marks.to_read();
    wrong.into_iter().chain(right).nth(chosen.checked_sub(before(marks))?)
}

/// What the chosen item rests on, where there is room beside the marks.
pub fn beside(app: &App, revealed: &Revealed, width: u16) -> Vec<Row> {
    match item_at(revealed, revealed.chosen) {
        Some(at) => item(app, revealed, at, width).1,
        None => {
            let mut rows = Rows::new(&app.theme, width);
            rows.para(0, "Here stands why, for the item that the cursor is on: right ones as well.", app.theme.muted);
            rows.rows
        }
    }
}

/// Everything about one item.
pub fn item(app: &App, revealed: &Revealed, at: usize, width: u16) -> (String, Vec<Row>) {
    let mut rows = Rows::new(&app.theme, width);
    let theme = rows.theme;
    let marks = revealed.reveal.as_ref().map(|reveal| &reveal.marks);
    let Some(marked) = marks.and_then(|marks| marks.items.get(at)) else { return (String::new(), Vec::new()) };
    let (sign, style) = mark(theme, marked);
    rows.flow(
        0,
        2,
        &[
            (&format!("{sign}\u{a0}"), style),
            (&marked.title, theme.heading),
            (critical(marked), theme.error),
            (&format!("  {}, {:.0} % of its marks", marked.domain.word(), marked.share * 100.0), theme.muted),
        ],
    );
    rows.gap();
    let mut pair = |label: &str, value: &str| {
        if !value.is_empty() {
            let style = if label == "key" { theme.answer } else { theme.text };
            rows.pair(label, 11, value, style);
        }
    };
    pair("yours", &marked.yours);
    pair("key", &marked.key);
    pair("what to do", &marked.message);
    pair("why", &marked.why);
    // Of a rule these are the answers that it read, else what one hears or sees.
    let facts = if marked.rule.is_some() { "because" } else { "patient" };
    marked.facts.iter().for_each(|fact| pair(facts, fact));
    pair("otherwise", marked.change.as_deref().unwrap_or_default());
    pair("rule", marked.rule.as_deref().unwrap_or_default());
    if let Some(grade) = marked.evidence {
        pair("evidence", &format!("{} {}", grade.letter(), grade.label()));
    }
    marked.sources.iter().for_each(|source| pair("source", source));
    (marked.title.clone(), rows.rows)
}
