//! An intake as the rules see it: positions instead of names, derived values added.
