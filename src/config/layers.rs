//! From folders on disk to the layers of a pack.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{Trouble, in_words, read_text};
use crate::pack::load::LayerFiles;
use crate::pack::{builtin_files, load};
use crate::source::{Problems, Report, SourceFile, parse};

/// The layers to load: the built-in pack, then one for each folder.
///
/// A folder with the id of the built-in pack takes its place, so that `--pack data` runs a working copy of it.
///
/// # Errors
/// When a folder is not there, is no pack, or cannot be read: all of them at once.
pub fn packs(folders: &[PathBuf]) -> Result<Vec<LayerFiles>, Trouble> {
    let builtin = builtin_files();
    let builtin_id = id_of(&builtin);
    let mut layers = vec![builtin];
    let mut troubles: Vec<String> = Vec::new();
    for folder in folders {
        match read_layer(folder) {
            Ok(layer) if builtin_id.is_some() && id_of(&layer) == builtin_id => {
                if let Some(first) = layers.first_mut() {
                    *first = layer;
                }
            }
            Ok(layer) => layers.push(layer),
            Err(why) => troubles.push(why),
        }
    }
    if troubles.is_empty() {
        return Ok(layers);
    }
    Err(Trouble::unreadable(
        troubles.join("\n"),
        "a pack is a folder with a `pack.toml`; docs/pack-format.md describes it",
    ))
}

/// The TOML files of one folder and the folders below it, in the order of their paths.
///
/// Hidden files are left out: editors leave such files beside the one that is being written.
///
/// # Errors
/// In words, when the folder is not there, has no `pack.toml`, or a file cannot be read.
pub fn read_layer(folder: &Path) -> Result<LayerFiles, String> {
    let shown = folder.display();
    let found = fs::metadata(folder).map_err(|e| format!("cannot read pack {shown}: {}", in_words(&e)))?;
    if !found.is_dir() {
        return Err(format!("cannot read pack {shown}: it is a file, and a pack is a folder"));
    }
    if !folder.join("pack.toml").is_file() {
        return Err(format!("cannot read pack {shown}: it has no `pack.toml`"));
    }
    let mut paths = Vec::new();
    walk(folder, &mut BTreeSet::new(), &mut paths)?;
    let mut files = Vec::new();
    let mut troubles = Vec::new();
    for path in paths {
        match read_text(&path) {
            Ok(text) => files.push(SourceFile::new(path.display().to_string(), text)),
            Err(why) => troubles.push(why),
        }
    }
    if !troubles.is_empty() {
        return Err(troubles.join("\n"));
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(LayerFiles { files })
}

fn walk(folder: &Path, seen: &mut BTreeSet<PathBuf>, into: &mut Vec<PathBuf>) -> Result<(), String> {
    let cannot = |e: std::io::Error| format!("cannot read {}: {}", folder.display(), in_words(&e));
    // A link to a folder above would otherwise be followed for ever.
    if !seen.insert(folder.canonicalize().map_err(cannot)?) {
        return Ok(());
    }
    let mut entries = fs::read_dir(folder).map_err(cannot)?.collect::<Result<Vec<_>, _>>().map_err(cannot)?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        if entry.file_name().to_string_lossy().starts_with('.') {
            continue;
        }
        let path = entry.path();
        // Follows links; a dangling one that should be a pack file is reported when it is read.
        let is_dir = fs::metadata(&path).is_ok_and(|m| m.is_dir());
        if is_dir {
            walk(&path, seen, into)?;
        } else if path.extension().is_some_and(|e| e == "toml") {
            into.push(path);
        }
    }
    Ok(())
}

/// The id in the `[pack]` table of a layer.
fn id_of(layer: &LayerFiles) -> Option<String> {
    let manifest = layer.files.iter().find(|file| is_manifest(file))?;
    let mut quiet = Problems::default();
    let root = parse(manifest, &mut quiet);
    let mut top = crate::source::Fields::new(manifest, root.span(), root.get_ref(), "pack.toml");
    top.get("pack")?.table("[pack]", &mut quiet)?.text_or_none("id", &mut quiet)
}

fn is_manifest(file: &Arc<SourceFile>) -> bool {
    Path::new(&file.path).file_name().is_some_and(|name| name == "pack.toml")
}

/// Reads and checks the built-in pack with the layers of these folders on top.
///
/// # Errors
/// When a folder cannot be read, and for every mistake in every file of every layer.
pub fn load_pack(folders: &[PathBuf]) -> Result<crate::pack::Pack, Trouble> {
    load::load(&packs(folders)?).map_err(|report: Report| Trouble::Mistakes(report))
}
