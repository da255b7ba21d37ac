//! Doses that keep every limit of a session. A plan is made of nothing else: [`Kept`] has no way in but a check of every
//! limit in force, whatever reduced the volumes before. What no smaller dose brings within a limit is left out and told.

use std::ops::Deref;

use super::ceilings::Ceilings;
use super::dose::{Planned, each_slot, note, used_cm2, used_mg, used_ml, used_points};
use crate::pack::{Amount, Area, Ix, Limit, Per};

/// Cocktails of which no turn passes a limit.
#[derive(Debug)]
pub(super) struct Kept(Vec<Planned>);

impl Deref for Kept {
    type Target = [Planned];

    fn deref(&self) -> &[Planned] {
        &self.0
    }
}

/// What is passed.
enum Over<'a> {
    /// One of these limits; a pool has several.
    Limits(Vec<&'a Limit>),
    Area(Ix<Area>),
}

impl Kept {
    /// Takes what keeps the limits; what does not is left out, the last of the cocktails that are to blame first.
    pub fn of(ceilings: &Ceilings<'_>, planned: Vec<Planned>, changes: &mut Vec<String>) -> Self {
        let pack = ceilings.pack;
        let mut left = planned;
        while let Some((turn, over)) = passed(ceilings, &left) {
            let to_blame = |p: &Planned| match &over {
                Over::Limits(limits) => limits.iter().any(|limit| p.concerned(limit)),
                Over::Area(area) => pack.area_within(p.area, *area),
            };
            // Where nothing of the turn is to blame the last of it goes: the number falls, so that this ends.
            let here = |p: &Planned| p.turn == turn;
            let last = left.iter().rposition(|p| here(p) && to_blame(p)).or_else(|| left.iter().rposition(here));
            let Some(n) = last else { break };
            let gone = left.remove(n);
            let label = match &over {
                Over::Limits(limits) => limits.first().map_or("", |limit| &limit.label),
                Over::Area(area) => &pack.areas[*area].label,
            };
            note(
                changes,
                format!(
                    "{}, {}: left out, because no dose of it keeps the limit of {}.",
                    pack.goals[gone.goal].label,
                    pack.areas[gone.area].label.to_lowercase(),
                    label.to_lowercase()
                ),
            );
        }
        Self(left)
    }
}

/// The first limit that a session passes, and its turn.
fn passed<'a>(ceilings: &Ceilings<'a>, planned: &[Planned]) -> Option<(usize, Over<'a>)> {
    let mut turns: Vec<usize> = planned.iter().map(|p| p.turn).collect();
    turns.sort_unstable();
    turns.dedup();
    turns.into_iter().find_map(|turn| {
        let session: Vec<&Planned> = planned.iter().filter(|p| p.turn == turn).collect();
        let over = passed_by(ceilings, &session)?;
        Some((turn, over))
    })
}

fn passed_by<'a>(ceilings: &Ceilings<'a>, session: &[&Planned]) -> Option<Over<'a>> {
    let concerned = |limit: &&Limit| session.iter().any(|p| p.concerned(limit));
    let mut pools: Vec<&str> = Vec::new();
    for limit in ceilings.in_force().filter(concerned) {
        let over = match limit.per {
            Per::Site => session.iter().any(|p| p.concerned(limit) && !point_keeps(ceilings, limit, p)),
            // What a course may hold, one of its sessions may hold at most.
            Per::Session | Per::Day | Per::Course => !session_keeps(ceilings, limit, session),
        };
        if over {
            return Some(Over::Limits(vec![limit]));
        }
        pools.extend(limit.pool.as_deref().filter(|pool| !pools.contains(pool)));
    }
    for pool in pools {
        let members = || ceilings.in_force().filter(|limit| limit.pool.as_deref() == Some(pool));
        if !pool_keeps(ceilings, members, session) {
            return Some(Over::Limits(members().collect()));
        }
    }
    let pack = ceilings.pack;
    let areas = pack.areas.entries().filter_map(|(ix, area)| Some((ix, area.max_ml?)));
    areas.into_iter().find_map(|(ix, most)| {
        let inside = session.iter().filter(|p| pack.area_within(p.area, ix));
        let used: i64 = inside.map(|p| p.total().as_thousandths()).sum();
        (used > most.as_thousandths()).then_some(Over::Area(ix))
    })
}

fn session_keeps(ceilings: &Ceilings<'_>, limit: &Limit, session: &[&Planned]) -> bool {
    let each = || session.iter().copied();
    let within = |used: i64, most: Option<Amount>| most.is_none_or(|most| used <= most.as_thousandths());
    // A ceiling by weight that is not known lets nothing through.
    let known = limit.mg_per_kg.is_none() || ceilings.mg(limit).is_some();
    known
        && within(used_mg(ceilings.pack, limit, each()), ceilings.mg(limit))
        && within(used_ml(limit, each()), ceilings.ml(limit))
        && limit.points.is_none_or(|most| used_points(limit, each()) <= i64::from(most))
}

/// What one point holds of a limit: its part of the cocktail, without a division.
fn point_keeps(ceilings: &Ceilings<'_>, limit: &Limit, p: &Planned) -> bool {
    let (mg, ml) = (ceilings.mg(limit), ceilings.ml(limit));
    if mg.is_none() && ml.is_none() {
        return limit.mg_per_kg.is_none();
    }
    // What is not given in points has no point that could be small enough.
    let Some(point) = p.point_ml else { return false };
    let total = i128::from(p.total().as_thousandths());
    let within = |used: i64, most: Option<Amount>| {
        let point = i128::from(used) * i128::from(point.as_thousandths());
        most.is_none_or(|most| point <= i128::from(most.as_thousandths()) * total)
    };
    within(used_mg(ceilings.pack, limit, [p]), mg) && within(used_ml(limit, [p]), ml)
}

/// Whether the parts of a pool add up to at most one, in exact fractions.
fn pool_keeps<'a, M: Iterator<Item = &'a Limit>>(
    ceilings: &Ceilings<'_>,
    members: impl Fn() -> M,
    session: &[&Planned],
) -> bool {
    // Of several limits of the same ingredients the strictest counts.
    let mut parts: Vec<(&Limit, Part)> = Vec::new();
    for limit in members().filter(|limit| each_slot(limit, session.iter().copied()).next().is_some()) {
        let Some(most) = ceilings.mg(limit) else { continue };
        let part = Part { used: used_mg(ceilings.pack, limit, session.iter().copied()), most: most.as_thousandths() };
        match parts.iter_mut().find(|(known, _)| known.ingredients == limit.ingredients) {
            Some((_, known)) if part.exceeds(*known) => *known = part,
            Some(_) => {}
            None => parts.push((limit, part)),
        }
    }
    let creams = members().filter_map(|limit| {
        let most = ceilings.cm2(limit)?.as_thousandths();
        // More skin than the cream may cover is told: only so much of it gets the cream.
        Some(Part { used: used_cm2(ceilings.pack, limit, session.iter().copied()).min(most), most })
    });
    add_up_to_one(parts.into_iter().map(|(_, part)| part).chain(creams).filter(|part| part.used > 0))
}

/// A part of a full dose.
#[derive(Clone, Copy)]
struct Part {
    used: i64,
    most: i64,
}

impl Part {
    fn exceeds(self, other: Self) -> bool {
        i128::from(self.used) * i128::from(other.most) > i128::from(other.used) * i128::from(self.most)
    }
}

/// Whether fractions add up to at most 1; "no" where that cannot be computed.
fn add_up_to_one(parts: impl Iterator<Item = Part>) -> bool {
    let (mut above, mut below) = (0_i128, 1_i128);
    for part in parts {
        let (used, most) = (i128::from(part.used), i128::from(part.most));
        if most <= 0 {
            return false;
        }
        let common = divisor(below, most);
        let sum = || above.checked_mul(most / common)?.checked_add(used.checked_mul(below / common)?);
        let (Some(sum), Some(whole)) = (sum(), (below / common).checked_mul(most)) else { return false };
        let common = divisor(sum, whole).max(1);
        (above, below) = (sum / common, whole / common);
    }
    above <= below
}

fn divisor(a: i128, b: i128) -> i128 {
    let (mut a, mut b) = (a.abs(), b.abs());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thirds_add_up_to_one_and_not_to_more() {
        let of = |parts: &[(i64, i64)]| add_up_to_one(parts.iter().map(|&(used, most)| Part { used, most }));
        assert!(of(&[(1, 3), (2, 3)]));
        assert!(of(&[(100, 300), (200, 600), (1, 3)]));
        assert!(!of(&[(1, 3), (2, 3), (1, 1_000_000_000)]));
        assert!(!of(&[(1, 0)]), "a ceiling of nothing lets nothing through");
    }
}
