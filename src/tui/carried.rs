//! What the patient's last consultation offers to this one, and what of it was confirmed.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;

use super::sheet::Sheet;
use crate::intake::{Earlier, Intake};
use crate::pack::{Pack, QuestionKind, Returning};
use crate::record::{CarriedOver, Confirmed, RecordId};

/// Answers of an earlier consultation. They are beside the intake, not in it: the rules cannot read them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Carried {
    /// The earlier consultation.
    pub record: RecordId,
    /// Its version; 0 for this consultation itself, left on an earlier day.
    pub version: u32,
    /// What it offers today.
    pub earlier: Earlier,
    /// What was said then, as it was said.
    pub said: Intake,
    /// What was confirmed, and when.
    pub confirmed: BTreeMap<String, Timestamp>,
    /// What was not, as a record says that is amended: there, nothing is offered any more.
    left: Vec<String>,
    /// What this consultation itself had been offered, where it was left on an earlier day.
    before: Option<Box<CarriedOver>>,
}

impl Carried {
    /// What the answers of that day offer today.
    #[must_use]
    pub fn new(pack: &Pack, (record, version): (RecordId, u32), said: Intake, day: Date, today: Date) -> Self {
        let earlier = Earlier::of(pack, &said, day, today);
        Self { record, version, earlier, said, confirmed: BTreeMap::new(), left: Vec::new(), before: None }
    }

    /// Takes out of a consultation that was left on a day what has to be asked again on a later one, and offers of it what
    /// lasts. What lasts for good, and words that no rule reads, stay as they are.
    #[must_use]
    pub fn put_off(pack: &Pack, id: RecordId, sheet: &mut Sheet, day: Date, today: Date) -> Self {
        let before = sheet.carried.take();
        let mut said = Intake::default();
        if let Some(carried) = &before {
            // What nobody had confirmed yet is offered on, as old as it is.
            let then = Earlier::of(pack, &carried.said, carried.earlier.day(), day);
            for (question, offer) in then.offers().filter(|(question, _)| sheet.intake.get(question).is_none()) {
                said.set(question, offer.shown().clone());
            }
        }
        let lasts = |id: &str| {
            let question = pack.questions.get(id);
            question.is_none_or(|q| q.returning == Returning::Confirm || matches!(q.kind, QuestionKind::Text))
        };
        let answers = std::mem::take(&mut sheet.intake.answers);
        let (stay, aged): (BTreeMap<_, _>, BTreeMap<_, _>) = answers.into_iter().partition(|(id, _)| lasts(id));
        sheet.intake.answers = stay;
        said.answers.extend(aged);
        let before = before.map(|carried| Box::new(carried.note()));
        Self { before, ..Self::new(pack, (id, 0), said, day, today) }
    }

    /// Another day has come: days since an event count on.
    pub fn age(&mut self, pack: &Pack, today: Date) {
        self.earlier = Earlier::of(pack, &self.said, self.earlier.day(), today);
    }

    /// The name and the date of birth of then, to be shown before they are confirmed.
    #[must_use]
    pub fn name(&self) -> &str {
        self.said.text("patient.name")
    }

    /// How the record notes it.
    #[must_use]
    pub fn note(&self) -> CarriedOver {
        let confirmed = self.confirmed.iter().map(|(question, at)| Confirmed { question: question.clone(), at: *at });
        let open = self.earlier.offers().map(|(question, _)| question).chain(self.left.iter().map(String::as_str));
        CarriedOver {
            record: self.record,
            version: self.version,
            day: self.earlier.day(),
            confirmed: confirmed.collect(),
            not_confirmed: open.filter(|id| !self.confirmed.contains_key(*id)).map(str::to_owned).collect(),
            before: self.before.clone(),
        }
    }

    /// As it was noted; what was said then comes from the draft, if it is one.
    #[must_use]
    pub fn of(pack: &Pack, note: &CarriedOver, said: Intake, today: Date) -> Self {
        let mut carried = Self::new(pack, (note.record, note.version), said, note.day, today);
        if carried.said.answers.is_empty() {
            carried.left.clone_from(&note.not_confirmed);
        }
        carried.before.clone_from(&note.before);
        carried.confirmed = note.confirmed.iter().map(|one| (one.question.clone(), one.at)).collect();
        carried
    }

    /// An answer that was changed after it was confirmed was given anew.
    pub fn forget_changed(&mut self, before: &Intake, now: &Intake) {
        self.confirmed
            .retain(|question, _| before.get(question).is_none() || before.get(question) == now.get(question));
    }
}
