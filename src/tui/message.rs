//! What can happen to the program.

use std::sync::Arc;

use crossterm::event::KeyEvent;
use jiff::Timestamp;
use jiff::civil::Date;

use super::app::Loaded;
use super::history::AlikeLine;
use super::lists::{DraftLine, Found};
use super::thought::Thought;
use super::training::News;
use crate::follow_up::What;
use crate::record::{FreshCode, Person, Reading, RecordId, Standing, Stored, Verification};

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
        /// The column it was over.
        x: u16,
        /// The row it was over.
        y: u16,
    },
    /// The terminal has a new size.
    Resize(u16, u16),
    /// The text as it came back from the editor, or why it did not.
    Edited(Result<String, String>),
    /// Somebody looks at this window again.
    Looked,
    /// The day is (now) this one.
    Day(Date),
    /// The pack was read, or why it was not.
    Pack(Result<Arc<Loaded>, String>),
    /// The drafts on disk.
    Drafts(Result<Vec<DraftLine>, String>),
    /// The records that match what is searched for.
    Records(Result<Found, String>),
    /// A draft is on disk, at this time of day.
    DraftSaved {
        /// The draft.
        id: RecordId,
        /// Such as `14:03`.
        at: String,
    },
    /// A draft could not be written.
    DraftFailed {
        /// The draft.
        id: RecordId,
        /// Why.
        why: String,
    },
    /// A draft is ours to open; the drafts as they are now.
    Claimed(RecordId, Result<Vec<DraftLine>, String>),
    /// A draft is open in another program.
    Elsewhere(RecordId),
    /// A record was erased by another program.
    Erased(RecordId),
    /// A record is on disk, or why not.
    RecordSaved(RecordId, Result<(), String>),
    /// A record was read.
    RecordLoaded(Result<Box<Reading>, String>),
    /// A session or a reaction is on disk, or why not.
    FollowUpSaved(RecordId, Box<What>, Result<(), String>),
    /// How many other patients reacted to one of the lots; none when nobody can tell.
    LotsCounted(RecordId, Option<u32>),
    /// The consultations of a patient, looked up for this open consultation if for one.
    Patient(Person, Option<RecordId>, Result<Found, String>),
    /// The last consultation of a patient, for a new one of the same; into this open consultation if into one.
    Earlier(Option<RecordId>, Result<Box<Reading>, String>),
    /// Two records were read, to be compared.
    Pair(Result<Box<(Stored, Stored)>, String>),
    /// Patients on record who might be meant by what was typed in that consultation.
    Alike(RecordId, Vec<AlikeLine>),
    /// The store does not work, and why.
    NoStore(String),
    /// The store is open.
    Opened(Standing),
    /// It is locked.
    Locked,
    /// What was typed does not open it, and why.
    NotUnlocked(String),
    /// Where a file was written, or why not.
    Written(Result<String, String>),
    /// Everything is encrypted, or why not.
    Protected(Result<FreshCode, String>),
    /// What reading all records found.
    Verified(Result<Verification, String>),
    /// Something for the training was done.
    Practice(Box<News>),
    /// The program was put aside at that time, and goes on now.
    Slept(Timestamp),
    /// Nobody has touched a key for long.
    Idle,
    /// Nobody has touched a key for a moment.
    Pause,
    /// A second of a clock on the screen has gone by.
    Tick,
    /// What was worked out about a state of a consultation.
    Thought(RecordId, u64, Box<Thought>),
}
