//! What a case says, read against what it leaves to the defaults: a patient who carries tablets and takes nothing teaches
//! nobody anything. These are warnings; whether they are right, an author sees.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::case::{Case, Fact, Template};
use super::patient::Patient;
use crate::intake::{Answer, What};
use crate::pack::{Condition, Pack, Portraits};
use crate::rules::{Truth, evaluate, facts};

/// How many patients of a case are looked at.
const SEEDS: u64 = 8;

/// What wants a look in a case; nothing where it agrees with itself as far as a program can tell.
#[must_use]
pub(super) fn proofread(pack: &Pack, portraits: &Portraits, case: &std::sync::Arc<Case>, day: Date) -> Vec<String> {
    let mut found = left_to_stock(pack, case);
    let nobody = (0..SEEDS).find(|seed| {
        let intake = Patient::of(pack, case, *seed).intake();
        let known = facts(pack, &intake, day);
        portraits.implausible.iter().any(|when| evaluate(pack, &known, when) == Truth::True)
    });
    found.extend(said_and_not_given(pack, case, day));
    found.extend(
        nobody.map(|seed| format!("with seed {seed} it is a patient in whom nobody would believe (portraits)")),
    );
    found
}

/// Findings that stand as "not ruled out" only because a fact leaves out what its patient may well say: who asks closely hears
/// it, and is told at the end that it was never found out.
fn said_and_not_given(pack: &Pack, case: &std::sync::Arc<Case>, day: Date) -> Vec<String> {
    let mut found = BTreeSet::new();
    for seed in 0..SEEDS {
        let intake = Patient::of(pack, case, seed).intake();
        let known = facts(pack, &intake, day);
        let told = pack.rules.iter().filter(|rule| !rule.quiet);
        for rule in told.filter(|rule| evaluate(pack, &known, &rule.when) == Truth::Maybe) {
            rule.when.visit(&mut |condition| {
                let Condition::Listed { question, list, items, with } = condition else { return };
                let question = &pack.questions[*question].id;
                for entry in intake.entries(question) {
                    let What::Coded(id) = &entry.what else { continue };
                    if !pack.list(*list).find(id).is_some_and(|item| items.contains(item)) {
                        continue;
                    }
                    let keys = with.iter().map(|test| pack.qualifiers[test.qualifier].id.as_str());
                    found.extend(keys.filter(|key| !entry.qualifiers.contains_key(*key)).map(|key| {
                        format!(
                            "`{question}`: `{id}` has no `{key}`, so `{}` stands as \"not ruled out\": give it, in the \
                             patient's words too, or write {key} = \"unknown\" where nobody knows",
                            rule.id
                        )
                    }));
                }
            });
        }
    }
    found.into_iter().collect()
}

/// Words of the case about a question that it leaves to the defaults.
fn left_to_stock(pack: &Pack, case: &Case) -> Vec<String> {
    let mut told: Vec<(String, &str, &str)> = vec![("the brief".to_owned(), "", case.brief.as_str())];
    // What is seen of the skin is described, and says nothing about what was done.
    let own = |fact: &&Fact| fact.stock.is_none() && !fact.question.starts_with("skin.");
    for fact in case.facts.iter().filter(own) {
        let drawn = match &fact.value {
            Template::Choose(all) => all.iter().filter_map(|(_, says)| says.as_ref()).collect(),
            _ => Vec::new(),
        };
        let said = fact.says.iter().chain(&fact.vague).chain(drawn);
        told.extend(said.map(|says| (format!("`{}`", fact.question), fact.question.as_str(), says.as_str())));
    }
    let mut found = Vec::new();
    for fact in &case.facts {
        let Some(stock) = &fact.stock else { continue };
        let Some(row) = pack.questions.get(&fact.question) else { continue };
        let mut seen = BTreeSet::new();
        for (place, question, text) in &told {
            let words = words(text);
            let hit = stock.0.iter().find(|word| *question != fact.question && speaks(&words, word));
            if let Some(word) = hit.filter(|_| seen.insert(place)) {
                found.push(format!(
                    "{place} speaks of \"{word}\" while `{}` ({}) has the answer of the defaults: answer it in the case",
                    fact.question, row.label
                ));
            }
        }
    }
    found
}

fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
}

/// Whether words have a word, or several in a row; the last one may have an "s" more.
fn speaks(text: &[String], sought: &str) -> bool {
    let sought = words(sought);
    let Some((last, before)) = sought.split_last() else { return false };
    text.windows(sought.len()).any(|here| {
        here.split_last().is_some_and(|(end, start)| {
            start == before && (end == last || end.strip_suffix('s').is_some_and(|end| end == last))
        })
    })
}

/// Facts that are called harmless and that a rule reads: nobody gets them.
#[must_use]
pub fn harmless_no_more(case: &Case) -> Vec<String> {
    let read = case.harmless.iter().filter_map(|row| Some((row, row.read_by.as_ref()?)));
    read.map(|(row, rule)| {
        let ids = match &row.answer {
            Answer::Items(entries) => entries.iter().filter_map(|entry| match &entry.what {
                What::Coded(id) => Some(id.as_str()),
                What::FreeText(_) => None,
            }),
            _ => return String::new(),
        };
        let ids: Vec<&str> = ids.collect();
        format!("harmless `{}` is drawn for nobody: the rule `{rule}` reads it", ids.join(", "))
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::{speaks, words};

    #[test]
    fn a_word_is_found_as_a_word_and_in_the_plural() {
        let text = words("Twice a day my Tablets; the pillow, the change is behind me.");
        assert!(speaks(&text, "tablet") && speaks(&text, "the change") && speaks(&text, "day"));
        assert!(!speaks(&text, "pill") && !speaks(&text, "change is near") && !speaks(&text, ""));
    }
}
