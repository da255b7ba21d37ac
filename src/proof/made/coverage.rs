//! What written cases exercise of each rule, and what no case can.

use jiff::civil::Date;
use serde::Serialize;

use super::super::Unfounded;
use super::atoms::{Atom, Cut, Number, atoms};
use super::maker::Maker;
use crate::intake::{CodedFact, Facts, Intake, QualifierFact};
use crate::pack::{Amount, Condition, Identified, Ix, Pack, QualifierTest, Rule};
use crate::plan::assess;
use crate::rules::{Truth, evaluate, facts};

/// What the cases of a pack exercise.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Coverage {
    /// How many cases there are.
    pub cases: usize,
    /// Every rule, in the order of the pack.
    pub rules: Vec<RuleCoverage>,
}

/// One rule.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct RuleCoverage {
    /// Its id.
    pub rule: String,
    /// Whether somebody wrote it, or it is made from the vocabulary.
    pub written: bool,
    /// How many cases fire it.
    pub fired: usize,
    /// A case in which nothing else is listed.
    pub alone: Option<String>,
    /// Everything it reads.
    pub atoms: Vec<AtomCoverage>,
    /// What is proved to be impossible, in words.
    pub proved: Vec<String>,
    /// What no case does and some case could, in words.
    pub open: Vec<String>,
}

/// One thing that a rule reads.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct AtomCoverage {
    /// In words.
    pub says: String,
    /// A case in which the rule fires and would not without it.
    pub decides: Option<String>,
    /// A case in which the rule does not fire and would if this spoke for it.
    pub missed: Option<String>,
    /// The tests of an item's qualifiers: a case that misses the rule by one of them alone.
    pub tests: Vec<(String, Option<String>)>,
    /// The numbers at which it changes.
    pub cuts: Vec<CutCoverage>,
}

/// One number at which a rule changes.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct CutCoverage {
    /// Whose number.
    pub key: String,
    /// The last value on the lower side, and a case that has it.
    pub below: (String, Option<String>),
    /// The first value on the upper side, and a case that has it.
    pub from: (String, Option<String>),
}

/// One case, as the rules read it.
struct Read<'c> {
    id: &'c str,
    facts: Facts,
    /// The rules of its findings, those of the pack.
    findings: Vec<String>,
}

/// What cases exercise of every rule; what they leave out is asked of the solver.
///
/// # Errors
/// The first step of a proof that does not follow.
pub fn coverage(maker: &mut Maker<'_>, cases: &[(String, Intake, Date)]) -> Result<Coverage, Unfounded> {
    let pack = maker.pack();
    let cases: Vec<Read<'_>> = cases
        .iter()
        .map(|(id, intake, today)| {
            // What the program itself finds, such as that no goal is left, follows from the rules.
            let findings = assess(pack, intake, *today).findings.into_iter().map(|finding| finding.rule);
            let findings = findings.filter(|rule| pack.rules.get(rule).is_some()).collect();
            Read { id, facts: facts(pack, intake, *today), findings }
        })
        .collect();
    let mut rules = Vec::new();
    for (ix, rule) in pack.rules.entries() {
        maker.next_rule()?;
        rules.push(of_rule(maker, ix, rule, &cases));
    }
    Ok(Coverage { cases: cases.len(), rules })
}

fn of_rule(maker: &mut Maker<'_>, ix: Ix<Rule>, rule: &Rule, cases: &[Read<'_>]) -> RuleCoverage {
    let pack = maker.pack();
    let own = [rule.id.clone()];
    let fired: Vec<&Read<'_>> = cases.iter().filter(|case| evaluate(pack, &case.facts, &rule.when).fires()).collect();
    let silent: Vec<&Read<'_>> =
        cases.iter().filter(|case| evaluate(pack, &case.facts, &rule.when) == Truth::False).collect();
    let alone = fired.iter().find(|case| case.findings == own).map(|case| case.id.to_owned());
    let mut row = RuleCoverage {
        rule: rule.id.clone(),
        written: rule.place.file.is_some(),
        fired: fired.len(),
        alone,
        atoms: Vec::new(),
        proved: Vec::new(),
        open: Vec::new(),
    };
    if row.fired == 0 {
        row.open.push("no case fires it".to_owned());
    } else if row.alone.is_none() {
        match maker.never_alone(ix) {
            Some(why) => row.proved.extend(why),
            None => row.open.push("no case fires it alone".to_owned()),
        }
    }
    for atom in atoms(rule) {
        let found = of_atom(pack, rule, &atom, &fired, &silent);
        // What has no case at all is said once.
        if row.fired > 0 && found.decides.is_none() {
            match maker.never_decides(ix, &atom) {
                true => row.proved.push(format!("this never decides: {}", found.says)),
                false => row.open.push(format!("no case rests on this alone: {}", found.says)),
            }
        }
        if found.missed.is_none() {
            match maker.never_missed(ix, &atom) {
                true => row.proved.push(format!("nobody misses it by this alone: {}", found.says)),
                false => row.open.push(format!("no case misses it by this alone: {}", found.says)),
            }
        }
        let untested = found.tests.iter().filter(|(_, case)| case.is_none());
        row.open.extend(untested.map(|(key, _)| format!("no case misses it for {key} alone")));
        for cut in &found.cuts {
            let sides = [&cut.below, &cut.from].into_iter().filter(|(_, case)| case.is_none());
            row.open.extend(sides.map(|(value, _)| format!("no case decides at {} {value}", cut.key)));
        }
        row.atoms.push(found);
    }
    row
}

fn of_atom(pack: &Pack, rule: &Rule, atom: &Atom<'_>, fired: &[&Read<'_>], silent: &[&Read<'_>]) -> AtomCoverage {
    let (without, with) = (atom.turned(rule, false), atom.turned(rule, true));
    let deciding: Vec<&&Read<'_>> =
        fired.iter().filter(|case| evaluate(pack, &case.facts, &without) == Truth::False).collect();
    let missing: Vec<&&Read<'_>> = silent.iter().filter(|case| evaluate(pack, &case.facts, &with).fires()).collect();
    let id = |case: &&&Read<'_>| case.id.to_owned();
    let tests = match atom.condition {
        Condition::Listed { with, .. } if !atom.negated => with
            .iter()
            .map(|test| {
                let case = missing.iter().find(|case| fails_only(atom, &case.facts, test));
                (pack.qualifiers[test.qualifier].id().to_owned(), case.map(id))
            })
            .collect(),
        _ => Vec::new(),
    };
    let cuts = atom.cuts(pack).into_iter().map(|cut| {
        let at = |value: Amount| {
            let case = deciding.iter().chain(&missing).find(|case| has(pack, atom, cut, &case.facts, value));
            (value.to_string(), case.map(id))
        };
        CutCoverage { key: cut.key(pack), below: at(cut.before(pack)), from: at(cut.at) }
    });
    AtomCoverage {
        says: atom.says(pack),
        decides: deciding.first().map(id),
        missed: missing.first().map(id),
        tests,
        cuts: cuts.collect(),
    }
}

/// The entries of an atom's items.
fn entries<'f>(atom: &Atom<'_>, facts: &'f Facts) -> Vec<&'f CodedFact> {
    let Condition::Listed { question, items, .. } = atom.condition else { return Vec::new() };
    facts.items(*question).iter().filter(|entry| entry.item.is_some_and(|item| items.contains(item))).collect()
}

/// Whether an entry passes all tests of an atom but one.
fn fails_only(atom: &Atom<'_>, facts: &Facts, test: &QualifierTest) -> bool {
    let Condition::Listed { with, .. } = atom.condition else { return false };
    let passes =
        |entry: &CodedFact, test: &QualifierTest| crate::rules::entry_passes(entry, std::slice::from_ref(test));
    entries(atom, facts)
        .iter()
        .any(|entry| with.iter().all(|other| (passes(entry, other) == Truth::False) == std::ptr::eq(other, test)))
}

/// Whether a number has a value, or is on the grid of the entries of an atom.
fn has(pack: &Pack, atom: &Atom<'_>, cut: Cut, facts: &Facts, value: Amount) -> bool {
    match cut.of {
        // The index is computed: the bodies next to a value need not meet it, a kilogram is up to half a point.
        Number::Question(question) if question == pack.roles.bmi => {
            let near = |n: Amount| (n.as_thousandths() - value.as_thousandths()).abs() <= 500;
            facts.number(question).is_some_and(|n| near(n) && (n >= cut.at) == (value >= cut.at))
        }
        Number::Question(question) => facts.number(question) == Some(value),
        Number::Qualifier(qualifier) => {
            entries(atom, facts).iter().any(|entry| entry.qualifier(qualifier) == Some(QualifierFact::Number(value)))
        }
    }
}

impl Coverage {
    /// Rules for which something is missing that some case could show.
    pub fn open(&self) -> impl Iterator<Item = &RuleCoverage> {
        self.rules.iter().filter(|row| !row.open.is_empty())
    }
}
