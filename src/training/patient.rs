//! A case with its seed spent: one patient, and what each of their facts sounds like.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::case::{Case, Disclose, Fact, Template};
use super::harmless::company;
use crate::intake::{Answer, Intake, What};
use crate::pack::{Amount, Pack, Question, QuestionKind};
use crate::proof::Seeded;

/// What is said of what stands on paper, where the case has no words for it.
const ON_PAPER: &str = "I have that on paper. Would you read it?";

/// The patient of one attempt.
#[derive(Clone, Debug)]
pub struct Patient {
    pub(super) case: Arc<Case>,
    pub(super) seed: u64,
    pub(super) facts: Vec<KnownFact>,
    /// Questions for a figure or a grade that the case says nothing about.
    pub(super) never_taken: BTreeSet<String>,
}

/// A fact of this patient.
#[derive(Clone, PartialEq, Debug)]
pub struct KnownFact {
    /// The question that it answers.
    pub question: String,
    pub(super) answer: Answer,
    /// In the patient's words, or what one sees.
    pub says: String,
    pub(super) vague: Option<String>,
    /// It stands on the sheet that one has before the patient comes in, in no words of theirs.
    pub(super) on_sheet: bool,
    pub(super) disclose: Disclose,
    /// It can also be read.
    pub(super) paper: bool,
}

impl KnownFact {
    /// What is said to a question about it.
    pub(super) fn reply(&self) -> String {
        if self.on_sheet { format!("As it says on the sheet. {}", self.says) } else { self.says.clone() }
    }
}

impl Patient {
    /// The patient that a case makes of a seed.
    #[must_use]
    pub fn of(pack: &Pack, case: &Arc<Case>, seed: u64) -> Self {
        let mut facts = Vec::new();
        for (n, fact) in case.facts.iter().enumerate() {
            let mut draw = Seeded::new(seed, &format!("{}:{}#{n}", case.id, fact.question));
            let (answer, own) = match &fact.value {
                Template::Fixed(answer) => (answer.clone(), None),
                Template::Range(from, to) => {
                    let step = 1000;
                    let steps = (to.as_thousandths() - from.as_thousandths()) / step;
                    let n = draw.below(usize::try_from(steps).unwrap_or(0) + 1);
                    let n = i64::try_from(n).unwrap_or(0) * step;
                    (Answer::Number(Amount::thousandths(from.as_thousandths() + n)), None)
                }
                Template::Choose(all) => all.get(draw.below(all.len())).cloned().unwrap_or((Answer::Unknown, None)),
            };
            let spoken = value_words(pack, &fact.question, &answer);
            let told = told(case, fact, seed, n);
            let own_words = own.is_some() || told.says.is_some();
            let says = own.or(told.says).map_or_else(
                || spoken_by_default(pack, &fact.question, &answer, fact.disclose),
                |words| words.replace("{value}", &spoken),
            );
            facts.push(KnownFact {
                question: fact.question.clone(),
                answer,
                says,
                vague: told.vague,
                on_sheet: told.disclose == Disclose::Volunteered && !own_words,
                disclose: told.disclose,
                paper: fact.paper,
            });
        }
        let mut patient = Self { case: Arc::clone(case), seed, facts, never_taken: BTreeSet::new() };
        patient.speak_their_age();
        for (question, answer, says) in company(case, seed, &patient.intake()) {
            let stock = case.facts.iter().any(|fact| fact.question == question && fact.stock.is_some());
            let here = patient.facts.iter_mut().find(|fact| stock && fact.question == question);
            if let Some(fact) = here {
                (fact.answer, fact.says) = (answer, says);
            }
        }
        // What the defaults say of a question that this patient is never asked is no fact.
        let intake = patient.intake();
        let day = jiff::civil::Date::constant(2026, 1, 1);
        patient.facts.retain(|fact| {
            pack.questions
                .find(&fact.question)
                .is_some_and(|question| crate::plan::applicable(pack, &intake, day, question))
        });
        let measure = |row: &&Question| matches!(row.kind, QuestionKind::Number(_) | QuestionKind::Choice(_));
        let open = pack.questions.iter().filter(measure).filter(|row| !patient.asks(&row.id));
        patient.never_taken = open.map(|row| row.id.clone()).collect();
        patient
    }

    /// Exchanges words of the defaults that do not fit somebody of this age, or past what they speak of.
    fn speak_their_age(&mut self) {
        let case = Arc::clone(&self.case);
        let intake = self.intake();
        let age = match intake.get("patient.age") {
            Some(Answer::Number(years)) => years.as_thousandths() / 1000,
            _ => 0,
        };
        let has = |id: &String| match intake.get("history.conditions") {
            Some(Answer::Items(all)) => all.iter().any(|entry| matches!(&entry.what, What::Coded(own) if own == id)),
            _ => false,
        };
        for fact in &mut self.facts {
            let stock = case.facts.iter().find(|row| row.question == fact.question && row.stock.is_some());
            let Some(elder) = stock.and_then(|row| row.elder.as_ref()) else { continue };
            let mut draw = Seeded::new(self.seed, &format!("{}/{}/elder", case.id, fact.question));
            let says = elder.says.get(draw.below(elder.says.len()));
            if age >= i64::from(elder.from_age) || elder.conditions.iter().any(has) {
                fact.says = says.cloned().unwrap_or_default();
            }
        }
    }

    /// The whole truth about the patient, for the engine; nobody outside this room gets at it.
    pub(super) fn intake(&self) -> Intake {
        let mut intake = Intake::default();
        for fact in &self.facts {
            let together = match (intake.get(&fact.question), &fact.answer) {
                (Some(Answer::Items(before)), Answer::Items(more)) => {
                    let mut all = before.clone();
                    all.extend(more.iter().cloned());
                    Answer::Items(all)
                }
                (Some(Answer::Goals(before)), Answer::Goals(more)) => {
                    let mut all = before.clone();
                    all.extend(more.iter().cloned());
                    Answer::Goals(all)
                }
                _ => fact.answer.clone(),
            };
            intake.set(&fact.question, together);
        }
        intake
    }

    /// The seed that it was made of.
    #[must_use]
    pub const fn seed(&self) -> u64 {
        self.seed
    }

    /// The case that it was made of.
    #[must_use]
    pub fn case(&self) -> &Case {
        &self.case
    }

    /// Whether a question applies to this patient: what a screen has to ask for.
    #[must_use]
    pub fn asks(&self, question: &str) -> bool {
        self.facts.iter().any(|fact| fact.question == question)
    }

    /// What the trainee knows before asking anything.
    pub fn volunteered(&self) -> impl Iterator<Item = &KnownFact> {
        self.facts.iter().filter(|fact| fact.disclose == Disclose::Volunteered)
    }
}

/// How a fact is told by this patient.
struct Told {
    says: Option<String>,
    vague: Option<String>,
    disclose: Disclose,
}

/// Draws how a fact is told. The case counts as well as the seed: two patients of the same seed use words of their own.
fn told(case: &Case, fact: &Fact, seed: u64, n: usize) -> Told {
    let mut draw = Seeded::new(seed, &format!("{}/{}#{n}", case.id, fact.question));
    let says = fact.says.get(draw.below(fact.says.len())).cloned();
    // One in four who have nothing to hide sounds as vague as those who have: a closer question tells the two apart.
    let coy = fact.stock.is_some() && fact.disclose == Disclose::Ask && !fact.vague.is_empty() && draw.below(4) == 0;
    let disclose = if coy { Disclose::Probe } else { fact.disclose };
    let mut vague = fact.vague.get(draw.below(fact.vague.len())).cloned().filter(|_| disclose.puts_off());
    if disclose == Disclose::Document {
        vague = vague.or_else(|| Some(ON_PAPER.to_owned()));
    }
    Told { says, vague, disclose }
}

/// A value in the words that `{value}` stands for.
pub(super) fn value_words(pack: &Pack, question: &str, answer: &Answer) -> String {
    match (answer, pack.questions.get(question).map(|row| &row.kind)) {
        (Answer::Unknown, _) => "I do not know".to_owned(),
        (Answer::Number(n), Some(QuestionKind::Number(kind))) => format!("{n} {}", kind.unit).trim_end().to_owned(),
        (Answer::Choice(id), _) if question == "jurisdiction" => {
            pack.jurisdictions.get(id).map_or_else(|| id.clone(), |row| row.label.clone())
        }
        (Answer::Choice(id), Some(QuestionKind::Choice(options))) => {
            options.iter().find(|o| o.id == *id).map_or_else(|| id.clone(), |o| o.label.clone())
        }
        (Answer::Text(text), _) => text.clone(),
        (Answer::Date(date), _) => date.to_string(),
        (Answer::Items(entries), Some(QuestionKind::List(list))) => {
            let names = entries.iter().map(|entry| match &entry.what {
                What::Coded(id) => pack.list(*list).get(id).map_or_else(|| id.clone(), |item| item.label.clone()),
                What::FreeText(text) => text.clone(),
            });
            names.collect::<Vec<_>>().join(", ")
        }
        (Answer::Goals(goals), _) => goals
            .iter()
            .map(|goal| {
                let name = pack.goals.get(&goal.goal).map_or(goal.goal.as_str(), |row| row.label.as_str());
                let areas = goal.areas.iter().map(|id| pack.areas.get(id).map_or(id.as_str(), |row| &row.label));
                format!("{name} ({})", areas.collect::<Vec<_>>().join(", ").to_lowercase())
            })
            .collect::<Vec<_>>()
            .join("; "),
        _ => String::new(),
    }
}

/// What is heard or seen where a case has no words of its own: never the code of a finding that has to be read.
fn spoken_by_default(pack: &Pack, question: &str, answer: &Answer, disclose: Disclose) -> String {
    let row = pack.questions.get(question);
    match answer {
        Answer::Items(entries) if entries.is_empty() => "No, nothing.".to_owned(),
        Answer::Choice(id) if disclose == Disclose::Exam => {
            let option = row.and_then(|row| row.options().iter().find(|o| o.id == *id));
            option.map(|o| o.help.clone().unwrap_or_else(|| o.label.clone())).unwrap_or_default()
        }
        _ => {
            let label = row.map_or(question, |row| row.label.as_str());
            format!("{label}: {}", value_words(pack, question, answer))
        }
    }
}
