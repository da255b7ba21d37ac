//! Conditions of the pack on wires, as [`crate::rules::evaluate`] evaluates them.

use super::circuit::{Circuit, Lit};
use super::rails::Rails;
use super::reading::Said;
use super::space::{Combo, ShapeKind, Space, number_kind, passes};
use super::view::{Value, View, number_at_least};
use crate::pack::{
    Area, Condition, Goal, Item, Ix, Pack, QualifierKind, QualifierTest, QuestionIx, Range, Set, ValueTest,
};
use crate::rules::Truth;

/// Reads conditions of one pack off one view.
#[derive(Debug)]
pub struct Reader<'a> {
    pub(super) pack: &'a Pack,
    pub(super) space: &'a Space,
    pub(super) view: &'a View,
}

impl<'a> Reader<'a> {
    /// A reader of a view.
    #[must_use]
    pub const fn new(pack: &'a Pack, space: &'a Space, view: &'a View) -> Self {
        Self { pack, space, view }
    }

    /// Whether one area that is treated lies in this one, or this one in it.
    fn overlaps(&self, c: &mut Circuit, site: Ix<Area>) -> Lit {
        let pack = self.pack;
        let (_, wanted) = self.view.goals(pack.roles.goals);
        let meets = |area: &Ix<Area>| pack.area_within(*area, site) || pack.area_within(site, *area);
        let there: Vec<Lit> = pack
            .areas
            .entries()
            .map(|(area, _)| area)
            .filter(meets)
            .flat_map(|area| wanted.iter().map(move |row| row[area.get()]))
            .collect();
        c.any(there)
    }

    /// How a condition stands.
    pub fn read(&self, c: &mut Circuit, condition: &Condition) -> Rails {
        match condition {
            Condition::All(of) => {
                let of: Vec<Rails> = of.iter().map(|part| self.read(c, part)).collect();
                Rails::all(c, &of)
            }
            Condition::Any(of) => {
                let of: Vec<Rails> = of.iter().map(|part| self.read(c, part)).collect();
                Rails::any(c, &of)
            }
            Condition::Not(inner) => self.read(c, inner).not(c),
            Condition::AtLeast { count, of } => {
                let of: Vec<Rails> = of.iter().map(|part| self.read(c, part)).collect();
                Rails::at_least(c, *count, &of)
            }
            Condition::Choice { question, options } => {
                let yes = match &self.view.of(*question).value {
                    Value::Choice(wires) => {
                        let chosen = wires.iter().enumerate().filter(|(n, _)| options >> n & 1 == 1);
                        c.any(chosen.map(|(_, lit)| *lit).collect::<Vec<_>>())
                    }
                    _ => Lit::FALSE,
                };
                self.or_open(c, *question, yes, yes)
            }
            Condition::Number { question, range } => {
                let yes = self.in_range(c, *question, range);
                self.or_open(c, *question, yes, yes)
            }
            Condition::Listed { question, items, with, .. } => {
                let mut found = vec![Rails::constant(Truth::False)];
                self.each_entry(*question, items, |combo, lit| {
                    let passes = self.entry(c, combo, with);
                    found.push(Rails {
                        pending: c.and(lit, passes.pending),
                        maybe: c.and(lit, passes.maybe),
                        certain: c.and(lit, passes.certain),
                    });
                });
                let found = Rails::any(c, &found);
                // An entry is never pending.
                self.or_open(c, *question, found.maybe, found.certain)
            }
            Condition::Goal { goals, areas } => self.goal(c, goals.as_ref(), areas.as_ref()),
        }
    }

    fn in_range(&self, c: &mut Circuit, question: QuestionIx, range: &Range) -> Lit {
        let (Value::Number { known, at_least }, Some(kind)) =
            (&self.view.of(question).value, number_kind(self.pack, question))
        else {
            return Lit::FALSE;
        };
        let wire = |at| number_at_least(*known, at_least, at, kind.min);
        let from = range.from.map_or(*known, wire);
        let below = range.below.map_or(Lit::FALSE, wire);
        c.all([*known, from, !below])
    }

    /// A value that speaks for it, or an answer that leaves it open.
    fn or_open(&self, c: &mut Circuit, question: QuestionIx, maybe: Lit, certain: Lit) -> Rails {
        let state = self.view.of(question);
        let maybe = c.or(maybe, state.unknown);
        let waits = if self.pack.questions[question].optional { Lit::FALSE } else { state.not_asked };
        Rails { pending: c.or(maybe, waits), maybe, certain }
    }

    /// Visits the entries of these items that a list may have.
    pub(super) fn each_entry(&self, question: QuestionIx, items: &Set<Item>, mut see: impl FnMut(&'a Combo, Lit)) {
        let ShapeKind::List(list) = &self.space.shape(question).kind else { return };
        let Some(wires) = self.view.items(question) else { return };
        for n in items.iter().filter_map(|item| list.position(item)) {
            for (combo, lit) in list.items[n].combos.iter().zip(&wires.entries[n]) {
                see(combo, *lit);
            }
        }
    }

    /// Whether an entry passes all tests.
    pub(super) fn entry(&self, c: &mut Circuit, combo: &Combo, with: &[QualifierTest]) -> Rails {
        let site = self.pack.qualifier_roles.site;
        let rest = Rails::constant(passes(&combo.said, with, site));
        let Some((_, Said::Area(area))) = combo.said.iter().find(|(q, _)| *q == site) else { return rest };
        if rest.pending == Lit::FALSE {
            return rest;
        }
        // A site that names an area is here where that area is treated.
        let mut parts = vec![rest];
        for test in with.iter().filter(|test| test.qualifier == site) {
            let ValueTest::Choice(bits) = &test.test else { continue };
            let has = |word: &str| self.site_option(word).is_some_and(|n| bits >> n & 1 == 1);
            let here = self.overlaps(c, *area);
            let lit = match (has("here"), has("elsewhere")) {
                (true, true) => Lit::TRUE,
                (true, false) => here,
                (false, true) => !here,
                (false, false) => Lit::FALSE,
            };
            parts.push(Rails { pending: lit, maybe: lit, certain: lit });
        }
        Rails::all(c, &parts)
    }

    pub(super) fn site_option(&self, word: &str) -> Option<usize> {
        match &self.pack.qualifiers[self.pack.qualifier_roles.site].kind {
            QualifierKind::Choice(options) => options.iter().position(|option| option.id == word),
            QualifierKind::Number(_) => None,
        }
    }

    fn goal(&self, c: &mut Circuit, goals: Option<&Set<Goal>>, areas: Option<&Set<Area>>) -> Rails {
        let question = self.pack.roles.goals;
        let (wanted, places) = self.view.goals(question);
        let mut certain = Vec::new();
        let mut open = Vec::new();
        for ((ix, _), (goal, places)) in self.pack.goals.entries().zip(wanted.iter().zip(places)) {
            if goals.is_some_and(|set| !set.contains(ix)) {
                continue;
            }
            match areas {
                None => certain.push(*goal),
                Some(set) => {
                    let there: Vec<Lit> =
                        places.iter().enumerate().filter(|(n, _)| set.contains(Ix::new(*n))).map(|(_, l)| *l).collect();
                    certain.push(c.any(there));
                    let none = !c.any(places.iter().copied());
                    open.push(c.and(*goal, none));
                }
            }
        }
        let certain = c.any(certain);
        let rails = self.or_open(c, question, certain, certain);
        open.push(rails.pending);
        Rails { pending: c.any(open), ..rails }
    }
}

/// Marks the questions that do not apply, in the order of the pack and as [`crate::rules::settle`] does.
pub fn settle(pack: &Pack, space: &Space, view: &View, c: &mut Circuit) -> View {
    let mut settled = view.clone();
    for (ix, question) in pack.questions.entries() {
        let Some(when) = &question.ask_when else { continue };
        let asked = Reader::new(pack, space, &settled).read(c, when);
        let state = &mut settled.states[ix.get()];
        let drops = c.and(state.not_asked, !asked.pending);
        state.not_asked = c.and(state.not_asked, asked.pending);
        match (question.otherwise, &mut state.value) {
            (Some(n), Value::Choice(options)) if n < options.len() => options[n] = c.or(options[n], drops),
            // A value of another kind is worth as much as one not known.
            (Some(_), _) => state.unknown = c.or(state.unknown, drops),
            (None, _) => state.not_applicable = c.or(state.not_applicable, drops),
        }
    }
    settled
}
