//! What does not speak against treatment: what was cried wolf over, and what a case is about without the patient having it.
//! Why it does not count is told item by item; marks are lost once, for all of it.

use std::cmp::Reverse;

use super::acts::Flag;
use super::case::Domain;
use super::mark_safety::SPECIFICITY;
use super::marking::Marking;
use super::marks::{CriticalFail, Item};
use super::reads::{about, reads};
use crate::intake::{Answer, What};
use crate::pack::{Condition, Pack, QuestionKind, Rule, Verdict};
use crate::rules::sentence;

/// So many false alarms are only false alarms.
const FEW_ALARMS: usize = 3;
/// So long may the sentence be of when a rule would count; what is longer ends at a word.
const SENTENCE: usize = 240;

/// False alarms, and what they are counted against.
pub(super) struct Alarms {
    /// Flags that no rule in play is about.
    pub wrong: Vec<Flag>,
    labels: Vec<String>,
    /// Harmless facts of the patient.
    harmless: usize,
    /// Of those, how many were flagged.
    hit: usize,
}

impl Alarms {
    /// Of what is harmless, how much was left in peace. What the patient does not even have counts as harmless too.
    pub fn specificity(&self) -> Option<f64> {
        let strangers = self.wrong.len() - self.hit;
        let all = self.harmless + strangers;
        (all > 0).then(|| (all - self.wrong.len()) as f64 / all as f64)
    }

    /// More false alarms than findings, and more than a few: who names everything has found nothing.
    pub fn fail(&self, found: usize) -> Option<CriticalFail> {
        let wrong = self.wrong.len();
        (wrong > FEW_ALARMS.max(found)).then(|| CriticalFail {
            kind: "false-alarms",
            what: format!("named {wrong} things that are no contraindication here, and {found} that are"),
            rule: None,
        })
    }

    pub fn item(&self) -> Option<Item> {
        let specificity = self.specificity()?;
        // A few false alarms among many harmless facts would barely show: each costs a third.
        let share = (1.0 - self.wrong.len() as f64 / 3.0).max(0.0).min(specificity);
        let yours = if self.labels.is_empty() { "none".to_owned() } else { self.labels.join(", ") };
        let mut item = Item::plain(Domain::Safety, "false-alarms".to_owned(), "False alarms", share, SPECIFICITY)
            .said(yours, "none");
        if !self.labels.is_empty() {
            item.message =
                "In this patient none of it speaks against treatment; why not, an item of its own says for each. \
                            Who names what does not count keeps patients from treatment and hides what does."
                    .to_owned();
        }
        Some(item)
    }
}

pub(super) fn alarms(marking: &Marking<'_>) -> Alarms {
    let pack = marking.pack;
    // A note is no contraindication, but whoever names it has read the rules.
    let fired: Vec<_> = marking.key.findings.iter().filter_map(|finding| pack.rules.get(&finding.rule)).collect();
    let about_a_rule = |flag: &Flag| fired.iter().any(|rule| flag.touches(pack, rule));
    let mut harmless: Vec<Flag> = Vec::new();
    // What was never heard was not left in peace.
    let facts = marking.sealed.patient.facts.iter().zip(&marking.sealed.heard);
    for (fact, _) in facts.filter(|(_, heard)| **heard) {
        let setting = fact.question.starts_with("setting.") || fact.question == "jurisdiction";
        match (&fact.answer, pack.questions.get(&fact.question).map(|row| &row.kind)) {
            (Answer::Items(entries), Some(QuestionKind::List(list))) => {
                harmless.extend(entries.iter().filter_map(|entry| match &entry.what {
                    What::Coded(id) => Some(Flag::item(*list, id)),
                    What::FreeText(_) => None,
                }));
            }
            (Answer::Choice(_) | Answer::Number(_), Some(_)) if !setting => harmless.push(Flag(fact.question.clone())),
            _ => {}
        }
    }
    harmless.retain(|flag| !about_a_rule(flag));
    let mut wrong: Vec<Flag> = marking.committed.found.flags().filter(|flag| !about_a_rule(flag)).cloned().collect();
    wrong.sort();
    wrong.dedup();
    let hit = wrong.iter().filter(|flag| harmless.contains(flag)).count();
    let labels = wrong.iter().map(|flag| flag.label(pack)).collect();
    Alarms { wrong, labels, harmless: harmless.len(), hit }
}

/// Each false alarm with what was said of it and when it would count. It costs nothing by itself: [`Alarms::item`] does.
pub(super) fn alarm_items(marking: &Marking<'_>, alarms: &Alarms) -> Vec<Item> {
    let stop = |flag: &Flag| marking.committed.found.absolute.contains(flag);
    let each = alarms.wrong.iter().map(|flag| {
        let id = format!("alarm:{}", flag.text());
        let yours = if stop(flag) { "named as absolute" } else { "named as relative" };
        let mut item = Item::plain(Domain::Safety, id, &flag.label(marking.pack), 0.0, 0.0)
            .said(yours, "no contraindication in this patient");
        // Of rules that are as strict the one that says it in the fewest words.
        let touching = marking.pack.rules.iter().filter(|rule| flag.touches(marking.pack, rule) && !rule.quiet);
        let strictest = touching
            .filter(|rule| rule.verdict > Verdict::Proceed)
            .min_by_key(|rule| (Reverse(rule.verdict), sentence(marking.pack, &rule.when).len()));
        item.message = match (has(marking, flag), strictest) {
            (Has::Yes, Some(_)) => "The patient has it, and as it is here no rule asks for anything because of it.",
            (Has::Yes, None) => "The patient has it, and no rule reads it: it asks for nothing.",
            (Has::No, _) => "It is not so in this patient; what was said stands below.",
            (Has::Answered, _) => "With the answer that stands below no rule asks for anything because of it.",
            (Has::Rule, _) => "The rule does not apply to this patient; what was said stands below.",
        }
        .to_owned();
        item.facts = said(marking, |question| flag.text() == question || asks_for(marking.pack, flag, question));
        if let Some(rule) = strictest {
            item.facts = if item.facts.is_empty() { said_of(marking, rule) } else { item.facts };
            would_count(marking.pack, &mut item, rule, about(marking.pack, &rule.when, flag).as_ref());
        }
        item
    });
    each.collect()
}

/// What the case is about and the patient does not have: why it does not apply. It is worth nothing by itself.
pub(super) fn clear_items(marking: &Marking<'_>, alarms: &Alarms) -> Vec<Item> {
    let fired = |id: &String| marking.key.findings.iter().any(|finding| finding.rule == *id);
    let about = marking.case.expect.not_flags.iter().filter(|id| !fired(id));
    let rules = about.filter_map(|id| marking.pack.rules.get(id)).filter(|rule| !rule.quiet);
    let items = rules.map(|rule| {
        let cried = alarms.wrong.iter().any(|flag| flag.touches(marking.pack, rule));
        let (share, yours) = if cried { (0.0, "named as a contraindication") } else { (1.0, "left in peace") };
        let mut item = Item::plain(Domain::Safety, format!("clear:{}", rule.id), &rule.title, share, 0.0)
            .said(yours, "does not apply to this patient");
        item.message = "What was said is close to it and is not it.".to_owned();
        item.facts = said_of(marking, rule);
        would_count(marking.pack, &mut item, rule, None);
        item
    });
    items.collect()
}

/// When a rule would count, and why; of its condition only the part in question, where one is.
fn would_count(pack: &Pack, item: &mut Item, rule: &Rule, part: Option<&Condition>) {
    let mut when = sentence(pack, part.unwrap_or(&rule.when));
    if when.chars().count() > SENTENCE {
        let cut: String = when.chars().take(SENTENCE).collect();
        let end = cut.rfind(' ').unwrap_or(cut.len());
        when = format!("{} ...", cut.get(..end).unwrap_or(&cut));
    }
    item.change = Some(format!("{} if {when} ({})", rule.verdict.word(), rule.title));
    item.why = rule.why.clone();
    item.sources = pack.citations(&rule.grounds.sources);
    item.evidence = Some(rule.grounds.evidence);
}

/// What the patient said about what a rule reads; what the case has no words of its own for only where it has none at all.
fn said_of(marking: &Marking<'_>, rule: &Rule) -> Vec<String> {
    let read = reads(marking.pack, rule);
    let own = |question: &str| {
        let mut facts = marking.case.facts.iter().filter(|fact| fact.question == question);
        facts.any(|fact| fact.stock.is_none())
    };
    let told = said(marking, |question| read.contains(question) && own(question));
    if told.is_empty() { said(marking, |question| read.contains(question)) } else { told }
}

/// The words about some questions, each after the name of its question.
fn said(marking: &Marking<'_>, of: impl Fn(&str) -> bool) -> Vec<String> {
    let facts = marking.sealed.patient.facts.iter().filter(|fact| of(&fact.question));
    let words = facts.filter_map(|fact| {
        let row = marking.pack.questions.get(&fact.question)?;
        Some(format!("{}: {}", row.label, fact.says))
    });
    words.collect()
}

/// Whether a question asks for the list that an entry stands in.
fn asks_for(pack: &Pack, flag: &Flag, question: &str) -> bool {
    let kind = flag.text().split_once(':').map(|(kind, _)| kind);
    match pack.questions.get(question).map(|row| &row.kind) {
        Some(QuestionKind::List(list)) => kind == Some(list.singular()),
        _ => false,
    }
}

/// How what a flag names stands to the patient.
enum Has {
    Yes,
    No,
    /// It is a question, and has an answer.
    Answered,
    /// It is a rule.
    Rule,
}

fn has(marking: &Marking<'_>, flag: &Flag) -> Has {
    match flag.text().split_once(':') {
        None => return Has::Answered,
        Some(("rule", _)) => return Has::Rule,
        Some(_) => {}
    }
    let entries = marking.sealed.patient.facts.iter().filter_map(|fact| match &fact.answer {
        Answer::Items(entries) => Some((&marking.pack.questions.get(&fact.question)?.kind, entries)),
        _ => None,
    });
    let mut here = entries.flat_map(|(kind, entries)| entries.iter().map(move |entry| (kind, &entry.what)));
    let is = |(kind, what): (&QuestionKind, &What)| match (kind, what) {
        (QuestionKind::List(list), What::Coded(id)) => Flag::item(*list, id) == *flag,
        _ => false,
    };
    if here.any(is) { Has::Yes } else { Has::No }
}
