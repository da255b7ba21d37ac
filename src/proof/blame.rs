//! Where in the files a thing stands that a finding blames.

use crate::pack::Pack;
use crate::pack::load::LayerFiles;

/// `file:line` of `kind:id`, or the pack's own word for what is made from the vocabulary.
#[must_use]
pub fn place(pack: &Pack, layers: &[LayerFiles], blamed: &str) -> Option<String> {
    let (kind, id) = blamed.split_once(':')?;
    if kind == "rule" {
        return pack.rules.get(id).map(|rule| rule.place.to_string());
    }
    let (head, key) = (format!("[[{kind}]]"), format!("\"{id}\""));
    let files = layers.iter().flat_map(|layer| &layer.files);
    let mut found = None;
    for file in files.filter(|file| file.text.contains(&head) && file.text.contains(&key)) {
        let mut inside = false;
        for (n, line) in file.text.lines().enumerate() {
            let line = line.trim();
            if line.starts_with("[[") {
                inside = line == head;
            }
            let value = line.strip_prefix("id").map(|rest| rest.trim_start().trim_start_matches('=').trim_start());
            if inside && value.is_some_and(|value| value.starts_with(&key)) {
                found = Some(format!("{}:{}", file.path, n + 1));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pack::{builtin, builtin_files};

    #[test]
    fn things_are_found_in_their_files() {
        let pack = builtin().expect("the built-in pack loads");
        let layers = [builtin_files()];
        let at = |blamed: &str| place(&pack, &layers, blamed).unwrap_or_default();
        assert!(at("recipe:ha-hydration").starts_with("data/recipes/hydration.toml:"));
        assert!(at("rule:pregnancy").starts_with("data/rules/life-stage.toml:"));
        assert!(at("never:pregnant").starts_with("data/safety-case.toml:"));
        assert_eq!(at("rule:allergy-lidocaine"), "made from the vocabulary");
        assert_eq!(place(&pack, &layers, "recipe:none"), None);
    }
}
