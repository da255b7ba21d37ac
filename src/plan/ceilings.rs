//! The limits that hold for this patient here, and what they come to.

use super::uses::FIXED;
use super::weight::dosing_weight;
use crate::intake::{Fact, Facts};
use crate::pack::{Amount, Limit, Pack, Rule};

/// The limits in force, made smaller by the rules that fired.
#[derive(Clone, Debug)]
pub(super) struct Ceilings<'a> {
    pub pack: &'a Pack,
    pub facts: &'a Facts,
    /// The rules that leave only a part of a ceiling.
    lowering: Vec<&'a Rule>,
}

impl<'a> Ceilings<'a> {
    /// The limits for a patient for whom these rules fired.
    pub fn of(pack: &'a Pack, facts: &'a Facts, fired: impl IntoIterator<Item = &'a Rule>) -> Self {
        let lowering = fired.into_iter().filter(|rule| rule.modifies.ceiling.is_some()).collect();
        Self { pack, facts, lowering }
    }

    /// The limits that hold in this jurisdiction.
    pub fn in_force(&self) -> impl Iterator<Item = &'a Limit> + use<'a> {
        let at = match self.facts.get(self.pack.roles.jurisdiction) {
            Fact::Choice(n) => Some(*n),
            _ => None,
        };
        // Where the place is not known every local limit counts.
        let holds = move |limit: &&Limit| limit.jurisdictions.is_none_or(|bits| at.is_none_or(|n| bits >> n & 1 == 1));
        self.pack.limits.iter().filter(holds)
    }

    /// The rule that leaves least of a limit, and the percentage it leaves.
    fn lowered(&self, limit: &Limit) -> Option<(i32, &'a Rule)> {
        if limit.everything {
            return None;
        }
        let about = |rule: &&'a Rule| {
            let ceiling = rule.modifies.ceiling.as_ref()?;
            let hit = ceiling.ingredients.iter().any(|ix| limit.ingredients.contains(ix));
            hit.then_some((ceiling.percent, *rule))
        };
        self.lowering.iter().filter_map(about).min_by(|a, b| (a.0, &a.1.id).cmp(&(b.0, &b.1.id)))
    }

    fn part(&self, limit: &Limit, whole: Amount) -> Amount {
        let percent = self.lowered(limit).map_or(100, |(percent, _)| percent);
        Amount::thousandths(whole.as_thousandths() * i64::from(percent) / 100)
    }

    /// What a limit comes to in mg; `None` if it is not one in mg or the weight is not known.
    pub fn mg(&self, limit: &Limit) -> Option<Amount> {
        let by_weight = limit.mg_per_kg.and_then(|per_kg| {
            let kg = dosing_weight(self.pack, self.facts)?.kg;
            Some(Amount::thousandths(per_kg.as_thousandths() * kg.as_thousandths() / 1000))
        });
        let whole = match (by_weight, limit.mg) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (one, other) => one.or(other.filter(|_| limit.mg_per_kg.is_none() || by_weight.is_some())),
        };
        whole.map(|whole| self.part(limit, whole))
    }

    /// What a limit comes to in mL.
    pub fn ml(&self, limit: &Limit) -> Option<Amount> {
        limit.ml.map(|whole| self.part(limit, whole))
    }

    /// What a limit comes to in cm².
    pub fn cm2(&self, limit: &Limit) -> Option<Amount> {
        limit.cm2.map(|whole| self.part(limit, whole))
    }

    /// The pools of limits that are used up together.
    pub fn pools(&self) -> Vec<String> {
        let mut pools: Vec<String> = self.in_force().filter_map(|limit| limit.pool.clone()).collect();
        pools.sort();
        pools.dedup();
        pools
    }

    /// How a ceiling in mg or mL was come by.
    pub fn how(&self, limit: &Limit) -> String {
        let mut how = match (limit.mg_per_kg, dosing_weight(self.pack, self.facts)) {
            (Some(per_kg), Some(weight)) => {
                let instead = weight.instead.map_or_else(String::new, |why| format!(" ({why})"));
                let at = format!("{per_kg} mg/kg at {} kg{instead}", weight.kg);
                limit.mg.map_or(at.clone(), |cap| format!("{at}, never over {cap} mg"))
            }
            (Some(per_kg), None) => format!("{per_kg} mg/kg"),
            (None, _) => FIXED.to_owned(),
        };
        if let Some((percent, rule)) = self.lowered(limit) {
            how = format!("{percent} % of {how}: {}", rule.title);
        }
        how
    }
}
