//! Files that the program makes and never replaces.

use std::io::Write;
use std::path::Path;

use super::failure::Failure;
use crate::config::in_words;

/// A new file that is there before it is known what goes into it; gone again if nothing does.
pub(super) struct Reserved<'p> {
    path: &'p Path,
    file: Option<std::fs::File>,
}

impl<'p> Reserved<'p> {
    /// Makes the file; one that exists is never replaced.
    pub(super) fn new(path: &'p Path) -> Result<Self, Failure> {
        match std::fs::OpenOptions::new().write(true).create_new(true).open(path) {
            Ok(file) => Ok(Self { path, file: Some(file) }),
            Err(error) => Err(Self::cannot(path, &error)),
        }
    }

    /// Writes it, to the disk.
    pub(super) fn fill(mut self, text: &str) -> Result<(), Failure> {
        let Some(mut file) = self.file.take() else { return Ok(()) };
        let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_all());
        written.map_err(|error| Self::cannot(self.path, &error))
    }

    fn cannot(path: &Path, error: &std::io::Error) -> Failure {
        let help = match error.kind() {
            std::io::ErrorKind::AlreadyExists => "choose another name",
            std::io::ErrorKind::NotFound => "make the folder first",
            _ => "",
        };
        let why = match error.kind() {
            std::io::ErrorKind::AlreadyExists => "it is there already, and is never replaced".to_owned(),
            _ => in_words(error),
        };
        Failure::plain(format!("cannot write {}: {why}", path.display()), help)
    }
}

impl Drop for Reserved<'_> {
    fn drop(&mut self) {
        if self.file.take().is_some() {
            // Nothing went into it; whoever cannot remove it has an empty file, and is told that by its name.
            let _ = std::fs::remove_file(self.path);
        }
    }
}
