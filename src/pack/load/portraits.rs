//! Reads `cases/portraits.toml` of each layer: how invented patients look and speak.

use super::{LayerFiles, Loader, codes, header};
use crate::pack::portrait::{Phrase, Portraits};
use crate::pack::{List, Pack};
use crate::source::{Fields, Report, SourceFile, parse};

/// Whether a file says how invented patients look and speak.
#[must_use]
pub fn is_portraits(file: &SourceFile) -> bool {
    file.path.rsplit(['/', '\\']).next() == Some("portraits.toml")
}

/// The portraits of all layers together; empty where no layer has any.
///
/// # Errors
/// Every problem of every file.
pub fn portraits(pack: &Pack, layers: &[LayerFiles]) -> Result<Portraits, Report> {
    let mut loader = Loader { pack: pack.clone(), ..Loader::default() };
    loader.know_members();
    let mut all = Portraits::default();
    let layers = header::without_replaced(layers);
    for file in layers.iter().flat_map(|layer| layer.training()).filter(|file| is_portraits(file)) {
        let document = parse(file, &mut loader.problems);
        let mut fields = Fields::of_file(file, &document, "a file of portraits");
        all.titles.extend(fields.texts("titles", &mut loader.problems));
        all.briefs.extend(fields.texts("briefs", &mut loader.problems));
        if let Some(names) = fields.get("names").and_then(|c| c.table("[names]", &mut loader.problems)) {
            for (sex, _, names) in names.entries() {
                let names = names.one_or_many();
                let names = names.iter().filter_map(|name| name.text(&mut loader.problems)).map(str::to_owned);
                all.names.entry(sex.to_owned()).or_default().extend(names.collect::<Vec<_>>());
            }
        }
        if let Some(usual) = fields.get("usual").and_then(|c| c.table("[usual]", &mut loader.problems)) {
            for (question, at, word) in usual.entries() {
                if loader.pack.questions.get(question).is_none() {
                    let known = loader.pack.questions.ids();
                    loader.problems.unknown_word(&at, codes::UNKNOWN_ID, "question", question, known);
                }
                let word = word.text(&mut loader.problems).map(str::to_owned);
                all.usual.extend(word.map(|word| (question.to_owned(), word)));
            }
        }
        if let Some(called) = fields.get("called").and_then(|c| c.table("[called]", &mut loader.problems)) {
            for (id, at, names) in called.entries() {
                if !List::ALL.iter().any(|list| loader.pack.list(*list).get(id).is_some()) {
                    let known: Vec<&str> = List::ALL.iter().flat_map(|list| loader.pack.list(*list).ids()).collect();
                    loader.problems.unknown_word(&at, codes::UNKNOWN_ID, "entry of a list", id, known);
                }
                let names = names.one_or_many();
                let names = names.iter().filter_map(|name| name.text(&mut loader.problems)).map(str::to_owned);
                all.called.entry(id.to_owned()).or_default().extend(names.collect::<Vec<_>>());
            }
        }
        let rows = fields.get("implausible").map(|c| c.array(&mut loader.problems)).unwrap_or_default();
        for row in rows {
            let Some(mut f) = row.table("an implausible patient", &mut loader.problems) else { continue };
            let when = f.need("when", &mut loader.problems);
            all.implausible.extend(when.and_then(|when| loader.condition(&when)));
            f.finish(&mut loader.problems);
        }
        let rows = fields.get("phrase").map(|c| c.array(&mut loader.problems)).unwrap_or_default();
        for row in rows {
            if let Some(f) = row.table("a phrase", &mut loader.problems) {
                all.phrases.extend(loader.phrase(f));
            }
        }
        fields.finish(&mut loader.problems);
    }
    if loader.problems.is_empty() { Ok(all) } else { Err(loader.problems.into_report()) }
}

impl Loader {
    fn phrase(&mut self, mut f: Fields<'_>) -> Option<Phrase> {
        let of = f.need("of", &mut self.problems);
        let answer = f.text_or_none("answer", &mut self.problems);
        let says = f.texts("says", &mut self.problems);
        let vague = f.texts("vague", &mut self.problems);
        let place = f.place();
        f.finish(&mut self.problems);
        let at = of?;
        let of = at.text(&mut self.problems)?.to_owned();
        if self.pack.questions.get(&of).is_none() && self.pack.qualifiers.get(&of).is_none() {
            let known = self.pack.questions.ids().chain(self.pack.qualifiers.ids());
            self.problems.unknown_word(&at, codes::UNKNOWN_ID, "question or qualifier", &of, known);
            return None;
        }
        if says.is_empty() {
            let help = "expected `says = [\"...\"]`";
            self.problems.at(&place, codes::RULE_SHAPE, "a phrase without words", help);
            return None;
        }
        Some(Phrase { of, answer, says, vague })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pack::{QualifierKind, builtin, builtin_files};

    #[test]
    fn the_built_in_portraits_speak_of_answers_that_there_are() {
        let pack = builtin().expect("the built-in pack loads");
        let all = portraits(&pack, &[builtin_files()]).unwrap_or_else(|report| panic!("{}", report.render(false)));
        let sexes = pack.questions.get("patient.sex").map(|row| row.options().to_vec()).unwrap_or_default();
        for sex in sexes {
            assert!(all.names.get(&sex.id).is_some_and(|names| names.len() > 2), "few names for {}", sex.id);
        }
        assert!(all.titles.len() > 3 && all.briefs.len() > 1 && all.implausible.len() > 5);
        for phrase in &all.phrases {
            let options = match pack.questions.get(&phrase.of) {
                Some(question) => question.options(),
                None => match pack.qualifiers.get(&phrase.of).map(|row| &row.kind) {
                    Some(QualifierKind::Choice(options)) => options.as_slice(),
                    _ => &[],
                },
            };
            if let (Some(answer), false) = (&phrase.answer, options.is_empty()) {
                assert!(options.iter().any(|option| option.id == *answer), "{}: {answer}", phrase.of);
            }
            // Words never give a code away.
            assert!(phrase.says.iter().all(|says| !says.contains('_')), "{phrase:?}");
        }
    }

    #[test]
    fn mistakes_have_their_place() {
        let pack = builtin().expect("the built-in pack loads");
        let of = |text: &str| {
            let files = vec![
                SourceFile::new("clinic/pack.toml", "[pack]\nid = \"clinic\""),
                SourceFile::new("clinic/cases/portraits.toml", text),
            ];
            portraits(&pack, &[LayerFiles { files }]).map_err(|report| report.render(false))
        };
        for (text, expected) in [
            ("[[phrase]]\nof = \"history.pregnansy\"\nsays = [\"No.\"]", "did you mean `history.pregnancy`?"),
            ("[[phrase]]\nof = \"history.pregnancy\"", "a phrase without words"),
            ("[[implausible]]\nwhen = { condition = \"pregnansy\" }", "pregnansy"),
            ("[[implausible]]\nwhy = \"\"", "`when`"),
            ("[usual]\njurisdicton = \"EU\"", "did you mean `jurisdiction`?"),
            ("[called]\ngenital-herpis = \"x\"", "did you mean `genital-herpes`?"),
            ("title = [\"x\"]", "title"),
        ] {
            let why = of(text).err().unwrap_or_default();
            assert!(why.contains(expected) && why.contains("clinic/cases/portraits.toml:"), "{text}: {why}");
        }
        assert!(of("titles = [\"A visit\"]").is_ok_and(|all| all.titles == ["A visit"]));
    }
}
