//! What the program asks the outside world to do.

use std::path::PathBuf;

use super::sheet::{Draft, Signed};
use super::thought::Task;
use super::training::Chore;
use crate::follow_up::What;
use crate::record::{self, Person, Query, RecordId, Secret};

/// Something to do outside; the runtime does it and reports by a message.
#[derive(Clone, PartialEq, Debug)]
pub enum Effect {
    /// Write a draft.
    SaveDraft(Box<Draft>),
    /// Write the draft of a session or a reaction.
    KeepForm(Box<record::Draft>),
    /// Take a draft for this program, and read it as it is now.
    Claim(RecordId),
    /// Let other programs know that a draft is open here.
    Hold(RecordId),
    /// Remove a draft.
    DeleteDraft(RecordId),
    /// List the drafts.
    ListDrafts,
    /// List the records that match.
    ListRecords(Query),
    /// List the consultations of a patient, for this open consultation if for one.
    ListPatient(Person, Option<RecordId>),
    /// Look for patients on record who might be meant by what was typed in that consultation.
    FindAlike(RecordId, Person),
    /// Read the last consultation of the patient of a record, for a new one of the same; whoever reads it is noted.
    LoadLast {
        /// A record of the patient.
        record: RecordId,
        /// The open consultation that takes the answers over; else a new one does.
        into: Option<RecordId>,
        /// Who reads it.
        reader: String,
    },
    /// Read two records, to compare them; whoever reads them is noted.
    LoadPair(RecordId, RecordId, String),
    /// Save a signed consultation and remove its draft.
    SaveRecord(Box<Signed>),
    /// Read a record in this version, or the newest; whoever reads it is noted.
    LoadRecord(RecordId, Option<u32>, String),
    /// Ask whether a record is still there: another program may have erased it.
    StillThere(RecordId),
    /// Add a session or a reaction to a record and remove the draft it was typed in; who writes it down.
    SaveFollowUp {
        /// The record.
        record: RecordId,
        /// What happened.
        what: Box<What>,
        /// The draft.
        draft: RecordId,
        /// Who.
        actor: String,
    },
    /// Count the other patients who reacted to one of these lots.
    CountLots(RecordId, Vec<String>),
    /// Try a passphrase or a recovery code.
    Unlock(Secret),
    /// Encrypt the records under a passphrase; who wants it.
    Protect(Secret, String),
    /// Note that nobody wants a passphrase; who says so.
    Decline(String),
    /// Read all records and check them.
    Verify,
    /// Work something out beside the screen; what is still being worked out is given up.
    Think(Box<Task>),
    /// Forget everything and ask for the passphrase; then go on with this draft.
    Lock(Option<RecordId>),
    /// Let a text be typed in an editor.
    Edit(String),
    /// Write what a patient takes home to a new file; who wants it is noted.
    WriteLeaflet {
        /// The record.
        record: RecordId,
        /// Its version.
        version: u32,
        /// The folder.
        folder: PathBuf,
        /// The name of the file.
        name: String,
        /// The text.
        text: String,
        /// Who.
        actor: String,
    },
    /// Send a text to the clipboard of the terminal.
    Copy(String),
    /// Something for the training.
    Practice(Box<Chore>),
    /// Close the records and go to the training.
    Training,
    /// Leave the training and open the records.
    Consultation,
    /// Stop like any other program, until the shell wakes it up.
    Suspend,
    /// Draw everything anew.
    Redraw,
    /// Listen to the mouse, or leave it to the terminal.
    Mouse(bool),
    /// Write what is open and end.
    Quit,
}
