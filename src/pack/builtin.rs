//! The built-in pack, carried inside the binary.

use super::Pack;
use super::load::{LayerFiles, load};
use crate::source::{Report, SourceFile};

/// The path and the text of every file, in the order of the paths.
static FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/data_files.rs"));

/// The files of the built-in pack, as `data/...`.
#[must_use]
pub fn builtin_files() -> LayerFiles {
    let files = FILES.iter().map(|(path, text)| SourceFile::embedded(*path, text)).collect();
    LayerFiles { files }
}

/// The built-in pack alone.
///
/// # Errors
/// If the built-in pack has mistakes, which its own tests rule out for a release.
pub fn builtin() -> Result<Pack, Report> {
    load(&[builtin_files()])
}
