//! Keys: how they are named in tables, compared with what the terminal sends, and written for people.

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

/// A key with its modifiers. Shift is part of a character, not a modifier of it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Chord {
    /// The key.
    pub code: KeyCode,
    /// With Control.
    pub ctrl: bool,
    /// With Alt.
    pub alt: bool,
}

/// A character.
#[must_use]
pub const fn ch(c: char) -> Chord {
    Chord { code: KeyCode::Char(c), ctrl: false, alt: false }
}

/// A character with Control.
#[must_use]
pub const fn ctrl(c: char) -> Chord {
    Chord { code: KeyCode::Char(c), ctrl: true, alt: false }
}

/// A character with Alt.
#[must_use]
pub const fn alt(c: char) -> Chord {
    Chord { code: KeyCode::Char(c), ctrl: false, alt: true }
}

/// A named key.
#[must_use]
pub const fn key(code: KeyCode) -> Chord {
    Chord { code, ctrl: false, alt: false }
}

/// A named key with Control.
#[must_use]
pub const fn ctrl_key(code: KeyCode) -> Chord {
    Chord { code, ctrl: true, alt: false }
}

impl Chord {
    /// The chord of a key that was pressed (not of one that was let go).
    #[must_use]
    pub fn of(event: &KeyEvent) -> Option<Self> {
        if event.kind == KeyEventKind::Release {
            return None;
        }
        let mut ctrl = event.modifiers.contains(KeyModifiers::CONTROL);
        let mut alt = event.modifiers.contains(KeyModifiers::ALT);
        // AltGr arrives as Control and Alt on some systems: what it types is a plain character.
        if ctrl && alt && matches!(event.code, KeyCode::Char(c) if !c.is_ascii_alphanumeric()) {
            (ctrl, alt) = (false, false);
        }
        let code = match event.code {
            KeyCode::Char(c) if ctrl => KeyCode::Char(c.to_ascii_lowercase()),
            KeyCode::Tab if event.modifiers.contains(KeyModifiers::SHIFT) => KeyCode::BackTab,
            // Terminals that report Shift separately.
            KeyCode::Char(c) if event.modifiers.contains(KeyModifiers::SHIFT) => {
                KeyCode::Char(if c.is_lowercase() { c.to_uppercase().next().unwrap_or(c) } else { c })
            }
            code => code,
        };
        Some(Self { code, ctrl, alt })
    }

    /// The character it types, if it types one.
    #[must_use]
    pub const fn typed(self) -> Option<char> {
        match self.code {
            KeyCode::Char(c) if !self.ctrl && !self.alt => Some(c),
            _ => None,
        }
    }

    /// For people.
    #[must_use]
    pub fn label(self) -> String {
        let name = match self.code {
            KeyCode::Char(' ') => "Space".to_owned(),
            KeyCode::Char(c) if self.ctrl => c.to_uppercase().to_string(),
            KeyCode::Char(c) => c.to_string(),
            KeyCode::F(n) => format!("F{n}"),
            KeyCode::Enter => "Enter".to_owned(),
            KeyCode::Esc => "Esc".to_owned(),
            KeyCode::Tab => "Tab".to_owned(),
            KeyCode::BackTab => "Shift-Tab".to_owned(),
            KeyCode::Up => "↑".to_owned(),
            KeyCode::Down => "↓".to_owned(),
            KeyCode::Left => "←".to_owned(),
            KeyCode::Right => "→".to_owned(),
            KeyCode::PageUp => "PgUp".to_owned(),
            KeyCode::PageDown => "PgDn".to_owned(),
            KeyCode::Home => "Home".to_owned(),
            KeyCode::End => "End".to_owned(),
            KeyCode::Delete => "Del".to_owned(),
            KeyCode::Backspace => "Backspace".to_owned(),
            other => format!("{other:?}"),
        };
        match (self.ctrl, self.alt) {
            (true, _) => format!("Ctrl-{name}"),
            (_, true) => format!("Alt-{name}"),
            _ => name,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shift_is_part_of_the_character() {
        let event = KeyEvent::new(KeyCode::Char('a'), KeyModifiers::SHIFT);
        assert_eq!(Chord::of(&event), Some(ch('A')));
        let event = KeyEvent::new(KeyCode::Tab, KeyModifiers::SHIFT);
        assert_eq!(Chord::of(&event), Some(key(KeyCode::BackTab)));
        let event = KeyEvent::new(KeyCode::Char('P'), KeyModifiers::CONTROL | KeyModifiers::SHIFT);
        assert_eq!(Chord::of(&event), Some(ctrl('p')));
    }

    #[test]
    fn a_released_key_is_not_a_second_press() {
        let event = KeyEvent::new_with_kind(KeyCode::Enter, KeyModifiers::NONE, KeyEventKind::Release);
        assert_eq!(Chord::of(&event), None);
    }

    #[test]
    fn keys_have_names() {
        assert_eq!(ctrl('p').label(), "Ctrl-P");
        assert_eq!(alt('3').label(), "Alt-3");
        assert_eq!(key(KeyCode::F(8)).label(), "F8");
    }
}
