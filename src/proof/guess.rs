//! Intakes to try before the solver is asked: for every rule and every recipe somebody who meets it.

use std::collections::{BTreeMap, HashMap};

use super::circuit::{Lit, OneOf};
use super::reading::value_in;
use super::space::{Given, ShapeKind, Space, number_kind, passes};
use crate::intake::body_mass_index;
use crate::pack::{Amount, Condition, Goal, Ix, Pack, QuestionIx, Range};
use crate::rules::Truth;

/// Guesses for each condition: with the first and with the last of what it leaves open.
const WAYS: usize = 2;

/// Intakes in words of 64, for [`Circuit::simulate`](super::Circuit::simulate). The same for the same pack.
pub(super) fn guesses(pack: &Pack, space: &Space) -> Vec<HashMap<Lit, u64>> {
    let recipes = pack.recipes.iter().map(|recipe| (&recipe.requires, recipe.goals.iter().next()));
    let rules = pack.rules.iter().map(|rule| {
        // A goal for which something is injected that the rule takes out.
        let serves = |recipe: &&crate::pack::Recipe| {
            recipe.slots.iter().flat_map(|slot| &slot.choices).any(|item| rule.exclude.ingredients.contains(*item))
        };
        let goal = rule.exclude.goals.iter().next();
        (&rule.when, goal.or_else(|| pack.recipes.iter().find(serves).and_then(|recipe| recipe.goals.iter().next())))
    });
    let mut words: Vec<HashMap<Lit, u64>> = Vec::new();
    for (n, (when, goal, last)) in
        rules.chain(recipes).flat_map(|(when, goal)| (0..WAYS).map(move |way| (when, goal, way > 0))).enumerate()
    {
        let mut guess = Guess::new(pack, space, last);
        // What a condition says about goals comes last and counts.
        if let Some(goal) =
            goal.or_else(|| pack.goals.entries().map(|(ix, _)| ix).nth(n / WAYS % pack.goals.len().max(1)))
        {
            guess.wants(goal, None);
        }
        guess.meet(when);
        if n.is_multiple_of(64) {
            words.push(HashMap::new());
        }
        let Some(word) = words.last_mut() else { continue };
        for lit in guess.on.iter().filter(|(_, on)| **on).map(|(lit, _)| *lit) {
            *word.entry(lit).or_default() |= 1 << (n % 64);
        }
    }
    words
}

/// One intake in the making: the inputs that were chosen; all others are off, which is the plainest.
pub(super) struct Guess<'a> {
    pack: &'a Pack,
    space: &'a Space,
    /// Takes the last of several, not the first.
    last: bool,
    on: BTreeMap<Lit, bool>,
}

impl<'a> Guess<'a> {
    pub fn new(pack: &'a Pack, space: &'a Space, last: bool) -> Self {
        Self { pack, space, last, on: BTreeMap::new() }
    }

    /// What was chosen.
    pub fn bits(self) -> BTreeMap<Lit, bool> {
        self.on
    }

    fn pick<T>(&self, mut of: impl DoubleEndedIterator<Item = T>) -> Option<T> {
        if self.last { of.next_back() } else { of.next() }
    }

    fn choose(&mut self, group: &OneOf, n: usize) {
        self.on.extend(group.choose(n).iter().copied());
    }

    /// Answers as a condition wants it.
    pub fn meet(&mut self, when: &Condition) {
        let space = self.space;
        match when {
            Condition::All(of) => of.iter().for_each(|part| self.meet(part)),
            Condition::Any(of) => {
                if let Some(part) = self.pick(of.iter()) {
                    self.meet(part);
                }
            }
            Condition::AtLeast { count, of } => of.iter().take(*count).for_each(|part| self.meet(part)),
            Condition::Not(_) => {}
            Condition::Choice { question, options } => {
                let shape = space.shape(*question);
                let fits = |given: &Given| matches!(given, Given::Value(n) if options >> n & 1 == 1);
                let fitting = shape.given.iter().enumerate().filter(|(_, given)| fits(given)).map(|(n, _)| n);
                if let Some(n) = self.pick(fitting.collect::<Vec<_>>().into_iter()) {
                    self.choose(&shape.group, n);
                }
            }
            Condition::Number { question, range } => self.number(*question, range),
            Condition::Listed { question, items, with, .. } => {
                let ShapeKind::List(list) = &space.shape(*question).kind else { return };
                let site = self.pack.qualifier_roles.site;
                let Some(item) = self.pick(items.iter().collect::<Vec<_>>().into_iter()) else { return };
                let combos = list.position(item).map(|n| &list.items[n].combos);
                let fits = combos.into_iter().flatten().filter(|combo| passes(&combo.said, with, site) == Truth::True);
                if let Some(combo) = self.pick(fits.collect::<Vec<_>>().into_iter()) {
                    self.on.insert(combo.bit, true);
                }
            }
            Condition::Goal { goals, areas } => {
                let all = self.pack.goals.entries().map(|(ix, _)| ix);
                let fitting = all.filter(|ix| goals.as_ref().is_none_or(|set| set.contains(*ix)));
                if let Some(goal) = self.pick(fitting.collect::<Vec<_>>().into_iter()) {
                    self.wants(goal, areas.as_ref());
                }
            }
        }
    }

    fn number(&mut self, question: QuestionIx, range: &Range) {
        let (space, roles) = (self.space, &self.pack.roles);
        let value: fn(&super::body::Body) -> Amount = match question {
            _ if question == roles.weight => |body| body.weight,
            _ if question == roles.height => |body| body.height,
            _ if question == roles.bmi => |body| body_mass_index(body.weight, body.height).unwrap_or_default(),
            _ => {
                let shape = space.shape(question);
                let (ShapeKind::Number(cuts), Some(kind)) = (&shape.kind, number_kind(self.pack, question)) else {
                    return;
                };
                let fits = |given: &Given| matches!(given, Given::Value(n) if range.contains(value_in(kind, cuts, *n)));
                let fitting = shape.given.iter().enumerate().filter(|(_, given)| fits(given)).map(|(n, _)| n);
                if let Some(n) = self.pick(fitting.collect::<Vec<_>>().into_iter()) {
                    self.choose(&shape.group, n);
                }
                return;
            }
        };
        let (bodies, group) = space.bodies();
        let fitting = bodies.iter().enumerate().filter(|(_, body)| range.contains(value(body))).map(|(n, _)| n);
        if let Some(n) = self.pick(fitting.collect::<Vec<_>>().into_iter()) {
            self.choose(group, n);
        }
    }

    /// One goal in one area, and no other.
    pub fn wants(&mut self, goal: Ix<Goal>, areas: Option<&crate::pack::Set<crate::pack::Area>>) {
        let ShapeKind::Goals(goals) = &self.space.shape(self.pack.roles.goals).kind else { return };
        for lit in goals.goals.iter().chain(goals.areas.iter().flatten()) {
            self.on.remove(lit);
        }
        let places = self.pack.goals[goal].areas.iter().filter(|ix| areas.is_none_or(|set| set.contains(*ix)));
        if let Some(area) = self.pick(places.collect::<Vec<_>>().into_iter()) {
            self.on.insert(goals.goals[goal.get()], true);
            self.on.insert(goals.areas[goal.get()][area.get()], true);
        }
    }
}
