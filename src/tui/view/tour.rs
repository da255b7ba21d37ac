//! The guided tour: the screen with the invented patient, and the card below it.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Modifier;

use crate::tui::app::App;
use crate::tui::text;
use crate::tui::tour::Tour;

/// Draws the screen and the card.
pub fn draw(app: &App, tour: &Tour, area: Rect, buf: &mut Buffer) -> Option<Position> {
    let (width, height) = tour.stage_size((area.width, area.height));
    let stage = Rect { width, height, ..area };
    let mut inner = Buffer::empty(Rect { x: 0, y: 0, width, height });
    let cursor = super::draw(&tour.stage, inner.area, &mut inner);
    for y in 0..height {
        for x in 0..width {
            buf[(stage.x + x, stage.y + y)] = inner[(x, y)].clone();
        }
    }
    let tall = tour.card(area.width).min(area.height);
    let card = Rect { y: area.bottom() - tall, height: tall, ..area };
    paint(app, tour, card, buf);
    cursor.filter(|at| at.y < card.y)
}

fn paint(app: &App, tour: &Tour, area: Rect, buf: &mut Buffer) {
    let theme = &app.theme;
    let Some(stop) = tour.stops.get(tour.at) else { return };
    for y in area.top()..area.bottom() {
        // What is below must not shine through: neither its letters nor its styles.
        for x in area.left()..area.right() {
            buf[(x, y)].reset();
        }
    }
    let band = theme.accent.add_modifier(Modifier::REVERSED);
    let room = usize::from(area.width);
    let keys = &app.settings.keys;
    let last = tour.at + 1 == tour.stops.len();
    let back = if tour.at > 0 { format!("{} back  ", keys.say("tour.back")) } else { String::new() };
    let on = if last { "Enter ends ".to_owned() } else { format!("Enter next  {back}Esc ends ") };
    let left = room.saturating_sub(text::width(&on));
    let short = format!(" TOUR {}/{} · invented patient", tour.at + 1, tour.stops.len());
    let long = format!("{short}, nothing is saved");
    let what = if text::width(&long) <= left { long } else { short };
    buf.set_stringn(area.x, area.y, text::pad(&what, left), left, band);
    buf.set_stringn(area.x + left as u16, area.y, &on, room.saturating_sub(left), band);
    let lines = stop.lines(area.width);
    for (n, line) in lines.iter().take(usize::from(area.height).saturating_sub(1)).enumerate() {
        let y = area.y + 1 + n as u16;
        buf.set_stringn(area.x + 1, y, line, room.saturating_sub(1), theme.text);
        if n == 0 {
            let title = text::width(&stop.title).min(room.saturating_sub(1));
            buf.set_stringn(area.x + 1, y, &stop.title, title, theme.heading);
        }
    }
}
