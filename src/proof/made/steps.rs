//! One step away: the two sides of every number that a rule reads, and the patients who miss it by one answer.

use super::atoms::{Atom, Cut, Number, atoms};
use super::maker::Maker;
use super::nearest::Stand;
use super::{Kind, Made, MadeFor};
use crate::intake::{Answer, Entry, Intake, Value, What, body_mass_index};
use crate::pack::{
    Amount, Condition, Identified, Ix, Pack, QualifierKind, QualifierTest, QuestionKind, Rule, ValueTest,
};
use crate::rules::{Truth, evaluate, facts};

/// How many items of a condition are tried for a number.
const ITEMS: usize = 12;

/// A patient for whom a rule fires by one of its atoms, which could not be missed.
struct ByAtom {
    stand: Stand,
    /// Rules that may be listed beside it.
    with: Vec<usize>,
}

impl Maker<'_> {
    /// Pairs of patients on both sides of every number at which a rule changes: the rule fires for one of them only.
    pub fn boundary(&mut self, rule: Ix<Rule>, seed: u64) -> MadeFor {
        let row = &self.pack().rules[rule];
        let mut made = MadeFor::default();
        let mut n = 0;
        for atom in atoms(row) {
            let cuts = atom.cuts(self.pack());
            let counted = counts(&row.when);
            if cuts.is_empty() && !counted {
                continue;
            }
            let Some(by) = self.by_atom(rule, &atom, seed, &mut made) else { continue };
            for cut in cuts {
                n += 1;
                match self.pair(row, &atom, cut, &by.stand.intake) {
                    Some((below, from)) => {
                        for (side, value, intake) in [("below", cut.before(self.pack()), below), ("from", cut.at, from)]
                        {
                            let fires = self.fires_for(row, &intake);
                            let verb = if fires { "fires" } else { "does not fire" };
                            let shows = format!("{} {verb} at {} {value}", row.id, cut.key(self.pack()));
                            let name = format!("{n}-{side}");
                            made.cases.push(self.made(row, Kind::Boundary, name, shows, fires, intake));
                        }
                    }
                    None => made.not_found.push(format!("no pair at {}", cut.says(self.pack()))),
                }
            }
            if counted && let Some(miss) = self.miss(rule, &atom, &by) {
                n += 1;
                let enough = self.tidy(&by.stand.intake);
                for (side, fires, intake) in [("too-few", false, miss), ("enough", true, enough)] {
                    let shows = format!("{}: {side} of what it counts, by {}", row.id, atom.says(self.pack()));
                    made.cases.push(self.made(row, Kind::Boundary, format!("{n}-{side}"), shows, fires, intake));
                }
            }
        }
        made
    }

    /// For everything that a rule reads a patient who misses it by that alone.
    pub fn near_miss(&mut self, rule: Ix<Rule>, seed: u64) -> MadeFor {
        let row = &self.pack().rules[rule];
        let mut made = MadeFor::default();
        for atom in atoms(row) {
            let Some(by) = self.by_atom(rule, &atom, seed, &mut made) else { continue };
            let mut found: Vec<(String, Intake)> = self
                .miss(rule, &atom, &by)
                .map(|intake| {
                    let but = if atom.negated { "by what is excepted" } else { "for want of this" };
                    (format!("{} does not fire, {but}: {}", row.id, atom.says(self.pack())), intake)
                })
                .into_iter()
                .collect();
            if let (Condition::Listed { with, .. }, false) = (atom.condition, atom.negated) {
                for test in with {
                    let key = self.pack().qualifiers[test.qualifier].id();
                    match self.fails_test(row, &atom, test, &by.stand.intake) {
                        Some(intake) => found.push((format!("{} does not fire, for {key} alone", row.id), intake)),
                        None => made.not_found.push(format!("no patient misses it for {key} alone")),
                    }
                }
            }
            for (shows, intake) in found {
                let name = (made.cases.len() + 1).to_string();
                made.cases.push(self.made(row, Kind::NearMiss, name, shows, false, intake));
            }
        }
        made
    }

    fn made(&self, row: &Rule, kind: Kind, name: String, shows: String, fires: bool, intake: Intake) -> Made {
        // A question may stop to apply with the one answer that is missing: what the rule would have read there stays said.
        let intake = self.tidy_but(&intake, &|question| kind == Kind::NearMiss && row.when.reads(question));
        Made { name, rule: row.id.clone(), kind, shows, fires, with: Vec::new(), intake }
    }

    /// A patient for whom the rule fires and would not without this atom; a proof where there is none.
    fn by_atom(&mut self, rule: Ix<Rule>, atom: &Atom<'_>, seed: u64, made: &mut MadeFor) -> Option<ByAtom> {
        let row = &self.pack().rules[rule];
        let without = self.read(&atom.turned(row, false));
        let decides = [self.fires(rule.get()), vec![!without.pending]].concat();
        let from = self.background(row, seed);
        let alone = [decides.clone(), self.silent(&[rule.get()])].concat();
        if let Some(stand) = self.nearest(&from, &alone) {
            return Some(ByAtom { stand, with: vec![rule.get()] });
        }
        let whoever = [decides.clone(), self.complete()].concat();
        if let Some(mut with) = self.fewest_beside(rule.get(), &whoever) {
            with.push(rule.get());
            let wires = [decides, self.silent(&with)].concat();
            return self.nearest(&from, &wires).map(|stand| ByAtom { stand, with });
        }
        let name = format!("made:{}:atom-{}-never-decides", row.id, atom.n + 1);
        if self.possible(&name, &whoever) {
            made.not_found.push(format!("nobody for whom this decides: {}", atom.says(self.pack())));
        } else {
            made.proved.push(format!("this never decides: {}", atom.says(self.pack())));
        }
        None
    }

    /// The nearest patient who misses the rule by this atom alone.
    fn miss(&mut self, rule: Ix<Rule>, atom: &Atom<'_>, by: &ByAtom) -> Option<Intake> {
        let row = &self.pack().rules[rule];
        let with = self.read(&atom.turned(row, true));
        let here = self.read(&row.when);
        let missed = vec![!here.pending, with.certain];
        let quiet = [missed.clone(), self.silent(&by.with)].concat();
        let whoever = [missed, self.complete()].concat();
        let found = self.nearest(&by.stand, &quiet).or_else(|| self.nearest(&by.stand, &whoever))?;
        let truth = evaluate(self.pack(), &facts(self.pack(), &found.intake, self.today), &row.when);
        (truth == Truth::False).then_some(found.intake)
    }

    /// Whether a rule fires for certain; none of those that are made leave it open.
    fn fires_for(&self, row: &Rule, intake: &Intake) -> bool {
        evaluate(self.pack(), &facts(self.pack(), intake, self.today), &row.when) == Truth::True
    }

    fn misses(&self, row: &Rule, intake: &Intake) -> bool {
        evaluate(self.pack(), &facts(self.pack(), intake, self.today), &row.when) == Truth::False
            && self.seen(intake).complete
    }

    /// The same patient on both sides of a number, if the rule changes there.
    fn pair(&self, row: &Rule, atom: &Atom<'_>, cut: Cut, by: &Intake) -> Option<(Intake, Intake)> {
        let before = cut.before(self.pack());
        let turns = |pair: &(Intake, Intake)| {
            let (one, other) = (self.fires_for(row, &pair.0), self.fires_for(row, &pair.1));
            one != other && self.misses(row, if one { &pair.1 } else { &pair.0 })
        };
        let sides: Vec<(Intake, Intake)> = match cut.of {
            Number::Question(question) if question == self.pack().roles.bmi => {
                body_pair(self.pack(), by, cut.at).into_iter().collect()
            }
            Number::Question(question) => {
                let id = &self.pack().questions[question].id;
                let at = |n: Amount| {
                    let mut intake = by.clone();
                    intake.set(id, Answer::Number(n));
                    intake
                };
                vec![(at(before), at(cut.at))]
            }
            Number::Qualifier(qualifier) => {
                let key = self.pack().qualifiers[qualifier].id();
                let set = |n: Amount| {
                    move |entry: &mut Entry| {
                        entry.qualifiers.insert(key.to_owned(), Value::Number(n));
                    }
                };
                let low = entries_changed(self.pack(), atom, by, &set(before));
                low.into_iter().zip(entries_changed(self.pack(), atom, by, &set(cut.at))).collect()
            }
        };
        // Beside others if it must be, alone if it can.
        let calm = |pair: &&(Intake, Intake)| {
            let fires = if self.fires_for(row, &pair.0) { &pair.0 } else { &pair.1 };
            self.seen(fires).findings.len()
        };
        sides.iter().filter(|pair| turns(pair)).min_by_key(calm).cloned()
    }

    /// The same patient with a value that one test of an atom does not accept.
    fn fails_test(&self, row: &Rule, atom: &Atom<'_>, test: &QualifierTest, by: &Intake) -> Option<Intake> {
        let pack = self.pack();
        let qualifier = &pack.qualifiers[test.qualifier];
        let values: Vec<Value> = match (&test.test, &qualifier.kind) {
            (ValueTest::Choice(bits), QualifierKind::Choice(options)) => {
                let others = options.iter().enumerate().filter(|(n, _)| bits >> n & 1 == 0);
                others.map(|(_, option)| Value::Choice(option.id.clone())).collect()
            }
            (ValueTest::Number(_), QualifierKind::Number(_)) => {
                let cuts = atom.cuts(pack).into_iter().filter(|cut| cut.of == Number::Qualifier(test.qualifier));
                let sides = cuts.flat_map(|cut| [cut.at, cut.before(pack)]);
                sides.map(Value::Number).collect()
            }
            _ => Vec::new(),
        };
        let mut found: Vec<Intake> = Vec::new();
        for value in values {
            let set = |entry: &mut Entry| {
                entry.qualifiers.insert(qualifier.id.clone(), value.clone());
            };
            found.extend(entries_changed(pack, atom, by, &set));
        }
        found
            .into_iter()
            .filter(|intake| self.misses(row, intake))
            .min_by_key(|intake| self.seen(intake).findings.len())
    }
}

/// Whether a condition counts.
fn counts(condition: &Condition) -> bool {
    let mut found = false;
    condition
        .visit(&mut |part| found |= matches!(part, Condition::AtLeast { count, of } if (2..of.len()).contains(count)));
    found
}

/// The intake with one entry of an atom changed, also with others of its items in its place.
fn entries_changed(pack: &Pack, atom: &Atom<'_>, by: &Intake, change: &dyn Fn(&mut Entry)) -> Vec<Intake> {
    let Condition::Listed { question, list, items, .. } = atom.condition else { return Vec::new() };
    let (id, table) = (&pack.questions[*question].id, pack.list(*list));
    let names: Vec<&str> = items.iter().map(|ix| table[ix].id()).collect();
    let entries = by.entries(id);
    let mine = |entry: &Entry| matches!(&entry.what, What::Coded(id) if names.contains(&id.as_str()));
    let Some(at) = entries.iter().position(mine) else { return Vec::new() };
    let first = entries[at].what.clone();
    let others = names.iter().map(|name| What::Coded((*name).to_owned())).filter(|what| *what != first).take(ITEMS);
    let mut all = Vec::new();
    for what in std::iter::once(first.clone()).chain(others) {
        let mut other = entries.to_vec();
        if other.iter().enumerate().any(|(n, entry)| n != at && entry.what == what) {
            continue;
        }
        other[at].what = what;
        change(&mut other[at]);
        let mut intake = by.clone();
        intake.set(id, Answer::Items(other));
        all.push(intake);
    }
    all
}

/// The same height with the two neighbouring weights between which the body mass index reaches a value.
fn body_pair(pack: &Pack, by: &Intake, at: Amount) -> Option<(Intake, Intake)> {
    let (weight, height) = (&pack.questions[pack.roles.weight], &pack.questions[pack.roles.height]);
    let Some(Answer::Number(cm)) = by.get(&height.id) else { return None };
    let QuestionKind::Number(kind) = &weight.kind else { return None };
    let step = super::super::reading::step(kind);
    let (mut low, mut high) = (kind.min.as_thousandths() / step, kind.max.as_thousandths() / step);
    let reaches = |n: i64| body_mass_index(Amount::thousandths(n * step), *cm).is_some_and(|index| index >= at);
    if reaches(low) || !reaches(high) {
        return None;
    }
    while high - low > 1 {
        let middle = i64::midpoint(low, high);
        if reaches(middle) { high = middle } else { low = middle }
    }
    let with = |n: i64| {
        let mut intake = by.clone();
        intake.set(&weight.id, Answer::Number(Amount::thousandths(n * step)));
        intake
    };
    Some((with(low), with(high)))
}
