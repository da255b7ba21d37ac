//! What the terminal can do, from what the environment says of it. It is never asked: some never answer.

/// Which characters it can show.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Signs {
    /// All of Unicode.
    #[default]
    Unicode,
    /// What the fonts of a bare console hold: western letters, lines, arrows, blocks.
    Console,
    /// ASCII alone.
    Ascii,
}

/// What the terminal can do.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Kind {
    /// Colours, with the numbers of 256.
    pub colours: bool,
    /// Clicks, pastes as such, focus, titles, pictures shown at once, the clipboard: what came after the VT100.
    pub modern: bool,
    /// The clipboard can be reached through it.
    pub clipboard: bool,
    /// Which characters it can show.
    pub signs: Signs,
}

impl Default for Kind {
    fn default() -> Self {
        Self { colours: true, modern: true, clipboard: true, signs: Signs::Unicode }
    }
}

/// Types that take colours as numbers of 256, whole or as beginnings of their names.
const COLOURS: [&str; 20] = [
    "xterm",
    "screen",
    "tmux",
    "linux",
    "rxvt",
    "alacritty",
    "kitty",
    "foot",
    "wezterm",
    "konsole",
    "gnome",
    "vte",
    "st-",
    "iterm",
    "contour",
    "ghostty",
    "mintty",
    "putty",
    "ms-terminal",
    "cygwin",
];

/// Types without what came after the VT100: they would print it, or hang up on it.
const OLD: [&str; 8] = ["linux", "vt", "ansi", "dumb", "cons25", "sun", "wy", "unknown"];

impl Kind {
    /// Reads it from the variables of the environment.
    #[must_use]
    pub fn of(variable: impl Fn(&str) -> Option<String>) -> Self {
        let set = |name: &str| variable(name).filter(|value| !value.is_empty());
        if cfg!(windows) {
            return Self::default();
        }
        let term = set("TERM").unwrap_or_else(|| "unknown".to_owned()).to_lowercase();
        let named = |names: &[&str]| names.iter().any(|name| term.starts_with(name));
        // vte-256color is a modern terminal, vt220 is not.
        let old = named(&OLD) && !term.starts_with("vte");
        let colours = named(&COLOURS) || term == "st" || term.contains("256color") || term.contains("direct");
        // The first of these that is set decides, as everywhere.
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(set).unwrap_or_default().to_lowercase();
        let unicode = locale.contains("utf-8") || locale.contains("utf8");
        let signs = match (unicode, term.as_str()) {
            (true, "linux") => Signs::Console,
            (true, _) if !old => Signs::Unicode,
            _ => Signs::Ascii,
        };
        Self { colours, modern: !old, clipboard: !old, signs }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("xterm-256color", "C.UTF-8", true, true, Signs::Unicode)]
    #[case("screen", "de_DE.utf8", true, true, Signs::Unicode)]
    #[case("tmux-256color", "C", true, true, Signs::Ascii)]
    #[case("linux", "en_GB.UTF-8", true, false, Signs::Console)]
    #[case("linux", "C", true, false, Signs::Ascii)]
    #[case("vt100", "C.UTF-8", false, false, Signs::Ascii)]
    #[case("vte-256color", "C.UTF-8", true, true, Signs::Unicode)]
    #[case("st", "C.UTF-8", true, true, Signs::Unicode)]
    #[case("some-new-terminal", "C.UTF-8", false, true, Signs::Unicode)]
    #[case("", "C.UTF-8", false, false, Signs::Ascii)]
    fn the_environment_says_what_a_terminal_can_do(
        #[case] term: &str,
        #[case] locale: &str,
        #[case] colours: bool,
        #[case] modern: bool,
        #[case] signs: Signs,
    ) {
        let kind = Kind::of(|name| match name {
            "TERM" => Some(term.to_owned()),
            "LANG" => Some(locale.to_owned()),
            _ => None,
        });
        assert_eq!(kind, Kind { colours, modern, clipboard: modern, signs });
    }

    #[test]
    fn the_strongest_variable_of_the_locale_decides() {
        let kind = |all: &str| {
            Kind::of(|name| match name {
                "TERM" => Some("xterm".to_owned()),
                "LC_ALL" => Some(all.to_owned()),
                "LANG" => Some("C.UTF-8".to_owned()),
                _ => None,
            })
        };
        assert_eq!(kind("C").signs, Signs::Ascii);
        assert_eq!(kind("").signs, Signs::Unicode, "empty counts as not set");
    }
}
