//! `pistor train report`: a folder of sealed attempts for the instructor.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::ValueEnum;

use super::Ended;
use super::failure::Failure;
use super::options::{Common, Format};
use super::page::{clean, json as as_json};
use super::train::School;
use super::train_mark::{bytes, open};
use crate::config::{in_words, read_text};
use crate::training::{Cohort, Form, Graded, Mode, ReadRow, cohort, reveal, sift, write_report};

#[derive(clap::Args, Debug)]
#[command(
    after_help = "The folder holds sealed files (*.attempt) and, if there are global ratings, ratings.csv with lines \
    FILE,RATING: 1 fail, 2 borderline, 3 pass, 4 good, 5 excellent. One file that was altered, or made with another \
    pack, and there is no report. Where there are exams, other modes are left out, which is said.\n\nExamples:\n  \
    pistor train report exam > report.md\n  \
    pistor train report exam --as html > report.html\n  \
    pistor train report course --mode practice --as csv > practice.csv"
)]
pub(super) struct ReportArgs {
    /// The folder of sealed attempts
    #[arg(value_name = "FOLDER")]
    pub folder: PathBuf,
    /// How to write it; `--format json` overrules it
    #[arg(long = "as", value_enum, value_name = "FORM", default_value = "markdown")]
    pub form: FormName,
    /// Read attempts of this mode; without it exams only where there are any, else everything
    #[arg(long, value_enum, value_name = "MODE")]
    pub mode: Option<Which>,
    #[command(flatten)]
    pub common: Common,
}

/// Which attempts are read.
#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Which {
    /// Exams
    Exam,
    /// Practice: with hints, and a reveal after each case
    Practice,
    /// What was due
    Review,
    /// The fast track
    FastTrack,
    /// All of them together
    All,
}

impl Which {
    const fn modes(self) -> &'static [Mode] {
        match self {
            Self::Exam => &[Mode::Exam],
            Self::Practice => &[Mode::Practice],
            Self::Review => &[Mode::Review],
            Self::FastTrack => &[Mode::FastTrack],
            Self::All => &[Mode::Practice, Mode::Exam, Mode::Review, Mode::FastTrack],
        }
    }
}

/// The forms of a report.
#[derive(ValueEnum, Clone, Copy, Debug)]
pub(super) enum FormName {
    /// Tables for people
    Markdown,
    /// For a spreadsheet
    Csv,
    /// For the browser and for print
    Html,
}

pub(super) fn run(school: &School, args: &ReportArgs) -> Result<(String, Ended), Failure> {
    let (files, others) = attempts(&args.folder)?;
    let mut ratings = ratings(&args.folder.join("ratings.csv"))?;
    let mut graded = Vec::new();
    let mut refused = Vec::new();
    let mut seals: BTreeMap<String, String> = BTreeMap::new();
    for path in &files {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        match bytes(path).and_then(|bytes| open(school, &path.display().to_string(), bytes)) {
            Ok(sealed) => {
                if let Some(first) = seals.insert(sealed.seal(), name.clone()) {
                    refused.push(format!("{name} is the same attempt as {first}: it would count twice"));
                    continue;
                }
                let marks = reveal(&school.pack, &sealed).marks;
                let (header, rating) = (sealed.header().clone(), ratings.remove(&name));
                graded.push(Graded { header, marks, rating, seal: sealed.seal() });
            }
            Err(Failure::Plain { message, .. }) => refused.push(message),
            Err(other) => return Err(other),
        }
    }
    if !refused.is_empty() {
        return Err(Failure::plain(refused.join("\n"), "put refused files aside, or ask for the originals"));
    }
    if let Some(stranger) = ratings.keys().next() {
        return Err(Failure::plain(
            format!("ratings.csv rates `{stranger}`, which is not in the folder"),
            "correct the name",
        ));
    }
    let (graded, mut read) = sift(graded, args.mode.map(Which::modes));
    if graded.is_empty() {
        let there: Vec<String> = read.iter().map(|row| format!("{} {}", row.count, row.what)).collect();
        return Err(Failure::plain(
            format!("no attempt of this mode is in the folder; there are: {}", there.join(", ")),
            "choose another --mode, or leave it out",
        ));
    }
    if !others.is_empty() {
        let why = format!("only *.attempt is read: {}", others.join(", "));
        read.push(ReadRow { what: "other files".to_owned(), count: others.len(), read: false, why });
    }
    let cohort = Cohort { read, ..cohort(&graded) };
    let text = match (school.common.format(), args.form) {
        (Format::Json, _) => as_json(&cohort),
        (_, FormName::Markdown) => clean_lines(&write_report(&cohort, Form::Markdown)),
        (_, FormName::Csv) => write_report(&cohort, Form::Csv),
        (_, FormName::Html) => clean_lines(&write_report(&cohort, Form::Html)),
    };
    Ok((text, Ended::Done))
}

/// Names of trainees come from files: nothing in them may act on a terminal.
fn clean_lines(text: &str) -> String {
    text.lines().map(clean).collect::<Vec<_>>().join("\n") + "\n"
}

/// The attempts of a folder, and the names of what else is there.
fn attempts(folder: &Path) -> Result<(Vec<PathBuf>, Vec<String>), Failure> {
    let unreadable =
        |error: std::io::Error| Failure::plain(format!("cannot read {}: {}", folder.display(), in_words(&error)), "");
    let (mut files, mut others) = (Vec::new(), Vec::new());
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.extension().is_some_and(|e| e == "attempt") {
            files.push(path);
        } else if path.file_name().is_some_and(|name| name != "ratings.csv") {
            others.push(path.file_name().unwrap_or_default().to_string_lossy().into_owned());
        }
    }
    files.sort();
    others.sort();
    if files.is_empty() {
        let message = format!("no sealed attempts in {}", folder.display());
        let help =
            "`pistor train mark ATTEMPT --seal NAME.attempt` makes one; a sealed file of another name is not read";
        return Err(Failure::plain(message, help));
    }
    Ok((files, others))
}

/// Global ratings by file name; none when there is no such file.
fn ratings(path: &Path) -> Result<BTreeMap<String, f64>, Failure> {
    let mut ratings = BTreeMap::new();
    if !path.exists() {
        return Ok(ratings);
    }
    let help = "each line is FILE,RATING with a whole rating from 1 to 5";
    let text = read_text(path).map_err(|why| Failure::plain(why, help))?;
    for (n, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let wrong = |why: &str| Failure::plain(format!("{} line {}: {why}", path.display(), n + 1), help);
        // A semicolon is what spreadsheets of half of Europe write.
        let (file, rating) = line.rsplit_once([',', ';']).ok_or_else(|| wrong("there is no comma"))?;
        if n == 0 && file.eq_ignore_ascii_case("file") && rating.trim().eq_ignore_ascii_case("rating") {
            continue;
        }
        let rating: u8 = rating.trim().parse().map_err(|_| wrong("the rating is not a whole number"))?;
        if !(1..=5).contains(&rating) {
            return Err(wrong("the rating is not from 1 to 5"));
        }
        if ratings.insert(file.trim().trim_matches('"').to_owned(), f64::from(rating)).is_some() {
            return Err(wrong("this file is rated twice"));
        }
    }
    Ok(ratings)
}
