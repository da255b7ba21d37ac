//! The codes of mistakes in packs; `docs/diagnostics.md` explains each.

use crate::source::Code;

/// A table of a kind that packs do not have.
pub const UNKNOWN_TABLE: Code = Code("P0001");
/// No readable `[pack]` header.
pub const NO_HEADER: Code = Code("P0002");
/// A pack needs a newer program.
pub const LANGUAGE: Code = Code("P0003");
/// An id that does not exist.
pub const UNKNOWN_ID: Code = Code("P0101");
/// An id used twice.
pub const DUPLICATE_ID: Code = Code("P0102");
/// An id that is not lower-case words joined by hyphens.
pub const BAD_ID: Code = Code("P0103");
/// A chain of parents or definitions that returns to itself.
pub const CYCLE: Code = Code("P0104");
/// A question the engine needs is not in the pack.
pub const NO_QUESTION: Code = Code("P0105");
/// A condition that cannot be understood.
pub const BAD_CONDITION: Code = Code("P0201");
/// A rule that lacks what its verdict needs.
pub const RULE_SHAPE: Code = Code("P0202");
/// A deferral whose `when` and `until` disagree.
pub const DEFER_MISMATCH: Code = Code("P0203");
/// An absolute rule that names reasons to override it.
pub const ABSOLUTE_OVERRIDE: Code = Code("P0204");
/// A tightening that is not stricter than the layer below.
pub const NOT_STRICTER: Code = Code("P0301");
/// An override that no layer may make.
pub const OVERRIDE_REFUSED: Code = Code("P0302");
/// Two layers, or two tables of one layer, that contradict each other.
pub const LAYERS_DISAGREE: Code = Code("P0303");
/// Something that is not of a lower layer.
pub const NOT_BELOW: Code = Code("P0304");
/// A longer wait in the words of the shorter one.
pub const OLD_WORDS: Code = Code("P0305");
/// A fact that says "source" and cites none, or cites one and says otherwise.
pub const NO_SOURCE: Code = Code("P0401");
/// No state of review, or one that contradicts itself.
pub const NO_REVIEW: Code = Code("P0402");
/// A recipe or limit that cannot work.
pub const RECIPE_SHAPE: Code = Code("P0501");
/// A wording that words nothing, or not what is there.
pub const WORDING: Code = Code("P0801");
/// A scale that cannot work.
pub const SCALE_SHAPE: Code = Code("P0601");
/// A red flag, or what it rests on, that cannot work.
pub const FLAG_SHAPE: Code = Code("P0901");
