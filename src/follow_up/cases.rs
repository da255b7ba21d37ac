//! The reactions a pack carries as examples: given the facts, expect an answer.

use std::sync::Arc;

use super::answer::{Answer, answer};
use super::facts::Facts;
use crate::pack::load::LayerFiles;
use crate::pack::{Pack, Response, Site};
use crate::source::{Code, Cursor, Fields, Problems, Report, SourceFile, parse};

/// A case that names what the pack does not have.
const UNKNOWN: Code = Code("F0104");

/// An example of the pack.
#[derive(Clone, Debug)]
pub struct Case {
    /// The id.
    pub id: String,
    /// The file.
    pub file: String,
    /// What is known of the reaction.
    pub given: Facts,
    expect: Expect,
}

/// What must come out; what is not named may be anything.
#[derive(Clone, Debug, Default)]
struct Expect {
    response: Option<Response>,
    stop: Option<bool>,
    quarantine: Option<bool>,
    raises: Vec<String>,
    not_raises: Vec<String>,
}

/// A case that came out otherwise.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Failure {
    /// The case.
    pub case: String,
    /// The file.
    pub file: String,
    /// What was expected and what came.
    pub what: Vec<String>,
}

impl Case {
    /// The flags that it says are raised.
    #[must_use]
    pub fn raises(&self) -> &[String] {
        &self.expect.raises
    }

    /// The flags that it says are not raised: near misses.
    #[must_use]
    pub fn not_raises(&self) -> &[String] {
        &self.expect.not_raises
    }
}

/// Whether a file holds cases about reactions.
#[must_use]
pub fn has_some(file: &Arc<SourceFile>) -> bool {
    file.text.contains("[[reaction-case]]")
}

/// Reads the cases of some files, in which other cases may stand as well.
///
/// # Errors
/// Every mistake with its place.
pub fn read(pack: &Pack, layers: &[LayerFiles]) -> Result<Vec<Case>, Report> {
    let mut problems = Problems::default();
    let mut cases: Vec<Case> = Vec::new();
    for file in layers.iter().flat_map(|layer| &layer.files).filter(|file| has_some(file)) {
        let table = parse(file, &mut problems);
        let mut fields = Fields::of_file(file, &table, "the file");
        for row in fields.get("reaction-case").map(|c| c.array(&mut problems)).unwrap_or_default() {
            let Some(case) = one(pack, file, &row, &mut problems) else { continue };
            if cases.iter().any(|known| known.id == case.id) {
                problems.at(&row, UNKNOWN, format!("case `{}` is there twice", case.id), "this id is taken");
            }
            cases.push(case);
        }
    }
    if problems.is_empty() { Ok(cases) } else { Err(problems.into_report()) }
}

fn one(pack: &Pack, file: &SourceFile, row: &Cursor<'_>, problems: &mut Problems) -> Option<Case> {
    let mut f = row.table("[[reaction-case]]", problems)?;
    let id = f.text("id", problems);
    let given = f.need("given", problems).and_then(|c| given(pack, &c, problems));
    let expect = f.need("expect", problems).and_then(|c| expect(pack, &c, problems));
    f.finish(problems);
    Some(Case { id: id?, file: file.path.clone(), given: given?, expect: expect? })
}

fn given(pack: &Pack, cursor: &Cursor<'_>, problems: &mut Problems) -> Option<Facts> {
    let mut f = cursor.table("`given`", problems)?;
    let mut signs = crate::pack::Set::default();
    for sign in f.get("what").iter().flat_map(Cursor::one_or_many) {
        let Some(word) = sign.text(problems) else { continue };
        match pack.follow_up.reactions.find(word) {
            Some(ix) => drop(signs.insert(ix)),
            None => problems.unknown_word(&sign, UNKNOWN, "reaction", word, pack.follow_up.reactions.ids()),
        }
    }
    let area = f.get("area").and_then(|c| {
        let word = c.text(problems)?;
        let found = pack.areas.find(word);
        if found.is_none() {
            problems.unknown_word(&c, UNKNOWN, "area", word, pack.areas.ids());
        }
        found
    });
    let facts = Facts {
        signs,
        days: f.whole("days", 0, 36_500, problems),
        lasting: f.whole("lasting", 0, 36_500, problems),
        grade: f.need("grade", problems)?.whole(1, 5, problems).and_then(|n| u8::try_from(n).ok())?,
        serious: f.flag("serious", problems),
        site: f.word("site", &Site::ALL.map(|site| (site.word(), site)), problems),
        area,
        same_lot: f.whole("same_lot", 0, 1000, problems).and_then(|n| u32::try_from(n).ok()),
    };
    f.finish(problems);
    Some(facts)
}

fn expect(pack: &Pack, cursor: &Cursor<'_>, problems: &mut Problems) -> Option<Expect> {
    let mut f = cursor.table("`expect`", problems)?;
    let response = f.word("answer", &Response::ALL.map(|response| (response.word(), response)), problems);
    let stop = f.get("stop").and_then(|c| c.bool(problems));
    let quarantine = f.get("quarantine").and_then(|c| c.bool(problems));
    let mut flags = |key| {
        let mut named = Vec::new();
        for cursor in f.get(key).iter().flat_map(Cursor::one_or_many) {
            let Some(word) = cursor.text(problems) else { continue };
            // What a case must not see has to exist, or a slip of the pen would pass for ever.
            if pack.follow_up.flags.find(word).is_none() {
                problems.unknown_word(&cursor, UNKNOWN, "red flag", word, pack.follow_up.flags.ids());
            }
            named.push(word.to_owned());
        }
        named
    };
    let (raises, not_raises) = (flags("raises"), flags("not_raises"));
    f.finish(problems);
    Some(Expect { response, stop, quarantine, raises, not_raises })
}

/// Runs a case; `None` when it comes out as expected.
#[must_use]
pub fn run(pack: &Pack, case: &Case) -> Option<Failure> {
    let found = answer(pack, &case.given);
    let what = differences(&case.expect, &found);
    (!what.is_empty()).then(|| Failure { case: case.id.clone(), file: case.file.clone(), what })
}

fn differences(expect: &Expect, found: &Answer) -> Vec<String> {
    let mut what = Vec::new();
    let raised: Vec<&str> = found.flags.iter().map(|raised| raised.flag.as_str()).collect();
    if let Some(wanted) = expect.response.filter(|wanted| *wanted != found.response) {
        let (wanted, got) = (wanted.word(), found.response.word());
        what.push(format!("answer: expected {wanted}, got {got}; raised: {}", raised.join(", ")));
    }
    for (name, wanted, got) in [("stop", expect.stop, found.stop), ("quarantine", expect.quarantine, found.quarantine)]
    {
        if wanted.is_some_and(|wanted| wanted != got) {
            what.push(format!("{name}: got {got}; raised: {}", raised.join(", ")));
        }
    }
    for flag in expect.raises.iter().filter(|flag| !raised.contains(&flag.as_str())) {
        what.push(format!("expected `{flag}` to be raised; raised: {}", raised.join(", ")));
    }
    for flag in expect.not_raises.iter().filter(|flag| raised.contains(&flag.as_str())) {
        what.push(format!("expected `{flag}` not to be raised"));
    }
    what
}
