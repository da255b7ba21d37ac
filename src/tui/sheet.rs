//! What a consultation consists of: everything that was answered, decided and ticked. This is what a draft keeps.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;

use super::carried::Carried;
use super::text;
use crate::intake::{Answer, Entry, Intake, Offer, What};
use crate::pack::{Pack, QuestionKind, Step};
use crate::plan::{Assessment, Cocktail, Outcome, OwnMix, Plan};
use crate::record::{LeftOut, RecordId};

/// Who signs follows this answer.
const OPERATOR: &str = "setting.operator";

/// A step of the consultation.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub enum StepId {
    /// Who.
    #[default]
    Patient,
    /// Skin type and findings.
    Skin,
    /// Pregnancy, conditions, medicines, events, screening.
    History,
    /// Allergies.
    Allergies,
    /// Goals, areas, wishes, setting.
    Goals,
    /// The verdict and its findings.
    Assessment,
    /// Cocktails, doses, calendar.
    Plan,
    /// Consent and signature.
    Sign,
}

impl StepId {
    /// All steps, in order.
    pub const ALL: [Self; 8] = [
        Self::Patient,
        Self::Skin,
        Self::History,
        Self::Allergies,
        Self::Goals,
        Self::Assessment,
        Self::Plan,
        Self::Sign,
    ];

    /// Its name.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Patient => "Patient",
            Self::Skin => "Skin",
            Self::History => "History",
            Self::Allergies => "Allergies",
            Self::Goals => "Goals",
            Self::Assessment => "Assessment",
            Self::Plan => "Plan",
            Self::Sign => "Sign",
        }
    }

    /// Its place, from 0.
    #[must_use]
    pub const fn index(self) -> usize {
        self as usize
    }

    /// The step at a place, from 0.
    #[must_use]
    pub fn at(index: usize) -> Option<Self> {
        Self::ALL.get(index).copied()
    }

    /// The one after it.
    #[must_use]
    pub fn next(self) -> Option<Self> {
        Self::at(self.index() + 1)
    }

    /// The one before it.
    #[must_use]
    pub fn before(self) -> Option<Self> {
        Self::at(self.index().checked_sub(1)?)
    }

    /// Which questions it asks, if it asks.
    #[must_use]
    pub const fn asks(self) -> Option<Step> {
        match self {
            Self::Patient => Some(Step::Patient),
            Self::Skin => Some(Step::Skin),
            Self::History => Some(Step::History),
            Self::Allergies => Some(Step::Allergies),
            Self::Goals => Some(Step::Goals),
            Self::Assessment | Self::Plan | Self::Sign => None,
        }
    }
}

impl From<Step> for StepId {
    fn from(step: Step) -> Self {
        match step {
            Step::Patient => Self::Patient,
            Step::Skin => Self::Skin,
            Step::History => Self::History,
            Step::Allergies => Self::Allergies,
            Step::Goals => Self::Goals,
        }
    }
}

/// How long the patient has to think it over.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Reflection {
    /// Not talked about yet.
    #[default]
    NotSet,
    /// Offered, and not wanted.
    Waived,
    /// So many days.
    Days(u16),
}

impl Reflection {
    /// The choices on the screen.
    pub const CHOICES: [Self; 6] =
        [Self::Waived, Self::Days(1), Self::Days(2), Self::Days(7), Self::Days(15), Self::Days(30)];

    /// For people.
    #[must_use]
    pub fn label(self) -> String {
        match self {
            Self::NotSet => "not set".to_owned(),
            Self::Waived => "offered, not wanted".to_owned(),
            Self::Days(1) => "1 day".to_owned(),
            Self::Days(days) => format!("{days} days"),
        }
    }
}

/// Who signs.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Signer {
    /// The name.
    pub name: String,
    /// The role.
    pub role: String,
    /// The licence number.
    pub licence: String,
}

/// Everything that was answered, decided and ticked in one consultation.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Sheet {
    /// The answers.
    pub intake: Intake,
    /// Text typed and not accepted yet, by question (or `question#entry.qualifier`): it survives a crash too.
    pub pending: BTreeMap<String, String>,
    /// Rules that were overridden, and why.
    pub overrides: BTreeMap<String, String>,
    /// Recipes chosen instead of the first-ranked one, by goal and area.
    pub recipes: BTreeMap<(String, String), String>,
    /// Mixes of the practitioner's own, by goal and area.
    pub mixes: BTreeMap<(String, String), OwnMix>,
    /// Consent points that were covered.
    pub covered: BTreeSet<String>,
    /// Those of them that were ticked a page at a time.
    pub paged: BTreeSet<String>,
    /// Entries in words that were reviewed by hand.
    pub reviewed: BTreeSet<String>,
    /// Time to think it over.
    pub reflection: Reflection,
    /// Who signs.
    pub signer: Signer,
    /// The practitioner's own words.
    pub note: String,
    /// Steps that were seen.
    pub visited: BTreeSet<StepId>,
    /// The saved version that this one amends.
    pub amends: Option<Amends>,
    /// What the patient's last consultation offers.
    pub carried: Option<Carried>,
    /// When the identity was checked again before signing.
    pub identity_checked: Option<Timestamp>,
    /// What is on record and was left out of the answers on purpose, by question.
    pub left_out: BTreeMap<String, LeftOut>,
}

/// A saved version being amended.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Amends {
    /// The version.
    pub version: u32,
    /// The day of the consultation: it is assessed as of that day.
    pub day: Date,
    /// Why.
    pub reason: String,
}

/// Three ids of what is given, and each ingredient with its volume.
type Given<'a> = (&'a str, &'a str, &'a str, Vec<(&'a str, f64)>);

/// What a patient consents to: what is given where, how much of it, and how.
fn treatment(plan: Option<&Plan>) -> Vec<Given<'_>> {
    fn given(cocktail: &Cocktail) -> Vec<(&str, f64)> {
        cocktail.ingredients.iter().map(|dose| (dose.id.as_str(), dose.volume_ml)).collect()
    }
    let cocktails = plan.map_or(&[][..], |plan| &plan.cocktails);
    cocktails.iter().map(|c| (c.goal.as_str(), c.area.as_str(), c.technique.as_str(), given(c))).collect()
}

impl Sheet {
    /// The day as of which it is assessed.
    #[must_use]
    pub fn day(&self, today: Date) -> Date {
        self.amends.as_ref().map_or(today, |amends| amends.day)
    }

    /// Who injects signs, unless somebody typed another role: the role follows the answer.
    fn follow_operator(&mut self, before: &Self) {
        let operator = |sheet: &Self| match sheet.intake.get(OPERATOR) {
            Some(Answer::Choice(id)) => id.clone(),
            _ => String::new(),
        };
        if self.signer.role == operator(before) || self.signer.role.trim().is_empty() {
            self.signer.role = operator(self);
        }
    }

    /// Undo leaves what is no answer: what was seen stays seen, and what was typed stays typed.
    pub fn keep_typed(&mut self, now: Self) {
        self.visited.extend(now.visited);
        self.note = now.note;
        self.signer.name = now.signer.name;
        self.signer.licence = now.signer.licence;
        if self.intake.get(OPERATOR) == now.intake.get(OPERATOR) {
            self.signer.role = now.signer.role;
        }
        if let (Some(then), Some(now)) = (&mut self.amends, now.amends) {
            then.reason = now.reason;
        }
        for (question, typed) in now.pending {
            // Lines of entries belong to entries that may be gone.
            if !question.contains('#') && self.intake.get(&question).is_none() {
                self.pending.entry(question).or_insert(typed);
            }
        }
    }

    /// The earlier answer that is offered for a question, while it has none of its own.
    #[must_use]
    pub fn offer(&self, question: &str) -> Option<&Offer> {
        self.carried.as_ref()?.earlier.open(question, &self.intake)
    }

    /// What was typed for a question, or for a detail of one of its entries, and is no answer.
    #[must_use]
    pub fn typed_for(&self, question: &str) -> Option<&str> {
        let of = |key: &str| key.split('#').next() == Some(question);
        let mut typed = self.pending.iter().filter(|(key, typed)| of(key) && !typed.trim().is_empty());
        typed.next().map(|(_, typed)| typed.as_str())
    }

    /// Name and date of birth, as they were answered.
    #[must_use]
    pub fn identity(&self) -> (Option<&Answer>, Option<&Answer>) {
        (self.intake.get("patient.name"), self.intake.get("patient.birth_date"))
    }

    /// Whether name or date of birth of a returning patient wait to be confirmed.
    #[must_use]
    pub fn identity_is_offered(&self) -> bool {
        ["patient.name", "patient.birth_date"].iter().any(|id| self.offer(id).is_some())
    }

    /// Confirms what is offered for a question: whether there was something.
    pub fn confirm(&mut self, question: &str, now: Timestamp) -> bool {
        let Some(carried) = &mut self.carried else { return false };
        let taken = carried.earlier.confirm(question, &mut self.intake);
        if taken {
            carried.confirmed.insert(question.to_owned(), now);
            self.pending.remove(question);
        }
        taken
    }

    /// What follows from a change by itself.
    pub fn follow(&mut self, before: &Self) {
        self.follow_operator(before);
        if self.identity() != before.identity() {
            // Who it is, was changed: it is asked again.
            self.identity_checked = None;
        }
        // Another answer: what it leaves out is asked about anew.
        let (now, answered) = (&self.intake, &mut self.left_out);
        answered.retain(|question, one| {
            now.get(question) == before.intake.get(question) || before.left_out.get(question) != Some(one)
        });
        if let Some(carried) = &mut self.carried {
            carried.forget_changed(&before.intake, &self.intake);
        }
    }

    /// What was covered was covered for one treatment: when something else is given, or elsewhere, or by another
    /// technique, all points are open again. Whether that is so.
    pub fn reopen_consent(&mut self, before: Option<&Plan>, now: Option<&Plan>) -> bool {
        let reopened = !self.covered.is_empty() && treatment(before) != treatment(now);
        if reopened {
            self.covered.clear();
            self.paged.clear();
        }
        reopened
    }

    /// The name of the patient; of one who comes again, before it is confirmed.
    #[must_use]
    pub fn patient(&self) -> &str {
        match (self.intake.text("patient.name"), &self.carried) {
            ("", Some(carried)) => carried.name(),
            (name, _) => name,
        }
    }

    /// Whose it is, in words: name and date of birth.
    #[must_use]
    pub fn whose(&self) -> String {
        let name = text::clean(self.intake.text("patient.name").trim()).into_owned();
        let name = if name.is_empty() { "a patient without a name".to_owned() } else { name };
        match self.intake.get("patient.birth_date") {
            Some(Answer::Date(born)) => format!("{name}, born {born}"),
            _ => name,
        }
    }

    /// Whether somebody was named: a name, or a code given on purpose.
    #[must_use]
    pub fn is_named(&self) -> bool {
        self.intake.text("patient.name").chars().any(char::is_alphanumeric)
    }

    /// Entries in words, in the order of their questions: the rules cannot read them.
    #[must_use]
    pub fn free_text(&self, pack: &Pack) -> Vec<String> {
        let mut all = Vec::new();
        for question in &pack.questions {
            if !matches!(question.kind, QuestionKind::List(_)) {
                continue;
            }
            for Entry { what, .. } in self.intake.entries(&question.id) {
                if let What::FreeText(words) = what
                    && !all.contains(words)
                {
                    all.push(words.clone());
                }
            }
        }
        all
    }

    /// Somebody was asked again: what is on record is left out on purpose.
    pub fn leave_out(&mut self, one: LeftOut, now: Timestamp) {
        self.left_out.insert(one.question.clone(), LeftOut { asked_at: Some(now), ..one });
    }

    /// Whether it is another consultation that offers answers, not this one as it was left on an earlier day.
    #[must_use]
    pub fn is_returning(&self) -> bool {
        self.carried.as_ref().is_some_and(|carried| carried.version > 0)
    }

    /// What stands against signing, in words.
    #[must_use]
    pub fn against_signing(&self, pack: &Pack, assessment: &Assessment) -> Vec<String> {
        let mut against = Vec::new();
        if assessment.verdict == Outcome::Incomplete {
            against.push("Safety questions are open (see Assessment)".to_owned());
        }
        // A refusal may be urgent, and the patient gone: it is recorded all the same.
        let asks_name = pack.questions.get("patient.name").is_some();
        if asks_name && assessment.plan.is_some() && !self.is_named() {
            against.push("The patient has no name: give it, or a code of your own (Patient)".to_owned());
        }
        if self.identity_is_offered() {
            against.push("Name or date of birth of the earlier record is not confirmed (Patient)".to_owned());
        }
        for question in &pack.questions {
            if let Some(typed) = self.typed_for(&question.id) {
                against.push(format!("{}: \"{typed}\" was typed and could not be read", question.label));
            }
        }
        if let Some(plan) = &assessment.plan {
            for refused in &plan.refused {
                let place = format!("{}, {}", refused.goal_label, refused.area_label.to_lowercase());
                against.push(format!("Your own mix cannot be given ({place}): {} (see Plan)", refused.why));
            }
            let open = plan.consent.iter().filter(|point| !self.covered.contains(&*point.id)).count();
            if open > 0 {
                against.push(text::count(open, "consent point is not covered", "consent points are not covered"));
            }
            if self.reflection == Reflection::NotSet {
                against.push("The reflection time is not set".to_owned());
            }
        }
        let unread = self.free_text(pack).iter().filter(|words| !self.reviewed.contains(*words)).count();
        if unread > 0 {
            against.push(text::count(unread, "entry in words is not reviewed", "entries in words are not reviewed"));
        }
        if self.amends.as_ref().is_some_and(|amends| amends.reason.trim().is_empty()) {
            against.push("The reason of the amendment is empty".to_owned());
        }
        let Signer { name, role, licence } = &self.signer;
        for (value, what) in [(name, "name"), (role, "role"), (licence, "licence number")] {
            if value.trim().is_empty() {
                against.push(format!("The practitioner's {what} is empty"));
            }
        }
        against
    }
}

/// A consultation that is not signed yet.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Draft {
    /// Its id, and the record's later.
    pub id: RecordId,
    /// When it was begun.
    pub started: Timestamp,
    /// The day its answers were given on.
    pub day: Date,
    /// Where one was.
    pub step: StepId,
    /// At which question, or which of its fields.
    pub question: Option<String>,
    /// What was said.
    pub sheet: Sheet,
}

/// A signed consultation, to be saved.
#[derive(Clone, PartialEq, Debug)]
pub struct Signed {
    /// The consultation.
    pub draft: Draft,
    /// What the rules said.
    pub assessment: Assessment,
}
