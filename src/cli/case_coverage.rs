//! `pistor check --coverage`: which rules, and what inside them, the pack's own cases exercise.

use jiff::civil::Date;
use serde_json::{Value, json};

use super::failure::Failure;
use super::make_cases::refused;
use super::page::{Ink, Page};
use crate::pack::Pack;
use crate::pack::load::{LayerFiles, portraits};
use crate::plan::cases::Case;
use crate::proof::{AtomCoverage, Coverage, Maker, RuleCoverage, coverage};

/// What the cases exercise, and the proofs of what none can.
pub(super) struct CaseCoverage {
    coverage: Coverage,
    /// How many proofs were checked again.
    verified: usize,
}

impl CaseCoverage {
    pub fn of(pack: &Pack, layers: &[LayerFiles], cases: &[Case], today: Date) -> Result<Self, Failure> {
        let portraits = portraits(pack, layers).map_err(Failure::Report)?;
        let mut maker = Maker::of(pack, today, &portraits);
        let cases: Vec<_> =
            cases.iter().filter_map(|case| Some((case.id.clone(), case.intake(pack).ok()?, case.today))).collect();
        let coverage = coverage(&mut maker, &cases).map_err(|at| refused(&at))?;
        let verified = maker.verified().map_err(|at| refused(&at))?;
        Ok(Self { coverage, verified })
    }

    fn figures(&self) -> Vec<(&'static str, usize, usize, usize)> {
        let rules = &self.coverage.rules;
        let atoms = || rules.iter().flat_map(|row| &row.atoms);
        let proved = |what: &str| rules.iter().flat_map(|row| &row.proved).filter(|why| why.starts_with(what)).count();
        let never_alone = rules.iter().filter(|row| row.proved.iter().any(|why| why.starts_with("whenever"))).count();
        let sides = || atoms().flat_map(|atom| &atom.cuts).flat_map(|cut| [&cut.below, &cut.from]);
        let tests = || atoms().flat_map(|atom| &atom.tests);
        vec![
            ("rules fired", rules.iter().filter(|row| row.fired > 0).count(), rules.len(), 0),
            ("rules fired alone", rules.iter().filter(|row| row.alone.is_some()).count(), rules.len(), never_alone),
            (
                "conditions that decided",
                atoms().filter(|atom| atom.decides.is_some()).count(),
                atoms().count(),
                proved("this never decides"),
            ),
            (
                "conditions missed by themselves alone",
                atoms().filter(|atom| atom.missed.is_some()).count(),
                atoms().count(),
                proved("nobody misses it"),
            ),
            ("qualifiers missed by themselves alone", tests().filter(|(_, c)| c.is_some()).count(), tests().count(), 0),
            ("sides of numbers", sides().filter(|(_, case)| case.is_some()).count(), sides().count(), 0),
        ]
    }

    pub fn text(&self, page: &mut Page) {
        page.heading("What the cases exercise");
        for row in self.coverage.open() {
            page.inked(0, 2, Ink::Warn, &row.rule, &row.open.join("; "));
        }
        for row in self.coverage.rules.iter().filter(|row| !row.proved.is_empty()) {
            page.inked(0, 2, Ink::Dim, &row.rule, &format!("proved: {}", row.proved.join("; ")));
        }
        page.gap();
        for (what, with, all, none) in self.figures() {
            let cannot = if none > 0 { format!(", {none} proved impossible") } else { String::new() };
            let ink = if with + none >= all { Ink::Good } else { Ink::Bold };
            page.inked(0, 2, ink, &format!("{with} of {all}"), &format!("{what}{cannot}"));
        }
        let open = self.coverage.open().count();
        let said = match open {
            0 => "everything that a case can show is shown by one".to_owned(),
            1 => "1 rule has something that no case shows".to_owned(),
            n => format!("{n} rules have something that no case shows"),
        };
        let help = if open > 0 { "; `--make-cases isolating|boundary|near-miss --rule ID` makes cases" } else { "" };
        page.text(0, 2, &format!("{said}{help}."));
        page.inked(0, 2, Ink::Good, "✓", &format!("{} proofs checked again without the solver", self.verified));
    }

    pub fn row(&self) -> Value {
        let figures = self.figures().into_iter().map(
            |(what, with, all, cannot)| json!({ "what": what, "covered": with, "all": all, "impossible": cannot }),
        );
        json!({
            "cases": self.coverage.cases,
            "figures": figures.collect::<Vec<_>>(),
            "open": self.coverage.open().count(),
            "proofs": self.verified,
            "rules": self.coverage.rules.iter().map(rule_row).collect::<Vec<_>>(),
        })
    }
}

fn rule_row(row: &RuleCoverage) -> Value {
    json!({
        "rule": row.rule,
        "written": row.written,
        "fired": row.fired,
        "alone": row.alone,
        "conditions": row.atoms.iter().map(atom_row).collect::<Vec<_>>(),
        "proved": row.proved,
        "open": row.open,
    })
}

fn atom_row(atom: &AtomCoverage) -> Value {
    let tests = atom.tests.iter().map(|(key, case)| json!({ "key": key, "missed": case }));
    let side = |(value, case): &(String, Option<String>)| json!({ "value": value, "case": case });
    let cuts =
        atom.cuts.iter().map(|cut| json!({ "key": cut.key, "below": side(&cut.below), "from": side(&cut.from) }));
    json!({
        "says": atom.says,
        "decides": atom.decides,
        "missed": atom.missed,
        "tests": tests.collect::<Vec<_>>(),
        "numbers": cuts.collect::<Vec<_>>(),
    })
}
