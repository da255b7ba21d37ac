//! What the configuration says to the screen.

use super::theme::ThemeName;
use crate::config::OpenDays;

/// Presets of the practice; everything may be empty.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Settings {
    /// The practitioner's name.
    pub practitioner: String,
    /// The practitioner's role: an option of `setting.operator`.
    pub role: String,
    /// The licence number.
    pub licence: String,
    /// Where sessions take place: an option of `setting.premises`.
    pub premises: String,
    /// Whose law applies: an option of `jurisdiction`.
    pub jurisdiction: String,
    /// The colours.
    pub theme: ThemeName,
    /// The days on which the clinic treats.
    pub open: OpenDays,
    /// Whether clicks and the wheel are listened to.
    pub mouse: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            practitioner: String::new(),
            role: String::new(),
            licence: String::new(),
            premises: String::new(),
            jurisdiction: String::new(),
            theme: ThemeName::Dark,
            open: OpenDays::default(),
            mouse: true,
        }
    }
}
