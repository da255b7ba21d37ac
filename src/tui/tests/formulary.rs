//! The formulary: from the first screen and back, finding, reading.

use super::harness::Harness;
use crate::tui::app::Screen;
use crate::tui::message::Message;

#[test]
fn one_finds_reads_and_comes_back() {
    let mut h = Harness::new(80, 24);
    h.press("f").sees("98 ingredients").sees("Aminophylline").sees("not here");
    h.press("\"TXA\"").sees("Tranexamic acid").does_not_see("Aminophylline");
    h.press("Enter").sees("Lightens melasma").press("Tab Tab").sees("2 null, 1 negative");
    h.press("Esc").sees("1 ingredient");
    h.press("Esc").sees("New consultation");
    assert!(matches!(h.app.screen, Screen::Home));
}

#[test]
fn beside_the_list_the_entry_follows_the_cursor() {
    let mut h = Harness::new(120, 40);
    h.press("f \"aminoph\"").sees("Strength");
    h.press("Backspace Backspace Backspace Backspace Backspace Backspace Backspace \"buflo\"").sees("Buflomedil");
    let first = h.text();
    h.press("C-u Down Down");
    assert_ne!(first, h.text());
    h.press("Enter G").sees("Sources of this entry");
}

#[test]
fn nothing_found_is_said() {
    let mut h = Harness::new(80, 24);
    h.press("f \"qqqqqqqq\"").sees("nothing matches").press("Enter").sees("type another name");
}

#[test]
fn the_palette_opens_it_and_letters_are_text_there() {
    let mut h = Harness::new(80, 24);
    h.press("C-p \"trials\" Enter").sees("98 ingredients").press("q n").sees("qn");
}

#[test]
fn it_draws_at_every_size_and_in_both_places() {
    for keys in ["f", "f Enter", "f \"thia\" Enter End"] {
        let mut h = Harness::new(80, 24);
        h.press(keys);
        for width in [1, 10, 59, 60, 76, 80, 99, 100, 101, 140, 250] {
            for height in [1, 3, 19, 20, 24, 60] {
                h.tell(Message::Resize(width, height));
                h.buffer();
            }
        }
    }
}
