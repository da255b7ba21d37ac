//! Colours by meaning. Every role also differs by a sign, a word or a modifier: colour never stands alone.

use ratatui::style::{Color, Modifier, Style};

use crate::pack::Verdict;
use crate::plan::{Finding, Outcome};

/// Which set of colours.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum ThemeName {
    /// For dark backgrounds.
    #[default]
    Dark,
    /// For light backgrounds.
    Light,
    /// Few, strong colours.
    HighContrast,
    /// Modifiers only; used when `NO_COLOR` is set.
    Mono,
}

impl ThemeName {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 4] = [Self::Dark, Self::Light, Self::HighContrast, Self::Mono];

    /// The word in the configuration.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Dark => "dark",
            Self::Light => "light",
            Self::HighContrast => "high-contrast",
            Self::Mono => "mono",
        }
    }

    /// The theme with this word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|name| name.word() == word)
    }

    /// The next one, for the key that tries them all.
    #[must_use]
    pub const fn next(self) -> Self {
        match self {
            Self::Dark => Self::Light,
            Self::Light => Self::HighContrast,
            Self::HighContrast => Self::Mono,
            Self::Mono => Self::Dark,
        }
    }
}

/// The styles of all roles.
#[derive(Clone, Debug)]
pub struct Theme {
    /// Which one it is.
    pub name: ThemeName,
    /// Running text: the terminal's own colours.
    pub text: Style,
    /// Helps and secondary facts.
    pub muted: Style,
    /// Headings.
    pub heading: Style,
    /// Where one is: the focus bar and the current step.
    pub accent: Style,
    /// The line the cursor is on.
    pub selected: Style,
    /// A key that may be pressed.
    pub key: Style,
    /// Text being typed.
    pub input: Style,
    /// Lines and frames.
    pub border: Style,
    /// Letters that matched a search.
    pub matched: Style,
    /// An answer.
    pub answer: Style,
    /// Something is wrong with what was typed, or was not saved.
    pub error: Style,
    /// Something is done.
    pub done: Style,
    verdicts: [Style; 7],
}

impl Theme {
    /// The theme of that name.
    #[must_use]
    pub fn new(name: ThemeName) -> Self {
        match name {
            ThemeName::Dark => Self::coloured(name, &DARK),
            ThemeName::Light => Self::coloured(name, &LIGHT),
            ThemeName::HighContrast => Self {
                // No background colour suits both light and dark terminals.
                selected: Style::new().add_modifier(Modifier::REVERSED),
                input: Style::new().add_modifier(Modifier::UNDERLINED),
                ..Self::coloured(name, &HIGH_CONTRAST)
            },
            ThemeName::Mono => Self::mono(),
        }
    }

    fn coloured(name: ThemeName, of: &Palette) -> Self {
        let plain = Style::new();
        let bold = plain.add_modifier(Modifier::BOLD);
        Self {
            name,
            text: plain,
            muted: plain.fg(of.muted),
            heading: bold.fg(of.heading),
            accent: bold.fg(of.accent),
            selected: plain.bg(of.selected),
            key: bold.fg(of.key),
            input: plain.bg(of.input),
            border: plain.fg(of.border),
            matched: bold.fg(of.matched).add_modifier(Modifier::UNDERLINED),
            answer: bold,
            error: bold.fg(of.decline),
            done: plain.fg(of.proceed),
            verdicts: [of.proceed, of.caution, of.clearance, of.defer, of.refer, of.decline, of.incomplete]
                .map(|colour| bold.fg(colour)),
        }
    }

    fn mono() -> Self {
        let plain = Style::new();
        let bold = plain.add_modifier(Modifier::BOLD);
        let reversed = plain.add_modifier(Modifier::REVERSED);
        Self {
            name: ThemeName::Mono,
            text: plain,
            muted: plain.add_modifier(Modifier::DIM),
            heading: bold.add_modifier(Modifier::UNDERLINED),
            accent: bold,
            selected: reversed,
            key: bold,
            input: plain.add_modifier(Modifier::UNDERLINED),
            border: plain.add_modifier(Modifier::DIM),
            matched: bold.add_modifier(Modifier::UNDERLINED),
            answer: bold,
            error: bold,
            done: plain,
            verdicts: [bold; 7],
        }
    }

    /// The style of a verdict.
    #[must_use]
    pub const fn outcome(&self, outcome: Outcome) -> Style {
        let [proceed, caution, clearance, defer, refer, decline, incomplete] = self.verdicts;
        match outcome {
            Outcome::Proceed => proceed,
            Outcome::Caution => caution,
            Outcome::Clearance => clearance,
            Outcome::Defer => defer,
            Outcome::Refer => refer,
            Outcome::Decline => decline,
            Outcome::Incomplete => incomplete,
        }
    }

    /// The style of a single finding; a note is as quiet as its sign.
    #[must_use]
    pub fn finding(&self, finding: &Finding) -> Style {
        if finding.verdict == Verdict::Proceed { self.muted } else { self.outcome(finding.verdict.into()) }
    }
}

/// The sign that goes with a verdict wherever its colour does.
#[must_use]
pub const fn sign(outcome: Outcome) -> &'static str {
    outcome.sign()
}

/// What the verdict means, in a few words.
#[must_use]
pub const fn meaning(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Proceed => "Nothing stands against it.",
        Outcome::Caution => "Go on, with the measures named, and document them.",
        Outcome::Clearance => "A named clinician must clear it first.",
        Outcome::Defer => "Not yet.",
        Outcome::Refer => "Assessment elsewhere first.",
        Outcome::Decline => "No treatment.",
        Outcome::Incomplete => "Safety questions are open: no verdict and no plan yet.",
    }
}

struct Palette {
    muted: Color,
    heading: Color,
    accent: Color,
    selected: Color,
    key: Color,
    input: Color,
    border: Color,
    matched: Color,
    proceed: Color,
    caution: Color,
    clearance: Color,
    defer: Color,
    refer: Color,
    decline: Color,
    incomplete: Color,
}

// 256-colour numbers look the same on every terminal; the 16 named ones belong to the user's scheme.
const DARK: Palette = Palette {
    muted: Color::Indexed(245),
    heading: Color::Indexed(152),
    accent: Color::Indexed(80),
    selected: Color::Indexed(236),
    key: Color::Indexed(116),
    input: Color::Indexed(237),
    border: Color::Indexed(240),
    matched: Color::Indexed(222),
    proceed: Color::Indexed(114),
    caution: Color::Indexed(221),
    clearance: Color::Indexed(147),
    defer: Color::Indexed(215),
    refer: Color::Indexed(213),
    decline: Color::Indexed(210),
    incomplete: Color::Indexed(250),
};

const LIGHT: Palette = Palette {
    muted: Color::Indexed(242),
    heading: Color::Indexed(24),
    accent: Color::Indexed(30),
    selected: Color::Indexed(254),
    key: Color::Indexed(25),
    input: Color::Indexed(253),
    border: Color::Indexed(248),
    matched: Color::Indexed(130),
    proceed: Color::Indexed(28),
    caution: Color::Indexed(130),
    clearance: Color::Indexed(62),
    defer: Color::Indexed(166),
    refer: Color::Indexed(127),
    decline: Color::Indexed(160),
    incomplete: Color::Indexed(240),
};

const HIGH_CONTRAST: Palette = Palette {
    muted: Color::Reset,
    heading: Color::LightCyan,
    accent: Color::LightYellow,
    selected: Color::Reset,
    key: Color::LightCyan,
    input: Color::Reset,
    border: Color::Reset,
    matched: Color::LightYellow,
    proceed: Color::LightGreen,
    caution: Color::LightYellow,
    clearance: Color::LightCyan,
    defer: Color::LightYellow,
    refer: Color::LightMagenta,
    decline: Color::LightRed,
    incomplete: Color::Reset,
};

#[cfg(test)]
mod tests {
    use super::*;

    const OUTCOMES: [Outcome; 7] = [
        Outcome::Proceed,
        Outcome::Caution,
        Outcome::Clearance,
        Outcome::Defer,
        Outcome::Refer,
        Outcome::Decline,
        Outcome::Incomplete,
    ];

    #[test]
    fn signs_tell_verdicts_apart_without_colour() {
        for (n, a) in OUTCOMES.iter().enumerate() {
            assert!(OUTCOMES.iter().skip(n + 1).all(|b| sign(*a) != sign(*b)), "{a:?}");
        }
    }

    #[test]
    fn the_mono_theme_uses_no_colour() {
        let theme = Theme::new(ThemeName::Mono);
        let mut styles = vec![theme.text, theme.muted, theme.heading, theme.accent, theme.selected, theme.key];
        styles.extend([theme.input, theme.border, theme.matched, theme.answer, theme.error, theme.done]);
        styles.extend(OUTCOMES.map(|outcome| theme.outcome(outcome)));
        assert!(styles.iter().all(|style| style.fg.is_none() && style.bg.is_none()));
    }

    #[test]
    fn words_name_themes() {
        for name in ThemeName::ALL {
            assert_eq!(ThemeName::from_word(name.word()), Some(name));
        }
    }
}
