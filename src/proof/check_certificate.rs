//! The judge of proofs. It knows nothing of solvers: a clause follows when its opposite, spread through the clauses that
//! stand already, ends in a contradiction.

use super::certificate::{Certificate, Step};
use super::cnf::Literal;

/// A step that does not follow.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unfounded {
    /// Its position among the steps, from 1.
    pub step: usize,
    /// The claim, if it is one.
    pub claim: Option<String>,
}

/// Checks every step of a proof; how many claims follow.
///
/// # Errors
/// The first step that does not follow.
pub fn check(certificate: &Certificate) -> Result<usize, Unfounded> {
    let mut known = Known::default();
    certificate.axioms.iter().for_each(|clause| known.add(clause));
    let mut claims = 0;
    for (n, step) in certificate.steps.iter().enumerate() {
        let (clause, claim) = match step {
            Step::Lemma(clause) => (clause, None),
            Step::Claim { name, clause } => (clause, Some(name.clone())),
        };
        if !known.implies(clause) {
            return Err(Unfounded { step: n + 1, claim });
        }
        claims += usize::from(claim.is_some());
        known.add(clause);
    }
    Ok(claims)
}

/// Clauses that hold, each watched at two of its literals, and what follows from those of one literal.
#[derive(Default)]
struct Known {
    clauses: Vec<Vec<Literal>>,
    watches: Vec<Vec<usize>>,
    values: Vec<i8>,
    trail: Vec<Literal>,
    seen: usize,
    contradiction: bool,
}

/// Where a literal's watches and value stand.
fn slot(literal: Literal) -> usize {
    2 * literal.unsigned_abs() as usize + usize::from(literal < 0)
}

impl Known {
    fn make_room(&mut self, clause: &[Literal]) {
        let most = clause.iter().map(|l| l.unsigned_abs() as usize).max().unwrap_or(0) * 2 + 2;
        if self.watches.len() < most {
            self.watches.resize(most, Vec::new());
            self.values.resize(most, 0);
        }
    }

    fn value(&self, literal: Literal) -> i8 {
        self.values[slot(literal)]
    }

    fn set(&mut self, literal: Literal) {
        self.values[slot(literal)] = 1;
        self.values[slot(-literal)] = -1;
        self.trail.push(literal);
    }

    /// Takes a clause as holding.
    fn add(&mut self, clause: &[Literal]) {
        self.make_room(clause);
        let mut clause = clause.to_vec();
        clause.sort_unstable();
        clause.dedup();
        // Literals that are not false for good come first: those are watched.
        clause.sort_by_key(|literal| self.value(*literal) < 0);
        match clause.as_slice() {
            [] => self.contradiction = true,
            [one] => self.settle(*one),
            [one, other, ..] => {
                let (one, other) = (*one, *other);
                self.watches[slot(one)].push(self.clauses.len());
                self.watches[slot(other)].push(self.clauses.len());
                self.clauses.push(clause);
                if self.value(other) < 0 {
                    self.settle(one);
                }
            }
        }
    }

    /// Takes a literal as true for good.
    fn settle(&mut self, literal: Literal) {
        match self.value(literal) {
            1 => {}
            -1 => self.contradiction = true,
            _ => {
                self.set(literal);
                self.contradiction |= !self.propagate();
            }
        }
    }

    /// Whether a clause follows: all its literals false at once lead to a contradiction.
    fn implies(&mut self, clause: &[Literal]) -> bool {
        if self.contradiction {
            return true;
        }
        self.make_room(clause);
        let (held, seen) = (self.trail.len(), self.seen);
        let mut follows = false;
        for literal in clause {
            match self.value(*literal) {
                1 => follows = true,
                -1 => {}
                _ => self.set(-*literal),
            }
        }
        follows = follows || !self.propagate();
        for literal in self.trail.split_off(held) {
            self.values[slot(literal)] = 0;
            self.values[slot(-literal)] = 0;
        }
        self.seen = seen;
        follows
    }

    /// Draws every conclusion of one literal; false on a contradiction.
    fn propagate(&mut self) -> bool {
        while let Some(literal) = self.trail.get(self.seen).copied() {
            self.seen += 1;
            let falsified = -literal;
            let mut watching = std::mem::take(&mut self.watches[slot(falsified)]);
            let mut kept = 0;
            let mut sound = true;
            for n in 0..watching.len() {
                let at = watching[n];
                if !sound {
                    watching[kept] = at;
                    kept += 1;
                    continue;
                }
                if self.clauses[at][0] == falsified {
                    self.clauses[at].swap(0, 1);
                }
                let first = self.clauses[at][0];
                if self.value(first) != 1
                    && let Some(free) = (2..self.clauses[at].len()).find(|k| self.value(self.clauses[at][*k]) >= 0)
                {
                    self.clauses[at].swap(1, free);
                    let watched = self.clauses[at][1];
                    self.watches[slot(watched)].push(at);
                    continue;
                }
                watching[kept] = at;
                kept += 1;
                match self.value(first) {
                    1 => {}
                    -1 => sound = false,
                    _ => self.set(first),
                }
            }
            watching.truncate(kept);
            self.watches[slot(falsified)] = watching;
            if !sound {
                return false;
            }
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proof(axioms: &[&[Literal]], steps: &[&[Literal]]) -> Certificate {
        let lemma = |clause: &&[Literal]| Step::Lemma(clause.to_vec());
        Certificate {
            pack: String::new(),
            axioms: axioms.iter().map(|clause| clause.to_vec()).collect(),
            steps: steps.iter().map(lemma).collect(),
        }
    }

    #[test]
    fn what_follows_is_accepted_and_what_does_not_is_refused() {
        let all: [&[Literal]; 4] = [&[1, 2], &[1, -2], &[-1, 3], &[-1, -3]];
        assert_eq!(check(&proof(&all, &[&[1], &[]])), Ok(0));
        assert_eq!(check(&proof(&all, &[&[4]])), Err(Unfounded { step: 1, claim: None }));
        // Without any one of the clauses there is an assignment, so nothing can prove the empty clause.
        for dropped in 0..all.len() {
            let rest: Vec<&[Literal]> =
                all.iter().enumerate().filter(|(n, _)| *n != dropped).map(|(_, clause)| *clause).collect();
            assert!(check(&proof(&rest, &[&[1], &[]])).is_err(), "without clause {dropped}");
        }
    }

    #[test]
    fn a_refused_try_leaves_nothing_behind() {
        let axioms: [&[Literal]; 2] = [&[-1, 2], &[-2, 3]];
        let mut known = Known::default();
        axioms.iter().for_each(|clause| known.add(clause));
        assert!(!known.implies(&[2]));
        assert!(known.implies(&[-1, 3]));
        assert!(!known.implies(&[3]));
        known.add(&[1]);
        assert!(known.implies(&[3]));
    }
}
