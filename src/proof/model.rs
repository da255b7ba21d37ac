//! A pack as a circuit: all intakes, and what follows from each.

use std::collections::HashMap;

use jiff::civil::Date;

use super::ceilings::Ceiling;
use super::circuit::{Circuit, Lit};
use super::conditions::Reader;
use super::outcome::Outcome;
use super::properties;
use super::question::{Property, Question};
use super::reading::Reading;
use super::space::Space;
use super::view::View;
use crate::pack::{Condition, Item, Ix, Never, Pack};

/// What is to be proved.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'p> {
    /// The pack, all layers.
    pub pack: &'p Pack,
    /// The pack without its last layer, where there is more than one.
    pub below: Option<&'p Pack>,
    /// What must never happen.
    pub case: &'p [Never],
    /// The day: a clinic's override of a rule holds for a time. Witnesses are assessed for it.
    pub today: Date,
}

/// Everything that questions are asked about.
#[derive(Debug)]
pub struct Model<'p> {
    pub(super) pack: &'p Pack,
    pub(super) case: &'p [Never],
    /// The pack without its last layer.
    pub(super) below: Option<&'p Pack>,
    pub(super) circuit: Circuit,
    pub(super) space: Space,
    /// Intakes as they are answered.
    pub(super) raw: View,
    /// The same with questions that do not apply settled.
    pub(super) view: View,
    pub(super) outcome: Outcome,
    /// How many nodes the outcome needs; those behind them belong to questions.
    pub(super) own: usize,
    /// Changed intakes that questions compare with these.
    pub(super) changed: Vec<View>,
    /// Where each recipe can be taken, as far as somebody asked.
    playing: HashMap<usize, Lit>,
}

impl<'p> Model<'p> {
    /// The model of a pack.
    #[must_use]
    pub fn of(subject: Subject<'p>) -> Self {
        Self::reading(subject, &[])
    }

    /// The model of a pack in which what some conditions read is told apart as well.
    pub(super) fn reading(subject: Subject<'p>, also: &'p [Condition]) -> Self {
        let Subject { pack, below, case, today } = subject;
        let mut circuit = Circuit::default();
        let mut reading = Reading::of(pack, case, below);
        also.iter().for_each(|condition| reading.read(pack, condition));
        let space = Space::read_by(pack, &mut circuit, &reading, today);
        let raw = space.view(pack, &mut circuit);
        let (outcome, view) = Outcome::of(pack, &space, &raw, &mut circuit);
        let own = circuit.nodes().len();
        let (changed, playing) = (Vec::new(), HashMap::new());
        Self { pack, case, below, circuit, space, raw, view, outcome, own, changed, playing }
    }

    /// Every question of every property, in an order that depends on the pack alone.
    pub fn questions(&mut self) -> Vec<Question> {
        let mut all = Vec::new();
        properties::plans(self, &mut all);
        properties::doses(self, &mut all);
        properties::safety_case(self, &mut all);
        properties::uses(self, &mut all);
        properties::goals(self, &mut all);
        properties::unknown(self, &mut all);
        properties::risk(self, &mut all);
        properties::layer(self, &mut all);
        all
    }

    /// What a question is about when it is about a ceiling.
    pub(super) fn ceiling_of(&self, question: &Question) -> Option<Ceiling<'p>> {
        let (id, _) = question.subject.rsplit_once('/')?.0.rsplit_once('/')?;
        let of_ceilings = matches!(question.property, Property::NoLimitPassed | Property::NoDayTooEarly);
        Ceiling::all(self.pack, self.case, self.below).into_iter().find(|ceiling| of_ceilings && ceiling.id == id)
    }

    /// Keeps a changed view; its position.
    pub(super) fn keep(&mut self, view: View) -> usize {
        self.changed.push(view);
        self.changed.len() - 1
    }

    /// How a condition stands, read off the settled view.
    pub(super) fn read(&mut self, condition: &Condition) -> super::rails::Rails {
        let reader = Reader::new(self.pack, &self.space, &self.view);
        reader.read(&mut self.circuit, condition)
    }

    /// Where somebody asks for an ingredient.
    pub(super) fn asked_for(&mut self, item: Ix<Item>) -> Lit {
        let reader = Reader::new(self.pack, &self.space, &self.view);
        let mut asked = Vec::new();
        reader.each_entry(self.pack.roles.requested, &std::iter::once(item).collect(), |_, lit| asked.push(lit));
        self.circuit.any(asked)
    }

    /// What [`Model::in_play`] said of a recipe.
    pub(super) fn playing(&self, recipe: usize) -> Option<Lit> {
        self.playing.get(&recipe).copied()
    }

    /// Where a recipe can be taken for something that is wanted and left: by the program or by the practitioner's choice.
    pub(super) fn in_play(&mut self, recipe: usize) -> Lit {
        if let Some(known) = self.playing.get(&recipe) {
            return *known;
        }
        let by: Vec<Lit> = self
            .outcome
            .left
            .iter()
            .filter(|w| w.taken.iter().any(|(ix, _)| ix.get() == recipe))
            .map(|w| w.left)
            .collect();
        let wanted = self.circuit.any(by);
        let possible = self.outcome.recipes.fillings[recipe].possible;
        let lit = self.circuit.all([self.outcome.plan, wanted, possible]);
        self.playing.insert(recipe, lit);
        lit
    }
}
