//! Putting an assessment together.

use jiff::civil::Date;

use super::adjust::{Adjustments, OwnMix};
use super::assessment::{Assessment, Cocktail, Finding, Missing, Outcome, Plan, RefusedMix, WithoutCocktail};
use super::audit::{Measure, audit};
use super::calendar::{Pace, calendar};
use super::ceilings::Ceilings;
use super::cocktail::{Choice, Filled, Frame};
use super::dose::{Planned, coverage, doses, needs_weight, note, volumes};
use super::exclusions::Exclusions;
use super::findings::Fired;
use super::free_text::{self, LIST_KNOWN, REVIEWER, free_text, unknown_lists};
use super::kept::Kept;
use super::licence;
use super::not_known;
use super::nothing_left::nothing_left;
use super::notices::{notices, pack_ref};
use super::own;
use super::syringe::pairs;
use super::turns::turns;
use super::uses::limit_uses;
use super::{scales, texts, vet};
use crate::intake::{Fact, Facts, Intake};
use crate::pack::{Area, CarePhase, Goal, Ix, Pack, QuestionIx, Rule, Scope, Swap, Verdict};
use crate::rules::{Standing, Truth, evaluate, facts, leaves, standings};

/// Assesses an intake: what the rules say, and what may be proposed.
///
/// Pure: the same pack, intake and day give the same assessment.
#[must_use]
pub fn assess(pack: &Pack, intake: &Intake, today: Date) -> Assessment {
    assess_adjusted(pack, intake, &Adjustments::default(), today)
}

/// Assesses an intake with what the practitioner decided within the rules; [`assess`] is this without decisions.
#[must_use]
pub fn assess_adjusted(pack: &Pack, intake: &Intake, adjustments: &Adjustments, today: Date) -> Assessment {
    if adjustments.mixes.is_empty() {
        return assess_with(pack, intake, adjustments, today, Vec::new());
    }
    let proposed = Adjustments { mixes: Vec::new(), ..adjustments.clone() };
    let proposal = assess_with(pack, intake, &proposed, today, Vec::new());
    let (with, refused) = own::with_mixes(pack, &facts(pack, intake, today), &adjustments.mixes);
    let mut assessment = assess_with(&with, intake, adjustments, today, refused);
    if let (Some(plan), Some(was)) = (&mut assessment.plan, &proposal.plan) {
        own::note_differences(pack, plan, was, &adjustments.mixes);
    }
    // What somebody typed is held against everything once more, in every build: the planner is not taken at its word.
    let breaches = audit(Measure { pack: &with, intake, adjustments, today, also: &[] }, &assessment);
    match breaches.first() {
        None => assessment,
        Some(breach) => {
            let mut proposal = proposal;
            if let Some(plan) = &mut proposal.plan {
                let why = || format!("the check of the finished plan found: {}", breach.message);
                let refused = |mix: &OwnMix| RefusedMix::new(pack, &mix.goal, &mix.area, why());
                plan.refused = adjustments.mixes.iter().map(refused).collect();
            }
            proposal
        }
    }
}

/// The assessment with a pack that holds the practitioner's own mixes, but for those that are refused already.
fn assess_with(
    pack: &Pack,
    intake: &Intake,
    adjustments: &Adjustments,
    today: Date,
    refused: Vec<RefusedMix>,
) -> Assessment {
    let facts = facts(pack, intake, today);
    let standings = standings(pack, &facts);
    let fired: Vec<Fired<'_>> =
        standings.iter().filter(|s| s.truth.fires()).map(|s| Fired::new(pack, &facts, s)).collect();
    let exclusions = Exclusions::of(pack, &fired, adjustments);
    let mut findings: Vec<Finding> = fired
        .iter()
        .filter(|fired| !fired.rule.quiet || asked_for(pack, &facts, fired))
        .map(|fired| fired.finding(pack, &facts, adjustments))
        .collect();
    findings.extend(free_text(pack, &facts, adjustments));
    findings.extend(unknown_lists(pack, &facts));
    findings.extend(scales::disagreements(pack, &facts));
    let wanted = Wanted::of(pack, &facts, &exclusions);
    let mut swapping: Vec<_> = fired.iter().filter_map(|f| Some((&f.rule.id, f.rule.modifies.technique?))).collect();
    swapping.sort_by_key(|(id, _)| *id);
    let swaps: Vec<Swap> = swapping.into_iter().map(|(_, swap)| swap).collect();
    let frame = Frame {
        pack,
        facts: &facts,
        exclusions: &exclusions,
        single_product: fired.iter().filter_map(Fired::modifies).any(|change| change.single_product),
        swaps: &swaps,
    };
    let chosen: Vec<(Ix<Goal>, Ix<Area>, Choice)> = wanted
        .left
        .iter()
        .map(|(goal, area)| {
            let named = adjustments.recipe(&pack.goals[*goal].id, &pack.areas[*area].id);
            let preferred = named.and_then(|id| pack.recipes.find(id));
            (*goal, *area, frame.choose(*goal, *area, preferred))
        })
        .collect();
    let goes_on = chosen.iter().any(|(_, _, choice)| choice.best.is_some());
    if !goes_on {
        // What a deferral or a refusal takes out may come back or is told by that finding. What milder rules take out
        // stays out, and nobody else says so; nobody is sent for a clearance after which there is still nothing to give.
        let lasting = Exclusions::lasting(pack, &fired, adjustments);
        let frame = Frame { exclusions: &lasting, ..frame };
        let possible = Wanted::of(pack, &facts, &lasting).left;
        if !possible.iter().any(|(goal, area)| frame.choose(*goal, *area, None).best.is_some()) {
            findings.extend(nothing_left(pack, &facts, (&fired, &findings), &wanted, &chosen));
        }
    }
    if !findings.iter().any(|finding| refuses(finding, goes_on)) {
        findings.extend(licence::findings(
            pack,
            &facts,
            chosen.iter().filter_map(|(_, _, choice)| choice.best.as_ref()),
        ));
    }
    let ceilings = Ceilings::of(pack, &facts, fired.iter().map(|fired| fired.rule));
    let missing = missing(&frame, &ceilings, &standings, &wanted, &chosen);
    let verdict = verdict(pack, &findings, &missing, goes_on);
    let deferral = Deferral::of(&findings, goes_on);
    let rests_on = rests_on(&findings, verdict, goes_on);
    // Only now: where something is does not make a verdict less certain, and whoever reads it has to know of it.
    for finding in &mut findings {
        let somewhere = fired.iter().filter(|fired| fired.rule.id == finding.rule).flat_map(|fired| &fired.somewhere);
        finding.assumed.extend(somewhere.cloned());
    }
    free_text::lead(&mut findings);
    let first = |f: &Finding| !free_text::is_list(f);
    findings.sort_by(|a, b| (b.verdict, first(a), &a.rule).cmp(&(a.verdict, first(b), &b.rule)));
    let urgent = verdict == Outcome::Refer && findings.iter().any(|f| f.urgent);
    free_text::fold(&mut findings);
    let mut assessment = Assessment {
        verdict,
        until: deferral.until.filter(|_| verdict == Outcome::Defer),
        until_event: deferral.event.clone().filter(|_| verdict == Outcome::Defer),
        urgent,
        rests_on,
        missing,
        findings,
        scales: scales::results(pack, &facts),
        excluded: exclusions.listed(pack),
        requested: vet::requested(&frame, &ceilings),
        plan: None,
        notices: notices(pack, &facts),
        today,
        pack: pack_ref(pack, today),
    };
    if matches!(verdict, Outcome::Proceed | Outcome::Caution | Outcome::Clearance | Outcome::Defer) {
        let reflected = adjustments.reflection_ends(today);
        let start = match verdict {
            Outcome::Defer if deferral.event.is_some() && deferral.until.is_none() => None,
            Outcome::Defer => deferral.until.max(Some(reflected)),
            _ => Some(reflected),
        };
        let reflection = adjustments.reflection_days;
        plan(&frame, &ceilings, &fired, &wanted, chosen, (start, reflection), &mut assessment);
        if let Some(plan) = &mut assessment.plan {
            plan.refused.extend(refused);
        }
    }
    #[cfg(debug_assertions)]
    audited(Measure { pack, intake, adjustments, today, also: &[] }, &assessment);
    assessment
}

/// Every plan of a debug build is audited.
#[cfg(debug_assertions)]
fn audited(measure: Measure<'_>, assessment: &Assessment) {
    let breaches = audit(measure, assessment);
    debug_assert!(breaches.is_empty(), "{breaches:#?}");
}

/// Whether a standing exclusion concerns something that somebody asked for.
fn asked_for(pack: &Pack, facts: &Facts, fired: &Fired<'_>) -> bool {
    facts
        .items(pack.roles.requested)
        .iter()
        .any(|entry| entry.item.is_some_and(|item| fired.rule.exclude.ingredients.contains(item)))
}

/// What the patient wants, and what the rules leave of it.
pub(super) struct Wanted {
    /// Goals and areas to be treated.
    pub left: Vec<(Ix<Goal>, Ix<Area>)>,
    /// Goals and areas taken out, and why.
    pub out: Vec<WithoutCocktail>,
}

impl Wanted {
    fn of(pack: &Pack, facts: &Facts, exclusions: &Exclusions) -> Self {
        let mut wanted = Self { left: Vec::new(), out: Vec::new() };
        for entry in facts.goals(pack) {
            let goal = &pack.goals[entry.goal];
            for area in &entry.areas {
                let by_goal = exclusions.goal(entry.goal);
                let by_area = pack.area_path(*area).map(|at| exclusions.area(at)).find(|rules| !rules.is_empty());
                let why = if !by_goal.is_empty() {
                    exclusions.titles(pack, by_goal)
                } else if let Some(rules) = by_area {
                    exclusions.titles(pack, rules)
                } else if !goal.areas.contains(*area) {
                    format!("{} is not treated for {}", pack.areas[*area].label, goal.label.to_lowercase())
                } else {
                    wanted.left.push((entry.goal, *area));
                    continue;
                };
                wanted.out.push(without(pack, entry.goal, *area, why));
            }
        }
        wanted
    }
}

fn without(pack: &Pack, goal: Ix<Goal>, area: Ix<Area>, why: String) -> WithoutCocktail {
    WithoutCocktail {
        goal: pack.goals[goal].id.clone(),
        goal_label: pack.goals[goal].label.clone(),
        area: pack.areas[area].id.clone(),
        area_label: pack.areas[area].label.clone(),
        why,
        instead: pack.goals[goal].instead.clone(),
    }
}

/// `goes_on`: some goal in some area has a cocktail, so that what concerns other goals alone does not decide.
fn verdict(pack: &Pack, findings: &[Finding], missing: &[Missing], goes_on: bool) -> Outcome {
    let strictest = findings
        .iter()
        .map(|finding| match finding.scope {
            Scope::Goal if goes_on => finding.counts_as().min(Verdict::Caution),
            _ => finding.counts_as(),
        })
        .max()
        .unwrap_or(Verdict::Proceed);
    // What is asked of everybody is asked before anything is decided. A refusal that is certain does not wait for what
    // only some goals or findings ask; anything milder could still become stricter.
    let of_everybody = |m: &Missing| pack.questions.get(&m.question).is_some_and(|question| question.required);
    match strictest {
        Verdict::Decline
            if !missing.iter().any(of_everybody)
                && findings.iter().any(|f| decides(f, goes_on) && f.assumed.is_empty()) =>
        {
            Outcome::Decline
        }
        _ if !missing.is_empty() => Outcome::Incomplete,
        other => other.into(),
    }
}

/// Whether a finding refuses the whole treatment for certain.
fn decides(finding: &Finding, goes_on: bool) -> bool {
    finding.counts_as() == Verdict::Decline
        && (finding.scope == Scope::Session || !goes_on)
        && finding.rule != "no-recommended-injectable"
}

/// Whether a finding leaves no plan.
fn refuses(finding: &Finding, goes_on: bool) -> bool {
    finding.counts_as() >= Verdict::Refer && (finding.scope == Scope::Session || !goes_on)
}

/// What is not known, where nothing else decides a verdict under which nothing is given as things stand.
fn rests_on(findings: &[Finding], verdict: Outcome, goes_on: bool) -> Vec<String> {
    let reaches = |finding: &&Finding| finding.scope == Scope::Session || !goes_on;
    let held_back = |finding: &&Finding| finding.counts_as() >= Verdict::Clearance;
    let deciding =
        || findings.iter().filter(reaches).filter(held_back).filter(|f| Outcome::from(f.counts_as()) == verdict);
    let mut named: Vec<String> = Vec::new();
    for finding in deciding() {
        if finding.assumed.is_empty() {
            return Vec::new();
        }
        named.extend(finding.assumed.iter().filter(|text| !named.contains(text)).cloned().collect::<Vec<_>>());
    }
    named
}

/// What all deferrals together wait for.
struct Deferral {
    until: Option<Date>,
    event: Option<String>,
}

impl Deferral {
    fn of(findings: &[Finding], goes_on: bool) -> Self {
        let reaches = |f: &&Finding| f.scope == Scope::Session || !goes_on;
        let defers = || findings.iter().filter(|f| f.counts_as() == Verdict::Defer).filter(reaches);
        let events: Vec<String> = defers().filter_map(|f| f.until_event.clone()).collect();
        Self { until: defers().filter_map(|f| f.until).max(), event: (!events.is_empty()).then(|| events.join("; ")) }
    }
}

/// The questions that must be answered first, in the order they are asked.
fn missing(
    frame: &Frame<'_>,
    ceilings: &Ceilings<'_>,
    standings: &[Standing],
    wanted: &Wanted,
    chosen: &[(Ix<Goal>, Ix<Area>, Choice)],
) -> Vec<Missing> {
    let (pack, facts) = (frame.pack, frame.facts);
    let mut waiting: Vec<Vec<String>> = vec![Vec::new(); pack.questions.len()];
    let mut note = |id: &str, because: &str| {
        for input in inputs(pack, facts, id) {
            let list = &mut waiting[input.get()];
            if !list.iter().any(|known| known == because) {
                list.push(because.to_owned());
            }
        }
    };
    for (ix, question) in pack.questions.entries() {
        if question.required && *facts.get(ix) == Fact::NotAsked {
            note(&question.id, "");
        }
    }
    let goals_id = &pack.questions[pack.roles.goals].id;
    let goals = facts.goals(pack);
    if matches!(facts.get(pack.roles.goals), Fact::Goals(_))
        && (goals.is_empty() || goals.iter().any(|g| g.areas.is_empty()))
    {
        note(goals_id, if goals.is_empty() { "at least one goal" } else { "the areas of each goal" });
    }
    for standing in standings.iter().filter(|s| s.truth == Truth::Pending) {
        let rule = &pack.rules[standing.rule];
        for leaf in leaves(pack, facts, &rule.when).iter().filter(|leaf| leaf.truth == Truth::Pending) {
            note(&leaf.question, &rule.title);
        }
    }
    for (goal, area) in &wanted.left {
        for recipe in pack.recipes.iter().filter(|r| r.goals.contains(*goal)) {
            let here = recipe.areas.as_ref().unwrap_or(&pack.goals[*goal].areas).contains(*area);
            if here && evaluate(pack, facts, &recipe.requires) == Truth::Pending {
                for leaf in leaves(pack, facts, &recipe.requires).iter().filter(|leaf| leaf.truth == Truth::Pending) {
                    note(&leaf.question, &recipe.label);
                }
            }
        }
    }
    if facts.number(pack.roles.weight).is_none() {
        let filled = chosen.iter().filter_map(|(goal, area, c)| Some((*goal, *area, c.best.clone()?))).collect();
        let filled = turns(pack, filled, &mut Vec::new());
        if needs_weight(ceilings, &volumes(ceilings, frame.exclusions, &filled, &mut Vec::new())) {
            note(&pack.questions[pack.roles.weight].id, "doses by body weight");
        }
    }
    for (question, lacks) in scales::begun(pack, facts) {
        // Only where the answer is missed: a scale holds nothing back by itself.
        if let Some(list) = waiting.get_mut(question.get()).filter(|list| !list.is_empty()) {
            list.insert(0, lacks);
        }
    }
    pack.questions
        .entries()
        .zip(waiting)
        .filter(|(_, because)| !because.is_empty())
        .map(|((_, question), because)| Missing {
            question: question.id.clone(),
            label: question.label.clone(),
            step: question.step.word().to_owned(),
            because: because.into_iter().filter(|text| !text.is_empty()).take(4).collect(),
        })
        .collect()
}

/// The questions to ask for a question: for a computed one those it is computed from.
fn inputs(pack: &Pack, facts: &Facts, id: &str) -> Vec<QuestionIx> {
    let Some(ix) = pack.questions.find(id) else { return Vec::new() };
    if ix == pack.roles.bmi {
        let open = |ix: &QuestionIx| *facts.get(*ix) == Fact::NotAsked;
        return [pack.roles.weight, pack.roles.height].into_iter().filter(open).collect();
    }
    vec![ix]
}

/// While nobody has said how long the patient has to think it over.
const EARLIEST: &str =
    "The dates are the earliest possible: book the first session when the time to think it over has passed, not today.";

/// Adds the proposal to an assessment whose verdict allows one.
fn plan(
    frame: &Frame<'_>,
    ceilings: &Ceilings<'_>,
    fired: &[Fired<'_>],
    wanted: &Wanted,
    chosen: Vec<(Ix<Goal>, Ix<Area>, Choice)>,
    (start, reflection): (Option<Date>, Option<u32>),
    assessment: &mut Assessment,
) {
    let (pack, facts) = (frame.pack, frame.facts);
    let mut changes: Vec<String> = Vec::new();
    // "Earlier sessions left no marks" is a reason to go without a test spot; all else that the rule asks for stays.
    let overridden = |rule: &Rule| assessment.findings.iter().any(|f| f.rule == rule.id && f.overridden.is_some());
    let spots: Vec<(&Rule, i32)> = fired
        .iter()
        .filter_map(|fired| Some((fired.rule, fired.modifies()?.test_spot?)))
        .filter(|(rule, _)| !overridden(rule))
        .collect();
    for (rule, modifies, supposed) in
        fired.iter().filter_map(|fired| Some((fired.rule, fired.modifies()?, fired.supposed())))
    {
        if let Some((_, days)) = spots.iter().find(|(spot, _)| spot.id == rule.id) {
            changes.push(format!(
                "Test spot first, read after {days} days before anything else is given: {}.",
                not_known::title(&rule.title, supposed)
            ));
        }
        changes.extend(modifies.note.iter().map(|note| format!("{}: {note}", not_known::title(&rule.title, supposed))));
    }
    if let (Some(_), Some(event)) = (start, assessment.until_event.as_ref()) {
        changes.push(format!("The dates are the earliest possible: wait also until {event}."));
    }
    match reflection {
        _ if start.is_none() => {}
        None => changes.push(EARLIEST.to_owned()),
        Some(0) => {}
        Some(1) => changes.push("Nothing is given before the reflection time of 1 day has passed.".to_owned()),
        Some(days) => changes.push(format!("Nothing is given before the reflection time of {days} days has passed.")),
    }
    let at_least = fired.iter().filter_map(|fired| fired.modifies()?.interval_days).max().unwrap_or(0);
    let mut without_cocktail = wanted.out.clone();
    let mut filled: Vec<(Ix<Goal>, Ix<Area>, Filled)> = Vec::new();
    let mut alternatives = Vec::new();
    let mut refused = Vec::new();
    for (goal, area, choice) in chosen {
        let (goal_id, area_id) = (&pack.goals[goal].id, &pack.areas[area].id);
        refused.extend(choice.refused.map(|why| RefusedMix::new(pack, goal_id, area_id, why)));
        match choice.best {
            Some(best) => {
                filled.push((goal, area, best));
                alternatives.push((goal, area, choice.alternatives));
            }
            None => {
                let why = match choice.alternatives.is_empty() {
                    true => "no recipe for this area".to_owned(),
                    false => choice
                        .alternatives
                        .iter()
                        .map(|a| format!("{}: {}", a.label, a.why_lower))
                        .collect::<Vec<_>>()
                        .join("; "),
                };
                without_cocktail.push(without(pack, goal, area, why));
            }
        }
    }
    let filled = turns(pack, filled, &mut changes);
    for turn in &filled {
        let recipe = &pack.recipes[turn.filled.recipe];
        if turn.filled.technique != recipe.technique {
            let (now, was) = (&pack.techniques[turn.filled.technique].label, &pack.techniques[recipe.technique].label);
            note(&mut changes, format!("{}: {now} instead of {}.", recipe.label, was.to_lowercase()));
        }
    }
    let planned = volumes(ceilings, frame.exclusions, &filled, &mut changes);
    let planned = Kept::of(ceilings, planned, &mut changes);
    changes.extend(planned.iter().filter_map(|p| coverage(pack, p)));
    let test_spot = spots.iter().map(|(_, days)| *days).max();
    let calendar = calendar(ceilings, &planned, start, Pace { at_least, test_spot }, &mut changes);
    changes.dedup();
    let cocktails = planned
        .iter()
        .map(|p| {
            let others = alternatives
                .iter()
                .find(|(goal, area, _)| *goal == p.goal && *area == p.area)
                .map(|(_, _, list)| list.clone())
                .unwrap_or_default();
            cocktail(ceilings, p, &planned, others)
        })
        .collect();
    let conditions: Vec<String> = assessment
        .findings
        .iter()
        .filter(|f| f.counts_as() == Verdict::Clearance)
        .map(|f| match f.from.as_deref() {
            Some(REVIEWER) => format!("{}: reviewed by hand and ticked (Sign)", f.title),
            Some(LIST_KNOWN) => format!("{}: the list is complete", f.title),
            from => format!("{}: written clearance from {}", f.title, from.unwrap_or("the treating clinician")),
        })
        .collect();
    assessment.plan = Some(Plan {
        conditional: !conditions.is_empty(),
        conditions,
        cocktails,
        without: without_cocktail,
        refused,
        limits: limit_uses(ceilings, frame.exclusions, &planned, &calendar.given),
        sessions: calendar.sessions,
        maintenance: calendar.maintenance,
        reviews: calendar.reviews,
        changes,
        consent: texts::consent(pack, facts, &planned),
        precare: texts::care(pack, facts, &planned, CarePhase::Before),
        aftercare: texts::care(pack, facts, &planned, CarePhase::After),
        red_flags: texts::care(pack, facts, &planned, CarePhase::RedFlag),
    });
}

fn cocktail(
    ceilings: &Ceilings<'_>,
    planned: &Planned,
    session: &[Planned],
    alternatives: Vec<super::assessment::Alternative>,
) -> Cocktail {
    let pack = ceilings.pack;
    let recipe = &pack.recipes[planned.filled.recipe];
    let technique = &pack.techniques[planned.filled.technique];
    let swapped = planned.filled.technique != recipe.technique;
    let doses = doses(ceilings, planned, session);
    let mut mixing = pairs(pack, &planned.filled);
    if doses.len() > 1 {
        let order: Vec<&str> = doses.iter().map(|dose| dose.label.as_str()).collect();
        mixing.insert(0, format!("Draw up in this order: {}. Invert, do not shake.", order.join(", ")));
    }
    Cocktail {
        goal: pack.goals[planned.goal].id.clone(),
        goal_label: pack.goals[planned.goal].label.clone(),
        turn: planned.turn,
        also_for: planned.also.iter().map(|goal| pack.goals[*goal].id.clone()).collect(),
        area: pack.areas[planned.area].id.clone(),
        area_label: pack.areas[planned.area].label.clone(),
        recipe: recipe.id.clone(),
        label: recipe.label.clone(),
        own: None,
        evidence: recipe.grounds.evidence,
        outcome: recipe.outcome.clone(),
        expected: recipe.expected.as_ref().unwrap_or(&pack.goals[planned.goal].expected).clone(),
        sources: pack.citations(&recipe.grounds.sources),
        basis: recipe.grounds.basis,
        review: Some(recipe.grounds.review.clone()),
        ingredients: doses,
        technique: technique.id.clone(),
        technique_label: technique.label.clone(),
        depth_mm: [recipe.depth_mm.0.as_f64(), recipe.depth_mm.1.as_f64()],
        needle: if swapped { technique.needle.clone() } else { recipe.needle.clone() },
        point_ml: planned.point_ml.map(crate::pack::Amount::as_f64),
        points: planned.points(),
        spacing_cm: recipe.spacing_cm.map(crate::pack::Amount::as_f64),
        total_ml: planned.total().as_f64(),
        minutes: recipe.minutes,
        numbing: planned.numbing.clone(),
        mixing,
        alternatives,
    }
}
