//! The built-in pack, carried inside the binary.

use std::sync::Arc;

use include_dir::{Dir, include_dir};

use super::Pack;
use super::load::{LayerFiles, load};
use crate::source::{Report, SourceFile};

static DATA: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/data");

/// The files of the built-in pack, as `data/...`.
#[must_use]
pub fn builtin_files() -> LayerFiles {
    fn collect(dir: &'static Dir<'_>, into: &mut Vec<Arc<SourceFile>>) {
        for file in dir.files() {
            if let (true, Some(text)) = (file.path().extension().is_some_and(|e| e == "toml"), file.contents_utf8()) {
                into.push(SourceFile::embedded(format!("data/{}", file.path().display()), text));
            }
        }
        dir.dirs().for_each(|inner| collect(inner, into));
    }
    let mut files = Vec::new();
    collect(&DATA, &mut files);
    files.sort_by(|a, b| a.path.cmp(&b.path));
    LayerFiles { files }
}

/// The built-in pack alone.
///
/// # Errors
/// If the built-in pack has mistakes, which its own tests rule out for a release.
pub fn builtin() -> Result<Pack, Report> {
    load(&[builtin_files()])
}
