//! Case files in, typed cases or every mistake with its place out.

use std::sync::Arc;

use super::case::{Case, Cases, Disclose, Domain, Elder, Expect, Fact, SpeaksOf, Template, Twist, Weights};
use super::harmless::{self, Harmless};
use super::signs::{self, Sign};
use super::subjects::is_subjects;
use crate::intake::{Answer, read_answer};
use crate::pack::load::{DUPLICATE_ID, LayerFiles, how_found, is_portraits};
use crate::pack::{Amount, Pack, QuestionKind, Table};
use crate::plan::{MadeBy, Outcome};
use crate::source::{Code, Cursor, Document, Fields, Problems, Report, SourceFile, did_you_mean, parse};

/// A fact that names no question, or has no value or several.
pub(super) const FACT: Code = Code("T0101");
/// A rule, recipe or ingredient that the pack does not have.
const UNKNOWN: Code = Code("T0102");
/// Something that the checks of a case cannot accept.
pub(super) const CASE: Code = Code("T0103");

/// The verdicts that a case may expect.
const VERDICTS: [(&str, Outcome); 6] = [
    ("proceed", Outcome::Proceed),
    ("caution", Outcome::Caution),
    ("clearance", Outcome::Clearance),
    ("defer", Outcome::Defer),
    ("refer", Outcome::Refer),
    ("decline", Outcome::Decline),
];

/// Reads the training cases of all layers. A file holds one case, or `[[default]]` facts for all cases.
///
/// # Errors
/// Every mistake of every file.
pub fn read(pack: &Pack, layers: &[LayerFiles]) -> Result<Cases, Report> {
    let files: Vec<Arc<SourceFile>> = case_files(layers).cloned().collect();
    read_files(pack, &files)
}

/// The files of cases, and of what they start from; not what stands beside them.
pub(super) fn case_files(layers: &[LayerFiles]) -> impl Iterator<Item = &Arc<SourceFile>> {
    layers.iter().flat_map(LayerFiles::training).filter(|file| !is_portraits(file) && !is_subjects(file))
}

/// The same for single files.
///
/// # Errors
/// Every mistake of every file.
pub fn read_files(pack: &Pack, files: &[Arc<SourceFile>]) -> Result<Cases, Report> {
    let mut problems = Problems::default();
    let mut cases = Cases::new();
    let parsed: Vec<_> = files.iter().map(|file| (file, parse(file, &mut problems))).collect();
    let shared = shared(pack, &parsed, &mut problems);
    let harmless: Arc<[Harmless]> = shared.harmless.clone().into();
    for (file, table) in &parsed {
        let fields = Fields::of_file(file, table, "a case");
        if !is_defaults(&fields) {
            let place = fields.place();
            if let Some(case) = case(pack, fields, &shared, &harmless, &mut problems) {
                if cases.contains_key(&case.id) {
                    let message = format!("case `{}` is defined twice", case.id);
                    problems.at(&place, DUPLICATE_ID, message, "this id is taken");
                }
                cases.insert(case.id.clone(), Arc::new(case));
            }
        }
    }
    if problems.is_empty() { Ok(cases) } else { Err(problems.into_report()) }
}

/// The facts that every case of these layers starts from; none where they cannot be read.
#[must_use]
pub fn defaults(pack: &Pack, layers: &[LayerFiles]) -> Vec<Fact> {
    let mut problems = Problems::default();
    let parsed: Vec<_> = case_files(layers).map(|file| (file, parse(file, &mut problems))).collect();
    shared(pack, &parsed, &mut problems).facts
}

fn is_defaults(fields: &Fields<'_>) -> bool {
    fields.entries().iter().any(|(key, _, _)| matches!(*key, "default" | "harmless" | "sign"))
}

/// What all cases start from.
#[derive(Default)]
struct Shared {
    facts: Vec<Fact>,
    harmless: Vec<Harmless>,
    signs: Vec<Sign>,
}

fn shared(pack: &Pack, parsed: &[(&Arc<SourceFile>, Document<'_>)], problems: &mut Problems) -> Shared {
    let mut all = Shared::default();
    for (file, table) in parsed {
        let mut fields = Fields::of_file(file, table, "a file of defaults");
        if is_defaults(&fields) {
            let rows = fields.get("default").map(|c| c.array(problems)).unwrap_or_default();
            all.facts.extend(rows.iter().filter_map(|row| stock(pack, row, problems)));
            let rows = fields.get("harmless").map(|c| c.array(problems)).unwrap_or_default();
            all.harmless.extend(rows.iter().filter_map(|row| harmless::read(pack, row, problems)));
            let rows = fields.get("sign").map(|c| c.array(problems)).unwrap_or_default();
            all.signs.extend(rows.iter().filter_map(|row| signs::read(pack, row, problems)));
            fields.finish(problems);
        }
    }
    all.facts.iter_mut().for_each(|fact| signs::tell(&all.signs, fact));
    all
}

fn case(
    pack: &Pack,
    mut fields: Fields<'_>,
    shared: &Shared,
    harmless: &Arc<[Harmless]>,
    problems: &mut Problems,
) -> Option<Case> {
    let at = fields.place();
    let id = fields.text("id", problems);
    let title = fields.text("title", problems);
    let brief = fields.text("brief", problems);
    let version = fields.whole("version", 1, 10_000, problems).unwrap_or(1);
    let level = fields.whole("level", 1, 3, problems).unwrap_or(1);
    let minutes = fields.whole("minutes", 1, 120, problems).unwrap_or(12);
    let objectives_at = fields.need("objectives", problems);
    let objectives = names(&pack.rules, "rule", objectives_at.clone(), problems);
    let critical = names(&pack.rules, "rule", fields.get("critical"), problems);
    let rows = fields.get("fact").map(|c| c.array(problems)).unwrap_or_default();
    let mut own: Vec<Fact> = rows.iter().filter_map(|row| fact(pack, row, problems)).collect();
    let defaults = &shared.facts;
    own.iter_mut().for_each(|fact| signs::tell(&shared.signs, fact));
    // Whose answer takes a closer question sounds at first like somebody who has nothing to tell.
    for fact in own.iter_mut().filter(|fact| fact.disclose.puts_off() && fact.vague.is_empty()) {
        let usual = defaults.iter().find(|usual| {
            // Where one has to read or to look, only what sends there helps; who is asked for a date of birth denies nothing.
            usual.question == fact.question && (fact.disclose == Disclose::Probe || usual.disclose == fact.disclose)
        });
        fact.vague = usual.map(|usual| usual.vague.clone()).unwrap_or_default();
    }
    let expect = fields.need("expect", problems).and_then(|c| expect(pack, &c, problems));
    let weights = fields.get("weights").and_then(|c| weights(&c, problems)).unwrap_or_default();
    let twists = fields.get("twist").map(|c| c.array(problems)).unwrap_or_default();
    let twists = twists.iter().filter_map(|row| twist(row, problems)).collect();
    let made_by = fields.get("made_by").and_then(|c| made_by(&c, problems));
    fields.finish(problems);
    if objectives_at.is_some_and(|at| at.one_or_many().is_empty()) {
        problems.at(&at, CASE, "a case without objectives", "expected the rules that it is about in `objectives`");
    }
    let mut facts: Vec<Fact> =
        defaults.iter().filter(|fact| !own.iter().any(|o| o.question == fact.question)).cloned().collect();
    facts.extend(own);
    Some(Case {
        id: id?,
        version,
        title: title?,
        level,
        minutes,
        brief: brief?,
        objectives,
        facts,
        harmless: Arc::clone(harmless),
        expect: expect?,
        critical,
        weights,
        twists,
        made_by,
        place: at.place(),
    })
}

/// A fact that cases start from.
fn stock(pack: &Pack, row: &Cursor<'_>, problems: &mut Problems) -> Option<Fact> {
    let mut fields = row.table("a default", problems)?;
    let speaks_of = fields.texts("speaks_of", problems);
    let elder = fields.get("elder").and_then(|at| elder(pack, &at, problems));
    let fact = fact_of(pack, fields, problems)?;
    Some(Fact { stock: Some(SpeaksOf(speaks_of)), elder, ..fact })
}

fn elder(pack: &Pack, at: &Cursor<'_>, problems: &mut Problems) -> Option<Elder> {
    let mut fields = at.table("`elder`", problems)?;
    let from_age = fields.whole("from_age", 0, 120, problems).unwrap_or(120);
    let conditions = names(&pack.conditions, "condition", fields.get("conditions"), problems);
    let says = fields.texts("says", problems);
    fields.finish(problems);
    if says.is_empty() {
        problems.at(at, FACT, "nothing is said", "expected `says`, the words of those who are past it");
    }
    Some(Elder { from_age, conditions, says })
}

fn fact(pack: &Pack, row: &Cursor<'_>, problems: &mut Problems) -> Option<Fact> {
    let fields = row.table("a fact", problems)?;
    fact_of(pack, fields, problems)
}

fn fact_of(pack: &Pack, mut fields: Fields<'_>, problems: &mut Problems) -> Option<Fact> {
    let at = fields.need("id", problems);
    let value = fields.get("value");
    let range = fields.get("range");
    let choose = fields.get("choose");
    let says = fields.texts("says", problems);
    let vague = fields.texts("vague", problems);
    let disclose = fields.word("disclose", &Disclose::WORDS, problems);
    let paper = fields.flag("paper", problems);
    let place = fields.place();
    fields.finish(problems);
    let at = at?;
    let id = at.text(problems)?;
    let Some(question) = pack.questions.find(id) else {
        problems.unknown_word(&at, FACT, "question", id, pack.questions.ids());
        return None;
    };
    let value = match (value, range, choose) {
        (Some(value), None, None) => Template::Fixed(read_answer(pack, question, &value, problems)?),
        (None, Some(range), None) => number_range(pack, question, &range, problems)?,
        (None, None, Some(choose)) => {
            let rows = choose.array(problems);
            let all: Vec<(Answer, Option<String>)> = rows
                .iter()
                .filter_map(|row| {
                    let mut fields = row.table("a choice", problems)?;
                    let value = fields.need("value", problems);
                    let says = fields.text_or_none("says", problems);
                    fields.finish(problems);
                    Some((read_answer(pack, question, &value?, problems)?, says))
                })
                .collect();
            if all.is_empty() {
                problems.at(&choose, FACT, "nothing to choose from", "expected [{ value = ... }, ...]");
                return None;
            }
            Template::Choose(all)
        }
        _ => {
            problems.at(&place, FACT, "a fact has one value", "expected one of `value`, `range` and `choose`");
            return None;
        }
    };
    let disclose = disclose.unwrap_or_else(|| usual(id));
    Some(Fact { question: id.to_owned(), value, says, vague, disclose, stock: None, elder: None, paper })
}

/// How a fact comes out where the case does not say.
fn usual(question: &str) -> Disclose {
    match question {
        "goals.items" | "goals.wishes" | "goals.requested" | "jurisdiction" => Disclose::Volunteered,
        "patient.weight_kg" | "patient.height_cm" | "setting.provenance" => Disclose::Exam,
        "history.systolic" | "history.diastolic" => Disclose::Exam,
        _ if question.starts_with("patient.") || question.starts_with("setting.") => Disclose::Volunteered,
        _ if question.starts_with("skin.") => Disclose::Exam,
        _ => Disclose::Ask,
    }
}

fn number_range(
    pack: &Pack,
    question: crate::pack::QuestionIx,
    range: &Cursor<'_>,
    problems: &mut Problems,
) -> Option<Template> {
    let ends = range.array(problems);
    let ends: Vec<Amount> = ends
        .iter()
        .filter_map(|end| match read_answer(pack, question, end, problems)? {
            Answer::Number(n) => Some(n),
            _ => None,
        })
        .collect();
    match (&pack.questions[question].kind, ends.as_slice()) {
        (QuestionKind::Number(_), [from, to]) if from <= to => Some(Template::Range(*from, *to)),
        _ => {
            problems.at(range, FACT, "not a range", "expected [FROM, TO] for a question that takes a number");
            None
        }
    }
}

fn expect(pack: &Pack, at: &Cursor<'_>, problems: &mut Problems) -> Option<Expect> {
    let mut fields = at.table("[expect]", problems)?;
    let verdict = fields.need_word("verdict", &VERDICTS, problems);
    let flags = names(&pack.rules, "rule", fields.get("flags"), problems);
    let not_flags = names(&pack.rules, "rule", fields.get("not_flags"), problems);
    let recipes = names(&pack.recipes, "recipe", fields.get("recipes"), problems);
    let no_injectable = fields.flag("no_injectable", problems);
    let accept = fields.get("accept").map(|c| c.array(problems)).unwrap_or_default();
    let accept = accept.iter().map(|c| names(&pack.ingredients, "ingredient", Some(c.clone()), problems)).collect();
    fields.finish(problems);
    Some(Expect { verdict: verdict?, flags, not_flags, recipes, no_injectable, accept })
}

fn weights(at: &Cursor<'_>, problems: &mut Problems) -> Option<Weights> {
    let mut fields = at.table("[weights]", problems)?;
    let mut weights = Weights::default();
    let keys = ["safety", "history", "skin", "cocktail", "plan", "consent"];
    for (n, key) in keys.into_iter().enumerate() {
        debug_assert_eq!(Domain::ALL[n].word(), key);
        if let Some(weight) = fields.whole(key, 0, 100, problems) {
            weights.0[n] = weight;
        }
    }
    fields.finish(problems);
    if weights.0.iter().sum::<i32>() == 0 {
        problems.at(at, CASE, "all weights are zero", "expected at least one domain that counts");
        return None;
    }
    Some(weights)
}

fn made_by(at: &Cursor<'_>, problems: &mut Problems) -> Option<MadeBy> {
    let mut fields = at.table("`made_by`", problems)?;
    let (kind, rule) = (fields.text("kind", problems), fields.text("rule", problems));
    let seed = fields.need("seed", problems).and_then(|c| c.whole(0, i32::MAX, problems));
    let pack = fields.text("pack", problems);
    fields.finish(problems);
    Some(MadeBy { kind: kind?, rule: rule?, seed: seed?.unsigned_abs().into(), pack: pack? })
}

fn twist(row: &Cursor<'_>, problems: &mut Problems) -> Option<Twist> {
    let mut fields = row.table("a twist", problems)?;
    let reveals = fields.text("reveals", problems);
    let hypothesis = fields.text("hypothesis", problems);
    let panel_at = fields.need("panel", problems);
    let voted = match fields.get("voted") {
        Some(_) => fields.text("voted", problems),
        None => None,
    };
    fields.finish(problems);
    let panel_at = panel_at?;
    let votes: Vec<i32> = panel_at.array(problems).iter().filter_map(|c| c.whole(0, 10_000, problems)).collect();
    let Ok(panel) = <[i32; 5]>::try_from(votes) else {
        problems.at(&panel_at, CASE, "a panel has five counts", "expected the votes for -2, -1, 0, +1 and +2");
        return None;
    };
    Some(Twist { reveals: reveals?, hypothesis: hypothesis?, panel, voted })
}

/// Ids that a table has.
pub(super) fn names<T: crate::pack::Identified>(
    table: &Table<T>,
    what: &str,
    at: Option<Cursor<'_>>,
    problems: &mut Problems,
) -> Vec<String> {
    let mut found = Vec::new();
    for cursor in at.iter().flat_map(Cursor::one_or_many) {
        let Some(id) = cursor.text(problems) else { continue };
        if table.get(id).is_some() {
            found.push(id.to_owned());
        } else if what == "rule" {
            let near =
                did_you_mean(id, table.ids()).map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
            let help = "expected a rule of the pack: `pistor train case coverage` lists them";
            problems.at(&cursor, UNKNOWN, format!("unknown rule `{id}`{near}"), help);
        } else {
            problems.unknown_word_or(&cursor, UNKNOWN, what, id, table.ids(), || how_found(what, id));
        }
    }
    found
}
