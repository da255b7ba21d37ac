//! Three trainees who are made up entirely: one knows everything, one asks plainly and always treats, one is afraid of
//! everything. Each assesses twenty cases, as they are recommended, on the real screen in a real pseudo-terminal.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "common/terminal.rs"]
mod terminal;

use std::path::Path;
use std::sync::{Arc, LazyLock};

use jiff::civil::{Date, date};
use pistor::pack::{Pack, QuestionKind, builtin, builtin_files};
use pistor::training::{
    Act, Case, CocktailCommit, Confidence, Contraindications, Decision, Flag, How, Mix, Part, Past, Patient,
    PlanCommit, School, SkinCommit, Store, model, next_cases,
};
use pistor::tui::training::found_questions;
use terminal::Terminal;

const DAY: Date = date(2026, 11, 22);
const CASES: usize = 20;

static PACK: LazyLock<Pack> = LazyLock::new(|| builtin().unwrap());
static SCHOOL: LazyLock<School> = LazyLock::new(|| School::read(&PACK, vec![builtin_files()]).unwrap());

#[derive(Clone, Copy)]
enum Trainee {
    Perfect,
    Careless,
    OverCautious,
}

/// What a trainee does about a case, stage by stage.
fn acts(who: Trainee, case: &Arc<Case>) -> Vec<Act> {
    let ask = |how: How, questions: &[&str]| -> Vec<Act> {
        questions.iter().map(|id| Act::Ask { question: (*id).to_owned(), how }).collect()
    };
    let skin = |value: &str| {
        let findings = ["skin.fitzpatrick", "skin.glogau"].map(|id| (id.to_owned(), value.to_owned()));
        Act::Skin(SkinCommit { findings: findings.into_iter().collect() })
    };
    let twists = |answer: i8| case.twists.iter().map(move |_| Act::Twist { answer });
    match who {
        Trainee::Perfect => {
            let sealed = model(&PACK, case, 0, DAY).unwrap();
            sealed.entries().iter().map(|entry| entry.act.clone()).collect()
        }
        Trainee::Careless => {
            let mut acts = ask(How::Ask, &["history.conditions", "history.medications", "allergies.items"]);
            acts.extend([skin("2"), Act::Contraindications(Contraindications::default())]);
            acts.extend(twists(2));
            let part = Part { id: "hyaluronic-acid".to_owned(), volume_ml: 1.0 };
            let mix = Mix { goal: "hydration".to_owned(), area: "cheeks".to_owned(), ingredients: vec![part] };
            let plan = PlanCommit { sessions: 3, interval_days: 28, review: false, consent: Vec::new() };
            acts.extend([
                Act::Decide { decision: Decision::Treat },
                Act::Cocktail(CocktailCommit { mixes: vec![mix] }),
                Act::Plan(plan),
                Act::Seal(Confidence { contraindications: 95, decision: 95, cocktail: 95 }),
            ]);
            acts
        }
        Trainee::OverCautious => {
            let all: Vec<&str> = PACK.questions.ids().filter(|id| id.starts_with("history.")).collect();
            let mut acts = ask(How::Probe, &all);
            acts.extend(ask(How::Probe, &["allergies.items", "goals.requested", "setting.provenance"]));
            acts.extend(ask(How::Exam, &["skin.fitzpatrick", "skin.glogau"]));
            let flag = |id: &&str| Flag::parse(&PACK, id).unwrap();
            let afraid = ["patient.sex", "skin.glogau", "history.screening.aftercare", "history.screening.bdd"];
            let of = ["patient.age", "skin.fitzpatrick", "history.screening.needle_fear", "history.pregnancy"];
            let found = Contraindications {
                absolute: of.iter().map(flag).collect(),
                relative: afraid.iter().map(flag).collect(),
                unknown: Vec::new(),
            };
            acts.extend([skin("3"), Act::Contraindications(found)]);
            acts.extend(twists(-2));
            acts.extend([
                Act::Decide { decision: Decision::Decline },
                Act::Cocktail(CocktailCommit::default()),
                Act::Plan(PlanCommit::default()),
                Act::Seal(Confidence { contraindications: 55, decision: 60, cocktail: 60 }),
            ]);
            acts
        }
    }
}

const DOWN: &str = "\x1b[B";
const COMMIT: &str = "\x13";

/// The keys that do it on the screen, from the brief to the seal: stage by stage, with what is shown then.
fn keys(case: &Arc<Case>, acts: &[Act]) -> Vec<(String, &'static str)> {
    let mut keys = vec!["\r".to_owned()];
    let asked = |id: &str| -> Vec<How> {
        let of = |act: &Act| match act {
            Act::Ask { question, how } if question == id => Some(*how),
            _ => None,
        };
        acts.iter().filter_map(of).collect()
    };
    // Down the list of questions, each asked as often as it has to be.
    for (_, ix) in found_questions(&PACK, "") {
        for how in asked(&PACK.questions[ix].id) {
            let key = match how {
                How::Ask => "a",
                How::Probe => "p",
                How::Exam => "x",
                How::Document => "d",
            };
            keys.push(key.to_owned());
        }
        keys.push(DOWN.to_owned());
    }
    keys.push("\r".to_owned());
    let mut stages = vec![(keys.concat(), "▸Skin")];
    for act in acts {
        let then = match act {
            Act::Ask { .. } | Act::Hint { .. } | Act::Away { .. } => continue,
            Act::Skin(_) => "▸Findings",
            Act::Contraindications(_) | Act::Twist { .. } => "▸Decision",
            Act::Decide { .. } => "▸Cocktail",
            Act::Cocktail(_) => "▸Plan",
            Act::Plan(_) => "▸Confidence",
            Act::Seal(_) => "you decided",
        };
        let mut keys = Vec::new();
        stage(case, act, &mut keys);
        stages.push((keys.concat(), then));
    }
    stages
}

fn stage(case: &Arc<Case>, act: &Act, keys: &mut Vec<String>) {
    let mut press = |key: &str| keys.push(key.to_owned());
    match act {
        Act::Ask { .. } | Act::Hint { .. } | Act::Away { .. } => return,
        Act::Skin(skin) => {
            let patient = Patient::of(&PACK, case, 0);
            for row in PACK.questions.iter().filter(|row| row.id.starts_with("skin.") && patient.asks(&row.id)) {
                match (skin.findings.get(&row.id), &row.kind) {
                    (None, _) => press(DOWN),
                    (Some(id), QuestionKind::Choice(options)) => {
                        let at = options.iter().position(|option| option.id == *id).unwrap();
                        press(&(at + 1).to_string());
                    }
                    (Some(number), _) => {
                        press(number);
                        press("\r");
                    }
                }
            }
        }
        Act::Contraindications(found) => {
            for (key, flags) in [("1", &found.absolute), ("2", &found.relative), ("3", &found.unknown)] {
                if flags.is_empty() {
                    continue;
                }
                press(key);
                for flag in flags {
                    press(flag.text());
                    press("\r");
                }
                press("\r");
            }
        }
        Act::Twist { answer } => press(&(answer + 3).to_string()),
        Act::Decide { decision } => {
            let at = Decision::WORDS.iter().position(|(_, known)| known == decision).unwrap();
            press(&(at + 1).to_string());
        }
        Act::Cocktail(cocktail) => {
            if cocktail.mixes.is_empty() {
                // On the line that says so.
                press(DOWN);
                press("\r");
                return;
            }
            for (n, mix) in cocktail.mixes.iter().enumerate() {
                if n > 0 {
                    // From "add an ingredient" to "add a goal".
                    press(DOWN);
                }
                press("\r");
                for id in [&mix.goal, &mix.area] {
                    press(id);
                    press("\r");
                }
                for (n, part) in mix.ingredients.iter().enumerate() {
                    if n > 0 {
                        press("\r");
                    }
                    press(&part.id);
                    press("\r");
                    press(&part.volume_ml.to_string());
                    press("\r");
                }
            }
        }
        Act::Plan(plan) => {
            press(&plan.sessions.to_string());
            press("\r");
            if plan.sessions > 0 {
                press(&plan.interval_days.to_string());
                press("\r");
                press(if plan.review { "1" } else { "2" });
                if !plan.consent.is_empty() {
                    press("+");
                    for id in &plan.consent {
                        press(id);
                        press("\r");
                    }
                    press("\r");
                }
            }
        }
        Act::Seal(sure) => {
            for percent in [sure.contraindications, sure.decision, sure.cocktail] {
                press(&percent.to_string());
                press("\r");
            }
        }
    }
    press(COMMIT);
    // Without any it asks first.
    let without = match act {
        Act::Skin(skin) => skin.findings.is_empty(),
        Act::Contraindications(found) => found.flags().next().is_none(),
        _ => false,
    };
    if without {
        press("\r");
    }
}

/// The case whose title stands in the first line.
fn shown(terminal: &Terminal) -> Arc<Case> {
    let screen = terminal.screen();
    let first = screen.lines().next().unwrap_or_default();
    let of = |case: &&Arc<Case>| first.contains(&format!("pistor  {} ", case.title));
    Arc::clone(SCHOOL.cases.values().find(of).unwrap_or_else(|| panic!("no case on\n{screen}")))
}

/// Assesses the cases that are recommended, on the screen.
fn trains(home: &Path, who: Trainee, cases: usize) -> Vec<(Past, Arc<Case>)> {
    let mut terminal = Terminal::start(home, 100, 40, &["train"]);
    // The first line is the case that is recommended.
    terminal.expect("Cases").send("\r");
    let mut done: Vec<Arc<Case>> = Vec::new();
    for n in 0..cases {
        terminal.expect("Begin the interview").expect("TRAINING - NO PATIENT");
        let case = shown(&terminal);
        assert!(done.iter().all(|other| other.id != case.id), "{} came twice in a day", case.id);
        for (keys, then) in keys(&case, &acts(who, &case)) {
            terminal.send(&keys).expect(then);
        }
        terminal.expect("The attempt is kept").expect("TRAINING - NO PATIENT");
        done.push(case);
        if n + 1 < cases {
            terminal.send("n");
        }
    }
    terminal.send("q");
    assert_eq!(terminal.end(), 0);
    terminal.assert_restored();
    let results = store(home).results().unwrap();
    assert_eq!(results.len(), cases);
    results.into_iter().zip(done).collect()
}

fn store(home: &Path) -> Store {
    Store::at(home.join(".local/share/pistor/training"))
}

/// What is recommended a day later, with the reason, as it stands in the hall.
fn tomorrow(home: &Path) -> String {
    let mut terminal = Terminal::start(home, 120, 40, &["train", "--today", "2026-11-23"]);
    terminal.expect("Cases");
    let screen = terminal.screen();
    terminal.send("q");
    terminal.end();
    screen.lines().find(|line| line.contains('★')).unwrap_or_else(|| panic!("{screen}")).to_owned()
}

fn decision(case: &Case) -> Decision {
    Decision::of(case.expect.verdict).unwrap()
}

#[test]
fn who_knows_everything_passes_everything_and_has_nothing_to_repeat() {
    let home = tempfile::tempdir().unwrap();
    for (past, case) in trains(home.path(), Trainee::Perfect, CASES) {
        assert!(past.passed && past.percent > 99.9 && past.critical.is_empty(), "{}: {past:?}", case.id);
        assert_eq!(past.case, case.id);
    }
    assert!(tomorrow(home.path()).contains("because nothing is due"), "{}", tomorrow(home.path()));
    assert!(!home.path().join(".local/share/pistor/records.db").exists());
}

#[test]
fn who_is_careless_treats_on_stops_and_meets_it_again_tomorrow() {
    let home = tempfile::tempdir().unwrap();
    let results = trains(home.path(), Trainee::Careless, CASES);
    let mut stops = 0;
    for (past, case) in &results {
        let stopped = decision(case) >= Decision::Defer;
        stops += usize::from(stopped);
        let treated = past.critical.iter().any(|kind| kind == "treated-on-stop");
        assert_eq!(treated, stopped, "{}: {past:?}", case.id);
        assert!(!(stopped && past.passed), "{}: {past:?}", case.id);
        assert!(past.percent < 99.0, "{}", case.id);
    }
    assert!(stops >= 5, "twenty cases without stops show nothing: {stops}");
    let why = tomorrow(home.path());
    assert!(why.contains("because it covers") && why.contains("rules that are due"), "{why}");
    // It is the one that covers most of what was missed.
    let cards = store(home.path()).cards().unwrap();
    let last = results.last().map(|(past, _)| past.case.clone());
    let next = next_cases(&SCHOOL.cases, &cards, date(2026, 11, 23), last.as_deref(), 1);
    assert!(why.contains(&SCHOOL.cases[next[0]].title), "{why}: {next:?}");
}

#[test]
fn who_is_afraid_of_everything_harms_nobody_and_does_not_pass_where_one_may_treat() {
    let home = tempfile::tempdir().unwrap();
    let mut treatable = 0;
    for (past, case) in trains(home.path(), Trainee::OverCautious, CASES) {
        let harmless = past.critical.iter().all(|kind| kind == "overlooked" || kind == "false-alarms");
        assert!(harmless, "who never treats harms nobody: {}: {past:?}", case.id);
        assert!(past.specificity.is_some_and(|share| share < 0.9), "{}: {past:?}", case.id);
        if decision(&case) == Decision::Treat {
            treatable += 1;
            assert!(!past.passed, "never treating is no way to pass {}", case.id);
        }
    }
    assert!(treatable >= 2, "{treatable}");
}

#[test]
fn the_way_from_the_records_to_the_training_and_back() {
    let home = tempfile::tempdir().unwrap();
    let mut terminal = Terminal::start(home.path(), 80, 24, &[]);
    terminal.expect("n new").send("t").expect("TRAINING - NO PATIENT").expect("Cases");
    terminal.send("\r").expect("Begin the interview").send("\rp").expect("You ask closely");
    // Esc keeps the attempt, leads to the hall, and from there back to the records.
    terminal.send("\x1b").expect("Go on with").send("\x1b").expect("first consultation in mesotherapy");
    terminal.send("q");
    assert_eq!(terminal.end(), 0);
    terminal.assert_restored();
    assert_eq!(store(home.path()).drafts().unwrap().0.len(), 1);
}

#[test]
fn a_clock_on_the_screen_goes_on_without_a_key_and_nothing_else_does() {
    let home = tempfile::tempdir().unwrap();
    let mut terminal = Terminal::start(home.path(), 80, 24, &["train"]);
    terminal.expect("Cases").send("m").expect("Sit an exam").send("\rAda Example\r7\r").expect("Stations");
    terminal.send("\r").expect("Begin the interview").send("\r").expect("12:00 left");
    terminal.until("a second goes by", |terminal| terminal.screen().contains("11:5"));
    // Left, it goes on by the time of day, and nothing is written.
    terminal.send("\x1b").expect("leaves the exam").send("\x1b").expect("its clock runs on");
    let before = terminal.settle();
    assert_eq!(terminal.quiet(), before, "bytes written while no clock is on the screen");
    terminal.send("q");
    assert_eq!(terminal.end(), 0);
    terminal.assert_restored();
}
