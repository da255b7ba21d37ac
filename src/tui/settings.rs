//! What the configuration says to the screen.

use std::path::PathBuf;

use super::keymap::KeyMap;
use super::kind::Kind;
use super::sheet::{Sheet, Signer};
use super::theme::{ThemeName, Themes};
use crate::config::OpenDays;
use crate::intake::Answer;
use crate::pack::{Pack, QuestionKind};
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
    /// The themes there are.
    pub themes: Themes,
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
    /// The folder for files that somebody asks for.
    pub outbox: Option<PathBuf>,
    /// Whether text may be sent to the clipboard of the terminal.
    pub clipboard: bool,
    /// What the terminal can do.
    pub kind: Kind,
    /// Which key runs which command.
    pub keys: KeyMap,
    /// Whether somebody trains.
    pub training: Training,
}

/// Whether somebody trains: then no records are opened.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Training {
    /// A consultation.
    #[default]
    No,
    /// From the first screen, and back to it.
    Visit,
    /// `pistor train`.
    Only,
}

impl Settings {
    /// Who acts, for the audit trail.
    #[must_use]
    pub fn actor(&self) -> String {
        if self.practitioner.trim().is_empty() { "screen".to_owned() } else { self.practitioner.clone() }
    }

    /// Fills in what the configuration says, where the pack knows it.
    pub fn preset(&self, pack: &Pack, sheet: &mut Sheet) {
        let presets = [
            ("jurisdiction", &self.jurisdiction),
            ("setting.operator", &self.role),
            ("setting.premises", &self.premises),
        ];
        for (id, value) in presets {
            let Some(QuestionKind::Choice(options)) = pack.questions.get(id).map(|question| &question.kind) else {
                continue;
            };
            if options.iter().any(|option| option.id == *value) {
                sheet.intake.set(id, Answer::Choice(value.clone()));
            }
        }
        sheet.signer =
            Signer { name: self.practitioner.clone(), role: self.role.clone(), licence: self.licence.clone() };
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
            themes: Themes::default(),
            open: OpenDays::default(),
            mouse: true,
            locked: false,
            lock_after: 0,
            resume: None,
            outbox: None,
            clipboard: true,
            kind: Kind::default(),
            keys: KeyMap::default(),
            training: Training::No,
        }
    }
}
