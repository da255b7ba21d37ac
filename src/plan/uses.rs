//! The limits worth showing, and what uses each of them up.

use super::assessment::LimitUse;
use super::ceilings::Ceilings;
use super::dose::{
    Planned, cream_share, each_slot, mg_per_ml, pool_share, session_of, share, used_cm2, used_mg, used_ml, used_points,
};
use super::exclusions::Exclusions;
use super::placed::Placed;
use crate::pack::{Amount, Item, Ix, Limit, Per};

/// How a ceiling that depends on nothing was come by.
pub const FIXED: &str = "fixed limit";

/// One bound of a limit, measured.
struct Measure {
    unit: &'static str,
    /// In thousandths.
    used: i64,
    /// In thousandths; `None` while the weight is missing.
    most: Option<i64>,
}

/// The limit an ingredient comes nearest to in this session.
pub(super) fn tightest(ceilings: &Ceilings<'_>, ingredient: Ix<Item>, session: &[Planned]) -> Option<(String, f64)> {
    let mut best: Option<(String, f64)> = None;
    let mine = ceilings.in_force().filter(|l| l.ingredients.contains(ingredient) && !l.everything);
    for one in mine.flat_map(|limit| session_uses(ceilings, limit, session)) {
        if best.as_ref().is_none_or(|(_, used)| one.used > *used) {
            best = Some((format!("{} ({})", one.ceiling, one.how), one.used));
        }
    }
    best
}

/// The limits in use, and those that add up over a session whether used or not; for each the session that uses it most.
/// What must not be used has no maximum: its limits are left out.
pub(super) fn limit_uses(
    ceilings: &Ceilings<'_>,
    exclusions: &Exclusions,
    planned: &[Planned],
    given: &Placed<'_>,
) -> Vec<LimitUse> {
    let usable = |limit: &Limit| limit.ingredients.iter().any(|ix| exclusions.ingredient(ix).is_empty());
    let turns = planned.iter().map(|p| p.turn).max().map_or(1, |last| last + 1);
    let mut most: Vec<LimitUse> = Vec::new();
    for turn in 0..turns {
        let session = session_of(planned, turn);
        let shown = ceilings
            .in_force()
            .filter(|l| ((l.pool.is_some() && usable(l)) || in_use(l, &session)) && !outdone(ceilings, l));
        let rows = shown.flat_map(|limit| session_uses(ceilings, limit, &session));
        let rows = rows.chain(area_uses(ceilings, &session)).chain(pool_uses(ceilings, &session));
        for one in rows {
            match most.iter_mut().find(|known| known.id == one.id && known.unit == one.unit) {
                Some(known) if one.used > known.used => *known = one,
                Some(_) => {}
                None => most.push(one),
            }
        }
    }
    let used = ceilings.in_force().filter(|limit| in_use(limit, planned));
    most.extend(used.flat_map(|limit| course_uses(ceilings, limit, planned, given)));
    // What comes nearest to its limit is read first.
    most.sort_by(|a, b| b.used.total_cmp(&a.used));
    most
}

/// Whether a stricter limit of the same kind holds here, such as a national one.
fn outdone(ceilings: &Ceilings<'_>, limit: &Limit) -> bool {
    let only_mg = limit.ml.is_none() && limit.points.is_none() && limit.cm2.is_none();
    let stricter = |other: &Limit| {
        let same = other.per == limit.per && other.ingredients == limit.ingredients && other.id != limit.id;
        same && ceilings.mg(other).zip(ceilings.mg(limit)).is_some_and(|(theirs, ours)| theirs < ours)
    };
    only_mg && ceilings.in_force().any(stricter)
}

fn in_use(limit: &Limit, planned: &[Planned]) -> bool {
    planned.iter().any(|p| p.concerned(limit) || p.cream.is_some_and(|cream| limit.ingredients.contains(cream)))
}

/// The bounds of a limit in one session, and how far it uses each.
fn session_uses(ceilings: &Ceilings<'_>, limit: &Limit, session: &[Planned]) -> Vec<LimitUse> {
    let pack = ceilings.pack;
    match limit.per {
        Per::Course => return Vec::new(),
        Per::Site => return point_uses(ceilings, limit, session),
        Per::Session | Per::Day => {}
    }
    let span = if limit.per == Per::Day { "day" } else { "session" };
    let mut measures = Vec::new();
    let mg = ceilings.mg(limit).map(Amount::as_thousandths);
    if limit.mg.is_some() || limit.mg_per_kg.is_some() {
        measures.push(Measure { unit: "mg", used: used_mg(pack, limit, session), most: mg });
    }
    if let Some(max) = ceilings.ml(limit) {
        measures.push(Measure { unit: "mL", used: used_ml(limit, session), most: Some(max.as_thousandths()) });
    }
    if let Some(max) = limit.points {
        let used = used_points(limit, session) * 1000;
        measures.push(Measure { unit: "points", used, most: Some(i64::from(max) * 1000) });
    }
    if let Some(max) = ceilings.cm2(limit) {
        let max = max.as_thousandths();
        measures.push(Measure { unit: "cm²", used: used_cm2(pack, limit, session).min(max), most: Some(max) });
    }
    measures.into_iter().map(|measure| row(ceilings, limit, span, &measure, session)).collect()
}

/// The bounds of one point.
fn point_uses(ceilings: &Ceilings<'_>, limit: &Limit, session: &[Planned]) -> Vec<LimitUse> {
    let mut rows: Vec<LimitUse> = Vec::new();
    for p in session.iter().filter(|p| p.concerned(limit)) {
        let (Some(point), total) = (p.point_ml, p.total().as_thousandths()) else { continue };
        let of_point = |whole: i64| (whole * point.as_thousandths()).div_euclid(total.max(1));
        let mg = ceilings.mg(limit).map(|max| ("mg", used_mg(ceilings.pack, limit, [p]), max));
        let ml = ceilings.ml(limit).map(|max| ("mL", used_ml(limit, [p]), max));
        for (unit, used, max) in mg.into_iter().chain(ml) {
            let measure = Measure { unit, used: of_point(used), most: Some(max.as_thousandths()) };
            let one = row(ceilings, limit, "point", &measure, std::slice::from_ref(p));
            match rows.iter_mut().find(|known| known.unit == one.unit) {
                Some(known) if one.used > known.used => *known = one,
                Some(_) => {}
                None => rows.push(one),
            }
        }
    }
    rows
}

/// What a whole course uses of a limit: its doses, its sessions, its smallest interval.
fn course_uses(ceilings: &Ceilings<'_>, limit: &Limit, planned: &[Planned], given: &Placed<'_>) -> Vec<LimitUse> {
    let Some(course) = given.uses(ceilings, limit) else { return Vec::new() };
    let mut rows = Vec::new();
    let mut push = |unit: &'static str, used: i64, most: i64| {
        rows.push(row(ceilings, limit, "course", &Measure { unit, used, most: Some(most) }, planned));
    };
    if limit.per == Per::Course {
        if let Some(max) = ceilings.mg(limit) {
            push("mg", course.mg, max.as_thousandths());
        }
        if let Some(max) = ceilings.ml(limit) {
            push("mL", course.ml, max.as_thousandths());
        }
        if let Some(max) = limit.points {
            push("points", course.points * 1000, i64::from(max) * 1000);
        }
    }
    if let Some(max) = limit.sessions {
        push("sessions", course.sessions * 1000, i64::from(max) * 1000);
    }
    if let (Some(least), Some(gap)) = (limit.interval_days, course.gap) {
        let mut one = row(
            ceilings,
            limit,
            "course",
            &Measure { unit: "days", used: i64::from(gap) * 1000, most: Some(i64::from(least) * 1000) },
            planned,
        );
        one.ceiling = format!("at least {least} days between two sessions; the shortest gap is {gap}");
        one.used = f64::from(least) / f64::from(gap.max(1));
        rows.push(one);
    }
    rows
}

fn row(ceilings: &Ceilings<'_>, limit: &Limit, span: &str, measure: &Measure, planned: &[Planned]) -> LimitUse {
    let Measure { unit, used, most } = *measure;
    let number = |thousandths: i64| Amount::thousandths(thousandths).rounded(1);
    let dose = matches!(unit, "mg" | "mL" | "cm²");
    LimitUse {
        id: limit.id.clone(),
        label: limit.label.clone(),
        ceiling: match most {
            Some(most) if span == "course" => format!("at most {} {unit} in the whole course", number(most)),
            Some(most) => format!("at most {} {unit} in one {span}", number(most)),
            None => "not known: the weight is missing".to_owned(),
        },
        ceiling_mg: most.filter(|_| unit == "mg").map(|most| number(most).as_f64()),
        how: if dose { ceilings.how(limit) } else { FIXED.to_owned() },
        used: most.and_then(|most| share(used, most)).unwrap_or(0.0),
        by: used_by(ceilings, limit, unit, planned),
        per: span.to_owned(),
        unit: unit.to_owned(),
        amount: Amount::thousandths(used).as_f64(),
        most: most.map(|most| Amount::thousandths(most).as_f64()),
    }
}

/// The ingredients and areas that use a limit up.
fn used_by(ceilings: &Ceilings<'_>, limit: &Limit, unit: &str, planned: &[Planned]) -> Vec<String> {
    let pack = ceilings.pack;
    let area = |p: &Planned| pack.areas[p.area].label.to_lowercase();
    let mut by: Vec<String> = match unit {
        "cm²" => {
            let creamed = planned.iter().filter_map(|p| Some((p, p.cream.filter(|c| limit.ingredients.contains(*c))?)));
            creamed.map(|(p, cream)| format!("{}, {}", pack.ingredients[cream].label, area(p))).collect()
        }
        "points" => {
            let mine = planned.iter().filter(|p| p.concerned(limit));
            mine.map(|p| format!("{} points, {}", p.points().unwrap_or(0), area(p))).collect()
        }
        _ => each_slot(limit, planned)
            .map(|(p, n)| {
                let label = &pack.ingredients[p.filled.slots[n].ingredient].label;
                match mg_per_ml(pack, p, n) {
                    Some(c) if unit == "mg" => {
                        let mg = Amount::thousandths(p.volumes[n].as_thousandths() * c.as_thousandths() / 1000);
                        format!("{label} {} mg, {}", mg.rounded(2), area(p))
                    }
                    _ => format!("{label} {} mL, {}", p.volumes[n], area(p)),
                }
            })
            .collect(),
    };
    by.dedup();
    by
}

/// The volumes that areas may receive.
fn area_uses(ceilings: &Ceilings<'_>, session: &[Planned]) -> Vec<LimitUse> {
    let pack = ceilings.pack;
    let mut rows = Vec::new();
    for (ix, area) in pack.areas.entries() {
        let inside: Vec<&Planned> = session.iter().filter(|p| pack.area_within(p.area, ix)).collect();
        let Some(max) = area.max_ml.filter(|_| !inside.is_empty()) else { continue };
        let used: i64 = inside.iter().map(|p| p.total().as_thousandths()).sum();
        let by = |p: &&Planned| {
            format!(
                "{} {} mL, {}",
                pack.recipes[p.filled.recipe].label,
                p.total(),
                pack.areas[p.area].label.to_lowercase()
            )
        };
        rows.push(LimitUse {
            id: format!("area-{}", area.id),
            label: format!("Volume, {}", area.label.to_lowercase()),
            ceiling: format!("at most {max} mL in one session"),
            ceiling_mg: None,
            how: FIXED.to_owned(),
            used: share(used, max.as_thousandths()).unwrap_or(0.0),
            by: inside.iter().map(by).collect(),
            per: "session".to_owned(),
            unit: "mL".to_owned(),
            amount: Amount::thousandths(used).as_f64(),
            most: Some(max.as_f64()),
        });
    }
    rows
}

/// The limits that are used up together.
fn pool_uses(ceilings: &Ceilings<'_>, session: &[Planned]) -> Vec<LimitUse> {
    let mut rows = Vec::new();
    for pool in ceilings.pools() {
        let used = pool_share(ceilings, &pool, session) + cream_share(ceilings, &pool, session);
        if used > 0.0 {
            let members = ceilings.in_force().filter(|limit| limit.pool.as_deref() == Some(&pool));
            let mut by: Vec<String> = members
                .flat_map(|limit| session_uses(ceilings, limit, session))
                .filter(|one| one.used > 0.0)
                .flat_map(|one| one.by)
                .collect();
            by.dedup();
            rows.push(LimitUse {
                id: pool.clone(),
                label: format!("All {}", pool.replace('-', " ")),
                ceiling: "the parts of the single limits add up to at most 1".to_owned(),
                ceiling_mg: None,
                how: "sum of dose divided by limit".to_owned(),
                used,
                by,
                per: "session".to_owned(),
                unit: "full doses".to_owned(),
                amount: used,
                most: Some(1.0),
            });
        }
    }
    rows
}

/// The limits of one ingredient for this patient, in words.
pub(super) fn limits_of(ceilings: &Ceilings<'_>, ingredient: Ix<Item>) -> Vec<String> {
    ceilings
        .in_force()
        .filter(|limit| limit.ingredients.contains(ingredient) && !limit.everything)
        .map(|limit| {
            let span = match limit.per {
                Per::Session => "in one session",
                Per::Day => "in one day",
                Per::Course => "in the whole course",
                Per::Site => "for each point",
            };
            let mut parts = Vec::new();
            if limit.mg.is_some() || limit.mg_per_kg.is_some() {
                parts.push(match ceilings.mg(limit) {
                    Some(mg) => format!("at most {} mg {span} ({})", mg.rounded(1), ceilings.how(limit)),
                    None => format!("not known: the weight is missing ({})", ceilings.how(limit)),
                });
            }
            parts.extend(ceilings.ml(limit).map(|ml| format!("at most {ml} mL {span}")));
            parts.extend(ceilings.cm2(limit).map(|n| format!("on at most {n} cm² {span}")));
            parts.extend(limit.points.map(|n| format!("at most {n} points")));
            parts.extend(limit.sessions.map(|n| format!("at most {n} sessions")));
            parts.extend(limit.interval_days.map(|n| format!("at least {n} days apart")));
            let note = if limit.note.is_empty() { String::new() } else { format!(". {}", limit.note) };
            format!("{}: {}{note}", limit.label, parts.join(", "))
        })
        .collect()
}
