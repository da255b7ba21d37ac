//! What the practitioner decides within what the rules allow: overrides with reasons, another recipe.

use jiff::ToSpan;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// The practitioner's decisions about one assessment.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Adjustments {
    /// Rules overridden.
    pub overrides: Vec<Override>,
    /// Recipes taken instead of the best-ranked one.
    pub recipes: Vec<RecipeChoice>,
    /// Mixes of the practitioner's own.
    pub mixes: Vec<OwnMix>,
    /// Entries in words that the practitioner has reviewed by hand. Bound to the words: others are not reviewed by it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reviewed: Vec<String>,
    /// Days the patient has to think it over, once that is agreed; nothing is planned before. 0: offered and not wanted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reflection_days: Option<u32>,
}

/// A rule that the practitioner overrides.
///
/// It counts as a caution from then on, and a goal it was about comes back; ingredients, areas and techniques it
/// excludes stay excluded. Absolute rules, and rules that name no
/// reasons, ignore it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Override {
    /// The rule id.
    pub rule: String,
    /// The reason, one of the rule's or the practitioner's own words.
    pub reason: String,
}

/// A recipe taken for one goal in one area; ignored when the rules do not allow it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RecipeChoice {
    /// The goal id.
    pub goal: String,
    /// The area id.
    pub area: String,
    /// The recipe id.
    pub recipe: String,
}

/// A practitioner's own mix for one goal in one area, made from a recipe of the pack. It is vetted as the recipes are:
/// exclusions, mixing, limits; what the rules do not allow of it is refused, and the proposal stands.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct OwnMix {
    /// The goal id.
    pub goal: String,
    /// The area id.
    pub area: String,
    /// The id of the recipe it was made from: technique, depth, needle and sessions are that one's.
    pub recipe: String,
    /// What it holds.
    pub parts: Vec<OwnPart>,
    /// Thousandths of a mL in one point, where that was changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub point_ul: Option<u32>,
}

/// An ingredient of a practitioner's own mix.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct OwnPart {
    /// The ingredient id.
    pub ingredient: String,
    /// Thousandths of a mL in the area.
    pub ul: u32,
}

impl Adjustments {
    /// The reason a rule is overridden for, if it is.
    #[must_use]
    pub fn reason(&self, rule: &str) -> Option<&str> {
        self.overrides.iter().find(|o| o.rule == rule).map(|o| o.reason.as_str()).filter(|r| !r.trim().is_empty())
    }

    /// The first day after the reflection time; the day itself where none is agreed yet.
    #[must_use]
    pub fn reflection_ends(&self, today: Date) -> Date {
        let days = i64::from(self.reflection_days.unwrap_or(0));
        today.checked_add(days.days()).unwrap_or(Date::MAX)
    }

    /// The recipe chosen for a goal in an area, if one was.
    #[must_use]
    pub fn recipe(&self, goal: &str, area: &str) -> Option<&str> {
        self.recipes.iter().find(|c| c.goal == goal && c.area == area).map(|c| c.recipe.as_str())
    }

    /// Takes a recipe for a goal in an area.
    pub fn choose(&mut self, goal: &str, area: &str, recipe: &str) {
        self.recipes.retain(|c| c.goal != goal || c.area != area);
        self.recipes.push(RecipeChoice { goal: goal.to_owned(), area: area.to_owned(), recipe: recipe.to_owned() });
    }

    /// Overrides a rule, or takes the override back with an empty reason.
    pub fn override_rule(&mut self, rule: &str, reason: &str) {
        self.overrides.retain(|o| o.rule != rule);
        if !reason.trim().is_empty() {
            self.overrides.push(Override { rule: rule.to_owned(), reason: reason.to_owned() });
        }
    }
}
