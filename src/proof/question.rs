//! What is asked about a pack: properties, and the single questions they come down to.

use serde::Serialize;

use super::circuit::Lit;

/// A property of a pack, as one sentence over all possible intakes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Property {
    /// (a)
    NothingExcluded,
    /// (a)
    SafetyCase,
    /// (a)
    NoIncompatiblePair,
    /// (b)
    WeightBeforeDose,
    /// (b)
    NoLimitPassed,
    /// (b)
    NoDayTooEarly,
    /// (c)
    EveryRuleFires,
    /// (c)
    EveryRecipeServes,
    /// (c)
    EveryRecipeIsBest,
    /// (c)
    EverySubstituteServes,
    /// (c)
    EveryRuleDecides,
    /// (e)
    EveryGoalHasAPlan,
    /// (e)
    NoPlanWithoutReason,
    /// (f)
    UnknownNeverLoosens,
    /// (g)
    RiskNeverLoosens,
    /// (h)
    LayerNeverWeaker,
}

impl Property {
    /// All of them, in the order of the report.
    pub const ALL: [Self; 16] = [
        Self::NothingExcluded,
        Self::SafetyCase,
        Self::NoIncompatiblePair,
        Self::WeightBeforeDose,
        Self::NoLimitPassed,
        Self::NoDayTooEarly,
        Self::EveryRuleFires,
        Self::EveryRecipeServes,
        Self::EveryRecipeIsBest,
        Self::EverySubstituteServes,
        Self::EveryRuleDecides,
        Self::EveryGoalHasAPlan,
        Self::NoPlanWithoutReason,
        Self::UnknownNeverLoosens,
        Self::RiskNeverLoosens,
        Self::LayerNeverWeaker,
    ];

    /// The code of its failures.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NothingExcluded => "P1001",
            Self::SafetyCase => "P1002",
            Self::NoIncompatiblePair => "P1003",
            Self::WeightBeforeDose => "P1004",
            Self::NoLimitPassed => "P1005",
            Self::NoDayTooEarly => "P1016",
            Self::EveryRuleFires => "P1006",
            Self::EveryRecipeServes => "P1007",
            Self::EveryRecipeIsBest => "P1010",
            Self::EverySubstituteServes => "P1008",
            Self::EveryRuleDecides => "P1009",
            Self::EveryGoalHasAPlan => "P1011",
            Self::NoPlanWithoutReason => "P1012",
            Self::UnknownNeverLoosens => "P1013",
            Self::RiskNeverLoosens => "P1014",
            Self::LayerNeverWeaker => "P1015",
        }
    }

    /// The property in words.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::NothingExcluded => {
                "No plan contains an ingredient, goal, area or technique that a rule excludes, whichever possible recipe is taken"
            }
            Self::SafetyCase => "Every statement of the safety case holds",
            Self::NoIncompatiblePair => "No two ingredients that must not be mixed meet in one syringe",
            Self::WeightBeforeDose => "Nothing with a limit by body weight is planned while the weight is not known",
            Self::NoLimitPassed => "No plan gives more than a limit, the safety case or the pack below allows",
            Self::NoDayTooEarly => "No session comes before its time, nearer to another or more often than it may",
            Self::EveryRuleFires => "Every rule holds for certain for some patient",
            Self::EveryRecipeServes => "Every recipe can be taken for some patient",
            Self::EveryRecipeIsBest => "Every recipe is the best-ranked one for some patient",
            Self::EverySubstituteServes => "Every substitute can be used for some patient",
            Self::EveryRuleDecides => "Every rule decides something for some patient",
            Self::EveryGoalHasAPlan => {
                "Every goal has a plan for some patient, and a goal without a recommended injectable never has one"
            }
            Self::NoPlanWithoutReason => "Nobody is told to go on without a cocktail and without a reason",
            Self::UnknownNeverLoosens => "An answer that is unknown or was never asked for never loosens an outcome",
            Self::RiskNeverLoosens => "A further condition, medicine, event or allergy never makes an outcome milder",
            Self::LayerNeverWeaker => "No layer is weaker than the pack below it, except by its listed overrides",
        }
    }

    /// Whether a failure only informs: two independent reasons are wanted in an explanation, and a recipe that is never
    /// the best is still offered to choose.
    #[must_use]
    pub const fn informs(self) -> bool {
        matches!(self, Self::EveryRuleDecides | Self::EveryRecipeIsBest)
    }
}

/// One question: can all these wires be on together?
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Question {
    /// The property it belongs to.
    pub property: Property,
    /// What it is about: ids, without spaces.
    pub subject: String,
    /// What it means when the answer is the wrong one.
    pub message: String,
    /// The wires.
    pub wires: Vec<Lit>,
    /// Whether some intake must do it; otherwise none may.
    pub must_be_possible: bool,
    /// For questions about two intakes: the changed one, by its position among the model's.
    pub changed: Option<usize>,
    /// Rules, recipes or ingredients to look at when the answer is the wrong one, as `kind:id`.
    pub blame: Vec<String>,
}

impl Question {
    /// A name that is unique in a pack.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{}:{}", self.property.code(), self.subject)
    }
}
