//! The record room as its users see it: documents, every store by the same tests, the worker, crashes.

pub(in crate::record) mod contract;
mod crash;
mod documents;
pub(in crate::record) mod sample;
mod worker;
