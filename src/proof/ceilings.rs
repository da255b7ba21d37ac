//! The ceilings that plans have to keep besides the pack's own limits, and what of the pack keeps each: sentences that hold
//! for every plan, worked out in exact numbers, with the dosing weights for which they hold.
//!
//! What the pack's own limits say is kept by construction: a plan can be made of nothing else (`plan::kept`,
//! `plan::placed`). A ceiling of the safety case or of the pack below follows from them, from what the recipes can give at
//! most, or not at all.

use super::properties::comparable;
use crate::intake::{Fact, Facts};
use crate::pack::{Amount, Item, Ix, Limit, Never, NumberKind, Pack, Per, QuestionIx, QuestionKind, Rule, Set, Slot};
use crate::plan::{OBESE, ideal_kg};
use crate::rules::evaluate;

/// A ceiling that every plan has to keep for some patients.
#[derive(Clone, Debug)]
pub(super) struct Ceiling<'p> {
    /// Unique in a pack.
    pub id: String,
    pub limit: &'p Limit,
    /// How much of it is left.
    pub percent: i32,
    pub of: Of<'p>,
}

/// Who says so, and for whom.
#[derive(Clone, Copy, Debug)]
pub(super) enum Of<'p> {
    /// The safety case.
    Statement(&'p Never),
    /// The pack below: everywhere where its limit holds, and where a rule of it leaves only a part.
    Below(Option<&'p Rule>),
}

/// What a ceiling counts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Bound {
    Mg,
    Ml,
    Points,
    Sessions,
    Interval,
}

impl Bound {
    pub const fn word(self) -> &'static str {
        match self {
            Self::Mg => "mg",
            Self::Ml => "ml",
            Self::Points => "points",
            Self::Sessions => "sessions",
            Self::Interval => "interval",
        }
    }

    /// Whether it is about days.
    pub const fn is_of_days(self) -> bool {
        matches!(self, Self::Sessions | Self::Interval)
    }
}

/// Where a sentence holds.
#[derive(Clone, Debug)]
pub(super) enum Cover {
    All(Vec<Cover>),
    Any(Vec<Cover>),
    /// The dosing weight is from the first on and below the second.
    Weight(Option<Amount>, Option<Amount>),
    WeightKnown(bool),
    /// A limit of some jurisdictions holds.
    InForce(Option<u64>),
    /// This rule fires.
    Fires(Ix<Rule>),
}

impl Cover {
    const NEVER: Self = Self::Any(Vec::new());
    const ALWAYS: Self = Self::All(Vec::new());
}

impl<'p> Ceiling<'p> {
    /// All of them.
    pub fn all(pack: &Pack, case: &'p [Never], below: Option<&'p Pack>) -> Vec<Self> {
        let of_case = case.iter().filter_map(|never| {
            let limit = never.over.as_ref()?;
            Some(Self { id: never.id.clone(), limit, percent: 100, of: Of::Statement(never) })
        });
        let mut all: Vec<Self> = of_case.collect();
        let Some(below) = below.filter(|below| comparable(pack, below)) else { return all };
        for limit in &below.limits {
            let id = format!("below/{}", limit.id);
            all.push(Self { id: id.clone(), limit, percent: 100, of: Of::Below(None) });
            for rule in &below.rules {
                let Some(part) = rule.modifies.ceiling.as_ref().filter(|_| !limit.everything) else { continue };
                if part.ingredients.iter().any(|item| limit.ingredients.contains(item)) {
                    let id = format!("{id}/{}", rule.id);
                    all.push(Self { id, limit, percent: part.percent, of: Of::Below(Some(rule)) });
                }
            }
        }
        all
    }

    pub fn bounds(&self) -> Vec<Bound> {
        let limit = self.limit;
        let has = [
            (Bound::Mg, limit.mg.is_some() || limit.mg_per_kg.is_some()),
            (Bound::Ml, limit.ml.is_some()),
            (Bound::Points, limit.points.is_some()),
            (Bound::Sessions, limit.sessions.is_some()),
            (Bound::Interval, limit.interval_days.is_some()),
        ];
        // A part of a ceiling is a part of amounts.
        let whole = |bound: Bound| self.percent == 100 || matches!(bound, Bound::Mg | Bound::Ml);
        has.into_iter().filter(|(bound, there)| *there && whole(*bound)).map(|(bound, _)| bound).collect()
    }

    /// The same as a limit for the auditor; parts are rounded up, by less than a thousandth.
    pub fn as_limit(&self) -> Limit {
        let part = |whole: Option<Amount>| {
            whole.map(|n| Amount::thousandths((n.as_thousandths() * i64::from(self.percent) + 99) / 100))
        };
        let limit = self.limit.clone();
        let (mg_per_kg, mg, ml) = (part(limit.mg_per_kg), part(limit.mg), part(limit.ml));
        Limit { id: self.id.clone(), mg_per_kg, mg, ml, jurisdictions: None, pool: None, ..limit }
    }

    /// Whether it is about somebody: also where it only may be, because something is not known.
    pub fn concerns(&self, pack: &Pack, facts: &Facts) -> bool {
        match self.of {
            Of::Statement(never) => evaluate(pack, facts, &never.when).fires(),
            Of::Below(rule) => {
                let here = match (self.limit.jurisdictions, facts.get(pack.roles.jurisdiction)) {
                    (Some(places), Fact::Choice(n)) => places >> n & 1 == 1,
                    _ => true,
                };
                here && rule.is_none_or(|rule| evaluate(pack, facts, &rule.when).fires())
            }
        }
    }

    /// The ingredients that it counts and some recipe can hold.
    pub fn given(&self, pack: &Pack) -> Set<Item> {
        let choices = pack.recipes.iter().flat_map(|recipe| recipe.slots.iter().flat_map(|slot| &slot.choices));
        choices.copied().filter(|ix| self.limit.ingredients.contains(*ix) && pack.ingredient(*ix).offered).collect()
    }

    /// Millionths of a mg at a dosing weight in thousandths of a kg, a hundredfold.
    fn mg_at(&self, kg: i64) -> i128 {
        let by_weight = self.limit.mg_per_kg.map(|n| i128::from(n.as_thousandths()) * i128::from(kg));
        let fixed = self.limit.mg.map(|n| i128::from(n.as_thousandths()) * 1000);
        by_weight.into_iter().chain(fixed).min().unwrap_or(0) * i128::from(self.percent)
    }

    /// Where something of the pack keeps it.
    pub fn cover(&self, pack: &Pack, bound: Bound) -> Cover {
        let given = self.given(pack);
        let counts = |limit: &&Limit| given.iter().all(|item| limit.ingredients.contains(item));
        let mut by: Vec<Cover> = Vec::new();
        match bound {
            Bound::Mg => {
                for limit in pack.limits.iter().filter(counts).filter(|limit| same_span(limit.per, self.limit.per)) {
                    by.push(self.mg_by(pack, limit));
                }
                by.push(self.mg_by_pool(pack, &given));
                let most = self.most(pack, &given, |slot, item, ml| {
                    let strength = slot.mg_per_ml.or(pack.ingredient(item).mg_per_ml);
                    i128::from(ml) * i128::from(strength.map_or(0, Amount::as_thousandths))
                });
                by.extend(most.map(|most| self.where_weight(pack, |kg| most * 100 <= self.mg_at(kg))));
            }
            Bound::Ml => {
                let mine = self.limit.ml.map_or(0, Amount::as_thousandths) * i64::from(self.percent);
                for limit in pack.limits.iter().filter(counts).filter(|limit| same_span(limit.per, self.limit.per)) {
                    let Some(ml) = limit.ml else { continue };
                    for (percent, lowered) in lowered(pack, limit) {
                        if ml.as_thousandths() * i64::from(percent) <= mine {
                            by.push(Cover::All(vec![Cover::InForce(limit.jurisdictions), lowered]));
                        }
                    }
                }
                let most = self.most(pack, &given, |_, _, ml| i128::from(ml));
                by.extend(most.filter(|most| most * 100 <= i128::from(mine)).map(|_| Cover::ALWAYS));
            }
            Bound::Points => {
                let same = pack.limits.iter().filter(counts).filter(|limit| same_span(limit.per, self.limit.per));
                let fewer = same.filter(|limit| limit.points.is_some_and(|n| Some(n) <= self.limit.points));
                by.extend(fewer.map(|limit| Cover::InForce(limit.jurisdictions)));
            }
            Bound::Sessions => {
                let fewer = pack.limits.iter().filter(counts);
                let fewer = fewer.filter(|limit| limit.sessions.is_some_and(|n| Some(n) <= self.limit.sessions));
                by.extend(fewer.map(|limit| Cover::InForce(limit.jurisdictions)));
                let most: i32 = groups(pack, &given).iter().map(|(recipe, _)| sessions(pack, recipe, true)).sum();
                if Some(most) <= self.limit.sessions {
                    by.push(Cover::ALWAYS);
                }
            }
            Bound::Interval => {
                let longer = |days: Option<i32>| days.is_some() && days >= self.limit.interval_days;
                let limits = pack.limits.iter().filter(counts).filter(|limit| longer(limit.interval_days));
                by.extend(limits.map(|limit| Cover::InForce(limit.jurisdictions)));
                let rules = pack.rules.entries().filter(|(_, rule)| rule.loosened.is_none());
                let rules = rules.filter(|(_, rule)| longer(rule.modifies.interval_days));
                by.extend(rules.map(|(ix, _)| Cover::Fires(ix)));
                // One recipe for one goal is one course, with the intervals of its plan.
                if let [(recipe, _)] = groups(pack, &given).as_slice() {
                    let row = &pack.plans[recipe.plan];
                    let first = Some(row.induction).filter(|phase| phase.sessions > 1);
                    let mut phases = [first, row.consolidation, row.maintenance].into_iter().flatten();
                    if phases.all(|phase| longer(Some(phase.interval_days))) {
                        by.push(Cover::ALWAYS);
                    }
                }
            }
        }
        Cover::Any(by)
    }

    /// Where one limit keeps the mg of this ceiling. A limit by weight lets nothing through while the weight is not known.
    fn mg_by(&self, pack: &Pack, limit: &Limit) -> Cover {
        let at = |percent: i32, kg: i64| {
            let by_weight = limit.mg_per_kg.map(|n| n.as_thousandths() * kg / 1000);
            let whole = by_weight.into_iter().chain(limit.mg.map(Amount::as_thousandths)).min()?;
            Some(i128::from(whole * i64::from(percent) / 100) * 1000)
        };
        if limit.mg.is_none() && limit.mg_per_kg.is_none() {
            return Cover::NEVER;
        }
        let each = lowered(pack, limit).into_iter().map(|(percent, lowered)| {
            if self.at_every_weight(limit, percent) {
                return lowered;
            }
            let kept = |kg: i64| at(percent, kg).is_some_and(|most| most * 100 <= self.mg_at(kg));
            Cover::All(vec![lowered, self.where_weight(pack, kept)])
        });
        let mut by: Vec<Cover> = each.collect();
        if limit.mg_per_kg.is_some() {
            by.push(Cover::WeightKnown(false));
        }
        Cover::All(vec![Cover::InForce(limit.jurisdictions), Cover::Any(by)])
    }

    /// Whether a part of a limit is below this ceiling term by term, whatever the weight.
    fn at_every_weight(&self, limit: &Limit, percent: i32) -> bool {
        let below = |mine: Option<Amount>, theirs: Option<Amount>| {
            let part = |n: Amount, percent: i32| n.as_thousandths() * i64::from(percent);
            mine.is_none_or(|mine| theirs.is_some_and(|n| part(n, percent) <= part(mine, self.percent)))
        };
        below(self.limit.mg_per_kg, limit.mg_per_kg) && below(self.limit.mg, limit.mg)
    }

    /// What is used up together: parts that add up to at most one are together no more than the largest of their limits.
    fn mg_by_pool(&self, pack: &Pack, given: &Set<Item>) -> Cover {
        if !matches!(self.limit.per, Per::Session | Per::Day) {
            return Cover::NEVER;
        }
        let mut pools: Vec<&str> = pack.limits.iter().filter_map(|limit| limit.pool.as_deref()).collect();
        pools.sort_unstable();
        pools.dedup();
        let by = pools.into_iter().map(|pool| {
            let members = || pack.limits.iter().filter(|l| l.pool.as_deref() == Some(pool) && l.per != Per::Site);
            let of = |item| members().filter(move |limit| limit.ingredients.contains(item));
            let each = given.iter().map(|item| Cover::Any(of(item).map(|limit| self.mg_by(pack, limit)).collect()));
            Cover::All(each.collect())
        });
        Cover::Any(by.collect())
    }

    /// The dosing weights at which something holds; where this ceiling counts by weight the weight has to be known.
    fn where_weight(&self, pack: &Pack, holds: impl Fn(i64) -> bool) -> Cover {
        let Some(kind) = number_of(pack, pack.roles.weight) else { return Cover::NEVER };
        // What other limits allow grows with the weight: where this one does not, the heaviest decides.
        if self.limit.mg_per_kg.is_none() && holds(kind.max.as_thousandths()) {
            return Cover::ALWAYS;
        }
        let grid = grid(kind);
        let mut runs: Vec<Cover> = Vec::new();
        let mut from: Option<usize> = None;
        for n in 0..=grid.len() {
            let here = grid.get(n).is_some_and(|kg| holds(*kg));
            match (from, here) {
                (None, true) => from = Some(n),
                (Some(start), false) => {
                    let at = |n: usize| Some(Amount::thousandths(*grid.get(n)?));
                    runs.push(Cover::Weight(at(start).filter(|_| start > 0), at(n)));
                    from = None;
                }
                _ => {}
            }
        }
        Cover::All(vec![Cover::WeightKnown(true), Cover::Any(runs)])
    }

    /// What the recipes can give at most over the span of this ceiling, by some measure of a slot, an ingredient and the
    /// volume of it; `None` where nothing bounds it.
    fn most(&self, pack: &Pack, given: &Set<Item>, of: impl Fn(&Slot, Ix<Item>, i64) -> i128) -> Option<i128> {
        let largest = |slot: &Slot, ml: i64| {
            let mine = slot.choices.iter().filter(|item| given.contains(**item));
            mine.map(|item| of(slot, *item, ml)).max().unwrap_or(0)
        };
        let mut sum = 0;
        for (recipe, areas) in groups(pack, given) {
            let session =
                || -> i128 { recipe.slots.iter().map(|slot| largest(slot, slot.ml_for(areas).as_thousandths())).sum() };
            match self.limit.per {
                Per::Session | Per::Day => sum += session(),
                Per::Course => sum += session() * i128::from(sessions(pack, recipe, false)),
                // No point holds more than a point of the strongest.
                Per::Site => {
                    let point = recipe.point_ml?.as_thousandths();
                    sum = sum.max(recipe.slots.iter().map(|slot| largest(slot, point)).max().unwrap_or(0));
                }
            }
        }
        Some(sum)
    }
}

fn same_span(one: Per, other: Per) -> bool {
    let session = |per: Per| matches!(per, Per::Session | Per::Day);
    one == other || (session(one) && session(other))
}

/// How much of a limit may be left, and where at most so much is.
fn lowered(pack: &Pack, limit: &Limit) -> Vec<(i32, Cover)> {
    let mut all = vec![(100, Cover::ALWAYS)];
    for (ix, rule) in pack.rules.entries() {
        let Some(part) = rule.modifies.ceiling.as_ref().filter(|_| !limit.everything) else { continue };
        if part.ingredients.iter().any(|item| limit.ingredients.contains(item)) {
            all.push((part.percent, Cover::Fires(ix)));
        }
    }
    all
}

/// The recipes that can hold one of some ingredients, once for each goal, with the number of areas they may be for.
fn groups<'a>(pack: &'a Pack, given: &Set<Item>) -> Vec<(&'a crate::pack::Recipe, usize)> {
    let holds = |recipe: &&crate::pack::Recipe| {
        recipe.slots.iter().flat_map(|slot| &slot.choices).any(|item| given.contains(*item))
    };
    let of = |recipe: &'a crate::pack::Recipe| {
        recipe.goals.iter().map(move |goal| {
            let own = &pack.goals[goal].areas;
            let here = own.iter().filter(|area| recipe.areas.as_ref().is_none_or(|areas| areas.contains(*area)));
            (recipe, here.count().max(1))
        })
    };
    pack.recipes.iter().filter(holds).flat_map(of).collect()
}

/// How many sessions a recipe has.
fn sessions(pack: &Pack, recipe: &crate::pack::Recipe, maintenance: bool) -> i32 {
    let row = &pack.plans[recipe.plan];
    let after = row.maintenance.filter(|_| maintenance);
    let phases = [Some(row.induction), row.consolidation, after];
    phases.into_iter().flatten().map(|phase| phase.sessions).sum()
}

fn number_of(pack: &Pack, question: QuestionIx) -> Option<&NumberKind> {
    match &pack.questions[question].kind {
        QuestionKind::Number(kind) => Some(kind),
        _ => None,
    }
}

/// Every weight that a dose may follow: those that are accepted, and ideal ones to a tenth of a kg.
fn grid(kind: &NumberKind) -> Vec<i64> {
    let step = super::reading::step(kind).min(100);
    let least = kind.min.min(ideal_kg(Amount::ZERO, false)).as_thousandths();
    (least.div_euclid(step)..=kind.max.as_thousandths().div_euclid(step)).map(|n| n * step).collect()
}

/// The height from which on the ideal weight is at least this; `None` if nobody is so tall, 0 if everybody is.
pub(super) fn height_from(pack: &Pack, kg: Amount, male: bool) -> Option<Amount> {
    if ideal_kg(Amount::ZERO, male) >= kg {
        return Some(Amount::ZERO);
    }
    let kind = number_of(pack, pack.roles.height)?;
    let step = super::reading::step(kind);
    let (mut low, mut high) = (kind.min.as_thousandths() / step, kind.max.as_thousandths() / step + 1);
    let beyond = high;
    while low < high {
        let middle = i64::midpoint(low, high);
        if ideal_kg(Amount::thousandths(middle * step), male) >= kg { high = middle } else { low = middle + 1 }
    }
    (low < beyond).then(|| Amount::thousandths(low * step))
}

/// The first body mass index that is over the one from which on doses follow the ideal weight.
pub(super) fn obese_from(pack: &Pack) -> Option<Amount> {
    let kind = number_of(pack, pack.roles.bmi)?;
    Some(Amount::thousandths(OBESE.as_thousandths() + super::reading::step(kind)))
}

/// Where weight, height and body mass index have to be told apart to say what is kept.
pub(super) fn cuts(pack: &Pack, case: &[Never], below: Option<&Pack>) -> Vec<(QuestionIx, Amount)> {
    let mut weights: Vec<Amount> = Vec::new();
    for ceiling in Ceiling::all(pack, case, below) {
        for bound in ceiling.bounds() {
            ends(&ceiling.cover(pack, bound), &mut weights);
        }
    }
    weights.sort_unstable();
    weights.dedup();
    let roles = &pack.roles;
    let mut cuts: Vec<(QuestionIx, Amount)> = Vec::new();
    for kg in weights {
        cuts.push((roles.weight, kg));
        let tall = [false, true].into_iter().filter_map(|male| height_from(pack, kg, male));
        cuts.extend(tall.map(|cm| (roles.height, cm)));
        cuts.extend(obese_from(pack).map(|index| (roles.bmi, index)));
    }
    cuts
}

fn ends(cover: &Cover, into: &mut Vec<Amount>) {
    match cover {
        Cover::All(of) | Cover::Any(of) => of.iter().for_each(|part| ends(part, into)),
        Cover::Weight(from, below) => into.extend(from.iter().chain(below)),
        Cover::WeightKnown(_) | Cover::InForce(_) | Cover::Fires(_) => {}
    }
}
