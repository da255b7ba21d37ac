//! What a case teaches by not being so: a rule that it is about and that does not speak here. It earns nothing and costs nothing.

use super::case::Domain;
use super::mark_safety::Alarms;
use super::marking::Marking;
use super::marks::Item;
use super::reads::reads;
use crate::pack::{Identified, Rule};

/// One item for each rule of the case that does not speak for this patient.
pub(super) fn lessons(marking: &Marking<'_>, alarms: &Alarms) -> Vec<Item> {
    let rules = marking.case.objectives.iter().filter_map(|rule| marking.pack.rules.get(rule));
    let silent = rules.filter(|rule| !marking.key.findings.iter().any(|finding| finding.rule == rule.id()));
    silent.filter_map(|rule| lesson(marking, alarms, rule)).collect()
}

fn lesson(marking: &Marking<'_>, alarms: &Alarms, rule: &Rule) -> Option<Item> {
    let (pack, patient) = (marking.pack, &marking.sealed.patient);
    let read = reads(pack, rule);
    let said = patient.facts.iter().filter(|fact| read.contains(fact.question.as_str()));
    let facts: Vec<String> = said.map(|fact| fact.says.clone()).collect();
    // A rule that reads nothing of what a patient says teaches nothing about this one.
    if facts.is_empty() {
        return None;
    }
    let named = alarms.wrong.iter().any(|flag| flag.touches(pack, rule));
    let (share, yours) = if named { (0.0, "named") } else { (1.0, "left alone") };
    let title = format!("{}: not here", rule.title);
    let mut item = Item::plain(Domain::Safety, format!("not:{}", rule.id()), &title, share, 0.0)
        .said(yours, "does not apply to this patient");
    item.message =
        "What the patient says does not meet this rule. It earns nothing and costs nothing by itself.".to_owned();
    item.why.clone_from(&rule.why);
    item.facts = facts;
    item.sources = pack.citations(&rule.grounds.sources);
    Some(item)
}
