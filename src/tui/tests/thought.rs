//! What is worked out beside the screen: when, what is seen of it, and when it is void.

use super::harness::Harness;
use crate::tui::effect::Effect;
use crate::tui::message::Message;
use crate::tui::thought::{self, Thinking};

fn thoughts(h: &Harness) -> usize {
    h.effects.iter().filter(|effect| matches!(effect, Effect::Think(_))).count()
}

fn pause(h: &mut Harness) -> &mut Harness {
    h.tell(Message::Pause);
    h
}

#[test]
fn a_pause_marks_the_question_that_matters_most_and_the_next_answer_takes_the_mark_away() {
    let mut h = Harness::small(80, 40);
    h.press("n \"Test Patient\" Enter 4 4 Enter f 6 2 Enter 1 6 8 Enter 3").does_not_see("matters most");
    assert_eq!(thoughts(&h), 0, "nothing is worked out while keys come");
    pause(&mut h)
        .sees("· ↑ matters most now: Goals and areas")
        .press("F5")
        .sees("matters most now")
        .press("F6")
        .sees("matters most now");
    assert_eq!(thoughts(&h), 1, "moving about asks for nothing again");
    pause(&mut h);
    assert_eq!(thoughts(&h), 1, "what is known is not worked out twice");
    h.press("F3 n").does_not_see("↑");
    pause(&mut h).sees("· ↑ matters most now: Goals and areas");
    assert_eq!(thoughts(&h), 2);
}

#[test]
fn what_was_worked_out_too_late_is_not_shown() {
    let mut h = Harness::small(80, 40);
    h.press("n \"Test Patient\" Enter 4 4 Enter f");
    pause(&mut h);
    let (id, late, found) = match h.app.consult().map(|consult| (consult.id, consult.state, &consult.thinking)) {
        Some((id, state, Thinking::Done(found))) => (id, state, found.clone()),
        other => panic!("{other:?}"),
    };
    h.press("6 2 Enter");
    h.tell(Message::Thought(id, late, found));
    assert_eq!(h.app.consult().map(|consult| &consult.thinking), Some(&Thinking::No));
    assert!(thought::wanted(&h.app), "it is asked for anew");
}

#[test]
fn nothing_is_worked_out_on_other_screens() {
    let mut h = Harness::small(80, 40);
    assert!(!thought::wanted(&h.app));
    h.press("n \"Test Patient\" Enter 4 4 Enter Esc");
    assert!(!thought::wanted(&h.app));
    pause(&mut h);
    assert_eq!(thoughts(&h), 0);
}

#[test]
fn the_verdict_explained_says_what_would_change_it() {
    let mut h = Harness::healthy(80, 40);
    h.press("F3 p F6 Home Enter").does_not_see("What would change it");
    pause(&mut h).sees("What would change it").sees("To a plan: one change would do.").sees("✓ proceed");
}

#[test]
fn an_override_counts_as_it_counts_in_the_verdict() {
    let mut h = Harness::healthy(80, 40);
    h.press("F3 Down a \"warfarin\" Enter Enter 2 Enter Enter F6 Home Enter");
    pause(&mut h).sees("What would change it").press("Esc Tab o 1 \"Dr Test, 2026-11-02\" Enter Home Enter");
    let verdict = h.app.consult().unwrap().assessment.verdict;
    pause(&mut h);
    let Thinking::Done(found) = &h.app.consult().unwrap().thinking else { panic!("worked out") };
    let strict = |way: &crate::proof::Possible| way.verdict.strictness() < verdict.strictness();
    let ways: Vec<_> = found.fewest.iter().flat_map(|one| &one.changeable).flat_map(|nearest| &nearest.ways).collect();
    assert!(ways.into_iter().all(strict), "milder than {verdict:?}: {:?}", found.fewest);
}
