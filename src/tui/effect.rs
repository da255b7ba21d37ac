//! What the program asks the outside world to do.

use super::sheet::{Document, Draft};

/// Something to do outside; the runtime does it and reports by a message.
#[derive(Clone, PartialEq, Debug)]
pub enum Effect {
    /// Write a draft.
    SaveDraft(Box<Draft>),
    /// Read a draft.
    LoadDraft(String),
    /// Remove a draft.
    DeleteDraft(String),
    /// List drafts, and records that match the words.
    List(String),
    /// Save a signed consultation and remove its draft.
    SaveRecord(Box<Document>),
    /// Read a record.
    LoadRecord(String),
    /// Stop like any other program, until the shell wakes it up.
    Suspend,
    /// Draw everything anew.
    Redraw,
    /// Listen to the mouse, or leave it to the terminal.
    Mouse(bool),
    /// Write what is open and end.
    Quit,
}
