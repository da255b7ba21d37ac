//! `pistor train`.

use serde_json::Value;

use crate::program::{Pistor, Run, TODAY, all};

/// An attempt that gets everything right about a patient whose capsules are too recent.
const GOOD: &str = r#"
case = "spots-capsules"
seed = 5
trainee = "Trainee One"
[[ask]]
question = "history.conditions"
[[ask]]
question = "history.medications"
how = "probe"
seconds = 60
[[ask]]
question = "history.events"
[[ask]]
question = "allergies.items"
[[ask]]
question = "history.screening.bdd"
[[ask]]
question = "history.screening.needle_fear"
[[ask]]
question = "history.screening.expectations"
[[ask]]
question = "setting.provenance"
how = "exam"
[skin]
fitzpatrick = 3
glogau = 1
goodman = 3
seconds = 300
[contraindications]
absolute = ["medication:isotretinoin"]
[decision]
decide = "defer"
[confidence]
contraindications = 90
decision = 90
seconds = 400
"#;

fn train(pistor: &Pistor, arguments: &[&str]) -> Run {
    let mut all = vec!["train"];
    all.extend(arguments);
    all.extend(["--today", TODAY]);
    pistor.run(&all)
}

#[test]
fn cases_are_listed_without_their_answers() {
    let run = train(&Pistor::new(), &["list", "--format", "json"]);
    let rows = run.json();
    assert!(all(&rows, "id").len() >= 40 && all(&rows, "id").contains(&"a-week-late"));
    assert!(!run.out.contains("verdict") && !run.out.contains("pregnancy"), "{}", run.out);
}

#[test]
fn a_good_attempt_passes_and_says_why() {
    let pistor = Pistor::new();
    let file = pistor.write("good.toml", GOOD).display().to_string();
    let run = train(&pistor, &["mark", &file]);
    assert_eq!((run.code, run.err.as_str()), (0, ""), "{}", run.out);
    for expected in ["TRAINING, not a consultation", "✓ passed", "isotretinoin-recent", "sources", "otherwise", "seal"]
    {
        assert!(run.out.contains(expected), "{expected}\n{}", run.out);
    }
    let json = train(&pistor, &["mark", &file, "--format", "json"]).json();
    assert_eq!(json["marks"]["passed"], true);
    assert_eq!(json["marks"]["sensitivity"], 1.0);
    assert_eq!(json["assessment"]["verdict"], "defer");
    let practised = pistor.home().join(".local/share/pistor");
    assert!(!practised.exists(), "marking alone keeps nothing");
}

#[test]
fn a_critical_fail_exits_with_one_whatever_the_rest() {
    let pistor = Pistor::new();
    let text = GOOD.replace("decide = \"defer\"", "decide = \"treat\"");
    let file = pistor.write("rash.toml", &text).display().to_string();
    let run = train(&pistor, &["mark", &file]);
    assert_eq!(run.code, 1, "{}", run.err);
    assert!(run.out.contains("✗ critical treated although the rules say defer"), "{}", run.out);
    assert!(run.out.contains("! sure and wrong decision"), "{}", run.out);
}

#[test]
fn what_is_kept_stands_in_a_folder_of_its_own_and_decides_what_is_due() {
    let pistor = Pistor::new();
    let missed = GOOD.replace("absolute = [\"medication:isotretinoin\"]", "");
    let file = pistor.write("missed.toml", &missed).display().to_string();
    assert!(train(&pistor, &["due"]).out.contains("Nothing has been practised yet"));
    let run = train(&pistor, &["mark", &file, "--keep"]);
    assert_eq!((run.code, run.err.as_str()), (1, ""));
    let folder = pistor.home().join(".local/share/pistor");
    assert!(folder.join("training/cards.json").exists() && !folder.join("records").exists());
    assert_eq!(std::fs::read_dir(folder.join("training/attempts")).unwrap().count(), 1);
    let due = pistor.run(&["train", "due", "--today", "2026-11-23", "--format", "json"]).json();
    assert_eq!(due["due"], serde_json::json!(["isotretinoin-recent"]));
    assert_eq!(due["next"][0], "spots-capsules");
    // Cards that cannot be read are left alone and said.
    std::fs::write(folder.join("training/cards.json"), "{").unwrap();
    assert!(train(&pistor, &["due"]).refused().contains("is damaged"));
}

/// A folder with the sealed attempts of several trainees.
fn exam(pistor: &Pistor, trainees: usize) -> String {
    for n in 0..trainees {
        let mut text = GOOD.replace("Trainee One", &format!("Trainee {n:02}"));
        if n % 3 == 0 {
            text = text.replace("decide = \"defer\"", "decide = \"treat\"");
        }
        if n % 4 == 0 {
            text = text.replace("how = \"probe\"", "");
        }
        let file = pistor.write(&format!("exam/{n:02}.toml"), &text).display().to_string();
        let sealed = pistor.home().join(format!("exam/{n:02}.attempt")).display().to_string();
        let run = train(pistor, &["mark", &file, "--seal", &sealed]);
        assert_eq!(run.err, "");
        assert!(train(pistor, &["mark", &file, "--seal", &sealed]).refused().contains("choose another name"));
    }
    pistor.home().join("exam").display().to_string()
}

#[test]
fn a_report_shows_who_misses_what_and_refuses_an_altered_file() {
    let pistor = Pistor::new();
    let folder = exam(&pistor, 4);
    let report = train(&pistor, &["report", &folder, "--format", "json"]).json();
    assert_eq!(report["attempts"], 4);
    assert_eq!(report["critical"][0]["kind"], "treated-on-stop");
    assert_eq!(report["critical"][0]["attempts"], 2);
    assert!(report["cut"]["Err"].as_str().unwrap().contains("0 rated attempts"));
    let (first, copy) = (format!("{folder}/01.attempt"), format!("{folder}/copy.attempt"));
    std::fs::copy(&first, &copy).unwrap();
    assert!(train(&pistor, &["report", &folder]).refused().contains("is the same attempt as"));
    std::fs::remove_file(&copy).unwrap();
    let rows = report["items"].as_array().unwrap();
    let decision = rows.iter().find(|row| row["item"] == "decision").unwrap();
    assert_eq!((&decision["n"], &decision["difficulty"]), (&Value::from(4), &Value::from(0.5)));
    for (form, sign) in [("markdown", "| Trainee 00 |"), ("csv", "\"Trainee 00\""), ("html", "<td>Trainee 00</td>")] {
        let run = train(&pistor, &["report", &folder, "--as", form]);
        assert!(run.code == 0 && run.out.contains(sign), "{form}: {}", run.out);
    }
    let victim = pistor.home().join("exam/02.attempt");
    let text = std::fs::read_to_string(&victim).unwrap();
    std::fs::write(&victim, format!("\u{feff}{text}")).unwrap();
    assert!(train(&pistor, &["report", &folder]).refused().contains("02.attempt is refused"));
    std::fs::write(&victim, text.replace("Trainee 02", "Trainee 99")).unwrap();
    assert!(train(&pistor, &["report", &folder]).refused().contains("altered"));
    std::fs::write(&victim, &text).unwrap();
    pistor.write("exam/ratings.csv", "02.attempt,6\n");
    assert!(train(&pistor, &["report", &folder]).refused().contains("line 1: the rating is not from 1 to 5"));
    pistor.write("exam/ratings.csv", "nobody.attempt,3\n");
    assert!(train(&pistor, &["report", &folder]).refused().contains("nobody.attempt"));
    let empty = pistor.home().join("empty");
    std::fs::create_dir(&empty).unwrap();
    assert!(train(&pistor, &["report", &empty.display().to_string()]).refused().contains("no sealed attempts"));
}

#[test]
fn authors_get_a_case_that_checks_a_preview_and_the_coverage() {
    let pistor = Pistor::new();
    let new = train(&pistor, &["case", "new", "my-case"]);
    let file = pistor.write("my-case.toml", &new.out).display().to_string();
    let run = train(&pistor, &["case", "check", &file]);
    assert_eq!((run.code, run.out.trim()), (0, "✓ 1 case, all as promised"), "{}", run.err);
    let broken = pistor.write("broken.toml", &new.out.replace("verdict = \"defer\"", "verdict = \"proceed\""));
    let run = train(&pistor, &["case", "check", &broken.display().to_string()]);
    assert!(run.code == 1 && run.out.contains("expected proceed, the engine says defer"), "{}", run.out);
    assert!(train(&pistor, &["case", "new", "My Case"]).refused().contains("is not an id"));
    let run = train(&pistor, &["case", "preview", "a-week-lat"]);
    assert!(run.refused().contains("did you mean `a-week-late`?"));
    let run = train(&pistor, &["case", "preview", "a-week-late", "--seed", "3"]);
    assert!(run.out.contains("ten days late") && run.out.contains("pregnancy"), "{}", run.out);
    let rows = train(&pistor, &["case", "coverage", "--format", "json"]).json();
    assert!(rows["covered"].as_u64().unwrap() > 80, "{}", rows["covered"]);
    let open = train(&pistor, &["case", "coverage", "--open", "--format", "json"]).json();
    let (all, covered) = (rows["rules"].as_u64().unwrap(), rows["covered"].as_u64().unwrap());
    assert_eq!(open["rows"].as_array().unwrap().len() as u64, all - covered);
}

/// The same patient as in the script, assessed line by line; an empty line ends each of the three lists.
const LINES: &str = "ask conditions\nprobe history.medications\nask nonsense\ndone\n3\n1\n3\nisotretinoin capsules\n\n\n\n\
                     defer\n\n0\n90\n90\n90\n";

#[test]
fn a_case_can_be_assessed_line_by_line() {
    let pistor = Pistor::new();
    let sealed = pistor.home().join("one.attempt");
    let file = sealed.display().to_string();
    let arguments = ["train", "play", "spots-capsules", "--seed", "5", "--today", TODAY, "--seal", &file];
    let run = pistor.run_with(&arguments, LINES);
    assert_eq!(run.err, "", "{}", run.out);
    for expected in [
        "an invented patient, no consultation",
        "Capsules for the spots",
        "No question is called `nonsense`",
        "Write for example: ask medicines",
        "noted: Isotretinoin capsules",
        "✓ Decision (safety)",
    ] {
        assert!(run.out.contains(expected), "{expected}\n{}", run.out);
    }
    // Nothing of the key is said before the last commit.
    let before = run.out.split("How sure are you").next().unwrap();
    assert!(!before.contains("isotretinoin-recent") && !before.contains("six months"), "{before}");
    // The file of the session marks as the session did.
    let again = train(&pistor, &["mark", &file]);
    assert!(again.code == run.code && run.out.ends_with(&again.out), "{}\n---\n{}", again.out, run.out);
    let refused = pistor.run_with(&arguments, LINES);
    assert!(refused.code == 2 && refused.err.contains("choose another name"), "{}", refused.err);
}

#[test]
fn quit_leaves_an_attempt_at_every_prompt() {
    let pistor = Pistor::new();
    for typed in ["quit\n", "ask medicines\ndone\nquit\n", "done\n3\nquit\ndone\n"] {
        let run = pistor.run_with(&["train", "play", "spots-capsules", "--seed", "5", "--today", TODAY], typed);
        assert!(
            run.code == 2 && run.err.contains("left before it was sealed; nothing was kept"),
            "{typed}: {}",
            run.err
        );
        assert!(!run.out.contains("Write for example"), "{}", run.out);
    }
}

#[test]
fn an_exam_reveals_nothing_and_an_early_end_keeps_nothing() {
    let pistor = Pistor::new();
    let sealed = pistor.home().join("exam.attempt");
    let file = sealed.display().to_string();
    let arguments = ["train", "play", "spots-capsules", "--exam", "--seal", &file, "--trainee", "Ada"];
    let early = pistor.run_with(&arguments, "ask history.conditions\ndone\n3\n");
    assert!(early.code == 2 && early.err.contains("nothing was kept") && !sealed.exists(), "{}", early.err);
    let run = pistor.run_with(&arguments, "done\n3\n1\n3\n\n\n\ntreat\n\n0\n50\n50\n50\n");
    assert_eq!((run.code, run.err.as_str()), (0, ""), "{}", run.out);
    assert!(run.out.contains("Note the seal") && !run.out.contains("critical") && sealed.exists(), "{}", run.out);
    assert_eq!(pistor.run(&["train", "play", "spots-capsules", "--exam"]).code, 2, "an exam needs a file");
}

#[test]
fn a_rule_can_be_played_by_a_case_made_for_it() {
    let pistor = Pistor::new();
    let sealed = pistor.home().join("made.attempt");
    let file = sealed.display().to_string();
    let lines = "probe history.medications\ndone\n\n\nisotretinoin capsules\n\n\n\ndefer\n\n0\n90\n90\n90\n";
    let arguments = ["train", "play", "isotretinoin-recent", "--seed", "7", "--today", TODAY, "--seal", &file];
    let run = pistor.run_with(&arguments, lines);
    assert_eq!(run.err, "", "{}", run.out);
    let before = run.out.split("How sure are you").next().unwrap();
    assert!(!before.contains("isotretinoin-recent") && before.contains("invented"), "{before}");
    assert!(run.out.contains("made-isolating-isotretinoin-recent-1-7"), "{}", run.out);
    // The sealed file names the case, from which it is made again.
    let again = train(&pistor, &["mark", &file]);
    assert!(again.code == run.code && run.out.ends_with(&again.out), "{}\n---\n{}", again.out, run.out);
    let preview = train(&pistor, &["case", "preview", "made-isolating-isotretinoin-recent-1-7"]);
    assert!(preview.code == 0 && preview.out.contains("isotretinoin-recent:"), "{}{}", preview.out, preview.err);
    let none = train(&pistor, &["play", "isotretinoin-resent"]);
    assert!(none.refused().contains("did you mean `isotretinoin-recent`?"), "{}", none.err);
    let open = train(&pistor, &["case", "coverage", "--open"]);
    assert!(open.out.contains("train play RULE --seed N"), "{}", open.out);
}
