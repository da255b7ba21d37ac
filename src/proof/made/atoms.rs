//! The single things that the condition of a rule reads: each can be exercised, and each can be missed by one answer.

use super::super::reading::inside;
use crate::pack::{
    Amount, Condition, Ix, Pack, Qualifier, QualifierKind, QuestionIx, QuestionKind, Range, Rule, ValueTest,
};
use crate::rules::sentence;

/// One thing that a condition reads.
#[derive(Clone, Debug)]
pub struct Atom<'p> {
    /// Which one it is, in the order of the condition.
    pub n: usize,
    /// The part of the condition.
    pub condition: &'p Condition,
    /// It stands behind a "not": where it holds, it speaks against the rule.
    pub negated: bool,
}

/// A number at which an atom changes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Cut {
    /// Whose number: a question's, or that of a qualifier of the atom's items.
    pub of: Number,
    /// The first value on the upper side.
    pub at: Amount,
}

/// Where a number stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Number {
    /// It answers a question.
    Question(QuestionIx),
    /// It is said of an entry.
    Qualifier(Ix<Qualifier>),
}

/// Everything that a rule reads, in the order of its condition.
#[must_use]
pub fn atoms(rule: &Rule) -> Vec<Atom<'_>> {
    let mut all = Vec::new();
    collect(&rule.when, false, &mut all);
    all
}

fn collect<'p>(condition: &'p Condition, negated: bool, all: &mut Vec<Atom<'p>>) {
    match condition {
        Condition::All(of) | Condition::Any(of) | Condition::AtLeast { of, .. } => {
            of.iter().for_each(|part| collect(part, negated, all));
        }
        Condition::Not(inner) => collect(inner, !negated, all),
        leaf => all.push(Atom { n: all.len(), condition: leaf, negated }),
    }
}

/// The condition with one of its atoms held fixed.
#[must_use]
pub fn with_atom(condition: &Condition, n: usize, holds: bool) -> Condition {
    fixed(condition, n, holds, &mut 0)
}

fn fixed(condition: &Condition, n: usize, holds: bool, seen: &mut usize) -> Condition {
    let mut each = |of: &[Condition]| of.iter().map(|part| fixed(part, n, holds, seen)).collect();
    match condition {
        Condition::All(of) => Condition::All(each(of)),
        Condition::Any(of) => Condition::Any(each(of)),
        Condition::AtLeast { count, of } => Condition::AtLeast { count: *count, of: each(of) },
        Condition::Not(inner) => Condition::Not(Box::new(fixed(inner, n, holds, seen))),
        leaf => {
            *seen += 1;
            match (*seen == n + 1, holds) {
                (false, _) => leaf.clone(),
                (true, true) => Condition::always(),
                (true, false) => Condition::Any(Vec::new()),
            }
        }
    }
}

impl Atom<'_> {
    /// In words.
    #[must_use]
    pub fn says(&self, pack: &Pack) -> String {
        let text = sentence(pack, self.condition);
        if self.negated { format!("not: {text}") } else { text }
    }

    /// The condition of its rule where this atom speaks for the rule, or against it.
    #[must_use]
    pub fn turned(&self, rule: &Rule, speaks_for: bool) -> Condition {
        with_atom(&rule.when, self.n, speaks_for != self.negated)
    }

    /// The numbers at which it changes, inside the ranges that an intake accepts.
    #[must_use]
    pub fn cuts(&self, pack: &Pack) -> Vec<Cut> {
        let mut all: Vec<Cut> = Vec::new();
        let mut add = |of: Number, kind: &crate::pack::NumberKind, range: &Range| {
            let ends = [range.from, range.below].into_iter().flatten();
            for at in ends.filter_map(|at| inside(kind, at)) {
                let cut = Cut { of, at };
                if !all.contains(&cut) {
                    all.push(cut);
                }
            }
        };
        match self.condition {
            Condition::Number { question, range } => {
                if let QuestionKind::Number(kind) = &pack.questions[*question].kind {
                    add(Number::Question(*question), kind, range);
                }
            }
            Condition::Listed { with, .. } => {
                for test in with {
                    if let (ValueTest::Number(range), QualifierKind::Number(kind)) =
                        (&test.test, &pack.qualifiers[test.qualifier].kind)
                    {
                        add(Number::Qualifier(test.qualifier), kind, range);
                    }
                }
            }
            _ => {}
        }
        all
    }
}

impl Cut {
    /// The last value on the lower side.
    #[must_use]
    pub fn before(&self, pack: &Pack) -> Amount {
        let kind = match self.of {
            Number::Question(question) => match &pack.questions[question].kind {
                QuestionKind::Number(kind) => Some(kind),
                _ => None,
            },
            Number::Qualifier(qualifier) => match &pack.qualifiers[qualifier].kind {
                QualifierKind::Number(kind) => Some(kind),
                QualifierKind::Choice(_) => None,
            },
        };
        let step = kind.map_or(1000, super::super::reading::step);
        Amount::thousandths(self.at.as_thousandths() - step)
    }

    /// The key that the number has in an intake.
    #[must_use]
    pub fn key(&self, pack: &Pack) -> String {
        match self.of {
            Number::Question(question) => pack.questions[question].id.clone(),
            Number::Qualifier(qualifier) => pack.qualifiers[qualifier].id.clone(),
        }
    }

    /// In words.
    #[must_use]
    pub fn says(&self, pack: &Pack) -> String {
        format!("{} {} and {}", self.key(pack), self.before(pack), self.at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::Intake;
    use crate::pack::builtin;
    use crate::rules::{evaluate, facts};

    #[test]
    fn every_atom_of_every_rule_is_found_and_can_be_turned() {
        let pack = builtin().expect("the built-in pack loads");
        let nobody = facts(&pack, &Intake::default(), jiff::civil::date(2026, 11, 22));
        for rule in &pack.rules {
            let all = atoms(rule);
            assert!(!all.is_empty(), "{} reads nothing", rule.id);
            for atom in &all {
                assert!(!atom.says(&pack).is_empty());
                let (on, off) = (atom.turned(rule, true), atom.turned(rule, false));
                // Speaking for the rule never makes it less true.
                assert!(evaluate(&pack, &nobody, &on) >= evaluate(&pack, &nobody, &off), "{}", rule.id);
                for cut in atom.cuts(&pack) {
                    assert!(cut.before(&pack) < cut.at, "{}", cut.says(&pack));
                }
            }
            if let [only] = all.as_slice() {
                assert!(evaluate(&pack, &nobody, &only.turned(rule, true)).fires(), "{}", rule.id);
                assert!(!evaluate(&pack, &nobody, &only.turned(rule, false)).fires(), "{}", rule.id);
            }
        }
    }
}
