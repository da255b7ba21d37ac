//! Any limits at all: no plan passes one.

use pistor::plan::{Cocktail, Plan, Session};
use proptest::prelude::*;

use super::{A_CHEEKS, B_CHEEKS, B_NECK, assessed, limit, pack, patient};

/// What is given in a session.
fn of<'p>(plan: &'p Plan, session: &Session) -> Vec<&'p Cocktail> {
    plan.cocktails.iter().filter(|cocktail| session.goals.contains(&cocktail.goal_label)).collect()
}

/// The amounts of an ingredient (`None`: of all) in some cocktails: mg, mL, points.
fn amounts(cocktails: &[&Cocktail], ingredient: Option<&str>) -> (f64, f64, f64) {
    let counts = |id: &str| ingredient.is_none_or(|wanted| wanted == id);
    let doses = || cocktails.iter().flat_map(|c| &c.ingredients).filter(|dose| counts(&dose.id));
    let concerned = cocktails.iter().filter(|c| c.ingredients.iter().any(|dose| counts(&dose.id)));
    (
        doses().map(|dose| dose.mg.unwrap_or(0.0)).sum(),
        doses().map(|dose| dose.volume_ml).sum(),
        concerned.filter_map(|c| c.points).map(f64::from).sum(),
    )
}

/// A limit with any bounds, as its TOML and its numbers.
#[derive(Clone, Debug)]
struct AnyLimit {
    ingredient: Option<&'static str>,
    per: &'static str,
    mg: Option<u32>,
    ml: Option<u32>,
    points: Option<u32>,
    sessions: Option<u32>,
    interval: Option<u32>,
}

impl AnyLimit {
    fn toml(&self, n: usize) -> String {
        let mut lines = vec![format!("per = \"{}\"", self.per)];
        lines.push(self.ingredient.map_or("everything = true".to_owned(), |id| format!("ingredient = \"{id}\"")));
        // mg and mL stand in thousandths: small enough to bite.
        lines.extend(self.mg.map(|mg| format!("mg = {}", f64::from(mg) / 1000.0)));
        lines.extend(self.ml.map(|ml| format!("ml = {}", f64::from(ml) / 1000.0)));
        lines.extend(self.points.map(|n| format!("points = {n}")));
        lines.extend(self.sessions.map(|n| format!("sessions = {n}")));
        lines.extend(self.interval.map(|n| format!("interval_days = {n}")));
        limit(&format!("any-{n}"), &lines.join("\n"))
    }
}

fn any_limit() -> impl Strategy<Value = AnyLimit> {
    (
        proptest::sample::select(vec![None, Some("xx"), Some("yy")]),
        proptest::sample::select(vec!["session", "day", "site", "course"]),
        proptest::option::of(1_u32..40_000),
        proptest::option::of(1_u32..4_000),
        proptest::option::of(1_u32..120),
        proptest::option::of(1_u32..9),
        proptest::option::of(1_u32..60),
    )
        .prop_map(|(ingredient, per, mg, ml, points, sessions, interval)| AnyLimit {
            ingredient,
            per,
            mg,
            ml: ml.or((mg, points, sessions, interval).eq(&(None, None, None, None)).then_some(500)),
            points: points.filter(|_| per != "site"),
            sessions,
            interval,
        })
        .prop_map(|limit| match limit {
            // A point count was the only bound and a point has none.
            AnyLimit { mg: None, ml: None, points: None, sessions: None, interval: None, .. } => {
                AnyLimit { ml: Some(20), ..limit }
            }
            other => other,
        })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, ..ProptestConfig::default() })]

    /// Counted again from what the plan says, not from what the engine thinks it used.
    #[test]
    fn no_plan_passes_any_limit(
        limits in proptest::collection::vec(any_limit(), 1..4),
        goals in proptest::sample::subsequence(vec![A_CHEEKS, B_CHEEKS, B_NECK], 1..3),
    ) {
        prop_assume!(!(goals.contains(&B_CHEEKS) && goals.contains(&B_NECK)));
        let more: String = limits.iter().enumerate().map(|(n, limit)| limit.toml(n)).collect();
        let result = assessed(&pack(&more), &patient(&goals.join(", "), "", ""));
        let Some(plan) = &result.plan else { return Ok(()) };
        for row in &plan.limits {
            prop_assert!(row.used <= 1.0 + 1e-9, "{row:?}");
        }
        const LITTLE: f64 = 1e-6;
        for limit in &limits {
            let within = |used: f64, most: Option<u32>, scale: f64| most.is_none_or(|m| used <= f64::from(m) / scale + LITTLE);
            let concerned = |session: &Session| {
                let given = of(plan, session);
                given.iter().any(|c| c.ingredients.iter().any(|dose| limit.ingredient.is_none_or(|id| id == dose.id)))
            };
            let mut course = (0.0, 0.0, 0.0);
            for session in &plan.sessions {
                let (mg, ml, points) = amounts(&of(plan, session), limit.ingredient);
                course = (course.0 + mg, course.1 + ml, course.2 + points);
                if matches!(limit.per, "session" | "day") {
                    prop_assert!(within(mg, limit.mg, 1000.0), "{mg} mg in a session: {limit:?}");
                    prop_assert!(within(ml, limit.ml, 1000.0), "{ml} mL in a session: {limit:?}");
                    prop_assert!(within(points, limit.points, 1.0), "{points} points in a session: {limit:?}");
                }
            }
            if limit.per == "course" {
                prop_assert!(within(course.0, limit.mg, 1000.0), "{} mg in the course: {limit:?}", course.0);
                prop_assert!(within(course.1, limit.ml, 1000.0), "{} mL in the course: {limit:?}", course.1);
                prop_assert!(within(course.2, limit.points, 1.0), "{} points in the course: {limit:?}", course.2);
            }
            if limit.per == "site" {
                for cocktail in &plan.cocktails {
                    let point = cocktail.point_ml.expect("points") / cocktail.total_ml;
                    let (mg, ml, _) = amounts(&[cocktail], limit.ingredient);
                    prop_assert!(within(mg * point, limit.mg, 1000.0), "{} mg in a point: {limit:?}", mg * point);
                    prop_assert!(within(ml * point, limit.ml, 1000.0), "{} mL in a point: {limit:?}", ml * point);
                }
            }
            let mut given: Vec<i32> =
                plan.sessions.iter().chain(&plan.maintenance).filter(|s| concerned(s)).map(|s| s.after_days).collect();
            given.sort_unstable();
            given.dedup();
            prop_assert!(limit.sessions.is_none_or(|most| given.len() <= most as usize), "{given:?}: {limit:?}");
            let apart = |least: u32| given.windows(2).all(|pair| i64::from(pair[1] - pair[0]) >= i64::from(least));
            prop_assert!(limit.interval.is_none_or(apart), "{given:?}: {limit:?}");
        }
    }
}
