//! Safety: what was found, what was cried wolf over, what was decided.

use super::acts::Flag;
use super::case::{Decision, Disclose, Domain, stops};
use super::marking::{Marking, unasked};
use super::marks::{CriticalFail, Item};
use crate::intake::{Answer, What};
use crate::pack::{QuestionKind, Verdict};
use crate::plan::Finding;

/// What was named without having heard of it earns at most this share.
const GUESSED: f64 = 0.5;
/// So many false alarms are only false alarms.
const FEW_ALARMS: usize = 3;

/// What the parts of the domain count: finding, leaving in peace, deciding.
const SENSITIVITY: f64 = 0.4;
const SPECIFICITY: f64 = 0.2;
const DECISION: f64 = 0.4;

/// One item for each finding: found with the right weight, found with the wrong one (half), or overlooked.
pub(super) fn flag_items(marking: &Marking<'_>) -> Vec<Item> {
    let to_flag = marking.to_flag();
    let each = SENSITIVITY / to_flag.len().max(1) as f64;
    let found = &marking.committed.found;
    let touches = |flags: &[Flag], rule| flags.iter().any(|flag| flag.touches(marking.pack, rule));
    to_flag
        .iter()
        .map(|(finding, rule)| {
            let absolute = touches(&found.absolute, rule);
            let relative = touches(&found.relative, rule);
            let stop = stops(finding.verdict);
            // One fact may speak for a stop and for care as well: who named it as a stop has said all there is to say of it.
            let of_a_stop = |flag: &&Flag| {
                to_flag.iter().any(|(other, row)| stops(other.verdict) && flag.touches(marking.pack, row))
            };
            let with_a_stop = || found.absolute.iter().filter(of_a_stop).any(|flag| flag.touches(marking.pack, rule));
            let (share, yours) = match (absolute, relative, stop) {
                (true, _, true) => (1.0, "absolute"),
                (_, true, false) => (1.0, "relative"),
                (true, false, false) if with_a_stop() => (1.0, "absolute, as it is for another rule"),
                (false, true, true) => (0.5, "relative: understated"),
                (true, false, false) => (0.5, "absolute: overstated"),
                (false, false, _) if named_unknown(marking, finding) => (1.0, "still unknown"),
                (false, false, _) => (0.0, "not named"),
            };
            let (share, yours) = match share > GUESSED && guessed(marking, finding) {
                true => (GUESSED, format!("{yours}, but nothing of it was heard or seen")),
                false => (share, yours.to_owned()),
            };
            let key = format!("{} ({})", if stop { "absolute" } else { "relative" }, finding.word());
            let item = Item::plain(Domain::Safety, format!("flag:{}", finding.rule), &finding.title, share, each);
            marking.explained(item.said(yours, key), finding)
        })
        .collect()
}

/// Whether all that a finding reads and that has to be asked for was never heard: then it was named by chance.
fn guessed(marking: &Marking<'_>, finding: &Finding) -> bool {
    let sealed = marking.sealed;
    let mut read = sealed
        .patient
        .facts
        .iter()
        .zip(&sealed.heard)
        .filter(|(fact, _)| fact.disclose != Disclose::Volunteered && finding.questions.contains(&fact.question));
    let mut any = false;
    let unheard = read.all(|(fact, heard)| {
        any = true;
        !*heard && !marking.committed.asked.contains(&fact.question)
    });
    any && unheard
}

/// Whether a finding that rests on an answer nobody knows was met by naming that question as unknown.
pub(super) fn named_unknown(marking: &Marking<'_>, finding: &Finding) -> bool {
    let unknown = &marking.committed.found.unknown;
    let mut open = marking.sealed.patient.facts.iter().filter(|fact| fact.answer == Answer::Unknown);
    !finding.assumed.is_empty()
        && open.any(|fact| {
            finding.questions.contains(&fact.question) && unknown.iter().any(|flag| flag.text() == fact.question)
        })
}

/// Questions whose answer nobody knows although a rule in play reads it: said to be unknown, or not.
pub(super) fn unknown_items(marking: &Marking<'_>) -> Vec<Item> {
    let mut items = Vec::new();
    for fact in marking.sealed.patient.facts.iter().filter(|fact| fact.answer == Answer::Unknown) {
        let Some(question) = marking.pack.questions.get(&fact.question) else { continue };
        let said = marking.committed.found.unknown.iter().any(|flag| flag.text() == fact.question);
        let id = format!("unknown:{}", fact.question);
        let mut item = Item::plain(Domain::Safety, id, &question.label, f64::from(u8::from(said)), 0.1)
            .said(if said { "still unknown" } else { "not named as unknown" }, "still unknown");
        item.message = "What is not known counts as the unfavourable case until it is.".to_owned();
        items.push(item);
    }
    items
}

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
        item.message =
            "Naming what is no contraindication keeps patients from treatment and hides what matters.".into();
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

/// The decision: one step too strict earns half, and so does another way of not treating; to treat, or to have cleared what
/// must not be treated, earns nothing.
pub(super) fn decision_item(marking: &Marking<'_>) -> Item {
    let yours = marking.decision();
    let key = Decision::of(marking.key.verdict);
    let share = match key {
        Some(key) if key == yours => 1.0,
        Some(key) if yours as u8 == key as u8 + 1 => 0.5,
        Some(key) if key >= Decision::Defer && yours >= Decision::Defer => 0.5,
        _ => 0.0,
    };
    // What was decided without asking was right by luck, if it was.
    let (share, said) = match unasked(marking) {
        Some(_) => (0.0, format!("{}, without having asked", yours.word())),
        None => (share, yours.word().to_owned()),
    };
    let verdict = marking.key.verdict.word();
    let item = Item::plain(Domain::Safety, "decision".to_owned(), "Decision", share, DECISION)
        .said(said, key.map_or(verdict.to_owned(), |key| format!("{} (verdict {verdict})", key.word())));
    // A note decides nothing.
    match marking.key.findings.iter().find(|finding| finding.verdict > Verdict::Proceed) {
        Some(finding) => marking.explained(item, finding),
        None => Item { message: "No rule speaks against treating this patient.".to_owned(), ..item },
    }
}
