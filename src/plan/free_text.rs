//! What no rule can read: words without a code, and lists that nobody knows. Both hold the plan back until somebody has
//! reviewed the words, or knows the list.

use super::adjust::Adjustments;
use super::assessment::Finding;
use super::findings::engine_finding;
use super::not_known;
use crate::intake::{Fact, Facts};
use crate::pack::{Identified, List, Pack, QuestionIx, Verdict};
use crate::rules::lower;

/// Words without a code: kept, shown, and to be reviewed by hand.
///
/// What no rule has read may be anything: until somebody has reviewed the words, the plan is conditional on that. What is
/// asked for in words stays out of every plan and so holds nothing back.
pub(super) fn free_text(pack: &Pack, facts: &Facts, adjustments: &Adjustments) -> Vec<Finding> {
    let roles = &pack.roles;
    let lists = [
        (roles.conditions, List::Conditions),
        (roles.medications, List::Medications),
        (roles.events, List::Events),
        (roles.allergies, List::Allergens),
        (roles.requested, List::Ingredients),
        (roles.provenance, List::Provenance),
    ];
    lists.iter().filter_map(|(question, list)| free_text_of(pack, facts, adjustments, *question, *list)).collect()
}

/// Who clears a list that is not known.
pub(super) const LIST_KNOWN: &str = "the practitioner, once it is known what belongs on the list";

/// A list of which only is known that nobody knows it. Whatever else its rules make of that, nothing is injected before.
pub(super) fn unknown_lists(pack: &Pack, facts: &Facts) -> Vec<Finding> {
    asked_of_everybody(pack)
        .into_iter()
        .filter(|question| unknown_list(pack, facts, *question))
        .map(|question| {
            let (id, label) = (&pack.questions[question].id, &pack.questions[question].label);
            let mut finding = engine_finding(
                list_id(id),
                format!("Not known: {}", lower(label)),
                Verdict::Clearance,
                format!(
                    "Obtain the answer to \u{201c}{label}\u{201d} before anything is injected. Until then everything on \
                     that list counts as if it applied; no finding that rests on it is a diagnosis."
                ),
                "What nobody knows may be anything; it is never taken for \u{201c}none\u{201d}.",
                vec![format!("{}: not known", lower(label))],
                vec![id.clone()],
            );
            finding.from = Some(LIST_KNOWN.to_owned());
            finding.assumed.clone_from(&finding.because);
            finding
        })
        .collect()
}

/// The id of the finding that a list is not known.
fn list_id(question: &str) -> String {
    let list = question.rsplit('.').next().filter(|word| *word != "items").unwrap_or("allergies");
    format!("not-known-{list}")
}

/// The finding about the list on which a rule rests whose doubts all come from lists that nobody knows.
pub(super) fn rests_on_list<'q>(pack: &Pack, facts: &Facts, doubts: impl Iterator<Item = &'q str>) -> Option<String> {
    let mut first = None;
    for id in doubts {
        let question = pack.questions.find(id).filter(|question| unknown_list(pack, facts, *question))?;
        first.get_or_insert(question);
    }
    first.map(|question| list_id(&pack.questions[question].id))
}

/// Puts what rests on a list that nobody knows under the finding about that list. Each of them goes on to count.
pub(super) fn fold(findings: &mut [Finding]) {
    for n in 0..findings.len() {
        if !is_list(&findings[n]) {
            continue;
        }
        let id = findings[n].rule.clone();
        let rest = findings.iter().filter(|f| f.under.as_ref() == Some(&id) && f.overridden.is_none());
        let folded: Vec<String> = rest
            .map(|f| {
                let title = f.title.strip_prefix(not_known::NOT_RULED_OUT).unwrap_or(&f.title);
                let urgent = if f.urgent { ", the same day" } else { "" };
                format!("{title} ({}{urgent})", f.word())
            })
            .collect();
        let finding = &mut findings[n];
        if let many @ 1.. = folded.len() {
            let words = if many == 1 { "1 rule".to_owned() } else { format!("{many} rules") };
            finding.title = format!("{}; {words} cannot be excluded", finding.title);
        }
        finding.folded = folded;
    }
    // One that the practitioner overrode stands by itself, so that the override is seen.
    for finding in findings.iter_mut().filter(|f| f.overridden.is_some()) {
        finding.under = None;
    }
}

/// The lists on which anything may stand that matters.
fn asked_of_everybody(pack: &Pack) -> [QuestionIx; 5] {
    let roles = &pack.roles;
    [roles.conditions, roles.medications, roles.events, roles.allergies, roles.provenance]
}

/// Whether a question is such a list and nobody knows it.
pub(super) fn unknown_list(pack: &Pack, facts: &Facts, question: QuestionIx) -> bool {
    asked_of_everybody(pack).contains(&question) && *facts.get(question) == Fact::Unknown
}

/// A list that is not known stands before all that counts because of it, and as strictly: it is what there is to do.
pub(super) fn lead(findings: &mut [Finding]) {
    for n in 0..findings.len() {
        let Some(question) = findings[n].questions.first().filter(|_| is_list(&findings[n])).cloned() else { continue };
        let resting = findings.iter().filter(|f| !f.assumed.is_empty() && f.questions.contains(&question));
        let strictest = resting.map(Finding::counts_as).max().unwrap_or(Verdict::Clearance);
        let finding = &mut findings[n];
        if strictest > finding.verdict {
            finding.verdict = strictest;
            finding.from = None;
            match strictest {
                Verdict::Defer => finding.until_event = Some("the list is known".to_owned()),
                Verdict::Refer => finding.to = Some("the family doctor or the pharmacy, for the list".to_owned()),
                _ => {}
            }
        }
    }
}

/// Whether a finding is that a list is not known.
pub(super) fn is_list(finding: &Finding) -> bool {
    finding.rule.starts_with("not-known-")
}

fn free_text_of(
    pack: &Pack,
    facts: &Facts,
    adjustments: &Adjustments,
    question: QuestionIx,
    list: List,
) -> Option<Finding> {
    let Fact::Items(items) = facts.get(question) else { return None };
    let words: Vec<&str> = items.iter().filter(|i| i.item.is_none()).map(|i| i.text.as_str()).collect();
    if words.is_empty() {
        return None;
    }
    let quoted = |words: &[&str]| words.iter().map(|word| format!("\u{201c}{word}\u{201d}")).collect::<Vec<_>>();
    let word = if list == List::Allergens { "allergies" } else { list.word() };
    let open: Vec<&str> =
        words.iter().copied().filter(|word| !adjustments.reviewed.iter().any(|said| said == word)).collect();
    let holds_back = list != List::Ingredients && !open.is_empty();
    let (named, what) = if open.is_empty() {
        (&words, "No rule knows {}. Reviewed by hand: note what it means for this treatment.")
    } else if list == List::Allergens {
        (
            &open,
            "No rule knows {}. Review by hand what it means before anything touches the skin, numbing cream included, or \
             find its code: until then the plan only stands under that condition.",
        )
    } else if holds_back {
        (
            &open,
            "No rule knows {}. Review by hand what it means for this treatment, or find its code, before going on: until \
             then the plan only stands under that condition.",
        )
    } else {
        (&open, "No rule knows {}. Review by hand what it means for this treatment, or find its code, before going on.")
    };
    let mut finding = engine_finding(
        format!("free-text-{word}"),
        format!("Not checked by rules: {}", quoted(&words).join(", ")),
        if holds_back { Verdict::Clearance } else { Verdict::Caution },
        what.replace("{}", &quoted(named).join(", ")),
        "Words without a code cannot be checked; they are never silently ignored.",
        quoted(&words).iter().map(|text| format!("{word}: {text}")).collect(),
        vec![pack.questions[question].id().to_owned()],
    );
    finding.from = holds_back.then(|| REVIEWER.to_owned());
    Some(finding)
}

/// Who clears words that no rule knows.
pub(super) const REVIEWER: &str = "the practitioner, who has reviewed the words by hand (Sign)";
