//! Pictures of every screen: as text at four sizes, and at 80 by 24 with the styles of four themes. A word that is cut off,
//! a highlight that is lost and a role that changes its looks all show.
//!
//! With `PISTOR_PICTURES=some/folder` every one is drawn there as SVG too, to be looked at.

use std::fmt::Write as _;

use ratatui::buffer::Buffer;
use ratatui::style::{Color, Modifier, Style};

use super::harness::{Harness, text};
use super::{follow_up, lock, returning, svg};
use crate::tui::message::Message;
use crate::tui::theme::{Theme, ThemeName};

/// From the smallest terminal that everything fits on to a large one.
const SIZES: [(u16, u16); 4] = [(60, 20), (80, 24), (100, 30), (160, 50)];

/// Takes the pictures of a place of the small pack.
fn takes(name: &str, keys: &str) {
    shows(name, |width, height| {
        let mut h = Harness::small(width, height);
        h.press(keys);
        h
    });
}

/// The same after a moment without a key.
fn takes_after_a_pause(name: &str, keys: &str) {
    shows(name, |width, height| {
        let mut h = Harness::small(width, height);
        h.press(keys).tell(Message::Pause);
        h
    });
}

/// Takes the pictures of whatever `at` builds for a size.
pub(super) fn shows(name: &str, at: impl Fn(u16, u16) -> Harness) {
    let mut taken = Taken::default();
    for (width, height) in SIZES {
        taken.add(name, &mut at(width, height));
    }
    taken.assert(name);
}

/// Takes the pictures of one place that is shown at all sizes, one after the other: for what takes long to get to.
pub(super) fn shows_resized(name: &str, h: &mut Harness) {
    let before = h.app.size;
    let mut taken = Taken::default();
    for (width, height) in SIZES {
        h.tell(Message::Resize(width, height));
        taken.add(name, h);
    }
    h.tell(Message::Resize(before.0, before.1));
    taken.assert(name);
}

/// The pictures of one place.
#[derive(Default)]
struct Taken {
    sizes: String,
    themes: String,
}

impl Taken {
    fn add(&mut self, name: &str, h: &mut Harness) {
        let buffer = h.buffer();
        let (width, height) = (buffer.area.width, buffer.area.height);
        let _ = writeln!(self.sizes, "=== {width}x{height}\n{}", text(&buffer));
        keep(&format!("{name}-{width}x{height}"), &buffer, svg::DARK);
        if width == 80 {
            let theme = h.app.theme.clone();
            self.themes = looks(name, h);
            h.app.theme = theme;
        }
    }

    fn assert(&self, name: &str) {
        compare(name, &self.sizes, &self.themes);
    }
}

fn compare(name: &str, sizes: &str, themes: &str) {
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!(format!("screen-{name}"), sizes.trim_end());
        insta::assert_snapshot!(format!("looks-{name}"), themes.trim_end());
    });
}

/// Draws a picture for people, where they asked for it.
fn keep(name: &str, buffer: &Buffer, paper: svg::Paper) {
    if let Some(folder) = std::env::var_os("PISTOR_PICTURES") {
        std::fs::write(std::path::Path::new(&folder).join(format!("{name}.svg")), svg::draw(buffer, paper)).unwrap();
    }
}

/// Where which style is, and which role that is, in each theme. A theme that tells the same places apart as the one
/// before shows only its styles.
fn looks(name: &str, h: &mut Harness) -> String {
    let mut out = String::new();
    let mut before = String::new();
    for theme in ThemeName::ALL {
        h.app.theme = Theme::new(theme);
        let buffer = h.buffer();
        let paper = if theme == ThemeName::Light { svg::LIGHT } else { svg::DARK };
        keep(&format!("{name}-{}", theme.word()), &buffer, paper);
        let (map, legend) = styles(&buffer);
        if map == before {
            let _ = writeln!(out, "=== {}, in the same places", theme.word());
        } else {
            let _ = writeln!(out, "=== {}\n{map}", theme.word());
            before = map;
        }
        let roles = h.app.theme.styles();
        for (n, style) in legend.iter().enumerate() {
            let role = roles.iter().find(|(_, of)| same(*of, *style)).map_or("(of two roles)", |(role, _)| *role);
            let _ = writeln!(out, "{} {role}: {}", letter(n), words(*style));
        }
    }
    out
}

fn letter(n: usize) -> char {
    char::from(b'a' + n as u8)
}

/// A letter for every style, in the order in which one meets them; blank where there is nothing to see.
fn styles(buffer: &Buffer) -> (String, Vec<Style>) {
    let mut legend: Vec<Style> = Vec::new();
    let mut map = Vec::new();
    for y in 0..buffer.area.height {
        let mut line = String::new();
        for x in 0..buffer.area.width {
            let cell = &buffer[(x, y)];
            let seen = cell.bg != Color::Reset || cell.modifier.intersects(Modifier::REVERSED | Modifier::UNDERLINED);
            if (cell.symbol() == " " && !seen) || same(cell.style(), Style::new()) {
                line.push(' ');
                continue;
            }
            let at = legend.iter().position(|style| same(*style, cell.style())).unwrap_or_else(|| {
                legend.push(cell.style());
                legend.len() - 1
            });
            line.push(letter(at));
        }
        map.push(line.trim_end().to_owned());
    }
    (map.join("\n").trim_end().to_owned(), legend)
}

fn same(a: Style, b: Style) -> bool {
    let of = |colour: Option<Color>| colour.unwrap_or(Color::Reset);
    of(a.fg) == of(b.fg) && of(a.bg) == of(b.bg) && a.add_modifier == b.add_modifier
}

fn words(style: Style) -> String {
    let mut words: Vec<String> = Vec::new();
    words.extend(style.fg.filter(|fg| *fg != Color::Reset).map(|fg| fg.to_string()));
    words.extend(style.bg.filter(|bg| *bg != Color::Reset).map(|bg| format!("on {bg}")));
    words.extend(style.add_modifier.iter_names().map(|(name, _)| name.to_lowercase()));
    words.join(" ")
}

/// The keys of a patient with something to report, up to the goals.
const PATIENT: &str = "n \"Test Patient\" Enter 4 4 Enter f 6 2 Enter 1 6 8 Enter 3 n";
/// All of it.
const ALL: &str = "n \"Test Patient\" Enter 4 4 Enter f 6 2 Enter 1 6 8 Enter 3 n n a \"warfarin\" Enter Enter 2 Enter \
                   n n g l o w Enter 2 Enter n n";

fn with(keys: &str) -> String {
    // A picture of another place than was meant would be accepted by anybody in a hurry.
    Harness::small(80, 24).press(ALL).press("F6").sees("C L E A R A N C E");
    format!("{ALL} {keys}")
}

/// Shows a place of the small pack on a page of text, for whoever writes a test: the keys as words, in PISTOR_KEYS.
#[test]
#[ignore = "a tool: PISTOR_KEYS='n F2' cargo test --lib any_place -- --ignored --nocapture"]
fn any_place() {
    let mut h = Harness::small(80, 24);
    h.press(&std::env::var("PISTOR_KEYS").unwrap_or_default());
    println!("{}", h.text());
}

#[test]
fn first_screen() {
    takes("home", "");
}

#[test]
fn first_screen_with_drafts_and_records() {
    takes("home-lists", &with("F8 A Space s C-s n \"Ada Example\" Enter Esc Esc"));
}

#[test]
fn patient() {
    takes("patient", "n \"Test Patient\" Enter 2 0 0 Enter Tab 2 0 0 Enter");
}

#[test]
fn skin() {
    takes("skin", "n F2");
}

#[test]
fn what_open_questions_can_still_do() {
    takes_after_a_pause("outlook", "n \"Test Patient\" Enter 4 4 Enter f 6 2 Enter 1 6 8 Enter 3 F3");
}

#[test]
fn what_would_change_the_verdict() {
    takes_after_a_pause("changes", &with("F3 p F6 Home Enter"));
}

#[test]
fn scale() {
    takes("scale", "n F2 s 3");
}

#[test]
fn scale_filled_in() {
    takes("scale-end", "n F2 s 3 2 n");
}

#[test]
fn answered_by_a_scale() {
    takes("skin-by-scale", "n F2 s 3 2 n Enter F2");
}

#[test]
fn lists_with_qualifiers() {
    takes("lists", &format!("{PATIENT} a \"epil\" Enter \"something odd\" Down Enter Esc"));
}

#[test]
fn picker() {
    takes("picker", &format!("{PATIENT} Tab a \"coum\""));
}

#[test]
fn areas() {
    takes("areas", "n F5 a \"glow\" Enter 2");
}

#[test]
fn incomplete() {
    takes("incomplete", &format!("{PATIENT} F6"));
}

#[test]
fn assessment() {
    takes("assessment", &with("F6 Tab"));
}

#[test]
fn why() {
    takes("why", &with("F6 Tab Enter"));
}

#[test]
fn reasons_of_an_override() {
    takes("override", &with("F6 Tab o"));
}

#[test]
fn plan() {
    takes("plan", &with("F7 Down"));
}

#[test]
fn own_mix() {
    takes("mix", &with("F7 m Down -"));
}

#[test]
fn an_ingredient_for_ones_own_mix() {
    takes("mix-find", &with("F7 m Down w"));
}

#[test]
fn calendar() {
    takes("calendar", &with("F7 Tab Tab Tab Tab"));
}

#[test]
fn signature() {
    takes("sign", &with("F8 Space"));
}

#[test]
fn record() {
    takes("signing", &with("F8 A 4 Down Down Down Down \"Lips avoided\" Enter"));
    takes("record", &with("F8 A Space s C-s Down Enter"));
}

#[test]
fn formulary() {
    takes("formulary", "f Down");
}

#[test]
fn formulary_entry() {
    takes("formulary-entry", "f \"hyaluronan\" Enter Tab Tab");
}

#[test]
fn help() {
    takes("help", "n F3 Tab ?");
}

#[test]
fn palette() {
    takes("palette", "n F3 C-p \"go to\"");
}

#[test]
fn history() {
    takes("history", PATIENT);
}

#[test]
fn history_answered() {
    takes("history-lists", &format!("{PATIENT} a \"epil\" Enter Esc 1 Enter"));
}

#[test]
fn allergies() {
    takes("allergies", "n F4 a \"latex\" Enter Esc");
}

#[test]
fn goals() {
    takes("goals", "n F5 a \"glow\" Enter 2 Enter");
}

#[test]
fn the_face_with_areas() {
    shows("map", |width, height| {
        let mut h = Harness::new(width, height);
        h.press("n F5 a \"hydration\" Enter 7 4").sees("Where?");
        h
    });
}

#[test]
fn where_it_is_treated() {
    shows("where", |width, height| {
        let mut h = Harness::new(width, height);
        h.press("n \"Test Patient\" Enter 4 4 Enter f 6 2 Enter 1 6 8 Enter 1 3 2 n n n n n n r y a n");
        h.press("1 7 Enter n p c n Right Right F7 Tab Tab");
        h
    });
}

#[test]
fn past_consultations() {
    shows("past", |width, height| {
        let mut h = returning::saved_twice(width, height);
        h.press("Down h").sees("history of a patient");
        h
    });
}

#[test]
fn two_consultations() {
    shows("two", |width, height| {
        let mut h = returning::saved_twice(width, height);
        h.press("Down h m Down c").sees("two consultations");
        h
    });
}

#[test]
fn follow_up_of_a_session() {
    shows("session", |width, height| {
        let mut h = follow_up::record(80, 30);
        h.tell(Message::Resize(width, height));
        h.press("f 1");
        h
    });
}

#[test]
fn follow_up_of_a_reaction() {
    shows("reaction", |width, height| {
        let mut h = follow_up::record(80, 30);
        h.tell(Message::Resize(width, height));
        h.press("f 2 \"lump\" Enter");
        h
    });
}

#[test]
fn locked() {
    shows("lock", |width, height| {
        let mut h = Harness::small(width, height);
        h.tell(Message::Locked);
        h
    });
}

#[test]
fn protecting() {
    shows("protect", |width, height| {
        let mut h = lock::undecided_at(width, height);
        h.press("p \"blue kettle\"");
        h
    });
}

#[test]
fn the_tour() {
    shows("tour", |width, height| {
        let mut h = Harness::new(width, height);
        h.press("T Enter Enter Enter Enter Enter").sees("TOUR 6");
        h
    });
}

#[test]
fn the_body_with_areas() {
    shows("body", |width, height| {
        let mut h = Harness::new(width, height);
        h.press("n F5 a \"cellulite\" Enter Down").sees("Where?");
        h
    });
}

#[test]
fn rules_that_cannot_be_read() {
    shows("no-pack", |width, height| {
        let mut h = Harness::starting(width, height);
        let why = "error[P0101]: unknown key `wen`\n  --> my-clinic/rules.toml:12:1\n   |\n12 | wen = \"age < 18\"\n   | ^^^ expected one of `when`, `since`\n   |\n   = help: did you mean `when`?";
        h.tell(Message::Pack(Err(why.to_owned())));
        h
    });
}

#[test]
fn a_complex_patient() {
    shows("many", |width, height| {
        let mut h = Harness::new(width, height);
        h.press("n \"Erika Erfunden\" Enter 4 4 Enter f 6 2 Enter 1 6 8 Enter 3 2 2 n");
        h.press("a \"type 2 diab\" Enter \"epil\" Enter \"lupus\" Enter \"keloid\" Enter Esc Tab");
        h.press("a \"warf\" Enter \"metf\" Enter \"ramip\" Enter \"isotr\" Enter Esc Tab");
        h.sees("Recent procedures");
        h
    });
}

#[test]
fn findings_of_a_complex_patient() {
    shows("many-findings", |width, height| {
        let mut h = Harness::new(width, height);
        h.press("n \"Erika Erfunden\" Enter 4 4 Enter f 6 2 Enter 1 6 8 Enter 3 2 2 n");
        h.press("a \"type 2 diab\" Enter \"epil\" Enter \"lupus\" Enter \"keloid\" Enter Esc Tab");
        h.press("a \"warf\" Enter \"metf\" Enter \"ramip\" Enter Esc F6 Tab Tab");
        h.sees("Findings");
        h
    });
}
