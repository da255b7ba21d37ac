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
    walk(certificate, Known::default()).map(|(_, claims)| claims)
}

/// The same proof without the clauses and steps that no claim rests on.
///
/// # Errors
/// The first step that does not follow.
pub fn trimmed(certificate: &Certificate) -> Result<Certificate, Unfounded> {
    let (known, _) = walk(certificate, Known { tells: true, ..Known::default() })?;
    let axioms = certificate.axioms.len();
    let mut needed = vec![false; axioms + certificate.steps.len()];
    for (n, step) in certificate.steps.iter().enumerate().rev() {
        let at = axioms + n;
        needed[at] |= matches!(step, Step::Claim { .. });
        if needed[at] {
            known.grounds[at].iter().for_each(|ground| needed[*ground] = true);
        }
    }
    let kept = |n: &usize| needed[*n];
    Ok(Certificate {
        pack: certificate.pack.clone(),
        day: certificate.day,
        axioms: (0..axioms).filter(kept).map(|n| certificate.axioms[n].clone()).collect(),
        steps: (0..certificate.steps.len())
            .filter(|n| kept(&(axioms + n)))
            .map(|n| certificate.steps[n].clone())
            .collect(),
    })
}

fn walk(certificate: &Certificate, known: Known) -> Result<(Known, usize), Unfounded> {
    let mut judge = Judge { known, ..Judge::default() };
    certificate.axioms.iter().for_each(|clause| judge.axiom(clause));
    certificate.steps.iter().try_for_each(|step| judge.step(step))?;
    Ok((judge.known, judge.claims))
}

/// Checks a proof while it is being written: an axiom may come later than a step that does not need it.
#[derive(Default)]
pub struct Judge {
    known: Known,
    steps: usize,
    claims: usize,
}

impl Judge {
    /// Takes a clause as holding.
    pub fn axiom(&mut self, clause: &[Literal]) {
        self.known.add(clause);
    }

    /// Checks the next step.
    ///
    /// # Errors
    /// If it does not follow.
    pub fn step(&mut self, step: &Step) -> Result<(), Unfounded> {
        self.steps += 1;
        let (clause, claim) = match step {
            Step::Lemma(clause) => (clause, None),
            Step::Claim { name, clause } => (clause, Some(name)),
        };
        if !self.known.implies(clause) {
            return Err(Unfounded { step: self.steps, claim: claim.cloned() });
        }
        self.claims += usize::from(claim.is_some());
        self.known.add(clause);
        Ok(())
    }

    /// How many claims followed so far.
    #[must_use]
    pub const fn claims(&self) -> usize {
        self.claims
    }
}

/// Clauses that hold, each watched at two of its literals, and what follows from those of one literal. Clauses go by
/// their number in the order in which they were added.
#[derive(Default)]
struct Known {
    clauses: Vec<Vec<Literal>>,
    watches: Vec<Vec<usize>>,
    values: Vec<i8>,
    /// For each variable that has a value for good or in a try: the clause that gave it.
    reasons: Vec<Option<usize>>,
    trail: Vec<Literal>,
    seen: usize,
    /// The clause that cannot hold together with the others.
    contradiction: Option<usize>,
    /// Whether it keeps what clauses follow from.
    tells: bool,
    /// For each clause the clauses it was seen to follow from.
    grounds: Vec<Vec<usize>>,
    pending: Vec<usize>,
}

/// Where a literal's watches and value stand.
fn slot(literal: Literal) -> usize {
    2 * literal.unsigned_abs() as usize + usize::from(literal < 0)
}

impl Known {
    fn make_room(&mut self, clause: &[Literal]) {
        let most = clause.iter().map(|l| l.unsigned_abs() as usize).max().unwrap_or(0) + 1;
        if self.reasons.len() < most {
            self.watches.resize(2 * most, Vec::new());
            self.values.resize(2 * most, 0);
            self.reasons.resize(most, None);
        }
    }

    fn value(&self, literal: Literal) -> i8 {
        self.values[slot(literal)]
    }

    fn set(&mut self, literal: Literal, reason: Option<usize>) {
        self.values[slot(literal)] = 1;
        self.values[slot(-literal)] = -1;
        self.reasons[literal.unsigned_abs() as usize] = reason;
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
        let at = self.clauses.len();
        self.grounds.push(std::mem::take(&mut self.pending));
        let (one, other) = (clause.first().copied(), clause.get(1).copied());
        self.clauses.push(clause);
        if let (Some(one), Some(other)) = (one, other) {
            self.watches[slot(one)].push(at);
            self.watches[slot(other)].push(at);
        }
        match one {
            _ if self.contradiction.is_some() => {}
            None => self.contradiction = Some(at),
            Some(one) if other.is_none_or(|other| self.value(other) < 0) => match self.value(one) {
                1 => {}
                -1 => self.contradiction = Some(at),
                _ => {
                    self.set(one, Some(at));
                    self.contradiction = self.propagate().err();
                }
            },
            Some(_) => {}
        }
    }

    /// Whether a clause follows: all its literals false at once lead to a contradiction. What it follows from is kept
    /// for when it is added.
    fn implies(&mut self, clause: &[Literal]) -> bool {
        self.make_room(clause);
        let (held, seen) = (self.trail.len(), self.seen);
        let mut from = self.contradiction.map(Start::Clause);
        if from.is_none() {
            for literal in clause {
                match self.value(*literal) {
                    1 => from = Some(Start::Literal(*literal)),
                    -1 => {}
                    _ => self.set(-*literal, None),
                }
            }
            if from.is_none() {
                from = self.propagate().err().map(Start::Clause);
            }
        }
        self.pending = from.filter(|_| self.tells).map(|start| self.grounds_of(start)).unwrap_or_default();
        for literal in self.trail.split_off(held) {
            self.values[slot(literal)] = 0;
            self.values[slot(-literal)] = 0;
            self.reasons[literal.unsigned_abs() as usize] = None;
        }
        self.seen = seen;
        from.is_some()
    }

    /// The clauses that a contradiction, or a literal that holds for good, rests on.
    fn grounds_of(&self, start: Start) -> Vec<usize> {
        let mut found = Vec::new();
        let mut open: Vec<usize> = match start {
            Start::Clause(at) => vec![at],
            Start::Literal(literal) => self.reasons[literal.unsigned_abs() as usize].into_iter().collect(),
        };
        let mut met = std::collections::HashSet::new();
        while let Some(at) = open.pop() {
            if met.insert(at) {
                found.push(at);
                open.extend(self.clauses[at].iter().filter_map(|l| self.reasons[l.unsigned_abs() as usize]));
            }
        }
        found
    }

    /// Draws every conclusion of what is on the trail.
    ///
    /// # Errors
    /// The clause of which all literals are false.
    fn propagate(&mut self) -> Result<(), usize> {
        while let Some(literal) = self.trail.get(self.seen).copied() {
            self.seen += 1;
            let falsified = -literal;
            let mut watching = std::mem::take(&mut self.watches[slot(falsified)]);
            let mut kept = 0;
            let mut broken = None;
            for n in 0..watching.len() {
                let at = watching[n];
                if broken.is_some() {
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
                    -1 => broken = Some(at),
                    _ => self.set(first, Some(at)),
                }
            }
            watching.truncate(kept);
            self.watches[slot(falsified)] = watching;
            if let Some(at) = broken {
                return Err(at);
            }
        }
        Ok(())
    }
}

/// What a step was seen to follow from.
#[derive(Clone, Copy)]
enum Start {
    /// A clause of which all literals are false.
    Clause(usize),
    /// A literal of it that holds for good.
    Literal(Literal),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proof(axioms: &[&[Literal]], steps: &[&[Literal]]) -> Certificate {
        let lemma = |clause: &&[Literal]| Step::Lemma(clause.to_vec());
        Certificate {
            axioms: axioms.iter().map(|clause| clause.to_vec()).collect(),
            steps: steps.iter().map(lemma).collect(),
            ..Certificate::default()
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
    fn what_no_claim_rests_on_is_left_out() {
        let axioms: [&[Literal]; 4] = [&[1], &[-1, 2], &[3, 4], &[-2, 5]];
        let mut long = proof(&axioms, &[&[3, 4, 6], &[2]]);
        long.steps.push(Step::Claim { name: "five".to_owned(), clause: vec![5] });
        let short = trimmed(&long).unwrap();
        assert_eq!(check(&short), Ok(1));
        assert!(!short.axioms.contains(&vec![3, 4]));
        assert!(short.axioms.len() + short.steps.len() < long.axioms.len() + long.steps.len());
        for dropped in 0..short.axioms.len() {
            let mut less = short.clone();
            less.axioms.remove(dropped);
            assert!(check(&less).is_err(), "every clause that is left is needed");
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
