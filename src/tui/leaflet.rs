//! What a patient takes home: the texts of a saved consultation for before and after a session, and when to call.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::text::wrap;
use crate::follow_up;
use crate::plan::Plan;
use crate::record::Document;

/// Columns of a line: a page of paper takes them in any usual letter.
const COLUMNS: usize = 76;

/// Files of one name that are tried before it is given up.
const TRIES: u32 = 99;

/// The leaflet in plain text; `said` gives a text in another language, where there is one. `None` without a plan: then there is
/// nothing to take home.
#[must_use]
pub fn leaflet(document: &Document, said: impl Fn(&str) -> Option<String>) -> Option<String> {
    let plan = document.assessment.plan.as_ref()?;
    let mut page = Page { text: String::new() };
    let patient = document.patient.name.trim();
    let born = document.patient.birth_date.map(|date| format!(", born {date}")).unwrap_or_default();
    page.line(&format!("For {}{born}", if patient.is_empty() { "the patient" } else { patient }));
    let signer = &document.practitioner;
    let with: Vec<&str> =
        [signer.name.trim(), signer.role.trim()].into_iter().filter(|word| !word.is_empty()).collect();
    let with = if with.is_empty() { String::new() } else { format!(" with {}", with.join(", ")) };
    page.line(&format!("From the consultation of {}{with}", document.assessment.today));
    match follow_up::stopping(&document.follow_up).is_empty() {
        true => sessions(&mut page, plan),
        false => {
            page.heading("No further session for now");
            page.item(
                "The course is stopped after a reaction, until it is settled. Ask us before any further session.",
            );
        }
    }
    let parts = [
        ("Before the session", &plan.precare),
        ("After the session", &plan.aftercare),
        ("Call us at once for", &plan.red_flags),
    ];
    let mut untold = false;
    for (heading, texts) in parts {
        if !texts.is_empty() {
            page.heading(heading);
        }
        for text in texts {
            let other = said(text);
            untold |= other.is_none();
            page.item(other.as_deref().unwrap_or(text));
        }
    }
    page.text.push('\n');
    let pack = &document.assessment.pack;
    if pack.reviewed.is_none() {
        page.line("These texts are not yet reviewed by this clinic.");
    }
    if untold {
        page.line("Some of them are not there in the language that was asked for.");
    }
    page.line(&format!("Record {}, version {}.", document.id, document.version));
    Some(page.text)
}

/// The days of the plan, and what they depend on.
fn sessions(page: &mut Page, plan: &Plan) {
    if !plan.conditions.is_empty() {
        page.heading("Only after");
        plan.conditions.iter().for_each(|condition| page.item(condition));
    }
    if !plan.sessions.is_empty() {
        page.heading("Sessions planned");
    }
    for session in &plan.sessions {
        let day = match session.date {
            Some(date) => date.strftime("%A %-d %B %Y").to_string(),
            None if session.after_days == 0 => "the day is not fixed yet".to_owned(),
            None => format!("{} days after the first one", session.after_days),
        };
        page.item(&format!("{}: {day}", session.number));
    }
}

/// The name of its file: no patient's name, because others see the names in a folder.
#[must_use]
pub fn file_name(document: &Document) -> String {
    let id = document.id.to_string();
    let end = id.rsplit('-').next().unwrap_or(&id);
    format!("for-the-patient-{end}.txt")
}

/// Writes a new file that only this user can read; one that is there is never replaced, but another number is put behind the
/// name.
///
/// # Errors
/// If it cannot be made or written.
pub fn write(folder: &Path, name: &str, text: &str) -> io::Result<PathBuf> {
    let (stem, end) = name.rsplit_once('.').unwrap_or((name, "txt"));
    for n in 1..=TRIES {
        let name = if n == 1 { name.to_owned() } else { format!("{stem}-{n}.{end}") };
        let path = folder.join(name);
        match write_new(&path, text) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            written => return written.map(|()| path),
        }
    }
    Err(io::Error::new(io::ErrorKind::AlreadyExists, "there are too many of these files"))
}

/// Writes that file, which must not be there.
///
/// # Errors
/// If it is there, or cannot be made or written.
pub fn write_new(path: &Path, text: &str) -> io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_all());
    if written.is_err() {
        // Half of it would be taken for all of it.
        let _ = std::fs::remove_file(path);
    }
    written
}

struct Page {
    text: String,
}

impl Page {
    fn line(&mut self, words: &str) {
        for line in wrap(words, COLUMNS) {
            self.text.push_str(&line);
            self.text.push('\n');
        }
    }

    fn heading(&mut self, words: &str) {
        self.text.push('\n');
        self.line(words);
    }

    fn item(&mut self, words: &str) {
        for (n, line) in wrap(words, COLUMNS - 4).iter().enumerate() {
            let lead = if n == 0 { "  - " } else { "    " };
            self.text.push_str(&format!("{lead}{line}\n"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::tests::sample::{document, id};

    #[test]
    fn it_holds_what_the_patient_does_and_when_to_call() {
        let document = document(id(1), 1, "Test Patient");
        let text = leaflet(&document, |text| Some(text.to_owned())).unwrap();
        let plan = document.assessment.plan.as_ref().unwrap();
        for words in plan.precare.iter().chain(&plan.aftercare).chain(&plan.red_flags) {
            let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(flat.contains(&words.split_whitespace().collect::<Vec<_>>().join(" ")), "{words}: {text}");
        }
        assert!(text.starts_with("For Test Patient") && text.contains("Before the session"), "{text}");
        assert!(text.lines().all(|line| line.chars().count() <= COLUMNS), "{text}");
        assert!(!text.contains("language that was asked for"), "{text}");
        let untold = leaflet(&document, |_| None).unwrap();
        assert!(untold.contains("language that was asked for"), "{untold}");
    }

    #[test]
    fn without_a_plan_there_is_nothing_to_take_home() {
        let mut document = document(id(1), 1, "Test Patient");
        document.assessment.plan = None;
        assert_eq!(leaflet(&document, |_| None), None);
    }

    #[test]
    fn a_file_is_private_and_replaces_none() {
        let folder = tempfile::tempdir().unwrap();
        let name = file_name(&document(id(1), 1, "Test Patient"));
        assert!(!name.contains("Test"), "{name}");
        let first = write(folder.path(), &name, "one").unwrap();
        let second = write(folder.path(), &name, "two").unwrap();
        assert_ne!(first, second);
        assert_eq!(std::fs::read_to_string(&first).unwrap(), "one");
        assert!(write_new(&first, "three").is_err() && write(&folder.path().join("none"), &name, "x").is_err());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(std::fs::metadata(&second).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }
}
