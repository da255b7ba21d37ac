//! From a key to the frame that answers it, at 160×50, and the frame alone: no terminal, all of the program.

mod stopwatch;

use std::error::Error;
use std::sync::Arc;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use jiff::Timestamp;
use jiff::civil::date;
use pistor::pack::builtin;
use pistor::record::RecordId;
use pistor::tui::app::{App, Loaded};
use pistor::tui::message::Message;
use pistor::tui::theme::{Theme, ThemeName};
use pistor::tui::{Settings, update, view};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use stopwatch::measure;

/// A healthy patient, hydration of the cheeks, up to the plan.
const PLAIN_CASE: &str = "nTest Patient\n44\nf62\n168\n32nnnnnnryanhyd\n7\nnn\n>";

fn birth() -> (RecordId, Timestamp) {
    (RecordId::generate(Timestamp::UNIX_EPOCH), Timestamp::UNIX_EPOCH)
}

fn press(app: &mut App, code: KeyCode) {
    update(app, Message::Key(KeyEvent::new(code, KeyModifiers::NONE)));
}

fn main() -> Result<(), Box<dyn Error>> {
    let pack = builtin().map_err(|report| report.render(false))?;
    let settings = Settings {
        practitioner: "Ada Example".into(),
        role: "physician".into(),
        premises: "clinic".into(),
        jurisdiction: "EU".into(),
        ..Settings::default()
    };
    let (columns, rows) = (160, 50);
    let mut app = App::new(settings, Theme::new(ThemeName::Dark), date(2026, 11, 22), (columns, rows), birth);
    update(&mut app, Message::Pack(Ok(Arc::new(Loaded::new(pack)))));
    for c in PLAIN_CASE.chars() {
        press(
            &mut app,
            match c {
                '\n' => KeyCode::Enter,
                '>' => KeyCode::Right,
                c => KeyCode::Char(c),
            },
        );
    }
    let mut terminal = Terminal::new(TestBackend::new(columns, rows))?;
    measure("frame: the plan, drawn", || terminal.draw(|frame| view::view(&app, frame)).map(|done| done.count).is_ok());
    if !format!("{}", terminal.backend()).contains("Hyaluronic acid") {
        return Err(format!("the plain case did not lead to the plan, but to\n{}", terminal.backend()).into());
    }
    let mut turn = [KeyCode::Down, KeyCode::Up].into_iter().cycle();
    measure("key to frame: moving in the plan", || {
        press(&mut app, turn.next().unwrap_or(KeyCode::Down));
        terminal.draw(|frame| view::view(&app, frame)).is_ok()
    });
    // An answer is assessed anew, with every draft that is saved.
    press(&mut app, KeyCode::F(2));
    let mut turn = ['1', '3'].into_iter().cycle();
    measure("key to frame: an answer, assessed anew", || {
        press(&mut app, KeyCode::F(2));
        press(&mut app, KeyCode::Char(turn.next().unwrap_or('3')));
        terminal.draw(|frame| view::view(&app, frame)).is_ok()
    });
    press(&mut app, KeyCode::F(3));
    press(&mut app, KeyCode::Tab);
    press(&mut app, KeyCode::Char('a'));
    let mut turn = "coumadin".chars().map(KeyCode::Char).chain([KeyCode::Backspace; 8]).cycle();
    measure("key to frame: a letter in a picker", || {
        press(&mut app, turn.next().unwrap_or(KeyCode::Backspace));
        terminal.draw(|frame| view::view(&app, frame)).is_ok()
    });
    Ok(())
}
