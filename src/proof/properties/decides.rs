//! What rules decide, and where a rule is the only one that does.

use super::super::circuit::Lit;
use super::super::model::Model;
use super::super::outcome::Outcome;
use crate::pack::{Area, Goal, Identified, Item, Ix, Pack, Rule, Technique, Verdict};
use jiff::civil::Date;

/// One thing that a rule decides.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in super::super) enum Aspect {
    /// A verdict this strict.
    Verdict(Verdict),
    /// That something is out.
    Ingredient(Ix<Item>),
    Goal(Ix<Goal>),
    Area(Ix<Area>),
    Technique(Ix<Technique>),
}

impl Aspect {
    /// What a rule decides on a day.
    pub fn of_rule(rule: &Rule, today: Date) -> Vec<Self> {
        let verdict = rule.ruling_on(today).verdict;
        let mut all: Vec<Self> = (verdict > Verdict::Proceed).then_some(Self::Verdict(verdict)).into_iter().collect();
        all.extend(rule.exclude.ingredients.iter().map(Self::Ingredient));
        all.extend(rule.exclude.goals.iter().map(Self::Goal));
        all.extend(rule.exclude.areas.iter().map(Self::Area));
        all.extend(rule.exclude.techniques.iter().map(Self::Technique));
        all
    }

    /// Whether a rule decides the same, or more.
    pub fn decided_by(self, rule: &Rule, today: Date) -> bool {
        match self {
            Self::Verdict(verdict) => rule.ruling_on(today).verdict >= verdict,
            Self::Ingredient(item) => rule.exclude.ingredients.contains(item),
            Self::Goal(goal) => rule.exclude.goals.contains(goal),
            Self::Area(area) => rule.exclude.areas.contains(area),
            Self::Technique(technique) => rule.exclude.techniques.contains(technique),
        }
    }

    /// Where a rule that decides it does so.
    pub fn wire(self, outcome: &Outcome, rule: usize) -> Lit {
        match self {
            Self::Verdict(_) => outcome.listed[rule],
            _ => outcome.fires[rule],
        }
    }

    /// As `kind:id`.
    pub fn word(self, pack: &Pack) -> String {
        match self {
            Self::Verdict(verdict) => format!("verdict:{}", verdict.word()),
            Self::Ingredient(ix) => format!("ingredient:{}", pack.ingredients[ix].id()),
            Self::Goal(ix) => format!("goal:{}", pack.goals[ix].id()),
            Self::Area(ix) => format!("area:{}", pack.areas[ix].id()),
            Self::Technique(ix) => format!("technique:{}", pack.techniques[ix].id()),
        }
    }
}

/// Where each rule makes a difference: a verdict that no other finding reaches, or something that no other rule excludes.
/// `None` for a rule that only tells something or changes the calendar.
pub(in super::super) fn decide(m: &mut Model<'_>) -> Vec<Option<Lit>> {
    let (pack, today, c, outcome) = (m.pack, m.space.today, &mut m.circuit, &m.outcome);
    let mut alone: Vec<Vec<Lit>> = vec![Vec::new(); pack.rules.len()];
    let those = |decide: &dyn Fn(&Rule) -> bool| -> Vec<usize> {
        pack.rules.entries().filter(|(_, rule)| decide(rule)).map(|(ix, _)| ix.get()).collect()
    };
    let mut stricter = Lit::FALSE;
    for verdict in Verdict::ALL.into_iter().skip(1).rev() {
        let own = those(&|rule| rule.ruling_on(today).verdict == verdict);
        let wires: Vec<Lit> = own.iter().map(|n| outcome.listed[*n]).collect();
        for (n, other) in own.iter().zip(c.any_other(&wires)) {
            alone[*n].push(!c.or(other, stricter));
        }
        let any = c.any_of_many(&wires);
        stricter = c.or(stricter, any);
    }
    let ingredients = pack.ingredients.entries().map(|(ix, _)| Aspect::Ingredient(ix));
    let goals = pack.goals.entries().map(|(ix, _)| Aspect::Goal(ix));
    let areas = pack.areas.entries().map(|(ix, _)| Aspect::Area(ix));
    let techniques = pack.techniques.entries().map(|(ix, _)| Aspect::Technique(ix));
    for aspect in ingredients.chain(goals).chain(areas).chain(techniques) {
        let own = those(&|rule| aspect.decided_by(rule, today));
        let wires: Vec<Lit> = own.iter().map(|n| outcome.fires[*n]).collect();
        for (n, other) in own.iter().zip(c.any_other(&wires)) {
            alone[*n].push(!other);
        }
    }
    let rules = pack.rules.iter().zip(alone);
    rules.map(|(rule, alone)| (!only_tells(rule, today)).then(|| c.any(alone))).collect()
}

/// Whether a rule decides nothing that could be compared: it changes the calendar or the way, tells something, or takes
/// out the places that its entries name.
fn only_tells(rule: &Rule, today: Date) -> bool {
    let change = &rule.modifies;
    change.interval_days.is_some()
        || change.test_spot.is_some()
        || change.technique.is_some()
        || change.ceiling.is_some()
        || change.single_product
        || change.note.is_some()
        || rule.exclude.site
        || (rule.ruling_on(today).verdict == Verdict::Proceed && rule.exclude.is_empty())
}
