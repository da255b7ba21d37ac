//! The course so far: what was performed, what is open, what the next session would be.

use jiff::civil::Date;

use super::entry::{Entry, Given, Performed, Seen};
use crate::plan::Plan;

/// A reaction as it stands after all that was written about it.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct OpenReaction<'e> {
    /// The entry that began it.
    pub first: u32,
    /// How it stands.
    pub now: &'e Seen,
}

/// The sessions that were performed, in the order they were written down.
pub fn performed(entries: &[Entry]) -> impl Iterator<Item = (u32, &Performed)> {
    entries.iter().filter_map(|entry| Some((entry.number, entry.session()?)))
}

/// The reactions that are not over, each as it was last brought up to date.
#[must_use]
pub fn open_reactions(entries: &[Entry]) -> Vec<OpenReaction<'_>> {
    let mut open = reactions(entries);
    open.retain(|reaction| reaction.now.is_open());
    open
}

/// The reactions that stopped the course, over or not: that the skin is well again does not settle whether another
/// session may be given.
#[must_use]
pub fn stopping(entries: &[Entry]) -> Vec<OpenReaction<'_>> {
    let mut stopping = reactions(entries);
    stopping.retain(|reaction| reaction.now.answer.stop);
    stopping
}

/// All reactions, each as it was last brought up to date.
#[must_use]
pub fn reactions(entries: &[Entry]) -> Vec<OpenReaction<'_>> {
    let mut all: Vec<OpenReaction<'_>> = Vec::new();
    for entry in entries {
        let Some(now) = entry.reaction() else { continue };
        match now.updates.and_then(|first| all.iter_mut().find(|known| known.first == first)) {
            Some(known) => known.now = now,
            None => all.push(OpenReaction { first: entry.number, now }),
        }
    }
    all
}

/// The next session of the plan as it would be performed today: what is planned, without lots.
#[must_use]
pub fn draft_session(plan: Option<&Plan>, entries: &[Entry], practitioner: &str, today: Date) -> Performed {
    let done: Vec<u32> = performed(entries).filter_map(|(_, session)| session.planned).collect();
    // Sessions of maintenance are numbered anew: only those of the course have a number of their own.
    let course = plan.map_or(&[][..], |plan| &plan.sessions);
    let next = course.iter().find(|session| !done.contains(&session.number));
    let cocktails = plan.map_or(&[][..], |plan| &plan.cocktails);
    let mut given = Vec::new();
    for cocktail in cocktails {
        // A session that serves other goals only gives nothing of this one.
        if next.is_some_and(|session| !session.goals.is_empty() && !session.goals.contains(&cocktail.goal_label)) {
            continue;
        }
        given.extend(cocktail.ingredients.iter().map(|dose| Given {
            area: cocktail.area.clone(),
            product: dose.label.clone(),
            ingredient: Some(dose.id.clone()),
            ml: Some(dose.volume_ml),
            points: cocktail.points,
            technique: Some(cocktail.technique.clone()),
            needle: cocktail.needle.clone(),
            ..Given::default()
        }));
    }
    Performed {
        date: today,
        planned: next.map(|session| session.number),
        practitioner: practitioner.to_owned(),
        given,
        ..Performed::default()
    }
}
