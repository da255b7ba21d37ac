//! `pistor train mark`: one attempt against the rules, with the reasons.

use std::path::{Path, PathBuf};

use serde_json::json;

use super::Ended;
use super::failure::Failure;
use super::new_file::Reserved;
use super::options::{Common, Format};
use super::page::{Ink, Page, json as as_json, percent};
use super::train::School;
use crate::config::{MAX_BYTES, in_words, text_of};
use crate::source::SourceFile;
use crate::training::{Deposit, Item, Marks, Mode, Past, Reveal, Sealed, credited, read_attempt, reveal};

#[derive(clap::Args, Debug)]
pub(super) struct MarkArgs {
    /// A script in TOML (docs/training.md) or a sealed file
    #[arg(value_name = "ATTEMPT")]
    pub file: PathBuf,
    /// Write the attempt as a sealed file; an existing file is never replaced
    #[arg(long, value_name = "FILE")]
    pub seal: Option<PathBuf>,
    /// Keep the attempt and remember what to practise
    #[arg(long)]
    pub keep: bool,
    #[command(flatten)]
    pub common: Common,
}

pub(super) fn run(school: &School, args: &MarkArgs) -> Result<(String, Ended), Failure> {
    let script = !bytes(&args.file)?.starts_with(SEALED);
    let sealed = read(school, &args.file)?;
    if let Some(path) = &args.seal {
        if script && sealed.header().mode == Mode::Exam {
            return Err(Failure::plain(
                "a script is no exam: nobody was timed, and nothing was sealed before the answers were known",
                "`pistor train play --exam --seal FILE` makes one; take `mode` out of the script",
            ));
        }
        Reserved::new(path)?.fill(&sealed.to_file())?;
    }
    marked(school, &sealed, args.keep)
}

/// The marks of a finished attempt; `keep` remembers what to practise.
pub(super) fn marked(school: &School, sealed: &Sealed, keep: bool) -> Result<(String, Ended), Failure> {
    let reveal = reveal(&school.pack, sealed);
    if keep {
        let store = school.store()?;
        let failed = |why| Failure::plain(why, "");
        let mut past = Past::of(sealed, &reveal.marks);
        past.known = credited(&school.pack, &school.subjects, &school.cases, &store.cards().map_err(failed)?, &past);
        store.keep(&Deposit::of(sealed, Some(past))).map_err(failed)?;
    }
    let ended = if reveal.marks.passed { Ended::Done } else { Ended::ProblemsFound };
    let text = match school.common.format() {
        Format::Json => {
            let header = sealed.header();
            as_json(
                &json!({ "attempt": header, "seal": sealed.seal(), "marks": reveal.marks, "assessment": reveal.assessment }),
            )
        }
        Format::Text => text(school, sealed, &reveal),
    };
    Ok((text, ended))
}

/// Reads an attempt of either kind. A sealed file is taken byte by byte as it is: nothing is forgiven.
pub(super) fn read(school: &School, path: &Path) -> Result<Sealed, Failure> {
    let shown = path.display().to_string();
    let bytes = bytes(path)?;
    if bytes.starts_with(SEALED) {
        return open(school, &shown, bytes);
    }
    let help = "an attempt is a TOML file; docs/training.md shows one";
    let text = text_of(bytes).map_err(|why| Failure::plain(format!("cannot read {shown}: {why}"), help))?;
    let file = SourceFile::new(shown, text);
    let cases = school.cases_with(&file.text)?;
    read_attempt(&school.pack, &cases, &file, school.common.today()).map_err(Failure::Report)
}

/// Opens a sealed file.
pub(super) fn open(school: &School, shown: &str, bytes: Vec<u8>) -> Result<Sealed, Failure> {
    let refused = |why: String| Failure::plain(format!("{shown} is refused: {why}"), "ask for the original file");
    let text = String::from_utf8(bytes).map_err(|_| refused("it is not text".to_owned()))?;
    let cases = school.cases_with(&text)?;
    Sealed::from_file(&school.pack, &cases, &text).map_err(|why| refused(why.to_string()))
}

pub(super) fn bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    use std::io::Read;
    let read = || {
        let mut bytes = Vec::new();
        std::fs::File::open(path)?.take(MAX_BYTES + 1).read_to_end(&mut bytes).map(|_| bytes)
    };
    read().map_err(|error| Failure::plain(format!("cannot read {}: {}", path.display(), in_words(&error)), ""))
}

/// How a sealed file begins.
const SEALED: &[u8] = b"pistor sealed";

fn text(school: &School, sealed: &Sealed, reveal: &Reveal) -> String {
    let mut page = school.page();
    let header = sealed.header();
    let marks = &reveal.marks;
    let title = &sealed.case().title;
    page.text(0, 2, &format!("TRAINING, not a consultation: {title} ({}, seed {})", header.case, header.seed));
    let (ink, sign) = if marks.passed { (Ink::Good, "✓ passed") } else { (Ink::Stop, "✗ not passed") };
    page.inked(0, 2, ink, sign, &format!("{:.0} %, {}", marks.percent, header.trainee));
    for fail in &marks.critical {
        page.inked(0, 2, Ink::Stop, "✗ critical", &fail.what);
    }
    if let Some(sat) = &header.sat {
        page.field(0, "exam", &format!("{}, begun {}", sat.place(), sat.started.strftime("%Y-%m-%d %H:%M UTC")));
        if sat.before > 0 {
            let words = format!("the same trainee had begun it before: {}", sat.before);
            page.inked(0, 2, Ink::Warn, "! again", &words);
        }
    }
    page.gap();
    summary(&mut page, marks, sealed.case().twists.iter().any(|twist| twist.voted.is_none()));
    let (wrong, right) = marks.to_read();
    for (heading, items) in [("To learn from", wrong), ("Right", right)] {
        if !items.is_empty() {
            page.heading(heading);
        }
        items.iter().filter_map(|at| marks.items.get(*at)).for_each(|item| item_text(&mut page, item));
    }
    page.gap();
    page.field(0, "seal", &sealed.seal());
    page.finish()
}

fn summary(page: &mut Page, marks: &Marks, guessed: bool) {
    for domain in &marks.domains {
        let share = domain.share.map_or("not marked in this case".to_owned(), percent);
        page.field(0, domain.domain.word(), &format!("{share} (counts {})", domain.weight));
    }
    let share = |value: Option<f64>| value.map_or("–".to_owned(), percent);
    let found = marks.sensitivity.map(|found| format!("{} of what speaks against treatment", percent(found)));
    page.field(0, "found", &found.unwrap_or_else(|| "nothing speaks against treatment".to_owned()));
    page.field(0, "left alone", &format!("{} of what is harmless", share(marks.specificity)));
    page.field(0, "Brier", &format!("{:.3} (0 is perfect, 0.25 a coin)", marks.brier));
    if let Some(twists) = marks.twists {
        let whose = if guessed { "; the votes are the author's guess, no panel has met" } else { "" };
        page.field(0, "twists", &format!("{} of the panel's credit{whose}", percent(twists)));
    }
    page.field(0, "asked", &format!("{} seconds of questions", marks.cost_seconds));
    page.fields(0, "hints", &marks.hints);
    if !marks.away.is_empty() {
        let all: Vec<String> = marks.away.iter().map(|absence| absence.words()).collect();
        page.inked(0, 2, Ink::Warn, "! left", &format!("{} (minutes from the start)", all.join("; ")));
    }
    if marks.late_seconds > 0 {
        let late = format!("sealed {} seconds after the time of the exam", marks.late_seconds);
        page.inked(0, 2, Ink::Warn, "! late", &late);
    }
    for judgement in marks.sure_and_wrong() {
        let text = format!("{}: {} sure", judgement.about, percent(judgement.confidence));
        page.inked(0, 2, Ink::Warn, "! sure and wrong", &text);
    }
}

fn item_text(page: &mut Page, item: &Item) {
    let (ink, sign) = if item.right() {
        (Ink::Good, "✓")
    } else if item.share > 0.0 {
        (Ink::Warn, "!")
    } else {
        (Ink::Stop, "✗")
    };
    page.inked(
        0,
        2,
        ink,
        sign,
        &format!("{} ({}{})", item.title, item.domain.word(), if item.critical { ", critical" } else { "" }),
    );
    page.field(2, "yours", &item.yours);
    page.field(2, "key", &item.key);
    page.field(2, "what to do", &item.message);
    page.field(2, "why", &item.why);
    // Of a rule these are the answers that it read, else what one hears or sees.
    page.fields(2, if item.rule.is_some() { "because" } else { "patient" }, &item.facts);
    page.field(2, "otherwise", item.change.as_deref().unwrap_or_default());
    if let Some(rule) = &item.rule {
        let grade = item.evidence.map_or(String::new(), |grade| format!(", evidence {grade:?}"));
        page.field(2, "rule", &format!("{rule}{grade}"));
    }
    page.fields(2, "sources", &item.sources);
}
