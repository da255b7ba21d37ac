//! Volumes and doses against their limits. Nothing leaves this file over a limit: volumes are reduced until all hold.

use super::assessment::{Dose, LimitUse};
use super::cocktail::{Filled, draw_order};
use super::turns::Turn;
use super::weight::dosing_weight;
use crate::intake::{Fact, Facts};
use crate::pack::{Amount, Area, Goal, Item, Ix, Limit, Pack, Per};

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
}

impl Planned {
    pub fn total(&self) -> Amount {
        Amount::thousandths(self.volumes.iter().map(|v| v.as_thousandths()).sum())
    }

    pub fn points(&self) -> Option<u32> {
        let point = self.point_ml.filter(|p| *p > Amount::ZERO)?;
        u32::try_from(self.total().as_thousandths() / point.as_thousandths()).ok()
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
pub(super) fn volumes(pack: &Pack, facts: &Facts, chosen: &[Turn], changes: &mut Vec<String>) -> Vec<Planned> {
    let turns = chosen.iter().map(|turn| turn.turn).max().map_or(0, |last| last + 1);
    (0..turns).flat_map(|turn| session_volumes(pack, facts, chosen, turn, changes)).collect()
}

/// Volumes of the cocktails of one turn: they are given in one session.
fn session_volumes(
    pack: &Pack,
    facts: &Facts,
    chosen: &[Turn],
    turn: usize,
    changes: &mut Vec<String>,
) -> Vec<Planned> {
    let here = || chosen.iter().filter(move |t| t.turn == turn);
    let mut planned: Vec<Planned> = here()
        .map(|t| {
            let recipe = &pack.recipes[t.filled.recipe];
            let areas = here().filter(|o| o.goal == t.goal && o.filled.recipe == t.filled.recipe).count().max(1);
            let share = |slot: usize| {
                let each = recipe.slots[slot].ml_for(areas).as_thousandths() / areas as i64;
                Amount::thousandths(each / 10 * 10)
            };
            Planned {
                goal: t.goal,
                also: t.also.clone(),
                area: t.area,
                turn,
                filled: t.filled.clone(),
                volumes: t.filled.slots.iter().map(|slot| share(slot.slot)).collect(),
                point_ml: recipe.point_ml,
            }
        })
        .collect();
    cap_areas(pack, &mut planned, changes);
    for limit in in_force(pack, facts) {
        cap_limit(pack, facts, limit, &mut planned, changes);
    }
    cap_pools(pack, facts, &mut planned, changes);
    planned.retain(|p| p.total() > Amount::ZERO);
    planned
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

/// The limits that hold in this jurisdiction.
fn in_force<'p>(pack: &'p Pack, facts: &Facts) -> impl Iterator<Item = &'p Limit> {
    let at = match facts.get(pack.roles.jurisdiction) {
        Fact::Choice(n) => Some(*n),
        _ => None,
    };
    // Where the place is not known every local limit counts.
    pack.limits.iter().filter(move |limit| limit.jurisdictions.is_none_or(|bits| at.is_none_or(|n| bits >> n & 1 == 1)))
}

/// What a limit comes to for this patient, in mg; `None` if it is not one in mg or the weight is not known.
fn ceiling_mg(pack: &Pack, facts: &Facts, limit: &Limit) -> Option<Amount> {
    let by_weight = limit.mg_per_kg.and_then(|per_kg| {
        let kg = dosing_weight(pack, facts)?.kg;
        Some(Amount::thousandths(per_kg.as_thousandths() * kg.as_thousandths() / 1000))
    });
    match (by_weight, limit.mg) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (one, other) => one.or(other.filter(|_| limit.mg_per_kg.is_none() || by_weight.is_some())),
    }
}

fn mg_per_ml(pack: &Pack, planned: &Planned, n: usize) -> Option<Amount> {
    let slot = &planned.filled.slots[n];
    pack.recipes[planned.filled.recipe].slots[slot.slot].mg_per_ml.or(pack.ingredient(slot.ingredient).mg_per_ml)
}

/// Milligrams of the limit's ingredients in one session, in thousandths.
fn used_mg(pack: &Pack, limit: &Limit, planned: &[Planned]) -> i64 {
    each_slot(limit, planned)
        .map(|(p, n)| mg_per_ml(pack, p, n).map_or(0, |c| p.volumes[n].as_thousandths() * c.as_thousandths() / 1000))
        .sum()
}

fn used_ml(limit: &Limit, planned: &[Planned]) -> i64 {
    each_slot(limit, planned).map(|(p, n)| p.volumes[n].as_thousandths()).sum()
}

fn each_slot<'a>(limit: &'a Limit, planned: &'a [Planned]) -> impl Iterator<Item = (&'a Planned, usize)> {
    planned.iter().flat_map(move |p| {
        p.filled
            .slots
            .iter()
            .enumerate()
            .filter(|(_, s)| limit.ingredients.contains(s.ingredient))
            .map(move |(n, _)| (p, n))
    })
}

fn cap_limit(pack: &Pack, facts: &Facts, limit: &Limit, planned: &mut [Planned], changes: &mut Vec<String>) {
    let concerned = |p: &Planned| p.filled.slots.iter().any(|s| limit.ingredients.contains(s.ingredient));
    match limit.per {
        Per::Session | Per::Day => {
            let mut cap = |used: i64, max: Amount, what: &str, planned: &mut [Planned]| {
                if used > max.as_thousandths() {
                    planned
                        .iter_mut()
                        .for_each(|p| p.reduce(max.as_thousandths(), used, |i| limit.ingredients.contains(i)));
                    changes.push(format!("{} reduced to its limit of {max} {what} in one session.", limit.label));
                }
            };
            if let Some(max) = ceiling_mg(pack, facts, limit) {
                cap(used_mg(pack, limit, planned), max, "mg", planned);
            }
            if let Some(max) = limit.ml {
                cap(used_ml(limit, planned), max, "mL", planned);
            }
            if let Some(max) = limit.points {
                let used: i64 =
                    planned.iter().filter(|p| concerned(p)).filter_map(Planned::points).map(i64::from).sum();
                if used > i64::from(max) {
                    planned.iter_mut().filter(|p| concerned(p)).for_each(|p| p.reduce(i64::from(max), used, |_| true));
                    changes.push(format!("{} reduced to {max} points in one session.", limit.label));
                }
            }
        }
        Per::Site => {
            if let Some(max) = limit.ml {
                for p in planned.iter_mut().filter(|p| concerned(p)) {
                    if p.point_ml.is_some_and(|point| point > max) {
                        p.point_ml = Some(max);
                        changes.push(format!("{} reduced to {max} mL for each point.", limit.label));
                    }
                }
            }
        }
        // Sessions and intervals are the calendar's; a course's mg and mL are not more than its sessions'.
        Per::Course => {}
    }
}

/// Local anaesthetics add up: the sum of dose over ceiling stays at most 1.
fn cap_pools(pack: &Pack, facts: &Facts, planned: &mut [Planned], changes: &mut Vec<String>) {
    for pool in pools(pack, facts) {
        let share = pool_share(pack, facts, &pool, planned);
        if share > 1.0 {
            let members: Vec<&Limit> = in_force(pack, facts).filter(|l| l.pool.as_deref() == Some(&pool)).collect();
            let inside = |i: Ix<Item>| members.iter().any(|l| l.ingredients.contains(i));
            // Rounded down, so that the sum cannot stay above 1 by rounding.
            let part = (1_000_000.0 / share) as i64;
            planned.iter_mut().for_each(|p| p.reduce(part, 1_000_000, inside));
            changes.push(format!("{} reduced: together they may not exceed one full dose.", pool.replace('-', " ")));
        }
    }
}

fn pools(pack: &Pack, facts: &Facts) -> Vec<String> {
    let mut pools: Vec<String> = in_force(pack, facts).filter_map(|l| l.pool.clone()).collect();
    pools.sort();
    pools.dedup();
    pools
}

fn pool_share(pack: &Pack, facts: &Facts, pool: &str, planned: &[Planned]) -> f64 {
    in_force(pack, facts)
        .filter(|limit| limit.pool.as_deref() == Some(pool))
        .filter_map(|limit| share(used_mg(pack, limit, planned), ceiling_mg(pack, facts, limit)?))
        .sum()
}

fn share(used: i64, max: Amount) -> Option<f64> {
    (max > Amount::ZERO).then(|| used as f64 / max.as_thousandths() as f64)
}

/// Whether a planned dose needs the weight and it is not known.
pub(super) fn needs_weight(pack: &Pack, facts: &Facts, planned: &[Planned]) -> bool {
    facts.number(pack.roles.weight).is_none()
        && in_force(pack, facts)
            .filter(|limit| limit.mg_per_kg.is_some())
            .any(|limit| each_slot(limit, planned).next().is_some())
}

/// The largest number of sessions and the smallest interval that the limits of the planned ingredients allow.
pub(super) fn course_limits(pack: &Pack, facts: &Facts, planned: &[Planned]) -> (Option<i32>, i32) {
    let concerned: Vec<&Limit> = in_force(pack, facts).filter(|l| each_slot(l, planned).next().is_some()).collect();
    let sessions = concerned.iter().filter_map(|l| l.sessions).min();
    let interval = concerned.iter().filter_map(|l| l.interval_days).max().unwrap_or(0);
    (sessions, interval)
}

/// The cocktails of one turn.
fn session_of(planned: &[Planned], turn: usize) -> Vec<Planned> {
    planned.iter().filter(|p| p.turn == turn).cloned().collect()
}

/// The doses of one cocktail in the order in which the syringe is filled.
pub(super) fn doses(pack: &Pack, facts: &Facts, planned: &Planned, all: &[Planned]) -> Vec<Dose> {
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
            let tightest = tightest(pack, facts, slot.ingredient, session);
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

/// The limit an ingredient comes nearest to in this session.
fn tightest(pack: &Pack, facts: &Facts, ingredient: Ix<Item>, session: &[Planned]) -> Option<(String, f64)> {
    let mut best: Option<(String, f64)> = None;
    for limit in in_force(pack, facts).filter(|l| l.ingredients.contains(ingredient)) {
        let Some(one) = session_use(pack, facts, limit, session) else { continue };
        if best.as_ref().is_none_or(|(_, used)| one.used > *used) {
            best = Some((format!("{} ({})", one.ceiling, one.how), one.used));
        }
    }
    best
}

/// How a session uses a limit up, if it is one of a session.
fn session_use(pack: &Pack, facts: &Facts, limit: &Limit, session: &[Planned]) -> Option<LimitUse> {
    if !matches!(limit.per, Per::Session | Per::Day) {
        return None;
    }
    let span = if limit.per == Per::Day { "day" } else { "session" };
    let mut by: Vec<String> = each_slot(limit, session)
        .map(|(p, n)| {
            let label = &pack.ingredients[p.filled.slots[n].ingredient].label;
            match mg_per_ml(pack, p, n) {
                Some(c) => {
                    let mg = Amount::thousandths(p.volumes[n].as_thousandths() * c.as_thousandths() / 1000);
                    format!("{label} {} mg, {}", mg.rounded(2), pack.areas[p.area].label.to_lowercase())
                }
                None => format!("{label} {} mL, {}", p.volumes[n], pack.areas[p.area].label.to_lowercase()),
            }
        })
        .collect();
    by.dedup();
    let (ceiling, ceiling_mg, how, used) = match (ceiling_mg(pack, facts, limit), limit.ml, limit.mg_per_kg) {
        (Some(mg), _, per_kg) => {
            let how = match (per_kg, dosing_weight(pack, facts), limit.mg) {
                (Some(per_kg), Some(weight), cap) => {
                    let ideal = if weight.ideal { " (ideal weight, because the BMI is over 30)" } else { "" };
                    let at = format!("{per_kg} mg/kg at {} kg{ideal}", weight.kg);
                    cap.map_or(at.clone(), |cap| format!("{at}, never over {cap} mg"))
                }
                _ => "fixed limit".to_owned(),
            };
            (
                format!("at most {} mg in one {span}", mg.rounded(1)),
                Some(mg),
                how,
                share(used_mg(pack, limit, session), mg),
            )
        }
        (None, Some(ml), _) => (
            format!("at most {ml} mL in one {span}"),
            None,
            "fixed limit".to_owned(),
            share(used_ml(limit, session), ml),
        ),
        (None, None, Some(per_kg)) => {
            ("not known: the weight is missing".to_owned(), None, format!("{per_kg} mg/kg"), Some(0.0))
        }
        (None, None, None) => return None,
    };
    Some(LimitUse {
        id: limit.id.clone(),
        label: limit.label.clone(),
        ceiling,
        ceiling_mg: ceiling_mg.map(|mg| mg.rounded(1).as_f64()),
        how,
        used: used.unwrap_or(0.0),
        by,
    })
}

/// The limits worth showing: those in use, and those that add up over a session whether used or not; for each the
/// session that uses it most.
pub(super) fn limit_uses(pack: &Pack, facts: &Facts, planned: &[Planned]) -> Vec<LimitUse> {
    let turns = planned.iter().map(|p| p.turn).max().map_or(1, |last| last + 1);
    let mut most: Vec<LimitUse> = Vec::new();
    for turn in 0..turns {
        for one in session_limit_uses(pack, facts, &session_of(planned, turn)) {
            match most.iter_mut().find(|known| known.id == one.id) {
                Some(known) if one.used > known.used => *known = one,
                Some(_) => {}
                None => most.push(one),
            }
        }
    }
    most
}

fn session_limit_uses(pack: &Pack, facts: &Facts, session: &[Planned]) -> Vec<LimitUse> {
    let mut uses: Vec<LimitUse> = in_force(pack, facts)
        .filter(|limit| limit.pool.is_some() || each_slot(limit, session).next().is_some())
        .filter_map(|limit| session_use(pack, facts, limit, session))
        .collect();
    for pool in pools(pack, facts) {
        let used = pool_share(pack, facts, &pool, session);
        if used > 0.0 {
            uses.push(LimitUse {
                id: pool.clone(),
                label: format!("{} together", pool.replace('-', " ")),
                ceiling: "the parts of the single limits add up to at most 1".to_owned(),
                ceiling_mg: None,
                how: "sum of dose divided by limit".to_owned(),
                used,
                by: Vec::new(),
            });
        }
    }
    uses
}

/// The limits of one ingredient for this patient, in words.
pub(super) fn limits_of(pack: &Pack, facts: &Facts, ingredient: Ix<Item>) -> Vec<String> {
    in_force(pack, facts)
        .filter(|limit| limit.ingredients.contains(ingredient))
        .map(|limit| {
            let mut parts = Vec::new();
            if let Some(one) = session_use(pack, facts, limit, &[]) {
                parts.push(format!("{} ({})", one.ceiling, one.how));
            } else if let Some(ml) = limit.ml.filter(|_| limit.per == Per::Site) {
                parts.push(format!("at most {ml} mL for each point"));
            }
            parts.extend(limit.points.map(|n| format!("at most {n} points")));
            parts.extend(limit.sessions.map(|n| format!("at most {n} sessions")));
            parts.extend(limit.interval_days.map(|n| format!("at least {n} days apart")));
            let note = if limit.note.is_empty() { String::new() } else { format!(". {}", limit.note) };
            format!("{}: {}{note}", limit.label, parts.join(", "))
        })
        .collect()
}
