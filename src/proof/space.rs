//! The space of all intakes: free inputs of which every assignment is an intake, and the way back and forth.

use std::collections::HashMap;

use jiff::civil::Date;

use super::body::{Body, Cuts, bodies};
use super::circuit::{Circuit, Lit, OneOf};
use super::entries::list_shape;
pub(super) use super::entries::{Combo, ItemShape, ListShape, passes};
use super::reading::{Reading, value_in};
use super::view::{Items, State, Value, View};
use crate::intake::{Fact, Facts, ScaleStanding};
use crate::pack::{Amount, Never, NumberKind, Pack, QuestionIx, QuestionKind};

/// All intakes that a pack can tell apart.
#[derive(Debug)]
pub struct Space {
    pub(super) shapes: Vec<Shape>,
    pub(super) bodies: Vec<Body>,
    pub(super) body: OneOf,
    /// For each scored scale: it is filled in, and says something else than the answer of its question. That a scale
    /// gives an answer is nothing else than the answer.
    pub(super) differs: Vec<Lit>,
    /// The day: a clinic's override of a rule holds for a time.
    pub(super) today: Date,
}

/// What is free about one question.
#[derive(Debug)]
pub(super) struct Shape {
    /// One alternative for each entry of `given`.
    pub group: OneOf,
    /// What the alternatives mean.
    pub given: Vec<Given>,
    pub kind: ShapeKind,
}

/// How a question was answered.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Given {
    /// With the option, or a number of the cell, or (0) with a list, goals, a date or text.
    Value(usize),
    Unknown,
    NotAsked,
}

/// What lies behind an answer.
#[derive(Debug)]
pub(super) enum ShapeKind {
    Choice,
    /// Its cells.
    Number(Vec<Amount>),
    /// Weight or height: the cells are chosen with the body.
    OfBody(Vec<Amount>),
    /// Computed from weight and height.
    Index(Vec<Amount>),
    List(ListShape),
    Goals(GoalsShape),
    Plain,
}

/// The goals and areas that may be wanted.
#[derive(Debug)]
pub(super) struct GoalsShape {
    pub goals: Vec<Lit>,
    pub areas: Vec<Vec<Lit>>,
}

/// How many cut points are at most a value.
pub(super) fn cell(cuts: &[Amount], value: Amount) -> usize {
    cuts.iter().filter(|cut| **cut <= value).count()
}

impl Shape {
    /// How a question was answered.
    pub fn given_for(&self, fact: &Fact) -> Given {
        match (fact, &self.kind) {
            (Fact::NotAsked, _) => Given::NotAsked,
            (Fact::Choice(n), ShapeKind::Choice) => Given::Value(*n),
            (Fact::Number(n), ShapeKind::Number(cuts)) => Given::Value(cell(cuts, *n)),
            (Fact::Number(_), ShapeKind::OfBody(_) | ShapeKind::Index(_))
            | (Fact::Items(_), ShapeKind::List(_))
            | (Fact::Goals(_), ShapeKind::Goals(_))
            | (Fact::Answered, ShapeKind::Plain) => Given::Value(0),
            _ => Given::Unknown,
        }
    }
}

impl Space {
    /// The space of a pack; what a safety case and the pack below read is told apart as well.
    #[must_use]
    pub fn of(pack: &Pack, c: &mut Circuit, case: &[Never], below: Option<&Pack>, today: Date) -> Self {
        Self::read_by(pack, c, &Reading::of(pack, case, below), today)
    }

    /// The space of what some conditions read; of two packs, of the intakes that both can read.
    #[must_use]
    pub(super) fn read_by(pack: &Pack, c: &mut Circuit, reading: &Reading<'_>, today: Date) -> Self {
        let shared = reading.shared;
        let roles = &pack.roles;
        let cuts_of =
            |ix: QuestionIx| -> Vec<Amount> { reading.cuts.get(&ix).into_iter().flatten().copied().collect() };
        let cuts = Cuts { weight: cuts_of(roles.weight), height: cuts_of(roles.height), index: cuts_of(roles.bmi) };
        let mut all = match (&pack.questions[roles.weight].kind, &pack.questions[roles.height].kind) {
            (QuestionKind::Number(kg), QuestionKind::Number(cm)) => bodies(kg, cm, &cuts),
            _ => Vec::new(),
        };
        let takes = |question, value| shared.is_none_or(|names| names.takes(question, value));
        all.retain(|body| takes(roles.weight, body.weight) && takes(roles.height, body.height));
        all.sort_by_key(|body| {
            let index = crate::intake::body_mass_index(body.weight, body.height).unwrap_or_default();
            reading.risk_of(roles.weight, body.weight)
                + reading.risk_of(roles.height, body.height)
                + reading.risk_of(roles.bmi, index)
        });
        let body = OneOf::new(c, all.len().max(1));
        let shapes =
            pack.questions
                .entries()
                .map(|(ix, question)| {
                    let with_values =
                        |n: usize| (0..n).map(Given::Value).chain([Given::Unknown, Given::NotAsked]).collect();
                    let only_here = shared.is_some_and(|names| names.question(ix).is_none());
                    let (given, kind): (Vec<Given>, ShapeKind) = match &question.kind {
                        // Read by its scale alone.
                        _ if question.scale.is_some() => (vec![Given::NotAsked], ShapeKind::Plain),
                        QuestionKind::Choice(options) => {
                            let mut order: Vec<usize> = (0..options.len()).collect();
                            order.retain(|n| only_here || shared.is_none_or(|names| names.answer(ix, *n).is_some()));
                            let risk = |n: &usize| reading.risk_of_option.get(&ix).map_or(0, |weights| weights[*n]);
                            order.sort_by_key(risk);
                            let rest = [Given::Unknown, Given::NotAsked];
                            (order.into_iter().map(Given::Value).chain(rest).collect(), ShapeKind::Choice)
                        }
                        QuestionKind::Number(_) if ix == roles.bmi => {
                            (vec![Given::Value(0)], ShapeKind::Index(cuts_of(ix)))
                        }
                        QuestionKind::Number(_) if ix == roles.weight || ix == roles.height => {
                            (with_values(1), ShapeKind::OfBody(cuts_of(ix)))
                        }
                        QuestionKind::Number(kind) => {
                            let cuts = cuts_of(ix);
                            let mut order: Vec<usize> = (0..=cuts.len()).collect();
                            order.retain(|n| takes(ix, value_in(kind, &cuts, *n)));
                            order.sort_by_key(|n| reading.risk_of(ix, value_in(kind, &cuts, *n)));
                            let rest = [Given::Unknown, Given::NotAsked];
                            (order.into_iter().map(Given::Value).chain(rest).collect(), ShapeKind::Number(cuts))
                        }
                        QuestionKind::Date | QuestionKind::Text => {
                            (vec![Given::NotAsked, Given::Value(0), Given::Unknown], ShapeKind::Plain)
                        }
                        QuestionKind::List(list) if only_here => {
                            (with_values(1), ShapeKind::List(ListShape::new(*list, Lit::FALSE, Vec::new())))
                        }
                        QuestionKind::List(list) => {
                            (with_values(1), ShapeKind::List(list_shape(pack, c, reading, ix, *list)))
                        }
                        QuestionKind::Goals => {
                            let goal = |ix| shared.is_none_or(|names| names.goal(ix).is_some());
                            let area = |ix| shared.is_none_or(|names| names.area(ix).is_some());
                            let mut free = |wanted: bool| if wanted { c.input() } else { Lit::FALSE };
                            let goals = pack.goals.entries().map(|(ix, _)| free(goal(ix))).collect();
                            let areas = pack.goals.entries().map(|(at, _)| {
                                pack.areas.entries().map(|(ix, _)| free(goal(at) && area(ix))).collect()
                            });
                            let areas = areas.collect();
                            (with_values(1), ShapeKind::Goals(GoalsShape { goals, areas }))
                        }
                    };
                    // A computed question that this prover does not know how to compute stays unasked, as in the facts.
                    let mut given = if question.derived && ix != roles.bmi { vec![Given::NotAsked] } else { given };
                    if only_here {
                        // What the other pack does not ask counts as answered in the plainest way.
                        given.truncate(1);
                    }
                    Shape { group: OneOf::new(c, given.len()), given, kind }
                })
                .collect();
        let scale = |ix| shared.is_none_or(|names| names.scale(ix).is_some());
        let differs = pack.scales.entries().map(|(ix, _)| if scale(ix) { c.input() } else { Lit::FALSE }).collect();
        Self { shapes, bodies: all, body, differs, today }
    }

    pub(super) fn shape(&self, question: QuestionIx) -> &Shape {
        &self.shapes[question.get()]
    }

    /// The body that is chosen.
    pub(super) fn body_of(&self, on: &dyn Fn(Lit) -> bool) -> Option<&Body> {
        let n = self.body.alternatives.iter().position(|lit| on(*lit))?;
        self.bodies.get(n)
    }

    /// Every body, and which one is chosen.
    pub(super) fn bodies(&self) -> (&[Body], &OneOf) {
        (&self.bodies, &self.body)
    }

    /// Simple intakes, 64 in each: every entry of every list is on one of them, a few other answers change, and a goal in
    /// an area is wanted. The same for the same pack.
    #[must_use]
    pub fn simple_intakes(&self) -> Vec<HashMap<Lit, u64>> {
        const BATCHES: usize = 16;
        let lanes = 64 * BATCHES;
        let mut words: Vec<HashMap<Lit, u64>> = vec![HashMap::new(); BATCHES];
        let mut set = |lane: usize, lit: Lit| *words[lane / 64].entry(lit).or_default() |= 1 << (lane % 64);
        let mut lane = 0;
        for shape in &self.shapes {
            match &shape.kind {
                ShapeKind::List(list) => {
                    for bit in list.items.iter().flat_map(|item| item.combos.iter().map(|combo| combo.bit)) {
                        set(lane % lanes, bit);
                        lane += 1;
                    }
                    set(lane % lanes, list.free_text);
                }
                ShapeKind::Goals(goals) => {
                    let places: Vec<(Lit, Lit)> = goals
                        .goals
                        .iter()
                        .zip(&goals.areas)
                        .flat_map(|(goal, areas)| areas.iter().map(move |area| (*goal, *area)))
                        .collect();
                    for lane in 0..lanes {
                        // A step that shares no divisor with the lanes, so that goals meet all kinds of other answers.
                        let Some((goal, area)) = places.get(lane * 37 % places.len().max(1)) else { continue };
                        set(lane, *goal);
                        set(lane, *area);
                    }
                }
                _ => {}
            }
            for n in 1..shape.given.len() {
                lane += 7;
                shape.group.choose(n).iter().filter(|(_, on)| *on).for_each(|(bit, _)| set(lane % lanes, *bit));
            }
        }
        for n in 1..self.bodies.len() {
            lane += 7;
            self.body.choose(n).iter().filter(|(_, on)| *on).for_each(|(bit, _)| set(lane % lanes, *bit));
        }
        words
    }

    /// Wires that cost a reader attention: what is not as in the plainest intake.
    #[must_use]
    pub fn costs(&self) -> Vec<Lit> {
        let mut costs = Vec::new();
        let mut unless_first = |group: &OneOf| {
            if group.alternatives.len() > 1 {
                costs.push(!group.alternatives[0]);
            }
        };
        unless_first(&self.body);
        self.shapes.iter().for_each(|shape| unless_first(&shape.group));
        costs.extend(&self.differs);
        for shape in &self.shapes {
            match &shape.kind {
                ShapeKind::List(list) => {
                    costs.push(list.free_text);
                    costs.extend(list.items.iter().flat_map(|item| item.combos.iter().map(|combo| combo.bit)));
                }
                ShapeKind::Goals(goals) => {
                    costs.extend(&goals.goals);
                    costs.extend(goals.areas.iter().flatten());
                }
                _ => {}
            }
        }
        costs
    }

    /// The intakes as the facts have them before questions that do not apply are settled.
    #[must_use]
    pub fn view(&self, pack: &Pack, c: &mut Circuit) -> View {
        let states: Vec<State> = self.shapes.iter().map(|shape| self.state(pack, c, shape)).collect();
        let mut view = View { states, differs: Vec::new() };
        self.derive(pack, c, &mut view);
        view
    }

    /// What follows from other answers: the body mass index from weight and height, and where a scale can differ.
    pub(super) fn derive(&self, pack: &Pack, c: &mut Circuit, view: &mut View) {
        let roles = &pack.roles;
        let scales = pack.scales.iter().zip(&self.differs);
        view.differs = scales.map(|(scale, bit)| c.and(*bit, !view.of(scale.answers).not_asked)).collect();
        let (ShapeKind::Index(cuts), false) = (&self.shape(roles.bmi).kind, self.bodies.is_empty()) else { return };
        let (weight, height) = (view.of(roles.weight), view.of(roles.height));
        let not_asked = c.or(weight.not_asked, height.not_asked);
        let known = c.and(weight.known(), height.known());
        let unknown = c.all([!not_asked, !known]);
        let at_least = self.at_least(c, known, cuts, |body| body.cells.2);
        let value = Value::Number { known, at_least };
        view.states[roles.bmi.get()] = State { not_asked, not_applicable: Lit::FALSE, unknown, value };
    }

    pub(super) fn state(&self, pack: &Pack, c: &mut Circuit, shape: &Shape) -> State {
        let of = |wanted: Given| {
            shape.given.iter().position(|given| *given == wanted).map_or(Lit::FALSE, |n| shape.group.alternatives[n])
        };
        let known = of(Given::Value(0));
        let value = match &shape.kind {
            ShapeKind::Choice => {
                let n = shape.given.iter().filter(|given| matches!(given, Given::Value(_))).count();
                Value::Choice((0..n).map(|n| of(Given::Value(n))).collect())
            }
            ShapeKind::Number(cuts) => {
                let cell = |n: usize| of(Given::Value(n));
                let known = c.any((0..=cuts.len()).map(cell));
                let at_least = cuts
                    .iter()
                    .enumerate()
                    .map(|(n, cut)| (*cut, c.any((n + 1..=cuts.len()).map(cell).collect::<Vec<_>>())))
                    .collect();
                Value::Number { known, at_least }
            }
            ShapeKind::OfBody(cuts) => {
                let weight = std::ptr::eq(shape, self.shape(pack.roles.weight));
                let at_least = self.at_least(c, known, cuts, |body| if weight { body.cells.0 } else { body.cells.1 });
                Value::Number { known, at_least }
            }
            ShapeKind::Index(_) => Value::Number { known: Lit::FALSE, at_least: Vec::new() },
            ShapeKind::List(list) => {
                let entries =
                    list.items.iter().map(|item| item.combos.iter().map(|combo| c.and(known, combo.bit)).collect());
                Value::Items(Items { known, entries: entries.collect(), free_text: c.and(known, list.free_text) })
            }
            ShapeKind::Goals(goals) => {
                let wanted: Vec<Lit> = goals.goals.iter().map(|goal| c.and(known, *goal)).collect();
                let areas = goals
                    .areas
                    .iter()
                    .zip(&wanted)
                    .map(|(areas, goal)| areas.iter().map(|area| c.and(*goal, *area)).collect())
                    .collect();
                Value::Goals { known, goals: wanted, areas }
            }
            ShapeKind::Plain => Value::Plain,
        };
        let unknown = match shape.kind {
            // Answered with something no rule reads counts like "not known".
            ShapeKind::Plain => c.or(of(Given::Unknown), known),
            _ => of(Given::Unknown),
        };
        State { not_asked: of(Given::NotAsked), not_applicable: Lit::FALSE, unknown, value }
    }

    fn at_least(
        &self,
        c: &mut Circuit,
        known: Lit,
        cuts: &[Amount],
        cell: impl Fn(&Body) -> usize,
    ) -> Vec<(Amount, Lit)> {
        cuts.iter()
            .enumerate()
            .map(|(n, cut)| {
                let bodies = self.bodies.iter().zip(&self.body.alternatives);
                let over: Vec<Lit> = bodies.filter(|(body, _)| cell(body) > n).map(|(_, lit)| *lit).collect();
                let over = c.any(over);
                (*cut, c.and(known, over))
            })
            .collect()
    }

    /// The position of a body like that of a patient, as far as it is known.
    pub(super) fn body_for(&self, pack: &Pack, facts: &Facts) -> Option<usize> {
        self.bodies.iter().position(|body| self.is_like(pack, facts, body))
    }

    /// The bodies that a patient of whom weight or height is known can have, in the order of all bodies. That a body's
    /// height lies in the same cell is not enough: of another height, the same weight may have another index.
    pub(super) fn bodies_with(&self, pack: &Pack, facts: &Facts) -> Vec<Body> {
        let roles = &pack.roles;
        let cuts = |ix: QuestionIx| match &self.shape(ix).kind {
            ShapeKind::OfBody(cuts) | ShapeKind::Index(cuts) => cuts.clone(),
            _ => Vec::new(),
        };
        let kind = |ix: QuestionIx| {
            let kind = number_kind(pack, ix)?;
            let known = facts.number(ix);
            Some(NumberKind { min: known.unwrap_or(kind.min), max: known.unwrap_or(kind.max), ..kind.clone() })
        };
        let (Some(kg), Some(cm)) = (kind(roles.weight), kind(roles.height)) else { return Vec::new() };
        let cuts = Cuts { weight: cuts(roles.weight), height: cuts(roles.height), index: cuts(roles.bmi) };
        let exact = bodies(&kg, &cm, &cuts);
        let with = |body: &Body| exact.iter().find(|other| other.cells == body.cells).copied();
        self.bodies.iter().filter(|body| self.is_like(pack, facts, body)).filter_map(with).collect()
    }

    /// Whether a body has what is known of a patient's.
    fn is_like(&self, pack: &Pack, facts: &Facts, body: &Body) -> bool {
        let same = |ix: QuestionIx, at: usize| {
            facts.number(ix).is_none_or(|n| match &self.shape(ix).kind {
                ShapeKind::OfBody(cuts) | ShapeKind::Index(cuts) => cell(cuts, n) == at,
                _ => at == 0,
            })
        };
        let roles = &pack.roles;
        same(roles.weight, body.cells.0) && same(roles.height, body.cells.1) && same(roles.bmi, body.cells.2)
    }

    /// The inputs that are on for an intake; `facts` before questions that do not apply are settled.
    #[must_use]
    pub fn inputs_of(&self, pack: &Pack, facts: &Facts) -> Vec<Lit> {
        let mut on = Vec::new();
        let mut choose =
            |group: &OneOf, n: usize| on.extend(group.choose(n).iter().filter(|(_, v)| *v).map(|(b, _)| *b));
        for (ix, _) in pack.questions.entries() {
            let shape = self.shape(ix);
            let given = shape.given_for(facts.get(ix));
            if let Some(n) = shape.given.iter().position(|other| *other == given) {
                choose(&shape.group, n);
            }
        }
        if let Some(n) = self.body_for(pack, facts) {
            choose(&self.body, n);
        }
        let disagreeing = facts.scored().iter().filter(|scored| scored.standing == ScaleStanding::Differs);
        on.extend(disagreeing.map(|scored| self.differs[scored.scale.get()]));
        for (ix, _) in pack.questions.entries() {
            match (&self.shape(ix).kind, facts.get(ix)) {
                (ShapeKind::List(list), Fact::Items(entries)) => {
                    for entry in entries {
                        match entry.item.map(|item| list.position(item)) {
                            None => on.push(list.free_text),
                            Some(None) => {}
                            Some(Some(n)) => {
                                on.push(list.items[n].combo_of(pack, entry).bit);
                            }
                        }
                    }
                }
                (ShapeKind::Goals(goals), Fact::Goals(wanted)) => {
                    for goal in wanted {
                        on.push(goals.goals[goal.goal.get()]);
                        on.extend(goal.areas.iter().map(|area| goals.areas[goal.goal.get()][area.get()]));
                    }
                }
                _ => {}
            }
        }
        on
    }
}

/// The range of a number question.
pub(super) fn number_kind(pack: &Pack, question: QuestionIx) -> Option<&NumberKind> {
    match &pack.questions[question].kind {
        QuestionKind::Number(kind) => Some(kind),
        _ => None,
    }
}
