//! Styles by meaning: named roles, as `themes.toml` beside this file and a user's own file word them. Every role also
//! differs by a sign, a word or a modifier: colour never stands alone.

mod depth;
mod file;

use ratatui::style::{Modifier, Style};

use crate::pack::Verdict;
use crate::plan::{Finding, Outcome};

pub use depth::Depth;
pub use file::{BAD_COLOUR, read};

/// Which set of styles.
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
    /// The user's own.
    Own,
}

impl ThemeName {
    /// The built-in ones, in the order in which they are offered.
    pub const ALL: [Self; 4] = [Self::Dark, Self::Light, Self::HighContrast, Self::Mono];

    /// The word in the configuration.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Dark => "dark",
            Self::Light => "light",
            Self::HighContrast => "high-contrast",
            Self::Mono => "mono",
            Self::Own => "your own",
        }
    }
}

/// The themes there are on this terminal.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Themes {
    /// The user's own.
    pub own: Option<Theme>,
    /// How many colours the terminal has.
    pub depth: Depth,
}

impl Themes {
    /// The theme of that name, as far as the terminal can show it.
    #[must_use]
    pub fn get(&self, name: ThemeName) -> Theme {
        let theme = match (name, &self.own) {
            (ThemeName::Own, Some(own)) => own.clone(),
            _ => Theme::new(name),
        };
        theme.limited(self.depth)
    }

    /// The one after it, for the command that tries them all.
    #[must_use]
    pub const fn after(&self, name: ThemeName) -> ThemeName {
        match name {
            ThemeName::Dark => ThemeName::Light,
            ThemeName::Light => ThemeName::HighContrast,
            ThemeName::HighContrast => ThemeName::Mono,
            ThemeName::Mono if self.own.is_some() => ThemeName::Own,
            ThemeName::Mono | ThemeName::Own => ThemeName::Dark,
        }
    }
}

/// The styles of all roles.
#[derive(Clone, PartialEq, Eq, Debug)]
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
    /// An area that is treated, on a picture.
    pub treated: Style,
    /// An area that must not be treated, on a picture.
    pub barred: Style,
    /// Today, on a calendar.
    pub today: Style,
    /// A session, on a calendar.
    pub session: Style,
    /// A review, on a calendar.
    pub review: Style,
    /// What may follow after the course, on a calendar.
    pub later: Style,
    /// The six phototypes as swatches, fairest first.
    pub tones: [Style; 6],
    verdicts: [Style; 7],
}

/// A role as a theme file names it.
#[derive(Clone, Copy)]
pub struct Role {
    /// Its name in the file.
    pub name: &'static str,
    /// What it is for.
    pub what: &'static str,
    of: fn(&mut Theme) -> &mut Style,
}

const fn role(name: &'static str, what: &'static str, of: fn(&mut Theme) -> &mut Style) -> Role {
    Role { name, what, of }
}

/// Every role, in the order of the documentation.
pub const ROLES: [Role; 31] = [
    role("text", "running text", |t| &mut t.text),
    role("muted", "helps and secondary facts", |t| &mut t.muted),
    role("heading", "headings", |t| &mut t.heading),
    role("accent", "where one is: the bar of the focus, the step", |t| &mut t.accent),
    role("selected", "the line the cursor is on", |t| &mut t.selected),
    role("key", "a key that may be pressed", |t| &mut t.key),
    role("input", "text being typed", |t| &mut t.input),
    role("border", "lines and frames", |t| &mut t.border),
    role("matched", "letters that a search matched", |t| &mut t.matched),
    role("answer", "an answer, a name, a figure", |t| &mut t.answer),
    role("error", "not accepted, or not saved", |t| &mut t.error),
    role("done", "done, answered", |t| &mut t.done),
    role("proceed", "the verdict; also: within a limit", |t| &mut t.verdicts[0]),
    role("caution", "the verdict; also: near a limit", |t| &mut t.verdicts[1]),
    role("clearance", "the verdict", |t| &mut t.verdicts[2]),
    role("defer", "the verdict", |t| &mut t.verdicts[3]),
    role("refer", "the verdict", |t| &mut t.verdicts[4]),
    role("decline", "the verdict; also: over a limit", |t| &mut t.verdicts[5]),
    role("incomplete", "no verdict yet", |t| &mut t.verdicts[6]),
    role("treated", "an area that is treated, on a picture", |t| &mut t.treated),
    role("barred", "an area that must not be treated, on a picture", |t| &mut t.barred),
    role("today", "today, on the line of a course", |t| &mut t.today),
    role("session", "a session, on the line of a course", |t| &mut t.session),
    role("review", "a review, on the line of a course", |t| &mut t.review),
    role("later", "what may follow after the course", |t| &mut t.later),
    role("tone-1", "the swatch of phototype I", |t| &mut t.tones[0]),
    role("tone-2", "the swatch of phototype II", |t| &mut t.tones[1]),
    role("tone-3", "the swatch of phototype III", |t| &mut t.tones[2]),
    role("tone-4", "the swatch of phototype IV", |t| &mut t.tones[3]),
    role("tone-5", "the swatch of phototype V", |t| &mut t.tones[4]),
    role("tone-6", "the swatch of phototype VI", |t| &mut t.tones[5]),
];

impl Theme {
    /// The built-in theme of that name; the user's own is not built in, and reads as the first.
    #[must_use]
    pub fn new(name: ThemeName) -> Self {
        let [dark, light, high_contrast, mono] = &*file::BUILT_IN;
        match name {
            ThemeName::Dark | ThemeName::Own => dark,
            ThemeName::Light => light,
            ThemeName::HighContrast => high_contrast,
            ThemeName::Mono => mono,
        }
        .clone()
    }

    /// Every role as the terminal's own text.
    const fn bare(name: ThemeName) -> Self {
        let plain = Style::new();
        Self {
            name,
            text: plain,
            muted: plain,
            heading: plain,
            accent: plain,
            selected: plain,
            key: plain,
            input: plain,
            border: plain,
            matched: plain,
            answer: plain,
            error: plain,
            done: plain,
            treated: plain,
            barred: plain,
            today: plain,
            session: plain,
            review: plain,
            later: plain,
            tones: [plain; 6],
            verdicts: [plain; 7],
        }
    }

    /// The same with as many colours as there are.
    #[must_use]
    pub fn limited(mut self, depth: Depth) -> Self {
        for role in &ROLES {
            let style = (role.of)(&mut self);
            *style = depth.limit(*style);
        }
        self
    }

    /// The style of every role, with its name.
    #[must_use]
    pub fn styles(&self) -> Vec<(&'static str, Style)> {
        let mut theme = self.clone();
        ROLES.iter().map(|role| (role.name, *(role.of)(&mut theme))).collect()
    }

    /// A style as it is on the line the cursor is on. Where that line is reversed, colours would turn into patches behind the
    /// letters: there it keeps its modifiers alone.
    #[must_use]
    pub const fn on_selected(&self, style: Style) -> Style {
        if !self.selected.add_modifier.contains(Modifier::REVERSED) {
            return style;
        }
        Style { fg: None, bg: None, ..style }
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
        Outcome::Proceed => "No rule of this pack speaks against it.",
        Outcome::Caution => "Go on, with the measures named, and document them.",
        Outcome::Clearance => "A named clinician must clear it first.",
        Outcome::Defer => "Not yet.",
        Outcome::Refer => "Assessment elsewhere first.",
        Outcome::Decline => "No treatment.",
        Outcome::Incomplete => "Safety questions are open: no verdict and no plan yet.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ratatui::style::Color;

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
    fn without_colours_no_role_has_one() {
        let all = ThemeName::ALL.map(|name| Themes { own: None, depth: Depth::None }.get(name));
        for theme in std::iter::once(Theme::new(ThemeName::Mono)).chain(all) {
            for (role, style) in theme.styles() {
                assert!(style.fg.is_none() && style.bg.is_none(), "{role} of {}", theme.name.word());
            }
        }
    }

    #[test]
    fn what_is_selected_and_what_is_typed_is_seen_at_every_depth() {
        for depth in [Depth::None, Depth::Sixteen, Depth::Indexed, Depth::True] {
            for name in ThemeName::ALL {
                let theme = Themes { own: None, depth }.get(name);
                for (role, style) in [("selected", theme.selected), ("input", theme.input), ("matched", theme.matched)]
                {
                    assert_ne!(style, Style::new(), "{role} of {} at {depth:?}", name.word());
                }
            }
        }
    }

    /// How strongly two colours of the table of 256 differ in light, as the web's rules for reading measure it.
    fn contrast(a: Color, b: Color) -> f64 {
        let light = |colour: Color| {
            let (r, g, b) = depth::seen(colour);
            let linear = |part: u8| {
                let part = f64::from(part) / 255.0;
                if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
            };
            0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b) + 0.05
        };
        let (a, b) = (light(a), light(b));
        a.max(b) / a.min(b)
    }

    #[test]
    fn what_is_to_be_read_stands_out_from_its_ground_and_from_the_selected_line() {
        for (name, ground) in [(ThemeName::Dark, Color::Indexed(16)), (ThemeName::Light, Color::Indexed(231))] {
            let theme = Theme::new(name);
            let read = theme.styles().into_iter().filter(|(role, _)| *role != "border" && !role.starts_with("tone"));
            for (role, style) in read {
                let Some(fg) = style.fg else { continue };
                for ground in [Some(ground), theme.selected.bg].into_iter().flatten() {
                    let reached = contrast(fg, ground);
                    assert!(reached >= 4.4, "{role} of {} on {ground}: {reached:.1}", name.word());
                }
            }
        }
    }

    #[test]
    fn the_key_that_tries_them_all_comes_back() {
        let own = Theme { name: ThemeName::Own, ..Theme::new(ThemeName::Light) };
        for (themes, count) in [(Themes::default(), 4), (Themes { own: Some(own), ..Themes::default() }, 5)] {
            let mut name = ThemeName::Dark;
            for _ in 0..count {
                name = themes.after(name);
                assert_eq!(themes.get(name).name, name);
            }
            assert_eq!(name, ThemeName::Dark);
        }
    }
}
