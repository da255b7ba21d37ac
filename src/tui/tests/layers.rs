//! What a clinic's layer made of a rule, and another language, on the screen.

use std::sync::Arc;

use super::harness::Harness;
use crate::pack::load::{LayerFiles, load_in};
use crate::source::SourceFile;
use crate::tui::app::Loaded;
use crate::tui::message::Message;

const CLINIC: &str = r#"
[pack]
id = "clinic"
version = "1"
language = 1
title = "Clinic"
[review]
since = 2026-11-22
due = 2027-11-22
[[override]]
rule = "warfarin"
verdict = "caution"
why = "The invented cardiologist sees everybody."
by = "Dr Ada Example"
on = 2026-10-02
expires = 2027-04-01
[[tighten]]
rule = "inr-high"
interval_days = 42
why = "House rule."
[[language]]
id = "xx"
label = "Essai"
[[wording]]
language = "xx"
of = "rule:warfarin"
title = "Titre d'essai"
"#;

/// A patient on warfarin with a high value, in a clinic with a layer, at the assessment.
fn at_the_assessment(width: u16, language: Option<&str>) -> Harness {
    let layer = |name: &str, text: &str| LayerFiles { files: vec![SourceFile::new(name, text)] };
    let layers = [layer("pack.toml", include_str!("pack.toml")), layer("clinic/pack.toml", CLINIC)];
    let pack = load_in(&layers, language).unwrap_or_else(|report| panic!("{}", report.render(false)));
    let mut h = Harness::starting(width, 40);
    h.tell(Message::Pack(Ok(Arc::new(Loaded::new(pack)))));
    h.list();
    h.press("n \"Test Patient\" Enter 4 4 Enter f 6 2 Enter 1 6 8 Enter 3 n n n n n g l o w Enter 2 Enter n n");
    h.press("F3 Tab Tab x a \"warfarin\" Enter Esc 4 Enter F6");
    h
}

#[test]
fn a_clinic_override_stands_with_its_finding_and_in_its_explanation() {
    let mut h = at_the_assessment(100, None);
    h.sees("Warfarin").sees("Clinic override: caution instead of").sees("invented cardiologist sees everybody");
    h.press("Down").sees("Made stricter").sees("sessions at least 42").sees("House rule.");
    h.press("Down").sees("│  Clinic override").sees("│    caution instead of clearance");
}

#[test]
fn a_title_in_another_language_is_what_one_reads() {
    let mut h = at_the_assessment(100, Some("xx"));
    h.sees("Titre d'essai").does_not_see("Warfarin  ").sees("Shown in Essai");
}
