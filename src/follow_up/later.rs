//! What a later consultation has to know of what came after this one.

use super::course::{performed, reactions};
use super::entry::Entry;
use crate::intake;
use crate::pack::Pack;

/// The event of a reaction that is not over, whatever it is.
const NOT_SETTLED: &str = "open-adverse-event";
/// The event of sessions that nothing came of.
const SESSIONS: &str = "mesotherapy";

/// The events that an intake of the same patient has to ask about, each once: of every reaction the one that the pack
/// names for it, of one that is not over that as well; of sessions without a reaction that they were given.
///
/// They say nothing of days, places and severity: those are asked.
#[must_use]
pub fn later_events(pack: &Pack, entries: &[Entry]) -> Vec<intake::Entry> {
    let reactions = reactions(entries);
    let mut ids: Vec<&str> = Vec::new();
    for reaction in &reactions {
        let signs = reaction.now.what.iter().filter_map(|id| pack.follow_up.reactions.get(id));
        ids.extend(signs.filter_map(|sign| Some(pack.events[sign.event?].id.as_str())));
        ids.extend(reaction.now.is_open().then_some(NOT_SETTLED));
    }
    ids.extend((reactions.is_empty() && performed(entries).next().is_some()).then_some(SESSIONS));
    let mut events: Vec<intake::Entry> = Vec::new();
    for id in ids.into_iter().filter(|id| pack.events.get(id).is_some()) {
        let event = intake::Entry::coded(id);
        if !events.contains(&event) {
            events.push(event);
        }
    }
    events
}
