//! What is said beside every assessment, and which pack decided.

use jiff::civil::Date;

use super::assessment::PackRef;
use super::layers::{ClinicOverride, overrides};
use crate::intake::{Fact, Facts};
use crate::pack::{Ix, Pack};

/// What holds for every assessment here: sign-off, overdue reviews, the notices of the place.
pub(super) fn notices(pack: &Pack, facts: &Facts) -> Vec<String> {
    let mut notices = Vec::new();
    let unsigned = pack.unsigned(facts.today);
    if pack.sign_offs.is_empty() {
        notices.push("Not yet reviewed by this clinic: no name and date sign this pack version off.".to_owned());
    } else if !unsigned.is_empty() {
        notices.push(format!("Not yet reviewed by this clinic: {}.", unsigned.join("; ")));
    }
    let overdue = pack.overdue(facts.today);
    if let Some(oldest) = overdue.iter().map(|row| row.due).min() {
        let items = if overdue.len() == 1 { "item" } else { "items" };
        notices.push(format!(
            "{} {items} of the pack should have been reviewed again by now, the first by {oldest}.",
            overdue.len()
        ));
    }
    if let Some(language) = pack.language.map(|ix| &pack.languages[ix]) {
        let reviewed = language.review.words_on(facts.today);
        notices.push(format!("Shown in {} as far as it is worded, else in English: {reviewed}.", language.label));
    }
    notices.extend(overrides(pack, facts.today).iter().filter(|one| !one.in_force()).map(ClinicOverride::notice));
    if let Fact::Choice(n) = facts.get(pack.roles.jurisdiction) {
        notices.extend(pack.jurisdiction_path(Ix::new(*n)).filter_map(|at| pack.jurisdictions[at].notice.clone()));
    }
    notices
}

/// The pack that decides.
pub(super) fn pack_ref(pack: &Pack, today: Date) -> PackRef {
    let join = |of: fn(&crate::pack::Layer) -> &str| pack.layers.iter().map(of).collect::<Vec<_>>().join("+");
    PackRef {
        id: join(|layer| &layer.id),
        version: join(|layer| &layer.version),
        hash: pack.hash.clone(),
        reviewed: pack.signed_off(today),
    }
}
