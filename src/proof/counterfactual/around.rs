//! The circuit of one intake and of all that could be otherwise about it: what cannot is constant, so that it is small.

use jiff::civil::Date;

use super::edits::{About, Edit, Unit, apply, later, units};
use crate::intake::{Answer, CodedFact, Entry, Fact, Facts, Intake, QualifierFact, ScaleStanding};
use crate::pack::{Area, Changes, Identified, Ix, Pack, QuestionIx, QuestionKind};
use crate::proof::circuit::{Circuit, Lit, OneOf};
use crate::proof::outcome::Outcome;
use crate::proof::reading::Said;
use crate::proof::space::{ItemShape, ShapeKind, Space};

/// One intake, the changes there are, and what follows from each selection of them.
#[derive(Debug)]
pub(super) struct Around<'p> {
    pub pack: &'p Pack,
    pub intake: &'p Intake,
    pub today: Date,
    pub circuit: Circuit,
    pub units: Vec<Unit>,
    /// For each unit: as it is, then its alternatives.
    pub choices: Vec<OneOf>,
    pub outcome: Outcome,
}

impl<'p> Around<'p> {
    /// With `stricter`, also what there might be besides what was said.
    pub fn new(pack: &'p Pack, intake: &'p Intake, today: Date, stricter: bool) -> Self {
        let mut circuit = Circuit::default();
        let mut space = Space::of(pack, &mut circuit, &[], None, today);
        let facts = Facts::of(pack, intake, today);
        let mut units = units(pack, &space, intake, &facts, stricter);
        // What would have been stricter is about what was said: open questions stay open.
        units.retain(|unit| !(stricter && unit.free));
        // What was free before is chosen by the units alone.
        let mut circuit = Circuit::default();
        let choices: Vec<OneOf> =
            units.iter().map(|unit| OneOf::new(&mut circuit, unit.alternatives.len() + 1)).collect();
        let wiring = Wiring { pack, intake, today, units: &units, choices: &choices, facts: &facts, open: &[] };
        wiring.all(&mut circuit, &mut space);
        let raw = space.view(pack, &mut circuit);
        let (outcome, _) = Outcome::of(pack, &space, &raw, &mut circuit);
        Self { pack, intake, today, circuit, units, choices, outcome }
    }
}

/// Fixes what was answered in a space; the questions that are open stay as free as they are.
pub(in crate::proof) fn fix(
    pack: &Pack,
    intake: &Intake,
    facts: &Facts,
    open: &[QuestionIx],
    c: &mut Circuit,
    space: &mut Space,
) {
    Wiring { pack, intake, today: facts.today, units: &[], choices: &[], facts, open }.all(c, space);
}

/// What the wires of a space become.
struct Wiring<'a> {
    pack: &'a Pack,
    intake: &'a Intake,
    today: Date,
    units: &'a [Unit],
    choices: &'a [OneOf],
    facts: &'a Facts,
    /// Questions that stay free.
    open: &'a [QuestionIx],
}

/// A change, where it is chosen.
type Option_<'a> = (Option<&'a Edit>, Lit);

impl Wiring<'_> {
    fn all(&self, c: &mut Circuit, space: &mut Space) {
        self.answers(c, space);
        self.body(c, space);
        self.goals(c, space);
        self.lists(c, space);
    }

    /// What a unit may be: as it is, and each alternative.
    fn options(&self, about: impl Fn(About) -> bool) -> Vec<(Option<&Edit>, Lit)> {
        let Some(n) = self.units.iter().position(|unit| about(unit.about)) else { return vec![(None, Lit::TRUE)] };
        let edits = std::iter::once(None).chain(self.units[n].alternatives.iter().map(|(edit, _)| Some(edit)));
        edits.zip(self.choices[n].alternatives.iter().copied()).collect()
    }

    fn days(&self) -> Vec<(i32, Lit)> {
        let days = |edit: Option<&Edit>| match edit {
            Some(Edit::Later(days)) => *days,
            _ => 0,
        };
        self.options(|about| about == About::Day).into_iter().map(|(edit, lit)| (days(edit), lit)).collect()
    }

    fn after(&self, edits: &[&Edit]) -> Facts {
        let (intake, day) = apply(self.pack, self.intake, self.today, edits);
        Facts::of(self.pack, &intake, day)
    }

    /// How each question is answered, and where a scale says something else.
    fn answers(&self, c: &mut Circuit, space: &mut Space) {
        let pack = self.pack;
        let roles = &pack.roles;
        for differs in &mut space.differs {
            *differs = Lit::FALSE;
        }
        let disagreeing: Vec<_> =
            self.facts.scored().iter().filter(|scored| scored.standing == ScaleStanding::Differs).collect();
        for (ix, _) in pack.questions.entries().filter(|(ix, _)| !self.open.contains(ix)) {
            let of_body = ix == roles.weight || ix == roles.height;
            let options = if of_body {
                self.options(|about| about == About::Body)
            } else {
                self.options(|about| about == About::Question(ix))
            };
            let mut by: Vec<Vec<Lit>> = vec![Vec::new(); space.shape(ix).given.len()];
            let mut note = |space: &Space, fact: &Fact, lit: Lit| {
                let given = space.shape(ix).given_for(fact);
                // A computed question has one way to be answered.
                let n = space.shape(ix).given.iter().position(|other| *other == given).unwrap_or(0);
                by[n].push(lit);
            };
            for (edit, lit) in &options {
                let by_date = ix == roles.age
                    && edit.is_none()
                    && self.intake.get(&pack.questions[roles.birth_date].id).is_some();
                if by_date {
                    for (days, day) in self.days() {
                        let there = c.and(*lit, day);
                        note(space, self.after(&[&Edit::Later(days)]).get(ix), there);
                    }
                } else {
                    match edit {
                        None => note(space, self.facts.get(ix), *lit),
                        Some(edit) => note(space, self.after(&[*edit]).get(ix), *lit),
                    }
                }
            }
            space.shapes[ix.get()].group.alternatives = by.into_iter().map(|lits| c.any(lits)).collect();
            for scored in disagreeing.iter().filter(|scored| scored.question == ix) {
                space.differs[scored.scale.get()] = options[0].1;
            }
        }
    }

    fn body(&self, c: &mut Circuit, space: &mut Space) {
        let roles = &self.pack.roles;
        if self.open.contains(&roles.weight) || self.open.contains(&roles.height) {
            space.bodies = space.bodies_with(self.pack, self.facts);
            space.body = OneOf::new(c, space.bodies.len().max(1));
            return;
        }
        let mut by: Vec<Vec<Lit>> = vec![Vec::new(); space.body.alternatives.len()];
        for (edit, lit) in self.options(|about| about == About::Body) {
            let n = match edit {
                None => space.body_for(self.pack, self.facts),
                Some(edit) => space.body_for(self.pack, &self.after(&[edit])),
            };
            by[n.unwrap_or(0)].push(lit);
        }
        space.body.alternatives = by.into_iter().map(|lits| c.any(lits)).collect();
    }

    fn goals(&self, c: &mut Circuit, space: &mut Space) {
        let pack = self.pack;
        let ix = pack.roles.goals;
        if self.open.contains(&ix) {
            return;
        }
        let entries = match self.intake.get(&pack.questions[ix].id) {
            Some(Answer::Goals(entries)) => entries.as_slice(),
            _ => &[],
        };
        let mut goals = vec![Vec::new(); pack.goals.len()];
        let mut areas = vec![vec![Vec::new(); pack.areas.len()]; pack.goals.len()];
        let mut want = |entry: &crate::intake::GoalEntry, lit: Lit| {
            let Some(goal) = pack.goals.find(&entry.goal) else { return };
            goals[goal.get()].push(lit);
            for area in entry.areas.iter().filter_map(|id| pack.areas.find(id)) {
                areas[goal.get()][area.get()].push(lit);
            }
        };
        // Not asked, or nothing: then a whole answer takes its place.
        for (edit, lit) in self.options(|about| about == About::Question(ix)) {
            if let Some(Edit::Answers(answers)) = edit
                && let Some((_, Answer::Goals(entries))) = answers.first()
            {
                entries.iter().for_each(|entry| want(entry, lit));
            }
        }
        for (n, entry) in entries.iter().enumerate() {
            for (edit, lit) in self.options(|about| about == About::Goal(n)) {
                match edit {
                    None => want(entry, lit),
                    Some(Edit::Goal { instead: Some(instead), .. }) => want(instead, lit),
                    Some(_) => {}
                }
            }
        }
        let goals: Vec<Lit> = goals.into_iter().map(|lits| c.any(lits)).collect();
        let areas: Vec<Vec<Lit>> =
            areas.into_iter().map(|row| row.into_iter().map(|lits| c.any(lits)).collect()).collect();
        if let ShapeKind::Goals(shape) = &mut space.shapes[ix.get()].kind {
            (shape.goals, shape.areas) = (goals, areas);
        }
    }

    fn lists(&self, c: &mut Circuit, space: &mut Space) {
        let pack = self.pack;
        let treated = match &space.shape(pack.roles.goals).kind {
            ShapeKind::Goals(goals) => {
                (0..pack.areas.len()).map(|n| c.any(goals.areas.iter().map(|row| row[n]).collect::<Vec<_>>())).collect()
            }
            _ => Vec::new(),
        };
        let days = self.days();
        for (ix, question) in pack.questions.entries() {
            let (QuestionKind::List(_), false) = (&question.kind, self.open.contains(&ix)) else { continue };
            let entries = self.intake.entries(&question.id);
            let free_text = self.facts.items(ix).iter().any(|entry| entry.item.is_none());
            let mut bits: Vec<Vec<Vec<Lit>>> = match &space.shape(ix).kind {
                ShapeKind::List(shape) => shape.items.iter().map(|item| vec![Vec::new(); item.combos.len()]).collect(),
                _ => continue,
            };
            let ShapeKind::List(shape) = &space.shape(ix).kind else { continue };
            let mut see = |c: &mut Circuit, entry: &Entry, n: Option<usize>, there: Lit| {
                let Some(fact) = self.coded(ix, entry) else { return };
                let Some(at) = fact.item.and_then(|item| shape.position(item)) else { return };
                let item = &shape.items[at];
                let axes = self.axes(c, (ix, n), entry, item, &days, &treated);
                each_cell(c, item, &axes, there, &mut |combo, lit| bits[at][combo].push(lit));
            };
            for (n, entry) in entries.iter().enumerate() {
                let there = self.options(|about| about == About::Entry(ix, n))[0].1;
                see(c, entry, Some(n), there);
            }
            for (edit, lit) in self.options(|about| about == About::Also(ix)).into_iter().skip(1) {
                if let Some(Edit::Also { entry, .. }) = edit {
                    see(c, entry, None, lit);
                }
            }
            let bits: Vec<Vec<Lit>> =
                bits.into_iter().map(|row| row.into_iter().map(|lits| c.any(lits)).collect()).collect();
            let ShapeKind::List(shape) = &mut space.shapes[ix.get()].kind else { continue };
            shape.free_text = Lit::constant(free_text);
            for (item, bits) in shape.items.iter_mut().zip(bits) {
                for (combo, bit) in item.combos.iter_mut().zip(bits) {
                    combo.bit = bit;
                }
            }
        }
    }

    /// An entry alone, as the facts have it.
    fn coded(&self, question: QuestionIx, entry: &Entry) -> Option<CodedFact> {
        let mut intake = Intake::default();
        intake.set(self.pack.questions[question].id(), Answer::Items(vec![entry.clone()]));
        Facts::of(self.pack, &intake, self.today).items(question).first().cloned()
    }

    /// For each axis of an item, where an entry has each of its values.
    fn axes(
        &self,
        c: &mut Circuit,
        (question, n): (QuestionIx, Option<usize>),
        entry: &Entry,
        item: &ItemShape,
        days: &[(i32, Lit)],
        treated: &[Lit],
    ) -> Vec<Vec<Lit>> {
        let pack = self.pack;
        let site = pack.qualifier_roles.site;
        let QuestionKind::List(list) = pack.questions[question].kind else { return Vec::new() };
        let mut all = Vec::new();
        for axis in &item.axes {
            let id = &pack.qualifiers[axis.qualifier].id;
            let mut by = vec![Vec::new(); axis.values.len()];
            let options: Vec<Option_<'_>> = match n {
                Some(n) => self.options(|about| about == About::Qualifier(question, n, axis.qualifier)),
                None => vec![(None, Lit::TRUE)],
            };
            for (edit, chosen) in options {
                let mut said = entry.clone();
                if let Some(Edit::Qualified { value, .. }) = edit {
                    said.qualifiers.insert(id.clone(), value.clone());
                }
                let passes = n.is_some() && pack.qualifiers[axis.qualifier].changes == Changes::ByTime;
                let spans: &[(i32, Lit)] = if passes { days } else { &[(0, Lit::TRUE)] };
                for (wait, day) in spans {
                    let mut then = said.clone();
                    if let Some(value) = then.qualifiers.get_mut(id) {
                        *value = later(pack, list, axis.qualifier, value, *wait);
                    }
                    let Some(mut fact) = self.coded(question, &then) else { continue };
                    let there = c.and(chosen, *day);
                    let by_area = axis.values.iter().any(|value| matches!(value, Said::Area(_)));
                    match fact.site.filter(|_| axis.qualifier == site && !by_area) {
                        // A site that names an area is here where that area is treated.
                        Some(area) => {
                            let here = self.overlaps(c, area, treated);
                            for (word, lit) in [("here", here), ("elsewhere", !here)] {
                                fact.qualifiers.retain(|(q, _)| *q != site);
                                fact.qualifiers
                                    .extend(site_option(pack, word).map(|n| (site, QualifierFact::Choice(n))));
                                let both = c.and(there, lit);
                                by[axis.position(&fact, site)].push(both);
                            }
                        }
                        None => by[axis.position(&fact, site)].push(there),
                    }
                }
            }
            all.push(by.into_iter().map(|lits| c.any(lits)).collect());
        }
        all
    }

    fn overlaps(&self, c: &mut Circuit, site: Ix<Area>, treated: &[Lit]) -> Lit {
        let pack = self.pack;
        let meets = |area: Ix<Area>| pack.area_within(area, site) || pack.area_within(site, area);
        let there: Vec<Lit> = pack
            .areas
            .entries()
            .filter(|(area, _)| meets(*area))
            .filter_map(|(area, _)| treated.get(area.get()).copied())
            .collect();
        c.any(there)
    }
}

fn site_option(pack: &Pack, word: &str) -> Option<usize> {
    match &pack.qualifiers[pack.qualifier_roles.site].kind {
        crate::pack::QualifierKind::Choice(options) => options.iter().position(|option| option.id == word),
        crate::pack::QualifierKind::Number(_) => None,
    }
}

/// Visits the cells of an item that an entry may be in.
fn each_cell(c: &mut Circuit, item: &ItemShape, axes: &[Vec<Lit>], there: Lit, see: &mut impl FnMut(usize, Lit)) {
    for (cell, combo) in item.of_cell.iter().enumerate() {
        let mut rest = cell;
        let mut parts = vec![there];
        for axis in axes {
            parts.push(axis[rest % axis.len()]);
            rest /= axis.len();
        }
        if !parts.contains(&Lit::FALSE) {
            see(*combo, c.all(parts));
        }
    }
}
