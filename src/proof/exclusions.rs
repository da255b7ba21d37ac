//! What the rules take out, on wires.

use super::circuit::{Circuit, Lit};
use super::conditions::Reader;
use super::reading::Said;
use crate::pack::{Area, Condition, Ix, Rule, Set};

/// What is excluded by some of the rules.
#[derive(Clone, Debug)]
pub struct Exclusions {
    pub(super) ingredients: Vec<Lit>,
    pub(super) goals: Vec<Lit>,
    /// Where it is wanted: an area that is excluded itself, or lies in one that is.
    pub(super) areas: Vec<Lit>,
    pub(super) techniques: Vec<Lit>,
}

impl Exclusions {
    /// What the rules that `counts` keeps take out when they fire.
    pub fn of(c: &mut Circuit, reader: &Reader<'_>, fires: &[Lit], counts: impl Fn(&Rule) -> bool) -> Self {
        Self::but_goals(c, reader, fires, counts, |_| false)
    }

    /// The same, but some of these rules give the goals back that they take out.
    pub fn but_goals(
        c: &mut Circuit,
        reader: &Reader<'_>,
        fires: &[Lit],
        counts: impl Fn(&Rule) -> bool,
        gives_back: impl Fn(&Rule) -> bool,
    ) -> Self {
        let pack = reader.pack;
        let rules: Vec<(&Rule, Lit)> =
            pack.rules.iter().zip(fires.iter().copied()).filter(|(rule, _)| counts(rule)).collect();
        let mut areas = vec![Vec::new(); pack.areas.len()];
        for (rule, fires) in &rules {
            if !rule.exclude.areas.is_empty() {
                for (area, _) in pack.areas.entries() {
                    if pack.area_path(area).any(|at| rule.exclude.areas.contains(at)) {
                        areas[area.get()].push(*fires);
                    }
                }
            }
            if rule.exclude.site {
                let sites = Sites::of(c, reader, rule);
                for (area, _) in pack.areas.entries() {
                    let there = sites.takes(c, reader, area);
                    areas[area.get()].push(c.and(*fires, there));
                }
            }
        }
        Self {
            ingredients: by_rules(c, pack.ingredients.len(), &rules, |rule| &rule.exclude.ingredients),
            goals: {
                let stays: Vec<(&Rule, Lit)> = rules.iter().filter(|(rule, _)| !gives_back(rule)).copied().collect();
                by_rules(c, pack.goals.len(), &stays, |rule| &rule.exclude.goals)
            },
            areas: areas.iter().map(|by| c.any_of_many(by)).collect(),
            techniques: by_rules(c, pack.techniques.len(), &rules, |rule| &rule.exclude.techniques),
        }
    }
}

/// For each row of a table: where one of the rules that take it out fires.
fn by_rules<T>(c: &mut Circuit, rows: usize, rules: &[(&Rule, Lit)], takes: impl Fn(&Rule) -> &Set<T>) -> Vec<Lit> {
    let mut by = vec![Vec::new(); rows];
    for (rule, fires) in rules {
        takes(rule).iter().for_each(|ix| by[ix.get()].push(*fires));
    }
    by.iter().map(|fires| c.any_of_many(fires)).collect()
}

/// The places that the entries which fire a rule name.
struct Sites {
    /// Some entry says "here" or does not say where: wherever treatment is wanted.
    everywhere: Lit,
    /// Some entry names this area.
    named: Vec<Lit>,
}

impl Sites {
    fn of(c: &mut Circuit, reader: &Reader<'_>, rule: &Rule) -> Self {
        let site = reader.pack.qualifier_roles.site;
        let elsewhere = reader.site_option("elsewhere");
        let mut everywhere = Vec::new();
        let mut named = vec![Vec::new(); reader.pack.areas.len()];
        rule.when.visit(&mut |condition| {
            let Condition::Listed { question, items, with, .. } = condition else { return };
            reader.each_entry(*question, items, |combo, lit| {
                let passes = reader.entry(c, combo, with);
                let speaks = c.and(lit, passes.maybe);
                match combo.said.iter().find(|(q, _)| *q == site).map(|(_, said)| *said) {
                    Some(Said::Area(area)) => named[area.get()].push(speaks),
                    Some(Said::Option(n)) if Some(n) == elsewhere => {}
                    _ => everywhere.push(speaks),
                }
            });
        });
        Self { everywhere: c.any(everywhere), named: named.into_iter().map(|by| c.any(by)).collect() }
    }

    /// Whether an area that is wanted lies in one that is named.
    fn takes(&self, c: &mut Circuit, reader: &Reader<'_>, area: Ix<Area>) -> Lit {
        let mut by: Vec<Lit> = reader.pack.area_path(area).map(|at| self.named[at.get()]).collect();
        by.push(self.everywhere);
        c.any(by)
    }
}
