//! Packs the TOML files below `data/`, which the program carries inside itself; what else stands there stays out.
//!
//! `data.deflate` holds their texts, one behind the other, compressed; `data_files.rs` their paths and lengths.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

use miniz_oxide::deflate::compress_to_vec;

/// Smallest; it takes half a second.
const LEVEL: u8 = 9;

fn main() -> io::Result<()> {
    println!("cargo:rerun-if-changed=data");
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let mut files = Vec::new();
    collect(&root.join("data"), &mut files)?;
    files.sort();
    let (mut rows, mut texts) = (String::new(), String::new());
    for file in &files {
        let name = file.strip_prefix(&root).unwrap_or(file).to_string_lossy().replace('\\', "/");
        let text = fs::read_to_string(file)?;
        rows.push_str(&format!("    ({name:?}, {}),\n", text.len()));
        texts.push_str(&text);
    }
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    fs::write(out.join("data.deflate"), compress_to_vec(texts.as_bytes(), LEVEL))?;
    fs::write(out.join("data_files.rs"), format!("&[\n{rows}]\n"))
}

fn collect(folder: &Path, into: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, into)?;
        } else if path.extension().is_some_and(|extension| extension == "toml") {
            into.push(path);
        }
    }
    Ok(())
}
