//! What the open questions can still do, by the solver and by answering them in every way.

use jiff::civil::{Date, date};

use super::outlook;
use crate::intake::{self, Answer, Intake};
use crate::pack::load::{LayerFiles, load};
use crate::pack::{Amount, Pack};
use crate::plan::{Assessment, Outcome, assess};
use crate::source::SourceFile;

const TODAY: Date = date(2026, 11, 22);

fn small() -> Pack {
    let files = [
        ("small/pack.toml", include_str!("../../tests/fixtures/small-pack/pack.toml")),
        ("small/content.toml", include_str!("../../tests/fixtures/small-pack/content.toml")),
    ];
    let files = files.iter().map(|(path, text)| SourceFile::new(*path, *text)).collect();
    load(&[LayerFiles { files }]).expect("the small pack loads")
}

fn read(pack: &Pack, text: &str) -> Intake {
    intake::read(pack, &SourceFile::new("t.toml", text)).unwrap_or_else(|report| panic!("{}", report.render(false)))
}

/// What somebody sees.
type Seen = (Outcome, Vec<(String, Vec<String>)>, Vec<(String, String)>, Vec<(String, Vec<String>)>);

fn seen(assessment: &Assessment) -> Seen {
    let plan = assessment.plan.iter().flat_map(|plan| &plan.cocktails);
    (
        assessment.verdict,
        assessment.findings.iter().map(|f| (f.rule.clone(), f.because.clone())).collect(),
        assessment.excluded.iter().map(|e| (e.kind.clone(), e.id.clone())).collect(),
        plan.map(|c| (c.recipe.clone(), c.ingredients.iter().map(|dose| dose.id.clone()).collect())).collect(),
    )
}

/// Every answer to an open question of the small pack that the pack can tell apart, "not asked" included.
fn answers(question: &str) -> Vec<Option<Answer>> {
    let choice = |words: &[&str]| words.iter().map(|word| Some(Answer::Choice((*word).to_owned()))).collect::<Vec<_>>();
    let mut all = match question {
        "skin.type" => choice(&["thick", "thin"]),
        "history.pregnant" => choice(&["no", "yes"]),
        "patient.age" => [12, 40].map(|n| Some(Answer::Number(Amount::whole(n)))).to_vec(),
        "jurisdiction" => choice(&["AA", "BB"]),
        "setting.provenance" => {
            let items = [vec![], vec![intake::Entry::coded("expired")], vec![intake::Entry::free_text("odd")]];
            let both = vec![intake::Entry::coded("expired"), intake::Entry::free_text("odd")];
            items.into_iter().chain([both]).map(|list| Some(Answer::Items(list))).collect()
        }
        other => panic!("{other}"),
    };
    all.extend([Some(Answer::Unknown), None]);
    all
}

/// Every way of answering some questions.
fn every(intake: &Intake, questions: &[&str]) -> Vec<Intake> {
    let mut all = vec![intake.clone()];
    for question in questions {
        let mut next = Vec::new();
        for intake in &all {
            for answer in answers(question) {
                let mut edited = intake.clone();
                match answer {
                    Some(answer) => edited.set(question, answer),
                    None => edited.clear(question),
                }
                next.push(edited);
            }
        }
        all = next;
    }
    all
}

const REST: &str = r#"
patient = { age = 40, sex = "female", weight_kg = 62, height_cm = 168 }
skin.type = "thick"
history = { pregnant = "no", conditions = [], medications = [], events = [] }
allergies.items = []
goals.items = [{ goal = "brightness", areas = ["cheek"] }]
jurisdiction = "AA"
goals.requested = []
setting.provenance = []
"#;

#[test]
fn possible_verdicts_and_settled_questions_are_those_of_every_way_of_answering() {
    let pack = small();
    let goals = ["[{ goal = \"brightness\", areas = [\"cheek\"] }]", "[{ goal = \"youth\", areas = [\"face\"] }]"];
    let allergies = ["[]", "[\"alphacaine\", \"betacaine\"]"];
    let open: [&[&str]; 4] = [
        &["skin.type", "history.pregnant"],
        &["skin.type"],
        &["patient.age", "skin.type", "setting.provenance"],
        &["jurisdiction", "history.pregnant", "skin.type"],
    ];
    let (mut compared, mut settled) = (0, 0);
    for goal in goals {
        for allergy in allergies {
            for open in open {
                let text = REST
                    .replace(goals[0], goal)
                    .replace("allergies.items = []", &format!("allergies.items = {allergy}"));
                let mut intake = read(&pack, &text);
                open.iter().for_each(|question| intake.clear(question));
                let found = outlook(&pack, &intake, TODAY, &|| false).expect("not stopped");
                let mut verdicts: Vec<Outcome> = Vec::new();
                for way in every(&intake, open) {
                    let verdict = assess(&pack, &way, TODAY).verdict;
                    if verdict != Outcome::Incomplete && !verdicts.contains(&verdict) {
                        verdicts.push(verdict);
                    }
                }
                verdicts.sort_by_key(|verdict| verdict.strictness());
                assert_eq!(found.verdicts, verdicts, "{open:?} {text}");
                for question in open.iter().filter(|id| ["skin.type", "history.pregnant"].contains(*id)) {
                    let others: Vec<&str> = open.iter().copied().filter(|other| other != question).collect();
                    let same = every(&intake, &others).iter().all(|rest| {
                        let given = answers(question).into_iter().flatten();
                        let mut outcomes = given.map(|answer| {
                            let mut edited = rest.clone();
                            edited.set(question, answer);
                            seen(&assess(&pack, &edited, TODAY))
                        });
                        let first = outcomes.next();
                        outcomes.all(|other| Some(other) == first)
                    });
                    assert_eq!(found.settled.iter().any(|id| id == question), same, "{question} of {open:?}\n{text}");
                    compared += 1;
                    settled += usize::from(same);
                }
            }
        }
    }
    assert!(compared > 20, "{compared} compared, {settled} settled");
}

#[test]
fn what_no_rule_can_make_anything_of_any_more_is_settled() {
    let mut pack = small();
    // A sensitive skin matters where moisture is wanted, and nowhere else.
    let ix = pack.rules.find("thin-skin").expect("the rule");
    let mut rules = crate::pack::Table::default();
    for (n, mut rule) in pack.rules.iter().cloned().enumerate() {
        if n == ix.get() {
            let goals = std::iter::once(pack.goals.find("moisture").expect("the goal")).collect();
            let wanted = crate::pack::Condition::Goal { goals: Some(goals), areas: None };
            rule.when = crate::pack::Condition::All(vec![rule.when, wanted]);
        }
        rules.insert(rule);
    }
    pack.rules = rules;
    let mut intake = read(&pack, REST);
    intake.clear("skin.type");
    let found = outlook(&pack, &intake, TODAY, &|| false).expect("not stopped");
    assert_eq!(found.settled, ["skin.type"], "still required, and any answer leads to the same");
    assert_eq!(found.most, None, "nothing that is open does anything");
    intake.clear("goals.items");
    let found = outlook(&pack, &intake, TODAY, &|| false).expect("not stopped");
    assert!(found.settled.is_empty(), "moisture may still be wanted: {found:?}");
    assert_eq!(found.most.map(|most| most.question).as_deref(), Some("goals.items"));
}

#[test]
fn nothing_open_nothing_said_and_stopped_nothing_known() {
    let pack = small();
    let whole = read(&pack, REST);
    assert_eq!(outlook(&pack, &whole, TODAY, &|| false), Some(super::Outlook::default()));
    let mut open = whole.clone();
    open.clear("skin.type");
    assert_eq!(outlook(&pack, &open, TODAY, &|| true), None);
}
