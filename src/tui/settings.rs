//! What the configuration says to the screen.

use super::theme::ThemeName;
use crate::config::OpenDays;
use crate::record::RecordId;

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
    /// The records were locked when they were seen last: the passphrase is asked for before anything else is drawn.
    pub locked: bool,
    /// Minutes without a key after which protected records are locked; 0 is never.
    pub lock_after: u32,
    /// The draft that was open when the program locked itself.
    pub resume: Option<RecordId>,
}

impl Settings {
    /// Who acts, for the audit trail.
    #[must_use]
    pub fn actor(&self) -> String {
        if self.practitioner.trim().is_empty() { "screen".to_owned() } else { self.practitioner.clone() }
    }
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
            locked: false,
            lock_after: 0,
            resume: None,
        }
    }
}
