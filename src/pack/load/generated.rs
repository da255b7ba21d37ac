//! Rules that follow from the vocabulary: allergies, regulatory status, goals without a recommended injectable.

use super::Loader;
use crate::pack::condition::Condition;
use crate::pack::fact::{Basis, Grade, Grounds};
use crate::pack::review::ReviewState;
use crate::pack::rule::{Exclude, PlanChange, Rule, Scope, Verdict};
use crate::pack::table::{Ix, Set};
use crate::pack::vocabulary::{Item, List};
use crate::source::Place;

impl Loader {
    pub(super) fn generated_rules(&mut self) {
        // With mistakes the details may not line up with their tables.
        if !self.problems.is_empty() {
            return;
        }
        let mut rules = Vec::new();
        self.allergy_rules(&mut rules);
        self.status_rules(&mut rules);
        self.goal_rules(&mut rules);
        for rule in rules {
            self.pack.rules.insert(rule);
        }
    }

    /// `allergy-ID`: whatever contains the allergen, or one it cross-reacts with, is out.
    fn allergy_rules(&self, rules: &mut Vec<Rule>) {
        let pack = &self.pack;
        for (ix, allergen) in pack.allergens.entries() {
            let detail = &pack.allergen_details[ix.get()];
            let mut avoid: Set<Item> = [ix].into_iter().collect();
            detail.cross_reacts.iter().for_each(|cross| {
                avoid.insert(cross.allergen);
            });
            let holds = |n: usize| pack.ingredient_details[n].contains.iter().any(|a| avoid.contains(a));
            let ingredients: Set<Item> = (0..pack.ingredients.len()).filter(|n| holds(*n)).map(Ix::new).collect();
            if ingredients.is_empty() && detail.message.is_empty() {
                continue;
            }
            let crosses: Vec<String> = detail
                .cross_reacts
                .iter()
                .map(|c| match c.note.as_str() {
                    "" => pack.allergens[c.allergen].label.clone(),
                    note => format!("{} ({note})", pack.allergens[c.allergen].label),
                })
                .collect();
            let mut message = match ingredients.iter().next() {
                Some(_) => {
                    format!("Allergy to {}: everything that contains it is left out.", in_sentence(&allergen.label))
                }
                None => format!("Allergy to {}.", in_sentence(&allergen.label)),
            };
            if !detail.message.is_empty() {
                message = format!("{message} {}", detail.message);
            }
            let mut why = match crosses.is_empty() {
                true => "Contact with a known allergen.".to_owned(),
                false => format!("Contact with a known allergen; cross-reacts with {}.", crosses.join(", ")),
            };
            if !detail.exposure.is_empty() {
                why = format!("{why} Where it occurs: {}", detail.exposure);
            }
            let mut sources = detail.grounds.sources.clone();
            detail.cross_reacts.iter().flat_map(|c| &c.grounds.sources).for_each(|s| {
                if !sources.contains(s) {
                    sources.push(*s);
                }
            });
            rules.push(Rule {
                when: Condition::Listed {
                    question: pack.roles.allergies,
                    list: List::Allergens,
                    items: [ix].into_iter().collect(),
                    with: Vec::new(),
                },
                exclude: Exclude { ingredients, ..Exclude::default() },
                message,
                patient: Some(format!("We leave out everything that contains {}.", in_sentence(&allergen.label))),
                why,
                grounds: Grounds { sources, ..detail.grounds.clone() },
                ..blank(format!("allergy-{}", allergen.id), format!("Allergy: {}", allergen.label))
            });
        }
    }

    /// `status-ID`: not approved, cosmetic, banned or withdrawn where we are.
    fn status_rules(&self, rules: &mut Vec<Rule>) {
        let pack = &self.pack;
        for (ix, ingredient) in pack.ingredients.entries() {
            let detail = pack.ingredient(ix);
            let excluding = |at| pack.status_in(ix, at).is_some_and(|status| status.excludes());
            let bits =
                pack.jurisdictions.entries().filter(|(at, _)| excluding(*at)).fold(0, |b, (at, _)| b | 1 << at.get());
            if bits == 0 {
                continue;
            }
            let note = if detail.status_note.is_empty() { "Regulatory status here." } else { &detail.status_note };
            let basis = if detail.status_sources.is_empty() { detail.grounds.basis } else { Basis::Source };
            let sources = if detail.status_sources.is_empty() {
                detail.grounds.sources.clone()
            } else {
                detail.status_sources.clone()
            };
            rules.push(Rule {
                when: Condition::Choice { question: pack.roles.jurisdiction, options: bits },
                exclude: Exclude { ingredients: [ix].into_iter().collect(), ..Exclude::default() },
                message: format!("{} may not be injected here. {note}", ingredient.label),
                why: note.to_owned(),
                absolute: true,
                quiet: true,
                grounds: Grounds { basis, sources, evidence: Grade::R, review: detail.grounds.review.clone() },
                ..blank(format!("status-{}", ingredient.id), format!("Regulatory status: {}", ingredient.label))
            });
        }
    }

    /// `no-injectable-ID`: "no recommended injectable" is an answer.
    fn goal_rules(&self, rules: &mut Vec<Rule>) {
        for (ix, goal) in self.pack.goals.entries() {
            let Some(reason) = &goal.no_injectable else { continue };
            let instead = match goal.instead.is_empty() {
                true => String::new(),
                false => format!(" Instead: {}.", goal.instead.join("; ")),
            };
            rules.push(Rule {
                verdict: Verdict::Decline,
                first_verdict: Verdict::Decline,
                scope: Scope::Goal,
                when: Condition::Goal { goals: Some([ix].into_iter().collect()), areas: None },
                exclude: Exclude { goals: [ix].into_iter().collect(), ..Exclude::default() },
                message: format!("No injectable is recommended for {}. {reason}{instead}", in_sentence(&goal.label)),
                patient: Some(format!("We do not recommend injections for {}.{instead}", in_sentence(&goal.label))),
                why: reason.clone(),
                grounds: goal.grounds.clone(),
                ..blank(format!("no-injectable-{}", goal.id), format!("No recommended injectable: {}", goal.label))
            });
        }
    }
}

/// A label inside a sentence: lower case unless it is an acronym or a name.
fn in_sentence(label: &str) -> String {
    let mut chars = label.chars();
    match (chars.next(), chars.next()) {
        (Some(first), Some(second)) if second.is_lowercase() => {
            first.to_lowercase().chain(std::iter::once(second)).chain(chars).collect()
        }
        _ => label.to_owned(),
    }
}

fn blank(id: String, title: String) -> Rule {
    Rule {
        id,
        title,
        verdict: Verdict::Proceed,
        scope: Scope::Session,
        when: Condition::always(),
        until: None,
        from: None,
        to: None,
        urgent: false,
        absolute: false,
        override_reasons: Vec::new(),
        exclude: Exclude::default(),
        message: String::new(),
        patient: None,
        why: String::new(),
        mitigation: Vec::new(),
        modifies: PlanChange::default(),
        contested: None,
        grounds: Grounds {
            basis: Basis::General,
            sources: Vec::new(),
            evidence: Grade::D,
            review: ReviewState::default(),
        },
        quiet: false,
        first_verdict: Verdict::Proceed,
        tightened: Vec::new(),
        loosened: None,
        layer: 0,
        place: Place::default(),
    }
}
