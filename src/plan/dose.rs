//! Volumes and doses against their limits: volumes are reduced until the limits of a session hold. Whether they do is
//! checked behind this file (`kept`); the limits of a course are kept where its sessions are placed (`placed`).

use super::assessment::Dose;
use super::ceilings::Ceilings;
use super::cocktail::{Filled, draw_order};
use super::exclusions::Exclusions;
use super::turns::Turn;
use super::uses::tightest;
use crate::intake::Fact;
use crate::pack::{Amount, Area, Goal, Item, Ix, Limit, Pack, Per, Recipe};

/// One cocktail in one area with its volumes.
#[derive(Clone, Debug)]
pub(super) struct Planned {
    pub goal: Ix<Goal>,
    /// Other goals it serves.
    pub also: Vec<Ix<Goal>>,
    pub area: Ix<Area>,
    /// Cocktails of one turn are given in one session.
    pub turn: usize,
    pub filled: Filled,
    /// mL for each filled slot, in the order of `filled.slots`.
    pub volumes: Vec<Amount>,
    /// mL of one point.
    pub point_ml: Option<Amount>,
    /// What numbs the skin before, unless it is excluded.
    pub cream: Option<Ix<Item>>,
    /// Against pain, in words.
    pub numbing: String,
}

impl Planned {
    pub fn total(&self) -> Amount {
        Amount::thousandths(self.volumes.iter().map(|v| v.as_thousandths()).sum())
    }

    pub fn points(&self) -> Option<u32> {
        let point = self.point_ml.filter(|p| *p > Amount::ZERO)?;
        u32::try_from(self.total().as_thousandths() / point.as_thousandths()).ok()
    }

    /// Whether it holds an ingredient that a limit counts.
    pub fn concerned(&self, limit: &Limit) -> bool {
        self.filled.slots.iter().any(|slot| limit.ingredients.contains(slot.ingredient))
    }

    /// Reduces the volume of slots that `which` picks to `part` of `whole`, rounded down to hundredths of a mL.
    fn reduce(&mut self, part: i64, whole: i64, which: impl Fn(Ix<Item>) -> bool) {
        for (slot, volume) in self.filled.slots.iter().zip(&mut self.volumes) {
            if which(slot.ingredient) && whole > 0 {
                let reduced = i128::from(volume.as_thousandths()) * i128::from(part.max(0)) / i128::from(whole);
                *volume = Amount::thousandths(i64::try_from(reduced).unwrap_or(0) / 10 * 10);
            }
        }
    }
}

/// Volumes of all cocktails, limits applied to each session; `changes` says what was reduced and why.
pub(super) fn volumes(
    ceilings: &Ceilings<'_>,
    exclusions: &Exclusions,
    chosen: &[Turn],
    changes: &mut Vec<String>,
) -> Vec<Planned> {
    let turns = chosen.iter().map(|turn| turn.turn).max().map_or(0, |last| last + 1);
    (0..turns).flat_map(|turn| session_volumes(ceilings, exclusions, chosen, turn, changes)).collect()
}

/// Volumes of the cocktails of one turn: they are given in one session.
fn session_volumes(
    ceilings: &Ceilings<'_>,
    exclusions: &Exclusions,
    chosen: &[Turn],
    turn: usize,
    changes: &mut Vec<String>,
) -> Vec<Planned> {
    let pack = ceilings.pack;
    let here = || chosen.iter().filter(move |t| t.turn == turn);
    let mut planned: Vec<Planned> = here()
        .map(|t| {
            let recipe = &pack.recipes[t.filled.recipe];
            let alike = |o: &&Turn| o.goal == t.goal && made_from(pack, o) == made_from(pack, t);
            // A mix of the practitioner's own has its volumes for this area alone.
            let areas = if recipe.own_of.is_some() { 1 } else { here().filter(alike).count().max(1) };
            let share = |slot: usize| {
                let each = recipe.slots[slot].ml_for(areas).as_thousandths() / areas as i64;
                Amount::thousandths(each / 10 * 10)
            };
            let (cream, numbing) = numbing(pack, exclusions, t);
            Planned {
                goal: t.goal,
                also: t.also.clone(),
                area: t.area,
                turn,
                filled: t.filled.clone(),
                volumes: t.filled.slots.iter().map(|slot| share(slot.slot)).collect(),
                point_ml: recipe.point_ml,
                cream,
                numbing,
            }
        })
        .collect();
    fit_parts(pack, &mut planned, changes);
    cap_areas(pack, &mut planned, changes);
    for limit in ceilings.in_force().filter(|limit| limit.per != Per::Site) {
        cap_limit(ceilings, limit, &mut planned, changes);
    }
    cap_pools(ceilings, &mut planned, changes);
    // A smaller point means more of them, and rounding moves both a little: again until both kinds of limit hold.
    for _ in 0..32 {
        let sites = ceilings.in_force().filter(|limit| limit.per == Per::Site);
        let smaller = sites.filter(|limit| cap_points(ceilings, limit, &mut planned, changes)).count();
        let fewer = ceilings.in_force().filter(|limit| cap_point_count(limit, &mut planned, changes)).count();
        if smaller + fewer == 0 {
            break;
        }
    }
    for p in &mut planned {
        let slots = &pack.recipes[p.filled.recipe].slots;
        let gone = |n: usize, p: &Planned| p.volumes[n] <= Amount::ZERO && slots[p.filled.slots[n].slot].optional;
        for n in (0..p.volumes.len()).rev().filter(|n| gone(*n, p)).collect::<Vec<_>>() {
            p.volumes.remove(n);
            p.filled.slots.remove(n);
        }
    }
    planned.retain(|p| {
        let left = p.volumes.iter().all(|volume| *volume > Amount::ZERO);
        if !left {
            let (goal, area) = (&pack.goals[p.goal].label, pack.areas[p.area].label.to_lowercase());
            note(changes, format!("{goal}, {area}: left out, because the limits leave no dose of every ingredient."));
        }
        left
    });
    planned
}

/// The recipe of the pack that a cocktail is, or was made from.
fn made_from(pack: &Pack, turn: &Turn) -> Ix<Recipe> {
    pack.recipes[turn.filled.recipe].own_of.unwrap_or(turn.filled.recipe)
}

/// What numbs the skin: never something that is excluded for this patient.
fn numbing(pack: &Pack, exclusions: &Exclusions, turn: &Turn) -> (Option<Ix<Item>>, String) {
    let plan = &pack.plans[pack.recipes[turn.filled.recipe].plan];
    match plan.numbing_with {
        Some(cream) if !exclusions.ingredient(cream).is_empty() => {
            let label = &pack.ingredients[cream].label;
            let why = exclusions.titles(pack, exclusions.ingredient(cream));
            (None, format!("No {}: excluded ({why}). Agree another way.", label.to_lowercase()))
        }
        cream => (cream, plan.numbing.clone()),
    }
}

/// Points that lie in an area at a distance, and the area in cm², both in thousandths; where both are known.
pub(super) fn fits(pack: &Pack, planned: &Planned) -> Option<(i64, i64)> {
    let spacing = pack.recipes[planned.filled.recipe].spacing_cm?.as_thousandths();
    let cm2 = pack.areas[planned.area].cm2?.as_thousandths();
    (spacing > 0).then(|| (cm2.saturating_mul(1_000_000) / (spacing * spacing), cm2))
}

/// A recipe for a region gives a part of it no more points than lie there at their distance. What it gives the region
/// itself is the dose of its studies and stays.
fn fit_parts(pack: &Pack, planned: &mut [Planned], changes: &mut Vec<String>) {
    for p in planned {
        let recipe = &pack.recipes[p.filled.recipe];
        let whole = recipe.areas.as_ref().unwrap_or(&pack.goals[p.goal].areas);
        let parent = pack.area_path(p.area).nth(1);
        // How close a mix of the practitioner's own lies is the practitioner's decision.
        if recipe.own_of.is_some() || !parent.is_some_and(|parent| whole.contains(parent)) {
            continue;
        }
        let (Some((room, cm2)), Some(points), Some(spacing)) = (fits(pack, p), p.points(), recipe.spacing_cm) else {
            continue;
        };
        let room = room / 1000;
        if room > 0 && i64::from(points) > room {
            p.reduce(room, i64::from(points), |_| true);
            let (goal, area) = (&pack.goals[p.goal].label, pack.areas[p.area].label.to_lowercase());
            let cm2 = Amount::thousandths(cm2);
            note(
                changes,
                format!("{goal}, {area}: {room} points, as many as lie {spacing} cm apart in about {cm2} cm²."),
            );
        }
    }
}

/// Where the points cover a small part of the area, that is said: nobody has to find a pattern that does not fit.
pub(super) fn coverage(pack: &Pack, planned: &Planned) -> Option<String> {
    let (room, cm2) = fits(pack, planned)?;
    let points = i64::from(planned.points()?);
    let spacing = pack.recipes[planned.filled.recipe].spacing_cm?;
    if points == 0 || points * 1000 * 10 >= room * 7 {
        return None;
    }
    let covered = Amount::thousandths(points * spacing.as_thousandths() * spacing.as_thousandths() / 1000).rounded(0);
    let apart = (cm2 as f64 / 1000.0 / points as f64).sqrt();
    let (goal, area) = (&pack.goals[planned.goal].label, pack.areas[planned.area].label.to_lowercase());
    Some(format!(
        "{goal}, {area}: {points} points {spacing} cm apart cover about {covered} of about {} cm²: agree where they are \
         needed most, or spread them evenly, about {apart:.1} cm apart.",
        Amount::thousandths(cm2)
    ))
}

/// The volume ceilings of areas and of the areas they lie in.
fn cap_areas(pack: &Pack, planned: &mut [Planned], changes: &mut Vec<String>) {
    for (ix, area) in pack.areas.entries() {
        let Some(max) = area.max_ml else { continue };
        let total: i64 =
            planned.iter().filter(|p| pack.area_within(p.area, ix)).map(|p| p.total().as_thousandths()).sum();
        if total > max.as_thousandths() {
            for p in planned.iter_mut().filter(|p| pack.area_within(p.area, ix)) {
                p.reduce(max.as_thousandths(), total, |_| true);
            }
            changes.push(format!(
                "Volumes reduced to the {max} mL that {} may receive in one session.",
                area.label.to_lowercase()
            ));
        }
    }
}

pub(super) fn mg_per_ml(pack: &Pack, planned: &Planned, n: usize) -> Option<Amount> {
    let slot = &planned.filled.slots[n];
    pack.recipes[planned.filled.recipe].slots[slot.slot].mg_per_ml.or(pack.ingredient(slot.ingredient).mg_per_ml)
}

/// Milligrams of the limit's ingredients in one session, in thousandths, rounded up: a limit is never passed by rounding.
pub(super) fn used_mg<'a>(pack: &Pack, limit: &Limit, planned: impl IntoIterator<Item = &'a Planned>) -> i64 {
    let micro: i64 = each_slot(limit, planned)
        .map(|(p, n)| mg_per_ml(pack, p, n).map_or(0, |c| p.volumes[n].as_thousandths() * c.as_thousandths()))
        .sum();
    (micro + 999).div_euclid(1000)
}

/// Millilitres of the limit's ingredients in one session, in thousandths.
pub(super) fn used_ml<'a>(limit: &Limit, planned: impl IntoIterator<Item = &'a Planned>) -> i64 {
    each_slot(limit, planned).map(|(p, n)| p.volumes[n].as_thousandths()).sum()
}

/// Points of the cocktails that hold one of the limit's ingredients.
pub(super) fn used_points<'a>(limit: &Limit, planned: impl IntoIterator<Item = &'a Planned>) -> i64 {
    planned.into_iter().filter(|p| p.concerned(limit)).filter_map(Planned::points).map(i64::from).sum()
}

/// Square centimetres under a cream that the limit counts, in thousandths; each area once.
pub(super) fn used_cm2<'a>(pack: &Pack, limit: &Limit, planned: impl IntoIterator<Item = &'a Planned>) -> i64 {
    let creamed = planned.into_iter().filter(|p| p.cream.is_some_and(|cream| limit.ingredients.contains(cream)));
    let mut areas: Vec<Ix<Area>> = creamed.map(|p| p.area).collect();
    areas.sort_unstable();
    areas.dedup();
    areas.iter().filter_map(|ix| pack.areas[*ix].cm2).map(Amount::as_thousandths).sum()
}

pub(super) fn each_slot<'a, 'l>(
    limit: &'l Limit,
    planned: impl IntoIterator<Item = &'a Planned>,
) -> impl Iterator<Item = (&'a Planned, usize)> {
    planned.into_iter().flat_map(move |p| {
        let slots = p.filled.slots.iter().enumerate();
        let mine: Vec<usize> =
            slots.filter(|(_, s)| limit.ingredients.contains(s.ingredient)).map(|(n, _)| n).collect();
        mine.into_iter().map(move |n| (p, n))
    })
}

fn cap_limit(ceilings: &Ceilings<'_>, limit: &Limit, planned: &mut [Planned], changes: &mut Vec<String>) {
    let pack = ceilings.pack;
    // What a course may hold, one of its sessions may hold at most.
    let span = if limit.per == Per::Course { "a course" } else { "one session" };
    let inside = |ix: Ix<Item>| limit.ingredients.contains(ix);
    let mut cap = |used: i64, max: Amount, what: &str, planned: &mut [Planned]| {
        if used > max.as_thousandths() {
            planned.iter_mut().for_each(|p| p.reduce(max.as_thousandths(), used, inside));
            changes.push(format!("{} reduced to its limit of {max} {what} in {span}.", limit.label));
        }
    };
    if let Some(max) = ceilings.mg(limit) {
        cap(used_mg(pack, limit, planned.iter()), max, "mg", planned);
    }
    if let Some(max) = ceilings.ml(limit) {
        cap(used_ml(limit, planned.iter()), max, "mL", planned);
    }
    if let Some(max) = ceilings.cm2(limit) {
        let used = used_cm2(pack, limit, planned.iter());
        if used > max.as_thousandths() {
            changes.push(format!(
                "{}: the areas have {} cm² and the limit is {max} cm² in {span}: only a part of them gets it.",
                limit.label,
                Amount::thousandths(used)
            ));
        }
    }
}

/// The number of points, all cocktails together that hold an ingredient of the limit; says whether it was lowered.
fn cap_point_count(limit: &Limit, planned: &mut [Planned], changes: &mut Vec<String>) -> bool {
    let Some(max) = limit.points.filter(|_| limit.per != Per::Site) else { return false };
    let used = used_points(limit, planned.iter());
    if used <= i64::from(max) {
        return false;
    }
    planned.iter_mut().filter(|p| p.concerned(limit)).for_each(|p| p.reduce(i64::from(max), used, |_| true));
    note(changes, format!("{} reduced to {max} points in one session.", limit.label));
    true
}

/// The ceiling of one point, in mL or in mg; says whether a point was made smaller.
fn cap_points(ceilings: &Ceilings<'_>, limit: &Limit, planned: &mut [Planned], changes: &mut Vec<String>) -> bool {
    let mut smaller = false;
    for p in planned.iter_mut().filter(|p| p.concerned(limit)) {
        let Some(point) = p.point_ml else { continue };
        let total = p.total().as_thousandths();
        let by_mg = ceilings.mg(limit).and_then(|max| {
            let mg = used_mg(ceilings.pack, limit, [&*p]);
            (mg > 0).then(|| Amount::thousandths(max.as_thousandths() * total / mg))
        });
        let by_ml = ceilings.ml(limit).and_then(|max| {
            let ml = used_ml(limit, [&*p]);
            (ml > 0).then(|| Amount::thousandths(max.as_thousandths() * total / ml))
        });
        if let Some(max) = by_mg.into_iter().chain(by_ml).min().filter(|max| point > *max) {
            p.point_ml = Some(max);
            note(changes, format!("{} reduced to {max} mL for each point.", limit.label));
            smaller = true;
        }
    }
    smaller
}

/// Says what was changed, once.
pub(super) fn note(changes: &mut Vec<String>, text: String) {
    if !changes.contains(&text) {
        changes.push(text);
    }
}

/// Local anaesthetics add up: the sum of dose over ceiling stays at most 1. A cream counts with the part of its area.
fn cap_pools(ceilings: &Ceilings<'_>, planned: &mut [Planned], changes: &mut Vec<String>) {
    for pool in ceilings.pools() {
        let injected = pool_share(ceilings, &pool, planned);
        let left = (1.0 - cream_share(ceilings, &pool, planned)).max(0.0);
        if injected > left {
            let members: Vec<&Limit> = ceilings.in_force().filter(|l| l.pool.as_deref() == Some(&pool)).collect();
            let inside = |i: Ix<Item>| members.iter().any(|l| l.ingredients.contains(i));
            // Rounded down, so that the sum cannot stay above 1 by rounding.
            let part = (1_000_000.0 * left / injected) as i64;
            planned.iter_mut().for_each(|p| p.reduce(part, 1_000_000, inside));
            changes.push(format!("{} reduced: together they may not exceed one full dose.", pool.replace('-', " ")));
        }
    }
}

/// The injected doses of a pool, each divided by its ceiling.
pub(super) fn pool_share(ceilings: &Ceilings<'_>, pool: &str, planned: &[Planned]) -> f64 {
    // Of several limits of one ingredient, such as a national one, the strictest counts, and none twice.
    let mut parts: Vec<(&Limit, f64)> = Vec::new();
    for limit in ceilings.in_force().filter(|limit| limit.pool.as_deref() == Some(pool)) {
        let Some(max) = ceilings.mg(limit) else { continue };
        let Some(part) = share(used_mg(ceilings.pack, limit, planned), max.as_thousandths()) else { continue };
        match parts.iter_mut().find(|(known, _)| known.ingredients == limit.ingredients) {
            Some((_, known)) => *known = known.max(part),
            None => parts.push((limit, part)),
        }
    }
    parts.iter().map(|(_, part)| part).sum()
}

/// The creams of a pool, each divided by the area it may cover.
pub(super) fn cream_share(ceilings: &Ceilings<'_>, pool: &str, planned: &[Planned]) -> f64 {
    let members = ceilings.in_force().filter(|limit| limit.pool.as_deref() == Some(pool));
    members
        .filter_map(|limit| {
            let max = ceilings.cm2(limit)?.as_thousandths();
            share(used_cm2(ceilings.pack, limit, planned).min(max), max)
        })
        .sum()
}

pub(super) fn share(used: i64, max: i64) -> Option<f64> {
    (max > 0).then(|| used as f64 / max as f64)
}

/// Whether a planned dose needs the weight and it is not known.
pub(super) fn needs_weight(ceilings: &Ceilings<'_>, planned: &[Planned]) -> bool {
    ceilings.facts.number(ceilings.pack.roles.weight).is_none()
        && ceilings.in_force().filter(|l| l.mg_per_kg.is_some()).any(|l| planned.iter().any(|p| p.concerned(l)))
}

/// The cocktails of one turn.
pub(super) fn session_of(planned: &[Planned], turn: usize) -> Vec<Planned> {
    planned.iter().filter(|p| p.turn == turn).cloned().collect()
}

/// The doses of one cocktail in the order in which the syringe is filled.
pub(super) fn doses(ceilings: &Ceilings<'_>, planned: &Planned, all: &[Planned]) -> Vec<Dose> {
    let (pack, facts) = (ceilings.pack, ceilings.facts);
    let session = &session_of(all, planned.turn);
    let recipe = &pack.recipes[planned.filled.recipe];
    draw_order(pack, &planned.filled)
        .into_iter()
        .filter_map(|slot| {
            let n = planned.filled.slots.iter().position(|s| s.slot == slot.slot)?;
            let detail = pack.ingredient(slot.ingredient);
            let volume = planned.volumes[n];
            let concentration = mg_per_ml(pack, planned, n);
            let mg = concentration.map(|c| Amount::thousandths(volume.as_thousandths() * c.as_thousandths() / 1000));
            let tightest = tightest(ceilings, slot.ingredient, session);
            let status = match facts.get(pack.roles.jurisdiction) {
                Fact::Choice(at) => pack.status_in(slot.ingredient, Ix::new(*at)).map(|s| s.word().to_owned()),
                _ => None,
            };
            Some(Dose {
                id: pack.ingredients[slot.ingredient].id.clone(),
                label: pack.ingredients[slot.ingredient].label.clone(),
                role: recipe.slots[slot.slot].role.word().to_owned(),
                concentration: match (concentration, recipe.slots[slot.slot].mg_per_ml) {
                    (Some(c), Some(_)) => format!("{c} mg/mL"),
                    _ => detail.concentration.clone(),
                },
                volume_ml: volume.as_f64(),
                mg: mg.map(Amount::as_f64),
                dose: mg.map_or_else(|| format!("{volume} mL"), |mg| format!("{} mg in {volume} mL", mg.rounded(2))),
                limit: tightest.as_ref().map(|(text, _)| text.clone()),
                limit_used: tightest.map(|(_, used)| used),
                status,
                instead_of: slot.instead_of,
            })
        })
        .collect()
}
