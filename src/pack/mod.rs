//! The pack: all clinical content, read from TOML, checked and typed.
//!
//! [`load`] turns folders of TOML (built-in first, then layers) into one [`Pack`] or into every diagnostic of
//! every file. A `Pack` cannot name something that does not exist: all references are positions in its tables.

mod builtin;
mod changes;
mod condition;
mod fact;
mod follow_up;
mod ingredient;
mod layered;
pub mod load;
mod never;
mod portrait;
mod question;
mod recipe;
mod review;
mod rule;
mod scale;
mod slot;
mod table;
mod text;
pub mod topic;
mod trial;
mod vocabulary;
mod wording;

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

pub use crate::source::Amount;
pub use builtin::{builtin, builtin_files};
pub use changes::Changes;
pub use condition::{Condition, QualifierTest, Range, ValueTest};
pub use fact::{Basis, Grade, Grounds, Source};
pub use follow_up::{
    Channel, FlagTest, FollowUp, Questionnaire, QuestionnaireItem, Reaction, RecordList, RedFlag, Response, Site, Span,
    SumBand,
};
pub use ingredient::{GoalEvidence, IngredientDetail, Limit, MixLevel, Mixing, Per, Status, Technique};
pub use layered::{Effect, Loosening, Ruling, Terms, Tightening};
pub use never::Never;
pub use portrait::{Phrase, Portraits};
pub use question::{Question, QuestionIx, QuestionKind, Returning, Step};
pub use recipe::{Phase, Recipe, ReviewDay, ReviewPlan, Role, SessionPlan, Slot};
pub use review::{Clinician, Overdue, ReviewState, SignOff};
pub use rule::{CeilingPart, Exclude, OverrideReason, PlanChange, Rule, Scope, Swap, Until, Verdict};
pub use scale::{Band, Bands, Scale, ScaleItem, ScaleValue};
pub use table::{Identified, Ix, Set, Table};
pub use text::{Care, CarePhase, Consent, PlanTest};
pub use trial::{Design, Trial, TrialResult};
pub use vocabulary::{
    AllergenDetail, Area, ChoiceOption, CrossReaction, Figure, Goal, Group, Item, Jurisdiction, Later, List,
    NumberKind, Qualifier, QualifierKind, Spot,
};
pub use wording::{Language, Outdated, Worded};

/// A checked pack: built-in content with the layers on top.
#[derive(Clone, Debug, Default)]
pub struct Pack {
    /// The layers, built-in first.
    pub layers: Vec<Layer>,
    /// Which versions were signed off, in any layer.
    pub sign_offs: Vec<SignOff>,
    /// SHA-256 over all files of all layers, in hex.
    pub hash: String,
    /// Citations.
    pub sources: Table<Source>,
    /// Groups and classes.
    pub groups: Table<Group>,
    /// Qualifiers.
    pub qualifiers: Table<Qualifier>,
    /// Conditions of the patient.
    pub conditions: Table<Item>,
    /// Medicines and supplements.
    pub medications: Table<Item>,
    /// Events.
    pub events: Table<Item>,
    /// Allergens; details in [`Pack::allergen_details`].
    pub allergens: Table<Item>,
    /// Product faults.
    pub provenance: Table<Item>,
    /// Ingredients; details in [`Pack::ingredient_details`].
    pub ingredients: Table<Item>,
    /// Same positions as [`Pack::allergens`].
    pub allergen_details: Vec<AllergenDetail>,
    /// Same positions as [`Pack::ingredients`].
    pub ingredient_details: Vec<IngredientDetail>,
    /// Goals.
    pub goals: Table<Goal>,
    /// Areas.
    pub areas: Table<Area>,
    /// Jurisdictions, in the order of the options of the question `jurisdiction`.
    pub jurisdictions: Table<Jurisdiction>,
    /// Questions, in the order they are asked.
    pub questions: Table<Question>,
    /// Scored scales; the questions of a scale are asked only there.
    pub scales: Table<Scale>,
    /// Rules, generated ones included.
    pub rules: Table<Rule>,
    /// Limits.
    pub limits: Table<Limit>,
    /// Mixing rules.
    pub mixing: Table<Mixing>,
    /// Techniques.
    pub techniques: Table<Technique>,
    /// Studies of ingredients.
    pub trials: Table<Trial>,
    /// Recipes.
    pub recipes: Table<Recipe>,
    /// Session plans.
    pub plans: Table<SessionPlan>,
    /// Consent points.
    pub consent: Table<Consent>,
    /// Care texts.
    pub care: Table<Care>,
    /// What is asked, answered and reported after the first consultation.
    pub follow_up: FollowUp,
    /// The languages that layers bring beside the built-in English.
    pub languages: Table<Language>,
    /// The one its texts stand in, as far as it goes; none: English.
    pub language: Option<Ix<Language>>,
    /// The questions the engine itself reads.
    pub roles: QuestionRoles,
    /// The qualifiers the engine itself reads.
    pub qualifier_roles: QualifierRoles,
}

/// One layer of a pack.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Layer {
    /// The id.
    pub id: String,
    /// The version.
    pub version: String,
    /// SHA-256 of its files, in hex.
    pub hash: String,
    /// For people.
    pub title: String,
}

/// Questions that the engine reads by their meaning; a pack must have them.
#[derive(Clone, Copy, Debug)]
pub struct QuestionRoles {
    /// `jurisdiction`
    pub jurisdiction: QuestionIx,
    /// `patient.age`
    pub age: QuestionIx,
    /// `patient.birth_date`
    pub birth_date: QuestionIx,
    /// `patient.weight_kg`
    pub weight: QuestionIx,
    /// `patient.height_cm`
    pub height: QuestionIx,
    /// `patient.bmi`
    pub bmi: QuestionIx,
    /// `history.conditions`
    pub conditions: QuestionIx,
    /// `history.medications`
    pub medications: QuestionIx,
    /// `history.events`
    pub events: QuestionIx,
    /// `allergies.items`
    pub allergies: QuestionIx,
    /// `goals.items`
    pub goals: QuestionIx,
    /// `goals.requested`
    pub requested: QuestionIx,
    /// `setting.provenance`
    pub provenance: QuestionIx,
}

impl Default for QuestionRoles {
    fn default() -> Self {
        let none = Ix::new(0);
        Self {
            jurisdiction: none,
            age: none,
            birth_date: none,
            weight: none,
            height: none,
            bmi: none,
            conditions: none,
            medications: none,
            events: none,
            allergies: none,
            goals: none,
            requested: none,
            provenance: none,
        }
    }
}

/// Qualifiers that the engine reads by their meaning.
#[derive(Clone, Copy, Debug)]
pub struct QualifierRoles {
    /// `site`
    pub site: Ix<Qualifier>,
    /// `status`
    pub status: Ix<Qualifier>,
    /// `days_ago`
    pub days_ago: Ix<Qualifier>,
}

impl Default for QualifierRoles {
    fn default() -> Self {
        Self { site: Ix::new(0), status: Ix::new(0), days_ago: Ix::new(0) }
    }
}

impl Pack {
    /// The coded items of a list.
    #[must_use]
    pub const fn list(&self, list: List) -> &Table<Item> {
        match list {
            List::Conditions => &self.conditions,
            List::Medications => &self.medications,
            List::Events => &self.events,
            List::Allergens => &self.allergens,
            List::Provenance => &self.provenance,
            List::Ingredients => &self.ingredients,
        }
    }

    const fn list_mut(&mut self, list: List) -> &mut Table<Item> {
        match list {
            List::Conditions => &mut self.conditions,
            List::Medications => &mut self.medications,
            List::Events => &mut self.events,
            List::Allergens => &mut self.allergens,
            List::Provenance => &mut self.provenance,
            List::Ingredients => &mut self.ingredients,
        }
    }

    /// The details of an ingredient.
    #[must_use]
    pub fn ingredient(&self, ix: Ix<Item>) -> &IngredientDetail {
        &self.ingredient_details[ix.get()]
    }

    /// Whether `area` is `of` or lies inside it.
    #[must_use]
    pub fn area_within(&self, area: Ix<Area>, of: Ix<Area>) -> bool {
        let mut at = Some(area);
        while let Some(ix) = at {
            if ix == of {
                return true;
            }
            at = self.areas[ix].parent;
        }
        false
    }

    /// An area, the areas it lies in, outward.
    pub fn area_path(&self, area: Ix<Area>) -> impl Iterator<Item = Ix<Area>> {
        std::iter::successors(Some(area), |ix| self.areas[*ix].parent)
    }

    /// A jurisdiction, then the ones whose rules also hold there.
    pub fn jurisdiction_path(&self, at: Ix<Jurisdiction>) -> impl Iterator<Item = Ix<Jurisdiction>> {
        std::iter::successors(Some(at), |ix| self.jurisdictions[*ix].parent)
    }

    /// The status of an ingredient in a jurisdiction: its own entry, its parents', then `all`.
    #[must_use]
    pub fn status_in(&self, ingredient: Ix<Item>, at: Ix<Jurisdiction>) -> Option<Status> {
        let entries = &self.ingredient(ingredient).status;
        let named = |code: &str| entries.iter().find(|(c, _)| c == code).map(|(_, status)| *status);
        self.jurisdiction_path(at).find_map(|ix| named(&self.jurisdictions[ix].code)).or_else(|| named("all"))
    }

    /// The jurisdictions in which no authority is known to have let an ingredient be injected, a bit for each. What the
    /// pack does not say is not known.
    #[must_use]
    pub fn unlicensed_in(&self, ingredient: Ix<Item>) -> u64 {
        let lacks = |at| self.status_in(ingredient, at).is_none_or(Status::lacks_licence);
        self.jurisdictions.entries().filter(|(at, _)| lacks(*at)).fold(0, |bits, (at, _)| bits | 1 << at.get())
    }

    /// Citations as people read them.
    #[must_use]
    pub fn citations(&self, sources: &[Ix<Source>]) -> Vec<String> {
        sources.iter().map(|ix| format!("{} [{}]", self.sources[*ix].title, self.sources[*ix].id)).collect()
    }

    /// All labels of a list by id, for messages.
    #[must_use]
    pub fn labels(&self, list: List) -> HashMap<&str, &str> {
        self.list(list).iter().map(|item| (item.id.as_str(), item.label.as_str())).collect()
    }
}
