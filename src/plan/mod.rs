//! The assessment: verdict, cocktail, doses, sessions. One pure function of pack, intake and day.

mod adjust;
mod assess;
mod assessment;
mod audit;
mod calendar;
mod case_text;
pub mod cases;
mod ceilings;
mod change;
mod cocktail;
mod dose;
mod entry;
mod exclusions;
mod explain;
mod findings;
mod formulary;
mod free_text;
mod kept;
mod layers;
mod licence;
mod limit_words;
mod made_by;
pub(crate) mod not_known;
mod nothing_left;
mod notices;
mod overriding;
mod own;
mod placed;
mod scales;
mod syringe;
mod texts;
mod turns;
mod uses;
mod vet;
mod weight;

pub use adjust::{Adjustments, Override, OwnMix, OwnPart, RecipeChoice};
pub use assess::{assess, assess_adjusted};
pub use assessment::{
    Alternative, Assessment, Cocktail, ConsentPoint, Dose, Excluded, Finding, LimitUse, Missing, Outcome, OwnNote,
    PackRef, Plan, RefusedMix, Review, Session, Text, Vetted, WithoutCocktail, finding_word,
};
pub use audit::{Breach, Law, Measure, audit};
pub use case_text::CaseText;
pub(crate) use change::absent;
pub use change::{Change, answers, changes};
pub use cocktail::MOST_ACTIVES;
pub use entry::{Apart, Bound, Formulary, FormularyLine, KnownFor, Mixes, Named, StatusIn, Study, Touches};
pub use explain::{
    AnswerRead, Explanation, IngredientExplanation, RuleExplanation, applicable, explain, explain_ingredient,
    explain_rule,
};
pub use formulary::{formulary, formulary_table};
pub use layers::{ClinicOverride, OverrideState, overrides};
pub use made_by::MadeBy;
pub use overriding::lacks as reason_lacks;
pub use own::{Choice as MixChoice, choices as mix_choices};
pub use scales::{ItemRead, ScaleBand, ScaleExplanation, ScaleResult, explain_scale};
pub use uses::FIXED;
pub use weight::{OBESE, ideal_kg};
