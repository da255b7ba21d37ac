//! A drawn screen as an SVG picture, the same on every machine: lines, blocks and dots are shapes, letters are placed cell by
//! cell, so that no font moves them.

use std::fmt::Write as _;

use ratatui::buffer::Buffer;
use ratatui::style::{Color, Modifier};
use unicode_width::UnicodeWidthStr;

const WIDE: f64 = 8.4;
const HIGH: f64 = 18.0;
const EDGE: f64 = 12.0;

/// The ground and the letters of a terminal.
#[derive(Clone, Copy)]
pub struct Paper {
    ground: (u8, u8, u8),
    ink: (u8, u8, u8),
}

pub const DARK: Paper = Paper { ground: (18, 22, 28), ink: (216, 220, 226) };
pub const LIGHT: Paper = Paper { ground: (252, 252, 250), ink: (36, 40, 46) };

/// One style of cells.
#[derive(Clone, Copy, PartialEq)]
struct Look {
    ink: (u8, u8, u8),
    ground: Option<(u8, u8, u8)>,
    bold: bool,
    underline: bool,
}

/// The picture of a screen.
pub fn draw(buffer: &Buffer, paper: Paper) -> String {
    let (columns, rows) = (buffer.area.width, buffer.area.height);
    let (width, height) = (f64::from(columns) * WIDE + 2.0 * EDGE, f64::from(rows) * HIGH + 2.0 * EDGE);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:.0}\" height=\"{height:.0}\" \
         viewBox=\"0 0 {width:.0} {height:.0}\" font-size=\"14\" \
         font-family=\"ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace\">\n\
         <rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"{}\"/>\n",
        hex(paper.ground)
    );
    for y in 0..rows {
        let mut x = 0;
        while x < columns {
            let look = look(buffer, x, y, paper);
            let mut end = x;
            let mut words = String::new();
            while end < columns && self::look(buffer, end, y, paper) == look {
                let symbol = buffer[(end, y)].symbol();
                words.push_str(symbol);
                end += (symbol.width() as u16).max(1);
            }
            run(&mut out, x, y, &words, look);
            x = end;
        }
    }
    out.push_str("</svg>\n");
    out
}

fn look(buffer: &Buffer, x: u16, y: u16, paper: Paper) -> Look {
    let cell = &buffer[(x, y)];
    let mut ink = rgb(cell.fg).unwrap_or(paper.ink);
    let mut ground = rgb(cell.bg);
    if cell.modifier.contains(Modifier::REVERSED) {
        (ink, ground) = (ground.unwrap_or(paper.ground), Some(ink));
    }
    if cell.modifier.contains(Modifier::DIM) {
        let mix = |a: u8, b: u8| ((u16::from(a) * 3 + u16::from(b) * 2) / 5) as u8;
        ink = (mix(ink.0, paper.ground.0), mix(ink.1, paper.ground.1), mix(ink.2, paper.ground.2));
    }
    let bold = cell.modifier.contains(Modifier::BOLD);
    Look { ink, ground, bold, underline: cell.modifier.contains(Modifier::UNDERLINED) }
}

/// Cells of one style.
fn run(out: &mut String, column: u16, row: u16, words: &str, look: Look) {
    let (x, y) = (EDGE + f64::from(column) * WIDE, EDGE + f64::from(row) * HIGH);
    let columns = words.width();
    if let Some(ground) = look.ground {
        // A little wider than its cells: no seams.
        rect(out, x, y, columns as f64 * WIDE + 0.3, HIGH + 0.3, ground);
    }
    if look.underline {
        rect(out, x, y + HIGH - 3.0, columns as f64 * WIDE, 1.0, look.ink);
    }
    // Letters in pieces without gaps; everything else is a shape of its own.
    let (mut piece, mut from, mut at) = (String::new(), 0, 0);
    let mut blanks = 0;
    for c in words.chars() {
        let shaped = shape(out, x + at as f64 * WIDE, y, c, look.ink);
        blanks = if c == ' ' { blanks + 1 } else { 0 };
        if shaped || blanks > 1 {
            letters(out, x + from as f64 * WIDE, y, &piece, look);
            piece.clear();
        } else {
            if piece.is_empty() {
                from = at;
            }
            piece.push(c);
        }
        at += c.to_string().width();
    }
    letters(out, x + from as f64 * WIDE, y, &piece, look);
}

fn letters(out: &mut String, x: f64, y: f64, piece: &str, look: Look) {
    let lead = piece.len() - piece.trim_start().len();
    let piece = piece.trim();
    if piece.is_empty() {
        return;
    }
    let x = x + lead as f64 * WIDE;
    let weight = if look.bold { " font-weight=\"bold\"" } else { "" };
    let escaped = piece.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let _ = writeln!(
        out,
        "<text x=\"{x:.1}\" y=\"{:.1}\" fill=\"{}\"{weight} textLength=\"{:.1}\" lengthAdjust=\"spacingAndGlyphs\">{escaped}</text>",
        y + 13.5,
        hex(look.ink),
        piece.width() as f64 * WIDE,
    );
}

fn rect(out: &mut String, x: f64, y: f64, width: f64, height: f64, fill: (u8, u8, u8)) {
    let fill = hex(fill);
    let _ =
        writeln!(out, "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" fill=\"{fill}\"/>");
}

/// Draws what is no letter; says whether it was one of those.
fn shape(out: &mut String, x: f64, y: f64, c: char, ink: (u8, u8, u8)) -> bool {
    let (mx, my) = (x + WIDE / 2.0, y + HIGH / 2.0);
    let path = |d: String| format!("<path d=\"{d}\" fill=\"none\" stroke=\"{}\" stroke-width=\"1.2\"/>\n", hex(ink));
    let (right, bottom) = (x + WIDE, y + HIGH);
    match c {
        '─' => out.push_str(&path(format!("M{x:.1} {my:.1}H{right:.1}"))),
        '┄' | '╌' => out.push_str(&path(format!("M{:.1} {my:.1}h2M{:.1} {my:.1}h2", x + 1.0, x + 5.2))),
        '│' => out.push_str(&path(format!("M{mx:.1} {y:.1}V{bottom:.1}"))),
        '┃' => rect(out, mx - 1.2, y, 2.4, HIGH, ink),
        '┬' => out.push_str(&path(format!("M{x:.1} {my:.1}H{right:.1}M{mx:.1} {my:.1}V{bottom:.1}"))),
        '╭' => out.push_str(&path(format!("M{right:.1} {my:.1}Q{mx:.1} {my:.1} {mx:.1} {bottom:.1}"))),
        '╮' => out.push_str(&path(format!("M{x:.1} {my:.1}Q{mx:.1} {my:.1} {mx:.1} {bottom:.1}"))),
        '╰' => out.push_str(&path(format!("M{right:.1} {my:.1}Q{mx:.1} {my:.1} {mx:.1} {y:.1}"))),
        '╯' => out.push_str(&path(format!("M{x:.1} {my:.1}Q{mx:.1} {my:.1} {mx:.1} {y:.1}"))),
        '█' => rect(out, x, y + 2.0, WIDE + 0.2, HIGH - 4.0, ink),
        '▏' | '▎' | '▍' | '▌' | '▋' | '▊' | '▉' => {
            let eighths = 8 - (u32::from(c) - u32::from('▉') + 1);
            let (top, high) = if c == '▌' { (y, HIGH) } else { (y + 2.0, HIGH - 4.0) };
            rect(out, x, top, WIDE * f64::from(eighths) / 8.0, high, ink);
        }
        '░' | '▒' | '▓' => {
            let share = f64::from(u32::from(c) - u32::from('░') + 1) * 0.27;
            let _ = writeln!(
                out,
                "<rect x=\"{x:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\" fill=\"{}\" fill-opacity=\"{share:.2}\"/>",
                y + 2.0,
                WIDE + 0.2,
                HIGH - 4.0,
                hex(ink)
            );
        }
        '●' | '○' => {
            let fill = if c == '●' { hex(ink) } else { "none".to_owned() };
            let _ = writeln!(
                out,
                "<circle cx=\"{mx:.1}\" cy=\"{my:.1}\" r=\"3.4\" fill=\"{fill}\" stroke=\"{}\" stroke-width=\"1.2\"/>",
                hex(ink)
            );
        }
        '\u{2800}'..='\u{28ff}' => {
            const DOTS: [(f64, f64); 8] = [
                (0.25, 0.125),
                (0.25, 0.375),
                (0.25, 0.625),
                (0.75, 0.125),
                (0.75, 0.375),
                (0.75, 0.625),
                (0.25, 0.875),
                (0.75, 0.875),
            ];
            let bits = u32::from(c) - 0x2800;
            let mut d = String::new();
            for (n, (dx, dy)) in DOTS.iter().enumerate().filter(|(n, _)| bits >> n & 1 == 1) {
                let _ = n;
                let _ = write!(d, "M{:.1} {:.1}h0", x + dx * WIDE, y + dy * HIGH);
            }
            if !d.is_empty() {
                let _ = writeln!(
                    out,
                    "<path d=\"{d}\" stroke=\"{}\" stroke-width=\"2\" stroke-linecap=\"round\"/>",
                    hex(ink)
                );
            }
        }
        _ => return false,
    }
    true
}

fn hex((r, g, b): (u8, u8, u8)) -> String {
    format!("#{r:02x}{g:02x}{b:02x}")
}

fn rgb(colour: Color) -> Option<(u8, u8, u8)> {
    Some(match colour {
        Color::Reset => return None,
        Color::Rgb(r, g, b) => (r, g, b),
        Color::Indexed(n) if n >= 232 => {
            let grey = 8 + (n - 232) * 10;
            (grey, grey, grey)
        }
        Color::Indexed(n) if n >= 16 => {
            let step = |n: u8| if n == 0 { 0 } else { 55 + n * 40 };
            let n = n - 16;
            (step(n / 36), step(n / 6 % 6), step(n % 6))
        }
        Color::LightRed => (255, 110, 110),
        Color::LightGreen => (110, 230, 110),
        Color::LightYellow => (250, 230, 90),
        Color::LightMagenta => (250, 130, 250),
        Color::LightCyan => (110, 230, 240),
        Color::Black => (0, 0, 0),
        _ => (200, 200, 200),
    })
}
