//! The circuit as clauses: a node and its meaning, as far as questions reach.

use super::circuit::{Circuit, Lit, Node};

/// A literal of a clause: a variable from 1 on, negative when negated. The variable of a node is its number; the constant
/// is node 0 and has none.
pub type Literal = i32;

/// The literal of a wire that is no constant.
#[must_use]
pub fn literal(lit: Lit) -> Literal {
    let variable = i32::try_from(lit.node()).unwrap_or(i32::MAX);
    if lit.negated() { -variable } else { variable }
}

/// Which nodes have their clauses already.
#[derive(Clone, Debug, Default)]
pub struct Defined {
    done: Vec<bool>,
}

impl Defined {
    /// The clauses that are missing for the nodes that these wires are made from: a conjunction implies its parts, and
    /// its parts together imply it.
    pub fn define(&mut self, circuit: &Circuit, wires: &[Lit], clause: &mut impl FnMut(&[Literal])) {
        self.done.resize(circuit.nodes().len(), false);
        let mut open: Vec<usize> = wires.iter().map(|lit| lit.node()).collect();
        while let Some(node) = open.pop() {
            if self.done[node] {
                continue;
            }
            self.done[node] = true;
            if let Node::And(parts) = &circuit.nodes()[node] {
                let name = i32::try_from(node).unwrap_or(i32::MAX);
                let mut all = vec![name];
                for part in parts {
                    clause(&[-name, literal(*part)]);
                    all.push(-literal(*part));
                    open.push(part.node());
                }
                clause(&all);
            }
        }
    }
}
