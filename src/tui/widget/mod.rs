//! Pieces that screens are drawn from.

pub mod figure;
pub mod gauge;
pub mod popup;
pub mod rows;
pub mod swatch;
pub mod timeline;
