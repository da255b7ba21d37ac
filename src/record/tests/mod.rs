//! The record room as its users see it: documents, every store by the same tests, the worker, crashes, power
//! cuts.

pub(in crate::record) mod contract;
mod course;
mod crash;
mod documents;
#[cfg(target_os = "linux")]
mod power;
pub(crate) mod sample;
#[cfg(unix)]
pub(in crate::record) mod tools;
mod worker;
