//! The built-in pack, carried inside the binary.

use std::sync::Arc;

use miniz_oxide::inflate::decompress_slice_iter_to_slice;

use super::Pack;
use super::load::{LayerFiles, load};
use crate::source::{Report, SourceFile};

/// The path of every file and the length of its text, in the order of the paths.
static FILES: &[(&str, usize)] = include!(concat!(env!("OUT_DIR"), "/data_files.rs"));

/// Their texts, one behind the other, compressed by `build.rs`.
static TEXTS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/data.deflate"));

/// The files of the built-in pack, as `data/...`.
#[must_use]
pub fn builtin_files() -> LayerFiles {
    // What the build compressed comes back whole; a test holds it. Without it there would be no pack, and loading says so.
    let texts: Arc<str> = texts().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default().into();
    let mut start = 0;
    let part = |(path, length): &(&str, usize)| {
        let from = start;
        start += length;
        SourceFile::part(*path, Arc::clone(&texts), from..start)
    };
    LayerFiles { files: FILES.iter().filter_map(part).collect() }
}

/// The texts, into memory of just their size: the allocator keeps as much free memory as twice the largest piece that was
/// ever given back.
fn texts() -> Option<Vec<u8>> {
    let mut bytes = vec![0; FILES.iter().map(|(_, length)| length).sum()];
    let length = decompress_slice_iter_to_slice(&mut bytes, std::iter::once(TEXTS), false, true).ok()?;
    (length == bytes.len()).then_some(bytes)
}

/// The built-in pack alone.
///
/// # Errors
/// If the built-in pack has mistakes, which its own tests rule out for a release.
pub fn builtin() -> Result<Pack, Report> {
    load(&[builtin_files()])
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn the_files_come_back_as_they_stand_in_the_folder() {
        let files = builtin_files().files;
        assert_eq!(files.len(), FILES.len());
        for file in files {
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(&file.path);
            assert!(*file.text == *std::fs::read_to_string(&path).unwrap(), "{}", file.path);
        }
    }
}
