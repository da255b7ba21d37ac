//! An intake as the rules see it: positions instead of names, derived values added.

use jiff::civil::Date;

use super::answer::{Answer, Entry, Intake, Value, What};
use super::scored::{ScaleStanding, Scored};
use crate::pack::{
    Area, Goal, Identified, Item, Ix, List, Pack, Qualifier, QualifierKind, QuestionIx, QuestionKind, ScaleValue,
};
use crate::source::Amount;

/// What is known of one question.
#[derive(Clone, PartialEq, Debug)]
pub enum Fact {
    /// Nobody asked.
    NotAsked,
    /// It does not apply to this patient.
    NotApplicable,
    /// Asked; not known.
    Unknown,
    /// The position of an option.
    Choice(usize),
    /// A number.
    Number(Amount),
    /// The entries of a list.
    Items(Vec<CodedFact>),
    /// The goals.
    Goals(Vec<GoalFact>),
    /// Answered with something no rule reads.
    Answered,
}

/// One entry of a list.
#[derive(Clone, PartialEq, Debug)]
pub struct CodedFact {
    /// The item; `None` for words without a code.
    pub item: Option<Ix<Item>>,
    /// What was entered, for people.
    pub text: String,
    /// What was said about it.
    pub qualifiers: Vec<(Ix<Qualifier>, QualifierFact)>,
    /// The area that its site names, if it names one.
    pub site: Option<Ix<Area>>,
}

/// What is known of one qualifier.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum QualifierFact {
    /// Asked; not known.
    Unknown,
    /// The position of an option.
    Choice(usize),
    /// A number.
    Number(Amount),
}

/// One goal with its areas.
#[derive(Clone, PartialEq, Debug)]
pub struct GoalFact {
    /// The goal.
    pub goal: Ix<Goal>,
    /// The areas.
    pub areas: Vec<Ix<Area>>,
}

/// All facts of one intake on one day.
#[derive(Clone, PartialEq, Debug)]
pub struct Facts {
    facts: Vec<Fact>,
    /// The scales that say something.
    scored: Vec<Scored>,
    /// The day.
    pub today: Date,
}

impl Facts {
    /// Resolves an intake against a pack. What the pack does not know is kept as words.
    #[must_use]
    pub fn of(pack: &Pack, intake: &Intake, today: Date) -> Self {
        let mut facts = Self { facts: vec![Fact::NotAsked; pack.questions.len()], scored: Vec::new(), today };
        for (ix, question) in pack.questions.entries() {
            if let Some(answer) = intake.get(&question.id) {
                facts.facts[ix.get()] = resolve(pack, &question.kind, answer);
            }
        }
        facts.read_scales(pack);
        facts.derive(pack, intake);
        facts.place_sites(pack);
        facts
    }

    /// What is known of a question.
    #[must_use]
    pub fn get(&self, question: QuestionIx) -> &Fact {
        self.facts.get(question.get()).unwrap_or(&Fact::NotAsked)
    }

    /// Replaces what is known of a question.
    pub fn set(&mut self, question: QuestionIx, fact: Fact) {
        self.facts[question.get()] = fact;
    }

    /// The goals, none if not asked.
    #[must_use]
    pub fn goals(&self, pack: &Pack) -> &[GoalFact] {
        match self.get(pack.roles.goals) {
            Fact::Goals(goals) => goals,
            _ => &[],
        }
    }

    /// The entries of a list question, none if not asked.
    #[must_use]
    pub fn items(&self, question: QuestionIx) -> &[CodedFact] {
        match self.get(question) {
            Fact::Items(items) => items,
            _ => &[],
        }
    }

    /// A number, if it is known.
    #[must_use]
    pub fn number(&self, question: QuestionIx) -> Option<Amount> {
        match self.get(question) {
            Fact::Number(n) => Some(*n),
            _ => None,
        }
    }

    /// What the scales say, in the order of the pack.
    #[must_use]
    pub fn scored(&self) -> &[Scored] {
        &self.scored
    }

    /// The scale that gives a question its answer, if one does.
    #[must_use]
    pub fn decided_by(&self, question: QuestionIx) -> Option<&Scored> {
        self.scored.iter().find(|s| s.question == question && s.standing == ScaleStanding::Decides)
    }

    /// A question without an answer of its own has the one that its scale gives.
    fn read_scales(&mut self, pack: &Pack) {
        for (ix, scale) in pack.scales.entries() {
            let points = scale.items.iter().map(|item| match self.get(item.question) {
                Fact::Choice(option) => item.points.get(*option).copied(),
                _ => None,
            });
            // One question without points leaves the scale open.
            let Some(points) = points.sum::<Option<u16>>() else { continue };
            let (question, value) = (scale.answers, scale.bands.value(points));
            let said = Fact::from(value);
            let standing = match self.get(question) {
                Fact::NotAsked => ScaleStanding::Decides,
                own if *own == said => ScaleStanding::Agrees,
                _ => ScaleStanding::Differs,
            };
            if standing == ScaleStanding::Decides {
                self.set(question, said);
            }
            self.scored.push(Scored { scale: ix, question, points, value, standing });
        }
    }

    /// Age from the date of birth, body mass index from weight and height.
    fn derive(&mut self, pack: &Pack, intake: &Intake) {
        let roles = &pack.roles;
        if let Some(Answer::Date(born)) = intake.get(pack.questions[roles.birth_date].id()) {
            self.set(
                roles.age,
                age_on(*born, self.today).map_or(Fact::Unknown, |years| Fact::Number(Amount::whole(years))),
            );
        }
        let bmi = match (self.get(roles.weight), self.get(roles.height)) {
            (Fact::Number(kg), Fact::Number(cm)) => body_mass_index(*kg, *cm).map_or(Fact::Unknown, Fact::Number),
            (Fact::NotAsked, _) | (_, Fact::NotAsked) => Fact::NotAsked,
            _ => Fact::Unknown,
        };
        self.set(roles.bmi, bmi);
    }

    /// A site that names an area is "here" when that area is to be treated.
    fn place_sites(&mut self, pack: &Pack) {
        let treated: Vec<Ix<Area>> = self.goals(pack).iter().flat_map(|g| g.areas.iter().copied()).collect();
        let overlaps =
            |site: Ix<Area>| treated.iter().any(|a| pack.area_within(*a, site) || pack.area_within(site, *a));
        let site = pack.qualifier_roles.site;
        let Some(QualifierKind::Choice(options)) = pack.qualifiers.iter().nth(site.get()).map(|q| &q.kind) else {
            return;
        };
        let position = |word: &str| options.iter().position(|o| o.id == word);
        let (Some(here), Some(elsewhere)) = (position("here"), position("elsewhere")) else { return };
        for fact in &mut self.facts {
            let Fact::Items(items) = fact else { continue };
            for item in items {
                if let Some(area) = item.site {
                    let at = if overlaps(area) { here } else { elsewhere };
                    item.qualifiers.push((site, QualifierFact::Choice(at)));
                }
            }
        }
    }
}

impl From<ScaleValue> for Fact {
    fn from(value: ScaleValue) -> Self {
        match value {
            ScaleValue::Choice(option) => Self::Choice(option),
            ScaleValue::Number(amount) => Self::Number(amount),
        }
    }
}

/// Completed years on a day; `None` for a birth in the future.
#[must_use]
pub fn age_on(born: Date, today: Date) -> Option<i32> {
    let before_birthday = (today.month(), today.day()) < (born.month(), born.day());
    let years = i32::from(today.year()) - i32::from(born.year()) - i32::from(before_birthday);
    (born <= today && years <= 130).then_some(years)
}

/// The body mass index to one decimal; `None` without a height.
#[must_use]
pub fn body_mass_index(kg: Amount, cm: Amount) -> Option<Amount> {
    let metres = cm.as_f64() / 100.0;
    (cm > Amount::ZERO).then(|| Amount::from_f64((kg.as_f64() / (metres * metres) * 10.0).round() / 10.0)).flatten()
}

fn resolve(pack: &Pack, kind: &QuestionKind, answer: &Answer) -> Fact {
    match (kind, answer) {
        (_, Answer::Unknown) => Fact::Unknown,
        (QuestionKind::Choice(options), Answer::Choice(word)) => {
            options.iter().position(|o| o.id == *word).map_or(Fact::Unknown, Fact::Choice)
        }
        (QuestionKind::Number(_), Answer::Number(n)) => Fact::Number(*n),
        (QuestionKind::List(list), Answer::Items(entries)) => {
            Fact::Items(entries.iter().map(|entry| coded(pack, *list, entry)).collect())
        }
        (QuestionKind::Goals, Answer::Goals(goals)) => Fact::Goals(
            goals
                .iter()
                .filter_map(|entry| {
                    let areas = entry.areas.iter().filter_map(|area| pack.areas.find(area)).collect();
                    Some(GoalFact { goal: pack.goals.find(&entry.goal)?, areas })
                })
                .collect(),
        ),
        (QuestionKind::Date | QuestionKind::Text, _) => Fact::Answered,
        // An answer of another kind than the question's (a pack changed under a draft) is worth nothing.
        _ => Fact::NotAsked,
    }
}

fn coded(pack: &Pack, list: List, entry: &Entry) -> CodedFact {
    let (item, text) = match &entry.what {
        What::Coded(id) => {
            let item = pack.list(list).find(id);
            (item, item.map_or_else(|| id.clone(), |ix| pack.list(list)[ix].label.clone()))
        }
        What::FreeText(text) => (None, text.clone()),
    };
    let mut fact = CodedFact { item, text, qualifiers: Vec::new(), site: None };
    for (id, value) in &entry.qualifiers {
        let Some(qualifier) = pack.qualifiers.find(id) else { continue };
        let known = match (value, &pack.qualifiers[qualifier].kind) {
            (Value::Unknown, _) => QualifierFact::Unknown,
            (Value::Number(n), QualifierKind::Number(_)) => QualifierFact::Number(*n),
            (Value::Choice(word), QualifierKind::Choice(options)) => match options.iter().position(|o| o.id == *word) {
                Some(n) => QualifierFact::Choice(n),
                None => {
                    if qualifier == pack.qualifier_roles.site {
                        fact.site = pack.areas.find(word);
                        if fact.site.is_some() {
                            continue;
                        }
                    }
                    QualifierFact::Unknown
                }
            },
            _ => QualifierFact::Unknown,
        };
        fact.qualifiers.push((qualifier, known));
    }
    fact
}

impl CodedFact {
    /// What was said about one qualifier.
    #[must_use]
    pub fn qualifier(&self, qualifier: Ix<Qualifier>) -> Option<QualifierFact> {
        self.qualifiers.iter().find(|(ix, _)| *ix == qualifier).map(|(_, fact)| *fact)
    }
}
