//! An intake file as `assess` and `explain` take it, with what the clinic's setting fills in.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::civil::Date;
use serde::Serialize;

use super::failure::Failure;
use super::session::Session;
use crate::config::{MAX_BYTES, in_words, read_text, text_of};
use crate::intake::{self, Answer, Intake};
use crate::plan::{self, Assessment};
use crate::proof::{Outlook, outlook};
use crate::source::SourceFile;

/// The argument for an intake file.
#[derive(clap::Args, Debug)]
pub(super) struct IntakeFile {
    /// The intake file, or `-` for standard input
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
}

/// An intake ready to be assessed.
#[derive(Debug)]
pub(super) struct Case {
    pub intake: Intake,
    /// What the file did not say and the setting of the clinic did.
    pub assumed: Vec<Assumed>,
    pub today: Date,
}

/// An answer that does not stand in the intake file.
#[derive(Serialize, Debug, PartialEq, Eq)]
pub(super) struct Assumed {
    /// The question.
    pub question: String,
    /// What was filled in; empty lists are "none".
    pub value: String,
    /// Who says so.
    pub from: &'static str,
}

impl Case {
    /// Reads the file and fills in the setting.
    pub fn read(session: &Session, argument: &IntakeFile) -> Result<Self, Failure> {
        let file = file_of(&argument.file, "an intake is a TOML file; `pistor assess --help` shows one")?;
        let today = session.common.today();
        let mut intake = intake::read_on(&session.pack, &file, today).map_err(Failure::Report)?;
        let assumed = fill_in(session, &mut intake);
        Ok(Self { intake, assumed, today })
    }

    /// What the open questions can still do, where some are missing.
    pub fn outlook(&self, session: &Session, assessment: &Assessment) -> Option<Outlook> {
        if assessment.missing.is_empty() {
            return None;
        }
        outlook(&session.pack, &self.intake, self.today, &|| false)
    }

    /// The assessment, on the days the clinic is open.
    pub fn assess(&self, session: &Session) -> Assessment {
        let mut assessment = plan::assess(&session.pack, &self.intake, self.today);
        if let Some(plan) = &mut assessment.plan {
            session.config.clinic.open.reschedule(plan);
        }
        assessment
    }
}

/// A file, or standard input for `-`; `help` says what was expected.
pub(super) fn file_of(path: &Path, help: &str) -> Result<Arc<SourceFile>, Failure> {
    Ok(SourceFile::new(shown(path), text(path, help)?))
}

fn shown(path: &Path) -> String {
    if path == Path::new("-") { "<stdin>".to_owned() } else { path.display().to_string() }
}

fn text(path: &Path, help: &str) -> Result<String, Failure> {
    if path != Path::new("-") {
        return read_text(path).map_err(|why| Failure::plain(why, help));
    }
    let mut bytes = Vec::new();
    std::io::stdin()
        .lock()
        .take(MAX_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(|e| in_words(&e))
        .and_then(|_| text_of(bytes))
        .map_err(|why| Failure::plain(format!("cannot read standard input: {why}"), help))
}

/// Who, where and under which law, where the intake does not say. `--jurisdiction` also speaks over the intake.
fn fill_in(session: &Session, intake: &mut Intake) -> Vec<Assumed> {
    const CONFIG: &str = "configuration";
    const DEFAULT: &str = "default";
    let config = &session.config;
    let choice = |word: &str, from| Some((Answer::Choice(word.to_owned()), word.to_owned(), from));
    let or_default = |own: &Option<String>, default| match own {
        Some(word) => choice(word, CONFIG),
        None => choice(default, DEFAULT),
    };
    let law = match (&session.common.jurisdiction, &config.clinic.jurisdiction) {
        (Some(code), _) => choice(code, "--jurisdiction"),
        (None, Some(code)) => choice(code, CONFIG),
        (None, None) => None,
    };
    let overrules = session.common.jurisdiction.is_some();
    let settings = [
        ("jurisdiction", law, overrules),
        ("setting.operator", or_default(&config.practitioner.role, "physician"), false),
        ("setting.premises", or_default(&config.clinic.premises, "clinic"), false),
        ("setting.provenance", Some((Answer::Items(Vec::new()), "none".to_owned(), DEFAULT)), false),
    ];
    let mut assumed = Vec::new();
    for (question, value, overrules) in settings {
        let Some((answer, value, from)) = value else { continue };
        let open = intake.get(question).is_none() || (overrules && intake.get(question) != Some(&answer));
        if open && session.pack.questions.find(question).is_some() {
            intake.set(question, answer);
            assumed.push(Assumed { question: question.to_owned(), value, from });
        }
    }
    assumed
}
