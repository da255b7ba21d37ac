//! What can happen to the program.

use std::sync::Arc;

use crossterm::event::KeyEvent;
use jiff::civil::Date;

use super::app::Loaded;
use super::sheet::{Document, Draft};
use super::store::{DraftLine, RecordLine};

/// Something that happened: a key, a click, the result of an effect.
#[derive(Debug)]
pub enum Message {
    /// A key was pressed.
    Key(KeyEvent),
    /// Text was pasted.
    Paste(String),
    /// A click at column and row.
    Click(u16, u16),
    /// The wheel was turned, down or up.
    Wheel {
        /// Towards the end.
        down: bool,
    },
    /// The terminal has a new size.
    Resize(u16, u16),
    /// The day is (now) this one.
    Day(Date),
    /// The pack was read, or why it was not.
    Pack(Result<Arc<Loaded>, String>),
    /// Drafts and records for the first screen.
    Listed(Result<(Vec<DraftLine>, Vec<RecordLine>), String>),
    /// A draft is on disk, at this time of day.
    DraftSaved {
        /// The draft.
        id: String,
        /// Such as `14:03`.
        at: String,
    },
    /// A draft could not be written.
    DraftFailed {
        /// The draft.
        id: String,
        /// Why.
        why: String,
    },
    /// A draft was read.
    DraftLoaded(Result<Box<Draft>, String>),
    /// A record is on disk: its id.
    RecordSaved {
        /// The draft it came from.
        draft: String,
        /// The id of the record, or why it was not saved.
        result: Result<String, String>,
    },
    /// A record was read.
    RecordLoaded(Result<Box<Document>, String>),
}
