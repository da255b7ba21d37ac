//! The subjects that the fast track goes through: names a clinician knows, and the rules that belong to each. They stand in
//! `cases/subjects.toml` of a layer.

use super::read::{CASE, names};
use crate::pack::Pack;
use crate::pack::load::{DUPLICATE_ID, LayerFiles};
use crate::source::{Cursor, Fields, Problems, Report, SourceFile, parse};

/// A clinical subject.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Subject {
    /// The id.
    pub id: String,
    /// For people.
    pub title: String,
    /// Its rules.
    pub rules: Vec<String>,
}

/// Whether a file holds subjects, as opposed to a case.
pub(super) fn is_subjects(file: &SourceFile) -> bool {
    file.path.rsplit(['/', '\\']).next() == Some("subjects.toml")
}

/// The subjects of all layers, in their order. A later layer may add rules to a subject by its id.
///
/// # Errors
/// Every mistake of every file: a rule that the pack does not have, or one that stands in two subjects.
pub fn subjects(pack: &Pack, layers: &[LayerFiles]) -> Result<Vec<Subject>, Report> {
    let mut problems = Problems::default();
    let mut all: Vec<Subject> = Vec::new();
    for file in layers.iter().flat_map(LayerFiles::training).filter(|file| is_subjects(file)) {
        let document = parse(file, &mut problems);
        let mut fields = Fields::of_file(file, &document, "a file of subjects");
        let rows = fields.need("subject", &mut problems).map(|c| c.array(&mut problems)).unwrap_or_default();
        fields.finish(&mut problems);
        for row in rows {
            let Some(found) = subject(pack, &row, &all, &mut problems) else { continue };
            match all.iter_mut().find(|known| known.id == found.id) {
                Some(known) => known.rules.extend(found.rules),
                None => all.push(found),
            }
        }
    }
    if problems.is_empty() { Ok(all) } else { Err(problems.into_report()) }
}

fn subject(pack: &Pack, row: &Cursor<'_>, before: &[Subject], problems: &mut Problems) -> Option<Subject> {
    let mut fields = row.table("a subject", problems)?;
    let id = fields.text("id", problems);
    let title = fields.text("title", problems);
    let rules_at = fields.need("rules", problems);
    let rules = names(&pack.rules, "rule", rules_at.clone(), problems);
    let place = fields.place();
    fields.finish(problems);
    if rules_at.is_some() && rules.is_empty() {
        problems.at(&place, CASE, "a subject without rules", "expected the rules that belong to it in `rules`");
    }
    for (n, rule) in rules.iter().enumerate() {
        let taken = before.iter().flat_map(|subject| &subject.rules).chain(rules.iter().take(n));
        if taken.into_iter().any(|other| other == rule) {
            let message = format!("rule `{rule}` stands in two subjects");
            problems.at(&place, DUPLICATE_ID, message, "a rule belongs to one subject");
        }
    }
    Some(Subject { id: id?, title: title?, rules })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::pack::{builtin, builtin_files};

    fn read_text(text: &str) -> Result<Vec<Subject>, Report> {
        let pack = builtin().unwrap();
        let clinic = LayerFiles { files: vec![SourceFile::new("clinic/cases/subjects.toml", text)] };
        subjects(&pack, &[builtin_files(), clinic])
    }

    #[test]
    fn every_written_rule_of_the_pack_stands_in_one_subject() {
        let pack = builtin().unwrap();
        let all = subjects(&pack, &[builtin_files()]).unwrap();
        let told: BTreeSet<&String> = all.iter().flat_map(|subject| &subject.rules).collect();
        let written = pack.rules.iter().filter(|rule| rule.place.file.is_some() && !rule.quiet);
        let left: Vec<&str> =
            written.map(|rule| &rule.id).filter(|id| !told.contains(id)).map(String::as_str).collect();
        assert!(left.is_empty(), "in no subject of data/cases/subjects.toml: {left:?}");
        assert!(all.iter().all(|subject| subject.rules.len() < 30), "a subject is what one can go through in a day");
    }

    #[test]
    fn a_layer_adds_to_a_subject_and_mistakes_are_told_with_their_place() {
        let text = |rules: &str| format!("[[subject]]\nid = \"hair\"\ntitle = \"Hair\"\nrules = [{rules}]\n");
        assert!(read_text(&text("")).unwrap_err().render(false).contains("a subject without rules"));
        let twice = read_text(&text("\"pregnancy\"")).unwrap_err().render(false);
        assert!(
            twice.contains("rule `pregnancy` stands in two subjects") && twice.contains("subjects.toml:1"),
            "{twice}"
        );
        let wrong = read_text(&text("\"pregnancies\"")).unwrap_err().render(false);
        assert!(wrong.contains("did you mean `pregnancy`?") && wrong.contains("subjects.toml:4"), "{wrong}");
    }
}
