//! pistor: a terminal assistant for the first consultation in mesotherapy.
//!
//! The rooms, lowest first; a room may only use rooms above it in this list:
//!
//! - [`source`]: TOML text in; typed values with their places, and diagnostics, out.
//! - [`codes`]: what every code of a diagnostic means, with examples.
//! - [`pack`]: the clinical content, checked and typed; layers.
//! - [`find`]: type-to-find over the vocabularies.
//! - [`intake`]: answers, derived facts, what is still missing.
//! - [`rules`]: evaluation of conditions; the trace (why, why not).
//! - [`plan`]: the assessment: verdict, cocktail, doses, sessions, alternatives.
//! - [`follow_up`]: performed sessions and reactions; red flags and what they ask for at once.
//! - [`proof`]: what holds for all possible intakes, with proofs and counterexamples.
//! - [`lint`]: what is no mistake in a pack and yet wants a look.
//! - [`training`]: cases, the blind flow, marking, what to practise next, what an instructor sees.
//! - [`record`]: the consultation document, the store, drafts, audit trail.
//! - [`config`]: the configuration file and the places on disk.
//! - [`tui`] and [`cli`]: the two ways in; `pistor` alone opens the screen. [`cli`] also holds the consultation line by line, on
//!   the sheet, the drafts and the records of [`tui`].
//!
//! Everything from [`lint`] down is pure: no clock, no terminal, no files. Files are read by [`config`] and kept by
//! [`record`]; [`training`] stands below [`record`] and cannot see it: practice and real consultations never mix.
//!
//! Rooms to come: documents for export.

#![forbid(unsafe_code)]

pub mod cli;
pub mod codes;
pub mod config;
pub mod find;
pub mod follow_up;
pub mod intake;
pub mod lint;
pub mod pack;
pub mod plan;
pub mod proof;
pub mod record;
pub mod rules;
pub mod source;
pub mod training;
pub mod tui;
