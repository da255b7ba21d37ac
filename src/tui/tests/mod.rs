//! Whole screens without a terminal: keys in, pictures and effects out.

mod amend;
mod cause;
mod flow;
mod follow_up;
mod formulary;
mod harness;
mod hostile;
mod kept;
mod layers;
mod lock;
mod map;
mod mix;
mod outside;
mod pictures;
mod plain_case;
mod readme;
mod returning;
mod robust;
mod scale;
mod seats;
mod short_cards;
mod svg;
mod thought;
mod tour;
mod training;
mod undo;
