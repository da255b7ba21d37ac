//! Lints: each is told for its wrong example and not for its right one; the built-in pack has none; no code goes without
//! words.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use jiff::civil::{Date, date};
use pistor::codes;
use pistor::lint::{Subject, lint};
use pistor::pack::builtin_files;
use pistor::pack::load::{LayerFiles, load};
use pistor::proof::Property;
use pistor::source::{Report, SourceFile};

const TODAY: Date = date(2026, 11, 22);
const HEADER: &str =
    "[pack]\nid = 'example-clinic'\nversion = '1'\nlanguage = 1\ntitle = 'Example'\nextends = 'pistor-core'\n";
const REVIEW: &str = "[review]\nsince = 2026-11-22\ndue = 2027-11-22\n\n";

/// What is told of the built-in pack with a layer of these files on top.
fn told(files: &[(String, String)]) -> Report {
    let mut layers = vec![builtin_files()];
    if !files.is_empty() {
        let header = SourceFile::new("example/pack.toml", HEADER);
        let files = files.iter().map(|(path, text)| SourceFile::new(path.as_str(), text.as_str()));
        layers.push(LayerFiles { files: std::iter::once(header).chain(files).collect() });
    }
    let pack = load(&layers).unwrap_or_else(|report| panic!("{}", report.render(false)));
    lint(Subject { pack: &pack, layers: &layers, today: TODAY })
}

/// The same for one example of every code, each in its own file: the codes that each file is told.
fn of_examples(example: impl Fn(codes::Example) -> &'static str) -> (BTreeMap<String, Vec<&'static str>>, String) {
    let files: Vec<(String, String)> = codes::all()
        .filter_map(|entry| {
            let text = example(entry.example?);
            let review = if text.contains("[review]") { "" } else { REVIEW };
            Some((format!("example/{}.toml", entry.code), format!("{review}{text}")))
        })
        .collect();
    let report = told(&files);
    let mut by_file: BTreeMap<String, Vec<&'static str>> = BTreeMap::new();
    for diagnostic in &report.diagnostics {
        by_file.entry(diagnostic.file.path.clone()).or_default().push(diagnostic.code.0);
    }
    (by_file, report.render(false))
}

#[test]
fn the_wrong_example_of_every_lint_is_told_and_nothing_else() {
    let (by_file, text) = of_examples(|example| example.wrong);
    let expected: BTreeMap<String, Vec<&str>> = codes::all()
        .filter(|entry| entry.example.is_some())
        .map(|entry| (format!("example/{}.toml", entry.code), vec![entry.code]))
        .collect();
    assert_eq!(by_file, expected, "{text}");
    insta::assert_snapshot!(text);
}

#[test]
fn the_right_examples_are_told_nothing() {
    let (_, text) = of_examples(|example| example.right);
    assert_eq!(text, "0 warnings\n");
}

#[test]
fn the_built_in_pack_is_told_nothing() {
    assert_eq!(told(&[]).render(false), "0 warnings\n");
}

#[test]
fn what_a_layer_adds_is_in_use_when_a_case_names_it() {
    let event = "[[event]]\nid = 'ice-bath'\nlabel = 'Ice bath'\n";
    let case = "[[case]]\nid = 'ice'\ngiven = { history.events = [{ id = 'ice-bath' }] }\nexpect = { not_fires = ['pregnancy'] }\n";
    let file = |name: &str, text: &str| (format!("example/{name}"), text.to_owned());
    let codes = |report: Report| report.diagnostics.iter().map(|d| d.code.0).collect::<Vec<_>>();
    assert_eq!(codes(told(&[file("events.toml", event)])), ["L0301"]);
    assert!(codes(told(&[file("events.toml", event), file("pack-cases/ice.toml", case)])).is_empty());
}

#[test]
fn every_code_of_the_program_has_words_and_every_word_a_code() {
    fn collect(folder: &Path, found: &mut BTreeSet<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                collect(&path, found);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                let codes = text.split("Code(\"").skip(1).filter_map(|rest| rest.split('"').next());
                found.extend(codes.filter(|code| codes::is_code(code)).map(str::to_owned));
            }
        }
    }
    let mut used: BTreeSet<String> = Property::ALL.iter().map(|property| property.code().to_owned()).collect();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut used);
    let known: BTreeSet<String> = codes::all().map(|entry| entry.code.to_owned()).collect();
    assert_eq!(used, known);
}

#[test]
fn the_page_of_the_codes_is_the_table_of_the_program() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/diagnostics.md");
    let page = std::fs::read_to_string(path).unwrap();
    assert!(page == codes::markdown(), "make it anew: cargo run -- explain --codes > docs/diagnostics.md");
}
