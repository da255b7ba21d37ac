//! The lists of the first screen.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::history::AlikeLine;
use super::sheet::StepId;
use crate::plan::Outcome;
use crate::record::{Alike, Card, Draft, IntakeTable, Listing, Person, RecordId};

/// Records shown at most; the search finds the others.
pub const RECORDS: usize = 200;

/// Patients who might be meant, at most.
pub const ALIKE: usize = 5;

/// A draft in the list of the first screen.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DraftLine {
    /// The draft as it was kept.
    pub draft: Draft,
    /// The patient, or "".
    pub patient: String,
    /// Where one was.
    pub step: StepId,
    /// When it was last written, for people.
    pub at: String,
}

/// A record in the list of the first screen.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RecordLine {
    /// Its id.
    pub id: RecordId,
    /// Its newest version.
    pub version: u32,
    /// The patient, or "".
    pub patient: String,
    /// The date of birth, if it was given.
    pub birth_date: Option<Date>,
    /// Age in years on that day, if it is known.
    pub age: Option<u32>,
    /// When it was signed, for people.
    pub at: String,
    /// The verdict.
    pub verdict: Outcome,
    /// A reaction stopped the course that followed.
    pub stopped: bool,
    /// The ids of the goals.
    pub goals: Vec<String>,
    /// The ids of the recipes.
    pub recipes: Vec<String>,
    /// The rules that fired.
    pub rules: Vec<String>,
    /// Who signed.
    pub practitioner: String,
    /// What a search hit in it, where that is not the name or the date of birth.
    pub hit: Option<String>,
}

impl RecordLine {
    /// Sign and word of how it stands, and what colours them.
    #[must_use]
    pub fn standing(&self) -> (String, Outcome) {
        standing(self.verdict, self.stopped)
    }

    /// Whose it is.
    #[must_use]
    pub fn person(&self) -> Person {
        Person::new(&self.patient, self.birth_date)
    }
}

/// Sign and word of how a consultation stands, and what colours them: a course that was stopped is no "proceed" any more.
#[must_use]
pub fn standing(verdict: Outcome, stopped: bool) -> (String, Outcome) {
    if stopped {
        return (format!("{} stopped", Outcome::Decline.sign()), Outcome::Decline);
    }
    (format!("{} {}", verdict.sign(), verdict.word()), verdict)
}

/// What a search found.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Found {
    /// The first of them.
    pub lines: Vec<RecordLine>,
    /// How many there are.
    pub total: usize,
    /// Records that are there and cannot be read.
    pub unreadable: usize,
    /// The year of the oldest record.
    pub oldest: Option<i16>,
    /// Nothing matches exactly: names that are nearly so are listed.
    pub similar: bool,
}

impl Found {
    /// The lines of a listing.
    #[must_use]
    pub fn of(listing: &Listing, zone: &TimeZone) -> Self {
        Self {
            lines: listing
                .cards
                .iter()
                .map(|card| RecordLine { hit: listing.hits.get(&card.id).cloned(), ..record_line(card, zone) })
                .collect(),
            total: listing.total,
            unreadable: listing.unreadable,
            oldest: listing.oldest,
            similar: listing.similar,
        }
    }
}

/// The line of a draft.
#[must_use]
pub fn draft_line(draft: Draft, today: Date, zone: &TimeZone) -> DraftLine {
    let patient = name_in(&draft);
    let step = StepId::ALL.into_iter().find(|step| step.label().eq_ignore_ascii_case(&draft.step));
    DraftLine { patient, step: step.unwrap_or_default(), at: moment(draft.updated_at, today, zone), draft }
}

/// The name as it was answered, else as far as it was typed; of a patient who comes again, as it is on record.
#[must_use]
pub fn name_in(draft: &Draft) -> String {
    const NAME: &str = "patient.name";
    if let Some(of) = &draft.following {
        return of.patient.clone();
    }
    let answered = |intake: &str| IntakeTable::parse(intake).map(|intake| intake.text(NAME).to_owned()).ok();
    let typed = draft.typing.iter().chain(&draft.held).find(|typing| typing.field == NAME);
    let typed = typed.map(|typing| typing.text.trim().to_owned());
    let mut names = [answered(&draft.intake), typed, answered(&draft.earlier)].into_iter().flatten();
    names.find(|name| !name.is_empty()).unwrap_or_default()
}

/// The line of a record.
fn record_line(card: &Card, zone: &TimeZone) -> RecordLine {
    RecordLine {
        id: card.id,
        version: card.version,
        patient: card.patient.clone(),
        birth_date: card.birth_date,
        age: card.age,
        at: card.saved_at.to_zoned(zone.clone()).date().to_string(),
        verdict: card.verdict,
        stopped: card.stopped,
        goals: card.goals.clone(),
        recipes: card.recipes.clone(),
        rules: card.rules.clone(),
        practitioner: card.practitioner.clone(),
        hit: None,
    }
}

/// The line of a patient who might be meant.
#[must_use]
pub fn alike_line(alike: &Alike, zone: &TimeZone) -> AlikeLine {
    AlikeLine {
        record: alike.card.id,
        person: Person::of(&alike.card),
        name: alike.card.patient.clone(),
        seen: alike.card.saved_at.to_zoned(zone.clone()).date().to_string(),
        consultations: alike.consultations,
        why: alike.likeness.words(),
        likely: alike.likeness.is_likely(),
        verdict: alike.card.verdict,
        stopped: alike.card.stopped,
        known: alike.card.known.clone(),
    }
}

/// Today the time, else the day as well.
#[must_use]
pub fn moment(at: Timestamp, today: Date, zone: &TimeZone) -> String {
    let at = at.to_zoned(zone.clone());
    if at.date() == today { at.strftime("today %H:%M").to_string() } else { at.strftime("%Y-%m-%d %H:%M").to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn moments_are_shown_as_people_say_them() {
        let at: Timestamp = "2026-11-22T14:03:59Z".parse().unwrap();
        assert_eq!(moment(at, date(2026, 11, 22), &TimeZone::UTC), "today 14:03");
        assert_eq!(moment(at, date(2026, 11, 23), &TimeZone::UTC), "2026-11-22 14:03");
    }
}
