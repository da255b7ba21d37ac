//! The clock of what is timed: an exam, a session of short cards. While one of them is on the screen and its time runs, each
//! second is shown without a key; nowhere else anything is drawn while nothing happens.

use super::{sitting, training};
use crate::training::Begun;
use crate::tui::app::{App, Screen};
use crate::tui::effect::Effect;
use crate::tui::training::{Card, On, Short};

/// Whether a clock is on the screen that runs.
#[must_use]
pub fn runs(app: &App) -> bool {
    let Screen::Training(view) = &app.screen else { return false };
    let left = match &view.on {
        On::Sitting(attempt) if !attempt.brief => attempt.begun.seconds_left(attempt.gone),
        On::Short(short) if !matches!(short.shown, Card::Over) => Some(short.left),
        _ => None,
    };
    left.is_some_and(|left| left > 0)
}

/// A second has gone by. When it was the last one, that is said.
pub fn tick(app: &mut App) -> Vec<Effect> {
    if !runs(app) {
        return Vec::new();
    }
    let (_, now) = (app.birth)();
    if let Some(attempt) = sitting(app) {
        // Only what is shown: that somebody was here is known by keys.
        attempt.gone = attempt.seconds(now);
        let interview = matches!(attempt.begun, Begun::Interview(_));
        if attempt.begun.seconds_left(attempt.gone) == Some(0) {
            app.refuse(match interview {
                true => "The time of this exam is over: nothing more is asked. Commit what is known now.",
                false => "The time of this exam is over. Commit and seal: how late it was will stand with the marks.",
            });
        }
    } else if let Some(On::Short(short)) = training(app).map(|view| &mut view.on)
        && over(short, now)
    {
        let last = matches!(short.shown, Card::Asked(_) | Card::Coming);
        app.tell(if last { "The time is over: this is the last card." } else { "The time is over." });
    }
    Vec::new()
}

/// Takes the time; whether it is over now.
fn over(short: &mut Short, now: jiff::Timestamp) -> bool {
    short.left = short.session.left(short.seconds(now));
    short.left == 0
}
