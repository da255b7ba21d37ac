//! The pictures of the README, drawn from the screens as they are: `docs/pictures/make` makes them anew, and this test fails
//! while they show something else than the program does.

use std::path::Path;

use rstest::rstest;

use super::harness::Harness;
use super::svg;
use crate::tui::theme::{Theme, ThemeName};

/// An invented patient, through all questions, with one goal.
const PATIENT: &str = "n \"Test Patient\" Enter 4 4 Enter f 6 2 Enter 1 6 8 Enter 1 3 2 n n n n n n r y a n \
                       1 7 Enter n p c n Right Right";

/// The same with a medicine that asks for a clearance.
const ON_WARFARIN: &str = "F3 Tab Tab x a \"warfarin\" Enter Esc 2 Enter 0 Enter";

/// Up to the areas of a goal.
const GOAL: &str = "n \"Test Patient\" Enter 4 4 Enter f F5 a \"hydration\" Enter 7 4";

#[rstest]
#[case::plan("plan", (120, 36), ThemeName::Dark, &[PATIENT, "F7 Tab"])]
#[case::course("course", (80, 24), ThemeName::Dark, &[PATIENT, "F7 Tab Tab"])]
#[case::areas("areas", (80, 24), ThemeName::Dark, &[GOAL])]
#[case::assessment("assessment", (110, 36), ThemeName::Light, &[PATIENT, ON_WARFARIN, "F6 Down"])]
#[case::skin("skin", (80, 24), ThemeName::Light, &[PATIENT, "F2 Home"])]
fn the_pictures_show_the_screens_as_they_are(
    #[case] name: &str,
    #[case] (width, height): (u16, u16),
    #[case] theme: ThemeName,
    #[case] keys: &[&str],
) {
    let mut h = Harness::new(width, height);
    for keys in keys {
        h.press(keys);
    }
    h.app.notice = None;
    h.app.theme = Theme::new(theme);
    let paper = if theme == ThemeName::Light { svg::LIGHT } else { svg::DARK };
    let drawn = svg::draw(&h.buffer(), paper);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("docs/pictures/{name}.svg"));
    if std::env::var("INSTA_UPDATE").is_ok_and(|how| how == "always") {
        std::fs::write(&path, &drawn).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == drawn,
        "docs/pictures/{name}.svg shows an older screen; docs/pictures/make makes it anew\n{}",
        h.text()
    );
}
