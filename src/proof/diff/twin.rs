//! The intakes of one pack as another pack reads them: the same inputs under the other pack's positions.

use super::super::circuit::{Circuit, Lit};
use super::super::prover::{evaluate, on};
use super::super::reading::Said;
use super::super::space::{Combo, GoalsShape, ItemShape, ListShape, Shape, ShapeKind, Space};
use super::super::view::{Items, State, Value, View};
use super::names::Names;
use crate::pack::{Pack, QuestionIx};

/// The space and the intakes of the pack that `names` leads to, from those of the pack it comes from. A question that only
/// the other pack has counts as answered in the plainest way.
pub(super) fn twin(names: Names<'_>, space: &Space, raw: &View) -> (Space, View) {
    let (pack, back) = (names.to, names.back());
    let (own_space, plain) = plainest(pack, space);
    let mut shapes = Vec::new();
    let mut states = Vec::new();
    for (ix, own) in pack.questions.entries().map(|(ix, _)| ix).zip(own_space.shapes) {
        match back.question(ix) {
            Some(there) => {
                shapes.push(shape(names, space.shape(there)));
                states.push(state(names, ix, space.shape(there), raw.of(there)));
            }
            None => {
                shapes.push(own);
                states.push(plain.of(ix).clone());
            }
        }
    }
    let scales = pack.scales.entries().map(|(ix, _)| back.scale(ix));
    let differs = scales.map(|there| there.map_or(Lit::FALSE, |there| raw.differs[there.get()])).collect();
    let own = Space {
        shapes,
        bodies: space.bodies.clone(),
        body: space.body.clone(),
        differs: Vec::new(),
        today: space.today,
    };
    (own, View { states, differs })
}

/// The plainest intake of a pack, as constants.
fn plainest(pack: &Pack, space: &Space) -> (Space, View) {
    let mut scratch = Circuit::default();
    let own = Space::of(pack, &mut scratch, &[], None, space.today);
    let mut view = own.view(pack, &mut scratch);
    let values = evaluate(&scratch, &vec![false; scratch.nodes().len()]);
    let fix = |lit: &mut Lit| *lit = Lit::constant(on(&values, *lit));
    for state in &mut view.states {
        [&mut state.not_asked, &mut state.not_applicable, &mut state.unknown].into_iter().for_each(fix);
        match &mut state.value {
            Value::Choice(options) => options.iter_mut().for_each(fix),
            Value::Number { known, at_least } => {
                fix(known);
                at_least.iter_mut().for_each(|(_, lit)| fix(lit));
            }
            Value::Items(items) => {
                fix(&mut items.known);
                fix(&mut items.free_text);
                items.entries.iter_mut().flatten().for_each(fix);
            }
            Value::Goals { known, goals, areas } => {
                fix(known);
                goals.iter_mut().chain(areas.iter_mut().flatten()).for_each(fix);
            }
            Value::Plain => {}
        }
    }
    (own, view)
}

fn shape(names: Names<'_>, shape: &Shape) -> Shape {
    let kind = match &shape.kind {
        ShapeKind::Choice => ShapeKind::Choice,
        ShapeKind::Number(cuts) => ShapeKind::Number(cuts.clone()),
        ShapeKind::OfBody(cuts) => ShapeKind::OfBody(cuts.clone()),
        ShapeKind::Index(cuts) => ShapeKind::Index(cuts.clone()),
        ShapeKind::Plain => ShapeKind::Plain,
        // Goals are read off the view.
        ShapeKind::Goals(_) => ShapeKind::Goals(GoalsShape { goals: Vec::new(), areas: Vec::new() }),
        ShapeKind::List(list) => {
            let items = list.items.iter().filter_map(|item| {
                let combos = item
                    .combos
                    .iter()
                    .map(|combo| Combo { bit: combo.bit, said: said(names, combo), told: combo.told })
                    .collect();
                Some(ItemShape::told_apart(names.item(list.list, item.item)?, combos))
            });
            ShapeKind::List(ListShape::new(list.list, list.free_text, items.collect()))
        }
    };
    Shape { group: shape.group.clone(), given: shape.given.clone(), kind }
}

fn said(names: Names<'_>, combo: &Combo) -> Vec<(crate::pack::Ix<crate::pack::Qualifier>, Said)> {
    let other = |(qualifier, said): &(_, Said)| {
        let there = names.qualifier(*qualifier)?;
        let said = match said {
            Said::Option(n) => Said::Option(names.said(*qualifier, *n)?),
            Said::Area(area) => Said::Area(names.area(*area)?),
            Said::Number(_) | Said::Nothing => *said,
        };
        Some((there, said))
    };
    combo.said.iter().filter_map(other).collect()
}

fn state(names: Names<'_>, ix: QuestionIx, shape: &Shape, state: &State) -> State {
    let (pack, back) = (names.to, names.back());
    let at = |lits: &[Lit], n: Option<usize>| n.and_then(|n| lits.get(n)).copied().unwrap_or(Lit::FALSE);
    let value = match (&state.value, &shape.kind) {
        (Value::Choice(options), _) => {
            let n = pack.questions[ix].options().len();
            Value::Choice((0..n).map(|n| at(options, back.answer(ix, n))).collect())
        }
        (Value::Items(items), ShapeKind::List(list)) => {
            let kept =
                list.items.iter().zip(&items.entries).filter(|(item, _)| names.item(list.list, item.item).is_some());
            Value::Items(Items { entries: kept.map(|(_, row)| row.clone()).collect(), ..items.clone() })
        }
        (Value::Goals { known, goals, areas }, _) => {
            let there = |goal| back.goal(goal).map(crate::pack::Ix::get);
            let places = pack.goals.entries().map(|(goal, _)| {
                let row = there(goal).and_then(|n| areas.get(n));
                let area = |ix| row.map_or(Lit::FALSE, |row| at(row, back.area(ix).map(crate::pack::Ix::get)));
                pack.areas.entries().map(|(ix, _)| area(ix)).collect()
            });
            let goals = pack.goals.entries().map(|(goal, _)| at(goals, there(goal))).collect();
            Value::Goals { known: *known, goals, areas: places.collect() }
        }
        (value, _) => value.clone(),
    };
    State { value, ..state.clone() }
}
