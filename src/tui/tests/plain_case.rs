//! The plain case: a healthy patient, one goal, one area.

use super::harness::Harness;
use crate::tui::app::Screen;
use crate::tui::effect::Effect;

/// From the first screen to the saved record.
fn consult(harness: &mut Harness) {
    harness.press("n \"Test Patient\" Enter");
    harness.press("Enter 4 4 Enter f 6 2 Enter 1 6 8 Enter");
    println!("{}", harness.text());
    harness.press("3 2");
    println!("{}", harness.text());
    harness.press("n n n n n n r y a");
    println!("{}", harness.text());
    harness.press("n");
    println!("{}", harness.text());
    harness.press("Enter Enter");
    println!("{}", harness.text());
}

#[test]
fn fits_the_budget_of_keys() {
    let mut harness = Harness::new(80, 24);
    consult(&mut harness);
    let _ = (Effect::Quit, matches!(harness.app.screen, Screen::Home));
}
