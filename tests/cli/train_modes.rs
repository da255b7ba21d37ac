//! `pistor train`: short cards, progress, and the modes of a case.

use crate::program::{Pistor, Run, TODAY};

fn train(pistor: &Pistor, arguments: &[&str], input: &str) -> Run {
    let mut all = vec!["train"];
    all.extend(arguments);
    all.extend(["--today", TODAY]);
    pistor.run_with(&all, input)
}

/// Answers to the prompts of `train play`, after the interview: nothing found, treat, nothing injected.
const RASH: &str = "done\n3\n2\n\n\n\ntreat\n\n0\n90\n90\n90\n";

/// The same for a case with any number of findings of the skin.
fn rash(pistor: &Pistor, case: &str) -> String {
    let facts = train(pistor, &["case", "preview", case, "--format", "json"], "").json();
    let facts = facts["facts"].as_array().unwrap();
    let skin = facts.iter().filter(|fact| fact["question"].as_str().unwrap().starts_with("skin.")).count();
    RASH.replacen("3\n2\n", &"1\n".repeat(skin), 1)
}

#[test]
fn three_minutes_of_cards_are_asked_answered_and_remembered() {
    let pistor = Pistor::new();
    let run = train(&pistor, &["cards", "--seed", "3"], "9\n1\n\n\n");
    assert_eq!((run.code, run.err.as_str()), (0, ""), "{}", run.out);
    for expected in [
        "TRAINING: short cards, 3 minutes",
        "[rule]",
        "a number from 1 to 5",
        "Source",
        " of 3 answers were right",
        "TO LOOK AT AGAIN",
    ] {
        assert!(run.out.contains(expected), "{expected}\n{}", run.out);
    }
    let due = pistor.run(&["train", "due", "--today", "2026-11-23", "--format", "json"]).json();
    assert!(due["known"].as_u64().unwrap() >= 2, "{due}");
    let folder = pistor.home().join(".local/share/pistor");
    assert!(folder.join("training/cards.json").exists() && !folder.join("records").exists());
    // For a look: the same seed is the same cards, and nothing changes.
    let before = std::fs::read(folder.join("training/cards.json")).unwrap();
    let looks: Vec<String> =
        (0..2).map(|_| train(&pistor, &["cards", "--seed", "3", "--forget"], "1\n1\n1\nq\n").out).collect();
    assert_eq!(looks[0], looks[1]);
    assert_eq!(std::fs::read(folder.join("training/cards.json")).unwrap(), before);
    let tally = train(&pistor, &["cards", "--seed", "3", "--forget", "--format", "json"], "\n\nq\n").json();
    assert_eq!((&tally["answered"], &tally["right"]), (&2.into(), &0.into()));
}

#[test]
fn progress_says_what_to_do_when_there_is_none_and_shows_what_there_is() {
    let pistor = Pistor::new();
    let empty = train(&pistor, &["progress"], "");
    assert!(empty.code == 0 && empty.out.contains("`pistor train cards` takes three minutes"), "{}", empty.out);
    let run = train(&pistor, &["play", "a-week-late", "--keep"], RASH);
    assert_eq!((run.code, run.err.as_str()), (1, ""), "{}", run.out);
    let shown = train(&pistor, &["progress"], "").out;
    for expected in [
        "1 case, 0 passed",
        "SKILL",
        "SAFETY OVER TIME",
        "DUE IN THE COMING DAYS",
        "SURE AND RIGHT",
        "too few to tell",
        "CRITICAL FAILS",
        "treated where the rules stop",
        "MISSED RULES",
    ] {
        assert!(shown.contains(expected), "{expected}\n{shown}");
    }
    assert!(shown.lines().all(|line| line.chars().count() <= 80), "{shown}");
    let json = train(&pistor, &["progress", "--format", "json"], "").json();
    assert_eq!(
        (&json["cases"], &json["passed"], &json["missed"][0]["rule"]),
        (&1.into(), &0.into(), &"pregnancy".into())
    );
    assert_eq!((json["load"].as_array().unwrap().len(), &json["load"][1][1]), (14, &1.into()));
}

#[test]
fn hints_are_given_in_practice_cost_and_are_noted() {
    let pistor = Pistor::new();
    let hinted = RASH.replacen("done\n", "hint\ndone\n", 1).replacen("2\n\n", "2\nhint\n\n", 1);
    let run = train(&pistor, &["play", "a-week-late"], &hinted);
    assert!(run.out.contains("Not heard yet") && run.out.contains("Think of: "), "{}", run.out);
    assert!(run.out.contains("hints") && run.out.contains("120 seconds of questions"), "{}", run.out);
    let seal = pistor.home().join("x.attempt").display().to_string();
    let exam = train(&pistor, &["play", "a-week-late", "--exam", "--seal", &seal, "--trainee", "Ada"], &hinted);
    assert!(
        exam.out.contains("There are no hints in an exam") && exam.out.contains("12 minutes for questions"),
        "{}",
        exam.out
    );
    assert!(!exam.out.contains("pregnan"), "an exam reveals nothing: {}", exam.out);
}

#[test]
fn a_paper_has_the_same_patients_for_everybody_and_is_sat_station_by_station() {
    let pistor = Pistor::new();
    let paper = train(&pistor, &["paper", "42", "--stations", "3", "--format", "json"], "").json();
    assert_eq!(paper["stations"].as_array().unwrap().len(), 3);
    let text = train(&pistor, &["paper", "42"], "").out;
    assert!(text.starts_with("Paper 42 of 6 stations") && text.contains("minutes of questions"), "{text}");
    let mut heads = Vec::new();
    for trainee in ["Ada", "Ben"] {
        let seal = pistor.home().join(format!("{trainee}.attempt")).display().to_string();
        let arguments = ["play", "--exam", "--paper", "42", "--station", "2", "--seal", &seal, "--trainee", trainee];
        let run = train(&pistor, &arguments, &rash(&pistor, paper["stations"][1]["case"].as_str().unwrap()));
        assert_eq!((run.code, run.err.as_str()), (0, ""), "{}", run.out);
        let file = std::fs::read_to_string(&seal).unwrap();
        assert!(file.contains(&format!("\"case\":{}", paper["stations"][1]["case"])), "{file}");
        assert!(file.contains(&format!("\"seed\":{}", paper["stations"][1]["seed"])), "{file}");
        heads.push(run.out.split("Interview").next().unwrap_or_default().to_owned());
    }
    assert_eq!(heads[0], heads[1], "the same patient says the same");
    let missing = train(&pistor, &["play", "--exam", "--paper", "42", "--station", "2"], "");
    assert!(missing.refused().contains("add --seal"), "{}", missing.err);
    let keep = ["play", "a-week-late", "--exam", "--seal", "x.attempt", "--trainee", "Ada", "--keep"];
    assert!(train(&pistor, &keep, "").refused().contains("leave --keep out"));
    let far = ["play", "--paper", "42", "--station", "999", "--seal", "x.attempt"];
    assert!(train(&pistor, &far, "").refused().contains("there is no station 999"));
}

#[test]
fn a_review_brings_what_is_due_and_says_when_nothing_is() {
    let pistor = Pistor::new();
    let review = |day: &str, input: &str| {
        pistor.run_with(&["train", "play", "--mode", "review", "--today", day, "--keep"], input)
    };
    assert!(review(TODAY, "").out.contains("Nothing was practised yet"));
    assert_eq!(train(&pistor, &["play", "a-week-late", "--keep"], RASH).code, 1);
    assert!(review(TODAY, "").out.contains("comes back on 2026-11-23"), "{}", review(TODAY, "").out);
    let run = review("2026-11-23", RASH);
    assert!(run.out.contains("pregnan"), "the case that covers what was missed: {}", run.out);
}

#[test]
fn the_fast_track_has_a_case_for_each_topic_and_a_pass_marks_its_rules() {
    let pistor = Pistor::new();
    let wrong = train(&pistor, &["play", "--topic", "anaesthetic"], "");
    assert!(wrong.refused().contains("did you mean `anaesthetics`?"), "{}", wrong.err);
    let run = train(&pistor, &["play", "--mode", "fast-track", "--keep"], "");
    assert!(run.out.contains("Fast track: ") && run.err.contains("nothing was kept"), "{}{}", run.out, run.err);
    // It was not passed: nothing counts as known.
    let topics = train(&pistor, &["progress", "--format", "json"], "").json();
    let topics = topics["topics"].as_array().unwrap().clone();
    assert!(topics.iter().all(|topic| topic["passed"] == false));
}

#[test]
fn an_exam_that_has_nowhere_to_go_is_said_before_it_begins_and_a_script_is_none() {
    let pistor = Pistor::new();
    let nowhere = pistor.home().join("no-such-folder").join("x.attempt").display().to_string();
    let run = train(&pistor, &["play", "a-week-late", "--exam", "--seal", &nowhere, "--trainee", "Ada"], RASH);
    assert!(run.refused().contains("make the folder first"), "{}", run.err);
    assert!(!run.out.contains("Interview"), "nothing was asked: {}", run.out);
    // An attempt that ends early leaves no file behind.
    let seal = pistor.home().join("x.attempt");
    let early = train(
        &pistor,
        &["play", "a-week-late", "--exam", "--seal", &seal.display().to_string(), "--trainee", "Ada"],
        "done\n",
    );
    assert!(early.code == 2 && !seal.exists(), "{}", early.err);
    let script = pistor.home().join("script.toml");
    let text = "case = \"a-week-late\"\nmode = \"exam\"\n";
    std::fs::write(&script, text).unwrap();
    let arguments = ["mark", &script.display().to_string(), "--seal", &seal.display().to_string()];
    let run = train(&pistor, &arguments, "");
    assert!(run.code != 0 && !seal.exists(), "{}{}", run.out, run.err);
}
