//! What a trainee does: asking, committing. Acts are all that an attempt consists of; the rest follows from the case.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::case::Decision;
use crate::pack::{Condition, Group, Identified, Item, Ix, List, Pack, Rule, Set};
use crate::source::did_you_mean;

/// One act.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Act {
    /// A question, an examination or a look at a document.
    Ask {
        /// The question of the intake that it is about.
        question: String,
        /// How.
        how: How,
    },
    /// A hint was taken.
    Hint {
        /// The question or rule that it is about.
        about: Flag,
    },
    /// Skin type and findings.
    Skin(SkinCommit),
    /// Contraindications and what is still unknown.
    Contraindications(Contraindications),
    /// The answer to a question in the middle, -2 to +2.
    Twist {
        /// The answer.
        answer: i8,
    },
    /// What is to be done.
    Decide {
        /// The decision.
        decision: Decision,
    },
    /// What is to be injected.
    Cocktail(CocktailCommit),
    /// Sessions and consent points.
    Plan(PlanCommit),
    /// An exam was left, and taken up again now.
    Away {
        /// Seconds after the start at which it was left.
        since: u32,
    },
    /// How sure one is, which ends the attempt.
    Seal(Confidence),
}

/// How something is asked.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum How {
    /// Plainly.
    Ask,
    /// Closely: names, doses, dates, brands.
    Probe,
    /// By looking, touching, measuring.
    Exam,
    /// By reading a letter, a list, a label.
    Document,
}

impl How {
    /// The words of files.
    pub const WORDS: [(&'static str, Self); 4] =
        [("ask", Self::Ask), ("probe", Self::Probe), ("exam", Self::Exam), ("document", Self::Document)];

    /// What it costs, in seconds of the consultation.
    #[must_use]
    pub const fn cost(self) -> u32 {
        match self {
            Self::Ask => 20,
            Self::Probe => 30,
            Self::Exam => 45,
            Self::Document => 60,
        }
    }
}

/// Skin type and findings: answers to questions of the step "skin", by question id.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct SkinCommit {
    /// Such as `skin.fitzpatrick` = `4`.
    pub findings: BTreeMap<String, String>,
}

/// What speaks against treatment, and what is not known yet.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Contraindications {
    /// What stops the treatment.
    pub absolute: Vec<Flag>,
    /// What asks for care or for somebody's clearance.
    pub relative: Vec<Flag>,
    /// What would still have to be found out.
    pub unknown: Vec<Flag>,
}

/// What is to be injected; empty = nothing.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct CocktailCommit {
    /// One for each goal and area.
    pub mixes: Vec<Mix>,
}

/// One syringe.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Mix {
    /// The goal id.
    pub goal: String,
    /// The area id.
    pub area: String,
    /// Ingredient ids and mL.
    pub ingredients: Vec<Part>,
}

/// An ingredient of a mix.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Part {
    /// The ingredient id.
    pub id: String,
    /// mL in the area.
    pub volume_ml: f64,
}

/// Sessions and consent; zero sessions = no plan.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct PlanCommit {
    /// Sessions of the first course.
    pub sessions: u32,
    /// Days between them.
    pub interval_days: u32,
    /// Whether a review is planned.
    pub review: bool,
    /// Ids of consent points beyond those that every patient gets.
    pub consent: Vec<String>,
}

/// How sure the trainee is of three commits, 0 to 100.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Confidence {
    /// Of the contraindications.
    pub contraindications: u8,
    /// Of the decision.
    pub decision: u8,
    /// Of the cocktail.
    pub cocktail: u8,
}

/// Something that a trainee points at: `rule:ID`, `condition:ID`, `medication:ID`, `allergen:ID`, `event:ID`,
/// `provenance:ID`, `ingredient:ID`, or the id of a question such as `history.pregnancy`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Flag(pub(super) String);

impl Flag {
    /// Reads a flag; everything it names must exist.
    ///
    /// # Errors
    /// A sentence that says what is unknown and what may have been meant.
    pub fn parse(pack: &Pack, text: &str) -> Result<Self, String> {
        let near = |what: &str, id: &str, ids: Vec<&str>| {
            let near = did_you_mean(id, ids);
            let near = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            format!("there is no {what} `{id}`{near}")
        };
        let Some((kind, id)) = text.split_once(':') else {
            let known = pack.questions.get(text).is_some();
            let unknown = || near("question", text, pack.questions.ids().collect());
            return if known { Ok(Self(text.to_owned())) } else { Err(unknown()) };
        };
        if kind == "rule" {
            let known = pack.rules.get(id).is_some();
            return if known { Ok(Self(text.to_owned())) } else { Err(near("rule", id, pack.rules.ids().collect())) };
        }
        let Some(list) = List::ALL.into_iter().find(|list| list.singular() == kind) else {
            let kinds = List::ALL.iter().map(|list| list.singular()).chain(["rule"]);
            return Err(near("kind of thing", kind, kinds.collect()));
        };
        let table = pack.list(list);
        if table.get(id).is_some() { Ok(Self(text.to_owned())) } else { Err(near(kind, id, table.ids().collect())) }
    }

    /// As it was written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0
    }

    /// The flag that points at an item of a list.
    pub(super) fn item(list: List, id: &str) -> Self {
        Self(format!("{}:{id}", list.singular()))
    }

    /// For people.
    #[must_use]
    pub fn label(&self, pack: &Pack) -> String {
        match self.0.split_once(':') {
            None => pack.questions.get(&self.0).map(|row| row.label.clone()),
            Some(("rule", id)) => pack.rules.get(id).map(|row| row.title.clone()),
            Some((kind, id)) => List::ALL
                .into_iter()
                .find(|list| list.singular() == kind)
                .and_then(|list| pack.list(list).get(id))
                .map(|item| item.label.clone()),
        }
        .unwrap_or_else(|| self.0.clone())
    }

    /// Whether a rule is about what it points at.
    pub(super) fn touches(&self, pack: &Pack, rule: &Rule) -> bool {
        let (kind, id) = self.0.split_once(':').unwrap_or(("", &self.0));
        if kind == "rule" {
            return rule.id() == id;
        }
        self.read_by(pack, &rule.when)
    }

    /// Whether a condition reads what it points at.
    pub(super) fn read_by(&self, pack: &Pack, when: &Condition) -> bool {
        let (kind, id) = self.0.split_once(':').unwrap_or(("", &self.0));
        let question = pack.questions.find(&self.0);
        let mut found = false;
        when.visit(&mut |condition| {
            found |= match condition {
                Condition::Choice { question: read, .. } | Condition::Number { question: read, .. } => {
                    Some(*read) == question || (*read == pack.roles.bmi && question == Some(pack.roles.weight))
                }
                Condition::Goal { .. } => question == Some(pack.roles.goals),
                Condition::Listed { list, items, .. } => {
                    let named = || pack.list(*list).find(id);
                    list.singular() == kind
                        && named().is_some_and(|item| items.contains(item) || unnamed(pack, *list, item, items))
                }
                _ => false,
            };
        });
        found
    }
}

/// Whether it is "name not known" of a class to which something of the list belongs: who says what was heard, and no more, has
/// named the rules of the whole class.
fn unnamed(pack: &Pack, list: List, own: Ix<Item>, items: &Set<Item>) -> bool {
    let table = pack.list(list);
    if !table[own].id.ends_with("-unspecified") {
        return false;
    }
    // That a name is missing is no class.
    let class = |group: &Ix<Group>| pack.groups[*group].name != "unnamed-medicines";
    let groups: Vec<Ix<Group>> = table[own].groups.iter().filter(class).collect();
    items.iter().any(|item| groups.iter().any(|group| table[item].groups.contains(*group)))
}

impl Contraindications {
    /// Everything that is said to speak against treatment.
    pub fn flags(&self) -> impl Iterator<Item = &Flag> {
        self.absolute.iter().chain(&self.relative)
    }
}

impl CocktailCommit {
    /// Volumes as a syringe can be read: a file of them says exactly the same again.
    pub(super) fn in_hundredths(mut self) -> Self {
        for part in self.mixes.iter_mut().flat_map(|mix| &mut mix.ingredients) {
            let ml = if part.volume_ml.is_finite() { part.volume_ml.clamp(0.0, 1000.0) } else { 0.0 };
            part.volume_ml = (ml * 100.0).round() / 100.0;
        }
        self
    }
}
