//! The entry of one ingredient, as it is shown and as programs read it.

use serde::Serialize;

use crate::pack::{Basis, Design, Grade, ReviewState, TrialResult, Verdict};

/// Something of the pack with its name.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Named {
    /// The id.
    pub id: String,
    /// For people.
    pub label: String,
}

/// What is known of an ingredient for one goal.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct KnownFor {
    /// The goal.
    pub goal: String,
    /// For people.
    pub goal_label: String,
    /// The grade.
    pub grade: Grade,
    /// What was found.
    pub note: String,
    /// On what that rests.
    pub basis: Basis,
    /// By whom.
    pub sources: Vec<String>,
}

/// A study.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Study {
    /// The id.
    pub id: String,
    /// Authors and year.
    pub title: String,
    /// When.
    pub year: Option<i32>,
    /// How many people.
    pub n: Option<i32>,
    /// Who they were.
    pub population: String,
    /// What was injected.
    pub product: String,
    /// The goals it tells about.
    pub goals: Vec<String>,
    /// How it was done.
    pub design: Design,
    /// Against what.
    pub comparator: String,
    /// What came out.
    pub outcome: String,
    /// The same in one word.
    pub result: TrialResult,
    /// What keeps one from trusting it.
    pub weakness: String,
    /// It is about injections whatever they hold.
    pub of_every_injection: bool,
    /// Citations.
    pub sources: Vec<String>,
    /// What it rests on.
    pub basis: Basis,
    /// The grade.
    pub evidence: Grade,
    /// Who has looked at it, and when somebody has to look again.
    pub review: ReviewState,
}

impl Study {
    /// Design, people and comparator in one line.
    #[must_use]
    pub fn how(&self) -> String {
        let mut parts = vec![self.design.label().to_owned()];
        parts.extend(self.n.map(|n| format!("n = {n}")));
        parts.push(self.population.clone());
        if !self.comparator.is_empty() {
            parts.push(format!("compared with {}", self.comparator));
        }
        parts.join("; ")
    }
}

/// A limit.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Bound {
    /// The id.
    pub id: String,
    /// In words, with the note.
    pub text: String,
    /// Where it holds; empty: everywhere.
    pub jurisdictions: Vec<String>,
    /// Citations.
    pub sources: Vec<String>,
    /// What it rests on.
    pub basis: Basis,
    /// The grade.
    pub evidence: Grade,
    /// Who has looked at it, and when somebody has to look again.
    pub review: ReviewState,
}

/// A rule about one syringe.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Apart {
    /// The id of the mixing rule.
    pub id: String,
    /// What it must not, or should not, share a syringe with.
    pub with: Vec<Named>,
    /// With nothing at all.
    pub with_everything: bool,
    /// Why.
    pub why: String,
    /// Citations.
    pub sources: Vec<String>,
    /// What it rests on.
    pub basis: Basis,
    /// The grade.
    pub evidence: Grade,
    /// Who has looked at it, and when somebody has to look again.
    pub review: ReviewState,
}

/// What may share a syringe with it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Mixes {
    /// Never.
    pub blocked: Vec<Apart>,
    /// With care.
    pub warned: Vec<Apart>,
    /// Shown to go together.
    pub compatible: Vec<Apart>,
    /// What is to be thought of everything else.
    pub rest: String,
}

/// A rule that takes it out, or that reads whether somebody asks for it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Touches {
    /// The id.
    pub rule: String,
    /// For people.
    pub title: String,
    /// The verdict for the treatment.
    pub verdict: Verdict,
    /// It takes the ingredient out; otherwise it asks something about it.
    pub excludes: bool,
    /// When it fires.
    pub when: String,
    /// Cannot be overridden.
    pub absolute: bool,
}

/// The legal status somewhere.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct StatusIn {
    /// Where.
    pub jurisdiction: String,
    /// For people.
    pub label: String,
    /// What it is there; none: the pack does not say.
    pub status: Option<&'static str>,
    /// May not be injected there.
    pub excluded: bool,
    /// This is where we are.
    pub here: bool,
}

/// The entry of one ingredient.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Formulary {
    /// The id.
    pub id: String,
    /// For people.
    pub label: String,
    /// Other names.
    pub synonyms: Vec<String>,
    /// The classes it belongs to.
    pub classes: Vec<Named>,
    /// Whether recipes may propose it.
    pub offered: bool,
    /// The recipes that may hold it.
    pub recipes: Vec<Named>,
    /// What it is for.
    pub purpose: String,
    /// Usual concentration.
    pub concentration: String,
    /// The strongest a recipe may use, in mg/mL.
    pub mg_per_ml_max: Option<f64>,
    /// Depth in mm, from and to.
    pub depth_mm: Option<[f64; 2]>,
    /// Route.
    pub route: String,
    /// The ingredients that a ready-made product is made of.
    pub components: Vec<Named>,
    /// Allergens and excipients in it.
    pub contains: Vec<Named>,
    /// What to know.
    pub caution: String,
    /// Evidence by goal.
    pub evidence: Vec<KnownFor>,
    /// Studies, the strongest design first, then the newest; benefit or not makes no difference.
    pub trials: Vec<Study>,
    /// Limits.
    pub limits: Vec<Bound>,
    /// One syringe.
    pub mixing: Mixes,
    /// Rules about it.
    pub rules: Vec<Touches>,
    /// Legal status by jurisdiction.
    pub status: Vec<StatusIn>,
    /// Why it has that status.
    pub status_note: String,
    /// Who says so.
    pub status_sources: Vec<String>,
    /// Citations of the entry.
    pub sources: Vec<String>,
    /// What it rests on.
    pub basis: Basis,
    /// Who has looked at it, and when somebody has to look again.
    pub review: ReviewState,
}

impl Formulary {
    /// How the studies of this ingredient came out, counted: what found nothing is seen before one reads on.
    #[must_use]
    pub fn tally(&self) -> String {
        let counted = TrialResult::ALL.into_iter().filter_map(|result| {
            let own = self.trials.iter().filter(|trial| !trial.of_every_injection);
            let n = own.filter(|trial| trial.result == result).count();
            (n > 0).then(|| format!("{n} {}", result.word()))
        });
        counted.collect::<Vec<_>>().join(", ")
    }

    /// Its status where we are.
    #[must_use]
    pub fn here(&self) -> Option<&StatusIn> {
        self.status.iter().find(|status| status.here)
    }
}

/// One line of the table of all ingredients.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct FormularyLine {
    /// The id.
    pub id: String,
    /// For people.
    pub label: String,
    /// The best grade, and what for.
    pub best: Option<KnownFor>,
    /// The status in the jurisdiction asked for.
    pub status: Option<&'static str>,
    /// May not be injected there.
    pub excluded: bool,
    /// Whether recipes may propose it.
    pub offered: bool,
}
