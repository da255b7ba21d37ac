//! The guided tour: the real screens, an invented patient, and nothing of it outside.

use super::harness::Harness;
use crate::record::{Query, Store};
use crate::tui::effect::Effect;
use crate::tui::message::Message;

#[test]
fn every_stop_shows_what_it_speaks_of() {
    let mut h = Harness::new(80, 24);
    h.sees("never replaces it").sees("T  a tour of two minutes").press("T");
    h.sees("TOUR 1/10 · invented patient, nothing is saved").sees("Name").sees("Enter next");
    h.press("Enter").sees("Pia Practice · 44 y · female");
    h.press("Right").sees("Fitzpatrick");
    h.press("Space").sees("Medicines").sees("Not asked is never no");
    h.press("Enter").sees("Warfarin");
    h.press("Enter").sees("C L E A R A N C E").sees("Warfarin");
    h.press("Enter").sees("Obtain written clearance").press("Left").sees("TOUR 6").press("Enter");
    h.press("Enter").sees("Hyaluronic acid").sees("TOUR 8");
    h.press("Enter").sees("Consent");
    h.press("Enter").sees("That is all").sees("Enter ends").press("Enter").sees("Nothing of the tour was saved");
    h.does_not_see("TOUR").does_not_see("Pia").sees("New consultation");
}

#[test]
fn nothing_of_the_tour_reaches_the_records() {
    let mut h = Harness::new(80, 24);
    h.effects.clear();
    h.press("T Enter Enter Enter Enter Enter Enter s A n x Left Left Enter Esc");
    assert_eq!(h.effects, Vec::<Effect>::new(), "nothing was asked for outside");
    assert!(h.store.drafts().unwrap().drafts.is_empty());
    assert_eq!(h.store.list(&Query::default()).unwrap().total, 0);
    assert!(h.store.audit().unwrap().is_empty());
}

#[test]
fn it_is_left_at_any_time_and_what_was_open_is_as_it_was() {
    let mut h = Harness::new(80, 24);
    h.press("n \"Test Patient\"");
    let before = h.text();
    h.press("C-p \"tour of\" Enter").sees("TOUR 1").press("Enter Enter Esc").does_not_see("TOUR").does_not_see("Pia");
    h.press("Down Up");
    assert!(h.text().contains("Test Patient"), "{before}\n{}", h.text());
    h.press("C-p \"tour of\" Enter C-c");
    assert_eq!(h.effects.last(), Some(&Effect::Quit));
}

#[test]
fn it_is_unmistakable_and_whole_at_every_size() {
    for (width, height) in [(60, 20), (80, 24), (100, 30), (160, 50), (61, 20), (200, 60)] {
        let mut h = Harness::new(width, height);
        h.press("T");
        for stop in 1..=10 {
            h.sees(&format!("TOUR {stop}/10 · invented patient"));
            let last = h.app.tour.as_ref().unwrap().stops[stop - 1].text.split(' ').next_back().unwrap().to_owned();
            h.sees(&last);
            h.press("Enter");
        }
    }
    let mut h = Harness::new(80, 24);
    h.press("T Enter Enter");
    for (width, height) in [(1, 1), (30, 10), (60, 20), (200, 60), (80, 24)] {
        h.tell(Message::Resize(width, height));
        h.buffer();
    }
    h.sees("TOUR 3").tell(Message::Click(5, 5));
    h.sees("TOUR 4");
}

#[test]
fn without_rules_there_is_no_tour_and_it_says_why() {
    let mut h = Harness::starting(80, 24);
    h.press("T").sees("The rules are being read");
    h.tell(Message::Pack(Err("broken".into())));
    h.press("T").sees("there is nothing to show");
}

#[test]
fn a_pack_that_asks_something_else_shows_what_it_asks() {
    let mut h = Harness::small(80, 24);
    h.press("T");
    for _ in 0..9 {
        h.press("Enter").sees("invented patient");
    }
}
