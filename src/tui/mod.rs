//! The screen: a consultation in eight steps, drafts, records; training.
//!
//! [`App`](app::App) is everything that can be seen; [`update()`] takes one [`Message`](message::Message) into it and
//! says which [`Effect`](effect::Effect)s follow; [`view()`](view::view) draws it. All three are pure. [`run`] is the
//! small part that touches the terminal, the clock and the disk.

pub mod action;
pub mod against;
pub mod app;
pub mod begun;
pub mod carried;
pub mod charset;
mod clerk;
mod clipboard;
pub mod context;
mod desk;
mod editor;
pub mod effect;
pub mod engine;
pub mod finder;
pub mod follow_up;
pub mod form;
mod gate;
mod guard;
pub mod history;
pub mod keymap;
pub mod keys;
pub mod kind;
pub mod leaflet;
pub mod lists;
pub mod lock;
pub mod message;
pub mod mixer;
pub mod news;
pub mod paper;
pub mod popups;
mod runtime;
pub mod settings;
pub mod sheet;
mod signals;
pub mod signing;
pub mod signs;
pub mod text;
pub mod theme;
pub mod thought;
pub mod tour;
pub mod training;
pub mod update;
pub mod view;
pub mod weighed;
pub mod widget;

pub use runtime::{Ended, Kept, OpenStore, Setup, run};
pub use settings::Settings;
pub use update::update;

#[cfg(test)]
mod tests;
