//! What is worth saying when something is written down, without refusing it: a record tells what was done.

use jiff::civil::Date;

use super::course::open_reactions;
use super::entry::{Entry, Performed, What};
use crate::pack::Pack;
use crate::plan::{Outcome, Plan};

/// What was agreed on before: remarks hold an entry against it.
#[derive(Clone, Copy, Debug)]
pub struct Agreed<'a> {
    /// The verdict that was signed.
    pub verdict: Outcome,
    /// The plan that was signed.
    pub plan: Option<&'a Plan>,
    /// The first day after the time to think that the patient was given.
    pub earliest: Option<Date>,
    /// What was written down before.
    pub before: &'a [Entry],
}

impl Agreed<'_> {
    /// That nothing was to be given, where that is so.
    #[must_use]
    pub fn nothing_planned(&self) -> Option<String> {
        let verdict = self.verdict.word().to_uppercase();
        let empty = self.plan.is_none_or(|plan| plan.cocktails.is_empty());
        empty.then(|| format!("The record holds no plan, its verdict was {verdict}: nothing was to be given."))
    }
}

/// The remarks on an entry, given what was agreed on and written down before.
#[must_use]
pub fn remarks(pack: &Pack, agreed: Agreed<'_>, what: &What) -> Vec<String> {
    match what {
        What::Session(session) => on_session(pack, agreed, session),
        What::Reaction(seen) => {
            let mut said = Vec::new();
            if seen.what.is_empty() {
                said.push("Kept in words alone: no rule reads it. A clinician has to judge it.".to_owned());
            }
            if seen.session_date.is_none() {
                said.push(
                    "No session it came after is known: flags that depend on the days since count as raised."
                        .to_owned(),
                );
            }
            if seen.lots.is_empty() {
                said.push("No lot is known: find the box, and write the lot down.".to_owned());
            }
            if seen.grade >= 4 && seen.serious.is_empty() {
                said.push(format!("Grade {} and no criterion of seriousness: one of the two is wrong.", seen.grade));
            }
            said
        }
    }
}

fn on_session(pack: &Pack, agreed: Agreed<'_>, session: &Performed) -> Vec<String> {
    let Agreed { plan, earliest, before, .. } = agreed;
    let mut said = Vec::new();
    if let Some(words) = agreed.nothing_planned().filter(|_| !session.given.is_empty()) {
        said.push(format!("{words} Write in the note why it was given all the same."));
    }
    if let Some(plan) = plan.filter(|plan| plan.conditional) {
        said.push(format!(
            "The plan holds only after: {}. Is that on file? Write in the note from whom it came, and when.",
            plan.conditions.join("; ")
        ));
    }
    if let Some(earliest) = earliest.filter(|earliest| session.date < *earliest) {
        said.push(format!(
            "The time to think that the patient was given ends on {earliest}; this session is before that."
        ));
    }
    for open in open_reactions(before) {
        if open.now.answer.stop || open.now.grade >= 2 {
            let first = open.first;
            let words = open.now.answer.words();
            said.push(format!(
                "Reaction {first} of grade {} was still open ({words}): no session was to be given.",
                open.now.grade
            ));
        }
    }
    if let (Some(planned), Some(plan)) = (session.planned, plan) {
        if !plan.sessions.iter().any(|known| known.number == planned) {
            said.push(format!("The plan has no session {planned}."));
        }
        if before.iter().filter_map(Entry::session).any(|other| other.planned == Some(planned)) {
            said.push(format!("Session {planned} of the plan is recorded already: this is a second one."));
        }
    }
    for given in &session.given {
        let (product, area) = (&given.product, pack.areas.get(&given.area).map_or(&given.area, |area| &area.label));
        if given.lot.is_none() {
            said.push(format!("{product}, {area}: no lot was written down."));
        }
        if let Some(expiry) = given.expiry.filter(|expiry| *expiry < session.date) {
            said.push(format!("{product}, {area}: it had expired on {expiry}."));
        }
        let doses = plan.iter().flat_map(|plan| &plan.cocktails).filter(|cocktail| cocktail.area == given.area);
        let dose = doses.flat_map(|c| &c.ingredients).find(|dose| given.ingredient.as_ref() == Some(&dose.id));
        if let (Some(dose), Some(ml)) = (dose, given.ml)
            && ml > dose.volume_ml + 1e-9
        {
            let slip = if ml >= 2.0 * dose.volume_ml { " Is the number right?" } else { "" };
            said.push(format!("{product}, {area}: {ml} mL is more than the {} mL planned.{slip}", dose.volume_ml));
        }
    }
    said
}
