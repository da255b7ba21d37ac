//! The consultation document, the store, drafts, the audit trail.
//!
//! - [`Document`] is a finished consultation as it is saved: TOML text that explains itself, never rewritten.
//! - [`Card`] is what lists show of it; [`Draft`] is a consultation that is not finished.
//! - [`Store`] is the seam: what the program needs of storage, in its own terms. [`SqliteStore`] keeps it in one
//!   file, [`MemoryStore`] for tests of the screens. No SQL and no database type is known outside `sqlite`.
//! - [`Worker`] owns a store on its own thread, so that the screen never waits for the disk.
//!
//! Every row goes through `seal`: encrypted where the clinic has set a passphrase (`key`), behind a checksum where it
//! declined. `witness` notes the head of the audit trail outside the store, so that an old store put back is noticed.

mod card;
mod carried;
mod chain;
mod check;
mod course;
mod difference;
mod document;
mod draft;
mod error;
mod hold;
mod id;
mod intake;
mod key;
mod memory;
mod person;
#[cfg(all(unix, any(test, feature = "postgres")))]
mod postgres;
mod rows;
mod seal;
mod shelf;
mod sqlite;
mod store;
mod witness;
mod worker;

pub use card::{Also, Card, CardLot, CardReaction, Listing, Query, Sort, terms};
pub use carried::{CarriedOver, Confirmed, LeftOut};
pub use course::{follow_up, others_with, sign};
pub use difference::{Difference, compare, differences};
pub use document::{
    Amendment, ConsentTick, Decisions, Document, DocumentError, Overridden, Patient, Practitioner, SCHEMA, Schema,
    Signing,
};
pub use draft::{Amending, Draft, Drafts, Entered, FollowUpKind, Following, Typing, Unreadable};
pub use error::StoreError;
pub use hold::{Held, Hold};
pub use id::{BadId, RecordId};
pub use intake::IntakeTable;
pub use key::{FreshCode, RecoveryCode, Secret};
pub use memory::MemoryStore;
pub use person::{Likeness, Person};
#[cfg(all(unix, any(test, feature = "postgres")))]
pub use postgres::{PostgresStore, Room};
pub use shelf::Alike;
pub use sqlite::{Backup, Exported, Import, Restored, Site, SqliteStore, Tombstone};
pub use store::{Action, AuditEntry, Event, Protection, Saved, Standing, Store, Stored, Verification};
pub use worker::{Job, Reading, Reply, Ticket, Worker};

#[cfg(test)]
pub(crate) mod tests;
