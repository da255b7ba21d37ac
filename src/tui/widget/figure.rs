//! The face and the body as outlines, with areas as ellipses on them: for choosing and for showing where.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Style};
use ratatui::symbols::Marker;
use ratatui::text::Span;
use ratatui::widgets::Widget;
use ratatui::widgets::canvas::{Canvas, Context, Line, Points};

use crate::pack::{Figure, Spot};
use crate::tui::theme::Theme;

/// Columns of a picture for each of its rows: about the shape of a head, and a body with its arms.
#[must_use]
pub const fn columns(figure: Figure, rows: u16) -> u16 {
    match figure {
        Figure::FaceFront | Figure::FaceSide => rows * 2,
        Figure::BodyFront | Figure::BodyBack => rows * 3 / 2,
    }
}

/// An area on a picture.
#[derive(Clone, Debug)]
pub struct Marked<'a> {
    /// Where it is; spots on other pictures are left out.
    pub spots: &'a [Spot],
    /// What stands in its middle: its key, with a sign.
    pub label: String,
    /// Its colour.
    pub style: Style,
    /// It is filled: chosen.
    pub filled: bool,
    /// Its edge is drawn: the cursor is on it.
    pub edged: bool,
}

type Stroke = &'static [(f64, f64)];

/// Strokes of one half; the other half is its mirror image.
const fn halves(figure: Figure) -> &'static [Stroke] {
    match figure {
        Figure::FaceFront => FACE,
        Figure::FaceSide => &[],
        Figure::BodyFront | Figure::BodyBack => BODY,
    }
}

/// Strokes that have no mirror image.
const fn middle(figure: Figure) -> &'static [Stroke] {
    match figure {
        Figure::FaceFront => {
            &[&[(46.0, 66.0), (50.0, 68.0), (54.0, 66.0)], &[(45.0, 76.5), (50.0, 77.5), (55.0, 76.5)]]
        }
        Figure::FaceSide => SIDE,
        Figure::BodyFront => &[&[(50.0, 57.0), (50.0, 62.0)], &[(49.5, 49.0), (50.5, 49.0)]],
        Figure::BodyBack => &[&[(50.0, 18.0), (50.0, 48.0)], &[(50.0, 52.0), (50.0, 62.0)]],
    }
}

const FACE: &[Stroke] = &[
    // Skull and jaw, ear.
    &[
        (50.0, 3.0),
        (60.0, 4.0),
        (69.0, 9.0),
        (76.0, 19.0),
        (79.5, 32.0),
        (79.5, 46.0),
        (78.0, 60.0),
        (74.0, 74.0),
        (67.0, 85.0),
        (58.0, 94.0),
        (50.0, 96.5),
    ],
    &[(80.0, 41.0), (84.0, 39.0), (86.0, 45.0), (84.0, 55.0), (79.0, 59.0)],
    // Brow, eye, side of the nose, half of the mouth, neck.
    &[(57.0, 35.5), (65.0, 32.5), (73.0, 36.0)],
    &[(57.5, 42.5), (61.0, 40.5), (67.0, 40.5), (70.5, 42.5), (67.0, 44.5), (61.0, 44.5), (57.5, 42.5)],
    &[(53.0, 44.0), (54.0, 56.0), (57.5, 62.0), (54.0, 66.0)],
    &[(50.0, 74.5), (54.0, 73.0), (62.0, 76.5), (55.0, 80.5), (50.0, 81.0)],
    &[(67.0, 88.0), (68.0, 100.0)],
];

const SIDE: &[Stroke] = &[
    &[
        (46.0, 4.0),
        (36.0, 9.0),
        (29.0, 18.0),
        (26.5, 28.0),
        (26.0, 35.0),
        (24.0, 38.0),
        (27.0, 42.0),
        (22.0, 50.0),
        (15.5, 57.0),
        (18.0, 61.0),
        (25.0, 62.5),
        (23.5, 66.5),
        (21.5, 69.0),
        (25.0, 71.0),
        (22.5, 74.0),
        (26.5, 77.0),
        (24.5, 83.0),
        (29.0, 88.5),
        (39.0, 89.0),
        (47.0, 91.5),
        (50.0, 100.0),
    ],
    &[
        (46.0, 4.0),
        (58.0, 2.5),
        (72.0, 6.0),
        (83.0, 16.0),
        (88.0, 30.0),
        (87.0, 46.0),
        (82.0, 58.0),
        (77.0, 70.0),
        (78.0, 86.0),
        (81.0, 100.0),
    ],
    &[(39.0, 89.0), (52.0, 84.0), (61.0, 76.0), (64.0, 62.0)],
    &[(62.0, 44.0), (66.0, 41.0), (70.0, 44.0), (69.0, 53.0), (64.5, 59.0), (62.0, 56.0), (64.0, 50.0), (62.0, 44.0)],
    &[(29.0, 36.5), (35.0, 34.0), (41.0, 36.0)],
    &[(30.0, 43.0), (34.0, 40.5), (40.0, 43.0), (34.0, 45.0), (30.0, 43.0)],
    &[(25.0, 71.0), (31.0, 71.5)],
    &[(22.0, 60.0), (25.5, 58.0)],
];

const BODY: &[Stroke] = &[
    &[(50.0, 1.0), (54.0, 2.0), (55.5, 6.0), (54.0, 10.0), (52.5, 11.5), (50.0, 12.0)],
    &[
        (52.5, 11.5),
        (53.0, 16.0),
        (62.0, 18.0),
        (68.0, 20.0),
        (71.5, 25.0),
        (74.0, 37.0),
        (78.5, 49.0),
        (81.5, 55.0),
        (79.0, 59.5),
        (75.0, 57.0),
        (74.0, 50.0),
        (69.0, 39.0),
        (65.5, 28.0),
    ],
    &[
        (65.5, 28.0),
        (63.5, 36.0),
        (62.5, 42.0),
        (65.0, 50.0),
        (66.0, 58.0),
        (64.0, 70.0),
        (61.5, 80.0),
        (62.5, 88.0),
        (59.5, 96.0),
        (63.0, 99.5),
        (55.0, 99.5),
        (54.5, 88.0),
        (53.5, 78.0),
        (50.5, 62.0),
    ],
];

/// The picture with the areas on it, as cells of a buffer of its own.
#[must_use]
pub fn draw(figure: Figure, areas: &[Marked<'_>], theme: &Theme, columns: u16, rows: u16) -> Buffer {
    let area = Rect { x: 0, y: 0, width: columns, height: rows };
    let mut buf = Buffer::empty(area);
    let outline = theme.border.fg.unwrap_or(Color::Reset);
    let canvas = Canvas::default().marker(Marker::Braille).x_bounds([0.0, 100.0]).y_bounds([0.0, 100.0]).paint(|ctx| {
        for stroke in halves(figure) {
            draw_stroke(ctx, stroke, false, outline);
            draw_stroke(ctx, stroke, true, outline);
        }
        middle(figure).iter().for_each(|stroke| draw_stroke(ctx, stroke, false, outline));
        for marked in areas {
            for spot in marked.spots.iter().filter(|spot| spot.on == figure) {
                let coords = ellipse(spot, marked.filled, marked.edged);
                ctx.draw(&Points { coords: &coords, color: marked.style.fg.unwrap_or(Color::Reset) });
            }
        }
        ctx.layer();
        for marked in areas {
            for spot in marked.spots.iter().filter(|spot| spot.on == figure) {
                let (x, y) = (f64::from(spot.at.0), 100.0 - f64::from(spot.at.1));
                ctx.print(x, y, Span::styled(marked.label.clone(), marked.style));
            }
        }
    });
    canvas.render(area, &mut buf);
    buf
}

fn draw_stroke(ctx: &mut Context<'_>, stroke: Stroke, mirrored: bool, color: Color) {
    let x = |x: f64| if mirrored { 100.0 - x } else { x };
    for pair in stroke.windows(2) {
        if let [a, b] = pair {
            ctx.draw(&Line { x1: x(a.0), y1: 100.0 - a.1, x2: x(b.0), y2: 100.0 - b.1, color });
        }
    }
}

/// Dots of an ellipse: its edge, its inside, or none.
fn ellipse(spot: &Spot, filled: bool, edged: bool) -> Vec<(f64, f64)> {
    let (x, y) = (f64::from(spot.at.0), 100.0 - f64::from(spot.at.1));
    let (a, b) = (f64::from(spot.size.0) / 2.0, f64::from(spot.size.1) / 2.0);
    let mut dots = Vec::new();
    if edged || filled {
        let round = (0..120).map(|n| f64::from(n) * std::f64::consts::TAU / 120.0);
        dots.extend(round.map(|turn| (x + a * turn.cos(), y + b * turn.sin())));
    }
    if filled {
        // Every second dot: an even tone that lets the outline through.
        for n in 0..20 {
            for m in 0..20 {
                let (u, v) = (f64::from(n) / 10.0 - 0.95, f64::from(m) / 10.0 - 0.95);
                if u * u + v * v <= 1.0 && (n + m) % 2 == 0 {
                    dots.push((x + a * u, y + b * v));
                }
            }
        }
    }
    dots
}

/// Which spot of a picture of that size is at a cell: the smallest one, as an area may lie inside another.
#[must_use]
pub fn at<'a>(
    figure: Figure,
    areas: impl Iterator<Item = (usize, &'a [Spot])>,
    (columns, rows): (u16, u16),
    (column, row): (u16, u16),
) -> Option<usize> {
    // As the canvas places its labels.
    let share = |n: u16, of: u16| f64::from(n) * 100.0 / f64::from(of.max(2) - 1);
    let (x, y) = (share(column, columns), share(row, rows));
    let mut best: Option<(u32, usize)> = None;
    for (n, spots) in areas {
        for spot in spots.iter().filter(|spot| spot.on == figure) {
            let (u, v) = (x - f64::from(spot.at.0), y - f64::from(spot.at.1));
            // At least a cell wide: the smallest areas are smaller than what one can click on.
            let (a, b) = (f64::from(spot.size.0).max(6.0) / 2.0, f64::from(spot.size.1).max(6.0) / 2.0);
            let size = u32::from(spot.size.0) * u32::from(spot.size.1);
            if (u / a).powi(2) + (v / b).powi(2) <= 1.0 && best.is_none_or(|(least, _)| size < least) {
                best = Some((size, n));
            }
        }
    }
    best.map(|(_, n)| n)
}

/// Draws a picture at a place of the screen.
pub fn place(picture: &Buffer, area: Rect, buf: &mut Buffer) {
    for y in 0..picture.area.height.min(area.height) {
        for x in 0..picture.area.width.min(area.width) {
            if let (Some(cell), Some(to)) = (picture.cell((x, y)), buf.cell_mut((area.x + x, area.y + y))) {
                *to = cell.clone();
            }
        }
    }
}
