//! Where practice is kept: a folder of its own, never that of the records. The only file of this room that touches disk.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use jiff::civil::Date;

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
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Cards::default()),
            Err(error) => return Err(format!("cannot read {}: {error}", path.display())),
        };
        serde_json::from_str(&text)
            .map_err(|error| format!("{} is damaged ({error}); put it aside to start anew", path.display()))
    }

    /// How finished attempts went, the oldest first; none when nothing was ever practised.
    ///
    /// # Errors
    /// When the file cannot be read or is none of ours. It is left as it is.
    pub fn results(&self) -> Result<Vec<super::draft::Past>, String> {
        let path = self.folder.join("results.json");
        match fs::read_to_string(&path) {
            Ok(text) => serde_json::from_str(&text)
                .map_err(|error| format!("{} is damaged ({error}); put it aside to start anew", path.display())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
            Err(error) => Err(format!("cannot read {}: {error}", path.display())),
        }
    }

    /// Keeps a sealed attempt and what it says about the rules. The attempt comes first: cards can be made again.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn keep(&self, sealed: &Sealed, cards: &Cards) -> Result<PathBuf, String> {
        let header = sealed.header();
        let folder = self.folder.join("attempts");
        private_folder(&self.folder).and_then(|()| private_folder(&folder)).map_err(|e| failed(&folder, &e))?;
        let seal = sealed.seal();
        let name = format!("{}-{}-{}.attempt", header.day, header.case, seal.get(..8).unwrap_or(&seal));
        let path = folder.join(name);
        write_whole(&path, &sealed.to_file()).map_err(|error| failed(&path, &error))?;
        let text = serde_json::to_string_pretty(cards).unwrap_or_default();
        let own = self.folder.join("cards.json");
        write_whole(&own, &text).map_err(|error| failed(&own, &error))?;
        Ok(path)
    }
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
