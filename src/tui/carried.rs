//! What the patient's last consultation offers to this one, and what of it was confirmed.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::intake::{Earlier, Intake};
use crate::pack::Pack;
use crate::record::{CarriedOver, Confirmed, RecordId};

/// Answers of an earlier consultation. They are beside the intake, not in it: the rules cannot read them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Carried {
    /// The earlier consultation.
    pub record: RecordId,
    /// Its version.
    pub version: u32,
    /// What it offers today.
    pub earlier: Earlier,
    /// What was said then, as it was said.
    pub said: Intake,
    /// What was confirmed, and when.
    pub confirmed: BTreeMap<String, Timestamp>,
    /// What was not, as a record says that is amended: there, nothing is offered any more.
    left: Vec<String>,
}

impl Carried {
    /// What the answers of that day offer today.
    #[must_use]
    pub fn new(pack: &Pack, (record, version): (RecordId, u32), said: Intake, day: Date, today: Date) -> Self {
        let earlier = Earlier::of(pack, &said, day, today);
        Self { record, version, earlier, said, confirmed: BTreeMap::new(), left: Vec::new() }
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
        }
    }

    /// As it was noted; what was said then comes from the draft, if it is one.
    #[must_use]
    pub fn of(pack: &Pack, note: &CarriedOver, said: Intake, today: Date) -> Self {
        let mut carried = Self::new(pack, (note.record, note.version), said, note.day, today);
        if carried.said.answers.is_empty() {
            carried.left.clone_from(&note.not_confirmed);
        }
        carried.confirmed = note.confirmed.iter().map(|one| (one.question.clone(), one.at)).collect();
        carried
    }

    /// An answer that was changed after it was confirmed was given anew.
    pub fn forget_changed(&mut self, before: &Intake, now: &Intake) {
        self.confirmed
            .retain(|question, _| before.get(question).is_none() || before.get(question) == now.get(question));
    }
}
