//! How many colours a terminal has, and what becomes of a style that needs more.

use ratatui::style::{Color, Modifier, Style};

/// How many colours the terminal has. It is told by the environment: a terminal that is asked may never answer.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub enum Depth {
    /// None.
    None,
    /// The 16 of the user's scheme.
    Sixteen,
    /// The table of 256.
    #[default]
    Indexed,
    /// Any.
    True,
}

impl Depth {
    /// What `COLORTERM` and `TERM` say of a terminal that has colours; whether it has any, [`crate::tui::kind`] knows.
    #[must_use]
    pub fn told(colorterm: Option<&str>, term: Option<&str>) -> Self {
        let term = term.unwrap_or_default();
        match colorterm.unwrap_or_default().to_ascii_lowercase().as_str() {
            "truecolor" | "24bit" => return Self::True,
            _ => {}
        }
        if term.ends_with("-direct") || term.contains("kitty") || term.contains("alacritty") {
            Self::True
        } else if ["linux", "screen", "xterm", "rxvt", "ansi", "cygwin"].contains(&term) || term.contains("16color") {
            Self::Sixteen
        } else {
            // Unknown, or a system that sets no TERM: every terminal of the last ten years has 256.
            Self::Indexed
        }
    }

    /// The style as far as this many colours can show it.
    #[must_use]
    pub fn limit(self, style: Style) -> Style {
        match self {
            Self::True => style,
            Self::Indexed => Style { fg: style.fg.map(indexed), bg: style.bg.map(indexed), ..style },
            Self::Sixteen => {
                let limited = Style { fg: style.fg.map(sixteen), bg: None, ..style };
                // Few of the 16 are a quiet background; the letters are changed instead.
                if style.bg.is_some_and(|bg| bg != Color::Reset) { set_off(limited) } else { limited }
            }
            Self::None => {
                let limited = Style { fg: None, bg: None, ..style };
                if style.bg.is_some_and(|bg| bg != Color::Reset) { set_off(limited) } else { limited }
            }
        }
    }
}

/// Told apart without a background.
const fn set_off(style: Style) -> Style {
    style.add_modifier(Modifier::REVERSED)
}

/// The nearest colour of the table of 256; its first 16 are the user's own, so that nothing is mapped to them.
fn indexed(colour: Color) -> Color {
    let Color::Rgb(r, g, b) = colour else { return colour };
    let nearest = (16..=255_u8).min_by_key(|n| distance(rgb(*n), (r, g, b)));
    nearest.map_or(colour, Color::Indexed)
}

/// The nearest of the 16, as xterm draws them.
fn sixteen(colour: Color) -> Color {
    let from = match colour {
        Color::Rgb(r, g, b) => (r, g, b),
        Color::Indexed(n) if n >= 16 => rgb(n),
        named => return named,
    };
    let nearest = SIXTEEN.iter().min_by_key(|(_, of)| distance(*of, from));
    nearest.map_or(colour, |(named, _)| *named)
}

/// Red, green and blue of a number from 16 on: a cube of 6 x 6 x 6, then greys.
const fn rgb(n: u8) -> (u8, u8, u8) {
    if n >= 232 {
        let grey = 8 + (n - 232) * 10;
        return (grey, grey, grey);
    }
    let n = n.saturating_sub(16);
    (step(n / 36), step(n / 6 % 6), step(n % 6))
}

const fn step(n: u8) -> u8 {
    if n == 0 { 0 } else { 55 + n * 40 }
}

/// How far two colours are apart; the eye sees green best.
fn distance(a: (u8, u8, u8), b: (u8, u8, u8)) -> u32 {
    let of = |a: u8, b: u8| u32::from(a.abs_diff(b)).pow(2);
    3 * of(a.0, b.0) + 4 * of(a.1, b.1) + 2 * of(a.2, b.2)
}

/// The 16 that a scheme names, as xterm draws them.
const SIXTEEN: [(Color, (u8, u8, u8)); 16] = [
    (Color::Black, (0, 0, 0)),
    (Color::Red, (205, 0, 0)),
    (Color::Green, (0, 205, 0)),
    (Color::Yellow, (205, 205, 0)),
    (Color::Blue, (0, 0, 238)),
    (Color::Magenta, (205, 0, 205)),
    (Color::Cyan, (0, 205, 205)),
    (Color::Gray, (229, 229, 229)),
    (Color::DarkGray, (127, 127, 127)),
    (Color::LightRed, (255, 0, 0)),
    (Color::LightGreen, (0, 255, 0)),
    (Color::LightYellow, (255, 255, 0)),
    (Color::LightBlue, (92, 92, 255)),
    (Color::LightMagenta, (255, 0, 255)),
    (Color::LightCyan, (0, 255, 255)),
    (Color::White, (255, 255, 255)),
];

/// Red, green and blue of a colour, as far as they are known.
#[cfg(test)]
pub(super) fn seen(colour: Color) -> (u8, u8, u8) {
    match colour {
        Color::Rgb(r, g, b) => (r, g, b),
        Color::Indexed(n) if n >= 16 => rgb(n),
        named => panic!("{named} belongs to the user's scheme"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case(Some("truecolor"), Some("xterm-256color"), Depth::True)]
    #[case(Some("24bit"), None, Depth::True)]
    #[case(None, Some("xterm-direct"), Depth::True)]
    #[case(None, Some("xterm-256color"), Depth::Indexed)]
    #[case(None, Some("tmux-256color"), Depth::Indexed)]
    #[case(None, Some("linux"), Depth::Sixteen)]
    #[case(Some(""), Some("screen"), Depth::Sixteen)]
    #[case(None, None, Depth::Indexed)]
    fn the_environment_tells(#[case] colorterm: Option<&str>, #[case] term: Option<&str>, #[case] depth: Depth) {
        assert_eq!(Depth::told(colorterm, term), depth);
    }

    #[test]
    fn fewer_colours_are_the_nearest_ones() {
        let teal = Style::new().fg(Color::Rgb(95, 215, 215));
        assert_eq!(Depth::True.limit(teal).fg, Some(Color::Rgb(95, 215, 215)));
        assert_eq!(Depth::Indexed.limit(teal).fg, Some(Color::Indexed(80)));
        assert_eq!(Depth::Sixteen.limit(teal).fg, Some(Color::Cyan));
        assert_eq!(Depth::None.limit(teal).fg, None);
        // A colour of the user's scheme stays one.
        assert_eq!(Depth::Sixteen.limit(Style::new().fg(Color::LightRed)).fg, Some(Color::LightRed));
    }

    #[test]
    fn a_background_that_is_lost_is_shown_another_way() {
        for depth in [Depth::Sixteen, Depth::None] {
            let limited = depth.limit(Style::new().bg(Color::Indexed(236)));
            assert!(limited.bg.is_none() && limited.add_modifier.contains(Modifier::REVERSED), "{depth:?}");
        }
    }
}
