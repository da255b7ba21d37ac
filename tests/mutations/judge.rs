//! Faults of a pack as its own assessments show them. Nothing here knows the circuit: it is written a second time, from
//! the sentences of docs/proofs.md, against the plain evaluator.

use std::collections::BTreeSet;

use jiff::civil::Date;
use pistor::intake::{Answer, Fact, Intake, ScaleStanding};
use pistor::pack::{Identified, MixLevel, Never, Pack, QuestionIx};
use pistor::plan::{Adjustments, Assessment, Outcome, Plan, RecipeChoice, assess, assess_adjusted};
use pistor::rules::{self, evaluate};

/// Codes of properties.
pub type Codes = BTreeSet<&'static str>;

pub struct Judge<'p> {
    pub pack: &'p Pack,
    pub case: &'p [Never],
    pub today: Date,
}

impl Judge<'_> {
    pub fn assess(&self, intake: &Intake) -> Assessment {
        assess(self.pack, intake, self.today)
    }

    /// What is wrong with the outcome of one patient.
    pub fn alone(&self, intake: &Intake) -> Codes {
        self.of(intake, &self.assess(intake))
    }

    pub fn of(&self, intake: &Intake, result: &Assessment) -> Codes {
        let mut found = Codes::new();
        let facts = rules::facts(self.pack, intake, self.today);
        let Some(plan) = &result.plan else { return found };
        let left_out = plan.changes.iter().any(|change| change.contains("left out, because the limits"));
        if plan.cocktails.is_empty() && matches!(result.verdict, Outcome::Proceed | Outcome::Caution) && !left_out {
            found.insert("P1012");
        }
        let concerned: Vec<&Never> =
            self.case.iter().filter(|never| evaluate(self.pack, &facts, &never.when).fires()).collect();
        for never in &concerned {
            let milder = never.milder_than.is_some_and(|v| result.verdict.strictness() < Outcome::from(v).strictness());
            let allowed = never.plan.ingredients.iter().any(|item| {
                let id = self.pack.ingredients[item].id();
                result.requested.iter().any(|vetted| vetted.id == id && vetted.allowed)
            });
            if milder || allowed {
                found.insert("P1002");
            }
        }
        self.plan(plan, result, &concerned, &mut found);
        self.doses(plan, &facts, &mut found);
        // Whatever else the practitioner may choose.
        for cocktail in &plan.cocktails {
            for other in cocktail.alternatives.iter().filter(|other| other.possible) {
                let goals = std::iter::once(&cocktail.goal).chain(&cocktail.also_for);
                let recipes = goals.map(|goal| RecipeChoice {
                    goal: goal.clone(),
                    area: cocktail.area.clone(),
                    recipe: other.recipe.clone(),
                });
                let chosen = Adjustments { recipes: recipes.collect(), ..Adjustments::default() };
                let result = assess_adjusted(self.pack, intake, &chosen, self.today);
                if let Some(plan) = &result.plan {
                    self.plan(plan, &result, &concerned, &mut found);
                }
            }
        }
        found
    }

    fn plan(&self, plan: &Plan, result: &Assessment, concerned: &[&Never], found: &mut Codes) {
        let pack = self.pack;
        let out = |kind: &str, id: &str| result.excluded.iter().any(|row| row.kind == kind && row.id == id);
        for cocktail in &plan.cocktails {
            let goals: Vec<&String> = std::iter::once(&cocktail.goal).chain(&cocktail.also_for).collect();
            let used = || cocktail.ingredients.iter().filter_map(|dose| pack.ingredients.find(&dose.id));
            let excluded = cocktail.ingredients.iter().any(|dose| out("ingredient", &dose.id))
                || goals.iter().any(|goal| out("goal", goal))
                || out("area", &cocktail.area)
                || out("technique", &cocktail.technique);
            if excluded {
                found.insert("P1001");
            }
            let blocked =
                |one, other| pack.mixing.iter().any(|rule| rule.level == MixLevel::Block && rule.concerns(one, other));
            if used().any(|one| used().any(|other| blocked(one, other))) {
                found.insert("P1003");
            }
            if goals.iter().any(|goal| pack.goals.get(goal).is_some_and(|goal| goal.no_injectable.is_some())) {
                found.insert("P1011");
            }
            let numbing = pack.recipes.get(&cocktail.recipe).and_then(|recipe| pack.plans[recipe.plan].numbing_with);
            let numbing = numbing.filter(|cream| !out("ingredient", pack.ingredients[*cream].id()));
            let forbidden = |never: &&Never| {
                used().chain(numbing).any(|item| never.plan.ingredients.contains(item))
                    || pack.techniques.find(&cocktail.technique).is_some_and(|ix| never.plan.techniques.contains(ix))
                    || goals.iter().filter_map(|id| pack.goals.find(id)).any(|ix| never.plan.goals.contains(ix))
                    || pack.areas.find(&cocktail.area).is_some_and(|ix| never.areas.contains(ix))
            };
            if concerned.iter().any(forbidden) {
                found.insert("P1002");
            }
        }
    }

    fn doses(&self, plan: &Plan, facts: &pistor::intake::Facts, found: &mut Codes) {
        let pack = self.pack;
        if facts.number(pack.roles.weight).is_some() {
            return;
        }
        let here = |bits: Option<u64>| match (bits, facts.get(pack.roles.jurisdiction)) {
            (Some(bits), Fact::Choice(n)) => bits >> n & 1 == 1,
            _ => true,
        };
        for limit in pack.limits.iter().filter(|limit| limit.mg_per_kg.is_some() && here(limit.jurisdictions)) {
            let doses = plan.cocktails.iter().flat_map(|cocktail| &cocktail.ingredients);
            if doses.filter_map(|d| pack.ingredients.find(&d.id)).any(|item| limit.ingredients.contains(item)) {
                found.insert("P1004");
            }
        }
    }

    /// Whether the outcome gets looser when one answer is unknown, or was never asked for.
    pub fn opened(&self, intake: &Intake, question: QuestionIx, not_asked: bool) -> bool {
        let mut open = intake.clone();
        match not_asked {
            true => open.clear(&self.pack.questions[question].id),
            false => open.set(&self.pack.questions[question].id, Answer::Unknown),
        }
        self.opens(intake, &open, question, not_asked)
    }

    fn opens(&self, intake: &Intake, open: &Intake, question: QuestionIx, not_asked: bool) -> bool {
        let row = &self.pack.questions[question];
        let text = matches!(row.kind, pistor::pack::QuestionKind::Text | pistor::pack::QuestionKind::Date);
        if row.derived || text || row.scale.is_some() || (not_asked && row.optional) {
            return false;
        }
        let facts = rules::facts(self.pack, open, self.today);
        if not_asked {
            let differs = |scored: &pistor::intake::Scored| {
                scored.standing == ScaleStanding::Differs && self.pack.scales[scored.scale].answers == question
            };
            let before = rules::facts(self.pack, intake, self.today);
            if *facts.get(question) != Fact::NotAsked || before.scored().iter().any(differs) {
                return false;
            }
        }
        looser(&self.assess(open), &self.assess(intake))
    }

    /// Whether a pair of intakes that a proof shows is a fault: which question was opened is read off the pair.
    pub fn opened_pair(&self, intake: &Intake, open: &Intake) -> bool {
        self.pack.questions.entries().filter(|(_, row)| intake.get(&row.id) != open.get(&row.id)).any(|(ix, row)| {
            match open.get(&row.id) {
                None => self.opens(intake, open, ix, true),
                Some(Answer::Unknown) => self.opens(intake, open, ix, false),
                Some(_) => false,
            }
        })
    }

    /// Whether more entries on a list silence a rule or make the outcome milder.
    pub fn risk(&self, before: &Intake, after: &Intake) -> bool {
        let (old, new) = (rules::facts(self.pack, before, self.today), rules::facts(self.pack, after, self.today));
        let silenced = self.pack.rules.iter().any(|rule| {
            evaluate(self.pack, &old, &rule.when).fires() && !evaluate(self.pack, &new, &rule.when).fires()
        });
        let (old, new) = (self.assess(before), self.assess(after));
        let complete = old.missing.is_empty() && new.missing.is_empty();
        let milder = complete && new.verdict.strictness() < old.verdict.strictness();
        let planned = new.plan.is_some() && old.plan.is_none() && old.missing.is_empty();
        silenced || milder || planned || lost_exclusion(&new, &old)
    }
}

/// One outcome has a plan and is milder, or allows what the other one excludes.
fn looser(one: &Assessment, other: &Assessment) -> bool {
    let complete = other.verdict != Outcome::Incomplete;
    let milder = complete && one.verdict.strictness() < other.verdict.strictness();
    one.plan.is_some() && (milder || lost_exclusion(one, other))
}

fn lost_exclusion(one: &Assessment, other: &Assessment) -> bool {
    let comparable = other.excluded.iter().filter(|row| row.kind != "area");
    comparable.into_iter().any(|row| !one.excluded.iter().any(|mine| mine.kind == row.kind && mine.id == row.id))
}
