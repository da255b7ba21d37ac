//! The consultation document, the store, drafts, the audit trail.
//!
//! - [`Document`] is a finished consultation as it is saved: TOML text that explains itself, never rewritten.
//! - [`Card`] is what lists show of it; [`Draft`] is a consultation that is not finished.
//! - [`Store`] is the seam: what the program needs of storage, in its own terms. [`SqliteStore`] keeps it in one
//!   file, [`MemoryStore`] for tests of the screens. No SQL and no database type is known outside `sqlite`.
//! - [`Worker`] owns a store on its own thread, so that the screen never waits for the disk.
//!
//! The store is **not encrypted yet**: file permissions keep other users out, checksums find damage. Every row goes
//! through `seal`, where encryption will take the place of the checksum.

mod card;
mod chain;
mod document;
mod draft;
mod error;
mod id;
mod intake;
mod memory;
mod seal;
mod sqlite;
mod store;
mod worker;

pub use card::{Card, Listing, Query};
pub use document::{
    ConsentTick, Decisions, Document, DocumentError, Overridden, Patient, Practitioner, SCHEMA, Schema, Signing,
};
pub use draft::{Draft, Drafts, Typing, Unreadable};
pub use error::StoreError;
pub use id::{BadId, RecordId};
pub use intake::IntakeTable;
pub use memory::MemoryStore;
pub use sqlite::SqliteStore;
pub use store::{Action, AuditEntry, Event, Saved, Store, Stored, Verification};
pub use worker::{Job, Reply, Ticket, Worker};

#[cfg(test)]
mod tests;
