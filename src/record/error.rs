//! What can go wrong with a store, each in a sentence that says what to do.

use std::fmt;
use std::path::PathBuf;

use super::document::{DocumentError, SCHEMA};
use super::id::RecordId;

/// Why the store did not do what was asked. Whatever it is, nothing that was saved before is lost, and the caller
/// still has what it wanted to save.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum StoreError {
    /// No room on the disk.
    Full,
    /// The place cannot be written.
    ReadOnly {
        /// The place.
        path: PathBuf,
    },
    /// The file that was open is not at its place any more.
    Vanished {
        /// The place.
        path: PathBuf,
    },
    /// Another program kept the store busy.
    Busy,
    /// It is protected, and nobody has unlocked it.
    Locked,
    /// The passphrase or recovery code does not open it.
    WrongKey,
    /// There is no passphrase to change.
    Unprotected,
    /// Bytes are not as they were written.
    Corrupt {
        /// What was found.
        detail: String,
    },
    /// Someone else saved a version in between.
    Conflict {
        /// The consultation.
        id: RecordId,
        /// The version that was to be saved.
        tried: u32,
        /// The newest version there is.
        newest: u32,
    },
    /// It was erased: nothing about it is kept any more.
    Erased {
        /// The consultation.
        id: RecordId,
    },
    /// A newer program changed the store.
    NewerSchema {
        /// Its schema.
        found: i64,
        /// What this program knows.
        known: i64,
    },
    /// Other users can get at the directory.
    NotPrivate {
        /// The directory.
        path: PathBuf,
        /// Why that cannot be mended.
        detail: String,
    },
    /// The document or draft itself.
    Document(DocumentError),
    /// The system reports something else.
    Io {
        /// What.
        detail: String,
    },
    /// The store was closed.
    Closed,
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Full => f.write_str("nothing is lost, but the disk is full: free some room, then save again"),
            Self::ReadOnly { path } => write!(
                f,
                "the records cannot be written: make their place writable, or choose another one (`records_dir` in the \
                 configuration); what is in them is as it was, and nothing new is saved ({})",
                path.display()
            ),
            Self::Vanished { path } => write!(
                f,
                "the records are gone: put them back before anything else, then start pistor again; they were removed or \
                 moved, or their disk was taken away ({}); nothing is kept",
                path.display()
            ),
            Self::Busy => f.write_str("another program kept the records busy; nothing was saved: try again"),
            Self::Locked => f.write_str("the records are locked: unlock them with the passphrase"),
            Self::WrongKey => f.write_str(
                "this passphrase does not open the records; nothing was changed: try again, or use the recovery code",
            ),
            Self::Unprotected => f.write_str("the records have no passphrase: `pistor records protect` sets one"),
            Self::Corrupt { detail } => write!(
                f,
                "the records are damaged ({detail}); nothing was changed: run `pistor records verify`, and restore a backup"
            ),
            Self::Conflict { id, tried, newest } => write!(
                f,
                "version {tried} of consultation {id} was not saved: version {newest} is the newest, saved elsewhere \
                 meanwhile; open that one and make the change there"
            ),
            Self::Erased { id } => {
                write!(f, "consultation {id} was erased: nothing about it is kept any more, and nothing was saved")
            }
            Self::NewerSchema { found, known } => write!(
                f,
                "the records were changed by a newer pistor (store schema {found}, this one knows {known}); nothing was \
                 changed: use the newer version"
            ),
            Self::NotPrivate { path, detail } => write!(
                f,
                "{} is open to other users ({detail}); nothing was saved: choose a directory of its own for the records",
                path.display()
            ),
            Self::Document(error) => error.fmt(f),
            Self::Io { detail } => write!(f, "the system reports a fault ({detail}); nothing was saved: try again"),
            Self::Closed => f.write_str("the records are closed"),
        }
    }
}

impl std::error::Error for StoreError {}

impl From<DocumentError> for StoreError {
    fn from(error: DocumentError) -> Self {
        match error {
            DocumentError::Newer { found } => Self::NewerSchema { found, known: SCHEMA },
            other => Self::Document(other),
        }
    }
}
