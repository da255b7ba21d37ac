//! The windows over a screen.

use std::collections::BTreeSet;

use tui_input::Input;

use super::finder::Shelf;
use super::follow_up::Told;
use super::lock::Protecting;
use super::training::{Pick, Reading};
use crate::find::Hit;
use crate::pack::{Ix, QuestionIx, Scale};
use crate::record::{LeftOut, RecordId};

/// A window over the screen.
#[derive(Clone, Debug)]
pub enum Popup {
    /// Type to find.
    Picker(Picker),
    /// The areas of a goal.
    Areas(Areas),
    /// The questions of a scored scale.
    Scale(ScaleForm),
    /// Why.
    Explain {
        /// About what.
        subject: Subject,
        /// The row at the top.
        top: usize,
    },
    /// The reason of an override.
    Override {
        /// The rule.
        rule: String,
        /// The reason the cursor is on; the last one is "another".
        chosen: usize,
        /// A reason in one's own words.
        line: Option<Input>,
        /// The row at the top.
        top: usize,
    },
    /// The keys of this screen.
    Help {
        /// The row at the top.
        top: usize,
    },
    /// Every command.
    Palette {
        /// What was typed.
        query: Input,
        /// The command the cursor is on.
        chosen: usize,
        /// The row at the top.
        top: usize,
    },
    /// What to do, after a session or a reaction was saved.
    Told {
        /// What is said.
        told: Box<Told>,
        /// The row at the top.
        top: usize,
    },
    /// A mix of one's own.
    Mix(MixForm),
    /// Patients on record who might be meant.
    Alike {
        /// The one the cursor is on.
        chosen: usize,
        /// The row at the top.
        top: usize,
    },
    /// Are you sure?
    Confirm(Confirm),
    /// Setting a passphrase.
    Protect(Box<Protecting>),
    /// Something is found, in the training.
    Pick(Box<Pick>),
    /// Something is read, in the training.
    Read {
        /// What.
        about: Reading,
        /// The row at the top.
        top: usize,
    },
}

/// A question with a key of its own, different from the one that led to it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Confirm {
    /// Remove a draft.
    DeleteDraft {
        /// Which.
        id: RecordId,
        /// Whose.
        patient: String,
    },
    /// Open a draft that another program has open.
    TakeOver {
        /// Which.
        id: RecordId,
        /// Whose.
        patient: String,
    },
    /// Sign, and save for good.
    Sign,
    /// Answer "none" although something is on record.
    NoneOf(LeftOut),
    /// End although a draft could not be written.
    QuitUnsaved(String),
}

/// Type to find, and add.
#[derive(Clone, Debug)]
pub struct Picker {
    /// The question it fills.
    pub question: QuestionIx,
    /// Where it looks.
    pub shelf: Shelf,
    /// What was typed.
    pub query: Input,
    /// What was found.
    pub hits: Vec<Hit>,
    /// The hit the cursor is on; after the hits comes "keep as free text".
    pub chosen: Option<usize>,
    /// What was added since it opened.
    pub added: Vec<String>,
    /// Esc was pressed with something typed: the next one leaves it out.
    pub leaving: bool,
    /// First entry added since it opened.
    pub first_added: Option<usize>,
    /// The row at the top.
    pub top: usize,
}

/// The areas of a goal, several may be ticked.
#[derive(Clone, Debug)]
pub struct Areas {
    /// The entry of the goals question.
    pub entry: usize,
    /// The goal.
    pub goal: String,
    /// The areas offered, by id, with how deep they lie inside others.
    pub offered: Vec<(String, usize)>,
    /// The ticked ones.
    pub ticked: BTreeSet<String>,
    /// The area the cursor is on.
    pub chosen: usize,
    /// The row at the top.
    pub top: usize,
}

/// A scored scale being filled in; its answers are in the sheet.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ScaleForm {
    /// Which.
    pub scale: Ix<Scale>,
    /// The question the cursor is on; after the last one come the end and what the scale rests on.
    pub chosen: usize,
    /// The row at the top.
    pub top: usize,
}

/// The mix of a goal in an area being changed. What it holds is in the plan: every change is vetted before it is taken.
#[derive(Clone, Debug)]
pub struct MixForm {
    /// The goal.
    pub goal: String,
    /// The area.
    pub area: String,
    /// The row the cursor is on: the ingredients, the points, "add".
    pub chosen: usize,
    /// A volume being typed.
    pub line: Option<Input>,
    /// An ingredient being looked for.
    pub finding: Option<MixFinding>,
    /// Why the last change was not taken, or not in full.
    pub why: Option<String>,
    /// The row at the top.
    pub top: usize,
}

/// An ingredient being looked for.
#[derive(Clone, Debug, Default)]
pub struct MixFinding {
    /// Instead of which ingredient; `None` to add one.
    pub instead: Option<usize>,
    /// What was typed.
    pub query: Input,
    /// The one the cursor is on.
    pub chosen: usize,
}

/// What an explanation is about. Positions refer to the assessment shown.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Subject {
    /// The verdict as a whole.
    Verdict,
    /// A rule that fired, by position in the findings.
    Finding(usize),
    /// An open question.
    Missing(usize),
    /// Something excluded.
    Excluded(usize),
    /// A requested ingredient.
    Requested(usize),
    /// A cocktail.
    Cocktail(usize),
    /// An ingredient of a cocktail.
    Dose(usize, usize),
    /// An alternative of a cocktail.
    Alternative(usize, usize),
    /// A goal without a cocktail.
    Without(usize),
    /// A limit over the session.
    Limit(usize),
    /// What the law takes out here for every patient.
    Law,
}
