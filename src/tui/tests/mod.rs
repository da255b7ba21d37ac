//! Whole screens without a terminal: keys in, pictures and effects out.

mod harness;
mod plain_case;
