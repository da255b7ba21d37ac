//! How the right name of something is found, where nothing is spelled like the one that was written.

/// What can be searched by name: the word of a file, and that of `pistor find`.
const SEARCHED: [(&str, &str); 9] = [
    ("condition", "conditions"),
    ("medication", "medications"),
    ("event", "events"),
    ("allergen", "allergens"),
    ("ingredient", "ingredients"),
    ("provenance", "provenance"),
    ("goal", "goals"),
    ("area", "areas"),
    ("reaction", "reactions"),
];

/// Where a `kind` of thing called something like `word` is looked for; none of kinds that are few.
#[must_use]
pub fn how_found(kind: &str, word: &str) -> Option<String> {
    if let Some((_, list)) = SEARCHED.iter().find(|(known, _)| *known == kind) {
        // What a shell could take for something else is left out: nothing typed in a file becomes a command.
        let plain = word.len() < 40 && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        let what = if plain && !word.starts_with('-') { word } else { "NAME" };
        return Some(format!("`pistor find {list} {what}` searches them by name, brand and synonym"));
    }
    match kind {
        "rule" => Some("`pistor train case coverage` lists the rules".to_owned()),
        "source" => Some("a `[[source]]` with this id has to stand in the pack or in a layer below".to_owned()),
        _ => None,
    }
}
