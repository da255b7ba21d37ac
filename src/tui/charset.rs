//! Pictures for terminals that cannot show all characters: every cell is put into what they can show. The words beside the
//! signs stay, so that nothing is said by a sign alone.

use ratatui::buffer::Buffer;
use unicode_normalization::UnicodeNormalization;
use unicode_width::UnicodeWidthStr;

use super::kind::Signs;

/// Bytes of one cell: enough for every flag and every family.
const LONGEST: usize = 64;

/// Columns that one cell may stand for: no terminal knows a character that is wider.
const WIDEST: usize = 2;

/// Shares out what is wider than a character can be over the columns it takes. Letters that are joined in Indian scripts
/// count as one grapheme of three columns and more, which terminals draw as wide as they like: what follows would move.
pub fn split_wide(buffer: &mut Buffer) {
    let area = buffer.area;
    for y in area.top()..area.bottom() {
        for x in area.left()..area.right() {
            let symbol = buffer[(x, y)].symbol();
            // A single character is never that wide.
            if symbol.len() <= 4 || symbol.width() <= WIDEST {
                continue;
            }
            let (symbol, style) = (symbol.to_owned(), buffer[(x, y)].style());
            let end = x.saturating_add(u16::try_from(symbol.width()).unwrap_or(u16::MAX)).min(area.right());
            let mut at = x;
            for piece in pieces(&symbol) {
                let after = at.saturating_add(u16::try_from(piece.width().max(1)).unwrap_or(u16::MAX));
                if after > end {
                    break;
                }
                buffer[(at, y)].set_symbol(piece).set_style(style);
                for covered in at + 1..after {
                    buffer[(covered, y)].set_symbol(" ").set_style(style);
                }
                at = after;
            }
        }
    }
}

/// A text in parts that are no wider than a cell can be.
fn pieces(symbol: &str) -> Vec<&str> {
    let (mut pieces, mut from) = (Vec::new(), 0);
    for (at, c) in symbol.char_indices() {
        if at > from && symbol[from..at + c.len_utf8()].width() > WIDEST {
            pieces.push(&symbol[from..at]);
            from = at;
        }
    }
    pieces.push(&symbol[from..]);
    pieces
}

/// Puts every cell into what the terminal can show.
pub fn put(buffer: &mut Buffer, signs: Signs) {
    let area = buffer.area;
    for y in area.top()..area.bottom() {
        for x in area.left()..area.right() {
            let cell = &mut buffer[(x, y)];
            // A hundred accents on one letter are no letter any more, and some terminals choke on them.
            if cell.symbol().len() > LONGEST {
                let first = cell.symbol().chars().next().unwrap_or(' ');
                cell.set_char(first);
            }
            let all = signs == Signs::Unicode;
            if all || cell.symbol().is_ascii() || signs == Signs::Console && cell.symbol().chars().all(in_a_console) {
                continue;
            }
            let shown = plain(cell.symbol());
            cell.set_char(shown);
        }
    }
}

/// What the usual fonts of a console hold: western letters, lines, blocks and arrows.
fn in_a_console(c: char) -> bool {
    c.is_ascii() || matches!(c, '\u{a0}'..='\u{ff}' | '←'..='↓') || "─│┌┐└┘├┤┬┴┼═║╔╗╚╝█▌▐▀▄░▒▓".contains(c)
}

/// One ASCII character for what stands in a cell.
fn plain(symbol: &str) -> char {
    let Some(first) = symbol.chars().next() else { return ' ' };
    match first {
        '✓' | '✔' => 'v',
        '✗' | '×' | '✕' | '✘' => 'x',
        '◇' | '◆' => 'o',
        '●' | '◉' => '*',
        '○' | '·' | '•' | '…' | '∙' => '.',
        '»' => '~',
        '◈' => '#',
        '★' | '✦' => '*',
        '▤' | '▥' => '=',
        // Columns of charts: so many eighths, up to the full block.
        '▁'..='▃' | '▅'..='▇' => char::from(b'1' + (first as u32 - '▁' as u32) as u8),
        '›' | '→' | '▸' | '▶' | '▷' => '>',
        '«' | '‹' | '←' | '◀' | '◂' => '<',
        '↑' | '▲' | '△' | '▴' | 'Δ' => '^',
        '↓' | '▼' | '▽' | '▾' => 'v',
        '⏎' => '|',
        '≈' | '∼' => '=',
        '≠' | '█' | '▓' => '#',
        '≷' => '%',
        '§' => 'S',
        '≡' => '=',
        '⌂' => '^',
        '▌' | '▐' | '▍' | '▎' | '▏' | '▕' | '┃' | '│' | '║' | '╎' | '┆' | '╏' => '|',
        '─' | '━' | '═' | '–' | '—' | '−' | '‐' | '‑' | '╌' | '┄' | '▬' => '-',
        '░' | '▒' => ':',
        '▀' | '▄' => '"',
        '’' | '‘' | '′' => '\'',
        '“' | '”' | '″' => '"',
        'µ' | 'μ' => 'u',
        'ß' => 's',
        'æ' | 'Æ' => 'a',
        'ø' | 'ö' | 'Ø' | 'Ö' => 'o',
        'ı' => 'i',
        'œ' | 'Œ' => 'o',
        'ł' => 'l',
        'Ł' => 'L',
        '²' => '2',
        '³' => '3',
        '½' => '/',
        '°' => 'o',
        '±' => '+',
        '\u{a0}' | '\u{2009}' | '\u{202f}' | '\u{2800}' => ' ',
        // Corners and crossings of frames; dots of drawn pictures.
        '\u{2500}'..='\u{257f}' => '+',
        '\u{2580}'..='\u{259f}' => '#',
        '\u{2801}'..='\u{28ff}' => '*',
        other => {
            // An accent is left away; what has no letter of ours is a question mark.
            let mut parts = std::iter::once(other).nfkd();
            parts.next().filter(|c| c.is_ascii() && !c.is_control()).unwrap_or('?')
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Outcome;
    use crate::tui::theme::sign;
    use proptest::prelude::*;
    use ratatui::layout::Rect;
    use ratatui::style::Style;
    use std::collections::HashSet;

    fn row(text: &str, signs: Signs) -> String {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 20, 1));
        buffer.set_string(0, 0, text, Style::new());
        put(&mut buffer, signs);
        buffer.content().iter().map(ratatui::buffer::Cell::symbol).collect::<String>().trim_end().to_owned()
    }

    #[test]
    fn names_stay_readable() {
        assert_eq!(row("Zoë Müller-Łuków", Signs::Ascii), "Zoe Muller-Lukow");
        assert_eq!(row("山田 x", Signs::Ascii), "? ?  x");
        assert_eq!(row("┌─▌✓ done ‹a›", Signs::Ascii), "+-|v done <a>");
        assert_eq!(row("┌─ Müller ✓", Signs::Console), "┌─ Müller v");
        assert_eq!(row("山田 ✓", Signs::Unicode), "山 田  ✓");
    }

    #[test]
    fn joined_letters_take_the_columns_they_were_given() {
        for (text, cells) in [("⺀𑐵|", "⺀ 𑐵|"), ("लक्ष्मी|", "लक्ष्मी|"), ("山田|", "山 田 |"), ("👨‍👩‍👧|", "👨‍👩‍👧 |")]
        {
            let mut buffer = Buffer::empty(Rect::new(0, 0, 12, 1));
            buffer.set_string(0, 0, text, Style::new());
            let end = |buffer: &Buffer| buffer.content().iter().position(|cell| cell.symbol() == "|");
            let before = end(&buffer);
            split_wide(&mut buffer);
            assert_eq!(end(&buffer), before, "{text}");
            assert!(buffer.content().iter().all(|cell| cell.symbol().width() <= WIDEST), "{text}");
            let shown: String = buffer.content().iter().map(ratatui::buffer::Cell::symbol).collect();
            assert_eq!(shown.trim_end().replace(' ', ""), cells.replace(' ', ""), "{text}");
        }
    }

    #[test]
    fn verdicts_are_still_told_apart_by_their_signs() {
        let all = [
            Outcome::Proceed,
            Outcome::Caution,
            Outcome::Clearance,
            Outcome::Defer,
            Outcome::Refer,
            Outcome::Decline,
            Outcome::Incomplete,
        ];
        let signs: HashSet<char> = all.iter().map(|outcome| plain(sign(*outcome))).collect();
        assert_eq!(signs.len(), all.len(), "{signs:?}");
    }

    proptest! {
        #[test]
        fn nothing_else_is_left(text in "\\PC{0,20}") {
            prop_assert!(row(&text, Signs::Ascii).chars().all(|c| c.is_ascii() && !c.is_control()));
        }
    }
}
