//! The built-in pack, several times over: renamed copies of its vocabulary, rules and safety case in one pack, whose
//! copies meet in the same ingredients, goals, questions and recipes.
#![allow(dead_code, reason = "not every test file uses everything")]

use std::collections::HashSet;

use pistor::pack::builtin_files;
use pistor::pack::load::LayerFiles;
use pistor::source::SourceFile;
use toml::{Table, Value};

/// Tables of which every copy has its own rows.
const COPIED: [&str; 7] = ["group", "condition", "medication", "allergen", "event", "rule", "never"];
/// Keys whose words may name copied things.
const READ: [&str; 8] = ["when", "unless", "groups", "members", "parents", "cross_reacts", "not_cross", "contains"];

/// The files of the built-in pack with its rules and vocabulary so many times.
///
/// - Each further copy of a condition, medicine, allergen, event, group, rule or statement has `-x2`, `-x3`... behind its id,
///   and reads the vocabulary of its own copy.
/// - Copies take out the same ingredients and goals, read the same questions and stand in the same plans.
/// - An ingredient contains every copy of its allergens.
/// - In each further copy every eighth rule has a companion that fires where the rule and the one that it is a copy of
///   fire together, so that no copy can be looked at alone.
pub fn scaled(times: usize) -> LayerFiles {
    let files = builtin_files().files;
    let tables: Vec<Table> = files.iter().map(|file| file.text.parse().expect("TOML")).collect();
    let known: HashSet<String> = tables.iter().flat_map(ids).collect();
    let mut layer = LayerFiles::default();
    for (file, table) in files.iter().zip(&tables) {
        let mut table = table.clone();
        if file.path.contains("languages/") {
            continue;
        }
        for head in COPIED {
            let Some(Value::Array(mut all)) = table.get(head).cloned() else { continue };
            let rows: Vec<Value> = all.iter().filter(|row| is_copied(row)).cloned().collect();
            for copy in 2..=times {
                let suffix = format!("-x{copy}");
                all.extend(rows.iter().map(|row| renamed(row, &known, &suffix)));
                if head == "rule" {
                    let before = if copy == 2 { String::new() } else { format!("-x{}", copy - 1) };
                    let some = rows.iter().step_by(8).filter_map(|row| meeting(row, &known, &before, &suffix));
                    all.extend(some);
                }
            }
            table.insert(head.to_owned(), Value::Array(all));
        }
        if let Some(Value::Array(rows)) = table.get_mut("ingredient") {
            for row in rows.iter_mut().filter_map(|row| row.get_mut("contains")).filter_map(Value::as_array_mut) {
                let own: Vec<String> = row.iter().filter_map(Value::as_str).map(str::to_owned).collect();
                let copies = (2..=times).flat_map(|copy| own.iter().map(move |id| format!("{id}-x{copy}")));
                row.extend(copies.map(Value::from));
            }
        }
        let text = toml::to_string(&table).expect("TOML");
        layer.files.push(SourceFile::new(file.path.clone(), text));
    }
    layer
}

/// The ids of what is copied.
fn ids(table: &Table) -> Vec<String> {
    let rows = COPIED.iter().filter_map(|head| table.get(*head)).filter_map(Value::as_array).flatten();
    rows.filter(|row| is_copied(row))
        .filter_map(|row| row.get("id"))
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect()
}

/// Ingredients are shared, and so are their classes.
fn is_copied(row: &Value) -> bool {
    !matches!(row.get("of").and_then(Value::as_str), Some("ingredient" | "provenance"))
}

fn renamed(row: &Value, known: &HashSet<String>, suffix: &str) -> Value {
    let Value::Table(row) = row else { return row.clone() };
    let mut copy = row.clone();
    for key in ["id", "label", "title"] {
        if let Some(Value::String(text)) = copy.get_mut(key) {
            text.push_str(suffix);
        }
    }
    // Other words for the same thing would find two things; one substance has one identifier.
    copy.remove("also");
    copy.remove("unii");
    for key in READ {
        if let Some(value) = copy.get_mut(key) {
            rename(value, known, suffix);
        }
    }
    Value::Table(copy)
}

/// Renames every word that is a copied id, alone or as a group. What stands under a question is an option.
fn rename(value: &mut Value, known: &HashSet<String>, suffix: &str) {
    const NAMES: [&str; 7] = ["id", "condition", "medication", "event", "allergy", "allergen", "of"];
    match value {
        Value::String(word) if known.contains(word.strip_prefix("group:").unwrap_or(word)) => word.push_str(suffix),
        Value::Array(of) => of.iter_mut().for_each(|part| rename(part, known, suffix)),
        Value::Table(table) => {
            for (key, part) in table.iter_mut() {
                let names = NAMES.contains(&key.as_str());
                // "any", "all", "none" and "of" hold conditions again.
                if names || part.as_array().is_some_and(|of| of.iter().all(Value::is_table)) {
                    rename(part, known, suffix);
                }
            }
        }
        _ => {}
    }
}

/// A caution for who meets a rule and the one before it of which it is a copy.
fn meeting(row: &Value, known: &HashSet<String>, before: &str, suffix: &str) -> Option<Value> {
    let (id, when) = (row.get("id")?.as_str()?, row.get("when")?);
    let (mut one, mut other) = (when.clone(), when.clone());
    rename(&mut one, known, before);
    rename(&mut other, known, suffix);
    if one == other {
        return None;
    }
    let mut rule = row.as_table()?.clone();
    for key in
        ["unless", "until", "from", "to", "urgent", "absolute", "override", "scope", "exclude", "modifies", "plan"]
    {
        rule.remove(key);
    }
    rule.insert("id".to_owned(), format!("{id}{suffix}-meets").into());
    rule.insert("verdict".to_owned(), "caution".into());
    let both: Table = [("all".to_owned(), Value::Array(vec![one, other]))].into_iter().collect();
    rule.insert("when".to_owned(), Value::Table(both));
    Some(Value::Table(rule))
}
