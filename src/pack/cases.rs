//! The cases a pack carries: given an intake, expect a verdict.
