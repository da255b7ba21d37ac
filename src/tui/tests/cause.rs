//! What an answer changed, and the way from a finding to the answer behind it.

use super::flow::click;
use super::harness::{Harness, loaded};
use crate::intake::Answer;
use crate::pack;
use crate::plan::{Outcome, cases};
use crate::tui::app::{Part, Popup, Subject};
use crate::tui::sheet::StepId;

#[test]
fn an_answer_says_what_it_changed_until_the_next_one() {
    let mut h = Harness::healthy(120, 40);
    h.press("F3 Tab Tab x").sees("Just changed").sees("was proceed, now … incomplete");
    h.press("a \"warfarin\" Enter Esc").sees("+ Warfarin: clearance");
    h.press("2 Enter")
        .sees("was defer, now ◇ clearance")
        .sees("− Not ruled out: INR above 3")
        .does_not_see("+ Warfarin");
    h.press("u").press("u").sees("− Warfarin");
}

#[test]
fn on_a_narrow_screen_the_line_of_the_verdict_says_it() {
    let mut h = Harness::healthy(80, 24);
    h.press("F3 p").sees("✗ DECLINE  was proceed, now ✗ decline · + Pregnancy: decline");
    h.press("F7").sees("✗ DECLINE");
}

#[test]
fn who_is_treated_is_said_with_age_sex_and_allergies() {
    let mut h = Harness::small(80, 24);
    h.press("n").sees("New consultation · allergies?");
    h.press("\"Test Patient\" Enter 4 4 Enter f F4 n").sees("Test Patient · 44 y · female · no known allergies");
    h.press("F4 a \"latex\" Enter Esc Esc");
    let mut h = Harness::small(80, 24);
    h.press("n \"Test Patient\" Enter 4 4 Enter f F4 a \"latex\" Enter Esc").sees("! allergic: Latex");
    h.press("a \"zzqqxx cream that nobody knows\" Down Enter Esc").sees("female · ! 2 allergies");
    for step in ["F1", "F7", "F8"] {
        h.press(step).sees("Test Patient · 44 y · female · ! 2 allergies").sees("F6 why");
    }
}

#[test]
fn a_step_says_how_much_it_lacks() {
    let mut h = Harness::small(80, 24);
    h.press("n").sees("▸Patient!2  ·Skin");
    h.press("F3 n").sees("Patient!2").sees("▸History!2");
}

#[test]
fn how_a_question_stands_is_said_by_sign_and_word() {
    let mut h = Harness::small(80, 24);
    h.press("n F1 Tab Tab Tab m Tab F3 -").sees("~ Conditions").sees("unknown: counts as the unfavourable case");
    h.sees("• Recent events  needed").sees("– does not apply, not asked: Pregnancy");
    h.press("F1").sees("· Weight         open").sees("✓ Sex");
}

#[test]
fn a_finding_leads_to_the_answer_behind_it_and_back() {
    let mut h = Harness::healthy(80, 24);
    h.press("F3 Tab Tab x a \"warfarin\" Enter Esc 2 Enter F6 Tab").sees("▌ ◇ clearance  Warfarin");
    h.press("a").sees("Medicines").sees("back to Assessment");
    let consult = h.app.consult().unwrap();
    assert_eq!((consult.step, consult.part), (StepId::History, Part::Entry(0)), "the entry it is about");
    h.press("Esc").sees("▌ ◇ clearance  Warfarin");
    // From its explanation as well.
    h.press("Enter").sees("Would change it").press("a").sees("back to Assessment");
    assert!(h.app.popups.is_empty());
    h.press("Esc").sees("▌ ◇ clearance  Warfarin");
    // What is typed on the way is kept, and an answer comes back by itself.
    h.press("F1 F6 Home a Esc");
    assert_eq!(h.app.consult().unwrap().step, StepId::Assessment);
}

#[test]
fn every_finding_of_every_case_of_the_pack_leads_to_a_question() {
    let loaded = loaded();
    let mut h = Harness::new(80, 24);
    h.press("n");
    let mut tried = 0;
    let all = cases::read(&[pack::builtin_files()]).unwrap();
    for case in all.iter().step_by(7) {
        let consult = h.app.consult_mut().unwrap();
        consult.sheet.intake = case.intake(&loaded.pack).unwrap_or_else(|report| panic!("{}", report.render(false)));
        consult.back_to = None;
        h.tell(crate::tui::message::Message::Day(case.today));
        let consult = h.app.consult().unwrap();
        let (findings, missing) = (consult.assessment.findings.len(), consult.assessment.missing.len());
        let subjects = (0..findings).map(Subject::Finding).chain((0..missing).map(Subject::Missing));
        for subject in subjects {
            h.press("F6");
            h.app.popups.push(Popup::Explain { subject: subject.clone(), top: 0 });
            h.press("a");
            let consult = h.app.consult().unwrap();
            assert!(consult.step.asks().is_some(), "{}: {subject:?} leads nowhere", case.id);
            assert_eq!(consult.back_to, Some(StepId::Assessment), "{}: {subject:?}", case.id);
            h.press("Esc");
            assert_eq!(h.app.consult().unwrap().step, StepId::Assessment, "{}: {subject:?}", case.id);
            tried += 1;
        }
    }
    println!("{tried} findings and open questions");
    assert!(tried > 150, "{tried}");
}

#[test]
fn what_can_be_done_at_the_end_of_a_list_can_be_clicked() {
    let mut h = Harness::small(80, 24);
    h.press("n F4");
    click(&mut h, "n none");
    assert_eq!(h.app.consult().unwrap().sheet.intake.get("allergies.items"), Some(&Answer::Items(Vec::new())));
    h.press("F4");
    click(&mut h, "a add");
    h.sees("Type a name");
    click(&mut h, "Latex");
    h.sees("added: Latex");
    click(&mut h, "done");
    assert!(h.app.popups.is_empty(), "the keys below a window can be clicked");
    assert_eq!(h.app.consult().unwrap().assessment.verdict, Outcome::Incomplete);
}

#[test]
fn what_is_not_known_of_an_entry_is_answered_there_and_leads_back() {
    let mut h = Harness::healthy(80, 24);
    h.press("F3 Tab Tab x a \"warfarin\" Enter \"metformin\" Enter Esc");
    let open = |h: &Harness| h.app.consult().unwrap().part;
    h.press("F6 Tab").sees("Not ruled out");
    h.press("a").sees("back to Assessment");
    assert!(matches!(open(&h), Part::Field(0, _)), "{:?}\n{}", open(&h), h.text());
    // The last answer about that medicine leads back, whatever is open about the next one.
    for _ in 0..9 {
        if h.app.consult().unwrap().step == StepId::History {
            h.press("-");
        }
    }
    assert_eq!(h.app.consult().unwrap().step, StepId::Assessment, "{}", h.text());
}

#[test]
fn a_key_that_answers_nothing_is_not_passed_over_by_enter() {
    let mut h = Harness::new(80, 24);
    h.press("n \"Test Patient\" Enter F3 Tab a \"aspirin\" Enter Esc");
    let at = |h: &Harness| h.app.consult().unwrap().part;
    for _ in 0..9 {
        if !h.text().contains("y Yes, by a clinician") {
            h.press("Enter");
        }
    }
    let prescribed = at(&h);
    h.press("\"0\"").sees("0 is not one of the answers");
    h.press("Enter").sees("Not answered: y n answers, - is not known, Enter again leaves it open");
    assert_eq!(at(&h), prescribed);
    h.press("y");
    assert_ne!(at(&h), prescribed, "{}", h.text());
}
