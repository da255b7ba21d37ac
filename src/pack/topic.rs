//! What the pack was asked to cover: each topic with what covers it, or why nothing does.
//!
//! Topics change no assessment; they let a clinician see at a glance that no contraindication, medicine, allergen or
//! dose they know of was forgotten. They stand in `topics/`, one file a section, and only `pistor check` reads them.

use super::load::{DUPLICATE_ID, LayerFiles};
use super::{List, Pack};
use crate::source::{Code, Cursor, Fields, Problems, Report, parse};

/// A topic that is covered by nothing, or by something that does not exist.
const NOT_COVERED: Code = Code("P0701");

/// Topics that belong together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// For people.
    pub title: String,
    /// In the order of the file.
    pub topics: Vec<Topic>,
}

/// One thing the pack was asked to cover.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Topic {
    /// The id.
    pub id: String,
    /// For people.
    pub title: String,
    /// What covers it.
    pub covered_by: Vec<Cover>,
    /// Why nothing covers it, or what was left out.
    pub reason: Option<String>,
}

/// Something in the pack that covers a topic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cover {
    /// `rule`, `limit`, `allergen`...
    pub kind: String,
    /// Its id.
    pub id: String,
    /// What it is, in a few words.
    pub what: String,
}

/// Reads the topics of all layers; `cases` are the ids of the pack's cases.
///
/// # Errors
/// Every mistake with its place: a topic without cover and reason, a cover that does not exist, an id used twice.
pub fn read(pack: &Pack, cases: &[&str], layers: &[LayerFiles]) -> Result<Vec<Section>, Report> {
    let mut problems = Problems::default();
    let mut sections = Vec::new();
    let mut known = Vec::new();
    for file in layers.iter().flat_map(LayerFiles::topics) {
        let table = parse(file, &mut problems);
        let mut fields = Fields::of_file(file, &table, "a file of topics");
        let title = fields.need("section", &mut problems).and_then(|c| section_title(&c, &mut problems));
        let rows = fields.need("topic", &mut problems).map(|c| c.array(&mut problems)).unwrap_or_default();
        fields.finish(&mut problems);
        let topics = rows.iter().filter_map(|row| topic(pack, cases, row, &mut known, &mut problems)).collect();
        sections.push(Section { title: title.unwrap_or_default(), topics });
    }
    if problems.is_empty() { Ok(sections) } else { Err(problems.into_report()) }
}

fn section_title(cursor: &Cursor<'_>, problems: &mut Problems) -> Option<String> {
    let mut fields = cursor.table("[section]", problems)?;
    let title = fields.text("title", problems);
    fields.finish(problems);
    title
}

fn topic(
    pack: &Pack,
    cases: &[&str],
    row: &Cursor<'_>,
    known: &mut Vec<String>,
    problems: &mut Problems,
) -> Option<Topic> {
    let mut fields = row.table("a topic", problems)?;
    let id_at = fields.get("id");
    let id = fields.text("id", problems);
    let title = fields.text("title", problems);
    let covers = fields.get("covered_by").map(|c| c.array(problems)).unwrap_or_default();
    let covered_by: Vec<Cover> = covers.iter().filter_map(|at| cover(pack, cases, at, problems)).collect();
    let reason = fields.text_or_none("reason", problems);
    let place = fields.place();
    fields.finish(problems);
    if covers.is_empty() && reason.is_none() {
        let message = format!("topic `{}` is covered by nothing", id.as_deref().unwrap_or(""));
        let help = "name what covers it, or say in `reason` why nothing does";
        problems.at_with_help(&place, NOT_COVERED, message, "expected `covered_by` or `reason`", help);
    }
    let id = id?;
    if known.contains(&id) {
        let message = format!("topic `{id}` stands twice");
        problems.at(&id_at.unwrap_or(place), DUPLICATE_ID, message, "this id is taken");
        return None;
    }
    known.push(id.clone());
    Some(Topic { id, title: title?, covered_by, reason })
}

fn cover(pack: &Pack, cases: &[&str], at: &Cursor<'_>, problems: &mut Problems) -> Option<Cover> {
    let text = at.text(problems)?;
    let Some((kind, id)) = text.split_once(':') else {
        let message = format!("`{text}` does not say what kind of thing it is");
        problems.at(at, NOT_COVERED, message, "expected KIND:ID, such as rule:pregnancy");
        return None;
    };
    let Some(row) = row(pack, cases, kind, id) else {
        problems.unknown_word(at, NOT_COVERED, "kind of thing", kind, KINDS);
        return None;
    };
    match row {
        Ok(what) => Some(Cover { kind: kind.to_owned(), id: id.to_owned(), what }),
        Err(ids) => {
            problems.unknown_word(at, NOT_COVERED, kind, id, ids);
            None
        }
    }
}

/// What may cover a topic.
const KINDS: [&str; 29] = [
    "rule",
    "limit",
    "mixing",
    "recipe",
    "plan",
    "consent",
    "care",
    "condition",
    "medication",
    "allergen",
    "event",
    "provenance",
    "ingredient",
    "group",
    "goal",
    "area",
    "jurisdiction",
    "question",
    "scale",
    "technique",
    "trial",
    "source",
    "qualifier",
    "reaction",
    "red-flag",
    "record-list",
    "questionnaire",
    "reporting",
    "case",
];

/// What a thing is in a few words, or the ids that its kind has; `None` for an unknown kind.
fn row<'a>(pack: &'a Pack, cases: &[&'a str], kind: &str, id: &str) -> Option<Result<String, Vec<&'a str>>> {
    macro_rules! table {
        ($table:expr, $what:expr) => {
            $table.get(id).map($what).ok_or_else(|| $table.ids().collect())
        };
    }
    if let Some(list) = List::ALL.into_iter().find(|list| list.singular() == kind) {
        let table = pack.list(list);
        return Some(table!(table, |item| item.label.clone()));
    }
    Some(match kind {
        "rule" => table!(pack.rules, |rule| format!("{} ({})", rule.title, rule.verdict.word())),
        "limit" => table!(pack.limits, |limit| limit.label.clone()),
        "mixing" => table!(pack.mixing, |mixing| mixing.why.clone()),
        "recipe" => table!(pack.recipes, |recipe| recipe.label.clone()),
        "plan" => table!(pack.plans, |plan| plan.label.clone()),
        "consent" => table!(pack.consent, |_| String::new()),
        "care" => table!(pack.care, |_| String::new()),
        "goal" => table!(pack.goals, |goal| goal.label.clone()),
        "area" => table!(pack.areas, |area| area.label.clone()),
        "jurisdiction" => table!(pack.jurisdictions, |place| place.label.clone()),
        "question" => table!(pack.questions, |question| question.label.clone()),
        "scale" => table!(pack.scales, |scale| scale.label.clone()),
        "technique" => table!(pack.techniques, |technique| technique.label.clone()),
        "trial" => table!(pack.trials, |trial| trial.title.clone()),
        "source" => table!(pack.sources, |source| source.title.clone()),
        "qualifier" => table!(pack.qualifiers, |qualifier| qualifier.label.clone()),
        "reaction" => table!(pack.follow_up.reactions, |reaction| reaction.label.clone()),
        "red-flag" => table!(pack.follow_up.flags, |flag| format!("{} ({})", flag.title, flag.response.word())),
        "record-list" => table!(pack.follow_up.lists, |list| list.label.clone()),
        "questionnaire" => table!(pack.follow_up.questionnaires, |questions| questions.label.clone()),
        "reporting" => table!(pack.follow_up.channels, |channel| channel.about.clone()),
        "group" => {
            let found = pack.groups.iter().find(|group| group.name == id);
            found.map(|group| group.label.clone()).ok_or_else(|| pack.groups.iter().map(|g| g.name.as_str()).collect())
        }
        "case" if cases.contains(&id) => Ok(String::new()),
        "case" => Err(cases.to_vec()),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pack::builtin;
    use crate::source::SourceFile;

    fn read_text(text: &str) -> Result<Vec<Section>, Report> {
        let pack = builtin().map_err(|report| report.render(false)).unwrap();
        let files = vec![SourceFile::new("clinic/topics/01-life.toml", text)];
        read(&pack, &["pregnant-declines"], &[LayerFiles { files }])
    }

    #[test]
    fn a_topic_names_what_covers_it() {
        let text = "[section]\ntitle = \"Life stage\"\n[[topic]]\nid = \"pregnancy\"\ntitle = \"Pregnancy\"\n\
                    covered_by = [\"rule:pregnancy\", \"goal:hydration\", \"case:pregnant-declines\"]\n\
                    [[topic]]\nid = \"moon\"\ntitle = \"Phase of the moon\"\nreason = \"No effect known.\"\n";
        let sections = read_text(text).unwrap();
        let topics = &sections[0].topics;
        assert_eq!(sections[0].title, "Life stage");
        assert_eq!(topics[0].covered_by.len(), 3);
        assert!(topics[0].covered_by[0].what.ends_with("(decline)"), "{:?}", topics[0].covered_by[0]);
        assert_eq!(topics[1].reason.as_deref(), Some("No effect known."));
    }

    #[test]
    fn a_topic_that_nothing_covers_is_a_mistake() {
        let report = read_text(
            "[section]\ntitle = \"x\"\n[[topic]]\nid = \"a\"\ntitle = \"A\"\n\
             [[topic]]\nid = \"a\"\ntitle = \"B\"\ncovered_by = [\"rule:pregnancies\", \"rul:x\", \"pregnancy\"]\n",
        );
        let text = report.unwrap_err().render(false);
        for expected in [
            "topic `a` is covered by nothing",
            "topic `a` stands twice",
            "did you mean `pregnancy`?",
            "did you mean `rule`?",
            "expected KIND:ID",
        ] {
            assert!(text.contains(expected), "{expected}\n{text}");
        }
    }
}
