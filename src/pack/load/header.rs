//! The files of a layer: its `[pack]` header, its hash, its tables by kind.

use sha2::{Digest, Sha256};

use super::{Header, KINDS, Layer, LayerFiles, Tables, codes, is_id};
use crate::source::{Cursor, Fields, Problems, did_you_mean};

/// The layers, less those whose id a later one repeats (a folder that stands in for the built-in pack).
pub(super) fn without_replaced(layers: &[LayerFiles]) -> Vec<&LayerFiles> {
    let ids: Vec<Option<String>> = layers.iter().map(quick_id).collect();
    let mut kept: Vec<(Option<String>, &LayerFiles)> = Vec::new();
    for (id, layer) in ids.into_iter().zip(layers) {
        match kept.iter_mut().find(|(known, _)| known.is_some() && *known == id) {
            Some(slot) => slot.1 = layer,
            None => kept.push((id, layer)),
        }
    }
    kept.into_iter().map(|(_, layer)| layer).collect()
}

fn quick_id(layer: &LayerFiles) -> Option<String> {
    layer.files.iter().filter(|file| is_header(&file.path)).find_map(|file| {
        let table: toml::Table = file.text.parse().ok()?;
        Some(table.get("pack")?.get("id")?.as_str()?.to_owned())
    })
}

/// `pack.toml` at the root of a layer or of anything above it.
fn is_header(path: &str) -> bool {
    path.rsplit(['/', '\\']).next() == Some("pack.toml")
}

/// Sorts the tables of a file by kind and reads its header, if it has one.
pub(super) fn collect<'a>(
    layer: usize,
    fields: &Fields<'a>,
    tables: &mut Tables<'a>,
    headers: &mut Vec<Header>,
    problems: &mut Problems,
) {
    for (key, at, value) in fields.entries() {
        let Some(kind) = KINDS.into_iter().find(|kind| *kind == key) else {
            if !value.is_array() && !value.is_table() {
                let message = format!("`{key}` stands outside any table");
                let help = "put it below the header of its table, such as [pack] or [[rule]]";
                problems.at_with_help(&at, codes::UNKNOWN_TABLE, message, "belongs to no table", help);
                continue;
            }
            let help = did_you_mean(key, KINDS).map_or_else(
                || "`docs/pack-format.md` lists the tables of a pack".to_owned(),
                |near| format!("did you mean `[[{near}]]`?"),
            );
            let message = format!("packs have no table `{key}`");
            problems.at_with_help(&at, codes::UNKNOWN_TABLE, message, "unknown table", help);
            continue;
        };
        if kind == "pack" {
            header(layer, &value, headers, problems);
        } else if kind == "review" {
            tables.entry(kind).or_default().push((layer, value));
        } else if value.is_array() {
            tables.entry(kind).or_default().extend(value.array(problems).into_iter().map(|table| (layer, table)));
        } else {
            let message = format!("`{key}` has to be a list of tables");
            problems.at(&at, codes::UNKNOWN_TABLE, message, format!("write it as [[{key}]]"));
        }
    }
}

fn header(layer: usize, cursor: &Cursor<'_>, headers: &mut Vec<Header>, problems: &mut Problems) {
    let Some(mut fields) = cursor.table("[pack]", problems) else { return };
    let id_at = fields.get("id");
    let id = fields.text("id", problems);
    if let (Some(at), Some(id)) = (&id_at, &id)
        && !is_id(id)
    {
        problems.at(at, codes::BAD_ID, format!("`{id}` is not an id"), "expected lower-case words joined by hyphens");
    }
    if headers.iter().any(|other| other.layer == layer) {
        let message = "this pack has two [pack] headers";
        problems.at_with_help(cursor, codes::NO_HEADER, message, "the second one", "keep the one in pack.toml");
    }
    let version = fields.text("version", problems);
    let title = fields.text("title", problems);
    if let Some(at) = fields.need("language", problems)
        && let Some(language) = at.whole(1, 1000, problems)
        && language != 1
    {
        let message = format!("this pack is written in language {language}; this program reads language 1");
        problems.at(&at, codes::LANGUAGE, message, "expected 1");
    }
    if let Some(at) = fields.get("extends")
        && let Some(word) = at.text(problems)
        && !headers.iter().any(|other| other.layer < layer && other.info.id == word)
    {
        let below = headers.iter().filter(|other| other.layer < layer).map(|other| other.info.id.as_str());
        problems.unknown_word(&at, codes::UNKNOWN_ID, "pack", word, below);
    }
    fields.finish(problems);
    if let (Some(id), Some(version), Some(title)) = (id, version, title) {
        let info = Layer { id, version, title, hash: String::new() };
        headers.push(Header { layer, info });
    }
}

/// Notes a layer that has no readable header.
pub(super) fn require(layer: usize, files: &LayerFiles, headers: &[Header], problems: &mut Problems) {
    if headers.iter().any(|h| h.layer == layer) || !problems.is_empty() {
        return;
    }
    if let Some(file) = files.files.first() {
        problems.at_with_help(
            &Cursor::start_of(file),
            codes::NO_HEADER,
            "this pack has no [pack] header",
            "no file of this folder has [pack]",
            "add a pack.toml with [pack] id, version, language = 1 and title",
        );
    }
}

/// The description of a layer.
pub(super) fn layer(n: usize, files: &LayerFiles, headers: &[Header]) -> Layer {
    let mut info = headers.iter().find(|h| h.layer == n).map(|h| h.info.clone()).unwrap_or_else(|| Layer {
        id: "unnamed".to_owned(),
        version: "0".to_owned(),
        hash: String::new(),
        title: String::new(),
    });
    info.hash = hash(files);
    info
}

/// How much of the path of each file is the path of the layer.
pub(super) fn root(files: &LayerFiles) -> usize {
    let headers = files.files.iter().filter(|file| is_header(&file.path));
    headers.map(|file| file.path.len() - "pack.toml".len()).min().unwrap_or(0)
}

/// SHA-256 over the names below the layer's root and the texts of its files, in name order.
fn hash(files: &LayerFiles) -> String {
    let root = root(files);
    let mut named: Vec<(&str, &str)> =
        files.files.iter().map(|file| (file.path.get(root..).unwrap_or(&file.path), &*file.text)).collect();
    named.sort_unstable();
    let mut sha = Sha256::new();
    for (name, text) in named {
        for part in [name, text] {
            sha.update((part.len() as u64).to_le_bytes());
            sha.update(part.as_bytes());
        }
    }
    hex(&sha.finalize())
}

/// The hash over all layers.
pub(super) fn joined_hash(layers: &[Layer]) -> String {
    if let [one] = layers {
        return one.hash.clone();
    }
    let mut sha = Sha256::new();
    layers.iter().for_each(|layer| sha.update(layer.hash.as_bytes()));
    hex(&sha.finalize())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
