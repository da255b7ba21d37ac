//! Themes as they are written down: the built-in ones, and a user's own.

use std::path::Path;
use std::sync::{Arc, LazyLock};

use ratatui::style::{Color, Modifier, Style};

use super::{ROLES, Theme, ThemeName};
use crate::source::{Code, Cursor, Fields, Problems, Report, SourceFile, parse};

/// Something that stands where a colour is expected.
pub const BAD_COLOUR: Code = Code("C0006");

/// The built-in themes, in the order of [`ThemeName::ALL`].
pub(super) static BUILT_IN: LazyLock<[Theme; 4]> = LazyLock::new(|| {
    let file = SourceFile::embedded("themes.toml", include_str!("themes.toml"));
    // A mistake in it is found by a test; at a user's desk a screen without colours is still a screen.
    read_built_in(&file).unwrap_or_else(|_| ThemeName::ALL.map(Theme::bare))
});

fn read_built_in(file: &Arc<SourceFile>) -> Result<[Theme; 4], Report> {
    let mut problems = Problems::default();
    let root = parse(file, &mut problems);
    let mut top = Fields::of_file(file, &root, "the themes");
    let themes = ThemeName::ALL.map(|name| {
        let mut theme = Theme::bare(name);
        let Some(mut roles) = top.need(name.word(), &mut problems).and_then(|c| c.table(name.word(), &mut problems))
        else {
            return theme;
        };
        for role in &ROLES {
            if let Some(found) = roles.need(role.name, &mut problems) {
                *(role.of)(&mut theme) = style(&found, &mut problems);
            }
        }
        roles.finish(&mut problems);
        theme
    });
    top.finish(&mut problems);
    let report = problems.into_report();
    if report.is_empty() { Ok(themes) } else { Err(report) }
}

/// Reads a user's own theme: the roles that it names, on top of the built-in theme that it is based on, or else of
/// `base`.
///
/// # Errors
/// Every mistake in it, with its place.
pub fn read(path: &Path, text: String, base: ThemeName) -> Result<Theme, Report> {
    let file = SourceFile::new(path.display().to_string(), text);
    let mut problems = Problems::default();
    let root = parse(&file, &mut problems);
    let mut top = Fields::of_file(&file, &root, "the theme");
    let words = ThemeName::ALL.map(|name| (name.word(), name));
    let mut theme = Theme::new(top.word("base", &words, &mut problems).unwrap_or(base));
    theme.name = ThemeName::Own;
    if let Some(mut roles) = top.get("roles").and_then(|cursor| cursor.table("[roles]", &mut problems)) {
        for role in &ROLES {
            if let Some(found) = roles.get(role.name) {
                *(role.of)(&mut theme) = style(&found, &mut problems);
            }
        }
        roles.finish(&mut problems);
    }
    top.finish(&mut problems);
    let report = problems.into_report();
    if report.is_empty() { Ok(theme) } else { Err(report) }
}

fn style(cursor: &Cursor<'_>, problems: &mut Problems) -> Style {
    let mut style = Style::new();
    let Some(mut fields) = cursor.table("a role", problems) else { return style };
    style.fg = fields.get("fg").and_then(|found| colour(&found, problems));
    style.bg = fields.get("bg").and_then(|found| colour(&found, problems));
    for (key, modifier) in [
        ("bold", Modifier::BOLD),
        ("dim", Modifier::DIM),
        ("italic", Modifier::ITALIC),
        ("underline", Modifier::UNDERLINED),
        ("reversed", Modifier::REVERSED),
    ] {
        if fields.flag(key, problems) {
            style = style.add_modifier(modifier);
        }
    }
    fields.finish(problems);
    style
}

/// The 16 colours of the user's scheme.
const NAMES: [(&str, Color); 17] = [
    ("default", Color::Reset),
    ("black", Color::Black),
    ("red", Color::Red),
    ("green", Color::Green),
    ("yellow", Color::Yellow),
    ("blue", Color::Blue),
    ("magenta", Color::Magenta),
    ("cyan", Color::Cyan),
    ("grey", Color::Gray),
    ("dark-grey", Color::DarkGray),
    ("light-red", Color::LightRed),
    ("light-green", Color::LightGreen),
    ("light-yellow", Color::LightYellow),
    ("light-blue", Color::LightBlue),
    ("light-magenta", Color::LightMagenta),
    ("light-cyan", Color::LightCyan),
    ("white", Color::White),
];

fn colour(cursor: &Cursor<'_>, problems: &mut Problems) -> Option<Color> {
    let Some(crate::source::Scalar::Text(word)) = cursor.scalar() else {
        return cursor.whole(0, 255, problems).and_then(|n| u8::try_from(n).ok()).map(Color::Indexed);
    };
    if let Some((_, named)) = NAMES.iter().find(|(name, _)| *name == word) {
        return Some(*named);
    }
    if let Some(rgb) = word.strip_prefix('#').and_then(hex) {
        return Some(rgb);
    }
    if word.starts_with('#') {
        problems.at(cursor, BAD_COLOUR, format!("`{word}` is no colour"), "expected `#` and six of 0-9 and a-f");
    } else {
        problems.unknown_word(cursor, BAD_COLOUR, "colour", word, NAMES.iter().map(|(name, _)| *name));
    }
    None
}

fn hex(digits: &str) -> Option<Color> {
    if digits.len() != 6 || !digits.chars().all(|c| c.is_ascii_hexdigit()) {
        return None;
    }
    let [_, r, g, b] = u32::from_str_radix(digits, 16).ok()?.to_be_bytes();
    Some(Color::Rgb(r, g, b))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(text: &str) -> Result<Theme, String> {
        read(Path::new("mine.toml"), text.to_owned(), ThemeName::Light).map_err(|report| report.render(false))
    }

    #[test]
    fn the_built_in_themes_name_every_role_and_no_other() {
        let file = SourceFile::embedded("themes.toml", include_str!("themes.toml"));
        read_built_in(&file).unwrap_or_else(|report| panic!("{}", report.render(false)));
    }

    #[test]
    fn a_theme_of_ones_own_changes_the_roles_it_names() {
        let theme = own("base = 'dark'\n[roles]\nkey = { fg = '#ff8000', bold = true }\nmuted = { fg = 7 }\n").unwrap();
        assert_eq!(theme.key, Style::new().fg(Color::Rgb(255, 128, 0)).add_modifier(Modifier::BOLD));
        assert_eq!(theme.muted.fg, Some(Color::Indexed(7)));
        assert_eq!(theme.border, Theme::new(ThemeName::Dark).border);
        assert_eq!(theme.name, ThemeName::Own);
        // Without a base, what the screen would have taken.
        assert_eq!(own("").unwrap().border, Theme::new(ThemeName::Light).border);
    }

    #[test]
    fn every_mistake_of_a_theme_is_told_with_its_place() {
        let told = own("base = 'drak'\n[roles]\nmutde = {}\nkey = { fg = 'light-cyna', blink = true }\n\
                        done = { fg = '#12345' }\ninput = { bg = 256 }\nborder = 'red'\nheading = { bold = 'yes' }\n")
        .unwrap_err();
        insta::assert_snapshot!(told);
    }
}
