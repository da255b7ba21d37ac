//! From folders on disk to the layers of a pack.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{Trouble, in_words, read_text};
use crate::pack::load::LayerFiles;
use crate::pack::{Pack, builtin_files, load};
use crate::source::{Fields, Problems, SourceFile, parse};

/// The layers to load: the built-in pack, then one for each folder.
///
/// A folder with the id of an earlier layer takes its place, so that `--pack data` runs a working copy of the built-in
/// pack. The loader does the same; here it also keeps the cases of the replaced layer from being run.
///
/// # Errors
/// When a folder is not there, is no pack, or cannot be read: all of them at once.
pub fn packs(folders: &[PathBuf]) -> Result<Vec<LayerFiles>, Trouble> {
    let mut layers = vec![builtin_files()];
    let mut troubles: Vec<String> = Vec::new();
    for folder in folders {
        match read_layer(folder) {
            Ok(layer) => {
                let id = id_of(&layer);
                match layers.iter_mut().find(|other| id.is_some() && id_of(other) == id) {
                    Some(other) => *other = layer,
                    None => layers.push(layer),
                }
            }
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
        let found = fs::metadata(&path);
        let name = entry.file_name().to_string_lossy().to_lowercase();
        if found.as_ref().is_ok_and(fs::Metadata::is_dir) {
            walk(&path, seen, into)?;
        } else if name.ends_with(".toml.txt") || is_misspelt(&name) {
            // Some editors add it behind the author's back; rules that are silently left out are the worst mistake.
            return Err(format!("cannot use {}: the name of a pack file ends in `.toml`; rename it", path.display()));
        } else if path.extension().is_some_and(|e| e.eq_ignore_ascii_case("toml")) {
            if found.is_ok_and(|m| !m.is_file()) {
                return Err(format!("cannot read {}: it is no ordinary file", path.display()));
            }
            into.push(path);
        }
    }
    Ok(())
}

/// Whether a name ends in what was meant to be `.toml`: one letter away. What an editor keeps of the file as it was
/// (`rules.toml~`) was not.
fn is_misspelt(name: &str) -> bool {
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    !ending.ends_with('~') && strsim::osa_distance(ending, "toml") == 1
}

/// The id in the `[pack]` table of a layer, as far as it can be read.
fn id_of(layer: &LayerFiles) -> Option<String> {
    let is_manifest =
        |file: &&Arc<SourceFile>| Path::new(&file.path).file_name().is_some_and(|name| name == "pack.toml");
    let manifest = layer.files.iter().find(is_manifest)?;
    let mut quiet = Problems::default();
    let root = parse(manifest, &mut quiet);
    let mut top = Fields::of_file(manifest, &root, "pack.toml");
    top.get("pack")?.table("[pack]", &mut quiet)?.text_or_none("id", &mut quiet)
}

/// Reads and checks the built-in pack with the layers of these folders on top, its texts in a language where a layer
/// words them.
///
/// # Errors
/// When a folder cannot be read, and for every mistake in every file of every layer.
pub fn load_pack(folders: &[PathBuf], language: Option<&str>) -> Result<Pack, Trouble> {
    let layers = packs(folders)?;
    // Another thread's memory goes back to the system as a whole, because nothing of the pack lies among it.
    let parsed = std::thread::scope(|scope| scope.spawn(|| load::parsed(&layers)).join());
    let parsed = parsed.unwrap_or_else(|panic| std::panic::resume_unwind(panic));
    load::load_parsed(parsed, language).map_err(Trouble::Mistakes)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder with these files.
    fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = dir.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        dir
    }

    fn names(dir: &Path) -> Vec<String> {
        let root = format!("{}/", dir.display());
        read_layer(dir).unwrap().files.iter().map(|f| f.path.replace(&root, "")).collect()
    }

    #[test]
    fn reads_all_toml_below_in_order_and_nothing_hidden() {
        let dir =
            folder(&[("pack.toml", ""), ("rules/b.toml", ""), ("rules/a.toml", ""), ("a.txt", ""), (".#a.toml", "")]);
        assert_eq!(names(dir.path()), ["pack.toml", "rules/a.toml", "rules/b.toml"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_loop_of_links_ends() {
        let dir = folder(&[("pack.toml", ""), ("rules/a.toml", "")]);
        std::os::unix::fs::symlink(dir.path(), dir.path().join("rules/up")).unwrap();
        assert_eq!(names(dir.path()), ["pack.toml", "rules/a.toml"]);
    }

    #[cfg(unix)]
    #[test]
    fn links_in_a_circle_are_named() {
        let dir = folder(&[("pack.toml", "")]);
        std::os::unix::fs::symlink("b.toml", dir.path().join("a.toml")).unwrap();
        std::os::unix::fs::symlink("a.toml", dir.path().join("b.toml")).unwrap();
        let why = read_layer(dir.path()).unwrap_err();
        assert!(why.contains("a.toml: its links lead in a circle"), "{why}");
    }

    #[cfg(unix)]
    #[test]
    fn what_is_no_ordinary_file_is_not_waited_for() {
        let dir = folder(&[("pack.toml", "")]);
        std::os::unix::fs::symlink("/dev/zero", dir.path().join("endless.toml")).unwrap();
        assert!(read_layer(dir.path()).unwrap_err().contains("it is no ordinary file"));
    }

    #[test]
    fn a_file_with_a_wrong_ending_is_not_left_out_in_silence() {
        let dir = folder(&[("pack.toml", ""), ("rules.toml.txt", "")]);
        assert!(read_layer(dir.path()).unwrap_err().contains("rename it"));
        for misspelt in ["extra.tml", "extra.tolm", "extra.TOM", "extra.toml1"] {
            let dir = folder(&[("pack.toml", ""), (misspelt, "")]);
            assert!(read_layer(dir.path()).is_err_and(|why| why.contains("rename it")), "{misspelt}");
        }
        let beside = [
            ("pack.toml", ""),
            ("leaflet.html", ""),
            ("a.yaml", ""),
            ("a.xml", ""),
            ("notes.txt", ""),
            ("pack.toml~", ""),
        ];
        assert_eq!(names(folder(&beside).path()), ["pack.toml"]);
        let dir = folder(&[("pack.toml", ""), ("RULES.TOML", "")]);
        assert_eq!(names(dir.path()), ["RULES.TOML", "pack.toml"]);
    }

    #[test]
    fn a_byte_order_mark_is_no_part_of_the_text() {
        let dir = folder(&[("pack.toml", "\u{feff}[pack]\n")]);
        assert_eq!(&*read_layer(dir.path()).unwrap().files[0].text, "[pack]\n");
    }

    #[test]
    fn says_what_is_wrong_with_every_folder() {
        let empty = folder(&[]);
        let file = folder(&[("x.toml", "")]);
        let missing = empty.path().join("nowhere");
        let folders = [missing, empty.path().to_owned(), file.path().join("x.toml")];
        let Err(Trouble::Unreadable { message, .. }) = packs(&folders) else { panic!("all three are wrong") };
        let lines: Vec<&str> = message.lines().collect();
        assert_eq!(lines.len(), 3, "{message}");
        for (line, what) in lines.iter().zip(["no such file or folder", "no `pack.toml`", "a pack is a folder"]) {
            assert!(line.contains(what), "{line}");
        }
    }

    #[test]
    fn a_file_that_is_not_text_is_named() {
        let dir = folder(&[("pack.toml", "")]);
        fs::write(dir.path().join("latin1.toml"), b"# caf\xe9\n").unwrap();
        let why = read_layer(dir.path()).unwrap_err();
        assert!(why.contains("latin1.toml") && why.contains("byte 6 is not UTF-8"), "{why}");
    }
}
