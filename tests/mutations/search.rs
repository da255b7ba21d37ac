//! Looking for faults by trying: patients who meet the edited rule, at its edges and just beside them, patients of the
//! safety case, and their neighbours. No solver takes part.

use std::collections::BTreeMap;

use pistor::intake::{Answer, Entry, GoalEntry, Intake, Value};
use pistor::pack::{
    Amount, Condition, Identified, List, Pack, QualifierKind, QuestionIx, QuestionKind, Range, Rule, ValueTest,
};

use crate::edits::Draw;
use crate::judge::{Codes, Judge};

/// Patients made from conditions.
pub struct Maker<'p> {
    pub pack: &'p Pack,
    pub healthy: &'p Intake,
}

impl Maker<'_> {
    /// Somebody who meets a condition, often just so, sometimes just not.
    pub fn meets(&self, when: &Condition, draw: &mut Draw) -> Intake {
        let mut intake = self.healthy.clone();
        self.meet(when, &mut intake, draw);
        intake
    }

    fn meet(&self, when: &Condition, intake: &mut Intake, draw: &mut Draw) {
        let pack = self.pack;
        match when {
            Condition::All(of) => of.iter().for_each(|part| self.meet(part, intake, draw)),
            Condition::Any(of) => {
                if let Some(one) = draw.one(of) {
                    self.meet(one, intake, draw);
                }
            }
            Condition::AtLeast { count, of } => {
                let first = draw.below(of.len());
                (0..*count).for_each(|n| self.meet(&of[(first + n) % of.len()], intake, draw));
            }
            Condition::Not(_) => {}
            Condition::Choice { question, options } => {
                let row = &pack.questions[*question];
                let fitting: Vec<&str> = row
                    .options()
                    .iter()
                    .enumerate()
                    .filter(|(n, _)| options >> n & 1 == 1)
                    .map(|(_, o)| o.id.as_str())
                    .collect();
                if let Some(id) = draw.one(&fitting) {
                    intake.set(&row.id, Answer::Choice((*id).to_owned()));
                }
            }
            Condition::Number { question, range } => {
                let row = &pack.questions[*question];
                let QuestionKind::Number(kind) = &row.kind else { return };
                if row.derived {
                    // The body mass index: by the weight, at 168 cm.
                    let index = at_edge(range, 0, draw).as_f64();
                    let kg = Amount::from_f64(index * 1.68 * 1.68).unwrap_or(Amount::whole(70)).rounded(1);
                    intake.set(&pack.questions[pack.roles.weight].id, Answer::Number(kg));
                } else {
                    intake.set(&row.id, Answer::Number(at_edge(range, kind.decimals, draw)));
                }
            }
            Condition::Listed { question, list, items, with } => {
                let items: Vec<_> = items.iter().collect();
                let Some(item) = draw.one(&items) else { return };
                let mut entry = Entry::coded(pack.list(*list)[*item].id());
                for test in with {
                    let qualifier = &pack.qualifiers[test.qualifier];
                    let value = match (&test.test, &qualifier.kind) {
                        (ValueTest::Choice(bits), QualifierKind::Choice(options)) => {
                            let fitting: Vec<_> =
                                options.iter().enumerate().filter(|(n, _)| bits >> n & 1 == 1).collect();
                            draw.one(&fitting).map(|(_, option)| Value::Choice(option.id.clone()))
                        }
                        (ValueTest::Number(range), QualifierKind::Number(kind)) => {
                            Some(Value::Number(at_edge(range, kind.decimals, draw)))
                        }
                        _ => None,
                    };
                    entry.qualifiers.extend(value.map(|value| (qualifier.id.clone(), value)));
                }
                self.add(intake, *question, entry);
            }
            Condition::Goal { goals, areas } => {
                let fits = |n: &usize| goals.as_ref().is_none_or(|set| set.iter().any(|ix| ix.get() == *n));
                let all: Vec<usize> = (0..pack.goals.len()).filter(fits).collect();
                if let Some(n) = draw.one(&all) {
                    let goal = pack.goals.entries().nth(*n).map(|(_, goal)| goal);
                    let Some(goal) = goal else { return };
                    let places: Vec<_> =
                        goal.areas.iter().filter(|ix| areas.as_ref().is_none_or(|set| set.contains(*ix))).collect();
                    let Some(area) = draw.one(&places) else { return };
                    self.wants(intake, &goal.id, &pack.areas[*area].id);
                }
            }
        }
    }

    fn add(&self, intake: &mut Intake, question: QuestionIx, entry: Entry) {
        let id = &self.pack.questions[question].id;
        let mut entries = intake.entries(id).to_vec();
        if !entries.contains(&entry) {
            entries.push(entry);
        }
        intake.set(id, Answer::Items(entries));
    }

    fn wants(&self, intake: &mut Intake, goal: &str, area: &str) {
        let id = &self.pack.questions[self.pack.roles.goals].id;
        let entry = GoalEntry { goal: goal.to_owned(), areas: vec![area.to_owned()] };
        intake.set(id, Answer::Goals(vec![entry]));
    }

    /// Wants something that a recipe with one of these ingredients serves, or anything, and asks for one of them.
    pub fn wishing(&self, intake: &mut Intake, ingredients: &[&str], draw: &mut Draw) {
        let pack = self.pack;
        let with: Vec<_> = pack
            .recipes
            .iter()
            .filter(|recipe| {
                let mut choices = recipe.slots.iter().flat_map(|slot| &slot.choices);
                ingredients.is_empty() || choices.any(|item| ingredients.contains(&pack.ingredients[*item].id()))
            })
            .collect();
        if let Some(recipe) = draw.one(&with) {
            self.recipe(intake, recipe, draw);
        }
        if let Some(id) = draw.one(ingredients).filter(|_| draw.below(2) == 0) {
            self.add(intake, pack.roles.requested, Entry::coded(id));
        }
    }

    /// Wants what a recipe serves and meets what it requires.
    pub fn recipe(&self, intake: &mut Intake, recipe: &pistor::pack::Recipe, draw: &mut Draw) {
        let pack = self.pack;
        self.meet(&recipe.requires, intake, draw);
        let goals: Vec<_> = recipe.goals.iter().collect();
        let Some(goal) = draw.one(&goals).map(|ix| &pack.goals[*ix]) else { return };
        let areas: Vec<_> =
            recipe.areas.as_ref().unwrap_or(&goal.areas).iter().filter(|ix| goal.areas.contains(*ix)).collect();
        if let Some(area) = draw.one(&areas) {
            self.wants(intake, &goal.id, &pack.areas[*area].id);
        }
    }

    /// The same patient with one answer a little different.
    pub fn neighbour(&self, intake: &Intake, draw: &mut Draw) -> Intake {
        let mut other = intake.clone();
        let questions: Vec<_> = self.pack.questions.iter().filter(|q| !q.derived && q.scale.is_none()).collect();
        let Some(question) = draw.one(&questions) else { return other };
        match (&question.kind, intake.get(&question.id)) {
            (QuestionKind::Choice(options), _) => {
                if let Some(option) = draw.one(options) {
                    other.set(&question.id, Answer::Choice(option.id.clone()));
                }
            }
            (QuestionKind::Number(kind), Some(Answer::Number(n))) => {
                let step = 10_i64.pow(3 - u32::from(kind.decimals)) * [1, -1][draw.below(2)];
                let n = Amount::thousandths(
                    (n.as_thousandths() + step).clamp(kind.min.as_thousandths(), kind.max.as_thousandths()),
                );
                other.set(&question.id, Answer::Number(n));
            }
            (QuestionKind::List(list), Some(Answer::Items(entries))) => {
                let mut entries = entries.clone();
                let n = draw.below(entries.len());
                match draw.below(3) {
                    0 if !entries.is_empty() => drop(entries.remove(n)),
                    1 if !entries.is_empty() => {
                        let first = entries[n].qualifiers.keys().next().cloned();
                        first.into_iter().for_each(|key| drop(entries[n].qualifiers.remove(&key)));
                    }
                    _ => entries.extend(self.any_entry(*list, draw)),
                }
                entries.dedup();
                other.set(&question.id, Answer::Items(entries));
            }
            (QuestionKind::Goals, _) => self.wishing(&mut other, &[], draw),
            _ => {}
        }
        other
    }

    fn any_entry(&self, list: List, draw: &mut Draw) -> Option<Entry> {
        let ids: Vec<&str> = self.pack.list(list).ids().collect();
        draw.one(&ids).map(|id| Entry::coded(id))
    }

    /// The same patient with one more entry on a list that holds risks.
    pub fn worse(&self, intake: &Intake, harmless: &dyn Fn(List, &str) -> bool, draw: &mut Draw) -> Intake {
        let roles = &self.pack.roles;
        let lists = [
            (roles.conditions, List::Conditions),
            (roles.medications, List::Medications),
            (roles.events, List::Events),
            (roles.allergies, List::Allergens),
            (roles.provenance, List::Provenance),
        ];
        let mut other = intake.clone();
        let (question, list) = lists[draw.below(lists.len())];
        let known = matches!(intake.get(&self.pack.questions[question].id), Some(Answer::Items(_)));
        if let Some(entry) = self.any_entry(list, draw).filter(|_| known)
            && let pistor::intake::What::Coded(id) = &entry.what
            && !harmless(list, id)
        {
            self.add(&mut other, question, entry);
        }
        other
    }
}

/// A number at one of the ends of a range, mostly inside.
fn at_edge(range: &Range, decimals: u8, draw: &mut Draw) -> Amount {
    let step = 10_i64.pow(3 - u32::from(decimals.min(3)));
    let inside = [range.from.map(Amount::as_thousandths), range.below.map(|below| below.as_thousandths() - step)];
    let ends: Vec<i64> = inside.into_iter().flatten().collect();
    let n = draw.one(&ends).copied().unwrap_or(0);
    let n = match draw.below(6) {
        0 => n - step,
        1 => n + step,
        _ => n,
    };
    Amount::thousandths(n.max(0))
}

/// The first patient found for each property that some patient breaks.
pub type Faults = BTreeMap<&'static str, Intake>;

/// Everything that a search looks at.
pub struct Search<'a, 'p> {
    pub judge: &'a Judge<'p>,
    pub maker: &'a Maker<'p>,
    /// The edited rule as it was and as it is.
    pub rules: Vec<&'p Rule>,
    /// Patients of the pack's own cases whom the edit changes, or some.
    pub known: Vec<&'a Intake>,
    pub harmless: &'a dyn Fn(List, &str) -> bool,
    /// How many patients may be assessed.
    pub patients: usize,
}

impl Search<'_, '_> {
    /// Looks for faults; `see` is shown every patient.
    pub fn run(&self, draw: &mut Draw, see: &mut dyn FnMut(&Intake)) -> Faults {
        let mut found = Faults::new();
        let mut note = |codes: Codes, intake: &Intake| {
            for code in codes {
                found.entry(code).or_insert_with(|| intake.clone());
            }
        };
        let mut met: Vec<Intake> = self.known.iter().map(|intake| (*intake).clone()).collect();
        let pack = self.judge.pack;
        let names = |set: &pistor::pack::Set<pistor::pack::Item>| -> Vec<&str> {
            set.iter().map(|item| pack.ingredients[item].id()).collect()
        };
        for n in 0..self.patients {
            let intake = match n % 4 {
                // Who meets the edited rule, and wants what it takes out.
                0 if !self.rules.is_empty() => {
                    let rule = self.rules[n / 4 % self.rules.len()];
                    let mut intake = self.maker.meets(&rule.when, draw);
                    self.maker.wishing(&mut intake, &names(&rule.exclude.ingredients), draw);
                    intake
                }
                // Who is concerned by a statement, and wants what it forbids.
                0 | 1 => {
                    let Some(never) = draw.one(self.judge.case) else { continue };
                    let mut intake = self.maker.meets(&never.when, draw);
                    self.maker.wishing(&mut intake, &names(&never.plan.ingredients), draw);
                    intake
                }
                _ => match draw.one(&met) {
                    Some(near) => self.maker.neighbour(near, draw),
                    None => self.maker.healthy.clone(),
                },
            };
            note(self.judge.alone(&intake), &intake);
            see(&intake);
            if n % 4 == 0 && met.len() < 200 {
                met.push(intake);
            }
        }
        for intake in &self.known {
            note(self.judge.alone(intake), intake);
            see(intake);
        }
        let questions: Vec<QuestionIx> = pack.questions.entries().map(|(ix, _)| ix).collect();
        for _ in 0..self.patients / 4 {
            let Some(intake) = draw.one(&met) else { break };
            if let Some(question) = draw.one(&questions)
                && self.judge.opened(intake, *question, draw.below(2) == 0)
            {
                note(["P1013"].into_iter().collect(), intake);
            }
            let worse = self.maker.worse(intake, self.harmless, draw);
            if self.judge.risk(intake, &worse) {
                note(["P1014"].into_iter().collect(), intake);
            }
        }
        found
    }
}
