//! Hints, what they cost and where there are none; the time of an exam.

use std::sync::LazyLock;

use jiff::civil::{Date, date};

use super::*;
use crate::pack::{Pack, builtin, builtin_files};
use crate::source::SourceFile;

const TODAY: Date = date(2026, 11, 22);
static PACK: LazyLock<Pack> = LazyLock::new(|| builtin().unwrap_or_else(|report| panic!("{}", report.render(false))));
static CASES: LazyLock<Cases> =
    LazyLock::new(|| read(&PACK, &[builtin_files()]).unwrap_or_else(|report| panic!("{}", report.render(false))));

fn header(case: &str, mode: Mode) -> Header {
    let sealed = model(&PACK, &CASES[case], 1, TODAY).unwrap();
    Header { mode, ..sealed.header().clone() }
}

fn interview(case: &str, mode: Mode) -> Attempt<Interview> {
    Attempt::new(Patient::of(&PACK, &CASES[case], 1), header(case, mode)).begin()
}

/// A good attempt at the little heart pill, in a mode, with so many hints and a last question at a second.
fn attempt(mode: &str, hints: (u32, u32), last: u32) -> Result<Sealed, String> {
    let text = format!(
        "case = \"the-little-heart-pill\"\nseed = 1\ntrainee = \"T\"\nmode = \"{mode}\"\n\
         hints = {{ interview = {}, contraindications = {} }}\n\
         [[ask]]\nquestion = \"history.medications\"\nhow = \"probe\"\nseconds = 10\n\
         [[ask]]\nquestion = \"history.conditions\"\nseconds = {last}\n\
         [skin]\nfitzpatrick = 2\nglogau = 2\n\
         [contraindications]\nrelative = [\"medication:apixaban\", \"condition:atrial-fibrillation\"]\n\
         [decision]\ndecide = \"clearance\"\n[confidence]\ncontraindications = 95\nseconds = {}\n",
        hints.0,
        hints.1,
        last + 30
    );
    read_attempt(&PACK, &CASES, &SourceFile::new("a.toml", text), TODAY).map_err(|report| report.render(false))
}

#[test]
fn a_hint_points_at_what_a_rule_of_the_case_reads_and_never_says_whether_it_applies() {
    let mut open = interview("the-little-heart-pill", Mode::Practice);
    let hint = open.hint(&PACK, 5).unwrap();
    assert_eq!(hint.about.text(), "history.medications");
    assert!(hint.says.contains("closer question"), "{}", hint.says);
    assert_eq!(open.cost(), HINT_SECONDS);
    // What was hinted at, or heard meanwhile, is not hinted at again; in the end nothing is left.
    let mut seen = vec![hint.about];
    open.ask("history.conditions", How::Ask, 9);
    while let Ok(hint) = open.hint(&PACK, 10) {
        assert!(!seen.contains(&hint.about) && hint.about.text() != "history.conditions");
        seen.push(hint.about);
        assert!(seen.len() < 60);
    }
    assert_eq!(open.hint(&PACK, 10), Err(NoHint::Nothing));
    let mut committed = open.commit_skin(SkinCommit::default(), 20);
    let objectives = &CASES["the-little-heart-pill"].objectives;
    for rule in objectives {
        let hint = committed.hint(&PACK, &[], 30).unwrap();
        assert_eq!(hint.about.text(), format!("rule:{rule}"));
        let verdict = PACK.rules.get(rule).unwrap().verdict.word();
        assert!(!hint.says.contains(verdict), "{}", hint.says);
    }
    assert_eq!(committed.hint(&PACK, &[], 40), Err(NoHint::Nothing));
    assert_eq!(committed.hinted().len(), seen.len() + objectives.len());
}

#[test]
fn an_exam_and_the_fast_track_have_no_hints() {
    for mode in [Mode::Exam, Mode::FastTrack] {
        let mut open = interview("the-little-heart-pill", mode);
        let head = open.head().to_owned();
        assert_eq!(open.hint(&PACK, 5), Err(NoHint::NotHere(mode)));
        assert_eq!((open.head(), open.cost()), (head.as_str(), 0), "and nothing is noted");
        let mut committed = open.commit_skin(SkinCommit::default(), 6);
        assert_eq!(committed.hint(&PACK, &[], 7), Err(NoHint::NotHere(mode)));
        let why = attempt(mode.word(), (1, 0), 20).unwrap_err();
        assert!(why.contains("no hints"), "{why}");
    }
    assert!(attempt("exam", (0, 0), 20).is_ok());
}

#[test]
fn a_hint_costs_marks_and_the_card_and_stands_in_the_sealed_file() {
    let marks = |sealed: &Sealed| reveal(&PACK, sealed).marks;
    let (plain, hinted) = (attempt("practice", (0, 0), 20).unwrap(), attempt("practice", (0, 1), 20).unwrap());
    let (alone, helped) = (marks(&plain), marks(&hinted));
    let rule = &CASES["the-little-heart-pill"].objectives[0];
    let rating = |marks: &Marks| marks.grades.iter().find(|(known, _)| known == rule).map(|(_, rating)| *rating);
    assert_eq!((rating(&alone), rating(&helped)), (Some(Rating::Easy), Some(Rating::Hard)));
    let share =
        |marks: &Marks| marks.items.iter().find(|item| item.id == format!("flag:{rule}")).map(|item| item.share);
    assert_eq!((share(&alone), share(&helped)), (Some(1.0), Some(0.5)));
    assert!(helped.percent < alone.percent && helped.cost_seconds == alone.cost_seconds + HINT_SECONDS);
    assert_eq!((alone.hints.len(), helped.hints.len()), (0, 1));
    assert_eq!(helped.sensitivity, alone.sensitivity, "it was found all the same");
    assert_eq!(helped.judgements, alone.judgements, "and whoever was sure was right");
    let file = hinted.to_file();
    assert!(file.contains("\"act\":\"hint\"") && file.contains(&format!("rule:{rule}")));
    assert_eq!(Sealed::from_file(&PACK, &CASES, &file).unwrap().to_file(), file);
    // A hint at a question lowers every card that reads it, and what the question itself earns.
    let asked = marks(&attempt("practice", (1, 0), 20).unwrap());
    assert!(asked.hints.len() == 1 && asked.percent <= alone.percent);
}

#[test]
fn when_the_time_of_an_exam_is_over_only_committing_remains() {
    let minutes = u32::try_from(CASES["the-little-heart-pill"].minutes).unwrap();
    let over = minutes * 60;
    let mut exam = interview("the-little-heart-pill", Mode::Exam);
    assert_eq!(
        (exam.seconds_left(0), exam.seconds_left(over - 1), exam.seconds_left(over + 9)),
        (Some(over), Some(1), Some(0))
    );
    assert!(exam.ask("history.medications", How::Probe, over - 1).new > 0);
    let head = exam.head().to_owned();
    let late = exam.ask("history.conditions", How::Ask, over);
    assert_eq!((late.new, exam.head()), (0, head.as_str()), "nothing was heard and nothing noted: {late:?}");
    assert!(late.says[0].contains("over"));
    assert_eq!(interview("the-little-heart-pill", Mode::Practice).seconds_left(over), None, "practice takes its time");
    // Committing goes on, and the file says by how much it was late.
    let sealed = attempt("exam", (0, 0), over - 1).unwrap();
    assert_eq!(reveal(&PACK, &sealed).marks.late_seconds, 29);
    assert_eq!(reveal(&PACK, &attempt("practice", (0, 0), over + 60).unwrap()).marks.late_seconds, 0);
    let why = attempt("exam", (0, 0), over).unwrap_err();
    assert!(why.contains("The time of this exam is over"), "{why}");
}

#[test]
fn a_file_that_was_sealed_with_a_late_question_is_refused() {
    // Somebody writes the acts of practice under the header of an exam and seals the whole anew: the flow notices.
    let over = u32::try_from(CASES["the-little-heart-pill"].minutes).unwrap() * 60;
    let practice = attempt("practice", (0, 0), over + 5).unwrap();
    let exam = Header { mode: Mode::Exam, ..practice.header().clone() };
    let refused = play(&PACK, &CASES, exam, &practice.log.entries).unwrap_err();
    assert!(matches!(refused, Refused::OutOfOrder(_)), "{refused}");
}
