//! Whole screens without a terminal: keys in, pictures and effects out.

mod flow;
mod formulary;
mod harness;
mod kept;
mod layers;
mod pictures;
mod plain_case;
mod robust;
mod scale;
