//! The six phototypes as swatches: in colour where there is colour, else as a pattern that grows denser. The numeral and the
//! words beside them say it without either.

use ratatui::style::Style;

use crate::tui::theme::Theme;

/// The question whose options are the phototypes; its name is part of the intake file.
pub const QUESTION: &str = "skin.fitzpatrick";

/// The more pigment, the denser: which of dense and empty is the darker one depends on the terminal.
const PATTERNS: [&str; 6] = ["   ", "░  ", "░░░", "▒▒▒", "▓▓▓", "███"];

/// The swatch of the nth phototype, between two edges so that the palest one is seen on any background.
#[must_use]
pub fn of(n: usize, theme: &Theme) -> Option<(String, Style)> {
    let (pattern, tone) = (PATTERNS.get(n)?, theme.tones.get(n)?);
    // Where two tones are one, as among 16 colours, no tone says anything.
    let told = theme
        .tones
        .iter()
        .enumerate()
        .all(|(n, tone)| tone.fg.is_some() && theme.tones.iter().skip(n + 1).all(|other| other.fg != tone.fg));
    Some(if told { ("███".to_owned(), *tone) } else { ((*pattern).to_owned(), theme.text) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::theme::{Depth, ThemeName, Themes};
    use std::collections::BTreeSet;

    #[test]
    fn six_swatches_are_told_apart_in_every_theme_at_every_depth() {
        for depth in [Depth::None, Depth::Sixteen, Depth::Indexed, Depth::True] {
            for name in ThemeName::ALL {
                let theme = Themes { own: None, depth }.get(name);
                let all: BTreeSet<String> = (0..6).map(|n| format!("{:?}", of(n, &theme))).collect();
                assert_eq!(all.len(), 6, "{} at {depth:?}", name.word());
            }
        }
    }
}
