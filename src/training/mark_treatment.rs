//! Cocktail, plan and consent points, and what must never be in a syringe.

use super::acts::Mix;
use super::case::{Decision, Domain};
use super::marking::Marking;
use super::marks::{CriticalFail, Item};
use super::topics::title;
use crate::intake::Answer;
use crate::pack::{Condition, Item as Substance, Ix, Limit, MixLevel, Per};
use crate::plan::{Cocktail, Outcome, WithoutCocktail};

/// Whether there is nothing to mark: it is put off by both, and nobody proposed anything for later.
fn put_off(marking: &Marking<'_>) -> bool {
    marking.key.verdict == Outcome::Defer
        && marking.decision() == Decision::Defer
        && marking.committed.cocktail.mixes.is_empty()
}

/// One item for each goal and area that the engine or the trainee wants to treat.
pub(super) fn cocktail_items(marking: &Marking<'_>) -> Vec<Item> {
    if put_off(marking) {
        return Vec::new();
    }
    let mixes = &marking.committed.cocktail.mixes;
    let key: &[Cocktail] = marking.key.plan.as_ref().map_or(&[], |plan| &plan.cocktails);
    let mut items = Vec::new();
    for cocktail in key {
        let id = format!("cocktail:{}:{}", cocktail.goal, cocktail.area);
        let mix = mixes.iter().find(|mix| serves(mix, cocktail));
        let (share, remark) = mix.map_or((0.0, String::new()), |mix| compare(marking, mix, cocktail));
        let names = cocktail.ingredients.iter().map(|dose| format!("{} {} mL", dose.label, dose.volume_ml));
        let title = format!("{}, {}", cocktail.goal_label, cocktail.area_label.to_lowercase());
        let mut item = Item::plain(Domain::Cocktail, id, &title, share, 1.0)
            .said(mix.map_or("nothing".to_owned(), |mix| words(marking, mix)), names.collect::<Vec<_>>().join(" + "));
        let how = how_given(cocktail);
        item.message = if remark.is_empty() { how } else { format!("{remark}. {how}") };
        item.why.clone_from(&cocktail.outcome);
        item.sources = cocktail.sources.clone();
        item.evidence = Some(cocktail.evidence);
        items.push(item);
    }
    for mix in mixes.iter().filter(|mix| !key.iter().any(|cocktail| serves(mix, cocktail))) {
        let id = format!("cocktail:{}:{}", mix.goal, mix.area);
        let of_mix = |without: &&WithoutCocktail| without.goal == mix.goal && without.area == mix.area;
        let without = marking.key.plan.iter().flat_map(|plan| &plan.without).find(of_mix);
        let item = Item::plain(Domain::Cocktail, id, "Nothing to inject here", 0.0, 1.0)
            .said(words(marking, mix), "no injectable");
        items.push(without_reason(marking, item, without));
    }
    if items.is_empty() {
        let item = Item::plain(Domain::Cocktail, "cocktail:none".to_owned(), "Nothing to inject", 1.0, 1.0)
            .said("nothing", "nothing");
        let without = marking.key.plan.iter().flat_map(|plan| &plan.without).next();
        items.push(without_reason(marking, item, without));
    }
    items
}

/// Says why nothing is injected: what the plan says of the goal, else the finding that the verdict rests on.
fn without_reason(marking: &Marking<'_>, mut item: Item, without: Option<&WithoutCocktail>) -> Item {
    match (without, marking.key.findings.first()) {
        (Some(without), _) => {
            item.message = match without.instead.as_slice() {
                [] => without.why.clone(),
                some => format!("{} Instead: {}.", without.why, some.join("; ")),
            };
            item
        }
        (None, Some(finding)) => marking.explained(item, finding),
        (None, None) => item,
    }
}

/// How a volume comes about, so that the next one is reckoned and not guessed.
fn how_given(cocktail: &Cocktail) -> String {
    let points = match (cocktail.points, cocktail.point_ml) {
        (Some(points), Some(ml)) => format!(", {points} points of {ml} mL"),
        (None, Some(ml)) => format!(", points of {ml} mL"),
        _ => String::new(),
    };
    let apart = cocktail.spacing_cm.map_or(String::new(), |cm| format!(" {cm} cm apart"));
    let [from, to] = cocktail.depth_mm;
    format!(
        "As planned: {}{points}{apart}, {from} to {to} mm deep, {} mL in all.",
        cocktail.technique_label, cocktail.total_ml
    )
}

fn serves(mix: &Mix, cocktail: &Cocktail) -> bool {
    mix.area == cocktail.area && (mix.goal == cocktail.goal || cocktail.also_for.contains(&mix.goal))
}

fn words(marking: &Marking<'_>, mix: &Mix) -> String {
    let label = |id: &str| marking.pack.ingredients.get(id).map_or(id.to_owned(), |item| item.label.clone());
    let parts = mix.ingredients.iter().map(|part| format!("{} {} mL", label(&part.id), part.volume_ml));
    parts.collect::<Vec<_>>().join(" + ")
}

/// How good a mix is, and what to say about it.
fn compare(marking: &Marking<'_>, mix: &Mix, cocktail: &Cocktail) -> (f64, String) {
    let pack = marking.pack;
    let excluded = |id: &str| marking.key.excluded.iter().find(|e| e.kind == "ingredient" && e.id == id);
    let of_mix = |limit: &&Limit| {
        let mut ids = mix.ingredients.iter().filter_map(|part| pack.ingredients.find(&part.id));
        ids.any(|ix| limit.ingredients.contains(ix))
    };
    if let Some(fail) = pack.limits.iter().filter(of_mix).find_map(|limit| over(marking, limit)) {
        return (0.0, format!("over a limit: {}", fail.what));
    }
    if let Some(out) = mix.ingredients.iter().find_map(|part| excluded(&part.id)) {
        return (0.0, format!("{} is excluded for this patient: {}", out.label, out.rules.join(", ")));
    }
    let mut yours: Vec<&str> = mix.ingredients.iter().map(|part| part.id.as_str()).collect();
    yours.sort_unstable();
    let same = |other: Vec<&str>| {
        let mut other = other;
        other.sort_unstable();
        other == yours
    };
    if same(cocktail.ingredients.iter().map(|dose| dose.id.as_str()).collect()) {
        let far = cocktail.ingredients.iter().map(|dose| {
            let volume = mix.ingredients.iter().find(|part| part.id == dose.id).map_or(0.0, |part| part.volume_ml);
            Distance::between(volume, dose.volume_ml)
        });
        return far.max().unwrap_or(Distance::Near).credit();
    }
    if marking.case.expect.accept.iter().any(|set| same(set.iter().map(String::as_str).collect())) {
        return (1.0, "as good in this case".to_owned());
    }
    for alternative in cocktail.alternatives.iter().filter(|alternative| alternative.possible) {
        let Some(recipe) = pack.recipes.get(&alternative.recipe) else { continue };
        let first = |slot: &crate::pack::Slot| slot.choices.first().map(|ix| pack.ingredients[*ix].id.as_str());
        if same(recipe.slots.iter().filter_map(first).collect()) {
            return (0.8, format!("possible, but ranked lower: {}", alternative.why_lower));
        }
    }
    let key = cocktail.ingredients.iter().filter(|dose| yours.contains(&dose.id.as_str())).count();
    let all = yours.len() + cocktail.ingredients.len() - key;
    (0.5 * key as f64 / all.max(1) as f64, "no recipe of the pack for this goal is made of these".to_owned())
}

/// How far a volume is from that of the plan.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Distance {
    /// A third, at most.
    Near,
    /// Up to twice as much, or half.
    Off,
    /// Up to three times as much, or a third.
    Far,
    /// More.
    Wild,
}

impl Distance {
    fn between(yours: f64, key: f64) -> Self {
        let (small, large) = (yours.min(key), yours.max(key));
        match () {
            () if (yours - key).abs() <= key / 3.0 + 0.005 => Self::Near,
            () if large <= small * 2.0 + 0.005 => Self::Off,
            () if large <= small * 3.0 + 0.005 => Self::Far,
            () => Self::Wild,
        }
    }

    /// What it earns, and what to say about it.
    fn credit(self) -> (f64, String) {
        let (share, words) = match self {
            Self::Near => (1.0, ""),
            Self::Off => (0.8, "the right ingredients; the volume is more than a third off"),
            Self::Far => (0.5, "the right ingredients; the volume is more than twice as much, or less than half"),
            Self::Wild => {
                (0.2, "the right ingredients; the volume is more than three times as much, or less than a third")
            }
        };
        (share, words.to_owned())
    }
}

/// Sessions, interval, review.
pub(super) fn plan_items(marking: &Marking<'_>) -> Vec<Item> {
    if put_off(marking) {
        return Vec::new();
    }
    let yours = &marking.committed.plan;
    let item = |id: &str, title: &str, share: f64, weight: f64| {
        Item::plain(Domain::Plan, format!("plan:{id}"), title, share, weight)
    };
    let sessions = marking.key.plan.as_ref().map_or(&[][..], |plan| &plan.sessions);
    if sessions.is_empty() {
        let share = f64::from(u8::from(yours.sessions == 0));
        let item = item("none", "No course is planned", share, 1.0).said(count(yours.sessions), "no sessions");
        let without = marking.key.plan.iter().flat_map(|plan| &plan.without).next();
        return vec![without_reason(marking, item, without)];
    }
    let key = u32::try_from(sessions.len()).unwrap_or(u32::MAX);
    let share = match key.abs_diff(yours.sessions) {
        0 => 1.0,
        1 if yours.sessions > 0 => 0.5,
        _ => 0.0,
    };
    let mut items = vec![item("sessions", "Sessions", share, 0.4).said(count(yours.sessions), count(key))];
    if let [first, second, ..] = sessions {
        let days = f64::from(second.after_days - first.after_days);
        let own = f64::from(yours.interval_days);
        let share = if yours.sessions == 0 || own < days * 0.75 {
            0.0
        } else if own <= days * 1.25 {
            1.0
        } else {
            0.5
        };
        let mut interval = item("interval", "Days between sessions", share, 0.4)
            .said(every(yours.sessions, own), format!("{days} days"));
        interval.message = "Longer is only slow; much shorter is not safe.".to_owned();
        items.push(interval);
    }
    let reviewed = yours.review && yours.sessions > 0;
    let needed = marking.key.plan.as_ref().is_some_and(|plan| !plan.reviews.is_empty());
    if needed {
        let said = if reviewed { "planned" } else { "not planned" };
        items.push(
            item("review", "A review with a rule for stopping", f64::from(u8::from(reviewed)), 0.2)
                .said(said, "planned"),
        );
    }
    items
}

fn every(sessions: u32, days: f64) -> String {
    match sessions {
        0 => "no sessions".to_owned(),
        1 => "one session only".to_owned(),
        _ => format!("{days} days"),
    }
}

fn count(n: u32) -> String {
    match n {
        0 => "no sessions".to_owned(),
        1 => "1 session".to_owned(),
        n => format!("{n} sessions"),
    }
}

/// The consent points that belong to this patient or this plan, not to everybody.
pub(super) fn consent_items(marking: &Marking<'_>) -> Vec<Item> {
    if put_off(marking) {
        return Vec::new();
    }
    let points = marking.key.plan.as_ref().map_or(&[][..], |plan| &plan.consent);
    points
        .iter()
        .filter(|point| special(marking, &point.id))
        .map(|point| {
            let said = marking.committed.plan.consent.iter().any(|id| **id == *point.id);
            let mut item = Item::plain(
                Domain::Consent,
                format!("consent:{}", point.id),
                &title(&point.id),
                f64::from(u8::from(said)),
                1.0,
            )
            .said(if said { "covered" } else { "not named" }, "covered");
            item.message = point.text.to_string();
            item
        })
        .collect()
}

/// Whether a consent point depends on more than the place.
fn special(marking: &Marking<'_>, id: &str) -> bool {
    let Some(consent) = marking.pack.consent.get(id) else { return false };
    let test = &consent.plan;
    let by_plan = !(test.ingredients.is_empty() && test.techniques.is_empty() && test.goals.is_empty());
    let mut by_patient = false;
    consent.when.visit(&mut |condition| {
        by_patient |= match condition {
            Condition::Choice { question, .. } => *question != marking.pack.roles.jurisdiction,
            Condition::Number { .. } | Condition::Listed { .. } | Condition::Goal { .. } => true,
            _ => false,
        };
    });
    by_plan || by_patient || !test.status.is_empty()
}

/// What must never be in a syringe: a recorded allergen, more than a limit, what may not be mixed.
pub(super) fn syringe_fails(marking: &Marking<'_>) -> Vec<CriticalFail> {
    let pack = marking.pack;
    let mut found: Vec<CriticalFail> = Vec::new();
    for mix in &marking.committed.cocktail.mixes {
        for part in &mix.ingredients {
            let rules = marking.key.excluded.iter().filter(|e| e.kind == "ingredient" && e.id == part.id);
            if let Some(rule) = rules.flat_map(|e| &e.rules).find(|rule| rule.starts_with("allergy-")) {
                let title = pack.rules.get(rule).map_or(rule.as_str(), |row| row.title.as_str());
                let what = format!("{} was given to a patient with: {title}", part.id);
                found.push(CriticalFail { kind: "allergen-in-cocktail", what, rule: Some(rule.clone()) });
            }
        }
        let ids: Vec<Ix<Substance>> = mix.ingredients.iter().filter_map(|p| pack.ingredients.find(&p.id)).collect();
        for (n, a) in ids.iter().enumerate() {
            for b in ids.iter().skip(n + 1) {
                if let Some(mixing) =
                    pack.mixing.iter().find(|mixing| mixing.level == MixLevel::Block && mixing.concerns(*a, *b))
                {
                    let names = format!("{} with {}", pack.ingredients[*a].label, pack.ingredients[*b].label);
                    let what = format!("{names} in one syringe: {}", mixing.why);
                    found.push(CriticalFail { kind: "incompatible-mix", what, rule: None });
                }
            }
        }
    }
    found.extend(pack.limits.iter().filter_map(|limit| over(marking, limit)));
    found
}

/// Whether one session of the trainee's mixes goes over a limit.
fn over(marking: &Marking<'_>, limit: &Limit) -> Option<CriticalFail> {
    let pack = marking.pack;
    let here = match marking.intake.get(&pack.questions[pack.roles.jurisdiction].id) {
        Some(Answer::Choice(code)) => pack.jurisdictions.find(code),
        _ => None,
    };
    let holds = limit.jurisdictions.is_none_or(|bits| {
        here.is_some_and(|at| pack.jurisdiction_path(at).any(|place| bits & (1_u64 << place.get()) != 0))
    });
    if !holds || !matches!(limit.per, Per::Session | Per::Day) {
        return None;
    }
    let (mut ml, mut mg) = (0.0, 0.0);
    for part in marking.committed.cocktail.mixes.iter().flat_map(|mix| &mix.ingredients) {
        let Some(ix) = pack.ingredients.find(&part.id).filter(|ix| limit.ingredients.contains(*ix)) else { continue };
        ml += part.volume_ml;
        mg += strength(marking, &part.id, ix) * part.volume_ml;
    }
    // The engine's own ceiling for this patient, where it computed one; it knows about ideal weights.
    let own = marking.key.plan.as_ref().and_then(|plan| plan.limits.iter().find(|use_of| use_of.id == limit.id));
    let by_weight = || match (limit.mg_per_kg, marking.intake.get(&pack.questions[pack.roles.weight].id)) {
        (Some(per_kg), Some(Answer::Number(kg))) => Some(per_kg.as_f64() * kg.as_f64()),
        _ => None,
    };
    let mg_max = own
        .and_then(|own| own.ceiling_mg)
        .or_else(|| [limit.mg.map(crate::pack::Amount::as_f64), by_weight()].into_iter().flatten().reduce(f64::min));
    let ml_max = limit.ml.map(crate::pack::Amount::as_f64);
    let too_much = |is: f64, max: Option<f64>| max.is_some_and(|max| is > max * 1.001);
    if !too_much(ml, ml_max) && !too_much(mg, mg_max) {
        return None;
    }
    let what = match (ml_max, mg_max) {
        (Some(max), _) if ml > max => format!("{}: {ml:.2} mL in one session, at most {max}", limit.label),
        (_, max) => format!("{}: {mg:.1} mg in one session, at most {:.1}", limit.label, max.unwrap_or(0.0)),
    };
    Some(CriticalFail { kind: "over-cap", what, rule: None })
}

/// mg in one mL: as the engine's plan has it, else as the ingredient usually is.
fn strength(marking: &Marking<'_>, id: &str, ix: Ix<Substance>) -> f64 {
    let doses = marking.key.plan.iter().flat_map(|plan| &plan.cocktails).flat_map(|cocktail| &cocktail.ingredients);
    let planned = doses.filter(|dose| dose.id == id && dose.volume_ml > 0.0).find_map(|d| Some(d.mg? / d.volume_ml));
    let usual = || marking.pack.ingredient_details.get(ix.get()).and_then(|detail| detail.mg_per_ml);
    planned.or_else(|| usual().map(crate::pack::Amount::as_f64)).unwrap_or(0.0)
}
