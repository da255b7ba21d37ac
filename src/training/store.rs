//! Where practice is kept: a folder of its own, never that of the records. The only file of this room that touches disk.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use jiff::civil::Date;

use super::draft::{BegunExam, Draft, Past, name_of, name_of_file};
use super::flow::Sealed;
use super::schedule::{Cards, Rating};

/// The folder of one trainee's practice.
#[derive(Clone, Debug)]
pub struct Store {
    folder: PathBuf,
}

impl Store {
    /// The store in a folder; nothing is made until something is saved.
    #[must_use]
    pub const fn at(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// The folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The cards; none when nothing was ever practised.
    ///
    /// # Errors
    /// When the file cannot be read or is none of ours. It is left as it is.
    pub fn cards(&self) -> Result<Cards, String> {
        let path = self.folder.join("cards.json");
        match read_if_there(&path)? {
            None => Ok(Cards::default()),
            Some(text) => serde_json::from_str(&text).map_err(|error| damaged(&path, &error)),
        }
    }

    /// How finished attempts went, the oldest first; none when nothing was ever practised.
    ///
    /// # Errors
    /// When the file cannot be read or is none of ours. It is left as it is.
    pub fn results(&self) -> Result<Vec<Past>, String> {
        let path = self.folder.join("results.json");
        match read_if_there(&path)? {
            None => Ok(Vec::new()),
            Some(text) => serde_json::from_str(&text).map_err(|error| damaged(&path, &error)),
        }
    }

    /// Attempts that were left in the middle, the newest first, and the files among them that cannot be read.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn drafts(&self) -> Result<(Vec<Draft>, Vec<PathBuf>), String> {
        let folder = self.folder.join("drafts");
        let files = match fs::read_dir(&folder) {
            Ok(files) => files,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok((Vec::new(), Vec::new())),
            Err(error) => return Err(format!("cannot read {}: {error}", folder.display())),
        };
        let (mut found, mut unread) = (Vec::new(), Vec::new());
        for file in files.filter_map(Result::ok) {
            let path = file.path();
            if path.extension().is_none_or(|end| end != "json") {
                continue;
            }
            let written = file.metadata().and_then(|meta| meta.modified()).ok();
            match fs::read_to_string(&path).ok().and_then(|text| serde_json::from_str::<Draft>(&text).ok()) {
                Some(draft) => found.push((written, draft)),
                None => unread.push(path),
            }
        }
        found.sort_by(|(a, _), (b, _)| b.cmp(a));
        Ok((found.into_iter().map(|(_, draft)| draft).collect(), unread))
    }

    /// Everything that the first screen of the training shows.
    ///
    /// # Errors
    /// What cannot be read.
    pub fn shelf(&self) -> Result<Shelf, String> {
        let (drafts, unread) = self.drafts()?;
        Ok(Shelf { cards: self.cards()?, results: self.results()?, drafts, unread, exams: self.exams()? })
    }

    /// The exams that were begun, the oldest first.
    ///
    /// # Errors
    /// When the file cannot be read or is none of ours. It is left as it is.
    pub fn exams(&self) -> Result<Vec<BegunExam>, String> {
        let path = self.folder.join("exams.json");
        match read_if_there(&path)? {
            None => Ok(Vec::new()),
            Some(text) => serde_json::from_str(&text).map_err(|error| damaged(&path, &error)),
        }
    }

    /// Notes that an exam was begun, or that it was sealed.
    ///
    /// # Errors
    /// When the notes cannot be read, or the folder cannot be written.
    pub fn note_exam(&self, exam: &BegunExam) -> Result<(), String> {
        let mut all = self.exams()?;
        match all.iter_mut().find(|other| other.trainee == exam.trainee && other.sat.started == exam.sat.started) {
            Some(known) => known.sealed |= exam.sealed,
            None => all.push(exam.clone()),
        }
        let path = self.folder.join("exams.json");
        let text = serde_json::to_string(&all).unwrap_or_default();
        private_folder(&self.folder).and_then(|()| write_whole(&path, &text)).map_err(|error| failed(&path, &error))
    }

    /// The text of a finished attempt, by the name of its file.
    ///
    /// # Errors
    /// When it is there no more, or cannot be read.
    pub fn attempt(&self, name: &str) -> Result<String, String> {
        let path = self.folder.join("attempts").join(name);
        read_if_there(&path)?.ok_or_else(|| format!("{} is there no more", path.display()))
    }

    /// Keeps an attempt that is in the middle.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn put_draft(&self, draft: &Draft) -> Result<(), String> {
        let folder = self.folder.join("drafts");
        private_folder(&self.folder).and_then(|()| private_folder(&folder)).map_err(|e| failed(&folder, &e))?;
        let path = folder.join(format!("{}.json", draft.name()));
        // Once a key, so it does not wait for the disk: what a power cut takes is a few seconds of practice.
        let aside = path.with_extension("part");
        let text = serde_json::to_string(draft).unwrap_or_default();
        fs::write(&aside, text).and_then(|()| fs::rename(&aside, &path)).map_err(|error| failed(&path, &error))
    }

    /// Removes an attempt that was in the middle.
    ///
    /// # Errors
    /// When it is there and cannot be removed.
    pub fn drop_draft(&self, name: &str) -> Result<(), String> {
        let path = self.folder.join("drafts").join(format!("{name}.json"));
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(failed(&path, &error)),
            _ => Ok(()),
        }
    }

    /// Keeps a finished attempt and what it says about the rules, and removes its draft. The attempt comes first: the
    /// rest can be made again.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn keep(&self, deposit: &Deposit) -> Result<PathBuf, String> {
        let folder = self.folder.join("attempts");
        private_folder(&self.folder).and_then(|()| private_folder(&folder)).map_err(|e| failed(&folder, &e))?;
        let path = folder.join(&deposit.name);
        write_whole(&path, &deposit.file).map_err(|error| failed(&path, &error))?;
        if let Some(past) = &deposit.past {
            let mut all = self.results()?;
            all.push(past.clone());
            let own = self.folder.join("results.json");
            write_whole(&own, &serde_json::to_string(&all).unwrap_or_default()).map_err(|e| failed(&own, &e))?;
            let mut cards = self.cards()?;
            for (rule, rating) in &past.grades {
                cards.answer(rule, *rating, past.day);
            }
            cards.assume(&past.known, past.day);
            let own = self.folder.join("cards.json");
            write_whole(&own, &serde_json::to_string_pretty(&cards).unwrap_or_default())
                .map_err(|error| failed(&own, &error))?;
        }
        if let Some(exam) = &deposit.exam {
            self.note_exam(exam)?;
        }
        self.drop_draft(&deposit.draft)?;
        Ok(path)
    }
}

/// What the first screen of the training shows.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Shelf {
    /// What is remembered of each rule.
    pub cards: Cards,
    /// How finished attempts went, the oldest first.
    pub results: Vec<Past>,
    /// Attempts that were left in the middle, the newest first.
    pub drafts: Vec<Draft>,
    /// Files of drafts that cannot be read.
    pub unread: Vec<PathBuf>,
    /// Exams that were begun, the oldest first.
    pub exams: Vec<BegunExam>,
}

/// A finished attempt on its way to the disk.
#[derive(Clone, PartialEq, Debug)]
pub struct Deposit {
    /// The name of its file.
    pub name: String,
    /// The sealed file.
    pub file: String,
    /// How it went; none of an exam, which reveals nothing.
    pub past: Option<Past>,
    /// The name of its draft.
    pub draft: String,
    /// Of an exam: that it was sealed.
    pub exam: Option<BegunExam>,
}

impl Deposit {
    /// A sealed attempt, with how it went where that is known.
    #[must_use]
    pub fn of(sealed: &Sealed, past: Option<Past>) -> Self {
        let exam = BegunExam::of(sealed.header()).map(|exam| BegunExam { sealed: true, ..exam });
        Self { name: name_of_file(sealed), file: sealed.to_file(), past, draft: name_of(sealed.header()), exam }
    }
}

fn read_if_there(path: &Path) -> Result<Option<String>, String> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(format!("cannot read {}: {error}", path.display())),
    }
}

fn damaged(path: &Path, error: &serde_json::Error) -> String {
    format!("{} is damaged ({error}); put it aside to start anew", path.display())
}

fn failed(path: &Path, error: &io::Error) -> String {
    format!("cannot write {}: {error}", path.display())
}

/// A folder that only this user can read.
fn private_folder(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Writes a file whole or not at all.
fn write_whole(path: &Path, text: &str) -> io::Result<()> {
    let aside = path.with_extension("part");
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&aside)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(&aside, path)
}

impl Store {
    /// Notes how well one card was known. The cards are read anew: whoever else practises meanwhile loses nothing.
    ///
    /// # Errors
    /// When the cards cannot be read, or the folder cannot be written.
    pub fn note(&self, card: &str, rating: Rating, day: Date) -> Result<Cards, String> {
        let mut cards = self.cards()?;
        cards.answer(card, rating, day);
        let path = self.folder.join("cards.json");
        let text = serde_json::to_string_pretty(&cards).unwrap_or_default();
        private_folder(&self.folder).and_then(|()| write_whole(&path, &text)).map_err(|error| failed(&path, &error))?;
        Ok(cards)
    }
}
