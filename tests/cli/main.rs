//! What a user of the command line sees: the real program, in a home that holds nothing.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod assess;
mod check;
mod configuration;
mod explain;
mod find;
mod follow_up;
mod formulary;
mod keys;
mod language;
mod moving;
mod paths;
mod program;
mod protection;
mod records;
mod returning;
mod shell;
mod train;
mod train_modes;
mod usage;
