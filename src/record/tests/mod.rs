//! The record room as its users see it: documents, every store by the same tests, the worker, crashes.

mod contract;
mod course;
mod crash;
mod documents;
pub(in crate::record) mod sample;
mod worker;
