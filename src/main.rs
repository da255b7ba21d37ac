//! The `pistor` program.

fn main() {}
