//! What must not be used, and which rules say so.

use super::adjust::Adjustments;
use super::assessment::Excluded;
use super::findings::Fired;
use super::not_known;
use crate::pack::{Area, Goal, Identified, Item, Ix, Pack, Rule, Scope, Table, Technique};

/// For each thing that may be excluded, the rules that exclude it.
#[derive(Debug)]
pub(super) struct Exclusions {
    ingredients: Vec<Vec<Ix<Rule>>>,
    goals: Vec<Vec<Ix<Rule>>>,
    areas: Vec<Vec<Ix<Rule>>>,
    techniques: Vec<Vec<Ix<Rule>>>,
    /// Rules that count only because something is not known.
    supposed: Vec<Ix<Rule>>,
}

impl Exclusions {
    /// What the rules exclude.
    pub fn of<'p>(pack: &'p Pack, fired: &[Fired<'p>], adjustments: &Adjustments) -> Self {
        // A verdict about a goal that is overridden gives the goal back; nothing else comes back.
        Self::by(pack, fired, |fired| fired.rule.scope == Scope::Goal && fired.overridden(adjustments))
    }

    /// What stays excluded when every clearance has come and every wait is over.
    pub fn lasting<'p>(pack: &'p Pack, fired: &[Fired<'p>], adjustments: &Adjustments) -> Self {
        let lasts = fired.iter().filter(|fired| fired.lasts(adjustments));
        Self::by(pack, lasts, |fired| fired.gives_goals_back(adjustments))
    }

    fn by<'f, 'p: 'f>(
        pack: &'p Pack,
        fired: impl IntoIterator<Item = &'f Fired<'p>>,
        gives_goals_back: impl Fn(&Fired<'p>) -> bool,
    ) -> Self {
        let mut all = Self {
            ingredients: vec![Vec::new(); pack.ingredients.len()],
            goals: vec![Vec::new(); pack.goals.len()],
            areas: vec![Vec::new(); pack.areas.len()],
            techniques: vec![Vec::new(); pack.techniques.len()],
            supposed: Vec::new(),
        };
        for fired in fired {
            if fired.supposed() {
                all.supposed.push(fired.ix);
            }
            let exclude = &fired.rule.exclude;
            exclude.ingredients.iter().for_each(|ix| all.ingredients[ix.get()].push(fired.ix));
            if !gives_goals_back(fired) {
                exclude.goals.iter().for_each(|ix| all.goals[ix.get()].push(fired.ix));
            }
            exclude.techniques.iter().for_each(|ix| all.techniques[ix.get()].push(fired.ix));
            for area in exclude.areas.iter().chain(fired.sites.iter()) {
                let rules = &mut all.areas[area.get()];
                if !rules.contains(&fired.ix) {
                    rules.push(fired.ix);
                }
            }
        }
        all
    }

    pub fn ingredient(&self, ix: Ix<Item>) -> &[Ix<Rule>] {
        &self.ingredients[ix.get()]
    }

    pub fn goal(&self, ix: Ix<Goal>) -> &[Ix<Rule>] {
        &self.goals[ix.get()]
    }

    pub fn area(&self, ix: Ix<Area>) -> &[Ix<Rule>] {
        &self.areas[ix.get()]
    }

    pub fn technique(&self, ix: Ix<Technique>) -> &[Ix<Rule>] {
        &self.techniques[ix.get()]
    }

    /// The titles of rules, for "excluded: ...".
    pub fn titles(&self, pack: &Pack, rules: &[Ix<Rule>]) -> String {
        let title = |ix: &Ix<Rule>| not_known::title(&pack.rules[*ix].title, self.supposed.contains(ix));
        rules.iter().map(title).collect::<Vec<_>>().join("; ")
    }

    /// All of them, for people and programs.
    pub fn listed(&self, pack: &Pack) -> Vec<Excluded> {
        let mut list = Vec::new();
        rows(pack, "ingredient", &self.ingredients, &pack.ingredients, |i| &i.label, &mut list);
        rows(pack, "goal", &self.goals, &pack.goals, |g| &g.label, &mut list);
        rows(pack, "area", &self.areas, &pack.areas, |a| &a.label, &mut list);
        rows(pack, "technique", &self.techniques, &pack.techniques, |t| &t.label, &mut list);
        list
    }
}

fn rows<T: Identified>(
    pack: &Pack,
    kind: &str,
    rules: &[Vec<Ix<Rule>>],
    table: &Table<T>,
    label: impl Fn(&T) -> &String,
    list: &mut Vec<Excluded>,
) {
    for (row, rules) in table.iter().zip(rules).filter(|(_, rules)| !rules.is_empty()) {
        list.push(Excluded {
            kind: kind.to_owned(),
            id: row.id().to_owned(),
            label: label(row).clone(),
            rules: rules.iter().map(|ix| pack.rules[*ix].id.clone()).collect(),
        });
    }
}
