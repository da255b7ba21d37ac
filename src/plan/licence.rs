//! What the law of the place has not let anybody inject: it ranks behind what it has, and stands as a caution.
//!
//! A recipe without a licence is proposed only where none with one is left. So nothing that takes a recipe out for a
//! patient ever takes this caution away with it.

use super::assessment::Finding;
use super::cocktail::Filled;
use super::findings::engine_finding;
use crate::intake::{Fact, Facts};
use crate::pack::{Basis, Grade, Item, Ix, Jurisdiction, Pack, Status, Verdict};
use crate::rules::lower;

/// The finding about what is known to have no licence here.
pub(super) const UNLICENSED: &str = "unlicensed-here";
/// The finding about what nobody has looked up.
pub(super) const NOT_KNOWN: &str = "licence-not-known";

/// Where we are.
#[derive(Clone, Copy)]
enum Here {
    At(Ix<Jurisdiction>),
    /// Asked and not known: what has no licence in some place may have none here.
    Somewhere,
}

/// Nobody has said yet where we are: that is asked first.
fn here(pack: &Pack, facts: &Facts) -> Option<Here> {
    match facts.get(pack.roles.jurisdiction) {
        Fact::Choice(at) => Some(Here::At(Ix::new(*at))),
        Fact::Unknown => Some(Here::Somewhere),
        _ => None,
    }
}

impl Here {
    /// The status of an ingredient that lacks a licence, or may lack one.
    fn lacks(self, pack: &Pack, ingredient: Ix<Item>) -> Option<Status> {
        match self {
            Self::At(at) => {
                Some(pack.status_in(ingredient, at).unwrap_or(Status::NotKnown)).filter(|status| status.lacks_licence())
            }
            Self::Somewhere => (pack.unlicensed_in(ingredient) != 0).then_some(Status::NotKnown),
        }
    }

    fn label(self, pack: &Pack) -> &str {
        match self {
            Self::At(at) => &pack.jurisdictions[at].label,
            Self::Somewhere => "place not known",
        }
    }
}

/// Whether no authority here is known to have let an ingredient be injected.
pub(super) fn lacking(pack: &Pack, facts: &Facts, ingredient: Ix<Item>) -> bool {
    here(pack, facts).is_some_and(|here| here.lacks(pack, ingredient).is_some())
}

/// The cautions about what would be given: what is known to have no licence here, and what nobody has looked up.
pub(super) fn findings<'f>(pack: &Pack, facts: &Facts, filled: impl Iterator<Item = &'f Filled>) -> Vec<Finding> {
    let Some(here) = here(pack, facts) else { return Vec::new() };
    let (mut without, mut unknown): (Vec<Ix<Item>>, Vec<Ix<Item>>) = (Vec::new(), Vec::new());
    for ingredient in filled.flat_map(|filled| &filled.slots).map(|slot| slot.ingredient) {
        let list = match here.lacks(pack, ingredient) {
            Some(Status::NotKnown) => &mut unknown,
            Some(_) => &mut without,
            None => continue,
        };
        if !list.contains(&ingredient) {
            list.push(ingredient);
        }
    }
    let place = here.label(pack);
    let mut found = Vec::new();
    if !without.is_empty() {
        let mut finding = about(pack, facts, UNLICENSED, format!("No licence for injection ({place})"), &without);
        finding.message = format!(
            "No product with {} is licensed for injection here. What has a licence comes first wherever it is left for a goal. \
             Give this only if the law of the place lets you obtain and inject it, and if the patient has been told.{}",
            named(pack, &without),
            notes(pack, &without)
        );
        finding.patient = Some(format!(
            "No authority here has approved a product with {} for injection. Nobody has examined its quality and safety \
             for that on your behalf. You may say no to it.",
            named(pack, &without)
        ));
        found.push(finding);
    }
    if !unknown.is_empty() {
        let title = format!("Licence for injection not known ({place})");
        let mut finding = about(pack, facts, NOT_KNOWN, title, &unknown);
        finding.message = format!(
            "Whether a product with {} is licensed or registered for injection here is not known to this pack. Look \
             it up with the authority before anything is ordered; without a registration do not give it.{}",
            named(pack, &unknown),
            notes(pack, &unknown)
        );
        finding.patient = Some(format!(
            "We first look up whether a product with {} is approved for injection here.",
            named(pack, &unknown)
        ));
        found.push(finding);
    }
    found
}

fn about(pack: &Pack, facts: &Facts, id: &str, title: String, list: &[Ix<Item>]) -> Finding {
    let question = &pack.questions[pack.roles.jurisdiction];
    let because = list.iter().map(|ix| {
        let status = here(pack, facts).and_then(|here| here.lacks(pack, *ix)).unwrap_or(Status::NotKnown);
        format!("{}: {}", pack.ingredients[*ix].label, status.word())
    });
    let mut finding = engine_finding(
        id.to_owned(),
        title,
        Verdict::Caution,
        String::new(),
        "A product without a licence has been examined by no authority for quality, sterility and safety in this use; who \
         gives it answers for that.",
        because.collect(),
        vec![question.id.clone()],
    );
    finding.mitigation = vec![
        "Tell the patient that it has no licence here and why it is proposed all the same; record the consent to it"
            .to_owned(),
        "Keep the maker, the lot and the supplier's papers, or the pharmacy's, with the record".to_owned(),
    ];
    if id == NOT_KNOWN {
        finding.mitigation[0] = "Registration number of the product on record".to_owned();
    }
    let mut sources = Vec::new();
    for ix in list {
        let from = &pack.ingredient(*ix).status_sources;
        sources.extend(from.iter().filter(|source| !sources.contains(*source)).copied().collect::<Vec<_>>());
    }
    finding.basis = if sources.is_empty() { Basis::Policy } else { Basis::Source };
    finding.sources = pack.citations(&sources);
    finding.evidence = Some(Grade::R);
    finding
}

/// "hyaluronic acid, not cross-linked, or minoxidil".
fn named(pack: &Pack, list: &[Ix<Item>]) -> String {
    list.iter().map(|ix| lower(&pack.ingredients[*ix].label)).collect::<Vec<_>>().join(" or ")
}

fn notes(pack: &Pack, list: &[Ix<Item>]) -> String {
    let notes = list.iter().map(|ix| &pack.ingredient(*ix).status_note).filter(|note| !note.is_empty());
    notes.fold(String::new(), |text, note| format!("{text} {note}"))
}
