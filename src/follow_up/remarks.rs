//! What is worth saying when something is written down, without refusing it: a record tells what was done.

use super::course::open_reactions;
use super::entry::{Entry, Performed, What};
use crate::pack::Pack;
use crate::plan::Plan;

/// The remarks on an entry, given the plan and what was written down before.
#[must_use]
pub fn remarks(pack: &Pack, plan: Option<&Plan>, before: &[Entry], what: &What) -> Vec<String> {
    match what {
        What::Session(session) => on_session(pack, plan, before, session),
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
            said
        }
    }
}

fn on_session(pack: &Pack, plan: Option<&Plan>, before: &[Entry], session: &Performed) -> Vec<String> {
    let mut said = Vec::new();
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
            said.push(format!("{product}, {area}: {ml} mL is more than the {} mL planned.", dose.volume_ml));
        }
    }
    said
}
