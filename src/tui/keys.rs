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
        match self.code {
            KeyCode::Up => self.with("↑"),
            KeyCode::Down => self.with("↓"),
            KeyCode::Left => self.with("←"),
            KeyCode::Right => self.with("→"),
            _ => self.written(),
        }
    }

    /// As it is written in a configuration.
    #[must_use]
    pub fn written(self) -> String {
        let name = NAMES.iter().find(|(_, code)| *code == self.code);
        match (self.code, name) {
            (_, Some((name, _))) => self.with(name),
            (KeyCode::Char(c), _) if self.ctrl => self.with(&c.to_uppercase().to_string()),
            (KeyCode::Char(c), _) => self.with(&c.to_string()),
            (KeyCode::F(n), _) => self.with(&format!("F{n}")),
            (other, _) => self.with(&format!("{other:?}")),
        }
    }

    fn with(self, name: &str) -> String {
        match (self.ctrl, self.alt) {
            (true, _) => format!("Ctrl-{name}"),
            (_, true) => format!("Alt-{name}"),
            _ => name.to_owned(),
        }
    }

    /// A key as people write it: `x`, `X`, `F5`, `PgDn`, `Ctrl-P`, `alt+3`.
    ///
    /// # Errors
    /// Why it is none.
    pub fn read(text: &str) -> Result<Self, String> {
        let (mut rest, mut ctrl, mut alt) = (text.trim(), false, false);
        if rest.is_empty() {
            return Err("it is empty; the space bar is called Space".to_owned());
        }
        // What stands behind the sign must be a key: `-` and `Ctrl--` are the hyphen.
        while let Some((word, after)) =
            rest.split_once(['-', '+']).filter(|(word, after)| !word.is_empty() && !after.is_empty())
        {
            match word.to_lowercase().as_str() {
                "ctrl" | "control" | "c" => ctrl = true,
                "alt" | "meta" | "m" => alt = true,
                "shift" | "s" if after.eq_ignore_ascii_case("tab") => {
                    return Ok(Self { code: KeyCode::BackTab, ctrl, alt });
                }
                "shift" => return Err("write the character that Shift makes, such as a capital letter".to_owned()),
                _ => return Err(format!("`{word}` is neither Ctrl nor Alt, and no name of a key has that sign")),
            }
            rest = after;
        }
        let code = code(rest)?;
        let same = match code {
            KeyCode::Char(c) if ctrl => match c.to_ascii_lowercase() {
                'i' => Some("Tab"),
                'm' => Some("Enter"),
                '[' => Some("Esc"),
                _ => None,
            },
            _ => None,
        };
        if let Some(same) = same {
            return Err(format!("terminals send the same for it as for {same}"));
        }
        Ok(match code {
            KeyCode::Char(c) if ctrl => Self { code: KeyCode::Char(c.to_ascii_lowercase()), ctrl, alt },
            code => Self { code, ctrl, alt },
        })
    }
}

/// Names of keys that are no characters.
const NAMES: [(&str, KeyCode); 16] = [
    ("Space", KeyCode::Char(' ')),
    ("Enter", KeyCode::Enter),
    ("Esc", KeyCode::Esc),
    ("Tab", KeyCode::Tab),
    ("Shift-Tab", KeyCode::BackTab),
    ("Up", KeyCode::Up),
    ("Down", KeyCode::Down),
    ("Left", KeyCode::Left),
    ("Right", KeyCode::Right),
    ("PgUp", KeyCode::PageUp),
    ("PgDn", KeyCode::PageDown),
    ("Home", KeyCode::Home),
    ("End", KeyCode::End),
    ("Insert", KeyCode::Insert),
    ("Del", KeyCode::Delete),
    ("Backspace", KeyCode::Backspace),
];

/// The key of a name or of a single character.
fn code(name: &str) -> Result<KeyCode, String> {
    let mut characters = name.chars();
    if let (Some(c), None) = (characters.next(), characters.next())
        && !c.is_control()
        && !c.is_whitespace()
    {
        return Ok(KeyCode::Char(c));
    }
    let asked = match name.to_lowercase().as_str() {
        "return" => "enter".to_owned(),
        "escape" => "esc".to_owned(),
        "pageup" => "pgup".to_owned(),
        "pagedown" => "pgdn".to_owned(),
        "delete" => "del".to_owned(),
        other => other.to_owned(),
    };
    if let Some((_, code)) = NAMES.iter().find(|(known, _)| known.eq_ignore_ascii_case(&asked)) {
        return Ok(*code);
    }
    if let Some(n) = asked.strip_prefix('f').and_then(|n| n.parse::<u8>().ok()) {
        return if (1..=24).contains(&n) { Ok(KeyCode::F(n)) } else { Err("there are F1 to F24".to_owned()) };
    }
    let near = crate::source::did_you_mean(&asked, NAMES.iter().map(|(name, _)| *name));
    Err(near.map_or_else(
        || "it is neither a single character nor the name of a key".to_owned(),
        |near| format!("did you mean {near}?"),
    ))
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
