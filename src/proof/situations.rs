//! Plans by the thousand, each held against every law by the auditor, which shares no arithmetic with the planner: every
//! recipe and substitute in one, two and all of its areas, every pair of recipes on one patient, every recipe under every
//! rule that changes plans, and where doses follow the weight, the weights that decide. No solver takes part.

use std::collections::HashMap;

use jiff::civil::Date;

use super::ceilings::Ceiling;
use super::circuit::{Lit, word};
use super::model::Model;
use super::witness::intake_of;
use crate::intake::{Answer, GoalEntry, Intake};
use crate::pack::{Amount, Goal, Identified, Ix, Limit, NumberKind, Pack, QuestionIx, QuestionKind, Recipe};
use crate::plan::{Adjustments, Breach, Measure, assess_adjusted, audit};
use crate::rules::facts;

/// An intake and what the practitioner chose.
#[derive(Clone, Debug, Default)]
pub(super) struct Situation {
    pub intake: Intake,
    pub adjustments: Adjustments,
}

/// A situation whose plan breaks something.
#[derive(Clone, Debug)]
pub(super) struct Broken {
    pub situation: Situation,
    pub breach: Breach,
}

/// What came out of many plans.
#[derive(Clone, Debug, Default)]
pub(super) struct Audited {
    /// How many plans there were.
    pub plans: usize,
    /// The first situation for each thing that was broken; the simple ones come first.
    pub broken: Vec<Broken>,
}

/// How many intakes are tried for each thing that needs a patient of its own.
const TRIES: usize = 6;

/// How many plans are made to find one that passes a ceiling.
const MOST_TRIED: usize = 4000;

impl Situation {
    /// The plan held against every law, and against more limits; `None` without a plan.
    pub fn audited(&self, pack: &Pack, today: Date, also: &[Limit]) -> Option<Vec<Breach>> {
        let Self { intake, adjustments } = self;
        let result = assess_adjusted(pack, intake, adjustments, today);
        result.plan.as_ref().filter(|plan| !plan.cocktails.is_empty())?;
        Some(audit(Measure { pack, intake, adjustments, today, also }, &result))
    }
}

/// Audits the plans of all situations of a pack.
pub(super) fn audited(m: &Model<'_>) -> Audited {
    let today = m.space.today;
    let mut all = Audited::default();
    let mut hold = |situation: Situation| {
        let Some(breaches) = situation.audited(m.pack, today, &[]) else { return false };
        all.plans += 1;
        for breach in breaches {
            let known = |b: &Broken| (b.breach.law, &b.breach.what) == (breach.law, &breach.what);
            if !all.broken.iter().any(known) {
                all.broken.push(Broken { situation: situation.clone(), breach });
            }
        }
        true
    };
    each(m, &mut hold);
    all
}

/// Makes every situation; `hold` says whether there was a plan.
fn each(m: &Model<'_>, hold: &mut dyn FnMut(Situation) -> bool) {
    let pack = m.pack;
    let people = People::of(m);
    let served: Vec<(Ix<Goal>, Ix<Recipe>)> = pack
        .recipes
        .entries()
        .flat_map(|(ix, recipe)| recipe.goals.iter().map(move |goal| (goal, ix)))
        .filter(|(goal, ix)| !areas(pack, *goal, &pack.recipes[*ix]).is_empty())
        .collect();
    // Every recipe, with every ingredient that can fill it.
    for (goal, ix) in &served {
        let filling = &m.outcome.recipes.fillings[ix.get()];
        let here = areas(pack, *goal, &pack.recipes[*ix]);
        let first = people.with(&[filling.possible], 1);
        let others = filling.slots.iter().flat_map(|choices| choices.iter().skip(1));
        let others = others.flat_map(|(_, there)| people.with(&[filling.possible, *there], TRIES));
        for intake in first.into_iter().chain(others) {
            let mut counts = vec![1, 2, here.len()];
            counts.retain(|n| *n <= here.len());
            counts.dedup();
            for n in counts {
                for body in bodies(pack, &intake, &pack.recipes[*ix]) {
                    hold(wanting(pack, body, &[(*goal, *ix)], n));
                }
            }
        }
    }
    // Every pair of recipes for two goals.
    for (k, one) in served.iter().enumerate() {
        for other in served.iter().skip(k + 1).filter(|other| other.0 != one.0) {
            let possible = [*one, *other].map(|(_, ix)| m.outcome.recipes.fillings[ix.get()].possible);
            for intake in people.with(&possible, 1) {
                hold(wanting(pack, intake, &[*one, *other], usize::MAX));
            }
        }
    }
    // Every recipe under every rule that changes plans.
    for (rule, fires) in pack.rules.iter().zip(&m.outcome.fires) {
        let change = &rule.modifies;
        let changes = change.interval_days.is_some() || change.test_spot.is_some() || change.ceiling.is_some();
        let changes = changes || change.single_product || change.technique.is_some();
        if changes || rule.until.is_some() {
            // A deferral moves all plans alike.
            for (goal, ix) in served.iter().take(if changes { usize::MAX } else { 2 }) {
                let possible = m.outcome.recipes.fillings[ix.get()].possible;
                // The first of them for whom there is a plan: something else may speak against one.
                let mut people = people.with(&[*fires, possible], TRIES).into_iter();
                people.any(|intake| hold(wanting(pack, intake, &[(*goal, *ix)], usize::MAX)));
            }
        }
    }
    // Every place with limits of its own.
    let places = pack.questions[pack.roles.jurisdiction].options();
    let mut local: Vec<u64> = pack.limits.iter().filter_map(|limit| limit.jurisdictions).collect();
    local.sort_unstable();
    local.dedup();
    for place in local.iter().filter_map(|bits| places.get(bits.trailing_zeros() as usize)) {
        for (goal, ix) in &served {
            let possible = m.outcome.recipes.fillings[ix.get()].possible;
            for mut intake in people.with(&[possible], 1) {
                intake.set(&pack.questions[pack.roles.jurisdiction].id, Answer::Choice(place.id.clone()));
                for body in bodies(pack, &intake, &pack.recipes[*ix]) {
                    hold(wanting(pack, body, &[(*goal, *ix)], usize::MAX));
                }
            }
        }
    }
}

/// Simple intakes, to be found by what holds of them.
struct People<'a, 'p> {
    m: &'a Model<'p>,
    /// The plainest one, then those of [`Space::simple_intakes`](super::space::Space::simple_intakes).
    words: Vec<Vec<u64>>,
}

impl<'a, 'p> People<'a, 'p> {
    fn of(m: &'a Model<'p>) -> Self {
        let plainest = std::iter::once(HashMap::new());
        let all = plainest.chain(m.space.simple_intakes());
        Self { m, words: all.map(|inputs| m.circuit.simulate(&inputs)).collect() }
    }

    /// The first intakes for which all these wires are on.
    fn with(&self, wires: &[Lit], most: usize) -> Vec<Intake> {
        let mut found = Vec::new();
        for (n, words) in self.words.iter().enumerate() {
            let mut lanes = wires.iter().fold(u64::MAX, |lanes, lit| lanes & word(words, *lit));
            // All lanes of the plainest are one.
            if n == 0 {
                lanes &= 1;
            }
            while lanes != 0 && found.len() < most {
                let lane = lanes.trailing_zeros();
                lanes &= lanes - 1;
                let values: Vec<bool> = words.iter().map(|word| word >> lane & 1 == 1).collect();
                found.push(intake_of(self.m.pack, &self.m.space, &self.m.raw, &values));
            }
            if found.len() == most {
                break;
            }
        }
        found
    }
}

/// The areas in which a recipe serves a goal.
fn areas<'p>(pack: &'p Pack, goal: Ix<Goal>, recipe: &Recipe) -> Vec<&'p str> {
    let own = pack.goals[goal].areas.iter();
    let here = own.filter(|area| recipe.areas.as_ref().is_none_or(|areas| areas.contains(*area)));
    // An area before those that lie in it would count twice what is given in both.
    let mut here: Vec<_> = here.collect();
    here.sort_by_key(|area| std::cmp::Reverse(pack.area_path(*area).count()));
    here.into_iter().map(|area| pack.areas[area].id()).collect()
}

/// An intake that wants these goals in the first so many of their areas, with these recipes chosen.
fn wanting(pack: &Pack, mut intake: Intake, goals: &[(Ix<Goal>, Ix<Recipe>)], most: usize) -> Situation {
    let mut adjustments = Adjustments::default();
    let mut wanted = Vec::new();
    for (goal, ix) in goals {
        let (row, recipe) = (&pack.goals[*goal], &pack.recipes[*ix]);
        let areas: Vec<String> = areas(pack, *goal, recipe).into_iter().take(most).map(str::to_owned).collect();
        areas.iter().for_each(|area| adjustments.choose(&row.id, area, &recipe.id));
        wanted.push(GoalEntry { goal: row.id.clone(), areas });
    }
    intake.set(&pack.questions[pack.roles.goals].id, Answer::Goals(wanted));
    Situation { intake, adjustments }
}

/// The same person with every weight that decides a dose of a recipe: as it is, the ends, and both sides of where a ceiling
/// by weight meets a fixed one; slim and, where the height allows it, obese.
fn bodies(pack: &Pack, intake: &Intake, recipe: &Recipe) -> Vec<Intake> {
    let mut all = vec![intake.clone()];
    let holds = |limit: &&Limit| {
        recipe.slots.iter().flat_map(|slot| &slot.choices).any(|item| limit.ingredients.contains(*item))
    };
    let by_weight: Vec<&Limit> = pack.limits.iter().filter(holds).filter(|limit| limit.mg_per_kg.is_some()).collect();
    let (Some(kg), Some(cm)) = (number(pack, pack.roles.weight), number(pack, pack.roles.height)) else { return all };
    if by_weight.is_empty() {
        return all;
    }
    let step = super::reading::step(kg);
    let mut weights = vec![kg.min.as_thousandths(), 43_000 / step * step, kg.max.as_thousandths()];
    for limit in by_weight {
        let (Some(per_kg), Some(most)) = (limit.mg_per_kg, limit.mg) else { continue };
        let meet = most.as_thousandths() * 1000 / per_kg.as_thousandths().max(1) / step * step;
        weights.extend([meet, meet + step]);
    }
    weights.sort_unstable();
    weights.dedup();
    weights.retain(|weight| (kg.min.as_thousandths()..=kg.max.as_thousandths()).contains(weight));
    for weight in weights {
        for height in [intake.get(&pack.questions[pack.roles.height].id).cloned(), Some(Answer::Number(cm.max))] {
            let mut body = intake.clone();
            body.set(&pack.questions[pack.roles.weight].id, Answer::Number(Amount::thousandths(weight)));
            if let Some(height) = height {
                body.set(&pack.questions[pack.roles.height].id, height);
            }
            all.push(body);
        }
    }
    all
}

fn number(pack: &Pack, question: QuestionIx) -> Option<&NumberKind> {
    match &pack.questions[question].kind {
        QuestionKind::Number(kind) => Some(kind),
        _ => None,
    }
}

/// A patient for whom nothing keeps a ceiling whose plan does pass it, and how many plans were tried: the one that the
/// solver found and simple ones for whom the same wires are on, with the recipes that the ceiling counts, one or two of
/// them, in one area and in all, with many weights.
pub(super) fn passing(m: &Model<'_>, like: &Intake, wires: &[Lit], ceiling: &Ceiling<'_>) -> (Option<Broken>, usize) {
    let (pack, today) = (m.pack, m.space.today);
    let limit = &ceiling.as_limit();
    let concerned = |situation: &Situation| ceiling.concerns(pack, &facts(pack, &situation.intake, today));
    let holds = |recipe: &Recipe| {
        recipe.slots.iter().flat_map(|slot| &slot.choices).any(|item| limit.ingredients.contains(*item))
    };
    let recipes = pack.recipes.entries().filter(|(_, recipe)| holds(recipe));
    let served: Vec<(Ix<Goal>, Ix<Recipe>)> =
        recipes.flat_map(|(ix, recipe)| recipe.goals.iter().map(move |goal| (goal, ix))).collect();
    let singles = served.iter().map(|one| vec![*one]);
    let pairs = served.iter().enumerate().flat_map(|(k, one)| {
        served.iter().skip(k + 1).filter(move |other| other.0 != one.0).map(move |other| vec![*one, *other])
    });
    let goals: Vec<Vec<(Ix<Goal>, Ix<Recipe>)>> = singles.chain(pairs).collect();
    let mut people = vec![like.clone()];
    people.extend(People::of(m).with(wires, TRIES));
    people.extend(otherwise(pack, like));
    let mut tried = 0;
    for person in &people {
        let weights = weights(pack, person);
        let own = weights.iter().map(|body| Situation { intake: body.clone(), adjustments: Adjustments::default() });
        let counted = goals.iter().flat_map(|goals| [(goals, 1), (goals, usize::MAX)]);
        let wanting = counted.flat_map(|(goals, n)| {
            let bodies = weights.iter();
            bodies.map(move |body| wanting(pack, body.clone(), goals, n))
        });
        for situation in own.chain(wanting).filter(&concerned) {
            let Some(breaches) = situation.audited(pack, today, std::slice::from_ref(limit)) else { continue };
            tried += 1;
            if let Some(breach) = breaches.into_iter().find(|breach| breach.what == limit.id) {
                return (Some(Broken { situation, breach }), tried);
            }
            if tried > MOST_TRIED {
                return (None, tried);
            }
        }
    }
    (None, tried)
}

/// The same person with other weights.
fn weights(pack: &Pack, person: &Intake) -> Vec<Intake> {
    let mut all = vec![person.clone()];
    let Some(kind) = number(pack, pack.roles.weight) else { return all };
    let some = [26, 28, 30, 32, 35, 38, 42, 45, 50, 55, 60, 70, 80, 100, 130, 200, 300].map(Amount::whole);
    for kg in some.into_iter().filter(|kg| (kind.min..=kind.max).contains(kg)) {
        let mut body = person.clone();
        body.set(&pack.questions[pack.roles.weight].id, Answer::Number(kg));
        all.push(body);
    }
    all
}

/// The same person with one choice answered otherwise.
fn otherwise(pack: &Pack, person: &Intake) -> Vec<Intake> {
    let mut all = Vec::new();
    for question in pack.questions.iter().filter(|question| question.scale.is_none()) {
        let own = person.get(&question.id);
        let others = question.options().iter().map(|option| Answer::Choice(option.id.clone()));
        for answer in others.filter(|answer| own.is_some_and(|own| own != answer)) {
            let mut other = person.clone();
            other.set(&question.id, answer);
            all.push(other);
        }
    }
    all
}
