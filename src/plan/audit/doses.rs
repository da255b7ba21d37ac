//! How much a plan gives, against every limit: each day, each point, the whole course, each area, each pool.

use super::exact::Fraction;
use super::written::{Line, Visit, Written};
use super::{Breach, Case, Law};
use crate::intake::Fact;
use crate::pack::{Amount, Area, Ix, Limit, Per};

pub(super) fn check(case: &Case<'_>, written: &Written<'_>, breaches: &mut Vec<Breach>) {
    let days = written.by_day();
    let limits: Vec<Bound<'_>> = bounds(case);
    let mut say = |what: &str, message: String| {
        let breach = Breach { law: Law::Dose, what: what.to_owned(), message };
        if !breaches.contains(&breach) {
            breaches.push(breach);
        }
    };
    for bound in &limits {
        if !written.lines.iter().flatten().any(|line| bound.counts(line)) {
            continue;
        }
        match bound.limit.per {
            Per::Session | Per::Day => {
                for (_, visits) in &days {
                    bound.hold(&[(1, written.given(visits))], "on one day", &mut say);
                }
                unplaced(written).into_iter().for_each(|lines| bound.hold(&[(1, lines)], "in one session", &mut say));
            }
            Per::Course => {
                let course: Vec<&Visit> = written.visits.iter().filter(|visit| visit.course).collect();
                let all = course.iter().map(|visit| (1, written.given(&[*visit]))).collect::<Vec<_>>();
                bound.hold(&all, "in the course", &mut say);
            }
            Per::Site => written.lines.iter().flatten().for_each(|line| bound.hold_point(line, &mut say)),
        }
    }
    for (_, visits) in &days {
        let given: Vec<&Line<'_>> = written.given(visits);
        pools(case, &limits, &given, &mut say);
        areas(case, &given, &mut say);
        slots(case, &given, &mut say);
    }
}

/// The cocktails that no session gives, turn by turn: somebody may read them.
fn unplaced<'w, 'a>(written: &'w Written<'a>) -> Vec<Vec<&'w Line<'a>>> {
    let nowhere = |n: &usize| !written.visits.iter().any(|visit| visit.gives.contains(n));
    let lines = (0..written.lines.len()).filter(nowhere).filter_map(|n| written.lines.get(n)?.as_ref());
    let mut turns: Vec<Vec<&Line<'a>>> = Vec::new();
    for line in lines {
        match turns.iter_mut().find(|turn| turn.iter().any(|other| other.cocktail.turn == line.cocktail.turn)) {
            Some(turn) => turn.push(line),
            None => turns.push(vec![line]),
        }
    }
    turns
}

/// A limit that holds here, and how much of it is left.
struct Bound<'a> {
    limit: &'a Limit,
    percent: i128,
    /// Thousandths of a kg.
    weight: Option<Fraction>,
}

/// The limits in force here and those that are asked for besides.
fn bounds<'a>(case: &Case<'a>) -> Vec<Bound<'a>> {
    let weight = dosing_weight(case);
    let place = match case.facts.get(case.pack.roles.jurisdiction) {
        Fact::Choice(n) => Some(*n),
        _ => None,
    };
    let here = |limit: &&Limit| match (limit.jurisdictions, place) {
        (Some(places), Some(place)) => places & (1 << place) != 0,
        _ => true,
    };
    let own = case.pack.limits.iter().filter(here).map(|limit| {
        let parts = case.changing().filter_map(|rule| rule.modifies.ceiling.as_ref());
        let parts =
            parts.filter(|part| !limit.everything && part.ingredients.iter().any(|i| limit.ingredients.contains(i)));
        let percent = parts.map(|part| i128::from(part.percent)).min().unwrap_or(100);
        Bound { limit, percent, weight }
    });
    own.chain(case.also.iter().map(|limit| Bound { limit, percent: 100, weight })).collect()
}

impl Bound<'_> {
    fn counts(&self, line: &Line<'_>) -> bool {
        line.parts.iter().any(|part| self.limit.ingredients.contains(part.item))
    }

    /// Millionths of a mg; `Err` where the weight is missing.
    fn mg(&self) -> Result<Option<Fraction>, ()> {
        let by_weight = match self.limit.mg_per_kg {
            None => None,
            Some(per_kg) => Some(self.weight.ok_or(())?.times(per_kg.as_thousandths().into()).ok_or(())?),
        };
        let fixed = self.limit.mg.map(|mg| Fraction::whole(i128::from(mg.as_thousandths()) * 1000));
        let whole = match (by_weight, fixed) {
            (Some(a), Some(b)) => Some(if a.at_most(b) { a } else { b }),
            (one, other) => one.or(other),
        };
        whole.map(|whole| whole.times(self.percent).and_then(|n| n.over(100)).ok_or(())).transpose()
    }

    /// Thousandths.
    fn ml(&self) -> Option<Fraction> {
        let whole = i128::from(self.limit.ml?.as_thousandths());
        Fraction::of(whole * self.percent, 100)
    }

    /// Holds some cocktails, so many times each, against mg, mL and points.
    fn hold(&self, given: &[(i128, Vec<&Line<'_>>)], span: &str, say: &mut dyn FnMut(&str, String)) {
        let parts = || {
            given.iter().flat_map(|(times, lines)| {
                let parts = lines.iter().flat_map(|line| &line.parts);
                parts.filter(|part| self.limit.ingredients.contains(part.item)).map(move |part| (*times, part))
            })
        };
        if parts().next().is_none() {
            return;
        }
        let id = &self.limit.id;
        let mg = Fraction::whole(parts().map(|(times, part)| times * part.mg()).sum());
        match self.mg() {
            Err(()) => say(id, format!("{id} counts mg/kg, and the weight is not known")),
            Ok(Some(most)) if !mg.at_most(most) => {
                say(id, format!("{} mg {span}, of {}", mg.as_f64() / 1e6, most.as_f64() / 1e6));
            }
            Ok(_) => {}
        }
        let ml = Fraction::whole(parts().map(|(times, part)| times * i128::from(part.ml)).sum());
        if let Some(most) = self.ml().filter(|most| !ml.at_most(*most)) {
            say(id, format!("{} mL {span}, of {}", ml.as_f64() / 1e3, most.as_f64() / 1e3));
        }
        let lines = given.iter().flat_map(|(times, lines)| lines.iter().map(move |line| (*times, line)));
        let points: i128 = lines
            .filter(|(_, line)| self.counts(line))
            .map(|(times, line)| times * i128::from(line.points().unwrap_or(0)))
            .sum();
        if let Some(most) = self.limit.points.filter(|most| points > i128::from(*most)) {
            say(id, format!("{points} points {span}, of {most}"));
        }
    }

    /// Holds one point of a cocktail against the limit of a point.
    fn hold_point(&self, line: &Line<'_>, say: &mut dyn FnMut(&str, String)) {
        if !self.counts(line) {
            return;
        }
        let id = &self.limit.id;
        let mine = || line.parts.iter().filter(|part| self.limit.ingredients.contains(part.item));
        let of_point = |whole: i128| Fraction::of(whole * i128::from(line.point?), i128::from(line.ml));
        let mg = of_point(mine().map(|part| part.mg()).sum());
        let ml = of_point(mine().map(|part| i128::from(part.ml)).sum());
        let within = |used: Option<Fraction>, most: Fraction| used.is_some_and(|used| used.at_most(most));
        match self.mg() {
            Err(()) => say(id, format!("{id} counts mg/kg, and the weight is not known")),
            Ok(Some(most)) if !within(mg, most) => {
                say(id, format!("a point of {:?} mL passes {id}", line.cocktail.point_ml))
            }
            Ok(_) => {}
        }
        if self.ml().is_some_and(|most| !within(ml, most)) {
            say(id, format!("a point of {:?} mL passes {id}", line.cocktail.point_ml));
        }
    }
}

/// What is used up together: injected doses and creams, each as a part of its limit.
fn pools(case: &Case<'_>, limits: &[Bound<'_>], given: &[&Line<'_>], say: &mut dyn FnMut(&str, String)) {
    let mut pools: Vec<&str> = limits.iter().filter_map(|bound| bound.limit.pool.as_deref()).collect();
    pools.sort_unstable();
    pools.dedup();
    for pool in pools {
        // Of limits of the same ingredients the strictest counts.
        let mut parts: Vec<(&Limit, Option<Fraction>)> = Vec::new();
        for bound in limits.iter().filter(|bound| bound.limit.pool.as_deref() == Some(pool)) {
            let mine = given.iter().flat_map(|line| &line.parts);
            let mg: i128 = mine.filter(|part| bound.limit.ingredients.contains(part.item)).map(|part| part.mg()).sum();
            let injected = match bound.mg() {
                Ok(Some(most)) if mg > 0 => Some(Fraction::whole(mg).part_of(most)),
                _ => None,
            };
            let creamed = bound.limit.cm2.map(|cm2| covered(case, bound, cm2, given));
            for part in injected.into_iter().chain(creamed.flatten()) {
                match parts.iter_mut().find(|(known, _)| known.ingredients == bound.limit.ingredients) {
                    Some((_, known)) => {
                        let less = known.zip(part).is_some_and(|(known, part)| part.at_most(known));
                        if !less {
                            *known = part;
                        }
                    }
                    None => parts.push((bound.limit, part)),
                }
            }
        }
        let sum = parts.iter().try_fold(Fraction::whole(0), |sum, (_, part)| sum.plus((*part)?));
        if !sum.is_some_and(|sum| sum.at_most(Fraction::whole(1))) {
            say(pool, format!("{pool}: {} of one full dose", sum.map_or(f64::INFINITY, Fraction::as_f64)));
        }
    }
}

/// The part of its area that a cream covers; never more than all of it, which is told with the plan.
fn covered(case: &Case<'_>, bound: &Bound<'_>, cm2: Amount, given: &[&Line<'_>]) -> Option<Option<Fraction>> {
    let creamed = given.iter().filter(|line| line.cream.is_some_and(|cream| bound.limit.ingredients.contains(cream)));
    let mut areas: Vec<Ix<Area>> = creamed.map(|line| line.area).collect();
    areas.sort_unstable();
    areas.dedup();
    let used: i64 = areas.iter().filter_map(|area| case.pack.areas[*area].cm2).map(Amount::as_thousandths).sum();
    let most = Fraction::of(i128::from(cm2.as_thousandths()) * bound.percent, 100)?;
    let used = Fraction::whole(used.into());
    let used = if used.at_most(most) { used } else { most };
    (used != Fraction::whole(0)).then(|| used.part_of(most))
}

/// What areas may receive on one day.
fn areas(case: &Case<'_>, given: &[&Line<'_>], say: &mut dyn FnMut(&str, String)) {
    for (ix, area) in case.pack.areas.entries() {
        let Some(most) = area.max_ml else { continue };
        let inside = given.iter().filter(|line| case.pack.area_path(line.area).any(|at| at == ix));
        let ml: i64 = inside.map(|line| line.ml).sum();
        if ml > most.as_thousandths() {
            say(&area.id, format!("{} mL in {} on one day, of {most}", ml as f64 / 1e3, area.id));
        }
    }
}

/// What the slots of a recipe may give in one session, all areas of a goal together.
fn slots(case: &Case<'_>, given: &[&Line<'_>], say: &mut dyn FnMut(&str, String)) {
    for (ix, recipe) in case.pack.recipes.entries() {
        for (n, slot) in recipe.slots.iter().enumerate() {
            let Some(most) = slot.ml_max else { continue };
            for goal in recipe.goals.iter() {
                let mine = given.iter().filter(|line| line.goal == goal && line.cocktail.recipe == recipe.id);
                let ml: i64 = mine.flat_map(|line| &line.parts).filter(|part| part.slot == n).map(|part| part.ml).sum();
                if ml > most.as_thousandths() {
                    let id = &case.pack.recipes[ix].id;
                    say(id, format!("{} mL from slot {} on one day, of {most}", ml as f64 / 1e3, n + 1));
                }
            }
        }
    }
}

/// The weight that doses follow, in thousandths of a kg: the ideal one where the index is over 30 and it is lower, and the
/// least ideal one where nobody knows the height.
fn dosing_weight(case: &Case<'_>) -> Option<Fraction> {
    let roles = &case.pack.roles;
    let kg = i128::from(case.facts.number(roles.weight)?.as_thousandths());
    let male = case.pack.questions.find("patient.sex").is_some_and(|ix| match case.facts.get(ix) {
        Fact::Choice(n) => case.pack.questions[ix].options().get(*n).is_some_and(|option| option.id == "male"),
        _ => false,
    });
    let least = if male { 50_000 } else { 45_500 };
    let measured = Fraction::whole(kg);
    let ideal = match case.facts.number(roles.height).map(|cm| i128::from(cm.as_thousandths())) {
        None => Fraction::whole(least),
        // The index to one decimal is over 30 from 30.05 on.
        Some(cm) if kg * 1_000_000_000 >= 3005 * cm * cm => {
            // 2.3 kg for each inch over 60, in exact fractions: the planner may round down, never up.
            Fraction::of(least * 2540 + (cm - 152_400).max(0) * 2300, 2540)?
        }
        Some(_) => measured,
    };
    Some(if ideal.at_most(measured) { ideal } else { measured })
}
