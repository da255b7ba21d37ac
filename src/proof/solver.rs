//! The one place that knows a SAT solver: clauses in, an assignment or the assumptions to blame out, and a log of what
//! was learnt, so that nobody has to believe it.

use batsat::{Callbacks, ClauseKind, Lit as Bat, SolverInterface, SolverOpts, Var, lbool};

use super::cnf::Literal;

/// What a solver has to be able to do.
pub trait Solver {
    /// Adds a clause.
    fn add(&mut self, clause: &[Literal]);
    /// Looks for an assignment of all clauses under which all assumptions hold.
    fn solve(&mut self, assumptions: &[Literal]) -> Answer;
    /// The value of a variable in the last assignment.
    fn value(&self, variable: Literal) -> bool;
    /// The clauses learnt since this was last called: each follows from those before it.
    fn learnt(&mut self) -> Vec<Vec<Literal>>;
}

/// What came out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Answer {
    /// There is one.
    Found,
    /// There is none: these assumptions cannot hold together.
    Impossible(Vec<Literal>),
}

/// batsat, MiniSat in Rust.
pub struct Batsat {
    solver: batsat::Solver<Log>,
    /// The solver's variable for each of ours that a clause or an assumption names: it decides about no others.
    ours: Vec<Option<Var>>,
    /// Ours for each of the solver's.
    theirs: Vec<Literal>,
    model: Vec<bool>,
}

impl std::fmt::Debug for Batsat {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Batsat").field("variables", &self.theirs.len()).finish_non_exhaustive()
    }
}

#[derive(Default)]
struct Log {
    learnt: Vec<Vec<Bat>>,
}

impl Callbacks for Log {
    fn on_new_clause(&mut self, clause: &[Bat], kind: ClauseKind) {
        if kind == ClauseKind::Learnt {
            self.learnt.push(clause.to_vec());
        }
    }
}

impl Default for Batsat {
    fn default() -> Self {
        let solver = batsat::Solver::new(SolverOpts::default(), Log::default());
        Self { solver, ours: Vec::new(), theirs: Vec::new(), model: Vec::new() }
    }
}

impl Batsat {
    fn lit(&mut self, literal: Literal) -> Bat {
        let n = literal.unsigned_abs() as usize;
        if self.ours.len() <= n {
            self.ours.resize(n + 1, None);
        }
        let var = match self.ours[n] {
            Some(var) => var,
            None => {
                // Off first: the plainest intake is the one with all inputs off.
                let var = self.solver.new_var(lbool::FALSE, true);
                self.ours[n] = Some(var);
                self.theirs.push(literal.abs());
                var
            }
        };
        Bat::new(var, literal > 0)
    }

    fn back(&self, lit: Bat) -> Literal {
        let variable = self.theirs.get(lit.var().idx() as usize).copied().unwrap_or(0);
        if lit.sign() { variable } else { -variable }
    }
}

impl Solver for Batsat {
    fn add(&mut self, clause: &[Literal]) {
        let mut lits: Vec<Bat> = clause.iter().map(|literal| self.lit(*literal)).collect();
        self.solver.add_clause_reuse(&mut lits);
    }

    fn solve(&mut self, assumptions: &[Literal]) -> Answer {
        let lits: Vec<Bat> = assumptions.iter().map(|literal| self.lit(*literal)).collect();
        if self.solver.solve_limited(&lits) == lbool::TRUE {
            self.model = self.solver.get_model().iter().map(|value| *value == lbool::TRUE).collect();
            return Answer::Found;
        }
        let core: Vec<Literal> = self.solver.unsat_core().iter().map(|lit| self.back(*lit)).collect();
        let blamed = assumptions.iter().copied().filter(|a| core.contains(a) || core.contains(&-a)).collect();
        Answer::Impossible(blamed)
    }

    fn value(&self, variable: Literal) -> bool {
        let var = self.ours.get(variable.unsigned_abs() as usize).copied().flatten();
        let on = var.and_then(|var| self.model.get(var.idx() as usize)).copied().unwrap_or(false);
        if variable < 0 { !on } else { on }
    }

    fn learnt(&mut self) -> Vec<Vec<Literal>> {
        let learnt = std::mem::take(&mut self.solver.cb_mut().learnt);
        learnt.iter().map(|clause| clause.iter().map(|lit| self.back(*lit)).collect()).collect()
    }
}
