//! Where the conversation of an attempt stands: beside the stage, or below it.

use ratatui::layout::Rect;

use super::super::layout;
use super::talk_rows;
use crate::tui::app::{App, Screen};
use crate::tui::training::{On, Sitting};

/// Whether an attempt is on the screen, and in it questions are asked.
pub fn talks(app: &App) -> Option<bool> {
    match &app.screen {
        Screen::Training(view) => match &view.on {
            On::Sitting(sitting) if !sitting.brief => Some(sitting.interviews()),
            _ => None,
        },
        _ => None,
    }
}

/// Where the conversation of an attempt is shown, without the rule above it.
#[must_use]
pub fn talk_area(app: &App) -> Option<Rect> {
    let layout = layout(app)?;
    talks(app)?;
    let below = layout.under.map(|area| Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area });
    below.or(layout.panel)
}

/// How many lines the conversation has at that width.
#[must_use]
pub fn talk_length(app: &App, width: u16) -> usize {
    sitting(app).map_or(0, |sitting| talk_rows(app, sitting, width).len())
}

/// The attempt on the screen.
pub fn sitting(app: &App) -> Option<&Sitting> {
    match &app.screen {
        Screen::Training(view) => match &view.on {
            On::Sitting(sitting) => Some(sitting),
            _ => None,
        },
        _ => None,
    }
}
