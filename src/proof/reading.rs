//! What the conditions of a pack can tell apart: the cut points of numbers, and the combinations of qualifiers of items.

use std::collections::{BTreeMap, BTreeSet};

use super::ceilings;
use super::diff::Names;
use super::space::number_kind;
use crate::intake::{CodedFact, QualifierFact};
use crate::pack::{
    Amount, Condition, Item, Ix, Never, NumberKind, Pack, Qualifier, QualifierKind, QualifierTest, QuestionIx,
    QuestionKind, Range, Rule, Set, ValueTest, Verdict,
};
use crate::rules::Truth;

/// Everything that is read of an intake.
#[derive(Debug, Default)]
pub(super) struct Reading<'p> {
    /// Cut points of number questions, on the grid of their decimals and inside their range.
    pub cuts: BTreeMap<QuestionIx, BTreeSet<Amount>>,
    /// For each coded item that is read: the tests it is read with.
    pub tests: BTreeMap<(QuestionIx, Ix<Item>), Vec<&'p [QualifierTest]>>,
    /// Items whose site takes areas out of a plan.
    pub sited: BTreeSet<(QuestionIx, Ix<Item>)>,
    /// How much each option of a choice speaks for a rule that holds back.
    pub risk_of_option: BTreeMap<QuestionIx, Vec<i32>>,
    /// Ranges of numbers that speak for (or, negative, against) a rule that holds back.
    pub risk_of_range: BTreeMap<QuestionIx, Vec<(Range, i32)>>,
    /// Of two packs: the way to the other one. What only this one has is then not said by anybody.
    pub shared: Option<Names<'p>>,
}

/// A rule of another pack, as far as it is read.
#[derive(Debug)]
pub(super) struct OldRule {
    /// In this pack's positions.
    pub when: Condition,
    /// Its verdict is stricter than "proceed".
    pub holds_back: bool,
    /// It takes out the site of what fires it.
    pub sited: bool,
}

impl<'p> Reading<'p> {
    /// What the rules, recipes and questions of a pack read, and the statements of a safety case with them.
    pub fn of(pack: &'p Pack, case: &'p [Never], below: Option<&'p Pack>) -> Self {
        let mut reading = Self::default();
        for rule in &pack.rules {
            reading.read(pack, &rule.when);
            if rule.verdict > Verdict::Proceed {
                reading.weigh(pack, &rule.when, 1);
            }
            reading.sites(rule);
            if rule.quiet {
                // Listed only where somebody asks for what it excludes.
                for item in rule.exclude.ingredients.iter() {
                    reading.tests.entry((pack.roles.requested, item)).or_default();
                }
            }
        }
        pack.recipes.iter().for_each(|recipe| reading.read(pack, &recipe.requires));
        pack.questions.iter().filter_map(|q| q.ask_when.as_ref()).for_each(|when| reading.read(pack, when));
        for rule in below.iter().flat_map(|below| &below.rules) {
            reading.read(pack, &rule.when);
        }
        for (question, at) in ceilings::cuts(pack, case, below) {
            let Some(kind) = number_kind(pack, question) else { continue };
            reading.cuts.entry(question).or_default().extend(inside(kind, at));
        }
        for never in case {
            reading.read(pack, &never.when);
            for item in never.plan.ingredients.iter() {
                reading.tests.entry((pack.roles.requested, item)).or_default();
            }
        }
        reading
    }

    /// Tells apart what a condition reads as well.
    pub fn read(&mut self, pack: &'p Pack, condition: &'p Condition) {
        condition.visit(&mut |part| match part {
            Condition::Number { question, range } => {
                let QuestionKind::Number(kind) = &pack.questions[*question].kind else { return };
                let cuts = self.cuts.entry(*question).or_default();
                cuts.extend([range.from, range.below].into_iter().flatten().filter_map(|at| inside(kind, at)));
            }
            Condition::Listed { question, items, with, .. } => {
                for item in items.iter() {
                    let known = self.tests.entry((*question, item)).or_default();
                    if !with.is_empty() {
                        known.push(with);
                    }
                }
            }
            _ => {}
        });
    }

    /// What another pack reads as well, in this pack's positions.
    pub fn add(&mut self, pack: &'p Pack, rules: &'p [OldRule], rest: &'p [Condition], requested: &[Ix<Item>]) {
        for rule in rules {
            self.read(pack, &rule.when);
            if rule.holds_back {
                self.weigh(pack, &rule.when, 1);
            }
            if rule.sited {
                self.sites_in(&rule.when);
            }
        }
        rest.iter().for_each(|condition| self.read(pack, condition));
        for item in requested {
            self.tests.entry((pack.roles.requested, *item)).or_default();
        }
    }

    fn sites(&mut self, rule: &Rule) {
        if rule.exclude.site {
            self.sites_in(&rule.when);
        }
    }

    fn sites_in(&mut self, when: &Condition) {
        when.visit(&mut |part| {
            if let Condition::Listed { question, items, .. } = part {
                self.sited.extend(items.iter().map(|item| (*question, item)));
            }
        });
    }

    fn weigh(&mut self, pack: &'p Pack, condition: &'p Condition, sign: i32) {
        match condition {
            Condition::All(of) | Condition::Any(of) | Condition::AtLeast { of, .. } => {
                of.iter().for_each(|part| self.weigh(pack, part, sign));
            }
            Condition::Not(inner) => self.weigh(pack, inner, -sign),
            Condition::Choice { question, options } => {
                let n = pack.questions[*question].options().len();
                let weights = self.risk_of_option.entry(*question).or_insert_with(|| vec![0; n]);
                weights.iter_mut().enumerate().for_each(|(n, w)| *w += sign * (options >> n & 1) as i32);
            }
            Condition::Number { question, range } => {
                self.risk_of_range.entry(*question).or_default().push((*range, sign));
            }
            Condition::Listed { .. } | Condition::Goal { .. } => {}
        }
    }

    /// How much a number speaks for rules that hold back.
    pub fn risk_of(&self, question: QuestionIx, value: Amount) -> i32 {
        let ranges = self.risk_of_range.get(&question).into_iter().flatten();
        ranges.filter(|(range, _)| range.contains(value)).map(|(_, sign)| sign).sum()
    }
}

/// The step between two values that a question accepts.
pub(super) fn step(kind: &NumberKind) -> i64 {
    10_i64.pow(3 - u32::from(kind.decimals.min(3)))
}

/// The first accepted value from `at` on, if it splits the range.
pub(super) fn inside(kind: &NumberKind, at: Amount) -> Option<Amount> {
    let step = step(kind);
    let up = Amount::thousandths((at.as_thousandths() + step - 1).div_euclid(step) * step);
    (up > kind.min && up <= kind.max).then_some(up)
}

/// A value of one of the cells that cut points make: `n` cuts are at most this value.
pub(super) fn value_in(kind: &NumberKind, cuts: &[Amount], n: usize) -> Amount {
    let step = step(kind);
    let last = |cut: Amount| Amount::thousandths(cut.as_thousandths() - step);
    let from = n.checked_sub(1).and_then(|n| cuts.get(n)).copied();
    match (from, cuts.get(n)) {
        // The first cell: its last value, which is nearest to the others. The last cell: its first one.
        (None, Some(below)) => last(*below),
        (Some(from), None) => from,
        (Some(from), Some(below)) => {
            let middle = (from.as_thousandths() + last(*below).as_thousandths()) / 2;
            let whole = middle / 1000 * 1000;
            if whole >= from.as_thousandths() && whole % step == 0 { Amount::thousandths(whole) } else { from }
        }
        (None, None) => {
            let middle = (kind.min.as_thousandths() + kind.max.as_thousandths()) / 2 / 1000 * 1000;
            Amount::thousandths(middle.max(kind.min.as_thousandths()))
        }
    }
}

/// One qualifier of an item: the values that its tests can tell apart.
#[derive(Debug)]
pub(super) struct Axis {
    pub qualifier: Ix<Qualifier>,
    /// One of each kind; "not given" always comes first.
    pub values: Vec<Said>,
    /// The position in `values` of the one that each option is like.
    of_option: Vec<usize>,
    /// The cut points of numbers.
    pub cuts: Vec<Amount>,
}

impl Axis {
    /// What `tests` can tell apart; with `site` also what leaves the plan: here, elsewhere and each area are never alike.
    pub fn of(pack: &Pack, qualifier: Ix<Qualifier>, tests: &[&[QualifierTest]], site: bool) -> Self {
        let of = || tests.iter().flat_map(|with| with.iter()).filter(|test| test.qualifier == qualifier);
        let mut axis = Self { qualifier, values: vec![Said::Nothing], of_option: Vec::new(), cuts: Vec::new() };
        match &pack.qualifiers[qualifier].kind {
            QualifierKind::Choice(options) => {
                let mut seen: Vec<Vec<bool>> = Vec::new();
                for n in 0..options.len() {
                    let told: Vec<bool> =
                        of().map(|test| matches!(&test.test, ValueTest::Choice(bits) if bits >> n & 1 == 1)).collect();
                    let like = seen.iter().position(|other| !site && *other == told);
                    axis.of_option.push(1 + like.unwrap_or(seen.len()));
                    if like.is_none() {
                        seen.push(told);
                        axis.values.push(Said::Option(n));
                    }
                }
                if site {
                    axis.values.extend(pack.areas.entries().map(|(area, _)| Said::Area(area)));
                }
            }
            QualifierKind::Number(kind) => {
                let mut cuts: BTreeSet<Amount> = BTreeSet::new();
                for test in of() {
                    if let ValueTest::Number(range) = &test.test {
                        cuts.extend([range.from, range.below].into_iter().flatten().filter_map(|at| inside(kind, at)));
                    }
                }
                axis.cuts = cuts.into_iter().collect();
                axis.values.extend((0..=axis.cuts.len()).map(|n| Said::Number(value_in(kind, &axis.cuts, n))));
            }
        }
        axis
    }

    /// Leaves out what nobody can say; "not given" can always be said.
    pub fn keep(&mut self, mut can_say: impl FnMut(Said) -> bool) {
        self.values.retain(|said| *said == Said::Nothing || can_say(*said));
    }

    /// The position of what an entry says.
    pub fn position(&self, entry: &CodedFact, site: Ix<Qualifier>) -> usize {
        let area = entry.site.filter(|_| self.qualifier == site).map(Said::Area);
        if let Some(at) = area.and_then(|area| self.values.iter().position(|value| *value == area)) {
            return at;
        }
        match entry.qualifier(self.qualifier) {
            Some(QualifierFact::Choice(n)) => self.of_option.get(n).copied().unwrap_or(0),
            Some(QualifierFact::Number(n)) if !self.values.is_empty() && self.of_option.is_empty() => {
                1 + self.cuts.iter().filter(|cut| **cut <= n).count()
            }
            _ => 0,
        }
    }
}

/// What is said about one qualifier of an entry.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Said {
    /// Not given, or not known.
    Nothing,
    /// An option.
    Option(usize),
    /// A number; it stands for all between the same cut points.
    Number(Amount),
    /// For the site: an area.
    Area(Ix<crate::pack::Area>),
}

impl Said {
    /// What a test makes of it.
    pub fn passes(self, test: &ValueTest) -> Truth {
        let holds = match (self, test) {
            (Self::Option(n), ValueTest::Choice(options)) => options >> n & 1 == 1,
            (Self::Number(n), ValueTest::Number(range)) => range.contains(n),
            _ => return Truth::Maybe,
        };
        if holds { Truth::True } else { Truth::False }
    }
}

/// The qualifiers that tests read.
pub(super) fn qualifiers_of(tests: &[&[QualifierTest]]) -> Set<Qualifier> {
    tests.iter().flat_map(|with| with.iter()).map(|test| test.qualifier).collect()
}
