//! TOML text in; typed values with their places, and diagnostics, out.
//!
//! Packs, intake files and the configuration are all read through this room, so that a mistake in any of them is
//! reported the same way: file, line, column, the text, what was expected, and what to do.

mod amount;
mod diagnostic;
mod document;
mod fields;
mod suggest;

pub use amount::Amount;
pub use diagnostic::{Code, Diagnostic, Place, Report, SourceFile};
pub use document::{Document, parse};
pub use fields::{Cursor, Fields, MISSING_KEY, Problems, Scalar, WRONG_TYPE};
pub use suggest::did_you_mean;
