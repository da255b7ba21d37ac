//! The configuration file and the places on disk.
//!
//! The file is read and never written; every key has a default, so there may be none. It is read through
//! [`crate::source`], so that a mistake in it is reported like a mistake in a pack.

mod calendar;
mod layers;
mod places;
mod read;

use std::path::PathBuf;
use std::sync::Arc;

pub use calendar::OpenDays;
pub use layers::{load_pack, packs, read_layer};
pub use places::{ConfigPlace, Environment, Places};
pub use read::{CLOSED_DAYS, NOT_IN_PACK, languages, load, speaks};

use crate::source::{Report, SourceFile};

/// Everything the configuration file can say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Config {
    /// Who sits with the patient.
    pub practitioner: Practitioner,
    /// Where.
    pub clinic: Clinic,
    /// Folders of pack layers, lowest first.
    pub packs: Vec<PathBuf>,
    /// The language of the pack's texts, if not English.
    pub language: Option<String>,
    /// The colours of the screen.
    pub theme: Theme,
    /// A file with a theme of one's own, on top of that.
    pub theme_file: Option<PathBuf>,
    /// Whether the screen listens to the mouse.
    pub mouse: Mouse,
    /// Whether what is shown may be copied to the clipboard of the terminal; unless it says no.
    pub clipboard: Option<bool>,
    /// Where the consultations are kept, if not in the usual place.
    pub records_dir: Option<PathBuf>,
    /// Minutes without a key after which protected records are locked; 0 is never.
    pub lock_after: Option<u32>,
    /// The file this was read from.
    pub file: Option<Arc<SourceFile>>,
}

/// `[practitioner]`
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Practitioner {
    /// Signs the records.
    pub name: Option<String>,
    /// An option of the question `setting.operator`.
    pub role: Option<String>,
    /// Stands beside the name.
    pub licence: Option<String>,
}

/// `[clinic]`
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Clinic {
    /// For people.
    pub name: Option<String>,
    /// Whose law applies when an intake does not say.
    pub jurisdiction: Option<String>,
    /// An option of the question `setting.premises`.
    pub premises: Option<String>,
    /// The days on which nobody is treated.
    pub open: OpenDays,
}

/// The colours of the screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// Whatever suits the terminal.
    #[default]
    Auto,
    /// For dark backgrounds.
    Dark,
    /// For light backgrounds.
    Light,
    /// Few colours, strong contrast.
    HighContrast,
    /// No colours at all.
    Mono,
}

impl Theme {
    /// The words of the configuration file.
    pub const WORDS: [(&'static str, Self); 5] = [
        ("auto", Self::Auto),
        ("dark", Self::Dark),
        ("light", Self::Light),
        ("high-contrast", Self::HighContrast),
        ("mono", Self::Mono),
    ];
}

/// Whether the screen listens to the mouse.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mouse {
    /// Clicks and the wheel work; text is selected with Shift held.
    #[default]
    On,
    /// The terminal keeps the mouse.
    Off,
}

/// Why something on disk cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// It cannot be found or read.
    Unreadable {
        /// What happened to what.
        message: String,
        /// What to do.
        help: String,
    },
    /// It can be read and has mistakes.
    Mistakes(Report),
}

impl Trouble {
    pub(crate) fn unreadable(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self::Unreadable { message: message.into(), help: help.into() }
    }
}

/// Reads a whole text file, or says in words why not.
///
/// # Errors
/// When it is missing, not a file of text, or far larger than any file people write by hand.
pub fn read_text(path: &std::path::Path) -> Result<String, String> {
    use std::io::Read;
    let shown = path.display();
    let file = std::fs::File::open(path).map_err(|e| format!("cannot read {shown}: {}", in_words(&e)))?;
    if file.metadata().is_ok_and(|m| m.is_dir()) {
        return Err(format!("cannot read {shown}: it is a folder, not a file"));
    }
    let mut bytes = Vec::new();
    file.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(|e| format!("cannot read {shown}: {}", in_words(&e)))?;
    text_of(bytes).map_err(|why| format!("cannot read {shown}: {why}"))
}

/// The largest file that is read; packs and intakes stay far below.
pub const MAX_BYTES: u64 = 16 * 1024 * 1024;

/// The text of bytes that were read.
///
/// # Errors
/// When there are too many, or they are not UTF-8.
pub fn text_of(bytes: Vec<u8>) -> Result<String, String> {
    if bytes.len() as u64 > MAX_BYTES {
        return Err(format!("it is larger than {} MB", MAX_BYTES / 1024 / 1024));
    }
    let text = String::from_utf8(bytes)
        .map_err(|e| format!("byte {} is not UTF-8; save it as UTF-8 text", e.utf8_error().valid_up_to() + 1))?;
    // Some editors put a byte-order mark in front; it is no part of the text.
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

/// An input or output error without the number that means nothing to most readers.
#[must_use]
pub fn in_words(error: &std::io::Error) -> String {
    use std::io::ErrorKind;
    match error.kind() {
        ErrorKind::NotFound => "no such file or folder".to_owned(),
        ErrorKind::PermissionDenied => "permission denied".to_owned(),
        ErrorKind::IsADirectory => "it is a folder, not a file".to_owned(),
        ErrorKind::NotADirectory => "a part of the path is not a folder".to_owned(),
        // A circle of links has no stable kind yet; 40 is its number on Linux, 62 on macOS.
        _ if matches!(error.raw_os_error(), Some(40 | 62)) && cfg!(unix) => "its links lead in a circle".to_owned(),
        _ => error.to_string(),
    }
}
