//! The words of the consultation: coded items, groups, qualifiers, goals, areas, jurisdictions.

use super::fact::Grounds;
use super::table::{Identified, Ix, Set};
use crate::source::Amount;

/// The lists an intake can hold coded items on.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum List {
    /// Diseases and states of the patient.
    Conditions,
    /// Medicines and supplements.
    Medications,
    /// Procedures, vaccinations, infections, sun.
    Events,
    /// What the patient reacts to.
    Allergens,
    /// What is wrong with a product or tool at hand.
    Provenance,
    /// Injectable ingredients and products.
    Ingredients,
}

impl List {
    /// All lists.
    pub const ALL: [Self; 6] =
        [Self::Conditions, Self::Medications, Self::Events, Self::Allergens, Self::Provenance, Self::Ingredients];

    /// The word used on the command line and in intake files.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Conditions => "conditions",
            Self::Medications => "medications",
            Self::Events => "events",
            Self::Allergens => "allergens",
            Self::Provenance => "provenance",
            Self::Ingredients => "ingredients",
        }
    }

    /// The word for one item, used in packs (`of = "condition"`).
    #[must_use]
    pub const fn singular(self) -> &'static str {
        match self {
            Self::Conditions => "condition",
            Self::Medications => "medication",
            Self::Events => "event",
            Self::Allergens => "allergen",
            Self::Provenance => "provenance",
            Self::Ingredients => "ingredient",
        }
    }
}

/// A coded item of one of the lists.
#[derive(Clone, Debug)]
pub struct Item {
    /// The id in intake files and rules.
    pub id: String,
    /// For people.
    pub label: String,
    /// Synonyms, brands, lay words, usual misspellings.
    pub also: Vec<String>,
    /// The FDA's Unique Ingredient Identifier of its substance; ingredients and medicines only.
    pub unii: Option<String>,
    /// The groups it belongs to, the groups' parents included.
    pub groups: Set<Group>,
    /// The qualifiers worth asking, beyond `status` and `days_ago`.
    pub asks: Vec<Ix<Qualifier>>,
    /// Offered first in pickers.
    pub common: bool,
}

impl Identified for Item {
    fn id(&self) -> &str {
        &self.id
    }
}

/// What an allergen adds to its [`Item`]; same position in its own table.
#[derive(Clone, Debug)]
pub struct AllergenDetail {
    /// Where it hides in mesotherapy.
    pub exposure: String,
    /// What to do beyond the exclusion.
    pub message: String,
    /// Allergens whose ingredients are excluded as well.
    pub cross_reacts: Vec<CrossReaction>,
    /// Allergens that people confuse with it, and that it does not cross-react with.
    pub not_cross: Vec<CrossReaction>,
    /// What this rests on.
    pub grounds: Grounds,
}

/// A statement about two allergens.
#[derive(Clone, Debug)]
pub struct CrossReaction {
    /// The other allergen.
    pub allergen: Ix<Item>,
    /// Why.
    pub note: String,
    /// What it rests on.
    pub grounds: Grounds,
}

/// A group of coded items; a group of ingredients is a class.
#[derive(Clone, Debug)]
pub struct Group {
    /// `LIST/name`, unique over all lists.
    pub id: String,
    /// What rules call it.
    pub name: String,
    /// The list whose items it holds.
    pub of: List,
    /// For people.
    pub label: String,
}

impl Identified for Group {
    fn id(&self) -> &str {
        &self.id
    }
}

/// Something that can be said about a coded item.
#[derive(Clone, Debug)]
pub struct Qualifier {
    /// The key in the item's table of the intake file.
    pub id: String,
    /// For people.
    pub label: String,
    /// What it can hold.
    pub kind: QualifierKind,
    /// What an earlier value is worth in a later consultation.
    pub later: Later,
}

/// What an earlier value of a qualifier is worth when the patient comes again.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Later {
    /// Nothing: it is asked anew.
    #[default]
    Anew,
    /// The same, to be confirmed with its entry.
    Same,
    /// Days that go on counting; 0 may mean "still", and is asked anew.
    CountsOn,
}

impl Later {
    /// The words in packs.
    pub const WORDS: [(&'static str, Self); 3] =
        [("anew", Self::Anew), ("same", Self::Same), ("counts-on", Self::CountsOn)];
}

impl Identified for Qualifier {
    fn id(&self) -> &str {
        &self.id
    }
}

/// What a qualifier can hold.
#[derive(Clone, Debug)]
pub enum QualifierKind {
    /// One of the options.
    Choice(Vec<ChoiceOption>),
    /// A number.
    Number(NumberKind),
}

/// One of the answers of a choice.
#[derive(Clone, Debug)]
pub struct ChoiceOption {
    /// The word in intake files and rules.
    pub id: String,
    /// For people.
    pub label: String,
    /// The key that picks it on the screen, if the pack names one.
    pub key: Option<char>,
    /// What it means, for scales.
    pub help: Option<String>,
}

/// The range of a number.
#[derive(Clone, Debug)]
pub struct NumberKind {
    /// Smallest value accepted.
    pub min: Amount,
    /// Largest value accepted.
    pub max: Amount,
    /// Decimals accepted, 0 to 3.
    pub decimals: u8,
    /// Unit, for people.
    pub unit: String,
}

/// What the patient wants.
#[derive(Clone, Debug)]
pub struct Goal {
    /// The id in intake files and rules.
    pub id: String,
    /// For people.
    pub label: String,
    /// Synonyms.
    pub also: Vec<String>,
    /// Where it makes sense (with all areas inside).
    pub areas: Set<Area>,
    /// What a patient may honestly expect.
    pub expected: String,
    /// Set when no injectable is recommended: the reason.
    pub no_injectable: Option<String>,
    /// What to offer instead.
    pub instead: Vec<String>,
    /// What this rests on.
    pub grounds: Grounds,
}

impl Identified for Goal {
    fn id(&self) -> &str {
        &self.id
    }
}

/// A part of the body.
#[derive(Clone, Debug)]
pub struct Area {
    /// The id in intake files and rules.
    pub id: String,
    /// For people.
    pub label: String,
    /// Synonyms.
    pub also: Vec<String>,
    /// The area it lies in.
    pub parent: Option<Ix<Area>>,
    /// Typical treated surface in cm².
    pub cm2: Option<Amount>,
    /// Largest total volume per session in mL.
    pub max_ml: Option<Amount>,
    /// Where it is on the pictures, for choosing it there.
    pub drawn: Vec<Spot>,
}

/// Where an area is on a picture: the middle and the size of an ellipse, in hundredths of the picture.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Spot {
    /// The picture.
    pub on: Figure,
    /// From the left and from the top.
    pub at: (u8, u8),
    /// Width and height.
    pub size: (u8, u8),
}

/// A picture of a part of the body.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Figure {
    /// The face from the front.
    FaceFront,
    /// The face from the left side.
    FaceSide,
    /// The body from the front.
    BodyFront,
    /// The body from the back.
    BodyBack,
}

impl Figure {
    /// The words in a pack.
    pub const WORDS: [(&'static str, Self); 4] = [
        ("face-front", Self::FaceFront),
        ("face-side", Self::FaceSide),
        ("body-front", Self::BodyFront),
        ("body-back", Self::BodyBack),
    ];

    /// For people.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::FaceFront => "face, front",
            Self::FaceSide => "face, side",
            Self::BodyFront => "body, front",
            Self::BodyBack => "body, back",
        }
    }
}

impl Identified for Area {
    fn id(&self) -> &str {
        &self.id
    }
}

/// A place whose law applies.
#[derive(Clone, Debug)]
pub struct Jurisdiction {
    /// The code, upper case.
    pub code: String,
    /// For people.
    pub label: String,
    /// The jurisdiction whose rules also hold here.
    pub parent: Option<Ix<Jurisdiction>>,
    /// Shown on every assessment made here.
    pub notice: Option<String>,
    /// How many years records are kept here, if there is one answer.
    pub records_years: Option<u8>,
    /// Where that comes from, or why there is no one answer.
    pub records_note: Option<String>,
}

impl Identified for Jurisdiction {
    fn id(&self) -> &str {
        &self.code
    }
}
